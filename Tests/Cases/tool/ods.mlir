// MLIR-OPT: no
// RUN: martlet opt --ods=%S/../../DialectLoadingTests/Files/gauge.json --canonicalize %s | FileCheck %s
// RUN: martlet opt --ods=%S/../../DialectLoadingTests/Files/gauge.json --show-dialects | FileCheck %s --check-prefix=LIST
// RUN: not martlet opt --ods=%S/absent.td %s 2>&1 | FileCheck %s --check-prefix=ABSENT
// RUN: not martlet opt %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// LIST: gauge
// ABSENT: absent.td: error: cannot open file
// UNKNOWN: type created with unregistered dialect

// CHECK-LABEL: func.func @unused
func.func @unused() -> !gauge.reading<f32> {
  // An operation that is Pure and unused goes, whoever declared it.
  // CHECK-NOT: @dead
  %0 = gauge.read @dead : <f64>
  // CHECK: %[[A:.*]] = gauge.read @live : <f32>
  // CHECK-NEXT: return %[[A]]
  %1 = gauge.read @live : <f32>
  return %1 : !gauge.reading<f32>
}
