import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Moves out of affine loops what is the same in every iteration, loads and stores of memrefs that the loop
  /// does not change otherwise, and whole nested loops and conditionals.
  ///
  ///     affine.for %i = 0 to 10 {               ->   %0 = affine.load %a[0] : memref<4xf32>
  ///       %0 = affine.load %a[0] : memref<4xf32>     affine.for %i = 0 to 10 {
  ///       affine.store %0, %b[%i] : …                  affine.store %0, %b[%i] : …
  ///     }                                            }
  public static let affineLoopInvariantCodeMotion = Pass(
    "affine-loop-invariant-code-motion", name: "AffineLoopInvariantCodeMotion",
    "Hoist loop invariant instructions outside of affine loops", anchor: "func.func",
    dependentDialects: ["affine"]
  ) { (operation, state) throws(Reported) in
    var changed = false
    operation.walk { inner in
      if let loop = AffineForOp(inner) {
        var motion = InvariantMotion(loop)
        if motion.run() { changed = true }
      }
    }
    state.isUnchanged = !changed
  }
}

private struct InvariantMotion {
  private let loop: AffineForOp
  private var invariant: Set<Operation> = []
  private var used: Set<Operation> = []
  /// Whether the loop is known to run at least once.
  private let runs: Bool

  init(_ loop: AffineForOp) {
    self.loop = loop
    runs = loop.alwaysRuns
  }

  mutating func run() -> Bool {
    var moved: [Operation] = []
    for operation in loop.body.operations {
      if !operation.isUnused { used.insert(operation) }
      if !operation.is(Affine.yield), isInvariant(operation) { moved.append(operation) }
    }
    for operation in moved { operation.move(before: loop.operation) }
    return !moved.isEmpty
  }

  private mutating func isInvariant(_ operation: Operation) -> Bool {
    if operation.is(Affine.if) || operation.is(Affine.for) || operation.is(Affine.parallel) {
      for region in operation.regions {
        for block in region.blocks {
          for inner in block.operations where !isInvariant(inner) { return false }
        }
      }
    } else if let access = AffineAccess(operation), access.touchesMemory {
      used.insert(operation)
      // What the loop may not do at all is not done before it.
      if !runs || isDisturbed(access) { return false }
    } else if !operation.isMemoryEffectFree {
      return false
    }
    let arguments = loop.iterArgs
    for operand in operation.operands {
      if operand == loop.inductionVariable || arguments.contains(operand) { return false }
      if let source = operand.definingOperation, used.contains(source),
        !invariant.contains(source)
      {
        return false
      }
    }
    invariant.insert(operation)
    return true
  }

  /// Whether something else in the loop writes what the access touches or, if that writes, reads it.
  private func isDisturbed(_ access: AffineAccess) -> Bool {
    for use in access.memref.uses where use.owner != access.operation {
      let user = use.owner
      guard loop.operation.isAncestor(of: user), user != loop.operation else { continue }
      let effects = MemoryTouch.effects(of: user, on: access.memref)
      if effects.contains(.write) || access.isStore && effects.contains(.read) { return true }
    }
    return false
  }
}
