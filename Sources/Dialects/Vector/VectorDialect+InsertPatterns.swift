import MartletIR
import MartletRewriting

/// Canonicalisations of inserts and strided slices.
extension VectorDialect {
  static let insertPatterns: CanonicalizationPatterns = .init(
    RewritePattern("insert-of-everything") { op, rewriter in
      let (from, to) = (op.operand(0).type, op.result().type)
      guard from.isVector, from.elementCount == to.elementCount, isBroadcastable(from, to: to)
      else { return false }
      rewriter.replace(op, with: broadcast, [op.operand(0)])
      return true
    },
    RewritePattern("insert-of-splat-into-splat") { op, rewriter in
      guard let value = splatSource(op.operand(0)), splatSource(op.operand(1)) == value else {
        return false
      }
      rewriter.replace(op, with: broadcast, [value])
      return true
    },
    RewritePattern("inserts-of-all-elements", insertsOfAllElements))

  /// A chain of inserts that sets each element makes the vector from its elements.
  @Sendable private static func insertsOfAllElements(
    _ op: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    let type = op.result().type
    guard type.scalableMask == 0, let count = type.elementCount else { return false }
    // Only the last insert of a chain.
    for use in op.result().uses where use.owner.is(insert) && use.index == 1 { return false }
    var chain: [Operation] = []
    var current: Operation? = op
    while let insert = current, insert.is(Self.insert) {
      if chain.count > 0, !insert.result().hasOneUse { return false }
      if position(insert).contains(where: { $0 < 0 }) { return false }
      chain.append(insert)
      current = insert.operand(1).definingOperation
    }
    let strides = RowMajor.strides(type.shape)
    var isSet = Array(repeating: false, count: count)
    var missing = count
    var parts: [(start: Int, value: Value)] = []
    for insert in chain {
      let start = RowMajor.linear(position(insert), strides)
      let value = insert.operand(0)
      let size = value.type.isVector ? value.type.elementCount ?? 0 : 1
      for i in start..<start + size where !isSet[i] {
        isSet[i] = true
        missing -= 1
      }
      parts.append((start, value))
      if missing == 0 { break }
    }
    guard missing == 0 else { return false }
    var elements = Array(repeating: op.operand(0), count: count)
    for (start, value) in parts.reversed() {
      guard value.type.isVector else {
        elements[start] = value
        continue
      }
      let all = rewriter.createInferring(toElements, [value])
      for (i, result) in all.results.enumerated() { elements[start + i] = result }
    }
    rewriter.replace(op, with: fromElements, elements)
    return true
  }

  static let insertStridedSlicePatterns: CanonicalizationPatterns = .init(
    RewritePattern("insert-slice-of-splat-into-splat") { op, rewriter in
      guard let value = splatSource(op.operand(0)), splatSource(op.operand(1)) == value else {
        return false
      }
      rewriter.replace(op, with: op.operand(1))
      return true
    },
    RewritePattern("insert-slice-back") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(extractStridedSlice),
        inner.operand(0) == op.operand(1),
        inner.attribute("strides") == op.attribute("strides"),
        inner.attribute("offsets") == op.attribute("offsets")
      else { return false }
      rewriter.replace(op, with: op.operand(1))
      return true
    },
    RewritePattern("insert-constant-slice") { op, rewriter in
      let type = op.result().type
      guard let dest = dense(op.operand(1)), let part = dense(op.operand(0)),
        type.scalableMask == 0, hasUnitStrides(op),
        dest.count <= largestCopiedConstant || op.operand(1).hasOneUse
      else { return false }
      let lead = type.rank - part.type.rank
      let sizes = Array(repeating: 1, count: lead) + part.type.shape
      let positions = RowMajor.box(integers(op, "offsets"), sizes, in: type.shape)
      let value = replacing(dest, at: positions, by: part)
      rewriter.replace(op, with: ConstantOp.create(rewriter, value))
      return true
    })

  static let extractStridedSlicePatterns: CanonicalizationPatterns = .init(
    RewritePattern("slice-of-create-mask") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(createMask), hasUnitStrides(op)
      else { return false }
      let offsets = integers(op, "offsets")
      // A mask counts from its start, and takes sizes below 0 and past its end.
      let sizes = inner.operands.enumerated().map { i, size in
        guard i < offsets.count else { return size }
        let offset = ConstantOp.index(rewriter, offsets[i])
        return rewriter.create(Arith.subi, [size, offset], results: [size.type]).result()
      }
      rewriter.replace(op, with: createMask, sizes)
      return true
    },
    RewritePattern("slice-of-constant-mask") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(constantMask),
        hasUnitStrides(op), var masked = inner.attribute("mask_dim_sizes")?.integers
      else { return false }
      for (i, (offset, size)) in zip(integers(op, "offsets"), integers(op, "sizes")).enumerated() {
        masked[i] = max(0, min(offset + size, masked[i]) - offset)
      }
      if masked.contains(0) { masked = masked.map { _ in 0 } }
      rewriter.replace(
        op, with: constantMask, [],
        attributes: [("mask_dim_sizes", op.context.denseI64Array(masked))])
      return true
    },
    RewritePattern("slice-of-broadcast", sliceOfBroadcast),
    RewritePattern("slice-of-splat") { op, rewriter in
      guard let value = splatSource(op.operand(0)) else { return false }
      rewriter.replace(op, with: broadcast, [value])
      return true
    },
    RewritePattern("contiguous-slice", contiguousSlice))

  @Sendable private static func sliceOfBroadcast(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    guard let inner = op.operand(0).definingOperation, inner.is(broadcast) else { return false }
    let type = op.result().type
    var source = inner.operand(0)
    let from = source.type
    let rank = from.isVector ? from.rank : 0
    let lead = type.rank - rank
    let needsSlice = (0..<rank).contains {
      from.dimension($0) != 1 && from.dimension($0) != type.dimension(lead + $0)
    }
    if needsSlice {
      var offsets = Array(integers(op, "offsets").dropFirst(lead))
      var sizes = Array(integers(op, "sizes").dropFirst(lead))
      let strides = Array(integers(op, "strides").dropFirst(lead))
      for i in offsets.indices where from.dimension(i) == 1 { (offsets[i], sizes[i]) = (0, 1) }
      let shape = (0..<rank).map { $0 < sizes.count ? sizes[$0] : from.dimension($0) }
      let context = op.context
      source =
        rewriter.create(
          extractStridedSlice, [source],
          results: [context.vector(shape, from.elementType, scalable: from.scalableMask)],
          attributes: [
            ("offsets", integerArray(context, offsets)), ("sizes", integerArray(context, sizes)),
            ("strides", integerArray(context, strides)),
          ]
        ).result()
    }
    rewriter.replace(op, with: broadcast, [source])
    return true
  }

  /// A slice that is one run of elements is an extract, given the slice's shape.
  @Sendable private static func contiguousSlice(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    let from = op.operand(0).type
    guard hasUnitStrides(op), from.scalableMask == 0, from.rank > 0 else { return false }
    let sizes = integers(op, "sizes")
    var count = sizes.count
    while count > 0, sizes[count - 1] == from.dimension(count - 1) { count -= 1 }
    guard count > 0, count < from.rank, sizes[..<count].allSatisfy({ $0 == 1 }) else {
      return false
    }
    // The shape cast is simpler where the extract has no leading dimensions of size 1.
    while count < sizes.count - 1, sizes[count] == 1 { count += 1 }
    let position = Array(integers(op, "offsets").prefix(count))
    let part = rewriter.create(
      extract, [op.operand(0)],
      results: [op.context.vector(Array(from.shape[count...]), from.elementType)],
      attributes: [("static_position", op.context.denseI64Array(position))])
    rewriter.replace(op, with: shapeCast, [part.result()])
    return true
  }
}
