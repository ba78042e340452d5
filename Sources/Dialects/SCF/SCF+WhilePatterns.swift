import MartletIR
import MartletRewriting

/// Canonicalisations that change what a `scf.while` carries.
extension SCF {
  /// What a loop is to carry: which initial values and which results stay, and what stands for the others.
  private struct Narrowing {
    var keptInits: [Int]
    var keptResults: [Int]
    /// Stand-ins for arguments of `before` that go.
    var before: [Int: Value] = [:]
    /// Stand-ins, from outside the loop, for results that go and the arguments of `after` they come from.
    var results: [Int: Value] = [:]
    /// Results that are the same as an earlier one.
    var duplicates: [Int: Int] = [:]

    init(_ loop: WhileOp) {
      keptInits = Array(loop.inits.indices)
      keptResults = Array(loop.results.indices)
    }
  }

  /// Replaces `op` by a loop that carries less.
  private static func narrow(
    _ op: Operation, _ loop: WhileOp, _ narrowing: Narrowing, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let condition = loop.condition, let yield = loop.yield else { return false }
    let inits = Array(loop.inits)
    let passed = Array(condition.operands.dropFirst())
    let types = op.results.types
    let (oldBefore, oldAfter) = (loop.before, loop.after)
    let made = rewriter.create(
      SCF.while, narrowing.keptInits.map { inits[$0] },
      results: narrowing.keptResults.map { types[$0] })
    let before = rewriter.createBlock(
      in: made.region(0), arguments: narrowing.keptInits.map { inits[$0].type })
    let after = rewriter.createBlock(
      in: made.region(1), arguments: narrowing.keptResults.map { types[$0] })
    // What goes without a stand-in has no uses.
    var beforeValues = inits
    for (i, value) in narrowing.before { beforeValues[i] = value }
    for (k, i) in narrowing.keptInits.enumerated() { beforeValues[i] = before.argument(k) }
    var afterValues = passed
    var results = passed
    for (i, value) in narrowing.results { (afterValues[i], results[i]) = (value, value) }
    for (k, i) in narrowing.keptResults.enumerated() {
      (afterValues[i], results[i]) = (after.argument(k), made.result(k))
    }
    for (i, first) in narrowing.duplicates {
      (afterValues[i], results[i]) = (afterValues[first], results[first])
    }
    let nextInits = narrowing.keptInits.map { yield.operand($0) }
    rewriter.modifyInPlace(yield) { yield.setOperands(nextInits) }
    let decision = condition.operand(0)
    rewriter.modifyInPlace(condition) {
      condition.setOperands([decision] + narrowing.keptResults.map { passed[$0] })
    }
    rewriter.mergeBlocks(oldBefore, into: before, arguments: beforeValues)
    rewriter.mergeBlocks(oldAfter, into: after, arguments: afterValues)
    for i in op.results.indices where op.result(i).hasUses {
      rewriter.replaceAllUses(of: op.result(i), with: results[i])
    }
    rewriter.erase(op)
    return true
  }

  /// An argument of `before` that is given its first value again in each iteration.
  static let removeInvariantBefore = RewritePattern("invariant-arguments-of-before") {
    op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition, let yield = loop.yield else {
      return false
    }
    var narrowing = Narrowing(loop)
    narrowing.keptInits.removeAll { i in
      let next = yield.operand(i)
      let start = loop.inits[i]
      var isInvariant = next == start
      if next.owningBlock == loop.after {
        let passed = condition.operand(next.index + 1)
        isInvariant = passed == loop.before.argument(i) || passed == start
      }
      if isInvariant { narrowing.before[i] = start }
      return isInvariant
    }
    return narrowing.before.isEmpty ? false : narrow(op, loop, narrowing, rewriter)
  }

  /// A result that comes from outside the loop.
  static let removeInvariantResults = RewritePattern("invariant-results") { op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition else { return false }
    var narrowing = Narrowing(loop)
    narrowing.keptResults.removeAll { i in
      let value = condition.operand(i + 1)
      if op.region(0).isAncestor(of: value) { return false }
      narrowing.results[i] = value
      return true
    }
    return narrowing.results.isEmpty ? false : narrow(op, loop, narrowing, rewriter)
  }

  /// The comparison that decides is known in `after`, and so is its inverse.
  static let propagateComparison = RewritePattern("comparison-known-in-after") { op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition,
      let compare = condition.operand(0).definingOperation, compare.is(Arith.cmpi),
      let predicate = compare.attribute("predicate")?.enumValue
    else { return false }
    // eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge
    let inverse: [Int64] = [1, 0, 5, 4, 3, 2, 9, 8, 7, 6]
    guard inverse.indices.contains(Int(predicate)) else { return false }
    var changed = false
    for (i, value) in condition.operands.dropFirst().enumerated() {
      for side in 0..<2 where value == compare.operand(side) {
        for use in Array(loop.after.argument(i).uses) {
          let user = use.owner
          guard user.is(Arith.cmpi), user.operand(1 - side) == compare.operand(1 - side),
            let other = user.attribute("predicate")?.enumValue,
            other == predicate || other == inverse[Int(predicate)], user.operand(side) == use.value
          else { continue }
          rewriter.setInsertionPoint(before: user)
          let known = ConstantOp.create(rewriter, op.context.boolAttribute(other == predicate))
          rewriter.replace(user, with: known)
          changed = true
        }
      }
    }
    return changed
  }

  static let removeUnusedResults = RewritePattern("unused-results") { op, rewriter in
    guard let loop = WhileOp(op) else { return false }
    var narrowing = Narrowing(loop)
    narrowing.keptResults.removeAll { !op.result($0).hasUses && !loop.after.argument($0).hasUses }
    if narrowing.keptResults.count == op.resultCount { return false }
    return narrow(op, loop, narrowing, rewriter)
  }

  static let removeDuplicateResults = RewritePattern("duplicate-results") { op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition else { return false }
    var narrowing = Narrowing(loop)
    var seen: [Value: Int] = [:]
    for (i, value) in condition.operands.dropFirst().enumerated() {
      if let first = seen[value] { narrowing.duplicates[i] = first } else { seen[value] = i }
    }
    if narrowing.duplicates.isEmpty { return false }
    let duplicates = narrowing.duplicates
    narrowing.keptResults.removeAll { duplicates[$0] != nil }
    return narrow(op, loop, narrowing, rewriter)
  }

  static let removeUnusedInits = RewritePattern("unused-arguments-of-before") { op, rewriter in
    guard let loop = WhileOp(op) else { return false }
    var narrowing = Narrowing(loop)
    narrowing.keptInits.removeAll { !loop.before.argument($0).hasUses }
    if narrowing.keptInits.count == loop.inits.count { return false }
    return narrow(op, loop, narrowing, rewriter)
  }
}
