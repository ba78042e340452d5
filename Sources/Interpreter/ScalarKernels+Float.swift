import Glibc
import MartletIR

/// Float operations compute in double and round the result to the format. A double has more than
/// twice the bits of f32, f16 and the smaller formats, so for +, -, *, / and square root this gives
/// exactly the correctly rounded result. f80 and f128 are in `ScalarKernels+Wide`.
extension ScalarKernels {
  static func addFloatKernels(_ table: inout [String: Maker]) {
    table["arith.addf"] = { floatBinary($0) { $0 + $1 } }
    table["arith.subf"] = { floatBinary($0) { $0 - $1 } }
    table["arith.mulf"] = { floatBinary($0) { $0 * $1 } }
    table["arith.divf"] = { floatBinary($0) { $0 / $1 } }
    table["arith.remf"] = { floatBinary($0) { fmod($0, $1) } }
    table["arith.maximumf"] = { floatBinary($0, maximum) }
    table["arith.minimumf"] = { floatBinary($0, minimum) }
    table["arith.maxnumf"] = { floatBinary($0, maximumNumber) }
    table["arith.minnumf"] = { floatBinary($0, minimumNumber) }
    addSignKernels(&table)
    table["math.fma"] = { $0.floatKind.map(fusedMultiplyAdd) }
    table["arith.cmpf"] = { request in
      guard let kind = request.floatKind else { return nil }
      return request.attribute("predicate")?.integerValue.flatMap { floatComparison($0, kind) }
    }
  }

  private static func addSignKernels(_ table: inout [String: Maker]) {
    table["arith.negf"] = { request in
      guard let kind = request.floatKind, kind != .f8E8M0FNU else { return nil }
      let sign = UInt64(1) << UInt64(kind.width - 1)
      return kind.hasNegativeZero
        ? .unary { $0 ^ sign } : .unary { $0 & ~sign == 0 ? $0 : $0 ^ sign }
    }
    table["math.absf"] = { request in
      guard let kind = request.floatKind else { return nil }
      if kind == .f8E8M0FNU { return .unary { $0 } }
      let sign = UInt64(1) << UInt64(kind.width - 1)
      return kind.hasNegativeZero
        ? .unary { $0 & ~sign } : .unary { $0 & ~sign == 0 ? $0 : $0 & ~sign }
    }
    table["math.copysign"] = { request in
      guard let kind = request.floatKind, kind != .f8E8M0FNU else { return nil }
      let sign = UInt64(1) << UInt64(kind.width - 1)
      return kind.hasNegativeZero
        ? .binary { ($0 & ~sign) | ($1 & sign) }
        : .binary { $0 & ~sign == 0 ? $0 : ($0 & ~sign) | ($1 & sign) }
    }
  }

  /// NaN where either is NaN; -0 is less than +0.
  @Sendable static func maximum(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    if a == b { return a.sign == .plus ? a : b }
    return a > b ? a : b
  }
  @Sendable static func minimum(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    if a == b { return a.sign == .minus ? a : b }
    return a < b ? a : b
  }
  /// The other one where one is NaN.
  @Sendable static func maximumNumber(_ a: Double, _ b: Double) -> Double {
    a.isNaN ? b : b.isNaN ? a : maximum(a, b)
  }
  @Sendable static func minimumNumber(_ a: Double, _ b: Double) -> Double {
    a.isNaN ? b : b.isNaN ? a : minimum(a, b)
  }

  @inline(__always)
  static func floatUnary(_ request: KernelRequest, _ f: @escaping @Sendable (Double) -> Double)
    -> ScalarKernel?
  {
    switch request.floatKind {
    case .f64: return .unary { f(Double(bitPattern: $0)).bitPattern }
    case .f32: return .unary { single(f(Double(single($0)))) }
    case let kind?:
      return .unary { FloatCoding.encode(f(FloatCoding.decode($0, kind)), kind) }
    case nil: return nil
    }
  }

  @inline(__always)
  static func floatBinary(
    _ request: KernelRequest, _ f: @escaping @Sendable (Double, Double) -> Double
  ) -> ScalarKernel? {
    switch request.floatKind {
    case .f64:
      return .binary { f(Double(bitPattern: $0), Double(bitPattern: $1)).bitPattern }
    case .f32: return .binary { single(f(Double(single($0)), Double(single($1)))) }
    case let kind?:
      return .binary {
        FloatCoding.encode(f(FloatCoding.decode($0, kind), FloatCoding.decode($1, kind)), kind)
      }
    case nil: return nil
    }
  }

  @inline(__always) static func single(_ bits: UInt64) -> Float {
    Float(bitPattern: UInt32(truncatingIfNeeded: bits))
  }
  @inline(__always) static func single(_ value: Double) -> UInt64 {
    UInt64(Float(value).bitPattern)
  }

  /// a * b + c rounded once.
  static func fusedMultiplyAdd(_ kind: FloatKind) -> ScalarKernel {
    switch kind {
    case .f64:
      return .ternary {
        Double(bitPattern: $2).addingProduct(Double(bitPattern: $0), Double(bitPattern: $1))
          .bitPattern
      }
    case .f32:
      return .ternary { UInt64(single($2).addingProduct(single($0), single($1)).bitPattern) }
    default:
      return .ternary {
        let product = FloatCoding.decode($0, kind) * FloatCoding.decode($1, kind)
        return FloatCoding.encode(roundedToOdd(product, FloatCoding.decode($2, kind)), kind)
      }
    }
  }

  /// a + b, where an inexact sum gets an odd last bit: rounding that to a format of fewer than 52 bits
  /// gives what rounding the exact sum gives.
  private static func roundedToOdd(_ a: Double, _ b: Double) -> Double {
    let sum = a + b
    if !sum.isFinite { return sum }
    let bVirtual = sum - a
    let error = (a - (sum - bVirtual)) + (b - bVirtual)
    if error == 0 || sum.bitPattern & 1 == 1 { return sum }
    return (error > 0) == (sum > 0)
      ? Double(bitPattern: sum.bitPattern + 1) : Double(bitPattern: sum.bitPattern - 1)
  }

  /// `arith.cmpf` with predicate number `predicate`.
  static func floatComparison(_ predicate: Int64, _ kind: FloatKind) -> ScalarKernel? {
    guard let test = floatTest(predicate) else { return nil }
    return .binary { flag(test(FloatCoding.decode($0, kind), FloatCoding.decode($1, kind))) }
  }

  private static func floatTest(_ predicate: Int64) -> (@Sendable (Double, Double) -> Bool)? {
    switch predicate {
    case 0: { _, _ in false }
    case 1: { $0 == $1 }
    case 2: { $0 > $1 }
    case 3: { $0 >= $1 }
    case 4: { $0 < $1 }
    case 5: { $0 <= $1 }
    case 6: { $0 < $1 || $0 > $1 }
    case 7: { !$0.isNaN && !$1.isNaN }
    case 8: { !($0 < $1 || $0 > $1) }
    case 9: { !($0 <= $1) }
    case 10: { !($0 < $1) }
    case 11: { !($0 >= $1) }
    case 12: { !($0 > $1) }
    case 13: { $0 != $1 }
    case 14: { $0.isNaN || $1.isNaN }
    case 15: { _, _ in true }
    default: nil
    }
  }
}

extension FloatKind {
  /// Whether the sign bit alone makes a zero negative; in formats without a negative zero it makes NaN.
  fileprivate var hasNegativeZero: Bool {
    switch self {
    case .f8E5M2FNUZ, .f8E4M3FNUZ, .f8E4M3B11FNUZ: false
    default: true
    }
  }
}
