// RUN: martlet opt --allow-unregistered-dialect --split-input-file "--pass-pipeline=builtin.module(func.func(affine-loop-unroll{unroll-factor=-1}))" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @three() {
  affine.for %i = 2 to 8 step 2 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0 + 2)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 4)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @three() {
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     "test.use"(%c2) : (index) -> ()
// CHECK-NEXT:     %0 = affine.apply #map(%c2)
// CHECK-NEXT:     "test.use"(%0) : (index) -> ()
// CHECK-NEXT:     %1 = affine.apply #map1(%c2)
// CHECK-NEXT:     "test.use"(%1) : (index) -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Bounds that vary, their difference does not.
func.func @window(%n: index) {
  affine.for %i = 0 to %n {
    affine.for %j = affine_map<(d0) -> (d0)>(%i) to affine_map<(d0) -> (d0 + 2)>(%i) {
      "test.use"(%j) : (index) -> ()
    }
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0 + 1)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @window(%arg0: index) {
// CHECK-NEXT:     affine.for %arg1 = 0 to %arg0 {
// CHECK-NEXT:       "test.use"(%arg1) : (index) -> ()
// CHECK-NEXT:       %0 = affine.apply #map(%arg1)
// CHECK-NEXT:       "test.use"(%0) : (index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
