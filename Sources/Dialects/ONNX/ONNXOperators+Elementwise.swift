import Glibc
import MartletIR

/// Operators that apply to each element of tensors broadcast together.
extension ONNXOperator {
  typealias Unary = @Sendable (Double) -> Double

  /// An operator of one input on floats, or on numbers where `integers` is given too.
  static func unary(
    _ name: String, _ summary: String, since: [Int], attributes: [Parameter] = [],
    integers: (@Sendable (Int64) -> Int64)? = nil,
    _ function: @escaping @Sendable (ONNXOperation) throws -> Unary
  ) -> ONNXOperator {
    ONNXOperator(
      name, summary, since: since, inputs: "X", attributes: attributes,
      elements: integers == nil ? .float : .numeric, infer: { [try $0.shape(0)] },
      evaluate: { op in
        let x = try op.operand(0)
        if let integers, !x.isFloat {
          return [ONNXArray(x.element, x.shape, ints: x.ints.map(integers))]
        }
        return [ONNXArray(x.element, x.shape, floats: x.floats.map(try function(op)))]
      })
  }

  static func unary(
    _ name: String, _ summary: String, since: [Int],
    integers: (@Sendable (Int64) -> Int64)? = nil, _ function: @escaping Unary
  ) -> ONNXOperator {
    unary(name, summary, since: since, integers: integers) { _ in function }
  }

  static let unaryOperators: [ONNXOperator] = [
    unary("Abs", "absolute value", since: [6, 13], integers: { $0 < 0 ? 0 &- $0 : $0 }) { abs($0) },
    unary("Neg", "negation", since: [6, 13], integers: { 0 &- $0 }) { -$0 },
    unary("Relu", "max(x, 0)", since: [6, 13, 14], integers: { max($0, 0) }) {
      $0 < 0 ? 0 : $0
    },
    unary("Sign", "-1, 0 or 1", since: [9, 13], integers: { $0.signum() }) {
      $0 > 0 ? 1 : $0 < 0 ? -1 : $0
    },
    unary("Sigmoid", "1 / (1 + exp(-x))", since: [6, 13], sigmoid),
    unary("Tanh", "hyperbolic tangent", since: [6, 13]) { tanh($0) },
    unary("Exp", "e to the x", since: [6, 13]) { exp($0) },
    unary("Log", "natural logarithm", since: [6, 13]) { log($0) },
    unary("Sqrt", "square root", since: [6, 13]) { $0.squareRoot() },
    unary("Reciprocal", "1 / x", since: [6, 13]) { 1 / $0 },
    unary("Floor", "largest integer not above", since: [6, 13]) { $0.rounded(.down) },
    unary("Ceil", "smallest integer not below", since: [6, 13]) { $0.rounded(.up) },
    unary("Round", "nearest integer, ties to even", since: [11, 22]) {
      $0.rounded(.toNearestOrEven)
    },
    unary("Erf", "error function", since: [9, 13]) { erf($0) },
    unary("Sin", "sine", since: [7, 22]) { sin($0) },
    unary("Cos", "cosine", since: [7, 22]) { cos($0) },
    unary("Tan", "tangent", since: [7, 22]) { tan($0) },
    unary("Asin", "arc sine", since: [7, 22]) { asin($0) },
    unary("Acos", "arc cosine", since: [7, 22]) { acos($0) },
    unary("Atan", "arc tangent", since: [7, 22]) { atan($0) },
    unary("Sinh", "hyperbolic sine", since: [9, 22]) { sinh($0) },
    unary("Cosh", "hyperbolic cosine", since: [9, 22]) { cosh($0) },
    unary("Asinh", "inverse hyperbolic sine", since: [9, 22]) { asinh($0) },
    unary("Acosh", "inverse hyperbolic cosine", since: [9, 22]) { acosh($0) },
    unary("Atanh", "inverse hyperbolic tangent", since: [9, 22]) { atanh($0) },
    unary("Softplus", "log(1 + exp(x))", since: [1, 22]) {
      max($0, 0) + log1p(exp(-abs($0)))
    },
    unary("Softsign", "x / (1 + |x|)", since: [1, 22]) { $0 / (1 + abs($0)) },
    unary("HardSwish", "x * max(0, min(1, x / 6 + 1/2))", since: [14, 22]) {
      $0 * max(0, min(1, $0 / 6 + 0.5))
    },
    unary("Mish", "x * tanh(softplus(x))", since: [18, 22]) {
      $0 * tanh(max($0, 0) + log1p(exp(-abs($0))))
    },
    unary(
      "LeakyRelu", "x, or alpha * x where negative", since: [6, 16],
      attributes: [.float("alpha", 0.01)]
    ) { op in
      let alpha = op.float("alpha")
      return { $0 < 0 ? alpha * $0 : $0 }
    },
    unary(
      "Elu", "x, or alpha * (exp(x) - 1) where negative", since: [6, 22],
      attributes: [.float("alpha", 1)]
    ) { op in
      let alpha = op.float("alpha")
      return { $0 < 0 ? alpha * expm1($0) : $0 }
    },
    unary(
      "Celu", "x, or alpha * (exp(x / alpha) - 1) where negative", since: [12],
      attributes: [.float("alpha", 1)]
    ) { op in
      let alpha = op.float("alpha")
      return { $0 < 0 ? alpha * expm1($0 / alpha) : $0 }
    },
    unary(
      "Selu", "gamma * x, or gamma * alpha * (exp(x) - 1) where negative", since: [6, 22],
      attributes: [
        .float("alpha", 1.67326319217681884765625), .float("gamma", 1.05070102214813232421875),
      ]
    ) { op in
      let (alpha, gamma) = (op.float("alpha"), op.float("gamma"))
      return { gamma * ($0 < 0 ? alpha * expm1($0) : $0) }
    },
    unary(
      "HardSigmoid", "max(0, min(1, alpha * x + beta))", since: [6, 22],
      attributes: [.float("alpha", 0.2), .float("beta", 0.5)]
    ) { op in
      let (alpha, beta) = (op.float("alpha"), op.float("beta"))
      return { max(0, min(1, alpha * $0 + beta)) }
    },
    unary(
      "ThresholdedRelu", "x where above alpha, else 0", since: [10, 22],
      attributes: [.float("alpha", 1)]
    ) { op in
      let alpha = op.float("alpha")
      return { $0 > alpha ? $0 : 0 }
    },
    unary(
      "Gelu", "x times the normal distribution function of x", since: [20],
      attributes: [.string("approximate", "none")]
    ) { op in
      switch op.string("approximate") {
      case "none": return { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
      case "tanh":
        return {
          0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
        }
      case let other:
        throw ONNXError("the attribute 'approximate' has the unknown value '\(other)'")
      }
    },
    ONNXOperator(
      "Not", "logical negation", since: [1], inputs: "X", elements: .bool,
      infer: { [try $0.shape(0)] },
      evaluate: { op in
        let x = try op.operand(0)
        return [ONNXArray(x.element, x.shape, ints: x.ints.map { 1 - $0 })]
      }),
    ONNXOperator(
      "IsNaN", "whether x is not a number", since: [9, 13, 20], inputs: "X", elements: .float,
      resultElement: .bool, infer: { [try $0.shape(0)] },
      evaluate: { op in
        let x = try op.operand(0)
        return [
          ONNXArray(op.context.i1, x.shape, ints: x.floats.map { $0.isNaN ? 1 : 0 })
        ]
      }),
  ]

  @Sendable static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  // MARK: Two operands

  typealias FloatBinary = @Sendable (Double, Double) -> Double
  typealias IntegerBinary = @Sendable (Int64, Int64, _ isUnsigned: Bool) -> Int64

  /// An operator of two or, where `isVariadic`, any number of inputs of one type.
  static func arithmetic(
    _ name: String, _ summary: String, since: [Int], isVariadic: Bool = false,
    elements: ElementClass = .numeric, attributes: [Parameter] = [],
    floats: @escaping @Sendable (ONNXOperation) throws -> FloatBinary,
    integers: @escaping @Sendable (ONNXOperation) -> IntegerBinary,
    finish: (@Sendable (Double, Int) -> Double)? = nil
  ) -> ONNXOperator {
    ONNXOperator(
      name, summary, since: since, inputs: isVariadic ? "X data*" : "A B", attributes: attributes,
      elements: elements, infer: broadcastInputs,
      evaluate: { op in
        let shape = try broadcastInputs(op)[0]
        var result = try op.operand(0).broadcast(to: shape)
        for i in 1..<max(op.inputCount, 1) {
          let next = try op.operand(i).broadcast(to: shape)
          if result.isFloat {
            let function = try floats(op)
            result = ONNXArray(
              result.element, shape, floats: zip(result.floats, next.floats).map(function))
          } else {
            let function = integers(op)
            let isUnsigned = result.element.signedness == .unsigned
            result = ONNXArray(
              result.element, shape,
              ints: zip(result.ints, next.ints).map { function($0, $1, isUnsigned) })
          }
        }
        if let finish {
          let count = op.inputCount
          result = ONNXArray(
            result.element, shape, floats: result.floats.map { finish($0, count) })
        }
        return [result]
      })
  }

  @Sendable static func broadcastInputs(_ op: ONNXOperation) throws -> [[Int]] {
    [try broadcastShape(try (0..<op.inputCount).map { try op.shape($0) })]
  }

  static let arithmeticOperators: [ONNXOperator] = [
    arithmetic(
      "Add", "sum", since: [7, 13, 14], floats: { _ in { $0 + $1 } },
      integers: { _ in { a, b, _ in a &+ b } }),
    arithmetic(
      "Sub", "difference", since: [7, 13, 14], floats: { _ in { $0 - $1 } },
      integers: { _ in { a, b, _ in a &- b } }),
    arithmetic(
      "Mul", "product", since: [7, 13, 14], floats: { _ in { $0 * $1 } },
      integers: { _ in { a, b, _ in a &* b } }),
    arithmetic(
      "Div", "quotient; of integers truncated", since: [7, 13, 14], floats: { _ in { $0 / $1 } },
      integers: { _ in quotient }),
    arithmetic(
      "Mod", "remainder, with the divisor's sign or, with fmod, the dividend's", since: [10, 13],
      attributes: [.int("fmod", 0)],
      floats: { op in
        if op.flag("fmod") { return { fmod($0, $1) } }
        return { a, b in
          let rest = fmod(a, b)
          return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
        }
      },
      integers: { op in
        let keepsDividendSign = op.flag("fmod")
        return { a, b, isUnsigned in
          remainder(a, b, isUnsigned, keepsDividendSign: keepsDividendSign)
        }
      }),
    arithmetic(
      "Min", "smallest", since: [8, 12, 13], isVariadic: true,
      floats: { _ in { $0.isNaN || $1.isNaN ? .nan : min($0, $1) } },
      integers: { _ in { a, b, isUnsigned in less(b, a, isUnsigned) ? b : a } }),
    arithmetic(
      "Max", "largest", since: [8, 12, 13], isVariadic: true,
      floats: { _ in { $0.isNaN || $1.isNaN ? .nan : max($0, $1) } },
      integers: { _ in { a, b, isUnsigned in less(a, b, isUnsigned) ? b : a } }),
    arithmetic(
      "Sum", "sum of all inputs", since: [8, 13], isVariadic: true, elements: .float,
      floats: { _ in { $0 + $1 } }, integers: { _ in { a, b, _ in a &+ b } }),
    arithmetic(
      "Mean", "mean of all inputs", since: [8, 13], isVariadic: true, elements: .float,
      floats: { _ in { $0 + $1 } }, integers: { _ in { a, _, _ in a } },
      finish: { $0 / Double($1) }),
    arithmetic(
      "PRelu", "x, or slope * x where negative", since: [7, 9, 16],
      floats: { _ in { $0 < 0 ? $0 * $1 : $0 } },
      integers: { _ in { a, b, isUnsigned in !isUnsigned && a < 0 ? a &* b : a } }),
    arithmetic(
      "And", "logical and", since: [7], elements: .bool, floats: noFloats,
      integers: { _ in { a, b, _ in a & b } }),
    arithmetic(
      "Or", "logical or", since: [7], elements: .bool, floats: noFloats,
      integers: { _ in { a, b, _ in a | b } }),
    arithmetic(
      "Xor", "logical exclusive or", since: [7], elements: .bool, floats: noFloats,
      integers: { _ in { a, b, _ in a ^ b } }),
    arithmetic(
      "BitwiseAnd", "and of bits", since: [18], elements: .integer, floats: noFloats,
      integers: { _ in { a, b, _ in a & b } }),
    arithmetic(
      "BitwiseOr", "or of bits", since: [18], elements: .integer, floats: noFloats,
      integers: { _ in { a, b, _ in a | b } }),
    arithmetic(
      "BitwiseXor", "exclusive or of bits", since: [18], elements: .integer, floats: noFloats,
      integers: { _ in { a, b, _ in a ^ b } }),
    ONNXOperator(
      "Pow", "x to the power of y, in x's type", since: [7, 12, 13, 15], inputs: "X Y",
      outputs: "Z", elements: .numeric, uniform: [], infer: broadcastInputs,
      evaluate: { op in
        let shape = try broadcastInputs(op)[0]
        let x = try op.operand(0).broadcast(to: shape)
        let y = try op.operand(1).broadcast(to: shape)
        if x.isFloat {
          return [
            ONNXArray(
              x.element, shape, floats: (0..<x.count).map { Glibc.pow(x.double($0), y.double($0)) })
          ]
        }
        let powers = (0..<x.count).map { i -> Int64 in
          if !y.isFloat { return integerPower(x.ints[i], y.ints[i]) }
          return ONNXArray.saturated(Glibc.pow(x.double(i), y.double(i)))
        }
        return [ONNXArray(x.element, shape, ints: powers)]
      }),
  ]

  @Sendable private static func noFloats(_ op: ONNXOperation) throws -> FloatBinary {
    throw ONNXError("floats are not allowed")
  }

  static func less(_ a: Int64, _ b: Int64, _ isUnsigned: Bool) -> Bool {
    isUnsigned ? UInt64(bitPattern: a) < UInt64(bitPattern: b) : a < b
  }

  /// Truncated; 0 where the divisor is 0, and wrapping where the quotient does not fit.
  @Sendable static func quotient(_ a: Int64, _ b: Int64, _ isUnsigned: Bool) -> Int64 {
    if b == 0 { return 0 }
    if isUnsigned {
      return Int64(bitPattern: UInt64(bitPattern: a) / UInt64(bitPattern: b))
    }
    return a.dividedReportingOverflow(by: b).partialValue
  }

  static func remainder(_ a: Int64, _ b: Int64, _ isUnsigned: Bool, keepsDividendSign: Bool)
    -> Int64
  {
    if b == 0 { return 0 }
    if isUnsigned {
      return Int64(bitPattern: UInt64(bitPattern: a) % UInt64(bitPattern: b))
    }
    let rest = b == -1 ? 0 : a % b
    return !keepsDividendSign && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  /// Wrapping; a negative exponent gives the integer part of the fraction.
  static func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 {
      switch base {
      case 1: return 1
      case -1: return exponent & 1 == 0 ? 1 : -1
      default: return 0
      }
    }
    var result: Int64 = 1
    var factor = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }

  // MARK: Comparisons and selection

  static func comparison(
    _ name: String, _ summary: String, since: [Int],
    elements: ElementClass = .numeric, floats: @escaping @Sendable (Double, Double) -> Bool,
    integers: @escaping @Sendable (Int64, Int64, Bool) -> Bool
  ) -> ONNXOperator {
    ONNXOperator(
      name, summary, since: since, inputs: "A B", outputs: "C", elements: elements,
      resultElement: .bool, infer: broadcastInputs,
      evaluate: { op in
        let shape = try broadcastInputs(op)[0]
        let a = try op.operand(0).broadcast(to: shape)
        let b = try op.operand(1).broadcast(to: shape)
        let isUnsigned = a.element.signedness == .unsigned
        let truth =
          a.isFloat
          ? zip(a.floats, b.floats).map { floats($0, $1) }
          : zip(a.ints, b.ints).map { integers($0, $1, isUnsigned) }
        return [ONNXArray(op.context.i1, shape, ints: truth.map { $0 ? 1 : 0 })]
      })
  }

  static let comparisonOperators: [ONNXOperator] = [
    comparison(
      "Equal", "whether equal", since: [7, 11, 13, 19], elements: .any, floats: { $0 == $1 },
      integers: { a, b, _ in a == b }),
    comparison(
      "Less", "whether less", since: [7, 9, 13], floats: { $0 < $1 },
      integers: { less($0, $1, $2) }),
    comparison(
      "LessOrEqual", "whether less or equal", since: [12, 16], floats: { $0 <= $1 },
      integers: { !less($1, $0, $2) }),
    comparison(
      "Greater", "whether greater", since: [7, 9, 13], floats: { $0 > $1 },
      integers: { less($1, $0, $2) }),
    comparison(
      "GreaterOrEqual", "whether greater or equal", since: [12, 16], floats: { $0 >= $1 },
      integers: { !less($0, $1, $2) }),
    ONNXOperator(
      "Where", "x where the condition holds, else y", since: [9, 16], inputs: "condition X Y",
      uniform: [], resultElement: .input(1), infer: broadcastInputs,
      evaluate: { op in
        let shape = try broadcastInputs(op)[0]
        let condition = try op.operand(0).broadcast(to: shape)
        let x = try op.operand(1).broadcast(to: shape)
        let y = try op.operand(2).broadcast(to: shape)
        let picks = condition.ints.map { $0 != 0 }
        if x.isFloat {
          let picked = picks.indices.map { picks[$0] ? x.floats[$0] : y.floats[$0] }
          return [ONNXArray(x.element, shape, floats: picked)]
        }
        let picked = picks.indices.map { picks[$0] ? x.ints[$0] : y.ints[$0] }
        return [ONNXArray(x.element, shape, ints: picked)]
      }),
    ONNXOperator(
      "Clip", "x held between min and max; max where they cross", since: [6, 11, 12, 13],
      inputs: "input min?@11 max?@11", outputs: "output",
      attributes: [.float("min", in: 6..<11), .float("max", in: 6..<11)], elements: .numeric,
      infer: { [try $0.shape(0)] },
      evaluate: { op in
        let x = try op.operand(0)
        if x.isFloat {
          let low = op.opset < 11 ? attributeValue(op, "min") : try op.scalar(1)
          let high = op.opset < 11 ? attributeValue(op, "max") : try op.scalar(2)
          let bounded = x.floats.map { value -> Double in
            if value.isNaN { return value }
            return min(max(value, low ?? -.infinity), high ?? .infinity)
          }
          return [ONNXArray(x.element, x.shape, floats: bounded)]
        }
        let isUnsigned = x.element.signedness == .unsigned
        let low = op.has(1) ? try op.operand(1).ints.first : nil
        let high = op.has(2) ? try op.operand(2).ints.first : nil
        let bounded = x.ints.map { value -> Int64 in
          var value = value
          if let low, less(value, low, isUnsigned) { value = low }
          if let high, less(high, value, isUnsigned) { value = high }
          return value
        }
        return [ONNXArray(x.element, x.shape, ints: bounded)]
      }),
    ONNXOperator(
      "Cast", "x in another element type; floats are truncated to integers and held to their range",
      since: [6, 9, 13, 19, 21, 23, 24], inputs: "input", outputs: "output",
      attributes: [
        .int("to").required(), .int("saturate", 1, in: 19..<Int.max),
        .string("round_mode", "up", in: 24..<Int.max),
      ],
      resultElement: .computed { op in [try ONNXDialect.elementType(op.int("to"), op.context)] },
      infer: { [try $0.shape(0)] },
      evaluate: { op in
        let element = try ONNXDialect.elementType(op.int("to"), op.context)
        return [cast(try op.operand(0), to: element)]
      }),
    ONNXOperator(
      "CastLike", "x in the element type of the second input", since: [15, 19, 21, 23, 24],
      inputs: "input target_type", outputs: "output",
      attributes: [
        .int("saturate", 1, in: 19..<Int.max), .string("round_mode", "up", in: 24..<Int.max),
      ], uniform: [], resultElement: .input(1), infer: { [try $0.shape(0)] },
      evaluate: { op in [cast(try op.operand(0), to: try op.element(1))] }),
  ]

  private static func attributeValue(_ op: ONNXOperation, _ name: String) -> Double? {
    op.operation.attribute(name) == nil ? nil : op.float(name)
  }

  static func cast(_ x: ONNXArray, to element: Type) -> ONNXArray {
    if element.isInteger(1) {
      let truth = (0..<x.count).map { (x.isFloat ? x.floats[$0] != 0 : x.ints[$0] != 0) ? 1 : 0 }
      return ONNXArray(element, x.shape, ints: truth.map { Int64($0) })
    }
    if element.isFloat {
      return ONNXArray(element, x.shape, floats: (0..<x.count).map { x.double($0) })
    }
    if !x.isFloat { return ONNXArray(element, x.shape, ints: x.ints) }
    return ONNXArray(element, x.shape, ints: x.floats.map { truncated($0, element) })
  }

  private static func truncated(_ value: Double, _ element: Type) -> Int64 {
    let width = element.bitWidth ?? 64
    if value.isNaN { return 0 }
    if element.signedness == .unsigned {
      if value <= 0 { return 0 }
      if value >= Glibc.pow(2, Double(width)) { return -1 }
      return Int64(bitPattern: UInt64(value))
    }
    let limit = Glibc.pow(2, Double(width - 1))
    if value >= limit { return width == 64 ? .max : (1 << Int64(width - 1)) - 1 }
    if value < -limit { return width == 64 ? .min : -(1 << Int64(width - 1)) }
    return Int64(value)
  }
}

extension ONNXOperation {
  /// The value of input `i`, which must be given.
  func operand(_ i: Int) throws -> ONNXArray {
    guard let value = value(i) else {
      throw ONNXError(
        "the input \(schema.input(i).map { "'\($0.name)'" } ?? "\(i)") has no value")
    }
    return value
  }
}
