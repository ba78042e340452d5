import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Brings operations to their canonical form: folds them, applies the patterns their declarations carry,
  /// makes equal constants one and moves them to the start of the function, removes what is dead.
  ///
  ///     %0 = arith.addi %c1, %c2 : i32       ->   %c3_i32 = arith.constant 3 : i32
  ///     %1 = arith.addi %0, %a : i32              %0 = arith.addi %a, %c3_i32 : i32
  public static let canonicalize = Pass(
    "canonicalize", name: "Canonicalizer", "Canonicalize operations",
    options: [
      .bool("top-down", default: true, "Seed the worklist in general top-down order"),
      .keyword(
        "region-simplify", RegionSimplification.allCases.map(\.rawValue), default: "normal",
        "Perform control flow optimizations to the region tree"),
      .integer(
        "max-iterations", default: 10,
        "Max. iterations between applying patterns / simplifying regions"),
      .integer(
        "max-num-rewrites", default: -1, "Max. number of pattern rewrites within an iteration"),
      .bool(
        "test-convergence", default: false,
        "Test only: Fail pass on non-convergence to detect cyclic pattern"),
      .list(
        "disable-patterns", of: .string,
        "Labels of patterns that should be filtered out during application"),
      .list(
        "enable-patterns", of: .string,
        "Labels of patterns that should be used during application, all other patterns are filtered out"
      ),
    ],
    statistics: [
      PassStatistic("num-folded", "Number of operations folded"),
      PassStatistic("num-rewritten", "Number of patterns applied"),
      PassStatistic("num-dce'd", "Number of operations DCE'd"),
    ]
  ) { (operation, state) throws(Reported) in
    let disabled = Set(state.options.strings("disable-patterns"))
    let enabled = Set(state.options.strings("enable-patterns"))
    let patterns = FrozenPatternSet.canonicalization(operation.context) { pattern in
      !disabled.contains(pattern.name) && (enabled.isEmpty || enabled.contains(pattern.name))
    }
    let result = applyPatternsGreedily(to: operation, patterns, GreedyConfig(state.options))
    state.count("num-folded", by: result.folds)
    state.count("num-rewritten", by: result.rewrites)
    state.count("num-dce'd", by: result.erased)
    state.isUnchanged = !result.changed
    if !result.converged {
      state.remark(
        .missed, "NotConverged",
        "patterns still apply after \(state.options.integer("max-iterations"), as: "Iterations") iterations",
        at: operation)
    }
    if !result.converged, state.options.bool("test-convergence") {
      throw operation.emitOpError("canonicalization did not converge")
    }
  }
}

extension GreedyConfig {
  /// The settings as the options of `canonicalize` say; negative limits are none.
  init(_ options: PassOptions) {
    self.init()
    isTopDown = options.bool("top-down")
    let level = options.string("region-simplify")
    regionSimplification = RegionSimplification(rawValue: level) ?? .normal
    let iterations = options.integer("max-iterations")
    maxIterations = iterations < 0 ? nil : iterations
    let rewrites = options.integer("max-num-rewrites")
    maxRewrites = rewrites < 0 ? nil : rewrites
  }
}
