import MartletIR

#if canImport(Glibc)
  import Glibc
#endif

/// Families of declarations and their folders. A function folds where libm has it at the type's own
/// precision: f32 and f64.
extension Math {
  typealias FloatFunction = @Sendable (Float) -> Float
  typealias DoubleFunction = @Sendable (Double) -> Double

  // MARK: Declarations

  static func float(
    _ name: String, _ summary: String, _ operands: [String],
    fold: (@Sendable (Operation) -> FoldResult)?
  ) -> OpDefinition {
    let list = operands.map { "$" + $0 }.joined(separator: " `,` ")
    return OpDefinition(
      "math." + name, summary, operands: operands.map { ValueDefinition($0, .floatLike) },
      results: [ValueDefinition("result", .floatLike)], attributes: [Arith.fastMathSlot],
      traits: [.pure, .sameOperandsAndResultType, .elementwise],
      format: list + " (`fastmath` `` $fastmath^)? attr-dict `:` type($result)", fold: fold)
  }

  static func unary(
    _ name: String, _ summary: String, fold: (@Sendable (Operation) -> FoldResult)? = nil
  ) -> OpDefinition {
    float(name, summary, ["operand"], fold: fold)
  }

  /// A function whose results are exact, which therefore folds in any format.
  static func exact(
    _ name: String, _ summary: String, _ apply: @escaping DoubleFunction
  ) -> OpDefinition {
    unary(
      name, summary,
      fold: { op in
        if let poison = Arith.poison(op) { return .attribute(poison) }
        guard let a = ConstantElements(op.operand(0).constant),
          let kind = a.type.elementType.floatKind
        else { return .none }
        return Arith.result(
          ElementwiseFolding.map([a], to: op.result().type) { i in
            a.double(i).map { FloatFormat.encode(apply($0), kind)[0] }
          })
      })
  }

  /// A function of one operand that folds where its constant operand lies in `domain`.
  static func unary(
    _ name: String, _ summary: String, _ single: @escaping FloatFunction,
    _ double: @escaping DoubleFunction,
    where domain: @escaping @Sendable (Double) -> Bool = { _ in true }
  ) -> OpDefinition {
    unary(name, summary, fold: { foldUnary($0, single, double, domain) })
  }

  static func integer(
    _ name: String, _ summary: String, _ apply: @escaping @Sendable (Int64, Int) -> Int64
  ) -> OpDefinition {
    OpDefinition(
      "math." + name, summary, operands: [ValueDefinition("operand", .signlessIntegerLike)],
      results: [ValueDefinition("result", .signlessIntegerLike)],
      traits: [.pure, .sameOperandsAndResultType, .elementwise],
      format: "$operand attr-dict `:` type($result)",
      fold: { operation in
        if let poison = Arith.poison(operation) { return .attribute(poison) }
        return Arith.result(
          ElementwiseFolding.integer(operation, to: operation.result().type, apply))
      })
  }

  static func predicate(
    _ name: String, _ summary: String,
    _ test: @escaping @Sendable (Double, FloatKind) -> Bool?
  ) -> OpDefinition {
    OpDefinition(
      "math." + name, summary, operands: [ValueDefinition("operand", .floatLike)],
      results: [ValueDefinition("result", .boolLike)], attributes: [Arith.fastMathSlot],
      traits: [.pure, .elementwise],
      relations: [
        .derived(
          target: "result", from: "operand",
          summary: "result type has i1 element type and same shape as operands",
          transform: { Arith.boolType(like: $0) })
      ], format: "$operand attr-dict `:` type($operand)",
      fold: { operation in
        guard let a = ConstantElements(operation.operand(0).constant),
          let kind = a.type.elementType.floatKind
        else { return .none }
        return Arith.result(
          ElementwiseFolding.map([a], to: operation.result().type) { i in
            a.double(i).flatMap { test($0, kind) }.map { $0 ? .max : 0 }
          })
      })
  }

  // MARK: Folders

  private static func foldUnary(
    _ op: Operation, _ single: FloatFunction, _ double: DoubleFunction,
    _ domain: (Double) -> Bool
  ) -> FoldResult {
    if let poison = Arith.poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let kind = a.type.elementType.floatKind
    else { return .none }
    return Arith.result(
      ElementwiseFolding.map([a], to: op.result().type) { i in
        guard let value = a.double(i), domain(value) else { return nil }
        switch kind {
        case .f32: return UInt64(single(Float(value)).bitPattern)
        case .f64: return double(value).bitPattern
        default: return nil
        }
      })
  }

  static func foldBinary(
    _ op: Operation, _ single: (Float, Float) -> Float, _ double: (Double, Double) -> Double
  ) -> FoldResult {
    if let poison = Arith.poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let b = ConstantElements(op.operand(1).constant), let kind = a.type.elementType.floatKind
    else { return .none }
    return Arith.result(
      ElementwiseFolding.map([a, b], to: op.result().type) { i in
        guard let x = a.double(i), let y = b.double(i) else { return nil }
        switch kind {
        case .f32: return UInt64(single(Float(x), Float(y)).bitPattern)
        case .f64: return double(x, y).bitPattern
        default: return nil
        }
      })
  }

  static func foldPowF(_ op: Operation) -> FoldResult {
    foldBinary(op, { Glibc.powf($0, $1) }, { Glibc.pow($0, $1) })
  }

  static func foldAbsF(_ op: Operation) -> FoldResult {
    if let poison = Arith.poison(op) { return .attribute(poison) }
    guard let a = ConstantElements(op.operand(0).constant),
      let kind = a.type.elementType.floatKind
    else { return .none }
    switch kind {
    case .f8E5M2FNUZ, .f8E4M3FNUZ, .f8E4M3B11FNUZ, .f8E8M0FNU: return .none
    default: break
    }
    let mask = ~(UInt64(1) << UInt64(kind.width - 1))
    return Arith.result(
      ElementwiseFolding.map([a], to: op.result().type) { a.bits($0) & mask })
  }

  /// Integer power: x ** n for n >= 0, and 1 / x ** -n truncated for n < 0 (undefined for x = 0).
  static func foldIPowI(_ op: Operation) -> FoldResult {
    if let poison = Arith.poison(op) { return .attribute(poison) }
    return Arith.result(
      ElementwiseFolding.integers(op, to: op.result().type) { base, exponent, width in
        if exponent < 0 {
          switch base {
          case 0: return nil
          case 1: return 1
          case -1: return exponent & 1 == 0 ? 1 : -1
          default: return 0
          }
        }
        var result: Int64 = 1
        var square = base
        var left = exponent
        while left > 0 {
          if left & 1 == 1 { result = result &* square }
          square = square &* square
          left >>= 1
        }
        return IntegerMath.signed(UInt64(bitPattern: result), width)
      })
  }
}
