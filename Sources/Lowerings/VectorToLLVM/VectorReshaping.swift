import MartletDialects
import MartletIR
import MartletRewriting

/// Lowerings of `vector.shape_cast` and `vector.transpose` to extractions and insertions.
enum VectorReshaping {
  // MARK: Shape casts

  /// Adds `amount` to the last number of a position in an array of this shape, carrying over.
  private static func advance(_ position: inout [Int], by amount: Int = 1, _ shape: [Int]) {
    var carry = amount
    for i in position.indices.reversed() {
      if carry == 0 { return }
      let sum = position[i] + carry
      position[i] = sum % max(1, shape[i])
      carry = sum / max(1, shape[i])
    }
  }

  static let shapeCast = RewritePattern("unroll-shape-cast", root: VectorDialect.shapeCast) {
    op, rewriter in
    let source = op.operand(0)
    let (from, to) = (source.type, op.result().type)
    guard from.scalableMask == 0, to.scalableMask == 0, from.canBeUnrolled else { return false }
    let (fromShape, toShape) = (from.shape, to.shape)
    // The dimensions at the end that both have stay together.
    var (i, j) = (from.rank - 1, to.rank - 1)
    while i >= 0, j >= 0, fromShape[i] == toShape[j] {
      i -= 1
      j -= 1
    }
    if i < 0 || j < 0 {
      // They differ by leading ones.
      let delta = from.rank - to.rank
      let empty = rewriter.poison(to)
      let part = rewriter.vectorExtract(source, Array(repeating: 0, count: max(0, delta)))
      let result = rewriter.vectorInsert(
        part, into: empty, Array(repeating: 0, count: max(0, -delta)))
      rewriter.replace(op, with: result)
      return true
    }
    let divisor = greatestCommonDivisor(fromShape[i], toShape[j])
    var result = rewriter.poison(to)
    if divisor == 1 {
      var (read, written) = (Array(repeating: 0, count: i + 1), Array(repeating: 0, count: j + 1))
      for _ in 0..<fromShape.prefix(i + 1).reduce(1, *) {
        let part = rewriter.vectorExtract(source, read)
        result = rewriter.vectorInsert(part, into: result, written)
        advance(&read, Array(fromShape.prefix(i + 1)))
        advance(&written, Array(toShape.prefix(j + 1)))
      }
      rewriter.replace(op, with: result)
      return true
    }
    rewriter.replace(op, with: slices(source, to, (i, j), divisor, result, rewriter))
    return true
  }

  /// Moves slices of `divisor` rows of dimension `start.from` to dimension `start.to` of `result`.
  private static func slices(
    _ source: Value, _ to: Type, _ start: (from: Int, to: Int), _ divisor: Int, _ empty: Value,
    _ rewriter: PatternRewriter
  ) -> Value {
    let from = source.type
    let (fromShape, toShape) = (from.shape, to.shape)
    var atom = Array(fromShape.dropFirst(start.from))
    atom[0] = divisor
    let rank = atom.count
    let readPeriod = fromShape[start.from] / divisor
    let writePeriod = toShape[start.to] / divisor
    let count = (from.elementCount ?? 0) / max(1, atom.reduce(1, *))
    let whole = rewriter.context.vector(Array(toShape.dropFirst(start.to)), to.elementType)
    let emptyPart = rewriter.poison(whole)
    var read = Array(repeating: 0, count: start.from)
    var written = Array(repeating: 0, count: start.to)
    var result = empty
    var extracted = source
    var inserted = emptyPart
    let ones = Array(repeating: 1, count: rank)
    var offsets = Array(repeating: 0, count: rank)
    for n in 0..<count {
      if n % readPeriod == 0 {
        extracted = rewriter.vectorExtract(source, read)
        advance(&read, Array(fromShape.prefix(start.from)))
      }
      offsets[0] = n % readPeriod * divisor
      let slice = rewriter.vectorExtractSlice(extracted, offsets, atom, ones)
      if n % writePeriod == 0 { inserted = emptyPart }
      offsets[0] = n % writePeriod * divisor
      inserted = rewriter.vectorInsertSlice(slice, into: inserted, offsets, ones)
      if n % writePeriod + 1 == writePeriod {
        result = rewriter.vectorInsert(inserted, into: result, written)
        advance(&written, Array(toShape.prefix(start.to)))
      }
    }
    return result
  }

  /// Shape casts of vectors whose last dimension is scalable, by scalable parts.
  static let scalableShapeCast = RewritePattern(
    "unroll-scalable-shape-cast", root: VectorDialect.shapeCast
  ) { op, rewriter in
    let source = op.operand(0)
    let (from, to) = (source.type, op.result().type)
    func isScalableAtEnd(_ type: Type) -> Bool {
      type.rank >= 1 && type.scalableMask == 1 << UInt64(type.rank - 1)
    }
    guard isScalableAtEnd(from), isScalableAtEnd(to), from.canBeUnrolled,
      let fromEnd = from.shape.last, let toEnd = to.shape.last
    else { return false }
    let width = min(fromEnd, toEnd)
    guard width > 0, max(fromEnd, toEnd) % width == 0 else { return false }
    let part = op.context.vector([width], from.elementType, scalable: 1)
    var result = rewriter.poison(to)
    var read = Array(repeating: 0, count: from.rank)
    var written = Array(repeating: 0, count: to.rank)
    var row: Value?
    var target: Value?
    for _ in stride(from: 0, to: from.shape.reduce(1, *), by: width) {
      let whole =
        row ?? (from.rank == 1 ? source : rewriter.vectorExtract(source, Array(read.dropLast())))
      row = whole
      var value = whole
      if width < fromEnd {
        value =
          rewriter.create(
            VectorDialect.scalableExtract, [whole], results: [part],
            attributes: [("pos", op.context.i64Attribute(read[from.rank - 1]))]
          ).result()
      }
      var into =
        target
        ?? (width == toEnd
          ? value
          : to.rank == 1 ? result : rewriter.vectorExtract(result, Array(written.dropLast())))
      if width < toEnd {
        into =
          rewriter.create(
            VectorDialect.scalableInsert, [value, into], results: [into.type],
            attributes: [("pos", op.context.i64Attribute(written[to.rank - 1]))]
          ).result()
      }
      target = into
      if written[to.rank - 1] + width >= toEnd, into != result {
        result =
          to.rank == 1 ? into : rewriter.vectorInsert(into, into: result, Array(written.dropLast()))
        target = nil
      }
      if read[from.rank - 1] + width >= fromEnd { row = nil }
      advance(&read, by: width, from.shape)
      advance(&written, by: width, to.shape)
    }
    rewriter.replace(op, with: result)
    return true
  }

  // MARK: Transposes

  /// How transposes of two dimensions are lowered.
  enum Transposition: String { case eltwise, llvmintr, shuffle1d, shuffle16x16 }

  static func transposes(_ kind: Transposition) -> [RewritePattern] {
    [
      RewritePattern("transpose-of-unit-dimension", root: VectorDialect.transpose) {
        op, rewriter in
        let type = op.result().type
        guard type.rank == 2, permutation(op) == [1, 0],
          (0..<2).contains(where: { type.shape[$0] == 1 && !type.isScalableDimension($0) })
        else { return false }
        rewriter.replace(op, with: rewriter.vectorShapeCast(op.operand(0), to: type))
        return true
      },
      RewritePattern("transpose-by-elements", root: VectorDialect.transpose) { op, rewriter in
        byElements(op, kind, rewriter)
      },
      RewritePattern("transpose-by-shuffles", root: VectorDialect.transpose) { op, rewriter in
        byShuffles(op, kind, rewriter)
      },
    ]
  }

  private static func permutation(_ op: Operation) -> [Int] {
    op.attribute("permutation")?.integers ?? []
  }

  private static func isByShuffles(_ kind: Transposition) -> Bool {
    kind == .shuffle1d || kind == .shuffle16x16
  }

  /// The two dimensions of more than one element, where there are just two and they change places.
  private static func plane(_ op: Operation) -> (Int, Int)? {
    let shape = op.operand(0).type.shape
    let large = shape.indices.filter { shape[$0] > 1 }
    let permutation = permutation(op)
    guard large.count == 2, let a = permutation.firstIndex(of: large[0]),
      let b = permutation.firstIndex(of: large[1]), b < a
    else { return nil }
    return (large[0], large[1])
  }

  private static func byElements(
    _ op: Operation, _ kind: Transposition, _ rewriter: PatternRewriter
  ) -> Bool {
    let input = op.operand(0)
    guard input.type.scalableMask == 0, input.type.canBeUnrolled else { return false }
    if isByShuffles(kind), plane(op) != nil { return false }
    // Dimensions at the end that stay where they are stay together.
    var moved = permutation(op)
    while let last = moved.last, last == moved.count - 1 { moved.removeLast() }
    let shape = Array(input.type.shape.prefix(moved.count))
    var result = rewriter.poison(op.result().type)
    for position in rowMajorPositions(shape) {
      let part = rewriter.createOrFold(
        VectorDialect.extract, [input], results: [input.type.vectorPart(at: position.count)],
        attributes: [("static_position", op.context.denseI64Array(position))])[0]
      result =
        rewriter.createOrFold(
          VectorDialect.insert, [part, result], results: [result.type],
          attributes: [
            ("static_position", op.context.denseI64Array(moved.map { position[$0] }))
          ])[0]
    }
    rewriter.replace(op, with: result)
    return true
  }

  private static func byShuffles(
    _ op: Operation, _ kind: Transposition, _ rewriter: PatternRewriter
  ) -> Bool {
    let input = op.operand(0)
    guard isByShuffles(kind), input.type.scalableMask == 0, input.type.canBeUnrolled,
      let (a, b) = plane(op)
    else { return false }
    let (m, n) = (input.type.shape[a], input.type.shape[b])
    let element = input.type.elementType
    let flat = rewriter.vectorShapeCast(input, to: op.context.vector([m * n], element))
    let result: Value
    if kind == .shuffle16x16, m == 16, n == 16 {
      let rows = rewriter.vectorShapeCast(flat, to: op.context.vector([m, n], element))
      result = ShuffleTranspose(rewriter).transpose(rows)
    } else {
      result = rewriter.vectorShuffle(
        flat, flat, (0..<n).flatMap { j in (0..<m).map { $0 * n + j } })
    }
    rewriter.replace(op, with: rewriter.vectorShapeCast(result, to: op.result().type))
    return true
  }

  /// As `llvm.intr.matrix.transpose`.
  static let matrixTranspose = RewritePattern(
    "transpose-to-matrix-intrinsic", root: VectorDialect.transpose, benefit: 100
  ) { op, rewriter in
    let type = op.result().type
    guard type.scalableMask == 0, type.rank == 2, permutation(op) == [1, 0],
      let count = type.elementCount
    else { return false }
    let context = op.context
    let flat = context.vector([count], type.elementType)
    let matrix = rewriter.vectorShapeCast(op.operand(0), to: flat)
    let transposed = rewriter.create(
      context.operationName("llvm.intr.matrix.transpose"), [matrix], results: [flat],
      attributes: [
        ("rows", context.i32Attribute(type.shape[0])),
        ("columns", context.i32Attribute(type.shape[1])),
      ])
    rewriter.replace(op, with: rewriter.vectorShapeCast(transposed.result(), to: type))
    return true
  }
}

/// The transposition of 16 rows of 16 numbers of 32 bits by four stages of shuffles of two rows each.
private struct ShuffleTranspose {
  let rewriter: PatternRewriter

  init(_ rewriter: PatternRewriter) { self.rewriter = rewriter }

  /// The pattern of one lane of 128 bits in each of the four.
  private func lanes(_ pattern: [Int]) -> [Int] {
    (0..<4).flatMap { lane in pattern.map { $0 + 4 * lane } }
  }

  /// Whole lanes, two of each operand, by the bits of `control`.
  private func lanes(control: Int) -> [Int] {
    (0..<4).flatMap { k in
      let lane = control >> (2 * k) & 3
      let first = (k < 2 ? 0 : 16) + 4 * lane
      return Array(first..<(first + 4))
    }
  }

  func transpose(_ source: Value) -> Value {
    var rows = (0..<16).map { i in
      rewriter.createOrFold(
        VectorDialect.extract, [source], results: [source.type.vectorPart(at: 1)],
        attributes: [("static_position", rewriter.context.denseI64Array([i]))])[0]
    }
    let (low32, high32) = (lanes([0, 16, 1, 17]), lanes([2, 18, 3, 19]))
    rows = stride(from: 0, to: 16, by: 2).flatMap { i in
      [low32, high32].map { rewriter.vectorShuffle(rows[i], rows[i + 1], $0) }
    }
    let (low64, high64) = (lanes([0, 1, 16, 17]), lanes([2, 3, 18, 19]))
    rows = stride(from: 0, to: 16, by: 4).flatMap { i in
      (0..<2).flatMap { k in
        [low64, high64].map { rewriter.vectorShuffle(rows[i + k], rows[i + k + 2], $0) }
      }
    }
    let (even, odd) = (lanes(control: 0x88), lanes(control: 0xdd))
    rows = stride(from: 0, to: 16, by: 8).flatMap { i in
      [even, odd].flatMap { mask in
        (0..<4).map { rewriter.vectorShuffle(rows[i + $0], rows[i + $0 + 4], mask) }
      }
    }
    rows = [even, odd].flatMap { mask in
      (0..<8).map { rewriter.vectorShuffle(rows[$0], rows[$0 + 8], mask) }
    }
    var result = rewriter.poison(source.type)
    for (i, row) in rows.enumerated() {
      result = rewriter.vectorInsert(row, into: result, [i])
    }
    return result
  }
}

/// The largest number that divides both, at least 1.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return max(1, a)
}
