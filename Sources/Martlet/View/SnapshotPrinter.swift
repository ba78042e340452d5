import MartletIR
import MartletSupport
import MartletSyntax

/// A line of a listing, with the operation it shows.
struct ListingLine: Equatable {
  var text: String
  /// What tells the operation from all others, through all stages; -1 for none.
  var operation = -1
  /// Number of its set of places, see `LocationTable`.
  var location = 0
}

/// The IR at one moment.
struct Snapshot {
  var lines: [ListingLine] = []
  var operationCount = 0
  /// How many operations there are of each name, the most frequent first.
  var histogram: [(name: String, count: Int)] = []
  /// All operations in the order of the text, with their numbers and sets of places.
  var operations: [(operation: Operation, number: Int, location: Int)] = []
}

/// Prints one module again and again while passes change it, so that the texts can be compared: an operation
/// keeps its number, and a value its name, for as long as it lives.
final class SnapshotPrinter: PrintWatcher {
  private struct Identity {
    let name: OperationName
    let location: Int
    let number: Int
  }
  private struct ValueName {
    let text: String
    /// Number of the operation that makes it or whose region it is an argument of.
    let owner: Int
    let scope: Int
  }
  /// Names within an operation that values outside cannot be seen from.
  private final class Scope {
    let number: Int
    /// All names there ever were, so that none comes to mean something else.
    var taken: Set<String> = []
    /// Those of this snapshot.
    var live: Set<String> = []
    var next = 0
    var suffixes: [String: Int] = [:]
    init(_ number: Int) { self.number = number }
  }

  private let locations: LocationTable
  private var identities: [Operation: Identity] = [:]
  private var names: [Value: ValueName] = [:]
  private var scopes: [Int: Scope] = [:]
  private var nextNumber = 0

  private struct Event {
    let offset: Int
    let isStart: Bool
    let number: Int
    let location: Int
  }
  private var events: [Event] = []
  private var snapshot = Snapshot()
  private var counts: [OperationName: Int] = [:]

  init(_ locations: LocationTable) { self.locations = locations }

  /// Prints `module`.
  func take(_ module: Operation) -> Snapshot {
    snapshot = Snapshot()
    events.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    var options = PrintOptions()
    // Aliases are numbered anew each time, which would show as changes.
    options.localScope = true
    options.elideElementsOver = 16
    options.elideResourcesOver = 0
    Printer.withText(module, options: options, watcher: self) { bytes in
      snapshot.lines = lines(bytes)
    }
    snapshot.histogram = counts.map { ($0.key.string, $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    defer { snapshot = Snapshot() }
    return snapshot
  }

  // MARK: Names

  func willPrint(_ root: Operation, suggested: (Value) -> String) {
    var present: [Operation: Identity] = [:]
    var valueNames: [Value: ValueName] = [:]
    for scope in scopes.values { scope.live.removeAll(keepingCapacity: true) }

    func visit(_ operation: Operation, _ outer: Scope) {
      let location = locations.set(of: operation.location)
      let identity = identify(operation, location)
      present[operation] = identity
      snapshot.operations.append((operation, identity.number, location))
      snapshot.operationCount += 1
      counts[operation.name, default: 0] += 1
      for (i, result) in operation.results.enumerated() {
        let suggestion = suggested(result)
        // Results after the first mostly share its name.
        if i > 0, suggestion.utf8.first == UInt8(ascii: "<") { continue }
        valueNames[result] = name(result, identity.number, outer, suggestion)
      }
      if operation.regionCount == 0 { return }
      let scope = operation.has(.isolatedFromAbove) ? self.scope(identity.number) : outer
      for region in operation.regions {
        for block in region.blocks {
          for argument in block.arguments {
            valueNames[argument] = name(argument, identity.number, scope, suggested(argument))
          }
        }
        for block in region.blocks {
          for inner in block.operations { visit(inner, scope) }
        }
      }
    }
    visit(root, scope(-1))
    identities = present
    names = valueNames
  }

  private func scope(_ number: Int) -> Scope {
    if let known = scopes[number] { return known }
    let made = Scope(number)
    scopes[number] = made
    return made
  }

  /// The storage of an erased operation is used again: one of another kind or place is another one.
  private func identify(_ operation: Operation, _ location: Int) -> Identity {
    if let old = identities[operation], old.name == operation.name,
      locations.haveCommon(old.location, location)
    {
      return Identity(name: old.name, location: location, number: old.number)
    }
    nextNumber += 1
    return Identity(name: operation.name, location: location, number: nextNumber - 1)
  }

  private func name(_ value: Value, _ owner: Int, _ scope: Scope, _ suggestion: String) -> ValueName
  {
    if let old = names[value], old.owner == owner || value.isBlockArgument {
      let isFree = old.scope == scope.number || !scope.taken.contains(old.text)
      if isFree, scope.live.insert(old.text).inserted {
        scope.taken.insert(old.text)
        return ValueName(text: old.text, owner: owner, scope: scope.number)
      }
    }
    let text = fresh(value.nameHint.map(sanitized) ?? suggestion, scope)
    scope.live.insert(text)
    return ValueName(text: text, owner: owner, scope: scope.number)
  }

  private func fresh(_ wanted: String, _ scope: Scope) -> String {
    if wanted.utf8.allSatisfy({ (48...57).contains($0) }) {
      while true {
        let text = String(scope.next)
        scope.next += 1
        if scope.taken.insert(text).inserted { return text }
      }
    }
    if scope.taken.insert(wanted).inserted { return wanted }
    var base = Substring(wanted)
    let end = base.lastIndex { !$0.isNumber }
    if let end, base[end] == "_", end != base.startIndex, base.index(after: end) != base.endIndex {
      base = base[..<end]
    }
    while true {
      let k = scope.suffixes[String(base), default: 0]
      scope.suffixes[String(base)] = k + 1
      let text = "\(base)_\(k)"
      if scope.taken.insert(text).inserted { return text }
    }
  }

  /// A hint as a name the parser takes.
  private func sanitized(_ hint: String) -> String {
    var bytes = Array(hint.utf8.prefix(60))
    for (i, byte) in bytes.enumerated() {
      let isFine =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == 95 || byte == 46 || byte == 36 || byte == 45
      if !isFine { bytes[i] = 95 }
    }
    let isNumber = bytes.allSatisfy { (48...57).contains($0) }
    if let first = bytes.first, !isNumber, (48...57).contains(first) { bytes.insert(95, at: 0) }
    return bytes.isEmpty ? "v" : String(decoding: bytes, as: UTF8.self)
  }

  func name(of value: Value) -> String? { names[value]?.text }

  // MARK: Lines

  func willWrite(_ operation: Operation, at offset: Int) { note(operation, offset, isStart: true) }
  func didWrite(_ operation: Operation, at offset: Int) { note(operation, offset, isStart: false) }

  private func note(_ operation: Operation, _ offset: Int, isStart: Bool) {
    guard let identity = identities[operation] else { return }
    events.append(
      Event(
        offset: offset, isStart: isStart, number: identity.number, location: identity.location))
  }

  /// Splits the text; a line shows the first operation that starts in it, else the one it is inside of.
  private func lines(_ bytes: UnsafeRawBufferPointer) -> [ListingLine] {
    var lines: [ListingLine] = []
    var open: [(number: Int, location: Int)] = []
    var next = 0
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 10 { end += 1 }
      var shown = open.last
      var hasStart = false
      while next < events.count, events[next].offset <= end {
        let event = events[next]
        next += 1
        if event.isStart {
          open.append((event.number, event.location))
          if !hasStart { shown = (event.number, event.location) }
          hasStart = true
        } else {
          open.removeLast()
        }
      }
      var line = ListingLine(
        text: String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self))
      if let shown {
        line.operation = shown.number
        line.location = shown.location
      }
      lines.append(line)
      start = end + 1
    }
    return lines
  }
}
