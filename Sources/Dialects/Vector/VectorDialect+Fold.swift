import MartletIR

/// Folders of vector operations.
extension VectorDialect {
  static func foldBroadcast(_ op: Operation) -> FoldResult {
    if op.operand(0).type == op.result().type { return .value(op.operand(0)) }
    guard let elements = ConstantElements(op.operand(0).constant), elements.isUniform else {
      return .none
    }
    return Arith.result(ElementwiseFolding.constant(op.result().type, bits: elements.bits(0)))
  }

  static func foldExtract(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let position = op.attribute("static_position")?.integers ?? []
    if position.isEmpty, source.type == op.result().type { return .value(source) }
    if position.contains(where: { $0 < 0 && $0 != Type.dynamic }) { return .none }
    if let elements = ConstantElements(source.constant), elements.isUniform {
      return Arith.result(ElementwiseFolding.constant(op.result().type, bits: elements.bits(0)))
    }
    guard let inner = source.definingOperation else { return .none }
    let isScalar = !op.result().type.isVector
    if inner.is(broadcast) {
      let origin = inner.operand(0)
      if origin.type == op.result().type { return .value(origin) }
      return .none
    }
    if inner.is(insert), inner.operand(0).type == op.result().type,
      inner.attribute("static_position") == op.attribute("static_position"),
      Array(inner.operands.dropFirst(2)) == Array(op.operands.dropFirst())
    {
      return .value(inner.operand(0))
    }
    guard isScalar, !position.contains(Type.dynamic) else { return .none }
    var linear = 0
    for (i, size) in zip(position, source.type.shape) {
      guard i < size else { return .none }
      let (scaled, o1) = linear.multipliedReportingOverflow(by: size)
      let (sum, o2) = scaled.addingReportingOverflow(i)
      if o1 || o2 { return .none }
      linear = sum
    }
    if inner.is(fromElements), linear < inner.operandCount {
      return .value(inner.operand(linear))
    }
    guard let value = source.constant?.denseElements, position.count == source.type.rank else {
      return .none
    }
    return .attribute(value.element(linear))
  }

  static func foldInsert(_ op: Operation) -> FoldResult {
    let (value, dest) = (op.operand(0), op.operand(1))
    let position = op.attribute("static_position")?.integers ?? []
    if position.isEmpty, value.type == dest.type { return .value(value) }
    if let a = ConstantElements(value.constant), let b = ConstantElements(dest.constant),
      a.isUniform, b.isUniform, a.bits(0) == b.bits(0)
    {
      return Arith.result(dest.constant)
    }
    return .none
  }

  static func foldFromElements(_ op: Operation) -> FoldResult {
    // All elements of one vector, in order, are that vector.
    if let source = op.operands.first?.definingOperation, source.is(toElements),
      source.operand(0).type == op.result().type, Array(source.results) == Array(op.operands)
    {
      return .value(source.operand(0))
    }
    return TensorDialect.foldFromElements(op)
  }

  static func foldShapeCast(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if source.type == type { return .value(source) }
    if let inner = source.definingOperation, inner.is(shapeCast) {
      if inner.operand(0).type == type { return .value(inner.operand(0)) }
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    guard let value = source.constant, value.kind == .denseElements,
      let dense = value.denseElements, type.scalableMask == 0
    else { return .none }
    return .attribute(op.context.dense(type, bytes: dense.bytes, isSplat: dense.isSplat))
  }

  static func foldBitcast(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if source.type == type { return .value(source) }
    if let inner = source.definingOperation, inner.is(bitcast) {
      if inner.operand(0).type == type { return .value(inner.operand(0)) }
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return .none
  }

  static func foldTranspose(_ op: Operation) -> FoldResult {
    let permutation = op.attribute("permutation")?.integers ?? []
    if let elements = ConstantElements(op.operand(0).constant), elements.isUniform {
      return Arith.result(ElementwiseFolding.constant(op.result().type, bits: elements.bits(0)))
    }
    return permutation == Array(permutation.indices) ? .value(op.operand(0)) : .none
  }

  /// A mask that is all set or all clear.
  static func foldConstantMask(_ op: Operation) -> FoldResult {
    let type = op.result().type
    let sizes = op.attribute("mask_dim_sizes")?.integers ?? []
    guard type.scalableMask == 0 else { return .none }
    if sizes == type.shape || (type.rank == 0 && sizes == [1]) {
      return Arith.result(ElementwiseFolding.constant(type, bits: .max))
    }
    if sizes.allSatisfy({ $0 == 0 }) {
      return Arith.result(ElementwiseFolding.constant(type, bits: 0))
    }
    return .none
  }
}
