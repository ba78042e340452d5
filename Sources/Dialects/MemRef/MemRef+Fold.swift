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

  /// Makes the operation use the sources of casts, whatever they change, as what it does only depends on where
  /// the memory lies.
  @Sendable static func foldAnyCasts(_ operation: Operation) -> FoldResult {
    var changed = false
    for (i, operand) in operation.operands.enumerated() {
      guard let definer = operand.definingOperation, definer.is(cast),
        definer.operand(0).type.kind == .memRef
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
    guard origin.type.kind == .memRef, areCastCompatible(origin.type, type) else { return .none }
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
    if definer.is(cast), definer.operand(0).type.kind == .memRef {
      operation.setOperand(0, definer.operand(0))
      return .inPlace
    }
    return .none
  }

  /// A subview of everything is its source.
  @Sendable static func foldSubview(_ operation: Operation) -> FoldResult {
    let source = operation.operand(0)
    let type = operation.result().type
    guard type == source.type else { return .none }
    if type.hasStaticShape, !type.shape.isEmpty, type.stridedLayout?.isKnown == true,
      operation.mixedOffsets.allSatisfy({ $0.constantValue == 0 }),
      operation.mixedStrides.allSatisfy({ $0.constantValue == 1 })
    {
      return .value(source)
    }
    // All of another subview.
    guard let inner = source.definingOperation, inner.is(subview),
      operation.mixedOffsets.allSatisfy({ $0.constantValue == 0 }),
      operation.mixedStrides.allSatisfy({ $0.constantValue == 1 }),
      operation.mixedSizes == inner.mixedSizes
    else { return .none }
    return .value(source)
  }

  @Sendable static func foldReinterpretCast(_ operation: Operation) -> FoldResult {
    let (source, type) = (operation.operand(0), operation.result().type)
    if let inner = source.definingOperation,
      inner.is(reinterpretCast) || inner.is(cast)
        || inner.is(subview) && inner.mixedOffsets.allSatisfy({ $0.constantValue == 0 })
    {
      operation.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return source.type == type && type.hasStaticShape && type.stridedLayout?.isKnown == true
      && operation.staticIndices("static_offsets").first == 0 ? .value(source) : .none
  }

  /// Two promises of the same alignment are one.
  @Sendable static func foldAssumeAlignment(_ operation: Operation) -> FoldResult {
    guard let inner = operation.operand(0).definingOperation, inner.is(assumeAlignment),
      inner.attribute("alignment") == operation.attribute("alignment")
    else { return .none }
    return .value(operation.operand(0))
  }

  @Sendable static func foldTranspose(_ operation: Operation) -> FoldResult {
    let source = operation.operand(0)
    guard let map = operation.attribute("permutation")?.affineMap else { return .none }
    if map.isIdentity, source.type == operation.result().type { return .value(source) }
    guard let inner = source.definingOperation, inner.is(transpose),
      let first = inner.attribute("permutation")?.affineMap
    else { return .none }
    operation.setOperand(0, inner.operand(0))
    operation.setAttribute(
      "permutation", operation.context.affineMapAttribute(map.composed(with: first)))
    return .inPlace
  }

  @Sendable static func foldView(_ operation: Operation) -> FoldResult {
    let (source, type) = (operation.operand(0), operation.result().type)
    return source.type == type && type.hasStaticShape && operation.operand(1).constantInteger == 0
      ? .value(source) : .none
  }
}
