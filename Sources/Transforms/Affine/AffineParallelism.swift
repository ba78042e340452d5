import MartletAnalysis
import MartletDialects
import MartletIR

/// Which loops carry dependences, and the order of loops.
enum AffineParallelism {
  /// The accesses below a loop.
  static func accesses(_ root: Operation) -> [AffineAccess] {
    var found: [AffineAccess] = []
    root.walk { operation in
      if let access = AffineAccess(operation), access.touchesMemory { found.append(access) }
    }
    return found
  }

  /// Whether the iterations of a loop may run in any order.
  static func isParallel(_ loop: AffineForOp) -> Bool {
    if loop.operation.resultCount > 0 { return false }
    var isKnown = true
    loop.operation.walk { operation in
      if operation == loop.operation || operation.is(Affine.for) || operation.is(Affine.yield)
        || operation.is(Affine.if) || AffineAccess(operation)?.touchesMemory == true
        || MemoryTouch.isAllocation(operation)
      {
        return
      }
      if !operation.isMemoryEffectFree { isKnown = false }
    }
    if !isKnown { return false }
    func isLocal(_ memref: Value) -> Bool {
      guard let made = memref.definingOperation, MemoryTouch.isAllocation(made) else {
        return false
      }
      return loop.operation.isAncestor(of: made)
    }
    let all = accesses(loop.operation).filter { !isLocal($0.memref) }
    let depth = Affine.nestingDepth(loop.operation) + 1
    for source in all {
      for target in all where target.memref == source.memref {
        if source.dependence(of: target, depth: depth).mayExist { return false }
      }
    }
    return true
  }

  /// Whether what a nest writes may come back to where it is read, so that to repeat or leave out iterations would
  /// change results.
  static func hasCycle(_ root: AffineForOp) -> Bool {
    let all = accesses(root.operation)
    let outer = Affine.nestingDepth(root.operation)
    var edges: [Operation: [Operation]] = [:]
    for source in all {
      for target in all where target.memref == source.memref {
        let common = Affine.commonLoopCount(source.operation, target.operation)
        var depth = outer + 1
        while depth <= common + 1 {
          if source.dependence(of: target, depth: depth).mayExist {
            edges[source.operation, default: []].append(target.operation)
          }
          depth += 1
        }
      }
      // Values within a nest flow forward only, from loads to the stores that use them.
    }
    // An operation is a cycle if it can be reached from itself.
    for access in all {
      var seen: Set<Operation> = []
      var waiting = edges[access.operation] ?? []
      while let next = waiting.popLast() {
        if next == access.operation { return true }
        if seen.insert(next).inserted { waiting += edges[next] ?? [] }
      }
    }
    return false
  }

  /// Puts the loops of a perfect nest that carry dependences inside those that do not, where that is allowed.
  /// - Returns: the outermost loop afterwards.
  static func sinkSequentialLoops(_ root: AffineForOp) -> AffineForOp {
    let loops = root.perfectNest
    if loops.count < 2 || loops.contains(where: { $0.operation.resultCount > 0 }) { return root }
    let all = accesses(root.operation)
    var vectors: [[DependenceSystem.Distance]] = []
    let outer = Affine.nestingDepth(root.operation)
    for depth in 1...loops.count {
      for source in all {
        for target in all where target.memref == source.memref {
          if case .exists(let system) = source.dependence(of: target, depth: depth) {
            vectors.append(system.distances)
          }
        }
      }
    }
    // MLIR looks at the outermost loops of all, which are those of the nest where it is at the top.
    if outer > 0 { return root }
    var isParallel = Array(repeating: true, count: loops.count)
    for vector in vectors {
      guard vector.count >= loops.count else { return root }
      for i in loops.indices where vector[i].lower != 0 || vector[i].upper != 0 {
        isParallel[i] = false
      }
    }
    let order = loops.indices.filter { isParallel[$0] } + loops.indices.filter { !isParallel[$0] }
    for vector in vectors {
      for position in order {
        guard let lower = vector[position].lower else { return root }
        if lower > 0 { break }
        if lower < 0 { return root }
      }
    }
    if order == Array(loops.indices) { return root }
    // Bounds that depend on one another keep their order.
    for (i, loop) in loops.enumerated() {
      for outer in loops[..<i]
      where loop.operation.operands.contains(outer.inductionVariable) {
        return root
      }
    }
    return permute(loops, order)
  }

  private static func permute(_ loops: [AffineForOp], _ order: [Int]) -> AffineForOp {
    let body = AffineLoops.bodyOperations(loops[loops.count - 1])
    let first = loops[0].operation
    let arranged = order.map { loops[$0] }
    let builder = AffineLoops.builder(before: first)
    // A place holder keeps the position while loops move.
    let mark = builder.create(
      Arith.constant, results: [first.context.index],
      attributes: [("value", first.context.indexAttribute(0))])
    for operation in body { operation.remove() }
    for loop in loops.reversed() { loop.operation.remove() }
    arranged[0].operation.move(before: mark)
    for (outer, inner) in zip(arranged, arranged.dropFirst()) {
      if let end = outer.yield { inner.operation.move(before: end) }
    }
    if let end = arranged[arranged.count - 1].yield {
      for operation in body { operation.move(before: end) }
    }
    mark.erase()
    return arranged[0]
  }
}
