import MartletIR

/// Says which operations may be left when a dialect conversion ends.
public final class ConversionTarget {
  public enum Legality {
    case legal, illegal
    case dynamic((Operation) -> Bool)
  }
  private var byName: [String: Legality] = [:]
  private var byDialect: [String: Legality] = [:]
  private var recursive: Set<String> = []
  /// Of what nothing was said; nil means unknown, which partial conversion leaves where no pattern applies.
  private var unknown: Legality?

  public init() {}

  public func addLegal(_ definitions: OpDefinition...) {
    for definition in definitions { byName[definition.name] = .legal }
  }
  public func addLegal(_ names: String...) { for name in names { byName[name] = .legal } }
  public func addIllegal(_ definitions: OpDefinition...) {
    for definition in definitions { byName[definition.name] = .illegal }
  }
  public func addIllegal(_ names: String...) { for name in names { byName[name] = .illegal } }
  /// Legal where `isLegal` holds, illegal elsewhere.
  public func addDynamicallyLegal(
    _ definitions: OpDefinition..., where isLegal: @escaping (Operation) -> Bool
  ) {
    for definition in definitions { byName[definition.name] = .dynamic(isLegal) }
  }
  public func addDynamicallyLegal(
    _ names: String..., where isLegal: @escaping (Operation) -> Bool
  ) {
    for name in names { byName[name] = .dynamic(isLegal) }
  }
  public func addLegal(dialects: String...) { for name in dialects { byDialect[name] = .legal } }
  public func addIllegal(dialects: String...) {
    for name in dialects { byDialect[name] = .illegal }
  }
  public func addDynamicallyLegal(
    dialects: String..., where isLegal: @escaping (Operation) -> Bool
  ) {
    for name in dialects { byDialect[name] = .dynamic(isLegal) }
  }
  /// What is said of nothing else is legal where `isLegal` holds.
  public func markUnknownDynamicallyLegal(where isLegal: @escaping (Operation) -> Bool) {
    unknown = .dynamic(isLegal)
  }
  /// Where such an operation is legal, so is all it contains.
  public func markRecursivelyLegal(_ names: String...) { recursive.formUnion(names) }

  /// What the target says of `operation`; nil where nothing.
  public func legality(of operation: Operation) -> Bool? {
    let rule = byName[operation.name.string] ?? byDialect[operation.name.dialectName] ?? unknown
    switch rule {
    case .legal: return true
    case .illegal: return false
    case .dynamic(let isLegal): return isLegal(operation)
    case nil: return nil
    }
  }

  func isRecursivelyLegal(_ operation: Operation) -> Bool {
    recursive.contains(operation.name.string)
  }
}
