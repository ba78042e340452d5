import MartletAnalysis
import MartletIR

/// The iterations of loops as constraints.
extension AffineConstraints {
  /// Makes `value` a variable unless it is one: an induction variable a dimension, bound by its loop, any other
  /// value that may be a symbol a symbol, fixed where it is constant.
  /// - Returns: whether it is one now.
  @discardableResult
  public mutating func addOperand(_ value: Value) -> Bool {
    if position(value) != nil { return true }
    if let loop = AffineForOp(inductionVariable: value) {
      addDimension(value)
      return addDomain(of: loop)
    }
    if let loop = AffineParallelOp(inductionVariable: value) {
      addDimension(value)
      return addDomain(of: loop)
    }
    guard value.definingOperation?.is(Affine.apply) != true, Affine.isSymbol(value) else {
      return false
    }
    let position = addSymbol(value)
    if let constant = value.constantInteger { polyhedron.fix(position, to: constant) }
    return true
  }

  /// Adds bounds of `variable` by a map that may be applied to what is not a variable yet.
  public mutating func addBound(
    of variable: Value, _ bound: AffineBound, isUpper: Bool
  ) -> Bool {
    if let constant = bound.map.singleConstant, let position = position(variable) {
      if isUpper {
        polyhedron.addUpperBound(position, constant &- 1)
      } else {
        polyhedron.addLowerBound(position, constant)
      }
      return constant != .min
    }
    var bound = bound
    bound.compose()
    for operand in bound.operands where !addOperand(operand) { return false }
    guard let position = position(variable) else { return false }
    return addBound(position, bound.map, bound.operands, isUpper: isUpper)
  }

  /// The bounds and, where the lower one is constant, the step of a loop whose induction variable is a variable.
  public mutating func addDomain(of loop: AffineForOp) -> Bool {
    guard let position = position(loop.inductionVariable) else { return false }
    let step = loop.step
    if step > 1, let lower = loop.constantLower {
      var dividend = polyhedron.zeroRow
      dividend[position] = 1
      dividend[dividend.count - 1] = 0 &- lower
      let quotient = polyhedron.addQuotient(of: dividend, by: step)
      dividend.insert(0, at: quotient)
      dividend[quotient] = 0 &- step
      polyhedron.addEquality(dividend)
    }
    return addBound(of: loop.inductionVariable, loop.lower, isUpper: false)
      && addBound(of: loop.inductionVariable, loop.upper, isUpper: true)
  }

  /// The bounds of a parallel loop whose induction variables are variables.
  public mutating func addDomain(of loop: AffineParallelOp) -> Bool {
    var (low, high) = (0, 0)
    for (i, variable) in loop.inductionVariables.enumerated() {
      guard i < loop.lowerGroups.count, i < loop.upperGroups.count else { return false }
      let lower = low..<low + loop.lowerGroups[i]
      let upper = high..<high + loop.upperGroups[i]
      (low, high) = (lower.upperBound, upper.upperBound)
      guard position(variable) != nil else { continue }
      let below = AffineBound(
        map: loop.lower.map.slice(lower), operands: loop.lower.operands)
      let above = AffineBound(
        map: loop.upper.map.slice(upper), operands: loop.upper.operands)
      guard addBound(of: variable, below, isUpper: false),
        addBound(of: variable, above, isUpper: true)
      else { return false }
    }
    return true
  }

  /// The condition of an `affine.if`, as far as it can be taken in; for the other branch nothing is known.
  public mutating func addCondition(of conditional: Operation) {
    guard let set = conditional.attribute("condition")?.integerSet else { return }
    let context = conditional.context
    var bound = AffineBound(
      map: context.affineMap(
        dimensions: set.dimensionCount, symbols: set.symbolCount, set.constraints.map(\.expr)),
      operands: Array(conditional.operands))
    bound.compose()
    for operand in bound.operands where !addOperand(operand) { return }
    let composed = context.integerSet(
      dimensions: bound.map.dimensionCount, symbols: bound.map.symbolCount,
      zip(bound.map.results, set.constraints).map { ($0, $1.isEquality) })
    _ = add(composed, bound.operands)
  }

  /// The iterations of `operations`, loops and conditionals each nested in the one before: a dimension for each
  /// induction variable, then those of loops further out that bounds use. Nil where bounds are not affine.
  public init?(domainOf operations: [Operation]) {
    var variables: [Value?] = []
    for operation in operations {
      if let loop = AffineForOp(operation) {
        variables.append(loop.inductionVariable)
      } else if let loop = AffineParallelOp(operation) {
        variables += loop.inductionVariables
      }
    }
    self.init(dimensions: variables)
    for operation in operations {
      if let loop = AffineForOp(operation) {
        if !addDomain(of: loop) { return nil }
      } else if let loop = AffineParallelOp(operation) {
        if !addDomain(of: loop) { return nil }
      } else {
        addCondition(of: operation)
      }
    }
  }
}

extension AffineParallelOp {
  /// The loop one of whose induction variables `value` is.
  public init?(inductionVariable value: Value) {
    guard let block = value.owningBlock, let loop = AffineParallelOp(block.parentOperation),
      loop.body == block
    else { return nil }
    self = loop
  }
}

extension Affine {
  /// Whether `value` is the induction variable of an affine loop, serial or parallel.
  public static func isInductionVariable(_ value: Value) -> Bool {
    AffineForOp(inductionVariable: value) != nil
      || AffineParallelOp(inductionVariable: value) != nil
  }

  /// The affine loops and conditionals around `operation`, outermost first.
  public static func enclosing(_ operation: Operation) -> [Operation] {
    var found: [Operation] = []
    var current = operation.parent
    while let parent = current {
      if parent.is(`for`) || parent.is(`if`) || parent.is(parallel) { found.append(parent) }
      current = parent.parent
    }
    return found.reversed()
  }

  /// The `affine.for` around `operation`, outermost first, up to the scope of its symbols.
  public static func loops(around operation: Operation) -> [AffineForOp] {
    var found: [AffineForOp] = []
    var current = operation.parent
    while let parent = current, !parent.has(.affineScope) {
      if let loop = AffineForOp(parent) { found.append(loop) }
      current = parent.parent
    }
    return found.reversed()
  }

  /// The induction variables of affine loops around `operation`, outermost first.
  public static func inductionVariables(around operation: Operation) -> [Value] {
    enclosing(operation).flatMap { loop -> [Value] in
      if let loop = AffineForOp(loop) { return [loop.inductionVariable] }
      return AffineParallelOp(loop)?.inductionVariables ?? []
    }
  }

  /// How many loops around both, from the outermost on, are the same.
  public static func commonLoopCount(_ a: Operation, _ b: Operation) -> Int {
    zip(inductionVariables(around: a), inductionVariables(around: b)).prefix { $0 == $1 }.count
  }

  /// How many affine loops are around `operation`.
  public static func nestingDepth(_ operation: Operation) -> Int {
    var depth = 0
    var current = operation.parent
    while let parent = current {
      if parent.is(`for`) { depth += 1 }
      if let loop = AffineParallelOp(parent) { depth += loop.inductionVariables.count }
      current = parent.parent
    }
    return depth
  }
}
