import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// Elementary functions of f32, and of vectors of it, as arithmetic that LLVM can vectorise.
  ///
  /// Before:
  ///
  ///     %y = math.exp %x : f32
  ///
  /// After: range reduction, a polynomial and scaling by a power of two in `arith` and `math.fma`.
  ///
  /// Expanded are `exp`, `exp2`, `log`, `log2`, `log10`, `tanh`, `erf`, and `powf` with a constant exponent that
  /// is a small integer or half of one. The results are within 2 ulp of the exact ones over all of f32 (log10:
  /// 3; measured in the tests), with infinities, NaN and zeros as in C; subnormal results of `exp` are rounded
  /// twice. f16 and bf16 are computed in f32. f64 and all other functions are left to libm.
  public static let mathExpand = Pass(
    "math-expand", name: "MathExpand", "Expand elementary functions of f32 into arithmetic",
    dependentDialects: ["arith", "math"]
  ) { (root, state) throws(Reported) in
    let expansion = MathExpansion(root.context, state)
    state.isUnchanged = !expansion.run(root)
  }
}

/// Writes arithmetic on f32 or vectors of it.
private final class MathExpansion {
  private let context: Context
  private let builder: Builder
  /// The type computed in and the integers of its width.
  private var type: Type
  private var words: Type
  private let state: PassContext

  init(_ context: Context, _ state: PassContext) {
    self.state = state
    self.context = context
    builder = Builder(context)
    type = context.f32
    words = context.i32
  }

  private static let expandable = [
    "math.exp", "math.exp2", "math.log", "math.log2", "math.log10", "math.tanh", "math.erf",
    "math.powf",
  ]

  func run(_ root: Operation) -> Bool {
    let names = Set(Self.expandable.map { context.operationName($0) })
    var found: [Operation] = []
    root.walkPreOrder { operation in
      if names.contains(operation.name) { found.append(operation) }
      return .advance
    }
    var isChanged = false
    for operation in found {
      let (name, location) = (operation.name.string, operation.location)
      let function = state.wantsRemarks ? operation.enclosingFunction : nil
      if expand(operation) {
        isChanged = true
        state.remark(
          .passed, "Expanded", "\(name, as: "Operation") is arithmetic now", at: location,
          function: function)
      } else {
        state.remark(
          .missed, "NotExpanded",
          "\(name, as: "Operation") is left to the C library: only f32, f16 and bf16 are expanded, and powers with a constant exponent",
          at: location, function: function)
      }
    }
    return isChanged
  }

  private func expand(_ operation: Operation) -> Bool {
    let result = operation.result().type
    guard result.isFloat || result.isVector else { return false }
    switch result.elementType.floatKind {
    case .f32, .f16, .bf16: break
    default: return false
    }
    type = result.isVector ? result.cloned(elementType: context.f32) : context.f32
    words = result.isVector ? result.cloned(elementType: context.i32) : context.i32
    builder.setInsertionPoint(before: operation)
    let isNarrow = result != type
    var exponent: Double?
    if operation.name.string == "math.powf" {
      guard let power = constantPower(operation.operand(1)) else { return false }
      exponent = power
    }
    var x = operation.operand(0)
    if isNarrow { x = builder.create(Arith.extf, [x], results: [type]).result() }
    var y: Value
    switch operation.name.string {
    case "math.exp": y = exp(x)
    case "math.exp2": y = exp2(x)
    case "math.log": y = log(x, .natural)
    case "math.log2": y = log(x, .binary)
    case "math.log10": y = log(x, .decimal)
    case "math.tanh": y = tanh(x)
    case "math.erf": y = erf(x)
    default: y = power(x, exponent ?? 1)
    }
    if isNarrow { y = builder.create(Arith.truncf, [y], results: [result]).result() }
    operation.replaceAllUses(with: [y])
    operation.erase()
    return true
  }

  // MARK: Arithmetic

  private func c(_ value: Double) -> Value {
    let attribute = context.floatAttribute(value, context.f32)
    return constant(attribute, type)
  }
  private func i(_ value: Int) -> Value {
    constant(context.integerAttribute(Int64(value), context.i32), words)
  }
  private func constant(_ scalar: Attribute, _ type: Type) -> Value {
    let value = type.isVector ? context.splat(type, scalar) : scalar
    return builder.create(Arith.constant, results: [type], attributes: [("value", value)]).result()
  }
  private func float(_ definition: OpDefinition, _ operands: Value...) -> Value {
    builder.create(definition, operands, results: [type]).result()
  }
  private func word(_ definition: OpDefinition, _ operands: Value...) -> Value {
    builder.create(definition, operands, results: [words]).result()
  }
  private func fma(_ a: Value, _ b: Value, _ c: Value) -> Value { float(Math.fma, a, b, c) }
  private func bits(_ x: Value) -> Value { word(Arith.bitcast, x) }
  private func fromBits(_ x: Value) -> Value { float(Arith.bitcast, x) }
  private func magnitude(_ x: Value) -> Value { float(Math.absf, x) }

  /// Floats compared by arith's predicate numbers: 1 oeq, 2 ogt, 4 olt, 14 uno.
  private func compare(_ predicate: Int, _ a: Value, _ b: Value) -> Value {
    builder.create(
      Arith.cmpf, [a, b], results: [Arith.boolType(like: type)],
      attributes: [("predicate", context.i64Attribute(predicate))]
    ).result()
  }
  private func select(_ condition: Value, _ a: Value, _ b: Value) -> Value {
    float(Arith.select, condition, a, b)
  }
  /// Keeps NaN.
  private func atMost(_ x: Value, _ bound: Double) -> Value {
    let limit = c(bound)
    return select(compare(4, limit, x), limit, x)
  }
  private func atLeast(_ x: Value, _ bound: Double) -> Value {
    let limit = c(bound)
    return select(compare(2, limit, x), limit, x)
  }
  /// A polynomial by Horner's rule, highest coefficient first.
  private func polynomial(_ x: Value, _ coefficients: [Double]) -> Value {
    var sum = c(coefficients[0])
    for coefficient in coefficients.dropFirst() { sum = fma(sum, x, c(coefficient)) }
    return sum
  }

  // MARK: Exponentials

  /// Adding and subtracting this rounds to an integer, which the sum's low bits hold.
  private static let roundingShift = 12_582_912.0

  /// `value * 2^n` in two steps, so that no power leaves the range of f32; `shifted` is n plus the shift.
  private func scale(_ value: Value, _ shifted: Value) -> Value {
    let n = word(Arith.subi, bits(shifted), i(0x4b40_0000))
    let half = word(Arith.shrsi, n, i(1))
    let rest = word(Arith.subi, n, half)
    func power(_ exponent: Value) -> Value {
      fromBits(word(Arith.shli, word(Arith.addi, exponent, i(127)), i(23)))
    }
    return float(Arith.mulf, float(Arith.mulf, value, power(half)), power(rest))
  }

  /// Reduction by Cody and Waite; polynomial of Cephes' expf (S. Moshier).
  private func exp(_ argument: Value) -> Value {
    let x = atLeast(atMost(argument, 89), -104.5)
    let shifted = fma(x, c(1.442_695_040_888_963_4), c(Self.roundingShift))
    let n = float(Arith.subf, shifted, c(Self.roundingShift))
    let r = fma(n, c(2.121_944_400_546_905_8e-4), fma(n, c(-0.693_359_375), x))
    let p = polynomial(
      r,
      [
        1.987_569_150_0e-4, 1.398_199_950_7e-3, 8.333_451_907_3e-3, 4.166_579_589_4e-2,
        1.666_666_545_9e-1, 5.000_000_120_1e-1,
      ])
    let tail = fma(p, float(Arith.mulf, r, r), r)
    return scale(float(Arith.addf, tail, c(1)), shifted)
  }

  /// Reduction to [-1/2, 1/2]; polynomial of Cephes' exp2f.
  private func exp2(_ argument: Value) -> Value {
    let x = atLeast(atMost(argument, 129), -151)
    let shifted = float(Arith.addf, x, c(Self.roundingShift))
    let n = float(Arith.subf, shifted, c(Self.roundingShift))
    let r = float(Arith.subf, x, n)
    let p = polynomial(
      r,
      [
        1.535_336_188_319_500e-4, 1.339_887_440_266_574e-3, 9.618_437_357_674_640e-3,
        5.550_332_471_162_809e-2, 2.402_264_791_363_012e-1, 6.931_472_028_550_421e-1,
      ])
    return scale(fma(p, r, c(1)), shifted)
  }

  // MARK: Logarithms

  private enum Base { case natural, binary, decimal }

  /// x = m * 2^e with m in [sqrt(1/2), sqrt(2)); polynomial of Cephes' logf.
  private func log(_ argument: Value, _ base: Base) -> Value {
    let isSubnormal = compare(4, argument, c(0x1p-126))
    let scaled = select(isSubnormal, float(Arith.mulf, argument, c(0x1p23)), argument)
    let start = i(0x3f35_04f3)
    let shifted = word(Arith.subi, bits(scaled), start)
    let exponent = float(Arith.sitofp, word(Arith.shrsi, shifted, i(23)))
    let e = select(isSubnormal, float(Arith.subf, exponent, c(23)), exponent)
    let mantissa = fromBits(
      word(Arith.addi, word(Arith.andi, shifted, i(0x7f_ffff)), start))
    let f = float(Arith.subf, mantissa, c(1))
    let square = float(Arith.mulf, f, f)
    let p = polynomial(
      f,
      [
        7.037_683_629_2e-2, -1.151_461_031_0e-1, 1.167_699_874_0e-1, -1.242_014_084_6e-1,
        1.424_932_278_7e-1, -1.666_805_766_5e-1, 2.000_071_476_5e-1, -2.499_999_399_3e-1,
        3.333_333_117_4e-1,
      ])
    let cube = float(Arith.mulf, float(Arith.mulf, p, f), square)
    let result: Value
    switch base {
    case .natural:
      let low = fma(e, c(-2.121_944_400_546_905_8e-4), cube)
      let sum = float(Arith.addf, f, fma(square, c(-0.5), low))
      result = fma(e, c(0.693_359_375), sum)
    case .binary:
      // log2(e) = 1 + 0.44269504: the products stay exact where they matter.
      let tail = fma(square, c(-0.5), cube)
      let small = fma(
        tail, c(0.442_695_040_888_963_4), float(Arith.mulf, f, c(0.442_695_040_888_963_4)))
      let sum = float(Arith.addf, float(Arith.addf, small, tail), f)
      result = float(Arith.addf, sum, e)
    case .decimal:
      let tail = fma(square, c(-0.5), cube)
      // log10(2) and log10(e) in two parts each.
      let low = fma(
        e, c(2.487_458_663_648e-4),
        fma(tail, c(7.007_318_903_25e-4), float(Arith.mulf, f, c(7.007_318_903_25e-4))))
      let middle = fma(tail, c(0.433_593_75), low)
      let high = fma(f, c(0.433_593_75), middle)
      result = fma(e, c(0.300_781_25), high)
    }
    return finishLog(argument, result)
  }

  private func finishLog(_ x: Value, _ result: Value) -> Value {
    let infinity = c(.infinity)
    // NaN of NaN and of negative numbers; infinity of itself; minus infinity of both zeros.
    let positive = select(compare(4, x, infinity), result, x)
    let atZero = select(compare(1, x, c(0)), c(-.infinity), positive)
    return select(compare(4, x, c(0)), c(.nan), atZero)
  }

  // MARK: Others

  /// Cephes' tanhf: a polynomial near 0, 1 - 2 / (exp(2x) + 1) elsewhere.
  private func tanh(_ x: Value) -> Value {
    let a = magnitude(x)
    let square = float(Arith.mulf, x, x)
    let p = polynomial(
      square,
      [
        -5.704_988_727_45e-3, 2.063_908_879_54e-2, -5.373_971_555_31e-2, 1.333_144_220_36e-1,
        -3.333_328_194_22e-1,
      ])
    let near = fma(float(Arith.mulf, p, square), x, x)
    let power = exp(float(Arith.addf, a, a))
    let ratio = float(Arith.divf, c(2), float(Arith.addf, power, c(1)))
    let far = float(Math.copysign, float(Arith.subf, c(1), ratio), x)
    return select(compare(4, a, c(0.625)), near, far)
  }

  /// Two minimax polynomials in the manner of N. Juffa: one for small arguments, one in the exponent.
  private func erf(_ x: Value) -> Value {
    let t = magnitude(x)
    let s = float(Arith.mulf, x, x)
    let high = fma(c(-1.728_534_70e-5), t, c(3.831_971_26e-4))
    let low = fma(c(-3.883_964_38e-3), t, c(2.425_462_19e-2))
    var r = fma(high, s, low)
    for coefficient in [-1.067_778_77e-1, -6.348_466_87e-1, -1.287_175_12e-1] {
      r = fma(r, t, c(coefficient))
    }
    r = fma(r, t, float(Arith.negf, t))
    let far = float(Math.copysign, float(Arith.subf, c(1), exp(r)), x)
    let p = polynomial(
      s,
      [
        -5.967_617_03e-4, 4.991_194_23e-3, -2.676_813_49e-2, 1.128_199_25e-1, -3.761_253_36e-1,
        1.283_791_66e-1,
      ])
    let near = fma(p, x, x)
    // Beyond 4 the result is 1 to the last bit, and the polynomial no longer holds.
    let tail = float(Math.copysign, c(1), x)
    let outer = select(compare(2, t, c(4)), tail, far)
    return select(compare(2, t, c(0.927_734_375)), outer, near)
  }

  // MARK: Powers

  /// The constant all elements of an exponent have, where it is one that is expanded.
  private func constantPower(_ exponent: Value) -> Double? {
    let value: Double?
    if let elements = exponent.constant?.denseElements {
      guard elements.isSplat else { return nil }
      value = elements.double(0)
    } else {
      value = exponent.constant?.floatValue
    }
    guard let value, abs(value) <= 3, (value * 2).rounded() == value * 2 else { return nil }
    return value
  }

  private func power(_ x: Value, _ exponent: Double) -> Value {
    let a = abs(exponent)
    var result: Value
    switch a.rounded(.down) {
    case 0: result = c(1)
    case 1: result = x
    case 2: result = float(Arith.mulf, x, x)
    default: result = float(Arith.mulf, float(Arith.mulf, x, x), x)
    }
    if a != a.rounded(.down) {
      // pow(-0, 1/2) is +0 and pow(-inf, 1/2) is +inf.
      let root = float(Math.sqrt, float(Arith.addf, x, c(0)))
      let isMinusInfinity = compare(1, x, c(-.infinity))
      let half = select(isMinusInfinity, c(.infinity), root)
      result = a < 1 ? half : float(Arith.mulf, magnitude(result), half)
      if a > 1 { result = select(isMinusInfinity, c(.infinity), result) }
    }
    return exponent < 0 ? float(Arith.divf, c(1), result) : result
  }
}
