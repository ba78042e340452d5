import MartletIR
import MartletRewriting

/// Canonicalisations of expansions and collapses.
extension TensorDialect {
  static let collapsePatterns: CanonicalizationPatterns = .init(
    RewritePattern("compose-collapses") { ReshapeFamily.tensor.composeAlike($0, $1) },
    RewritePattern("collapse-of-expansion") { ReshapeFamily.tensor.composeCollapse($0, $1) },
    RewritePattern("collapse-of-splat", reshapeOfSplat),
    RewritePattern("collapse-of-from-elements", reshapeOfFromElements),
    RewritePattern("collapse-of-cast") { op, rewriter in
      guard let inner = forgettingCast(op.operand(0)) else { return false }
      let source = inner.operand(0)
      let groups = ReshapeFamily.groups(op)
      let type = op.result().type.cloned(shape: TensorShapes.collapse(source.type.shape, groups))
      if type == op.result().type {
        rewriter.modifyInPlace(op) { op.setOperand(0, source) }
      } else {
        let made = ReshapeFamily.tensor.makeCollapse(rewriter, source, type, groups)
        rewriter.replace(
          op, with: rewriter.create(cast, [made.result()], results: [op.result().type]))
      }
      return true
    })

  static let expandPatterns: CanonicalizationPatterns = .init(
    RewritePattern("compose-expansions") { ReshapeFamily.tensor.composeAlike($0, $1) },
    RewritePattern("expansion-of-collapse") { ReshapeFamily.tensor.composeExpand($0, $1) },
    RewritePattern("constant-sizes-of-expansion", constantExpansion),
    RewritePattern("expansion-of-splat", reshapeOfSplat),
    RewritePattern("expansion-of-from-elements", reshapeOfFromElements))

  @Sendable private static func reshapeOfSplat(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    guard let inner = op.operand(0).definingOperation, inner.is(splat),
      inner.result().type.hasStaticShape, op.result().type.hasStaticShape
    else { return false }
    rewriter.replace(op, with: splat, [inner.operand(0)])
    return true
  }

  @Sendable private static func reshapeOfFromElements(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    guard let inner = op.operand(0).definingOperation, inner.is(fromElements),
      op.result().type.hasStaticShape
    else { return false }
    rewriter.replace(op, with: fromElements, Array(inner.operands))
    return true
  }

  /// Constants among the sizes of an expanded tensor that a cast has made dynamic.
  @Sendable private static func constantExpansion(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    guard let inner = forgettingCast(op.operand(0)) else { return false }
    let groups = ReshapeFamily.groups(op)
    let old = op.result().type.shape
    var sizes = ReshapeFamily.sizes(op)
    var shape = old
    for (i, group) in groups.enumerated()
    where inner.operand(0).type.dimension(i) != Type.dynamic {
      for j in group where old[j] == Type.dynamic {
        guard let constant = sizes[j].constantValue else { continue }
        sizes[j] = .constant(constant)
        shape[j] = constant
      }
    }
    if shape == old { return false }
    let type = op.result().type.cloned(shape: shape)
    let source = op.operand(0).type.cloned(shape: TensorShapes.collapse(shape, groups))
    let input = rewriter.create(cast, [op.operand(0)], results: [source])
    let made = ReshapeFamily.tensor.makeExpand(rewriter, input.result(), type, groups, sizes)
    rewriter.replace(
      op, with: rewriter.create(cast, [made.result()], results: [op.result().type]))
    return true
  }
}
