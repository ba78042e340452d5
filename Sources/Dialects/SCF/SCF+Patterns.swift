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
    [
      combineIfs, combineNestedIfs, propagateCondition, yieldsToSelects, emptyElse,
      constantCondition, replaceKnownYields,
    ] + RegionBranchPatterns.all)

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

  /// An else that does nothing goes.
  private static let emptyElse = RewritePattern("empty-else") { op, rewriter in
    guard op.resultCount == 0, let no = op.region(1).firstBlock,
      no.firstOperation?.is(yield) == true
    else { return false }
    rewriter.erase(no)
    rewriter.modifyInPlace(op) {}
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
    [trivialLoop, foldIterCasts] + RegionBranchPatterns.all)

  private static let trivialLoop = RewritePattern("no-or-one-iteration") { op, rewriter in
    guard let loop = ForOp(op),
      let count = tripCount(
        .value(loop.lowerBound), .value(loop.upperBound), .value(loop.step),
        isUnsigned: loop.isUnsigned)
    else { return false }
    if count > 1 { return replaceByYielded(loop, rewriter) }
    if count == 0 {
      rewriter.replace(op, with: Array(loop.inits))
    } else {
      inline(loop.body, op, [loop.lowerBound] + loop.inits, rewriter)
    }
    return true
  }

  /// A carried value that starts as a cast which forgets sizes is carried without the cast, where it has these
  /// sizes in every iteration. MLIR 22 does not ask for that, and so breaks loops that grow a tensor.
  private static let foldIterCasts = RewritePattern("casts-of-iter-args") { op, rewriter in
    guard let loop = ForOp(op), let oldYield = loop.yield else { return false }
    for (i, start) in loop.inits.enumerated() {
      guard let cast = start.definingOperation, cast.is(TensorDialect.cast),
        cast.operand(0).type != start.type,
        cast.operand(0).type.isMoreStatic(than: start.type),
        op.result(i).hasOneUse, keepsType(loop, i, cast.operand(0).type)
      else { continue }
      let (narrow, wide) = (cast.operand(0).type, start.type)
      var operands = Array(op.operands)
      operands[3 + i] = cast.operand(0)
      var types = op.results.types
      types[i] = narrow
      let made = rewriter.create(SCF.for, operands, results: types, attributes: attributes(op))
      let block = rewriter.createBlock(
        in: made.region(), arguments: [loop.lowerBound.type] + types)
      var arguments = Array(block.arguments)
      arguments[i + 1] =
        rewriter.create(TensorDialect.cast, [arguments[i + 1]], results: [wide]).result()
      rewriter.mergeBlocks(loop.body, into: block, arguments: arguments)
      rewriter.setInsertionPoint(before: oldYield)
      var yielded = Array(oldYield.operands)
      yielded[i] = rewriter.create(TensorDialect.cast, [yielded[i]], results: [narrow]).result()
      rewriter.create(SCF.yield, yielded)
      rewriter.erase(oldYield)
      rewriter.setInsertionPoint(after: made)
      var results = Array(made.results)
      results[i] = rewriter.create(TensorDialect.cast, [results[i]], results: [wide]).result()
      rewriter.replace(op, with: results)
      return true
    }
    return false
  }

  /// Whether carried value `i` is known to be of type `narrow` after an iteration, or at the end.
  private static func keepsType(_ loop: ForOp, _ i: Int, _ narrow: Type) -> Bool {
    if let next = loop.yield?.operand(i) {
      if next == loop.iterArgs[i] { return true }
      if let cast = next.definingOperation, cast.is(TensorDialect.cast),
        cast.operand(0).type == narrow
      {
        return true
      }
    }
    guard let use = loop.results[i].firstUse?.owner else { return false }
    return use.is(TensorDialect.cast) && use.result().type == narrow
  }

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

  // MARK: index_switch, execute_region

  static let indexSwitchPatterns: CanonicalizationPatterns = .init(
    [
      RewritePattern("constant-argument") { op, rewriter in
        guard let value = op.operand(0).constantInteger else { return false }
        let cases = op.attribute("cases")?.integers ?? []
        let i = (cases.firstIndex(of: value) ?? -1) + 1
        guard let block = op.region(i).firstBlock else { return false }
        inline(block, op, [], rewriter)
        return true
      }
    ] + RegionBranchPatterns.all)

  static let executeRegionPatterns: CanonicalizationPatterns = .init(
    [
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
      },
    ] + RegionBranchPatterns.all)
}

extension Region {
  /// Whether `value` is defined in this region or below.
  func isAncestor(of value: Value) -> Bool {
    guard let home = value.block?.region else { return false }
    return isAncestor(of: home)
  }
}
