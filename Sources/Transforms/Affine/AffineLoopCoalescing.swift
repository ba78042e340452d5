import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Makes one loop of nested ones whose bounds do not depend on one another.
  ///
  ///     affine.for %i = 0 to 8 {      ->   affine.for %k = 0 to 8 * %n {
  ///       affine.for %j = 0 to %n {          %j = affine.apply (d0)[s0] -> (d0 mod s0)(%k)[%n]
  ///         "use"(%i, %j)                    %i = affine.apply (d0)[s0] -> (d0 floordiv s0)(%k)[%n]
  ///       }                                  "use"(%i, %j)
  ///     }                                  }
  public static let affineLoopCoalescing = Pass(
    "affine-loop-coalescing", name: "LoopCoalescing",
    "Coalesce nested loops with independent bounds into a single loop", anchor: "func.func",
    dependentDialects: ["affine", "arith"]
  ) { (operation, state) throws(Reported) in
    operation.walkPreOrder { inner in
      if inner.is(SCF.for) {
        SCFCoalescing.coalesce(nestAt: inner)
      } else if let loop = AffineForOp(inner) {
        coalesce(loop.perfectNest)
      }
      return .advance
    }
  }
}

/// The outermost of `regions` such that all values come from around it; `regions.count` if none.
func positionDefinedAbove(_ values: [Value], _ regions: [Region]) -> Int {
  for (i, region) in regions.enumerated() {
    let isAbove = values.allSatisfy { value in
      guard let home = value.block?.region else { return false }
      return home != region && home.isAncestor(of: region)
    }
    if isAbove { return i }
  }
  return regions.count
}

private func coalesce(_ loops: [AffineForOp]) {
  if loops.count < 2 { return }
  let regions = loops.map { $0.operation.region() }
  let above = loops.indices.map { i in
    positionDefinedAbove(Array(loops[i].operation.operands), Array(regions[..<i]))
  }
  // Bands of loops whose operands all come from above the first, innermost first.
  var end = loops.count
  while end > 0 {
    var start = 0
    while start < end - 1 {
      if (above[start..<end].max() ?? 0) <= start {
        coalesce(band: Array(loops[start..<end]))
        break
      }
      start += 1
    }
    if start != end - 1 { end = start + 1 }
    end -= 1
  }
}

private func coalesce(band loops: [AffineForOp]) {
  guard loops.count >= 2, loops.allSatisfy({ $0.step == 1 && $0.constantLower == 0 }) else {
    return
  }
  let context = loops[0].context
  let outermost = loops[0]
  let innermost = loops[loops.count - 1]
  let builder = AffineLoops.builder(before: outermost.operation)
  func end(of loop: AffineForOp) -> Value {
    let upper = loop.upper
    if upper.map.resultCount == 1 {
      return AffineLoops.apply(builder, upper.map, upper.operands)
    }
    return builder.create(
      Affine.min, upper.operands, results: [context.index],
      attributes: [("map", context.affineMapAttribute(upper.map))]
    ).result()
  }
  let (d0, s0) = (context.affineDimension(0), context.affineSymbol(0))
  func combined(_ kind: AffineExpr.Kind) -> AffineMap {
    context.affineMap(dimensions: 1, symbols: 1, [context.affineBinary(kind, d0, s0)])
  }
  var product = end(of: outermost)
  var ends = [product]
  for loop in loops.dropFirst() {
    let upper = end(of: loop)
    ends.append(upper)
    product = AffineLoops.apply(builder, combined(.mul), [product, upper])
  }
  outermost.setBounds(
    lower: outermost.lower,
    upper: AffineBound(
      map: context.affineMap(dimensions: 0, symbols: 1, [s0]), operands: [product]))

  builder.setInsertionPoint(atStart: outermost.body)
  let inner = innermost.operation.region()
  var previous = outermost.inductionVariable
  for i in loops.indices.reversed() {
    if i + 1 < loops.count {
      previous = AffineLoops.apply(builder, combined(.floorDiv), [previous, ends[i + 1]])
    }
    let value =
      i == 0 ? previous : AffineLoops.apply(builder, combined(.mod), [previous, ends[i]])
    loops[i].inductionVariable.replaceUses(with: value) { use in
      use.owner.block?.region.map { inner.isAncestor(of: $0) } ?? false
    }
  }
  let second = loops[1]
  innermost.yield?.erase()
  for operation in innermost.body.operations { operation.move(before: second.operation) }
  for (argument, initial) in zip(second.iterArgs, second.inits) {
    argument.replaceAllUses(with: initial)
  }
  second.operation.erase()
}
