// RUN: martlet opt --convert-arith-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @scalars(%a: i32, %b: i32, %x: f32, %i: index) -> (i32, f32, index) {
  %0 = arith.addi %a, %b overflow<nsw> : i32
  %1 = arith.ceildivsi %0, %b : i32
  %2 = arith.cmpi ult, %1, %a : i32
  %3 = arith.select %2, %1, %a : i32
  %4 = arith.mulf %x, %x fastmath<fast> : f32
  %5 = arith.maximumf %4, %x : f32
  %6 = arith.index_cast %3 : i32 to index
  %7 = arith.muli %6, %i : index
  return %3, %5, %7 : i32, f32, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @scalars(%arg0: i32, %arg1: i32, %arg2: f32, %arg3: index) -> (i32, f32, index) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg3 : index to i64
// CHECK-NEXT:     %1 = llvm.add %arg0, %arg1 overflow<nsw> : i32
// CHECK-NEXT:     %2 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %3 = llvm.mlir.constant(1 : i32) : i32
// CHECK-NEXT:     %4 = llvm.sdiv %1, %arg1 : i32
// CHECK-NEXT:     %5 = llvm.mul %4, %arg1 : i32
// CHECK-NEXT:     %6 = llvm.icmp "ne" %1, %5 : i32
// CHECK-NEXT:     %7 = llvm.icmp "slt" %1, %2 : i32
// CHECK-NEXT:     %8 = llvm.icmp "slt" %arg1, %2 : i32
// CHECK-NEXT:     %9 = llvm.icmp "eq" %7, %8 : i1
// CHECK-NEXT:     %10 = llvm.and %6, %9 : i1
// CHECK-NEXT:     %11 = llvm.add %4, %3 : i32
// CHECK-NEXT:     %12 = llvm.select %10, %11, %4 : i1, i32
// CHECK-NEXT:     %13 = llvm.icmp "ult" %12, %arg0 : i32
// CHECK-NEXT:     %14 = llvm.select %13, %12, %arg0 : i1, i32
// CHECK-NEXT:     %15 = llvm.fmul %arg2, %arg2 {fastmathFlags = #llvm.fastmath<fast>} : f32
// CHECK-NEXT:     %16 = llvm.intr.maximum(%15, %arg2) : (f32, f32) -> f32
// CHECK-NEXT:     %17 = llvm.sext %14 : i32 to i64
// CHECK-NEXT:     %18 = llvm.mul %17, %0 : i64
// CHECK-NEXT:     %19 = builtin.unrealized_conversion_cast %18 : i64 to index
// CHECK-NEXT:     return %14, %16, %19 : i32, f32, index
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Vectors of several dimensions go row by row.
func.func @vectors(%a: vector<2x4xf32>, %b: vector<4xindex>) -> (vector<2x4xf32>, vector<4xindex>) {
  %0 = arith.addf %a, %a : vector<2x4xf32>
  %1 = arith.addi %b, %b : vector<4xindex>
  return %0, %1 : vector<2x4xf32>, vector<4xindex>
}

// CHECK: module {
// CHECK-NEXT:   func.func @vectors(%arg0: vector<2x4xf32>, %arg1: vector<4xindex>) -> (vector<2x4xf32>, vector<4xindex>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : vector<4xindex> to vector<4xi64>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : vector<2x4xf32> to !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %2 = llvm.mlir.poison : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %3 = llvm.extractvalue %1[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %4 = llvm.extractvalue %1[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %5 = llvm.fadd %3, %4 : vector<4xf32>
// CHECK-NEXT:     %6 = llvm.insertvalue %5, %2[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %7 = llvm.extractvalue %1[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %8 = llvm.extractvalue %1[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %9 = llvm.fadd %7, %8 : vector<4xf32>
// CHECK-NEXT:     %10 = llvm.insertvalue %9, %6[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %11 = builtin.unrealized_conversion_cast %10 : !llvm.array<2 x vector<4xf32>> to vector<2x4xf32>
// CHECK-NEXT:     %12 = llvm.add %0, %0 : vector<4xi64>
// CHECK-NEXT:     %13 = builtin.unrealized_conversion_cast %12 : vector<4xi64> to vector<4xindex>
// CHECK-NEXT:     return %11, %13 : vector<2x4xf32>, vector<4xindex>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @extended(%a: i32, %b: i32) -> (i32, i32, i32, i1) {
  %0:2 = arith.mulsi_extended %a, %b : i32
  %1:2 = arith.addui_extended %a, %b : i32, i1
  return %0#0, %0#1, %1#0, %1#1 : i32, i32, i32, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @extended(%arg0: i32, %arg1: i32) -> (i32, i32, i32, i1) {
// CHECK-NEXT:     %0 = llvm.sext %arg0 : i32 to i64
// CHECK-NEXT:     %1 = llvm.sext %arg1 : i32 to i64
// CHECK-NEXT:     %2 = llvm.mul %0, %1 : i64
// CHECK-NEXT:     %3 = llvm.trunc %2 : i64 to i32
// CHECK-NEXT:     %4 = llvm.mlir.constant(32 : i64) : i64
// CHECK-NEXT:     %5 = llvm.lshr %2, %4 : i64
// CHECK-NEXT:     %6 = llvm.trunc %5 : i64 to i32
// CHECK-NEXT:     %7 = "llvm.intr.uadd.with.overflow"(%arg0, %arg1) : (i32, i32) -> !llvm.struct<(i32, i1)>
// CHECK-NEXT:     %8 = llvm.extractvalue %7[0] : !llvm.struct<(i32, i1)>
// CHECK-NEXT:     %9 = llvm.extractvalue %7[1] : !llvm.struct<(i32, i1)>
// CHECK-NEXT:     return %3, %6, %8, %9 : i32, i32, i32, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }
