import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Puts all buffers of the entry into one memory, which becomes its first parameter.
  ///
  ///     func.func @main(%x: memref<8xf32>) {
  ///       %a = memref.alloc() : memref<8xf32>
  ///       %b = memref.alloc() : memref<8xf32>
  ///       call @kernel_0(%x, %a) ...
  ///       call @kernel_1(%a, %b) ...
  /// becomes
  ///
  ///     func.func @main(%arena: memref<128xi8>, %x: memref<8xf32>) {
  ///       %a = memref.view %arena[%c0][] : memref<128xi8> to memref<8xf32>
  ///       %b = memref.view %arena[%c64][] : memref<128xi8> to memref<8xf32>
  ///
  /// A function that the module itself refers to stays as it is. A step is an operation of the entry block that uses a buffer. Buffers that are not needed at the same step
  /// may share bytes.
  public static let planMemory = Pass(
    "plan-memory", name: "PlanMemory", "Assign buffers to places in one memory",
    anchor: "func.func", statistics: [PassStatistic("num-slots", "Number of buffers placed")]
  ) { (operation, state) throws(Reported) in
    guard let function = FuncOp(operation), !function.isPrivate, !function.isDeclaration else {
      state.isUnchanged = true
      return
    }
    if SymbolUses.mayBeUsed(operation) {
      state.remark(.missed, "CalledInModule", "calls in the module pass no memory", at: operation)
      state.isUnchanged = true
      return
    }
    let plan = MartletLowerings.planMemory(of: function, remarks: state)
    state.count("num-slots", by: plan.slots.count)
  }
}

/// The attribute of the parameter that is the memory buffers lie in.
public let arenaParameterAttribute = "martlet.arena"

/// Where the buffers of a program lie and when they are needed.
public struct MemoryPlan: Sendable {
  public struct Slot: Sendable {
    public let name: String
    public let offset: Int
    public let byteCount: Int
    public let firstStep: Int
    public let lastStep: Int
  }
  public var slots: [Slot] = []
  /// The size of the memory all slots lie in.
  public var byteCount = 0
  /// What is called at each step.
  public var steps: [String] = []
}

/// Plans and rewrites `function`, whose memory becomes its first parameter, `memref<Nxi8>`, N at least 64.
public func planMemory(of function: FuncOp, remarks: PassContext? = nil) -> MemoryPlan {
  guard let entry = function.entry else { return MemoryPlan() }
  var planner = MemoryPlanner(function, entry, remarks)
  planner.collect()
  return planner.rewrite()
}

private struct MemoryPlanner {
  let function: FuncOp
  let entry: Block
  private let context: Context
  private var allocations: [Operation] = []
  private var buffers: [SlotAssignment.Buffer] = []
  private var steps: [Operation: Int] = [:]
  private var plan = MemoryPlan()
  private let remarks: PassContext?

  init(_ function: FuncOp, _ entry: Block, _ remarks: PassContext?) {
    self.remarks = remarks
    self.function = function
    self.entry = entry
    context = function.operation.context
  }

  mutating func collect() {
    for operation in entry.operations where isStep(operation) {
      steps[operation] = plan.steps.count
      plan.steps.append(name(ofStep: operation))
    }
    for operation in entry.operations where operation.is(MemRef.alloc) {
      let type = operation.result().type
      guard type.hasStaticShape, type.layout == nil, type.memorySpace == nil,
        let size = byteCount(type)
      else {
        remarks?.remark(
          .missed, "NotPlaced",
          "\(type, as: "Type") gets memory of its own while the program runs: its size is not known, or its layout is not the usual one",
          at: operation)
        continue
      }
      let uses = usedSteps(operation.result())
      guard let first = uses.min(), let last = uses.max() else { continue }
      allocations.append(operation)
      buffers.append(.init(byteCount: size, firstStep: first, lastStep: last))
    }
  }

  /// What takes part in the order of computation: everything but allocations, views and scalars.
  private func isStep(_ operation: Operation) -> Bool {
    if operation.is(MemRef.alloc) || operation.is(MemRef.dealloc) { return false }
    if operation.has(.terminator) || operation.isSinkableView { return false }
    return operation.has(.call) || operation.regionCount > 0
      || operation.operands.contains { $0.type.isMemRef }
  }

  private func name(ofStep operation: Operation) -> String {
    operation.attribute("callee")?.rootReference?.string ?? operation.name.string
  }

  private func byteCount(_ type: Type) -> Int? {
    guard let count = type.elementCount else { return nil }
    let (size, overflow) = count.multipliedReportingOverflow(
      by: DenseElements.elementSize(type.elementType))
    return overflow || size > 1 << 46 ? nil : size
  }

  /// Numbers of the steps that use `buffer` or anything that may be the same memory.
  private func usedSteps(_ buffer: Value) -> [Int] {
    var seen: Set<Value> = [buffer]
    var work = [buffer]
    var found: [Int] = []
    while let value = work.popLast() {
      for use in value.uses {
        let user = use.owner
        if let region = entry.region, let top = user.ancestor(in: region), let step = steps[top] {
          found.append(step)
        }
        for alias in aliases(user) where seen.insert(alias).inserted { work.append(alias) }
      }
    }
    return found
  }

  /// Memrefs that may be the same memory as an operand of `user`: its results, arguments of its regions, and,
  /// where it passes operands on, the results of the operation around it.
  private func aliases(_ user: Operation) -> [Value] {
    if user.has(.call) || user.is(MemRef.load) { return [] }
    var found = user.results.filter { $0.type.isMemRef }
    for region in user.regions {
      for block in region.blocks { found += block.arguments.filter { $0.type.isMemRef } }
    }
    if user.has(.terminator), let parent = user.parent, parent != function.operation {
      found += aliases(parent)
    }
    return found
  }

  mutating func rewrite() -> MemoryPlan {
    let assignment = SlotAssignment(buffers)
    plan.byteCount = max(assignment.byteCount, 64)
    let arena = function.insertParameter(
      0, context.memRef([plan.byteCount], context.i8),
      attributes: [(arenaParameterAttribute, context.unit)])
    arena.nameHint = "arena"
    for (i, allocation) in allocations.enumerated() {
      plan.slots.append(
        MemoryPlan.Slot(
          name: slotName(allocation, i), offset: assignment.offsets[i],
          byteCount: buffers[i].byteCount, firstStep: buffers[i].firstStep,
          lastStep: buffers[i].lastStep))
      let buffer = buffers[i]
      remarks?.remark(
        .passed, "Placed",
        "\(buffer.byteCount, as: "Bytes") bytes at \(assignment.offsets[i], as: "Offset"), in use from step \(buffer.firstStep, as: "FirstStep") to \(buffer.lastStep, as: "LastStep")",
        at: allocation)
      let builder = Builder(context)
      builder.setInsertionPoint(before: allocation)
      let offset = builder.create(
        Arith.constant, results: [context.index],
        attributes: [("value", context.indexAttribute(assignment.offsets[i]))])
      let view = builder.create(
        MemRef.view, [arena, offset.result()], results: [allocation.result().type])
      view.result().nameHint = allocation.result().nameHint
      let result = allocation.result()
      for use in Array(result.uses) where use.owner.is(MemRef.dealloc) { use.owner.erase() }
      result.replaceAllUses(with: view.result())
      allocation.erase()
    }
    let all = plan.slots.reduce(0) { $0 + $1.byteCount }
    remarks?.remark(
      .analysis, "Memory",
      "\(plan.slots.count, as: "Buffers") buffers of \(all, as: "Bytes") bytes together lie in \(assignment.byteCount, as: "Planned")",
      at: function.operation)
    return plan
  }

  private func slotName(_ allocation: Operation, _ i: Int) -> String {
    allocation.location.subject ?? allocation.result().nameHint ?? "buffer\(i)"
  }
}
