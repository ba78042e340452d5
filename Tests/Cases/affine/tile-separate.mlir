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

// CHECK: #map = affine_map<(d0) -> (d0)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 8)>
// CHECK-NEXT: #map2 = affine_map<(d0) -> (d0 + 8, 50)>
// CHECK-NEXT: #set = affine_set<(d0) : (-d0 + 42 >= 0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @part(%arg0: memref<50x64xf32>, %arg1: f32) {
// CHECK-NEXT:     affine.for %arg2 = 0 to 50 step 8 {
// CHECK-NEXT:       affine.for %arg3 = 0 to 64 step 8 {
// CHECK-NEXT:         affine.if #set(%arg2) {
// CHECK-NEXT:           affine.for %arg4 = #map(%arg2) to #map1(%arg2) {
// CHECK-NEXT:             affine.for %arg5 = #map(%arg3) to #map1(%arg3) {
// CHECK-NEXT:               affine.store %arg1, %arg0[%arg4, %arg5] : memref<50x64xf32>
// CHECK-NEXT:             }
// CHECK-NEXT:           }
// CHECK-NEXT:         } else {
// CHECK-NEXT:           affine.for %arg4 = #map(%arg2) to min #map2(%arg2) {
// CHECK-NEXT:             affine.for %arg5 = #map(%arg3) to #map1(%arg3) {
// CHECK-NEXT:               affine.store %arg1, %arg0[%arg4, %arg5] : memref<50x64xf32>
// CHECK-NEXT:             }
// CHECK-NEXT:           }
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @symbolic(%n: index) {
  affine.for %i = 0 to %n {
    "test.use"(%i) : (index) -> ()
  }
  return
}

// CHECK: #map = affine_map<(d0) -> (d0)>
// CHECK-NEXT: #map1 = affine_map<(d0) -> (d0 + 8)>
// CHECK-NEXT: #map2 = affine_map<(d0)[s0] -> (d0 + 8, s0)>
// CHECK-NEXT: #set = affine_set<(d0)[s0] : (-d0 + s0 - 8 >= 0)>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @symbolic(%arg0: index) {
// CHECK-NEXT:     affine.for %arg1 = 0 to %arg0 step 8 {
// CHECK-NEXT:       affine.if #set(%arg1)[%arg0] {
// CHECK-NEXT:         affine.for %arg2 = #map(%arg1) to #map1(%arg1) {
// CHECK-NEXT:           "test.use"(%arg2) : (index) -> ()
// CHECK-NEXT:         }
// CHECK-NEXT:       } else {
// CHECK-NEXT:         affine.for %arg2 = #map(%arg1) to min #map2(%arg1)[%arg0] {
// CHECK-NEXT:           "test.use"(%arg2) : (index) -> ()
// CHECK-NEXT:         }
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
