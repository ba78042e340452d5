import MartletIR

/// Folding of vector operations that change the shape or make masks.
extension VectorDialect {
  static func foldBroadcast(_ op: Operation) -> FoldResult {
    let type = op.result().type
    let source = op.operand(0)
    if source.type == type { return .value(source) }
    // A shape cast before that only adds or removes leading dimensions of size 1 changes nothing.
    if let cast = source.definingOperation, cast.is(shapeCast),
      isBroadcastable(cast.operand(0).type, to: type)
    {
      let (before, after) = (cast.operand(0).type.shape, cast.result().type.shape)
      let common = min(before.count, after.count)
      if before.suffix(common) == after.suffix(common) {
        op.setOperand(0, cast.operand(0))
        return .inPlace
      }
    }
    if let poison = poison(source) { return .attribute(poison) }
    guard let elements = ConstantElements(source.constant), elements.isUniform,
      elements.type.elementType == type.elementType
    else { return .none }
    return Arith.result(splat(type, bits: elements.bits(0)))
  }

  static func foldFromElements(_ op: Operation) -> FoldResult {
    // All elements of one vector, in order, are that vector.
    if let source = op.operands.first?.definingOperation, source.is(toElements),
      source.operand(0).type == op.result().type, Array(source.results) == Array(op.operands)
    {
      return .value(source.operand(0))
    }
    let type = op.result().type
    let element = type.elementType
    guard element.isIntOrIndex || element.isFloat else { return .none }
    var bytes: [UInt8] = []
    for operand in op.operands {
      guard let constant = operand.constant, let part = elementBytes(constant, element) else {
        return .none
      }
      bytes += part
    }
    return .attribute(bytes.withUnsafeBytes { op.context.dense(type, bytes: $0) })
  }

  static func foldToElements(_ op: Operation) -> FoldResult {
    guard let inner = op.operand(0).definingOperation else { return .none }
    if inner.is(fromElements) { return .replaced(inner.operands.map { .value($0) }) }
    guard let scalar = splatSource(op.operand(0)) else { return .none }
    return .replaced(op.results.map { _ in .value(scalar) })
  }

  static func foldShapeCast(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if source.type == type { return .value(source) }
    if let inner = source.definingOperation {
      if inner.is(shapeCast) {
        op.setOperand(0, inner.operand(0))
        return .inPlace
      }
      if inner.is(transpose) {
        guard isOrderPreserving(inner) else { return .none }
        op.setOperand(0, inner.operand(0))
        return .inPlace
      }
      if inner.is(broadcast), inner.operand(0).type == type { return .value(inner.operand(0)) }
    }
    if let poison = poison(source) { return .attribute(poison) }
    guard let dense = dense(source) else { return .none }
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
    return foldBitcastOfSplat(op, type)
  }

  /// The bits of a splat put side by side in wider elements.
  private static func foldBitcastOfSplat(_ op: Operation, _ type: Type) -> FoldResult {
    guard let dense = dense(op.operand(0)), dense.isSplat,
      let from = dense.type.elementType.bitWidth, let to = type.elementType.bitWidth,
      from > 0, to > from, to <= 64, to % from == 0
    else { return .none }
    let isHalves = dense.type.elementType.isFloat(.f16) && type.elementType.isFloat(.f32)
    guard isHalves || dense.type.elementType.isIntOrIndex && type.elementType.isInteger else {
      return .none
    }
    let piece = IntegerMath.unsigned(Int64(bitPattern: dense.bits(0)), from)
    var bits: UInt64 = 0
    for i in 0..<to / from { bits |= piece << UInt64(i * from) }
    let signed = UInt64(bitPattern: IntegerMath.signed(bits, to))
    return Arith.result(splat(type, bits: isHalves ? bits : signed))
  }

  static func foldTranspose(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if let dense = dense(source), dense.isSplat { return .attribute(splat(type, like: dense)) }
    if let poison = poison(source) { return .attribute(poison) }
    return source.type == type && isOrderPreserving(op) ? .value(source) : .none
  }

  /// A mask that is all set or all clear.
  static func foldConstantMask(_ op: Operation) -> FoldResult {
    let type = op.result().type
    let sizes = op.attribute("mask_dim_sizes")?.integers ?? []
    if type.rank == 0 { return Arith.result(splat(type, bits: sizes == [1] ? .max : 0)) }
    if sizes == type.shape { return Arith.result(splat(type, bits: .max)) }
    return sizes.allSatisfy { $0 == 0 } ? Arith.result(splat(type, bits: 0)) : .none
  }
}
