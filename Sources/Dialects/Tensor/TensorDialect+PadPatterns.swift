import MartletIR
import MartletRewriting

/// Canonicalisations of padding.
extension TensorDialect {
  struct Pad {
    let op: Operation
    var source: Value { op.operand(0) }
    var type: Type { op.result().type }
    var low: [MixedIndex] { op.mixedIndices("low", "static_low") }
    var high: [MixedIndex] { op.mixedIndices("high", "static_high") }
    var isKept: Bool { op.hasAttribute("nofold") }

    init?(_ op: Operation?) {
      guard let op, op.is(pad) else { return nil }
      self.op = op
    }

    static func isZero(_ entries: [MixedIndex]) -> Bool {
      entries.allSatisfy { $0.constantValue == 0 }
    }

    /// Whether each dimension is padded, as far as is known.
    var padded: [Bool] { zip(low, high).map { $0.constantValue != 0 || $1.constantValue != 0 } }

    /// The one value the padding has, where it is constant or comes from outside.
    var value: Value? {
      guard let block = op.region().firstBlock, let value = block.terminator?.operands.first else {
        return nil
      }
      return value.constant != nil || value.block != block ? value : nil
    }

    /// Replaces the padding by one of other parts, which takes over its region.
    func remade(
      _ source: Value, _ type: Type, _ low: [MixedIndex], _ high: [MixedIndex],
      _ rewriter: PatternRewriter
    ) -> Operation {
      let (staticLow, lows) = MixedIndex.split(low)
      let (staticHigh, highs) = MixedIndex.split(high)
      let context = op.context
      let new = rewriter.recreate(op, [source] + lows + highs, results: [type])
      new.setAttribute("static_low", context.denseI64Array(staticLow))
      new.setAttribute("static_high", context.denseI64Array(staticHigh))
      new.setAttribute(
        "operandSegmentSizes", context.denseI32Array([1, lows.count, highs.count]))
      return new
    }
  }

  static let padPatterns: CanonicalizationPatterns = .init(
    RewritePattern("pad-by-nothing") { op, rewriter in
      guard let pad = Pad(op), !pad.isKept, Pad.isZero(pad.low), Pad.isZero(pad.high) else {
        return false
      }
      rewriter.replace(op, with: cast, [pad.source])
      return true
    },
    RewritePattern("pad-of-cast") { op, rewriter in
      guard let pad = Pad(op), let inner = forgettingCast(pad.source) else { return false }
      let source = inner.operand(0)
      let low = op.staticIndices("static_low")
      let high = op.staticIndices("static_high")
      var shape = pad.type.shape
      for i in shape.indices {
        let parts = [source.type.dimension(i), low[i], high[i]]
        if parts.contains(Type.dynamic) { continue }
        shape[i] = parts.reduce(0, MemRefLayout.sum)
      }
      let type = pad.type.cloned(shape: shape)
      if type == pad.type {
        rewriter.modifyInPlace(op) { op.setOperand(0, source) }
      } else {
        let new = rewriter.recreate(op, Array(op.operands), results: [type])
        rewriter.replace(
          op, with: rewriter.create(cast, [new.result()], results: [pad.type]))
      }
      return true
    },
    RewritePattern("cast-of-pad") { op, rewriter in
      guard op.result().hasOneUse, let user = op.result().firstUse?.owner, user.is(cast),
        user.result().type.isMoreStatic(than: op.result().type)
      else { return false }
      let new = rewriter.recreate(op, Array(op.operands), results: [user.result().type])
      rewriter.replace(user, with: new)
      rewriter.erase(op)
      return true
    },
    RewritePattern("orthogonal-pads", orthogonalPads),
    RewritePattern("static-pad") { op, rewriter in
      guard let pad = Pad(op), pad.source.type.isRankedTensor else { return false }
      let constant = { (entry: MixedIndex) in
        entry.constantValue.map { MixedIndex.constant($0) } ?? entry
      }
      let (low, high) = (pad.low.map(constant), pad.high.map(constant))
      var shape = pad.type.shape
      for i in shape.indices where shape[i] == Type.dynamic {
        let size = pad.source.type.dimension(i)
        guard size != Type.dynamic, let a = low[i].constantValue, let b = high[i].constantValue
        else { continue }
        shape[i] = MemRefLayout.sum(size, MemRefLayout.sum(a, b))
      }
      guard shape != pad.type.shape, shape.contains(where: { $0 != Type.dynamic }) else {
        return false
      }
      let new = pad.remade(pad.source, pad.type.cloned(shape: shape), low, high, rewriter)
      rewriter.replace(
        op, with: rewriter.create(cast, [new.result()], results: [pad.type]))
      return true
    },
    RewritePattern("consecutive-pads") { op, rewriter in
      guard let outer = Pad(op), !outer.isKept, let inner = Pad(outer.source.definingOperation),
        !inner.isKept, let value = outer.value, value == inner.value
      else { return false }
      let low = zip(outer.low, inner.low).map { IndexArithmetic.sum([$0, $1], rewriter) }
      let high = zip(outer.high, inner.high).map { IndexArithmetic.sum([$0, $1], rewriter) }
      let new = outer.remade(inner.source, outer.type, low, high, rewriter)
      rewriter.replace(op, with: new)
      return true
    })

  /// Padding of a slice of padding of a slice, each of other dimensions and at their ends, is one of one.
  @Sendable private static func orthogonalPads(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    guard let pad = Pad(op), let innerSlice = pad.source.definingOperation,
      innerSlice.is(extractSlice), let outer = Pad(innerSlice.operand(0).definingOperation),
      !outer.isKept, let outerSlice = outer.source.definingOperation, outerSlice.is(extractSlice)
    else { return false }
    let rank = pad.source.type.rank
    let isOne = { (entry: MixedIndex) in entry == .constant(1) }
    guard outerSlice.operand(0).type.rank == rank, outerSlice.result().type.rank == rank,
      innerSlice.operand(0).type.rank == rank, innerSlice.mixedStrides.allSatisfy(isOne),
      outerSlice.mixedStrides.allSatisfy(isOne), Pad.isZero(pad.low), Pad.isZero(outer.low),
      let a = pad.value?.constant, a == outer.value?.constant
    else { return false }
    let (inner, whole) = (pad.padded, outer.padded)
    var offsets: [MixedIndex] = []
    var sizes = innerSlice.mixedSizes
    for i in 0..<rank {
      if inner[i], whole[i] { return false }
      let (first, second) = (innerSlice.mixedOffsets[i], outerSlice.mixedOffsets[i])
      if !inner[i], first.constantValue == 0 {
        offsets.append(second)
      } else if !whole[i], second.constantValue == 0 {
        offsets.append(first)
      } else {
        return false
      }
      if whole[i] {
        let size = innerSlice.operand(0).type.dimension(i)
        guard size != Type.dynamic, sizes[i].constantValue == size else { return false }
        sizes[i] = outerSlice.mixedSizes[i]
      }
    }
    let high = (0..<rank).map { i in
      whole[i] ? outer.high[i] : inner[i] ? pad.high[i] : MixedIndex.constant(0)
    }
    let parts = sliceParts(op.context, [offsets, sizes, innerSlice.mixedStrides], leading: 1)
    let shape = MixedIndex.split(sizes).statics
    let slice = rewriter.create(
      extractSlice, [outerSlice.operand(0)] + parts.operands,
      results: [pad.source.type.cloned(shape: shape)], attributes: parts.attributes)
    let new = pad.remade(slice.result(), pad.type, pad.low, high, rewriter)
    rewriter.replace(op, with: new)
    return true
  }
}
