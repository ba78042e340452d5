import MartletIR

/// Canonicalisations of any operation that says how values flow through its regions
/// (`RegionBranchInterface`): what is passed on unchanged is used directly, what is passed on twice once,
/// and what nobody uses is not passed on. Operations add them behind their own patterns.
public enum RegionBranchPatterns {
  public static let all = [makeInputsDead, removeDuplicates, removeDead]

  /// By input the operands that are passed to it, inputs in the order in which they are met; nil where there
  /// are none, as for most loops and conditions.
  private static func operandsOfInputs(
    _ op: Operation, _ branch: RegionBranchInterface
  ) -> (order: [Value], places: [Value: [OperandPlace]])? {
    let mapping = op.successorInputs(branch)
    if mapping.isEmpty { return nil }
    var order: [Value] = []
    var places: [Value: [OperandPlace]] = [:]
    for (place, inputs) in mapping {
      for input in inputs {
        if places[input] == nil { order.append(input) }
        places[input, default: []].append(place)
      }
    }
    return (order, places)
  }

  /// An input that only one value from elsewhere ever reaches is that value.
  static let makeInputsDead = RewritePattern("make-successor-inputs-dead") { op, rewriter in
    guard let branch = op.regionBranch, let (order, places) = operandsOfInputs(op, branch) else {
      return false
    }
    var changed = false
    for input in order where input.hasUses {
      guard let value = onlyReaching(input, places), isAvailable(value, for: input, op) else {
        continue
      }
      rewriter.replaceAllUses(of: input, with: value)
      changed = true
    }
    return changed
  }

  /// The one value, itself no input, that flows to `input` on all ways; nil where there are several.
  private static func onlyReaching(
    _ input: Value, _ places: [Value: [OperandPlace]]
  ) -> Value? {
    var found: Value?
    var visited: Set<Value> = []
    var pending = [input]
    while let next = pending.popLast() {
      guard let operands = places[next] else {
        if let found, found != next { return nil }
        found = next
        continue
      }
      for place in operands where visited.insert(place.value).inserted {
        pending.append(place.value)
      }
    }
    return found
  }

  private static func isAvailable(_ value: Value, for input: Value, _ op: Operation) -> Bool {
    guard value.block?.parentOperation == op else { return true }
    guard let block = input.owningBlock else { return false }
    return value.owningBlock == block
  }

  /// Of inputs of one block or operation that always get the same values one is used for all.
  static let removeDuplicates = RewritePattern("remove-duplicate-successor-inputs") {
    op, rewriter in
    guard let branch = op.regionBranch, let (order, places) = operandsOfInputs(op, branch),
      order.count > 1
    else { return false }
    let inputs = order.enumerated().sorted {
      ($0.element.index, $0.offset) < ($1.element.index, $1.offset)
    }.map(\.element)
    var changed = false
    for (i, first) in inputs.enumerated() {
      for second in inputs[(i + 1)...] where second.hasUses {
        guard haveSameOwner(first, second) else { continue }
        guard let a = places[first], let b = places[second], a.count == b.count,
          a.allSatisfy({ x in b.contains { $0.owner == x.owner && $0.value == x.value } })
        else { continue }
        rewriter.replaceAllUses(of: second, with: first)
        changed = true
      }
    }
    return changed
  }

  private static func haveSameOwner(_ a: Value, _ b: Value) -> Bool {
    if let block = a.owningBlock { return b.owningBlock == block }
    return a.definingOperation == b.definingOperation
  }

  /// Inputs without uses go, together with the operands passed to them; inputs that one operand is
  /// passed to go together or not at all.
  static let removeDead = RewritePattern("remove-dead-successor-inputs") { op, rewriter in
    guard let branch = op.regionBranch else { return false }
    let mapping = op.successorInputs(branch)
    if mapping.allSatisfy({ $0.inputs.allSatisfy(\.hasUses) }) { return false }
    let dead = deadInputs(mapping.map(\.inputs))
    if dead.isEmpty { return false }
    var operands: [Operation: Set<Int>] = [:]
    var owners: [Operation] = []
    for (place, inputs) in mapping where inputs.contains(where: { dead.contains($0) }) {
      if operands[place.owner] == nil { owners.append(place.owner) }
      operands[place.owner, default: []].insert(place.index)
    }
    for owner in owners {
      let gone = operands[owner] ?? []
      rewriter.modifyInPlace(owner) { owner.eraseOperands(gone) }
    }
    for region in op.regions {
      for block in region.blocks {
        for i in (0..<block.argumentCount).reversed() where dead.contains(block.argument(i)) {
          rewriter.modifyInPlace(op) { block.eraseArgument(i) }
        }
      }
    }
    let kept = op.results.indices.filter { !dead.contains(op.result($0)) }
    if kept.count < op.resultCount { rewriter.eraseResults(of: op, except: kept) }
    return true
  }

  /// The inputs of all sets of tied ones none of which has a use.
  private static func deadInputs(_ groups: [[Value]]) -> Set<Value> {
    // Union-find over positions of first mention.
    var numbers: [Value: Int] = [:]
    var values: [Value] = []
    var parent: [Int] = []
    func number(_ value: Value) -> Int {
      if let known = numbers[value] { return known }
      numbers[value] = values.count
      parent.append(values.count)
      values.append(value)
      return values.count - 1
    }
    func root(_ start: Int) -> Int {
      var i = start
      while parent[i] != i { i = parent[i] }
      return i
    }
    for group in groups {
      guard let first = group.first else { continue }
      let leader = number(first)
      for value in group.dropFirst() {
        let other = root(number(value))
        parent[other] = root(leader)
      }
    }
    var isLive = [Bool](repeating: false, count: values.count)
    for (i, value) in values.enumerated() where value.hasUses { isLive[root(i)] = true }
    var dead: Set<Value> = []
    for (i, value) in values.enumerated() where !isLive[root(i)] { dead.insert(value) }
    return dead
  }
}

extension Operation {
  /// Removes the operands at `positions`, keeping declared segment sizes right.
  public func eraseOperands(_ positions: Set<Int>) {
    if has(.attrSizedOperandSegments),
      let sizes = attribute("operandSegmentSizes")?.integers
    {
      var kept: [Int] = []
      var start = 0
      for size in sizes {
        kept.append((start..<(start + size)).count { !positions.contains($0) })
        start += size
      }
      setAttribute("operandSegmentSizes", context.denseI32Array(kept))
    }
    let values = operands.enumerated().filter { !positions.contains($0.offset) }.map(\.element)
    setOperands(values)
  }
}

extension PatternRewriter {
  /// Replaces `operation` by one like it that has only the results `kept`, its regions moved over; the
  /// others must have no uses.
  @discardableResult
  public func eraseResults(of operation: Operation, except kept: [Int]) -> Operation {
    setInsertionPoint(before: operation)
    let made = context.createOperation(
      operation.name, location: operation.location, operands: operation.operands,
      resultTypes: kept.map { operation.result($0).type },
      successors: Array(operation.successors), regionCount: operation.regionCount)
    if let definition = operation.definition {
      for i in definition.attributes.indices { made.setInherent(i, operation.inherent(i)) }
    } else if let properties = operation.unregisteredProperties {
      made.setInherent(0, properties)
    }
    made.setDiscardableAttributes(operation.discardableAttributes)
    for (k, i) in kept.enumerated() { made.result(k).nameHint = operation.result(i).nameHint }
    insert(made)
    for (old, new) in zip(operation.regions, made.regions) { inlineRegion(old, into: new) }
    for (k, i) in kept.enumerated() {
      replaceAllUses(of: operation.result(i), with: made.result(k))
    }
    erase(operation)
    return made
  }
}
