// RUN: martlet opt --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Affine maps; printing simplifies.
"t.op"() {
  a = affine_map<() -> ()>, b = affine_map<(d0) -> (d0)>, c = affine_map<(i, j)[s] -> (i + j * 2 - s, j floordiv 3)>,
  d = affine_map<(d0) -> (d0 mod 4, d0 ceildiv 2)>, e = affine_map<()[s0, s1] -> (s0 + s1)>, f = affine_map<(d0) -> ()>,
  g = affine_map<(d0, d1) -> (0, d1)>, h = affine_map<(d0) -> (-d0)>, i = affine_map<(d0) -> (d0 - 1)>,
  j = affine_map<(d0) -> (2 * d0 + 3 + 4)>, k = affine_map<(d0, d1) -> (d0 - d1)>, l = affine_map<(d0) -> (d0 * 0)>,
  m = affine_map<(d0) -> ((d0 + 1) * 2)>, n = affine_map<(d0) -> (d0 * -1 + 5)>, o = affine_map<(d0) -> (d0 + d0)>,
  p = affine_map<(d0, d1) -> (d1 + d0)>, q = affine_map<(d0) -> ((d0 * 4) floordiv 2)>, r = affine_map<(d0) -> ((d0 * 4) mod 2)>,
  s = affine_map<(d0)[s0] -> (s0 + d0)>, t = affine_map<(d0, d1) -> ((d0 + d1) mod 3 - d1 * 2)>,
  u = affine_map<(d0) -> (5 floordiv 2, -5 floordiv 2, 5 ceildiv 2, -5 mod 3)>, v = affine_map<(d0, d1) -> (d0 - (d1 - 1))>,
  w = affine_map<(d0) -> (d0 - d0 floordiv 4 * 4)>, x = affine_map<(d0) -> ((d0 floordiv 2) floordiv 3)>,
  y = affine_map<(d0, d1) -> (d0 * 3 + d1 + d0 * 2)>, z = affine_map<(d0)[s0] -> (d0 * s0 + s0 * 2)>
} : () -> ()

// CHECK: #map = affine_map<() -> ()>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0)>
// CHECK-NEXT: #map2 = affine_map<(d0, d1)[s0] -> (d0 + d1 * 2 - s0, d1 floordiv 3)>
// CHECK-NEXT: #map3 = affine_map<(d0) -> (d0 mod 4, d0 ceildiv 2)>
// CHECK-NEXT: #map4 = affine_map<()[s0, s1] -> (s0 + s1)>
// CHECK-NEXT: #map5 = affine_map<(d0) -> ()>
// CHECK-NEXT: #map6 = affine_map<(d0, d1) -> (0, d1)>
// CHECK-NEXT: #map7 = affine_map<(d0) -> (-d0)>
// CHECK-NEXT: #map8 = affine_map<(d0) -> (d0 - 1)>
// CHECK-NEXT: #map9 = affine_map<(d0) -> (d0 * 2 + 7)>
// CHECK-NEXT: #map10 = affine_map<(d0, d1) -> (d0 - d1)>
// CHECK-NEXT: #map11 = affine_map<(d0) -> (0)>
// CHECK-NEXT: #map12 = affine_map<(d0) -> ((d0 + 1) * 2)>
// CHECK-NEXT: #map13 = affine_map<(d0) -> (-d0 + 5)>
// CHECK-NEXT: #map14 = affine_map<(d0) -> (d0 * 2)>
// CHECK-NEXT: #map15 = affine_map<(d0, d1) -> (d0 + d1)>
// CHECK-NEXT: #map16 = affine_map<(d0)[s0] -> (d0 + s0)>
// CHECK-NEXT: #map17 = affine_map<(d0, d1) -> ((d0 + d1) mod 3 - d1 * 2)>
// CHECK-NEXT: #map18 = affine_map<(d0) -> (2, -3, 3, 1)>
// CHECK-NEXT: #map19 = affine_map<(d0, d1) -> (d0 - (d1 - 1))>
// CHECK-NEXT: #map20 = affine_map<(d0) -> (d0 mod 4)>
// CHECK-NEXT: #map21 = affine_map<(d0) -> ((d0 floordiv 2) floordiv 3)>
// CHECK-NEXT: #map22 = affine_map<(d0, d1) -> (d0 * 3 + d1 + d0 * 2)>
// CHECK-NEXT: #map23 = affine_map<(d0)[s0] -> (d0 * s0 + s0 * 2)>
// CHECK-NEXT: module {
// CHECK-NEXT:   "t.op"() {a = #map, b = #map1, c = #map2, d = #map3, e = #map4, f = #map5, g = #map6, h = #map7, i = #map8, j = #map9, k = #map10, l = #map11, m = #map12, n = #map13, o = #map14, p = #map15, q = #map14, r = #map11, s = #map16, t = #map17, u = #map18, v = #map19, w = #map20, x = #map21, y = #map22, z = #map23} : () -> ()
// CHECK-NEXT: }

// -----

// Sets.
"t.op"() {
  a = affine_set<(d0) : (d0 >= 0)>, b = affine_set<(d0)[s0] : (d0 >= 0, s0 - d0 - 1 >= 0)>, c = affine_set<(d0) : (d0 == 0)>,
  d = affine_set<() : ()>, e = affine_set<(d0, d1) : (d0 - d1 == 0, d0 mod 2 == 0)>, f = affine_set<(d0) : (1 == 0)>,
  g = affine_set<(d0)[N] : (d0 <= N)>, h = affine_set<(d0, d1) : (d0 >= d1)>
} : () -> ()

// CHECK: #set = affine_set<(d0) : (d0 >= 0)>
// CHECK-NEXT: #set1 = affine_set<(d0)[s0] : (d0 >= 0, -d0 + s0 - 1 >= 0)>
// CHECK-NEXT: #set2 = affine_set<(d0) : (d0 == 0)>
// CHECK-NEXT: #set3 = affine_set<() : (0 == 0)>
// CHECK-NEXT: #set4 = affine_set<(d0, d1) : (d0 - d1 == 0, d0 mod 2 == 0)>
// CHECK-NEXT: #set5 = affine_set<(d0) : (1 == 0)>
// CHECK-NEXT: #set6 = affine_set<(d0)[s0] : (-d0 + s0 >= 0)>
// CHECK-NEXT: #set7 = affine_set<(d0, d1) : (d0 - d1 >= 0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   "t.op"() {a = #set, b = #set1, c = #set2, d = #set3, e = #set4, f = #set5, g = #set6, h = #set7} : () -> ()
// CHECK-NEXT: }

// -----

// Memory layouts.
func.func private @f(memref<4x4xf32, affine_map<(i, j) -> (i * 4 + j)>>, memref<?xf32, affine_map<(d0)[s0] -> (d0 + s0)>>)

// CHECK: #map = affine_map<(d0, d1) -> (d0 * 4 + d1)>
// CHECK-NEXT: #map1 = affine_map<(d0)[s0] -> (d0 + s0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func private @f(memref<4x4xf32, #map>, memref<?xf32, #map1>)
// CHECK-NEXT: }
