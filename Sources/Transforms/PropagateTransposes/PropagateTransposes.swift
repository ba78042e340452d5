import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Moves transposes and reshapes of unit dimensions towards the end, through what works element by element,
  /// padding and slices, until they meet others and cancel.
  ///
  ///     %0 = linalg.transpose ins(%x) outs(%e0) permutation = [0, 2, 1]       %0 = tensor.pad %x ...
  ///     %1 = linalg.exp ins(%0) outs(%e1)                               ->    (of linalg.exp of %x)
  ///     %2 = linalg.transpose ins(%1) outs(%e2) permutation = [0, 2, 1]
  ///     %3 = tensor.pad %2 ...
  ///
  /// A transpose that moves dimensions of size 1 alone becomes a reshape; one of a constant is done here. A
  /// structured operation of whose result only slices are used computes what these need (`slices=false` leaves
  /// that out).
  public static let propagateTransposes = Pass(
    "propagate-transposes", name: "PropagateTransposes",
    "Move transposes down until they cancel",
    options: [
      .bool("slices", default: true, "Compute only the parts of results that slices take")
    ], dependentDialects: ["arith", "linalg", "tensor"]
  ) { (operation, state) throws(Reported) in
    var patterns = transposePropagationPatterns
    if state.options.bool("slices") { patterns += slicePropagationPatterns }
    let result = applyPatternsGreedily(
      to: operation, FrozenPatternSet(patterns, operation.context))
    state.isUnchanged = !result.changed
  }
}

/// A `linalg.transpose` of tensors of static shape.
struct Transposition {
  let operation: Operation
  /// Dimension i of the result is dimension `permutation[i]` of the input.
  let permutation: [Int]

  init?(_ operation: Operation?) {
    guard let operation, operation.is(Linalg.transpose), operation.resultCount == 1,
      operation.operand(0).type.hasStaticShape, operation.result().type.hasStaticShape,
      let permutation = operation.attribute("permutation")?.integers
    else { return nil }
    self.operation = operation
    self.permutation = permutation
  }

  var input: Value { operation.operand(0) }

  /// A list per dimension of the result as one per dimension of the input.
  func inInputOrder<Element>(_ list: [Element]) -> [Element] {
    var moved = list
    for (i, p) in permutation.enumerated() { moved[p] = list[i] }
    return moved
  }

  static func create(_ rewriter: PatternRewriter, _ value: Value, _ permutation: [Int]) -> Value {
    if permutation == Array(permutation.indices) { return value }
    let type = value.type.cloned(shape: permutation.map { value.type.dimension($0) })
    let empty = rewriter.create(TensorDialect.empty, results: [type]).result()
    let made = rewriter.create(
      Linalg.transpose, [value, empty], results: [type],
      attributes: [("permutation", rewriter.context.denseI64Array(permutation))])
    let block = made.region().addBlock(
      arguments: [type.elementType, type.elementType])
    rewriter.at(.atEnd(of: block)) { rewriter.create(Linalg.yield, [block.argument(0)]) }
    return made.result()
  }
}

/// The rewrites of `propagate-transposes` but for those of slices.
let transposePropagationPatterns: [RewritePattern] = [
  RewritePattern("compose-transposes", root: Linalg.transpose, benefit: 4) { op, rewriter in
    guard let outer = Transposition(op), let inner = Transposition(outer.input.definingOperation)
    else { return false }
    let permutation = outer.permutation.map { inner.permutation[$0] }
    rewriter.setInsertionPoint(before: op)
    rewriter.replace(op, with: Transposition.create(rewriter, inner.input, permutation))
    return true
  },
  RewritePattern("transpose-of-unit-dimensions", root: Linalg.transpose, benefit: 3) {
    op, rewriter in
    guard let view = Transposition(op), view.input.type.encoding == nil else { return false }
    let shape = view.input.type.shape
    let moved = view.permutation.filter { shape[$0] != 1 }
    guard moved == moved.sorted(), !shape.contains(0) else { return false }
    rewriter.setInsertionPoint(before: op)
    rewriter.replace(
      op, with: Reshaping.moveUnits(rewriter, view.input, to: op.result().type.shape))
    return true
  },
  RewritePattern("transpose-of-uniform", root: Linalg.transpose, benefit: 3) { op, rewriter in
    guard let view = Transposition(op), let definer = view.input.definingOperation else {
      return false
    }
    rewriter.setInsertionPoint(before: op)
    if definer.is(TensorDialect.empty) {
      rewriter.replace(
        op, with: rewriter.create(TensorDialect.empty, results: [op.result().type]))
      return true
    }
    if definer.is(Linalg.fill) {
      let empty = rewriter.create(TensorDialect.empty, results: [op.result().type]).result()
      guard
        let filled = try? rewriter.linalg(
          Linalg.fill, inputs: [definer.operand(0)], outputs: [empty])
      else { return false }
      rewriter.replace(op, with: filled)
      return true
    }
    guard let value = definer.constantValue,
      let moved = transposed(value, view.permutation, op.result().type)
    else { return false }
    rewriter.replace(op, with: ConstantOp.create(rewriter, moved))
    return true
  },
  RewritePattern("elementwise-of-transposed", root: .traits(.structured), benefit: 2) {
    op, rewriter in sinkTransposes(op, rewriter)
  },
  RewritePattern("pad-of-transposed", root: TensorDialect.pad, benefit: 2) { op, rewriter in
    guard let view = Transposition(op.operand(0).definingOperation),
      canSink(view.operation), op.result().type.hasStaticShape,
      let yielded = op.region().firstBlock?.terminator?.operand(0),
      !yielded.isBlockArgument
        || yielded.owningBlock?.parentOperation != op
    else { return false }
    // What is padded with must not depend on where.
    if let inner = yielded.definingOperation, inner.parent == op, !inner.has(.constantLike) {
      return false
    }
    let low = MixedIndex.list(
      op.attribute("static_low")?.integers ?? [], op.operandGroup(1))
    let high = MixedIndex.list(
      op.attribute("static_high")?.integers ?? [], op.operandGroup(2))
    let (staticLow, dynamicLow) = MixedIndex.split(view.inInputOrder(low))
    let (staticHigh, dynamicHigh) = MixedIndex.split(view.inInputOrder(high))
    let context = op.context
    rewriter.setInsertionPoint(before: op)
    var attributes = [
      ("static_low", context.denseI64Array(staticLow)),
      ("static_high", context.denseI64Array(staticHigh)),
      (
        "operandSegmentSizes",
        context.denseI32Array([1, dynamicLow.count, dynamicHigh.count])
      ),
    ]
    if let nofold = op.attribute("nofold") { attributes.append(("nofold", nofold)) }
    let type = op.result().type
    let padded = rewriter.create(
      TensorDialect.pad, [view.input] + dynamicLow + dynamicHigh,
      results: [type.cloned(shape: view.inInputOrder(type.shape))], attributes: attributes)
    rewriter.inlineRegion(op.region(), into: padded.region())
    rewriter.setInsertionPoint(after: padded)
    rewriter.replace(op, with: Transposition.create(rewriter, padded.result(), view.permutation))
    return true
  },
  RewritePattern("slice-of-transposed", root: TensorDialect.extractSlice, benefit: 2) {
    op, rewriter in
    guard let view = Transposition(op.operand(0).definingOperation), canSink(view.operation),
      op.result().type.rank == op.operand(0).type.rank, op.result().type.hasStaticShape
    else { return false }
    rewriter.setInsertionPoint(before: op)
    let slice = createSlice(
      rewriter, view.input, offsets: view.inInputOrder(op.mixedOffsets),
      sizes: view.inInputOrder(op.mixedSizes), strides: view.inInputOrder(op.mixedStrides),
      shape: view.inInputOrder(op.result().type.shape))
    rewriter.replace(op, with: Transposition.create(rewriter, slice, view.permutation))
    return true
  },
  RewritePattern("permute-weights", root: Linalg.matmul, benefit: 1) { op, rewriter in
    permuteWeights(op, rewriter)
  },
  RewritePattern(
    "compose-reshapes", root: TensorDialect.collapseShape, benefit: 3, composeReshapes),
  RewritePattern("compose-reshapes", root: TensorDialect.expandShape, benefit: 3, composeReshapes),
  RewritePattern("elementwise-of-unit-reshape", root: .traits(.structured), benefit: 1) {
    op, rewriter in sinkReshapes(op, rewriter)
  },
]

/// A product of flattened transposed features and constant weights is one of the features as they are and of
/// weights whose rows are permuted.
private func permuteWeights(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
  guard let collapse = op.operand(0).definingOperation, collapse.isStaticReshape,
    collapse.is(TensorDialect.collapseShape), collapse.result().type.rank == 2,
    let view = Transposition(collapse.operand(0).definingOperation),
    let weights = op.operand(1).constant, let product = LinalgOp(op),
    product.indexingMaps.map(\.projectedDimensions) == [[0, 2], [2, 1], [0, 1]]
  else { return false }
  let groups = TensorShapes.groups(collapse.attribute("reassociation"))
  guard groups.count == 2, groups[0] == [0], view.permutation[0] == 0,
    let type = weights.type, type.rank == 2
  else { return false }
  // Rows by the features' own dimensions, as the transpose has them; then in the order of its input.
  let context = op.context
  let rows = groups[1].map { collapse.operand(0).type.dimension($0) }
  let columns = type.dimension(1)
  let unfolded = context.tensor(rows + [columns], type.elementType)
  var inverse = view.permutation
  for (i, p) in view.permutation.enumerated() { inverse[p] = i }
  let order = inverse.dropFirst().map { $0 - 1 }
  guard
    let moved = transposed(
      weights, order + [order.count], type, shape: unfolded.shape)
  else { return false }
  rewriter.setInsertionPoint(before: op)
  let flat = Reshaping.step(rewriter, view.input, collapse.result().type.shape)
  let constant = ConstantOp.create(rewriter, moved)
  rewriter.modifyInPlace(op) {
    op.setOperand(0, flat)
    op.setOperand(1, constant)
  }
  return true
}

/// Whether moving the transpose past a user does not leave it in place for others.
private func canSink(_ transpose: Operation) -> Bool {
  transpose.result().uses.allSatisfy { use in
    let user = use.owner
    if user.is(TensorDialect.pad) || user.is(TensorDialect.extractSlice) { return true }
    guard let view = LinalgOp(user) else { return false }
    return view.isInput(use.index) && view.isAllParallel
  }
}

/// Two reshapes in a row that are one or none.
private func composeReshapes(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
  guard op.isStaticReshape, let inner = op.operand(0).definingOperation, inner.isStaticReshape
  else { return false }
  let from = inner.operand(0)
  let shape = op.result().type.shape
  guard Reshaping.takesOneStep(from.type.shape, shape) else { return false }
  rewriter.setInsertionPoint(before: op)
  rewriter.replace(op, with: Reshaping.step(rewriter, from, shape))
  return true
}

/// A structured operation on all elements alone whose results have identity maps and whose destinations are not
/// read.
private func elementwiseView(_ op: Operation) -> LinalgOp? {
  guard let view = LinalgOp(op), view.hasTensorSemantics, view.isAllParallel,
    !op.is(Linalg.transpose), !op.is(Linalg.fill), view.outputCount > 0, view.body != nil
  else { return nil }
  let maps = view.indexingMaps
  guard maps[view.inputCount...].allSatisfy(\.isIdentity),
    maps.allSatisfy(\.isProjectedPermutation),
    op.operands.allSatisfy({ !$0.type.isRankedTensor || $0.type.hasStaticShape }),
    !op.operands.contains(where: { $0.type.encoding != nil })
  else { return nil }
  for k in 0..<view.outputCount where view.readsOutput(k) { return nil }
  return view
}

/// f(transpose(x), ...) as transpose(f(x, ...)).
private func sinkTransposes(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
  guard let view = elementwiseView(op) else { return false }
  let maps = view.indexingMaps
  var found: Transposition?
  for i in 0..<view.inputCount where op.operand(i).type.rank == view.loopCount {
    guard maps[i].isIdentity else { return false }
    let input = op.operand(i).definingOperation
    if let transposition = Transposition(input) {
      guard canSink(transposition.operation),
        found == nil || found?.permutation == transposition.permutation
      else { return false }
      found = transposition
    } else if input?.is(Linalg.fill) != true, input?.has(.constantLike) != true {
      return false
    }
  }
  guard let found else { return false }
  let p = found.permutation
  let context = op.context
  var inverse = p
  for (i, q) in p.enumerated() { inverse[q] = i }
  rewriter.setInsertionPoint(before: op)
  // Loop i of the operation is loop p[i] of the new one.
  let moved = p.map { context.affineDimension($0) }
  var inputs: [Value] = []
  var newMaps: [AffineMap] = []
  for i in 0..<view.inputCount {
    let operand = op.operand(i)
    if operand.type.rank == view.loopCount {
      let isTransposed = Transposition(operand.definingOperation) != nil
      inputs.append(
        isTransposed
          ? operand.definingOperation?.operand(0) ?? operand
          : Transposition.create(rewriter, operand, inverse))
      newMaps.append(context.identityMap(p.count))
    } else {
      inputs.append(operand)
      newMaps.append(
        context.affineMap(
          dimensions: p.count, symbols: 0,
          maps[i].results.map { $0.replacing(dimensions: moved) }))
    }
  }
  let outputs = view.outputs.map { out in
    rewriter.create(
      TensorDialect.empty,
      results: [out.type.cloned(shape: found.inInputOrder(out.type.shape))]
    ).result()
  }
  newMaps += outputs.map { _ in context.identityMap(p.count) }
  let made = remake(view, rewriter, inputs, outputs, newMaps) { dim in p[dim] }
  rewriter.replace(
    op, with: made.results.map { Transposition.create(rewriter, $0, p) })
  return true
}

/// f(reshape(x)) as reshape(f(x)), where the reshape moves dimensions of size 1 alone.
private func sinkReshapes(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
  guard let view = elementwiseView(op), !view.usesIndices else { return false }
  let maps = view.indexingMaps
  var from: [Int]?
  var inputs: [Value] = []
  for i in 0..<view.inputCount {
    let operand = op.operand(i)
    guard operand.type.rank > 0 else {
      inputs.append(operand)
      continue
    }
    guard maps[i].isIdentity, let reshape = operand.definingOperation, reshape.isStaticReshape,
      reshape.result().hasOneUse
    else { return false }
    let shape = reshape.operand(0).type.shape
    guard from == nil || from == shape, Reshaping.differInUnits(shape, operand.type.shape),
      !shape.contains(0)
    else { return false }
    from = shape
    inputs.append(reshape.operand(0))
  }
  guard let from else { return false }
  let context = op.context
  rewriter.setInsertionPoint(before: op)
  let outputs = view.outputs.map { out in
    rewriter.create(TensorDialect.empty, results: [out.type.cloned(shape: from)]).result()
  }
  let newMaps = (inputs + outputs).map { value in
    value.type.rank == 0
      ? context.affineMap(dimensions: from.count, symbols: 0, [])
      : context.identityMap(from.count)
  }
  let made = remake(
    view, rewriter, inputs, outputs, newMaps,
    iterators: Array(repeating: .parallel, count: from.count)
  ) { $0 }
  rewriter.replace(
    op,
    with: zip(made.results, op.results).map { value, old in
      Reshaping.step(rewriter, value, old.type.shape)
    })
  return true
}

/// The same computation on other operands, as a generic.
private func remake(
  _ view: LinalgOp, _ rewriter: PatternRewriter, _ inputs: [Value], _ outputs: [Value],
  _ maps: [AffineMap], iterators: [IteratorType]? = nil, loop: (Int) -> Int
) -> Operation {
  let made = rewriter.linalgGeneric(
    inputs: inputs, outputs: outputs, maps: maps, iterators: iterators ?? view.iteratorTypes
  ) { _, elements in
    guard let body = view.body, let yield = view.yield else { return [] }
    var mapping = IRMapping()
    mapping.map(body.arguments, to: elements)
    for inner in body.operations where inner != yield {
      if inner.is(Linalg.index) {
        let dim = Int(inner.attribute("dim")?.integerValue ?? 0)
        mapping.values[inner.result()] = ScalarBuilder(rewriter).index(loop(dim))
      } else {
        rewriter.clone(inner, &mapping)
      }
    }
    return yield.operands.map { mapping.lookup($0) }
  }
  made.setDiscardableAttributes(view.discardableAttributesOfGeneric)
  return made
}

/// A constant seen as of `shape` (its own where none is given) with its dimensions permuted, of type `type`; nil
/// where its bytes are not at hand or are many.
private func transposed(
  _ value: Attribute, _ permutation: [Int], _ type: Type, shape: [Int]? = nil
) -> Attribute? {
  guard let dense = value.denseElements, dense.type.hasStaticShape else { return nil }
  let context = value.context
  if dense.isSplat { return context.dense(type, bytes: dense.bytes, isSplat: true) }
  let size = dense.elementSize
  let count = dense.count
  guard dense.bytes.count == count * size, dense.bytes.count <= 1 << 22 else { return nil }
  let shape = shape ?? dense.type.shape
  var strides = Array(repeating: size, count: shape.count)
  for i in shape.indices.dropLast().reversed() { strides[i] = strides[i + 1] * shape[i + 1] }
  let extents = permutation.map { shape[$0] }
  let steps = permutation.map { strides[$0] }
  var index = Array(repeating: 0, count: shape.count)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(dense.bytes.count)
  var offset = 0
  for _ in 0..<count {
    bytes.append(contentsOf: dense.bytes[offset..<offset + size])
    var d = shape.count - 1
    while d >= 0 {
      index[d] += 1
      offset += steps[d]
      if index[d] < extents[d] { break }
      offset -= steps[d] * index[d]
      index[d] = 0
      d -= 1
    }
  }
  return bytes.withUnsafeBytes { context.dense(type, bytes: $0) }
}
