import MartletDialects
import MartletIR
import MartletLowerings
import MartletRuntime
import MartletSupport

extension Compiler {
  /// From loops to kernels and the plan: constants and buffers get their places, each computation of the entry
  /// its function.
  func makePlan(
    _ work: inout Work, _ function: FuncOp, _ inputs: [Argument],
    _ report: inout CompilationReport
  ) throws(Reported) {
    try run("expose-buffers,outline-kernels,canonicalize,cse", &work, &report)
    let watch = Stopwatch()
    let constants = try Compiler.constants(of: function)
    let memory = planMemory(of: function)
    var plan = Plan(entry: "martlet_entry")
    plan.constants = constants
    plan.arenaByteCount = memory.byteCount
    plan.steps = memory.steps
    plan.slots = memory.slots.map {
      Plan.Slot(
        name: $0.name, offset: $0.offset, byteCount: $0.byteCount, firstStep: $0.firstStep,
        lastStep: $0.lastStep)
    }
    plan.intermediateByteCount = memory.slots.reduce(0) { $0 + $1.byteCount }
    try addPorts(&plan, function, inputs)
    work.plan = plan
    report.add("plan-memory", watch.seconds)
    dropConstants(function)
    try run("math-expand,convert-to-llvm{entry=\(function.name)}", &work, &report)
    if let failures = work.module.attribute("martlet.failures")?.elements {
      work.plan.failures = failures.compactMap(\.stringValue)
    }
    PlanAttribute.set(work.plan, on: work.module)
    report.describe(work.plan)
  }

  /// Erases the globals whose values are the plan's now.
  private func dropConstants(_ function: FuncOp) {
    for i in function.arguments.indices {
      guard let symbol = function.argumentAttribute(i, constantParameterAttribute) else { continue }
      function.setArgumentAttribute(i, constantParameterAttribute, nil)
      SymbolTable.resolve(symbol, from: function.operation)?.erase()
    }
  }

  /// Blocks of constants in the order of the parameters that hold them.
  private static func constants(of function: FuncOp) throws(Reported) -> [Plan.Constants] {
    var blocks: [Plan.Constants] = []
    for i in function.arguments.indices {
      guard let symbol = function.argumentAttribute(i, constantParameterAttribute) else { continue }
      guard let global = SymbolTable.resolve(symbol, from: function.operation),
        let value = global.attribute("initial_value"), let elements = value.denseElements
      else {
        throw function.operation.emitError("constant \(symbol) has no value at hand")
      }
      blocks.append(
        Plan.Constants(
          name: symbol.rootReference?.string ?? "constant\(i)", source: .inline(bytes(elements)),
          alignment: 64))
    }
    return blocks
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
