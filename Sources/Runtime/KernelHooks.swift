import MartletSupport

/// What code compiled to be profiled calls around each kernel.
public enum KernelHooks {
  /// The C function called before a kernel, with its number.
  public static let begin = "martlet_kernel_begin"
  /// The one called after it.
  public static let end = "martlet_kernel_end"

  private typealias Hook = @convention(c) (Int) -> Void

  /// The functions by name, for the loader.
  public static var symbols: [String: UnsafeRawPointer] {
    let before: Hook = { TraceRecorder.current?.beginKernel($0) }
    let after: Hook = { TraceRecorder.current?.endKernel($0) }
    return [
      begin: unsafeBitCast(before, to: UnsafeRawPointer.self),
      end: unsafeBitCast(after, to: UnsafeRawPointer.self),
    ]
  }
}

extension Plan {
  /// Bytes of the slots in use at each step.
  public var liveBytes: [Int] {
    var live = [Int](repeating: 0, count: steps.count + 1)
    for slot in slots where slot.firstStep < steps.count {
      live[slot.firstStep] += slot.byteCount
      live[min(slot.lastStep, steps.count - 1) + 1] -= slot.byteCount
    }
    for i in live.indices.dropFirst() { live[i] += live[i - 1] }
    return Array(live.dropLast())
  }
}
