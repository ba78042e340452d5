import MartletIR

/// Decides whether a structured operation may go through the stored entries of a sparse input alone.
///
/// That is so where an element of 0 makes the body yield each output's old element unchanged, as in
/// `out + a * x` for a = 0. As everywhere with sparse tensors, 0 times anything counts as 0.
enum SparseDriver {
  private enum Known {
    case zero
    /// Equal to another value.
    case same(Value)
  }

  /// The number of such an input; nil where there is none.
  static func find(_ operation: Operation, _ body: Block, _ inputCount: Int) -> Int? {
    guard body.argumentCount == operation.operandCount, let yield = body.lastOperation else {
      return nil
    }
    for i in 0..<inputCount where operation.operand(i).type.encoding != nil {
      var known: [Value: Known] = [body.argument(i): .zero]
      for inner in body.operations where inner.resultCount == 1 {
        known[inner.result()] = evaluate(inner, known)
      }
      let keeps = yield.operands.enumerated().allSatisfy { k, value in
        guard inputCount + k < body.argumentCount else { return false }
        if case .same(let other) = known[value] ?? .same(value) {
          return other == body.argument(inputCount + k)
        }
        return false
      }
      if keeps { return i }
    }
    return nil
  }

  private static func evaluate(_ operation: Operation, _ known: [Value: Known]) -> Known? {
    func isZero(_ i: Int) -> Bool {
      if case .zero = known[operation.operand(i)] { return true }
      return false
    }
    func same(_ i: Int) -> Known { known[operation.operand(i)] ?? .same(operation.operand(i)) }
    switch operation.name.string {
    case "arith.mulf", "arith.muli", "arith.andi": return isZero(0) || isZero(1) ? .zero : nil
    case "arith.addf", "arith.addi", "arith.ori", "arith.xori":
      return isZero(0) ? same(1) : isZero(1) ? same(0) : nil
    case "arith.subf", "arith.subi": return isZero(1) ? same(0) : nil
    case "arith.divf": return isZero(0) ? .zero : nil
    case "arith.negf", "math.absf", "math.absi", "arith.extf", "arith.truncf", "arith.extsi",
      "arith.extui", "arith.trunci", "arith.sitofp", "arith.uitofp", "arith.fptosi",
      "arith.fptoui", "arith.index_cast", "math.sqrt", "math.sin", "math.tanh":
      return isZero(0) ? .zero : nil
    default: return nil
    }
  }
}
