import Glibc
import MartletIR

/// The text of floating-point constants as MLIR writes them: six significant digits where those give the
/// value back exactly, else enough digits to do so, else the bits in hexadecimal.
enum FloatText {
  static func write(_ bits: [UInt64], _ kind: FloatKind, to out: TextBuffer) {
    guard kind.width <= 64, let value = FloatFormat.decode(bits[0], kind), value.isFinite else {
      writeHex(bits, to: out)
      return
    }
    if value == 0 {
      if value.sign == .minus { out.append(UInt8(ascii: "-")) }
      out.append("0.000000e+00")
      return
    }
    if kind == .f32 || kind == .f64 {
      // The shortest digits that give the value back say whether six suffice.
      let shortest = kind == .f32 ? Float(value).magnitude.description : value.magnitude.description
      if let (digits, exponent) = decimal(shortest), digits.count <= 6 {
        if value.sign == .minus { out.append(UInt8(ascii: "-")) }
        writeScientific(digits, exponent, to: out)
        return
      }
    } else if writeSixDigits(value, kind, to: out) {
      return
    }
    writeDefault(value, kind, bits, to: out)
  }

  /// Significant digits without trailing zeros, and the decimal exponent of the first one.
  private static func decimal(_ text: String) -> (digits: [UInt8], exponent: Int)? {
    var digits: [UInt8] = []
    var exponent = 0
    var pointAt: Int?
    var seen = 0
    var isExponent = false
    var written = 0
    var isNegative = false
    var leadingZeros = 0
    for c in text.utf8 {
      if isExponent {
        if c == UInt8(ascii: "-") {
          isNegative = true
        } else if c >= 48, c <= 57 {
          written = written * 10 + Int(c - 48)
        }
        continue
      }
      switch c {
      case UInt8(ascii: "."): pointAt = seen
      case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
      case 48...57:
        if digits.isEmpty, c == 48 { leadingZeros += 1 } else { digits.append(c) }
        seen += 1
      default: return nil
      }
    }
    exponent = (pointAt ?? seen) - leadingZeros - 1 + (isNegative ? -written : written)
    while digits.count > 1, digits.last == 48 { digits.removeLast() }
    return digits.isEmpty ? nil : (digits, exponent)
  }

  /// `d.dddddde+XX`, padded to six decimals.
  private static func writeScientific(_ digits: [UInt8], _ exponent: Int, to out: TextBuffer) {
    out.append(digits[0])
    out.append(UInt8(ascii: "."))
    for i in 1..<7 { out.append(i < digits.count ? digits[i] : UInt8(48)) }
    out.append(UInt8(ascii: "e"))
    out.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    if abs(exponent) < 10 { out.append(UInt8(48)) }
    out.append(UInt64(abs(exponent)))
  }

  private static func writeSixDigits(_ value: Double, _ kind: FloatKind, to out: TextBuffer) -> Bool
  {
    let text = rounded(value.magnitude, digits: 6)
    guard let parsed = Double(text),
      FloatFormat.encode(parsed, kind) == FloatFormat.encode(value.magnitude, kind),
      let (digits, exponent) = decimal(text)
    else { return false }
    if value.sign == .minus { out.append(UInt8(ascii: "-")) }
    writeScientific(digits, exponent, to: out)
    return true
  }

  /// `value` to a number of significant digits, as C's `%e` writes it.
  private static func rounded(_ value: Double, digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    _ = withVaList([Int32(digits - 1), value]) { vsnprintf(&buffer, buffer.count, "%.*e", $0) }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// As LLVM's `APFloat::toString` with default precision: plain notation for moderate exponents, `E`
  /// notation else.
  private static func writeDefault(
    _ value: Double, _ kind: FloatKind, _ bits: [UInt64], to out: TextBuffer
  ) {
    let precision = 2 + (FloatFormat.precision(kind) * 59) / 196
    guard let (digits, first) = decimal(rounded(value.magnitude, digits: precision)) else {
      writeHex(bits, to: out)
      return
    }
    let last = first - (digits.count - 1)
    let isScientific: Bool
    if last >= 0 {
      isScientific = last > 3 || digits.count + last > precision
    } else {
      isScientific = first < 0 && -first > 3
    }
    if !isScientific, last >= 0 {
      // Without a point the text would not read as a float.
      writeHex(bits, to: out)
      return
    }
    if value.sign == .minus { out.append(UInt8(ascii: "-")) }
    if isScientific {
      out.append(digits[0])
      out.append(UInt8(ascii: "."))
      if digits.count == 1 { out.append(UInt8(48)) }
      for digit in digits.dropFirst() { out.append(digit) }
      out.append(UInt8(ascii: "E"))
      out.append(first < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
      out.append(UInt64(abs(first)))
      return
    }
    if first >= 0 {
      for i in 0...first { out.append(digits[i]) }
      out.append(UInt8(ascii: "."))
      for digit in digits[(first + 1)...] { out.append(digit) }
    } else {
      out.append("0.")
      out.append(repeating: 48, -first - 1)
      for digit in digits { out.append(digit) }
    }
  }

  private static func writeHex(_ bits: [UInt64], to out: TextBuffer) {
    out.append("0x")
    var words = bits
    while words.count > 1, words.last == 0 { words.removeLast() }
    var isLeading = true
    for word in words.reversed() {
      let text = String(word, radix: 16, uppercase: true)
      if !isLeading { out.append(repeating: 48, 16 - text.utf8.count) }
      out.append(text)
      isLeading = false
    }
  }
}
