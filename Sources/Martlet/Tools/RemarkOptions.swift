import MartletPasses
import MartletSupport
import Synchronization

/// Which remarks a command prints, and where it keeps all of them.
struct RemarkOptions {
  /// Which passes' remarks are printed, as a regular expression; nil where none are.
  private(set) var pattern: String?
  /// The file that takes all remarks in LLVM's YAML.
  var output: String?

  static let printHelp =
    "print what passes did and could not do; only those whose name matches REGEX"
  static let outputHelp = "write all remarks to FILE, in LLVM's YAML"

  mutating func print(_ text: String?) throws(UsageError) {
    do throws(RegularExpression.Invalid) {
      _ = try RegularExpression(text ?? "")
    } catch {
      throw UsageError(
        "option '--remarks' takes a regular expression, not '\(text ?? "")': \(error.reason)")
    }
    pattern = text ?? ""
  }

  /// Whether any remark is wanted.
  var isActive: Bool { pattern != nil || output != nil }

  /// Takes the remarks of a run; nil where none are wanted.
  func makeCollector() -> RemarkCollector? { isActive ? RemarkCollector(self) : nil }
}

/// Takes remarks as they come: prints those asked for and keeps the text of all for the file.
final class RemarkCollector: Sendable {
  private let output: String?
  private let printsAny: Bool
  private struct State {
    var yaml: [UInt8] = []
    /// What the pattern says of each pass met.
    var isWanted: [String: Bool] = [:]
  }
  private let state = Mutex(State())
  private let pattern: String

  init(_ options: RemarkOptions) {
    output = options.output
    printsAny = options.pattern != nil
    pattern = options.pattern ?? ""
  }

  /// - Returns: the remark where it is to be printed.
  @discardableResult
  func take(_ remark: Remark) -> Remark? {
    state.withLock { state in
      if output != nil { state.yaml += Array(remark.yaml.utf8) }
      guard printsAny, isWanted(remark.pass, &state.isWanted) else { return nil }
      return remark
    }
  }

  private func isWanted(_ pass: String, _ known: inout [String: Bool]) -> Bool {
    if let answer = known[pass] { return answer }
    let expression = try? RegularExpression(pattern)
    let answer = expression?.matches(pass) ?? false
    known[pass] = answer
    return answer
  }

  /// Writes the file, if there is to be one.
  func finish() throws(Diagnostic) {
    guard let output else { return }
    try writeFileAtomically(output, state.withLock { $0.yaml })
  }
}
