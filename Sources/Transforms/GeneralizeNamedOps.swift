import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns the named operations of linalg into `linalg.generic`, which says the same in full.
  ///
  ///     linalg.add ins(%a, %b : ...) outs(%c : ...)
  ///       ->  linalg.generic {indexing_maps = [...], iterator_types = [...]} ins(...) outs(...) {
  ///             ^bb0(%in: f32, %in_0: f32, %out: f32):
  ///               %0 = arith.addf %in, %in_0 : f32
  ///               linalg.yield %0 : f32
  ///           }
  public static let generalizeNamedOps = Pass(
    "linalg-generalize-named-ops", name: "LinalgGeneralizeNamedOpsPass",
    "Convert named ops into generic ops", dependentDialects: ["linalg"]
  ) { (operation, state) throws(Reported) in
    let patterns = FrozenPatternSet([generalizeNamed], operation.context)
    var config = GreedyConfig()
    config.regionSimplification = .aggressive
    let result = applyPatternsGreedily(to: operation, patterns, config)
    state.isUnchanged = !result.changed
  }
}

private let generalizeNamed = RewritePattern(
  "generalize-named", root: .traits([.structured, .destinationStyle])
) { op, rewriter in
  guard !op.is(Linalg.generic), op.regionCount == 1, let view = LinalgOp(op) else { return false }
  let generic = rewriter.create(
    Linalg.generic, Array(op.operands), results: op.results.types,
    attributes: Linalg.genericAttributes(
      op.context, inputCount: view.inputCount, outputCount: view.outputCount,
      maps: view.indexingMaps, iterators: view.iteratorTypes))
  rewriter.inlineRegion(op.region(0), into: generic.region(0))
  rewriter.replace(op, with: generic)
  return true
}
