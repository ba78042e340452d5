// RUN: martlet opt --verify-diagnostics --split-input-file --allow-unregistered-dialect %s

func.func @undeclared() -> i32 {
  // expected-error@+1 {{use of undeclared SSA value name}}
  return %missing : i32
}

// -----

func.func @redefined(%a: i32) {
  // expected-note@+1 {{previously defined here}}
  %0 = arith.addi %a, %a : i32
  // expected-error@+1 {{redefinition of SSA value '%0'}}
  %0 = arith.addi %a, %a : i32
  return
}

// -----

func.func @types(%a: i32) {
  // expected-error@+2 {{use of value '%a' expects different type than prior uses: 'f32' vs 'i32'}}
  // expected-note@-2 {{prior use here}}
  %0 = arith.addf %a, %a : f32
  return
}

// -----

func.func @unknown_operation() {
  // expected-error@+1 {{custom op 'arith.nothing' is unknown}}
  arith.nothing
  return
}

// -----

func.func @dominance(%c: i1) -> i32 {
  cf.cond_br %c, ^a, ^b
^a:
  // expected-note@+1 {{operand defined here}}
  %0 = arith.constant 1 : i32
  cf.br ^b
^b:
  // expected-error@+1 {{operand #0 does not dominate this use}}
  return %0 : i32
}

// -----

// expected-error@+1 {{expected non-empty function body}}
func.func @no_terminator() {
}

// -----

func.func @undefined_block() {
  // expected-error@+1 {{reference to an undefined block}}
  cf.br ^nowhere
}

// -----

func.func @wrong_count() -> i32 {
  // expected-error@+1 {{'func.return' op has 0 operands, but enclosing function (@wrong_count) returns 1}}
  return
}

// -----

// expected-note@+1 {{see existing symbol definition here}}
func.func private @twice()
// expected-error@+1 {{redefinition of symbol named 'twice'}}
func.func private @twice()

// -----

// expected-error@+1 {{expected ':'}}
"t.op"() {a = dense<1>} : () -> ()

// -----

// expected-error@+1 {{undefined symbol alias id 'nothing'}}
"t.op"() {a = #nothing} : () -> ()

// -----

// expected-error@+1 {{undefined symbol alias id 'nothing'}}
"t.op"() : () -> !nothing

// -----

// expected-error@+1 {{duplicate key 'a' in dictionary attribute}}
"t.op"() {a, a} : () -> ()

// -----

// expected-error@+1 {{integer constant out of range for attribute}}
"t.op"() {a = 256 : i8} : () -> ()

// -----

func.func @calls() {
  // expected-error@+1 {{'func.call' op 'missing' does not reference a valid function}}
  call @missing() : () -> ()
  return
}

// -----

// expected-error@+1 {{inferred shape of elements literal ([2]) does not match type ([3])}}
"t.op"() {a = dense<[1, 2]> : tensor<3xi32>} : () -> ()

// -----

func.func @terminator_in_the_middle() {
  // expected-error@+1 {{must be the last operation in the parent block}}
  return
  return
}
