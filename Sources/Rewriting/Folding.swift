import MartletIR

/// Folding of single operations: their own folder, then what their traits allow.
public enum Folding {
  /// Folds `operation` by its declaration. Only the operation itself may be changed, and then the result is
  /// `inPlace`; constants of the result are attributes still.
  public static func fold(_ operation: Operation) -> FoldResult {
    guard let definition = operation.definition else { return .none }
    var isChanged = false
    if let fold = definition.fold {
      switch fold(operation) {
      case .none: break
      case .inPlace: isChanged = true
      case .one(let folded):
        if operation.resultCount != 1 { return .none }
        if case .value(let value) = folded, value == operation.result() {
          isChanged = true
        } else {
          return .one(folded)
        }
      case .replaced(let values):
        // A fold to the operation's own result means that it was changed in place.
        if operation.resultCount == 1, values.count == 1, case .value(let value) = values[0],
          value == operation.result()
        {
          isChanged = true
        } else {
          return values.count == operation.resultCount ? .replaced(values) : .none
        }
      }
    }
    let traits = operation.traits
    if !traits.isDisjoint(with: [.idempotent, .involution]), let value = foldTraits(operation) {
      return .value(value)
    }
    if traits.contains(.commutative), moveConstantsLast(operation) { isChanged = true }
    return isChanged ? .inPlace : .none
  }

  /// f(f(x)) = f(x) and f(x, x) = x for an idempotent f; f(f(x)) = x for an involution.
  private static func foldTraits(_ operation: Operation) -> Value? {
    guard operation.has(.idempotent) || operation.has(.involution), operation.resultCount == 1,
      operation.operandCount > 0
    else { return nil }
    let operand = operation.operand(0)
    let type = operation.result().type
    if operation.has(.idempotent) {
      if operation.operandCount == 1 {
        if let inner = operand.definingOperation, inner.name == operation.name,
          operand.type == type
        {
          return operand
        }
      } else if operand == operation.operand(1), operand.type == type {
        return operand
      }
    }
    if operation.has(.involution), let inner = operand.definingOperation,
      inner.name == operation.name, inner.operandCount > 0, inner.operand(0).type == type
    {
      return inner.operand(0)
    }
    return nil
  }

  /// Moves constant operands behind the others, each kind keeping its order.
  /// - Returns: whether anything moved.
  static func moveConstantsLast(_ operation: Operation) -> Bool {
    let count = operation.operandCount
    if count < 2 { return false }
    if count == 2 {
      let first = operation.operand(0)
      let second = operation.operand(1)
      guard first.isConstant, !second.isConstant else { return false }
      operation.setOperand(0, second)
      operation.setOperand(1, first)
      return true
    }
    let values = Array(operation.operands)
    guard let first = values.firstIndex(where: \.isConstant),
      values[first...].contains(where: { !$0.isConstant })
    else { return false }
    operation.setOperands(values.filter { !$0.isConstant } + values.filter(\.isConstant))
    return true
  }
}

extension Value {
  /// Whether the value is defined by a constant-like operation.
  @inline(__always) var isConstant: Bool {
    definingOperation?.has(.constantLike) ?? false
  }
}
