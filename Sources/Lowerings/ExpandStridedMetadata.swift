import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns views of memrefs into `memref.reinterpret_cast` of their base buffers, with offsets, sizes and
  /// strides computed by `affine.apply`, and metadata of what is known into that.
  ///
  ///     %v = memref.subview %m[%i] [4] [1]
  ///       ->  %base, %offset, %size, %stride = memref.extract_strided_metadata %m
  ///           %v = memref.reinterpret_cast %base to offset: [%i], sizes: [4], strides: [1]
  public static let expandStridedMetadata = Pass(
    "expand-strided-metadata", name: "ExpandStridedMetadataPass",
    "Expand memref operations into easier to analyze constructs",
    dependentDialects: ["affine", "memref", "arith"]
  ) { (operation, state) throws(Reported) in
    var config = GreedyConfig()
    config.regionSimplification = .aggressive
    config.isTopDown = false
    let result = applyPatternsGreedily(
      to: operation, FrozenPatternSet(StridedMetadata.patterns, operation.context), config)
    state.isUnchanged = !result.changed
  }
}

/// Where a view lies in the memory of its base buffer.
private struct StridedMetadata {
  var base: Value
  var offset: MixedIndex
  var sizes: [MixedIndex]
  var strides: [MixedIndex]

  // MARK: Patterns

  static let patterns: [RewritePattern] = [
    knownMetadata, expansion("expand-subview", MemRef.subview),
    expansion("expand-expand-shape", MemRef.expandShape),
    expansion("expand-collapse-shape", MemRef.collapseShape),
    metadata("metadata-of-allocation", of: MemRef.alloc, ofAllocation),
    metadata("metadata-of-stack-allocation", of: MemRef.alloca, ofAllocation),
    metadataOfView("metadata-of-collapse-shape", MemRef.collapseShape),
    metadataOfView("metadata-of-expand-shape", MemRef.expandShape),
    metadata("metadata-of-global", of: MemRef.getGlobal, ofGlobal), pointerOfView,
    metadata("metadata-of-reinterpret-cast", of: MemRef.reinterpretCast, ofReinterpretCast),
    metadataOfView("metadata-of-subview", MemRef.subview),
    metadata("metadata-of-memory-space-cast", of: MemRef.memorySpaceCast, ofSpaceCast),
    metadata("metadata-of-assumption", of: MemRef.assumeAlignment) { op, source, rewriter in
      rewriter.replace(op, with: extract(source.operand(0), rewriter))
      return true
    },
    metadata("metadata-of-base-buffer", of: MemRef.extractStridedMetadata) {
      op, source, rewriter in
      guard op.operand(0) == source.result(0), op.resultCount == 2 else { return false }
      rewriter.replace(op, with: [source.result(0), constant(0, rewriter)])
      return true
    },
  ]

  /// A view becomes a reinterpretation of its base buffer.
  private static func expansion(_ name: String, _ definition: OpDefinition) -> RewritePattern {
    RewritePattern(name, root: definition) { op, rewriter in
      guard let metadata = ofView(op, rewriter) else { return false }
      rewriter.replace(op, with: metadata.reinterpretation(op.result().type, rewriter))
      return true
    }
  }

  /// A pattern for metadata of what an operation of `definition` makes.
  private static func metadata(
    _ name: String, of definition: OpDefinition,
    _ body: @escaping @Sendable (Operation, _ source: Operation, PatternRewriter) -> Bool
  ) -> RewritePattern {
    let source = definition.name
    return RewritePattern(name, root: MemRef.extractStridedMetadata) { op, rewriter in
      guard let definer = op.operand(0).definingOperation, definer.name.string == source else {
        return false
      }
      return body(op, definer, rewriter)
    }
  }

  private static func metadataOfView(_ name: String, _ definition: OpDefinition) -> RewritePattern {
    metadata(name, of: definition) { op, source, rewriter in
      guard let metadata = ofView(source, rewriter) else { return false }
      rewriter.location = source.location
      var results = [metadata.base, value(metadata.offset, rewriter)]
      results += metadata.sizes.map { value($0, rewriter) }
      results += metadata.strides.map { value($0, rewriter) }
      guard results.count == op.resultCount else { return false }
      rewriter.replace(op, with: results)
      return true
    }
  }

  /// What the type says is used as a constant.
  private static let knownMetadata = RewritePattern(
    "known-metadata", root: MemRef.extractStridedMetadata, benefit: 100
  ) { op, rewriter in
    let type = op.operand(0).type
    guard let layout = type.stridedLayout, op.resultCount == 2 + 2 * type.rank else {
      return false
    }
    // As a folder does it, the driver hears of the constants in its next round only, which keeps their
    // order.
    let builder = Builder(op.context, at: .before(op), location: op.location)
    var changed = false
    for (i, known) in ([layout.offset] + type.shape + layout.strides).enumerated() {
      let result = op.result(1 + i)
      if known == Type.dynamic || !result.hasUses { continue }
      let constant = builder.create(
        Arith.constant, results: [op.context.index],
        attributes: [("value", op.context.indexAttribute(known))])
      result.replaceAllUses(with: constant.result())
      changed = true
    }
    if let cast = op.operand(0).definingOperation, cast.is(MemRef.cast),
      cast.operand(0).type.kind == .memRef
    {
      op.setOperand(0, cast.operand(0))
      changed = true
    }
    if changed { rewriter.modifyInPlace(op) {} }
    return changed
  }

  /// A view's pointer is that of its source.
  private static let pointerOfView = RewritePattern(
    "pointer-of-view", root: MemRef.extractAlignedPointer
  ) { op, rewriter in
    guard let view = op.operand(0).definingOperation,
      view.is(MemRef.subview) || view.is(MemRef.reinterpretCast)
    else { return false }
    rewriter.modifyInPlace(op) { op.setOperand(0, view.operand(0)) }
    return true
  }

  // MARK: Parts

  private static func constant(_ value: Int, _ rewriter: PatternRewriter) -> Value {
    rewriter.indexConstant(value)
  }

  private static func value(_ entry: MixedIndex, _ rewriter: PatternRewriter) -> Value {
    switch entry {
    case .constant(let number): constant(number, rewriter)
    case .value(let value): value
    }
  }

  private static func extract(_ source: Value, _ rewriter: PatternRewriter) -> Operation {
    rewriter.createInferring(MemRef.extractStridedMetadata, [source])
  }

  /// `expr` of symbols that stand for `operands`, composed and folded.
  private static func apply(
    _ expr: AffineExpr, _ operands: [MixedIndex], _ rewriter: PatternRewriter
  ) -> MixedIndex {
    let context = rewriter.context
    var values: [Value] = []
    let symbols = operands.map { operand in
      switch operand {
      case .constant(let number): return context.affineConstant(number)
      case .value(let value):
        values.append(value)
        return context.affineSymbol(values.count - 1)
      }
    }
    let map = context.affineMap(
      dimensions: 0, symbols: values.count, [expr.replacing(dimensions: [], symbols: symbols)])
    var bound = AffineBound(map: map, operands: values)
    bound.compose()
    let result = bound.map.results[0]
    if let number = result.constantValue ?? bound.constants()?.first { return .constant(number) }
    if result.kind == .dimension { return .value(bound.operands[result.position]) }
    if result.kind == .symbol {
      return .value(bound.operands[bound.map.dimensionCount + result.position])
    }
    return .value(
      rewriter.create(
        Affine.apply, bound.operands, results: [context.index],
        attributes: [("map", context.affineMapAttribute(bound.map))]
      ).result())
  }

  private func reinterpretation(_ type: Type, _ rewriter: PatternRewriter) -> Operation {
    let entries = [[offset], sizes, strides].map { MixedIndex.split($0) }
    let context = rewriter.context
    return rewriter.create(
      MemRef.reinterpretCast, [base] + entries.flatMap(\.dynamics), results: [type],
      attributes: [
        ("static_offsets", context.denseI64Array(entries[0].statics)),
        ("static_sizes", context.denseI64Array(entries[1].statics)),
        ("static_strides", context.denseI64Array(entries[2].statics)),
        (
          "operandSegmentSizes",
          context.denseI32Array([1] + entries.map(\.dynamics.count))
        ),
      ])
  }

  // MARK: Views

  /// The metadata of a view in terms of its source's; nil, with nothing made, where it has none.
  private static func ofView(_ view: Operation, _ rewriter: PatternRewriter) -> StridedMetadata? {
    rewriter.location = view.location
    if view.is(MemRef.subview) { return ofSubview(view, rewriter) }
    return ofReshape(view, rewriter)
  }

  private static func ofSubview(
    _ view: Operation, _ rewriter: PatternRewriter
  ) -> StridedMetadata? {
    let source = view.operand(0)
    let (from, to) = (source.type, view.result().type)
    let (offsets, sizes) = (view.mixedOffsets, view.mixedSizes)
    let steps = view.mixedStrides
    guard let layout = from.stridedLayout, offsets.count == from.rank, sizes.count == from.rank,
      steps.count == from.rank, let kept = kept(view)
    else { return nil }
    let context = view.context
    let metadata = extract(source, rewriter)
    let product = context.affineSymbol(0) * context.affineSymbol(1)
    var strides: [MixedIndex] = []
    var sum = context.affineSymbol(0)
    var values: [MixedIndex] = [
      layout.offset == Type.dynamic ? .value(metadata.result(1)) : .constant(layout.offset)
    ]
    for i in 0..<from.rank {
      let stride: MixedIndex =
        layout.strides[i] == Type.dynamic
        ? .value(metadata.result(2 + from.rank + i)) : .constant(layout.strides[i])
      strides.append(apply(product, [steps[i], stride], rewriter))
      sum = sum + context.affineSymbol(1 + 2 * i) * context.affineSymbol(2 + 2 * i)
      values += [offsets[i], stride]
    }
    let offset = apply(sum, values, rewriter)
    guard kept.count == to.rank else { return nil }
    return StridedMetadata(
      base: metadata.result(0), offset: offset, sizes: kept.map { sizes[$0] },
      strides: kept.map { strides[$0] })
  }

  /// The dimensions that a subview keeps. Among ones of equal size those are dropped whose strides the result
  /// lacks.
  private static func kept(_ view: Operation) -> [Int]? {
    let (from, to) = (view.operand(0).type, view.result().type)
    let sizes = view.staticIndices("static_sizes")
    if sizes.count == to.rank { return Array(sizes.indices) }
    guard
      let full = MemRef.subviewType(
        from, offsets: view.staticIndices("static_offsets"), sizes: sizes,
        strides: view.staticIndices("static_strides"))?.stridedLayout,
      let layout = to.stridedLayout
    else { return MemRef.keptDimensions(of: sizes, in: to.shape) }
    var kept: [Int] = []
    var dropped = sizes.count - to.rank
    for i in sizes.indices {
      let next = kept.count
      let fits =
        next < to.rank && to.shape[next] == sizes[i] && layout.strides[next] == full.strides[i]
      if fits, dropped == 0 || sizes[i] != 1 || canKeep(i, next, sizes, full, to, layout) {
        kept.append(i)
      } else if sizes[i] == 1, dropped > 0 {
        dropped -= 1
      } else {
        return MemRef.keptDimensions(of: sizes, in: to.shape)
      }
    }
    return kept.count == to.rank ? kept : MemRef.keptDimensions(of: sizes, in: to.shape)
  }

  /// Whether dimensions behind `i` can make up those of the result behind `next`.
  private static func canKeep(
    _ i: Int, _ next: Int, _ sizes: [Int], _ full: MemRefLayout, _ to: Type, _ layout: MemRefLayout
  ) -> Bool {
    var wanted = next + 1
    for j in sizes.indices.dropFirst(i + 1) {
      if wanted < to.rank, to.shape[wanted] == sizes[j], layout.strides[wanted] == full.strides[j] {
        wanted += 1
      } else if sizes[j] != 1 {
        return false
      }
    }
    return wanted == to.rank
  }

  private static func ofReshape(
    _ view: Operation, _ rewriter: PatternRewriter
  ) -> StridedMetadata? {
    let source = view.operand(0)
    let (from, to) = (source.type, view.result().type)
    guard let layout = from.stridedLayout, let target = to.stridedLayout else { return nil }
    let groups = (view.attribute("reassociation")?.elements ?? []).map { group in
      (group.elements ?? []).compactMap { $0.integerValue.map { Int($0) } }
    }
    let expands = view.is(MemRef.expandShape)
    guard from.rank == 0 || groups.count == (expands ? from : to).rank,
      !groups.contains(where: \.isEmpty)
    else { return nil }
    if expands {
      // The size of a second dynamic dimension of a group would not follow.
      for group in groups where group.count(where: { to.shape[$0] == Type.dynamic }) > 1 {
        return nil
      }
    }
    let metadata = extract(source, rewriter)
    let offset: MixedIndex =
      layout.offset == Type.dynamic ? .value(metadata.result(1)) : .constant(layout.offset)
    var result = StridedMetadata(
      base: metadata.result(0), offset: offset, sizes: [], strides: [])
    if from.rank == 0 {
      result.sizes = Array(repeating: .constant(1), count: to.rank)
      result.strides = result.sizes
      return result
    }
    func size(_ i: Int) -> MixedIndex { .value(metadata.result(2 + i)) }
    func stride(_ i: Int) -> MixedIndex { .value(metadata.result(2 + from.rank + i)) }
    for (i, group) in groups.enumerated() {
      if expands {
        let known =
          layout.strides[i] == Type.dynamic ? stride(i) : .constant(layout.strides[i])
        let parts = split(group, to.shape, size(i), known, rewriter)
        result.sizes += parts.sizes
        result.strides += parts.strides
        continue
      }
      if to.shape[i] != Type.dynamic {
        result.sizes.append(.constant(to.shape[i]))
      } else {
        var product = view.context.affineConstant(1)
        for k in group.indices { product = product * view.context.affineSymbol(k) }
        let values = group.map {
          from.shape[$0] == Type.dynamic ? size($0) : MixedIndex.constant(from.shape[$0])
        }
        result.sizes.append(apply(product, values, rewriter))
      }
      // The stride of the last dimension that has more than one element.
      if let last = group.last(where: { from.shape[$0] != 1 }) {
        let known = layout.strides[last]
        result.strides.append(known == Type.dynamic ? stride(last) : .constant(known))
      } else if target.strides[i] != Type.dynamic {
        result.strides.append(.constant(target.strides[i]))
      } else {
        let unknown = group.first { layout.strides[$0] == Type.dynamic } ?? group[0]
        result.strides.append(stride(unknown))
      }
    }
    return result
  }

  /// Sizes and strides of the dimensions of `group`, into which one of this size and stride is split.
  private static func split(
    _ group: [Int], _ shape: [Int], _ size: MixedIndex, _ stride: MixedIndex,
    _ rewriter: PatternRewriter
  ) -> (sizes: [MixedIndex], strides: [MixedIndex]) {
    let context = rewriter.context
    let s0 = context.affineSymbol(0)
    let known = group.map { shape[$0] }
    let product = known.filter { $0 != Type.dynamic }.reduce(1) { MemRefLayout.multiply($0, $1) }
    let dynamic = known.firstIndex(of: Type.dynamic)
    var sizes: [MixedIndex] = known.map { .constant($0) }
    if let dynamic {
      let quotient = context.affineBinary(.floorDiv, s0, context.affineConstant(product))
      sizes[dynamic] = apply(quotient, [size], rewriter)
    }
    var running = 1
    var factors = known
    for i in known.indices.reversed() {
      factors[i] = running
      if known[i] != Type.dynamic { running = MemRefLayout.multiply(running, known[i]) }
    }
    let strides = factors.enumerated().map { i, factor in
      guard let dynamic, i < dynamic else { return apply(s0 * factor, [stride], rewriter) }
      let divisor = greatestCommonDivisor(factor, product)
      let share = context.affineBinary(
        .floorDiv, s0 * (factor / divisor), context.affineConstant(product / divisor))
      return apply(share * context.affineSymbol(1), [size, stride], rewriter)
    }
    return (sizes, strides)
  }

  // MARK: What makes memory

  /// `memory` as the base buffer of `type`; nil where nothing uses it.
  private static func base(
    _ memory: Value, of op: Operation, _ rewriter: PatternRewriter
  ) -> Value {
    let type = op.result(0).type
    if memory.type == type { return memory }
    return StridedMetadata(base: memory, offset: .constant(0), sizes: [], strides: [])
      .reinterpretation(type, rewriter).result()
  }

  @Sendable private static func ofAllocation(
    _ op: Operation, _ source: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    let type = source.result().type
    guard type.layout == nil || type.layout?.affineMap?.isIdentity == true else { return false }
    let context = op.context
    let sizes = MixedIndex.list(type.shape, source.operandGroup(0))
    var strides = [MixedIndex](repeating: .constant(1), count: type.rank)
    var product = context.affineConstant(1)
    for i in type.shape.indices.dropLast().reversed() {
      let count = type.rank - 1 - i
      product = product * context.affineSymbol(count - 1)
      strides[i] = apply(product, Array(sizes.suffix(count)), rewriter)
    }
    let isUsed = op.result(0).hasUses
    // Nothing uses an unused result, whatever stands for it.
    let buffer = isUsed ? base(source.result(), of: op, rewriter) : op.result(0)
    var results = [buffer, constant(0, rewriter)]
    results += sizes.map { value($0, rewriter) }
    results += strides.map { value($0, rewriter) }
    rewriter.replace(op, with: results)
    return true
  }

  @Sendable private static func ofGlobal(
    _ op: Operation, _ source: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    let type = source.result().type
    guard type.layout == nil || type.layout?.affineMap?.isIdentity == true,
      let layout = type.stridedLayout
    else { return false }
    var results = [base(source.result(), of: op, rewriter), constant(0, rewriter)]
    results += type.shape.map { constant($0, rewriter) }
    results += layout.strides.map { constant($0, rewriter) }
    rewriter.replace(op, with: results)
    return true
  }

  @Sendable private static func ofReinterpretCast(
    _ op: Operation, _ source: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    let memory = source.operand(0)
    guard memory.type.stridedLayout != nil, let offset = source.mixedOffsets.first else {
      return false
    }
    let metadata = extract(memory, rewriter)
    let entries = [offset] + source.mixedSizes + source.mixedStrides
    rewriter.replace(
      op, with: [metadata.result(0)] + entries.map { value($0, rewriter) })
    return true
  }

  @Sendable private static func ofSpaceCast(
    _ op: Operation, _ source: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    let memory = source.operand(0)
    guard memory.type.stridedLayout != nil else { return false }
    let metadata = extract(memory, rewriter)
    var results = Array(metadata.results)
    if op.result(0).hasUses {
      results[0] =
        rewriter.create(MemRef.memorySpaceCast, [results[0]], results: [op.result(0).type])
        .result()
    } else {
      results[0] = op.result(0)
    }
    rewriter.replace(op, with: results)
    return true
  }
}
