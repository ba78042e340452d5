import MartletIR
import MartletSupport
import MartletSyntax

extension DialectSupplement {
  static let pdl: DialectSupplement = {
    var pdl = DialectSupplement()
    pdl.directives["OperationOpAttributes"] = operationAttributes
    pdl.directives["RangeType"] = rangeType
    pdl.directives["ResultsValueType"] = resultsType
    return pdl
  }()

  /// `{"name" = %value, ...}`.
  private static let operationAttributes = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      var names: [Attribute] = []
      let operands = try parser.parseList(.optionalBrace) { () throws(Reported) in
        names.append(parser.context.string(try parser.parseString()))
        try parser.parse(.equal)
        return try parser.parseOperand()
      }
      guard parts.arguments.count >= 2 else { return }
      parts.setOperands(parts.arguments[0], operands)
      parts.setAttribute(parts.arguments[1], parser.context.array(names))
    },
    print: { printer, operation, arguments in
      let values = operation.operands(named: "attributeValues")
      if values.isEmpty { return }
      let names = operation.attribute("attributeValueNames")?.elements ?? []
      printer.write("{")
      for (i, value) in values.enumerated() {
        if i > 0 { printer.write(", ") }
        printer.string(i < names.count ? names[i].stringValue ?? "" : "")
        printer.write(" = ")
        printer.operand(value)
      }
      printer.write("}")
    })

  private static func range(of element: Type) -> Type? {
    element.context.typeDefinition(named: "pdl.range").map {
      element.context.type($0, [UInt64(element.context.typeAttribute(element).raw), 1])
    }
  }

  /// `: !pdl.range<value>` where there are no arguments to tell it.
  private static let rangeType = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2 else { return }
      if let first = parts.types(parts.arguments[0])?.first {
        let element =
          first.definition?.name == "pdl.range" ? first.attributeWord(0)?.typeValue : first
        if let type = element.flatMap(range) { parts.setTypes(parts.arguments[1], [type]) }
        return
      }
      parts.setTypes(parts.arguments[1], [try parser.parseColonType()])
    },
    print: { printer, operation, _ in
      if operation.operandCount > 0 { return }
      printer.write(": ")
      printer.type(operation.result().type)
    })

  /// `-> type` where an index is given; without, the results are a range of values.
  private static let resultsType = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2 else { return }
      if parts.attribute(parts.arguments[0]) == nil {
        let value = parser.context.typeDefinition(named: "pdl.value").map {
          parser.context.type($0)
        }
        if let type = value.flatMap(range) { parts.setTypes(parts.arguments[1], [type]) }
        return
      }
      try parser.parse(.arrow)
      parts.setTypes(parts.arguments[1], [try parser.parseType()])
    },
    print: { printer, operation, _ in
      if operation.attribute("index") == nil { return }
      printer.write("-> ")
      printer.type(operation.result().type)
    })
}
