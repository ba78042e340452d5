// RUN: martlet opt --split-input-file "--one-shot-bufferize=bufferize-function-boundaries test-analysis-only dump-alias-sets" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @inserted(%t: tensor<4xf32>, %f: f32, %i: index) -> (tensor<4xf32>, f32) {
  %new = tensor.insert %f into %t[%i] : tensor<4xf32>
  %x = tensor.extract %t[%i] : tensor<4xf32>
  return %new, %x : tensor<4xf32>, f32
}

// -----

func.func @unwritable(%t: tensor<4xf32> {bufferization.writable = false}, %f: f32, %i: index) -> tensor<4xf32> {
  %new = tensor.insert %f into %t[%i] : tensor<4xf32>
  return %new : tensor<4xf32>
}
