// RUN: martlet opt --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Builtin types.
"t.op"() {
  integers = [i1, i7, i32, si8, ui16, i0, si1, i16777215],
  floats = [f32, f64, f16, bf16, tf32, f80, f128, f8E5M2, f8E4M3, f8E4M3FN, f8E5M2FNUZ, f8E4M3FNUZ,
    f8E4M3B11FNUZ, f8E3M4, f4E2M1FN, f6E2M3FN, f6E3M2FN, f8E8M0FNU],
  others = [index, none, complex<f32>, complex<i8>, tuple<>, tuple<i32, tuple<f32, index>>]
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {floats = [f32, f64, f16, bf16, tf32, f80, f128, f8E5M2, f8E4M3, f8E4M3FN, f8E5M2FNUZ, f8E4M3FNUZ, f8E4M3B11FNUZ, f8E3M4, f4E2M1FN, f6E2M3FN, f6E3M2FN, f8E8M0FNU], integers = [i1, i7, i32, si8, ui16, i0, si1, i16777215], others = [index, none, complex<f32>, complex<i8>, tuple<>, tuple<i32, tuple<f32, index>>]} : () -> ()
// CHECK-NEXT: }

// -----

// Functions.
"t.op"() {
  a = () -> (), b = (i32) -> i32, c = (i32, f32) -> (), d = () -> (i32, f32),
  e = (() -> ()) -> (), f = () -> (() -> ()), g = (i32) -> ((i32) -> i32), h = ((i1) -> ()) -> (() -> (), i32)
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = () -> (), b = (i32) -> i32, c = (i32, f32) -> (), d = () -> (i32, f32), e = (() -> ()) -> (), f = () -> (() -> ()), g = (i32) -> ((i32) -> i32), h = ((i1) -> ()) -> (() -> (), i32)} : () -> ()
// CHECK-NEXT: }

// -----

// Vectors.
"t.op"() {
  a = vector<4xf32>, b = vector<f32>, c = vector<2x3x4xi1>, d = vector<[4]xf32>,
  e = vector<2x[4]x8xindex>, f = vector<1x!llvm.ptr>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = vector<4xf32>, b = vector<f32>, c = vector<2x3x4xi1>, d = vector<[4]xf32>, e = vector<2x[4]x8xindex>, f = vector<1x!llvm.ptr>} : () -> ()
// CHECK-NEXT: }

// -----

// Tensors.
"t.op"() {
  a = tensor<f32>, b = tensor<?xf32>, c = tensor<0x1x?x4xi8>, d = tensor<*xf32>,
  e = tensor<2x?xf32, "encoding">, f = tensor<4xf32, {a = 1 : i32}>, g = tensor<4xcomplex<f32>>,
  h = tensor<2xvector<4xf32>>, j = tensor<?x!foo.bar>, k = tensor<2x0xf32>,
  l = tensor<9223372036854775807xi8>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = tensor<f32>, b = tensor<?xf32>, c = tensor<0x1x?x4xi8>, d = tensor<*xf32>, e = tensor<2x?xf32, "encoding">, f = tensor<4xf32, {a = 1 : i32}>, g = tensor<4xcomplex<f32>>, h = tensor<2xvector<4xf32>>, j = tensor<?x!foo.bar>, k = tensor<2x0xf32>, l = tensor<9223372036854775807xi8>} : () -> ()
// CHECK-NEXT: }

// -----

// Memrefs.
"t.op"() {
  a = memref<f32>, b = memref<?x4xf32>, c = memref<*xf32>, d = memref<4xf32, 1>,
  e = memref<4xf32, "space">, f = memref<?xf32, strided<[1]>>, g = memref<?x?xf32, strided<[?, 1], offset: ?>>,
  h = memref<2x2xf32, affine_map<(d0, d1) -> (d1, d0)>>, i = memref<2x2xf32, affine_map<(d0, d1) -> (d0, d1)>>,
  j = memref<*xf32, 3>, k = memref<4xf32, strided<[2], offset: 8>, 5>, l = memref<?xmemref<2xi8>>,
  m = memref<4xf32, 0>, o = memref<2x3xf32, strided<[-3, 1], offset: -1>>
} : () -> ()

// CHECK: #map = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   "t.op"() {a = memref<f32>, b = memref<?x4xf32>, c = memref<*xf32>, d = memref<4xf32, 1>, e = memref<4xf32, "space">, f = memref<?xf32, strided<[1]>>, g = memref<?x?xf32, strided<[?, 1], offset: ?>>, h = memref<2x2xf32, #map>, i = memref<2x2xf32>, j = memref<*xf32, 3>, k = memref<4xf32, strided<[2], offset: 8>, 5>, l = memref<?xmemref<2xi8>>, m = memref<4xf32>, o = memref<2x3xf32, strided<[-3, 1], offset: -1>>} : () -> ()
// CHECK-NEXT: }

// -----

// Types of unknown dialects.
"t.op"() {
  a = !foo.bar, b = !foo.bar<i32>, c = !foo.bar<"a, b", [1, 2], {x}>, d = !foo<"bar">, e = !foo.a.b<c>,
  f = !foo.x<1x?xf32>, g = !foo.x<a -> b>, h = !foo<"a\"b\\c">
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = !foo.bar, b = !foo.bar<i32>, c = !foo.bar<"a, b", [1, 2], {x}>, d = !foo<"bar">, e = !foo.a.b<c>, f = !foo.x<1x?xf32>, g = !foo.x<a -> b>, h = !foo<"a\"b\\c">} : () -> ()
// CHECK-NEXT: }

// -----

// Opaque and nested ones in signatures.
!alias = tuple<i32, f32>
func.func private @f(!alias, tuple<!alias>) -> (!foo.bar<!alias>, memref<2xvector<2xi8>>)

// CHECK: module {
// CHECK-NEXT:   func.func private @f(tuple<i32, f32>, tuple<tuple<i32, f32>>) -> (!foo.bar<!alias>, memref<2xvector<2xi8>>)
// CHECK-NEXT: }
