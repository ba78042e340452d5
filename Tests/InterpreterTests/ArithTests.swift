import MartletIR
import MartletInterpreter
import Testing

@Suite struct ArithTests {
  /// Runs a binary operation on scalars of a type.
  private func binary(_ op: String, _ type: String, _ a: RuntimeValue, _ b: RuntimeValue) throws
    -> (RuntimeValue?, String?)
  {
    let program = try Program(
      """
      func.func @main(%a: \(type), %b: \(type)) -> \(type) {
        %r = \(op) %a, %b : \(type)
        return %r : \(type)
      }
      """)
    if let message = program.failure("main", [a, b]) { return (nil, message) }
    return (try program.run("main", [a, b])[0], nil)
  }

  @Test(arguments: [
    ("arith.addi", 127, 1, -128), ("arith.muli", 16, 16, 0), ("arith.divsi", -7, 2, -3),
    ("arith.floordivsi", -7, 2, -4), ("arith.ceildivsi", 7, 2, 4), ("arith.ceildivsi", -7, 2, -3),
    ("arith.remsi", -7, 2, -1), ("arith.divui", -1, 2, 127), ("arith.remui", -1, 10, 5),
    ("arith.ceildivui", -1, 2, -128), ("arith.shli", 1, 7, -128), ("arith.shrsi", -128, 7, -1),
    ("arith.shrui", -128, 7, 1), ("arith.maxui", -1, 1, -1), ("arith.maxsi", -1, 1, 1),
    ("arith.minui", -1, 1, 1), ("arith.remsi", -128, -1, 0), ("math.ipowi", 3, 5, -13),
    ("math.ipowi", -1, -3, -1),
  ])
  func integers(op: String, a: Int64, b: Int64, wanted: Int64) throws {
    #expect(try binary(op, "i8", .integer(a), .integer(b)).0?.integer == wanted)
  }

  @Test(arguments: [
    ("arith.divsi", 1, 0, "division by zero"), ("arith.remui", 1, 0, "division by zero"),
    ("arith.divsi", -128, -1, "signed division overflows"),
    ("arith.shli", 1, 8, "shift by 8 is not less than the width of 8 bits"),
    ("math.ipowi", 0, -1, "0 to a negative power"),
  ])
  func faults(op: String, a: Int64, b: Int64, message: String) throws {
    let found = try binary(op, "i8", .integer(a), .integer(b))
    #expect(found.0 == nil && found.1 == "'\(op)' op \(message)")
  }

  @Test func floatsRoundToTheirFormat() throws {
    let third = try binary("arith.divf", "f32", .f32(1), .f32(3)).0
    #expect(third?.double == Double(Float(1) / Float(3)))
    let half = try binary("arith.addf", "f16", .float(2048, .f16), .float(1, .f16)).0
    #expect(half?.double == 2048)
    let brain = try binary("arith.mulf", "bf16", .float(1.0078125, .bf16), .float(1.0078125, .bf16))
      .0
    #expect(brain?.double == 1.015625)
    let maximum = try binary("arith.maximumf", "f64", .f64(-0.0), .f64(0.0)).0?.double
    #expect(maximum?.sign == .plus)
    #expect(try binary("arith.maximumf", "f64", .f64(.nan), .f64(0)).0?.double?.isNaN == true)
    #expect(try binary("arith.maxnumf", "f64", .f64(.nan), .f64(-1)).0?.double == -1)
  }

  @Test(arguments: [
    ("fptosi", "f32", "i8", 127.9, 127 as Int64?), ("fptosi", "f32", "i8", 128, nil),
    ("fptosi", "f64", "i64", -9.3e18, nil), ("fptoui", "f32", "i8", 255, -1),
    ("fptoui", "f32", "i8", -1, nil), ("fptosi", "f64", "i1", -1, -1),
    ("fptosi", "f32", "i32", .nan, nil),
  ])
  func floatToInteger(op: String, from: String, to: String, value: Double, wanted: Int64?) throws {
    let program = try Program(
      """
      func.func @main(%a: \(from)) -> \(to) {
        %r = arith.\(op) %a : \(from) to \(to)
        return %r : \(to)
      }
      """)
    let argument = RuntimeValue.float(value, from == "f32" ? .f32 : .f64)
    if let wanted {
      #expect(try program.run("main", [argument])[0].integer == wanted)
    } else {
      #expect(program.failure("main", [argument])?.contains("does not fit in") == true)
    }
  }

  @Test func conversionsOfIntegers() throws {
    let program = try Program(
      """
      func.func @main(%a: i1, %b: i64) -> (i32, i32, f32, f32, index, index, f32, f16) {
        %0 = arith.extsi %a : i1 to i32
        %1 = arith.extui %a : i1 to i32
        %2 = arith.sitofp %a : i1 to f32
        %3 = arith.uitofp %a : i1 to f32
        %n = arith.constant -1 : i8
        %4 = arith.index_cast %n : i8 to index
        %5 = arith.index_castui %n : i8 to index
        %6 = arith.sitofp %b : i64 to f32
        %7 = arith.sitofp %b : i64 to f16
        return %0, %1, %2, %3, %4, %5, %6, %7 : i32, i32, f32, f32, index, index, f32, f16
      }
      """)
    // 2^55 + 2^31 + 1: to f32 it rounds up, where rounding to double first would tie to even and down.
    let big: Int64 = (1 << 55) + (1 << 31) + 1
    let r = try program.run("main", [.bool(true), .integer(big)])
    #expect(r[0].integer == -1 && r[1].integer == 1)
    #expect(r[2].double == -1 && r[3].double == 1)
    #expect(r[4].integer == -1 && r[5].integer == 255)
    #expect(r[6].double == Double(Float(big)))
    #expect(r[7].double == .infinity)
  }

  @Test func elementwiseOnTensors() throws {
    let program = try Program(
      """
      func.func @main(%a: tensor<2x?xi32>, %b: tensor<2x?xi32>, %p: i1)
          -> (tensor<2x?xi32>, tensor<2x?xi32>) {
        %c = arith.cmpi slt, %a, %b : tensor<2x?xi32>
        %m = arith.select %c, %b, %a : tensor<2x?xi1>, tensor<2x?xi32>
        %d = arith.divsi %a, %b : tensor<2x?xi32>
        %s = arith.select %p, %m, %d : tensor<2x?xi32>
        return %m, %s : tensor<2x?xi32>, tensor<2x?xi32>
      }
      """)
    let a = ArrayValue(.i32, shape: [2, 2], integers: [1, 20, -3, 4])
    let b = ArrayValue(.i32, shape: [2, 2], integers: [5, 6, 7, -8])
    let r = try program.run("main", [.tensor(a), .tensor(b), .bool(false)])
    #expect(r[0].array?.integers == [5, 20, 7, 4])
    #expect(r[1].array?.integers == [0, 3, 0, 0])
    let zeros = ArrayValue(.i32, shape: [2, 2], integers: [1, 1, 0, 1])
    #expect(
      program.failure("main", [.tensor(a), .tensor(zeros), .bool(false)])
        == "'arith.divsi' op division by zero")
    let wide = ArrayValue(.i32, shape: [2, 3], integers: [1, 2, 3, 4, 5, 6])
    #expect(
      program.failure("main", [.tensor(a), .tensor(wide), .bool(false)])?.contains(
        "operands differ in shape") == true)
  }

  @Test func wideResults() throws {
    let program = try Program(
      """
      func.func @main(%a: i32, %b: i32, %c: i64, %d: i64)
          -> (i32, i1, i32, i32, i32, i32, i64, i64) {
        %s, %o = arith.addui_extended %a, %b : i32, i1
        %0:2 = arith.mulsi_extended %a, %b : i32
        %1:2 = arith.mului_extended %a, %b : i32
        %2:2 = arith.mului_extended %c, %d : i64
        return %s, %o, %0#0, %0#1, %1#0, %1#1, %2#0, %2#1
            : i32, i1, i32, i32, i32, i32, i64, i64
      }
      """)
    let r = try program.run("main", [.integer(-2), .integer(3), .integer(-1), .integer(-1)])
    #expect(r.map(\.integer) == [1, -1, -6, -1, -6, 2, 1, -2])
  }
}
