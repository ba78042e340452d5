import Foundation
import MartletIR
import MartletInterpreter
import Testing

/// Floats of all formats against other implementations' results, tabulated by Scripts/make_float_cases.py.
@Suite struct FloatFormatTests {
  /// One line of the table: what is done in which format, and the columns of each case.
  struct Line: CustomStringConvertible, Sendable {
    let operation: String
    let kind: FloatKind
    let cases: [[String]]
    var description: String { "\(operation) \(kind)" }
  }

  static let lines: [Line] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "floats.txt")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let kind = FloatKind.allCases.first(where: { $0.name == words[1] }) else { return nil }
      return Line(
        operation: words[0], kind: kind,
        cases: words.dropFirst(2).map { $0.split(separator: ":").map(String.init) })
    }
  }()

  @Test func theTableIsThere() {
    #expect(Self.lines.count > 90)
    #expect(Set(Self.lines.map(\.kind)).count == 14)
  }

  private static let ternary = ["fma"]
  private static let binary = ["addf", "subf", "mulf", "divf", "remf"]

  /// The operation's text, what its operands are, and what its result is.
  private func shape(_ line: Line) -> (text: String, operands: [String], result: String) {
    let kind = line.kind.name
    switch line.operation {
    case "decode": return ("arith.extf %a : \(kind) to f64", [kind], "f64")
    case "encode": return ("arith.truncf %a : f64 to \(kind)", ["f64"], kind)
    case "extf64": return ("arith.extf %a : f64 to \(kind)", ["f64"], kind)
    case "truncf64": return ("arith.truncf %a : \(kind) to f64", [kind], "f64")
    case "truncf32": return ("arith.truncf %a : \(kind) to f32", [kind], "f32")
    case "sitofp", "uitofp":
      return ("arith.\(line.operation) %a : i64 to \(kind)", ["i64"], kind)
    case "fptosi": return ("arith.fptosi %a : \(kind) to i64", [kind], "i64")
    case "cmpf":
      // The number of the ordered predicate that holds: oeq, ogt or olt.
      let text = """
        arith.constant 1 : i64
        %gt = arith.cmpf ogt, %a, %b : \(kind)
        %lt = arith.cmpf olt, %a, %b : \(kind)
        %eq = arith.cmpf oeq, %a, %b : \(kind)
        %c1 = arith.constant 1 : i64
        %c2 = arith.constant 2 : i64
        %c4 = arith.constant 4 : i64
        %c0 = arith.constant 0 : i64
        %x = arith.select %gt, %c2, %c0 : i64
        %y = arith.select %lt, %c4, %c0 : i64
        %z = arith.select %eq, %c1, %c0 : i64
        %xy = arith.addi %x, %y : i64
        %s = arith.addi %xy, %z : i64
        """
      return (text, [kind, kind], "i64")
    case "fma": return ("math.fma %a, %b, %c : \(kind)", [kind, kind, kind], kind)
    case let name where Self.binary.contains(name):
      return ("arith.\(name) %a, %b : \(kind)", [kind, kind], kind)
    default: return ("math.\(line.operation) %a : \(kind)", [kind], kind)
    }
  }

  @Test(arguments: lines) func agreesWithOthers(line: Line) throws {
    let (text, operands, result) = shape(line)
    let names = ["%a", "%b", "%c"]
    let parameters = zip(names, operands).map { "\($0): \($1)" }.joined(separator: ", ")
    let last = line.operation == "cmpf" ? "%s" : "%r"
    let program = try Program(
      """
      func.func @main(\(parameters)) -> \(result) {
        %r = \(text)
        return \(last) : \(result)
      }
      """)
    for (number, columns) in line.cases.enumerated() {
      let given =
        line.operation == "decode" ? [String(number, radix: 16)] : Array(columns.dropLast())
      let values = zip(given, operands).map { value($0, $1) }
      let wanted = columns[columns.count - 1]
      if wanted == "none" {
        #expect(program.failure("main", values)?.contains("does not fit in") == true)
        continue
      }
      let found = try program.run("main", values)[0]
      #expect(same(found, wanted, result), "\(line) of \(columns): \(found)")
    }
  }

  private func value(_ text: String, _ type: String) -> RuntimeValue {
    let kind = FloatKind.allCases.first { $0.name == type }
    if text == "nan" { return .float(.nan, kind ?? .f64) }
    let bits = UInt128(text, radix: 16) ?? 0
    if let kind { return .float(FloatValue(kind: kind, bits: bits)) }
    return .integer(Int64(truncatingIfNeeded: bits))
  }

  private func same(_ found: RuntimeValue, _ wanted: String, _ type: String) -> Bool {
    switch found {
    case .float(let number):
      // A NaN is known by being unequal to itself; of f80 and f128 the double is NaN too.
      if wanted == "nan" { return number.double.isNaN }
      return number.bits == UInt128(wanted, radix: 16)
    case .integer(let number):
      return UInt64(bitPattern: number) == UInt64(wanted, radix: 16)
    default: return false
    }
  }

  // MARK: Scales

  @Test func scalesAreAppliedInTheWideFormat() throws {
    let program = try Program(
      """
      func.func @main(%x: f4E2M1FN, %s: f8E8M0FNU, %w: f32) -> (f32, f32, bf16, f4E2M1FN, f8E4M3FN, f4E2M1FN) {
        %0 = arith.scaling_extf %x, %s : f4E2M1FN, f8E8M0FNU to f32
        %1 = arith.scaling_extf %x, %w : f4E2M1FN, f32 to f32
        %2 = arith.scaling_extf %x, %s : f4E2M1FN, f8E8M0FNU to bf16
        %3 = arith.scaling_truncf %w, %s : f32, f8E8M0FNU to f4E2M1FN
        %4 = arith.scaling_truncf %w, %s : f32, f8E8M0FNU to f8E4M3FN
        %5 = arith.scaling_truncf %w, %s toward_zero : f32, f8E8M0FNU to f4E2M1FN
        return %0, %1, %2, %3, %4, %5 : f32, f32, bf16, f4E2M1FN, f8E4M3FN, f4E2M1FN
      }
      """)
    func run(_ x: Double, _ s: Double, _ w: Double) throws -> [Double] {
      try program.run(
        "main", [.float(x, .f4E2M1FN), .float(s, .f8E8M0FNU), .float(w, .f32)]
      ).compactMap(\.double)
    }
    // The scale 5 is turned to 4, the nearest power of two; 5 / 8 lies between 0.5 and 1.
    #expect(try run(1.5, 8, 5) == [12, 6, 12, 0.5, 0.625, 0.5])
    // 1.75 is nearer to 2 than to 1.5 and in the middle for f4, which rounds to even.
    #expect(try run(-3, 0.25, 1.75 / 4) == [-0.75, -1.5, -0.75, 2, 1.75, 1.5])
    let nans = try run(2, .nan, 1)
    #expect(nans[0].isNaN && nans[2].isNaN && nans[1] == 2 && nans[4].isNaN)
  }

  @Test func scalesOfOtherFormatsAreRefused() throws {
    let program = try Program(
      """
      func.func @main(%x: f4E2M1FN, %s: f8E5M2) -> f32 {
        %0 = arith.scaling_extf %x, %s : f4E2M1FN, f8E5M2 to f32
        return %0 : f32
      }
      """)
    #expect(
      program.failure("main", [.float(1, .f4E2M1FN), .float(1, .f8E5M2)])
        == "'arith.scaling_extf' op is not interpreted for these types")
  }

  @Test(arguments: [
    ("to_nearest_even", 2.5, 2.0), ("to_nearest_even", 3.5, 4), ("to_nearest_away", 2.5, 3),
    ("downward", 2.9, 2), ("downward", -2.1, -3), ("upward", 2.1, 3), ("upward", -2.9, -2),
    ("toward_zero", 2.9, 2), ("toward_zero", -2.9, -2), ("toward_zero", 1e9, 6),
    ("upward", -1e9, -6), ("downward", -1e9, -6),
  ])
  func roundingModes(mode: String, value: Double, wanted: Double) throws {
    // f4 holds 2, 3, 4 and 6.
    let program = try Program(
      """
      func.func @main(%x: f64) -> f4E2M1FN {
        %0 = arith.truncf %x \(mode) : f64 to f4E2M1FN
        return %0 : f4E2M1FN
      }
      """)
    #expect(try program.run("main", [.f64(value)])[0].double == wanted)
  }

  // MARK: Signs where zero has none

  @Test func formatsWithoutNegativeZeroKeepTheirNaN() throws {
    let program = try Program(
      """
      func.func @main(%x: f8E4M3FNUZ, %y: f8E4M3FNUZ) -> (f8E4M3FNUZ, f8E4M3FNUZ, f8E4M3FNUZ) {
        %0 = arith.negf %x : f8E4M3FNUZ
        %1 = math.absf %x : f8E4M3FNUZ
        %2 = math.copysign %x, %y : f8E4M3FNUZ
        return %0, %1, %2 : f8E4M3FNUZ, f8E4M3FNUZ, f8E4M3FNUZ
      }
      """)
    func run(_ x: Double) throws -> [Double] {
      try program.run("main", [.float(x, .f8E4M3FNUZ), .float(-1, .f8E4M3FNUZ)])
        .compactMap(\.double)
    }
    #expect(try run(0) == [0, 0, 0])
    #expect(try run(2) == [-2, 2, -2])
    #expect(try run(-2) == [2, 2, -2])
    #expect(try run(.nan).allSatisfy(\.isNaN))
  }

  // MARK: f80 and f128 everywhere

  @Test func wideElementsTravelThroughMemoryAndLoops() throws {
    let program = try Program(
      """
      func.func @main(%n: index) -> (f128, f80, tensor<2xf128>, i1) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %third = arith.constant dense<[0x3ffd5555555555555555555555555555, 1.0]> : tensor<2xf128>
        %zero = arith.constant 0.0 : f128
        %x = tensor.extract %third[%c0] : tensor<2xf128>
        %sum = scf.for %i = %c0 to %n step %c1 iter_args(%s = %zero) -> f128 {
          %t = arith.addf %s, %x : f128
          scf.yield %t : f128
        }
        %m = memref.alloc() : memref<2xf80>
        %one = arith.constant 1.0 : f80
        %three = arith.constant 3.0 : f80
        %q = arith.divf %one, %three : f80
        memref.store %q, %m[%c1] : memref<2xf80>
        %y = memref.load %m[%c1] : memref<2xf80>
        %init = tensor.empty() : tensor<2xf128>
        %d = linalg.generic {
          indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
          iterator_types = ["parallel"]
        } ins(%third : tensor<2xf128>) outs(%init : tensor<2xf128>) {
        ^bb0(%a: f128, %b: f128):
          %p = arith.mulf %a, %a : f128
          linalg.yield %p : f128
        } -> tensor<2xf128>
        %z = memref.load %m[%c0] : memref<2xf80>
        %zero80 = arith.constant 0.0 : f80
        %isZero = arith.cmpf oeq, %z, %zero80 : f80
        return %sum, %y, %d, %isZero : f128, f80, tensor<2xf128>, i1
      }
      """)
    let r = try program.run("main", [.index(3)])
    guard case .float(let sum) = r[0], case .float(let third) = r[1], let squares = r[2].array
    else {
      Issue.record("results are \(r)")
      return
    }
    #expect(sum.bits == 0x3fff_0000_0000_0000_0000_0000_0000_0000)
    #expect(third.bits == 0x3ffd_aaaa_aaaa_aaaa_aaab)
    let first = squares.storage.bytes.loadUnaligned(as: UInt128.self)
    #expect(first == 0x3ffb_c71c_71c7_1c71_c71c_71c7_1c71_c71c)
    #expect(squares.doubles[1] == 1)
    #expect(r[3].integer == -1)
  }

  @Test func functionsStopAtTheRangeOfADouble() throws {
    let program = try Program(
      """
      func.func @main(%x: f128) -> f128 {
        %0 = math.exp %x : f128
        return %0 : f128
      }
      """)
    #expect(try program.run("main", [.float(1, .f128)])[0].double == exp(1))
    #expect(try program.run("main", [.float(-.infinity, .f128)])[0].double == 0)
    for far in [1000.0, -1000] {
      #expect(
        program.failure("main", [.float(far, .f128)])
          == "'math.exp' op is interpreted for f80 and f128 in the range of f64, which an operand or the "
          + "result leaves")
    }
  }
}
