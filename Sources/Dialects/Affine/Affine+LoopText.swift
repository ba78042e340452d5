import MartletIR
import MartletSupport
import MartletSyntax

/// Text of loops and conditionals.
extension Affine {
  // MARK: for

  static let forAssembly = CustomAssembly(parse: parseFor, print: printFor)

  /// A constant, a value, or a map with its operands; before the latter `max` or `min`, which a map of
  /// several results must have.
  private static func parseBound(_ parser: Parser, isLower: Bool) throws(Reported) -> AffineBound {
    let context = parser.context
    let start = parser.offset
    let hasPrefix = parser.parseOptionalKeyword(isLower ? "max" : "min")
    if let operand = try parser.parseOptionalOperand() {
      let map = context.affineMap(dimensions: 0, symbols: 1, [context.affineSymbol(0)])
      return AffineBound(map: map, operands: [try parser.resolve(operand, context.index)])
    }
    let offset = parser.offset
    let attribute = try parser.parseAttribute(type: context.index)
    if let value = attribute.integerValue {
      return AffineBound(constant: Int(value), context)
    }
    guard let map = attribute.affineMap else {
      throw parser.error("expected valid affine map representation for loop bounds", at: start)
    }
    let (operands, dimensions) = try parseDimensionsAndSymbols(parser)
    if map.dimensionCount != dimensions {
      throw parser.error(
        "dim operand count and affine map dim count must match", at: start)
    }
    if map.inputCount != operands.count {
      throw parser.error(
        "symbol operand count and affine map symbol count must match", at: start)
    }
    if map.resultCount > 1, !hasPrefix {
      throw parser.error(
        isLower
          ? "lower loop bound affine map with multiple results requires 'max' prefix"
          : "upper loop bound affine map with multiple results requires 'min' prefix", at: offset)
    }
    return AffineBound(map: map, operands: operands)
  }

  private static func parseFor(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    let context = parser.context
    var induction = try parser.parseArgument(allowType: false)
    induction.type = context.index
    try parser.parse(.equal)
    let lower = try parseBound(parser, isLower: true)
    try parser.parseKeyword("to")
    let upper = try parseBound(parser, isLower: false)
    var step = context.indexAttribute(1)
    if parser.parseOptionalKeyword("step") {
      let offset = parser.offset
      step = try parser.parseAttribute(type: context.index)
      guard let value = step.integerValue else {
        throw parser.error("invalid kind of attribute specified", at: offset)
      }
      if value < 0 {
        throw parser.error(
          "expected step to be representable as a positive signed integer", at: offset)
      }
    }
    var assignments = SCF.Assignments()
    let offset = parser.offset
    if parser.parseOptionalKeyword("iter_args") {
      assignments = try SCF.parseAssignments(parser)
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      if op.resultTypes.count != assignments.arguments.count {
        throw parser.error(
          "mismatch between the number of loop-carried values and results", at: offset)
      }
    }
    op.operands = lower.operands + upper.operands
    op.operands += try SCF.resolve(parser, &assignments, op.resultTypes, at: offset)
    op.add("lowerBoundMap", context.affineMapAttribute(lower.map))
    op.add("upperBoundMap", context.affineMapAttribute(upper.map))
    op.add("step", step)
    op.add(
      "operandSegmentSizes",
      context.denseI32Array(
        [lower.operands.count, upper.operands.count, assignments.inits.count]))
    try parser.parseRegion(&op, arguments: [induction] + assignments.arguments)
    try parser.parseOptionalAttributeDictionary(&op)
  }

  private static func printBound(_ printer: Printer, _ bound: AffineBound, _ prefix: String) {
    let map = bound.map
    if map.resultCount == 1 {
      if map.inputCount == 0, let constant = map.singleConstant {
        printer.write(constant)
        return
      }
      if map.dimensionCount == 0, map.symbolCount == 1, map.results[0].kind == .symbol,
        let operand = bound.operands.first
      {
        printer.operand(operand)
        return
      }
    } else {
      printer.write(prefix + " ")
    }
    printer.attribute(map.context.affineMapAttribute(map))
    printDimensionsAndSymbols(printer, bound.operands, dimensions: map.dimensionCount)
  }

  private static func printFor(_ printer: Printer, _ operation: Operation) {
    guard let loop = AffineForOp(operation) else { return }
    printer.write(" ")
    printer.operand(loop.inductionVariable)
    printer.write(" = ")
    printBound(printer, loop.lower, "max")
    printer.write(" to ")
    printBound(printer, loop.upper, "min")
    if loop.step != 1 { printer.write(" step \(loop.step)") }
    let inits = loop.inits
    SCF.printAssignments(printer, " iter_args", loop.iterArgs, inits)
    if !inits.isEmpty {
      printer.write(" -> (")
      printer.types(operation.results.types)
      printer.write(")")
    }
    printer.write(" ")
    printer.region(operation.region(), entryArguments: false, terminators: !inits.isEmpty)
    printer.optionalAttributeDictionary(
      operation, excluding: ["lowerBoundMap", "upperBoundMap", "step", "operandSegmentSizes"])
  }

  // MARK: if

  static let ifAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let offset = parser.offset
      let condition = try parser.parseAttribute()
      guard let set = condition.integerSet else {
        throw parser.error("invalid kind of attribute specified", at: offset)
      }
      op.add("condition", condition)
      let (operands, dimensions) = try parseDimensionsAndSymbols(parser)
      if set.dimensionCount != dimensions {
        throw parser.error(
          "dim operand count and integer set dim count must match", at: offset)
      }
      if dimensions + set.symbolCount != operands.count {
        throw parser.error(
          "symbol operand count and integer set symbol count must match", at: offset)
      }
      op.operands = operands
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
      guard let condition = operation.attribute("condition") else { return }
      let hasResults = operation.resultCount > 0
      printer.write(" ")
      printer.attribute(condition)
      printDimensionsAndSymbols(
        printer, operation.operands, dimensions: condition.integerSet?.dimensionCount ?? 0)
      printer.optionalArrowTypes(operation.results.types)
      printer.write(" ")
      printer.region(operation.region(0), entryArguments: false, terminators: hasResults)
      if operation.regionCount > 1, !operation.region(1).isEmpty {
        printer.write(" else ")
        printer.region(operation.region(1), entryArguments: false, terminators: hasResults)
      }
      printer.optionalAttributeDictionary(operation, excluding: ["condition"])
    })

  // MARK: parallel

  static let parallelAssembly = CustomAssembly(parse: parseParallel, print: printParallel)

  /// Bounds as read: the results, and how many of them bound each induction variable.
  private struct Bounds {
    var exprs: [AffineExpr] = []
    var groups: [Int] = []
    var dimensions: [Value] = []
    var symbols: [Value] = []

    /// Adds the results of a map, its operands merged with those there are.
    mutating func add(_ parser: Parser, _ inline: Parser.InlineAffineMap) throws(Reported) {
      let context = parser.context
      let values = try parser.resolve(inline.operands, context.index)
      func position(_ value: Value, _ list: inout [Value]) -> Int {
        if let known = list.firstIndex(of: value) { return known }
        list.append(value)
        return list.count - 1
      }
      var newDimensions: [AffineExpr] = []
      var newSymbols: [AffineExpr] = []
      for value in values.prefix(inline.map.dimensionCount) {
        newDimensions.append(context.affineDimension(position(value, &dimensions)))
      }
      for value in values.dropFirst(inline.map.dimensionCount) {
        newSymbols.append(context.affineSymbol(position(value, &symbols)))
      }
      exprs += inline.map.results.map {
        $0.replacing(dimensions: newDimensions, symbols: newSymbols)
      }
      groups.append(inline.map.resultCount)
    }
  }

  private static func parseBounds(
    _ parser: Parser, _ op: inout ParsedOperation, keyword: String, _ name: String
  ) throws(Reported) {
    let context = parser.context
    var bounds = Bounds()
    try parser.parse(.leftParen)
    if !parser.parseOptional(.rightParen) {
      repeat {
        let inline =
          parser.parseOptionalKeyword(keyword)
          ? try parser.parseInlineAffineMap(.paren) : try parser.parseInlineAffineExpr()
        try bounds.add(parser, inline)
      } while parser.parseOptional(.comma)
      try parser.parse(.rightParen)
    }
    op.operands += bounds.dimensions + bounds.symbols
    let map = context.affineMap(
      dimensions: bounds.dimensions.count, symbols: bounds.symbols.count, bounds.exprs)
    op.add(name + "Map", context.affineMapAttribute(map))
    op.add(
      name + "Groups",
      context.dense(
        context.tensor([bounds.groups.count], context.i32), integers: bounds.groups))
  }

  private static func parseParallel(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported)
  {
    let context = parser.context
    let start = parser.offset
    let arguments = try parser.parseList(.paren) {
      () throws(Reported) -> Parser.ParsedArgument in
      var argument = try parser.parseArgument(allowType: false)
      argument.type = context.index
      return argument
    }
    try parser.parse(.equal)
    try parseBounds(parser, &op, keyword: "max", "lowerBounds")
    try parser.parseKeyword("to")
    try parseBounds(parser, &op, keyword: "min", "upperBounds")
    var steps = Array(repeating: 1, count: arguments.count)
    if parser.parseOptionalKeyword("step") {
      let inline = try parser.parseInlineAffineMap(.paren)
      steps = []
      for result in inline.map.results {
        guard let value = result.constantValue else {
          throw parser.error("steps must be constant integers", at: start)
        }
        steps.append(value)
      }
    }
    op.add("steps", context.array(steps.map { context.i64Attribute($0) }))
    var reductions: [Attribute] = []
    if parser.parseOptionalKeyword("reduce") {
      reductions = try parser.parseList(.paren) { () throws(Reported) -> Attribute in
        let offset = parser.offset
        let name = try parser.parseString()
        guard let value = MemRef.rmwKinds.value(name) else {
          throw parser.error("invalid reduction value: \"\(name)\"", at: offset)
        }
        return context.i64Attribute(Int(value))
      }
    }
    op.add("reductions", context.array(reductions))
    op.resultTypes = try parser.parseOptionalArrowTypeList()
    try parser.parseRegion(&op, arguments: arguments)
    try parser.parseOptionalAttributeDictionary(&op)
  }

  private static func printBounds(
    _ printer: Printer, _ bound: AffineBound, _ groups: [Int], _ keyword: String
  ) {
    var start = 0
    for (i, size) in groups.enumerated() {
      guard size >= 0, start + size <= bound.map.resultCount else { return }
      if i > 0 { printer.write(", ") }
      let isGroup = size != 1
      if isGroup { printer.write(keyword + "(") }
      printer.inlineAffineMap(bound.map.slice(start..<(start + size)), bound.operands)
      if isGroup { printer.write(")") }
      start += size
    }
  }

  private static func printParallel(_ printer: Printer, _ operation: Operation) {
    guard let loop = AffineParallelOp(operation) else { return }
    printer.write(" (")
    printer.operands(loop.inductionVariables)
    printer.write(") = (")
    printBounds(printer, loop.lower, loop.lowerGroups, "max")
    printer.write(") to (")
    printBounds(printer, loop.upper, loop.upperGroups, "min")
    printer.write(")")
    if !loop.steps.allSatisfy({ $0 == 1 }) {
      printer.write(" step (" + loop.steps.map(String.init).joined(separator: ", ") + ")")
    }
    if operation.resultCount > 0 {
      let kinds = loop.reductions.map { "\"\($0)\"" }.joined(separator: ", ")
      printer.write(" reduce (\(kinds)) -> (")
      printer.types(operation.results.types)
      printer.write(")")
    }
    printer.write(" ")
    printer.region(
      operation.region(), entryArguments: false, terminators: operation.resultCount > 0)
    printer.optionalAttributeDictionary(
      operation,
      excluding: [
        "reductions", "lowerBoundsMap", "lowerBoundsGroups", "upperBoundsMap",
        "upperBoundsGroups", "steps",
      ])
  }
}
