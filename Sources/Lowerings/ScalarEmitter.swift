import MartletDialects
import MartletIR

/// Makes scalar operations of arith and math, choosing the float, signed or unsigned form by the operands.
struct ScalarEmitter {
  let builder: Builder
  /// Whether integers are unsigned numbers.
  let isUnsigned: Bool

  var context: Context { builder.context }

  func make(_ name: String, _ operands: [Value], _ type: Type? = nil) -> Value {
    builder.create(
      context.operationName(name), operands, results: [type ?? operands[0].type]
    ).result()
  }

  func constant(_ attribute: Attribute) -> Value {
    builder.create(
      context.operationName("arith.constant"), results: [attribute.type ?? context.noneType],
      attributes: [("value", attribute)]
    ).result()
  }

  /// A number of `type`.
  func number(_ value: Double, _ type: Type) -> Value {
    constant(
      type.isFloat
        ? context.floatAttribute(value, type) : context.integerAttribute(Int64(value), type))
  }
  func integer(_ value: Int64, _ type: Type) -> Value {
    constant(context.integerAttribute(value, type))
  }

  func loopIndex(_ dimension: Int) -> Value {
    builder.create(
      Linalg.index, results: [context.index],
      attributes: [("dim", context.i64Attribute(dimension))]
    ).result()
  }

  // MARK: Arithmetic

  func add(_ a: Value, _ b: Value) -> Value {
    make(a.type.isFloat ? "arith.addf" : "arith.addi", [a, b])
  }
  func sub(_ a: Value, _ b: Value) -> Value {
    make(a.type.isFloat ? "arith.subf" : "arith.subi", [a, b])
  }
  func mul(_ a: Value, _ b: Value) -> Value {
    make(a.type.isFloat ? "arith.mulf" : "arith.muli", [a, b])
  }

  /// Of integers truncated; a division by 0 gives 0, and the least number by -1 wraps.
  func div(_ a: Value, _ b: Value) -> Value {
    if a.type.isFloat { return make("arith.divf", [a, b]) }
    let zero = integer(0, a.type)
    let isZero = compare(.equal, b, zero)
    let one = integer(1, a.type)
    if isUnsigned {
      let quotient = make("arith.divui", [a, select(isZero, one, b)])
      return select(isZero, zero, quotient)
    }
    let isMinusOne = compare(.equal, b, integer(-1, a.type))
    let isUnsafe = make("arith.ori", [isZero, isMinusOne])
    let quotient = make("arith.divsi", [a, select(isUnsafe, one, b)])
    return select(isZero, zero, select(isMinusOne, sub(zero, a), quotient))
  }

  /// The remainder; of integers 0 for a divisor of 0.
  func rem(_ a: Value, _ b: Value, keepsDividendSign: Bool) -> Value {
    let zero = number(0, a.type)
    if a.type.isFloat {
      let rest = make("arith.remf", [a, b])
      return keepsDividendSign ? rest : withSign(of: b, rest, zero)
    }
    let one = integer(1, a.type)
    let isZero = compare(.equal, b, zero)
    if isUnsigned { return make("arith.remui", [a, select(isZero, one, b)]) }
    let isUnsafe = make("arith.ori", [isZero, compare(.equal, b, integer(-1, a.type))])
    let rest = make("arith.remsi", [a, select(isUnsafe, one, b)])
    return keepsDividendSign ? rest : withSign(of: b, rest, zero)
  }

  /// A remainder moved by the divisor where their signs differ.
  private func withSign(of b: Value, _ rest: Value, _ zero: Value) -> Value {
    let differs = make("arith.xori", [compare(.less, rest, zero), compare(.less, b, zero)])
    let wraps = make("arith.andi", [compare(.notEqual, rest, zero), differs])
    return select(wraps, add(rest, b), rest)
  }

  /// The larger; NaN where one is NaN.
  func max(_ a: Value, _ b: Value) -> Value {
    make(a.type.isFloat ? "arith.maximumf" : isUnsigned ? "arith.maxui" : "arith.maxsi", [a, b])
  }
  func min(_ a: Value, _ b: Value) -> Value {
    make(a.type.isFloat ? "arith.minimumf" : isUnsigned ? "arith.minui" : "arith.minsi", [a, b])
  }

  func neg(_ x: Value) -> Value {
    x.type.isFloat ? make("arith.negf", [x]) : sub(integer(0, x.type), x)
  }
  func abs(_ x: Value) -> Value {
    if x.type.isFloat { return make("math.absf", [x]) }
    return isUnsigned ? x : max(x, neg(x))
  }
  func math(_ name: String, _ x: Value) -> Value { make("math.\(name)", [x]) }
  func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
    make("arith.select", [condition, a, b], a.type)
  }

  /// 1 / (1 + exp(-x)).
  func sigmoid(_ x: Value) -> Value {
    let one = number(1, x.type)
    return div(one, add(one, math("exp", neg(x))))
  }

  // MARK: Comparison

  enum Comparison { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

  /// Ordered for floats, but for `notEqual`, which holds for NaN.
  func compare(_ comparison: Comparison, _ a: Value, _ b: Value) -> Value {
    let isFloat = a.type.isFloat
    let number: Int =
      switch comparison {
      case .equal: isFloat ? 1 : 0
      case .notEqual: isFloat ? 13 : 1
      case .less: isFloat ? 4 : isUnsigned ? 6 : 2
      case .lessOrEqual: isFloat ? 5 : isUnsigned ? 7 : 3
      case .greater: isFloat ? 2 : isUnsigned ? 8 : 4
      case .greaterOrEqual: isFloat ? 3 : isUnsigned ? 9 : 5
      }
    return compare(number: number, a, b)
  }

  func isNaN(_ x: Value) -> Value { compare(number: 14, x, x) }

  private func compare(number: Int, _ a: Value, _ b: Value) -> Value {
    builder.create(
      context.operationName(a.type.isFloat ? "arith.cmpf" : "arith.cmpi"), [a, b],
      results: [context.i1], attributes: [("predicate", context.i64Attribute(number))]
    ).result()
  }

  // MARK: Conversion

  /// `x` as a number of `type`; floats become integers by truncation, held to the integers' range, NaN 0.
  /// - Parameter toUnsigned: whether integers of `type` are unsigned numbers.
  func cast(_ x: Value, to type: Type, toUnsigned: Bool = false) -> Value {
    let from = x.type
    if from == type { return x }
    if type.isInteger(1) { return compare(.notEqual, x, number(0, from)) }
    let width = type.bitWidth ?? 64
    let fromWidth = from.bitWidth ?? 64
    if from.isFloat, type.isFloat { return castFloat(x, type, fromWidth, width) }
    if from.isFloat { return truncated(x, type, width, toUnsigned) }
    let isNonNegative = isUnsigned || from.isInteger(1)
    if type.isFloat { return make(isNonNegative ? "arith.uitofp" : "arith.sitofp", [x], type) }
    if type.isIndex || from.isIndex {
      return make(isNonNegative ? "arith.index_castui" : "arith.index_cast", [x], type)
    }
    if width < fromWidth { return make("arith.trunci", [x], type) }
    return make(isNonNegative ? "arith.extui" : "arith.extsi", [x], type)
  }

  private func castFloat(_ x: Value, _ type: Type, _ fromWidth: Int, _ width: Int) -> Value {
    if fromWidth == width {
      // f16 and bf16 meet in f32.
      return make("arith.truncf", [make("arith.extf", [x], context.f32)], type)
    }
    return make(width > fromWidth ? "arith.extf" : "arith.truncf", [x], type)
  }

  private func truncated(_ x: Value, _ type: Type, _ width: Int, _ toUnsigned: Bool) -> Value {
    // Half precision cannot hold the limits of wide integers.
    let wide = (x.type.bitWidth ?? 64) < 32 ? make("arith.extf", [x], context.f32) : x
    let limit = Double(sign: .plus, exponent: toUnsigned ? width : width - 1, significand: 1)
    let top = number(limit, wide.type)
    let isHigh = compare(.greaterOrEqual, wide, top)
    let isLow =
      toUnsigned
      ? compare(.lessOrEqual, wide, number(-1, wide.type))
      : compare(.less, wide, number(-limit, wide.type))
    let isOutside = make("arith.ori", [make("arith.ori", [isHigh, isLow]), isNaN(wide)])
    let safe = select(isOutside, number(0, wide.type), wide)
    let value = make(toUnsigned ? "arith.fptoui" : "arith.fptosi", [safe], type)
    let highest: Int64 = toUnsigned ? -1 : Int64.max >> Int64(64 - width)
    let lowest: Int64 = toUnsigned ? 0 : Int64.min >> Int64(64 - width)
    let held = select(isHigh, integer(highest, type), value)
    return select(isLow, integer(lowest, type), held)
  }
}
