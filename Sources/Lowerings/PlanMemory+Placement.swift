/// A need for memory: so many bytes during some steps.
struct MemoryInterval {
  /// Bytes as asked for.
  let exact: (byteCount: Int, steps: ClosedRange<Int>)
  let steps: ClosedRange<Int>

  init(byteCount: Int, steps: ClosedRange<Int>) {
    exact = (byteCount, steps)
    self.steps = steps
  }

  /// Bytes with what is lost to alignment; nil where that overflows.
  var byteCount: Int? {
    let (sum, overflow) = exact.byteCount.addingReportingOverflow(MemoryPlacement.alignment - 1)
    return overflow ? nil : sum & ~(MemoryPlacement.alignment - 1)
  }
}

/// Places for intervals such that those that meet in time do not meet in memory.
///
/// Offline dynamic storage allocation is NP-hard. Intervals are placed one after another, each at the
/// smallest gap that takes it (best fit), in several orders; where none reaches the largest live set,
/// which no placement can undercut, the best order is improved by moving what lies highest to the front.
struct MemoryPlacement {
  static let alignment = 64

  /// A place for each interval, in their order, a multiple of 64.
  private(set) var offsets: [Int]
  private(set) var byteCount: Int

  /// Nil where the sizes overflow.
  init?(_ intervals: [MemoryInterval]) {
    var sizes: [Int] = []
    var total = 0
    for interval in intervals {
      guard let size = interval.byteCount else { return nil }
      sizes.append(size)
      let (sum, overflow) = total.addingReportingOverflow(size)
      if overflow { return nil }
      total = sum
    }
    let steps = intervals.map(\.steps)
    let least = Self.largestLive(zip(sizes, steps).map { ($0, $1) }) ?? 0
    let search = PlacementSearch(sizes: sizes, steps: steps)
    (offsets, byteCount) = search.best(least: least)
  }

  /// Bytes in use at the step where they are most; nil where they overflow.
  static func largestLive(_ intervals: [(byteCount: Int, steps: ClosedRange<Int>)]) -> Int? {
    var changes: [(step: Int, bytes: Int)] = []
    for interval in intervals {
      changes.append((interval.steps.lowerBound, interval.byteCount))
      changes.append((interval.steps.upperBound &+ 1, -interval.byteCount))
    }
    // At one step what ends goes before what begins.
    changes.sort { ($0.step, $0.bytes) < ($1.step, $1.bytes) }
    var (live, most) = (0, 0)
    for change in changes {
      let (sum, overflow) = live.addingReportingOverflow(change.bytes)
      if overflow { return nil }
      live = sum
      most = max(most, live)
    }
    return most
  }
}

/// The search for an order in which best fit places intervals well.
private struct PlacementSearch {
  let sizes: [Int]
  let steps: [ClosedRange<Int>]
  /// The intervals each meets in time.
  let neighbours: [[Int]]

  init(sizes: [Int], steps: [ClosedRange<Int>]) {
    self.sizes = sizes
    self.steps = steps
    // Sweep over the starts, so that long lists of short lives stay cheap.
    var neighbours = sizes.map { _ in [Int]() }
    var live: [Int] = []
    let byStart = sizes.indices.sorted { (steps[$0].lowerBound, $0) < (steps[$1].lowerBound, $1) }
    for i in byStart {
      live.removeAll { steps[$0].upperBound < steps[i].lowerBound }
      for other in live {
        neighbours[i].append(other)
        neighbours[other].append(i)
      }
      live.append(i)
    }
    self.neighbours = neighbours
  }

  func best(least: Int) -> (offsets: [Int], byteCount: Int) {
    var bestOrder: [Int] = []
    var best: (offsets: [Int], byteCount: Int)?
    for order in orders() {
      let found = place(order)
      if best == nil || found.byteCount < best?.byteCount ?? 0 { (best, bestOrder) = (found, order) }
      if found.byteCount <= least { break }
    }
    guard var result = best else { return ([], 0) }
    var order = bestOrder
    // Bounded work: what is gained later is little.
    var rounds = min(200, 40_000 / max(1, sizes.count))
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    while result.byteCount > least, rounds > 0 {
      rounds -= 1
      let current = place(order)
      guard let highest = order.max(by: { end($0, current) < end($1, current) }),
        let position = order.firstIndex(of: highest)
      else { break }
      order.remove(at: position)
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let front = position == 0 ? Int(seed >> 33) % order.count.advanced(by: 1) : Int(seed >> 33) % (position + 1)
      order.insert(highest, at: position > 0 && rounds % 2 == 0 ? 0 : front)
      let found = place(order)
      if found.byteCount < result.byteCount {
        (result, bestOrder) = (found, order)
      } else if found.byteCount > result.byteCount + result.byteCount / 8 {
        order = bestOrder
      }
    }
    return result
  }

  private func end(_ i: Int, _ placed: (offsets: [Int], byteCount: Int)) -> Int {
    placed.offsets[i] + sizes[i]
  }

  private func orders() -> [[Int]] {
    let all = Array(sizes.indices)
    func length(_ i: Int) -> Int { steps[i].upperBound - steps[i].lowerBound + 1 }
    func sorted(_ key: (Int) -> (Int, Int)) -> [Int] {
      all.sorted { a, b in
        let (x, y) = (key(a), key(b))
        return x == y ? a < b : x < y
      }
    }
    return [
      sorted { (-sizes[$0], steps[$0].lowerBound) },
      sorted { (-sizes[$0], -length($0)) },
      sorted { (-length($0), -sizes[$0]) },
      sorted { (steps[$0].lowerBound, -sizes[$0]) },
      sorted { (-steps[$0].upperBound, -sizes[$0]) },
      sorted { (-(sizes[$0].multipliedReportingOverflow(by: length($0)).partialValue), $0) },
    ]
  }

  /// Places intervals in `order`, each in the smallest gap between those it meets.
  private func place(_ order: [Int]) -> (offsets: [Int], byteCount: Int) {
    var offsets = sizes.map { _ in -1 }
    var total = 0
    for i in order {
      if sizes[i] == 0 {
        offsets[i] = 0
        continue
      }
      let taken = neighbours[i].filter { offsets[$0] >= 0 && sizes[$0] > 0 }
        .map { (start: offsets[$0], end: offsets[$0] + sizes[$0]) }
        .sorted { ($0.start, $0.end) < ($1.start, $1.end) }
      var (place, smallest) = (-1, Int.max)
      var free = 0
      for range in taken {
        let gap = range.start - free
        if gap >= sizes[i], gap < smallest { (place, smallest) = (free, gap) }
        free = max(free, range.end)
      }
      if place < 0 { place = free }
      offsets[i] = place
      total = max(total, place + sizes[i])
    }
    return (offsets, total)
  }
}
