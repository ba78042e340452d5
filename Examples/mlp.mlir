// A classifier of 32 rows of 64 numbers: a dense layer, four residual layers in a loop, a dense
// layer and a softmax. Named and generic linalg operations, scf and arith, all on tensors.
//
//     h  = relu(x w1 + b1)
//     h += relu(h ws[i] + bs[i]) / (i + 1)      for i in 0..<4
//     p  = softmax(h w2 + b2) over each row

#rows = affine_map<(row, column) -> (row)>
#columns = affine_map<(row, column) -> (column)>
#all = affine_map<(row, column) -> (row, column)>

func.func @main(
    %x: tensor<32x64xf32>,
    %w1: tensor<64x128xf32>, %b1: tensor<128xf32>,
    %ws: tensor<4x128x128xf32>, %bs: tensor<4x128xf32>,
    %w2: tensor<128x10xf32>, %b2: tensor<10xf32>) -> tensor<32x10xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index

  // h = relu(x w1 + b1): the bias is what the product is added to.
  %hidden.empty = tensor.empty() : tensor<32x128xf32>
  %bias1 = linalg.broadcast ins(%b1 : tensor<128xf32>) outs(%hidden.empty : tensor<32x128xf32>)
      dimensions = [0]
  %dense1 = linalg.matmul ins(%x, %w1 : tensor<32x64xf32>, tensor<64x128xf32>)
      outs(%bias1 : tensor<32x128xf32>) -> tensor<32x128xf32>
  %hidden = linalg.generic {
    indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]
  } ins(%dense1 : tensor<32x128xf32>) outs(%hidden.empty : tensor<32x128xf32>) {
  ^bb0(%value: f32, %unused: f32):
    %positive = arith.maximumf %value, %zero : f32
    linalg.yield %positive : f32
  } -> tensor<32x128xf32>

  // Four residual layers, each counting for less than the one before.
  %zeros = linalg.fill ins(%zero : f32) outs(%hidden.empty : tensor<32x128xf32>)
      -> tensor<32x128xf32>
  %deep = scf.for %i = %c0 to %c4 step %c1 iter_args(%h = %hidden) -> (tensor<32x128xf32>) {
    %w = tensor.extract_slice %ws[%i, 0, 0] [1, 128, 128] [1, 1, 1]
        : tensor<4x128x128xf32> to tensor<128x128xf32>
    %b = tensor.extract_slice %bs[%i, 0] [1, 128] [1, 1] : tensor<4x128xf32> to tensor<128xf32>
    %product = linalg.matmul ins(%h, %w : tensor<32x128xf32>, tensor<128x128xf32>)
        outs(%zeros : tensor<32x128xf32>) -> tensor<32x128xf32>
    %depth = arith.addi %i, %c1 : index
    %depth.int = arith.index_cast %depth : index to i32
    %depth.float = arith.sitofp %depth.int : i32 to f32
    %weight = arith.divf %one, %depth.float : f32
    %sum = linalg.generic {
      indexing_maps = [#all, #columns, #all], iterator_types = ["parallel", "parallel"]
    } ins(%product, %b : tensor<32x128xf32>, tensor<128xf32>) outs(%h : tensor<32x128xf32>) {
    ^bb0(%value: f32, %bias: f32, %old: f32):
      %biased = arith.addf %value, %bias : f32
      %positive = arith.maximumf %biased, %zero : f32
      %scaled = arith.mulf %positive, %weight : f32
      %new = arith.addf %old, %scaled : f32
      linalg.yield %new : f32
    } -> tensor<32x128xf32>
    scf.yield %sum : tensor<32x128xf32>
  }

  // logits = h w2 + b2
  %logits.empty = tensor.empty() : tensor<32x10xf32>
  %bias2 = linalg.broadcast ins(%b2 : tensor<10xf32>) outs(%logits.empty : tensor<32x10xf32>)
      dimensions = [0]
  %logits = linalg.matmul ins(%deep, %w2 : tensor<32x128xf32>, tensor<128x10xf32>)
      outs(%bias2 : tensor<32x10xf32>) -> tensor<32x10xf32>

  // Softmax over each row: the largest logit is taken off first, so that exp cannot overflow.
  %row.empty = tensor.empty() : tensor<32xf32>
  %row.lowest = linalg.fill ins(%lowest : f32) outs(%row.empty : tensor<32xf32>) -> tensor<32xf32>
  %largest = linalg.generic {
    indexing_maps = [#all, #rows], iterator_types = ["parallel", "reduction"]
  } ins(%logits : tensor<32x10xf32>) outs(%row.lowest : tensor<32xf32>) {
  ^bb0(%value: f32, %most: f32):
    %larger = arith.maximumf %value, %most : f32
    linalg.yield %larger : f32
  } -> tensor<32xf32>
  %powers = linalg.generic {
    indexing_maps = [#all, #rows, #all], iterator_types = ["parallel", "parallel"]
  } ins(%logits, %largest : tensor<32x10xf32>, tensor<32xf32>)
      outs(%logits.empty : tensor<32x10xf32>) {
  ^bb0(%value: f32, %most: f32, %unused: f32):
    %below = arith.subf %value, %most : f32
    %power = math.exp %below : f32
    linalg.yield %power : f32
  } -> tensor<32x10xf32>
  %row.zero = linalg.fill ins(%zero : f32) outs(%row.empty : tensor<32xf32>) -> tensor<32xf32>
  %totals = linalg.generic {
    indexing_maps = [#all, #rows], iterator_types = ["parallel", "reduction"]
  } ins(%powers : tensor<32x10xf32>) outs(%row.zero : tensor<32xf32>) {
  ^bb0(%value: f32, %sum: f32):
    %total = arith.addf %sum, %value : f32
    linalg.yield %total : f32
  } -> tensor<32xf32>
  %probabilities = linalg.generic {
    indexing_maps = [#all, #rows, #all], iterator_types = ["parallel", "parallel"]
  } ins(%powers, %totals : tensor<32x10xf32>, tensor<32xf32>)
      outs(%logits.empty : tensor<32x10xf32>) {
  ^bb0(%value: f32, %total: f32, %unused: f32):
    %share = arith.divf %value, %total : f32
    linalg.yield %share : f32
  } -> tensor<32x10xf32>
  return %probabilities : tensor<32x10xf32>
}
