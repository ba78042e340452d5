import MartletIR
import MartletSupport
import MartletSyntax

/// Offered by dialect attributes that hold one value of an enumeration; the value is their one word.
public struct EnumAttribute: OpInterface {
  public let cases: EnumDefinition

  /// A dialect's attribute written `#dialect.mnemonic<keyword>`.
  public static func define(_ name: String, _ cases: EnumDefinition) -> AttributeDefinition {
    AttributeDefinition(
      name, cases.summary,
      interfaces: [
        EnumAttribute(cases: cases),
        AttributeAssembly(
          parse: { (parser, type) throws(Reported) in
            try parser.parse(.less)
            let value = try parseKeywords(parser, cases)
            try parser.parse(.greater)
            guard let definition = parser.context.attributeDefinition(named: name) else {
              throw parser.error("unknown attribute '\(name)'")
            }
            return parser.context.attribute(definition, [UInt64(bitPattern: value)])
          },
          print: { printer, attribute in
            let value = Int64(bitPattern: attribute.words[0])
            printer.write("<")
            let text = cases.keyword(value) ?? String(value)
            // The words of several bits stand beside each other without quotes.
            if cases.isBitEnum { printer.write(text) } else { printer.keywordOrString(text) }
            printer.write(">")
          }),
      ])
  }

  /// One keyword, or several between separators for a bit enumeration.
  static func parseKeywords(_ parser: Parser, _ cases: EnumDefinition) throws(Reported) -> Int64 {
    var value: Int64 = 0
    repeat {
      let offset = parser.offset
      guard let word = parser.parseOptionalKeywordOrString() else {
        throw parser.error("expected valid keyword")
      }
      guard let one = cases.value(word) else {
        let known = cases.cases.map(\.name).joined(separator: ", ")
        throw parser.error("expected \(cases.summary) to be one of: \(known)", at: offset)
      }
      value |= one
    } while cases.isBitEnum && parser.parseOptional(.comma)
    return value
  }
}

extension Attribute {
  /// The value of an enumeration's attribute, whether a dialect's or an integer.
  public var enumValue: Int64? {
    if kind == nil { return words.count > 0 ? Int64(bitPattern: words[0]) : nil }
    return integerValue
  }

  /// The keyword of an enumeration's dialect attribute.
  public var enumKeyword: String? {
    guard let cases = definition?.interface(EnumAttribute.self)?.cases, let enumValue else {
      return nil
    }
    return cases.keyword(enumValue)
  }
}
