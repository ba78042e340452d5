// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-loop-coalescing %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @affine(%n: index) {
  affine.for %i = 0 to 8 {
    affine.for %j = 0 to %n {
      "test.use"(%i, %j) : (index, index) -> ()
    }
  }
  return
}

// -----

func.func @scf(%lb: index, %ub: index, %step: index, %z: f32) -> f32 {
  %r = scf.for %i = %lb to %ub step %step iter_args(%s = %z) -> (f32) {
    %t = scf.for %j = %lb to %ub step %step iter_args(%u = %s) -> (f32) {
      %v = "test.use"(%i, %j, %u) : (index, index, f32) -> f32
      scf.yield %v : f32
    }
    scf.yield %t : f32
  }
  return %r : f32
}

// -----

func.func @integers(%n: i32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  scf.for %i = %zero to %n step %two : i32 {
    scf.for %j = %one to %n step %one : i32 {
      "test.use"(%i, %j) : (i32, i32) -> ()
    }
  }
  return
}
