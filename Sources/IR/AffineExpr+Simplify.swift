/// Affine expressions as linear forms of dimensions, symbols and quotients, after MLIR's
/// `SimpleAffineExprFlattener`: `e mod c` becomes `e - c * (e floordiv c)`, and each division or product that is
/// not linear a variable of its own. Writing the form out again puts the terms in a fixed order.
public struct AffineFlattener {
  /// Coefficients of dimensions, symbols, local variables and the constant.
  public struct Form: Equatable {
    public var dimensions: [Int]
    public var symbols: [Int]
    /// May be shorter than the list of local variables; what is missing is 0.
    public var locals: [Int] = []
    public var constant = 0

    public init(dimensions: [Int], symbols: [Int]) {
      self.dimensions = dimensions
      self.symbols = symbols
    }

    var coefficients: [Int] { dimensions + symbols + locals + [constant] }

    /// The sum; nil on overflow.
    func adding(_ other: Form, times factor: Int = 1) -> Form? {
      var sum = self
      while sum.locals.count < other.locals.count { sum.locals.append(0) }
      func add(_ a: inout Int, _ b: Int) -> Bool {
        let (product, overflow) = b.multipliedReportingOverflow(by: factor)
        let (value, overflow2) = a.addingReportingOverflow(product)
        a = value
        return !overflow && !overflow2
      }
      for i in dimensions.indices where !add(&sum.dimensions[i], other.dimensions[i]) {
        return nil
      }
      for i in symbols.indices where !add(&sum.symbols[i], other.symbols[i]) { return nil }
      for i in other.locals.indices where !add(&sum.locals[i], other.locals[i]) { return nil }
      return add(&sum.constant, other.constant) ? sum : nil
    }

    mutating func map(_ change: (Int) -> Int) {
      dimensions = dimensions.map(change)
      symbols = symbols.map(change)
      locals = locals.map(change)
      constant = change(constant)
    }
  }

  let context: Context
  let dimensionCount: Int
  let symbolCount: Int
  /// What the local variables stand for.
  public private(set) var locals: [AffineExpr] = []

  public init(_ context: Context, dimensions: Int, symbols: Int) {
    self.context = context
    dimensionCount = dimensions
    symbolCount = symbols
  }

  private var zero: Form {
    Form(
      dimensions: Array(repeating: 0, count: dimensionCount),
      symbols: Array(repeating: 0, count: symbolCount))
  }

  /// The linear form; nil where a divisor is not positive, numbers overflow, or the expression uses a
  /// dimension or symbol that there is not.
  public mutating func flatten(_ expr: AffineExpr) -> Form? {
    var form = zero
    switch expr.kind {
    case .constant: form.constant = expr.constantValue ?? 0
    case .dimension:
      guard expr.position < dimensionCount else { return nil }
      form.dimensions[expr.position] = 1
    case .symbol:
      guard expr.position < symbolCount else { return nil }
      form.symbols[expr.position] = 1
    case .add:
      guard let a = flatten(expr.left), let b = flatten(expr.right) else { return nil }
      return a.adding(b)
    case .mul: return flattenProduct(expr)
    case .mod: return flattenRemainder(expr)
    case .floorDiv, .ceilDiv: return flattenQuotient(expr)
    }
    return form
  }

  /// The form that is the variable standing for `expr`.
  private mutating func local(_ expr: AffineExpr) -> Form {
    var form = zero
    let i: Int
    if let known = locals.firstIndex(of: expr) {
      i = known
    } else {
      i = locals.count
      locals.append(expr)
    }
    form.locals = Array(repeating: 0, count: i + 1)
    form.locals[i] = 1
    return form
  }

  private mutating func flattenProduct(_ expr: AffineExpr) -> Form? {
    guard let a = flatten(expr.left), let b = flatten(expr.right) else { return nil }
    if let factor = expr.right.constantValue { return zero.adding(a, times: factor) }
    return local(expression(a) * expression(b))
  }

  private mutating func flattenRemainder(_ expr: AffineExpr) -> Form? {
    guard let a = flatten(expr.left), let b = flatten(expr.right) else { return nil }
    guard let divisor = expr.right.constantValue else {
      return local(context.affineBinary(.mod, expression(a), expression(b)))
    }
    guard divisor > 0 else { return nil }
    if a.coefficients.allSatisfy({ $0 % divisor == 0 }) { return zero }
    let common = commonDivisor(a, divisor)
    var dividend = a
    dividend.map { $0 / common }
    let quotient = context.affineBinary(
      .floorDiv, expression(dividend), context.affineConstant(divisor / common))
    return a.adding(local(quotient), times: 0 &- divisor)
  }

  private mutating func flattenQuotient(_ expr: AffineExpr) -> Form? {
    guard var a = flatten(expr.left), let b = flatten(expr.right) else { return nil }
    guard let divisor = expr.right.constantValue else {
      return local(context.affineBinary(expr.kind, expression(a), expression(b)))
    }
    guard divisor > 0 else { return nil }
    let common = commonDivisor(a, divisor)
    a.map { $0 / common }
    if divisor / common == 1 { return a }
    return local(
      context.affineBinary(
        expr.kind, expression(a), context.affineConstant(divisor / common)))
  }

  private func commonDivisor(_ form: Form, _ divisor: Int) -> Int {
    var result = divisor.magnitude
    for coefficient in form.coefficients {
      var (a, b) = (result, coefficient.magnitude)
      while b != 0 { (a, b) = (b, a % b) }
      result = a
    }
    return Int(clamping: result)
  }

  /// The expression of a form: dimensions, symbols, local variables and the constant in this order.
  public func expression(_ form: Form) -> AffineExpr {
    var sum = context.affineConstant(0)
    for (i, factor) in form.dimensions.enumerated() where factor != 0 {
      sum = sum + context.affineDimension(i) * factor
    }
    for (i, factor) in form.symbols.enumerated() where factor != 0 {
      sum = sum + context.affineSymbol(i) * factor
    }
    for (i, factor) in form.locals.enumerated() where factor != 0 {
      sum = sum + locals[i] * factor
    }
    return form.constant == 0 ? sum : sum + form.constant
  }
}

extension AffineExpr {
  /// Whether products have a constant factor and divisors are constants.
  public var isPureAffine: Bool {
    switch kind {
    case .dimension, .symbol, .constant: true
    case .add: left.isPureAffine && right.isPureAffine
    case .mul:
      left.isPureAffine && right.isPureAffine
        && (left.constantValue != nil || right.constantValue != nil)
    case .mod, .floorDiv, .ceilDiv: left.isPureAffine && right.constantValue != nil
    }
  }

  /// The same values from a sum of terms in a fixed order. Expressions with symbols as factors or divisors
  /// stay as they are.
  public func simplified(dimensions: Int, symbols: Int) -> AffineExpr {
    guard isPureAffine else { return self }
    var flattener = AffineFlattener(context, dimensions: dimensions, symbols: symbols)
    guard let form = flattener.flatten(self) else { return self }
    return flattener.expression(form)
  }

  /// Calls `visit` on the expression and all in it.
  public func walk(_ visit: (AffineExpr) -> Void) {
    visit(self)
    if isBinary {
      left.walk(visit)
      right.walk(visit)
    }
  }

  /// The number of parts, counted again where they are shared; `limit` where there are at least so many.
  public func size(limit: Int) -> Int {
    var waiting = [self]
    var count = 0
    while let expr = waiting.popLast(), count < limit {
      count += 1
      if expr.isBinary { waiting += [expr.left, expr.right] }
    }
    return count
  }

  /// The largest number known to divide every value.
  public var knownDivisor: Int { Int(clamping: context.knownDivisor(self)) }
}

extension AffineMap {
  /// The map with results simplified.
  public var simplified: AffineMap {
    context.affineMap(
      dimensions: dimensionCount, symbols: symbolCount,
      results.map { $0.simplified(dimensions: dimensionCount, symbols: symbolCount) })
  }

  /// The map with dimensions and symbols replaced, as one of so many dimensions and symbols.
  public func replacing(
    dimensions: [AffineExpr], symbols: [AffineExpr], dimensionCount: Int, symbolCount: Int
  ) -> AffineMap {
    context.affineMap(
      dimensions: dimensionCount, symbols: symbolCount,
      results.map { $0.replacing(dimensions: dimensions, symbols: symbols) })
  }

  public var inputCount: Int { dimensionCount + symbolCount }

  /// The map of some of the results.
  public func slice(_ range: Range<Int>) -> AffineMap {
    context.affineMap(
      dimensions: dimensionCount, symbols: symbolCount, Array(results[range]))
  }

  /// The value of a map of one constant result and no inputs.
  public var singleConstant: Int? {
    resultCount == 1 ? results[0].constantValue : nil
  }
}
