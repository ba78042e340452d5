import MartletInterpreter
import Testing

@Suite struct MemRefTests {
  @Test func viewsShareMemory() throws {
    let program = try Program(
      """
      func.func @main(%i: index) -> (f32, f32, index) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %v = arith.constant 2.5 : f32
        %m = memref.alloc() : memref<4x4xf32>
        %s = memref.subview %m[1, 1] [2, 2] [2, 1] : memref<4x4xf32> to memref<2x2xf32, strided<[8, 1], offset: 5>>
        memref.store %v, %s[%c1, %i] : memref<2x2xf32, strided<[8, 1], offset: 5>>
        %c3 = arith.constant 3 : index
        %c2 = arith.constant 2 : index
        %x = memref.load %m[%c3, %c2] : memref<4x4xf32>
        %t = memref.transpose %s (a, b) -> (b, a) : memref<2x2xf32, strided<[8, 1], offset: 5>> to memref<2x2xf32, strided<[1, 8], offset: 5>>
        %y = memref.load %t[%i, %c1] : memref<2x2xf32, strided<[1, 8], offset: 5>>
        %b, %o, %z:2, %st:2 = memref.extract_strided_metadata %s : memref<2x2xf32, strided<[8, 1], offset: 5>> -> memref<f32>, index, index, index, index, index
        memref.dealloc %m : memref<4x4xf32>
        return %x, %y, %o : f32, f32, index
      }
      """)
    let r = try program.run("main", [.index(1)])
    #expect(r[0].double == 2.5 && r[1].double == 2.5 && r[2].integer == 5)
    #expect(
      program.failure("main", [.index(2)])
        == "'memref.store' op index [1, 2] is out of bounds of shape [2, 2]")
  }

  @Test func updatesByARegionAndGrowing() throws {
    let program = try Program(
      """
      func.func @main(%i: index) -> (f32, f32, f32, f32) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %v = arith.constant 2.5 : f32
        %m = memref.alloc() : memref<2xf32>
        memref.store %v, %m[%c0] : memref<2xf32>
        memref.store %v, %m[%c1] : memref<2xf32>
        %new = memref.generic_atomic_rmw %m[%i] : memref<2xf32> {
        ^bb0(%old: f32):
          %sum = arith.addf %old, %v : f32
          memref.atomic_yield %sum : f32
        }
        %a, %b = memref.distinct_objects %m, %m : memref<2xf32>, memref<2xf32>
        %x = memref.load %a[%i] : memref<2xf32>
        %y = memref.load %b[%c0] : memref<2xf32>
        %r = memref.realloc %m : memref<2xf32> to memref<4xf32>
        %z = memref.load %r[%i] : memref<4xf32>
        return %new, %x, %y, %z : f32, f32, f32, f32
      }
      """)
    #expect(try program.run("main", [.index(1)]).map(\.double) == [5, 5, 2.5, 5])
    #expect(program.failure("main", [.index(2)])?.contains("out of bounds") == true)
  }

  @Test func scatterIsTheInverseOfGather() throws {
    let program = try Program(
      """
      func.func @main(%i: i32) -> (f32, f32, f32) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %rows = arith.constant dense<[[[1.0, 2.0]], [[3.0, 4.0]]]> : tensor<2x1x2xf32>
        %zero = arith.constant dense<0.0> : tensor<3x2xf32>
        %c2i = arith.constant 2 : i32
        %at = tensor.from_elements %c2i, %i : tensor<2x1xi32>
        %t = tensor.scatter %rows into %zero[%at] scatter_dims([0]) unique
            : (tensor<2x1x2xf32>, tensor<3x2xf32>, tensor<2x1xi32>) -> tensor<3x2xf32>
        %x = tensor.extract %t[%c2, %c1] : tensor<3x2xf32>
        %y = tensor.extract %t[%c0, %c0] : tensor<3x2xf32>
        %z = tensor.extract %t[%c1, %c0] : tensor<3x2xf32>
        return %x, %y, %z : f32, f32, f32
      }
      """)
    #expect(try program.run("main", [.integer(0)]).map(\.double) == [2, 3, 0])
    #expect(program.failure("main", [.integer(7)])?.contains("out of bounds") == true)
  }

  @Test func deallocatedMemoryIsDiagnosed() throws {
    let program = try Program(
      """
      func.func @main() -> f32 {
        %c0 = arith.constant 0 : index
        %m = memref.alloc() : memref<4xf32>
        %v = memref.subview %m[1] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1], offset: 1>>
        memref.dealloc %m : memref<4xf32>
        %x = memref.load %v[%c0] : memref<2xf32, strided<[1], offset: 1>>
        return %x : f32
      }
      """)
    #expect(program.failure()?.contains("was deallocated") == true)
  }

  @Test func globalsCopiesAndArguments() throws {
    let program = try Program(
      """
      memref.global "private" constant @table : memref<3xi16> = dense<[5, -6, 7]>
      func.func @main(%out: memref<3xi16>) -> i16 {
        %c2 = arith.constant 2 : index
        %t = memref.get_global @table : memref<3xi16>
        memref.copy %t, %out : memref<3xi16> to memref<3xi16>
        linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
            outs(%out : memref<3xi16>) {
        ^bb0(%x: i16):
          %y = arith.muli %x, %x : i16
          linalg.yield %y : i16
        }
        %x = memref.load %t[%c2] : memref<3xi16>
        return %x : i16
      }
      """)
    let storage = try ArrayStorage(.integer(width: 16, isUnsigned: false), count: 3)
    let r = try program.run("main", [.memref(MemRefValue(storage, shape: [3]))])
    #expect(r[0].integer == 7)
    #expect((0..<3).map { storage.double($0) } == [25, 36, 49])
  }

  @Test func viewsOutsideTheBuffer() throws {
    let program = try Program(
      """
      func.func @main(%n: index) -> index {
        %m = memref.alloc() : memref<64xi8>
        %c4 = arith.constant 4 : index
        %v = memref.view %m[%c4][%n] : memref<64xi8> to memref<?xi32>
        %r = memref.reinterpret_cast %v to offset: [0], sizes: [%n, 2], strides: [2, 1] : memref<?xi32> to memref<?x2xi32, strided<[2, 1]>>
        %c0 = arith.constant 0 : index
        %d = memref.dim %r, %c0 : memref<?x2xi32, strided<[2, 1]>>
        return %d : index
      }
      """)
    #expect(program.failure("main", [.index(16)])?.contains("do not fit in the buffer") == true)
    #expect(program.failure("main", [.index(15)])?.contains("reaches outside a buffer") == true)
    #expect(try program.run("main", [.index(0)])[0].integer == 0)
  }
}
