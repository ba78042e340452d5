// What is dumped of a function has no aliases; a module has.
// RUN: martlet opt --pass-pipeline='builtin.module(func.func(cse),cse)' --mlir-print-ir-after-all %s 2>&1 | FileCheck %s
// MLIR-OPT: no
// RUN: martlet opt --mlir-print-local-scope %s

#map = affine_map<(d0) -> (d0 + 1)>
func.func @f() attributes {llvm.map = #map, llvm.other = #map} { return }

// CHECK: IR Dump After CSE (cse) //----- //
// CHECK-NEXT: func.func @f() attributes {llvm.map = affine_map<(d0) -> (d0 + 1)>, llvm.other
// CHECK: IR Dump After CSE (cse) //----- //
// CHECK-NEXT: #map = affine_map<(d0) -> (d0 + 1)>
// CHECK-NEXT: module {
