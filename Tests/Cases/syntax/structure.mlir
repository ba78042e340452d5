// RUN: martlet opt --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Names of values; results in packs.
func.func @packs(%first: i32, %1: i32, %x.y: i32, %$z-1: i32) -> (i32, i32) {
  %pair:2 = "t.pair"(%first, %1) : (i32, i32) -> (i32, i32)
  %a, %b = "t.pair"(%pair#0, %pair#1) : (i32, i32) -> (i32, i32)
  %c:2, %d = "t.three"(%x.y, %$z-1) : (i32, i32) -> (i32, i32, i32)
  "t.none"(%c#1, %d) : (i32, i32) -> ()
  "t.none"() : () -> ()
  return %a, %b : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @packs(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32) -> (i32, i32) {
// CHECK-NEXT:     %0:2 = "t.pair"(%arg0, %arg1) : (i32, i32) -> (i32, i32)
// CHECK-NEXT:     %1:2 = "t.pair"(%0#0, %0#1) : (i32, i32) -> (i32, i32)
// CHECK-NEXT:     %2:3 = "t.three"(%arg2, %arg3) : (i32, i32) -> (i32, i32, i32)
// CHECK-NEXT:     "t.none"(%2#1, %2#2) : (i32, i32) -> ()
// CHECK-NEXT:     "t.none"() : () -> ()
// CHECK-NEXT:     return %1#0, %1#1 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Blocks, arguments, successors and values used before their definition.
func.func @blocks(%arg0: i1) -> i32 {
  cf.br ^second
^first(%x: i32, %y: f32):
  %s = arith.addi %x, %later : i32
  cf.cond_br %arg0, ^first(%s, %y : i32, f32), ^last(%s : i32)
^second:
  %later = arith.constant 1 : i32
  %f = arith.constant 1.0 : f32
  cf.br ^first(%later, %f : i32, f32)
^last(%r: i32):
  return %r : i32
^unreachable:
  cf.br ^unreachable
}

// CHECK: module {
// CHECK-NEXT:   func.func @blocks(%arg0: i1) -> i32 {
// CHECK-NEXT:     cf.br ^bb2
// CHECK-NEXT:   ^bb1(%0: i32, %1: f32):  // 2 preds: ^bb1, ^bb2
// CHECK-NEXT:     %2 = arith.addi %0, %c1_i32 : i32
// CHECK-NEXT:     cf.cond_br %arg0, ^bb1(%2, %1 : i32, f32), ^bb3(%2 : i32)
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %cst = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:     cf.br ^bb1(%c1_i32, %cst : i32, f32)
// CHECK-NEXT:   ^bb3(%3: i32):  // pred: ^bb1
// CHECK-NEXT:     return %3 : i32
// CHECK-NEXT:   ^bb4:  // pred: ^bb4
// CHECK-NEXT:     cf.br ^bb4
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Generic operations with successors and regions.
"t.graph"() ({
^bb0(%a: i32, %b: i32):
  "t.branch"(%a)[^bb1, ^bb2] : (i32) -> ()
^bb1:
  "t.done"() {x} : () -> ()
^bb2:
  "t.done"() ({}, {
    "t.leaf"() : () -> ()
  }) : () -> ()
}, {
}) {name = "regions"} : () -> ()

// CHECK: module {
// CHECK-NEXT:   "t.graph"() ({
// CHECK-NEXT:   ^bb0(%arg0: i32, %arg1: i32):
// CHECK-NEXT:     "t.branch"(%arg0)[^bb1, ^bb2] : (i32) -> ()
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     "t.done"() {x} : () -> ()
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     "t.done"() ({
// CHECK-NEXT:     }, {
// CHECK-NEXT:       "t.leaf"() : () -> ()
// CHECK-NEXT:     }) : () -> ()
// CHECK-NEXT:   }, {
// CHECK-NEXT:   }) {name = "regions"} : () -> ()
// CHECK-NEXT: }

// -----

// A graph region: any order.
module @outer attributes {x.a = 1 : i32} {
  module @inner {
    %0 = "t.use"(%1) : (i32) -> i32
    %1 = "t.use"(%0) : (i32) -> i32
  }
  module {
  }
  module attributes {x.only} {
  }
}

// CHECK: module @outer attributes {x.a = 1 : i32} {
// CHECK-NEXT:   module @inner {
// CHECK-NEXT:     %0 = "t.use"(%1) : (i32) -> i32
// CHECK-NEXT:     %1 = "t.use"(%0) : (i32) -> i32
// CHECK-NEXT:   }
// CHECK-NEXT:   module {
// CHECK-NEXT:   }
// CHECK-NEXT:   module attributes {x.only} {
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Functions.
func.func private @declared(i32, f32 {x.a = 1 : i32}) -> (i32 {x.b}, f32)
func.func @attributed(%arg0: i32 {x.a, x.b = "s"}) -> (f32 {x.c = 1 : i64}) attributes {x.d} {
  %0 = arith.constant 0.0 : f32
  return %0 : f32
}
func.func nested @"quoted name"() {
  func.call @"quoted name"() : () -> ()
  return
}
func.func public @visible() {
  return
}
func.func private @returns_function() -> (() -> ())
func.func @name_clash(%arg1: i32, %arg0: i32) {
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @declared(i32, f32 {x.a = 1 : i32}) -> (i32 {x.b}, f32)
// CHECK-NEXT:   func.func @attributed(%arg0: i32 {x.a, x.b = "s"}) -> (f32 {x.c = 1 : i64}) attributes {x.d} {
// CHECK-NEXT:     %cst = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:     return %cst : f32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func nested @"quoted name"() {
// CHECK-NEXT:     call @"quoted name"() : () -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func public @visible() {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func private @returns_function() -> (() -> ())
// CHECK-NEXT:   func.func @name_clash(%arg0: i32, %arg1: i32) {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Isolated regions number their values anew.
func.func @f(%arg0: i32) {
  %0 = arith.addi %arg0, %arg0 : i32
  %c1 = arith.constant 1 : i32
  %c1_again = arith.constant 1 : i32
  %c1_0 = arith.constant 1 : index
  %t = arith.constant true
  %d = arith.constant dense<1> : tensor<2xi32>
  %e = arith.constant dense<2> : tensor<2xi32>
  %neg = arith.constant -7 : i8
  %fl = arith.constant 1.0 : f32
  builtin.module {
    func.func @g(%a: i32) {
      %b = arith.addi %a, %a : i32
      return
    }
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @f(%arg0: i32) {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %c1_i32_0 = arith.constant 1 : i32
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %true = arith.constant true
// CHECK-NEXT:     %cst = arith.constant dense<1> : tensor<2xi32>
// CHECK-NEXT:     %cst_1 = arith.constant dense<2> : tensor<2xi32>
// CHECK-NEXT:     %c-7_i8 = arith.constant -7 : i8
// CHECK-NEXT:     %cst_2 = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:     builtin.module {
// CHECK-NEXT:       func.func @g(%arg1: i32) {
// CHECK-NEXT:         %1 = arith.addi %arg1, %arg1 : i32
// CHECK-NEXT:         return
// CHECK-NEXT:       }
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Comments, and everything on one line. // not a new comment
func.func @g() { return } func.func @h() { // behind
  return // a return
}
"t.op"() : () -> () "t.op"() : () -> ()

// CHECK: module {
// CHECK-NEXT:   func.func @g() {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @h() {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT:   "t.op"() : () -> ()
// CHECK-NEXT:   "t.op"() : () -> ()
// CHECK-NEXT: }

// -----

// Numbers of results and locations are not printed unless asked for.
%0:3 = "t.many"() : () -> (i32, f32, index) loc("file":1:2)
"t.use"(%0#2, %0#0, %0#1) : (index, i32, f32) -> () loc(unknown)
"t.use"(%0#1) : (f32) -> () loc(fused["a", "b":1:1])
"t.use"(%0#1) : (f32) -> () loc(callsite("x" at "y"))
#loc = loc("late":3:4)
"t.use"(%0#1) : (f32) -> () loc(#loc)

// CHECK: module {
// CHECK-NEXT:   %0:3 = "t.many"() : () -> (i32, f32, index)
// CHECK-NEXT:   "t.use"(%0#2, %0#0, %0#1) : (index, i32, f32) -> ()
// CHECK-NEXT:   "t.use"(%0#1) : (f32) -> ()
// CHECK-NEXT:   "t.use"(%0#1) : (f32) -> ()
// CHECK-NEXT:   "t.use"(%0#1) : (f32) -> ()
// CHECK-NEXT: }

// -----

// An empty part

// CHECK: module {
// CHECK-NEXT: }

// -----

func.func @structured(%n: index, %c: i1, %x: f32) -> f32 {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %r = scf.for %i = %zero to %n step %one iter_args(%acc = %x) -> (f32) {
    %v = scf.if %c -> (f32) {
      scf.yield %acc : f32
    } else {
      %m = arith.mulf %acc, %acc : f32
      scf.yield %m : f32
    }
    scf.yield %v : f32
  }
  %w:2 = scf.while (%a = %r, %b = %n) : (f32, index) -> (f32, index) {
    %lt = arith.cmpi slt, %b, %one : index
    scf.condition(%lt) %a, %b : f32, index
  } do {
  ^bb0(%a: f32, %b: index):
    scf.yield %a, %b : f32, index
  }
  scf.if %c {
    "t.op"() : () -> ()
  }
  return %w#0 : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @structured(%arg0: index, %arg1: i1, %arg2: f32) -> f32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0 = scf.for %arg3 = %c0 to %arg0 step %c1 iter_args(%arg4 = %arg2) -> (f32) {
// CHECK-NEXT:       %2 = scf.if %arg1 -> (f32) {
// CHECK-NEXT:         scf.yield %arg4 : f32
// CHECK-NEXT:       } else {
// CHECK-NEXT:         %3 = arith.mulf %arg4, %arg4 : f32
// CHECK-NEXT:         scf.yield %3 : f32
// CHECK-NEXT:       }
// CHECK-NEXT:       scf.yield %2 : f32
// CHECK-NEXT:     }
// CHECK-NEXT:     %1:2 = scf.while (%arg3 = %0, %arg4 = %arg0) : (f32, index) -> (f32, index) {
// CHECK-NEXT:       %2 = arith.cmpi slt, %arg4, %c1 : index
// CHECK-NEXT:       scf.condition(%2) %arg3, %arg4 : f32, index
// CHECK-NEXT:     } do {
// CHECK-NEXT:     ^bb0(%arg3: f32, %arg4: index):
// CHECK-NEXT:       scf.yield %arg3, %arg4 : f32, index
// CHECK-NEXT:     }
// CHECK-NEXT:     scf.if %arg1 {
// CHECK-NEXT:       "t.op"() : () -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return %1#0 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }
