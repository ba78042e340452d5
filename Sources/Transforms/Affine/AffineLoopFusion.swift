import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Fuses affine loop nests: a producer into its consumer, with a small buffer between them in place of a whole array,
  /// and nests that read the same.
  ///
  ///     affine.for %i = 0 to 10 {             ->   affine.for %i = 0 to 10 {
  ///       affine.store %f, %m[%i] : …                affine.store %f, %b[0] : memref<1xf32>
  ///     }                                            %x = affine.load %b[0] : memref<1xf32>
  ///     affine.for %i = 0 to 10 {                    "use"(%x)
  ///       %x = affine.load %m[%i] : …              }
  ///       "use"(%x)
  ///     }
  ///
  /// Not registered: a buffer of its own may be given to an array that the consumer reads beyond what the producer
  /// writes, which changes results.
  public static let affineLoopFusion = Pass(
    "affine-loop-fusion", name: "AffineLoopFusion", "Fuse affine loop nests",
    options: [
      PassOption(
        "compute-tolerance", .double, default: .double(0.30000001192092896),
        "Fractional increase in additional computation tolerated while fusing"),
      .integer(
        "fast-mem-space", default: 0, "Faster memory space number to promote fusion buffers to"),
      .integer(
        "local-buf-threshold", default: 0,
        "Threshold size (KiB) for promoting local buffers to fast memory space"),
      .bool("maximal", default: false, "Enables maximal loop fusion"),
      .keyword("mode", ["greedy", "producer", "sibling"], "fusion mode to attempt"),
    ], dependentDialects: ["affine", "memref"]
  ) { (operation, state) throws(Reported) in
    var blocks: [Block] = []
    operation.walk { inner in
      for region in inner.regions {
        for block in region.blocks where block.operations.count(where: { $0.is(Affine.for) }) > 1 {
          blocks.append(block)
        }
      }
    }
    state.isUnchanged = blocks.isEmpty
    for block in blocks {
      guard let graph = AffineDependenceGraph(block) else { continue }
      var fusion = AffineFusion(graph)
      fusion.isMaximal = state.options.bool("maximal")
      fusion.tolerance = state.options.double("compute-tolerance")
      fusion.threshold = max(0, state.options.integer("local-buf-threshold")) &* 1024
      if state.options.isGiven("fast-mem-space") {
        fusion.fastMemorySpace = state.options.integer("fast-mem-space")
      }
      fusion.run(mode: state.options.string("mode"))
    }
  }
}

private struct AffineFusion {
  var graph: AffineDependenceGraph
  var isMaximal = false
  var tolerance = 0.3
  var threshold = 0
  var fastMemorySpace: Int?

  init(_ graph: AffineDependenceGraph) { self.graph = graph }

  mutating func run(mode: String) {
    switch mode {
    case "producer": fuseProducers(maximalUsers: .max)
    case "sibling": fuseSiblings()
    default:
      fuseProducers(maximalUsers: 1)
      fuseSiblings()
      fuseProducers(maximalUsers: .max)
    }
    for (memref, count) in graph.edgeCounts where count <= 0 && !memref.hasUses {
      if let made = memref.definingOperation, made.isLive, made.is(MemRef.alloc) { made.erase() }
    }
  }

  // MARK: Producers

  private mutating func fuseProducers(maximalUsers: Int) {
    for id in graph.order.reversed() { fuseProducers(into: id, maximalUsers) }
  }

  private mutating func fuseProducers(into id: Int, _ maximalUsers: Int) {
    guard let node = graph.nodes[id], let loop = AffineForOp(node.operation),
      node.operation.resultCount == 0
    else { return }
    graph.setOperation(id, AffineParallelism.sinkSequentialLoops(loop).operation)
    var changed = true
    while changed {
      changed = false
      for source in producers(of: id).reversed() {
        guard graph.nodes[source] != nil else { continue }
        switch fuse(source, into: id, maximalUsers) {
        case .fused: changed = true
        case .skipped: break
        case .stopped: return
        }
      }
    }
  }

  /// The nests that write what a nest reads.
  private func producers(of id: Int) -> [Int] {
    guard let node = graph.nodes[id] else { return [] }
    let read = Set(node.loads.map(\.memref))
    let ids = (graph.inEdges[id] ?? []).map(\.id).filter { source in
      guard let source = graph.nodes[source], source.operation.is(Affine.for) else { return false }
      return source.stores.contains { read.contains($0.memref) }
    }
    return Set(ids).sorted()
  }

  private enum Outcome { case fused, skipped, stopped }

  private mutating func fuse(_ sourceID: Int, into targetID: Int, _ maximalUsers: Int) -> Outcome {
    guard let sourceNode = graph.nodes[sourceID], let targetNode = graph.nodes[targetID],
      let source = AffineForOp(sourceNode.operation),
      let target = AffineForOp(targetNode.operation), source.operation.resultCount == 0
    else { return .skipped }
    let memrefs = AffineFusionLegality.passedMemrefs(sourceNode.stores, targetNode.loads)
    if memrefs.contains(where: { graph.outgoing(sourceID, $0) > maximalUsers }) { return .skipped }
    var escaping: [Value] = []
    for store in sourceNode.stores where !escaping.contains(store.memref) {
      if escapes(store.memref) { escaping.append(store.memref) }
    }
    guard let place = graph.insertionPoint(sourceID, targetID) else { return .skipped }
    let outer = Affine.loops(around: target.operation).count
    let involved = (targetNode.loads + targetNode.stores).filter { memrefs.contains($0.memref) }
    if involved.isEmpty { return .skipped }
    let depths =
      AffineFusionLegality.innermostCommonLoops(involved.map(\.operation)).count - outer
    guard depths > 0 else { return .skipped }
    let slices = (1...depths).map {
      AffineFusionLegality.slice(source, into: target, depth: $0 + outer, .producer)
    }
    guard let last = slices.lastIndex(where: { $0 != nil }) else { return .skipped }
    let maximal = last + 1
    guard let allowed = allowedTolerance(source, target, slices[last]) else { return .stopped }
    var depth = maximal
    if !isMaximal {
      let stores = sourceNode.stores.filter { memrefs.contains($0.memref) }
      guard
        let best = AffineFusionCost.bestDepth(
          source, stores, target, slices, maximal: maximal, tolerance: allowed)
      else { return .skipped }
      depth = best
    }
    guard let slice = slices[depth - 1], let home = slice.target else { return .skipped }
    let removes = canRemove(sourceID, targetID, slice, place, escaping)
    let privates = memrefs.filter {
      canBePrivate($0, escaping, sourceID, targetID, removes)
    }
    Self.insert(source, slice)
    if place != target.operation { target.operation.move(before: place) }
    graph.update(sourceID, fusedInto: targetID, privates: privates, removesSource: removes)
    for memref in privates {
      let stores = AffineParallelism.accesses(target.operation).filter {
        $0.isStore && $0.memref == memref
      }
      guard
        let made = AffineFusionMemory.makePrivate(
          target, stores, depth: depth + outer, block: home.body,
          fastMemorySpace: fastMemorySpace, threshold: threshold),
        let allocation = made.definingOperation
      else { continue }
      let id = graph.addNode(allocation)
      graph.addEdge(id, targetID, made)
    }
    graph.collect(targetID)
    if removes {
      source.operation.erase()
      graph.removeNode(sourceID)
    }
    return .fused
  }

  /// How much may be computed anew: nothing where the source depends on its own order. Nil where a maximal fusion
  /// would then be wrong.
  private func allowedTolerance(
    _ source: AffineForOp, _ target: AffineForOp, _ slice: AffineSlice?
  ) -> Double? {
    if !AffineParallelism.hasCycle(source) { return tolerance }
    if !isMaximal { return 0 }
    guard let slice, let fused = AffineFusionCost.fused(source, target, slice),
      fused.fraction <= 0
    else { return nil }
    return tolerance
  }

  /// Whether the memref is known, or used, outside of affine accesses of the block.
  private func escapes(_ memref: Value) -> Bool {
    guard let made = memref.definingOperation, MemoryTouch.isAllocation(made),
      let region = graph.block.region
    else { return true }
    return memref.uses.contains { use in
      guard let ancestor = use.owner.ancestor(in: region) else { return true }
      if ancestor.block != graph.block { return false }
      return AffineAccess(use.owner) == nil
    }
  }

  private func canRemove(
    _ source: Int, _ target: Int, _ slice: AffineSlice, _ place: Operation, _ escaping: [Value]
  ) -> Bool {
    guard let targetOperation = graph.nodes[target]?.operation else { return false }
    var hasOthers = false
    for edge in graph.outEdges[source] ?? [] {
      guard let other = graph.nodes[edge.id]?.operation else { continue }
      if other == targetOperation { continue }
      if other.block != targetOperation.block { return false }
      if place != other, !place.isBefore(other) { return false }
      hasOthers = true
    }
    if hasOthers || !escaping.isEmpty { return slice.isMaximal == true }
    return true
  }

  private func canBePrivate(
    _ memref: Value, _ escaping: [Value], _ source: Int, _ target: Int, _ removesSource: Bool
  ) -> Bool {
    guard AffineRegion.elementBytes(memref.type) != nil, let targetNode = graph.nodes[target]
    else { return false }
    if escaping.contains(memref), removesSource || targetNode.storeCount(memref) > 0 {
      return false
    }
    if graph.incomingWrites(source, memref) > 0 || graph.outgoing(target, memref) > 0 {
      return false
    }
    if removesSource,
      (graph.outEdges[source] ?? []).contains(where: { $0.value == memref && $0.id != target })
    {
      return false
    }
    return true
  }

  /// Puts a part of a nest where its slice says.
  private static func insert(_ source: AffineForOp, _ slice: AffineSlice) {
    guard let target = slice.target, let end = target.yield else { return }
    let builder = Builder(
      source.context, at: slice.isAtStart ? .atStart(of: target.body) : .before(end),
      location: source.operation.location)
    var mapping = IRMapping()
    builder.insert(source.operation.clone(&mapping))
    var loops: [AffineForOp] = []
    for (i, variable) in slice.variables.enumerated() {
      guard let copy = mapping.values[variable], let loop = AffineForOp(inductionVariable: copy)
      else { continue }
      loops.append(loop)
      var (lower, upper) = (slice.lower[i], slice.upper[i])
      lower?.canonicalize()
      upper?.canonicalize()
      loop.setBounds(lower: lower ?? loop.lower, upper: upper ?? loop.upper)
    }
    for loop in loops { AffineLoops.promoteSingleIteration(loop) }
  }

  // MARK: Siblings

  private mutating func fuseSiblings() {
    for id in graph.order.reversed() {
      guard let node = graph.nodes[id], node.operation.is(Affine.for) else { continue }
      fuseSiblings(into: id)
    }
  }

  private mutating func fuseSiblings(into id: Int) {
    var visited: Set<Int> = []
    while let (sibling, memref) = sibling(of: id, &visited) {
      guard let node = graph.nodes[id], let other = graph.nodes[sibling],
        let target = AffineForOp(node.operation), let source = AffineForOp(other.operation)
      else { return }
      let place =
        source.operation.isBefore(target.operation)
        ? graph.insertionPoint(sibling, id) : graph.insertionPoint(id, sibling)
      guard let place, let load = node.loads.first(where: { $0.memref == memref }) else { continue }
      let outer = Affine.loops(around: target.operation).count
      let depths = Affine.loops(around: load.operation).count - outer
      guard depths > 0, source.operation.resultCount == 0 else { continue }
      let slices = (1...depths).map {
        AffineFusionLegality.slice(source, into: target, depth: $0 + outer, .sibling(memref))
      }
      guard let last = slices.lastIndex(where: { $0 != nil }) else { continue }
      guard let allowed = allowedTolerance(source, target, slices[last]) else { return }
      var depth = last + 1
      if !isMaximal {
        let loads = other.loads.filter { $0.memref == memref }
        guard
          let best = AffineFusionCost.bestDepth(
            source, loads, target, slices, maximal: depth, tolerance: allowed)
        else { continue }
        depth = best
      }
      guard let slice = slices[depth - 1], slice.isMaximal == true else { continue }
      Self.insert(source, slice)
      if place != target.operation { target.operation.move(before: place) }
      graph.update(sibling: sibling, fusedInto: id)
      graph.collect(id)
      graph.removeNode(sibling)
      source.operation.erase()
    }
  }

  /// A nest that reads a memref this one reads, neither depending on the other.
  private func sibling(of id: Int, _ visited: inout Set<Int>) -> (Int, Value)? {
    guard let node = graph.nodes[id] else { return nil }
    func fits(_ sibling: Int, _ memref: Value) -> Bool {
      guard let other = graph.nodes[sibling], other.loadCount(memref) == 1,
        !graph.hasPath(sibling, id), !graph.hasPath(id, sibling)
      else { return false }
      for store in other.stores where other.loadCount(store.memref) > 0 {
        if graph.incomingWrites(sibling, store.memref) > 0 { return false }
      }
      return Set(other.stores.map(\.memref)).count <= 1
    }
    for argument in graph.block.arguments where argument.type.isMemRef {
      for use in argument.uses {
        guard let access = AffineAccess(use.owner), access.isRead,
          let loop = Affine.loops(around: use.owner).first(where: {
            $0.operation.block == graph.block
          }),
          let other = graph.node(of: loop.operation), other.id != id,
          !visited.contains(other.id), node.loadCount(access.memref) > 0
        else { continue }
        if fits(other.id, access.memref) {
          visited.insert(other.id)
          return (other.id, access.memref)
        }
      }
    }
    for edge in graph.inEdges[id] ?? [] where edge.value.type.kind == .memRef {
      guard node.loadCount(edge.value) > 0, let maker = graph.nodes[edge.id],
        maker.storeCount(edge.value) > 0 || edge.value.definingOperation == maker.operation
      else { continue }
      for out in graph.outEdges[edge.id] ?? [] where out.value == edge.value {
        guard out.id != id, !visited.contains(out.id),
          graph.nodes[out.id]?.operation.is(Affine.for) == true, fits(out.id, out.value)
        else { continue }
        visited.insert(out.id)
        return (out.id, out.value)
      }
    }
    return nil
  }
}
