import MartletDialects
import MartletIR
import MartletSupport

/// Operations whose result is memory of its own.
extension BufferizableModels {
  static let tensorMakers: [(OpDefinition, BufferizableModel)] = [
    (TensorDialect.empty, EmptyModel()), (TensorDialect.fromElements, FromElementsModel()),
    (TensorDialect.generate, GenerateModel()), (TensorDialect.pad, PadModel()),
    (TensorDialect.splat, SplatModel()), (TensorDialect.concat, ConcatModel()),
  ]
}

private class MakerModel: BufferizableModel, @unchecked Sendable {
  override func allocates(_ value: Value) -> Bool { true }

  /// Memory spaces are known for allocations alone.
  func checkMemorySpace(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    if case .some(.none) = buffers.options.defaultMemorySpace(operation.result().type) { return }
    throw operation.emitError("memory space not implemented yet")
  }

  /// A `linalg.map` without inputs over `target`, whose body `fill` makes; it returns the element.
  func map(
    over target: Value, _ buffers: Bufferizer, _ fill: (Block) throws(Reported) -> Void
  ) throws(Reported) -> Value {
    let made = buffers.create(Linalg.map, [target], results: [target.type], regions: 1)
    let block = made.region().addBlock(arguments: [target.type.elementType])
    let saved = buffers.insertionPoint
    buffers.insertionPoint = .atEnd(of: block)
    try fill(block)
    buffers.insertionPoint = saved
    return made.result()
  }

  /// Moves a body of index arguments and a `tensor.yield` into a map over `target`.
  func moveBody(
    _ region: Region, over target: Value, _ buffers: Bufferizer
  ) throws(Reported) -> Value {
    guard let body = region.firstBlock else { throw Reported() }
    return try map(over: target, buffers) { (block) throws(Reported) in
      let context = buffers.context
      let indices = (0..<target.type.rank).map {
        buffers.create(
          Linalg.index, [], results: [context.index],
          attributes: [("dim", context.i64Attribute($0))]
        ).result()
      }
      buffers.mergeBlocks(body, into: block, arguments: indices)
      guard let end = block.lastOperation else { throw Reported() }
      buffers.setInsertionPoint(before: end)
      buffers.create(Linalg.yield, Array(end.operands))
      buffers.erase(end)
    }
  }
}

private final class EmptyModel: MakerModel, @unchecked Sendable {
  override func resultIsWritten(_ value: Value, _ state: OneShotState) -> Bool { false }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    if operation.isUnused {
      buffers.erase(operation)
      return
    }
    let made = try buffers.allocateTensor(operation.result(), copies: false)
    buffers.replace(operation, with: made)
  }
}

private final class FromElementsModel: MakerModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let tensor = try buffers.allocateTensor(operation.result(), copies: false)
    let type = try buffers.bufferType(tensor)
    let memory = buffers.create(Bufferization.toBuffer, [tensor], results: [type]).result()
    let shape = operation.result().type.shape
    let elements = Array(operation.operands)
    if let first = elements.first {
      if shape.isEmpty {
        buffers.create(MemRef.store, [first, memory])
      } else {
        let constants = (0..<(shape.max() ?? 0)).map { buffers.indexConstant($0) }
        var position = Array(repeating: 0, count: shape.count)
        for element in elements {
          buffers.create(MemRef.store, [element, memory] + position.map { constants[$0] })
          var d = shape.count - 1
          while d >= 0 {
            position[d] += 1
            if position[d] < shape[d] { break }
            position[d] = 0
            d -= 1
          }
        }
      }
    }
    buffers.replace(operation, withBuffers: [memory])
  }
}

private final class GenerateModel: MakerModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    try checkMemorySpace(operation, buffers)
    let tensor = try buffers.allocateTensor(operation.result(), copies: false)
    let filled = try moveBody(operation.region(), over: tensor, buffers)
    buffers.replace(operation, with: filled)
  }
}

private final class SplatModel: MakerModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let tensor = try buffers.allocateTensor(operation.result(), copies: false)
    try checkMemorySpace(operation, buffers)
    let filled = try map(over: tensor, buffers) { (_) throws(Reported) in
      buffers.create(Linalg.yield, [operation.operand(0)])
    }
    buffers.replace(operation, with: filled)
  }
}

private final class PadModel: MakerModel, @unchecked Sendable {
  override func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    guard let operation = value.definingOperation else { throw Reported() }
    let source = try buffers.bufferType(operation.operand(0), &stack)
    return BufferTypes.identity(value.type, source.memorySpace)
  }

  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let source = operation.operand(0)
    let result = operation.result().type
    let low = operation.mixedIndices("low", "static_low")
    let high = operation.mixedIndices("high", "static_high")
    let context = buffers.context
    for i in result.shape.indices where result.shape[i] == Type.dynamic {
      // The size is computed here, as MLIR does, though the allocation computes it anew.
      let size = buffers.dim(source, i)
      let parts = [low[i], high[i]].map { entry -> Value in
        switch entry {
        case .value(let value): value
        case .constant(let constant): buffers.indexConstant(constant)
        }
      }
      let sum = context.affineSymbol(0) + context.affineSymbol(1) + context.affineSymbol(2)
      buffers.create(
        Affine.apply, [size] + parts, results: [context.index],
        attributes: [
          ("map", context.affineMapAttribute(context.affineMap(dimensions: 0, symbols: 3, [sum])))
        ])
    }
    let tensor = try buffers.allocateTensor(operation.result(), copies: false)
    let filled = try moveBody(operation.region(), over: tensor, buffers)
    let sizes = source.type.shape.indices.map { i -> MixedIndex in
      source.type.shape[i] == Type.dynamic
        ? .value(buffers.dim(source, i)) : .constant(source.type.shape[i])
    }
    let offsets = MixedIndex.split(low)
    let extents = MixedIndex.split(sizes)
    let made = buffers.create(
      TensorDialect.insertSlice, [source, filled] + offsets.dynamics + extents.dynamics,
      results: [filled.type],
      attributes: [
        ("static_offsets", context.denseI64Array(offsets.statics)),
        ("static_sizes", context.denseI64Array(extents.statics)),
        ("static_strides", context.denseI64Array(sizes.map { _ in 1 })),
        (
          "operandSegmentSizes",
          context.denseI32Array([1, 1, offsets.dynamics.count, extents.dynamics.count, 0])
        ),
      ])
    buffers.replace(operation, with: made)
  }
}

private final class ConcatModel: MakerModel, @unchecked Sendable {
  override func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    let tensor = try buffers.allocateTensor(operation.result(), copies: false)
    try checkMemorySpace(operation, buffers)
    let memory = buffers.create(
      Bufferization.toBuffer, [tensor],
      results: [BufferTypes.identity(operation.result().type, nil)]
    ).result()
    guard let dimension = operation.attribute("dim")?.integerValue.map({ Int($0) }) else {
      throw Reported()
    }
    func size(_ value: Value, _ i: Int) -> MixedIndex {
      value.type.shape[i] == Type.dynamic
        ? .value(buffers.dim(value, i)) : .constant(value.type.shape[i])
    }
    let context = buffers.context
    let rank = memory.type.rank
    var offsets = Array(repeating: MixedIndex.constant(0), count: rank)
    var sizes = (0..<rank).map { size(memory, $0) }
    let strides = Array(repeating: MixedIndex.constant(1), count: rank)
    for operand in operation.operands {
      let source = try buffers.buffer(operand)
      sizes[dimension] = size(source, dimension)
      let view = try buffers.subview(memory, operand.type.shape, offsets, sizes, strides)
      buffers.copy(source, to: view)
      if let a = offsets[dimension].constantValue, let b = sizes[dimension].constantValue {
        offsets[dimension] = .constant(a + b)
      } else {
        offsets[dimension] = .value(
          buffers.applied(
            context.affineSymbol(0) + context.affineSymbol(1), dimensions: [],
            symbols: [offsets[dimension], sizes[dimension]]))
      }
    }
    buffers.replace(operation, withBuffers: [memory])
  }
}
