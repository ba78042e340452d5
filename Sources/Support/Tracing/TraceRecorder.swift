import CTrace

/// A span that was begun; nothing where it is not recorded.
public struct TraceSpan {
  @usableFromInline let node: Int32
  @usableFromInline init(node: Int32) { self.node = node }
}

/// Records the spans of one thread: a tree of sums by name, and, where wanted, each span by itself.
public final class TraceRecorder {
  public let trace: Trace
  let threadName: String

  /// Spans of one name under one parent, summed.
  struct Node {
    let name: UInt32
    let parent: Int32
    var calls = 0
    var ticks: UInt64 = 0
    var allocations: UInt64 = 0
    var allocatedBytes: UInt64 = 0
  }

  /// A span by itself.
  struct Event {
    let node: Int32
    let start: UInt64
    let end: UInt64
  }

  /// The value of something at a time.
  struct Sample {
    let name: String
    let ticks: UInt64
    let value: Int
  }

  private struct Frame {
    let node: Int32
    let start: UInt64
    let allocations: martlet_allocations
  }

  private struct Name: Hashable {
    let category: TraceCategory
    let text: String
  }

  /// What changes with every span, behind a pointer so that no access is checked for exclusivity.
  private struct State {
    var nodes: [Node] = []
    var stack: [Frame] = []
    var events: [Event] = []
    var samples: [Sample] = []
    var names: [Name] = []
    var isRecorded: [Bool] = []
    var nameNumbers: [Name: UInt32] = [:]
    /// Parent and name to node.
    var children: [UInt64: Int32] = [:]
    /// What spans say of themselves: sums and last words, by node.
    var counts: [Int32: [(key: String, value: Int)]] = [:]
    var details: [Int: [(key: String, value: String)]] = [:]
    /// The kernels of the program being run: nodes by step.
    var kernelNodes: [Int32] = []
    var kernelLive: [Int] = []
    var kernelOwner: ObjectIdentifier?
    var kernelParent: Int32 = -1
    var runsKernels = false
    var random: UInt32 = 0x9E37_79B9
  }

  private let state: UnsafeMutablePointer<State>
  private let keepsEvents: Bool
  private let minimumTicks: UInt64
  private let start = martlet_trace_ticks()
  private(set) var end: UInt64 = 0
  /// Opened when the first kernel is run, where wanted.
  private(set) var counters: ProcessorCounters?

  init(_ trace: Trace, threadName: String) {
    self.trace = trace
    self.threadName = threadName
    keepsEvents = trace.keepsEvents
    minimumTicks = TraceRecorder.ticks(nanoseconds: trace.filter.minimumNanoseconds)
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// The recorder of the calling thread; nil where nothing is recorded.
  @inlinable public static var current: TraceRecorder? {
    guard let raw = currentRaw else { return nil }
    return Unmanaged<TraceRecorder>.fromOpaque(raw).takeUnretainedValue()
  }

  @usableFromInline static var currentRaw: UnsafeMutableRawPointer? {
    @inline(__always) get { martlet_trace_current() }
  }

  /// Ticks of so many nanoseconds, roughly: the rate is measured once.
  private static let ticksPerNanosecond: Double = {
    let before = (martlet_trace_ticks(), Stopwatch.now)
    var now = Stopwatch.now
    while now &- before.1 < 100_000 { now = Stopwatch.now }
    return Double(martlet_trace_ticks() &- before.0) / Double(now &- before.1)
  }()

  private static func ticks(nanoseconds: UInt64) -> UInt64 {
    nanoseconds == 0 ? 0 : UInt64(Double(nanoseconds) * ticksPerNanosecond)
  }

  func close() { end = martlet_trace_ticks() }

  // MARK: Spans

  /// The number of a name, and whether spans of it are recorded.
  private func number(_ category: TraceCategory, _ text: String) -> UInt32? {
    let name = Name(category: category, text: text)
    if let known = state.pointee.nameNumbers[name] {
      return state.pointee.isRecorded[Int(known)] ? known : nil
    }
    let number = UInt32(state.pointee.names.count)
    let isRecorded = trace.filter.records(category, text)
    state.pointee.names.append(name)
    state.pointee.isRecorded.append(isRecorded)
    state.pointee.nameNumbers[name] = number
    return isRecorded ? number : nil
  }

  private func node(_ name: UInt32, under parent: Int32) -> Int32 {
    let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(name)
    if let known = state.pointee.children[key] { return known }
    let node = Int32(state.pointee.nodes.count)
    state.pointee.nodes.append(Node(name: name, parent: parent))
    state.pointee.children[key] = node
    return node
  }

  private var top: Int32 { state.pointee.stack.last?.node ?? -1 }

  /// Begins a span inside the one begun last.
  public func begin(_ category: TraceCategory, _ name: String) -> TraceSpan {
    guard let number = number(category, name) else { return TraceSpan(node: -1) }
    return begin(node(number, under: top))
  }

  private func begin(_ node: Int32) -> TraceSpan {
    state.pointee.stack.append(
      Frame(node: node, start: martlet_trace_ticks(), allocations: martlet_trace_allocations()))
    return TraceSpan(node: node)
  }

  /// Ends the span, and those inside it that were left without end.
  public func end(_ span: TraceSpan) {
    guard span.node >= 0 else { return }
    let now = martlet_trace_ticks()
    let allocations = martlet_trace_allocations()
    while let frame = state.pointee.stack.popLast() {
      let i = Int(frame.node)
      state.pointee.nodes[i].calls += 1
      state.pointee.nodes[i].ticks &+= now &- frame.start
      state.pointee.nodes[i].allocations &+= allocations.count &- frame.allocations.count
      state.pointee.nodes[i].allocatedBytes &+= allocations.bytes &- frame.allocations.bytes
      if keepsEvents, now &- frame.start >= minimumTicks {
        state.pointee.events.append(Event(node: frame.node, start: frame.start, end: now))
      }
      if frame.node == span.node { return }
    }
  }

  /// Adds to what the innermost span counts under `key`.
  public func count(_ key: String, _ amount: Int) {
    guard !state.pointee.stack.isEmpty else { return }
    add(key, amount, to: top)
  }

  private func add(_ key: String, _ amount: Int, to node: Int32) {
    var list = state.pointee.counts[node] ?? []
    if let i = list.firstIndex(where: { $0.key == key }) {
      list[i].value += amount
    } else {
      list.append((key, amount))
    }
    state.pointee.counts[node] = list
  }

  /// Says what `key` is now, for the timeline.
  public func sample(_ key: String, _ value: Int) {
    guard keepsEvents else { return }
    state.pointee.samples.append(Sample(name: key, ticks: martlet_trace_ticks(), value: value))
  }

  /// Notes a word about the span to be ended next, for the timeline.
  public func detail(_ key: String, _ value: @autoclosure () -> String) {
    guard keepsEvents, !state.pointee.stack.isEmpty else { return }
    state.pointee.details[state.pointee.events.count, default: []].append((key, value()))
  }

  // MARK: Patterns

  /// A probe for a driver that begins; nil where no pattern is recorded.
  public func patternProbe() -> PatternProbe? {
    trace.filter.mayRecord(.pattern) ? PatternProbe(self) : nil
  }

  /// The node of a pattern below the innermost span; -1 where it is not recorded.
  func patternNode(_ name: String) -> Int32 {
    guard let number = number(.pattern, name) else { return -1 }
    return node(number, under: top)
  }

  func addPattern(_ node: Int32, tried: Int, applied: Int, ticks: UInt64) {
    let i = Int(node)
    state.pointee.nodes[i].calls += tried
    state.pointee.nodes[i].ticks &+= ticks
    if applied > 0 { add("applied", applied, to: node) }
  }

  /// A timed try, where it was long enough to be kept by itself.
  func addPatternEvent(_ node: Int32, _ start: UInt64, _ end: UInt64) {
    guard keepsEvents, end &- start >= minimumTicks else { return }
    state.pointee.events.append(Event(node: node, start: start, end: end))
  }

  /// A number below `limit`.
  func random(below limit: UInt32) -> UInt32 {
    // A linear congruential generator; its high bits are good enough to break up periods.
    state.pointee.random = state.pointee.random &* 1_664_525 &+ 1_013_904_223
    return (state.pointee.random >> 8) % max(limit, 1)
  }

  // MARK: Kernels

  /// Before a compiled program runs: its kernels in the order of their numbers, and the bytes live at each.
  public func prepareKernels(
    of program: AnyObject, _ names: @autoclosure () -> [String],
    live: @autoclosure () -> [Int]
  ) {
    let parent = top
    state.pointee.runsKernels = true
    if state.pointee.kernelOwner == ObjectIdentifier(program),
      state.pointee.kernelParent == parent
    {
      return
    }
    state.pointee.kernelOwner = ObjectIdentifier(program)
    state.pointee.kernelParent = parent
    state.pointee.kernelNodes = names().map { name in
      guard let number = number(.kernel, name) else { return -1 }
      return node(number, under: parent)
    }
    state.pointee.kernelLive = live()
    if trace.readsCounters, counters == nil { counters = ProcessorCounters() }
  }

  /// Before kernel `step` runs.
  public func beginKernel(_ step: Int) {
    guard state.pointee.runsKernels, state.pointee.kernelNodes.indices.contains(step) else {
      return
    }
    let node = state.pointee.kernelNodes[step]
    if node < 0 { return }
    if keepsEvents, state.pointee.kernelLive.indices.contains(step) {
      sample("live bytes", state.pointee.kernelLive[step])
    }
    counters?.begin()
    _ = begin(node)
  }

  /// After it.
  public func endKernel(_ step: Int) {
    guard state.pointee.runsKernels, state.pointee.kernelNodes.indices.contains(step) else {
      return
    }
    let node = state.pointee.kernelNodes[step]
    if node < 0 { return }
    end(TraceSpan(node: node))
    if let counters {
      for (name, value) in counters.end() { add(name, value, to: node) }
    }
  }

  /// After a program has run.
  public func finishKernels() {
    if keepsEvents, !state.pointee.kernelLive.isEmpty { sample("live bytes", 0) }
    state.pointee.runsKernels = false
  }

  // MARK: Results

  func snapshot(from origin: UInt64, scale: Double) -> TraceSnapshot.Thread {
    let state = state.pointee
    func nanoseconds(_ ticks: UInt64) -> Double { Double(ticks) * scale }
    func since(_ ticks: UInt64) -> Double {
      ticks >= origin ? Double(ticks - origin) * scale : 0
    }
    var nodes: [TraceSnapshot.Node] = []
    for (i, node) in state.nodes.enumerated() {
      let name = state.names[Int(node.name)]
      nodes.append(
        TraceSnapshot.Node(
          category: name.category, name: name.text,
          parent: node.parent < 0 ? nil : Int(node.parent), calls: node.calls,
          nanoseconds: nanoseconds(node.ticks), allocations: Int(node.allocations),
          allocatedBytes: Int(node.allocatedBytes), counts: state.counts[Int32(i)] ?? []))
    }
    let events = state.events.enumerated().map { i, event in
      TraceSnapshot.Event(
        node: Int(event.node), start: since(event.start), end: since(event.end),
        details: state.details[i] ?? [])
    }
    return TraceSnapshot.Thread(
      name: threadName, nodes: nodes,
      // The outer of two that begin together first.
      events: events.sorted { ($0.start, $1.end) < ($1.start, $0.end) },
      samples: state.samples.map { .init(name: $0.name, time: since($0.ticks), value: $0.value) },
      start: since(start), end: since(end == 0 ? martlet_trace_ticks() : end),
      counterProblem: counters?.problem)
  }
}
