import MartletIR
import MartletSupport

extension BytecodeWriter {
  /// Writes an operation and its regions.
  mutating func write(operation: Operation) throws(Reported) {
    let name = operation.name
    guard let record = numbering.record(name) else { return }
    out.variable(numbering.names.number(name.raw) ?? 0)
    let mask = out.count
    var parts: Bytecode.Parts = []
    out.append(UInt8(0))
    out.variable(numbering.attributes.number(operation.locationNumber) ?? 0)
    try writeAttributes(operation, record, &parts)

    let results = operation.results
    if !results.isEmpty {
      parts.insert(.results)
      out.variable(UInt64(results.count))
      for result in results { type(result.type) }
    }
    let operands = operation.operands
    if !operands.isEmpty {
      parts.insert(.operands)
      out.variable(UInt64(operands.count))
      for operand in operands { out.variable(UInt64(numbering.valueNumbers[Int(operand.raw)])) }
    }
    let successors = operation.successors
    if !successors.isEmpty {
      parts.insert(.successors)
      out.variable(UInt64(successors.count))
      for block in successors { out.variable(UInt64(numbering.blockNumbers[Int(block.raw)])) }
    }
    if options.version >= Bytecode.Since.useListOrders, writeUseListOrders(results) {
      parts.insert(.useListOrders)
    }
    if operation.regionCount > 0 { parts.insert(.regions) }
    out.base[mask] = parts.rawValue
    if operation.regionCount > 0 { try writeRegions(operation) }
  }

  private mutating func writeAttributes(
    _ operation: Operation, _ record: BytecodeName, _ parts: inout Bytecode.Parts
  ) throws(Reported) {
    guard options.version >= Bytecode.Since.properties else {
      let merged = operation.mergedAttributes
      if merged.words.isEmpty { return }
      parts.insert(.attributes)
      attribute(merged)
      return
    }
    let discardable = operation.discardableNumber
    if discardable != .max {
      parts.insert(.attributes)
      out.variable(numbering.attributes.number(discardable) ?? 0)
    }
    if record.isRegistered ? record.slots.isEmpty : operation.unregisteredProperties == nil {
      return
    }
    if let missing = record.missingAttribute(of: operation) {
      throw operation.emitOpError("requires attribute '\(missing)' to be written as bytecode")
    }
    parts.insert(.properties)
    // Written at the end of the section, then moved into the table of properties.
    let start = out.count
    record.encodeProperties(of: operation, version: options.version, into: &self)
    let bytes = UnsafeBufferPointer(
      start: UnsafePointer(out.base + start), count: out.count - start)
    let number = properties.number(bytes)
    out.truncate(to: start)
    out.variable(number)
  }

  private mutating func writeRegions(_ operation: Operation) throws(Reported) {
    let isIsolated = numbering.isIsolated[Int(operation.raw)]
    out.variable(UInt64(operation.regionCount), flag: isIsolated)
    let start = out.count
    for region in operation.regions { try write(region: region) }
    if isIsolated, options.version >= Bytecode.Since.regionSections {
      out.wrapSection(.operations, from: start)
    }
  }

  private mutating func write(region: Region) throws(Reported) {
    guard let counts = numbering.regionCounts[region.raw] else {
      out.variable(0)
      return
    }
    out.variable(UInt64(counts.blocks))
    out.variable(UInt64(counts.values))
    for block in region.blocks {
      var operations: UInt64 = 0
      for _ in block.operations { operations += 1 }
      let arguments = block.arguments
      out.variable(operations, flag: !arguments.isEmpty)
      if !arguments.isEmpty { writeArguments(arguments) }
      for operation in block.operations { try write(operation: operation) }
    }
  }

  private mutating func writeArguments(_ arguments: ArgumentList) {
    out.variable(UInt64(arguments.count))
    for argument in arguments {
      let type = numbering.types.number(argument.type.raw) ?? 0
      let location = argument.argumentLocation
      let isKnown = !location.isUnknown
      if options.version >= Bytecode.Since.optionalArgumentLocations {
        out.variable(type, flag: isKnown)
        if !isKnown { continue }
      } else {
        out.variable(type)
      }
      out.variable(numbering.attributes.number(argument.argumentLocationNumber) ?? 0)
    }
    guard options.version >= Bytecode.Since.useListOrders else { return }
    let mask = out.count
    out.append(UInt8(0))
    if writeUseListOrders(arguments) {
      out.base[mask] = Bytecode.Parts.useListOrders.rawValue
    }
  }

  /// Writes the orders of uses that reading would not give by itself; whether there are any.
  private mutating func writeUseListOrders(_ values: some RandomAccessCollection<Value>) -> Bool {
    var orders: [(index: Int, places: [Int])] = []
    numbering.operationOrder.withUnsafeBufferPointer { order in
      for (i, value) in values.enumerated() {
        guard let keys = value.unusualUseOrder(order) else { continue }
        orders.append((i, keys.indices.sorted { keys[$0] > keys[$1] }))
      }
    }
    if orders.isEmpty { return false }
    if values.count != 1 { out.variable(UInt64(orders.count)) }
    for (index, places) in orders {
      if values.count != 1 { out.variable(UInt64(index)) }
      let moved = places.enumerated().filter { $0.offset != $0.element }
      // Pairs are shorter where few uses are out of order.
      let asPairs = moved.count < places.count / 2
      if asPairs {
        out.variable(UInt64(moved.count * 2), flag: true)
        for (place, use) in moved {
          out.variable(UInt64(use))
          out.variable(UInt64(place))
        }
      } else {
        out.variable(UInt64(places.count), flag: false)
        for use in places { out.variable(UInt64(use)) }
      }
    }
    return true
  }
}
