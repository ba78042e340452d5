// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Tensor casts and sizes.
func.func @casts(%t: tensor<4xf32>, %u: tensor<?xf32>, %i: index) -> (tensor<4xf32>, f32, index, tensor<?xf32>, index) {
  %c0 = arith.constant 0 : index
  %0 = tensor.cast %t : tensor<4xf32> to tensor<?xf32>
  %1 = tensor.cast %0 : tensor<?xf32> to tensor<4xf32>
  %2 = tensor.extract %0[%i] : tensor<?xf32>
  %3 = tensor.dim %0, %c0 : tensor<?xf32>
  %4 = tensor.cast %u : tensor<?xf32> to tensor<*xf32>
  %5 = tensor.cast %4 : tensor<*xf32> to tensor<?xf32>
  %6 = tensor.dim %u, %c0 : tensor<?xf32>
  return %1, %2, %3, %5, %6 : tensor<4xf32>, f32, index, tensor<?xf32>, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @casts(%arg0: tensor<4xf32>, %arg1: tensor<?xf32>, %arg2: index) -> (tensor<4xf32>, f32, index, tensor<?xf32>, index) {
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %extracted = tensor.extract %arg0[%arg2] : tensor<4xf32>
// CHECK-NEXT:     %dim = tensor.dim %arg1, %c0 : tensor<?xf32>
// CHECK-NEXT:     return %arg0, %extracted, %c4, %arg1, %dim : tensor<4xf32>, f32, index, tensor<?xf32>, index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Elements of constants and of tensors just made.
func.func @elements(%a: f32, %b: f32, %i: index) -> (f32, i32, f32, f32, tensor<2xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = tensor.from_elements %a, %b : tensor<2xf32>
  %1 = tensor.extract %0[%c1] : tensor<2xf32>
  %2 = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %3 = tensor.extract %2[%c1, %c0] : tensor<2x2xi32>
  %4 = arith.constant dense<2.0> : tensor<8xf32>
  %5 = tensor.extract %4[%i] : tensor<8xf32>
  %6 = tensor.insert %b into %4[%c1] : tensor<8xf32>
  %7 = tensor.extract %6[%c1] : tensor<8xf32>
  %c7 = arith.constant 7 : i32
  %8 = tensor.from_elements %c7, %c7 : tensor<2xi32>
  return %1, %3, %5, %7, %8 : f32, i32, f32, f32, tensor<2xi32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @elements(%arg0: f32, %arg1: f32, %arg2: index) -> (f32, i32, f32, f32, tensor<2xi32>) {
// CHECK-NEXT:     %c3_i32 = arith.constant 3 : i32
// CHECK-NEXT:     %cst = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:     %cst_0 = arith.constant dense<7> : tensor<2xi32>
// CHECK-NEXT:     return %arg1, %c3_i32, %cst, %arg1, %cst_0 : f32, i32, f32, f32, tensor<2xi32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Known sizes move into types.
func.func @sizes(%n: index, %t: tensor<8x8xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %0 = tensor.empty(%c4, %n) : tensor<?x?xf32>
  %1 = tensor.extract_slice %t[%c0, 0] [%c4, %n] [1, 1] : tensor<8x8xf32> to tensor<?x?xf32>
  %2 = tensor.dim %0, %c1 : tensor<?x?xf32>
  %3 = tensor.dim %1, %c0 : tensor<?x?xf32>
  return %0, %1, %2, %3 : tensor<?x?xf32>, tensor<?x?xf32>, index, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @sizes(%arg0: index, %arg1: tensor<8x8xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, index, index) {
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %0 = tensor.empty(%arg0) : tensor<4x?xf32>
// CHECK-NEXT:     %cast = tensor.cast %0 : tensor<4x?xf32> to tensor<?x?xf32>
// CHECK-NEXT:     %extracted_slice = tensor.extract_slice %arg1[0, 0] [4, %arg0] [1, 1] : tensor<8x8xf32> to tensor<4x?xf32>
// CHECK-NEXT:     %cast_0 = tensor.cast %extracted_slice : tensor<4x?xf32> to tensor<?x?xf32>
// CHECK-NEXT:     return %cast, %cast_0, %arg0, %c4 : tensor<?x?xf32>, tensor<?x?xf32>, index, index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Slices of everything, and what was just inserted.
func.func @slices(%t: tensor<4x4xf32>, %s: tensor<2x2xf32>, %u: tensor<?x?xf32>) -> (tensor<4x4xf32>, tensor<2x2xf32>, tensor<4x4xf32>) {
  %0 = tensor.extract_slice %t[0, 0] [4, 4] [1, 1] : tensor<4x4xf32> to tensor<4x4xf32>
  %1 = tensor.insert_slice %s into %t[1, 1] [2, 2] [1, 1] : tensor<2x2xf32> into tensor<4x4xf32>
  %2 = tensor.extract_slice %1[1, 1] [2, 2] [1, 1] : tensor<4x4xf32> to tensor<2x2xf32>
  %3 = tensor.insert_slice %t into %t[0, 0] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<4x4xf32>
  return %0, %2, %3 : tensor<4x4xf32>, tensor<2x2xf32>, tensor<4x4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @slices(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<?x?xf32>) -> (tensor<4x4xf32>, tensor<2x2xf32>, tensor<4x4xf32>) {
// CHECK-NEXT:     return %arg0, %arg1, %arg0 : tensor<4x4xf32>, tensor<2x2xf32>, tensor<4x4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Shapes there and back.
func.func @shapes(%t: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<24xf32>, tensor<2x2x6xf32>) {
  %0 = tensor.collapse_shape %t [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
  %1 = tensor.expand_shape %0 [[0, 1]] output_shape [4, 6] : tensor<24xf32> into tensor<4x6xf32>
  %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
  %3 = tensor.expand_shape %t [[0, 1], [2]] output_shape [2, 2, 6] : tensor<4x6xf32> into tensor<2x2x6xf32>
  return %1, %2, %3 : tensor<4x6xf32>, tensor<24xf32>, tensor<2x2x6xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @shapes(%arg0: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<24xf32>, tensor<2x2x6xf32>) {
// CHECK-NEXT:     %collapsed = tensor.collapse_shape %arg0 {{\[\[}}0, 1]] : tensor<4x6xf32> into tensor<24xf32>
// CHECK-NEXT:     %expanded = tensor.expand_shape %arg0 {{\[\[}}0, 1], [2]] output_shape [2, 2, 6] : tensor<4x6xf32> into tensor<2x2x6xf32>
// CHECK-NEXT:     return %arg0, %collapsed, %expanded : tensor<4x6xf32>, tensor<24xf32>, tensor<2x2x6xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Memory: casts, sizes, views.
func.func @memory(%m: memref<4x8xf32>, %n: index, %i: index) -> (f32, index, index, memref<4x8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = memref.cast %m : memref<4x8xf32> to memref<?x?xf32>
  %1 = memref.load %0[%i, %c0] : memref<?x?xf32>
  %2 = memref.dim %0, %c1 : memref<?x?xf32>
  %3 = memref.alloc(%n) : memref<?xf32>
  %4 = memref.dim %3, %c0 : memref<?xf32>
  memref.dealloc %3 : memref<?xf32>
  %5 = memref.cast %0 : memref<?x?xf32> to memref<4x8xf32>
  memref.copy %m, %m : memref<4x8xf32> to memref<4x8xf32>
  return %1, %2, %4, %5 : f32, index, index, memref<4x8xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @memory(%arg0: memref<4x8xf32>, %arg1: index, %arg2: index) -> (f32, index, index, memref<4x8xf32>) {
// CHECK-NEXT:     %c8 = arith.constant 8 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = memref.load %arg0[%arg2, %c0] : memref<4x8xf32>
// CHECK-NEXT:     return %0, %c8, %arg1, %arg0 : f32, index, index, memref<4x8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @use(memref<?xf32>)
func.func @allocations(%n: index) {
  %c4 = arith.constant 4 : index
  %0 = memref.alloc(%c4) : memref<?xf32>
  call @use(%0) : (memref<?xf32>) -> ()
  memref.dealloc %0 : memref<?xf32>
  %1 = memref.alloca(%c4) : memref<?xf32>
  call @use(%1) : (memref<?xf32>) -> ()
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @use(memref<?xf32>)
// CHECK-NEXT:   func.func @allocations(%arg0: index) {
// CHECK-NEXT:     %alloc = memref.alloc() : memref<4xf32>
// CHECK-NEXT:     %cast = memref.cast %alloc : memref<4xf32> to memref<?xf32>
// CHECK-NEXT:     call @use(%cast) : (memref<?xf32>) -> ()
// CHECK-NEXT:     memref.dealloc %alloc : memref<4xf32>
// CHECK-NEXT:     %alloca = memref.alloca() : memref<4xf32>
// CHECK-NEXT:     %cast_0 = memref.cast %alloca : memref<4xf32> to memref<?xf32>
// CHECK-NEXT:     call @use(%cast_0) : (memref<?xf32>) -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @use(memref<?x?xf32, strided<[?, ?], offset: ?>>)
func.func @subview(%m: memref<8x8xf32>, %i: index) {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %0 = memref.subview %m[%i, 0] [%c4, %c4] [%c1, 1] : memref<8x8xf32> to memref<?x?xf32, strided<[?, 1], offset: ?>>
  %1 = memref.cast %0 : memref<?x?xf32, strided<[?, 1], offset: ?>> to memref<?x?xf32, strided<[?, ?], offset: ?>>
  call @use(%1) : (memref<?x?xf32, strided<[?, ?], offset: ?>>) -> ()
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @use(memref<?x?xf32, strided<[?, ?], offset: ?>>)
// CHECK-NEXT:   func.func @subview(%arg0: memref<8x8xf32>, %arg1: index) {
// CHECK-NEXT:     %subview = memref.subview %arg0[%arg1, 0] [4, 4] [1, 1] : memref<8x8xf32> to memref<4x4xf32, strided<[8, 1], offset: ?>>
// CHECK-NEXT:     %cast = memref.cast %subview : memref<4x4xf32, strided<[8, 1], offset: ?>> to memref<?x?xf32, strided<[?, ?], offset: ?>>
// CHECK-NEXT:     call @use(%cast) : (memref<?x?xf32, strided<[?, ?], offset: ?>>) -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
