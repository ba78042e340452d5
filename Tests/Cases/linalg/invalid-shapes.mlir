// RUN: martlet opt --verify-diagnostics --split-input-file %s

func.func @pads(%a: tensor<10xf32>, %b: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error@+1 {{Only full tiles are supported when padding_value is not set}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [4] into %b : tensor<10xf32> -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

func.func @packs(%a: tensor<16x8xf32>, %b: tensor<4x4x4xf32>) -> tensor<4x4x4xf32> {
  // expected-error@+1 {{expected 'tensor<4x8x4xf32>' for the packed domain value, got 'tensor<4x4x4xf32>'}}
  %0 = linalg.pack %a inner_dims_pos = [0] inner_tiles = [4] into %b : tensor<16x8xf32> -> tensor<4x4x4xf32>
  return %0 : tensor<4x4x4xf32>
}

// -----

func.func @broadcasts(%a: memref<4xf32>, %b: memref<4x5xf32>, %c: memref<3x5xf32>) {
  // expected-error@+1 {{Invalid broadcast requested, should be (d2)}}
  linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%a, %b : memref<4xf32>, memref<4x5xf32>) outs(%c : memref<3x5xf32>)
  return
}

// -----

func.func @batches(%a: memref<2x3x4xf32>, %b: memref<2x4x5xf32>, %c: memref<2x3x5xf32>) {
  // expected-error@+1 {{Invalid batch dimension expression}}
  linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (m, b, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    ins(%a, %b : memref<2x3x4xf32>, memref<2x4x5xf32>) outs(%c : memref<2x3x5xf32>)
  return
}

// -----

func.func @transforms(%f: tensor<8x3x3x5xf32>, %o: tensor<6x5x5x8xf32>) -> tensor<6x5x5x8xf32> {
  // expected-error@+1 {{the output shape is not expected}}
  %0 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<8x3x3x5xf32>) outs(%o : tensor<6x5x5x8xf32>) -> tensor<6x5x5x8xf32>
  return %0 : tensor<6x5x5x8xf32>
}

// -----

func.func @lacks_yield(%a: memref<4xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%a : memref<4xf32>) {
  ^bb0(%x: f32):
    // expected-error@+1 {{block with no terminator}}
    %y = arith.addf %x, %x : f32
  }
  return
}
