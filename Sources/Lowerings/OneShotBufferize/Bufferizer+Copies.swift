import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport

/// Copies of tensors, made before anything becomes memory.
extension Bufferizer {
  /// Makes the copies that decisions ask for, below `root`.
  func insertCopies(_ root: Operation, _ state: OneShotState) throws(Reported) {
    let isTable = root.has(.symbolTable)
    for operation in OneShotState.postOrder(root) {
      if isTable, operation.parent?.ancestor(where: { $0.has(.symbolTable) }) != root { continue }
      guard let model = state.model(operation) else { continue }
      setInsertionPoint(before: operation)
      try model.resolveConflicts(operation, state, self)
    }
  }

  /// Copies the operands that are not in place or, where that may be less, what the operation takes from them.
  func resolveOperandConflicts(_ operation: Operation, _ state: OneShotState) throws(Reported) {
    var operands: [(use: TensorUse, copies: Bool)] = []
    var values: [(value: Value, copies: Bool)] = []
    for use in OneShotState.tensorUses(of: operation) where !state.isInPlace(use) {
      if use.value.type.kind == .unrankedTensor {
        throw operation.emitError("copying of unranked tensors is not implemented")
      }
      let copies = !state.canOmitCopy(use)
      let aliases = state.aliases(of: use)
      if aliases.count == 1, let value = aliases.first?.place, !value.isBlockArgument,
        !state.writes(use), state.aliasingOperands(value).count == 1,
        value.type.kind != .unrankedTensor
      {
        values.append((value, copies))
      } else {
        operands.append((use, copies))
      }
    }
    setInsertionPoint(before: operation)
    for (use, copies) in operands {
      let copy = try allocateTensor(use.value, copies: copies)
      operation.setOperand(use.index, copy)
    }
    setInsertionPoint(after: operation)
    for (value, copies) in values {
      let uses = Array(value.uses)
      let copy = try allocateTensor(value, copies: copies)
      for use in uses
      where use.owner != copy.definingOperation && !use.owner.is(TensorDialect.dim) {
        use.set(copy)
      }
    }
  }

  /// A tensor with memory of its own, shaped like `value` and, where asked for, with its elements.
  func allocateTensor(_ value: Value, copies: Bool = true) throws(Reported) -> Value {
    var tensor = value
    if value.type.kind == .memRef {
      let type = context.tensor(value.type.shape, value.type.elementType)
      tensor = create(Bufferization.toTensor, [value], results: [type]).result()
    } else if value.type.kind != .rankedTensor {
      throw OneShotState.owner(of: value)?.emitError(
        "copying of unranked tensors is not implemented") ?? Reported()
    }
    let sizes = copies ? [] : dynamicSizes(tensor)
    let made = create(
      Bufferization.allocTensor, sizes + (copies ? [tensor] : []), results: [tensor.type],
      attributes: [
        ("operandSegmentSizes", context.denseI32Array([sizes.count, copies ? 1 : 0, 0]))
      ])
    if copies { return made.result() }
    if let space = try bufferType(tensor).memorySpace {
      made.setAttribute("memory_space", space)
    }
    return made.result()
  }

  /// The sizes of the dimensions of a tensor that are not static, from what makes it where that tells.
  private func dynamicSizes(_ tensor: Value) -> [Value] {
    let shape = tensor.type.shape
    let dynamic = shape.indices.filter { shape[$0] == Type.dynamic }
    guard let operation = tensor.definingOperation else {
      return dynamic.map { dim(tensor, $0) }
    }
    func value(_ index: MixedIndex) -> Value {
      switch index {
      case .value(let value): value
      case .constant(let constant): indexConstant(constant)
      }
    }
    if operation.is(TensorDialect.empty) || operation.is(TensorDialect.generate) {
      return Array(operation.operands)
    }
    if operation.is(Bufferization.allocTensor) {
      let group = Array(operation.operandGroup(0))
      if group.count == dynamic.count { return group }
      return operation.operandGroup(1).first.map { copied in dynamic.map { dim(copied, $0) } }
        ?? dynamic.map { dim(tensor, $0) }
    }
    if operation.is(TensorDialect.splat) { return Array(operation.operands.dropFirst()) }
    if operation.is(TensorDialect.extractSlice) {
      let sizes = operation.mixedSizes
      let statics = MixedIndex.split(sizes).statics
      if let kept = MemRef.keptDimensions(of: statics, in: shape) {
        return dynamic.map { value(sizes[kept[$0]]) }
      }
    }
    if operation.is(TensorDialect.insertSlice) {
      return dynamic.map { dim(operation.operand(1), $0) }
    }
    if operation.is(Bufferization.materializeInDestination) {
      return dynamic.map { dim(operation.operand(1), $0) }
    }
    if operation.is(TensorDialect.pad) {
      let low = operation.mixedIndices("low", "static_low")
      let high = operation.mixedIndices("high", "static_high")
      return dynamic.map { paddedSize(operation.operand(0), $0, low[$0], high[$0]) }
    }
    return dynamic.map { dim(tensor, $0) }
  }

  /// A size plus what is added below and above, as an application of a map.
  private func paddedSize(
    _ source: Value, _ i: Int, _ low: MixedIndex, _ high: MixedIndex
  ) -> Value {
    let size: MixedIndex =
      source.type.dimension(i) == Type.dynamic
      ? .value(dim(source, i)) : .constant(source.type.dimension(i))
    return applied(
      context.affineDimension(0) + context.affineSymbol(0) + context.affineSymbol(1),
      dimensions: [size], symbols: [low, high])
  }

  /// A map applied to constants and values, composed with what these are made of, and folded.
  func applied(_ expr: AffineExpr, dimensions: [MixedIndex], symbols: [MixedIndex]) -> Value {
    var operands: [Value] = []
    func inputs(_ list: [MixedIndex], _ variable: (Int) -> AffineExpr) -> [AffineExpr] {
      var position = 0
      return list.map { entry in
        switch entry {
        case .constant(let value): return context.affineConstant(value)
        case .value(let value):
          operands.append(value)
          position += 1
          return variable(position - 1)
        }
      }
    }
    let dims = inputs(dimensions) { context.affineDimension($0) }
    let dimensionCount = operands.count
    let syms = inputs(symbols) { context.affineSymbol($0) }
    var bound = AffineBound(
      map: context.affineMap(
        dimensions: dimensionCount, symbols: operands.count - dimensionCount,
        [expr.replacing(dimensions: dims, symbols: syms)]), operands: operands)
    bound.compose()
    bound.canonicalize()
    if let value = bound.constants()?.first { return indexConstant(value) }
    let result = bound.map.results[0]
    if result.kind == .dimension { return bound.operands[result.position] }
    if result.kind == .symbol {
      return bound.operands[bound.map.dimensionCount + result.position]
    }
    return create(
      Affine.apply, bound.operands, results: [context.index],
      attributes: [("map", context.affineMapAttribute(bound.map))]
    ).result()
  }
}
