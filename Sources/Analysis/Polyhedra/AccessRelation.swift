import MartletIR

/// Which elements of an array an operation touches in which iterations: the iterations, as a system whose
/// dimensions are the induction variables of the loops around, outermost first, and the map from them to
/// positions.
public struct AccessRelation {
  public var domain: AffineConstraints
  public var map: AffineMap
  public var operands: [Value]

  public init(domain: AffineConstraints, map: AffineMap, operands: [Value]) {
    self.domain = domain
    self.map = map
    self.operands = operands
  }

  /// How many loops around both, from the outermost on, are the same.
  public func commonLoopCount(_ other: AccessRelation) -> Int {
    zip(domain.dimensions, other.domain.dimensions).prefix { $0 != nil && $0 == $1 }.count
  }
}

/// What an access may depend on another for.
public enum Dependence {
  /// The accesses never touch the same element in that order.
  case none
  /// They may. For each common loop the least and greatest difference of its induction variable, nil where there
  /// is no bound.
  case exists(DependenceSystem)
  /// Nothing is known, since something is not affine.
  case unknown

  public var mayExist: Bool {
    if case .none = self { return false }
    return true
  }
  public var isProved: Bool {
    if case .exists = self { return true }
    return false
  }
}

/// The pairs of iterations that depend on one another. The dimensions are those of the source and then those of
/// the target.
public struct DependenceSystem {
  public let constraints: AffineConstraints
  public let sourceLoopCount: Int
  public let commonLoopCount: Int

  /// A range of differences, target minus source.
  public struct Distance: Equatable {
    public var lower: Int?
    public var upper: Int?
    public init(lower: Int?, upper: Int?) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// The differences of the induction variables of the common loops.
  public var distances: [Distance] {
    if commonLoopCount == 0 { return [] }
    var system = constraints.polyhedron
    let old = system.variableCount
    system.insertVariables(.dimension, at: 0, count: commonLoopCount)
    for i in 0..<commonLoopCount {
      var row = system.zeroRow
      row[i] = 1
      row[commonLoopCount + i] = 1
      row[commonLoopCount + sourceLoopCount + i] = -1
      system.addEquality(row)
    }
    system.projectOut(commonLoopCount, count: old)
    return (0..<commonLoopCount).map {
      Distance(
        lower: system.constantBound($0, isUpper: false),
        upper: system.constantBound($0, isUpper: true))
    }
  }
}

extension AccessRelation {
  /// Whether the iteration that `target` runs in may touch an element that this access touched before, in a
  /// later iteration of common loop `depth` (counted from 1) and the same one of those around it; with a depth
  /// behind the common loops, in the same iteration of all. The order in the text is the caller's affair, as is
  /// whether the arrays are the same.
  public func dependence(of target: AccessRelation, depth: Int) -> Dependence {
    var (source, sink) = (domain, target.domain)
    guard let sourceRows = source.rows(map, operands),
      let sinkRows = sink.rows(target.map, target.operands), sourceRows.count == sinkRows.count
    else { return .unknown }
    let sourceCount = source.dimensionCount
    let sinkCount = sink.dimensionCount
    var all = AffineConstraints(
      dimensions: Array(source.dimensions) + Array(sink.dimensions), symbols: [])
    var sourceColumns = Array(0..<sourceCount)
    var sinkColumns = (0..<sinkCount).map { sourceCount + $0 }
    var known: [Value: Int] = [:]
    func symbol(_ value: Value?) -> Int {
      if let value, let position = known[value] { return position }
      let position = all.addSymbol(value)
      if let value { known[value] = position }
      return position
    }
    for value in source.symbols { sourceColumns.append(symbol(value)) }
    for value in sink.symbols { sinkColumns.append(symbol(value)) }
    let sourceLocal = all.polyhedron.variableCount
    all.add(source.polyhedron, columns: sourceColumns)
    let sinkLocal = all.polyhedron.variableCount
    all.add(sink.polyhedron, columns: sinkColumns)
    sourceColumns += (0..<source.polyhedron.localCount).map { sourceLocal + $0 }
    sinkColumns += (0..<sink.polyhedron.localCount).map { sinkLocal + $0 }
    for (a, b) in zip(sourceRows, sinkRows) {
      let (x, y) = (all.spread(a, sourceColumns), all.spread(b, sinkColumns))
      all.polyhedron.addEquality(all.polyhedron.combination(1, x, -1, y))
    }
    let common = commonLoopCount(target)
    for i in 0..<min(common, depth) {
      var row = all.polyhedron.zeroRow
      row[i] = -1
      row[sourceCount + i] = 1
      if i == depth - 1 {
        row[row.count - 1] = -1
        all.polyhedron.addInequality(row)
      } else {
        all.polyhedron.addEquality(row)
      }
    }
    if all.polyhedron.isOverflown { return .unknown }
    if all.polyhedron.isEmpty { return .none }
    return .exists(
      DependenceSystem(
        constraints: all, sourceLoopCount: sourceCount, commonLoopCount: common))
  }
}
