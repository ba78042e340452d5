// RUN: martlet opt --canonicalize="max-iterations=3 disable-patterns=a,b" -cse --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=OPTIONS
// RUN: martlet opt --pass-pipeline='builtin.module(func.func(cse,any(cse),canonicalize{disable-patterns={a,b}}))' --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=NESTED
// RUN: martlet opt --pass-pipeline='any(cse)' --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=ANY
// RUN: martlet opt --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not martlet opt --pass-pipeline='builtin.module(cse,func.func(cse,symbol-dce))' --mlir-print-ir-after-failure --mlir-print-ir-after-all %s 2>&1 | FileCheck %s --check-prefix=FAILED
// RUN: martlet opt --pass-pipeline='builtin.module(cse,func.func(cse))' --mlir-timing --mlir-output-format=json %s 2>&1 | FileCheck %s --check-prefix=JSON
// MLIR-OPT: no

func.func @f() { return }
func.func @g() { return }

// OPTIONS: Pass Manager with 2 passes:
// OPTIONS-NEXT: builtin.module(
// OPTIONS-NEXT: canonicalize{disable-patterns={a,b} max-iterations=3 max-num-rewrites=-1 region-simplify=normal test-convergence=false top-down=true},
// OPTIONS-NEXT: cse
// OPTIONS-NEXT: )
// OPTIONS-EMPTY:

// NESTED: Pass Manager with 1 passes:
// NESTED-NEXT: builtin.module(
// NESTED-NEXT: func.func(
// NESTED-NEXT: cse,
// NESTED-NEXT: any(
// NESTED-NEXT: cse
// NESTED-NEXT: ),
// NESTED-NEXT: canonicalize{disable-patterns={a,b} max-iterations=10

// ANY: any(
// ANY-NEXT: cse
// ANY-NEXT: )

// EMPTY: Pass Manager with 0 passes:
// EMPTY-NEXT: builtin.module(
// EMPTY-EMPTY:
// EMPTY-NEXT: )

// Every function is gone through, and no pass follows.
// FAILED-NOT: IR Dump After CSE
// FAILED: IR Dump After SymbolDCE Failed (symbol-dce)
// FAILED: IR Dump After SymbolDCE Failed (symbol-dce)
// FAILED-NEXT: func.func @g()

// JSON: {"wall": {"duration": {{.*}}}, "name": "Parser", "passes": [
// JSON: "name": "'func.func' Pipeline", "passes": [
// JSON-NEXT: "name": "CSE", "passes": [
// JSON: "name": "Total"}
// JSON-NEXT: ]
