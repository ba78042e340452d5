import MartletIR
import MartletSupport

/// Writes the IR before and after passes, under banners such as MLIR's.
public final class IRDumper: PassInstrumentation {
  /// Which passes a dump is made around.
  public enum Selection: Sendable {
    case none, all
    case passes([String])

    func contains(_ pass: Pass) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .passes(let arguments): arguments.contains(pass.argument)
      }
    }
  }

  public var before = Selection.none
  public var after = Selection.none
  /// Leaves out what a pass did not change.
  public var onlyChanged = false
  /// Dumps after passes that fail.
  public var afterFailure = false
  /// Prints the whole module rather than the operation a pass runs on.
  public var wholeModule = false
  private let print: (Operation) -> String
  private let write: (String) -> Void
  /// Texts before the passes that are running, where needed for comparison.
  private var earlier: [String] = []

  /// - Parameters:
  ///   - print: the text of an operation, without a newline at its end.
  ///   - write: takes the dumps, which belong on standard error.
  public init(print: @escaping (Operation) -> String, write: @escaping (String) -> Void) {
    self.print = print
    self.write = write
  }

  public func willRun(_ pass: Pass, on operation: Operation) {
    if before.contains(pass) { dump("Before", pass, operation) }
    if onlyChanged, after.contains(pass) { earlier.append(print(operation)) }
  }

  public func didRun(_ pass: Pass, on operation: Operation, _ state: PassContext) {
    guard after.contains(pass) else { return }
    if onlyChanged, let old = earlier.popLast() {
      if state.isUnchanged || print(operation) == old { return }
    }
    dump("After", pass, operation)
  }

  public func didFail(_ pass: Pass, on operation: Operation) {
    if onlyChanged, after.contains(pass) { earlier.removeLast() }
    if afterFailure || after.contains(pass) {
      dump("After", pass, operation, suffix: " Failed")
    }
  }

  private func dump(_ when: String, _ pass: Pass, _ operation: Operation, suffix: String = "") {
    var shown = operation
    var place = ""
    if wholeModule, operation.block != nil {
      place = " ('\(operation.name)' operation"
      if let symbol = SymbolTable.name(of: operation) { place += ": @\(symbol)" }
      place += ")"
      while let parent = shown.parent { shown = parent }
    }
    let banner =
      "// -----// IR Dump \(when) \(pass.name)\(suffix) (\(pass.argument))\(place) //----- //"
    // A whole module's text ends its own line.
    let end = shown.block == nil ? "\n\n\n" : "\n\n"
    write(banner + "\n" + print(shown) + end)
  }
}
