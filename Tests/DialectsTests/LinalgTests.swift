import MartletDialects
import MartletIR
import MartletSupport
import Testing

@Suite struct LinalgTests {
  @Test(arguments: [TextCase(name: "linalg/structured"), TextCase(name: "linalg/named")])
  func text(_ test: TextCase) throws { try test.check() }

  @Test func viewOfGeneric() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      """
      func.func @f(%a: tensor<4x?xf32>, %b: tensor<8xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
        %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>,
            affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
            iterator_types = ["parallel", "reduction"]}
            ins(%a, %b : tensor<4x?xf32>, tensor<8xf32>) outs(%c : tensor<4xf32>) {
        ^bb0(%x: f32, %y: f32, %z: f32):
          %p = arith.mulf %x, %y : f32
          %s = arith.addf %z, %p : f32
          linalg.yield %s : f32
        } -> tensor<4xf32>
        return %r : tensor<4xf32>
      }
      """, context)
    let view = try #require(LinalgOp(IRText.operations("linalg.generic", in: module)[0]))
    #expect(view.inputCount == 2 && view.outputCount == 1)
    #expect(view.iteratorTypes == [.parallel, .reduction])
    #expect(view.parallelLoops == [0] && view.reductionLoops == [1])
    #expect(view.staticLoopRanges == [4, 8])
    let place = try #require(view.operandDimension(ofLoop: 1))
    #expect(place.operand == 1 && place.dimension == 0)
    #expect(view.readsOutput(0))
    #expect(!view.isElementwise && !view.usesIndices)
    #expect(view.operation.memoryEffects == [])
    #expect(view.operation.destinations.first == view.outputs[0])
  }

  @Test func effectsOnBuffers() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      """
      func.func @f(%a: memref<4xf32>, %b: memref<4xf32>, %x: f32) {
        linalg.fill ins(%x : f32) outs(%a : memref<4xf32>)
        linalg.exp ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
        return
      }
      """, context)
    #expect(IRText.operations("linalg.fill", in: module)[0].memoryEffects == .write)
    #expect(IRText.operations("linalg.exp", in: module)[0].memoryEffects == [.read, .write])
  }

  @Test func generalizeKeepsMapsAndBody() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      """
      func.func @f(%a: tensor<1x9x9x3xf32>, %k: tensor<3x3x3x5xf32>, %o: tensor<1x4x4x5xf32>)
          -> tensor<1x4x4x5xf32> {
        %r = linalg.conv_2d_nhwc_hwcf {strides = dense<2> : tensor<2xi64>}
          ins(%a, %k : tensor<1x9x9x3xf32>, tensor<3x3x3x5xf32>)
          outs(%o : tensor<1x4x4x5xf32>) -> tensor<1x4x4x5xf32>
        return %r : tensor<1x4x4x5xf32>
      }
      """, context)
    let convolution = IRText.operations("linalg.conv_2d_nhwc_hwcf", in: module)[0]
    let maps = try #require(LinalgOp(convolution)).indexingMaps
    #expect(
      context.affineMapAttribute(maps[0]).description
        == "affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 * 2 + d5, d6)>")
    let generic = try #require(LinalgOp(convolution)).generalize(Builder(context))
    let view = try #require(LinalgOp(generic))
    #expect(generic.is(Linalg.generic) && view.indexingMaps == maps)
    #expect(view.body?.argumentCount == 3)
    #expect(generic.discardableAttributes.entries.isEmpty)
    try Verifier().verify(module)
  }

  @Test func buildersMakeValidOperations() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse("func.func @f(%a: tensor<2x3xf32>) { return }", context)
    let entry = try #require(IRText.operations("func.func", in: module)[0].region(0).firstBlock)
    let builder = Builder(context, at: .atStart(of: entry))
    let input = entry.argument(0)
    let identity = context.identityMap(2)
    builder.linalgGeneric(
      inputs: [input], outputs: [input], maps: [identity, identity],
      iterators: [.parallel, .parallel]
    ) { _, elements in [elements[0]] }
    try builder.linalg(Linalg.named("exp"), inputs: [input], outputs: [input])
    try Verifier().verify(module)
    #expect(IRText.operations("math.exp", in: module).count == 1)
  }

  @Test(arguments: [
    (
      "linalg.matmul ins(%m, %m : tensor<4x8xf32>, tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>",
      "'linalg.matmul' op inferred input/output operand #1 has shape's dimension #0 to be 8, but found 4"
    ),
    (
      "linalg.fill ins(%i : i32) outs(%m : tensor<4x8xf32>) -> tensor<4x8xf32>",
      "'linalg.fill' op expected fill value type ('i32') to match output element type ('f32')"
    ),
    (
      "linalg.transpose ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) permutation = [1, 0]",
      "'linalg.transpose' op dim(result, 0) = 4 doesn't match dim(input, permutation[0]) = 8"
    ),
    (
      "linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = [\"parallel\", \"parallel\"]} ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) { ^bb0(%x: f32, %y: f32): linalg.yield %x : f32 } -> tensor<4x8xf32>",
      "'linalg.generic' op expected operand #0 rank (2) to match the result rank of indexing_map (1)"
    ),
    (
      "linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = [\"parallel\", \"parallel\"]} ins(%m : tensor<4x8xf32>) outs(%m : tensor<4x8xf32>) { ^bb0(%x: f32, %y: f32): linalg.yield %x : f32 } -> tensor<4x8xf32>",
      "'linalg.generic' op expected the number of indexing_map (1) to be equal to the number of input/output operands (2)"
    ),
    (
      "linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = [\"parallel\", \"parallel\"]} outs(%m : tensor<4x8xf32>) { ^bb0(%x: i32): linalg.yield %i : i32 } -> tensor<4x8xf32>",
      "'linalg.yield' op type of yield operand 1 ('i32') doesn't match the element type of the enclosing linalg.generic op ('f32')"
    ),
    (
      "linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = [\"window\", \"parallel\"]} outs(%m : tensor<4x8xf32>) { ^bb0(%x: f32): linalg.yield %x : f32 } -> tensor<4x8xf32>",
      "custom op 'linalg.generic' unexpected iterator_type (window)"
    ),
  ])
  func verifierMessages(_ text: String, _ expected: String) {
    let module = "func.func @f(%m: tensor<4x8xf32>, %i: i32) {\n  %r = \(text)\n  return\n}"
    #expect(IRText.message(module) == expected)
  }
}
