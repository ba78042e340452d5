import MartletDialects
import MartletIR
import MartletSupport

/// Views and elements of tensors; what fills tensors is in a file of its own.
extension BufferizableModels {
  static let tensor: [(OpDefinition, BufferizableModel)] =
    [
      (TensorDialect.cast, CastModel()), (TensorDialect.collapseShape, CollapseModel()),
      (TensorDialect.expandShape, ExpandModel()), (TensorDialect.dim, QueryModel(MemRef.dim)),
      (TensorDialect.rank, QueryModel(MemRef.rank)), (TensorDialect.extract, ExtractModel()),
      (TensorDialect.insert, InsertModel()), (TensorDialect.extractSlice, ExtractSliceModel()),
      (TensorDialect.insertSlice, InsertSliceModel()),
      (TensorDialect.parallelInsertSlice, ParallelInsertSliceModel()),
      (TensorDialect.reshape, ReshapeModel()),
    ] + tensorMakers
}

private final class CastModel: ViewModel, @unchecked Sendable {
  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    let operand = operation.operand(0)
    let source = try buffers.bufferType(operand, &stack)
    let type = value.type
    if operand.type.kind == .unrankedTensor || type.kind == .unrankedTensor {
      return BufferTypes.fullyDynamic(type, source.memorySpace)
    }
    return buffers.context.memRef(
      type.shape, type.elementType, layout: source.layout, memorySpace: source.memorySpace)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = try buffers.buffer(operation.operand(0))
    let type = try buffers.bufferType(operation.result())
    buffers.setInsertionPoint(before: operation)
    buffers.replace(operation, withBuffers: [buffers.cast(source, to: type)])
  }
}

private final class CollapseModel: ViewModel, @unchecked Sendable {
  // A copy may be needed, which reads.
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { true }

  private func groups(_ operation: Operation) -> [[Int]] {
    TensorShapes.groups(operation.attribute("reassociation"))
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    let source = try buffers.bufferType(operation.operand(0), &stack)
    let groups = groups(operation)
    if !BufferTypes.isCollapsible(source, groups) {
      return BufferTypes.identity(value.type, source.memorySpace)
    }
    guard let type = BufferTypes.collapsed(source, value.type.shape, groups) else {
      throw Reported()
    }
    return type
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    var source = try buffers.buffer(operation.operand(0))
    let result = operation.result().type
    let context = buffers.context
    var type: Type
    if result.rank == 0 {
      var layout: Attribute?
      if source.type.layout != nil {
        guard let strided = source.type.stridedLayout else { throw Reported() }
        layout = context.stridedLayout(offset: strided.offset, strides: [])
      }
      type = context.memRef(
        [], result.elementType, layout: layout, memorySpace: source.type.memorySpace)
    } else {
      let groups = groups(operation)
      buffers.setInsertionPoint(before: operation)
      if !BufferTypes.isCollapsible(source.type, groups) {
        let copy = try buffers.allocateTensor(operation.operand(0))
        let memory = BufferTypes.identity(operation.operand(0).type, source.type.memorySpace)
        source = buffers.create(Bufferization.toBuffer, [copy], results: [memory]).result()
      }
      guard let collapsed = BufferTypes.collapsed(source.type, result.shape, groups) else {
        throw Reported()
      }
      type = collapsed
    }
    buffers.setInsertionPoint(before: operation)
    let made = buffers.create(
      MemRef.collapseShape, [source], results: [type],
      attributes: operation.attribute("reassociation").map { [("reassociation", $0)] } ?? [])
    buffers.replace(operation, withBuffers: [made.result()])
  }
}

private final class ExpandModel: ViewModel, @unchecked Sendable {
  private func type(_ operation: Operation, _ source: Type) throws(Reported) -> Type {
    let groups = TensorShapes.groups(operation.attribute("reassociation"))
    guard let type = BufferTypes.expanded(source, operation.result().type.shape, groups) else {
      throw Reported()
    }
    return type
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    return try type(operation, try buffers.bufferType(operation.operand(0), &stack))
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = try buffers.buffer(operation.operand(0))
    let type = try type(operation, source.type)
    buffers.setInsertionPoint(before: operation)
    var attributes: [(String, Attribute)] = []
    for name in ["reassociation", "static_output_shape"] {
      if let value = operation.attribute(name) { attributes.append((name, value)) }
    }
    let made = buffers.create(
      MemRef.expandShape, [source] + operation.operands.dropFirst(), results: [type],
      attributes: attributes)
    buffers.replace(operation, withBuffers: [made.result()])
  }
}

/// A question about the shape.
private final class QueryModel: BufferizableModel, @unchecked Sendable {
  private let definition: OpDefinition
  init(_ definition: OpDefinition) { self.definition = definition }

  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { false }
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = try buffers.buffer(operation.operand(0))
    buffers.setInsertionPoint(before: operation)
    let made = buffers.create(
      definition, [source] + operation.operands.dropFirst(),
      results: operation.results.map(\.type))
    buffers.replace(operation, with: made)
  }
}

private final class ExtractModel: BufferizableModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = try buffers.buffer(operation.operand(0))
    buffers.setInsertionPoint(before: operation)
    let made = buffers.create(
      MemRef.load, [source] + operation.operands.dropFirst(),
      results: operation.results.map(\.type))
    buffers.replace(operation, with: made)
  }
}

private final class InsertModel: DestinationModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let memory = try buffers.buffer(operation.operand(1))
    buffers.setInsertionPoint(before: operation)
    buffers.create(
      MemRef.store, [operation.operand(0), memory] + operation.operands.dropFirst(2))
    buffers.replace(operation, withBuffers: [memory])
  }
}

private final class ExtractSliceModel: ViewModel, @unchecked Sendable {
  override var isEquivalent: Bool { false }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation,
      let type = Bufferizer.subviewType(
        try buffers.bufferType(operation.operand(0), &stack), value.type.shape,
        operation.mixedOffsets, operation.mixedSizes, operation.mixedStrides)
    else { throw Reported() }
    return type
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = try buffers.buffer(operation.operand(0))
    let type = try buffers.bufferType(operation.result())
    buffers.setInsertionPoint(before: operation)
    let view = buffers.subview(
      source, as: type, operation.mixedOffsets, operation.mixedSizes, operation.mixedStrides)
    buffers.replace(operation, withBuffers: [view])
  }
}

private final class InsertSliceModel: DestinationModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool {
    if use.index == 0 { return true }
    // Not what is overwritten altogether.
    let operation = use.owner
    let shape = use.value.type.shape
    let coversAll =
      operation.mixedOffsets.allSatisfy { $0.constantValue == 0 }
      && operation.mixedStrides.allSatisfy { $0.constantValue == 1 }
      && zip(operation.mixedSizes, shape).allSatisfy {
        $1 != Type.dynamic && $0.constantValue == $1
      }
    return !coversAll
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let memory = try buffers.buffer(operation.operand(1))
    buffers.setInsertionPoint(before: operation)
    let view = try buffers.subview(
      memory, operation.operand(0).type.shape, operation.mixedOffsets, operation.mixedSizes,
      operation.mixedStrides)
    let source = try buffers.buffer(operation.operand(0))
    buffers.copy(source, to: view)
    buffers.replace(operation, withBuffers: [memory])
  }
}

private final class ParallelInsertSliceModel: BufferizableModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { use.index == 0 }
  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { use.index == 1 }

  override func resolveConflicts(
    _ operation: Operation, _ state: OneShotState, _ buffers: Bufferizer
  ) throws(Reported) {
    // It is in place by what it is.
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    guard let end = operation.parent else { throw Reported() }
    buffers.setInsertionPoint(before: end)
    let memory = try buffers.buffer(operation.operand(1))
    let source = try buffers.buffer(operation.operand(0))
    let view = try buffers.subview(
      memory, operation.operand(0).type.shape, operation.mixedOffsets, operation.mixedSizes,
      operation.mixedStrides)
    buffers.copy(source, to: view)
    for use in source.uses where use.owner.is(MemRef.dealloc) {
      if use.owner.block == end.block { use.owner.move(before: end) }
      break
    }
    buffers.erase(operation)
  }
}

private final class ReshapeModel: BufferizableModel, @unchecked Sendable {
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { use.index == 1 }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    use.index == 0 ? [ValueAlias(use.owner.result(), isEquivalent: true)] : []
  }

  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    let source = try buffers.bufferType(operation.operand(0), &stack)
    return BufferTypes.identity(value.type, source.memorySpace)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    var source = try buffers.buffer(operation.operand(0))
    let shape = try buffers.buffer(operation.operand(1))
    let type = try buffers.bufferType(operation.result())
    buffers.setInsertionPoint(before: operation)
    if source.type.kind == .memRef, source.type.layout != nil {
      let copy = try buffers.allocateTensor(operation.operand(0))
      let memory = BufferTypes.identity(operation.operand(0).type, source.type.memorySpace)
      source = buffers.create(Bufferization.toBuffer, [copy], results: [memory]).result()
    }
    let made = buffers.create(MemRef.reshape, [source, shape], results: [type])
    buffers.replace(operation, withBuffers: [made.result()])
  }
}
