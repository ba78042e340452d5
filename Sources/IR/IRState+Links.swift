import MartletSupport

/// Linking and unlinking: the only code that changes use-lists and the lists of operations and blocks.
extension IRState {
  @usableFromInline func linkUse(_ use: UInt32, _ value: UInt32) {
    let head = values[value].firstUse
    operands[use].used = value
    operands[use].next = head
    operands[use].previous = none
    if head != none { operands[head].previous = use }
    values[value].firstUse = use
  }

  @usableFromInline func unlinkUse(_ use: UInt32) {
    let link = operands[use]
    if link.used == none { return }
    if link.previous != none {
      operands[link.previous].next = link.next
    } else {
      values[link.used].firstUse = link.next
    }
    if link.next != none { operands[link.next].previous = link.previous }
    operands[use].used = none
  }

  func linkBlockUse(_ use: UInt32, _ block: UInt32) {
    let head = blocks[block].firstUse
    successors[use].used = block
    successors[use].next = head
    successors[use].previous = none
    if head != none { successors[head].previous = use }
    blocks[block].firstUse = use
  }

  func unlinkBlockUse(_ use: UInt32) {
    let link = successors[use]
    if link.used == none { return }
    if link.previous != none {
      successors[link.previous].next = link.next
    } else {
      blocks[link.used].firstUse = link.next
    }
    if link.next != none { successors[link.next].previous = link.previous }
    successors[use].used = none
  }

  func linkOperation(_ operation: UInt32, block: UInt32, before: UInt32) {
    let previous = before == none ? blocks[block].lastOperation : operations[before].previous
    operations[operation].block = block
    operations[operation].previous = previous
    operations[operation].next = before
    if previous != none {
      operations[previous].next = operation
    } else {
      blocks[block].firstOperation = operation
    }
    if before != none {
      operations[before].previous = operation
      placeBetween(previous, operation, before, block)
    } else {
      blocks[block].lastOperation = operation
      if previous == none {
        operations[operation].order = 0
      } else {
        let (order, overflow) = operations[previous].order.addingReportingOverflow(16)
        if overflow { blocks[block].isOrdered = false }
        operations[operation].order = order
      }
    }
  }

  /// Gives an inserted operation a number between its neighbours' where there is one left.
  private func placeBetween(
    _ previous: UInt32, _ operation: UInt32, _ next: UInt32, _ block: UInt32
  ) {
    guard blocks[block].isOrdered else { return }
    let high = operations[next].order
    guard previous != none else {
      if high > 0 {
        operations[operation].order = high / 2
      } else {
        blocks[block].isOrdered = false
      }
      return
    }
    let low = operations[previous].order
    if high - low > 1 {
      operations[operation].order = low + (high - low) / 2
    } else {
      blocks[block].isOrdered = false
    }
  }

  func unlinkOperation(_ operation: UInt32) {
    let record = operations[operation]
    if record.block == none { return }
    if record.previous != none {
      operations[record.previous].next = record.next
    } else {
      blocks[record.block].firstOperation = record.next
    }
    if record.next != none {
      operations[record.next].previous = record.previous
    } else {
      blocks[record.block].lastOperation = record.previous
    }
    operations[operation].block = none
    operations[operation].previous = none
    operations[operation].next = none
  }

  func linkBlock(_ block: UInt32, region: UInt32, before: UInt32) {
    let previous = before == none ? regions[region].lastBlock : blocks[before].previous
    blocks[block].region = region
    blocks[block].previous = previous
    blocks[block].next = before
    if previous != none {
      blocks[previous].next = block
    } else {
      regions[region].firstBlock = block
    }
    if before != none {
      blocks[before].previous = block
    } else {
      regions[region].lastBlock = block
    }
  }

  func unlinkBlock(_ block: UInt32) {
    let record = blocks[block]
    if record.region == none { return }
    if record.previous != none {
      blocks[record.previous].next = record.next
    } else {
      regions[record.region].firstBlock = record.next
    }
    if record.next != none {
      blocks[record.next].previous = record.previous
    } else {
      regions[record.region].lastBlock = record.previous
    }
    blocks[block].region = none
    blocks[block].previous = none
    blocks[block].next = none
  }

  /// Gives back an unlinked operation whose references have been dropped, and all it contains.
  mutating func free(operation: UInt32) {
    let record = operations[operation]
    for i in 0..<UInt32(record.regionCount) {
      while regions[record.firstRegion + i].lastBlock != none {
        let block = regions[record.firstRegion + i].lastBlock
        while blocks[block].lastOperation != none {
          let inner = blocks[block].lastOperation
          unlinkOperation(inner)
          free(operation: inner)
        }
        unlinkBlock(block)
        free(block: block)
      }
    }
    operands.release(record.firstOperand, Int(record.operandCount))
    values.release(record.firstResult, Int(record.resultCount))
    regions.release(record.firstRegion, Int(record.regionCount))
    successors.release(record.firstSuccessor, Int(record.successorCount))
    inherents.release(record.firstInherent, Int(record.inherentCount))
    operations[operation].isLive = false
    freeOperations.append(operation)
  }

  mutating func free(block: UInt32) {
    let record = blocks[block]
    for i in 0..<record.argumentCount {
      let argument = argumentLists[record.firstArgument + i]
      argumentLocations.removeValue(forKey: argument)
      values.release(argument, 1)
    }
    argumentLists.release(record.firstArgument, Int(record.argumentCapacity))
    freeBlocks.append(block)
  }
}
