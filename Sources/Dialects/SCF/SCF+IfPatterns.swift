import MartletIR
import MartletRewriting

/// Canonicalisations of conditionals that look at several of them, or at who uses the results.
extension SCF {
  /// Appends the operations of `block` to `target`, which both end in yields, and yields what both did.
  private static func merge(_ block: Block, into target: Block, _ rewriter: PatternRewriter) {
    guard let first = target.terminator, let second = block.terminator else { return }
    let yielded = Array(first.operands) + Array(second.operands)
    rewriter.erase(first)
    rewriter.mergeBlocks(block, into: target)
    rewriter.modifyInPlace(second) { second.setOperands(yielded) }
  }

  /// What `condition` negates; nil where it is no negation.
  private static func negated(_ condition: Value) -> Value? {
    guard let xor = condition.definingOperation, xor.is(Arith.xori),
      xor.operand(1).constant?.boolValue == true
    else { return nil }
    return xor.operand(0)
  }

  /// Two conditionals in a row on one condition, or on it and its negation, are one.
  static let combineIfs = RewritePattern("combine-ifs") { op, rewriter in
    guard let next = IfOp(op), let previous = IfOp(op.previous), let yes = previous.thenYield else {
      return false
    }
    let isSame = next.condition == previous.condition
    guard
      isSame || negated(next.condition) == previous.condition
        || negated(previous.condition) == next.condition
    else { return false }
    let nextThen = isSame ? next.thenBlock : next.elseBlock
    let nextElse = isSame ? next.elseBlock : next.thenBlock
    for (i, result) in previous.results.enumerated() {
      rewriter.replaceUses(of: result, with: yes.operand(i)) {
        nextThen?.region?.isAncestor(of: $0.owner) ?? false
      }
      guard let no = previous.elseYield else { continue }
      rewriter.replaceUses(of: result, with: no.operand(i)) {
        nextElse?.region?.isAncestor(of: $0.owner) ?? false
      }
    }
    let combined = rewriter.create(
      SCF.if, [previous.condition], results: previous.results.types + next.results.types)
    for (i, block) in [nextThen, nextElse].enumerated() {
      rewriter.inlineRegion(previous.operation.region(i), into: combined.region(i))
      guard let block, let source = block.region else { continue }
      if let target = combined.region(i).firstBlock {
        merge(block, into: target, rewriter)
      } else {
        rewriter.inlineRegion(source, into: combined.region(i))
      }
    }
    let results = Array(combined.results)
    rewriter.replace(previous.operation, with: Array(results.prefix(previous.results.count)))
    rewriter.replace(op, with: Array(results.dropFirst(previous.results.count)))
    return true
  }

  /// A conditional that holds nothing but another is one on both conditions.
  static let combineNestedIfs = RewritePattern("combine-nested-ifs") { op, rewriter in
    guard let outer = IfOp(op), let first = outer.thenBlock?.firstOperation,
      let inner = IfOp(first), let outerYield = outer.thenYield, first.next == outerYield,
      let innerYield = inner.thenYield, let innerBlock = inner.thenBlock
    else { return false }
    for block in [outer.elseBlock, inner.elseBlock] {
      if let block, block.firstOperation != block.terminator { return false }
    }
    var yielded = Array(outerYield.operands)
    let otherwise = outer.elseYield.map { Array($0.operands) } ?? []
    var selected: [Int] = []
    for (i, value) in yielded.enumerated() {
      if value.definingOperation == first {
        guard inner.elseYield?.operand(value.index) == otherwise[i] else { return false }
        yielded[i] = innerYield.operand(value.index)
        continue
      }
      if value.block?.region == outer.thenRegion { return false }
      selected.append(i)
    }
    let both = rewriter.create(
      Arith.andi, [outer.condition, inner.condition], results: [outer.condition.type])
    let made = rewriter.create(SCF.if, [both.result()], results: op.results.types)
    var results = Array(made.results)
    rewriter.setInsertionPoint(before: made)
    for i in selected {
      results[i] =
        rewriter.create(
          Arith.select, [outer.condition, yielded[i], otherwise[i]], results: [yielded[i].type]
        ).result()
    }
    let block = rewriter.createBlock(in: made.region(0))
    rewriter.mergeBlocks(innerBlock, into: block)
    rewriter.modifyInPlace(innerYield) { innerYield.setOperands(yielded) }
    if !otherwise.isEmpty {
      rewriter.createBlock(in: made.region(1))
      rewriter.create(SCF.yield, otherwise)
    }
    // The emptied conditional inside goes with the outer one.
    rewriter.erase(outerYield)
    rewriter.erase(first)
    rewriter.replace(op, with: results)
    return true
  }

  /// Inside a conditional its condition is known.
  static let propagateCondition = RewritePattern("condition-propagation") { op, rewriter in
    let condition = op.operand(0)
    if condition.constant != nil { return false }
    var known: [Value?] = [nil, nil]
    for use in Array(condition.uses) {
      let user = use.owner
      for i in 0..<2 where op.region(i).isAncestor(of: user) {
        rewriter.setInsertionPoint(before: op)
        let value =
          known[i] ?? ConstantOp.create(rewriter, op.context.boolAttribute(i == 0))
        known[i] = value
        rewriter.modifyInPlace(user) { use.set(value) }
      }
    }
    return known[0] != nil || known[1] != nil
  }

  /// A result that is the same either way, or true one way and false the other.
  static let replaceKnownYields = RewritePattern("yield-of-condition") { op, rewriter in
    guard let view = IfOp(op), let yes = view.thenYield, let no = view.elseYield else {
      return false
    }
    var changed = false
    for (i, result) in op.results.enumerated() where result.hasUses {
      let (a, b) = (yes.operand(i), no.operand(i))
      if a == b {
        rewriter.replaceAllUses(of: result, with: a)
        changed = true
        continue
      }
      guard result.type.isInteger(1), let x = a.constant?.boolValue,
        let y = b.constant?.boolValue, x != y
      else { continue }
      var value = view.condition
      if !x {
        rewriter.setInsertionPoint(before: op)
        let one = ConstantOp.create(rewriter, op.context.boolAttribute(true))
        value = rewriter.create(Arith.xori, [value, one], results: [value.type]).result()
      }
      rewriter.replaceAllUses(of: result, with: value)
      changed = true
    }
    return changed
  }
}

extension Region {
  /// Whether `operation` is in this region or below.
  func isAncestor(of operation: Operation) -> Bool {
    operation.block?.region.map { isAncestor(of: $0) } ?? false
  }
}
