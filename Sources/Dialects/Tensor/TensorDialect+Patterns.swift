import MartletIR
import MartletRewriting

/// Canonicalisations that make new operations.
extension TensorDialect {
  /// The cast that only forgets sizes and defines `value`.
  private static func forgettingCast(_ value: Value) -> Operation? {
    guard let inner = value.definingOperation, inner.is(cast),
      inner.operand(0).type.isMoreStatic(than: value.type)
    else { return nil }
    return inner
  }

  static let castPatterns: CanonicalizationPatterns = .init(
    RewritePattern("chained-tensor-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast) else { return false }
      let (first, middle, last) = (inner.operand(0).type, inner.result().type, op.result().type)
      // The two casts check what one does not where the middle type is the more static.
      if first.hasRank, middle.hasRank, last.hasRank {
        for i in 0..<first.rank
        where middle.dimension(i) != Type.dynamic && first.dimension(i) == Type.dynamic
          && last.dimension(i) == Type.dynamic
        {
          return false
        }
      } else if middle.hasRank, !first.hasRank || !last.hasRank {
        if !(first.hasRank && middle.rank == first.rank) { return false }
      }
      guard areCastCompatible(first, last) else { return false }
      rewriter.replace(op, with: rewriter.create(cast, [inner.operand(0)], results: [last]))
      return true
    })

  static let dimPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dim-of-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast),
        inner.operand(0).type.hasRank
      else { return false }
      rewriter.replace(
        op,
        with: rewriter.create(
          dim, [inner.operand(0), op.operand(1)], results: [rewriter.context.index]))
      return true
    },
    RewritePattern("dim-of-destination") { op, rewriter in
      // The result of an update has the shape of what it updates.
      guard let inner = op.operand(0).definingOperation, inner.is(insert) || inner.is(insertSlice)
      else { return false }
      rewriter.replace(
        op,
        with: rewriter.create(
          dim, [inner.operand(1), op.operand(1)], results: [rewriter.context.index]))
      return true
    })

  /// A type with constants among `sizes` put in place of dynamic dimensions, and the sizes left.
  private static func withConstantSizes(_ type: Type, _ sizes: [Value]) -> (Type, [Value])? {
    var shape = type.shape
    var left: [Value] = []
    var next = 0
    var changed = false
    for i in shape.indices where shape[i] == Type.dynamic {
      guard next < sizes.count else { return nil }
      if let size = sizes[next].constantInteger, size >= 0 {
        shape[i] = size
        changed = true
      } else {
        left.append(sizes[next])
      }
      next += 1
    }
    return changed ? (type.cloned(shape: shape), left) : nil
  }

  static let emptyPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-sizes-of-empty") { op, rewriter in
      guard let (type, sizes) = withConstantSizes(op.result().type, Array(op.operands)) else {
        return false
      }
      let made = rewriter.create(empty, sizes, results: [type])
      rewriter.replace(
        op, with: rewriter.create(cast, [made.result()], results: [op.result().type]))
      return true
    })

  static let generatePatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-sizes-of-generate") { op, rewriter in
      guard let (type, sizes) = withConstantSizes(op.result().type, Array(op.operands)) else {
        return false
      }
      let made = rewriter.create(generate, sizes, results: [type])
      rewriter.inlineRegion(op.region(), into: made.region())
      rewriter.replace(
        op, with: rewriter.create(cast, [made.result()], results: [op.result().type]))
      return true
    })

  static let extractPatterns: CanonicalizationPatterns = .init(
    RewritePattern("extract-from-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast),
        inner.operand(0).type.isRankedTensor
      else { return false }
      rewriter.modifyInPlace(op) { op.setOperand(0, inner.operand(0)) }
      return true
    },
    RewritePattern("extract-from-generate") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(generate),
        let body = inner.region().firstBlock, let last = body.terminator,
        body.operations.allSatisfy({ $0 == last || $0.isMemoryEffectFree && $0.isSpeculatable })
      else { return false }
      var mapping = IRMapping()
      mapping.map(body.arguments, to: op.operands.dropFirst())
      for operation in body.operations where operation != last {
        rewriter.clone(operation, &mapping)
      }
      rewriter.replace(op, with: mapping.lookup(last.operand(0)))
      return true
    })

  /// Slices whose offsets, sizes or strides are values known to be constant.
  private static func withConstantEntries(_ op: Operation) -> [[MixedIndex]]? {
    let lists = [op.mixedOffsets, op.mixedSizes, op.mixedStrides]
    var changed = false
    let folded = lists.enumerated().map { (k, list) in
      list.map { entry in
        if case .value(let value) = entry, let constant = value.constantInteger,
          constant >= 0 || k == 2
        {
          changed = true
          return MixedIndex.constant(constant)
        }
        return entry
      }
    }
    return changed ? folded : nil
  }

  /// The attributes of a slice made of `lists`, and its index operands.
  static func sliceParts(_ context: Context, _ lists: [[MixedIndex]], leading: Int)
    -> (operands: [Value], attributes: [(String, Attribute)])
  {
    var operands: [Value] = []
    var attributes: [(String, Attribute)] = []
    var segments = Array(repeating: 1, count: leading)
    for (name, list) in zip(["static_offsets", "static_sizes", "static_strides"], lists) {
      let (statics, dynamics) = MixedIndex.split(list)
      attributes.append((name, context.denseI64Array(statics)))
      operands += dynamics
      segments.append(dynamics.count)
    }
    attributes.append(("operandSegmentSizes", context.denseI32Array(segments)))
    return (operands, attributes)
  }

  static let extractSlicePatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-entries-of-extract-slice") { op, rewriter in
      guard let lists = withConstantEntries(op) else { return false }
      let type = op.result().type
      let full = sliceType(op, of: op.operand(0).type)
      guard let dropped = TensorShapes.droppedDimensions(full.shape, type.shape) else {
        return false
      }
      let statics = MixedIndex.split(lists[1]).statics
      let shape = statics.indices.filter { !dropped.contains($0) }.map { statics[$0] }
      let parts = sliceParts(op.context, lists, leading: 1)
      let made = rewriter.create(
        extractSlice, [op.operand(0)] + parts.operands, results: [type.cloned(shape: shape)],
        attributes: parts.attributes)
      rewriter.replace(
        op, with: converted(made.result(), to: type, rewriter))
      return true
    },
    RewritePattern("extract-slice-of-cast") { op, rewriter in
      guard let inner = forgettingCast(op.operand(0)) else { return false }
      rewriter.modifyInPlace(op) { op.setOperand(0, inner.operand(0)) }
      return true
    })

  private static func converted(_ value: Value, to type: Type, _ rewriter: PatternRewriter) -> Value
  {
    value.type == type ? value : rewriter.create(cast, [value], results: [type]).result()
  }

  static let insertSlicePatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-entries-of-insert-slice") { op, rewriter in
      guard let lists = withConstantEntries(op) else { return false }
      let source = op.operand(0)
      let full = sliceType(op, of: op.operand(1).type)
      guard let dropped = TensorShapes.droppedDimensions(full.shape, source.type.shape) else {
        return false
      }
      let statics = MixedIndex.split(lists[1]).statics
      let shape = statics.indices.filter { !dropped.contains($0) }.map { statics[$0] }
      let parts = sliceParts(op.context, lists, leading: 2)
      let inserted = converted(source, to: source.type.cloned(shape: shape), rewriter)
      let made = rewriter.create(
        insertSlice, [inserted, op.operand(1)] + parts.operands, results: [op.result().type],
        attributes: parts.attributes)
      rewriter.replace(op, with: made)
      return true
    })

  // MARK: Shapes

  /// Two collapses in a row are one.
  static let collapsePatterns: CanonicalizationPatterns = .init(
    RewritePattern("compose-collapses") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(collapseShape),
        inner.operand(0).type.hasRank,
        let groups = TensorShapes.compose(
          TensorShapes.groups(inner.attribute("reassociation")),
          TensorShapes.groups(op.attribute("reassociation")))
      else { return false }
      let made = rewriter.create(
        collapseShape, [inner.operand(0)], results: [op.result().type],
        attributes: [("reassociation", TensorShapes.attribute(op.context, groups))])
      rewriter.replace(op, with: made)
      return true
    })

  /// Two expansions in a row are one.
  static let expandPatterns: CanonicalizationPatterns = .init(
    RewritePattern("compose-expansions") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(expandShape),
        let groups = TensorShapes.compose(
          TensorShapes.groups(op.attribute("reassociation")),
          TensorShapes.groups(inner.attribute("reassociation"))),
        let statics = op.attribute("static_output_shape")
      else { return false }
      let made = rewriter.create(
        expandShape, [inner.operand(0)] + op.operands.dropFirst(), results: [op.result().type],
        attributes: [
          ("reassociation", TensorShapes.attribute(op.context, groups)),
          ("static_output_shape", statics),
        ])
      rewriter.replace(op, with: made)
      return true
    })

}
