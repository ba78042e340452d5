import MartletSupport

/// What the command line of `martlet run` asks for.
struct RunOptions {
  var model: String?
  /// Name or position, and file, in the order given.
  var inputs: [(name: String, file: String)] = []
  var outputs: [(name: String, file: String)] = []
  var compile = CompileOptions()
  var stage: CompileStage?
  var interprets = false
  var isQuiet = false
  var labels: String?
  var showsSpeech = false
  var top: Int?
  var names: String?
  /// Runs timed after the first; nil for as many as fit a fifth of a second, ten at most.
  var repetitions: Int?
  var remarks = RemarkOptions()
  var showsHelp = false

  static let table = CommandOptions<RunOptions>([
    (
      "",
      [
        .value("i", "input", as: "NAME=FILE", help: RunOptions.inputHelp) {
          (options, text) throws(UsageError) in
          options.inputs.append(try binding(text, "--input"))
        },
        .value("o", "output", as: "NAME=FILE", help: "write an output as .npy") {
          (options, text) throws(UsageError) in
          options.outputs.append(try binding(text, "--output"))
        },
        .value(
          "entry", as: "NAME", help: "the function to run (default: main, or the only public one)"
        ) {
          $0.compile.entry = $1
        },
        .choice("emit", of: CompileStage.self, help: "print a level instead of running") {
          $0.stage = $1
        },
        .flag("interpret", help: "run in the reference interpreter") { $0.interprets = $1 },
        .flag("no-cache", help: "neither read nor write compiled code on disk") {
          if $1 { $0.compile.cacheDirectory = nil }
        },
        .number("repeat", help: "time N runs after the first (default: up to 10)") {
          $0.repetitions = min($1, 1_000_000)
        },
        .value("labels", as: "FILE.npy", help: RunOptions.labelsHelp) { $0.labels = $1 },
        .flag(
          "speech", help: "print where speech is, from a detector's probabilities (first output)"
        ) {
          $0.showsSpeech = $1
        },
        .number("top", help: "print the N largest values of the first output") {
          $0.top = min($1, 1_000_000)
        },
        .value("names", as: "FILE", help: "names for --top, one a line") { $0.names = $1 },
        .optionalValue("remarks", as: "REGEX", help: RemarkOptions.printHelp) {
          (options, text) throws(UsageError) in try options.remarks.print(text)
        },
        .value("remarks-output", as: "FILE", help: RemarkOptions.outputHelp) {
          $0.remarks.output = $1
        },
        .flag("q", "quiet", help: "no report on standard error") { $0.isQuiet = $1 },
        .flag("h", "help", help: "print this and exit") { $0.showsHelp = $1 },
      ]
    )
  ])

  private static let inputHelp =
    "an input: .npy, or .mtx for a sparse matrix; NAME is the model's name of it (for MLIR %NAME) or its "
    + "position, counted from 0"
  private static let labelsHelp =
    "print the share of rows of the first output that are largest at the label"

  static var help: String {
    """
    usage: martlet run [options] MODEL

    Compiles MODEL (.onnx, or .mlir text at any level) for the shapes of its inputs and runs it.

    """ + table.help
  }

  init(_ arguments: [String]) throws(UsageError) {
    try RunOptions.table.parse(arguments, into: &self) { (options, argument) throws(UsageError) in
      if let model = options.model {
        throw UsageError("more than one model: '\(model)' and '\(argument)'")
      }
      options.model = argument
    }
    if model == nil, !showsHelp { throw UsageError("no model given") }
    if names != nil, top == nil { throw UsageError("--names goes with --top") }
  }

  static func binding(_ text: String, _ option: String) throws(UsageError) -> (
    String, String
  ) {
    guard let equal = text.firstIndex(of: "="), equal != text.startIndex else {
      throw UsageError("\(option) takes NAME=FILE, not '\(text)'")
    }
    let file = String(text[text.index(after: equal)...])
    if file.isEmpty { throw UsageError("\(option) takes NAME=FILE, not '\(text)'") }
    return (String(text[..<equal]), file)
  }
}
