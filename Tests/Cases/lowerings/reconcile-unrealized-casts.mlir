// RUN: martlet opt --reconcile-unrealized-casts --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Back and forth, through a chain, and unused.
func.func @casts(%a: i64, %b: index) -> (i64, i64) {
  %0 = builtin.unrealized_conversion_cast %a : i64 to index
  %1 = builtin.unrealized_conversion_cast %0 : index to i64
  %2 = builtin.unrealized_conversion_cast %a : i64 to i32
  %3 = builtin.unrealized_conversion_cast %2 : i32 to index
  %4 = builtin.unrealized_conversion_cast %3 : index to i64
  %5 = builtin.unrealized_conversion_cast %b : index to i32
  return %1, %4 : i64, i64
}

// CHECK: module {
// CHECK-NEXT:   func.func @casts(%arg0: i64, %arg1: index) -> (i64, i64) {
// CHECK-NEXT:     return %arg0, %arg0 : i64, i64
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @stays(%a: i64) -> (index, i32) {
  %0 = builtin.unrealized_conversion_cast %a : i64 to index
  %1 = builtin.unrealized_conversion_cast %0 : index to i32
  return %0, %1 : index, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @stays(%arg0: i64) -> (index, i32) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg0 : i64 to index
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %0 : index to i32
// CHECK-NEXT:     return %0, %1 : index, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }
