// RUN: martlet opt --allow-unregistered-dialect --split-input-file "--affine-loop-tile=tile-size=8 separate" %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @part(%a: memref<50x64xf32>, %f: f32) {
  affine.for %i = 0 to 50 {
    affine.for %j = 0 to 64 {
      affine.store %f, %a[%i, %j] : memref<50x64xf32>
    }
  }
  return
}

// -----

func.func @symbolic(%n: index) {
  affine.for %i = 0 to %n {
    "test.use"(%i) : (index) -> ()
  }
  return
}
