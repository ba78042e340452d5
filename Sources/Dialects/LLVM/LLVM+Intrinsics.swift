import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// LLVM's intrinsics.
extension LLVM {
  static let intrinsics: [OpDefinition] =
    floatFunctions + integerFunctions + reductions + overflowArithmetic + memoryFunctions
    + maskedAccess + hints + vectorFunctions

  private static let functional =
    "`(` operands `)` attr-dict `:` functional-type(operands, results)"
  private static let result = ValueDefinition("res", anyType)

  // MARK: Floats

  /// llvm.intr.`name` of `count` floats, with the type of the first as result.
  private static func float(_ name: String, _ count: Int) -> OpDefinition {
    OpDefinition(
      "llvm.intr.\(name)", "Float \(name)",
      operands: (count == 1 ? ["in"] : Array(["a", "b", "c"].prefix(count))).map {
        ValueDefinition($0, floats)
      }, results: [result], attributes: [fastMathSlot],
      traits: [.pure, .sameOperandsAndResultType], format: functional)
  }

  static let floatFunctions: [OpDefinition] =
    [
      "acos", "asin", "atan", "ceil", "cos", "cosh", "exp", "exp10", "exp2", "fabs", "floor",
      "log", "log10", "log2", "nearbyint", "rint", "round", "roundeven", "sin", "sinh", "sqrt",
      "tan", "tanh", "trunc",
    ].map { float($0, 1) }
    + ["atan2", "copysign", "maximum", "maxnum", "minimum", "minnum", "pow"].map { float($0, 2) }
    + ["fma", "fmuladd"].map { float($0, 3) }
    + ["powi", "ldexp"].map { name in
      OpDefinition(
        "llvm.intr.\(name)", "Float \(name)",
        operands: [ValueDefinition("val", floats), ValueDefinition("power", integer)],
        results: [result], attributes: [fastMathSlot], traits: .pure, format: functional)
    }
    + ["frexp", "sincos"].map { name in
      OpDefinition(
        "llvm.intr.\(name)", "Float \(name)", operands: [ValueDefinition("val", floats)],
        results: [result], attributes: [fastMathSlot], traits: .pure, format: functional)
    }
    + ["llrint", "llround", "lrint", "lround"].map { name in
      OpDefinition(
        "llvm.intr.\(name)", "Rounds to an integer", operands: [ValueDefinition("val", floats)],
        results: [result], traits: .pure, format: functional)
    }
    + [
      OpDefinition(
        "llvm.intr.is.fpclass", "Whether a float is of given classes",
        operands: [ValueDefinition("in", floats)], results: [result],
        attributes: [AttributeSlot("bit", .i32)], traits: .pure)
    ]

  // MARK: Integers

  private static func integer(_ name: String, _ count: Int) -> OpDefinition {
    OpDefinition(
      "llvm.intr.\(name)", "Integer \(name)",
      operands: (count == 1 ? ["in"] : Array(["a", "b", "c"].prefix(count))).map {
        ValueDefinition($0, integers)
      }, results: [result], traits: [.pure, .sameOperandsAndResultType], format: functional)
  }

  private static func counting(_ name: String, _ flag: String) -> OpDefinition {
    OpDefinition(
      "llvm.intr.\(name)", "Integer \(name)", operands: [ValueDefinition("in", integers)],
      results: [result], attributes: [AttributeSlot(flag, .bool)], traits: .pure)
  }

  static let integerFunctions: [OpDefinition] =
    ["bitreverse", "bswap", "ctpop"].map { integer($0, 1) }
    + [
      "smax", "smin", "umax", "umin", "sadd.sat", "uadd.sat", "ssub.sat", "usub.sat", "sshl.sat",
      "ushl.sat",
    ].map { integer($0, 2) }
    + ["fshl", "fshr"].map { integer($0, 3) }
    + [
      counting("ctlz", "is_zero_poison"), counting("cttz", "is_zero_poison"),
      counting("abs", "is_int_min_poison"),
    ]
    + ["scmp", "ucmp"].map { name in
      OpDefinition(
        "llvm.intr.\(name)", "Three-way comparison",
        operands: [ValueDefinition("a", integers), ValueDefinition("b", integers)],
        results: [ValueDefinition("res", integers)], traits: [.pure, .sameTypeOperands],
        format: functional)
    }

  static let overflowArithmetic: [OpDefinition] = [
    "sadd", "uadd", "ssub", "usub", "smul", "umul",
  ].map { name in
    OpDefinition(
      "llvm.intr.\(name).with.overflow", "Integer arithmetic that says whether it overflowed",
      operands: [ValueDefinition("a", integers), ValueDefinition("b", integers)],
      results: [result], traits: .pure)
  }

  // MARK: Reductions

  static let reductions: [OpDefinition] =
    ["add", "and", "mul", "or", "smax", "smin", "umax", "umin", "xor"].map { name in
      OpDefinition(
        "llvm.intr.vector.reduce.\(name)", "Combines a vector's elements",
        operands: [ValueDefinition("in", vector)], results: [result],
        traits: [.pure, .sameOperandsAndResultElementType])
    }
    + ["fmax", "fmaximum", "fmin", "fminimum"].map { name in
      OpDefinition(
        "llvm.intr.vector.reduce.\(name)", "Combines a vector's elements",
        operands: [ValueDefinition("in", vector)], results: [result],
        attributes: [fastMathSlot], traits: [.pure, .sameOperandsAndResultElementType],
        format: functional)
    }
    + ["fadd", "fmul"].map { name in
      OpDefinition(
        "llvm.intr.vector.reduce.\(name)", "Combines a vector's elements with a start value",
        operands: [ValueDefinition("start_value", .anyFloat), ValueDefinition("input", vector)],
        results: [result], attributes: [fastMathSlot],
        traits: [.pure, .sameOperandsAndResultElementType])
    }

  // MARK: Memory

  private static let argumentSlots: [AttributeSlot] =
    [.optional("arg_attrs", .dictionaryArray), .optional("res_attrs", .dictionaryArray)]
    + aliasSlots
  private static let volatile = AttributeSlot("isVolatile", .bool)
  private static let target = ValueDefinition("dst", pointer)
  private static let length = ValueDefinition("len", integer)

  static let memoryFunctions: [OpDefinition] =
    ["memcpy", "memmove"].map { name in
      OpDefinition(
        "llvm.intr.\(name)", "Copies memory",
        operands: [target, ValueDefinition("src", pointer), length],
        attributes: [volatile] + argumentSlots, effects: [.read, .write],
        interfaces: [memcpyPromotion, memcpyDestruction])
    }
    + [
      OpDefinition(
        "llvm.intr.memcpy.inline", "Copies memory without a call",
        operands: [target, ValueDefinition("src", pointer)],
        attributes: [AttributeSlot("len", .any), volatile] + argumentSlots,
        effects: [.read, .write], interfaces: [memcpyPromotion, memcpyDestruction]),
      OpDefinition(
        "llvm.intr.memset", "Fills memory",
        operands: [target, ValueDefinition("val", byte), length],
        attributes: [volatile] + argumentSlots, effects: .write,
        interfaces: [memsetPromotion, memsetDestruction]),
      OpDefinition(
        "llvm.intr.memset.inline", "Fills memory without a call",
        operands: [target, ValueDefinition("val", byte)],
        attributes: [AttributeSlot("len", .any), volatile] + argumentSlots, effects: .write,
        interfaces: [memsetPromotion, memsetDestruction]),
      OpDefinition(
        "llvm.intr.prefetch", "Hints that memory will be used",
        operands: [ValueDefinition("addr", pointer)],
        attributes: ["rw", "hint", "cache"].map { AttributeSlot($0, .i32) },
        effects: [.read, .write]),
    ]
    + ["lifetime.start", "lifetime.end"].map { name in
      OpDefinition(
        "llvm.intr.\(name)", "Bounds the life of an alloca",
        operands: [ValueDefinition("ptr", pointer)], effects: [.read, .write],
        format: "$ptr attr-dict `:` qualified(type($ptr))",
        interfaces: [PromotableUser.droppable])
    }
    + [
      OpDefinition(
        "llvm.intr.stacksave", "The stack's top", results: [result], effects: [.read, .write],
        format: "attr-dict `:` qualified(type($res))"),
      OpDefinition(
        "llvm.intr.stackrestore", "Resets the stack's top",
        operands: [ValueDefinition("ptr", pointer)], effects: [.read, .write],
        format: "$ptr attr-dict `:` qualified(type($ptr))"),
    ]

  private static let byte = TypeConstraint("8-bit signless integer") { $0.isInteger(8) }

  // MARK: Masked access

  private static let alignment = AttributeSlot("alignment", .i32)
  private static let mask = ValueDefinition(
    "mask",
    TypeConstraint("LLVM dialect-compatible vector of 1-bit signless integer") {
      $0.isVector && $0.elementType.isInteger(1)
    })
  private static let pointerVector = TypeConstraint(
    "LLVM dialect-compatible vector of LLVM pointer type"
  ) { $0.isVector && $0.elementType.isLLVMPointer }

  static let maskedAccess: [OpDefinition] = [
    OpDefinition(
      "llvm.intr.masked.load", "Reads the elements whose mask is set",
      operands: [ValueDefinition("data", pointer), mask, .optional("pass_thru", vector)],
      results: [ValueDefinition("res", vector)],
      attributes: [alignment, .optional("nontemporal", .unit)], effects: .read,
      format: "operands attr-dict `:` functional-type(operands, results)"),
    OpDefinition(
      "llvm.intr.masked.store", "Writes the elements whose mask is set",
      operands: [ValueDefinition("value", vector), ValueDefinition("data", pointer), mask],
      attributes: [alignment], effects: .write,
      format:
        "$value `,` $data `,` $mask attr-dict `:` type($value) `,` type($mask) `into` qualified(type($data))"
    ),
    OpDefinition(
      "llvm.intr.masked.gather", "Reads through the pointers whose mask is set",
      operands: [ValueDefinition("ptrs", pointerVector), mask, .variadic("pass_thru", vector)],
      results: [ValueDefinition("res", vector)], attributes: [alignment], effects: .read,
      format: "operands attr-dict `:` functional-type(operands, results)"),
    OpDefinition(
      "llvm.intr.masked.scatter", "Writes through the pointers whose mask is set",
      operands: [ValueDefinition("value", vector), ValueDefinition("ptrs", pointerVector), mask],
      attributes: [alignment], effects: .write,
      format:
        "$value `,` $ptrs `,` $mask attr-dict `:` type($value) `,` type($mask) `into` type($ptrs)"
    ),
    OpDefinition(
      "llvm.intr.masked.expandload", "Reads consecutive elements into the places whose mask is set",
      operands: [ValueDefinition("ptr", pointer), mask, ValueDefinition("passthru", vector)],
      results: [result], attributes: Array(argumentSlots.prefix(2)), effects: .read),
    OpDefinition(
      "llvm.intr.masked.compressstore", "Writes the elements whose mask is set one after another",
      operands: [ValueDefinition("value", vector), ValueDefinition("ptr", pointer), mask],
      attributes: Array(argumentSlots.prefix(2)), effects: .write),
  ]

  // MARK: Hints

  static let hints: [OpDefinition] = [
    OpDefinition(
      "llvm.intr.assume", "Promises that a condition holds",
      operands: [ValueDefinition("cond", .i1), .variadic("op_bundle_operands", anyType)],
      attributes: Array(bundleSlots.prefix(2)), effects: [.read, .write], verify: verifyBundles,
      interfaces: [assumeAssembly]),
    OpDefinition(
      "llvm.intr.expect", "Says which value is likely",
      operands: [ValueDefinition("val", integer), ValueDefinition("expected", integer)],
      results: [result], traits: [.pure, .sameOperandsAndResultType],
      format: "$val `,` $expected attr-dict `:` type($val)"),
    OpDefinition(
      "llvm.intr.expect.with.probability", "Says how likely a value is",
      operands: [ValueDefinition("val", integer), ValueDefinition("expected", integer)],
      results: [result],
      attributes: [
        AttributeSlot(
          "prob",
          AttributeConstraint("64-bit float attribute", form: .typed { $0.f64 }) {
            $0.kind == .float
          })
      ], traits: .pure, relations: [.same(["val", "expected", "res"])],
      format: "$val `,` $expected `,` $prob attr-dict `:` type($val)"),
    OpDefinition(
      "llvm.intr.is.constant", "Whether a value is a constant",
      operands: [ValueDefinition("val", anyType)], results: [ValueDefinition("res", .i1)],
      traits: .pure),
    OpDefinition("llvm.intr.trap", "Stops the program", effects: .write, format: "attr-dict"),
    OpDefinition(
      "llvm.intr.debugtrap", "Stops in the debugger", effects: .write, format: "attr-dict"),
    OpDefinition(
      "llvm.intr.experimental.noalias.scope.decl", "Starts a scope without aliases",
      attributes: [AttributeSlot("scope", .any)], effects: [.read, .write],
      format: "$scope attr-dict"),
  ]

  /// `llvm.intr.assume %c ["align"(%p, %n : !llvm.ptr, i64)] : i1`.
  private static let assumeAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let condition = try parser.parseOperand()
      let bundles = try parseBundles(parser, &operation)
      let type = try parser.parseColonType()
      operation.operands = [try parser.resolve(condition, type)] + bundles
      try parser.parseOptionalAttributeDictionary(&operation)
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printBundles(printer, operation)
      printer.write(" : ")
      printer.type(operation.operand(0).type)
      printer.optionalAttributeDictionary(
        operation, excluding: ["op_bundle_sizes", "op_bundle_tags"])
    })

  // MARK: Vectors

  static let vectorFunctions: [OpDefinition] = [
    OpDefinition(
      "llvm.intr.vector.extract", "A part of a vector",
      operands: [ValueDefinition("srcvec", vector)], results: [ValueDefinition("res", vector)],
      attributes: [AttributeSlot("pos", .i64)], traits: .pure,
      format: "$srcvec `[` $pos `]` attr-dict `:` type($res) `from` type($srcvec)"),
    OpDefinition(
      "llvm.intr.vector.insert", "A vector with a part replaced",
      operands: [ValueDefinition("dstvec", vector), ValueDefinition("srcvec", vector)],
      results: [ValueDefinition("res", vector)], attributes: [AttributeSlot("pos", .i64)],
      traits: .pure, relations: [.same(["dstvec", "res"])],
      format: "$srcvec `,` $dstvec `[` $pos `]` attr-dict `:` type($srcvec) `into` type($res)"),
    OpDefinition(
      "llvm.intr.vector.interleave2", "Elements of two vectors in turn",
      operands: [ValueDefinition("vec1", vector), ValueDefinition("vec2", vector)],
      results: [result], traits: .pure),
    OpDefinition(
      "llvm.intr.vector.deinterleave2", "Every second element, twice",
      operands: [ValueDefinition("vec", vector)], results: [result], traits: .pure),
    OpDefinition(
      "llvm.intr.get.active.lane.mask", "Which lanes lie below a bound",
      operands: [ValueDefinition("base", integer), ValueDefinition("n", integer)],
      results: [result], traits: .pure,
      format: "$base `,` $n attr-dict `:` type($base) `,` type($n) `to` type($res)"),
    OpDefinition(
      "llvm.intr.stepvector", "0, 1, 2, ...", results: [ValueDefinition("res", vector)],
      traits: .pure, format: "attr-dict `:` type($res)"),
    OpDefinition(
      "llvm.intr.vscale", "The scalable vectors' factor", results: [result], traits: .pure),
  ]
}
