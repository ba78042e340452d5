// RUN: martlet opt --verify-diagnostics --split-input-file %s

#CSR = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed) }>
func.func @parent(%t: tensor<4x8xf32, #CSR>) {
  // expected-error@+1 {{parent iterator should be specified iff level lower bound equals 0}}
  %0 = sparse_tensor.extract_iteration_space %t lvls = 1 : tensor<4x8xf32, #CSR> -> !sparse_tensor.iter_space<#CSR, lvls = 1>
  return
}

// -----

#CSR = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed) }>
func.func @level(%s: !sparse_tensor.storage_specifier<#CSR>) -> index {
  // expected-error@+1 {{requested level is out of bounds}}
  %0 = sparse_tensor.storage_specifier.get %s crd_mem_sz at 2 : !sparse_tensor.storage_specifier<#CSR>
  return %0 : index
}

// -----

// expected-error@+1 {{failed to infer lvlToDim from dimToLvl}}
#twice = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, i : compressed) }>

// -----

#vector = #sparse_tensor.encoding<{ map = (i) -> (i : compressed) }>
// expected-error@+1 {{dimension-rank mismatch between encoding and tensor shape: 1 != 2}}
func.func private @rank(tensor<4x4xf32, #vector>)

// -----

#vector = #sparse_tensor.encoding<{ map = (i) -> (i : compressed), implicitVal = 2 : i32 }>
// expected-error@+1 {{implicit value must be zero}}
func.func private @implicit(tensor<4xi32, #vector>)
