import MartletIR

#if canImport(Glibc)
  import Glibc
#endif

/// Folders of floating-point operations. Results are rounded to the type's own format.
extension Arith {
  static func floats(_ op: Operation, _ combine: (Double, Double) -> Double?) -> FoldResult {
    if let poison = poison(op) { return .attribute(poison) }
    return result(ElementwiseFolding.floats(op, combine))
  }

  /// The fast-math flags of an operation; empty where it has none.
  public static func fastMathFlags(of operation: Operation) -> Int64 {
    operation.attribute("fastmath")?.enumValue ?? 0
  }

  private static func equals(_ value: Value, _ float: Double) -> Bool {
    guard let constant = ElementwiseFolding.uniformFloat(value) else { return false }
    if float.isNaN { return constant.isNaN }
    return constant == float && constant.sign == float.sign
  }

  static func foldNegF(_ op: Operation) -> FoldResult {
    let operand = op.operand(0)
    if let inner = operand.definingOperation, inner.is(negf) { return .value(inner.operand(0)) }
    if let poison = poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(operand.constant),
      let kind = a.type.elementType.floatKind, hasSignBit(kind)
    else { return .none }
    let sign = UInt64(1) << UInt64(kind.width - 1)
    return result(ElementwiseFolding.map([a], to: op.result().type) { a.bits($0) ^ sign })
  }

  /// Whether negation is flipping the top bit, as it is but for formats whose only NaN is "-0".
  private static func hasSignBit(_ kind: FloatKind) -> Bool {
    switch kind {
    case .f8E5M2FNUZ, .f8E4M3FNUZ, .f8E4M3B11FNUZ, .f8E8M0FNU: false
    default: true
    }
  }

  static func foldAddF(_ op: Operation) -> FoldResult {
    if equals(op.operand(1), -0.0) { return .value(op.operand(0)) }
    return floats(op, +)
  }

  static func foldSubF(_ op: Operation) -> FoldResult {
    if equals(op.operand(1), 0.0) { return .value(op.operand(0)) }
    return floats(op, -)
  }

  static func foldMulF(_ op: Operation) -> FoldResult {
    if equals(op.operand(1), 1.0) { return .value(op.operand(0)) }
    // x * 0 = 0 where neither NaN, infinity nor the sign of zero matters.
    let flags = fastMathFlags(of: op)
    if flags & 0b1010 == 0b1010, equals(op.operand(1), 0.0) { return .value(op.operand(1)) }
    return floats(op, *)
  }

  static func foldDivF(_ op: Operation) -> FoldResult {
    if equals(op.operand(1), 1.0) { return .value(op.operand(0)) }
    return floats(op, /)
  }

  static func foldRemF(_ op: Operation) -> FoldResult { floats(op) { fmod($0, $1) } }

  /// `neutral` as the right operand leaves the left one.
  private static func foldExtremum(
    _ op: Operation, neutral: Double, _ pick: (Double, Double) -> Double
  ) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if a == b { return .value(b) }
    if equals(b, neutral) { return .value(a) }
    return floats(op, pick)
  }

  static func foldMaximumF(_ op: Operation) -> FoldResult {
    foldExtremum(op, neutral: -.infinity, FloatMath.maximum)
  }
  static func foldMinimumF(_ op: Operation) -> FoldResult {
    foldExtremum(op, neutral: .infinity, FloatMath.minimum)
  }
  static func foldMaxNumF(_ op: Operation) -> FoldResult {
    foldExtremum(op, neutral: .nan) {
      $0.isNaN ? $1 : $1.isNaN ? $0 : FloatMath.maximum($0, $1)
    }
  }
  static func foldMinNumF(_ op: Operation) -> FoldResult {
    foldExtremum(op, neutral: .nan) {
      $0.isNaN ? $1 : $1.isNaN ? $0 : FloatMath.minimum($0, $1)
    }
  }
}

/// IEEE 754-2019 minimum and maximum: NaN wins, and -0.0 is less than 0.0.
public enum FloatMath {
  public static func maximum(_ x: Double, _ y: Double) -> Double {
    if x.isNaN || y.isNaN { return .nan }
    if x == 0 && y == 0 { return x.sign == .minus ? y : x }
    return x > y ? x : y
  }

  public static func minimum(_ x: Double, _ y: Double) -> Double {
    if x.isNaN || y.isNaN { return .nan }
    if x == 0 && y == 0 { return x.sign == .minus ? x : y }
    return x < y ? x : y
  }
}
