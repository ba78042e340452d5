import Glibc

/// What some work took. Times are nanoseconds.
struct Cost: Sendable {
  var wall: Double
  /// Time on a processor, of all threads.
  var cpu: Double
  /// Instructions executed outside the kernel; nil where they cannot be counted.
  var instructions: Double?
  /// The largest resident set in bytes; nil for work in this process.
  var peak: Double?

  static func / (cost: Cost, count: Double) -> Cost {
    Cost(
      wall: cost.wall / count, cpu: cost.cpu / count,
      instructions: cost.instructions.map { $0 / count }, peak: cost.peak)
  }
}

/// Reads the clocks of this process.
struct CostMeter {
  let instructions = InstructionCounter()

  /// Runs `work` and says what it took.
  func measure(_ work: () throws -> Void) rethrows -> Cost {
    let count = instructions?.value
    let cpu = CostMeter.now(CLOCK_PROCESS_CPUTIME_ID)
    let wall = CostMeter.now(CLOCK_MONOTONIC)
    try work()
    let wallEnd = CostMeter.now(CLOCK_MONOTONIC)
    let cpuEnd = CostMeter.now(CLOCK_PROCESS_CPUTIME_ID)
    let countEnd = instructions?.value
    var cost = Cost(wall: Double(wallEnd &- wall), cpu: Double(cpuEnd &- cpu))
    if let count, let countEnd { cost.instructions = Double(countEnd &- count) }
    return cost
  }

  static func now(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

/// Counts the instructions this process executes, those of children it starts and waits for included, where
/// the kernel has counters to give: many virtual machines have none.
final class InstructionCounter {
  private let descriptor: Int32

  /// Nil where there is no counter to be had.
  init?() {
    // `syscall` has a variable number of arguments, which Swift does not call by its name.
    typealias Syscall =
      @convention(c) (Int, UnsafeMutableRawPointer?, Int, Int, Int, UInt) -> Int
    guard let address = dlsym(nil, "syscall") else { return nil }
    let syscall = unsafeBitCast(address, to: Syscall.self)
    #if arch(x86_64)
      let perfEventOpen = 298
    #elseif arch(arm64)
      let perfEventOpen = 241
    #else
      return nil
    #endif
    // struct perf_event_attr in its first form, 64 bytes, as linux/perf_event.h lays it out.
    let size = 64
    let attributes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    defer { attributes.deallocate() }
    attributes.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    attributes.storeBytes(of: UInt32(size), toByteOffset: 4, as: UInt32.self)
    // Type 0 is hardware, its event 1 instructions.
    attributes.storeBytes(of: 1, toByteOffset: 8, as: UInt64.self)
    let inherit: UInt64 = 1 << 1
    let excludeKernel: UInt64 = 1 << 5
    let excludeHypervisor: UInt64 = 1 << 6
    attributes.storeBytes(
      of: inherit | excludeKernel | excludeHypervisor, toByteOffset: 40, as: UInt64.self)
    let closeOnExec: UInt = 1 << 3
    let opened = syscall(perfEventOpen, attributes, 0, -1, -1, closeOnExec)
    guard opened >= 0 else { return nil }
    descriptor = Int32(opened)
  }

  deinit { close(descriptor) }

  /// Instructions so far.
  var value: UInt64? {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) == 8 ? count : nil
  }
}
