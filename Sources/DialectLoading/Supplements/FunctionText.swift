import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// Text of operations that declare MLIR's function interface and leave their text to it.
enum FunctionText {
  static func parse(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    FunctionSyntax.parseVisibility(parser, &op)
    op.add("sym_name", parser.context.string(try parser.parseSymbolName()))
    let signature = try FunctionSyntax.parseSignature(parser)
    let type = parser.context.function(signature.inputs, signature.results)
    op.add("function_type", parser.context.typeAttribute(type))
    try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    FunctionSyntax.addAttributes(signature, to: &op)
    if parser.isAt(.leftBrace) {
      try parser.parseRegion(&op, arguments: signature.arguments)
    } else {
      parser.addEmptyRegion(&op)
    }
  }

  static func print(_ printer: Printer, _ operation: Operation) {
    printer.write(" ")
    if let visibility = operation.attribute("sym_visibility")?.stringValue {
      printer.write(visibility + " ")
    }
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    guard let type = operation.attribute("function_type")?.typeValue, operation.regionCount > 0
    else { return }
    let body = operation.region(0)
    FunctionSyntax.printSignature(
      printer, operation, body, inputs: type.inputs, results: type.results)
    printer.optionalAttributeDictionaryWithKeyword(
      operation,
      excluding: ["sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs"])
    if body.isEmpty { return }
    printer.write(" ")
    printer.region(body, entryArguments: false, terminators: true)
  }
}
