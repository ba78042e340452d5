import MartletIR

/// Result types of views and what casts may change.
extension MemRef {
  /// The type of `source` transposed; nil where its layout is not strided or the map no permutation of
  /// its dimensions.
  public static func transposeType(_ source: Type, _ map: AffineMap) -> Type? {
    guard map.isPermutation, map.dimensionCount == source.rank,
      let layout = source.stridedLayout, let dimensions = map.projectedDimensions
    else { return nil }
    let context = source.context
    return context.memRef(
      dimensions.map { source.dimension($0) }, source.elementType,
      layout: context.stridedLayout(
        offset: layout.offset, strides: dimensions.map { layout.strides[$0] }),
      memorySpace: source.memorySpace)
  }

  /// The type of a subview of `source` without rank reduction; nil where the source's layout is not
  /// strided or the lists do not have its rank.
  public static func subviewType(
    _ source: Type, offsets: [Int], sizes: [Int], strides: [Int]
  ) -> Type? {
    guard let layout = subviewLayout(source, offsets: offsets, strides: strides),
      sizes.count == source.rank
    else { return nil }
    return source.context.memRef(
      sizes, source.elementType,
      layout: source.context.stridedLayout(offset: layout.offset, strides: layout.strides),
      memorySpace: source.memorySpace)
  }

  static func subviewLayout(_ source: Type, offsets: [Int], strides: [Int]) -> MemRefLayout? {
    guard let layout = source.stridedLayout, offsets.count == source.rank,
      strides.count == source.rank
    else { return nil }
    var result = MemRefLayout(offset: layout.offset, strides: [])
    for i in 0..<source.rank {
      let step = MemRefLayout.multiply(offsets[i], layout.strides[i])
      result.offset = MemRefLayout.sum(result.offset, step)
      result.strides.append(MemRefLayout.multiply(strides[i], layout.strides[i]))
    }
    return result
  }

  /// The subview type from which the dimensions of size 1 that `shape` lacks are dropped; nil where
  /// dropping them does not give `shape`.
  public static func rankReducedSubviewType(
    _ source: Type, shape: [Int], offsets: [Int], sizes: [Int], strides: [Int]
  ) -> Type? {
    guard let full = subviewType(source, offsets: offsets, sizes: sizes, strides: strides),
      let kept = keptDimensions(of: sizes, in: shape), let layout = full.stridedLayout
    else { return nil }
    return source.context.memRef(
      kept.map { sizes[$0] }, source.elementType,
      layout: source.context.stridedLayout(
        offset: layout.offset, strides: kept.map { layout.strides[$0] }),
      memorySpace: source.memorySpace)
  }

  /// Which dimensions of `full` remain in `reduced`, from which only sizes of 1 are dropped; nil where
  /// there is no such choice.
  public static func keptDimensions(of full: [Int], in reduced: [Int]) -> [Int]? {
    var kept: [Int] = []
    for (i, size) in full.enumerated() {
      if kept.count < reduced.count, size == reduced[kept.count],
        size != 1 || full.count - i <= reduced.count - kept.count
          || canMatch(full[(i + 1)...], reduced[(kept.count + 1)...])
      {
        kept.append(i)
      } else if size != 1 {
        return nil
      }
    }
    return kept.count == reduced.count ? kept : nil
  }

  private static func canMatch(_ full: ArraySlice<Int>, _ reduced: ArraySlice<Int>) -> Bool {
    var rest = reduced
    for size in full {
      if let first = rest.first, first == size {
        rest = rest.dropFirst()
      } else if size != 1 {
        return false
      }
    }
    return rest.isEmpty
  }

  /// Whether `memref.cast` may turn `from` into `to`: the same elements and memory space, sizes, offset and
  /// strides that agree where both are known, or one of them unranked.
  public static func areCastCompatible(_ from: Type, _ to: Type) -> Bool {
    guard from.isMemRef, to.isMemRef, from.elementType == to.elementType,
      from.memorySpace == to.memorySpace
    else { return false }
    if from.kind == .memRef, to.kind == .memRef {
      guard from.rank == to.rank, areCompatible(from.shape, to.shape) else { return false }
      if from.layout == to.layout { return true }
      guard let a = from.stridedLayout, let b = to.stridedLayout else { return false }
      return areCompatible([a.offset], [b.offset]) && areCompatible(a.strides, b.strides)
    }
    return from.kind == .memRef || to.kind == .memRef
  }

  private static func areCompatible(_ a: [Int], _ b: [Int]) -> Bool {
    zip(a, b).allSatisfy { $0 == $1 || $0 == Type.dynamic || $1 == Type.dynamic }
  }

  /// Whether a cast from `source` loses what is known, so that a user may take the source instead.
  static func losesInformation(from source: Type, to dest: Type) -> Bool {
    guard source.kind == .memRef, dest.kind == .memRef, source.rank == dest.rank,
      source.elementType == dest.elementType, source.memorySpace == dest.memorySpace,
      let a = source.stridedLayout, let b = dest.stridedLayout
    else { return false }
    let keeps = { (x: Int, y: Int) in x == y || y == Type.dynamic }
    return zip(source.shape, dest.shape).allSatisfy(keeps) && keeps(a.offset, b.offset)
      && zip(a.strides, b.strides).allSatisfy(keeps)
  }

  /// The layout after merging dimension groups; nil where it is not strided.
  public static func collapsedLayout(_ source: Type, _ groups: [[Int]]) -> MemRefLayout? {
    guard let layout = source.stridedLayout else { return nil }
    var strides: [Int] = []
    for group in groups {
      // The stride of the innermost dimension that is not of size 1.
      let inner = group.last { source.dimension($0) != 1 } ?? group.first
      guard let inner else { return nil }
      strides.append(layout.strides[inner])
    }
    return MemRefLayout(offset: layout.offset, strides: strides)
  }

  /// The layout after splitting dimensions into groups of `shape`; nil where it is not strided.
  public static func expandedLayout(_ source: Type, _ shape: [Int], _ groups: [[Int]])
    -> MemRefLayout?
  {
    guard let layout = source.stridedLayout, groups.count == source.rank else { return nil }
    var strides = shape.map { _ in 1 }
    for (i, group) in groups.enumerated() {
      var stride = layout.strides[i]
      for d in group.reversed() {
        guard shape.indices.contains(d) else { return nil }
        strides[d] = stride
        stride = MemRefLayout.multiply(stride, shape[d])
      }
    }
    return MemRefLayout(offset: layout.offset, strides: strides)
  }
}
