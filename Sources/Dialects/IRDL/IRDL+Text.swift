import MartletIR
import MartletSupport
import MartletSyntax

extension IRDL {
  /// The directives of the dialect's formats.
  static let directives = CustomDirectives([
    "SingleBlockRegion": singleBlockRegion,
    "NamedValueList": namedValues(hasVariadicity: false),
    "NamedValueListWithVariadicity": namedValues(hasVariadicity: true),
    "AttributesOp": attributeValues,
  ])

  /// `{ ... }`, or nothing for an empty block.
  private static let singleBlockRegion = CustomDirective(
    parse: { (parser, _, parsed) throws(Reported) in
      if try !parser.parseOptionalRegion(&parsed) { parser.addEmptyRegion(&parsed) }
      if let region = parsed.regions.last, region.isEmpty { region.addBlock() }
    },
    print: { printer, operation, _ in
      guard operation.regionCount > 0, let block = operation.region(0).firstBlock, !block.isEmpty
      else { return }
      printer.region(operation.region(0))
    })

  /// `(name: %value, other: optional %value)`.
  private static func namedValues(hasVariadicity: Bool) -> CustomDirective {
    CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        guard parts.arguments.count >= (hasVariadicity ? 3 : 2) else { return }
        var names: [Attribute] = []
        var arities: [UInt64] = []
        let operands = try parser.parseList(.paren) { () throws(Reported) in
          names.append(parser.context.string(try parser.parseKeyword()))
          try parser.parse(.colon)
          var value: Int64 = 0
          if hasVariadicity {
            let word = ["single", "optional", "variadic"].firstIndex {
              parser.parseOptionalKeyword($0)
            }
            value = Int64(word ?? 0)
          }
          let one = parser.context.attribute(variadicity, [UInt64(bitPattern: value)])
          arities.append(UInt64(one.raw))
          return try parser.parseOperand()
        }
        parts.setOperands(parts.arguments[0], operands)
        parts.setAttribute(parts.arguments[1], parser.context.array(names))
        if hasVariadicity {
          parts.setAttribute(
            parts.arguments[2], parser.context.attribute(variadicityArray, arities))
        }
      },
      print: { printer, operation, _ in
        let names = operation.attribute("names")?.elements ?? []
        let arities = arities(operation.attribute("variadicity"))
        printer.write("(")
        for (i, value) in operation.operands.enumerated() {
          if i > 0 { printer.write(", ") }
          printer.keywordOrString(i < names.count ? names[i].stringValue ?? "" : "")
          printer.write(": ")
          if i < arities.count, arities[i] != .one {
            printer.write(arities[i] == .optional ? "optional " : "variadic ")
          }
          printer.operand(value)
        }
        printer.write(")")
      })
  }

  /// `{"name" = %value, ...}`.
  private static let attributeValues = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2 else { return }
      var names: [Attribute] = []
      let operands = try parser.parseList(.optionalBrace) { () throws(Reported) in
        guard let name = parser.parseOptionalString() else {
          throw parser.error("expected attribute value")
        }
        names.append(parser.context.string(name))
        try parser.parse(.equal)
        return try parser.parseOperand()
      }
      parts.setOperands(parts.arguments[0], operands)
      parts.setAttribute(parts.arguments[1], parser.context.array(names))
    },
    print: { printer, operation, _ in
      let names = operation.attribute("attributeValueNames")?.elements ?? []
      printer.write("{")
      for (i, value) in operation.operands.enumerated() {
        if i > 0 { printer.write(", ") }
        printer.string(i < names.count ? names[i].stringValue ?? "" : "")
        printer.write(" = ")
        printer.operand(value)
      }
      printer.write("}")
    })
}
