// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-simplify-structures %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @sets(%n: index) {
  affine.for %i = 0 to 10 {
    affine.if affine_set<(d0) : (d0 - 1 >= 0, d0 - 2 >= 0, d0 * 2 - 4 == 0)>(%i) {
      "test.use"(%i) : (index) -> ()
    }
    affine.if affine_set<(d0) : (d0 - 1 >= 0, -d0 >= 0)>(%i) {
      "test.use"(%i) : (index) -> ()
    }
  }
  return
}

// CHECK: #set = affine_set<(d0) : (d0 - 2 == 0, d0 - 2 >= 0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @sets(%arg0: index) {
// CHECK-NEXT:     affine.for %arg1 = 0 to 10 {
// CHECK-NEXT:       affine.if #set(%arg1) {
// CHECK-NEXT:         "test.use"(%arg1) : (index) -> ()
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @maps(%i: index) -> index {
  %0 = affine.apply affine_map<(d0) -> ((d0 * 4 + 8) floordiv 4 - d0)>(%i)
  return %0 : index
}

// CHECK: module {
// CHECK-NEXT:   func.func @maps(%arg0: index) -> index {
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     return %c2 : index
// CHECK-NEXT:   }
// CHECK-NEXT: }
