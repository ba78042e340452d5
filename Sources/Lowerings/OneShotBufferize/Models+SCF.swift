import MartletDialects
import MartletIR
import MartletSupport

/// Conditionals, regions and what ends them; loops are in a file of their own.
extension BufferizableModels {
  static let scf: [(OpDefinition, BufferizableModel)] =
    [
      (SCF.if, ConditionalModel()), (SCF.indexSwitch, ConditionalModel()),
      (SCF.executeRegion, ExecuteRegionModel()), (SCF.yield, YieldModel()),
      (SCF.condition, ConditionModel()),
    ] + loops
}

/// `scf.if` and `scf.index_switch`: a result is what one of the branches yields.
private final class ConditionalModel: BufferizableModel, @unchecked Sendable {
  /// The ends of the branches; of a switch the default, which is the first region, comes last.
  private func yields(_ operation: Operation) -> [Operation] {
    var regions = Array(operation.regions)
    if operation.is(SCF.indexSwitch), !regions.isEmpty { regions.append(regions.removeFirst()) }
    return regions.compactMap { $0.firstBlock?.lastOperation }
  }

  override func aliasingOperands(_ value: Value, _ state: OneShotState) -> [OperandAlias] {
    guard let operation = value.definingOperation else { return [] }
    return yields(operation).map {
      OperandAlias(TensorUse($0, value.index), isEquivalent: true, isDefinite: false)
    }
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    let isIf = operation.is(SCF.if)
    var ends = yields(operation)
    // MLIR looks at a switch's default first.
    if !isIf, let last = ends.popLast() { ends.insert(last, at: 0) }
    var found: Type?
    for end in ends {
      let yielded = end.operand(value.index)
      let type = yielded.type.isMemRef ? yielded.type : try buffers.bufferType(yielded, &stack)
      guard let known = found else {
        found = type
        continue
      }
      if known == type { continue }
      if known.memorySpace != type.memorySpace {
        throw operation.emitError(
          "inconsistent memory space on \(isIf ? "then/else branches" : "switch cases")")
      }
      found = BufferTypes.fullyDynamic(value.type, known.memorySpace)
    }
    guard let found else { throw Reported() }
    return found
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    var types: [Type] = []
    for result in operation.results {
      types.append(result.type.isTensor ? try buffers.bufferType(result) : result.type)
    }
    buffers.setInsertionPoint(before: operation)
    let made = buffers.remake(operation, Array(operation.operands), results: types)
    for (old, new) in zip(operation.regions, made.regions) {
      buffers.inlineRegion(old, into: new)
    }
    buffers.replace(operation, withBuffers: Array(made.results))
  }
}

private final class ExecuteRegionModel: BlocksModel, @unchecked Sendable {
  private func yield(_ operation: Operation) -> Operation? {
    let ends = operation.region().blocks.compactMap(\.lastOperation).filter { $0.is(SCF.yield) }
    return ends.count == 1 ? ends[0] : nil
  }

  override func isWritable(_ value: Value, _ state: OneShotState) -> Bool { true }

  override func verify(_ operation: Operation, _ state: OneShotState) throws(Reported) {
    if yield(operation) == nil {
      throw operation.emitOpError("op without unique scf.yield is not supported")
    }
  }

  override func aliasingOperands(_ value: Value, _ state: OneShotState) -> [OperandAlias] {
    guard let operation = value.definingOperation else {
      return super.aliasingOperands(value, state)
    }
    return yield(operation).map {
      [OperandAlias(TensorUse($0, value.index), isEquivalent: true)]
    } ?? []
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let yield = yield(operation) else { throw Reported() }
    let made = buffers.remake(
      operation, Array(operation.operands), results: yield.operands.map(\.type))
    made.region().takeBody(of: operation.region())
    for block in made.region().blocks { try buffers.bufferizeSignature(block) }
    buffers.replace(operation, withBuffers: Array(made.results))
  }
}

/// `scf.yield`, whose operands are always in place, so that no memory is made only to be handed out.
private final class YieldModel: BufferizableModel, @unchecked Sendable {
  override func mustBeInPlace(_ use: TensorUse, _ state: OneShotState) -> Bool { true }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    guard let parent = use.owner.parent else { return [] }
    if parent.is(SCF.if) {
      return [
        ValueAlias(parent.result(use.index), isEquivalent: true, isDefinite: false)
      ]
    }
    if parent.is(SCF.executeRegion) {
      return [ValueAlias(parent.result(use.index), isEquivalent: true)]
    }
    return []
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let parent = operation.parent,
      [SCF.executeRegion, SCF.if, SCF.indexSwitch, SCF.for, SCF.while].contains(where: parent.is)
    else { throw operation.emitError("unsupported scf::YieldOp parent") }
    var values: [Value] = []
    for (i, value) in operation.operands.enumerated() {
      guard value.type.isTensor else {
        values.append(value)
        continue
      }
      var memory = try buffers.buffer(value)
      if parent.is(SCF.while), let loop = WhileOp(parent) {
        let argument = loop.before.argument(i)
        let type =
          argument.type.isMemRef ? argument.type : try buffers.bufferType(argument)
        buffers.setInsertionPoint(before: operation)
        memory = buffers.cast(memory, to: type)
      } else if !parent.is(SCF.executeRegion) {
        let result = parent.result(i)
        let type = result.type.isMemRef ? result.type : try buffers.bufferType(result)
        buffers.setInsertionPoint(before: operation)
        memory = buffers.cast(memory, to: type)
      }
      values.append(memory)
    }
    buffers.setInsertionPoint(before: operation)
    buffers.create(SCF.yield, values)
    buffers.erase(operation)
  }
}

private final class ConditionModel: BufferizableModel, @unchecked Sendable {
  override func mustBeInPlace(_ use: TensorUse, _ state: OneShotState) -> Bool { true }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let loop = WhileOp(operation.parent) else { throw Reported() }
    var values: [Value] = [operation.operand(0)]
    for (i, value) in operation.operands.dropFirst().enumerated() {
      guard value.type.isTensor else {
        values.append(value)
        continue
      }
      let memory = try buffers.buffer(value)
      let argument = loop.after.argument(i)
      let type = argument.type.isMemRef ? argument.type : try buffers.bufferType(argument)
      buffers.setInsertionPoint(before: operation)
      values.append(buffers.cast(memory, to: type))
    }
    buffers.setInsertionPoint(before: operation)
    buffers.create(SCF.condition, values)
    buffers.erase(operation)
  }
}
