import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletRuntime
import MartletSupport

extension Compiler {
  /// From loops to kernels and the plan: constants and buffers get their places, each computation of the entry
  /// its function.
  func makePlan(
    _ work: inout Work, _ function: FuncOp, _ inputs: [Argument], weights: Weights,
    _ report: inout CompilationReport
  ) throws(Reported) {
    try run("expose-buffers,outline-kernels,canonicalize,cse", "kernels", &work, &report)
    let watch = Stopwatch()
    let span = TraceRecorder.current?.begin(.lowering, "plan-memory")
    let costs = kernelCosts(work.module)
    let constants = try Compiler.constants(of: function, weights)
    let memory = planMemory(
      of: function,
      remarks: PassContext(
        calling: .planMemory, on: function.operation, remarks: options.remarkHandler))
    var plan = Plan(entry: "martlet_entry")
    plan.constants = constants
    plan.arenaByteCount = memory.byteCount
    plan.steps = memory.steps
    plan.costs = memory.steps.map { costs[$0] ?? Plan.Cost() }
    if options.profilesKernels {
      surroundKernelCalls(
        of: function, steps: memory.steps, begin: KernelHooks.begin, end: KernelHooks.end)
    }
    plan.slots = memory.slots.map {
      Plan.Slot(
        name: $0.name, offset: $0.offset, byteCount: $0.byteCount, firstStep: $0.firstStep,
        lastStep: $0.lastStep)
    }
    plan.intermediateByteCount = memory.slots.reduce(0) { $0 + $1.byteCount }
    try addPorts(&plan, function, inputs)
    work.plan = plan
    if let span { TraceRecorder.current?.end(span) }
    finish("plan-memory", "kernels", watch.seconds, work.module, &report)
    dropConstants(function)
    try run("math-expand,convert-to-llvm{entry=\(function.name)}", "machine", &work, &report)
    if let failures = work.module.attribute("martlet.failures")?.elements {
      work.plan.failures = failures.compactMap(\.stringValue)
    }
    PlanAttribute.set(work.plan, on: work.module)
    report.describe(work.plan)
  }

  /// What each function of the module takes to run, by name.
  private func kernelCosts(_ module: Operation) -> [String: Plan.Cost] {
    var costs: [String: Plan.Cost] = [:]
    for operation in module.region(0).firstBlock?.operations.map({ $0 }) ?? [] {
      guard let kernel = FuncOp(operation), kernel.isPrivate, !kernel.isDeclaration else {
        continue
      }
      let cost = KernelCost(kernel)
      var entry = Plan.Cost(
        flops: cost.flops, bytesRead: cost.bytesRead, bytesWritten: cost.bytesWritten)
      entry.floatBits = cost.floatBits
      costs[kernel.name] = entry
    }
    return costs
  }

  /// Erases the globals whose values are the plan's now.
  private func dropConstants(_ function: FuncOp) {
    for i in function.arguments.indices {
      guard let symbol = function.argumentAttribute(i, constantParameterAttribute) else { continue }
      function.setArgumentAttribute(i, constantParameterAttribute, nil)
      SymbolTable.resolve(symbol, from: function.operation)?.erase()
    }
  }

  /// Where the plan has a model's weights.
  enum Weights {
    /// Where they lie in the model's files, as far as the code can use them there.
    case inFiles
    /// In the plan itself, which then stands alone.
    case inPlan
  }

  /// Bytes from which on a constant is worth a mapping of its file.
  private static let smallestMappedConstant = 4096

  /// Blocks of constants in the order of the parameters that hold them.
  private static func constants(of function: FuncOp, _ weights: Weights) throws(Reported)
    -> [Plan.Constants]
  {
    var blocks: [Plan.Constants] = []
    for i in function.arguments.indices {
      guard let symbol = function.argumentAttribute(i, constantParameterAttribute) else { continue }
      guard let global = SymbolTable.resolve(symbol, from: function.operation),
        let value = global.attribute("initial_value"), let elements = value.denseElements
      else {
        throw function.operation.emitError("constant \(symbol) has no value at hand")
      }
      let name = symbol.rootReference?.string ?? "constant\(i)"
      // Code takes elements to be aligned, and no more.
      let element = elements.elementSize
      if weights == .inFiles, !elements.isSplat,
        let (file, offset) = origin(of: value, elements.bytes), offset % element == 0
      {
        blocks.append(
          Plan.Constants(
            name: name,
            source: .file(path: file, offset: offset, byteCount: elements.bytes.count),
            alignment: element))
      } else {
        blocks.append(
          Plan.Constants(name: name, source: .inline(bytes(elements)), alignment: 64))
      }
    }
    return blocks
  }

  /// The file that the bytes of a constant are mapped from.
  private static func origin(of value: Attribute, _ bytes: UnsafeRawBufferPointer)
    -> (path: String, offset: Int)?
  {
    guard bytes.count >= smallestMappedConstant, value.kind == .denseResource,
      let key = value.resourceKey, let file = value.context.resourceOwner(key) as? MappedFile,
      file.isMapped,
      let start = bytes.baseAddress, let base = file.bytes.baseAddress, start >= base,
      start + bytes.count <= base + file.bytes.count
    else { return nil }
    return (file.path, start - base)
  }

  /// All elements, a splat written out; an i1 takes a byte.
  private static func bytes(_ elements: DenseElements) -> [UInt8] {
    if !elements.isSplat { return Array(elements.bytes) }
    let size = elements.elementSize
    var bytes = [UInt8]()
    bytes.reserveCapacity(elements.count * size)
    for _ in 0..<elements.count { bytes.append(contentsOf: elements.bytes[0..<size]) }
    return bytes
  }

  private func addPorts(_ plan: inout Plan, _ function: FuncOp, _ inputs: [Argument])
    throws(Reported)
  {
    let signature = try Signature(function)
    for (port, input) in zip(signature.inputs, inputs) {
      switch input {
      case .dense(let tensor):
        plan.inputs.append(
          Plan.Port(name: port.name, elementType: port.elementType, shape: tensor.shape))
      case .sparse(let matrix):
        plan.inputs.append(
          Plan.Port(
            name: port.name, elementType: port.elementType, shape: [matrix.rows, matrix.columns],
            layout: .compressedRows(matrix.positions.elementType)))
      }
    }
    for port in signature.outputs {
      plan.outputs.append(
        Plan.Port(
          name: port.name, elementType: port.elementType, shape: port.shape.compactMap { $0 }))
    }
  }
}
