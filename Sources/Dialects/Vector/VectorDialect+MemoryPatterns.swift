import MartletIR
import MartletRewriting

/// Canonicalisations of masked accesses and transfers.
extension VectorDialect {
  // MARK: Masked accesses

  /// A load of all lanes is a plain one, of none the value passed through.
  static let maskedLoadPatterns: CanonicalizationPatterns = .init(
    RewritePattern("masked-load") { op, rewriter in
      switch format(of: op.operandGroup(2)[0]) {
      case .allTrue: rewriter.replace(op, with: load, [op.operand(0)] + op.operandGroup(1))
      case .allFalse: rewriter.replace(op, with: op.operandGroup(3)[0])
      case .unknown: return false
      }
      return true
    })

  /// A store of all lanes is a plain one, of none nothing.
  static let maskedStorePatterns: CanonicalizationPatterns = .init(
    RewritePattern("masked-store") { op, rewriter in
      switch format(of: op.operandGroup(2)[0]) {
      case .allTrue:
        rewriter.setInsertionPoint(before: op)
        rewriter.create(
          store, [op.operandGroup(3)[0], op.operand(0)] + op.operandGroup(1))
        rewriter.erase(op)
      case .allFalse: rewriter.erase(op)
      case .unknown: return false
      }
      return true
    })

  /// Whether the values are 0, 1, 2 and so on.
  private static func countsUp(_ indices: Value) -> Bool {
    let type = indices.type
    guard type.rank == 1, type.scalableMask == 0 else { return false }
    if indices.definingOperation?.is(step) == true { return true }
    guard let dense = dense(indices), dense.type.elementType.isIntOrIndex else { return false }
    return (0..<dense.count).allSatisfy { dense.integer($0) == Int64($0) }
  }

  static let gatherPatterns: CanonicalizationPatterns = .init(
    RewritePattern("gather-of-nothing") { op, rewriter in
      guard format(of: op.operandGroup(3)[0]) == .allFalse else { return false }
      rewriter.replace(op, with: op.operandGroup(4)[0])
      return true
    },
    RewritePattern("contiguous-gather") { op, rewriter in
      guard op.operand(0).type.isMemRef, countsUp(op.operandGroup(2)[0]) else { return false }
      rewriter.replace(
        op, with: maskedload,
        [op.operand(0)] + op.operandGroup(1) + [op.operandGroup(3)[0], op.operandGroup(4)[0]])
      return true
    })

  static let scatterPatterns: CanonicalizationPatterns = .init(
    RewritePattern("scatter-of-nothing") { op, rewriter in
      guard format(of: op.operandGroup(3)[0]) == .allFalse else { return false }
      rewriter.replace(op, with: op.resultCount == 0 ? [] : [op.operand(0)])
      return true
    },
    RewritePattern("contiguous-scatter") { op, rewriter in
      guard op.operand(0).type.isMemRef, op.resultCount == 0, countsUp(op.operandGroup(2)[0])
      else { return false }
      rewriter.setInsertionPoint(before: op)
      rewriter.create(
        maskedstore,
        [op.operand(0)] + op.operandGroup(1) + [op.operandGroup(3)[0], op.operandGroup(4)[0]])
      rewriter.erase(op)
      return true
    })

  // MARK: Transfers

  static let transferReadPatterns: CanonicalizationPatterns = .init(
    RewritePattern("read-of-written", readOfWritten))

  /// What was written and is read with another map, unmasked and in bounds, is a transpose of a broadcast.
  @Sendable private static func readOfWritten(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    guard let read = Transfer(op), read.isOnTensor, let write = Transfer.write(read.base),
      read.mask == nil, write.mask == nil, read.indices == write.indices, read.isInBounds,
      write.isInBounds, read.reach == write.reach, let readMap = read.map,
      let writeMap = write.map, let written = writeMap.projectedDimensions
    else { return false }
    // For each dimension of the vector read, the one of the vector written, or nil where it is repeated.
    let from = readMap.results.map { result in
      result.kind == .dimension ? written.firstIndex(of: result.position) : nil
    }
    guard Set(from.compactMap { $0 }).count == written.count,
      from.compactMap({ $0 }).count == written.count
    else { return false }
    let repeated = from.indices.filter { from[$0] == nil }
    var inverse = repeated + Array(repeating: 0, count: written.count)
    for (i, source) in from.enumerated() {
      if let source { inverse[repeated.count + source] = i }
    }
    var permutation = inverse
    for (i, p) in inverse.enumerated() { permutation[p] = i }
    let wide = permuted(read.vectorType, inverse)
    let copies = rewriter.create(broadcast, [write.vector], results: [wide])
    rewriter.replace(
      op, with: transpose, [copies.result()],
      attributes: [("permutation", op.context.denseI64Array(permutation))])
    return true
  }

  static let transferWritePatterns: CanonicalizationPatterns = .init(
    RewritePattern("overwritten-write") { op, rewriter in
      guard let write = Transfer(op), write.isOnTensor else { return false }
      var changed = write
      var current = Transfer.write(write.base)
      while let prior = current {
        if prior.indices == write.indices, prior.mask == write.mask,
          prior.vectorType == write.vectorType, prior.map == write.map
        {
          rewriter.modifyInPlace(changed.operation) { changed.setBase(prior.base) }
          return true
        }
        guard areDisjoint(prior, write), prior.operation.result().hasOneUse else { return false }
        changed = prior
        current = Transfer.write(prior.base)
      }
      return false
    },
    RewritePattern("write-of-inserted-slice", root: "tensor.insert_slice", writeOfInsertedSlice))

  /// A vector written to a tensor of which a slice is inserted is written to that slice.
  @Sendable private static func writeOfInsertedSlice(
    _ insert: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    func isOne(_ entry: MixedIndex) -> Bool { entry == .constant(1) }
    guard insert.mixedStrides.allSatisfy(isOne),
      let slice = insert.operand(0).definingOperation, slice.is(TensorDialect.extractSlice),
      slice.mixedStrides.allSatisfy(isOne), slice.result().hasOneUse,
      let write = Transfer.write(slice.operand(0)), write.operation.result().hasOneUse,
      insert.operand(0).type.rank == write.rank,
      slice.mixedOffsets.allSatisfy({ $0.constantValue == 0 }),
      write.indices.allSatisfy({ $0.constantInteger == 0 })
    else { return false }
    let (sizes, others) = (insert.mixedSizes, slice.mixedSizes)
    guard sizes.count == others.count,
      zip(sizes, others).allSatisfy({
        $0 == $1 || $0.constantValue != nil && $0.constantValue == $1.constantValue
      })
    else { return false }
    guard write.mask == nil, let map = write.map, let dimensions = map.projectedDimensions,
      write.vectorType.scalableMask == 0,
      dimensions.map({ write.baseType.dimension($0) }) == write.vectorType.shape
    else { return false }
    let parts = TensorDialect.sliceParts(
      insert.context, [insert.mixedOffsets, sizes, insert.mixedStrides], leading: 1)
    let place = rewriter.create(
      TensorDialect.extractSlice, [insert.operand(1)] + parts.operands,
      results: [insert.operand(0).type], attributes: parts.attributes)
    let context = insert.context
    let outOfBounds = context.array(write.vectorType.shape.map { _ in context.boolAttribute(false) })
    let written = rewriter.create(
      transferWrite, [write.vector, place.result()] + write.indices,
      results: [insert.operand(0).type],
      attributes: [
        ("permutation_map", context.affineMapAttribute(map)), ("in_bounds", outOfBounds),
        ("operandSegmentSizes", context.denseI32Array([1, 1, write.indices.count, 0])),
      ])
    rewriter.modifyInPlace(insert) { insert.setOperand(0, written.result()) }
    return true
  }
}
