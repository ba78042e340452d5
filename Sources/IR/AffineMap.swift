import MartletSupport

/// `(d0, d1)[s0] -> (expr, ...)`, uniqued in its context.
public struct AffineMap: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  static let kind: UInt32 = 100

  init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  public static func == (a: AffineMap, b: AffineMap) -> Bool { a.raw == b.raw }
  public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  public var context: Context { state.pointee.context }
  private var entry: UniqueTable.Entry { state.pointee.affine.entries[raw] }
  public var dimensionCount: Int { Int(entry.words[0]) }
  public var symbolCount: Int { Int(entry.words[1]) }
  public var resultCount: Int { Int(entry.count) - 2 }
  public var results: [AffineExpr] {
    (0..<resultCount).map { AffineExpr(state, UInt32(truncatingIfNeeded: entry.words[2 + $0])) }
  }

  /// `(d0, ..., dn) -> (d0, ..., dn)`.
  public var isIdentity: Bool {
    symbolCount == 0 && resultCount == dimensionCount
      && results.enumerated().allSatisfy { $1.kind == .dimension && $1.position == $0 }
  }

  /// As `isIdentity`, for a map that may have symbols it does not use.
  public var isIdentityOnDimensions: Bool {
    resultCount == dimensionCount
      && results.enumerated().allSatisfy { $1.kind == .dimension && $1.position == $0 }
  }

  /// The dimension each result is, where all results are plain dimensions; nil otherwise.
  public var projectedDimensions: [Int]? {
    var positions: [Int] = []
    for result in results {
      guard result.kind == .dimension else { return nil }
      positions.append(result.position)
    }
    return positions
  }

  /// Whether each result is a distinct dimension.
  public var isProjectedPermutation: Bool {
    guard symbolCount == 0, let dimensions = projectedDimensions else { return false }
    return Set(dimensions).count == dimensions.count
  }

  public var isPermutation: Bool { isProjectedPermutation && resultCount == dimensionCount }

  /// The results at a point; nil where one has no value there.
  public func evaluate(_ dimensions: [Int], symbols: [Int] = []) -> [Int]? {
    var values: [Int] = []
    for result in results {
      guard let value = result.evaluate(dimensions: dimensions, symbols: symbols) else {
        return nil
      }
      values.append(value)
    }
    return values
  }

  /// `self` after `inner`: the map x -> self(inner(x)). The inner map's results are `self`'s dimensions.
  public func composed(with inner: AffineMap) -> AffineMap {
    let shifted = (0..<symbolCount).map { context.affineSymbol($0 + inner.symbolCount) }
    let composed = results.map { $0.replacing(dimensions: inner.results, symbols: shifted) }
    return context.affineMap(
      dimensions: inner.dimensionCount, symbols: symbolCount + inner.symbolCount, composed)
  }

  /// For a projected permutation that mentions every dimension, the map from results back to
  /// dimensions; nil where a dimension is not a plain result.
  public var inversePermutation: AffineMap? {
    var found = [AffineExpr?](repeating: nil, count: dimensionCount)
    for (i, result) in results.enumerated() where result.kind == .dimension {
      if found[result.position] == nil { found[result.position] = context.affineDimension(i) }
    }
    let all = found.compactMap { $0 }
    guard all.count == dimensionCount else { return nil }
    return context.affineMap(dimensions: resultCount, symbols: 0, all)
  }
}

/// `(d0)[s0] : (expr == 0, expr >= 0)`, uniqued in its context.
public struct IntegerSet: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  static let kind: UInt32 = 101

  init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  public static func == (a: IntegerSet, b: IntegerSet) -> Bool { a.raw == b.raw }
  public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  private var entry: UniqueTable.Entry { state.pointee.affine.entries[raw] }
  public var dimensionCount: Int { Int(entry.words[0]) }
  public var symbolCount: Int { Int(entry.words[1]) }
  /// The constraints: an expression that is 0 (`isEquality`) or at least 0.
  public var constraints: [(expr: AffineExpr, isEquality: Bool)] {
    stride(from: 2, to: Int(entry.count), by: 2).map {
      (
        AffineExpr(state, UInt32(truncatingIfNeeded: entry.words[$0])),
        entry.words[$0 + 1] != 0
      )
    }
  }
}

extension Context {
  public func affineMap(dimensions: Int, symbols: Int, _ results: [AffineExpr]) -> AffineMap {
    let words = [UInt64(dimensions), UInt64(symbols)] + results.map { UInt64($0.raw) }
    return AffineMap(
      state, words.withUnsafeBufferPointer { state.pointee.affine.unique(AffineMap.kind, $0) })
  }

  public func identityMap(_ rank: Int) -> AffineMap {
    affineMap(dimensions: rank, symbols: 0, (0..<rank).map(affineDimension))
  }

  /// The map whose results are the given dimensions.
  public func projection(_ positions: [Int], of dimensions: Int) -> AffineMap {
    affineMap(dimensions: dimensions, symbols: 0, positions.map(affineDimension))
  }

  public func integerSet(
    dimensions: Int, symbols: Int, _ constraints: [(expr: AffineExpr, isEquality: Bool)]
  ) -> IntegerSet {
    var words: [UInt64] = [UInt64(dimensions), UInt64(symbols)]
    for constraint in constraints {
      words.append(UInt64(constraint.expr.raw))
      words.append(constraint.isEquality ? 1 : 0)
    }
    return IntegerSet(
      state, words.withUnsafeBufferPointer { state.pointee.affine.unique(IntegerSet.kind, $0) })
  }
}
