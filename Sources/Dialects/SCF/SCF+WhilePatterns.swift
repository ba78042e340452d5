import MartletIR
import MartletRewriting

/// Canonicalisations of `scf.while`.
extension SCF {
  static let whilePatterns: CanonicalizationPatterns = .init(
    [conditionTrueInAfter, propagateComparison, alignBefore, moveIfDown]
      + RegionBranchPatterns.all)

  /// Passed on as an argument, the condition is true wherever `after` runs.
  private static let conditionTrueInAfter = RewritePattern("condition-true-in-after") {
    op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition else { return false }
    var known: Value?
    for (i, value) in condition.operands.dropFirst().enumerated()
    where value == condition.operand(0) && loop.after.argument(i).hasUses {
      let constant = known ?? ConstantOp.create(rewriter, op.context.boolAttribute(true))
      known = constant
      rewriter.replaceAllUses(of: loop.after.argument(i), with: constant)
    }
    return known != nil
  }

  /// The comparison that decides is known in `after`, and so is its inverse.
  private static let propagateComparison = RewritePattern("comparison-known-in-after") {
    op, rewriter in
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
            other == predicate || other == inverse[Int(predicate)]
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

  /// The arguments of `before`, passed on as they are but in another order, are passed on in theirs.
  private static let alignBefore = RewritePattern("align-arguments-of-before") { op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition else { return false }
    let arguments = Array(loop.before.arguments)
    let passed = Array(condition.operands.dropFirst())
    if arguments == passed || Set(passed).count != passed.count { return false }
    guard arguments.count == passed.count else { return false }
    // Where result i goes.
    var places: [Int] = []
    for value in passed {
      guard let place = arguments.firstIndex(of: value) else { return false }
      places.append(place)
    }
    let decision = condition.operand(0)
    rewriter.modifyInPlace(condition) { condition.setOperands([decision] + arguments) }
    let types = arguments.map(\.type)
    rewriter.setInsertionPoint(before: op)
    let made = rewriter.create(SCF.while, Array(loop.inits), results: types)
    let before = rewriter.createBlock(in: made.region(0), arguments: types)
    let after = rewriter.createBlock(in: made.region(1), arguments: types)
    rewriter.mergeBlocks(loop.before, into: before, arguments: Array(before.arguments))
    rewriter.mergeBlocks(
      loop.after, into: after, arguments: places.map { after.argument($0) })
    rewriter.replace(op, with: places.map { made.result($0) })
    return true
  }

  /// A conditional on the loop's own condition, last in `before`, goes to the start of `after`.
  private static let moveIfDown = RewritePattern("move-if-down") { op, rewriter in
    guard let loop = WhileOp(op), let condition = loop.condition,
      let previous = IfOp(condition.previous), previous.condition == condition.operand(0),
      let then = previous.thenBlock, let thenYield = previous.thenYield
    else { return false }
    if let otherwise = previous.elseBlock, otherwise.firstOperation != otherwise.terminator {
      return false
    }
    let conditional = previous.operation
    if conditional.results.contains(where: { $0.uses.contains { $0.owner != condition } }) {
      return false
    }
    for (i, value) in Array(condition.operands.dropFirst()).enumerated()
    where value.definingOperation == conditional {
      guard let elseYield = previous.elseYield else { return false }
      let k = value.index
      rewriter.replaceAllUses(of: conditional.result(k), with: elseYield.operand(k))
      rewriter.replaceAllUses(of: loop.after.argument(i), with: thenYield.operand(k))
    }
    var needed: [Value] = []
    conditional.walkPreOrder { inner in
      if inner == conditional { return .advance }
      for operand in inner.operands
      where operand.block?.region == op.region(0) && !needed.contains(operand)
        && previous.thenRegion.isAncestor(of: inner)
      {
        needed.append(operand)
      }
      return .advance
    }
    rewriter.setInsertionPoint(before: op)
    let made = rewriter.create(
      SCF.while, Array(loop.inits), results: op.results.types + needed.map(\.type))
    let after = loop.after
    rewriter.modifyInPlace(made) {
      made.region(0).takeBody(of: op.region(0))
      made.region(1).takeBody(of: op.region(1))
      for value in needed { after.addArgument(value.type) }
    }
    let passed = Array(condition.operands)
    rewriter.modifyInPlace(condition) { condition.setOperands(passed + needed) }
    for (k, value) in needed.enumerated() {
      rewriter.replaceUses(of: value, with: after.argument(op.resultCount + k)) {
        previous.thenRegion.isAncestor(of: $0.owner)
      }
    }
    rewriter.erase(thenYield)
    if let first = after.firstOperation {
      rewriter.inlineBlock(then, before: first)
    }
    rewriter.erase(conditional)
    rewriter.replace(op, with: Array(made.results.prefix(op.resultCount)))
    return true
  }
}
