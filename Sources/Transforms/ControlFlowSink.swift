import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Moves operations without effects into the region that alone uses them, where that is executed at
  /// most once.
  ///
  ///     %0 = arith.muli %a, %b : i32         ->   scf.if %c {
  ///     scf.if %c {                                 %0 = arith.muli %a, %b : i32
  ///       "use"(%0) : (i32) -> ()                   "use"(%0) : (i32) -> ()
  ///     }                                         }
  public static let controlFlowSink = Pass(
    "control-flow-sink", name: "ControlFlowSink", "Sink operations into conditional blocks",
    statistics: [PassStatistic("num-sunk", "Number of operations sunk")]
  ) { (operation, state) throws(Reported) in
    let dominance = Dominance()
    var sunk = 0
    operation.walk { inner in
      guard let branch = inner.regionBranch, branch.executesRegionsAtMostOnce else { return }
      for region in inner.regions { sunk += sink(into: region, dominance, state) }
    }
    state.count("num-sunk", by: sunk)
    state.isUnchanged = sunk == 0
  }
}

/// Depth first, so that what is sunk last, being used by what was sunk before, stands first.
private func sink(into region: Region, _ dominance: Dominance, _ state: PassContext) -> Int {
  guard let entry = region.firstBlock else { return 0 }
  var sunk = 0
  var pending: [Operation] = []
  for block in region.blocks { pending.append(contentsOf: block.operations) }
  while let user = pending.popLast() {
    for value in Array(user.operands) {
      guard let operation = value.definingOperation, operation.block?.region != region,
        isUsedOnly(operation, below: entry, dominance), operation.isMemoryEffectFree
      else { continue }
      if operation.isAncestor(of: region.parentOperation) { continue }
      state.remark(
        .passed, "Sunk",
        "\(operation.name.string, as: "Operation") moved into the \(region.parentOperation.name.string, as: "Into") that alone uses it",
        at: operation)
      entry.prepend(operation)
      sunk += 1
      pending.append(operation)
    }
  }
  return sunk
}

private func isUsedOnly(_ operation: Operation, below entry: Block, _ dominance: Dominance) -> Bool
{
  guard let region = entry.region else { return false }
  for result in operation.results {
    for use in result.uses {
      guard let home = use.owner.ancestor(in: region)?.block, dominance.dominates(entry, home)
      else { return false }
    }
  }
  return true
}
