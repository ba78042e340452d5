import MartletIR

/// What the bounds of loops around tell of affine expressions.
struct AffineRanges {
  let operands: [Value]
  let dimensionCount: Int
  let symbolCount: Int
  /// Inclusive bounds of the operands.
  let lower: [Int?]
  let upper: [Int?]

  init(_ bound: AffineBound) {
    operands = bound.operands
    dimensionCount = bound.map.dimensionCount
    symbolCount = bound.map.symbolCount
    lower = bound.operands.map { AffineForOp(inductionVariable: $0)?.constantLower }
    upper = bound.operands.map { value in
      guard let loop = AffineForOp(inductionVariable: value), let end = loop.constantUpper else {
        return nil
      }
      guard let start = loop.constantLower, loop.step > 0 else { return end &- 1 }
      let last = end &- 1
      let (span, overflow) = last.subtractingReportingOverflow(start)
      return overflow ? nil : last &- span % loop.step
    }
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int {
    a / b - (a % b < 0 ? 1 : 0)
  }
  private static func ceilDivide(_ a: Int, _ b: Int) -> Int { a / b + (a % b > 0 ? 1 : 0) }
  private static func modulo(_ a: Int, _ b: Int) -> Int { a % b < 0 ? a % b + b : a % b }

  /// The greatest or least value known; nil where there is none.
  func bound(_ expr: AffineExpr, isUpper: Bool) -> Int? {
    switch expr.kind {
    case .floorDiv, .ceilDiv:
      guard let divisor = expr.right.constantValue, divisor > 0,
        let value = bound(expr.left, isUpper: isUpper)
      else { return nil }
      return expr.kind == .floorDiv
        ? Self.floorDivide(value, divisor) : Self.ceilDivide(value, divisor)
    case .mod:
      guard let divisor = expr.right.constantValue, divisor > 0 else { return nil }
      if let low = bound(expr.left, isUpper: false), let high = bound(expr.left, isUpper: true),
        Self.floorDivide(low, divisor) == Self.floorDivide(high, divisor)
      {
        return Self.modulo(isUpper ? high : low, divisor)
      }
      return isUpper ? divisor - 1 : 0
    default: break
    }
    var flattener = AffineFlattener(
      expr.context, dimensions: dimensionCount, symbols: symbolCount)
    guard let form = flattener.flatten(expr), flattener.locals.isEmpty else { return nil }
    var sum = form.constant
    for (i, factor) in (form.dimensions + form.symbols).enumerated() where factor != 0 {
      guard i < lower.count,
        let value = (factor > 0) == isUpper ? upper[i] : lower[i]
      else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: factor)
      let (next, overflow2) = sum.addingReportingOverflow(product)
      if overflow || overflow2 { return nil }
      sum = next
    }
    return sum
  }

  /// The largest number known to divide the value; of an induction variable its loop tells.
  private func divisor(_ expr: AffineExpr) -> Int {
    guard expr.kind == .dimension, expr.position < operands.count,
      let loop = AffineForOp(inductionVariable: operands[expr.position])
    else { return expr.kind == .dimension ? 1 : expr.knownDivisor }
    if loop.constantLower == 0 { return Swift.max(1, loop.step) }
    var common = loop.step.magnitude
    for result in loop.lower.map.results {
      var (a, b) = (common, result.knownDivisor.magnitude)
      while b != 0 { (a, b) = (b, a % b) }
      common = a
    }
    return Swift.max(1, Int(clamping: common))
  }

  private func isNonNegative(_ expr: AffineExpr, below limit: Int) -> Bool {
    if let value = expr.constantValue { return value >= 0 && value < limit }
    guard expr.kind == .dimension, expr.position < operands.count,
      let loop = AffineForOp(inductionVariable: operands[expr.position]),
      let low = loop.constantLower, let high = loop.constantUpper
    else { return false }
    return low >= 0 && high <= limit
  }

  /// `expr` as a multiple of a divisor and a remainder below it.
  private func split(_ expr: AffineExpr) -> (divisor: Int, multiple: AffineExpr, rest: AffineExpr)?
  {
    guard expr.kind == .add else { return nil }
    for (multiple, rest) in [(expr.left, expr.right), (expr.right, expr.left)] {
      let divisor = divisor(multiple)
      if isNonNegative(rest, below: divisor) { return (divisor, multiple, rest) }
    }
    return nil
  }

  /// Divisions and remainders that ranges decide become simpler.
  func simplify(_ expr: AffineExpr) -> AffineExpr {
    guard expr.isBinary else { return expr }
    let context = expr.context
    let made = context.affineBinary(expr.kind, simplify(expr.left), simplify(expr.right))
    guard made.kind == .floorDiv || made.kind == .ceilDiv || made.kind == .mod,
      let divisor = made.right.constantValue, divisor > 0
    else { return made }
    let left = made.left
    if let low = bound(left, isUpper: false), let high = bound(left, isUpper: true) {
      switch made.kind {
      case .floorDiv where Self.floorDivide(low, divisor) == Self.floorDivide(high, divisor):
        return context.affineConstant(Self.floorDivide(low, divisor))
      case .ceilDiv where Self.ceilDivide(low, divisor) == Self.ceilDivide(high, divisor):
        return context.affineConstant(Self.ceilDivide(low, divisor))
      case .mod where low >= 0 && low < divisor && high < divisor: return left
      default: break
      }
    }
    if let (known, multiple, rest) = split(left), known != 0 {
      if made.kind == .floorDiv, divisor % known == 0 {
        return context.affineBinary(.floorDiv, multiple, made.right)
      }
      if made.kind == .mod, known % divisor == 0 {
        return context.affineBinary(.mod, rest, made.right)
      }
      return made
    }
    if made.kind == .floorDiv && isNonNegative(left, below: divisor)
      || made.kind == .mod && self.divisor(left) % divisor == 0
    {
      return context.affineConstant(0)
    }
    return made
  }

  /// Without the results of a minimum or maximum that another one always beats.
  func irredundant(_ map: AffineMap, isMax: Bool) -> AffineMap {
    if operands.isEmpty { return map }
    let exprs = map.results
    let lows = exprs.map { $0.constantValue ?? bound($0, isUpper: false) }
    let highs = exprs.map { $0.constantValue ?? bound($0, isUpper: true) }
    // For a minimum the roles of the bounds are exchanged, and with the sign all comparisons.
    let (own, others) = isMax ? (highs, lows) : (lows, highs)
    var kept: [AffineExpr] = []
    for (i, expr) in exprs.enumerated() {
      var expr = expr
      if let low = lows[i], low == highs[i] { expr = map.context.affineConstant(low) }
      guard let mine = own[i] else {
        kept.append(expr)
        continue
      }
      let isRedundant = exprs.indices.contains { j in
        guard j != i, let other = others[j] else { return false }
        if isMax ? other > mine : other < mine { return true }
        if isMax ? other < mine : other > mine { return false }
        // Of equal ones the first stays.
        return !(own[j] != nil && others[i] == own[i] && other == own[j] && i < j)
      }
      if !isRedundant { kept.append(expr) }
    }
    // Ranges that contradict one another, in code that never runs, would leave nothing.
    if kept.isEmpty { return map }
    return map.context.affineMap(
      dimensions: map.dimensionCount, symbols: map.symbolCount, kept)
  }
}
