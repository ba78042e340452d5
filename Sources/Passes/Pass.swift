import MartletIR
import MartletRewriting
import MartletSupport

/// A transformation of the IR below one operation: a constant that says what it is called, what it takes
/// and what it does.
///
/// A pass changes the operation it is given and what that contains, nothing beside or around it.
public struct Pass: Sendable {
  /// As in pipelines: `canonicalize`.
  public let argument: String
  /// As in timing reports and IR dumps: `Canonicalizer`.
  public let name: String
  /// One line.
  public let summary: String
  /// The operation the pass runs on; nil for any.
  public let anchor: String?
  public let options: [PassOption]
  /// What it counts, see `PassContext.count`.
  public let statistics: [PassStatistic]
  /// Dialects it makes operations of; they are loaded before it runs.
  public let dependentDialects: [String]
  let body: @Sendable (Operation, PassContext) throws(Reported) -> Void

  public init(
    _ argument: String, name: String? = nil, _ summary: String, anchor: String? = nil,
    options: [PassOption] = [], statistics: [PassStatistic] = [],
    dependentDialects: [String] = [],
    _ body: @escaping @Sendable (Operation, PassContext) throws(Reported) -> Void
  ) {
    self.argument = argument
    self.name = name ?? argument
    self.summary = summary
    self.anchor = anchor
    self.options = options
    self.statistics = statistics
    self.dependentDialects = dependentDialects
    self.body = body
  }
}

/// A number a pass counts.
public struct PassStatistic: Sendable {
  public let name: String
  public let summary: String
  public init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}

/// What a pass knows beside the operation it runs on.
public final class PassContext {
  public let context: Context
  public let options: PassOptions
  /// Set by a pass that changed nothing; what was known of the IR then still holds, and it is not
  /// verified anew.
  public var isUnchanged = false
  /// What the pass has counted in this run, in the order declared.
  public private(set) var counts: [Int]
  private let pass: Pass
  private let root: Operation
  private let manager: PassManager?
  private let remarkHandler: ((Remark) -> Void)?

  init(
    _ root: Operation, _ pass: Pass, _ options: PassOptions, manager: PassManager?,
    remarks: ((Remark) -> Void)?
  ) {
    context = root.context
    self.options = options
    self.pass = pass
    self.root = root
    self.manager = manager
    remarkHandler = remarks
    counts = pass.statistics.map { _ in 0 }
  }

  /// For calling what a pass does as a function, beside any manager.
  public convenience init(
    calling pass: Pass, on root: Operation, remarks: ((Remark) -> Void)? = nil
  ) {
    self.init(root, pass, PassOptions(pass.options), manager: nil, remarks: remarks)
  }

  /// Adds to the statistic called `name`, which the pass declares.
  public func count(_ name: String, by amount: Int = 1) {
    guard let i = pass.statistics.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("statistic '\(name)' is not declared by pass \(pass.argument)")
    }
    counts[i] += amount
  }

  /// Whether anyone wants remarks; spares the looking for what they would say.
  public var wantsRemarks: Bool { remarkHandler != nil }

  /// Says what the pass did at `operation`, what stopped it, or what it found.
  /// - Parameter name: which of the pass's remarks it is, in CamelCase.
  public func remark(
    _ kind: Remark.Kind, _ name: String, _ message: @autoclosure () -> Remark.Message,
    at operation: Operation
  ) {
    guard remarkHandler != nil else { return }
    remark(
      kind, name, message(), at: operation.location, function: operation.enclosingFunction)
  }

  /// As above, for an operation that may be gone.
  public func remark(
    _ kind: Remark.Kind, _ name: String, _ message: @autoclosure () -> Remark.Message,
    at location: Location, function: String? = nil
  ) {
    guard let remarkHandler else { return }
    remarkHandler(
      Remark(
        kind, pass: pass.argument, name: name, at: location.position, subject: location.subject,
        function: function ?? root.enclosingFunction ?? root.name.string, message()))
  }

  /// Runs a pipeline on an operation inside the one the pass runs on, with the same reports and checks.
  public func run(_ pipeline: Pipeline, on operation: Operation) throws(Reported) {
    let manager = manager ?? PassManager(context, pipeline)
    try manager.run(pipeline, on: operation)
  }
}

extension Pass {
  /// Runs the pass alone, without a manager: no verification, no reports but remarks.
  /// - Returns: what it counted.
  @discardableResult
  public func run(
    on operation: Operation, options: [(String, PassOptionValue)] = [],
    remarks: ((Remark) -> Void)? = nil
  ) throws(Reported) -> [Int] {
    var values = PassOptions(self.options)
    for (name, value) in options { values.set(name, value) }
    for dialect in dependentDialects { operation.context.loadDialect(dialect) }
    let state = PassContext(operation, self, values, manager: nil, remarks: remarks)
    try runBody(operation, state)
    return state.counts
  }

  /// Runs the body; where remarks are wanted, each pattern applied and each fold makes one.
  func runBody(_ operation: Operation, _ state: PassContext) throws(Reported) {
    guard state.wantsRemarks else {
      try body(operation, state)
      return
    }
    let outer = operation.context.rewriteWatcher
    operation.context.rewriteWatcher = RemarkingWatcher(state)
    defer { operation.context.rewriteWatcher = outer }
    try body(operation, state)
  }
}

extension Context {
  /// Loads a dialect if it is registered and not loaded yet.
  func loadDialect(_ name: String) {
    if loadedDialects[name] == nil { _ = dialect(name) }
  }
}
