import Glibc
import MartletSupport

/// `martlet bench`: measures the compiler, keeps what it measured and compares commits.
public struct BenchTool {
  var isQuick = false
  var filter: RegularExpression?
  var lists = false
  var comparesPeers = false
  var program: String?
  var folder = "build/bench"
  var root = "."

  var printsJSON = false
  var records = false
  var history: String?
  var revision: String?
  var machine: String?

  var metric = Metric.cpu
  var alpha = Comparison.defaultAlpha
  var minimumEffect = Comparison.defaultMinimumEffect
  var showsAll = false
  var includesDirty = false
  var asvFolder: String?

  private var words: [String] = []
  private var showsHelp = false

  static let table = CommandOptions<BenchTool>([
    (
      "What is measured",
      [
        .flag("quick", help: "small inputs and few runs: only to see that all works") {
          $0.isQuick = $1
        },
        .value("filter", as: "REGEX", help: "only what has REGEX somewhere in its name") {
          (tool, text) throws(UsageError) in
          do throws(RegularExpression.Invalid) {
            tool.filter = try RegularExpression(text)
          } catch {
            throw UsageError("'\(text)' is no regular expression: \(error.reason)")
          }
        },
        .flag("list", help: "list what would be measured") { $0.lists = $1 },
        .flag(
          "peers",
          help:
            "measure the same work in mlir-opt and in xDSL (under each Python that has it), in turns"
        ) { $0.comparesPeers = $1 },
        .value(
          "program", as: "FILE",
          help:
            "measure processes of another martlet; units, which are part of this one, are left out"
        ) { $0.program = $1 },
        .value("folder", as: "DIR", help: "where files are made (default build/bench)") {
          $0.folder = $1
        },
        .value("root", as: "DIR", help: "the checkout, whose examples are run (default .)") {
          $0.root = $1
        },
      ]
    ),
    (
      "What becomes of it",
      [
        .flag("json", help: "print JSON, all samples included, in place of a table") {
          $0.printsJSON = $1
        },
        .flag("record", help: "add the results to the history, as of the commit checked out") {
          $0.records = $1
        },
        .value("db", as: "FILE", help: "the history (default DIR/history.sqlite)") {
          $0.history = $1
        },
        .value("commit", as: "REVISION", help: "record as of this commit") { $0.revision = $1 },
        .value("machine", as: "NAME", help: "what this machine is called (default its host name)") {
          $0.machine = $1
        },
      ]
    ),
    (
      "Of compare",
      [
        .choice("metric", of: Metric.self, help: "what is compared (default cpu)") {
          $0.metric = $1
        },
        .value(
          "alpha", as: "P",
          help: "how probable chance may be at most for a change to count (default 0.01)"
        ) { (tool, text) throws(UsageError) in tool.alpha = try part(text, "alpha") },
        .value(
          "min-effect", as: "PERCENT", help: "by how much medians have to differ (default 5)"
        ) { (tool, text) throws(UsageError) in
          let number = text.utf8.last == UInt8(ascii: "%") ? String(text.dropLast()) : text
          tool.minimumEffect = try part(number, "min-effect", upTo: 1000) / 100
        },
        .flag("all", help: "show what did not change too") { $0.showsAll = $1 },
        .flag("dirty", help: "take results of changed working trees too") { $0.includesDirty = $1 },
      ]
    ),
    (
      "Of export",
      [
        .value("asv", as: "DIR", help: "write asv.conf.json and asv's results to DIR") {
          $0.asvFolder = $1
        }
      ]
    ),
    ("", [.flag("h", "help", help: "print this and exit") { $0.showsHelp = $1 }]),
  ])

  private static func part(_ text: String, _ name: String, upTo limit: Double = 1)
    throws(UsageError) -> Double
  {
    guard let value = Double(text), value >= 0, value <= limit else {
      throw UsageError("option '--\(name)' takes a number from 0 to \(Int(limit)), not '\(text)'")
    }
    return value
  }

  static var help: String {
    """
    usage: martlet bench [options]
           martlet bench compare [options] BASE..HEAD
           martlet bench export --asv=DIR [options]
           martlet bench inputs [options] KIND/SIZE...

    Measures this program, unit by unit and as whole processes. compare tells what changed from one
    commit to another beyond the noise, by the results recorded; its exit status is 1 where something
    became slower, 2 where there is nothing to compare. export writes the history for airspeed
    velocity. inputs writes the generated inputs and prints where they are.

    """ + table.help
  }

  var historyPath: String { history ?? "\(folder)/history.sqlite" }

  /// Runs the tool as the command line `arguments` (without the program's and the tool's name) says.
  public static func run(_ arguments: [String], _ streams: ToolStreams) -> ToolStatus {
    if arguments == [ChildLauncher.argument] {
      ChildLauncher.serve()
      return .success
    }
    var tool = BenchTool()
    do {
      try table.parse(arguments, into: &tool) { (tool, word) throws(UsageError) in
        tool.words.append(word)
      }
      return try tool.run(streams)
    } catch let error as UsageError {
      streams.report("martlet bench: \(error.message)\nTry 'martlet bench --help'.\n")
      return .usage
    } catch {
      streams.report("martlet bench: \(describe(error))\n")
      return .failure
    }
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case let failure as BenchFailure: failure.message
    case let diagnostic as Diagnostic:
      (diagnostic.subject.map { $0 + ": " } ?? "") + diagnostic.message
    default: "\(error)"
    }
  }

  private func run(_ streams: ToolStreams) throws -> ToolStatus {
    if showsHelp {
      streams.write(BenchTool.help)
      return .success
    }
    switch words.first {
    case nil: return comparesPeers ? try measurePeers(streams) : try measure(streams)
    case "compare":
      guard words.count == 2 else { throw UsageError("compare takes one range, BASE..HEAD") }
      return try compare(words[1], streams)
    case "export":
      guard words.count == 1, let asvFolder else { throw UsageError("export takes --asv=DIR") }
      guard access(historyPath, R_OK) == 0 else {
        throw UsageError("there is no history at \(historyPath); --record makes one")
      }
      let export = ASVExport(
        history: try History(path: historyPath), git: Git(root: root, scratch: folder))
      let count = try export.write(to: asvFolder)
      streams.report("results of \(count) commit\(count == 1 ? "" : "s") written to \(asvFolder)\n")
      return .success
    case "inputs":
      for word in words.dropFirst() {
        let parts = word.split(separator: "/")
        guard parts.count == 2, let kind = BenchInputs.Kind(rawValue: String(parts[0])),
          let size = Int(parts[1]), size >= 0, size <= 100_000_000
        else {
          let kinds = BenchInputs.Kind.allCases.map(\.rawValue).joined(separator: ", ")
          throw UsageError("inputs takes KIND/SIZE with a kind of \(kinds); not '\(word)'")
        }
        let inputs = BenchInputs(folder: folder, root: root)
        streams.write(try inputs.file(kind, size) + "\n")
      }
      return .success
    case let word?:
      let hint =
        nearestWord(to: word, among: ["compare", "export", "inputs"])
        .map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("unknown word '\(word)'\(hint)")
    }
  }

  // MARK: Measuring

  /// What the options choose.
  var chosen: [Benchmark] {
    BenchSuite.all.filter { benchmark in
      (!isQuick || benchmark.isQuick) && filter?.matches(benchmark.id) ?? true
        && (program == nil || benchmark.isProgram)
    }
  }

  private func makeRun() -> BenchRun {
    BenchRun(
      inputs: BenchInputs(folder: folder, root: root), limits: isQuick ? .quick : .thorough,
      program: program)
  }

  private func measure(_ streams: ToolStreams) throws -> ToolStatus {
    let chosen = chosen
    if lists {
      for benchmark in chosen {
        streams.write(BenchReport.pad(benchmark.id, 36) + benchmark.summary + "\n")
      }
      return .success
    }
    if chosen.isEmpty { throw UsageError("nothing to measure has such a name; --list shows all") }
    var info = RunInfo(machine: machine)
    info.isQuick = isQuick
    if records { try info.identify(revision: revision, in: root, scratch: folder) }
    let run = makeRun()
    #if DEBUG
      streams.report("martlet bench: this is not a release build: times mean little\n")
    #endif
    var results: [BenchResult] = []
    var failures: [String] = []
    if !printsJSON { streams.write(BenchReport.header) }
    for benchmark in chosen {
      do {
        let result = try run.measure(benchmark)
        results.append(result)
        if !printsJSON { streams.write(BenchReport.line(result)) }
      } catch {
        failures.append("\(benchmark.id): \(BenchTool.describe(error))")
        streams.report(failures[failures.count - 1] + "\n")
      }
    }
    if printsJSON {
      streams.write(BenchReport.json(results, info, failures: failures).text() + "\n")
    } else {
      streams.write(BenchReport.footer(results, isolatesMemory: run.isolatesMemory))
    }
    if records, !results.isEmpty { try History(path: historyPath).record(info, results) }
    return failures.contains { !$0.contains(": left out: ") } ? .failure : .success
  }

  private func measurePeers(_ streams: ToolStreams) throws -> ToolStatus {
    let run = makeRun()
    let comparison = try PeerComparison(run, root: root, isQuick: isQuick)
    var tables: [JSONValue] = []
    if !comparison.missing.isEmpty {
      streams.report("not here: \(comparison.missing.joined(separator: ", "))\n")
    }
    if !comparison.measuresProcessorTime {
      streams.report("no C compiler here: phases are in elapsed time\n")
    }
    for input in try PeerComparison.inputs(run.inputs, isQuick: isQuick)
    where filter?.matches(input.title) ?? true {
      let table = try comparison.measure(input) { streams.report("\(input.title): \($0)\n") }
      if printsJSON {
        tables.append(PeerComparison.json(table))
      } else {
        streams.write(PeerComparison.text(table))
      }
    }
    // What MLIR's authors published of its units, for want of a way to run them without a build of MLIR.
    let published = BenchSuite.all.filter {
      $0.published != nil && (!isQuick || $0.isQuick) && filter?.matches($0.id) ?? true
    }
    if !printsJSON, !published.isEmpty {
      streams.write("\nunits, per item, beside what was published of MLIR (another machine)\n")
    }
    var units: [JSONValue] = []
    for benchmark in published {
      let result = try run.measure(benchmark)
      let own = result.samples.cpu.median / Double(result.count ?? 1)
      let theirs = benchmark.published ?? 0
      if printsJSON {
        units.append(
          .object([
            ("id", .string(benchmark.id)), ("martlet", .number(own)),
            ("published", .number(theirs)),
          ]))
      } else {
        var line = "  " + BenchReport.pad(benchmark.id, 26)
        line += BenchReport.right(BenchReport.time(own), 10)
        line += BenchReport.right(BenchReport.time(theirs), 12)
        line += BenchReport.right(BenchReport.digits(theirs / own) + "x", 10)
        streams.write(line + "\n")
      }
    }
    if printsJSON {
      streams.write(
        JSONValue.object([("tables", .array(tables)), ("published", .array(units))]).text() + "\n")
    }
    return .success
  }
}
