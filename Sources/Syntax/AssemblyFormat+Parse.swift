import MartletIR
import MartletSupport

/// What has been read of an operation by its declarative format so far. One is kept for each nesting
/// level and used again, so that reading an operation allocates nothing.
final class FormatState {
  struct Group {
    var start = 0
    /// Negative where nothing has been read.
    var count = -1
  }

  var references: [Parser.OperandReference] = []
  var operandGroups: [Group] = []
  var types: [Type] = []
  var operandTypes: [Group] = []
  var resultTypes: [Group] = []
  var inherents: [Attribute?] = []
  var values: [Value] = []
  var finalTypes: [Type] = []
  var segments: [Int] = []
  var parsed: ParsedOperation?

  func reset(_ definition: OpDefinition) {
    references.removeAll(keepingCapacity: true)
    types.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    finalTypes.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    fill(&operandGroups, definition.operands.count)
    fill(&operandTypes, definition.operands.count)
    fill(&resultTypes, definition.results.count)
    inherents.removeAll(keepingCapacity: true)
    for _ in definition.attributes.indices { inherents.append(nil) }
  }

  private func fill(_ groups: inout [Group], _ count: Int) {
    groups.removeAll(keepingCapacity: true)
    for _ in 0..<count { groups.append(Group()) }
  }
}

struct FormatStacks {
  var states: [FormatState] = []
  var level = 0
}

/// What a custom directive fills in while an operation is read.
public struct FormatParts {
  let state: FormatState
  public let arguments: [FormatArgument]

  public func setOperands(_ argument: FormatArgument, _ references: [Parser.OperandReference]) {
    guard case .operand(let i) = argument else { return }
    state.operandGroups[i] = .init(start: state.references.count, count: references.count)
    state.references += references
  }

  /// The number of operands read for a group, nil where it has not been read.
  public func operandCount(_ argument: FormatArgument) -> Int? {
    guard case .operand(let i) = argument else { return nil }
    return state.operandGroups[i].count < 0 ? nil : state.operandGroups[i].count
  }

  public func setTypes(_ argument: FormatArgument, _ types: [Type]) {
    let group = FormatState.Group(start: state.types.count, count: types.count)
    switch argument {
    case .typeOfOperand(let i), .operand(let i): state.operandTypes[i] = group
    case .typeOfResult(let i), .result(let i): state.resultTypes[i] = group
    default: return
    }
    state.types += types
  }

  public func types(_ argument: FormatArgument) -> [Type]? {
    let group: FormatState.Group
    switch argument {
    case .typeOfOperand(let i), .operand(let i): group = state.operandTypes[i]
    case .typeOfResult(let i), .result(let i): group = state.resultTypes[i]
    default: return nil
    }
    return group.count < 0 ? nil : Array(state.types[group.start..<(group.start + group.count)])
  }

  public func setAttribute(_ argument: FormatArgument, _ value: Attribute) {
    if case .attribute(let slot) = argument { state.inherents[slot] = value }
  }

  public func attribute(_ argument: FormatArgument) -> Attribute? {
    if case .attribute(let slot) = argument { return state.inherents[slot] }
    return nil
  }
}

extension AssemblyFormat {
  func parse(_ parser: Parser, _ name: OperationName, location: Location, offset: Int)
    throws(Reported) -> Operation
  {
    let level = parser.stacks.level
    if level == parser.stacks.states.count { parser.stacks.states.append(FormatState()) }
    let state = parser.stacks.states[level]
    parser.stacks.level += 1
    defer { parser.stacks.level -= 1 }
    state.reset(definition)
    state.parsed = ParsedOperation(name: name, location: location)
    if definition.regions.isEmpty {
      try parse(elements, parser, state)
    } else {
      parser.defaultDialects.append(
        defaultDialect ?? parser.defaultDialects[parser.defaultDialects.count - 1])
      defer { parser.defaultDialects.removeLast() }
      try parse(elements, parser, state)
    }
    return try finish(parser, state, offset)
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
    case .literal(let text, let kind, _):
      if !parser.parseOptional(literal: text, kind) { throw parser.error("expected '\(text)'") }
    case .whitespace: break
    case .variable(let argument, let qualified, _):
      try parseVariable(argument, qualified, parser, state)
    case .type(let argument, _): try parseTypes(argument, parser, state)
    case .functionalType(let inputs, let results, _):
      try parseFunctionalType(inputs, results, parser, state)
    case .attributeDictionary(let withKeyword):
      if withKeyword {
        guard parser.parseOptionalKeyword("attributes") else { return }
      }
      guard parser.isAt(.leftBrace), var parsed = state.parsed else { return }
      state.parsed = nil
      try parser.parseOptionalAttributeDictionary(&parsed)
      state.parsed = parsed
    case .propertyDictionary:
      guard parser.parseOptional(.less) else { return }
      let properties = try parser.parseAttribute()
      try parser.parse(.greater)
      for entry in properties.entries {
        if let slot = definition.slot(interned: entry.name) { state.inherents[slot] = entry.value }
      }
    case .custom(let directive, let arguments, _):
      guard var parsed = state.parsed else { return }
      state.parsed = nil
      try directive.parse(parser, FormatParts(state: state, arguments: arguments), &parsed)
      state.parsed = parsed
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
    case .literal(let text, let kind, _): return parser.parseOptional(literal: text, kind)
    case .variable(let argument, let qualified, _):
      switch argument {
      case .operand, .operands:
        guard parser.token.kind == .percentIdentifier else { return false }
      case .region: guard parser.isAt(.leftBrace) else { return false }
      case .successor: guard parser.token.kind == .caretIdentifier else { return false }
      case .attribute(let slot):
        guard isPresent(definition.attributes[slot].constraint.form, parser) else { return false }
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

  /// Whether an attribute of this form can begin at the current token.
  private func isPresent(_ form: AttributeForm, _ parser: Parser) -> Bool {
    switch form {
    case .symbolName, .symbolReference: return parser.token.kind == .atIdentifier
    case .string: return parser.token.kind == .string
    case .denseArray: return parser.isAt(.leftSquare)
    case .typed:
      return parser.token.kind == .integer || parser.token.kind == .float
        || parser.token.kind == .minus || parser.isAtKeyword("true") || parser.isAtKeyword("false")
    case .keyword(let definition):
      if parser.token.kind == .string { return true }
      guard parser.token.kind == .bareIdentifier else { return false }
      return definition.value(parser.text(parser.token)) != nil
    case .type: return parser.isAtType
    default:
      switch parser.token.kind {
      case .integer, .float, .minus, .string, .hashIdentifier, .leftSquare, .leftBrace,
        .atIdentifier:
        return true
      case .bareIdentifier: return parser.isAtType || parser.isAtAttributeKeyword
      default: return parser.isAtType
      }
    }
  }

  private func parseClauses(_ clauses: [[FormatElement]], _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    var seen: Set<Int> = []
    while true {
      var found = false
      for (i, clause) in clauses.enumerated() {
        guard let first = clause.first, case .literal(let text, let kind, _) = first,
          parser.parseOptional(literal: text, kind)
        else { continue }
        if !seen.insert(i).inserted {
          throw parser.error(
            "`\(text)` clause can appear at most once in the expansion of the oilist directive")
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
      state.inherents[slot] = try parseAttribute(slot, qualified, parser)
    case .region(let i):
      guard var parsed = state.parsed else { return }
      state.parsed = nil
      let declared = i < definition.regions.count ? definition.regions[i].arity : .one
      if declared == .variadic {
        while try parser.parseOptionalRegion(&parsed) { if !parser.parseOptional(.comma) { break } }
      } else {
        while parsed.regions.count < i { parser.addEmptyRegion(&parsed) }
        try parser.parseRegion(&parsed)
        if definition.traits.contains(.singleBlock), let region = parsed.regions.last,
          region.isEmpty
        {
          region.addBlock()
        }
      }
      state.parsed = parsed
    case .successor(let i):
      let declared = i < definition.successors.count ? definition.successors[i].arity : .one
      if declared == .variadic {
        guard parser.token.kind == .caretIdentifier else { return }
        repeat {
          state.parsed?.successors.append(try parser.parseSuccessor())
        } while parser
          .parseOptional(.comma)
      } else {
        state.parsed?.successors.append(try parser.parseSuccessor())
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
    state.references += all
    for (i, arity) in arities.enumerated() {
      let count = arity == .one ? 1 : left
      if arity != .one { left = 0 }
      state.operandGroups[i] = .init(start: start, count: count)
      start += count
    }
  }

  private func parseAttribute(_ slot: Int, _ qualified: Bool, _ parser: Parser) throws(Reported)
    -> Attribute
  {
    let declared = definition.attributes[slot]
    switch declared.constraint.form {
    case .any, .unit: return try parser.parseAttribute()
    case .typed(let type): return try parser.parseAttribute(type: type(parser.context))
    case .keyword(let enumeration):
      return try parser.parseKeyword(of: enumeration, declared)
    case .symbolName: return parser.context.string(try parser.parseSymbolName())
    case .symbolReference: return try parser.parseAttribute()
    case .string: return try parser.parseAttribute(type: parser.context.noneType)
    case .type: return parser.context.typeAttribute(try parser.parseType())
    case .denseArray(let element):
      let type = element(parser.context)
      let words = try parser.parseList(.square) { () throws(Reported) in
        try parser.parseArrayElement(type)
      }
      return parser.context.denseArray(type, words: words)
    case .bare(let definition):
      if qualified || parser.token.kind == .hashIdentifier { return try parser.parseAttribute() }
      return try parser.parse(definition, nil)
    }
  }

  private func parseTypes(_ argument: FormatArgument, _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    let start = state.types.count
    switch argument {
    case .operand(let i):
      try parseGroupTypes(definition.operands[i].arity, parser, state)
      state.operandTypes[i] = .init(start: start, count: state.types.count - start)
    case .result(let i):
      try parseGroupTypes(definition.results[i].arity, parser, state)
      state.resultTypes[i] = .init(start: start, count: state.types.count - start)
    case .operands:
      let types = parser.isAtType ? try parser.parseTypeList() : []
      try assign(types, toOperands: true, parser, state)
    default:
      let types = parser.isAtType ? try parser.parseTypeList() : []
      try assign(types, toOperands: false, parser, state)
    }
  }

  private func parseGroupTypes(_ arity: Arity, _ parser: Parser, _ state: FormatState)
    throws(Reported)
  {
    if arity == .one {
      state.types.append(try parser.parseType())
      return
    }
    guard let first = try parser.parseOptionalType() else { return }
    state.types.append(first)
    if arity == .variadic {
      while parser.parseOptional(.comma) { state.types.append(try parser.parseType()) }
    }
  }

  private func assign(
    _ types: [Type], toOperands: Bool, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    let arities = (toOperands ? definition.operands : definition.results).map(\.arity)
    let variable = arities.count { $0 != .one }
    var left = types.count - (arities.count - variable)
    guard left >= 0, variable > 0 || left == 0 else {
      throw parser.error("expected \(arities.count) types, but got \(types.count)")
    }
    var start = state.types.count
    state.types += types
    for (i, arity) in arities.enumerated() {
      // Operand groups that were read say how many types each takes.
      var count = arity == .one ? 1 : left
      if toOperands, arity != .one, state.operandGroups[i].count >= 0 {
        count = min(state.operandGroups[i].count, left)
      }
      if arity != .one { left -= count }
      if toOperands {
        state.operandTypes[i] = .init(start: start, count: count)
      } else {
        state.resultTypes[i] = .init(start: start, count: count)
      }
      start += count
    }
  }

  private func parseFunctionalType(
    _ inputs: FormatArgument, _ results: FormatArgument, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    guard parser.isAt(.leftParen) else { throw parser.error("expected function type") }
    let type = try parser.parseFunctionType()
    try assign(type.inputs, to: inputs, parser, state)
    try assign(type.results, to: results, parser, state)
  }

  private func assign(
    _ types: [Type], to argument: FormatArgument, _ parser: Parser, _ state: FormatState
  ) throws(Reported) {
    switch argument {
    case .operand(let i):
      state.operandTypes[i] = .init(start: state.types.count, count: types.count)
      state.types += types
    case .result(let i):
      if definition.results[i].arity == .one, types.count != 1 {
        throw parser.error("expected one result type, but got \(types.count)")
      }
      state.resultTypes[i] = .init(start: state.types.count, count: types.count)
      state.types += types
    case .operands: try assign(types, toOperands: true, parser, state)
    default: try assign(types, toOperands: false, parser, state)
    }
  }

  // MARK: Finishing

  private func finish(_ parser: Parser, _ state: FormatState, _ offset: Int) throws(Reported)
    -> Operation
  {
    guard var parsed = state.parsed else { throw Reported() }
    for attribute in parsed.attributes {
      if let slot = definition.slot(interned: attribute.name) {
        state.inherents[slot] = attribute.value
      }
    }
    try resolveOperands(parser, state, offset)
    // Result types may be inferred from the sizes of operand groups.
    try setSegments(parser, state)
    try resolveResults(parser, state, &parsed, offset)
    let required = definition.regions.count { $0.arity == .one }
    while parsed.regions.count < required { parser.addEmptyRegion(&parsed) }
    guard state.finalTypes.count <= 0xffff else {
      throw parser.error("operation has too many results", at: offset)
    }
    let operation = parser.context.createOperation(
      parsed.name, location: parsed.location, operands: state.values,
      resultTypes: state.finalTypes, successors: parsed.successors,
      regionCount: parsed.regions.count)
    for (i, region) in parsed.regions.enumerated() {
      operation.region(i).takeBody(of: region)
      parser.context.releaseDetachedRegion(region)
    }
    for i in state.inherents.indices {
      if let value = state.inherents[i] { operation.setInherent(i, value) }
    }
    let discardable = parsed.attributes.filter { definition.slot(interned: $0.name) == nil }
    if !discardable.isEmpty {
      operation.setDiscardableAttributes(parser.context.dictionary(discardable))
    }
    return operation
  }

  private func resolveOperands(_ parser: Parser, _ state: FormatState, _ offset: Int)
    throws(Reported)
  {
    for i in definition.operands.indices {
      let group = state.operandGroups[i]
      if group.count <= 0 { continue }
      let known = state.operandTypes[i]
      if case .parsed = operandTypes[i], known.count >= 0 {
        if known.count != group.count {
          throw parser.error(
            "number of operands and types do not match: got \(group.count) operands and \(known.count) types",
            at: state.references[group.start].offset)
        }
        for k in 0..<group.count {
          state.values.append(
            try parser.resolve(state.references[group.start + k], state.types[known.start + k]))
        }
        continue
      }
      guard let type = type(.operand(i), parser, state, 0) else {
        throw parser.error(
          "type of operand '\(definition.operands[i].name)' of '\(definition.name)' cannot be inferred",
          at: offset)
      }
      for k in 0..<group.count {
        state.values.append(try parser.resolve(state.references[group.start + k], type))
      }
    }
  }

  /// The (first) type of an operand or result from what has been read and declared.
  private func type(
    _ place: FormatArgument, _ parser: Parser, _ state: FormatState, _ level: Int
  ) -> Type? {
    guard level < 16 else { return nil }
    let source: TypeSource
    let group: FormatState.Group
    switch place {
    case .operand(let i): (source, group) = (operandTypes[i], state.operandTypes[i])
    case .result(let i): (source, group) = (resultTypes[i], state.resultTypes[i])
    case .attribute(let slot): return state.inherents[slot]?.type
    default: return nil
    }
    switch source {
    case .parsed: return group.count > 0 ? state.types[group.start] : nil
    case .buildable(let make): return make(parser.context)
    case .same(let other): return type(other, parser, state, level + 1)
    case .derived(let other, let transform):
      return type(other, parser, state, level + 1).flatMap(transform)
    case .inferred, .unknown: return nil
    }
  }

  private func resolveResults(
    _ parser: Parser, _ state: FormatState, _ parsed: inout ParsedOperation, _ offset: Int
  ) throws(Reported) {
    var inferred: [Type]?
    for i in definition.results.indices {
      switch resultTypes[i] {
      case .parsed:
        let group = state.resultTypes[i]
        if group.count > 0 {
          for k in 0..<group.count { state.finalTypes.append(state.types[group.start + k]) }
        }
      case .inferred:
        if inferred == nil {
          let input = InferenceInput(
            context: parser.context, operands: state.values,
            attributes: { name in
              self.definition.slot(name).flatMap { slot in
                state.inherents[slot]
                  ?? self.definition.attributes[slot].defaultValue?(parser.context)
              }
            })
          inferred = definition.inferResultTypes?(input)
          guard let inferred else {
            throw parser.error("failed to infer returned types of '\(definition.name)'", at: offset)
          }
          state.finalTypes += inferred
        }
      default:
        if definition.results[i].arity != .one, state.resultTypes[i].count < 0 {
          if case .unknown = resultTypes[i] { continue }
        }
        guard let type = type(.result(i), parser, state, 0) else {
          throw parser.error(
            "type of result '\(definition.results[i].name)' of '\(definition.name)' cannot be inferred",
            at: offset)
        }
        state.finalTypes.append(type)
      }
    }
  }

  private func setSegments(_ parser: Parser, _ state: FormatState) throws(Reported) {
    if definition.traits.contains(.attrSizedOperandSegments),
      let slot = definition.slot("operandSegmentSizes")
    {
      state.inherents[slot] = parser.context.denseI32Array(
        state.operandGroups.map { max($0.count, 0) })
    }
    if definition.traits.contains(.attrSizedResultSegments),
      let slot = definition.slot("resultSegmentSizes")
    {
      state.inherents[slot] = parser.context.denseI32Array(
        state.resultTypes.map { max($0.count, 0) })
    }
  }
}

// MARK: Help from the parser

extension Parser {
  func parseOptional(literal text: String, _ kind: LiteralKind) -> Bool {
    switch kind {
    case .keyword:
      guard token.kind == .bareIdentifier, tokenIs(text) else { return false }
      advance()
      return true
    case .punctuation(let kinds):
      guard token.kind == kinds[0] else { return false }
      if kinds.count > 1 {
        var ahead = lexer
        for kind in kinds.dropFirst() where ahead.next().kind != kind { return false }
        for _ in kinds.dropFirst() { advance() }
      }
      advance()
      return true
    }
  }

  /// Whether a type can begin at the current token.
  var isAtType: Bool {
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
}
