import MartletSupport

/// The order of a value's uses, which is part of what bytecode keeps.
extension Value {
  /// The uses in the order of the use-list, each as the number its owner has in `order` (by the owner's `raw`)
  /// in the upper and the operand's index in the lower 32 bits. Nil where there are fewer than two, or
  /// where these keys descend: the order that making the operations one after another gives.
  package func unusualUseOrder(_ order: UnsafeBufferPointer<UInt32>) -> [UInt64]? {
    let head = pointer.pointee.firstUse
    if head == none || state.pointee.operands[head].next == none { return nil }
    var previous = UInt64.max
    var use = head
    while use != none {
      let key = useKey(use, order)
      if key >= previous { return (uses.map { useKey($0.raw, order) }) }
      previous = key
      use = state.pointee.operands[use].next
    }
    return nil
  }

  private func useKey(_ use: UInt32, _ order: UnsafeBufferPointer<UInt32>) -> UInt64 {
    let owner = state.pointee.operands[use].owner
    let index = use - state.pointee.operations[owner].firstOperand
    return UInt64(order[Int(owner)]) << 32 | UInt64(index)
  }

  /// The number of uses, counted to no more than `limit`.
  package func useCount(limit: Int) -> Int {
    var count = 0
    var use = pointer.pointee.firstUse
    while use != none, count < limit {
      count += 1
      use = state.pointee.operands[use].next
    }
    return count
  }

  /// Puts the uses into another order: the use now at `positions[i]` comes to place i.
  /// - Precondition: `positions` is a permutation of the uses' indices.
  package func reorderUses(_ positions: [Int]) {
    let current = uses.map(\.raw)
    precondition(positions.count == current.count, "a position for each use")
    // Linking puts a use in front, so the last goes first.
    for use in current { state.pointee.unlinkUse(use) }
    for position in positions.reversed() {
      state.pointee.linkUse(current[position], raw)
    }
  }

  /// As `replaceAllUses(with:)`, the uses keeping their order in front of those `other` has.
  package func moveUses(to other: Value) {
    var moved: [UInt32] = []
    var use = pointer.pointee.firstUse
    while use != none {
      moved.append(use)
      use = state.pointee.operands[use].next
    }
    for use in moved.reversed() {
      state.pointee.unlinkUse(use)
      state.pointee.linkUse(use, other.raw)
    }
  }
}
