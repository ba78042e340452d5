// RUN: martlet opt --pass-pipeline="builtin.module(any(sroa))" --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @elements(%a: i32, %b: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.alloca() : memref<4xi32>
  memref.store %a, %m[%c0] : memref<4xi32>
  memref.store %b, %m[%c1] : memref<4xi32>
  %0 = memref.load %m[%c1] : memref<4xi32>
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @elements(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %alloca = memref.alloca() : memref<i32>
// CHECK-NEXT:     %alloca_0 = memref.alloca() : memref<i32>
// CHECK-NEXT:     memref.store %arg0, %alloca_0[] : memref<i32>
// CHECK-NEXT:     memref.store %arg1, %alloca[] : memref<i32>
// CHECK-NEXT:     %0 = memref.load %alloca[] : memref<i32>
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Some position is not known.
func.func @unknown(%a: i32, %i: index) -> i32 {
  %c0 = arith.constant 0 : index
  %m = memref.alloca() : memref<4xi32>
  memref.store %a, %m[%c0] : memref<4xi32>
  %0 = memref.load %m[%i] : memref<4xi32>
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @unknown(%arg0: i32, %arg1: index) -> i32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %alloca = memref.alloca() : memref<4xi32>
// CHECK-NEXT:     memref.store %arg0, %alloca[%c0] : memref<4xi32>
// CHECK-NEXT:     %0 = memref.load %alloca[%arg1] : memref<4xi32>
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

llvm.func @fields(%x: i32) -> f32 {
  %c1 = llvm.mlir.constant(1 : i32) : i32
  %m = llvm.alloca %c1 x !llvm.struct<(i32, f32)> : (i32) -> !llvm.ptr
  llvm.store %x, %m : i32, !llvm.ptr
  %p = llvm.getelementptr %m[0, 1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(i32, f32)>
  %0 = llvm.load %p : !llvm.ptr -> f32
  llvm.return %0 : f32
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @fields(%arg0: i32) -> f32 {
// CHECK-NEXT:     %0 = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:     %1 = llvm.alloca %0 x f32 : (i32) -> !llvm.ptr
// CHECK-NEXT:     %2 = llvm.alloca %0 x i32 : (i32) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %arg0, %2 : i32, !llvm.ptr
// CHECK-NEXT:     %3 = llvm.load %1 : !llvm.ptr -> f32
// CHECK-NEXT:     llvm.return %3 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }
