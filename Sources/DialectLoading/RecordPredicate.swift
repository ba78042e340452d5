import MartletIR

/// A predicate of the records: a tree of `And`, `Or` and `Neg` over expressions of C++.
indirect enum RecordPredicate: Sendable {
  case all([RecordPredicate])
  case any([RecordPredicate])
  case not(RecordPredicate)
  case expression(CppExpression)
  /// `isa<Class>($_self)`, by far the most common leaf.
  case isA(String, @Sendable (CppValue) -> Bool?)
  /// An expression that is not understood.
  case unknown(String)

  /// Predicates nest this deep at most.
  private static let maximumDepth = 64

  init(_ record: Record, _ library: DialectLibrary) {
    self = RecordPredicate.make(record, library, [], 0)
  }

  private typealias Substitution = (pattern: String, replacement: String)

  private static func make(
    _ record: Record, _ library: DialectLibrary, _ substitutions: [Substitution], _ depth: Int
  ) -> RecordPredicate {
    guard depth < maximumDepth else { return .unknown("a predicate nested too deep") }
    guard let kind = record.record("kind")?.name else {
      return leaf(substitute(record.text("predExpr") ?? "", substitutions), library)
    }
    let children = record.records("children")
    func parts(_ more: [Substitution] = []) -> [RecordPredicate] {
      children.map { make($0, library, substitutions + more, depth + 1) }
    }
    switch kind {
    case "PredCombinerAnd": return .all(parts())
    case "PredCombinerOr": return .any(parts())
    case "PredCombinerNot": return parts().first.map { .not($0) } ?? .unknown("an empty negation")
    case "PredCombinerSubstLeaves":
      let more = (record.text("pattern") ?? "", record.text("replacement") ?? "")
      return parts([more]).first ?? .unknown("an empty substitution")
    case "PredCombinerConcat":
      return leaf(text(record, substitutions, depth), library)
    default: return .unknown(kind)
    }
  }

  /// The whole predicate as one expression, which a concatenation needs.
  private static func text(_ record: Record, _ substitutions: [Substitution], _ depth: Int)
    -> String
  {
    guard depth < maximumDepth else { return "?" }
    guard let kind = record.record("kind")?.name else {
      return substitute(record.text("predExpr") ?? "", substitutions)
    }
    let children = record.records("children")
    switch kind {
    case "PredCombinerAnd", "PredCombinerOr":
      if children.isEmpty { return kind == "PredCombinerAnd" ? "true" : "false" }
      let parts = children.map { "(\(text($0, substitutions, depth + 1)))" }
      return "(" + parts.joined(separator: kind == "PredCombinerAnd" ? " && " : " || ") + ")"
    case "PredCombinerNot":
      return "!(" + (children.first.map { text($0, substitutions, depth + 1) } ?? "?") + ")"
    case "PredCombinerSubstLeaves":
      let more = (record.text("pattern") ?? "", record.text("replacement") ?? "")
      return children.first.map { text($0, substitutions + [more], depth + 1) } ?? "?"
    case "PredCombinerConcat":
      let inner = children.first.map { text($0, substitutions, depth + 1) } ?? ""
      return substitute(record.text("prefix") ?? "", substitutions) + inner
        + substitute(record.text("suffix") ?? "", substitutions)
    default: return "?"
    }
  }

  /// The innermost substitution goes first.
  private static func substitute(_ text: String, _ substitutions: [Substitution]) -> String {
    var text = text
    for (pattern, replacement) in substitutions.reversed() where !pattern.isEmpty {
      text = text.split(separator: pattern, omittingEmptySubsequences: false)
        .joined(separator: replacement)
    }
    return text
  }

  private static func leaf(_ text: String, _ library: DialectLibrary) -> RecordPredicate {
    if text == "()" || text.isEmpty { return .unknown(text) }
    guard let expression = CppExpression(parsing: text) else { return .unknown(text) }
    if case .call(let path, let templates, let arguments) = expression, path.last == "isa",
      templates.count == 1, arguments.count == 1, case .variable("$_self") = arguments[0]
    {
      return .isA(templates[0], library.classTest(templates[0]))
    }
    return .expression(expression)
  }

  /// Whether the predicate holds; nil where that is not known.
  func holds(_ evaluator: CppEvaluator) -> Bool? {
    switch self {
    case .all(let parts):
      var result: Bool? = true
      for part in parts {
        switch part.holds(evaluator) {
        case false?: return false
        case nil: result = nil
        case true?: break
        }
      }
      return result
    case .any(let parts):
      var result: Bool? = false
      for part in parts {
        switch part.holds(evaluator) {
        case true?: return true
        case nil: result = nil
        case false?: break
        }
      }
      return result
    case .not(let part): return part.holds(evaluator).map { !$0 }
    case .expression(let expression): return evaluator.evaluate(expression).truth
    case .isA(_, let test): return test(evaluator.me)
    case .unknown: return nil
    }
  }

  /// The expressions that are not understood, in order.
  func unknownParts(_ library: DialectLibrary) -> [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap { $0.unknownParts(library) }
    case .not(let part): part.unknownParts(library)
    case .unknown(let text): [text]
    case .isA(let name, _): library.knowsClass(name) ? [] : ["isa<\(name)>"]
    case .expression(let expression): expression.unknownCalls(library)
    }
  }
}

extension CppExpression {
  /// Functions and classes of an expression that are not known.
  func unknownCalls(_ library: DialectLibrary) -> [String] {
    switch self {
    case .integer, .float, .string, .boolean, .null, .variable, .name: return []
    case .not(let a), .negate(let a), .complement(let a), .lambda(_, let a):
      return a.unknownCalls(library)
    case .binary(_, let a, let b), .element(let a, let b):
      return a.unknownCalls(library) + b.unknownCalls(library)
    case .conditional(let a, let b, let c):
      return a.unknownCalls(library) + b.unknownCalls(library) + c.unknownCalls(library)
    case .list(let parts): return parts.flatMap { $0.unknownCalls(library) }
    case .invoke(let callee, let parts):
      return callee.unknownCalls(library) + parts.flatMap { $0.unknownCalls(library) }
    case .method(let base, _, _, let parts):
      return base.unknownCalls(library) + parts.flatMap { $0.unknownCalls(library) }
    case .call(let path, let templates, let parts):
      let inner = parts.flatMap { $0.unknownCalls(library) }
      let name = path.last ?? ""
      if CppEvaluator.casts.contains(name) {
        return inner
          + templates.filter { !library.knowsClass($0) }.map { "\(name)<\($0)>" }
      }
      if CppEvaluator.functions.contains(name) || library.isEnumeration(name) || name == "get" {
        return inner
      }
      return inner + ["\(path.joined(separator: "::"))(...)"]
    }
  }
}
