import MartletIR
import MartletSupport
import MartletSyntax

extension DialectSupplement {
  static let async: DialectSupplement = {
    var async = DialectSupplement()
    async.assemblies["async.execute"] = CustomAssembly(parse: parseExecute, print: printExecute)
    async.directives["AwaitResultType"] = awaitResult
    return async
  }()

  /// The type an awaited value holds; nothing for a token.
  private static let awaitResult = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2 else { return }
      let type = try parser.parseType()
      parts.setTypes(parts.arguments[0], [type])
      guard type.definition?.name == "async.value", let inner = type.attributeWord(0)?.typeValue
      else { return }
      parts.setTypes(parts.arguments[1], [inner])
    },
    print: { printer, operation, _ in printer.type(operation.operand(0).type) })

  /// `[%dependency] (%value as %name: !async.value<f32>) -> !async.value<f32> {...}`
  private static let parseExecute:
    @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void = {
      (parser, op) throws(Reported) in
      let context = parser.context
      guard let token = context.typeDefinition(named: "async.token") else {
        throw parser.error("the type '!async.token' is not loaded")
      }
      let dependencies = try parser.parseOperandList(.optionalSquare)
      op.operands = try parser.resolve(dependencies, context.type(token))
      var arguments: [Parser.ParsedArgument] = []
      _ = try parser.parseList(.optionalParen) { () throws(Reported) in
        let value = try parser.parseOperand()
        try parser.parseKeyword("as")
        var argument = try parser.parseArgument(allowType: false)
        let start = parser.offset
        let type = try parser.parseColonType()
        guard type.definition?.name == "async.value", let inner = type.attributeWord(0)?.typeValue
        else { throw parser.error("expected a value of type '!async.value'", at: start) }
        argument.type = inner
        arguments.append(argument)
        op.operands.append(try parser.resolve(value, type))
      }
      op.add(
        "operandSegmentSizes", context.denseI32Array([dependencies.count, arguments.count]))
      op.resultTypes = [context.type(token)] + (try parser.parseOptionalArrowTypeList())
      try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
      try parser.parseRegion(&op, arguments: arguments)
    }

  private static let printExecute: @Sendable (Printer, Operation) -> Void = { printer, operation in
    let dependencies = operation.operandGroup(0)
    if !dependencies.isEmpty {
      printer.write(" [")
      printer.operands(dependencies)
      printer.write("]")
    }
    let values = operation.operandGroup(1)
    if !values.isEmpty {
      printer.write(" (")
      for (i, (value, argument)) in zip(values, operation.region(0).arguments).enumerated() {
        if i > 0 { printer.write(", ") }
        printer.operand(value)
        printer.write(" as ")
        printer.operand(argument)
        printer.write(": ")
        printer.type(value.type)
      }
      printer.write(")")
    }
    printer.optionalArrowTypes(Array(operation.results.types.dropFirst()))
    printer.optionalAttributeDictionaryWithKeyword(
      operation, excluding: ["operandSegmentSizes"])
    printer.write(" ")
    printer.region(
      operation.region(0), entryArguments: false, terminators: operation.resultCount > 1)
  }
}
