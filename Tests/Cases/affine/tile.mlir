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

// CHECK: #map = affine_map<(d0) -> (d0)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 16)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0 + 16, 40)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @product(%arg0: memref<64x48xf32>, %arg1: memref<48x40xf32>, %arg2: memref<64x40xf32>) {
// CHECK-NEXT:     affine.for %arg3 = 0 to 64 step 16 {
// CHECK-NEXT:       affine.for %arg4 = 0 to 40 step 16 {
// CHECK-NEXT:         affine.for %arg5 = 0 to 48 step 16 {
// CHECK-NEXT:           affine.for %arg6 = #map(%arg3) to #map1(%arg3) {
// CHECK-NEXT:             affine.for %arg7 = #map(%arg4) to min #map2(%arg4) {
// CHECK-NEXT:               affine.for %arg8 = #map(%arg5) to #map1(%arg5) {
// CHECK-NEXT:                 %0 = affine.load %arg0[%arg6, %arg8] : memref<64x48xf32>
// CHECK-NEXT:                 %1 = affine.load %arg1[%arg8, %arg7] : memref<48x40xf32>
// CHECK-NEXT:                 %2 = affine.load %arg2[%arg6, %arg7] : memref<64x40xf32>
// CHECK-NEXT:                 %3 = arith.mulf %0, %1 : f32
// CHECK-NEXT:                 %4 = arith.addf %2, %3 : f32
// CHECK-NEXT:                 affine.store %4, %arg2[%arg6, %arg7] : memref<64x40xf32>
// CHECK-NEXT:               }
// CHECK-NEXT:             }
// CHECK-NEXT:           }
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

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

// CHECK: #map = affine_map<(d0) -> (d0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @triangle(%arg0: memref<64x64xf32>, %arg1: f32) {
// CHECK-NEXT:     affine.for %arg2 = 0 to 64 {
// CHECK-NEXT:       affine.for %arg3 = 0 to #map(%arg2) {
// CHECK-NEXT:         affine.store %arg1, %arg0[%arg2, %arg3] : memref<64x64xf32>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

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

// CHECK: #map = affine_map<(d0) -> (d0)>
// CHECK-NEXT: #map1 = affine_map<(d0)[s0] -> (d0 + 16, s0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @symbolic(%arg0: index, %arg1: index) {
// CHECK-NEXT:     affine.for %arg2 = 0 to %arg0 step 16 {
// CHECK-NEXT:       affine.for %arg3 = 4 to %arg1 step 16 {
// CHECK-NEXT:         affine.for %arg4 = #map(%arg2) to min #map1(%arg2)[%arg0] {
// CHECK-NEXT:           affine.for %arg5 = #map(%arg3) to min #map1(%arg3)[%arg1] {
// CHECK-NEXT:             "test.use"(%arg4, %arg5) : (index, index) -> ()
// CHECK-NEXT:           }
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
