import MartletSupport

/// Immutable records made of 64-bit words, stored once each: equal kind and words give an equal number.
///
/// Types, attributes, affine expressions and maps are all kept in this form; what the words mean is
/// known to the view that reads them (`IntegerType`, `AffineMap`, ...).
@usableFromInline
struct UniqueTable: ~Copyable {
  @usableFromInline
  struct Entry {
    @usableFromInline let kind: UInt32
    @usableFromInline let count: UInt32
    @usableFromInline let words: UnsafePointer<UInt64>
    let hash: UInt32
  }

  @usableFromInline var entries = Arena<Entry>()
  @usableFromInline var slots: UnsafeMutablePointer<UInt32>
  private var mask: Int
  private var memory = BumpAllocator()

  init(capacity: Int = 256) {
    mask = capacity - 1
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: .max, count: capacity)
  }

  @inlinable deinit { slots.deallocate() }

  /// Whether a record of this kind and these words is there.
  func contains(_ kind: UInt32, _ words: UnsafeBufferPointer<UInt64>) -> Bool {
    slots[find(kind, words, hash(kind, words))] != .max
  }

  @inline(__always)
  private func hash(_ kind: UInt32, _ words: UnsafeBufferPointer<UInt64>) -> UInt32 {
    var hash = StableHasher.mix(UInt64(kind), UInt64(words.count))
    for word in words { hash = StableHasher.mix(hash, word) }
    return UInt32(truncatingIfNeeded: hash)
  }

  /// The slot that holds the record, or else the free one where it belongs.
  @inline(__always)
  private func find(_ kind: UInt32, _ words: UnsafeBufferPointer<UInt64>, _ hash: UInt32) -> Int {
    var slot = Int(hash) & mask
    while slots[slot] != .max {
      let entry = entries[slots[slot]]
      if entry.hash == hash, entry.kind == kind, Int(entry.count) == words.count,
        same(entry.words, words)
      {
        break
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  mutating func unique(_ kind: UInt32, _ words: UnsafeBufferPointer<UInt64>) -> UInt32 {
    let short = hash(kind, words)
    let slot = find(kind, words, short)
    if slots[slot] != .max { return slots[slot] }
    let copy = memory.allocate(byteCount: max(words.count, 1) * 8, alignment: 8)
      .bindMemory(to: UInt64.self, capacity: words.count)
    for i in 0..<words.count { copy[i] = words[i] }
    let index = entries.append(
      Entry(
        kind: kind, count: UInt32(truncatingIfNeeded: words.count), words: UnsafePointer(copy),
        hash: short))
    slots[slot] = index
    if entries.count * 2 > mask { grow() }
    return index
  }

  private func same(_ a: UnsafePointer<UInt64>, _ b: UnsafeBufferPointer<UInt64>) -> Bool {
    for i in 0..<b.count where a[i] != b[i] { return false }
    return true
  }

  private mutating func grow() {
    let capacity = (mask + 1) * 2
    let bigger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    bigger.initialize(repeating: .max, count: capacity)
    for index in 0..<UInt32(truncatingIfNeeded: entries.count) {
      var slot = Int(entries[index].hash) & (capacity - 1)
      while bigger[slot] != .max { slot = (slot + 1) & (capacity - 1) }
      bigger[slot] = index
    }
    slots.deallocate()
    slots = bigger
    mask = capacity - 1
  }
}

/// The words of a uniqued record.
public struct WordView: RandomAccessCollection {
  @usableFromInline let base: UnsafePointer<UInt64>
  public let count: Int

  @usableFromInline init(base: UnsafePointer<UInt64>, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
  @inlinable public subscript(i: Int) -> UInt64 {
    precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "word index out of range")
    return base[i]
  }
}
