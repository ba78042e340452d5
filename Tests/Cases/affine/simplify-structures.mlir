// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-simplify-structures %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @sets(%n: index) {
  affine.for %i = 0 to 10 {
    affine.if affine_set<(d0) : (d0 - 1 >= 0, d0 - 2 >= 0, d0 * 2 - 4 == 0)>(%i) {
      "test.use"(%i) : (index) -> ()
    }
    affine.if affine_set<(d0) : (d0 - 1 >= 0, -d0 >= 0)>(%i) {
      "test.use"(%i) : (index) -> ()
    }
  }
  return
}

// -----

func.func @maps(%i: index) -> index {
  %0 = affine.apply affine_map<(d0) -> ((d0 * 4 + 8) floordiv 4 - d0)>(%i)
  return %0 : index
}
