// RUN: martlet opt --expand-strided-metadata --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @subview(%m: memref<8x?xf32, strided<[?, 1], offset: ?>>, %i: index, %n: index)
    -> memref<3x?xf32, strided<[?, 2], offset: ?>> {
  %v = memref.subview %m[%i, 4] [3, %n] [1, 2]
    : memref<8x?xf32, strided<[?, 1], offset: ?>> to memref<3x?xf32, strided<[?, 2], offset: ?>>
  return %v : memref<3x?xf32, strided<[?, 2], offset: ?>>
}

// CHECK: #map = affine_map<()[s0, s1, s2] -> (s0 + s1 * s2 + 4)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @subview(%arg0: memref<8x?xf32, strided<[?, 1], offset: ?>>, %arg1: index, %arg2: index) -> memref<3x?xf32, strided<[?, 2], offset: ?>> {
// CHECK-NEXT:     %base_buffer, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %arg0 : memref<8x?xf32, strided<[?, 1], offset: ?>> -> memref<f32>, index, index, index, index, index
// CHECK-NEXT:     %0 = affine.apply #map()[%offset, %arg1, %strides#0]
// CHECK-NEXT:     %reinterpret_cast = memref.reinterpret_cast %base_buffer to offset: [%0], sizes: [3, %arg2], strides: [%strides#0, 2] : memref<f32> to memref<3x?xf32, strided<[?, 2], offset: ?>>
// CHECK-NEXT:     return %reinterpret_cast : memref<3x?xf32, strided<[?, 2], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @dropped(%m: memref<8x16x4xf32>, %i: index) -> memref<16xf32, strided<[4], offset: ?>> {
  %v = memref.subview %m[%i, 0, 1] [1, 16, 1] [1, 1, 1]
    : memref<8x16x4xf32> to memref<16xf32, strided<[4], offset: ?>>
  return %v : memref<16xf32, strided<[4], offset: ?>>
}

// CHECK: #map = affine_map<()[s0] -> (s0 * 64 + 1)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @dropped(%arg0: memref<8x16x4xf32>, %arg1: index) -> memref<16xf32, strided<[4], offset: ?>> {
// CHECK-NEXT:     %base_buffer, %offset, %sizes:3, %strides:3 = memref.extract_strided_metadata %arg0 : memref<8x16x4xf32> -> memref<f32>, index, index, index, index, index, index, index
// CHECK-NEXT:     %0 = affine.apply #map()[%arg1]
// CHECK-NEXT:     %reinterpret_cast = memref.reinterpret_cast %base_buffer to offset: [%0], sizes: [16], strides: [4] : memref<f32> to memref<16xf32, strided<[4], offset: ?>>
// CHECK-NEXT:     return %reinterpret_cast : memref<16xf32, strided<[4], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @expand(%m: memref<?x12xf32>, %n: index) -> memref<3x?x4x3xf32> {
  %v = memref.expand_shape %m [[0, 1], [2, 3]] output_shape [3, %n, 4, 3]
    : memref<?x12xf32> into memref<3x?x4x3xf32>
  return %v : memref<3x?x4x3xf32>
}

// CHECK: #map = affine_map<()[s0] -> (s0 floordiv 3)>
// CHECK-NEXT: #map1 = affine_map<()[s0] -> ((s0 floordiv 3) * 12)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @expand(%arg0: memref<?x12xf32>, %arg1: index) -> memref<3x?x4x3xf32> {
// CHECK-NEXT:     %base_buffer, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %arg0 : memref<?x12xf32> -> memref<f32>, index, index, index, index, index
// CHECK-NEXT:     %0 = affine.apply #map()[%sizes#0]
// CHECK-NEXT:     %1 = affine.apply #map1()[%sizes#0]
// CHECK-NEXT:     %reinterpret_cast = memref.reinterpret_cast %base_buffer to offset: [0], sizes: [3, %0, 4, 3], strides: [%1, 12, 3, 1] : memref<f32> to memref<3x?x4x3xf32>
// CHECK-NEXT:     return %reinterpret_cast : memref<3x?x4x3xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @collapse(%m: memref<?x4x?xf32, strided<[?, ?, ?], offset: ?>>)
    -> memref<?x?xf32, strided<[?, ?], offset: ?>> {
  %v = memref.collapse_shape %m [[0, 1], [2]]
    : memref<?x4x?xf32, strided<[?, ?, ?], offset: ?>> into memref<?x?xf32, strided<[?, ?], offset: ?>>
  return %v : memref<?x?xf32, strided<[?, ?], offset: ?>>
}

// CHECK: #map = affine_map<()[s0] -> (s0 * 4)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @collapse(%arg0: memref<?x4x?xf32, strided<[?, ?, ?], offset: ?>>) -> memref<?x?xf32, strided<[?, ?], offset: ?>> {
// CHECK-NEXT:     %base_buffer, %offset, %sizes:3, %strides:3 = memref.extract_strided_metadata %arg0 : memref<?x4x?xf32, strided<[?, ?, ?], offset: ?>> -> memref<f32>, index, index, index, index, index, index, index
// CHECK-NEXT:     %0 = affine.apply #map()[%sizes#0]
// CHECK-NEXT:     %reinterpret_cast = memref.reinterpret_cast %base_buffer to offset: [%offset], sizes: [%0, %sizes#2], strides: [%strides#1, %strides#2] : memref<f32> to memref<?x?xf32, strided<[?, ?], offset: ?>>
// CHECK-NEXT:     return %reinterpret_cast : memref<?x?xf32, strided<[?, ?], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @metadata(%n: index) -> (index, index, index, index, index) {
  %m = memref.alloc(%n) : memref<4x?xf32>
  %b, %o, %s:2, %t:2 = memref.extract_strided_metadata %m
    : memref<4x?xf32> -> memref<f32>, index, index, index, index, index
  return %o, %s#0, %s#1, %t#0, %t#1 : index, index, index, index, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @metadata(%arg0: index) -> (index, index, index, index, index) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c4 = arith.constant 4 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     return %c0, %c4, %arg0, %arg0, %c1 : index, index, index, index, index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

memref.global "private" @data : memref<3x5xi32> = dense<1>
func.func @global() -> (memref<i32>, index) {
  %g = memref.get_global @data : memref<3x5xi32>
  %b, %o, %s:2, %t:2 = memref.extract_strided_metadata %g
    : memref<3x5xi32> -> memref<i32>, index, index, index, index, index
  return %b, %t#0 : memref<i32>, index
}

// CHECK: module {
// CHECK-NEXT:   memref.global "private" @data : memref<3x5xi32> = dense<1>
// CHECK-NEXT:   func.func @global() -> (memref<i32>, index) {
// CHECK-NEXT:     %c5 = arith.constant 5 : index
// CHECK-NEXT:     %0 = memref.get_global @data : memref<3x5xi32>
// CHECK-NEXT:     %reinterpret_cast = memref.reinterpret_cast %0 to offset: [0], sizes: [], strides: [] : memref<3x5xi32> to memref<i32>
// CHECK-NEXT:     return %reinterpret_cast, %c5 : memref<i32>, index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @pointer(%m: memref<4x4xf32>, %i: index) -> index {
  %v = memref.subview %m[%i, 0] [1, 4] [1, 1]
    : memref<4x4xf32> to memref<1x4xf32, strided<[4, 1], offset: ?>>
  %p = memref.extract_aligned_pointer_as_index %v
    : memref<1x4xf32, strided<[4, 1], offset: ?>> -> index
  return %p : index
}

// CHECK: module {
// CHECK-NEXT:   func.func @pointer(%arg0: memref<4x4xf32>, %arg1: index) -> index {
// CHECK-NEXT:     %intptr = memref.extract_aligned_pointer_as_index %arg0 : memref<4x4xf32> -> index
// CHECK-NEXT:     return %intptr : index
// CHECK-NEXT:   }
// CHECK-NEXT: }
