import MartletIR

/// A view of `vector.transfer_read` and `vector.transfer_write`.
struct Transfer {
  let operation: Operation
  let isRead: Bool

  init?(_ operation: Operation?) {
    guard let operation else { return nil }
    if operation.is(VectorDialect.transferRead) {
      isRead = true
    } else if operation.is(VectorDialect.transferWrite) {
      isRead = false
    } else {
      return nil
    }
    self.operation = operation
  }

  /// The transfer_write that defines `value`.
  static func write(_ value: Value) -> Transfer? {
    guard let transfer = Transfer(value.definingOperation), !transfer.isRead else { return nil }
    return transfer
  }

  /// The transfer_read that defines `value`.
  static func read(_ value: Value) -> Transfer? {
    guard let transfer = Transfer(value.definingOperation), transfer.isRead else { return nil }
    return transfer
  }

  private var baseIndex: Int { isRead ? 0 : 1 }
  var base: Value { operation.operand(baseIndex) }
  var baseType: Type { base.type }
  func setBase(_ value: Value) { operation.setOperand(baseIndex, value) }
  /// The vector read or written.
  var vector: Value { isRead ? operation.result() : operation.operand(0) }
  var vectorType: Type { vector.type }
  var indices: [Value] { Array(operation.operandGroup(isRead ? 1 : 2)) }
  var padding: Value { operation.operandGroup(2)[0] }
  var mask: Value? { operation.operandGroup(3).first }
  var map: AffineMap? { operation.attribute("permutation_map")?.affineMap }
  var inBounds: [Bool] {
    operation.attribute("in_bounds")?.elements?.map { $0.boolValue ?? false } ?? []
  }
  var rank: Int { map?.resultCount ?? 0 }
  var isInBounds: Bool { inBounds.allSatisfy { $0 } }
  var isOnTensor: Bool { baseType.isRankedTensor }

  /// Whether the map takes the last dimensions as they are.
  var isMinorIdentity: Bool {
    guard let map, map.symbolCount == 0, let positions = map.projectedDimensions else {
      return false
    }
    return positions == Array(map.dimensionCount - positions.count..<map.dimensionCount)
  }

  /// How many elements along each dimension of the base the transfer reaches.
  var reach: [Int] {
    guard let map else { return [] }
    var reach = Array(repeating: 1, count: map.dimensionCount)
    for (i, result) in map.results.enumerated() where result.kind == .dimension {
      reach[result.position] = vectorType.dimension(i)
    }
    return reach
  }

  /// Takes the mask away.
  func removeMask() {
    var segments = operation.operandSegments
    guard let last = segments.last, last == 1 else { return }
    operation.setOperands(Array(operation.operands.dropLast()))
    segments[segments.count - 1] = 0
    operation.setAttribute("operandSegmentSizes", operation.context.denseI32Array(segments))
  }
}

/// Folding of transfers and other accesses to memory.
extension VectorDialect {
  static func foldTransferRead(_ op: Operation) -> FoldResult {
    guard let read = Transfer(op) else { return .none }
    if let value = valueWritten(read) { return .value(value) }
    if foldInBounds(read) || foldFullMask(read) || foldBase(read) { return .inPlace }
    return .none
  }

  static func foldTransferWrite(_ op: Operation) -> FoldResult {
    guard let write = Transfer(op) else { return .none }
    if write.isOnTensor, op.resultCount == 1, let read = Transfer.read(write.vector) {
      if coversAll(read, write) || isUnchanged(read, write) { return .value(read.base) }
    }
    if foldInBounds(write) || foldFullMask(write) { return .inPlace }
    if write.baseType.isMemRef, foldBase(write) { return .inPlace }
    return .none
  }

  /// Makes an access use what a cast of its base took.
  private static func foldBase(_ transfer: Transfer) -> Bool {
    guard let inner = transfer.base.definingOperation else { return false }
    let from = inner.operands.first?.type
    if inner.is(MemRef.cast) {
      if from?.kind != .memRef { return false }
    } else if inner.is(TensorDialect.cast) {
      guard let from, from.isRankedTensor, from.isMoreStatic(than: transfer.baseType) else {
        return false
      }
    } else {
      return false
    }
    transfer.setBase(inner.operand(0))
    return true
  }

  /// Makes plain and masked accesses use what a cast of their memory took.
  static func foldAccess(_ op: Operation) -> FoldResult {
    var isChanged = false
    for (i, operand) in op.operands.enumerated() {
      guard let inner = operand.definingOperation, inner.is(MemRef.cast),
        inner.operand(0).type.kind == .memRef
      else { continue }
      op.setOperand(i, inner.operand(0))
      isChanged = true
    }
    return isChanged ? .inPlace : .none
  }

  // MARK: Values written and read

  /// The vector a read finds because it was just written there.
  private static func valueWritten(_ read: Transfer) -> Value? {
    guard read.isOnTensor else { return nil }
    var current = Transfer.write(read.base)
    while let write = current {
      if finds(read, write) { return write.vector }
      if !areDisjoint(write, read) { return nil }
      current = Transfer.write(write.base)
    }
    return nil
  }

  private static func isSamePlace(_ a: Transfer, _ b: Transfer) -> Bool {
    a.indices == b.indices && a.vectorType == b.vectorType && a.map == b.map
  }

  private static func finds(_ read: Transfer, _ write: Transfer) -> Bool {
    guard write.isInBounds, isSamePlace(read, write) else { return false }
    if read.mask == nil, write.mask == nil { return true }
    // What a masked read leaves out is padding: the constant that was written everywhere.
    guard let mask = read.mask, write.mask == nil || write.mask == mask,
      let dense = dense(write.vector), dense.isSplat, let padding = read.padding.constant
    else { return false }
    return padding == dense.element(0)
  }

  /// Whether two transfers of like vectors touch different elements for certain.
  static func areDisjoint(_ a: Transfer, _ b: Transfer) -> Bool {
    let (first, second) = (a.indices, b.indices)
    guard a.vectorType == b.vectorType, a.map == b.map, a.isMinorIdentity,
      first.count == second.count
    else { return false }
    let lead = first.count - a.rank
    for i in first.indices {
      guard let x = first[i].constantInteger, let y = second[i].constantInteger else { continue }
      if i < lead {
        if x != y { return true }
      } else if !isScalable(a.vectorType, i - lead),
        abs(x - y) >= a.vectorType.dimension(i - lead)
      {
        return true
      }
    }
    return false
  }

  /// Whether `write` stores all of a tensor that `read` read, into another of its type.
  private static func coversAll(_ read: Transfer, _ write: Transfer) -> Bool {
    read.rank > 0 && read.rank == write.rank && read.isMinorIdentity && write.isMinorIdentity
      && read.isInBounds && write.isInBounds && read.mask == nil && write.mask == nil
      && read.baseType == write.baseType && read.vectorType == write.vectorType
      && read.vectorType.scalableMask == 0 && read.vectorType.shape == read.baseType.shape
      && (read.indices + write.indices).allSatisfy { $0.constantInteger == 0 }
  }

  /// Whether `write` stores what `read` read from the same place.
  private static func isUnchanged(_ read: Transfer, _ write: Transfer) -> Bool {
    read.base == write.base && isSamePlace(read, write) && read.mask == nil && write.mask == nil
  }

  // MARK: Bounds and masks

  /// Marks dimensions in bounds that constant indices show to be.
  private static func foldInBounds(_ transfer: Transfer) -> Bool {
    guard let map = transfer.map, map.resultCount > 0 else { return false }
    var inBounds = transfer.inBounds
    guard inBounds.count == map.resultCount else { return false }
    let indices = transfer.indices
    let results = map.results
    var isChanged = false
    var othersAreInBounds = true
    for i in results.indices where !inBounds[i] {
      guard results[i].kind == .dimension else { continue }
      let dimension = results[i].position
      let size = transfer.baseType.dimension(dimension)
      if size != Type.dynamic, let start = indices[dimension].constantInteger, start >= 0,
        !isScalable(transfer.vectorType, i), start + transfer.vectorType.dimension(i) <= size
      {
        inBounds[i] = true
        isChanged = true
      } else {
        othersAreInBounds = false
      }
    }
    if othersAreInBounds {
      for i in results.indices where results[i].kind != .dimension && !inBounds[i] {
        inBounds[i] = true
        isChanged = true
      }
    }
    guard isChanged else { return false }
    let context = transfer.operation.context
    transfer.operation.setAttribute(
      "in_bounds", context.array(inBounds.map { context.boolAttribute($0) }))
    return true
  }

  private static func foldFullMask(_ transfer: Transfer) -> Bool {
    guard let mask = transfer.mask, format(of: mask) == .allTrue else { return false }
    transfer.removeMask()
    return true
  }
}
