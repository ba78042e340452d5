// RUN: martlet opt --remove-dead-values --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Arguments and results of private functions nobody needs go, together with what computes them.
func.func private @callee(%a: i32, %b: i32) -> (i32, i32) {
  %0 = arith.muli %a, %b : i32
  %1 = arith.addi %0, %b : i32
  return %a, %1 : i32, i32
}
func.func @caller(%x: i32) -> i32 {
  %0:2 = call @callee(%x, %x) : (i32, i32) -> (i32, i32)
  return %0#0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @callee(%arg0: i32) -> i32 {
// CHECK-NEXT:     return %arg0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @caller(%arg0: i32) -> i32 {
// CHECK-NEXT:     %0 = call @callee(%arg0) : (i32) -> i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// What a loop carries for nothing, and what is yielded for nothing.
func.func @loop(%n: index, %a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %start = arith.muli %a, %a : i32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %start) -> (i32, i32) {
    %p = arith.addi %x, %a : i32
    %q = arith.addi %y, %x : i32
    scf.yield %p, %q : i32, i32
  }
  return %r#0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: index, %arg1: i32) -> i32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = ub.poison : i32
// CHECK-NEXT:     %1 = scf.for %arg2 = %c0 to %arg0 step %c1 iter_args(%arg3 = %arg1) -> (i32) {
// CHECK-NEXT:       %2 = arith.addi %arg3, %arg1 : i32
// CHECK-NEXT:       %3 = ub.poison : i32
// CHECK-NEXT:       scf.yield %2 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// An argument of a block.
func.func @blocks(%c: i1, %a: i32) -> i32 {
  %dead = arith.addi %a, %a : i32
  cf.br ^bb1(%dead, %a : i32, i32)
^bb1(%x: i32, %y: i32):
  %z = arith.addi %x, %x : i32
  return %y : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @blocks(%arg0: i1, %arg1: i32) -> i32 {
// CHECK-NEXT:     cf.br ^bb1(%arg1 : i32)
// CHECK-NEXT:   ^bb1(%0: i32):  // pred: ^bb0
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Effects stay.
func.func @effects(%m: memref<4xi32>, %i: index, %a: i32) {
  %0 = memref.load %m[%i] : memref<4xi32>
  %1 = arith.addi %0, %a : i32
  memref.store %a, %m[%i] : memref<4xi32>
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @effects(%arg0: memref<4xi32>, %arg1: index, %arg2: i32) {
// CHECK-NEXT:     %0 = memref.load %arg0[%arg1] : memref<4xi32>
// CHECK-NEXT:     memref.store %arg2, %arg0[%arg1] : memref<4xi32>
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
