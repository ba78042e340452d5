// RUN: not martlet opt --verify-diagnostics --split-input-file %s 2>&1 | FileCheck %s

// CHECK: expected error "never reported" was not produced
// expected-error@+1 {{never reported}}
func.func @fine() {
  return
}

// -----

// CHECK: unexpected error: use of undeclared SSA value name
func.func @wrong() -> i32 {
  return %missing : i32
}
