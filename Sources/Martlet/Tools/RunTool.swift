import MartletIR
import MartletPasses
import MartletRuntime
import MartletSupport
import Synchronization

/// `martlet run`: compiles a model or module and runs it.
public struct RunTool {
  private let options: RunOptions
  private let model: String
  private let streams: ToolStreams

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    do throws(UsageError) {
      var options = try RunOptions(arguments)
      guard !options.showsHelp, let model = options.model else {
        streams.write(RunOptions.help)
        return .success
      }
      let remarks = options.remarks.makeCollector()
      let printed = Mutex<[Remark]>([])
      if let remarks {
        options.compile.remarkHandler = { remark in
          if let shown = remarks.take(remark) { printed.withLock { $0.append(shown) } }
        }
      }
      defer { for remark in printed.withLock({ $0 }) { streams.report(remark.diagnostic) } }
      do throws(MartletError) {
        try RunTool(options: options, model: model, streams: streams).run()
        try Program.catching { () throws(Diagnostic) in try remarks?.finish() }
        return .success
      } catch {
        for diagnostic in error.diagnostics { streams.report(diagnostic) }
        return .failure
      }
    } catch {
      streams.report("martlet run: \(error.message)\nTry 'martlet run --help'.\n")
      return .usage
    }
  }

  private func run() throws(MartletError) {
    var compile = options.compile
    compile.profilesKernels = Trace.current?.filter.mayRecord(.kernel) ?? false
    let program = try Program(contentsOf: model, options: compile)
    var inputs: [(name: String, value: Argument)] = []
    for (name, file) in options.inputs {
      if inputs.contains(where: { $0.name == name }) {
        throw MartletError("input '\(name)' is given twice")
      }
      let port = file.hasSuffix(".mtx") ? try sparsePort(name, program) : nil
      let value = try traced(.read, "read \(file)") { () throws(MartletError) in
        try Program.catching { () throws(Diagnostic) in try Self.read(file, port) }
      }
      inputs.append((name, value))
    }
    if let stage = options.stage {
      try emit(stage, inputs)
      return
    }
    let results = try options.interprets ? interpret(inputs) : compute(program, inputs)
    try finish(results)
  }

  /// The input a matrix is read for: a `.mtx` file does not say which types its numbers are to have.
  private func sparsePort(_ name: String, _ program: Program) throws(MartletError)
    -> Signature.Port?
  {
    let signature = try program.signature()
    return signature.inputIndex(name).map { signature.inputs[$0] }
  }

  static func read(_ file: String, _ port: Signature.Port?) throws(Diagnostic) -> Argument {
    if file.hasSuffix(".mtx") {
      guard let port, let index = port.indexType else {
        return .sparse(try MatrixMarket.read(file))
      }
      return .sparse(
        try MatrixMarket.read(file, indexType: index, valueType: port.elementType))
    }
    return .dense(try NPY.read(file))
  }

  private func emit(_ stage: CompileStage, _ inputs: [(name: String, value: Argument)])
    throws(MartletError)
  {
    var report = CompilationReport()
    let source = try Program.catching { () throws(Diagnostic) in try ProgramSource(model) }
    let text = try Compiler(source: source, options: options.compile).emit(stage, inputs, &report)
    text.withUnsafeBytes { streams.write($0) }
  }

  // MARK: Running

  private typealias Results = [(name: String, tensor: Tensor)]

  private func interpret(_ inputs: [(name: String, value: Argument)]) throws(MartletError)
    -> Results
  {
    let source = try Program.catching { () throws(Diagnostic) in try ProgramSource(model) }
    return try Compiler(source: source, options: options.compile).interpret(inputs)
  }

  private func compute(_ program: Program, _ inputs: [(name: String, value: Argument)])
    throws(MartletError) -> Results
  {
    var report = CompilationReport()
    let executable = try program.executable(for: inputs, &report)
    TraceRecorder.current?.trace.attach(executable.plan)
    let arguments = try program.ordered(inputs, executable)
    var watch = Stopwatch()
    let outputs = try Program.run(executable, arguments)
    let first = watch.lap()
    if !options.isQuiet || options.repetitions != nil {
      let median = try medianRun(executable, arguments, first)
      if options.isQuiet { return zip(executable.plan.outputs, outputs).map { ($0.name, $1) } }
      streams.report(RunReport(report: report, first: first, median: median).text)
    }
    return zip(executable.plan.outputs, outputs).map { ($0.name, $1) }
  }

  /// The median time of further runs in seconds; nil where none are made.
  private func medianRun(_ executable: Executable, _ arguments: [Argument], _ first: Double)
    throws(MartletError) -> Double?
  {
    let count = options.repetitions ?? max(0, min(10, Int(0.2 / max(first, 1e-6))))
    if count == 0 { return nil }
    var outputs = try Program.catching { () throws(Diagnostic) in try executable.makeOutputs() }
    var times: [Double] = []
    for _ in 0..<count {
      let watch = Stopwatch()
      try Program.catching { () throws(Diagnostic) in
        try executable.run(inputs: arguments, outputs: &outputs)
      }
      times.append(watch.seconds)
    }
    return times.sorted()[count / 2]
  }

  // MARK: Results

  private func finish(_ results: Results) throws(MartletError) {
    // All names are checked before anything is written.
    var files: [(file: String, tensor: Tensor)] = []
    for (name, file) in options.outputs {
      let index =
        results.firstIndex { $0.name == name }
        ?? Int(name).flatMap { results.indices.contains($0) ? $0 : nil }
      guard let index else {
        let all = results.map(\.name).joined(separator: ", ")
        throw MartletError("there is no output '\(name)' (outputs: \(all))", subject: model)
      }
      files.append((file, results[index].tensor))
    }
    try report(results)
    try Program.catching { () throws(Diagnostic) in
      for (file, tensor) in files { try NPY.write(tensor, to: file) }
    }
  }

  private func report(_ results: Results) throws(MartletError) {
    guard let first = results.first else { return }
    let lines = try Program.catching { () throws(Diagnostic) in
      var lines: [String] = []
      if let labels = options.labels {
        lines.append(
          try RunReports.accuracy(
            of: first.tensor, name: first.name, labels: try NPY.read(labels), from: labels))
      }
      if options.showsSpeech {
        lines.append(try RunReports.speech(first.tensor, name: first.name))
      }
      if let top = options.top {
        let names = try options.names.map { (file) throws(Diagnostic) in try RunReports.names(file)
        }
        lines.append(
          try RunReports.top(top, of: first.tensor, name: first.name, names: names))
      }
      return lines
    }
    for line in lines { streams.write(line + "\n") }
    if lines.isEmpty, options.outputs.isEmpty {
      for result in results { streams.write(summary(result.name, result.tensor) + "\n") }
    }
  }

  /// `logits: 360x10xf32`, with the value of a scalar.
  private func summary(_ name: String, _ tensor: Tensor) -> String {
    let value: String?
    switch tensor.elementType {
    case .f32: value = tensor.elements(as: Float.self).flatMap(\.first).map { "\($0)" }
    case .f64: value = tensor.elements(as: Double.self).flatMap(\.first).map { "\($0)" }
    case .i64: value = tensor.elements(as: Int64.self).flatMap(\.first).map { "\($0)" }
    case .i32: value = tensor.elements(as: Int32.self).flatMap(\.first).map { "\($0)" }
    default: value = nil
    }
    if tensor.elementCount == 1, let value { return "\(name): \(tensor.typeText) = \(value)" }
    return "\(name): \(tensor.typeText)"
  }
}

extension Program {
  /// Runs `body`, wrapping its diagnostic.
  static func catching<Result>(_ body: () throws(Diagnostic) -> Result) throws(MartletError)
    -> Result
  {
    do throws(Diagnostic) {
      return try body()
    } catch {
      throw MartletError(error)
    }
  }
}

/// What `martlet run` tells on standard error: phases, kernels, memory.
struct RunReport {
  let report: CompilationReport
  /// Seconds of the first run, and the median of those after it.
  let first: Double
  let median: Double?

  var text: String {
    var text = report.isCached ? "compiled before, loaded from the cache\n" : "compiled\n"
    for phase in report.phases { text += line(phase.name, phase.seconds) }
    text += line("total", report.totalSeconds)
    text += line("first run", first)
    if let median { text += line("median run", median) }
    text += "  \(report.kernelCount) kernels\n"
    text += "  memory for intermediates: \(bytes(report.plannedBytes)) planned, "
    text += "\(bytes(report.largestLiveBytes)) alive at most, "
    text += "\(bytes(report.intermediateBytes)) in all\n"
    return text
  }

  private func line(_ name: String, _ seconds: Double) -> String {
    let time = decimal(seconds * 1000, 3)
    return "  " + name
      + String(repeating: " ", count: max(1, 44 - name.utf8.count - time.utf8.count))
      + time + " ms\n"
  }

  private func bytes(_ count: Int) -> String {
    count < 10_240 ? "\(count) B" : "\(decimal(Double(count) / 1024, 1)) KiB"
  }
}
