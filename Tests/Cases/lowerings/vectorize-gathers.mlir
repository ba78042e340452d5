// RUN: martlet opt %s -p 'vectorize-gathers' | FileCheck %s
// RUN: martlet opt %s -p 'vectorize-gathers{lanes=2}' | FileCheck %s --check-prefix=TWO
// RUN: not martlet opt %s -p 'vectorize-gathers{lanes=3}' 2>&1 | FileCheck %s --check-prefix=LANES
// RUN: not martlet opt %s -p 'vectorize-gathers{vector-width-bytes=1}' 2>&1 | FileCheck %s --check-prefix=WIDTH
// MLIR-OPT: no

// LANES: lanes must be 0 or a power of two from 2 to 64
// WIDTH: vector-width-bytes must be a power of two from 8 to 256

// Rows of 4 entries on average: vectors of 4 lanes.
// CHECK-LABEL: func.func @row
// TWO-LABEL: func.func @row
func.func @row(%p: memref<11xi32>, %c: memref<40xi32>, %v: memref<40xf64>, %x: memref<10xf64>,
    %row: index, %start: f64) -> f64 {
  %c1 = arith.constant 1 : index
  %end = arith.addi %row, %c1 : index
  %p0 = memref.load %p[%row] : memref<11xi32>
  %p1 = memref.load %p[%end] : memref<11xi32>
  %lo = arith.index_castui %p0 : i32 to index
  // CHECK: %[[HI:.*]] = arith.index_castui
  // CHECK: %[[HI:.*]] = arith.index_castui
  %hi = arith.index_castui %p1 : i32 to index
  // CHECK: %[[COUNT:.*]] = arith.subi %[[HI]], %[[LO:.*]] : index
  // CHECK: %[[MASK:.*]] = vector.create_mask %[[COUNT]] : vector<4xi1>
  // CHECK: %[[J:.*]] = vector.maskedload %arg1[%[[LO]]], %[[MASK]], %{{.*}} : memref<40xi32>, vector<4xi1>, vector<4xi32> into vector<4xi32>
  // CHECK: %[[K:.*]] = arith.index_castui %[[J]] : vector<4xi32> to vector<4xindex>
  // CHECK: %[[A:.*]] = vector.maskedload %arg2[%[[LO]]], %[[MASK]]
  // CHECK: %[[X:.*]] = vector.gather %arg3[%{{.*}}] [%[[K]]], %[[MASK]], %{{.*}} : memref<10xf64>, vector<4xindex>, vector<4xi1>, vector<4xf64> into vector<4xf64>
  // CHECK: %[[P:.*]] = arith.mulf %[[A]], %[[X]] : vector<4xf64>
  // CHECK: %[[T:.*]] = arith.addf %{{.*}}, %[[P]] : vector<4xf64>
  // CHECK: %[[FIRST:.*]] = arith.select %[[MASK]], %[[T]], %{{.*}} : vector<4xi1>, vector<4xf64>
  // CHECK: %[[REST:.*]] = scf.for %{{.*}} = %{{.*}} to %[[HI]] step %c4{{.*}} iter_args(%{{.*}} = %[[FIRST]]) -> (vector<4xf64>)
  // CHECK: vector.reduction <add>, %[[REST]], %arg5 fastmath<reassoc> : vector<4xf64> into f64
  // TWO: vector.create_mask %{{.*}} : vector<2xi1>
  %sum = scf.for %k = %lo to %hi step %c1 iter_args(%s = %start) -> (f64) {
    %j32 = memref.load %c[%k] : memref<40xi32>
    %j = arith.index_castui %j32 : i32 to index
    %a = memref.load %v[%k] : memref<40xf64>
    %e = memref.load %x[%j] : memref<10xf64>
    %m = arith.mulf %a, %e : f64
    %t = arith.addf %s, %m : f64
    scf.yield %t : f64
  }
  return %sum : f64
}

// Nothing is gathered, or what is read is the same for all: left as they are.
// CHECK-LABEL: func.func @others
// CHECK-NOT: vector
func.func @others(%v: memref<40xf64>, %c: memref<40xindex>, %n: index, %i: index) -> (f64, f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %plain = scf.for %k = %c0 to %n step %c1 iter_args(%s = %zero) -> (f64) {
    %a = memref.load %v[%k] : memref<40xf64>
    %t = arith.addf %s, %a : f64
    scf.yield %t : f64
  }
  %uniform = scf.for %k = %c0 to %n step %c1 iter_args(%s = %zero) -> (f64) {
    %j = memref.load %c[%k] : memref<40xindex>
    %a = memref.load %v[%j] : memref<40xf64>
    %b = memref.load %v[%i] : memref<40xf64>
    %m = arith.mulf %a, %b : f64
    %t = arith.addf %s, %m : f64
    scf.yield %t : f64
  }
  // Not a reduction: the order counts.
  %ordered = scf.for %k = %c0 to %n step %c1 iter_args(%s = %zero) -> (f64) {
    %j = memref.load %c[%k] : memref<40xindex>
    %a = memref.load %v[%j] : memref<40xf64>
    %t = arith.subf %a, %s : f64
    scf.yield %t : f64
  }
  // Written to between.
  scf.for %k = %c0 to %n step %c1 {
    %j = memref.load %c[%k] : memref<40xindex>
    memref.store %plain, %v[%j] : memref<40xf64>
  }
  return %uniform, %ordered : f64, f64
}
