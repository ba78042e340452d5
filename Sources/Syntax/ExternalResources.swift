import MartletIR

/// What a text holds under `external_resources` in its `{-# ... #-}`: data of tools, which the IR does not
/// refer to. It is kept with the context in the order written.
public final class ExternalResources {
  public enum Value: Sendable, Equatable {
    case string(String)
    case bool(Bool)
  }

  /// What one tool keeps.
  public struct Group: Sendable {
    public let name: String
    public var entries: [(key: String, value: Value)]

    public init(_ name: String, _ entries: [(key: String, value: Value)]) {
      self.name = name
      self.entries = entries
    }

    public func string(_ key: String) -> String? {
      if case .string(let text)? = entries.first(where: { $0.key == key })?.value { return text }
      return nil
    }

    public func bool(_ key: String) -> Bool? {
      if case .bool(let value)? = entries.first(where: { $0.key == key })?.value { return value }
      return nil
    }
  }

  public private(set) var groups: [Group] = []

  private init() {}

  /// Those of `context`, none at first.
  public static func of(_ context: Context) -> ExternalResources {
    let id = ObjectIdentifier(ExternalResources.self)
    if let known = context.extensions[id] as? ExternalResources { return known }
    let made = ExternalResources()
    context.extensions[id] = made
    return made
  }

  func add(_ value: Value, _ key: String, to group: String) {
    if let i = groups.firstIndex(where: { $0.name == group }) {
      groups[i].entries.append((key, value))
    } else {
      groups.append(Group(group, [(key, value)]))
    }
  }

  /// Takes the group called `name` out.
  public func remove(_ name: String) -> Group? {
    guard let i = groups.firstIndex(where: { $0.name == name }) else { return nil }
    return groups.remove(at: i)
  }
}
