/// Records of one type in chunks of fixed size, addressed by 32-bit indices.
///
/// A record never moves once appended, so a pointer to it stays valid for the arena's life.
/// An index past the end is a bug of ours and stops the program.
public struct Arena<Record>: ~Copyable {
  @inlinable static var chunkBits: Int { 12 }
  @inlinable static var chunkSize: Int { 1 << chunkBits }
  @inlinable static var maximumChunks: Int { 1 << 19 }

  @usableFromInline let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Record>>
  public private(set) var count = 0

  @usableFromInline static func reserveDirectory()
    -> UnsafeMutablePointer<UnsafeMutablePointer<Record>>
  {
    // The pages of the directory are touched only as chunks are added.
    .allocate(capacity: maximumChunks)
  }

  public init() { chunks = Self.reserveDirectory() }

  deinit {
    for chunk in 0..<((count + Self.chunkSize - 1) >> Self.chunkBits) {
      let used = min(Self.chunkSize, count - chunk << Self.chunkBits)
      chunks[chunk].deinitialize(count: used)
      chunks[chunk].deallocate()
    }
    chunks.deallocate()
  }

  /// Adds `record` and returns its index.
  public mutating func append(_ record: Record) -> UInt32 {
    let index = count
    if index & (Self.chunkSize - 1) == 0 {
      precondition(index >> Self.chunkBits < Self.maximumChunks, "arena is full")
      chunks[index >> Self.chunkBits] = .allocate(capacity: Self.chunkSize)
    }
    (chunks[index >> Self.chunkBits] + (index & (Self.chunkSize - 1))).initialize(to: record)
    count = index + 1
    return UInt32(truncatingIfNeeded: index)
  }

  /// Adds `length` copies of `record` at consecutive indices that lie in one chunk where
  /// `length` is no more than a chunk, and returns the first index.
  public mutating func appendRun(_ record: Record, length: Int) -> UInt32 {
    let first = UInt32(truncatingIfNeeded: count)
    for _ in 0..<length { _ = append(record) }
    return first
  }

  @inlinable public subscript(index: UInt32) -> Record {
    @inline(__always) unsafeAddress {
      let i = Int(index)
      precondition(i < count, "index past the end of an arena")
      return UnsafePointer(chunks[i >> Self.chunkBits] + (i & (Self.chunkSize - 1)))
    }
    @inline(__always) nonmutating unsafeMutableAddress {
      let i = Int(index)
      precondition(i < count, "index past the end of an arena")
      return chunks[i >> Self.chunkBits] + (i & (Self.chunkSize - 1))
    }
  }
}
