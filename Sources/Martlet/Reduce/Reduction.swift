import MartletIR

/// One way to make a module smaller: finds the places where it applies. Each place is a change that can be made
/// alone or with others, in the order given.
struct Reduction: Sendable {
  let name: String
  let places: @Sendable (_ module: Operation) -> [() -> Void]

  init(_ name: String, _ places: @escaping @Sendable (Operation) -> [() -> Void]) {
    self.name = name
    self.places = places
  }

  /// In the order tried: what removes most comes first.
  static let all: [Reduction] = [
    .deleteSymbols, .dropBodies, .endBlocksEarly, .takeOneSuccessor, .mergeBlocks,
    .deleteOperations, .replaceByConstants, .unwrapRegions, .dropResults, .dropArguments,
    .dropAttributes, .simplifyAttributes, .shareOperands,
  ]

  /// How large a module is; what is accepted must be less.
  struct Measure: Comparable {
    var operations = 0
    var characters = 0

    static func < (a: Measure, b: Measure) -> Bool {
      (a.operations, a.characters) < (b.operations, b.characters)
    }
  }

  /// Operations with what they carry; what stands in for others counts least.
  static func weight(_ module: Operation) -> Int {
    var weight = 0
    module.walk { operation in
      weight += StandIns.isStandIn(operation) ? 3 : 10
      weight += operation.operandCount + operation.resultCount
      for region in operation.regions {
        for block in region.blocks { weight += 4 + block.argumentCount }
      }
    }
    return weight
  }

  /// How many operations a module holds, itself not counted.
  static func operationCount(_ module: Operation) -> Int {
    var count = -1
    module.walk { _ in count += 1 }
    return count
  }

  /// All operations below `module`, the last first, users before what they use.
  static func operations(_ module: Operation) -> [Operation] {
    var found: [Operation] = []
    module.walkPreOrder { operation in
      if operation != module { found.append(operation) }
      return .advance
    }
    return found.reversed()
  }

  /// Takes an operation out. It is not freed: its handle, which other changes may hold, must not come to
  /// mean another.
  static func detach(_ operation: Operation) {
    operation.remove()
    operation.dropAllReferences()
  }

  /// Whether `operation` has not been taken out.
  static func isPart(_ operation: Operation, of module: Operation) -> Bool {
    var current = operation
    while let parent = current.parent {
      if parent == module { return true }
      current = parent
    }
    return current == module
  }

  /// Takes away what nothing uses any more: constants and poison, and blocks not reached.
  static func clean(_ module: Operation) {
    for operation in operations(module) where operation.isLive {
      for region in operation.regions { removeUnreachable(region, in: operation) }
    }
    for operation in operations(module)
    where operation.isLive && StandIns.isStandIn(operation) && operation.isUnused {
      operation.erase()
    }
  }

  private static func removeUnreachable(_ region: Region, in operation: Operation) {
    guard let entry = region.firstBlock, entry.next != nil else { return }
    var reached: Set<Block> = [entry]
    var open = [entry]
    while let block = open.popLast() {
      for next in block.successors where reached.insert(next).inserted { open.append(next) }
    }
    let lost = Array(region.blocks).filter { !reached.contains($0) }
    for block in lost {
      for inner in block.operations { inner.dropAllReferences() }
    }
    // Blocks not reached may use each other's values only.
    for block in lost where canErase(block) { block.erase() }
  }

  private static func canErase(_ block: Block) -> Bool {
    !block.hasPredecessors && block.arguments.allSatisfy { !$0.hasUses }
      && block.operations.allSatisfy(\.isUnused)
  }
}
