/// Checks a text against the CHECK lines of a case, as LLVM's FileCheck does: `CHECK`, `-NEXT`, `-SAME`, `-NOT`,
/// `-DAG`, `-LABEL`, `-EMPTY`, `-COUNT-n`, with `{{regex}}` and `[[NAME:regex]]`.
struct FileCheck {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private enum Kind: Equatable {
    case plain, next, same, not, dag, label, empty
    case count(Int)
  }

  private struct Directive {
    let kind: Kind
    let pattern: String
    let line: Int
  }

  private let directives: [Directive]

  /// - Throws: where `source` has no directive with one of `prefixes`.
  init(_ source: String, prefixes: [String]) throws {
    var found: [Directive] = []
    for (i, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for prefix in prefixes {
        if let directive = FileCheck.parse(line, prefix, i + 1) {
          found.append(directive)
          break
        }
      }
    }
    if found.isEmpty { throw Failure(description: "no check lines with prefix \(prefixes)") }
    directives = found
  }

  private static func parse(_ line: Substring, _ prefix: String, _ number: Int) -> Directive? {
    guard let range = line.firstRange(of: prefix) else { return nil }
    if let before = line[..<range.lowerBound].last,
      before.isLetter || before.isNumber || before == "-" || before == "_"
    {
      return nil
    }
    let rest = line[range.upperBound...]
    for (suffix, kind) in [
      (":", Kind.plain), ("-NEXT:", .next), ("-SAME:", .same), ("-NOT:", .not), ("-DAG:", .dag),
      ("-LABEL:", .label), ("-EMPTY:", .empty),
    ] where rest.hasPrefix(suffix) {
      return Directive(
        kind: kind, pattern: trimmed(rest.dropFirst(suffix.count)), line: number)
    }
    if rest.hasPrefix("-COUNT-") {
      let digits = rest.dropFirst(7).prefix { $0.isNumber }
      let tail = rest.dropFirst(7 + digits.count)
      if let count = Int(digits), tail.first == ":" {
        return Directive(kind: .count(count), pattern: trimmed(tail.dropFirst()), line: number)
      }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return String(text)
  }

  // MARK: Matching

  private typealias Variables = [String: String]

  /// Checks `text`; horizontal white space counts as one blank.
  func check(_ text: String) throws {
    let input = FileCheck.squeezed(text)
    var variables: Variables = [:]
    var position = input.startIndex
    var i = 0
    while i < directives.count {
      let directive = directives[i]
      switch directive.kind {
      case .dag:
        var end = position
        while i < directives.count, directives[i].kind == .dag {
          let match = try find(directives[i], in: input[position...], &variables)
          end = max(end, match.upperBound)
          i += 1
        }
        position = end
        continue
      case .not:
        var nots: [Directive] = []
        while i < directives.count, directives[i].kind == .not {
          nots.append(directives[i])
          i += 1
        }
        var end = input.endIndex
        if i < directives.count {
          var copy = variables
          end = try find(directives[i], in: input[position...], &copy).lowerBound
        }
        for forbidden in nots {
          var copy = variables
          if let hit = try match(forbidden.pattern, in: input[position..<end], &copy) {
            throw failure(forbidden, "found what must not be there: \(input[hit])", input, position)
          }
        }
        continue
      case .empty:
        guard let newline = input[position...].firstIndex(of: "\n") else {
          throw failure(directive, "no line follows", input, position)
        }
        let start = input.index(after: newline)
        guard start < input.endIndex, input[start] == "\n" else {
          throw failure(directive, "the next line is not empty", input, position)
        }
        position = start
      case .count(let count):
        for _ in 0..<count {
          position = try find(directive, in: input[position...], &variables).upperBound
        }
      default:
        let match = try find(directive, in: input[position...], &variables)
        let between = input[position..<match.lowerBound]
        let breaks = between.count { $0 == "\n" }
        if directive.kind == .next, breaks != 1 {
          throw failure(
            directive, "matches \(breaks) lines further, not on the next line", input, position)
        }
        if directive.kind == .same, breaks != 0 {
          throw failure(directive, "does not match on the same line", input, position)
        }
        position = match.upperBound
      }
      i += 1
    }
  }

  private func find(_ directive: Directive, in text: Substring, _ variables: inout Variables) throws
    -> Range<String.Index>
  {
    guard let range = try match(directive.pattern, in: text, &variables) else {
      throw failure(directive, "not found", text.base, text.startIndex)
    }
    return range
  }

  private func failure(
    _ directive: Directive, _ what: String, _ input: String, _ position: String.Index
  ) -> Failure {
    let context = input[position...].split(separator: "\n", omittingEmptySubsequences: false)
      .prefix(8)
    return Failure(
      description:
        "check line \(directive.line): \(directive.pattern)\n  \(what), looking from:\n"
        + context.map { "  | \($0)" }.joined(separator: "\n"))
  }

  private func match(_ pattern: String, in text: Substring, _ variables: inout Variables) throws
    -> Range<String.Index>?
  {
    let pattern = FileCheck.squeezed(pattern)
    if !pattern.contains("{{"), !pattern.contains("[[") { return text.firstRange(of: pattern) }
    let (source, names) = FileCheck.regex(pattern, variables)
    let regex = try Regex(source).anchorsMatchLineEndings()
    guard let found = text.firstMatch(of: regex) else { return nil }
    for (i, name) in names { variables[name] = found.output[i].substring.map(String.init) ?? "" }
    return found.range
  }

  /// The regular expression of a pattern, and which groups define which variables.
  private static func regex(_ pattern: String, _ variables: Variables) -> (String, [(Int, String)])
  {
    var source = ""
    var names: [(Int, String)] = []
    var groups = 0
    var rest = pattern[...]
    while !rest.isEmpty {
      if rest.hasPrefix("{{"), let close = rest.firstRange(of: "}}") {
        let inner = rest[rest.index(rest.startIndex, offsetBy: 2)..<close.lowerBound]
        groups += openGroups(inner)
        source += "(?:\(inner))"
        rest = rest[close.upperBound...]
      } else if rest.hasPrefix("[["), let close = rest.firstRange(of: "]]") {
        var inner = rest[rest.index(rest.startIndex, offsetBy: 2)..<close.lowerBound]
        rest = rest[close.upperBound...]
        if rest.first == "]", inner.contains(":"), inner.hasSuffix("]") == false,
          inner.contains("[")
        {
          // `[[X:[a-z]]]`: the class's bracket belongs to the expression.
          inner = inner.base[inner.startIndex..<inner.base.index(after: inner.endIndex)]
          rest = rest.dropFirst()
        }
        if let colon = inner.firstIndex(of: ":") {
          let name = String(inner[..<colon])
          let expression = inner[inner.index(after: colon)...]
          groups += 1
          names.append((groups, name))
          groups += openGroups(expression)
          source += "(\(expression))"
        } else if let earlier = names.first(where: { $0.1 == inner }) {
          source += "\\\(earlier.0)"
        } else {
          source += escaped(variables[String(inner)] ?? "[[\(inner)]]")
        }
      } else {
        source += escaped(String(rest.removeFirst()))
      }
    }
    return (source, names)
  }

  private static func openGroups(_ expression: Substring) -> Int {
    var count = 0
    var previous: Character = " "
    var isClass = false
    let characters = Array(expression)
    for (i, c) in characters.enumerated() {
      if previous == "\\" {
        previous = " "
        continue
      }
      if c == "[" { isClass = true } else if c == "]" { isClass = false }
      if c == "(", !isClass, i + 1 >= characters.count || characters[i + 1] != "?" { count += 1 }
      previous = c
    }
    return count
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for c in text {
      if "\\^$.|?*+()[]{}/#&~-".contains(c) { result += "\\" }
      result.append(c)
    }
    return result
  }

  /// Runs of blanks as one blank.
  private static func squeezed(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      let isBlank = byte == 32 || byte == 9
      if isBlank, bytes.last == 32 { continue }
      bytes.append(isBlank ? 32 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
