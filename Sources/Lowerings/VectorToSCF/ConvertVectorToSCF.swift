import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns transfers of vectors of several dimensions, or of elements that do not lie side by side, into loops
  /// around transfers of fewer dimensions, and prints of vectors into loops around prints of elements.
  ///
  ///     %v = vector.transfer_read %m[%i, %j], %p : memref<?x?xf32>, vector<4x8xf32>
  ///       ->  %buffer = memref.alloca() : memref<vector<4x8xf32>>
  ///           %rows = vector.type_cast %buffer : ... to memref<4xvector<8xf32>>
  ///           scf.for %k = %c0 to %c4 step %c1 { ... vector.transfer_read of one row ... }
  ///           %v = memref.load %buffer[] : memref<vector<4x8xf32>>
  public static let convertVectorToSCF = Pass(
    "convert-vector-to-scf", name: "ConvertVectorToSCF",
    "Lower the operations from the vector dialect into the SCF dialect",
    options: [
      .bool(
        "full-unroll", default: false,
        "Perform full unrolling when converting vector transfers to SCF"),
      .integer(
        "target-rank", default: 1,
        "Target vector rank to which transfer ops should be lowered"),
      .bool(
        "lower-tensors", default: false, "Lower transfer ops that operate on tensors"),
      .bool(
        "lower-scalable", default: false,
        "Add scalable vector specific lowerings (that introduce loops)"),
    ], dependentDialects: ["affine", "memref", "scf", "tensor", "vector", "arith"]
  ) { (operation, state) throws(Reported) in
    let context = operation.context
    var config = GreedyConfig()
    config.regionSimplification = .aggressive
    config.isTopDown = false
    let first = applyPatternsGreedily(
      to: operation, FrozenPatternSet(TransferPermutations.patterns, context), config)

    let options = TransferOptions(
      targetRank: max(0, state.options.integer("target-rank")),
      lowersTensors: state.options.bool("lower-tensors"))
    var patterns =
      state.options.bool("full-unroll")
      ? TransferUnrolling.patterns(options) : TransferLoops.patterns(options)
    if state.options.bool("lower-scalable") {
      patterns.append(TransferLoops.scalableTranspose(options))
    }
    if options.targetRank == 1 { patterns += TransferElements.patterns }
    patterns.append(VectorPrinting.pattern)
    let second = applyPatternsGreedily(
      to: operation, FrozenPatternSet(patterns, context), config)
    state.isUnchanged = !first.changed && !second.changed
  }
}

struct TransferOptions: Sendable {
  /// Transfers of vectors of this rank stay.
  let targetRank: Int
  let lowersTensors: Bool
}

// MARK: Parts that the lowerings share

extension VectorTransfer {
  var isTensor: Bool { shapedType.isTensor }

  /// The dimension of memory that the vector's first dimension runs along; nil where that repeats.
  var firstDimension: Int? {
    guard let result = map.results.first, result.kind == .dimension else { return nil }
    return result.position
  }

  /// The map of one row of the vector.
  var rowMap: AffineMap {
    context.affineMap(
      dimensions: map.dimensionCount, symbols: 0, Array(map.results.dropFirst()))
  }

  /// The indices of the row `iv`.
  func rowIndices(_ iv: Value, _ rewriter: PatternRewriter) -> [Value] {
    var all = indices
    if let dim = firstDimension, dim < all.count { all[dim] = sum(all[dim], iv, rewriter) }
    return all
  }

  private func sum(_ a: Value, _ b: Value, _ rewriter: PatternRewriter) -> Value {
    let map = context.affineMap(
      dimensions: 2, symbols: 0, [context.affineDimension(0) + context.affineDimension(1)])
    var bound = AffineBound(map: map, operands: [a, b])
    bound.compose()
    return rewriter.create(
      Affine.apply, bound.operands, results: [context.index],
      attributes: [("map", context.affineMapAttribute(bound.map))]
    ).result()
  }

  /// Does `inside` where row `iv` lies in memory and its mask, where that has one dimension, is set, and
  /// `outside` elsewhere. Both return what the check yields.
  func checked(
    _ iv: Value, results: [Type], _ rewriter: PatternRewriter, inside: () -> [Value],
    outside: () -> [Value]
  ) -> [Value] {
    var condition: Value?
    if let dim = firstDimension, !isInBounds(0), dim < indices.count {
      let place = rewriter.indexConstant(dim)
      let size = rewriter.createOrFold(
        base.type.isMemRef ? MemRef.dim : TensorDialect.dim, [base, place],
        results: [context.index])[0]
      let index = sum(indices[dim], iv, rewriter)
      condition = rewriter.compareIntegers("sgt", size, index)
    }
    if let mask, mask.type.rank == 1, !isBroadcast(0) {
      let isSet = rewriter.vectorExtract(mask, mixed: [.value(iv)])
      condition = condition.map { rewriter.arith("andi", [$0, isSet]) } ?? isSet
    }
    guard let condition else { return inside() }
    let made = withoutActuallyEscaping(outside) { outside in
      IfOp.create(
        rewriter, condition, results: results, then: { _ in inside() },
        otherwise: { _ in outside() })
    }
    return Array(made.results)
  }
}

extension PatternRewriter {
  func vectorExtract(_ source: Value, mixed position: [MixedIndex]) -> Value {
    let (statics, dynamics) = MixedIndex.split(position)
    return create(
      VectorDialect.extract, [source] + dynamics,
      results: [source.type.vectorPart(at: position.count)],
      attributes: [("static_position", context.denseI64Array(statics))]
    ).result()
  }

  func vectorInsert(_ value: Value, into dest: Value, mixed position: [MixedIndex]) -> Value {
    let (statics, dynamics) = MixedIndex.split(position)
    return create(
      VectorDialect.insert, [value, dest] + dynamics, results: [dest.type],
      attributes: [("static_position", context.denseI64Array(statics))]
    ).result()
  }
}
