import MartletAnalysis
import MartletIR

/// How often a loop runs.
extension AffineForOp {
  /// The number of iterations as the least result of a map; nil where the lower bound is a maximum.
  public var tripCount: AffineBound? {
    if let lower = constantLower, let upper = constantUpper {
      let (span, overflow) = upper.subtractingReportingOverflow(lower)
      if overflow { return nil }
      return AffineBound(constant: span <= 0 ? 0 : (span - 1) / Swift.max(1, step) + 1, context)
    }
    let (lower, upper) = (lower, upper)
    guard lower.map.resultCount == 1 else { return nil }
    let start = AffineBound(
      map: context.affineMap(
        dimensions: lower.map.dimensionCount, symbols: lower.map.symbolCount,
        Array(repeating: lower.map.results[0], count: upper.map.resultCount)),
      operands: lower.operands)
    var count = AffineBound.difference(upper, start)
    let step = context.affineConstant(step)
    count.map = context.affineMap(
      dimensions: count.map.dimensionCount, symbols: count.map.symbolCount,
      count.map.results.map { context.affineBinary(.ceilDiv, $0, step) })
    return count
  }

  /// The number of iterations where it is constant, as it may be though the bounds are not.
  public var knownTripCount: Int? {
    guard let count = tripCount else { return nil }
    var least: Int?
    for result in count.map.results {
      guard let value = result.constantValue else { return nil }
      least = Swift.min(least ?? value, value)
    }
    return least.map { Swift.max(0, $0) }
  }

  /// Whether, by the bounds of this loop and those around it, it runs at least once wherever it is reached.
  public var alwaysRuns: Bool {
    if let count = knownTripCount { return count > 0 }
    guard let domain = AffineConstraints(domainOf: Affine.enclosing(operation)) else {
      return false
    }
    let (lower, upper) = (lower, upper)
    for end in upper.map.results {
      for start in lower.map.results {
        // There must be no point with end <= start.
        let a = AffineBound(
          map: context.affineMap(
            dimensions: lower.map.dimensionCount, symbols: lower.map.symbolCount, [start]),
          operands: lower.operands)
        let b = AffineBound(
          map: context.affineMap(
            dimensions: upper.map.dimensionCount, symbols: upper.map.symbolCount, [end]),
          operands: upper.operands)
        let span = AffineBound.difference(a, b)
        var system = domain
        for operand in span.operands where !system.addOperand(operand) { return false }
        guard let rows = system.rows(span.map, span.operands) else { return false }
        system.polyhedron.addInequality(rows[0])
        if !system.polyhedron.isEmpty { return false }
      }
    }
    return true
  }

  /// The largest number known to divide the number of iterations; 0 where there are none.
  public var tripCountDivisor: Int {
    guard let count = tripCount else { return 1 }
    var common = 0
    for result in count.map.results {
      var (a, b) = (common.magnitude, result.knownDivisor.magnitude)
      while b != 0 { (a, b) = (b, a % b) }
      common = Int(clamping: a)
    }
    return common
  }

  /// The loops from this one on inward, each the only operation in the one before beside its end.
  public var perfectNest: [AffineForOp] {
    var nest = [self]
    while let first = nest[nest.count - 1].body.firstOperation, let end = first.next,
      end.next == nil, let inner = AffineForOp(first)
    {
      nest.append(inner)
    }
    return nest
  }
}
