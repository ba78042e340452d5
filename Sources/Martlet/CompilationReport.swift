import MartletRuntime

/// What compiling a program took and gave.
public struct CompilationReport: Sendable {
  /// Seconds by phase, in order.
  public internal(set) var phases: [(name: String, seconds: Double)] = []
  /// Whether the code came from the cache on disk.
  public internal(set) var isCached = false
  /// The plan's kernels.
  public internal(set) var kernelCount = 0
  /// Bytes of the memory that intermediates share.
  public internal(set) var plannedBytes = 0
  /// Bytes of all intermediates together.
  public internal(set) var intermediateBytes = 0
  /// Bytes of the intermediates alive where they are most: no plan can need fewer.
  public internal(set) var largestLiveBytes = 0

  init() {}

  mutating func describe(_ plan: Plan) {
    kernelCount = plan.steps.count
    plannedBytes = plan.arenaByteCount
    intermediateBytes = plan.intermediateByteCount
    largestLiveBytes = plan.largestLiveByteCount
  }

  mutating func add(_ name: String, _ seconds: Double) { phases.append((name, seconds)) }
  public var totalSeconds: Double { phases.reduce(0) { $0 + $1.seconds } }
}
