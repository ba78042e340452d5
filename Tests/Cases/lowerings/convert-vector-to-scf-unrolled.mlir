// RUN: martlet opt --convert-vector-to-scf=full-unroll --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @read(%m: memref<?x?xf32>, %i: index, %j: index, %p: f32) -> vector<2x8xf32> {
  %v = vector.transfer_read %m[%i, %j], %p : memref<?x?xf32>, vector<2x8xf32>
  return %v : vector<2x8xf32>
}

// CHECK: #map = affine_map<()[s0] -> (s0 + 1)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @read(%arg0: memref<?x?xf32>, %arg1: index, %arg2: index, %arg3: f32) -> vector<2x8xf32> {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = vector.broadcast %arg3 : f32 to vector<2x8xf32>
// CHECK-NEXT:     %dim = memref.dim %arg0, %c0 : memref<?x?xf32>
// CHECK-NEXT:     %1 = arith.cmpi sgt, %dim, %arg1 : index
// CHECK-NEXT:     %2 = scf.if %1 -> (vector<2x8xf32>) {
// CHECK-NEXT:       %6 = vector.transfer_read %arg0[%arg1, %arg2], %arg3 : memref<?x?xf32>, vector<8xf32>
// CHECK-NEXT:       %7 = vector.insert %6, %0 [0] : vector<8xf32> into vector<2x8xf32>
// CHECK-NEXT:       scf.yield %7 : vector<2x8xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:       scf.yield %0 : vector<2x8xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     %dim_0 = memref.dim %arg0, %c0 : memref<?x?xf32>
// CHECK-NEXT:     %3 = affine.apply #map()[%arg1]
// CHECK-NEXT:     %4 = arith.cmpi sgt, %dim_0, %3 : index
// CHECK-NEXT:     %5 = scf.if %4 -> (vector<2x8xf32>) {
// CHECK-NEXT:       %6 = affine.apply #map()[%arg1]
// CHECK-NEXT:       %7 = vector.transfer_read %arg0[%6, %arg2], %arg3 : memref<?x?xf32>, vector<8xf32>
// CHECK-NEXT:       %8 = vector.insert %7, %2 [1] : vector<8xf32> into vector<2x8xf32>
// CHECK-NEXT:       scf.yield %8 : vector<2x8xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:       scf.yield %2 : vector<2x8xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     return %5 : vector<2x8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @write(%v: vector<2x3x4xf32>, %m: memref<?x?x?xf32>, %i: index) {
  vector.transfer_write %v, %m[%i, %i, %i] {in_bounds = [true, false, true]}
    : vector<2x3x4xf32>, memref<?x?x?xf32>
  return
}

// CHECK: #map = affine_map<()[s0] -> (s0 + 1)>
// CHECK-NEXT: #map1 = affine_map<()[s0] -> (s0 + 2)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @write(%arg0: vector<2x3x4xf32>, %arg1: memref<?x?x?xf32>, %arg2: index) {
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %dim = memref.dim %arg1, %c1 : memref<?x?x?xf32>
// CHECK-NEXT:     %0 = arith.cmpi sgt, %dim, %arg2 : index
// CHECK-NEXT:     scf.if %0 {
// CHECK-NEXT:       %11 = vector.extract %arg0[0, 0] : vector<4xf32> from vector<2x3x4xf32>
// CHECK-NEXT:       vector.transfer_write %11, %arg1[%arg2, %arg2, %arg2] {in_bounds = [true]} : vector<4xf32>, memref<?x?x?xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:     }
// CHECK-NEXT:     %dim_0 = memref.dim %arg1, %c1 : memref<?x?x?xf32>
// CHECK-NEXT:     %1 = affine.apply #map()[%arg2]
// CHECK-NEXT:     %2 = arith.cmpi sgt, %dim_0, %1 : index
// CHECK-NEXT:     scf.if %2 {
// CHECK-NEXT:       %11 = affine.apply #map()[%arg2]
// CHECK-NEXT:       %12 = vector.extract %arg0[0, 1] : vector<4xf32> from vector<2x3x4xf32>
// CHECK-NEXT:       vector.transfer_write %12, %arg1[%arg2, %11, %arg2] {in_bounds = [true]} : vector<4xf32>, memref<?x?x?xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:     }
// CHECK-NEXT:     %dim_1 = memref.dim %arg1, %c1 : memref<?x?x?xf32>
// CHECK-NEXT:     %3 = affine.apply #map1()[%arg2]
// CHECK-NEXT:     %4 = arith.cmpi sgt, %dim_1, %3 : index
// CHECK-NEXT:     scf.if %4 {
// CHECK-NEXT:       %11 = affine.apply #map1()[%arg2]
// CHECK-NEXT:       %12 = vector.extract %arg0[0, 2] : vector<4xf32> from vector<2x3x4xf32>
// CHECK-NEXT:       vector.transfer_write %12, %arg1[%arg2, %11, %arg2] {in_bounds = [true]} : vector<4xf32>, memref<?x?x?xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:     }
// CHECK-NEXT:     %5 = affine.apply #map()[%arg2]
// CHECK-NEXT:     %dim_2 = memref.dim %arg1, %c1 : memref<?x?x?xf32>
// CHECK-NEXT:     %6 = arith.cmpi sgt, %dim_2, %arg2 : index
// CHECK-NEXT:     scf.if %6 {
// CHECK-NEXT:       %11 = vector.extract %arg0[1, 0] : vector<4xf32> from vector<2x3x4xf32>
// CHECK-NEXT:       vector.transfer_write %11, %arg1[%5, %arg2, %arg2] {in_bounds = [true]} : vector<4xf32>, memref<?x?x?xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:     }
// CHECK-NEXT:     %dim_3 = memref.dim %arg1, %c1 : memref<?x?x?xf32>
// CHECK-NEXT:     %7 = affine.apply #map()[%arg2]
// CHECK-NEXT:     %8 = arith.cmpi sgt, %dim_3, %7 : index
// CHECK-NEXT:     scf.if %8 {
// CHECK-NEXT:       %11 = affine.apply #map()[%arg2]
// CHECK-NEXT:       %12 = vector.extract %arg0[1, 1] : vector<4xf32> from vector<2x3x4xf32>
// CHECK-NEXT:       vector.transfer_write %12, %arg1[%5, %11, %arg2] {in_bounds = [true]} : vector<4xf32>, memref<?x?x?xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:     }
// CHECK-NEXT:     %dim_4 = memref.dim %arg1, %c1 : memref<?x?x?xf32>
// CHECK-NEXT:     %9 = affine.apply #map1()[%arg2]
// CHECK-NEXT:     %10 = arith.cmpi sgt, %dim_4, %9 : index
// CHECK-NEXT:     scf.if %10 {
// CHECK-NEXT:       %11 = affine.apply #map1()[%arg2]
// CHECK-NEXT:       %12 = vector.extract %arg0[1, 2] : vector<4xf32> from vector<2x3x4xf32>
// CHECK-NEXT:       vector.transfer_write %12, %arg1[%5, %11, %arg2] {in_bounds = [true]} : vector<4xf32>, memref<?x?x?xf32>
// CHECK-NEXT:     } else {
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#column = affine_map<(d0, d1) -> (d0)>
func.func @column(%m: memref<?x?xf32>, %i: index, %p: f32, %k: vector<4xi1>) -> vector<4xf32> {
  %v = vector.transfer_read %m[%i, %i], %p, %k {permutation_map = #column}
    : memref<?x?xf32>, vector<4xf32>
  vector.transfer_write %v, %m[%i, %i] {permutation_map = #column, in_bounds = [true]}
    : vector<4xf32>, memref<?x?xf32>
  return %v : vector<4xf32>
}

// CHECK: #map = affine_map<(d0)[s0] -> (d0 + s0)>
// CHECK-NEXT: #map1 = affine_map<()[s0] -> (s0 + 1)>
// CHECK-NEXT: #map2 = affine_map<()[s0] -> (s0 + 2)>
// CHECK-NEXT: #map3 = affine_map<()[s0] -> (s0 + 3)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @column(%arg0: memref<?x?xf32>, %arg1: index, %arg2: f32, %arg3: vector<4xi1>) -> vector<4xf32> {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = vector.broadcast %arg2 : f32 to vector<4xf32>
// CHECK-NEXT:     %1 = scf.for %arg4 = %c0 to %c4 step %c1 iter_args(%arg5 = %0) -> (vector<4xf32>) {
// CHECK-NEXT:       %11 = affine.apply #map(%arg4)[%arg1]
// CHECK-NEXT:       %dim = memref.dim %arg0, %c0 : memref<?x?xf32>
// CHECK-NEXT:       %12 = affine.apply #map(%arg4)[%arg1]
// CHECK-NEXT:       %13 = arith.cmpi sgt, %dim, %12 : index
// CHECK-NEXT:       %14 = vector.extract %arg3[%arg4] : i1 from vector<4xi1>
// CHECK-NEXT:       %15 = arith.andi %13, %14 : i1
// CHECK-NEXT:       %16 = scf.if %15 -> (vector<4xf32>) {
// CHECK-NEXT:         %17 = memref.load %arg0[%11, %arg1] : memref<?x?xf32>
// CHECK-NEXT:         %18 = vector.insert %17, %arg5 [%arg4] : f32 into vector<4xf32>
// CHECK-NEXT:         scf.yield %18 : vector<4xf32>
// CHECK-NEXT:       } else {
// CHECK-NEXT:         scf.yield %arg5 : vector<4xf32>
// CHECK-NEXT:       }
// CHECK-NEXT:       scf.yield %16 : vector<4xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     %2 = vector.broadcast %1 : vector<4xf32> to vector<1x4xf32>
// CHECK-NEXT:     %3 = vector.transpose %2, [1, 0] : vector<1x4xf32> to vector<4x1xf32>
// CHECK-NEXT:     %4 = vector.extract %3[0] : vector<1xf32> from vector<4x1xf32>
// CHECK-NEXT:     vector.transfer_write %4, %arg0[%arg1, %arg1] {in_bounds = [true]} : vector<1xf32>, memref<?x?xf32>
// CHECK-NEXT:     %5 = affine.apply #map1()[%arg1]
// CHECK-NEXT:     %6 = vector.extract %3[1] : vector<1xf32> from vector<4x1xf32>
// CHECK-NEXT:     vector.transfer_write %6, %arg0[%5, %arg1] {in_bounds = [true]} : vector<1xf32>, memref<?x?xf32>
// CHECK-NEXT:     %7 = affine.apply #map2()[%arg1]
// CHECK-NEXT:     %8 = vector.extract %3[2] : vector<1xf32> from vector<4x1xf32>
// CHECK-NEXT:     vector.transfer_write %8, %arg0[%7, %arg1] {in_bounds = [true]} : vector<1xf32>, memref<?x?xf32>
// CHECK-NEXT:     %9 = affine.apply #map3()[%arg1]
// CHECK-NEXT:     %10 = vector.extract %3[3] : vector<1xf32> from vector<4x1xf32>
// CHECK-NEXT:     vector.transfer_write %10, %arg0[%9, %arg1] {in_bounds = [true]} : vector<1xf32>, memref<?x?xf32>
// CHECK-NEXT:     return %1 : vector<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#swap = affine_map<(d0, d1) -> (d1, d0)>
#repeat = affine_map<(d0, d1) -> (0, d1)>
func.func @permuted(%m: memref<?x?xf32>, %i: index, %p: f32, %k: vector<3x2xi1>)
    -> (vector<2x3xf32>, vector<5x4xf32>) {
  %v = vector.transfer_read %m[%i, %i], %p, %k {permutation_map = #swap, in_bounds = [true, true]}
    : memref<?x?xf32>, vector<2x3xf32>
  %w = vector.transfer_read %m[%i, %i], %p {permutation_map = #repeat, in_bounds = [true, false]}
    : memref<?x?xf32>, vector<5x4xf32>
  return %v, %w : vector<2x3xf32>, vector<5x4xf32>
}

// CHECK: #map = affine_map<()[s0] -> (s0 + 1)>
// CHECK-NEXT: #map1 = affine_map<()[s0] -> (s0 + 2)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @permuted(%arg0: memref<?x?xf32>, %arg1: index, %arg2: f32, %arg3: vector<3x2xi1>) -> (vector<2x3xf32>, vector<5x4xf32>) {
// CHECK-NEXT:     %0 = vector.broadcast %arg2 : f32 to vector<3x2xf32>
// CHECK-NEXT:     %1 = vector.extract %arg3[0] : vector<2xi1> from vector<3x2xi1>
// CHECK-NEXT:     %2 = vector.transfer_read %arg0[%arg1, %arg1], %arg2, %1 {in_bounds = [true]} : memref<?x?xf32>, vector<2xf32>
// CHECK-NEXT:     %3 = vector.insert %2, %0 [0] : vector<2xf32> into vector<3x2xf32>
// CHECK-NEXT:     %4 = affine.apply #map()[%arg1]
// CHECK-NEXT:     %5 = vector.extract %arg3[1] : vector<2xi1> from vector<3x2xi1>
// CHECK-NEXT:     %6 = vector.transfer_read %arg0[%4, %arg1], %arg2, %5 {in_bounds = [true]} : memref<?x?xf32>, vector<2xf32>
// CHECK-NEXT:     %7 = vector.insert %6, %3 [1] : vector<2xf32> into vector<3x2xf32>
// CHECK-NEXT:     %8 = affine.apply #map1()[%arg1]
// CHECK-NEXT:     %9 = vector.extract %arg3[2] : vector<2xi1> from vector<3x2xi1>
// CHECK-NEXT:     %10 = vector.transfer_read %arg0[%8, %arg1], %arg2, %9 {in_bounds = [true]} : memref<?x?xf32>, vector<2xf32>
// CHECK-NEXT:     %11 = vector.insert %10, %7 [2] : vector<2xf32> into vector<3x2xf32>
// CHECK-NEXT:     %12 = vector.transpose %11, [1, 0] : vector<3x2xf32> to vector<2x3xf32>
// CHECK-NEXT:     %13 = vector.transfer_read %arg0[%arg1, %arg1], %arg2 : memref<?x?xf32>, vector<4xf32>
// CHECK-NEXT:     %14 = vector.broadcast %13 : vector<4xf32> to vector<5x4xf32>
// CHECK-NEXT:     return %12, %14 : vector<2x3xf32>, vector<5x4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @tensorsStay(%t: tensor<?x?xf32>, %i: index, %p: f32) -> vector<2x2xf32> {
  %v = vector.transfer_read %t[%i, %i], %p : tensor<?x?xf32>, vector<2x2xf32>
  return %v : vector<2x2xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @tensorsStay(%arg0: tensor<?x?xf32>, %arg1: index, %arg2: f32) -> vector<2x2xf32> {
// CHECK-NEXT:     %0 = vector.transfer_read %arg0[%arg1, %arg1], %arg2 : tensor<?x?xf32>, vector<2x2xf32>
// CHECK-NEXT:     return %0 : vector<2x2xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @print(%v: vector<2x3xi4>, %w: vector<4xf32>) {
  vector.print %v : vector<2x3xi4>
  vector.print %w : vector<4xf32> punctuation <no_punctuation>
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @print(%arg0: vector<2x3xi4>, %arg1: vector<4xf32>) {
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c3 = arith.constant 3 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = arith.extsi %arg0 : vector<2x3xi4> to vector<2x3xi8>
// CHECK-NEXT:     %1 = vector.shape_cast %0 : vector<2x3xi8> to vector<6xi8>
// CHECK-NEXT:     vector.print punctuation <open>
// CHECK-NEXT:     scf.for %arg2 = %c0 to %c2 step %c1 {
// CHECK-NEXT:       vector.print punctuation <open>
// CHECK-NEXT:       scf.for %arg3 = %c0 to %c3 step %c1 {
// CHECK-NEXT:         %3 = arith.muli %arg2, %c3 : index
// CHECK-NEXT:         %4 = arith.addi %arg3, %3 : index
// CHECK-NEXT:         %5 = vector.extract %1[%4] : i8 from vector<6xi8>
// CHECK-NEXT:         vector.print %5 : i8 punctuation <no_punctuation>
// CHECK-NEXT:         %6 = arith.cmpi ult, %arg3, %c2 : index
// CHECK-NEXT:         scf.if %6 {
// CHECK-NEXT:           vector.print punctuation <comma>
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:       vector.print punctuation <close>
// CHECK-NEXT:       %2 = arith.cmpi ult, %arg2, %c1 : index
// CHECK-NEXT:       scf.if %2 {
// CHECK-NEXT:         vector.print punctuation <comma>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     vector.print punctuation <close>
// CHECK-NEXT:     vector.print
// CHECK-NEXT:     vector.print punctuation <open>
// CHECK-NEXT:     scf.for %arg2 = %c0 to %c4 step %c1 {
// CHECK-NEXT:       %2 = vector.extract %arg1[%arg2] : f32 from vector<4xf32>
// CHECK-NEXT:       vector.print %2 : f32 punctuation <no_punctuation>
// CHECK-NEXT:       %3 = arith.cmpi ult, %arg2, %c3 : index
// CHECK-NEXT:       scf.if %3 {
// CHECK-NEXT:         vector.print punctuation <comma>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     vector.print punctuation <close>
// CHECK-NEXT:     vector.print punctuation <no_punctuation>
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
