// RUN: martlet opt --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Plain attributes.
"t.op"() {
  unit, also_unit = unit, yes = true, no = false, i = 1, n = -1, w = 1 : i8, x = -128 : i8, u = 255 : ui8,
  s = -5 : si8, b1 = 1 : i1, b0 = 0 : i1, hex = 0xFF, hex8 = 0xFF : i8, index = 3 : index, z = 0 : i0,
  big = 340282366920938463463374607431768211455 : i128, min = -170141183460469231731687303715884105728 : i128,
  max64 = 18446744073709551615 : ui64, min64 = -9223372036854775808 : i64, umax = 18446744073709551615 : i64
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {also_unit, b0 = false, b1 = true, big = -1 : i128, hex = 255 : i64, hex8 = -1 : i8, i = 1 : i64, index = 3 : index, max64 = 18446744073709551615 : ui64, min = -170141183460469231731687303715884105728 : i128, min64 = -9223372036854775808 : i64, n = -1 : i64, no = false, s = -5 : si8, u = 255 : ui8, umax = -1 : i64, unit, w = 1 : i8, x = -128 : i8, yes = true, z = 0 : i0} : () -> ()
// CHECK-NEXT: }

// -----

// Text.
"t.op"() {
  a = "", b = "text", c = "quote \" backslash \\ newline \n tab \t", d = "\00\01\7F\80\FF", e = "utf-8: \C3\A9 é",
  f = "typed" : i32, g = "typed" : !foo.string, "quoted name" = 1 : i32, "9" = 2, "a.b" = 3, dialect.attr = 4,
  under_score = 6, "with \22 quote" = 7, dollar$ = 8
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {"9" = 2 : i64, a = "", a.b = 3 : i64, b = "text", c = "quote \22 backslash \\ newline \0A tab \09", d = "\00\01\7F\80\FF", dialect.attr = 4 : i64, dollar$ = 8 : i64, e = "utf-8: \C3\A9 \C3\A9", f = "typed" : i32, g = "typed" : !foo.string, "quoted name" = 1 : i32, under_score = 6 : i64, "with \22 quote" = 7 : i64} : () -> ()
// CHECK-NEXT: }

// -----

// Containers.
"t.op"() {
  a = [], b = [1, "two", [3.0, []]], c = {}, d = {x = 1 : i32, y, "z z" = {}}, e = [unit, i32, @sym],
  f = {b = 1, a = 2}, g = [{}, {k = [{}]}]
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = [], b = [1, "two", [3.000000e+00, []]], c = {}, d = {x = 1 : i32, y, "z z" = {}}, e = [unit, i32, @sym], f = {a = 2 : i64, b = 1 : i64}, g = [{}, {k = [{}]}]} : () -> ()
// CHECK-NEXT: }

// -----

// Symbols.
"t.op"() {
  a = @name, b = @"quoted name", c = @outer::@inner, d = @a::@b::@"c d", e = @"1st", f = @with.dot, g = @_x$y
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = @name, b = @"quoted name", c = @outer::@inner, d = @a::@b::@"c d", e = @"1st", f = @with.dot, g = @_x$y} : () -> ()
// CHECK-NEXT: }

// -----

// Types as attributes, and arrays.
"t.op"() {
  a = i32, b = () -> i32, c = !foo.bar, d = array<i32: 1, 2, -3>, e = array<i1: true, false>, f = array<i64>,
  g = array<f32: 1.5, -0.0, 0x7FC00000>, h = array<i8: 127, -128>, i = array<f64: 1.0e300>, j = array<i1>,
  k = array<i16: 5>
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = i32, b = () -> i32, c = !foo.bar, d = array<i32: 1, 2, -3>, e = array<i1: true, false>, f = array<i64>, g = array<f32: 1.500000e+00, -0.000000e+00, 0x7FC00000>, h = array<i8: 127, -128>, i = array<f64: 1.000000e+300>, j = array<i1>, k = array<i16: 5>} : () -> ()
// CHECK-NEXT: }

// -----

// Attributes of unknown dialects.
"t.op"() {
  a = #foo.bar, b = #foo.bar<1, "x", [i32]>, c = #foo<"text">, d = #foo.a.b, e = #foo.x<{y = 1}> : i32,
  f = #foo.bar : f32
} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() {a = #foo.bar, b = #foo.bar<1, "x", [i32]>, c = #foo<"text">, d = #foo.a.b, e = #foo.x<{y = 1}> : i32, f = #foo.bar : f32} : () -> ()
// CHECK-NEXT: }

// -----

// Aliases.
#map = affine_map<(d0) -> (d0 + 1)>
#text = "text"
#array = [#map, #text]
#set = affine_set<(d0) : (d0 >= 0)>
!type = tensor<4xf32>
"t.op"() {a = #map, b = #text, c = #array, d = !type, e = #set} : () -> ()
"t.op"() {a = affine_map<(d0) -> (d0 + 1)>, b = affine_map<(d0, d1) -> (d0, d1)>} : () -> !type

// CHECK: #map = affine_map<(d0) -> (d0 + 1)>
// CHECK-NEXT: #map1 = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-NEXT: #set = affine_set<(d0) : (d0 >= 0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   "t.op"() {a = #map, b = "text", c = [#map, "text"], d = tensor<4xf32>, e = #set} : () -> ()
// CHECK-NEXT:   %0 = "t.op"() {a = #map, b = #map1} : () -> tensor<4xf32>
// CHECK-NEXT: }

// -----

// Strided layouts and distinct attributes.
"t.op"() {
  a = strided<[1, 2]>, b = strided<[], offset: 3>, c = strided<[?, 1], offset: ?>, d = distinct[0]<42 : i32>,
  e = distinct[1]<"a">, f = distinct[0]<42 : i32>, g = distinct[5]<>
} : () -> ()

// CHECK: #distinct = distinct[0]<42 : i32>
// CHECK-NEXT: #distinct1 = distinct[1]<"a">
// CHECK-NEXT: module {
// CHECK-NEXT:   "t.op"() {a = strided<[1, 2]>, b = strided<[], offset: 3>, c = strided<[?, 1], offset: ?>, d = #distinct, e = #distinct1, f = #distinct, g = distinct[2]<>} : () -> ()
// CHECK-NEXT: }

// -----

// Attributes beside properties.
"t.op"() <{a = 1 : i32, b = "x"}> {c = 2 : i32} : () -> ()
"t.op"() <{}> {c} : () -> ()
"t.op"() <{d = [1]}> : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.op"() <{a = 1 : i32, b = "x"}> {c = 2 : i32} : () -> ()
// CHECK-NEXT:   "t.op"() <{}> {c} : () -> ()
// CHECK-NEXT:   "t.op"() <{d = [1]}> : () -> ()
// CHECK-NEXT: }
