import MartletIR
import MartletSupport
import MartletSyntax

/// Text of `linalg.map` and `linalg.reduce`, whose body may be written as the name of one operation.
extension Linalg {
  /// `linalg.map { arith.addf } ins(...) outs(...)`, or with a body behind.
  static let mapAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      try parsePayload(parser, &operation, isReduction: false)
    },
    print: { printer, operation in printPayload(printer, operation, isReduction: false) })

  /// `linalg.reduce { arith.addf } ins(...) outs(...) dimensions = [1]`, or with a body behind.
  static let reduceAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      try parsePayload(parser, &operation, isReduction: true)
    },
    print: { printer, operation in printPayload(printer, operation, isReduction: true) })

  private static func parsePayload(
    _ parser: Parser, _ operation: inout ParsedOperation, isReduction: Bool
  ) throws(Reported) {
    var payload: ParsedOperation?
    if parser.parseOptional(.leftBrace) {
      let name = try parser.parseKeyword()
      var inner = ParsedOperation(
        name: parser.context.operationName(name), location: operation.location)
      try parser.parseOptionalAttributeDictionary(&inner)
      try parser.parse(.rightBrace)
      payload = inner
    }
    let offset = parser.offset
    let parts = try parseParts(parser, &operation)
    if isReduction { try parseIntegers(parser, "dimensions", &operation) }
    try parser.parseOptionalAttributeDictionary(&operation)
    addTensorResults(parts, &operation)
    guard let payload else {
      let arguments = try parser.parseList(.paren) { () throws(Reported) in
        try parser.parseArgument(allowType: true)
      }
      try parser.parseRegion(&operation, arguments: arguments)
      return
    }
    if parts.operands.isEmpty {
      // The verifier says what is missing.
      parser.addEmptyRegion(&operation)
      _ = operation.regions.last?.addBlock()
      return
    }
    guard parts.outputs.count == 1 else {
      throw parser.error("expected one output where the body is one operation", at: offset)
    }
    addPayloadBody(parser, &operation, parts, payload, isReduction: isReduction)
  }

  private static func addPayloadBody(
    _ parser: Parser, _ operation: inout ParsedOperation, _ parts: Parts,
    _ payload: ParsedOperation, isReduction: Bool
  ) {
    parser.addEmptyRegion(&operation)
    guard let region = operation.regions.last, let output = parts.outputs.first else { return }
    let block = region.addBlock(
      arguments: parts.operands.map { LinalgOp.elementType($0.type) })
    let elements = Array(block.arguments)
    // A reduction combines the accumulator with the elements; a map does not read its output.
    let operands = isReduction ? elements.suffix(1) + elements.dropLast() : elements.dropLast()
    let builder = parser.builder
    builder.location = operation.location
    builder.setInsertionPoint(atEnd: block)
    let made = builder.create(
      payload.name, Array(operands), results: [LinalgOp.elementType(output.type)],
      attributes: payload.attributes.map { ($0.name.string, $0.value) })
    builder.create(yield, [made.result()])
  }

  /// The one operation of the body, where the short form says all.
  private static func payload(_ view: LinalgOp, isReduction: Bool) -> Operation? {
    guard let body = view.body, let first = body.firstOperation, let last = body.lastOperation,
      first.next == last, last.is(yield), first.resultCount == 1, first.regionCount == 0,
      last.operandCount == 1, last.operand(0) == first.result(), first.operandCount > 0
    else { return nil }
    let elements = Array(body.arguments)
    let expected =
      isReduction ? Array(elements.suffix(1) + elements.dropLast()) : Array(elements.dropLast())
    return Array(first.operands) == expected ? first : nil
  }

  private static func printPayload(
    _ printer: Printer, _ operation: Operation, isReduction: Bool
  ) {
    guard let view = LinalgOp(operation) else { return }
    let payload = payload(view, isReduction: isReduction)
    if let payload {
      printer.write(" { \(payload.name)")
      let hasFlags = payload.attribute("fastmath")?.enumValue != 0
      printer.optionalAttributeDictionary(payload, excluding: hasFlags ? [] : ["fastmath"])
      printer.write(" }")
    }
    printParts(printer, view)
    if isReduction { printIntegers(printer, "dimensions", operation) }
    printer.optionalAttributeDictionary(operation, excluding: ["dimensions"])
    if payload != nil { return }
    printer.increaseIndent()
    printer.newline()
    printer.write("(")
    for (i, argument) in operation.region(0).arguments.enumerated() {
      if i > 0 { printer.write(", ") }
      printer.argument(argument)
    }
    printer.write(") ")
    printer.region(operation.region(0), entryArguments: false)
    printer.decreaseIndent()
  }
}
