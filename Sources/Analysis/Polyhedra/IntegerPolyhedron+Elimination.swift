/// Variables taken out of a system: by an equality where there is one, else by Fourier's and Motzkin's pairs of
/// bounds.
extension IntegerPolyhedron {
  // MARK: Tidying

  /// Divides inequalities by what their coefficients have in common, the constant rounded down: integer points stay
  /// the same, points between them may go.
  mutating func tighten() {
    for i in inequalities.indices {
      var common = 0
      for c in inequalities[i].dropLast() { common = Self.commonDivisor(common, c) }
      if common <= 1 { continue }
      let last = inequalities[i].count - 1
      for c in 0..<last { inequalities[i][c] /= common }
      inequalities[i][last] = Self.floorQuotient(inequalities[i][last], common)
    }
  }

  /// Divides rows by what all their numbers have in common.
  mutating func normalize() {
    for i in equalities.indices { Self.normalize(&equalities[i]) }
    for i in inequalities.indices { Self.normalize(&inequalities[i]) }
  }

  static func normalize(_ row: inout [Int]) {
    var common = 0
    for c in row {
      common = commonDivisor(common, c)
      if common == 1 { return }
    }
    if common > 1 { for i in row.indices { row[i] /= common } }
  }

  /// Without inequalities that always hold or that another of the same coefficients implies.
  public mutating func removeTrivialRedundancy() {
    tighten()
    normalize()
    var kept: [Int: Int] = [:]
    var first: [ArraySlice<Int>: Int] = [:]
    var isRedundant = Array(repeating: false, count: inequalities.count)
    for (i, row) in inequalities.enumerated() {
      let coefficients = row.dropLast()
      let constant = row[row.count - 1]
      if constant >= 0, coefficients.allSatisfy({ $0 == 0 }) {
        isRedundant[i] = true
        continue
      }
      if let known = first[coefficients], let other = kept[known] {
        if other > constant {
          isRedundant[known] = true
        } else {
          isRedundant[i] = true
          continue
        }
      }
      first[coefficients] = i
      kept[i] = constant
    }
    var index = 0
    inequalities.removeAll { _ in
      defer { index += 1 }
      return isRedundant[index]
    }
  }

  /// Drops constraints that mention none of the variables in `range`.
  public mutating func removeIndependentConstraints(_ range: Range<Int>) {
    equalities.removeAll { row in range.allSatisfy { row[$0] == 0 } }
    inequalities.removeAll { row in range.allSatisfy { row[$0] == 0 } }
  }

  /// Drops constraints that have no connection with a variable, through whatever other variables.
  mutating func pruneUnconnected(to variable: Int) {
    var connected: Set<Int> = [variable]
    let rows = equalities + inequalities
    var grew = true
    while grew {
      grew = false
      for row in rows where connected.contains(where: { row[$0] != 0 }) {
        for c in 0..<variableCount where row[c] != 0 && connected.insert(c).inserted {
          grew = true
        }
      }
    }
    equalities.removeAll { row in !connected.contains { row[$0] != 0 } }
    inequalities.removeAll { row in !connected.contains { row[$0] != 0 } }
  }

  // MARK: Equalities

  /// Eliminates variables from `start` on through equalities as long as that goes.
  /// - Returns: how many columns went.
  @discardableResult
  mutating func eliminateByEqualities(_ start: Int, _ end: Int) -> Int {
    if start >= end { return 0 }
    tighten()
    var pivot = start
    while pivot < end {
      guard let row = equalities.firstIndex(where: { $0[pivot] != 0 }) else {
        if inequalities.contains(where: { $0[pivot] != 0 }) { break }
        pivot += 1
        continue
      }
      let equality = equalities.remove(at: row)
      for i in equalities.indices {
        equalities[i] = eliminated(pivot, from: equalities[i], by: equality)
        Self.normalize(&equalities[i])
      }
      for i in inequalities.indices {
        inequalities[i] = eliminated(pivot, from: inequalities[i], by: equality)
        Self.normalize(&inequalities[i])
      }
      tighten()
      pivot += 1
    }
    removeColumns(start..<pivot)
    return pivot - start
  }

  /// `row`, scaled by a positive number, plus a multiple of an equality such that the variable is gone.
  private mutating func eliminated(_ pivot: Int, from row: [Int], by equality: [Int]) -> [Int] {
    if row[pivot] == 0 { return row }
    let common = Self.commonDivisor(row[pivot], equality[pivot])
    let scale = Int(clamping: equality[pivot].magnitude) / common
    let factor = product(row[pivot] / common, equality[pivot] > 0 ? -1 : 1)
    return combination(scale, row, factor, equality)
  }

  // MARK: Pairs of bounds

  /// Eliminates one variable. The result holds the rational shadow, tightened: every integer point of the system
  /// has its shadow in it, not every integer point of it need have one above.
  /// - Returns: whether it has, for sure.
  @discardableResult
  mutating func eliminate(_ variable: Int) -> Bool {
    if let row = equalities.firstIndex(where: { $0[variable] != 0 }) {
      let isExact = equalities[row][variable].magnitude == 1
      eliminateByEqualities(variable, variable + 1)
      return isExact
    }
    tighten()
    let lower = inequalities.filter { $0[variable] > 0 }
    let upper = inequalities.filter { $0[variable] < 0 }
    let others = inequalities.filter { $0[variable] == 0 }
    var rows: [[Int]] = []
    var isExact = true
    for above in upper {
      for below in lower {
        let a = below[variable]
        let b = negated(above[variable])
        let common = Self.commonDivisor(a, b)
        if a != 1 && b != 1 { isExact = false }
        rows.append(combination(a / common, above, b / common, below))
      }
    }
    inequalities = rows + others
    removeColumns(variable..<variable + 1)
    removeTrivialRedundancy()
    return isExact
  }

  /// The variable in `range` whose elimination makes the fewest inequalities.
  func cheapest(in range: Range<Int>) -> Int {
    func cost(_ variable: Int) -> Int {
      var (lower, upper) = (0, 0)
      for row in inequalities {
        if row[variable] > 0 { lower += 1 }
        if row[variable] < 0 { upper += 1 }
      }
      return lower * upper
    }
    var best = range.lowerBound
    var least = cost(best)
    for variable in range.dropFirst() {
      let this = cost(variable)
      if this < least { (best, least) = (variable, this) }
    }
    return best
  }

  /// Takes out `count` variables from `position` on.
  public mutating func projectOut(_ position: Int, count: Int = 1) {
    if count == 0 { return }
    var current = position
    var left = count
    var eliminated = 0
    while current < variableCount, left > 0 {
      let done = eliminateByEqualities(current, current + left)
      current += 1
      left -= done + 1
      eliminated += done
    }
    for i in 0..<(count - eliminated) {
      let rest = count - eliminated - i
      eliminate(cheapest(in: position..<position + rest))
      if constraintCount > Self.limit(variableCount) {
        // Too many to go on with: what is left out is unconstrained, which says less and nothing wrong.
        equalities = []
        inequalities = []
      }
    }
    tighten()
    normalize()
  }

  /// How many constraints a system of so many variables may have before elimination gives up.
  static func limit(_ variables: Int) -> Int { 64 * (variables + 4) }
}
