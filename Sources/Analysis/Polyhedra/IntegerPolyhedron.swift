/// The integer points of a system of linear equalities and inequalities.
///
/// A row holds the coefficients of the variables and the constant: `[a, b, c]` in a system of two variables is
/// `a * x + b * y + c`, which is 0 (an equality) or at least 0 (an inequality). Variables are, in this order,
/// dimensions, symbols and local ones; the last are there to say what the others are, as `q` in
/// `x = 4 * q`.
///
/// Arithmetic is that of `Int`. Where a number grows out of it the system is marked `isOverflown`: rows are then
/// no longer to be relied on, and every question gets the answer that promises nothing.
///
///     // i and j with 0 <= i < 10 and i = 2 * j
///     var set = IntegerPolyhedron(dimensions: 2)
///     set.addInequality([1, 0, 0])
///     set.addInequality([-1, 0, 9])
///     set.addEquality([1, -2, 0])
public struct IntegerPolyhedron: Equatable {
  public internal(set) var dimensionCount: Int
  public internal(set) var symbolCount: Int
  public internal(set) var localCount: Int
  public internal(set) var equalities: [[Int]] = []
  public internal(set) var inequalities: [[Int]] = []
  /// Whether a number was too large for `Int` in what led to this system.
  public internal(set) var isOverflown = false

  public init(dimensions: Int, symbols: Int = 0, locals: Int = 0) {
    dimensionCount = dimensions
    symbolCount = symbols
    localCount = locals
  }

  public var variableCount: Int { dimensionCount + symbolCount + localCount }
  /// The length of a row.
  public var columnCount: Int { variableCount + 1 }
  public var constraintCount: Int { equalities.count + inequalities.count }
  /// The position of the first symbol and of the first local variable.
  public var firstSymbol: Int { dimensionCount }
  public var firstLocal: Int { dimensionCount + symbolCount }

  public enum Kind: Sendable { case dimension, symbol, local }

  // MARK: Building

  /// A row of zeros.
  public var zeroRow: [Int] { Array(repeating: 0, count: columnCount) }

  public mutating func addEquality(_ row: [Int]) {
    precondition(row.count == columnCount, "a row has a coefficient for each variable")
    equalities.append(row)
  }

  public mutating func addInequality(_ row: [Int]) {
    precondition(row.count == columnCount, "a row has a coefficient for each variable")
    inequalities.append(row)
  }

  /// Takes all inequalities out of the system.
  public mutating func takeInequalities() -> [[Int]] {
    defer { inequalities = [] }
    return inequalities
  }

  /// Adds `variable >= value`, `variable <= value` or both.
  public mutating func addLowerBound(_ variable: Int, _ value: Int) {
    var row = zeroRow
    row[variable] = 1
    row[variableCount] = negated(value)
    addInequality(row)
  }
  public mutating func addUpperBound(_ variable: Int, _ value: Int) {
    var row = zeroRow
    row[variable] = -1
    row[variableCount] = value
    addInequality(row)
  }
  public mutating func fix(_ variable: Int, to value: Int) {
    var row = zeroRow
    row[variable] = 1
    row[variableCount] = negated(value)
    addEquality(row)
  }

  /// Makes room for variables of a kind, unconstrained, so that the first is variable `position`.
  public mutating func insertVariables(_ kind: Kind, at position: Int, count: Int = 1) {
    let zeros = Array(repeating: 0, count: count)
    for i in equalities.indices { equalities[i].insert(contentsOf: zeros, at: position) }
    for i in inequalities.indices { inequalities[i].insert(contentsOf: zeros, at: position) }
    switch kind {
    case .dimension: dimensionCount += count
    case .symbol: symbolCount += count
    case .local: localCount += count
    }
  }

  /// Adds variables behind the others of their kind.
  /// - Returns: the position of the first.
  @discardableResult
  public mutating func appendVariables(_ kind: Kind, count: Int = 1) -> Int {
    let position =
      switch kind {
      case .dimension: dimensionCount
      case .symbol: firstLocal
      case .local: variableCount
      }
    insertVariables(kind, at: position, count: count)
    return position
  }

  /// Adds a local variable that is `dividend floordiv divisor`, for a positive divisor.
  /// - Returns: its position.
  @discardableResult
  public mutating func addQuotient(of dividend: [Int], by divisor: Int) -> Int {
    precondition(dividend.count == columnCount && divisor > 0)
    let quotient = appendVariables(.local)
    var row = dividend
    row.insert(0, at: quotient)
    // 0 <= dividend - divisor * quotient <= divisor - 1
    row[quotient] = -divisor
    addInequality(row)
    var other = row.map { negated($0) }
    other[columnCount - 1] = sum(other[columnCount - 1], divisor - 1)
    addInequality(other)
    return quotient
  }

  /// Says anew how many variables, of those that are not local, are symbols; they stay where they are.
  public mutating func separate(symbols count: Int) {
    precondition(count <= firstLocal)
    dimensionCount = firstLocal - count
    symbolCount = count
  }

  /// Drops variables with their coefficients.
  mutating func removeColumns(_ range: Range<Int>) {
    if range.isEmpty { return }
    for i in equalities.indices { equalities[i].removeSubrange(range) }
    for i in inequalities.indices { inequalities[i].removeSubrange(range) }
    let dimensions = range.clamped(to: 0..<dimensionCount).count
    let symbols = range.clamped(to: dimensionCount..<firstLocal).count
    let locals = range.clamped(to: firstLocal..<variableCount).count
    dimensionCount -= dimensions
    symbolCount -= symbols
    localCount -= locals
  }

  /// Exchanges two variables.
  public mutating func swapVariables(_ a: Int, _ b: Int) {
    if a == b { return }
    for i in equalities.indices { equalities[i].swapAt(a, b) }
    for i in inequalities.indices { inequalities[i].swapAt(a, b) }
  }

  /// Makes local variables of those in `range`, which are of one kind; they go behind all others.
  public mutating func makeLocal(_ range: Range<Int>) {
    for _ in range {
      let end = appendVariables(.local)
      swapVariables(range.lowerBound, end)
      removeColumns(range.lowerBound..<range.lowerBound + 1)
    }
  }

  /// Sets a variable to a value, so that it is none any more.
  public mutating func substitute(_ variable: Int, _ value: Int) {
    func substituted(_ row: [Int], _ system: inout IntegerPolyhedron) -> [Int] {
      var row = row
      let last = row.count - 1
      row[last] = system.sum(row[last], system.product(row[variable], value))
      return row
    }
    for i in equalities.indices { equalities[i] = substituted(equalities[i], &self) }
    for i in inequalities.indices { inequalities[i] = substituted(inequalities[i], &self) }
    removeColumns(variable..<variable + 1)
  }

  // MARK: Checked arithmetic

  mutating func product(_ a: Int, _ b: Int) -> Int {
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { isOverflown = true }
    return overflow ? 0 : value
  }
  mutating func sum(_ a: Int, _ b: Int) -> Int {
    let (value, overflow) = a.addingReportingOverflow(b)
    if overflow { isOverflown = true }
    return overflow ? 0 : value
  }
  mutating func negated(_ a: Int) -> Int { product(a, -1) }

  /// `a * x + b * y`, column by column.
  mutating func combination(_ a: Int, _ x: [Int], _ b: Int, _ y: [Int]) -> [Int] {
    var row = x
    for i in row.indices { row[i] = sum(product(a, x[i]), product(b, y[i])) }
    return row
  }

  static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int(clamping: a)
  }

  static func floorQuotient(_ a: Int, _ b: Int) -> Int {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient
  }
  static func ceilQuotient(_ a: Int, _ b: Int) -> Int {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest != 0 && (rest < 0) == (b < 0) ? quotient + 1 : quotient
  }
}
