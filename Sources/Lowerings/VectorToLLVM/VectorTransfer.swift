import MartletDialects
import MartletIR
import MartletRewriting

/// A view of `vector.transfer_read` and `vector.transfer_write`.
struct VectorTransfer {
  let operation: Operation
  let isRead: Bool

  init?(_ operation: Operation?) {
    guard let operation, operation.operandSegments.count == 4 else { return nil }
    isRead = operation.is(VectorDialect.transferRead)
    guard isRead || operation.is(VectorDialect.transferWrite) else { return nil }
    self.operation = operation
  }

  var context: Context { operation.context }
  var base: Value { operation.operand(isRead ? 0 : 1) }
  var indices: [Value] { Array(operation.operandGroup(isRead ? 1 : 2)) }
  var mask: Value? { operation.operandGroup(3).first }
  /// What a read gives where it lies out of bounds.
  var padding: Value? { isRead ? operation.operandGroup(2).first : nil }
  /// The vector a write writes.
  var value: Value? { isRead ? nil : operation.operand(0) }
  var vectorType: Type { isRead ? operation.result().type : operation.operand(0).type }
  var shapedType: Type { base.type }
  var map: AffineMap {
    operation.attribute("permutation_map")?.affineMap ?? context.identityMap(0)
  }
  var inBounds: [Bool] {
    (operation.attribute("in_bounds")?.elements ?? []).map { $0.boolValue ?? false }
  }
  /// The number of dimensions of memory that are transferred or broadcast.
  var transferRank: Int { map.resultCount }

  func isInBounds(_ i: Int) -> Bool { inBounds.indices.contains(i) && inBounds[i] }
  /// Whether the vector's dimension `i` repeats one element.
  func isBroadcast(_ i: Int) -> Bool { map.results[i].constantValue == 0 }
  var isOutOfBounds: Bool { (0..<transferRank).contains { !isInBounds($0) && !isBroadcast($0) } }

  func setMask(_ mask: Value) {
    let segments = operation.operandSegments
    let before = Array(operation.operands.prefix(segments[0] + segments[1] + segments[2]))
    operation.setOperands(before + [mask])
    operation.setAttribute(
      "operandSegmentSizes", context.denseI32Array(Array(segments.prefix(3)) + [1]))
  }

  // MARK: Making

  static func read(
    _ type: Type, _ base: Value, _ indices: [Value], _ map: AffineMap, padding: Value,
    mask: Value?, inBounds: [Bool], _ rewriter: PatternRewriter
  ) -> Operation {
    let context = rewriter.context
    return rewriter.create(
      VectorDialect.transferRead, [base] + indices + [padding] + (mask.map { [$0] } ?? []),
      results: [type],
      attributes: [
        ("permutation_map", context.affineMapAttribute(map)),
        ("in_bounds", context.array(inBounds.map { context.boolAttribute($0) })),
        (
          "operandSegmentSizes",
          context.denseI32Array([1, indices.count, 1, mask == nil ? 0 : 1])
        ),
      ])
  }

  static func write(
    _ value: Value, _ base: Value, _ indices: [Value], _ map: AffineMap, mask: Value?,
    inBounds: [Bool], _ rewriter: PatternRewriter
  ) -> Operation {
    let context = rewriter.context
    return rewriter.create(
      VectorDialect.transferWrite, [value, base] + indices + (mask.map { [$0] } ?? []),
      results: base.type.isTensor ? [base.type] : [],
      attributes: [
        ("permutation_map", context.affineMapAttribute(map)),
        ("in_bounds", context.array(inBounds.map { context.boolAttribute($0) })),
        (
          "operandSegmentSizes",
          context.denseI32Array([1, 1, indices.count, mask == nil ? 0 : 1])
        ),
      ])
  }
}

extension AffineMap {
  /// Whether the results are the last dimensions in order.
  var isMinorIdentity: Bool {
    guard dimensionCount >= resultCount else { return false }
    let first = dimensionCount - resultCount
    return results.enumerated().allSatisfy {
      $1.kind == .dimension && $1.position == first + $0
    }
  }

  /// The results that are the constant 0, where the others are the last dimensions, each at its place
  /// counted from the end; nil where not.
  var minorIdentityBroadcasts: [Int]? {
    guard dimensionCount >= resultCount else { return nil }
    let first = dimensionCount - resultCount
    var broadcasts: [Int] = []
    for (i, result) in results.enumerated() {
      if result.constantValue == 0 {
        broadcasts.append(i)
      } else if result.kind != .dimension || result.position != first + i {
        return nil
      }
    }
    return broadcasts
  }
}

/// Transfers of at most one dimension, all in bounds, as loads and stores.
enum VectorTransferLowering {
  /// - Parameter maxRank: of the vectors; nil for any.
  static func patterns(maxRank: Int?) -> [RewritePattern] {
    [
      RewritePattern("transfer-read-to-load", root: VectorDialect.transferRead) { op, rewriter in
        lowerRead(op, maxRank, rewriter)
      },
      RewritePattern("transfer-write-to-store", root: VectorDialect.transferWrite) {
        op, rewriter in lowerWrite(op, maxRank, rewriter)
      },
    ]
  }

  private static func lowerRead(
    _ op: Operation, _ maxRank: Int?, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let read = VectorTransfer(op), !isMasked(op), let padding = read.padding,
      maxRank.map({ read.vectorType.rank <= $0 }) ?? true,
      let broadcasts = read.map.minorIdentityBroadcasts,
      let layout = unitStride(read.shapedType), layout
    else { return false }
    let type = read.vectorType
    var shape = type.shape
    for i in broadcasts { shape[i] = 1 }
    let loaded = type.cloned(shape: shape)
    let element = read.shapedType.elementType
    if element.isVector ? element != loaded : element != type.elementType { return false }
    if read.isOutOfBounds { return false }
    var result: Value
    if let mask = read.mask {
      guard type.rank == 1 else { return false }
      let fill = rewriter.vectorBroadcast(padding, to: loaded)
      result = rewriter.create(
        VectorDialect.maskedload, [read.base] + read.indices + [mask, fill], results: [loaded]
      ).result()
    } else {
      result = rewriter.create(
        VectorDialect.load, [read.base] + read.indices, results: [loaded]
      ).result()
    }
    if !broadcasts.isEmpty { result = rewriter.vectorBroadcast(result, to: type) }
    rewriter.replace(op, with: result)
    return true
  }

  private static func lowerWrite(
    _ op: Operation, _ maxRank: Int?, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let write = VectorTransfer(op), !isMasked(op), let value = write.value,
      maxRank.map({ write.vectorType.rank <= $0 }) ?? true, write.map.isMinorIdentity,
      let layout = unitStride(write.shapedType), layout
    else { return false }
    let element = write.shapedType.elementType
    let type = write.vectorType
    if element.isVector ? element != type : element != type.elementType { return false }
    if write.isOutOfBounds { return false }
    if let mask = write.mask {
      guard type.rank == 1 else { return false }
      rewriter.create(
        VectorDialect.maskedstore, [write.base] + write.indices + [mask, value])
    } else {
      rewriter.create(VectorDialect.store, [value, write.base] + write.indices)
    }
    rewriter.erase(op)
    return true
  }

  /// Whether elements of the last dimension lie side by side; nil for what is not a memref.
  static func unitStride(_ type: Type) -> Bool? {
    guard type.kind == .memRef else { return nil }
    guard let strides = type.stridedLayout?.strides else { return false }
    return strides.last.map { $0 == 1 } ?? true
  }

  /// Whether the operation stands in a `vector.mask`.
  static func isMasked(_ op: Operation) -> Bool {
    op.block?.parentOperation?.is(VectorDialect.mask) ?? false
  }
}
