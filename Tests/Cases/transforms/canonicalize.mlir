// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Constants are made one and moved to the function's start, in the order in which they are met.
func.func @constants(%a: i32) -> (i32, i32, index, i64, i32) {
  %0 = arith.addi %a, %a : i32
  %c1 = arith.constant 1 : i32
  %1 = arith.addi %0, %c1 : i32
  %c1_again = arith.constant 1 : i32
  %2 = arith.muli %1, %c1_again : i32
  %i = arith.constant 1 : index
  %c7 = arith.constant 7 : i64
  %c3 = arith.constant 3 : i32
  %3 = arith.muli %c3, %2 : i32
  return %1, %2, %i, %c7, %3 : i32, i32, index, i64, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @constants(%arg0: i32) -> (i32, i32, index, i64, i32) {
// CHECK-NEXT:     %c3_i32 = arith.constant 3 : i32
// CHECK-NEXT:     %c7_i64 = arith.constant 7 : i64
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     %1 = arith.addi %0, %c1_i32 : i32
// CHECK-NEXT:     %2 = arith.muli %1, %c3_i32 : i32
// CHECK-NEXT:     return %1, %1, %c1, %c7_i64, %2 : i32, i32, index, i64, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Folding makes new constants.
func.func @fold() -> (i32, i32, f32, i1, index) {
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %0 = arith.addi %c2, %c3 : i32
  %1 = arith.muli %0, %0 : i32
  %2 = arith.sitofp %1 : i32 to f32
  %3 = arith.cmpi slt, %0, %1 : i32
  %4 = arith.index_cast %1 : i32 to index
  return %0, %1, %2, %3, %4 : i32, i32, f32, i1, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @fold() -> (i32, i32, f32, i1, index) {
// CHECK-NEXT:     %c5_i32 = arith.constant 5 : i32
// CHECK-NEXT:     %c25_i32 = arith.constant 25 : i32
// CHECK-NEXT:     %cst = arith.constant 2.500000e+01 : f32
// CHECK-NEXT:     %true = arith.constant true
// CHECK-NEXT:     %c25 = arith.constant 25 : index
// CHECK-NEXT:     return %c5_i32, %c25_i32, %cst, %true, %c25 : i32, i32, f32, i1, index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Constants inside regions leave, but not out of isolated operations.
func.func @hoist(%n: index, %c: i1, %m: memref<8xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %c5 = arith.constant 5 : i32
    scf.if %c {
      %c6 = arith.constant 6 : i32
      %0 = arith.addi %c5, %c6 : i32
      memref.store %0, %m[%i] : memref<8xi32>
    }
  }
  builtin.module {
    func.func @isolated() -> i32 {
      %c11 = arith.constant 11 : i32
      return %c11 : i32
    }
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @hoist(%arg0: index, %arg1: i1, %arg2: memref<8xi32>) {
// CHECK-NEXT:     %c11_i32 = arith.constant 11 : i32
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     scf.for %arg3 = %c0 to %arg0 step %c1 {
// CHECK-NEXT:       scf.if %arg1 {
// CHECK-NEXT:         memref.store %c11_i32, %arg2[%arg3] : memref<8xi32>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     builtin.module {
// CHECK-NEXT:       func.func @isolated() -> i32 {
// CHECK-NEXT:         %c11_i32_0 = arith.constant 11 : i32
// CHECK-NEXT:         return %c11_i32_0 : i32
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Commutative operations take their constants last.
func.func @commutative(%a: i32, %x: f32) -> (i32, i32, f32, i32, i1, i1, i32) {
  %c5 = arith.constant 5 : i32
  %f2 = arith.constant 2.0 : f32
  %0 = arith.addi %c5, %a : i32
  %1 = arith.muli %c5, %a : i32
  %2 = arith.mulf %f2, %x : f32
  %3 = arith.subi %c5, %a : i32
  %4 = arith.cmpi slt, %c5, %a : i32
  %5 = arith.cmpf olt, %f2, %x : f32
  %6 = arith.maxsi %c5, %a : i32
  return %0, %1, %2, %3, %4, %5, %6 : i32, i32, f32, i32, i1, i1, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @commutative(%arg0: i32, %arg1: f32) -> (i32, i32, f32, i32, i1, i1, i32) {
// CHECK-NEXT:     %c5_i32 = arith.constant 5 : i32
// CHECK-NEXT:     %cst = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:     %0 = arith.addi %arg0, %c5_i32 : i32
// CHECK-NEXT:     %1 = arith.muli %arg0, %c5_i32 : i32
// CHECK-NEXT:     %2 = arith.mulf %arg1, %cst : f32
// CHECK-NEXT:     %3 = arith.subi %c5_i32, %arg0 : i32
// CHECK-NEXT:     %4 = arith.cmpi sgt, %arg0, %c5_i32 : i32
// CHECK-NEXT:     %5 = arith.cmpf olt, %cst, %arg1 : f32
// CHECK-NEXT:     %6 = arith.maxsi %arg0, %c5_i32 : i32
// CHECK-NEXT:     return %0, %1, %2, %3, %4, %5, %6 : i32, i32, f32, i32, i1, i1, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Integer identities.
func.func @integers(%a: i32, %b: i32) -> (i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %cm1 = arith.constant -1 : i32
  %0 = arith.addi %a, %c0 : i32
  %1 = arith.muli %a, %c1 : i32
  %2 = arith.muli %a, %c0 : i32
  %3 = arith.subi %a, %a : i32
  %4 = arith.andi %a, %cm1 : i32
  %5 = arith.ori %a, %c0 : i32
  %6 = arith.xori %a, %a : i32
  %7 = arith.divsi %a, %c1 : i32
  %8 = arith.shli %a, %c0 : i32
  %9 = arith.maxsi %a, %a : i32
  %10 = arith.andi %a, %a : i32
  %s = arith.subi %a, %b : i32
  %11 = arith.addi %s, %b : i32
  %t = arith.addi %a, %b : i32
  %12 = arith.subi %t, %b : i32
  %x = arith.xori %a, %b : i32
  %13 = arith.xori %x, %b : i32
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13 : i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @integers(%arg0: i32, %arg1: i32) -> (i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32) {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     return %arg0, %arg0, %c0_i32, %c0_i32, %arg0, %arg0, %c0_i32, %arg0, %arg0, %arg0, %arg0, %arg0, %arg0, %arg0 : i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Constants of two operations in a row come together.
func.func @reassociate(%a: i32) -> (i32, i32, i32, i32, i32, i32) {
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %0 = arith.addi %a, %c2 : i32
  %1 = arith.addi %0, %c3 : i32
  %2 = arith.subi %a, %c2 : i32
  %3 = arith.addi %2, %c3 : i32
  %4 = arith.muli %a, %c2 : i32
  %5 = arith.muli %4, %c3 : i32
  %6 = arith.subi %c2, %a : i32
  %7 = arith.subi %c3, %6 : i32
  %8 = arith.xori %a, %c2 : i32
  %9 = arith.xori %8, %c3 : i32
  %10 = arith.subi %a, %c2 : i32
  %11 = arith.subi %10, %c3 : i32
  return %1, %3, %5, %7, %9, %11 : i32, i32, i32, i32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @reassociate(%arg0: i32) -> (i32, i32, i32, i32, i32, i32) {
// CHECK-NEXT:     %c6_i32 = arith.constant 6 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %c2_i32 = arith.constant 2 : i32
// CHECK-NEXT:     %c3_i32 = arith.constant 3 : i32
// CHECK-NEXT:     %c5_i32 = arith.constant 5 : i32
// CHECK-NEXT:     %0 = arith.addi %arg0, %c5_i32 : i32
// CHECK-NEXT:     %1 = arith.addi %arg0, %c1_i32 : i32
// CHECK-NEXT:     %2 = arith.muli %arg0, %c6_i32 : i32
// CHECK-NEXT:     %3 = arith.addi %arg0, %c1_i32 : i32
// CHECK-NEXT:     %4 = arith.xori %arg0, %c2_i32 : i32
// CHECK-NEXT:     %5 = arith.xori %4, %c3_i32 : i32
// CHECK-NEXT:     %6 = arith.subi %arg0, %c5_i32 : i32
// CHECK-NEXT:     return %0, %1, %2, %3, %5, %6 : i32, i32, i32, i32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Floating point: only what is exact.
func.func @floats(%a: f32, %b: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32) {
  %zero = arith.constant 0.0 : f32
  %negzero = arith.constant -0.0 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %0 = arith.addf %a, %zero : f32
  %1 = arith.addf %a, %negzero : f32
  %2 = arith.subf %a, %zero : f32
  %3 = arith.mulf %a, %one : f32
  %4 = arith.divf %a, %one : f32
  %n = arith.negf %a : f32
  %5 = arith.negf %n : f32
  %m = arith.negf %b : f32
  %6 = arith.mulf %n, %m : f32
  %7 = arith.divf %a, %two : f32
  return %0, %1, %2, %3, %4, %5, %6, %7 : f32, f32, f32, f32, f32, f32, f32, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @floats(%arg0: f32, %arg1: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32) {
// CHECK-NEXT:     %cst = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:     %cst_0 = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:     %0 = arith.addf %arg0, %cst : f32
// CHECK-NEXT:     %1 = arith.mulf %arg0, %arg1 : f32
// CHECK-NEXT:     %2 = arith.divf %arg0, %cst_0 : f32
// CHECK-NEXT:     return %0, %arg0, %arg0, %arg0, %arg0, %arg0, %1, %2 : f32, f32, f32, f32, f32, f32, f32, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Selections and comparisons.
func.func @selects(%c: i1, %d: i1, %a: i32, %b: i32) -> (i32, i32, i1, i1, i32, i32, i32, i1, i1, i32) {
  %true = arith.constant true
  %false = arith.constant false
  %0 = arith.select %true, %a, %b : i32
  %1 = arith.select %c, %a, %a : i32
  %2 = arith.select %c, %true, %false : i1
  %3 = arith.select %c, %false, %true : i1
  %not = arith.xori %c, %true : i1
  %4 = arith.select %not, %a, %b : i32
  %eq = arith.cmpi eq, %a, %b : i32
  %5 = arith.select %eq, %a, %b : i32
  %inner = arith.select %c, %a, %b : i32
  %6 = arith.select %c, %inner, %b : i32
  %7 = arith.cmpi sle, %a, %a : i32
  %8 = arith.xori %eq, %true : i1
  %c1 = arith.constant 1 : i32
  %c0 = arith.constant 0 : i32
  %9 = arith.select %d, %c1, %c0 : i32
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : i32, i32, i1, i1, i32, i32, i32, i1, i1, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @selects(%arg0: i1, %arg1: i1, %arg2: i32, %arg3: i32) -> (i32, i32, i1, i1, i32, i32, i32, i1, i1, i32) {
// CHECK-NEXT:     %true = arith.constant true
// CHECK-NEXT:     %0 = arith.xori %arg0, %true : i1
// CHECK-NEXT:     %1 = arith.select %arg0, %arg3, %arg2 : i32
// CHECK-NEXT:     %2 = arith.select %arg0, %arg2, %arg3 : i32
// CHECK-NEXT:     %3 = arith.cmpi ne, %arg2, %arg3 : i32
// CHECK-NEXT:     %4 = arith.extui %arg1 : i1 to i32
// CHECK-NEXT:     return %arg2, %arg2, %arg0, %0, %1, %arg3, %2, %true, %3, %4 : i32, i32, i1, i1, i32, i32, i32, i1, i1, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Conversions there and back.
func.func @conversions(%a: i8, %b: i32, %i: index, %f: f32) -> (i8, i64, i8, i32, index, i16, f32, i1) {
  %0 = arith.extsi %a : i8 to i32
  %1 = arith.trunci %0 : i32 to i8
  %2 = arith.extsi %0 : i32 to i64
  %3 = arith.extui %a : i8 to i32
  %4 = arith.trunci %3 : i32 to i8
  %5 = arith.index_cast %b : i32 to index
  %6 = arith.index_cast %5 : index to i32
  %7 = arith.index_cast %i : index to i64
  %8 = arith.index_cast %7 : i64 to index
  %9 = arith.extsi %a : i8 to i32
  %10 = arith.trunci %9 : i32 to i16
  %11 = arith.bitcast %f : f32 to i32
  %12 = arith.bitcast %11 : i32 to f32
  %13 = arith.extui %a : i8 to i32
  %c0 = arith.constant 0 : i32
  %14 = arith.cmpi slt, %13, %c0 : i32
  return %1, %2, %4, %6, %8, %10, %12, %14 : i8, i64, i8, i32, index, i16, f32, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @conversions(%arg0: i8, %arg1: i32, %arg2: index, %arg3: f32) -> (i8, i64, i8, i32, index, i16, f32, i1) {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %0 = arith.extsi %arg0 : i8 to i64
// CHECK-NEXT:     %1 = arith.extsi %arg0 : i8 to i16
// CHECK-NEXT:     %2 = arith.extui %arg0 : i8 to i32
// CHECK-NEXT:     %3 = arith.cmpi slt, %2, %c0_i32 : i32
// CHECK-NEXT:     return %arg0, %0, %arg0, %arg1, %arg2, %1, %arg3, %3 : i8, i64, i8, i32, index, i16, f32, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Splats and lists.
func.func @dense(%a: tensor<4xi32>) -> (tensor<4xi32>, tensor<2xi32>, tensor<4xi32>, vector<2xf32>, tensor<2xi1>) {
  %0 = arith.constant dense<0> : tensor<4xi32>
  %1 = arith.addi %a, %0 : tensor<4xi32>
  %2 = arith.constant dense<[1, 2]> : tensor<2xi32>
  %3 = arith.muli %2, %2 : tensor<2xi32>
  %4 = arith.muli %0, %a : tensor<4xi32>
  %5 = arith.constant dense<2.0> : vector<2xf32>
  %6 = arith.addf %5, %5 : vector<2xf32>
  %7 = arith.cmpi eq, %2, %3 : tensor<2xi32>
  return %1, %3, %4, %6, %7 : tensor<4xi32>, tensor<2xi32>, tensor<4xi32>, vector<2xf32>, tensor<2xi1>
}

// CHECK: module {
// CHECK-NEXT:   func.func @dense(%arg0: tensor<4xi32>) -> (tensor<4xi32>, tensor<2xi32>, tensor<4xi32>, vector<2xf32>, tensor<2xi1>) {
// CHECK-NEXT:     %cst = arith.constant dense<0> : tensor<4xi32>
// CHECK-NEXT:     %cst_0 = arith.constant dense<[1, 4]> : tensor<2xi32>
// CHECK-NEXT:     %cst_1 = arith.constant dense<4.000000e+00> : vector<2xf32>
// CHECK-NEXT:     %cst_2 = arith.constant dense<[true, false]> : tensor<2xi1>
// CHECK-NEXT:     return %arg0, %cst_0, %cst, %cst_1, %cst_2 : tensor<4xi32>, tensor<2xi32>, tensor<4xi32>, vector<2xf32>, tensor<2xi1>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Dead operations go; operations with effects stay.
func.func private @effect() -> i32
func.func @dead(%a: i32, %m: memref<4xi32>, %i: index) {
  %0 = arith.addi %a, %a : i32
  %1 = arith.muli %0, %a : i32
  %2 = func.call @effect() : () -> i32
  %3 = memref.load %m[%i] : memref<4xi32>
  %4 = memref.alloc() : memref<4xi32>
  memref.dealloc %4 : memref<4xi32>
  %5 = memref.alloc() : memref<4xi32>
  memref.store %a, %m[%i] : memref<4xi32>
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect() -> i32
// CHECK-NEXT:   func.func @dead(%arg0: i32, %arg1: memref<4xi32>, %arg2: index) {
// CHECK-NEXT:     %0 = call @effect() : () -> i32
// CHECK-NEXT:     memref.store %arg0, %arg1[%arg2] : memref<4xi32>
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
