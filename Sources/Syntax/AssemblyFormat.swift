import MartletIR
import MartletSupport

/// What a variable or directive of a format refers to.
public enum FormatArgument: Sendable {
  case operand(Int)
  case result(Int)
  case attribute(Int)
  case region(Int)
  case successor(Int)
  case typeOfOperand(Int)
  case typeOfResult(Int)
  case operands, results, typeOfOperands, typeOfResults
  case attributeDictionary
  /// A literal string given to a custom directive.
  case text(String)
}

/// One element of a declarative assembly format, with the space its printer writes before it.
indirect enum FormatElement: Sendable {
  case literal(String, kind: LiteralKind, space: Bool)
  /// `` ` ` `` and `` `\n` ``; `` `` `` only affects spacing and is not kept.
  case whitespace(String)
  case variable(FormatArgument, qualified: Bool, space: Bool)
  case type(FormatArgument, space: Bool)
  case functionalType(FormatArgument, FormatArgument, space: Bool)
  case attributeDictionary(withKeyword: Bool)
  case propertyDictionary
  case custom(CustomDirective, [FormatArgument], space: Bool)
  case optional(FormatGroup)
  case clauses([[FormatElement]])
}

enum LiteralKind: Sendable {
  case keyword
  case punctuation([TokenKind])
}

struct FormatGroup: Sendable {
  var then: [FormatElement]
  var otherwise: [FormatElement]
  var anchor: FormatElement
  var isInverted = false
  /// A unit attribute that is set by the group being present and written by nothing else.
  var elidedUnit: Int?
}

/// Where the type of an operand or result comes from when a text is read.
enum TypeSource: Sendable {
  case parsed
  case buildable(@Sendable (Context) -> Type)
  case same(FormatArgument)
  case derived(FormatArgument, @Sendable (Type) -> Type?)
  case inferred
  case unknown
}

/// A declarative assembly format made ready for reading and writing: MLIR's `assemblyFormat` language.
///
/// Spacing follows the rules of MLIR's generated printers, which are static, so that each element
/// knows whether a space precedes it.
final class AssemblyFormat: @unchecked Sendable {
  let definition: OpDefinition
  let elements: [FormatElement]
  let operandTypes: [TypeSource]
  let resultTypes: [TypeSource]
  /// Slots of the attributes the format writes itself.
  let writtenAttributes: Set<Int>
  /// Names left out of the attribute dictionary.
  let elidedNames: [String]
  let defaultDialect: String?

  init(_ definition: OpDefinition, text: String) throws(FormatError) {
    self.definition = definition
    var compiler = FormatCompiler(definition, text)
    elements = try compiler.compile()
    writtenAttributes = compiler.writtenAttributes
    elidedNames = definition.attributes.indices.filter {
      compiler.writtenAttributes.contains($0)
        || definition.attributes[$0].name.hasSuffix("SegmentSizes")
    }.map { definition.attributes[$0].name }
    (operandTypes, resultTypes) = TypeResolution(definition, compiler).solve()
    defaultDialect = definition.interface(DefaultDialect.self)?.name
  }
}

/// A mistake in a declaration's format, found when the format is first used.
struct FormatError: Error, CustomStringConvertible {
  let description: String
}

/// How an operation's custom text is read and written.
enum OperationSyntax {
  case none
  case format(AssemblyFormat)
  case custom(CustomAssembly, defaultDialect: String?)
}

/// The syntax of each operation name of a context, made when it is first needed.
final class FormatTable {
  private let context: Context
  private var entries: [OperationSyntax?] = []

  private init(_ context: Context) { self.context = context }

  static func of(_ context: Context) -> FormatTable {
    if let known = context.extensions[ObjectIdentifier(FormatTable.self)] as? FormatTable {
      return known
    }
    let made = FormatTable(context)
    context.extensions[ObjectIdentifier(FormatTable.self)] = made
    return made
  }

  func entry(_ name: OperationName) -> OperationSyntax {
    let index = Int(name.raw)
    if index < entries.count, let known = entries[index] { return known }
    let made = make(name.definition)
    while entries.count <= index { entries.append(nil) }
    entries[index] = made
    return made
  }

  private func make(_ definition: OpDefinition?) -> OperationSyntax {
    guard let definition else { return .none }
    if let custom = definition.interface(CustomAssembly.self) {
      return .custom(custom, defaultDialect: definition.interface(DefaultDialect.self)?.name)
    }
    guard let text = definition.format else { return .none }
    do throws(FormatError) {
      return .format(try AssemblyFormat(definition, text: text))
    } catch {
      // A declaration loaded at run time may be wrong; the operation then keeps its generic text.
      context.diagnostics.report(
        Diagnostic(.warning, "assembly format of '\(definition.name)': \(error.description)"))
      return .none
    }
  }
}

// MARK: Compiling

struct FormatCompiler {
  let definition: OpDefinition
  private let text: [UInt8]
  private var position = 0
  private var shouldEmitSpace = true
  private var lastWasPunctuation = false
  private(set) var writtenAttributes: Set<Int> = []
  /// Operands and results whose types the format writes.
  private(set) var typedOperands: Set<Int> = []
  private(set) var typedResults: Set<Int> = []

  init(_ definition: OpDefinition, _ text: String) {
    self.definition = definition
    self.text = Array(text.utf8)
  }

  mutating func compile() throws(FormatError) -> [FormatElement] {
    var elements: [FormatElement] = []
    while !isAtEnd { if let element = try parseElement() { elements.append(element.element) } }
    return elements
  }

  private func fail(_ message: String) -> FormatError {
    FormatError(description: "\(message), at offset \(position)")
  }

  // MARK: Characters

  private var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return position >= text.count
    }
  }

  private mutating func skipBlanks() {
    while position < text.count, text[position] <= 32 { position += 1 }
  }

  private mutating func accept(_ character: Character) -> Bool {
    skipBlanks()
    guard position < text.count, text[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(FormatError) {
    if !accept(character) { throw fail("expected '\(character)'") }
  }

  private mutating func word() -> String {
    let start = position
    while position < text.count {
      let c = text[position]
      guard
        Lexer.isLetter(c) || Lexer.isDigit(c) || c == UInt8(ascii: "_") || c == UInt8(ascii: "-")
      else { break }
      position += 1
    }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  // MARK: Elements

  private typealias Anchored = (element: FormatElement, isAnchor: Bool)

  private mutating func parseElement(deferSpacing: Bool = false) throws(FormatError) -> Anchored? {
    skipBlanks()
    let c = text[position]
    if c == UInt8(ascii: "`") { return try parseLiteral().map { ($0, acceptAnchor()) } }
    if c == UInt8(ascii: "(") { return (try parseOptionalGroup(), false) }
    if c == UInt8(ascii: "$") {
      let argument = try parseVariable()
      markWritten(argument)
      return (.variable(argument, qualified: false, space: spaceBeforeElement()), acceptAnchor())
    }
    let name = word()
    switch name {
    case "attr-dict", "attr-dict-with-keyword":
      lastWasPunctuation = false
      return (.attributeDictionary(withKeyword: name != "attr-dict"), acceptAnchor())
    case "prop-dict":
      lastWasPunctuation = false
      return (.propertyDictionary, acceptAnchor())
    case "type":
      try expect("(")
      let argument = try parseTypeOperand()
      try expect(")")
      markTyped(argument)
      return (.type(argument, space: spaceBeforeElement()), acceptAnchor())
    case "qualified":
      try expect("(")
      let inner = try parseQualified()
      try expect(")")
      return (inner, acceptAnchor())
    case "functional-type":
      try expect("(")
      let inputs = try parseTypeOperand()
      try expect(",")
      let results = try parseTypeOperand()
      try expect(")")
      markTyped(inputs)
      markTyped(results)
      return (.functionalType(inputs, results, space: spaceBeforeElement()), acceptAnchor())
    case "operands":
      return (.variable(.operands, qualified: false, space: spaceBeforeElement()), acceptAnchor())
    case "results":
      return (.variable(.results, qualified: false, space: spaceBeforeElement()), acceptAnchor())
    case "regions", "successors":
      let argument: FormatArgument = name == "regions" ? .region(0) : .successor(0)
      return (.variable(argument, qualified: false, space: spaceBeforeElement()), acceptAnchor())
    case "custom": return (try parseCustom(), acceptAnchor())
    case "oilist": return (try parseClauses(), acceptAnchor())
    default: throw fail("unknown directive '\(name)'")
    }
  }

  private mutating func acceptAnchor() -> Bool { accept("^") }

  private mutating func spaceBeforeElement() -> Bool {
    defer {
      lastWasPunctuation = false
      shouldEmitSpace = true
    }
    return shouldEmitSpace || !lastWasPunctuation
  }

  private mutating func parseLiteral() throws(FormatError) -> FormatElement? {
    position += 1
    let start = position
    while position < text.count, text[position] != UInt8(ascii: "`") { position += 1 }
    guard position < text.count else { throw fail("unterminated literal") }
    let spelling = String(decoding: text[start..<position], as: UTF8.self)
    position += 1
    if spelling.isEmpty || spelling == " " {
      lastWasPunctuation = spelling.isEmpty
      shouldEmitSpace = false
      return spelling.isEmpty ? nil : .whitespace(" ")
    }
    if spelling == "\\n" { return .whitespace("\n") }
    let first = spelling.utf8.first ?? 0
    let isWord = Lexer.isLetter(first) || first == UInt8(ascii: "_")
    let space = shouldEmitSpace && emitsSpaceBefore(spelling)
    shouldEmitSpace = spelling.utf8.count != 1 || !"<({[".utf8.contains(first)
    lastWasPunctuation = !isWord
    if isWord { return .literal(spelling, kind: .keyword, space: space) }
    return .literal(spelling, kind: .punctuation(try tokens(spelling)), space: space)
  }

  private func emitsSpaceBefore(_ spelling: String) -> Bool {
    if spelling.utf8.count != 1, spelling != "->" { return true }
    let first = spelling.utf8.first ?? 0
    let glued = lastWasPunctuation ? ">)}]," : "<>(){}[],"
    return !glued.utf8.contains(first)
  }

  private func tokens(_ spelling: String) throws(FormatError) -> [TokenKind] {
    var kinds: [TokenKind] = []
    let bytes = Array(spelling.utf8)
    bytes.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer)
      while true {
        let token = lexer.next()
        if token.kind == .end { break }
        kinds.append(token.kind)
        if token.kind == .error { break }
      }
    }
    if kinds.contains(.error) || kinds.isEmpty { throw fail("invalid literal '\(spelling)'") }
    return kinds
  }

  private mutating func parseVariable() throws(FormatError) -> FormatArgument {
    try expect("$")
    let name = word()
    if let i = definition.operands.firstIndex(where: { $0.name == name }) { return .operand(i) }
    if let i = definition.attributes.firstIndex(where: { $0.name == name }) { return .attribute(i) }
    if let i = definition.results.firstIndex(where: { $0.name == name }) { return .result(i) }
    if let i = definition.regions.firstIndex(where: { $0.name == name }) { return .region(i) }
    if let i = definition.successors.firstIndex(where: { $0.name == name }) { return .successor(i) }
    throw fail("unknown variable '$\(name)'")
  }

  private mutating func parseTypeOperand() throws(FormatError) -> FormatArgument {
    skipBlanks()
    if position < text.count, text[position] == UInt8(ascii: "$") { return try parseVariable() }
    switch word() {
    case "operands": return .operands
    case "results": return .results
    default: throw fail("expected a variable, 'operands' or 'results'")
    }
  }

  private mutating func parseQualified() throws(FormatError) -> FormatElement {
    skipBlanks()
    if position < text.count, text[position] == UInt8(ascii: "$") {
      let argument = try parseVariable()
      markWritten(argument)
      return .variable(argument, qualified: true, space: spaceBeforeElement())
    }
    guard word() == "type" else { throw fail("expected a variable or type in qualified") }
    try expect("(")
    let argument = try parseTypeOperand()
    try expect(")")
    markTyped(argument)
    return .type(argument, space: spaceBeforeElement())
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
    try expect("(")
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
    try expect(")")
    if accept(":") {
      try expect("(")
      try parseGroupPart(&body, isElse: true)
      try expect(")")
    }
    try expect("?")
    return body
  }

  private mutating func parseGroupPart(_ body: inout GroupBody, isElse: Bool) throws(FormatError) {
    while true {
      skipBlanks()
      guard position < text.count else { throw fail("unterminated optional group") }
      if text[position] == UInt8(ascii: ")") { return }
      let before = (shouldEmitSpace, lastWasPunctuation)
      guard let (element, isAnchor) = try parseElement() else { continue }
      if isAnchor {
        body.anchor = element
        body.isInverted = isElse
      }
      if let elided, isAnchor, case .variable(.attribute(elided), _, _) = element {
        (shouldEmitSpace, lastWasPunctuation) = before
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
    try expect("(")
    var clauses: [[FormatElement]] = [[]]
    while !accept(")") {
      if accept("|") {
        clauses.append([])
        continue
      }
      guard position < text.count else { throw fail("unterminated oilist") }
      if let (element, _) = try parseElement() { clauses[clauses.count - 1].append(element) }
    }
    return .clauses(clauses)
  }

  // MARK: Custom directives

  private mutating func parseCustom() throws(FormatError) -> FormatElement {
    try expect("<")
    skipBlanks()
    let name = word()
    try expect(">")
    try expect("(")
    var arguments: [FormatArgument] = []
    if !accept(")") {
      repeat { arguments.append(try parseCustomArgument()) } while accept(",")
      try expect(")")
    }
    guard let directive = definition.interface(CustomDirectives.self)?.table[name] else {
      throw fail("unknown custom directive '\(name)'")
    }
    return .custom(directive, arguments, space: spaceBeforeElement())
  }

  private mutating func parseCustomArgument() throws(FormatError) -> FormatArgument {
    skipBlanks()
    guard position < text.count else { throw fail("expected an argument") }
    switch text[position] {
    case UInt8(ascii: "$"):
      let argument = try parseVariable()
      markWritten(argument)
      return argument
    case UInt8(ascii: "\""):
      position += 1
      let start = position
      while position < text.count, text[position] != UInt8(ascii: "\"") { position += 1 }
      defer { position += 1 }
      return .text(String(decoding: text[start..<position], as: UTF8.self))
    default: break
    }
    switch word() {
    case "ref":
      try expect("(")
      let inner = try parseCustomArgument()
      try expect(")")
      return inner
    case "type":
      try expect("(")
      let argument = try parseTypeOperand()
      try expect(")")
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

// MARK: Types

/// Decides, once per declaration, where the types that its text leaves out come from.
private struct TypeResolution {
  let definition: OpDefinition
  var operands: [TypeSource]
  var results: [TypeSource]

  init(_ definition: OpDefinition, _ compiler: FormatCompiler) {
    self.definition = definition
    operands = definition.operands.indices.map {
      compiler.typedOperands.contains($0) ? .parsed : .unknown
    }
    results = definition.results.indices.map {
      compiler.typedResults.contains($0) ? .parsed : .unknown
    }
  }

  private func isKnown(_ source: TypeSource) -> Bool {
    if case .unknown = source { return false }
    return true
  }

  func solve() -> ([TypeSource], [TypeSource]) {
    var copy = self
    copy.fillBuildable()
    var isChanging = true
    while isChanging { isChanging = copy.propagate() }
    if definition.inferResultTypes != nil {
      for i in copy.results.indices where !copy.isKnown(copy.results[i]) {
        copy.results[i] = .inferred
      }
    }
    return (copy.operands, copy.results)
  }

  private mutating func fillBuildable() {
    for i in operands.indices where !isKnown(operands[i]) {
      if let make = definition.operands[i].constraint.buildable { operands[i] = .buildable(make) }
    }
    for i in results.indices where !isKnown(results[i]) {
      if let make = definition.results[i].constraint.buildable { results[i] = .buildable(make) }
    }
  }

  /// Spreads known types along the declared relations; whether anything new became known.
  private mutating func propagate() -> Bool {
    var changed = false
    if definition.traits.contains(.sameOperandsAndResultType) {
      changed = spread(definition.operands.map(\.name) + definition.results.map(\.name)) || changed
    }
    if definition.traits.contains(.sameTypeOperands) {
      changed = spread(definition.operands.map(\.name)) || changed
    }
    for relation in definition.relations {
      switch relation {
      case .same(let names): changed = spread(names) || changed
      case .derived(let target, let source, _, let transform):
        guard let place = find(target), let origin = find(source), !isKnown(at: place),
          isKnown(at: origin)
        else { continue }
        set(place, .derived(origin, transform))
        changed = true
      }
    }
    return changed
  }

  private func find(_ name: String) -> FormatArgument? {
    if let i = definition.operands.firstIndex(where: { $0.name == name }) { return .operand(i) }
    if let i = definition.results.firstIndex(where: { $0.name == name }) { return .result(i) }
    if let i = definition.attributes.firstIndex(where: { $0.name == name }) { return .attribute(i) }
    return nil
  }

  private func isKnown(at place: FormatArgument) -> Bool {
    switch place {
    case .operand(let i): isKnown(operands[i])
    case .result(let i): isKnown(results[i])
    default: true
    }
  }

  private mutating func set(_ place: FormatArgument, _ source: TypeSource) {
    switch place {
    case .operand(let i): operands[i] = source
    case .result(let i): results[i] = source
    default: break
    }
  }

  private mutating func spread(_ names: [String]) -> Bool {
    let places = names.compactMap(find)
    guard let origin = places.first(where: { isKnown(at: $0) }) else { return false }
    var changed = false
    for place in places where !isKnown(at: place) {
      set(place, .same(origin))
      changed = true
    }
    return changed
  }
}
