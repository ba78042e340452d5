// RUN: martlet opt --split-input-file --affine-loop-tile=cache-size=16 %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @product(%a: memref<256x256xf32>, %b: memref<256x256xf32>, %c: memref<256x256xf32>) {
  affine.for %i = 0 to 256 {
    affine.for %j = 0 to 256 {
      affine.for %k = 0 to 250 {
        %x = affine.load %a[%i, %k] : memref<256x256xf32>
        %y = affine.load %b[%k, %j] : memref<256x256xf32>
        %z = affine.load %c[%i, %j] : memref<256x256xf32>
        %p = arith.mulf %x, %y : f32
        %s = arith.addf %z, %p : f32
        affine.store %s, %c[%i, %j] : memref<256x256xf32>
      }
    }
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 2)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0 + 5)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @product(%arg0: memref<256x256xf32>, %arg1: memref<256x256xf32>, %arg2: memref<256x256xf32>) {
// CHECK-NEXT:     affine.for %arg3 = 0 to 256 step 2 {
// CHECK-NEXT:       affine.for %arg4 = 0 to 256 step 2 {
// CHECK-NEXT:         affine.for %arg5 = 0 to 250 step 5 {
// CHECK-NEXT:           affine.for %arg6 = #map(%arg3) to #map1(%arg3) {
// CHECK-NEXT:             affine.for %arg7 = #map(%arg4) to #map1(%arg4) {
// CHECK-NEXT:               affine.for %arg8 = #map(%arg5) to #map2(%arg5) {
// CHECK-NEXT:                 %0 = affine.load %arg0[%arg6, %arg8] : memref<256x256xf32>
// CHECK-NEXT:                 %1 = affine.load %arg1[%arg8, %arg7] : memref<256x256xf32>
// CHECK-NEXT:                 %2 = affine.load %arg2[%arg6, %arg7] : memref<256x256xf32>
// CHECK-NEXT:                 %3 = arith.mulf %0, %1 : f32
// CHECK-NEXT:                 %4 = arith.addf %2, %3 : f32
// CHECK-NEXT:                 affine.store %4, %arg2[%arg6, %arg7] : memref<256x256xf32>
// CHECK-NEXT:               }
// CHECK-NEXT:             }
// CHECK-NEXT:           }
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
