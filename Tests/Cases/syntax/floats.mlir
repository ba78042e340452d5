// RUN: martlet opt --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Decimal floats and their shortest text.
"t.op"() {
  a = 0.0, b = -0.0, c = 1.0, d = 1.5e10, e = 1.e-3, f = 3.14159265358979, g = 1.0e+100, h = 1.0e-300,
  i = 0.1, j = 123456.789, k = 1.0e15, l = 1.0e16, m = 5.0e-324, n = 1.7976931348623157e308, o = 2.5
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = 0.000000e+00 : f64, b = -0.000000e+00 : f64, c = 1.000000e+00 : f64, d = 1.500000e+10 : f64, e = 1.000000e-03 : f64, f = 3.14159265358979 : f64, g = 1.000000e+100 : f64, h = 1.000000e-300 : f64, i = 1.000000e-01 : f64, j = 123456.789 : f64, k = 1.000000e+15 : f64, l = 1.000000e+16 : f64, m = 4.940660e-324 : f64, n = 1.7976931348623157E+308 : f64, o = 2.500000e+00 : f64} : () -> ()
// CHECK-NEXT: }

// -----

"t.op"() {
  a = 0.1 : f32, b = 3.40282347e38 : f32, c = 1.17549435e-38 : f32, d = 1.4e-45 : f32, e = 16777217.0 : f32,
  f = 0.333333343 : f32, g = 1.0e10 : f32, h = 123456.0 : f32, i = 1234567.0 : f32, j = -7.5 : f32,
  k = 8.0e-5 : f32
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = 1.000000e-01 : f32, b = 3.40282347E+38 : f32, c = 1.17549435E-38 : f32, d = 1.401300e-45 : f32, e = 0x4B800000 : f32, f = 0.333333343 : f32, g = 1.000000e+10 : f32, h = 1.234560e+05 : f32, i = 0x4996B438 : f32, j = -7.500000e+00 : f32, k = 8.000000e-05 : f32} : () -> ()
// CHECK-NEXT: }

// -----

"t.op"() {
  a = 0.1 : f16, b = 65504.0 : f16, c = 6.0e-8 : f16, d = 0.1 : bf16, e = 3.0e38 : bf16, f = 1.0 : tf32,
  g = 0.1 : tf32,
  l = 0.1 : f8E5M2, m = 0.1 : f8E4M3FN, n = 448.0 : f8E4M3FN, o = 0.1 : f8E4M3, p = 0.1 : f8E3M4,
  q = 0.1 : f8E5M2FNUZ, r = 0.1 : f8E4M3FNUZ, s = 0.1 : f8E4M3B11FNUZ, t = 1.5 : f4E2M1FN, u = 0.5 : f6E2M3FN,
  v = 28.0 : f6E3M2FN, w = 2.0 : f8E8M0FNU
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = 9.997550e-02 : f16, b = 6.550400e+04 : f16, c = 5.960460e-08 : f16, d = 1.000980e-01 : bf16, e = 3.004060e+38 : bf16, f = 1.000000e+00 : tf32, g = 9.997550e-02 : tf32, l = 9.375000e-02 : f8E5M2, m = 1.015630e-01 : f8E4M3FN, n = 4.480000e+02 : f8E4M3FN, o = 1.015630e-01 : f8E4M3, p = 9.375000e-02 : f8E3M4, q = 9.375000e-02 : f8E5M2FNUZ, r = 1.015630e-01 : f8E4M3FNUZ, s = 1.015630e-01 : f8E4M3B11FNUZ, t = 1.500000e+00 : f4E2M1FN, u = 5.000000e-01 : f6E2M3FN, v = 2.800000e+01 : f6E3M2FN, w = 2.000000e+00 : f8E8M0FNU} : () -> ()
// CHECK-NEXT: }

// -----

// Infinities, NaNs and their payloads.
"t.op"() {
  a = 0x7F800000 : f32, b = 0xFF800000 : f32, c = 0x7FC00000 : f32, d = 0x7F800001 : f32, e = 0xFFC00123 : f32,
  f = 0x7FF0000000000000 : f64, g = 0x7FF8000000000000 : f64, h = 0xFFFFFFFFFFFFFFFF : f64, i = 0x7C00 : f16,
  j = 0x7E00 : f16, k = 0x7F80 : bf16, l = 0x7FC0 : bf16, m = 0x7F : f8E4M3FN, n = 0x80 : f8E5M2FNUZ,
  o = 0x7C : f8E5M2, p = 0x3F800000 : f32, q = 0xFF : f8E8M0FNU
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = 0x7F800000 : f32, b = 0xFF800000 : f32, c = 0x7FC00000 : f32, d = 0x7F800001 : f32, e = 0xFFC00123 : f32, f = 0x7FF0000000000000 : f64, g = 0x7FF8000000000000 : f64, h = 0xFFFFFFFFFFFFFFFF : f64, i = 0x7C00 : f16, j = 0x7E00 : f16, k = 0x7F80 : bf16, l = 0x7FC0 : bf16, m = 0x7F : f8E4M3FN, n = 0x80 : f8E5M2FNUZ, o = 0x7C : f8E5M2, p = 1.000000e+00 : f32, q = 0xFF : f8E8M0FNU} : () -> ()
// CHECK-NEXT: }

// -----

// The same in tensors.
"t.op"() {
  a = dense<[0.0, -0.0, 1.0e10, 0x7F800000, 0x7FC00000, 0xFF800001]> : tensor<6xf32>,
  b = dense<0x7FF8000000000000> : tensor<2xf64>, c = dense<[1.0, 0.1]> : tensor<2xf16>,
  d = dense<0.1> : tensor<bf16>, e = dense<[0.1, 57344.0]> : tensor<2xf8E5M2>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<[0.000000e+00, -0.000000e+00, 1.000000e+10, 0x7F800000, 0x7FC00000, 0xFF800001]> : tensor<6xf32>, b = dense<0x7FF8000000000000> : tensor<2xf64>, c = dense<[1.000000e+00, 9.997550e-02]> : tensor<2xf16>, d = dense<1.000980e-01> : tensor<bf16>, e = dense<[9.375000e-02, 5.734400e+04]> : tensor<2xf8E5M2>} : () -> ()
// CHECK-NEXT: }

// -----

func.func @constants() {
  %0 = arith.constant 1.0 : f32
  %1 = arith.constant -0.0 : f32
  %2 = arith.constant 0x7F800000 : f32
  %3 = arith.constant 0x7FC00000 : f32
  %4 = arith.constant 1.0e-40 : f32
  %5 = arith.constant 0.1 : f64
  %7 = arith.constant 0x7FF8000000000000 : f64
  %8 = arith.constant 100000.0 : f32
  %9 = arith.constant 1000000.0 : f32
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @constants() {
// CHECK-NEXT:     %cst = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:     %cst_0 = arith.constant -0.000000e+00 : f32
// CHECK-NEXT:     %cst_1 = arith.constant 0x7F800000 : f32
// CHECK-NEXT:     %cst_2 = arith.constant 0x7FC00000 : f32
// CHECK-NEXT:     %cst_3 = arith.constant 9.999940e-41 : f32
// CHECK-NEXT:     %cst_4 = arith.constant 1.000000e-01 : f64
// CHECK-NEXT:     %cst_5 = arith.constant 0x7FF8000000000000 : f64
// CHECK-NEXT:     %cst_6 = arith.constant 1.000000e+05 : f32
// CHECK-NEXT:     %cst_7 = arith.constant 1.000000e+06 : f32
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
