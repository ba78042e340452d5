// RUN: martlet opt --mlir-print-op-generic --allow-unregistered-dialect --split-input-file %s | FileCheck %s
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

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   "func.func"() <{function_type = (i32, i32, i32, i32) -> (i32, i32), sym_name = "packs"}> ({
// CHECK-NEXT:   ^bb0(%arg0: i32, %arg1: i32, %arg2: i32, %arg3: i32):
// CHECK-NEXT:     %0:2 = "t.pair"(%arg0, %arg1) : (i32, i32) -> (i32, i32)
// CHECK-NEXT:     %1:2 = "t.pair"(%0#0, %0#1) : (i32, i32) -> (i32, i32)
// CHECK-NEXT:     %2:3 = "t.three"(%arg2, %arg3) : (i32, i32) -> (i32, i32, i32)
// CHECK-NEXT:     "t.none"(%2#1, %2#2) : (i32, i32) -> ()
// CHECK-NEXT:     "t.none"() : () -> ()
// CHECK-NEXT:     "func.return"(%1#0, %1#1) : (i32, i32) -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT: }) : () -> ()

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

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   "func.func"() <{function_type = (i1) -> i32, sym_name = "blocks"}> ({
// CHECK-NEXT:   ^bb0(%arg0: i1):
// CHECK-NEXT:     "cf.br"()[^bb2] : () -> ()
// CHECK-NEXT:   ^bb1(%0: i32, %1: f32):  // 2 preds: ^bb1, ^bb2
// CHECK-NEXT:     %2 = "arith.addi"(%0, %3) <{overflowFlags = #arith.overflow<none>}> : (i32, i32) -> i32
// CHECK-NEXT:     "cf.cond_br"(%arg0, %2, %1, %2)[^bb1, ^bb3] <{operandSegmentSizes = array<i32: 1, 2, 1>}> : (i1, i32, f32, i32) -> ()
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     %3 = "arith.constant"() <{value = 1 : i32}> : () -> i32
// CHECK-NEXT:     %4 = "arith.constant"() <{value = 1.000000e+00 : f32}> : () -> f32
// CHECK-NEXT:     "cf.br"(%3, %4)[^bb1] : (i32, f32) -> ()
// CHECK-NEXT:   ^bb3(%5: i32):  // pred: ^bb1
// CHECK-NEXT:     "func.return"(%5) : (i32) -> ()
// CHECK-NEXT:   ^bb4:  // pred: ^bb4
// CHECK-NEXT:     "cf.br"()[^bb4] : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT: }) : () -> ()

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

// CHECK: "builtin.module"() ({
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
// CHECK-NEXT: }) : () -> ()

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

// CHECK: "builtin.module"() <{sym_name = "outer"}> ({
// CHECK-NEXT:   "builtin.module"() <{sym_name = "inner"}> ({
// CHECK-NEXT:     %0 = "t.use"(%1) : (i32) -> i32
// CHECK-NEXT:     %1 = "t.use"(%0) : (i32) -> i32
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "builtin.module"() ({
// CHECK-NEXT:   ^bb0:
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "builtin.module"() ({
// CHECK-NEXT:   ^bb0:
// CHECK-NEXT:   }) {x.only} : () -> ()
// CHECK-NEXT: }) {x.a = 1 : i32} : () -> ()

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

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   "func.func"() <{arg_attrs = [{}, {x.a = 1 : i32}], function_type = (i32, f32) -> (i32, f32), res_attrs = [{x.b}, {}], sym_name = "declared", sym_visibility = "private"}> ({
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "func.func"() <{arg_attrs = [{x.a, x.b = "s"}], function_type = (i32) -> f32, res_attrs = [{x.c = 1 : i64}], sym_name = "attributed"}> ({
// CHECK-NEXT:   ^bb0(%arg2: i32):
// CHECK-NEXT:     %0 = "arith.constant"() <{value = 0.000000e+00 : f32}> : () -> f32
// CHECK-NEXT:     "func.return"(%0) : (f32) -> ()
// CHECK-NEXT:   }) {x.d} : () -> ()
// CHECK-NEXT:   "func.func"() <{function_type = () -> (), sym_name = "quoted name", sym_visibility = "nested"}> ({
// CHECK-NEXT:     "func.call"() <{callee = @"quoted name"}> : () -> ()
// CHECK-NEXT:     "func.return"() : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "func.func"() <{function_type = () -> (), sym_name = "visible", sym_visibility = "public"}> ({
// CHECK-NEXT:     "func.return"() : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "func.func"() <{function_type = () -> (() -> ()), sym_name = "returns_function", sym_visibility = "private"}> ({
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "func.func"() <{function_type = (i32, i32) -> (), sym_name = "name_clash"}> ({
// CHECK-NEXT:   ^bb0(%arg0: i32, %arg1: i32):
// CHECK-NEXT:     "func.return"() : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT: }) : () -> ()

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

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   "func.func"() <{function_type = (i32) -> (), sym_name = "f"}> ({
// CHECK-NEXT:   ^bb0(%arg0: i32):
// CHECK-NEXT:     %0 = "arith.addi"(%arg0, %arg0) <{overflowFlags = #arith.overflow<none>}> : (i32, i32) -> i32
// CHECK-NEXT:     %1 = "arith.constant"() <{value = 1 : i32}> : () -> i32
// CHECK-NEXT:     %2 = "arith.constant"() <{value = 1 : i32}> : () -> i32
// CHECK-NEXT:     %3 = "arith.constant"() <{value = 1 : index}> : () -> index
// CHECK-NEXT:     %4 = "arith.constant"() <{value = true}> : () -> i1
// CHECK-NEXT:     %5 = "arith.constant"() <{value = dense<1> : tensor<2xi32>}> : () -> tensor<2xi32>
// CHECK-NEXT:     %6 = "arith.constant"() <{value = dense<2> : tensor<2xi32>}> : () -> tensor<2xi32>
// CHECK-NEXT:     %7 = "arith.constant"() <{value = -7 : i8}> : () -> i8
// CHECK-NEXT:     %8 = "arith.constant"() <{value = 1.000000e+00 : f32}> : () -> f32
// CHECK-NEXT:     "builtin.module"() ({
// CHECK-NEXT:       "func.func"() <{function_type = (i32) -> (), sym_name = "g"}> ({
// CHECK-NEXT:       ^bb0(%arg1: i32):
// CHECK-NEXT:         %9 = "arith.addi"(%arg1, %arg1) <{overflowFlags = #arith.overflow<none>}> : (i32, i32) -> i32
// CHECK-NEXT:         "func.return"() : () -> ()
// CHECK-NEXT:       }) : () -> ()
// CHECK-NEXT:     }) : () -> ()
// CHECK-NEXT:     "func.return"() : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT: }) : () -> ()

// -----

// Comments, and everything on one line. // not a new comment
func.func @g() { return } func.func @h() { // behind
  return // a return
}
"t.op"() : () -> () "t.op"() : () -> ()

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   "func.func"() <{function_type = () -> (), sym_name = "g"}> ({
// CHECK-NEXT:     "func.return"() : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "func.func"() <{function_type = () -> (), sym_name = "h"}> ({
// CHECK-NEXT:     "func.return"() : () -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT:   "t.op"() : () -> ()
// CHECK-NEXT:   "t.op"() : () -> ()
// CHECK-NEXT: }) : () -> ()

// -----

// Numbers of results and locations are not printed unless asked for.
%0:3 = "t.many"() : () -> (i32, f32, index) loc("file":1:2)
"t.use"(%0#2, %0#0, %0#1) : (index, i32, f32) -> () loc(unknown)
"t.use"(%0#1) : (f32) -> () loc(fused["a", "b":1:1])
"t.use"(%0#1) : (f32) -> () loc(callsite("x" at "y"))
#loc = loc("late":3:4)
"t.use"(%0#1) : (f32) -> () loc(#loc)

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   %0:3 = "t.many"() : () -> (i32, f32, index)
// CHECK-NEXT:   "t.use"(%0#2, %0#0, %0#1) : (index, i32, f32) -> ()
// CHECK-NEXT:   "t.use"(%0#1) : (f32) -> ()
// CHECK-NEXT:   "t.use"(%0#1) : (f32) -> ()
// CHECK-NEXT:   "t.use"(%0#1) : (f32) -> ()
// CHECK-NEXT: }) : () -> ()

// -----

// An empty part

// CHECK: "builtin.module"() ({
// CHECK-NEXT: ^bb0:
// CHECK-NEXT: }) : () -> ()

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

// CHECK: "builtin.module"() ({
// CHECK-NEXT:   "func.func"() <{function_type = (index, i1, f32) -> f32, sym_name = "structured"}> ({
// CHECK-NEXT:   ^bb0(%arg0: index, %arg1: i1, %arg2: f32):
// CHECK-NEXT:     %0 = "arith.constant"() <{value = 0 : index}> : () -> index
// CHECK-NEXT:     %1 = "arith.constant"() <{value = 1 : index}> : () -> index
// CHECK-NEXT:     %2 = "scf.for"(%0, %arg0, %1, %arg2) ({
// CHECK-NEXT:     ^bb0(%arg7: index, %arg8: f32):
// CHECK-NEXT:       %5 = "scf.if"(%arg1) ({
// CHECK-NEXT:         "scf.yield"(%arg8) : (f32) -> ()
// CHECK-NEXT:       }, {
// CHECK-NEXT:         %6 = "arith.mulf"(%arg8, %arg8) <{fastmath = #arith.fastmath<none>}> : (f32, f32) -> f32
// CHECK-NEXT:         "scf.yield"(%6) : (f32) -> ()
// CHECK-NEXT:       }) : (i1) -> f32
// CHECK-NEXT:       "scf.yield"(%5) : (f32) -> ()
// CHECK-NEXT:     }) : (index, index, index, f32) -> f32
// CHECK-NEXT:     %3:2 = "scf.while"(%2, %arg0) ({
// CHECK-NEXT:     ^bb0(%arg5: f32, %arg6: index):
// CHECK-NEXT:       %4 = "arith.cmpi"(%arg6, %1) <{predicate = 2 : i64}> : (index, index) -> i1
// CHECK-NEXT:       "scf.condition"(%4, %arg5, %arg6) : (i1, f32, index) -> ()
// CHECK-NEXT:     }, {
// CHECK-NEXT:     ^bb0(%arg3: f32, %arg4: index):
// CHECK-NEXT:       "scf.yield"(%arg3, %arg4) : (f32, index) -> ()
// CHECK-NEXT:     }) : (f32, index) -> (f32, index)
// CHECK-NEXT:     "scf.if"(%arg1) ({
// CHECK-NEXT:       "t.op"() : () -> ()
// CHECK-NEXT:       "scf.yield"() : () -> ()
// CHECK-NEXT:     }, {
// CHECK-NEXT:     }) : (i1) -> ()
// CHECK-NEXT:     "func.return"(%3#0) : (f32) -> ()
// CHECK-NEXT:   }) : () -> ()
// CHECK-NEXT: }) : () -> ()
