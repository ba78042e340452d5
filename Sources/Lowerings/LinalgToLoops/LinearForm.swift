import MartletIR

/// `constant + sum(coefficients[i] * loop i)`: an index that is linear in the loops around it.
struct LinearForm: Hashable {
  var coefficients: [Int]
  var constant: Int

  init(coefficients: [Int], constant: Int = 0) {
    self.coefficients = coefficients
    self.constant = constant
  }

  /// Nil where `expression` is not linear with known coefficients, or one does not fit.
  init?(_ expression: AffineExpr, loops: Int) {
    self.init(coefficients: Array(repeating: 0, count: loops))
    if !add(expression, times: 1) { return nil }
  }

  private mutating func add(_ expression: AffineExpr, times factor: Int) -> Bool {
    switch expression.kind {
    case .add:
      return add(expression.left, times: factor) && add(expression.right, times: factor)
    case .dimension:
      let i = expression.position
      guard coefficients.indices.contains(i) else { return false }
      let (sum, overflow) = coefficients[i].addingReportingOverflow(factor)
      coefficients[i] = sum
      return !overflow
    case .constant:
      return add(constant: expression.constantValue ?? 0, times: factor)
    case .mul:
      guard let value = expression.right.constantValue else { return false }
      let (product, overflow) = value.multipliedReportingOverflow(by: factor)
      return !overflow && add(expression.left, times: product)
    default: return false
    }
  }

  private mutating func add(constant value: Int, times factor: Int) -> Bool {
    let (product, overflow) = value.multipliedReportingOverflow(by: factor)
    let (sum, sumOverflow) = constant.addingReportingOverflow(product)
    constant = sum
    return !overflow && !sumOverflow
  }

  /// Adds `factor` times `other`; false where a number does not fit.
  mutating func add(_ other: LinearForm, times factor: Int) -> Bool {
    for (i, coefficient) in other.coefficients.enumerated() {
      let (product, overflow) = coefficient.multipliedReportingOverflow(by: factor)
      let (sum, sumOverflow) = coefficients[i].addingReportingOverflow(product)
      if overflow || sumOverflow { return false }
      coefficients[i] = sum
    }
    return add(constant: other.constant, times: factor)
  }
}
