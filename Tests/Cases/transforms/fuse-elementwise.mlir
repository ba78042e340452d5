// RUN: martlet opt --linalg-fuse-elementwise-ops --canonicalize %s | FileCheck %s

// CHECK-LABEL: func.func @chain
// CHECK-NOT: linalg.exp
// CHECK: %[[R:.*]] = linalg.generic
// CHECK-SAME: ins(%arg0, %arg1 : tensor<4x8xf32>, tensor<8xf32>)
// CHECK: math.exp
// CHECK: arith.addf
// CHECK: linalg.yield
// CHECK: return %[[R]]
func.func @chain(%x: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.exp ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.broadcast ins(%b : tensor<8xf32>) outs(%e : tensor<4x8xf32>) dimensions = [0]
  %2 = linalg.add ins(%0, %1 : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}

// A clamp from below before max pooling is where pooling starts from.
// CHECK-LABEL: func.func @relu_pool
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[START:.*]] = linalg.fill ins(%[[ZERO]]
// CHECK-NOT: maximumf
// CHECK: linalg.pooling_nwc_max {{.*}} ins(%arg0, {{.*}}) outs(%[[START]]
func.func @relu_pool(%x: tensor<2x8x3xf32>) -> tensor<2x4x3xf32> {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %w = tensor.empty() : tensor<2xf32>
  %e = tensor.empty() : tensor<2x8x3xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x8x3xf32>) -> tensor<2x8x3xf32>
  %0 = linalg.max ins(%x, %z : tensor<2x8x3xf32>, tensor<2x8x3xf32>) outs(%e : tensor<2x8x3xf32>) -> tensor<2x8x3xf32>
  %p = tensor.empty() : tensor<2x4x3xf32>
  %s = linalg.fill ins(%low : f32) outs(%p : tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %1 = linalg.pooling_nwc_max {dilations = dense<1> : tensor<1xi64>, strides = dense<2> : tensor<1xi64>}
      ins(%0, %w : tensor<2x8x3xf32>, tensor<2xf32>) outs(%s : tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// What is used twice is computed once.
// CHECK-LABEL: func.func @two_users
// CHECK: linalg.exp
func.func @two_users(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %0 = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %1 = linalg.abs ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %2 = linalg.tanh ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %1, %2 : tensor<8xf32>, tensor<8xf32>
}

// A contraction stays what it is.
// CHECK-LABEL: func.func @matmul
// CHECK: linalg.exp
// CHECK: linalg.matmul
func.func @matmul(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>, %o: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.exp ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.matmul ins(%0, %w : tensor<4x8xf32>, tensor<8x2xf32>) outs(%o : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}
