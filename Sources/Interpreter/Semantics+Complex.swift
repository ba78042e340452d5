import Glibc
import MartletDialects
import MartletIR
import MartletSupport

/// complex: computed in double precision and rounded to the parts' format. Numbers whose parts have up to 32
/// bits lie packed in a register, the real part low; wider ones are objects.
extension Semantics {
  typealias Number = ComplexNumber

  mutating func addComplex() {
    prepare("complex.constant") { (instruction, _) throws(Reported) in
      guard let parts = Complex.parts(of: instruction.attribute("value")),
        let real = parts.real.floatValue, let imaginary = parts.imaginary.floatValue
      else { throw instruction.operation.emitOpError("has a value that is not interpreted") }
      return { (frame: Frame) throws(Reported) in
        try frame.set(instruction, complex: Number(real, imaginary))
      }
    }
    register("complex.create") { (instruction, frame) throws(Reported) in
      try frame.set(
        instruction,
        complex: Number(
          frame.value(instruction, 0).double ?? .nan,
          frame.value(instruction, 1).double ?? .nan))
    }
    register("complex.bitcast") { (instruction, frame) throws(Reported) in
      guard !instruction.operands[0].isObject, !instruction.results[0].isObject else {
        throw frame.fail(instruction, "is not interpreted for these types")
      }
      let bits = frame.bits(instruction, 0)
      frame.registers[instruction.results[0].index] =
        instruction.results[0].format?.canonical(bits) ?? bits
    }
    addComplexParts()
    addComplexFunctions()
  }

  private mutating func addComplexParts() {
    let parts: [(String, @Sendable (Number) -> Double)] = [
      ("re", { $0.real }), ("im", { $0.imaginary }), ("abs", { $0.magnitude }),
      ("angle", { $0.angle }),
    ]
    for (name, part) in parts {
      register("complex." + name) { (instruction, frame) throws(Reported) in
        guard let kind = instruction.resultType().floatKind else {
          throw frame.fail(instruction, "is not interpreted for these types")
        }
        let number = try frame.complex(instruction, 0)
        frame.set(instruction, 0, .float(part(number), kind))
      }
    }
    for name in ["eq", "neq"] {
      register("complex." + name) { (instruction, frame) throws(Reported) in
        let (a, b) = (try frame.complex(instruction, 0), try frame.complex(instruction, 1))
        let areEqual = a.real == b.real && a.imaginary == b.imaginary
        frame.set(instruction, 0, .bool(areEqual == (name == "eq")))
      }
    }
  }

  private mutating func addComplexFunctions() {
    let unary: [(String, @Sendable (Number) -> Number)] = [
      ("neg", { Number(-$0.real, -$0.imaginary) }),
      ("conj", { Number($0.real, -$0.imaginary) }), ("exp", { $0.exponential }),
      ("expm1", { $0.exponentialMinusOne }), ("log", { $0.logarithm }),
      ("log1p", { Number(1 + $0.real, $0.imaginary).logarithm }), ("sqrt", { $0.squareRoot }),
      ("rsqrt", { Number(1, 0) / $0.squareRoot }), ("sign", { $0.sign }), ("sin", { $0.sine }),
      ("cos", { $0.cosine }), ("tan", { $0.sine / $0.cosine }),
      ("tanh", { $0.hyperbolicTangent }),
    ]
    for (name, function) in unary {
      register("complex." + name) { (instruction, frame) throws(Reported) in
        try frame.set(instruction, complex: function(frame.complex(instruction, 0)))
      }
    }
    let binary: [(String, @Sendable (Number, Number) -> Number)] = [
      ("add", { Number($0.real + $1.real, $0.imaginary + $1.imaginary) }),
      ("sub", { Number($0.real - $1.real, $0.imaginary - $1.imaginary) }), ("mul", { $0 * $1 }),
      ("div", { $0 / $1 }), ("pow", { $0.power($1) }), ("atan2", { $0.arcTangent($1) }),
    ]
    for (name, function) in binary {
      register("complex." + name) { (instruction, frame) throws(Reported) in
        try frame.set(
          instruction,
          complex: function(frame.complex(instruction, 0), frame.complex(instruction, 1)))
      }
    }
    register("complex.powi") { (instruction, frame) throws(Reported) in
      let exponent = Double(frame.integer(instruction, 1))
      try frame.set(
        instruction, complex: frame.complex(instruction, 0).power(ComplexNumber(exponent, 0)))
    }
  }
}

/// A complex number of two doubles.
struct ComplexNumber {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  var magnitude: Double { hypot(real, imaginary) }
  var angle: Double { Glibc.atan2(imaginary, real) }

  static func * (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// By Smith's method, which divides by the larger part first.
  static func / (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    if abs(b.real) >= abs(b.imaginary) {
      let ratio = b.imaginary / b.real
      let scale = b.real + b.imaginary * ratio
      return ComplexNumber(
        (a.real + a.imaginary * ratio) / scale, (a.imaginary - a.real * ratio) / scale)
    }
    let ratio = b.real / b.imaginary
    let scale = b.real * ratio + b.imaginary
    return ComplexNumber(
      (a.real * ratio + a.imaginary) / scale, (a.imaginary * ratio - a.real) / scale)
  }

  var exponential: ComplexNumber {
    let scale = Glibc.exp(real)
    return ComplexNumber(scale * Glibc.cos(imaginary), scale * Glibc.sin(imaginary))
  }
  var exponentialMinusOne: ComplexNumber {
    // exp(x) cos(y) - 1 without cancellation: expm1(x) cos(y) + (cos(y) - 1).
    let half = Glibc.sin(imaginary / 2)
    return ComplexNumber(
      Glibc.expm1(real) * Glibc.cos(imaginary) - 2 * half * half,
      Glibc.exp(real) * Glibc.sin(imaginary))
  }
  var logarithm: ComplexNumber { ComplexNumber(Glibc.log(magnitude), angle) }
  var squareRoot: ComplexNumber {
    if real == 0, imaginary == 0 { return ComplexNumber(0, imaginary) }
    let root = ((magnitude + abs(real)) / 2).squareRoot()
    let other = abs(imaginary) / (2 * root)
    if real >= 0 { return ComplexNumber(root, imaginary < 0 ? -other : other) }
    return ComplexNumber(other, imaginary.sign == .minus ? -root : root)
  }
  var sign: ComplexNumber {
    let size = magnitude
    return size == 0 ? self : ComplexNumber(real / size, imaginary / size)
  }
  var sine: ComplexNumber {
    ComplexNumber(
      Glibc.sin(real) * Glibc.cosh(imaginary), Glibc.cos(real) * Glibc.sinh(imaginary))
  }
  var cosine: ComplexNumber {
    ComplexNumber(
      Glibc.cos(real) * Glibc.cosh(imaginary), -Glibc.sin(real) * Glibc.sinh(imaginary))
  }
  var hyperbolicTangent: ComplexNumber {
    // Past this the real part is one to the last bit, while cosh would overflow.
    if abs(real) > 350 { return ComplexNumber(real < 0 ? -1 : 1, 0) }
    let scale = Glibc.cosh(2 * real) + Glibc.cos(2 * imaginary)
    return ComplexNumber(Glibc.sinh(2 * real) / scale, Glibc.sin(2 * imaginary) / scale)
  }

  func power(_ exponent: ComplexNumber) -> ComplexNumber {
    if real == 0, imaginary == 0 {
      let isOne = exponent.real == 0 && exponent.imaginary == 0
      return ComplexNumber(isOne ? 1 : 0, 0)
    }
    return (exponent * logarithm).exponential
  }

  /// -i log((x + i y) / sqrt(x² + y²)), for `self` = y.
  func arcTangent(_ x: ComplexNumber) -> ComplexNumber {
    let sum = ComplexNumber(x.real - imaginary, x.imaginary + real)
    let squares = x * x
    let own = self * self
    let root = ComplexNumber(squares.real + own.real, squares.imaginary + own.imaginary)
      .squareRoot
    let value = (sum / root).logarithm
    return ComplexNumber(value.imaginary, -value.real)
  }
}

/// A complex number too wide for a register.
final class ComplexObject {
  let number: ComplexNumber
  init(_ number: ComplexNumber) { self.number = number }
}

extension Frame {
  /// Operand `i`.
  func complex(_ instruction: Instruction, _ i: Int) throws(Reported) -> ComplexNumber {
    let slot = instruction.operands[i]
    if case .complex(let kind) = slot.format {
      let bits = registers[slot.index]
      let width = UInt64(kind.width)
      let mask = (UInt64(1) << width) - 1
      return ComplexNumber(
        FloatCoding.decode(bits & mask, kind), FloatCoding.decode(bits >> width & mask, kind))
    }
    guard case .object(let object) = value(instruction, i),
      let wide = object as? ComplexObject
    else { throw fail(instruction, "is not interpreted for these types") }
    return wide.number
  }

  /// Sets the first result, rounded to the format of its parts.
  func set(_ instruction: Instruction, complex number: ComplexNumber) throws(Reported) {
    let slot = instruction.results[0]
    if case .complex(let kind) = slot.format {
      registers[slot.index] =
        FloatCoding.encode(number.real, kind)
        | FloatCoding.encode(number.imaginary, kind) << UInt64(kind.width)
      return
    }
    guard instruction.resultType().elementType.isFloat(.f64) else {
      throw fail(instruction, "is not interpreted for these types")
    }
    set(instruction, 0, .object(ComplexObject(number)))
  }
}
