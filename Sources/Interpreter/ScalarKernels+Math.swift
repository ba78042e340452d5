import Glibc
import MartletIR

/// The math dialect's functions, through the C library's double versions.
extension ScalarKernels {
  static func addMathKernels(_ table: inout [String: Maker]) {
    addRounding(&table)
    let functions: [(String, @Sendable (Double) -> Double)] = [
      ("sqrt", { $0.squareRoot() }), ("rsqrt", { 1 / $0.squareRoot() }),
      ("cbrt", { Glibc.cbrt($0) }), ("exp", { Glibc.exp($0) }), ("exp2", { Glibc.exp2($0) }),
      ("expm1", { Glibc.expm1($0) }), ("log", { Glibc.log($0) }), ("log2", { Glibc.log2($0) }),
      ("log10", { Glibc.log10($0) }), ("log1p", { Glibc.log1p($0) }),
      ("sin", { Glibc.sin($0) }), ("cos", { Glibc.cos($0) }), ("tan", { Glibc.tan($0) }),
      ("asin", { Glibc.asin($0) }), ("acos", { Glibc.acos($0) }), ("atan", { Glibc.atan($0) }),
      ("sinh", { Glibc.sinh($0) }), ("cosh", { Glibc.cosh($0) }), ("tanh", { Glibc.tanh($0) }),
      ("asinh", { Glibc.asinh($0) }), ("acosh", { Glibc.acosh($0) }),
      ("atanh", { Glibc.atanh($0) }), ("erf", { Glibc.erf($0) }), ("erfc", { Glibc.erfc($0) }),
    ]
    for (name, f) in functions { table["math.\(name)"] = { floatUnary($0, f) } }
    table["math.powf"] = { floatBinary($0) { Glibc.pow($0, $1) } }
    table["math.atan2"] = { floatBinary($0) { Glibc.atan2($0, $1) } }
    table["math.clampf"] = { request in
      guard let kind = request.floatKind else { return nil }
      return .ternary { value, low, high in
        let d = { FloatCoding.decode($0, kind) }
        return FloatCoding.encode(minimum(maximum(d(value), d(low)), d(high)), kind)
      }
    }
    table["math.fpowi"] = { request in
      guard let kind = request.floatKind else { return nil }
      return .binary { a, b in
        FloatCoding.encode(Glibc.pow(FloatCoding.decode(a, kind), Double(signed(b))), kind)
      }
    }
    addClassification(&table)
    addBitOperations(&table)
  }

  private static func addRounding(_ table: inout [String: Maker]) {
    table["math.ceil"] = { floatUnary($0) { $0.rounded(.up) } }
    table["math.floor"] = { floatUnary($0) { $0.rounded(.down) } }
    table["math.trunc"] = { floatUnary($0) { $0.rounded(.towardZero) } }
    table["math.round"] = { floatUnary($0) { $0.rounded(.toNearestOrAwayFromZero) } }
    table["math.roundeven"] = { floatUnary($0) { $0.rounded(.toNearestOrEven) } }
  }

  private static func addClassification(_ table: inout [String: Maker]) {
    let tests: [(String, @Sendable (Double) -> Bool)] = [
      ("isnan", { $0.isNaN }), ("isinf", { $0.isInfinite }), ("isfinite", { $0.isFinite }),
    ]
    for (name, test) in tests {
      table["math.\(name)"] = { request in
        request.floatKind.map { kind in .unary { flag(test(FloatCoding.decode($0, kind))) } }
      }
    }
    // Not through double: what is subnormal in f32 is normal there.
    table["math.isnormal"] = { request in
      guard let kind = request.floatKind, let least = leastNormal(kind) else { return nil }
      return .unary {
        let value = FloatCoding.decode($0, kind)
        return flag(value.isFinite && value.magnitude >= least)
      }
    }
  }

  private static func leastNormal(_ kind: FloatKind) -> Double? {
    if kind == .f8E8M0FNU { return 0 }
    return FloatFormat.layout(kind).map {
      Double(sign: .plus, exponent: 1 - $0.bias, significand: 1)
    }
  }

  private static func addBitOperations(_ table: inout [String: Maker]) {
    table["math.absi"] = { request in
      guard let width = request.width else { return nil }
      return .unary { extended(signed($0) < 0 ? 0 &- $0 : $0, width) }
    }
    table["math.ctlz"] = { request in
      guard let width = request.width else { return nil }
      return .unary {
        extended(UInt64(unsigned($0, width).leadingZeroBitCount - (64 - width)), width)
      }
    }
    table["math.cttz"] = { request in
      guard let width = request.width else { return nil }
      return .unary {
        extended(UInt64(min(unsigned($0, width).trailingZeroBitCount, width)), width)
      }
    }
    table["math.ctpop"] = { request in
      guard let width = request.width else { return nil }
      return .unary { extended(UInt64(unsigned($0, width).nonzeroBitCount), width) }
    }
    table["math.ipowi"] = { request in
      guard let width = request.width else { return nil }
      return .checkedBinary(
        { power($0, signed($1), width) }, { _, _ in "0 to a negative power" })
    }
  }

  /// a to the power b, wrapping; as in MLIR a negative power is 0, 1 or -1.
  private static func power(_ a: UInt64, _ b: Int64, _ width: Int) -> UInt64? {
    if b < 0 {
      switch signed(a) {
      case 0: return nil
      case 1: return 1
      case -1: return b & 1 == 0 ? extended(1, width) : a
      default: return 0
      }
    }
    var result: UInt64 = 1
    var base = a
    var left = b
    while left > 0 {
      if left & 1 == 1 { result = result &* base }
      base = base &* base
      left >>= 1
    }
    return extended(result, width)
  }
}
