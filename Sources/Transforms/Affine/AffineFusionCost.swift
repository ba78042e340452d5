import MartletAnalysis
import MartletDialects
import MartletIR

/// What nests cost, as the number of operations executed.
struct AffineNestCost {
  private var children: [Operation: [AffineForOp]] = [:]
  private var counts: [Operation: Int] = [:]
  private var trips: [Operation: Int] = [:]
  private let root: AffineForOp

  /// Nil where a trip count is not constant or a loop is in something other than a loop.
  init?(_ root: AffineForOp) {
    self.root = root
    var isKnown = true
    var loops: [AffineForOp] = []
    root.operation.walk { if let loop = AffineForOp($0) { loops.append(loop) } }
    for loop in loops {
      if loop.operation != root.operation {
        guard let parent = loop.operation.parent, parent.is(Affine.for) else {
          isKnown = false
          continue
        }
        children[parent, default: []].append(loop)
      }
      counts[loop.operation] = Array(loop.body.operations).count {
        !$0.is(Affine.for) && !$0.is(Affine.if)
      }
      guard let count = loop.knownTripCount else {
        isKnown = false
        continue
      }
      trips[loop.operation] = count
    }
    if !isKnown { return nil }
  }

  /// The cost with other trip counts for some loops, and additions to the bodies of some.
  func total(trips others: [Operation: Int] = [:], adding: [Operation: Int] = [:]) -> Int? {
    func cost(_ loop: Operation) -> Int? {
      var sum = (counts[loop] ?? 1) - 1
      for child in children[loop] ?? [] {
        guard let inner = cost(child.operation) else { return nil }
        let (next, overflow) = sum.addingReportingOverflow(inner)
        if overflow { return nil }
        sum = next
      }
      sum = sum &+ (adding[loop] ?? 0)
      let (product, overflow) = sum.multipliedReportingOverflow(
        by: others[loop] ?? trips[loop] ?? 1)
      return overflow ? nil : product
    }
    return cost(root.operation)
  }
}

/// Whether fusion pays.
enum AffineFusionCost {
  /// The cost of the fused nest and how much more that is than the two nests together, as a fraction.
  static func fused(
    _ source: AffineForOp, _ target: AffineForOp, _ slice: AffineSlice
  ) -> (cost: Int, fraction: Double)? {
    guard let sourceCost = AffineNestCost(source), let targetCost = AffineNestCost(target),
      let sourceTotal = sourceCost.total(), let targetTotal = targetCost.total(),
      let trips = slice.tripCounts, let iterations = slice.iterationCount,
      let home = slice.target?.operation
    else { return nil }
    var additions: [Operation: Int] = [:]
    if iterations == 1 {
      // Stored values will be passed on directly.
      let stores = AffineParallelism.accesses(source.operation).filter(\.isStore)
      if !stores.isEmpty { additions[home] = -stores.count }
      for memref in Set(stores.map(\.memref)) {
        for use in memref.uses {
          guard let access = AffineAccess(use.owner), access.isRead,
            Affine.loops(around: use.owner).contains(where: { $0.operation == home }),
            let parent = use.owner.parent, parent.is(Affine.for)
          else { continue }
          additions[parent, default: 0] -= 1
        }
      }
    }
    guard let sliceCost = sourceCost.total(trips: trips, adding: additions) else { return nil }
    additions[home] = sliceCost
    guard let cost = targetCost.total(adding: additions) else { return nil }
    let fraction = Double(cost) / (Double(sourceTotal) + Double(targetTotal)) - 1
    return (cost, fraction)
  }

  /// The depth at which fusion makes the memory between the nests smallest without too much that is computed anew;
  /// nil where no depth does.
  static func bestDepth(
    _ source: AffineForOp, _ accesses: [AffineAccess], _ target: AffineForOp,
    _ slices: [AffineSlice?], maximal: Int, tolerance: Double
  ) -> Int? {
    guard maximal > 0, AffineNestCost(source) != nil, AffineNestCost(target) != nil,
      let access = accesses.first
    else { return nil }
    if accesses.count > 1 {
      guard let slice = slices[maximal - 1], let fused = fused(source, target, slice),
        fused.fraction <= tolerance
      else { return nil }
      return maximal
    }
    guard let whole = AffineRegion(access, depth: 0)?.byteCount else { return nil }
    var best: (depth: Int, reduction: Double, bytes: Int)?
    for depth in (1...maximal).reversed() {
      guard let slice = slices[depth - 1], let fused = fused(source, target, slice),
        let part = AffineRegion(access, depth: 0, slice: slice)?.byteCount, part > 0
      else { continue }
      let reduction = Double(whole) / Double(part)
      if reduction > best?.reduction ?? 0, fused.fraction <= tolerance {
        best = (depth, reduction, part)
      }
    }
    guard let best, let targetBytes = AffineFootprint.bytes(target),
      let sourceBytes = AffineFootprint.bytes(source)
    else { return nil }
    return targetBytes + best.bytes > sourceBytes + targetBytes ? nil : best.depth
  }
}
