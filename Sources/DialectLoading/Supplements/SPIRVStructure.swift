import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// Texts of what makes up a SPIR-V module: modules, functions, constants, variables, entry points.
enum SPIRVStructure {
  static let assemblies: [String: CustomAssembly] = [
    "spirv.module": CustomAssembly(parse: parseModule, print: printModule),
    "spirv.func": CustomAssembly(parse: parseFunction, print: printFunction),
    "spirv.Constant": CustomAssembly(parse: parseConstant, print: printConstant),
    "spirv.GlobalVariable": CustomAssembly(parse: parseGlobal, print: printGlobal),
    "spirv.SpecConstant": CustomAssembly(parse: parseSpecConstant, print: printSpecConstant),
    "spirv.SpecConstantComposite": CustomAssembly(parse: parseComposite, print: printComposite),
    "spirv.EntryPoint": CustomAssembly(parse: parseEntryPoint, print: printEntryPoint),
    "spirv.ExecutionMode": CustomAssembly(parse: parseExecutionMode, print: printExecutionMode),
    "spirv.mlir.selection": control("selection_control"),
    "spirv.mlir.loop": control("loop_control"),
  ]

  private typealias Parse = @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void
  private typealias Print = @Sendable (Printer, Operation) -> Void

  // MARK: Modules and functions

  private static let parseModule: Parse = { (parser, op) throws(Reported) in
    if let name = parser.parseOptionalSymbolName() {
      op.add("sym_name", parser.context.string(name))
    }
    for kind in ["addressing_model", "memory_model"] {
      let start = parser.offset
      let word = try parser.parseKeyword()
      op.add(kind, try SPIRVText.enumAttribute(parser, kind, word, at: start))
    }
    if parser.parseOptionalKeyword("requires") {
      op.add("vce_triple", try parser.parseAttribute())
    }
    try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    try parser.parseRegion(&op)
    if let region = op.regions.last, region.isEmpty { region.addBlock() }
  }

  private static let printModule: Print = { printer, operation in
    if let name = operation.attribute("sym_name")?.stringValue {
      printer.write(" ")
      printer.symbolName(name)
    }
    printer.write(" " + SPIRVText.keyword(operation.attribute("addressing_model")))
    printer.write(" " + SPIRVText.keyword(operation.attribute("memory_model")))
    if let triple = operation.attribute("vce_triple") {
      printer.write(" requires ")
      printer.attribute(triple)
    }
    printer.optionalAttributeDictionaryWithKeyword(
      operation, excluding: ["addressing_model", "memory_model", "vce_triple", "sym_name"])
    printer.write(" ")
    printer.region(operation.region(0))
  }

  private static let parseFunction: Parse = { (parser, op) throws(Reported) in
    FunctionSyntax.parseVisibility(parser, &op)
    op.add("sym_name", parser.context.string(try parser.parseSymbolName()))
    let signature = try FunctionSyntax.parseSignature(parser)
    let type = parser.context.function(signature.inputs, signature.results)
    op.add("function_type", parser.context.typeAttribute(type))
    op.add("function_control", try SPIRVText.parseEnum(parser, "function_control"))
    try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    FunctionSyntax.addAttributes(signature, to: &op)
    if parser.isAt(.leftBrace) {
      try parser.parseRegion(&op, arguments: signature.arguments)
    } else {
      parser.addEmptyRegion(&op)
    }
  }

  private static let printFunction: Print = { printer, operation in
    printer.write(" ")
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    guard let type = operation.attribute("function_type")?.typeValue else { return }
    let body = operation.region(0)
    FunctionSyntax.printSignature(
      printer, operation, body, inputs: type.inputs, results: type.results)
    printer.write(" \"\(SPIRVText.keyword(operation.attribute("function_control")))\"")
    printer.optionalAttributeDictionaryWithKeyword(
      operation,
      excluding: ["sym_name", "function_type", "function_control", "arg_attrs", "res_attrs"])
    if body.isEmpty { return }
    printer.write(" ")
    printer.region(body, entryArguments: false)
  }

  // MARK: Constants

  private static let parseConstant: Parse = { (parser, op) throws(Reported) in
    let value = try parser.parseAttribute()
    op.add("value", value)
    // An attribute without a type of its own, and one whose type SPIR-V lacks, say the result's.
    if let type = value.type, !type.isTensor {
      op.resultTypes = [type]
    } else if let type = value.type, !parser.isAt(.colon) {
      op.resultTypes = [type]
    } else {
      op.resultTypes = [try parser.parseColonType()]
    }
  }

  private static let printConstant: Print = { printer, operation in
    printer.write(" ")
    if let value = operation.attribute("value") { printer.attribute(value) }
    if operation.result().type.definition != nil {
      printer.write(" : ")
      printer.type(operation.result().type)
    }
  }

  private static let parseSpecConstant: Parse = { (parser, op) throws(Reported) in
    op.add("sym_name", parser.context.string(try parser.parseSymbolName()))
    if parser.parseOptionalKeyword("spec_id") {
      try parser.parse(.leftParen)
      op.add("spec_id", parser.context.i64Attribute(try parser.parseInteger()))
      try parser.parse(.rightParen)
    }
    try parser.parse(.equal)
    op.add("default_value", try parser.parseAttribute())
  }

  private static let printSpecConstant: Print = { printer, operation in
    printer.write(" ")
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    if let id = operation.attribute("spec_id")?.integerValue { printer.write(" spec_id(\(id))") }
    printer.write(" = ")
    if let value = operation.attribute("default_value") { printer.attribute(value) }
  }

  private static let parseComposite: Parse = { (parser, op) throws(Reported) in
    let context = parser.context
    op.add("sym_name", context.string(try parser.parseSymbolName()))
    let parts = try parser.parseList(.paren) { () throws(Reported) in
      context.symbolRef(try parser.parseSymbolName())
    }
    op.add("constituents", context.array(parts))
    op.add("type", context.typeAttribute(try parser.parseColonType()))
  }

  private static let printComposite: Print = { printer, operation in
    printer.write(" ")
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    printer.write(" (")
    printSymbols(printer, operation.attribute("constituents"))
    printer.write(") : ")
    if let type = operation.attribute("type")?.typeValue { printer.type(type) }
  }

  private static func printSymbols(_ printer: Printer, _ list: Attribute?) {
    for (i, symbol) in (list?.elements ?? []).enumerated() {
      if i > 0 { printer.write(", ") }
      printer.attribute(symbol)
    }
  }

  // MARK: Variables and entry points

  private static let parseGlobal: Parse = { (parser, op) throws(Reported) in
    op.add("sym_name", parser.context.string(try parser.parseSymbolName()))
    if parser.parseOptionalKeyword("initializer") {
      try parser.parse(.leftParen)
      op.add("initializer", parser.context.symbolRef(try parser.parseSymbolName()))
      try parser.parse(.rightParen)
    }
    try SPIRVText.parseDecorations(parser, &op)
    try parser.parse(.colon)
    let start = parser.offset
    let type = try parser.parseType()
    guard SPIRVTypes.pointee(of: type) != nil else {
      throw parser.error("expected spirv.ptr type", at: start)
    }
    op.add("type", parser.context.typeAttribute(type))
  }

  private static let printGlobal: Print = { printer, operation in
    printer.write(" ")
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    if let initial = operation.attribute("initializer") {
      printer.write(" initializer(")
      printer.attribute(initial)
      printer.write(")")
    }
    SPIRVText.printDecorations(
      printer, operation, excluding: ["sym_name", "type", "initializer"])
    printer.write(" : ")
    if let type = operation.attribute("type")?.typeValue { printer.type(type) }
  }

  private static let parseEntryPoint: Parse = { (parser, op) throws(Reported) in
    let context = parser.context
    op.add("execution_model", try SPIRVText.parseEnum(parser, "execution_model"))
    op.add("fn", context.symbolRef(try parser.parseSymbolName()))
    var interface: [Attribute] = []
    while parser.parseOptional(.comma) {
      interface.append(context.symbolRef(try parser.parseSymbolName()))
    }
    op.add("interface", context.array(interface))
  }

  private static let printEntryPoint: Print = { printer, operation in
    printer.write(" \"\(SPIRVText.keyword(operation.attribute("execution_model")))\" ")
    if let function = operation.attribute("fn") { printer.attribute(function) }
    let interface = operation.attribute("interface")
    if !(interface?.elements ?? []).isEmpty {
      printer.write(", ")
      printSymbols(printer, interface)
    }
  }

  private static let parseExecutionMode: Parse = { (parser, op) throws(Reported) in
    let context = parser.context
    op.add("fn", context.symbolRef(try parser.parseSymbolName()))
    op.add("execution_mode", try SPIRVText.parseEnum(parser, "execution_mode"))
    var values: [Attribute] = []
    while parser.parseOptional(.comma) {
      values.append(context.i32Attribute(try parser.parseInteger()))
    }
    op.add("values", context.array(values))
  }

  private static let printExecutionMode: Print = { printer, operation in
    printer.write(" ")
    if let function = operation.attribute("fn") { printer.attribute(function) }
    printer.write(" \"\(SPIRVText.keyword(operation.attribute("execution_mode")))\"")
    for value in operation.attribute("values")?.integers ?? [] { printer.write(", \(value)") }
  }

  // MARK: Structured control flow

  /// `control(Unroll) -> f32 {...}`
  private static func control(_ name: String) -> CustomAssembly {
    CustomAssembly(
      parse: { (parser, op) throws(Reported) in
        var word = "None"
        let start = parser.offset
        if parser.parseOptionalKeyword("control") {
          try parser.parse(.leftParen)
          word = try parser.parseKeyword()
          while parser.parseOptional(.bar) { word += "|" + (try parser.parseKeyword()) }
          try parser.parse(.rightParen)
        }
        op.add(name, try SPIRVText.enumAttribute(parser, name, word, at: start))
        op.resultTypes = try parser.parseOptionalArrowTypeList()
        try parser.parseRegion(&op)
      },
      print: { printer, operation in
        let word = SPIRVText.keyword(operation.attribute(name))
        if word != "None" { printer.write(" control(\(word))") }
        printer.optionalArrowTypes(operation.results.types)
        printer.write(" ")
        printer.region(operation.region(0))
      })
  }
}
