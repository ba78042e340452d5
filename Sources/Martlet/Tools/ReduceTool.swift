import Glibc
import MartletIR
import MartletSupport

/// `martlet reduce`: shrinks a module that shows a fault, as mlir-reduce does.
public struct ReduceTool {
  private var input: String?
  private var output = "-"
  private var command: String?
  private var interestingExit: Int32?
  private var timeout = 60
  private var maximumTests = 5000
  private var allowsUnregistered = false
  private var isQuiet = false
  private var showsHelp = false

  static let table = CommandOptions<ReduceTool>([
    (
      "",
      [
        .value(
          "test", as: "COMMAND",
          help: "what decides: run by the shell with the path of a module as its last argument"
        ) { $0.command = $1 },
        .number(
          "interesting-exit",
          help:
            "the module is interesting where the test exits with N (default: with any status but "
            + "0, or by a signal, as mlir-reduce takes it)"
        ) { $0.interestingExit = Int32(clamping: $1) },
        .value(
          "o", "output", as: "FILE", help: "write to FILE, as soon as there is a smaller module"
        ) { $0.output = $1 },
        .number(
          "timeout", as: "SECONDS", atLeast: 1,
          help: "end a run of the test after this, and find it dull (default 60)"
        ) { $0.timeout = $1 },
        .number("max-tests", atLeast: 1, help: "run the test N times at most (default 5000)") {
          $0.maximumTests = $1
        },
        .flag(
          "allow-unregistered-dialect",
          help: "accept operations, types and attributes of unknown dialects"
        ) { $0.allowsUnregistered = $1 },
        .flag("q", "quiet", help: "no report on standard error") { $0.isQuiet = $1 },
        .flag("h", "help", help: "print this and exit") { $0.showsHelp = $1 },
      ]
    )
  ])

  static var help: String {
    """
    usage: martlet reduce [options] --test=COMMAND FILE

    Removes and simplifies parts of the module in FILE for as long as the test finds it interesting, and
    prints what is left. Every module handed to the test verifies. Where 'martlet opt --some-pass' fails
    on FILE,

        martlet reduce FILE --test='martlet opt --some-pass'

    finds a small module it fails on.

    """ + table.help
  }

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    var tool = ReduceTool()
    do throws(UsageError) {
      try table.parse(arguments, into: &tool) { (tool, argument) throws(UsageError) in
        if let input = tool.input {
          throw UsageError("more than one input file: '\(input)' and '\(argument)'")
        }
        tool.input = argument
      }
      if tool.showsHelp {
        streams.write(help)
        return .success
      }
      guard let input = tool.input else { throw UsageError("no input file given") }
      guard let command = tool.command else { throw UsageError("no --test given") }
      do throws(Diagnostic) {
        try tool.reduce(input, command, streams)
        return .success
      } catch {
        streams.report(error)
        return .failure
      }
    } catch {
      streams.report("martlet reduce: \(error.message)\nTry 'martlet reduce --help'.\n")
      return .usage
    }
  }

  private func reduce(_ input: String, _ command: String, _ streams: ToolStreams)
    throws(Diagnostic)
  {
    let source = try SourceFile.open(input)
    let folder = try temporaryFolder()
    let file = folder + "/reduced.mlir"
    defer {
      unlink(file)
      rmdir(folder)
    }
    let test = InterestingnessTest(
      command: command, interestingExit: interestingExit, timeout: Double(timeout), file: file)
    var reducer = Reducer(allowsUnregistered: allowsUnregistered) {
      (text) throws(Diagnostic) in try test.isInteresting(text)
    }
    reducer.maximumTests = maximumTests
    let start = try reducer.start(source)
    reducer.progress = { [output, isQuiet] (text, operations, what) throws(Diagnostic) in
      if !isQuiet { streams.report("\(operations) operations left: \(what)\n") }
      if output != "-" { try writeFileAtomically(output, Array(text.utf8)) }
    }
    let end = try reducer.reduce(start)
    if !isQuiet {
      streams.report(
        "\(start.operations) operations reduced to \(end.operations) in \(reducer.tests) tests\n")
    }
    if output == "-" {
      streams.write(end.text)
    } else {
      try writeFileAtomically(output, Array(end.text.utf8))
    }
  }

  private func temporaryFolder() throws(Diagnostic) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/martlet-reduce-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Diagnostic(.error, "cannot make folder: \(systemMessage(errno))", subject: base)
    }
    return String(
      decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
