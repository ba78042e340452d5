import MartletIR
import MartletSupport
import MartletSyntax

/// Reading and writing instances of definitions by their formats. The values of parameters are attributes,
/// nil where one is absent.
extension DefinitionFormat {
  /// What has been read of an instance.
  struct Values {
    var words: [Attribute?]
    var seen: [Bool]
    let name: String
    let parameters: [ParameterDefinition]

    init(_ name: String, _ parameters: [ParameterDefinition]) {
      self.name = name
      self.parameters = parameters
      words = Array(repeating: nil, count: parameters.count)
      seen = Array(repeating: false, count: parameters.count)
    }
  }

  func parse(_ parser: Parser, _ name: String, _ parameters: [ParameterDefinition])
    throws(Reported) -> [Attribute?]
  {
    var values = Values(name, parameters)
    try parse(elements, parser, &values)
    for (i, parameter) in parameters.enumerated() where !values.seen[i] {
      guard parameter.isOptional else {
        throw parser.error("'\(name)' is missing its required parameter '\(parameter.name)'")
      }
      values.words[i] = parameter.defaultValue(parser.context)
    }
    return values.words
  }

  private func parse(
    _ elements: [DefinitionElement], _ parser: Parser, _ values: inout Values
  ) throws(Reported) {
    for element in elements { try parse(element, parser, &values) }
  }

  private func parse(_ element: DefinitionElement, _ parser: Parser, _ values: inout Values)
    throws(Reported)
  {
    switch element {
    case .literal(let literal, _): try parser.parse(literal)
    case .whitespace: break
    case .parameter(let index, let qualified, _):
      if values.parameters[index].isOptional, !parser.isAt(values.parameters[index].kind) { return }
      try read(index, qualified, parser, &values)
    case .parameters(let indices):
      for (i, index) in indices.enumerated() {
        if i > 0, !parser.parseOptional(.comma) {
          if values.parameters[index].isOptional { return }
          throw parser.error("expected ','")
        }
        if values.parameters[index].isOptional, !parser.isAt(values.parameters[index].kind) {
          return
        }
        try read(index, false, parser, &values)
      }
    case .structure(let indices): try parseStructure(indices, parser, &values)
    case .optional(let group): try parseGroup(group, parser, &values)
    }
  }

  private func read(_ index: Int, _ qualified: Bool, _ parser: Parser, _ values: inout Values)
    throws(Reported)
  {
    values.words[index] = try parser.parse(values.parameters[index].kind, qualified: qualified)
    values.seen[index] = true
  }

  private func parseStructure(_ indices: [Int], _ parser: Parser, _ values: inout Values)
    throws(Reported)
  {
    while true {
      guard
        let index = indices.first(where: {
          !values.seen[$0] && parser.isAtKeyword(values.parameters[$0].name)
        })
      else {
        if let known = indices.first(where: { parser.isAtKeyword(values.parameters[$0].name) }) {
          throw parser.error("duplicate struct parameter name: \(values.parameters[known].name)")
        }
        if let missing = indices.first(where: {
          !values.seen[$0] && !values.parameters[$0].isOptional
        }) {
          throw parser.error(
            "struct is missing required parameter: \(values.parameters[missing].name)")
        }
        return
      }
      try parser.parseKeyword(values.parameters[index].name)
      try parser.parse(.equal)
      try read(index, false, parser, &values)
      if !indices.contains(where: { !values.seen[$0] }) { return }
      if !parser.parseOptional(.comma) {
        if let missing = indices.first(where: {
          !values.seen[$0] && !values.parameters[$0].isOptional
        }) {
          throw parser.error(
            "struct is missing required parameter: \(values.parameters[missing].name)")
        }
        return
      }
    }
  }

  private func parseGroup(_ group: DefinitionGroup, _ parser: Parser, _ values: inout Values)
    throws(Reported)
  {
    let elements = group.then.drop {
      if case .whitespace = $0 { return true }
      return false
    }
    let isPresent: Bool
    switch elements.first {
    case .literal(let literal, _): isPresent = parser.isAt(literal)
    case .parameter(let index, _, _): isPresent = parser.isAt(values.parameters[index].kind)
    case .parameters(let indices):
      isPresent = indices.first.map { parser.isAt(values.parameters[$0].kind) } ?? false
    case .structure(let indices):
      isPresent = indices.contains { parser.isAtKeyword(values.parameters[$0].name) }
    default: isPresent = true
    }
    try parse(isPresent ? Array(elements) : group.otherwise, parser, &values)
  }

  // MARK: Printing

  func print(_ printer: Printer, _ words: [Attribute?], _ parameters: [ParameterDefinition]) {
    print(elements, printer, words, parameters)
  }

  private func isPresent(_ index: Int, _ words: [Attribute?], _ parameters: [ParameterDefinition])
    -> Bool
  {
    guard let word = words[index] else { return false }
    guard parameters[index].isOptional else { return true }
    return parameters[index].defaultValue(word.context) != word
  }

  private func print(
    _ elements: [DefinitionElement], _ printer: Printer, _ words: [Attribute?],
    _ parameters: [ParameterDefinition]
  ) {
    for element in elements {
      switch element {
      case .literal(let literal, let space):
        if space { printer.write(" ") }
        printer.write(literal.text)
      case .whitespace(let text):
        if text == "\n" { printer.newline() } else { printer.write(text) }
      case .parameter(let index, let qualified, let space):
        guard !parameters[index].isOptional || isPresent(index, words, parameters),
          let word = words[index]
        else { continue }
        if space { printer.write(" ") }
        printer.print(word, parameters[index].kind, qualified: qualified)
      case .parameters(let indices), .structure(let indices):
        var isFirst = true
        for index in indices {
          guard !parameters[index].isOptional || isPresent(index, words, parameters),
            let word = words[index]
          else { continue }
          if !isFirst { printer.write(", ") }
          isFirst = false
          if case .structure = element {
            printer.write(parameters[index].name)
            printer.write(" = ")
          }
          printer.print(word, parameters[index].kind, qualified: false)
        }
      case .optional(let group):
        let isThere = group.anchor.contains { isPresent($0, words, parameters) }
        print(
          isThere != group.isInverted ? group.then : group.otherwise, printer, words, parameters)
      }
    }
  }
}

extension Parser {
  /// Whether a value of this kind can begin here.
  func isAt(_ kind: ParameterKind) -> Bool {
    switch kind {
    case .type: isAtType
    case .attribute(let form): isAtAttribute(form)
    case .integer: isAtInteger
    case .boolean: isAtKeyword("true") || isAtKeyword("false")
    case .string: isAtString
    case .float: isAtNumber
    case .enumeration(let found): isAtCase(of: found.definition)
    case .array(let element): isAt(element)
    case .unknown: false
    }
  }

  func parse(_ kind: ParameterKind, qualified: Bool) throws(Reported) -> Attribute {
    switch kind {
    case .type(let name):
      if let name, !qualified, !isAtType, let definition = context.typeDefinition(named: name) {
        return context.typeAttribute(try parse(definition))
      }
      return context.typeAttribute(try parseType())
    case .attribute(let form): return try parseAttribute(as: form, qualified: qualified)
    case .integer: return context.integerAttribute(Int64(try parseInteger()), context.i64)
    case .boolean:
      if parseOptionalKeyword("true") { return context.boolAttribute(true) }
      if parseOptionalKeyword("false") { return context.boolAttribute(false) }
      throw error("expected 'true' or 'false'")
    case .string: return context.string(try parseString())
    case .float: return try parseAttribute(type: context.f64)
    case .enumeration(let found):
      return context.integerAttribute(try parseEnumValue(found.definition), context.i64)
    case .array(let element):
      var elements: [Attribute] = []
      guard isAt(element) else { return context.array([]) }
      repeat {
        elements.append(try parse(element, qualified: qualified))
      } while parseOptional(
        .comma)
      return context.array(elements)
    case .unknown: throw error("a parameter of a class of C++ cannot be read")
    }
  }
}

extension Printer {
  func print(_ value: Attribute, _ kind: ParameterKind, qualified: Bool) {
    switch kind {
    case .type(let name):
      guard let type = value.typeValue else { return }
      if let name, !qualified, type.definition?.name == name {
        type.definition?.interface(TypeAssembly.self)?.print(self, type)
      } else {
        self.type(type)
      }
    case .attribute(let form): attribute(value, as: form, qualified: qualified)
    case .integer: write(Int(value.integerValue ?? 0))
    case .boolean: write(value.boolValue ?? false ? "true" : "false")
    case .string: string(value.stringValue ?? "")
    case .float: attributeWithoutType(value)
    case .enumeration(let found):
      // MLIR writes the cases as they are, several of a bit enumeration between their separators.
      write(value.integerValue.flatMap { found.definition.keyword($0) } ?? "")
    case .array(let element):
      for (i, entry) in (value.elements ?? []).enumerated() {
        if i > 0 { write(", ") }
        print(entry, element, qualified: qualified)
      }
    case .unknown: break
    }
  }
}
