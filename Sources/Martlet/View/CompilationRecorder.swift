import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax

/// A step of a compilation as the page shows it.
struct ViewStage {
  enum Kind: String { case source, mlir, llvm, assembly }

  var title: String
  /// The options of a pass, as a pipeline has them.
  var options = ""
  var summary = ""
  var level: String
  var kind = Kind.mlir
  var seconds: Double?
  var operationCount: Int?
  var histogram: [(name: String, count: Int)] = []
  var delta: ListingDelta
  /// Lines of the whole listing, of which only the first may be kept.
  var lineCount: Int
  var keptCount: Int
  /// Whether a pass left the IR as it was.
  var isUnchanged = false
  /// Whether it failed.
  var hasFailed = false
}

/// Keeps what a program looks like after each step of its compilation.
final class CompilationRecorder: CompilationWatcher {
  let locations = LocationTable()
  private(set) var stages: [ViewStage] = []
  private(set) var graph: ProgramGraph?
  /// The step it shows.
  private(set) var graphStage = 0
  /// What became one kernel, or one operation.
  private(set) var groups: [FusedGroup] = []
  /// What passes said, each once with how often.
  private(set) var remarks: [(remark: Remark, stage: Int, count: Int)] = []
  private var remarkPlaces: [RemarkKey: Int] = [:]
  private var hasKernels = false
  private let printer: SnapshotPrinter
  private let entry: String?
  /// Lines of a listing that are kept.
  private let lineLimit: Int
  private var lines: [ListingLine] = []
  /// The operations of the latest listing of MLIR.
  private(set) var operations: [(operation: Operation, number: Int, location: Int)] = []
  /// How many operations have no known place, by step; what a pass drops shows here.
  private(set) var lost: [(step: String, count: Int, example: String)] = []

  init(entry: String?, lineLimit: Int) {
    self.entry = entry
    self.lineLimit = lineLimit
    printer = SnapshotPrinter(locations)
  }

  // MARK: Listings

  /// The text the program was read from.
  func addSource(_ source: SourceFile) {
    var all: [ListingLine] = []
    let text = String(decoding: source.bytes, as: UTF8.self)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(lineLimit + 1)
    { all.append(ListingLine(text: String(line))) }
    let count = text.utf8.count { $0 == 10 }
    add(ViewStage(source.name, "program", .source), all, count: max(count, all.count))
  }

  func didFinish(_ step: String, level: String, _ module: Operation, seconds: Double) {
    var stage = ViewStage(step, level, .mlir)
    stage.seconds = seconds
    add(stage, module)
    // With the shapes it is compiled for.
    if graph == nil || step == "specialize" {
      graph = ProgramGraph(module, entry: entry, self)
      graphStage = stages.count - 1
    }
  }

  /// Runs the passes one by one, each followed by a listing; what is verified is not part of its time.
  func run(_ pipeline: Pipeline, level: String, on module: Operation) throws(Reported) {
    for (pass, options, single) in pipeline.singlePasses {
      let manager = PassManager(module.context, single)
      manager.verifiesEachPass = false
      manager.remarkHandler = { self.note($0) }
      var stage = ViewStage(pass.argument, level, .mlir)
      stage.options = options.text
      stage.summary = pass.summary
      let watch = Stopwatch()
      do throws(Reported) {
        try manager.run(module)
        stage.seconds = watch.seconds
        try Verifier().verify(module)
      } catch {
        stage.seconds = stage.seconds ?? watch.seconds
        stage.hasFailed = true
        add(stage, module)
        throw error
      }
      add(stage, module)
      if pass.argument == "outline-kernels" { hasKernels = true }
      if hasKernels, level == "kernels" {
        groups = FusedGroup.kernels(of: module, locations)
      } else if !hasKernels {
        groups = FusedGroup.fused(in: module, locations)
      }
    }
  }

  private struct RemarkKey: Hashable {
    let pass: String
    let name: String
    let text: String
    let position: String
    let stage: Int
  }

  private func note(_ remark: Remark) {
    let place = remark.position.map { "\($0.file):\($0.line):\($0.column)" }
    let key = RemarkKey(
      pass: remark.pass, name: remark.name, text: remark.text,
      position: place ?? remark.subject ?? "", stage: stages.count)
    if let i = remarkPlaces[key] {
      remarks[i].count += 1
      return
    }
    remarkPlaces[key] = remarks.count
    remarks.append((remark, stages.count, 1))
  }

  private func add(_ stage: ViewStage, _ module: Operation) {
    let snapshot = printer.take(module)
    operations = snapshot.operations
    var stage = stage
    stage.operationCount = snapshot.operationCount
    stage.histogram = snapshot.histogram
    let missing = snapshot.operations.filter { $0.location == 0 && $0.operation != module }
    if let first = missing.first {
      lost.append((stage.title, missing.count, first.operation.name.string))
    }
    stage.isUnchanged = stages.last?.kind == .mlir && snapshot.lines == lines
    add(stage, snapshot.lines, count: snapshot.lines.count)
  }

  /// A listing of LLVM's.
  func add(_ title: String, _ kind: ViewStage.Kind, _ listing: [ListingLine], seconds: Double?) {
    var stage = ViewStage(title, "machine", kind)
    stage.seconds = seconds
    add(stage, listing, count: listing.count)
  }

  private func add(_ stage: ViewStage, _ all: [ListingLine], count: Int) {
    var stage = stage
    let kept = Array(all.prefix(lineLimit))
    stage.lineCount = count
    stage.keptCount = kept.count
    stage.delta = ListingDelta(from: lines, to: kept)
    lines = kept
    stages.append(stage)
  }
}

extension ViewStage {
  fileprivate init(_ title: String, _ level: String, _ kind: Kind) {
    self.init(
      title: title, level: level, kind: kind, delta: ListingDelta(from: [], to: []), lineCount: 0,
      keptCount: 0)
  }
}
