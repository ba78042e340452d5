// RUN: martlet opt --convert-ub-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @poison() -> (i32, index) {
  %0 = ub.poison : i32
  %1 = ub.poison : index
  return %0, %1 : i32, index
}

// CHECK: module {
// CHECK-NEXT:   func.func @poison() -> (i32, index) {
// CHECK-NEXT:     %0 = llvm.mlir.poison : i32
// CHECK-NEXT:     %1 = llvm.mlir.poison : i64
// CHECK-NEXT:     %2 = builtin.unrealized_conversion_cast %1 : i64 to index
// CHECK-NEXT:     return %0, %2 : i32, index
// CHECK-NEXT:   }
// CHECK-NEXT: }
