import MartletSupport

/// Finding operations by symbol.
public enum SymbolTable {
  /// The name a symbol operation defines.
  public static func name(of operation: Operation) -> String? {
    operation.has(.symbol) || !operation.isRegistered
      ? operation.attribute("sym_name")?.stringValue : nil
  }

  /// The operation directly in `table` that defines `name`.
  public static func lookup(_ name: String, in table: Operation) -> Operation? {
    guard table.regionCount > 0 else { return nil }
    for block in table.region(0).blocks {
      for operation in block.operations where self.name(of: operation) == name {
        return operation
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
    guard let root = reference.rootReference?.string else { return nil }
    var table = operation.ancestor { $0.has(.symbolTable) }
    while let current = table {
      if var found = lookup(root, in: current) {
        for nested in reference.nestedReferences {
          guard let inner = lookup(nested.string, in: found) else { return nil }
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
