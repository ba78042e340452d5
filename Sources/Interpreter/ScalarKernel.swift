import MartletIR

/// What a scalar operation computes, on registers. Elementwise operations on vectors and tensors
/// apply the kernel of their element types to each element.
enum ScalarKernel {
  case unary(@Sendable (UInt64) -> UInt64)
  case binary(@Sendable (UInt64, UInt64) -> UInt64)
  case ternary(@Sendable (UInt64, UInt64, UInt64) -> UInt64)
  /// Kernels without a value for some operands; the second function says why.
  case checkedUnary(@Sendable (UInt64) -> UInt64?, @Sendable (UInt64) -> String)
  case checkedBinary(
    @Sendable (UInt64, UInt64) -> UInt64?, @Sendable (UInt64, UInt64) -> String)

  var operandCount: Int {
    switch self {
    case .unary, .checkedUnary: 1
    case .binary, .checkedBinary: 2
    case .ternary: 3
    }
  }

  /// The result; nil where the operation has none for these operands.
  @inline(__always)
  func callAsFunction(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64? {
    switch self {
    case .unary(let f): f(a)
    case .binary(let f): f(a, b)
    case .ternary(let f): f(a, b, c)
    case .checkedUnary(let f, _): f(a)
    case .checkedBinary(let f, _): f(a, b)
    }
  }

  /// Why `callAsFunction` gave nil.
  func fault(_ a: UInt64, _ b: UInt64) -> String {
    switch self {
    case .checkedUnary(_, let why): why(a)
    case .checkedBinary(_, let why): why(a, b)
    default: "has no result"
    }
  }
}

/// What a kernel is asked for: an operation's element formats and attributes.
struct KernelRequest {
  var operands: [ElementFormat]
  var result: ElementFormat
  var attribute: (String) -> Attribute? = { _ in nil }

  /// The float kind of the first operand.
  var floatKind: FloatKind? {
    if case .float(let kind) = operands.first { return kind }
    return nil
  }
  /// The integer width of the first operand.
  var width: Int? {
    guard let first = operands.first, !first.isFloat else { return nil }
    return first.width
  }
}

/// The kernels of arith and math, by operation name.
enum ScalarKernels {
  typealias Maker = @Sendable (KernelRequest) -> ScalarKernel?

  static let table: [String: Maker] = {
    var table: [String: Maker] = [:]
    addIntegerKernels(&table)
    addFloatKernels(&table)
    addConversionKernels(&table)
    addMathKernels(&table)
    return table
  }()

  /// The kernel of operation `name`; nil where there is none for these formats.
  static func kernel(_ name: String, _ request: KernelRequest) -> ScalarKernel? {
    guard let maker = table[name] else { return nil }
    return isWide(request) ? wideKernel(name, request) : maker(request)
  }

  @inline(__always) static func signed(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits) }

  /// The low `width` bits of a register, zero-extended.
  @inline(__always) static func unsigned(_ bits: UInt64, _ width: Int) -> UInt64 {
    let shift = UInt64(64 &- width)
    return (bits &<< shift) &>> shift
  }

  /// The low `width` bits of a register, sign-extended.
  @inline(__always) static func extended(_ bits: UInt64, _ width: Int) -> UInt64 {
    let shift = UInt64(64 &- width)
    return UInt64(bitPattern: Int64(bitPattern: bits &<< shift) &>> Int64(shift))
  }

  @inline(__always) static func flag(_ value: Bool) -> UInt64 { value ? .max : 0 }
}
