import MartletIR

/// What takes a return's place where the function it ends is inlined and has several blocks: offered by
/// operations with the trait `returnLike`, such as `func.return`.
public struct InlinedTerminator: OpInterface {
  /// Makes a branch at the builder's place to `destination`, handing it `values`, the operands of the return.
  public let branch: @Sendable (Builder, _ values: [Value], _ destination: Block) -> Void

  public init(_ branch: @escaping @Sendable (Builder, [Value], Block) -> Void) {
    self.branch = branch
  }
}

/// Whether calls of a callable, or a call itself, may be replaced by the callee's body.
public struct InliningControl: OpInterface {
  public let allowsInlining: @Sendable (Operation) -> Bool

  public init(_ allowsInlining: @escaping @Sendable (Operation) -> Bool) {
    self.allowsInlining = allowsInlining
  }
}
