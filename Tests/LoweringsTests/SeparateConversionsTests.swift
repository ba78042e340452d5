import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// Programs converted to llvm dialect by dialect, compiled beside interpreted.
@Suite struct SeparateConversionsTests {
  /// Random programs of arith, memref and scf.
  @Test(arguments: 1...16) func agrees(seed: Int) throws {
    var generator = ProgramGenerator(UInt64(seed))
    let text = generator.program()
    let program = try ToLLVMProgram(text)
    let inputs = program.randomInputs(seed: UInt64(seed))
    let wanted = try program.interpret(inputs)
    let found = try SeparateConversion.run(text, inputs)
    for (k, type) in program.parameters.enumerated() where !type.elementType.isFloat {
      #expect(found[k] == wanted[k], "seed \(seed), parameter \(k):\n\(text)")
    }
  }

  @Test func views() throws {
    try SeparateConversion.check(
      """
      func.func @main(%a: memref<6x8xi32>, %b: memref<6x8xi32>, %n: memref<2xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %i = memref.load %n[%c0] : memref<2xindex>
        %row = arith.remui %i, %c2 : index
        %part = memref.subview %a[%row, 1] [4, 3] [1, 2]
          : memref<6x8xi32> to memref<4x3xi32, strided<[8, 2], offset: ?>>
        %line = memref.subview %part[2, 0] [1, 3] [1, 1]
          : memref<4x3xi32, strided<[8, 2], offset: ?>> to memref<3xi32, strided<[2], offset: ?>>
        %x = memref.load %line[%c2] : memref<3xi32, strided<[2], offset: ?>>
        %y = memref.load %part[%c1, %c1] : memref<4x3xi32, strided<[8, 2], offset: ?>>
        %flat = memref.collapse_shape %b [[0, 1]] : memref<6x8xi32> into memref<48xi32>
        %cube = memref.expand_shape %flat [[0, 1, 2]] output_shape [4, 3, 4]
          : memref<48xi32> into memref<4x3x4xi32>
        memref.store %x, %cube[%c2, %row, %c1] : memref<4x3x4xi32>
        %same = memref.reinterpret_cast %flat to offset: [5], sizes: [2, 4], strides: [9, 2]
          : memref<48xi32> to memref<2x4xi32, strided<[9, 2], offset: 5>>
        memref.store %y, %same[%c1, %c2] : memref<2x4xi32, strided<[9, 2], offset: 5>>
        return
      }
      """)
  }

  @Test func unrankedMemory() throws {
    try SeparateConversion.check(
      """
      func.func @size(%m: memref<*xi32>, %i: index) -> index {
        %d = memref.dim %m, %i : memref<*xi32>
        return %d : index
      }
      func.func @back(%m: memref<4x6xi32>) -> memref<*xi32> {
        %u = memref.cast %m : memref<4x6xi32> to memref<*xi32>
        return %u : memref<*xi32>
      }
      func.func @main(%a: memref<4x6xi32>, %out: memref<8xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c3 = arith.constant 3 : index
        %u = memref.cast %a : memref<4x6xi32> to memref<*xi32>
        %d0 = func.call @size(%u, %c0) : (memref<*xi32>, index) -> index
        %d1 = func.call @size(%u, %c1) : (memref<*xi32>, index) -> index
        memref.store %d0, %out[%c0] : memref<8xindex>
        memref.store %d1, %out[%c1] : memref<8xindex>
        %w = func.call @back(%a) : (memref<4x6xi32>) -> memref<*xi32>
        %again = memref.cast %w : memref<*xi32> to memref<4x6xi32>
        %v = memref.load %again[%c2, %c3] : memref<4x6xi32>
        memref.store %v, %a[%c0, %c0] : memref<4x6xi32>
        %r = memref.rank %w : memref<*xi32>
        memref.store %r, %out[%c2] : memref<8xindex>
        %cast = memref.reinterpret_cast %w to offset: [6], sizes: [3, 2], strides: [6, 3]
          : memref<*xi32> to memref<3x2xi32, strided<[6, 3], offset: 6>>
        %x = memref.load %cast[%c2, %c1] : memref<3x2xi32, strided<[6, 3], offset: 6>>
        memref.store %x, %a[%c1, %c1] : memref<4x6xi32>
        return
      }
      """)
  }

  @Test func reshapesToRuntimeShapes() throws {
    try SeparateConversion.check(
      """
      func.func @main(%a: memref<24xi32>, %out: memref<4xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c4 = arith.constant 4 : index
        %c6 = arith.constant 6 : index
        %shape = memref.alloca() : memref<2xindex>
        memref.store %c4, %shape[%c0] : memref<2xindex>
        memref.store %c6, %shape[%c1] : memref<2xindex>
        %m = memref.reshape %a(%shape) : (memref<24xi32>, memref<2xindex>) -> memref<?x?xi32>
        %x = memref.load %m[%c2, %c4] : memref<?x?xi32>
        memref.store %x, %m[%c1, %c0] : memref<?x?xi32>
        %open = memref.cast %shape : memref<2xindex> to memref<?xindex>
        %u = memref.reshape %a(%open) : (memref<24xi32>, memref<?xindex>) -> memref<*xi32>
        %d = memref.dim %u, %c1 : memref<*xi32>
        memref.store %d, %out[%c2] : memref<4xindex>
        return
      }
      """)
  }

  /// The value of `memref.generic_atomic_rmw` is not looked at: MLIR's lowering gives the element before the
  /// update, its documentation and the interpreter the one after.
  @Test func regionsOfMemory() throws {
    try SeparateConversion.check(
      """
      func.func @main(%a: memref<4xi32>, %b: memref<4xi32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %x = memref.load %b[%c0] : memref<4xi32>
        %old = memref.generic_atomic_rmw %a[%c1] : memref<4xi32> {
        ^bb0(%now: i32):
          %p = arith.muli %now, %x : i32
          memref.atomic_yield %p : i32
        }
        %r = memref.alloca_scope -> (i32) {
          %m = memref.alloca() : memref<2xi32>
          memref.store %x, %m[%c1] : memref<2xi32>
          %y = memref.load %m[%c1] : memref<2xi32>
          %z = arith.addi %y, %y : i32
          memref.alloca_scope.return %z : i32
        }
        memref.store %r, %b[%c0] : memref<4xi32>
        return
      }
      """)
  }

  /// Loops of all kinds: while, do-while, switch.
  @Test func controlFlow() throws {
    try SeparateConversion.check(
      """
      func.func @main(%a: memref<8xi32>, %n: memref<8xindex>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c8 = arith.constant 8 : index
        %i0 = arith.constant 0 : i32
        %i3 = arith.constant 3 : i32
        scf.for %i = %c0 to %c8 step %c1 {
          %k = memref.load %n[%i] : memref<8xindex>
          %v = scf.index_switch %k -> i32
          case 2 {
            %x = memref.load %a[%c1] : memref<8xi32>
            scf.yield %x : i32
          }
          case 5 {
            scf.yield %i3 : i32
          }
          default {
            %y = arith.index_cast %k : index to i32
            scf.yield %y : i32
          }
          %w = scf.while (%s = %v) : (i32) -> i32 {
            %more = arith.cmpi sgt, %s, %i3 : i32
            %next = arith.shrsi %s, %i3 : i32
            scf.condition(%more) %next : i32
          } do {
          ^bb0(%t: i32):
            scf.yield %t : i32
          }
          %z = scf.while (%s = %w) : (i32) -> i32 {
            %less = arith.cmpi slt, %s, %i0 : i32
            scf.condition(%less) %s : i32
          } do {
          ^bb0(%t: i32):
            %u = arith.addi %t, %i3 : i32
            %v2 = arith.maxsi %u, %i0 : i32
            scf.yield %v2 : i32
          }
          memref.store %z, %a[%i] : memref<8xi32>
        }
        return
      }
      """)
  }

  @Test(arguments: ["basic", "improved"]) func complexNumbers(_ range: String) throws {
    let text = """
      func.func @main(%a: memref<4xf32>, %b: memref<8xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c3 = arith.constant 3 : index
        %c4 = arith.constant 4 : index
        %x = memref.load %a[%c0] : memref<4xf32>
        %y = memref.load %a[%c1] : memref<4xf32>
        %z = memref.load %a[%c2] : memref<4xf32>
        %w = memref.load %a[%c3] : memref<4xf32>
        %p = complex.create %x, %y : complex<f32>
        %q = complex.create %z, %w : complex<f32>
        %s = complex.add %p, %q : complex<f32>
        %d = complex.sub %s, %p : complex<f32>
        %m = complex.mul %p, %d : complex<f32>
        %k = complex.constant [1.0 : f32, -2.0 : f32] : complex<f32>
        %e = complex.sub %m, %k : complex<f32>
        %r = complex.re %e : complex<f32>
        %i = complex.im %e : complex<f32>
        memref.store %r, %b[%c0] : memref<8xf32>
        memref.store %i, %b[%c1] : memref<8xf32>
        %g = complex.div %p, %q : complex<f32>
        %gr = complex.re %g : complex<f32>
        %gi = complex.im %g : complex<f32>
        memref.store %gr, %b[%c2] : memref<8xf32>
        memref.store %gi, %b[%c3] : memref<8xf32>
        %n = complex.abs %p : complex<f32>
        memref.store %n, %b[%c4] : memref<8xf32>
        return
      }
      """
    let program = try ToLLVMProgram(text)
    for seed in UInt64(1)...4 {
      let inputs = program.randomInputs(seed: seed)
      let wanted = try program.interpret(inputs)
      let found = try SeparateConversion.run(
        text, inputs,
        SeparateConversion.steps(.convertComplexToLLVM, [("complex-range", .string(range))]))
      // Norms are computed in another way, so that last bits differ.
      for i in 0..<5 {
        let (x, y) = (float(wanted[1], i), float(found[1], i))
        #expect(abs(x - y) <= 1e-4 * max(1, abs(x)), "seed \(seed), \(i): \(x), \(y)")
      }
    }
  }

  private func float(_ bytes: [UInt8], _ i: Int) -> Float {
    var word: UInt32 = 0
    for k in 0..<4 { word |= UInt32(bytes[4 * i + k]) << UInt32(8 * k) }
    return Float(bitPattern: word)
  }

  /// C's view of a function: the wrapper takes pointers to descriptors.
  @Test func wrappersForC() throws {
    let lowered = try SeparateConversion.lowered(
      """
      func.func @main(%a: memref<4xi32>) attributes {llvm.emit_c_interface} {
        %c1 = arith.constant 1 : index
        %x = memref.load %a[%c1] : memref<4xi32>
        %y = arith.addi %x, %x : i32
        memref.store %y, %a[%c1] : memref<4xi32>
        return
      }
      """, SeparateConversion.steps)
    let end = try #require(lowered.lastIndex(of: "}"))
    let whole = """
      llvm.func @martlet_entry(%table: !llvm.ptr) -> i32 {
        %p = llvm.load %table : !llvm.ptr -> !llvm.ptr
        %zero = llvm.mlir.constant(0 : i64) : i64
        %one = llvm.mlir.constant(1 : i64) : i64
        %four = llvm.mlir.constant(4 : i64) : i64
        %d0 = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
        %d1 = llvm.insertvalue %p, %d0[0] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
        %d2 = llvm.insertvalue %p, %d1[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
        %d3 = llvm.insertvalue %zero, %d2[2] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
        %d4 = llvm.insertvalue %four, %d3[3, 0] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
        %d5 = llvm.insertvalue %one, %d4[4, 0] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
        %place = llvm.alloca %one x !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)> : (i64) -> !llvm.ptr
        llvm.store %d5, %place : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>, !llvm.ptr
        llvm.call @_mlir_ciface_main(%place) : (!llvm.ptr) -> ()
        %status = llvm.mlir.constant(0 : i32) : i32
        llvm.return %status : i32
      }

      """
    let code = try ToLLVMProgram(lowered[..<end] + whole + "}\n").compile()
    let input: [UInt8] = [1, 0, 0, 0, 21, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]
    let (status, found) = try ToLLVMProgram.run(code, [input])
    #expect(status == 0)
    #expect(found[0] == [1, 0, 0, 0, 42, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0])
  }
}
