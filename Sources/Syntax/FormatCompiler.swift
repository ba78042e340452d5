import MartletIR
import MartletSupport

/// Reads the text of a declarative assembly format.
struct FormatCompiler {
  let definition: OpDefinition
  private var scanner: FormatScanner
  private var spacing = FormatSpacing()
  private(set) var writtenAttributes: Set<Int> = []
  /// Operands and results whose types the format writes.
  private(set) var typedOperands: Set<Int> = []
  private(set) var typedResults: Set<Int> = []

  init(_ definition: OpDefinition, _ text: String) {
    self.definition = definition
    scanner = FormatScanner(text)
  }

  mutating func compile() throws(FormatError) -> [FormatElement] {
    var elements: [FormatElement] = []
    while !scanner.isAtEnd {
      if let element = try parseElement() { elements.append(element.element) }
    }
    return elements
  }

  private func fail(_ message: String) -> FormatError { scanner.fail(message) }

  // MARK: Elements

  private typealias Anchored = (element: FormatElement, isAnchor: Bool)

  private mutating func parseElement(deferSpacing: Bool = false) throws(FormatError) -> Anchored? {
    let c = scanner.peek
    if c == UInt8(ascii: "`") { return try parseLiteral().map { ($0, acceptAnchor()) } }
    if c == UInt8(ascii: "(") { return (try parseOptionalGroup(), false) }
    if c == UInt8(ascii: "$") {
      let argument = try parseVariable()
      markWritten(argument)
      return (.variable(argument, qualified: false, space: spacing.element()), acceptAnchor())
    }
    let name = scanner.word()
    switch name {
    case "attr-dict", "attr-dict-with-keyword":
      spacing.dictionary()
      return (.attributeDictionary(withKeyword: name != "attr-dict"), acceptAnchor())
    case "prop-dict":
      spacing.dictionary()
      return (.propertyDictionary, acceptAnchor())
    case "type":
      try scanner.expect("(")
      let argument = try parseTypeOperand()
      try scanner.expect(")")
      markTyped(argument)
      return (.type(argument, qualified: false, space: spacing.element()), acceptAnchor())
    case "qualified":
      try scanner.expect("(")
      let inner = try parseQualified()
      try scanner.expect(")")
      return (inner, acceptAnchor())
    case "functional-type":
      try scanner.expect("(")
      let inputs = try parseTypeOperand()
      try scanner.expect(",")
      let results = try parseTypeOperand()
      try scanner.expect(")")
      markTyped(inputs)
      markTyped(results)
      return (.functionalType(inputs, results, space: spacing.element()), acceptAnchor())
    case "operands":
      return (.variable(.operands, qualified: false, space: spacing.element()), acceptAnchor())
    case "results":
      return (.variable(.results, qualified: false, space: spacing.element()), acceptAnchor())
    case "regions", "successors":
      let argument: FormatArgument = name == "regions" ? .region(0) : .successor(0)
      return (.variable(argument, qualified: false, space: spacing.element()), acceptAnchor())
    case "custom": return (try parseCustom(), acceptAnchor())
    case "oilist": return (try parseClauses(), acceptAnchor())
    default: throw fail("unknown directive '\(name)'")
    }
  }

  private mutating func acceptAnchor() -> Bool { scanner.accept("^") }

  private mutating func parseLiteral() throws(FormatError) -> FormatElement? {
    let spelling = try scanner.literal()
    if spelling == "\\n" { return .whitespace("\n") }
    if FormatSpacing.isWhitespace(spelling) {
      spacing.whitespace(spelling)
      return spelling.isEmpty ? nil : .whitespace(" ")
    }
    let space = spacing.literal(spelling)
    guard let literal = FormatLiteral(spelling) else {
      throw fail("invalid literal '\(spelling)'")
    }
    return .literal(literal, space: space)
  }

  private mutating func parseVariable() throws(FormatError) -> FormatArgument {
    try scanner.expect("$")
    let name = scanner.word()
    if let i = definition.operands.firstIndex(where: { $0.name == name }) { return .operand(i) }
    if let i = definition.attributes.firstIndex(where: { $0.name == name }) { return .attribute(i) }
    if let i = definition.results.firstIndex(where: { $0.name == name }) { return .result(i) }
    if let i = definition.regions.firstIndex(where: { $0.name == name }) { return .region(i) }
    if let i = definition.successors.firstIndex(where: { $0.name == name }) { return .successor(i) }
    throw fail("unknown variable '$\(name)'")
  }

  private mutating func parseTypeOperand() throws(FormatError) -> FormatArgument {
    if scanner.peek == UInt8(ascii: "$") { return try parseVariable() }
    switch scanner.word() {
    case "operands": return .operands
    case "results": return .results
    default: throw fail("expected a variable, 'operands' or 'results'")
    }
  }

  private mutating func parseQualified() throws(FormatError) -> FormatElement {
    if scanner.peek == UInt8(ascii: "$") {
      let argument = try parseVariable()
      markWritten(argument)
      return .variable(argument, qualified: true, space: spacing.element())
    }
    guard scanner.word() == "type" else { throw fail("expected a variable or type in qualified") }
    try scanner.expect("(")
    let argument = try parseTypeOperand()
    try scanner.expect(")")
    markTyped(argument)
    return .type(argument, qualified: true, space: spacing.element())
  }

  private mutating func markWritten(_ argument: FormatArgument) {
    if case .attribute(let slot) = argument { writtenAttributes.insert(slot) }
  }

  private mutating func markTyped(_ argument: FormatArgument) {
    switch argument {
    case .operand(let i): typedOperands.insert(i)
    case .result(let i): typedResults.insert(i)
    case .operands: typedOperands.formUnion(definition.operands.indices)
    case .results: typedResults.formUnion(definition.results.indices)
    default: break
    }
  }

  // MARK: Groups

  private mutating func parseOptionalGroup() throws(FormatError) -> FormatElement {
    guard scanner.nesting < 16 else { throw fail("groups nest too deep") }
    scanner.nesting += 1
    defer { scanner.nesting -= 1 }
    try scanner.expect("(")
    // The anchor must be known before spacing is, since a unit attribute that is the anchor is not
    // printed: read the group twice, the first time only to find it.
    let start = self
    var probe = try parseGroupBody()
    let isUnitAnchor = elidedUnit(in: probe)
    if let slot = isUnitAnchor {
      self = start
      elided = slot
      probe = try parseGroupBody()
      elided = nil
    }
    guard let anchor = probe.anchor else { throw fail("optional group has no anchor") }
    return .optional(
      FormatGroup(
        then: probe.then, otherwise: probe.otherwise, anchor: anchor, isInverted: probe.isInverted,
        elidedUnit: isUnitAnchor))
  }

  private struct GroupBody {
    var then: [FormatElement] = []
    var otherwise: [FormatElement] = []
    var anchor: FormatElement?
    var isInverted = false
    var firstThen: FormatElement?
  }

  /// The unit attribute not to be printed in the group being read.
  private var elided: Int?

  private mutating func parseGroupBody() throws(FormatError) -> GroupBody {
    var body = GroupBody()
    try parseGroupPart(&body, isElse: false)
    try scanner.expect(")")
    if scanner.accept(":") {
      try scanner.expect("(")
      try parseGroupPart(&body, isElse: true)
      try scanner.expect(")")
    }
    try scanner.expect("?")
    return body
  }

  private mutating func parseGroupPart(_ body: inout GroupBody, isElse: Bool) throws(FormatError) {
    while true {
      if scanner.isAtEnd { throw fail("unterminated optional group") }
      if scanner.peek == UInt8(ascii: ")") { return }
      let before = spacing
      guard let (element, isAnchor) = try parseElement() else { continue }
      if isAnchor {
        body.anchor = element
        body.isInverted = isElse
      }
      if let elided, isAnchor, case .variable(.attribute(elided), _, _) = element {
        spacing = before
        continue
      }
      if isElse { body.otherwise.append(element) } else { body.then.append(element) }
    }
  }

  /// The anchor's slot where it is a unit attribute that is not the group's first element.
  private func elidedUnit(in body: GroupBody) -> Int? {
    guard case .variable(.attribute(let slot), _, _) = body.anchor,
      case .unit = definition.attributes[slot].constraint.form
    else { return nil }
    if case .variable(.attribute(slot), _, _) = body.then.first { return nil }
    return slot
  }

  private mutating func parseClauses() throws(FormatError) -> FormatElement {
    try scanner.expect("(")
    var clauses: [[FormatElement]] = [[]]
    while !scanner.accept(")") {
      if scanner.accept("|") {
        clauses.append([])
        continue
      }
      if scanner.isAtEnd { throw fail("unterminated oilist") }
      if let (element, _) = try parseElement() { clauses[clauses.count - 1].append(element) }
    }
    return .clauses(clauses)
  }

  // MARK: Custom directives

  private mutating func parseCustom() throws(FormatError) -> FormatElement {
    try scanner.expect("<")
    let name = scanner.word()
    try scanner.expect(">")
    try scanner.expect("(")
    var arguments: [FormatArgument] = []
    if !scanner.accept(")") {
      repeat { arguments.append(try parseCustomArgument()) } while scanner.accept(",")
      try scanner.expect(")")
    }
    guard let directive = definition.interface(CustomDirectives.self)?.table[name] else {
      throw fail("unknown custom directive '\(name)'")
    }
    return .custom(directive, arguments, space: spacing.element())
  }

  private mutating func parseCustomArgument() throws(FormatError) -> FormatArgument {
    if scanner.isAtEnd { throw fail("expected an argument") }
    switch scanner.peek {
    case UInt8(ascii: "$"):
      let argument = try parseVariable()
      markWritten(argument)
      return argument
    case UInt8(ascii: "\""):
      return .text(try scanner.string())
    default: break
    }
    switch scanner.word() {
    case "ref":
      try scanner.expect("(")
      let inner = try parseCustomArgument()
      try scanner.expect(")")
      return inner
    case "type":
      try scanner.expect("(")
      let argument = try parseTypeOperand()
      try scanner.expect(")")
      markTyped(argument)
      switch argument {
      case .operand(let i): return .typeOfOperand(i)
      case .result(let i): return .typeOfResult(i)
      case .operands: return .typeOfOperands
      default: return .typeOfResults
      }
    case "attr-dict": return .attributeDictionary
    case "operands": return .operands
    case "results": return .results
    default: throw fail("invalid argument of a custom directive")
    }
  }
}
