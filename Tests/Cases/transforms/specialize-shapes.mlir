// RUN: martlet opt -p 'func.func(specialize-shapes{function=main shapes=8x4})' %s | FileCheck %s
// RUN: not martlet opt -p 'func.func(specialize-shapes{function=main shapes=8x5})' %s 2>&1 | FileCheck %s --check-prefix=BAD
// RUN: not martlet opt -p 'func.func(specialize-shapes{function=main shapes=8})' %s 2>&1 | FileCheck %s --check-prefix=RANK

// BAD: argument 'x' is expected to be of type tensor<?x4xf32>, got tensor<8x5xf32>: dimension 1 differs
// RANK: argument 'x' is expected to be of type tensor<?x4xf32>, got tensor<8xf32>: ranks differ

// CHECK-LABEL: func.func @main(%arg0: tensor<8x4xf32>) -> (tensor<8x4xf32>, index)
// CHECK: %[[C8:.*]] = arith.constant 8 : index
// CHECK: %[[E:.*]] = tensor.empty() : tensor<8x4xf32>
// CHECK: %[[R:.*]] = linalg.exp ins(%arg0 : tensor<8x4xf32>) outs(%[[E]] : tensor<8x4xf32>) -> tensor<8x4xf32>
// CHECK: return %[[R]], %[[C8]]
func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, index) {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%d) : tensor<?x4xf32>
  %0 = linalg.exp ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0, %d : tensor<?x4xf32>, index
}
