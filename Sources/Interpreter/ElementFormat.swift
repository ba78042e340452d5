import MartletIR

/// How one element of an array lies in memory, and what its bits mean.
///
/// In a register an element is a 64-bit pattern: integers sign-extended from their width (unsigned
/// ones zero-extended; i1 `true` is all ones), floats the bits of their own format, zero-extended. Those
/// of f80 and f128 do not fit: their registers hold a number that `WideRegisters` knows.
public enum ElementFormat: Hashable, Sendable {
  case integer(width: Int, isUnsigned: Bool)
  case index
  case float(FloatKind)
  /// Two floats of up to 32 bits, the real one in the low bits.
  case complex(FloatKind)

  /// The format of a scalar type; nil for types that are not integers of 1 to 64 bits, index, floats, or
  /// complex numbers of floats of up to 32 bits.
  public init?(_ type: Type) {
    if type.isIndex {
      self = .index
      return
    }
    if type.kind == .complex {
      guard let kind = type.elementType.floatKind, kind.width <= 32, kind != .tf32 else {
        return nil
      }
      self = .complex(kind)
      return
    }
    if let kind = type.floatKind {
      self = .float(kind)
      return
    }
    guard let width = type.bitWidth, width > 0, width <= 64 else { return nil }
    self = .integer(width: width, isUnsigned: type.signedness == .unsigned)
  }

  public static let f32 = ElementFormat.float(.f32)
  public static let f64 = ElementFormat.float(.f64)
  public static let i32 = ElementFormat.integer(width: 32, isUnsigned: false)
  public static let i64 = ElementFormat.integer(width: 64, isUnsigned: false)
  public static let i1 = ElementFormat.integer(width: 1, isUnsigned: false)

  /// Width in bits of the value, 64 for index.
  public var width: Int {
    switch self {
    case .integer(let width, _): width
    case .index: 64
    case .float(let kind): kind.width
    case .complex(let kind): 2 * kind.width
    }
  }

  /// Bytes of one stored element: the least power of two that holds the width.
  public var byteCount: Int {
    switch width {
    case ...8: 1
    case ...16: 2
    case ...32: 4
    case ...64: 8
    default: 16
    }
  }

  /// Whether an element needs more bits than a register has.
  var isWide: Bool {
    if case .float(let kind) = self { return kind.isWide }
    return false
  }

  public var isFloat: Bool {
    if case .float = self { return true }
    return false
  }

  /// Whether elements of constants are taken bit by bit, as those of integers are not.
  var isRaw: Bool {
    switch self {
    case .float, .complex: true
    default: false
    }
  }

  /// How elements are fetched.
  @usableFromInline var access: ElementAccess {
    switch self {
    case .integer(1, _): return .boolean
    case .float(.f80): return .wide80
    case .float(.f128): return .wide128
    case .float, .complex, .integer(_, true):
      switch byteCount {
      case 1: return .unsigned8
      case 2: return .unsigned16
      case 4: return .unsigned32
      default: return .word
      }
    case .integer, .index:
      switch byteCount {
      case 1: return .signed8
      case 2: return .signed16
      case 4: return .signed32
      default: return .word
      }
    }
  }

  /// `bits` reduced to this format's register form.
  public func canonical(_ bits: UInt64) -> UInt64 {
    if width >= 64 { return bits }
    let shift = UInt64(64 - width)
    switch self {
    case .integer(_, false): return UInt64(bitPattern: Int64(bitPattern: bits << shift) >> shift)
    default: return (bits << shift) >> shift
    }
  }

  /// The register form of a number, rounded (floats) or reduced (integers) to the format.
  public func encode(_ value: Double) -> UInt64 {
    switch self {
    case .float(let kind), .complex(let kind): FloatCoding.encode(value, kind)
    default: canonical(UInt64(bitPattern: Int64(exactly: value.rounded(.towardZero)) ?? 0))
    }
  }

  /// The number a register holds; of a complex number the real part.
  public func decode(_ bits: UInt64) -> Double {
    switch self {
    case .float(let kind): FloatCoding.decode(bits, kind)
    case .complex(let kind): FloatCoding.decode(bits & (1 << UInt64(kind.width) - 1), kind)
    case .integer(_, true): Double(bits)
    default: Double(Int64(bitPattern: bits))
    }
  }

  /// Whether a register holds a zero of either sign.
  func isZero(_ bits: UInt64) -> Bool {
    guard case .float(let kind) = self, kind.isWide else { return decode(bits) == 0 }
    return ScalarKernels.number(bits, kind).isZero
  }

  /// The register form of an integer or float attribute's value; nil for other attributes.
  public func bits(of attribute: Attribute) -> UInt64? {
    switch self {
    case .float:
      let words = attribute.floatBits
      if words.count == 2, isWide {
        return WideRegisters.current.register(UInt128(words[1]) << 64 | UInt128(words[0]))
      }
      return words.count == 1 ? words[0] : nil
    default: return attribute.integerValue.map { canonical(UInt64(bitPattern: $0)) }
    }
  }
}

/// The widths and extensions of element loads.
@usableFromInline
enum ElementAccess: UInt8, Sendable {
  case boolean, signed8, signed16, signed32, word, unsigned8, unsigned16, unsigned32
  case wide80, wide128

  @inline(__always)
  func load(_ base: UnsafeMutableRawPointer, _ i: Int) -> UInt64 {
    switch self {
    case .word: return base.load(fromByteOffset: i &* 8, as: UInt64.self)
    case .unsigned32:
      return UInt64(base.load(fromByteOffset: i &* 4, as: UInt32.self))
    case .signed32:
      return UInt64(bitPattern: Int64(base.load(fromByteOffset: i &* 4, as: Int32.self)))
    case .unsigned16:
      return UInt64(base.load(fromByteOffset: i &* 2, as: UInt16.self))
    case .signed16:
      return UInt64(bitPattern: Int64(base.load(fromByteOffset: i &* 2, as: Int16.self)))
    case .unsigned8: return UInt64(base.load(fromByteOffset: i, as: UInt8.self))
    case .signed8:
      return UInt64(bitPattern: Int64(base.load(fromByteOffset: i, as: Int8.self)))
    case .boolean:
      return base.load(fromByteOffset: i, as: UInt8.self) & 1 == 0 ? 0 : .max
    case .wide80, .wide128: return loadWide(base, i)
    }
  }

  @inline(never)
  private func loadWide(_ base: UnsafeMutableRawPointer, _ i: Int) -> UInt64 {
    let bits = base.loadUnaligned(fromByteOffset: i &* 16, as: UInt128.self)
    return WideRegisters.current.register(self == .wide80 ? bits & (1 << 80 - 1) : bits)
  }

  @inline(__always)
  func store(_ bits: UInt64, _ base: UnsafeMutableRawPointer, _ i: Int) {
    switch self {
    case .word: base.storeBytes(of: bits, toByteOffset: i &* 8, as: UInt64.self)
    case .unsigned32, .signed32:
      base.storeBytes(
        of: UInt32(truncatingIfNeeded: bits), toByteOffset: i &* 4, as: UInt32.self)
    case .unsigned16, .signed16:
      base.storeBytes(
        of: UInt16(truncatingIfNeeded: bits), toByteOffset: i &* 2, as: UInt16.self)
    case .unsigned8, .signed8:
      base.storeBytes(of: UInt8(truncatingIfNeeded: bits), toByteOffset: i, as: UInt8.self)
    case .boolean:
      base.storeBytes(of: UInt8(truncatingIfNeeded: bits & 1), toByteOffset: i, as: UInt8.self)
    case .wide80, .wide128:
      base.storeBytes(
        of: WideRegisters.current.bits(bits), toByteOffset: i &* 16, as: UInt128.self)
    }
  }
}

/// Doubles to and from registers, without the array `FloatFormat.encode` makes for the usual formats.
enum FloatCoding {
  @inline(__always)
  static func decode(_ bits: UInt64, _ kind: FloatKind) -> Double {
    switch kind {
    case .f64: return Double(bitPattern: bits)
    case .f32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .bf16: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .f80, .f128:
      return SoftFloat(bits: WideRegisters.current.bits(bits), kind).double
    default: return FloatFormat.decode(bits, kind) ?? .nan
    }
  }

  @inline(__always)
  static func encode(_ value: Double, _ kind: FloatKind) -> UInt64 {
    switch kind {
    case .f64: return value.bitPattern
    case .f32: return UInt64(Float(value).bitPattern)
    case .f80, .f128: return WideRegisters.current.register(SoftFloat(value).bits(kind))
    default: return FloatFormat.encode(value, kind)[0]
    }
  }
}
