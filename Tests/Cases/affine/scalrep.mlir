// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-scalrep %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// A local buffer that only passes values on goes.
func.func @forward(%f: f32) {
  %m = memref.alloc() : memref<10xf32>
  affine.for %i = 0 to 10 {
    affine.store %f, %m[%i] : memref<10xf32>
    %x = affine.load %m[%i] : memref<10xf32>
    "test.use"(%x) : (f32) -> ()
  }
  memref.dealloc %m : memref<10xf32>
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @forward(%arg0: f32) {
// CHECK-NEXT:     affine.for %arg1 = 0 to 10 {
// CHECK-NEXT:       "test.use"(%arg0) : (f32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// The same place by another map.
func.func @composed(%m: memref<20xf32>, %f: f32) {
  affine.for %i = 0 to 10 {
    %j = affine.apply affine_map<(d0) -> (d0 + 5)>(%i)
    affine.store %f, %m[%j] : memref<20xf32>
    %x = affine.load %m[%i + 5] : memref<20xf32>
    "test.use"(%x) : (f32) -> ()
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0 + 5)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @composed(%arg0: memref<20xf32>, %arg1: f32) {
// CHECK-NEXT:     affine.for %arg2 = 0 to 10 {
// CHECK-NEXT:       %0 = affine.apply #map(%arg2)
// CHECK-NEXT:       affine.store %arg1, %arg0[%0] : memref<20xf32>
// CHECK-NEXT:       "test.use"(%arg1) : (f32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// The second store may hit what was stored before.
func.func @clobbered(%m: memref<10xf32>, %f: f32, %g: f32, %k: index) {
  affine.for %i = 0 to 10 {
    affine.store %f, %m[%i] : memref<10xf32>
    affine.store %g, %m[symbol(%k)] : memref<10xf32>
    %x = affine.load %m[%i] : memref<10xf32>
    "test.use"(%x) : (f32) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @clobbered(%arg0: memref<10xf32>, %arg1: f32, %arg2: f32, %arg3: index) {
// CHECK-NEXT:     affine.for %arg4 = 0 to 10 {
// CHECK-NEXT:       affine.store %arg1, %arg0[%arg4] : memref<10xf32>
// CHECK-NEXT:       affine.store %arg2, %arg0[symbol(%arg3)] : memref<10xf32>
// CHECK-NEXT:       %0 = affine.load %arg0[%arg4] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%0) : (f32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Stores that others overwrite, and loads that others made, go.
func.func @redundant(%m: memref<10xf32>, %n: memref<10xf32>, %f: f32, %g: f32) {
  affine.for %i = 0 to 10 {
    affine.store %f, %m[%i] : memref<10xf32>
    affine.store %g, %m[%i] : memref<10xf32>
    %x = affine.load %n[%i] : memref<10xf32>
    %y = affine.load %n[%i] : memref<10xf32>
    "test.use"(%x, %y) : (f32, f32) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @redundant(%arg0: memref<10xf32>, %arg1: memref<10xf32>, %arg2: f32, %arg3: f32) {
// CHECK-NEXT:     affine.for %arg4 = 0 to 10 {
// CHECK-NEXT:       affine.store %arg3, %arg0[%arg4] : memref<10xf32>
// CHECK-NEXT:       %0 = affine.load %arg1[%arg4] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%0, %0) : (f32, f32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
