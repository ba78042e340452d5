import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Replaces an operation by an equal one that is computed on every path to it, and removes operations
  /// that are unused. Operations that read memory count as equal where nothing between them may write.
  ///
  ///     %0 = arith.addi %a, %b : i32        ->   %0 = arith.addi %a, %b : i32
  ///     %1 = arith.addi %a, %b : i32             %1 = arith.muli %0, %0 : i32
  ///     %2 = arith.muli %0, %1 : i32
  public static let cse = Pass(
    "cse", name: "CSE", "Eliminate common sub-expressions",
    statistics: [
      PassStatistic("num-cse'd", "Number of operations CSE'd"),
      PassStatistic("num-dce'd", "Number of operations DCE'd"),
    ]
  ) { (operation, state) throws(Reported) in
    let result = eliminateCommonSubexpressions(in: operation, remarks: state)
    state.count("num-cse'd", by: result.replaced)
    state.count("num-dce'd", by: result.dead)
    state.isUnchanged = result.replaced == 0 && result.dead == 0
  }
}

/// What `cse` does, for other passes to use: see there.
/// - Returns: how many operations were replaced by others and how many were unused.
@discardableResult
public func eliminateCommonSubexpressions(
  in operation: Operation, rewriter: PatternRewriter? = nil, remarks: PassContext? = nil
) -> (replaced: Int, dead: Int) {
  let elimination = CommonSubexpressionElimination(
    rewriter ?? PatternRewriter(operation.context),
    remarks: remarks?.wantsRemarks ?? false ? remarks : nil)
  for region in operation.regions { elimination.simplify(region) }
  elimination.erase()
  return (elimination.replaced, elimination.dead)
}

private final class CommonSubexpressionElimination {
  private let knownCell = HeapCell(ScopedOperationTable())
  private var known: ScopedOperationTable {
    @inline(__always) _read { yield knownCell.value }
    @inline(__always) _modify { yield &knownCell.value }
  }
  private let dominance = Dominance()
  private let rewriter: PatternRewriter
  private var doomed: [Operation] = []
  /// nil where no remarks are wanted.
  private let remarks: PassContext?
  var replaced = 0
  var dead = 0

  init(_ rewriter: PatternRewriter, remarks: PassContext?) {
    self.rewriter = rewriter
    self.remarks = remarks
  }

  func erase() { for operation in doomed { rewriter.erase(operation) } }

  func simplify(_ region: Region) {
    guard let entry = region.firstBlock else { return }
    let hasDominance = !region.parentOperation.has(.graphRegion)
    if entry.next == nil {
      let mark = known.mark
      simplify(entry, hasDominance)
      known.unwind(to: mark)
      return
    }
    if hasDominance { simplifyTree(region) }
  }

  /// Goes down the dominator tree, so that what is known in a block is known below it only.
  private func simplifyTree(_ region: Region) {
    let (blocks, immediate) = dominance.tree(of: region)
    var children = [[Int]](repeating: [], count: blocks.count)
    for i in blocks.indices.dropFirst() { children[immediate[i]].append(i) }
    var stack: [(block: Int, child: Int, mark: Int)] = [(0, -1, known.mark)]
    while let top = stack.last {
      if top.child < 0 { simplify(blocks[top.block], true) }
      stack[stack.count - 1].child += 1
      let next = top.child + 1
      if next < children[top.block].count {
        stack.append((children[top.block][next], -1, known.mark))
      } else {
        known.unwind(to: top.mark)
        stack.removeLast()
      }
    }
  }

  private func simplify(_ block: Block, _ hasDominance: Bool) {
    // How many operations of the block so far may write memory.
    var writes: UInt32 = 0
    for operation in block.operations {
      if operation.regionCount > 0 { simplifyRegions(of: operation) }
      simplify(operation, &writes, hasDominance)
    }
  }

  private func simplifyRegions(of operation: Operation) {
    let isIsolated = operation.has(.isolatedFromAbove) || !operation.isRegistered
    let floor = isIsolated ? known.hideAll() : nil
    for region in operation.regions { simplify(region) }
    if let floor { known.show(from: floor) }
  }

  private func simplify(_ operation: Operation, _ writes: inout UInt32, _ hasDominance: Bool) {
    if operation.has(.terminator) { return }
    if operation.isTriviallyDead {
      doomed.append(operation)
      dead += 1
      if let remarks {
        remarks.remark(
          .passed, "Erased", "\(operation.name.string, as: "Operation") is not used", at: operation)
      }
      return
    }
    let traits = operation.traits
    let isFree = traits.contains(.pure) || operation.isMemoryEffectFree
    var onlyReads = false
    if !isFree {
      let effects = operation.memoryEffects
      onlyReads = effects == .read
      if effects?.contains(.write) ?? true { writes += 1 }
    }
    guard isFree || onlyReads,
      operation.regionCount == 0
        || operation.regions.allSatisfy({ $0.isEmpty || $0.hasOneBlock })
    else { return }
    let hash = operation.equivalenceHash
    if let entry = known.find(operation, hash) {
      let isSame =
        isFree || (entry.operation.block == operation.block && entry.writes == writes)
      if isSame {
        replace(operation, by: entry.operation, hasDominance)
        return
      }
      if let remarks {
        remarks.remark(
          .missed, "MemoryMayChange",
          "an equal \(operation.name.string, as: "Operation") stands before, but memory may be written between the two",
          at: operation)
      }
    }
    known.insert(operation, hash, writes: writes)
  }

  private func replace(_ operation: Operation, by other: Operation, _ hasDominance: Bool) {
    if let remarks {
      let place = other.location.position.map { " at line \($0.line)" } ?? ""
      remarks.remark(
        .passed, "Replaced", "\(operation.name.string, as: "Operation") is computed before\(place)",
        at: operation)
    }
    if hasDominance {
      for i in 0..<operation.resultCount {
        rewriter.replaceAllUses(of: operation.result(i), with: other.result(i))
      }
      doomed.append(operation)
    } else {
      // Without dominance a use may have been seen, and hashed, already.
      for i in 0..<operation.resultCount {
        rewriter.replaceUses(of: operation.result(i), with: other.result(i)) { use in
          known.find(use.owner, use.owner.equivalenceHash) == nil
        }
      }
      if operation.isUnused { doomed.append(operation) }
    }
    if operation.context.keepsAllOrigins {
      other.location = other.location.joined(with: operation.location)
    } else if other.location.isUnknown, !operation.location.isUnknown {
      other.location = operation.location
    }
    replaced += 1
  }
}

/// Operations by what they compute, in scopes that end in the reverse of the order in which they began.
private struct ScopedOperationTable: ~Copyable {
  struct Entry {
    let operation: Operation
    let hash: UInt32
    let writes: UInt32
    /// The entry inserted before in the same bucket, as an index plus one.
    let next: UInt32
  }

  private var entries = PlainBuffer<Entry>(capacity: 256)
  private var buckets: [UInt32] = Array(repeating: 0, count: 256)
  /// Entries below are out of sight: they belong to regions around an isolated operation.
  private var floor = 0

  init() {}

  var mark: Int { entries.count }

  mutating func hideAll() -> Int {
    defer { floor = entries.count }
    return floor
  }
  mutating func show(from old: Int) { floor = old }

  mutating func unwind(to mark: Int) {
    while entries.count > mark {
      let last = entries[entries.count - 1]
      entries.removeLast()
      buckets[Int(last.hash) & (buckets.count - 1)] = last.next
    }
  }

  mutating func insert(_ operation: Operation, _ hash: UInt32, writes: UInt32) {
    if entries.count >= buckets.count { grow() }
    let bucket = Int(hash) & (buckets.count - 1)
    entries.append(
      Entry(operation: operation, hash: hash, writes: writes, next: buckets[bucket]))
    buckets[bucket] = UInt32(truncatingIfNeeded: entries.count)
  }

  func find(_ operation: Operation, _ hash: UInt32) -> Entry? {
    var index = Int(buckets[Int(hash) & (buckets.count - 1)])
    while index > floor {
      let entry = entries[index - 1]
      if entry.hash == hash, entry.operation.isEquivalent(to: operation) { return entry }
      index = Int(entry.next)
    }
    return nil
  }

  private mutating func grow() {
    let old = Array(entries.elements)
    buckets = Array(repeating: 0, count: buckets.count * 4)
    entries.removeAll()
    for entry in old {
      let bucket = Int(entry.hash) & (buckets.count - 1)
      entries.append(
        Entry(
          operation: entry.operation, hash: entry.hash, writes: entry.writes,
          next: buckets[bucket]))
      buckets[bucket] = UInt32(truncatingIfNeeded: entries.count)
    }
  }
}
