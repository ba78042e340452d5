// RUN: martlet opt --allow-unregistered-dialect --split-input-file "--pass-pipeline=builtin.module(func.func(affine-loop-unroll{unroll-factor=4}))" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// What is left of the iterations runs behind.
func.func @rest(%a: memref<10xf32>) {
  affine.for %i = 0 to 10 {
    %x = affine.load %a[%i] : memref<10xf32>
    "test.use"(%x) : (f32) -> ()
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0 + 1)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 2)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0 + 3)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @rest(%arg0: memref<10xf32>) {
// CHECK-NEXT:     affine.for %arg1 = 0 to 8 step 4 {
// CHECK-NEXT:       %0 = affine.load %arg0[%arg1] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%0) : (f32) -> ()
// CHECK-NEXT:       %1 = affine.apply #map(%arg1)
// CHECK-NEXT:       %2 = affine.load %arg0[%1] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%2) : (f32) -> ()
// CHECK-NEXT:       %3 = affine.apply #map1(%arg1)
// CHECK-NEXT:       %4 = affine.load %arg0[%3] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%4) : (f32) -> ()
// CHECK-NEXT:       %5 = affine.apply #map2(%arg1)
// CHECK-NEXT:       %6 = affine.load %arg0[%5] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%6) : (f32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     affine.for %arg1 = 8 to 10 {
// CHECK-NEXT:       %0 = affine.load %arg0[%arg1] : memref<10xf32>
// CHECK-NEXT:       "test.use"(%0) : (f32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Carried values go from copy to copy.
func.func @carried(%a: memref<8xf32>, %z: f32) -> f32 {
  %sum = affine.for %i = 0 to 8 iter_args(%s = %z) -> (f32) {
    %x = affine.load %a[%i] : memref<8xf32>
    %t = arith.addf %s, %x : f32
    affine.yield %t : f32
  }
  return %sum : f32
}

// CHECK: #map = affine_map<(d0) -> (d0 + 1)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 2)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0 + 3)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @carried(%arg0: memref<8xf32>, %arg1: f32) -> f32 {
// CHECK-NEXT:     %0 = affine.for %arg2 = 0 to 8 step 4 iter_args(%arg3 = %arg1) -> (f32) {
// CHECK-NEXT:       %1 = affine.load %arg0[%arg2] : memref<8xf32>
// CHECK-NEXT:       %2 = arith.addf %arg3, %1 : f32
// CHECK-NEXT:       %3 = affine.apply #map(%arg2)
// CHECK-NEXT:       %4 = affine.load %arg0[%3] : memref<8xf32>
// CHECK-NEXT:       %5 = arith.addf %2, %4 : f32
// CHECK-NEXT:       %6 = affine.apply #map1(%arg2)
// CHECK-NEXT:       %7 = affine.load %arg0[%6] : memref<8xf32>
// CHECK-NEXT:       %8 = arith.addf %5, %7 : f32
// CHECK-NEXT:       %9 = affine.apply #map2(%arg2)
// CHECK-NEXT:       %10 = affine.load %arg0[%9] : memref<8xf32>
// CHECK-NEXT:       %11 = arith.addf %8, %10 : f32
// CHECK-NEXT:       affine.yield %11 : f32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// The number of iterations is not known: the loop behind begins where they end.
func.func @unknown(%n: index) {
  affine.for %i = 3 to %n step 2 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// CHECK: #map = affine_map<()[s0] -> ((((s0 - 3) ceildiv 2) floordiv 4) * 8 + 3)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 2)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0 + 4)>
// CHECK-NEXT: #map3 = affine_map<(d0) -> (d0 + 6)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @unknown(%arg0: index) {
// CHECK-NEXT:     affine.for %arg1 = 3 to #map()[%arg0] step 8 {
// CHECK-NEXT:       "test.use"(%arg1) : (index) -> ()
// CHECK-NEXT:       %0 = affine.apply #map1(%arg1)
// CHECK-NEXT:       "test.use"(%0) : (index) -> ()
// CHECK-NEXT:       %1 = affine.apply #map2(%arg1)
// CHECK-NEXT:       "test.use"(%1) : (index) -> ()
// CHECK-NEXT:       %2 = affine.apply #map3(%arg1)
// CHECK-NEXT:       "test.use"(%2) : (index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     affine.for %arg1 = #map()[%arg0] to %arg0 step 2 {
// CHECK-NEXT:       "test.use"(%arg1) : (index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A loop that runs less often than the factor stays.
func.func @short() {
  affine.for %i = 0 to 3 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @short() {
// CHECK-NEXT:     affine.for %arg0 = 0 to 3 {
// CHECK-NEXT:       "test.use"(%arg0) : (index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
