import MartletAnalysis
import MartletIR

/// A part of the iterations of a loop nest: other bounds for its induction variables, as functions of the loops into
/// which the part is to be put.
public struct AffineSlice {
  public var variables: [Value] = []
  /// A bound for each variable; nil leaves the loop's own.
  public var lower: [AffineBound?] = []
  public var upper: [AffineBound?] = []
  /// Where the part goes: the beginning of a loop's body or its end.
  public var target: AffineForOp?
  public var isAtStart = true

  public init() {}

  public var isEmpty: Bool { variables.isEmpty }

  /// All that bounds are applied to.
  public var operands: [Value] {
    var all: [Value] = []
    for bound in lower + upper {
      for operand in bound?.operands ?? [] where !all.contains(operand) { all.append(operand) }
    }
    return all
  }

  /// The bounds of variable `i` where it is a single iteration.
  func single(_ i: Int) -> AffineBound? {
    guard let lower = lower[i], let upper = upper[i], lower.map.resultCount == 1,
      upper.map.resultCount == 1, lower.operands == upper.operands,
      upper.map.results[0] == lower.map.results[0] + 1
    else { return nil }
    return lower
  }

  /// The number of iterations of each loop; nil where one is not constant.
  public var tripCounts: [Operation: Int]? {
    var counts: [Operation: Int] = [:]
    for (i, variable) in variables.enumerated() {
      guard let loop = AffineForOp(inductionVariable: variable) else { return nil }
      guard let lower = lower[i], let upper = upper[i], lower.map.resultCount > 0,
        upper.map.resultCount > 0
      else {
        if let start = loop.constantLower, let end = loop.constantUpper {
          counts[loop.operation] = end &- start
        } else if let count = loop.knownTripCount {
          counts[loop.operation] = count
        } else {
          return nil
        }
        continue
      }
      guard lower.map.resultCount == 1, upper.map.resultCount == 1,
        let span = (upper.map.results[0] + lower.map.results[0] * -1).simplified(
          dimensions: lower.map.dimensionCount, symbols: lower.map.symbolCount
        ).constantValue
      else { return nil }
      counts[loop.operation] = span
    }
    return counts
  }

  /// How many iterations the part has for each iteration of the loops around it.
  public var iterationCount: Int? {
    guard let counts = tripCounts else { return nil }
    var product = 1
    for count in counts.values {
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      if overflow { return nil }
      product = next
    }
    return product
  }

  // MARK: Constraints

  /// The iterations of the nest as a whole.
  private var source: AffineConstraints? {
    var system = AffineConstraints(dimensions: variables.map { $0 })
    for variable in variables {
      guard let loop = AffineForOp(inductionVariable: variable), system.addDomain(of: loop)
      else { return nil }
    }
    return system
  }

  /// The iterations of the part, as a function of the operands, which are symbols.
  public var constraints: AffineConstraints? {
    var system = AffineConstraints(
      dimensions: variables.map { $0 }, symbols: operands.map { $0 })
    for operand in operands {
      if let loop = AffineForOp(inductionVariable: operand) {
        if !system.addDomain(of: loop) { return nil }
      } else if Affine.isSymbol(operand), let constant = operand.constantInteger,
        let position = system.position(operand)
      {
        system.polyhedron.fix(position, to: constant)
      }
    }
    return system.add(self) ? system : nil
  }

  /// Whether each variable is that of a loop of the same bounds, which says that the part is all of the nest; nil
  /// where it is not that simple.
  private var isPlainlyMaximal: Bool? {
    for (i, variable) in variables.enumerated() {
      guard let bound = single(i), bound.map.results[0].kind == .dimension,
        let target = AffineForOp(
          inductionVariable: bound.operands[bound.map.results[0].position]),
        let loop = AffineForOp(inductionVariable: variable),
        let low = loop.constantLower, let high = loop.constantUpper,
        let targetLow = target.constantLower, let targetHigh = target.constantUpper
      else { return nil }
      if low != targetLow || high != targetHigh || loop.step != target.step { return false }
    }
    return true
  }

  /// Whether all iterations of the part are iterations of the nest; nil where that is not known.
  public var isValid: Bool? {
    if isPlainlyMaximal == true { return true }
    guard let source, source.symbolCount == 0, source.polyhedron.localCount == 0,
      source.dimensionCount == variables.count, var part = constraints
    else { return nil }
    part.projectOut(
      variables.count, count: part.polyhedron.variableCount - variables.count)
    return part.polyhedron.isSubset(of: source.polyhedron)
  }

  /// Whether the parts of all iterations of the loops around are the whole nest; nil where that is not known.
  public var isMaximal: Bool? {
    if let known = isPlainlyMaximal { return known }
    guard let source else { return nil }
    var around = operands.filter { AffineForOp(inductionVariable: $0) != nil }.map {
      Optional($0)
    }
    while around.count < variables.count { around.append(nil) }
    var parts = AffineConstraints(dimensions: around)
    for i in variables.indices {
      if let bound = single(i), bound.map.results[0].constantValue == nil {
        guard bound.map.results[0].kind == .dimension,
          let target = AffineForOp(
            inductionVariable: bound.operands[bound.map.results[0].position]),
          parts.addDomain(of: target)
        else { return nil }
        continue
      }
      // A loop that is not there yet; its variable is taken to stand at its place in the nest.
      for (bound, isUpper) in [(lower[i], false), (upper[i], true)] {
        guard let bound else { continue }
        var composed = bound
        composed.compose()
        for operand in composed.operands where !parts.addOperand(operand) { return nil }
        guard parts.addBound(i, composed.map, composed.operands, isUpper: isUpper) else {
          return nil
        }
      }
    }
    guard source.dimensionCount == parts.dimensionCount, source.symbolCount == 0,
      parts.symbolCount == 0, source.polyhedron.localCount == 0,
      parts.polyhedron.localCount == 0
    else { return nil }
    return source.polyhedron.isSubset(of: parts.polyhedron)
  }
}

extension AffineConstraints {
  /// Adds the bounds of a slice; of a loop that is not sliced its own.
  public mutating func add(_ slice: AffineSlice) -> Bool {
    for operand in slice.operands where !addOperand(operand) { return false }
    for (i, variable) in slice.variables.enumerated() {
      guard let position = position(variable) else { continue }
      if let bound = slice.single(i) {
        guard var rows = rows(bound.map, bound.operands) else { return false }
        rows[0][position] &-= 1
        polyhedron.addEquality(rows[0])
        continue
      }
      if let lower = slice.lower[i], let upper = slice.upper[i], lower.map.resultCount > 0,
        upper.map.resultCount > 0
      {
        guard addBound(position, lower.map, lower.operands, isUpper: false),
          addBound(position, upper.map, upper.operands, isUpper: true)
        else { return false }
      } else if let loop = AffineForOp(inductionVariable: variable) {
        if !addDomain(of: loop) { return false }
      }
    }
    return true
  }
}
