// RUN: martlet opt --verify-diagnostics --split-input-file %s

// expected-error@+1 {{"llvm.noalias" attribute attached to non-pointer LLVM type}}
llvm.func @f(%x: f32 {llvm.noalias})

// -----

// expected-error@+1 {{"llvm.byval" is not a valid result attribute}}
func.func private @g() -> (!llvm.ptr {llvm.byval = i32})

// -----

llvm.func @pair() {
  // expected-error@+1 {{struct element at index 1 is of wrong type}}
  %0 = llvm.mlir.constant([1 : i8, 2 : i8]) : !llvm.struct<(i8, i16)>
  llvm.return
}

// -----

llvm.func @counts() {
  // expected-error@+1 {{type and attribute have a different number of elements: 6 vs. 4}}
  %0 = llvm.mlir.constant(dense<0> : vector<2x2xi8>) : !llvm.array<2 x vector<3xi8>>
  llvm.return
}

// -----

// expected-error@+1 {{expected zero value for 'common' linkage}}
llvm.mlir.global common @g(3 : i32) : i32

// -----

llvm.func @weights(%c: i1) {
  // expected-error@+1 {{expects number of branch weights to match number of successors: 3 vs 2}}
  llvm.cond_br %c weights([1, 2, 3]), ^a, ^a
^a:
  llvm.return
}

// -----

llvm.func @callee(i32, ...)
llvm.func @call(%x: i32) {
  // expected-error@+1 {{expected var_callee_type to be a variadic function type}}
  llvm.call @callee(%x) vararg(!llvm.func<void (i32)>) : (i32) -> ()
  llvm.return
}

// -----

// expected-error@+1 {{invalid LLVM structure element type: '!llvm.void'}}
llvm.func @t() -> !llvm.struct<(void)>

// -----

llvm.func @twice() {
  llvm.blocktag <id = 2>
  // expected-error@+1 {{duplicate block tag '2' in the same function}}
  llvm.blocktag <id = 2>
  llvm.return
}

// -----

llvm.func @part(%s: !llvm.struct<(i32)>) {
  // expected-error@+1 {{custom op 'llvm.extractvalue' position out of bounds: 1}}
  %0 = llvm.extractvalue %s[1] : !llvm.struct<(i32)> llvm.return
}
