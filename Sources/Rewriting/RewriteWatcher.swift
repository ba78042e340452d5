import MartletIR

/// The operation a pattern or fold was tried on, as it was before.
public struct RewriteSite {
  public let name: OperationName
  public let location: Location
  /// The symbol of the function around it.
  public let function: String?

  init(_ operation: Operation) {
    name = operation.name
    location = operation.location
    function = operation.enclosingFunction
  }
}

/// Learns of every pattern the drivers apply in a context, and of every fold, for reports; drivers ask for it
/// when they begin.
open class RewriteWatcher {
  public init() {}

  open func didApply(_ pattern: String, _ site: RewriteSite) {}
  open func didFold(_ site: RewriteSite) {}
}

extension Context {
  /// Who watches rewrites; nil for nobody.
  public var rewriteWatcher: RewriteWatcher? {
    get {
      if extensions.isEmpty { return nil }
      return extensions[ObjectIdentifier(RewriteWatcher.self)] as? RewriteWatcher
    }
    set { extensions[ObjectIdentifier(RewriteWatcher.self)] = newValue }
  }
}

extension Operation {
  /// The symbol of the innermost callable that is this operation or around it; nil where there is none.
  public var enclosingFunction: String? {
    var current: Operation? = self
    while let operation = current {
      if operation.has(.callable), let name = SymbolTable.name(of: operation) { return name }
      current = operation.parent
    }
    return nil
  }
}
