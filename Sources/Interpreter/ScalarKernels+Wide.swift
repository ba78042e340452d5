import Glibc
import MartletIR

/// Operations that touch f80 or f128, in software: exact, rounded once to the format.
///
/// math's functions other than those that are exact (absf, copysign, the roundings, fma) and sqrt and rsqrt
/// go through a double, and so are right to a double's 53 bits only; where the operand or the result leaves
/// a double's range they have no result.
extension ScalarKernels {
  static func isWide(_ request: KernelRequest) -> Bool {
    request.result.isWide || request.operands.contains(where: \.isWide)
  }

  /// The kernel of an operation with f80 or f128 among its types; nil where there is none.
  static func wideKernel(_ name: String, _ request: KernelRequest) -> ScalarKernel? {
    switch name {
    case "arith.select": return .ternary { $0 != 0 ? $1 : $2 }
    case "arith.cmpf":
      guard let predicate = request.attribute("predicate")?.integerValue,
        let test = orderTest(predicate), let kind = request.floatKind
      else { return nil }
      return .binary { flag(test(SoftFloat.compare(number($0, kind), number($1, kind)))) }
    case "arith.bitcast":
      return request.operands.first == request.result ? .unary { $0 } : nil
    case "arith.extf", "arith.truncf", "arith.convertf": return conversion(request)
    case "arith.scaling_extf", "arith.scaling_truncf": return scaling(name, request)
    case "arith.sitofp", "arith.uitofp", "arith.fptosi", "arith.fptoui":
      return integerConversion(name, request)
    default: break
    }
    guard let kind = request.floatKind else { return nil }
    if let f = wideBinary[name], request.result == .float(kind) {
      return .binary { register(f(number($0, kind), number($1, kind)), kind) }
    }
    if let f = wideUnary[name], request.result == .float(kind) {
      return .unary { register(f(number($0, kind)), kind) }
    }
    if let test = wideTests[name] { return .unary { flag(test(number($0, kind), kind)) } }
    switch name {
    case "math.fma":
      return .ternary {
        register(
          SoftFloat.fusedMultiplyAdd(number($0, kind), number($1, kind), number($2, kind)), kind)
      }
    case "math.clampf":
      return .ternary { value, low, high in
        let raised = SoftFloat.maximum(number(value, kind), number(low, kind))
        return register(SoftFloat.minimum(raised, number(high, kind)), kind)
      }
    case "arith.negf": return signChange(kind, isUnary: true) { bits, _, sign in bits ^ sign }
    case "math.absf": return signChange(kind, isUnary: true) { bits, _, sign in bits & ~sign }
    case "math.copysign":
      return signChange(kind, isUnary: false) { bits, other, sign in bits & ~sign | other & sign }
    default: return throughDouble(name, kind)
    }
  }

  static func number(_ register: UInt64, _ kind: FloatKind) -> SoftFloat {
    SoftFloat(
      bits: kind.isWide ? WideRegisters.current.bits(register) : UInt128(register), kind)
  }

  static func register(
    _ number: SoftFloat, _ kind: FloatKind, _ rounding: SoftFloat.Rounding = .toNearestEven
  ) -> UInt64 {
    let bits = number.bits(kind, rounding)
    return kind.isWide
      ? WideRegisters.current.register(bits) : UInt64(truncatingIfNeeded: bits)
  }

  /// What changes the sign bit alone, also that of a NaN.
  private static func signChange(
    _ kind: FloatKind, isUnary: Bool,
    _ f: @escaping @Sendable (UInt128, UInt128, UInt128) -> UInt128
  ) -> ScalarKernel {
    let sign = UInt128(1) << UInt128(kind.width - 1)
    let apply = { @Sendable (a: UInt64, b: UInt64) -> UInt64 in
      let wide = WideRegisters.current
      return wide.register(f(wide.bits(a), wide.bits(b), sign))
    }
    return isUnary ? .unary { apply($0, 0) } : .binary(apply)
  }

  private static let wideBinary: [String: @Sendable (SoftFloat, SoftFloat) -> SoftFloat] = [
    "arith.addf": { $0 + $1 }, "arith.subf": { $0 - $1 }, "arith.mulf": { $0 * $1 },
    "arith.divf": { $0 / $1 }, "arith.remf": { SoftFloat.remainder($0, $1) },
    "arith.maximumf": { SoftFloat.maximum($0, $1) },
    "arith.minimumf": { SoftFloat.minimum($0, $1) },
    "arith.maxnumf": { SoftFloat.maximumNumber($0, $1) },
    "arith.minnumf": { SoftFloat.minimumNumber($0, $1) },
  ]

  private static let wideUnary: [String: @Sendable (SoftFloat) -> SoftFloat] = [
    "math.sqrt": { $0.squareRoot() }, "math.rsqrt": { .one / $0.squareRoot() },
    "math.ceil": { $0.rounded(.upward) }, "math.floor": { $0.rounded(.downward) },
    "math.trunc": { $0.rounded(.towardZero) }, "math.round": { $0.rounded(.toNearestAway) },
    "math.roundeven": { $0.rounded(.toNearestEven) },
  ]

  private static let wideTests: [String: @Sendable (SoftFloat, FloatKind) -> Bool] = [
    "math.isnan": { number, _ in number.isNaN },
    "math.isinf": { number, _ in number.kind == .infinity },
    "math.isfinite": { number, _ in number.isFinite },
    "math.isnormal": { number, _ in number.kind == .finite && number.exponent >= -16382 },
  ]

  private static func orderTest(_ predicate: Int64) -> (@Sendable (Int?) -> Bool)? {
    switch predicate {
    case 0: { _ in false }
    case 1: { $0 == 0 }
    case 2: { $0 == 1 }
    case 3: { $0 == 1 || $0 == 0 }
    case 4: { $0 == -1 }
    case 5: { $0 == -1 || $0 == 0 }
    case 6: { $0 == 1 || $0 == -1 }
    case 7: { $0 != nil }
    case 8: { $0 == nil || $0 == 0 }
    case 9: { $0 == nil || $0 == 1 }
    case 10: { $0 != -1 }
    case 11: { $0 == nil || $0 == -1 }
    case 12: { $0 != 1 }
    case 13: { $0 != 0 }
    case 14: { $0 == nil }
    case 15: { _ in true }
    default: nil
    }
  }

  // MARK: Functions through a double

  private static let leavesRange =
    "is interpreted for f80 and f128 in the range of f64, which an operand or the result leaves"

  private static func throughDouble(_ name: String, _ kind: FloatKind) -> ScalarKernel? {
    let narrow = KernelRequest(operands: [.f64, .f64, .f64], result: .f64)
    switch table[name]?(narrow) {
    case .unary(let f):
      return .checkedUnary(
        {
          guard let x = withinRange(number($0, kind)) else { return nil }
          let result = Double(bitPattern: f(x.bitPattern))
          let isLimit = x == 0 || x.magnitude == 1 || !x.isFinite
          return isLimit || staysInRange(result) ? FloatCoding.encode(result, kind) : nil
        }, { _ in leavesRange })
    case .binary(let f):
      let takesInteger = name == "math.fpowi"
      return .checkedBinary(
        {
          guard let x = withinRange(number($0, kind)),
            let y = takesInteger ? Double(signed($1)) : withinRange(number($1, kind))
          else { return nil }
          let result = Double(bitPattern: f(x.bitPattern, takesInteger ? $1 : y.bitPattern))
          let isLimit = x == 0 || y == 0 || !x.isFinite || !y.isFinite
          return isLimit || staysInRange(result) ? FloatCoding.encode(result, kind) : nil
        }, { _, _ in leavesRange })
    default: return nil
    }
  }

  /// The number as a double; nil where it is too large or too small for one.
  private static func withinRange(_ number: SoftFloat) -> Double? {
    number.kind == .finite && !(-1022...1023).contains(number.exponent) ? nil : number.double
  }

  private static func staysInRange(_ result: Double) -> Bool { result.isNaN || result.isNormal }

  // MARK: Conversions

  /// Between float formats, rounding as the operation says.
  static func conversion(_ request: KernelRequest) -> ScalarKernel? {
    guard let from = request.floatKind, case .float(let to) = request.result,
      let rounding = rounding(request)
    else { return nil }
    return .unary { register(number($0, from), to, rounding) }
  }

  /// The rounding mode of the operation; nil where it is none that is known.
  static func rounding(_ request: KernelRequest) -> SoftFloat.Rounding? {
    guard let mode = request.attribute("roundingmode") else { return .toNearestEven }
    return mode.integerValue.flatMap { SoftFloat.Rounding(rawValue: $0) }
  }

  /// The value times (divided by) the scale, which is first turned to f8E8M0FNU where it is wider, in the wide
  /// format of the two; each step is rounded, as MLIR describes the operations.
  static func scaling(_ name: String, _ request: KernelRequest) -> ScalarKernel? {
    guard request.operands.count == 2, case .float(let from) = request.operands[0],
      case .float(let given) = request.operands[1], case .float(let to) = request.result,
      given.width >= 16 || given == .f8E8M0FNU, let rounding = rounding(request)
    else { return nil }
    let scale = { @Sendable (bits: UInt64, format: FloatKind) -> SoftFloat in
      let power = SoftFloat(bits: number(bits, given).bits(.f8E8M0FNU), .f8E8M0FNU)
      return SoftFloat(bits: power.bits(format), format)
    }
    if name == "arith.scaling_extf" {
      return .binary { value, bits in
        let wide = SoftFloat(bits: number(value, from).bits(to), to)
        return register(wide * scale(bits, to), to)
      }
    }
    return .binary { value, bits in
      let quotient = (number(value, from) / scale(bits, from)).bits(from)
      return register(SoftFloat(bits: quotient, from), to, rounding)
    }
  }

  private static func integerConversion(_ name: String, _ request: KernelRequest) -> ScalarKernel? {
    if case .float(let kind) = request.result, let width = request.width {
      return name == "arith.sitofp"
        ? .unary { register(SoftFloat(signed($0)), kind) }
        : .unary { register(SoftFloat(unsigned($0, width)), kind) }
    }
    guard let kind = request.floatKind, !request.result.isFloat else { return nil }
    let width = request.result.width
    let isSigned = name == "arith.fptosi"
    return .checkedUnary(
      {
        guard let (isNegative, magnitude) = number($0, kind).rounded(.towardZero).whole else {
          return nil
        }
        if !isSigned {
          return (isNegative && magnitude != 0) || unsigned(magnitude, width) != magnitude
            ? nil : extended(magnitude, width)
        }
        let limit = UInt64(1) << UInt64(width - 1)
        if magnitude > limit || (magnitude == limit && !isNegative) { return nil }
        return isNegative ? 0 &- magnitude : magnitude
      },
      {
        let value = FloatCoding.decode($0, kind)
        return
          "\(value) does not fit in \(isSigned ? "a signed" : "an unsigned") integer of \(width) bits"
      })
  }
}
