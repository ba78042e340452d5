import Foundation
import Testing

@testable import Martlet

/// The history of `martlet bench`, with histories made up.
@Suite struct BenchHistoryTests {
  private let folder: ScratchFolder
  private var path: String { folder.path + "/history.sqlite" }

  private static let base = String(repeating: "a", count: 40)
  private static let head = String(repeating: "b", count: 40)

  init() throws { folder = try ScratchFolder() }

  /// Samples around `center`, all different.
  private func result(
    _ name: String, _ center: Double, size: Int? = nil, count: Int = 12, peak: Double? = nil,
    seed: UInt64 = 1
  ) -> BenchResult {
    var generator = SplitMix64(seed: seed)
    var samples = Samples(runsPerSample: 4)
    for _ in 0..<count {
      let noise = 1 + (Double(generator.next(in: 0...2000)) - 1000) / 100_000
      samples.costs.append(Cost(wall: center * noise * 2, cpu: center * noise, peak: peak))
    }
    return BenchResult(
      name: name, size: size, item: "op", count: size, isProgram: peak != nil, samples: samples)
  }

  private func record(
    _ commit: String, _ results: [BenchResult], machine: String = "m", dirty: Bool = false,
    date: Int = 1_700_000_000
  ) throws {
    var info = RunInfo(machine: machine)
    info.commit = commit
    info.commitDate = date
    info.isDirty = dirty
    info.toolchain = "Swift 6.3.1"
    info.llvm = "22.1.8"
    try History(path: path).record(info, results)
  }

  private func compare(_ more: String...) -> ToolRun {
    let range = "\(BenchHistoryTests.base)..\(BenchHistoryTests.head)"
    return ToolRun.run(
      BenchTool.run,
      ["compare", range, "--db=\(path)", "--machine=m", "--folder=\(folder.path)"] + more)
  }

  @Test func keepsEverySample() throws {
    let written = [
      result("parse.chain", 1e6, size: 1000), result("start.opt", 3e6, peak: 12_000_000),
    ]
    try record(BenchHistoryTests.base, written)
    let history = try History(path: path)
    #expect(try history.commits() == [BenchHistoryTests.base])
    let runs = try history.runs()
    #expect(runs.count == 1)
    #expect(runs[0].info.toolchain == "Swift 6.3.1" && runs[0].info.llvm == "22.1.8")
    #expect(runs[0].info.cores > 0 && runs[0].info.memory > 0)
    let read = try history.results(of: runs.map(\.id))
    #expect(read.map(\.id) == ["parse.chain/1000", "start.opt"])
    for (a, b) in zip(written, read) {
      #expect(a.samples.costs.map(\.cpu) == b.samples.costs.map(\.cpu))
      #expect(a.samples.costs.map(\.wall) == b.samples.costs.map(\.wall))
      #expect(a.samples.costs.map(\.peak) == b.samples.costs.map(\.peak))
      #expect(b.samples.runsPerSample == 4 && a.isProgram == b.isProgram)
    }
  }

  @Test func severalRunsCountTogether() throws {
    try record(BenchHistoryTests.base, [result("a.b", 1e6, seed: 1)])
    try record(BenchHistoryTests.base, [result("a.b", 1e6, seed: 2)])
    let history = try History(path: path)
    let results = try history.results(of: try history.runs().map(\.id))
    #expect(results.count == 1 && results[0].samples.costs.count == 24)
  }

  @Test func sameIsSuccess() throws {
    try record(BenchHistoryTests.base, [result("a.b", 1e6, seed: 1), result("a.c", 1e6, seed: 2)])
    try record(BenchHistoryTests.head, [result("a.b", 1e6, seed: 3), result("a.c", 1e6, seed: 4)])
    let run = compare()
    #expect(run.status == .success)
    #expect(run.out.contains("2 compared: 0 slower, 0 faster, 2 same"))
    #expect(!run.out.contains("a.b") && compare("--all").out.contains("a.b"))
  }

  @Test func regressionIsFailure() throws {
    try record(BenchHistoryTests.base, [result("a.b", 1e6, seed: 1), result("a.c", 2e6, seed: 2)])
    try record(
      BenchHistoryTests.head, [result("a.b", 1.2e6, seed: 3), result("a.c", 1e6, seed: 4)])
    let run = compare()
    #expect(run.status == .failure)
    #expect(run.out.contains("slower  a.b"))
    #expect(run.out.contains("faster  a.c"))
    // Neither the other benchmark alone nor a change that is allowed fails.
    #expect(compare("--filter=a[.]c").status == .success)
    #expect(compare("--min-effect=30").status == .success)
    #expect(compare("--alpha=0").status == .success)
    #expect(compare("--metric=wall").status == .failure)
  }

  @Test func improvementIsSuccess() throws {
    try record(BenchHistoryTests.base, [result("a.b", 1e6, seed: 1)])
    try record(BenchHistoryTests.head, [result("a.b", 0.8e6, seed: 2)])
    #expect(compare().status == .success)
  }

  @Test func peakMemoryIsCompared() throws {
    try record(BenchHistoryTests.base, (1...1).map { _ in result("a.b", 1e6, peak: 10e6) })
    try record(BenchHistoryTests.head, (1...1).map { _ in result("a.b", 1e6, peak: 12e6) })
    #expect(compare().status == .success)
    #expect(compare("--metric=peak").status == .failure)
  }

  @Test func smallEffectIsNone() throws {
    // Surely different, but by less than what counts.
    try record(BenchHistoryTests.base, [result("a.b", 1e6, count: 40, seed: 1)])
    try record(BenchHistoryTests.head, [result("a.b", 1.03e6, count: 40, seed: 2)])
    #expect(compare().status == .success)
    #expect(compare("--min-effect=1%").status == .failure)
  }

  @Test func nothingToCompareIsUsage() throws {
    try record(BenchHistoryTests.base, [result("a.b", 1e6)])
    #expect(compare().status == .usage)
    try record(BenchHistoryTests.head, [result("a.b", 1e6)], machine: "another")
    #expect(compare().messages.contains("no results of bbbbbbbbbbbb on the machine 'm'"))
    try record(BenchHistoryTests.head, [result("a.b", 1e6)], dirty: true)
    #expect(compare().status == .usage)
    #expect(compare("--dirty").status == .success)
    try record(BenchHistoryTests.head, [result("a.b", 1e6, count: 3), result("a.d", 1)])
    #expect(compare().status == .usage)
  }

  @Test func jsonOfComparison() throws {
    try record(
      BenchHistoryTests.base, [result("a.b", 1e6, seed: 1), result("a.c", 1e6, seed: 5)])
    try record(BenchHistoryTests.head, [result("a.b", 2e6, seed: 2), result("a.d", 1e6)])
    let run = compare("--json")
    #expect(run.status == .failure)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
    #expect(json["regression"] as? Bool == true)
    #expect(json["alpha"] as? Double == 0.01 && json["minimum_effect"] as? Double == 0.05)
    #expect(json["not_compared"] as? [String] == ["a.c", "a.d"])
    let rows = try #require(json["benchmarks"] as? [[String: Any]])
    #expect(rows.count == 1 && rows[0]["verdict"] as? String == "slower")
    #expect(abs((rows[0]["change"] as? Double ?? 0) - 1) < 0.05)
  }

  @Test func aNewerHistoryIsRefused() throws {
    try Database(path: path).execute("PRAGMA user_version = 7")
    #expect(throws: BenchFailure.self) { try History(path: path) }
    _ = try folder.write("text.sqlite", "this is not a database, but long enough to be read as one")
    #expect(throws: BenchFailure.self) { try History(path: folder.path + "/text.sqlite") }
  }

  @Test func failedRecordingLeavesNothing() throws {
    let history = try History(path: path)
    let database = try Database(path: path)
    try database.execute("DROP TABLE sample")
    #expect(throws: BenchFailure.self) {
      try history.record(RunInfo(machine: "m"), [result("a.b", 1)])
    }
    #expect(try database.run("SELECT count(*) FROM run") == [[.integer(0)]])
  }

  // MARK: asv

  /// A repository of two commits with results, its folder.
  private func exported() throws -> String {
    let repository = folder.path + "/repository"
    let script = """
      set -e; mkdir \(repository); cd \(repository); git init -q -b main
      git config user.email a@b.c; git config user.name n
      for n in 1 2; do echo $n > file; git add file; git commit -q -m $n; done
      """
    let made = try ChildProcess.run(ChildCommand(words: ["/bin/sh", "-c", script]))
    try #require(made.status == 0)
    let git = Git(root: repository, scratch: folder.path)
    for (revision, time) in [("HEAD~1", 1e6), ("HEAD", 2e6)] {
      let commit = try #require(git.commit(revision))
      try record(
        commit,
        [
          result("parse.chain", time, size: 1000), result("parse.chain", time * 9, size: 10_000),
          result("start.opt", time, peak: 12_000_000),
        ], date: try #require(git.date(commit)))
    }
    let run = ToolRun.run(
      BenchTool.run,
      ["export", "--asv=\(folder.path)/asv", "--db=\(path)", "--root=\(repository)"]
        + ["--folder=\(folder.path)"])
    #expect(run.status == .success, "\(run.messages)")
    #expect(run.messages == "results of 2 commits written to \(folder.path)/asv\n")
    return folder.path + "/asv"
  }

  @Test func exportsForASV() throws {
    let asv = try exported()
    func read(_ name: String) throws -> [String: Any] {
      let data = try Data(contentsOf: URL(filePath: "\(asv)/\(name)"))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let benchmarks = try read("results/benchmarks.json")
    #expect(
      Set(benchmarks.keys) == [
        "version", "cpu.parse.chain", "wall.parse.chain", "cpu.start.opt", "wall.start.opt",
        "peak.start.opt",
      ])
    let chain = try #require(benchmarks["cpu.parse.chain"] as? [String: Any])
    #expect(chain["params"] as? [[String]] == [["1000", "10000"]])
    #expect(chain["unit"] as? String == "seconds")
    let files = try FileManager.default.contentsOfDirectory(atPath: asv + "/results/m")
    #expect(files.count == 3 && files.contains("machine.json"))
    #expect(try read("asv.conf.json")["branches"] as? [String] == ["main"])
  }

  /// asv itself reads the export, publishes it and finds the regression.
  @Test(.enabled(if: BenchHistoryTests.asv != nil)) func asvReadsIt() throws {
    let asv = try #require(BenchHistoryTests.asv)
    let export = try exported()
    for words in [["publish"], ["compare", "HEAD~1", "HEAD", "--factor=1.1"]] {
      let command = ["cd \"$0\" && exec \"$@\"", export, asv] + words
      let out = folder.path + "/asv-out"
      let run = try ChildProcess.run(
        ChildCommand(
          words: ["/bin/sh", "-c"] + command, output: out, messages: folder.path + "/asv-messages"))
      let messages = try String(contentsOfFile: folder.path + "/asv-messages", encoding: .utf8)
      let text = try String(contentsOfFile: out, encoding: .utf8)
      #expect(run.status == 0, "\(text)\(messages)")
      #expect(!text.contains("Couldn't find"), "\(text)")
      if words[0] == "compare" {
        #expect(text.contains("cpu.parse.chain(1000)") && text.contains("2.0"), "\(text)")
      }
    }
    let index = try String(contentsOfFile: export + "/html/index.json", encoding: .utf8)
    #expect(index.contains("peak.start.opt"))
    // The graphs' files hold the medians: a point for each commit.
    var points: [[Any]] = []
    let graphs = FileManager.default.enumerator(atPath: export + "/html/graphs")
    while let file = graphs?.nextObject() as? String {
      if file.hasSuffix("cpu.start.opt.json"), !file.contains("summary") {
        let data = try Data(contentsOf: URL(filePath: "\(export)/html/graphs/\(file)"))
        points = try JSONSerialization.jsonObject(with: data) as? [[Any]] ?? []
      }
    }
    let medians = points.compactMap { $0.last as? Double }
    #expect(medians.count == 2)
    for (found, center) in zip(medians, [1e-3, 2e-3]) { #expect(abs(found / center - 1) < 0.02) }
  }

  /// asv of the environment that Benchmarks/make_venvs.sh makes, where it was made.
  static let asv: String? = {
    let build =
      ProcessInfo.processInfo.environment["MARTLET_TEST_BUILD"] ?? packageFolder + "/build"
    let path = build + "/bench-venv/bin/asv"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()
}
