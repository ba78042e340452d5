// RUN: martlet opt --allow-unregistered-dialect --split-input-file "--pass-pipeline=builtin.module(func.func(affine-loop-unroll{unroll-factor=-1}))" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @three() {
  affine.for %i = 2 to 8 step 2 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// -----

// Bounds that vary, their difference does not.
func.func @window(%n: index) {
  affine.for %i = 0 to %n {
    affine.for %j = affine_map<(d0) -> (d0)>(%i) to affine_map<(d0) -> (d0 + 2)>(%i) {
      "test.use"(%j) : (index) -> ()
    }
  }
  return
}
