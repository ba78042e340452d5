import MartletAnalysis
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Moves operations out of loops that compute the same in every iteration: those that have no effects,
  /// may be executed even if the loop is not, and use only values from outside.
  ///
  ///     scf.for %i = %lb to %ub step %s {   ->   %0 = arith.muli %a, %b : i32
  ///       %0 = arith.muli %a, %b : i32           scf.for %i = %lb to %ub step %s {
  ///       "use"(%i, %0)                            "use"(%i, %0)
  ///     }                                        }
  public static let loopInvariantCodeMotion = Pass(
    "loop-invariant-code-motion", name: "LoopInvariantCodeMotion",
    "Hoist loop invariant instructions outside of the loop",
    statistics: [PassStatistic("num-hoisted", "Number of operations moved out of loops")]
  ) { (operation, state) throws(Reported) in
    var moved = 0
    // Inner loops first, so that what leaves them may leave the outer ones too.
    operation.walk { inner in
      if inner.has(.loopLike) { moved += moveLoopInvariantCode(outOf: inner, remarks: state) }
    }
    state.count("num-hoisted", by: moved)
    state.isUnchanged = moved == 0
  }
}

/// Moves what is invariant directly in the regions of `loop` before it.
/// - Returns: how many operations were moved.
@discardableResult
public func moveLoopInvariantCode(
  outOf loop: Operation, rewriter: PatternRewriter? = nil, remarks: PassContext? = nil
) -> Int {
  var moved = 0
  for region in loop.regions where !region.isEmpty {
    var worklist: [Operation] = []
    for block in region.blocks { worklist.append(contentsOf: block.operations) }
    var next = 0
    while next < worklist.count {
      let operation = worklist[next]
      next += 1
      guard operation.block?.region == region, canBeHoisted(operation, outOf: loop) else {
        continue
      }
      remarks?.remark(
        .passed, "Hoisted",
        "\(operation.name.string, as: "Operation") moved out of \(loop.name.string, as: "Loop")",
        at: operation)
      if let rewriter {
        rewriter.move(operation, before: loop)
      } else {
        operation.move(before: loop)
      }
      moved += 1
      for result in operation.results {
        for use in result.uses where use.owner.block?.region == region {
          worklist.append(use.owner)
        }
      }
    }
    if let remarks, remarks.wantsRemarks { explain(region, loop, remarks) }
  }
  return moved
}

/// Says of what stayed in the loop, though it is given the same in every iteration, why it did.
private func explain(_ region: Region, _ loop: Operation, _ remarks: PassContext) {
  for block in region.blocks {
    for operation in block.operations
    where !operation.has(.terminator) && usesOnlyValues(fromOutside: loop, operation) {
      let why =
        operation.isMemoryEffectFree
        ? "it may not be executed where the loop is not" : "it may read or write memory"
      remarks.remark(
        .missed, "NotHoisted",
        "\(operation.name.string, as: "Operation") is given the same in every iteration but stays: \(why, as: "Reason")",
        at: operation)
    }
  }
}

private func canBeHoisted(_ operation: Operation, outOf loop: Operation) -> Bool {
  if operation.has(.terminator) || !operation.isMemoryEffectFree || !operation.isSpeculatable {
    return false
  }
  return usesOnlyValues(fromOutside: loop, operation)
}

private func usesOnlyValues(fromOutside loop: Operation, _ operation: Operation) -> Bool {
  let outcome = operation.walkPreOrder { inner in
    for operand in inner.operands {
      guard let home = operand.block?.parentOperation else { continue }
      // Values from inside the operation move along with it.
      if inner != operation, operation.isAncestor(of: home) { continue }
      if loop.isAncestor(of: home) { return .interrupt }
    }
    return .advance
  }
  return outcome != .interrupt
}
