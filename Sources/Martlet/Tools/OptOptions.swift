import MartletPasses
import MartletSupport
import MartletSyntax

/// What the command line of `martlet opt` asks for. Long options may be written with one dash or two, as
/// mlir-opt takes them.
struct OptOptions {
  var input = "-"
  var output = "-"
  var printing = PrintOptions()
  var allowsUnregistered = false
  var splitsInput = false
  var verifiesDiagnostics = false
  var verifiesEachPass = true
  var verifies = true
  var timing: TimingTree.Layout?
  var showsStatistics = false
  var dumpsPipeline = false
  var showsDialects = false
  var listsPasses = false
  var printsBefore = IRDumper.Selection.none
  var printsAfter = IRDumper.Selection.none
  var printsOnlyChanged = false
  var printsAfterFailure = false
  var printsModuleScope = false
  var showsHelp = false
  var dialects = DialectOptions()
  /// Passes in the order asked for.
  var pipeline = Pipeline()

  static let help = """
    usage: martlet opt [options] [FILE]

    Reads MLIR text (standard input where FILE is - or left out), verifies it, runs passes, prints it.

      -o FILE                              write to FILE
      -p, --pass-pipeline=PIPELINE         run 'canonicalize,func.func(cse)' or 'builtin.module(...)'
      --NAME[=OPTIONS]                     run the pass NAME; may be given several times, in order
      --list-passes                        list the passes
      --show-dialects, --list-dialects     list the dialects
      --allow-unregistered-dialect         accept operations, types and attributes of unknown dialects
      --split-input-file                   process each part between '// -----' lines by itself
      --verify-diagnostics                 check the diagnostics against '// expected-error {{...}}' comments
      --verify-each=BOOL                   verify after each pass (default true)
      --mlir-print-op-generic              print operations in generic form
      --mlir-print-debuginfo               print locations
      --mlir-print-local-scope             print without aliases
      --mlir-elide-elementsattrs-if-larger=N   leave out constants of more than N elements
      --mlir-print-elementsattrs-with-hex-if-larger=N   hexadecimal above N elements (default 100)
      --mlir-print-ir-before-all, -after-all, -after-change, -after-failure, -module-scope
      --mlir-print-ir-before=PASS, --mlir-print-ir-after=PASS
      --mlir-timing, --mlir-timing-display=list|tree
      --mlir-pass-statistics               print what passes counted
      --dump-pass-pipeline                 print the pipeline that is run
    \(DialectOptions.help.dropLast())      --help

    """

  init(_ arguments: [String], _ registry: PassRegistry) throws(UsageError) {
    var arguments = arguments[...]
    var sawInput = false
    while let argument = arguments.popFirst() {
      guard argument.utf8.first == UInt8(ascii: "-"), argument != "-" else {
        if sawInput { throw UsageError("more than one input file: '\(input)' and '\(argument)'") }
        input = argument
        sawInput = true
        continue
      }
      let name: String
      var value: String?
      let body = argument.drop { $0 == "-" }
      if let equal = body.firstIndex(of: "=") {
        name = String(body[..<equal])
        value = String(body[body.index(after: equal)...])
      } else {
        name = String(body)
      }
      let takeValue = { () throws(UsageError) -> String in
        if let value { return value }
        guard let next = arguments.popFirst() else {
          throw UsageError("option '\(argument)' needs a value")
        }
        return next
      }
      if try set(name, value, takeValue) { continue }
      guard try addPass(name, value, registry) else {
        let near = registry.suggestion(for: name).map { "; did you mean '--\($0)'?" } ?? ""
        throw UsageError("unknown option '\(argument)'\(near)")
      }
    }
    parsePipelines(registry)
  }

  /// Pipelines written out, with their place among the passes.
  private var texts: [(position: Int, text: String)] = []
  var pipelineError: Diagnostic?

  private mutating func set(
    _ name: String, _ value: String?, _ takeValue: () throws(UsageError) -> String
  ) throws(UsageError) -> Bool {
    switch name {
    case "h", "help": showsHelp = true
    case "o": output = try takeValue()
    case "p", "pass-pipeline": texts.append((pipeline.elements.count, try takeValue()))
    case "allow-unregistered-dialect": allowsUnregistered = try flag(name, value)
    case "split-input-file": splitsInput = true
    case "verify-diagnostics": verifiesDiagnostics = true
    case "verify-each": verifiesEachPass = try flag(name, value)
    case "disable-verify", "disable-verifier": verifies = false
    case "mlir-print-op-generic", "print-op-generic": printing.generic = try flag(name, value)
    case "mlir-print-debuginfo", "print-debuginfo": printing.debugInfo = try flag(name, value)
    case "mlir-print-local-scope": printing.localScope = try flag(name, value)
    case "mlir-elide-elementsattrs-if-larger":
      printing.elideElementsOver = try number(name, try takeValue())
    case "mlir-print-elementsattrs-with-hex-if-larger":
      let limit = try takeValue()
      printing.hexElementsOver = limit == "-1" ? nil : try number(name, limit)
    case "mlir-timing": if try flag(name, value) { timing = timing ?? .tree }
    case "mlir-timing-display":
      let layout = try takeValue()
      guard let known = TimingTree.Layout(rawValue: layout) else {
        throw UsageError("--mlir-timing-display takes 'list' or 'tree', not '\(layout)'")
      }
      timing = known
    case "mlir-pass-statistics": showsStatistics = true
    case "dump-pass-pipeline": dumpsPipeline = true
    case "show-dialects", "list-dialects": showsDialects = true
    case "list-passes": listsPasses = true
    case "mlir-print-ir-before-all": printsBefore = .all
    case "mlir-print-ir-after-all", "print-between-passes": printsAfter = .all
    case "mlir-print-ir-after-change":
      printsOnlyChanged = true
    case "mlir-print-ir-after-failure": printsAfterFailure = true
    case "mlir-print-ir-module-scope": printsModuleScope = true
    case "mlir-print-ir-before": printsBefore = .passes(try list(try takeValue()))
    case "mlir-print-ir-after": printsAfter = .passes(try list(try takeValue()))
    case "mlir-disable-threading": _ = try flag(name, value)
    default: return try dialects.set(name, takeValue)
    }
    return true
  }

  private func list(_ text: String) throws(UsageError) -> [String] {
    text.split(separator: ",").map(String.init)
  }

  private func flag(_ name: String, _ value: String?) throws(UsageError) -> Bool {
    switch value {
    case nil, "true", "1", "TRUE", "True": return true
    case "false", "0", "FALSE", "False": return false
    default: throw UsageError("option '--\(name)' takes true or false, not '\(value ?? "")'")
    }
  }

  private func number(_ name: String, _ text: String) throws(UsageError) -> Int {
    guard let value = Int(text), value >= 0 else {
      throw UsageError("option '--\(name)' takes a number, not '\(text)'")
    }
    return value
  }

  private mutating func addPass(_ name: String, _ value: String?, _ registry: PassRegistry)
    throws(UsageError) -> Bool
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
    texts.append((pipeline.elements.count, text))
    return true
  }

  private mutating func parsePipelines(_ registry: PassRegistry) {
    for (_, text) in texts {
      do throws(Diagnostic) {
        let parsed = try PipelineParser.parse(text, registry)
        pipeline.elements += parsed.elements
      } catch {
        pipelineError = error
        return
      }
    }
  }
}
