// RUN: martlet opt --canonicalize %s | FileCheck %s

// Maps are composed, operands that are constants become part of them.
// CHECK-LABEL: func.func @compose(
// CHECK-SAME: %[[M:.*]]: memref<100xf32>, %[[N:.*]]: index
// CHECK: affine.for %[[I:.*]] = 0 to 10 iter_args(
// CHECK-NEXT: affine.load %[[M]][%[[I]] * 2 + 7] : memref<100xf32>
func.func @compose(%m: memref<100xf32>, %n: index) -> f32 {
  %zero = arith.constant 0.0 : f32
  %c3 = arith.constant 3 : index
  %r = affine.for %i = 0 to 10 iter_args(%s = %zero) -> f32 {
    %double = affine.apply affine_map<(d0) -> (d0 * 2)>(%i)
    %shifted = affine.apply affine_map<(d0)[s0] -> (d0 + s0 + 4)>(%double)[%c3]
    %x = affine.load %m[%shifted] : memref<100xf32>
    %t = arith.addf %s, %x : f32
    affine.yield %t : f32
  }
  return %r : f32
}

// Loops that do nothing and conditions that are known go away.
// CHECK-LABEL: func.func @dead(
// CHECK-NOT: affine.for
// CHECK-NOT: affine.if
// CHECK: memref.store
// CHECK-NOT: affine
// CHECK: return
func.func @dead(%m: memref<8xf32>, %n: index, %f: f32, %i: index) {
  affine.for %j = 0 to %n {
  }
  affine.if affine_set<() : (0 == 0)>() {
    memref.store %f, %m[%i] : memref<8xf32>
  } else {
    memref.store %f, %m[%n] : memref<8xf32>
  }
  affine.if affine_set<() : (1 == 0)>() {
    memref.store %f, %m[%n] : memref<8xf32>
  }
  return
}

// Of bounds the loose ones go, a remainder of what is smaller than the divisor is left out.
// CHECK-LABEL: func.func @bounds(
// CHECK: affine.for %[[I:.*]] = 0 to 10 {
// CHECK-NEXT: affine.for %[[J:.*]] = 0 to 5 {
// CHECK-NEXT: affine.store %{{.*}}, %{{.*}}[%[[I]] + %[[J]]] : memref<100xf32>
func.func @bounds(%m: memref<100xf32>, %f: f32) {
  affine.for %i = 0 to 10 {
    affine.for %j = 0 to min affine_map<(d0) -> (5, d0 + 20)>(%i) {
      affine.store %f, %m[(%i + %j) mod 50] : memref<100xf32>
    }
  }
  return
}

// What delinearize_index takes apart linearize_index puts together.
// CHECK-LABEL: func.func @inverse(
// CHECK-SAME: %[[I:.*]]: index
// CHECK: return %[[I]] : index
func.func @inverse(%i: index) -> index {
  %0:3 = affine.delinearize_index %i into (8, 4, 2) : index, index, index
  %1 = affine.linearize_index disjoint [%0#0, %0#1, %0#2] by (8, 4, 2) : index
  return %1 : index
}
