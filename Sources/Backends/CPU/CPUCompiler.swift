import MartletDialects
import MartletIR
import MartletRuntime
import MartletSupport

/// A module of the llvm dialect to machine code: text, then objects by libLLVM, then a program.
///
/// The value holds settings only. Modules belong to their context's thread; LLVM works on threads of its own.
public struct CPUCompiler: Sendable {
  public struct Options: Sendable {
    /// LLVM's passes, in its pipeline notation.
    public var pipeline = ObjectCompiler.fullPipeline
    public var effort = ObjectCompiler.Effort.aggressive
    /// How many threads LLVM may use.
    public var threads = 2
    /// Operations below which a module is not split between threads: a second LLVM module costs about as
    /// much as compiling a few hundred.
    public var splitThreshold = 400
    /// Bits of vectors LLVM should prefer; nil chooses the widest the target has.
    public var vectorWidth: Int?
    /// Hints for loops that carry none.
    public var defaultLoop: LLVMIRWriter.LoopHints?
    /// Check LLVM IR before compiling it.
    public var verifies = true

    public init() {}
  }

  /// Where the time of a compilation went, in seconds, and what it was spent on.
  public struct Report: Sendable {
    public var write = 0.0
    /// Per LLVM module, in order.
    public var modules: [ObjectCompiler.Timing] = []
    /// From the start of LLVM's work to its end, all threads together.
    public var llvm = 0.0
    public var textBytes = 0
    public var objectBytes = 0
  }

  public var options: Options
  private let compiler: ObjectCompiler

  /// A compiler for the machine the process runs on.
  /// - Throws: a diagnostic where libLLVM is not to be had.
  public init(_ options: Options = Options()) throws(Diagnostic) {
    self.options = options
    var compiler = try ObjectCompiler()
    compiler.pipeline = options.pipeline
    compiler.effort = options.effort
    compiler.verifies = options.verifies
    self.compiler = compiler
  }

  /// The machine code is made for.
  public var target: CodeTarget { compiler.target }

  private var vectorWidth: Int? {
    if let width = options.vectorWidth { return width }
    let features = target.features
    if features.contains("+avx512f") { return 512 }
    return features.contains("+avx2") ? 256 : nil
  }

  // MARK: Text

  private func writerOptions(exportsPrivateSymbols: Bool) -> LLVMIRWriter.Options {
    var writer = LLVMIRWriter.Options()
    writer.cpu = target.cpu
    writer.features = target.features
    writer.preferredVectorWidth = vectorWidth
    writer.defaultLoop = options.defaultLoop
    writer.exportsPrivateSymbols = exportsPrivateSymbols
    return writer
  }

  /// The whole module as LLVM IR text.
  /// - Throws: where something has no form in LLVM IR; the context's diagnostics say what.
  public func text(_ module: Operation) throws(Reported) -> [UInt8] {
    try LLVMIRWriter.write(module, options: writerOptions(exportsPrivateSymbols: false))
  }

  /// The module as one text, or as several of about equal size where that is worth it.
  public func texts(_ module: Operation) throws(Reported) -> [ObjectCompiler.Module] {
    let parts = partition(module)
    guard parts.count > 1 else {
      return [ObjectCompiler.Module(name: "kernels.ll", text: try text(module))]
    }
    let writer = writerOptions(exportsPrivateSymbols: true)
    var modules: [ObjectCompiler.Module] = []
    for (i, names) in parts.enumerated() {
      let text = try LLVMIRWriter.write(
        module, options: writer, only: names, definesGlobals: i == 0)
      modules.append(ObjectCompiler.Module(name: "kernels\(i).ll", text: text))
    }
    return modules
  }

  /// The functions of each part: the largest first, each to the part that has least so far.
  private func partition(_ module: Operation) -> [Set<String>] {
    var functions: [(name: String, cost: Int)] = []
    for operation in module.regions.first?.firstBlock?.operations.map({ $0 }) ?? [] {
      guard operation.is(LLVM.func), !operation.region(0).isEmpty,
        let name = SymbolTable.name(of: operation)
      else { continue }
      functions.append((name, cost(operation)))
    }
    let total = functions.reduce(0) { $0 + $1.cost }
    let count = min(options.threads, functions.count)
    guard count > 1, total >= options.splitThreshold else {
      return [Set(functions.map(\.name))]
    }
    var parts = Array(repeating: (names: Set<String>(), cost: 0), count: count)
    let order = functions.enumerated().sorted {
      ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset)
    }
    for (_, function) in order {
      var least = 0
      for i in parts.indices where parts[i].cost < parts[least].cost { least = i }
      parts[least].names.insert(function.name)
      parts[least].cost += function.cost
    }
    return parts.map(\.names).filter { !$0.isEmpty }
  }

  /// What compiling a function costs, in operations: loops cost most, as LLVM unrolls and vectorises them.
  private func cost(_ function: Operation) -> Int {
    var cost = 10
    for block in function.region(0).blocks {
      cost += 4
      for operation in block.operations {
        cost += operation.operandCount == 0 ? 0 : operation.result0IsVector ? 2 : 1
      }
    }
    return cost
  }

  // MARK: Code

  /// Compiles a module of the llvm dialect to object files that link to one another.
  /// - Throws: `CompilationError`.
  public func compile(_ module: Operation) throws(CompilationError) -> (
    objects: [[UInt8]], report: Report
  ) {
    var report = Report()
    var watch = Stopwatch()
    let modules: [ObjectCompiler.Module]
    do {
      modules = try traced(.lowering, "llvm-ir") { () throws(Reported) in
        let modules = try texts(module)
        TraceRecorder.current?.count("bytes", modules.reduce(0) { $0 + $1.text.count })
        return modules
      }
    } catch { throw .reported(error) }
    report.write = watch.lap()
    report.textBytes = modules.reduce(0) { $0 + $1.text.count }
    let outputs: [ObjectCompiler.Output]
    do {
      outputs = try compiler.compile(modules, threads: options.threads)
    } catch { throw .diagnostic(error) }
    report.llvm = watch.lap()
    report.modules = outputs.map(\.timing)
    report.objectBytes = outputs.reduce(0) { $0 + $1.bytes.count }
    return (outputs.map(\.bytes), report)
  }

  /// Compiles a module whose entry is `plan.entry` to an image that can be kept and loaded.
  public func compile(_ module: Operation, plan: Plan) throws(CompilationError) -> (
    image: ProgramImage, report: Report
  ) {
    let (objects, report) = try compile(module)
    return (ProgramImage(plan: plan, objects: objects), report)
  }

  /// The module as LLVM IR text, as LLVM IR text after LLVM's passes, and as assembly, with line tables
  /// that lead from the last two to `lines`; for people. The seconds are those of LLVM's passes and of its code
  /// generation.
  public func listings(_ module: Operation, lines: [Operation: Int]) throws(CompilationError) -> (
    written: [UInt8], optimised: [UInt8], assembly: [UInt8], passSeconds: Double,
    codeSeconds: Double
  ) {
    do {
      let text = try LLVMIRWriter.write(
        module, options: writerOptions(exportsPrivateSymbols: false), lines: lines)
      let optimised = try compiler.compile(text, name: "kernels.ll", to: .optimisedIR)
      let assembly = try compiler.compile(text, name: "kernels.ll", to: .assembly)
      return (
        text, optimised.bytes, assembly.bytes, assembly.timing.parse + assembly.timing.passes,
        assembly.timing.emit
      )
    } catch let error as Diagnostic {
      throw .diagnostic(error)
    } catch let error as Reported {
      throw .reported(error)
    } catch {
      throw .diagnostic(Diagnostic(.error, "\(error)"))
    }
  }

  /// The module's assembly text; for people.
  public func assembly(_ module: Operation) throws(CompilationError) -> [UInt8] {
    do {
      return try compiler.compile(try text(module), name: "kernels.ll", to: .assembly).bytes
    } catch let error as Diagnostic {
      throw .diagnostic(error)
    } catch let error as Reported {
      throw .reported(error)
    } catch {
      throw .diagnostic(Diagnostic(.error, "\(error)"))
    }
  }

  // MARK: Loading

  /// Loads an image's code into the process and binds its plan.
  /// - Throws: a diagnostic where an object is damaged, a symbol is not to be had, or the plan is unsound.
  /// - Parameter symbols: addresses of functions the code calls, beside those of the process.
  public static func load(
    _ image: ProgramImage, symbols: [String: UnsafeRawPointer] = [:]
  ) throws(Diagnostic) -> Executable {
    let code = try ObjectLoader.load(
      objects: image.objects.enumerated().map { (name: "kernels\($0).o", bytes: $1) },
      symbols: symbols)
    return try Executable(plan: image.plan, code: code)
  }

  /// The image kept in `cache` under `key`, or a new one made by `make`, which is then kept.
  ///
  /// The key must name everything the code depends on; `machineKey` is the part that is not the program.
  public static func cached<Failure>(
    _ key: ContentDigest, in cache: CompileCache?,
    _ make: () throws(Failure) -> ProgramImage
  ) throws(Failure) -> (image: ProgramImage, wasCached: Bool) {
    if let entry = cache?.load(key),
      let image = try? entry.withUnsafeBytes({ bytes in try ProgramImage(bytes) })
    {
      return (image, true)
    }
    let image = try make()
    cache?.store(key, image.encoded())
    return (image, false)
  }

  /// What code depends on beside the program: processor, libLLVM and these options.
  public static func machineKey(_ options: Options) -> String {
    let loop = options.defaultLoop.map { "\($0)" } ?? ""
    return [
      HostCPU.identity, LibLLVM.installedIdentity, options.pipeline, "\(options.effort.rawValue)",
      "\(options.vectorWidth ?? 0)", loop,
    ].joined(separator: "\u{1f}")
  }
}

/// Why a module could not be compiled.
public enum CompilationError: Error {
  /// The context's diagnostics say why.
  case reported(Reported)
  case diagnostic(Diagnostic)
}

extension Operation {
  fileprivate var result0IsVector: Bool { resultCount > 0 && result().type.isVector }
}
