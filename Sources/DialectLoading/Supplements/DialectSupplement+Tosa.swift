import MartletIR
import MartletSupport
import MartletSyntax

extension DialectSupplement {
  static let tosa: DialectSupplement = {
    var tosa = DialectSupplement()
    tosa.directives["KeywordAttributes"] = .keywordAttributes
    let names = [
      "apply_scale", "argmax", "cast_from_block_scaled", "cast_to_block_scaled", "clamp",
      "matmul_t_block_scaled", "max_pool2d", "maximum", "minimum", "reduce_max", "reduce_min",
      "rescale", "resize",
    ]
    for name in names {
      tosa.formats["tosa.\(name)"] =
        "operands `` custom<KeywordAttributes>(attr-dict) `:` functional-type(operands, results)"
    }
    tosa.directives["VariableOpTypeOrInitialValue"] = variableType
    tosa.assemblies["tosa.cond_if"] = CustomAssembly(parse: parseIf, print: printIf)
    tosa.assemblies["tosa.while_loop"] = CustomAssembly(parse: parseWhile, print: printWhile)
    return tosa
  }()

  /// `= value` or `: tensor<...>`, kept as shape, element type and value.
  private static let variableType = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 3 else { return }
      let type: Type
      let start = parser.offset
      if parser.parseOptional(.equal) {
        let value = try parser.parseAttribute()
        parts.setAttribute(parts.arguments[2], value)
        guard let known = value.type else {
          throw parser.error("expected a typed attribute", at: start)
        }
        type = known
      } else {
        type = try parser.parseColonType()
      }
      guard type.hasRank else { throw parser.error("expected a ranked tensor type", at: start) }
      let context = parser.context
      // A dynamic size is -1 in the attribute.
      let shape = type.shape.map { $0 == Type.dynamic ? -1 : $0 }
      let shapeType = context.tensor([shape.count], context.index)
      parts.setAttribute(
        parts.arguments[0], context.dense(shapeType, integers: shape))
      parts.setAttribute(parts.arguments[1], context.typeAttribute(type.elementType))
    },
    print: { printer, operation, _ in
      if let value = operation.attribute("initial_value") {
        printer.write("= ")
        printer.attribute(value)
        return
      }
      guard let shape = operation.attribute("var_shape")?.integers,
        let element = operation.attribute("type")?.typeValue
      else { return }
      printer.write(": ")
      printer.type(
        operation.context.tensor(shape.map { $0 == -1 ? Type.dynamic : $0 }, element))
    })

  // MARK: cond_if

  private static let parseIf: @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void = {
    (parser, op) throws(Reported) in
    let condition = try parser.parseOperand()
    var names: [Parser.ParsedArgument] = []
    var values: [Parser.OperandReference] = []
    if parser.isAt(.leftParen) {
      _ = try parser.parseList(.paren) { () throws(Reported) in
        names.append(try parser.parseArgument(allowType: false))
        try parser.parse(.equal)
        values.append(try parser.parseOperand())
      }
    }
    op.operands.append(try parser.resolve(condition, try parser.parseColonType()))
    if values.isEmpty {
      op.resultTypes = try parser.parseOptionalArrowTypeList()
    } else {
      let start = parser.offset
      let inputs = try parser.parseList(.paren) { () throws(Reported) in try parser.parseType() }
      guard inputs.count == values.count else {
        throw parser.error("expected as many input types as operands", at: start)
      }
      op.operands += try parser.resolve(values, inputs)
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      for i in names.indices { names[i].type = inputs[i] }
    }
    try parser.parseRegion(&op, arguments: names)
    try parser.parseKeyword("else")
    try parser.parseRegion(&op, arguments: names)
    try parser.parseOptionalAttributeDictionary(&op)
  }

  private static let printIf: @Sendable (Printer, Operation) -> Void = { printer, operation in
    printer.write(" ")
    printer.operand(operation.operand(0))
    let inputs = Array(operation.operands.dropFirst())
    let arguments = operation.region(0).arguments
    if !inputs.isEmpty {
      printer.write(" (")
      for (i, (argument, value)) in zip(arguments, inputs).enumerated() {
        if i > 0 { printer.write(", ") }
        printer.operand(argument)
        printer.write(" = ")
        printer.operand(value)
      }
      printer.write(")")
    }
    printer.write(" : ")
    printer.type(operation.operand(0).type)
    if !inputs.isEmpty {
      printer.write(" (")
      printer.types(inputs.map(\.type))
      printer.write(")")
    }
    printer.optionalArrowTypes(operation.results.types)
    printer.write(" ")
    printer.region(operation.region(0), entryArguments: false)
    printer.write(" else ")
    printer.region(operation.region(1), entryArguments: false)
    printer.optionalAttributeDictionary(operation)
  }

  // MARK: while_loop

  private static let parseWhile:
    @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void = {
      (parser, op) throws(Reported) in
      var names: [Parser.ParsedArgument] = []
      let values = try parser.parseList(.paren) { () throws(Reported) in
        names.append(try parser.parseArgument(allowType: false))
        try parser.parse(.equal)
        return try parser.parseOperand()
      }
      try parser.parse(.colon)
      let start = parser.offset
      let type = try parser.parseFunctionType()
      guard type.inputs.count == values.count else {
        throw parser.error(
          "expected as many input types as operands (expected \(values.count) got \(type.inputs.count))",
          at: start)
      }
      op.operands = try parser.resolve(values, type.inputs)
      op.resultTypes = type.results
      for i in names.indices { names[i].type = type.inputs[i] }
      try parser.parseRegion(&op, arguments: names)
      try parser.parseKeyword("do")
      try parser.parseRegion(&op)
      try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    }

  private static let printWhile: @Sendable (Printer, Operation) -> Void = { printer, operation in
    printer.write(" (")
    for (i, (argument, value)) in zip(operation.region(0).arguments, operation.operands)
      .enumerated()
    {
      if i > 0 { printer.write(", ") }
      printer.operand(argument)
      printer.write(" = ")
      printer.operand(value)
    }
    printer.write(") : ")
    printer.functionalType(operation)
    printer.write(" ")
    printer.region(operation.region(0), entryArguments: false)
    printer.write(" do ")
    printer.region(operation.region(1))
    printer.optionalAttributeDictionaryWithKeyword(operation)
  }
}
