import MartletIR

/// Folding of inserts, slices and shuffles.
extension VectorDialect {
  static func foldInsert(_ op: Operation) -> FoldResult {
    let value = op.operand(0)
    if position(op).isEmpty, value.type == op.result().type { return .value(value) }
    let isChanged = foldConstantPosition(op, leading: 2)
    // The insert before at the same place is overwritten.
    if let inner = op.operand(1).definingOperation, inner.is(insert),
      mixedPosition(inner) == mixedPosition(op)
    {
      op.setOperand(1, inner.operand(1))
      return .inPlace
    }
    let position = position(op)
    if position.contains(-1) { return poison(op.context) }
    if let result = foldConstantInsert(op, position) { return .attribute(result) }
    return isChanged ? .inPlace : .none
  }

  private static func foldConstantInsert(_ op: Operation, _ position: [Int]) -> Attribute? {
    let type = op.result().type
    guard !position.contains(Type.dynamic), let dest = dense(op.operand(1)),
      let value = op.operand(0).constant, type.scalableMask == 0,
      dest.count <= largestCopiedConstant || op.result().hasOneUse
    else { return nil }
    let start = RowMajor.linear(position, RowMajor.strides(type.shape))
    if let part = dense(op.operand(0)) {
      guard part.type.elementType == type.elementType else { return nil }
      return replacing(dest, at: Array(start..<start + part.count), by: part)
    }
    guard let bytes = elementBytes(value, type.elementType) else { return nil }
    return bytes.withUnsafeBytes { bytes in replacing(dest, at: [start]) { _ in bytes[...] } }
  }

  static func foldInsertStridedSlice(_ op: Operation) -> FoldResult {
    op.operand(0).type == op.result().type ? .value(op.operand(0)) : .none
  }

  static func foldExtractStridedSlice(_ op: Operation) -> FoldResult {
    let type = op.result().type
    if op.operand(0).type == type { return .value(op.operand(0)) }
    if foldSliceOfInserts(op) { return .inPlace }
    guard let dense = dense(op.operand(0)) else { return .none }
    if dense.isSplat { return .attribute(splat(type, like: dense)) }
    guard hasUnitStrides(op), type.scalableMask == 0 else { return .none }
    var offsets = integers(op, "offsets")
    while offsets.count < type.rank { offsets.append(0) }
    let positions = RowMajor.box(offsets, type.shape, in: dense.type.shape)
    return .attribute(elements(of: dense, at: positions, type))
  }

  /// Takes a slice from what was inserted there last, where that contains all of it.
  private static func foldSliceOfInserts(_ op: Operation) -> Bool {
    let (offsets, sizes) = (integers(op, "offsets"), integers(op, "sizes"))
    let strides = integers(op, "strides")
    var current = op.operand(0).definingOperation
    while let insert = current, insert.is(insertStridedSlice) {
      let part = insert.operand(0).type
      let at = integers(insert, "offsets")
      let steps = integers(insert, "strides")
      guard op.operand(0).type.rank == part.rank, offsets.count <= at.count else { return false }
      var inside: [Int] = []
      var isPartial = false
      var isDisjoint = false
      for i in offsets.indices {
        if i >= steps.count || strides[i] != steps[i] { return false }
        let end = at[i] + part.dimension(i)
        guard at[i] <= offsets[i], offsets[i] < end else {
          // A slice that begins before the inserted one may still reach into it.
          if offsets[i] < at[i], offsets[i] + sizes[i] > at[i] { return false }
          isDisjoint = true
          break
        }
        if offsets[i] + sizes[i] > end { isPartial = true }
        inside.append(offsets[i] - at[i])
      }
      if !isDisjoint {
        // A dimension the slice takes whole must be whole in what was inserted.
        let rest = offsets.count..<part.rank
        if isPartial || rest.contains(where: { part.dimension($0) != op.result().type.dimension($0) })
        {
          return false
        }
        op.setOperand(0, insert.operand(0))
        op.setAttribute("offsets", integerArray(op.context, inside))
        return true
      }
      current = insert.operand(1).definingOperation
    }
    return false
  }

  static func foldShuffle(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    guard a.type.rank > 0 else { return .none }
    let mask = op.attribute("mask")?.integers ?? []
    let (first, second) = (a.type.dimension(0), b.type.dimension(0))
    if mask == Array(0..<first) { return .value(a) }
    if mask == Array(first..<first + second) { return .value(b) }
    let (isPoisonA, isPoisonB) = (poison(a) != nil, poison(b) != nil)
    if isPoisonA, isPoisonB { return poison(op.context) }
    let (left, right) = (dense(a), dense(b))
    // Any element may stand where the result is poison: the first one that is known.
    guard a.type.rank == 1, isPoisonA || left != nil, isPoisonB || right != nil,
      let any = left ?? right
    else { return .none }
    let size = any.elementSize
    func bytes(_ dense: DenseElements, _ i: Int) -> Slice<UnsafeRawBufferPointer> {
      let start = dense.isSplat ? 0 : i * size
      return dense.bytes[start..<start + size]
    }
    var all: [UInt8] = []
    all.reserveCapacity(mask.count * size)
    for i in mask {
      let from = i < 0 ? nil : i < first ? left.map { ($0, i) } : right.map { ($0, i - first) }
      let (dense, at) = from ?? (any, 0)
      all += bytes(dense, at)
    }
    let type = op.result().type
    return .attribute(all.withUnsafeBytes { op.context.dense(type, bytes: $0) })
  }
}
