// RUN: martlet opt --allow-unregistered-dialect --split-input-file --affine-loop-tile=tile-size=16 %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @product(%a: memref<64x48xf32>, %b: memref<48x40xf32>, %c: memref<64x40xf32>) {
  affine.for %i = 0 to 64 {
    affine.for %j = 0 to 40 {
      affine.for %k = 0 to 48 {
        %x = affine.load %a[%i, %k] : memref<64x48xf32>
        %y = affine.load %b[%k, %j] : memref<48x40xf32>
        %z = affine.load %c[%i, %j] : memref<64x40xf32>
        %p = arith.mulf %x, %y : f32
        %s = arith.addf %z, %p : f32
        affine.store %s, %c[%i, %j] : memref<64x40xf32>
      }
    }
  }
  return
}

// -----

// A triangle is no box.
func.func @triangle(%a: memref<64x64xf32>, %f: f32) {
  affine.for %i = 0 to 64 {
    affine.for %j = 0 to affine_map<(d0) -> (d0)>(%i) {
      affine.store %f, %a[%i, %j] : memref<64x64xf32>
    }
  }
  return
}

// -----

// Sizes known at run time alone.
func.func @symbolic(%n: index, %m: index) {
  affine.for %i = 0 to %n {
    affine.for %j = 4 to %m {
      "test.use"(%i, %j) : (index, index) -> ()
    }
  }
  return
}
