// RUN: martlet opt --convert-linalg-to-loops --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @product(%a: memref<?x8xf32>, %b: memref<8x?xf32>, %c: memref<?x?xf32>) {
  linalg.matmul ins(%a, %b : memref<?x8xf32>, memref<8x?xf32>) outs(%c : memref<?x?xf32>)
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @product(%arg0: memref<?x8xf32>, %arg1: memref<8x?xf32>, %arg2: memref<?x?xf32>) {
// CHECK-NEXT:     %c8 = arith.constant 8 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %dim = memref.dim %arg0, %c0 : memref<?x8xf32>
// CHECK-NEXT:     %dim_0 = memref.dim %arg1, %c1 : memref<8x?xf32>
// CHECK-NEXT:     scf.for %arg3 = %c0 to %dim step %c1 {
// CHECK-NEXT:       scf.for %arg4 = %c0 to %dim_0 step %c1 {
// CHECK-NEXT:         scf.for %arg5 = %c0 to %c8 step %c1 {
// CHECK-NEXT:           %0 = memref.load %arg0[%arg3, %arg5] : memref<?x8xf32>
// CHECK-NEXT:           %1 = memref.load %arg1[%arg5, %arg4] : memref<8x?xf32>
// CHECK-NEXT:           %2 = memref.load %arg2[%arg3, %arg4] : memref<?x?xf32>
// CHECK-NEXT:           %3 = arith.mulf %0, %1 : f32
// CHECK-NEXT:           %4 = arith.addf %2, %3 : f32
// CHECK-NEXT:           memref.store %4, %arg2[%arg3, %arg4] : memref<?x?xf32>
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @convolution(%x: memref<1x9x4xf32>, %k: memref<3x4x6xf32>, %y: memref<1x4x6xf32>) {
  linalg.conv_1d_nwc_wcf {strides = dense<2> : tensor<1xi64>, dilations = dense<1> : tensor<1xi64>}
    ins(%x, %k : memref<1x9x4xf32>, memref<3x4x6xf32>) outs(%y : memref<1x4x6xf32>)
  return
}

// CHECK: #map = affine_map<(d0, d1) -> (d0 * 2 + d1)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @convolution(%arg0: memref<1x9x4xf32>, %arg1: memref<3x4x6xf32>, %arg2: memref<1x4x6xf32>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c6 = arith.constant 6 : index
// CHECK-NEXT:     %c3 = arith.constant 3 : index
// CHECK-NEXT:     scf.for %arg3 = %c0 to %c1 step %c1 {
// CHECK-NEXT:       scf.for %arg4 = %c0 to %c4 step %c1 {
// CHECK-NEXT:         scf.for %arg5 = %c0 to %c6 step %c1 {
// CHECK-NEXT:           scf.for %arg6 = %c0 to %c3 step %c1 {
// CHECK-NEXT:             scf.for %arg7 = %c0 to %c4 step %c1 {
// CHECK-NEXT:               %0 = affine.apply #map(%arg4, %arg6)
// CHECK-NEXT:               %1 = memref.load %arg0[%arg3, %0, %arg7] : memref<1x9x4xf32>
// CHECK-NEXT:               %2 = memref.load %arg1[%arg6, %arg7, %arg5] : memref<3x4x6xf32>
// CHECK-NEXT:               %3 = memref.load %arg2[%arg3, %arg4, %arg5] : memref<1x4x6xf32>
// CHECK-NEXT:               %4 = arith.mulf %1, %2 : f32
// CHECK-NEXT:               %5 = arith.addf %3, %4 : f32
// CHECK-NEXT:               memref.store %5, %arg2[%arg3, %arg4, %arg5] : memref<1x4x6xf32>
// CHECK-NEXT:             }
// CHECK-NEXT:           }
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>
#none = affine_map<(d0, d1) -> ()>
func.func @indices(%s: f32, %a: memref<4x5xf32>, %b: memref<5x4xindex>, %z: memref<f32>) {
  linalg.generic {indexing_maps = [#none, #id, #none, #swap], iterator_types = ["parallel", "reduction"]}
      ins(%s, %a : f32, memref<4x5xf32>) outs(%z, %b : memref<f32>, memref<5x4xindex>) {
  ^bb0(%x: f32, %y: f32, %old: f32, %o: index):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %k = arith.muli %i, %j : index
    %m = arith.mulf %x, %y : f32
    %n = arith.addf %m, %old : f32
    linalg.yield %n, %k : f32, index
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @indices(%arg0: f32, %arg1: memref<4x5xf32>, %arg2: memref<5x4xindex>, %arg3: memref<f32>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c5 = arith.constant 5 : index
// CHECK-NEXT:     scf.for %arg4 = %c0 to %c4 step %c1 {
// CHECK-NEXT:       scf.for %arg5 = %c0 to %c5 step %c1 {
// CHECK-NEXT:         %0 = memref.load %arg1[%arg4, %arg5] : memref<4x5xf32>
// CHECK-NEXT:         %1 = memref.load %arg3[] : memref<f32>
// CHECK-NEXT:         %2 = arith.muli %arg4, %arg5 : index
// CHECK-NEXT:         %3 = arith.mulf %arg0, %0 : f32
// CHECK-NEXT:         %4 = arith.addf %3, %1 : f32
// CHECK-NEXT:         memref.store %4, %arg3[] : memref<f32>
// CHECK-NEXT:         memref.store %2, %arg2[%arg5, %arg4] : memref<5x4xindex>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @noLoop(%a: memref<f32>, %b: memref<f32>) {
  linalg.add ins(%a, %a : memref<f32>, memref<f32>) outs(%b : memref<f32>)
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @noLoop(%arg0: memref<f32>, %arg1: memref<f32>) {
// CHECK-NEXT:     %0 = memref.load %arg0[] : memref<f32>
// CHECK-NEXT:     %1 = memref.load %arg0[] : memref<f32>
// CHECK-NEXT:     %2 = arith.addf %0, %1 : f32
// CHECK-NEXT:     memref.store %2, %arg1[] : memref<f32>
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @tensorsStay(%a: tensor<4xf32>, %b: memref<4x4xi8>, %v: i8) -> tensor<4xf32> {
  %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  linalg.fill ins(%v : i8) outs(%b : memref<4x4xi8>)
  return %0 : tensor<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @tensorsStay(%arg0: tensor<4xf32>, %arg1: memref<4x4xi8>, %arg2: i8) -> tensor<4xf32> {
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = linalg.exp ins(%arg0 : tensor<4xf32>) outs(%arg0 : tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:     scf.for %arg3 = %c0 to %c4 step %c1 {
// CHECK-NEXT:       scf.for %arg4 = %c0 to %c4 step %c1 {
// CHECK-NEXT:         memref.store %arg2, %arg1[%arg3, %arg4] : memref<4x4xi8>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : tensor<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }
