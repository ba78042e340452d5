import MartletIR
import MartletRewriting

/// Canonicalisations of loops and conditionals.
extension SCF {
  /// Puts the operations of a region's only block before `op` and replaces that by what the block yields.
  private static func inline(
    _ block: Block, _ op: Operation, _ arguments: [Value], _ rewriter: PatternRewriter
  ) {
    guard let yield = block.terminator else { return }
    rewriter.inlineBlock(block, before: op, arguments: arguments)
    let values = Array(yield.operands)
    rewriter.replace(op, with: values)
    rewriter.erase(yield)
  }

  // MARK: if

  static let ifPatterns: CanonicalizationPatterns = .init(
    combineIfs, combineNestedIfs, propagateCondition, yieldsToSelects, emptyBranches,
    constantCondition, removeUnusedIfResults, replaceKnownYields)

  private static let constantCondition =
    RewritePattern("constant-condition") { op, rewriter in
      guard let taken = op.operand(0).constant?.boolValue else { return false }
      if let block = op.region(taken ? 0 : 1).firstBlock {
        inline(block, op, [], rewriter)
      } else {
        rewriter.erase(op)
      }
      return true
    }

  private static let emptyBranches =
    RewritePattern("empty-branches") { op, rewriter in
      // An else that does nothing goes; then an if that does nothing.
      guard op.resultCount == 0, let yes = op.region(0).firstBlock else { return false }
      if let no = op.region(1).firstBlock, no.firstOperation?.is(yield) == true {
        rewriter.erase(no.firstOperation ?? op)
        rewriter.erase(no)
        rewriter.modifyInPlace(op) {}
        return true
      }
      guard op.region(1).isEmpty, yes.firstOperation?.is(yield) == true else { return false }
      rewriter.erase(op)
      return true
    }

  private static let yieldsToSelects =
    RewritePattern("yields-to-selects") { op, rewriter in
      // Values from outside need no branch: what both yield alike, or a select of them.
      guard let view = IfOp(op), let yes = view.thenYield, let no = view.elseYield else {
        return false
      }
      var replacements: [Value?] = []
      for (a, b) in zip(yes.operands, no.operands) {
        let areOutside = [a, b].allSatisfy { value in
          !view.thenRegion.isAncestor(of: value) && !view.elseRegion.isAncestor(of: value)
        }
        guard areOutside else {
          replacements.append(nil)
          continue
        }
        replacements.append(
          a == b
            ? a
            : rewriter.create(Arith.select, [view.condition, a, b], results: [a.type]).result())
      }
      let kept = replacements.indices.filter { replacements[$0] == nil }
      if kept.count == op.resultCount { return false }
      let made = rewriter.create(
        SCF.if, [view.condition], results: kept.map { op.result($0).type })
      for i in 0..<2 {
        guard let terminator = op.region(i).firstBlock?.terminator else { continue }
        let values = kept.map { terminator.operand($0) }
        rewriter.modifyInPlace(terminator) { terminator.setOperands(values) }
        rewriter.inlineRegion(op.region(i), into: made.region(i))
      }
      var next = 0
      var values: [Value] = []
      for replacement in replacements {
        if let replacement {
          values.append(replacement)
        } else {
          values.append(made.result(next))
          next += 1
        }
      }
      rewriter.replace(op, with: values)
      return true
    }

  // MARK: for

  static let forPatterns: CanonicalizationPatterns = .init(
    RewritePattern("no-or-one-iteration") { op, rewriter in
      guard let loop = ForOp(op), let count = loop.constantTripCount else {
        return singleIterationBySpan(op, rewriter)
      }
      if count > 1 { return replaceByYielded(loop, rewriter) }
      if count == 0 {
        rewriter.replace(op, with: Array(loop.inits))
      } else {
        inline(loop.body, op, [loop.lowerBound] + loop.inits, rewriter)
      }
      return true
    },
    RewritePattern("invariant-iter-args") { op, rewriter in
      guard let loop = ForOp(op), let yield = loop.yield else { return false }
      // An argument that is yielded unchanged, or whose next value is its first, never varies.
      let arguments = loop.iterArgs
      var kept: [Int] = []
      var values: [Value] = []
      for (i, argument) in arguments.enumerated() {
        let next = yield.operand(i)
        let isInvariant = next == argument || next == loop.inits[i]
        let isDead = !argument.hasUses && !op.result(i).hasUses
        values.append(loop.inits[i])
        if !isInvariant && !isDead { kept.append(i) }
      }
      if kept.count == arguments.count { return false }
      let made = rewriter.create(
        SCF.for, [loop.lowerBound, loop.upperBound, loop.step] + kept.map { loop.inits[$0] },
        results: kept.map { op.result($0).type }, attributes: attributes(op))
      let block = rewriter.createBlock(
        in: made.region(), arguments: [loop.lowerBound.type] + kept.map { arguments[$0].type })
      var replacements = [block.argument(0)] + values
      for (k, i) in kept.enumerated() {
        replacements[i + 1] = block.argument(k + 1)
        values[i] = made.result(k)
      }
      let yielded = kept.map { yield.operand($0) }
      rewriter.modifyInPlace(yield) { yield.setOperands(yielded) }
      rewriter.mergeBlocks(loop.body, into: block, arguments: replacements)
      rewriter.replace(op, with: values)
      return true
    },
    RewritePattern("empty-body") { op, rewriter in
      // A loop that computes nothing and carries only values from outside, unchanged.
      guard let loop = ForOp(op), op.resultCount == 0, loop.body.firstOperation == loop.yield
      else { return false }
      rewriter.erase(op)
      return true
    })

  /// A loop that runs, but only yields values from outside.
  private static func replaceByYielded(_ loop: ForOp, _ rewriter: PatternRewriter) -> Bool {
    guard let yield = loop.yield, loop.body.firstOperation == yield,
      !yield.operands.contains(where: { loop.region.isAncestor(of: $0) })
    else { return false }
    rewriter.replace(loop.operation, with: Array(yield.operands))
    return true
  }

  private static func attributes(_ op: Operation) -> [(String, Attribute)] {
    op.inherentAttributes.map { ($0.name, $0.value) }
      + op.discardableAttributes.entries.map { ($0.name.string, $0.value) }
  }

  /// A loop from x to x + c with a step of at least c runs once.
  private static func singleIterationBySpan(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let loop = ForOp(op), let step = loop.constantStep,
      let add = loop.upperBound.definingOperation, add.is(Arith.addi),
      add.operand(0) == loop.lowerBound, let span = add.operand(1).constantInteger,
      span > 0, span <= step
    else { return false }
    // The sum must not wrap around, which only a promise can tell.
    guard (add.attribute("overflowFlags")?.enumValue ?? 0) & 1 == 1 else { return false }
    inline(loop.body, op, [loop.lowerBound] + loop.inits, rewriter)
    return true
  }

  // MARK: while, index_switch, execute_region

  static let indexSwitchPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-argument") { op, rewriter in
      guard let value = op.operand(0).constantInteger else { return false }
      let cases = op.attribute("cases")?.integers ?? []
      let i = (cases.firstIndex(of: value) ?? -1) + 1
      guard let block = op.region(i).firstBlock else { return false }
      inline(block, op, [], rewriter)
      return true
    },
    RewritePattern("unused-results") { op, rewriter in
      let kept = op.results.indices.filter { op.result($0).hasUses }
      if kept.count == op.resultCount { return false }
      let made = rewriter.create(
        indexSwitch, Array(op.operands), results: kept.map { op.result($0).type },
        attributes: attributes(op), regions: op.regionCount)
      for i in 0..<op.regionCount {
        guard let last = op.region(i).firstBlock?.terminator else { continue }
        let yielded = kept.map { last.operand($0) }
        rewriter.modifyInPlace(last) { last.setOperands(yielded) }
        rewriter.inlineRegion(op.region(i), into: made.region(i))
      }
      for (k, i) in kept.enumerated() {
        rewriter.replaceAllUses(of: op.result(i), with: made.result(k))
      }
      rewriter.erase(op)
      return true
    })

  static let executeRegionPatterns: CanonicalizationPatterns = .init(
    RewritePattern("single-block") { op, rewriter in
      guard op.region().hasOneBlock, !op.hasAttribute("no_inline"),
        let block = op.region().firstBlock, block.terminator?.is(yield) == true
      else { return false }
      inline(block, op, [], rewriter)
      return true
    },
    RewritePattern("several-blocks") { op, rewriter in
      // Where several blocks may stand, the region's become the function's.
      guard let parent = op.parent, parent.has(.callable) || parent.is(executeRegion),
        !op.hasAttribute("no_inline"), let home = op.block, let entry = op.region().firstBlock,
        let region = home.region
      else { return false }
      let rest = rewriter.split(home, before: op)
      let blocks = Array(op.region().blocks)
      rewriter.inlineRegion(op.region(), into: region, before: rest)
      rewriter.at(.atEnd(of: home)) {
        rewriter.create(ControlFlow.br, [], successors: [entry])
      }
      let arguments = op.results.types.map { rest.addArgument($0) }
      for block in blocks {
        guard let end = block.lastOperation, end.is(yield) else { continue }
        rewriter.setInsertionPoint(before: end)
        rewriter.create(ControlFlow.br, Array(end.operands), successors: [rest])
        rewriter.erase(end)
      }
      rewriter.replace(op, with: arguments)
      return true
    })

  static let whilePatterns: CanonicalizationPatterns = .init(
    RewritePattern("condition-always-false") { op, rewriter in
      guard let loop = WhileOp(op), let condition = loop.condition,
        condition.operand(0).constant?.boolValue == false
      else { return false }
      let before = loop.before
      rewriter.inlineBlock(before, before: op, arguments: Array(op.operands))
      rewriter.replace(op, with: Array(condition.operands.dropFirst()))
      rewriter.erase(condition)
      return true
    },
    removeInvariantBefore, removeInvariantResults, conditionTrueInAfter, propagateComparison,
    removeUnusedResults, removeDuplicateResults, removeUnusedInits)

  private static let conditionTrueInAfter =
    RewritePattern("condition-true-in-after") { op, rewriter in
      // Passed on as an argument, the condition is true wherever `after` runs.
      guard let loop = WhileOp(op), let condition = loop.condition else { return false }
      var changed = false
      for (i, value) in condition.operands.dropFirst().enumerated()
      where value == condition.operand(0) && loop.after.argument(i).hasUses {
        let known = rewriter.at(.atStart(of: loop.after)) {
          ConstantOp.create(rewriter, op.context.boolAttribute(true))
        }
        rewriter.replaceAllUses(of: loop.after.argument(i), with: known)
        changed = true
      }
      return changed
    }

  static let parallelPatterns: CanonicalizationPatterns = .init(
    RewritePattern("empty-range") { op, rewriter in
      guard let loop = ParallelOp(op) else { return false }
      for (lower, upper) in zip(loop.lowerBounds, loop.upperBounds) {
        let isEmpty =
          lower == upper
          || { () -> Bool in
            guard let a = lower.constantInteger, let b = upper.constantInteger else { return false }
            return a >= b
          }()
        if isEmpty {
          rewriter.replace(op, with: Array(loop.inits))
          return true
        }
      }
      return false
    })
}

extension Region {
  /// Whether `value` is defined in this region or below.
  func isAncestor(of value: Value) -> Bool {
    guard let home = value.block?.region else { return false }
    return isAncestor(of: home)
  }
}
