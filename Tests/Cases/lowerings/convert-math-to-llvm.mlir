// RUN: martlet opt --convert-math-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @functions(%x: f32, %i: i32, %v: vector<4xf32>) -> (f32, f32, f32, i32, vector<4xf32>, i1) {
  %0 = math.exp %x fastmath<fast> : f32
  %1 = math.expm1 %0 : f32
  %2 = math.rsqrt %1 : f32
  %3 = math.log1p %2 : f32
  %4 = math.ctlz %i : i32
  %5 = math.rsqrt %v : vector<4xf32>
  %6 = math.isnan %3 : f32
  return %1, %2, %3, %4, %5, %6 : f32, f32, f32, i32, vector<4xf32>, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @functions(%arg0: f32, %arg1: i32, %arg2: vector<4xf32>) -> (f32, f32, f32, i32, vector<4xf32>, i1) {
// CHECK-NEXT:     %0 = llvm.intr.exp(%arg0) {fastmathFlags = #llvm.fastmath<fast>} : (f32) -> f32
// CHECK-NEXT:     %1 = llvm.mlir.constant(1.000000e+00 : f32) : f32
// CHECK-NEXT:     %2 = llvm.intr.exp(%0) : (f32) -> f32
// CHECK-NEXT:     %3 = llvm.fsub %2, %1 : f32
// CHECK-NEXT:     %4 = llvm.mlir.constant(1.000000e+00 : f32) : f32
// CHECK-NEXT:     %5 = llvm.intr.sqrt(%3) : (f32) -> f32
// CHECK-NEXT:     %6 = llvm.fdiv %4, %5 : f32
// CHECK-NEXT:     %7 = llvm.mlir.constant(1.000000e+00 : f32) : f32
// CHECK-NEXT:     %8 = llvm.fadd %7, %6 : f32
// CHECK-NEXT:     %9 = llvm.intr.log(%8) : (f32) -> f32
// CHECK-NEXT:     %10 = "llvm.intr.ctlz"(%arg1) <{is_zero_poison = false}> : (i32) -> i32
// CHECK-NEXT:     %11 = llvm.mlir.constant(dense<1.000000e+00> : vector<4xf32>) : vector<4xf32>
// CHECK-NEXT:     %12 = llvm.intr.sqrt(%arg2) : (vector<4xf32>) -> vector<4xf32>
// CHECK-NEXT:     %13 = llvm.fdiv %11, %12 : vector<4xf32>
// CHECK-NEXT:     %14 = "llvm.intr.is.fpclass"(%9) <{bit = 3 : i32}> : (f32) -> i1
// CHECK-NEXT:     return %3, %6, %9, %10, %13, %14 : f32, f32, f32, i32, vector<4xf32>, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }
