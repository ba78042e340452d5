import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// `martlet opt`: reads, verifies, rewrites and prints MLIR.
public struct OptTool {
  let options: OptOptions
  let streams: ToolStreams
  /// Dialects of the command line.
  private let loaded: LoadedDialects?
  private let remarks: RemarkCollector?

  private init(options: OptOptions, streams: ToolStreams, loaded: LoadedDialects?) {
    self.options = options
    self.streams = streams
    self.loaded = loaded
    remarks = options.remarks.makeCollector()
  }

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    do throws(UsageError) {
      let options = try OptOptions(arguments, Registration.passes)
      streams.use(options.diagnostics)
      let loaded: LoadedDialects?
      do throws(Diagnostic) {
        loaded = try options.dialects.load()
      } catch {
        streams.report(error)
        return .failure
      }
      return OptTool(options: options, streams: streams, loaded: loaded).run()
    } catch {
      streams.report("martlet opt: \(error.message)\nTry 'martlet opt --help'.\n")
      return .usage
    }
  }

  private func run() -> ToolStatus {
    if let listing = options.listing {
      list(listing)
      return .success
    }
    if let error = options.pipelineError {
      streams.report(error)
      return .failure
    }
    if options.dumps.onlyChanged || options.dumps.onlyFailed, options.dumps.after.isNone {
      streams.report(
        "martlet opt: warning: --mlir-print-ir-after-change and -failure choose among what "
          + "--mlir-print-ir-after and -after-all print; alone they print nothing\n")
    }
    if options.dialects.reportsRemarks { loaded?.remarks.forEach { streams.report($0) } }
    do throws(Diagnostic) {
      let source = try traced(.read, "read file") { () throws(Diagnostic) in
        try SourceFile.open(options.input)
      }
      let status = try process(source)
      try remarks?.finish()
      return status
    } catch {
      streams.report(error)
      return .failure
    }
  }

  private func process(_ source: SourceFile) throws(Diagnostic) -> ToolStatus {
    var parts = [source]
    if let marker = options.splitMarker, !source.isBytecode {
      let split = source.chunks(marker)
      for miss in split.nearMisses { streams.report(miss) }
      parts = split.chunks
    }
    var output: [UInt8] = []
    var status = ToolStatus.success
    for (i, part) in parts.enumerated() {
      if i > 0 { output += Array((options.outputMarker + "\n").utf8) }
      if !process(part, into: &output) { status = .failure }
    }
    // A file is written whole or not at all; what other parts gave is still shown on a terminal.
    if status == .failure, options.output != "-" || options.splitMarker == nil { return status }
    if options.output != "-" {
      try traced(.print, "write file") { () throws(Diagnostic) in
        try writeFileAtomically(options.output, output)
      }
    } else if options.highlights, options.diagnostics.color ?? streams.colors.out {
      streams.write(SyntaxHighlighter.colored(output))
    } else {
      traced(.print, "write output") { output.withUnsafeBytes { streams.write($0) } }
    }
    return status
  }

  /// Reads, rewrites and prints one part; whether all went well.
  private func process(_ source: SourceFile, into output: inout [UInt8]) -> Bool {
    let engine = DiagnosticEngine()
    let context = Registration.makeContext(engine)
    context.allowsUnregisteredDialects = options.allowsUnregistered
    loaded?.register(in: context)
    if options.verification == nil {
      context.printsOperationsOnErrors = options.printsOperationsOnErrors
      engine.handler = { diagnostic in
        if options.parsingDiagnosticsOnly { return }
        streams.report(diagnostic)
      }
    }
    let timing = options.timing.map { _ in TimingTree() }
    var succeeded = true
    var didParse = false
    do throws(Reported) {
      let run = OptRun(
        options: options, streams: streams, context: context, timing: timing, remarks: remarks)
      let module = try run.parse(source) { didParse = true }
      if !source.isBytecode { TraceRecorder.current?.trace.attach(source) }
      try run.transform(module) { passed, module in
        output += Array("IR after \(passed.argument):\n".utf8)
        Printer.withText(module, options: options.printing) { output.append(contentsOf: $0) }
        output += [10, 10, 10]
      }
      timing?.begin("Output")
      var printing = options.printing
      printing.externalResources = ExternalResources.of(context).groups
      let before = output.count
      let span = TraceRecorder.current?.begin(
        .print, options.emitsBytecode ? "print bytecode" : "print text")
      defer {
        if let recorder = TraceRecorder.current, let span {
          recorder.count("bytes", output.count - before)
          recorder.end(span)
        }
      }
      if options.emitsBytecode {
        output += try BytecodeWriter.bytes(module, options: options.bytecode)
      } else {
        Printer.withText(module, options: printing) { output.append(contentsOf: $0) }
        // mlir-opt ends its output with an empty line, unless aliases are off.
        if !printing.localScope { output.append(10) }
      }
      timing?.end()
    } catch {
      succeeded = false
      if options.parsingDiagnosticsOnly {
        for diagnostic in engine.diagnostics {
          let text = options.diagnostics.text(diagnostic)
          if didParse { streams.report(text) } else { output += Array(text.utf8) }
        }
        succeeded = !didParse
      }
    }
    if let timing, let layout = options.timing {
      streams.report(timing.report(layout, options.timingFormat))
    }
    if engine.droppedErrors > 0, !options.parsingDiagnosticsOnly {
      let count = engine.droppedErrors
      streams.report(
        Diagnostic(
          .note,
          "\(count) more error\(count == 1 ? " is" : "s are") not shown; --error-limit=0 shows all",
          subject: source.name))
    }
    guard let level = options.verification else { return succeeded }
    let problems = DiagnosticVerifier(source, level).check(engine.diagnostics)
    for problem in problems { streams.report(problem) }
    return problems.isEmpty
  }

  private func knownDialects() -> Context {
    let context = Registration.makeContext()
    loaded?.register(in: context)
    return context
  }

  private func list(_ listing: OptOptions.Listing) {
    switch listing {
    case .help: streams.write(OptOptions.help)
    case .version: streams.write("martlet \(martletVersion)\n")
    case .passes: streams.write(PassListing.text(Registration.passes))
    case .dialects:
      streams.write(
        "Available Dialects: "
          + knownDialects().dialectNames.joined(separator: ",") + "\n")
    case .listedDialects:
      let context = knownDialects()
      for name in context.dialectNames {
        let summary = context.dialect(name)?.summary ?? ""
        let gap = String(repeating: " ", count: max(1, 18 - name.utf8.count))
        streams.write(summary.isEmpty ? "\(name)\n" : "\(name)\(gap)\(summary)\n")
      }
    }
  }
}

/// What `martlet --version` says.
public let martletVersion = "0.1"

/// The work of `martlet opt` on one part of its input.
struct OptRun {
  let options: OptOptions
  let streams: ToolStreams
  let context: Context
  let timing: TimingTree?
  let remarks: RemarkCollector?

  private func timed<Result>(_ name: String, _ body: () throws(Reported) -> Result)
    throws(Reported) -> Result
  {
    guard let timing else { return try body() }
    timing.begin(name)
    defer { timing.end() }
    return try body()
  }

  /// Reads the text, calls `didParse` and verifies the module.
  func parse(_ source: SourceFile, _ didParse: () -> Void) throws(Reported) -> Operation {
    try timed("Parser") { () throws(Reported) in
      if source.isBytecode {
        let module = try traced(.parse, "read bytecode") { () throws(Reported) in
          let module = try source.readModule(into: context)
          tell(source)
          return module
        }
        didParse()
        if options.verifies {
          try traced(.verify, "input") { () throws(Reported) in try Verifier().verify(module) }
        }
        return options.addsModule ? module : try only(in: module, source)
      }
      let module = try traced(.parse, "lex and parse") { () throws(Reported) in
        let parser = try Parser(source, context: context)
        // Comments that expect diagnostics know MLIR's, which stops at the first error.
        if options.verification == nil {
          parser.errorLimit = options.diagnostics.limit == 0 ? .max : options.diagnostics.limit
        }
        let module = try parser.parseModule(implicit: options.addsModule)
        tell(source)
        return module
      }
      didParse()
      if options.verifies {
        try traced(.verify, "input") { () throws(Reported) in try verify(module) }
      }
      if options.addsModule { return module }
      return try only(in: module, source)
    }
  }

  /// Counts what was read.
  private func tell(_ source: SourceFile) {
    guard let recorder = TraceRecorder.current else { return }
    recorder.count("ops", context.operationCount)
    recorder.count("bytes", source.bytes.count)
  }

  /// Verifies the module; where it is wrong, each function by itself, so that all errors are told.
  private func verify(_ module: Operation) throws(Reported) {
    if context.diagnostics.errorLimit == nil {
      try Verifier().verify(module)
      return
    }
    var failed = false
    let found = context.diagnostics.capturing {
      do throws(Reported) { try Verifier().verify(module) } catch { failed = true }
    }
    if failed, verifyParts(module) { throw Reported() }
    for diagnostic in found { context.diagnostics.report(diagnostic) }
    if failed { throw Reported() }
  }

  /// Verifies what lies directly in `table` one by one; whether something was wrong.
  private func verifyParts(_ table: Operation) -> Bool {
    var failed = false
    for block in table.regions.flatMap({ Array($0.blocks) }) {
      for operation in block.operations where operation.has(.isolatedFromAbove) {
        if operation.has(.symbolTable), verifyParts(operation) {
          failed = true
          continue
        }
        do throws(Reported) { try Verifier().verify(operation) } catch { failed = true }
      }
    }
    return failed
  }

  /// The single operation at the top.
  private func only(in module: Operation, _ source: SourceFile) throws(Reported) -> Operation {
    let block = module.region().firstBlock
    if let operation = block?.firstOperation, operation.next == nil {
      operation.remove()
      return operation
    }
    let count = block.map { Array($0.operations).count } ?? 0
    context.diagnostics.report(
      Diagnostic(
        .error,
        "source must contain a single top-level operation, found: \(count)",
        at: SourcePosition(file: source.name, line: 0, column: 0)))
    throw Reported()
  }

  /// Runs what is asked for on the module. `between` is handed the module after each pass of the pipeline but
  /// the last, where that is asked for.
  func transform(_ module: Operation, between: (Pass, Operation) -> Void) throws(Reported) {
    if options.verifiesRoundtrip { try RoundtripCheck(options: options).check(module) }
    var pipeline = try options.pipeline(for: module)
    var verifiesEachPass = options.verifiesEachPass
    if options.runsReproducer, let stored = try Reproducer.take(from: context, module) {
      pipeline = stored.pipeline
      verifiesEachPass = stored.verifiesEachPass
    }
    if options.dumpsPipeline {
      streams.report(
        "Pass Manager with \(pipeline.elements.count) passes:\n\(pipeline.lines())\n\n")
    }
    if pipeline.elements.isEmpty, options.generatedReproducer == nil { return }
    let manager = PassManager(context, pipeline)
    manager.verifiesEachPass = verifiesEachPass
    if let timing { manager.instrumentations.append(PassTiming(timing)) }
    if let remarks {
      manager.remarkHandler = { remark in
        if let shown = remarks.take(remark) { context.diagnostics.report(shown.diagnostic) }
      }
    }
    let statistics = PassStatisticsCollector(manager.plan)
    if options.statistics != nil { manager.instrumentations.append(statistics) }
    if options.dumps.isActive { manager.instrumentations.append(makeDumper()) }
    if let file = options.crashReproducer {
      let recorder = ReproducerRecorder(
        file: file, pipeline: pipeline, options: options, streams: streams)
      manager.instrumentations.append(recorder)
      try recorder.record(module) { () throws(Reported) in try manager.run(module) }
    } else if options.printsBetweenPasses {
      try run(manager, pipeline, module, between)
    } else {
      try manager.run(module)
    }
    if let layout = options.statistics { streams.report(statistics.report(layout)) }
    if let file = options.generatedReproducer {
      let text = Reproducer(pipeline: pipeline, runsInParallel: options.runsInParallel).text(module)
      try write(text, to: file)
    }
  }

  /// Watched pass by pass.
  private func run(
    _ manager: PassManager, _ pipeline: Pipeline, _ module: Operation,
    _ between: (Pass, Operation) -> Void
  ) throws(Reported) {
    try withoutActuallyEscaping(between) { (between) throws(Reported) in
      manager.instrumentations.append(BetweenPasses(module, between))
      defer { manager.instrumentations.removeLast() }
      try manager.run(module)
    }
  }

  private func makeDumper() -> IRDumper {
    let printing = options.printing
    let print = { (operation: Operation) -> String in
      var text = Printer.text(operation, options: printing)
      // mlir-opt ends the line of what stands at the top, unless aliases are off.
      if operation.block != nil || printing.localScope { text.removeLast() }
      return text
    }
    guard let root = options.dumpFolder else {
      return IRDumper(options.dumps, print: print, sink: { text, _, _ in streams.report(text) })
    }
    var tree = IRDumpTree()
    return IRDumper(
      options.dumps, print: print,
      sink: { text, pass, operation in
        let (folders, file) = tree.next(pass, operation)
        do throws(Diagnostic) {
          var path = root
          try makeFolder(path)
          for folder in folders {
            path += "/" + folder
            try makeFolder(path)
          }
          try writeFileAtomically(path + "/" + file, Array(text.utf8))
        } catch {
          streams.report(error)
        }
      })
  }

  func write(_ text: String, to file: String) throws(Reported) {
    do throws(Diagnostic) {
      try writeFileAtomically(file, Array(text.utf8))
    } catch {
      context.diagnostics.report(error)
      throw Reported()
    }
  }
}

/// Hands the module out after each pass but the last of a run.
private final class BetweenPasses: PassInstrumentation {
  private let module: Operation
  private let take: (Pass, Operation) -> Void
  private var pending: Pass?

  init(_ module: Operation, _ take: @escaping (Pass, Operation) -> Void) {
    self.module = module
    self.take = take
  }

  func willRun(_ site: PassSite, on operation: Operation) {
    if let pending { take(pending, module) }
    pending = nil
  }

  func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) {
    pending = site.pass
  }
}
