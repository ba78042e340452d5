import MartletIR
import MartletSupport

/// What a named structured operation computes at each point of its iteration space, from one element of
/// each input and output.
public enum ScalarBody: Sendable {
  /// The function of the inputs.
  case function(ScalarFunction)
  /// The input converted to the output's type as the attribute `cast` says.
  case copy
  /// The input as it is.
  case forward
  /// out + cast(a) * cast(b).
  case contraction
  /// out + (cast(a) - cast(zero point a)) * (cast(b) - cast(zero point b)).
  case quantizedContraction
  /// function(out, cast(in)).
  case reduction(ScalarFunction, isUnsigned: Bool)
  /// A linear congruential random number between the first two inputs, seeded by the third.
  case random

  /// Builds the computation at the end of `block`, whose arguments are the elements, and yields it.
  public func build(in block: Block, _ builder: Builder, isUnsigned: Bool) throws(Reported) {
    let saved = builder.insertionPoint
    builder.setInsertionPoint(atEnd: block)
    defer { builder.insertionPoint = saved }
    let scalars = ScalarBuilder(builder)
    let value = try compute(Array(block.arguments), scalars, isUnsigned)
    builder.create(Linalg.yield, [value])
  }

  private func compute(_ arguments: [Value], _ scalars: ScalarBuilder, _ isUnsigned: Bool)
    throws(Reported) -> Value
  {
    guard let out = arguments.last else { throw Reported() }
    switch self {
    case .function(let function):
      return try scalars.apply(function, Array(arguments[..<function.arity]))
    case .copy: return try scalars.cast(arguments[0], to: out.type, isUnsigned: isUnsigned)
    case .forward: return arguments[0]
    case .contraction:
      let a = try scalars.cast(arguments[0], to: out.type, isUnsigned: isUnsigned)
      let b = try scalars.cast(arguments[1], to: out.type, isUnsigned: isUnsigned)
      return try scalars.apply(.add, [out, try scalars.apply(.mul, [a, b])])
    case .quantizedContraction:
      let a = try scalars.cast(arguments[0], to: out.type)
      let zeroA = try scalars.cast(arguments[2], to: out.type)
      let shiftedA = try scalars.apply(.sub, [a, zeroA])
      let b = try scalars.cast(arguments[1], to: out.type)
      let zeroB = try scalars.cast(arguments[3], to: out.type)
      let shiftedB = try scalars.apply(.sub, [b, zeroB])
      return try scalars.apply(.add, [out, try scalars.apply(.mul, [shiftedA, shiftedB])])
    case .reduction(let function, let isUnsigned):
      let value = try scalars.cast(arguments[0], to: out.type, isUnsigned: isUnsigned)
      return try scalars.apply(function, [out, value])
    case .random: return try random(arguments, out.type, scalars)
    }
  }

  private func random(_ arguments: [Value], _ type: Type, _ scalars: ScalarBuilder)
    throws(Reported) -> Value
  {
    let context = scalars.builder.context
    let (i32, f64) = (context.i32, context.f64)
    func integer(_ value: Int) throws(Reported) -> Value {
      try scalars.cast(scalars.constant(context.i64Attribute(value), context.i64), to: i32)
    }
    func next(_ x: Value) throws(Reported) -> Value {
      let product = try scalars.apply(.mul, [x, try integer(1_103_515_245)])
      return try scalars.apply(.add, [product, try integer(12345)])
    }
    let half = scalars.constant(context.i64Attribute(2_147_483_647), context.i64)
    let offset = try scalars.cast(half, to: f64)
    let column = try scalars.cast(scalars.index(1), to: i32)
    let row = try scalars.cast(scalars.index(0), to: i32)
    let seeded = try scalars.apply(.add, [row, arguments[2]])
    let first = try next(seeded)
    let second = try next(try scalars.apply(.add, [column, first]))
    let number = try scalars.apply(.add, [offset, try scalars.cast(second, to: f64)])
    let range = try scalars.apply(.sub, [arguments[1], arguments[0]])
    let scale = scalars.constant(context.floatAttribute(2.3283063999999999E-10, f64), f64)
    let factor = try scalars.apply(.mul, [range, try scalars.cast(scale, to: f64)])
    let scaled = try scalars.apply(.mul, [number, factor])
    return try scalars.cast(try scalars.apply(.add, [scaled, arguments[0]]), to: type)
  }
}
