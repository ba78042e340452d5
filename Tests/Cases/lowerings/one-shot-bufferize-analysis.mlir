// RUN: martlet opt --split-input-file "--one-shot-bufferize=bufferize-function-boundaries test-analysis-only dump-alias-sets" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @inserted(%t: tensor<4xf32>, %f: f32, %i: index) -> (tensor<4xf32>, f32) {
  %new = tensor.insert %f into %t[%i] : tensor<4xf32>
  %x = tensor.extract %t[%i] : tensor<4xf32>
  return %new, %x : tensor<4xf32>, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @inserted(%arg0: tensor<4xf32> {bufferization.access = "read"}, %arg1: f32, %arg2: index) -> (tensor<4xf32>, f32) attributes {__bbarg_alias_set_attr__ = {{\[\[\[\[}}"%arg0"]]]]} {
// CHECK-NEXT:     %inserted = tensor.insert %arg1 into %arg0[%arg2] {__inplace_operands_attr__ = ["none", "false", "none"], __opresult_alias_set_attr__ = {{\[\[}}"%inserted"]]} : tensor<4xf32>
// CHECK-NEXT:     %extracted = tensor.extract %arg0[%arg2] {__inplace_operands_attr__ = ["true", "none"]} : tensor<4xf32>
// CHECK-NEXT:     return {__inplace_operands_attr__ = ["true", "none"]} %inserted, %extracted : tensor<4xf32>, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @unwritable(%t: tensor<4xf32> {bufferization.writable = false}, %f: f32, %i: index) -> tensor<4xf32> {
  %new = tensor.insert %f into %t[%i] : tensor<4xf32>
  return %new : tensor<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @unwritable(%arg0: tensor<4xf32> {bufferization.access = "read", bufferization.writable = false}, %arg1: f32, %arg2: index) -> tensor<4xf32> attributes {__bbarg_alias_set_attr__ = {{\[\[\[\[}}"%arg0"]]]]} {
// CHECK-NEXT:     %inserted = tensor.insert %arg1 into %arg0[%arg2] {__inplace_operands_attr__ = ["none", "false", "none"], __opresult_alias_set_attr__ = {{\[\[}}"%inserted"]]} : tensor<4xf32>
// CHECK-NEXT:     return {__inplace_operands_attr__ = ["true"]} %inserted : tensor<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }
