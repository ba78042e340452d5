import MartletIR

/// Decimal digits of binary floating-point numbers by the method of LLVM's `APFloat::toString`, whose rounding
/// is peculiar: digits beyond the wanted precision are first cut off, as many as a bound on the number's bits
/// allows, and only what is left is rounded half up.
enum DecimalDigits {
  /// At most `precision` significant digits, as characters without trailing zeros, and the decimal exponent
  /// of the first one.
  static func of(_ value: Double, _ kind: FloatKind, precision: Int) -> ([UInt8], exponent: Int) {
    var significand = value.significandBitPattern
    var exponent = Int(value.exponentBitPattern)
    if exponent == 0 { exponent = 1 } else { significand |= 1 << 52 }
    exponent -= 1075
    let trailing = significand.trailingZeroBitCount
    significand >>= UInt64(trailing)
    exponent += trailing
    var number = BigNumber(significand)
    if exponent > 0 {
      number.shiftLeft(exponent)
      exponent = 0
    } else {
      number.multiply(byPowerOf5: -exponent)
    }
    let bits = number.bitCount
    // 196 / 59 is slightly more than the binary logarithm of 10.
    let required = (precision * 196 + 58) / 59
    if bits > required {
      let removable = (bits - required) * 59 / 196
      number.divide(byPowerOf10: removable)
      exponent += removable
    }
    return rounded(number.digits(), exponent, precision)
  }

  /// Rounds digits, the first the most significant, half up; `exponent` is that of the last one.
  private static func rounded(_ digits: [UInt8], _ exponent: Int, _ precision: Int)
    -> ([UInt8], exponent: Int)
  {
    var digits = digits
    var first = exponent + digits.count - 1
    if digits.count > precision {
      let isUp = digits[precision] >= 53
      digits.removeLast(digits.count - precision)
      if isUp {
        while digits.last == 57 { digits.removeLast() }
        if digits.isEmpty {
          digits = [49]
          first += 1
        } else {
          digits[digits.count - 1] += 1
        }
      }
    }
    while digits.count > 1, digits.last == 48 { digits.removeLast() }
    return (digits, first)
  }
}

/// A natural number of any size: words, least significant first.
private struct BigNumber {
  private var words: [UInt64]

  init(_ value: UInt64) { words = [value] }

  var bitCount: Int {
    guard let last = words.last else { return 0 }
    return words.count * 64 - last.leadingZeroBitCount
  }

  private mutating func trim() { while words.count > 1, words.last == 0 { words.removeLast() } }

  mutating func multiply(_ factor: UInt64) {
    var carry: UInt64 = 0
    for i in words.indices {
      let product = words[i].multipliedFullWidth(by: factor)
      let (low, overflow) = product.low.addingReportingOverflow(carry)
      words[i] = low
      carry = product.high + (overflow ? 1 : 0)
    }
    if carry != 0 { words.append(carry) }
  }

  /// Divides, returning the remainder.
  @discardableResult
  mutating func divide(_ divisor: UInt64) -> UInt64 {
    var remainder: UInt64 = 0
    for i in words.indices.reversed() {
      (words[i], remainder) = divisor.dividingFullWidth((remainder, words[i]))
    }
    trim()
    return remainder
  }

  mutating func multiply(byPowerOf5 power: Int) {
    var left = power
    // 5 to the 27th is the largest power in a word.
    while left >= 27 {
      multiply(7_450_580_596_923_828_125)
      left -= 27
    }
    var factor: UInt64 = 1
    for _ in 0..<left { factor *= 5 }
    if factor > 1 { multiply(factor) }
  }

  mutating func divide(byPowerOf10 power: Int) {
    var left = power
    while left >= 19 {
      divide(10_000_000_000_000_000_000)
      left -= 19
    }
    var divisor: UInt64 = 1
    for _ in 0..<left { divisor *= 10 }
    if divisor > 1 { divide(divisor) }
  }

  mutating func shiftLeft(_ count: Int) {
    let (whole, part) = (count / 64, UInt64(count % 64))
    if part > 0 {
      var carry: UInt64 = 0
      for i in words.indices {
        let word = words[i]
        words[i] = (word << part) | carry
        carry = word >> (64 - part)
      }
      if carry != 0 { words.append(carry) }
    }
    if whole > 0 { words.insert(contentsOf: repeatElement(0, count: whole), at: 0) }
  }

  /// The decimal digits as characters, the most significant first.
  func digits() -> [UInt8] {
    var rest = self
    var reversed: [UInt8] = []
    while rest.words.count > 1 {
      var chunk = rest.divide(10_000_000_000_000_000_000)
      for _ in 0..<19 {
        reversed.append(UInt8(48 + chunk % 10))
        chunk /= 10
      }
    }
    var last = rest.words[0]
    while last > 0 {
      reversed.append(UInt8(48 + last % 10))
      last /= 10
    }
    while reversed.count > 1, reversed.last == 48 { reversed.removeLast() }
    return reversed.isEmpty ? [48] : reversed.reversed()
  }
}
