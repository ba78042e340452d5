import MartletIR

/// One rewrite: which operations it looks at and what it does with them.
///
/// The body looks at the operation, returns false where the pattern does not apply, having changed nothing,
/// and else makes its changes through the rewriter alone and returns true.
public struct RewritePattern: Sendable {
  /// What operations a pattern is tried on.
  public enum Root: Sendable {
    /// The operation in whose declaration the pattern stands (`CanonicalizationPatterns`).
    case carrier
    case name(String)
    /// Operations that have all these traits.
    case traits(OpTraits)
    case any
  }

  public typealias Body = @Sendable (Operation, PatternRewriter) -> Bool

  public let name: String
  public var root: Root
  /// Of the patterns for an operation the one of highest benefit is tried first; among equals the
  /// one added first.
  public let benefit: Int
  public let matchAndRewrite: Body

  public init(
    _ name: String, root: Root = .carrier, benefit: Int = 1, _ matchAndRewrite: @escaping Body
  ) {
    self.name = name
    self.root = root
    self.benefit = benefit
    self.matchAndRewrite = matchAndRewrite
  }

  public init(
    _ name: String, root: OpDefinition, benefit: Int = 1, _ matchAndRewrite: @escaping Body
  ) {
    self.init(name, root: .name(root.name), benefit: benefit, matchAndRewrite)
  }

  public init(
    _ name: String, root: String, benefit: Int = 1, _ matchAndRewrite: @escaping Body
  ) {
    self.init(name, root: .name(root), benefit: benefit, matchAndRewrite)
  }

  /// Whether the pattern is tried on operations called `name`; a pattern without a carrier counts as
  /// one for any operation.
  func applies(to name: OperationName) -> Bool {
    switch root {
    case .carrier, .any: true
    case .name(let text): name.string == text
    case .traits(let traits): name.traits.isSuperset(of: traits)
    }
  }
}

/// The canonicalisation patterns of an operation, beside its declaration:
/// `OpDefinition(..., interfaces: [CanonicalizationPatterns([...])])`. The root of a pattern made
/// without one is the declared operation.
public struct CanonicalizationPatterns: OpInterface {
  public let patterns: [RewritePattern]

  public init(_ patterns: [RewritePattern]) { self.patterns = patterns }
  public init(_ patterns: RewritePattern...) { self.patterns = patterns }
}
