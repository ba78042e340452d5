import MartletIR
import MartletRewriting
import MartletSupport

/// What a pass says of its work at one place: that it did something, that something stopped it, or what it
/// found out.
public struct Remark: Sendable, Equatable {
  /// The kinds LLVM's remarks have.
  public enum Kind: String, Sendable, CaseIterable {
    /// An optimisation was made.
    case passed = "Passed"
    /// One could not be made, or was not worth it.
    case missed = "Missed"
    /// A fact that was found or a number that was counted.
    case analysis = "Analysis"
  }

  /// A text some parts of which have names, by which programs find them:
  /// `"'\(callee, as: "Callee")' is recursive"`.
  public struct Message: Sendable, Equatable {
    public struct Part: Sendable, Equatable {
      /// nil for text between the named parts.
      public var key: String?
      public var text: String
    }
    public var parts: [Part] = []
  }

  public var kind: Kind
  /// The argument of the pass, `canonicalize`.
  public var pass: String
  /// Which of the pass's remarks it is, in CamelCase: `Inlined`.
  public var name: String
  public var position: SourcePosition?
  /// What stands in for a position where there is none.
  public var subject: String?
  /// The symbol of the function around the place; where there is none, the name of the operation the pass
  /// ran on.
  public var function: String
  public var message: Message

  public init(
    _ kind: Kind, pass: String, name: String, at position: SourcePosition? = nil,
    subject: String? = nil, function: String, _ message: Message
  ) {
    self.kind = kind
    self.pass = pass
    self.name = name
    self.position = position
    self.subject = subject
    self.function = function
    self.message = message
  }

  /// The message as one text.
  public var text: String { message.parts.map(\.text).joined() }

  /// As tools print it: `'f' inlined into 'g' [inline, passed: Inlined]`.
  public var diagnostic: Diagnostic {
    Diagnostic(
      .remark, "\(text) [\(pass), \(kind.rawValue.lowercased()): \(name)]", at: position,
      subject: subject)
  }
}

extension Remark.Message: ExpressibleByStringInterpolation {
  public struct StringInterpolation: StringInterpolationProtocol {
    var parts: [Part] = []

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) { append(nil, literal) }
    public mutating func appendInterpolation<Value>(_ value: Value) { append(nil, "\(value)") }
    /// A part that programs find by `key`, in CamelCase.
    public mutating func appendInterpolation<Value>(_ value: Value, as key: String) {
      append(key, "\(value)")
    }

    private mutating func append(_ key: String?, _ text: String) {
      if key == nil {
        if text.isEmpty { return }
        if let last = parts.indices.last, parts[last].key == nil {
          parts[last].text += text
          return
        }
      }
      parts.append(Part(key: key, text: text))
    }
  }

  public init(stringLiteral value: String) {
    parts = value.isEmpty ? [] : [Part(key: nil, text: value)]
  }

  public init(stringInterpolation interpolation: StringInterpolation) {
    parts = interpolation.parts
  }
}

// MARK: - LLVM's format

extension Remark {
  /// The document LLVM's tools (opt-viewer, llvm-remarkutil) read.
  public var yaml: String {
    var text = "--- !\(kind.rawValue)\n"
    text += "Pass:            \(Remark.scalar(pass))\n"
    text += "Name:            \(Remark.scalar(name))\n"
    if let position {
      text += "DebugLoc:        { File: \(Remark.scalar(position.file)), Line: \(position.line), "
      text += "Column: \(position.column) }\n"
    }
    text += "Function:        \(Remark.scalar(function))\n"
    if !message.parts.isEmpty {
      text += "Args:\n"
      for part in message.parts {
        let key = (part.key ?? "String") + ":"
        let gap = String(repeating: " ", count: max(1, 17 - key.utf8.count))
        text += "  - \(key)\(gap)\(Remark.scalar(part.text))\n"
      }
    }
    return text + "...\n"
  }

  /// A plain YAML scalar where the text may be one, else a quoted one.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { isLetter($0) } ?? false
      && text.utf8.allSatisfy { isLetter($0) || ($0 >= 48 && $0 <= 57) || $0 == 45 || $0 == 46 }
      && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .contains(text.lowercased())
    if isPlain || (!text.isEmpty && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }) { return text }
    if text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) {
      return "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''") + "'"
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\" + String(scalar)
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 32 || scalar.value == 127:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\x" + String(repeating: "0", count: 2 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 32 >= 97 && byte | 32 <= 122) || byte == 95
  }
}

// MARK: - Rewrites as remarks

/// Makes a remark of each pattern a driver applies and each fold while a pass runs.
final class RemarkingWatcher: RewriteWatcher {
  private let state: PassContext
  init(_ state: PassContext) { self.state = state }

  override func didApply(_ pattern: String, _ site: RewriteSite) {
    state.remark(
      .passed, Self.camelCase(pattern),
      "pattern \(pattern, as: "Pattern") applied to \(site.name.string, as: "Operation")",
      at: site.location, function: site.function)
  }

  override func didFold(_ site: RewriteSite) {
    state.remark(
      .passed, "Folded", "\(site.name.string, as: "Operation") folded", at: site.location,
      function: site.function)
  }

  /// `add-of-negated` as `AddOfNegated`.
  static func camelCase(_ name: String) -> String {
    var text = ""
    var isStart = true
    for character in name {
      if character.isLetter || character.isNumber {
        text += isStart ? character.uppercased() : String(character)
        isStart = false
      } else {
        isStart = true
      }
    }
    return text
  }
}
