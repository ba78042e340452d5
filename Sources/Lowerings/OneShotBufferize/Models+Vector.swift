import MartletDialects
import MartletIR
import MartletSupport

/// Transfers between vectors and tensors.
extension BufferizableModels {
  static let vector: [(OpDefinition, BufferizableModel)] = [
    (VectorDialect.transferRead, VectorReadModel()), (VectorDialect.gather, VectorReadModel()),
    (VectorDialect.transferWrite, TransferWriteModel()),
    (VectorDialect.scatter, ScatterModel()), (VectorDialect.mask, MaskModel()),
    (VectorDialect.yield, VectorYieldModel()),
  ]
}

private final class VectorReadModel: BufferizableModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    var operands = Array(operation.operands)
    operands[0] = try buffers.buffer(operands[0])
    buffers.setInsertionPoint(before: operation)
    let made = buffers.remake(operation, operands, results: operation.results.map(\.type))
    buffers.replace(operation, with: made)
  }
}

private final class TransferWriteModel: BufferizableModel, @unchecked Sendable {
  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { true }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    use.owner.resultCount > 0
      ? [ValueAlias(use.owner.result(), isEquivalent: true)] : []
  }

  /// Unless all elements are overwritten.
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool {
    let operation = use.owner
    let type = use.value.type
    let vector = operation.operand(0).type
    guard type.hasStaticShape, operation.operandGroup(3).isEmpty,
      operation.parent?.is(VectorDialect.mask) != true,
      operation.operandGroup(2).allSatisfy({ $0.constantInteger == 0 })
    else { return true }
    return zip(type.shape, vector.shape).contains { $0 > $1 }
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    var operands = Array(operation.operands)
    operands[1] = try buffers.buffer(operands[1])
    buffers.setInsertionPoint(before: operation)
    _ = buffers.remake(operation, operands, results: [])
    buffers.replace(operation, withBuffers: [operands[1]])
  }
}

private final class ScatterModel: BufferizableModel, @unchecked Sendable {
  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { true }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    use.index == 0 && use.owner.resultCount > 0
      ? [ValueAlias(use.owner.result(), isEquivalent: true)] : []
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    var operands = Array(operation.operands)
    operands[0] = try buffers.buffer(operands[0])
    buffers.setInsertionPoint(before: operation)
    _ = buffers.remake(operation, operands, results: [])
    buffers.replace(operation, withBuffers: [operands[0]])
  }
}

private final class MaskModel: BufferizableModel, @unchecked Sendable {
  override func aliasingOperands(_ value: Value, _ state: OneShotState) -> [OperandAlias] {
    guard let end = value.definingOperation?.region().firstBlock?.lastOperation else { return [] }
    return [OperandAlias(TensorUse(end, value.index), isEquivalent: true)]
  }

  override func resolveConflicts(
    _ operation: Operation, _ state: OneShotState, _ buffers: Bufferizer
  ) throws(Reported) {
    try super.resolveConflicts(operation, state, buffers)
    if let block = operation.region().firstBlock,
      block.operations.contains(where: { $0.is(Bufferization.allocTensor) })
    {
      throw operation.emitOpError("body must bufferize in-place")
    }
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let block = operation.region().firstBlock, let end = block.lastOperation,
      let masked = block.firstOperation, masked != end, buffers.plain.model(masked) != nil
    else { return }
    var replacements: [Value?] = Array(repeating: nil, count: operation.resultCount)
    var yielded: [Value] = []
    for (i, value) in end.operands.enumerated() {
      if value.definingOperation == masked {
        yielded.append(value)
      } else {
        replacements[i] = value
      }
    }
    end.setOperands(yielded)
    buffers.setInsertionPoint(before: operation)
    let made = buffers.remake(
      operation, Array(operation.operands), results: yielded.map(\.type))
    made.region().takeBody(of: operation.region())
    var next = 0
    let values = replacements.map { value -> Value in
      if let value { return value }
      next += 1
      return made.result(next - 1)
    }
    // What a masked operation wrote to is memory from outside; its tensor is made behind.
    buffers.replace(
      operation,
      withBuffers: values.map { value in
        guard let tensor = value.definingOperation, tensor.is(Bufferization.toTensor) else {
          return value
        }
        return tensor.operand(0)
      })
  }
}

private final class VectorYieldModel: BufferizableModel, @unchecked Sendable {
  override func mustBeInPlace(_ use: TensorUse, _ state: OneShotState) -> Bool { true }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    guard let parent = use.owner.parent, use.index < parent.resultCount else { return [] }
    return [ValueAlias(parent.result(use.index), isEquivalent: true)]
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard operation.parent?.is(VectorDialect.mask) == true else {
      throw operation.emitError("unsupported vector::YieldOp parent")
    }
    var values: [Value] = []
    for value in operation.operands {
      values.append(value.type.isTensor ? try buffers.buffer(value) : value)
    }
    buffers.setInsertionPoint(before: operation)
    buffers.create(VectorDialect.yield, values)
    buffers.erase(operation)
  }
}
