import MartletDialects
import MartletIR
import MartletRewriting

/// Rewrites that compute no more of a result than slices take.
let slicePropagationPatterns: [RewritePattern] = [
  RewritePattern("compose-slices", root: TensorDialect.extractSlice, benefit: 3) { op, rewriter in
    guard let inner = op.operand(0).definingOperation, inner.is(TensorDialect.extractSlice),
      inner.result().type.rank == inner.operand(0).type.rank,
      let outer = StaticSlice(op), let first = StaticSlice(inner),
      op.result().type.rank == op.operand(0).type.rank
    else { return false }
    rewriter.setInsertionPoint(before: op)
    let offsets = zip(first.offsets, outer.offsets).map { $0 &+ $1 }
    rewriter.replace(
      op,
      with: createSlice(
        rewriter, inner.operand(0), offsets: offsets.map { .constant($0) },
        sizes: outer.sizes.map { .constant($0) },
        strides: outer.sizes.map { _ in .constant(1) }, shape: outer.sizes))
    return true
  },
  RewritePattern("slice-of-empty", root: TensorDialect.extractSlice, benefit: 3) { op, rewriter in
    guard let inner = op.operand(0).definingOperation, inner.is(TensorDialect.empty),
      op.result().type.hasStaticShape
    else { return false }
    rewriter.setInsertionPoint(before: op)
    rewriter.replace(op, with: rewriter.create(TensorDialect.empty, results: [op.result().type]))
    return true
  },
  RewritePattern("slice-of-insertion", root: TensorDialect.extractSlice, benefit: 2) {
    op, rewriter in sliceInsertion(op, rewriter)
  },
  RewritePattern("slice-of-unit-expansion", root: TensorDialect.extractSlice, benefit: 2) {
    op, rewriter in
    guard let slice = StaticSlice(op), let expand = op.operand(0).definingOperation,
      expand.is(TensorDialect.expandShape), expand.isStaticReshape, expand.result().hasOneUse,
      !slice.sizes.contains(0)
    else { return false }
    let groups = TensorShapes.groups(expand.attribute("reassociation"))
    let shape = expand.result().type.shape
    // The dimension of each group that is not 1; the first where all are.
    let kept = groups.map { group in group.first { shape[$0] != 1 } ?? group.first ?? 0 }
    guard groups.allSatisfy({ $0.count { shape[$0] != 1 } <= 1 }), !groups.isEmpty else {
      return false
    }
    rewriter.setInsertionPoint(before: op)
    let source = expand.operand(0)
    let part = slice.part(rewriter, of: source, dimensions: kept)
    guard Reshaping.takesOneStep(part.type.shape, slice.sizes) else { return false }
    rewriter.replace(op, with: Reshaping.step(rewriter, part, slice.sizes))
    return true
  },
  RewritePattern("compute-sliced-part", root: .traits(.structured), benefit: 1) { op, rewriter in
    computeSlicedPart(op, rewriter)
  },
]

/// An `extract_slice` of constant offsets and sizes and unit strides that keeps all dimensions.
private struct StaticSlice {
  let operation: Operation
  let offsets: [Int]
  let sizes: [Int]

  init?(_ operation: Operation) {
    guard operation.is(TensorDialect.extractSlice),
      operation.result().type.rank == operation.operand(0).type.rank,
      operation.mixedStrides.allSatisfy({ $0.constantValue == 1 })
    else { return nil }
    let offsets = operation.mixedOffsets.compactMap(\.constantValue)
    let sizes = operation.mixedSizes.compactMap(\.constantValue)
    guard offsets.count == operation.result().type.rank, sizes == operation.result().type.shape
    else { return nil }
    self.operation = operation
    self.offsets = offsets
    self.sizes = sizes
  }

  /// The same part of `source`, whose dimensions are the given ones of the slice.
  func part(_ rewriter: PatternRewriter, of source: Value, dimensions: [Int]) -> Value {
    createPart(
      rewriter, source, offsets: dimensions.map { offsets[$0] },
      sizes: dimensions.map { sizes[$0] })
  }
}

private func createPart(
  _ rewriter: PatternRewriter, _ source: Value, offsets: [Int], sizes: [Int]
) -> Value {
  if sizes == source.type.shape { return source }
  return createSlice(
    rewriter, source, offsets: offsets.map { .constant($0) },
    sizes: sizes.map { .constant($0) }, strides: sizes.map { _ in .constant(1) }, shape: sizes)
}

/// A slice of a tensor into which another was inserted: a slice of either, or the parts of both.
private func sliceInsertion(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
  guard let slice = StaticSlice(op), let insert = op.operand(0).definingOperation,
    insert.is(TensorDialect.insertSlice), insert.result().hasOneUse,
    insert.operand(0).type.rank == insert.operand(1).type.rank,
    insert.operand(0).type.hasStaticShape,
    insert.mixedStrides.allSatisfy({ $0.constantValue == 1 })
  else { return false }
  let (source, dest) = (insert.operand(0), insert.operand(1))
  let offsets = insert.mixedOffsets.compactMap(\.constantValue)
  let shape = source.type.shape
  guard offsets.count == shape.count else { return false }
  let all = Array(shape.indices)
  let low = all.map { max(offsets[$0], slice.offsets[$0]) }
  let high = all.map { min(offsets[$0] &+ shape[$0], slice.offsets[$0] &+ slice.sizes[$0]) }
  rewriter.setInsertionPoint(before: op)
  if all.contains(where: { low[$0] >= high[$0] }) {
    rewriter.replace(op, with: slice.part(rewriter, of: dest, dimensions: all))
    return true
  }
  let extents = all.map { high[$0] - low[$0] }
  let inner = createPart(
    rewriter, source, offsets: all.map { low[$0] - offsets[$0] }, sizes: extents)
  if extents == slice.sizes {
    rewriter.replace(op, with: inner)
    return true
  }
  let context = op.context
  let outer = slice.part(rewriter, of: dest, dimensions: all)
  let made = rewriter.create(
    TensorDialect.insertSlice, [inner, outer], results: [outer.type],
    attributes: [
      ("static_offsets", context.denseI64Array(all.map { low[$0] - slice.offsets[$0] })),
      ("static_sizes", context.denseI64Array(extents)),
      ("static_strides", context.denseI64Array(extents.map { _ in 1 })),
      ("operandSegmentSizes", context.denseI32Array([1, 1, 0, 0, 0])),
    ])
  rewriter.replace(op, with: made)
  return true
}

/// An `extract_slice` that keeps all dimensions.
func createSlice(
  _ rewriter: PatternRewriter, _ source: Value, offsets: [MixedIndex], sizes: [MixedIndex],
  strides: [MixedIndex], shape: [Int]
) -> Value {
  let context = rewriter.context
  let (staticOffsets, dynamicOffsets) = MixedIndex.split(offsets)
  let (staticSizes, dynamicSizes) = MixedIndex.split(sizes)
  let (staticStrides, dynamicStrides) = MixedIndex.split(strides)
  return rewriter.create(
    TensorDialect.extractSlice, [source] + dynamicOffsets + dynamicSizes + dynamicStrides,
    results: [source.type.cloned(shape: shape)],
    attributes: [
      ("static_offsets", context.denseI64Array(staticOffsets)),
      ("static_sizes", context.denseI64Array(staticSizes)),
      ("static_strides", context.denseI64Array(staticStrides)),
      (
        "operandSegmentSizes",
        context.denseI32Array([
          1, dynamicOffsets.count, dynamicSizes.count, dynamicStrides.count,
        ])
      ),
    ]
  ).result()
}

/// Where only slices of a result are used, computes the smallest box around them.
private func computeSlicedPart(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
  guard let view = LinalgOp(op), op.resultCount == 1, view.outputCount == 1,
    view.hasTensorSemantics, !view.usesIndices, op.result().hasUses,
    op.operands.allSatisfy({
      !$0.type.isRankedTensor || $0.type.hasStaticShape && $0.type.encoding == nil
    })
  else { return false }
  var slices: [StaticSlice] = []
  for use in op.result().uses {
    guard let slice = StaticSlice(use.owner) else { return false }
    slices.append(slice)
  }
  let shape = op.result().type.shape
  let maps = view.indexingMaps
  guard let outputLoops = maps[view.inputCount].projectedDimensions,
    maps[view.inputCount].isProjectedPermutation
  else { return false }
  let starts = shape.indices.map { d in slices.map { $0.offsets[d] }.min() ?? 0 }
  let ends = shape.indices.map { d in slices.map { $0.offsets[d] &+ $0.sizes[d] }.max() ?? 0 }
  let sizes = zip(starts, ends).map { $1 &- $0 }
  guard sizes != shape, sizes.allSatisfy({ $0 > 0 }), starts.allSatisfy({ $0 >= 0 }),
    zip(ends, shape).allSatisfy({ $0 <= $1 })
  else { return false }

  // The part of each loop that is left.
  var first = Array(repeating: 0, count: view.loopCount)
  var last: [Int] = []
  for range in view.staticLoopRanges {
    guard let range, range > 0 else { return false }
    last.append(range - 1)
  }
  for (d, loop) in outputLoops.enumerated() {
    first[loop] = starts[d]
    last[loop] = ends[d] - 1
  }
  var parts: [(offsets: [Int], sizes: [Int])?] = []
  for (operand, map) in zip(op.operands, maps) {
    guard operand.type.isRankedTensor else {
      parts.append(nil)
      continue
    }
    guard map.results.allSatisfy(isIncreasing), let low = map.evaluate(first),
      let high = map.evaluate(last)
    else { return false }
    let extents = zip(low, high).map { $1 - $0 + 1 }
    let fits = zip(zip(low, high), operand.type.shape).allSatisfy { $0.0 >= 0 && $0.1 < $1 }
    guard fits else { return false }
    parts.append((low, extents))
  }

  let old = Array(slices)
  rewriter.setInsertionPoint(before: op)
  let operands = zip(op.operands, parts).map { operand, part -> Value in
    guard let part, part.sizes != operand.type.shape else { return operand }
    return createSlice(
      rewriter, operand, offsets: part.offsets.map { .constant($0) },
      sizes: part.sizes.map { .constant($0) }, strides: part.sizes.map { _ in .constant(1) },
      shape: part.sizes)
  }
  var mapping = IRMapping()
  mapping.map(op.operands, to: operands)
  let made = op.clone(&mapping)
  made.result().type = op.result().type.cloned(shape: sizes)
  for (i, operand) in operands.enumerated() { made.setOperand(i, operand) }
  rewriter.insert(made)
  for slice in old {
    rewriter.setInsertionPoint(before: slice.operation)
    let part = zip(slice.offsets, starts).map { $0 - $1 }
    let value =
      slice.sizes == sizes
      ? made.result()
      : createSlice(
        rewriter, made.result(), offsets: part.map { .constant($0) },
        sizes: slice.sizes.map { .constant($0) },
        strides: slice.sizes.map { _ in .constant(1) }, shape: slice.sizes)
    rewriter.replace(slice.operation, with: value)
  }
  rewriter.erase(op)
  return true
}

/// Whether an expression does not decrease in any dimension.
private func isIncreasing(_ expr: AffineExpr) -> Bool {
  switch expr.kind {
  case .dimension, .constant: return true
  case .add: return isIncreasing(expr.left) && isIncreasing(expr.right)
  case .mul: return isIncreasing(expr.left) && expr.right.constantValue ?? -1 >= 0
  default: return false
  }
}
