import Foundation
import MartletLowerings
import MartletPasses
import Testing

/// The accuracy of `math-expand` against libm in double precision.
@Suite struct ToLLVMMathTests {
  private static let count = 1 << 16

  private func code(_ body: String) throws -> String {
    """
    func.func @main(%a: memref<\(Self.count)xf32>, %o: memref<\(Self.count)xf32>) {
      %c0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      %n = arith.constant \(Self.count) : index
      scf.for %i = %c0 to %n step %c16 {
        %x = vector.load %a[%i] : memref<\(Self.count)xf32>, vector<16xf32>
        \(body)
        vector.store %y, %o[%i] : memref<\(Self.count)xf32>, vector<16xf32>
      }
      return
    }
    """
  }

  /// Results of the expanded function on these arguments.
  private func run(_ body: String, _ inputs: [Float]) throws -> [Float] {
    let program = try ToLLVMProgram(try code(body))
    try program.lower([.mathExpand])
    let machine = try program.compile()
    let bytes = inputs.withUnsafeBytes { Array($0) }
    let (status, results) = try ToLLVMProgram.run(
      machine, [bytes, [UInt8](repeating: 0, count: bytes.count)])
    #expect(status == 0)
    return results[1].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  /// Floats of every exponent and both signs, and the special ones.
  private func arguments() -> [Float] {
    var random = SplitMix(7)
    var all: [Float] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 88.7, 88.73, -87.4,
      -103.9, -104.1, 0.625, 0.92773, 4, 9.1,
    ]
    while all.count < Self.count {
      let choice = random.below(3)
      if choice == 0 {
        all.append(Float(bitPattern: UInt32(truncatingIfNeeded: random.next())))
      } else {
        all.append(Float(random.float()) * (choice == 1 ? 1 : 0.1))
      }
    }
    return all
  }

  /// Distance from the exact value in units in the last place of f32.
  private func error(_ found: Float, _ exact: Double) -> Double {
    let nearest = Float(exact)
    if found == nearest || (found.isNaN && nearest.isNaN) { return 0 }
    if found.isNaN || nearest.isNaN || found.isInfinite || nearest.isInfinite {
      return .infinity
    }
    return abs(Double(found) - exact) / Double(nearest.ulp)
  }

  @Test(arguments: [
    ("exp", 2.0), ("exp2", 2.0), ("log", 2.0), ("log2", 2.0), ("log10", 3.0), ("tanh", 2.0),
    ("erf", 2.0),
  ])
  func isAccurate(name: String, bound: Double) throws {
    let exact: (Double) -> Double
    switch name {
    case "exp": exact = { Foundation.exp($0) }
    case "exp2": exact = { Foundation.exp2($0) }
    case "log": exact = { Foundation.log($0) }
    case "log2": exact = { Foundation.log2($0) }
    case "log10": exact = { Foundation.log10($0) }
    case "tanh": exact = { Foundation.tanh($0) }
    default: exact = { Foundation.erf($0) }
    }
    let inputs = arguments()
    let results = try run("%y = math.\(name) %x : vector<16xf32>", inputs)
    var worst = 0.0
    var place: Float = 0
    for (x, y) in zip(inputs, results) {
      let distance = error(y, exact(Double(x)))
      if distance > worst { (worst, place) = (distance, x) }
    }
    #expect(worst <= bound, "\(name)(\(place)) is off by \(worst) ulp")
  }

  @Test(arguments: [2.0, 0.5, -1.0, 3.0, 1.5, -0.5, 0.0]) func powers(exponent: Double) throws {
    let inputs = arguments()
    let body = """
      %e = arith.constant dense<\(exponent)> : vector<16xf32>
          %y = math.powf %x, %e : vector<16xf32>
      """
    let results = try run(body, inputs)
    var worst = 0.0
    var place: Float = 0
    for (x, y) in zip(inputs, results) {
      let wanted = Foundation.pow(Double(x), exponent)
      // Intermediate products of very small numbers lose bits.
      if abs(wanted) < 0x1p-100 { continue }
      let distance = error(y, wanted)
      if distance > worst { (worst, place) = (distance, x) }
    }
    #expect(worst <= 3, "pow(\(place), \(exponent)) is off by \(worst) ulp")
  }

  @Test func otherFunctionsCallLibm() throws {
    let text = """
      func.func @main(%a: memref<8xf64>, %o: memref<8xf64>, %p: memref<8xf32>, %h: memref<8xf16>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c8 = arith.constant 8 : index
        scf.for %i = %c0 to %c8 step %c1 {
          %x = memref.load %a[%i] : memref<8xf64>
          %s = math.sin %x : f64
          %e = math.erf %s : f64
          %c = math.cbrt %e : f64
          %q = math.absf %x : f64
          %r = math.sqrt %q : f64
          %t = math.powf %r, %c : f64
          %u = math.floor %t : f64
          %v = arith.addf %u, %t : f64
          memref.store %v, %o[%i] : memref<8xf64>
          %f = arith.truncf %x : f64 to f32
          %g = math.cos %f : f32
          %n = math.isnan %g : f32
          %k = math.copysign %g, %f : f32
          %m = arith.select %n, %f, %k : f32
          memref.store %m, %p[%i] : memref<8xf32>
          %w = memref.load %h[%i] : memref<8xf16>
          %y = math.round %w : f16
          memref.store %y, %h[%i] : memref<8xf16>
        }
        return
      }
      """
    for seed in 1...3 {
      let difference = try ToLLVMProgram.difference(text, seed: UInt64(seed))
      #expect(difference == nil)
    }
  }
}
