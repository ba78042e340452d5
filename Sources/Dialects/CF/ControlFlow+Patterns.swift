import MartletIR
import MartletRewriting

/// Canonicalisations of branches.
extension ControlFlow {
  /// Where a block that only branches on, with no operations of its own, leads: its destination and the values
  /// passed there, given those passed to it.
  private static func forwarded(_ block: Block, _ values: [Value]) -> (Block, [Value])? {
    guard let only = block.firstOperation, only.is(br), only.next == nil,
      only.successors[0] != block
    else { return nil }
    // Uses of the block's arguments elsewhere need the block.
    for argument in block.arguments {
      for use in argument.uses where use.owner != only { return nil }
    }
    // A cycle of such blocks leads nowhere.
    var visited: Set<Block> = [block, only.successors[0]]
    var next = only.successors[0].lastOperation
    while let branch = next, branch.is(br) {
      guard visited.insert(branch.successors[0]).inserted else { return nil }
      next = branch.successors[0].lastOperation
    }
    let map = Dictionary(zip(block.arguments, values), uniquingKeysWith: { first, _ in first })
    return (only.successors[0], only.operands.map { map[$0] ?? $0 })
  }

  static let brPatterns: CanonicalizationPatterns = .init(
    RewritePattern("merge-into-only-predecessor") { op, rewriter in
      let target = op.successors[0]
      guard let block = op.block, target != block, target.region == block.region,
        !target.isEntry, target.predecessorTerminators.count == 1
      else { return false }
      let operands = Array(op.operands)
      rewriter.erase(op)
      rewriter.mergeBlocks(target, into: block, arguments: operands)
      return true
    },
    RewritePattern("branch-through") { op, rewriter in
      guard let (target, values) = forwarded(op.successors[0], Array(op.operands)) else {
        return false
      }
      rewriter.replaceBranch(op, target, values)
      return true
    })

  static let condBrPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-condition") { op, rewriter in
      guard let taken = op.operand(0).constant?.boolValue else { return false }
      let i = taken ? 0 : 1
      rewriter.replaceBranch(op, op.successors[i], successorOperands(op, i))
      return true
    },
    RewritePattern("cond-branch-through") { op, rewriter in
      var parts = [(op.successors[0], successorOperands(op, 0))]
      parts.append((op.successors[1], successorOperands(op, 1)))
      var changed = false
      for i in 0..<2 {
        if let next = forwarded(parts[i].0, parts[i].1) {
          parts[i] = next
          changed = true
        }
      }
      guard changed else { return false }
      var attributes = [
        (
          "operandSegmentSizes",
          op.context.denseI32Array([1, parts[0].1.count, parts[1].1.count])
        )
      ]
      if let weights = op.attribute("branch_weights") {
        attributes.append(("branch_weights", weights))
      }
      rewriter.create(
        condBr, [op.operand(0)] + parts[0].1 + parts[1].1, attributes: attributes,
        successors: parts.map(\.0))
      rewriter.erase(op)
      return true
    },
    RewritePattern("identical-successors") { op, rewriter in
      guard op.successors[0] == op.successors[1] else { return false }
      let (yes, no) = (successorOperands(op, 0), successorOperands(op, 1))
      var values: [Value] = []
      for (a, b) in zip(yes, no) {
        if a == b {
          values.append(a)
        } else {
          values.append(
            rewriter.create(Arith.select, [op.operand(0), a, b], results: [a.type]).result())
        }
      }
      rewriter.replaceBranch(op, op.successors[0], values)
      return true
    },
    RewritePattern("same-condition-in-predecessor") { op, rewriter in
      guard let before = onlyPredecessor(of: op), before.is(condBr),
        before.operand(0) == op.operand(0)
      else { return false }
      let i = before.successors[0] == op.block ? 0 : 1
      rewriter.replaceBranch(op, op.successors[i], successorOperands(op, i))
      return true
    },
    RewritePattern("condition-known-in-successors") { op, rewriter in
      // In a block only this branch leads to, the condition is what took it there.
      let condition = op.operand(0)
      guard condition.constant == nil else { return false }
      var changed = false
      for i in 0..<2 {
        let block = op.successors[i]
        guard block.predecessorTerminators.count == 1 else { continue }
        let uses = condition.uses.filter { $0.owner.block == block }
        if uses.isEmpty { continue }
        let known = rewriter.at(op.block.map { InsertionPoint(block: $0, before: op) }) {
          ConstantOp.create(rewriter, op.context.boolAttribute(i == 0))
        }
        for use in uses { rewriter.modifyInPlace(use.owner) { use.set(known) } }
        changed = true
      }
      return changed
    },
    RewritePattern("unreachable-successor") { op, rewriter in
      for i in 0..<2 {
        guard let only = op.successors[i].firstOperation, only.is(UB.unreachable) else {
          continue
        }
        rewriter.replaceBranch(op, op.successors[1 - i], successorOperands(op, 1 - i))
        return true
      }
      return false
    })

  /// The terminator that alone leads to the block of `op`, by one way.
  private static func onlyPredecessor(of op: Operation) -> Operation? {
    guard let predecessors = op.block?.predecessorTerminators, predecessors.count == 1 else {
      return nil
    }
    return predecessors[0]
  }

  /// Replaces `op` by a switch to `targets`, the default one first.
  private static func replaceSwitch(
    _ op: Operation, _ values: [Int], _ targets: [(block: Block, values: [Value])],
    _ rewriter: PatternRewriter
  ) {
    let context = op.context
    let flag = op.operand(0)
    let passed = targets.dropFirst()
    let segments = [1, targets[0].values.count, passed.reduce(0) { $0 + $1.values.count }]
    var attributes = [
      ("case_operand_segments", context.denseI32Array(passed.map(\.values.count))),
      ("operandSegmentSizes", context.denseI32Array(segments)),
    ]
    if !values.isEmpty {
      let type = context.vector([values.count], flag.type)
      attributes.append(("case_values", context.dense(type, integers: values)))
    }
    rewriter.create(
      `switch`, [flag] + targets.flatMap(\.values), attributes: attributes,
      successors: targets.map(\.block))
    rewriter.erase(op)
  }

  private static func targets(_ op: Operation) -> [(block: Block, values: [Value])] {
    op.successors.indices.map { (op.successors[$0], successorOperands(op, $0)) }
  }

  static let switchPatterns: CanonicalizationPatterns = .init(
    RewritePattern("cases-like-default") { op, rewriter in
      let values = op.attribute("case_values")?.integers ?? []
      let all = targets(op)
      guard values.count == all.count - 1 else { return false }
      let kept = values.indices.filter {
        all[$0 + 1].block != all[0].block || all[$0 + 1].values != all[0].values
      }
      if kept.count == values.count { return false }
      replaceSwitch(
        op, kept.map { values[$0] }, [all[0]] + kept.map { all[$0 + 1] }, rewriter)
      return true
    },
    RewritePattern("constant-flag") { op, rewriter in
      let values = op.attribute("case_values")?.integers ?? []
      if values.isEmpty {
        rewriter.replaceBranch(op, op.successors[0], successorOperands(op, 0))
        return true
      }
      guard let flag = op.operand(0).constantInteger else { return false }
      let i = (values.firstIndex(of: flag) ?? -1) + 1
      rewriter.replaceBranch(op, op.successors[i], successorOperands(op, i))
      return true
    },
    RewritePattern("switch-through") { op, rewriter in
      // A block that only branches on is passed over.
      let values = op.attribute("case_values")?.integers ?? []
      let all = targets(op)
      guard values.count == all.count - 1 else { return false }
      var changed = false
      let passed = all.map { target -> (block: Block, values: [Value]) in
        guard let (block, values) = forwarded(target.block, target.values) else { return target }
        changed = true
        return (block, values)
      }
      if !changed { return false }
      replaceSwitch(op, values, passed, rewriter)
      return true
    },
    RewritePattern("same-flag-in-predecessor") { op, rewriter in
      guard let before = onlyPredecessor(of: op), before.is(`switch`),
        before.operand(0) == op.operand(0), let block = op.block
      else { return false }
      let known = before.attribute("case_values")?.integers ?? []
      let values = op.attribute("case_values")?.integers ?? []
      let all = targets(op)
      guard values.count == all.count - 1, known.count == before.successors.count - 1 else {
        return false
      }
      if before.successors[0] == block {
        // None of the predecessor's cases can come here.
        let kept = values.indices.filter { !known.contains(values[$0]) }
        if kept.count == values.count { return false }
        replaceSwitch(
          op, kept.map { values[$0] }, [all[0]] + kept.map { all[$0 + 1] }, rewriter)
        return true
      }
      guard let taken = before.successors.dropFirst().firstIndex(of: block) else { return false }
      let i = (values.firstIndex(of: known[taken - 1]) ?? -1) + 1
      rewriter.replaceBranch(op, op.successors[i], successorOperands(op, i))
      return true
    })

  static let assertPatterns: CanonicalizationPatterns = .init(
    RewritePattern("holds") { op, rewriter in
      guard op.operand(0).constant?.boolValue == true else { return false }
      rewriter.erase(op)
      return true
    })
}

extension PatternRewriter {
  /// Replaces a terminator by an unconditional branch.
  func replaceBranch(_ op: Operation, _ target: Block, _ values: [Value]) {
    create(ControlFlow.br, values, successors: [target])
    erase(op)
  }
}
