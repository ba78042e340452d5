import MartletIR
import MartletSupport
import MartletSyntax

/// A parameter of a dialect's attribute that is written `<name = value, ...>`.
///
/// Such an attribute has one word for each of its parameters, in the order of the declaration.
public struct AttributeParameter: Sendable {
  public indirect enum Kind: Sendable {
    /// An attribute in full that passes the test; the word is its handle.
    case attribute(@Sendable (Attribute) -> Bool)
    /// An attribute of one definition, given by its name: `<...>`, without `#dialect.mnemonic`.
    case nested(String)
    /// An unsigned number.
    case number
    case boolean
    /// A word of an enumeration.
    case keyword(EnumDefinition)
    /// A word with a prefix, as DWARF's names have; the word of the attribute is the identifier.
    case word(prefix: String, what: String)
    /// Values between commas; the word is the handle of an array of them.
    case list(Kind)
    /// As `list` between braces.
    case braced(Kind)
  }

  /// Stands for a parameter that is not there.
  public static let absent = UInt64.max

  public let name: String
  public let kind: Kind
  /// What the parameter is where the text leaves it out; nil where it may not.
  public let initial: UInt64?

  public init(_ name: String, _ kind: Kind, initial: UInt64? = nil) {
    self.name = name
    self.kind = kind
    self.initial = initial
  }

  /// A parameter that may be left out.
  public static func optional(_ name: String, _ kind: Kind) -> AttributeParameter {
    switch kind {
    case .number, .boolean, .keyword: AttributeParameter(name, kind, initial: 0)
    default: AttributeParameter(name, kind, initial: absent)
    }
  }

  public static let any = Kind.attribute { _ in true }
  public static let string = Kind.attribute { $0.kind == .string }
  public static let integer = Kind.attribute { $0.kind == .integer }
  public static let bool = Kind.attribute { $0.kind == .integer && $0.type?.isInteger(1) ?? false }
  public static let distinct = Kind.attribute { $0.kind == .distinct }
  public static let flatSymbol = Kind.attribute {
    $0.kind == .symbolRef && $0.nestedReferences.isEmpty
  }

  /// The declaration of an attribute of such parameters.
  /// - Parameters:
  ///   - isAliased: whether it is written through an alias called like its mnemonic.
  ///   - isBare: whether an attribute without any parameter is written without `<>`.
  public static func define(
    _ name: String, _ summary: String, _ parameters: [AttributeParameter], isAliased: Bool = false,
    isBare: Bool = false, verify: (@Sendable (Attribute) -> String?)? = nil
  ) -> AttributeDefinition {
    AttributeDefinition(
      name, summary,
      interfaces: [
        AttributeAssembly(
          alias: isAliased ? String(name.drop { $0 != "." }.dropFirst()) : nil,
          parse: { (parser, _) throws(Reported) in
            let offset = parser.offset
            var words = parameters.map { $0.initial ?? absent }
            if !isBare || parser.isAt(.less) { words = try parse(parser, parameters) }
            guard let definition = parser.context.attributeDefinition(named: name) else {
              throw parser.error("unknown attribute '\(name)'", at: offset)
            }
            let attribute = parser.context.attribute(definition, words)
            if let problem = verify?(attribute) { throw parser.error(problem, at: offset) }
            return attribute
          },
          print: { printer, attribute in
            let words = attribute.words
            let isEmpty = parameters.indices.allSatisfy { words[$0] == parameters[$0].initial }
            if isBare && isEmpty { return }
            printer.write("<")
            var isFirst = true
            for (i, parameter) in parameters.enumerated() where words[i] != parameter.initial {
              if !isFirst { printer.write(", ") }
              isFirst = false
              printer.write("\(parameter.name) = ")
              parameter.kind.print(printer, attribute, i)
            }
            printer.write(">")
          })
      ])
  }

  /// Whether a parameter's name is next: a list has then read the comma before it.
  static func isBeforeName(_ parser: Parser) -> Bool { parser.isAtKeyword() }

  /// `<name = value, ...>`, in any order.
  private static func parse(_ parser: Parser, _ parameters: [AttributeParameter]) throws(Reported)
    -> [UInt64]
  {
    try parser.parse(.less)
    var words: [UInt64?] = parameters.map { _ in nil }
    if !parser.isAt(.greater) {
      repeat {
        let offset = parser.offset
        let name = try parser.parseKeyword()
        guard let i = parameters.firstIndex(where: { $0.name == name }), words[i] == nil else {
          throw parser.error("duplicate or unknown struct parameter name: \(name)", at: offset)
        }
        try parser.parse(.equal)
        words[i] = try parameters[i].kind.parse(parser)
      } while parser.parseOptional(.comma) || isBeforeName(parser)
    }
    for (i, parameter) in parameters.enumerated() where words[i] == nil {
      guard let initial = parameter.initial else {
        throw parser.error("struct is missing required parameter: \(parameter.name)")
      }
      words[i] = initial
    }
    try parser.parse(.greater)
    return words.map { $0 ?? absent }
  }
}

extension AttributeParameter.Kind {
  func parse(_ parser: Parser) throws(Reported) -> UInt64 {
    let offset = parser.offset
    switch self {
    case .attribute(let test):
      let value = try parser.parseAttribute()
      guard test(value) else {
        throw parser.error("invalid kind of attribute specified", at: offset)
      }
      return UInt64(value.raw)
    case .nested(let name):
      guard let definition = parser.context.attributeDefinition(named: name) else {
        throw parser.error("unknown attribute '\(name)'", at: offset)
      }
      return UInt64(try parser.parseAttribute(stripped: definition).raw)
    case .number:
      let value = try parser.parseInteger()
      guard value >= 0 else { throw parser.error("expected unsigned integer", at: offset) }
      return UInt64(value)
    case .boolean:
      if parser.parseOptionalKeyword("true") { return 1 }
      if parser.parseOptionalKeyword("false") { return 0 }
      return try parser.parseInteger() == 0 ? 0 : 1
    case .keyword(let cases):
      guard let text = parser.parseOptionalKeywordOrString() else {
        throw parser.error("expected keyword for \(cases.name)", at: offset)
      }
      var value: Int64 = 0
      let words = cases.isBitEnum ? text.split(separator: "|").map(String.init) : [text]
      for word in words {
        guard let one = cases.value(word) else {
          let known = cases.cases.map(\.name).joined(separator: ", ")
          throw parser.error(
            "expected one of [\(known)] for \(cases.summary), got: \(text)", at: offset)
        }
        value |= one
      }
      return UInt64(bitPattern: value)
    case .word(let prefix, let what):
      let word = try parser.parseKeyword()
      guard word.hasPrefix(prefix) else {
        throw parser.error("invalid debug info \(what) name: \(word)", at: offset)
      }
      return UInt64(parser.context.intern(word).raw)
    case .list(let element):
      var values: [Attribute] = []
      repeat {
        // A comma may stand before the next parameter.
        if !values.isEmpty, AttributeParameter.isBeforeName(parser) { break }
        values.append(try element.parseElement(parser))
      } while parser.parseOptional(.comma)
      return UInt64(parser.context.array(values).raw)
    case .braced(let element):
      let values = try parser.parseList(.brace) { () throws(Reported) in
        try element.parseElement(parser)
      }
      return UInt64(parser.context.array(values).raw)
    }
  }

  /// An element of a list, which has to be an attribute.
  private func parseElement(_ parser: Parser) throws(Reported) -> Attribute {
    switch self {
    case .nested(let name):
      guard let definition = parser.context.attributeDefinition(named: name) else {
        throw parser.error("unknown attribute '\(name)'")
      }
      return try parser.parseAttribute(stripped: definition)
    case .attribute(let test):
      let offset = parser.offset
      let value = try parser.parseAttribute()
      guard test(value) else {
        throw parser.error("invalid kind of attribute specified", at: offset)
      }
      return value
    default: return try parser.parseAttribute()
    }
  }

  func print(_ printer: Printer, _ attribute: Attribute, _ i: Int) {
    let word = attribute.words[i]
    switch self {
    case .attribute: if let value = attribute.attributeWord(i) { printer.attribute(value) }
    case .nested: if let value = attribute.attributeWord(i) { printer.attribute(stripped: value) }
    case .number: printer.write("\(word)")
    case .boolean: printer.write(word == 0 ? "false" : "true")
    case .keyword(let cases):
      printer.keywordOrString(cases.keyword(Int64(bitPattern: word)) ?? String(word))
    case .word: printer.write(attribute.identifierWord(i).string)
    case .list(let element): element.printElements(printer, attribute.attributeWord(i))
    case .braced(let element):
      printer.write("{")
      element.printElements(printer, attribute.attributeWord(i))
      printer.write("}")
    }
  }

  private func printElements(_ printer: Printer, _ list: Attribute?) {
    for (i, element) in (list?.elements ?? []).enumerated() {
      if i > 0 { printer.write(", ") }
      if case .nested = self {
        printer.attribute(stripped: element)
      } else {
        printer.attribute(element)
      }
    }
  }
}
