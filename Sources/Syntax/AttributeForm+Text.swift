import MartletIR
import MartletSupport

/// The text of attributes that formats write without `#dialect.name` or without their types.
extension Parser {
  /// Whether an attribute of this form can begin at the current token.
  package func isAtAttribute(_ form: AttributeForm) -> Bool {
    switch form {
    case .symbolName, .symbolReference: return token.kind == .atIdentifier
    case .string: return token.kind == .string
    case .denseArray: return isAt(.leftSquare)
    case .typed: return isAtNumber || isAtKeyword("true") || isAtKeyword("false")
    case .keyword(let definition):
      if token.kind == .string { return true }
      guard token.kind == .bareIdentifier else { return false }
      return definition.value(text(token)) != nil
    case .type: return isAtType
    default:
      switch token.kind {
      case .integer, .float, .minus, .string, .hashIdentifier, .leftSquare, .leftBrace,
        .atIdentifier:
        return true
      case .less:
        // A definition's own text, as in `<fast>`.
        if case .bare = form { return true }
        if case .named = form { return true }
        return false
      case .bareIdentifier: return isAtType || isAtAttributeKeyword
      default: return isAtType
      }
    }
  }

  /// Reads an attribute as a format has it.
  package func parseAttribute(as form: AttributeForm, qualified: Bool = false) throws(Reported)
    -> Attribute
  {
    switch form {
    case .any, .unit, .symbolReference: return try parseAttribute()
    case .string:
      // The text of a plain string attribute has no type behind it, whatever follows.
      return try parseAttribute(type: context.noneType)
    case .typed(let type): return try parseAttribute(type: type(context))
    case .keyword(let enumeration):
      return context.integerAttribute(try parseEnumValue(enumeration), context.i64)
    case .symbolName: return context.string(try parseSymbolName())
    case .type: return context.typeAttribute(try parseType())
    case .denseArray(let element):
      if token.kind == .hashIdentifier || isAtKeyword("array") { return try parseAttribute() }
      let type = element(context)
      let words = try parseList(.square) { () throws(Reported) in try parseArrayElement(type) }
      return context.denseArray(type, words: words)
    case .bare(let definition):
      if qualified || token.kind == .hashIdentifier { return try parseAttribute() }
      return try parse(definition, nil)
    case .named(let name):
      if qualified || token.kind == .hashIdentifier { return try parseAttribute() }
      guard let definition = context.attributeDefinition(named: name) else {
        return try parseAttribute()
      }
      return try parse(definition, nil)
    }
  }
}

extension Printer {
  /// Writes an attribute as a format has it.
  package func attribute(_ value: Attribute, as form: AttributeForm, qualified: Bool = false) {
    switch form {
    case .any, .unit, .symbolReference: attribute(value)
    case .typed, .string: attributeWithoutType(value)
    case .keyword(let enumeration):
      keywordOrString(value.integerValue.flatMap { enumeration.keyword($0) } ?? "")
    case .symbolName: symbolName(value.stringValue ?? "")
    case .type:
      if let type = value.typeValue { self.type(type) }
    case .denseArray:
      out.append("[")
      denseArrayElements(value)
      out.append("]")
    case .bare(let declared):
      guard !qualified, value.is(declared),
        let assembly = declared.interface(AttributeAssembly.self)
      else { return attribute(value) }
      // Only what may have an alias need be looked up among them.
      if assembly.alias != nil {
        attribute(stripped: value)
      } else {
        assembly.print(self, value)
      }
    case .named(let name):
      guard !qualified, let declared = value.definition, declared.name == name,
        let assembly = declared.interface(AttributeAssembly.self)
      else { return attribute(value) }
      // Only what may have an alias need be looked up among them.
      if assembly.alias != nil {
        attribute(stripped: value)
      } else {
        assembly.print(self, value)
      }
    }
  }
}
