// RUN: martlet opt --convert-func-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @caller(%m: memref<?x4xf32>, %i: index) -> (index, f32) {
  %0:2 = call @callee(%m, %i) : (memref<?x4xf32>, index) -> (index, f32)
  return %0#0, %0#1 : index, f32
}
func.func private @callee(memref<?x4xf32>, index) -> (index, f32)

// CHECK: module {
// CHECK-NEXT:   llvm.func @caller(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: i64, %arg3: i64, %arg4: i64, %arg5: i64, %arg6: i64, %arg7: i64) -> !llvm.struct<(i64, f32)> {
// CHECK-NEXT:     %0 = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %1 = llvm.insertvalue %arg0, %0[0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %2 = llvm.insertvalue %arg1, %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %3 = llvm.insertvalue %arg2, %2[2] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %4 = llvm.insertvalue %arg3, %3[3, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %5 = llvm.insertvalue %arg5, %4[4, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %6 = llvm.insertvalue %arg4, %5[3, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %7 = llvm.insertvalue %arg6, %6[4, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %8 = llvm.extractvalue %7[0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %9 = llvm.extractvalue %7[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %10 = llvm.extractvalue %7[2] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %11 = llvm.extractvalue %7[3, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %12 = llvm.extractvalue %7[3, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %13 = llvm.extractvalue %7[4, 0] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %14 = llvm.extractvalue %7[4, 1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %15 = llvm.call @callee(%8, %9, %10, %11, %12, %13, %14, %arg7) : (!llvm.ptr, !llvm.ptr, i64, i64, i64, i64, i64, i64) -> !llvm.struct<(i64, f32)>
// CHECK-NEXT:     %16 = llvm.extractvalue %15[0] : !llvm.struct<(i64, f32)>
// CHECK-NEXT:     %17 = llvm.extractvalue %15[1] : !llvm.struct<(i64, f32)>
// CHECK-NEXT:     %18 = llvm.mlir.poison : !llvm.struct<(i64, f32)>
// CHECK-NEXT:     %19 = llvm.insertvalue %16, %18[0] : !llvm.struct<(i64, f32)>
// CHECK-NEXT:     %20 = llvm.insertvalue %17, %19[1] : !llvm.struct<(i64, f32)>
// CHECK-NEXT:     llvm.return %20 : !llvm.struct<(i64, f32)>
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.func @callee(!llvm.ptr, !llvm.ptr, i64, i64, i64, i64, i64, i64) -> !llvm.struct<(i64, f32)> attributes {sym_visibility = "private"}
// CHECK-NEXT: }

// -----

func.func @pass(%m: memref<f32>) -> memref<f32> attributes {tag = 1 : i32} {
  return %m : memref<f32>
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @pass(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: i64) -> !llvm.struct<(ptr, ptr, i64)> attributes {tag = 1 : i32} {
// CHECK-NEXT:     %0 = llvm.mlir.poison : !llvm.struct<(ptr, ptr, i64)>
// CHECK-NEXT:     %1 = llvm.insertvalue %arg0, %0[0] : !llvm.struct<(ptr, ptr, i64)>
// CHECK-NEXT:     %2 = llvm.insertvalue %arg1, %1[1] : !llvm.struct<(ptr, ptr, i64)>
// CHECK-NEXT:     %3 = llvm.insertvalue %arg2, %2[2] : !llvm.struct<(ptr, ptr, i64)>
// CHECK-NEXT:     llvm.return %3 : !llvm.struct<(ptr, ptr, i64)>
// CHECK-NEXT:   }
// CHECK-NEXT: }
