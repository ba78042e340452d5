import MartletIR
import MartletSupport

extension AssemblyFormat {
  func parse(_ parser: Parser, _ name: OperationName, location: Location, offset: Int)
    throws(Reported) -> Operation
  {
    let state = parser.stacks.push(self, name, location)
    defer { parser.stacks.pop() }
    if hasRegions {
      parser.defaultDialects.append(
        defaultDialect ?? parser.defaultDialects[parser.defaultDialects.count - 1])
      defer { parser.defaultDialects.removeLast() }
      try read(parser, state)
    } else {
      try read(parser, state)
    }
    return try finish(parser, state, offset)
  }

  /// Carries out the program's instructions for reading.
  private func read(_ parser: Parser, _ state: FormatState) throws(Reported) {
    var place = 0
    let end = program.reading.count
    while place < end {
      let instruction = program.reading[place]
      place += 1
      switch instruction.opcode {
      case .keyword:
        if isAt(instruction, parser) {
          parser.advance()
        } else {
          try parse(program.elements[Int(instruction.element)], parser, state)
        }
      case .punctuation:
        if Int32(parser.token.kind.rawValue) == instruction.place {
          parser.advance()
        } else {
          try parse(program.elements[Int(instruction.element)], parser, state)
        }
      case .keywordElse:
        if isAt(instruction, parser) { parser.advance() } else { place = Int(instruction.target) }
      case .punctuationElse:
        if Int32(parser.token.kind.rawValue) == instruction.place {
          parser.advance()
        } else {
          place = Int(instruction.target)
        }
      case .operand:
        let start = state.references.count
        state.references.append(try parser.parseOperand())
        state.operandGroups[Int(instruction.place)] = .init(start: start, count: 1)
      case .attributeOfAnyForm:
        state.inherents[Int(instruction.place)] = try parser.parseAttribute()
      case .attribute:
        let slot = Int(instruction.place)
        state.inherents[slot] = try parser.parseAttribute(
          as: definition.attributes[slot].constraint.form)
      case .typeOfOperand:
        let start = state.types.count
        state.types.append(try parser.parseType())
        state.operandTypes[Int(instruction.place)] = .init(start: start, count: 1)
      case .typeOfResult:
        let start = state.types.count
        state.types.append(try parser.parseType())
        state.resultTypes[Int(instruction.place)] = .init(start: start, count: 1)
      case .attributeDictionary:
        if parser.token.kind == .leftBrace { try parseDictionary(parser, state) }
      case .setUnit: state.inherents[Int(instruction.place)] = parser.context.unit
      case .jump: place = Int(instruction.target)
      default: try parse(program.elements[Int(instruction.place)], parser, state)
      }
    }
  }

  @inline(__always)
  private func isAt(_ keyword: FormatProgram.Instruction, _ parser: Parser) -> Bool {
    let token = parser.token
    guard token.kind == .bareIdentifier, token.end - token.start == Int(keyword.length) else {
      return false
    }
    let base = parser.lexer.base + token.start
    for i in 0..<Int(keyword.length) where base[i] != program.pool[Int(keyword.place) + i] {
      return false
    }
    return true
  }

  private func parseDictionary(_ parser: Parser, _ state: FormatState) throws(Reported) {
    var parts = state.takeParts()
    try parser.parseOptionalAttributeDictionary(&parts)
    state.put(parts)
  }

  private func parse(_ elements: [FormatElement], _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    for element in elements { try parse(element, parser, state) }
  }

  private func parse(_ element: FormatElement, _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    switch element {
    case .literal(let literal, _): try parser.parse(literal)
    case .whitespace: break
    case .variable(let argument, let qualified, _):
      try parseVariable(argument, qualified, parser, state)
    case .type(let argument, _, _): try parseTypes(argument, parser, state)
    case .functionalType(let inputs, let results, _):
      try parseFunctionalType(inputs, results, parser, state)
    case .attributeDictionary(let withKeyword):
      if withKeyword {
        guard parser.parseOptionalKeyword("attributes") else { return }
      }
      if parser.isAt(.leftBrace) { try parseDictionary(parser, state) }
    case .propertyDictionary:
      guard parser.parseOptional(.less) else { return }
      let properties = try parser.parseAttribute()
      try parser.parse(.greater)
      for entry in properties.entries {
        if let slot = definition.slot(interned: entry.name) { state.inherents[slot] = entry.value }
      }
    case .custom(let directive, let arguments, _):
      var parts = state.takeParts()
      try directive.parse(parser, FormatParts(state: state, arguments: arguments), &parts)
      state.put(parts)
    case .optional(let group): try parseGroup(group, parser, state)
    case .clauses(let clauses): try parseClauses(clauses, parser, state)
    }
  }

  // MARK: Groups

  private func parseGroup(_ group: FormatGroup, _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    // Whitespace only matters in writing.
    let elements = group.then.drop {
      if case .whitespace = $0 { return true }
      return false
    }
    guard let first = elements.first else {
      if let slot = group.elidedUnit { state.inherents[slot] = parser.context.unit }
      return
    }
    if try parseIfPresent(first, parser, state) {
      if let slot = group.elidedUnit, !group.isInverted {
        state.inherents[slot] = parser.context.unit
      }
      for element in elements.dropFirst() { try parse(element, parser, state) }
    } else {
      if let slot = group.elidedUnit, group.isInverted {
        state.inherents[slot] = parser.context.unit
      }
      try parse(group.otherwise, parser, state)
    }
  }

  /// Reads the first element of an optional group if it stands here.
  private func parseIfPresent(_ element: FormatElement, _ parser: Parser, _ state: FormatState)
    throws(Reported) -> Bool
  {
    switch element {
    case .literal(let literal, _): return parser.parseOptional(literal)
    case .variable(let argument, let qualified, _):
      switch argument {
      case .operand, .operands:
        guard parser.token.kind == .percentIdentifier else { return false }
      case .region: guard parser.isAt(.leftBrace) else { return false }
      case .successor: guard parser.token.kind == .caretIdentifier else { return false }
      case .attribute(let slot):
        guard parser.isAtAttribute(definition.attributes[slot].constraint.form) else {
          return false
        }
      default: break
      }
      try parseVariable(argument, qualified, parser, state)
      return true
    case .type:
      guard parser.isAtType else { return false }
      try parse(element, parser, state)
      return true
    case .functionalType:
      guard parser.isAt(.leftParen) else { return false }
      try parse(element, parser, state)
      return true
    case .custom:
      // A custom directive that begins a group finds nothing where the text goes on otherwise.
      let before = parser.token.start
      try parse(element, parser, state)
      return parser.token.start != before
    case .attributeDictionary:
      guard parser.isAt(.leftBrace) else { return false }
      try parse(element, parser, state)
      return true
    default:
      try parse(element, parser, state)
      return true
    }
  }

  private func parseClauses(_ clauses: [[FormatElement]], _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    var seen: Set<Int> = []
    while true {
      var found = false
      for (i, clause) in clauses.enumerated() {
        guard let first = clause.first, case .literal(let literal, _) = first,
          parser.parseOptional(literal)
        else { continue }
        if !seen.insert(i).inserted {
          throw parser.error(
            "`\(literal.text)` clause can appear at most once in the expansion of the oilist directive"
          )
        }
        if clause.count == 2, case .variable(.attribute(let slot), _, _) = clause[1],
          case .unit = definition.attributes[slot].constraint.form
        {
          state.inherents[slot] = parser.context.unit
        } else {
          for element in clause.dropFirst() { try parse(element, parser, state) }
        }
        found = true
        break
      }
      if !found { return }
    }
  }

  // MARK: Variables

  private func parseVariable(
    _ argument: FormatArgument, _ qualified: Bool, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    switch argument {
    case .operand(let i):
      let start = state.references.count
      if definition.operands[i].arity == .one {
        state.references.append(try parser.parseOperand())
      } else if let first = try parser.parseOptionalOperand() {
        state.references.append(first)
        if definition.operands[i].arity == .variadic {
          while parser.parseOptional(.comma) { state.references.append(try parser.parseOperand()) }
        }
      }
      state.operandGroups[i] = .init(start: start, count: state.references.count - start)
    case .operands:
      let all = try parser.parseOperandList()
      try assignAll(all, parser, state)
    case .attribute(let slot):
      let declared = definition.attributes[slot]
      if case .keyword(let enumeration) = declared.constraint.form {
        state.inherents[slot] = try parser.parseKeyword(of: enumeration, declared)
      } else {
        state.inherents[slot] = try parser.parseAttribute(
          as: declared.constraint.form, qualified: qualified)
      }
    case .region(let i):
      var parts = state.takeParts()
      let declared = i < definition.regions.count ? definition.regions[i].arity : .one
      if declared == .variadic {
        while try parser.parseOptionalRegion(&parts) { if !parser.parseOptional(.comma) { break } }
      } else {
        while parts.regions.count < i { parser.addEmptyRegion(&parts) }
        try parser.parseRegion(&parts)
        if definition.traits.contains(.singleBlock), let region = parts.regions.last,
          region.isEmpty
        {
          region.addBlock()
        }
      }
      state.put(parts)
    case .successor(let i):
      let declared = i < definition.successors.count ? definition.successors[i].arity : .one
      if declared == .variadic {
        guard parser.token.kind == .caretIdentifier else { return }
        var parts = state.takeParts()
        repeat {
          parts.successors.append(try parser.parseSuccessor())
        } while parser.parseOptional(.comma)
        state.put(parts)
      } else {
        var parts = state.takeParts()
        parts.successors.append(try parser.parseSuccessor())
        state.put(parts)
      }
    default: break
    }
  }

  /// Distributes a flat list of operands over the declared groups.
  private func assignAll(
    _ all: [Parser.OperandReference], _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    let arities = definition.operands.map(\.arity)
    let variable = arities.count { $0 != .one }
    var left = all.count - (arities.count - variable)
    guard left >= 0, variable > 0 || left == 0 else {
      throw parser.error("expected \(arities.count) operands, but got \(all.count)")
    }
    var start = state.references.count
    state.references.append(contentsOf: all)
    for (i, arity) in arities.enumerated() {
      let count = arity == .one ? 1 : left
      if arity != .one { left = 0 }
      state.operandGroups[i] = .init(start: start, count: count)
      start += count
    }
  }
}
