// RUN: martlet opt -p 'func.func(sparsify{entries=20})' %s | FileCheck %s

#CSR = #sparse_tensor.encoding<{ map = (i, j) -> (i : dense, j : compressed) }>

// CHECK-LABEL: func.func @spmv(
// CHECK-SAME: %[[P:.*]]: tensor<10xindex> {martlet.sparse = {input = "A", level = 1 : i64, part = "positions"}}
// CHECK-SAME: %[[C:.*]]: tensor<20xindex> {martlet.sparse = {input = "A", level = 1 : i64, part = "coordinates"}}
// CHECK-SAME: %[[V:.*]]: tensor<20xf64> {martlet.sparse = {input = "A", part = "values"}}
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<9xf64>
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f64
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[Y:.*]] = %{{.*}}) -> (tensor<9xf64>) {
// CHECK: %[[FIRST:.*]] = tensor.extract %[[P]][%[[I]]]
// CHECK: %[[END:.*]] = tensor.extract %[[P]]
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = %[[FIRST]] to %[[END]] {{.*}} iter_args(%[[S:.*]] = %[[ZERO]]) -> (f64) {
// CHECK: %[[J:.*]] = tensor.extract %[[C]][%[[K]]]
// CHECK: tensor.extract %[[V]][%[[K]]]
// CHECK: tensor.extract %[[X]][%[[J]]]
// CHECK: arith.mulf
// CHECK: arith.addf %[[S]]
// CHECK: tensor.insert %[[SUM]] into %[[Y]][%[[I]]]
func.func @spmv(%A: tensor<9x9xf64, #CSR>, %x: tensor<9xf64>) -> tensor<9xf64> {
  %zero = arith.constant 0.0 : f64
  %e = tensor.empty() : tensor<9xf64>
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<9xf64>) -> tensor<9xf64>
  %y = linalg.generic {
    indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%A, %x : tensor<9x9xf64, #CSR>, tensor<9xf64>) outs(%z : tensor<9xf64>) {
  ^bb0(%a: f64, %b: f64, %s: f64):
    %p = arith.mulf %a, %b : f64
    %t = arith.addf %s, %p : f64
    linalg.yield %t : f64
  } -> tensor<9xf64>
  return %y : tensor<9xf64>
}
