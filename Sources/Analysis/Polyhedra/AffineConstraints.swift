import MartletIR

/// A polyhedron whose dimensions and symbols stand for values of the IR, and to which affine expressions of such
/// values can be added.
public struct AffineConstraints {
  public var polyhedron: IntegerPolyhedron
  /// What dimensions and symbols stand for; nil for one that is nothing of the IR.
  public var values: [Value?]

  public init(dimensions: [Value?] = [], symbols: [Value?] = []) {
    polyhedron = IntegerPolyhedron(dimensions: dimensions.count, symbols: symbols.count)
    values = dimensions + symbols
  }

  public var dimensionCount: Int { polyhedron.dimensionCount }
  public var symbolCount: Int { polyhedron.symbolCount }
  public var dimensions: ArraySlice<Value?> { values.prefix(dimensionCount) }
  public var symbols: ArraySlice<Value?> { values.dropFirst(dimensionCount) }

  /// The variable that stands for `value`.
  public func position(_ value: Value) -> Int? { values.firstIndex(of: value) }

  @discardableResult
  public mutating func addDimension(_ value: Value?) -> Int {
    let position = polyhedron.appendVariables(.dimension)
    values.insert(value, at: position)
    return position
  }

  @discardableResult
  public mutating func addSymbol(_ value: Value?) -> Int {
    let position = polyhedron.appendVariables(.symbol)
    values.insert(value, at: position)
    return position
  }

  public mutating func projectOut(_ position: Int, count: Int = 1) {
    let known = min(max(0, values.count - position), count)
    if known > 0 { values.removeSubrange(position..<position + known) }
    polyhedron.projectOut(position, count: count)
  }

  /// Rows that are the values of a map's results, whose operands are variables of the system already. Divisions
  /// by constants become local variables; nil for other divisions and products, and where numbers overflow.
  public mutating func rows(_ map: AffineMap, _ operands: [Value]) -> [[Int]]? {
    var positions: [Int] = []
    for operand in operands {
      guard let position = position(operand) else { return nil }
      positions.append(position)
    }
    return rows(map, at: positions)
  }

  /// As above, with the positions of the variables that the map's dimensions and symbols are.
  public mutating func rows(_ map: AffineMap, at positions: [Int]) -> [[Int]]? {
    guard positions.count == map.inputCount, map.results.allSatisfy(\.isPureAffine) else {
      return nil
    }
    var flattener = AffineFlattener(
      map.context, dimensions: map.dimensionCount, symbols: map.symbolCount)
    var forms: [AffineFlattener.Form] = []
    for result in map.results {
      guard let form = flattener.flatten(result) else { return nil }
      forms.append(form)
    }
    // The places of quotients, in the order the flattener met them: each is of what comes before it.
    var locals: [Int] = []
    func row(_ form: AffineFlattener.Form, _ system: IntegerPolyhedron) -> [Int] {
      var row = system.zeroRow
      for (i, factor) in (form.dimensions + form.symbols).enumerated() {
        row[positions[i]] &+= factor
      }
      for (i, factor) in form.locals.enumerated() where factor != 0 { row[locals[i]] &+= factor }
      row[row.count - 1] = form.constant
      return row
    }
    var next = 0
    while next < flattener.locals.count {
      let expr = flattener.locals[next]
      guard expr.kind == .floorDiv || expr.kind == .ceilDiv,
        let divisor = expr.right.constantValue, divisor > 0,
        var form = flattener.flatten(expr.left), form.locals.count <= next
      else { return nil }
      if expr.kind == .ceilDiv {
        let (constant, overflow) = form.constant.addingReportingOverflow(divisor - 1)
        if overflow { return nil }
        form.constant = constant
      }
      let dividend = row(form, polyhedron)
      locals.append(quotient(dividend, divisor))
      next += 1
    }
    return forms.map { row($0, polyhedron) }
  }

  /// The local variable that is a quotient: one that is there already, or a new one.
  private mutating func quotient(_ dividend: [Int], _ divisor: Int) -> Int {
    for local in polyhedron.firstLocal..<polyhedron.variableCount where dividend[local] == 0 {
      var row = dividend
      row[local] = -divisor
      var other = row.map { 0 &- $0 }
      other[other.count - 1] &+= divisor - 1
      if polyhedron.inequalities.contains(row), polyhedron.inequalities.contains(other) {
        return local
      }
    }
    return polyhedron.addQuotient(of: dividend, by: divisor)
  }

  /// Adds a bound of a variable by each result of a map: `variable >= result`, or `variable < result` where
  /// it is an upper one.
  /// - Returns: whether the map could be taken in; if not, nothing is added.
  public mutating func addBound(
    _ variable: Int, _ map: AffineMap, _ operands: [Value], isUpper: Bool
  ) -> Bool {
    let isLocalVariable = variable >= polyhedron.firstLocal
    guard !isLocalVariable, let rows = rows(map, operands) else { return false }
    for bound in rows {
      var row = bound
      if isUpper {
        row[variable] &-= 1
        row[row.count - 1] = polyhedron.sum(row[row.count - 1], -1)
      } else {
        row = row.map { 0 &- $0 }
        row[variable] &+= 1
      }
      polyhedron.addInequality(row)
    }
    return true
  }

  /// Adds the constraints of a set.
  public mutating func add(_ set: IntegerSet, _ operands: [Value]) -> Bool {
    guard let context = values.lazy.compactMap({ $0 }).first?.context ?? operands.first?.context
    else { return set.constraints.isEmpty }
    let map = context.affineMap(
      dimensions: set.dimensionCount, symbols: set.symbolCount, set.constraints.map(\.expr))
    guard let rows = rows(map, operands) else { return false }
    for (row, constraint) in zip(rows, set.constraints) {
      if constraint.isEquality {
        polyhedron.addEquality(row)
      } else {
        polyhedron.addInequality(row)
      }
    }
    return true
  }

  /// Adds all constraints of another system, whose variable i is `columns[i]` here; its local variables come in
  /// as new ones.
  public mutating func add(_ other: IntegerPolyhedron, columns: [Int]) {
    precondition(columns.count == other.firstLocal)
    let firstLocal = polyhedron.appendVariables(.local, count: other.localCount)
    let all = columns + (0..<other.localCount).map { firstLocal + $0 }
    for row in other.equalities { polyhedron.addEquality(spread(row, all)) }
    for row in other.inequalities { polyhedron.addInequality(spread(row, all)) }
    if other.isOverflown { polyhedron.isOverflown = true }
  }

  /// A row of another system as one of this.
  func spread(_ row: [Int], _ columns: [Int]) -> [Int] {
    var new = polyhedron.zeroRow
    for (i, column) in columns.enumerated() { new[column] &+= row[i] }
    new[new.count - 1] = row[row.count - 1]
    return new
  }
}
