import MartletIR

/// Maps brought into a canonical form together with the values they are applied to.
extension AffineBound {
  /// Takes in the applications of maps that define operands, drops what is not used or there twice, and
  /// simplifies.
  public mutating func compose() {
    let context = map.context
    if map.resultCount == 0 {
      canonicalize()
      return
    }
    var dims: [Value?] = dimensions.map { $0 }
    var syms: [Value?] = symbols.map { $0 }
    // Every round replaces one operand by what defines it; definitions are acyclic. Expressions share
    // parts, so that their size is watched and not only their number.
    while let position = (0..<(dims.count + syms.count)).first(where: { i in
      guard let value = i < dims.count ? dims[i] : syms[i - dims.count],
        let definer = value.definingOperation, definer.is(Affine.apply),
        let inner = definer.attribute("map")?.affineMap, inner.resultCount == 1,
        inner.inputCount == definer.operandCount
      else { return false }
      return inner.results[0].size(limit: 512) < 512
        && map.results.allSatisfy { $0.size(limit: 4096) < 4096 }
    }) {
      substitute(position, &dims, &syms)
    }
    operands = []
    var newDims: [AffineExpr] = []
    var newSyms: [AffineExpr] = []
    var count = 0
    for value in dims {
      newDims.append(value == nil ? context.affineConstant(0) : context.affineDimension(count))
      if let value {
        operands.append(value)
        count += 1
      }
    }
    let dimensionCount = count
    count = 0
    for value in syms {
      newSyms.append(value == nil ? context.affineConstant(0) : context.affineSymbol(count))
      if let value {
        operands.append(value)
        count += 1
      }
    }
    map = map.replacing(
      dimensions: newDims, symbols: newSyms, dimensionCount: dimensionCount, symbolCount: count)
    canonicalize()
    map = map.simplified
  }

  /// Replaces one dimension or symbol by the application that defines it; its place stays, empty.
  private mutating func substitute(
    _ position: Int, _ dims: inout [Value?], _ syms: inout [Value?]
  ) {
    let context = map.context
    let isDimension = position < dims.count
    let slot = isDimension ? position : position - dims.count
    guard let definer = (isDimension ? dims[slot] : syms[slot])?.definingOperation,
      let inner = definer.attribute("map")?.affineMap
    else { return }
    var applied = AffineBound(map: inner, operands: Array(definer.operands))
    applied.canonicalize()
    let shiftedDims = (0..<applied.map.dimensionCount).map {
      context.affineDimension($0 + dims.count)
    }
    let shiftedSyms = (0..<applied.map.symbolCount).map {
      context.affineSymbol($0 + syms.count)
    }
    let replacement = applied.map.results[0].replacing(
      dimensions: shiftedDims, symbols: shiftedSyms)
    if isDimension { dims[slot] = nil } else { syms[slot] = nil }
    var newDims = (0..<dims.count).map { context.affineDimension($0) }
    var newSyms = (0..<syms.count).map { context.affineSymbol($0) }
    if isDimension { newDims[slot] = replacement } else { newSyms[slot] = replacement }
    dims += applied.dimensions.map { $0 }
    syms += applied.symbols.map { $0 }
    map = map.replacing(
      dimensions: newDims, symbols: newSyms, dimensionCount: dims.count,
      symbolCount: syms.count)
  }

  /// Makes symbols of dimensions that may be, constants of symbols that are, and drops what is not used or
  /// there twice.
  public mutating func canonicalize() {
    if operands.isEmpty { return }
    let context = map.context
    promoteSymbols()
    demoteDimensions()
    var usedDims = Array(repeating: false, count: map.dimensionCount)
    var usedSyms = Array(repeating: false, count: map.symbolCount)
    for result in map.results {
      result.walk { expr in
        if expr.kind == .dimension, expr.position < usedDims.count {
          usedDims[expr.position] = true
        } else if expr.kind == .symbol, expr.position < usedSyms.count {
          usedSyms[expr.position] = true
        }
      }
    }
    var dims: [Value] = []
    var newDims: [AffineExpr] = []
    for (i, value) in dimensions.enumerated() {
      guard usedDims[i] else {
        newDims.append(context.affineConstant(0))
        continue
      }
      let known = dims.firstIndex(of: value)
      newDims.append(context.affineDimension(known ?? dims.count))
      if known == nil { dims.append(value) }
    }
    var syms: [Value] = []
    var newSyms: [AffineExpr] = []
    for (i, value) in symbols.enumerated() {
      guard usedSyms[i] else {
        newSyms.append(context.affineConstant(0))
        continue
      }
      if let constant = value.constantInteger {
        newSyms.append(context.affineConstant(constant))
        continue
      }
      let known = syms.firstIndex(of: value)
      newSyms.append(context.affineSymbol(known ?? syms.count))
      if known == nil { syms.append(value) }
    }
    map = map.replacing(
      dimensions: newDims, symbols: newSyms, dimensionCount: dims.count,
      symbolCount: syms.count)
    operands = dims + syms
  }

  /// Dimensions that may be symbols become symbols, behind those there are.
  private mutating func promoteSymbols() {
    let context = map.context
    var dims: [Value] = []
    var promoted: [Value] = []
    var newDims: [AffineExpr] = []
    for value in dimensions {
      if Affine.isSymbol(value) {
        newDims.append(context.affineSymbol(map.symbolCount + promoted.count))
        promoted.append(value)
      } else {
        newDims.append(context.affineDimension(dims.count))
        dims.append(value)
      }
    }
    if promoted.isEmpty { return }
    let syms = Array(symbols) + promoted
    map = map.replacing(
      dimensions: newDims, symbols: [], dimensionCount: dims.count, symbolCount: syms.count)
    operands = dims + syms
  }

  /// Symbols that may be dimensions only become dimensions.
  private mutating func demoteDimensions() {
    let context = map.context
    var demoted: [Value] = []
    var syms: [Value] = []
    var newSyms: [AffineExpr] = []
    for value in symbols {
      if Affine.isDimension(value), !Affine.isSymbol(value) {
        newSyms.append(context.affineDimension(map.dimensionCount + demoted.count))
        demoted.append(value)
      } else {
        newSyms.append(context.affineSymbol(syms.count))
        syms.append(value)
      }
    }
    if demoted.isEmpty { return }
    let dims = Array(dimensions) + demoted
    map = map.replacing(
      dimensions: [], symbols: newSyms, dimensionCount: dims.count, symbolCount: syms.count)
    operands = dims + syms
  }

  /// The results where all operands they use are constant; nil where one is not, or has no value.
  public func constants() -> [Int]? {
    let values = operands.map(\.constantInteger)
    var results: [Int] = []
    for result in map.results {
      guard let value = constant(of: result, values) else { return nil }
      results.append(value)
    }
    return results
  }

  /// The value of one result of the map, given what operands are constant.
  func constant(of result: AffineExpr, _ values: [Int?]) -> Int? {
    var isKnown = true
    let dimensions = map.dimensionCount
    result.walk { expr in
      switch expr.kind {
      case .dimension:
        if expr.position >= values.count || values[expr.position] == nil { isKnown = false }
      case .symbol:
        let i = dimensions + expr.position
        if i >= values.count || values[i] == nil { isKnown = false }
      default: break
      }
    }
    guard isKnown else { return nil }
    return result.evaluate(
      dimensions: values.prefix(dimensions).map { $0 ?? 0 },
      symbols: values.dropFirst(dimensions).map { $0 ?? 0 })
  }

  /// Without results that are there already.
  mutating func removeDuplicates() {
    var seen: [AffineExpr] = []
    for result in map.results where !seen.contains(result) { seen.append(result) }
    map = map.context.affineMap(
      dimensions: map.dimensionCount, symbols: map.symbolCount, seen)
  }
}
