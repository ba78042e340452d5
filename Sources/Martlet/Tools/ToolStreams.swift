import Glibc
import MartletSupport

/// Where a tool writes: results to one stream, everything else to the other. Tests collect both.
public final class ToolStreams {
  private let out: (UnsafeRawBufferPointer) -> Void
  private let error: (String) -> Void
  /// How diagnostics are written.
  public private(set) var diagnostics = DiagnosticOptions()
  /// Whether results, and messages, go to a terminal that shows colours.
  public let colors: (out: Bool, error: Bool)

  public init(
    colors: (out: Bool, error: Bool) = (false, false),
    out: @escaping (UnsafeRawBufferPointer) -> Void, error: @escaping (String) -> Void
  ) {
    self.colors = colors
    self.out = out
    self.error = error
    diagnostics.color = colors.error
  }

  /// Standard output and standard error of the process.
  public static func standard() -> ToolStreams {
    ToolStreams(
      colors: (out: showsColors(1), error: showsColors(2)), out: { writeFully(1, $0) },
      error: { text in
        var copy = text
        copy.withUTF8 { writeFully(2, UnsafeRawBufferPointer($0)) }
      })
  }

  /// Writes diagnostics as `options` say; colours, where they do not, as the stream shows them.
  public func use(_ options: DiagnosticOptions) {
    diagnostics = options
    if diagnostics.color == nil { diagnostics.color = colors.error }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) { out(bytes) }
  public func write(_ text: String) {
    var copy = text
    copy.withUTF8 { out(UnsafeRawBufferPointer($0)) }
  }
  public func report(_ text: String) { error(text) }
  public func report(_ diagnostic: Diagnostic) { error(diagnostics.text(diagnostic)) }
}

/// Whether a stream is a terminal, and colours are wanted: NO_COLOR set to anything (no-color.org) and a
/// terminal called dumb say they are not.
private func showsColors(_ descriptor: Int32) -> Bool {
  guard isatty(descriptor) == 1 else { return false }
  if let word = getenv("NO_COLOR"), word.pointee != 0 { return false }
  if let terminal = getenv("TERM"), String(cString: terminal) == "dumb" { return false }
  return true
}

private func writeFully(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) {
  var offset = 0
  while offset < bytes.count, let base = bytes.baseAddress {
    let written = Glibc.write(descriptor, base + offset, bytes.count - offset)
    if written < 0, errno != EINTR { return }
    offset += max(written, 0)
  }
}

/// How a tool ends: 0 done, 1 a diagnosed error, 2 wrong usage.
public enum ToolStatus: Int32, Sendable {
  case success = 0
  case failure = 1
  case usage = 2
}

/// Thrown on wrong usage of a tool.
public struct UsageError: Error, Sendable {
  public let message: String
  public init(_ message: String) { self.message = message }
}
