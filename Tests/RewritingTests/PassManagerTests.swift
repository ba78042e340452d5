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
        == "builtin.module(test.func(alpha{count=7 flag=false mode=slow  text=},"
        + "beta{count=3 flag=true mode=fast  text=}),"
        + "any(alpha{count=7 flag=false mode=slow sizes={1,2,3} text={a b}}))")
    #expect(
      pipeline.lines() == """
        builtin.module(
          test.func(
            alpha{count=7 flag=false mode=slow  text=},
            beta{count=3 flag=true mode=fast  text=}
          ),
          any(
            alpha{count=7 flag=false mode=slow sizes={1,2,3} text={a b}}
          )
        )
        """)
    let again = try PipelineParser.parse("alpha , beta", registry())
    #expect(again.anchor == "builtin.module")
    #expect(again.elements.count == 2)
  }

  @Test func readsListsAndNestedBraces() throws {
    let texts = [
      "alpha{sizes=1,2,3}", "alpha{sizes={1,2,3} text=q}", "alpha{ sizes=1,2,3   text={q} }",
    ]
    for text in texts {
      guard case .pass(_, let options) = try PipelineParser.parse(text, registry()).elements[0]
      else { continue }
      #expect(options.integers("sizes") == [1, 2, 3], "\(text)")
    }
    let braces = try PipelineParser.parse("alpha{text={c=1 d={e f}} count=4}", registry())
    guard case .pass(_, let options) = braces.elements[0] else { return }
    #expect(options.string("text") == "c=1 d={e f}")
    #expect(options.integer("count") == 4)
    let pair = try PipelineParser.parse("alpha{text={a},{b}}", registry())
    guard case .pass(_, let both) = pair.elements[0] else { return }
    #expect(both.string("text") == "{a},{b}")
    // What is written is read back.
    for pipeline in [braces, pair] {
      #expect(try PipelineParser.parse(pipeline.text, registry()).text == pipeline.text)
    }
  }

  @Test func goesOnWithOtherOperationsAfterAFailure() throws {
    let context = TestDialect.context()
    let module = try module(context)
    let log = Log()
    let failing = Pass("fail", "Fails") { (operation, _) throws(Reported) in
      log.lines.append(operation.attribute("sym_name")?.stringValue ?? "-")
      throw operation.emitOpError("failed")
    }
    var pipeline = Pipeline()
    pipeline.nest("test.func") { $0.add(failing) }
    pipeline.add(failing)
    #expect(throws: Reported.self) { try PassManager(context, pipeline).run(module) }
    #expect(log.lines == ["f", "g"])
    #expect(context.diagnostics.errorCount == 2)
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

  /// Damaged pipelines end in a pipeline that is read back from its own text, or in a diagnostic.
  @Test func damagedPipelinesNeverTrap() throws {
    let seeds = [
      "builtin.module(test.func(alpha,beta{count=3 flag mode=fast}), any(alpha{sizes=1,2,3}))",
      "alpha{text={c=1 d={e f}} count=4},only-func,test.func(beta{sizes={1,2}})",
      "any(alpha{text='a b' flag=false},any(any(beta)))",
    ].map { Array($0.utf8) }
    let pieces = ["(", ")", "{", "}", ",", "=", " ", "'", "\"", "any(", "sizes=", "{{", "-1", "é"]
      .map { Array($0.utf8) }
    var state: UInt64 = 5
    func below(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    var accepted = 0
    for _ in 0..<4000 {
      var bytes = seeds[below(seeds.count)]
      for _ in 0...below(4) {
        let place = below(bytes.count + 1)
        switch below(3) {
        case 0 where place < bytes.count: bytes.remove(at: place)
        case 1: bytes.insert(contentsOf: pieces[below(pieces.count)], at: place)
        default: bytes.insert(contentsOf: bytes[..<place].suffix(below(12)), at: place)
        }
        if bytes.isEmpty { break }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let pipeline = try? PipelineParser.parse(text, registry()) else { continue }
      accepted += 1
      let again = try? PipelineParser.parse(pipeline.text, registry())
      #expect(again?.text == pipeline.text, "\(text)")
    }
    #expect(accepted > 50 && accepted < 4000)
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
    func run(_ options: IRDumper.Options) throws {
      dumps = ""
      let manager = PassManager(
        context, try PipelineParser.parse("alpha,test.func(beta)", registry()))
      manager.instrumentations = [
        IRDumper(
          options, print: { "<\($0.name)>" + ($0.block == nil ? "\n" : "") },
          sink: { text, _, _ in dumps += text })
      ]
      try manager.run(module)
    }
    var options = IRDumper.Options()
    options.before = .passes(["beta"])
    options.after = .all
    try run(options)
    #expect(
      dumps.hasPrefix(
        """
        // -----// IR Dump After ALPHA (alpha) //----- //
        <builtin.module>


        // -----// IR Dump Before BETA (beta) //----- //
        <test.func>

        // -----// IR Dump After BETA (beta) //----- //

        """))
    options.before = .none
    options.onlyChanged = true
    try run(options)
    #expect(dumps.isEmpty)
    options.onlyChanged = false
    options.wholeModule = true
    try run(options)
    #expect(
      dumps.contains(
        "IR Dump After BETA (beta) ('test.func' operation: @g) //----- //\n<builtin.module>"))
    options.onlyFailed = true
    try run(options)
    #expect(dumps.isEmpty)
  }

  @Test func namesDumpFilesAsTheOperationsAreNested() throws {
    let context = TestDialect.context()
    let module = try module(context)
    let inner = try #require(module.region().firstBlock?.firstOperation)
    var tree = IRDumpTree()
    let pass = pass("alpha")
    #expect(tree.next(pass, inner).file == "0_0_alpha.mlir")
    #expect(
      tree.next(pass, inner).folders == ["builtin_module_no-symbol-name", "test_func_f"])
    #expect(tree.next(pass, module).file == "1_alpha.mlir")
    #expect(tree.next(pass, inner).file == "1_2_alpha.mlir")
    inner.setAttribute("sym_name", context.string("../../etc/x"))
    #expect(tree.next(pass, inner).folders.last == "test_func_.._.._etc_x")
  }

  @Test func reportsTimesAndStatistics() throws {
    let context = TestDialect.context()
    let module = try module(context)
    let manager = PassManager(
      context, try PipelineParser.parse("alpha,test.func(beta)", registry()))
    let tree = TimingTree()
    let statistics = PassStatisticsCollector(manager.plan)
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
    #expect(
      statistics.report(.list).hasSuffix(
        """
          ALPHA
            (S) 1 num-runs - Number of runs
          BETA
            (S) 2 num-runs - Number of runs


        """))
    let json = tree.report(.tree, .json)
    #expect(json.hasPrefix("[\n{\"wall\": {\"duration\": "))
    #expect(json.contains("\"name\": \"'test.func' Pipeline\", \"passes\": [\n    {\"wall\""))
    let list = tree.report(.list, .json)
    #expect(list.contains("\"name\": \"BETA\"},\n") && !list.contains("passes"))
    #expect(json.hasSuffix("\"name\": \"Total\"}\n]\n"))
  }
}
