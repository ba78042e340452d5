import MartletPasses
import MartletSupport
import MartletSyntax

extension OptOptions {
  typealias Option = CommandOption<OptOptions>

  /// Every option of the command, in the order help shows them.
  static let table = CommandOptions<OptOptions>([
    ("", general), ("Dialects", dialects), ("Passes", passes), ("Checks", checks),
    ("Printing", printing),
    ("Watching passes", watching), ("Reproducers", reproducers), ("Diagnostics", messages),
  ])

  private static let general: [Option] = [
    .value("o", "output-file", as: "FILE", help: "write to FILE") { $0.output = $1 },
    .value("f", "frontend", as: "FORMAT", help: "the input's format: mlir or bytecode (found out)")
    {
      (_, format) throws(UsageError) in _ = try isBytecode(format, "-f")
    },
    .value("t", "target", as: "FORMAT", help: "the output's format: mlir or bytecode") {
      (options, format) throws(UsageError) in
      options.emitsBytecode = try isBytecode(format, "-t")
    },
    .flag("emit-bytecode", help: "write MLIR bytecode instead of text") { $0.emitsBytecode = $1 },
    .value(
      "emit-bytecode-version", as: "N", help: "of version N, 0 to 6 (default 6)"
    ) { (options, text) throws(UsageError) in
      guard let version = Int(text), version >= 0, version <= Bytecode.newestVersion else {
        throw UsageError(
          "there is no bytecode version \(text): it must be 0 to \(Bytecode.newestVersion)")
      }
      options.bytecode.version = version
    },
    .value(
      "emit-bytecode-producer", as: "NAME",
      help: "with NAME as the program that wrote it (default Martlet)"
    ) { $0.bytecode.producer = $1 },
    .flag("elide-resource-data-from-bytecode", help: "without the content of resources") {
      $0.bytecode.elidesResourceData = $1
    },
    .flag(
      "allow-unregistered-dialect",
      help: "accept operations, types and attributes of unknown dialects"
    ) { $0.allowsUnregistered = $1 },
    .flag("no-implicit-module", help: "the single operation at the top stays as it is") {
      $0.addsModule = !$1
    },
    .optionalValue(
      "split-input-file", as: "MARKER",
      help: "process each part between lines that are MARKER ('// -----') by itself"
    ) { (options, marker) throws(UsageError) in
      if marker == "" { throw UsageError("option '--split-input-file' takes a marker") }
      options.splitMarker = marker ?? OptOptions.defaultMarker
      if options.outputMarker.isEmpty { options.outputMarker = OptOptions.defaultMarker }
    },
    .value("output-split-marker", as: "MARKER", help: "write MARKER between parts") {
      $0.outputMarker = $1
    },
    .flag("mlir-disable-threading", help: "run passes on one thread") {
      $0.runsInParallel = !$1
    },
    .flag("v", "version", help: "print the version and exit") { if $1 { $0.listing = .version } },
    .flag("h", "help", help: "print this and exit") { if $1 { $0.listing = .help } },
  ]

  private static let dialects: [Option] = [
    .value(
      "ods", as: "FILE", help: "load dialects from MLIR's ODS, a .td file or its records as .json"
    ) { $0.dialects.odsFiles.append($1) },
    .value("I", "ods-include", as: "DIR", help: "where .td files look for what they include") {
      $0.dialects.includes.append($1)
    },
    .value("irdl-file", as: "FILE", help: "load dialects from the irdl dialect's text") {
      $0.dialects.irdlFiles.append($1)
    },
    .flag(
      "ods-remarks", help: "say what of loaded dialects is written in C++ and not available"
    ) { $0.dialects.reportsRemarks = $1 },
  ]

  private static let passes: [Option] = [
    .value("p", "passes", as: "LIST", help: "run 'canonicalize,func.func(cse)' on the module") {
      $0.addPipeline($1)
    },
    .value(
      "pass-pipeline", as: "PIPELINE", help: "run 'builtin.module(canonicalize,func.func(cse))'"
    ) { $0.addPipeline($1, isWhole: true) },
    .flag("dump-pass-pipeline", help: "print the pipeline that is run") { $0.dumpsPipeline = $1 },
    .flag("list-passes", help: "list the passes and their options, and exit") {
      if $1 { $0.listing = .passes }
    },
    .flag("show-dialects", help: "list the dialects on one line, and exit") {
      if $1 { $0.listing = .dialects }
    },
    .flag("list-dialects", help: "list the dialects with what they are for, and exit") {
      if $1 { $0.listing = .listedDialects }
    },
  ]

  private static let checks: [Option] = [
    .flag("verify-each", help: "verify after each pass (default true)") {
      $0.verifiesEachPass = $1
    },
    .flag(
      "disable-verify", "disable-verifier", "mlir-very-unsafe-disable-verifier-on-parsing",
      help: "do not verify what was read"
    ) { $0.verifies = !$1 },
    .flag("verify-roundtrip", help: "write and read the module and compare before passes run") {
      $0.verifiesRoundtrip = $1
    },
    .optionalValue(
      "verify-diagnostics", as: "all|only-expected",
      help: "check diagnostics against '// expected-error {{...}}' comments"
    ) { (options, level) throws(UsageError) in
      guard let known = DiagnosticVerifier.Level(rawValue: level ?? "all") else {
        throw UsageError(
          "option '--verify-diagnostics' takes all or only-expected, not '\(level ?? "")'")
      }
      options.verification = known
    },
  ]

  private static let printing: [Option] = [
    .flag("mlir-print-op-generic", "print-op-generic", help: "print operations in generic form") {
      $0.printing.generic = $1
    },
    .flag("print-no-properties", help: "in generic form, print properties among the attributes") {
      $0.printing.propertiesAsAttributes = $1
    },
    .flag("mlir-print-debuginfo", "print-debuginfo", help: "print locations") {
      $0.printing.debugInfo = $1
    },
    .flag("mlir-pretty-debuginfo", help: "print locations in a form easier to read") {
      $0.printing.prettyDebugInfo = $1
    },
    .flag("mlir-print-local-scope", help: "print without aliases") {
      $0.printing.localScope = $1
    },
    .flag("mlir-print-value-users", help: "print the users of values as comments") {
      $0.printing.valueUsers = $1
    },
    .flag("mlir-print-unique-ssa-ids", help: "number values over all regions") {
      $0.printing.uniqueIDs = $1
    },
    .flag("mlir-use-nameloc-as-prefix", help: "call values by the names of their locations") {
      $0.printing.nameLocations = $1
    },
    .flag("mlir-print-skip-regions", help: "print {...} for regions") {
      $0.printing.skipRegions = $1
    },
    .flag(
      "mlir-print-assume-verified", help: "accepted; the printer never verifies by itself"
    ) { (_, _) in },
    .number(
      "mlir-elide-elementsattrs-if-larger", help: "leave out constants of more than N elements"
    ) { $0.printing.elideElementsOver = $1 },
    .number(
      "mlir-elide-resource-strings-if-larger",
      help: "leave out resources whose text is longer than N characters"
    ) { $0.printing.elideResourcesOver = $1 },
    .value(
      "mlir-print-elementsattrs-with-hex-if-larger", as: "N",
      help: "hexadecimal above N elements (default 100; -1 for never)"
    ) { (options, text) throws(UsageError) in
      guard let limit = Int(text), limit >= -1 else {
        throw UsageError(
          "option '--mlir-print-elementsattrs-with-hex-if-larger' takes a number, not '\(text)'")
      }
      options.printing.hexElementsOver = limit == -1 ? nil : limit
    },
    .flag("syntax-highlight", help: "colour what is printed to a terminal") {
      $0.highlights = $1
    },
  ]

  private static let watching: [Option] = [
    .value("mlir-print-ir-before", as: "PASS,...", help: "print the IR before these passes") {
      (options, text) throws(UsageError) in
      options.dumps.before = .passes(try passList(text, "--mlir-print-ir-before"))
    },
    .value("mlir-print-ir-after", as: "PASS,...", help: "print the IR after these passes") {
      (options, text) throws(UsageError) in
      options.dumps.after = .passes(try passList(text, "--mlir-print-ir-after"))
    },
    .flag("mlir-print-ir-before-all", help: "print the IR before each pass") {
      $0.dumps.before = $1 ? .all : .none
    },
    .flag("mlir-print-ir-after-all", help: "print the IR after each pass") {
      $0.dumps.after = $1 ? .all : .none
    },
    .flag(
      "mlir-print-ir-after-change", help: "of those printed after a pass, only what it changed"
    ) { $0.dumps.onlyChanged = $1 },
    .flag("mlir-print-ir-after-failure", help: "print the IR after a pass that failed") {
      $0.dumps.onlyFailed = $1
    },
    .flag("mlir-print-ir-module-scope", help: "print the whole module each time") {
      $0.dumps.wholeModule = $1
    },
    .value("mlir-print-ir-tree-dir", as: "DIR", help: "print into files below DIR instead") {
      $0.dumpFolder = $1
    },
    .flag("print-between-passes", help: "print the module between passes, as xdsl-opt does") {
      $0.printsBetweenPasses = $1
    },
    .flag("mlir-timing", "time-passes", help: "print where the time went") {
      $0.timing = $1 ? $0.timing ?? .tree : nil
    },
    .choice("mlir-timing-display", of: TimingTree.Layout.self, help: "how (default tree)") {
      $0.timing = $1
    },
    .choice("mlir-output-format", of: TimingTree.Format.self, help: "the format of times") {
      $0.timingFormat = $1
    },
    .flag("mlir-pass-statistics", help: "print what passes counted") {
      $0.statistics = $1 ? $0.statistics ?? .pipeline : nil
    },
    .choice(
      "mlir-pass-statistics-display", of: PassStatisticsCollector.Layout.self,
      help: "how (default pipeline)"
    ) { $0.statistics = $1 },
    .optionalValue("remarks", as: "REGEX", help: RemarkOptions.printHelp) {
      (options, text) throws(UsageError) in try options.remarks.print(text)
    },
    .value("remarks-output", as: "FILE", help: RemarkOptions.outputHelp) {
      $0.remarks.output = $1
    },
  ]

  private static let reproducers: [Option] = [
    .value(
      "mlir-pass-pipeline-crash-reproducer", as: "FILE",
      help: "where a pass fails, write to FILE the module it failed on and the pipeline"
    ) { $0.crashReproducer = $1 },
    .flag(
      "mlir-pass-pipeline-local-reproducer",
      help: "with the shortest pipeline that fails; needs --mlir-disable-threading in mlir-opt"
    ) { $0.localReproducer = $1 },
    .value(
      "mlir-generate-reproducer", as: "FILE", help: "write the module and the pipeline to FILE"
    ) { $0.generatedReproducer = $1 },
    .flag("run-reproducer", help: "run the pipeline that the input holds") {
      $0.runsReproducer = $1
    },
  ]

  private static let messages: [Option] = [
    .choice(
      "diagnostics", of: DiagnosticOptions.Format.self,
      help: "text, or one JSON object a line (Docs/Diagnostics.md)"
    ) { $0.diagnostics.format = $1 },
    .number(
      "error-limit", help: "stop after N errors in a file (default 20; 0 for all there are)"
    ) { $0.diagnostics.limit = $1 },
    .optionalValue("color", as: "always|never", help: "colours (default: on a terminal)") {
      (options, text) throws(UsageError) in
      switch text {
      case nil, "always", "true", "1": options.diagnostics.color = true
      case "never", "false", "0": options.diagnostics.color = false
      case "auto": options.diagnostics.color = nil
      default: throw UsageError("option '--color' takes always, never or auto, not '\(text ?? "")'")
      }
    },
    .choice(
      "mlir-diagnostic-verbosity-level", of: DiagnosticOptions.Verbosity.self,
      help: "the least severe to print"
    ) { $0.diagnostics.verbosity = $1 },
    .flag(
      "mlir-print-op-on-diagnostic",
      help: "print the operation an error is at in a note (mlir-opt's default; not Martlet's)"
    ) { $0.printsOperationsOnErrors = $1 },
    .flag("mlir-disable-diagnostic-notes", help: "do not print notes") {
      $0.diagnostics.showsNotes = !$1
    },
    .flag(
      "parsing-diagnostics",
      help: "print what does not parse on standard output, and exit with status 0"
    ) { $0.parsingDiagnosticsOnly = $1 },
  ]

  static let defaultMarker = "// -----"

  private static func isBytecode(_ format: String, _ option: String) throws(UsageError) -> Bool {
    switch format {
    case "mlir": return false
    case "bytecode": return true
    default: throw UsageError("option '\(option)' takes mlir or bytecode, not '\(format)'")
    }
  }

  private static func passList(_ text: String, _ option: String) throws(UsageError) -> [String] {
    let names = text.split(separator: ",").map(String.init)
    for name in names where Registration.passes[name] == nil {
      let hint = Registration.passes.suggestion(for: name).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("option '\(option)': there is no pass '\(name)'\(hint)")
    }
    return names
  }
}
