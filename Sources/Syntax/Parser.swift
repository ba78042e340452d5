import MartletIR
import MartletSupport

/// Reads MLIR's text into a context: builtin types and attributes, the generic form of any operation and
/// the custom forms their declarations give.
///
/// Errors go to the context's diagnostics, with the place in the text; the parsing functions then throw
/// `Reported`. Nesting is limited so that no input can exhaust the stack.
public final class Parser {
  public let context: Context
  let source: SourceFile
  let sourceBase: UInt32
  private let lexerCell: HeapCell<Lexer>
  private let tokenCell: HeapCell<Token>
  private let namesCell = HeapCell(ValueScopes())
  private let nestingCell = HeapCell(Nesting())

  /// Regions, types, attributes and expressions may nest this deep together.
  static let maximumDepth = 256

  var attributeAliases: [String: Attribute] = [:]
  var typeAliases: [String: Type] = [:]
  /// Location aliases used before their definition, by the operations that wait for them.
  var deferredLocations: [(operation: Operation, alias: String, offset: Int)] = []
  /// As `deferredLocations` for block arguments.
  var deferredArgumentLocations: [(alias: String, offset: Int)] = []
  /// Fresh numbers of the distinct attributes of this text, by the numbers written.
  var distinctIDs: [UInt64: (id: UInt64, inner: Attribute)] = [:]
  let formats: FormatTable
  var recovery = ErrorRecovery()
  /// Where the open regions that are isolated begin.
  var isolatedStarts: [Int] = []

  /// Punctuation that custom assembly code may ask for.
  public enum Punctuation: UInt8, Sendable {
    case comma, colon, equal, less, greater, leftParen, rightParen, leftSquare, rightSquare
    case leftBrace, rightBrace, arrow, question, star, plus, minus, bar, ellipsis, slash

    var kind: TokenKind { TokenKind(rawValue: TokenKind.comma.rawValue + rawValue) ?? .error }

    var text: String {
      switch self {
      case .comma: ","
      case .colon: ":"
      case .equal: "="
      case .less: "<"
      case .greater: ">"
      case .leftParen: "("
      case .rightParen: ")"
      case .leftSquare: "["
      case .rightSquare: "]"
      case .leftBrace: "{"
      case .rightBrace: "}"
      case .arrow: "->"
      case .question: "?"
      case .star: "*"
      case .plus: "+"
      case .minus: "-"
      case .bar: "|"
      case .ellipsis: "..."
      case .slash: "/"
      }
    }
  }

  /// - Throws: where the context already holds 2 GiB of source text.
  public init(_ source: SourceFile, context: Context) throws(Reported) {
    self.context = context
    self.source = source
    guard let base = context.addSource(source) else {
      context.diagnostics.report(
        Diagnostic(.error, "source text is too large (over 2 GiB)", subject: source.name))
      throw Reported()
    }
    sourceBase = base
    formats = FormatTable.of(context)
    Printer.install(in: context)
    var lexer = Lexer(source.bytes)
    tokenCell = HeapCell(lexer.next())
    lexerCell = HeapCell(lexer)
  }

  var lexer: Lexer {
    @inline(__always) _read { yield lexerCell.value }
    @inline(__always) _modify { yield &lexerCell.value }
  }
  var token: Token {
    @inline(__always) get { tokenCell.value }
    @inline(__always) set { tokenCell.value = newValue }
  }
  /// What changes with each operation and region.
  struct Nesting: ~Copyable {
    var depth = 0
    var blockScopes: [BlockScope] = []
    var defaultDialects: [String] = ["builtin"]
    var customOperation: OperationName?
    var stacks = FormatStacks()
  }

  var depth: Int {
    @inline(__always) get { nestingCell.value.depth }
    @inline(__always) set { nestingCell.value.depth = newValue }
  }
  var blockScopes: [BlockScope] {
    @inline(__always) _read { yield nestingCell.value.blockScopes }
    @inline(__always) _modify { yield &nestingCell.value.blockScopes }
  }
  var defaultDialects: [String] {
    @inline(__always) _read { yield nestingCell.value.defaultDialects }
    @inline(__always) _modify { yield &nestingCell.value.defaultDialects }
  }
  /// The operation whose own text is being read.
  var customOperation: OperationName? {
    @inline(__always) get { nestingCell.value.customOperation }
    @inline(__always) set { nestingCell.value.customOperation = newValue }
  }
  var stacks: FormatStacks {
    @inline(__always) _read { yield nestingCell.value.stacks }
    @inline(__always) _modify { yield &nestingCell.value.stacks }
  }
  /// What SSA names stand for.
  var names: ValueScopes {
    @inline(__always) _read { yield namesCell.value }
    @inline(__always) _modify { yield &namesCell.value }
  }

  /// A builder for types, attributes and detached operations.
  public var builder: Builder { Builder(context) }

  // MARK: Errors

  /// The offset of the current token.
  public var offset: Int { token.start }

  public func location(at offset: Int) -> Location {
    context.location(sourceBase: sourceBase, offset: offset)
  }

  /// Reports an error at the current token or at `offset`.
  @discardableResult
  public func error(
    _ message: String, at offset: Int? = nil, notes: [Diagnostic] = [],
    file: StaticString = #fileID
  ) -> Reported {
    if context.diagnostics.dropsErrors {
      context.diagnostics.dropError()
      return Reported()
    }
    var text = message
    if let customOperation, isAboutOperation(message, file, hasOffset: offset != nil) {
      text = "custom op '\(customOperation)' \(message)"
    }
    var place = offset ?? token.start
    var length = offset == nil ? token.end - token.start : 0
    if offset == nil, token.kind == .error {
      text = lexer.problem
      place = token.start
      length = 0
    } else if offset == nil, message.hasPrefix("expected"), let end = endOfLineBefore(place) {
      place = end
      length = 0
    } else if place == lexer.count, place > 0 {
      place -= 1
    }
    context.diagnostics.report(
      Diagnostic(.error, text, at: source.position(at: place, length: length), notes: notes))
    return Reported()
  }

  /// Whether an error is one of the text of an operation, which MLIR names in it, and not one of the
  /// language: it comes from the operation's own code, or is of the kinds that such code asks for.
  private func isAboutOperation(_ message: String, _ file: StaticString, hasOffset: Bool) -> Bool {
    let isOwn = !file.description.hasPrefix("MartletSyntax/")
    if isOwn, !message.hasPrefix("custom op") { return true }
    let kinds = ["expected valid keyword", "expected string", "expected integer value"]
    return kinds.contains(message) || message.hasPrefix("expected valid '@'")
  }

  /// Where what is expected instead of the token at `offset` would have stood, if that token is the
  /// first of its line: behind the last line that has more than blanks and comments. Nil elsewhere.
  private func endOfLineBefore(_ offset: Int) -> Int? {
    let base = lexer.base
    let newline = UInt8(ascii: "\n")
    var end = offset
    var hasLineBreak = false
    while true {
      while end > 0, base[end - 1] == 32 || base[end - 1] == 9 || base[end - 1] == 13 { end -= 1 }
      if end == 0 { return nil }
      if base[end - 1] != newline { return hasLineBreak ? end : nil }
      hasLineBreak = true
      end -= 1
      var start = end
      while start > 0, base[start - 1] != newline { start -= 1 }
      var comment = start
      while comment + 1 < end, !(base[comment] == 47 && base[comment + 1] == 47) { comment += 1 }
      if comment + 1 < end { end = comment }
    }
  }

  func note(_ message: String, at offset: Int) -> Diagnostic {
    Diagnostic(.note, message, at: source.position(at: offset))
  }

  /// Runs `body` one level deeper; text nested too deep is an error, not a stack overflow.
  public func nested<Result>(_ body: () throws(Reported) -> Result) throws(Reported) -> Result {
    guard depth < Parser.maximumDepth else {
      throw error("nesting is deeper than \(Parser.maximumDepth) levels")
    }
    depth += 1
    defer { depth -= 1 }
    return try body()
  }

  // MARK: Tokens

  @inline(__always) func advance() { token = lexer.next() }

  func text(_ token: Token) -> String {
    String(
      decoding: UnsafeBufferPointer(
        start: lexer.base + token.start, count: token.end - token.start), as: UTF8.self)
  }

  func bytes(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: lexer.base + start, count: end - start)
  }

  @inline(__always) func tokenIs(_ word: StaticString) -> Bool {
    let length = token.end - token.start
    guard length == word.utf8CodeUnitCount else { return false }
    let other = word.utf8Start
    for i in 0..<length where lexer.base[token.start + i] != other[i] { return false }
    return true
  }

  func tokenIs(_ word: String) -> Bool {
    let length = token.end - token.start
    guard length == word.utf8.count else { return false }
    var i = token.start
    for unit in word.utf8 {
      if lexer.base[i] != unit { return false }
      i += 1
    }
    return true
  }

  public func isAt(_ p: Punctuation) -> Bool { token.kind == p.kind }

  public func parseOptional(_ p: Punctuation) -> Bool {
    if token.kind == p.kind {
      advance()
      return true
    }
    return false
  }

  public func parse(_ p: Punctuation) throws(Reported) {
    if token.kind != p.kind { throw error("expected '\(p.text)'") }
    advance()
  }

  /// Whether the current token is the keyword `word`.
  public func isAtKeyword(_ word: String) -> Bool {
    token.kind == .bareIdentifier && tokenIs(word)
  }

  /// Whether the current token names a dialect's attribute or an alias.
  public func isAtAttributeName() -> Bool { token.kind == .hashIdentifier }

  /// Whether the current token is a keyword.
  public func isAtKeyword() -> Bool { token.kind == .bareIdentifier }

  public func parseOptionalKeyword(_ word: String) -> Bool {
    guard isAtKeyword(word) else { return false }
    advance()
    return true
  }

  public func parseKeyword(_ word: String) throws(Reported) {
    if !parseOptionalKeyword(word) { throw error("expected '\(word)'", at: token.start) }
  }

  /// Any bare identifier (which may contain dots).
  public func parseOptionalKeyword() -> String? {
    guard token.kind == .bareIdentifier else { return nil }
    defer { advance() }
    return text(token)
  }

  public func parseKeyword() throws(Reported) -> String {
    guard let word = parseOptionalKeyword() else {
      throw error("expected valid keyword", at: token.start)
    }
    return word
  }

  public func parseOptionalKeywordOrString() -> String? {
    parseOptionalKeyword() ?? parseOptionalString()
  }

  public func parseOptionalString() -> String? {
    guard token.kind == .string else { return nil }
    defer { advance() }
    return stringValue(token.start + 1, token.end - 1)
  }

  public func parseString() throws(Reported) -> String {
    guard let value = parseOptionalString() else { throw error("expected string", at: token.start) }
    return value
  }

  /// The characters between quotes with escapes resolved.
  func stringValue(_ start: Int, _ end: Int) -> String {
    String(decoding: stringBytes(start, end), as: UTF8.self)
  }

  func stringBytes(_ start: Int, _ end: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(end - start)
    var i = start
    while i < end {
      let c = lexer.base[i]
      i += 1
      guard c == UInt8(ascii: "\\"), i < end else {
        result.append(c)
        continue
      }
      let e = lexer.base[i]
      i += 1
      switch e {
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(e)
      default:
        result.append(Parser.hexValue(e) << 4 | (i < end ? Parser.hexValue(lexer.base[i]) : 0))
        i += 1
      }
    }
    return result
  }

  static func hexValue(_ c: UInt8) -> UInt8 {
    Lexer.isDigit(c) ? c - 48 : (c | 32) &- 87
  }

  /// An optional `-` and a decimal or hexadecimal integer that fits 64 bits.
  public func parseOptionalInteger() throws(Reported) -> Int? {
    guard token.kind == .integer || token.kind == .minus else { return nil }
    let isNegative = parseOptional(.minus)
    guard token.kind == .integer else { throw error("expected integer value", at: token.start) }
    guard let magnitude = unsignedValue(token) else {
      throw error("integer value too large")
    }
    guard magnitude <= UInt64(Int64.max) + (isNegative ? 1 : 0) else {
      throw error("integer value too large")
    }
    advance()
    return Int(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)
  }

  public func parseInteger() throws(Reported) -> Int {
    guard let value = try parseOptionalInteger() else {
      throw error("expected integer value", at: token.start)
    }
    return value
  }

  /// The value of an integer token, nil where it does not fit 64 bits.
  func unsignedValue(_ token: Token) -> UInt64? {
    var value: UInt64 = 0
    var i = token.start
    if token.end - token.start > 2, lexer.base[i] == 48, lexer.base[i + 1] == UInt8(ascii: "x") {
      i += 2
      while i < token.end {
        if value >> 60 != 0 { return nil }
        value = value << 4 | UInt64(Parser.hexValue(lexer.base[i]))
        i += 1
      }
      return value
    }
    while i < token.end {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(UInt64(lexer.base[i] - 48))
      if overflow || overflow2 { return nil }
      value = sum
      i += 1
    }
    return value
  }

  // MARK: Lists

  public enum Delimiter {
    case none, paren, square, less, brace, optionalParen, optionalSquare, optionalLess
    case optionalBrace

    var ends: (open: Punctuation, close: Punctuation, isOptional: Bool)? {
      switch self {
      case .none: nil
      case .paren: (.leftParen, .rightParen, false)
      case .square: (.leftSquare, .rightSquare, false)
      case .less: (.less, .greater, false)
      case .brace: (.leftBrace, .rightBrace, false)
      case .optionalParen: (.leftParen, .rightParen, true)
      case .optionalSquare: (.leftSquare, .rightSquare, true)
      case .optionalLess: (.less, .greater, true)
      case .optionalBrace: (.leftBrace, .rightBrace, true)
      }
    }
  }

  /// Elements separated by commas. Without a delimiter there must be one at least.
  public func parseList<Element>(
    _ delimiter: Delimiter, _ each: () throws(Reported) -> Element
  ) throws(Reported) -> [Element] {
    var elements: [Element] = []
    if let ends = delimiter.ends {
      if ends.isOptional, !isAt(ends.open) { return elements }
      try parse(ends.open)
      if parseOptional(ends.close) { return elements }
      repeat { elements.append(try each()) } while parseOptional(.comma)
      try parse(ends.close)
      return elements
    }
    repeat { elements.append(try each()) } while parseOptional(.comma)
    return elements
  }

  // MARK: Symbols

  public func parseOptionalSymbolName() -> String? {
    guard token.kind == .atIdentifier else { return nil }
    defer { advance() }
    if lexer.base[token.start + 1] == UInt8(ascii: "\"") {
      return stringValue(token.start + 2, token.end - 1)
    }
    return String(decoding: bytes(token.start + 1, token.end), as: UTF8.self)
  }

  public func parseSymbolName() throws(Reported) -> String {
    guard let name = parseOptionalSymbolName() else {
      throw error("expected valid '@'-identifier for symbol name", at: token.start)
    }
    if name.isEmpty {
      throw error("expected valid '@'-identifier for symbol name", at: token.start)
    }
    return name
  }
}
