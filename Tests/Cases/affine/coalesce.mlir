// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-loop-coalescing %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @affine(%n: index) {
  affine.for %i = 0 to 8 {
    affine.for %j = 0 to %n {
      "test.use"(%i, %j) : (index, index) -> ()
    }
  }
  return
}

// CHECK: #map = affine_map<() -> (8)>
// CHECK-NEXT: #map1 = affine_map<()[s0] -> (s0)>
// CHECK-NEXT: #map2 = affine_map<(d0)[s0] -> (d0 * s0)>
// CHECK-NEXT: #map3 = affine_map<(d0)[s0] -> (d0 mod s0)>
// CHECK-NEXT: #map4 = affine_map<(d0)[s0] -> (d0 floordiv s0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @affine(%arg0: index) {
// CHECK-NEXT:     %0 = affine.apply #map()
// CHECK-NEXT:     %1 = affine.apply #map1()[%arg0]
// CHECK-NEXT:     %2 = affine.apply #map2(%0)[%1]
// CHECK-NEXT:     affine.for %arg1 = 0 to %2 {
// CHECK-NEXT:       %3 = affine.apply #map3(%arg1)[%1]
// CHECK-NEXT:       %4 = affine.apply #map4(%arg1)[%1]
// CHECK-NEXT:       "test.use"(%4, %3) : (index, index) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @integers(%n: i32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  scf.for %i = %zero to %n step %two : i32 {
    scf.for %j = %one to %n step %one : i32 {
      "test.use"(%i, %j) : (i32, i32) -> ()
    }
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @integers(%arg0: i32) {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %c2_i32 = arith.constant 2 : i32
// CHECK-NEXT:     %0 = arith.ceildivsi %arg0, %c2_i32 : i32
// CHECK-NEXT:     %c0_i32_0 = arith.constant 0 : i32
// CHECK-NEXT:     %c1_i32_1 = arith.constant 1 : i32
// CHECK-NEXT:     %1 = arith.subi %arg0, %c1_i32 : i32
// CHECK-NEXT:     %c0_i32_2 = arith.constant 0 : i32
// CHECK-NEXT:     %c1_i32_3 = arith.constant 1 : i32
// CHECK-NEXT:     %2 = arith.muli %0, %1 : i32
// CHECK-NEXT:     scf.for %arg1 = %c0_i32_0 to %2 step %c1_i32_1  : i32 {
// CHECK-NEXT:       %3 = arith.remsi %arg1, %1 : i32
// CHECK-NEXT:       %4 = arith.divsi %arg1, %1 : i32
// CHECK-NEXT:       %5 = arith.addi %3, %c1_i32 : i32
// CHECK-NEXT:       %6 = arith.muli %4, %c2_i32 : i32
// CHECK-NEXT:       "test.use"(%6, %5) : (i32, i32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
