// RUN: martlet opt %s
#window = affine_map<(d0)[s0] -> (d0 * 2 - s0, 0)>
#inside = affine_set<(d0)[s0] : (d0 - 1 >= 0, s0 - d0 == 0)>
func.func @loops(%n: index, %m: memref<100x?xf32>, %f: f32) -> f32 {
  affine.for %i = 0 to 10 {
  }
  affine.for %i = %n to %n step 4 {
    affine.store %f, %m[%i + 3, symbol(%n) mod 7] : memref<100x?xf32>
  }
  %sum = affine.for %i = max #window(%n)[%n] to min affine_map<()[s0] -> (s0, 64)>()[%n] iter_args(%s = %f) -> (f32) {
    %x = affine.load %m[%i floordiv 2, %i ceildiv 3] {kept} : memref<100x?xf32>
    %t = arith.addf %s, %x : f32
    affine.yield %t : f32
  } {name = "reduction"}
  affine.parallel (%i, %j) = (0, max(%n, 2)) to (%n, min(100, %n * 4)) step (2, 3) {
    affine.if #inside(%i)[%n] {
      affine.prefetch %m[%i, %j + 1], read, locality<3>, data : memref<100x?xf32>
    } else {
      affine.prefetch %m[%i, 0], write, locality<0>, instr : memref<100x?xf32>
    }
  }
  %most = affine.parallel (%i) = (0) to (50) reduce ("maximumf") -> (f32) {
    %x = affine.load %m[%i, 0] : memref<100x?xf32>
    affine.yield %x : f32
  }
  %choice = affine.if affine_set<(d0) : (d0 == 0)>(%n) -> f32 {
    affine.yield %sum : f32
  } else {
    affine.yield %most : f32
  }
  return %choice : f32
}
func.func @vectors(%m: memref<8x16xf32>) {
  affine.for %i = 0 to 8 {
    %v = affine.vector_load %m[%i, 4] : memref<8x16xf32>, vector<4xf32>
    affine.vector_store %v, %m[%i, 8] : memref<8x16xf32>, vector<4xf32>
  }
  return
}
func.func @indices(%i: index, %n: index) -> (index, index, index, index, index) {
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 * 4 + s0)>(%i)[%n]
  %1 = affine.min affine_map<(d0)[s0] -> (1000, d0 + 512, s0)>(%0)[%n]
  %2 = affine.max affine_map<(d0) -> (d0, 7)>(%i)
  %3:3 = affine.delinearize_index %i into (%n, 16, 4) : index, index, index
  %4:2 = affine.delinearize_index %i into (16) : index, index
  %5 = affine.linearize_index [%3#0, %3#1, %3#2] by (%n, 16, 4) : index
  %6 = affine.linearize_index disjoint [%4#0, %4#1] by (16) : index
  return %1, %2, %3#0, %5, %6 : index, index, index, index, index
}
func.func @transfers(%far: memref<40x128xf32>, %near: memref<2x1024xf32, 2>, %tag: memref<1xi32>) {
  %size = arith.constant 64 : index
  %stride = arith.constant 128 : index
  affine.for %i = 0 to 10 {
    affine.dma_start %far[%i + 1, 0], %near[0, 0], %tag[%i mod 1], %size : memref<40x128xf32>, memref<2x1024xf32, 2>, memref<1xi32>
    affine.dma_start %far[%i, %i], %near[1, 0], %tag[0], %size, %stride, %size : memref<40x128xf32>, memref<2x1024xf32, 2>, memref<1xi32>
    affine.dma_wait %tag[%i mod 1], %size : memref<1xi32>
  }
  return
}
