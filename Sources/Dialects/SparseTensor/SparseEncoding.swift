import MartletIR
import MartletSupport

/// A view of `#sparse_tensor.encoding<...>`: how a tensor's dimensions are mapped to storage levels and
/// how each level is kept.
///
/// Words of the attribute: the map from dimensions to levels, position width, coordinate width,
/// explicit value, implicit value, the number of slices, three words per slice, the level types.
public struct SparseEncoding {
  public let attribute: Attribute

  /// Nil where `attribute` is no sparse encoding.
  public init?(_ attribute: Attribute?) {
    guard let attribute, attribute.is(SparseTensor.encoding) else { return nil }
    self.attribute = attribute
  }

  public init(
    _ context: Context, dimToLvl: AffineMap, levels: [LevelType], positionWidth: Int = 0,
    coordinateWidth: Int = 0, explicitValue: Attribute? = nil, implicitValue: Attribute? = nil,
    slices: [Slice] = []
  ) {
    var words = [
      UInt64(context.affineMapAttribute(dimToLvl).raw), UInt64(positionWidth),
      UInt64(coordinateWidth), UInt64(explicitValue?.raw ?? .max),
      UInt64(implicitValue?.raw ?? .max), UInt64(slices.count),
    ]
    for slice in slices {
      words += [slice.offset, slice.size, slice.stride].map { UInt64(bitPattern: Int64($0)) }
    }
    words += levels.map(\.bits)
    attribute = context.attribute(SparseTensor.encoding, words)
  }

  /// A dimension that stands for a part of a larger one; `Type.dynamic` for what is not known.
  public struct Slice: Hashable, Sendable {
    public var offset: Int
    public var size: Int
    public var stride: Int

    public init(offset: Int, size: Int, stride: Int) {
      self.offset = offset
      self.size = size
      self.stride = stride
    }
  }

  public var context: Context { attribute.context }

  /// From the tensor's dimensions to storage levels, outermost first.
  public var dimToLvl: AffineMap {
    attribute.attributeWord(0)?.affineMap ?? context.identityMap(levels.count)
  }

  /// From levels back to dimensions; nil where `dimToLvl` is neither a permutation nor made of blocks
  /// `i floordiv c`, `i mod c`.
  public var lvlToDim: AffineMap? {
    let map = dimToLvl
    if let inverse = map.isPermutation ? map.inversePermutation : nil { return inverse }
    var results: [AffineExpr?] = Array(repeating: nil, count: map.dimensionCount)
    guard map.resultCount <= 2 * map.dimensionCount, Set(map.results).count == map.resultCount,
      map.resultCount == map.dimensionCount || hasConsistentBlocks
    else { return nil }
    for (level, expr) in map.results.enumerated() {
      let variable = context.affineDimension(level)
      let term: AffineExpr
      let dimension: AffineExpr
      switch expr.kind {
      case .dimension: (dimension, term) = (expr, variable)
      case .mod: (dimension, term) = (expr.left, variable)
      case .floorDiv: (dimension, term) = (expr.left, variable * expr.right)
      default: return nil
      }
      guard dimension.kind == .dimension else { return nil }
      let i = dimension.position
      results[i] = results[i].map { $0 + term } ?? term
    }
    let all = results.compactMap { $0 }
    guard all.count == map.dimensionCount else { return nil }
    return context.affineMap(dimensions: map.resultCount, symbols: 0, all)
  }

  /// Whether each dimension cut into blocks has the same block size in both its levels.
  var hasConsistentBlocks: Bool {
    let results = dimToLvl.results
    return results.filter { $0.kind == .mod || $0.kind == .floorDiv }.allSatisfy { expr in
      results.contains {
        $0.kind != expr.kind && ($0.kind == .mod || $0.kind == .floorDiv)
          && $0.left == expr.left && $0.right == expr.right
      }
    }
  }

  /// Bits of a stored position; 0 means index.
  public var positionWidth: Int { Int(attribute.words[1]) }
  /// Bits of a stored coordinate; 0 means index.
  public var coordinateWidth: Int { Int(attribute.words[2]) }
  /// The value all stored entries have.
  public var explicitValue: Attribute? { attribute.attributeWord(3) }
  /// The value all other entries have.
  public var implicitValue: Attribute? { attribute.attributeWord(4) }
  private var sliceCount: Int { Int(attribute.words[5]) }
  /// One per dimension where the tensor is a slice, none otherwise.
  public var slices: [Slice] {
    let words = attribute.words
    return (0..<sliceCount).map { i in
      let at = { (k: Int) in Int(Int64(bitPattern: words[6 + 3 * i + k])) }
      return Slice(offset: at(0), size: at(1), stride: at(2))
    }
  }
  public var levels: [LevelType] {
    attribute.words[(6 + 3 * sliceCount)...].compactMap { LevelType(bits: $0) }
  }
  public var dimensionRank: Int { dimToLvl.dimensionCount }
  public var levelRank: Int { attribute.words.count - 6 - 3 * sliceCount }

  /// Whether levels are the dimensions in order.
  public var isIdentity: Bool { dimToLvl.isIdentity }
  public var isPermutation: Bool { dimToLvl.isPermutation }
  public var isAllDense: Bool { levels.allSatisfy(\.isDense) }

  public var positionType: Type { SparseEncoding.overheadType(context, positionWidth) }
  public var coordinateType: Type { SparseEncoding.overheadType(context, coordinateWidth) }

  private static func overheadType(_ context: Context, _ width: Int) -> Type {
    width == 0 ? context.index : context.integer(width)
  }

  /// The first level of the region whose coordinates lie interleaved in one array: a compressed nonunique
  /// level followed by singletons to the end, none of them "soa"; the level rank where there is none.
  public var interleavedStart: Int {
    let levels = levels
    for start in levels.indices.dropLast() {
      let level = levels[start]
      guard level.isCompressed || level.format == .looseCompressed, !level.isUnique else {
        continue
      }
      if levels[(start + 1)...].allSatisfy({ $0.isSingleton && !$0.isSoA }) { return start }
    }
    return levels.count
  }

  /// The sizes of the levels of a tensor of `shape`, `Type.dynamic` where not known.
  public func levelShape(_ shape: [Int]) -> [Int] {
    dimToLvl.results.map { levelSize($0, shape) }
  }

  private func levelSize(_ expr: AffineExpr, _ shape: [Int]) -> Int {
    switch expr.kind {
    case .dimension: return expr.position < shape.count ? shape[expr.position] : Type.dynamic
    case .mod: return expr.right.constantValue ?? Type.dynamic
    case .floorDiv:
      let size = levelSize(expr.left, shape)
      guard size != Type.dynamic, let divisor = expr.right.constantValue, divisor > 0 else {
        return Type.dynamic
      }
      return size / divisor
    default: return Type.dynamic
    }
  }
}

extension Type {
  /// The sparse encoding of a tensor type; nil for dense tensors and other types.
  public var sparseEncoding: SparseEncoding? { SparseEncoding(encoding) }
  /// Whether this is a tensor with a sparse encoding.
  public var isSparseTensor: Bool { sparseEncoding != nil }
}
