/// Strings stored once each, in memory that never moves; equal strings have equal numbers.
public struct StringInterner: ~Copyable {
  @usableFromInline struct Entry {
    @usableFromInline let start: UnsafePointer<UInt8>
    @usableFromInline let length: UInt32
    @usableFromInline let hash: UInt32
  }

  @usableFromInline var entries = Arena<Entry>()
  private var slots: [UInt32]
  private var memory = BumpAllocator()

  public init() {
    slots = Array(repeating: .max, count: 1024)
    _ = intern("")
  }

  public var count: Int { entries.count }

  /// The number of `text`, which is added if it is new. The empty string is number 0.
  public mutating func intern(_ text: String) -> UInt32 {
    var copy = text
    return copy.withUTF8 { intern($0) }
  }

  public mutating func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hasher = StableHasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    let hash = UInt32(truncatingIfNeeded: hasher.value)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != .max {
      let entry = entries[slots[slot]]
      if entry.hash == hash, Int(entry.length) == bytes.count, equal(entry.start, bytes) {
        return slots[slot]
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let copy = memory.allocate(byteCount: max(bytes.count, 1), alignment: 1)
    if let base = bytes.baseAddress { copy.copyMemory(from: base, byteCount: bytes.count) }
    let entry = Entry(
      start: UnsafePointer(copy.assumingMemoryBound(to: UInt8.self)),
      length: UInt32(truncatingIfNeeded: bytes.count), hash: hash)
    let index = entries.append(entry)
    slots[slot] = index
    if entries.count * 2 > slots.count { grow() }
    return index
  }

  private func equal(_ start: UnsafePointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for i in 0..<bytes.count where start[i] != bytes[i] { return false }
    return true
  }

  private mutating func grow() {
    var bigger = [UInt32](repeating: .max, count: slots.count * 2)
    for index in 0..<UInt32(entries.count) {
      var slot = Int(entries[index].hash) & (bigger.count - 1)
      while bigger[slot] != .max { slot = (slot + 1) & (bigger.count - 1) }
      bigger[slot] = index
    }
    slots = bigger
  }

  /// The bytes of string number `index`, valid for the interner's life.
  @inlinable public func bytes(_ index: UInt32) -> UnsafeBufferPointer<UInt8> {
    let entry = entries[index]
    return UnsafeBufferPointer(start: entry.start, count: Int(entry.length))
  }

  public func string(_ index: UInt32) -> String { String(decoding: bytes(index), as: UTF8.self) }
}

/// Memory handed out piece by piece and freed all at once.
public struct BumpAllocator: ~Copyable {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var next = UnsafeMutableRawPointer(bitPattern: 16)
  private var left = 0
  private var blockSize = 4096

  public init() {}

  deinit { for block in blocks { block.deallocate() } }

  /// `byteCount` bytes at a multiple of `alignment` (a power of two, at most 64).
  public mutating func allocate(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    if let start = next {
      let aligned = start.alignedUp(toMultipleOf: alignment)
      let needed = aligned - start + byteCount
      if needed <= left {
        next = start + needed
        left -= needed
        return aligned
      }
    }
    let size = max(byteCount, blockSize)
    blockSize = min(blockSize * 2, 1 << 20)
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    blocks.append(block)
    next = block + byteCount
    left = size - byteCount
    return block
  }
}
