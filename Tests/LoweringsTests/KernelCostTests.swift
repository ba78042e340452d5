import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletTransforms
import Testing

/// What kernels are said to take.
@Suite struct KernelCostTests {
  /// The costs of the kernels that `text`, structured operations on buffers, becomes, in order.
  private func costs(
    of text: String,
    passes: [Pass] = [.linalgToLoops, .canonicalize, .outlineKernels, .canonicalize]
  ) throws -> [KernelCost] {
    let program = try LoopModule(text)
    for pass in passes { try program.run(pass) }
    return program.module.region(0).blocks.flatMap { Array($0.operations) }
      .compactMap { FuncOp($0) }.filter(\.isPrivate).map { KernelCost($0) }
  }

  private func program(_ body: String, _ parameters: String) -> String {
    "func.func @main(\(parameters)) {\n\(body)\n  return\n}\n"
  }

  /// Sizes that are no whole number of vectors or tiles count exactly, too.
  @Test(arguments: [(12, 64, 16), (7, 5, 3), (33, 19, 70)])
  func productsCountTwiceTheirPoints(_ m: Int, _ k: Int, _ n: Int) throws {
    let found = try costs(
      of: program(
        "linalg.matmul ins(%a, %b : memref<\(m)x\(k)xf32>, memref<\(k)x\(n)xf32>) outs(%c : memref<\(m)x\(n)xf32>)",
        "%a: memref<\(m)x\(k)xf32>, %b: memref<\(k)x\(n)xf32>, %c: memref<\(m)x\(n)xf32>"))
    let cost = try #require(found.first)
    #expect(found.count == 1)
    #expect(cost.flops == 2 * m * k * n)
    #expect(cost.bytesRead == 4 * (m * k + k * n + m * n))
    #expect(cost.bytesWritten == 4 * m * n)
    #expect(cost.floatBits == 32)
  }

  @Test(arguments: [8, 16, 37, 100]) func elementsCountOncePerOperation(_ n: Int) throws {
    let found = try costs(
      of: program(
        """
        linalg.generic {
            indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
            iterator_types = ["parallel"]
          } ins(%x : memref<\(n)xf64>) outs(%y : memref<\(n)xf64>) {
          ^bb0(%a: f64, %o: f64):
            %e = math.exp %a : f64
            %s = arith.subf %e, %a : f64
            linalg.yield %s : f64
          }
        """, "%x: memref<\(n)xf64>, %y: memref<\(n)xf64>"))
    let cost = try #require(found.first)
    #expect(cost.flops == 2 * n)
    #expect(cost.bytesRead == 8 * n)
    #expect(cost.bytesWritten == 8 * n)
    #expect(cost.floatBits == 64)
  }

  @Test func copiesMoveBytesAlone() throws {
    let found = try costs(
      of: program(
        "memref.copy %x, %y : memref<6x5xi8> to memref<6x5xi8>",
        "%x: memref<6x5xi8>, %y: memref<6x5xi8>"))
    let cost = try #require(found.first)
    #expect(cost.flops == 0)
    #expect(cost.bytesRead == 30)
    #expect(cost.bytesWritten == 30)
  }

  /// Of a buffer of which a part is used, the part.
  @Test func partsCountAsParts() throws {
    let found = try costs(
      of: program(
        """
        %p = memref.subview %x[2, 0] [1, 16] [1, 1]
          : memref<10x16xf32> to memref<1x16xf32, strided<[16, 1], offset: 32>>
        linalg.exp ins(%p : memref<1x16xf32, strided<[16, 1], offset: 32>>) outs(%y : memref<1x16xf32>)
        """, "%x: memref<10x16xf32>, %y: memref<1x16xf32>"))
    let cost = try #require(found.first)
    #expect(cost.flops == 16)
    #expect(cost.bytesRead == 64)
  }

  @Test func whatDependsOnDataIsNotKnown() throws {
    let found = try costs(
      of: program(
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        scf.for %i = %c0 to %n step %c1 {
          %a = memref.load %x[%i] : memref<?xf32>
          %b = arith.addf %a, %a : f32
          memref.store %b, %x[%i] : memref<?xf32>
        }
        """, "%x: memref<?xf32>, %n: index"), passes: [.outlineKernels])
    let cost = try #require(found.first)
    #expect(cost.flops == nil)
    #expect(cost.bytesRead == nil)
  }

  /// A loop that computes on nothing may run as often as it likes.
  @Test func loopsWithoutArithmeticTakeNone() throws {
    let found = try costs(
      of: program(
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        scf.for %i = %c0 to %n step %c1 {
          %a = memref.load %x[%i] : memref<8xf32>
          memref.store %a, %y[%i] : memref<8xf32>
        }
        """, "%x: memref<8xf32>, %y: memref<8xf32>, %n: index"), passes: [.outlineKernels])
    let cost = try #require(found.first)
    #expect(cost.flops == 0)
    #expect(cost.bytesRead == 32)
    #expect(cost.bytesWritten == 32)
  }
}
