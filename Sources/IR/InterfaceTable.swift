/// Something further an operation, type or attribute offers, looked up by its type:
/// `definition.interface(Fancy.self)`.
public protocol OpInterface: Sendable {}

/// The interfaces a declaration offers. There are a handful at most and they are asked for all the time, so
/// they lie in a row and are told apart by the identity of their types.
struct InterfaceTable: Sendable {
  private let entries: [(type: ObjectIdentifier, value: any OpInterface)]

  /// Of several of one type the last counts.
  init(_ interfaces: [any OpInterface]) {
    var entries: [(type: ObjectIdentifier, value: any OpInterface)] = []
    for value in interfaces {
      let type = ObjectIdentifier(Swift.type(of: value))
      entries.removeAll { $0.type == type }
      entries.append((type, value))
    }
    self.entries = entries
  }

  func interface<I: OpInterface>(_ type: I.Type) -> I? {
    let wanted = ObjectIdentifier(type)
    for i in entries.indices where entries[i].type == wanted {
      return Self.unwrap(entries[i].value)
    }
    return nil
  }

  /// `value as? I` for a value known to be of that very type, without the cost of asking the runtime.
  private static func unwrap<T: OpInterface, I: OpInterface>(_ value: T) -> I? {
    precondition(T.self == I.self, "an interface is filed under another type")
    return unsafeBitCast(value, to: I.self)
  }
}
