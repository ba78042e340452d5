import MartletCPU
import MartletIR
import MartletPasses
import MartletRuntime
import MartletSupport
import MartletSyntax

/// `martlet view`: one HTML page that shows what the compiler did to a program.
public struct ViewTool {
  private let options: ViewOptions
  private let program: String
  private let streams: ToolStreams

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    do throws(UsageError) {
      let options = try ViewOptions(arguments)
      guard !options.showsHelp, let program = options.program else {
        streams.write(ViewOptions.help)
        return .success
      }
      do throws(Diagnostic) {
        return try ViewTool(options: options, program: program, streams: streams).run()
      } catch {
        streams.report(error)
        return .failure
      }
    } catch {
      streams.report("martlet view: \(error.message)\nTry 'martlet view --help'.\n")
      return .usage
    }
  }

  /// A page is written where the program could be read, also where a pass failed: then it shows how far it got.
  private func run() throws(Diagnostic) -> ToolStatus {
    let source = try ProgramSource(program)
    let compilation = ViewedCompilation(source, options)
    try compilation.run()
    let problems = compilation.context.diagnostics.diagnostics.filter { $0.severity != .remark }
    for problem in problems { streams.report(problem) }
    if compilation.recorder.stages.allSatisfy({ $0.kind == .source }) { return .failure }
    let plots = PlotLibrary.find()
    if let problem = plots.problem {
      streams.report(Diagnostic(.warning, problem, notes: [PlotLibrary.advice]))
    }
    let page = ViewPage(compilation, plots.text).bytes
    if options.output == "-" {
      page.withUnsafeBytes { streams.write($0) }
    } else {
      try writeFileAtomically(options.output, page)
      if !options.isQuiet {
        let stages = compilation.recorder.stages.count
        streams.report(
          "\(options.output): \(stages) steps, \(decimal(Double(page.count) / 1024, 0)) KiB\n")
      }
    }
    return compilation.hasFailed ? .failure : .success
  }
}

/// A program on its way through the compiler, with all of it recorded.
final class ViewedCompilation {
  let source: ProgramSource
  let options: ViewOptions
  let context: Context
  let recorder: CompilationRecorder
  private(set) var hasFailed = false
  private(set) var plan: Plan?
  private(set) var report = CompilationReport()
  /// What the reader has to know: inputs made up, kernels not timed.
  private(set) var notes: [String] = []
  /// Seconds each kernel took, by name.
  private(set) var kernelSeconds: [String: Double] = [:]
  private(set) var roofline: Roofline?

  init(_ source: ProgramSource, _ options: ViewOptions) {
    self.source = source
    self.options = options
    context = Registration.makeContext(DiagnosticEngine())
    context.allowsUnregisteredDialects = options.allowsUnregistered
    context.keepsAllOrigins = true
    recorder = CompilationRecorder(entry: options.entry, lineLimit: options.lineLimit)
  }

  /// - Throws: what is wrong with the command line or its files; what is wrong with the program is in the
  ///   context's diagnostics.
  func run() throws(Diagnostic) {
    if source.kind == .mlir, !Bytecode.isBytecode(source.file.bytes.bindMemory(to: UInt8.self)) {
      recorder.addSource(SourceFile(name: source.path, file: source.file))
    }
    if let text = options.pipeline {
      let pipeline = try PipelineParser.parse(text, Registration.passes)
      catching { () throws(Reported) in try runPasses(pipeline) }
      return
    }
    do throws(MartletError) {
      let inputs = try makeInputs()
      catching { () throws(Reported) in try compile(inputs) }
    } catch {
      for diagnostic in error.diagnostics { context.diagnostics.report(diagnostic) }
      hasFailed = true
    }
  }

  private func catching(_ body: () throws(Reported) -> Void) {
    do throws(Reported) { try body() } catch { hasFailed = true }
  }

  private func runPasses(_ pipeline: Pipeline) throws(Reported) {
    let watch = Stopwatch()
    let module = try Frontend(source: source, context: context).read()
    recorder.didFinish("parse", level: "program", module, seconds: watch.seconds)
    try recorder.run(pipeline, level: "passes", on: module)
  }

  // MARK: Inputs

  private func makeInputs() throws(MartletError) -> [(name: String, value: Argument)] {
    var compile = CompileOptions()
    compile.entry = options.entry
    compile.cacheDirectory = nil
    let signature = try Program(source: source, options: compile).signature()
    var inputs: [(name: String, value: Argument)] = []
    var given: Set<Int> = []
    for (name, file) in options.inputs {
      guard let i = signature.inputIndex(name) else {
        let all = signature.inputs.map(\.name).joined(separator: ", ")
        throw MartletError("there is no input '\(name)' (inputs: \(all))", subject: source.path)
      }
      given.insert(i)
      let port = signature.inputs[i]
      let value = try Program.catching { () throws(Diagnostic) in try RunTool.read(file, port) }
      inputs.append((name, value))
    }
    for (i, port) in signature.inputs.enumerated() where !given.contains(i) {
      let value = try Program.catching { () throws(Diagnostic) in try MadeUpInput.make(port) }
      inputs.append((port.name, value))
      if port.isSparse || port.shape.contains(where: { $0 == nil }) {
        notes.append(
          "Input '\(port.name)' (\(port.typeText)) was not given: "
            + "compiled for a made-up one, \(value.typeDescription).")
      }
    }
    return inputs
  }

  // MARK: Machine code

  private func compile(_ inputs: [(name: String, value: Argument)]) throws(Reported) {
    var settings = CompileOptions()
    settings.entry = options.entry
    settings.cacheDirectory = nil
    var compiler = Compiler(source: source, options: settings)
    compiler.watcher = recorder
    let work = try compiler.lower(inputs, context, to: .plan, weights: .inFiles, &report)
    plan = work.plan
    let generator = try compiler.makeCodeGenerator(context)
    if recorder.stages.allSatisfy({ $0.kind == .source }) {
      recorder.didFinish("read", level: "machine", work.module, seconds: 0)
    }
    var lines: [Operation: Int] = [:]
    for (i, entry) in recorder.operations.enumerated() { lines[entry.operation] = i + 1 }
    let made = try compiler.reporting(context) { () throws(CompilationError) in
      try generator.listings(work.module, lines: lines)
    }
    let listing = MachineListing(origins: recorder.operations.map { ($0.number, $0.location) })
    recorder.add("LLVM IR", .llvm, listing.llvmIR(made.written), seconds: nil)
    recorder.add(
      "LLVM's passes", .llvm, listing.llvmIR(made.optimised), seconds: made.passSeconds)
    recorder.add(
      "assembly", .assembly, listing.assembly(made.assembly), seconds: made.codeSeconds)
    if options.measures, !work.plan.steps.isEmpty {
      do throws(MartletError) {
        kernelSeconds = try KernelTimer.run(source, settings, inputs)
        roofline = try Program.catching { () throws(Diagnostic) in try Roofline.known() }
      } catch {
        let reason = error.diagnostics.first?.message ?? "it does not run"
        notes.append("The kernels were not timed: \(reason).")
      }
    }
  }
}
