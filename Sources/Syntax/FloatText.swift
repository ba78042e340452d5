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
    if writeSixDigits(value, kind, to: out) { return }
    writeDefault(value, kind, bits, to: out)
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
    let (digits, exponent) = DecimalDigits.of(value.magnitude, kind, precision: 6)
    var integer = 0
    for digit in digits { integer = integer * 10 + Int(digit - 48) }
    let text = "\(integer)e\(exponent - digits.count + 1)"
    let isExact: Bool
    if kind == .f32 {
      isExact = Float(text) == Float(value.magnitude)
    } else {
      guard let parsed = Double(text) else { return false }
      isExact = FloatFormat.encode(parsed, kind) == FloatFormat.encode(value.magnitude, kind)
    }
    if !isExact { return false }
    if value.sign == .minus { out.append(UInt8(ascii: "-")) }
    writeScientific(digits, exponent, to: out)
    return true
  }

  /// As LLVM's `APFloat::toString` with default precision: plain notation for moderate exponents, `E`
  /// notation else.
  private static func writeDefault(
    _ value: Double, _ kind: FloatKind, _ bits: [UInt64], to out: TextBuffer
  ) {
    let precision = 2 + (FloatFormat.precision(kind) * 59) / 196
    let (digits, first) = DecimalDigits.of(value.magnitude, kind, precision: precision)
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
