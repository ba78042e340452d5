// RUN: martlet opt %s -p 'linalg-to-loops' | FileCheck %s
// RUN: martlet opt %s -p 'linalg-to-loops{vector-width-bytes=32}' | FileCheck %s --check-prefix=NARROW
// RUN: not martlet opt %s -p 'linalg-to-loops{vector-width-bytes=12}' 2>&1 | FileCheck %s --check-prefix=ERROR

// ERROR: vector-width-bytes must be a power of two from 8 to 256

// Dimensions that lie one behind the other are one loop: 315 elements, 19 vectors and 11 lanes.
// CHECK-LABEL: func.func @relu
// CHECK: scf.for %[[I:.*]] = %c0 to %c304 step %c16
// CHECK-NEXT: %[[X:.*]] = vector.load %{{.*}}[%[[I]]] : memref<315xf32>, vector<16xf32>
// CHECK-NEXT: %[[Y:.*]] = arith.maximumf %[[X]], %{{.*}} : vector<16xf32>
// CHECK-NEXT: vector.store %[[Y]], %{{.*}}[%[[I]]]
// CHECK: vector.store {{.*}} : memref<315xf32>, vector<11xf32>

// NARROW-LABEL: func.func @relu
// NARROW: vector<8xf32>
// NARROW: vector<3xf32>
func.func @relu(%a: memref<5x7x9xf32>, %b: memref<5x7x9xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>,
      affine_map<(i, j, k) -> (i, j, k)>], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%a : memref<5x7x9xf32>) outs(%b : memref<5x7x9xf32>) {
  ^bb0(%x: f32, %y: f32):
    %z = arith.constant 0.0 : f32
    %m = arith.maximumf %x, %z : f32
    linalg.yield %m : f32
  }
  return
}

// Neither order is contiguous for both: the innermost loop is so for the result.
// CHECK-LABEL: func.func @transpose
// CHECK: scf.for %{{.*}} = %c0 to %c70
// CHECK: scf.for %{{.*}} = %c0 to %c5
// CHECK: memref.load
// CHECK: memref.store
func.func @transpose(%a: memref<5x70xf32>, %b: memref<70x5xf32>) {
  linalg.transpose ins(%a : memref<5x70xf32>) outs(%b : memref<70x5xf32>) permutation = [1, 0]
  return
}
