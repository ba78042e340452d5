import MartletDialects
import MartletIR
import MartletSupport

/// The operations between tensors and memory.
extension BufferizableModels {
  static let bufferization: [(OpDefinition, BufferizableModel)] = [
    (Bufferization.allocTensor, AllocTensorModel()),
    (Bufferization.deallocTensor, DeallocTensorModel()),
    (Bufferization.materializeInDestination, MaterializeModel()),
    (Bufferization.toBuffer, ToBufferModel()), (Bufferization.toTensor, ToTensorModel()),
  ]
}

private final class AllocTensorModel: BufferizableModel, @unchecked Sendable {
  override func resultIsWritten(_ value: Value, _ state: OneShotState) -> Bool {
    value.definingOperation.map { !$0.operandGroup(1).isEmpty } ?? false
  }
  override func allocates(_ value: Value) -> Bool { true }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    if let space = operation.attribute("memory_space") {
      return BufferTypes.identity(value.type, space)
    }
    if let copied = operation.operandGroup(1).first {
      let type = copied.type.isMemRef ? copied.type : try buffers.bufferType(copied, &stack)
      return BufferTypes.identity(value.type, type.memorySpace)
    }
    guard let space = buffers.options.defaultMemorySpace(value.type) else {
      throw operation.emitError("could not infer memory space")
    }
    return BufferTypes.identity(value.type, space)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    if operation.isUnused {
      buffers.erase(operation)
      return
    }
    let copied = try operation.operandGroup(1).first.map { (value) throws(Reported) in
      try buffers.buffer(value)
    }
    let type = try buffers.bufferType(operation.result())
    var sizes = Array(operation.operandGroup(0))
    if let copied {
      sizes = copied.type.shape.indices.filter { copied.type.shape[$0] == Type.dynamic }.map {
        buffers.dim(copied, $0)
      }
    }
    let memory = buffers.alloc(type, sizes)
    if let copied { buffers.copy(copied, to: memory) }
    buffers.replace(operation, withBuffers: [memory])
  }
}

private final class DeallocTensorModel: BufferizableModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { false }
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let memory = try buffers.buffer(operation.operand(0))
    buffers.create(MemRef.dealloc, [memory])
    buffers.erase(operation)
  }
}

private final class MaterializeModel: BufferizableModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { use.index == 0 }
  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { use.index == 1 }
  override func mustBeInPlace(_ use: TensorUse, _ state: OneShotState) -> Bool { true }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    use.index == 1 ? [ValueAlias(use.owner.result(), isEquivalent: true)] : []
  }
  override func isElementwise(_ uses: [TensorUse], _ state: OneShotState) -> Bool { true }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let target = operation.operand(1)
    let memory = target.type.isTensor ? try buffers.buffer(target) : target
    let source = try buffers.buffer(operation.operand(0))
    buffers.copy(source, to: memory)
    buffers.replace(operation, withBuffers: target.type.isTensor ? [memory] : [])
  }
}

/// The memory of a tensor; what happens to it is not seen, so that it counts as read and, unless it says
/// otherwise, written.
private final class ToBufferModel: BufferizableModel, @unchecked Sendable {
  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool {
    !use.owner.hasAttribute("read_only")
  }
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    // Folded with what becomes of the tensor, at the end.
  }
}

private final class ToTensorModel: BufferizableModel, @unchecked Sendable {
  override func isWritable(_ value: Value, _ state: OneShotState) -> Bool {
    value.definingOperation?.hasAttribute("writable") ?? false
  }
  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    return operation.operand(0).type
  }
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {}
}
