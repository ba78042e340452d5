import MartletIR
import MartletSupport

#if canImport(Glibc)
  import Glibc
#endif

/// Elementary functions.
public enum Math {
  public static let dialect = Dialect(
    "math", summary: "mathematical functions of integers and floats",
    operations: [
      absf, absi, acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, ceil, clampf, copysign, cos,
      cosh, ctlz, ctpop, cttz, erf, erfc, exp, exp2, expm1, floor, fma, fpowi, ipowi, isfinite,
      isinf, isnan, isnormal, log, log10, log1p, log2, powf, round, roundeven, rsqrt, sin, sincos,
      sinh, sqrt, tan, tanh, trunc,
    ],
    materializeConstant: { builder, value, type in
      Arith.materializeConstant(builder, value, type)
    })

  // MARK: Floats of one operand

  public static let absf = unary("absf", "floating point absolute-value operation", fold: foldAbsF)
  public static let acos = unary("acos", "arcus cosine of the specified value", acosf, Glibc.acos)
  public static let acosh = unary(
    "acosh", "Hyperbolic arcus cosine of the given value", acoshf, Glibc.acosh)
  public static let asin = unary("asin", "arcus sine of the given value", asinf, Glibc.asin)
  public static let asinh = unary(
    "asinh", "hyperbolic arcus sine of the given value", asinhf, Glibc.asinh)
  public static let atan = unary("atan", "arcus tangent of the given value", atanf, Glibc.atan)
  public static let atanh = unary(
    "atanh", "hyperbolic arcus tangent of the given value", atanhf, Glibc.atanh)
  public static let cbrt = unary("cbrt", "cube root of the specified value")
  public static let ceil = exact("ceil", "ceiling of the specified value") { $0.rounded(.up) }
  public static let cos = unary("cos", "cosine of the specified value", cosf, Glibc.cos)
  public static let cosh = unary(
    "cosh", "hyperbolic cosine of the specified value", coshf, Glibc.cosh)
  public static let erf = unary("erf", "error function of the specified value", erff, Glibc.erf)
  public static let erfc = unary(
    "erfc", "complementary error function of the specified value", erfcf, Glibc.erfc)
  public static let exp = unary("exp", "base-e exponential of the specified value", expf, Glibc.exp)
  public static let exp2 = unary(
    "exp2", "base-2 exponential of the specified value", exp2f, Glibc.exp2)
  public static let expm1 = unary(
    "expm1", "base-e exponential of the specified value minus 1", expm1f, Glibc.expm1)
  public static let floor = exact("floor", "floor of the specified value") { $0.rounded(.down) }
  public static let log = unary(
    "log", "base-e logarithm of the specified value", logf, Glibc.log, where: { $0.sign == .plus })
  public static let log10 = unary(
    "log10", "base-10 logarithm of the specified value", log10f, Glibc.log10,
    where: { $0.sign == .plus })
  public static let log1p = unary(
    "log1p", "Computes the natural logarithm of one plus the given value", log1pf, Glibc.log1p,
    where: { ($0 + 1).sign == .plus })
  public static let log2 = unary(
    "log2", "base-2 logarithm of the specified value", log2f, Glibc.log2,
    where: { $0.sign == .plus })
  public static let round = unary(
    "round", "round of the specified value", roundf, Glibc.round)
  public static let roundeven = exact(
    "roundeven", "round of the specified value with halfway cases to even"
  ) { $0.rounded(.toNearestOrEven) }
  public static let rsqrt = unary(
    "rsqrt", "reciprocal of sqrt (1 / sqrt of the specified value)")
  public static let sin = unary("sin", "sine of the specified value", sinf, Glibc.sin)
  public static let sinh = unary(
    "sinh", "hyperbolic sine of the specified value", sinhf, Glibc.sinh)
  public static let sqrt = unary(
    "sqrt", "sqrt of the specified value", { $0.squareRoot() }, { $0.squareRoot() },
    where: { $0.sign == .plus })
  public static let tan = unary("tan", "tangent of the specified value", tanf, Glibc.tan)
  public static let tanh = unary(
    "tanh", "hyperbolic tangent of the specified value", tanhf, Glibc.tanh)
  public static let trunc = unary("trunc", "trunc of the specified value", truncf, Glibc.trunc)

  public static let sincos = OpDefinition(
    "math.sincos", "sine and cosine of the specified value",
    operands: [ValueDefinition("operand", .floatLike)],
    results: [ValueDefinition("sin", .floatLike), ValueDefinition("cos", .floatLike)],
    attributes: [Arith.fastMathSlot], traits: [.pure, .elementwise, .sameOperandsAndResultShape],
    relations: [.same(["operand", "sin", "cos"])],
    format: "$operand (`fastmath` `` $fastmath^)? attr-dict `:` type($operand)")

  // MARK: Floats of several operands

  public static let atan2 = float(
    "atan2", "2-argument arcus tangent of the given values", ["lhs", "rhs"],
    fold: { foldBinary($0, atan2f, Glibc.atan2) })
  public static let copysign = float(
    "copysign", "A copysign operation", ["lhs", "rhs"],
    fold: { Arith.floats($0) { Double(signOf: $1, magnitudeOf: $0) } })
  public static let powf = float(
    "powf", "floating point raised to the power of operation", ["lhs", "rhs"], fold: foldPowF)
  /// a * b + c, rounded once.
  public static let fma = float(
    "fma", "floating point fused multipy-add operation", ["a", "b", "c"], fold: nil)
  public static let clampf = OpDefinition(
    "math.clampf", "floating point clamping operation",
    operands: ["value", "min", "max"].map { ValueDefinition($0, .floatLike) },
    results: [ValueDefinition("result", .floatLike)], attributes: [Arith.fastMathSlot],
    traits: [.pure, .sameOperandsAndResultType, .elementwise],
    format: """
      $value `to` ` ` `[` $min `,` $max `]` (`fastmath` `` $fastmath^)? attr-dict
      `:` type($result)
      """)
  public static let fpowi = OpDefinition(
    "math.fpowi", "floating point raised to the signed integer power",
    operands: [ValueDefinition("lhs", .floatLike), ValueDefinition("rhs", .signlessIntegerLike)],
    results: [ValueDefinition("result", .floatLike)], attributes: [Arith.fastMathSlot],
    traits: [.pure, .elementwise, .sameOperandsAndResultShape],
    relations: [.same(["lhs", "result"])],
    format: "$lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($lhs) `,` type($rhs)")

  // MARK: Integers

  public static let absi = integer(
    "absi", "integer absolute-value operation"
  ) { value, _ in value < 0 ? 0 &- value : value }
  public static let ctlz = integer("ctlz", "counts the leading zeros an integer value") {
    value, width in
    Int64(IntegerMath.unsigned(value, width).leadingZeroBitCount - (64 - width))
  }
  public static let cttz = integer("cttz", "counts the trailing zeros an integer value") {
    value, width in
    Int64(min(width, IntegerMath.unsigned(value, width).trailingZeroBitCount))
  }
  public static let ctpop = integer("ctpop", "counts the number of set bits of an integer value") {
    value, width in Int64(IntegerMath.unsigned(value, width).nonzeroBitCount)
  }
  public static let ipowi = OpDefinition(
    "math.ipowi", "signed integer raised to the power of operation",
    operands: [
      ValueDefinition("lhs", .signlessIntegerLike), ValueDefinition("rhs", .signlessIntegerLike),
    ], results: [ValueDefinition("result", .signlessIntegerLike)],
    traits: [.pure, .sameOperandsAndResultType, .elementwise],
    format: "$lhs `,` $rhs attr-dict `:` type($result)", fold: foldIPowI)

  // MARK: Classification

  public static let isfinite = predicate(
    "isfinite", "returns true if the operand classifies as finite"
  ) { value, _ in value.isFinite }
  public static let isinf = predicate(
    "isinf", "returns true if the operand classifies as infinite"
  ) { value, _ in value.isInfinite }
  public static let isnan = predicate(
    "isnan", "returns true if the operand classifies as NaN"
  ) { value, _ in value.isNaN }
  public static let isnormal = predicate(
    "isnormal", "returns true if the operand classifies as normal"
  ) { value, kind in
    guard value.isFinite, value != 0 else { return false }
    switch kind {
    case .f32: return Float(value).isNormal
    case .f64: return value.isNormal
    case .f16: return value.magnitude >= 0x1p-14
    case .bf16: return value.magnitude >= 0x1p-126
    default: return nil
    }
  }
}
