import MartletIR
import MartletSupport
import MartletSyntax

/// Text of loops and conditionals.
extension SCF {
  /// `%arg = %init` pairs of `iter_args(...)` and the like.
  struct Assignments {
    var arguments: [Parser.ParsedArgument] = []
    var inits: [Parser.OperandReference] = []
  }

  static func parseAssignments(_ parser: Parser) throws(Reported) -> Assignments {
    let pairs = try parser.parseList(.paren) {
      () throws(Reported) -> (Parser.ParsedArgument, Parser.OperandReference) in
      let argument = try parser.parseArgument(allowType: false)
      try parser.parse(.equal)
      return (argument, try parser.parseOperand())
    }
    return Assignments(arguments: pairs.map(\.0), inits: pairs.map(\.1))
  }

  /// Gives the arguments `types` and resolves the initial values to them.
  static func resolve(
    _ parser: Parser, _ assignments: inout Assignments, _ types: [Type], at offset: Int
  ) throws(Reported) -> [Value] {
    if assignments.arguments.count != types.count {
      throw parser.error(
        "mismatch in number of loop-carried values and defined values", at: offset)
    }
    for i in types.indices { assignments.arguments[i].type = types[i] }
    return try parser.resolve(assignments.inits, types)
  }

  static func printAssignments(
    _ printer: Printer, _ word: String, _ arguments: [Value], _ inits: some Collection<Value>
  ) {
    if arguments.isEmpty { return }
    printer.write(word + "(")
    for (i, (argument, value)) in zip(arguments, inits).enumerated() {
      if i > 0 { printer.write(", ") }
      printer.operand(argument)
      printer.write(" = ")
      printer.operand(value)
    }
    printer.write(")")
  }

  // MARK: for

  static let forAssembly = CustomAssembly(parse: parseFor, print: printFor)

  private static func parseFor(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    if parser.parseOptionalKeyword("unsigned") { op.add("unsignedCmp", parser.context.unit) }
    var induction = try parser.parseArgument(allowType: false)
    try parser.parse(.equal)
    let lower = try parser.parseOperand()
    try parser.parseKeyword("to")
    let upper = try parser.parseOperand()
    try parser.parseKeyword("step")
    let step = try parser.parseOperand()
    var assignments = Assignments()
    if parser.parseOptionalKeyword("iter_args") {
      assignments = try parseAssignments(parser)
      op.resultTypes = try parser.parseOptionalArrowTypeList()
    }
    let type = parser.isAt(.colon) ? try parser.parseColonType() : parser.context.index
    induction.type = type
    op.operands = try parser.resolve([lower, upper, step], type)
    op.operands += try resolve(parser, &assignments, op.resultTypes, at: op.nameOffset)
    try parser.parseRegion(&op, arguments: [induction] + assignments.arguments)
    try parser.parseOptionalAttributeDictionary(&op)
  }

  private static func printFor(_ printer: Printer, _ operation: Operation) {
    guard let loop = ForOp(operation) else { return }
    if loop.isUnsigned { printer.write(" unsigned") }
    printer.write(" ")
    printer.operand(loop.inductionVariable)
    printer.write(" = ")
    printer.operand(loop.lowerBound)
    printer.write(" to ")
    printer.operand(loop.upperBound)
    printer.write(" step ")
    printer.operand(loop.step)
    printAssignments(printer, " iter_args", loop.iterArgs, loop.inits)
    if !loop.inits.isEmpty {
      printer.write(" -> (")
      printer.types(loop.inits.map(\.type))
      printer.write(")")
    }
    printer.write(" ")
    let type = loop.inductionVariable.type
    if !type.isIndex {
      printer.write(" : ")
      printer.type(type)
      printer.write(" ")
    }
    printer.region(loop.region, entryArguments: false, terminators: !loop.inits.isEmpty)
    printer.optionalAttributeDictionary(operation, excluding: ["unsignedCmp"])
  }

  // MARK: while

  static let whileAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      var assignments = Assignments()
      if parser.isAt(.leftParen) { assignments = try parseAssignments(parser) }
      let offset = parser.offset
      try parser.parse(.colon)
      let type = try parser.parseFunctionType()
      op.resultTypes = type.results
      if type.inputs.count != assignments.inits.count {
        throw parser.error(
          "expected as many input types as operands (expected \(assignments.inits.count) got "
            + "\(type.inputs.count))", at: offset)
      }
      op.operands = try resolve(parser, &assignments, type.inputs, at: offset)
      try parser.parseRegion(&op, arguments: assignments.arguments)
      try parser.parseKeyword("do")
      try parser.parseRegion(&op)
      try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    },
    print: { printer, operation in
      printAssignments(
        printer, " ", Array(operation.region(0).arguments), operation.operands)
      printer.write(" : ")
      printer.functionalType(operation)
      printer.write(" ")
      printer.region(operation.region(0), entryArguments: false)
      printer.write(" do ")
      printer.region(operation.region(1))
      printer.optionalAttributeDictionaryWithKeyword(operation)
    })

  // MARK: if

  static let ifAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      op.operands = [try parser.resolve(try parser.parseOperand(), parser.context.i1)]
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      try parser.parseRegion(&op)
      if parser.parseOptionalKeyword("else") {
        try parser.parseRegion(&op)
      } else {
        parser.addEmptyRegion(&op)
      }
      try parser.parseOptionalAttributeDictionary(&op)
    },
    print: { printer, operation in
      let hasResults = operation.resultCount > 0
      printer.write(" ")
      printer.operand(operation.operand(0))
      if hasResults {
        printer.write(" -> (")
        printer.types(operation.results.types)
        printer.write(")")
      }
      printer.write(" ")
      printer.region(operation.region(0), entryArguments: false, terminators: hasResults)
      if !operation.region(1).isEmpty {
        printer.write(" else ")
        printer.region(operation.region(1), entryArguments: false, terminators: hasResults)
      }
      printer.optionalAttributeDictionary(operation)
    })

  // MARK: execute_region

  static let executeRegionAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      if parser.parseOptionalKeyword("no_inline") { op.add("no_inline", parser.context.unit) }
      try parser.parseRegion(&op)
      try parser.parseOptionalAttributeDictionary(&op)
    },
    print: { printer, operation in
      printer.optionalArrowTypes(operation.results.types)
      printer.write(" ")
      if operation.hasAttribute("no_inline") { printer.write("no_inline ") }
      printer.region(operation.region(), entryArguments: false, terminators: true)
      printer.optionalAttributeDictionary(operation, excluding: ["no_inline"])
    })

  // MARK: index_switch

  static let indexSwitchAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      op.operands = [try parser.resolve(try parser.parseOperand(), parser.context.index)]
      try parser.parseOptionalAttributeDictionary(&op)
      if parser.parseOptional(.arrow) {
        // Without parentheses there may be several types as well.
        if parser.isAt(.leftParen) {
          op.resultTypes = try parser.parseList(.paren) { () throws(Reported) in
            try parser.parseType()
          }
        } else {
          op.resultTypes = try parser.parseTypeList()
        }
      }
      var cases: [Int] = []
      while parser.parseOptionalKeyword("case") {
        cases.append(try parser.parseInteger())
        try parser.parseRegion(&op)
      }
      try parser.parseKeyword("default")
      try parser.parseRegion(&op)
      // The default region comes first in the operation, last in the text.
      if let last = op.regions.popLast() { op.regions.insert(last, at: 0) }
      op.add("cases", parser.context.denseI64Array(cases))
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.optionalAttributeDictionary(operation, excluding: ["cases"])
      if operation.resultCount > 0 {
        printer.write(" -> ")
        printer.types(operation.results.types)
      }
      printer.write(" ")
      let cases = operation.attribute("cases")?.integers ?? []
      for (value, region) in zip(cases, operation.regions.dropFirst()) {
        printer.newline()
        printer.write("case \(value) ")
        printer.region(region, entryArguments: false)
      }
      printer.newline()
      printer.write("default ")
      printer.region(
        operation.region(0), entryArguments: true, terminators: operation.resultCount > 0)
    })

  // MARK: parallel

  static let parallelAssembly = CustomAssembly(parse: parseParallel, print: printParallel)

  private static func parseParallel(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported)
  {
    let index = parser.context.index
    let arguments = try parser.parseList(.paren) {
      () throws(Reported) -> Parser.ParsedArgument in
      var argument = try parser.parseArgument(allowType: false)
      argument.type = index
      return argument
    }
    try parser.parse(.equal)
    let count = arguments.count
    let lower = try parseBounds(parser, count)
    try parser.parseKeyword("to")
    let upper = try parseBounds(parser, count)
    try parser.parseKeyword("step")
    let step = try parseBounds(parser, count)
    var inits: [Parser.OperandReference] = []
    if parser.parseOptionalKeyword("init") { inits = try parser.parseOperandList(.paren) }
    let offset = parser.offset
    op.resultTypes = try parser.parseOptionalArrowTypeList()
    if inits.count != op.resultTypes.count {
      throw parser.error(
        "expected as many result types as initial values: \(inits.count) != "
          + "\(op.resultTypes.count)", at: offset)
    }
    op.operands = lower + upper + step
    op.operands += try parser.resolve(inits, op.resultTypes)
    op.add(
      "operandSegmentSizes", parser.context.denseI32Array([count, count, count, inits.count]))
    try parser.parseRegion(&op, arguments: arguments)
    try parser.parseOptionalAttributeDictionary(&op)
  }

  private static func parseBounds(_ parser: Parser, _ count: Int) throws(Reported) -> [Value] {
    let offset = parser.offset
    let references = try parser.parseOperandList(.paren)
    if references.count != count {
      throw parser.error("expected \(count) operands", at: offset)
    }
    return try parser.resolve(references, parser.context.index)
  }

  private static func printParallel(_ printer: Printer, _ operation: Operation) {
    guard let loop = ParallelOp(operation) else { return }
    printer.write(" (")
    printer.operands(loop.inductionVariables)
    for (word, values) in [
      (") = (", loop.lowerBounds), (") to (", loop.upperBounds), (") step (", loop.steps),
    ] {
      printer.write(word)
      printer.operands(values)
    }
    printer.write(")")
    if !loop.inits.isEmpty {
      printer.write(" init (")
      printer.operands(loop.inits)
      printer.write(")")
    }
    printer.optionalArrowTypes(operation.results.types)
    printer.write(" ")
    printer.region(operation.region(), entryArguments: false)
    printer.optionalAttributeDictionary(operation, excluding: ["operandSegmentSizes"])
  }
}
