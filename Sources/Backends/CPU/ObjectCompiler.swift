import CLLVM
import Glibc
import MartletSupport

/// LLVM IR text to optimised machine code, in memory, by libLLVM.
///
/// The value holds settings only: one may be used from several threads at once, and each call
/// has an LLVM context of its own.
public struct ObjectCompiler: Sendable {
  /// What a compilation hands back.
  public enum Product: Sendable {
    /// An x86-64 ELF relocatable object, for `ObjectLoader`.
    case object
    /// Assembly text, in AT&T syntax.
    case assembly
    /// LLVM IR text after the passes.
    case optimisedIR
  }

  /// Seconds spent in each part of a compilation.
  public struct Timing: Sendable {
    public var parse = 0.0
    public var passes = 0.0
    public var emit = 0.0
    public var total: Double { parse + passes + emit }
  }

  public struct Output: Sendable {
    /// The object file, or the text (UTF-8, not terminated).
    public var bytes: [UInt8]
    public var timing: Timing
  }

  /// LLVM's code generation effort, by its C interface's numbers.
  public enum Effort: Int32, Sendable {
    case none = 0
    case less, normal, aggressive
  }

  /// LLVM's passes of `-O3`.
  public static let fullPipeline = "default<O3>"

  /// The passes that matter for loop nests that Martlet has fused, tiled and inlined already: hoist,
  /// canonicalise and vectorise. Takes about half of the full pipeline's time.
  public static let quickPipeline =
    "function(early-cse<memssa>,loop-mssa(loop-rotate,licm),loop(indvars),loop-vectorize,"
    + "instcombine,simplifycfg)"

  /// The passes run before code generation, in LLVM's pipeline notation; empty runs none.
  public var pipeline = ObjectCompiler.fullPipeline
  public var effort = Effort.aggressive
  /// Verify the module after parsing. Parsed text that breaks LLVM's rules is diagnosed then,
  /// instead of making a pass fail.
  public var verifies = true
  /// The machine to generate code for.
  public var target: CodeTarget
  private let library: LibLLVM

  /// A compiler for the machine the process runs on.
  /// - Throws: a diagnostic where libLLVM is not to be had.
  public init() throws(Diagnostic) {
    library = try LibLLVM.open()
    target = library.host
  }

  /// Compiles LLVM IR text.
  /// - Parameters:
  ///   - text: the module, not terminated.
  ///   - name: what the text is called in diagnostics.
  /// - Throws: a diagnostic with line, column and the line's text where LLVM rejects the text; one
  ///   that names the module where it cannot compile it.
  public func compile(
    _ text: UnsafeRawBufferPointer, name: String = "kernels.ll", to product: Product = .object
  ) throws(Diagnostic) -> Output {
    let llvm = library.functions
    guard let context = llvm.ContextCreate() else { throw failure("no context", name) }
    defer { llvm.ContextDispose(context) }
    let problems = ProblemList(llvm)
    llvm.ContextSetDiagnosticHandler(
      context, { ProblemList.collect($0, $1) }, Unmanaged.passUnretained(problems).toOpaque())
    return try withExtendedLifetime(problems) { () throws(Diagnostic) in
      try compile(text, name, product, context, problems)
    }
  }

  public func compile(
    _ text: [UInt8], name: String = "kernels.ll", to product: Product = .object
  ) throws(Diagnostic) -> Output {
    try withBytes(text) { bytes throws(Diagnostic) in
      try compile(bytes, name: name, to: product)
    }
  }

  private func compile(
    _ text: UnsafeRawBufferPointer, _ name: String, _ product: Product,
    _ context: MartletLLVMContextRef, _ problems: ProblemList
  ) throws(Diagnostic) -> Output {
    let llvm = library.functions
    var watch = Stopwatch()
    var timing = Timing()
    library.releasePages()

    let module = try traced(.llvm, "llvm parse") { () throws(Diagnostic) in
      try parse(text, name, context)
    }
    defer { llvm.DisposeModule(module) }
    let machine = try makeMachine(name)
    defer { llvm.DisposeTargetMachine(machine) }
    llvm.SetTarget(module, target.triple)
    let layout = llvm.CreateTargetDataLayout(machine)
    llvm.SetModuleDataLayout(module, layout)
    llvm.DisposeTargetData(layout)
    library.releasePages()
    timing.parse = watch.lap()

    try traced(.llvm, "llvm optimise") { () throws(Diagnostic) in
      try runPasses(module, machine, name)
    }
    try problems.check(name)
    library.releasePages()
    timing.passes = watch.lap()

    let bytes = try traced(.llvm, "llvm codegen") { () throws(Diagnostic) in
      let bytes = try produce(product, module, machine, name)
      TraceRecorder.current?.count("bytes", bytes.count)
      return bytes
    }
    try problems.check(name)
    library.releasePages()
    timing.emit = watch.lap()
    return Output(bytes: bytes, timing: timing)
  }

  private func produce(
    _ product: Product, _ module: MartletLLVMModuleRef, _ machine: MartletLLVMTargetMachineRef,
    _ name: String
  ) throws(Diagnostic) -> [UInt8] {
    let llvm = library.functions
    switch product {
    case .optimisedIR:
      return Array(takeMessage(llvm, llvm.PrintModuleToString(module)).utf8)
    case .object: return try emit(module, machine, kind: 1, name)
    case .assembly: return try emit(module, machine, kind: 0, name)
    }
  }

  // MARK: Stages

  private func parse(
    _ text: UnsafeRawBufferPointer, _ name: String, _ context: MartletLLVMContextRef
  ) throws(Diagnostic) -> MartletLLVMModuleRef {
    let llvm = library.functions
    let characters = text.bindMemory(to: CChar.self)
    let buffer = llvm.CreateMemoryBufferWithMemoryRangeCopy(
      characters.baseAddress, characters.count, name)
    var parsed: MartletLLVMModuleRef?
    var message: UnsafeMutablePointer<CChar>?
    // The parser frees the buffer, whether or not it succeeds.
    let failed = llvm.ParseIRInContext(context, buffer, &parsed, &message) != 0
    let complaint = takeMessage(llvm, message)
    guard !failed, let module = parsed else { throw parseDiagnostic(complaint, name) }
    guard verifies else { return module }
    message = nil
    let returnStatus: Int32 = 2
    let invalid = llvm.VerifyModule(module, returnStatus, &message) != 0
    let objection = takeMessage(llvm, message)
    guard !invalid else {
      llvm.DisposeModule(module)
      throw failure("invalid LLVM IR: \(trimmed(objection))", name)
    }
    return module
  }

  private func makeMachine(_ name: String) throws(Diagnostic) -> MartletLLVMTargetMachineRef {
    let llvm = library.functions
    var found: MartletLLVMTargetRef?
    var message: UnsafeMutablePointer<CChar>?
    let failed = llvm.GetTargetFromTriple(target.triple, &found, &message) != 0
    let complaint = takeMessage(llvm, message)
    guard !failed, let found else { throw failure(complaint, name) }
    // Position-independent code of the small model: the loader lays all sections of an object
    // within two gigabytes and reaches everything outside through its own table.
    let positionIndependent: Int32 = 2
    let smallModel: Int32 = 3
    guard
      let machine = llvm.CreateTargetMachine(
        found, target.triple, target.cpu, target.features, effort.rawValue, positionIndependent,
        smallModel)
    else { throw failure("no code generator for \(target.triple)", name) }
    return machine
  }

  private func runPasses(
    _ module: MartletLLVMModuleRef, _ machine: MartletLLVMTargetMachineRef, _ name: String
  ) throws(Diagnostic) {
    guard !pipeline.isEmpty else { return }
    let llvm = library.functions
    let options = llvm.CreatePassBuilderOptions()
    defer { llvm.DisposePassBuilderOptions(options) }
    guard let error = llvm.RunPasses(module, pipeline, machine, options) else { return }
    let message = llvm.GetErrorMessage(error)
    defer { llvm.DisposeErrorMessage(message) }
    let text = message.map { String(cString: $0) } ?? ""
    throw failure("cannot run the passes '\(pipeline)': \(text)", name)
  }

  private func emit(
    _ module: MartletLLVMModuleRef, _ machine: MartletLLVMTargetMachineRef, kind: Int32,
    _ name: String
  ) throws(Diagnostic) -> [UInt8] {
    let llvm = library.functions
    var emitted: MartletLLVMBufferRef?
    var message: UnsafeMutablePointer<CChar>?
    let failed =
      llvm.TargetMachineEmitToMemoryBuffer(machine, module, kind, &message, &emitted) != 0
    let complaint = takeMessage(llvm, message)
    guard !failed, let emitted else { throw failure(complaint, name) }
    defer { llvm.DisposeMemoryBuffer(emitted) }
    return Array(
      UnsafeRawBufferPointer(
        start: llvm.GetBufferStart(emitted), count: llvm.GetBufferSize(emitted)))
  }
}

// MARK: Diagnostics

/// What LLVM reports while it compiles, by way of a context's handler.
private final class ProblemList {
  let llvm: MartletLLVM
  var errors: [String] = []

  init(_ llvm: MartletLLVM) { self.llvm = llvm }

  static func collect(_ diagnostic: MartletLLVMDiagnosticRef?, _ list: UnsafeMutableRawPointer?) {
    guard let diagnostic, let list else { return }
    let problems = Unmanaged<ProblemList>.fromOpaque(list).takeUnretainedValue()
    let errorSeverity: Int32 = 0
    guard problems.llvm.GetDiagInfoSeverity(diagnostic) == errorSeverity else { return }
    let text = problems.llvm.GetDiagInfoDescription(diagnostic)
    problems.errors.append(trimmed(takeMessage(problems.llvm, text)))
  }

  func check(_ name: String) throws(Diagnostic) {
    guard let first = errors.first else { return }
    let notes = errors.dropFirst().map { Diagnostic(.note, $0, subject: name) }
    throw Diagnostic(.error, "LLVM: \(first)", subject: name, notes: Array(notes))
  }
}

private func failure(_ message: String, _ name: String) -> Diagnostic {
  Diagnostic(.error, "LLVM: \(trimmed(message))", subject: name)
}

private func trimmed(_ text: String) -> String {
  var bytes = Substring(text)
  while let last = bytes.last, last.isWhitespace { bytes.removeLast() }
  return String(bytes)
}

/// LLVM's `name:line:column: error: message`, source line, caret line as a diagnostic.
func parseDiagnostic(_ complaint: String, _ name: String) -> Diagnostic {
  let lines = complaint.split(separator: "\n", omittingEmptySubsequences: false)
  let prefix = name + ":"
  guard let first = lines.first, first.hasPrefix(prefix) else { return failure(complaint, name) }
  let fields = first.dropFirst(prefix.count).split(
    separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
  guard fields.count == 4, let line = Int(fields[0]), let column = Int(fields[1]) else {
    return failure(complaint, name)
  }
  let position = SourcePosition(
    file: name, line: line, column: column,
    lineText: lines.count > 1 ? String(lines[1]) : nil)
  return Diagnostic(.error, "LLVM: \(trimmed(String(fields[3].dropFirst())))", at: position)
}

/// An array's bytes, for a body that throws a diagnostic.
func withBytes<Result>(
  _ array: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Diagnostic) -> Result
) throws(Diagnostic) -> Result {
  let outcome = array.withUnsafeBytes { bytes in
    Swift.Result { () throws(Diagnostic) in try body(bytes) }
  }
  return try outcome.get()
}
