import MartletIR

/// The symbols operations refer to, by attributes however deeply nested.
public enum SymbolUses {
  /// Calls `visit` with each reference `operation` itself holds.
  public static func visit(_ operation: Operation, _ visit: (Attribute) -> Void) {
    for i in 0..<(operation.definition?.attributes.count ?? 0) {
      if let attribute = operation.inherent(i) { self.visit(attribute, visit) }
    }
    if let properties = operation.unregisteredProperties { self.visit(properties, visit) }
    if operation.hasDiscardableAttributes {
      self.visit(operation.discardableAttributes, visit)
    }
  }

  /// Calls `visit` with each reference in `attribute`.
  public static func visit(_ attribute: Attribute, _ visit: (Attribute) -> Void) {
    switch attribute.kind {
    case .symbolRef: visit(attribute)
    case .array: for element in attribute.elements ?? [] { self.visit(element, visit) }
    case .dictionary: for entry in attribute.entries { self.visit(entry.value, visit) }
    default: break
    }
  }

  /// Calls `visit` with each reference held by `operation` or an operation in it, down to operations that
  /// are symbol tables themselves, which are visited but not gone into, as their references are about
  /// their own symbols.
  /// - Returns: the first operation that may be a symbol table without being known as one, which makes the
  ///   answer unreliable; nil where there is none.
  @discardableResult
  public static func visitAll(
    in operation: Operation, _ visit: (Operation, Attribute) -> Void
  ) -> Operation? {
    var unknown: Operation?
    operation.walkPreOrder { inner in
      self.visit(inner) { visit(inner, $0) }
      if inner.has(.symbolTable) { return inner == operation ? .advance : .skip }
      if !inner.isRegistered, inner.regionCount == 1, inner != operation {
        unknown = inner
        return .interrupt
      }
      return .advance
    }
    return unknown
  }

  /// Whether anything in the module around `symbol` may refer to it: a reference that names it in any part.
  public static func mayBeUsed(_ symbol: Operation) -> Bool {
    guard let name = symbol.attribute("sym_name")?.stringIdentifier else { return false }
    var root = symbol
    while let parent = root.parent { root = parent }
    var isUsed = false
    root.walkPreOrder { operation in
      visit(operation) { reference in
        isUsed =
          isUsed || reference.rootReference == name || reference.nestedReferences.contains(name)
      }
      return isUsed ? .interrupt : .advance
    }
    return isUsed
  }
}

/// Finds symbols by name in constant time, with a table per operation made on first use.
public final class SymbolIndex {
  private var tables: [Operation: [Identifier: Operation]] = [:]

  public init() {}

  /// The operation directly in symbol table `table` that defines `name`.
  public func lookup(_ name: Identifier, in table: Operation) -> Operation? {
    if let known = tables[table] { return known[name] }
    var made: [Identifier: Operation] = [:]
    if table.regionCount > 0 {
      for block in table.region(0).blocks {
        for operation in block.operations where operation.has(.symbol) {
          guard let name = operation.attribute("sym_name")?.stringIdentifier, made[name] == nil
          else { continue }
          made[name] = operation
        }
      }
    }
    tables[table] = made
    return made[name]
  }

  /// All operations a reference in `table` names on its way: for `@a::@b` those of `a` and `b`; nil
  /// where one is missing.
  public func resolve(_ reference: Attribute, in table: Operation) -> [Operation]? {
    guard let root = reference.rootReference, let first = lookup(root, in: table) else {
      return nil
    }
    var found = [first]
    for name in reference.nestedReferences {
      guard let inner = found.last, inner.has(.symbolTable), let next = lookup(name, in: inner)
      else { return nil }
      found.append(next)
    }
    return found
  }

  /// The operation a reference held by `user` names, in the nearest symbol table around it.
  public func resolve(_ reference: Attribute, from user: Operation) -> Operation? {
    guard let table = user.parent?.ancestor(where: { $0.has(.symbolTable) }) else { return nil }
    return resolve(reference, in: table)?.last
  }

  /// Forgets a symbol about to be erased.
  public func remove(_ symbol: Operation) {
    guard let table = symbol.parent, let name = symbol.attribute("sym_name")?.stringIdentifier
    else { return }
    tables[table]?[name] = nil
  }
}

extension Operation {
  public enum Visibility { case `public`, `private`, nested }

  /// Who may refer to a symbol; public where nothing is said.
  public var symbolVisibility: Visibility {
    switch attribute("sym_visibility")?.stringValue {
    case "private": .private
    case "nested": .nested
    default: .public
    }
  }
}
