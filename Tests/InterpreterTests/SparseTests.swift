import MartletInterpreter
import Testing

@Suite struct SparseTests {
  private let entries: [([Int], UInt64)] = [
    ([0, 1], (2.0).bitPattern), ([2, 0], (3.0).bitPattern), ([2, 3], (4.0).bitPattern),
  ]

  @Test func levels() throws {
    let csr = try SparseTensorValue(shape: [3, 4], layout: .csr, format: .f64, entries: entries)
    #expect((0..<4).map { csr.positions[1]?.double($0) } == [0, 1, 1, 3])
    #expect((0..<3).map { csr.coordinates[1]?.double($0) } == [1, 0, 3])
    let csc = try SparseTensorValue(shape: [3, 4], layout: .csc, format: .f64, entries: entries)
    #expect((0..<5).map { csc.positions[1]?.double($0) } == [0, 1, 2, 2, 3])
    let coordinates = try SparseTensorValue(
      shape: [3, 4], layout: .coordinates(rank: 2), format: .f64, entries: entries.reversed())
    #expect((0..<2).map { coordinates.positions[0]?.double($0) } == [0, 3])
    #expect((0..<3).map { coordinates.coordinates[0]?.double($0) } == [0, 2, 2])
    for tensor in [csr, csc, coordinates] {
      #expect(tensor.isConsistent)
      #expect(try tensor.dense().doubles == [0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4])
      #expect(tensor.element([2, 3]) == (4.0).bitPattern && tensor.element([1, 3]) == 0)
      #expect(tensor.element([3, 0]) == nil)
    }
  }

  @Test func inconsistentArraysAreFound() throws {
    let good = try SparseTensorValue(shape: [3, 4], layout: .csr, format: .f64, entries: entries)
    good.coordinates[1]?[0] = 4
    #expect(!good.isConsistent)
    good.coordinates[1]?[0] = 1
    good.positions[1]?[1] = 9
    #expect(!good.isConsistent)
  }

  @Test(arguments: [
    "(i, j) -> (i : dense, j : compressed)", "(i, j) -> (j : dense, i : compressed)",
    "(i, j) -> (i : compressed(nonunique), j : singleton)", "(i, j) -> (i : dense, j : dense)",
  ])
  func productsAndConversions(map: String) throws {
    let program = try Program(
      """
      #S = #sparse_tensor.encoding<{ map = \(map) }>
      func.func @main(%d: tensor<3x4xf64>, %x: tensor<4xf64>, %y: tensor<3xf64>)
          -> (tensor<3xf64>, tensor<3x4xf64>, index) {
        %a = sparse_tensor.convert %d : tensor<3x4xf64> to tensor<3x4xf64, #S>
        %r = linalg.generic {
          indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
          iterator_types = ["parallel", "reduction"]
        } ins(%a, %x : tensor<3x4xf64, #S>, tensor<4xf64>) outs(%y : tensor<3xf64>) {
        ^bb0(%p: f64, %q: f64, %s: f64):
          %m = arith.mulf %p, %q : f64
          %t = arith.addf %s, %m : f64
          linalg.yield %t : f64
        } -> tensor<3xf64>
        %e = tensor.empty() : tensor<3x4xf64>
        // Every element is visited here: what is not stored counts as 0.
        %n = linalg.generic {
          indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
          iterator_types = ["parallel", "parallel"]
        } ins(%a : tensor<3x4xf64, #S>) outs(%e : tensor<3x4xf64>) {
        ^bb0(%p: f64, %s: f64):
          %one = arith.constant 1.0 : f64
          %t = arith.addf %p, %one : f64
          linalg.yield %t : f64
        } -> tensor<3x4xf64>
        %k = sparse_tensor.number_of_entries %a : tensor<3x4xf64, #S>
        return %r, %n, %k : tensor<3xf64>, tensor<3x4xf64>, index
      }
      """)
    let d = ArrayValue(.f64, shape: [3, 4], [0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4])
    let x = ArrayValue(.f64, shape: [4], [1, 10, 100, 1000])
    let y = ArrayValue(.f64, shape: [3], [0.5, 0.5, 0.5])
    let r = try program.run("main", [.tensor(d), .tensor(x), .tensor(y)])
    #expect(r[0].array?.doubles == [20.5, 0.5, 4003.5])
    #expect(r[1].array?.doubles == [1, 3, 1, 1, 1, 1, 1, 1, 4, 1, 1, 5])
    #expect(r[2].integer == (map.hasSuffix("dense)") ? 12 : 3))
  }
}
