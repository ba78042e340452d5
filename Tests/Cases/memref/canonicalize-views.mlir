// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @subviews(%a: memref<8x8xf32>) -> memref<?x4xf32, strided<[?, 1], offset: ?>> {
  %c2 = arith.constant 2 : index
  %0 = memref.cast %a : memref<8x8xf32> to memref<?x8xf32>
  %1 = memref.subview %0[1, 0] [%c2, 4] [1, 1] : memref<?x8xf32> to memref<?x4xf32, strided<[8, 1], offset: 8>>
  %2 = memref.cast %1 : memref<?x4xf32, strided<[8, 1], offset: 8>> to memref<?x4xf32, strided<[?, 1], offset: ?>>
  return %2 : memref<?x4xf32, strided<[?, 1], offset: ?>>
}

// CHECK: module {
// CHECK-NEXT:   func.func @subviews(%arg0: memref<8x8xf32>) -> memref<?x4xf32, strided<[?, 1], offset: ?>> {
// CHECK-NEXT:     %subview = memref.subview %arg0[1, 0] [2, 4] [1, 1] : memref<8x8xf32> to memref<2x4xf32, strided<[8, 1], offset: 8>>
// CHECK-NEXT:     %cast = memref.cast %subview : memref<2x4xf32, strided<[8, 1], offset: 8>> to memref<?x4xf32, strided<[?, 1], offset: ?>>
// CHECK-NEXT:     return %cast : memref<?x4xf32, strided<[?, 1], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @metadata(%a: memref<4x?xf32>) -> (index, index, index, memref<4x?xf32, strided<[?, 1], offset: ?>>) {
  %base, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %a : memref<4x?xf32> -> memref<f32>, index, index, index, index, index
  %0 = memref.reinterpret_cast %base to offset: [%offset], sizes: [4, %sizes#1], strides: [%strides#0, 1] : memref<f32> to memref<4x?xf32, strided<[?, 1], offset: ?>>
  return %offset, %sizes#0, %strides#1, %0 : index, index, index, memref<4x?xf32, strided<[?, 1], offset: ?>>
}

// CHECK: module {
// CHECK-NEXT:   func.func @metadata(%arg0: memref<4x?xf32>) -> (index, index, index, memref<4x?xf32, strided<[?, 1], offset: ?>>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %cast = memref.cast %arg0 : memref<4x?xf32> to memref<4x?xf32, strided<[?, 1], offset: ?>>
// CHECK-NEXT:     return %c0, %c4, %c1, %cast : index, index, index, memref<4x?xf32, strided<[?, 1], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @reshapes(%a: memref<4x6xf32>, %b: memref<?x?xf32>) -> (memref<2x2x6xf32>, memref<24xf32>, memref<?x?xf32, strided<[1, ?]>>) {
  %0 = memref.collapse_shape %a [[0, 1]] : memref<4x6xf32> into memref<24xf32>
  %1 = memref.expand_shape %0 [[0, 1, 2]] output_shape [2, 2, 6] : memref<24xf32> into memref<2x2x6xf32>
  %2 = memref.expand_shape %a [[0], [1, 2]] output_shape [4, 3, 2] : memref<4x6xf32> into memref<4x3x2xf32>
  %3 = memref.collapse_shape %2 [[0, 1, 2]] : memref<4x3x2xf32> into memref<24xf32>
  %4 = memref.transpose %b (i, j) -> (j, i) : memref<?x?xf32> to memref<?x?xf32, strided<[1, ?]>>
  return %1, %3, %4 : memref<2x2x6xf32>, memref<24xf32>, memref<?x?xf32, strided<[1, ?]>>
}

// CHECK: module {
// CHECK-NEXT:   func.func @reshapes(%arg0: memref<4x6xf32>, %arg1: memref<?x?xf32>) -> (memref<2x2x6xf32>, memref<24xf32>, memref<?x?xf32, strided<[1, ?]>>) {
// CHECK-NEXT:     %expand_shape = memref.expand_shape %arg0 {{\[\[}}0, 1], [2]] output_shape [2, 2, 6] : memref<4x6xf32> into memref<2x2x6xf32>
// CHECK-NEXT:     %collapse_shape = memref.collapse_shape %arg0 {{\[\[}}0, 1]] : memref<4x6xf32> into memref<24xf32>
// CHECK-NEXT:     %transpose = memref.transpose %arg1 (d0, d1) -> (d1, d0) : memref<?x?xf32> to memref<?x?xf32, strided<[1, ?]>>
// CHECK-NEXT:     return %expand_shape, %collapse_shape, %transpose : memref<2x2x6xf32>, memref<24xf32>, memref<?x?xf32, strided<[1, ?]>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @scopes(%n: index, %m: memref<4xf32>, %x: f32) {
  %c0 = arith.constant 0 : index
  memref.alloca_scope {
    memref.store %x, %m[%c0] : memref<4xf32>
  }
  memref.alloca_scope {
    %0 = memref.alloca(%n) : memref<?xf32>
    memref.store %x, %0[%c0] : memref<?xf32>
    %1 = memref.load %0[%c0] : memref<?xf32>
    memref.store %1, %m[%c0] : memref<4xf32>
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @scopes(%arg0: index, %arg1: memref<4xf32>, %arg2: f32) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     memref.store %arg2, %arg1[%c0] : memref<4xf32>
// CHECK-NEXT:     %alloca = memref.alloca(%arg0) : memref<?xf32>
// CHECK-NEXT:     memref.store %arg2, %alloca[%c0] : memref<?xf32>
// CHECK-NEXT:     %0 = memref.load %alloca[%c0] : memref<?xf32>
// CHECK-NEXT:     memref.store %0, %arg1[%c0] : memref<4xf32>
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @dead(%n: index, %x: f32) -> memref<?xi8> {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %0 = memref.alloc(%n) : memref<?xf32>
  memref.store %x, %0[%c0] : memref<?xf32>
  memref.dealloc %0 : memref<?xf32>
  %1 = memref.alloc(%c16) : memref<?xi8>
  return %1 : memref<?xi8>
}

// CHECK: module {
// CHECK-NEXT:   func.func @dead(%arg0: index, %arg1: f32) -> memref<?xi8> {
// CHECK-NEXT:     %alloc = memref.alloc() : memref<16xi8>
// CHECK-NEXT:     %cast = memref.cast %alloc : memref<16xi8> to memref<?xi8>
// CHECK-NEXT:     return %cast : memref<?xi8>
// CHECK-NEXT:   }
// CHECK-NEXT: }
