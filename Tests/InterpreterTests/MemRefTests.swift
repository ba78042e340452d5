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

  @Test func transfersCopyAndAreWaitedFor() throws {
    let program = try Program(
      """
      func.func @main(%n: index, %wait: index) -> (f32, f32, f32) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c3 = arith.constant 3 : index
        %c5 = arith.constant 5 : index
        %slow = memref.alloc() : memref<3x4xf32>
        %fast = memref.alloc() : memref<8xf32, 1>
        %tag = memref.alloc() : memref<2xi32>
        affine.for %i = 0 to 3 {
          affine.for %j = 0 to 4 {
            %k = affine.apply affine_map<(i, j) -> (10 * i + j)>(%i, %j)
            %w = arith.index_cast %k : index to i32
            %f = arith.sitofp %w : i32 to f32
            memref.store %f, %slow[%i, %j] : memref<3x4xf32>
          }
        }
        memref.dma_start %slow[%c0, %c1], %fast[%c1], %n, %tag[%c1], %c5, %c2
          : memref<3x4xf32>, memref<8xf32, 1>, memref<2xi32>
        memref.dma_wait %tag[%c1], %wait : memref<2xi32>
        %x = memref.load %fast[%c2] : memref<8xf32, 1>
        %y = memref.load %fast[%c3] : memref<8xf32, 1>
        affine.dma_start %fast[%c3], %slow[%c0 + 2, %c3], %tag[%c0], %c1
          : memref<8xf32, 1>, memref<3x4xf32>, memref<2xi32>
        affine.dma_wait %tag[%c0], %c1 : memref<2xi32>
        %z = memref.load %slow[%c2, %c3] : memref<3x4xf32>
        return %x, %y, %z : f32, f32, f32
      }
      """)
    // Runs of two, five apart: elements 1, 2, 6 and 7 of the slower memory.
    let r = try program.run("main", [.index(4), .index(4)])
    #expect(r.map(\.double) == [2, 12, 12])
    #expect(
      program.failure("main", [.index(4), .index(5)])
        == "'memref.dma_wait' op waits for 5 elements of a transfer that was not started with its tag"
    )
    #expect(
      program.failure("main", [.index(8), .index(8)])
        == "'memref.dma_start' op reaches outside a memref with its element 5")
  }

  @Test func buffersHaveAddresses() throws {
    let program = try Program(
      """
      func.func @main(%i: index) -> (index, index, index, index, i1) {
        %m = memref.alloc() : memref<100xi8>
        %n = memref.alloc() : memref<3xf64>
        %c8 = arith.constant 8 : index
        %v = memref.view %m[%c8][] : memref<100xi8> to memref<4xi32>
        %s = memref.subview %n[1] [2] [1] : memref<3xf64> to memref<2xf64, strided<[1], offset: 1>>
        %a = memref.extract_aligned_pointer_as_index %m : memref<100xi8> -> index
        %b = memref.extract_aligned_pointer_as_index %n : memref<3xf64> -> index
        %c = memref.extract_aligned_pointer_as_index %v : memref<4xi32> -> index
        %d = memref.extract_aligned_pointer_as_index %s
          : memref<2xf64, strided<[1], offset: 1>> -> index
        %e = memref.extract_aligned_pointer_as_index %m : memref<100xi8> -> index
        %same = arith.cmpi eq, %a, %e : index
        return %a, %b, %c, %d, %same : index, index, index, index, i1
      }
      """)
    let first = try program.run("main", [.index(0)]).compactMap(\.integer)
    #expect(first[0] % 4096 == 0 && first[1] % 4096 == 0 && first[0] > 0)
    #expect(first[1] >= first[0] + 100 || first[0] >= first[1] + 24)
    #expect(first[2] == first[0] + 8 && first[3] == first[1] && first[4] == -1)
    #expect(try program.run("main", [.index(0)]).compactMap(\.integer) == first)
  }
}
