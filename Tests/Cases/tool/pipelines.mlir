// Pipelines run in order, nested where they say so.
// RUN: martlet opt -p 'canonicalize,cse' %s | FileCheck %s --check-prefix=FOLDED
// MLIR-OPT: no
// RUN: martlet opt --pass-pipeline='builtin.module(canonicalize,cse)' %s | FileCheck %s --check-prefix=FOLDED
// RUN: martlet opt --pass-pipeline='builtin.module(func.func(canonicalize))' %s | FileCheck %s --check-prefix=FOLDED
// RUN: martlet opt --canonicalize --cse %s | FileCheck %s --check-prefix=FOLDED
// RUN: martlet opt --pass-pipeline='builtin.module(func.func(cse))' %s | FileCheck %s --check-prefix=ONCE
// RUN: martlet opt --pass-pipeline='builtin.module(canonicalize{max-iterations=0 region-simplify=disabled})' %s | FileCheck %s --check-prefix=SAME
// RUN: martlet opt %s | FileCheck %s --check-prefix=SAME

func.func @f(%a: i32) -> (i32, i32) {
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %0 = arith.addi %c2, %c3 : i32
  %1 = arith.muli %a, %0 : i32
  %2 = arith.muli %a, %0 : i32
  return %1, %2 : i32, i32
}

// FOLDED: %c5_i32 = arith.constant 5 : i32
// FOLDED-NEXT: arith.muli %arg0, %c5_i32 : i32
// FOLDED-NOT: arith.addi
// ONCE: arith.addi
// ONCE-NEXT: arith.muli
// ONCE-NEXT: return
// SAME: arith.addi
// SAME-NEXT: arith.muli
// SAME-NEXT: arith.muli
