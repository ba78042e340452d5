import MartletLowerings
import MartletPasses
import Testing

/// What `convert-to-llvm` makes, run beside the interpreter on the same bytes.
@Suite struct ToLLVMTests {
  private func check(
    _ text: String, passes: [Pass] = [], location: SourceLocation = #_sourceLocation
  ) throws {
    for seed in 1...3 {
      let difference = try ToLLVMProgram.difference(text, passes: passes, seed: UInt64(seed))
      #expect(difference == nil, sourceLocation: location)
    }
  }

  @Test func loopsLoadsAndStores() throws {
    try check(
      """
      func.func @main(%a: memref<4x8xf32>, %b: memref<8xf32>, %o: memref<4xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c4 = arith.constant 4 : index
        %c8 = arith.constant 8 : index
        %zero = arith.constant 0.0 : f32
        scf.for %i = %c0 to %c4 step %c1 {
          %s = scf.for %j = %c0 to %c8 step %c1 iter_args(%acc = %zero) -> (f32) {
            %x = memref.load %a[%i, %j] : memref<4x8xf32>
            %y = memref.load %b[%j] : memref<8xf32>
            %p = arith.mulf %x, %y : f32
            %n = arith.addf %acc, %p : f32
            scf.yield %n : f32
          }
          memref.store %s, %o[%i] : memref<4xf32>
        }
        return
      }
      """)
  }

  @Test func structuredControlFlow() throws {
    try check(
      """
      func.func @main(%a: memref<16xi64>, %o: memref<16xi64>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c3 = arith.constant 3 : index
        %c16 = arith.constant 16 : index
        %ten = arith.constant 10 : i64
        %one = arith.constant 1 : i64
        %zero = arith.constant 0 : i64
        scf.parallel (%i) = (%c0) to (%c16) step (%c1) {
          %x = memref.load %a[%i] : memref<16xi64>
          %small = arith.remsi %x, %ten : i64
          %r:2 = scf.while (%n = %small, %t = %zero) : (i64, i64) -> (i64, i64) {
            %more = arith.cmpi sgt, %n, %zero : i64
            scf.condition(%more) %t, %n : i64, i64
          } do {
          ^bb0(%t: i64, %n: i64):
            %m = arith.subi %n, %one : i64
            %u = arith.addi %t, %n : i64
            scf.yield %m, %u : i64, i64
          }
          %k = arith.remui %i, %c3 : index
          %w = scf.index_switch %k -> i64
          case 0 {
            scf.yield %r#0 : i64
          }
          case 2 {
            %neg = arith.subi %zero, %r#0 : i64
            scf.yield %neg : i64
          }
          default {
            scf.yield %ten : i64
          }
          %odd = arith.cmpi slt, %x, %zero : i64
          %z = scf.if %odd -> (i64) {
            %q = scf.execute_region -> i64 {
              %c = arith.cmpi eq, %w, %ten : i64
              cf.cond_br %c, ^a(%w : i64), ^a(%one : i64)
            ^a(%v: i64):
              scf.yield %v : i64
            }
            scf.yield %q : i64
          } else {
            scf.yield %w : i64
          }
          memref.store %z, %o[%i] : memref<16xi64>
          scf.reduce
        }
        return
      }
      """)
  }

  @Test func parallelReductionsAndForall() throws {
    try check(
      """
      func.func @main(%a: memref<3x5xi32>, %o: memref<1xi32>, %p: memref<3x5xi32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c3 = arith.constant 3 : index
        %c5 = arith.constant 5 : index
        %zero = arith.constant 7 : i32
        %s = scf.parallel (%i, %j) = (%c0, %c0) to (%c3, %c5) step (%c1, %c1) init (%zero) -> i32 {
          %x = memref.load %a[%i, %j] : memref<3x5xi32>
          scf.reduce(%x : i32) {
          ^bb0(%l: i32, %r: i32):
            %t = arith.addi %l, %r : i32
            scf.reduce.return %t : i32
          }
        }
        memref.store %s, %o[%c0] : memref<1xi32>
        scf.forall (%i, %j) in (3, 5) {
          %x = memref.load %a[%i, %j] : memref<3x5xi32>
          %y = arith.muli %x, %x : i32
          memref.store %y, %p[%i, %j] : memref<3x5xi32>
        }
        return
      }
      """)
  }

  @Test func viewsOfMemory() throws {
    try check(
      """
      memref.global "private" constant @table : memref<2x3xf32> = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]>
      func.func private @sum(%m: memref<?x?xf32, strided<[?, ?], offset: ?>>) -> f32 {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %d0 = memref.dim %m, %c0 : memref<?x?xf32, strided<[?, ?], offset: ?>>
        %d1 = memref.dim %m, %c1 : memref<?x?xf32, strided<[?, ?], offset: ?>>
        %zero = arith.constant 0.0 : f32
        %s = scf.for %i = %c0 to %d0 step %c1 iter_args(%a = %zero) -> (f32) {
          %t = scf.for %j = %c0 to %d1 step %c1 iter_args(%b = %a) -> (f32) {
            %x = memref.load %m[%i, %j] : memref<?x?xf32, strided<[?, ?], offset: ?>>
            %y = arith.addf %b, %x : f32
            scf.yield %y : f32
          }
          scf.yield %t : f32
        }
        return %s : f32
      }
      func.func @main(%a: memref<6x8xf32>, %bytes: memref<64xi8>, %o: memref<8xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c3 = arith.constant 3 : index
        %c4 = arith.constant 4 : index
        %c5 = arith.constant 5 : index
        %c16 = arith.constant 16 : index
        %v = memref.subview %a[1, 2] [3, 2] [2, 3] : memref<6x8xf32> to memref<3x2xf32, strided<[16, 3], offset: 10>>
        %d = memref.cast %v : memref<3x2xf32, strided<[16, 3], offset: 10>> to memref<?x?xf32, strided<[?, ?], offset: ?>>
        %s0 = call @sum(%d) : (memref<?x?xf32, strided<[?, ?], offset: ?>>) -> f32
        memref.store %s0, %o[%c0] : memref<8xf32>
        %e = memref.expand_shape %a [[0, 1], [2]] output_shape [2, 3, 8] : memref<6x8xf32> into memref<2x3x8xf32>
        %x1 = memref.load %e[%c1, %c2, %c3] : memref<2x3x8xf32>
        memref.store %x1, %o[%c1] : memref<8xf32>
        %f = memref.collapse_shape %a [[0, 1]] : memref<6x8xf32> into memref<48xf32>
        %x2 = memref.load %f[%c16] : memref<48xf32>
        memref.store %x2, %o[%c2] : memref<8xf32>
        %w = memref.view %bytes[%c16][] : memref<64xi8> to memref<2x4xi32>
        %x3 = memref.load %w[%c1, %c2] : memref<2x4xi32>
        %x3f = arith.sitofp %x3 : i32 to f32
        memref.store %x3f, %o[%c3] : memref<8xf32>
        %r = memref.reinterpret_cast %a to offset: [5], sizes: [3, 3], strides: [1, 8] : memref<6x8xf32> to memref<3x3xf32, strided<[1, 8], offset: 5>>
        %x4 = memref.load %r[%c2, %c1] : memref<3x3xf32, strided<[1, 8], offset: 5>>
        memref.store %x4, %o[%c4] : memref<8xf32>
        %g = memref.get_global @table : memref<2x3xf32>
        %x5 = memref.load %g[%c1, %c2] : memref<2x3xf32>
        memref.store %x5, %o[%c5] : memref<8xf32>
        %n = memref.dim %a, %c1 : memref<6x8xf32>
        %h = memref.alloc(%n) : memref<?xf32>
        %row = memref.subview %a[%c3, 0] [1, 8] [1, 1] : memref<6x8xf32> to memref<8xf32, strided<[1], offset: ?>>
        %hc = memref.cast %h : memref<?xf32> to memref<8xf32>
        memref.copy %row, %hc : memref<8xf32, strided<[1], offset: ?>> to memref<8xf32>
        %l = memref.alloca() : memref<6x2xf32>
        %src = memref.subview %a[0, 3] [6, 2] [1, 1] : memref<6x8xf32> to memref<6x2xf32, strided<[8, 1], offset: 3>>
        memref.copy %src, %l : memref<6x2xf32, strided<[8, 1], offset: 3>> to memref<6x2xf32>
        %x6 = memref.load %hc[%c5] : memref<8xf32>
        %x7 = memref.load %l[%c4, %c1] : memref<6x2xf32>
        %x8 = arith.addf %x6, %x7 : f32
        %c6 = arith.constant 6 : index
        memref.store %x8, %o[%c6] : memref<8xf32>
        memref.dealloc %h : memref<?xf32>
        return
      }
      """)
  }

  @Test func vectors() throws {
    try check(
      """
      func.func @main(%a: memref<4x16xf32>, %b: memref<16xf32>, %o: memref<4x16xf32>, %s: memref<4xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c3 = arith.constant 3 : index
        %c8 = arith.constant 8 : index
        %c11 = arith.constant 11 : index
        %pad = arith.constant -1.0 : f32
        %k = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : vector<8xf32>
        %x = vector.load %a[%c1, %c8] : memref<4x16xf32>, vector<8xf32>
        %y = vector.load %b[%c0] : memref<16xf32>, vector<8xf32>
        %z = vector.fma %x, %y, %k : vector<8xf32>
        vector.store %z, %o[%c0, %c0] : memref<4x16xf32>, vector<8xf32>
        %e = memref.load %b[%c3] : memref<16xf32>
        %sp = vector.broadcast %e : f32 to vector<8xf32>
        %q = arith.mulf %sp, %z : vector<8xf32>
        %m = arith.cmpf olt, %q, %x : vector<8xf32>
        %w = arith.select %m, %q, %x : vector<8xi1>, vector<8xf32>
        vector.store %w, %o[%c0, %c8] : memref<4x16xf32>, vector<8xf32>
        %r = vector.reduction <maximumf>, %w : vector<8xf32> into f32
        memref.store %r, %s[%c0] : memref<4xf32>
        %r2 = vector.reduction <add>, %w, %e : vector<8xf32> into f32
        memref.store %r2, %s[%c1] : memref<4xf32>
        %t = vector.load %a[%c0, %c0] : memref<4x16xf32>, vector<2x4xf32>
        %u = vector.transpose %t, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
        %f = vector.shape_cast %u : vector<4x2xf32> to vector<8xf32>
        vector.store %f, %o[%c1, %c0] : memref<4x16xf32>, vector<8xf32>
        %g = vector.extract %t[1] : vector<4xf32> from vector<2x4xf32>
        %h = vector.insert %g, %t[0] : vector<4xf32> into vector<2x4xf32>
        vector.store %h, %o[%c2, %c8] : memref<4x16xf32>, vector<2x4xf32>
        %i = vector.extract %g[2] : f32 from vector<4xf32>
        memref.store %i, %s[%c2] : memref<4xf32>
        %tr = vector.transfer_read %a[%c3, %c11], %pad : memref<4x16xf32>, vector<8xf32>
        vector.transfer_write %tr, %o[%c1, %c11] : vector<8xf32>, memref<4x16xf32>
        %sh = vector.shuffle %x, %y [0, 9, 2, 11] : vector<8xf32>, vector<8xf32>
        vector.store %sh, %o[%c3, %c0] : memref<4x16xf32>, vector<4xf32>
        %op = vector.outerproduct %g, %sh {kind = #vector.kind<add>} : vector<4xf32>, vector<4xf32>
        %mr = vector.multi_reduction <add>, %op, %g [0] : vector<4x4xf32> to vector<4xf32>
        %rr = vector.reduction <mul>, %mr : vector<4xf32> into f32
        memref.store %rr, %s[%c3] : memref<4xf32>
        return
      }
      """)
  }

  @Test func failingAssertionsEndTheProgram() throws {
    let program = try ToLLVMProgram(
      """
      func.func private @check(%x: i32) -> i32 {
        %c = arith.constant 100 : i32
        %ok = arith.cmpi slt, %x, %c : i32
        cf.assert %ok, "x is too large"
        return %x : i32
      }
      func.func @main(%a: memref<1xi32>, %o: memref<1xi32>) {
        %c0 = arith.constant 0 : index
        %x = memref.load %a[%c0] : memref<1xi32>
        %y = call @check(%x) : (i32) -> i32
        %zero = arith.constant 0 : i32
        %ok = arith.cmpi sge, %y, %zero : i32
        cf.assert %ok, "x is negative"
        memref.store %y, %o[%c0] : memref<1xi32>
        return
      }
      """)
    try program.lower()
    let messages = program.module.attribute("martlet.failures")?.elements?.compactMap(\.stringValue)
    #expect(messages == ["x is too large", "x is negative"])
    let code = try program.compile()
    func status(_ x: Int32) throws -> Int32 {
      let bytes = withUnsafeBytes(of: x) { Array($0) }
      return try ToLLVMProgram.run(code, [bytes, [0, 0, 0, 0]]).0
    }
    #expect(try status(5) == 0)
    #expect(try status(100) == 1)
    #expect(try status(-1) == 2)
  }

  @Test func whatCannotBeLoweredIsDiagnosed() throws {
    let program = try ToLLVMProgram(
      """
      func.func @main(%a: memref<4xf32>) {
        %t = bufferization.to_tensor %a : memref<4xf32> to tensor<4xf32>
        return
      }
      """)
    #expect(throws: ToLLVMProgram.Failure.self) { try program.lower() }
    let message = program.context.diagnostics.diagnostics.last?.message ?? ""
    #expect(message == "failed to legalize operation 'bufferization.to_tensor'")
  }
}
