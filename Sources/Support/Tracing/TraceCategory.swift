/// What a span is time of. The raw value is how `martlet profile --only` names it.
public enum TraceCategory: UInt8, Sendable, CaseIterable {
  case read, parse, verify, pass, pattern, lowering, llvm, load, run, kernel, print, other

  public var name: String {
    switch self {
    case .read: "read"
    case .parse: "parse"
    case .verify: "verify"
    case .pass: "pass"
    case .pattern: "pattern"
    case .lowering: "lowering"
    case .llvm: "llvm"
    case .load: "load"
    case .run: "run"
    case .kernel: "kernel"
    case .print: "print"
    case .other: "other"
    }
  }

  public init?(name: some StringProtocol) {
    guard let found = TraceCategory.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// Which spans are recorded, and which of those are kept one by one.
public struct TraceFilter: Sendable {
  /// A category, or any, and a name in which `*` stands for any text and `?` for one character.
  public struct Rule: Sendable, Equatable {
    public var category: TraceCategory?
    public var glob: String
  }

  /// Recorded is what one of them fits; all is where there are none.
  public var rules: [Rule] = []
  /// Spans shorter than so many nanoseconds are summed but not kept one by one.
  public var minimumNanoseconds: UInt64 = 0

  public init() {}

  /// Reads `pass:canonicalize,pattern:arith.*,kernel:*`.
  /// - Throws: a diagnostic where there is no category of a name.
  public init(_ text: String) throws(Diagnostic) {
    for part in text.split(separator: ",") {
      let fields = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let glob = fields.count == 2 ? String(fields[1]) : "*"
      if fields[0] == "*" {
        rules.append(Rule(category: nil, glob: glob))
        continue
      }
      guard let category = TraceCategory(name: fields[0]) else {
        let names = TraceCategory.allCases.map(\.name)
        let hint =
          nearestWord(to: String(fields[0]), among: names).map { "; did you mean '\($0)'?" } ?? ""
        throw Diagnostic(
          .error,
          "there is no kind of span '\(fields[0])' (there are \(names.joined(separator: ", ")))\(hint)"
        )
      }
      rules.append(Rule(category: category, glob: glob))
    }
  }

  /// Whether spans of any name of `category` may be recorded.
  public func mayRecord(_ category: TraceCategory) -> Bool {
    rules.isEmpty || rules.contains { $0.category == nil || $0.category == category }
  }

  public func records(_ category: TraceCategory, _ name: String) -> Bool {
    if rules.isEmpty { return true }
    return rules.contains { rule in
      (rule.category == nil || rule.category == category)
        && TraceFilter.matches(Array(name.utf8)[...], Array(rule.glob.utf8)[...])
    }
  }

  /// Whether `text` fits `glob`; in time of their product at most.
  static func matches(_ text: ArraySlice<UInt8>, _ glob: ArraySlice<UInt8>) -> Bool {
    var t = text.startIndex
    var g = glob.startIndex
    var star: (glob: Int, text: Int)?
    while t < text.endIndex {
      if g < glob.endIndex, glob[g] == UInt8(ascii: "*") {
        star = (g, t)
        g += 1
      } else if g < glob.endIndex, glob[g] == text[t] || glob[g] == UInt8(ascii: "?") {
        g += 1
        t += 1
      } else if let last = star {
        star = (last.glob, last.text + 1)
        g = last.glob + 1
        t = last.text + 1
      } else {
        return false
      }
    }
    return glob[g...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
