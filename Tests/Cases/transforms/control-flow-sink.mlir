// RUN: martlet opt --control-flow-sink --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// What only one branch uses goes there, with what it is computed from.
func.func @sink(%c: i1, %a: i32, %b: i32) -> i32 {
  %0 = arith.addi %a, %b : i32
  %1 = arith.muli %0, %b : i32
  %2 = arith.subi %a, %b : i32
  %r = scf.if %c -> (i32) {
    scf.yield %1 : i32
  } else {
    %3 = arith.addi %2, %2 : i32
    scf.yield %3 : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @sink(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = scf.if %arg0 -> (i32) {
// CHECK-NEXT:       %1 = arith.addi %arg1, %arg2 : i32
// CHECK-NEXT:       %2 = arith.muli %1, %arg2 : i32
// CHECK-NEXT:       scf.yield %2 : i32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       %1 = arith.subi %arg1, %arg2 : i32
// CHECK-NEXT:       %2 = arith.addi %1, %1 : i32
// CHECK-NEXT:       scf.yield %2 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// What both branches use stays, and so does what a loop's body uses.
func.func @stays(%c: i1, %n: index, %a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = arith.addi %a, %a : i32
  %1 = arith.muli %a, %a : i32
  %r = scf.if %c -> (i32) {
    scf.yield %0 : i32
  } else {
    scf.yield %0 : i32
  }
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%x = %r) -> (i32) {
    %2 = arith.addi %x, %1 : i32
    scf.yield %2 : i32
  }
  return %s : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @stays(%arg0: i1, %arg1: index, %arg2: i32) -> i32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = arith.addi %arg2, %arg2 : i32
// CHECK-NEXT:     %1 = arith.muli %arg2, %arg2 : i32
// CHECK-NEXT:     %2 = scf.if %arg0 -> (i32) {
// CHECK-NEXT:       scf.yield %0 : i32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       scf.yield %0 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     %3 = scf.for %arg3 = %c0 to %arg1 step %c1 iter_args(%arg4 = %2) -> (i32) {
// CHECK-NEXT:       %4 = arith.addi %arg4, %1 : i32
// CHECK-NEXT:       scf.yield %4 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %3 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @cases(%i: index, %a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  %r = scf.index_switch %i -> i32
  case 2 {
    scf.yield %0 : i32
  }
  default {
    scf.yield %a : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @cases(%arg0: index, %arg1: i32) -> i32 {
// CHECK-NEXT:     %0 = scf.index_switch %arg0 -> i32
// CHECK-NEXT:     case 2 {
// CHECK-NEXT:       %1 = arith.addi %arg1, %arg1 : i32
// CHECK-NEXT:       scf.yield %1 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     default {
// CHECK-NEXT:       scf.yield %arg1 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }
