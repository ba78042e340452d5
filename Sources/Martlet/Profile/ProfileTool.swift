import MartletRuntime
import MartletSupport

/// `martlet profile`: runs another command and tells where the time went.
public struct ProfileTool {
  private let options: ProfileOptions
  private let streams: ToolStreams

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    do throws(UsageError) {
      let options = try ProfileOptions(arguments)
      if options.showsHelp {
        streams.write(ProfileOptions.help)
        return .success
      }
      return ProfileTool(options: options, streams: streams).run()
    } catch {
      streams.report("martlet profile: \(error.message)\nTry 'martlet profile --help'.\n")
      return .usage
    }
  }

  private func run() -> ToolStatus {
    do throws(Diagnostic) {
      if options.measuresMachine { try measure() }
      if options.command.isEmpty { return .success }
      return try profile()
    } catch {
      streams.report(error)
      return .failure
    }
  }

  private func measure() throws(Diagnostic) {
    let roofline = try MachineMeasurement.run()
    var text = "one thread, vectors of \(HostCPU.vectorBytes) bytes\n"
    text += "  peak f32   \(decimal(roofline.peak32, 1)) GFLOP/s\n"
    text += "  peak f64   \(decimal(roofline.peak64, 1)) GFLOP/s\n"
    for entry in roofline.bandwidths {
      let size = ProfileText.bytes(entry.bytes)
      text += "  bandwidth  \(decimal(entry.gigabytesPerSecond, 1)) GB/s over \(size)\n"
    }
    streams.write(text)
    guard let directory = CompileCache.defaultDirectory else {
      streams.report("martlet profile: warning: no folder to keep the measurement in\n")
      return
    }
    try roofline.store(in: directory)
  }

  private func profile() throws(Diagnostic) -> ToolStatus {
    let trace = Trace(
      options.filter, keepsEvents: options.keepsEvents,
      countsAllocations: options.countsAllocations, readsCounters: options.readsCounters)
    let status = trace.record { MartletTool.run(options.command, streams) }
    let snapshot = trace.snapshot()
    let command = options.command.joined(separator: " ")
    let report = ProfileReport(
      snapshot: snapshot, plans: trace.attachments(of: Plan.self),
      sources: trace.attachments(of: SourceFile.self), roofline: Roofline.load(),
      command: command, rowLimit: options.rows, countsAllocations: options.countsAllocations
    ).text
    if let file = options.report {
      try writeFileAtomically(file, Array(report.utf8))
    } else {
      streams.report(report)
    }
    if let file = options.trace {
      try writeFileAtomically(file, ChromeTrace.text(snapshot, command: command))
    }
    if let file = options.speedscope {
      try writeFileAtomically(file, Speedscope.text(snapshot, command: command))
    }
    if let file = options.firefox {
      try writeFileAtomically(file, FirefoxProfile.text(snapshot, command: command))
    }
    if let file = options.flamegraph {
      let text = FlameGraph(snapshot, command: command).text
      try writeFileAtomically(file, Array(text.utf8))
    }
    return status
  }
}
