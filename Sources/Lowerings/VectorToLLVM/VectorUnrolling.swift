import MartletDialects
import MartletIR
import MartletRewriting

/// Lowerings inside vector that take one dimension off at a time, or write operations of several
/// dimensions as ones on rows.
enum VectorUnrolling {
  /// The leading dimensions to take apart so that rows of `targetRank` dimensions are left, up to the first
  /// scalable one; nil where there is nothing to do.
  static func leadingShape(_ type: Type, targetRank: Int = 1) -> [Int]? {
    guard type.canBeUnrolled, type.rank > targetRank else { return nil }
    let count = type.rank - targetRank
    let scalable = (0..<count).first { type.isScalableDimension($0) } ?? count
    return scalable == 0 ? nil : Array(type.shape.prefix(scalable))
  }

  /// Casts of the bits, row by row.
  static let bitcast = RewritePattern("unroll-bitcast", root: VectorDialect.bitcast) {
    op, rewriter in
    let type = op.result().type
    guard let shape = leadingShape(type) else { return false }
    let row = type.vectorPart(at: shape.count)
    var result = rewriter.poison(type)
    for position in rowMajorPositions(shape) {
      let part = rewriter.vectorExtract(op.operand(0), position)
      let cast = rewriter.create(VectorDialect.bitcast, [part], results: [row]).result()
      result = rewriter.vectorInsert(cast, into: result, position)
    }
    rewriter.replace(op, with: result)
    return true
  }

  /// Broadcasts of vectors, down to broadcasts of scalars.
  static let broadcast = RewritePattern("unroll-broadcast", root: VectorDialect.broadcast) {
    op, rewriter in
    let source = op.operand(0)
    let (from, to) = (source.type, op.result().type)
    guard from.isVector, to.canBeUnrolled else { return false }
    if from.rank <= 1, to.rank == 1 {
      let scalar = rewriter.vectorExtract(source, Array(repeating: 0, count: from.rank))
      rewriter.replace(op, with: rewriter.vectorBroadcast(scalar, to: to))
      return true
    }
    if from.rank < to.rank {
      let row = rewriter.vectorBroadcast(source, to: to.droppingDimension(0))
      var result = rewriter.poison(to)
      for d in 0..<to.shape[0] { result = rewriter.vectorInsert(row, into: result, [d]) }
      rewriter.replace(op, with: result)
      return true
    }
    guard let stretched = (0..<to.rank).first(where: { from.shape[$0] != to.shape[$0] }) else {
      rewriter.replace(op, with: source)
      return true
    }
    if stretched > 0, to.isScalableDimension(0) { return false }
    let part = to.vectorPart(at: 1)
    var result = rewriter.poison(to)
    if stretched == 0 {
      let only = rewriter.vectorExtract(source, [0])
      let row = rewriter.vectorBroadcast(only, to: part)
      for d in 0..<to.shape[0] { result = rewriter.vectorInsert(row, into: result, [d]) }
    } else {
      for d in 0..<to.shape[0] {
        let inner = rewriter.vectorExtract(source, [d])
        let row = rewriter.vectorBroadcast(inner, to: part)
        result = rewriter.vectorInsert(row, into: result, [d])
      }
    }
    rewriter.replace(op, with: result)
    return true
  }

  static let interleave = RewritePattern("unroll-interleave", root: VectorDialect.interleave) {
    op, rewriter in
    let type = op.result().type
    guard let shape = leadingShape(type), var result = rewriter.zeroConstant(type) else {
      return false
    }
    let row = type.vectorPart(at: shape.count)
    for position in rowMajorPositions(shape) {
      let a = rewriter.vectorExtract(op.operand(0), position)
      let b = rewriter.vectorExtract(op.operand(1), position)
      let both = rewriter.create(VectorDialect.interleave, [a, b], results: [row]).result()
      result = rewriter.vectorInsert(both, into: result, position)
    }
    rewriter.replace(op, with: result)
    return true
  }

  static let deinterleave = RewritePattern(
    "unroll-deinterleave", root: VectorDialect.deinterleave
  ) { op, rewriter in
    let type = op.result(0).type
    guard let shape = leadingShape(type), let empty = rewriter.zeroConstant(type) else {
      return false
    }
    let row = type.vectorPart(at: shape.count)
    var (even, odd) = (empty, empty)
    for position in rowMajorPositions(shape) {
      let part = rewriter.vectorExtract(op.operand(0), position)
      let both = rewriter.create(VectorDialect.deinterleave, [part], results: [row, row])
      even = rewriter.vectorInsert(both.result(0), into: even, position)
      odd = rewriter.vectorInsert(both.result(1), into: odd, position)
    }
    rewriter.replace(op, with: [even, odd])
    return true
  }

  /// `vector.step` as the constant it is.
  static let step = RewritePattern("step-to-constant", root: VectorDialect.step) { op, rewriter in
    let type = op.result().type
    guard type.scalableMask == 0, type.canBeUnrolled else { return false }
    let value = op.context.dense(type, integers: Array(0..<type.shape[0]))
    rewriter.replace(op, with: rewriter.arithConstant(value, type))
    return true
  }

  static let fma = RewritePattern("unroll-fma", root: VectorDialect.fma) { op, rewriter in
    let type = op.result().type
    guard type.rank >= 2, type.canBeUnrolled, let zero = rewriter.zeroConstant(type.elementType)
    else { return false }
    var result = rewriter.vectorBroadcast(zero, to: type)
    for i in 0..<type.shape[0] {
      let parts = op.operands.map { rewriter.vectorExtract($0, [i]) }
      let row = rewriter.create(VectorDialect.fma, parts, results: [parts[0].type]).result()
      result = rewriter.vectorInsert(row, into: result, [i])
    }
    rewriter.replace(op, with: result)
    return true
  }

  /// Makes the parts of a vector's first dimension and puts them together; false where it has one
  /// dimension only or cannot be taken apart.
  private static func unroll(
    _ op: Operation, _ rewriter: PatternRewriter, _ make: (Type, Int) -> Value
  ) -> Bool {
    let type = op.result().type
    guard type.rank >= 2, type.canBeUnrolled, !type.isScalableDimension(0) else { return false }
    var result = rewriter.poison(type)
    let part = type.droppingDimension(0)
    for i in 0..<type.shape[0] {
      result = rewriter.vectorInsert(make(part, i), into: result, [i])
    }
    rewriter.replace(op, with: result)
    return true
  }

  static let gather = RewritePattern("unroll-gather", root: VectorDialect.gather) { op, rewriter in
    let offsets = Array(op.operands(named: "offsets"))
    guard let base = op.operand(named: "base"), let indices = op.operand(named: "indices"),
      let mask = op.operand(named: "mask"), let other = op.operand(named: "pass_thru")
    else { return false }
    return unroll(op, rewriter) { type, i in
      let parts = [indices, mask, other].map { rewriter.vectorExtract($0, [i]) }
      var attributes: [(String, Attribute)] = []
      if let alignment = op.attribute("alignment") { attributes.append(("alignment", alignment)) }
      return rewriter.create(
        VectorDialect.gather, [base] + offsets + parts, results: [type], attributes: attributes
      ).result()
    }
  }

  static let fromElements = RewritePattern(
    "unroll-from-elements", root: VectorDialect.fromElements
  ) { op, rewriter in
    let elements = Array(op.operands)
    return unroll(op, rewriter) { type, i in
      let count = type.elementCount ?? 0
      let part = Array(elements[(i * count)..<((i + 1) * count)])
      return rewriter.create(VectorDialect.fromElements, part, results: [type]).result()
    }
  }

  static let toElements = RewritePattern("unroll-to-elements", root: VectorDialect.toElements) {
    op, rewriter in
    let source = op.operand(0)
    let type = source.type
    guard type.rank >= 2, type.canBeUnrolled, !type.isScalableDimension(0) else { return false }
    let parts = (0..<type.shape[0]).map { rewriter.vectorExtract(source, [$0]) }
    var elements: [Value] = []
    for part in parts {
      let count = part.type.elementCount ?? 0
      let made = rewriter.create(
        VectorDialect.toElements, [part],
        results: Array(repeating: part.type.elementType, count: count))
      elements += made.results
    }
    guard elements.count == op.resultCount else { return false }
    rewriter.replace(op, with: elements)
    return true
  }
}

// MARK: Masks

extension VectorUnrolling {
  /// Masks of several dimensions as masks of rows.
  static let masks = [createMask, constantMask]

  private static let createMask = RewritePattern(
    "unroll-create-mask", root: VectorDialect.createMask
  ) { op, rewriter in
    let type = op.result().type
    guard type.rank > 1, type.canBeUnrolled, !type.isScalableDimension(0) else { return false }
    let row = type.droppingDimension(0)
    let isSet = rewriter.create(
      VectorDialect.createMask, Array(op.operands.dropFirst()), results: [row]
    ).result()
    guard let isClear = rewriter.zeroConstant(row), var result = rewriter.zeroConstant(type) else {
      return false
    }
    for d in 0..<type.shape[0] {
      let bound = rewriter.indexConstant(d)
      let isBelow = rewriter.compareIntegers("slt", bound, op.operand(0))
      let part = rewriter.arith("select", [isBelow, isSet, isClear], row)
      result = rewriter.vectorInsert(part, into: result, [d])
    }
    rewriter.replace(op, with: result)
    return true
  }

  private static let constantMask = RewritePattern(
    "unroll-constant-mask", root: VectorDialect.constantMask
  ) { op, rewriter in
    let type = op.result().type
    let context = op.context
    guard let sizes = op.attribute("mask_dim_sizes")?.integers, let first = sizes.first else {
      return false
    }
    if type.rank == 0 {
      let value = context.splat(type, context.boolAttribute(first == 1))
      rewriter.replace(op, with: rewriter.arithConstant(value, type))
      return true
    }
    guard type.canBeUnrolled else { return false }
    if type.rank == 1 {
      let value: Attribute
      if first == 0 || first == type.shape[0] {
        value = context.splat(type, context.boolAttribute(first != 0))
      } else {
        guard type.scalableMask == 0 else { return false }
        value = context.dense(type, integers: (0..<type.shape[0]).map { $0 < first ? 1 : 0 })
      }
      rewriter.replace(op, with: rewriter.arithConstant(value, type))
      return true
    }
    if type.isScalableDimension(0) { return false }
    let row = rewriter.create(
      VectorDialect.constantMask, results: [type.droppingDimension(0)],
      attributes: [("mask_dim_sizes", context.denseI64Array(Array(sizes.dropFirst())))]
    ).result()
    guard var result = rewriter.zeroConstant(type) else { return false }
    for d in 0..<first { result = rewriter.vectorInsert(row, into: result, [d]) }
    rewriter.replace(op, with: result)
    return true
  }

  /// Masks of one dimension, and what lies out of bounds of transfers, as comparisons.
  static func materialization(force32BitIndices: Bool) -> [RewritePattern] {
    [
      RewritePattern("create-mask-to-comparison", root: VectorDialect.createMask) {
        op, rewriter in
        let type = op.result().type
        guard type.scalableMask == 0, type.rank <= 1, type.canBeUnrolled else { return false }
        let index = force32BitIndices ? op.context.i32 : op.context.i64
        let steps = op.context.vector(type.shape, index)
        let value = op.context.dense(
          steps, integers: type.rank == 0 ? [0] : Array(0..<type.shape[0]))
        let indices = rewriter.arithConstant(value, steps)
        let bound = rewriter.castIndexLike(op.operand(0), to: index)
        let bounds = rewriter.vectorBroadcast(bound, to: steps)
        rewriter.replace(op, with: rewriter.compareIntegers("slt", indices, bounds))
        return true
      },
      transferMask(VectorDialect.transferRead), transferMask(VectorDialect.transferWrite),
      selectOfConstants,
    ]
  }

  /// The part of a transfer of one dimension that lies out of bounds is masked off.
  private static func transferMask(_ definition: OpDefinition) -> RewritePattern {
    RewritePattern("mask-out-of-bounds", root: definition) { op, rewriter in
      guard let transfer = VectorTransfer(op), transfer.isOutOfBounds,
        transfer.vectorType.rank <= 1, !transfer.indices.isEmpty
      else { return false }
      let last = transfer.indices.count - 1
      let dimension = rewriter.indexConstant(last)
      let size = rewriter.createOrFold(
        transfer.base.type.isMemRef ? MemRef.dim : TensorDialect.dim,
        [transfer.base, dimension], results: [op.context.index])[0]
      let rest = rewriter.arith("subi", [size, transfer.indices[last]])
      var mask = rewriter.create(
        VectorDialect.createMask, [rest],
        results: [transfer.vectorType.cloned(elementType: op.context.i1)]
      ).result()
      if let other = transfer.mask { mask = rewriter.arith("andi", [mask, other]) }
      rewriter.modifyInPlace(op) {
        transfer.setMask(mask)
        op.setAttribute("in_bounds", op.context.array([op.context.boolAttribute(true)]))
      }
      return true
    }
  }

  /// select %c, [true], [false] -> broadcast %c
  private static let selectOfConstants = RewritePattern(
    "select-of-one-bit-vectors", root: Arith.select
  ) { op, rewriter in
    let type = op.result().type
    guard type.isVector, type.elementType.isInteger(1), type.rank == 1, type.scalableMask == 0,
      type.shape[0] == 1, !op.operand(0).type.isVector,
      let isSet = ElementwiseFolding.uniformInteger(op.operand(1)), isSet != 0,
      let isClear = ElementwiseFolding.uniformInteger(op.operand(2)), isClear == 0
    else { return false }
    rewriter.replace(op, with: rewriter.vectorBroadcast(op.operand(0), to: type))
    return true
  }
}
