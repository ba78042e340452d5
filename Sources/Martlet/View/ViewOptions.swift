import MartletSupport

/// What the command line of `martlet view` asks for.
struct ViewOptions {
  var program: String?
  var output = "report.html"
  /// Name or position, and file, in the order given.
  var inputs: [(name: String, file: String)] = []
  var pipeline: String?
  var entry: String?
  var allowsUnregistered = false
  var measures = true
  var lineLimit = 20_000
  var isQuiet = false
  var showsHelp = false

  static let table = CommandOptions<ViewOptions>([
    (
      "",
      [
        .value(
          "o", "output", as: "FILE.html", help: "where to write the page (default: report.html)"
        ) { $0.output = $1 },
        .value(
          "p", "pipeline", as: "PASSES",
          help: "show these passes, as 'martlet opt -p' takes them, instead of a compilation to "
            + "machine code"
        ) { $0.pipeline = $1 },
        .value(
          "i", "input", as: "NAME=FILE",
          help:
            "an input, as 'martlet run' takes it; those not given are made up: zeros, and 1 for "
            + "a size that is open"
        ) { (options, text) throws(UsageError) in
          options.inputs.append(try RunOptions.binding(text, "--input"))
        },
        .value(
          "entry", as: "NAME", help: "the function to show (default: main, or the only public one)"
        ) { $0.entry = $1 },
        .flag(
          "allow-unregistered-dialect",
          help: "accept operations, types and attributes of unknown dialects"
        ) { $0.allowsUnregistered = $1 },
        .flag("measure", help: "run the program to time its kernels (default: true)") {
          $0.measures = $1
        },
        .number(
          "max-lines", atLeast: 1,
          help: "lines of each listing the page holds at most (default: 20000)"
        ) { $0.lineLimit = $1 },
        .flag("q", "quiet", help: "no report on standard error") { $0.isQuiet = $1 },
        .flag("h", "help", help: "print this and exit") { $0.showsHelp = $1 },
      ]
    )
  ])

  static var help: String {
    """
    usage: martlet view [options] PROGRAM

    Compiles PROGRAM (.onnx, or MLIR text at any level) and writes one HTML page that shows what each
    pass made of it. The page needs no server and no network. Its plots need D3, which Scripts/setup.sh
    installs; MARTLET_D3 names the file where it lies elsewhere.

    """ + table.help
  }

  init(_ arguments: [String]) throws(UsageError) {
    try ViewOptions.table.parse(arguments, into: &self) { (options, argument) throws(UsageError) in
      if let program = options.program {
        throw UsageError("more than one program: '\(program)' and '\(argument)'")
      }
      options.program = argument
    }
    if program == nil, !showsHelp { throw UsageError("no program given") }
  }
}
