/// An expression of C++ as it stands in predicates, builder calls and default values of records.
///
/// This is the small part of the language that records use: calls, methods, casts with template
/// arguments, operators, lambdas of one `return`, lists in braces.
indirect enum CppExpression: Sendable {
  case integer(Int64)
  case float(Double)
  case string(String)
  case boolean(Bool)
  case null
  /// `$_self`, `$lhs`, or a lambda's parameter.
  case variable(String)
  /// A qualified name that is not called: an enumerator, mostly.
  case name([String])
  case call([String], templates: [String], [CppExpression])
  case method(CppExpression, String, templates: [String], [CppExpression])
  case lambda([String], CppExpression)
  case invoke(CppExpression, [CppExpression])
  case element(CppExpression, CppExpression)
  case not(CppExpression)
  case negate(CppExpression)
  case complement(CppExpression)
  case binary(String, CppExpression, CppExpression)
  case conditional(CppExpression, CppExpression, CppExpression)
  case list([CppExpression])

  /// The expression `text`; nil where it goes beyond the part understood.
  init?(parsing text: String) {
    var parser = CppParser(text)
    guard let expression = parser.parseWhole() else { return nil }
    self = expression
  }
}

private enum CppToken: Equatable {
  case identifier(String)
  case variable(String)
  case integer(Int64)
  case float(Double)
  case string(String)
  case symbol(String)
  case end
}

private struct CppParser {
  private var tokens: [CppToken] = []
  private var position = 0
  private var parameters: [String] = []
  private var depth = 0

  init(_ text: String) { tokens = CppParser.tokens(text) ?? [.symbol("?!")] }

  // MARK: Tokens

  private static let symbols = [
    "::", "->", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "(", ")", "{", "}", "[", "]", "<",
    ">", ",", ".", "!", "&", "|", "^", "~", "+", "-", "*", "/", "%", "?", ":", ";", "=",
  ]

  private static func tokens(_ text: String) -> [CppToken]? {
    let bytes = Array(text.utf8)
    var tokens: [CppToken] = []
    var i = 0
    func isWord(_ c: UInt8) -> Bool {
      (c | 32 >= 97 && c | 32 <= 122) || (c >= 48 && c <= 57) || c == UInt8(ascii: "_")
    }
    while i < bytes.count {
      let c = bytes[i]
      if c <= 32 {
        i += 1
      } else if c == UInt8(ascii: "$") || (isWord(c) && !(c >= 48 && c <= 57)) {
        let start = i
        i += 1
        while i < bytes.count, isWord(bytes[i]) { i += 1 }
        let word = String(decoding: bytes[start..<i], as: UTF8.self)
        tokens.append(c == UInt8(ascii: "$") ? .variable(word) : .identifier(word))
      } else if c >= 48, c <= 57 {
        let start = i
        while i < bytes.count, isWord(bytes[i]) || bytes[i] == UInt8(ascii: ".") { i += 1 }
        guard let number = number(String(decoding: bytes[start..<i], as: UTF8.self)) else {
          return nil
        }
        tokens.append(number)
      } else if c == UInt8(ascii: "\"") {
        var value: [UInt8] = []
        i += 1
        while i < bytes.count, bytes[i] != UInt8(ascii: "\"") {
          if bytes[i] == UInt8(ascii: "\\"), i + 1 < bytes.count { i += 1 }
          value.append(bytes[i])
          i += 1
        }
        i += 1
        tokens.append(.string(String(decoding: value, as: UTF8.self)))
      } else {
        let symbol = symbols.first { bytes[i...].starts(with: $0.utf8) }
        guard let symbol else { return nil }
        tokens.append(.symbol(symbol))
        i += symbol.utf8.count
      }
    }
    return tokens
  }

  private static func number(_ text: String) -> CppToken? {
    var digits = Substring(text)
    let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    while let last = digits.last, "uUlL".contains(last) { digits.removeLast() }
    if isHexadecimal {
      return UInt64(digits.dropFirst(2), radix: 16).map { .integer(Int64(bitPattern: $0)) }
    }
    if let value = UInt64(digits) { return .integer(Int64(bitPattern: value)) }
    if digits.last == "f" { digits.removeLast() }
    return Double(digits).map { .float($0) }
  }

  private var token: CppToken { position < tokens.count ? tokens[position] : .end }

  private mutating func accept(_ symbol: String) -> Bool {
    guard token == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  // MARK: Expressions

  mutating func parseWhole() -> CppExpression? {
    if tokens.isEmpty { return nil }
    guard let expression = parse(), token == .end else { return nil }
    return expression
  }

  private static let precedences: [String: Int] = [
    "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
  ]

  private mutating func parse() -> CppExpression? {
    guard depth < 200 else { return nil }
    depth += 1
    defer { depth -= 1 }
    guard let condition = parseBinary(0) else { return nil }
    guard accept("?") else { return condition }
    guard let first = parse(), accept(":"), let second = parse() else { return nil }
    return .conditional(condition, first, second)
  }

  private mutating func parseBinary(_ minimum: Int) -> CppExpression? {
    guard var left = parseUnary() else { return nil }
    while case .symbol(let symbol) = token, let precedence = Self.precedences[symbol],
      precedence > minimum
    {
      position += 1
      guard let right = parseBinary(precedence) else { return nil }
      left = .binary(symbol, left, right)
    }
    return left
  }

  private mutating func parseUnary() -> CppExpression? {
    guard depth < 200 else { return nil }
    depth += 1
    defer { depth -= 1 }
    if accept("!") { return parseUnary().map { .not($0) } }
    if accept("~") { return parseUnary().map { .complement($0) } }
    if accept("-") { return parseUnary().map { .negate($0) } }
    // Taking an address or what a pointer points to changes nothing here.
    if accept("*") || accept("&") { return parseUnary() }
    guard let primary = parsePrimary() else { return nil }
    return parsePostfix(primary)
  }

  private mutating func parsePostfix(_ primary: CppExpression) -> CppExpression? {
    var expression = primary
    while true {
      if accept(".") || accept("->") {
        _ = acceptWord("template")
        guard case .identifier(let name) = token else { return nil }
        position += 1
        let templates = parseTemplates(of: name)
        guard accept("(") else {
          expression = .method(expression, name, templates: [], [])
          continue
        }
        guard let arguments = parseArguments(")") else { return nil }
        expression = .method(expression, name, templates: templates ?? [], arguments)
      } else if accept("(") {
        guard let arguments = parseArguments(")") else { return nil }
        expression = .invoke(expression, arguments)
      } else if accept("[") {
        guard let index = parse(), accept("]") else { return nil }
        expression = .element(expression, index)
      } else {
        return expression
      }
    }
  }

  private mutating func acceptWord(_ word: String) -> Bool {
    guard token == .identifier(word) else { return false }
    position += 1
    return true
  }

  private mutating func parseArguments(_ end: String) -> [CppExpression]? {
    var arguments: [CppExpression] = []
    if accept(end) { return arguments }
    repeat {
      if token == .symbol(end) { break }
      guard let argument = parse() else { return nil }
      arguments.append(argument)
    } while accept(",")
    return accept(end) ? arguments : nil
  }

  private mutating func parsePrimary() -> CppExpression? {
    switch token {
    case .integer(let value):
      position += 1
      return .integer(value)
    case .float(let value):
      position += 1
      return .float(value)
    case .string(let value):
      position += 1
      return .string(value)
    case .variable(let name):
      position += 1
      return .variable(name)
    case .identifier, .symbol("::"): return parseName()
    case .symbol("("):
      position += 1
      guard let inner = parse(), accept(")") else { return nil }
      return inner
    case .symbol("{"):
      position += 1
      return parseArguments("}").map { .list($0) }
    case .symbol("["): return parseLambda()
    default: return nil
    }
  }

  /// Names of templates: behind them `<` opens arguments, elsewhere it compares.
  private static let templates: Set<String> = [
    "isa", "cast", "dyn_cast", "isa_and_nonnull", "isa_and_present", "dyn_cast_or_null",
    "dyn_cast_if_present", "cast_or_null", "cast_if_present", "hasTrait", "ArrayRef", "equal_to",
    "SmallVector", "optional", "hasPromiseOrImplementsInterface", "getType", "vector", "array",
    "static_cast", "getParentOfType", "getAttrOfType", "getValues", "getAsRange",
  ]

  /// Template arguments as texts, where `name` is a template and `<` stands here.
  private mutating func parseTemplates(of name: String) -> [String]? {
    guard Self.templates.contains(name), token == .symbol("<") else { return nil }
    position += 1
    var arguments: [String] = []
    var text = ""
    var open = 1
    while true {
      switch token {
      case .end: return nil
      case .symbol("<"):
        open += 1
        text += "<"
      case .symbol(">"), .symbol(">>"):
        open -= token == .symbol(">>") ? 2 : 1
        if open <= 0 {
          position += 1
          if !text.isEmpty { arguments.append(text) }
          return arguments
        }
        text += ">"
      case .symbol(",") where open == 1:
        arguments.append(text)
        text = ""
      case .symbol(let symbol): text += symbol
      case .identifier(let word): text += text.isEmpty || text.hasSuffix("::") ? word : " \(word)"
      case .integer(let value): text += String(value)
      default: return nil
      }
      position += 1
    }
  }

  private mutating func parseName() -> CppExpression? {
    var path: [String] = []
    var arguments: [String] = []
    _ = accept("::")
    repeat {
      guard case .identifier(let word) = token else { return nil }
      position += 1
      path.append(word)
      if let found = parseTemplates(of: word) { arguments = found }
    } while accept("::")
    if path.count == 1 {
      switch path[0] {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      case "nullptr": return .null
      default: break
      }
      if parameters.contains(path[0]) { return .variable(path[0]) }
    }
    if accept("(") {
      return parseArguments(")").map { .call(path, templates: arguments, $0) }
    }
    // `Name{}`, as `std::equal_to<>{}` and `ArrayRef<int64_t>{1, 2}` are written.
    if accept("{") { return parseArguments("}").map { .call(path, templates: arguments, $0) } }
    return .name(path)
  }

  /// `[...](Type name, ...) { return expression; }`
  private mutating func parseLambda() -> CppExpression? {
    while token != .symbol("]") {
      if token == .end { return nil }
      position += 1
    }
    position += 1
    guard accept("(") else { return nil }
    var names: [String] = []
    var last: String?
    while !accept(")") {
      switch token {
      case .end: return nil
      case .identifier(let word): last = word
      case .symbol(","):
        if let last { names.append(last) }
        last = nil
      default: break
      }
      position += 1
    }
    if let last { names.append(last) }
    if accept("->") { while token != .symbol("{"), token != .end { position += 1 } }
    let outer = parameters
    parameters += names
    defer { parameters = outer }
    guard accept("{"), acceptWord("return"), let body = parse() else { return nil }
    _ = accept(";")
    guard accept("}") else { return nil }
    return .lambda(names, body)
  }
}
