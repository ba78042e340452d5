import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Splits memory of several parts into an allocation for each part that is used, where all accesses name
  /// constant parts (scalar replacement of aggregates).
  ///
  ///     %m = memref.alloca() : memref<2xi32> ->   %m = memref.alloca() : memref<i32>
  ///     memref.store %a, %m[%c1]                  memref.store %a, %m[]
  public static let sroa = Pass(
    "sroa", name: "SROA", "Scalar Replacement of Aggregates",
    statistics: [
      PassStatistic("destructured slots", "Total amount of memory slots destructured"),
      PassStatistic(
        "slots with memory benefit",
        "Total amount of memory slots in which the destructured size was smaller than the total size after eliminating unused fields"
      ),
    ]
  ) { (operation, state) throws(Reported) in
    var splitting = SlotSplitting(operation.context, state)
    for region in operation.regions where !region.isEmpty {
      var allocations: [Operation] = []
      for block in region.blocks {
        for inner in block.operations {
          inner.walk {
            if $0.interface(DestructurableAllocation.self) != nil { allocations.append($0) }
          }
        }
      }
      splitting.run(allocations)
    }
    state.count("destructured slots", by: splitting.split)
    state.count("slots with memory benefit", by: splitting.smaller)
    state.isUnchanged = splitting.split == 0
  }
}

private struct SlotSplitting {
  private struct Plan {
    var used = UsedIndices()
    var accessors: [Operation] = []
    /// Operations that are left out.
    var dropped: [Operation] = []
  }

  private let rewriter: PatternRewriter
  var split = 0
  var smaller = 0

  private let state: PassContext

  init(_ context: Context, _ state: PassContext) {
    rewriter = PatternRewriter(context)
    self.state = state
  }

  mutating func run(_ allocations: [Operation]) {
    var pending = allocations
    while true {
      var left: [Operation] = []
      var changed = false
      for allocation in pending {
        if let made = splitOne(allocation) {
          left += made
          changed = true
        } else {
          left.append(allocation)
        }
      }
      if !changed {
        for allocation in left where allocation.results.contains(where: \.hasUses) {
          state.remark(
            .missed, "NotSplit",
            "\(allocation.name.string, as: "Operation") has no parts, or is used as a whole",
            at: allocation)
        }
        return
      }
      pending = left
    }
  }

  /// - Returns: the new allocations; nil where nothing was done.
  private mutating func splitOne(_ allocation: Operation) -> [Operation]? {
    guard let interface = allocation.interface(DestructurableAllocation.self) else { return nil }
    for slot in interface.slots(allocation) where slot.pointer.hasUses {
      if let plan = plan(slot) { return split(slot, allocation, interface, plan) }
    }
    return nil
  }

  private func plan(_ slot: DestructurableSlot) -> Plan? {
    var plan = Plan()
    var blocking: [Operation: [OperandPlace]] = [:]
    var order: [Operation] = []
    func block(_ place: OperandPlace) {
      if blocking[place.owner] == nil { order.append(place.owner) }
      blocking[place.owner, default: []].append(place)
    }
    var safely: [MemorySlot] = []
    for use in slot.pointer.uses {
      let user = use.owner
      if let access = user.interface(DestructurableAccess.self),
        access.canRewire(user, slot, &plan.used, &safely)
      {
        if !plan.accessors.contains(user) { plan.accessors.append(user) }
        continue
      }
      block(OperandPlace(user, use.index))
    }
    var visited: Set<OperandPlace> = []
    while let next = safely.popLast() {
      for use in next.pointer.uses {
        let place = OperandPlace(use.owner, use.index)
        guard visited.insert(place).inserted else { continue }
        if let isSafe = use.owner.interface(DestructurableAccess.self)?.isSafe,
          isSafe(use.owner, next, &safely)
        {
          continue
        }
        block(place)
      }
    }
    var i = 0
    while i < order.count {
      let user = order[i]
      guard let promotable = user.interface(PromotableUser.self),
        let more = promotable.canRemove(user, blocking[user] ?? [])
      else { return nil }
      plan.dropped.append(user)
      for place in more { block(place) }
      i += 1
    }
    return plan
  }

  private mutating func split(
    _ slot: DestructurableSlot, _ allocation: Operation, _ interface: DestructurableAllocation,
    _ plan: Plan
  ) -> [Operation] {
    rewriter.setInsertionPoint(after: allocation)
    var parts: [Attribute: MemorySlot] = [:]
    var made: [Operation] = []
    for index in plan.used.list {
      guard let type = slot.type(at: index) else { continue }
      let part = interface.allocatePart(allocation, type, rewriter)
      made.append(part)
      parts[index] = MemorySlot(part.result(), type)
    }
    if plan.used.list.count != slot.parts.count { smaller += 1 }
    state.remark(
      .passed, "Split",
      "\(allocation.name.string, as: "Operation") of \(slot.parts.count, as: "Parts") parts became \(made.count, as: "Used") of one part each",
      at: allocation)
    split += 1
    var doomed = plan.dropped
    for accessor in plan.accessors.reversed() where !plan.dropped.contains(accessor) {
      rewriter.setInsertionPoint(after: accessor)
      if accessor.interface(DestructurableAccess.self)?.rewire(accessor, slot, parts, rewriter)
        ?? false
      {
        doomed.append(accessor)
      }
    }
    for operation in doomed { operation.dropAllReferences() }
    for operation in doomed { operation.erase() }
    allocation.erase()
    return made
  }
}
