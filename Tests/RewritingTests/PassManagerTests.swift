import MartletIR
import MartletPasses
import MartletSupport
import Testing

@Suite struct PassManagerTests {
  private final class Log: @unchecked Sendable { var lines: [String] = [] }

  private func pass(
    _ argument: String, anchor: String? = nil, _ log: Log = Log()
  ) -> Pass {
    Pass(
      argument, name: argument.uppercased(), "A pass of the tests", anchor: anchor,
      options: [
        .integer("count", default: 7, "a number"), .bool("flag", default: false, "a flag"),
        .keyword("mode", ["slow", "fast"], "how"), .list("sizes", of: .integer, "sizes"),
        .string("text", default: "", "a text"),
      ], statistics: [PassStatistic("num-runs", "Number of runs")]
    ) { (operation, state) throws(Reported) in
      log.lines.append("\(argument) \(operation.attribute("sym_name")?.stringValue ?? "-")")
      state.count("num-runs")
    }
  }

  private func registry(_ log: Log = Log()) -> PassRegistry {
    PassRegistry([
      pass("alpha", log), pass("beta", log), pass("only-func", anchor: "test.func", log),
    ])
  }

  private func failure(_ text: String) -> Diagnostic? {
    do {
      _ = try PipelineParser.parse(text, registry())
      return nil
    } catch {
      return error
    }
  }

  @Test func readsAndWritesPipelines() throws {
    let pipeline = try PipelineParser.parse(
      "builtin.module(test.func(alpha,beta{count=3 flag mode=fast}), any(alpha{sizes=1,2,3 text={a b}}))",
      registry())
    #expect(
      pipeline.text
        == "builtin.module(test.func(alpha{count=7 flag=false mode=slow sizes= text={}},"
        + "beta{count=3 flag=true mode=fast sizes= text={}}),"
        + "any(alpha{count=7 flag=false mode=slow sizes=1,2,3 text={a b}}))")
    let again = try PipelineParser.parse("alpha , beta", registry())
    #expect(again.anchor == "builtin.module")
    #expect(again.elements.count == 2)
  }

  @Test func nestsByItselfInShorthandOnly() throws {
    let short = try PipelineParser.parse("alpha,only-func", registry())
    guard case .nested(let inner) = short.elements[1] else {
      Issue.record("not nested")
      return
    }
    #expect(inner.anchor == "test.func")
    #expect(
      failure("builtin.module(only-func)")?.message
        == "can't add pass 'only-func' restricted to 'test.func' on a pass manager intended to run "
        + "on 'builtin.module', did you intend to nest?")
  }

  @Test(arguments: [
    ("alfa", "does not refer to a registered pass or pass pipeline; did you mean 'alpha'?", 1),
    ("alpha,nothing-like-it", "does not refer to a registered pass or pass pipeline", 7),
    ("builtin.module(alpha", "missing closing ')'", 15),
    ("builtin.module(alpha))", "extra closing ')'", 22),
    ("alpha{", "missing closing '}'", 6),
    ("alpha{kount=1}", "has no option 'kount'; did you mean 'count'?", 7),
    (
      "alpha{count=x}", "invalid value 'x' for option 'count' of pass 'alpha': expected an integer",
      13
    ),
    ("alpha{mode=odd}", "expected one of slow, fast", 12),
    ("alpha(beta)", "'alpha' is not the name of an operation", 1),
    ("alpha beta", "expected ',' after parsing pipeline", 7),
    ("alpha,,beta", "expected the name of a pass", 7),
  ])
  func reportsWrongPipelines(text: String, message: String, column: Int) throws {
    let diagnostic = try #require(failure(text))
    #expect(diagnostic.message.contains(message))
    #expect(diagnostic.position?.column == column)
    #expect(diagnostic.position?.lineText == text)
  }

  private let text = """
    "test.func"() <{sym_name = "f"}> ({
      "test.yield"() : () -> ()
    }) : () -> ()
    "test.func"() <{sym_name = "g"}> ({
      "test.yield"() : () -> ()
    }) : () -> ()
    """

  private func module(_ context: Context) throws -> Operation {
    context.load(
      Dialect(
        "builtin",
        operations: [
          OpDefinition(
            "builtin.module", regions: [RegionDefinition("body", oneBlock: true)],
            traits: [.isolatedFromAbove, .symbolTable, .noTerminator, .graphRegion])
        ]))
    return try TestDialect.parse(text, context)
  }

  @Test func goesThroughEachOperationOnceForNeighbours() throws {
    let log = Log()
    let context = TestDialect.context()
    let module = try module(context)
    let pipeline = try PipelineParser.parse(
      "builtin.module(test.func(alpha),test.func(beta),alpha,test.func(alpha))", registry(log))
    try PassManager(context, pipeline).run(module)
    #expect(
      log.lines == ["alpha f", "beta f", "alpha g", "beta g", "alpha -", "alpha f", "alpha g"])
  }

  @Test func refusesAnotherAnchor() throws {
    let context = TestDialect.context()
    let module = try module(context)
    let pipeline = Pipeline(anchor: "test.func")
    #expect(throws: Reported.self) { try PassManager(context, pipeline).run(module) }
    #expect(
      context.diagnostics.diagnostics.first?.message
        == "can't run 'test.func' pass manager on 'builtin.module' op")
  }

  @Test func verifiesAfterEachPass() throws {
    let context = TestDialect.context()
    let module = try module(context)
    let breaking = Pass("break", "Breaks") { (operation, _) throws(Reported) in
      operation.region().firstBlock?.lastOperation?.erase()
    }
    var pipeline = Pipeline()
    pipeline.nest("test.func") { $0.add(breaking) }
    let manager = PassManager(context, pipeline)
    #expect(throws: Reported.self) { try manager.run(module) }
    #expect(context.diagnostics.hasErrors)
  }

  @Test func dumpsUnderBanners() throws {
    let context = TestDialect.context()
    let module = try module(context)
    var dumps = ""
    let dumper = IRDumper(print: { "<\($0.name)>" }, write: { dumps += $0 })
    dumper.before = .passes(["beta"])
    dumper.after = .all
    let manager = PassManager(
      context, try PipelineParser.parse("alpha,test.func(beta)", registry()))
    manager.instrumentations = [dumper]
    try manager.run(module)
    #expect(
      dumps.hasPrefix(
        """
        // -----// IR Dump After ALPHA (alpha) //----- //
        <builtin.module>


        // -----// IR Dump Before BETA (beta) //----- //
        <test.func>

        // -----// IR Dump After BETA (beta) //----- //

        """))
    dumps = ""
    dumper.before = .none
    dumper.onlyChanged = true
    try manager.run(module)
    #expect(dumps.isEmpty)
    dumper.onlyChanged = false
    dumper.wholeModule = true
    try manager.run(module)
    #expect(
      dumps.contains(
        "IR Dump After BETA (beta) ('test.func' operation: @g) //----- //\n<builtin.module>"))
  }

  @Test func reportsTimesAndStatistics() throws {
    let context = TestDialect.context()
    let module = try module(context)
    let manager = PassManager(
      context, try PipelineParser.parse("alpha,test.func(beta)", registry()))
    let tree = TimingTree()
    let statistics = PassStatisticsCollector()
    manager.instrumentations = [PassTiming(tree), statistics]
    try tree.time("Everything") { () throws(Reported) in try manager.run(module) }
    let lines = tree.report().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == "                         ... Execution time report ...")
    let names = lines.dropFirst(6).map { $0.split(separator: ")  ").last.map(String.init) ?? "" }
    #expect(
      names == [
        "Everything", "  ALPHA", "  'test.func' Pipeline", "    BETA", "Rest", "Total", "",
      ])
    #expect(tree.report(.list).contains("BETA"))
    #expect(
      statistics.report().hasSuffix(
        """
        ALPHA
          (S) 1 num-runs - Number of runs
        'test.func' Pipeline
          BETA
            (S) 2 num-runs - Number of runs

        """))
  }
}
