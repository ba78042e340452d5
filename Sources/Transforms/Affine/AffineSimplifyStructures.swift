import MartletAnalysis
import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Brings the maps and sets of operations into a simpler form, then folds and canonicalises affine loops,
  /// conditionals and applications.
  ///
  ///     affine.if affine_set<(d0) : (d0 - 1 >= 0, d0 - 2 >= 0)>(%i)
  ///     ->  affine.if affine_set<(d0) : (d0 - 2 >= 0)>(%i)
  public static let affineSimplifyStructures = Pass(
    "affine-simplify-structures", name: "SimplifyAffineStructures",
    "Simplify affine expressions in maps/sets and normalize memrefs", anchor: "func.func",
    dependentDialects: ["affine"]
  ) { (operation, state) throws(Reported) in
    let context = operation.context
    var simpler: [Attribute: Attribute] = [:]
    var candidates: [Operation] = []
    operation.walk { inner in
      for (name, value) in inner.allAttributes
      where value.affineMap != nil || value.integerSet != nil {
        let new = simpler[value] ?? simplified(value)
        simpler[value] = new
        if new != value { inner.setAttribute(name, new) }
      }
      if inner.is(Affine.for) || inner.is(Affine.if) || inner.is(Affine.apply) {
        candidates.append(inner)
      }
    }
    guard let region = operation.regions.first, !region.isEmpty else { return }
    applyPatternsGreedily(to: candidates, in: region, FrozenPatternSet(patterns(), context))
  }
}

/// The canonicalisations of affine applications, loops and conditionals alone.
private func patterns() -> [RewritePattern] {
  [Affine.apply, Affine.for, Affine.if].flatMap { definition in
    (definition.interface(CanonicalizationPatterns.self)?.patterns ?? []).map {
      RewritePattern($0.name, root: definition, benefit: $0.benefit, $0.matchAndRewrite)
    }
  }
}

private func simplified(_ attribute: Attribute) -> Attribute {
  if let map = attribute.affineMap { return map.context.affineMapAttribute(map.simplified) }
  if let set = attribute.integerSet {
    return attribute.context.integerSetAttribute(set.simplified(attribute.context))
  }
  return attribute
}

extension Operation {
  /// Inherent and discardable attributes.
  fileprivate var allAttributes: [(name: String, value: Attribute)] {
    inherentAttributes
      + discardableAttributes.entries.map { (name: $0.name.string, value: $0.value) }
  }
}

extension IntegerSet {
  /// The set with equalities first and without constraints that others imply by their constants alone; `1 == 0`
  /// where it is empty. A set with products or divisions by symbols stays as it is.
  func simplified(_ context: Context) -> IntegerSet {
    let map = context.affineMap(
      dimensions: dimensionCount, symbols: symbolCount, constraints.map(\.expr))
    guard map.results.allSatisfy(\.isPureAffine) else { return self }
    var system = AffineConstraints(
      dimensions: Array(repeating: nil, count: dimensionCount),
      symbols: Array(repeating: nil, count: symbolCount))
    guard let rows = system.rows(map, at: Array(0..<map.inputCount)) else { return self }
    // What says that quotients are such comes last, of each quotient the upper bound first.
    let quotients = system.polyhedron.takeInequalities()
    for (row, constraint) in zip(rows, constraints) {
      if constraint.isEquality {
        system.polyhedron.addEquality(row)
      } else {
        system.polyhedron.addInequality(row)
      }
    }
    for i in stride(from: 0, to: quotients.count, by: 2) {
      system.polyhedron.addInequality(quotients[i + 1])
      system.polyhedron.addInequality(quotients[i])
    }
    if system.polyhedron.isEmpty {
      return context.integerSet(
        dimensions: dimensionCount, symbols: symbolCount, [(context.affineConstant(1), true)])
    }
    // The expressions of quotients, in the order in which they became variables.
    var flattener = AffineFlattener(context, dimensions: dimensionCount, symbols: symbolCount)
    for result in map.results where flattener.flatten(result) == nil { return self }
    guard flattener.locals.count == system.polyhedron.localCount else { return self }
    system.polyhedron.removeTrivialRedundancy()
    func expression(_ row: [Int]) -> AffineExpr {
      var form = AffineFlattener.Form(
        dimensions: Array(row[..<dimensionCount]),
        symbols: Array(row[dimensionCount..<dimensionCount + symbolCount]))
      form.locals = Array(row[(dimensionCount + symbolCount)..<(row.count - 1)])
      form.constant = row[row.count - 1]
      return flattener.expression(form)
    }
    let all =
      system.polyhedron.equalities.map { (expr: expression($0), isEquality: true) }
      + system.polyhedron.inequalities.map { (expr: expression($0), isEquality: false) }
    if all.isEmpty {
      return context.integerSet(
        dimensions: dimensionCount, symbols: symbolCount, [(context.affineConstant(0), true)])
    }
    return context.integerSet(dimensions: dimensionCount, symbols: symbolCount, all)
  }
}
