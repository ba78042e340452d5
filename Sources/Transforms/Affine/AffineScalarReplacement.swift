import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Passes on stored values to the loads that read them, drops stores that another one overwrites unread, and
  /// makes equal loads one.
  ///
  ///     affine.for %i = 0 to 10 {                   ->   affine.for %i = 0 to 10 {
  ///       affine.store %x, %m[%i] : memref<10xf32>         "use"(%x)
  ///       %0 = affine.load %m[%i] : memref<10xf32>       }
  ///       "use"(%0)
  ///     }
  public static let affineScalarReplacement = Pass(
    "affine-scalrep", name: "AffineScalarReplacement",
    "Replace affine memref accesses by scalars by forwarding stores to loads and eliminating redundant loads",
    anchor: "func.func", dependentDialects: ["affine"]
  ) { (operation, state) throws(Reported) in
    var replacement = ScalarReplacement(operation)
    replacement.run()
    state.isUnchanged = !replacement.changed
  }
}

private struct ScalarReplacement {
  private let function: Operation
  private let dominance = Dominance()
  private(set) var changed = false

  init(_ function: Operation) { self.function = function }

  private func accesses(where condition: (AffineAccess) -> Bool) -> [AffineAccess] {
    var found: [AffineAccess] = []
    function.walk { operation in
      if let access = AffineAccess(operation), condition(access) { found.append(access) }
    }
    return found
  }

  private func users(of memref: Value) -> [AffineAccess] {
    memref.uses.compactMap { AffineAccess($0.owner) }
  }

  private mutating func erase(_ operations: [Operation]) {
    if !operations.isEmpty { changed = true }
    for operation in operations { operation.erase() }
  }

  mutating func run() {
    var dead: [Operation] = []
    var memrefs: [Value] = []
    for load in accesses(where: \.isRead) {
      guard let value = storedValue(load) else { continue }
      load.operation.result().replaceAllUses(with: value)
      if !memrefs.contains(load.memref) { memrefs.append(load.memref) }
      dead.append(load.operation)
    }
    erase(dead)
    erase(accesses(where: \.isStore).filter(isOverwritten).map(\.operation))
    for memref in memrefs { removeIfOnlyWritten(memref) }
    dead = []
    for load in accesses(where: \.isRead) {
      guard let other = equalLoad(load) else { continue }
      load.operation.result().replaceAllUses(with: other)
      dead.append(load.operation)
    }
    erase(dead)
  }

  /// What the only store that reaches a load wrote there.
  private func storedValue(_ load: AffineAccess) -> Value? {
    for store in users(of: load.memref) where store.isStore {
      guard store.isSamePlace(as: load),
        dominance.properlyDominates(store.operation, load.operation),
        reachesInIteration(store, load),
        hasNothingBetween(store.operation, load, .write)
      else { continue }
      let value = store.stored
      return value?.type == load.operation.result().type ? value : nil
    }
    return nil
  }

  /// Whether the load reads what the store wrote in the same iteration of all loops around both.
  private func reachesInIteration(_ store: AffineAccess, _ load: AffineAccess) -> Bool {
    let depth = Affine.commonLoopCount(store.operation, load.operation) + 1
    return store.dependence(of: load, depth: depth).isProved
  }

  /// Whether another store to the same place follows in the block, and nothing reads in between.
  private func isOverwritten(_ store: AffineAccess) -> Bool {
    for other in users(of: store.memref) where other.isStore {
      guard other.operation != store.operation,
        let block = store.operation.block, other.operation.block == block,
        store.operation.isBefore(other.operation), other.isSamePlace(as: store),
        other.stored?.type == store.stored?.type,
        hasNothingBetween(store.operation, other, .read)
      else { continue }
      return true
    }
    return false
  }

  private func equalLoad(_ load: AffineAccess) -> Value? {
    var candidates: [AffineAccess] = []
    for other in users(of: load.memref) where other.isRead && other.operation != load.operation {
      guard other.isSamePlace(as: load),
        dominance.properlyDominates(other.operation, load.operation),
        hasNothingBetween(other.operation, load, .write),
        other.operation.result().type == load.operation.result().type
      else { continue }
      candidates.append(other)
    }
    let first = candidates.first { option in
      candidates.allSatisfy {
        $0.operation == option.operation
          || dominance.properlyDominates(option.operation, $0.operation)
      }
    }
    return first?.operation.result()
  }

  /// A local allocation that is only written and freed goes, with those.
  private mutating func removeIfOnlyWritten(_ memref: Value) {
    guard let allocation = memref.definingOperation, MemoryTouch.isAllocation(allocation) else {
      return
    }
    let users = memref.uses.map(\.owner)
    let isDead = users.allSatisfy { user in
      if let access = AffineAccess(user), access.isStore { return access.stored != memref }
      return user.is(MemRef.dealloc)
    }
    guard isDead else { return }
    erase(users)
    erase([allocation])
  }

  // MARK: What happens in between

  /// Whether nothing that is executed between `start` and `end` has an effect of this kind on what `end`
  /// touches. Loops and branches between count as a whole.
  private func hasNothingBetween(
    _ start: Operation, _ end: AffineAccess, _ kind: MemoryEffects
  ) -> Bool {
    let outer = Affine.commonLoopCount(start, end.operation)
    func isHarmless(_ operation: Operation) -> Bool {
      guard let effects = MemoryTouch.effects(of: operation) else {
        guard operation.has(.recursiveMemoryEffects) else { return false }
        for region in operation.regions {
          for block in region.blocks {
            for inner in block.operations where !isHarmless(inner) { return false }
          }
        }
        return true
      }
      let isHit = effects.contains { effect in
        guard effect.kind == kind else { return false }
        guard let value = effect.value else { return true }
        return MemoryTouch.mayAlias(value, end.memref)
      }
      if !isHit { return true }
      guard let access = AffineAccess(operation) else { return false }
      return !mayReach(access, end, behind: outer)
    }
    func check(_ from: Operation, _ until: Operation) -> Bool {
      guard let region = from.block?.region, let target = until.block?.region else {
        return false
      }
      if region != target {
        guard let parent = until.parent else { return false }
        return check(from, parent) && isHarmless(parent)
      }
      return checkPaths(from, until, isHarmless)
    }
    return check(start, end.operation)
  }

  /// The operations behind `from` and, over the edges between blocks, before `until`.
  private func checkPaths(
    _ from: Operation, _ until: Operation, _ isHarmless: (Operation) -> Bool
  ) -> Bool {
    var current = from.next
    while let operation = current, operation != until {
      if !isHarmless(operation) { return false }
      current = operation.next
    }
    guard let block = from.block, until.block != block else { return true }
    var waiting = block.successors
    var done: Set<Block> = []
    while let next = waiting.popLast() {
      if !done.insert(next).inserted { continue }
      var leaves = true
      for operation in next.operations {
        if operation == until {
          leaves = false
          break
        }
        if !isHarmless(operation) { return false }
      }
      if leaves { waiting += next.successors }
    }
    return true
  }

  /// Whether `access` may touch what `end` does, in an iteration of the loops further in than the `outer`
  /// outermost ones.
  private func mayReach(_ access: AffineAccess, _ end: AffineAccess, behind outer: Int) -> Bool {
    guard access.memref == end.memref,
      Affine.scope(of: access.operation) == Affine.scope(of: end.operation)
    else { return true }
    let common = Affine.commonLoopCount(access.operation, end.operation)
    var depth = common + 1
    while depth > outer {
      // A read followed by a store is no less a dependence here than the other way round.
      if access.dependence(of: end, depth: depth).mayExist { return true }
      depth -= 1
    }
    return false
  }
}
