// RUN: martlet opt --cse --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Equal operations, and equal but for the order of commutative operands.
func.func @same(%a: i32, %b: i32) -> (i32, i32, i32) {
  %0 = arith.addi %a, %b : i32
  %1 = arith.addi %a, %b : i32
  %2 = arith.addi %b, %a : i32
  %3 = arith.muli %0, %1 : i32
  %4 = arith.subi %a, %b : i32
  %5 = arith.subi %b, %a : i32
  %6 = arith.addi %2, %4 : i32
  return %3, %5, %6 : i32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @same(%arg0: i32, %arg1: i32) -> (i32, i32, i32) {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg1 : i32
// CHECK-NEXT:     %1 = arith.muli %0, %0 : i32
// CHECK-NEXT:     %2 = arith.subi %arg0, %arg1 : i32
// CHECK-NEXT:     %3 = arith.subi %arg1, %arg0 : i32
// CHECK-NEXT:     %4 = arith.addi %0, %2 : i32
// CHECK-NEXT:     return %1, %3, %4 : i32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Attributes and types count.
func.func @different(%a: i32, %b: i32) -> (i1, i1, i64, i64, i1) {
  %0 = arith.cmpi slt, %a, %b : i32
  %1 = arith.cmpi sgt, %a, %b : i32
  %2 = arith.extsi %a : i32 to i64
  %3 = arith.extui %a : i32 to i64
  %4 = arith.cmpi slt, %a, %b : i32
  return %0, %1, %2, %3, %4 : i1, i1, i64, i64, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @different(%arg0: i32, %arg1: i32) -> (i1, i1, i64, i64, i1) {
// CHECK-NEXT:     %0 = arith.cmpi slt, %arg0, %arg1 : i32
// CHECK-NEXT:     %1 = arith.cmpi sgt, %arg0, %arg1 : i32
// CHECK-NEXT:     %2 = arith.extsi %arg0 : i32 to i64
// CHECK-NEXT:     %3 = arith.extui %arg0 : i32 to i64
// CHECK-NEXT:     return %0, %1, %2, %3, %0 : i1, i1, i64, i64, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Dead code goes, what has effects stays.
func.func private @effect() -> i32
func.func @dead(%a: i32, %m: memref<4xi32>, %i: index) {
  %0 = arith.addi %a, %a : i32
  %1 = arith.muli %0, %a : i32
  %2 = call @effect() : () -> i32
  %3 = call @effect() : () -> i32
  %4 = memref.load %m[%i] : memref<4xi32>
  %5 = memref.alloc() : memref<4xi32>
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect() -> i32
// CHECK-NEXT:   func.func @dead(%arg0: i32, %arg1: memref<4xi32>, %arg2: index) {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     %1 = call @effect() : () -> i32
// CHECK-NEXT:     %2 = call @effect() : () -> i32
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Loads with and without writes between them.
func.func @loads(%m: memref<4xi32>, %n: memref<4xi32>, %i: index, %x: i32) -> (i32, i32, i32, i32) {
  %0 = memref.load %m[%i] : memref<4xi32>
  %1 = memref.load %m[%i] : memref<4xi32>
  memref.store %x, %n[%i] : memref<4xi32>
  %2 = memref.load %m[%i] : memref<4xi32>
  %3 = memref.load %m[%i] : memref<4xi32>
  return %0, %1, %2, %3 : i32, i32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loads(%arg0: memref<4xi32>, %arg1: memref<4xi32>, %arg2: index, %arg3: i32) -> (i32, i32, i32, i32) {
// CHECK-NEXT:     %0 = memref.load %arg0[%arg2] : memref<4xi32>
// CHECK-NEXT:     memref.store %arg3, %arg1[%arg2] : memref<4xi32>
// CHECK-NEXT:     %1 = memref.load %arg0[%arg2] : memref<4xi32>
// CHECK-NEXT:     return %0, %0, %1, %1 : i32, i32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Allocations are never the same.
func.func @allocations() -> (memref<4xf32>, memref<4xf32>) {
  %0 = memref.alloc() : memref<4xf32>
  %1 = memref.alloc() : memref<4xf32>
  return %0, %1 : memref<4xf32>, memref<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @allocations() -> (memref<4xf32>, memref<4xf32>) {
// CHECK-NEXT:     %alloc = memref.alloc() : memref<4xf32>
// CHECK-NEXT:     %alloc_0 = memref.alloc() : memref<4xf32>
// CHECK-NEXT:     return %alloc, %alloc_0 : memref<4xf32>, memref<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// What is known outside is known inside, not the other way round.
func.func @nested(%a: i32, %c: i1) -> (i32, i32) {
  %0 = arith.muli %a, %a : i32
  %1 = scf.if %c -> i32 {
    %2 = arith.muli %a, %a : i32
    %3 = arith.addi %2, %a : i32
    scf.yield %3 : i32
  } else {
    %2 = arith.addi %0, %a : i32
    scf.yield %2 : i32
  }
  %4 = arith.addi %0, %a : i32
  return %1, %4 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @nested(%arg0: i32, %arg1: i1) -> (i32, i32) {
// CHECK-NEXT:     %0 = arith.muli %arg0, %arg0 : i32
// CHECK-NEXT:     %1 = scf.if %arg1 -> (i32) {
// CHECK-NEXT:       %3 = arith.addi %0, %arg0 : i32
// CHECK-NEXT:       scf.yield %3 : i32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       %3 = arith.addi %0, %arg0 : i32
// CHECK-NEXT:       scf.yield %3 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     %2 = arith.addi %0, %arg0 : i32
// CHECK-NEXT:     return %1, %2 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Dominance between blocks.
func.func @blocks(%a: i32, %c: i1) -> i32 {
  %0 = arith.addi %a, %a : i32
  cf.cond_br %c, ^left, ^right
^left:
  %1 = arith.addi %a, %a : i32
  %2 = arith.muli %1, %a : i32
  cf.br ^join(%2 : i32)
^right:
  %3 = arith.addi %a, %a : i32
  %4 = arith.muli %3, %a : i32
  cf.br ^join(%4 : i32)
^join(%5: i32):
  %6 = arith.muli %0, %a : i32
  %7 = arith.addi %5, %6 : i32
  return %7 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @blocks(%arg0: i32, %arg1: i1) -> i32 {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     cf.cond_br %arg1, ^bb1, ^bb2
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     %1 = arith.muli %0, %arg0 : i32
// CHECK-NEXT:     cf.br ^bb3(%1 : i32)
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     %2 = arith.muli %0, %arg0 : i32
// CHECK-NEXT:     cf.br ^bb3(%2 : i32)
// CHECK-NEXT:   ^bb3(%3: i32):  // 2 preds: ^bb1, ^bb2
// CHECK-NEXT:     %4 = arith.muli %0, %arg0 : i32
// CHECK-NEXT:     %5 = arith.addi %3, %4 : i32
// CHECK-NEXT:     return %5 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Isolated operations know nothing of what is around them.
func.func @outer() -> i32 {
  %0 = arith.constant 1 : i32
  builtin.module {
    func.func @inner() -> (i32, i32) {
      %1 = arith.constant 1 : i32
      %2 = arith.constant 1 : i32
      return %1, %2 : i32, i32
    }
  }
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @outer() -> i32 {
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     builtin.module {
// CHECK-NEXT:       func.func @inner() -> (i32, i32) {
// CHECK-NEXT:         %c1_i32_0 = arith.constant 1 : i32
// CHECK-NEXT:         return %c1_i32_0, %c1_i32_0 : i32, i32
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return %c1_i32 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Operations with regions.
func.func @regions(%a: f32, %c: i1, %n: index) -> (f32, f32, tensor<?xf32>, tensor<?xf32>) {
  %0 = scf.if %c -> f32 {
    scf.yield %a : f32
  } else {
    %1 = arith.addf %a, %a : f32
    scf.yield %1 : f32
  }
  %2 = scf.if %c -> f32 {
    scf.yield %a : f32
  } else {
    %3 = arith.addf %a, %a : f32
    scf.yield %3 : f32
  }
  %4 = tensor.generate %n {
  ^bb0(%i: index):
    tensor.yield %a : f32
  } : tensor<?xf32>
  %5 = tensor.generate %n {
  ^bb0(%j: index):
    tensor.yield %a : f32
  } : tensor<?xf32>
  return %0, %2, %4, %5 : f32, f32, tensor<?xf32>, tensor<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @regions(%arg0: f32, %arg1: i1, %arg2: index) -> (f32, f32, tensor<?xf32>, tensor<?xf32>) {
// CHECK-NEXT:     %0 = scf.if %arg1 -> (f32) {
// CHECK-NEXT:       scf.yield %arg0 : f32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       %1 = arith.addf %arg0, %arg0 : f32
// CHECK-NEXT:       scf.yield %1 : f32
// CHECK-NEXT:     }
// CHECK-NEXT:     %generated = tensor.generate %arg2 {
// CHECK-NEXT:     ^bb0(%arg3: index):
// CHECK-NEXT:       tensor.yield %arg0 : f32
// CHECK-NEXT:     } : tensor<?xf32>
// CHECK-NEXT:     return %0, %0, %generated, %generated : f32, f32, tensor<?xf32>, tensor<?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Loops: a read in the loop is not the read before it where the loop writes.
func.func @loop(%m: memref<8xf32>, %lb: index, %ub: index, %s: index) -> f32 {
  %0 = memref.load %m[%lb] : memref<8xf32>
  scf.for %i = %lb to %ub step %s {
    %1 = memref.load %m[%lb] : memref<8xf32>
    %2 = arith.addf %1, %0 : f32
    %3 = memref.load %m[%lb] : memref<8xf32>
    %4 = arith.addf %3, %2 : f32
    memref.store %4, %m[%i] : memref<8xf32>
  }
  %5 = memref.load %m[%lb] : memref<8xf32>
  %6 = memref.load %m[%lb] : memref<8xf32>
  %7 = arith.addf %5, %6 : f32
  %8 = arith.addf %0, %7 : f32
  return %8 : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: memref<8xf32>, %arg1: index, %arg2: index, %arg3: index) -> f32 {
// CHECK-NEXT:     %0 = memref.load %arg0[%arg1] : memref<8xf32>
// CHECK-NEXT:     scf.for %arg4 = %arg1 to %arg2 step %arg3 {
// CHECK-NEXT:       %4 = memref.load %arg0[%arg1] : memref<8xf32>
// CHECK-NEXT:       %5 = arith.addf %4, %0 : f32
// CHECK-NEXT:       %6 = arith.addf %4, %5 : f32
// CHECK-NEXT:       memref.store %6, %arg0[%arg4] : memref<8xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     %1 = memref.load %arg0[%arg1] : memref<8xf32>
// CHECK-NEXT:     %2 = arith.addf %1, %1 : f32
// CHECK-NEXT:     %3 = arith.addf %0, %2 : f32
// CHECK-NEXT:     return %3 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }
