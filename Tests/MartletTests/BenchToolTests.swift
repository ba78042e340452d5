import Foundation
import Testing

@testable import Martlet

/// `martlet bench`: what it measures, keeps and compares. Nothing here asks how long something took.
@Suite struct BenchToolTests {
  private func bench(_ arguments: [String]) -> ToolRun { ToolRun.run(BenchTool.run, arguments) }

  // MARK: The suite

  @Test func namesAreUniqueAndFit() {
    let ids = BenchSuite.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    for benchmark in BenchSuite.all {
      // They are parts of paths on the site, and words of command lines.
      let parts = benchmark.name.split(separator: ".", omittingEmptySubsequences: false)
      #expect(parts.count == 2, "\(benchmark.name)")
      let fits = parts.allSatisfy { part in
        !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "_") }
      }
      #expect(fits, "\(benchmark.name)")
      #expect(!benchmark.summary.isEmpty)
    }
    // All of the work of the system is in it, small inputs of each with --quick.
    let quick = Set(BenchSuite.all.filter(\.isQuick).map(\.name))
    #expect(quick.union(["run_cold.speech", "run_warm.speech"]) == Set(BenchSuite.all.map(\.name)))
  }

  /// Each unit does its work: those that count what they did say so if it is not what it should be.
  @Test(arguments: BenchSuite.all.filter { $0.isQuick && !$0.isProgram }.map(\.id))
  func unitWorks(_ id: String) throws {
    let folder = try ScratchFolder()
    let benchmark = try #require(BenchSuite.all.first { $0.id == id })
    let limits = SampleLimits(batchSeconds: 0, warmUpSeconds: 0, samples: 2...2, seconds: 0)
    let run = BenchRun(
      inputs: BenchInputs(folder: folder.path, root: packageFolder), limits: limits, program: nil)
    let result = try run.measure(benchmark)
    #expect(result.samples.costs.count == 2)
    #expect(try #require(result.count) > 0)
    #expect(result.samples.costs.allSatisfy { $0.wall > 0 && $0.peak == nil })
  }

  @Test(arguments: BenchInputs.Kind.allCases) func inputIsAlwaysTheSameAndValid(
    _ kind: BenchInputs.Kind
  ) throws {
    let folder = try ScratchFolder()
    let size = kind.item == "op" ? 300 : 8
    let inputs = BenchInputs(folder: folder.path + "/a/b", root: packageFolder)
    let path = try inputs.file(kind, size)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == BenchInputs.text(kind, size))
    #expect(try BenchInputs(folder: folder.path + "/a/b", root: "").file(kind, size) == path)
    let run = ToolRun.opt(path, "--allow-unregistered-dialect", "--verify-roundtrip")
    #expect(run.status == .success, "\(run.messages)")
    let count = try ParsedModule(inputs.source(kind, size)).operationCount
    #expect(kind.item == "element" ? count == 4 : abs(count - size) < size / 9 || kind == .blocks)
  }

  @Test func largestSizes() throws {
    // As issue and documents name them.
    let inputs = BenchInputs(folder: "", root: "")
    #expect(try ParsedModule(inputs.source(.nested, 28_000)).operationCount == 28_001)
    #expect(try ParsedModule(inputs.source(.chain, 1000)).operationCount == 1002)
    #expect(try ParsedModule(inputs.source(.chain, 0)).operationCount == 1)
  }

  // MARK: The command line

  @Test func wrongUsage() throws {
    let folder = try ScratchFolder()
    for arguments in [
      ["--filter=["], ["--metric=colour"], ["--alpha=2"], ["--min-effect=-1"], ["what"],
      ["compare"], ["compare", "HEAD"], ["compare", "a...b", "--folder=\(folder.path)"], ["export"],
      ["--filter=nothing is called so"], ["inputs", "chain"], ["inputs", "strange/3"],
      ["compare", "a..b", "--folder=\(folder.path)"],
      ["export", "--asv=\(folder.path)/asv", "--folder=\(folder.path)"],
    ] {
      let run = bench(arguments)
      #expect(run.status == .usage, "\(arguments): \(run.messages)")
      #expect(run.out.isEmpty)
      #expect(run.messages.hasPrefix("martlet bench: "))
    }
    #expect(bench(["comprae"]).messages.contains("did you mean 'compare'?"))
  }

  @Test func listsWhatTheFilterChooses() {
    let run = bench(["--list", "--filter", "^verify[.]chain/"])
    #expect(run.status == .success)
    let names = run.out.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(names.first == "verify.chain/0")
    #expect(names.allSatisfy { $0.hasPrefix("verify.chain/") })
    let quick = bench(["--list", "--quick", "--filter", "^verify[.]chain/"])
    #expect(quick.out.split(separator: "\n").count == 2)
    // Units are part of this program; another's processes can be measured.
    let other = bench(["--list", "--program=/bin/true"])
    #expect(other.out.contains("start.opt") && !other.out.contains("verify.chain"))
  }

  @Test func jsonForm() throws {
    let folder = try ScratchFolder()
    let run = bench([
      "--quick", "--json", "--filter=^(walk.post_order|query.trait)/1000", "--machine=here",
      "--folder=\(folder.path)",
    ])
    #expect(run.status == .success, "\(run.messages)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
    #expect(json["form"] as? Int == 1)
    #expect(json["machine"] as? String == "here")
    #expect(json["quick"] as? Bool == true)
    #expect((json["cores"] as? Int ?? 0) > 0)
    #expect((json["failures"] as? [String]) == [])
    let benchmarks = try #require(json["benchmarks"] as? [[String: Any]])
    #expect(
      benchmarks.map { $0["id"] as? String } == ["walk.post_order/1000", "query.trait/1000"])
    for benchmark in benchmarks {
      #expect(benchmark["size"] as? Int == 1000)
      #expect(benchmark["kind"] as? String == "unit")
      #expect(benchmark["peak"] is NSNull)
      let cpu = try #require(benchmark["cpu"] as? [String: Any])
      let samples = try #require(cpu["samples"] as? [Double])
      #expect(samples.count >= 3)
      let summary = Summary(samples)
      #expect(cpu["minimum"] as? Double == summary.minimum)
      #expect(cpu["median"] as? Double == summary.median)
      #expect(cpu["lower_quartile"] as? Double == summary.lowerQuartile)
      #expect(cpu["upper_quartile"] as? Double == summary.upperQuartile)
    }
  }

  @Test func jsonText() throws {
    let value = JSONValue.object([
      ("a \"b\"\\\u{1}\n", .array([.integer(-1), .number(0.5), .number(1e300), .null])),
      ("c", .array([.object([("d", .bool(true))]), .object([])])), ("e", .number(.infinity)),
    ])
    let parsed = try #require(
      try JSONSerialization.jsonObject(with: Data(value.text().utf8)) as? [String: Any])
    let numbers = try #require(parsed["a \"b\"\\\u{1}\n"] as? [Any])
    #expect(numbers[0] as? Int == -1 && numbers[2] as? Double == 1e300 && numbers[3] is NSNull)
    #expect(parsed["e"] is NSNull)
  }

  @Test func table() {
    #expect(BenchReport.time(0.4) == "0.40 ns")
    #expect(BenchReport.time(999.4) == "999 ns")
    #expect(BenchReport.time(999.6) == "1.00 us")
    #expect(BenchReport.time(12_345) == "12.3 us")
    #expect(BenchReport.time(1.5e9) == "1.50 s")
    #expect(BenchReport.time(123e9) == "123 s")
    #expect(BenchReport.fixed(-1.25, 1) == "-1.3")
    #expect(BenchReport.fixed(-0.001, 1) == "0.0")
    #expect(BenchReport.percent(0.054) == "5.4%")
  }

  // MARK: Processes

  @Test func processes() throws {
    let folder = try ScratchFolder()
    let output = folder.path + "/out"
    var command = ChildCommand(
      words: ["/bin/sh", "-c", "echo \"$ADDED\"; exit 3"], environment: ["ADDED": "x y"],
      output: output)
    let failed = try ChildProcess.run(command)
    #expect(failed.status == 3)
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "x y\n")
    command.words = ["/bin/sh", "-c", "kill -9 $$"]
    #expect(try ChildProcess.run(command).status == 137)
    command.words = [folder.path + "/none"]
    #expect(throws: BenchFailure.self) { try ChildProcess.run(command) }
    #expect(ChildProcess.output(["printf", "%s", "a b"], in: folder.path) == "a b")
    #expect(ChildProcess.output(["false"], in: folder.path) == nil)
    #expect(ChildProcess.output(["there is no such program"], in: folder.path) == nil)
  }

  @Test func failingProgramIsTold() throws {
    let folder = try ScratchFolder()
    let run = bench([
      "--quick", "--filter=start.opt", "--program=/bin/false", "--folder=\(folder.path)",
    ])
    #expect(run.status == .failure)
    #expect(run.messages.contains("start.opt: /bin/false opt"))
    #expect(run.messages.contains("ended with status 1"))
  }

  @Test func timingReportsAreRead() {
    let report = """
      ===-------------------------------------------------------------------------===
                               ... Execution time report ...
        Total Execution Time: 0.2500 seconds

        ----Wall Time----  ----Name----
          0.1000 ( 40.0%)  Parser
          0.0500 ( 20.0%)  'func.func' Pipeline
          0.0250 ( 10.0%)  CSE
          0.0250 ( 10.0%)  CSE
          0.2500 (100.0%)  Total
      """
    let phases = PeerComparison.phases(report)
    #expect(phases["Parser"] == 0.1e9)
    #expect(phases["CSE"] == 0.05e9)
    #expect(phases["'func.func' Pipeline"] == 0.05e9)
    #expect(phases.count == 4)
  }
}
