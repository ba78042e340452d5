// RUN: martlet opt --canonicalize --cse --mlir-print-ir-after-all %s 2>&1 | FileCheck %s --check-prefix=ALL
// MLIR-OPT: no
// RUN: martlet opt --canonicalize --cse --mlir-print-ir-before=cse %s 2>&1 | FileCheck %s --check-prefix=BEFORE
// MLIR-OPT: no
// RUN: martlet opt --cse --mlir-print-ir-after-change %s 2>&1 | FileCheck %s --check-prefix=CHANGE
// MLIR-OPT: no
// RUN: martlet opt --canonicalize --mlir-timing %s 2>&1 | FileCheck %s --check-prefix=TIME
// MLIR-OPT: no
// RUN: martlet opt --canonicalize --cse --mlir-timing --mlir-timing-display=list %s 2>&1 | FileCheck %s --check-prefix=LIST
// MLIR-OPT: no
// RUN: martlet opt --cse --mlir-pass-statistics %s 2>&1 | FileCheck %s --check-prefix=COUNT
// MLIR-OPT: no

func.func @f(%a: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %0 = arith.addi %a, %c0 : i32
  return %0 : i32
}

// ALL: // -----// IR Dump After Canonicalizer (canonicalize)
// ALL-NEXT: module {
// ALL: return %arg0 : i32
// ALL: // -----// IR Dump After CSE (cse)
// ALL-NEXT: module {
// BEFORE-NOT: Canonicalizer
// BEFORE: // -----// IR Dump Before CSE (cse)
// CHANGE-NOT: IR Dump
// CHANGE: module {
// TIME: Execution time report
// TIME: Parser
// TIME: Canonicalizer
// TIME: Total
// LIST: Canonicalizer
// COUNT: Pass statistics report
// COUNT: num-cse'd
// COUNT: num-dce'd
