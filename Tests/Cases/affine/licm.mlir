// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-loop-invariant-code-motion %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @load(%a: memref<4xf32>, %b: memref<10xf32>) {
  affine.for %i = 0 to 10 {
    %x = affine.load %a[2] : memref<4xf32>
    %y = arith.addf %x, %x : f32
    affine.store %y, %b[%i] : memref<10xf32>
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @load(%arg0: memref<4xf32>, %arg1: memref<10xf32>) {
// CHECK-NEXT:     %0 = affine.load %arg0[2] : memref<4xf32>
// CHECK-NEXT:     %1 = arith.addf %0, %0 : f32
// CHECK-NEXT:     affine.for %arg2 = 0 to 10 {
// CHECK-NEXT:       affine.store %1, %arg1[%arg2] : memref<10xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// What the loop writes is not the same in every iteration.
func.func @written(%a: memref<10xf32>) {
  affine.for %i = 0 to 10 {
    %x = affine.load %a[2] : memref<10xf32>
    affine.store %x, %a[%i] : memref<10xf32>
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @written(%arg0: memref<10xf32>) {
// CHECK-NEXT:     affine.for %arg1 = 0 to 10 {
// CHECK-NEXT:       %0 = affine.load %arg0[2] : memref<10xf32>
// CHECK-NEXT:       affine.store %0, %arg0[%arg1] : memref<10xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A whole loop that does not depend on the one around.
func.func @loop(%a: memref<10xf32>, %f: f32) {
  affine.for %i = 0 to 10 {
    affine.for %j = 0 to 10 {
      affine.store %f, %a[%j] : memref<10xf32>
    }
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: memref<10xf32>, %arg1: f32) {
// CHECK-NEXT:     affine.for %arg2 = 0 to 10 {
// CHECK-NEXT:       affine.store %arg1, %arg0[%arg2] : memref<10xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     affine.for %arg2 = 0 to 10 {
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
