/// The value of a pass option.
public enum PassOptionValue: Equatable, Sendable {
  case bool(Bool)
  case integer(Int)
  case double(Double)
  case string(String)
  case list([PassOptionValue])
}

extension PassOptionValue: CustomStringConvertible {
  /// As written in a pipeline; text with blanks outside of brackets stands in braces.
  public var description: String {
    switch self {
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .double(let value): return "\(value)"
    case .string(let text):
      return PassOptionValue.written(text)
    case .list(let values): return values.map(\.description).joined(separator: ",")
    }
  }
}

extension PassOptionValue {
  /// `text` so that it is read back: as it is, in braces, or, where its brackets do not match, in quotes.
  fileprivate static func written(_ text: String) -> String {
    var depth = 0
    var isBalanced = true
    var hasBlank = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"):
        depth -= 1
        if depth < 0 { isBalanced = false }
      case 32, 9...13: hasBlank = hasBlank || depth == 0
      default: break
      }
    }
    if !isBalanced || depth != 0 {
      let quote = text.utf8.contains(UInt8(ascii: "'")) ? "\"" : "'"
      return quote + text + quote
    }
    let first = text.utf8.first
    let isQuoted = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    // Braces around the whole would be taken off again.
    let isBraced = first == UInt8(ascii: "{")
    return hasBlank || isQuoted || isBraced ? "{\(text)}" : text
  }
}

/// An option a pass takes: data, so that pipelines, help and documentation are made from it.
public struct PassOption: Sendable {
  public indirect enum Kind: Equatable, Sendable {
    case bool, integer, double, string
    /// One of these words.
    case keyword([String])
    /// Values of this kind, separated by commas.
    case list(Kind)
  }

  public let name: String
  public let kind: Kind
  public let defaultValue: PassOptionValue
  public let summary: String

  public init(
    _ name: String, _ kind: Kind, default defaultValue: PassOptionValue, _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.summary = summary
  }

  public static func bool(_ name: String, default value: Bool, _ summary: String) -> PassOption {
    PassOption(name, .bool, default: .bool(value), summary)
  }
  public static func integer(_ name: String, default value: Int, _ summary: String) -> PassOption {
    PassOption(name, .integer, default: .integer(value), summary)
  }
  public static func string(_ name: String, default value: String, _ summary: String) -> PassOption
  {
    PassOption(name, .string, default: .string(value), summary)
  }
  /// One of `words`, the first unless `value` is given.
  public static func keyword(
    _ name: String, _ words: [String], default value: String? = nil, _ summary: String
  ) -> PassOption {
    PassOption(name, .keyword(words), default: .string(value ?? words.first ?? ""), summary)
  }
  public static func list(_ name: String, of kind: Kind, _ summary: String) -> PassOption {
    PassOption(name, .list(kind), default: .list([]), summary)
  }

  /// The value `text` stands for; nil where it is none. An empty text is `true` for a flag.
  func parse(_ text: String) -> PassOptionValue? { Self.parse(text, kind) }

  private static func parse(_ text: String, _ kind: Kind) -> PassOptionValue? {
    switch kind {
    case .bool:
      switch text {
      case "", "true", "1", "TRUE", "True": return .bool(true)
      case "false", "0", "FALSE", "False": return .bool(false)
      default: return nil
      }
    case .integer: return Int(text).map { .integer($0) }
    case .double: return Double(text).map { .double($0) }
    case .string: return .string(text)
    case .keyword(let words): return words.contains(text) ? .string(text) : nil
    case .list(let element):
      var values: [PassOptionValue] = []
      for part in splitList(text) {
        guard let value = parse(part, element) else { return nil }
        values.append(value)
      }
      return .list(values)
    }
  }

  /// Splits at commas outside of brackets.
  private static func splitList(_ text: String) -> [String] {
    if text.isEmpty { return [] }
    var parts: [String] = [""]
    var depth = 0
    for character in text {
      if "({[".contains(character) { depth += 1 }
      if ")}]".contains(character) { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// What values are allowed, in words.
  public var expectation: String { Self.expectation(kind) }

  private static func expectation(_ kind: Kind) -> String {
    switch kind {
    case .bool: "true or false"
    case .integer: "an integer"
    case .double: "a number"
    case .string: "text"
    case .keyword(let words): "one of " + words.joined(separator: ", ")
    case .list(let element): "a comma-separated list of values, each \(expectation(element))"
    }
  }
}

/// The options of one pass in a pipeline: those given, the others at their defaults.
public struct PassOptions: Equatable, Sendable {
  public private(set) var values: [PassOptionValue]
  private var given: Set<Int> = []
  private let names: [String]

  public init(_ declared: [PassOption]) {
    values = declared.map(\.defaultValue)
    names = declared.map(\.name)
  }

  /// Sets a declared option; false where there is none of that name.
  @discardableResult
  public mutating func set(_ name: String, _ value: PassOptionValue) -> Bool {
    guard let i = names.firstIndex(of: name) else { return false }
    values[i] = value
    given.insert(i)
    return true
  }

  /// Whether the pipeline sets the option, be it to its default.
  public func isGiven(_ name: String) -> Bool {
    names.firstIndex(of: name).map(given.contains) ?? false
  }

  /// The value of a declared option. Asking for one that is not declared is a bug of the pass.
  public subscript(name: String) -> PassOptionValue {
    guard let i = names.firstIndex(of: name) else {
      preconditionFailure("pass option '\(name)' is not declared")
    }
    return values[i]
  }

  public func bool(_ name: String) -> Bool { self[name] == .bool(true) }
  public func integer(_ name: String) -> Int {
    if case .integer(let value) = self[name] { return value }
    return 0
  }
  public func double(_ name: String) -> Double {
    switch self[name] {
    case .double(let value): return value
    case .integer(let value): return Double(value)
    default: return 0
    }
  }
  public func string(_ name: String) -> String {
    if case .string(let text) = self[name] { return text }
    return ""
  }
  public func list(_ name: String) -> [PassOptionValue] {
    if case .list(let values) = self[name] { return values }
    return []
  }
  public func integers(_ name: String) -> [Int] {
    list(name).compactMap { if case .integer(let value) = $0 { value } else { nil } }
  }
  public func strings(_ name: String) -> [String] {
    list(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  /// `{a=1 b=false}` of all options, sorted by name; empty where there are none. Of an empty list, as in
  /// MLIR's text, only the blank that parts it from the next is there.
  public var text: String {
    if names.isEmpty { return "" }
    let parts = zip(names, values).sorted { $0.0 < $1.0 }.map { (name, value) in
      guard case .list(let elements) = value else { return "\(name)=\(value)" }
      return elements.isEmpty ? "" : "\(name)={\(value)}"
    }
    return "{" + parts.joined(separator: " ") + "}"
  }
}
