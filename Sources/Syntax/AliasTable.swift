import MartletIR
import MartletSupport

/// The aliases of a printed text: `#map = affine_map<...>` and the like.
///
/// They are found by printing once without output kept. As in MLIR, those that mention no other alias come
/// first, then those one level deeper and so on; among equals they are sorted by name, then by first
/// mention. What only the locations behind operations mention is defined at the end of the text.
struct AliasTable {
  private struct Entry {
    let attribute: Attribute
    let base: String?
    /// 0 where neither this nor anything in it has an alias.
    var depth: Int
    var isDeferrable: Bool
    var parts: [Int] = []
  }

  var isCollecting = false
  private var entries: [Entry] = []
  private var positions: [Attribute: Int] = [:]
  /// The entries being printed, outermost first.
  private var open: [Int] = []
  private var names: [Attribute: String] = [:]
  private var sorted: [(attribute: Attribute, isDeferred: Bool)] = []
  private var distinct: [UInt64: Int] = [:]

  /// Whether the context holds any attribute that is printed through an alias.
  static func mayBeNeeded(_ context: Context) -> Bool { context.hasAliasableAttributes }

  static func base(_ attribute: Attribute) -> String? {
    switch attribute.kind {
    case .affineMap: "map"
    case .integerSet: "set"
    case .distinct: attribute.distinctReference?.kind == .unit ? nil : "distinct"
    case nil: attribute.definition?.interface(AttributeAssembly.self)?.alias
    case .unknownLocation, .fileLocation, .nameLocation, .callSiteLocation, .fusedLocation: "loc"
    default: nil
    }
  }

  /// Writes the alias of `attribute` if it has one.
  func write(_ attribute: Attribute, _ printer: Printer) -> Bool {
    if names.isEmpty { return false }
    guard let name = names[attribute] else { return false }
    printer.out.append("#")
    printer.out.append(name)
    return true
  }

  /// Notes a mention; whether the parts of `attribute` are still to be looked at, in which case `leave`
  /// is called behind them.
  mutating func enter(_ attribute: Attribute, deferrable: Bool) -> Bool {
    let isDeferrable = deferrable && open.allSatisfy { entries[$0].isDeferrable }
    if let known = positions[attribute] {
      if !isDeferrable { keepInFront(known) }
      note(known)
      return false
    }
    let base = AliasTable.base(attribute)
    positions[attribute] = entries.count
    open.append(entries.count)
    entries.append(
      Entry(
        attribute: attribute, base: base, depth: base == nil ? 0 : 1, isDeferrable: isDeferrable))
    return true
  }

  mutating func leave() {
    let this = open.removeLast()
    let deepest = entries[this].parts.reduce(0) { max($0, entries[$1].depth) }
    if deepest > 0 { entries[this].depth = deepest + 1 }
    note(this)
  }

  private mutating func note(_ entry: Int) {
    if let parent = open.last, entries[entry].depth > 0 { entries[parent].parts.append(entry) }
  }

  private mutating func keepInFront(_ entry: Int) {
    var waiting = [entry]
    while let next = waiting.popLast() {
      if !entries[next].isDeferrable { continue }
      entries[next].isDeferrable = false
      waiting += entries[next].parts
    }
  }

  /// The number a distinct attribute is written with, from 0 in order of mention.
  mutating func distinctNumber(_ id: UInt64) -> Int {
    if let known = distinct[id] { return known }
    distinct[id] = distinct.count
    return distinct.count - 1
  }

  mutating func assign() {
    isCollecting = false
    let stable = entries.enumerated().filter { $0.element.base != nil }.sorted {
      ($0.element.depth, $0.element.base ?? "", $0.offset)
        < ($1.element.depth, $1.element.base ?? "", $1.offset)
    }
    var counts: [String: Int] = [:]
    for (_, entry) in stable {
      guard let base = entry.base else { continue }
      let number = counts[base, default: 0]
      counts[base] = number + 1
      var name = base
      if base.utf8.last.map(Lexer.isDigit) ?? false { name += "_" }
      if number > 0 { name += String(number) }
      names[entry.attribute] = name
      sorted.append((entry.attribute, entry.isDeferrable))
    }
    entries = []
    positions = [:]
    // Numbers are given anew as the text is written.
    distinct = [:]
  }

  func writeDefinitions(_ printer: Printer, deferred: Bool) {
    for (attribute, isDeferred) in sorted where isDeferred == deferred {
      guard let name = names[attribute] else { continue }
      printer.out.append("#")
      printer.out.append(name)
      printer.out.append(" = ")
      printer.attributeBody(attribute, .never)
      printer.out.append("\n")
    }
  }
}
