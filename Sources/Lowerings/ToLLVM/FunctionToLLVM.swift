import MartletDialects
import MartletIR
import MartletSupport

/// Converts one function: a new `llvm.func` is built beside it.
final class FunctionToLLVM {
  let module: ModuleToLLVM
  let function: FuncOp
  let context: Context
  let llvm: LLVMBuilder
  let types: LoweredTypes
  private var values: [Value: Lowered] = [:]
  private var blocks: [Block: Block] = [:]
  private(set) var fails = false
  /// Where static stack memory goes.
  private(set) var entry: Block
  private var made: Operation?

  init(_ module: ModuleToLLVM, _ function: FuncOp) {
    self.module = module
    self.function = function
    context = module.context
    llvm = module.llvm
    types = module.types
    fails = module.failing.contains(function.name)
    entry = module.body
  }

  func run() throws(Reported) {
    let operation = function.operation
    let type = function.type
    guard let inputs = types.flattened(type.inputs), let results = types.flattened(type.results)
    else {
      throw operation.emitOpError("has a parameter or result that cannot be lowered: '\(type)'")
    }
    llvm.builder.location = operation.location
    let made = module.makeFunction(
      function.name, inputs, module.resultType(results, fails: fails),
      isPrivate: function.isPrivate && !function.isDeclaration, before: operation)
    self.made = made
    setAttributes(made)
    if function.isDeclaration { return }
    for (i, block) in operation.region().blocks.enumerated() {
      guard let types = types.flattened(block.arguments.types) else {
        throw operation.emitOpError("has a block argument that cannot be lowered")
      }
      let copy = made.region().addBlock(arguments: types)
      if i == 0 { entry = copy }
      blocks[block] = copy
      llvm.builder.setInsertionPoint(atEnd: copy)
    }
    llvm.beginFunction(entry)
    for (i, block) in operation.region().blocks.enumerated() {
      guard let copy = blocks[block] else { continue }
      llvm.builder.setInsertionPoint(atEnd: copy)
      var next = 0
      for (k, argument) in block.arguments.enumerated() {
        let lowered = try unflatten(argument.type, Array(copy.arguments), &next, operation)
        values[argument] = i == 0 ? aligned(lowered, k) : lowered
      }
    }
    // Definitions come before uses in this order; blocks never reached are left out.
    let order = RegionOrderForLowering.reversePostOrder(operation.region())
    let reached = Set(order)
    for block in operation.region().blocks where !reached.contains(block) {
      blocks[block]?.erase()
    }
    for block in order {
      guard let copy = blocks[block] else { continue }
      llvm.builder.setInsertionPoint(atEnd: copy)
      for inner in block.operations {
        llvm.builder.location = inner.location
        try lower(inner)
      }
    }
  }

  /// Puts an argument's `llvm.align` into its descriptor.
  private func aligned(_ lowered: Lowered, _ argument: Int) -> Lowered {
    guard case .memref(var descriptor) = lowered,
      let alignment = function.argumentAttribute(argument, "llvm.align")?.integerValue
    else { return lowered }
    descriptor.alignment = Int(alignment)
    return .memref(descriptor)
  }

  // MARK: Attributes

  private func setAttributes(_ made: Operation) {
    made.setAttribute("no_unwind", context.unit)
    for name in ["passthrough", "no_inline", "target_cpu", "target_features", "always_inline"] {
      if let value = function.operation.attribute(name) { made.setAttribute(name, value) }
    }
    for (name, value) in function.operation.discardableAttributes.entries
    where name.string.hasPrefix("llvm.") {
      made.setAttribute(String(name.string.dropFirst(5)), value)
    }
    var list: [Attribute] = []
    var isUseful = false
    for (i, input) in function.type.inputs.enumerated() {
      var entries: [(String, Attribute)] = []
      if let own = function.operation.attribute("arg_attrs")?.elements, i < own.count {
        for (name, value) in own[i].entries where name.string.hasPrefix("llvm.") {
          entries.append((name.string, value))
        }
      }
      isUseful = isUseful || !entries.isEmpty
      let count = types.flattened(input)?.count ?? 1
      list.append(context.dictionary(entries))
      for _ in 1..<max(count, 1) { list.append(context.dictionary([(String, Attribute)]())) }
    }
    if isUseful { made.setAttribute("arg_attrs", context.array(list)) }
  }

  // MARK: Values

  func lowered(_ value: Value, _ user: Operation) throws(Reported) -> Lowered {
    guard let known = values[value] else {
      throw user.emitOpError("uses a value of type '\(value.type)' that could not be lowered")
    }
    return known
  }

  /// A scalar or one-dimensional vector.
  func value(_ value: Value, _ user: Operation) throws(Reported) -> Value {
    if case .value(let found) = try lowered(value, user) { return found }
    throw user.emitOpError("uses a value of type '\(value.type)' in an unsupported way")
  }

  func memref(_ value: Value, _ user: Operation) throws(Reported) -> MemRefDescriptor {
    if case .memref(let found) = try lowered(value, user) { return found }
    throw user.emitOpError("uses a value of type '\(value.type)' as a memref")
  }

  /// The one-dimensional parts of a vector, or a scalar alone.
  func parts(_ value: Value, _ user: Operation) throws(Reported) -> [Value] {
    switch try lowered(value, user) {
    case .value(let found): return [found]
    case .rows(let rows): return rows
    case .memref:
      throw user.emitOpError("uses a value of type '\(value.type)' in an unsupported way")
    }
  }

  func set(_ original: Value, _ lowered: Lowered) { values[original] = lowered }
  func set(_ original: Value, _ value: Value) { values[original] = .value(value) }

  /// Sets a result from its one-dimensional parts.
  func set(_ original: Value, parts: [Value]) {
    values[original] = types.rows(original.type) != nil ? .rows(parts) : .value(parts[0])
  }

  /// The type in the llvm dialect of a scalar, or of each part of a vector.
  func partType(_ type: Type, _ user: Operation) throws(Reported) -> Type {
    if let found = types.rows(type)?.type ?? types.single(type) { return found }
    throw user.emitOpError("has type '\(type)', which cannot be lowered")
  }

  // MARK: Flattening

  func flatten(_ value: Value, _ user: Operation) throws(Reported) -> [Value] {
    switch try lowered(value, user) {
    case .value(let found): return [found]
    case .rows(let rows): return rows
    case .memref(let descriptor): return try flatten(descriptor, as: value.type, user)
    }
  }

  /// The pointer, then what `type` leaves open.
  func flatten(_ descriptor: MemRefDescriptor, as type: Type, _ user: Operation) throws(Reported)
    -> [Value]
  {
    guard let layout = type.stridedLayout else {
      throw user.emitOpError("has a layout that is not strided: '\(type)'")
    }
    var list = [descriptor.base]
    if layout.offset == Type.dynamic { list.append(descriptor.offset) }
    for (i, size) in type.shape.enumerated() where size == Type.dynamic {
      list.append(descriptor.sizes[i])
    }
    for (i, stride) in layout.strides.enumerated() where stride == Type.dynamic {
      list.append(descriptor.strides[i])
    }
    return list
  }

  func unflatten(_ type: Type, _ parts: [Value], _ next: inout Int, _ user: Operation)
    throws(Reported) -> Lowered
  {
    func take() -> Value {
      defer { next += 1 }
      return parts[next]
    }
    if let (count, _) = types.rows(type) { return .rows((0..<count).map { _ in take() }) }
    guard type.kind == .memRef else { return .value(take()) }
    guard let layout = type.stridedLayout else {
      throw user.emitOpError("has a layout that is not strided: '\(type)'")
    }
    let base = take()
    func entry(_ known: Int) -> Value { known == Type.dynamic ? take() : llvm.index(known) }
    let offset = entry(layout.offset)
    let sizes = type.shape.map(entry)
    let strides = layout.strides.map(entry)
    return .memref(
      MemRefDescriptor(type: type, base: base, offset: offset, sizes: sizes, strides: strides))
  }

  // MARK: Operations

  private func lower(_ operation: Operation) throws(Reported) {
    if let rewrite = module.rewrites.rewrite(operation) {
      try rewrite(self, operation)
      return
    }
    if operation.name.dialectName == "llvm" {
      try copy(operation)
      return
    }
    throw operation.emitError("failed to legalize operation '\(operation.name)'")
  }

  /// An operation that is of the llvm dialect already.
  private func copy(_ operation: Operation) throws(Reported) {
    var mapping = IRMapping()
    for operand in operation.operands { mapping.values[operand] = try value(operand, operation) }
    for successor in operation.successors { mapping.blocks[successor] = blocks[successor] }
    let copy = llvm.builder.insert(operation.clone(&mapping))
    for (old, new) in zip(operation.results, copy.results) { set(old, new) }
  }

  func block(_ original: Block) -> Block { blocks[original] ?? original }

  func flattened(_ values: some Sequence<Value>, _ user: Operation) throws(Reported) -> [Value] {
    var all: [Value] = []
    for value in values { all += try flatten(value, user) }
    return all
  }

  // MARK: Functions

  func lowerReturn(_ operation: Operation) throws(Reported) {
    var all = try flattened(operation.operands, operation)
    if fails { all.insert(llvm.integer(0, llvm.i32), at: 0) }
    makeReturn(all)
  }

  private func makeReturn(_ all: [Value]) {
    if all.count <= 1 {
      llvm.make("return", all)
      return
    }
    let type = LLVM.structType(context, all.map(\.type))
    var packed = llvm.poison(type)
    for (i, value) in all.enumerated() {
      packed = llvm.value(
        "insertvalue", [packed, value], type, [("position", context.denseI64Array([i]))])
    }
    llvm.make("return", [packed])
  }

  /// Ends the function with a status other than 0.
  private func makeFailure(_ status: Value) {
    guard let results = types.flattened(function.type.results) else { return }
    makeReturn([status] + results.map { llvm.poison($0) })
  }

  func lowerCall(_ operation: Operation) throws(Reported) {
    guard let name = operation.attribute("callee")?.rootReference?.string else {
      throw operation.emitOpError("names no function")
    }
    let arguments = try flattened(operation.operands, operation)
    guard let results = types.flattened(operation.results.types) else {
      throw operation.emitOpError("has a result that cannot be lowered")
    }
    let calleeFails = module.failing.contains(name)
    let type = module.resultType(results, fails: calleeFails)
    let call = llvm.call(name, arguments, type)
    try setResults(operation, call, results.count, calleeFails: calleeFails)
  }

  private func setResults(
    _ operation: Operation, _ call: Operation, _ count: Int, calleeFails: Bool
  ) throws(Reported) {
    let total = count + (calleeFails ? 1 : 0)
    var parts: [Value] = []
    if total == 1 { parts = [call.result()] }
    if total > 1, let elements = call.result().type.llvmStruct?.elements {
      parts = elements.indices.map { i in
        llvm.value(
          "extractvalue", [call.result()], elements[i],
          [("position", context.denseI64Array([i]))])
      }
    }
    if calleeFails {
      let status = parts.removeFirst()
      check(llvm.value("icmp", [status, llvm.integer(0, llvm.i32)], llvm.i1, predicate(0)), status)
    }
    var next = 0
    for result in operation.results {
      set(result, try unflatten(result.type, parts, &next, operation))
    }
  }

  func predicate(_ number: Int) -> [(String, Attribute)] {
    [("predicate", context.i64Attribute(number))]
  }

  /// Goes on in a new block where `condition` holds and otherwise ends the function with `status`.
  private func check(_ condition: Value, _ status: Value) {
    guard let made, let here = llvm.builder.insertionPoint?.block else { return }
    let stop = context.createBlock()
    let onward = context.createBlock()
    made.region().append(stop)
    made.region().insert(onward, after: here)
    llvm.branch(condition, onward, [], stop)
    llvm.builder.setInsertionPoint(atEnd: stop)
    makeFailure(status)
    llvm.builder.setInsertionPoint(atEnd: onward)
  }

  func lowerAssert(_ operation: Operation) throws(Reported) {
    let condition = try value(operation.operand(0), operation)
    if fails {
      let number = module.failure(operation.attribute("msg")?.stringValue ?? "assertion failed")
      check(condition, llvm.integer(number, llvm.i32))
      return
    }
    guard let made, let here = llvm.builder.insertionPoint?.block else { return }
    module.declare("abort", [], nil)
    let stop = context.createBlock()
    let onward = context.createBlock()
    made.region().append(stop)
    made.region().insert(onward, after: here)
    llvm.branch(condition, onward, [], stop)
    llvm.builder.setInsertionPoint(atEnd: stop)
    llvm.call("abort", [], nil)
    llvm.make("unreachable", [])
    llvm.builder.setInsertionPoint(atEnd: onward)
  }

  func lowerIndirectCall(_ operation: Operation) throws(Reported) {
    let callee = try value(operation.operand(0), operation)
    let arguments = try flattened(operation.operands.dropFirst(), operation)
    guard let results = types.flattened(operation.results.types) else {
      throw operation.emitOpError("has a result that cannot be lowered")
    }
    let type = module.resultType(results, fails: false)
    let call = llvm.make(
      "call", [callee] + arguments, type.map { [$0] } ?? [],
      [
        ("operandSegmentSizes", context.denseI32Array([arguments.count + 1, 0])),
        ("op_bundle_sizes", context.denseI32Array([])),
      ])
    try setResults(operation, call, results.count, calleeFails: false)
  }

  // MARK: Branches

  private func carryHints(_ from: Operation, _ to: Operation) {
    for (name, value) in from.discardableAttributes.entries
    where name.string == "martlet.loop" || value.definition?.dialectName == "llvm" {
      let key = name.string.hasSuffix("loop_annotation") ? "loop_annotation" : name.string
      to.setAttribute(key, value)
    }
    if let weights = from.attribute("branch_weights") {
      to.setAttribute("branch_weights", weights)
    }
  }

  func lowerBranch(_ operation: Operation) throws(Reported) {
    let arguments = try flattened(operation.operands, operation)
    let made = llvm.make("br", arguments, successors: [block(operation.successors[0])])
    carryHints(operation, made)
  }

  func lowerConditionalBranch(_ operation: Operation) throws(Reported) {
    let condition = try value(operation.operand(0), operation)
    let yes = try flattened(operation.operandGroup(1), operation)
    let no = try flattened(operation.operandGroup(2), operation)
    let made = llvm.make(
      "cond_br", [condition] + yes + no, [],
      [("operandSegmentSizes", context.denseI32Array([1, yes.count, no.count]))],
      successors: [block(operation.successors[0]), block(operation.successors[1])])
    carryHints(operation, made)
  }

  func lowerSwitch(_ operation: Operation) throws(Reported) {
    let flag = try value(operation.operand(0), operation)
    let first = try flattened(ControlFlow.successorOperands(operation, 0), operation)
    var cases: [Value] = []
    var segments: [Int] = []
    for i in operation.successors.indices.dropFirst() {
      let passed = try flattened(ControlFlow.successorOperands(operation, i), operation)
      cases += passed
      segments.append(passed.count)
    }
    var attributes: [(String, Attribute)] = [
      ("operandSegmentSizes", context.denseI32Array([1, first.count, cases.count])),
      ("case_operand_segments", context.denseI32Array(segments)),
    ]
    if let values = operation.attribute("case_values") {
      attributes.append(("case_values", values))
    }
    llvm.make(
      "switch", [flag] + first + cases, [], attributes,
      successors: operation.successors.map { block($0) })
  }
}

/// The order functions are lowered in.
enum RegionOrderForLowering {
  /// Reachable blocks so that each comes after those that dominate it.
  static func reversePostOrder(_ region: Region) -> [Block] {
    guard let first = region.firstBlock else { return [] }
    var order: [Block] = []
    var visited: Set<Block> = [first]
    var stack: [(block: Block, next: Int)] = [(first, 0)]
    while let top = stack.last {
      let successors = top.block.lastOperation?.successors
      if let successors, top.next < successors.count {
        stack[stack.count - 1].next += 1
        let successor = successors[top.next]
        if visited.insert(successor).inserted { stack.append((successor, 0)) }
      } else {
        order.append(top.block)
        stack.removeLast()
      }
    }
    return order.reversed()
  }
}
