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
  private var stepsTaken = 0
  private var nextCheck = 0
  private var started: Double = 0

  /// - Parameter module: the operation whose symbol table holds the functions, or a function itself.
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
    return try call(compiled, arguments, from: nil)
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

/// Knows how much of the thread's stack is left, so that deep recursion ends in a diagnostic.
enum StackGuard {
  /// Whether less than 256 KiB (a quarter of a smaller stack) are left.
  static var isLow: Bool {
    var marker: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    return here < floor
  }

  /// The lowest address to be used; the bounds of a thread are asked for once.
  private static var floor: UInt {
    if let known = pthread_getspecific(key) { return UInt(bitPattern: known) }
    var attributes = pthread_attr_t()
    var address: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_getattr_np(pthread_self(), &attributes) == 0 else { return 0 }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_getstack(&attributes, &address, &size)
    let floor = UInt(bitPattern: address) + UInt(min(256 << 10, size / 4))
    pthread_setspecific(key, UnsafeRawPointer(bitPattern: floor))
    return floor
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()
}

extension RuntimeValue {
  /// Why this is not a value of `type`; nil where it is one.
  func mismatch(_ type: Type) -> String? {
    switch self {
    case .integer(let value):
      guard let format = ElementFormat(type), !format.isFloat else { return "it is an integer" }
      return format.canonical(UInt64(bitPattern: value)) == UInt64(bitPattern: value)
        ? nil : "\(value) does not fit"
    case .float(let value): return type.floatKind == value.kind ? nil : "it is a \(value.kind)"
    case .vector(let array):
      return type.isVector ? RuntimeValue.mismatch(array.shape, array.format, type) : "it is a vector"
    case .tensor(let array):
      return type.isTensor ? RuntimeValue.mismatch(array.shape, array.format, type) : "it is a tensor"
    case .sparse(let array):
      return type.isTensor
        ? RuntimeValue.mismatch(array.shape, array.values.format, type) : "it is a sparse tensor"
    case .memref(let memref):
      return type.isMemRef
        ? RuntimeValue.mismatch(memref.sizes, memref.format, type) : "it is a memref"
    case .function: return type.isFunction ? nil : "it is a function"
    case .tuple(let elements):
      guard type.kind == .tuple, type.inputs.count == elements.count else { return "it is a tuple" }
      for (element, type) in zip(elements, type.inputs) {
        if let reason = element.mismatch(type) { return reason }
      }
      return nil
    case .object: return type.kind == nil ? nil : "it is an object"
    case .none: return type.kind == BuiltinTypeKind.none ? nil : "there is no value"
    }
  }

  private static func mismatch(_ shape: [Int], _ format: ElementFormat, _ type: Type) -> String? {
    if ElementFormat(type.elementType) != format { return "its elements are \(format)" }
    guard type.hasRank else { return nil }
    let matches =
      type.rank == shape.count
      && zip(type.shape, shape).allSatisfy { $0 == Type.dynamic || $0 == $1 }
    return matches ? nil : "its shape is \(shape.isEmpty ? "that of a scalar" : Shape.text(shape))"
  }
}
