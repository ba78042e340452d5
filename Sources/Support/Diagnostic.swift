/// How grave a diagnostic is. Errors make the program exit with status 1.
public enum Severity: String, Sendable {
  case error, warning, remark, note

  /// The escape sequence of a terminal that sets the colour of the word, bold.
  var color: String {
    switch self {
    case .error: "\u{1b}[1;31m"
    case .warning: "\u{1b}[1;35m"
    case .remark: "\u{1b}[1;34m"
    case .note: "\u{1b}[1;36m"
    }
  }
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
  /// Whether this is help beyond what MLIR reports; comments that expect diagnostics need not name it.
  public var isHint = false

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

  /// A note that helps beyond what MLIR reports.
  public static func hint(
    _ message: String, at position: SourcePosition? = nil, subject: String? = nil
  ) -> Diagnostic {
    var note = Diagnostic(.note, message, at: position, subject: subject)
    note.isHint = true
    return note
  }

  public var description: String { text(isColored: false) }

  /// `file:line:column: error: message`, the source line and a caret under it, then the notes.
  public func text(isColored: Bool) -> String {
    let bold = isColored ? "\u{1b}[1m" : ""
    let plain = isColored ? "\u{1b}[0m" : ""
    var text = bold
    if let position {
      text += "\(position.file):\(position.line):\(position.column): "
    } else if let subject {
      text += "\(subject): "
    }
    let paint = isColored ? severity.color : ""
    text +=
      "\(paint)\(severity.rawValue): \(plain)\(severity == .note ? "" : bold)\(message)\(plain)"
    if let position, let line = position.lineText {
      text += "\n" + excerpt(line, position, isColored: isColored)
    }
    for note in notes { text += "\n" + note.text(isColored: isColored) }
    return text
  }

  /// The source line and a caret line; tabs are kept so that the caret stands under its place, and
  /// a very long line is cut around the caret.
  private func excerpt(_ line: String, _ position: SourcePosition, isColored: Bool) -> String {
    let bytes = Array(line.utf8)
    let column = min(max(position.column - 1, 0), bytes.count)
    let first = column > 120 ? column - 60 : 0
    let last = min(bytes.count, first + 160)
    let shown = String(decoding: bytes[first..<last], as: UTF8.self)
    let pad = bytes[first..<column].map { $0 == 9 ? "\t" : " " }.joined()
    let run = max(1, min(position.length, last - column))
    let mark = "^" + String(repeating: "~", count: run - 1)
    return shown + "\n" + pad + (isColored ? "\u{1b}[1;32m\(mark)\u{1b}[0m" : mark)
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
  /// Errors beyond this many are counted and not reported; nil reports all.
  public var errorLimit: Int?
  /// How many errors were not reported.
  public private(set) var droppedErrors = 0
  /// Whether the next error will only be counted.
  public var dropsErrors: Bool { errorLimit.map { errorCount >= $0 } ?? false }

  /// Counts an error that would be dropped, without the cost of making it.
  public func dropError() {
    errorCount += 1
    droppedErrors += 1
  }

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
    if diagnostic.severity == .error {
      errorCount += 1
      if let errorLimit, errorCount > errorLimit {
        droppedErrors += 1
        return
      }
    }
    diagnostics.append(diagnostic)
    handler?(diagnostic)
  }

  private func complete(_ diagnostic: inout Diagnostic) {
    if var position = diagnostic.position, position.lineText == nil {
      position.lineText = lineText(file: position.file, line: position.line)
      diagnostic.position = position
    }
    if var position = diagnostic.position, position.length == 0, let line = position.lineText {
      position.length = wordLength(line, from: position.column - 1)
      diagnostic.position = position
    }
    for i in diagnostic.notes.indices { complete(&diagnostic.notes[i]) }
  }

  /// The length in bytes of the name or quoted text that begins at `start`; 0 where none does.
  private func wordLength(_ line: String, from start: Int) -> Int {
    var copy = line
    return copy.withUTF8 { bytes in
      guard bytes.indices.contains(start) else { return 0 }
      var end = start
      if bytes[end] == UInt8(ascii: "\"") {
        end += 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
          end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return end < bytes.count ? end + 1 - start : 1
      }
      if "%@^#!".utf8.contains(bytes[end]) { end += 1 }
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      return end - start
    }
  }

  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "$"):
      true
    default: false
    }
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
