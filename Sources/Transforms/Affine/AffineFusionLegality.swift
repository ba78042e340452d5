import MartletAnalysis
import MartletDialects
import MartletIR

/// Whether, and with which part of its iterations, a nest can be fused into another.
enum AffineFusionLegality {
  enum Strategy {
    case producer
    /// Both nests read this memref.
    case sibling(Value)
  }

  /// The part of `source` to be put into `target` at a depth, counted from the top of the function; nil where that
  /// would change results or cannot be told.
  static func slice(
    _ source: AffineForOp, into target: AffineForOp, depth: Int, _ strategy: Strategy
  ) -> AffineSlice? {
    let (a, b) = (source.operation, target.operation)
    guard depth > 0, let block = a.block, block == b.block else { return nil }
    let isBefore = a.isBefore(b)
    let (first, second) = isBefore ? (a, b) : (b, a)
    if !canStandTogether(first, second) { return nil }
    for nest in [first, second] where containsConditional(nest) { return nil }
    let firstAccesses = AffineParallelism.accesses(first)
    let secondAccesses = AffineParallelism.accesses(second)
    var chosen: [AffineAccess]
    switch strategy {
    case .producer:
      if maximalDepth(firstAccesses, secondAccesses) < depth { return nil }
      chosen = firstAccesses.filter(\.isStore)
    case .sibling(let memref):
      chosen = firstAccesses.filter { $0.isRead && $0.memref == memref }
    }
    if chosen.isEmpty { return nil }
    return union(
      chosen, secondAccesses, depth: depth, common: Affine.commonLoopCount(a, b),
      isBackward: isBefore)
  }

  private static func containsConditional(_ nest: Operation) -> Bool {
    nest.walkPreOrder { $0.is(Affine.if) ? .interrupt : .advance } == .interrupt
  }

  // MARK: What lies between

  /// Whether nothing between two nests keeps them apart on both sides.
  private static func canStandTogether(_ first: Operation, _ second: Operation) -> Bool {
    func memrefs(_ operation: Operation) -> [Value: Bool] {
      var written: [Value: Bool] = [:]
      for access in AffineParallelism.accesses(operation) {
        written[access.memref] = (written[access.memref] ?? false) || access.isStore
      }
      return written
    }
    func depends(_ access: AffineAccess, _ values: [Value: Bool]) -> Bool {
      guard let isWritten = values[access.memref] else { return false }
      return access.isStore || isWritten
    }
    let (ofFirst, ofSecond) = (memrefs(first), memrefs(second))
    var firstUser: Operation?
    var lastMaker: Operation?
    var current = first.next
    while let operation = current, operation != second {
      let accesses = AffineParallelism.accesses(operation)
      if firstUser == nil, accesses.contains(where: { depends($0, ofFirst) }) {
        firstUser = operation
      }
      var isMaker = accesses.contains { depends($0, ofSecond) }
      operation.walk { inner in
        if AffineAccess(inner)?.touchesMemory == true { return }
        for result in inner.results {
          for use in result.uses where second.isAncestor(of: use.owner) && use.owner != second {
            isMaker = true
          }
        }
      }
      if isMaker { lastMaker = operation }
      current = operation.next
    }
    guard let firstUser, let lastMaker else { return true }
    return !(firstUser == lastMaker || firstUser.isBefore(lastMaker))
  }

  /// How many loops are around all of some operations.
  static func innermostCommonLoops(_ operations: [Operation]) -> [AffineForOp] {
    guard let first = operations.first else { return [] }
    var common = Affine.loops(around: first)
    for operation in operations.dropFirst() {
      let loops = Affine.loops(around: operation)
      let count = zip(common, loops).prefix { $0.operation == $1.operation }.count
      common = Array(common.prefix(count))
    }
    return common
  }

  /// The memrefs that the first accesses write and the second read.
  static func passedMemrefs(_ sources: [AffineAccess], _ targets: [AffineAccess]) -> [Value] {
    var found: [Value] = []
    for access in targets where access.isRead && !found.contains(access.memref) {
      if sources.contains(where: { $0.isStore && $0.memref == access.memref }) {
        found.append(access.memref)
      }
    }
    return found
  }

  /// How deep a producer can go into its consumer without breaking dependences within that.
  private static func maximalDepth(_ sources: [AffineAccess], _ targets: [AffineAccess]) -> Int {
    let memrefs = passedMemrefs(sources, targets)
    let involved = targets.filter { memrefs.contains($0.memref) }
    if involved.isEmpty { return 0 }
    var depth = innermostCommonLoops(involved.map(\.operation)).count
    if involved.allSatisfy(\.isRead) { return depth }
    for a in involved {
      for b in involved {
        let common = Affine.commonLoopCount(a.operation, b.operation)
        for d in 1...(common + 1) where a.dependence(of: b, depth: d).isProved {
          depth = min(depth, d - 1)
          break
        }
      }
    }
    return depth
  }

  // MARK: Slices

  private static func union(
    _ sources: [AffineAccess], _ targets: [AffineAccess], depth: Int, common: Int,
    isBackward: Bool
  ) -> AffineSlice? {
    var all: AffineConstraints?
    var involved: [Operation] = []
    for a in sources {
      for b in targets where b.memref == a.memref {
        if depth > Affine.nestingDepth((isBackward ? b : a).operation) { return nil }
        switch a.dependence(of: b, depth: common + 1, countingReads: a.isRead && b.isRead) {
        case .unknown: return nil
        case .none: continue
        case .exists(let system):
          involved.append((isBackward ? b : a).operation)
          guard
            let slice = slice(a, b, system, depth: depth, isBackward: isBackward),
            let constraints = slice.constraints
          else { return nil }
          guard var box = all else {
            all = constraints
            continue
          }
          guard Array(box.dimensions) == Array(constraints.dimensions),
            box.formBoundingBox(constraints)
          else { return nil }
          all = box
        }
      }
    }
    guard var all, let context = sources.first?.operation.context else { return nil }
    let around = innermostCommonLoops(involved)
    if depth > around.count { return nil }
    let count = all.dimensionCount
    for value in Array(all.symbols).compactMap({ $0 })
    where AffineForOp(inductionVariable: value) != nil {
      if let position = all.position(value) { all.makeDimension(position) }
    }
    var result = AffineSlice()
    let operands = all.values.dropFirst(count).compactMap { $0 }
    for (i, bounds) in all.bounds(of: 0, count: count, context).enumerated() {
      guard let variable = all.values[i] else { return nil }
      result.variables.append(variable)
      result.lower.append(bounds.lower.map { AffineBound(map: $0, operands: operands) })
      result.upper.append(bounds.upper.map { AffineBound(map: $0, operands: operands) })
    }
    result.target = around[depth - 1]
    result.isAtStart = isBackward
    return result.isValid == true ? result : nil
  }

  /// The iterations of one nest that one dependence involves, for given iterations of the other.
  private static func slice(
    _ a: AffineAccess, _ b: AffineAccess, _ dependence: DependenceSystem, depth: Int,
    isBackward: Bool
  ) -> AffineSlice? {
    let (around, behind) = (Affine.loops(around: a.operation), Affine.loops(around: b.operation))
    var system = dependence.constraints
    guard around.count == dependence.sourceLoopCount,
      system.dimensionCount == around.count + behind.count
    else { return nil }
    let position = isBackward ? around.count + depth : depth
    let removed = (isBackward ? behind.count : around.count) - depth
    guard removed >= 0 else { return nil }
    system.projectOut(position, count: removed)
    let offset = isBackward ? 0 : depth
    let loops = isBackward ? around : behind
    let count = loops.count
    var slice = AffineSlice()
    slice.variables = loops.map(\.inductionVariable)
    var operands: [Value] = []
    for (i, value) in system.values.enumerated() where i < offset || i >= offset + count {
      guard let value else { return nil }
      operands.append(value)
    }
    let context = a.operation.context
    for bounds in system.bounds(of: offset, count: count, context) {
      slice.lower.append(bounds.lower.map { AffineBound(map: $0, operands: operands) })
      slice.upper.append(bounds.upper.map { AffineBound(map: $0, operands: operands) })
    }
    // Reads of the same place say nothing of what sequential loops do besides.
    if a.isRead, b.isRead {
      let sequential = loops.firstIndex { !AffineParallelism.isParallel($0) }
      for i in (sequential ?? count)..<count {
        slice.lower[i] = nil
        slice.upper[i] = nil
      }
    }
    return slice
  }
}
