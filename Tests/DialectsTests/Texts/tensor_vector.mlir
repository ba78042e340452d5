#map = affine_map<(d0, d1) -> (d0)>
#map1 = affine_map<(d0, d1, d2) -> (d0, d2)>
#map2 = affine_map<(d0, d1, d2) -> (d2, d1)>
#map3 = affine_map<(d0, d1, d2) -> (d0, d1)>
module {
  func.func @f(%arg0: tensor<?x4xf32>, %arg1: index, %arg2: f32, %arg3: tensor<2x1xindex>, %arg4: tensor<2xi32>, %arg5: vector<4x8xf32>, %arg6: vector<8xf32>, %arg7: memref<?x8xf32>, %arg8: vector<8xi1>, %arg9: vector<8xi32>, %arg10: vector<4x5xf32>, %arg11: vector<5x8xf32>, %arg12: vector<4xf32>) {
    %extracted_slice = tensor.extract_slice %arg0[0, %arg1] [2, %arg1] [1, 1] : tensor<?x4xf32> to tensor<2x?xf32>
    %inserted_slice = tensor.insert_slice %extracted_slice into %arg0[0, %arg1] [2, %arg1] [1, 1] : tensor<2x?xf32> into tensor<?x4xf32>
    %expanded = tensor.expand_shape %arg0 [[0, 1], [2]] output_shape [%arg1, 2, 4] : tensor<?x4xf32> into tensor<?x2x4xf32>
    %collapsed = tensor.collapse_shape %expanded [[0, 1], [2]] : tensor<?x2x4xf32> into tensor<?x4xf32>
    %c0 = arith.constant 0 : index
    %dim = tensor.dim %arg0, %c0 : tensor<?x4xf32>
    %padded = tensor.pad %arg0 nofold low[%arg1, 0] high[1, %arg1] {
    ^bb0(%arg13: index, %arg14: index):
      tensor.yield %arg2 : f32
    } : tensor<?x4xf32> to tensor<?x?xf32>
    %generated = tensor.generate %arg1 {
    ^bb0(%arg13: index, %arg14: index):
      tensor.yield %arg2 : f32
    } : tensor<?x3xf32>
    %0 = tensor.empty(%arg1) : tensor<?x3xf32>
    %from_elements = tensor.from_elements %arg2, %arg2 : tensor<2xf32>
    %extracted = tensor.extract %arg0[%arg1, %arg1] : tensor<?x4xf32>
    %inserted = tensor.insert %arg2 into %arg0[%arg1, %arg1] : tensor<?x4xf32>
    %gather = tensor.gather %arg0[%arg3] gather_dims([0]) unique : (tensor<?x4xf32>, tensor<2x1xindex>) -> tensor<2x1x4xf32>
    %splat = tensor.splat %arg2[%arg1] : tensor<?x4xf32>
    %concat = tensor.concat dim(0) %arg0, %arg0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    %reshape = tensor.reshape %arg0(%arg4) : (tensor<?x4xf32>, tensor<2xi32>) -> tensor<?x?xf32>
    %rank = tensor.rank %arg0 : tensor<?x4xf32>
    %cast = tensor.cast %arg0 : tensor<?x4xf32> to tensor<4x4xf32>
    %1 = tensor.bitcast %arg0 : tensor<?x4xf32> to tensor<?x4xi32>
    %2 = vector.extract %arg5[0, %arg1] : f32 from vector<4x8xf32>
    %3 = vector.insert %arg2, %arg5 [%arg1, 3] : f32 into vector<4x8xf32>
    %4 = vector.extract %arg5[] : vector<4x8xf32> from vector<4x8xf32>
    %5 = vector.transfer_read %arg7[%arg1, %arg1], %arg2 : memref<?x8xf32>, vector<8xf32>
    %6 = vector.transfer_read %arg7[%arg1, %arg1], %arg2, %arg8 {in_bounds = [true], permutation_map = #map} : memref<?x8xf32>, vector<8xf32>
    vector.transfer_write %5, %arg7[%arg1, %arg1] {in_bounds = [true]} : vector<8xf32>, memref<?x8xf32>
    %7 = vector.transfer_write %5, %arg0[%arg1, %arg1], %arg8 {permutation_map = #map} : vector<8xf32>, tensor<?x4xf32>
    %8 = vector.outerproduct %arg6, %arg6 : vector<8xf32>, vector<8xf32>
    %9 = vector.outerproduct %arg6, %arg6, %8 {kind = #vector.kind<add>} : vector<8xf32>, vector<8xf32>
    %10 = vector.outerproduct %arg6, %arg2 : vector<8xf32>, f32
    %11 = vector.contract {indexing_maps = [#map1, #map2, #map3], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %arg10, %arg11, %arg5 : vector<4x5xf32>, vector<5x8xf32> into vector<4x8xf32>
    %12 = vector.mask %arg8, %arg6 { vector.transfer_read %arg7[%arg1, %arg1], %arg2 : memref<?x8xf32>, vector<8xf32> } : vector<8xi1> -> vector<8xf32>
    %13 = vector.extract_strided_slice %arg5 {offsets = [0, 2], sizes = [2, 4], strides = [1, 1]} : vector<4x8xf32> to vector<2x4xf32>
    %14 = vector.insert_strided_slice %arg6, %arg5 {offsets = [0, 0], strides = [1]} : vector<8xf32> into vector<4x8xf32>
    %15 = vector.shuffle %arg6, %arg6 [0, 1, 9, 10] : vector<8xf32>, vector<8xf32>
    %16 = vector.load %arg7[%arg1, %arg1] {alignment = 16 : i64} : memref<?x8xf32>, vector<8xf32>
    %17 = vector.constant_mask [3] : vector<8xi1>
    %18 = vector.create_mask %arg1 : vector<8xi1>
    %19 = vector.gather %arg7[%arg1, %arg1] [%arg9], %arg8, %arg6 : memref<?x8xf32>, vector<8xi32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
    %20:8 = vector.to_elements %arg6 : vector<8xf32>
    %vscale = vector.vscale
    %c4 = arith.constant 4 : index
    %c4_vscale = arith.muli %vscale, %c4 : index
    return
  }
}
