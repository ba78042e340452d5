import MartletIR
import MartletLowerings
import MartletPasses
import Testing

/// Complex numbers as pairs of floats give what they give as such, but for last bits.
@Suite struct ComplexLoweringTests {
  private static let unary = [
    "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh", "sqrt", "rsqrt", "sign", "neg",
    "conj",
  ]
  private static let binary = ["add", "sub", "mul", "div", "atan2", "pow"]

  /// `main` computes `operation` of 16 pairs of numbers.
  private func program(_ operation: String, isBinary: Bool, _ result: String) -> String {
    let operands = isBinary ? "%p, %q" : "%p"
    let stores =
      result == "f64"
      ? "memref.store %r, %c[%i] : memref<32xf64>"
      : """
          %x = complex.re %r : complex<f64>
          %y = complex.im %r : complex<f64>
          memref.store %x, %c[%i] : memref<32xf64>
          memref.store %y, %c[%j] : memref<32xf64>
      """
    return """
      func.func @main(%a: memref<32xf64>, %b: memref<32xf64>, %c: memref<32xf64>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c32 = arith.constant 32 : index
        scf.for %i = %c0 to %c32 step %c2 {
          %j = arith.addi %i, %c1 : index
          %p0 = memref.load %a[%i] : memref<32xf64>
          %p1 = memref.load %a[%j] : memref<32xf64>
          %q0 = memref.load %b[%i] : memref<32xf64>
          %q1 = memref.load %b[%j] : memref<32xf64>
          %p = complex.create %p0, %p1 : complex<f64>
          %q = complex.create %q0, %q1 : complex<f64>
          %r = complex.\(operation) \(operands) : complex<f64>
          \(stores)
        }
        return
      }
      """
  }

  private func check(_ text: String, _ range: String, exact: Bool = false) throws {
    for seed in UInt64(1)...3 {
      let wanted = try LoopModule(text).results(seed: seed)[2]
      let module = try LoopModule(text)
      try module.run(
        .convertComplexToStandard, options: [("complex-range", .string(range))])
      let found = try module.results(seed: seed)[2]
      for (x, y) in zip(wanted, found) {
        // Quotients by zero are infinite or not a number, by another way of computing the one or other.
        if !x.isFinite || !y.isFinite { continue }
        #expect(abs(x - y) <= 1e-9 * max(1, abs(x)), "\(range): \(x), \(y)\n\(text)")
      }
      #expect(wanted.contains { $0.isFinite && $0 != 0 })
    }
  }

  @Test(arguments: unary) func ofOneNumber(_ name: String) throws {
    try check(program(name, isBinary: false, "complex<f64>"), "improved")
  }

  @Test(arguments: binary) func ofTwoNumbers(_ name: String) throws {
    let text = program(name, isBinary: true, "complex<f64>")
    try check(text, "improved")
    try check(text, "basic")
  }

  @Test(arguments: ["abs", "angle"]) func magnitudes(_ name: String) throws {
    try check(program(name, isBinary: false, "f64"), "improved")
  }
}
