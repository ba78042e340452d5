/// How diagnostics are shown.
public struct DiagnosticOptions: Sendable {
  public enum Format: String, Sendable, CaseIterable { case text, json }
  public enum Verbosity: String, Sendable, CaseIterable {
    case errors, warnings, remarks

    func shows(_ severity: Severity) -> Bool {
      switch severity {
      case .error, .note: true
      case .warning: self != .errors
      case .remark: self == .remarks
      }
    }
  }

  public var format = Format.text
  /// Whether text is coloured; nil where that depends on what it is written to.
  public var color: Bool?
  /// Errors in one file after which reading stops; 0 for all there are.
  public var limit = 20
  public var verbosity = Verbosity.remarks
  public var showsNotes = true

  public init() {}

  /// The text of a diagnostic with a line break at its end; empty where it is not to be shown.
  public func text(_ diagnostic: Diagnostic) -> String {
    guard verbosity.shows(diagnostic.severity) else { return "" }
    var diagnostic = diagnostic
    if !showsNotes { diagnostic.notes = [] }
    switch format {
    case .text: return diagnostic.text(isColored: color ?? false) + "\n"
    case .json: return diagnostic.json + "\n"
    }
  }
}

extension Diagnostic {
  /// One JSON object without line breaks. Lines and columns count from 1, columns in bytes of UTF-8;
  /// `endColumn` is that behind the last byte spoken of. What is not known is left out.
  public var json: String {
    var fields = ["\"severity\":\"\(severity.rawValue)\""]
    if let position {
      fields.append("\"file\":\(Diagnostic.quoted(position.file))")
      fields.append("\"line\":\(position.line)")
      fields.append("\"column\":\(position.column)")
      fields.append("\"endColumn\":\(position.column + max(position.length, 0))")
    } else if let subject {
      fields.append("\"file\":\(Diagnostic.quoted(subject))")
    }
    fields.append("\"message\":\(Diagnostic.quoted(message))")
    fields.append("\"notes\":[\(notes.map(\.json).joined(separator: ","))]")
    return "{\(fields.joined(separator: ","))}"
  }

  /// A JSON string (RFC 8259, section 7).
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 32 || scalar.value == 127:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
