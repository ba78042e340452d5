import MartletDialects
import MartletIR
import MartletInterpreter
import MartletPasses
import Testing

@testable import MartletTransforms

/// Fusion and the moving of transposes and slices leave what a program computes as it was.
@Suite struct FusionTests {
  static let pipelines: [[Pass]] = [
    [.fuseElementwise], [.propagateTransposes],
    [.canonicalize, .propagateTransposes, .canonicalize, .fuseElementwise, .canonicalize, .cse],
  ]

  @Test(arguments: 0..<120) func keepsTheMeaningOfRandomPrograms(_ seed: Int) throws {
    let text = RandomTensorProgram.text(seed)
    for passes in Self.pipelines { try expectUnchangedMeaning(text, passes, seed: seed) }
  }

  private func count(_ module: Operation, _ definition: OpDefinition) -> Int {
    module.operations(definition).count
  }

  @Test func fusesAChainIntoOneGeneric() throws {
    let module = try expectUnchangedMeaning(
      """
      func.func @main(%x: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4xf32> {
        %zero = arith.constant 0.0 : f32
        %e = tensor.empty() : tensor<4x8xf32>
        %s = tensor.empty() : tensor<4xf32>
        %z = linalg.fill ins(%zero : f32) outs(%s : tensor<4xf32>) -> tensor<4xf32>
        %0 = linalg.exp ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
        %1 = linalg.broadcast ins(%b : tensor<8xf32>) outs(%e : tensor<4x8xf32>) dimensions = [0]
        %2 = linalg.mul ins(%0, %1 : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
            -> tensor<4x8xf32>
        %3 = linalg.reduce { arith.addf } ins(%2 : tensor<4x8xf32>) outs(%z : tensor<4xf32>)
            dimensions = [1]
        return %3 : tensor<4xf32>
      }
      """, [.fuseElementwise, .canonicalize])
    #expect(count(module, Linalg.generic) == 1)
    #expect(count(module, Linalg.named("exp")) + count(module, Linalg.broadcast) == 0)
  }

  @Test func doesNotComputeTwice() throws {
    // Each exponential is used by four elements of the product.
    let module = try expectUnchangedMeaning(
      """
      #row = affine_map<(i, j) -> (j)>
      #all = affine_map<(i, j) -> (i, j)>
      func.func @main(%x: tensor<8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
        %e = tensor.empty() : tensor<8xf32>
        %f = tensor.empty() : tensor<4x8xf32>
        %0 = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
        %1 = linalg.generic {indexing_maps = [#row, #all, #all], iterator_types = ["parallel", "parallel"]}
            ins(%0, %y : tensor<8xf32>, tensor<4x8xf32>) outs(%f : tensor<4x8xf32>) {
        ^bb0(%a: f32, %b: f32, %o: f32):
          %m = arith.mulf %a, %b : f32
          linalg.yield %m : f32
        } -> tensor<4x8xf32>
        return %1 : tensor<4x8xf32>
      }
      """, [.fuseElementwise])
    #expect(count(module, Linalg.named("exp")) == 1)
  }

  @Test func leavesTheWorkOfALoopOutside() throws {
    let module = try expectUnchangedMeaning(
      """
      func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c3 = arith.constant 3 : index
        %e = tensor.empty() : tensor<8xf32>
        %0 = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
        %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%a = %x) -> (tensor<8xf32>) {
          %1 = linalg.add ins(%a, %0 : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>)
              -> tensor<8xf32>
          scf.yield %1 : tensor<8xf32>
        }
        return %r : tensor<8xf32>
      }
      """, [.fuseElementwise])
    #expect(count(module, Linalg.named("exp")) == 1)
  }

  @Test func computesOnlyWhatSlicesTake() throws {
    let module = try expectUnchangedMeaning(
      """
      func.func @main(%x: tensor<2x16x1xf32>, %w: tensor<4x1x6xf32>) -> tensor<2x2x3xf32> {
        %zero = arith.constant 0.0 : f32
        %e = tensor.empty() : tensor<2x4x6xf32>
        %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x6xf32>) -> tensor<2x4x6xf32>
        %0 = linalg.conv_1d_nwc_wcf {dilations = dense<1> : tensor<1xi64>, strides = dense<4> : tensor<1xi64>}
            ins(%x, %w : tensor<2x16x1xf32>, tensor<4x1x6xf32>) outs(%z : tensor<2x4x6xf32>) -> tensor<2x4x6xf32>
        %1 = tensor.extract_slice %0[0, 1, 2] [2, 2, 3] [1, 1, 1] : tensor<2x4x6xf32> to tensor<2x2x3xf32>
        return %1 : tensor<2x2x3xf32>
      }
      """, [.propagateTransposes])
    let convolution = try #require(module.operations(Linalg.named("conv_1d_nwc_wcf")).first)
    #expect(convolution.result().type.shape == [2, 2, 3])
    #expect(convolution.operand(0).type.shape == [2, 8, 1])
  }

  @Test func permutesWeightsForFlattenedTransposes() throws {
    let weights = (0..<24).map { "[\($0).0, \($0 % 5).0]" }.joined(separator: ", ")
    let module = try expectUnchangedMeaning(
      """
      func.func @main(%x: tensor<3x2x4x3xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32> {
        %w = arith.constant dense<[\(weights)]> : tensor<24x2xf32>
        %e = tensor.empty() : tensor<3x3x2x4xf32>
        %t = linalg.transpose ins(%x : tensor<3x2x4x3xf32>) outs(%e : tensor<3x3x2x4xf32>)
            permutation = [0, 3, 1, 2]
        %f = tensor.collapse_shape %t [[0], [1, 2, 3]] : tensor<3x3x2x4xf32> into tensor<3x24xf32>
        %y = linalg.matmul ins(%f, %w : tensor<3x24xf32>, tensor<24x2xf32>) outs(%b : tensor<3x2xf32>)
            -> tensor<3x2xf32>
        return %y : tensor<3x2xf32>
      }
      """, [.propagateTransposes])
    #expect(count(module, Linalg.transpose) == 0)
  }
}
