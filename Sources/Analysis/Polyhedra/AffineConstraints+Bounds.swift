import MartletIR

/// Variables as functions of others.
extension AffineConstraints {
  /// Bounds of a variable: the greatest of the results of `lower`, and one more than the least of `upper` allows; nil
  /// where there is none.
  public struct Bounds {
    public var lower: AffineMap?
    public var upper: AffineMap?
  }

  /// For each of `count` dimensions from `offset` on, bounds that are functions of the other dimensions and the
  /// symbols alone: of single results, exact where the variable is a function of the others, else by
  /// inequalities, else constant.
  public func bounds(of offset: Int, count: Int, _ context: Context) -> [Bounds] {
    var system = self
    system.polyhedron.normalize()
    var solver = VariableSolver(system, context, offset: offset, count: count)
    solver.run()
    let dimensions = dimensionCount - count
    let symbols = symbolCount
    func map(_ results: [AffineExpr]) -> AffineMap {
      context.affineMap(dimensions: dimensions, symbols: symbols, results)
    }
    var reduced: AffineConstraints?
    return (0..<count).map { i in
      if let found = solver.exprs[offset + i] {
        let expr = found.simplified(dimensions: dimensions, symbols: symbols)
        return Bounds(lower: map([expr]), upper: map([expr + 1]))
      }
      var bounds = Bounds()
      if polyhedron.localCount == 0 {
        if reduced == nil {
          reduced = system
          reduced?.polyhedron.removeRedundantInequalities()
        }
        if let reduced {
          let (lower, upper) = reduced.inequalityBounds(offset + i, offset, count, context)
          if !lower.isEmpty { bounds.lower = map(lower) }
          if !upper.isEmpty { bounds.upper = map(upper) }
        }
      }
      if bounds.lower?.resultCount != 1,
        let constant = polyhedron.constantBound(offset + i, isUpper: false)
      {
        bounds.lower = map([context.affineConstant(constant)])
      }
      if bounds.upper?.resultCount != 1,
        let constant = polyhedron.constantBound(offset + i, isUpper: true), constant != .max
      {
        bounds.upper = map([context.affineConstant(constant + 1)])
      }
      return bounds
    }
  }

  /// The bounds that rows give which mention none of the `count` variables from `offset` on but this one.
  private func inequalityBounds(
    _ variable: Int, _ offset: Int, _ count: Int, _ context: Context
  ) -> (lower: [AffineExpr], upper: [AffineExpr]) {
    func isOwn(_ row: [Int]) -> Bool {
      row[variable] != 0
        && (offset..<offset + count).allSatisfy { $0 == variable || row[$0] == 0 }
    }
    func expression(_ row: [Int], negated: Bool) -> AffineExpr {
      let sign = negated ? -1 : 1
      var sum = context.affineConstant(0)
      for (i, factor) in row.dropLast().enumerated() where factor != 0 {
        if (offset..<offset + count).contains(i) { continue }
        let value =
          i < dimensionCount
          ? context.affineDimension(i < offset ? i : i - count)
          : context.affineSymbol(i - dimensionCount)
        sum = sum + value * (factor &* sign)
      }
      return sum + row[row.count - 1] &* sign
    }
    var lower: [AffineExpr] = []
    var upper: [AffineExpr] = []
    func quotient(_ kind: AffineExpr.Kind, _ expr: AffineExpr, _ divisor: Int) -> AffineExpr {
      context.affineBinary(kind, expr, context.affineConstant(divisor))
    }
    for row in polyhedron.inequalities where isOwn(row) {
      let factor = row[variable]
      let divisor = Int(clamping: factor.magnitude)
      if factor > 0 {
        lower.append(quotient(.floorDiv, expression(row, negated: true) + (divisor - 1), divisor))
      } else {
        upper.append(quotient(.floorDiv, expression(row, negated: false), divisor) + 1)
      }
    }
    for row in polyhedron.equalities where isOwn(row) {
      let value = expression(row, negated: row[variable] > 0)
      let divisor = Int(clamping: row[variable].magnitude)
      upper.append(quotient(.floorDiv, value, divisor) + 1)
      lower.append(quotient(.ceilDiv, value, divisor))
    }
    return (lower, upper)
  }

  /// Grows the system, on its dimensions, to the box around it and another over the same dimensions and symbols,
  /// which may come in another order. False where extents are not constant or bounds cannot be compared; the
  /// system is then of no use any more.
  public mutating func formBoundingBox(_ other: AffineConstraints) -> Bool {
    let rank = dimensionCount
    guard other.dimensionCount == rank, polyhedron.localCount == 0,
      other.polyhedron.localCount == 0
    else { return false }
    for case let symbol? in other.symbols where position(symbol) == nil { addSymbol(symbol) }
    let theirs = other.aligned(symbols: Array(symbols), rank: rank)
    var rows: [[Int]] = []
    for i in 0..<rank {
      guard let mine = polyhedron.constantExtent(i),
        let yours = theirs.polyhedron.constantExtent(i)
      else { return false }
      let factor = mine.isEquality ? 1 : mine.lower[i]
      guard factor == (yours.isEquality ? 1 : yours.lower[i]) else { return false }
      func constants(isUpper: Bool) -> (Int?, Int?) {
        (
          polyhedron.constantBound(i, isUpper: isUpper),
          theirs.polyhedron.constantBound(i, isUpper: isUpper)
        )
      }
      guard
        let low = Self.pick(
          mine.bound(i, isUpper: false), yours.bound(i, isUpper: false), isUpper: false,
          constants(isUpper: false), factor),
        let high = Self.pick(
          mine.bound(i, isUpper: true), yours.bound(i, isUpper: true), isUpper: true,
          constants(isUpper: true), factor)
      else { return false }
      var lower = low.map { 0 &- $0 }
      lower[i] = factor
      var upper = high
      upper[i] = 0 &- factor
      rows += [lower, upper]
    }
    var union = AffineConstraints(dimensions: Array(dimensions), symbols: Array(symbols))
    for row in rows { union.polyhedron.addInequality(row) }
    union.polyhedron.removeTrivialRedundancy()
    self = union
    return true
  }

  /// The lesser of two lower bounds or the greater of two upper ones; nil where they cannot be compared.
  private static func pick(
    _ a: [Int], _ b: [Int], isUpper: Bool, _ constants: (Int?, Int?), _ factor: Int
  ) -> [Int]? {
    if a.dropLast() == b.dropLast() {
      return (a[a.count - 1] < b[b.count - 1]) == isUpper ? b : a
    }
    guard let x = constants.0, let y = constants.1 else { return nil }
    var row = Array(repeating: 0, count: a.count)
    let (value, overflow) = (isUpper ? max(x, y) : min(x, y)).multipliedReportingOverflow(
      by: factor)
    row[row.count - 1] = value
    return overflow ? nil : row
  }

  /// The system with the given symbols in their order, which include all of its own.
  func aligned(symbols: [Value?], rank: Int) -> AffineConstraints {
    var new = AffineConstraints(
      dimensions: Array(repeating: nil, count: rank), symbols: symbols)
    let columns =
      Array(0..<rank)
      + self.symbols.map { value in rank + (symbols.firstIndex { $0 == value } ?? 0) }
    new.add(polyhedron, columns: columns)
    return new
  }

  /// Makes a dimension of a symbol, behind the other dimensions.
  public mutating func makeDimension(_ symbol: Int) {
    let position = dimensionCount
    polyhedron.swapVariables(symbol, position)
    values.swapAt(symbol, position)
    polyhedron.separate(symbols: symbolCount - 1)
  }
}

extension IntegerPolyhedron.Extent {
  /// The bound of the variable as a row over the others.
  func bound(_ variable: Int, isUpper: Bool) -> [Int] {
    var row = isUpper ? upper : lower
    let isPositive = row[variable] > 0
    row[variable] = 0
    return isPositive ? row.map { 0 &- $0 } : row
  }
}

extension IntegerPolyhedron {
  /// Drops inequalities that the others imply, as far as emptiness checks tell.
  public mutating func removeRedundantInequalities() {
    var i = 0
    while i < inequalities.count {
      var without = self
      var opposite = inequalities[i].map { 0 &- $0 }
      opposite[opposite.count - 1] &-= 1
      without.inequalities[i] = opposite
      if without.isEmpty { inequalities.remove(at: i) } else { i += 1 }
    }
  }

  /// Whether every point is one of `other`, a system over the same variables without local ones; false where that
  /// is not known.
  public func isSubset(of other: IntegerPolyhedron) -> Bool {
    guard other.localCount == 0, other.firstLocal == firstLocal, !isOverflown,
      !other.isOverflown
    else { return false }
    func excludes(_ row: [Int]) -> Bool {
      // No point has row < 0.
      var system = self
      var opposite = row.dropLast().map { 0 &- $0 }
      opposite += Array(repeating: 0, count: localCount)
      opposite.append(0 &- row[row.count - 1] &- 1)
      system.addInequality(opposite)
      return system.isEmpty
    }
    return other.inequalities.allSatisfy(excludes)
      && other.equalities.allSatisfy { excludes($0) && excludes($0.map { 0 &- $0 }) }
  }
}

/// Expresses variables by others that are known, through constants, equalities, remainders and quotients.
private struct VariableSolver {
  let system: IntegerPolyhedron
  let context: Context
  let offset: Int
  let count: Int
  /// What is known of each variable.
  var exprs: [AffineExpr?]

  init(_ constraints: AffineConstraints, _ context: Context, offset: Int, count: Int) {
    system = constraints.polyhedron
    self.context = context
    self.offset = offset
    self.count = count
    exprs = Array(repeating: nil, count: system.variableCount)
    for i in 0..<system.dimensionCount {
      if i < offset {
        exprs[i] = context.affineDimension(i)
      } else if i >= offset + count {
        exprs[i] = context.affineDimension(i - count)
      }
    }
    for i in system.dimensionCount..<system.firstLocal {
      exprs[i] = context.affineSymbol(i - system.dimensionCount)
    }
  }

  mutating func run() {
    if system.isOverflown { return }
    var changed = true
    while changed {
      changed = false
      for variable in exprs.indices where exprs[variable] == nil {
        let low = system.constantBound(variable, isUpper: false)
        let high = system.constantBound(variable, isUpper: true)
        if let low, low == high {
          exprs[variable] = context.affineConstant(low)
          changed = true
        } else if low == 0, let high, high >= 1, high < .max,
          findRemainder(variable, high + 1)
        {
          changed = true
        } else if findQuotient(variable) || findSum(variable) {
          changed = true
        }
      }
    }
  }

  private func quotient(_ expr: AffineExpr, _ divisor: Int) -> AffineExpr {
    context.affineBinary(.floorDiv, expr, context.affineConstant(divisor))
  }

  /// A variable between 0 and `divisor - 1` that an equality makes the remainder of another.
  private mutating func findRemainder(_ variable: Int, _ divisor: Int) -> Bool {
    for row in system.equalities where row[variable] != 0 && row[row.count - 1] == 0 {
      let factor = row[variable]
      let (unit, overflow) = divisor.multipliedReportingOverflow(by: factor)
      if overflow { continue }
      var dividend = context.affineConstant(0)
      var quotients: [(variable: Int, sign: Int)] = []
      var isKnown = true
      for i in 0..<system.firstLocal where i != variable && row[i] != 0 {
        if row[i] % unit == 0 {
          quotients.append((i, (row[i] > 0) == (factor > 0) ? 1 : -1))
        } else if let expr = exprs[i] {
          dividend = dividend + expr * row[i]
        } else {
          isKnown = false
          break
        }
      }
      if !isKnown { continue }
      dividend = quotient(dividend * (factor > 0 ? -1 : 1), Int(clamping: factor.magnitude))
      dividend = dividend.simplified(
        dimensions: system.dimensionCount, symbols: system.symbolCount)
      guard dividend.kind == .dimension, !quotients.isEmpty else { continue }
      let place = dividend.position < offset ? dividend.position : dividend.position + count
      if let high = system.constantBound(place, isUpper: true), high < divisor {
        exprs[variable] = dividend
      } else {
        exprs[variable] = context.affineBinary(
          .mod, dividend, context.affineConstant(divisor))
      }
      if quotients.count == 1, exprs[quotients[0].variable] == nil {
        exprs[quotients[0].variable] = quotient(dividend, divisor) * quotients[0].sign
      }
      return true
    }
    return false
  }

  /// A variable that a pair of inequalities makes a quotient of known ones.
  private mutating func findQuotient(_ variable: Int) -> Bool {
    for above in system.inequalities where above[variable] < 0 {
      for below in system.inequalities where below[variable] > 0 {
        let divisor = below[variable]
        let last = above.count - 1
        guard (0..<last).allSatisfy({ above[$0] == 0 &- below[$0] }) else { continue }
        let (sum, overflow) = above[last].addingReportingOverflow(below[last])
        if overflow || sum < 0 || sum > divisor - 1 { continue }
        var dividend = context.affineConstant(above[last] &+ (divisor - 1 - sum))
        var isKnown = true
        for i in 0..<last where i != variable && above[i] != 0 {
          guard let expr = exprs[i] else {
            isKnown = false
            break
          }
          dividend = dividend + expr * above[i]
        }
        if !isKnown { continue }
        exprs[variable] = quotient(dividend, divisor)
        return true
      }
    }
    return false
  }

  /// A variable that the first equality with it expresses by known ones.
  private mutating func findSum(_ variable: Int) -> Bool {
    guard let row = system.equalities.first(where: { $0[variable] != 0 }) else { return false }
    var sum = context.affineConstant(0)
    for i in 0..<system.variableCount where i != variable && row[i] != 0 {
      guard let expr = exprs[i] else { return false }
      sum = sum + expr * row[i]
    }
    sum = sum + row[row.count - 1]
    let factor = row[variable]
    exprs[variable] = quotient(sum * (factor > 0 ? -1 : 1), Int(clamping: factor.magnitude))
    return true
  }
}
