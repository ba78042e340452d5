import MartletInterpreter
import Testing

@Suite struct ControlFlowTests {
  @Test func recursion() throws {
    let program = try Program(
      """
      func.func @fib(%n: i64) -> i64 {
        %c1 = arith.constant 1 : i64
        %c2 = arith.constant 2 : i64
        %small = arith.cmpi sle, %n, %c1 : i64
        %r = scf.if %small -> (i64) {
          scf.yield %n : i64
        } else {
          %a = arith.subi %n, %c1 : i64
          %b = arith.subi %n, %c2 : i64
          %x = func.call @fib(%a) : (i64) -> i64
          %y = func.call @fib(%b) : (i64) -> i64
          %s = arith.addi %x, %y : i64
          scf.yield %s : i64
        }
        return %r : i64
      }
      """)
    #expect(try program.run("fib", [.integer(15)])[0].integer == 610)
  }

  @Test func endlessRecursionIsDiagnosed() throws {
    let program = try Program(
      """
      func.func @main() {
        func.call @main() : () -> ()
        return
      }
      """)
    #expect(program.failure()?.contains("nest too deeply") == true)
  }

  @Test func endlessLoopMeetsTheStepLimit() throws {
    let program = try Program(
      """
      func.func @main() {
        cf.br ^loop
      ^loop:
        cf.br ^loop
      }
      """)
    var options = Interpreter.Options()
    options.stepLimit = 100_000
    #expect(program.failure(options: options)?.contains("limit of 100000 steps") == true)
    options.stepLimit = nil
    options.timeLimit = 0.05
    #expect(program.failure(options: options)?.contains("time limit") == true)
  }

  /// Block arguments are swapped at once, not one after the other.
  @Test func branchArgumentsAreParallel() throws {
    let program = try Program(
      """
      func.func @main(%n: i32) -> (i32, i32) {
        %zero = arith.constant 0 : i32
        %one = arith.constant 1 : i32
        cf.br ^head(%zero, %zero, %one : i32, i32, i32)
      ^head(%i: i32, %a: i32, %b: i32):
        %more = arith.cmpi slt, %i, %n : i32
        %next = arith.addi %i, %one : i32
        cf.cond_br %more, ^head(%next, %b, %a : i32, i32, i32), ^done(%a, %b : i32, i32)
      ^done(%x: i32, %y: i32):
        return %x, %y : i32, i32
      }
      """)
    let odd = try program.run("main", [.integer(3)])
    #expect(odd[0].integer == 1 && odd[1].integer == 0)
    let even = try program.run("main", [.integer(4)])
    #expect(even[0].integer == 0 && even[1].integer == 1)
  }

  @Test(arguments: [(0, 10), (1, 21), (7, 32), (-1, 10)]) func switches(flag: Int, wanted: Int)
    throws
  {
    let program = try Program(
      """
      func.func @main(%f: i32) -> i32 {
        %a = arith.constant 10 : i32
        %b = arith.constant 20 : i32
        %c = arith.constant 30 : i32
        %d = arith.constant 1 : i32
        %e = arith.constant 2 : i32
        cf.switch %f : i32, [
          default: ^plain(%a : i32),
          1: ^sum(%b, %d : i32, i32),
          7: ^sum(%c, %e : i32, i32)
        ]
      ^plain(%x: i32):
        return %x : i32
      ^sum(%y: i32, %z: i32):
        %s = arith.addi %y, %z : i32
        return %s : i32
      }
      """)
    #expect(try program.run("main", [.integer(Int64(flag))])[0].integer == Int64(wanted))
  }

  @Test func loops() throws {
    let program = try Program(
      """
      func.func @main(%n: index) -> (index, i64, index) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c3 = arith.constant 3 : index
        %sum = scf.for %i = %c0 to %n step %c3 iter_args(%s = %c0) -> (index) {
          %t = arith.addi %s, %i : index
          scf.yield %t : index
        }
        %one = arith.constant 1 : i64
        %limit = arith.constant 1000 : i64
        %two = arith.constant 2 : i64
        %power = scf.while (%x = %one) : (i64) -> i64 {
          %go = arith.cmpi slt, %x, %limit : i64
          scf.condition(%go) %x : i64
        } do {
        ^bb0(%x: i64):
          %y = arith.muli %x, %two : i64
          scf.yield %y : i64
        }
        %total = scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c3) step (%c1, %c1) init (%c0) -> index {
          %p = arith.muli %i, %j : index
          scf.reduce(%p : index) {
          ^bb0(%a: index, %b: index):
            %q = arith.addi %a, %b : index
            scf.reduce.return %q : index
          }
        }
        return %sum, %power, %total : index, i64, index
      }
      """)
    let results = try program.run("main", [.index(10)])
    #expect(results.map(\.integer) == [18, 1024, 135])
    #expect(try program.run("main", [.index(-5)])[0].integer == 0)
  }

  @Test func forallInsertsSlices() throws {
    let program = try Program(
      """
      func.func @main(%a: tensor<6xi32>) -> tensor<6xi32> {
        %r = scf.forall (%i) = (0) to (6) step (2) shared_outs(%out = %a) -> (tensor<6xi32>) {
          %s = tensor.extract_slice %out[%i] [2] [1] : tensor<6xi32> to tensor<2xi32>
          %d = arith.addi %s, %s : tensor<2xi32>
          scf.forall.in_parallel {
            tensor.parallel_insert_slice %d into %out[%i] [2] [1] : tensor<2xi32> into tensor<6xi32>
          }
        }
        return %r : tensor<6xi32>
      }
      """)
    let input = ArrayValue(.i32, shape: [6], integers: [1, 2, 3, 4, 5, 6])
    let result = try program.run("main", [.tensor(input)])[0].array
    #expect(result?.integers == [2, 4, 6, 8, 10, 12])
    #expect(input.integers == [1, 2, 3, 4, 5, 6])
  }

  @Test func assertionsAndSwitchRegions() throws {
    let program = try Program(
      """
      func.func @main(%i: index, %ok: i1) -> i32 {
        cf.assert %ok, "not ok"
        %r = scf.index_switch %i -> i32
        case 2 {
          %a = arith.constant 20 : i32
          scf.yield %a : i32
        }
        case 5 {
          %a = arith.constant 50 : i32
          scf.yield %a : i32
        }
        default {
          %a = scf.execute_region -> i32 {
            %b = arith.constant -1 : i32
            scf.yield %b : i32
          }
          scf.yield %a : i32
        }
        return %r : i32
      }
      """)
    #expect(try program.run("main", [.index(2), .bool(true)])[0].integer == 20)
    #expect(try program.run("main", [.index(5), .bool(true)])[0].integer == 50)
    #expect(try program.run("main", [.index(6), .bool(true)])[0].integer == -1)
    #expect(
      program.failure("main", [.index(2), .bool(false)])
        == "'cf.assert' op assertion failed: not ok")
  }

  @Test func wrongArguments() throws {
    let program = try Program("func.func @main(%x: tensor<2x?xf32>) { return }")
    let wrong = ArrayValue(.f32, shape: [3, 1], [1, 2, 3])
    #expect(program.failure("main", [])?.contains("takes 1 arguments, 0 given") == true)
    #expect(program.failure("main", [.tensor(wrong)])?.contains("its shape is 3x1") == true)
    #expect(program.failure("main", [.integer(3)])?.contains("it is an integer") == true)
    #expect(program.failure("nobody", [])?.contains("no function called 'nobody'") == true)
  }
}
