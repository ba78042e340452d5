// RUN: martlet opt --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Lists.
"t.op"() {
  a = dense<[1, 2, 3]> : tensor<3xi32>, b = dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>, c = dense<5> : tensor<i64>,
  d = dense<[true, false]> : tensor<2xi1>, e = dense<[]> : tensor<0xf32>, f = dense<> : tensor<0x2xi32>,
  g = dense<[[[1]]]> : tensor<1x1x1xindex>, h = dense<[-1, 255]> : tensor<2xi8>, i = dense<[1.0, 2.5]> : vector<2xf32>,
  j = dense<[0, 18446744073709551615]> : tensor<2xui64>, k = dense<[-1, 1]> : tensor<2xsi4>,
  l = dense<[1, -2, 7]> : tensor<3xi4>, m = dense<[123456789012345678901234567890, -1]> : tensor<2xi128>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<[1, 2, 3]> : tensor<3xi32>, b = dense<{{\[\[}}1, 2], [3, 4]]> : tensor<2x2xi8>, c = dense<5> : tensor<i64>, d = dense<[true, false]> : tensor<2xi1>, e = dense<> : tensor<0xf32>, f = dense<> : tensor<0x2xi32>, g = dense<1> : tensor<1x1x1xindex>, h = dense<-1> : tensor<2xi8>, i = dense<[1.000000e+00, 2.500000e+00]> : vector<2xf32>, j = dense<[0, 18446744073709551615]> : tensor<2xui64>, k = dense<[-1, 1]> : tensor<2xsi4>, l = dense<[1, -2, 7]> : tensor<3xi4>, m = dense<[123456789012345678901234567890, -1]> : tensor<2xi128>} : () -> ()
// CHECK-NEXT: }

// -----

// Splats.
"t.op"() {
  a = dense<1> : tensor<100xi32>, b = dense<1.0> : tensor<2x2xf32>, c = dense<true> : tensor<4xi1>,
  d = dense<[7, 7, 7]> : tensor<3xi32>, e = dense<false> : vector<8xi1>, f = dense<-1> : vector<4xindex>,
  g = dense<0.0> : tensor<0xf32>, h = dense<[true, true]> : tensor<2xi1>, i = dense<1> : vector<[4]xi32>,
  j = dense<(1.0, 2.0)> : tensor<2xcomplex<f32>>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<1> : tensor<100xi32>, b = dense<1.000000e+00> : tensor<2x2xf32>, c = dense<true> : tensor<4xi1>, d = dense<7> : tensor<3xi32>, e = dense<false> : vector<8xi1>, f = dense<-1> : vector<4xindex>, g = dense<0.000000e+00> : tensor<0xf32>, h = dense<true> : tensor<2xi1>, i = dense<1> : vector<[4]xi32>, j = dense<(1.000000e+00,2.000000e+00)> : tensor<2xcomplex<f32>>} : () -> ()
// CHECK-NEXT: }

// -----

// Complex numbers.
"t.op"() {
  a = dense<[(1.0, -1.0), (0.5, 2.0)]> : tensor<2xcomplex<f32>>, b = dense<(1, 2)> : tensor<complex<i32>>,
  c = dense<[(0, 1), (2, 3)]> : tensor<2xcomplex<i8>>, d = dense<(0x7FC00000, 0.0)> : tensor<complex<f32>>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<[(1.000000e+00,-1.000000e+00), (5.000000e-01,2.000000e+00)]> : tensor<2xcomplex<f32>>, b = dense<(1,2)> : tensor<complex<i32>>, c = dense<[(0,1), (2,3)]> : tensor<2xcomplex<i8>>, d = dense<(0x7FC00000,0.000000e+00)> : tensor<complex<f32>>} : () -> ()
// CHECK-NEXT: }

// -----

// Hexadecimal strings.
"t.op"() {
  a = dense<"0x0000803F00000040"> : tensor<2xf32>, b = dense<"0x0102FF"> : tensor<3xi8>, c = dense<"0x01"> : tensor<8xi1>,
  d = dense<"0x0000C07F"> : tensor<4xf32>, e = dense<"0x05"> : tensor<3xi1>, f = dense<"0x00FF"> : tensor<16xi1>,
  g = dense<"0x0000803F000000400000803F00000040"> : tensor<2xcomplex<f32>>, h = dense<"0xFF"> : tensor<1xi1>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>, b = dense<[1, 2, -1]> : tensor<3xi8>, c = dense<[true, false, false, false, false, false, false, false]> : tensor<8xi1>, d = dense<0x7FC00000> : tensor<4xf32>, e = dense<[true, false, true]> : tensor<3xi1>, f = dense<[false, false, false, false, false, false, false, false, true, true, true, true, true, true, true, true]> : tensor<16xi1>, g = dense<(1.000000e+00,2.000000e+00)> : tensor<2xcomplex<f32>>, h = dense<true> : tensor<1xi1>} : () -> ()
// CHECK-NEXT: }

// -----

// Text.
"t.op"() {
  a = dense<["a", "b\"c"]> : tensor<2x!foo.string>, b = dense<"same"> : tensor<3x!foo.string>,
  c = dense<[["x", "y"]]> : tensor<1x2x!foo.string>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<["a", "b\22c"]> : tensor<2x!foo.string>, b = dense<"same"> : tensor<3x!foo.string>, c = dense<{{\[\[}}"x", "y"]]> : tensor<1x2x!foo.string>} : () -> ()
// CHECK-NEXT: }

// -----

// Large ones are printed as strings.
"t.op"() {
  a = dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
    58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86,
    87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100]> : tensor<101xi16>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense<"0x00000100020003000400050006000700080009000A000B000C000D000E000F0010001100120013001400150016001700180019001A001B001C001D001E001F0020002100220023002400250026002700280029002A002B002C002D002E002F0030003100320033003400350036003700380039003A003B003C003D003E003F0040004100420043004400450046004700480049004A004B004C004D004E004F0050005100520053005400550056005700580059005A005B005C005D005E005F0060006100620063006400"> : tensor<101xi16>} : () -> ()
// CHECK-NEXT: }

// -----

// Sparse ones.
"t.op"() {
  a = sparse<[[0, 0], [1, 2]], [1, 5]> : tensor<3x4xi32>, b = sparse<[0], [1.5]> : tensor<3xf32>,
  c = sparse<[[0, 1]], -2> : tensor<2x2xi8>, d = sparse<[], []> : tensor<2xf32>,
  e = sparse<[[1]], true> : vector<4xi1>, f = sparse<[[0, 0], [0, 1]], 3> : tensor<1x2xi64>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = sparse<{{\[\[}}0, 0], [1, 2]], [1, 5]> : tensor<3x4xi32>, b = sparse<0, 1.500000e+00> : tensor<3xf32>, c = sparse<{{\[\[}}0, 1]], -2> : tensor<2x2xi8>, d = sparse<> : tensor<2xf32>, e = sparse<1, true> : vector<4xi1>, f = sparse<{{\[\[}}0, 0], [0, 1]], 3> : tensor<1x2xi64>} : () -> ()
// CHECK-NEXT: }

// -----

// Resources.
"t.op"() {
  a = dense_resource<blob> : tensor<2xf32>, b = dense_resource<"odd name"> : tensor<3xi8>
} : () -> ()

{-#
  dialect_resources: {
    builtin: {
      blob: "0x040000000000803F00000040",
      "odd name": "0x01000000010203"
    }
  }
#-}

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = dense_resource<blob> : tensor<2xf32>, b = dense_resource<"odd name"> : tensor<3xi8>} : () -> ()
// CHECK-NEXT: }
// CHECK: {-#
// CHECK-NEXT:   dialect_resources: {
// CHECK-NEXT:     builtin: {
// CHECK-NEXT:       blob: "0x040000000000803F00000040",
// CHECK-NEXT:       "odd name": "0x01000000010203"
// CHECK-NEXT:     }
// CHECK-NEXT:   }
// CHECK-NEXT: #-}
