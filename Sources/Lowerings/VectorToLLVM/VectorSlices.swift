import MartletDialects
import MartletIR
import MartletRewriting

/// Lowerings of `vector.insert_strided_slice` and `vector.extract_strided_slice` to shuffles of vectors of one
/// dimension.
enum VectorSlices {
  static let patterns = [
    insertOfLowerRank, extractOfRows, insertOfSameRank, extractByShuffle, extractByElements,
  ]

  private static func integers(_ op: Operation, _ name: String) -> [Int] {
    (op.attribute(name)?.elements ?? []).compactMap { $0.integerValue.map { Int($0) } }
  }

  private static let insertOfLowerRank = RewritePattern(
    "insert-slice-of-lower-rank", root: VectorDialect.insertStridedSlice
  ) { op, rewriter in
    let (from, to) = (op.operand(0).type, op.result().type)
    let offsets = integers(op, "offsets")
    let difference = to.rank - from.rank
    guard !offsets.isEmpty, difference > 0 else { return false }
    let position = Array(offsets.prefix(difference))
    let part = rewriter.vectorExtract(op.operand(1), position)
    let inner = rewriter.vectorInsertSlice(
      op.operand(0), into: part, Array(offsets.dropFirst(difference)), integers(op, "strides"))
    rewriter.replace(op, with: rewriter.vectorInsert(inner, into: op.operand(1), position))
    return true
  }

  private static let insertOfSameRank = RewritePattern(
    "insert-slice-of-same-rank", root: VectorDialect.insertStridedSlice
  ) { op, rewriter in
    let (value, dest) = (op.operand(0), op.operand(1))
    let (from, to) = (value.type, dest.type)
    let (offsets, strides) = (integers(op, "offsets"), integers(op, "strides"))
    if from.scalableMask | to.scalableMask != 0, from.rank == 1 { return false }
    guard let offset = offsets.first, let stride = strides.first, from.rank == to.rank,
      to.canBeUnrolled
    else { return false }
    if from == to {
      rewriter.replace(op, with: value)
      return true
    }
    let size = from.shape[0]
    let end = offset + size * stride
    if from.rank == 1 {
      let width = to.shape[0]
      let spread = rewriter.vectorShuffle(value, value, (0..<width).map { $0 < size ? $0 : 0 })
      let mask = (0..<width).map { i in
        i < offset || i >= end || (i - offset) % stride != 0
          ? width + i : (i - offset) / stride
      }
      rewriter.replace(op, with: rewriter.vectorShuffle(spread, dest, mask))
      return true
    }
    var result = dest
    for (index, place) in Swift.stride(from: offset, to: end, by: stride).enumerated() {
      var part = rewriter.vectorExtract(value, [index])
      if part.type.isVector {
        let row = rewriter.vectorExtract(dest, [place])
        part = rewriter.vectorInsertSlice(
          part, into: row, Array(offsets.dropFirst()), Array(strides.dropFirst()))
      }
      result = rewriter.vectorInsert(part, into: result, [place])
    }
    rewriter.replace(op, with: result)
    return true
  }

  /// The places a slice takes of the first dimension; nil where it takes slices of more than one, or
  /// only of one, as `oneDimension` says.
  private static func places(_ op: Operation, oneDimension: Bool) -> [Int]? {
    let offsets = integers(op, "offsets")
    guard let offset = offsets.first, let size = integers(op, "sizes").first,
      let stride = integers(op, "strides").first, stride > 0,
      (offsets.count == 1) == oneDimension, op.operand(0).type.canBeUnrolled
    else { return nil }
    return Array(Swift.stride(from: offset, to: offset + size * stride, by: stride))
  }

  private static let extractByShuffle = RewritePattern(
    "extract-slice-by-shuffle", root: VectorDialect.extractStridedSlice
  ) { op, rewriter in
    let source = op.operand(0)
    guard source.type.scalableMask | op.result().type.scalableMask == 0,
      let places = places(op, oneDimension: true)
    else { return false }
    rewriter.replace(op, with: rewriter.vectorShuffle(source, source, places))
    return true
  }

  private static let extractByElements = RewritePattern(
    "extract-slice-by-elements", root: VectorDialect.extractStridedSlice
  ) { op, rewriter in
    let source = op.operand(0)
    let type = op.result().type
    guard source.type.scalableMask | type.scalableMask != 0,
      let places = places(op, oneDimension: true)
    else { return false }
    let parts = places.map { rewriter.vectorExtract(source, [$0]) }
    guard var result = rewriter.zeroConstant(type) else { return false }
    for (i, part) in parts.enumerated() {
      result = rewriter.vectorInsert(part, into: result, [i])
    }
    rewriter.replace(op, with: result)
    return true
  }

  private static let extractOfRows = RewritePattern(
    "extract-slice-of-rows", root: VectorDialect.extractStridedSlice
  ) { op, rewriter in
    let source = op.operand(0)
    let type = op.result().type
    guard let places = places(op, oneDimension: false),
      let zero = rewriter.zeroConstant(type.elementType)
    else { return false }
    var result = rewriter.vectorBroadcast(zero, to: type)
    for (index, place) in places.enumerated() {
      let row = rewriter.vectorExtract(source, [place])
      let slice = rewriter.vectorExtractSlice(
        row, Array(integers(op, "offsets").dropFirst()), Array(integers(op, "sizes").dropFirst()),
        Array(integers(op, "strides").dropFirst()))
      result = rewriter.vectorInsert(slice, into: result, [index])
    }
    rewriter.replace(op, with: result)
    return true
  }
}
