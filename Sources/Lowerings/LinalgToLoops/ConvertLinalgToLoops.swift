import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns structured operations on memrefs into nests of `scf.for` around loads, the body and stores.
  ///
  ///     linalg.fill ins(%x : f32) outs(%m : memref<8xf32>)
  ///       ->  scf.for %i = %c0 to %c8 step %c1 {
  ///             memref.store %x, %m[%i] : memref<8xf32>
  ///           }
  public static let convertLinalgToLoops = Pass(
    "convert-linalg-to-loops", name: "ConvertLinalgToLoopsPass",
    "Lower the operations from the linalg dialect into loops",
    dependentDialects: ["linalg", "scf", "affine", "memref", "arith"]
  ) { (operation, state) throws(Reported) in
    convert(operation, state, .sequential)
  }

  /// As `convert-linalg-to-loops`, with `affine.for` and the loads and stores of affine.
  public static let convertLinalgToAffineLoops = Pass(
    "convert-linalg-to-affine-loops", name: "ConvertLinalgToAffineLoopsPass",
    "Lower the operations from the linalg dialect into affine loops",
    dependentDialects: ["affine", "linalg", "memref", "arith"]
  ) { (operation, state) throws(Reported) in
    convert(operation, state, .affine)
  }

  /// As `convert-linalg-to-loops`, with one `scf.parallel` for parallel loops that follow one another.
  public static let convertLinalgToParallelLoops = Pass(
    "convert-linalg-to-parallel-loops", name: "ConvertLinalgToParallelLoopsPass",
    "Lower the operations from the linalg dialect into parallel loops",
    dependentDialects: ["affine", "linalg", "memref", "scf", "arith"]
  ) { (operation, state) throws(Reported) in
    convert(operation, state, .parallel)
  }
}

extension OpDefinition {
  /// The operation's own canonicalisations, to be applied among other patterns.
  var canonicalizations: [RewritePattern] {
    (interface(CanonicalizationPatterns.self)?.patterns ?? []).map {
      RewritePattern($0.name, root: self, benefit: $0.benefit, $0.matchAndRewrite)
    }
  }
}

private enum LoopKind { case sequential, affine, parallel }

private func convert(_ operation: Operation, _ state: PassContext, _ kind: LoopKind) {
  let lower = RewritePattern(
    "structured-op-to-loops", root: .traits([.structured, .destinationStyle])
  ) { op, rewriter in
    guard let view = LinalgOp(op), view.hasBufferSemantics, view.body != nil else { return false }
    return ScalarLoops(op: view, kind: kind, rewriter: rewriter).emit()
  }
  let patterns =
    [lower] + [MemRef.dim, TensorDialect.dim, Affine.apply].flatMap(\.canonicalizations)
  var config = GreedyConfig()
  config.regionSimplification = .aggressive
  config.isTopDown = false
  let result = applyPatternsGreedily(
    to: operation, FrozenPatternSet(patterns, operation.context), config)
  state.isUnchanged = !result.changed
}

/// Writes one structured operation as loops around its body on scalars. Operations are made in the order
/// in which MLIR makes them, which decides the order of constants.
private struct ScalarLoops {
  let op: LinalgOp
  let kind: LoopKind
  let rewriter: PatternRewriter

  private var context: Context { rewriter.context }

  private struct Range {
    let lower: Value
    let upper: Value
    let step: Value
  }

  func emit() -> Bool {
    let maps = op.indexingMaps
    guard maps.count == op.operation.operandCount, let ranges = ranges(maps) else { return false }
    let iterators = op.iteratorTypes
    var inductions: [Value] = []
    let outermost = rewriter.insertionPoint
    switch kind {
    case .sequential:
      inductions = nest(ranges)
      body(maps, inductions)
    case .affine:
      for range in ranges { inductions.append(affineLoop(range)) }
      body(maps, inductions)
    case .parallel:
      var next = 0
      while next < ranges.count {
        guard iterators[next] == .parallel else {
          inductions += nest([ranges[next]])
          next += 1
          continue
        }
        let end =
          iterators[next...].firstIndex { $0 != .parallel } ?? ranges.count
        inductions += parallelLoop(Array(ranges[next..<end]))
        next = end
      }
      body(maps, inductions)
    }
    rewriter.insertionPoint = outermost
    rewriter.erase(op.operation)
    return true
  }

  // MARK: Loops

  private func constant(_ value: Int) -> Value {
    rewriter.create(
      Arith.constant, results: [context.index],
      attributes: [("value", context.indexAttribute(value))]
    ).result()
  }

  /// The ranges of all loops; nil where one is no operand's dimension.
  private func ranges(_ maps: [AffineMap]) -> [Range]? {
    guard op.shapesToLoops != nil else { return nil }
    var sizes: [MixedIndex] = []
    for operand in op.operation.operands {
      let type = operand.type
      guard type.kind == .memRef else {
        if type.kind == .unrankedMemRef { return nil }
        continue
      }
      for i in 0..<type.rank {
        if type.shape[i] != Type.dynamic {
          sizes.append(.constant(type.shape[i]))
          continue
        }
        let size = rewriter.createOrFold(
          MemRef.dim, [operand, constant(i)], results: [context.index])
        sizes.append(size[0].constantInteger.map { .constant($0) } ?? .value(size[0]))
      }
    }
    let results = maps.flatMap(\.results)
    guard results.count == sizes.count else { return nil }
    var extents = [MixedIndex?](repeating: nil, count: op.loopCount)
    for (result, size) in zip(results, sizes) where result.kind == .dimension {
      if extents[result.position] == nil { extents[result.position] = size }
    }
    var ranges: [Range] = []
    for extent in extents {
      let lower = constant(0)
      let upper: Value
      switch extent {
      case .constant(let size)?: upper = constant(size)
      case .value(let size)?: upper = size
      case nil: return nil
      }
      ranges.append(Range(lower: lower, upper: upper, step: constant(1)))
    }
    return ranges
  }

  /// Makes `scf.for` in one another and goes to the start of the innermost body.
  private func nest(_ ranges: [Range]) -> [Value] {
    var bodies: [Block] = []
    for range in ranges {
      let made = rewriter.create(SCF.for, [range.lower, range.upper, range.step])
      let block = made.region().addBlock(arguments: [context.index])
      bodies.append(block)
      rewriter.setInsertionPoint(atStart: block)
    }
    for block in bodies {
      rewriter.setInsertionPoint(atEnd: block)
      let yield = rewriter.create(SCF.yield)
      rewriter.setInsertionPoint(before: yield)
    }
    return bodies.map { $0.argument(0) }
  }

  private func affineLoop(_ range: Range) -> Value {
    func bound(_ value: Value) -> AffineBound {
      let isConstant = range.lower.constantInteger != nil && range.upper.constantInteger != nil
      if isConstant, let number = value.constantInteger {
        return AffineBound(constant: number, context)
      }
      return AffineBound(map: context.identityMap(1), operands: [value])
    }
    let loop = AffineForOp.create(
      rewriter, from: bound(range.lower), to: bound(range.upper), step: 1)
    if let yield = loop.yield { rewriter.setInsertionPoint(before: yield) }
    return loop.inductionVariable
  }

  private func parallelLoop(_ ranges: [Range]) -> [Value] {
    let operands = ranges.map(\.lower) + ranges.map(\.upper) + ranges.map(\.step)
    let segments = [ranges.count, ranges.count, ranges.count, 0]
    let made = rewriter.create(
      SCF.parallel, operands,
      attributes: [("operandSegmentSizes", context.denseI32Array(segments))])
    let block = made.region().addBlock(arguments: ranges.map { _ in context.index })
    rewriter.setInsertionPoint(atEnd: block)
    let reduce = rewriter.create(SCF.reduce, regions: 0)
    rewriter.setInsertionPoint(before: reduce)
    return Array(block.arguments)
  }

  // MARK: One iteration

  private func body(_ maps: [AffineMap], _ inductions: [Value]) {
    guard let block = op.body, let yield = op.yield else { return }
    rewriter.location = op.operation.location
    var mapping = IRMapping()
    for (i, operand) in op.operation.operands.enumerated() {
      guard operand.type.kind == .memRef else {
        mapping.values[block.argument(i)] = operand
        continue
      }
      let (indices, map) = subscripts(maps[i], inductions)
      let load = rewriter.create(
        kind == .affine ? Affine.load : MemRef.load, [operand] + indices,
        results: [operand.type.elementType], attributes: map)
      mapping.values[block.argument(i)] = load.result()
    }
    var stores: [(memref: Value, indices: [Value], map: [(String, Attribute)])] = []
    for i in op.inputCount..<op.operation.operandCount {
      let (indices, map) = subscripts(maps[i], inductions)
      stores.append((op.operation.operand(i), indices, map))
    }
    var indexOps: [Operation] = []
    for inner in block.operations where inner != yield {
      let copy = rewriter.clone(inner, &mapping)
      copy.walk { if $0.is(Linalg.index) { indexOps.append($0) } }
    }
    for (value, store) in zip(yield.operands, stores) {
      rewriter.create(
        kind == .affine ? Affine.store : MemRef.store,
        [mapping.lookup(value), store.memref] + store.indices, attributes: store.map)
    }
    for index in indexOps {
      let loop = Int(index.attribute("dim")?.integerValue ?? 0)
      if inductions.indices.contains(loop) { rewriter.replace(index, with: inductions[loop]) }
    }
  }

  /// One `affine.apply` for each result of `map`, and the map that affine's accesses keep.
  private func subscripts(
    _ map: AffineMap, _ inductions: [Value]
  ) -> (indices: [Value], attributes: [(String, Attribute)]) {
    let indices = map.results.map { result in
      var bound = AffineBound(
        map: context.affineMap(
          dimensions: map.dimensionCount, symbols: map.symbolCount, [result]),
        operands: inductions)
      bound.canonicalize()
      return rewriter.create(
        Affine.apply, bound.operands, results: [context.index],
        attributes: [("map", context.affineMapAttribute(bound.map))]
      ).result()
    }
    if kind != .affine { return (indices, []) }
    return (
      indices, [("map", context.affineMapAttribute(context.identityMap(indices.count)))]
    )
  }
}
