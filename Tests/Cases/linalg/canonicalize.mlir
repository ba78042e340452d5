// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @fills(%x: f32, %t: tensor<4x?xf32>, %u: tensor<?x4xf32>, %i: index) -> (tensor<?x4xf32>, f32, tensor<?xf32>) {
  %0 = linalg.fill ins(%x : f32) outs(%t : tensor<4x?xf32>) -> tensor<4x?xf32>
  %1 = linalg.transpose ins(%0 : tensor<4x?xf32>) outs(%u : tensor<?x4xf32>) permutation = [1, 0]
  %2 = tensor.extract %0[%i, %i] : tensor<4x?xf32>
  %3 = tensor.collapse_shape %0 [[0, 1]] : tensor<4x?xf32> into tensor<?xf32>
  return %1, %2, %3 : tensor<?x4xf32>, f32, tensor<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @fills(%arg0: f32, %arg1: tensor<4x?xf32>, %arg2: tensor<?x4xf32>, %arg3: index) -> (tensor<?x4xf32>, f32, tensor<?xf32>) {
// CHECK-NEXT:     %0 = linalg.fill ins(%arg0 : f32) outs(%arg2 : tensor<?x4xf32>) -> tensor<?x4xf32>
// CHECK-NEXT:     %collapsed = tensor.collapse_shape %arg1 {{\[\[}}0, 1]] : tensor<4x?xf32> into tensor<?xf32>
// CHECK-NEXT:     %1 = linalg.fill ins(%arg0 : f32) outs(%collapsed : tensor<?xf32>) -> tensor<?xf32>
// CHECK-NEXT:     return %0, %arg0, %1 : tensor<?x4xf32>, f32, tensor<?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#id = affine_map<(i, j) -> (i, j)>
func.func @shapes(%a: tensor<4x8xf32>, %b: tensor<?x?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = tensor.cast %a : tensor<4x8xf32> to tensor<?x?xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
    ins(%0, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%c : tensor<?x?xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK: #map = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @shapes(%arg0: tensor<4x8xf32>, %arg1: tensor<?x?xf32>, %arg2: tensor<?x?xf32>) -> tensor<?x?xf32> {
// CHECK-NEXT:     %cast = tensor.cast %arg1 : tensor<?x?xf32> to tensor<4x8xf32>
// CHECK-NEXT:     %cast_0 = tensor.cast %arg2 : tensor<?x?xf32> to tensor<4x8xf32>
// CHECK-NEXT:     %0 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0, %cast : tensor<4x8xf32>, tensor<4x8xf32>) outs(%cast_0 : tensor<4x8xf32>) {
// CHECK-NEXT:     ^bb0(%in: f32, %in_2: f32, %out: f32):
// CHECK-NEXT:       %1 = arith.addf %in, %in_2 : f32
// CHECK-NEXT:       linalg.yield %1 : f32
// CHECK-NEXT:     } -> tensor<4x8xf32>
// CHECK-NEXT:     %cast_1 = tensor.cast %0 : tensor<4x8xf32> to tensor<?x?xf32>
// CHECK-NEXT:     return %cast_1 : tensor<?x?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#id = affine_map<(i) -> (i)>
func.func @identities(%a: tensor<4xf32>, %b: tensor<4xf32>, %m: memref<4xf32>) -> tensor<4xf32> {
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%a : tensor<4xf32>) outs(%b : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  } -> tensor<4xf32>
  linalg.copy ins(%m : memref<4xf32>) outs(%m : memref<4xf32>)
  return %0 : tensor<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @identities(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>, %arg2: memref<4xf32>) -> tensor<4xf32> {
// CHECK-NEXT:     return %arg0 : tensor<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @packs(%a: tensor<8x16xf32>, %b: tensor<2x4x4x4xf32>, %c: tensor<8x16xf32>, %p: f32) -> (tensor<8x16xf32>, tensor<2x4x4x4xf32>) {
  %0 = linalg.pack %a padding_value(%p : f32) inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %b : tensor<8x16xf32> -> tensor<2x4x4x4xf32>
  %1 = linalg.unpack %0 inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %c : tensor<2x4x4x4xf32> -> tensor<8x16xf32>
  return %1, %0 : tensor<8x16xf32>, tensor<2x4x4x4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @packs(%arg0: tensor<8x16xf32>, %arg1: tensor<2x4x4x4xf32>, %arg2: tensor<8x16xf32>, %arg3: f32) -> (tensor<8x16xf32>, tensor<2x4x4x4xf32>) {
// CHECK-NEXT:     %pack = linalg.pack %arg0 inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %arg1 : tensor<8x16xf32> -> tensor<2x4x4x4xf32>
// CHECK-NEXT:     return %arg0, %pack : tensor<8x16xf32>, tensor<2x4x4x4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @moves(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>, %c: tensor<2x3xf32>, %d: tensor<4x2x3xf32>, %e: tensor<5x4x2x3xf32>) -> (tensor<2x3xf32>, tensor<5x4x2x3xf32>) {
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2xf32>) permutation = [1, 0]
  %1 = linalg.transpose ins(%0 : tensor<3x2xf32>) outs(%c : tensor<2x3xf32>) permutation = [1, 0]
  %2 = linalg.broadcast ins(%a : tensor<2x3xf32>) outs(%d : tensor<4x2x3xf32>) dimensions = [0]
  %3 = linalg.broadcast ins(%2 : tensor<4x2x3xf32>) outs(%e : tensor<5x4x2x3xf32>) dimensions = [0]
  return %1, %3 : tensor<2x3xf32>, tensor<5x4x2x3xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @moves(%arg0: tensor<2x3xf32>, %arg1: tensor<3x2xf32>, %arg2: tensor<2x3xf32>, %arg3: tensor<4x2x3xf32>, %arg4: tensor<5x4x2x3xf32>) -> (tensor<2x3xf32>, tensor<5x4x2x3xf32>) {
// CHECK-NEXT:     %broadcasted = linalg.broadcast ins(%arg0 : tensor<2x3xf32>) outs(%arg4 : tensor<5x4x2x3xf32>) dimensions = [0, 1]
// CHECK-NEXT:     return %arg0, %broadcasted : tensor<2x3xf32>, tensor<5x4x2x3xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }
