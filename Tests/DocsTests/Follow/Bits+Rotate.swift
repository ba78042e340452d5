import MartletIR
import MartletRewriting

extension Bits {
  static let rotate: OpDefinition = OpDefinition(
    "bits.rotate", "bits moved to the left, those that fall off coming in on the right",
    operands: [ValueDefinition("operand", .i32)], results: [ValueDefinition("result", .i32)],
    attributes: [AttributeSlot("amount", .i32)],
    traits: [.pure, .sameOperandsAndResultType],
    format: "$operand `by` $amount attr-dict",
    fold: { rotate in amount(of: rotate) == 0 ? .value(rotate.operand(0)) : .none },
    interfaces: [CanonicalizationPatterns(mergeRotates)])

  /// By how many places, 0 to 31.
  static func amount(of rotate: Operation) -> Int {
    (rotate.attribute("amount")?.integerValue.map(Int.init) ?? 0) & 31
  }

  /// rotate(rotate(x, a), b) -> rotate(x, a + b)
  private static let mergeRotates = RewritePattern("merge-rotates") { outer, rewriter in
    guard let inner = outer.operand(0).definingOperation, inner.name == outer.name else {
      return false
    }
    let sum = (amount(of: inner) + amount(of: outer)) & 31
    let merged = rewriter.create(
      Bits.rotate, [inner.operand(0)], results: [outer.result().type],
      attributes: [("amount", rewriter.context.integerAttribute(Int64(sum), outer.result().type))])
    rewriter.replace(outer, with: merged)
    return true
  }
}
