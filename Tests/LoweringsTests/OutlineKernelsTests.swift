import MartletDialects
import MartletIR
import MartletLowerings
import MartletSyntax
import Testing

@Suite struct OutlineKernelsTests {
  private func kernels(_ program: LoopModule) -> [FuncOp] {
    program.module.operations(Func.func).compactMap(FuncOp.init).filter(\.isPrivate)
  }

  private func noalias(_ kernel: FuncOp) -> [Bool] {
    kernel.arguments.indices.map { kernel.argumentAttribute($0, "llvm.noalias") != nil }
  }

  /// Runs `main` before and after outlining, and returns the kernels.
  private func outlined(_ text: String) throws -> [FuncOp] {
    let program = try LoopModule(text)
    let expected = try program.results(seed: 3)
    try program.run(.outlineKernels)
    #expect(try program.results(seed: 3) == expected)
    withExtendedLifetime(program) {}
    held.programs.append(program)
    return kernels(program)
  }

  /// Keeps modules alive while their kernels are looked at.
  private final class Held { var programs: [LoopModule] = [] }
  private let held = Held()

  @Test func loopsCopiesAndScalars() throws {
    let found = try outlined(
      """
      func.func @main(%a: memref<8xf32>, %b: memref<8xf32>, %n: f32) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c8 = arith.constant 8 : index
        %s = memref.load %a[%c1] : memref<8xf32>
        %t = memref.alloc() : memref<8xf32>
        scf.for %i = %c0 to %c8 step %c1 {
          %x = memref.load %a[%i] : memref<8xf32>
          %y = arith.addf %x, %n : f32
          memref.store %y, %t[%i] : memref<8xf32>
        }
        memref.copy %t, %b : memref<8xf32> to memref<8xf32>
        scf.for %i = %c0 to %c8 step %c1 {
          %x = memref.load %b[%i] : memref<8xf32>
          %y = arith.mulf %x, %s : f32
          memref.store %y, %b[%i] : memref<8xf32>
        }
        return
      }
      """)
    #expect(
      found.map(\.name) == ["kernel_0_elementwise", "kernel_1_copy", "kernel_2_elementwise"])
    let copy = try #require(found.first { $0.name.hasSuffix("copy") })
    #expect(copy.arguments.count == 2 && noalias(copy) == [true, true])
  }

  /// Views go into the kernel; two views of one buffer are one parameter.
  @Test func viewsAreSunk() throws {
    let found = try outlined(
      """
      func.func @main(%a: memref<4x4xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c4 = arith.constant 4 : index
        %r = memref.subview %a[1, 0] [1, 4] [1, 1]
          : memref<4x4xf32> to memref<4xf32, strided<[1], offset: 4>>
        %f = memref.collapse_shape %a [[0, 1]] : memref<4x4xf32> into memref<16xf32>
        scf.for %i = %c0 to %c4 step %c1 {
          %x = memref.load %r[%i] : memref<4xf32, strided<[1], offset: 4>>
          memref.store %x, %f[%i] : memref<16xf32>
        }
        return
      }
      """)
    #expect(found.count == 1)
    #expect(found[0].arguments.types.map { $0.shape } == [[4, 4]])
    #expect(noalias(found[0]) == [true])
  }

  /// Places in one arena are different buffers where they do not overlap.
  @Test(arguments: [(0, 32, true), (0, 16, false)])
  func placesInAnArena(_ first: Int, _ second: Int, _ areApart: Bool) throws {
    let found = try outlined(
      """
      func.func @main(%arena: memref<64xi8>, %x: memref<8xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c8 = arith.constant 8 : index
        %p = arith.constant \(first) : index
        %q = arith.constant \(second) : index
        %a = memref.view %arena[%p][] : memref<64xi8> to memref<8xf32>
        %b = memref.view %arena[%q][] : memref<64xi8> to memref<8xf32>
        memref.copy %x, %a : memref<8xf32> to memref<8xf32>
        scf.for %i = %c0 to %c8 step %c1 {
          %v = memref.load %a[%i] : memref<8xf32>
          memref.store %v, %b[%i] : memref<8xf32>
        }
        return
      }
      """)
    #expect(found.count == 2)
    #expect(noalias(found[1]) == [areApart, areApart])
  }

  /// What a loop computes and others use is the kernel's result.
  @Test func resultsOfLoops() throws {
    let found = try outlined(
      """
      func.func @main(%a: memref<8xf32>, %b: memref<8xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c8 = arith.constant 8 : index
        %zero = arith.constant 0.0 : f32
        %s = scf.for %i = %c0 to %c8 step %c1 iter_args(%t = %zero) -> (f32) {
          %x = memref.load %a[%i] : memref<8xf32>
          %u = arith.addf %t, %x : f32
          scf.yield %u : f32
        }
        scf.for %i = %c0 to %c8 step %c1 {
          memref.store %s, %b[%i] : memref<8xf32>
        }
        return
      }
      """)
    #expect(found.map(\.name) == ["kernel_0_reduction", "kernel_1_elementwise"])
    #expect(found[0].type.results.count == 1)
  }
}
