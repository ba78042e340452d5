import MartletIR
import MartletSupport
import MartletSyntax

extension EnumAttribute {
  /// A dialect's attribute written `#dialect<mnemonic keyword>`, in formats as the keyword alone (with a
  /// space before it, as MLIR has it, beside the one that the format may ask for).
  public static func keyword(_ name: String, _ cases: EnumDefinition) -> AttributeDefinition {
    AttributeDefinition(
      name, cases.summary,
      interfaces: [
        EnumAttribute(cases: cases),
        AttributeAssembly(
          isNested: true,
          parse: { (parser, _) throws(Reported) in
            let value = try parseKeywords(parser, cases)
            guard let definition = parser.context.attributeDefinition(named: name) else {
              throw parser.error("unknown attribute '\(name)'")
            }
            return parser.context.attribute(definition, [UInt64(bitPattern: value)])
          },
          print: { printer, attribute in
            let value = Int64(bitPattern: attribute.words[0])
            printer.write(" " + (cases.keyword(value) ?? String(value)))
          }),
      ])
  }
}

extension Context {
  /// The value of an enumeration's dialect attribute.
  public func enumAttribute(_ definition: AttributeDefinition, _ value: Int64) -> Attribute {
    attribute(definition, [UInt64(bitPattern: value)])
  }
}
