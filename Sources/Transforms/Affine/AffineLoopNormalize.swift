import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Makes affine loops run from 0 by steps of 1, and puts the bodies of those that run once in their place.
  ///
  ///     affine.for %i = 3 to 30 step 2 {   ->   affine.for %i = 0 to 14 {
  ///       "use"(%i)                               %0 = affine.apply (d0) -> (d0 * 2 + 3)(%i)
  ///     }                                         "use"(%0)
  ///                                             }
  public static let affineLoopNormalize = Pass(
    "affine-loop-normalize", name: "AffineLoopNormalizePass",
    "Apply normalization transformations to affine loop-like ops", anchor: "func.func",
    options: [
      .bool("promote-single-iter", default: false, "Promote single iteration loops")
    ], dependentDialects: ["affine", "arith"]
  ) { (operation, state) throws(Reported) in
    let promotes = state.options.bool("promote-single-iter")
    operation.walk { inner in
      if let loop = AffineParallelOp(inner) {
        normalize(loop)
      } else if let loop = AffineForOp(inner) {
        if promotes, AffineLoops.promoteSingleIteration(loop) { return }
        if loop.constantLower != 0 || loop.step != 1 {
          state.remark(
            .passed, "Normalized", "the loop counts from 0 in steps of 1", at: loop.operation)
        }
        normalize(loop)
      }
    }
  }
}

/// Uses of `value` but those by `kept` use `other`.
private func replaceUses(of value: Value, with other: Value) {
  let kept = other.definingOperation
  value.replaceUses(with: other) { $0.owner != kept }
}

private func normalize(_ loop: AffineForOp) {
  let context = loop.context
  if loop.constantLower == 0, loop.step == 1 { return }
  let lower = loop.lower
  let upper = loop.upper
  guard lower.map.resultCount == 1 else { return }
  let start = AffineBound(
    map: context.affineMap(
      dimensions: lower.map.dimensionCount, symbols: lower.map.symbolCount,
      Array(repeating: lower.map.results[0], count: upper.map.resultCount)),
    operands: lower.operands)
  let range = AffineBound.difference(upper, start)
  let step = loop.step
  let scaled = range.map.results.map {
    context.affineBinary(.ceilDiv, $0, context.affineConstant(step))
  }
  loop.setBounds(
    lower: AffineBound(constant: 0, context),
    upper: AffineBound(
      map: context.affineMap(
        dimensions: range.map.dimensionCount, symbols: range.map.symbolCount, scaled),
      operands: range.operands))
  loop.setStep(1)
  let builder = Builder(
    context, at: .atStart(of: loop.body), location: loop.operation.location)
  let negated = AffineBound(
    map: context.affineMap(
      dimensions: 1, symbols: 0, [context.affineDimension(0) * -1 * step]),
    operands: [loop.inductionVariable])
  let old = AffineBound.difference(lower, negated)
  replaceUses(
    of: loop.inductionVariable, with: AffineLoops.apply(builder, old.map, old.operands))
}

private func normalize(_ loop: AffineParallelOp) {
  guard loop.lowerGroups.allSatisfy({ $0 == 1 }), loop.upperGroups.allSatisfy({ $0 == 1 })
  else { return }
  let operation = loop.operation
  let context = operation.context
  let (lower, upper, steps) = (loop.lower, loop.upper, loop.steps)
  if zip(steps, lower.map.results).allSatisfy({ $0 == 1 && $1.constantValue == 0 }) { return }
  let ranges = AffineBound.difference(upper, lower)
  let builder = Builder(context, at: .atStart(of: loop.body), location: operation.location)
  var ends: [AffineExpr] = []
  let dimensions = lower.map.dimensionCount
  for (i, variable) in loop.inductionVariables.enumerated() {
    ends.append(
      context.affineBinary(.ceilDiv, ranges.map.results[i], context.affineConstant(steps[i])))
    let expr = lower.map.results[i] + context.affineDimension(dimensions) * steps[i]
    let map = context.affineMap(
      dimensions: dimensions + 1, symbols: lower.map.symbolCount, [expr])
    let operands = Array(lower.dimensions) + [variable] + Array(lower.symbols)
    replaceUses(of: variable, with: AffineLoops.apply(builder, map, operands))
  }
  operation.setOperands(ranges.operands)
  let starts = context.affineMap(
    dimensions: 0, symbols: 0, steps.map { _ in context.affineConstant(0) })
  operation.setAttribute("lowerBoundsMap", context.affineMapAttribute(starts))
  operation.setAttribute(
    "upperBoundsMap",
    context.affineMapAttribute(
      context.affineMap(
        dimensions: ranges.map.dimensionCount, symbols: ranges.map.symbolCount, ends)))
  operation.setAttribute(
    "steps", context.array(steps.map { _ in context.i64Attribute(1) }))
}
