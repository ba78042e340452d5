// RUN: martlet opt %s
func.func @f(%A: tensor<4x8xf32>, %B: tensor<8x16xf32>, %C: tensor<4x16xf32>, %m: memref<4x8xf32>, %i8: tensor<4x8xi8>, %j8: tensor<8x16xi8>, %i32: tensor<4x16xi32>, %cst: f32) -> tensor<4x16xf32> {
  %0 = linalg.matmul ins(%A, %B : tensor<4x8xf32>, tensor<8x16xf32>) outs(%C : tensor<4x16xf32>) -> tensor<4x16xf32>
  %1 = linalg.fill ins(%cst : f32) outs(%C : tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = linalg.exp ins(%C : tensor<4x16xf32>) outs(%0 : tensor<4x16xf32>) -> tensor<4x16xf32>
  linalg.copy ins(%m : memref<4x8xf32>) outs(%m : memref<4x8xf32>)
  %3 = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%i8, %j8 : tensor<4x8xi8>, tensor<8x16xi8>) outs(%i32 : tensor<4x16xi32>) -> tensor<4x16xi32>
  %5 = linalg.matmul indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>] ins(%A, %B : tensor<4x8xf32>, tensor<8x16xf32>) outs(%C : tensor<4x16xf32>) {foo = 1 : i32} -> tensor<4x16xf32>
  return %2 : tensor<4x16xf32>
}
func.func @g(%A: tensor<1x8x8x3xf32>, %K: tensor<3x3x3x5xf32>, %O: tensor<1x6x6x5xf32>, %a: tensor<4x8xf32>, %t: tensor<8x4xf32>, %r: tensor<4xf32>, %sm: memref<2xf32>) {
  %0 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%A, %K : tensor<1x8x8x3xf32>, tensor<3x3x3x5xf32>) outs(%O : tensor<1x6x6x5xf32>) -> tensor<1x6x6x5xf32>
  %1 = linalg.conv_2d_nhwc_hwcf {foo} ins(%A, %K : tensor<1x8x8x3xf32>, tensor<3x3x3x5xf32>) outs(%O : tensor<1x6x6x5xf32>) -> tensor<1x6x6x5xf32>
  %2 = linalg.transpose ins(%a : tensor<4x8xf32>) outs(%t : tensor<8x4xf32>) permutation = [1, 0]
  %3 = linalg.broadcast ins(%r : tensor<4xf32>) outs(%a : tensor<4x8xf32>) dimensions = [1]
  %4 = linalg.reduce ins(%a : tensor<4x8xf32>) outs(%r : tensor<4xf32>) dimensions = [1] (%in: f32, %out: f32) { %x = arith.addf %in, %out : f32
     linalg.yield %x : f32 }
  %5 = linalg.reduce {arith.addf} ins(%a : tensor<4x8xf32>) outs(%r : tensor<4xf32>) dimensions = [1]
  %6 = linalg.map {arith.addf} ins(%a, %a : tensor<4x8xf32>, tensor<4x8xf32>) outs(%a : tensor<4x8xf32>)
  %7 = linalg.map ins(%a, %a : tensor<4x8xf32>, tensor<4x8xf32>) outs(%a : tensor<4x8xf32>) (%in: f32, %in2: f32, %out: f32) { %x = arith.addf %in2, %in : f32
     linalg.yield %x : f32 }
  %8 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%r : tensor<4xf32>) outs(%a : tensor<4x8xf32>) attrs = {bar = 3 : i32} {
   ^bb0(%x: f32, %y: f32):
     %i = linalg.index 1 : index
     linalg.yield %x : f32
  } -> tensor<4x8xf32>
  linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"], doc = "doc", library_call = "foo"} outs(%sm : memref<2xf32>) {
   ^bb0(%x: f32):
     linalg.yield %x : f32
  }
  %9 = linalg.softmax dimension(1) ins(%a : tensor<4x8xf32>) outs(%a : tensor<4x8xf32>) -> tensor<4x8xf32>
  %10 = linalg.elementwise kind=#linalg.elementwise_kind<exp> ins(%a : tensor<4x8xf32>) outs(%a : tensor<4x8xf32>) -> tensor<4x8xf32>
  %11 = linalg.elementwise kind=#linalg.elementwise_kind<add> indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>] ins(%r, %a : tensor<4xf32>, tensor<4x8xf32>) outs(%a : tensor<4x8xf32>) -> tensor<4x8xf32>
  %12 = linalg.contract indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>] ins(%a, %a : tensor<4x8xf32>, tensor<4x8xf32>) outs(%r : tensor<4xf32>) -> tensor<4xf32>
  return
}
