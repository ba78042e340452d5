import MartletIR
import MartletRewriting

/// Canonicalisations of operations on filled tensors.
extension Linalg {
  /// The fill that makes `value`, its scalar and the tensor it fills.
  private static func filled(_ value: Value) -> (scalar: Value, output: Value)? {
    guard let op = value.definingOperation, op.is(fill), op.operandCount == 2, op.resultCount == 1
    else { return nil }
    return (op.operand(0), op.operand(1))
  }

  private static func makeFill(_ scalar: Value, _ output: Value, _ rewriter: PatternRewriter)
    -> Operation?
  {
    try? rewriter.linalg(fill, inputs: [scalar], outputs: [output])
  }

  static let fillPatterns: CanonicalizationPatterns = .init(
    RewritePattern("concat-of-fills", root: "tensor.concat") { op, rewriter in
      guard let first = op.operands.first.flatMap(filled) else { return false }
      var outputs: [Value] = []
      for operand in op.operands {
        guard let part = filled(operand),
          part.scalar == first.scalar
            || part.scalar.constant != nil && part.scalar.constant == first.scalar.constant
        else { return false }
        outputs.append(part.output)
      }
      let type = op.result().type
      let joined = rewriter.create(
        TensorDialect.concat, outputs, results: [type], attributes: op.inherentAttributes)
      guard let new = makeFill(first.scalar, joined.result(), rewriter) else { return false }
      rewriter.replace(op, with: new)
      return true
    },
    RewritePattern("copy-of-fill", root: "linalg.copy") { op, rewriter in
      guard op.operandCount == 2, op.resultCount == 1 else { return false }
      if let source = filled(op.operand(0)) {
        guard let new = makeFill(source.scalar, op.operand(1), rewriter) else { return false }
        rewriter.replace(op, with: new)
        return true
      }
      // What is overwritten need not have been filled.
      guard let output = filled(op.operand(1)) else { return false }
      let new = rewriter.recreate(
        op, [op.operand(0), output.output], results: [output.output.type])
      rewriter.replace(op, with: new)
      return true
    },
    RewritePattern("extract-of-fill", root: "tensor.extract") { op, rewriter in
      guard let source = filled(op.operand(0)), source.scalar.type == op.result().type else {
        return false
      }
      rewriter.replace(op, with: source.scalar)
      return true
    },
    RewritePattern("pack-of-fill", root: "linalg.pack") { op, rewriter in
      guard let source = filled(op.operand(0)), op.operand(1).hasOneUse else { return false }
      if let padding = op.operandGroup(2).first, padding != source.scalar,
        padding.constantInteger == nil || padding.constantInteger != source.scalar.constantInteger
      {
        return false
      }
      guard let new = makeFill(source.scalar, op.operand(1), rewriter) else { return false }
      rewriter.replace(op, with: new)
      return true
    },
    RewritePattern("pad-of-fill", root: "tensor.pad") { op, rewriter in
      guard let pad = TensorDialect.Pad(op), let source = filled(pad.source),
        let value = pad.value, value == source.scalar
      else { return false }
      let type = pad.type
      let sizes = type.shape.indices.map { i in
        if type.dimension(i) != Type.dynamic { return MixedIndex.constant(type.dimension(i)) }
        let size = IndexArithmetic.foldedSize(pad.source, i, rewriter)
        return IndexArithmetic.sum([size, pad.low[i], pad.high[i]], rewriter)
      }
      let start = IndexArithmetic.empty(sizes, type.elementType, rewriter)
      guard let new = makeFill(value, start, rewriter) else { return false }
      rewriter.replace(op, with: cast(new.result(), to: type, rewriter))
      return true
    },
    RewritePattern("collapse-of-fill", root: "tensor.collapse_shape", reshapeOfFill),
    RewritePattern("expansion-of-fill", root: "tensor.expand_shape", reshapeOfFill),
    RewritePattern("insert-of-pad-into-fill", root: "tensor.insert_slice", insertOfPad),
    RewritePattern("transpose-of-fill", root: "linalg.transpose") { op, rewriter in
      guard let source = filled(op.operand(0)), op.resultCount == 1,
        let new = makeFill(source.scalar, op.operand(1), rewriter)
      else { return false }
      rewriter.replace(op, with: new)
      return true
    })

  /// A reshape of a filled tensor is a filled reshape.
  @Sendable private static func reshapeOfFill(_ op: Operation, _ rewriter: PatternRewriter) -> Bool
  {
    guard let source = filled(op.operand(0)) else { return false }
    let start = rewriter.create(
      op.name, [source.output] + op.operands.dropping(1), results: [op.result().type],
      attributes: op.inherentAttributes)
    guard let new = makeFill(source.scalar, start.result(), rewriter) else { return false }
    rewriter.replace(op, with: new)
    return true
  }

  /// Whether two insertions are known to touch different elements.
  private static func areDisjoint(_ a: Operation, _ b: Operation) -> Bool {
    for i in a.result().type.shape.indices {
      let entries = [a, b].flatMap { [$0.mixedOffsets[i], $0.mixedSizes[i], $0.mixedStrides[i]] }
      let known = entries.compactMap { entry -> Int? in
        if case .constant(let value) = entry { return value }
        return nil
      }
      guard known.count == 6 else { continue }
      let lastA = known[0] + (known[1] - 1) * known[2]
      let lastB = known[3] + (known[4] - 1) * known[5]
      if lastA < known[3] || lastB < known[0] { return true }
    }
    return false
  }

  /// Padding inserted where the tensor is filled with its value already need not be made.
  @Sendable private static func insertOfPad(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let pad = TensorDialect.Pad(op.operand(0).definingOperation),
      op.operand(0).type.rank == op.result().type.rank,
      op.mixedStrides.allSatisfy({ $0 == .constant(1) })
    else { return false }
    var first = op.operand(1)
    while let prior = first.definingOperation, prior.is(TensorDialect.insertSlice) {
      if prior.operand(0).type.rank != prior.result().type.rank { return false }
      if !areDisjoint(op, prior) { break }
      first = prior.operand(1)
    }
    guard let source = filled(first), let value = pad.value, value == source.scalar else {
      return false
    }
    let offsets = zip(pad.low, op.mixedOffsets).map {
      IndexArithmetic.sum([$0, $1], rewriter)
    }
    let sizes = pad.source.type.shape.indices.map { IndexArithmetic.size(pad.source, $0, rewriter) }
    let parts = TensorDialect.sliceParts(
      op.context, [offsets, sizes, op.mixedStrides], leading: 2)
    rewriter.replace(
      op,
      with: rewriter.create(
        TensorDialect.insertSlice, [pad.source, op.operand(1)] + parts.operands,
        results: [op.result().type], attributes: parts.attributes))
    return true
  }
}
