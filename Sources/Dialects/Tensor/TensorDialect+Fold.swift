import MartletIR

/// Folders of tensor operations.
extension TensorDialect {
  /// The operand and each value it was cast from, nearest first.
  private static func uncast(_ value: Value) -> Value {
    var value = value
    while let inner = value.definingOperation, inner.is(cast) { value = inner.operand(0) }
    return value
  }

  // MARK: Casts

  static func foldCast(_ op: Operation) -> FoldResult {
    if op.operand(0).type == op.result().type { return .value(op.operand(0)) }
    return retyped(op.operand(0).constant, op.result().type)
  }

  static func foldBitcast(_ op: Operation) -> FoldResult {
    if op.operand(0).type == op.result().type { return .value(op.operand(0)) }
    if let inner = op.operand(0).definingOperation, inner.is(bitcast) {
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return .none
  }

  /// The elements constant with another shape of as many elements.
  static func retyped(_ value: Attribute?, _ type: Type) -> FoldResult {
    guard let value, value.kind == .denseElements, let dense = value.denseElements,
      type.isRankedTensor, type.hasStaticShape, type.elementType == dense.type.elementType,
      type.elementCount == dense.type.elementCount
    else { return .none }
    return .attribute(op(value, dense, type))
  }

  private static func op(_ value: Attribute, _ dense: DenseElements, _ type: Type) -> Attribute {
    value.context.dense(type, bytes: dense.bytes, isSplat: dense.isSplat)
  }

  // MARK: Making tensors

  static func foldSplat(_ op: Operation) -> FoldResult {
    guard let elements = ConstantElements(op.operand(0).constant) else { return .none }
    return Arith.result(
      ElementwiseFolding.constant(op.result().type, bits: elements.bits(0)))
  }

  static func foldFromElements(_ op: Operation) -> FoldResult {
    var elements: [ConstantElements] = []
    for operand in op.operands {
      guard let element = ConstantElements(operand.constant) else { return .none }
      elements.append(element)
    }
    guard let first = elements.first else { return .none }
    let type = op.result().type
    if elements.allSatisfy({ $0.bits(0) == first.bits(0) }) {
      return Arith.result(ElementwiseFolding.constant(type, bits: first.bits(0)))
    }
    let size = DenseElements.elementSize(type.elementType)
    let mask: UInt64 = type.elementType.isInteger(1) ? 1 : .max
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size * elements.count)
    for element in elements {
      let bits = element.bits(0) & mask
      for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))) }
    }
    return .attribute(bytes.withUnsafeBytes { op.context.dense(type, bytes: $0) })
  }

  // MARK: Elements

  /// Constant indices of an element inside `shape`; nil where one is not constant or outside.
  private static func position(_ indices: some Collection<Value>, in shape: [Int]) -> [Int]? {
    var position: [Int] = []
    for (index, size) in zip(indices, shape) {
      guard let i = index.constantInteger, i >= 0, size == Type.dynamic || i < size else {
        return nil
      }
      position.append(i)
    }
    return position.count == shape.count ? position : nil
  }

  private static func linear(_ position: [Int], _ shape: [Int]) -> Int? {
    var offset = 0
    for (i, size) in zip(position, shape) {
      let (scaled, o1) = offset.multipliedReportingOverflow(by: size)
      let (sum, o2) = scaled.addingReportingOverflow(i)
      if o1 || o2 { return nil }
      offset = sum
    }
    return offset
  }

  static func foldExtract(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let indices = op.operands.dropFirst()
    if let inner = source.definingOperation {
      if inner.is(splat) { return .value(inner.operand(0)) }
      if inner.is(insert), Array(inner.operands.dropFirst(2)) == Array(indices) {
        return .value(inner.operand(0))
      }
      if inner.is(fromElements), let at = position(indices, in: source.type.shape),
        let i = linear(at, source.type.shape), i < inner.operandCount
      {
        return .value(inner.operand(i))
      }
    }
    guard let value = source.constant, value.kind == .denseElements,
      let elements = ConstantElements(value), let dense = value.denseElements
    else { return .none }
    if elements.isUniform { return .attribute(dense.element(0)) }
    guard let at = position(indices, in: source.type.shape), let i = linear(at, source.type.shape)
    else { return .none }
    return .attribute(dense.element(i))
  }

  static func foldInsert(_ op: Operation) -> FoldResult {
    guard let scalar = ConstantElements(op.operand(0).constant),
      let dest = op.operand(1).constant, dest.kind == .denseElements,
      let elements = ConstantElements(dest), elements.isUniform,
      elements.bits(0) == scalar.bits(0)
    else { return .none }
    return .attribute(dest)
  }

  // MARK: dim

  static func foldDim(_ op: Operation) -> FoldResult {
    guard let i = op.operand(1).constantInteger, i >= 0 else { return .none }
    let type = op.operand(0).type
    if type.hasRank {
      if i >= type.rank { return .none }
      let size = type.dimension(i)
      if size != Type.dynamic { return .attribute(op.context.indexAttribute(size)) }
    }
    guard let source = op.operand(0).definingOperation else { return .none }
    if source.is(generate) || source.is(empty) || source.is(splat) {
      let before = type.shape[..<i].count { $0 == Type.dynamic }
      let sizes = source.is(splat) ? source.operands.dropFirst() : source.operands[0...]
      return before < sizes.count ? .value(sizes[sizes.startIndex + before]) : .none
    }
    if source.is(extractSlice) { return dimOfSlice(source, i) }
    if source.is(expandShape) {
      let statics = source.attribute("static_output_shape")?.integers ?? []
      let sizes = MixedIndex.list(statics, source.operandGroup(1))
      if i < sizes.count, case .value(let value) = sizes[i] { return .value(value) }
      return .none
    }
    return .none
  }

  private static func dimOfSlice(_ slice: Operation, _ i: Int) -> FoldResult {
    let sizes = slice.mixedSizes
    let full = sliceType(slice, of: slice.operand(0).type)
    guard let dropped = TensorShapes.droppedDimensions(full.shape, slice.result().type.shape)
    else { return .none }
    let kept = sizes.indices.filter { !dropped.contains($0) }
    guard i < kept.count, case .value(let value) = sizes[kept[i]] else { return .none }
    return .value(value)
  }

  // MARK: Slices

  /// Whether the slice is all of a tensor of static `type`.
  private static func isWhole(_ op: Operation, _ type: Type) -> Bool {
    guard type.hasStaticShape else { return false }
    return op.mixedOffsets.allSatisfy { $0.constantValue == 0 }
      && op.mixedStrides.allSatisfy { $0.constantValue == 1 }
      && zip(op.mixedSizes, type.shape).allSatisfy { $0.constantValue == $1 }
  }

  private static func isSameSlice(_ a: Operation, _ b: Operation) -> Bool {
    a.mixedOffsets == b.mixedOffsets && a.mixedSizes == b.mixedSizes
      && a.mixedStrides == b.mixedStrides
  }

  static func foldExtractSlice(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if let value = source.constant, value.isSplat, let elements = ConstantElements(value) {
      return Arith.result(ElementwiseFolding.constant(type, bits: elements.bits(0)))
    }
    if source.type == type, isWhole(op, type) { return .value(source) }
    // What was just inserted at the same place.
    if let inner = source.definingOperation, inner.is(insertSlice), isSameSlice(inner, op),
      inner.operand(0).type == type
    {
      return .value(inner.operand(0))
    }
    return .none
  }

  static func foldInsertSlice(_ op: Operation) -> FoldResult {
    let (source, dest) = (op.operand(0), op.operand(1))
    if source.type == op.result().type, isWhole(op, source.type) { return .value(source) }
    // An insertion into another at the same place hides that.
    if let inner = dest.definingOperation, inner.is(insertSlice), isSameSlice(inner, op),
      inner.operand(0).type == source.type
    {
      op.setOperand(1, inner.operand(1))
      return .inPlace
    }
    // What was extracted from the same place of the destination.
    if let inner = source.definingOperation, inner.is(extractSlice), isSameSlice(inner, op),
      inner.operand(0) == dest
    {
      return .value(dest)
    }
    return .none
  }

  static func foldPad(_ op: Operation) -> FoldResult {
    guard op.result().type == op.operand(0).type, op.result().type.hasStaticShape,
      !op.hasAttribute("nofold")
    else { return .none }
    return .value(op.operand(0))
  }

  // MARK: Shapes

  static func foldReshape(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    let type = op.result().type
    if op.is(reshape) {
      if source.type == type, type.hasRank, type.rank <= 1 || type.hasStaticShape {
        return .value(source)
      }
      return retyped(source.constant, type)
    }
    if source.type == type { return .value(source) }
    // Expanding what was collapsed from the same type by the same groups, and back.
    if let inner = source.definingOperation,
      op.is(expandShape) && inner.is(collapseShape)
        || op.is(collapseShape) && inner.is(expandShape),
      inner.operand(0).type == type,
      op.attribute("reassociation") == inner.attribute("reassociation"),
      op.is(collapseShape) || TensorShapes.expandsUniquely(op)
    {
      return .value(inner.operand(0))
    }
    return retyped(source.constant, type)
  }
}

extension TensorShapes {
  /// Whether the groups of an expansion have at most one dynamic dimension each, so that sizes follow
  /// from the source.
  static func expandsUniquely(_ op: Operation) -> Bool {
    let shape = op.result().type.shape
    return groups(op.attribute("reassociation")).allSatisfy { group in
      group.count { shape.indices.contains($0) && shape[$0] == Type.dynamic } <= 1
    }
  }
}
