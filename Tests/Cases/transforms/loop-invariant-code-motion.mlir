// RUN: martlet opt --loop-invariant-code-motion --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Pure operations leave, through all loops they do not depend on.
func.func @nested(%a: f32, %b: f32, %m: memref<8x8xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %x = arith.addf %a, %b : f32
    scf.for %j = %c0 to %n step %c1 {
      %y = arith.mulf %x, %b : f32
      %z = arith.addi %i, %c1 : index
      %w = arith.addi %z, %j : index
      memref.store %y, %m[%i, %w] : memref<8x8xf32>
    }
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @nested(%arg0: f32, %arg1: f32, %arg2: memref<8x8xf32>, %arg3: index) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = arith.addf %arg0, %arg1 : f32
// CHECK-NEXT:     %1 = arith.mulf %0, %arg1 : f32
// CHECK-NEXT:     scf.for %arg4 = %c0 to %arg3 step %c1 {
// CHECK-NEXT:       %2 = arith.addi %arg4, %c1 : index
// CHECK-NEXT:       scf.for %arg5 = %c0 to %arg3 step %c1 {
// CHECK-NEXT:         %3 = arith.addi %2, %arg5 : index
// CHECK-NEXT:         memref.store %1, %arg2[%arg4, %3] : memref<8x8xf32>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// What may trap, reads, writes or allocates stays.
func.func private @f() -> i32
func.func @stays(%a: i32, %b: i32, %m: memref<8xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = arith.divsi %a, %b : i32
    %1 = memref.load %m[%c0] : memref<8xi32>
    %2 = func.call @f() : () -> i32
    %3 = memref.alloc() : memref<8xi32>
    %4 = arith.addi %0, %1 : i32
    %5 = arith.addi %4, %2 : i32
    memref.store %5, %3[%i] : memref<8xi32>
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @f() -> i32
// CHECK-NEXT:   func.func @stays(%arg0: i32, %arg1: i32, %arg2: memref<8xi32>, %arg3: index) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     scf.for %arg4 = %c0 to %arg3 step %c1 {
// CHECK-NEXT:       %0 = arith.divsi %arg0, %arg1 : i32
// CHECK-NEXT:       %1 = memref.load %arg2[%c0] : memref<8xi32>
// CHECK-NEXT:       %2 = func.call @f() : () -> i32
// CHECK-NEXT:       %alloc = memref.alloc() : memref<8xi32>
// CHECK-NEXT:       %3 = arith.addi %0, %1 : i32
// CHECK-NEXT:       %4 = arith.addi %3, %2 : i32
// CHECK-NEXT:       memref.store %4, %alloc[%arg4] : memref<8xi32>
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Division by a constant that cannot trap.
func.func @safe_division(%a: i32, %m: memref<8xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : i32
  %cm1 = arith.constant -1 : i32
  %zero = arith.constant 0 : i32
  scf.for %i = %c0 to %n step %c1 {
    %0 = arith.divsi %a, %c7 : i32
    %1 = arith.divsi %a, %cm1 : i32
    %2 = arith.divui %a, %zero : i32
    %3 = arith.remsi %a, %c7 : i32
    %4 = arith.ceildivsi %a, %c7 : i32
    %5 = arith.floordivsi %a, %cm1 : i32
    memref.store %0, %m[%i] : memref<8xi32>
    memref.store %1, %m[%i] : memref<8xi32>
    memref.store %2, %m[%i] : memref<8xi32>
    memref.store %3, %m[%i] : memref<8xi32>
    memref.store %4, %m[%i] : memref<8xi32>
    memref.store %5, %m[%i] : memref<8xi32>
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @safe_division(%arg0: i32, %arg1: memref<8xi32>, %arg2: index) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c7_i32 = arith.constant 7 : i32
// CHECK-NEXT:     %c-1_i32 = arith.constant -1 : i32
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %0 = arith.divsi %arg0, %c7_i32 : i32
// CHECK-NEXT:     %1 = arith.remsi %arg0, %c7_i32 : i32
// CHECK-NEXT:     %2 = arith.ceildivsi %arg0, %c7_i32 : i32
// CHECK-NEXT:     %3 = arith.floordivsi %arg0, %c-1_i32 : i32
// CHECK-NEXT:     scf.for %arg3 = %c0 to %arg2 step %c1 {
// CHECK-NEXT:       %4 = arith.divsi %arg0, %c-1_i32 : i32
// CHECK-NEXT:       %5 = arith.divui %arg0, %c0_i32 : i32
// CHECK-NEXT:       memref.store %0, %arg1[%arg3] : memref<8xi32>
// CHECK-NEXT:       memref.store %4, %arg1[%arg3] : memref<8xi32>
// CHECK-NEXT:       memref.store %5, %arg1[%arg3] : memref<8xi32>
// CHECK-NEXT:       memref.store %1, %arg1[%arg3] : memref<8xi32>
// CHECK-NEXT:       memref.store %2, %arg1[%arg3] : memref<8xi32>
// CHECK-NEXT:       memref.store %3, %arg1[%arg3] : memref<8xi32>
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Operations with regions move as a whole.
func.func @conditional(%a: i32, %c: i1, %m: memref<8xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = scf.if %c -> i32 {
      %1 = arith.addi %a, %a : i32
      scf.yield %1 : i32
    } else {
      scf.yield %a : i32
    }
    %2 = scf.if %c -> i32 {
      %3 = arith.index_cast %i : index to i32
      scf.yield %3 : i32
    } else {
      scf.yield %a : i32
    }
    %4 = arith.addi %0, %2 : i32
    memref.store %4, %m[%i] : memref<8xi32>
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @conditional(%arg0: i32, %arg1: i1, %arg2: memref<8xi32>, %arg3: index) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = scf.if %arg1 -> (i32) {
// CHECK-NEXT:       %1 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:       scf.yield %1 : i32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       scf.yield %arg0 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     scf.for %arg4 = %c0 to %arg3 step %c1 {
// CHECK-NEXT:       %1 = scf.if %arg1 -> (i32) {
// CHECK-NEXT:         %3 = arith.index_cast %arg4 : index to i32
// CHECK-NEXT:         scf.yield %3 : i32
// CHECK-NEXT:       } else {
// CHECK-NEXT:         scf.yield %arg0 : i32
// CHECK-NEXT:       }
// CHECK-NEXT:       %2 = arith.addi %0, %1 : i32
// CHECK-NEXT:       memref.store %2, %arg2[%arg4] : memref<8xi32>
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Other loops.
func.func @others(%a: f32, %n: index, %m: memref<8xf32>, %t: tensor<8xf32>) -> (f32, tensor<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.while (%x = %a) : (f32) -> f32 {
    %limit = arith.mulf %a, %a : f32
    %c = arith.cmpf olt, %x, %limit : f32
    scf.condition(%c) %x : f32
  } do {
  ^bb0(%x: f32):
    %two = arith.addf %a, %a : f32
    %y = arith.addf %x, %two : f32
    scf.yield %y : f32
  }
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %s = arith.addf %a, %r : f32
    memref.store %s, %m[%i] : memref<8xf32>
    scf.reduce
  }
  %f = scf.forall (%i) in (8) shared_outs(%o = %t) -> (tensor<8xf32>) {
    %s = arith.mulf %a, %r : f32
    %v = tensor.from_elements %s : tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %v into %o[%i] [1] [1] : tensor<1xf32> into tensor<8xf32>
    }
  }
  return %r, %f : f32, tensor<8xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @others(%arg0: f32, %arg1: index, %arg2: memref<8xf32>, %arg3: tensor<8xf32>) -> (f32, tensor<8xf32>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = arith.mulf %arg0, %arg0 : f32
// CHECK-NEXT:     %1 = arith.addf %arg0, %arg0 : f32
// CHECK-NEXT:     %2 = scf.while (%arg4 = %arg0) : (f32) -> f32 {
// CHECK-NEXT:       %6 = arith.cmpf olt, %arg4, %0 : f32
// CHECK-NEXT:       scf.condition(%6) %arg4 : f32
// CHECK-NEXT:     } do {
// CHECK-NEXT:     ^bb0(%arg4: f32):
// CHECK-NEXT:       %6 = arith.addf %arg4, %1 : f32
// CHECK-NEXT:       scf.yield %6 : f32
// CHECK-NEXT:     }
// CHECK-NEXT:     %3 = arith.addf %arg0, %2 : f32
// CHECK-NEXT:     scf.parallel (%arg4) = (%c0) to (%arg1) step (%c1) {
// CHECK-NEXT:       memref.store %3, %arg2[%arg4] : memref<8xf32>
// CHECK-NEXT:       scf.reduce
// CHECK-NEXT:     }
// CHECK-NEXT:     %4 = arith.mulf %arg0, %2 : f32
// CHECK-NEXT:     %from_elements = tensor.from_elements %4 : tensor<1xf32>
// CHECK-NEXT:     %5 = scf.forall (%arg4) in (8) shared_outs(%arg5 = %arg3) -> (tensor<8xf32>) {
// CHECK-NEXT:       scf.forall.in_parallel {
// CHECK-NEXT:         tensor.parallel_insert_slice %from_elements into %arg5[%arg4] [1] [1] : tensor<1xf32> into tensor<8xf32>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return %2, %5 : f32, tensor<8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Values carried by the loop keep operations inside; constants leave.
func.func @carried(%a: i32, %n: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %three = arith.constant 3 : i32
    %six = arith.addi %three, %three : i32
    %y = arith.addi %x, %six : i32
    scf.yield %y : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @carried(%arg0: i32, %arg1: index) -> i32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c3_i32 = arith.constant 3 : i32
// CHECK-NEXT:     %0 = arith.addi %c3_i32, %c3_i32 : i32
// CHECK-NEXT:     %1 = scf.for %arg2 = %c0 to %arg1 step %c1 iter_args(%arg3 = %arg0) -> (i32) {
// CHECK-NEXT:       %2 = arith.addi %arg3, %0 : i32
// CHECK-NEXT:       scf.yield %2 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }
