import MartletSupport

/// Conversion between doubles and the bits of the IR's floating-point formats.
///
/// Formats of up to 64 bits are described by exponent and mantissa widths; rounding is to nearest,
/// ties to even. f80 and f128 are converted exactly from a double.
public enum FloatFormat {
  package struct Layout {
    package let exponentBits: Int
    package let mantissaBits: Int
    package let bias: Int
    /// Whether the largest exponent encodes infinities and NaNs, as IEEE 754 has it.
    package let isIEEE: Bool
    /// Bits of NaN for formats without infinities; nil where there is none.
    package let nan: UInt64?
    /// Largest finite value's bits (without sign) for formats that are not IEEE.
    package let largest: UInt64
  }

  package static func layout(_ kind: FloatKind) -> Layout? {
    func ieee(_ e: Int, _ m: Int) -> Layout {
      Layout(
        exponentBits: e, mantissaBits: m, bias: (1 << (e - 1)) - 1, isIEEE: true, nan: nil,
        largest: 0)
    }
    func finite(_ e: Int, _ m: Int, _ bias: Int, _ nan: UInt64?, _ largest: UInt64) -> Layout {
      Layout(
        exponentBits: e, mantissaBits: m, bias: bias, isIEEE: false, nan: nan, largest: largest)
    }
    switch kind {
    case .f16: return ieee(5, 10)
    case .bf16: return ieee(8, 7)
    case .f32: return ieee(8, 23)
    case .f64: return ieee(11, 52)
    case .tf32: return ieee(8, 10)
    case .f8E5M2: return ieee(5, 2)
    case .f8E4M3: return ieee(4, 3)
    case .f8E3M4: return ieee(3, 4)
    case .f8E4M3FN: return finite(4, 3, 7, 0x7f, 0x7e)
    case .f8E5M2FNUZ: return finite(5, 2, 16, 0x80, 0x7f)
    case .f8E4M3FNUZ: return finite(4, 3, 8, 0x80, 0x7f)
    case .f8E4M3B11FNUZ: return finite(4, 3, 11, 0x80, 0x7f)
    case .f6E2M3FN: return finite(2, 3, 1, nil, 0x1f)
    case .f6E3M2FN: return finite(3, 2, 3, nil, 0x1f)
    case .f4E2M1FN: return finite(2, 1, 1, nil, 0x7)
    case .f8E8M0FNU, .f80, .f128: return nil
    }
  }

  /// The value of `bits` in `kind`; nil for formats a double cannot hold.
  public static func decode(_ bits: UInt64, _ kind: FloatKind) -> Double? {
    switch kind {
    case .f64: return Double(bitPattern: bits)
    case .f32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .f8E8M0FNU:
      return bits == 0xff
        ? .nan : Double(sign: .plus, exponent: Int(bits & 0xff) - 127, significand: 1)
    default: break
    }
    guard let layout = layout(kind) else { return nil }
    let mantissaMask = (UInt64(1) << layout.mantissaBits) - 1
    let exponentMask = (UInt64(1) << layout.exponentBits) - 1
    let mantissa = bits & mantissaMask
    let exponent = (bits >> layout.mantissaBits) & exponentMask
    let negative = (bits >> (layout.mantissaBits + layout.exponentBits)) & 1 == 1
    let sign: FloatingPointSign = negative ? .minus : .plus
    if layout.isIEEE, exponent == exponentMask {
      if mantissa != 0 { return Double.nan }
      return negative ? -Double.infinity : Double.infinity
    }
    if let nan = layout.nan {
      let magnitude = nan == 0x80 ? bits : bits & ~(UInt64(1) << (kind.width - 1))
      if magnitude == nan { return .nan }
    }
    let fraction = Double(mantissa) / Double(UInt64(1) << layout.mantissaBits)
    if exponent == 0 {
      return Double(sign: sign, exponent: 1 - layout.bias, significand: 1) * fraction
    }
    return Double(sign: sign, exponent: Int(exponent) - layout.bias, significand: 1)
      * (1 + fraction)
  }

  /// The bits of `value` rounded to `kind`, least significant word first.
  public static func encode(_ value: Double, _ kind: FloatKind) -> [UInt64] {
    switch kind {
    case .f64: return [value.bitPattern]
    case .f32: return [UInt64(Float(value).bitPattern)]
    case .f80: return encodeWide(value, integerBit: true)
    case .f128: return encodeWide(value, integerBit: false)
    case .f8E8M0FNU:
      // Neither zero nor a sign: zero becomes the least number, a negative number NaN.
      if value == 0 { return [0] }
      guard value > 0, value.isFinite else { return [0xff] }
      let field = value.exponent + 127 + (value.significand >= 1.5 ? 1 : 0)
      return [field > 0xfe ? 0xff : UInt64(max(field, 0))]
    default:
      guard let layout = layout(kind) else { return [0] }
      return [encode(value, layout, width: kind.width)]
    }
  }

  private static func encode(_ value: Double, _ layout: Layout, width: Int) -> UInt64 {
    let signShift = layout.exponentBits + layout.mantissaBits
    let sign = value.sign == .minus ? UInt64(1) << signShift : 0
    let exponentMask = (UInt64(1) << layout.exponentBits) - 1
    if value.isNaN {
      if let nan = layout.nan { return nan }
      return (exponentMask << layout.mantissaBits) | (UInt64(1) << (layout.mantissaBits - 1))
    }
    let infinity =
      layout.isIEEE ? exponentMask << layout.mantissaBits : (layout.nan ?? layout.largest)
    if value.isInfinite { return layout.nan == 0x80 ? 0x80 : sign | infinity }
    if value == 0 { return layout.nan == 0x80 ? 0 : sign }
    // Scale so that one unit is the last mantissa bit, then round to even.
    let exponent = max(value.exponent, 1 - layout.bias)
    let unit = exponent - layout.mantissaBits
    let scaled =
      (value.magnitude * Double(sign: .plus, exponent: -(unit / 2), significand: 1)
      * Double(sign: .plus, exponent: -(unit - unit / 2), significand: 1))
      .rounded(.toNearestOrEven)
    var bits = UInt64(scaled)
    // A normal number carries its implicit bit, which the exponent field absorbs.
    let implicit = UInt64(1) << layout.mantissaBits
    if bits >= implicit { bits += UInt64(exponent + layout.bias - 1) << layout.mantissaBits }
    let limit = layout.isIEEE ? exponentMask << layout.mantissaBits : layout.largest + 1
    if bits >= limit { return layout.nan == 0x80 ? 0x80 : sign | infinity }
    if bits == 0, layout.nan == 0x80 { return 0 }
    return sign | bits
  }

  /// x87 extended (explicit integer bit, 80 bits) or IEEE quad (128 bits), exact from a double.
  private static func encodeWide(_ value: Double, integerBit: Bool) -> [UInt64] {
    let sign: UInt64 = value.sign == .minus ? 1 : 0
    var exponent: UInt64
    var fraction = value.significandBitPattern  // 52 bits
    if value.isNaN || value.isInfinite {
      exponent = 0x7fff
    } else if value == 0 {
      exponent = 0
    } else {
      exponent = UInt64(value.exponent + 16383)
      if value.isSubnormal {
        let normal = value.significand
        fraction = UInt64((normal - 1) * Double(UInt64(1) << 52))
      }
    }
    if integerBit {
      let leading: UInt64 = value == 0 ? 0 : UInt64(1) << 63
      return [leading | (fraction << 11), (sign << 15) | exponent]
    }
    return [fraction << 60, (sign << 63) | (exponent << 48) | (fraction >> 4)]
  }
}

extension FloatFormat {
  /// Significant binary digits of a format, the implicit one included.
  public static func precision(_ kind: FloatKind) -> Int {
    switch kind {
    case .f80: 64
    case .f128: 113
    case .f8E8M0FNU: 1
    default: (layout(kind)?.mantissaBits ?? 52) + 1
    }
  }
}
