import MartletIR
import MartletSupport
import MartletSyntax

/// One element of the assembly format of a type or attribute definition.
indirect enum DefinitionElement: Sendable {
  case literal(FormatLiteral, space: Bool)
  case whitespace(String)
  case parameter(Int, qualified: Bool, space: Bool)
  /// Values separated by commas.
  case parameters([Int])
  /// `name = value` separated by commas, in any order.
  case structure([Int])
  case optional(DefinitionGroup)
}

struct DefinitionGroup: Sendable {
  var then: [DefinitionElement]
  var otherwise: [DefinitionElement]
  /// The parameters whose presence decides.
  var anchor: [Int]
  var isInverted: Bool
}

/// The assembly format of a type or attribute definition: the language of `assemblyFormat` in `AttrDef` and
/// `TypeDef`.
struct DefinitionFormat: Sendable {
  let elements: [DefinitionElement]

  /// - Throws: where the format uses what is written in C++, with what that is.
  init(_ text: String, _ parameters: [ParameterDefinition]) throws(FormatError) {
    var compiler = DefinitionFormatCompiler(text, parameters)
    elements = try compiler.compile()
  }
}

private struct DefinitionFormatCompiler {
  private let parameters: [ParameterDefinition]
  private var scanner: FormatScanner
  private var spacing = FormatSpacing()

  init(_ text: String, _ parameters: [ParameterDefinition]) {
    self.parameters = parameters
    scanner = FormatScanner(text)
  }

  mutating func compile() throws(FormatError) -> [DefinitionElement] {
    var elements: [DefinitionElement] = []
    while !scanner.isAtEnd {
      if let element = try parseElement() { elements.append(element.element) }
    }
    return elements
  }

  private typealias Anchored = (element: DefinitionElement, isAnchor: Bool)

  private mutating func parseElement() throws(FormatError) -> Anchored? {
    switch scanner.peek {
    case UInt8(ascii: "`"):
      let spelling = try scanner.literal()
      if FormatSpacing.isWhitespace(spelling) {
        if spelling != "\\n" { spacing.whitespace(spelling) }
        return spelling.isEmpty ? nil : (.whitespace(spelling == "\\n" ? "\n" : " "), false)
      }
      let space = spacing.literal(spelling)
      guard let literal = FormatLiteral(spelling) else {
        throw scanner.fail("invalid literal '\(spelling)'")
      }
      return (.literal(literal, space: space), scanner.accept("^"))
    case UInt8(ascii: "("): return (try parseGroup(), false)
    case UInt8(ascii: "$"):
      let index = try parseParameter()
      return (.parameter(index, qualified: false, space: spacing.element()), scanner.accept("^"))
    default: break
    }
    let name = scanner.word()
    switch name {
    case "params":
      spacing.list()
      return (.parameters(Array(parameters.indices)), scanner.accept("^"))
    case "struct":
      try scanner.expect("(")
      var indices: [Int] = []
      if scanner.peek == UInt8(ascii: "$") {
        repeat { indices.append(try parseParameter()) } while scanner.accept(",")
      } else {
        guard scanner.word() == "params" else { throw scanner.fail("expected 'params'") }
        indices = Array(parameters.indices)
      }
      try scanner.expect(")")
      spacing.list()
      return (.structure(indices), scanner.accept("^"))
    case "qualified":
      try scanner.expect("(")
      let index = try parseParameter()
      try scanner.expect(")")
      return (.parameter(index, qualified: true, space: spacing.element()), scanner.accept("^"))
    case "custom":
      try scanner.expect("<")
      throw scanner.fail("custom directive '\(scanner.word())' is written in C++")
    default: throw scanner.fail("unknown directive '\(name)'")
    }
  }

  private mutating func parseParameter() throws(FormatError) -> Int {
    try scanner.expect("$")
    let name = scanner.word()
    guard let index = parameters.firstIndex(where: { $0.name == name }) else {
      throw scanner.fail("unknown parameter '$\(name)'")
    }
    guard parameters[index].kind.isKnown else {
      throw scanner.fail("parameter '\(name)' is of a class of C++ that is not known")
    }
    return index
  }

  private mutating func parseGroup() throws(FormatError) -> DefinitionElement {
    var group = DefinitionGroup(then: [], otherwise: [], anchor: [], isInverted: false)
    try parsePart(&group, isElse: false)
    if scanner.accept(":") { try parsePart(&group, isElse: true) }
    try scanner.expect("?")
    if group.anchor.isEmpty { throw scanner.fail("optional group has no anchor") }
    return .optional(group)
  }

  private mutating func parsePart(_ group: inout DefinitionGroup, isElse: Bool) throws(FormatError)
  {
    guard scanner.nesting < 16 else { throw scanner.fail("groups nest too deep") }
    scanner.nesting += 1
    defer { scanner.nesting -= 1 }
    try scanner.expect("(")
    while !scanner.accept(")") {
      if scanner.isAtEnd { throw scanner.fail("unterminated optional group") }
      guard let (element, isAnchor) = try parseElement() else { continue }
      if isAnchor {
        switch element {
        case .parameter(let index, _, _): group.anchor = [index]
        case .parameters(let indices), .structure(let indices): group.anchor = indices
        default: throw scanner.fail("invalid anchor")
        }
        group.isInverted = isElse
      }
      if isElse { group.otherwise.append(element) } else { group.then.append(element) }
    }
  }
}
