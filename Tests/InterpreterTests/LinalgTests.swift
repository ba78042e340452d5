import MartletInterpreter
import Testing

@Suite struct LinalgTests {
  private func floats(_ shape: [Int], _ f: (Int) -> Double = { Double($0) }) -> ArrayValue {
    ArrayValue(.f32, shape: shape, (0..<shape.reduce(1, *)).map(f))
  }

  @Test func matmul() throws {
    let program = try Program(
      """
      func.func @main(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
        %r = linalg.matmul ins(%a, %b : tensor<?x?xf32>, tensor<?x?xf32>)
            outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
        return %r : tensor<?x?xf32>
      }
      """)
    let a = floats([2, 3])
    let b = floats([3, 2])
    let c = floats([2, 2]) { _ in 100 }
    let r = try program.run("main", [.tensor(a), .tensor(b), .tensor(c)])[0].array
    #expect(r?.doubles == [110, 113, 128, 140])
    #expect(c.doubles == [100, 100, 100, 100])
    let wrong = floats([4, 2])
    #expect(
      program.failure("main", [.tensor(a), .tensor(wrong), .tensor(c)])?
        .hasSuffix("op iteration dimension 2 has size 3, but size 4 in operand #1") == true)
    let empty = floats([0, 2])
    let none = floats([2, 0])
    let zero = try program.run("main", [.tensor(none), .tensor(empty), .tensor(c)])[0].array
    #expect(zero?.doubles == [100, 100, 100, 100])
  }

  @Test func convolutionAndPooling() throws {
    let program = try Program(
      """
      func.func @main(%x: tensor<1x2x5x5xf32>, %w: tensor<1x2x3x3xf32>, %o: tensor<1x1x2x2xf32>,
                      %win: tensor<2x2xf32>, %p: tensor<1x2x2x2xf32>)
          -> (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) {
        %0 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
            ins(%x, %w : tensor<1x2x5x5xf32>, tensor<1x2x3x3xf32>) outs(%o : tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
        %1 = linalg.pooling_nchw_max {dilations = dense<2> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
            ins(%x, %win : tensor<1x2x5x5xf32>, tensor<2x2xf32>) outs(%p : tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
        return %0, %1 : tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>
      }
      """)
    let x = floats([1, 2, 5, 5])
    let ones = floats([1, 2, 3, 3]) { _ in 1 }
    let zeros = floats([1, 1, 2, 2]) { _ in 0 }
    let window = floats([2, 2])
    let lowest = floats([1, 2, 2, 2]) { _ in -.infinity }
    let r = try program.run(
      "main", [.tensor(x), .tensor(ones), .tensor(zeros), .tensor(window), .tensor(lowest)])
    // Sums over both channels of the 3 x 3 windows at (0, 0), (0, 2), (2, 0), (2, 2).
    #expect(r[0].array?.doubles == [333, 369, 513, 549])
    // The largest of the corners of a window of reach 2 is the last one.
    #expect(r[1].array?.doubles == [12, 14, 22, 24, 37, 39, 47, 49])
  }

  @Test func bodiesWithIndicesAndOtherOperations() throws {
    let program = try Program(
      """
      #id = affine_map<(i, j) -> (i, j)>
      #t = affine_map<(i, j) -> (j, i)>
      func.func @main(%table: tensor<3xf32>, %at: tensor<2x3xindex>, %o: tensor<2x3xf32>, %ot: tensor<3x2xindex>)
          -> (tensor<2x3xf32>, tensor<3x2xindex>) {
        %0:2 = linalg.generic {indexing_maps = [#id, #id, #t], iterator_types = ["parallel", "parallel"]}
            ins(%at : tensor<2x3xindex>) outs(%o, %ot : tensor<2x3xf32>, tensor<3x2xindex>) {
        ^bb0(%k: index, %u: f32, %v: index):
          %i = linalg.index 0 : index
          %j = linalg.index 1 : index
          %c10 = arith.constant 10 : index
          %x = tensor.extract %table[%k] : tensor<3xf32>
          %p = arith.muli %i, %c10 : index
          %q = arith.addi %p, %j : index
          linalg.yield %x, %q : f32, index
        } -> (tensor<2x3xf32>, tensor<3x2xindex>)
        return %0#0, %0#1 : tensor<2x3xf32>, tensor<3x2xindex>
      }
      """)
    let table = floats([3]) { Double($0) * 1.5 }
    let at = ArrayValue(.index, shape: [2, 3], integers: [2, 1, 0, 0, 1, 2])
    let r = try program.run(
      "main",
      [
        .tensor(table), .tensor(at), .tensor(floats([2, 3])),
        .tensor(ArrayValue(.index, shape: [3, 2], integers: [0, 0, 0, 0, 0, 0])),
      ])
    #expect(r[0].array?.doubles == [3, 1.5, 0, 0, 1.5, 3])
    #expect(r[1].array?.integers == [0, 10, 1, 11, 2, 12])
    let outside = ArrayValue(.index, shape: [2, 3], integers: [2, 1, 0, 0, 1, 3])
    #expect(
      program.failure(
        "main",
        [
          .tensor(table), .tensor(outside), .tensor(floats([2, 3])),
          .tensor(ArrayValue(.index, shape: [3, 2], integers: [0, 0, 0, 0, 0, 0])),
        ])?.contains("index [3] is out of bounds of shape [3]") == true)
  }

  @Test func mapsThatAreNotLinearAndOutOfBounds() throws {
    let program = try Program(
      """
      #wrap = affine_map<(i) -> (i mod 3)>
      #half = affine_map<(i) -> (i floordiv 2)>
      #id = affine_map<(i) -> (i)>
      func.func @main(%a: tensor<?xi32>, %b: tensor<?xi32>, %o: tensor<?xi32>) -> tensor<?xi32> {
        %0 = linalg.generic {indexing_maps = [#wrap, #half, #id], iterator_types = ["parallel"]}
            ins(%a, %b : tensor<?xi32>, tensor<?xi32>) outs(%o : tensor<?xi32>) {
        ^bb0(%x: i32, %y: i32, %z: i32):
          %s = arith.addi %x, %y : i32
          linalg.yield %s : i32
        } -> tensor<?xi32>
        return %0 : tensor<?xi32>
      }
      """)
    let three = ArrayValue(.i32, shape: [3], integers: [10, 20, 30])
    let out = ArrayValue(.i32, shape: [6], integers: [0, 0, 0, 0, 0, 0])
    let r = try program.run("main", [.tensor(three), .tensor(three), .tensor(out)])[0].array
    #expect(r?.integers == [20, 30, 50, 30, 50, 60])
    let two = ArrayValue(.i32, shape: [2], integers: [1, 2])
    #expect(
      program.failure("main", [.tensor(two), .tensor(three), .tensor(out)])?.contains(
        "out of bounds") == true)
  }

  @Test func shapedOperations() throws {
    let program = try Program(
      """
      func.func @main(%a: tensor<2x3xf32>, %t: tensor<3x2xf32>, %v: tensor<2xf32>, %s: tensor<2x3xf32>)
          -> (tensor<3x2xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
        %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%t : tensor<3x2xf32>) permutation = [1, 0]
        %1 = linalg.reduce ins(%a : tensor<2x3xf32>) outs(%v : tensor<2xf32>) dimensions = [1]
          (%in: f32, %init: f32) {
            %x = arith.addf %in, %init : f32
            linalg.yield %x : f32
          }
        %2 = linalg.broadcast ins(%1 : tensor<2xf32>) outs(%s : tensor<2x3xf32>) dimensions = [1]
        %3 = linalg.softmax dimension(1) ins(%a : tensor<2x3xf32>) outs(%s : tensor<2x3xf32>) -> tensor<2x3xf32>
        return %0, %1, %2, %3 : tensor<3x2xf32>, tensor<2xf32>, tensor<2x3xf32>, tensor<2x3xf32>
      }
      """)
    let a = floats([2, 3])
    let r = try program.run(
      "main", [.tensor(a), .tensor(floats([3, 2])), .tensor(floats([2])), .tensor(a)])
    #expect(r[0].array?.doubles == [0, 3, 1, 4, 2, 5])
    #expect(r[1].array?.doubles == [3, 13])
    #expect(r[2].array?.doubles == [3, 3, 3, 13, 13, 13])
    let softmax = r[3].array?.doubles ?? []
    #expect(zip(softmax, [0.09003057, 0.24472847, 0.66524096]).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
