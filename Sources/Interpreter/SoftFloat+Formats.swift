import MartletIR

extension SoftFloat {
  /// How a format lays out a number: sign, exponent field, and a fraction without its leading bit (which
  /// f80 alone stores).
  private struct Shape {
    var exponentBits: Int
    var fractionBits: Int
    var bias: Int
    /// The magnitude of infinity, for formats that have it.
    var infinity: UInt128?
    /// The magnitude of NaN; nil where there is none.
    var nan: UInt128?
    /// The magnitude of the largest number.
    var largest: UInt128
    /// Zero has no sign, and its negative is NaN.
    var isUnsignedZero = false

    init?(_ kind: FloatKind) {
      switch kind {
      case .f80: self.init(exponentBits: 15, fractionBits: 63)
      case .f128: self.init(exponentBits: 15, fractionBits: 112)
      case .f8E8M0FNU: return nil
      default:
        guard let layout = FloatFormat.layout(kind) else { return nil }
        self.init(exponentBits: layout.exponentBits, fractionBits: layout.mantissaBits)
        bias = layout.bias
        if layout.isIEEE { return }
        infinity = nil
        nan = layout.nan.map { UInt128($0) }
        largest = UInt128(layout.largest)
        isUnsignedZero = layout.nan == 0x80
      }
    }

    private init(exponentBits: Int, fractionBits: Int) {
      self.exponentBits = exponentBits
      self.fractionBits = fractionBits
      bias = (1 << (exponentBits - 1)) - 1
      let top = UInt128((1 << exponentBits) - 1) << UInt128(fractionBits)
      infinity = top
      nan = top | UInt128(1) << UInt128(fractionBits - 1)
      largest = top - 1
    }

    var signBit: UInt128 { UInt128(1) << UInt128(exponentBits + fractionBits) }
  }

  /// The number that `bits` mean in `kind`.
  init(bits: UInt128, _ kind: FloatKind) {
    guard let shape = Shape(kind) else {
      self = SoftFloat(scale: bits)
      return
    }
    var bits = bits
    if kind == .f80 {
      // Numbers whose stored leading bit disagrees with the exponent are invalid, but for those with the
      // lowest exponent, which mean what they say.
      let field = bits >> 64 & 0x7fff
      let fraction = bits & (1 << 64 - 1)
      let isNegative = bits >> 79 & 1 == 1
      if field == 0 {
        self.init(fraction, scale: 1 - shape.bias - 63, isNegative: isNegative)
        return
      }
      if fraction >> 63 == 0 {
        self = .nan
        return
      }
      bits = (isNegative ? shape.signBit : 0) | field << 63 | fraction & (1 << 63 - 1)
    }
    let isNegative = bits & shape.signBit != 0
    let magnitude = bits & (shape.signBit - 1)
    if shape.isUnsignedZero ? bits == shape.signBit : magnitude == shape.nan {
      self = .nan
      return
    }
    if let infinity = shape.infinity, magnitude >= infinity {
      self = magnitude == infinity ? .infinity(negative: isNegative) : .nan
      return
    }
    let field = Int(magnitude >> UInt128(shape.fractionBits))
    let leading = UInt128(1) << UInt128(shape.fractionBits)
    let fraction = magnitude & (leading - 1)
    self.init(
      field == 0 ? fraction : fraction | leading,
      scale: max(field, 1) - shape.bias - shape.fractionBits, isNegative: isNegative)
  }

  /// The bits of this number rounded to `kind`.
  func bits(_ kind: FloatKind, _ rounding: Rounding = .toNearestEven) -> UInt128 {
    guard let shape = Shape(kind) else { return scaleBits(rounding) }
    let sign = isNegative ? shape.signBit : 0
    var magnitude: UInt128
    switch self.kind {
    case .nan:
      if shape.isUnsignedZero { return shape.signBit }
      magnitude = shape.nan ?? shape.largest
      return kind == .f80 ? Self.withLeadingBit(magnitude) : magnitude
    case .infinity:
      if shape.isUnsignedZero { return shape.signBit }
      magnitude = shape.infinity ?? shape.nan ?? shape.largest
    case .zero: magnitude = 0
    case .finite:
      magnitude = finiteMagnitude(shape, rounding)
      if magnitude > shape.largest {
        if stopsAtLargest(rounding) {
          magnitude = shape.largest
        } else if shape.isUnsignedZero {
          return shape.signBit
        } else {
          magnitude = shape.infinity ?? shape.nan ?? shape.largest
        }
      }
    }
    if magnitude == 0, shape.isUnsignedZero { return 0 }
    return kind == .f80 ? Self.withLeadingBit(sign | magnitude) : sign | magnitude
  }

  /// Whether a number that is too large becomes the largest one rather than infinity.
  private func stopsAtLargest(_ rounding: Rounding) -> Bool {
    switch rounding {
    case .toNearestEven, .toNearestAway: false
    case .towardZero: true
    case .upward: isNegative
    case .downward: !isNegative
    }
  }

  /// Exponent field and fraction; a carry out of the fraction goes where it belongs by itself.
  private func finiteMagnitude(_ shape: Shape, _ rounding: Rounding) -> UInt128 {
    let lowest = 1 - shape.bias
    if exponent > shape.bias + 2 { return shape.largest + 1 }
    let isNormal = exponent >= lowest
    let dropped = 127 - shape.fractionBits + (isNormal ? 0 : lowest - exponent)
    let kept = Self.round(
      significand, dropping: dropped, isInexact, rounding, isNegative: isNegative)
    // The leading bit of a normal number adds the 1 that is missing here.
    return isNormal
      ? UInt128(exponent + shape.bias - 1) << UInt128(shape.fractionBits) + kept : kept
  }

  /// From a sign, 15 bits of exponent and 63 of fraction to the 80 bits of f80.
  private static func withLeadingBit(_ bits: UInt128) -> UInt128 {
    let head = bits >> 63
    let leading: UInt128 = head & 0x7fff == 0 ? 0 : 1 << 63
    return head << 64 | leading | bits & (1 << 63 - 1)
  }

  // MARK: f8E8M0FNU: a power of two or NaN

  private init(scale bits: UInt128) {
    let field = Int(bits & 0xff)
    self =
      field == 0xff
      ? .nan
      : SoftFloat(
        kind: .finite, isNegative: false, exponent: field - 127, significand: Self.leadingBit)
  }

  /// There is neither zero nor a sign: zero becomes the least number, and a negative number NaN.
  private func scaleBits(_ rounding: Rounding) -> UInt128 {
    if isZero { return 0 }
    guard kind == .finite, !isNegative else { return 0xff }
    let isAboveHalf = significand >> 126 & 1 == 1
    let isExact = significand == Self.leadingBit && !isInexact
    let goesUp =
      switch rounding {
      case .toNearestEven, .toNearestAway: isAboveHalf
      case .upward: !isExact
      case .downward, .towardZero: false
      }
    let field = exponent + 127 + (goesUp ? 1 : 0)
    if field > 0xfe { return stopsAtLargest(rounding) ? 0xfe : 0xff }
    return UInt128(max(field, 0))
  }
}
