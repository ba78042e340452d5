import Foundation
import MartletInterpreter
import Testing

@Suite struct ComplexTests {
  /// `name` of 3 + 4i and -1 + 2i, the parts of the result.
  private func binary(_ name: String, _ type: String = "f32") throws -> [Double] {
    let program = try Program(
      """
      func.func @main() -> (\(type), \(type)) {
        %a = complex.constant [3.0 : \(type), 4.0 : \(type)] : complex<\(type)>
        %b = complex.constant [-1.0 : \(type), 2.0 : \(type)] : complex<\(type)>
        %c = complex.\(name) %a, %b : complex<\(type)>
        %re = complex.re %c : complex<\(type)>
        %im = complex.im %c : complex<\(type)>
        return %re, %im : \(type), \(type)
      }
      """)
    return try program.run().map { $0.double ?? .nan }
  }

  private func unary(_ name: String, _ real: Double, _ imaginary: Double) throws -> [Double] {
    let program = try Program(
      """
      func.func @main(%re: f64, %im: f64) -> (f64, f64) {
        %a = complex.create %re, %im : complex<f64>
        %c = complex.\(name) %a : complex<f64>
        %r = complex.re %c : complex<f64>
        %i = complex.im %c : complex<f64>
        return %r, %i : f64, f64
      }
      """)
    return try program.run("main", [.float(real, .f64), .float(imaginary, .f64)])
      .map { $0.double ?? .nan }
  }

  @Test(arguments: ["f32", "f64", "f16"]) func arithmetic(_ type: String) throws {
    #expect(try binary("add", type) == [2, 6])
    #expect(try binary("sub", type) == [4, 2])
    #expect(try binary("mul", type) == [-11, 2])
    #expect(try binary("div", type) == [1, -2])
  }

  private func expect(_ found: [Double], _ wanted: [Double]) {
    for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) < 1e-12) }
  }

  @Test func functions() throws {
    expect(try unary("exp", 0, .pi), [-1, 0])
    expect(try unary("log", -1, 0), [0, .pi])
    expect(try unary("sqrt", -4, 0), [0, 2])
    expect(try unary("neg", 1, -2), [-1, 2])
    expect(try unary("conj", 1, -2), [1, 2])
    expect(try unary("sin", 0, 1), [0, sinh(1.0)])
    expect(try unary("cos", 0, 1), [cosh(1.0), 0])
    expect(try unary("sign", 3, 4), [0.6, 0.8])
  }

  @Test func comparisonAndMagnitude() throws {
    let program = try Program(
      """
      func.func @main(%a: f32, %b: f32) -> (i1, i1, f32) {
        %x = complex.create %a, %b : complex<f32>
        %y = complex.create %a, %a : complex<f32>
        %eq = complex.eq %x, %y : complex<f32>
        %ne = complex.neq %x, %y : complex<f32>
        %abs = complex.abs %x : complex<f32>
        return %eq, %ne, %abs : i1, i1, f32
      }
      """)
    let results = try program.run("main", [.float(3, .f32), .float(4, .f32)])
    #expect(results[0].integer == 0)
    #expect(results[1].integer != 0)
    #expect(results[2].double == 5)
  }

  @Test func arraysOfComplexNumbers() throws {
    let program = try Program(
      """
      func.func @main() -> f32 {
        %i = arith.constant 1 : index
        %m = memref.alloc() : memref<4xcomplex<f32>>
        %a = complex.constant [3.0 : f32, 4.0 : f32] : complex<f32>
        memref.store %a, %m[%i] : memref<4xcomplex<f32>>
        %b = memref.load %m[%i] : memref<4xcomplex<f32>>
        %r = complex.im %b : complex<f32>
        return %r : f32
      }
      """)
    #expect(try program.run()[0].double == 4)
  }
}
