import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Integer and float arithmetic, comparisons and casts.
extension LLVM {
  static let arithmetic: [OpDefinition] = [
    add, sub, mul, shl, udiv, sdiv, urem, srem, and, or, xor, lshr, ashr, fadd, fsub, fmul, fdiv,
    frem, fneg, icmp, fcmp, select, freeze,
  ]

  // MARK: Integers

  public static let add = binary("add", .overflow, [.commutative, .pure])
  public static let sub = binary("sub", .overflow, .pure)
  public static let mul = binary("mul", .overflow, [.commutative, .pure])
  public static let shl = binary("shl", .overflow, .pure)
  public static let udiv = binary("udiv", .exact, .noMemoryEffect)
  public static let sdiv = binary("sdiv", .exact, .noMemoryEffect)
  public static let urem = binary("urem", .none, .noMemoryEffect)
  public static let srem = binary("srem", .none, .noMemoryEffect)
  public static let and = binary("and", .none, .pure)
  public static let or = binary("or", .disjoint, .pure)
  public static let xor = binary("xor", .none, .pure)
  public static let lshr = binary("lshr", .exact, .pure)
  public static let ashr = binary("ashr", .exact, .pure)

  private enum Flag { case none, overflow, exact, disjoint }

  private static func binary(_ name: String, _ flag: Flag, _ traits: OpTraits) -> OpDefinition {
    let slots: [AttributeSlot]
    var format = "$lhs `,` $rhs attr-dict `:` type($res)"
    switch flag {
    case .none: slots = []
    case .overflow:
      slots = [overflowSlot]
      format = "$lhs `,` $rhs \(overflowFormat) attr-dict `:` type($res)"
    case .exact:
      slots = [.optional("isExact", .unit)]
      format = "(`exact` $isExact^)? " + format
    case .disjoint:
      slots = [.optional("isDisjoint", .unit)]
      format = "(`disjoint` $isDisjoint^)? " + format
    }
    return OpDefinition(
      "llvm.\(name)", "Integer \(name)",
      operands: [ValueDefinition("lhs", integers), ValueDefinition("rhs", integers)],
      results: [ValueDefinition("res", integers)], attributes: slots,
      traits: traits.union(.sameOperandsAndResultType), format: format,
      interfaces: flag == .overflow ? [overflowDirective] : [])
  }

  static let overflowSlot = AttributeSlot(
    "overflowFlags", .enumeration(overflowFlags, width: 32), encoding: .integer,
    default: { $0.i32Attribute(0) })
  static let overflowFormat = "(`overflow` `` custom<OverflowFlags>($overflowFlags)^)?"
  static let overflowDirective = CustomDirectives([
    "OverflowFlags": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        try parser.parse(.less)
        let value = try EnumAttribute.parseKeywords(parser, overflowFlags)
        try parser.parse(.greater)
        parts.setAttribute(parts.arguments[0], parser.context.i32Attribute(Int(value)))
      },
      print: { printer, operation, _ in
        let value = operation.attribute("overflowFlags")?.integerValue ?? 0
        printer.write("<\(overflowFlags.keyword(value) ?? "none")>")
      })
  ])

  // MARK: Floats

  public static let fadd = floatBinary("fadd")
  public static let fsub = floatBinary("fsub")
  public static let fmul = floatBinary("fmul")
  public static let fdiv = floatBinary("fdiv")
  public static let frem = floatBinary("frem")

  private static func floatBinary(_ name: String) -> OpDefinition {
    OpDefinition(
      "llvm.\(name)", "Float \(name.dropFirst())",
      operands: [ValueDefinition("lhs", floats), ValueDefinition("rhs", floats)],
      results: [ValueDefinition("res", floats)], attributes: [fastMathSlot],
      traits: [.pure, .sameOperandsAndResultType],
      format: "$lhs `,` $rhs attr-dict `:` type($res)")
  }

  public static let fneg = OpDefinition(
    "llvm.fneg", "Float negation", operands: [ValueDefinition("operand", floats)],
    results: [ValueDefinition("res", floats)], attributes: [fastMathSlot],
    traits: [.pure, .sameOperandsAndResultType], format: "$operand attr-dict `:` type($res)")

  // MARK: Comparison and choice

  static let icmpPredicates = EnumDefinition(
    "ICmpPredicate",
    numbered(["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"]))
  static let fcmpPredicates = EnumDefinition(
    "FCmpPredicate",
    numbered([
      "_false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult",
      "ule", "une", "uno", "_true",
    ]))

  public static let icmp = compare("icmp", comparable, icmpPredicates, [])
  public static let fcmp = compare("fcmp", floats, fcmpPredicates, [fastMathSlot])

  private static func compare(
    _ name: String, _ operands: TypeConstraint, _ predicates: EnumDefinition,
    _ flags: [AttributeSlot]
  ) -> OpDefinition {
    OpDefinition(
      "llvm.\(name)", "Comparison",
      operands: [ValueDefinition("lhs", operands), ValueDefinition("rhs", operands)],
      results: [ValueDefinition("res", bools)],
      attributes: [AttributeSlot("predicate", .enumeration(predicates, width: 64))] + flags,
      traits: [.pure, .sameTypeOperands],
      verify: { (operation) throws(Reported) in
        if operation.result().type != boolType(operation.operand(0).type) {
          throw operation.emitOpError(
            "failed to verify that result type has i1 element type and same shape as operands")
        }
      },
      inferResultTypes: { $0.operands.first.map { [boolType($0.type)] } },
      interfaces: [compareAssembly(predicates)])
  }

  /// i1, or a vector of i1 for a vector.
  static func boolType(_ type: Type) -> Type {
    type.isVector
      ? type.context.vector(type.shape, type.context.i1, scalable: type.scalableMask)
      : type.context.i1
  }

  /// `llvm.icmp "slt" %a, %b : i32`.
  private static func compareAssembly(_ predicates: EnumDefinition) -> CustomAssembly {
    CustomAssembly(
      parse: { (parser, operation) throws(Reported) in
        let offset = parser.offset
        let word = try parser.parseString()
        guard let value = predicates.value(word) else {
          throw parser.error(
            "custom op '\(operation.name)' '\(word)' is an incorrect value of the 'predicate' attribute",
            at: offset)
        }
        operation.add("predicate", parser.context.i64Attribute(Int(value)))
        let left = try parser.parseOperand()
        try parser.parse(.comma)
        let right = try parser.parseOperand()
        try parser.parseOptionalAttributeDictionary(&operation)
        let type = try parser.parseColonType()
        operation.operands = [try parser.resolve(left, type), try parser.resolve(right, type)]
        operation.resultTypes = [boolType(type)]
      },
      print: { printer, operation in
        let value = operation.attribute("predicate")?.integerValue ?? 0
        printer.write(" \"\(predicates.keyword(value) ?? "")\" ")
        printer.operands(operation.operands)
        printer.optionalAttributeDictionary(
          operation, excluding: ["predicate"] + defaultNames(operation))
        printer.write(" : ")
        printer.type(operation.operand(0).type)
      })
  }

  /// Names of inherent attributes that hold their default, which custom text leaves out.
  static func defaultNames(_ operation: Operation) -> [String] {
    (operation.definition?.attributes ?? []).filter { slot in
      guard let make = slot.defaultValue, let value = operation.attribute(slot.name) else {
        return false
      }
      return value == make(operation.context)
    }.map(\.name)
  }

  public static let select = OpDefinition(
    "llvm.select", "Chooses by a condition",
    operands: [
      ValueDefinition("condition", bools), ValueDefinition("trueValue", anyType),
      ValueDefinition("falseValue", anyType),
    ],
    results: [ValueDefinition("res", anyType)], attributes: [fastMathSlot], traits: .pure,
    relations: [.same(["trueValue", "falseValue", "res"])],
    format: "operands attr-dict `:` type($condition) `,` type($res)",
    fold: { operation in
      if operation.operand(1) == operation.operand(2) { return .value(operation.operand(1)) }
      guard let condition = operation.operand(0).constant?.boolValue else { return .none }
      return .value(operation.operand(condition ? 1 : 2))
    })

  public static let freeze = OpDefinition(
    "llvm.freeze", "Fixes an undefined value", operands: [ValueDefinition("val", anyType)],
    results: [ValueDefinition("res", anyType)], traits: [.pure, .sameOperandsAndResultType],
    format: "$val attr-dict `:` type($val)")

  // MARK: Casts

  static let casts: [OpDefinition] = [
    trunc, zext, sext, fptrunc, fpext, fptosi, fptoui, sitofp, uitofp, ptrtoint, inttoptr,
    bitcast, addrspacecast,
  ]

  public static let trunc: OpDefinition = cast(
    "trunc", integers, integers, [overflowSlot], overflow: true)
  public static let zext: OpDefinition = cast("zext", integers, integers, nonNegative: true)
  public static let sext = cast("sext", integers, integers)
  public static let fptrunc = cast("fptrunc", floats, floats)
  public static let fpext = cast("fpext", floats, floats)
  public static let fptosi = cast("fptosi", floats, integers)
  public static let fptoui = cast("fptoui", floats, integers)
  public static let sitofp = cast("sitofp", integers, floats)
  public static let uitofp = cast("uitofp", integers, floats, nonNegative: true)
  public static let ptrtoint: OpDefinition = cast("ptrtoint", pointers, integers)
  public static let inttoptr: OpDefinition = cast(
    "inttoptr", integers, pointers, [.optional("dereferenceable", .any)])
  public static let bitcast: OpDefinition = cast("bitcast", primitive, primitive)
  public static let addrspacecast: OpDefinition = cast("addrspacecast", pointers, pointers)

  private static func cast(
    _ name: String, _ from: TypeConstraint, _ to: TypeConstraint, _ slots: [AttributeSlot] = [],
    overflow: Bool = false, nonNegative: Bool = false
  ) -> OpDefinition {
    let flag = overflow ? "\(overflowFormat) " : ""
    return OpDefinition(
      "llvm.\(name)", "Cast", operands: [ValueDefinition("arg", from)],
      results: [ValueDefinition("res", to)],
      attributes: slots + (nonNegative ? [.optional("nonNeg", .unit)] : []), traits: .pure,
      format:
        "\(nonNegative ? "(`nneg` $nonNeg^)? " : "")$arg \(flag)attr-dict `:` type($arg) `to` type($res)",
      verify: { (operation) throws(Reported) in try verifyCast(operation, name) },
      fold: { operation in
        let (value, type) = (operation.operand(0), operation.result().type)
        guard name == "bitcast" || name == "addrspacecast" else { return .none }
        if value.type == type { return .value(value) }
        guard let inner = value.definingOperation, inner.name == operation.name,
          inner.operand(0).type == type
        else { return .none }
        return .value(inner.operand(0))
      },
      interfaces: overflow
        ? [overflowDirective]
        : name == "bitcast" || name == "addrspacecast" ? [PromotableUser.forwarding] : [])
  }

  private static func verifyCast(_ operation: Operation, _ name: String) throws(Reported) {
    let (from, to) = (operation.operand(0).type, operation.result().type)
    if name != "bitcast", from.isVector != to.isVector {
      throw operation.emitError(
        from.isVector
          ? "input type is a vector but output type is an \(kindName(to))"
          : "output type is a vector but input type is an \(kindName(from))")
    }
    if name != "bitcast", from.isVector, from.shape != to.shape {
      throw operation.emitError("input and output vectors are of incompatible shape")
    }
    guard name == "zext" || name == "sext" else { return }
    if let a = from.elementType.bitWidth, let b = to.elementType.bitWidth, b <= a {
      throw operation.emitError(
        "integer width of the output type is smaller or equal to the integer width of the input type"
      )
    }
  }

  private static func kindName(_ type: Type) -> String { type.isInteger ? "integer" : "scalar" }
}
