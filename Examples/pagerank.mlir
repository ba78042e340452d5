// PageRank over a sparse matrix, as plain MLIR.
//
// %A is the transition matrix: A[i][j] is the probability of going from vertex j to vertex i. Each
// column sums to 1, or is empty where j has no successor (a dangling vertex). From r = 1/n,
//
//     y  = A r                                  over the stored entries
//     r' = 0.85 y + (1 - 0.85 sum(y)) / n
//
// until the sum of |r' - r| is at most 1e-10, or 200 iterations are done. As r sums to 1, sum(y) is
// 1 less the rank held by dangling vertices: the second term is the damping's share, 0.15 / n, and
// the dangling vertices' rank spread evenly, without a list of them.
//
// Results: the ranks, and the number of iterations.

#CSR = #sparse_tensor.encoding<{
  map = (i, j) -> (i : dense, j : compressed)
}>
#matrix = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#column = affine_map<(i, j) -> (j)>
#vector = affine_map<(i) -> (i)>
#scalar = affine_map<(i) -> ()>

func.func @main(%A: tensor<?x?xf64, #CSR>) -> (tensor<?xf64>, i64) {
  %damping = arith.constant 0.85 : f64
  %tolerance = arith.constant 1.0e-10 : f64
  %limit = arith.constant 200 : i64
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %none = arith.constant 0 : i64
  %step = arith.constant 1 : i64
  %axis = arith.constant 0 : index

  %n = tensor.dim %A, %axis : tensor<?x?xf64, #CSR>
  %n.int = arith.index_cast %n : index to i64
  %n.float = arith.sitofp %n.int : i64 to f64
  %even = arith.divf %one, %n.float : f64
  %empty = tensor.empty(%n) : tensor<?xf64>
  %start = linalg.fill ins(%even : f64) outs(%empty : tensor<?xf64>) -> tensor<?xf64>

  %ranks, %iterations, %last = scf.while (%r = %start, %k = %none, %change = %one)
      : (tensor<?xf64>, i64, f64) -> (tensor<?xf64>, i64, f64) {
    %moving = arith.cmpf ogt, %change, %tolerance : f64
    %allowed = arith.cmpi slt, %k, %limit : i64
    %go = arith.andi %moving, %allowed : i1
    scf.condition(%go) %r, %k, %change : tensor<?xf64>, i64, f64
  } do {
  ^bb0(%r: tensor<?xf64>, %k: i64, %previous: f64):
    // y = A r
    %y.empty = tensor.empty(%n) : tensor<?xf64>
    %y.zero = linalg.fill ins(%zero : f64) outs(%y.empty : tensor<?xf64>) -> tensor<?xf64>
    %y = linalg.generic {
      indexing_maps = [#matrix, #column, #row], iterator_types = ["parallel", "reduction"]
    } ins(%A, %r : tensor<?x?xf64, #CSR>, tensor<?xf64>) outs(%y.zero : tensor<?xf64>) {
    ^bb0(%a: f64, %x: f64, %sum: f64):
      %product = arith.mulf %a, %x : f64
      %total = arith.addf %sum, %product : f64
      linalg.yield %total : f64
    } -> tensor<?xf64>

    // kept = sum(y)
    %kept.empty = tensor.empty() : tensor<f64>
    %kept.zero = linalg.fill ins(%zero : f64) outs(%kept.empty : tensor<f64>) -> tensor<f64>
    %kept.tensor = linalg.generic {
      indexing_maps = [#vector, #scalar], iterator_types = ["reduction"]
    } ins(%y : tensor<?xf64>) outs(%kept.zero : tensor<f64>) {
    ^bb0(%value: f64, %sum: f64):
      %total = arith.addf %sum, %value : f64
      linalg.yield %total : f64
    } -> tensor<f64>
    %kept = tensor.extract %kept.tensor[] : tensor<f64>

    // r' = damping y + (1 - damping kept) / n
    %damped = arith.mulf %damping, %kept : f64
    %spread = arith.subf %one, %damped : f64
    %share = arith.divf %spread, %n.float : f64
    %next.empty = tensor.empty(%n) : tensor<?xf64>
    %next = linalg.generic {
      indexing_maps = [#vector, #vector], iterator_types = ["parallel"]
    } ins(%y : tensor<?xf64>) outs(%next.empty : tensor<?xf64>) {
    ^bb0(%value: f64, %unused: f64):
      %scaled = arith.mulf %damping, %value : f64
      %rank = arith.addf %scaled, %share : f64
      linalg.yield %rank : f64
    } -> tensor<?xf64>

    // change = sum(|r' - r|)
    %change.empty = tensor.empty() : tensor<f64>
    %change.zero = linalg.fill ins(%zero : f64) outs(%change.empty : tensor<f64>) -> tensor<f64>
    %change.tensor = linalg.generic {
      indexing_maps = [#vector, #vector, #scalar], iterator_types = ["reduction"]
    } ins(%next, %r : tensor<?xf64>, tensor<?xf64>) outs(%change.zero : tensor<f64>) {
    ^bb0(%new: f64, %old: f64, %sum: f64):
      %difference = arith.subf %new, %old : f64
      %distance = math.absf %difference : f64
      %total = arith.addf %sum, %distance : f64
      linalg.yield %total : f64
    } -> tensor<f64>
    %change = tensor.extract %change.tensor[] : tensor<f64>

    %k.next = arith.addi %k, %step : i64
    scf.yield %next, %k.next, %change : tensor<?xf64>, i64, f64
  }
  return %ranks, %iterations : tensor<?xf64>, i64
}
