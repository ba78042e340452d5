/// The kinds of tokens of MLIR's text. Keywords are bare identifiers.
enum TokenKind: UInt8 {
  case end, error
  case bareIdentifier, percentIdentifier, caretIdentifier, atIdentifier
  case hashIdentifier, exclamationIdentifier
  case integer, float, string
  case comma, colon, equal, less, greater, leftParen, rightParen, leftSquare, rightSquare
  case leftBrace, rightBrace, arrow, question, star, plus, minus, bar, ellipsis, slash
  /// `{-#` and `#-}`.
  case metadataBegin, metadataEnd
}

/// A token: its kind and its place in the text.
struct Token {
  var kind: TokenKind
  var start: Int
  var end: Int
}

/// Cuts MLIR's text into tokens, one at a time.
struct Lexer {
  let base: UnsafePointer<UInt8>
  let count: Int
  var position: Int

  /// Why the last `error` token is one.
  private(set) var problem = ""

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    // An empty buffer may have no address; nothing is read through this one.
    base = bytes.baseAddress ?? Lexer.nothing.start
    count = bytes.count
    position = 0
  }

  private struct Nothing: @unchecked Sendable {
    let start = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
  }
  private static let nothing = Nothing()

  @inline(__always) private func byte(_ i: Int) -> UInt8 { i < count ? base[i] : 0 }

  @inline(__always) private mutating func make(_ kind: TokenKind, _ start: Int) -> Token {
    Token(kind: kind, start: start, end: position)
  }

  private mutating func fail(_ message: String, _ start: Int) -> Token {
    problem = message
    if position == start { position = min(start + 1, count) }
    return Token(kind: .error, start: start, end: position)
  }

  mutating func next() -> Token {
    skipBlanks()
    let start = position
    guard position < count else { return Token(kind: .end, start: count, end: count) }
    let c = base[position]
    if Lexer.isLetter(c) || c == UInt8(ascii: "_") {
      position += 1
      while position < count, Lexer.isBareTail(base[position]) { position += 1 }
      return make(.bareIdentifier, start)
    }
    if Lexer.isDigit(c) { return number() }
    position += 1
    switch c {
    case UInt8(ascii: "%"): return prefixed(.percentIdentifier, start, "SSA identifier")
    case UInt8(ascii: "^"): return prefixed(.caretIdentifier, start, "block identifier")
    case UInt8(ascii: "!"): return prefixed(.exclamationIdentifier, start, "type identifier")
    case UInt8(ascii: "#"):
      if byte(position) == UInt8(ascii: "-"), byte(position + 1) == UInt8(ascii: "}") {
        position += 2
        return make(.metadataEnd, start)
      }
      return prefixed(.hashIdentifier, start, "attribute identifier")
    case UInt8(ascii: "@"): return symbol(start)
    case UInt8(ascii: "\""): return string(start)
    case UInt8(ascii: ","): return make(.comma, start)
    case UInt8(ascii: ":"): return make(.colon, start)
    case UInt8(ascii: "="): return make(.equal, start)
    case UInt8(ascii: "<"): return make(.less, start)
    case UInt8(ascii: ">"): return make(.greater, start)
    case UInt8(ascii: "("): return make(.leftParen, start)
    case UInt8(ascii: ")"): return make(.rightParen, start)
    case UInt8(ascii: "["): return make(.leftSquare, start)
    case UInt8(ascii: "]"): return make(.rightSquare, start)
    case UInt8(ascii: "{"):
      if byte(position) == UInt8(ascii: "-"), byte(position + 1) == UInt8(ascii: "#") {
        position += 2
        return make(.metadataBegin, start)
      }
      return make(.leftBrace, start)
    case UInt8(ascii: "}"): return make(.rightBrace, start)
    case UInt8(ascii: "?"): return make(.question, start)
    case UInt8(ascii: "*"): return make(.star, start)
    case UInt8(ascii: "+"): return make(.plus, start)
    case UInt8(ascii: "|"): return make(.bar, start)
    case UInt8(ascii: "/"): return make(.slash, start)
    case UInt8(ascii: "-"):
      if byte(position) == UInt8(ascii: ">") {
        position += 1
        return make(.arrow, start)
      }
      return make(.minus, start)
    case UInt8(ascii: "."):
      if byte(position) == UInt8(ascii: "."), byte(position + 1) == UInt8(ascii: ".") {
        position += 2
        return make(.ellipsis, start)
      }
      return fail("expected three consecutive dots for an ellipsis", start)
    default:
      return fail("unexpected character", start)
    }
  }

  @inline(__always) private mutating func skipBlanks() {
    while position < count {
      switch base[position] {
      case 32, 9, 10, 13, 0: position += 1
      case UInt8(ascii: "/") where byte(position + 1) == UInt8(ascii: "/"):
        while position < count, base[position] != 10 { position += 1 }
      default: return
      }
    }
  }

  private mutating func number() -> Token {
    let start = position
    if base[start] == UInt8(ascii: "0"), byte(start + 1) == UInt8(ascii: "x"),
      Lexer.isHexDigit(byte(start + 2))
    {
      position += 2
      while Lexer.isHexDigit(byte(position)) { position += 1 }
      return make(.integer, start)
    }
    while Lexer.isDigit(byte(position)) { position += 1 }
    guard byte(position) == UInt8(ascii: ".") else { return make(.integer, start) }
    position += 1
    while Lexer.isDigit(byte(position)) { position += 1 }
    let c = byte(position)
    if c == UInt8(ascii: "e") || c == UInt8(ascii: "E") {
      let sign = byte(position + 1)
      let hasSign = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      if Lexer.isDigit(byte(position + (hasSign ? 2 : 1))) {
        position += hasSign ? 2 : 1
        while Lexer.isDigit(byte(position)) { position += 1 }
      }
    }
    return make(.float, start)
  }

  private mutating func prefixed(_ kind: TokenKind, _ start: Int, _ what: String) -> Token {
    let c = byte(position)
    if Lexer.isDigit(c) {
      while Lexer.isDigit(byte(position)) { position += 1 }
      return make(kind, start)
    }
    guard Lexer.isLetter(c) || Lexer.isIdentifierPunctuation(c) else {
      return fail("invalid \(what)", start)
    }
    while Lexer.isSuffix(byte(position)) { position += 1 }
    return make(kind, start)
  }

  private mutating func symbol(_ start: Int) -> Token {
    if byte(position) == UInt8(ascii: "\"") {
      position += 1
      let inner = string(position - 1)
      return inner.kind == .error ? inner : make(.atIdentifier, start)
    }
    let c = byte(position)
    guard Lexer.isLetter(c) || c == UInt8(ascii: "_") else {
      return fail("@ identifier expected to start with letter or '_'", start)
    }
    while Lexer.isBareTail(byte(position)) { position += 1 }
    return make(.atIdentifier, start)
  }

  /// The position stands behind the opening quote.
  private mutating func string(_ start: Int) -> Token {
    while position < count {
      let c = base[position]
      position += 1
      switch c {
      case UInt8(ascii: "\""): return make(.string, start)
      case 10, 11, 12: return fail("expected '\"' in string literal", start)
      case UInt8(ascii: "\\"):
        let e = byte(position)
        if e == UInt8(ascii: "\"") || e == UInt8(ascii: "\\") || e == UInt8(ascii: "n")
          || e == UInt8(ascii: "t")
        {
          position += 1
        } else if Lexer.isHexDigit(e), Lexer.isHexDigit(byte(position + 1)) {
          position += 2
        } else {
          return fail("unknown escape in string literal", start)
        }
      default: break
      }
    }
    return fail("expected '\"' in string literal", start)
  }

  // MARK: Character classes

  @inline(__always) static func isDigit(_ c: UInt8) -> Bool { c &- 48 < 10 }
  @inline(__always) static func isLetter(_ c: UInt8) -> Bool { (c | 32) &- 97 < 26 }
  @inline(__always) static func isHexDigit(_ c: UInt8) -> Bool {
    isDigit(c) || (c | 32) &- 97 < 6
  }
  @inline(__always) static func isIdentifierPunctuation(_ c: UInt8) -> Bool {
    c == UInt8(ascii: "$") || c == UInt8(ascii: ".") || c == UInt8(ascii: "_")
      || c == UInt8(ascii: "-")
  }
  @inline(__always) static func isBareTail(_ c: UInt8) -> Bool {
    isLetter(c) || isDigit(c) || c == UInt8(ascii: "_") || c == UInt8(ascii: "$")
      || c == UInt8(ascii: ".")
  }
  @inline(__always) static func isSuffix(_ c: UInt8) -> Bool {
    isLetter(c) || isDigit(c) || isIdentifierPunctuation(c)
  }
}
