import MartletDialects
import MartletIR
import MartletSupport

/// Functions, calls and branches.
extension BufferizableModels {
  static let functions: [(OpDefinition, BufferizableModel)] = [
    (Func.func, FunctionModel()), (Func.call, CallModel()), (Func.return, ReturnModel()),
  ]
  static let controlFlow: [(OpDefinition, BufferizableModel)] = [
    (ControlFlow.br, BranchModel()), (ControlFlow.condBr, BranchModel()),
  ]
}

/// An operation whose region may have several blocks; their arguments share memory with what branches pass on.
class BlocksModel: BufferizableModel, @unchecked Sendable {
  override var supportsManyBlocks: Bool { true }

  static func passed(to argument: Value) -> [TensorUse] {
    guard let block = argument.owningBlock else { return [] }
    var found: [TensorUse] = []
    for branch in block.predecessorTerminators {
      guard let i = branch.successors.firstIndex(of: block),
        let range = branch.successorOperandRange(i), argument.index < range.count
      else { continue }
      found.append(TensorUse(branch, range.lowerBound + argument.index))
    }
    return found
  }

  override func aliasingOperands(_ value: Value, _ state: OneShotState) -> [OperandAlias] {
    guard value.isBlockArgument else { return super.aliasingOperands(value, state) }
    return Self.passed(to: value).map {
      OperandAlias($0, isEquivalent: true, isDefinite: false)
    }
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard value.isBlockArgument, let owner = OneShotState.owner(of: value) else {
      return try buffers.defaultBufferType(value, &stack)
    }
    var found: Type?
    for use in Self.passed(to: value) {
      let operand = use.value
      if stack.contains(operand) { continue }
      let type =
        operand.type.isMemRef ? operand.type : try buffers.bufferType(operand, &stack)
      guard let known = found else {
        found = type
        continue
      }
      if known == type { continue }
      if known.memorySpace != type.memorySpace {
        throw owner.emitOpError(
          "incoming operands of block argument have inconsistent memory spaces")
      }
      found = BufferTypes.fullyDynamic(value.type, known.memorySpace)
    }
    guard let found else {
      throw owner.emitOpError("could not infer buffer type of block argument")
    }
    return found
  }
}

private final class FunctionModel: BlocksModel, @unchecked Sendable {
  override func hasTensors(_ operation: Operation) -> Bool {
    guard let function = FuncOp(operation) else { return false }
    if OneShotBufferization.hasTensors(function) { return true }
    return function.body.blocks.contains { $0.arguments.contains { $0.type.isTensor } }
  }

  override func isWritable(_ value: Value, _ state: OneShotState) -> Bool {
    guard let block = value.owningBlock, block.isEntry, let function = FuncOp(block.parentOperation)
    else { return true }
    return function.argumentAttribute(value.index, "bufferization.writable")?.boolValue ?? true
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let block = value.owningBlock, block.isEntry, let function = FuncOp(block.parentOperation)
    else { return try super.bufferType(value, buffers, &stack) }
    return Self.argumentType(function, value.index, buffers)
  }

  /// The memory of a tensor at the boundary of a function.
  static func boundaryType(_ type: Type, _ buffers: Bufferizer) -> Type {
    let space = buffers.options.defaultMemorySpace(type) ?? nil
    return BufferTypes.make(type, buffers.options.boundaryLayout, space)
  }

  static func argumentType(_ function: FuncOp, _ i: Int, _ buffers: Bufferizer) -> Type {
    let type = function.type.inputs[i]
    let memory = boundaryType(type, buffers)
    guard let layout = function.argumentAttribute(i, "bufferization.buffer_layout"),
      memory.kind == .memRef
    else { return memory }
    return buffers.context.memRef(
      memory.shape, memory.elementType, layout: layout, memorySpace: memory.memorySpace)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let function = FuncOp(operation) else { throw Reported() }
    let type = function.type
    let inputs = type.inputs.indices.map {
      type.inputs[$0].isTensor ? Self.argumentType(function, $0, buffers) : type.inputs[$0]
    }
    let results = type.results.map { $0.isTensor ? Self.boundaryType($0, buffers) : $0 }
    for block in function.body.blocks { try buffers.bufferizeSignature(block) }
    for end in function.returns {
      var values: [Value] = []
      buffers.setInsertionPoint(before: end)
      for (value, type) in zip(end.operands, results) {
        values.append(
          value.type.isTensor
            ? buffers.create(Bufferization.toBuffer, [value], results: [type]).result() : value)
      }
      end.setOperands(values)
    }
    function.setType(inputs: inputs, results: results)
  }
}

private final class ReturnModel: BufferizableModel, @unchecked Sendable {
  // Returns are bufferized with their function.
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {}
}

private final class CallModel: BufferizableModel, @unchecked Sendable {
  /// The called function, if it has been analyzed.
  private func analyzed(_ call: Operation, _ state: OneShotState) -> Operation? {
    guard state.isAnalysis, let callee = CalledFunction.of(call)?.operation,
      state.functions.analyzed.contains(callee)
    else { return nil }
    return callee
  }

  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool {
    guard let callee = analyzed(use.owner, state) else { return true }
    return state.functions.readArguments[callee]?.contains(use.index) ?? false
  }

  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool {
    guard let callee = analyzed(use.owner, state) else { return true }
    return state.functions.writtenArguments[callee]?.contains(use.index) ?? false
  }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    guard let callee = analyzed(use.owner, state) else {
      return OneShotState.unknownAliases(of: use)
    }
    let results = state.functions.aliasingResults[callee]?[use.index] ?? []
    let isEquivalent =
      results.count == 1
      && state.functions.equivalentArguments[callee]?[results[0]] == use.index
    return results.map {
      ValueAlias(
        use.owner.result($0), isEquivalent: isEquivalent, isDefinite: isEquivalent)
    }
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let call = value.definingOperation, let callee = CalledFunction.of(call),
      value.index < callee.type.results.count
    else { throw Reported() }
    let type = callee.type.results[value.index]
    return type.isTensor ? FunctionModel.boundaryType(type, buffers) : type
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let callee = CalledFunction.of(operation) else { throw Reported() }
    var results: [Type] = []
    for result in operation.results {
      results.append(result.type.isTensor ? try buffers.bufferType(result) : result.type)
    }
    var operands: [Value] = []
    for (i, operand) in operation.operands.enumerated() {
      guard operand.type.isTensor else {
        operands.append(operand)
        continue
      }
      var memory = try buffers.buffer(operand)
      var type = callee.type.inputs[i]
      // In circles of calls the callee may still have to be bufferized.
      if type.isTensor { type = FunctionModel.argumentType(callee, i, buffers) }
      if memory.type != type {
        buffers.setInsertionPoint(before: operation)
        memory = try buffers.castOrCopy(memory, to: type)
      }
      operands.append(memory)
    }
    buffers.setInsertionPoint(before: operation)
    let made = buffers.remake(operation, operands, results: results, keepsDiscardable: true)
    buffers.replace(operation, withBuffers: Array(made.results))
  }
}

private final class BranchModel: BufferizableModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { false }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    var found: [ValueAlias] = []
    for (i, block) in use.owner.successors.enumerated() {
      guard let range = use.owner.successorOperandRange(i), range.contains(use.index) else {
        continue
      }
      found.append(
        ValueAlias(
          block.argument(use.index - range.lowerBound), isEquivalent: true, isDefinite: false))
    }
    return found
  }

  // Branches are bufferized with the blocks they go to.
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {}
}
