import MartletDialects
import MartletIR

/// Removing operations.
extension Reduction {
  /// Functions and other operations directly in the module.
  static let deleteSymbols = Reduction("delete symbols") { module in
    guard let block = module.region().firstBlock else { return [] }
    return Array(block.operations).reversed().map { operation in
      { if isPart(operation, of: module) { remove(operation) { _ in nil } } }
    }
  }

  /// Operations, their results replaced by values that are there already.
  static let deleteOperations = Reduction("delete operations") { module in
    removable(module).map { operation in
      {
        if isPart(operation, of: module) {
          remove(operation) { StandIns.existing($0.type, at: operation) }
        }
      }
    }
  }

  /// Operations, their results replaced by constants.
  static let replaceByConstants = Reduction("replace operations by constants") { module in
    removable(module).filter { !StandIns.isStandIn($0) }.map { operation in
      {
        if isPart(operation, of: module) {
          remove(operation) { StandIns.constant($0.type, at: operation) }
        }
      }
    }
  }

  private static func removable(_ module: Operation) -> [Operation] {
    operations(module).filter { !$0.has(.terminator) }
  }

  /// Erases `operation` where every used result has a replacement.
  private static func remove(_ operation: Operation, _ replacement: (Value) -> Value?) {
    var values: [(old: Value, new: Value)] = []
    for result in operation.results where result.hasUses {
      guard let value = replacement(result), value.definingOperation != operation else { return }
      values.append((result, value))
    }
    for (old, new) in values { old.replaceAllUses(with: new) }
    detach(operation)
  }

  /// Operations with regions of one block, replaced by what a region holds.
  static let unwrapRegions = Reduction("unwrap regions") { module in
    var places: [() -> Void] = []
    for operation in operations(module)
    where operation.regionCount > 0 && !operation.has(.isolatedFromAbove)
      && !operation.has(.terminator) && !operation.has(.symbol)
    {
      for i in 0..<operation.regionCount where operation.region(i).hasOneBlock {
        places.append { if isPart(operation, of: module) { unwrap(operation, region: i) } }
      }
    }
    return places
  }

  private static func unwrap(_ operation: Operation, region i: Int) {
    guard operation.block != nil, let body = operation.region(i).firstBlock else { return }
    for argument in body.arguments where argument.hasUses {
      guard let value = StandIns.value(argument.type, at: operation) else { return }
      argument.replaceAllUses(with: value)
    }
    var yielded: [Value] = []
    if let last = body.lastOperation, last.has(.terminator) {
      yielded = Array(last.operands)
      detach(last)
    }
    while let inner = body.firstOperation { inner.move(before: operation) }
    for (i, result) in operation.results.enumerated() where result.hasUses {
      let fitting =
        i < yielded.count && yielded[i].type == result.type
        ? yielded[i] : yielded.first { $0.type == result.type }
      guard let value = fitting ?? StandIns.value(result.type, at: operation) else { return }
      result.replaceAllUses(with: value)
    }
    detach(operation)
  }

  /// Operands of operations, replaced by arguments of the blocks around, which lets their definitions go.
  static let shareOperands = Reduction("use arguments for operands") { module in
    var places: [() -> Void] = []
    for operation in operations(module) {
      for i in 0..<operation.operandCount {
        guard let definer = operation.operand(i).definingOperation, !StandIns.isStandIn(definer)
        else { continue }
        places.append {
          guard isPart(operation, of: module), i < operation.operandCount else { return }
          let old = operation.operand(i)
          guard let definer = old.definingOperation,
            let value = StandIns.existing(old.type, at: definer)
              ?? StandIns.constant(
                old.type, at: definer)
          else { return }
          operation.setOperand(i, value)
          if definer.isUnused, !definer.has(.terminator), definer != operation { detach(definer) }
        }
      }
    }
    return places
  }
}
