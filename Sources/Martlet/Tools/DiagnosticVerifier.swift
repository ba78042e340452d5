import MartletSupport

/// Checks diagnostics against what comments in the source expect: `// expected-error @+1 {{text}}`, with
/// `expected-warning`, `expected-remark`, `expected-note`, lines `@-2`, `@above`, `@below`, `@unknown`.
struct DiagnosticVerifier {
  private struct Expectation {
    let severity: Severity
    /// nil for a diagnostic without a place.
    let line: Int?
    let text: String
    let ownLine: Int
    var isMet = false
  }

  private let source: SourceFile
  private var expectations: [Expectation] = []

  init(_ source: SourceFile) {
    self.source = source
    let lines = String(decoding: source.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (i, line) in lines.enumerated() {
      scan(String(line), number: i + 1 + source.firstLineOffset)
    }
    bindRelative(lines.map(String.init))
  }

  private mutating func scan(_ line: String, number: Int) {
    var rest = line[...]
    while let found = rest.firstRange(of: "expected-") {
      rest = rest[found.upperBound...]
      guard let severity = takeSeverity(&rest) else { continue }
      rest = rest.drop { $0 == " " }
      var target: Int? = number
      if rest.first == "@" {
        rest = rest.dropFirst()
        target = takeTarget(&rest, number)
      }
      rest = rest.drop { $0 == " " }
      guard rest.hasPrefix("{{"), let close = rest.firstRange(of: "}}") else { continue }
      let text = String(rest[rest.index(rest.startIndex, offsetBy: 2)..<close.lowerBound])
      rest = rest[close.upperBound...]
      expectations.append(
        Expectation(severity: severity, line: target, text: text, ownLine: number))
    }
  }

  private func takeSeverity(_ rest: inout Substring) -> Severity? {
    for severity in [Severity.error, .warning, .remark, .note]
    where rest.hasPrefix(severity.rawValue) {
      rest = rest.dropFirst(severity.rawValue.count)
      return severity
    }
    return nil
  }

  private static let above = -1
  private static let below = -2

  private func takeTarget(_ rest: inout Substring, _ number: Int) -> Int? {
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "+" || $0 == "-" }
    rest = rest.dropFirst(word.count)
    switch word {
    case "above": return DiagnosticVerifier.above
    case "below": return DiagnosticVerifier.below
    case "unknown": return nil
    default: break
    }
    let digits = Int(word.drop { $0 == "+" || $0 == "-" }) ?? 0
    return word.first == "-" ? number - digits : word.first == "+" ? number + digits : digits
  }

  /// `@above` and `@below` mean the nearest line that holds no expectation itself.
  private mutating func bindRelative(_ lines: [String]) {
    let holding = Set(expectations.map(\.ownLine))
    for i in expectations.indices {
      let step = expectations[i].line == DiagnosticVerifier.above ? -1 : 1
      guard
        expectations[i].line == DiagnosticVerifier.above
          || expectations[i].line == DiagnosticVerifier.below
      else { continue }
      var line = expectations[i].ownLine + step
      while holding.contains(line) { line += step }
      expectations[i] = Expectation(
        severity: expectations[i].severity, line: line, text: expectations[i].text,
        ownLine: expectations[i].ownLine)
    }
  }

  /// What does not fit: diagnostics not expected, expectations not met.
  func check(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var open = expectations
    var problems: [Diagnostic] = []
    for diagnostic in diagnostics.flatMap({ [$0] + $0.notes }) {
      let line = diagnostic.position?.line
      if let i = open.firstIndex(where: {
        !$0.isMet && $0.severity == diagnostic.severity && $0.line == line
          && diagnostic.message.contains($0.text)
      }) {
        open[i].isMet = true
      } else if diagnostic.severity != .note {
        problems.append(
          Diagnostic(
            .error, "unexpected \(diagnostic.severity.rawValue): \(diagnostic.message)",
            at: diagnostic.position, subject: source.name))
      }
    }
    for expectation in open where !expectation.isMet {
      problems.append(
        Diagnostic(
          .error,
          "expected \(expectation.severity.rawValue) \"\(expectation.text)\" was not produced",
          at: SourcePosition(
            file: source.name, line: expectation.ownLine, column: 1,
            lineText: source.lineText(expectation.ownLine))))
    }
    return problems
  }
}
