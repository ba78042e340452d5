// RUN: martlet opt --allow-unregistered-dialect --split-input-file "--pass-pipeline=builtin.module(func.func(affine-loop-unroll{unroll-factor=4}))" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// What is left of the iterations runs behind.
func.func @rest(%a: memref<10xf32>) {
  affine.for %i = 0 to 10 {
    %x = affine.load %a[%i] : memref<10xf32>
    "test.use"(%x) : (f32) -> ()
  }
  return
}

// -----

// Carried values go from copy to copy.
func.func @carried(%a: memref<8xf32>, %z: f32) -> f32 {
  %sum = affine.for %i = 0 to 8 iter_args(%s = %z) -> (f32) {
    %x = affine.load %a[%i] : memref<8xf32>
    %t = arith.addf %s, %x : f32
    affine.yield %t : f32
  }
  return %sum : f32
}

// -----

// The number of iterations is not known: the loop behind begins where they end.
func.func @unknown(%n: index) {
  affine.for %i = 3 to %n step 2 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// -----

// A loop that runs less often than the factor stays.
func.func @short() {
  affine.for %i = 0 to 3 {
    "test.use"(%i) : (index) -> ()
  }
  return
}
