// RUN: martlet opt --sccp --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Constants flow through conditionals, loops and block arguments on the paths that are taken.
func.func @conditional(%x: i32) -> i32 {
  %true = arith.constant true
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  %sum = arith.addi %one, %two : i32
  %0 = scf.if %true -> (i32) {
    scf.yield %sum : i32
  } else {
    scf.yield %x : i32
  }
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @conditional(%arg0: i32) -> i32 {
// CHECK-NEXT:     %c3_i32 = arith.constant 3 : i32
// CHECK-NEXT:     %c2_i32 = arith.constant 2 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %true = arith.constant true
// CHECK-NEXT:     return %c3_i32 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A carried value that never changes is constant, one that does is not.
func.func @loop(%n: index) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %seven = arith.constant 7 : i32
  %one = arith.constant 1 : i32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %seven, %b = %seven) -> (i32, i32) {
    %zero = arith.subi %a, %a : i32
    %same = arith.addi %a, %zero : i32
    %more = arith.addi %b, %one : i32
    scf.yield %same, %more : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: index) -> (i32, i32) {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %c7_i32 = arith.constant 7 : i32
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0:2 = scf.for %arg1 = %c0 to %arg0 step %c1 iter_args(%arg2 = %c7_i32, %arg3 = %c7_i32) -> (i32, i32) {
// CHECK-NEXT:       %1 = arith.addi %arg3, %c1_i32 : i32
// CHECK-NEXT:       scf.yield %c7_i32, %1 : i32, i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %c7_i32, %0#1 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// What cannot be reached adds nothing to a block's argument.
func.func @blocks(%x: i32) -> i32 {
  %false = arith.constant false
  %c = arith.constant 3 : i32
  cf.cond_br %false, ^bb1(%x : i32), ^bb1(%c : i32)
^bb1(%v: i32):
  %0 = arith.muli %v, %v : i32
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @blocks(%arg0: i32) -> i32 {
// CHECK-NEXT:     %c3_i32 = arith.constant 3 : i32
// CHECK-NEXT:     %false = arith.constant false
// CHECK-NEXT:     cf.cond_br %false, ^bb1(%arg0 : i32), ^bb1(%c3_i32 : i32)
// CHECK-NEXT:   ^bb1(%0: i32):  // 2 preds: ^bb0, ^bb0
// CHECK-NEXT:     %1 = arith.muli %0, %0 : i32
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A private function is always called with one constant.
func.func private @callee(%a: i32, %b: i32) -> i32 {
  %0 = arith.addi %a, %b : i32
  return %0 : i32
}
func.func @callers(%x: i32) -> (i32, i32) {
  %c = arith.constant 5 : i32
  %0 = call @callee(%c, %x) : (i32, i32) -> i32
  %1 = call @callee(%c, %c) : (i32, i32) -> i32
  return %0, %1 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @callee(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     %c5_i32 = arith.constant 5 : i32
// CHECK-NEXT:     %0 = arith.addi %c5_i32, %arg1 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @callers(%arg0: i32) -> (i32, i32) {
// CHECK-NEXT:     %c5_i32 = arith.constant 5 : i32
// CHECK-NEXT:     %0 = call @callee(%c5_i32, %arg0) : (i32, i32) -> i32
// CHECK-NEXT:     %1 = call @callee(%c5_i32, %c5_i32) : (i32, i32) -> i32
// CHECK-NEXT:     return %0, %1 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// The loop's body is not reached: its condition is false.
func.func @never(%x: i32) -> i32 {
  %false = arith.constant false
  %c = arith.constant 4 : i32
  %0 = scf.while (%a = %c) : (i32) -> i32 {
    scf.condition(%false) %a : i32
  } do {
  ^bb0(%b: i32):
    scf.yield %x : i32
  }
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @never(%arg0: i32) -> i32 {
// CHECK-NEXT:     %c4_i32 = arith.constant 4 : i32
// CHECK-NEXT:     %false = arith.constant false
// CHECK-NEXT:     return %c4_i32 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }
