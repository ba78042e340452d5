// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-loop-normalize=promote-single-iter=1 %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @stepped(%n: index, %m: index) {
  affine.for %i = 3 to 30 step 4 {
    "test.use"(%i) : (index) -> ()
  }
  affine.for %i = affine_map<(d0) -> (d0 + 1)>(%n) to min affine_map<(d0, d1) -> (d0 * 2, d1)>(%n, %m) step 3 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0 * 4 + 3)>
// CHECK-NEXT: #map1 = affine_map<()[s0, s1] -> ((s0 - 1) ceildiv 3, (-s0 + s1 - 1) ceildiv 3)>
// CHECK-NEXT: #map2 = affine_map<(d0)[s0] -> (d0 * 3 + s0 + 1)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @stepped(%arg0: index, %arg1: index) {
// CHECK-NEXT:     affine.for %arg2 = 0 to 7 {
// CHECK-NEXT:       %0 = affine.apply #map(%arg2)
// CHECK-NEXT:       "test.use"(%0) : (index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     affine.for %arg2 = 0 to min #map1()[%arg0, %arg1] {
// CHECK-NEXT:       %0 = affine.apply #map2(%arg2)[%arg0]
// CHECK-NEXT:       "test.use"(%0) : (index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @parallel(%n: index) {
  affine.parallel (%i, %j) = (2, %n) to (20, %n + 6) step (3, 2) {
    "test.use"(%i, %j) : (index, index) -> ()
  }
  return
}

// CHECK: #map = affine_map<(d0, d1) -> (d1 * 3 + 2)>
// CHECK-NEXT: #map1 = affine_map<(d0, d1) -> (d0 + d1 * 2)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @parallel(%arg0: index) {
// CHECK-NEXT:     affine.parallel (%arg1, %arg2) = (0, 0) to (6, 3) {
// CHECK-NEXT:       %0 = affine.apply #map(%arg0, %arg1)
// CHECK-NEXT:       %1 = affine.apply #map1(%arg0, %arg2)
// CHECK-NEXT:       "test.use"(%0, %1) : (index, index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @once(%a: memref<4xf32>) {
  affine.for %i = 2 to 3 {
    %x = affine.load %a[%i] : memref<4xf32>
    "test.use"(%x) : (f32) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @once(%arg0: memref<4xf32>) {
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     %0 = affine.load %arg0[%c2] : memref<4xf32>
// CHECK-NEXT:     "test.use"(%0) : (f32) -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
