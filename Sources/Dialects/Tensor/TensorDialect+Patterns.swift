import MartletIR
import MartletRewriting

/// Canonicalisations of casts, sizes and elements.
extension TensorDialect {
  /// The cast that only forgets sizes and defines `value`.
  static func forgettingCast(_ value: Value) -> Operation? {
    guard let inner = value.definingOperation, inner.is(cast),
      inner.operand(0).type.isMoreStatic(than: value.type)
    else { return nil }
    return inner
  }

  // MARK: Casts

  /// What two shapes say together, an empty optional being an unranked one's; nil where they differ.
  private static func join(_ a: [Int]?, _ b: [Int]?) -> [Int]?? {
    guard let a else { return .some(b) }
    guard let b else { return .some(a) }
    guard TensorShapes.areCompatible(a, b) else { return .none }
    return .some(zip(a, b).map { $0 == Type.dynamic ? $1 : $0 })
  }

  static let castPatterns: CanonicalizationPatterns = .init(
    RewritePattern("chained-tensor-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast) else { return false }
      let (first, middle, last) = (inner.operand(0).type, inner.result().type, op.result().type)
      // The two casts check what one does not where the middle type says more than the others.
      guard let ends = join(first.joinable, last.joinable),
        let all = join(first.joinable, middle.joinable).flatMap({ join($0, last.joinable) }),
        all == ends
      else { return false }
      guard areCastCompatible(first, last) else { return false }
      rewriter.replace(op, with: rewriter.create(cast, [inner.operand(0)], results: [last]))
      return true
    },
    RewritePattern("cast-of-extract-slice") { op, rewriter in
      let type = op.result().type
      guard let slice = op.operand(0).definingOperation, slice.is(extractSlice),
        type.isMoreStatic(than: op.operand(0).type), type.shape != op.operand(0).type.shape,
        let dropped = TensorShapes.droppedDimensions(
          slice.staticIndices("static_sizes"), op.operand(0).type.shape)
      else { return false }
      var sizes = slice.mixedSizes
      let kept = sizes.indices.filter { !dropped.contains($0) }
      for (i, size) in zip(kept, type.shape) where size != Type.dynamic {
        sizes[i] = .constant(size)
      }
      let lists = [slice.mixedOffsets, sizes, slice.mixedStrides]
      guard isInBounds(lists, slice.operand(0).type.shape) else { return false }
      let parts = sliceParts(op.context, lists, leading: 1)
      rewriter.replace(
        op,
        with: rewriter.create(
          extractSlice, [slice.operand(0)] + parts.operands, results: [type],
          attributes: parts.attributes))
      return true
    },
    RewritePattern("cast-of-empty") { op, rewriter in
      let type = op.result().type
      guard let inner = op.operand(0).definingOperation, inner.is(empty),
        type.isMoreStatic(than: op.operand(0).type)
      else { return false }
      var sizes = inner.operands.makeIterator()
      var kept: [Value] = []
      for (i, size) in op.operand(0).type.shape.enumerated() where size == Type.dynamic {
        guard let value = sizes.next() else { return false }
        if type.dimension(i) == Type.dynamic { kept.append(value) }
      }
      rewriter.replace(op, with: rewriter.create(empty, kept, results: [type]))
      return true
    })

  // MARK: dim

  static let dimPatterns: CanonicalizationPatterns = .init(
    RewritePattern("dim-of-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast) else { return false }
      rewriter.replace(op, with: dim, [inner.operand(0), op.operand(1)])
      return true
    },
    RewritePattern("dim-of-destination") { op, rewriter in
      // The result of an update has the shape of what it updates.
      guard let destination = DestinationStyle.destination(of: op.operand(0)),
        destination.type.isTensor
      else { return false }
      rewriter.modifyInPlace(op) { op.setOperand(0, destination) }
      return true
    },
    RewritePattern("dim-of-reshape") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(reshape) else { return false }
      rewriter.setInsertionPoint(after: op)
      let shape = inner.operand(1)
      var size = rewriter.create(
        extract, [shape, op.operand(1)], results: [shape.type.elementType])
      if !shape.type.elementType.isIndex {
        size = rewriter.create(
          Arith.indexCast, [size.result()], results: [op.result().type])
      }
      rewriter.replace(op, with: size)
      return true
    })

  // MARK: Making tensors

  /// A type with constants among `sizes` put in place of dynamic dimensions, and the sizes left.
  private static func withConstantSizes(_ type: Type, _ sizes: [Value]) -> (Type, [Value])? {
    var shape = type.shape
    var left: [Value] = []
    var next = 0
    var changed = false
    for i in shape.indices where shape[i] == Type.dynamic {
      guard next < sizes.count else { return nil }
      if let size = sizes[next].constantInteger, size >= 0 {
        shape[i] = size
        changed = true
      } else {
        left.append(sizes[next])
      }
      next += 1
    }
    return changed ? (type.cloned(shape: shape), left) : nil
  }

  static let emptyPatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-sizes-of-empty") { op, rewriter in
      guard let (type, sizes) = withConstantSizes(op.result().type, Array(op.operands)) else {
        return false
      }
      let made = rewriter.create(empty, sizes, results: [type])
      rewriter.replace(
        op, with: rewriter.create(cast, [made.result()], results: [op.result().type]))
      return true
    })

  static let generatePatterns: CanonicalizationPatterns = .init(
    RewritePattern("constant-sizes-of-generate") { op, rewriter in
      guard let (type, sizes) = withConstantSizes(op.result().type, Array(op.operands)) else {
        return false
      }
      let made = rewriter.create(generate, sizes, results: [type])
      rewriter.inlineRegion(op.region(), into: made.region())
      rewriter.replace(
        op, with: rewriter.create(cast, [made.result()], results: [op.result().type]))
      return true
    })

  /// Casts that only forget sizes go into operations with destinations, whichever dialect they are of.
  static let destinationPatterns: CanonicalizationPatterns = .init(DestinationStyle.foldCasts)

  // MARK: Elements

  static let extractPatterns: CanonicalizationPatterns = .init(
    RewritePattern("extract-from-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(cast),
        inner.operand(0).type.isRankedTensor
      else { return false }
      rewriter.modifyInPlace(op) { op.setOperand(0, inner.operand(0)) }
      return true
    },
    RewritePattern("extract-from-generate") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(generate),
        let body = inner.region().firstBlock, let last = body.terminator,
        body.operations.allSatisfy({ $0 == last || $0.isMemoryEffectFree })
      else { return false }
      var mapping = IRMapping()
      mapping.map(body.arguments, to: op.operands.dropFirst())
      for operation in body.operations where operation != last {
        rewriter.clone(operation, &mapping)
      }
      rewriter.replace(op, with: mapping.lookup(last.operand(0)))
      return true
    },
    RewritePattern("extract-from-index-cast") { op, rewriter in
      guard let inner = op.operand(0).definingOperation, inner.is(Arith.indexCast) else {
        return false
      }
      let source = inner.operand(0)
      let element = rewriter.create(
        extract, [source] + op.operands.dropping(1), results: [source.type.elementType])
      rewriter.replace(op, with: Arith.indexCast, [element.result()])
      return true
    })

  // MARK: Concatenation

  /// The type that the inputs of a concatenation say its result has.
  private static func concatenatedType(_ op: Operation) -> Type? {
    guard let first = op.operands.first?.type, let dim = op.attribute("dim")?.integerValue,
      first.isRankedTensor, Int(dim) < first.rank, dim >= 0
    else { return nil }
    var shape = first.shape
    for i in shape.indices {
      let sizes = op.operands.map { $0.type.dimension(i) }
      if i == Int(dim) {
        shape[i] = sizes.reduce(0, MemRefLayout.sum)
      } else {
        shape[i] = sizes.first { $0 != Type.dynamic } ?? Type.dynamic
      }
    }
    return op.context.tensor(shape, first.elementType)
  }

  static let concatPatterns: CanonicalizationPatterns = .init(
    RewritePattern("concat-of-one") { op, rewriter in
      guard op.operandCount == 1 else { return false }
      rewriter.replace(op, with: cast, [op.operand(0)])
      return true
    },
    RewritePattern("concat-operand-types") { op, rewriter in
      guard let type = concatenatedType(op), let dim = op.attribute("dim")?.integerValue else {
        return false
      }
      var changed = false
      for (i, operand) in op.operands.enumerated() {
        var shape = type.shape
        shape[Int(dim)] = operand.type.dimension(Int(dim))
        let inferred = op.context.tensor(shape, type.elementType)
        if operand.type.encoding != nil || operand.type.isMoreStatic(than: inferred) { continue }
        let refined = rewriter.create(cast, [operand], results: [inferred])
        rewriter.modifyInPlace(op) { op.setOperand(i, refined.result()) }
        changed = true
      }
      return changed
    },
    RewritePattern("concat-result-type") { op, rewriter in
      guard let type = concatenatedType(op), op.result().type.encoding == nil,
        !op.result().type.isMoreStatic(than: type)
      else { return false }
      // A size known of the result alone is kept.
      let shape = zip(type.shape, op.result().type.shape).map { $0 == Type.dynamic ? $1 : $0 }
      guard shape == type.shape else { return false }
      let new = rewriter.recreate(op, Array(op.operands), results: [type])
      rewriter.replace(
        op, with: rewriter.create(cast, [new.result()], results: [op.result().type]))
      return true
    })
}

extension Type {
  /// The shape, nil where it has no rank.
  fileprivate var joinable: [Int]? { hasRank ? shape : nil }
}
