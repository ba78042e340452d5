import Glibc
import MartletIR
import MartletSupport

/// Runs a module by the reference semantics of its operations: clear and exact rather than fast.
///
/// Whatever a program does wrong (an index out of bounds, a division by zero, an operation without
/// an interpretation, too much memory) is reported to the context's diagnostics at the operation, and
/// `Reported` is thrown. An interpreter belongs to its context's thread.
public final class Interpreter {
  public struct Options: Sendable {
    /// The most bytes a single array may take.
    public var memoryLimit = 8 << 30
    /// How many operations may be run; nil for any number.
    public var stepLimit: Int?
    /// How long a run may take, in seconds; nil for any time.
    public var timeLimit: Double?
    /// How deep calls may nest.
    public var callDepthLimit = 10_000
    public init() {}
  }

  public let module: Operation
  public let options: Options
  public let semantics: Semantics
  private var functions: [Operation: CompiledFunction] = [:]
  private var globals: [Operation: ArrayStorage] = [:]
  var transfers = PendingTransfers()
  var addressSpace = AddressSpace()
  private var stepsTaken = 0
  private var nextCheck = 0
  private var started: Double = 0

  /// - Parameter module: the operation whose symbol table holds the functions, or a function itself. It
  ///   must have passed the verifier.
  public init(
    module: Operation, options: Options = Options(), semantics: Semantics = .standard
  ) {
    self.module = module
    self.options = options
    self.semantics = semantics
  }

  /// Calls the function called `name`.
  /// - Parameter arguments: one value per parameter, of its type; dynamic sizes may be anything.
  /// - Returns: the function's results.
  public func run(_ name: String, arguments: [RuntimeValue] = [])
    throws(Reported) -> [RuntimeValue]
  {
    guard let function = lookup(name) else {
      throw module.emitError("there is no function called '\(name)'")
    }
    let compiled = try compiled(function)
    try check(arguments, compiled)
    stepsTaken = 0
    started = Interpreter.now()
    nextCheck = min(options.stepLimit ?? .max, 1 << 16)
    let wide = WideRegisters.current
    wide.beginRun()
    defer { wide.endRun() }
    transfers.removeAll()
    let results = try call(compiled, arguments, from: nil)
    if wide.hasOverflowed { throw function.emitError(WideRegisters.overflow) }
    return results
  }

  private func lookup(_ name: String) -> Operation? {
    if SymbolTable.name(of: module) == name { return module }
    return SymbolTable.lookup(name, in: module)
  }

  private func check(_ arguments: [RuntimeValue], _ function: CompiledFunction)
    throws(Reported)
  {
    let parameters = function.operation.region(0).arguments
    guard arguments.count == parameters.count else {
      throw function.operation.emitError(
        "function '\(function.name)' takes \(parameters.count) arguments, \(arguments.count) given")
    }
    for (i, (argument, parameter)) in zip(arguments, parameters).enumerated() {
      if let reason = argument.mismatch(parameter.type) {
        throw function.operation.emitError(
          "argument #\(i) of '\(function.name)' is not of type \(parameter.type): \(reason)")
      }
    }
  }

  // MARK: Functions and globals

  func compiled(_ function: Operation) throws(Reported) -> CompiledFunction {
    if let known = functions[function] { return known }
    let name = SymbolTable.name(of: function) ?? function.name.string
    guard function.regionCount > 0, !function.region(0).isEmpty else {
      throw function.emitError("function '\(name)' has no body to interpret")
    }
    let compiler = BodyCompiler(self)
    let body = try compiler.compile(function.region(0))
    let made = CompiledFunction(
      function, name: name, body: body, slotCount: compiler.slotCount)
    functions[function] = made
    return made
  }

  func call(
    _ function: CompiledFunction, _ arguments: [RuntimeValue],
    from caller: (instruction: Instruction, frame: Frame)?
  ) throws(Reported) -> [RuntimeValue] {
    let frame = Frame(self, function, caller: caller)
    for (slot, value) in zip(function.body.arguments, arguments) { frame.write(value, to: slot) }
    let root = Instruction(function.operation, operands: [], results: [])
    guard let end = try frame.run(function.body, for: root) else {
      throw function.operation.emitError("function '\(function.name)' does not return")
    }
    return end.operands.map { frame.read($0) }
  }

  /// The memory of a `memref.global`, made on first use.
  func global(_ operation: Operation, _ make: () throws(Reported) -> ArrayStorage)
    throws(Reported) -> ArrayStorage
  {
    if let known = globals[operation] { return known }
    let made = try make()
    globals[operation] = made
    return made
  }

  // MARK: Limits

  /// Counts operations; true now and then, when limits are to be looked at.
  @inline(__always)
  func spend(_ steps: Int) -> Bool {
    stepsTaken &+= steps
    return stepsTaken > nextCheck
  }

  /// Why the run must stop; nil where it may go on.
  func limitReached() -> String? {
    if WideRegisters.current.hasOverflowed { return WideRegisters.overflow }
    if let limit = options.stepLimit, stepsTaken > limit {
      return "reached the limit of \(limit) steps"
    }
    if let limit = options.timeLimit, Interpreter.now() - started > limit {
      return "reached the time limit of \(limit) seconds"
    }
    nextCheck = stepsTaken &+ (1 << 16)
    if let limit = options.stepLimit { nextCheck = min(nextCheck, limit) }
    return nil
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
