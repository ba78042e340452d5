import MartletSupport
import Synchronization

/// The records of one file, in a compact form that is kept on disk: a table of texts, the places of the
/// records, and the records themselves, which are decoded when they are first asked for.
///
/// Records that no dialect reaches, and fields that no loader reads, are left out: of the 4 MB of JSON
/// that `llvm-tblgen` prints for a large dialect about a tenth remains.
public final class RecordStore: Sendable {
  /// What the records came from, for diagnostics.
  public let origin: String
  private let bytes: [UInt8]
  /// Where each text lies in `bytes`.
  private let texts: [Range<Int>]
  /// Where each record begins in `bytes`.
  private let places: [Int]
  /// Numbers of the records that derive from each class asked for by `instances(of:)`.
  private let roots: [(name: String, records: [Int])]
  private let cache: Mutex<Cache>

  private struct Cache: ~Copyable {
    var texts: [String?]
    var records: [Record?]
  }

  /// The classes whose records are where a loader begins.
  static let rootClasses = ["Op", "TypeDef", "AttrDef", "Dialect", "EnumInfo"]

  /// Counts up whenever the layout of the compact form or what it keeps changes.
  static let formatVersion: UInt64 = 2

  /// Reads the compact form.
  /// - Throws: where the bytes are damaged.
  init(compact bytes: [UInt8], origin: String) throws(Diagnostic) {
    self.bytes = bytes
    self.origin = origin
    var reader = CompactReader(bytes, at: 0)
    texts = reader.ranges()
    places = reader.list { $0.number() }
    roots = RecordStore.rootClasses.map { name in (name, reader.list { $0.number() }) }
    guard !reader.isDamaged, places.allSatisfy({ $0 <= bytes.count }) else {
      throw Diagnostic(.error, "damaged dialect records", subject: origin)
    }
    cache = Mutex(
      Cache(
        texts: Array(repeating: nil, count: texts.count),
        records: Array(repeating: nil, count: places.count)))
  }

  public var recordCount: Int { places.count }

  /// The size of the compact form in bytes.
  public var byteCount: Int { bytes.count }

  /// Records that derive from one of the root classes, in the file's order.
  public func instances(of name: String) -> [Record] {
    roots.first { $0.name == name }?.records.compactMap(record) ?? []
  }

  public func record(_ number: Int) -> Record? {
    guard places.indices.contains(number) else { return nil }
    return cache.withLock { cache in
      if let known = cache.records[number] { return known }
      var reader = CompactReader(bytes, at: places[number])
      func text(_ number: Int) -> String {
        guard texts.indices.contains(number) else { return "" }
        if let known = cache.texts[number] { return known }
        let made = String(decoding: bytes[texts[number]], as: UTF8.self)
        cache.texts[number] = made
        return made
      }
      let name = text(reader.number())
      let classes = reader.list { text($0.number()) }
      let fields = reader.list { (key: text($0.number()), value: $0.value(text)) }
      let record = Record(
        number: number, name: name, classes: classes, fields: fields, store: self)
      cache.records[number] = record
      return record
    }
  }
}

/// Tags of values in the compact form.
enum ValueTag: UInt8 {
  case unset, integer, text, record, list, dag
}

/// Writes the compact form.
struct CompactWriter {
  var bytes: [UInt8] = []

  mutating func number(_ value: Int) {
    var left = UInt64(bitPattern: Int64(value))
    while left >= 0x80 {
      bytes.append(UInt8(left & 0x7f) | 0x80)
      left >>= 7
    }
    bytes.append(UInt8(left))
  }

  /// A number that may be negative.
  mutating func signed(_ value: Int) {
    number(Int(bitPattern: UInt(bitPattern: value) << 1 ^ UInt(bitPattern: value >> 63)))
  }
}

/// Reads the compact form from bytes that may be damaged: what is not there reads as zero.
struct CompactReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private(set) var isDamaged = false

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func byte() -> UInt8 {
    guard position < bytes.count else {
      isDamaged = true
      return 0
    }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func number() -> Int {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = byte()
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return Int(Int64(bitPattern: value)) }
      shift += 7
      if shift > 63 {
        isDamaged = true
        return 0
      }
    }
  }

  mutating func signed() -> Int {
    let value = UInt(bitPattern: number())
    return Int(bitPattern: value >> 1) ^ -Int(bitPattern: value & 1)
  }

  mutating func list<Element>(_ each: (inout CompactReader) -> Element) -> [Element] {
    let count = number()
    // Every element takes a byte at least.
    guard count >= 0, count <= bytes.count - position else {
      isDamaged = true
      return []
    }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(each(&self)) }
    return elements
  }

  /// Texts, one behind the other, each with its length before it.
  mutating func ranges() -> [Range<Int>] {
    list { $0.text() }
  }

  /// Where a text with its length before it lies.
  mutating func text() -> Range<Int> {
    let count = number()
    guard count >= 0, count <= bytes.count - position else {
      isDamaged = true
      return 0..<0
    }
    defer { position += count }
    return position..<(position + count)
  }

  mutating func value(_ text: (Int) -> String) -> RecordValue {
    switch ValueTag(rawValue: byte()) {
    case .integer: return .integer(signed())
    case .text: return .text(text(number()))
    case .record: return .record(number())
    case .list: return .list(list { $0.value(text) })
    case .dag: return .dag(list { (value: $0.value(text), name: text($0.number())) })
    case .unset, nil: return .unset
    }
  }
}
