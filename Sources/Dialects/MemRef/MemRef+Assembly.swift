import MartletIR
import MartletSupport
import MartletSyntax

/// Text of the operations that have no declarative format.
extension MemRef {
  /// `memref.transpose %a (i, j) -> (j, i) : type to type`.
  static let transposeAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let source = try parser.parseOperand()
      let map = try parser.parseAffineMap()
      operation.add("permutation", parser.context.affineMapAttribute(map))
      try parser.parseOptionalAttributeDictionary(&operation)
      let type = try parser.parseColonType()
      try parser.parseKeyword("to")
      operation.operands = [try parser.resolve(source, type)]
      operation.resultTypes = [try parser.parseType()]
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      if let map = operation.attribute("permutation")?.affineMap {
        let text = operation.context.text.attribute(operation.context.affineMapAttribute(map))
        printer.write(" " + text.dropFirst("affine_map<".count).dropLast())
      }
      printer.optionalAttributeDictionary(operation, excluding: ["permutation"])
      printer.write(" : ")
      printer.type(operation.operand(0).type)
      printer.write(" to ")
      printer.type(operation.result().type)
    })

  /// `memref.prefetch %m[%i], read, locality<3>, data : type`.
  static let prefetchAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      let memref = try parser.parseOperand()
      let indices = try parser.parseOperandList(.square)
      try parser.parse(.comma)
      var offset = parser.offset
      let access = try parser.parseKeyword()
      guard access == "read" || access == "write" else {
        throw parser.error("rw specifier has to be 'read' or 'write'", at: offset)
      }
      try parser.parse(.comma)
      try parser.parseKeyword("locality")
      try parser.parse(.less)
      let hint = try parser.parseAttribute(type: context.i32)
      try parser.parse(.greater)
      try parser.parse(.comma)
      offset = parser.offset
      let cache = try parser.parseKeyword()
      guard cache == "data" || cache == "instr" else {
        throw parser.error("cache type has to be 'data' or 'instr'", at: offset)
      }
      try parser.parseOptionalAttributeDictionary(&operation)
      let type = try parser.parseColonType()
      operation.operands =
        [try parser.resolve(memref, type)] + (try parser.resolve(indices, context.index))
      operation.add("isWrite", context.boolAttribute(access == "write"))
      operation.add("localityHint", hint)
      operation.add("isDataCache", context.boolAttribute(cache == "data"))
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write("[")
      printer.operands(operation.operands(named: "indices"))
      let isWrite = operation.attribute("isWrite")?.boolValue ?? false
      let isData = operation.attribute("isDataCache")?.boolValue ?? false
      let hint = operation.attribute("localityHint")?.integerValue ?? 0
      printer.write(
        "], \(isWrite ? "write" : "read"), locality<\(hint)>, \(isData ? "data" : "instr")")
      printer.optionalAttributeDictionary(
        operation, excluding: ["isWrite", "localityHint", "isDataCache"])
      printer.write(" : ")
      printer.type(operation.operand(0).type)
    })

  /// `memref.alloca_scope -> (types) { ... }`.
  static let allocaScopeAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      operation.resultTypes = try parser.parseOptionalArrowTypeList()
      try parser.parseRegion(&operation)
      try parser.parseOptionalAttributeDictionary(&operation)
    },
    print: { printer, operation in
      if operation.resultCount > 0 {
        printer.write("  -> (")
        printer.types(operation.results.types)
        printer.write(")")
      }
      printer.write(operation.resultCount > 0 ? " " : "  ")
      printer.region(
        operation.region(0), entryArguments: false, terminators: operation.resultCount > 0)
      printer.optionalAttributeDictionary(operation)
    })

  /// `memref.generic_atomic_rmw %m[%i] : type { ^bb0(%old : f32): ... }`.
  static let genericAtomicRMWAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let memref = try parser.parseOperand()
      let indices = try parser.parseOperandList(.square)
      let type = try parser.parseColonType()
      operation.operands =
        [try parser.resolve(memref, type)] + (try parser.resolve(indices, parser.context.index))
      operation.resultTypes = [type.elementType]
      try parser.parseRegion(&operation)
      try parser.parseOptionalAttributeDictionary(&operation)
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write("[")
      printer.operands(operation.operands(named: "indices"))
      printer.write("] : ")
      printer.type(operation.operand(0).type)
      printer.write(" ")
      printer.region(operation.region(0))
      printer.optionalAttributeDictionary(operation)
    })

  /// `memref.dma_start %src[%i], %dst[%j], %size, %tag[%k], %stride, %per : types`.
  static let dmaStartAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let index = parser.context.index
      let offset = parser.offset
      let source = try parser.parseOperand()
      let sourceIndices = try parser.parseOperandList(.square)
      try parser.parse(.comma)
      let target = try parser.parseOperand()
      let targetIndices = try parser.parseOperandList(.square)
      try parser.parse(.comma)
      let count = try parser.parseOperand()
      try parser.parse(.comma)
      let tag = try parser.parseOperand()
      let tagIndices = try parser.parseOperandList(.square)
      var strides: [Parser.OperandReference] = []
      while parser.parseOptional(.comma) { strides.append(try parser.parseOperand()) }
      guard strides.isEmpty || strides.count == 2 else {
        throw parser.error("expected two stride related operands", at: offset)
      }
      let types = try parser.parseColonTypeList()
      guard types.count == 3 else { throw parser.error("fewer/more types expected", at: offset) }
      operation.operands =
        [try parser.resolve(source, types[0])] + (try parser.resolve(sourceIndices, index))
        + [try parser.resolve(target, types[1])] + (try parser.resolve(targetIndices, index))
        + [try parser.resolve(count, index), try parser.resolve(tag, types[2])]
        + (try parser.resolve(tagIndices, index)) + (try parser.resolve(strides, index))
    },
    print: { printer, operation in
      let operands = Array(operation.operands)
      var next = 0
      var types: [Type] = []
      func place() {
        guard next < operands.count else { return }
        let memref = operands[next]
        let end = min(operands.count, next + 1 + memref.type.rank)
        types.append(memref.type)
        printer.operand(memref)
        printer.write("[")
        printer.operands(operands[(next + 1)..<end])
        printer.write("]")
        next = end
      }
      printer.write(" ")
      place()
      printer.write(", ")
      place()
      printer.write(", ")
      if next < operands.count {
        printer.operand(operands[next])
        next += 1
      }
      printer.write(", ")
      place()
      while next < operands.count {
        printer.write(", ")
        printer.operand(operands[next])
        next += 1
      }
      printer.optionalAttributeDictionary(operation)
      printer.write(" : ")
      printer.types(types)
    })
}
