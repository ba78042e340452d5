import MartletSupport

/// What went wrong, as the diagnostics the program prints.
public struct MartletError: Error, Sendable, CustomStringConvertible {
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  public init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }
  public init(_ message: String, subject: String? = nil) {
    diagnostics = [Diagnostic(.error, message, subject: subject)]
  }

  public var description: String {
    diagnostics.map(\.description).joined(separator: "\n")
  }
}
