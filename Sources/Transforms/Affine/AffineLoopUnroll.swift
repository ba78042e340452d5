import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Repeats the bodies of innermost affine loops, so that fewer iterations do more each. What is left of the
  /// iterations runs in a loop behind.
  ///
  ///     affine.for %i = 0 to 10 {   ->   affine.for %i = 0 to 8 step 4 {
  ///       "use"(%i)                        "use"(%i)
  ///     }                                  %1 = affine.apply (d0) -> (d0 + 1)(%i)
  ///                                        "use"(%1)
  ///                                        …
  ///                                      }
  ///                                      affine.for %i = 8 to 10 {
  ///                                        "use"(%i)
  ///                                      }
  public static let affineLoopUnroll = Pass(
    "affine-loop-unroll", name: "AffineLoopUnroll", "Unroll affine loops",
    options: [
      .integer(
        "unroll-factor", default: 4,
        "Use this unroll factor for all loops being unrolled, set it to -1, and it will fully unroll."
      ),
      .bool("unroll-up-to-factor", default: false, "Allow unrolling up to the factor specified"),
      .integer(
        "unroll-num-reps", default: 1, "Unroll innermost loops repeatedly this many times"),
      .integer(
        "unroll-full-threshold", default: 1,
        "Unroll all loops with trip count less than or equal to this"),
      .bool(
        "cleanup-unroll", default: false, "Fully unroll the cleanup loop when possible."),
    ], dependentDialects: ["affine", "arith"]
  ) { (operation, state) throws(Reported) in
    let factor = state.options.integer("unroll-factor")
    if factor <= 0, factor != -1 {
      throw operation.emitError(
        "Invalid option: 'unroll-factor' should be greater than 0 or equal to -1")
    }
    let unroll = AffineUnroll(
      factor: factor, upToFactor: state.options.bool("unroll-up-to-factor"),
      cleansUp: state.options.bool("cleanup-unroll"))
    var changed = false
    if factor == -1, state.options.isGiven("unroll-full-threshold") {
      let threshold = state.options.integer("unroll-full-threshold")
      var short: [AffineForOp] = []
      operation.walk { inner in
        if let loop = AffineForOp(inner), let count = loop.knownTripCount, count <= threshold {
          short.append(loop)
        }
      }
      for loop in short {
        if try unroll.fully(loop) { changed = true }
      }
      state.isUnchanged = !changed
      return
    }
    for _ in 0..<max(0, state.options.integer("unroll-num-reps")) {
      let loops = innermostLoops(operation)
      var unrolled = false
      for loop in loops {
        if try unroll.run(loop) { unrolled = true }
      }
      if !unrolled { break }
      changed = true
    }
    state.isUnchanged = !changed
  }
}

/// The affine loops without another inside, in order of the text.
private func innermostLoops(_ operation: Operation) -> [AffineForOp] {
  var loops: [AffineForOp] = []
  operation.walk { inner in
    guard let loop = AffineForOp(inner) else { return }
    var isInnermost = true
    inner.walkPreOrder { nested in
      if nested != inner, nested.is(Affine.for) {
        isInnermost = false
        return .interrupt
      }
      return .advance
    }
    if isInnermost { loops.append(loop) }
  }
  return loops
}

/// Unrolls single loops. Each function says whether it did what it was asked to, which it also did where
/// nothing was to be done.
struct AffineUnroll {
  var factor: Int
  var upToFactor = false
  var cleansUp = false

  /// How many operations a loop may be unrolled to.
  static let limit = 1 << 22

  func run(_ loop: AffineForOp) throws(Reported) -> Bool {
    if factor == -1 { return try fully(loop) }
    if upToFactor {
      let count = loop.knownTripCount.map { min($0, factor) } ?? factor
      return count > 0 ? try by(count, loop, cleansUp: false) : false
    }
    return try by(factor, loop, cleansUp: cleansUp)
  }

  func fully(_ loop: AffineForOp) throws(Reported) -> Bool {
    guard let count = loop.knownTripCount else { return false }
    if count == 0 { return true }
    if count == 1 { return AffineLoops.promoteSingleIteration(loop) }
    return try by(count, loop, cleansUp: false)
  }

  func by(_ factor: Int, _ loop: AffineForOp, cleansUp: Bool) throws(Reported) -> Bool {
    let count = loop.knownTripCount
    if factor == 1 { return count == 1 ? AffineLoops.promoteSingleIteration(loop) : true }
    if loop.body.firstOperation == loop.yield { return true }
    if let count, count < factor { return cleansUp ? try fully(loop) : false }
    if loop.tripCountDivisor == 0 || loop.tripCountDivisor % factor != 0 {
      guard loop.lower.map.resultCount == 1, loop.upper.map.resultCount == 1 else {
        return false
      }
      if cleansUp { return try fully(loop) }
      guard makeCleanup(loop, factor) else { return false }
    }
    var size = 0
    loop.operation.walk { _ in size += 1 }
    let (total, overflow) = size.multipliedReportingOverflow(by: factor)
    if overflow || total > Self.limit {
      throw loop.operation.emitOpError(
        "cannot be unrolled by \(factor): this would make more than \(Self.limit) operations")
    }
    let step = loop.step
    let (newStep, overflow2) = step.multipliedReportingOverflow(by: factor)
    if overflow2 { return false }
    loop.setStep(newStep)
    repeatBody(loop, factor, step)
    AffineLoops.promoteSingleIteration(loop)
    return true
  }

  /// Appends copies of the body, `factor` in all, for the iterations `step` apart.
  private func repeatBody(_ loop: AffineForOp, _ factor: Int, _ step: Int) {
    guard let end = loop.yield else { return }
    let builder = AffineLoops.builder(before: end)
    builder.location = loop.operation.location
    let source = AffineLoops.bodyOperations(loop)
    let yielded = Array(end.operands)
    var last = yielded
    for i in 1..<factor {
      var mapping = IRMapping()
      mapping.map(loop.iterArgs, to: last)
      if loop.inductionVariable.hasUses {
        mapping.values[loop.inductionVariable] = AffineLoops.apply(
          builder, AffineLoops.shift(loop.context, i * step), [loop.inductionVariable])
      }
      for operation in source { builder.insert(operation.clone(&mapping)) }
      for (k, value) in yielded.enumerated()
      where value.definingOperation?.block == loop.body {
        last[k] = mapping.lookup(value)
      }
    }
    end.setOperands(last)
  }

  /// Makes a loop behind for the iterations that are left where their number is no multiple of `factor`, and
  /// ends this one where that begins.
  private func makeCleanup(_ loop: AffineForOp, _ factor: Int) -> Bool {
    let builder = Builder(loop.context)
    builder.setInsertionPoint(after: loop.operation)
    guard let cleanup = AffineForOp(builder.insert(loop.operation.clone())) else { return false }
    let inits = cleanup.inits
    for (i, result) in loop.operation.results.enumerated() {
      result.replaceAllUses(with: cleanup.operation.result(i))
      for (k, operand) in cleanup.operation.operands.enumerated() where operand == inits[i] {
        cleanup.operation.setOperand(k, result)
      }
    }
    guard let start = cleanupStart(loop, factor) else { return false }
    cleanup.setBounds(lower: start, upper: cleanup.upper)
    AffineLoops.promoteSingleIteration(cleanup)
    loop.setBounds(lower: loop.lower, upper: start)
    return true
  }

  /// The lower bound plus the greatest multiple of `factor` iterations that there are.
  private func cleanupStart(_ loop: AffineForOp, _ factor: Int) -> AffineBound? {
    guard let count = loop.tripCount else { return nil }
    let context = loop.context
    let builder = AffineLoops.builder(before: loop.operation)
    let lower = AffineLoops.apply(builder, loop.lower.map, loop.lower.operands)
    var bumps: [Value] = []
    for result in count.map.results {
      let rest = context.affineBinary(.mod, result, context.affineConstant(factor))
      let bump = (result + rest * -1) * loop.step
      bumps.append(
        AffineLoops.apply(
          builder,
          context.affineMap(
            dimensions: count.map.dimensionCount, symbols: count.map.symbolCount, [bump]),
          count.operands))
    }
    var start = AffineBound(
      map: context.affineMap(
        dimensions: 1 + bumps.count, symbols: 0,
        bumps.indices.map { context.affineDimension(0) + context.affineDimension($0 + 1) }),
      operands: [lower] + bumps)
    start.compose()
    start.canonicalize()
    for value in bumps + [lower] where !value.hasUses && !start.operands.contains(value) {
      value.definingOperation?.erase()
    }
    return start
  }
}
