import MartletIR

/// Simplifies the blocks of `region` and of all regions in it: removes blocks that cannot be reached,
/// operations nothing live depends on, arguments of blocks that are not used and, at level `aggressive`,
/// blocks that repeat another and arguments that are always given one value.
/// - Returns: whether anything changed.
@discardableResult
public func simplifyRegion(
  _ region: Region, _ level: RegionSimplification, rewriter: PatternRewriter
) -> Bool {
  if level == .disabled { return false }
  var simplifier = RegionSimplifier(rewriter: rewriter)
  simplifier.scan(region)
  var changed = false
  if simplifier.hasBranches { changed = simplifier.eraseUnreachable(region) }
  if simplifier.hasBranches || simplifier.mayHaveDead {
    if DeadCodeEliminator(rewriter: rewriter).run(region) { changed = true }
  }
  if level == .aggressive, simplifier.hasBranches {
    if BlockMerger(rewriter: rewriter).run(region) { changed = true }
    if simplifier.dropRedundantArguments(region) { changed = true }
  }
  return changed
}

/// Removes blocks of `region` and of all regions in it that cannot be reached.
/// - Returns: whether there were any.
@discardableResult
public func eraseUnreachableBlocks(of region: Region, rewriter: PatternRewriter) -> Bool {
  RegionSimplifier(rewriter: rewriter).eraseUnreachable(region)
}

private struct RegionSimplifier {
  let rewriter: PatternRewriter
  /// Whether any region has several blocks.
  var hasBranches = false
  /// Whether an operation may be dead: an unused one that has no effects, or one in a graph region,
  /// where operations may keep one another alive.
  var mayHaveDead = false

  init(rewriter: PatternRewriter) { self.rewriter = rewriter }

  /// Looks for what there is to do; straight code from which a rewriter has taken what was unused
  /// needs nothing more.
  mutating func scan(_ region: Region) {
    guard let first = region.firstBlock else { return }
    if first.next != nil { hasBranches = true }
    let isGraph = region.parentOperation.has(.graphRegion)
    for block in region.blocks {
      for operation in block.operations {
        if !mayHaveDead {
          if isGraph {
            mayHaveDead = operation.resultCount > 0
          } else if operation.resultCount > 0, !operation.result(0).hasUses {
            mayHaveDead = operation.isTriviallyDead
          } else if operation.resultCount == 0, operation.isRegistered {
            mayHaveDead = operation.isTriviallyDead
          }
        }
        if operation.regionCount > 0 { for inner in operation.regions { scan(inner) } }
        if hasBranches, mayHaveDead { return }
      }
    }
  }

  func eraseUnreachable(_ region: Region) -> Bool {
    var changed = false
    if let first = region.firstBlock, first.next != nil {
      let reachable = Set(RegionOrder.postOrder(region))
      var dead: [Block] = []
      for block in region.blocks where !reachable.contains(block) { dead.append(block) }
      // Dead blocks may use one another's values in any order.
      for block in dead {
        for operation in block.operations { operation.dropAllReferences() }
      }
      for block in dead { rewriter.erase(block) }
      changed = !dead.isEmpty
    }
    for block in region.blocks {
      for operation in block.operations where operation.regionCount > 0 {
        for inner in operation.regions {
          if eraseUnreachable(inner) { changed = true }
        }
      }
    }
    return changed
  }

  /// Removes arguments for which every predecessor passes one value that dominates the block.
  func dropRedundantArguments(_ region: Region) -> Bool {
    var changed = false
    if let first = region.firstBlock, first.next != nil {
      for block in region.blocks where block != first {
        for i in (0..<block.argumentCount).reversed() {
          if let value = onlyValue(of: block, argument: i) {
            rewriter.replaceAllUses(of: block.argument(i), with: value)
            removeArgument(i, of: block)
            changed = true
          }
        }
      }
    }
    for block in region.blocks {
      for operation in block.operations {
        for inner in operation.regions where dropRedundantArguments(inner) { changed = true }
      }
    }
    return changed
  }

  private func onlyValue(of block: Block, argument i: Int) -> Value? {
    var found: Value?
    for terminator in block.predecessorTerminators {
      for (s, successor) in terminator.successors.enumerated() where successor == block {
        guard let operands = terminator.successorOperands(s), operands.count > i else { return nil }
        let value = operands[i]
        if value == block.argument(i) { continue }
        if let found, found != value { return nil }
        found = value
      }
    }
    guard let value = found, let user = block.firstOperation else { return nil }
    return Dominance().dominates(value, user: user) && value.block != block ? value : nil
  }

  private func removeArgument(_ i: Int, of block: Block) {
    for terminator in Set(block.predecessorTerminators).sorted(by: { $0.raw < $1.raw }) {
      for (s, successor) in terminator.successors.enumerated() where successor == block {
        guard let operands = terminator.successorOperands(s) else { continue }
        var values = Array(operands)
        values.remove(at: i)
        terminator.setSuccessorOperands(s, values)
      }
      rewriter.didModify(terminator)
    }
    block.eraseArgument(i)
  }
}

/// Removes operations and block arguments nothing live depends on: all is taken to be dead until found
/// live, so that cycles of dead values go too.
private final class DeadCodeEliminator {
  private let rewriter: PatternRewriter
  private var live = OperationTable()
  /// Arguments of blocks other than entries that are live.
  private var liveArguments: Set<Value> = []
  private var pending: [Operation] = []

  init(rewriter: PatternRewriter) { self.rewriter = rewriter }

  func run(_ region: Region) -> Bool {
    findRoots(region)
    while let operation = pending.popLast() { propagate(from: operation) }
    return eraseDead(region)
  }

  private func findRoots(_ region: Region) {
    for block in region.blocks {
      for operation in block.operations {
        for inner in operation.regions { findRoots(inner) }
        if operation.has(.terminator) || !operation.wouldBeTriviallyDead { mark(operation) }
      }
    }
  }

  private func mark(_ operation: Operation) {
    if live[operation.raw] != 0 { return }
    live[operation.raw] = 1
    pending.append(operation)
  }

  private func mark(_ value: Value) {
    if let definer = value.definingOperation {
      mark(definer)
      return
    }
    guard let block = value.owningBlock, !block.isEntry, liveArguments.insert(value).inserted
    else { return }
    for terminator in block.predecessorTerminators {
      for (s, successor) in terminator.successors.enumerated() where successor == block {
        if let operands = terminator.successorOperands(s), value.index < operands.count {
          mark(operands[value.index])
        }
      }
    }
  }

  private func propagate(from operation: Operation) {
    guard operation.successors.count > 0 else {
      for operand in operation.operands { mark(operand) }
      return
    }
    var passedOn: [Range<Int>] = []
    for (s, successor) in operation.successors.enumerated() {
      if let range = operation.successorOperandRange(s), range.count == successor.argumentCount {
        passedOn.append(range)
      } else {
        // What it hands on is not known, so all of it counts.
        for argument in successor.arguments { mark(argument) }
      }
    }
    for (i, operand) in operation.operands.enumerated()
    where !passedOn.contains(where: { $0.contains(i) }) {
      mark(operand)
    }
  }

  private func eraseDead(_ region: Region) -> Bool {
    guard let first = region.firstBlock else { return false }
    let hasOneBlock = first.next == nil
    var changed = false
    for block in RegionOrder.postOrder(region) {
      if !hasOneBlock, let last = block.lastOperation { trimSuccessorOperands(last) }
      var current = block.lastOperation
      while let operation = current {
        current = operation.previous
        if live[operation.raw] == 0 {
          for result in operation.results {
            while let use = result.firstUse { use.owner.dropAllReferences() }
          }
          rewriter.erase(operation)
          changed = true
        } else {
          for inner in operation.regions where eraseDead(inner) { changed = true }
        }
      }
    }
    if hasOneBlock { return changed }
    for block in region.blocks where block != first {
      for i in (0..<block.argumentCount).reversed()
      where !liveArguments.contains(block.argument(i)) {
        block.eraseArgument(i)
        changed = true
      }
    }
    return changed
  }

  private func trimSuccessorOperands(_ terminator: Operation) {
    for (s, successor) in terminator.successors.enumerated() {
      guard let operands = terminator.successorOperands(s),
        operands.count == successor.argumentCount
      else { continue }
      let kept = operands.indices.filter { liveArguments.contains(successor.argument($0)) }
      if kept.count == operands.count { continue }
      let values = Array(operands)
      terminator.setSuccessorOperands(s, kept.map { values[$0] })
    }
  }
}

/// Merges blocks of a region that hold the same operations, giving the block that stays an argument for
/// each operand from outside in which they differ.
private struct BlockMerger {
  let rewriter: PatternRewriter

  func run(_ region: Region) -> Bool {
    var changed = false
    for block in region.blocks {
      for operation in block.operations {
        for inner in operation.regions where run(inner) { changed = true }
      }
    }
    if region.isEmpty || region.hasOneBlock { return changed }
    var leaders: [Block] = []
    for block in Array(region.blocks).dropFirst() {
      let hasRegions = block.operations.contains { $0.regionCount > 0 }
      if hasRegions || block.isEmpty { continue }
      if leaders.contains(where: { merge(block, into: $0) }) {
        changed = true
      } else {
        leaders.append(block)
      }
    }
    return changed
  }

  /// Redirects what leads to `block` to `leader` where they are alike.
  private func merge(_ block: Block, into leader: Block) -> Bool {
    guard block.arguments.types == leader.arguments.types,
      let differing = differences(leader, block)
    else { return false }
    if !differing.isEmpty {
      let blocks = [leader, block]
      for part in blocks where !canUpdatePredecessors(of: part) { return false }
      for place in differing {
        let mine = place.ours.operand(place.index)
        let theirs = place.theirs.operand(place.index)
        append(mine, toPredecessorsOf: leader)
        append(theirs, toPredecessorsOf: block)
        let argument = leader.addArgument(mine.type)
        place.ours.setOperand(place.index, argument)
        rewriter.didModify(place.ours)
        block.addArgument(mine.type)
      }
    }
    for terminator in block.predecessorTerminators { rewriter.didModify(terminator) }
    block.replaceAllUses(with: leader)
    rewriter.erase(block)
    return true
  }

  private typealias Difference = (ours: Operation, theirs: Operation, index: Int)

  /// The operands in which the blocks differ and may; nil where the blocks are not alike.
  private func differences(_ leader: Block, _ block: Block) -> [Difference]? {
    var found: [Difference] = []
    var pairs: [Value: Value] = [:]
    for (a, b) in zip(leader.arguments, block.arguments) { pairs[a] = b }
    var left = leader.firstOperation
    var right = block.firstOperation
    while let a = left, let b = right {
      guard a.isEquivalentIgnoringOperands(to: b) else { return nil }
      for i in 0..<a.operandCount {
        let x = a.operand(i)
        let y = b.operand(i)
        if let partner = pairs[x] {
          if partner != y { return nil }
          continue
        }
        if x == y { continue }
        if x.type != y.type || x.block == leader || y.block == block { return nil }
        if isFromPredecessor(x, leader) || isFromPredecessor(y, block) { return nil }
        found.append((a, b, i))
      }
      for (x, y) in zip(a.results, b.results) {
        if x.uses.contains(where: { $0.owner.block != leader })
          || y.uses.contains(where: { $0.owner.block != block })
        {
          return nil
        }
        pairs[x] = y
      }
      left = a.next
      right = b.next
    }
    return left == nil && right == nil ? found : nil
  }

  /// Whether a value is made by the terminator of a predecessor, which could not pass it on.
  private func isFromPredecessor(_ value: Value, _ block: Block) -> Bool {
    guard let definer = value.definingOperation else { return false }
    return block.predecessorTerminators.contains(definer)
  }

  private func canUpdatePredecessors(of block: Block) -> Bool {
    block.predecessorTerminators.allSatisfy { terminator in
      terminator.successors.indices.allSatisfy { terminator.successorOperandRange($0) != nil }
    }
  }

  private func append(_ value: Value, toPredecessorsOf block: Block) {
    for terminator in Set(block.predecessorTerminators).sorted(by: { $0.raw < $1.raw }) {
      for (s, successor) in terminator.successors.enumerated() where successor == block {
        guard let operands = terminator.successorOperands(s) else { continue }
        terminator.setSuccessorOperands(s, Array(operands) + [value])
      }
      rewriter.didModify(terminator)
    }
  }
}

extension Operation {
  /// Whether both have the same name, attributes, result types and successors, and operands of the
  /// same number; locations do not count.
  public func isEquivalentIgnoringOperands(to other: Operation) -> Bool {
    guard name == other.name, operandCount == other.operandCount,
      resultCount == other.resultCount, regionCount == other.regionCount,
      successors.count == other.successors.count, hasEqualAttributes(to: other)
    else { return false }
    for i in 0..<resultCount where result(i).type != other.result(i).type { return false }
    for i in 0..<successors.count where successors[i] != other.successors[i] { return false }
    return true
  }
}
