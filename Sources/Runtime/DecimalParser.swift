/// Decimal text to the nearest `Double`.
///
/// Up to 19 significant digits with a small exponent, which is nearly all text there is, are
/// converted by one exact operation: a product or quotient of numbers that are exact (Clinger 1990),
/// or a 128-bit integer division whose remainder decides the rounding. The rest goes to
/// Swift's own conversion, which heeds no locale.
enum DecimalParser {
  /// Reads a number that starts at `at` and moves `at` past it; nil where none starts there or it
  /// does not end at white space or the end of the text. Text too large for a `Double` gives infinity.
  @inline(__always)
  static func parse(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Double? {
    let start = at
    let end = text.count
    var i = at
    var isNegative = false
    if i < end, text[i] == 0x2d || text[i] == 0x2b {
      isNegative = text[i] == 0x2d
      i += 1
    }
    var mantissa: UInt64 = 0
    let firstDigit = i
    while i < end, case let digit = text[i] &- 48, digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      i += 1
    }
    var digits = i - firstDigit
    var exponent = 0
    if i < end, text[i] == 0x2e {
      i += 1
      let firstFraction = i
      while i < end, case let digit = text[i] &- 48, digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        i += 1
      }
      exponent = firstFraction - i
      digits -= exponent
    }
    guard digits > 0 else { return parseSlowly(text, start, &at) }
    if i < end, text[i] | 0x20 == 0x65 {
      guard let written = parseExponent(text, &i) else { return nil }
      exponent += written
    }
    guard i == end || isSpace(text[i]) else { return parseSlowly(text, start, &at) }
    // Nineteen digits fit 64 bits; leading zeros count as digits, which only makes it slower.
    guard digits <= 19, let value = convert(mantissa, exponent) else {
      return parseSlowly(text, start, &at)
    }
    at = i
    return isNegative ? -value : value
  }

  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  @inline(__always)
  private static func parseExponent(_ text: UnsafeBufferPointer<UInt8>, _ i: inout Int) -> Int? {
    i += 1
    var isNegative = false
    if i < text.count, text[i] == 0x2d || text[i] == 0x2b {
      isNegative = text[i] == 0x2d
      i += 1
    }
    let first = i
    var value = 0
    while i < text.count, case let digit = text[i] &- 48, digit < 10 {
      value = min(value * 10 + Int(digit), 1_000_000)
      i += 1
    }
    guard i > first else { return nil }
    return isNegative ? -value : value
  }

  /// `mantissa * 10^exponent`, rounded once; nil where that takes more than these means.
  @inline(__always)
  static func convert(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    if mantissa == 0 { return 0 }
    if mantissa <= 1 << 53 {
      if exponent == 0 { return Double(mantissa) }
      if exponent < 0, exponent >= -22 { return Double(mantissa) / exactPower(-exponent) }
      if exponent > 0, exponent <= 22 { return Double(mantissa) * exactPower(exponent) }
    }
    if exponent == 0 { return Double(mantissa) }
    guard exponent < 0, exponent >= -19 else { return nil }
    return quotient(mantissa, integerPowers[-exponent])
  }

  private static let integerPowers: [UInt64] = {
    var powers: [UInt64] = [1]
    for _ in 1...19 { powers.append((powers.last ?? 1) &* 10) }
    return powers
  }()

  /// 10^0 to 10^22 are exact in a `Double`.
  private static let exactPowers: [Double] = {
    var powers = [1.0]
    for _ in 1...22 { powers.append((powers.last ?? 1) * 10) }
    return powers
  }()

  @inline(__always) private static func exactPower(_ n: Int) -> Double { exactPowers[n] }

  /// `numerator / denominator`, both not zero, rounded to nearest, ties to even.
  static func quotient(_ numerator: UInt64, _ denominator: UInt64) -> Double {
    let shift = numerator.leadingZeroBitCount
    let scaled = numerator << UInt64(shift)
    let divisorShift = denominator.leadingZeroBitCount
    let divisor = denominator << UInt64(divisorShift)
    // 63 bits of fraction: the high word is below 2^63, hence below the divisor.
    let (quotient, remainder) = divisor.dividingFullWidth((scaled >> 1, scaled << 63))
    let dropped = UInt64(11 - quotient.leadingZeroBitCount)
    var significand = quotient >> dropped
    let rest = quotient & (1 << dropped - 1)
    let half: UInt64 = 1 << (dropped - 1)
    if rest > half || (rest == half && (remainder != 0 || significand & 1 == 1)) {
      significand += 1
    }
    let exponent = divisorShift - shift - 63 + Int(dropped)
    return Double(significand) * Double(bitPattern: UInt64(1023 + exponent) << 52)
  }

  private static func parseSlowly(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ at: inout Int
  ) -> Double? {
    var end = start
    while end < text.count, !isSpace(text[end]) {
      // Swift would take hexadecimal, and text in parentheses after `nan`.
      if text[end] | 0x20 == 0x78 || text[end] == 0x28 { return nil }
      end += 1
    }
    guard end > start else { return nil }
    let word = String(decoding: UnsafeBufferPointer(rebasing: text[start..<end]), as: UTF8.self)
    guard let value = Double(word) else { return nil }
    at = end
    return value
  }
}
