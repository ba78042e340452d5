import MartletIR
import MartletSupport
import MartletSyntax

/// The dlti dialect: attributes that describe the target, its types' layout and its devices.
public enum DLTI {
  public static let dialect = Dialect(
    "dlti", summary: "Data layout and target information",
    attributes: [
      entry, map, dataLayoutSpec, targetDeviceSpec, targetSystemSpec, functionPointerAlignment,
    ])

  /// `#dlti.dl_entry<key, value>`: a key, which is a type or a string, and what is known of it. Words: both.
  public static let entry: AttributeDefinition = AttributeDefinition(
    "dlti.dl_entry", "A key and its value",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let key = try parseKey(parser)
          try parser.parse(.comma)
          let value = try parser.parseAttribute()
          try parser.parse(.greater)
          return parser.context.attribute(entry, [UInt64(key.raw), UInt64(value.raw)])
        },
        print: { printer, attribute in
          printer.write("<")
          printEntry(printer, attribute, 0, ", ")
          printer.write(">")
        })
    ])

  /// Entries of any meaning.
  public static let map: AttributeDefinition = entries("map", "Keys and values")
  /// How values of types lie in memory.
  public static let dataLayoutSpec: AttributeDefinition = entries("dl_spec", "A data layout")
  /// What is known of one device.
  public static let targetDeviceSpec: AttributeDefinition = entries(
    "target_device_spec", "A device of the target")
  /// The devices by their names.
  public static let targetSystemSpec: AttributeDefinition = entries(
    "target_system_spec", "The devices of the target")

  /// `<64, function_dependent = false>`; words: both.
  public static let functionPointerAlignment: AttributeDefinition = AttributeDefinition(
    "dlti.function_pointer_alignment", "How function pointers are aligned",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let alignment = try AttributeParameter.Kind.number.parse(parser)
          try parser.parse(.comma)
          try parser.parseKeyword("function_dependent")
          try parser.parse(.equal)
          let isDependent = try AttributeParameter.Kind.boolean.parse(parser)
          try parser.parse(.greater)
          return parser.context.attribute(functionPointerAlignment, [alignment, isDependent])
        },
        print: { printer, attribute in
          let words = attribute.words
          printer.write("<\(words[0]), function_dependent = \(words[1] != 0)>")
        })
    ])

  /// An attribute `<key = value, ...>`, also read with `#dlti.dl_entry<key, value>` for an entry. Its words
  /// are keys and values in turn.
  private static func entries(_ mnemonic: String, _ summary: String) -> AttributeDefinition {
    let name = "dlti." + mnemonic
    return AttributeDefinition(
      name, summary,
      interfaces: [
        AttributeAssembly(
          parse: { (parser, _) throws(Reported) in
            let offset = parser.offset
            let words = try parseEntries(parser, isSystem: mnemonic == "target_system_spec")
            guard let definition = parser.context.attributeDefinition(named: name) else {
              throw parser.error("unknown attribute '\(name)'", at: offset)
            }
            return parser.context.attribute(definition, words)
          },
          print: { printer, attribute in
            printer.write("<")
            for i in stride(from: 0, to: attribute.words.count, by: 2) {
              if i > 0 { printer.write(", ") }
              printEntry(printer, attribute, i, " = ")
            }
            printer.write(">")
          })
      ])
  }

  private static func parseKey(_ parser: Parser) throws(Reported) -> Attribute {
    let offset = parser.offset
    if let text = parser.parseOptionalString() {
      if text.isEmpty {
        throw parser.error("empty string as DLTI key is not allowed", at: offset)
      }
      return parser.context.string(text)
    }
    guard let type = try parser.parseOptionalType() else {
      throw parser.error("expected a type or a quoted string", at: offset)
    }
    return parser.context.typeAttribute(type)
  }

  private static func parseEntries(_ parser: Parser, isSystem: Bool) throws(Reported) -> [UInt64] {
    var words: [UInt64] = []
    var keys: Set<Attribute> = []
    _ = try parser.parseList(.less) { () throws(Reported) in
      let offset = parser.offset
      let key: Attribute
      let value: Attribute
      if isSystem {
        key = try parser.parseAttribute()
        guard key.kind == .string else {
          throw parser.error("invalid kind of attribute specified", at: offset)
        }
        try parser.parse(.equal)
        let place = parser.offset
        value = try parser.parseAttribute()
        guard value.is(targetDeviceSpec) else {
          throw parser.error("invalid kind of attribute specified", at: place)
        }
      } else if parser.isAtAttributeName() {
        let written = try parser.parseAttribute()
        guard written.is(entry), let first = written.attributeWord(0),
          let second = written.attributeWord(1)
        else { throw parser.error("invalid kind of attribute specified", at: offset) }
        (key, value) = (first, second)
      } else {
        key = try parseKey(parser)
        try parser.parse(.equal)
        value = try parser.parseAttribute()
      }
      if !keys.insert(key).inserted {
        let what = isSystem ? "repeated device ID in dlti.target_system_spec" : "repeated DLTI key"
        throw parser.error("\(what): \(key)", at: offset)
      }
      words += [UInt64(key.raw), UInt64(value.raw)]
    }
    return words
  }

  private static func printEntry(
    _ printer: Printer, _ attribute: Attribute, _ i: Int, _ separator: String
  ) {
    if let key = attribute.attributeWord(i) { printer.attribute(key) }
    printer.write(separator)
    if let value = attribute.attributeWord(i + 1) { printer.attribute(value) }
  }
}
