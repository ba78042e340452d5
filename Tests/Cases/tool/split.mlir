// RUN: martlet opt --split-input-file --cse %s | FileCheck %s
// RUN: martlet opt --split-input-file --verify-diagnostics %s
// MLIR-OPT: no
// RUN: martlet opt --split-input-file --verify-each=false %s | FileCheck %s

// CHECK: func.func @first
func.func @first() {
  return
}
// CHECK: // {{-+}}
// -----
// CHECK: func.func @first
func.func @first() {
  return
}
