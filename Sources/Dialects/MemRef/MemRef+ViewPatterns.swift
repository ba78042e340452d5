import MartletIR
import MartletRewriting

/// Canonicalisations of views of memory.
extension MemRef {
  private static func replaceByCast(
    _ op: Operation, _ value: Value, _ rewriter: PatternRewriter
  ) -> Bool {
    let type = op.result().type
    rewriter.replace(
      op,
      with: value.type == type
        ? value : rewriter.create(cast, [value], results: [type]).result())
    return true
  }

  /// The cast that only forgets sizes, offset or strides and defines `value`.
  private static func forgettingCast(_ value: Value) -> Operation? {
    guard let inner = value.definingOperation, inner.is(cast),
      losesInformation(from: inner.operand(0).type, to: value.type)
    else { return nil }
    return inner
  }

  private static func hasConstantIndex(_ op: Operation) -> Bool {
    op.operands.contains { $0.type.isIndex && $0.constantInteger != nil }
  }

  // MARK: Subviews

  /// The type of a view of `source` with fewer dimensions than its entries say, as `op` drops them.
  private static func type(of op: Operation, _ source: Type, _ entries: [[MixedIndex]]) -> Type? {
    let statics = entries.map { MixedIndex.split($0).statics }
    guard
      let full = subviewType(source, offsets: statics[0], sizes: statics[1], strides: statics[2])
    else { return nil }
    let type = op.result().type
    if type.rank == full.rank { return full }
    guard let kept = keptByStrides(op) ?? keptDimensions(
      of: op.staticIndices("static_sizes"), in: type.shape),
      let layout = full.stridedLayout
    else { return nil }
    let strides = kept.map { layout.strides[$0] }
    let context = op.context
    return context.memRef(
      kept.map { full.shape[$0] }, full.elementType,
      layout: context.stridedLayout(offset: layout.offset, strides: strides),
      memorySpace: full.memorySpace)
  }

  /// Which dimensions a subview keeps; of several of size 1 those whose strides are the result's. Nil where
  /// the strides do not say.
  private static func keptByStrides(_ op: Operation) -> [Int]? {
    let (source, type) = (op.operand(0).type, op.result().type)
    let sizes = op.staticIndices("static_sizes")
    var dropped = Set(sizes.indices.filter { sizes[$0] == 1 })
    if sizes.count - dropped.count != type.rank {
      guard let from = source.stridedLayout, let to = type.stridedLayout else { return nil }
      var left: [Int: Int] = [:]
      for stride in from.strides { left[stride, default: 0] += 1 }
      var wanted: [Int: Int] = [:]
      for stride in to.strides { wanted[stride, default: 0] += 1 }
      for i in sizes.indices where dropped.contains(i) {
        let stride = from.strides[i]
        let (have, want) = (left[stride, default: 0], wanted[stride, default: 0])
        if have < want { return nil }
        if have == want { dropped.remove(i) } else { left[stride] = have - 1 }
      }
    }
    let kept = sizes.indices.filter { !dropped.contains($0) }
    return kept.count == type.rank ? kept : nil
  }

  static let subviewPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-entries-of-subview") { op, rewriter in
      var changed = false
      let lists = [op.mixedOffsets, op.mixedSizes, op.mixedStrides]
      let entries = lists.enumerated().map { (k, list) in
        list.map { entry in
          guard case .value(let value) = entry, let constant = value.constantInteger,
            k == 2 ? constant != 0 : constant >= 0
          else { return entry }
          changed = true
          return MixedIndex.constant(constant)
        }
      }
      let source = op.operand(0)
      guard changed, TensorDialect.isInBounds(entries, source.type.shape),
        let type = type(of: op, source.type, entries)
      else { return false }
      let (operands, attributes) = TensorDialect.sliceParts(op.context, entries, leading: 1)
      let made = rewriter.create(
        subview, [source] + operands, results: [type], attributes: attributes)
      return replaceByCast(op, made.result(), rewriter)
    },
    RewritePattern("subview-of-cast") { op, rewriter in
      let entries = [op.mixedOffsets, op.mixedSizes, op.mixedStrides]
      guard !hasConstantIndex(op), let inner = forgettingCast(op.operand(0)),
        TensorDialect.isInBounds(entries, inner.operand(0).type.shape),
        let type = type(of: op, inner.operand(0).type, entries)
      else { return false }
      let made = rewriter.create(
        subview, [inner.operand(0)] + op.operands.dropping(1), results: [type],
        attributes: op.inherentAttributes)
      return replaceByCast(op, made.result(), rewriter)
    },
    RewritePattern("subview-of-everything") { op, rewriter in
      let source = op.operand(0)
      guard op.result().type.rank == source.type.rank,
        op.mixedOffsets.allSatisfy({ $0.constantValue == 0 }),
        op.mixedStrides.allSatisfy({ $0.constantValue == 1 }),
        op.mixedSizes.map(\.constantValue) == source.type.shape,
        areCastCompatible(source.type, op.result().type)
      else { return false }
      return replaceByCast(op, source, rewriter)
    })

  // MARK: Sizes

  static let dimPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dim-of-memref-reshape") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(reshape) else { return false }
      // The shape is read right after the reshape, before it may change; there the index must be known.
      let index = op.operand(1)
      if let block = index.block, block == inner.block {
        if let definer = index.definingOperation, inner.isBefore(definer) { return false }
      } else if op.block != inner.block {
        guard let outer = index.block?.region, let region = inner.block?.region,
          outer != region, outer.isAncestor(of: region)
        else { return false }
      }
      rewriter.setInsertionPoint(after: inner)
      let shape = inner.operand(1)
      var size = rewriter.create(load, [shape, index], results: [shape.type.elementType])
      if !shape.type.elementType.isIndex {
        size = rewriter.create(Arith.indexCast, [size.result()], results: [op.result().type])
      }
      rewriter.replace(op, with: size)
      return true
    })

  // MARK: Views of bytes

  static let viewPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-sizes-of-view") { op, rewriter in
      let type = op.result().type
      var shape = type.shape
      var sizes: [Value] = []
      var given = op.operands.dropping(2).makeIterator()
      for i in shape.indices where shape[i] == Type.dynamic {
        guard let size = given.next() else { return false }
        if let constant = size.constantInteger, constant >= 0 {
          shape[i] = constant
        } else {
          sizes.append(size)
        }
      }
      if shape == type.shape { return false }
      let made = rewriter.create(
        view, [op.operand(0), op.operand(1)] + sizes, results: [type.cloned(shape: shape)])
      return replaceByCast(op, made.result(), rewriter)
    },
    RewritePattern("view-of-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast),
        inner.operand(0).type.kind == .memRef
      else { return false }
      rewriter.replace(op, with: view, [inner.operand(0)] + op.operands.dropping(1))
      return true
    })

  // MARK: Splitting and merging dimensions

  private static func isRowMajor(_ type: Type) -> Bool {
    type.layout == nil || type.layout?.affineMap?.isIdentity == true
  }

  private static func reshaped(_ source: Type, _ shape: [Int], _ layout: MemRefLayout?) -> Type? {
    let context = source.context
    if isRowMajor(source) {
      return context.memRef(shape, source.elementType, memorySpace: source.memorySpace)
    }
    guard let layout else { return nil }
    return context.memRef(
      shape, source.elementType,
      layout: context.stridedLayout(offset: layout.offset, strides: layout.strides),
      memorySpace: source.memorySpace)
  }

  static let collapsePatterns: CanonicalizationPatterns = .init(
    RewritePattern("compose-memref-collapses") { ReshapeFamily.memref.composeAlike($0, $1) },
    RewritePattern("collapse-of-memref-expansion") { ReshapeFamily.memref.composeCollapse($0, $1) },
    RewritePattern("collapse-of-memref-cast") { op, rewriter in
      guard let inner = forgettingCast(op.operand(0)) else { return false }
      let source = inner.operand(0)
      let groups = ReshapeFamily.groups(op)
      guard
        let type = reshaped(
          source.type, TensorShapes.collapse(source.type.shape, groups),
          collapsedLayout(source.type, groups))
      else { return false }
      if type == op.result().type {
        rewriter.modifyInPlace(op) { op.setOperand(0, source) }
        return true
      }
      let made = ReshapeFamily.memref.makeCollapse(rewriter, source, type, groups)
      return replaceByCast(op, made.result(), rewriter)
    })

  static let expandPatterns: CanonicalizationPatterns = .init(
    RewritePattern("compose-memref-expansions") { ReshapeFamily.memref.composeAlike($0, $1) },
    RewritePattern("expansion-of-memref-collapse") { ReshapeFamily.memref.composeExpand($0, $1) },
    RewritePattern("expansion-of-memref-cast") { op, rewriter in
      guard let inner = forgettingCast(op.operand(0)) else { return false }
      let source = inner.operand(0)
      let groups = ReshapeFamily.groups(op)
      let sizes = ReshapeFamily.sizes(op).map { size in
        size.constantValue.map { MixedIndex.constant($0) } ?? size
      }
      let shape = MixedIndex.split(sizes).statics
      for (i, group) in groups.enumerated() {
        let isDynamic = group.contains { shape[$0] == Type.dynamic }
        if isDynamic != (source.type.dimension(i) == Type.dynamic) { return false }
      }
      guard let type = reshaped(source.type, shape, expandedLayout(source.type, shape, groups))
      else { return false }
      if type == op.result().type {
        rewriter.modifyInPlace(op) { op.setOperand(0, source) }
        return true
      }
      let made = ReshapeFamily.memref.makeExpand(rewriter, source, type, groups, sizes)
      return replaceByCast(op, made.result(), rewriter)
    })

  // MARK: Metadata

  /// `entries` with what the type or a constant says in place of values.
  private static func constants(_ entries: [MixedIndex], _ known: [Int]) -> [MixedIndex] {
    zip(entries, known).map { entry, known in
      if known != Type.dynamic { return .constant(known) }
      return entry.constantValue.map { .constant($0) } ?? entry
    }
  }

  /// Offset, sizes and strides that a metadata operation gives, constants where its source says so.
  private static func metadata(_ op: Operation) -> [[MixedIndex]]? {
    let type = op.operand(0).type
    guard let layout = type.stridedLayout else { return nil }
    let values = op.results.dropFirst().map { MixedIndex.value($0) }
    guard values.count == 1 + 2 * type.rank else { return nil }
    return [
      constants([values[0]], [layout.offset]),
      constants(Array(values[1..<1 + type.rank]), type.shape),
      constants(Array(values[(1 + type.rank)...]), layout.strides),
    ]
  }

  static let metadataPatterns: CanonicalizationPatterns = .init(
    RewritePattern("known-metadata") { op, rewriter in
      var changed = false
      if let known = metadata(op)?.flatMap({ $0 }) {
        for (result, entry) in zip(op.results.dropFirst(), known) where result.hasUses {
          guard case .constant(let constant) = entry else { continue }
          rewriter.setInsertionPoint(before: op)
          rewriter.replaceAllUses(of: result, with: ConstantOp.index(rewriter, constant))
          changed = true
        }
      }
      if let inner = op.operand(0).definingOperation, inner.is(cast),
        inner.operand(0).type.kind == .memRef
      {
        rewriter.modifyInPlace(op) { op.setOperand(0, inner.operand(0)) }
        changed = true
      }
      return changed
    })

  static let reinterpretCastPatterns: CanonicalizationPatterns = .init(
    RewritePattern("reinterpret-cast-of-metadata") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(extractStridedMetadata) else {
        return false
      }
      let source = inner.operand(0)
      guard let asked = entries(op), let given = metadata(inner), asked == given,
        areCastCompatible(source.type, op.result().type)
      else {
        // The base is the same memory in any case.
        rewriter.modifyInPlace(op) { op.setOperand(0, source) }
        return true
      }
      return replaceByCast(op, source, rewriter)
    },
    RewritePattern("constant-entries-of-reinterpret-cast") { op, rewriter in
      let old = [op.mixedOffsets, op.mixedSizes, op.mixedStrides]
      guard let new = entries(op), new != old else { return false }
      let statics = new.map { MixedIndex.split($0).statics }
      let (operands, attributes) = TensorDialect.sliceParts(op.context, new, leading: 1)
      let context = op.context
      let result = op.result().type
      let type = context.memRef(
        statics[1], result.elementType,
        layout: context.stridedLayout(offset: statics[0][0], strides: statics[2]),
        memorySpace: result.memorySpace)
      guard areCastCompatible(type, result) else { return false }
      let made = rewriter.create(
        reinterpretCast, [op.operand(0)] + operands, results: [type], attributes: attributes)
      return replaceByCast(op, made.result(), rewriter)
    })

  /// Offset, sizes and strides that a reinterpret_cast gives, constants where its type says so.
  private static func entries(_ op: Operation) -> [[MixedIndex]]? {
    let type = op.result().type
    guard let layout = type.stridedLayout, op.mixedOffsets.count == 1 else { return nil }
    return [
      constants(op.mixedOffsets, [layout.offset]), constants(op.mixedSizes, type.shape),
      constants(op.mixedStrides, layout.strides),
    ]
  }
}
