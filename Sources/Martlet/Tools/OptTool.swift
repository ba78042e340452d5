import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// `martlet opt`: reads, verifies, rewrites and prints MLIR.
public struct OptTool {
  private let options: OptOptions
  private let streams: ToolStreams
  private let timing: TimingTree?
  private let loaded: LoadedDialects?

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    do throws(UsageError) {
      let options = try OptOptions(arguments, Registration.passes)
      let loaded: LoadedDialects?
      do throws(Diagnostic) {
        loaded = try options.dialects.load()
      } catch {
        streams.report(error)
        return .failure
      }
      return OptTool(
        options: options, streams: streams, timing: options.timing.map { _ in TimingTree() },
        loaded: loaded
      )
      .run()
    } catch {
      streams.report("martlet opt: \(error.message)\nTry 'martlet opt --help'.\n")
      return .usage
    }
  }

  private func run() -> ToolStatus {
    if options.showsHelp {
      streams.write(OptOptions.help)
      return .success
    }
    if options.listsPasses {
      for pass in Registration.passes.passes {
        let gap = String(repeating: " ", count: max(1, 36 - pass.argument.utf8.count))
        streams.write("--\(pass.argument)\(gap)\(pass.summary)\n")
      }
      return .success
    }
    if options.showsDialects {
      streams.write("Available Dialects: ")
      let context = Registration.makeContext()
      loaded?.register(in: context)
      streams.write(context.dialectNames.joined(separator: ",") + "\n")
      return .success
    }
    if options.dialects.reportsRemarks { loaded?.remarks.forEach { streams.report($0) } }
    if let error = options.pipelineError {
      streams.report(error)
      return .failure
    }
    if options.dumpsPipeline {
      streams.report(
        "Pass Manager with \(options.pipeline.elements.count) passes:\n\(options.pipeline.text)\n")
    }
    do throws(Diagnostic) {
      return try process(try SourceFile.open(options.input))
    } catch {
      streams.report(error)
      return .failure
    }
  }

  private func process(_ source: SourceFile) throws(Diagnostic) -> ToolStatus {
    let parts = options.splitsInput ? source.chunks() : [source]
    var output: [UInt8] = []
    var status = ToolStatus.success
    for (i, part) in parts.enumerated() {
      if i > 0 { output += Array("// -----\n".utf8) }
      if !process(part, into: &output) { status = .failure }
    }
    if let timing, let layout = options.timing { streams.report(timing.report(layout)) }
    // A file is written whole or not at all; what other parts gave is still shown on a terminal.
    if status == .failure, options.output != "-" || !options.splitsInput { return status }
    if options.output == "-" {
      output.withUnsafeBytes { streams.write($0) }
    } else {
      try writeFileAtomically(options.output, output)
    }
    return status
  }

  /// Reads, rewrites and prints one part; whether all went well.
  private func process(_ source: SourceFile, into output: inout [UInt8]) -> Bool {
    let engine = DiagnosticEngine()
    let context = Registration.makeContext(engine)
    loaded?.register(in: context)
    context.allowsUnregisteredDialects = options.allowsUnregistered
    if !options.verifiesDiagnostics {
      engine.handler = { streams.report($0) }
    }
    var succeeded = true
    do throws(Reported) {
      let module = try transform(source, context)
      print(module, into: &output)
    } catch {
      succeeded = false
    }
    guard options.verifiesDiagnostics else { return succeeded }
    let problems = DiagnosticVerifier(source).check(engine.diagnostics)
    for problem in problems { streams.report(problem) }
    return problems.isEmpty
  }

  private func timed<Result>(_ name: String, _ body: () throws(Reported) -> Result)
    throws(Reported) -> Result
  {
    guard let timing else { return try body() }
    timing.begin(name)
    defer { timing.end() }
    return try body()
  }

  private func transform(_ source: SourceFile, _ context: Context) throws(Reported) -> Operation {
    let module = try timed("Parser") { () throws(Reported) in
      try Parser(source, context: context).parseModule()
    }
    if options.verifies {
      try timed("Verifier") { () throws(Reported) in try Verifier().verify(module) }
    }
    if options.pipeline.elements.isEmpty { return module }
    let manager = PassManager(context, options.pipeline)
    manager.verifiesEachPass = options.verifiesEachPass
    if let timing { manager.instrumentations.append(PassTiming(timing)) }
    let statistics = PassStatisticsCollector()
    if options.showsStatistics { manager.instrumentations.append(statistics) }
    manager.instrumentations.append(makeDumper())
    try manager.run(module)
    if options.showsStatistics { streams.report(statistics.report()) }
    return module
  }

  private func makeDumper() -> IRDumper {
    let printing = options.printing
    let dumper = IRDumper(
      print: { operation in
        var text = Printer.text(operation, options: printing)
        while text.last == "\n" { text.removeLast() }
        return text
      }, write: { streams.report($0) })
    dumper.before = options.printsBefore
    dumper.after = options.printsOnlyChanged ? .all : options.printsAfter
    dumper.onlyChanged = options.printsOnlyChanged
    dumper.afterFailure = options.printsAfterFailure
    dumper.wholeModule = options.printsModuleScope
    return dumper
  }

  private func print(_ module: Operation, into output: inout [UInt8]) {
    timing?.begin("Output")
    Printer.withText(module, options: options.printing) { output.append(contentsOf: $0) }
    // mlir-opt ends its output with an empty line.
    output.append(10)
    timing?.end()
  }
}

extension SourceFile {
  /// The parts between lines that are `// -----`.
  func chunks() -> [SourceFile] {
    let marker = Array("// -----".utf8)
    var parts: [SourceFile] = []
    var start = 0
    var line = 0
    while line < bytes.count {
      let end = bytes[line...].firstIndex(of: 10) ?? bytes.count
      if bytes[line..<end].starts(with: marker) {
        parts.append(SourceFile(part: start..<line, of: self))
        start = min(end + 1, bytes.count)
      }
      line = end + 1
    }
    parts.append(SourceFile(part: start..<bytes.count, of: self))
    return parts
  }
}
