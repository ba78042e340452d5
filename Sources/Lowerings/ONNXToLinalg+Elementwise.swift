import MartletDialects
import MartletIR

/// Elementwise operators: one `linalg.generic` each.
extension ONNXOpLowering {
  typealias Unary = @Sendable (ScalarEmitter, Value) -> Value
  typealias Binary = @Sendable (ScalarEmitter, Value, Value) -> Value

  static let elementwiseRules: [String: Rule] = {
    var rules: [String: Rule] = [:]
    for (name, body) in unaryBodies {
      rules[name] = { lowering in
        [
          try lowering.broadcasting(
            [try lowering.operand(0)], lowering.resultShape(), lowering.resultElement(),
            isUnsigned: try lowering.isUnsigned()
          ) { body($0, $1[0]) }
        ]
      }
    }
    for (name, body) in binaryBodies {
      rules[name] = { lowering in try lowering.folding { emitter, a, b in body(emitter, a, b) } }
    }
    for (name, comparison) in comparisons {
      rules[name] = { lowering in
        [
          try lowering.broadcasting(
            [try lowering.operand(0), try lowering.operand(1)], lowering.resultShape(),
            lowering.resultElement(), isUnsigned: try lowering.isUnsigned()
          ) { $0.compare(comparison, $1[0], $1[1]) }
        ]
      }
    }
    rules.merge(specialRules) { first, _ in first }
    return rules
  }()

  /// Any number of operands folded pairwise at each point.
  private func folding(_ body: (ScalarEmitter, Value, Value) throws -> Value) throws -> [Value?] {
    let operands = try (0..<op.inputCount).map { try operand($0) }
    return [
      try broadcasting(
        operands, resultShape(), resultElement(), isUnsigned: try isUnsigned()
      ) { emitter, values in
        try values.dropFirst().reduce(values[0]) { try body(emitter, $0, $1) }
      }
    ]
  }

  private static let unaryBodies: [String: Unary] = [
    "Abs": { $0.abs($1) },
    "Neg": { $0.neg($1) },
    "Relu": { $0.max($1, $0.number(0, $1.type)) },
    "Sign": { e, x in
      let zero = e.number(0, x.type)
      let negative = e.select(e.compare(.less, x, zero), e.number(-1, x.type), x)
      return e.select(e.compare(.greater, x, zero), e.number(1, x.type), negative)
    },
    "Sigmoid": { $0.sigmoid($1) },
    "Tanh": { $0.math("tanh", $1) },
    "Exp": { $0.math("exp", $1) },
    "Log": { $0.math("log", $1) },
    "Sqrt": { $0.math("sqrt", $1) },
    "Reciprocal": { $0.div($0.number(1, $1.type), $1) },
    "Floor": { $0.math("floor", $1) },
    "Ceil": { $0.math("ceil", $1) },
    "Round": { $0.math("roundeven", $1) },
    "Erf": { $0.math("erf", $1) },
    "Sin": { $0.math("sin", $1) },
    "Cos": { $0.math("cos", $1) },
    "Tan": { $0.math("tan", $1) },
    "Asin": { $0.math("asin", $1) },
    "Acos": { $0.math("acos", $1) },
    "Atan": { $0.math("atan", $1) },
    "Sinh": { $0.math("sinh", $1) },
    "Cosh": { $0.math("cosh", $1) },
    "Asinh": { $0.math("asinh", $1) },
    "Acosh": { $0.math("acosh", $1) },
    "Atanh": { $0.math("atanh", $1) },
    "Softplus": softplus,
    "Softsign": { $0.div($1, $0.add($0.number(1, $1.type), $0.abs($1))) },
    "HardSwish": { e, x in
      e.mul(x, hardSigmoid(e, x, alpha: 1.0 / 6, beta: 0.5))
    },
    "Mish": { $0.mul($1, $0.math("tanh", softplus($0, $1))) },
    "Not": { $0.make("arith.xori", [$1, $0.integer(1, $1.type)]) },
    "IsNaN": { $0.isNaN($1) },
  ]

  /// max(x, 0) + log(1 + exp(-|x|)), which does not overflow.
  @Sendable private static func softplus(_ e: ScalarEmitter, _ x: Value) -> Value {
    let tail = e.math("log1p", e.math("exp", e.neg(e.abs(x))))
    return e.add(e.max(x, e.number(0, x.type)), tail)
  }

  private static func hardSigmoid(_ e: ScalarEmitter, _ x: Value, alpha: Double, beta: Double)
    -> Value
  {
    let line = e.add(e.mul(e.number(alpha, x.type), x), e.number(beta, x.type))
    return e.max(e.number(0, x.type), e.min(e.number(1, x.type), line))
  }

  private static let binaryBodies: [String: Binary] = [
    "Add": { $0.add($1, $2) },
    "Sub": { $0.sub($1, $2) },
    "Mul": { $0.mul($1, $2) },
    "Div": { $0.div($1, $2) },
    "Min": { $0.min($1, $2) },
    "Max": { $0.max($1, $2) },
    "Sum": { $0.add($1, $2) },
    "And": { $0.make("arith.andi", [$1, $2]) },
    "Or": { $0.make("arith.ori", [$1, $2]) },
    "Xor": { $0.make("arith.xori", [$1, $2]) },
    "BitwiseAnd": { $0.make("arith.andi", [$1, $2]) },
    "BitwiseOr": { $0.make("arith.ori", [$1, $2]) },
    "BitwiseXor": { $0.make("arith.xori", [$1, $2]) },
    "PRelu": { e, x, slope in
      if e.isUnsigned { return x }
      return e.select(e.compare(.less, x, e.number(0, x.type)), e.mul(x, slope), x)
    },
  ]

  private static let comparisons: [String: ScalarEmitter.Comparison] = [
    "Equal": .equal, "Less": .less, "LessOrEqual": .lessOrEqual, "Greater": .greater,
    "GreaterOrEqual": .greaterOrEqual,
  ]

  // MARK: Operators with attributes

  private static func withNegativePart(
    _ body: @escaping @Sendable (ONNXOperation, ScalarEmitter, Value) -> Value
  ) -> Rule {
    { lowering in
      try lowering.mapped { e, x in
        e.select(e.compare(.less, x, e.number(0, x.type)), body(lowering.op, e, x), x)
      }
    }
  }

  func mapped(_ body: (ScalarEmitter, Value) throws -> Value) throws -> [Value?] {
    [
      try broadcasting(
        [try operand(0)], resultShape(), resultElement(), isUnsigned: try isUnsigned()
      ) { try body($0, $1[0]) }
    ]
  }

  private static let specialRules: [String: Rule] = [
    "LeakyRelu": withNegativePart { op, e, x in
      e.mul(e.number(op.float("alpha"), x.type), x)
    },
    "Elu": withNegativePart { op, e, x in
      e.mul(e.number(op.float("alpha"), x.type), e.math("expm1", x))
    },
    "Celu": withNegativePart { op, e, x in
      let alpha = e.number(op.float("alpha"), x.type)
      return e.mul(alpha, e.math("expm1", e.div(x, alpha)))
    },
    "Selu": { lowering in
      try lowering.mapped { e, x in
        let alpha = e.number(lowering.op.float("alpha"), x.type)
        let negative = e.mul(alpha, e.math("expm1", x))
        let part = e.select(e.compare(.less, x, e.number(0, x.type)), negative, x)
        return e.mul(e.number(lowering.op.float("gamma"), x.type), part)
      }
    },
    "HardSigmoid": { lowering in
      try lowering.mapped { e, x in
        hardSigmoid(
          e, x, alpha: lowering.op.float("alpha"), beta: lowering.op.float("beta"))
      }
    },
    "ThresholdedRelu": { lowering in
      try lowering.mapped { e, x in
        let alpha = e.number(lowering.op.float("alpha"), x.type)
        return e.select(e.compare(.greater, x, alpha), x, e.number(0, x.type))
      }
    },
    "Gelu": { lowering in try lowering.gelu() },
    "Mean": { lowering in
      let sum = try lowering.folding { $0.add($1, $2) }
      guard let sum = sum[0] else { return [] }
      let count = Double(lowering.op.inputCount)
      return [
        try lowering.broadcasting([sum], lowering.resultShape(), lowering.resultElement()) {
          $0.div($1[0], $0.number(count, $1[0].type))
        }
      ]
    },
    "Mod": { lowering in
      let keepsDividendSign = lowering.op.flag("fmod")
      return try lowering.folding { $0.rem($1, $2, keepsDividendSign: keepsDividendSign) }
    },
    "Pow": { lowering in try lowering.power() },
    "Clip": { lowering in try lowering.clip() },
    "Where": { lowering in
      let operands = try (0..<3).map { try lowering.operand($0) }
      return [
        try lowering.broadcasting(operands, lowering.resultShape(), lowering.resultElement()) {
          $0.select($1[0], $1[1], $1[2])
        }
      ]
    },
    "Cast": { lowering in try lowering.cast() },
    "CastLike": { lowering in try lowering.cast() },
  ]

  private func gelu() throws -> [Value?] {
    let isTanh = op.string("approximate") == "tanh"
    return try mapped { e, x in
      let inner: Value
      if isTanh {
        let cube = e.mul(x, e.mul(x, x))
        let sum = e.add(x, e.mul(e.number(0.044715, x.type), cube))
        let scaled = e.mul(e.number((2 / Double.pi).squareRoot(), x.type), sum)
        inner = e.math("tanh", scaled)
      } else {
        inner = e.math("erf", e.mul(x, e.number(0.5.squareRoot(), x.type)))
      }
      let half = e.mul(e.number(0.5, x.type), x)
      return e.mul(half, e.add(e.number(1, x.type), inner))
    }
  }

  /// Powers by small constants are products, roots and quotients.
  private func power() throws -> [Value?] {
    let exponent = op.value(1).flatMap { $0.count == 1 ? $0.double(0) : nil }
    let isSimple = exponent.map { [1, 2, 3, 0.5, -1].contains($0) } ?? false
    let baseIsFloat = try op.element(0).isFloat
    if let exponent, isSimple, baseIsFloat || exponent >= 1 {
      return try mapped { e, x in
        switch exponent {
        case 1: x
        case 2: e.mul(x, x)
        case 3: e.mul(x, e.mul(x, x))
        case 0.5: e.math("sqrt", x)
        default: e.div(e.number(1, x.type), x)
        }
      }
    }
    let exponentIsUnsigned = try isUnsigned(1)
    let exponentIsFloat = try op.element(1).isFloat
    let baseIsUnsigned = try isUnsigned()
    return [
      try broadcasting(
        [try operand(0), try operand(1)], resultShape(), resultElement(),
        isUnsigned: baseIsUnsigned
      ) { e, values in
        let (x, y) = (values[0], values[1])
        let exponents = ScalarEmitter(builder: builder, isUnsigned: exponentIsUnsigned)
        if x.type.isFloat {
          return e.make("math.powf", [x, exponents.cast(y, to: x.type)])
        }
        if !exponentIsFloat {
          // An exponent wider than the base would lose its sign if it were cut.
          let wide = context.i64
          let result = e.make(
            "math.ipowi", [e.cast(x, to: wide), exponents.cast(y, to: wide)])
          return e.cast(result, to: x.type)
        }
        let f64 = context.f64
        let result = e.make("math.powf", [e.cast(x, to: f64), exponents.cast(y, to: f64)])
        return e.cast(result, to: x.type, toUnsigned: baseIsUnsigned)
      }
    ]
  }

  private func clip() throws -> [Value?] {
    let element = resultElement()
    var bounds: [Value?] = [nil, nil]
    for (i, name) in ["min", "max"].enumerated() {
      if op.opset < 11 {
        guard op.operation.attribute(name) != nil else { continue }
        bounds[i] = function.constant(number(op.float(name), element))
      } else if op.has(i + 1) {
        bounds[i] = try scalar(i + 1)
      }
    }
    return try mapped { e, x in
      var x = x
      if let low = bounds[0] { x = e.max(x, low) }
      if let high = bounds[1] { x = e.min(x, high) }
      return x
    }
  }

  /// The only element of operand `i`, as a scalar.
  func scalar(_ i: Int) throws -> Value {
    let element = signlessType(try op.element(i))
    if let known = op.value(i), known.count == 1 {
      return function.constant(
        element.isFloat
          ? context.floatAttribute(known.floats[0], element)
          : context.integerAttribute(known.ints[0], element))
    }
    let value = try reshaped(try operand(i), [])
    return create("tensor.extract", [value], element)
  }

  private func cast() throws -> [Value?] {
    let element = op.operation.result().type.elementType
    let target = signlessType(element)
    let x = try operand(0)
    if x.type.elementType == target, !element.isInteger(1) { return [x] }
    return try mapped { e, x in
      e.cast(x, to: target, toUnsigned: element.signedness == .unsigned)
    }
  }
}
