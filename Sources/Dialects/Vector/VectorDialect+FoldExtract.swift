import MartletIR

/// Folding of `vector.extract`.
extension VectorDialect {
  /// The position of an extract or insert.
  static func position(_ op: Operation) -> [Int] {
    op.attribute("static_position")?.integers ?? []
  }

  static func setPosition(_ op: Operation, _ position: [Int]) {
    op.setAttribute("static_position", op.context.denseI64Array(position))
  }

  static func mixedPosition(_ op: Operation) -> [MixedIndex] {
    MixedIndex.list(position(op), op.operands.dropping(op.is(insert) ? 2 : 1))
  }

  static func foldExtract(_ op: Operation) -> FoldResult {
    let source = op.operand(0)
    if position(op).isEmpty, source.type == op.result().type { return .value(source) }
    if let poison = poison(source) { return .attribute(poison) }
    let isChanged = foldConstantPosition(op, leading: 1)
    let position = position(op)
    if position.contains(-1) { return poison(op.context) }
    let isStatic = !position.contains(Type.dynamic)
    if let dense = dense(source) {
      let type = op.result().type
      if dense.isSplat {
        return .attribute(type.isVector ? splat(type, like: dense) : dense.element(0))
      }
      if isStatic, source.type.scalableMask == 0 {
        let start = RowMajor.linear(position, RowMajor.strides(source.type.shape))
        if !type.isVector { return .attribute(dense.element(start)) }
        let count = type.elementCount ?? 0
        return .attribute(elements(of: dense, at: Array(start..<start + count), type))
      }
    }
    if isStatic, foldExtractOfExtracts(op) { return .inPlace }
    if isStatic {
      var chain = InsertChain(op)
      switch chain.fold() {
      case .none: break
      case let folded: return folded
      }
    }
    switch foldExtractOfBroadcast(op) {
    case .none: break
    case let folded: return folded
    }
    guard isStatic, let inner = op.operand(0).definingOperation else {
      return isChanged ? .inPlace : .none
    }
    if inner.is(shuffle), inner.result().type.rank == 1, position.count == 1 {
      let mask = inner.attribute("mask")?.integers ?? []
      let size = inner.operand(0).type.dimension(0)
      let from = mask[position[0]]
      op.setOperand(0, inner.operand(from < size ? 0 : 1))
      setPosition(op, [from < size ? from : from - size])
      return .inPlace
    }
    if inner.is(shapeCast), foldExtractOfShapeCast(op, inner) { return .inPlace }
    if inner.is(extractStridedSlice), foldExtractOfSlice(op, inner) { return .inPlace }
    if inner.is(insertStridedSlice), foldExtractOfInsertedSlices(op, inner) { return .inPlace }
    if inner.is(fromElements), op.result().type == inner.result().type.elementType {
      let at = RowMajor.linear(position, RowMajor.strides(inner.result().type.shape))
      if at < inner.operandCount { return .value(inner.operand(at)) }
    }
    return isChanged ? .inPlace : .none
  }

  /// Puts constants among the dynamic positions, which follow `leading` operands, into the attribute.
  static func foldConstantPosition(_ op: Operation, leading: Int) -> Bool {
    guard op.operandCount > leading else { return false }
    let shape = op.operand(leading - 1).type.shape
    var position = position(op)
    var operands = Array(op.operands.prefix(leading))
    var dynamic = op.operands.dropping(leading).makeIterator()
    var isChanged = false
    for i in position.indices where position[i] == Type.dynamic {
      guard let value = dynamic.next() else { break }
      if let constant = value.constantInteger, constant >= -1, i < shape.count, constant < shape[i]
      {
        position[i] = constant
        isChanged = true
      } else {
        operands.append(value)
      }
    }
    if isChanged {
      op.setOperands(operands)
      setPosition(op, position)
    }
    return isChanged
  }

  /// An extract of extracts is one of their source.
  private static func foldExtractOfExtracts(_ op: Operation) -> Bool {
    var whole = position(op)
    var source = op.operand(0)
    while let inner = source.definingOperation, inner.is(extract) {
      let outer = position(inner)
      if outer.contains(Type.dynamic) { return false }
      whole = outer + whole
      source = inner.operand(0)
    }
    if source == op.operand(0) { return false }
    op.setOperand(0, source)
    setPosition(op, whole)
    return true
  }

  /// An extract of a broadcast is what was broadcast, or an extract of it.
  private static func foldExtractOfBroadcast(_ op: Operation) -> FoldResult {
    guard let inner = op.operand(0).definingOperation, isBroadcastLike(inner) else { return .none }
    let input = inner.operand(0)
    let type = op.result().type
    if type == input.type { return .value(input) }
    let inputRank = input.type.isVector ? input.type.rank : 0
    let rank = type.isVector ? type.rank : 0
    guard rank <= inputRank, input.type.isVector else { return .none }
    let shape = input.type.shape
    if type.isVector, type.shape[...] != shape.suffix(rank) { return .none }
    let old = mixedPosition(op)
    let lead = op.operand(0).type.rank - inputRank
    let new = (0..<inputRank - rank).map { i in
      shape[i] == 1 && !isScalable(input.type, i) ? MixedIndex.constant(0) : old[lead + i]
    }
    let (statics, dynamics) = MixedIndex.split(new)
    op.setOperands([input] + dynamics)
    setPosition(op, statics)
    return .inPlace
  }

  private static func foldExtractOfShapeCast(_ op: Operation, _ inner: Operation) -> Bool {
    let shape = inner.operand(0).type.shape
    let rank = op.result().type.isVector ? op.result().type.rank : 0
    guard rank <= shape.count,
      rank == 0 || shape.suffix(rank) == op.result().type.shape[...]
    else { return false }
    let outer = op.operand(0).type.shape.dropLast(rank)
    let linear = RowMajor.linear(position(op), RowMajor.strides(Array(outer)))
    let strides = RowMajor.strides(Array(shape.dropLast(rank)))
    setPosition(op, RowMajor.position(linear, strides))
    op.setOperand(0, inner.operand(0))
    return true
  }

  private static func foldExtractOfSlice(_ op: Operation, _ slice: Operation) -> Bool {
    guard !hasVectorOfRank0(slice), hasUnitStrides(slice) else { return false }
    let (full, type) = (slice.operand(0).type, slice.result().type)
    var offsets = integers(slice, "offsets")
    while let last = offsets.last, last == 0,
      type.dimension(offsets.count - 1) == full.dimension(offsets.count - 1)
    {
      offsets.removeLast()
    }
    let rank = op.result().type.isVector ? op.result().type.rank : 0
    var position = position(op)
    guard rank <= full.rank - offsets.count, offsets.count <= position.count else { return false }
    for i in offsets.indices { position[i] += offsets[i] }
    op.setOperand(0, slice.operand(0))
    setPosition(op, position)
    return true
  }

  /// Takes what is extracted from the slice that was inserted there last.
  private static func foldExtractOfInsertedSlices(_ op: Operation, _ last: Operation) -> Bool {
    if hasVectorOfRank0(last) { return false }
    let position = position(op)
    let rank = op.result().type.isVector ? op.result().type.rank : 0
    var current: Operation? = last
    while let insert = current, insert.is(insertStridedSlice) {
      let (part, whole) = (insert.operand(0).type, insert.operand(1).type)
      let lead = whole.rank - part.rank
      guard rank <= part.rank, hasUnitStrides(insert) else { return false }
      let offsets = integers(insert, "offsets")
      var inside: [Int] = []
      var isDisjoint = false
      for (i, at) in position.enumerated() {
        let size = i < lead ? 1 : part.dimension(i - lead)
        guard offsets[i] <= at, at < offsets[i] + size else {
          isDisjoint = true
          break
        }
        if i >= lead { inside.append(at - offsets[i]) }
      }
      if !isDisjoint {
        guard part.shape.suffix(rank) == whole.shape.suffix(rank) else { return false }
        op.setOperand(0, insert.operand(0))
        setPosition(op, inside)
        return true
      }
      current = insert.operand(1).definingOperation
    }
    return false
  }
}

/// The walk from an extract up a chain of inserts and transposes to where the extracted part comes from.
///
/// The position is kept for all dimensions: those of the result are marked -1, -2 and so on, so that a
/// transpose among them shows as marks out of order, which no extract can express.
private struct InsertChain {
  let op: Operation
  let marks: [Int]
  var position: [Int]
  var extracted: Int

  init(_ op: Operation) {
    self.op = op
    let fixed = VectorDialect.position(op)
    marks = (0..<op.operand(0).type.rank - fixed.count).map { -($0 + 1) }
    position = fixed + marks
    extracted = fixed.count
  }

  private var isInOrder: Bool { Array(position.dropFirst(extracted)) == marks }

  private static func isPrefix(_ a: [Int], of b: [Int]) -> Bool {
    a.count <= b.count && b.starts(with: a)
  }

  mutating func fold() -> FoldResult {
    var source = op.operand(0)
    while let inner = source.definingOperation {
      if inner.is(VectorDialect.transpose) {
        let permutation = inner.attribute("permutation")?.integers ?? []
        var moved = position
        for (i, p) in permutation.enumerated() { moved[p] = position[i] }
        position = moved
        source = inner.operand(0)
        continue
      }
      guard inner.is(VectorDialect.insert) else { break }
      let at = VectorDialect.position(inner)
      if !at.contains(Type.dynamic) {
        if Array(position.prefix(extracted)) == at, isInOrder { return .value(inner.operand(0)) }
        if Self.isPrefix(at, of: position) {
          position.removeFirst(at.count)
          extracted = position.count - marks.count
          return extracted >= 0 ? take(inner.operand(0)) : .none
        }
      }
      let overlaps = zip(position, at).allSatisfy { $0 < 0 || $1 < 0 || $0 == $1 }
      if overlaps || Self.isPrefix(position, of: at) { return .none }
      source = inner.operand(1)
    }
    return take(source)
  }

  private func take(_ source: Value) -> FoldResult {
    if source == op.operand(0) || !isInOrder { return .none }
    VectorDialect.setPosition(op, Array(position.prefix(extracted)))
    op.setOperand(0, source)
    return .inPlace
  }
}
