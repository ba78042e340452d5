/// How grave a diagnostic is. Errors make the program exit with status 1.
public enum Severity: String, Sendable {
  case error, warning, remark, note
}

/// A place in a text file, with 1-based line and column (columns count bytes).
public struct SourcePosition: Equatable, Sendable {
  public var file: String
  public var line: Int
  public var column: Int
  /// How many bytes from `column` on the diagnostic speaks of; 0 where only the point is known.
  public var length: Int
  /// The text of the line, for the caret; nil where the source is not at hand.
  public var lineText: String?

  public init(file: String, line: Int, column: Int, length: Int = 0, lineText: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
    self.lineText = lineText
  }
}

/// One message to the user: what is wrong, where, and the notes that belong to it.
public struct Diagnostic: Error, Sendable, CustomStringConvertible {
  public var severity: Severity
  public var message: String
  public var position: SourcePosition?
  /// What is named in front of the message when there is no position, e.g. a file's path.
  public var subject: String?
  public var notes: [Diagnostic]

  public init(
    _ severity: Severity = .error, _ message: String, at position: SourcePosition? = nil,
    subject: String? = nil, notes: [Diagnostic] = []
  ) {
    self.severity = severity
    self.message = message
    self.position = position
    self.subject = subject
    self.notes = notes
  }

  /// `file:line:column: error: message`, the source line and a caret under it, then the notes.
  public var description: String {
    var text = ""
    if let position {
      text += "\(position.file):\(position.line):\(position.column): "
    } else if let subject {
      text += "\(subject): "
    }
    text += "\(severity.rawValue): \(message)"
    if let position, let line = position.lineText { text += "\n" + excerpt(line, position) }
    for note in notes { text += "\n\(note)" }
    return text
  }

  /// The source line and a caret line; tabs are kept so that the caret stands under its place, and
  /// a very long line is cut around the caret.
  private func excerpt(_ line: String, _ position: SourcePosition) -> String {
    let bytes = Array(line.utf8)
    let column = min(max(position.column - 1, 0), bytes.count)
    let first = column > 120 ? column - 60 : 0
    let last = min(bytes.count, first + 160)
    let shown = String(decoding: bytes[first..<last], as: UTF8.self)
    let pad = bytes[first..<column].map { $0 == 9 ? "\t" : " " }.joined()
    let run = max(1, min(position.length, last - column))
    return shown + "\n" + pad + "^" + String(repeating: "~", count: run - 1)
  }
}

/// Thrown where the reason has already been reported to a `DiagnosticEngine`.
public struct Reported: Error, Sendable { public init() {} }

/// Collects diagnostics, in order, and hands each on as it comes.
public final class DiagnosticEngine {
  /// Called with each diagnostic as it is reported; nil only collects.
  public var handler: ((Diagnostic) -> Void)?
  public private(set) var diagnostics: [Diagnostic] = []
  public private(set) var errorCount = 0
  /// The texts diagnostics may point into, by file name, for the caret lines.
  private var sources: [String: SourceFile] = [:]

  public init(handler: ((Diagnostic) -> Void)? = nil) { self.handler = handler }

  public var hasErrors: Bool { errorCount > 0 }

  public func addSource(_ source: SourceFile) { sources[source.name] = source }

  /// The text of a line of a source added before, for a caret.
  public func lineText(file: String, line: Int) -> String? { sources[file]?.lineText(line) }

  public func report(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    complete(&diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
    diagnostics.append(diagnostic)
    handler?(diagnostic)
  }

  private func complete(_ diagnostic: inout Diagnostic) {
    if var position = diagnostic.position, position.lineText == nil {
      position.lineText = lineText(file: position.file, line: position.line)
      diagnostic.position = position
    }
    for i in diagnostic.notes.indices { complete(&diagnostic.notes[i]) }
  }

  /// Runs `body` with diagnostics kept from the handler and the record; returns them.
  public func capturing(_ body: () throws -> Void) rethrows -> [Diagnostic] {
    let savedHandler = handler
    let savedDiagnostics = diagnostics
    let savedErrors = errorCount
    handler = nil
    diagnostics = []
    defer {
      handler = savedHandler
      diagnostics = savedDiagnostics
      errorCount = savedErrors
    }
    try body()
    return diagnostics
  }
}
