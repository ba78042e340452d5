import MartletIR

/// Operations on the bits of integers.
enum Bits {
  static let dialect = Dialect(
    "bits", summary: "operations on the bits of integers", operations: [invert, rotate])

  static let invert = OpDefinition(
    "bits.invert", "each bit the other way round",
    operands: [ValueDefinition("operand", .signlessIntegerLike)],
    results: [ValueDefinition("result", .signlessIntegerLike)],
    traits: [.pure, .involution, .sameOperandsAndResultType],
    format: "$operand attr-dict `:` type($result)")
}
