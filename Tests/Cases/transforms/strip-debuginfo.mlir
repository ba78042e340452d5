// RUN: martlet opt --strip-debuginfo --mlir-print-debuginfo --mlir-print-local-scope --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32 loc("a.c":3:1)
  return %0 : i32 loc(fused["b.c":1:2, "name"])
} loc(callsite("x" at "c.c":1:1))

// CHECK: module {
// CHECK-NEXT:   func.func @f(%arg0: i32 loc(unknown)) -> i32 {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32 loc(unknown)
// CHECK-NEXT:     return %0 : i32 loc(unknown)
// CHECK-NEXT:   } loc(unknown)
// CHECK-NEXT: } loc(unknown)
