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

// -----

func.func @for_duplicates(%n: index, %a: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %a) -> (i32, i32) {
    %1 = arith.addi %x, %y : i32
    scf.yield %1, %1 : i32, i32
  }
  return %0#0, %0#1 : i32, i32
}

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

// -----

func.func @for_cast(%n: index, %t: tensor<4xf32>, %v: f32) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %cast = tensor.cast %t : tensor<4xf32> to tensor<?xf32>
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %cast) -> tensor<?xf32> {
    %1 = tensor.insert %v into %x[%i] : tensor<?xf32>
    scf.yield %1 : tensor<?xf32>
  }
  return %0 : tensor<?xf32>
}

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

// -----

func.func private @effect(index, index)
func.func @parallel(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%c1, %n) step (%c1, %c1) {
    func.call @effect(%i, %j) : (index, index) -> ()
    scf.reduce
  }
  scf.parallel (%i) = (%c3) to (%c1) step (%c1) {
    func.call @effect(%i, %i) : (index, index) -> ()
    scf.reduce
  }
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.parallel (%j) = (%c0) to (%c3) step (%c1) {
      func.call @effect(%i, %j) : (index, index) -> ()
      scf.reduce
    }
    scf.reduce
  }
  return
}

// -----

func.func private @effect(index)
func.func @forall(%n: index, %t: tensor<8xf32>, %v: tensor<1xf32>) -> tensor<8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %0 = scf.forall (%i) = (%c0) to (%c8) step (%c1) shared_outs(%o = %t) -> (tensor<8xf32>) {
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %v into %o[%i] [1] [1] : tensor<1xf32> into tensor<8xf32>
    }
  }
  scf.forall (%i) in (1) {
    func.call @effect(%i) : (index) -> ()
  }
  return %0 : tensor<8xf32>
}
