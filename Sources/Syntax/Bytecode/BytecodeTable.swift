import MartletIR
import MartletSupport

/// Attributes, types or operation names in the order they are met, with how often each is referred to; then the
/// numbers they get in bytecode, where those used most come first.
struct BytecodeTable: ~Copyable {
  struct Entry {
    let raw: UInt32
    let dialect: UInt32
    var references: UInt32 = 1
  }

  private(set) var entries: [Entry] = []
  /// The entry of each entity, by its raw number; `.max` for none.
  private var entryOf: [UInt32]
  /// The entries of places in source texts, whose numbers are high and sparse.
  private var places = PlaceTable()
  /// Entries in the order of their numbers, once `assignNumbers` has run.
  private(set) var sorted: [UInt32] = []
  private var numbers: [UInt32] = []

  init(capacity: Int) { entryOf = Array(repeating: .max, count: capacity) }

  static let placeFlag: UInt32 = 0x8000_0000

  /// Counts one more reference to an entity; false where it is new, and `append` is to follow.
  @inline(__always) mutating func count(_ raw: UInt32) -> Bool {
    let entry = self.entry(raw)
    if entry == .max { return false }
    entries[Int(entry)].references += 1
    return true
  }

  @inline(__always) private func entry(_ raw: UInt32) -> UInt32 {
    if raw & Self.placeFlag != 0 { return places[raw] }
    return Int(raw) < entryOf.count ? entryOf[Int(raw)] : .max
  }

  mutating func append(_ raw: UInt32, dialect: Int) {
    let entry = UInt32(truncatingIfNeeded: entries.count)
    entries.append(Entry(raw: raw, dialect: UInt32(truncatingIfNeeded: dialect)))
    if raw & Self.placeFlag != 0 {
      places[raw] = entry
      return
    }
    while Int(raw) >= entryOf.count {
      entryOf.append(contentsOf: repeatElement(.max, count: entryOf.count + 64))
    }
    entryOf[Int(raw)] = entry
  }

  /// The number of an entity; nil where it was never met.
  @inline(__always) func number(_ raw: UInt32) -> UInt64? {
    let entry = self.entry(raw)
    return entry == .max ? nil : UInt64(numbers[Int(entry)])
  }

  // MARK: Order

  /// Sorts by references, most first, and, within the numbers that take equally many bytes, by dialect.
  mutating func assignNumbers() {
    sortByReferences()
    groupByDialect()
    numbers = Array(repeating: 0, count: entries.count)
    for (number, entry) in sorted.enumerated() {
      numbers[Int(entry)] = UInt32(truncatingIfNeeded: number)
    }
  }

  private mutating func sortByReferences() {
    var often: [UInt32] = []
    var once: [UInt32] = []
    for (i, entry) in entries.enumerated() {
      if entry.references > 1 {
        often.append(UInt32(truncatingIfNeeded: i))
      } else {
        once.append(UInt32(truncatingIfNeeded: i))
      }
    }
    often.sort {
      let (a, b) = (entries[Int($0)].references, entries[Int($1)].references)
      return a != b ? a > b : $0 < $1
    }
    sorted = often + once
  }

  private mutating func groupByDialect() {
    var first: UInt32 = 0
    var start = 0
    var length = 0
    for bytes in 1..<9 {
      // MLIR's sizes of the groups, which differ from the powers of 128 by the group before.
      length = (1 << (7 * bytes)) - length
      let end = sorted.count - start > length ? start + length : sorted.count
      if start == end { return }
      group(start..<end, first: first)
      first = entries[Int(sorted[end - 1])].dialect
      start = end
    }
  }

  /// Orders a part by dialect number, `first` foremost; stable.
  private mutating func group(_ range: Range<Int>, first: UInt32) {
    let dialect = entries[Int(sorted[range.lowerBound])].dialect
    if sorted[range].allSatisfy({ entries[Int($0)].dialect == dialect }) { return }
    var buckets: [[UInt32]] = []
    for entry in sorted[range] {
      let number = Int(entries[Int(entry)].dialect)
      while buckets.count <= number { buckets.append([]) }
      buckets[number].append(entry)
    }
    if Int(first) < buckets.count { buckets.insert(buckets.remove(at: Int(first)), at: 0) }
    sorted.replaceSubrange(range, with: buckets.joined())
  }
}

/// A map from places in source texts to entries, with open addressing.
private struct PlaceTable: ~Copyable {
  private var keys: [UInt32] = Array(repeating: 0, count: 64)
  private var values: [UInt32] = Array(repeating: .max, count: 64)
  private var count = 0

  private func slot(_ key: UInt32) -> Int {
    var slot = Int(truncatingIfNeeded: StableHasher.mix(UInt64(key), 1)) & (keys.count - 1)
    while values[slot] != .max, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  subscript(key: UInt32) -> UInt32 {
    get { values[slot(key)] }
    set {
      let slot = slot(key)
      if values[slot] == .max { count += 1 }
      keys[slot] = key
      values[slot] = newValue
      if count * 2 > keys.count { grow() }
    }
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = Array(repeating: 0, count: oldKeys.count * 2)
    values = Array(repeating: .max, count: oldKeys.count * 2)
    for (key, value) in zip(oldKeys, oldValues) where value != .max {
      let slot = slot(key)
      keys[slot] = key
      values[slot] = value
    }
  }
}
