import Glibc

/// Elapsed wall-clock time, for reports.
public struct Stopwatch: Sendable {
  private var start: UInt64

  public init() { start = Self.now }

  /// Nanoseconds on the monotonic clock.
  public static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Nanoseconds of processor time the calling thread has had.
  public static var threadProcessorTime: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Seconds since the start or the last call of `lap`.
  public var seconds: Double { Double(Self.now &- start) * 1e-9 }

  /// Seconds since the start or the last call; starts anew.
  public mutating func lap() -> Double {
    let now = Self.now
    defer { start = now }
    return Double(now &- start) * 1e-9
  }
}
