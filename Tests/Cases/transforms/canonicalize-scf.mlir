// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Conditionals on constants, empty ones, unused results.
func.func private @effect(i32)
func.func @if_constant(%a: i32, %b: i32) -> i32 {
  %true = arith.constant true
  %0 = scf.if %true -> i32 {
    func.call @effect(%a) : (i32) -> ()
    scf.yield %a : i32
  } else {
    func.call @effect(%b) : (i32) -> ()
    scf.yield %b : i32
  }
  %false = arith.constant false
  scf.if %false {
    func.call @effect(%a) : (i32) -> ()
  }
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @if_constant(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     call @effect(%arg0) : (i32) -> ()
// CHECK-NEXT:     return %arg0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @effect(i32)
func.func @if_empty(%c: i1, %a: i32) {
  scf.if %c {
  }
  scf.if %c {
  } else {
  }
  scf.if %c {
    func.call @effect(%a) : (i32) -> ()
  } else {
  }
  scf.if %c {
  } else {
    func.call @effect(%a) : (i32) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @if_empty(%arg0: i1, %arg1: i32) {
// CHECK-NEXT:     scf.if %arg0 {
// CHECK-NEXT:       func.call @effect(%arg1) : (i32) -> ()
// CHECK-NEXT:     } else {
// CHECK-NEXT:       func.call @effect(%arg1) : (i32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @effect(i32)
func.func @if_select(%c: i1, %a: i32, %b: i32) -> (i32, i32, i1) {
  %true = arith.constant true
  %false = arith.constant false
  %0 = scf.if %c -> i32 {
    scf.yield %a : i32
  } else {
    scf.yield %b : i32
  }
  %1:3 = scf.if %c -> (i32, i32, i1) {
    func.call @effect(%a) : (i32) -> ()
    %2 = arith.addi %a, %b : i32
    scf.yield %2, %a, %true : i32, i32, i1
  } else {
    scf.yield %b, %a, %false : i32, i32, i1
  }
  return %0, %1#1, %1#2 : i32, i32, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @if_select(%arg0: i1, %arg1: i32, %arg2: i32) -> (i32, i32, i1) {
// CHECK-NEXT:     %0 = arith.select %arg0, %arg1, %arg2 : i32
// CHECK-NEXT:     scf.if %arg0 {
// CHECK-NEXT:       func.call @effect(%arg1) : (i32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0, %arg1, %arg0 : i32, i32, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @effect(i32)
func.func @if_not(%c: i1, %a: i32, %b: i32) {
  %true = arith.constant true
  %not = arith.xori %c, %true : i1
  scf.if %not {
    func.call @effect(%a) : (i32) -> ()
  } else {
    func.call @effect(%b) : (i32) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @if_not(%arg0: i1, %arg1: i32, %arg2: i32) {
// CHECK-NEXT:     scf.if %arg0 {
// CHECK-NEXT:       func.call @effect(%arg2) : (i32) -> ()
// CHECK-NEXT:     } else {
// CHECK-NEXT:       func.call @effect(%arg1) : (i32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @effect(i32)
func.func private @effect_b(i1)
func.func @if_nested(%c: i1, %d: i1, %a: i32) {
  scf.if %c {
    scf.if %d {
      func.call @effect(%a) : (i32) -> ()
    }
  }
  scf.if %c {
    scf.if %c {
      func.call @effect(%a) : (i32) -> ()
    }
    func.call @effect_b(%c) : (i1) -> ()
  } else {
    func.call @effect_b(%c) : (i1) -> ()
  }
  return
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func private @effect_b(i1)
// CHECK-NEXT:   func.func @if_nested(%arg0: i1, %arg1: i1, %arg2: i32) {
// CHECK-NEXT:     %true = arith.constant true
// CHECK-NEXT:     %false = arith.constant false
// CHECK-NEXT:     %0 = arith.andi %arg0, %arg1 : i1
// CHECK-NEXT:     scf.if %0 {
// CHECK-NEXT:       func.call @effect(%arg2) : (i32) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     scf.if %arg0 {
// CHECK-NEXT:       func.call @effect(%arg2) : (i32) -> ()
// CHECK-NEXT:       func.call @effect_b(%true) : (i1) -> ()
// CHECK-NEXT:     } else {
// CHECK-NEXT:       func.call @effect_b(%false) : (i1) -> ()
// CHECK-NEXT:     }
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @effect(i32)
func.func @if_combine(%c: i1, %a: i32, %b: i32) -> i32 {
  %0 = scf.if %c -> i32 {
    func.call @effect(%a) : (i32) -> ()
    scf.yield %a : i32
  } else {
    func.call @effect(%b) : (i32) -> ()
    scf.yield %b : i32
  }
  %1 = scf.if %c -> i32 {
    %2 = arith.addi %0, %b : i32
    scf.yield %2 : i32
  } else {
    scf.yield %0 : i32
  }
  return %1 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @if_combine(%arg0: i1, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.select %arg0, %arg1, %arg2 : i32
// CHECK-NEXT:     %1 = scf.if %arg0 -> (i32) {
// CHECK-NEXT:       func.call @effect(%arg1) : (i32) -> ()
// CHECK-NEXT:       %2 = arith.addi %0, %arg2 : i32
// CHECK-NEXT:       scf.yield %2 : i32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       func.call @effect(%arg2) : (i32) -> ()
// CHECK-NEXT:       scf.yield %0 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Loops that run never, once, or carry what does not change.
func.func private @effect(index)
func.func @for_trip_counts(%a: i32, %m: memref<8xi32>) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %0 = scf.for %i = %c4 to %c1 step %c1 iter_args(%x = %a) -> i32 {
    %1 = arith.addi %x, %a : i32
    scf.yield %1 : i32
  }
  %2 = scf.for %i = %c0 to %c1 step %c4 iter_args(%x = %a) -> i32 {
    func.call @effect(%i) : (index) -> ()
    %3 = arith.addi %x, %a : i32
    scf.yield %3 : i32
  }
  scf.for %i = %c0 to %c4 step %c1 {
  }
  return %0, %2 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(index)
// CHECK-NEXT:   func.func @for_trip_counts(%arg0: i32, %arg1: memref<8xi32>) -> (i32, i32) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     call @effect(%c0) : (index) -> ()
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     return %arg0, %0 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @effect(i32)
func.func @for_carried(%n: index, %a: i32, %b: i32) -> (i32, i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0:3 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b, %z = %a) -> (i32, i32, i32) {
    func.call @effect(%x) : (i32) -> ()
    %1 = arith.addi %y, %x : i32
    %2 = arith.muli %z, %z : i32
    scf.yield %x, %1, %2 : i32, i32, i32
  }
  return %0#0, %0#1, %a : i32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @for_carried(%arg0: index, %arg1: i32, %arg2: i32) -> (i32, i32, i32) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0:2 = scf.for %arg3 = %c0 to %arg0 step %c1 iter_args(%arg4 = %arg2, %arg5 = %arg1) -> (i32, i32) {
// CHECK-NEXT:       func.call @effect(%arg1) : (i32) -> ()
// CHECK-NEXT:       %1 = arith.addi %arg4, %arg1 : i32
// CHECK-NEXT:       %2 = arith.muli %arg5, %arg5 : i32
// CHECK-NEXT:       scf.yield %1, %2 : i32, i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %arg1, %0#0, %arg1 : i32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @for_unused(%n: index, %a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %a) -> (i32, i32) {
    %1 = arith.addi %x, %x : i32
    %2 = arith.addi %y, %y : i32
    scf.yield %1, %2 : i32, i32
  }
  return %0#1 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @for_unused(%arg0: index, %arg1: i32) -> i32 {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %0:2 = scf.for %arg2 = %c0 to %arg0 step %c1 iter_args(%arg3 = %arg1, %arg4 = %arg1) -> (i32, i32) {
// CHECK-NEXT:       %1 = arith.addi %arg3, %arg3 : i32
// CHECK-NEXT:       %2 = arith.addi %arg4, %arg4 : i32
// CHECK-NEXT:       scf.yield %1, %2 : i32, i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0#1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// While loops.
func.func private @effect(i32)
func.func private @condition() -> i1
func.func @while_unused(%a: i32, %b: f32) -> i32 {
  %0:2 = scf.while (%x = %a, %y = %b) : (i32, f32) -> (i32, f32) {
    %c = func.call @condition() : () -> i1
    func.call @effect(%x) : (i32) -> ()
    scf.condition(%c) %x, %y : i32, f32
  } do {
  ^bb0(%x: i32, %y: f32):
    %1 = arith.addi %x, %x : i32
    scf.yield %1, %y : i32, f32
  }
  return %0#0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func private @condition() -> i1
// CHECK-NEXT:   func.func @while_unused(%arg0: i32, %arg1: f32) -> i32 {
// CHECK-NEXT:     %0 = scf.while (%arg2 = %arg0) : (i32) -> i32 {
// CHECK-NEXT:       %1 = func.call @condition() : () -> i1
// CHECK-NEXT:       func.call @effect(%arg2) : (i32) -> ()
// CHECK-NEXT:       scf.condition(%1) %arg2 : i32
// CHECK-NEXT:     } do {
// CHECK-NEXT:     ^bb0(%arg2: i32):
// CHECK-NEXT:       %1 = arith.addi %arg2, %arg2 : i32
// CHECK-NEXT:       scf.yield %1 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @condition() -> i1
func.func @while_invariant(%a: i32, %b: i32) -> (i32, i32, i1) {
  %0:3 = scf.while (%x = %a, %y = %b) : (i32, i32) -> (i32, i32, i1) {
    %c = func.call @condition() : () -> i1
    scf.condition(%c) %x, %b, %c : i32, i32, i1
  } do {
  ^bb0(%x: i32, %y: i32, %c: i1):
    %1 = arith.addi %x, %y : i32
    %2 = arith.extui %c : i1 to i32
    %3 = arith.addi %1, %2 : i32
    scf.yield %3, %y : i32, i32
  }
  return %0#0, %0#1, %0#2 : i32, i32, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func private @condition() -> i1
// CHECK-NEXT:   func.func @while_invariant(%arg0: i32, %arg1: i32) -> (i32, i32, i1) {
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %0:2 = scf.while (%arg2 = %arg0) : (i32) -> (i32, i1) {
// CHECK-NEXT:       %1 = func.call @condition() : () -> i1
// CHECK-NEXT:       scf.condition(%1) %arg2, %1 : i32, i1
// CHECK-NEXT:     } do {
// CHECK-NEXT:     ^bb0(%arg2: i32, %arg3: i1):
// CHECK-NEXT:       %1 = arith.addi %arg2, %arg1 : i32
// CHECK-NEXT:       %2 = arith.addi %1, %c1_i32 : i32
// CHECK-NEXT:       scf.yield %2 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0#0, %arg1, %0#1 : i32, i32, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @while_compare(%n: i32, %a: i32) -> i32 {
  %c1 = arith.constant 1 : i32
  %0 = scf.while (%x = %a) : (i32) -> i32 {
    %c = arith.cmpi ne, %x, %n : i32
    scf.condition(%c) %x : i32
  } do {
  ^bb0(%x: i32):
    %d = arith.cmpi eq, %x, %n : i32
    %e = arith.extui %d : i1 to i32
    %1 = arith.addi %x, %c1 : i32
    %2 = arith.addi %1, %e : i32
    scf.yield %2 : i32
  }
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @while_compare(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     %c1_i32 = arith.constant 1 : i32
// CHECK-NEXT:     %0 = scf.while (%arg2 = %arg1) : (i32) -> i32 {
// CHECK-NEXT:       %1 = arith.cmpi ne, %arg2, %arg0 : i32
// CHECK-NEXT:       scf.condition(%1) %arg2 : i32
// CHECK-NEXT:     } do {
// CHECK-NEXT:     ^bb0(%arg2: i32):
// CHECK-NEXT:       %1 = arith.addi %arg2, %c1_i32 : i32
// CHECK-NEXT:       scf.yield %1 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func private @condition() -> i1
func.func @while_duplicates(%a: i32) -> (i32, i32) {
  %0:2 = scf.while (%x = %a) : (i32) -> (i32, i32) {
    %c = func.call @condition() : () -> i1
    %1 = arith.addi %x, %x : i32
    scf.condition(%c) %1, %1 : i32, i32
  } do {
  ^bb0(%x: i32, %y: i32):
    %2 = arith.muli %x, %y : i32
    scf.yield %2 : i32
  }
  return %0#0, %0#1 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @condition() -> i1
// CHECK-NEXT:   func.func @while_duplicates(%arg0: i32) -> (i32, i32) {
// CHECK-NEXT:     %0 = scf.while (%arg1 = %arg0) : (i32) -> i32 {
// CHECK-NEXT:       %1 = func.call @condition() : () -> i1
// CHECK-NEXT:       %2 = arith.addi %arg1, %arg1 : i32
// CHECK-NEXT:       scf.condition(%1) %2 : i32
// CHECK-NEXT:     } do {
// CHECK-NEXT:     ^bb0(%arg1: i32):
// CHECK-NEXT:       %1 = arith.muli %arg1, %arg1 : i32
// CHECK-NEXT:       scf.yield %1 : i32
// CHECK-NEXT:     }
// CHECK-NEXT:     return %0, %0 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Regions executed once, switches, parallel loops.
func.func private @effect(i32)
func.func @execute(%a: i32, %c: i1) -> (i32, i32) {
  %0 = scf.execute_region -> i32 {
    func.call @effect(%a) : (i32) -> ()
    scf.yield %a : i32
  }
  %1 = scf.execute_region -> i32 {
    cf.cond_br %c, ^x, ^y
  ^x:
    %2 = arith.addi %a, %a : i32
    scf.yield %2 : i32
  ^y:
    scf.yield %a : i32
  }
  return %0, %1 : i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func private @effect(i32)
// CHECK-NEXT:   func.func @execute(%arg0: i32, %arg1: i1) -> (i32, i32) {
// CHECK-NEXT:     call @effect(%arg0) : (i32) -> ()
// CHECK-NEXT:     cf.cond_br %arg1, ^bb1, ^bb2(%arg0 : i32)
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg0 : i32
// CHECK-NEXT:     cf.br ^bb2(%0 : i32)
// CHECK-NEXT:   ^bb2(%1: i32):  // 2 preds: ^bb0, ^bb1
// CHECK-NEXT:     return %arg0, %1 : i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @index_switch(%a: i32, %b: i32) -> i32 {
  %c2 = arith.constant 2 : index
  %0 = scf.index_switch %c2 -> i32
  case 1 {
    scf.yield %a : i32
  }
  case 2 {
    %1 = arith.addi %a, %b : i32
    scf.yield %1 : i32
  }
  default {
    scf.yield %b : i32
  }
  return %0 : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @index_switch(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.addi %arg0, %arg1 : i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }
