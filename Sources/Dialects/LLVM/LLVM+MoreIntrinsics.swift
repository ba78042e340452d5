import MartletIR
import MartletSupport
import MartletSyntax

/// LLVM's rarer intrinsics: coroutines, matrices, predicated vectors, strict floats, debug information.
extension LLVM {
  static let moreIntrinsics: [OpDefinition] =
    coroutines + matrices + predicated + constrained + debugIntrinsics + variadicArguments
    + invariants + annotations

  private static let result = ValueDefinition("res", anyType)
  private static let functional = "attr-dict `:` functional-type(operands, results)"
  private static let i32 = TypeConstraint.i32
  private static let tokenType = TypeConstraint(
    "LLVM token type", buildable: { $0.type(token) }
  ) { $0.is(token) }

  private static func make(
    _ name: String, _ summary: String, _ operands: [(String, TypeConstraint)],
    hasResult: Bool = true, attributes: [AttributeSlot] = [], traits: OpTraits = [],
    relations: [TypeRelation] = [], _ format: String? = nil
  ) -> OpDefinition {
    OpDefinition(
      "llvm.intr." + name, summary, operands: operands.map { ValueDefinition($0.0, $0.1) },
      results: hasResult ? [result] : [], attributes: attributes, traits: traits,
      effects: traits.contains(.pure) ? nil : [.read, .write], relations: relations, format: format)
  }

  // MARK: Coroutines

  private static let coroutines: [OpDefinition] = [
    make(
      "coro.id", "Begins a coroutine",
      [("align", i32), ("promise", pointer), ("coroaddr", pointer), ("fnaddrs", pointer)],
      "$align `,` $promise `,` $coroaddr `,` $fnaddrs \(functional)"),
    make(
      "coro.begin", "A coroutine's frame", [("token", tokenType), ("mem", pointer)],
      "$token `,` $mem \(functional)"),
    make("coro.size", "The size of a coroutine's frame", [], "attr-dict `:` type($res)"),
    make("coro.align", "The alignment of a coroutine's frame", [], "attr-dict `:` type($res)"),
    make(
      "coro.save", "Where a coroutine will go on", [("handle", pointer)], "$handle \(functional)"),
    make(
      "coro.suspend", "Suspends a coroutine", [("save", tokenType), ("final", .i1)],
      "$save `,` $final attr-dict `:` type($res)"),
    make(
      "coro.end", "Ends a coroutine",
      [("handle", pointer), ("unwind", .i1), ("retvals", tokenType)],
      "$handle `,` $unwind `,` $retvals \(functional)"),
    make(
      "coro.free", "The memory of a coroutine's frame", [("id", tokenType), ("handle", pointer)],
      "$id `,` $handle \(functional)"),
    make(
      "coro.resume", "Resumes a coroutine", [("handle", pointer)], hasResult: false,
      "$handle attr-dict `:` qualified(type($handle))"),
    make(
      "coro.promise", "A coroutine's promise",
      [("handle", pointer), ("align", i32), ("from", .i1)],
      "$handle `,` $align `,` $from \(functional)"),
  ]

  // MARK: Matrices

  private static let sizes = ["rows", "columns"].map { AttributeSlot($0, .i32) }

  private static let matrices: [OpDefinition] = [
    make(
      "matrix.column.major.load", "Reads a matrix", [("data", pointer), ("stride", integer)],
      attributes: [AttributeSlot("isVolatile", .bool)] + sizes,
      "$data `,` `<` `stride` `=` $stride `>` attr-dict`:` type($res) `from` qualified(type($data)) `stride` type($stride)"
    ),
    make(
      "matrix.column.major.store", "Writes a matrix",
      [("matrix", vector), ("data", pointer), ("stride", integer)], hasResult: false,
      attributes: [AttributeSlot("isVolatile", .bool)] + sizes,
      "$matrix `,` $data `,` `<` `stride` `=` $stride `>` attr-dict`:` type($matrix) `to` qualified(type($data)) `stride` type($stride)"
    ),
    make(
      "matrix.multiply", "The product of two matrices", [("lhs", vector), ("rhs", vector)],
      attributes: ["lhs_rows", "lhs_columns", "rhs_columns"].map { AttributeSlot($0, .i32) },
      "$lhs `,` $rhs attr-dict `:` `(` type($lhs) `,` type($rhs) `)` `->` type($res)"),
    make(
      "matrix.transpose", "A matrix transposed", [("matrix", vector)], attributes: sizes,
      "$matrix attr-dict `:` type($matrix) `into` type($res)"),
  ]

  // MARK: Predicated vectors

  private static let maskVector = TypeConstraint(
    "LLVM dialect-compatible vector of 1-bit signless integer"
  ) { $0.isVector && $0.elementType.isInteger(1) }

  private static let predication = [("mask", maskVector), ("evl", i32)]

  private static func predicated(_ names: [String], _ operands: [(String, TypeConstraint)])
    -> [OpDefinition]
  {
    names.map {
      make("vp." + $0, "\($0) of the first elements whose mask is set", operands, traits: .pure)
    }
  }

  private static let predicated: [OpDefinition] =
    predicated(
      [
        "add", "sub", "mul", "sdiv", "udiv", "srem", "urem", "ashr", "lshr", "shl", "or", "and",
        "xor", "smax", "smin", "umax", "umin", "fadd", "fsub", "fmul", "fdiv", "frem",
      ], [("lhs", vector), ("rhs", vector)] + predication)
    + predicated(["fneg"], [("op", vector)] + predication)
    + predicated(
      ["fmuladd", "fma"], [("op1", vector), ("op2", vector), ("op3", vector)] + predication)
    + predicated(
      [
        "add", "mul", "and", "or", "xor", "smax", "smin", "umax", "umin", "fadd", "fmul", "fmax",
        "fmin",
      ].map { "reduce." + $0 }, [("satrt_value", anyType), ("val", vector)] + predication)
    + predicated(
      ["select", "merge"],
      [("cond", maskVector), ("true_val", vector), ("false_val", vector), ("evl", i32)])
    + predicated(
      [
        "trunc", "zext", "sext", "fptrunc", "fpext", "fptoui", "fptosi", "uitofp", "sitofp",
        "ptrtoint", "inttoptr",
      ], [("src", vector)] + predication)
    + [
      make(
        "vp.load", "Reads the first elements whose mask is set", [("ptr", pointer)] + predication),
      make(
        "vp.store", "Writes the first elements whose mask is set",
        [("val", vector), ("ptr", pointer)] + predication, hasResult: false),
      make(
        "experimental.vp.strided.load", "Reads elements a stride apart",
        [("ptr", pointer), ("stride", integer)] + predication),
      make(
        "experimental.vp.strided.store", "Writes elements a stride apart",
        [("val", vector), ("ptr", pointer), ("stride", integer)] + predication, hasResult: false),
    ]

  // MARK: Strict floats

  private static let roundingMode = AttributeSlot(
    "roundingmode",
    .enumeration(
      EnumDefinition(
        "RoundingMode",
        [
          ("towardzero", 0), ("tonearest", 1), ("upward", 2), ("downward", 3),
          ("tonearestaway", 4), ("dynamic", 7),
        ]), width: 64))
  private static let exceptionBehavior = AttributeSlot(
    "fpExceptionBehavior",
    .enumeration(
      EnumDefinition("FPExceptionBehavior", numbered(["ignore", "maytrap", "strict"])), width: 64))

  private static let constrained: [OpDefinition] =
    ["uitofp", "sitofp", "fptrunc", "fpext"].map { name in
      let hasRounding = name != "fpext"
      return make(
        "experimental.constrained." + name, "A conversion in a given floating-point environment",
        [("arg_0", anyType)],
        attributes: (hasRounding ? [roundingMode] : []) + [exceptionBehavior], traits: .pure,
        "$arg_0 \(hasRounding ? "$roundingmode " : "")$fpExceptionBehavior attr-dict `:` type($arg_0) `to` type(results)"
      )
    }

  // MARK: Debug information

  private static func debug(_ name: String, _ operand: String, _ type: TypeConstraint)
    -> OpDefinition
  {
    make(
      name, "Ties a source variable to a value", [(operand, type)], hasResult: false,
      attributes: [
        AttributeSlot("varInfo", .any),
        AttributeSlot(
          "locationExpr", .dialect("debug info expression", diExpression),
          default: { $0.attribute(diExpression, [UInt64($0.array([]).raw)]) }),
      ],
      "qualified($varInfo) (qualified($locationExpr)^)? `=` $\(operand) `:` qualified(type($\(operand))) attr-dict"
    )
  }

  private static let debugIntrinsics: [OpDefinition] = [
    debug("dbg.declare", "addr", pointer), debug("dbg.value", "value", anyType),
    make(
      "dbg.label", "A label of the source", [], hasResult: false,
      attributes: [AttributeSlot("label", .any)], "$label attr-dict"),
  ]

  // MARK: The rest

  private static let variadicArguments: [OpDefinition] = [
    make(
      "vastart", "Begins reading variable arguments", [("arg_list", pointer)], hasResult: false,
      "$arg_list attr-dict `:` qualified(type($arg_list))"),
    make(
      "vacopy", "Copies the place among variable arguments",
      [("dest_list", pointer), ("src_list", pointer)], hasResult: false,
      "$src_list `to` $dest_list attr-dict `:` type(operands)"),
    make(
      "vaend", "Ends reading variable arguments", [("arg_list", pointer)], hasResult: false,
      "$arg_list attr-dict `:` qualified(type($arg_list))"),
    make(
      "eh.typeid.for", "The number of a type that may be caught", [("type_info", pointer)],
      "$type_info \(functional)"),
  ]

  private static let size = AttributeSlot("size", .i64)

  private static let invariants: [OpDefinition] = [
    OpDefinition(
      "llvm.intr.invariant.start", "Memory does not change from here",
      operands: [ValueDefinition("ptr", pointer)], results: [ValueDefinition("res", pointer)],
      attributes: [size], effects: [.read, .write],
      format: "$size `,` $ptr attr-dict `:` qualified(type($ptr))",
      inferResultTypes: { [LLVM.pointer($0.context)] }),
    OpDefinition(
      "llvm.intr.invariant.end", "Memory may change again",
      operands: [ValueDefinition("start", defaultPointer), ValueDefinition("ptr", pointer)],
      attributes: [size], effects: [.read, .write],
      format: "$start `,` $size `,` $ptr attr-dict `:` qualified(type($ptr))"),
    make(
      "launder.invariant.group", "A pointer without what is known of its memory",
      [("ptr", pointer)], traits: .sameOperandsAndResultType,
      "$ptr attr-dict `:` qualified(type($ptr))"),
    make(
      "strip.invariant.group", "A pointer without its invariant group", [("ptr", pointer)],
      traits: .sameOperandsAndResultType, "$ptr attr-dict `:` qualified(type($ptr))"),
    make(
      "ssa.copy", "A copy", [("operand", .any)], traits: [.pure, .sameOperandsAndResultType],
      "$operand attr-dict `:` type($operand)"),
    make(
      "threadlocal.address", "The address of a thread's own variable", [("global", pointer)],
      traits: .pure),
    make(
      "ptrmask", "A pointer with bits cleared", [("ptr", pointers), ("mask", integers)],
      traits: .pure, relations: [.same(["ptr", "res"])], "$ptr `,` $mask \(functional)"),
    make(
      "ubsantrap", "Stops the program for undefined behaviour", [], hasResult: false,
      attributes: [AttributeSlot("failureKind", .any)], "prop-dict attr-dict"),
  ]

  private static let defaultPointer = TypeConstraint(
    "LLVM pointer in address space 0", buildable: { LLVM.pointer($0) }
  ) { $0.llvmAddressSpace == 0 }

  private static let annotations: [OpDefinition] = [
    make(
      "var.annotation", "Marks a variable",
      [
        ("val", pointer), ("annotation", pointer), ("fileName", pointer), ("line", i32),
        ("attr", pointer),
      ], hasResult: false),
    make(
      "ptr.annotation", "Marks a pointer",
      [
        ("ptr", pointer), ("annotation", pointer), ("fileName", pointer), ("line", i32),
        ("attr", pointer),
      ], relations: [.same(["res", "ptr"])]),
    make(
      "annotation", "Marks a number",
      [("integer", integer), ("annotation", pointer), ("fileName", pointer), ("line", i32)],
      relations: [.same(["res", "integer"])]),
  ]
}
