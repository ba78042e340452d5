import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Arithmetic on complex numbers.
public enum Complex {
  public static let dialect = Dialect(
    "complex", summary: "arithmetic on complex numbers",
    operations: [
      abs, add, angle, atan2, bitcast, conj, constant, cos, create, div, eq, exp, expm1, im, log,
      log1p, mul, neg, neq, pow, powi, re, rsqrt, sign, sin, sqrt, sub, tan, tanh,
    ],
    attributes: [number],
    materializeConstant: { builder, value, type in
      guard isConstant(value, type) else {
        return Arith.materializeConstant(builder, value, type)
      }
      return builder.create(constant, results: [type], attributes: [("value", value)])
    })

  // MARK: Making and taking apart

  /// The array of a real and an imaginary part.
  public static let constant: OpDefinition = OpDefinition(
    "complex.constant", "a complex constant",
    results: [ValueDefinition("complex", anyComplex)], attributes: [AttributeSlot("value", .array)],
    traits: [.constantLike, .pure], format: "$value attr-dict `:` type($complex)",
    verify: verifyConstant,
    fold: { operation in operation.attribute("value").map { .attribute($0) } ?? .none },
    interfaces: [AsmResultNames("cst")])

  public static let create: OpDefinition = OpDefinition(
    "complex.create", "the complex number of two floats",
    operands: [ValueDefinition("real", .anyFloat), ValueDefinition("imaginary", .anyFloat)],
    results: [ValueDefinition("complex", complexFloat)], traits: [.pure],
    relations: [
      .same(["real", "imaginary"]),
      part("real", of: "complex", "complex element type matches real operand type"),
      part("imaginary", of: "complex", "complex element type matches imaginary operand type"),
    ], format: "$real `,` $imaginary attr-dict `:` type($complex)", fold: foldCreate)

  public static let re: OpDefinition = component(
    "re", result: "real", "real part", fold: { foldComponent($0, 0) }, [componentOfNegation(0)])
  public static let im: OpDefinition = component(
    "im", result: "imaginary", "imaginary part", fold: { foldComponent($0, 1) },
    [componentOfNegation(1)])

  public static let bitcast: OpDefinition = OpDefinition(
    "complex.bitcast", "the same bits as another type of the same width, one of them complex",
    operands: [ValueDefinition("operand", .any)], results: [ValueDefinition("result", .any)],
    traits: [.pure], format: "$operand attr-dict `:` type($operand) `to` type($result)",
    verify: verifyBitcast,
    fold: { operation in
      operation.operand(0).type == operation.result().type ? .value(operation.operand(0)) : .none
    }, interfaces: [CanonicalizationPatterns(mergeBitcasts, mergeIntoArithBitcast)])

  // MARK: Functions of one number

  public static let abs = component("abs", result: "result", "magnitude")
  public static let angle = component("angle", result: "result", "argument")
  public static let conj: OpDefinition = unary("conj", "conjugate", fold: { undo($0, conj) })
  public static let cos = unary("cos", "cosine")
  public static let exp: OpDefinition = unary("exp", "e to the power", fold: { undo($0, log) })
  public static let expm1 = unary("expm1", "e to the power, less one")
  public static let log: OpDefinition = unary("log", "natural logarithm", fold: { undo($0, exp) })
  public static let log1p = unary("log1p", "natural logarithm of the number plus one")
  public static let neg: OpDefinition = unary("neg", "negative", fold: { undo($0, neg) })
  public static let rsqrt = unary("rsqrt", "reciprocal of the square root")
  public static let sign = unary("sign", "the number divided by its magnitude")
  public static let sin = unary("sin", "sine")
  public static let sqrt = unary("sqrt", "square root")
  public static let tan = unary("tan", "tangent")
  public static let tanh = unary("tanh", "hyperbolic tangent")

  // MARK: Functions of two numbers

  public static let add: OpDefinition = binary("add", "sum", fold: foldAdd)
  public static let atan2 = binary("atan2", "arc tangent of two arguments")
  public static let div = binary("div", "quotient", fold: foldByOne)
  public static let mul = binary("mul", "product", fold: foldByOne)
  public static let pow = binary("pow", "complex power")
  public static let sub: OpDefinition = binary("sub", "difference", fold: foldSub)
  public static let eq = comparison("eq", "whether two numbers are equal")
  public static let neq = comparison("neq", "whether two numbers differ")

  public static let powi = OpDefinition(
    "complex.powi", "power of a signed integer exponent",
    operands: [ValueDefinition("lhs", complexFloat), ValueDefinition("rhs", .signlessInteger)],
    results: [ValueDefinition("result", complexFloat)],
    attributes: [.optional("fastmath", Arith.fastMathConstraint)],
    traits: [.pure, .elementwise, .sameOperandsAndResultShape],
    relations: [.same(["lhs", "result"])],
    format: """
      $lhs `,` $rhs (`fastmath` `` $fastmath^)? attr-dict `:` type($result) `,` type($rhs)
      """)
}
