// RUN: martlet opt --inline --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// A call of one block; the callee goes where it is private.
func.func private @square(%x: i32) -> i32 {
  %0 = arith.muli %x, %x : i32
  return %0 : i32
}
func.func @caller(%a: i32, %b: i32) -> i32 {
  %0 = call @square(%a) : (i32) -> i32
  %1 = call @square(%b) : (i32) -> i32
  %2 = arith.addi %0, %1 : i32
  return %2 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @caller(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.muli %arg0, %arg0 : i32
// CHECK-NEXT:     %1 = arith.muli %arg1, %arg1 : i32
// CHECK-NEXT:     %2 = arith.addi %0, %1 : i32
// CHECK-NEXT:     return %2 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Several blocks.
func.func private @choose(%c: i1, %x: i32, %y: i32) -> i32 {
  cf.cond_br %c, ^left, ^right
^left:
  %0 = arith.addi %x, %y : i32
  return %0 : i32
^right:
  %1 = arith.muli %x, %y : i32
  return %1 : i32
}
func.func @caller(%c: i1, %a: i32) -> i32 {
  %0 = arith.subi %a, %a : i32
  %1 = call @choose(%c, %a, %0) : (i1, i32, i32) -> i32
  %2 = arith.xori %1, %a : i32
  return %2 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @caller(%arg0: i1, %arg1: i32) -> i32 {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %0 = arith.select %arg0, %arg1, %c0_i32 : i32
// CHECK-NEXT:     %1 = arith.xori %0, %arg1 : i32
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Several blocks into a region that takes one.
func.func private @loop_body(%c: i1) {
  cf.cond_br %c, ^a, ^b
^a:
  cf.br ^b
^b:
  return
}
func.func @structured(%c: i1, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    func.call @loop_body(%c) : (i1) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @structured(%arg0: i1, %arg1: index) {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Recursion, direct and through another.
func.func @direct(%a: i32) -> i32 {
  %0 = call @direct(%a) : (i32) -> i32
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @direct(%arg0: i32) -> i32 {
// CHECK-NEXT:     %0 = call @direct(%arg0) : (i32) -> i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Chains, declarations, public callees, no_inline.
func.func private @declared(i32) -> i32
func.func @public(%x: i32) -> i32 {
  %0 = call @declared(%x) : (i32) -> i32
  return %0 : i32
}
func.func private @middle(%x: i32) -> i32 {
  %0 = call @public(%x) : (i32) -> i32
  %1 = arith.addi %0, %x : i32
  return %1 : i32
}
func.func private @never(%x: i32) -> i32 attributes {no_inline} {
  return %x : i32
}
func.func private @nothing() {
  return
}
func.func @top(%x: i32) -> (i32, i32, i32) {
  %0 = call @middle(%x) : (i32) -> i32
  %1 = call @never(%x) : (i32) -> i32
  %2 = call @middle(%x) {no_inline} : (i32) -> i32
  call @nothing() : () -> ()
  return %0, %1, %2 : i32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @declared(i32) -> i32
// CHECK-NEXT:   func.func @public(%arg0: i32) -> i32 {
// CHECK-NEXT:     %0 = call @declared(%arg0) : (i32) -> i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func private @middle(%arg0: i32) -> i32 {
// CHECK-NEXT:     %0 = call @declared(%arg0) : (i32) -> i32
// CHECK-NEXT:     %1 = arith.addi %0, %arg0 : i32
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func private @never(%arg0: i32) -> i32 attributes {no_inline} {
// CHECK-NEXT:     return %arg0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @top(%arg0: i32) -> (i32, i32, i32) {
// CHECK-NEXT:     %0 = call @declared(%arg0) : (i32) -> i32
// CHECK-NEXT:     %1 = arith.addi %0, %arg0 : i32
// CHECK-NEXT:     %2 = call @never(%arg0) : (i32) -> i32
// CHECK-NEXT:     %3 = call @middle(%arg0) {no_inline} : (i32) -> i32
// CHECK-NEXT:     return %1, %2, %3 : i32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Constants are folded in the inlined body.
func.func private @scale(%x: i32, %by: i32) -> i32 {
  %0 = arith.muli %x, %by : i32
  %c1 = arith.constant 1 : i32
  %1 = arith.addi %0, %c1 : i32
  return %1 : i32
}
func.func @constants() -> i32 {
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %0 = call @scale(%c2, %c3) : (i32, i32) -> i32
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @constants() -> i32 {
// CHECK-NEXT:     %c7_i32 = arith.constant 7 : i32
// CHECK-NEXT:     return %c7_i32 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// An indirect call of a known function.
func.func private @callee(%x: f32) -> f32 {
  %0 = arith.negf %x : f32
  return %0 : f32
}
func.func @indirect(%a: f32) -> f32 {
  %f = constant @callee : (f32) -> f32
  %0 = call_indirect %f(%a) : (f32) -> f32
  return %0 : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @indirect(%arg0: f32) -> f32 {
// CHECK-NEXT:     %0 = arith.negf %arg0 : f32
// CHECK-NEXT:     return %0 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Calls in regions.
func.func private @work(%m: memref<4xf32>, %i: index) {
  %0 = memref.load %m[%i] : memref<4xf32>
  %1 = arith.addf %0, %0 : f32
  memref.store %1, %m[%i] : memref<4xf32>
  return
}
func.func @in_loop(%m: memref<4xf32>, %n: index, %c: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    scf.if %c {
      func.call @work(%m, %i) : (memref<4xf32>, index) -> ()
    }
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @in_loop(%arg0: memref<4xf32>, %arg1: index, %arg2: i1) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     scf.for %arg3 = %c0 to %arg1 step %c1 {
// CHECK-NEXT:       scf.if %arg2 {
// CHECK-NEXT:         %0 = memref.load %arg0[%arg3] : memref<4xf32>
// CHECK-NEXT:         %1 = arith.addf %0, %0 : f32
// CHECK-NEXT:         memref.store %1, %arg0[%arg3] : memref<4xf32>
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }
