import MartletIR

/// Which values are live at the start and end of each block: the classic backward data-flow analysis,
/// over the blocks of one operation and of all regions in it. Values used in nested regions count as used
/// by the operation that has the regions.
public struct Liveness {
  private var liveIn: [Block: Set<Value>] = [:]
  private var liveOut: [Block: Set<Value>] = [:]

  public init(_ operation: Operation) {
    for region in operation.regions { analyze(region) }
  }

  public init(_ region: Region) { analyze(region) }

  /// Values defined outside `block` (its arguments not among them) that are used in it or after it.
  public func liveIn(_ block: Block) -> Set<Value> { liveIn[block] ?? [] }
  /// Values used after `block`.
  public func liveOut(_ block: Block) -> Set<Value> { liveOut[block] ?? [] }

  /// Whether nothing after `operation` uses `value`, which is defined before it or by it.
  public func isDead(_ value: Value, after operation: Operation) -> Bool {
    guard let block = operation.block, let region = block.region else { return true }
    if liveOut[block]?.contains(value) ?? false { return false }
    for use in value.uses {
      guard let user = use.owner.ancestor(in: region), user.block == block else { continue }
      if user != operation, operation.isBefore(user) { return false }
    }
    return true
  }

  /// The last operation of `block`, directly in it, that uses `value` itself or in a region; nil where none does
  /// or where the value lives on beyond the block.
  public func lastUser(of value: Value, in block: Block) -> Operation? {
    guard let region = block.region, !(liveOut[block]?.contains(value) ?? false) else { return nil }
    var last: Operation?
    for use in value.uses {
      guard let user = use.owner.ancestor(in: region), user.block == block else { continue }
      if let found = last, user.isBefore(found) { continue }
      last = user
    }
    return last
  }

  private mutating func analyze(_ region: Region) {
    var used: [Block: Set<Value>] = [:]
    var blocks: [Block] = []
    for block in region.blocks {
      blocks.append(block)
      var upward: Set<Value> = []
      for operation in block.operations {
        collect(operation, outside: block, &upward)
        for inner in operation.regions { analyze(inner) }
      }
      used[block] = upward
      liveIn[block] = upward
      liveOut[block] = []
    }
    if blocks.count < 2 { return }
    var changed = true
    while changed {
      changed = false
      for block in blocks.reversed() {
        var out: Set<Value> = []
        for successor in block.successors { out.formUnion(liveIn[successor] ?? []) }
        if out == liveOut[block] { continue }
        changed = true
        liveIn[block] = (used[block] ?? []).union(out.filter { $0.block != block })
        liveOut[block] = out
      }
    }
  }

  /// Values `operation`, or what it contains, uses that are defined neither in it nor in `block`.
  private func collect(_ operation: Operation, outside block: Block, _ found: inout Set<Value>) {
    operation.walkPreOrder { inner in
      for operand in inner.operands {
        guard let home = operand.block, home != block else { continue }
        if let region = home.region, isInside(region, operation) { continue }
        found.insert(operand)
      }
      return .advance
    }
  }

  private func isInside(_ region: Region, _ operation: Operation) -> Bool {
    operation.regions.contains { $0.isAncestor(of: region) }
  }
}
