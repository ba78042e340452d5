// RUN: martlet opt %s
memref.global "private" constant @g : memref<2xf32> = dense<[1.0, 2.0]>
memref.global @u : memref<4xf32> = uninitialized {alignment = 64 : i64}
func.func @f(%n: index, %m: memref<4x?xf32>, %u: memref<*xf32>, %i: index, %b: memref<64xi8>, %s: memref<2xindex>, %v: f32) {
  %a = memref.alloc(%n) {alignment = 64 : i64} : memref<?x4xf32>
  %al = memref.alloca() : memref<4xf32>
  %x = memref.load %m[%i, %i] : memref<4x?xf32>
  %x2 = memref.load %m[%i, %i] {nontemporal = true} : memref<4x?xf32>
  memref.store %x, %m[%i, %i] : memref<4x?xf32>
  %d = memref.dim %m, %i : memref<4x?xf32>
  %r = memref.rank %u : memref<*xf32>
  %c = memref.cast %u : memref<*xf32> to memref<4x?xf32>
  %ms = memref.memory_space_cast %m : memref<4x?xf32> to memref<4x?xf32, 1>
  %as = memref.assume_alignment %m, 16 : memref<4x?xf32>
  %di:2 = memref.distinct_objects %m, %m : memref<4x?xf32>, memref<4x?xf32>
  %sv = memref.subview %m[0, %i] [2, %n] [1, 2] : memref<4x?xf32> to memref<2x?xf32, strided<[?, 2], offset: ?>>
  %rc = memref.reinterpret_cast %m to offset: [%i], sizes: [4, %n], strides: [%n, 1] : memref<4x?xf32> to memref<4x?xf32, strided<[?, 1], offset: ?>>
  %vw = memref.view %b[%i][%n] : memref<64xi8> to memref<?xf32>
  %rs = memref.reshape %al(%s) : (memref<4xf32>, memref<2xindex>) -> memref<?x?xf32>
  %t = memref.transpose %m (i, j) -> (j, i) : memref<4x?xf32> to memref<?x4xf32, strided<[1, ?]>>
  %cs = memref.collapse_shape %a [[0, 1]] : memref<?x4xf32> into memref<?xf32>
  %es = memref.expand_shape %al [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  %base, %off, %sz:2, %st:2 = memref.extract_strided_metadata %m : memref<4x?xf32> -> memref<f32>, index, index, index, index, index
  %p = memref.extract_aligned_pointer_as_index %m : memref<4x?xf32> -> index
  %g = memref.get_global @g : memref<2xf32>
  %at = memref.atomic_rmw addf %v, %m[%i, %i] : (f32, memref<4x?xf32>) -> f32
  %gat = memref.generic_atomic_rmw %m[%i, %i] : memref<4x?xf32> {
   ^bb0(%o: f32):
     memref.atomic_yield %o : f32
  }
  memref.prefetch %m[%i, %i], read, locality<3>, data : memref<4x?xf32>
  memref.copy %m, %c : memref<4x?xf32> to memref<4x?xf32>
  %ra = memref.realloc %al(%n) : memref<4xf32> to memref<?xf32>
  memref.alloca_scope {
    memref.dealloc %a : memref<?x4xf32>
  }
  %as2 = memref.alloca_scope -> (index) {
    memref.alloca_scope.return %i : index
  }
  %ft = memref.alloc() : memref<4x4xf32>
  %sub1 = memref.subview %ft[0, 0] [4, 1] [1, 1] : memref<4x4xf32> to memref<4xf32, strided<[4]>>
  memref.dma_start %m[%i, %i], %m[%i, %i], %n, %s[%i] : memref<4x?xf32>, memref<4x?xf32>, memref<2xindex>
  memref.dma_wait %s[%i], %n : memref<2xindex>
  return
}
