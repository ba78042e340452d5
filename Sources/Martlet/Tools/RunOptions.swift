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
  var showsHelp = false

  static let help = """
    usage: martlet run [options] MODEL

    Compiles MODEL (.onnx, or .mlir text at any level) for the shapes of its inputs and runs it.

      --input NAME=FILE     an input: .npy, or .mtx for a sparse matrix; NAME is the model's name of it
                            (for MLIR %NAME) or its position, counted from 0
      --output NAME=FILE    write an output as .npy
      --entry NAME          the function to run (default: main, or the only public one)
      --emit=STAGE          print a level instead of running: onnx, linalg, bufferized, loops,
                            llvm-dialect, llvm, asm, plan
      --interpret           run in the reference interpreter
      --no-cache            neither read nor write compiled code on disk
      --repeat=N            time N runs after the first (default: up to 10)
      --labels FILE.npy     print the share of rows of the first output that are largest at the label
      --speech              print where speech is, from a detector's probabilities (first output)
      --top=N               print the N largest values of the first output
      --names FILE          names for --top, one a line
      --quiet               no report on standard error
      --help

    """

  init(_ arguments: [String]) throws(UsageError) {
    var arguments = arguments[...]
    while let argument = arguments.popFirst() {
      guard argument.utf8.first == UInt8(ascii: "-"), argument != "-" else {
        if let model { throw UsageError("more than one model: '\(model)' and '\(argument)'") }
        model = argument
        continue
      }
      var name = argument
      var attached: String?
      if let equal = argument.firstIndex(of: "=") {
        name = String(argument[..<equal])
        attached = String(argument[argument.index(after: equal)...])
      }
      let takeValue = { () throws(UsageError) -> String in
        if let attached { return attached }
        guard let next = arguments.popFirst() else {
          throw UsageError("option '\(name)' needs a value")
        }
        return next
      }
      try set(name, argument, takeValue)
    }
    if model == nil, !showsHelp { throw UsageError("no model given") }
    if names != nil, top == nil { throw UsageError("--names goes with --top") }
  }

  private mutating func set(
    _ name: String, _ argument: String, _ takeValue: () throws(UsageError) -> String
  ) throws(UsageError) {
    switch name {
    case "--help", "-h": showsHelp = true
    case "--input", "-i": inputs.append(try binding(try takeValue(), "--input"))
    case "--output", "-o": outputs.append(try binding(try takeValue(), "--output"))
    case "--entry": compile.entry = try takeValue()
    case "--emit":
      let text = try takeValue()
      guard let known = CompileStage(rawValue: text) else {
        let all = CompileStage.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("--emit takes one of \(all); not '\(text)'")
      }
      stage = known
    case "--interpret": interprets = true
    case "--quiet", "-q": isQuiet = true
    case "--no-cache": compile.cacheDirectory = nil
    case "--labels": labels = try takeValue()
    case "--speech": showsSpeech = true
    case "--top": top = try number(try takeValue(), "--top")
    case "--names": names = try takeValue()
    case "--repeat": repetitions = try number(try takeValue(), "--repeat")
    default: throw UsageError("unknown option '\(argument)'")
    }
  }

  private func number(_ text: String, _ option: String) throws(UsageError) -> Int {
    guard let value = Int(text), value >= 0, value <= 1_000_000 else {
      throw UsageError("\(option) takes a number, not '\(text)'")
    }
    return value
  }

  private func binding(_ text: String, _ option: String) throws(UsageError) -> (String, String) {
    guard let equal = text.firstIndex(of: "="), equal != text.startIndex else {
      throw UsageError("\(option) takes NAME=FILE, not '\(text)'")
    }
    let file = String(text[text.index(after: equal)...])
    if file.isEmpty { throw UsageError("\(option) takes NAME=FILE, not '\(text)'") }
    return (String(text[..<equal]), file)
  }
}
