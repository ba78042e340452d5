import MartletSupport

/// Making operations and blocks.
extension Context {
  /// A block that is in no region yet.
  public func createBlock(arguments: [Type] = []) -> Block {
    let raw: UInt32
    if let free = state.pointee.freeBlocks.popLast() {
      state.pointee.blocks[free] = BlockRecord()
      raw = free
    } else {
      raw = state.pointee.blocks.append(BlockRecord())
    }
    let block = Block(state, raw)
    for type in arguments { block.addArgument(type) }
    return block
  }

  /// An operation that is in no block yet. Inherent attributes that have a default get it.
  public func createOperation<Operands: Collection, Results: Collection>(
    _ name: OperationName, location: Location, operands: Operands, resultTypes: Results,
    successors: [Block] = [], regionCount: Int = 0
  ) -> Operation where Operands.Element == Value, Results.Element == Type {
    let operation = allocateOperation(
      name, location: location, operandCount: operands.count, resultCount: resultTypes.count,
      successorCount: successors.count, regionCount: regionCount,
      inherentCount: name.record.inherentCount)
    setDefaults(operation, name)
    var use = operation.record.firstOperand
    for value in operands {
      state.pointee.linkUse(use, value.raw)
      use += 1
    }
    var result = operation.record.firstResult
    for type in resultTypes {
      state.pointee.values[result].type = type.raw
      result += 1
    }
    for (i, block) in successors.enumerated() {
      state.pointee.linkBlockUse(operation.record.firstSuccessor + UInt32(i), block.raw)
    }
    return operation
  }

  /// As `createOperation` for operations without successors, from values and types that lie in memory.
  package func createOperation(
    _ name: OperationName, location: Location, operands: UnsafeBufferPointer<Value>,
    resultTypes: UnsafeBufferPointer<Type>, regionCount: Int
  ) -> Operation {
    let operation = allocateOperation(
      name, location: location, operandCount: operands.count, resultCount: resultTypes.count,
      successorCount: 0, regionCount: regionCount, inherentCount: name.record.inherentCount)
    setDefaults(operation, name)
    var use = operation.record.firstOperand
    for value in operands {
      state.pointee.linkUse(use, value.raw)
      use += 1
    }
    var result = operation.record.firstResult
    for type in resultTypes {
      state.pointee.values[result].type = type.raw
      result += 1
    }
    return operation
  }

  /// An operation with its runs in place, operands and successors not yet linked, types and inherent
  /// attributes not yet set.
  func allocateOperation(
    _ name: OperationName, location: Location, operandCount: Int, resultCount: Int,
    successorCount: Int, regionCount: Int, inherentCount: Int
  ) -> Operation {
    precondition(resultCount <= 0xffff && successorCount <= 0xffff && regionCount <= 0xffff)
    let pointer = state
    var record = OperationRecord(name: name.raw, location: location.raw)
    record.operandCount = UInt32(operandCount)
    record.resultCount = UInt16(resultCount)
    record.regionCount = UInt16(regionCount)
    record.successorCount = UInt16(successorCount)
    record.inherentCount = UInt16(inherentCount)
    record.firstOperand = pointer.pointee.operands.allocate(operandCount)
    record.firstResult = pointer.pointee.values.allocate(resultCount)
    record.firstRegion = pointer.pointee.regions.allocate(regionCount)
    record.firstSuccessor = pointer.pointee.successors.allocate(successorCount)
    record.firstInherent = pointer.pointee.inherents.allocate(inherentCount)
    let raw: UInt32
    if let free = pointer.pointee.freeOperations.popLast() {
      pointer.pointee.operations[free] = record
      raw = free
    } else {
      raw = pointer.pointee.operations.append(record)
    }
    for i in 0..<UInt32(operandCount) {
      pointer.pointee.operands[record.firstOperand + i].owner = raw
    }
    for i in 0..<UInt32(successorCount) {
      pointer.pointee.successors[record.firstSuccessor + i].owner = raw
    }
    for i in 0..<UInt32(resultCount) {
      pointer.pointee.values[record.firstResult + i].owner = raw
      pointer.pointee.values[record.firstResult + i].index = i
    }
    for i in 0..<UInt32(regionCount) {
      pointer.pointee.regions[record.firstRegion + i].operation = raw
    }
    return Operation(pointer, raw)
  }

  private func setDefaults(_ operation: Operation, _ name: OperationName) {
    let count = UInt32(operation.record.inherentCount)
    if count == 0 { return }
    if name.record.firstDefault == none { makeDefaults(name) }
    let from = name.record.firstDefault
    let to = operation.record.firstInherent
    for i in 0..<count { state.pointee.inherents[to + i] = state.pointee.defaults[from + i] }
  }

  private func makeDefaults(_ name: OperationName) {
    var values = Array(repeating: none, count: name.record.inherentCount)
    if let definition = name.definition {
      for (i, attribute) in definition.attributes.enumerated() {
        if let make = attribute.defaultValue { values[i] = make(self).raw }
      }
    }
    name.record.firstDefault = UInt32(state.pointee.defaults.count)
    for value in values { state.pointee.defaults.append(value) }
  }
}

/// Regions that belong to no operation yet, for parsers.
extension Context {
  public func createDetachedRegion() -> Region {
    Region(state, state.pointee.regions.allocate(1))
  }

  /// Gives back a detached region, erasing what is left in it.
  public func releaseDetachedRegion(_ region: Region) {
    region.eraseBlocks()
    state.pointee.regions.release(region.raw, 1)
  }
}

extension Context {
  /// One more than the largest number a value of this context has.
  public var valueCapacity: Int { state.pointee.values.records.count }
}
