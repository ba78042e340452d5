import CTrace
import Glibc
import Synchronization

/// A recording of where the time goes.
///
/// A recording sees the thread that started it and those that join it (`join`). Each has a recorder of its
/// own, found through a variable of the thread: where nothing is recorded, a span costs the look whether
/// that is null.
public final class Trace: Sendable {
  public let filter: TraceFilter
  /// Whether spans are kept one by one, beside their sums.
  public let keepsEvents: Bool
  /// Whether processor counters are read at each kernel.
  public let readsCounters: Bool
  let start: Clock
  private let recorders = Mutex<[SendableRecorder]>([])
  private let countsAllocations: Bool
  private let attached = Mutex<[any Sendable]>([])

  /// Both clocks at one moment.
  struct Clock {
    let ticks = martlet_trace_ticks()
    let nanoseconds = Stopwatch.now
  }

  private struct SendableRecorder: @unchecked Sendable { let recorder: TraceRecorder }

  /// - Parameters:
  ///   - keepsEvents: for traces and flame graphs over time; sums alone take no memory per span.
  ///   - countsAllocations: of the program and the libraries loaded so far.
  public init(
    _ filter: TraceFilter = TraceFilter(), keepsEvents: Bool = false,
    countsAllocations: Bool = false, readsCounters: Bool = false
  ) {
    self.filter = filter
    self.keepsEvents = keepsEvents
    self.readsCounters = readsCounters
    self.countsAllocations =
      countsAllocations && martlet_trace_count_allocations(1) != 0
    start = Clock()
  }

  deinit { if countsAllocations { _ = martlet_trace_count_allocations(0) } }

  /// Records the calling thread while `body` runs.
  public func record<Result, Failure>(
    threadName: String = "main", _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = martlet_trace_current()
    let recorder = TraceRecorder(self, threadName: threadName)
    recorders.withLock { $0.append(SendableRecorder(recorder: recorder)) }
    martlet_trace_set_current(Unmanaged.passUnretained(recorder).toOpaque())
    defer {
      recorder.close()
      martlet_trace_set_current(outer)
    }
    return try withExtendedLifetime(recorder) { () throws(Failure) in try body() }
  }

  /// Keeps something reports will speak of, such as a text that was parsed or a plan that was run.
  public func attach(_ value: any Sendable) { attached.withLock { $0.append(value) } }

  /// What was kept of a type, in order.
  public func attachments<Value>(of type: Value.Type) -> [Value] {
    attached.withLock { $0.compactMap { $0 as? Value } }
  }

  /// The recording that sees the calling thread.
  public static var current: Trace? { TraceRecorder.current?.trace }

  /// Runs `body` on a thread of its own under the recording `trace`, if there is one.
  public static func join<Result>(
    _ trace: Trace?, threadName: String, _ body: () -> Result
  ) -> Result {
    guard let trace, TraceRecorder.current == nil else { return body() }
    return trace.record(threadName: threadName, body)
  }

  /// What has been recorded. Threads that joined must be done.
  public func snapshot() -> TraceSnapshot {
    // Short recordings wait until the clocks can be compared well.
    while Stopwatch.now &- start.nanoseconds < 2_000_000 {}
    let end = Clock()
    let scale =
      Double(end.nanoseconds &- start.nanoseconds) / Double(max(1, end.ticks &- start.ticks))
    let all = recorders.withLock { $0 }
    return TraceSnapshot(
      threads: all.map { $0.recorder.snapshot(from: start.ticks, scale: scale) },
      processID: Int(getpid()))
  }
}

/// Times `body` as a span of the calling thread's recording; without one, `name` is not even made.
@inlinable
public func traced<Result, Failure>(
  _ category: TraceCategory, _ name: @autoclosure () -> String,
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard let recorder = TraceRecorder.current else { return try body() }
  let span = recorder.begin(category, name())
  defer { recorder.end(span) }
  return try body()
}
