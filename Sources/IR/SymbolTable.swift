import MartletSupport

/// Finding operations by symbol.
public enum SymbolTable {
  /// The name a symbol operation defines.
  public static func name(of operation: Operation) -> String? {
    operation.has(.symbol) || !operation.isRegistered
      ? operation.attribute("sym_name")?.stringValue : nil
  }

  /// The name a symbol operation defines, as `name(of:)`.
  static func identifier(of operation: Operation) -> Identifier? {
    let name = operation.name
    guard name.isRegistered else {
      return operation.attribute("sym_name")?.stringIdentifier
    }
    guard name.traits.contains(.symbol) else { return nil }
    let slot = name.record.symbolSlot
    if slot >= 0 { return operation.inherent(slot)?.stringIdentifier }
    return operation.attribute("sym_name")?.stringIdentifier
  }

  /// The operation directly in `table` that defines `name`.
  public static func lookup(_ name: String, in table: Operation) -> Operation? {
    lookup(table.context.intern(name), in: table)
  }

  /// As above. What was found is remembered; a memory that is no longer true is told by looking at the operation.
  static func lookup(_ name: Identifier, in table: Operation) -> Operation? {
    guard table.regionCount > 0 else { return nil }
    let region = table.region(0)
    let key = UInt64(table.raw) << 32 | UInt64(name.raw)
    if let known = table.state.pointee.symbols[key] {
      let operation = Operation(table.state, known)
      if operation.isLive, operation.block?.region == region,
        identifier(of: operation) == name
      {
        return operation
      }
    }
    for block in region.blocks {
      for operation in block.operations {
        guard let defined = identifier(of: operation) else { continue }
        // One walk serves those that are asked for next.
        table.state.pointee.symbols[UInt64(table.raw) << 32 | UInt64(defined.raw)] = operation.raw
        if defined == name { return operation }
      }
    }
    return nil
  }

  /// The nearest symbol table around `operation`, itself excluded.
  public static func nearest(to operation: Operation) -> Operation? {
    operation.parent?.ancestor { $0.has(.symbolTable) }
  }

  /// The operation a reference names, looked up from the tables around `operation` outwards.
  public static func resolve(_ reference: Attribute, from operation: Operation) -> Operation? {
    guard let root = reference.rootReference else { return nil }
    var table = operation.ancestor { $0.has(.symbolTable) }
    while let current = table {
      if var found = lookup(root, in: current) {
        for nested in reference.nestedReferences {
          guard let inner = lookup(nested, in: found) else { return nil }
          found = inner
        }
        return found
      }
      table = nearest(to: current)
    }
    return nil
  }

  /// `private` or `nested` symbols may be removed or renamed; a symbol without visibility is public.
  public static func isPrivate(_ operation: Operation) -> Bool {
    operation.attribute("sym_visibility")?.stringValue == "private"
  }
}
