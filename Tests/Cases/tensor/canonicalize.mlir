// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @casts(%a: tensor<4x?xf32>, %b: tensor<*xf32>) -> (tensor<?x8xf32>, tensor<4x8xf32>, tensor<2x?xf32>) {
  %0 = tensor.cast %a : tensor<4x?xf32> to tensor<?x?xf32>
  %1 = tensor.cast %0 : tensor<?x?xf32> to tensor<?x8xf32>
  %2 = tensor.cast %b : tensor<*xf32> to tensor<4x?xf32>
  %3 = tensor.cast %2 : tensor<4x?xf32> to tensor<4x8xf32>
  %4 = tensor.extract_slice %0[0, 0] [2, 3] [1, 1] : tensor<?x?xf32> to tensor<2x3xf32>
  %5 = tensor.cast %4 : tensor<2x3xf32> to tensor<2x?xf32>
  return %1, %3, %5 : tensor<?x8xf32>, tensor<4x8xf32>, tensor<2x?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @casts(%arg0: tensor<4x?xf32>, %arg1: tensor<*xf32>) -> (tensor<?x8xf32>, tensor<4x8xf32>, tensor<2x?xf32>) {
// CHECK-NEXT:     %cast = tensor.cast %arg0 : tensor<4x?xf32> to tensor<?x8xf32>
// CHECK-NEXT:     %cast_0 = tensor.cast %arg1 : tensor<*xf32> to tensor<4x8xf32>
// CHECK-NEXT:     %extracted_slice = tensor.extract_slice %arg0[0, 0] [2, 3] [1, 1] : tensor<4x?xf32> to tensor<2x3xf32>
// CHECK-NEXT:     %cast_1 = tensor.cast %extracted_slice : tensor<2x3xf32> to tensor<2x?xf32>
// CHECK-NEXT:     return %cast, %cast_0, %cast_1 : tensor<?x8xf32>, tensor<4x8xf32>, tensor<2x?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @slices(%a: tensor<8x8xf32>, %n: index) -> (tensor<?x8xf32>, tensor<8x8xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %0 = tensor.extract_slice %a[%c0, 0] [%c4, 8] [1, 1] : tensor<8x8xf32> to tensor<?x8xf32>
  %1 = tensor.insert_slice %0 into %a[%c4, 0] [%c4, 8] [1, 1] : tensor<?x8xf32> into tensor<8x8xf32>
  return %0, %1 : tensor<?x8xf32>, tensor<8x8xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @slices(%arg0: tensor<8x8xf32>, %arg1: index) -> (tensor<?x8xf32>, tensor<8x8xf32>) {
// CHECK-NEXT:     %extracted_slice = tensor.extract_slice %arg0[0, 0] [4, 8] [1, 1] : tensor<8x8xf32> to tensor<4x8xf32>
// CHECK-NEXT:     %cast = tensor.cast %extracted_slice : tensor<4x8xf32> to tensor<?x8xf32>
// CHECK-NEXT:     %inserted_slice = tensor.insert_slice %extracted_slice into %arg0[4, 0] [4, 8] [1, 1] : tensor<4x8xf32> into tensor<8x8xf32>
// CHECK-NEXT:     return %cast, %inserted_slice : tensor<?x8xf32>, tensor<8x8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @reshapes(%a: tensor<?x4x?xf32>, %b: tensor<2x6xf32>, %n: index, %m: index) -> (tensor<?x4x?xf32>, tensor<2x2x3xf32>, tensor<12xf32>) {
  %0 = tensor.collapse_shape %a [[0, 1], [2]] : tensor<?x4x?xf32> into tensor<?x?xf32>
  %1 = tensor.expand_shape %0 [[0, 1], [2]] output_shape [%n, 4, %m] : tensor<?x?xf32> into tensor<?x4x?xf32>
  %2 = tensor.collapse_shape %b [[0, 1]] : tensor<2x6xf32> into tensor<12xf32>
  %3 = tensor.expand_shape %2 [[0, 1, 2]] output_shape [2, 2, 3] : tensor<12xf32> into tensor<2x2x3xf32>
  %4 = tensor.expand_shape %b [[0], [1, 2]] output_shape [2, 3, 2] : tensor<2x6xf32> into tensor<2x3x2xf32>
  %5 = tensor.collapse_shape %4 [[0, 1, 2]] : tensor<2x3x2xf32> into tensor<12xf32>
  return %1, %3, %5 : tensor<?x4x?xf32>, tensor<2x2x3xf32>, tensor<12xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @reshapes(%arg0: tensor<?x4x?xf32>, %arg1: tensor<2x6xf32>, %arg2: index, %arg3: index) -> (tensor<?x4x?xf32>, tensor<2x2x3xf32>, tensor<12xf32>) {
// CHECK-NEXT:     %expanded = tensor.expand_shape %arg1 {{\[\[}}0], [1, 2]] output_shape [2, 2, 3] : tensor<2x6xf32> into tensor<2x2x3xf32>
// CHECK-NEXT:     %collapsed = tensor.collapse_shape %arg1 {{\[\[}}0, 1]] : tensor<2x6xf32> into tensor<12xf32>
// CHECK-NEXT:     return %arg0, %expanded, %collapsed : tensor<?x4x?xf32>, tensor<2x2x3xf32>, tensor<12xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @pads(%a: tensor<4x4xf32>, %p: f32) -> (tensor<4x4xf32>, tensor<?x?xf32>, tensor<9x4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = tensor.pad %a low[%c0, 0] high[0, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %p : f32
  } : tensor<4x4xf32> to tensor<4x4xf32>
  %1 = tensor.pad %a low[%c1, 0] high[0, %c1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %p : f32
  } : tensor<4x4xf32> to tensor<?x?xf32>
  %2 = tensor.pad %a low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %p : f32
  } : tensor<4x4xf32> to tensor<6x4xf32>
  %3 = tensor.pad %2 low[2, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %p : f32
  } : tensor<6x4xf32> to tensor<9x4xf32>
  return %0, %1, %3 : tensor<4x4xf32>, tensor<?x?xf32>, tensor<9x4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @pads(%arg0: tensor<4x4xf32>, %arg1: f32) -> (tensor<4x4xf32>, tensor<?x?xf32>, tensor<9x4xf32>) {
// CHECK-NEXT:     %padded = tensor.pad %arg0 low[1, 0] high[0, 1] {
// CHECK-NEXT:     ^bb0(%arg2: index, %arg3: index):
// CHECK-NEXT:       tensor.yield %arg1 : f32
// CHECK-NEXT:     } : tensor<4x4xf32> to tensor<5x5xf32>
// CHECK-NEXT:     %cast = tensor.cast %padded : tensor<5x5xf32> to tensor<?x?xf32>
// CHECK-NEXT:     %padded_0 = tensor.pad %arg0 low[3, 0] high[2, 0] {
// CHECK-NEXT:     ^bb0(%arg2: index, %arg3: index):
// CHECK-NEXT:       tensor.yield %arg1 : f32
// CHECK-NEXT:     } : tensor<4x4xf32> to tensor<9x4xf32>
// CHECK-NEXT:     return %arg0, %cast, %padded_0 : tensor<4x4xf32>, tensor<?x?xf32>, tensor<9x4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @concats(%a: tensor<?x4xf32>, %b: tensor<3x?xf32>) -> tensor<?x?xf32> {
  %0 = tensor.concat dim(0) %a, %b : (tensor<?x4xf32>, tensor<3x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @concats(%arg0: tensor<?x4xf32>, %arg1: tensor<3x?xf32>) -> tensor<?x?xf32> {
// CHECK-NEXT:     %cast = tensor.cast %arg1 : tensor<3x?xf32> to tensor<3x4xf32>
// CHECK-NEXT:     %concat = tensor.concat dim(0) %arg0, %cast : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
// CHECK-NEXT:     %cast_0 = tensor.cast %concat : tensor<?x4xf32> to tensor<?x?xf32>
// CHECK-NEXT:     return %cast_0 : tensor<?x?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @sizes(%a: tensor<?x?xf32>, %s: tensor<2xindex>, %x: f32, %i: index) -> (index, index) {
  %c1 = arith.constant 1 : index
  %0 = tensor.insert %x into %a[%c1, %c1] : tensor<?x?xf32>
  %1 = tensor.dim %0, %c1 : tensor<?x?xf32>
  %2 = tensor.reshape %a(%s) : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  %3 = tensor.dim %2, %i : tensor<?x?xf32>
  return %1, %3 : index, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @sizes(%arg0: tensor<?x?xf32>, %arg1: tensor<2xindex>, %arg2: f32, %arg3: index) -> (index, index) {
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %dim = tensor.dim %arg0, %c1 : tensor<?x?xf32>
// CHECK-NEXT:     %extracted = tensor.extract %arg1[%arg3] : tensor<2xindex>
// CHECK-NEXT:     return %dim, %extracted : index, index
// CHECK-NEXT:   }
// CHECK-NEXT: }
