import MartletIR
import MartletSupport

/// What SSA names stand for while a text is read. Names are numbered; what a name means is found in an array by its number.
struct ValueScopes: ~Copyable {
  struct Entry {
    /// The first of the values the name stands for; they are consecutive results.
    var first: Value?
    var count = 0
    var offset = 0
    /// The isolated scope in which the definition holds.
    var scope = -1
  }

  struct Forward {
    let placeholder: Operation
    let offset: Int
  }

  private var interner = StringInterner()
  private var entries: [Entry] = []
  /// Definitions to restore at the end of each open region.
  private var undo: [(name: Int, entry: Entry)] = []
  private var regionStarts: [Int] = []
  private var isolated: [Int] = [0]
  private var nextScope = 1
  /// Uses before their definition in the open isolated scopes, by name and result number.
  private(set) var forward: [[ForwardKey: Forward]] = [[:]]

  struct ForwardKey: Hashable {
    let name: Int
    let number: Int
  }

  /// Numbers of the names that are decimal numbers, by these; -1 where there is none yet. Most names of most
  /// texts are such, in ascending order, and need not be looked up by their bytes.
  private var decimals: [Int32] = []

  mutating func number(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let decimal = ValueScopes.decimal(bytes), decimal < 2 * decimals.count + 1024 else {
      return slowNumber(of: bytes)
    }
    while decimal >= decimals.count { decimals.append(-1) }
    if decimals[decimal] >= 0 { return Int(decimals[decimal]) }
    let id = slowNumber(of: bytes)
    decimals[decimal] = Int32(truncatingIfNeeded: id)
    return id
  }

  private mutating func slowNumber(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let id = Int(interner.intern(bytes))
    if id >= entries.count {
      entries.append(contentsOf: repeatElement(Entry(), count: id + 1 - entries.count))
    }
    return id
  }

  /// The value of a decimal number without leading zeros that is not very large.
  @inline(__always)
  private static func decimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard bytes.count > 0, bytes.count < 9, bytes[0] != 48 || bytes.count == 1 else { return nil }
    var value = 0
    for i in 0..<bytes.count {
      let digit = bytes[i] &- 48
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  func isDecimal(_ name: Int) -> Bool {
    Lexer.isDigit(interner.bytes(UInt32(name)).first ?? 0)
  }

  /// Valid as long as this is.
  func bytes(_ name: Int) -> UnsafeBufferPointer<UInt8> { interner.bytes(UInt32(name)) }
  func text(_ name: Int) -> String { interner.string(UInt32(name)) }

  @inline(__always) func lookup(_ name: Int) -> Entry? {
    let entry = entries[name]
    return entry.scope == isolated[isolated.count - 1] ? entry : nil
  }

  mutating func define(_ name: Int, _ first: Value, count: Int, offset: Int) {
    if !regionStarts.isEmpty { undo.append((name, entries[name])) }
    entries[name] = Entry(
      first: first, count: count, offset: offset, scope: isolated[isolated.count - 1])
  }

  mutating func pushRegion(isIsolated: Bool) {
    regionStarts.append(undo.count)
    if isIsolated {
      isolated.append(nextScope)
      nextScope += 1
      forward.append([:])
    }
  }

  /// Ends a region; the forward uses left over where it was isolated.
  mutating func popRegion(isIsolated: Bool) -> [ForwardKey: Forward] {
    let start = regionStarts.removeLast()
    while undo.count > start {
      let saved = undo.removeLast()
      entries[saved.name] = saved.entry
    }
    guard isIsolated else { return [:] }
    isolated.removeLast()
    return forward.removeLast()
  }

  func forwardUse(_ key: ForwardKey) -> Forward? { forward[forward.count - 1][key] }
  mutating func addForward(_ key: ForwardKey, _ use: Forward) {
    forward[forward.count - 1][key] = use
  }
  mutating func takeForward(_ key: ForwardKey) -> Forward? {
    forward[forward.count - 1].isEmpty ? nil : forward[forward.count - 1].removeValue(forKey: key)
  }
  var hasForward: Bool { !forward[forward.count - 1].isEmpty }
  mutating func takeAllForward() -> [ForwardKey: Forward] {
    defer { forward[forward.count - 1] = [:] }
    return forward[forward.count - 1]
  }
}

/// The blocks of a region being read, by name.
struct BlockScope {
  var blocks: [String: (block: Block, offset: Int, isDefined: Bool)] = [:]
}
