// RUN: not martlet opt -p 'canonicalise' %s 2>&1 | FileCheck %s --check-prefix=SUGGEST
// MLIR-OPT: no
// RUN: not martlet opt --canonicalise %s 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not martlet opt --pass-pipeline='builtin.module(canonicalize' %s 2>&1 | FileCheck %s --check-prefix=PAREN
// RUN: not martlet opt --pass-pipeline='builtin.module(canonicalize{nonsense=1})' %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not martlet opt --pass-pipeline='builtin.module(canonicalize{max-iterations=many})' %s 2>&1 | FileCheck %s --check-prefix=VALUE
// RUN: not martlet opt --pass-pipeline='builtin.module(func.func(symbol-dce))' %s 2>&1 | FileCheck %s --check-prefix=TABLE
// RUN: not martlet opt --pass-pipeline='builtin.module(func.func(nothing))' %s 2>&1 | FileCheck %s --check-prefix=NESTED

// SUGGEST: 'canonicalise'
// SUGGEST-SAME: canonicalize
// OPTION: unknown option '--canonicalise'
// OPTION-SAME: did you mean '--canonicalize'?
// PAREN: error:
// UNKNOWN: nonsense
// VALUE: max-iterations
// TABLE: symbol table
// NESTED: nothing

func.func @f() {
  return
}
