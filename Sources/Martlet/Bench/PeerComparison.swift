import Glibc
import MartletSupport

/// Measures the same work in Martlet and its peers, in turns.
///
/// Phases of `martlet opt` and `mlir-opt` are what `--mlir-timing` reports, each in a process of its own that does
/// the work once, as users' processes do: the best way to the same conditions on both sides. The clock both read
/// is replaced by that of processor time (Benchmarks/peers/cpuclock.c), so that other processes of the machine
/// count for nothing. Verifying is the difference between parsing with and without it. Whole processes are run
/// without any of that. xDSL's phases are timed by Benchmarks/peers/xdsl_phases.py inside one process each.
final class PeerComparison {
  struct Input: Sendable {
    let title: String
    let path: String
    /// Whether xDSL takes a reasonable time for it.
    var hasPasses = true
  }

  struct Table: Sendable {
    let input: Input
    let bytes: Int
    let tools: [(title: String, figures: PeerFigures)]
  }

  private let run: BenchRun
  private let root: String
  private let rounds: Int
  let peers: [Peer]
  let missing: [String]
  /// The library that turns the clocks; nil where it cannot be built.
  private let clock: String?

  var measuresProcessorTime: Bool { clock != nil }

  init(_ run: BenchRun, root: String, isQuick: Bool) throws {
    self.run = run
    self.root = root
    rounds = isQuick ? 1 : 7
    let folder = run.inputs.folder
    try makeFolders(folder)
    (peers, missing) = Peer.find(root: root, scratch: folder)
    clock = PeerComparison.buildClock(root, folder)
  }

  private static func buildClock(_ root: String, _ folder: String) -> String? {
    let library = "\(folder)/cpuclock.so"
    let source = "\(root)/Benchmarks/peers/cpuclock.c"
    for compiler in ["cc", "gcc", "clang", "clang-22"] {
      guard let path = ChildProcess.path(of: compiler) else { continue }
      let words = [path, "-O2", "-shared", "-fPIC", "-o", library, source]
      if ChildProcess.output(words, in: folder) != nil {
        // The dynamic linker takes a path with a slash as it is.
        return realpath(library)
      }
    }
    return nil
  }

  private static func realpath(_ path: String) -> String? {
    guard let resolved = Glibc.realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: Inputs

  /// The inputs of the table, small ones for `--quick`.
  static func inputs(_ files: BenchInputs, isQuick: Bool) throws -> [Input] {
    let scale = isQuick ? 100 : 1
    let side = isQuick ? 32 : 1024
    var inputs = [
      Input(title: "empty module", path: try files.file(.chain, 0)),
      Input(title: "chain", path: try files.file(.chain, 100_000 / scale)),
      Input(title: "nested scf", path: try files.file(.nested, 28_000 / scale)),
      Input(
        title: "unregistered", path: try files.file(.unregistered, 86_415 / scale), hasPasses: false
      ),
      Input(title: "dense list", path: try files.file(.denseList, side), hasPasses: false),
      Input(title: "dense hex", path: try files.file(.denseHex, side), hasPasses: false),
    ]
    // Made by Benchmarks/c_input.sh, where Debian's clang is.
    for (title, name) in [
      ("C file, llvm dialect", "c-llvm"), ("C file, unregistered", "c-unregistered"),
    ] {
      let path = "\(files.folder)/\(name).mlir"
      if !isQuick, access(path, R_OK) == 0 {
        inputs.append(Input(title: title, path: path, hasPasses: false))
      }
    }
    return inputs
  }

  // MARK: Measuring

  /// - Parameter report: takes what a peer could not do; Martlet has to do it.
  func measure(_ input: Input, _ report: (String) -> Void) throws -> Table {
    var tools: [(title: String, program: [String])] = [("martlet", [run.program, "opt"])]
    for peer in peers {
      if case .mlirOpt(let path) = peer.kind { tools.append((peer.title, [path])) }
    }
    var samples = tools.map { _ in OptSamples() }
    var failed: Set<Int> = []
    for round in 0...rounds {
      for (i, tool) in tools.enumerated() where !failed.contains(i) {
        let sample: OptSamples
        do {
          sample = try self.sample(tool.program, input)
        } catch let failure as BenchFailure where i > 0 {
          failed.insert(i)
          report(failure.message)
          continue
        }
        // The first round only warms up.
        if round > 0 || rounds == 1 { samples[i].add(sample) }
      }
    }
    var figures = zip(tools, samples).map { (title: $0.title, figures: $1.figures) }
    for peer in peers {
      guard case .xdsl(let python) = peer.kind else { continue }
      do {
        figures.append((peer.title, try xdsl(python, input)))
      } catch let failure as BenchFailure {
        report(failure.message)
        figures.append((peer.title, PeerFigures()))
      }
    }
    let bytes = try SourceFile.open(input.path).bytes.count
    return Table(input: input, bytes: bytes, tools: figures)
  }

  /// All that is measured of an opt, by what it is.
  private struct OptSamples {
    var parse: [Double] = []
    var parseAndVerify: [Double] = []
    var canonicalize: [Double] = []
    var cse: [Double] = []
    var print: [Double] = []
    var whole: [Cost] = []

    mutating func add(_ other: OptSamples) {
      parse += other.parse
      parseAndVerify += other.parseAndVerify
      canonicalize += other.canonicalize
      cse += other.cse
      print += other.print
      whole += other.whole
    }

    var figures: PeerFigures {
      var figures = PeerFigures()
      func median(_ values: [Double]) -> Double? { values.isEmpty ? nil : Summary(values).median }
      figures.phases[.parse] = median(parse)
      if let both = median(parseAndVerify), let parse = median(parse) {
        figures.phases[.verify] = max(0, both - parse)
      }
      figures.phases[.canonicalize] = median(canonicalize)
      figures.phases[.cse] = median(cse)
      figures.phases[.print] = median(print)
      figures.phases[.processCPU] = median(whole.map(\.cpu))
      figures.phases[.processWall] = median(whole.map(\.wall))
      figures.phases[.peak] = median(whole.compactMap(\.peak))
      return figures
    }
  }

  /// One round of an opt.
  private func sample(_ program: [String], _ input: Input) throws -> OptSamples {
    var samples = OptSamples()
    let common =
      program + [input.path, "--allow-unregistered-dialect", "--mlir-disable-threading"]
      + ["-o", "/dev/null"]
    samples.whole.append(try run.run(command(common)))
    let plain = try phases(common)
    samples.parseAndVerify.append(plain["Parser"] ?? 0)
    samples.print.append(plain["Output"] ?? 0)
    let unverified = ["--mlir-very-unsafe-disable-verifier-on-parsing", "--verify-each=0"]
    samples.parse.append(try phases(common + unverified)["Parser"] ?? 0)
    if input.hasPasses {
      for (flag, name) in [("--canonicalize", "Canonicalizer"), ("--cse", "CSE")] {
        let time = try phases(common + [flag, "--verify-each=0"])[name] ?? 0
        if name == "CSE" { samples.cse.append(time) } else { samples.canonicalize.append(time) }
      }
    }
    return samples
  }

  private func command(_ words: [String]) -> ChildCommand {
    ChildCommand(words: words, messages: "\(run.inputs.folder)/messages")
  }

  /// What `--mlir-timing` says of each phase, nanoseconds.
  private func phases(_ words: [String]) throws -> [String: Double] {
    var command = command(words + ["--mlir-timing", "--mlir-timing-display=list"])
    if let clock { command.environment["LD_PRELOAD"] = clock }
    _ = try run.run(command)
    let text = try fileText(command.messages)
    return PeerComparison.phases(text)
  }

  /// Reads lines like `   0.0123 ( 12.3%)  Parser`.
  static func phases(_ report: String) -> [String: Double] {
    var found: [String: Double] = [:]
    for line in report.split(separator: "\n") {
      guard let close = line.utf8Range(of: "%)"), let open = line.firstIndex(of: "(") else {
        continue
      }
      let number = line[..<open].filter { $0 != " " }
      let name = line[close.upperBound...].drop { $0 == " " }
      if let seconds = Double(number) { found[String(name), default: 0] += seconds * 1e9 }
    }
    return found
  }

  private func xdsl(_ python: String, _ input: Input) throws -> PeerFigures {
    let folder = run.inputs.folder
    let passes = input.hasPasses ? ["canonicalize,cse"] : []
    var command = ChildCommand(
      words: [python, "\(root)/Benchmarks/peers/xdsl_phases.py", input.path] + passes,
      output: "\(folder)/xdsl-phases", messages: "\(folder)/messages")
    _ = try run.run(command)
    let text = try fileText(command.output)
    var figures = PeerFigures()
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, let phase = PeerFigures.Phase(rawValue: String(words[0])),
        let seconds = Double(words[1])
      {
        figures.phases[phase] = seconds * 1e9
      }
    }
    let main = "from xdsl.xdsl_opt_main import xDSLOptMain; xDSLOptMain().run()"
    command.words = [
      python, "-c", main, input.path, "--allow-unregistered-dialect", "-o", "/dev/null",
    ]
    command.output = "/dev/null"
    let whole = try run.run(command)
    figures.phases[.processCPU] = whole.cpu
    figures.phases[.processWall] = whole.wall
    figures.phases[.peak] = whole.peak
    return figures
  }

  // MARK: Reporting

  static func text(_ table: Table) -> String {
    let size = BenchReport.bytes(Double(table.bytes))
    var text = "\n\(table.input.title) (\(table.input.path), \(size))\n"
    text += BenchReport.pad("", 16)
    for (i, tool) in table.tools.enumerated() {
      text += BenchReport.right(tool.title, i == 0 ? 12 : columnWidth(tool.title))
    }
    text += "\n"
    for phase in PeerFigures.Phase.allCases {
      guard let own = table.tools[0].figures.phases[phase] else { continue }
      let show = phase == .peak ? BenchReport.bytes : BenchReport.time
      text += "  " + BenchReport.pad(phase.rawValue, 14) + BenchReport.right(show(own), 12)
      for tool in table.tools.dropFirst() {
        let width = columnWidth(tool.title)
        guard let other = tool.figures.phases[phase] else {
          text += BenchReport.right("-", width)
          continue
        }
        let ratio = own > 0 ? BenchReport.digits(other / own) + "x" : "-"
        text += BenchReport.right(show(other) + BenchReport.right(ratio, 9), width)
      }
      text += "\n"
    }
    return text
  }

  private static func columnWidth(_ title: String) -> Int { max(22, title.count + 3) }

  static func json(_ table: Table) -> JSONValue {
    .object([
      ("input", .string(table.input.title)), ("bytes", .integer(table.bytes)),
      (
        "tools",
        .array(
          table.tools.map { tool in
            .object([
              ("tool", .string(tool.title)),
              (
                "phases",
                .object(
                  PeerFigures.Phase.allCases.compactMap { phase in
                    tool.figures.phases[phase].map { (phase.rawValue, .number($0)) }
                  })
              ),
            ])
          })
      ),
    ])
  }
}
