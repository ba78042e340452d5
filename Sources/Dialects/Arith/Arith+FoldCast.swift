import MartletIR

/// Folders of casts.
extension Arith {
  /// The operation of `definition` that defines the only operand.
  private static func source(_ op: Operation, _ definition: OpDefinition) -> Operation? {
    guard let inner = op.operand(0).definingOperation, inner.is(definition) else { return nil }
    return inner
  }

  private static func foldInteger(_ op: Operation, _ apply: (Int64, _ width: Int) -> Int64?)
    -> FoldResult
  {
    if let poison = poison(op) { return .attribute(poison) }
    return result(ElementwiseFolding.integer(op, to: op.result().type, apply))
  }

  // MARK: Integers

  static func foldExtUI(_ op: Operation) -> FoldResult {
    if let inner = source(op, extui) {
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return foldInteger(op) { Int64(bitPattern: IntegerMath.unsigned($0, $1)) }
  }

  static func foldExtSI(_ op: Operation) -> FoldResult {
    if let inner = source(op, extsi) {
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return foldInteger(op) { value, _ in value }
  }

  static func foldTruncI(_ op: Operation) -> FoldResult {
    if let inner = source(op, extui) ?? source(op, extsi) {
      let source = inner.operand(0)
      if source.type == op.result().type { return .value(source) }
      // trunci(ext(x)) is a shorter trunci where the result is still narrower than x.
      if let from = source.type.elementType.bitWidth,
        from > op.result().type.elementType.bitWidth ?? 0
      {
        op.setOperand(0, source)
        return .inPlace
      }
    }
    if let inner = source(op, trunci) {
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return foldInteger(op) { value, _ in value }
  }

  static func foldIndexCast(_ op: Operation) -> FoldResult {
    foldInteger(op) { value, _ in value }
  }

  static func foldIndexCastUI(_ op: Operation) -> FoldResult {
    foldInteger(op) { Int64(bitPattern: IntegerMath.unsigned($0, $1)) }
  }

  // MARK: Floats

  private static func foldFloat(_ op: Operation, _ apply: (Double, FloatKind) -> UInt64?)
    -> FoldResult
  {
    if let poison = poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let kind = op.result().type.elementType.floatKind, kind.width <= 64
    else { return .none }
    return result(
      ElementwiseFolding.map([a], to: op.result().type) { i in
        a.double(i).flatMap { apply($0, kind) }
      })
  }

  /// The bits of `value` in `kind` where that holds it exactly.
  private static func exactBits(_ value: Double, _ kind: FloatKind) -> UInt64? {
    let bits = FloatFormat.encode(value, kind)[0]
    if value.isNaN { return bits }
    return FloatFormat.decode(bits, kind) == value ? bits : nil
  }

  static func foldExtF(_ op: Operation) -> FoldResult { foldFloat(op, exactBits) }

  static func foldTruncF(_ op: Operation) -> FoldResult {
    if let inner = source(op, extf), inner.operand(0).type == op.result().type {
      return .value(inner.operand(0))
    }
    // Only where nothing is lost, as rounding at compile time may differ from the run's mode.
    return foldFloat(op, exactBits)
  }

  private static func foldToFloat(_ op: Operation, isSigned: Bool) -> FoldResult {
    if let poison = poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let width = a.type.elementType.bitWidth,
      let kind = op.result().type.elementType.floatKind, kind.width <= 64
    else { return .none }
    return result(
      ElementwiseFolding.map([a], to: op.result().type) { i in
        let value = a.integer(i)
        return isSigned
          ? encode(value, kind) : encode(IntegerMath.unsigned(value, width), kind)
      })
  }

  /// `value` rounded once to `kind`: an integer a double cannot hold is first rounded to odd, which
  /// keeps the second rounding right for all formats of less than 51 bits of precision.
  private static func encode<I: FixedWidthInteger>(_ value: I, _ kind: FloatKind) -> UInt64? {
    switch kind {
    case .f64: return Double(value).bitPattern
    case .f32: return UInt64(Float(value).bitPattern)
    default: break
    }
    var rounded = Double(value)
    let back = I(exactly: rounded)
    if back != value {
      let isTooLarge = back.map { $0.magnitude > value.magnitude } ?? true
      if isTooLarge { rounded = rounded > 0 ? rounded.nextDown : rounded.nextUp }
      rounded = Double(bitPattern: rounded.bitPattern | 1)
    }
    return FloatFormat.encode(rounded, kind)[0]
  }

  static func foldSIToFP(_ op: Operation) -> FoldResult { foldToFloat(op, isSigned: true) }
  static func foldUIToFP(_ op: Operation) -> FoldResult { foldToFloat(op, isSigned: false) }

  /// Truncation towards zero; nil where the value does not fit (the result would be poison).
  private static func foldToInteger(_ op: Operation, isSigned: Bool) -> FoldResult {
    if let poison = poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let width = op.result().type.elementType.bitWidth, width <= 64
    else { return .none }
    return result(
      ElementwiseFolding.map([a], to: op.result().type) { i in
        guard let value = a.double(i), value.isFinite else { return nil }
        if isSigned {
          guard let integer = Int64(exactly: value.rounded(.towardZero)),
            integer >= IntegerMath.smallest(width), integer <= IntegerMath.largest(width)
          else { return nil }
          return UInt64(bitPattern: integer)
        }
        guard let integer = UInt64(exactly: value.rounded(.towardZero)),
          width >= 64 || integer >> UInt64(width) == 0
        else { return nil }
        return integer
      })
  }

  static func foldFPToSI(_ op: Operation) -> FoldResult { foldToInteger(op, isSigned: true) }
  static func foldFPToUI(_ op: Operation) -> FoldResult { foldToInteger(op, isSigned: false) }

  static func foldBitcast(_ op: Operation) -> FoldResult {
    let type = op.result().type
    if op.operand(0).type == type { return .value(op.operand(0)) }
    if let poison = poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let width = type.elementType.bitWidth
    else { return .none }
    return result(
      ElementwiseFolding.map([a], to: type) { i in
        type.elementType.isFloat ? IntegerMath.unsigned(a.integer(i), width) : a.bits(i)
      })
  }
}
