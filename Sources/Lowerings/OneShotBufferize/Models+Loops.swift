import MartletDialects
import MartletIR
import MartletSupport

/// Loops.
extension BufferizableModels {
  static let loops: [(OpDefinition, BufferizableModel)] = [
    (SCF.for, ForModel()), (SCF.while, WhileModel()), (SCF.forall, ForallModel()),
    (SCF.inParallel, InParallelModel()),
  ]
}

/// What loops have in common: a carried value is a tensor from outside and what each iteration hands to the
/// next.
class LoopModel: BufferizableModel, @unchecked Sendable {
  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { true }
  override func isWritable(_ value: Value, _ state: OneShotState) -> Bool { true }
  override func isRepetitive(_ region: Region) -> Bool { true }

  /// The memory of a carried value: that of the initial one and of what is handed on, or, where these differ, one
  /// of unknown layout.
  func carriedType(
    _ argument: Value, initial: Value, yielded: Value, _ buffers: Bufferizer,
    _ stack: inout [Value]
  ) throws(Reported) -> Type {
    let first = initial.type.isMemRef ? initial.type : try buffers.bufferType(initial, &stack)
    if stack.count(where: { $0 == argument }) >= 2 { return first }
    let next = yielded.type.isMemRef ? yielded.type : try buffers.bufferType(yielded, &stack)
    if first == next { return next }
    if first.memorySpace != next.memorySpace {
      throw OneShotState.owner(of: argument)?.emitOpError(
        "init_arg and yielded value bufferize to inconsistent memory spaces") ?? Reported()
    }
    return BufferTypes.fullyDynamic(argument.type, next.memorySpace)
  }

  /// Moves the operations of a block into a new one, whose arguments are memory where those of the old one are
  /// tensors.
  func moveBody(_ old: Block, to new: Block, _ buffers: Bufferizer) {
    buffers.setInsertionPoint(atStart: new)
    var values: [Value] = []
    for (argument, replacement) in zip(old.arguments, new.arguments) {
      values.append(
        argument.type.isTensor && replacement.type.isMemRef
          ? buffers.create(
            Bufferization.toTensor, [replacement], results: [argument.type]
          ).result() : replacement)
    }
    buffers.mergeBlocks(old, into: new, arguments: values)
  }
}

private final class ForModel: LoopModel, @unchecked Sendable {
  private func loop(_ operation: Operation) throws(Reported) -> ForOp {
    guard let loop = ForOp(operation) else { throw Reported() }
    return loop
  }

  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool {
    guard let loop = ForOp(use.owner) else { return true }
    // A loop that does not run hands on what it gets.
    guard let lower = loop.constantLowerBound, let upper = loop.constantUpperBound,
      upper > lower
    else { return true }
    return state.isRead(loop.iterArgs[use.index - 3])
  }

  private func isEquivalent(_ operation: Operation, _ i: Int, _ state: OneShotState) -> Bool {
    guard let loop = ForOp(operation), let yield = loop.yield else { return false }
    return state.areEquivalent(loop.iterArgs[i], yield.operand(i))
  }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    let i = use.index - 3
    guard i >= 0 else { return [] }
    let isEquivalent = isEquivalent(use.owner, i, state)
    return [
      ValueAlias(
        use.owner.result(i), isEquivalent: isEquivalent, isDefinite: isEquivalent)
    ]
  }

  override func resolveConflicts(
    _ operation: Operation, _ state: OneShotState, _ buffers: Bufferizer
  ) throws(Reported) {
    try super.resolveConflicts(operation, state, buffers)
    if state.options.copiesBeforeWrite { return }
    let loop = try loop(operation)
    guard let yield = loop.yield else { return }
    buffers.setInsertionPoint(before: yield)
    for (i, value) in Array(yield.operands).enumerated() where loop.inits[i].type.isTensor {
      if isFromInside(value, loop.region, besides: loop.iterArgs[i], state) { continue }
      let copy = try buffers.allocateTensor(value)
      yield.setOperand(i, copy)
    }
  }

  /// Whether a value shares memory with nothing from outside of the region or its other arguments.
  private func isFromInside(
    _ value: Value, _ region: Region, besides exception: Value, _ state: OneShotState
  ) -> Bool {
    state.aliases(of: value).allSatisfy { alias in
      if alias == exception { return true }
      guard let home = alias.block?.region else { return false }
      if alias.isBlockArgument { return home != region && region.isAncestor(of: home) }
      return region.isAncestor(of: home)
    }
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let owner = OneShotState.owner(of: value) else { throw Reported() }
    let loop = try loop(owner)
    if !value.isBlockArgument {
      return try buffers.bufferType(loop.iterArgs[value.index], &stack)
    }
    let i = value.index - 1
    guard let yield = loop.yield else { throw Reported() }
    return try carriedType(
      value, initial: loop.inits[i], yielded: yield.operand(i), buffers, &stack)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let loop = try loop(operation)
    var memories: [Value] = []
    for value in loop.inits {
      memories.append(value.type.isTensor ? try buffers.buffer(value) : value)
    }
    for (i, result) in operation.results.enumerated() where result.type.isTensor {
      let type = try buffers.bufferType(result)
      buffers.setInsertionPoint(before: operation)
      memories[i] = buffers.cast(memories[i], to: type)
    }
    buffers.setInsertionPoint(before: operation)
    let types = memories.map(\.type)
    let made = buffers.remake(
      operation, [loop.lowerBound, loop.upperBound, loop.step] + memories, results: types,
      keepsDiscardable: true)
    let body = made.region().addBlock(arguments: [loop.inductionVariable.type] + types)
    moveBody(loop.body, to: body, buffers)
    buffers.replace(operation, withBuffers: Array(made.results))
  }

  override func verify(_ operation: Operation, _ state: OneShotState) throws(Reported) {
    if state.options.allowsReturningAllocations { return }
    for (i, result) in operation.results.enumerated()
    where result.type.isTensor && !isEquivalent(operation, i, state) {
      throw ForOp(operation)?.yield?.emitError(
        "Yield operand #\(i) is not equivalent to the corresponding iter bbArg") ?? Reported()
    }
  }
}

private final class WhileModel: LoopModel, @unchecked Sendable {
  private func loop(_ operation: Operation) throws(Reported) -> WhileOp {
    guard let loop = WhileOp(operation) else { throw Reported() }
    return loop
  }

  private func isEquivalent(_ loop: WhileOp, _ i: Int, _ state: OneShotState) -> Bool {
    guard i < loop.before.argumentCount, i < loop.after.argumentCount,
      loop.operation.result(i).type == loop.before.argument(i).type,
      let condition = loop.condition, let yield = loop.yield, i < yield.operandCount
    else { return false }
    return state.areEquivalent(loop.before.argument(i), condition.operand(i + 1))
      && state.areEquivalent(loop.after.argument(i), yield.operand(i))
  }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    guard let loop = WhileOp(use.owner), use.index < use.owner.resultCount,
      use.value.type == use.owner.result(use.index).type
    else { return [] }
    let isEquivalent = isEquivalent(loop, use.index, state)
    return [
      ValueAlias(
        use.owner.result(use.index), isEquivalent: isEquivalent, isDefinite: isEquivalent)
    ]
  }

  override func resolveConflicts(
    _ operation: Operation, _ state: OneShotState, _ buffers: Bufferizer
  ) throws(Reported) {
    try super.resolveConflicts(operation, state, buffers)
    if state.options.copiesBeforeWrite { return }
    let loop = try loop(operation)
    guard let condition = loop.condition, let yield = loop.yield else { return }
    buffers.setInsertionPoint(before: condition)
    let passed = Array(condition.operands.dropFirst())
    let yielded = Array(yield.operands)
    for (i, value) in passed.enumerated() where value.type.isTensor {
      let isSame =
        i < loop.before.argumentCount && i < yielded.count
        && state.areEquivalent(loop.before.argument(i), value)
        && state.areEquivalent(loop.after.argument(i), yielded[i])
      if isSame { continue }
      let copy = try buffers.allocateTensor(value)
      condition.setOperand(i + 1, copy)
    }
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let owner = OneShotState.owner(of: value) else { throw Reported() }
    let loop = try loop(owner)
    guard let condition = loop.condition, let yield = loop.yield else { throw Reported() }
    if value.owningBlock == loop.before {
      return try carriedType(
        value, initial: loop.inits[value.index], yielded: yield.operand(value.index), buffers,
        &stack)
    }
    let passed = condition.operand(value.index + 1)
    return passed.type.isMemRef ? passed.type : try buffers.bufferType(passed, &stack)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let loop = try loop(operation)
    var memories: [Value] = []
    for value in loop.inits {
      memories.append(value.type.isTensor ? try buffers.buffer(value) : value)
    }
    for (i, argument) in loop.before.arguments.enumerated() where argument.type.isTensor {
      let type = try buffers.bufferType(argument)
      buffers.setInsertionPoint(before: operation)
      memories[i] = buffers.cast(memories[i], to: type)
    }
    var types: [Type] = []
    for argument in loop.after.arguments {
      types.append(argument.type.isTensor ? try buffers.bufferType(argument) : argument.type)
    }
    buffers.setInsertionPoint(before: operation)
    let made = buffers.remake(operation, memories, results: types)
    let before = made.region(0).addBlock(arguments: memories.map(\.type))
    let after = made.region(1).addBlock(arguments: types)
    let (oldBefore, oldAfter) = (loop.before, loop.after)
    moveBody(oldBefore, to: before, buffers)
    moveBody(oldAfter, to: after, buffers)
    buffers.replace(operation, withBuffers: Array(made.results))
  }

  override func verify(_ operation: Operation, _ state: OneShotState) throws(Reported) {
    if state.options.allowsReturningAllocations { return }
    let loop = try loop(operation)
    for (end, block, skipped, what) in [
      (loop.condition, loop.before, 1, "Condition arg"),
      (loop.yield, loop.after, 0, "Yield operand"),
    ] {
      guard let end else { continue }
      for (i, value) in end.operands.dropFirst(skipped).enumerated() where value.type.isTensor {
        if i >= block.argumentCount || !state.areEquivalent(value, block.argument(i)) {
          throw end.emitError(
            "\(what) #\(i) is not equivalent to the corresponding iter bbArg")
        }
      }
    }
  }
}

private final class ForallModel: LoopModel, @unchecked Sendable {
  private func firstOutput(_ operation: Operation) -> Int {
    operation.operandSegments.prefix(3).reduce(0, +)
  }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    let i = use.index - firstOutput(use.owner)
    return i >= 0 ? [ValueAlias(use.owner.result(i), isEquivalent: true)] : []
  }

  override func isRepetitive(_ region: Region) -> Bool {
    guard let loop = ForallOp(region.parentOperation) else { return true }
    for ((lower, upper), step) in zip(zip(loop.lowerBounds, loop.upperBounds), loop.steps) {
      guard let start = lower.constantValue, let end = upper.constantValue,
        let step = step.constantValue
      else { return true }
      let (next, overflow) = start.addingReportingOverflow(step)
      if overflow || next < end { return true }
    }
    return false
  }
  override func isParallel(_ region: Region) -> Bool { isRepetitive(region) }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let owner = OneShotState.owner(of: value), let loop = ForallOp(owner) else {
      throw Reported()
    }
    let i = value.isBlockArgument ? value.index - loop.rank : value.index
    return try buffers.bufferType(loop.outputs[i], &stack)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let loop = ForallOp(operation) else { throw Reported() }
    var memories: [Value] = []
    for output in loop.outputs { memories.append(try buffers.buffer(output)) }
    buffers.setInsertionPoint(atStart: loop.body)
    for (argument, memory) in zip(loop.outputArguments, memories) {
      let tensor = buffers.create(
        Bufferization.toTensor, [memory], results: [argument.type])
      argument.replaceAllUses(with: tensor.result())
    }
    buffers.setInsertionPoint(before: operation)
    let bounds = Array(operation.operands.prefix(firstOutput(operation)))
    let made = buffers.remake(operation, bounds, results: [], keepsDiscardable: true)
    var segments = operation.operandSegments
    segments[3] = 0
    made.setAttribute("operandSegmentSizes", buffers.context.denseI32Array(segments))
    let old = loop.body
    let body = made.region().addBlock(arguments: loop.inductionVariables.map(\.type))
    while old.argumentCount > loop.rank { old.eraseArgument(old.argumentCount - 1) }
    buffers.mergeBlocks(old, into: body, arguments: Array(body.arguments))
    buffers.replace(operation, withBuffers: memories)
  }
}

private final class InParallelModel: BufferizableModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {}
}
