import MartletSupport

/// A mistake in a declaration's format, found when the format is first used.
package struct FormatError: Error, CustomStringConvertible {
  package let description: String
}

enum LiteralKind: Sendable {
  case keyword
  case punctuation([TokenKind])
}

/// A literal of a format, ready to be looked for.
package struct FormatLiteral: Sendable {
  package let text: String
  let kind: LiteralKind

  /// The literal spelt so; nil where it is no keyword and no punctuation.
  package init?(_ spelling: String) {
    text = spelling
    let first = spelling.utf8.first ?? 0
    if Lexer.isLetter(first) || first == UInt8(ascii: "_") {
      kind = .keyword
      return
    }
    var kinds: [TokenKind] = []
    Array(spelling.utf8).withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer)
      while true {
        let token = lexer.next()
        if token.kind == .end { break }
        kinds.append(token.kind)
        if token.kind == .error { break }
      }
    }
    if kinds.contains(.error) || kinds.isEmpty { return nil }
    kind = .punctuation(kinds)
  }
}

/// Decides where a format's printer writes spaces. The rules are those of MLIR's generated printers; they
/// depend on the format alone.
package struct FormatSpacing {
  private var shouldEmitSpace = true
  private var lastWasPunctuation = false

  package init() {}

  /// Whether a literal stands for space itself: `` ` ` ``, `` `` ``, `` `\n` ``.
  package static func isWhitespace(_ spelling: String) -> Bool {
    spelling.isEmpty || spelling == " " || spelling == "\\n"
  }

  package mutating func whitespace(_ spelling: String) {
    lastWasPunctuation = spelling.isEmpty
    shouldEmitSpace = false
  }

  /// Whether a space precedes this literal.
  package mutating func literal(_ spelling: String) -> Bool {
    let first = spelling.utf8.first ?? 0
    let space = shouldEmitSpace && emitsSpaceBefore(spelling)
    shouldEmitSpace = spelling.utf8.count != 1 || !"<({[".utf8.contains(first)
    lastWasPunctuation = !(Lexer.isLetter(first) || first == UInt8(ascii: "_"))
    return space
  }

  private func emitsSpaceBefore(_ spelling: String) -> Bool {
    if spelling.utf8.count != 1, spelling != "->" { return true }
    let first = spelling.utf8.first ?? 0
    let glued = lastWasPunctuation ? ">)}]," : "<>(){}[],"
    return !glued.utf8.contains(first)
  }

  /// Whether a space precedes a variable or directive.
  package mutating func element() -> Bool {
    defer {
      lastWasPunctuation = false
      shouldEmitSpace = true
    }
    return shouldEmitSpace || !lastWasPunctuation
  }

  /// A directive that writes its own spaces before what it prints.
  package mutating func dictionary() { lastWasPunctuation = false }

  /// A list of parameters, which no space precedes.
  package mutating func list() {
    lastWasPunctuation = false
    shouldEmitSpace = true
  }
}

/// The characters of a format.
package struct FormatScanner {
  private let text: [UInt8]
  private var position = 0
  /// How deep optional groups nest here.
  package var nesting = 0

  package init(_ text: String) { self.text = Array(text.utf8) }

  package func fail(_ message: String) -> FormatError {
    FormatError(description: "\(message), at offset \(position)")
  }

  package var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return position >= text.count
    }
  }

  private mutating func skipBlanks() {
    while position < text.count, text[position] <= 32 { position += 1 }
  }

  /// The next character that is no blank; 0 at the end.
  package var peek: UInt8 {
    mutating get {
      skipBlanks()
      return position < text.count ? text[position] : 0
    }
  }

  package mutating func accept(_ character: Character) -> Bool {
    skipBlanks()
    guard position < text.count, text[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  package mutating func expect(_ character: Character) throws(FormatError) {
    if !accept(character) { throw fail("expected '\(character)'") }
  }

  package mutating func word() -> String {
    skipBlanks()
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

  /// What stands between a pair of `delimiter`s.
  private mutating func quoted(_ delimiter: UInt8) throws(FormatError) -> String {
    position += 1
    let start = position
    while position < text.count, text[position] != delimiter { position += 1 }
    guard position < text.count else { throw fail("unterminated literal") }
    defer { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  /// The text between backquotes.
  package mutating func literal() throws(FormatError) -> String {
    try quoted(UInt8(ascii: "`"))
  }

  mutating func string() throws(FormatError) -> String { try quoted(UInt8(ascii: "\"")) }
}
