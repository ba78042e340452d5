import MartletDialects
import MartletIR
import MartletSupport

extension Rewrites {
  /// An LLVM intrinsic the processor or LLVM computes itself.
  private static func intrinsic(_ name: String) -> Rewrite {
    { (f, op) throws(Reported) in
      let flags = f.llvm.fastMath(op.attribute("fastmath"))
      try f.elementwise(op) { v throws(Reported) in
        f.llvm.value("intr." + name, v, v[0].type, flags)
      }
    }
  }

  /// A function of libm, lane by lane: `name` for f64, `name` + `f` for f32; narrower formats in f32.
  private static func library(_ name: String) -> Rewrite {
    { (f, op) throws(Reported) in
      try f.elementwise(op) { v throws(Reported) in try f.callLibrary(name, v, op) }
    }
  }

  private static func each(
    _ make: @escaping @Sendable (FunctionToLLVM, [Value], Operation) throws(Reported) -> Value
  ) -> Rewrite {
    { (f, op) throws(Reported) in
      try f.elementwise(op) { v throws(Reported) in try make(f, v, op) }
    }
  }

  private static func count(_ name: String) -> Rewrite {
    each { (f, v, _) throws(Reported) in
      f.llvm.value(
        "intr." + name, v, v[0].type,
        [("is_zero_poison", f.context.boolAttribute(false))])
    }
  }

  static let math: [(String, Rewrite)] =
    [
      "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "erf",
      "erfc", "exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "tan", "tanh",
    ].map { ("math." + $0, library($0)) } + [
      ("math.powf", library("pow")), ("math.absf", intrinsic("fabs")),
      ("math.ceil", intrinsic("ceil")), ("math.floor", intrinsic("floor")),
      ("math.trunc", intrinsic("trunc")), ("math.round", intrinsic("round")),
      ("math.roundeven", intrinsic("roundeven")), ("math.sqrt", intrinsic("sqrt")),
      ("math.copysign", intrinsic("copysign")), ("math.fma", intrinsic("fma")),
      ("math.ctpop", intrinsic("ctpop")), ("math.ctlz", count("ctlz")),
      ("math.cttz", count("cttz")),
      (
        "math.absi",
        each { (f, v, _) throws(Reported) in
          f.llvm.value(
            "intr.abs", v, v[0].type, [("is_int_min_poison", f.context.boolAttribute(false))])
        }
      ),
      (
        "math.rsqrt",
        each { (f, v, op) throws(Reported) in
          let flags = f.llvm.fastMath(op.attribute("fastmath"))
          let root = f.llvm.value("intr.sqrt", v, v[0].type, flags)
          return f.llvm.value("fdiv", [f.llvm.float(1, v[0].type), root], v[0].type, flags)
        }
      ),
      (
        "math.clampf",
        each { (f, v, op) throws(Reported) in
          let flags = f.llvm.fastMath(op.attribute("fastmath"))
          let low = f.llvm.value("intr.maximum", [v[0], v[1]], v[0].type, flags)
          return f.llvm.value("intr.minimum", [low, v[2]], v[0].type, flags)
        }
      ),
      (
        "math.fpowi",
        each { (f, v, op) throws(Reported) in
          // The exponent is exact in a double; the result is rounded once more for f32.
          let element = f.context.f64
          let wide = v[0].type.isVector ? f.context.vector(v[0].type.shape, element) : element
          let base = v[0].type == wide ? v[0] : f.llvm.value("fpext", [v[0]], wide)
          let exponent = f.llvm.value("sitofp", [v[1]], wide)
          let power = try f.callLibrary("pow", [base, exponent], op)
          return v[0].type == wide ? power : f.truncate(power, to: v[0].type)
        }
      ),
      (
        "math.ipowi",
        each { (f, v, _) throws(Reported) in f.integerPower(v[0], v[1]) }
      ),
      (
        "math.isnan",
        each { (f, v, _) throws(Reported) in f.compare("fcmp", [v[0], v[0]], 14) }
      ),
      (
        "math.isinf",
        each { (f, v, _) throws(Reported) in f.compareMagnitude(v[0], 1, .infinity) }
      ),
      (
        "math.isfinite",
        each { (f, v, _) throws(Reported) in f.compareMagnitude(v[0], 4, .infinity) }
      ),
      (
        "math.isnormal",
        each { (f, v, _) throws(Reported) in
          let least: Double =
            switch v[0].type.elementType.floatKind {
            case .f16: 0x1p-14
            case .f32, .bf16: 0x1p-126
            default: 0x1p-1022
            }
          return f.llvm.same(
            "and", f.compareMagnitude(v[0], 4, .infinity), f.compareMagnitude(v[0], 3, least))
        }
      ),
      (
        "math.sincos",
        { (f, op) throws(Reported) in
          for (i, name) in ["sin", "cos"].enumerated() {
            var results: [Value] = []
            for part in try f.parts(op.operand(0), op) {
              results.append(try f.callLibrary(name, [part], op))
            }
            f.set(op.result(i), parts: results)
          }
        }
      ),
    ]
}

extension FunctionToLLVM {
  /// Square and multiply, a step for each bit of the exponent; negative exponents give 1, -1 or 0, and 0 for
  /// base 0, where MLIR leaves the result open.
  func integerPower(_ base: Value, _ exponent: Value) -> Value {
    let type = base.type
    let width = type.elementType.bitWidth ?? 64
    let (zero, one) = (llvm.zero(type), llvm.integer(1, type))
    var result = one
    var square = base
    for bit in 0..<max(width - 1, 1) {
      let isSet = llvm.same("and", exponent, llvm.integer(bit < 63 ? 1 << bit : Int.min, type))
      let taken = compare("icmp", [isSet, zero], 1)
      result = llvm.value("select", [taken, llvm.same("mul", result, square), result], type)
      square = llvm.same("mul", square, square)
    }
    let isOdd = compare("icmp", [llvm.same("and", exponent, one), zero], 1)
    let minusOne = llvm.integer(-1, type)
    let sign = llvm.value("select", [isOdd, minusOne, one], type)
    let ofMinusOne = llvm.value(
      "select", [compare("icmp", [base, minusOne], 0), sign, zero], type)
    let inverse = llvm.value("select", [compare("icmp", [base, one], 0), one, ofMinusOne], type)
    return llvm.value("select", [compare("icmp", [exponent, zero], 2), inverse, result], type)
  }

  /// |value| compared with a constant.
  func compareMagnitude(_ value: Value, _ predicate: Int, _ bound: Double) -> Value {
    let magnitude = llvm.value("intr.fabs", [value], value.type)
    return compare("fcmp", [magnitude, llvm.float(bound, value.type)], predicate)
  }

  /// Calls a function of libm on scalars, or on each lane of vectors.
  func callLibrary(_ name: String, _ operands: [Value], _ user: Operation) throws(Reported)
    -> Value
  {
    let type = operands[0].type
    guard type.isVector else { return try callScalar(name, operands, user) }
    var result = llvm.poison(type)
    for lane in 0..<type.dimension(0) {
      let position = llvm.index(lane)
      let scalars = operands.map {
        llvm.value("extractelement", [$0, position], type.elementType)
      }
      let value = try callScalar(name, scalars, user)
      result = llvm.value("insertelement", [result, value, position], type)
    }
    return result
  }

  private func callScalar(_ name: String, _ operands: [Value], _ user: Operation)
    throws(Reported) -> Value
  {
    let type = operands[0].type
    switch type.floatKind {
    case .f64:
      module.declare(name, operands.map(\.type), type)
      return llvm.call(name, operands, type).result()
    case .f32:
      module.declare(name + "f", operands.map(\.type), type)
      return llvm.call(name + "f", operands, type).result()
    case .f16, .bf16:
      let single = context.f32
      let wide = operands.map { llvm.value("fpext", [$0], single) }
      module.declare(name + "f", wide.map(\.type), single)
      return truncate(llvm.call(name + "f", wide, single).result(), to: type)
    default: throw user.emitOpError("has no function for '\(type)' in libm")
    }
  }
}
