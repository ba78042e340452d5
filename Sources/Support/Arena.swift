/// Records of one type in chunks of fixed size, addressed by 32-bit indices.
///
/// A record never moves once appended, so a pointer to it stays valid for the arena's life.
/// An index past the end is a bug of ours and stops the program.
public struct Arena<Record>: ~Copyable {
  @inlinable static var chunkBits: Int { 12 }
  @inlinable static var chunkSize: Int { 1 << chunkBits }
  @inlinable static var maximumChunks: Int { 1 << 19 }

  @usableFromInline let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Record>>
  @usableFromInline var length = 0

  @inlinable public var count: Int { length }

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

  @usableFromInline mutating func addChunk(_ chunk: Int) {
    precondition(chunk < Self.maximumChunks, "arena is full")
    chunks[chunk] = .allocate(capacity: Self.chunkSize)
  }

  /// Adds `record` and returns its index.
  @inlinable @discardableResult
  public mutating func append(_ record: Record) -> UInt32 {
    let index = length
    if index & (Self.chunkSize - 1) == 0 { addChunk(index >> Self.chunkBits) }
    (chunks[index >> Self.chunkBits] + (index & (Self.chunkSize - 1))).initialize(to: record)
    length = index + 1
    return UInt32(truncatingIfNeeded: index)
  }

  /// Adds `count` copies of `record` at consecutive indices and returns the first of them.
  @inlinable public mutating func appendRun(_ record: Record, count: Int) -> UInt32 {
    let first = UInt32(truncatingIfNeeded: length)
    var left = count
    while left > 0 {
      let start = length & (Self.chunkSize - 1)
      if start == 0 { addChunk(length >> Self.chunkBits) }
      let here = Swift.min(left, Self.chunkSize - start)
      (chunks[length >> Self.chunkBits] + start).initialize(repeating: record, count: here)
      length += here
      left -= here
    }
    return first
  }

  @inlinable public subscript(index: UInt32) -> Record {
    @inline(__always) unsafeAddress {
      let i = Int(index)
      precondition(i < length, "index past the end of an arena")
      return UnsafePointer(chunks[i >> Self.chunkBits] + (i & (Self.chunkSize - 1)))
    }
    @inline(__always) nonmutating unsafeMutableAddress {
      let i = Int(index)
      precondition(i < length, "index past the end of an arena")
      return chunks[i >> Self.chunkBits] + (i & (Self.chunkSize - 1))
    }
  }
}
