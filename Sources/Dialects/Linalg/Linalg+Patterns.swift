import MartletIR
import MartletRewriting

/// Canonicalisations of structured operations of every kind.
extension Linalg {
  static func cast(_ value: Value, to type: Type, _ rewriter: PatternRewriter) -> Value {
    value.type == type
      ? value : rewriter.create(TensorDialect.cast, [value], results: [type]).result()
  }

  /// The patterns of all structured operations, and those of `linalg.generic`.
  static let genericPatterns: CanonicalizationPatterns = .init(
    RewritePattern("identity-generic", identity),
    RewritePattern("dead-linalg", root: .traits(.structured)) { op, rewriter in
      guard op.resultCount == 0,
        op.operands.contains(where: { $0.type.kind == .memRef && $0.type.shape.contains(0) })
      else { return false }
      rewriter.erase(op)
      return true
    },
    RewritePattern("cast-of-linalg", root: "tensor.cast", castOfResult),
    RewritePattern("infer-static-shapes", root: .traits(.structured), inferShapes))

  /// A computation that only hands on its operands is those.
  @Sendable static func identity(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let view = LinalgOp(op), let block = view.body, let yield = block.lastOperation,
      block.firstOperation == yield
    else { return false }
    let maps = view.indexingMaps
    guard let first = maps.first, maps.allSatisfy({ $0 == first }) else { return false }
    let sources = yield.operands.map { value in
      value.isBlockArgument && value.owningBlock == block ? op.operand(value.index) : nil
    }
    if view.hasBufferSemantics {
      guard view.inputCount == 1, view.outputCount == 1, op.operand(0) == op.operand(1),
        sources[0] != nil
      else { return false }
      rewriter.erase(op)
      return true
    }
    guard view.hasTensorSemantics, sources.count == op.resultCount else { return false }
    for (source, result) in zip(sources, op.results) {
      guard let source, source.type.isRankedTensor,
        source.type == result.type
          || source.type.encoding == nil && result.type.encoding == nil
            && TensorDialect.areCastCompatible(source.type, result.type)
      else { return false }
    }
    rewriter.replace(
      op,
      with: zip(sources, op.results).compactMap { source, result in
        source.map { cast($0, to: result.type, rewriter) }
      })
    return true
  }

  /// A cast of a result to a more static type goes to the output instead.
  @Sendable private static func castOfResult(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    let (source, type) = (op.operand(0), op.result().type)
    guard let inner = source.definingOperation, let view = LinalgOp(inner),
      inner.block == op.block, type.isMoreStatic(than: source.type),
      inner.resultCount == view.outputCount
    else { return false }
    rewriter.setInsertionPoint(before: inner)
    var operands = Array(inner.operands)
    let place = view.inputCount + source.index
    operands[place] = cast(operands[place], to: type, rewriter)
    var types = Array(inner.results.types)
    types[source.index] = type
    let new = rewriter.recreate(inner, operands, results: types)
    var values = Array(new.results)
    values[source.index] = cast(new.result(source.index), to: source.type, rewriter)
    rewriter.replace(inner, with: values)
    rewriter.replace(op, with: new.result(source.index))
    return true
  }

  /// Sizes that one operand's type says are put into the others'.
  @Sendable private static func inferShapes(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let view = LinalgOp(op), view.hasTensorSemantics,
      op.operands.contains(where: { $0.type.isRankedTensor && !$0.type.hasStaticShape })
        || op.operands.contains(where: { TensorDialect.forgettingCast($0) != nil })
    else { return false }
    let maps = view.indexingMaps
    guard maps.count == op.operandCount, maps.allSatisfy(\.isProjectedPermutation) else {
      return false
    }
    var sizes: [Int: Int] = [:]
    for (operand, map) in zip(op.operands, maps) where operand.type.isRankedTensor {
      var shape = operand.type.shape
      if let inner = operand.definingOperation, inner.is(TensorDialect.cast),
        inner.operand(0).type.isRankedTensor, inner.operand(0).type.hasStaticShape
      {
        shape = inner.operand(0).type.shape
      }
      for (i, result) in map.results.enumerated()
      where operand.type.dimension(i) != Type.dynamic && sizes[result.position] == nil {
        sizes[result.position] = shape[i]
      }
    }
    var operands = Array(op.operands)
    var changed = false
    for (k, map) in maps.enumerated() where operands[k].type.isRankedTensor {
      let type = operands[k].type
      var shape = type.shape
      for (i, result) in map.results.enumerated() where shape[i] == Type.dynamic {
        if let size = sizes[result.position] { shape[i] = size }
      }
      if shape == type.shape { continue }
      operands[k] = cast(operands[k], to: type.cloned(shape: shape), rewriter)
      changed = true
    }
    guard changed, op.resultCount == view.outputCount else { return false }
    let types = operands[view.inputCount...].map(\.type)
    let old = Array(op.results.types)
    let new = rewriter.recreate(op, operands, results: types)
    rewriter.replace(op, with: zip(new.results, old).map { cast($0, to: $1, rewriter) })
    return true
  }

  // MARK: Copies, transposes, broadcasts

  static let copyPatterns: CanonicalizationPatterns = .init(
    RewritePattern("self-copy") { op, rewriter in
      guard op.operandCount == 2, op.operand(0) == op.operand(1) else { return false }
      if op.resultCount == 0 {
        rewriter.erase(op)
      } else {
        rewriter.replace(op, with: op.operand(0))
      }
      return true
    })

  /// Makes a structured operation with a body that hands on its input.
  private static func forwarding(
    _ definition: OpDefinition, _ input: Value, _ output: Value, _ attribute: String,
    _ dimensions: [Int], _ rewriter: PatternRewriter
  ) -> Operation? {
    try? rewriter.linalg(
      definition, inputs: [input], outputs: [output],
      attributes: [(attribute, rewriter.context.denseI64Array(dimensions))])
  }

  static let transposePatterns: CanonicalizationPatterns = .init(
    RewritePattern("linalg-transpose-of-transpose") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(transpose),
        inner.resultCount == 1, let first = inner.attribute("permutation")?.integers,
        let second = op.attribute("permutation")?.integers,
        let new = forwarding(
          transpose, inner.operand(0), op.operand(1), "permutation", second.map { first[$0] },
          rewriter)
      else { return false }
      rewriter.replace(op, with: new)
      return true
    },
    RewritePattern("linalg-transpose-of-broadcast", transposeOfBroadcast))

  /// A transpose of a broadcast is a broadcast of a transpose, which moves fewer elements.
  @Sendable private static func transposeOfBroadcast(
    _ op: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let inner = op.operand(0).definingOperation, inner.is(broadcast),
      op.operand(0).hasOneUse, op.resultCount == 1,
      let dimensions = inner.attribute("dimensions")?.integers,
      let permutation = op.attribute("permutation")?.integers
    else { return false }
    let source = inner.operand(0)
    let kept = permutation.indices.filter { !dimensions.contains($0) }
    // The source's dimensions in the order in which the result has them.
    let order = permutation.filter { !dimensions.contains($0) }.compactMap(kept.firstIndex(of:))
    let added = dimensions.compactMap { permutation.firstIndex(of: $0) }
    guard order.count == source.type.rank, added.count == dimensions.count else { return false }
    let sizes = source.type.shape.indices.map { IndexArithmetic.size(source, $0, rewriter) }
    let start = IndexArithmetic.empty(
      order.map { sizes[$0] }, source.type.elementType, rewriter)
    guard let moved = forwarding(transpose, source, start, "permutation", order, rewriter),
      let new = forwarding(
        broadcast, moved.result(), op.operand(1), "dimensions", added, rewriter)
    else { return false }
    rewriter.replace(op, with: new)
    return true
  }

  static let broadcastPatterns: CanonicalizationPatterns = .init(
    RewritePattern("identity-broadcast", identity),
    RewritePattern("linalg-broadcast-of-broadcast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(broadcast),
        inner.resultCount == 1, let first = inner.attribute("dimensions")?.integers,
        let second = op.attribute("dimensions")?.integers
      else { return false }
      let kept = (0..<op.operand(1).type.rank).filter { !second.contains($0) }
      let all = (second + first.map { kept[$0] }).sorted()
      guard
        let new = forwarding(
          broadcast, inner.operand(0), op.operand(1), "dimensions", all, rewriter)
      else { return false }
      rewriter.replace(op, with: new)
      return true
    })
}
