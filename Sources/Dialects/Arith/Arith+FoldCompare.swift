import MartletIR

/// An integer comparison, with the numbers MLIR gives them.
public enum IntegerPredicate: Int64, Sendable {
  case eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge

  public func evaluate(_ x: Int64, _ y: Int64, width: Int = 64) -> Bool {
    let (a, b) = (IntegerMath.unsigned(x, width), IntegerMath.unsigned(y, width))
    switch self {
    case .eq: return x == y
    case .ne: return x != y
    case .slt: return x < y
    case .sle: return x <= y
    case .sgt: return x > y
    case .sge: return x >= y
    case .ult: return a < b
    case .ule: return a <= b
    case .ugt: return a > b
    case .uge: return a >= b
    }
  }

  /// The result on equal operands.
  public var holdsForEqual: Bool {
    switch self {
    case .eq, .sle, .sge, .ule, .uge: true
    case .ne, .slt, .sgt, .ult, .ugt: false
    }
  }

  /// The predicate with the operands exchanged.
  public var swapped: IntegerPredicate {
    switch self {
    case .eq, .ne: self
    case .slt: .sgt
    case .sle: .sge
    case .sgt: .slt
    case .sge: .sle
    case .ult: .ugt
    case .ule: .uge
    case .ugt: .ult
    case .uge: .ule
    }
  }

  /// The predicate that holds where this one does not.
  public var inverted: IntegerPredicate {
    switch self {
    case .eq: .ne
    case .ne: .eq
    case .slt: .sge
    case .sle: .sgt
    case .sgt: .sle
    case .sge: .slt
    case .ult: .uge
    case .ule: .ugt
    case .ugt: .ule
    case .uge: .ult
    }
  }
}

/// A floating-point comparison: a set of the outcomes equal, greater, less and unordered.
public enum FloatPredicate: Int64, Sendable {
  case alwaysFalse, oeq, ogt, oge, olt, ole, one, ord, ueq, ugt, uge, ult, ule, une, uno
  case alwaysTrue

  public func evaluate(_ x: Double, _ y: Double) -> Bool {
    let isUnordered = x.isNaN || y.isNaN
    switch self {
    case .alwaysFalse: return false
    case .oeq: return x == y
    case .ogt: return x > y
    case .oge: return x >= y
    case .olt: return x < y
    case .ole: return x <= y
    case .one: return !isUnordered && x != y
    case .ord: return !isUnordered
    case .ueq: return isUnordered || x == y
    case .ugt: return isUnordered || x > y
    case .uge: return isUnordered || x >= y
    case .ult: return isUnordered || x < y
    case .ule: return isUnordered || x <= y
    case .une: return isUnordered || x != y
    case .uno: return isUnordered
    case .alwaysTrue: return true
    }
  }
}

extension Arith {
  /// The predicate of an `arith.cmpi`.
  public static func predicate(of operation: Operation) -> IntegerPredicate? {
    operation.attribute("predicate")?.enumValue.flatMap(IntegerPredicate.init)
  }

  /// The predicate of an `arith.cmpf`.
  public static func floatPredicate(of operation: Operation) -> FloatPredicate? {
    operation.attribute("predicate")?.enumValue.flatMap(FloatPredicate.init)
  }

  static func foldCmpI(_ op: Operation) -> FoldResult {
    guard let predicate = predicate(of: op) else { return .none }
    let (a, b) = (op.operand(0), op.operand(1))
    if a == b {
      let folded = integerConstant(op, predicate.holdsForEqual ? -1 : 0)
      if folded.replacements != nil { return folded }
    }
    if equals(b, 0), let narrow = extendedBool(a) {
      // ext(x : i1) != 0 is x.
      if predicate == .ne { return .value(narrow) }
    }
    if a.type.elementType.isInteger(1) {
      if predicate == .ne, equals(b, 0) { return .value(a) }
      if predicate == .eq, equals(b, -1) { return .value(a) }
    }
    if let poison = poison(op) { return .attribute(poison) }
    if a.constant != nil, b.constant == nil {
      op.setOperand(0, b)
      op.setOperand(1, a)
      op.setAttribute(
        "predicate", op.context.i64Attribute(Int(predicate.swapped.rawValue)))
      return .inPlace
    }
    return result(
      ElementwiseFolding.integers(op, to: op.result().type) { x, y, width in
        predicate.evaluate(x, y, width: width) ? -1 : 0
      })
  }

  /// x where `value` is an extension of x from i1.
  private static func extendedBool(_ value: Value) -> Value? {
    guard let ext = value.definingOperation, ext.is(extui) || ext.is(extsi) else { return nil }
    let source = ext.operand(0)
    return source.type.elementType.isInteger(1) ? source : nil
  }

  static func foldCmpF(_ op: Operation) -> FoldResult {
    guard let predicate = floatPredicate(of: op) else { return .none }
    if let poison = poison(op) { return .attribute(poison) }
    let (a, b) = (op.operand(0), op.operand(1))
    if predicate == .alwaysFalse { return integerConstant(op, 0) }
    if predicate == .alwaysTrue { return integerConstant(op, -1) }
    let x = ConstantElements(a.constant)
    let y = ConstantElements(b.constant)
    // One NaN decides the comparison whatever the other operand is.
    if let nan = [x, y].compactMap({ $0 }).first(where: {
      $0.isUniform && $0.double(0)?.isNaN == true
    }) {
      let value = predicate.evaluate(.nan, .nan)
      return result(
        ElementwiseFolding.map([nan], to: op.result().type) { _ in value ? 1 : 0 })
    }
    guard let x, let y else { return .none }
    return result(
      ElementwiseFolding.map([x, y], to: op.result().type) { i in
        guard let p = x.double(i), let q = y.double(i) else { return nil }
        return predicate.evaluate(p, q) ? .max : 0
      })
  }

  static func foldSelect(_ op: Operation) -> FoldResult {
    let (condition, yes, no) = (op.operand(0), op.operand(1), op.operand(2))
    if yes == no { return .value(yes) }
    if let value = ElementwiseFolding.uniformInteger(condition) {
      return .value(value != 0 ? yes : no)
    }
    if isPoison(condition) { return result(condition.constant) }
    if isPoison(yes) { return .value(no) }
    if isPoison(no) { return .value(yes) }
    // select(c, true, false) is c.
    if yes.type.isInteger(1), equals(yes, -1), equals(no, 0) { return .value(condition) }
    if let compare = condition.definingOperation, compare.is(cmpi) {
      let operands = [compare.operand(0), compare.operand(1)]
      if operands == [yes, no] || operands == [no, yes] {
        switch predicate(of: compare) {
        case .eq: return .value(no)
        case .ne: return .value(yes)
        default: break
        }
      }
    }
    guard let c = ConstantElements(condition.constant), let x = ConstantElements(yes.constant),
      let y = ConstantElements(no.constant)
    else { return .none }
    return result(
      ElementwiseFolding.map([c, x, y], to: op.result().type) {
        c.integer($0) != 0 ? x.bits($0) : y.bits($0)
      })
  }

  private static func isPoison(_ value: Value) -> Bool {
    value.constant?.is(UB.poisonAttribute) ?? false
  }
}
