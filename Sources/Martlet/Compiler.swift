import MartletCPU
import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletRuntime
import MartletSupport
import MartletSyntax
import MartletTransforms

/// Takes a program from its file down to machine code, for given inputs.
struct Compiler {
  let source: ProgramSource
  let options: CompileOptions
  /// Who is shown the program after each step.
  var watcher: (any CompilationWatcher)?

  typealias Inputs = [(name: String, value: Argument)]

  /// The passes of each level, in the order they run.
  enum Level {
    static let structured =
      "inline,symbol-dce,wrap-scalar-ports,canonicalize,cse,propagate-transposes,canonicalize,"
      + "linalg-fuse-elementwise-ops,canonicalize,cse"
    static let bufferized = "bufferize,canonicalize,cse"

    /// For vectors of so many bytes.
    static func loops(_ width: Int, gathers: Bool) -> String {
      let options = "{vector-width-bytes=\(width)}"
      return "linalg-to-loops\(options),canonicalize,cse,loop-invariant-code-motion"
        + (gathers ? ",vectorize-gathers\(options),canonicalize,cse" : "")
    }
  }

  // MARK: Entry points

  /// Machine code and plan for inputs of these types.
  /// - Throws: what is wrong with the program or the inputs.
  func compile(_ inputs: Inputs, _ report: inout CompilationReport) throws(MartletError)
    -> ProgramImage
  {
    var outcome = report
    defer { report = outcome }
    // While it is opened libLLVM goes through much of itself: best before there is anything else in memory.
    // Where it is missing, what is wrong with the program is said first.
    var watch = Stopwatch()
    traced(.llvm, "open libLLVM") { _ = try? LibLLVM.open() }
    outcome.add("open-llvm", watch.lap())
    return try Program.collecting { (context) throws(Reported) in
      let work = try lower(inputs, context, to: .plan, weights: .inFiles, &outcome)
      let compiler = try makeCodeGenerator(context)
      let made = try reporting(context) { () throws(CompilationError) in
        try compiler.compile(work.module, plan: work.plan)
      }
      outcome.add("llvm-ir", made.report.write)
      outcome.add("llvm", made.report.llvm)
      return made.image
    }
  }

  /// The text of a level.
  func emit(_ stage: CompileStage, _ inputs: Inputs, _ report: inout CompilationReport)
    throws(MartletError) -> [UInt8]
  {
    var outcome = report
    defer { report = outcome }
    return try Program.collecting { (context) throws(Reported) in
      let work = try lower(inputs, context, to: stage, &outcome)
      switch stage {
      case .plan: return Array(work.plan.description.utf8)
      case .llvm:
        return try makeCodeGenerator(context).text(work.module)
      case .asm:
        let compiler = try makeCodeGenerator(context)
        return try reporting(context) { () throws(CompilationError) in
          try compiler.assembly(work.module)
        }
      default: return Array(Printer.text(work.module).utf8)
      }
    }
  }

  /// Runs the program as it is written in the reference interpreter.
  func interpret(_ inputs: Inputs) throws(MartletError) -> [(name: String, tensor: Tensor)] {
    try Program.collecting { (context) throws(Reported) in
      let (module, function) = try Frontend(source: source, context: context).load(
        entry: options.entry)
      let signature = try Signature(function)
      let ordered = try match(inputs, signature, context)
      let outputs = try Interpretation(module: module, function: function).run(ordered)
      return zip(signature.outputs, outputs).map { ($0.name, $1) }
    }
  }

  // MARK: Going down

  /// A program at some level on its way.
  struct Work {
    var module: Operation
    /// nil for a module of the llvm dialect, which has its plan with it.
    var function: FuncOp?
    /// Valid from level `plan` on.
    var plan = Plan(entry: "")
  }

  func lower(
    _ inputs: Inputs, _ context: Context, to stage: CompileStage, weights: Weights = .inPlan,
    _ report: inout CompilationReport
  ) throws(Reported) -> Work {
    var watch = Stopwatch()
    let frontend = Frontend(source: source, context: context)
    let module = try frontend.read()
    if let plan = try PlanAttribute.plan(of: module) {
      finish("import", "machine", watch.lap(), module, &report)
      report.describe(plan)
      return Work(module: module, function: nil, plan: plan)
    }
    let function = try frontend.entry(options.entry, of: module)
    finish("import", "program", watch.lap(), module, &report)
    var work = Work(module: module, function: function)
    if stage == .onnx {
      guard source.kind == .onnx else {
        throw context.fail("there is no onnx level: this is MLIR text", source.path)
      }
      return work
    }
    let signature = try Signature(function)
    let ordered = try match(inputs, signature, context)
    watch = Stopwatch()
    try traced(.lowering, "specialize") { () throws(Reported) in
      try specialize(work.module, function, ordered)
    }
    finish("specialize", "program", watch.lap(), module, &report)
    watch = Stopwatch()
    if source.kind == .onnx {
      try traced(.lowering, "onnx-to-linalg") { () throws(Reported) in
        let before = context.operationCount
        try reporting(context) { () throws(Diagnostic) in try lowerONNXToLinalg(module) }
        TraceRecorder.current?.count("ops", context.operationCount - before)
      }
      finish("onnx-to-linalg", "structured", watch.lap(), module, &report)
    }
    watch = Stopwatch()
    try traced(.lowering, "sparsify") { () throws(Reported) in try sparsify(function, ordered) }
    finish("sparsify", "structured", watch.lap(), module, &report)
    try run(Level.structured, "structured", &work, &report)
    if stage == .linalg { return work }
    try run(Level.bufferized, "buffers", &work, &report)
    if stage == .bufferized { return work }
    try run(
      Level.loops(options.vectorBytes ?? HostCPU.vectorBytes, gathers: HostCPU.hasMaskedLanes),
      "loops", &work, &report)
    if stage == .loops { return work }
    try makePlan(&work, function, ordered, weights: weights, &report)
    return work
  }

  /// The inputs in the order of the signature.
  private func match(_ inputs: Inputs, _ signature: Signature, _ context: Context)
    throws(Reported) -> [Argument]
  {
    var slots = [Argument?](repeating: nil, count: signature.inputs.count)
    let all = signature.inputs.map { "'\($0.name)': \($0.typeText)" }.joined(separator: ", ")
    for (name, value) in inputs {
      guard let i = signature.inputIndex(name) else {
        throw context.fail("there is no input '\(name)' (inputs: \(all))", source.path)
      }
      if slots[i] != nil { throw context.fail("input '\(name)' is given twice", source.path) }
      if let reason = signature.inputs[i].mismatch(value) {
        throw context.fail("input '\(signature.inputs[i].name)': \(reason)", source.path)
      }
      slots[i] = value
    }
    var ordered: [Argument] = []
    for (slot, port) in zip(slots, signature.inputs) {
      guard let slot else {
        throw context.fail("input '\(port.name)' is missing (inputs: \(all))", source.path)
      }
      ordered.append(slot)
    }
    return ordered
  }

  /// Gives the entry the shapes of the actual inputs.
  private func specialize(_ module: Operation, _ function: FuncOp, _ inputs: [Argument])
    throws(Reported)
  {
    let context = module.context
    var types: [Type?] = []
    var remaining = inputs[...]
    for (i, argument) in function.arguments.enumerated() {
      let isResult = function.argumentAttribute(i, Signature.resultAttribute) != nil
      guard !isResult, let input = remaining.popFirst(), argument.type.isRankedTensor else {
        types.append(nil)
        continue
      }
      let shape: [Int] =
        switch input {
        case .dense(let tensor): tensor.shape
        case .sparse(let matrix): [matrix.rows, matrix.columns]
        }
      types.append(
        context.tensor(shape, argument.type.elementType, encoding: argument.type.encoding))
    }
    if source.kind == .onnx {
      try reporting(context) { () throws(Diagnostic) in
        try ONNXSpecialization.run(function.operation, inputs: types.compactMap { $0 })
      }
    } else if types.contains(where: { $0 != nil }) {
      try specializeShapes(
        of: function.operation, to: types,
        remarks: PassContext(
          calling: .specializeShapes, on: function.operation, remarks: options.remarkHandler))
    }
  }

  /// Takes sparse inputs apart; the numbers of their entries are known.
  private func sparsify(_ function: FuncOp, _ inputs: [Argument]) throws(Reported) {
    let entries = inputs.compactMap { input in
      if case .sparse(let matrix) = input { return matrix.entryCount }
      return nil
    }
    if entries.isEmpty { return }
    try MartletTransforms.sparsify(
      function.operation, entries: entries,
      remarks: PassContext(
        calling: .sparsify, on: function.operation, remarks: options.remarkHandler))
  }

  /// Notes that a step which is no pass is done.
  func finish(
    _ step: String, _ level: String, _ seconds: Double, _ module: Operation,
    _ report: inout CompilationReport
  ) {
    report.add(step, seconds)
    watcher?.didFinish(step, level: level, module, seconds: seconds)
  }

  func run(
    _ passes: String, _ level: String, _ work: inout Work, _ report: inout CompilationReport
  ) throws(Reported) {
    let context = work.module.context
    let pipeline = try reporting(context) { () throws(Diagnostic) in
      try PipelineParser.parse(passes, Registration.passes)
    }
    if let watcher {
      try watcher.run(pipeline, level: level, on: work.module)
      return
    }
    let manager = PassManager(context, pipeline)
    #if !DEBUG
      manager.verifiesEachPass = false
    #endif
    manager.remarkHandler = options.remarkHandler
    let timer = PhaseTimer()
    manager.instrumentations.append(timer)
    try manager.run(work.module)
    for phase in timer.phases {
      if let i = report.phases.firstIndex(where: { $0.name == phase.name }) {
        report.phases[i].seconds += phase.seconds
      } else {
        report.add(phase.name, phase.seconds)
      }
    }
  }

  func makeCodeGenerator(_ context: Context) throws(Reported) -> CPUCompiler {
    try reporting(context) { () throws(Diagnostic) in
      // Kernels come fused, tiled and mostly as vectors: what LLVM's full pipeline adds, unrolling above
      // all, costs more time than it saves (Docs/decisions/0003).
      var settings = CPUCompiler.Options()
      settings.pipeline = ObjectCompiler.quickPipeline
      settings.defaultLoop = LLVMIRWriter.LoopHints(interleaveCount: 1, unroll: false)
      #if !DEBUG
        settings.verifies = false
      #endif
      return try CPUCompiler(settings)
    }
  }

  // MARK: Errors

  func reporting<Result>(
    _ context: Context, _ body: () throws(Diagnostic) -> Result
  ) throws(Reported) -> Result {
    do throws(Diagnostic) {
      return try body()
    } catch {
      context.diagnostics.report(error)
      throw Reported()
    }
  }

  func reporting<Result>(
    _ context: Context, _ body: () throws(CompilationError) -> Result
  ) throws(Reported) -> Result {
    do throws(CompilationError) {
      return try body()
    } catch {
      if case .diagnostic(let diagnostic) = error { context.diagnostics.report(diagnostic) }
      throw Reported()
    }
  }
}

extension Context {
  /// Reports an error about a file.
  fileprivate func fail(_ message: String, _ path: String) -> Reported {
    diagnostics.report(Diagnostic(.error, message, subject: path))
    return Reported()
  }
}

extension Signature.Port {
  /// Why `value` cannot be given for this input; nil where it can.
  func mismatch(_ value: Argument) -> String? {
    let expected = "expected \(typeText)"
    switch value {
    case .dense(let tensor):
      if isSparse { return "\(expected), got a dense array of \(tensor.typeText)" }
      if tensor.elementType != elementType {
        return "\(expected), got elements of type \(tensor.elementType.name)"
      }
      if tensor.shape.count != shape.count {
        return "\(expected), got rank \(tensor.shape.count) (\(tensor.typeText))"
      }
      for (given, wanted) in zip(tensor.shape, shape) {
        if let wanted, wanted != given { return "\(expected), got \(tensor.typeText)" }
      }
    case .sparse(let matrix):
      if !isSparse { return "\(expected), got a sparse matrix" }
      if matrix.values.elementType != elementType {
        return "\(expected), got values of type \(matrix.values.elementType.name)"
      }
      if matrix.positions.elementType != indexType {
        return "\(expected), got indices of type \(matrix.positions.elementType.name)"
      }
      for (given, wanted) in zip([matrix.rows, matrix.columns], shape) {
        if let wanted, wanted != given {
          return "\(expected), got \(matrix.rows)x\(matrix.columns)"
        }
      }
    }
    return nil
  }
}
