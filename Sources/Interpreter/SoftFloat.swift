import MartletIR

/// A binary floating-point number taken apart, for the formats a double cannot stand in for.
///
/// Every operation is exact or rounds once: results keep up to 128 significant bits and know whether
/// anything lies below them, and `bits` rounds to the format. f80 has 64 significant bits and f128 113.
struct SoftFloat: Equatable {
  enum Kind { case zero, finite, infinity, nan }

  enum Rounding: Int64 {
    // The numbers of arith's rounding modes.
    case toNearestEven, downward, upward, towardZero, toNearestAway
  }

  var kind: Kind
  var isNegative: Bool
  /// A finite number lies in [2^exponent, 2^(exponent + 1)).
  var exponent = 0
  /// The leading bit of a finite number is the highest one.
  var significand: UInt128 = 0
  /// Whether something smaller than the significand's last bit was dropped.
  var isInexact = false

  static let leadingBit = UInt128(1) << 127
  static let nan = SoftFloat(kind: .nan, isNegative: false)
  static func zero(negative: Bool) -> SoftFloat { SoftFloat(kind: .zero, isNegative: negative) }
  static func infinity(negative: Bool) -> SoftFloat {
    SoftFloat(kind: .infinity, isNegative: negative)
  }
  static let one = SoftFloat(
    kind: .finite, isNegative: false, exponent: 0, significand: leadingBit)

  init(
    kind: Kind, isNegative: Bool, exponent: Int = 0, significand: UInt128 = 0,
    isInexact: Bool = false
  ) {
    self.kind = kind
    self.isNegative = isNegative
    self.exponent = exponent
    self.significand = significand
    self.isInexact = isInexact
  }

  /// `magnitude` * 2^`scale`; where something was dropped below it, magnitude is not 0.
  init(_ magnitude: UInt128, scale: Int, isNegative: Bool, isInexact: Bool = false) {
    if magnitude == 0 {
      self = .zero(negative: isNegative)
      return
    }
    let shift = magnitude.leadingZeroBitCount
    self.init(
      kind: .finite, isNegative: isNegative, exponent: scale + 127 - shift,
      significand: magnitude << UInt128(shift), isInexact: isInexact)
  }

  init(_ value: Int64) {
    self.init(UInt128(value.magnitude), scale: 0, isNegative: value < 0)
  }
  init(_ value: UInt64) { self.init(UInt128(value), scale: 0, isNegative: false) }
  init(_ value: Double) { self.init(bits: UInt128(value.bitPattern), .f64) }

  var isNaN: Bool { kind == .nan }
  var isZero: Bool { kind == .zero }
  var isFinite: Bool { kind == .zero || kind == .finite }

  /// The nearest double.
  var double: Double { Double(bitPattern: UInt64(truncatingIfNeeded: bits(.f64))) }

  // MARK: Comparison

  /// -1, 0 or 1; nil where either is NaN.
  static func compare(_ a: SoftFloat, _ b: SoftFloat) -> Int? {
    if a.isNaN || b.isNaN { return nil }
    let (x, y) = (a.order, b.order)
    if x.sign != y.sign { return x.sign < y.sign ? -1 : 1 }
    if x.exponent != y.exponent { return (x.exponent < y.exponent) == (x.sign > 0) ? -1 : 1 }
    if x.significand == y.significand { return 0 }
    return (x.significand < y.significand) == (x.sign > 0) ? -1 : 1
  }

  private var order: (sign: Int, exponent: Int, significand: UInt128) {
    let sign = isNegative ? -1 : 1
    switch kind {
    case .zero, .nan: return (0, 0, 0)
    case .finite: return (sign, exponent, significand)
    case .infinity: return (sign, .max, 0)
    }
  }

  /// NaN where either is NaN; -0 is less than +0.
  static func maximum(_ a: SoftFloat, _ b: SoftFloat) -> SoftFloat {
    guard let order = compare(a, b) else { return .nan }
    if order == 0 { return a.isNegative ? b : a }
    return order > 0 ? a : b
  }
  static func minimum(_ a: SoftFloat, _ b: SoftFloat) -> SoftFloat {
    guard let order = compare(a, b) else { return .nan }
    if order == 0 { return a.isNegative ? a : b }
    return order < 0 ? a : b
  }
  /// The other one where one is NaN.
  static func maximumNumber(_ a: SoftFloat, _ b: SoftFloat) -> SoftFloat {
    a.isNaN ? b : b.isNaN ? a : maximum(a, b)
  }
  static func minimumNumber(_ a: SoftFloat, _ b: SoftFloat) -> SoftFloat {
    a.isNaN ? b : b.isNaN ? a : minimum(a, b)
  }

  // MARK: Whole numbers

  /// The whole number next to this one.
  func rounded(_ rounding: Rounding) -> SoftFloat {
    if kind != .finite || exponent >= 127 { return self }
    let kept = Self.round(
      significand, dropping: 127 - exponent, isInexact, rounding, isNegative: isNegative)
    return SoftFloat(kept, scale: 0, isNegative: isNegative)
  }

  /// The integer this number is; nil where it is none of 64 bits.
  var whole: (isNegative: Bool, magnitude: UInt64)? {
    if kind == .zero { return (false, 0) }
    guard kind == .finite, exponent >= 0, exponent < 64 else { return nil }
    let shift = UInt128(127 - exponent)
    let magnitude = UInt64(truncatingIfNeeded: significand >> shift)
    return UInt128(magnitude) << shift == significand ? (isNegative, magnitude) : nil
  }

  /// `significand` without its last `count` bits, rounded.
  static func round(
    _ significand: UInt128, dropping count: Int, _ isInexact: Bool, _ rounding: Rounding,
    isNegative: Bool
  ) -> UInt128 {
    if count <= 0 { return significand }
    let kept = count >= 128 ? 0 : significand >> UInt128(count)
    let half = count > 128 ? false : significand >> UInt128(count - 1) & 1 == 1
    let below =
      count > 128
      ? significand != 0 : significand & ((UInt128(1) << UInt128(count - 1)) - 1) != 0
    let rest = below || isInexact
    let goesUp =
      switch rounding {
      case .toNearestEven: half && (rest || kept & 1 == 1)
      case .toNearestAway: half
      case .towardZero: false
      case .upward: !isNegative && (half || rest)
      case .downward: isNegative && (half || rest)
      }
    return goesUp ? kept + 1 : kept
  }
}

// MARK: - Arithmetic

extension SoftFloat {
  static prefix func - (a: SoftFloat) -> SoftFloat {
    var result = a
    result.isNegative.toggle()
    return result
  }

  static func + (a: SoftFloat, b: SoftFloat) -> SoftFloat {
    if a.isNaN || b.isNaN { return .nan }
    if a.kind == .infinity {
      return b.kind == .infinity && a.isNegative != b.isNegative ? .nan : a
    }
    if b.kind == .infinity { return b }
    if a.isZero { return b.isZero ? .zero(negative: a.isNegative && b.isNegative) : b }
    if b.isZero { return a }
    return add(
      WideInteger(a.significand, 0), a.exponent, a.isNegative,
      WideInteger(b.significand, 0), b.exponent, b.isNegative)
  }

  static func - (a: SoftFloat, b: SoftFloat) -> SoftFloat { a + -b }

  /// The sum of two numbers whose leading bits are the highest ones; at least two bits at the end of each
  /// are zeros.
  private static func add(
    _ a: WideInteger, _ aExponent: Int, _ aNegative: Bool,
    _ b: WideInteger, _ bExponent: Int, _ bNegative: Bool
  ) -> SoftFloat {
    if aExponent < bExponent || (aExponent == bExponent && a < b) {
      return add(b, bExponent, bNegative, a, aExponent, aNegative)
    }
    // One bit of room above for a carry.
    let large = a.shiftedRight(1).value
    let (small, isInexact) = b.shiftedRight(1 + aExponent - bExponent)
    let exponent = aExponent + 1
    if aNegative == bNegative {
      return normalized(large &+ small, exponent, aNegative, isInexact)
    }
    var difference = large &- small
    // What was dropped of the smaller one is taken from the last bit; the rest of that bit lies below.
    if isInexact { difference = difference &- WideInteger(0, 1) }
    if difference.isZero { return .zero(negative: false) }
    return normalized(difference, exponent, aNegative, isInexact)
  }

  /// The number whose highest possible bit stands for 2^exponent.
  private static func normalized(
    _ value: WideInteger, _ exponent: Int, _ isNegative: Bool, _ isInexact: Bool
  ) -> SoftFloat {
    let shift = value.leadingZeroBitCount
    let whole = value.shiftedLeft(shift)
    return SoftFloat(
      kind: .finite, isNegative: isNegative, exponent: exponent - shift,
      significand: whole.high, isInexact: isInexact || whole.low != 0)
  }

  static func * (a: SoftFloat, b: SoftFloat) -> SoftFloat {
    let isNegative = a.isNegative != b.isNegative
    if a.isNaN || b.isNaN { return .nan }
    if a.kind == .infinity || b.kind == .infinity {
      return a.isZero || b.isZero ? .nan : .infinity(negative: isNegative)
    }
    if a.isZero || b.isZero { return .zero(negative: isNegative) }
    let product = a.significand.multipliedFullWidth(by: b.significand)
    return normalized(
      WideInteger(product.high, product.low), a.exponent + b.exponent + 1, isNegative, false)
  }

  static func / (a: SoftFloat, b: SoftFloat) -> SoftFloat {
    let isNegative = a.isNegative != b.isNegative
    if a.isNaN || b.isNaN { return .nan }
    if a.kind == .infinity {
      return b.kind == .infinity ? .nan : .infinity(negative: isNegative)
    }
    if b.kind == .infinity { return .zero(negative: isNegative) }
    if b.isZero { return a.isZero ? .nan : .infinity(negative: isNegative) }
    if a.isZero { return .zero(negative: isNegative) }
    // The dividend is kept below the divisor, so that the quotient fits and starts with its highest bit.
    let isLarger = a.significand >= b.significand
    let dividend =
      isLarger ? (high: a.significand >> 1, low: a.significand << 127) : (a.significand, 0)
    let (quotient, remainder) = b.significand.dividingFullWidth(dividend)
    return SoftFloat(
      kind: .finite, isNegative: isNegative,
      exponent: a.exponent - b.exponent - (isLarger ? 0 : 1), significand: quotient,
      isInexact: remainder != 0)
  }

  /// a - n * b with the whole number n next to a / b towards zero, exactly; it has the sign of a.
  static func remainder(_ a: SoftFloat, _ b: SoftFloat) -> SoftFloat {
    if a.isNaN || b.isNaN || a.kind == .infinity || b.isZero { return .nan }
    if a.isZero || b.kind == .infinity || a.exponent < b.exponent { return a }
    // The last bit of either is zero.
    var rest = a.significand >> 1
    let divisor = b.significand >> 1
    if rest >= divisor { rest -= divisor }
    for _ in 0..<(a.exponent - b.exponent) {
      if rest == 0 { break }
      rest <<= 1
      if rest >= divisor { rest -= divisor }
    }
    return SoftFloat(rest, scale: b.exponent - 126, isNegative: a.isNegative)
  }

  func squareRoot() -> SoftFloat {
    if isNaN || isZero || (kind == .infinity && !isNegative) { return self }
    if isNegative { return .nan }
    // The root of 240 bits is 120 bits long: more than any format keeps. Two bits are brought down at a time.
    let isOdd = exponent & 1 != 0
    let shift = isOdd ? 112 : 111
    var root: UInt128 = 0
    var rest: UInt128 = 0
    for i in stride(from: 238, through: 0, by: -2) {
      var pair: UInt128 = 0
      for bit in [i + 1, i] {
        let place = bit - shift
        pair = pair << 1 | (0..<128 ~= place ? significand >> UInt128(place) & 1 : 0)
      }
      rest = rest << 2 | pair
      let trial = root << 2 | 1
      root <<= 1
      if rest >= trial {
        rest -= trial
        root |= 1
      }
    }
    let half = (exponent - (isOdd ? 1 : 0)) / 2
    return SoftFloat(
      kind: .finite, isNegative: false, exponent: half, significand: root << 8,
      isInexact: rest != 0)
  }

  /// a * b + c, rounded once.
  static func fusedMultiplyAdd(_ a: SoftFloat, _ b: SoftFloat, _ c: SoftFloat) -> SoftFloat {
    guard a.kind == .finite, b.kind == .finite, c.kind == .finite else {
      // The product is exact or has no digits at all.
      if a.kind == .finite, b.kind == .finite, c.isZero { return a * b }
      return a * b + c
    }
    let product = a.significand.multipliedFullWidth(by: b.significand)
    var value = WideInteger(product.high, product.low)
    let shift = value.leadingZeroBitCount
    value = value.shiftedLeft(shift)
    return add(
      value, a.exponent + b.exponent + 1 - shift, a.isNegative != b.isNegative,
      WideInteger(c.significand, 0), c.exponent, c.isNegative)
  }
}

/// An unsigned integer of 256 bits.
private struct WideInteger: Comparable {
  var high: UInt128
  var low: UInt128

  init(_ high: UInt128, _ low: UInt128) {
    self.high = high
    self.low = low
  }

  var isZero: Bool { high == 0 && low == 0 }
  var leadingZeroBitCount: Int {
    high == 0 ? 128 + low.leadingZeroBitCount : high.leadingZeroBitCount
  }

  static func < (a: WideInteger, b: WideInteger) -> Bool {
    a.high != b.high ? a.high < b.high : a.low < b.low
  }

  static func &+ (a: WideInteger, b: WideInteger) -> WideInteger {
    let (low, carry) = a.low.addingReportingOverflow(b.low)
    return WideInteger(a.high &+ b.high &+ (carry ? 1 : 0), low)
  }

  static func &- (a: WideInteger, b: WideInteger) -> WideInteger {
    let (low, borrow) = a.low.subtractingReportingOverflow(b.low)
    return WideInteger(a.high &- b.high &- (borrow ? 1 : 0), low)
  }

  func shiftedLeft(_ count: Int) -> WideInteger {
    if count == 0 { return self }
    if count >= 128 { return WideInteger(low << UInt128(count - 128), 0) }
    return WideInteger(high << UInt128(count) | low >> UInt128(128 - count), low << UInt128(count))
  }

  /// The shifted value and whether ones were dropped.
  func shiftedRight(_ count: Int) -> (value: WideInteger, isInexact: Bool) {
    if count == 0 { return (self, false) }
    if count >= 256 { return (WideInteger(0, 0), !isZero) }
    let result =
      count >= 128
      ? WideInteger(0, high >> UInt128(count - 128))
      : WideInteger(high >> UInt128(count), low >> UInt128(count) | high << UInt128(128 - count))
    return (result, result.shiftedLeft(count) != self)
  }
}
