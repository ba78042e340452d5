import MartletSupport

/// An integer expression of dimensions and symbols, uniqued in its context.
public struct AffineExpr: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  public enum Kind: UInt32, Sendable {
    case dimension, symbol, constant, add, mul, mod, floorDiv, ceilDiv
  }

  public static func == (a: AffineExpr, b: AffineExpr) -> Bool { a.raw == b.raw }
  public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  public var context: Context { state.pointee.context }
  var entry: UniqueTable.Entry { state.pointee.affine.entries[raw] }
  public var kind: Kind { Kind(rawValue: entry.kind) ?? .constant }
  /// The position of a dimension or symbol.
  public var position: Int { Int(entry.words[0]) }
  public var constantValue: Int? {
    kind == .constant ? Int(Int64(bitPattern: entry.words[0])) : nil
  }
  public var left: AffineExpr { AffineExpr(state, UInt32(truncatingIfNeeded: entry.words[0])) }
  public var right: AffineExpr { AffineExpr(state, UInt32(truncatingIfNeeded: entry.words[1])) }
  public var isBinary: Bool { kind.rawValue >= Kind.add.rawValue }

  /// Whether the expression has no dimension in it.
  public var isSymbolicOrConstant: Bool {
    switch kind {
    case .dimension: false
    case .symbol, .constant: true
    default: left.isSymbolicOrConstant && right.isSymbolicOrConstant
    }
  }

  public func contains(dimension: Int) -> Bool {
    switch kind {
    case .dimension: position == dimension
    case .symbol, .constant: false
    default: left.contains(dimension: dimension) || right.contains(dimension: dimension)
    }
  }

  /// The value at a point; nil on division by zero or less, or overflow.
  public func evaluate(dimensions: [Int], symbols: [Int] = []) -> Int? {
    switch kind {
    case .constant: return constantValue
    case .dimension: return dimensions.indices.contains(position) ? dimensions[position] : nil
    case .symbol: return symbols.indices.contains(position) ? symbols[position] : nil
    default: break
    }
    guard let a = left.evaluate(dimensions: dimensions, symbols: symbols),
      let b = right.evaluate(dimensions: dimensions, symbols: symbols)
    else { return nil }
    return AffineExpr.combine(kind, a, b)
  }

  static func combine(_ kind: Kind, _ a: Int, _ b: Int) -> Int? {
    switch kind {
    case .add:
      let (sum, overflow) = a.addingReportingOverflow(b)
      return overflow ? nil : sum
    case .mul:
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow ? nil : product
    case .mod:
      if b <= 0 { return nil }
      return a % b < 0 ? a % b + b : a % b
    case .floorDiv, .ceilDiv:
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      if b == 0 || overflow { return nil }
      let remainder = a % b
      if remainder == 0 { return quotient }
      let isNegative = (remainder < 0) != (b < 0)
      if kind == .floorDiv { return isNegative ? quotient - 1 : quotient }
      return isNegative ? quotient : quotient + 1
    default: return nil
    }
  }

  /// The expression with dimensions and symbols replaced.
  public func replacing(dimensions: [AffineExpr], symbols: [AffineExpr] = []) -> AffineExpr {
    switch kind {
    case .constant: return self
    case .dimension: return position < dimensions.count ? dimensions[position] : self
    case .symbol: return position < symbols.count ? symbols[position] : self
    default:
      return context.affineBinary(
        kind, left.replacing(dimensions: dimensions, symbols: symbols),
        right.replacing(dimensions: dimensions, symbols: symbols))
    }
  }

  public static func + (a: AffineExpr, b: AffineExpr) -> AffineExpr {
    a.context.affineBinary(.add, a, b)
  }
  public static func + (a: AffineExpr, b: Int) -> AffineExpr { a + a.context.affineConstant(b) }
  public static func * (a: AffineExpr, b: AffineExpr) -> AffineExpr {
    a.context.affineBinary(.mul, a, b)
  }
  public static func * (a: AffineExpr, b: Int) -> AffineExpr { a * a.context.affineConstant(b) }
}

extension Context {
  private func affine(_ kind: UInt32, _ words: [UInt64]) -> UInt32 {
    words.withUnsafeBufferPointer { state.pointee.affine.unique(kind, $0) }
  }

  public func affineDimension(_ position: Int) -> AffineExpr {
    AffineExpr(state, affine(AffineExpr.Kind.dimension.rawValue, [UInt64(position)]))
  }
  public func affineSymbol(_ position: Int) -> AffineExpr {
    AffineExpr(state, affine(AffineExpr.Kind.symbol.rawValue, [UInt64(position)]))
  }
  public func affineConstant(_ value: Int) -> AffineExpr {
    AffineExpr(
      state, affine(AffineExpr.Kind.constant.rawValue, [UInt64(bitPattern: Int64(value))]))
  }

  /// A binary expression, simplified as MLIR simplifies on construction: constants are folded and
  /// moved right, symbols after dimensions, additions and multiplications of constants re-associated.
  public func affineBinary(_ kind: AffineExpr.Kind, _ a: AffineExpr, _ b: AffineExpr)
    -> AffineExpr
  {
    if let x = a.constantValue, let y = b.constantValue,
      let value = AffineExpr.combine(kind, x, y)
    {
      return affineConstant(value)
    }
    switch kind {
    case .add: return simplifiedAdd(a, b)
    case .mul: return simplifiedMul(a, b)
    case .mod: if let simple = simplifiedMod(a, b) { return simple }
    case .floorDiv, .ceilDiv: if let simple = simplifiedDivision(kind, a, b) { return simple }
    default: break
    }
    return makeBinary(kind, a, b)
  }

  private func makeBinary(_ kind: AffineExpr.Kind, _ a: AffineExpr, _ b: AffineExpr) -> AffineExpr {
    AffineExpr(state, affine(kind.rawValue, [UInt64(a.raw), UInt64(b.raw)]))
  }

  /// The largest number known to divide every value of `expr`: 0 for an expression that is always 0.
  private func largestKnownDivisor(_ expr: AffineExpr) -> UInt64 {
    switch expr.kind {
    case .constant: return UInt64((expr.constantValue ?? 1).magnitude)
    case .mul:
      let (product, overflow) = largestKnownDivisor(expr.left)
        .multipliedReportingOverflow(by: largestKnownDivisor(expr.right))
      return overflow ? 1 : product
    case .add, .mod:
      var (a, b) = (largestKnownDivisor(expr.left), largestKnownDivisor(expr.right))
      while b != 0 { (a, b) = (b, a % b) }
      return a
    case .floorDiv, .ceilDiv:
      guard let divisor = expr.right.constantValue, divisor != 0 else { return 1 }
      let known = largestKnownDivisor(expr.left)
      let magnitude = UInt64(divisor.magnitude)
      return known % magnitude == 0 ? known / magnitude : 1
    case .dimension, .symbol: return 1
    }
  }

  func knownDivisor(_ expr: AffineExpr) -> UInt64 { largestKnownDivisor(expr) }

  private func isMultiple(_ expr: AffineExpr, of divisor: Int) -> Bool {
    largestKnownDivisor(expr) % UInt64(divisor.magnitude) == 0
  }

  private func simplifiedMod(_ a: AffineExpr, _ b: AffineExpr) -> AffineExpr? {
    guard let divisor = b.constantValue, divisor > 0 else { return nil }
    if isMultiple(a, of: divisor) { return affineConstant(0) }
    if a.kind == .add {
      if isMultiple(a.left, of: divisor) { return affineBinary(.mod, a.right, b) }
      if isMultiple(a.right, of: divisor) { return affineBinary(.mod, a.left, b) }
    }
    if a.kind == .mod, let inner = a.right.constantValue, inner >= 1, inner % divisor == 0 {
      return affineBinary(.mod, a.left, b)
    }
    return nil
  }

  private func simplifiedDivision(_ kind: AffineExpr.Kind, _ a: AffineExpr, _ b: AffineExpr)
    -> AffineExpr?
  {
    guard let divisor = b.constantValue, divisor != 0 else { return nil }
    if divisor == 1 { return a }
    if a.kind == .mul, let factor = a.right.constantValue {
      let (quotient, overflow) = factor.dividedReportingOverflow(by: divisor)
      if !overflow, factor.remainderReportingOverflow(dividingBy: divisor).partialValue == 0 {
        return a.left * quotient
      }
    }
    if kind == .floorDiv, a.kind == .add,
      isMultiple(a.left, of: divisor) || isMultiple(a.right, of: divisor)
    {
      return affineBinary(.floorDiv, a.left, b) + affineBinary(.floorDiv, a.right, b)
    }
    return nil
  }

  /// Whether both are dimensions, or both symbols, the first with the higher number.
  private func areOutOfOrder(_ a: AffineExpr, _ b: AffineExpr) -> Bool {
    a.kind == b.kind && (a.kind == .dimension || a.kind == .symbol) && a.position > b.position
  }

  private func simplifiedAdd(_ a: AffineExpr, _ b: AffineExpr) -> AffineExpr {
    // Constants and symbolic terms go right.
    if a.kind == .constant || (a.isSymbolicOrConstant && !b.isSymbolicOrConstant)
      || areOutOfOrder(a, b)
    {
      return affineBinary(.add, b, a)
    }
    if b.constantValue == 0 { return a }
    if a.kind == .add, let x = a.right.constantValue, let y = b.constantValue,
      let sum = AffineExpr.combine(.add, x, y)
    {
      return a.left + affineConstant(sum)
    }
    if let merged = mergedMultiples(a, b) { return merged }
    if a.kind == .add, a.right.constantValue != nil { return (a.left + b) + a.right }
    return remainder(a, b) ?? makeBinary(.add, a, b)
  }

  /// `e - (e floordiv q) * q` as `e mod q`, for a constant or symbolic q.
  private func remainder(_ a: AffineExpr, _ b: AffineExpr) -> AffineExpr? {
    guard b.kind == .mul else { return nil }
    if b.right.constantValue == -1, b.left.kind == .mul, b.left.left.kind == .floorDiv,
      b.left.left.right == b.left.right, b.left.left.left == a
    {
      return affineBinary(.mod, a, b.left.right)
    }
    guard b.left.kind == .floorDiv, b.left.left == a,
      b.left.right == affineBinary(.mul, b.right, affineConstant(-1))
    else { return nil }
    return affineBinary(.mod, a, b.left.right)
  }

  /// `x * c1 + x * c2` as `x * (c1 + c2)`.
  private func mergedMultiples(_ a: AffineExpr, _ b: AffineExpr) -> AffineExpr? {
    func split(_ e: AffineExpr) -> (AffineExpr, Int) {
      if e.kind == .mul, let c = e.right.constantValue { return (e.left, c) }
      return (e, 1)
    }
    let (x, c) = split(a)
    let (y, d) = split(b)
    guard x == y, let sum = AffineExpr.combine(.add, c, d) else { return nil }
    return x * sum
  }

  private func simplifiedMul(_ a: AffineExpr, _ b: AffineExpr) -> AffineExpr {
    if a.kind == .constant || !b.isSymbolicOrConstant && a.isSymbolicOrConstant
      || areOutOfOrder(a, b)
    {
      return affineBinary(.mul, b, a)
    }
    if b.constantValue == 1 { return a }
    if b.constantValue == 0 { return affineConstant(0) }
    if a.kind == .mul, let x = a.right.constantValue {
      if let y = b.constantValue, let product = AffineExpr.combine(.mul, x, y) {
        return a.left * affineConstant(product)
      }
      return (a.left * b) * a.right
    }
    return makeBinary(.mul, a, b)
  }
}
