import MartletIR
import MartletSupport
import MartletSyntax

/// Text of structured operations: attributes, `ins(...)`, `outs(...)`, results.
extension Linalg {
  /// What all structured operations share in their text.
  struct Parts {
    var inputs: [Value] = []
    var outputs: [Value] = []
    var operands: [Value] { inputs + outputs }
  }

  /// `ins(%a, %b : t, u) outs(%c : v)`, with an attribute dictionary before it.
  static func parseParts(_ parser: Parser, _ operation: inout ParsedOperation) throws(Reported)
    -> Parts
  {
    if parser.parseOptional(.less) {
      for entry in try parser.parseAttribute().entries {
        operation.add(entry.name.string, entry.value)
      }
      try parser.parse(.greater)
    }
    try parser.parseOptionalAttributeDictionary(&operation)
    var parts = Parts()
    if parser.parseOptionalKeyword("ins") { parts.inputs = try parseOperands(parser) }
    if parser.parseOptionalKeyword("outs") { parts.outputs = try parseOperands(parser) }
    operation.operands = parts.operands
    return parts
  }

  private static func parseOperands(_ parser: Parser) throws(Reported) -> [Value] {
    try parser.parse(.leftParen)
    if parser.parseOptional(.rightParen) { return [] }
    let references = try parser.parseOperandList()
    let types = try parser.parseColonTypeList()
    try parser.parse(.rightParen)
    return try parser.resolve(references, types)
  }

  private static func addSegments(_ parts: Parts, _ operation: inout ParsedOperation) {
    guard operation.name.traits.contains(.attrSizedOperandSegments) else { return }
    operation.add(
      "operandSegmentSizes",
      operation.location.context.denseI32Array([parts.inputs.count, parts.outputs.count]))
  }

  static func printParts(_ printer: Printer, _ view: LinalgOp) {
    for (word, operands) in [("ins", view.inputs), ("outs", view.outputs)] where !operands.isEmpty {
      printer.write(" \(word)(")
      printer.operands(operands)
      printer.write(" : ")
      printer.types(operands.types)
      printer.write(")")
    }
  }

  private static let elided = ["operandSegmentSizes", memoizedMaps]

  // MARK: Generic

  static let genericAssembly = CustomAssembly(parse: parseGeneric, print: printGeneric)

  @Sendable private static func parseGeneric(
    _ parser: Parser, _ operation: inout ParsedOperation
  ) throws(Reported) {
    let offset = parser.offset
    let dictionary = try parser.parseAttribute()
    guard dictionary.kind == .dictionary else {
      throw parser.error("expected dictionary attribute", at: offset)
    }
    guard dictionary.entries.contains(where: { $0.name.string == "iterator_types" }) else {
      throw parser.error("expected \"iterator_types\" array attribute", at: parser.offset)
    }
    for entry in dictionary.entries {
      let name = entry.name.string
      operation.add(
        name, name == "iterator_types" ? try iterators(entry.value, parser) : entry.value)
    }
    let parts = try parseParts(parser, &operation)
    addSegments(parts, &operation)
    if parser.parseOptionalKeyword("attrs") {
      try parser.parse(.equal)
      try parser.parseOptionalAttributeDictionary(&operation)
    }
    try parser.parseRegion(&operation)
    operation.resultTypes = try parser.parseOptionalArrowTypeList()
  }

  /// Iterator types given by names, as attributes of the dialect.
  private static func iterators(_ value: Attribute, _ parser: Parser) throws(Reported)
    -> Attribute
  {
    guard let elements = value.elements else { return value }
    var types: [Attribute] = []
    for element in elements {
      guard let name = element.stringValue else {
        types.append(element)
        continue
      }
      guard let number = iteratorTypes.value(name) else {
        throw parser.error("unexpected iterator_type (\(name))")
      }
      types.append(parser.context.attribute(iteratorType, [UInt64(bitPattern: number)]))
    }
    return parser.context.array(types)
  }

  private static let genericNames = ["doc", "indexing_maps", "iterator_types", "library_call"]

  @Sendable private static func printGeneric(_ printer: Printer, _ operation: Operation) {
    guard let view = LinalgOp(operation) else { return }
    let context = operation.context
    let entries = genericNames.compactMap { name -> (String, Attribute)? in
      guard let value = operation.attribute(name) else { return nil }
      if name != "iterator_types" { return (name, value) }
      let names = (value.elements ?? []).map { context.string($0.enumKeyword ?? "") }
      return (name, context.array(names))
    }
    printer.write(" ")
    printer.attribute(context.dictionary(entries))
    printParts(printer, view)
    if operation.hasDiscardableAttributes {
      printer.write(" attrs = ")
      printer.optionalAttributeDictionary(
        operation, excluding: genericNames + ["operandSegmentSizes"])
    }
    printer.write(" ")
    printer.region(operation.region(0))
    printer.optionalArrowTypes(operation.results.types)
  }

  static let yieldAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let references = try parser.parseOperandList()
      try parser.parseOptionalAttributeDictionary(&operation)
      if references.isEmpty { return }
      operation.operands = try parser.resolve(references, try parser.parseColonTypeList())
    },
    print: { printer, operation in
      if operation.operandCount > 0 {
        printer.write(" ")
        printer.operands(operation.operands)
      }
      printer.optionalAttributeDictionary(operation)
      if operation.operandCount > 0 {
        printer.write(" : ")
        printer.types(operation.operands.types)
      }
    })

  // MARK: Named operations

  /// `linalg.name {attributes} ins(...) outs(...) -> types`; the body is made from the name.
  static let namedAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      try finish(parser, &operation, try parseParts(parser, &operation))
    },
    print: { printer, operation in printNamed(printer, operation, excluding: []) })

  /// As a named operation, with `indexing_maps = [...]` where they are not the default ones.
  static let contractionAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      try parseMaps(parser, &operation)
      if operation.name.string == "linalg.contract", operation.attribute("indexing_maps") == nil {
        throw parser.error("expected 'indexing_maps' attribute", at: parser.offset)
      }
      try finish(parser, &operation, try parseParts(parser, &operation))
    },
    print: { printer, operation in
      printMaps(printer, operation)
      printNamed(printer, operation, excluding: ["indexing_maps"])
    })

  /// `linalg.elementwise kind=#linalg.elementwise_kind<exp> indexing_maps = [...] ins(...) outs(...)`.
  static let elementwiseAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      try parser.parseKeyword("kind")
      try parser.parse(.equal)
      let offset = parser.offset
      let kind = try parser.parseAttribute()
      guard kind.is(elementwiseKind), kind.words[0] < UInt64(ScalarFunction.allCases.count) else {
        throw parser.error("expected ElementwiseKind attribute", at: offset)
      }
      operation.add("kind", kind)
      try parseMaps(parser, &operation)
      let parts = try parseParts(parser, &operation)
      let arity = ScalarFunction.allCases[Int(kind.words[0])].arity
      if parts.inputs.count != arity || parts.outputs.count != 1 {
        try finishText(parser, &operation, parts)
        throw parser.error(
          "[parseNamedStructuredOpRegion] ods-gen generated region expects \(arity + 1) args, got \(parts.inputs.count + parts.outputs.count)"
        )
      }
      try finish(parser, &operation, parts)
    },
    print: { printer, operation in
      printer.write(" kind=")
      if let kind = operation.attribute("kind") { printer.attribute(kind) }
      printMaps(printer, operation)
      printNamed(printer, operation, excluding: ["kind", "indexing_maps"])
    })

  private static func parseMaps(_ parser: Parser, _ operation: inout ParsedOperation)
    throws(Reported)
  {
    guard parser.parseOptionalKeyword("indexing_maps") else { return }
    try parser.parse(.equal)
    let offset = parser.offset
    let maps = try parser.parseAttribute()
    guard AttributeConstraint.affineMapArray.accepts(maps) else {
      throw parser.error("expected array of affine map attributes", at: offset)
    }
    operation.add("indexing_maps", maps)
  }

  private static func printMaps(_ printer: Printer, _ operation: Operation) {
    guard let maps = operation.attribute("indexing_maps") else { return }
    let ranks = operation.operands.map { $0.type.rank }
    if let structure = operation.interface(StructuredOp.self),
      let defaults = structure.defaultMaps(operation.context, operandRanks: ranks),
      maps == operation.context.array(defaults.map(operation.context.affineMapAttribute))
    {
      return
    }
    printer.write(" indexing_maps = ")
    printer.attribute(maps)
  }

  private static func printNamed(
    _ printer: Printer, _ operation: Operation, excluding names: [String]
  ) {
    guard let view = LinalgOp(operation) else { return }
    printer.optionalAttributeDictionary(operation, excluding: elided + names)
    printParts(printer, view)
    printer.optionalArrowTypes(operation.results.types)
  }

  private static func finishText(
    _ parser: Parser, _ operation: inout ParsedOperation, _ parts: Parts
  ) throws(Reported) {
    addSegments(parts, &operation)
    try parser.parseOptionalAttributeDictionary(&operation)
    operation.resultTypes = try parser.parseOptionalArrowTypeList()
  }

  /// Reads what follows the operands and makes the body.
  private static func finish(
    _ parser: Parser, _ operation: inout ParsedOperation, _ parts: Parts
  ) throws(Reported) {
    try finishText(parser, &operation, parts)
    guard let structure = operation.name.definition?.interface(StructuredOp.self) else { return }
    if let named = structure.named,
      parts.inputs.count != named.inputCount || parts.outputs.count != 1
    {
      throw parser.error(
        "[parseNamedStructuredOpRegion] ods-gen generated region expects \(named.inputCount + 1) args, got \(parts.inputs.count + parts.outputs.count)"
      )
    }
    let ranks = parts.operands.map { $0.type.rank }
    if operation.attribute("indexing_maps") == nil,
      let maps = structure.defaultMaps(parser.context, operandRanks: ranks)
    {
      operation.add(
        "indexing_maps", parser.context.array(maps.map(parser.context.affineMapAttribute)))
    }
    if let named = structure.named, named.storesMaps {
      let maps = named.indexingMaps(
        parser.context, operandRanks: ranks,
        strides: operation.attribute("strides")?.integers ?? [],
        dilations: operation.attribute("dilations")?.integers ?? [])
      operation.add(
        memoizedMaps, parser.context.array(maps.map(parser.context.affineMapAttribute)))
    }
    try buildBody(structure, parser, &operation, parts)
  }

  private static func buildBody(
    _ structure: StructuredOp, _ parser: Parser, _ operation: inout ParsedOperation, _ parts: Parts
  ) throws(Reported) {
    guard let build = structure.buildBody else { return }
    parser.addEmptyRegion(&operation)
    guard let region = operation.regions.last else { return }
    let block = region.addBlock(
      arguments: parts.operands.map { LinalgOp.elementType($0.type) })
    let builder = parser.builder
    builder.location = operation.location
    let parsed = operation
    try build({ parsed.attribute($0) }, block, builder)
  }

  // MARK: Transpose, broadcast

  /// `ins(...) outs(...) name = [1, 0]`.
  static func dimensionsAssembly(_ name: String) -> CustomAssembly {
    CustomAssembly(
      parse: { (parser, operation) throws(Reported) in
        let parts = try parseParts(parser, &operation)
        if parts.inputs.count != 1 || parts.outputs.count != 1 {
          throw parser.error("expected one input and one output")
        }
        try parseIntegers(parser, name, &operation)
        try parser.parseOptionalAttributeDictionary(&operation)
        addTensorResults(parts, &operation)
        if let structure = operation.name.definition?.interface(StructuredOp.self) {
          try buildBody(structure, parser, &operation, parts)
        }
      },
      print: { printer, operation in
        guard let view = LinalgOp(operation) else { return }
        printParts(printer, view)
        printIntegers(printer, name, operation)
        printer.optionalAttributeDictionary(operation, excluding: [name])
      })
  }

  static func parseIntegers(
    _ parser: Parser, _ name: String, _ operation: inout ParsedOperation
  ) throws(Reported) {
    try parser.parseKeyword(name)
    try parser.parse(.equal)
    let values = try parser.parseList(.square) { () throws(Reported) in
      try parser.parseInteger()
    }
    operation.add(name, parser.context.denseI64Array(values))
  }

  static func printIntegers(_ printer: Printer, _ name: String, _ operation: Operation) {
    let values = (operation.attribute(name)?.integers ?? []).map(String.init)
    printer.write(" \(name) = [\(values.joined(separator: ", "))] ")
  }

  static func addTensorResults(_ parts: Parts, _ operation: inout ParsedOperation) {
    operation.resultTypes = parts.outputs.map(\.type).filter(\.isRankedTensor)
  }
}
