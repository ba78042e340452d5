import MartletDialects
import MartletIR

/// Writes affine expressions as arithmetic on indices, as MLIR's `AffineApplyExpander` does: divisions and
/// remainders by positive numbers with one division each.
struct AffineExpander {
  let builder: Builder
  let dimensions: [Value]
  let symbols: [Value]

  init(_ builder: Builder, _ bound: AffineBound) {
    self.builder = builder
    dimensions = Array(bound.dimensions)
    symbols = Array(bound.symbols)
  }

  private var index: Type { builder.context.index }

  func constant(_ value: Int) -> Value {
    builder.create(
      Arith.constant, results: [index],
      attributes: [("value", builder.context.indexAttribute(value))]
    ).result()
  }

  func binary(_ definition: OpDefinition, _ a: Value, _ b: Value, flags: Int64 = 0) -> Value {
    var attributes: [(String, Attribute)] = []
    if flags != 0 {
      attributes.append(("overflowFlags", builder.context.enumAttribute(Arith.overflow, flags)))
    }
    return builder.create(definition, [a, b], results: [index], attributes: attributes).result()
  }

  func compare(_ predicate: String, _ a: Value, _ b: Value) -> Value {
    let value = Arith.integerPredicates.value(predicate) ?? 0
    return builder.create(
      Arith.cmpi, [a, b], results: [builder.context.i1],
      attributes: [("predicate", builder.context.i64Attribute(Int(value)))]
    ).result()
  }

  func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
    builder.create(Arith.select, [condition, a, b], results: [index]).result()
  }

  /// No signed overflow; also no unsigned one.
  static let noSignedWrap: Int64 = 1
  static let noUnsignedWrap: Int64 = 2

  /// The value of an expression; nil where a divisor is a constant that is not positive.
  func expand(_ expr: AffineExpr) -> Value? {
    switch expr.kind {
    case .constant: return constant(expr.constantValue ?? 0)
    case .dimension:
      return expr.position < dimensions.count ? dimensions[expr.position] : nil
    case .symbol: return expr.position < symbols.count ? symbols[expr.position] : nil
    default: break
    }
    if expr.kind != .add, expr.kind != .mul, let divisor = expr.right.constantValue,
      divisor <= 0
    {
      return nil
    }
    guard let a = expand(expr.left), let b = expand(expr.right) else { return nil }
    switch expr.kind {
    case .add: return binary(Arith.addi, a, b)
    case .mul: return binary(Arith.muli, a, b, flags: AffineExpander.noSignedWrap)
    case .mod: return remainder(a, b)
    case .floorDiv: return floorQuotient(a, b)
    default: return ceilQuotient(a, b)
    }
  }

  /// The values of a map's results.
  func expand(_ map: AffineMap) -> [Value]? {
    var values: [Value] = []
    for result in map.results {
      guard let value = expand(result) else { return nil }
      values.append(value)
    }
    return values
  }

  /// The least or greatest result of a map.
  func extremum(_ map: AffineMap, isMax: Bool) -> Value? {
    guard let values = expand(map), let first = values.first else { return nil }
    return values.dropFirst().reduce(first) {
      binary(isMax ? Arith.maxsi : Arith.minsi, $0, $1)
    }
  }

  private func remainder(_ a: Value, _ b: Value) -> Value {
    let rest = binary(Arith.remsi, a, b)
    let isNegative = compare("slt", rest, constant(0))
    return select(isNegative, binary(Arith.addi, rest, b), rest)
  }

  /// For negative a: -((-a - 1) / b) - 1.
  private func floorQuotient(_ a: Value, _ b: Value) -> Value {
    let zero = constant(0)
    let minusOne = constant(-1)
    let isNegative = compare("slt", a, zero)
    let dividend = select(isNegative, binary(Arith.subi, minusOne, a), a)
    let quotient = binary(Arith.divsi, dividend, b)
    return select(isNegative, binary(Arith.subi, minusOne, quotient), quotient)
  }

  /// For positive a: (a - 1) / b + 1.
  private func ceilQuotient(_ a: Value, _ b: Value) -> Value {
    let zero = constant(0)
    let one = constant(1)
    let isNotPositive = compare("sle", a, zero)
    let negated = binary(Arith.subi, zero, a)
    let decremented = binary(Arith.subi, a, one)
    let quotient = binary(Arith.divsi, select(isNotPositive, negated, decremented), b)
    let negatedQuotient = binary(Arith.subi, zero, quotient)
    return select(isNotPositive, negatedQuotient, binary(Arith.addi, quotient, one))
  }
}
