import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport

/// Operations of arith, math and complex with the flags of the operation being lowered.
struct StandardMath {
  let rewriter: ConversionRewriter
  let element: Type
  /// Bits of arith's flags.
  let flags: UInt64

  static let noNaNs: UInt64 = 2
  static let noInfinities: UInt64 = 4

  var context: Context { rewriter.context }
  var complex: Type { context.complex(element) }
  /// Whether NaNs and infinities need no care.
  var isFinite: Bool {
    flags & (Self.noNaNs | Self.noInfinities) == Self.noNaNs | Self.noInfinities
  }
  /// As self, but for values that may be NaN or infinite in between.
  var careful: StandardMath {
    StandardMath(
      rewriter: rewriter, element: element, flags: flags & ~(Self.noNaNs | Self.noInfinities))
  }
  var unflagged: StandardMath {
    StandardMath(rewriter: rewriter, element: element, flags: 0)
  }

  private var attributes: [(String, Attribute)] {
    flags == 0 ? [] : [("fastmath", context.enumAttribute(Arith.fastMath, Int64(flags)))]
  }

  func callAsFunction(_ name: String, _ operands: Value...) -> Value {
    rewriter.create(
      context.operationName(name), operands, results: [operands[0].type], attributes: attributes
    ).result()
  }

  /// An operation without flags.
  func plain(_ name: String, _ operands: Value..., type: Type? = nil) -> Value {
    rewriter.create(
      context.operationName(name), operands, results: [type ?? operands[0].type]
    ).result()
  }

  func select(_ c: Value, _ a: Value, _ b: Value) -> Value {
    plain("arith.select", c, a, b, type: a.type)
  }
  func and(_ a: Value, _ b: Value) -> Value { plain("arith.andi", a, b) }
  func or(_ a: Value, _ b: Value) -> Value { plain("arith.ori", a, b) }

  func compare(_ predicate: String, _ a: Value, _ b: Value) -> Value {
    let number = Arith.floatPredicates.value(predicate) ?? 0
    return rewriter.create(
      Arith.cmpf, [a, b], results: [context.i1],
      attributes: [("predicate", context.i64Attribute(Int(number)))] + attributes
    ).result()
  }

  func constant(_ value: Double) -> Value {
    rewriter.arithConstant(context.floatAttribute(value, element), element)
  }
  /// A quiet NaN.
  func nan() -> Value { constant(.nan) }

  // MARK: Complex numbers

  func re(_ value: Value) -> Value { plain("complex.re", value, type: element) }
  func im(_ value: Value) -> Value { plain("complex.im", value, type: element) }
  func parts(_ value: Value) -> (Value, Value) {
    let real = re(value)
    return (real, im(value))
  }
  func create(_ re: Value, _ im: Value) -> Value {
    plain("complex.create", re, im, type: complex)
  }
  func abs(_ value: Value) -> Value {
    rewriter.create(
      context.operationName("complex.abs"), [value], results: [element], attributes: attributes
    ).result()
  }

  // MARK: Magnitudes

  enum Root { case none, square, reciprocalSquare }

  /// The magnitude, its square root or the reciprocal of that, by the larger part and the ratio of both, so
  /// that squares do not overflow.
  func magnitude(_ re: Value, _ im: Value, _ root: Root = .none) -> Value {
    let one = constant(1)
    let reAbs = self("math.absf", re)
    let imAbs = self("math.absf", im)
    var most = self("arith.maximumf", reAbs, imAbs)
    var least = self("arith.minimumf", reAbs, imAbs)
    let math = careful
    let ratio = math("arith.divf", least, most)
    let square = math("arith.mulf", ratio, ratio)
    var sum = math("arith.addf", square, one)
    if root == .reciprocalSquare {
      sum = math("math.rsqrt", sum)
      least = math("math.rsqrt", least)
      most = math("math.rsqrt", most)
    }
    let result: Value
    if root == .square {
      let quarter = constant(0.25)
      let half = math("math.sqrt", most)
      result = math("arith.mulf", half, math("math.powf", sum, quarter))
    } else {
      result = math("arith.mulf", most, math("math.sqrt", sum))
    }
    let isNaN = math.compare("uno", result, result)
    return select(isNaN, least, result)
  }
}
