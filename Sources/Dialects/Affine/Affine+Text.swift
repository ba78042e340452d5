import MartletIR
import MartletSupport
import MartletSyntax

/// Text of the operations without regions.
extension Affine {
  // MARK: Maps and their operands

  /// `(%d0, %d1)[%s0]`; the values and how many are dimensions.
  static func parseDimensionsAndSymbols(_ parser: Parser) throws(Reported) -> (
    values: [Value], dimensions: Int
  ) {
    let dimensions = try parser.parseOperandList(.paren)
    let symbols = try parser.parseOperandList(.optionalSquare)
    return (
      try parser.resolve(dimensions + symbols, parser.context.index), dimensions.count
    )
  }

  static func printDimensionsAndSymbols(
    _ printer: Printer, _ operands: some Collection<Value>, dimensions: Int
  ) {
    printer.write("(")
    printer.operands(operands.prefix(dimensions))
    printer.write(")")
    if operands.count > dimensions {
      printer.write("[")
      printer.operands(operands.dropFirst(dimensions))
      printer.write("]")
    }
  }

  static func parseMap(_ parser: Parser) throws(Reported) -> AffineMap {
    let offset = parser.offset
    guard let map = try parser.parseAttribute().affineMap else {
      throw parser.error("invalid kind of attribute specified", at: offset)
    }
    return map
  }

  static let applyAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let offset = parser.offset
      let map = try parseMap(parser)
      op.add("map", parser.context.affineMapAttribute(map))
      let (values, dimensions) = try parseDimensionsAndSymbols(parser)
      op.operands = values
      try parser.parseOptionalAttributeDictionary(&op)
      if op.name.definition === apply,
        map.dimensionCount != dimensions || map.inputCount != values.count
      {
        throw parser.error("dimension or symbol index mismatch", at: offset)
      }
      let count = op.name.definition === apply ? map.resultCount : 1
      op.resultTypes = Array(repeating: parser.context.index, count: count)
    },
    print: { printer, operation in
      guard let map = operation.attribute("map") else { return }
      printer.write(" ")
      printer.attribute(map)
      printDimensionsAndSymbols(
        printer, operation.operands, dimensions: map.affineMap?.dimensionCount ?? 0)
      printer.optionalAttributeDictionary(operation, excluding: ["map"])
    })

  // MARK: Accesses

  /// `%m[%i + 1]`: the memref, and the map with its operands.
  private static func parseAccess(_ parser: Parser) throws(Reported) -> (
    memref: Parser.OperandReference, index: Parser.InlineAffineMap
  ) {
    (try parser.parseOperand(), try parser.parseInlineAffineMap())
  }

  private static func printAccess(
    _ printer: Printer, _ memref: Value, _ map: AffineMap?, _ operands: some Sequence<Value>
  ) {
    printer.operand(memref)
    printer.write("[")
    if let map { printer.inlineAffineMap(map, Array(operands)) }
    printer.write("]")
  }

  private static func isVector(_ op: ParsedOperation) -> Bool {
    op.name.definition === vectorLoad || op.name.definition === vectorStore
  }

  private static func parseMemRefType(_ parser: Parser) throws(Reported) -> Type {
    try parser.parse(.colon)
    let offset = parser.offset
    let type = try parser.parseType()
    if type.kind != .memRef {
      throw parser.error("invalid kind of type specified: expected builtin.memref", at: offset)
    }
    return type
  }

  static let loadAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let (memref, index) = try parseAccess(parser)
      op.add("map", parser.context.affineMapAttribute(index.map))
      try parser.parseOptionalAttributeDictionary(&op)
      let type = try parseMemRefType(parser)
      if isVector(op) {
        try parser.parse(.comma)
        op.resultTypes = [try parser.parseType()]
      } else {
        op.resultTypes = [type.elementType]
      }
      op.operands = [try parser.resolve(memref, type)]
      op.operands += try parser.resolve(index.operands, parser.context.index)
    },
    print: { printer, operation in
      printer.write(" ")
      printAccess(
        printer, operation.operand(0), operation.attribute("map")?.affineMap,
        operation.operands.dropping(1))
      printer.optionalAttributeDictionary(operation, excluding: ["map"])
      printer.write(" : ")
      printer.type(operation.operand(0).type)
      if operation.is(vectorLoad) {
        printer.write(", ")
        printer.type(operation.result().type)
      }
    })

  static let storeAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let value = try parser.parseOperand()
      try parser.parse(.comma)
      let (memref, index) = try parseAccess(parser)
      op.add("map", parser.context.affineMapAttribute(index.map))
      try parser.parseOptionalAttributeDictionary(&op)
      let type = try parseMemRefType(parser)
      var stored = type.elementType
      if isVector(op) {
        try parser.parse(.comma)
        stored = try parser.parseType()
      }
      op.operands = [
        try parser.resolve(value, stored), try parser.resolve(memref, type),
      ]
      op.operands += try parser.resolve(index.operands, parser.context.index)
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write(", ")
      printAccess(
        printer, operation.operand(1), operation.attribute("map")?.affineMap,
        operation.operands.dropping(2))
      printer.optionalAttributeDictionary(operation, excluding: ["map"])
      printer.write(" : ")
      printer.type(operation.operand(1).type)
      if operation.is(vectorStore) {
        printer.write(", ")
        printer.type(operation.operand(0).type)
      }
    })

  static let prefetchAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let context = parser.context
      let offset = parser.offset
      let (memref, index) = try parseAccess(parser)
      op.add("map", context.affineMapAttribute(index.map))
      try parser.parse(.comma)
      let access = try parser.parseKeyword()
      try parser.parse(.comma)
      try parser.parseKeyword("locality")
      try parser.parse(.less)
      op.add("localityHint", try parser.parseAttribute(type: context.i32))
      try parser.parse(.greater)
      try parser.parse(.comma)
      let cache = try parser.parseKeyword()
      try parser.parseOptionalAttributeDictionary(&op)
      let type = try parseMemRefType(parser)
      op.operands = [try parser.resolve(memref, type)]
      op.operands += try parser.resolve(index.operands, context.index)
      if access != "read", access != "write" {
        throw parser.error("rw specifier has to be 'read' or 'write'", at: offset)
      }
      op.add("isWrite", context.boolAttribute(access == "write"))
      if cache != "data", cache != "instr" {
        throw parser.error("cache type has to be 'data' or 'instr'", at: offset)
      }
      op.add("isDataCache", context.boolAttribute(cache == "data"))
    },
    print: { printer, operation in
      func flag(_ name: String) -> Bool { operation.attribute(name)?.boolValue ?? false }
      printer.write(" ")
      printAccess(
        printer, operation.operand(0), operation.attribute("map")?.affineMap,
        operation.operands.dropping(1))
      printer.write(flag("isWrite") ? ", write" : ", read")
      printer.write(", locality<\(operation.attribute("localityHint")?.integerValue ?? 0)>, ")
      printer.write(flag("isDataCache") ? "data" : "instr")
      printer.optionalAttributeDictionary(
        operation, excluding: ["map", "localityHint", "isDataCache", "isWrite"])
      printer.write(" : ")
      printer.type(operation.operand(0).type)
    })

  // MARK: Transfers

  static let dmaStartAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let context = parser.context
      let offset = parser.offset
      var accesses: [(memref: Parser.OperandReference, index: Parser.InlineAffineMap)] = []
      for name in ["src_map", "dst_map", "tag_map"] {
        let access = try parseAccess(parser)
        op.add(name, context.affineMapAttribute(access.index.map))
        accesses.append(access)
        try parser.parse(.comma)
      }
      var counts = [try parser.parseOperand()]
      while parser.parseOptional(.comma) {
        // A comma may end the list.
        guard let operand = try parser.parseOptionalOperand() else { break }
        counts.append(operand)
      }
      if counts.count != 1, counts.count != 3 {
        throw parser.error("expected two stride related operands", at: offset)
      }
      let types = try parser.parseColonTypeList()
      if types.count != 3 { throw parser.error("expected three types", at: offset) }
      for (access, type) in zip(accesses, types) {
        op.operands.append(try parser.resolve(access.memref, type))
        op.operands += try parser.resolve(access.index.operands, context.index)
      }
      op.operands += try parser.resolve(counts, context.index)
    },
    print: { printer, operation in
      guard let parts = DMAParts(operation) else { return }
      for (i, access) in parts.accesses.enumerated() {
        printer.write(i == 0 ? " " : ", ")
        printAccess(printer, access.memref, access.map, access.operands)
      }
      for count in parts.counts {
        printer.write(", ")
        printer.operand(count)
      }
      printer.write(" : ")
      printer.types(parts.accesses.map(\.memref.type))
    })

  static let dmaWaitAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let context = parser.context
      let offset = parser.offset
      let (memref, index) = try parseAccess(parser)
      op.add("tag_map", context.affineMapAttribute(index.map))
      try parser.parse(.comma)
      let count = try parser.parseOperand()
      let type = try parser.parseColonType()
      op.operands = [try parser.resolve(memref, type)]
      op.operands += try parser.resolve(index.operands, context.index)
      op.operands.append(try parser.resolve(count, context.index))
      if type.kind != .memRef {
        throw parser.error("expected tag to be of memref type", at: offset)
      }
    },
    print: { printer, operation in
      guard operation.operandCount >= 2, let last = operation.operands.last else { return }
      printer.write(" ")
      printAccess(
        printer, operation.operand(0), operation.attribute("tag_map")?.affineMap,
        operation.operands.dropping(1).dropLast())
      printer.write(", ")
      printer.operand(last)
      printer.write(" : ")
      printer.type(operation.operand(0).type)
    })
}

/// The parts of an `affine.dma_start`.
struct DMAParts {
  struct Access {
    let memref: Value
    let map: AffineMap
    let operands: [Value]
  }
  /// Source, destination and tag.
  let accesses: [Access]
  /// The number of elements, and the stride and elements per stride where there are.
  let counts: [Value]

  init?(_ operation: Operation) {
    var left = Array(operation.operands)
    var found: [Access] = []
    for name in ["src_map", "dst_map", "tag_map"] {
      guard let map = operation.attribute(name)?.affineMap, left.count > map.inputCount else {
        return nil
      }
      found.append(
        Access(memref: left[0], map: map, operands: Array(left[1..<(1 + map.inputCount)])))
      left.removeFirst(1 + map.inputCount)
    }
    accesses = found
    counts = left
  }
}
