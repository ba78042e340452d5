import MartletIR
import MartletSupport

extension BytecodeReader {
  /// A region under way.
  private struct RegionState {
    let operation: Operation
    var region: Int
    var cursor: ByteCursor
    /// Set where the regions lie in a section of their own.
    let isSection: Bool
    /// The scope around an isolated operation.
    let outerScope: Int?
    var blocks: [Block] = []
    var block = -1
    var operationsLeft: UInt64 = 0
    var firstValue = 0
    var nextValue = 0
    var endOfValues = 0
  }

  mutating func readOperations(_ section: ByteCursor) throws(Reported) -> Operation {
    let module = context.createOperation(
      context.operationName("builtin.module"),
      location: context.fileLocation(source.name, line: 0, column: 0),
      operands: EmptyCollection<Value>(), resultTypes: EmptyCollection<Type>(), regionCount: 1)
    let block = module.region().addBlock()
    var top = RegionState(
      operation: module, region: 0, cursor: section, isSection: true, outerScope: nil,
      blocks: [block], block: 0)
    try readBlockHeader(&top)
    var stack = [top]
    while var state = stack.popLast() {
      // Reads up to an operation with regions, which goes on the stack above this one.
      if let inner = try readRegions(&state) {
        guard stack.count < Self.maximumDepth else {
          throw error(
            "regions are nested deeper than \(Self.maximumDepth) levels",
            at: state.cursor.position)
        }
        stack.append(state)
        stack.append(inner)
      } else {
        if state.isSection, !state.cursor.isAtEnd {
          throw error("there are bytes behind the operations", at: state.cursor.position)
        }
        if let outer = state.outerScope { values.closeScope(outer) }
        if !state.isSection, let last = stack.indices.last {
          stack[last].cursor.position = state.cursor.position
        }
      }
    }
    if !values.forward.isEmpty {
      throw error("a value is used and never defined", at: section.end)
    }
    try applyUseListOrders()
    if let only = block.firstOperation, only.next == nil, only.name.string == "builtin.module" {
      only.remove()
      module.erase()
      return only
    }
    return module
  }

  /// Reads what is left of an operation's regions; stops behind an operation that has regions itself, whose state it
  /// returns.
  private mutating func readRegions(_ state: inout RegionState) throws(Reported) -> RegionState? {
    while state.region < state.operation.regionCount {
      if state.block < 0, try !readRegionHeader(&state) {
        state.region += 1
        continue
      }
      while true {
        while state.operationsLeft > 0 {
          state.operationsLeft -= 1
          if let inner = try readOperation(&state) { return inner }
        }
        if state.block + 1 == state.blocks.count { break }
        state.block += 1
        try readBlockHeader(&state)
      }
      if !values.pop(to: state.firstValue) {
        throw error("a value is used in a region and never defined", at: state.cursor.position)
      }
      state.block = -1
      state.region += 1
    }
    return nil
  }

  /// Makes the blocks of the next region; false where it is empty.
  private mutating func readRegionHeader(_ state: inout RegionState) throws(Reported) -> Bool {
    let blockCount = try count(&state.cursor, "blocks")
    state.blocks.removeAll(keepingCapacity: true)
    if blockCount == 0 { return false }
    let valueCount = try count(&state.cursor, "values")
    let region = state.operation.region(state.region)
    for _ in 0..<blockCount { state.blocks.append(region.addBlock()) }
    state.firstValue = values.push(valueCount)
    state.nextValue = state.firstValue
    state.endOfValues = state.firstValue + valueCount
    state.block = 0
    try readBlockHeader(&state)
    return true
  }

  private mutating func readBlockHeader(_ state: inout RegionState) throws(Reported) {
    let (operations, hasArguments) = try flagged(&state.cursor)
    state.operationsLeft = operations
    guard hasArguments else { return }
    let block = state.blocks[state.block]
    let argumentCount = try count(&state.cursor, "block arguments")
    for _ in 0..<argumentCount {
      let position = state.cursor.position
      let number: UInt32
      var location: UInt32?
      if version >= Bytecode.Since.optionalArgumentLocations {
        let (index, hasLocation) = try flagged(&state.cursor)
        number = try typeNumber(index, at: position)
        if hasLocation { location = try locationNumber(&state.cursor) }
      } else {
        number = try typeNumber(&state.cursor)
        location = try locationNumber(&state.cursor)
      }
      let value = block.addArgument(context.type(number: number))
      if let location { value.argumentLocation = context.location(number: location) }
      try define(value, &state, at: position)
    }
    if version >= Bytecode.Since.useListOrders, try byte(&state.cursor) != 0 {
      try readUseListOrders(&state.cursor, argumentCount) { block.argument($0) }
    }
  }

  @inline(__always) private mutating func define(
    _ value: Value, _ state: inout RegionState, at position: Int
  ) throws(Reported) {
    if state.nextValue >= state.endOfValues {
      throw error("a region defines more values than announced", at: position)
    }
    values.define(state.nextValue, value)
    state.nextValue += 1
  }

  // MARK: Operations

  /// Reads an operation without its regions, for which a new state is returned.
  private mutating func readOperation(_ state: inout RegionState) throws(Reported) -> RegionState? {
    let start = state.cursor.position
    let name = try operationName(&state.cursor)
    let parts = Bytecode.Parts(rawValue: try byte(&state.cursor))
    let location = try locationNumber(&state.cursor)
    let discardable = parts.contains(.attributes) ? try dictionaryNumber(&state.cursor) : nil
    var piece: ByteCursor?
    if parts.contains(.properties) { piece = try propertiesCursor(&state.cursor) }

    // Lists are counted first, and read once the operation is there to take them.
    var results = ByteCursor(position: 0, end: 0)
    let resultCount = try skipReferences(
      parts.contains(.results), &state.cursor, "results", &results)
    guard resultCount <= 0xffff else { throw tooMany(UInt64(resultCount), "results", start) }
    var operands = ByteCursor(position: 0, end: 0)
    let operandCount = try skipReferences(
      parts.contains(.operands), &state.cursor, "operands", &operands)
    var successors = ByteCursor(position: 0, end: 0)
    let successorCount = try skipReferences(
      parts.contains(.successors), &state.cursor, "successors", &successors)
    guard successorCount <= 0xffff else {
      throw tooMany(UInt64(successorCount), "successors", start)
    }
    let orders = state.cursor
    if parts.contains(.useListOrders), version >= Bytecode.Since.useListOrders {
      try readUseListOrders(&state.cursor, resultCount, nil)
    }
    var regionCount = 0
    var isIsolated = false
    if parts.contains(.regions) {
      let position = state.cursor.position
      let (number, flag) = try flagged(&state.cursor)
      guard number <= 0xffff, number <= UInt64(state.cursor.remaining) else {
        throw tooMany(number, "regions", position)
      }
      regionCount = Int(number)
      isIsolated = flag
    }

    let operation = context.createUnlinkedOperation(
      name.name, location: location, operandCount: operandCount, resultCount: resultCount,
      successorCount: successorCount, regionCount: regionCount, inherentCount: name.inherentCount,
      in: state.blocks[state.block])
    for i in 0..<resultCount {
      operation.setResultType(i, number: try typeNumber(&results))
    }
    try linkOperands(operation, operandCount, &operands)
    for i in 0..<successorCount {
      let position = successors.position
      let index = try variable(&successors)
      guard index < UInt64(state.blocks.count) else {
        throw error("there is no block \(index) in the region", at: position)
      }
      operation.linkSuccessor(i, state.blocks[Int(index)])
    }
    for i in 0..<resultCount where state.endOfValues > state.firstValue {
      try define(operation.result(i), &state, at: start)
    }
    if parts.contains(.useListOrders), version >= Bytecode.Since.useListOrders {
      var again = orders
      try readUseListOrders(&again, resultCount) { operation.result($0) }
    }
    try setAttributes(operation, name, discardable: discardable, properties: piece)
    if regionCount == 0 { return nil }
    return try regions(of: operation, isIsolated, &state)
  }

  /// Goes past a list of references; returns how many there are, and where.
  @inline(__always) private func skipReferences(
    _ isPresent: Bool, _ cursor: inout ByteCursor, _ what: StaticString,
    _ references: inout ByteCursor
  ) throws(Reported) -> Int {
    if !isPresent { return 0 }
    let number = try count(&cursor, what)
    references = cursor
    for _ in 0..<number { _ = try variable(&cursor) }
    return number
  }

  private mutating func linkOperands(
    _ operation: Operation, _ number: Int, _ cursor: inout ByteCursor
  ) throws(Reported) {
    for i in 0..<number {
      let position = cursor.position
      let index = try variable(&cursor)
      guard let value = values.use(index, context) else {
        throw error("there is no value \(index) here", at: position)
      }
      operation.linkOperand(i, valueNumber: value)
    }
  }

  /// The state that reads the regions of `operation`, which follow.
  private mutating func regions(
    of operation: Operation, _ isIsolated: Bool, _ state: inout RegionState
  ) throws(Reported) -> RegionState {
    var cursor = state.cursor
    var isSection = false
    if isIsolated, version >= Bytecode.Since.regionSections {
      let position = state.cursor.position
      let (kind, body) = try section(&state.cursor)
      guard kind == .operations else {
        throw error("expected a section of operations for regions", at: position)
      }
      cursor = body
      isSection = true
    }
    return RegionState(
      operation: operation, region: 0, cursor: cursor, isSection: isSection,
      outerScope: isIsolated ? values.openScope() : nil)
  }
}
