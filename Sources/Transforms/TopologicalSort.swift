import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Puts the operations of graph regions, which may stand in any order, behind what they use, as far as
  /// cycles allow; otherwise their order stays.
  ///
  ///     %1 = "b"(%0) : (i32) -> i32          ->   %0 = "a"() : () -> i32
  ///     %0 = "a"() : () -> i32                    %1 = "b"(%0) : (i32) -> i32
  public static let topologicalSort = Pass(
    "topological-sort", name: "TopologicalSort",
    "Sort regions without SSA dominance in topological order"
  ) { (operation, state) throws(Reported) in
    operation.walk { inner in
      guard inner.has(.graphRegion) else { return }
      for region in inner.regions {
        for block in region.blocks {
          let before = state.wantsRemarks ? Array(block.operations) : []
          let isAcyclic = sortTopologically(block)
          guard state.wantsRemarks else { continue }
          let moved = zip(before, block.operations).count { $0 != $1 }
          if moved > 0 {
            state.remark(
              .passed, "Sorted", "\(moved, as: "Count") operations have another place", at: inner)
          }
          if !isAcyclic {
            state.remark(.missed, "Cycle", "operations use one another in a cycle", at: inner)
          }
        }
      }
    }
  }
}

/// Sorts the operations of `block` but for its terminator so that each stands behind those it, or what it
/// contains, uses. Of a cycle the first operation counts as ready.
/// - Returns: whether there was no cycle.
@discardableResult
public func sortTopologically(_ block: Block) -> Bool {
  var order: [Operation] = []
  let end = block.lastOperation.flatMap { $0.has(.terminator) ? $0 : nil }
  for operation in block.operations where operation != end { order.append(operation) }
  var waiting = Set(order)
  var isAcyclic = true
  var sorted: [Operation] = []
  sorted.reserveCapacity(order.count)
  while !order.isEmpty {
    var left: [Operation] = []
    for operation in order {
      if isReady(operation, waiting) {
        waiting.remove(operation)
        sorted.append(operation)
      } else {
        left.append(operation)
      }
    }
    if left.count == order.count {
      isAcyclic = false
      let first = left.removeFirst()
      waiting.remove(first)
      sorted.append(first)
    }
    order = left
  }
  for operation in sorted {
    if let end { operation.move(before: end) } else { block.append(operation) }
  }
  return isAcyclic
}

private func isReady(_ operation: Operation, _ waiting: Set<Operation>) -> Bool {
  operation.walkPreOrder { inner in
    for operand in inner.operands {
      var definer = operand.definingOperation
      while let current = definer, current != operation {
        if waiting.contains(current) { return .interrupt }
        definer = current.parent
      }
    }
    return .advance
  } != .interrupt
}
