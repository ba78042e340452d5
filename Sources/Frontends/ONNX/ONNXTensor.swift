/// Bytes in memory that something else owns: a mapped file, or a buffer made for them.
public struct ONNXBytes: @unchecked Sendable {
  /// What keeps `bytes` valid.
  public let owner: AnyObject
  /// Never written to while `owner` lives, so that threads may share them.
  public let bytes: UnsafeRawBufferPointer

  public init(_ bytes: UnsafeRawBufferPointer, ownedBy owner: AnyObject) {
    self.owner = owner
    self.bytes = bytes
  }

  /// A copy of `bytes` in memory of its own, aligned to 64 bytes.
  init(copying bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
  }

  /// `byteCount` bytes of their own, aligned to 64 bytes, which `fill` writes.
  init(byteCount: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
    let buffer = OwnedBuffer(byteCount: byteCount)
    fill(buffer.memory)
    self.init(UnsafeRawBufferPointer(buffer.memory), ownedBy: buffer)
  }
}

private final class OwnedBuffer {
  let memory: UnsafeMutableRawBufferPointer

  init(byteCount: Int) { memory = .allocate(byteCount: byteCount, alignment: 64) }

  deinit { memory.deallocate() }
}

/// A constant tensor of a model: an initializer or an attribute's value (`TensorProto`).
public struct ONNXTensor: Sendable {
  /// Where the elements are.
  public enum Content: Sendable {
    /// As `raw_data` lays them out: little-endian, row-major, not aligned. A view of the model's
    /// file or of an external-data file, unless the file writes them as variable-length integers.
    case bytes(ONNXBytes)
    case strings([[UInt8]])
  }

  /// Empty where the tensor has no name, as attributes' tensors often do not.
  public var name: String
  public var elementType: ONNXElementType
  /// Each at least 0; their product fits in `Int`. Empty for a scalar.
  public var shape: [Int]
  /// Exactly as many elements as `shape` says.
  public var content: Content
  /// Where in the model's file the tensor is described.
  public var offset: Int

  /// The product of `shape`, which the decoder has checked to fit.
  public var elementCount: Int { shape.reduce(1, &*) }

  /// The elements' bytes as `raw_data` lays them out; nil for a tensor of strings. Valid as long
  /// as the tensor (or the owner in `content`) lives.
  public var bytes: UnsafeRawBufferPointer? {
    guard case .bytes(let content) = content else { return nil }
    return content.bytes
  }

  /// The elements of a tensor of integers or booleans in row-major order, widened to 64 bits;
  /// nil for other element types. Meant for shapes, axes and the like.
  public var integers: [Int64]? {
    switch elementType {
    case .bool, .uint8: load(UInt8.self)
    case .int8: load(Int8.self)
    case .uint16: load(UInt16.self)
    case .int16: load(Int16.self)
    case .int32: load(Int32.self)
    case .uint32: load(UInt32.self)
    case .int64: load(Int64.self)
    case .uint64: load(UInt64.self)
    default: nil
    }
  }

  private func load<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> [Int64]? {
    guard case .bytes(let content) = content else { return nil }
    let width = MemoryLayout<T>.size
    return withExtendedLifetime(content.owner) {
      (0..<content.bytes.count / width).map {
        Int64(
          truncatingIfNeeded: content.bytes.loadUnaligned(fromByteOffset: $0 * width, as: T.self))
      }
    }
  }
}
