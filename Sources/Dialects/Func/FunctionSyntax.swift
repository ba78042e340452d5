import MartletIR
import MartletSupport
import MartletSyntax

/// What the text of a function's head gives.
public struct FunctionSignature {
  public var arguments: [Parser.ParsedArgument] = []
  /// Types of the parameters, named or not.
  public var inputs: [Type] = []
  public var results: [Type] = []
  /// A dictionary per parameter and per result.
  public var argumentAttributes: [Attribute] = []
  public var resultAttributes: [Attribute] = []
  public var isVariadic = false
}

/// Text that operations like functions share: signature, visibility, attributes, body.
public enum FunctionSyntax {
  /// Reads `(%a: i32 {x.y}, ...) -> (f32 {x.y})`, or parameters without names for a declaration.
  public static func parseSignature(_ parser: Parser, allowVariadic: Bool = false) throws(Reported)
    -> FunctionSignature
  {
    var signature = FunctionSignature()
    let empty = parser.context.dictionary([(String, Attribute)]())
    try parser.parse(.leftParen)
    if !parser.parseOptional(.rightParen) {
      repeat {
        if allowVariadic, parser.parseOptional(.ellipsis) {
          signature.isVariadic = true
          break
        }
        try parseParameter(parser, &signature, empty)
      } while parser.parseOptional(.comma)
      try parser.parse(.rightParen)
    }
    if parser.parseOptional(.arrow) { try parseResults(parser, &signature, empty) }
    return signature
  }

  private static func parseParameter(
    _ parser: Parser, _ signature: inout FunctionSignature, _ empty: Attribute
  ) throws(Reported) {
    let offset = parser.offset
    if let argument = try parser.parseOptionalArgument(allowType: true, allowAttributes: true) {
      guard let type = argument.type else { throw parser.error("expected type", at: offset) }
      if signature.arguments.count != signature.inputs.count {
        throw parser.error("expected type instead of SSA identifier", at: offset)
      }
      signature.arguments.append(argument)
      signature.inputs.append(type)
      signature.argumentAttributes.append(argument.attributes ?? empty)
      return
    }
    if !signature.arguments.isEmpty { throw parser.error("expected SSA identifier", at: offset) }
    signature.inputs.append(try parser.parseType())
    signature.argumentAttributes.append(try dictionary(parser) ?? empty)
    _ = try parser.parseArgumentLocation()
  }

  private static func parseResults(
    _ parser: Parser, _ signature: inout FunctionSignature, _ empty: Attribute
  ) throws(Reported) {
    if !parser.parseOptional(.leftParen) {
      signature.results = [try parser.parseType()]
      signature.resultAttributes = [empty]
      return
    }
    if parser.parseOptional(.rightParen) { return }
    repeat {
      signature.results.append(try parser.parseType())
      signature.resultAttributes.append(try dictionary(parser) ?? empty)
    } while parser.parseOptional(.comma)
    try parser.parse(.rightParen)
  }

  private static func dictionary(_ parser: Parser) throws(Reported) -> Attribute? {
    guard parser.isAt(.leftBrace) else { return nil }
    return parser.context.dictionary(try parser.parseAttributeDictionary())
  }

  /// Adds `arg_attrs` and `res_attrs` where any dictionary has an entry.
  public static func addAttributes(_ signature: FunctionSignature, to op: inout ParsedOperation) {
    for (name, dictionaries) in [
      ("arg_attrs", signature.argumentAttributes), ("res_attrs", signature.resultAttributes),
    ] {
      guard let context = dictionaries.first?.context else { continue }
      if dictionaries.contains(where: { !$0.words.isEmpty }) {
        op.add(name, context.array(dictionaries))
      }
    }
  }

  /// Writes the signature of `operation`, whose body is `region`.
  public static func printSignature(
    _ printer: Printer, _ operation: Operation, _ region: Region, inputs: [Type], results: [Type],
    isVariadic: Bool = false
  ) {
    let argumentAttributes = operation.attribute("arg_attrs")?.elements ?? []
    let resultAttributes = operation.attribute("res_attrs")?.elements ?? []
    printer.write("(")
    for (i, type) in inputs.enumerated() {
      if i > 0 { printer.write(", ") }
      let attributes = i < argumentAttributes.count ? argumentAttributes[i] : nil
      if !region.isEmpty, i < region.arguments.count {
        printer.argument(region.arguments[i], attributes: attributes)
      } else {
        printer.type(type)
        printDictionary(printer, attributes)
      }
    }
    if isVariadic { printer.write(inputs.isEmpty ? "..." : ", ...") }
    printer.write(")")
    if results.isEmpty { return }
    printer.write(" -> ")
    let needsParens =
      results.count > 1 || results[0].isFunction
      || resultAttributes.contains { !$0.words.isEmpty }
    if needsParens { printer.write("(") }
    for (i, type) in results.enumerated() {
      if i > 0 { printer.write(", ") }
      printer.type(type)
      printDictionary(printer, i < resultAttributes.count ? resultAttributes[i] : nil)
    }
    if needsParens { printer.write(")") }
  }

  private static func printDictionary(_ printer: Printer, _ attributes: Attribute?) {
    guard let attributes, !attributes.words.isEmpty else { return }
    printer.write(" ")
    printer.attribute(attributes)
  }

  /// `public`, `private` or `nested` in front of a symbol's name.
  public static func parseVisibility(_ parser: Parser, _ op: inout ParsedOperation) {
    for word in ["public", "private", "nested"] where parser.parseOptionalKeyword(word) {
      op.add("sym_visibility", parser.context.string(word))
      return
    }
  }

  /// Checks that body and attribute arrays fit a function type.
  public static func verify(_ operation: Operation, inputs: [Type], results: [Type])
    throws(Reported)
  {
    try verifyAttributes(operation, "arg_attrs", inputs.count, "argument")
    try verifyAttributes(operation, "res_attrs", results.count, "result")
    try LLVM.verifyParameterAttributes(operation, inputs: inputs, results: results)
    try Bufferization.verifyParameterAttributes(operation)
    guard let entry = operation.region().firstBlock else { return }
    if entry.argumentCount != inputs.count {
      throw operation.emitOpError(
        "entry block must have \(inputs.count) arguments to match function signature")
    }
    for (i, (argument, type)) in zip(entry.arguments, inputs).enumerated()
    where argument.type != type {
      throw operation.emitOpError(
        "type of entry block argument #\(i)('\(argument.type)') must match the type of the "
          + "corresponding argument in function signature('\(type)')")
    }
  }

  private static func verifyAttributes(
    _ operation: Operation, _ name: String, _ count: Int, _ what: String
  ) throws(Reported) {
    guard let dictionaries = operation.attribute(name)?.elements else { return }
    if dictionaries.count != count {
      throw operation.emitOpError(
        "expects \(what) attribute array to have the same number of elements as the number of "
          + "function \(what)s, got \(dictionaries.count), but expected \(count)")
    }
    for dictionary in dictionaries {
      for entry in dictionary.entries where !entry.name.string.contains(".") {
        throw operation.emitOpError("\(what)s may only have dialect attributes")
      }
    }
  }
}

extension Func {
  static let functionAssembly = CustomAssembly(parse: parseFunction, print: printFunction)

  private static func parseFunction(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported)
  {
    let context = parser.context
    FunctionSyntax.parseVisibility(parser, &op)
    op.add("sym_name", context.string(try parser.parseSymbolName()))
    let signature = try FunctionSyntax.parseSignature(parser)
    op.add(
      "function_type",
      context.typeAttribute(context.function(signature.inputs, signature.results)))
    let offset = parser.offset
    let known = op.attributes.count
    try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    for entry in op.attributes[known...] {
      let name = entry.name.string
      if ["sym_name", "function_type", "sym_visibility"].contains(name) {
        throw parser.error(
          "'\(name)' is an inferred attribute and should not be specified in the explicit "
            + "attribute dictionary", at: offset)
      }
    }
    FunctionSyntax.addAttributes(signature, to: &op)
    let bodyOffset = parser.offset
    if parser.isAt(.leftBrace) {
      try parser.parseRegion(&op, arguments: signature.arguments)
      if op.regions.last?.isEmpty ?? true {
        throw parser.error("expected non-empty function body", at: bodyOffset)
      }
    } else {
      parser.addEmptyRegion(&op)
    }
  }

  private static func printFunction(_ printer: Printer, _ operation: Operation) {
    guard let function = FuncOp(operation) else { return }
    printer.write(" ")
    if let visibility = operation.attribute("sym_visibility")?.stringValue {
      printer.write(visibility + " ")
    }
    printer.symbolName(function.name)
    let type = function.type
    FunctionSyntax.printSignature(
      printer, operation, function.body, inputs: type.inputs, results: type.results)
    printer.optionalAttributeDictionaryWithKeyword(
      operation,
      excluding: ["sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs"])
    if function.body.isEmpty { return }
    printer.write(" ")
    printer.region(function.body, entryArguments: false, terminators: true)
  }

  static func verifyFunction(_ operation: Operation) throws(Reported) {
    guard let function = FuncOp(operation) else { return }
    if function.isDeclaration, !SymbolTable.isPrivate(operation),
      operation.attribute("sym_visibility")?.stringValue != "nested"
    {
      throw operation.emitOpError("symbol declaration cannot have public visibility")
    }
    let type = function.type
    try FunctionSyntax.verify(operation, inputs: type.inputs, results: type.results)
  }
}
