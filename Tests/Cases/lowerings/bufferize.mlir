// RUN: martlet opt --bufferize %s | FileCheck %s

// A result is made in the memory the caller gives.
// CHECK-LABEL: func.func @relu(
// CHECK-SAME: %[[X:.*]]: memref<4x8xf32>, %[[OUT:.*]]: memref<4x8xf32> {martlet.result = 0 : i64})
// CHECK-NOT: memref.alloc
// CHECK: linalg.exp ins(%[[X]] : memref<4x8xf32>) outs(%[[OUT]] : memref<4x8xf32>)
// CHECK: return
func.func @relu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.exp ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// What is padded is made inside the pad.
// CHECK-LABEL: func.func @pad(
// CHECK-SAME: %[[X:.*]]: memref<2x4xf32>, %[[OUT:.*]]: memref<4x4xf32>
// CHECK: %[[PART:.*]] = memref.subview %[[OUT]][1, 0] [2, 4] [1, 1]
// CHECK: linalg.fill
// CHECK-SAME: outs(%[[OUT]] : memref<4x4xf32>)
// CHECK: linalg.exp ins(%[[X]] : memref<2x4xf32>) outs(%[[PART]]
// CHECK-NOT: memref.copy
// CHECK: return
func.func @pad(%x: tensor<2x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4xf32>
  %y = linalg.exp ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  %p = tensor.pad %y low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<2x4xf32> to tensor<4x4xf32>
  return %p : tensor<4x4xf32>
}

// A loop changes what it carries in place: the parameter is copied once, before it.
// CHECK-LABEL: func.func @loop(
// CHECK-SAME: %[[X:.*]]: memref<8xf32>, %[[OUT:.*]]: memref<8xf32>
// CHECK: memref.copy %[[X]], %[[OUT]]
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK-NEXT: memref.store %{{.*}}, %[[OUT]][%[[I]]] : memref<8xf32>
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @loop(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  %r = scf.for %i = %c0 to %c4 step %c1 iter_args(%t = %x) -> (tensor<8xf32>) {
    %n = tensor.insert %zero into %t[%i] : tensor<8xf32>
    scf.yield %n : tensor<8xf32>
  }
  return %r : tensor<8xf32>
}

// Constants become globals.
// CHECK-LABEL: func.func @constant(
// CHECK: memref.get_global @__constant_2xf32 : memref<2xf32>
func.func @constant(%i: index) -> f32 {
  %k = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %v = tensor.extract %k[%i] : tensor<2xf32>
  return %v : f32
}
