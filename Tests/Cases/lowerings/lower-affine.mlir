// RUN: martlet opt --lower-affine %s | FileCheck %s

// CHECK-LABEL: func.func @loop(
// CHECK-SAME: %[[M:.*]]: memref<100xf32>, %[[N:.*]]: index
// CHECK: %[[LOW:.*]] = arith.constant 0 : index
// CHECK: %[[C64:.*]] = arith.constant 64 : index
// CHECK: %[[HIGH:.*]] = arith.minsi %[[N]], %[[C64]] : index
// CHECK: %[[STEP:.*]] = arith.constant 2 : index
// CHECK: scf.for %[[I:.*]] = %[[LOW]] to %[[HIGH]] step %[[STEP]] {
// CHECK: %[[J:.*]] = arith.addi %[[I]], %{{.*}} : index
// CHECK: memref.load %[[M]][%[[J]]] : memref<100xf32>
func.func @loop(%m: memref<100xf32>, %n: index) {
  affine.for %i = 0 to min affine_map<()[s0] -> (s0, 64)>()[%n] step 2 {
    %x = affine.load %m[%i + 3] : memref<100xf32>
    affine.store %x, %m[%i] : memref<100xf32>
  }
  return
}

// A remainder that is not negative, a floor division.
// CHECK-LABEL: func.func @divide(
// CHECK-SAME: %[[I:.*]]: index
// CHECK: %[[R:.*]] = arith.remsi %[[I]], %[[C:.*]] : index
// CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[R]], %{{.*}} : index
// CHECK: %[[SUM:.*]] = arith.addi %[[R]], %[[C]] : index
// CHECK: arith.select %[[NEGATIVE]], %[[SUM]], %[[R]] : index
// CHECK: arith.divsi
// CHECK: arith.select
func.func @divide(%i: index) -> (index, index) {
  %0 = affine.apply affine_map<(d0) -> (d0 mod 8)>(%i)
  %1 = affine.apply affine_map<(d0) -> (d0 floordiv 8)>(%i)
  return %0, %1 : index, index
}

// CHECK-LABEL: func.func @conditions(
// CHECK-SAME: %[[I:.*]]: index, %[[N:.*]]: index
// CHECK: %[[A:.*]] = arith.cmpi sge, %[[I]], %{{.*}} : index
// CHECK: %[[B:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : index
// CHECK: %[[BOTH:.*]] = arith.andi %[[A]], %[[B]] : i1
// CHECK: scf.if %[[BOTH]] -> (f32) {
func.func @conditions(%i: index, %n: index, %a: f32, %b: f32) -> f32 {
  %0 = affine.if affine_set<(d0)[s0] : (d0 >= 0, s0 - d0 == 0)>(%i)[%n] -> f32 {
    affine.yield %a : f32
  } else {
    affine.yield %b : f32
  }
  return %0 : f32
}

// CHECK-LABEL: func.func @parallel(
// CHECK: scf.parallel (%{{.*}}) = (%{{.*}}) to (%{{.*}}) step (%{{.*}}) init (%{{.*}}) -> f32 {
// CHECK: scf.reduce(%{{.*}} : f32) {
// CHECK: arith.maximumf
// CHECK: scf.reduce.return
func.func @parallel(%m: memref<50xf32>) -> f32 {
  %0 = affine.parallel (%i) = (0) to (50) reduce ("maximumf") -> (f32) {
    %x = affine.load %m[%i] : memref<50xf32>
    affine.yield %x : f32
  }
  return %0 : f32
}
