import CTrace

/// Counts the tries of patterns in one run of a driver, and times as many of them as costs about a hundredth
/// of the time they take: all of long ones, one in many of short ones. Times are estimates from that sample,
/// apart for tries that apply and tries that do not; counts are exact.
public final class PatternProbe {
  private struct Counter {
    let node: Int32
    var tried = 0
    var applied = 0
    /// Timed tries that failed, and that applied.
    var timed: (Int, Int) = (0, 0)
    var ticks: (UInt64, UInt64) = (0, 0)
    /// How many tries are let pass before the next is timed.
    var skip: Int32 = 0
  }

  private let recorder: TraceRecorder
  private var counters: UnsafeMutablePointer<Counter>
  private var count = 0
  private var capacity = 64
  /// By number of an operation name: the first counter of its patterns, plus one; 0 not looked up.
  private var firstByName: [Int32] = []
  private var started: UInt64 = 0
  private var isTiming = false

  /// Ticks one timing costs, two readings of the clock and the sums.
  private static let timingCost: Double = 80
  /// The part of its time that may be spent on timing a pattern.
  private static let share = 0.01
  /// Each pattern is timed so often before any try is let pass.
  private static let fullyTimed = 16

  init(_ recorder: TraceRecorder) {
    self.recorder = recorder
    counters = .allocate(capacity: capacity)
  }

  deinit { counters.deallocate() }

  /// The first of the counters of operations called `name`: its fold, behind it its patterns in order.
  public func counters(
    of name: Int, _ text: @autoclosure () -> String, _ patterns: @autoclosure () -> [String]
  ) -> Int {
    if name < firstByName.count, firstByName[name] > 0 { return Int(firstByName[name]) - 1 }
    let text = text()
    let first = count
    add("\(text): fold")
    for pattern in patterns() { add("\(text): \(pattern)") }
    while firstByName.count <= name { firstByName.append(0) }
    firstByName[name] = Int32(first + 1)
    return first
  }

  private func add(_ name: String) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Counter>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: counters, count: count)
      counters.deallocate()
      counters = larger
      capacity *= 2
    }
    (counters + count).initialize(to: Counter(node: recorder.patternNode(name)))
    count += 1
  }

  /// Before a try. Tries do not nest; what a pattern does through another driver is that one's.
  public func begin(_ counter: Int) {
    let state = counters + counter
    state.pointee.tried &+= 1
    if state.pointee.skip > 0 || state.pointee.node < 0 {
      state.pointee.skip &-= 1
      isTiming = false
      return
    }
    isTiming = true
    started = martlet_trace_ticks()
  }

  /// After it.
  public func end(_ counter: Int, applied: Bool) {
    let state = counters + counter
    if applied { state.pointee.applied &+= 1 }
    if isTiming { endTimed(state, applied) }
  }

  private func endTimed(_ state: UnsafeMutablePointer<Counter>, _ applied: Bool) {
    let now = martlet_trace_ticks()
    let ticks = now &- started
    if applied {
      state.pointee.timed.1 += 1
      state.pointee.ticks.1 &+= ticks
    } else {
      state.pointee.timed.0 += 1
      state.pointee.ticks.0 &+= ticks
    }
    recorder.addPatternEvent(state.pointee.node, started, now)
    let timed = state.pointee.timed.0 + state.pointee.timed.1
    if timed < Self.fullyTimed { return }
    let mean = Double(state.pointee.ticks.0 &+ state.pointee.ticks.1) / Double(timed)
    let gap = min(4096, Self.timingCost / (Self.share * max(mean, 1)))
    // Around the gap wanted, so that nothing that repeats in the program keeps step with it.
    let half = UInt32(gap / 2)
    state.pointee.skip = Int32(half + recorder.random(below: UInt32(gap) + 1))
  }

  /// Hands the sums to the recorder. The driver is done.
  public func finish() {
    for i in 0..<count {
      let state = counters[i]
      if state.node < 0 || state.tried == 0 { continue }
      let timed = state.timed.0 + state.timed.1
      let mean = timed == 0 ? 0 : Double(state.ticks.0 &+ state.ticks.1) / Double(timed)
      func estimate(_ tries: Int, _ timed: Int, _ ticks: UInt64) -> Double {
        Double(tries) * (timed > 0 ? Double(ticks) / Double(timed) : mean)
      }
      let time =
        estimate(state.tried - state.applied, state.timed.0, state.ticks.0)
        + estimate(state.applied, state.timed.1, state.ticks.1)
      recorder.addPattern(
        state.node, tried: state.tried, applied: state.applied, ticks: UInt64(time))
    }
    count = 0
    firstByName = []
  }
}
