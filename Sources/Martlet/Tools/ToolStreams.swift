import Glibc
import MartletSupport

/// Where a tool writes: results to one stream, everything else to the other. Tests collect both.
public final class ToolStreams {
  private let out: (UnsafeRawBufferPointer) -> Void
  private let error: (String) -> Void

  public init(
    out: @escaping (UnsafeRawBufferPointer) -> Void, error: @escaping (String) -> Void
  ) {
    self.out = out
    self.error = error
  }

  /// Standard output and standard error of the process.
  public static func standard() -> ToolStreams {
    ToolStreams(
      out: { writeFully(1, $0) },
      error: { text in
        var copy = text
        copy.withUTF8 { writeFully(2, UnsafeRawBufferPointer($0)) }
      })
  }

  public func write(_ bytes: UnsafeRawBufferPointer) { out(bytes) }
  public func write(_ text: String) {
    var copy = text
    copy.withUTF8 { out(UnsafeRawBufferPointer($0)) }
  }
  public func report(_ text: String) { error(text) }
  public func report(_ diagnostic: Diagnostic) { error("\(diagnostic)\n") }
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
