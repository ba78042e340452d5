import MartletInterpreter
import Testing

@Suite struct VectorTests {
  @Test func transfersPadAndMask() throws {
    let program = try Program(
      """
      func.func @main(%t: tensor<3x5xf32>, %i: index) -> (vector<2x4xf32>, tensor<3x5xf32>, vector<4xf32>) {
        %c1 = arith.constant 1 : index
        %pad = arith.constant -1.0 : f32
        %v = vector.transfer_read %t[%c1, %i], %pad : tensor<3x5xf32>, vector<2x4xf32>
        %w = vector.transfer_write %v, %t[%i, %c1] : vector<2x4xf32>, tensor<3x5xf32>
        %c2 = arith.constant 2 : index
        %m = vector.create_mask %c2 : vector<4xi1>
        %k = vector.transfer_read %t[%c1, %c1], %pad, %m {in_bounds = [true]} : tensor<3x5xf32>, vector<4xf32>
        return %v, %w, %k : vector<2x4xf32>, tensor<3x5xf32>, vector<4xf32>
      }
      """)
    let t = ArrayValue(.f32, shape: [3, 5], (0..<15).map(Double.init))
    let r = try program.run("main", [.tensor(t), .index(2)])
    #expect(r[0].array?.doubles == [7, 8, 9, -1, 12, 13, 14, -1])
    #expect(r[1].array?.doubles == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 7, 8, 9, -1])
    #expect(r[2].array?.doubles == [6, 7, -1, -1])
  }

  @Test func contractionsAndReductions() throws {
    let program = try Program(
      """
      #a = affine_map<(m, n, k) -> (m, k)>
      #b = affine_map<(m, n, k) -> (k, n)>
      #c = affine_map<(m, n, k) -> (m, n)>
      func.func @main(%a: vector<2x3xf32>, %b: vector<3x2xf32>) -> (vector<2x2xf32>, f32, vector<3xf32>, vector<2x3xf32>) {
        %z = arith.constant dense<1.0> : vector<2x2xf32>
        %c = vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>}
            %a, %b, %z : vector<2x3xf32>, vector<3x2xf32> into vector<2x2xf32>
        %row = vector.extract %a[1] : vector<3xf32> from vector<2x3xf32>
        %s = vector.reduction <maximumf>, %row : vector<3xf32> into f32
        %acc = arith.constant dense<0.0> : vector<3xf32>
        %m = vector.multi_reduction <add>, %a, %acc [0] : vector<2x3xf32> to vector<3xf32>
        %i = vector.insert %m, %a[0] : vector<3xf32> into vector<2x3xf32>
        return %c, %s, %m, %i : vector<2x2xf32>, f32, vector<3xf32>, vector<2x3xf32>
      }
      """)
    let a = ArrayValue(.f32, shape: [2, 3], (0..<6).map(Double.init))
    let b = ArrayValue(.f32, shape: [3, 2], (0..<6).map(Double.init))
    let r = try program.run("main", [.vector(a), .vector(b)])
    #expect(r[0].array?.doubles == [11, 14, 29, 41])
    #expect(r[1].double == 5)
    #expect(r[2].array?.doubles == [3, 5, 7])
    #expect(r[3].array?.doubles == [3, 5, 7, 3, 4, 5])
  }
}
