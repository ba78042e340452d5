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

    public var isNone: Bool { if case .none = self { true } else { false } }
  }

  /// When something is dumped, and what.
  public struct Options: Sendable {
    public var before = Selection.none
    public var after = Selection.none
    /// Leaves out what a pass did not change.
    public var onlyChanged = false
    /// Of the dumps after passes, leaves out those after passes that succeed.
    public var onlyFailed = false
    /// Prints the whole module rather than the operation a pass runs on.
    public var wholeModule = false

    public init() {}

    /// Whether any dump can come of this.
    public var isActive: Bool { !before.isNone || !after.isNone }
  }

  /// Takes a dump, made around a pass on an operation.
  public typealias Sink = (_ text: String, _ pass: Pass, _ operation: Operation) -> Void

  private let options: Options
  private let print: (Operation) -> String
  private let sink: Sink
  /// Texts before the passes that are running, where needed for comparison.
  private var earlier: [String] = []

  /// - Parameters:
  ///   - print: the text of an operation, as it is to stand between the banner and the empty line
  ///     that ends a dump.
  ///   - sink: takes the dumps; standard error or files are their place.
  public init(_ options: Options, print: @escaping (Operation) -> String, sink: @escaping Sink) {
    self.options = options
    self.print = print
    self.sink = sink
  }

  public func willRun(_ site: PassSite, on operation: Operation) {
    if options.before.contains(site.pass) { dump("Before", site.pass, operation) }
    if needsComparison(site.pass) { earlier.append(print(operation)) }
  }

  public func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) {
    let old = needsComparison(site.pass) ? earlier.popLast() : nil
    guard !options.onlyFailed, options.after.contains(site.pass) else { return }
    if let old, state.isUnchanged || print(operation) == old { return }
    dump("After", site.pass, operation)
  }

  public func didFail(_ site: PassSite, on operation: Operation) {
    if needsComparison(site.pass) { earlier.removeLast() }
    if options.after.contains(site.pass) {
      dump("After", site.pass, operation, suffix: " Failed")
    }
  }

  private func needsComparison(_ pass: Pass) -> Bool {
    options.onlyChanged && options.after.contains(pass)
  }

  private func dump(_ when: String, _ pass: Pass, _ operation: Operation, suffix: String = "") {
    var shown = operation
    var place = ""
    if options.wholeModule {
      place = " ('\(operation.name)' operation"
      if let symbol = SymbolTable.name(of: operation) { place += ": @\(symbol)" }
      place += ")"
      while let parent = shown.parent { shown = parent }
    }
    let banner =
      "// -----// IR Dump \(when) \(pass.name)\(suffix) (\(pass.argument))\(place) //----- //"
    sink(banner + "\n" + print(shown) + "\n\n", pass, operation)
  }
}

/// Names of files for dumps, in folders nested as the operations are; MLIR's: for each operation a folder of
/// its name and symbol, in it files numbered by the dumps made of the operation and of those around it.
public struct IRDumpTree {
  private var counts: [Operation: Int] = [:]

  public init() {}

  /// The folders below the root, and the file in them, for the next dump of `operation`.
  public mutating func next(_ pass: Pass, _ operation: Operation) -> (
    folders: [String], file: String
  ) {
    counts[operation] = counts[operation].map { $0 + 1 } ?? 0
    var numbers: [String] = []
    var folders: [String] = []
    var current: Operation? = operation
    while let op = current {
      let count = counts[op] ?? 0
      counts[op] = count
      numbers.append("\(count)")
      folders.append(folder(op))
      current = op.parent
    }
    let file = numbers.reversed().joined(separator: "_") + "_\(pass.argument).mlir"
    return (folders.reversed(), file)
  }

  /// Neither a symbol's slashes nor its length may lead elsewhere.
  private func folder(_ operation: Operation) -> String {
    let name = operation.name.string.map { $0 == "." ? "_" : $0 }
    let symbol = (SymbolTable.name(of: operation) ?? "no-symbol-name").map {
      $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0
    }
    return String((String(name) + "_" + String(symbol)).prefix(200))
  }
}
