import MartletIR
import MartletSupport

/// What formats ask of the parser.
extension Parser {
  package func isAt(_ literal: FormatLiteral) -> Bool {
    switch literal.kind {
    case .keyword: return token.kind == .bareIdentifier && tokenIs(literal.text)
    case .punctuation(let kinds):
      guard token.kind == kinds[0] else { return false }
      if kinds.count > 1 {
        var ahead = lexer
        for kind in kinds.dropFirst() where ahead.next().kind != kind { return false }
      }
      return true
    }
  }

  func parseOptional(_ literal: FormatLiteral) -> Bool {
    guard isAt(literal) else { return false }
    if case .punctuation(let kinds) = literal.kind { for _ in kinds.dropFirst() { advance() } }
    advance()
    return true
  }

  package func parse(_ literal: FormatLiteral) throws(Reported) {
    if !parseOptional(literal) { throw error("expected '\(literal.text)'") }
  }

  /// Whether a type can begin at the current token.
  package var isAtType: Bool {
    switch token.kind {
    case .leftParen, .exclamationIdentifier: return true
    case .bareIdentifier:
      for word in ["index", "tensor", "memref", "vector", "none", "complex", "tuple"]
      where tokenIs(word) { return true }
      let first = lexer.base[token.start]
      let second = token.end - token.start > 1 ? lexer.base[token.start + 1] : 0
      switch first {
      case UInt8(ascii: "i"): return Lexer.isDigit(second)
      case UInt8(ascii: "s"), UInt8(ascii: "u"):
        return second == UInt8(ascii: "i") && token.end - token.start > 2
          && Lexer.isDigit(lexer.base[token.start + 2])
      case UInt8(ascii: "f"), UInt8(ascii: "b"), UInt8(ascii: "t"):
        let word = text(token)
        return FloatKind.allCases.contains { $0.name == word }
      default: return false
      }
    default: return false
    }
  }

  var isAtAttributeKeyword: Bool {
    for word in [
      "true", "false", "unit", "dense", "dense_resource", "array", "affine_map", "affine_set",
      "strided", "loc", "sparse", "distinct",
    ] where tokenIs(word) { return true }
    return false
  }

  /// A keyword of an enumeration, as an integer attribute of the slot's width.
  func parseKeyword(of enumeration: EnumDefinition, _ slot: AttributeSlot) throws(Reported)
    -> Attribute
  {
    let start = offset
    let value = try parseEnumValue(enumeration)
    for width in [64, 32, 8, 16, 1] {
      let attribute = context.integerAttribute(value, context.integer(width))
      if slot.constraint.accepts(attribute) { return attribute }
    }
    throw error(
      "attribute '\(slot.name)' failed to satisfy constraint: \(slot.constraint.summary)", at: start
    )
  }

  /// The value of one keyword, or of several joined by the separator of a bit enumeration.
  public func parseEnumValue(_ enumeration: EnumDefinition) throws(Reported) -> Int64 {
    var value = try parseEnumCase(enumeration)
    guard enumeration.isBitEnum else { return value }
    let isBar = enumeration.separator.contains("|")
    while isBar ? parseOptional(.bar) : parseOptional(.comma) {
      value |= try parseEnumCase(enumeration)
    }
    return value
  }

  private func parseEnumCase(_ enumeration: EnumDefinition) throws(Reported) -> Int64 {
    let start = offset
    guard let word = parseOptionalKeywordOrString() else {
      throw error(
        "expected string or keyword containing one of the following enum values for attribute '\(enumeration.name)' [\(enumeration.cases.map(\.name).joined(separator: ", "))]"
      )
    }
    guard let value = enumeration.value(word) else {
      let all = enumeration.cases.map(\.name).joined(separator: ", ")
      throw error("expected one of [\(all)] for '\(enumeration.name)', got: \(word)", at: start)
    }
    return value
  }

  package var isAtInteger: Bool { token.kind == .integer || token.kind == .minus }
  package var isAtNumber: Bool { isAtInteger || token.kind == .float }
  package var isAtBareKeyword: Bool { token.kind == .bareIdentifier }
  package var isAtString: Bool { token.kind == .string }

  /// Whether a keyword of `enumeration` stands here.
  package func isAtCase(of enumeration: EnumDefinition) -> Bool {
    guard token.kind == .bareIdentifier || token.kind == .string else { return false }
    let word =
      token.kind == .string ? stringValue(token.start + 1, token.end - 1) : text(token)
    return enumeration.value(word) != nil
  }

  /// Reads the text of an instance of `definition` behind its mnemonic.
  package func parse(_ definition: TypeDefinition) throws(Reported) -> Type {
    guard let assembly = definition.interface(TypeAssembly.self) else {
      return context.type(definition)
    }
    return try nested { () throws(Reported) in try assembly.parse(self) }
  }
}

extension Parser {
  /// The text from `<` to the matching `>`, both included; empty where no `<` stands here.
  package func parseRawBody() throws(Reported) -> String {
    isAt(.less) ? Parser.compact(try rawBody()) : ""
  }
}

extension Context {
  /// An instance of `definition` from the text behind its mnemonic; nil where that is no such text.
  package func attribute(_ definition: AttributeDefinition, parsing text: String) -> Attribute? {
    var attribute: Attribute?
    _ = diagnostics.capturing {
      do throws(Reported) {
        let source = SourceFile(name: definition.name, text: text)
        attribute = try Parser(source, context: self).parse(definition, nil)
      } catch {
        attribute = nil
      }
    }
    return attribute
  }

  /// The attribute (or type, as an attribute) that `text` says; nil where it says none.
  package func attribute(parsing text: String) -> Attribute? {
    var attribute: Attribute?
    _ = diagnostics.capturing {
      do throws(Reported) {
        let source = SourceFile(name: "attribute", text: text)
        attribute = try Parser(source, context: self).parseAttribute()
      } catch {
        attribute = nil
      }
    }
    return attribute
  }
}
