import MartletIR
import MartletRewriting
import MartletSupport

/// Canonicalisations.
extension Affine {
  /// The operation again with another map and operands of it.
  private static func replace(
    _ operation: Operation, with bound: AffineBound, _ rewriter: PatternRewriter
  ) {
    guard let definition = operation.definition else { return }
    var operands: [Value] = []
    if let access = AffineAccess(operation) {
      operands = Array(operation.operands.prefix(access.memrefPosition + 1))
    }
    var attributes = [("map", operation.context.affineMapAttribute(bound.map))]
    for slot in definition.attributes where slot.name != "map" {
      if let value = operation.attribute(slot.name) { attributes.append((slot.name, value)) }
    }
    let made = rewriter.create(
      definition, operands + bound.operands, results: operation.results.map(\.type),
      attributes: attributes)
    rewriter.replace(operation, with: made)
  }

  private static func bound(_ operation: Operation) -> AffineBound? {
    if let access = AffineAccess(operation) { return access.index }
    return operation.attribute("map")?.affineMap.map {
      AffineBound(map: $0, operands: Array(operation.operands))
    }
  }

  /// Maps take in the applications that define their operands, and become simpler.
  static let simplifyMap = RewritePattern("simplify-affine-map") { operation, rewriter in
    guard var bound = bound(operation) else { return false }
    let old = bound
    bound.compose()
    bound.canonicalize()
    let ranges = AffineRanges(bound)
    bound.map = operation.context.affineMap(
      dimensions: bound.map.dimensionCount, symbols: bound.map.symbolCount,
      bound.map.results.map { ranges.simplify($0) })
    if bound == old { return false }
    replace(operation, with: bound, rewriter)
    return true
  }

  // MARK: Minima and maxima

  static let singleResultExtremum = RewritePattern("minimum-of-one") { operation, rewriter in
    guard let bound = bound(operation), bound.map.resultCount == 1 else { return false }
    let made = rewriter.create(
      apply, bound.operands, results: [operation.context.index],
      attributes: [("map", operation.context.affineMapAttribute(bound.map))])
    rewriter.replace(operation, with: made)
    return true
  }

  static let deduplicateExtremum = RewritePattern("duplicate-results") { operation, rewriter in
    guard var bound = bound(operation) else { return false }
    let count = bound.map.resultCount
    bound.removeDuplicates()
    if bound.map.resultCount == count { return false }
    replace(operation, with: bound, rewriter)
    return true
  }

  /// min(x, min(y, z)) -> min(x, y, z)
  static let mergeExtrema = RewritePattern("merge-extrema") { operation, rewriter in
    guard let bound = bound(operation) else { return false }
    let context = operation.context
    var (dims, syms) = (Array(bound.dimensions), Array(bound.symbols))
    var exprs: [AffineExpr] = []
    var producers: [Operation] = []
    for result in bound.map.results {
      var value: Value?
      if result.kind == .symbol { value = syms[result.position] }
      if result.kind == .dimension { value = dims[result.position] }
      if let producer = value?.definingOperation, producer.name == operation.name {
        producers.append(producer)
      } else {
        exprs.append(result)
      }
    }
    if producers.isEmpty { return false }
    for producer in producers {
      guard let inner = Self.bound(producer) else { return false }
      let newDims = (0..<inner.map.dimensionCount).map {
        context.affineDimension($0 + dims.count)
      }
      let newSyms = (0..<inner.map.symbolCount).map { context.affineSymbol($0 + syms.count) }
      exprs += inner.map.results.map { $0.replacing(dimensions: newDims, symbols: newSyms) }
      dims += inner.dimensions
      syms += inner.symbols
    }
    let map = context.affineMap(dimensions: dims.count, symbols: syms.count, exprs)
    replace(operation, with: AffineBound(map: map, operands: dims + syms), rewriter)
    return true
  }

  /// The results in the order of their coefficients.
  static let sortExtremum = RewritePattern("sort-results") { operation, rewriter in
    guard var bound = bound(operation) else { return false }
    var rows: [(key: [Int], expr: AffineExpr)] = []
    for expr in bound.map.results {
      var flattener = AffineFlattener(
        operation.context, dimensions: bound.map.dimensionCount,
        symbols: bound.map.symbolCount)
      guard expr.isPureAffine, let form = flattener.flatten(expr), flattener.locals.isEmpty
      else { return false }
      rows.append((form.dimensions + form.symbols + [form.constant], expr))
    }
    func isLess(_ a: [Int], _ b: [Int]) -> Bool { a.lexicographicallyPrecedes(b) }
    if !zip(rows, rows.dropFirst()).contains(where: { isLess($1.key, $0.key) }) { return false }
    rows.sort { isLess($0.key, $1.key) }
    bound.map = operation.context.affineMap(
      dimensions: bound.map.dimensionCount, symbols: bound.map.symbolCount, rows.map(\.expr))
    replace(operation, with: bound, rewriter)
    return true
  }

  // MARK: Conditionals

  static let deadElse = RewritePattern("dead-else") { operation, rewriter in
    guard operation.resultCount == 0, let block = operation.region(1).firstBlock,
      let end = block.lastOperation, block.firstOperation == end
    else { return false }
    rewriter.modifyInPlace(operation) { rewriter.erase(block) }
    return true
  }

  /// Conditions that always or never hold: MLIR looks at `0 == 0` and `1 == 0` alone.
  static let knownCondition = RewritePattern("known-condition") { operation, rewriter in
    guard let set = operation.attribute("condition")?.integerSet, set.constraints.count == 1,
      set.constraints[0].isEquality, let value = set.constraints[0].expr.constantValue
    else { return false }
    let isEmpty = value == 1
    if !isEmpty, value != 0 { return false }
    if isEmpty, operation.region(1).isEmpty {
      guard operation.resultCount == 0 else { return false }
      rewriter.erase(operation)
      return true
    }
    guard let block = operation.region(isEmpty ? 1 : 0).firstBlock,
      let end = block.lastOperation
    else { return false }
    let values = Array(end.operands)
    rewriter.inlineBlock(block, before: operation)
    rewriter.replace(operation, with: values)
    rewriter.erase(end)
    return true
  }
}
