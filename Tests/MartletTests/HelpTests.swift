import Foundation
import Testing

@testable import Martlet

/// Help and what commands accept are the same.
@Suite struct HelpTests {
  /// The options a help text shows: all spellings of each, and whether a value belongs to it.
  private func shown(_ help: String) -> [(names: [String], form: String)] {
    help.split(separator: "\n").filter { $0.hasPrefix("  -") }.map { line in
      let written =
        line.dropFirst(2).firstRange(of: "  ")
        .map { line.dropFirst(2)[..<$0.lowerBound] } ?? line.dropFirst(2)
      var names: [String] = []
      var form = ""
      for part in written.split(separator: ",") where part.trimmingPrefix(" ").hasPrefix("-") {
        let word = part.trimmingPrefix(" ")
        let name = word.prefix { $0 != "=" && $0 != "[" && $0 != " " }
        names.append(String(name))
        form = String(word.dropFirst(name.count))
      }
      return (names, form)
    }
  }

  static let commands: [String] = MartletTool.commands.map(\.name)

  private func names(_ command: String) -> [[String]] {
    switch command {
    case "opt": OptOptions.table.all.map(\.names)
    case "run": RunOptions.table.all.map(\.names)
    case "doc": DocTool.table.all.map(\.names)
    case "profile": ProfileOptions.table.all.map(\.names)
    case "reduce": ReduceTool.table.all.map(\.names)
    case "bench": BenchTool.table.all.map(\.names)
    case "view": ViewOptions.table.all.map(\.names)
    default: []
    }
  }

  @Test(arguments: commands) func showsEveryOption(_ command: String) {
    let run = ToolRun.run(MartletTool.run, [command, "--help"])
    #expect(run.status == .success)
    #expect(run.out.hasPrefix("usage: martlet \(command) "))
    let accepted = names(command)
    #expect(!accepted.isEmpty)
    let dashed = accepted.map { $0.map { $0.utf8.count == 1 ? "-" + $0 : "--" + $0 } }
    #expect(shown(run.out).map(\.names) == dashed)
    for line in run.out.split(separator: "\n") {
      #expect(line.utf8.count <= 104, "too long for a terminal: \(line)")
    }
  }

  /// What help shows is taken: an option is never called unknown, and one that needs a value says so.
  @Test(arguments: commands) func takesWhatItShows(_ command: String) throws {
    let help = ToolRun.run(MartletTool.run, [command, "--help"]).out
    for (names, form) in shown(help) {
      for name in names {
        // An option that needs a value would take `--help` for it.
        if !form.isEmpty, !form.hasPrefix("[") {
          let alone = ToolRun.run(MartletTool.run, [command, name])
          #expect(alone.status == .usage)
          #expect(alone.messages.contains("needs a value"), "\(name): \(alone.messages)")
        } else {
          let run = ToolRun.run(MartletTool.run, [command, name, "--help"])
          #expect(!run.messages.contains("unknown option"), "\(name)")
        }
      }
    }
  }

  @Test func noOptionIsDeclaredTwice() {
    for command in HelpTests.commands {
      let all = names(command).flatMap { $0 }
      #expect(Set(all).count == all.count, "\(command)")
    }
    // Nor does one hide a pass.
    for pass in Registration.passes.passes {
      #expect(OptOptions.table.option(named: pass.argument) == nil, "\(pass.argument)")
    }
  }

  @Test func namesTheCommands() {
    let help = ToolRun.run(MartletTool.run, ["--help"]).out
    for command in HelpTests.commands { #expect(help.contains("\n  \(command) ")) }
    #expect(ToolRun.run(MartletTool.run, ["--version"]).out.hasPrefix("martlet "))
    #expect(ToolRun.run(MartletTool.run, []).status == .usage)
  }
}
