import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// A module with the pipeline to run on it, as mlir-opt writes it into `external_resources`.
struct Reproducer {
  static let group = "mlir_reproducer"

  let pipeline: String
  var runsInParallel = true
  var verifiesEachPass = false

  init(pipeline: Pipeline, runsInParallel: Bool) {
    self.init(pipeline: pipeline.text, runsInParallel: runsInParallel, verifiesEachPass: false)
  }

  init(pipeline: String, runsInParallel: Bool, verifiesEachPass: Bool) {
    self.pipeline = pipeline
    self.runsInParallel = runsInParallel
    self.verifiesEachPass = verifiesEachPass
  }

  /// The text of `module` and what reproduces.
  func text(_ module: Operation) -> String {
    var printing = PrintOptions()
    printing.externalResources = [
      ExternalResources.Group(
        Reproducer.group,
        [
          ("pipeline", .string(pipeline)), ("disable_threading", .bool(!runsInParallel)),
          ("verify_each", .bool(verifiesEachPass)),
        ])
    ]
    return Printer.text(module, options: printing)
  }

  /// Takes what the text of `module` says is to be run; nil where it says nothing.
  /// - Throws: where that is wrong, which is then reported to the context.
  static func take(from context: Context, _ module: Operation) throws(Reported) -> (
    pipeline: Pipeline, verifiesEachPass: Bool
  )? {
    guard let group = ExternalResources.of(context).remove(Reproducer.group) else { return nil }
    guard let text = group.string("pipeline") else {
      throw module.emitError("the reproducer's 'pipeline' is not a string")
    }
    do throws(Diagnostic) {
      let pipeline = try PipelineParser.parse(
        text, Registration.passes, anchor: module.name.string)
      return (pipeline, group.bool("verify_each") ?? true)
    } catch {
      context.diagnostics.report(error)
      throw Reported()
    }
  }
}

/// Writes a reproducer where a pass fails: `--mlir-pass-pipeline-crash-reproducer`. A run that ends the
/// process writes it as well.
final class ReproducerRecorder: PassInstrumentation {
  private let file: String
  private let pipeline: Pipeline
  private let options: OptOptions
  private let streams: ToolStreams
  private var root: Operation?
  private var text = ""
  /// The innermost pass that failed, and on what.
  private var failed: (pass: Pass, operation: Operation)?

  init(file: String, pipeline: Pipeline, options: OptOptions, streams: ToolStreams) {
    self.file = file
    self.pipeline = pipeline
    self.options = options
    self.streams = streams
  }

  /// Runs `body`, which is to run the pipeline on `module`.
  func record(_ module: Operation, _ body: () throws(Reported) -> Void) throws(Reported) {
    root = module
    // As mlir-opt parts the passes of the outermost pipeline here.
    keep("\(pipeline.anchor ?? "any")(\(pipeline.elements.map(\.text).joined(separator: ", ")))")
    defer { CrashGuard.disarm() }
    do throws(Reported) {
      try body()
    } catch {
      throw report(module, error)
    }
  }

  private func keep(_ pipeline: String) {
    guard let root else { return }
    text = Reproducer(
      pipeline: pipeline, runsInParallel: options.runsInParallel,
      verifiesEachPass: options.verifiesEachPass
    ).text(root)
    CrashGuard.arm(text, to: file)
  }

  func willRun(_ site: PassSite, on operation: Operation) {
    if options.localReproducer { keep(site.pipeline.text) }
  }

  func didFail(_ site: PassSite, on operation: Operation) {
    if failed == nil { failed = (site.pass, operation) }
  }

  private func report(_ module: Operation, _ failure: Reported) -> Reported {
    guard let failed else { return failure }
    do throws(Diagnostic) {
      try writeFileAtomically(file, Array(text.utf8))
    } catch {
      module.context.diagnostics.report(error)
      return failure
    }
    var place = "'\(failed.operation.name)' operation"
    if let symbol = SymbolTable.name(of: failed.operation) { place += ": @\(symbol)" }
    let what = "`\(failed.pass.name)` on \(place)"
    let shown = options.localReproducer ? what : "[\(what)]"
    return module.emitError(
      "Failures have been detected while processing an MLIR pass pipeline",
      notes: [
        module.note(
          "Pipeline failed while executing \(shown): reproducer generated at `\(file)`")
      ])
  }
}
