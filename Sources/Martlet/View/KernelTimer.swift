import MartletCPU
import MartletIR
import MartletRuntime
import MartletSupport

/// Runs a program with a clock read after each kernel.
enum KernelTimer {
  private static let mark = "martlet_mark"
  private static let runs = 20

  /// Seconds each kernel takes in a run, by name: of several runs the fastest.
  static func run(
    _ module: Operation, _ plan: Plan, _ generator: CPUCompiler,
    _ inputs: [(name: String, value: Argument)]
  ) throws(Diagnostic) -> [String: Double] {
    let text: [UInt8]
    do throws(Reported) { text = try generator.text(module) } catch {
      throw Diagnostic(.error, "the program cannot be written with marks")
    }
    let (marked, names) = insertMarks(String(decoding: text, as: UTF8.self))
    if names.isEmpty { return [:] }
    var compiler = try ObjectCompiler()
    compiler.pipeline = generator.options.pipeline
    compiler.effort = generator.options.effort
    let object = try compiler.compile(Array(marked.utf8))
    let note: @convention(c) (Int32) -> Void = { KernelClock.note(Int($0)) }
    let code = try ObjectLoader.load(
      object.bytes, symbols: [mark: unsafeBitCast(note, to: UnsafeRawPointer.self)])
    let executable = try Executable(plan: plan, code: code)
    let ordered = plan.inputs.compactMap { port in
      inputs.first { $0.name == port.name }?.value
    }
    guard ordered.count == plan.inputs.count else {
      throw Diagnostic(.error, "its inputs have other names than the plan's")
    }
    var best: [String: Double] = [:]
    var outputs = try executable.makeOutputs()
    let watch = Stopwatch()
    for run in 0..<runs {
      KernelClock.begin(names.count)
      try executable.run(inputs: ordered, outputs: &outputs)
      var seconds: [String: Double] = [:]
      for (name, time) in zip(names, KernelClock.seconds) { seconds[name, default: 0] += time }
      for (name, time) in seconds where time > 0 { best[name] = min(best[name] ?? time, time) }
      if run > 1, watch.seconds > 1 { break }
    }
    return best
  }

  /// Calls of the mark behind the start of the entry and behind each call of a kernel.
  private static func insertMarks(_ text: String) -> (text: String, kernels: [String]) {
    var out = ""
    out.reserveCapacity(text.utf8.count + 4096)
    var names: [String] = []
    var isInEntry = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      out += line + "\n"
      if line.hasPrefix("define ") { isInEntry = line.contains("@martlet_entry(") }
      if isInEntry, line == "b0:" { out += "  call void @\(mark)(i32 0)\n" }
      guard line.hasPrefix("  "), line.contains("call "), let at = line.range(of: "@kernel_")
      else { continue }
      let name = line[line.index(after: at)...].prefix { $0 != "(" }
      names.append(String(name))
      out += "  call void @\(mark)(i32 \(names.count))\n"
    }
    return (out + "declare void @\(mark)(i32)\n", names)
  }
}

extension Substring {
  /// Where `text` first begins.
  fileprivate func range(of text: String) -> Index? {
    indices.first { self[$0] == text.first && self[$0...].hasPrefix(text) }
  }
}

/// Sums of the times between marks. One program at a time is timed.
private enum KernelClock {
  nonisolated(unsafe) private static var last: UInt64 = 0
  nonisolated(unsafe) private static var sums: [UInt64] = []

  static func begin(_ count: Int) {
    sums = Array(repeating: 0, count: count)
    last = Stopwatch.now
  }

  static func note(_ mark: Int) {
    let now = Stopwatch.now
    if mark > 0, mark <= sums.count { sums[mark - 1] += now - last }
    last = Stopwatch.now
  }

  static var seconds: [Double] { sums.map { Double($0) * 1e-9 } }
}
