import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns operations on complex numbers into those of arith and math on their parts; `complex.create`,
  /// `complex.re` and `complex.im` stay.
  ///
  ///     %0 = complex.add %a, %b : complex<f32>
  ///       ->  complex.re and complex.im of both, arith.addf of each, complex.create
  public static let convertComplexToStandard = Pass(
    "convert-complex-to-standard", name: "ConvertComplexToStandardPass",
    "Convert Complex dialect to standard dialect",
    options: [complexRangeOption(default: "improved")],
    dependentDialects: ["arith", "math", "complex"]
  ) { (operation, state) throws(Reported) in
    let isImproved = state.options.string("complex-range") == "improved"
    let target = ConversionTarget()
    target.addLegal(dialects: "arith", "math")
    target.addLegal("complex.create", "complex.im", "complex.re")
    let lowering = ComplexToStandard(reducesRange: isImproved)
    try applyPartialConversion(operation, target, lowering.patterns)
  }
}

private struct ComplexToStandard {
  let reducesRange: Bool

  private typealias Body = (StandardMath, [Value]) -> Value

  var patterns: [ConversionPattern] {
    [
      pattern("abs") { math, v in
        let (re, im) = math.parts(v[0])
        return math.magnitude(re, im)
      },
      pattern("angle") { math, v in
        let (re, im) = math.parts(v[0])
        return math("math.atan2", im, re)
      },
      pattern("atan2", arcTangent), partwise("add", "arith.addf"), partwise("sub", "arith.subf"),
      comparison("eq", "oeq", "arith.andi"), comparison("neq", "une", "arith.ori"),
      pattern("conj") { math, v in
        let (re, im) = math.parts(v[0])
        return math.create(re, math.plain("arith.negf", im))
      },
      trigonometric("cos") { math, scaled, reciprocal, sin, cos in
        let re = math("arith.mulf", math("arith.addf", reciprocal, scaled), cos)
        return math.create(re, math("arith.mulf", math("arith.subf", reciprocal, scaled), sin))
      },
      pattern("exp", exponential), pattern("expm1", exponentialMinusOne),
      pattern("log1p", logarithmPlusOne),
      pattern("log") { math, v in
        let re = math("math.log", math.abs(v[0]))
        let (x, y) = math.parts(v[0])
        return math.create(re, math("math.atan2", y, x))
      },
      pattern("mul") { math, v in
        let (a, b) = (math.parts(v[0]), math.parts(v[1]))
        let rere = math("arith.mulf", a.0, b.0)
        let imim = math("arith.mulf", a.1, b.1)
        let re = math("arith.subf", rere, imim)
        let imre = math("arith.mulf", a.1, b.0)
        let reim = math("arith.mulf", a.0, b.1)
        return math.create(re, math("arith.addf", imre, reim))
      },
      pattern("neg") { math, v in
        let (re, im) = math.parts(v[0])
        let negated = math.plain("arith.negf", re)
        return math.create(negated, math.plain("arith.negf", im))
      },
      pattern("sign") { math, v in
        let (re, im) = math.parts(v[0])
        let zero = math.constant(0)
        let reIsZero = math.unflagged.compare("oeq", re, zero)
        let imIsZero = math.unflagged.compare("oeq", im, zero)
        let isZero = math.and(reIsZero, imIsZero)
        let abs = math.abs(v[0])
        let x = math("arith.divf", re, abs)
        return math.select(isZero, v[0], math.create(x, math("arith.divf", im, abs)))
      },
      trigonometric("sin") { math, scaled, reciprocal, sin, cos in
        let re = math("arith.mulf", math("arith.addf", scaled, reciprocal), sin)
        return math.create(re, math("arith.mulf", math("arith.subf", scaled, reciprocal), cos))
      },
      pattern("sqrt", squareRoot), pattern("tan") { hyperbolicTangent($0, $1, isCircular: true) },
      pattern("tanh") { hyperbolicTangent($0, $1, isCircular: false) },
      ConversionPattern("complex.powi-to-standard", root: "complex.powi") {
        op, operands, rewriter in
        let type = op.result().type
        guard type.kind == .complex else { return false }
        let math = StandardMath(rewriter: rewriter, element: type.elementType, flags: 0)
        let exponent = math.plain("arith.sitofp", operands[1], type: type.elementType)
        let power = math.create(exponent, math.constant(0))
        let made = rewriter.create(
          op.context.operationName("complex.pow"), [operands[0], power], results: [type],
          attributes: op.attribute("fastmath").map { [("fastmath", $0)] } ?? [])
        rewriter.replace(op, with: made)
        return true
      },
      pattern("pow", power), pattern("rsqrt", reciprocalSquareRoot),
      pattern("div") { math, v in
        let (a, b) = (math.parts(v[0]), math.parts(v[1]))
        let parts = ComplexArithmetic(math.rewriter, math.element, math.flags)
        let result =
          reducesRange
          ? parts.reducedQuotient((a.0, a.1), (b.0, b.1))
          : parts.algebraicQuotient((a.0, a.1), (b.0, b.1))
        return math.create(result.re, result.im)
      },
    ]
  }

  private func pattern(_ name: String, _ body: @escaping Body) -> ConversionPattern {
    ConversionPattern("complex.\(name)-to-standard", root: "complex.\(name)") {
      op, operands, rewriter in
      guard let type = operands.first?.type, type.kind == .complex else { return false }
      let flags = UInt64(bitPattern: op.attribute("fastmath")?.enumValue ?? 0)
      let math = StandardMath(rewriter: rewriter, element: type.elementType, flags: flags)
      rewriter.replace(op, with: body(math, operands))
      return true
    }
  }

  private func partwise(_ name: String, _ operation: String) -> ConversionPattern {
    pattern(name) { math, v in
      let (x, y) = (math.re(v[0]), math.re(v[1]))
      let re = math(operation, x, y)
      let (z, w) = (math.im(v[0]), math.im(v[1]))
      return math.create(re, math(operation, z, w))
    }
  }

  private func comparison(
    _ name: String, _ predicate: String, _ combine: String
  ) -> ConversionPattern {
    pattern(name) { math, v in
      let (a, b) = (math.parts(v[0]), math.parts(v[1]))
      let re = math.unflagged.compare(predicate, a.0, b.0)
      let im = math.unflagged.compare(predicate, a.1, b.1)
      return math.plain(combine, re, im)
    }
  }

  /// Sine and cosine of x + iy by half of exp(y) and of its reciprocal, and those of x.
  private func trigonometric(
    _ name: String,
    _ combine: @escaping (StandardMath, Value, Value, _ sin: Value, _ cos: Value) -> Value
  ) -> ConversionPattern {
    pattern(name) { math, v in
      let (re, im) = math.parts(v[0])
      let half = math.constant(0.5)
      let exp = math("math.exp", im)
      let scaled = math("arith.mulf", half, exp)
      let reciprocal = math("arith.divf", half, exp)
      let sin = math("math.sin", re)
      return combine(math, scaled, reciprocal, sin, math("math.cos", re))
    }
  }

  // MARK: Exponentials and logarithms

  /// -i log((x + iy) / sqrt(x^2 + y^2))
  private func arcTangent(_ math: StandardMath, _ v: [Value]) -> Value {
    let (y, x) = (v[0], v[1])
    let xSquare = math("complex.mul", x, x)
    let ySquare = math("complex.mul", y, y)
    let norm = math("complex.sqrt", math("complex.add", xSquare, ySquare))
    let zero = math.constant(0)
    let one = math.constant(1)
    let i = math.create(zero, one)
    let sum = math("complex.add", x, math("complex.mul", i, y))
    let log = math("complex.log", math("complex.div", sum, norm))
    let minusOne = math.constant(-1)
    return math("complex.mul", math.create(zero, minusOne), log)
  }

  /// Where exp(x) overflows, it is taken as exp(x / 2) twice.
  private func exponential(_ math: StandardMath, _ v: [Value]) -> Value {
    let (x, y) = math.parts(v[0])
    let zero = math.constant(0)
    let half = math.constant(0.5)
    let infinity = math.constant(.infinity)
    let exp = math("math.exp", x)
    let expHalf = math("math.exp", math("arith.mulf", x, half))
    let cos = math("math.cos", y)
    let sin = math("math.sin", y)
    let overflows = math.compare("oeq", exp, infinity)
    let isReal = math.unflagged.compare("oeq", y, zero)
    func scaled(_ part: Value) -> Value {
      let normal = math("arith.mulf", exp, part)
      let first = math("arith.mulf", expHalf, part)
      return math.select(overflows, math("arith.mulf", first, expHalf), normal)
    }
    let re = scaled(cos)
    return math.create(re, math.select(isReal, zero, scaled(sin)))
  }

  private func exponentialMinusOne(_ math: StandardMath, _ v: [Value]) -> Value {
    let (x, y) = math.parts(v[0])
    let zero = math.constant(0)
    let one = math.constant(1)
    let expm1 = math("math.expm1", x)
    let exp = math("arith.addf", expm1, one)
    let sin = math("math.sin", y)
    let cosm1 = cosineMinusOne(math, y)
    let cos = math("arith.addf", cosm1, one)
    let re = math("arith.addf", math("arith.mulf", expm1, cos), cosm1)
    let isReal = math.compare("oeq", y, zero)
    return math.create(re, math.select(isReal, zero, math("arith.mulf", exp, sin)))
  }

  /// cos(x) - 1, for small x by a polynomial, whose value does not cancel.
  private func cosineMinusOne(_ math: StandardMath, _ x: Value) -> Value {
    let minusHalf = math.constant(-0.5)
    let minusOne = math.constant(-1)
    let large = math("arith.addf", math("math.cos", x), minusOne)
    let square = math("arith.mulf", x, x)
    let fourth = math("arith.mulf", square, square)
    var polynomial = math.constant(Self.cosineCoefficients[0])
    for coefficient in Self.cosineCoefficients.dropFirst() {
      polynomial = math("math.fma", polynomial, square, math.constant(coefficient))
    }
    let high = math("arith.mulf", fourth, polynomial)
    let low = math("arith.mulf", minusHalf, square)
    let small = math.plain("arith.addf", high, low)
    let isLarge = math.compare("oge", square, math.constant(0.61685))
    return math.select(isLarge, large, small)
  }

  private static let cosineCoefficients = [
    4.7377507964246204691685E-14, -1.1470284843425359765671E-11, 2.0876754287081521758361E-9,
    -2.7557319214999787979814E-7, 2.4801587301570552304991E-5, -1.3888888888888872993737E-3,
    4.1666666666666666609054E-2,
  ]

  private func logarithmPlusOne(_ math: StandardMath, _ v: [Value]) -> Value {
    let (x, y) = math.parts(v[0])
    let half = math.constant(0.5)
    let one = math.constant(1)
    let next = math("arith.addf", x, one)
    let nextAbs = math("math.absf", next)
    let yAbs = math("math.absf", y)
    let most = math("arith.maximumf", nextAbs, yAbs)
    let least = math("arith.minimumf", nextAbs, yAbs)
    let usesX = math.compare("ogt", next, yAbs)
    let mostMinusOne = math.select(usesX, x, math("arith.subf", most, one))
    let careful = math.careful
    let ratio = careful("arith.divf", least, most)
    let log = math("math.log1p", mostMinusOne)
    let rest = careful("math.log1p", careful("arith.mulf", ratio, ratio))
    let sum = careful("arith.addf", careful("arith.mulf", half, rest), log)
    let re = math.select(careful.compare("uno", sum, sum), least, sum)
    return math.create(re, math("math.atan2", y, next))
  }

  // MARK: Roots

  private func squareRoot(_ math: StandardMath, _ v: [Value]) -> Value {
    let zero = math.constant(0)
    let half = math.constant(0.5)
    let (x, y) = math.parts(v[0])
    let root = math.magnitude(x, y, .square)
    let angle = math("arith.mulf", math("math.atan2", y, x), half)
    let cos = math("math.cos", angle)
    let sin = math("math.sin", angle)
    let sinIsZero = math.compare("oeq", sin, zero)
    var re = math("arith.mulf", root, cos)
    var im = math.select(sinIsZero, zero, math("arith.mulf", root, sin))
    if !math.isFinite {
      let infinity = math.constant(.infinity)
      let minusInfinity = math.constant(-.infinity)
      let nan = math.nan()
      let yAbs = math("math.absf", y)
      let yIsInfinite = math.compare("oeq", yAbs, infinity)
      let yIsNotInfinite = math.compare("one", yAbs, infinity)
      let xIsInfinite = math.compare("oeq", x, infinity)
      let xIsMinusInfinite = math.compare("oeq", x, minusInfinity)
      re = math.select(math.and(xIsMinusInfinite, yIsNotInfinite), zero, re)
      re = math.select(math.or(yIsInfinite, xIsInfinite), infinity, re)
      let signed = math("math.copysign", infinity, y)
      im = math.select(math.unflagged.compare("uno", root, root), nan, im)
      im = math.select(math.or(yIsInfinite, xIsMinusInfinite), signed, im)
    }
    let isZero = math.compare("oeq", root, zero)
    re = math.select(isZero, zero, re)
    return math.create(re, math.select(isZero, zero, im))
  }

  private func reciprocalSquareRoot(_ math: StandardMath, _ v: [Value]) -> Value {
    let zero = math.constant(0)
    let infinity = math.constant(.infinity)
    let minusHalf = math.constant(-0.5)
    let nan = math.nan()
    let (x, y) = math.parts(v[0])
    let root = math.magnitude(x, y, .reciprocalSquare)
    let angle = math("arith.mulf", math("math.atan2", y, x), minusHalf)
    let cos = math("math.cos", angle)
    let sin = math("math.sin", angle)
    var re = math("arith.mulf", root, cos)
    var im = math("arith.mulf", root, sin)
    if !math.isFinite {
      let minusOne = math.constant(-1)
      let xZero = math("math.copysign", zero, x)
      let yZero = math("math.copysign", zero, y)
      let minusYZero = math("arith.mulf", minusOne, yZero)
      let xAbs = math("math.absf", x)
      let yAbs = math("math.absf", y)
      let yIsInfinite = math.compare("oeq", yAbs, infinity)
      let xIsNaN = math.compare("uno", x, x)
      let xIsInfinite = math.compare("oeq", xAbs, infinity)
      let isZero = math.or(math.and(yIsInfinite, xIsNaN), xIsInfinite)
      re = math.select(isZero, xZero, re)
      im = math.select(isZero, minusYZero, im)
    }
    let xIsZero = math.compare("oeq", x, zero)
    let yIsZero = math.compare("oeq", y, zero)
    let isZero = math.and(xIsZero, yIsZero)
    re = math.select(isZero, infinity, re)
    return math.create(re, math.select(isZero, nan, im))
  }

  // MARK: Tangents

  /// tanh(x + iy); tan(z) is -i tanh(iz).
  private func hyperbolicTangent(
    _ math: StandardMath, _ v: [Value], isCircular: Bool
  ) -> Value {
    var (x, y) = math.parts(v[0])
    let minusOne = math.constant(-1)
    if isCircular { (x, y) = (math("arith.mulf", y, minusOne), x) }
    let infinity = math.constant(.infinity)
    let four = math.constant(4)
    let twice = math("arith.addf", x, x)
    let minusTwice = math("arith.mulf", minusOne, twice)
    let up = math("math.expm1", twice)
    let down = math("math.expm1", minusTwice)
    let reNumerator = math("arith.subf", up, down)
    let cos = math("math.cos", y)
    let cosSquare = math("arith.mulf", cos, cos)
    let scaledCos = math("arith.mulf", cosSquare, four)
    let sin = math("math.sin", y)
    let imNumerator = math("arith.mulf", four, math("arith.mulf", cos, sin))
    let sum = math("arith.addf", up, down)
    let denominator = math("arith.addf", sum, scaledCos)
    let isInfinite = math.compare("oeq", sum, infinity)
    let limit = math("math.copysign", minusOne, x)
    var re = math.select(isInfinite, limit, math("arith.divf", reNumerator, denominator))
    var im = math("arith.divf", imNumerator, denominator)
    if !math.isFinite {
      let xAbs = math("math.absf", x)
      let zero = math.constant(0)
      let nan = math.nan()
      let xIsInfinite = math.compare("oeq", xAbs, infinity)
      let yIsZero = math.compare("oeq", y, zero)
      let isTrue = math.rewriter.arithConstant(math.context.boolAttribute(true), math.context.i1)
      let xIsNotInfinite = math.plain("arith.xori", xIsInfinite, isTrue)
      let isNaN = math.compare("uno", imNumerator, imNumerator)
      let reIsNaN = math.and(isNaN, xIsNotInfinite)
      let imIsZero = math.or(yIsZero, math.and(xIsInfinite, isNaN))
      re = math.select(reIsNaN, nan, re)
      im = math.select(imIsZero, zero, im)
    }
    if isCircular { (re, im) = (im, math("arith.mulf", re, minusOne)) }
    return math.create(re, im)
  }

  // MARK: Powers

  /// (a + ib) to the power c + id: |z|^c exp(-d arg z) at the angle c arg z + d log |z|, with the special cases
  /// of a base or exponent that is 0, 1 or infinite.
  private func power(_ math: StandardMath, _ v: [Value]) -> Value {
    let (c, d) = math.parts(v[1])
    let (a, b) = math.parts(v[0])
    let abs = math.abs(v[0])
    let absToC = math("math.powf", abs, c)
    let minusD = math("arith.negf", d)
    let angle = math("math.atan2", b, a)
    let exp = math("math.exp", math("arith.mulf", minusD, angle))
    let coefficient = math("arith.mulf", absToC, exp)
    let log = math("math.log", abs)
    let turned = math("arith.mulf", c, angle)
    let stretched = math("arith.mulf", d, log)
    let q = math("arith.addf", turned, stretched)
    let cos = math("math.cos", q)
    let sin = math("math.sin", q)
    let infinity = math.constant(.infinity)
    let zero = math.constant(0)
    let one = math.constant(1)
    let complexOne = math.create(one, zero)
    let complexZero = math.create(zero, zero)
    let complexInfinity = math.create(infinity, zero)
    let absIsZero = math.compare("oeq", abs, zero)
    let dIsZero = math.compare("oeq", d, zero)
    let cIsZero = math.compare("oeq", c, zero)
    let bIsZero = math.compare("oeq", b, zero)
    let cIsNotNegative = math.compare("ole", zero, c)
    let re = math("arith.mulf", coefficient, cos)
    let im = math("arith.mulf", coefficient, sin)
    let oneOrZero = math.select(cIsZero, complexOne, complexZero)
    let plain = math.create(re, im)
    let isZeroToReal = math.and(math.and(absIsZero, dIsZero), cIsNotNegative)
    var result = math.select(isZeroToReal, oneOrZero, plain)
    let exponentIsZero = math.and(cIsZero, dIsZero)
    result = math.select(exponentIsZero, complexOne, result)
    let baseIsOne = math.and(math.compare("oeq", a, one), bIsZero)
    result = math.select(baseIsOne, complexOne, result)
    let baseIsInfinite = math.and(math.compare("oeq", a, infinity), bIsZero)
    let isPositive = math.and(dIsZero, math.compare("ogt", c, zero))
    result = math.select(math.and(baseIsInfinite, isPositive), complexInfinity, result)
    let isNegative = math.and(dIsZero, math.compare("olt", c, zero))
    return math.select(math.and(baseIsInfinite, isNegative), complexZero, result)
  }
}
