import MartletIR
import MartletSupport
import MartletSyntax

/// Text of `scf.forall` and its terminator.
extension SCF {
  static let forallAssembly = CustomAssembly(parse: parseForall, print: printForall)

  private static func parseForall(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    let context = parser.context
    let arguments = try parser.parseList(.paren) {
      () throws(Reported) -> Parser.ParsedArgument in
      var argument = try parser.parseArgument(allowType: false)
      argument.type = context.index
      return argument
    }
    let rank = arguments.count
    var lower = DynamicIndexList.Parsed(statics: Array(repeating: 0, count: rank))
    var step = DynamicIndexList.Parsed(statics: Array(repeating: 1, count: rank))
    let upper: DynamicIndexList.Parsed
    if parser.parseOptionalKeyword("in") {
      upper = try parseBounds(parser, rank, "upper bound")
    } else {
      try parser.parse(.equal)
      lower = try parseBounds(parser, rank, "lower bound")
      try parser.parseKeyword("to")
      upper = try parseBounds(parser, rank, "upper bound")
      try parser.parseKeyword("step")
      step = try parseBounds(parser, rank, "step")
    }
    var outputs = Assignments()
    let offset = parser.offset
    if parser.parseOptionalKeyword("shared_outs") {
      outputs = try parseAssignments(parser)
      op.resultTypes = try parser.parseOptionalArrowTypeList()
    }
    for bound in [lower, upper, step] {
      op.operands += try parser.resolve(bound.operands, context.index)
    }
    op.operands += try resolve(parser, &outputs, op.resultTypes, at: offset)
    op.add("staticLowerBound", context.denseI64Array(lower.statics))
    op.add("staticUpperBound", context.denseI64Array(upper.statics))
    op.add("staticStep", context.denseI64Array(step.statics))
    op.add(
      "operandSegmentSizes",
      context.denseI32Array([
        lower.operands.count, upper.operands.count, step.operands.count, outputs.inits.count,
      ]))
    try parser.parseRegion(&op, arguments: arguments + outputs.arguments)
    try parser.parseOptionalAttributeDictionary(&op)
    if let region = op.regions.last { addTerminator(region, op.location) }
  }

  private static func parseBounds(_ parser: Parser, _ rank: Int, _ what: String) throws(Reported)
    -> DynamicIndexList.Parsed
  {
    let offset = parser.offset
    let parsed = try DynamicIndexList.parse(parser, .paren)
    if parsed.statics.count != rank {
      throw parser.error(
        "expected \(rank) \(what) values, got \(parsed.statics.count)", at: offset)
    }
    return parsed
  }

  /// Adds the empty `in_parallel` that the text may leave out.
  private static func addTerminator(_ region: Region, _ location: Location) {
    let context = region.context
    let block = region.firstBlock ?? region.addBlock()
    if block.terminator != nil { return }
    let terminator = context.createOperation(
      context.operationName(inParallel), location: location, operands: EmptyCollection<Value>(),
      resultTypes: EmptyCollection<Type>(), regionCount: 1)
    terminator.region().addBlock()
    block.append(terminator)
  }

  private static func printForall(_ printer: Printer, _ operation: Operation) {
    guard let loop = ForallOp(operation) else { return }
    printer.write(" (")
    printer.operands(loop.inductionVariables)
    printer.write(")")
    func areAll(_ expected: Int, _ statics: [Int], _ group: Int) -> Bool {
      var values = operation.operandGroup(group).makeIterator()
      return statics.allSatisfy {
        ($0 == Type.dynamic ? values.next()?.constantInteger : $0) == expected
      }
    }
    let isNormalized = areAll(0, loop.staticLowerBounds, 0) && areAll(1, loop.staticSteps, 2)
    func bounds(_ statics: [Int], _ group: Int) {
      DynamicIndexList.print(
        printer, statics, operation.operandGroup(group), open: "(", close: ")")
    }
    if isNormalized {
      printer.write(" in ")
      bounds(loop.staticUpperBounds, 1)
    } else {
      printer.write(" = ")
      bounds(loop.staticLowerBounds, 0)
      printer.write(" to ")
      bounds(loop.staticUpperBounds, 1)
      printer.write(" step ")
      bounds(loop.staticSteps, 2)
    }
    printAssignments(printer, " shared_outs", loop.outputArguments, loop.outputs)
    printer.write(" ")
    if !loop.outputs.isEmpty {
      printer.write("-> (")
      printer.types(operation.results.types)
      printer.write(") ")
    }
    printer.region(
      operation.region(), entryArguments: false, terminators: operation.resultCount > 0)
    printer.optionalAttributeDictionary(
      operation,
      excluding: [
        "staticLowerBound", "staticUpperBound", "staticStep", "operandSegmentSizes",
      ])
  }

  static let inParallelAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      try parser.parseRegion(&op)
      if let region = op.regions.last, region.isEmpty { region.addBlock() }
      try parser.parseOptionalAttributeDictionary(&op)
    },
    print: { printer, operation in
      printer.write(" ")
      printer.region(operation.region(), entryArguments: false, terminators: false)
      printer.optionalAttributeDictionary(operation)
    })
}
