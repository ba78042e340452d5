// RUN: martlet opt --convert-complex-to-llvm=complex-range=basic --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @quotient(%a: complex<f32>, %b: complex<f32>) -> complex<f32> {
  %0 = complex.div %a, %b fastmath<nnan> : complex<f32>
  return %0 : complex<f32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @quotient(%arg0: complex<f32>, %arg1: complex<f32>) -> complex<f32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : complex<f32> to !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : complex<f32> to !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %2 = llvm.extractvalue %1[0] : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %3 = llvm.extractvalue %1[1] : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %4 = llvm.extractvalue %0[0] : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %5 = llvm.extractvalue %0[1] : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %6 = llvm.mlir.poison : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %7 = llvm.fmul %4, %4 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %8 = llvm.fmul %5, %5 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %9 = llvm.fadd %7, %8 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %10 = llvm.fmul %2, %4 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %11 = llvm.fmul %3, %5 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %12 = llvm.fadd %10, %11 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %13 = llvm.fmul %3, %4 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %14 = llvm.fmul %2, %5 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %15 = llvm.fsub %13, %14 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %16 = llvm.fdiv %12, %9 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %17 = llvm.fdiv %15, %9 {fastmathFlags = #llvm.fastmath<nnan>} : f32
// CHECK-NEXT:     %18 = llvm.insertvalue %16, %6[0] : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %19 = llvm.insertvalue %17, %18[1] : !llvm.struct<(f32, f32)>
// CHECK-NEXT:     %20 = builtin.unrealized_conversion_cast %19 : !llvm.struct<(f32, f32)> to complex<f32>
// CHECK-NEXT:     return %20 : complex<f32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @rest(%a: complex<f64>, %b: complex<f64>, %x: f64) -> (f64, f64, f64, complex<f64>) {
  %k = complex.constant [1.0, 2.5] : complex<f64>
  %0 = complex.add %a, %k : complex<f64>
  %1 = complex.mul %0, %b fastmath<contract> : complex<f64>
  %2 = complex.re %1 : complex<f64>
  %3 = complex.create %2, %x : complex<f64>
  %4 = complex.sub %3, %a : complex<f64>
  %5 = complex.im %4 : complex<f64>
  %6 = complex.abs %4 : complex<f64>
  return %2, %5, %6, %4 : f64, f64, f64, complex<f64>
}

// CHECK: module {
// CHECK-NEXT:   func.func @rest(%arg0: complex<f64>, %arg1: complex<f64>, %arg2: f64) -> (f64, f64, f64, complex<f64>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : complex<f64> to !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : complex<f64> to !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %2 = llvm.mlir.constant([1.000000e+00, 2.500000e+00]) : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %3 = llvm.extractvalue %1[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %4 = llvm.extractvalue %1[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %5 = llvm.extractvalue %2[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %6 = llvm.extractvalue %2[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %7 = llvm.mlir.poison : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %8 = llvm.fadd %3, %5 : f64
// CHECK-NEXT:     %9 = llvm.fadd %4, %6 : f64
// CHECK-NEXT:     %10 = llvm.insertvalue %8, %7[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %11 = llvm.insertvalue %9, %10[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %12 = llvm.extractvalue %11[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %13 = llvm.extractvalue %11[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %14 = llvm.extractvalue %0[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %15 = llvm.extractvalue %0[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %16 = llvm.mlir.poison : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %17 = llvm.fmul %14, %12 {fastmathFlags = #llvm.fastmath<contract>} : f64
// CHECK-NEXT:     %18 = llvm.fmul %15, %13 {fastmathFlags = #llvm.fastmath<contract>} : f64
// CHECK-NEXT:     %19 = llvm.fsub %17, %18 {fastmathFlags = #llvm.fastmath<contract>} : f64
// CHECK-NEXT:     %20 = llvm.fmul %13, %14 {fastmathFlags = #llvm.fastmath<contract>} : f64
// CHECK-NEXT:     %21 = llvm.fmul %12, %15 {fastmathFlags = #llvm.fastmath<contract>} : f64
// CHECK-NEXT:     %22 = llvm.fadd %20, %21 {fastmathFlags = #llvm.fastmath<contract>} : f64
// CHECK-NEXT:     %23 = llvm.insertvalue %19, %16[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %24 = llvm.insertvalue %22, %23[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %25 = llvm.extractvalue %24[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %26 = llvm.mlir.poison : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %27 = llvm.insertvalue %25, %26[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %28 = llvm.insertvalue %arg2, %27[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %29 = llvm.extractvalue %28[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %30 = llvm.extractvalue %28[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %31 = llvm.extractvalue %1[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %32 = llvm.extractvalue %1[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %33 = llvm.mlir.poison : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %34 = llvm.fsub %29, %31 : f64
// CHECK-NEXT:     %35 = llvm.fsub %30, %32 : f64
// CHECK-NEXT:     %36 = llvm.insertvalue %34, %33[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %37 = llvm.insertvalue %35, %36[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %38 = builtin.unrealized_conversion_cast %37 : !llvm.struct<(f64, f64)> to complex<f64>
// CHECK-NEXT:     %39 = llvm.extractvalue %37[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %40 = llvm.extractvalue %37[0] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %41 = llvm.extractvalue %37[1] : !llvm.struct<(f64, f64)>
// CHECK-NEXT:     %42 = llvm.fmul %40, %40 : f64
// CHECK-NEXT:     %43 = llvm.fmul %41, %41 : f64
// CHECK-NEXT:     %44 = llvm.fadd %42, %43 : f64
// CHECK-NEXT:     %45 = llvm.intr.sqrt(%44) : (f64) -> f64
// CHECK-NEXT:     return %25, %39, %45, %38 : f64, f64, f64, complex<f64>
// CHECK-NEXT:   }
// CHECK-NEXT: }
