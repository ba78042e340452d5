import MartletDialects
import MartletIR
import MartletRewriting

/// Arithmetic on the parts of complex numbers, made of operations of llvm or of arith and math.
struct ComplexArithmetic {
  /// The dialects whose operations are made.
  enum Target { case llvm, standard }

  let rewriter: ConversionRewriter
  let target: Target
  let element: Type
  /// The flags of the operation being lowered.
  let flags: [(String, Attribute)]

  /// Operations of llvm with the flags of `op`.
  init(llvm op: Operation, _ element: Type, _ rewriter: ConversionRewriter) {
    self.rewriter = rewriter
    self.element = element
    target = .llvm
    flags = OneToOneLowering.fastMath(op)
  }

  /// Operations of arith and math with these of arith's flags.
  init(_ rewriter: ConversionRewriter, _ element: Type, _ bits: UInt64) {
    self.rewriter = rewriter
    self.element = element
    target = .standard
    flags =
      bits == 0
      ? [] : [("fastmath", rewriter.context.enumAttribute(Arith.fastMath, Int64(bits)))]
  }

  private var context: Context { rewriter.context }

  // MARK: Operations

  private func make(
    _ name: String, _ operands: [Value], _ type: Type? = nil,
    _ attributes: [(String, Attribute)] = []
  ) -> Value {
    let full = target == .llvm ? "llvm." + name : name
    return rewriter.create(
      context.operationName(full), operands, results: [type ?? operands[0].type],
      attributes: attributes
    ).result()
  }

  private func named(_ llvm: String, _ standard: String) -> String {
    target == .llvm ? llvm : standard
  }

  func add(_ a: Value, _ b: Value) -> Value {
    make(named("fadd", "arith.addf"), [a, b], nil, flags)
  }
  func sub(_ a: Value, _ b: Value) -> Value {
    make(named("fsub", "arith.subf"), [a, b], nil, flags)
  }
  func mul(_ a: Value, _ b: Value) -> Value {
    make(named("fmul", "arith.mulf"), [a, b], nil, flags)
  }
  func div(_ a: Value, _ b: Value) -> Value {
    make(named("fdiv", "arith.divf"), [a, b], nil, flags)
  }
  func abs(_ a: Value) -> Value { make(named("intr.fabs", "math.absf"), [a], nil, flags) }
  func sqrt(_ a: Value) -> Value { make(named("intr.sqrt", "math.sqrt"), [a]) }
  func copysign(_ a: Value, _ b: Value) -> Value {
    make(named("intr.copysign", "math.copysign"), [a, b])
  }
  func select(_ c: Value, _ a: Value, _ b: Value) -> Value {
    make(named("select", "arith.select"), [c, a, b], a.type)
  }
  func and(_ a: Value, _ b: Value) -> Value { make(named("and", "arith.andi"), [a, b]) }
  func or(_ a: Value, _ b: Value) -> Value { make(named("or", "arith.ori"), [a, b]) }

  func compare(_ predicate: String, _ a: Value, _ b: Value) -> Value {
    let number = Arith.floatPredicates.value(predicate) ?? 0
    return make(
      named("fcmp", "arith.cmpf"), [a, b], context.i1,
      [("predicate", context.i64Attribute(Int(number)))])
  }

  func constant(_ value: Double) -> Value {
    make(
      named("mlir.constant", "arith.constant"), [], element,
      [("value", context.floatAttribute(value, element))])
  }

  // MARK: Complex numbers

  typealias Number = (re: Value, im: Value)

  func product(_ a: Number, _ b: Number) -> Number {
    let re = sub(mul(b.re, a.re), mul(b.im, a.im))
    return (re, add(mul(a.im, b.re), mul(a.re, b.im)))
  }

  /// By the definition: the norm of the divisor may overflow where the quotient would not.
  func algebraicQuotient(_ a: Number, _ b: Number) -> Number {
    let norm = add(mul(b.re, b.re), mul(b.im, b.im))
    let re = add(mul(a.re, b.re), mul(a.im, b.im))
    let im = sub(mul(a.im, b.re), mul(a.re, b.im))
    let first = div(re, norm)
    return (first, div(im, norm))
  }

  /// By Smith's method, which divides by the larger part of the divisor first, with infinities and zeros as
  /// C's annex G has them.
  func reducedQuotient(_ a: Number, _ b: Number) -> Number {
    let byImaginary = scaledByImaginary(a, b)
    let byReal = scaledByReal(a, b)

    // A number that is not NaN by zero.
    let zero = constant(0)
    let bReAbs = abs(b.re)
    let bReIsZero = compare("oeq", bReAbs, zero)
    let bImAbs = abs(b.im)
    let bImIsZero = compare("oeq", bImAbs, zero)
    let aReIsNumber = compare("ord", a.re, zero)
    let aImIsNumber = compare("ord", a.im, zero)
    let aIsNumber = or(aReIsNumber, aImIsNumber)
    let isByZero = and(aIsNumber, and(bReIsZero, bImIsZero))
    let infinity = constant(.infinity)
    let signed = copysign(infinity, b.re)
    let zeroRe = mul(signed, a.re)
    let zeroIm = mul(signed, a.im)

    // An infinite number by a finite one.
    let bReIsFinite = compare("one", bReAbs, infinity)
    let bImIsFinite = compare("one", bImAbs, infinity)
    let bIsFinite = and(bReIsFinite, bImIsFinite)
    let aReAbs = abs(a.re)
    let aReIsInfinite = compare("oeq", aReAbs, infinity)
    let aImAbs = abs(a.im)
    let aImIsInfinite = compare("oeq", aImAbs, infinity)
    let aIsInfinite = or(aReIsInfinite, aImIsInfinite)
    let isInfinite = and(aIsInfinite, bIsFinite)
    let one = constant(1)
    let aReUnit = copysign(select(aReIsInfinite, one, zero), a.re)
    let aImUnit = copysign(select(aImIsInfinite, one, zero), a.im)
    let rere = mul(aReUnit, b.re)
    let imim = mul(aImUnit, b.im)
    let infinityRe = mul(infinity, add(rere, imim))
    let reim = mul(aReUnit, b.im)
    let imre = mul(aImUnit, b.re)
    let infinityIm = mul(infinity, sub(imre, reim))

    // A finite number by an infinite one.
    let aReIsFinite = compare("one", aReAbs, infinity)
    let aImIsFinite = compare("one", aImAbs, infinity)
    let aIsFinite = and(aReIsFinite, aImIsFinite)
    let bReIsInfinite = compare("oeq", bReAbs, infinity)
    let bImIsInfinite = compare("oeq", bImAbs, infinity)
    let bIsInfinite = or(bReIsInfinite, bImIsInfinite)
    let isZero = and(aIsFinite, bIsInfinite)
    let bReUnit = copysign(select(bReIsInfinite, one, zero), b.re)
    let bImUnit = copysign(select(bImIsInfinite, one, zero), b.im)
    let rere0 = mul(a.re, bReUnit)
    let imim0 = mul(a.im, bImUnit)
    let smallRe = mul(zero, add(rere0, imim0))
    let imre0 = mul(a.im, bReUnit)
    let reim0 = mul(a.re, bImUnit)
    let smallIm = mul(zero, sub(imre0, reim0))

    let isImaginaryLarger = compare("olt", bReAbs, bImAbs)
    let re = select(isImaginaryLarger, byImaginary.re, byReal.re)
    let im = select(isImaginaryLarger, byImaginary.im, byReal.im)
    let re3 = select(isZero, smallRe, re)
    let im3 = select(isZero, smallIm, im)
    let re2 = select(isInfinite, infinityRe, re3)
    let im2 = select(isInfinite, infinityIm, im3)
    let re1 = select(isByZero, zeroRe, re2)
    let im1 = select(isByZero, zeroIm, im2)
    // The special cases matter only where the plain quotient is no number.
    let reIsNaN = compare("uno", re, zero)
    let imIsNaN = compare("uno", im, zero)
    let isNaN = and(reIsNaN, imIsNaN)
    let first = select(isNaN, re1, re)
    return (first, select(isNaN, im1, im))
  }

  private func scaledByImaginary(_ a: Number, _ b: Number) -> Number {
    let ratio = div(b.re, b.im)
    let denominator = add(b.im, mul(ratio, b.re))
    let re = div(add(mul(a.re, ratio), a.im), denominator)
    return (re, div(sub(mul(a.im, ratio), a.re), denominator))
  }

  private func scaledByReal(_ a: Number, _ b: Number) -> Number {
    let ratio = div(b.im, b.re)
    let denominator = add(b.re, mul(ratio, b.im))
    let re = div(add(a.re, mul(a.im, ratio)), denominator)
    return (re, div(sub(a.im, mul(a.re, ratio)), denominator))
  }
}
