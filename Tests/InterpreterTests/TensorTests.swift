import MartletInterpreter
import Testing

@Suite struct TensorTests {
  private func ramp(_ shape: [Int]) -> ArrayValue {
    ArrayValue(.i32, shape: shape, integers: Array(0..<shape.reduce(1, *)))
  }

  @Test func slices() throws {
    let program = try Program(
      """
      func.func @main(%a: tensor<4x6xi32>, %o: index, %s: index)
          -> (tensor<2x?xi32>, tensor<?xi32>, tensor<4x6xi32>) {
        %0 = tensor.extract_slice %a[1, %o] [2, %s] [2, 2] : tensor<4x6xi32> to tensor<2x?xi32>
        %1 = tensor.extract_slice %a[3, %o] [1, %s] [1, 1] : tensor<4x6xi32> to tensor<?xi32>
        %2 = tensor.insert_slice %0 into %a[0, 0] [2, %s] [3, 1] : tensor<2x?xi32> into tensor<4x6xi32>
        return %0, %1, %2 : tensor<2x?xi32>, tensor<?xi32>, tensor<4x6xi32>
      }
      """)
    let a = ramp([4, 6])
    let r = try program.run("main", [.tensor(a), .index(1), .index(2)])
    #expect(r[0].array?.integers == [7, 9, 19, 21])
    #expect(r[1].array?.shape == [2] && r[1].array?.integers == [19, 20])
    #expect(
      r[2].array?.integers == [
        7, 9, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 21, 20, 21, 22, 23,
      ])
    #expect(
      program.failure("main", [.tensor(a), .index(2), .index(3)])
        == "'tensor.extract_slice' op slice of 3 elements from 2 with stride 2 is out of bounds of "
        + "dimension 1, whose size is 6")
    #expect(
      program.failure("main", [.tensor(a), .index(-1), .index(1)])?.contains("out of bounds")
        == true)
    #expect(
      program.failure("main", [.tensor(a), .index(0), .index(-1)])?.contains("negative size")
        == true)
  }

  @Test func elementsAndShapes() throws {
    let program = try Program(
      """
      func.func @main(%a: tensor<?x3xi32>, %i: index, %j: index, %v: i32)
          -> (i32, tensor<?x3xi32>, tensor<?xi32>, tensor<3x?xi32>, index, index) {
        %c0 = arith.constant 0 : index
        %x = tensor.extract %a[%i, %j] : tensor<?x3xi32>
        %b = tensor.insert %v into %a[%i, %j] : tensor<?x3xi32>
        %f = tensor.collapse_shape %b [[0, 1]] : tensor<?x3xi32> into tensor<?xi32>
        %s = arith.constant dense<[3, 2]> : tensor<2xindex>
        %r = tensor.reshape %a(%s) : (tensor<?x3xi32>, tensor<2xindex>) -> tensor<3x?xi32>
        %d = tensor.dim %a, %c0 : tensor<?x3xi32>
        %k = tensor.rank %a : tensor<?x3xi32>
        return %x, %b, %f, %r, %d, %k
            : i32, tensor<?x3xi32>, tensor<?xi32>, tensor<3x?xi32>, index, index
      }
      """)
    let a = ramp([2, 3])
    let r = try program.run("main", [.tensor(a), .index(1), .index(2), .integer(-9)])
    #expect(r[0].integer == 5)
    #expect(r[1].array?.integers == [0, 1, 2, 3, 4, -9])
    #expect(r[2].array?.shape == [6])
    #expect(r[3].array?.shape == [3, 2] && r[3].array?.integers == [0, 1, 2, 3, 4, 5])
    #expect(r[4].integer == 2 && r[5].integer == 2)
    #expect(a.integers == [0, 1, 2, 3, 4, 5])
    #expect(
      program.failure("main", [.tensor(a), .index(1), .index(3), .integer(0)])
        == "'tensor.extract' op index [1, 3] is out of bounds of shape [2, 3]")
  }

  @Test func making() throws {
    let program = try Program(
      """
      func.func @main(%n: index, %v: i32)
          -> (tensor<?x2xindex>, tensor<2x?xi32>, tensor<2xi32>, tensor<?xi32>, tensor<2x2x1xi32>,
              tensor<5xi32>) {
        %g = tensor.generate %n {
        ^bb0(%i: index, %j: index):
          %c10 = arith.constant 10 : index
          %x = arith.muli %i, %c10 : index
          %y = arith.addi %x, %j : index
          tensor.yield %y : index
        } : tensor<?x2xindex>
        %e = tensor.from_elements %v, %v : tensor<2xi32>
        %m = tensor.expand_shape %e [[0, 1]] output_shape [1, 2] : tensor<2xi32> into tensor<1x2xi32>
        %p = tensor.pad %m low[1, %n] high[0, 1] {
        ^bb0(%i: index, %j: index):
          %s = arith.addi %i, %j : index
          %t = arith.index_cast %s : index to i32
          tensor.yield %t : i32
        } : tensor<1x2xi32> to tensor<2x?xi32>
        %w = tensor.splat %v[%n] : tensor<?xi32>
        %x = tensor.expand_shape %e [[0, 1, 2]] output_shape [2, 1, 1] : tensor<2xi32> into tensor<2x1x1xi32>
        %c = tensor.concat dim(1) %x, %x : (tensor<2x1x1xi32>, tensor<2x1x1xi32>) -> tensor<2x2x1xi32>
        %k = arith.constant dense<[1, 2, 3, 4, 5]> : tensor<5xi32>
        return %g, %p, %e, %w, %c, %k : tensor<?x2xindex>, tensor<2x?xi32>, tensor<2xi32>,
            tensor<?xi32>, tensor<2x2x1xi32>, tensor<5xi32>
      }
      """)
    let r = try program.run("main", [.index(3), .integer(7)])
    #expect(r[0].array?.integers == [0, 1, 10, 11, 20, 21])
    #expect(r[1].array?.shape == [2, 6])
    #expect(r[1].array?.integers == [0, 1, 2, 3, 4, 5, 1, 2, 3, 7, 7, 6])
    #expect(r[3].array?.integers == [7, 7, 7])
    #expect(r[4].array?.integers == [7, 7, 7, 7])
    #expect(r[5].array?.integers == [1, 2, 3, 4, 5])
    #expect(program.failure("main", [.index(-1), .integer(0)])?.contains("negative") == true)
  }

  @Test func hugeTensorsAreDiagnosed() throws {
    let program = try Program(
      """
      func.func @main(%n: index) -> tensor<?x?xf64> {
        %e = tensor.empty(%n, %n) : tensor<?x?xf64>
        return %e : tensor<?x?xf64>
      }
      """)
    #expect(
      program.failure("main", [.index(100_000)])?.contains("exceeds the memory limit") == true)
    #expect(program.failure("main", [.index(1 << 40)])?.contains("does not fit in 64 bits") == true)
    var options = Interpreter.Options()
    options.memoryLimit = 800
    #expect(try program.run("main", [.index(10)], options: options)[0].array?.count == 100)
    #expect(program.failure("main", [.index(11)], options: options) != nil)
  }

  /// A tensor built element by element in a loop takes linear time: its last use is taken over.
  @Test func insertionInALoopIsInPlace() throws {
    let program = try Program(
      """
      func.func @main(%n: index) -> (tensor<?xindex>, tensor<?xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %e = tensor.splat %c1[%n] : tensor<?xindex>
        %r = scf.for %i = %c0 to %n step %c1 iter_args(%t = %e) -> (tensor<?xindex>) {
          %u = tensor.insert %i into %t[%i] : tensor<?xindex>
          scf.yield %u : tensor<?xindex>
        }
        return %r, %e : tensor<?xindex>, tensor<?xindex>
      }
      """)
    let n = 50_000
    let r = try program.run("main", [.index(n)])
    #expect(r[0].array?.integers == Array(0..<n))
    #expect(r[1].array?.integers == Array(repeating: 1, count: n))
  }
}
