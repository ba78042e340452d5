import MartletSupport

/// A view of an elements attribute whose values are plain bytes: `dense<...>` or `dense_resource<...>`.
///
/// Elements are stored one after another in row-major order, little-endian, each in the smallest
/// number of whole bytes that holds its width (i1 takes a byte here); complex numbers are two elements.
public struct DenseElements {
  public let type: Type
  /// One element's bytes for a splat, all elements' otherwise; valid for the context's life.
  public let bytes: UnsafeRawBufferPointer
  public let isSplat: Bool

  /// Bytes per stored element.
  public static func elementSize(_ element: Type) -> Int {
    if element.kind == .complex { return 2 * elementSize(element.elementType) }
    return ((element.bitWidth ?? 64) + 7) / 8
  }

  public var elementSize: Int { Self.elementSize(type.elementType) }
  public var count: Int { type.elementCount ?? 0 }

  /// Bits of element `i`, zero-extended; for elements of up to 64 bits.
  public func bits(_ i: Int) -> UInt64 {
    let size = elementSize
    let offset = isSplat ? 0 : i * size
    var value: UInt64 = 0
    for byte in 0..<min(size, 8) { value |= UInt64(bytes[offset + byte]) << UInt64(8 * byte) }
    return value
  }

  /// Element `i` of an integer or index type, sign-extended (zero-extended when unsigned).
  public func integer(_ i: Int) -> Int64 {
    Int64(bitPattern: Context.canonical(Int64(bitPattern: bits(i)), type.elementType))
  }

  /// All integer elements; nil for other element types.
  public func integers() -> [Int]? {
    guard type.elementType.isIntOrIndex else { return nil }
    return (0..<count).map { Int(integer($0)) }
  }

  /// Element `i` of a float type as a double.
  public func double(_ i: Int) -> Double? {
    type.elementType.floatKind.flatMap { FloatFormat.decode(bits(i), $0) }
  }

  /// Element `i` as an attribute of the element type.
  public func element(_ i: Int) -> Attribute {
    let element = type.elementType
    if element.isFloat { return type.context.floatAttribute(bits: [bits(i)], element) }
    return type.context.integerAttribute(integer(i), element)
  }
}

extension Attribute {
  /// The values of `dense<...>` or, where its bytes are at hand, `dense_resource<...>`.
  public var denseElements: DenseElements? {
    switch kind {
    case .denseElements:
      let start = UnsafeRawPointer(bitPattern: UInt(words[2]))
      let bytes = UnsafeRawBufferPointer(start: start, count: Int(words[3]))
      return DenseElements(type: typeWord(0), bytes: bytes, isSplat: words[1] != 0)
    case .denseResource:
      guard let resource = context.resource(identifierWord(1)) else { return nil }
      let type = typeWord(0)
      guard let count = type.elementCount,
        count * DenseElements.elementSize(type.elementType) == resource.count
      else { return nil }
      return DenseElements(type: type, bytes: resource, isSplat: false)
    default: return nil
    }
  }

  /// The strings of `dense<["a", ...]>`; one for a splat.
  public var denseStrings: [Identifier]? {
    kind == .denseString ? (2..<words.count).map(identifierWord) : nil
  }

  public var resourceKey: Identifier? { kind == .denseResource ? identifierWord(1) : nil }

  /// Whether this is a splat elements attribute.
  public var isSplat: Bool {
    switch kind {
    case .denseElements, .denseString: words[1] != 0
    default: false
    }
  }
}

extension Context {
  /// An elements attribute from the bytes of all its elements (or of one for a splat). The bytes are
  /// copied and stored once; all-equal elements become a splat, as in MLIR.
  public func dense(_ type: Type, bytes: UnsafeRawBufferPointer, isSplat: Bool = false) -> Attribute
  {
    let size = DenseElements.elementSize(type.elementType)
    var splat = isSplat
    if !splat, size > 0, bytes.count >= size, allEqual(bytes, size) { splat = true }
    let kept = splat ? UnsafeRawBufferPointer(rebasing: bytes[0..<min(size, bytes.count)]) : bytes
    let stored = state.pointee.blobs.store(kept)
    return attribute(
      .denseElements,
      [
        UInt64(type.raw), splat ? 1 : 0, UInt64(UInt(bitPattern: stored.baseAddress)),
        UInt64(stored.count),
      ])
  }

  private func allEqual(_ bytes: UnsafeRawBufferPointer, _ size: Int) -> Bool {
    for i in size..<bytes.count where bytes[i] != bytes[i - size] { return false }
    return true
  }

  /// `dense<value>` of a scalar integer or float attribute.
  public func splat(_ type: Type, _ value: Attribute) -> Attribute {
    let size = DenseElements.elementSize(type.elementType)
    var words =
      value.kind == .float ? value.floatBits : value.integerWords
    if words.isEmpty { words = [0] }
    if type.elementType.isInteger(1) { words[0] &= 1 }
    // Wide integers are given by as few words as hold them.
    let filler: UInt64 =
      value.kind == .integer && Int64(bitPattern: words[words.count - 1]) < 0 ? ~0 : 0
    while words.count * 8 < size { words.append(filler) }
    return words.withUnsafeBytes {
      dense(type, bytes: UnsafeRawBufferPointer(rebasing: $0[0..<size]), isSplat: true)
    }
  }

  /// An elements attribute of integers, each reduced to the element type's width.
  public func dense(_ type: Type, integers: [Int]) -> Attribute {
    let size = DenseElements.elementSize(type.elementType)
    var bytes = [UInt8]()
    bytes.reserveCapacity(integers.count * size)
    let mask: UInt64 = type.elementType.isInteger(1) ? 1 : .max
    for value in integers {
      let word = UInt64(bitPattern: Int64(value)) & mask
      for byte in 0..<size {
        bytes.append(UInt8(truncatingIfNeeded: byte < 8 ? word >> UInt64(8 * byte) : 0))
      }
    }
    return bytes.withUnsafeBytes { dense(type, bytes: $0) }
  }

  /// An elements attribute of floats, each rounded to the element type's format.
  public func dense(_ type: Type, floats: [Double]) -> Attribute {
    let format = type.elementType.floatKind ?? .f64
    let size = DenseElements.elementSize(type.elementType)
    var bytes = [UInt8]()
    bytes.reserveCapacity(floats.count * size)
    for value in floats {
      let words = FloatFormat.encode(value, format)
      for byte in 0..<size {
        bytes.append(UInt8(truncatingIfNeeded: words[byte / 8] >> UInt64(8 * (byte % 8))))
      }
    }
    return bytes.withUnsafeBytes { dense(type, bytes: $0) }
  }

  public func denseStrings(_ type: Type, _ strings: [String], isSplat: Bool) -> Attribute {
    attribute(
      .denseString,
      [UInt64(type.raw), isSplat ? 1 : 0] + strings.map { UInt64(intern($0).raw) })
  }

  /// `dense_resource<key> : type`; the bytes are those registered under `key`, now or later.
  public func denseResource(_ type: Type, key: String) -> Attribute {
    attribute(.denseResource, [UInt64(type.raw), UInt64(intern(key).raw)])
  }

  /// Registers bytes that stay where they are (e.g. in a mapped file) as long as `owner` lives.
  public func addResource(
    key: String, bytes: UnsafeRawBufferPointer, alignment: Int = 4, owner: AnyObject?
  ) {
    let id = intern(key).raw
    if state.pointee.blobs.resources[id] == nil { state.pointee.blobs.resourceOrder.append(id) }
    state.pointee.blobs.resources[id] = .init(bytes: bytes, alignment: alignment, owner: owner)
  }

  /// Registers a copy of `bytes`.
  public func addResource(key: String, copying bytes: UnsafeRawBufferPointer, alignment: Int = 4) {
    addResource(
      key: key, bytes: state.pointee.blobs.store(bytes), alignment: alignment, owner: nil)
  }

  public func resource(_ key: Identifier) -> UnsafeRawBufferPointer? {
    state.pointee.blobs.resources[key.raw]?.bytes
  }

  /// What keeps the bytes of a resource where they are; nil for those the context has copied.
  public func resourceOwner(_ key: Identifier) -> AnyObject? {
    state.pointee.blobs.resources[key.raw]?.owner
  }

  public func resourceAlignment(_ key: Identifier) -> Int {
    state.pointee.blobs.resources[key.raw]?.alignment ?? 4
  }
}
