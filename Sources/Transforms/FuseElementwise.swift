import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Computes elements where they are used: an elementwise operation becomes part of the structured operation
  /// that reads its result, so that the tensor between them is never stored.
  ///
  ///     %0 = linalg.exp ins(%x) outs(%e) -> tensor<8xf32>       ->  %1 = linalg.generic {...}
  ///     %1 = linalg.add ins(%0, %b) outs(%e) -> tensor<8xf32>           ins(%x, %b) outs(%e) {
  ///                                                                   ^bb0(%in: f32, %c: f32, %out: f32):
  ///                                                                     %2 = math.exp %in : f32
  ///                                                                     %3 = arith.addf %2, %c : f32
  ///                                                                     linalg.yield %3 : f32
  ///                                                                   } -> tensor<8xf32>
  ///
  /// Nothing is computed twice: the result has no other user and each of its elements is read once, or the
  /// operation only moves elements (fill, broadcast). Nothing that computes is moved into a
  /// contraction, or into a loop. Filled and splat tensors become scalars of the body; a clamp from below before
  /// max pooling becomes the value pooling starts from; destinations that are not read become
  /// `tensor.empty`.
  public static let fuseElementwise = Pass(
    "linalg-fuse-elementwise-ops", name: "LinalgElementwiseOpFusionPass",
    "Fuse elementwise operations on tensors", dependentDialects: ["arith", "linalg", "tensor"]
  ) { (operation, state) throws(Reported) in
    let patterns = FrozenPatternSet(elementwiseFusionPatterns, operation.context)
    let result = applyPatternsGreedily(to: operation, patterns)
    state.isUnchanged = !result.changed
    if state.wantsRemarks { explainUnfused(in: operation, state) }
  }
}

/// The rewrites of `linalg-fuse-elementwise-ops`.
public let elementwiseFusionPatterns: [RewritePattern] = [
  RewritePattern("inline-uniform-input", root: .traits(.structured), benefit: 3) { op, rewriter in
    guard let view = LinalgOp(op), view.hasTensorSemantics else { return false }
    return inlineUniformInput(view, rewriter)
  },
  RewritePattern("clamp-before-max-pooling", root: .traits(.structured), benefit: 3) {
    op, rewriter in
    guard let view = LinalgOp(op), view.hasTensorSemantics else { return false }
    return foldClampIntoPooling(view, rewriter)
  },
  RewritePattern("fuse-elementwise-producer", root: .traits(.structured), benefit: 2) {
    op, rewriter in
    guard let view = LinalgOp(op), view.hasTensorSemantics else { return false }
    for i in 0..<view.inputCount {
      if case .success(let fusion) = ElementwiseFusion.make(consumer: view, operand: i) {
        fusion.run(rewriter)
        return true
      }
    }
    return false
  },
  RewritePattern("simplify-generic", root: .traits(.structured), benefit: 1) { op, rewriter in
    guard op.is(Linalg.generic), let view = LinalgOp(op), view.hasTensorSemantics else {
      return false
    }
    return removeRedundantInputs(view, rewriter) || makeFill(view, rewriter)
      || forgetUnreadDestinations(view, rewriter)
  },
]

// MARK: Producer into consumer

/// Says of each structured operation that reads another's result why the two are still two.
private func explainUnfused(in root: Operation, _ state: PassContext) {
  root.walk { operation in
    guard operation.has(.structured), let view = LinalgOp(operation), view.hasTensorSemantics else {
      return
    }
    for i in 0..<view.inputCount {
      guard let producer = operation.operand(i).definingOperation, producer.has(.structured),
        case .failure(let obstacle) = ElementwiseFusion.make(consumer: view, operand: i)
      else { continue }
      state.remark(
        .missed, "NotFused",
        "\(producer.name.string, as: "Producer") not fused into \(operation.name.string, as: "Consumer"): \(obstacle.rawValue, as: "Reason")",
        at: operation)
    }
  }
}

/// What keeps an elementwise operation and its user apart.
private enum FusionObstacle: String, Error {
  case sparse = "the tensor between them is sparse"
  case noProducer = "the tensor between them is not computed by a structured operation on tensors"
  case notElementwise = "the producer does not compute its elements one by one"
  case sparseConsumer = "the consumer reads a sparse tensor"
  case noBody = "one of them has no body to be fused"
  case notPermuted = "the producer writes its elements elsewhere than in order of its loops"
  case severalUsers = "the result has other users, and would be computed twice"
  case otherBlock = "they stand in different blocks"
  case computedTwice = "elements are read more than once, and would be computed as often"
  case contraction = "the consumer is a contraction or window, worth more as that"
  case largeBody = "the body would grow beyond 512 operations"
  case unknownExtent = "the extent of a loop would be known from no operand"
}

/// A fusion that has been found worthwhile.
private struct ElementwiseFusion {
  let producer: LinalgOp
  let consumer: LinalgOp
  let operand: Int
  /// From the consumer's loops to the producer's.
  let loops: AffineMap

  /// Bodies do not grow beyond so many operations.
  private static let largestBody = 512

  /// Fails where input `operand` of `consumer` is not computed by an operation that may become part of it.
  static func make(consumer: LinalgOp, operand: Int) -> Result<ElementwiseFusion, FusionObstacle> {
    let value = consumer.operation.operand(operand)
    if !value.type.isRankedTensor || value.type.isSparseTensor { return .failure(.sparse) }
    guard let definer = value.definingOperation, let producer = LinalgOp(definer),
      producer.hasTensorSemantics
    else { return .failure(.noProducer) }
    if !producer.isFusibleProducer { return .failure(.notElementwise) }
    if !consumer.isFusibleConsumer { return .failure(.sparseConsumer) }
    guard let block = consumer.body, producer.body != nil else { return .failure(.noBody) }
    let maps = producer.indexingMaps
    let result = producer.inputCount + value.index
    guard let toLoops = maps[result].inversePermutation else { return .failure(.notPermuted) }
    let read = consumer.indexingMaps[operand]
    let loops = toLoops.composed(with: read)
    let isFree = producer.bodyCost == 0
    // Each element is read at one point of the consumer.
    let readsOnce = loops.isPermutation || consumer.readsEachElementOnce(loops)
    let hasOneUser = definer.results.allSatisfy { result in
      result.uses.allSatisfy { $0.owner == consumer.operation && consumer.isInput($0.index) }
    }
    let isSpread = isFree && producer.isBroadcast
    if !isSpread {
      if !hasOneUser { return .failure(.severalUsers) }
      if definer.block != consumer.operation.block { return .failure(.otherBlock) }
      if !isFree, !readsOnce { return .failure(.computedTwice) }
    }
    // Contractions and windows are worth more as what they are known to be than a copy saved.
    if consumer.isContraction || consumer.named != nil && !consumer.isAllParallel {
      return .failure(.contraction)
    }
    guard block.operations.reduce(0, { n, _ in n + 1 }) < Self.largestBody else {
      return .failure(.largeBody)
    }
    let fusion = ElementwiseFusion(
      producer: producer, consumer: consumer, operand: operand, loops: loops)
    return fusion.extentsStayKnown() ? .success(fusion) : .failure(.unknownExtent)
  }

  /// Whether every loop of the consumer is still a plain subscript of some operand.
  private func extentsStayKnown() -> Bool {
    let kept = consumer.indexingMaps.enumerated().filter { $0.offset != operand }.map(\.element)
    let all = kept + producerMaps()
    return (0..<consumer.loopCount).allSatisfy { loop in
      all.contains { map in
        map.results.contains { $0.kind == .dimension && $0.position == loop }
      }
    }
  }

  private func producerMaps() -> [AffineMap] {
    producer.indexingMaps[..<producer.inputCount].map { $0.composed(with: loops) }
  }

  func run(_ rewriter: PatternRewriter) {
    let op = consumer.operation
    rewriter.setInsertionPoint(before: op)
    rewriter.location = op.location.joined(with: producer.operation.location)
    let consumerMaps = consumer.indexingMaps
    let kept = (0..<consumer.inputCount).filter { $0 != operand }
    let inputs = kept.map { op.operand($0) } + Array(producer.inputs)
    let maps =
      kept.map { consumerMaps[$0] } + producerMaps() + consumerMaps[consumer.inputCount...]
    let fused = rewriter.linalgGeneric(
      inputs: inputs, outputs: Array(consumer.outputs), maps: maps,
      iterators: consumer.iteratorTypes
    ) { builder, elements in
      let produced = clone(
        producer, Array(elements[kept.count..<inputs.count]), loops: loops, rewriter)
      var given: [Value] = []
      var next = 0
      for i in 0..<consumer.inputCount {
        if i == operand {
          given.append(produced[op.operand(operand).index])
        } else {
          given.append(elements[next])
          next += 1
        }
      }
      given += elements[inputs.count...]
      return clone(consumer, given, loops: nil, rewriter)
    }
    fused.setDiscardableAttributes(consumer.discardableAttributesOfGeneric)
    let definer = producer.operation
    rewriter.replace(op, with: fused)
    if definer.isUnused { rewriter.erase(definer) }
  }

  /// Copies a body for the given elements (inputs, then destinations where they are read).
  private func clone(
    _ view: LinalgOp, _ elements: [Value], loops: AffineMap?, _ rewriter: PatternRewriter
  ) -> [Value] {
    guard let body = view.body, let yield = view.yield else { return [] }
    var mapping = IRMapping()
    mapping.map(body.arguments, to: elements)
    for inner in body.operations where inner != yield {
      if inner.is(Linalg.index), let loops {
        let dim = Int(inner.attribute("dim")?.integerValue ?? 0)
        mapping.values[inner.result()] = index(loops.results[dim], rewriter)
      } else {
        rewriter.clone(inner, &mapping)
      }
    }
    return yield.operands.map { mapping.lookup($0) }
  }

  /// A loop number of the producer from those of the consumer.
  private func index(_ expr: AffineExpr, _ rewriter: PatternRewriter) -> Value {
    let context = rewriter.context
    func binary(_ definition: OpDefinition) -> Value {
      rewriter.create(
        definition, [index(expr.left, rewriter), index(expr.right, rewriter)],
        results: [context.index]
      ).result()
    }
    switch expr.kind {
    case .dimension: return ScalarBuilder(rewriter).index(expr.position)
    case .add: return binary(Arith.addi)
    case .mul: return binary(Arith.muli)
    case .mod: return binary(Arith.remui)
    case .floorDiv: return binary(Arith.divui)
    case .ceilDiv: return binary(Arith.ceildivui)
    default: return ConstantOp.index(rewriter, expr.constantValue ?? 0)
    }
  }
}

extension LinalgOp {
  var isAllParallel: Bool { !iteratorTypes.contains(.reduction) }

  /// Whether it computes each element of its results alone from elements of its inputs.
  fileprivate var isFusibleProducer: Bool {
    guard isAllParallel, outputCount > 0, !operation.is(Linalg.softmax) else { return false }
    let maps = indexingMaps
    guard maps[inputCount...].allSatisfy(\.isPermutation) else { return false }
    for k in 0..<outputCount where readsOutput(k) { return false }
    return !hasInnerRegions && !operation.operands.contains { $0.type.isSparseTensor }
  }

  fileprivate var isFusibleConsumer: Bool {
    !operation.operands.contains { $0.type.isSparseTensor }
  }

  private var hasInnerRegions: Bool {
    body?.operations.contains { $0.regionCount > 0 } ?? false
  }

  /// How many operations the body takes, constants aside.
  fileprivate var bodyCost: Int {
    guard let body else { return 0 }
    return body.operations.reduce(0) {
      $0 + ($1.has(.terminator) || $1.has(.constantLike) ? 0 : 1)
    }
  }

  /// Whether some input has fewer dimensions than the result, so that the result is larger than what it is made
  /// of.
  fileprivate var isBroadcast: Bool {
    inputs.allSatisfy { $0.type.rank < loopCount }
  }

  /// A sum of products over loops the output does not have.
  var isContraction: Bool {
    guard iteratorTypes.contains(.reduction), let yield, outputCount == 1 else { return false }
    let tensors = inputs.filter { $0.type.isRankedTensor }
    guard tensors.count >= 2, let sum = yield.operand(0).definingOperation,
      ["arith.addf", "arith.addi"].contains(sum.name.string)
    else { return false }
    return sum.operands.contains {
      ["arith.mulf", "arith.muli"].contains($0.definingOperation?.name.string ?? "")
    }
  }

  /// Whether the points at which it reads through `map` are all different, windows that do not overlap
  /// included.
  fileprivate func readsEachElementOnce(_ map: AffineMap) -> Bool {
    let ranges = staticLoopRanges
    var seen = Set<Int>()
    for result in map.results {
      // d_i * c + d_j, with d_j below c.
      switch result.kind {
      case .dimension: seen.insert(result.position)
      case .add:
        let (outer, inner) = (result.left, result.right)
        guard inner.kind == .dimension, outer.kind == .mul, outer.left.kind == .dimension,
          let stride = outer.right.constantValue, let extent = ranges[inner.position],
          extent <= stride
        else { return false }
        seen.formUnion([outer.left.position, inner.position])
      default: return false
      }
    }
    return seen.count == loopCount
      || (0..<loopCount).allSatisfy { seen.contains($0) || ranges[$0] == 1 }
  }

  var discardableAttributesOfGeneric: Attribute {
    context.dictionary(
      operation.discardableAttributes.entries.filter {
        $0.name.string != "linalg.memoized_indexing_maps"
      })
  }

  /// Replaces the operation by a generic that has other inputs.
  /// - Parameter elements: for each old input the element that stands for it: a new input by number, or a
  ///   value from outside.
  /// - Parameter origin: the place of what becomes part of the operation.
  fileprivate func replaceInputs(
    _ rewriter: PatternRewriter, inputs: [Value], maps: [AffineMap], elements: [InputElement],
    joining origin: Location? = nil
  ) {
    rewriter.setInsertionPoint(before: operation)
    if let origin { rewriter.location = operation.location.joined(with: origin) }
    let oldMaps = indexingMaps
    let new = rewriter.linalgGeneric(
      inputs: inputs, outputs: Array(outputs), maps: maps + oldMaps[inputCount...],
      iterators: iteratorTypes
    ) { builder, values in
      guard let body, let yield else { return [] }
      var mapping = IRMapping()
      for (argument, element) in zip(body.arguments, elements) {
        switch element {
        case .input(let i): mapping.values[argument] = values[i]
        case .value(let value): mapping.values[argument] = value
        }
      }
      mapping.map(body.arguments.dropFirst(inputCount), to: values[inputs.count...])
      for inner in body.operations where inner != yield { rewriter.clone(inner, &mapping) }
      return yield.operands.map { mapping.lookup($0) }
    }
    new.setDiscardableAttributes(discardableAttributesOfGeneric)
    rewriter.replace(operation, with: new)
  }
}

private enum InputElement {
  case input(Int)
  case value(Value)
}

// MARK: Uniform inputs

/// The scalar all elements of a tensor equal: what it was filled with, or a splat constant.
private func uniformScalar(_ value: Value, _ rewriter: PatternRewriter) -> Value? {
  guard value.type.isRankedTensor, let definer = value.definingOperation else { return nil }
  if definer.is(Linalg.fill) || definer.is(TensorDialect.splat) { return definer.operand(0) }
  guard let constant = definer.constantValue, let dense = constant.denseElements, dense.isSplat,
    dense.type.elementType.isIntOrFloat || dense.type.elementType.isIndex
  else { return nil }
  return ConstantOp.create(rewriter, dense.element(0))
}

/// Makes an input all of whose elements are the same a scalar of the body.
private func inlineUniformInput(_ view: LinalgOp, _ rewriter: PatternRewriter) -> Bool {
  let op = view.operation
  // Pooling windows are inputs without elements that count; contractions are left as they are known.
  if op.is(Linalg.fill) || view.isContraction { return false }
  if view.named != nil, !view.isAllParallel { return false }
  let maps = view.indexingMaps
  for i in 0..<view.inputCount {
    rewriter.setInsertionPoint(before: op)
    let others = maps.indices.filter { $0 != i }
    let staysKnown = (0..<view.loopCount).allSatisfy { loop in
      others.contains { other in
        maps[other].results.contains { $0.kind == .dimension && $0.position == loop }
      }
    }
    guard staysKnown, let scalar = uniformScalar(op.operand(i), rewriter) else { continue }
    let kept = (0..<view.inputCount).filter { $0 != i }
    let elements = (0..<view.inputCount).map { k -> InputElement in
      k == i ? .value(scalar) : .input(k < i ? k : k - 1)
    }
    view.replaceInputs(
      rewriter, inputs: kept.map { op.operand($0) }, maps: kept.map { maps[$0] },
      elements: elements, joining: op.operand(i).definingOperation?.location)
    return true
  }
  return false
}

/// max over a window of max(x, c), started from s, is max over the window of x, started from max(s, c).
private func foldClampIntoPooling(_ view: LinalgOp, _ rewriter: PatternRewriter) -> Bool {
  let op = view.operation
  guard let named = view.named, case .reduction(.maxSigned, _) = named.body,
    view.outputs[0].type.elementType.isFloat,
    let start = view.outputs[0].definingOperation, start.is(Linalg.fill),
    let initial = start.operand(0).constant?.floatValue,
    let definer = op.operand(0).definingOperation, let clamp = LinalgOp(definer),
    op.operand(0).hasOneUse, clamp.isFusibleProducer, clamp.outputCount == 1,
    let (operand, bound) = clampFromBelow(clamp), !initial.isNaN, !bound.isNaN,
    clamp.indexingMaps[operand] == clamp.indexingMaps[clamp.inputCount],
    op.operand(1).type.elementCount ?? 0 > 0
  else { return false }
  rewriter.setInsertionPoint(before: op)
  let location = op.location.joined(with: definer.location)
  rewriter.location = location
  let element = view.outputs[0].type.elementType
  let scalar = ConstantOp.float(rewriter, Swift.max(initial, bound), element)
  let filled = rewriter.create(
    Linalg.fill, [scalar, start.operand(1)], results: [start.result().type],
    attributes: [("operandSegmentSizes", rewriter.context.denseI32Array([1, 1]))])
  var mapping = IRMapping()
  start.region().cloneBlocks(into: filled.region(), &mapping)
  rewriter.modifyInPlace(op) {
    op.setOperand(0, clamp.operation.operand(operand))
    op.location = location
    op.setOperand(op.operandCount - 1, filled.result())
  }
  rewriter.erase(definer)
  return true
}

/// The input and constant of a body that yields the larger of them.
private func clampFromBelow(_ view: LinalgOp) -> (operand: Int, bound: Double)? {
  guard let yield = view.yield, let top = yield.operand(0).definingOperation,
    top.name.string == "arith.maximumf", top.parent == view.operation
  else { return nil }
  for (x, c) in [(0, 1), (1, 0)] {
    guard let operand = view.operandIndex(of: top.operand(x)), operand < view.inputCount,
      let bound = top.operand(c).constant?.floatValue
    else { continue }
    return (operand, bound)
  }
  return nil
}

// MARK: Simplifications

/// Drops inputs the body does not use and makes equal inputs one.
private func removeRedundantInputs(_ view: LinalgOp, _ rewriter: PatternRewriter) -> Bool {
  let op = view.operation
  let maps = view.indexingMaps
  guard let body = view.body, !view.isContraction else { return false }
  var kept: [Int] = []
  var elements: [InputElement] = []
  for i in 0..<view.inputCount {
    if let same = kept.firstIndex(where: { op.operand($0) == op.operand(i) && maps[$0] == maps[i] })
    {
      elements.append(.input(same))
      continue
    }
    let others = maps.indices.filter { ($0 > i && $0 < maps.count) || kept.contains($0) }
    let staysKnown = (0..<view.loopCount).allSatisfy { loop in
      others.contains { other in
        maps[other].results.contains { $0.kind == .dimension && $0.position == loop }
      }
    }
    if !body.argument(i).hasUses, staysKnown {
      elements.append(.input(0))
      continue
    }
    elements.append(.input(kept.count))
    kept.append(i)
  }
  if kept.count == view.inputCount { return false }
  // What stands for an unused element does not matter; with no input left it is a destination's.
  view.replaceInputs(
    rewriter, inputs: kept.map { op.operand($0) }, maps: kept.map { maps[$0] },
    elements: elements)
  return true
}

/// An operation that gives all elements one value from outside is a fill.
private func makeFill(_ view: LinalgOp, _ rewriter: PatternRewriter) -> Bool {
  let op = view.operation
  guard view.inputCount == 0, view.outputCount == 1, view.isAllParallel, !view.readsOutput(0),
    view.indexingMaps[0].isPermutation, let yield = view.yield, view.body?.firstOperation == yield,
    !op.hasDiscardableAttributes
  else { return false }
  rewriter.setInsertionPoint(before: op)
  guard
    let filled = try? rewriter.linalg(
      Linalg.fill, inputs: [yield.operand(0)], outputs: [op.operand(0)])
  else { return false }
  rewriter.replace(op, with: filled)
  return true
}

/// Makes destinations whose elements are not used empty tensors.
private func forgetUnreadDestinations(_ view: LinalgOp, _ rewriter: PatternRewriter) -> Bool {
  let op = view.operation
  for (k, out) in view.outputs.enumerated()
  where !view.readsOutput(k) && out.type.isRankedTensor && out.type.hasStaticShape
    && out.type.encoding == nil
  {
    if let definer = out.definingOperation,
      definer.is(TensorDialect.empty) || definer.is(Bufferization.allocTensor)
    {
      continue
    }
    // A destination carried around a loop or sliced from a larger tensor is where the result is to go.
    if out.isBlockArgument || out.definingOperation?.is(TensorDialect.extractSlice) == true {
      continue
    }
    rewriter.setInsertionPoint(before: op)
    let empty = rewriter.create(TensorDialect.empty, results: [out.type]).result()
    rewriter.modifyInPlace(op) { op.setOperand(view.inputCount + k, empty) }
    return true
  }
  return false
}
