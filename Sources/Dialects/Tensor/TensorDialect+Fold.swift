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
      if inner.is(insert), inner.operand(0).type == op.result().type,
        zip(inner.operands.dropFirst(2), indices).allSatisfy({ a, b in
          a == b || a.constantInteger != nil && a.constantInteger == b.constantInteger
        })
      {
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
    if source.is(generate) || source.is(empty) {
      let before = type.shape[..<i].count { $0 == Type.dynamic }
      return before < source.operandCount ? .value(source.operand(before)) : .none
    }
    if source.is(extractSlice) {
      // Where dimensions are left out it takes more than a look to say which.
      guard type.rank == source.operand(0).type.rank, case .value(let value) = source.mixedSizes[i]
      else { return .none }
      return .value(value)
    }
    if let inner = forgettingCast(op.operand(0)) {
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    return .none
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
    if op.mixedSizes.contains(.constant(0)) { return .value(dest) }
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
    let type = op.result().type
    if op.is(reshape) { return foldFreeReshape(op, type) }
    switch ReshapeFamily.tensor.fold(op) {
    case .none: return retyped(op.operand(0).constant, type)
    case let folded: return folded
    }
  }

  private static func foldFreeReshape(_ op: Operation, _ type: Type) -> FoldResult {
    let source = op.operand(0)
    switch retyped(source.constant, type) {
    case .none: break
    case let folded: return folded
    }
    if let inner = source.definingOperation, inner.is(reshape) {
      op.setOperand(0, inner.operand(0))
      return .inPlace
    }
    guard source.type == type, type.hasRank else { return .none }
    if type.rank <= 1 || type.hasStaticShape { return .value(source) }
    // The shape asked for is the source's own.
    guard let shape = op.operand(1).definingOperation, shape.is(fromElements),
      shape.operandCount == type.rank
    else { return .none }
    for (i, size) in shape.operands.enumerated() {
      if let constant = size.constantInteger {
        if constant != type.dimension(i) { return .none }
      } else if let dim = size.definingOperation, dim.is(TensorDialect.dim) {
        if dim.operand(0) != source || dim.operand(1).constantInteger != i { return .none }
      } else {
        return .none
      }
    }
    return .value(source)
  }
}
