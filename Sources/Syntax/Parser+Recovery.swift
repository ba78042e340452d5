import MartletIR
import MartletSupport

/// Going on after an error, so that all errors of a text are found in one run.
///
/// The operation with the error is given up; reading resumes at the next line that begins an operation of the
/// same nesting, told by braces and by indentation. What the lost operation would have defined counts as
/// known: its uses are no errors.
struct ErrorRecovery {
  /// How many errors are reported; those beyond are only counted.
  var limit = 1
  /// How many times reading has resumed.
  var count = 0
  /// Bytes gone through in search of places to resume at.
  var scanned = 0
  /// Names that lost operations would have defined.
  var lostNames: Set<Int> = []

  /// Texts with more errors than this are not worth reading on.
  static let maximum = 1000
  /// Nor is a text worth it whose braces make every search a long one.
  static let maximumScan = 64 << 20
}

extension Parser {
  /// How many errors of the text are reported before reading ends; 1 unless set.
  public var errorLimit: Int {
    get { recovery.limit }
    set {
      recovery.limit = newValue
      context.diagnostics.errorLimit = newValue == 1 ? nil : newValue
    }
  }

  /// Whether the error just reported is to be the last.
  var isRecovering: Bool { recovery.limit > 1 }

  /// Moves to where an operation may begin after the one from `start` on could not be read.
  /// - Throws: where there is no such place in this region; then the operation around it is lost too.
  func resume(after start: Int, _ failure: Reported) throws(Reported) {
    guard isRecovering, recovery.count < ErrorRecovery.maximum,
      recovery.scanned < ErrorRecovery.maximumScan
    else { throw failure }
    loseResults(from: start)
    let failed = token.start
    let column = indentation(of: start)
    var scan = lexer
    scan.position = start
    defer { recovery.scanned += scan.position - start }
    var braces = 0
    var previousEnd = start
    while true {
      let next = scan.next()
      if next.kind == .error {
        // Behind what cannot be lexed, with the next line.
        scan.position = next.start
        while scan.position < scan.count, scan.base[scan.position] != 10 { scan.position += 1 }
        previousEnd = scan.position
        continue
      }
      if next.kind == .end {
        if blockScopes.isEmpty { break }
        throw failure
      }
      let isFirst = next.start > start && startsLine(next.start, after: previousEnd)
      if isFirst, next.start >= failed {
        let here = indentation(of: next.start)
        // A line further out ends the region, however the braces stand.
        if let column, let here, here < column, next.kind != .rightBrace, braces > 0,
          beginsOperation(next)
        {
          throw failure
        }
        if braces == 0 || (column != nil && here == column), beginsOperation(next) {
          resume(at: next, scan)
          return
        }
      }
      switch next.kind {
      case .leftBrace, .metadataBegin: braces += 1
      case .rightBrace, .metadataEnd:
        braces -= 1
        if braces < 0 {
          if blockScopes.isEmpty {
            braces = 0
            break
          }
          // The end of the region the operation is in.
          guard next.start >= failed else { throw failure }
          resume(at: next, scan)
          return
        }
      default: break
      }
      previousEnd = next.end
    }
    // The end of the text.
    token = Token(kind: .end, start: scan.count, end: scan.count)
    lexer = scan
    recovery.count += 1
  }

  private func resume(at next: Token, _ scan: Lexer) {
    recovery.count += 1
    lexer = scan
    token = next
  }

  /// Whether an operation or block may begin with this token, the first of its line.
  private func beginsOperation(_ token: Token) -> Bool {
    var ahead = lexer
    ahead.position = token.end
    switch token.kind {
    case .caretIdentifier: return !blockScopes.isEmpty
    case .string: return ahead.next().kind == .leftParen
    case .hashIdentifier, .exclamationIdentifier: return ahead.next().kind == .equal
    case .percentIdentifier:
      // `%a, %b:2 =`, which continued lines of operands are not.
      while true {
        var next = ahead.next()
        if next.kind == .colon {
          guard ahead.next().kind == .integer else { return false }
          next = ahead.next()
        }
        if next.kind == .equal { return true }
        guard next.kind == .comma, ahead.next().kind == .percentIdentifier else { return false }
      }
    case .bareIdentifier:
      let name = text(token)
      if name.contains(".") { return true }
      return context.operationName("\(defaultDialects[defaultDialects.count - 1]).\(name)")
        .isRegistered || context.operationName("builtin.\(name)").isRegistered
    default: return false
    }
  }

  private func startsLine(_ offset: Int, after previousEnd: Int) -> Bool {
    var i = previousEnd
    while i < offset {
      if lexer.base[i] == 10 { return true }
      i += 1
    }
    return false
  }

  /// Blanks in front of what begins at `offset`; nil where something else stands in front of it.
  private func indentation(of offset: Int) -> Int? {
    var i = offset
    while i > 0, lexer.base[i - 1] != 10 {
      guard lexer.base[i - 1] == 32 || lexer.base[i - 1] == 9 else { return nil }
      i -= 1
    }
    return offset - i
  }

  private func loseResults(from start: Int) {
    var scan = lexer
    scan.position = start
    while true {
      let next = scan.next()
      switch next.kind {
      case .percentIdentifier:
        recovery.lostNames.insert(names.number(of: bytes(next.start + 1, next.end)))
      case .colon, .integer, .comma: continue
      default: return
      }
    }
  }

  // MARK: Hints

  /// A note that names a value with a name near to one that is not defined, used at `use`.
  func nearbyValue(_ name: String, usedAt use: Int) -> Diagnostic? {
    if context.diagnostics.dropsErrors { return nil }
    var scan = lexer
    scan.position = operationStart(regionAt: min(isolatedStarts.last ?? 0, use))
    var places: [(name: String, offset: Int)] = []
    var seen: Set<String> = [name]
    while places.count < 10_000 {
      let next = scan.next()
      if next.kind == .end || next.start >= token.start { break }
      guard next.kind == .percentIdentifier, next.start != use else { continue }
      let other = String(decoding: bytes(next.start + 1, next.end), as: UTF8.self)
      if seen.insert(other).inserted { places.append((other, next.start)) }
    }
    guard let near = nearestWord(to: name, among: places.map(\.name)),
      let place = places.first(where: { $0.name == near })
    else { return nil }
    return .hint("did you mean '%\(near)'?", at: source.position(at: place.offset))
  }

  /// Near the start of the operation whose region begins at `offset`: its arguments, on lines further in, are
  /// behind it.
  private func operationStart(regionAt offset: Int) -> Int {
    var start = lineStart(of: offset)
    for _ in 0..<50 where start > 0 && (lexer.base[start] == 32 || lexer.base[start] == 9) {
      let above = lineStart(of: start - 1)
      if indentation(of: firstInk(above)) ?? 0 < indentation(of: firstInk(start)) ?? 0 {
        return above
      }
      start = above
    }
    return start
  }

  private func lineStart(of offset: Int) -> Int {
    var start = offset
    while start > 0, lexer.base[start - 1] != 10 { start -= 1 }
    return start
  }

  private func firstInk(_ start: Int) -> Int {
    var i = start
    while i < lexer.count, lexer.base[i] == 32 || lexer.base[i] == 9 { i += 1 }
    return i
  }
}
