import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns memory that only loads and stores of its whole reach into values, with arguments of blocks where
  /// several stores meet (SSA construction by iterated dominance frontiers: Cytron et al., 1991).
  ///
  ///     %m = memref.alloca() : memref<i32>   ->   return %a : i32
  ///     memref.store %a, %m[] : memref<i32>
  ///     %0 = memref.load %m[] : memref<i32>
  ///     return %0 : i32
  public static let mem2reg = Pass(
    "mem2reg", name: "Mem2Reg", "Promotes memory slots into values.",
    options: [
      .bool(
        "region-simplify", default: true,
        "Perform control flow optimizations to the region tree")
    ],
    statistics: [
      PassStatistic("promoted slots", "Total amount of memory slot promoted"),
      PassStatistic("new block args", "Total amount of new block argument inserted in blocks"),
    ], dependentDialects: ["ub"]
  ) { (operation, state) throws(Reported) in
    var promotion = SlotPromotion(operation.context, remarks: state)
    for region in operation.regions where !region.isEmpty {
      var allocations: [Operation] = []
      for block in region.blocks {
        for inner in block.operations {
          inner.walk {
            if $0.interface(PromotableAllocation.self) != nil { allocations.append($0) }
          }
        }
      }
      promotion.promote(allocations)
    }
    promotion.explain()
    state.count("promoted slots", by: promotion.promoted)
    state.count("new block args", by: promotion.newArguments)
    state.isUnchanged = promotion.promoted == 0
  }
}

/// Promotes slots one after another until none is left that can be.
struct SlotPromotion {
  private let rewriter: PatternRewriter
  private let dominance = Dominance()
  private var blockNumbers: [Region: [Block: Int]] = [:]
  private(set) var promoted = 0
  private(set) var newArguments = 0
  private let remarks: PassContext?
  /// Allocations that could not be promoted, with the operation that stopped them.
  private var left: [(allocation: Operation, user: Operation?)] = []
  private var obstacle: Operation?

  init(_ context: Context, remarks: PassContext? = nil) {
    rewriter = PatternRewriter(context)
    self.remarks = remarks
  }

  /// Says of the slots that are left what stopped them.
  func explain() {
    guard let remarks, remarks.wantsRemarks else { return }
    for (allocation, user) in left {
      let why = user.map { "\($0.name) uses it in a way that cannot be removed" }
      remarks.remark(
        .missed, "NotPromoted",
        "\(allocation.name.string, as: "Operation") stays in memory: \(why ?? "its values meet where no block argument can be added", as: "Reason")",
        at: allocation)
    }
  }

  mutating func promote(_ allocations: [Operation]) {
    var pending = allocations
    while true {
      var left: [Operation] = []
      self.left = []
      for allocation in pending {
        obstacle = nil
        if promoteOne(allocation) { continue }
        left.append(allocation)
        if allocation.results.contains(where: \.hasUses) {
          self.left.append((allocation, obstacle))
        }
      }
      if left.count == pending.count { return }
      pending = left
    }
  }

  private mutating func promoteOne(_ allocation: Operation) -> Bool {
    guard let interface = allocation.interface(PromotableAllocation.self) else { return false }
    for slot in interface.slots(allocation) where slot.pointer.hasUses {
      if promote(slot, allocation, interface) { return true }
    }
    return false
  }

  // MARK: Analysis

  /// The operations that have to let uses go, in an order in which those come first that ask others to.
  private mutating func blockingUses(
    _ slot: MemorySlot, _ region: Region
  ) -> [(user: Operation, places: [OperandPlace])]? {
    var places: [Operation: [OperandPlace]] = [:]
    var known: Set<OperandPlace> = []
    var users: [Operation] = []
    var pending: [Operation] = []
    func add(_ place: OperandPlace) {
      guard known.insert(place).inserted else { return }
      if places[place.owner] == nil { users.append(place.owner) }
      places[place.owner, default: []].append(place)
      pending.append(place.owner)
    }
    for use in slot.pointer.uses { add(OperandPlace(use.owner, use.index)) }
    // An operation asked for more uses later is asked again with all of them.
    while let next = pending.popLast() {
      let blocking = places[next] ?? []
      if let user = next.interface(PromotableUser.self) {
        guard let more = user.canRemove(next, blocking) else {
          obstacle = next
          return nil
        }
        for place in more { add(place) }
      } else if let access = next.interface(PromotableAccess.self) {
        guard next.block?.region == region, access.canRemove(next, slot, blocking) else {
          obstacle = next
          return nil
        }
      } else {
        obstacle = next
        return nil
      }
    }
    return users.sorted { precedes($0, $1, region) }.map { ($0, places[$0] ?? []) }
  }

  private mutating func numbers(_ region: Region) -> [Block: Int] {
    if let known = blockNumbers[region] { return known }
    var made: [Block: Int] = [:]
    for (i, block) in RegionOrder.postOrder(region).reversed().enumerated() { made[block] = i }
    for block in region.blocks where made[block] == nil { made[block] = made.count }
    blockNumbers[region] = made
    return made
  }

  private mutating func precedes(_ a: Operation, _ b: Operation, _ region: Region) -> Bool {
    if a.block == b.block { return a.isBefore(b) }
    guard let outerA = a.ancestor(in: region), let outerB = b.ancestor(in: region),
      let blockA = outerA.block, let blockB = outerB.block
    else { return a.raw < b.raw }
    if outerA == outerB { return a == outerA || (b != outerB && a.raw < b.raw) }
    if blockA == blockB { return outerA.isBefore(outerB) }
    let numbers = numbers(region)
    return (numbers[blockA] ?? 0) < (numbers[blockB] ?? 0)
  }

  /// Blocks in which the slot's value is needed from before them.
  private func liveIn(_ slot: MemorySlot, _ defining: Set<Block>) -> Set<Block> {
    var pending: [Block] = []
    var visited: Set<Block> = []
    for use in slot.pointer.uses {
      guard let block = use.owner.block, visited.insert(block).inserted else { continue }
      for operation in block.operations {
        guard let access = operation.interface(PromotableAccess.self) else { continue }
        if access.loads(operation, slot) {
          pending.append(block)
          break
        }
        if access.stores(operation, slot) { break }
      }
    }
    var live: Set<Block> = []
    while let block = pending.popLast() {
      guard live.insert(block).inserted else { continue }
      for predecessor in block.predecessors where !defining.contains(predecessor) {
        pending.append(predecessor)
      }
    }
    return live
  }

  /// The blocks in which stores meet; nil where one of them cannot be given an argument.
  private func mergePoints(_ slot: MemorySlot, _ region: Region) -> [Block]? {
    if region.hasOneBlock { return [] }
    var defining: Set<Block> = []
    var pending: [Block] = []
    for use in slot.pointer.uses {
      let user = use.owner
      guard let block = user.block, let access = user.interface(PromotableAccess.self),
        access.stores(user, slot), defining.insert(block).inserted
      else { continue }
      pending.append(block)
    }
    let live = liveIn(slot, defining)
    let frontier = dominanceFrontier(region)
    var found: [Block] = []
    var isFound: Set<Block> = []
    while let block = pending.popLast() {
      for next in frontier[block] ?? [] where live.contains(next) {
        guard isFound.insert(next).inserted else { continue }
        found.append(next)
        pending.append(next)
      }
    }
    for block in found {
      for end in block.predecessorTerminators {
        for (s, successor) in end.successors.enumerated() where successor == block {
          if end.successorOperandRange(s) == nil { return nil }
        }
      }
    }
    return found
  }

  private func dominanceFrontier(_ region: Region) -> [Block: [Block]] {
    let (blocks, immediate) = dominance.tree(of: region)
    var numbers: [Block: Int] = [:]
    for (i, block) in blocks.enumerated() { numbers[block] = i }
    var frontier: [Block: [Block]] = [:]
    for (i, block) in blocks.enumerated() {
      let predecessors = block.predecessors.compactMap { numbers[$0] }
      if predecessors.count < 2 { continue }
      for predecessor in predecessors {
        var runner = predecessor
        while runner != immediate[i] {
          if frontier[blocks[runner]]?.last != block {
            frontier[blocks[runner], default: []].append(block)
          }
          if runner == immediate[runner] { break }
          runner = immediate[runner]
        }
      }
    }
    return frontier
  }

  // MARK: Promotion

  private mutating func promote(
    _ slot: MemorySlot, _ allocation: Operation, _ interface: PromotableAllocation
  ) -> Bool {
    guard let home = slot.pointer.block, let region = home.region,
      !region.parentOperation.has(.graphRegion),
      let uses = blockingUses(slot, region), let merges = mergePoints(slot, region)
    else { return false }
    rewriter.insertionPoint = .atStart(of: home)
    rewriter.location = allocation.location
    let initial = interface.defaultValue(allocation, slot, rewriter)
    let reaching = reachingDefinitions(slot, region, Set(merges), Set(uses.map(\.user)), initial)
    var doomed: [Operation] = []
    for (user, _) in uses.reversed() {
      if let access = user.interface(PromotableAccess.self),
        user.interface(PromotableUser.self) == nil
      {
        rewriter.setInsertionPoint(after: user)
        access.remove(user, slot, rewriter, reaching[user] ?? initial)
      }
      doomed.append(user)
    }
    for user in doomed {
      rewriter.insertionPoint = nil
      user.erase()
    }
    for block in merges {
      // Branches that cannot be reached pass on what was there before any store.
      for end in block.predecessorTerminators {
        for (s, successor) in end.successors.enumerated() where successor == block {
          guard let operands = end.successorOperands(s),
            operands.count + 1 == block.argumentCount
          else { continue }
          end.setSuccessorOperands(s, Array(operands) + [initial])
        }
      }
    }
    remarks?.remark(
      .passed, "Promoted",
      "\(allocation.name.string, as: "Operation") of \(slot.elementType, as: "Type") is a value now, with \(merges.count, as: "BlockArguments") block arguments",
      at: allocation)
    promoted += 1
    newArguments += merges.count
    if !initial.hasUses { initial.definingOperation?.erase() }
    allocation.erase()
    return true
  }

  /// What the slot holds before each of `users`.
  private func reachingDefinitions(
    _ slot: MemorySlot, _ region: Region, _ merges: Set<Block>, _ users: Set<Operation>,
    _ initial: Value
  ) -> [Operation: Value] {
    var reaching: [Operation: Value] = [:]
    let (blocks, immediate) = dominance.tree(of: region)
    guard let entry = blocks.first else { return reaching }
    var children: [Block: [Block]] = [:]
    for i in blocks.indices.dropFirst() {
      children[blocks[immediate[i]], default: []].append(blocks[i])
    }
    var stack = [(entry, initial)]
    while let (block, value) = stack.popLast() {
      var current = value
      if merges.contains(block) { current = block.addArgument(slot.elementType) }
      var operations: [Operation] = []
      for operation in block.operations { operations.append(operation) }
      for operation in operations {
        guard let access = operation.interface(PromotableAccess.self) else { continue }
        if users.contains(operation) { reaching[operation] = current }
        if access.stores(operation, slot) {
          rewriter.setInsertionPoint(after: operation)
          current = access.stored(operation, slot, rewriter, current)
        }
      }
      if let end = block.lastOperation {
        for (s, successor) in end.successors.enumerated() where merges.contains(successor) {
          guard let operands = end.successorOperands(s) else { continue }
          end.setSuccessorOperands(s, Array(operands) + [current])
        }
      }
      for child in children[block] ?? [] { stack.append((child, current)) }
    }
    return reaching
  }
}
