import MartletIR
import MartletRewriting

/// Sums and sizes of indices that may be constant.
enum IndexArithmetic {
  /// The sum of `entries`: a constant, one of the values, or an `affine.apply`.
  static func sum(_ entries: [MixedIndex], _ rewriter: PatternRewriter) -> MixedIndex {
    let context = rewriter.context
    var operands: [Value] = []
    var result = context.affineConstant(0)
    for entry in entries {
      if let constant = entry.constantValue {
        result = result + constant
      } else if case .value(let value) = entry {
        result = result + context.affineDimension(operands.count)
        operands.append(value)
      }
    }
    var bound = AffineBound(
      map: context.affineMap(dimensions: operands.count, symbols: 0, [result]),
      operands: operands)
    bound.compose()
    if let constant = bound.constants()?.first { return .constant(constant) }
    let kind = bound.map.results[0].kind
    if bound.operands.count == 1, kind == .dimension || kind == .symbol {
      return .value(bound.operands[0])
    }
    return .value(
      rewriter.create(
        Affine.apply, bound.operands, results: [context.index],
        attributes: [("map", context.affineMapAttribute(bound.map))]
      ).result())
  }

  /// The size of a tensor along dimension `i`, by a `tensor.dim` where it is not static.
  static func size(_ tensor: Value, _ i: Int, _ rewriter: PatternRewriter) -> MixedIndex {
    let size = tensor.type.dimension(i)
    if size != Type.dynamic { return .constant(size) }
    let index = ConstantOp.index(rewriter, i)
    return .value(
      rewriter.create(TensorDialect.dim, [tensor, index], results: [rewriter.context.index])
        .result())
  }

  /// As `size`, folded at once.
  static func foldedSize(_ tensor: Value, _ i: Int, _ rewriter: PatternRewriter) -> MixedIndex {
    let size = tensor.type.dimension(i)
    if size != Type.dynamic { return .constant(size) }
    let index = ConstantOp.index(rewriter, i)
    return .value(
      rewriter.createOrFold(
        TensorDialect.dim, [tensor, index], results: [rewriter.context.index])[0])
  }

  /// A `tensor.empty` of `sizes`.
  static func empty(_ sizes: [MixedIndex], _ element: Type, _ rewriter: PatternRewriter) -> Value {
    let (statics, dynamics) = MixedIndex.split(sizes)
    return rewriter.create(
      TensorDialect.empty, dynamics, results: [rewriter.context.tensor(statics, element)]
    ).result()
  }
}
