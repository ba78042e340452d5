import MartletIR
import MartletSupport
import MartletSyntax

/// Arithmetic on `index`, whose width is the target's: 64 or 32 bits. A constant folds only where both
/// widths give the same result in the low 32 bits.
public enum Index {
  public static let dialect = Dialect(
    "index", summary: "arithmetic on index values",
    operations: [
      add, and, boolConstant, casts, castu, ceildivs, ceildivu, cmp, constant, divs, divu,
      floordivs, maxs, maxu, mins, minu, mul, or, rems, remu, shl, shrs, shru, sizeof, sub, xor,
    ], attributes: [predicate],
    materializeConstant: { builder, value, type in
      if type.isInteger(1), value.boolValue != nil {
        return builder.create(boolConstant, results: [type], attributes: [("value", value)])
      }
      guard type.isIndex, value.type == type else { return nil }
      return builder.create(constant, results: [type], attributes: [("value", value)])
    })

  public static let predicates = EnumDefinition(
    "IndexCmpPredicate", Arith.integerPredicates.cases, summary: "index comparison predicate kind")

  /// `#index<cmp_predicate slt>`.
  public static let predicate = AttributeDefinition(
    "index.cmp_predicate", "index comparison predicate kind",
    interfaces: [
      EnumAttribute(cases: predicates),
      AttributeAssembly(
        isNested: true,
        parse: { (parser, type) throws(Reported) in
          let value = try EnumAttribute.parseKeywords(parser, predicates)
          guard
            let definition = parser.context.attributeDefinition(named: "index.cmp_predicate")
          else { throw parser.error("unknown attribute") }
          return parser.context.attribute(definition, [UInt64(bitPattern: value)])
        },
        print: { printer, attribute in
          printer.write(" " + (predicates.keyword(attribute.enumValue ?? 0) ?? ""))
        }),
    ])

  private static func binary(
    _ name: String, _ summary: String, _ traits: OpTraits = [.pure], neutral: Int64? = nil,
    _ combine: @escaping @Sendable (Int64, Int64, Int) -> Int64?
  ) -> OpDefinition {
    OpDefinition(
      "index." + name, summary,
      operands: [ValueDefinition("lhs", .index), ValueDefinition("rhs", .index)],
      results: [ValueDefinition("result", .index)], traits: traits,
      format: "$lhs `,` $rhs attr-dict",
      fold: { operation in
        if let neutral, operation.operand(1).constantInteger == Int(neutral) {
          return .value(operation.operand(0))
        }
        return fold(operation, combine)
      })
  }

  /// The 64-bit result where its low 32 bits are what 32-bit operands give.
  private static func fold(_ op: Operation, _ combine: (Int64, Int64, Int) -> Int64?) -> FoldResult
  {
    guard let x = op.operand(0).constant?.integerValue,
      let y = op.operand(1).constant?.integerValue, let wide = combine(x, y, 64),
      let narrow = combine(
        Int64(Int32(truncatingIfNeeded: x)), Int64(Int32(truncatingIfNeeded: y)), 32),
      Int32(truncatingIfNeeded: wide) == Int32(truncatingIfNeeded: narrow)
    else { return .none }
    return .attribute(op.context.integerAttribute(wide, op.context.index))
  }

  private static let commutative: OpTraits = [.commutative, .pure]
  /// May divide by zero.
  private static let partial: OpTraits = [.noMemoryEffect]

  public static let add = binary("add", "index addition", commutative, neutral: 0) { x, y, _ in
    x &+ y
  }
  public static let sub = binary("sub", "index subtraction", neutral: 0) { x, y, _ in x &- y }
  public static let mul = binary("mul", "index multiplication", commutative, neutral: 1) {
    x, y, _ in x &* y
  }
  public static let divs = binary("divs", "index signed division", partial) { x, y, width in
    IntegerMath.canDivide(x, y, width) ? x / y : nil
  }
  public static let divu = binary("divu", "index unsigned division", partial) { x, y, width in
    y == 0
      ? nil
      : Int64(bitPattern: IntegerMath.unsigned(x, width) / IntegerMath.unsigned(y, width))
  }
  public static let ceildivs = binary("ceildivs", "index signed ceil division", partial) {
    x, y, width in IntegerMath.canDivide(x, y, width) ? IntegerMath.ceilDivide(x, y) : nil
  }
  public static let ceildivu = binary("ceildivu", "index unsigned ceil division", partial) {
    x, y, width in
    if y == 0 { return nil }
    let (a, b) = (IntegerMath.unsigned(x, width), IntegerMath.unsigned(y, width))
    return Int64(bitPattern: a / b + (a % b == 0 ? 0 : 1))
  }
  public static let floordivs = binary("floordivs", "index signed floor division", partial) {
    x, y, width in IntegerMath.canDivide(x, y, width) ? IntegerMath.floorDivide(x, y) : nil
  }
  public static let rems = binary("rems", "index signed remainder", partial) { x, y, _ in
    y == 0 ? nil : y == -1 ? 0 : x % y
  }
  public static let remu = binary("remu", "index unsigned remainder", partial) { x, y, width in
    y == 0
      ? nil
      : Int64(bitPattern: IntegerMath.unsigned(x, width) % IntegerMath.unsigned(y, width))
  }
  public static let maxs = binary("maxs", "index signed maximum", commutative) { x, y, _ in
    max(x, y)
  }
  public static let maxu = binary("maxu", "index unsigned maximum", commutative) { x, y, width in
    IntegerMath.unsigned(x, width) >= IntegerMath.unsigned(y, width) ? x : y
  }
  public static let mins = binary("mins", "index signed minimum", commutative) { x, y, _ in
    min(x, y)
  }
  public static let minu = binary("minu", "index unsigned minimum", commutative) { x, y, width in
    IntegerMath.unsigned(x, width) <= IntegerMath.unsigned(y, width) ? x : y
  }
  public static let shl = binary("shl", "index shift left") { x, y, width in
    let amount = IntegerMath.unsigned(y, width)
    return amount >= UInt64(width) ? nil : x << Int64(amount)
  }
  public static let shrs = binary("shrs", "signed index shift right") { x, y, width in
    let amount = IntegerMath.unsigned(y, width)
    return amount >= UInt64(width) ? nil : x >> Int64(amount)
  }
  public static let shru = binary("shru", "unsigned index shift right") { x, y, width in
    let amount = IntegerMath.unsigned(y, width)
    return amount >= UInt64(width)
      ? nil : Int64(bitPattern: IntegerMath.unsigned(x, width) >> amount)
  }
  public static let and = binary("and", "index bitwise and", commutative, neutral: -1) {
    x, y, _ in x & y
  }
  public static let or = binary("or", "index bitwise or", commutative, neutral: 0) {
    x, y, _ in x | y
  }
  public static let xor = binary("xor", "index bitwise xor", commutative, neutral: 0) {
    x, y, _ in x ^ y
  }

  private static let anyInteger = TypeConstraint("integer or index") { $0.isIntOrIndex }

  private static func cast(_ name: String, _ summary: String, isSigned: Bool) -> OpDefinition {
    OpDefinition(
      "index." + name, summary, operands: [ValueDefinition("input", anyInteger)],
      results: [ValueDefinition("output", anyInteger)], traits: [.pure],
      format: "$input attr-dict `:` type($input) `to` type($output)", verify: verifyCast,
      fold: { foldCast($0, isSigned: isSigned) })
  }

  public static let casts = cast("casts", "index signed cast", isSigned: true)
  public static let castu = cast("castu", "index unsigned cast", isSigned: false)

  private static func verifyCast(_ op: Operation) throws(Reported) {
    if op.operand(0).type.isIndex == op.result().type.isIndex { throw Arith.incompatible(op) }
  }

  private static func foldCast(_ op: Operation, isSigned: Bool) -> FoldResult {
    guard let value = op.operand(0).constant?.integerValue else { return .none }
    let (from, to) = (op.operand(0).type, op.result().type)
    let width = from.bitWidth ?? 64
    // From index, 32 and 64 bits must agree on what the target type sees.
    if from.isIndex, (to.bitWidth ?? 64) > 32 {
      let narrow = Int64(Int32(truncatingIfNeeded: value))
      let extended = isSigned ? narrow : Int64(bitPattern: IntegerMath.unsigned(narrow, 32))
      if extended != value { return .none }
    }
    let wide = isSigned ? value : Int64(bitPattern: IntegerMath.unsigned(value, width))
    return .attribute(op.context.integerAttribute(wide, to))
  }

  public static let cmp = OpDefinition(
    "index.cmp", "index compare",
    operands: [ValueDefinition("lhs", .index), ValueDefinition("rhs", .index)],
    results: [ValueDefinition("result", .i1)],
    attributes: [AttributeSlot("pred", .dialect("index comparison predicate kind", predicate))],
    traits: [.pure], format: "`` $pred `(` $lhs `,` $rhs `)` attr-dict", fold: foldCmp)

  private static func foldCmp(_ op: Operation) -> FoldResult {
    guard
      let predicate = op.attribute("pred")?.enumValue.flatMap(IntegerPredicate.init)
    else { return .none }
    if op.operand(0) == op.operand(1) {
      return .attribute(op.context.boolAttribute(predicate.holdsForEqual))
    }
    guard let x = op.operand(0).constant?.integerValue,
      let y = op.operand(1).constant?.integerValue
    else { return .none }
    let wide = predicate.evaluate(x, y)
    let narrow = predicate.evaluate(
      Int64(Int32(truncatingIfNeeded: x)), Int64(Int32(truncatingIfNeeded: y)), width: 32)
    return wide == narrow ? .attribute(op.context.boolAttribute(wide)) : .none
  }

  public static let sizeof = OpDefinition(
    "index.sizeof", "size in bits of the index type", results: [ValueDefinition("result", .index)],
    traits: [.pure], format: "attr-dict")

  private static let foldConstant: @Sendable (Operation) -> FoldResult = { operation in
    operation.attribute("value").map { .attribute($0) } ?? .none
  }

  public static let constant = OpDefinition(
    "index.constant", "index constant", results: [ValueDefinition("result", .index)],
    attributes: [AttributeSlot("value", .index)], traits: [.constantLike, .pure],
    format: "attr-dict $value", fold: foldConstant,
    interfaces: [AsmResultNames(ofConstant: { "idx" + String($0?.integerValue ?? 0) })])

  public static let boolConstant = OpDefinition(
    "index.bool.constant", "boolean constant", results: [ValueDefinition("result", .i1)],
    attributes: [AttributeSlot("value", .bool)], traits: [.constantLike, .pure],
    format: "attr-dict $value", fold: foldConstant,
    interfaces: [AsmResultNames(ofConstant: { $0?.boolValue == true ? "true" : "false" })])
}
