import MartletIR
import MartletSupport

/// The aliases of a printed text: `#map = affine_map<...>` and the like.
///
/// They are found by printing once without output kept, in the order of first mention, as MLIR does.
struct AliasTable {
  var isCollecting = false
  private var seen: [Attribute: Int] = [:]
  private var order: [(attribute: Attribute, base: String, depth: Int)] = []
  private var names: [Attribute: String] = [:]
  private var sorted: [Attribute] = []
  private var distinct: [UInt64: Int] = [:]

  /// Whether the context holds any attribute that is printed through an alias.
  static func mayBeNeeded(_ context: Context) -> Bool { context.hasAliasableAttributes }

  static func base(_ attribute: Attribute) -> String? {
    switch attribute.kind {
    case .affineMap: "map"
    case .integerSet: "set"
    case .distinct: attribute.distinctReference?.kind == .unit ? nil : "distinct"
    case nil: attribute.definition?.interface(AttributeAssembly.self)?.alias
    default: nil
    }
  }

  /// Writes the alias of `attribute` if it has one; while collecting, notes the mention.
  mutating func write(_ attribute: Attribute, _ printer: Printer) -> Bool {
    if isCollecting {
      guard let base = AliasTable.base(attribute) else { return false }
      if seen[attribute] == nil {
        seen[attribute] = order.count
        order.append((attribute, base, 0))
      }
      return false
    }
    guard let name = names[attribute] else { return false }
    printer.out.append("#")
    printer.out.append(name)
    return true
  }

  /// The number a distinct attribute is written with, from 0 in order of mention.
  mutating func distinctNumber(_ id: UInt64) -> Int {
    if let known = distinct[id] { return known }
    distinct[id] = distinct.count
    return distinct.count - 1
  }

  mutating func assign() {
    isCollecting = false
    let stable = order.enumerated().sorted {
      ($0.element.base, $0.offset) < ($1.element.base, $1.offset)
    }
    var counts: [String: Int] = [:]
    for (_, entry) in stable {
      let number = counts[entry.base, default: 0]
      counts[entry.base] = number + 1
      var name = entry.base
      if number > 0 {
        if name.utf8.last.map(Lexer.isDigit) ?? false { name += "_" }
        name += String(number)
      }
      names[entry.attribute] = name
      sorted.append(entry.attribute)
    }
  }

  func writeDefinitions(_ printer: Printer) {
    for attribute in sorted {
      guard let name = names[attribute] else { continue }
      printer.out.append("#")
      printer.out.append(name)
      printer.out.append(" = ")
      printer.attributeBody(attribute, .never)
      printer.out.append("\n")
    }
  }
}
