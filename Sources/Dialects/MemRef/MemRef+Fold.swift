import MartletIR

extension MemRef {
  /// Makes the operation use the sources of casts that only forget sizes or strides.
  @Sendable static func foldCasts(_ operation: Operation) -> FoldResult {
    var changed = false
    for (i, operand) in operation.operands.enumerated() {
      guard let definer = operand.definingOperation, definer.is(cast),
        losesInformation(from: definer.operand(0).type, to: operand.type)
      else { continue }
      operation.setOperand(i, definer.operand(0))
      changed = true
    }
    return changed ? .inPlace : .none
  }

  /// Makes a load or store use the source of a cast: the element is the same.
  static func foldAccess(_ operation: Operation, memref: Int) -> FoldResult {
    let source = operation.operand(memref)
    guard let inner = source.definingOperation, inner.is(cast),
      inner.operand(0).type.kind == .memRef
    else { return .none }
    operation.setOperand(memref, inner.operand(0))
    return .inPlace
  }

  @Sendable static func foldCast(_ operation: Operation) -> FoldResult {
    let source = operation.operand(0)
    let type = operation.result().type
    if source.type == type { return .value(source) }
    guard let inner = source.definingOperation, inner.is(cast) else { return .none }
    let origin = inner.operand(0)
    if origin.type == type { return .value(origin) }
    guard losesInformation(from: origin.type, to: source.type), areCastCompatible(origin.type, type)
    else { return .none }
    operation.setOperand(0, origin)
    return .inPlace
  }

  @Sendable static func foldDim(_ operation: Operation) -> FoldResult {
    let source = operation.operand(0)
    guard let index = operation.operand(1).constantInteger, source.type.kind == .memRef,
      index >= 0, index < source.type.rank
    else { return .none }
    let size = source.type.dimension(index)
    if size != Type.dynamic { return .attribute(operation.context.indexAttribute(size)) }
    guard let definer = source.definingOperation else { return .none }
    if definer.is(alloc) || definer.is(alloca) {
      let position = source.type.shape[..<index].count { $0 == Type.dynamic }
      let sizes = definer.operandGroup(0)
      return position < sizes.count ? .value(sizes[position]) : .none
    }
    if definer.is(view) {
      let position = source.type.shape[..<index].count { $0 == Type.dynamic }
      let sizes = definer.operandGroup(2)
      return position < sizes.count ? .value(sizes[position]) : .none
    }
    if definer.is(subview) {
      let sizes = definer.mixedSizes
      guard
        let kept = keptDimensions(of: definer.staticIndices("static_sizes"), in: source.type.shape),
        index < kept.count, case .value(let value) = sizes[kept[index]]
      else { return .none }
      return .value(value)
    }
    if definer.is(reinterpretCast), index < definer.mixedSizes.count,
      case .value(let value) = definer.mixedSizes[index]
    {
      return .value(value)
    }
    if definer.is(cast), losesInformation(from: definer.operand(0).type, to: source.type) {
      operation.setOperand(0, definer.operand(0))
      return .inPlace
    }
    return .none
  }

  /// A subview of everything is its source.
  @Sendable static func foldSubview(_ operation: Operation) -> FoldResult {
    let source = operation.operand(0)
    let type = operation.result().type
    guard type == source.type, type.hasStaticShape, !type.shape.isEmpty,
      operation.operandCount == 1,
      operation.staticIndices("static_offsets").allSatisfy({ $0 == 0 }),
      operation.staticIndices("static_strides").allSatisfy({ $0 == 1 }),
      operation.staticIndices("static_sizes") == type.shape
    else { return .none }
    return .value(source)
  }

  @Sendable static func foldReinterpretCast(_ operation: Operation) -> FoldResult {
    guard let inner = operation.operand(0).definingOperation else { return .none }
    if inner.is(reinterpretCast) || inner.is(cast) {
      operation.setOperand(0, inner.operand(0))
      return .inPlace
    }
    if inner.is(subview), inner.mixedOffsets.allSatisfy({ $0.constantValue == 0 }) {
      operation.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return .none
  }
}
