import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport
import MartletSyntax
import MartletTransforms

/// Units that make, ask and change operations.
///
/// Figures published for MLIR are those of Amini and Niu, "How slow is MLIR?" (EuroLLVM 2024), as the best per
/// operation of its micro-benchmarks on the speakers' machine: they tell the order of magnitude, no more.
extension BenchSuite {
  static var units: [Benchmark] { textUnits + operationUnits + queryUnits + rewriteUnits }

  // MARK: Making

  private static var operationUnits: [Benchmark] {
    var units: [Benchmark] = []
    units += family(
      "create.insert", "making an addition and putting it at a block's end",
      sizes: [1000, 100_000],
      published: 109
    ) { inputs, size in
      var kept: ParsedModule?
      var block: Block?
      return UnitWork(count: size) {
        kept = try ParsedModule(inputs.source(.sums, 2))
        block = try kept?.body
      } run: {
        guard let block else { return }
        let builder = Builder(block.context, at: .atStart(of: block))
        let name = block.context.operationName(Arith.addi)
        let operands = [block.argument(0), block.argument(1)]
        let types = [block.argument(0).type]
        for _ in 0..<size { keep(Int(builder.create(name, operands, results: types).raw)) }
      }
    }
    units += family(
      "create.constant", "making a constant of its own value", sizes: [1000, 100_000]
    ) { inputs, size in
      var kept: ParsedModule?
      var block: Block?
      return UnitWork(count: size) {
        kept = try ParsedModule(inputs.source(.sums, 2))
        block = try kept?.body
      } run: {
        guard let block else { return }
        let context = block.context
        let builder = Builder(context, at: .atStart(of: block))
        let types = [context.i32]
        for i in 0..<size {
          let made = builder.create(
            Arith.constant, results: types, attributes: [("value", context.i32Attribute(i))])
          keep(Int(made.raw))
        }
      }
    }
    units += family("clone.function", "copying a function", sizes: [1000, 100_000], published: 764)
    {
      inputs, size in
      let parsed = try ParsedModule(inputs.source(.sums, size))
      guard let function = parsed.module.region().firstBlock?.firstOperation else {
        throw BenchFailure("the module holds no function")
      }
      var copy: Operation?
      return UnitWork(count: size + 2, owner: parsed) {
        copy?.erase()
        copy = nil
      } run: {
        copy = function.clone()
      }
    }
    units += family("clone.nested", "copying a module of nested loops", sizes: [1000, 28_000]) {
      inputs, size in
      let parsed = try ParsedModule(inputs.source(.nested, size))
      var copy: Operation?
      return UnitWork(count: parsed.operationCount) {
        copy?.erase()
        copy = nil
      } run: {
        copy = parsed.module.clone()
      }
    }
    units += family(
      "erase.block", "erasing a block's operations, the last first", sizes: [1000, 100_000]
    ) { inputs, size in
      var kept: ParsedModule?
      var block: Block?
      return UnitWork(count: size + 1) {
        kept = try ParsedModule(inputs.source(.sums, size))
        block = try kept?.body
      } run: {
        while let last = block?.lastOperation { last.erase() }
      }
    }
    units += family(
      "replace.uses", "making the users of a value use another", sizes: [1000, 100_000], item: "use"
    ) { inputs, size in
      let parsed = try ParsedModule(inputs.source(.sums, 2))
      let block = try parsed.body
      let builder = Builder(parsed.context, at: .atStart(of: block))
      let first = block.argument(0)
      let second = block.argument(1)
      let values = (0..<2).map { i in
        builder.create(Arith.subi, [first, second], results: [first.type]).result()
      }
      for _ in 0..<size / 2 {
        builder.create(Arith.addi, [values[0], values[0]], results: [first.type])
      }
      var current = 0
      return UnitWork(count: size / 2 * 2, owner: parsed) {
        values[current].replaceAllUses(with: values[1 - current])
        current = 1 - current
      }
    }
    units += family("attribute.integer", "asking for an integer attribute", sizes: [1000, 100_000])
    {
      inputs, size in
      let parsed = try ParsedModule(inputs.source(.chain, 0))
      return UnitWork(count: size) {
        for i in 0..<size { keep(Int(parsed.context.i32Attribute(i).raw)) }
      }
    }

    return units
  }

  // MARK: Asking

  private static var queryUnits: [Benchmark] {
    var units: [Benchmark] = []
    units += family(
      "walk.post_order", "visiting all operations, inner ones first", sizes: [1000, 100_000],
      published: 8
    ) { inputs, size in
      let parsed = try ParsedModule(inputs.source(.sums, size))
      return UnitWork(count: parsed.operationCount) {
        var count = 0
        parsed.module.walk { _ in count += 1 }
        keep(count)
      }
    }
    units += family(
      "walk.pre_order", "visiting all operations, outer ones first", sizes: [1000, 28_000]
    ) {
      inputs, size in
      let parsed = try ParsedModule(inputs.source(.nested, size))
      return UnitWork(count: parsed.operationCount) {
        var count = 0
        parsed.module.walkPreOrder { _ in
          count += 1
          return .advance
        }
        keep(count)
      }
    }
    units += query("is", "asking whether an operation is of a declaration") { $0.is(Arith.addi) }
    units += query("trait", "asking for a trait") { $0.has(.commutative) }
    units += query("interface", "asking for an interface") {
      $0.interface(CanonicalizationPatterns.self) != nil
    }
    units += query("effects", "asking for effects on memory") { $0.isMemoryEffectFree }
    units += query("attribute", "asking for an attribute by its name") {
      $0.attribute("overflowFlags") != nil
    }
    units += family("dominance.tree", "computing dominators", sizes: [1000, 10_000], item: "block")
    {
      inputs, size in
      let parsed = try ParsedModule(inputs.source(.blocks, size))
      guard let region = try parsed.body.region else { throw BenchFailure("no region") }
      return UnitWork(count: size, owner: parsed) {
        keep(Dominance().tree(of: region).immediateDominators.count)
      }
    }
    units += family(
      "dominance.query", "asking whether a value dominates a use, in blocks chosen at random",
      sizes: [1000, 10_000], item: "query"
    ) { inputs, size in
      let parsed = try ParsedModule(inputs.source(.blocks, size))
      guard let region = try parsed.body.region else { throw BenchFailure("no region") }
      let operations = region.blocks.compactMap(\.firstOperation).filter { $0.resultCount == 1 }
      var generator = SplitMix64(seed: 1)
      let pairs = (0..<1000).map { _ in
        (
          operations[generator.next(in: 0...operations.count - 1)].result(),
          operations[generator.next(in: 0...operations.count - 1)]
        )
      }
      let dominance = Dominance()
      return UnitWork(count: pairs.count, owner: parsed) {
        var count = 0
        for (value, user) in pairs where dominance.dominates(value, user: user) { count += 1 }
        keep(count)
      }
    }

    return units
  }

  private static func query(
    _ what: String, _ summary: String, _ ask: @escaping @Sendable (Operation) -> Bool
  ) -> [Benchmark] {
    family("query.\(what)", summary, sizes: [1000, 100_000]) { inputs, size in
      let parsed = try ParsedModule(inputs.source(.sums, size))
      let operations = Array(try parsed.body.operations)
      return UnitWork(count: operations.count) {
        var count = 0
        for operation in operations where ask(operation) { count += 1 }
        keep(count)
        // The handles are good for as long as the context lives.
        withExtendedLifetime(parsed) {}
      }
    }
  }

  // MARK: Rewriting

  private static var rewriteUnits: [Benchmark] {
    var units: [Benchmark] = []
    units += family(
      "pattern.apply", "a pattern that puts another operation in the place of each",
      sizes: [1000, 100_000]
    ) { inputs, size in
      var kept: ParsedModule?
      var patterns: FrozenPatternSet?
      return UnitWork(count: size) {
        let parsed = try ParsedModule(inputs.source(.sums, size))
        kept = parsed
        patterns = FrozenPatternSet([toSubtraction(.addi), toSubtraction(.muli)], parsed.context)
      } run: {
        guard let kept, let patterns else { return }
        var config = GreedyConfig()
        config.folds = false
        config.uniquesConstants = false
        config.regionSimplification = .disabled
        let result = applyPatternsGreedily(to: kept.module, patterns, config)
        guard result.rewrites == size else {
          throw BenchFailure("\(result.rewrites) patterns were applied, not \(size)")
        }
      }
    }
    units += family(
      "greedy.empty", "the greedy driver without patterns or folding", sizes: [1000, 100_000],
      published: 114
    ) { inputs, size in
      let parsed = try ParsedModule(inputs.source(.sums, size))
      let patterns = FrozenPatternSet([], parsed.context)
      var config = GreedyConfig()
      config.folds = false
      config.uniquesConstants = false
      config.regionSimplification = .disabled
      return UnitWork(count: parsed.operationCount) {
        keep(applyPatternsGreedily(to: parsed.module, patterns, config).rewrites)
      }
    }
    units += family(
      "greedy.nothing",
      "the greedy driver with all canonicalization patterns, none of which applies",
      sizes: [1000, 100_000]
    ) { inputs, size in
      let parsed = try ParsedModule(inputs.source(.sums, size))
      let patterns = FrozenPatternSet.canonicalization(parsed.context)
      return UnitWork(count: parsed.operationCount) {
        keep(applyPatternsGreedily(to: parsed.module, patterns).rewrites)
      }
    }
    units += family(
      "fold.constants", "folding a chain of additions of constants with the greedy driver",
      sizes: [1000, 100_000], published: 784
    ) { inputs, size in
      var kept: ParsedModule?
      var patterns: FrozenPatternSet?
      return UnitWork(count: size / 2) {
        let parsed = try ParsedModule(inputs.source(.chain, size))
        kept = parsed
        patterns = FrozenPatternSet([], parsed.context)
      } run: {
        guard let kept, let patterns else { return }
        let result = applyPatternsGreedily(to: kept.module, patterns)
        guard result.folds == (size - 1) / 2 else {
          throw BenchFailure("\(result.folds) operations were folded, not \((size - 1) / 2)")
        }
      }
    }
    units += pass("canonicalize", .chain, [1000, 10_000, 100_000, 1_000_000])
    units += pass("canonicalize", .nested, [1000, 28_000])
    units += pass("cse", .chain, [1000, 10_000, 100_000, 1_000_000])
    units += pass("cse", .nested, [1000, 28_000])

    return units
  }

  private enum Root: Sendable { case addi, muli }

  private static func toSubtraction(_ root: Root) -> RewritePattern {
    let definition = root == .addi ? Arith.addi : Arith.muli
    return RewritePattern("to-subtraction", root: definition) { operation, rewriter in
      rewriter.replace(operation, with: Arith.subi, [operation.operand(0), operation.operand(1)])
      return true
    }
  }

  private static func pass(
    _ name: String, _ kind: BenchInputs.Kind, _ sizes: [Int]
  ) -> [Benchmark] {
    family("\(name).\(kind.rawValue)", "the pass \(name)", sizes: sizes) { inputs, size in
      let source = inputs.source(kind, size)
      var kept: ParsedModule?
      var manager: PassManager?
      return UnitWork(count: try ParsedModule(source).operationCount) {
        kept = nil
        kept = try ParsedModule(source)
        manager = try kept?.manager(name)
      } run: {
        guard let kept, let manager else { return }
        try kept.checked { () throws(Reported) in try manager.run(kept.module) }
      }
    }
  }
}
