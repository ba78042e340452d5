// RUN: martlet opt --convert-scf-to-cf --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @loops(%a: index, %b: index, %x: f32) -> f32 {
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %a to %b step %c1 iter_args(%s = %x) -> (f32) {
    %t = arith.addf %s, %x : f32
    scf.yield %t : f32
  }
  return %r : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @loops(%arg0: index, %arg1: index, %arg2: f32) -> f32 {
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     cf.br ^bb1(%arg0, %arg2 : index, f32)
// CHECK-NEXT:   ^bb1(%0: index, %1: f32):  // 2 preds: ^bb0, ^bb2
// CHECK-NEXT:     %2 = arith.cmpi slt, %0, %arg1 : index
// CHECK-NEXT:     cf.cond_br %2, ^bb2, ^bb3
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     %3 = arith.addf %1, %arg2 : f32
// CHECK-NEXT:     %4 = arith.addi %0, %c1 : index
// CHECK-NEXT:     cf.br ^bb1(%4, %3 : index, f32)
// CHECK-NEXT:   ^bb3:  // pred: ^bb1
// CHECK-NEXT:     return %1 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @while(%x: i32, %l: i32) -> i32 {
  %r = scf.while (%s = %x) : (i32) -> i32 {
    %m = arith.cmpi slt, %s, %l : i32
    scf.condition(%m) %s : i32
  } do {
  ^bb0(%t: i32):
    %u = arith.addi %t, %l : i32
    scf.yield %u : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @while(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     cf.br ^bb1(%arg0 : i32)
// CHECK-NEXT:   ^bb1(%0: i32):  // 2 preds: ^bb0, ^bb2
// CHECK-NEXT:     %1 = arith.cmpi slt, %0, %arg1 : i32
// CHECK-NEXT:     cf.cond_br %1, ^bb2(%0 : i32), ^bb3
// CHECK-NEXT:   ^bb2(%2: i32):  // pred: ^bb1
// CHECK-NEXT:     %3 = arith.addi %2, %arg1 : i32
// CHECK-NEXT:     cf.br ^bb1(%3 : i32)
// CHECK-NEXT:   ^bb3:  // pred: ^bb1
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @doWhile(%x: i32, %l: i32) -> i32 {
  %r = scf.while (%s = %x) : (i32) -> i32 {
    %u = arith.addi %s, %s : i32
    %m = arith.cmpi slt, %u, %l : i32
    scf.condition(%m) %u : i32
  } do {
  ^bb0(%t: i32):
    scf.yield %t : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @doWhile(%arg0: i32, %arg1: i32) -> i32 {
// CHECK-NEXT:     cf.br ^bb1(%arg0 : i32)
// CHECK-NEXT:   ^bb1(%0: i32):  // 2 preds: ^bb0, ^bb1
// CHECK-NEXT:     %1 = arith.addi %0, %0 : i32
// CHECK-NEXT:     %2 = arith.cmpi slt, %1, %arg1 : i32
// CHECK-NEXT:     cf.cond_br %2, ^bb1(%1 : i32), ^bb2
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     return %1 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @switch(%k: index, %x: i32, %y: i32) -> i32 {
  %r = scf.index_switch %k -> i32
  case 3 {
    scf.yield %x : i32
  }
  case -1 {
    scf.yield %y : i32
  }
  default {
    %z = arith.addi %x, %y : i32
    scf.yield %z : i32
  }
  return %r : i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @switch(%arg0: index, %arg1: i32, %arg2: i32) -> i32 {
// CHECK-NEXT:     %0 = arith.index_cast %arg0 : index to i32
// CHECK-NEXT:     cf.switch %0 : i32, [
// CHECK-NEXT:       default: ^bb3,
// CHECK-NEXT:       3: ^bb1,
// CHECK-NEXT:       4294967295: ^bb2
// CHECK-NEXT:     ]
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     cf.br ^bb4(%arg1 : i32)
// CHECK-NEXT:   ^bb2:  // pred: ^bb0
// CHECK-NEXT:     cf.br ^bb4(%arg2 : i32)
// CHECK-NEXT:   ^bb3:  // pred: ^bb0
// CHECK-NEXT:     %1 = arith.addi %arg1, %arg2 : i32
// CHECK-NEXT:     cf.br ^bb4(%1 : i32)
// CHECK-NEXT:   ^bb4(%2: i32):  // 3 preds: ^bb1, ^bb2, ^bb3
// CHECK-NEXT:     return %2 : i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @parallel(%a: index, %b: index, %x: f32) -> f32 {
  %c2 = arith.constant 2 : index
  %r = scf.parallel (%i, %j) = (%a, %a) to (%b, %b) step (%c2, %c2) init (%x) -> f32 {
    %0 = arith.index_cast %i : index to i32
    %1 = arith.sitofp %0 : i32 to f32
    scf.reduce(%1 : f32) {
    ^bb0(%l: f32, %m: f32):
      %2 = arith.mulf %l, %m : f32
      scf.reduce.return %2 : f32
    }
  }
  return %r : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @parallel(%arg0: index, %arg1: index, %arg2: f32) -> f32 {
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     cf.br ^bb1(%arg0, %arg2 : index, f32)
// CHECK-NEXT:   ^bb1(%0: index, %1: f32):  // 2 preds: ^bb0, ^bb5
// CHECK-NEXT:     %2 = arith.cmpi slt, %0, %arg1 : index
// CHECK-NEXT:     cf.cond_br %2, ^bb2, ^bb6
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     cf.br ^bb3(%arg0, %1 : index, f32)
// CHECK-NEXT:   ^bb3(%3: index, %4: f32):  // 2 preds: ^bb2, ^bb4
// CHECK-NEXT:     %5 = arith.cmpi slt, %3, %arg1 : index
// CHECK-NEXT:     cf.cond_br %5, ^bb4, ^bb5
// CHECK-NEXT:   ^bb4:  // pred: ^bb3
// CHECK-NEXT:     %6 = arith.index_cast %0 : index to i32
// CHECK-NEXT:     %7 = arith.sitofp %6 : i32 to f32
// CHECK-NEXT:     %8 = arith.mulf %4, %7 : f32
// CHECK-NEXT:     %9 = arith.addi %3, %c2 : index
// CHECK-NEXT:     cf.br ^bb3(%9, %8 : index, f32)
// CHECK-NEXT:   ^bb5:  // pred: ^bb3
// CHECK-NEXT:     %10 = arith.addi %0, %c2 : index
// CHECK-NEXT:     cf.br ^bb1(%10, %4 : index, f32)
// CHECK-NEXT:   ^bb6:  // pred: ^bb1
// CHECK-NEXT:     return %1 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @conditional(%c: i1, %x: f32) -> f32 {
  %r = scf.if %c -> f32 {
    %e = scf.execute_region -> f32 {
      cf.br ^bb1
    ^bb1:
      scf.yield %x : f32
    }
    scf.yield %e : f32
  } else {
    %n = arith.negf %x : f32
    scf.yield %n : f32
  }
  return %r : f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @conditional(%arg0: i1, %arg1: f32) -> f32 {
// CHECK-NEXT:     cf.cond_br %arg0, ^bb1, ^bb5
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     cf.br ^bb2
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     cf.br ^bb3
// CHECK-NEXT:   ^bb3:  // pred: ^bb2
// CHECK-NEXT:     cf.br ^bb4(%arg1 : f32)
// CHECK-NEXT:   ^bb4(%0: f32):  // pred: ^bb3
// CHECK-NEXT:     cf.br ^bb6(%0 : f32)
// CHECK-NEXT:   ^bb5:  // pred: ^bb0
// CHECK-NEXT:     %1 = arith.negf %arg1 : f32
// CHECK-NEXT:     cf.br ^bb6(%1 : f32)
// CHECK-NEXT:   ^bb6(%2: f32):  // 2 preds: ^bb4, ^bb5
// CHECK-NEXT:     cf.br ^bb7
// CHECK-NEXT:   ^bb7:  // pred: ^bb6
// CHECK-NEXT:     return %2 : f32
// CHECK-NEXT:   }
// CHECK-NEXT: }
