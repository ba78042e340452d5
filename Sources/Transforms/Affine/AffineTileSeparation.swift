import MartletAnalysis
import MartletDialects
import MartletIR

/// Makes two versions of the loops through a tile, one for tiles that are full, whose trip counts are constant, and
/// one for those that are not; a condition before them chooses.
func separateFullTiles(_ nest: [AffineForOp]) {
  guard let root = nest.first?.operation, nest.allSatisfy({ $0.step == 1 }),
    let bounds = fullTileBounds(nest), let condition = separationCondition(nest)
  else { return }
  let context = root.context
  let builder = AffineLoops.builder(before: root)
  let choice = builder.create(
    Affine.if, condition.operands, results: [],
    attributes: [("condition", context.integerSetAttribute(condition.set))])
  for region in choice.regions {
    builder.insertionPoint = .atEnd(of: region.addBlock())
    builder.create(Affine.yield, [])
  }
  guard let full = choice.region(0).firstBlock?.lastOperation,
    let partial = choice.region(1).firstBlock?.lastOperation
  else { return }
  builder.insertionPoint = .before(full)
  var mapping = IRMapping()
  for (loop, bound) in zip(nest, bounds) {
    let made = AffineForOp.create(builder, from: bound.lower, to: bound.upper, step: 1)
    mapping.values[loop.inductionVariable] = made.inductionVariable
    guard let end = made.yield else { return }
    builder.insertionPoint = .before(end)
  }
  for operation in AffineLoops.bodyOperations(nest[nest.count - 1]) {
    builder.insert(operation.clone(&mapping))
  }
  root.move(before: partial)
}

/// Bounds a constant apart for each loop; nil where a loop has none.
private func fullTileBounds(
  _ nest: [AffineForOp]
) -> [(lower: AffineBound, upper: AffineBound)]? {
  var bounds: [(lower: AffineBound, upper: AffineBound)] = []
  for loop in nest {
    guard var system = AffineConstraints(domainOf: [loop.operation]) else { return nil }
    system.polyhedron.separate(symbols: system.values.count - 1)
    guard let extent = system.polyhedron.constantExtent(0), !extent.isEquality,
      let lower = bound(extent.lower, system.values, isUpper: false),
      let upper = bound(extent.upper, system.values, isUpper: true)
    else { return nil }
    bounds.append((lower, upper))
  }
  return bounds
}

/// The bound of the first variable that an inequality gives, as a map of the others; nil where quotients are in
/// it.
private func bound(_ row: [Int], _ values: [Value?], isUpper: Bool) -> AffineBound? {
  let operands = values.dropFirst().compactMap { $0 }
  guard let context = operands.first?.context ?? values.first??.context,
    row[values.count..<(row.count - 1)].allSatisfy({ $0 == 0 })
  else { return nil }
  var sum = context.affineConstant(0)
  for (i, factor) in row[1..<values.count].enumerated() where factor != 0 {
    sum = sum + context.affineDimension(i) * (isUpper ? factor : 0 &- factor)
  }
  let constant = row[row.count - 1]
  sum = sum + (isUpper ? constant &+ 1 : 0 &- constant)
  var bound = AffineBound(
    map: context.affineMap(dimensions: operands.count, symbols: 0, [sum]), operands: operands)
  bound.compose()
  bound.canonicalize()
  return bound
}

/// That each loop's constant pair of bounds is the tightest of its bounds.
private func separationCondition(
  _ nest: [AffineForOp]
) -> (set: IntegerSet, operands: [Value])? {
  guard var system = AffineConstraints(domainOf: nest.map(\.operation)) else { return nil }
  system.polyhedron.removeIndependentConstraints(0..<nest.count)
  for _ in nest {
    system.polyhedron.separate(symbols: system.values.count - 1)
    guard let extent = system.polyhedron.constantExtent(0) else { return nil }
    system.polyhedron.requireTightest(extent)
    system.values.removeFirst()
  }
  system.polyhedron.removeTrivialRedundancy()
  system.polyhedron.projectOut(
    system.polyhedron.firstLocal, count: system.polyhedron.localCount)
  let operands = system.values.compactMap { $0 }
  let context = nest[0].context
  if system.polyhedron.constraintCount == 0 {
    let always = context.integerSet(
      dimensions: 0, symbols: 0, [(context.affineConstant(0), true)])
    return (always, [])
  }
  func expression(_ row: [Int]) -> AffineExpr {
    var sum = context.affineConstant(0)
    for (i, factor) in row.dropLast().enumerated() where factor != 0 {
      sum = sum + context.affineDimension(i) * factor
    }
    return sum + row[row.count - 1]
  }
  let constraints =
    system.polyhedron.equalities.map { (expression($0), true) }
    + system.polyhedron.inequalities.map { (expression($0), false) }
  var bound = AffineBound(
    map: context.affineMap(
      dimensions: operands.count, symbols: 0, constraints.map(\.0)), operands: operands)
  bound.canonicalize()
  let set = context.integerSet(
    dimensions: bound.map.dimensionCount, symbols: bound.map.symbolCount,
    zip(bound.map.results, constraints).map { ($0, $1.1) })
  return (set, bound.operands)
}
