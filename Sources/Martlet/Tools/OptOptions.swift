import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// What the command line of `martlet opt` asks for. Long options may be written with one dash or two, as
/// mlir-opt takes them.
struct OptOptions {
  /// What is listed instead of reading a file.
  enum Listing: Sendable { case passes, dialects, listedDialects, version, help }

  var input = "-"
  var output = "-"
  var printing = PrintOptions()
  /// How bytecode is written, where it is.
  var bytecode = BytecodeOptions()
  var emitsBytecode = false
  var allowsUnregistered = false
  var dialects = DialectOptions()
  /// The line that parts a file, nil where it is read whole; and the one written between parts.
  var splitMarker: String?
  var outputMarker = ""
  var verification: DiagnosticVerifier.Level?
  var verifiesEachPass = true
  var verifies = true
  var verifiesRoundtrip = false
  /// Several operations at the top get a module around them, a single one too.
  var addsModule = true
  var runsInParallel = true
  var listing: Listing?

  // Reports.
  var timing: TimingTree.Layout?
  var timingFormat = TimingTree.Format.text
  var statistics: PassStatisticsCollector.Layout?
  var dumpsPipeline = false
  var dumps = IRDumper.Options()
  var dumpFolder: String?
  var remarks = RemarkOptions()
  /// xDSL's: the module between passes, on standard output.
  var printsBetweenPasses = false

  // Reproducers.
  var crashReproducer: String?
  var localReproducer = false
  var generatedReproducer: String?
  var runsReproducer = false

  // Diagnostics.
  var diagnostics = DiagnosticOptions()
  /// xDSL's: what does not parse is told on standard output and is no failure.
  var parsingDiagnosticsOnly = false
  var printsOperationsOnErrors = false
  var highlights = false

  /// What is run on a module.
  var pipeline = Pipeline()
  /// Why the pipeline could not be read.
  var pipelineError: Diagnostic?
  /// Pipelines and passes as written, in order.
  private var pipelineTexts: [String] = []

  /// - Parameter registry: the passes there are.
  /// - Throws: on wrong usage. A pipeline that is wrong is no wrong usage but kept in `pipelineError`.
  init(_ arguments: [String], _ registry: PassRegistry) throws(UsageError) {
    var sawInput = false
    try OptOptions.table.parse(
      arguments, into: &self,
      operand: { (options, argument) throws(UsageError) in
        if sawInput {
          throw UsageError("more than one input file: '\(options.input)' and '\(argument)'")
        }
        options.input = argument
        sawInput = true
      },
      unknown: { (options, name, value) throws(UsageError) in
        // `-IDIR`, as compilers take it.
        if name.utf8.first == UInt8(ascii: "I"), name.utf8.count > 1, value == nil {
          options.dialects.includes.append(String(name.dropFirst()))
          return true
        }
        return options.addPass(name, value, registry)
      },
      otherNames: { registry.passes.map(\.argument) + registry.pipelines.map(\.argument) })
    do throws(Diagnostic) {
      pipeline = try parsedPipeline("builtin.module")
    } catch {
      pipelineError = error
    }
  }

  mutating func addPipeline(_ text: String, isWhole: Bool = false) {
    pipelineTexts.append(text)
    if isWhole { wholePipeline = text }
  }

  /// What `--pass-pipeline` says, whose anchor must fit.
  private var wholePipeline: String?

  private mutating func addPass(_ name: String, _ value: String?, _ registry: PassRegistry) -> Bool
  {
    guard registry[name] != nil || registry.pipeline(name) != nil else { return false }
    var text = name
    if var options = value {
      // As the shell hands them over: `--pass="a=1 b=2"`.
      if options.hasPrefix("{"), options.hasSuffix("}") {
        options = String(options.dropFirst().dropLast())
      }
      text += "{\(options)}"
    }
    pipelineTexts.append(text)
    return true
  }

  /// What is run on `operation`, which may stand alone instead of a module.
  /// - Throws: where the pipeline is wrong for it, which is then reported to its context.
  func pipeline(for operation: Operation) throws(Reported) -> Pipeline {
    if addsModule { return pipeline }
    do throws(Diagnostic) {
      return try parsedPipeline(operation.name.string)
    } catch {
      operation.context.diagnostics.report(error)
      throw Reported()
    }
  }

  /// One pipeline with its own anchor is the whole; several run one after the other on `anchor`.
  private func parsedPipeline(_ anchor: String) throws(Diagnostic) -> Pipeline {
    let registry = Registration.passes
    if let text = wholePipeline, pipelineTexts.count == 1 {
      // Where one nested pipeline is all there is, `func.func(cse)`, it was meant as the whole.
      let parsed = try PipelineParser.parse(text, registry, anchor: anchor)
      guard parsed.elements.count == 1, case .nested(let inner) = parsed.elements[0],
        let name = inner.anchor, text.drop(while: { $0 == " " }).hasPrefix(name)
      else { return parsed }
      return inner
    }
    if pipelineTexts.count == 1 {
      return try PipelineParser.parse(pipelineTexts[0], registry, anchor: anchor)
    }
    var whole = Pipeline(anchor: anchor)
    for text in pipelineTexts {
      let parsed = try PipelineParser.parse(text, registry, anchor: anchor)
      if parsed.anchor == anchor || parsed.anchor == nil {
        whole.elements += parsed.elements
      } else {
        whole.elements.append(.nested(parsed))
      }
    }
    return whole
  }

  static var help: String {
    """
    usage: martlet opt [options] [FILE]

    Reads MLIR text (standard input where FILE is - or left out), verifies it, runs passes, prints it.
    Long options may be written with one dash or two. A pass is run by its name as an option, with its
    options behind it: --canonicalize="top-down=false max-iterations=2".

    """ + table.help
  }
}
