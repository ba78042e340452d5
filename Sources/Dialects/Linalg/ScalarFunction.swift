import MartletIR
import MartletSupport

/// The scalar functions named structured operations are made of, as linalg names them.
public enum ScalarFunction: String, Sendable, CaseIterable {
  // Unary.
  case exp, log, abs, ceil, floor, negf, reciprocal, round, sqrt, rsqrt, square, tanh, erf
  // Binary.
  case add, sub, mul, div, divUnsigned = "div_unsigned"
  case maxSigned = "max_signed", minSigned = "min_signed"
  case maxUnsigned = "max_unsigned", minUnsigned = "min_unsigned", powf
  // Ternary.
  case select

  public var arity: Int {
    switch self {
    case .exp, .log, .abs, .ceil, .floor, .negf, .reciprocal, .round, .sqrt, .rsqrt, .square,
      .tanh, .erf:
      1
    case .select: 3
    default: 2
    }
  }

  /// Its number in `#linalg.elementwise_kind`.
  public var number: Int64 { Int64(Self.allCases.firstIndex(of: self) ?? 0) }
}

/// Builds the scalar computations in the bodies of named structured operations, with the operations
/// of arith, math and complex that linalg uses for each function and type.
public struct ScalarBuilder {
  public let builder: Builder

  public init(_ builder: Builder) { self.builder = builder }

  private func make(_ name: String, _ operands: [Value], _ type: Type) -> Value {
    builder.create(builder.context.operationName(name), operands, results: [type]).result()
  }

  private func fail(_ message: String) -> Reported {
    builder.context.diagnostics.report(
      Diagnostic(
        .error, message, at: builder.location.position, subject: builder.location.subject))
    return Reported()
  }

  /// `function` applied to scalars.
  /// - Throws: where linalg has no such function on their types.
  public func apply(_ function: ScalarFunction, _ arguments: [Value]) throws(Reported) -> Value {
    switch function.arity {
    case 1: return try unary(function, arguments[0])
    case 2: return try binary(function, arguments[0], arguments[1])
    default:
      let type = arguments[1].type
      guard type.isIntOrIndex || type.isFloat || type.kind == .complex,
        arguments[0].type.isInteger(1)
      else { throw fail("unsupported non numeric type") }
      return make("arith.select", arguments, type)
    }
  }

  private func unary(_ function: ScalarFunction, _ x: Value) throws(Reported) -> Value {
    guard x.type.isFloat else { throw fail("unsupported non numeric type") }
    switch function {
    case .negf: return make("arith.negf", [x], x.type)
    case .square: return make("arith.mulf", [x, x], x.type)
    case .abs: return make("math.absf", [x], x.type)
    case .reciprocal:
      let one = builder.create(
        builder.context.operationName("arith.constant"), results: [x.type],
        attributes: [("value", builder.context.floatAttribute(1, x.type))])
      return make("arith.divf", [one.result(), x], x.type)
    default: return make("math.\(function.rawValue)", [x], x.type)
    }
  }

  private func binary(_ function: ScalarFunction, _ x: Value, _ y: Value) throws(Reported) -> Value
  {
    let types = [x.type, y.type]
    let name: String?
    if types.allSatisfy({ $0.kind == .complex }) {
      switch function {
      case .add, .sub, .mul, .div: name = "complex.\(function.rawValue)"
      default: name = nil
      }
    } else if types.allSatisfy(\.isFloat) {
      name = Self.floatNames[function]
    } else if types.allSatisfy(\.isIntOrIndex) {
      let isBool = types.allSatisfy { $0.isInteger(1) }
      if isBool, function == .sub || function == .div || function == .divUnsigned {
        throw fail("unsupported operation: \(function.rawValue) with bools")
      }
      switch function {
      case .maxUnsigned where isBool:
        throw fail("unsupported operation: unsigned max not on uint")
      case .minUnsigned where isBool:
        throw fail("unsupported operation: unsigned min not on uint")
      case .add where isBool: name = "arith.ori"
      case .mul where isBool: name = "arith.andi"
      default: name = Self.integerNames[function]
      }
    } else {
      throw fail("unsupported non numeric type")
    }
    if name == nil, types.allSatisfy({ !$0.isIntOrIndex }) {
      switch function {
      case .divUnsigned: throw fail("unsupported operation: unsigned div not on uint")
      case .maxUnsigned: throw fail("unsupported operation: unsigned max not on uint")
      case .minUnsigned: throw fail("unsupported operation: unsigned min not on uint")
      default: break
      }
    }
    guard let name else {
      throw fail("unsupported operation: \(function.rawValue) on \(x.type)")
    }
    return make(name, [x, y], x.type)
  }

  private static let floatNames: [ScalarFunction: String] = [
    .add: "arith.addf", .sub: "arith.subf", .mul: "arith.mulf", .div: "arith.divf",
    .maxSigned: "arith.maximumf", .minSigned: "arith.minimumf", .powf: "math.powf",
  ]

  private static let integerNames: [ScalarFunction: String] = [
    .add: "arith.addi", .sub: "arith.subi", .mul: "arith.muli", .div: "arith.divsi",
    .divUnsigned: "arith.divui", .maxSigned: "arith.maxsi", .minSigned: "arith.minsi",
    .maxUnsigned: "arith.maxui", .minUnsigned: "arith.minui",
  ]

  /// `x` converted to `type`, integers as signed or unsigned numbers.
  /// - Throws: where there is no such conversion.
  public func cast(_ x: Value, to type: Type, isUnsigned: Bool = false) throws(Reported) -> Value {
    let from = x.type
    if from == type { return x }
    let fromWidth = from.bitWidth ?? 0
    let width = type.bitWidth ?? 0
    if type.isInteger {
      if from.isFloat { return make(isUnsigned ? "arith.fptoui" : "arith.fptosi", [x], type) }
      if from.isIndex { return make("arith.index_cast", [x], type) }
      if from.isInteger, width != fromWidth {
        let extend = isUnsigned ? "arith.extui" : "arith.extsi"
        return make(width > fromWidth ? extend : "arith.trunci", [x], type)
      }
    } else if type.isFloat {
      if from.isInteger { return make(isUnsigned ? "arith.uitofp" : "arith.sitofp", [x], type) }
      if from.isFloat, width != fromWidth {
        return make(width > fromWidth ? "arith.extf" : "arith.truncf", [x], type)
      }
    } else if type.isIndex, from.isInteger {
      return make("arith.index_cast", [x], type)
    }
    throw fail("unsupported cast from \(from) to \(type)")
  }

  public func constant(_ value: Attribute, _ type: Type) -> Value {
    builder.create(
      builder.context.operationName("arith.constant"), results: [type],
      attributes: [("value", value)]
    ).result()
  }

  public func index(_ dimension: Int) -> Value {
    builder.create(
      Linalg.index, results: [builder.context.index],
      attributes: [("dim", builder.context.i64Attribute(dimension))]
    ).result()
  }
}
