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
      if inner.has(.loopLike) { moved += moveLoopInvariantCode(outOf: inner) }
    }
    state.count("num-hoisted", by: moved)
    state.isUnchanged = moved == 0
  }
}

/// Moves what is invariant directly in the regions of `loop` before it.
/// - Returns: how many operations were moved.
@discardableResult
public func moveLoopInvariantCode(
  outOf loop: Operation, rewriter: PatternRewriter? = nil
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
  }
  return moved
}

private func canBeHoisted(_ operation: Operation, outOf loop: Operation) -> Bool {
  if operation.has(.terminator) || !operation.isMemoryEffectFree || !operation.isSpeculatable {
    return false
  }
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
