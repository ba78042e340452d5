import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns rotations into shifts.
  ///
  ///     %0 = bits.rotate %x by 8   ->   %0 = arith.shli %x, %c8 : i32
  ///                                     %1 = arith.shrui %x, %c24 : i32
  ///                                     %2 = arith.ori %0, %1 : i32
  static let expandRotates = Pass(
    "expand-rotates", "Turn rotations into shifts",
    statistics: [PassStatistic("num-expanded", "Number of rotations expanded")],
    dependentDialects: ["arith"]
  ) { (operation, state) throws(Reported) in
    let patterns = FrozenPatternSet([expandRotate], operation.context)
    let result = applyPatternsGreedily(to: operation, patterns)
    state.count("num-expanded", by: result.rewrites)
    state.isUnchanged = !result.changed
  }
}

private let expandRotate = RewritePattern("expand-rotate", root: Bits.rotate) { rotate, rewriter in
  let amount = Bits.amount(of: rotate)
  // The fold takes it away.
  if amount == 0 { return false }
  let value = rotate.operand(0)
  let type = value.type
  func constant(_ number: Int) -> Value {
    let attribute = rewriter.context.integerAttribute(Int64(number), type)
    return rewriter.create(Arith.constant, results: [type], attributes: [("value", attribute)])
      .result()
  }
  let left = rewriter.create(Arith.shli, [value, constant(amount)], results: [type])
  let right = rewriter.create(Arith.shrui, [value, constant(32 - amount)], results: [type])
  let both = rewriter.create(Arith.ori, [left.result(), right.result()], results: [type])
  rewriter.replace(rotate, with: both)
  return true
}
