import MartletIR
import MartletSupport
import MartletSyntax

extension DialectSupplement {
  static let shape: DialectSupplement = {
    var shape = DialectSupplement()
    shape.assemblies["shape.const_shape"] = constShape
    shape.assemblies["shape.assuming"] = assuming
    shape.assemblies["shape.reduce"] = reduce
    shape.assemblies["shape.function_library"] = functionLibrary
    return shape
  }()

  /// `shape.const_shape [1, 2] : !shape.shape`
  private static let constShape = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      try parser.parseOptionalAttributeDictionary(&op)
      let sizes = try parser.parseList(.square) { () throws(Reported) in try parser.parseInteger() }
      let context = parser.context
      op.add(
        "shape", context.dense(context.tensor([sizes.count], context.index), integers: sizes))
      op.resultTypes = [try parser.parseColonType()]
    },
    print: { printer, operation in
      printer.write(" ")
      printer.optionalAttributeDictionary(operation, excluding: ["shape"])
      if operation.hasDiscardableAttributes { printer.write(" ") }
      printer.write("[")
      for (i, size) in (operation.attribute("shape")?.integers ?? []).enumerated() {
        if i > 0 { printer.write(", ") }
        printer.write(size)
      }
      printer.write("] : ")
      printer.type(operation.result().type)
    })

  /// `shape.assuming %w -> (t) {...}`; a body that yields nothing may leave its terminator out.
  private static let assuming = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let witness = try parser.parseOperand()
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      guard let definition = parser.context.typeDefinition(named: "shape.witness") else {
        throw parser.error("the type '!shape.witness' is not loaded")
      }
      op.operands = [try parser.resolve(witness, parser.context.type(definition))]
      try parser.parseRegion(&op)
      try parser.parseOptionalAttributeDictionary(&op)
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.optionalArrowTypes(operation.results.types)
      printer.write(" ")
      printer.region(operation.region(0), terminators: operation.resultCount > 0)
      printer.optionalAttributeDictionary(operation)
    })

  /// `shape.reduce(%shape, %init) : !shape.shape -> !shape.size {...}`
  private static let reduce = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let operands = try parser.parseOperandList(.paren)
      let shapeType = try parser.parseColonType()
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      guard let first = operands.first else { throw parser.error("expected a shape") }
      op.operands = [try parser.resolve(first, shapeType)]
      op.operands += try parser.resolve(Array(operands.dropFirst()), op.resultTypes)
      try parser.parseRegion(&op)
      try parser.parseOptionalAttributeDictionary(&op)
    },
    print: { printer, operation in
      printer.write("(")
      printer.operands(operation.operands)
      printer.write(") : ")
      printer.type(operation.operand(0).type)
      printer.optionalArrowTypes(operation.results.types)
      printer.write(" ")
      printer.region(operation.region(0))
      printer.optionalAttributeDictionary(operation)
    })

  /// `shape.function_library @lib {...} mapping {op = @f}`
  private static let functionLibrary = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      op.add("sym_name", parser.context.string(try parser.parseSymbolName()))
      try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
      try parser.parseRegion(&op)
      try parser.parseKeyword("mapping")
      let entries = try parser.parseAttributeDictionary()
      op.add("mapping", parser.context.dictionary(entries.map { (name: $0.0, value: $0.1) }))
    },
    print: { printer, operation in
      printer.write(" ")
      printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
      printer.optionalAttributeDictionaryWithKeyword(operation, excluding: ["sym_name", "mapping"])
      printer.write(" ")
      printer.region(operation.region(0))
      printer.write(" mapping ")
      if let mapping = operation.attribute("mapping") { printer.attribute(mapping) }
    })
}
