// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Branches on constants, blocks that cannot be reached, blocks that only pass on.
func.func @constant_condition(%a: i32) -> i32 {
  %true = arith.constant true
  cf.cond_br %true, ^yes(%a : i32), ^no
^yes(%x: i32):
  return %x : i32
^no:
  %0 = arith.addi %a, %a : i32
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @constant_condition(%arg0: i32) -> i32 {
// CHECK-NEXT:     return %arg0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @merge(%a: i32) -> i32 {
  cf.br ^first(%a : i32)
^first(%x: i32):
  %0 = arith.addi %x, %a : i32
  cf.br ^second(%0 : i32)
^second(%y: i32):
  return %y : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @merge(%arg0: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @through(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^left, ^right
^left:
  cf.br ^join(%a : i32)
^right:
  cf.br ^join(%b : i32)
^join(%x: i32):
  return %x : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @through(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.select %arg0, %arg1, %arg2 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @same_successor(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^join(%a : i32), ^join(%b : i32)
^join(%x: i32):
  return %x : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @same_successor(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.select %arg0, %arg1, %arg2 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @unused_arguments(%c: i1, %a: i32, %n: i32) -> i32 {
  cf.br ^loop(%a, %n : i32, i32)
^loop(%used: i32, %unused: i32):
  %0 = arith.addi %used, %a : i32
  %1 = arith.addi %unused, %a : i32
  cf.cond_br %c, ^loop(%0, %1 : i32, i32), ^exit(%used : i32)
^exit(%x: i32):
  return %x : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @unused_arguments(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     cf.br ^bb1(%arg1 : i32)
// CHECK-NEXT:   ^bb1(%0: i32):  // 2 preds: ^bb0, ^bb1
// CHECK-NEXT:     %1 = arith.addi %0, %arg1 : i32
// CHECK-NEXT:     cf.cond_br %arg0, ^bb1(%1 : i32), ^bb2(%0 : i32)
// CHECK-NEXT:   ^bb2(%2: i32):  // pred: ^bb1
// CHECK-NEXT:     return %2 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @unreachable(%a: i32) -> i32 {
  return %a : i32
^dead(%x: i32):
  %0 = arith.addi %x, %y : i32
  cf.br ^also_dead(%0 : i32)
^also_dead(%y: i32):
  cf.br ^dead(%y : i32)
}

// CHECK: module {
// CHECK-NEXT:   func.func @unreachable(%arg0: i32) -> i32 {
// CHECK-NEXT:     return %arg0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @switch(%a: i32, %x: i32, %y: i32) -> i32 {
  %c1 = arith.constant 1 : i32
  cf.switch %c1 : i32, [
    default: ^default,
    0: ^zero(%x : i32),
    1: ^one(%y : i32)
  ]
^default:
  return %a : i32
^zero(%p: i32):
  return %p : i32
^one(%q: i32):
  %0 = arith.muli %q, %q : i32
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @switch(%arg0: i32, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.muli %arg2, %arg2 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @switch_cases(%f: i32, %x: i32, %y: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^a(%x : i32),
    3: ^a(%x : i32),
    4: ^b
  ]
^a(%p: i32):
  return %p : i32
^b:
  cf.br ^c(%y : i32)
^c(%q: i32):
  %0 = arith.addi %q, %x : i32
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @switch_cases(%arg0: i32, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     cf.switch %arg0 : i32, [
// CHECK-NEXT:       default: ^bb1(%arg1 : i32),
// CHECK-NEXT:       4: ^bb2(%arg2 : i32)
// CHECK-NEXT:     ]
// CHECK-NEXT:   ^bb1(%0: i32):  // pred: ^bb0
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   ^bb2(%1: i32):  // pred: ^bb0
// CHECK-NEXT:     %2 = arith.addi %1, %arg1 : i32
// CHECK-NEXT:     return %2 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @known_condition(%c: i1) -> (i1, i1) {
  %true = arith.constant true
  cf.cond_br %c, ^yes, ^no
^yes:
  %0 = arith.andi %c, %true : i1
  return %0, %c : i1, i1
^no:
  %1 = arith.ori %c, %c : i1
  return %1, %c : i1, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @known_condition(%arg0: i1) -> (i1, i1) {
// CHECK-NEXT:     %true = arith.constant true
// CHECK-NEXT:     %false = arith.constant false
// CHECK-NEXT:     cf.cond_br %arg0, ^bb1, ^bb2
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     return %true, %true : i1, i1
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     return %false, %false : i1, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @equal_blocks(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^left, ^right
^left:
  %0 = arith.addi %a, %b : i32
  return %0 : i32
^right:
  %1 = arith.addi %a, %b : i32
  return %1 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @equal_blocks(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     cf.cond_br %arg0, ^bb1, ^bb2
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     %0 = arith.addi %arg1, %arg2 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     %1 = arith.addi %arg1, %arg2 : i32
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @assertions(%c: i1) {
  %true = arith.constant true
  cf.assert %true, "holds"
  cf.assert %c, "may not hold"
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func @assertions(%arg0: i1) {
// CHECK-NEXT:     cf.assert %arg0, "may not hold"
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @loop(%n: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  cf.br ^head(%c0, %c0 : i32, i32)
^head(%i: i32, %s: i32):
  %0 = arith.cmpi slt, %i, %n : i32
  cf.cond_br %0, ^body(%i, %s : i32, i32), ^exit(%s : i32)
^body(%j: i32, %t: i32):
  %1 = arith.addi %j, %c1 : i32
  %2 = arith.addi %t, %j : i32
  cf.br ^head(%1, %2 : i32, i32)
^exit(%r: i32):
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loop(%arg0: i32) -> i32 {
// CHECK-NEXT:     %c0_i32 = arith.constant 0 : i32
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     cf.br ^bb1(%c0_i32, %c0_i32 : i32, i32)
// CHECK-NEXT:   ^bb1(%0: i32, %1: i32):  // 2 preds: ^bb0, ^bb2
// CHECK-NEXT:     %2 = arith.cmpi slt, %0, %arg0 : i32
// CHECK-NEXT:     cf.cond_br %2, ^bb2(%0, %1 : i32, i32), ^bb3(%1 : i32)
// CHECK-NEXT:   ^bb2(%3: i32, %4: i32):  // pred: ^bb1
// CHECK-NEXT:     %5 = arith.addi %3, %c1_i32 : i32
// CHECK-NEXT:     %6 = arith.addi %4, %3 : i32
// CHECK-NEXT:     cf.br ^bb1(%5, %6 : i32, i32)
// CHECK-NEXT:   ^bb3(%7: i32):  // pred: ^bb1
// CHECK-NEXT:     return %7 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }
