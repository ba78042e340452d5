import Glibc
import Martlet

let usage = """
  usage: martlet COMMAND [options]

  commands:
    opt      read, verify, rewrite and print MLIR text
    run      compile a model or module and run it

  'martlet COMMAND --help' tells a command's options.

  """

/// Runs the command the arguments name.
func dispatch(_ arguments: [String]) -> ToolStatus {
  let streams = ToolStreams.standard()
  guard let command = arguments.first else {
    streams.report(usage)
    return .usage
  }
  switch command {
  case "run": return RunTool.run(Array(arguments.dropFirst()), streams)
  case "opt": return OptTool.run(Array(arguments.dropFirst()), streams)
  case "--help", "-h", "help":
    streams.write(usage)
    return .success
  default:
    streams.report("martlet: unknown command '\(command)'\n\(usage)")
    return .usage
  }
}

exit(dispatch(Array(CommandLine.arguments.dropFirst())).rawValue)
