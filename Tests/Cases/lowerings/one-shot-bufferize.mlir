// RUN: martlet opt --split-input-file --one-shot-bufferize=bufferize-function-boundaries %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @fill(%t: tensor<?xf32>, %f: f32) -> tensor<?xf32> {
  %r = linalg.fill ins(%f : f32) outs(%t : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @fill(%arg0: memref<?xf32, strided<[?], offset: ?>>, %arg1: f32) -> memref<?xf32, strided<[?], offset: ?>> {
// CHECK-NEXT:     linalg.fill ins(%arg1 : f32) outs(%arg0 : memref<?xf32, strided<[?], offset: ?>>)
// CHECK-NEXT:     return %arg0 : memref<?xf32, strided<[?], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// The old tensor is read behind the write.
func.func @copied(%t: tensor<4xf32>, %f: f32, %i: index) -> (tensor<4xf32>, f32) {
  %new = tensor.insert %f into %t[%i] : tensor<4xf32>
  %x = tensor.extract %t[%i] : tensor<4xf32>
  return %new, %x : tensor<4xf32>, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @copied(%arg0: memref<4xf32, strided<[?], offset: ?>>, %arg1: f32, %arg2: index) -> (memref<4xf32>, f32) {
// CHECK-NEXT:     %alloc = memref.alloc() {alignment = 64 : i64} : memref<4xf32>
// CHECK-NEXT:     memref.copy %arg0, %alloc : memref<4xf32, strided<[?], offset: ?>> to memref<4xf32>
// CHECK-NEXT:     memref.store %arg1, %alloc[%arg2] : memref<4xf32>
// CHECK-NEXT:     %0 = memref.load %arg0[%arg2] : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     %cast = memref.cast %alloc : memref<4xf32> to memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     return %alloc, %0 : memref<4xf32>, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A slice is taken, changed and put back in place.
func.func @slice(%t: tensor<16xf32>, %f: f32) -> tensor<16xf32> {
  %s = tensor.extract_slice %t[4] [8] [1] : tensor<16xf32> to tensor<8xf32>
  %r = linalg.fill ins(%f : f32) outs(%s : tensor<8xf32>) -> tensor<8xf32>
  %u = tensor.insert_slice %r into %t[4] [8] [1] : tensor<8xf32> into tensor<16xf32>
  return %u : tensor<16xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @slice(%arg0: memref<16xf32, strided<[?], offset: ?>>, %arg1: f32) -> memref<16xf32, strided<[?], offset: ?>> {
// CHECK-NEXT:     %subview = memref.subview %arg0[4] [8] [1] : memref<16xf32, strided<[?], offset: ?>> to memref<8xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     linalg.fill ins(%arg1 : f32) outs(%subview : memref<8xf32, strided<[?], offset: ?>>)
// CHECK-NEXT:     %subview_0 = memref.subview %arg0[4] [8] [1] : memref<16xf32, strided<[?], offset: ?>> to memref<8xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     memref.copy %subview, %subview_0 : memref<8xf32, strided<[?], offset: ?>> to memref<8xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     return %arg0 : memref<16xf32, strided<[?], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @loop(%t: tensor<?xf32>, %f: f32, %n: index) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%s = %t) -> (tensor<?xf32>) {
    %u = tensor.insert %f into %s[%i] : tensor<?xf32>
    scf.yield %u : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: memref<?xf32, strided<[?], offset: ?>>, %arg1: f32, %arg2: index) -> memref<?xf32, strided<[?], offset: ?>> {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = scf.for %arg3 = %c0 to %arg2 step %c1 iter_args(%arg4 = %arg0) -> (memref<?xf32, strided<[?], offset: ?>>) {
// CHECK-NEXT:       memref.store %arg1, %arg4[%arg3] : memref<?xf32, strided<[?], offset: ?>>
// CHECK-NEXT:       scf.yield %arg4 : memref<?xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : memref<?xf32, strided<[?], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Constants are not written to.
func.func @constant(%f: f32, %i: index) -> tensor<3xf32> {
  %k = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %r = tensor.insert %f into %k[%i] : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK: module {
// CHECK-NEXT:   memref.global "private" constant @__constant_3xf32 : memref<3xf32> = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> {alignment = 64 : i64}
// CHECK-NEXT:   func.func @constant(%arg0: f32, %arg1: index) -> memref<3xf32> {
// CHECK-NEXT:     %0 = memref.get_global @__constant_3xf32 : memref<3xf32>
// CHECK-NEXT:     %alloc = memref.alloc() {alignment = 64 : i64} : memref<3xf32>
// CHECK-NEXT:     memref.copy %0, %alloc : memref<3xf32> to memref<3xf32>
// CHECK-NEXT:     memref.store %arg0, %alloc[%arg1] : memref<3xf32>
// CHECK-NEXT:     %cast = memref.cast %alloc : memref<3xf32> to memref<3xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     return %alloc : memref<3xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @reads(%t: tensor<4xf32>, %i: index) -> f32 {
  %x = tensor.extract %t[%i] : tensor<4xf32>
  return %x : f32
}
func.func @calls(%t: tensor<4xf32>, %f: f32, %i: index) -> (tensor<4xf32>, f32) {
  %u = tensor.insert %f into %t[%i] : tensor<4xf32>
  %x = call @reads(%u, %i) : (tensor<4xf32>, index) -> f32
  return %u, %x : tensor<4xf32>, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @reads(%arg0: memref<4xf32, strided<[?], offset: ?>>, %arg1: index) -> f32 {
// CHECK-NEXT:     %0 = memref.load %arg0[%arg1] : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     return %0 : f32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @calls(%arg0: memref<4xf32, strided<[?], offset: ?>>, %arg1: f32, %arg2: index) -> (memref<4xf32, strided<[?], offset: ?>>, f32) {
// CHECK-NEXT:     memref.store %arg1, %arg0[%arg2] : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     %0 = call @reads(%arg0, %arg2) : (memref<4xf32, strided<[?], offset: ?>>, index) -> f32
// CHECK-NEXT:     return %arg0, %0 : memref<4xf32, strided<[?], offset: ?>>, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @branches(%c: i1, %a: tensor<4xf32>, %f: f32, %i: index) -> tensor<4xf32> {
  %r = scf.if %c -> (tensor<4xf32>) {
    %u = tensor.insert %f into %a[%i] : tensor<4xf32>
    scf.yield %u : tensor<4xf32>
  } else {
    scf.yield %a : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @branches(%arg0: i1, %arg1: memref<4xf32, strided<[?], offset: ?>>, %arg2: f32, %arg3: index) -> memref<4xf32, strided<[?], offset: ?>> {
// CHECK-NEXT:     %0 = scf.if %arg0 -> (memref<4xf32, strided<[?], offset: ?>>) {
// CHECK-NEXT:       memref.store %arg2, %arg1[%arg3] : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:       scf.yield %arg1 : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     } else {
// CHECK-NEXT:       scf.yield %arg1 : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : memref<4xf32, strided<[?], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }
