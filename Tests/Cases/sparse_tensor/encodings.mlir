// RUN: martlet opt %s
#CSR = #sparse_tensor.encoding<{ map = (d0, d1) -> (d0 : dense, d1 : compressed), posWidth = 32, crdWidth = 32 }>
#CSC = #sparse_tensor.encoding<{ map = (i, j) -> (j : dense, i : compressed) }>
#COO = #sparse_tensor.encoding<{ map = (d0, d1) -> (d0 : compressed(nonunique), d1 : singleton(soa)) }>
#BSR = #sparse_tensor.encoding<{ map = ( i, j ) -> ( i floordiv 2 : dense, j floordiv 3 : compressed, i mod 2 : dense, j mod 3 : dense ) }>
#BSR2 = #sparse_tensor.encoding<{ map = {ib, jb, ii, ji} (i = ib * 2 + ii, j = jb * 3 + ji) -> (ib = i floordiv 2 : dense, jb = j floordiv 3 : compressed, ii = i mod 2 : dense, ji = j mod 3 : dense) }>
#NV = #sparse_tensor.encoding<{ map = (i, j, k) -> (i : dense, j : dense, k floordiv 4 : dense, k mod 4 : structured[2, 4]) , crdWidth = 8}>
#L = #sparse_tensor.encoding<{ map = (d0) -> (d0 : loose_compressed(nonunique, nonordered)), explicitVal = 1.0 : f32, implicitVal = 0.0 : f32 }>
#SL2 = #sparse_tensor.encoding<{ map = (d0 : #sparse_tensor<slice(0, 4, 1)>, d1 : #sparse_tensor<slice(?, ?, 2)>) -> (d0 : dense, d1 : compressed(nonordered)) }>
func.func private @a(tensor<?x?xf32, #CSR>, tensor<?x?xf32, #CSC>, tensor<?x?xf32, #COO>, tensor<?x?xf32, #BSR>, tensor<?x?xf32, #BSR2>, tensor<?x?x?xf32, #NV>, tensor<?xf32, #L>, tensor<?x?xf32, #SL2>)
func.func @b(%A: tensor<?x?xf64, #CSR>) -> index {
  %0 = sparse_tensor.positions %A {level = 1 : index} : tensor<?x?xf64, #CSR> to memref<?xi32>
  %1 = sparse_tensor.coordinates %A {level = 1 : index} : tensor<?x?xf64, #CSR> to memref<?xi32>
  %2 = sparse_tensor.values %A : tensor<?x?xf64, #CSR> to memref<?xf64>
  %3 = sparse_tensor.number_of_entries %A : tensor<?x?xf64, #CSR>
  return %3 : index
}
