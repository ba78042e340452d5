// RUN: martlet opt %s -p 'linalg-to-loops' | FileCheck %s
// RUN: martlet opt %s -p 'linalg-to-loops{vectorize=false}' | FileCheck %s --check-prefix=SCALAR
// RUN: martlet opt %s -p 'linalg-to-loops,outline-kernels' | FileCheck %s --check-prefix=KERNEL

// The columns of the result are lanes; its rows are kept side by side in registers.
// CHECK-LABEL: func.func @main
// CHECK: %[[A:.*]] = memref.collapse_shape %arg0 {{\[}}[0, 1]] : memref<4x64xf32> into memref<256xf32>
// CHECK-COUNT-4: vector.load {{.*}} : memref<72xf32>, vector<16xf32>
// CHECK: scf.for
// CHECK: memref.load %[[A]]
// CHECK-NEXT: vector.broadcast
// CHECK: vector.load {{.*}} : memref<1152xf32>, vector<16xf32>
// CHECK-NEXT: vector.fma
// The tail has two lanes.
// CHECK: vector.store {{.*}} : memref<72xf32>, vector<2xf32>

// SCALAR-LABEL: func.func @main
// SCALAR: scf.for
// SCALAR: scf.for
// SCALAR: memref.load
// SCALAR-NEXT: scf.for {{.*}} iter_args
// SCALAR: arith.mulf
// SCALAR-NEXT: arith.addf
// SCALAR-NEXT: scf.yield
// SCALAR: memref.store

// KERNEL: func.func private @kernel_0_contraction({{.*}}: memref<4x18xf32> {llvm.noalias}
// KERNEL: func.func @main
// KERNEL-NEXT: call @kernel_0_contraction(
// KERNEL-NEXT: return
func.func @main(%a: memref<4x64xf32>, %b: memref<64x18xf32>, %c: memref<4x18xf32>) {
  linalg.matmul ins(%a, %b : memref<4x64xf32>, memref<64x18xf32>) outs(%c : memref<4x18xf32>)
  return
}
