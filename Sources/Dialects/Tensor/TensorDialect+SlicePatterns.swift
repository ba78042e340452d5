import MartletIR
import MartletRewriting

/// Canonicalisations of slices.
extension TensorDialect {
  /// Offsets, sizes and strides with values known to be constant put in as such.
  private static func withConstantEntries(_ op: Operation) -> [[MixedIndex]]? {
    let lists = [op.mixedOffsets, op.mixedSizes, op.mixedStrides]
    var changed = false
    let folded = lists.enumerated().map { (k, list) in
      list.map { entry in
        if case .value(let value) = entry, let constant = value.constantInteger,
          k == 2 ? constant != 0 : constant >= 0
        {
          changed = true
          return MixedIndex.constant(constant)
        }
        return entry
      }
    }
    return changed ? folded : nil
  }

  /// The attributes of a slice made of `lists`, and its index operands.
  static func sliceParts(_ context: Context, _ lists: [[MixedIndex]], leading: Int)
    -> (operands: [Value], attributes: [(String, Attribute)])
  {
    var operands: [Value] = []
    var attributes: [(String, Attribute)] = []
    var segments = Array(repeating: 1, count: leading)
    for (name, list) in zip(["static_offsets", "static_sizes", "static_strides"], lists) {
      let (statics, dynamics) = MixedIndex.split(list)
      attributes.append((name, context.denseI64Array(statics)))
      operands += dynamics
      segments.append(dynamics.count)
    }
    attributes.append(("operandSegmentSizes", context.denseI32Array(segments)))
    return (operands, attributes)
  }

  /// Whether nothing known says that the slice leaves a tensor of `shape`.
  static func isInBounds(_ lists: [[MixedIndex]], _ shape: [Int]) -> Bool {
    let statics = lists.map { MixedIndex.split($0).statics }
    guard statics.count == 3, statics.allSatisfy({ $0.count == shape.count }) else { return false }
    for (i, size) in shape.enumerated() where size != Type.dynamic {
      let (offset, count, stride) = (statics[0][i], statics[1][i], statics[2][i])
      if offset == Type.dynamic { continue }
      if offset >= size { return false }
      if count == Type.dynamic || stride == Type.dynamic || count == 0 { continue }
      let (span, o1) = (count - 1).multipliedReportingOverflow(by: stride)
      let (last, o2) = span.addingReportingOverflow(offset)
      if o1 || o2 || last >= size || last < 0 { return false }
    }
    return true
  }

  private static func hasConstantIndex(_ op: Operation) -> Bool {
    op.operands.contains { $0.type.isIndex && $0.constantInteger != nil }
  }

  private static func converted(_ value: Value, to type: Type, _ rewriter: PatternRewriter) -> Value
  {
    value.type == type ? value : rewriter.create(cast, [value], results: [type]).result()
  }

  /// The type of the inserted or extracted part, of sizes `sizes` but for those that are left out.
  private static func partType(_ part: Type, _ full: Type, _ sizes: [MixedIndex]) -> Type? {
    guard let dropped = TensorShapes.droppedDimensions(full.shape, part.shape) else { return nil }
    let statics = MixedIndex.split(sizes).statics
    return part.cloned(
      shape: statics.indices.filter { !dropped.contains($0) }.map { statics[$0] })
  }

  // MARK: Extracting

  static let extractSlicePatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-entries-of-extract-slice") { op, rewriter in
      let source = op.operand(0)
      let type = op.result().type
      guard let lists = withConstantEntries(op), isInBounds(lists, source.type.shape),
        let refined = partType(type, sliceType(op, of: source.type), lists[1])
      else { return false }
      let parts = sliceParts(op.context, lists, leading: 1)
      let made = rewriter.create(
        extractSlice, [source] + parts.operands, results: [refined], attributes: parts.attributes)
      rewriter.replace(op, with: converted(made.result(), to: type, rewriter))
      return true
    },
    RewritePattern("extract-slice-of-cast") { op, rewriter in
      guard !hasConstantIndex(op), let inner = forgettingCast(op.operand(0)),
        isInBounds(
          [op.mixedOffsets, op.mixedSizes, op.mixedStrides], inner.operand(0).type.shape)
      else { return false }
      rewriter.modifyInPlace(op) { op.setOperand(0, inner.operand(0)) }
      return true
    })

  // MARK: Inserting

  static let insertSlicePatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-entries-of-insert-slice", constantInsert),
    RewritePattern("insert-slice-of-cast", insertOfCast),
    RewritePattern("refine-inserted-slice", refineInserted))

  /// Replaces an insertion, parallel or not, by one of other parts.
  private static func replaceInsert(
    _ op: Operation, _ source: Value, _ dest: Value, _ lists: [[MixedIndex]],
    _ rewriter: PatternRewriter
  ) {
    let parts = sliceParts(op.context, lists, leading: 2)
    let isParallel = op.is(parallelInsertSlice)
    let made = rewriter.create(
      isParallel ? parallelInsertSlice : insertSlice, [source, dest] + parts.operands,
      results: isParallel ? [] : [dest.type], attributes: parts.attributes)
    made.setDiscardableAttributes(op.discardableAttributes)
    if isParallel {
      rewriter.erase(op)
    } else {
      rewriter.replace(op, with: converted(made.result(), to: op.result().type, rewriter))
    }
  }

  /// Casts the inserted tensor; before a parallel loop's terminator, which holds nothing but insertions.
  private static func castInserted(_ op: Operation, _ type: Type, _ rewriter: PatternRewriter)
    -> Value
  {
    let source = op.operand(0)
    if source.type == type { return source }
    if op.is(parallelInsertSlice), let parent = op.parent {
      rewriter.setInsertionPoint(before: parent)
    }
    let value = rewriter.create(cast, [source], results: [type]).result()
    rewriter.setInsertionPoint(before: op)
    return value
  }

  @Sendable private static func constantInsert(_ op: Operation, _ rewriter: PatternRewriter)
    -> Bool
  {
    let (source, dest) = (op.operand(0), op.operand(1))
    guard let lists = withConstantEntries(op), isInBounds(lists, dest.type.shape),
      let type = partType(source.type, sliceType(op, of: dest.type), lists[1]),
      areCastCompatible(source.type, type)
    else { return false }
    replaceInsert(op, castInserted(op, type, rewriter), dest, lists, rewriter)
    return true
  }

  /// Casts that only forget sizes, of what is inserted or of what it is inserted into.
  @Sendable private static func insertOfCast(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    if hasConstantIndex(op) { return false }
    let (sourceCast, destCast) = (forgettingCast(op.operand(0)), forgettingCast(op.operand(1)))
    if sourceCast == nil, destCast == nil { return false }
    let source = sourceCast?.operand(0) ?? op.operand(0)
    let dest = destCast?.operand(0) ?? op.operand(1)
    guard source.type.isRankedTensor, dest.type.isRankedTensor,
      let dropped = TensorShapes.droppedDimensions(
        op.staticIndices("static_sizes"), op.operand(0).type.shape)
    else { return false }
    var sizes = op.mixedSizes
    let kept = sizes.indices.filter { !dropped.contains($0) }
    guard kept.count == source.type.rank else { return false }
    for (i, size) in zip(kept, source.type.shape) where size != Type.dynamic {
      sizes[i] = .constant(size)
    }
    // What is inserted has exactly the sizes said.
    let statics = MixedIndex.split(sizes).statics
    let lists = [op.mixedOffsets, sizes, op.mixedStrides]
    guard kept.map({ statics[$0] }) == source.type.shape, isInBounds(lists, dest.type.shape) else {
      return false
    }
    // A parallel insertion updates the loop's own tensor, whose type stays.
    if op.is(parallelInsertSlice), dest.type != op.operand(1).type { return false }
    replaceInsert(op, source, dest, lists, rewriter)
    return true
  }

  /// Casts what is inserted to the sizes that are known of it.
  @Sendable private static func refineInserted(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    let (source, dest) = (op.operand(0), op.operand(1))
    guard source.type.rank == dest.type.rank else { return false }
    let lists = [op.mixedOffsets, op.mixedSizes, op.mixedStrides]
    var shape = source.type.shape
    for (i, size) in lists[1].enumerated() {
      guard let constant = size.constantValue else { continue }
      if constant < 0 { return false }
      shape[i] = constant
    }
    let type = source.type.cloned(shape: shape)
    guard type != source.type, type.isMoreStatic(than: source.type) else { return false }
    replaceInsert(op, castInserted(op, type, rewriter), dest, lists, rewriter)
    return true
  }
}
