import MartletIR
import MartletSupport
import MartletSyntax

/// Text of operations that have no declarative format.
extension VectorDialect {
  /// Of `from_elements`, here and in the tensor dialect: the operands' types follow from the result's, which has
  /// as many elements.
  static let fromElementsAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let references = try parser.parseOptionalOperandList()
      try parser.parseOptionalAttributeDictionary(&op)
      let offset = parser.offset
      let type = try parser.parseColonType()
      if let count = type.elementCount, count != references.count {
        throw parser.error(
          "number of operands and types do not match: got \(references.count) operands and "
            + "\(count) types", at: offset)
      }
      op.operands = try parser.resolve(references, type.elementType)
      op.resultTypes = [type]
    },
    print: { printer, op in
      printer.write(" ")
      printer.operands(op.operands)
      printer.optionalAttributeDictionary(op)
      printer.write(" : ")
      printer.type(op.result().type)
    })

  // MARK: outerproduct

  static let outerproductAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let references = try parser.parseOperandList()
      try parser.parseOptionalAttributeDictionary(&op)
      let offset = parser.offset
      let types = try parser.parseColonTypeList()
      guard references.count == 2 || references.count == 3 else {
        throw parser.error("expected at least 2 operands", at: offset)
      }
      guard types.count == 2, types[0].isVector else {
        throw parser.error("expected vector type for operand #1", at: offset)
      }
      let (lhs, rhs) = (types[0], types[1])
      let result: Type
      if rhs.isVector {
        result = parser.context.vector(
          lhs.shape + rhs.shape, lhs.elementType,
          scalable: lhs.scalableMask | (rhs.scalableMask << UInt64(min(lhs.rank, 63))))
      } else {
        result = lhs
      }
      op.operands = try parser.resolve(
        references, [lhs, rhs, result].prefix(references.count).map { $0 })
      op.resultTypes = [result]
    },
    print: { printer, op in
      printer.write(" ")
      printer.operands(op.operands)
      // MLIR leaves the attributes out where nothing is accumulated.
      if op.operandCount > 2 { printer.optionalAttributeDictionary(op) }
      printer.write(" : ")
      printer.types(op.operands.prefix(2).map(\.type))
    })

  // MARK: contract

  static let contractAssembly = CustomAssembly(parse: parseContract, print: printContract)

  private static func parseContract(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported)
  {
    let context = parser.context
    let offset = parser.offset
    let written = try parser.parseAttribute()
    guard written.kind == .dictionary else {
      throw parser.error("expected dictionary attribute", at: offset)
    }
    for entry in written.entries {
      var value = entry.value
      if entry.name.string == "iterator_types", let words = value.elements {
        let types = words.compactMap { word -> Attribute? in
          if word.is(iteratorType) { return word }
          return word.stringValue.flatMap { iteratorTypes.value($0) }.map {
            context.attribute(iteratorType, [UInt64(bitPattern: $0)])
          }
        }
        if types.count != words.count {
          throw parser.error("unexpected iterator type", at: offset)
        }
        value = context.array(types)
      }
      op.attributes.append((entry.name, value))
    }
    let references = try parser.parseOperandList()
    try parser.parseOptionalAttributeDictionary(&op)
    let typeOffset = parser.offset
    let types = try parser.parseColonTypeList()
    try parser.parseKeyword("into")
    let result = try parser.parseType()
    guard references.count == 3 else {
      throw parser.error("expected zero or exactly 2 vector mask operands", at: op.nameOffset)
    }
    guard types.count == 2 else {
      throw parser.error("expected 3 operands and 2 operand types", at: typeOffset)
    }
    op.operands = try parser.resolve(references, types + [result])
    op.resultTypes = [result]
  }

  private static func printContract(_ printer: Printer, _ op: Operation) {
    let context = op.context
    var entries = op.inherentAttributes.map { (name: context.intern($0.name), value: $0.value) }
    for i in entries.indices where entries[i].name.string == "iterator_types" {
      let words = (entries[i].value.elements ?? []).map { context.string($0.enumKeyword ?? "") }
      entries[i].value = context.array(words)
    }
    printer.write(" ")
    printer.attribute(context.dictionary(entries))
    printer.write(" ")
    printer.operands(op.operands)
    printer.optionalAttributeDictionary(op, excluding: entries.map(\.name.string))
    printer.write(" : ")
    printer.types(op.operands.prefix(2).map(\.type))
    printer.write(" into ")
    printer.type(op.result().type)
  }

  // MARK: mask

  /// `%m [, %passthru] { op } : mask type [-> types]`.
  static let maskAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let mask = try parser.parseOperand()
      let passthru = parser.parseOptional(.comma) ? try parser.parseOperand() : nil
      try parser.parseRegion(&op)
      try addYield(&op)
      try parser.parseOptionalAttributeDictionary(&op)
      op.operands = [try parser.resolve(mask, try parser.parseColonType())]
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      if let passthru {
        guard let type = op.resultTypes.first else {
          throw parser.error(
            "expects a result if passthru operand is provided", at: op.nameOffset)
        }
        op.operands.append(try parser.resolve(passthru, type))
      }
    },
    print: { printer, op in
      printer.write(" ")
      printer.operands(op.operands)
      printer.write(" { ")
      if let inner = op.region().firstBlock?.firstOperation {
        printer.operationWithoutResults(inner)
      }
      printer.write(" }")
      printer.optionalAttributeDictionary(op)
      printer.write(" : ")
      printer.type(op.operand(0).type)
      if op.resultCount > 0 {
        printer.write(" -> ")
        printer.types(op.results.types)
      }
    })

  /// Makes the implied `vector.yield` pass on the results of the operation in the region.
  private static func addYield(_ op: inout ParsedOperation) throws(Reported) {
    guard let block = op.regions.last?.firstBlock, let last = block.lastOperation,
      last.is(yield), last.operandCount == 0, let inner = last.previous
    else { return }
    last.setOperands(Array(inner.results))
  }

  // MARK: Transfers

  static let transferReadAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let base = try parser.parseOperand()
      let indices = try parser.parseOperandList(.square)
      try parser.parse(.comma)
      let padding = try parser.parseOperand()
      let mask = parser.parseOptional(.comma) ? try parser.parseOperand() : nil
      try parser.parseOptionalAttributeDictionary(&op)
      let offset = parser.offset
      let types = try parser.parseColonTypeList()
      guard types.count == 2, types[0].hasRank, types[1].isVector else {
        throw parser.error("requires a memref or ranked tensor type and a vector type", at: offset)
      }
      try completeTransfer(parser, &op, types[0], types[1], offset)
      op.operands = [try parser.resolve(base, types[0])]
      op.operands += try parser.resolve(indices, parser.context.index)
      op.operands.append(try parser.resolve(padding, types[0].elementType))
      if let mask {
        op.operands.append(try parser.resolve(mask, maskType(op, types[1])))
      }
      op.add(
        "operandSegmentSizes",
        parser.context.denseI32Array([1, indices.count, 1, mask == nil ? 0 : 1]))
      op.resultTypes = [types[1]]
    },
    print: { printer, op in
      printer.write(" ")
      printTransfer(
        printer, op, op.operandGroup(1), [op.operandGroup(2), op.operandGroup(3)], op.operand(0))
      printer.write(" : ")
      printer.types([op.operand(0).type, op.result().type])
    })

  static let transferWriteAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let vector = try parser.parseOperand()
      try parser.parse(.comma)
      let base = try parser.parseOperand()
      let indices = try parser.parseOperandList(.square)
      let mask = parser.parseOptional(.comma) ? try parser.parseOperand() : nil
      try parser.parseOptionalAttributeDictionary(&op)
      let offset = parser.offset
      let types = try parser.parseColonTypeList()
      guard types.count == 2, types[0].isVector, types[1].hasRank else {
        throw parser.error("requires a vector type and a memref or ranked tensor type", at: offset)
      }
      try completeTransfer(parser, &op, types[1], types[0], offset)
      op.operands = [
        try parser.resolve(vector, types[0]), try parser.resolve(base, types[1]),
      ]
      op.operands += try parser.resolve(indices, parser.context.index)
      if let mask {
        op.operands.append(try parser.resolve(mask, maskType(op, types[0])))
      }
      op.add(
        "operandSegmentSizes",
        parser.context.denseI32Array([1, 1, indices.count, mask == nil ? 0 : 1]))
      if types[1].isRankedTensor { op.resultTypes = [types[1]] }
    },
    print: { printer, op in
      printer.write(" ")
      printer.operand(op.operand(0))
      printer.write(", ")
      printTransfer(printer, op, op.operandGroup(2), [op.operandGroup(3)], op.operand(1))
      printer.write(" : ")
      printer.types([op.operand(0).type, op.operand(1).type])
    })

  private static func printTransfer(
    _ printer: Printer, _ op: Operation, _ indices: OperandList, _ rest: [OperandList],
    _ base: Value
  ) {
    printer.operand(base)
    printer.write("[")
    printer.operands(indices)
    printer.write("]")
    for value in rest.joined() {
      printer.write(", ")
      printer.operand(value)
    }
    var elided = ["operandSegmentSizes"]
    let vector = op.resultCount > 0 && op.is(transferRead) ? op.result().type : op.operand(0).type
    if let map = op.attribute("permutation_map")?.affineMap,
      map == minorIdentity(op.context, base.type, vector), base.type.rank > 0 || vector.rank == 0
    {
      elided.append("permutation_map")
    }
    if op.attribute("in_bounds")?.elements?.contains(where: { $0.boolValue == true }) != true {
      elided.append("in_bounds")
    }
    printer.optionalAttributeDictionary(op, excluding: elided)
  }

  /// Adds the permutation map and bounds that the text leaves out.
  private static func completeTransfer(
    _ parser: Parser, _ op: inout ParsedOperation, _ shaped: Type, _ vector: Type, _ offset: Int
  ) throws(Reported) {
    let context = parser.context
    if op.attribute("permutation_map") == nil {
      guard let map = minorIdentity(context, shaped, vector) else {
        throw parser.error(
          "expected a custom permutation_map when rank(source) != rank(destination)", at: offset)
      }
      op.add("permutation_map", context.affineMapAttribute(map))
    }
    if op.attribute("in_bounds") == nil {
      let count = op.attribute("permutation_map")?.affineMap?.results.count ?? vector.rank
      op.add(
        "in_bounds",
        context.array(Array(repeating: context.boolAttribute(false), count: count)))
    }
  }

  /// The map from the dimensions of `shaped` to its last ones, as many as the vector has beyond those
  /// of an element that is itself a vector. Nil where the vector has more.
  static func minorIdentity(_ context: Context, _ shaped: Type, _ vector: Type) -> AffineMap? {
    let elementRank = shaped.elementType.isVector ? shaped.elementType.rank : 0
    let count = vector.rank - elementRank
    // A rank-0 transfer reads the one element as a vector of one.
    if shaped.rank == 0, vector.shape == [1] {
      return context.affineMap(dimensions: 0, symbols: 0, [context.affineConstant(0)])
    }
    guard count >= 0, count <= shaped.rank else { return nil }
    return context.projection(Array((shaped.rank - count)..<shaped.rank), of: shaped.rank)
  }

  /// The mask's type: i1 in the dimensions that are transferred, in the order of memory.
  private static func maskType(_ op: ParsedOperation, _ vector: Type) -> Type {
    let context = vector.context
    guard let map = op.attribute("permutation_map")?.affineMap else {
      return vector.cloned(elementType: context.i1)
    }
    return inferredMask(map, vector)
  }

  /// The type of the mask of a transfer of `vector` through `map`.
  static func inferredMask(_ map: AffineMap, _ vector: Type) -> Type {
    let context = vector.context
    var shape: [Int] = []
    var scalable: UInt64 = 0
    for dimension in 0..<map.dimensionCount {
      for (i, result) in map.results.enumerated()
      where result.kind == .dimension && result.position == dimension && i < vector.rank {
        if vector.scalableMask >> UInt64(i) & 1 == 1, shape.count < 64 {
          scalable |= 1 << UInt64(shape.count)
        }
        shape.append(vector.dimension(i))
      }
    }
    if shape.isEmpty { shape = [1] }
    return context.vector(shape, context.i1, scalable: scalable)
  }
}
