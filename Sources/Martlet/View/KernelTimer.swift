import MartletRuntime
import MartletSupport

/// Runs a program to time its kernels, each run recorded as `martlet profile` does.
enum KernelTimer {
  private static let mostRuns = 20

  /// Seconds each kernel takes in a run, by name: of several runs the fastest.
  static func run(
    _ source: ProgramSource, _ settings: CompileOptions,
    _ inputs: [(name: String, value: Argument)]
  ) throws(MartletError) -> [String: Double] {
    var settings = settings
    settings.profilesKernels = true
    let program = Program(source: source, options: settings)
    let executable = try program.executable(for: inputs)
    let arguments = try program.ordered(inputs, executable)
    _ = try Program.run(executable, arguments)
    var best: [String: Double] = [:]
    let watch = Stopwatch()
    for _ in 0..<mostRuns where watch.seconds < 1 {
      let trace = Trace()
      _ = try trace.record { () throws(MartletError) in try Program.run(executable, arguments) }
      for node in trace.snapshot().threads.flatMap(\.nodes)
      where node.category == .kernel && node.calls > 0 {
        let seconds = node.nanoseconds / Double(node.calls) * 1e-9
        best[node.name] = min(best[node.name] ?? seconds, seconds)
      }
    }
    return best
  }
}

extension Roofline {
  /// What was measured before on this processor, or else is measured now and kept, as far as there is a place.
  static func known() throws(Diagnostic) -> Roofline {
    if let known = load() { return known }
    let measured = try Roofline.measure()
    if let directory = CompileCache.defaultDirectory { try? measured.store(in: directory) }
    return measured
  }
}
