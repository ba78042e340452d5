import Glibc
import MartletCPU
import MartletDialects
import MartletIR
@_exported import MartletRuntime
import MartletSupport
import Synchronization

/// A model or module, ready to be run. It is compiled for the shapes of its inputs when they are first met.
///
/// ```swift
/// let program = try Program(contentsOf: "cnn.onnx")
/// let logits = try program.run(["images": images])["logits"]
/// ```
/// A program may be run by several threads at once.
public final class Program: Sendable {
  public let options: CompileOptions
  private let source: ProgramSource
  private let cache: CompileCache?

  private struct State {
    var signature: Signature?
    var digest: ContentDigest?
    var executables: [String: Executable] = [:]
  }
  private let state = Mutex(State())

  /// Opens the model at `path`: `.onnx`, or MLIR text at any level.
  /// - Throws: `MartletError` where the file cannot be read. What is in it is looked at when the program
  ///   is first run or asked for its signature.
  public init(contentsOf path: String, options: CompileOptions = CompileOptions())
    throws(MartletError)
  {
    self.options = options
    do throws(Diagnostic) {
      source = try ProgramSource(path)
    } catch {
      throw MartletError(error)
    }
    cache = options.cacheDirectory.map { CompileCache(directory: $0) }
  }

  /// A program whose file is open already.
  init(source: ProgramSource, options: CompileOptions) {
    self.options = options
    self.source = source
    cache = options.cacheDirectory.map { CompileCache(directory: $0) }
  }

  // MARK: Signature

  /// What the program takes and gives. Reads the model if that has not happened yet.
  public func signature() throws(MartletError) -> Signature {
    if let known = state.withLock({ $0.signature }) { return known }
    let signature = try Program.collecting { (context) throws(Reported) in
      let frontend = Frontend(source: self.source, context: context)
      let module = try frontend.read()
      if let plan = try PlanAttribute.plan(of: module) { return Signature(plan) }
      return try Signature(try frontend.entry(self.options.entry, of: module))
    }
    state.withLock { $0.signature = signature }
    return signature
  }

  public func inputs() throws(MartletError) -> [Signature.Port] { try signature().inputs }
  public func outputs() throws(MartletError) -> [Signature.Port] { try signature().outputs }

  // MARK: Running

  /// Runs the program on dense inputs given by name, or by position written in digits.
  /// - Returns: the outputs by name.
  public func run(_ inputs: [String: Tensor]) throws(MartletError) -> [String: Tensor] {
    try run(inputs.map { ($0.key, .dense($0.value)) })
  }

  /// Runs the program on inputs given by name, or by position written in digits.
  /// - Returns: the outputs by name.
  public func run(_ inputs: [(name: String, value: Argument)]) throws(MartletError) -> [String:
    Tensor]
  {
    let executable = try executable(for: inputs)
    let outputs = try Program.run(executable, try ordered(inputs, executable))
    return Dictionary(
      zip(executable.plan.outputs.map(\.name), outputs), uniquingKeysWith: { first, _ in first })
  }

  /// The inputs in the plan's order.
  func ordered(_ inputs: [(name: String, value: Argument)], _ executable: Executable)
    throws(MartletError) -> [Argument]
  {
    var slots = [Argument?](repeating: nil, count: executable.plan.inputs.count)
    for input in inputs {
      let byName = executable.plan.inputs.firstIndex { $0.name == input.name }
      guard let i = byName ?? Int(input.name).flatMap({ slots.indices.contains($0) ? $0 : nil })
      else {
        throw MartletError("there is no input '\(input.name)'", subject: source.path)
      }
      slots[i] = input.value
    }
    let all = slots.compactMap { $0 }
    guard all.count == slots.count else {
      throw MartletError("not all inputs are given", subject: source.path)
    }
    return all
  }

  static func run(_ executable: Executable, _ arguments: [Argument]) throws(MartletError)
    -> [Tensor]
  {
    do throws(Diagnostic) {
      return try executable.run(inputs: arguments)
    } catch {
      throw MartletError(error)
    }
  }

  // MARK: Compiling

  /// The compiled program for inputs of these types, from memory, the cache on disk, or made now.
  public func executable(for inputs: [(name: String, value: Argument)]) throws(MartletError)
    -> Executable
  {
    var report = CompilationReport()
    return try executable(for: inputs, &report)
  }

  /// As `executable(for:)`, telling what it took.
  public func executable(
    for inputs: [(name: String, value: Argument)], _ report: inout CompilationReport
  ) throws(MartletError) -> Executable {
    let types = inputs.map { "\($0.name)=\($0.value.typeDescription)" }.sorted()
      .joined(separator: " ")
    if let known = state.withLock({ $0.executables[types] }) { return known }
    var watch = Stopwatch()
    let key = try traced(.load, "digest") { () throws(MartletError) in try cacheKey(types) }
    report.add("digest", watch.lap())
    if let key, options.remarkHandler == nil, let image = loadImage(key) {
      report.add("cache", watch.lap())
      if let executable = try? load(image) {
        report.add("load", watch.lap())
        report.isCached = true
        return keep(executable, types, &report)
      }
    }
    let compiler = Compiler(source: source, options: options)
    let image = try compiler.compile(inputs, &report)
    watch = Stopwatch()
    let executable: Executable
    do throws(Diagnostic) {
      executable = try load(image)
    } catch {
      throw MartletError(error)
    }
    report.add("load", watch.lap())
    if let key, let cache {
      traced(.other, "keep in cache") { _ = cache.store(key, image.encoded()) }
    }
    return keep(executable, types, &report)
  }

  private func keep(_ executable: Executable, _ types: String, _ report: inout CompilationReport)
    -> Executable
  {
    report.describe(executable.plan)
    return state.withLock { state in
      if let earlier = state.executables[types] { return earlier }
      state.executables[types] = executable
      return executable
    }
  }

  private func loadImage(_ key: ContentDigest) -> ProgramImage? {
    traced(.load, "look in cache") {
      guard let entry = cache?.load(key) else { return nil }
      return entry.withUnsafeBytes { try? ProgramImage($0) }
    }
  }

  private func load(_ image: ProgramImage) throws(Diagnostic) -> Executable {
    try traced(.load, "load code") { () throws(Diagnostic) in
      TraceRecorder.current?.count("bytes", image.objects.reduce(0) { $0 + $1.count })
      return try CPUCompiler.load(
        image, symbols: options.profilesKernels ? KernelHooks.symbols : [:])
    }
  }

  /// Everything the compiled code depends on; nil where nothing is kept on disk.
  private func cacheKey(_ types: String) throws(MartletError) -> ContentDigest? {
    if cache == nil { return nil }
    var hasher = ContentHasher()
    hasher.combine(MartletRelease.version)
    hasher.combine(MartletRelease.build)
    hasher.combine(HostCPU.identity)
    hasher.combine(LibLLVM.installedIdentity)
    hasher.combine(options.entry ?? "")
    hasher.combine("\(options.vectorBytes ?? 0) \(options.profilesKernels)")
    hasher.combine(types)
    do throws(Diagnostic) {
      try source.digest(into: &hasher)
    } catch {
      throw MartletError(error)
    }
    return hasher.finalize()
  }

  /// Runs `body` with a new context and turns what it reports into an error.
  static func collecting<Result>(_ body: (Context) throws(Reported) -> Result) throws(MartletError)
    -> Result
  {
    let engine = DiagnosticEngine()
    let context = Registration.makeContext(engine)
    do throws(Reported) {
      return try body(context)
    } catch {
      throw MartletError(engine.diagnostics)
    }
  }
}

extension Argument {
  /// Type and shape, as part of a cache key.
  var typeDescription: String {
    switch self {
    case .dense(let tensor): tensor.typeText
    case .sparse(let matrix):
      "sparse \(matrix.rows)x\(matrix.columns) \(matrix.entryCount) "
        + "\(matrix.values.elementType.name) \(matrix.positions.elementType.name)"
    }
  }
}

/// Facts about this release.
public enum MartletRelease {
  public static let version = "0.1.0"

  /// Which build of the program this is: size and time of its file. Code that another build has compiled is
  /// not used.
  static let build: String = {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return "" }
    return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }()
}
