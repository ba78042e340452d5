import MartletSupport

/// Checks diagnostics against what comments in the source expect, as MLIR does: `// expected-error @+1 {{text}}`
/// at the end of a line, with `expected-warning`, `expected-remark`, `expected-note`, lines `@-2`, `@above`,
/// `@below`, `@unknown`, and `expected-error-re {{text with {{[a-z]+}}}}`.
struct DiagnosticVerifier {
  enum Level: String, Sendable {
    /// Every diagnostic must be expected, every one expected be there.
    case all
    /// What is not expected does not count.
    case onlyExpected = "only-expected"
  }

  private struct Expectation {
    let severity: Severity
    /// nil for a diagnostic without a place.
    var line: Int?
    let text: String
    let pattern: RegularExpression?
    /// Where the comment says so.
    let place: SourcePosition
    var isMet = false

    func matches(_ message: String) -> Bool {
      pattern.map { $0.matches(message) } ?? message.contains(text)
    }
  }

  private let source: SourceFile
  private let level: Level
  private var expectations: [Expectation] = []
  /// Comments that are wrong themselves.
  private var mistakes: [Diagnostic] = []

  init(_ source: SourceFile, _ level: Level = .all) {
    self.source = source
    self.level = level
    let lines = String(decoding: source.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    /// The last line without an expectation, and those waiting for the next.
    var above = source.firstLineOffset
    var below: [Int] = []
    for (i, line) in lines.enumerated() {
      let number = i + 1 + source.firstLineOffset
      guard line.utf8.contains(UInt8(ascii: "{")), let (comment, target) = parse(line, number)
      else {
        for waiting in below { expectations[waiting].line = number }
        below = []
        above = number
        continue
      }
      guard var comment else { continue }
      switch target {
      case .above: comment.line = above
      case .below: below.append(expectations.count)
      case .line(let line): comment.line = line
      case .unknown: comment.line = nil
      }
      expectations.append(comment)
    }
  }

  private enum Target { case above, below, unknown, line(Int) }

  /// The expectation a line ends with; without one in the pair where it is wrong.
  private mutating func parse(_ line: Substring, _ number: Int) -> (Expectation?, Target)? {
    let bytes = Array(line.utf8)
    guard bytes.suffix(2).elementsEqual("}}".utf8) else { return nil }
    let key = Array("expected-".utf8)
    var from = 0
    while from + key.count <= bytes.count {
      guard bytes[from..<(from + key.count)].elementsEqual(key) else {
        from += 1
        continue
      }
      if let found = parse(bytes, from, key.count, number) { return found }
      from += 1
    }
    return nil
  }

  private mutating func parse(_ bytes: [UInt8], _ start: Int, _ skip: Int, _ number: Int)
    -> (Expectation?, Target)?
  {
    var rest = bytes[(start + skip)...]
    func take(_ text: String) -> Bool {
      guard rest.starts(with: text.utf8) else { return false }
      rest = rest.dropFirst(text.utf8.count)
      return true
    }
    func skipBlanks() { rest = rest.drop { $0 == 32 } }
    guard
      let severity = [Severity.error, .note, .remark, .warning].first(where: { take($0.rawValue) })
    else { return nil }
    let isPattern = take("-re")
    skipBlanks()
    var target = Target.line(number)
    if take("@") {
      if take("above") {
        target = .above
      } else if take("below") {
        target = .below
      } else if take("unknown") {
        target = .unknown
      } else {
        let isBack = take("-")
        guard isBack || take("+") else { return nil }
        let digits = rest.prefix { (48...57).contains($0) }
        guard let distance = Int(String(decoding: digits, as: UTF8.self)), distance < 1 << 32
        else { return nil }
        rest = rest.dropFirst(digits.count)
        target = .line(isBack ? number - distance : number + distance)
      }
    }
    skipBlanks()
    guard take("{{"), rest.count >= 2 else { return nil }
    let text = String(decoding: rest.dropLast(2), as: UTF8.self)
    let place = SourcePosition(
      file: source.name, line: number, column: start + 1, length: text.utf8.count,
      lineText: String(decoding: bytes, as: UTF8.self))
    var pattern: RegularExpression?
    if isPattern {
      do throws(RegularExpression.Invalid) {
        pattern = try RegularExpression(mixed: text)
      } catch {
        mistakes.append(Diagnostic(.error, "invalid regex: \(error.reason)", at: place))
        return (nil, target)
      }
    }
    return (
      Expectation(severity: severity, line: nil, text: text, pattern: pattern, place: place), target
    )
  }

  /// What does not fit: wrong comments, diagnostics not expected, expectations not met.
  func check(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var open = expectations
    var problems = mistakes
    for diagnostic in diagnostics {
      for item in [diagnostic] + diagnostic.notes where !item.isHint {
        if let problem = check(item, &open) { problems.append(problem) }
      }
    }
    for expectation in open where !expectation.isMet {
      problems.append(
        Diagnostic(
          .error,
          "expected \(expectation.severity.rawValue) \"\(expectation.text)\" was not produced",
          at: expectation.place))
    }
    return problems
  }

  private func check(_ diagnostic: Diagnostic, _ open: inout [Expectation]) -> Diagnostic? {
    let line = diagnostic.position?.line
    var nearMiss: Expectation?
    for i in open.indices where open[i].line == line && open[i].matches(diagnostic.message) {
      if open[i].severity == diagnostic.severity {
        open[i].isMet = true
        return nil
      }
      nearMiss = open[i]
    }
    if level == .onlyExpected { return nil }
    if let nearMiss {
      var place = nearMiss.place
      place.length = 1
      return Diagnostic(
        .error,
        "'\(diagnostic.severity.rawValue)' diagnostic emitted when expecting a '\(nearMiss.severity.rawValue)'",
        at: place)
    }
    return Diagnostic(
      .error, "unexpected \(diagnostic.severity.rawValue): \(diagnostic.message)",
      at: diagnostic.position, subject: source.name)
  }
}
