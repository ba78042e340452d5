// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @pairs(%m: memref<?xf32>, %i: index) -> (memref<?xf32, strided<[?], offset: ?>>, index, f32) {
  %c0 = arith.constant 0 : index
  %0 = bufferization.to_tensor %m : memref<?xf32> to tensor<?xf32>
  %1 = bufferization.to_buffer %0 : tensor<?xf32> to memref<?xf32, strided<[?], offset: ?>>
  %2 = tensor.dim %0, %c0 : tensor<?xf32>
  %3 = bufferization.to_buffer %0 : tensor<?xf32> to memref<?xf32>
  %4 = memref.load %3[%i] : memref<?xf32>
  return %1, %2, %4 : memref<?xf32, strided<[?], offset: ?>>, index, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @pairs(%arg0: memref<?xf32>, %arg1: index) -> (memref<?xf32, strided<[?], offset: ?>>, index, f32) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %cast = memref.cast %arg0 : memref<?xf32> to memref<?xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     %dim = memref.dim %arg0, %c0 : memref<?xf32>
// CHECK-NEXT:     %0 = memref.load %arg0[%arg1] : memref<?xf32>
// CHECK-NEXT:     return %cast, %dim, %0 : memref<?xf32, strided<[?], offset: ?>>, index, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @deallocations(%a: memref<2xi32>, %b: memref<4xi32>, %p: i1, %q: i1) -> (i1, i1) {
  %false = arith.constant false
  %0:2 = bufferization.dealloc (%a, %a, %b : memref<2xi32>, memref<2xi32>, memref<4xi32>) if (%p, %q, %false) retain (%b, %b : memref<4xi32>, memref<4xi32>)
  return %0#0, %0#1 : i1, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @deallocations(%arg0: memref<2xi32>, %arg1: memref<4xi32>, %arg2: i1, %arg3: i1) -> (i1, i1) {
// CHECK-NEXT:     %0 = arith.ori %arg2, %arg3 : i1
// CHECK-NEXT:     %1 = bufferization.dealloc (%arg0 : memref<2xi32>) if (%0) retain (%arg1 : memref<4xi32>)
// CHECK-NEXT:     return %1, %1 : i1, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @clones(%a: memref<2xi32>) -> memref<2xi32> {
  %0 = bufferization.clone %a : memref<2xi32> to memref<2xi32>
  memref.dealloc %a : memref<2xi32>
  return %0 : memref<2xi32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @clones(%arg0: memref<2xi32>) -> memref<2xi32> {
// CHECK-NEXT:     return %arg0 : memref<2xi32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @allocations() -> (tensor<?xf32>, index) {
  %c0 = arith.constant 0 : index
  %c5 = arith.constant 5 : index
  %0 = bufferization.alloc_tensor(%c5) : tensor<?xf32>
  %1 = tensor.dim %0, %c0 : tensor<?xf32>
  return %0, %1 : tensor<?xf32>, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @allocations() -> (tensor<?xf32>, index) {
// CHECK-NEXT:     %c5 = arith.constant 5 : index
// CHECK-NEXT:     %0 = bufferization.alloc_tensor() : tensor<5xf32>
// CHECK-NEXT:     %cast = tensor.cast %0 : tensor<5xf32> to tensor<?xf32>
// CHECK-NEXT:     return %cast, %c5 : tensor<?xf32>, index
// CHECK-NEXT:   }
// CHECK-NEXT: }
