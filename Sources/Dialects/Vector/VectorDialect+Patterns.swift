import MartletIR
import MartletRewriting

/// Canonicalisations of operations that move elements.
extension VectorDialect {
  /// Replaces `op` by a broadcast of `value` to its type.
  private static func replaceByBroadcast(
    _ op: Operation, _ value: Value, _ rewriter: PatternRewriter
  ) -> Bool {
    rewriter.replace(op, with: broadcast, [value])
    return true
  }

  // MARK: Extract

  static let extractPatterns: CanonicalizationPatterns = .init(
    RewritePattern("extract-of-broadcast") { op, rewriter in
      guard op.result().type.isVector, let inner = op.operand(0).definingOperation,
        isBroadcastLike(inner), isBroadcastable(inner.operand(0).type, to: op.result().type)
      else { return false }
      return replaceByBroadcast(op, inner.operand(0), rewriter)
    },
    RewritePattern("extract-of-create-mask", extractOfCreateMask),
    RewritePattern("extract-of-shape-cast") { op, rewriter in
      let type = op.result().type
      guard type.isVector, let inner = op.operand(0).definingOperation, inner.is(shapeCast),
        inner.operand(0).type.elementCount == type.elementCount,
        inner.operand(0).type.scalableMask.nonzeroBitCount == type.scalableMask.nonzeroBitCount
      else { return false }
      rewriter.replace(op, with: shapeCast, [inner.operand(0)])
      return true
    },
    RewritePattern("extract-of-from-elements") { op, rewriter in
      let type = op.result().type
      let position = position(op)
      guard type.isVector, !position.contains(Type.dynamic), !position.contains(-1),
        let inner = op.operand(0).definingOperation, inner.is(fromElements),
        let count = type.elementCount
      else { return false }
      let start = RowMajor.linear(position, RowMajor.strides(inner.result().type.shape))
      rewriter.replace(op, with: fromElements, Array(inner.operands.dropFirst(start).prefix(count)))
      return true
    })

  @Sendable private static func extractOfCreateMask(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    let type = op.result().type
    guard type.isVector, let inner = op.operand(0).definingOperation, inner.is(createMask) else {
      return false
    }
    let position = position(op)
    var isClear = format(of: op.operand(0)) == .allFalse
    var isUnknown = false
    for (i, at) in position.enumerated() where !isClear {
      guard let bound = inner.operand(i).constantInteger else {
        isUnknown = true
        continue
      }
      if at != Type.dynamic {
        isClear = at >= bound
      } else if bound < inner.result().type.dimension(i) || isScalable(inner.result().type, i) {
        isUnknown = true
      }
    }
    if isClear {
      guard let value = splat(type, bits: 0) else { return false }
      rewriter.replace(op, with: ConstantOp.create(rewriter, value))
      return true
    }
    if isUnknown { return false }
    rewriter.replace(op, with: createMask, Array(inner.operands.dropFirst(position.count)))
    return true
  }

  // MARK: Elements

  static let toElementsPatterns: CanonicalizationPatterns = .init(
    RewritePattern("to-elements-of-broadcast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(broadcast),
        inner.operand(0).type.isVector
      else { return false }
      let (from, to) = (inner.operand(0).type.shape, op.operand(0).type.shape)
      let source = rewriter.createInferring(toElements, [inner.operand(0)])
      let (fromStrides, toStrides) = (RowMajor.strides(from), RowMajor.strides(to))
      let values = op.results.indices.map { i in
        let at = RowMajor.position(i, toStrides).suffix(from.count)
        return source.result(
          RowMajor.linear(zip(from, at).map { $0 == 1 ? 0 : $1 }, fromStrides))
      }
      rewriter.replace(op, with: values)
      return true
    })

  static let fromElementsPatterns: CanonicalizationPatterns = .init(
    RewritePattern("from-equal-elements") { op, rewriter in
      guard let first = op.operands.first, op.operands.allSatisfy({ $0 == first }) else {
        return false
      }
      return replaceByBroadcast(op, first, rewriter)
    },
    RewritePattern("from-extracted-elements", fromExtractedElements))

  /// The elements of the last dimensions of one vector, in order, are a shape cast of an extract.
  @Sendable private static func fromExtractedElements(
    _ op: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    let count = op.operandCount
    guard count > 1, let first = op.operand(0).definingOperation, first.is(extract) else {
      return false
    }
    let source = first.operand(0)
    let shape = source.type.shape
    let start = position(first)
    guard start.count == shape.count, source.type.scalableMask == 0 else { return false }
    var suffix = 1
    var lead = start.count
    while lead > 0, start[lead - 1] == 0, suffix < count {
      lead -= 1
      suffix *= shape[lead]
    }
    guard suffix == count, !start.contains(Type.dynamic) else { return false }
    let strides = RowMajor.strides(shape)
    let origin = RowMajor.linear(start, strides)
    for i in 1..<count {
      guard let element = op.operand(i).definingOperation, element.is(extract),
        element.operand(0) == source,
        position(element) == RowMajor.position(origin + i, strides)
      else { return false }
    }
    let type = op.context.vector(Array(shape[lead...]), source.type.elementType)
    let part = rewriter.createOrFold(
      extract, [source], results: [type],
      attributes: [("static_position", op.context.denseI64Array(Array(start[..<lead])))])
    rewriter.replace(op, with: shapeCast, part)
    return true
  }

  // MARK: Broadcast, shape cast

  static let broadcastPatterns: CanonicalizationPatterns = .init(
    RewritePattern("broadcast-of-broadcast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(broadcast) else { return false }
      return replaceByBroadcast(op, inner.operand(0), rewriter)
    })

  static let shapeCastPatterns: CanonicalizationPatterns = .init(
    RewritePattern("shape-cast-of-mask", shapeCastOfMask),
    RewritePattern("shape-cast-of-broadcast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(broadcast) else { return false }
      let source = inner.operand(0)
      let type = op.result().type
      if source.type.isVector, source.type.elementCount == type.elementCount,
        source.type.scalableMask.nonzeroBitCount == type.scalableMask.nonzeroBitCount
      {
        rewriter.replace(op, with: shapeCast, [source])
        return true
      }
      guard !source.type.isVector || isBroadcastable(source.type, to: type) else { return false }
      return replaceByBroadcast(op, source, rewriter)
    })

  /// Trailing dimensions of size 1, all set, are dropped from the mask itself.
  @Sendable private static func shapeCastOfMask(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    guard let inner = op.operand(0).definingOperation,
      inner.is(createMask) || inner.is(constantMask)
    else { return false }
    let (from, to) = (op.operand(0).type, op.result().type)
    var kept = from.rank
    while kept > 0, from.dimension(kept - 1) == 1, !isScalable(from, kept - 1) { kept -= 1 }
    if kept == 0 {
      // At least one dimension stays.
      kept = 1
    }
    let scalable = from.scalableMask & ((1 << UInt64(kept)) - 1)
    guard kept < from.rank,
      to == op.context.vector(Array(from.shape[..<kept]), from.elementType, scalable: scalable)
    else { return false }
    if inner.is(createMask) {
      guard inner.operands.dropFirst(kept).allSatisfy({ $0.constantInteger == 1 }) else {
        return false
      }
      rewriter.replace(op, with: createMask, Array(inner.operands.prefix(kept)))
      return true
    }
    let sizes = inner.attribute("mask_dim_sizes")?.integers ?? []
    guard sizes.dropFirst(kept).allSatisfy({ $0 == 1 }) else { return false }
    rewriter.replace(
      op, with: constantMask, [],
      attributes: [("mask_dim_sizes", op.context.denseI64Array(Array(sizes.prefix(kept))))])
    return true
  }

  // MARK: Shuffle

  static let shufflePatterns: CanonicalizationPatterns = .init(
    RewritePattern("shuffle-of-splats") { op, rewriter in
      guard let value = splatSource(op.operand(0)), splatSource(op.operand(1)) == value else {
        return false
      }
      return replaceByBroadcast(op, value, rewriter)
    },
    RewritePattern("shuffle-that-interleaves") { op, rewriter in
      let type = op.operand(0).type
      let mask = op.attribute("mask")?.integers ?? []
      guard type.rank <= 1, type == op.operand(1).type,
        mask.count == 2 * (type.elementCount ?? 0)
      else { return false }
      let half = mask.count / 2
      guard (0..<half).allSatisfy({ mask[2 * $0] == $0 && mask[2 * $0 + 1] == half + $0 }) else {
        return false
      }
      rewriter.replace(op, with: interleave, Array(op.operands))
      return true
    },
    RewritePattern("shuffle-of-rank-0") { op, rewriter in
      let mask = op.attribute("mask")?.integers ?? []
      guard op.operand(0).type.rank == 0, mask.count == 1 else { return false }
      return replaceByBroadcast(op, op.operand(mask[0] == 0 ? 0 : 1), rewriter)
    })

  // MARK: Transpose

  static let transposePatterns: CanonicalizationPatterns = .init(
    RewritePattern("transpose-of-mask") { op, rewriter in
      guard let inner = op.operand(0).definingOperation else { return false }
      let permutation = op.attribute("permutation")?.integers ?? []
      if inner.is(createMask) {
        rewriter.replace(op, with: createMask, permutation.map { inner.operand($0) })
        return true
      }
      guard inner.is(constantMask), let sizes = inner.attribute("mask_dim_sizes")?.integers else {
        return false
      }
      rewriter.replace(
        op, with: constantMask, [],
        attributes: [("mask_dim_sizes", op.context.denseI64Array(permutation.map { sizes[$0] }))])
      return true
    },
    RewritePattern("transpose-of-shape-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(shapeCast),
        isOrderPreserving(op)
      else { return false }
      rewriter.replace(op, with: shapeCast, [inner.operand(0)])
      return true
    },
    RewritePattern("transpose-of-transpose") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(transpose),
        let first = inner.attribute("permutation")?.integers,
        let second = op.attribute("permutation")?.integers
      else { return false }
      rewriter.replace(
        op, with: transpose, [inner.operand(0)],
        attributes: [("permutation", op.context.denseI64Array(second.map { first[$0] }))])
      return true
    },
    RewritePattern("transpose-of-splat") { op, rewriter in
      guard let value = splatSource(op.operand(0)) else { return false }
      return replaceByBroadcast(op, value, rewriter)
    },
    RewritePattern("transpose-of-from-elements") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(fromElements),
        let permutation = op.attribute("permutation")?.integers
      else { return false }
      let from = RowMajor.strides(inner.result().type.shape)
      let to = RowMajor.strides(op.result().type.shape)
      let elements = inner.operands.indices.map { i in
        let at = RowMajor.position(i, to)
        let source = zip(permutation, at).reduce(0) { $0 + from[$1.0] * $1.1 }
        return inner.operand(source)
      }
      rewriter.replace(op, with: fromElements, elements)
      return true
    },
    RewritePattern("transpose-of-broadcast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(broadcast),
        permutesWithinStretches(op, of: inner.operand(0).type)
      else { return false }
      return replaceByBroadcast(op, inner.operand(0), rewriter)
    })

  /// Whether a transpose of a broadcast of `source` moves dimensions only among neighbours that the broadcast
  /// made or stretched.
  private static func permutesWithinStretches(_ op: Operation, of source: Type) -> Bool {
    guard source.isVector else { return true }
    let permutation = op.attribute("permutation")?.integers ?? []
    let lead = op.result().type.rank - source.rank
    let isFixed = source.shape.indices.map { source.dimension($0) != 1 || isScalable(source, $0) }
    var low = 0
    for i in isFixed.indices where isFixed[i] || i > 0 && isFixed[i - 1] {
      let high = lead + i
      if permutation[low..<high].contains(where: { $0 < low || $0 >= high }) { return false }
      low = high
    }
    return permutation[low...].allSatisfy { $0 >= low }
      && isBroadcastable(source, to: op.result().type)
  }
}
