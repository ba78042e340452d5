// RUN: martlet opt --topological-sort --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// The module's region is a graph: uses may stand before definitions.
"use"(%1) : (i32) -> ()
%1 = "b"(%0) : (i32) -> i32
%0 = "a"() : () -> i32

// CHECK: module {
// CHECK-NEXT:   %0 = "a"() : () -> i32
// CHECK-NEXT:   %1 = "b"(%0) : (i32) -> i32
// CHECK-NEXT:   "use"(%1) : (i32) -> ()
// CHECK-NEXT: }

// -----

// Of a cycle the first comes first; the order stays where it may.
%0 = "a"(%2) : (i32) -> i32
%1 = "b"(%0) : (i32) -> i32
%2 = "c"(%1) : (i32) -> i32
"d"() : () -> ()

// CHECK: module {
// CHECK-NEXT:   "d"() : () -> ()
// CHECK-NEXT:   %0 = "a"(%2) : (i32) -> i32
// CHECK-NEXT:   %1 = "b"(%0) : (i32) -> i32
// CHECK-NEXT:   %2 = "c"(%1) : (i32) -> i32
// CHECK-NEXT: }

// -----

// What regions use counts for the operation that has them.
"region"() ({
  "use"(%0) : (i32) -> ()
}) : () -> ()
%0 = "a"() : () -> i32

// CHECK: module {
// CHECK-NEXT:   %0 = "a"() : () -> i32
// CHECK-NEXT:   "region"() ({
// CHECK-NEXT:     "use"(%0) : (i32) -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT: }
