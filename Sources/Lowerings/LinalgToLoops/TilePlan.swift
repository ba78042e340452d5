import MartletDialects
import MartletIR

/// How the loops of a structured operation are run: their order, the one whose iterations become vector
/// lanes, and how many points of the others are computed side by side in registers.
struct TilePlan {
  /// What the lanes of a vector are.
  enum Lanes: Equatable {
    case none
    /// Neighbouring points of a parallel loop.
    case parallel(Int)
    /// Partial results of a reduction loop, combined at the end.
    case reduction(Int)
  }

  var lanes = Lanes.none
  /// Why there are no vectors; nil where there are.
  var obstacle: String?
  /// Elements of a full vector.
  var width = 1
  /// Vectors side by side.
  var columns = 1
  /// Points side by side per loop; 1 for the loop that makes lanes.
  var tile: [Int]
  /// From the outside in, the loops that are no reductions and those that are.
  var parallelOrder: [Int] = []
  var reductionOrder: [Int] = []
  /// Reduction loops written out in full.
  var isUnrolled: [Bool]

  var vectorLoop: Int? {
    switch lanes {
    case .none: nil
    case .parallel(let loop), .reduction(let loop): loop
    }
  }

  /// Splits the `extent` iterations of the vector loop into groups of `columns` vectors and the widths of the
  /// vectors left over.
  /// - Parameter folds: whether a last narrow vector joins a full group.
  static func split(_ extent: Int, width: Int, columns: Int, folds: Bool)
    -> (groups: Int, rest: [Int])
  {
    let full = extent / width
    let tail = extent % width
    var groups = full / columns
    var left = full % columns
    if folds, tail > 0, left == 0, groups > 0 {
      groups -= 1
      left = columns
    }
    return (groups, Array(repeating: width, count: left) + (tail > 0 ? [tail] : []))
  }

  /// Whether a last narrow vector joins a full group of columns: it then costs no extra pass over the
  /// reduction, at the price of some registers.
  var foldsTail = false

  func split(_ extent: Int) -> (groups: Int, rest: [Int]) {
    TilePlan.split(extent, width: width, columns: columns, folds: foldsTail)
  }
}

/// Chooses a plan for a nest.
struct TilePlanner {
  let nest: StructuredNest
  let body: StructuredBody
  /// Bytes of a vector register; nil where nothing is to be vectorised.
  let vectorBytes: Int?
  /// 32 registers of 64 bytes, 16 of fewer.
  private var registers: Int { (vectorBytes ?? 0) >= 64 ? 32 : 16 }

  private var loopCount: Int { nest.loops.count }
  private func real(_ kind: IteratorType) -> [Int] {
    nest.loops.indices.filter { nest.loops[$0].isReal && nest.loops[$0].kind == kind }
  }

  func plan() -> TilePlan {
    var plan = TilePlan(
      tile: Array(repeating: 1, count: loopCount),
      isUnrolled: Array(repeating: false, count: loopCount))
    guard nest.ownsOutputs else {
      // Outputs written more than once: the order of the loops is part of the result.
      plan.parallelOrder = nest.loops.indices.filter { nest.loops[$0].isReal }
      plan.obstacle = "results are written more than once, in the order of the loops"
      return plan
    }
    plan.parallelOrder = real(.parallel)
    plan.reductionOrder = real(.reduction)
    chooseLanes(&plan)
    if plan.lanes == .none, plan.obstacle == nil {
      plan.obstacle =
        "no loop goes through neighbouring elements of all operands, or those that do are too short"
    }
    chooseTiles(&plan)
    chooseOrder(&plan)
    chooseUnrolling(&plan)
    return plan
  }

  // MARK: Lanes

  private func chooseLanes(_ plan: inout TilePlan) {
    guard let vectorBytes else {
      plan.obstacle = "vectors are switched off"
      return
    }
    guard body.isElementwise else {
      plan.obstacle = "the body has an operation that works on scalars only"
      return
    }
    var widest = body.widestElement
    for case let access? in nest.accesses {
      guard StructuredBody.isVectorMemory(access.element) else {
        plan.obstacle = "\(access.element) is no element of vectors in memory"
        return
      }
      widest = max(widest, (access.element.bitWidth ?? 64) / 8)
    }
    let width = vectorBytes / widest
    if width < 2 {
      plan.obstacle = "a vector register holds a single element"
      return
    }
    func fill(_ loop: Int) -> Double {
      guard let extent = nest.loops[loop].extent, extent > 1 else { return 0 }
      return Double(extent) / Double((extent + width - 1) / width)
    }
    var best: (lanes: TilePlan.Lanes, score: Double) = (.none, 1.5)
    for loop in plan.parallelOrder where canMakeLanes(loop) {
      if fill(loop) >= best.score { best = (.parallel(loop), fill(loop)) }
    }
    // Combining lanes costs a few steps at the end, so reductions must be worth it.
    for loop in plan.reductionOrder where canMakeReductionLanes(loop) {
      if fill(loop) > 2 * best.score || (best.lanes == .none && fill(loop) >= 2) {
        best = (.reduction(loop), fill(loop))
      }
    }
    plan.lanes = best.lanes
    plan.width = plan.lanes == .none ? 1 : width
  }

  private func canMakeLanes(_ loop: Int) -> Bool {
    for (i, access) in nest.accesses.enumerated() {
      guard let access else { continue }
      guard let stride = access.unitStride(loop) else { return false }
      if i >= nest.inputCount, stride == 0 { return false }
    }
    return true
  }

  private func canMakeReductionLanes(_ loop: Int) -> Bool {
    let isReduced = body.combiners.allSatisfy { $0 != nil }
    return isReduced
      && nest.accesses.allSatisfy { $0 == nil || $0?.unitStride(loop) != nil }
  }

  // MARK: Register tiles

  /// What a tile loads: for each input which loops it depends on.
  private struct Operand {
    let uses: [Bool]
    let isVector: Bool
    /// Bytes that one vector takes in all steps of the reduction loops.
    let bytesPerColumn: Int
  }

  private func chooseTiles(_ plan: inout TilePlan) {
    guard let vector = plan.vectorLoop, !plan.reductionOrder.isEmpty,
      let extent = nest.loops[vector].extent
    else { return }
    let operands = nest.accesses[..<nest.inputCount].compactMap { access in
      access.map { access in
        Operand(
          uses: nest.loops.indices.map(access.uses), isVector: access.uses(vector),
          bytesPerColumn: bytesPerColumn(access, plan))
      }
    }
    let candidates = plan.parallelOrder.filter {
      $0 != vector && (nest.loops[$0].extent ?? 1) > 1
    }
    var best = (cost: Double.infinity, plan: plan)
    func consider(_ tile: [(loop: Int, size: Int)]) {
      for columns in [1, 2, 3, 4, 6, 8, 12, 16] where columns == 1 || columns * plan.width <= extent
      {
        for folds in [false, true] {
          var candidate = plan
          candidate.columns = columns
          candidate.foldsTail = folds
          for (loop, size) in tile { candidate.tile[loop] = size }
          guard let cost = cost(candidate, tile.map(\.loop), operands, extent) else { continue }
          if cost < best.cost { best = (cost, candidate) }
        }
      }
    }
    let limit = registers - 3
    consider([])
    for (k, loop) in candidates.enumerated() {
      for size in sizes(loop, limit) {
        consider([(loop, size)])
        for second in candidates[(k + 1)...] {
          for other in sizes(second, limit / size) { consider([(loop, size), (second, other)]) }
        }
      }
    }
    plan = best.plan
  }

  /// Bytes of an operand that the reduction loops run through, for one vector's width; a large number
  /// where that is not known.
  private func bytesPerColumn(_ access: StructuredNest.Access, _ plan: TilePlan) -> Int {
    var size = plan.width * (access.element.bitWidth ?? 64) / 8
    for loop in plan.reductionOrder where access.uses(loop) {
      size = MemRefLayout.multiply(size, nest.loops[loop].extent ?? 64)
    }
    return size == Type.dynamic ? 1 << 32 : min(size, 1 << 32)
  }

  /// What of an operand is expected to stay in the first-level cache.
  private static let nearBytes = 24 << 10

  private func sizes(_ loop: Int, _ limit: Int) -> [Int] {
    let extent = nest.loops[loop].extent ?? 1
    if limit < 2 { return [] }
    return Array(2...min(limit, max(2, extent)))
  }

  /// Estimated cycles of all the loops, weighted for the size of the code; nil where the tile does not
  /// fit the registers.
  private func cost(
    _ plan: TilePlan, _ tiled: [Int], _ operands: [Operand], _ extent: Int
  ) -> Double? {
    let (groups, rest) = plan.split(extent)
    var parts: [(count: Double, columns: Int)] = []
    if groups > 0 { parts.append((Double(groups), plan.columns)) }
    if !rest.isEmpty { parts.append((1, rest.count)) }
    var total = 0.0
    var copies = 0
    var instructions = 0
    let combining = if case .reduction = plan.lanes { 4 } else { 0 }
    /// All combinations of main and remaining parts of the tiled loops.
    func visit(_ i: Int, _ tile: [Int], _ count: Double) -> Bool {
      if i == tiled.count {
        for part in parts {
          guard let cycles = cycles(plan, tile, part.columns, operands) else { return false }
          total += count * part.count * cycles
          copies += 1
          let points = tile.reduce(1, *)
          let isWrittenOut = isWrittenOut(plan, points * part.columns * steps)
          let trips = isWrittenOut ? reductionTrips ?? 1 : 1
          instructions += points * (part.columns * trips + combining)
        }
        return true
      }
      let loop = tiled[i]
      let (n, size) = (nest.loops[loop].extent ?? 1, plan.tile[loop])
      var tile = tile
      if n >= size {
        tile[loop] = size
        if !visit(i + 1, tile, count * Double(n / size)) { return false }
      }
      if n % size > 0 {
        tile[loop] = n % size
        if !visit(i + 1, tile, count) { return false }
      }
      return true
    }
    guard visit(0, Array(repeating: 1, count: loopCount), 1) else { return nil }
    for loop in plan.parallelOrder where !tiled.contains(loop) && loop != plan.vectorLoop {
      total *= Double(nest.loops[loop].extent ?? 16)
    }
    // Code is compiled in time that somebody waits for.
    return total * (1 + 0.03 * Double(copies - 1) + 0.004 * Double(instructions))
  }

  /// Estimated cycles of the reduction loops for a tile, on a core that does two vector operations
  /// and two loads per cycle with a latency of four; loads from farther than the first-level cache take three
  /// times as long.
  private func cycles(_ plan: TilePlan, _ tile: [Int], _ columns: Int, _ operands: [Operand])
    -> Double?
  {
    let points = tile.reduce(1, *)
    let accumulators = points * columns * nest.outputCount
    var loading = 0.0
    var reused: [Int] = []
    for operand in operands {
      var count = operand.isVector ? columns : 1
      for (loop, size) in tile.enumerated() where operand.uses[loop] { count *= size }
      let isFar =
        operand.isVector && columns * operand.bytesPerColumn > TilePlanner.nearBytes
      loading += Double(count) * (isFar ? 1.5 : 0.5)
      if count < points * columns { reused.append(count) }
    }
    let live = reused.reduce(0, +) - (reused.max() ?? 0)
    guard accumulators + max(1, live) + 1 <= registers || points * columns == 1 else {
      return nil
    }
    let size = points * columns * steps
    let work = max(Double(size) / 2, loading)
    if isWrittenOut(plan, size) {
      return Double(reductionTrips ?? 1) * work + Double(accumulators) + 2
    }
    return Double(reductionTrips ?? 64) * (max(work, 4) + 1.5) + Double(accumulators) + 4
  }

  /// Operations computed per point and step, a product and its sum being one.
  private var steps: Int { max(1, body.cost - body.fusedProducts.count) }

  /// How often the body runs for each point of the parallel loops.
  private var reductionTrips: Int? {
    var product = 1
    for loop in nest.loops where loop.kind == .reduction {
      product = MemRefLayout.multiply(product, loop.extent ?? Type.dynamic)
    }
    return product == Type.dynamic ? nil : product
  }

  /// Whether all reduction loops of a tile that computes `size` operations per step are written out.
  private func isWrittenOut(_ plan: TilePlan, _ size: Int) -> Bool {
    if case .reduction = plan.lanes { return false }
    guard let trips = reductionTrips else { return false }
    return MemRefLayout.multiply(trips, size) <= TilePlanner.unrolledSize
  }

  /// The most computing operations a tile may have with its reduction loops written out.
  private static let unrolledSize = 40

  // MARK: Order

  private func chooseOrder(_ plan: inout TilePlan) {
    switch plan.lanes {
    case .parallel(let loop):
      plan.parallelOrder.removeAll { $0 == loop }
      plan.parallelOrder.insert(loop, at: placeOfLanes(plan, loop))
    case .reduction(let loop):
      plan.reductionOrder.removeAll { $0 == loop }
      plan.reductionOrder.append(loop)
    case .none:
      moveContiguousIn(&plan.parallelOrder, favouringOutputs: true)
      moveContiguousIn(&plan.reductionOrder, favouringOutputs: false)
    }
  }

  /// Outside of loops its vectors do not depend on where what they hold stays in the first-level cache,
  /// else innermost.
  private func placeOfLanes(_ plan: TilePlan, _ vector: Int) -> Int {
    if plan.reductionOrder.isEmpty { return plan.parallelOrder.count }
    var bytes = 0
    var place = 0
    for case let access? in nest.accesses[..<nest.inputCount] where access.uses(vector) {
      bytes += plan.columns * bytesPerColumn(access, plan)
      for (i, loop) in plan.parallelOrder.enumerated() where access.uses(loop) {
        place = max(place, i + 1)
      }
    }
    return bytes <= TilePlanner.nearBytes ? place : plan.parallelOrder.count
  }

  /// Moves the loop whose steps are shortest in memory to the end.
  private func moveContiguousIn(_ order: inout [Int], favouringOutputs: Bool) {
    func distance(_ loop: Int) -> Int {
      var sum = 0
      for (i, access) in nest.accesses.enumerated() {
        guard let access, access.uses(loop), access.unitStride(loop) != 1 else { continue }
        sum += favouringOutputs && i >= nest.inputCount ? 3 : 2
      }
      return sum
    }
    guard let last = order.last else { return }
    var best = last
    for loop in order.reversed() where distance(loop) < distance(best) { best = loop }
    order.removeAll { $0 == best }
    order.append(best)
  }

  /// Short innermost reductions are written out where the tile is small.
  private func chooseUnrolling(_ plan: inout TilePlan) {
    var size = plan.tile.reduce(1, *) * plan.columns * steps
    for loop in plan.reductionOrder.reversed() {
      guard let extent = nest.loops[loop].extent, loop != plan.vectorLoop, extent <= 8 else {
        return
      }
      size *= extent
      if size > TilePlanner.unrolledSize { return }
      plan.isUnrolled[loop] = true
    }
  }
}
