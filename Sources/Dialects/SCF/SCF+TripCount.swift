import MartletIR

/// How often loops run.
extension SCF {
  /// The number of iterations from `lower` to `upper` by `step`, where that can be told: from constants, or
  /// where the upper bound is the lower one plus a constant that does not wrap around.
  static func tripCount(
    _ lower: MixedIndex, _ upper: MixedIndex, _ step: MixedIndex, isUnsigned: Bool = false
  ) -> Int? {
    if lower == upper { return 0 }
    let stride = step.constantValue
    if let stride, stride <= 0 { return 0 }
    let span: Int
    if let a = lower.constantValue {
      guard let b = upper.constantValue else { return nil }
      // Constants are sign-extended from a width not known here.
      if isUnsigned, a < 0 || b < 0 { return nil }
      if b <= a { return 0 }
      let (difference, overflow) = b.subtractingReportingOverflow(a)
      if overflow { return nil }
      span = difference
    } else {
      guard upper.constantValue == nil, case .value(let a) = lower, case .value(let b) = upper,
        let add = b.definingOperation, add.is(Arith.addi), add.operand(0) == a,
        let difference = add.operand(1).constantInteger,
        (add.attribute("overflowFlags")?.enumValue ?? 0) & (isUnsigned ? 2 : 1) != 0
      else { return nil }
      span = difference
    }
    if span < 0 { return 0 }
    guard let stride else { return nil }
    return span / stride + (span % stride == 0 ? 0 : 1)
  }

  /// A loop with step one ends for any bounds.
  static let forSpeculation = Speculation { op in
    guard op.operandCount > 2, op.operand(2).constantInteger == 1 else { return false }
    for block in op.region().blocks {
      for inner in block.operations where !inner.isSpeculatable { return false }
    }
    return true
  }

  /// The entry as a value: itself, or a constant made at the rewriter's place.
  static func materialize(_ entry: MixedIndex, _ builder: Builder) -> Value {
    switch entry {
    case .value(let value): value
    case .constant(let constant): ConstantOp.index(builder, constant)
    }
  }
}
