import MartletDialects
import MartletIR
import MartletRewriting

/// Transfers whose maps permute or leave out dimensions, as transfers of the last dimensions in order and
/// operations on vectors.
enum TransferPermutations {
  static let patterns = [
    RewritePattern("permuted-read", root: VectorDialect.transferRead) { op, rewriter in
      permutedRead(op, rewriter)
    },
    RewritePattern("permuted-write", root: VectorDialect.transferWrite) { op, rewriter in
      permutedWrite(op, rewriter)
    },
    RewritePattern("broadcasting-read", root: VectorDialect.transferRead) { op, rewriter in
      broadcastingRead(op, rewriter)
    },
    RewritePattern("write-with-gaps", root: VectorDialect.transferWrite) { op, rewriter in
      writeWithGaps(op, rewriter)
    },
  ]

  private static func transfer(_ op: Operation) -> VectorTransfer? {
    guard let transfer = VectorTransfer(op), transfer.transferRank > 0,
      !VectorTransferLowering.isMasked(op), transfer.inBounds.count == transfer.transferRank
    else { return nil }
    return transfer
  }

  private static func finish(
    _ op: Operation, _ made: Operation, _ rewriter: PatternRewriter
  ) -> Bool {
    if op.resultCount == 0 {
      rewriter.erase(op)
    } else {
      rewriter.replace(op, with: made)
    }
    return true
  }

  private static func permutedRead(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let read = transfer(op), let padding = read.padding,
      let permutation = read.map.minorPermutation,
      permutation != Array(permutation.indices)
    else { return false }
    let type = read.vectorType
    let map = read.map
    var results = map.results
    var shape = type.shape
    var scalable: UInt64 = 0
    var inBounds = read.inBounds
    for (from, to) in permutation.enumerated() {
      results[to] = map.results[from]
      shape[to] = type.shape[from]
      if type.isScalableDimension(from) { scalable |= 1 << UInt64(to) }
      inBounds[to] = read.inBounds[from]
    }
    let made = VectorTransfer.read(
      op.context.vector(shape, type.elementType, scalable: scalable), read.base, read.indices,
      op.context.affineMap(dimensions: map.dimensionCount, symbols: 0, results),
      padding: padding, mask: read.mask, inBounds: inBounds, rewriter)
    rewriter.replace(op, with: rewriter.vectorTranspose(made.result(), permutation))
    return true
  }

  private static func permutedWrite(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let write = transfer(op), let value = write.value, !write.map.isMinorIdentity,
      let permutation = write.map.minorPermutation,
      let dimensions = write.map.projectedDimensions
    else { return false }
    // The results in the order of their dimensions.
    let order = dimensions.indices.sorted { dimensions[$0] < dimensions[$1] }
    var inBounds = write.inBounds
    for (from, to) in permutation.enumerated() { inBounds[to] = write.inBounds[from] }
    let transposed = rewriter.vectorTranspose(value, order)
    let count = write.map.dimensionCount
    let map = op.context.projection(
      Array((count - write.transferRank)..<count), of: count)
    let made = VectorTransfer.write(
      transposed, write.base, write.indices, map, mask: write.mask, inBounds: inBounds, rewriter)
    return finish(op, made, rewriter)
  }

  private static func broadcastingRead(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let read = transfer(op), let padding = read.padding else { return false }
    let map = read.map
    let leading = map.results.prefix { $0.constantValue == 0 }.count
    guard leading > 0 else { return false }
    let rest = op.context.affineMap(
      dimensions: map.dimensionCount, symbols: 0, Array(map.results.dropFirst(leading)))
    guard rest.minorIdentityBroadcasts != nil else { return false }
    let type = read.vectorType
    let reduced = op.context.vector(
      Array(type.shape.dropFirst(leading)), type.elementType,
      scalable: type.scalableMask >> UInt64(leading))
    let made = VectorTransfer.read(
      reduced, read.base, read.indices, rest, padding: padding, mask: read.mask,
      inBounds: Array(read.inBounds.dropFirst(leading)), rewriter)
    rewriter.replace(op, with: rewriter.vectorBroadcast(made.result(), to: type))
    return true
  }

  /// Dimensions between those written get one element.
  private static func writeWithGaps(_ op: Operation, _ rewriter: PatternRewriter) -> Bool {
    guard let write = transfer(op), let value = write.value, write.map.minorPermutation == nil,
      let dimensions = write.map.projectedDimensions, let first = dimensions.min()
    else { return false }
    let context = op.context
    let count = write.map.dimensionCount
    let missing = (first..<count).filter { !dimensions.contains($0) }
    func extended(_ vector: Value) -> Value {
      let type = vector.type
      return rewriter.vectorBroadcast(
        vector,
        to: context.vector(
          missing.map { _ in 1 } + type.shape, type.elementType,
          scalable: type.scalableMask << UInt64(missing.count)))
    }
    let whole = extended(value)
    let mask = write.mask.map { mask -> Value in
      let wide = extended(mask)
      return rewriter.vectorTranspose(
        wide, Array(missing.count..<wide.type.rank) + Array(0..<missing.count))
    }
    let made = VectorTransfer.write(
      whole, write.base, write.indices, context.projection(missing + dimensions, of: count),
      mask: mask, inBounds: missing.map { _ in true } + write.inBounds, rewriter)
    return finish(op, made, rewriter)
  }
}

extension AffineMap {
  /// Where each result stands in the order that makes them the last dimensions in order, those that are the
  /// constant 0 filling the gaps; nil where there is no such order.
  var minorPermutation: [Int]? {
    let start = max(0, dimensionCount - resultCount)
    let leading = max(0, resultCount - dimensionCount)
    var isTaken = Array(repeating: false, count: max(dimensionCount, resultCount))
    var permutation = Array(repeating: 0, count: resultCount)
    var broadcasts: [Int] = []
    for (i, result) in results.enumerated() {
      if result.constantValue == 0 {
        broadcasts.append(i)
        continue
      }
      guard result.kind == .dimension, result.position >= start else { return nil }
      permutation[i] = result.position - start + leading
      isTaken[permutation[i]] = true
    }
    var place = 0
    for i in broadcasts {
      while place < isTaken.count, isTaken[place] { place += 1 }
      permutation[i] = place
      place += 1
    }
    return Set(permutation).count == permutation.count ? permutation : nil
  }
}
