import MartletAnalysis
import MartletIR

/// Dependences between affine accesses to memory.
extension AffineAccess {
  /// Whether the operation reads or writes, which a prefetch does not.
  public var touchesMemory: Bool { !operation.is(Affine.prefetch) }
  public var isRead: Bool { touchesMemory && !isStore }

  /// The position, as a map of values that are not themselves results of maps.
  public var composedIndex: AffineBound {
    var index = index
    index.compose()
    index.canonicalize()
    return index
  }

  /// The iterations of the loops around and the map from them to positions; nil where something there is not
  /// affine.
  public func relation() -> AccessRelation? {
    guard var domain = AffineConstraints(domainOf: Affine.enclosing(operation)) else {
      return nil
    }
    let index = composedIndex
    for operand in index.operands where !domain.addOperand(operand) { return nil }
    return AccessRelation(domain: domain, map: index.map, operands: index.operands)
  }

  /// Whether both are the same place of the same memref wherever both are executed in an iteration.
  public func isSamePlace(as other: AffineAccess) -> Bool {
    if memref != other.memref { return false }
    let (a, b) = (index, other.index)
    guard a.map.resultCount == b.map.resultCount else { return false }
    return AffineBound.difference(a, b).map.results.allSatisfy { $0.constantValue == 0 }
  }

  /// Whether this access, in an earlier iteration of common loop `depth` (from 1) or, with a depth one
  /// behind the common loops, earlier in the same iteration, touches what `target` touches later. Two
  /// reads do not count unless asked for, and then their order in the text does not either.
  public func dependence(
    of target: AffineAccess, depth: Int, countingReads: Bool = false
  ) -> Dependence {
    if memref != target.memref { return .none }
    if !countingReads, !isStore, !target.isStore { return .none }
    guard let scope = Affine.scope(of: operation), scope == Affine.scope(of: target.operation),
      let block = Affine.commonBlock(operation, target.operation, in: scope),
      let source = relation(), let sink = target.relation()
    else { return .unknown }
    let common = source.commonLoopCount(sink)
    if !countingReads, depth > common {
      guard let region = block.region, let first = operation.ancestor(in: region),
        let second = target.operation.ancestor(in: region), first != second,
        first.isBefore(second)
      else { return .none }
    }
    return source.dependence(of: sink, depth: depth)
  }
}

extension Affine {
  /// The innermost block around both operations, no further out than `scope`; nil where they lie in different
  /// blocks of a region.
  public static func commonBlock(_ a: Operation, _ b: Operation, in scope: Region) -> Block? {
    func chain(_ operation: Operation) -> [Block] {
      var blocks: [Block] = []
      var current = operation.block
      while let block = current {
        blocks.append(block)
        if block.region == scope { break }
        current = block.parentOperation?.block
      }
      return blocks.reversed()
    }
    return zip(chain(a), chain(b)).prefix { $0 == $1 }.last?.0
  }
}

extension AffineBound {
  /// The map of the differences of the results of two maps, composed and simplified.
  public static func difference(_ a: AffineBound, _ b: AffineBound) -> AffineBound {
    let context = a.map.context
    let (dimensions, symbols) = (a.map.dimensionCount, a.map.symbolCount)
    let shiftedDimensions = (0..<b.map.dimensionCount).map {
      context.affineDimension(dimensions + $0)
    }
    let shiftedSymbols = (0..<b.map.symbolCount).map { context.affineSymbol(symbols + $0) }
    let results = zip(a.map.results, b.map.results).map {
      $0 + $1.replacing(dimensions: shiftedDimensions, symbols: shiftedSymbols) * -1
    }
    let map = context.affineMap(
      dimensions: dimensions + b.map.dimensionCount, symbols: symbols + b.map.symbolCount,
      results)
    var bound = AffineBound(
      map: map,
      operands: Array(a.dimensions) + Array(b.dimensions) + Array(a.symbols) + Array(b.symbols))
    bound.compose()
    bound.canonicalize()
    bound.map = bound.map.simplified
    return bound
  }
}
