import MartletIR
import MartletSupport
import MartletSyntax

/// Pieces the declarations of many operations share.
extension Arith {
  // MARK: Enumerations and attributes

  public static let fastMathFlags = EnumDefinition(
    "FastMathFlags",
    [
      ("none", 0), ("reassoc", 1), ("nnan", 2), ("ninf", 4), ("nsz", 8), ("arcp", 16),
      ("contract", 32), ("afn", 64), ("fast", 127),
    ], summary: "Floating point fast math flags", isBitEnum: true, separator: ",")
  public static let overflowFlags = EnumDefinition(
    "IntegerOverflowFlags", [("none", 0), ("nsw", 1), ("nuw", 2)],
    summary: "Integer overflow arith flags", isBitEnum: true, separator: ", ")
  public static let roundingModes = EnumDefinition(
    "RoundingMode",
    [
      ("to_nearest_even", 0), ("downward", 1), ("upward", 2), ("toward_zero", 3),
      ("to_nearest_away", 4),
    ], summary: "Floating point rounding mode")
  public static let integerPredicates = EnumDefinition(
    "CmpIPredicate",
    [
      ("eq", 0), ("ne", 1), ("slt", 2), ("sle", 3), ("sgt", 4), ("sge", 5), ("ult", 6),
      ("ule", 7), ("ugt", 8), ("uge", 9),
    ])
  public static let floatPredicates = EnumDefinition(
    "CmpFPredicate",
    [
      ("false", 0), ("oeq", 1), ("ogt", 2), ("oge", 3), ("olt", 4), ("ole", 5), ("one", 6),
      ("ord", 7), ("ueq", 8), ("ugt", 9), ("uge", 10), ("ult", 11), ("ule", 12), ("une", 13),
      ("uno", 14), ("true", 15),
    ])

  /// `#arith.fastmath<nnan,ninf>`.
  public static let fastMath = EnumAttribute.define("arith.fastmath", fastMathFlags)
  /// `#arith.overflow<nsw, nuw>`.
  public static let overflow = EnumAttribute.define("arith.overflow", overflowFlags)

  static let fastMathConstraint = AttributeConstraint.dialect(
    "Floating point fast math flags", fastMath)
  public static let fastMathSlot = AttributeSlot(
    "fastmath", fastMathConstraint, default: { $0.attribute(fastMath, [0]) })
  static let optionalFastMathSlot = AttributeSlot.optional("fastmath", fastMathConstraint)
  static let overflowSlot = AttributeSlot(
    "overflowFlags", .dialect("Integer overflow arith flags", overflow),
    default: { $0.attribute(overflow, [0]) })
  static let exactSlot = AttributeSlot.optional("isExact", .unit)
  static let roundingModeSlot = AttributeSlot.optional(
    "roundingmode", .enumeration(roundingModes, width: 32))

  // MARK: Type constraints

  public static let fixedWidthIntegerLike = TypeConstraint("signless-fixed-width-integer-like") {
    TypeConstraint.like($0) { $0.isSignlessInteger }
  }
  static let indexCastable = TypeConstraint(
    "signless-integer-like or memref of signless-integer"
  ) { type in
    (type.isShaped ? type.elementType : type).isSignlessIntOrIndex
  }
  static let bitCastable = TypeConstraint(
    "signless-integer-or-float-like or memref of signless-integer or float"
  ) { type in
    let element = type.isShaped ? type.elementType : type
    return element.isSignlessInteger || element.isFloat
  }

  /// `i1` in the shape of `type`.
  public static func boolType(like type: Type) -> Type {
    let bool = type.context.i1
    switch type.kind {
    case .rankedTensor, .vector, .unrankedTensor: return type.cloned(elementType: bool)
    default: return bool
    }
  }

  public static let boolResult = TypeRelation.derived(
    target: "result", from: "lhs",
    summary: "result type has i1 element type and same shape as operands",
    transform: { boolType(like: $0) })

  // MARK: Families

  /// A keyword an integer operation may carry.
  enum IntegerFlag {
    case none, overflow, exact

    var slots: [AttributeSlot] {
      switch self {
      case .none: []
      case .overflow: [overflowSlot]
      case .exact: [exactSlot]
      }
    }
    var format: String {
      switch self {
      case .none: ""
      case .overflow: "(`overflow` `` $overflowFlags^)? "
      case .exact: "(`exact` $isExact^)? "
      }
    }
  }

  static let integerOperands = [
    ValueDefinition("lhs", .signlessIntegerLike), ValueDefinition("rhs", .signlessIntegerLike),
  ]

  /// An integer operation of two operands; one that `mayTrap` must not be executed speculatively.
  static func binaryInteger(
    _ name: String, _ summary: String, traits: OpTraits = [], flag: IntegerFlag = .none,
    mayTrap: Bool = false, fold: @escaping @Sendable (Operation) -> FoldResult,
    interfaces: [any OpInterface] = []
  ) -> OpDefinition {
    OpDefinition(
      "arith." + name, summary, operands: integerOperands,
      results: [ValueDefinition("result", .signlessIntegerLike)], attributes: flag.slots,
      traits: traits.union(mayTrap ? [] : .pure).union([
        .sameOperandsAndResultType, .noMemoryEffect, .elementwise,
      ]), format: "$lhs `,` $rhs \(flag.format)attr-dict `:` type($result)", fold: fold,
      interfaces: interfaces)
  }

  static func binaryFloat(
    _ name: String, _ summary: String, traits: OpTraits = [],
    fold: @escaping @Sendable (Operation) -> FoldResult, interfaces: [any OpInterface] = []
  ) -> OpDefinition {
    OpDefinition(
      "arith." + name, summary,
      operands: [ValueDefinition("lhs", .floatLike), ValueDefinition("rhs", .floatLike)],
      results: [ValueDefinition("result", .floatLike)], attributes: [fastMathSlot],
      traits: traits.union([.pure, .sameOperandsAndResultType, .noMemoryEffect, .elementwise]),
      format: "$lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($result)", fold: fold,
      interfaces: interfaces)
  }

  static func extendedMultiply(_ name: String, _ summary: String, isSigned: Bool) -> OpDefinition {
    OpDefinition(
      "arith." + name, summary, operands: integerOperands,
      results: [
        ValueDefinition("low", .signlessIntegerLike), ValueDefinition("high", .signlessIntegerLike),
      ], traits: [.pure, .commutative, .noMemoryEffect, .elementwise],
      relations: [.same(["lhs", "rhs", "low", "high"])],
      format: "$lhs `,` $rhs attr-dict `:` type($lhs)",
      fold: { foldExtendedMultiply($0, isSigned: isSigned) })
  }

  static func cast(
    _ name: String, _ summary: String, from: TypeConstraint, to: TypeConstraint,
    attributes: [AttributeSlot] = [], flags: String = "",
    verify: @escaping @Sendable (Operation) throws(Reported) -> Void,
    fold: @escaping @Sendable (Operation) -> FoldResult, interfaces: [any OpInterface] = []
  ) -> OpDefinition {
    OpDefinition(
      "arith." + name, summary, operands: [ValueDefinition("in", from)],
      results: [ValueDefinition("out", to)], attributes: attributes,
      traits: [.pure, .sameOperandsAndResultShape, .noMemoryEffect, .elementwise],
      format: "$in \(flags) attr-dict `:` type($in) `to` type($out)", verify: verify, fold: fold,
      interfaces: interfaces)
  }

  // MARK: Text of select

  /// `%c, %a, %b : type`, with the condition's type in front where it is not `i1`.
  static let selectAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let operands = try parser.parseOperandList()
      if operands.count != 3 { throw parser.error("expected 3 operands") }
      try parser.parseOptionalAttributeDictionary(&op)
      var type = try parser.parseColonType()
      var condition = parser.context.i1
      if parser.parseOptional(.comma) {
        condition = type
        type = try parser.parseType()
      }
      op.operands = [
        try parser.resolve(operands[0], condition), try parser.resolve(operands[1], type),
        try parser.resolve(operands[2], type),
      ]
      op.resultTypes = [type]
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operands(operation.operands)
      printer.optionalAttributeDictionary(operation)
      printer.write(" : ")
      let condition = operation.operand(0).type
      if condition != operation.context.i1 {
        printer.type(condition)
        printer.write(", ")
      }
      printer.type(operation.result().type)
    })
}
