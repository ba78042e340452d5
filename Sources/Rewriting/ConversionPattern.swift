import MartletIR

/// A rewrite of a dialect conversion. Beside the operation it gets its operands as converted: of the
/// types the type converter asks for, or as they are where there is no converter.
public struct ConversionPattern {
  public typealias Body = (Operation, _ operands: [Value], ConversionRewriter) -> Bool

  public let name: String
  public let root: RewritePattern.Root
  public let benefit: Int
  let matchAndRewrite: Body

  public init(_ name: String, root: OpDefinition, benefit: Int = 1, _ body: @escaping Body) {
    self.init(name, root: .name(root.name), benefit: benefit, body)
  }

  public init(_ name: String, root: String, benefit: Int = 1, _ body: @escaping Body) {
    self.init(name, root: .name(root), benefit: benefit, body)
  }

  /// - Parameter body: returns false, having changed nothing, where the pattern does not apply. It
  ///   replaces or erases the operation or changes it in place, all through the rewriter.
  public init(
    _ name: String, root: RewritePattern.Root, benefit: Int = 1, _ body: @escaping Body
  ) {
    self.name = name
    self.root = root
    self.benefit = benefit
    matchAndRewrite = body
  }

  /// A pattern for operations whose operands keep their types.
  public init(_ pattern: RewritePattern) {
    self.init(pattern.name, root: pattern.root, benefit: pattern.benefit) {
      operation, _, rewriter in pattern.matchAndRewrite(operation, rewriter)
    }
  }

  func applies(to name: OperationName) -> Bool {
    switch root {
    case .carrier, .any: true
    case .name(let text): name.string == text
    case .traits(let traits): name.traits.isSuperset(of: traits)
    }
  }
}
