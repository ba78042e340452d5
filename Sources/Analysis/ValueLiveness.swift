import MartletIR

/// Which values can make a difference: those that reach an operation with effects or a return to callers that
/// cannot be seen, and those from which such values are computed. A sparse backward data-flow analysis, through
/// blocks, regions and calls (as MLIR's LivenessAnalysis; what cannot be reached is not live).
public final class ValueLiveness {
  /// What the analysis of dead code has found, which liveness rests on.
  public struct Reachability {
    public let isLive: (Block) -> Bool
    public let areCallersKnown: (Operation) -> Bool
    public let callSites: (Operation) -> [Operation]

    public init<T>(_ analysis: ForwardDataFlow<T>) {
      isLive = { analysis.isLive($0) }
      areCallersKnown = { analysis.areCallersKnown($0) }
      callSites = { analysis.callSites[$0] ?? [] }
    }
  }

  private let reachability: Reachability
  private let symbols = SymbolIndex()
  private var live: Set<Value> = []
  private var dependents: [Value: [Operation]] = [:]
  private var pending: [Operation] = []
  private var isPending: Set<Operation> = []

  public init(_ root: Operation, _ reachability: Reachability) {
    self.reachability = reachability
    // Users first, so that most is settled on the first visit.
    root.walkPreOrder { operation in
      enqueue(operation)
      return .advance
    }
    while let operation = pending.popLast() {
      isPending.remove(operation)
      visit(operation)
    }
  }

  public func isLive(_ value: Value) -> Bool { live.contains(value) }

  private func enqueue(_ operation: Operation) {
    if isPending.insert(operation).inserted { pending.append(operation) }
  }

  private func markLive(_ value: Value) {
    guard live.insert(value).inserted else { return }
    for operation in dependents[value] ?? [] { enqueue(operation) }
  }

  /// Whether `value` is live; if not, `reader` is visited again once it is.
  private func isLive(_ value: Value, for reader: Operation) -> Bool {
    if live.contains(value) { return true }
    if !(dependents[value]?.contains(reader) ?? false) {
      dependents[value, default: []].append(reader)
    }
    return false
  }

  private func visit(_ operation: Operation) {
    if let block = operation.block, !reachability.isLive(block) { return }
    if let branch = operation.regionBranch, operation.regionCount > 0 {
      visit(operation, branch)
      return
    }
    if operation.has(.branch), operation.successors.count > 0 {
      visitBranch(operation)
      return
    }
    if operation.has(.call), let callee = callee(of: operation) {
      visitCall(operation, callee)
      return
    }
    if let parent = operation.parent, operation.block?.lastOperation == operation {
      if let branch = parent.regionBranch, branch.isTerminator(operation) {
        visitTerminator(operation, parent, branch)
        return
      }
      if operation.has(.returnLike), parent.has(.callable) {
        visitReturn(operation, parent)
        return
      }
    }
    let isNeeded = isNeeded(operation, for: operation)
    if isNeeded { for operand in operation.operands { markLive(operand) } }
  }

  /// Whether `operation` has effects or a live result.
  private func isNeeded(_ operation: Operation, for reader: Operation) -> Bool {
    if !operation.wouldBeTriviallyDead { return true }
    var found = false
    for result in operation.results where isLive(result, for: reader) { found = true }
    return found
  }

  private func visit(_ operation: Operation, _ branch: RegionBranchInterface) {
    var forwarded: Set<Int> = []
    for successor in branch.successors(operation, nil, []) {
      for (i, input) in zip(branch.forwarded(operation, nil, successor), successor.inputs) {
        forwarded.insert(i)
        if isLive(input, for: operation) { markLive(operation.operand(i)) }
      }
    }
    if isNeeded(operation, for: operation) {
      for i in 0..<operation.operandCount where !forwarded.contains(i) {
        markLive(operation.operand(i))
      }
      for successor in branch.successors(operation, nil, []) {
        for argument in successor.region?.arguments ?? operation.region(0).arguments
        where successor.region != nil && !successor.inputs.contains(argument) {
          markLive(argument)
        }
      }
    }
  }

  private func visitTerminator(
    _ terminator: Operation, _ parent: Operation, _ branch: RegionBranchInterface
  ) {
    var forwarded: Set<Int> = []
    for successor in branch.successors(parent, terminator, []) {
      let range = branch.forwarded(parent, terminator, successor)
      for (i, input) in zip(range, successor.inputs) {
        forwarded.insert(i)
        if isLive(input, for: terminator) { markLive(terminator.operand(i)) }
      }
    }
    if forwarded.count == terminator.operandCount { return }
    if isNeeded(parent, for: terminator) {
      for i in 0..<terminator.operandCount where !forwarded.contains(i) {
        markLive(terminator.operand(i))
      }
    }
  }

  private func visitBranch(_ operation: Operation) {
    var forwarded: Set<Int> = []
    for (s, successor) in operation.successors.enumerated() {
      guard let range = operation.successorOperandRange(s),
        range.count == successor.argumentCount
      else { continue }
      for (i, argument) in zip(range, successor.arguments) {
        forwarded.insert(i)
        if isLive(argument, for: operation) { markLive(operation.operand(i)) }
      }
    }
    for i in 0..<operation.operandCount where !forwarded.contains(i) {
      markLive(operation.operand(i))
    }
  }

  private func callee(of call: Operation) -> Operation? {
    guard let reference = call.attribute("callee"), reference.kind == .symbolRef,
      let target = symbols.resolve(reference, from: call), target.has(.callable)
    else { return nil }
    return target
  }

  private func visitCall(_ call: Operation, _ callee: Operation) {
    guard callee.regionCount > 0, let entry = callee.region(0).firstBlock else {
      for operand in call.operands { markLive(operand) }
      return
    }
    let arguments = call.argumentOperands
    for (operand, argument) in zip(arguments, entry.arguments)
    where isLive(argument, for: call) { markLive(operand) }
    if call.operandCount > arguments.count {
      let passed = Set(arguments)
      for operand in call.operands where !passed.contains(operand) { markLive(operand) }
    }
  }

  private func visitReturn(_ end: Operation, _ callable: Operation) {
    guard reachability.areCallersKnown(callable) else {
      for operand in end.operands { markLive(operand) }
      return
    }
    for call in reachability.callSites(callable) {
      for (operand, result) in zip(end.operands, call.results) where isLive(result, for: end) {
        markLive(operand)
      }
    }
  }
}
