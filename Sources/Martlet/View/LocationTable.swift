import MartletIR
import MartletSupport

/// Where operations come from, as small numbers: the places and names at the leaves of locations, and the
/// sets of them that operations have.
final class LocationTable {
  /// A place in a file, or a name where there is no place.
  enum Leaf: Hashable {
    case place(file: String, line: Int, column: Int)
    case name(String)
  }

  private(set) var leaves: [Leaf] = []
  /// Leaf numbers, rising. The first set is empty: an operation of unknown origin.
  private(set) var sets: [[Int]] = [[]]
  private var leafNumbers: [Leaf: Int] = [:]
  private var setNumbers: [[Int]: Int] = [[]: 0]
  private var known: [Location: Int] = [:]

  func number(of leaf: Leaf) -> Int {
    if let number = leafNumbers[leaf] { return number }
    leafNumbers[leaf] = leaves.count
    leaves.append(leaf)
    return leaves.count - 1
  }

  /// The number of the set of `location`'s leaves.
  func set(of location: Location) -> Int {
    if let number = known[location] { return number }
    var found: Set<Int> = []
    if location.isSource {
      if let place = location.position { found.insert(number(of: Self.leaf(place))) }
    } else {
      collect(location.attribute, &found)
    }
    let number = set(of: found)
    known[location] = number
    return number
  }

  func set(of leaves: Set<Int>) -> Int {
    let sorted = leaves.sorted()
    if let number = setNumbers[sorted] { return number }
    setNumbers[sorted] = sets.count
    sets.append(sorted)
    return sets.count - 1
  }

  /// Whether two sets are the same or share a place.
  func haveCommon(_ a: Int, _ b: Int) -> Bool {
    a == b || sets[a].contains { sets[b].contains($0) }
  }

  /// The union of sets.
  func union(_ numbers: some Sequence<Int>) -> Set<Int> {
    var all: Set<Int> = []
    for number in Set(numbers) { all.formUnion(sets[number]) }
    return all
  }

  static func leaf(_ place: SourcePosition) -> Leaf {
    .place(file: place.file, line: place.line, column: place.column)
  }

  private func collect(_ attribute: Attribute, _ found: inout Set<Int>) {
    switch attribute.kind {
    case .fileLocation:
      if let place = attribute.asLocation.position { found.insert(number(of: Self.leaf(place))) }
    case .nameLocation:
      let before = found.count
      if let child = attribute.attributeWord(1) { collect(child, &found) }
      if found.count == before, let name = attribute.asLocation.subject {
        found.insert(number(of: .name(name)))
      }
    case .callSiteLocation:
      // What was inlined comes from the callee; the call only says why it is here.
      let before = found.count
      if let callee = attribute.attributeWord(0) { collect(callee, &found) }
      if found.count == before, let caller = attribute.attributeWord(1) { collect(caller, &found) }
    case .fusedLocation:
      for i in 1..<attribute.words.count {
        if let part = attribute.attributeWord(i) { collect(part, &found) }
      }
    default: break
    }
  }
}
