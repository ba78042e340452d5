/// What can be asked of a system.
extension IntegerPolyhedron {
  /// Whether a row without variables says what is not so.
  private var hasContradiction: Bool {
    for row in equalities where row[row.count - 1] != 0 {
      if row.dropLast().allSatisfy({ $0 == 0 }) { return true }
    }
    for row in inequalities where row[row.count - 1] < 0 {
      if row.dropLast().allSatisfy({ $0 == 0 }) { return true }
    }
    return false
  }

  /// Whether an equality has no integer solution for want of divisibility.
  private var failsDivisibility: Bool {
    for row in equalities {
      var common = 0
      for c in row.dropLast() { common = Self.commonDivisor(common, c) }
      if common > 0, row[row.count - 1] % common != 0 { return true }
    }
    return false
  }

  /// Whether the system is known to have no integer point: by equalities, divisibility and Fourier-Motzkin
  /// elimination with tightening. False where that does not tell, on overflow, and where the number of
  /// constraints gets out of hand.
  public var isEmpty: Bool {
    if isOverflown { return false }
    if failsDivisibility || hasContradiction { return true }
    var system = self
    var position = 0
    while position < system.variableCount {
      system.eliminateByEqualities(position, system.variableCount)
      position += 1
      if system.isOverflown { return false }
      if system.hasContradiction || system.failsDivisibility { return true }
    }
    while system.variableCount > 0 {
      system.eliminate(system.cheapest(in: 0..<system.variableCount))
      if system.isOverflown || system.constraintCount >= Self.limit(variableCount) { return false }
      if system.hasContradiction { return true }
    }
    return false
  }

  /// An integer point, found by bounding one variable after another; nil where the system is empty or
  /// unbounded, or the search takes more than `limit` steps.
  public func samplePoint(limit: Int = 10_000) -> [Int]? {
    var steps = 0
    return Self.sample(self, &steps, limit)
  }

  private static func sample(
    _ system: IntegerPolyhedron, _ steps: inout Int, _ limit: Int
  ) -> [Int]? {
    if system.isOverflown || system.isEmpty { return nil }
    if system.variableCount == 0 { return [] }
    guard let low = system.constantBound(0, isUpper: false),
      let high = system.constantBound(0, isUpper: true), low <= high
    else { return nil }
    for value in low...high {
      steps += 1
      if steps > limit { return nil }
      var rest = system
      rest.substitute(0, value)
      if let point = sample(rest, &steps, limit) { return [value] + point }
    }
    return nil
  }

  /// Whether a point satisfies every constraint; local variables count.
  public func contains(_ point: [Int]) -> Bool {
    func value(_ row: [Int]) -> Int? {
      var sum = row[row.count - 1]
      for (factor, x) in zip(row, point) {
        let (product, overflow) = factor.multipliedReportingOverflow(by: x)
        let (next, overflow2) = sum.addingReportingOverflow(product)
        if overflow || overflow2 { return nil }
        sum = next
      }
      return sum
    }
    return equalities.allSatisfy { value($0) == 0 }
      && inequalities.allSatisfy { (value($0) ?? -1) >= 0 }
  }

  /// The least or greatest value a variable can have, as far as projection onto it tells; nil where it has no
  /// constant bound.
  public func constantBound(_ variable: Int, isUpper: Bool) -> Int? {
    var system = self
    system.pruneUnconnected(to: variable)
    system.projectOut(0, count: variable)
    system.pruneUnconnected(to: 0)
    system.projectOut(1, count: system.variableCount - 1)
    if system.isOverflown { return nil }
    for row in system.equalities where row[0].magnitude == 1 { return -row[1] / row[0] }
    var best: Int?
    for row in system.inequalities where isUpper ? row[0] < 0 : row[0] > 0 {
      let bound =
        isUpper ? Self.floorQuotient(row[1], -row[0]) : Self.ceilQuotient(-row[1], row[0])
      best = best.map { isUpper ? min($0, bound) : max($0, bound) } ?? bound
    }
    return best
  }

  /// A pair of bounds of a dimension that are a constant apart.
  public struct Extent: Equatable {
    /// How many values are between the bounds, both counted.
    public var size: Int
    /// The rows: of inequalities, or of the equality twice.
    public var lower: [Int]
    public var upper: [Int]
    public var isEquality: Bool
  }

  /// The equality that makes a variable a function of the symbols; its coefficient is 1 or -1.
  func equality(fixing variable: Int) -> Int? {
    equalities.firstIndex { row in
      guard row[variable].magnitude == 1 else { return false }
      return (0..<dimensionCount).allSatisfy { $0 == variable || row[$0] == 0 }
    }
  }

  /// The least constant extent of a dimension that a pair of bounds, functions of symbols, gives.
  public func constantExtent(_ variable: Int) -> Extent? {
    if isOverflown { return nil }
    if let i = equality(fixing: variable) {
      let row = equalities[i]
      guard row[firstLocal..<variableCount].allSatisfy({ $0 == 0 }) else { return nil }
      return Extent(size: 1, lower: row, upper: row, isEquality: true)
    }
    func isSymbolic(_ row: [Int]) -> Bool {
      (0..<dimensionCount).allSatisfy { $0 == variable || row[$0] == 0 }
    }
    var best: Extent?
    for above in inequalities where above[variable] < 0 && isSymbolic(above) {
      for below in inequalities where below[variable] > 0 && isSymbolic(below) {
        guard (0..<variableCount).allSatisfy({ above[$0] == 0 &- below[$0] }) else { continue }
        let (constant, overflow) = above[variableCount].addingReportingOverflow(
          below[variableCount])
        if overflow || constant == .max { continue }
        let size = max(0, Self.ceilQuotient(constant + 1, below[variable]))
        if best.map({ size < $0.size }) ?? true {
          best = Extent(size: size, lower: below, upper: above, isEquality: false)
        }
      }
    }
    return best
  }

  /// Whether no constraint connects two of the variables in `range`.
  public func isHyperRectangular(_ range: Range<Int>) -> Bool {
    (equalities + inequalities).allSatisfy { row in range.count { row[$0] != 0 } <= 1 }
  }
}

extension IntegerPolyhedron {
  /// Takes out the first variable: in place of each of its lower bounds that it is no greater than that of `extent`,
  /// in place of each upper bound that it is no less.
  public mutating func requireTightest(_ extent: Extent) {
    for i in inequalities.indices {
      if inequalities[i][0] > 0 {
        inequalities[i] = combination(1, extent.lower, -1, inequalities[i])
      } else if inequalities[i][0] < 0 {
        inequalities[i] = combination(1, inequalities[i], -1, extent.upper)
      }
    }
    projectOut(0)
  }
}
