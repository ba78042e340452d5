// RUN: martlet opt --finalize-memref-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @dim(%m: memref<*xf32>, %i: index) -> index {
  %d = memref.dim %m, %i : memref<*xf32>
  return %d : index
}

// CHECK: module {
// CHECK-NEXT:   func.func @dim(%arg0: memref<*xf32>, %arg1: index) -> index {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : index to i64
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %2 = llvm.extractvalue %1[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %3 = llvm.getelementptr %2[0, 2] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, i64)>
// CHECK-NEXT:     %4 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %5 = llvm.add %4, %0 : i64
// CHECK-NEXT:     %6 = llvm.getelementptr %3[%5] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK-NEXT:     %7 = llvm.load %6 : !llvm.ptr -> i64
// CHECK-NEXT:     %8 = builtin.unrealized_conversion_cast %7 : i64 to index
// CHECK-NEXT:     return %8 : index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @free(%m: memref<*xf32>) {
  memref.dealloc %m : memref<*xf32>
  return
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @free_0(!llvm.ptr)
// CHECK-NEXT:   func.func @free(%arg0: memref<*xf32>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg0 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %1 = llvm.extractvalue %0[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %2 = llvm.load %1 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     llvm.call @free_0(%2) : (!llvm.ptr) -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @space(%m: memref<*xf32>) -> memref<*xf32, 1> {
  %c = memref.memory_space_cast %m : memref<*xf32> to memref<*xf32, 1>
  return %c : memref<*xf32, 1>
}

// CHECK: module {
// CHECK-NEXT:   func.func @space(%arg0: memref<*xf32>) -> memref<*xf32, 1> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg0 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %1 = llvm.extractvalue %0[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %2 = llvm.extractvalue %0[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %3 = llvm.mlir.poison : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %4 = llvm.insertvalue %1, %3[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %5 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %6 = llvm.mlir.constant(2 : index) : i64
// CHECK-NEXT:     %7 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %8 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %9 = llvm.mul %6, %8 : i64
// CHECK-NEXT:     %10 = llvm.extractvalue %4[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %11 = llvm.mul %6, %10 : i64
// CHECK-NEXT:     %12 = llvm.add %11, %5 : i64
// CHECK-NEXT:     %13 = llvm.mul %12, %7 : i64
// CHECK-NEXT:     %14 = llvm.add %9, %13 : i64
// CHECK-NEXT:     %15 = llvm.alloca %14 x i8 : (i64) -> !llvm.ptr
// CHECK-NEXT:     %16 = llvm.insertvalue %15, %4[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %17 = builtin.unrealized_conversion_cast %16 : !llvm.struct<(i64, ptr)> to memref<*xf32, 1>
// CHECK-NEXT:     %18 = llvm.load %2 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     %19 = llvm.getelementptr %2[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %20 = llvm.load %19 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     %21 = llvm.addrspacecast %18 : !llvm.ptr to !llvm.ptr<1>
// CHECK-NEXT:     %22 = llvm.addrspacecast %20 : !llvm.ptr to !llvm.ptr<1>
// CHECK-NEXT:     llvm.store %21, %15 : !llvm.ptr<1>, !llvm.ptr
// CHECK-NEXT:     %23 = llvm.getelementptr %15[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr<1>
// CHECK-NEXT:     llvm.store %22, %23 : !llvm.ptr<1>, !llvm.ptr
// CHECK-NEXT:     %24 = llvm.getelementptr %2[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %25 = llvm.getelementptr %15[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr<1>
// CHECK-NEXT:     %26 = llvm.mlir.constant(16 : index) : i64
// CHECK-NEXT:     %27 = llvm.sub %14, %26 : i64
// CHECK-NEXT:     "llvm.intr.memcpy"(%25, %24, %27) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()
// CHECK-NEXT:     return %17 : memref<*xf32, 1>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @reinterpret(%m: memref<*xf32>, %o: index) -> memref<4x2xf32, strided<[2, 1], offset: ?>> {
  %c = memref.reinterpret_cast %m to offset: [%o], sizes: [4, 2], strides: [2, 1]
    : memref<*xf32> to memref<4x2xf32, strided<[2, 1], offset: ?>>
  return %c : memref<4x2xf32, strided<[2, 1], offset: ?>>
}

// CHECK: module {
// CHECK-NEXT:   func.func @reinterpret(%arg0: memref<*xf32>, %arg1: index) -> memref<4x2xf32, strided<[2, 1], offset: ?>> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : index to i64
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %2 = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %3 = llvm.extractvalue %1[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %4 = llvm.load %3 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     %5 = llvm.getelementptr %3[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %6 = llvm.load %5 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     %7 = llvm.insertvalue %4, %2[0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %8 = llvm.insertvalue %6, %7[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %9 = llvm.insertvalue %0, %8[2] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %10 = llvm.mlir.constant(4 : index) : i64
// CHECK-NEXT:     %11 = llvm.insertvalue %10, %9[3, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %12 = llvm.mlir.constant(2 : index) : i64
// CHECK-NEXT:     %13 = llvm.insertvalue %12, %11[4, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %14 = llvm.mlir.constant(2 : index) : i64
// CHECK-NEXT:     %15 = llvm.insertvalue %14, %13[3, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %16 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %17 = llvm.insertvalue %16, %15[4, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %18 = builtin.unrealized_conversion_cast %17 : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)> to memref<4x2xf32, strided<[2, 1], offset: ?>>
// CHECK-NEXT:     return %18 : memref<4x2xf32, strided<[2, 1], offset: ?>>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @reshape(%m: memref<*xf32>, %s: memref<?xindex>) -> memref<*xf32> {
  %c = memref.reshape %m(%s) : (memref<*xf32>, memref<?xindex>) -> memref<*xf32>
  return %c : memref<*xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @reshape(%arg0: memref<*xf32>, %arg1: memref<?xindex>) -> memref<*xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : memref<?xindex> to !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %2 = llvm.extractvalue %0[3, 0] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %3 = llvm.mlir.poison : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %4 = llvm.insertvalue %2, %3[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %5 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %6 = llvm.mlir.constant(2 : index) : i64
// CHECK-NEXT:     %7 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %8 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %9 = llvm.mul %6, %8 : i64
// CHECK-NEXT:     %10 = llvm.extractvalue %4[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %11 = llvm.mul %6, %10 : i64
// CHECK-NEXT:     %12 = llvm.add %11, %5 : i64
// CHECK-NEXT:     %13 = llvm.mul %12, %7 : i64
// CHECK-NEXT:     %14 = llvm.add %9, %13 : i64
// CHECK-NEXT:     %15 = llvm.alloca %14 x i8 : (i64) -> !llvm.ptr
// CHECK-NEXT:     %16 = llvm.insertvalue %15, %4[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %17 = builtin.unrealized_conversion_cast %16 : !llvm.struct<(i64, ptr)> to memref<*xf32>
// CHECK-NEXT:     %18 = llvm.extractvalue %1[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %19 = llvm.load %18 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     %20 = llvm.getelementptr %18[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %21 = llvm.load %20 : !llvm.ptr -> !llvm.ptr
// CHECK-NEXT:     %22 = llvm.getelementptr %18[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %23 = llvm.load %22 : !llvm.ptr -> i64
// CHECK-NEXT:     llvm.store %19, %15 : !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %24 = llvm.getelementptr %15[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     llvm.store %21, %24 : !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     %25 = llvm.getelementptr %15[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK-NEXT:     llvm.store %23, %25 : i64, !llvm.ptr
// CHECK-NEXT:     %26 = llvm.getelementptr %15[0, 3] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, i64, i64)>
// CHECK-NEXT:     %27 = llvm.getelementptr %26[%2] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK-NEXT:     %28 = llvm.extractvalue %0[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %29 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %30 = llvm.sub %2, %29 : i64
// CHECK-NEXT:     llvm.br ^bb1(%30, %29 : i64, i64)
// CHECK-NEXT:   ^bb1(%31: i64, %32: i64):  // 2 preds: ^bb0, ^bb2
// CHECK-NEXT:     %33 = llvm.mlir.constant(0 : index) : i64
// CHECK-NEXT:     %34 = llvm.icmp "sge" %31, %33 : i64
// CHECK-NEXT:     llvm.cond_br %34, ^bb2, ^bb3
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     %35 = llvm.getelementptr %28[%31] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK-NEXT:     %36 = llvm.load %35 : !llvm.ptr -> i64
// CHECK-NEXT:     %37 = llvm.getelementptr %26[%31] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK-NEXT:     llvm.store %36, %37 : i64, !llvm.ptr
// CHECK-NEXT:     %38 = llvm.getelementptr %27[%31] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK-NEXT:     llvm.store %32, %38 : i64, !llvm.ptr
// CHECK-NEXT:     %39 = llvm.mul %32, %36 : i64
// CHECK-NEXT:     %40 = llvm.sub %31, %29 : i64
// CHECK-NEXT:     llvm.br ^bb1(%40, %39 : i64, i64)
// CHECK-NEXT:   ^bb3:  // pred: ^bb1
// CHECK-NEXT:     return %17 : memref<*xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @rankedReshape(%m: memref<12xf32>, %s: memref<2xi64>) -> memref<?x3xf32> {
  %c = memref.reshape %m(%s) : (memref<12xf32>, memref<2xi64>) -> memref<?x3xf32>
  return %c : memref<?x3xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @rankedReshape(%arg0: memref<12xf32>, %arg1: memref<2xi64>) -> memref<?x3xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : memref<2xi64> to !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<12xf32> to !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %2 = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %3 = llvm.extractvalue %1[0] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %4 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %5 = llvm.insertvalue %3, %2[0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %6 = llvm.insertvalue %4, %5[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %7 = llvm.mlir.constant(0 : index) : i64
// CHECK-NEXT:     %8 = llvm.insertvalue %7, %6[2] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %9 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %10 = llvm.mlir.constant(3 : index) : i64
// CHECK-NEXT:     %11 = llvm.insertvalue %10, %8[3, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %12 = llvm.insertvalue %9, %11[4, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %13 = llvm.mul %9, %10 : i64
// CHECK-NEXT:     %14 = llvm.mlir.constant(3 : index) : i64
// CHECK-NEXT:     %15 = llvm.mlir.constant(0 : index) : i64
// CHECK-NEXT:     %16 = llvm.extractvalue %0[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %17 = llvm.getelementptr inbounds|nuw %16[%15] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK-NEXT:     %18 = llvm.load %17 : !llvm.ptr -> i64
// CHECK-NEXT:     %19 = llvm.insertvalue %18, %12[3, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %20 = llvm.insertvalue %14, %19[4, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %21 = builtin.unrealized_conversion_cast %20 : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)> to memref<?x3xf32>
// CHECK-NEXT:     %22 = llvm.mul %14, %18 : i64
// CHECK-NEXT:     return %21 : memref<?x3xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @copies(%a: memref<4x?xf32, strided<[8, 1]>>, %b: memref<4x?xf32>, %c: memref<*xf32>,
    %d: memref<*xf32>) {
  memref.copy %a, %b : memref<4x?xf32, strided<[8, 1]>> to memref<4x?xf32>
  memref.copy %c, %d : memref<*xf32> to memref<*xf32>
  return
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @memrefCopy(i64, !llvm.ptr, !llvm.ptr)
// CHECK-NEXT:   func.func @copies(%arg0: memref<4x?xf32, strided<[8, 1]>>, %arg1: memref<4x?xf32>, %arg2: memref<*xf32>, %arg3: memref<*xf32>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg3 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg2 : memref<*xf32> to !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %2 = builtin.unrealized_conversion_cast %arg1 : memref<4x?xf32> to !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %3 = builtin.unrealized_conversion_cast %arg0 : memref<4x?xf32, strided<[8, 1]>> to !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %4 = llvm.intr.stacksave : !llvm.ptr
// CHECK-NEXT:     %5 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %6 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %7 = llvm.alloca %6 x !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)> : (i64) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %3, %7 : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>, !llvm.ptr
// CHECK-NEXT:     %8 = llvm.mlir.poison : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %9 = llvm.insertvalue %5, %8[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %10 = llvm.insertvalue %7, %9[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %11 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %12 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %13 = llvm.alloca %12 x !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)> : (i64) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %2, %13 : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>, !llvm.ptr
// CHECK-NEXT:     %14 = llvm.mlir.poison : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %15 = llvm.insertvalue %11, %14[0] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %16 = llvm.insertvalue %13, %15[1] : !llvm.struct<(i64, ptr)>
// CHECK-NEXT:     %17 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %18 = llvm.alloca %17 x !llvm.struct<(i64, ptr)> : (i64) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %10, %18 : !llvm.struct<(i64, ptr)>, !llvm.ptr
// CHECK-NEXT:     %19 = llvm.alloca %17 x !llvm.struct<(i64, ptr)> : (i64) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %16, %19 : !llvm.struct<(i64, ptr)>, !llvm.ptr
// CHECK-NEXT:     %20 = llvm.mlir.zero : !llvm.ptr
// CHECK-NEXT:     %21 = llvm.getelementptr %20[1] : (!llvm.ptr) -> !llvm.ptr, f32
// CHECK-NEXT:     %22 = llvm.ptrtoint %21 : !llvm.ptr to i64
// CHECK-NEXT:     llvm.call @memrefCopy(%22, %18, %19) : (i64, !llvm.ptr, !llvm.ptr) -> ()
// CHECK-NEXT:     llvm.intr.stackrestore %4 : !llvm.ptr
// CHECK-NEXT:     %23 = llvm.intr.stacksave : !llvm.ptr
// CHECK-NEXT:     %24 = llvm.mlir.constant(1 : index) : i64
// CHECK-NEXT:     %25 = llvm.alloca %24 x !llvm.struct<(i64, ptr)> : (i64) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %1, %25 : !llvm.struct<(i64, ptr)>, !llvm.ptr
// CHECK-NEXT:     %26 = llvm.alloca %24 x !llvm.struct<(i64, ptr)> : (i64) -> !llvm.ptr
// CHECK-NEXT:     llvm.store %0, %26 : !llvm.struct<(i64, ptr)>, !llvm.ptr
// CHECK-NEXT:     %27 = llvm.mlir.zero : !llvm.ptr
// CHECK-NEXT:     %28 = llvm.getelementptr %27[1] : (!llvm.ptr) -> !llvm.ptr, f32
// CHECK-NEXT:     %29 = llvm.ptrtoint %28 : !llvm.ptr to i64
// CHECK-NEXT:     llvm.call @memrefCopy(%29, %25, %26) : (i64, !llvm.ptr, !llvm.ptr) -> ()
// CHECK-NEXT:     llvm.intr.stackrestore %23 : !llvm.ptr
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @scope(%x: f32) -> f32 {
  %r = memref.alloca_scope -> (f32) {
    %y = arith.addf %x, %x : f32
    memref.alloca_scope.return %y : f32
  }
  return %r : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @scope(%arg0: f32) -> f32 {
// CHECK-NEXT:     %0 = llvm.intr.stacksave : !llvm.ptr
// CHECK-NEXT:     llvm.br ^bb1
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     %1 = arith.addf %arg0, %arg0 : f32
// CHECK-NEXT:     llvm.intr.stackrestore %0 : !llvm.ptr
// CHECK-NEXT:     llvm.br ^bb2(%1 : f32)
// CHECK-NEXT:   ^bb2(%2: f32):  // pred: ^bb1
// CHECK-NEXT:     llvm.br ^bb3
// CHECK-NEXT:   ^bb3:  // pred: ^bb2
// CHECK-NEXT:     return %2 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @update(%m: memref<10xi32>, %i: index, %x: i32) -> i32 {
  %r = memref.generic_atomic_rmw %m[%i] : memref<10xi32> {
  ^bb0(%old: i32):
    %n = arith.subi %x, %old : i32
    memref.atomic_yield %n : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @update(%arg0: memref<10xi32>, %arg1: index, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = memref.generic_atomic_rmw %arg0[%arg1] : memref<10xi32> {
// CHECK-NEXT:     ^bb0(%arg3: i32):
// CHECK-NEXT:       %1 = arith.subi %arg2, %arg3 : i32
// CHECK-NEXT:       memref.atomic_yield %1 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @distinct(%a: memref<?xf32>, %b: memref<4xf32, strided<[1], offset: 2>>) -> memref<?xf32> {
  %0:2 = memref.distinct_objects %a, %b : memref<?xf32>, memref<4xf32, strided<[1], offset: 2>>
  return %0#0 : memref<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @distinct(%arg0: memref<?xf32>, %arg1: memref<4xf32, strided<[1], offset: 2>>) -> memref<?xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : memref<4xf32, strided<[1], offset: 2>> to !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<?xf32> to !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %2 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %3 = llvm.extractvalue %0[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %4 = llvm.mlir.constant(2 : index) : i64
// CHECK-NEXT:     %5 = llvm.getelementptr %3[%4] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %6 = llvm.mlir.constant(true) : i1
// CHECK-NEXT:     llvm.intr.assume %6 ["separate_storage"(%2, %5 : !llvm.ptr, !llvm.ptr)] : i1
// CHECK-NEXT:     return %arg0 : memref<?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

module attributes {dlti.dl_spec = #dlti.dl_spec<index = 32 : i64>} {
  func.func @narrow(%n: index) -> memref<?xi8> {
    %m = memref.alloc(%n) : memref<?xi8>
    return %m : memref<?xi8>
  }
}

// CHECK: module attributes {dlti.dl_spec = #dlti.dl_spec<index = 32 : i64>} {
// CHECK-NEXT:   llvm.func @malloc(i32) -> !llvm.ptr
// CHECK-NEXT:   func.func @narrow(%arg0: index) -> memref<?xi8> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg0 : index to i32
// CHECK-NEXT:     %1 = llvm.mlir.constant(1 : index) : i32
// CHECK-NEXT:     %2 = llvm.mlir.zero : !llvm.ptr
// CHECK-NEXT:     %3 = llvm.getelementptr %2[%0] : (!llvm.ptr, i32) -> !llvm.ptr, i8
// CHECK-NEXT:     %4 = llvm.ptrtoint %3 : !llvm.ptr to i32
// CHECK-NEXT:     %5 = llvm.call @malloc(%4) : (i32) -> !llvm.ptr
// CHECK-NEXT:     %6 = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)>
// CHECK-NEXT:     %7 = llvm.insertvalue %5, %6[0] : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)>
// CHECK-NEXT:     %8 = llvm.insertvalue %5, %7[1] : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)>
// CHECK-NEXT:     %9 = llvm.mlir.constant(0 : index) : i32
// CHECK-NEXT:     %10 = llvm.insertvalue %9, %8[2] : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)>
// CHECK-NEXT:     %11 = llvm.insertvalue %0, %10[3, 0] : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)>
// CHECK-NEXT:     %12 = llvm.insertvalue %1, %11[4, 0] : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)>
// CHECK-NEXT:     %13 = builtin.unrealized_conversion_cast %12 : !llvm.struct<(ptr, ptr, i32, array<1 x i32>, array<1 x i32>)> to memref<?xi8>
// CHECK-NEXT:     return %13 : memref<?xi8>
// CHECK-NEXT:   }
// CHECK-NEXT: }
