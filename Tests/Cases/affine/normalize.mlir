// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-loop-normalize=promote-single-iter=1 %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @stepped(%n: index, %m: index) {
  affine.for %i = 3 to 30 step 4 {
    "test.use"(%i) : (index) -> ()
  }
  affine.for %i = affine_map<(d0) -> (d0 + 1)>(%n) to min affine_map<(d0, d1) -> (d0 * 2, d1)>(%n, %m) step 3 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// -----

func.func @parallel(%n: index) {
  affine.parallel (%i, %j) = (2, %n) to (20, %n + 6) step (3, 2) {
    "test.use"(%i, %j) : (index, index) -> ()
  }
  return
}

// -----

func.func @once(%a: memref<4xf32>) {
  affine.for %i = 2 to 3 {
    %x = affine.load %a[%i] : memref<4xf32>
    "test.use"(%x) : (f32) -> ()
  }
  return
}
