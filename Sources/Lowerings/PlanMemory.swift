import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

/// How a program's memory is laid out: what `plan-memory` found.
public struct MemoryPlan: Sendable {
  /// An allocation's part of the arena.
  public struct Slot: Sendable, Equatable {
    public var name: String
    /// Bytes from the arena's start, a multiple of 64.
    public var offset: Int
    public var byteCount: Int
    /// The first and last step, by index, that touch it.
    public var firstStep: Int
    public var lastStep: Int
  }

  /// A constant that became a parameter.
  public struct Constant {
    public var name: String
    /// `dense<...>` or `dense_resource<...>`; its type is a tensor's.
    public var value: Attribute
    public var byteCount: Int
  }

  public var arenaByteCount = 0
  public var slots: [Slot] = []
  /// What the function does one after another: the operations of its entry block that have effects.
  public var steps: [String] = []
  /// Bytes all allocations take together.
  public var intermediateByteCount = 0
  /// Bytes of the slots in use at the step where they are most.
  public var largestLiveByteCount = 0
  /// The symbols of the constants, in the order of their parameters.
  public var constantNames: [String] = []
}

/// The memory plans of functions, kept in the context by `plan-memory`.
public final class MemoryPlans {
  private var plans: [String: (plan: MemoryPlan, constants: [MemoryPlan.Constant])] = [:]

  public static func of(_ context: Context) -> MemoryPlans {
    let key = ObjectIdentifier(MemoryPlans.self)
    if let known = context.extensions[key] as? MemoryPlans { return known }
    let made = MemoryPlans()
    context.extensions[key] = made
    return made
  }

  /// The plan of the function called `name`; nil where none was made.
  public subscript(name: String) -> MemoryPlan? { plans[name]?.plan }
  /// The constants of the function called `name`, in the order of its parameters.
  public func constants(_ name: String) -> [MemoryPlan.Constant] { plans[name]?.constants ?? [] }

  func set(_ name: String, _ plan: MemoryPlan, _ constants: [MemoryPlan.Constant]) {
    plans[name] = (plan, constants)
  }
}

extension Pass {
  /// Gives every allocation of static size in a public function its place in one block of memory, by the
  /// steps it is needed for, and makes parameters of that block and of the constants.
  ///
  ///     func.func @main(%x: memref<8xf32>) {      func.func @main(%arena: memref<64xi8>,
  ///       %c = memref.get_global @c : ...                         %c: memref<8xf32>, %x: memref<8xf32>) {
  ///       %t = memref.alloc() : memref<8xf32>  ->   %o = arith.constant 0 : index
  ///       ...                                       %t = memref.view %arena[%o][] : ...
  ///
  /// A step is an operation of the entry block with effects; an allocation nested in one lives through all
  /// of it. The plan is kept in the context, see `MemoryPlans`. The new parameters have the attributes
  /// `martlet.arena` and `martlet.constant`, the constant's symbol.
  public static let planMemory = Pass(
    "plan-memory", name: "PlanMemory", "Place allocations in one arena", anchor: "builtin.module",
    options: [
      .bool("constants", default: true, "Make parameters of constants")
    ],
    statistics: [
      PassStatistic("num-slots", "Number of allocations placed"),
      PassStatistic("arena-bytes", "Bytes of the arena"),
    ],
    dependentDialects: ["arith", "memref"]
  ) { (module, state) throws(Reported) in
    for operation in module.operations(Func.func) {
      guard let function = FuncOp(operation), !function.isPrivate, !function.isDeclaration else {
        continue
      }
      let planner = MemoryPlanner(function, takesConstants: state.options.bool("constants"))
      let plan = try planner.run()
      MemoryPlans.of(module.context).set(function.name, plan, planner.constants)
      state.count("num-slots", by: plan.slots.count)
      state.count("arena-bytes", by: plan.arenaByteCount)
      state.remark(
        "\(plan.arenaByteCount) bytes for \(plan.slots.count) slots; largest live set "
          + "\(plan.largestLiveByteCount), all intermediates \(plan.intermediateByteCount)",
        at: operation)
    }
    if state.options.bool("constants") { eraseUnusedGlobals(module) }
  }

  private static func eraseUnusedGlobals(_ module: Operation) {
    var used: Set<String> = []
    for read in module.operations(MemRef.getGlobal) {
      if let name = read.attribute("name")?.rootReference?.string { used.insert(name) }
    }
    for global in module.operations(MemRef.global) where SymbolTable.isPrivate(global) {
      if let name = SymbolTable.name(of: global), !used.contains(name) { global.erase() }
    }
  }
}

/// Plans the memory of one function.
final class MemoryPlanner {
  private let function: FuncOp
  private let context: Context
  private let takesConstants: Bool
  private(set) var constants: [MemoryPlan.Constant] = []
  private var steps: [Operation] = []
  private var stepNumbers: [Operation: Int] = [:]

  init(_ function: FuncOp, takesConstants: Bool) {
    self.function = function
    context = function.operation.context
    self.takesConstants = takesConstants
  }

  private struct Allocation {
    let operation: Operation
    let byteCount: Int
    let steps: ClosedRange<Int>
  }

  func run() throws(Reported) -> MemoryPlan {
    guard let entry = function.entry else { return MemoryPlan() }
    var plan = MemoryPlan()
    findSteps(entry)
    plan.steps = steps.map(name)
    var found: [Allocation] = []
    for operation in function.operation.operations(MemRef.alloc) {
      if let allocation = try measure(operation) { found.append(allocation) }
    }
    let intervals = found.map {
      MemoryInterval(byteCount: $0.byteCount, steps: $0.steps)
    }
    guard let placement = MemoryPlacement(intervals) else {
      throw function.operation.emitError("allocates more memory than can be addressed")
    }
    plan.arenaByteCount = placement.byteCount
    plan.largestLiveByteCount = MemoryPlacement.largestLive(intervals.map(\.exact)) ?? Int.max
    var names: Set<String> = []
    for (allocation, offset) in zip(found, placement.offsets) {
      plan.intermediateByteCount &+= allocation.byteCount
      plan.slots.append(
        MemoryPlan.Slot(
          name: unique(name(allocation.operation), &names), offset: offset,
          byteCount: allocation.byteCount, firstStep: allocation.steps.lowerBound,
          lastStep: allocation.steps.upperBound))
    }
    rewrite(entry, found.map(\.operation), placement)
    if takesConstants { moveConstants(entry) }
    plan.constantNames = constants.map(\.name)
    return plan
  }

  private func unique(_ name: String, _ names: inout Set<String>) -> String {
    var result = name
    var next = 1
    while !names.insert(result).inserted {
      result = "\(name)#\(next)"
      next += 1
    }
    return result
  }

  // MARK: Steps and lifetimes

  private func findSteps(_ entry: Block) {
    for operation in entry.operations where isStep(operation) {
      stepNumbers[operation] = steps.count
      steps.append(operation)
    }
  }

  private func isStep(_ operation: Operation) -> Bool {
    if operation.has(.terminator) || operation.is(MemRef.alloc) || operation.is(MemRef.dealloc) {
      return false
    }
    return !(operation.memoryEffects?.isEmpty ?? false)
  }

  /// The size and life of an allocation; nil where it stays one, as its size is dynamic or an iteration of
  /// a loop hands it to the next.
  private func measure(_ operation: Operation) throws(Reported) -> Allocation? {
    let type = operation.result().type
    guard type.kind == .memRef, type.layout == nil, type.memorySpace == nil, type.hasStaticShape
    else { return nil }
    guard let byteCount = type.storageByteCount else {
      throw operation.emitOpError("of '\(type)' has no size in bytes, or too large a one")
    }
    if (operation.attribute("alignment")?.integerValue ?? 0) > Int64(MemoryPlacement.alignment) {
      return nil
    }
    guard function.body.hasOneBlock, !steps.isEmpty else {
      return Allocation(
        operation: operation, byteCount: byteCount, steps: 0...max(0, steps.count - 1))
    }
    var life: ClosedRange<Int>?
    for user in users(of: operation.result()) {
      if let parent = user.parent, user.has(.terminator), parent != function.operation,
        operation.block == user.block
      {
        return nil
      }
      if user.is(MemRef.dealloc) { continue }
      guard let top = user.ancestor(in: function.body), let step = stepNumbers[top] else { continue }
      life = life.map { min($0.lowerBound, step)...max($0.upperBound, step) } ?? step...step
    }
    if let top = operation.ancestor(in: function.body), let step = stepNumbers[top] {
      life = life.map { min($0.lowerBound, step)...max($0.upperBound, step) } ?? step...step
    }
    return Allocation(operation: operation, byteCount: byteCount, steps: life ?? 0...0)
  }

  /// The operations that use `memref`, views of it or what a loop or conditional makes of it.
  private func users(of memref: Value) -> [Operation] {
    var found: [Operation] = []
    var seen: Set<Value> = [memref]
    var pending = [memref]
    func follow(_ value: Value?) {
      if let value, value.type.isMemRef, seen.insert(value).inserted { pending.append(value) }
    }
    while let value = pending.popLast() {
      for use in value.uses {
        let user = use.owner
        found.append(user)
        for result in user.results { follow(result) }
        for region in user.regions {
          for block in region.blocks { for argument in block.arguments { follow(argument) } }
        }
        guard user.has(.terminator), let parent = user.parent, parent != function.operation else {
          continue
        }
        for result in parent.results { follow(result) }
        for region in parent.regions {
          for block in region.blocks { for argument in block.arguments { follow(argument) } }
        }
      }
    }
    return found
  }

  /// A name for people: that of the location, of the value, or of what the operation is.
  private func name(_ operation: Operation) -> String {
    if let subject = operation.location.subject { return subject }
    if operation.is(Func.call), let callee = operation.attribute("callee")?.rootReference {
      return callee.string
    }
    if let hint = operation.results.first?.nameHint { return hint }
    return operation.name.string
  }

  // MARK: Rewriting

  private func rewrite(_ entry: Block, _ allocations: [Operation], _ placement: MemoryPlacement) {
    let arena = insertParameter(
      0, context.memRef([placement.byteCount], context.i8), entry, "martlet.arena", context.unit)
    arena.nameHint = "arena"
    let builder = Builder(context)
    for (operation, offset) in zip(allocations, placement.offsets) {
      for use in Array(operation.result().uses) where use.owner.is(MemRef.dealloc) {
        use.owner.erase()
      }
      builder.setInsertionPoint(before: operation)
      let start = ConstantOp.index(builder, offset)
      let view = builder.create(MemRef.view, [arena, start], results: [operation.result().type])
      view.result().nameHint = operation.result().nameHint
      operation.replaceAllUses(with: view.results)
      operation.erase()
    }
  }

  /// Reads of constants become parameters behind the arena, in the order of the first reads.
  private func moveConstants(_ entry: Block) {
    var parameters: [String: Value] = [:]
    for read in function.operation.operations(MemRef.getGlobal) {
      guard let reference = read.attribute("name"), let name = reference.rootReference?.string,
        let global = SymbolTable.resolve(reference, from: read), global.hasAttribute("constant"),
        let value = global.attribute("initial_value"), value.type != nil,
        let byteCount = read.result().type.storageByteCount
      else { continue }
      let parameter: Value
      if let known = parameters[name] {
        parameter = known
      } else {
        parameter = insertParameter(
          constants.count + 1, read.result().type, entry, "martlet.constant", context.string(name))
        parameter.nameHint = read.result().nameHint
        parameters[name] = parameter
        constants.append(MemoryPlan.Constant(name: name, value: value, byteCount: byteCount))
      }
      read.replaceAllUses(with: [parameter])
      read.erase()
    }
  }

  private func insertParameter(
    _ i: Int, _ type: Type, _ entry: Block, _ attribute: String, _ value: Attribute
  ) -> Value {
    var inputs = function.type.inputs
    let empty = context.dictionary([(String, Attribute)]())
    var all = function.operation.attribute("arg_attrs")?.elements ?? []
    while all.count < inputs.count { all.append(empty) }
    all.insert(context.dictionary([(attribute, value)]), at: i)
    inputs.insert(type, at: i)
    function.setType(inputs: inputs, results: function.type.results)
    function.operation.setAttribute("arg_attrs", context.array(all))
    return entry.insertArgument(i, type)
  }
}
