import MartletIR

/// Folders of integer operations: identities first, then constants of any shape up to 64 bits wide.
extension Arith {
  // MARK: Helpers

  /// Whether `value` is a constant all of whose elements are `integer`.
  static func equals(_ value: Value, _ integer: Int64) -> Bool {
    ElementwiseFolding.uniformInteger(value) == integer
  }

  /// Whether `value` is the constant 1 (which is -1 as an i1's bits).
  static func isOne(_ value: Value) -> Bool {
    equals(value, value.type.elementType.isInteger(1) ? -1 : 1)
  }

  /// An operand that is poison makes the result poison.
  static func poison(_ operation: Operation) -> Attribute? {
    for operand in operation.operands {
      if let constant = operand.constant, constant.is(UB.poisonAttribute) { return constant }
    }
    return nil
  }

  static func result(_ attribute: Attribute?) -> FoldResult {
    attribute.map { .attribute($0) } ?? .none
  }

  static func integers(_ operation: Operation, _ combine: (Int64, Int64, Int) -> Int64?)
    -> FoldResult
  {
    if let poison = poison(operation) { return .attribute(poison) }
    return result(
      ElementwiseFolding.integers(operation, to: operation.result().type, combine))
  }

  static func integerConstant(_ operation: Operation, _ value: Int64) -> FoldResult {
    result(ElementwiseFolding.constant(operation.result().type, integer: value))
  }

  private static func width(_ value: Value) -> Int { value.type.elementType.bitWidth ?? 64 }

  // MARK: Addition, subtraction, multiplication

  static func foldAddI(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if equals(b, 0) { return .value(a) }
    // (x - y) + y = x, on either side.
    if let sub = a.definingOperation, sub.is(subi), sub.operand(1) == b {
      return .value(sub.operand(0))
    }
    if let sub = b.definingOperation, sub.is(subi), sub.operand(1) == a {
      return .value(sub.operand(0))
    }
    return integers(op) { x, y, _ in x &+ y }
  }

  static func foldSubI(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if a == b {
      let folded = integerConstant(op, 0)
      if folded.replacements != nil { return folded }
    }
    if equals(b, 0) { return .value(a) }
    // (x + y) - x = y.
    if let add = a.definingOperation, add.is(addi) {
      if add.operand(1) == b { return .value(add.operand(0)) }
      if add.operand(0) == b { return .value(add.operand(1)) }
    }
    return integers(op) { x, y, _ in x &- y }
  }

  static func foldMulI(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if equals(b, 0) { return .value(b) }
    if isOne(b) { return .value(a) }
    return integers(op) { x, y, _ in x &* y }
  }

  // MARK: Division

  private static func foldDivision(_ op: Operation, _ combine: (Int64, Int64, Int) -> Int64?)
    -> FoldResult
  {
    if isOne(op.operand(1)) { return .value(op.operand(0)) }
    return integers(op, combine)
  }

  static func foldDivUI(_ op: Operation) -> FoldResult {
    foldDivision(op) { x, y, width in
      if y == 0 { return nil }
      return IntegerMath.signed(
        IntegerMath.unsigned(x, width) / IntegerMath.unsigned(y, width), width)
    }
  }

  static func foldDivSI(_ op: Operation) -> FoldResult {
    foldDivision(op) { x, y, width in IntegerMath.canDivide(x, y, width) ? x / y : nil }
  }

  static func foldCeilDivUI(_ op: Operation) -> FoldResult {
    foldDivision(op) { x, y, width in
      if y == 0 { return nil }
      let (a, b) = (IntegerMath.unsigned(x, width), IntegerMath.unsigned(y, width))
      return IntegerMath.signed(a / b + (a % b == 0 ? 0 : 1), width)
    }
  }

  static func foldCeilDivSI(_ op: Operation) -> FoldResult {
    foldDivision(op) { x, y, width in
      IntegerMath.canDivide(x, y, width) ? IntegerMath.ceilDivide(x, y) : nil
    }
  }

  static func foldFloorDivSI(_ op: Operation) -> FoldResult {
    foldDivision(op) { x, y, width in
      IntegerMath.canDivide(x, y, width) ? IntegerMath.floorDivide(x, y) : nil
    }
  }

  static func foldRemUI(_ op: Operation) -> FoldResult {
    if isOne(op.operand(1)) { return integerConstant(op, 0) }
    return integers(op) { x, y, width in
      if y == 0 { return nil }
      return IntegerMath.signed(
        IntegerMath.unsigned(x, width) % IntegerMath.unsigned(y, width), width)
    }
  }

  static func foldRemSI(_ op: Operation) -> FoldResult {
    if isOne(op.operand(1)) { return integerConstant(op, 0) }
    return integers(op) { x, y, _ in
      if y == 0 { return nil }
      return y == -1 ? 0 : x % y
    }
  }

  // MARK: Bits

  /// The operand x of `x ^ -1`.
  private static func complemented(_ value: Value) -> Value? {
    guard let xor = value.definingOperation, xor.is(xori), equals(xor.operand(1), -1) else {
      return nil
    }
    return xor.operand(0)
  }

  static func foldAndI(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if equals(b, 0) { return .value(b) }
    if equals(b, -1) { return .value(a) }
    if complemented(a) == b || complemented(b) == a { return integerConstant(op, 0) }
    if a == b { return .value(a) }
    // x & (x & y) = x & y.
    for (inner, other) in [(a, b), (b, a)] {
      if let and = inner.definingOperation, and.is(andi), and.operands.contains(other) {
        return .value(inner)
      }
    }
    return integers(op) { x, y, _ in x & y }
  }

  static func foldOrI(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if equals(b, 0) { return .value(a) }
    if equals(b, -1) { return .value(b) }
    if complemented(a) == b || complemented(b) == a { return integerConstant(op, -1) }
    if a == b { return .value(a) }
    return integers(op) { x, y, _ in x | y }
  }

  static func foldXOrI(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if equals(b, 0) { return .value(a) }
    if a == b { return integerConstant(op, 0) }
    // (x ^ y) ^ y = x.
    for (inner, other) in [(a, b), (b, a)] {
      if let xor = inner.definingOperation, xor.is(xori) {
        if xor.operand(1) == other { return .value(xor.operand(0)) }
        if xor.operand(0) == other { return .value(xor.operand(1)) }
      }
    }
    return integers(op) { x, y, _ in x ^ y }
  }

  /// A shift by a constant amount that is below the width.
  private static func foldShift(_ op: Operation, _ shift: (Int64, UInt64, Int) -> Int64)
    -> FoldResult
  {
    if equals(op.operand(1), 0) { return .value(op.operand(0)) }
    return integers(op) { x, y, width in
      let amount = IntegerMath.unsigned(y, width)
      return amount >= UInt64(width) ? nil : shift(x, amount, width)
    }
  }

  static func foldShLI(_ op: Operation) -> FoldResult {
    foldShift(op) { x, amount, _ in x << Int64(amount) }
  }
  static func foldShRUI(_ op: Operation) -> FoldResult {
    foldShift(op) { x, amount, width in
      IntegerMath.signed(IntegerMath.unsigned(x, width) >> amount, width)
    }
  }
  static func foldShRSI(_ op: Operation) -> FoldResult {
    foldShift(op) { x, amount, _ in x >> Int64(amount) }
  }

  // MARK: Minimum and maximum

  /// `absorbing` and `neutral` are the right operands that decide the result or leave the left one.
  private static func foldExtremum(
    _ op: Operation, absorbing: Int64, neutral: Int64, _ pick: (Int64, Int64, Int) -> Int64
  ) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    if a == b { return .value(b) }
    if let constant = ElementwiseFolding.uniformInteger(b) {
      if constant == absorbing { return .value(b) }
      if constant == neutral { return .value(a) }
    }
    return integers(op) { pick($0, $1, $2) }
  }

  static func foldMaxSI(_ op: Operation) -> FoldResult {
    let width = width(op.operand(0))
    return foldExtremum(
      op, absorbing: IntegerMath.largest(width), neutral: IntegerMath.smallest(width)
    ) { x, y, _ in max(x, y) }
  }
  static func foldMinSI(_ op: Operation) -> FoldResult {
    let width = width(op.operand(0))
    return foldExtremum(
      op, absorbing: IntegerMath.smallest(width), neutral: IntegerMath.largest(width)
    ) { x, y, _ in min(x, y) }
  }
  static func foldMaxUI(_ op: Operation) -> FoldResult {
    foldExtremum(op, absorbing: -1, neutral: 0) { x, y, width in
      IntegerMath.unsigned(x, width) >= IntegerMath.unsigned(y, width) ? x : y
    }
  }
  static func foldMinUI(_ op: Operation) -> FoldResult {
    foldExtremum(op, absorbing: 0, neutral: -1) { x, y, width in
      IntegerMath.unsigned(x, width) <= IntegerMath.unsigned(y, width) ? x : y
    }
  }

  // MARK: Two results

  static func foldAddUIExtended(_ op: Operation) -> FoldResult {
    let (a, b) = (op.operand(0), op.operand(1))
    let overflowType = op.result(1).type
    if equals(b, 0), let none = ElementwiseFolding.constant(overflowType, integer: 0) {
      return .replaced([.value(a), .attribute(none)])
    }
    guard
      let sum = ElementwiseFolding.integers(op, to: op.result().type, { x, y, _ in x &+ y }),
      let carry = ElementwiseFolding.integers(
        op, to: overflowType,
        { x, y, width in
          let total = IntegerMath.unsigned(x &+ y, width)
          return total < IntegerMath.unsigned(x, width) ? -1 : 0
        })
    else { return .none }
    return .replaced([.attribute(sum), .attribute(carry)])
  }

  static func foldExtendedMultiply(_ op: Operation, isSigned: Bool) -> FoldResult {
    let b = op.operand(1)
    let type = op.result().type
    if equals(b, 0), let constant = b.constant {
      return .replaced([.attribute(constant), .attribute(constant)])
    }
    if !isSigned, isOne(b), let zero = ElementwiseFolding.constant(type, integer: 0) {
      return .replaced([.value(op.operand(0)), .attribute(zero)])
    }
    guard
      let low = ElementwiseFolding.integers(op, to: type, { x, y, _ in x &* y }),
      let high = ElementwiseFolding.integers(
        op, to: type, { highHalf($0, $1, $2, isSigned: isSigned) })
    else { return .none }
    return .replaced([.attribute(low), .attribute(high)])
  }

  /// The upper `width` bits of the product of 2 * `width` bits.
  static func highHalf(_ x: Int64, _ y: Int64, _ width: Int, isSigned: Bool) -> Int64 {
    let high: UInt64
    let low: UInt64
    if isSigned {
      let product = x.multipliedFullWidth(by: y)
      (high, low) = (UInt64(bitPattern: product.high), product.low)
    } else {
      let product = IntegerMath.unsigned(x, width).multipliedFullWidth(
        by: IntegerMath.unsigned(y, width))
      (high, low) = (product.high, product.low)
    }
    if width >= 64 { return Int64(bitPattern: high) }
    let shifted = (low >> UInt64(width)) | (high << UInt64(64 - width))
    return IntegerMath.signed(shifted, width)
  }
}
