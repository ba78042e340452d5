// RUN: martlet opt --propagate-transposes --canonicalize %s | FileCheck %s

// CHECK-LABEL: func.func @cancel
// CHECK-NOT: linalg.transpose
// CHECK: %[[G:.*]] = linalg.generic
// CHECK-SAME: ins(%arg0 : tensor<2x3x5xf32>)
// CHECK: %[[P:.*]] = tensor.pad %[[G]] low[0, 1, 0] high[0, 2, 0]
// CHECK: } : tensor<2x3x5xf32> to tensor<2x6x5xf32>
// CHECK: return %[[P]]
func.func @cancel(%x: tensor<2x3x5xf32>) -> tensor<2x6x5xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<2x5x3xf32>
  %0 = linalg.transpose ins(%x : tensor<2x3x5xf32>) outs(%e0 : tensor<2x5x3xf32>) permutation = [0, 2, 1]
  %1 = linalg.tanh ins(%0 : tensor<2x5x3xf32>) outs(%e0 : tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
  %2 = tensor.pad %1 low[0, 0, 1] high[0, 0, 2] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<2x5x3xf32> to tensor<2x5x6xf32>
  %e1 = tensor.empty() : tensor<2x6x5xf32>
  %3 = linalg.transpose ins(%2 : tensor<2x5x6xf32>) outs(%e1 : tensor<2x6x5xf32>) permutation = [0, 2, 1]
  return %3 : tensor<2x6x5xf32>
}

// CHECK-LABEL: func.func @units
// CHECK: %[[C:.*]] = tensor.collapse_shape %arg0 {{\[}}[0], [1, 2], [3]] : tensor<4x1x8x8xf32> into tensor<4x8x8xf32>
// CHECK: tensor.expand_shape %[[C]] {{\[}}[0], [1], [2, 3]] output_shape [4, 8, 8, 1]
func.func @units(%x: tensor<4x1x8x8xf32>) -> tensor<4x8x8x1xf32> {
  %e = tensor.empty() : tensor<4x8x8x1xf32>
  %0 = linalg.transpose ins(%x : tensor<4x1x8x8xf32>) outs(%e : tensor<4x8x8x1xf32>) permutation = [0, 2, 3, 1]
  return %0 : tensor<4x8x8x1xf32>
}

// CHECK-LABEL: func.func @sliced
// CHECK: %[[X:.*]] = tensor.extract_slice %arg0[2, 0] [3, 6] [1, 1]
// CHECK: linalg.matmul ins(%[[X]], %arg1 : tensor<3x6xf32>, tensor<6x4xf32>)
// CHECK-NOT: extract_slice
// CHECK: return
func.func @sliced(%x: tensor<8x6xf32>, %w: tensor<6x4xf32>) -> tensor<3x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x4xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %0 = linalg.matmul ins(%x, %w : tensor<8x6xf32>, tensor<6x4xf32>) outs(%z : tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = tensor.extract_slice %0[2, 0] [3, 4] [1, 1] : tensor<8x4xf32> to tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}
