// RUN: martlet opt --pass-pipeline="builtin.module(any(mem2reg))" --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Stores and loads in one block.
func.func @straight(%a: i32, %b: i32) -> i32 {
  %m = memref.alloca() : memref<i32>
  memref.store %a, %m[] : memref<i32>
  %0 = memref.load %m[] : memref<i32>
  memref.store %b, %m[] : memref<i32>
  %1 = memref.load %m[] : memref<i32>
  %2 = arith.addi %0, %1 : i32
  return %2 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @straight(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg1 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Two stores meet.
func.func @merge(%c: i1, %a: i32, %b: i32) -> i32 {
  %m = memref.alloca() : memref<i32>
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  memref.store %a, %m[] : memref<i32>
  cf.br ^bb3
^bb2:
  memref.store %b, %m[] : memref<i32>
  cf.br ^bb3
^bb3:
  %0 = memref.load %m[] : memref<i32>
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @merge(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     cf.cond_br %arg0, ^bb1, ^bb2
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     cf.br ^bb3(%arg1 : i32)
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     cf.br ^bb3(%arg2 : i32)
// CHECK-NEXT:   ^bb3(%0: i32):  // 2 preds: ^bb1, ^bb2
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A loop of blocks.
func.func @loop(%n: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %m = memref.alloca() : memref<i32>
  memref.store %c0, %m[] : memref<i32>
  cf.br ^bb1
^bb1:
  %0 = memref.load %m[] : memref<i32>
  %1 = arith.addi %0, %c1 : i32
  memref.store %1, %m[] : memref<i32>
  %2 = arith.cmpi slt, %1, %n : i32
  cf.cond_br %2, ^bb1, ^bb2
^bb2:
  %3 = memref.load %m[] : memref<i32>
  return %3 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: i32) -> i32 {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     cf.br ^bb1(%c0_i32 : i32)
// CHECK-NEXT:   ^bb1(%0: i32):  // 2 preds: ^bb0, ^bb1
// CHECK-NEXT:     %1 = arith.addi %0, %c1_i32 : i32
// CHECK-NEXT:     %2 = arith.cmpi slt, %1, %arg0 : i32
// CHECK-NEXT:     cf.cond_br %2, ^bb1(%1 : i32), ^bb2
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Nothing was stored; memory that escapes or is of several elements stays.
func.func private @g(memref<i32>)
func.func @others(%i: index) -> (i32, i32) {
  %m = memref.alloca() : memref<i32>
  %0 = memref.load %m[] : memref<i32>
  %e = memref.alloca() : memref<i32>
  call @g(%e) : (memref<i32>) -> ()
  %w = memref.alloca() : memref<4xi32>
  %1 = memref.load %w[%i] : memref<4xi32>
  return %0, %1 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @g(memref<i32>)
// CHECK-NEXT:   func.func @others(%arg0: index) -> (i32, i32) {
// CHECK-NEXT:     %0 = ub.poison : i32
// CHECK-NEXT:     %alloca = memref.alloca() : memref<i32>
// CHECK-NEXT:     call @g(%alloca) : (memref<i32>) -> ()
// CHECK-NEXT:     %alloca_0 = memref.alloca() : memref<4xi32>
// CHECK-NEXT:     %1 = memref.load %alloca_0[%arg0] : memref<4xi32>
// CHECK-NEXT:     return %0, %1 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

llvm.func @narrow(%x: i32) -> i16 {
  %c1 = llvm.mlir.constant(1 : i32) : i32
  %m = llvm.alloca %c1 x i32 {alignment = 4 : i64} : (i32) -> !llvm.ptr
  llvm.store %x, %m : i32, !llvm.ptr
  %0 = llvm.load %m : !llvm.ptr -> i16
  llvm.return %0 : i16
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @narrow(%arg0: i32) -> i16 {
// CHECK-NEXT:     %0 = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:     %1 = llvm.trunc %arg0 : i32 to i16
// CHECK-NEXT:     llvm.return %1 : i16
// CHECK-NEXT:   }
// CHECK-NEXT: }
