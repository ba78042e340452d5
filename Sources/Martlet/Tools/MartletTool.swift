import MartletSupport

/// The `martlet` program: its commands.
public enum MartletTool {
  public struct Command: Sendable {
    public let name: String
    public let summary: String
    public let run: @Sendable ([String], ToolStreams) -> ToolStatus
  }

  public static let commands = [
    Command(
      name: "opt", summary: "read, verify, rewrite and print MLIR text", run: OptTool.run),
    Command(name: "run", summary: "compile a model or module and run it", run: RunTool.run),
    Command(
      name: "profile", summary: "tell where the time of another command goes",
      run: ProfileTool.run),
    Command(
      name: "reduce", summary: "shrink a module that shows a fault", run: ReduceTool.run),
    Command(
      name: "view", summary: "a page that shows what the compiler did", run: ViewTool.run),
    Command(
      name: "doc", summary: "pages about dialects, operations and passes", run: DocTool.run),
    Command(name: "bench", summary: "measure Martlet, and compare commits", run: BenchTool.run),
  ]

  static var usage: String {
    var text = "usage: martlet COMMAND [options]\n\ncommands:\n"
    for command in commands {
      text += "  \(command.name)" + String(repeating: " ", count: 9 - command.name.utf8.count)
      text += command.summary + "\n"
    }
    return text + "\n'martlet COMMAND --help' tells a command's options.\n"
  }

  /// Runs the command that the first of `arguments` names with the others.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    guard let name = arguments.first else {
      streams.report(usage)
      return .usage
    }
    if let command = commands.first(where: { $0.name == name }) {
      return command.run(Array(arguments.dropFirst()), streams)
    }
    switch name {
    case "--help", "-h", "help":
      streams.write(usage)
      return .success
    case "--version", "-v":
      streams.write("martlet \(martletVersion)\n")
      return .success
    default:
      let hint =
        nearestWord(to: name, among: commands.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
      streams.report("martlet: unknown command '\(name)'\(hint)\n\(usage)")
      return .usage
    }
  }
}
