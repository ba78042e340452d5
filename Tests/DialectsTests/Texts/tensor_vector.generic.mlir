#map = affine_map<(d0, d1) -> (d1)>
#map1 = affine_map<(d0, d1) -> (d0)>
#map2 = affine_map<(d0, d1, d2) -> (d0, d2)>
#map3 = affine_map<(d0, d1, d2) -> (d2, d1)>
#map4 = affine_map<(d0, d1, d2) -> (d0, d1)>
"builtin.module"() ({
  "func.func"() <{function_type = (tensor<?x4xf32>, index, f32, tensor<2x1xindex>, tensor<2xi32>, vector<4x8xf32>, vector<8xf32>, memref<?x8xf32>, vector<8xi1>, vector<8xi32>, vector<4x5xf32>, vector<5x8xf32>, vector<4xf32>) -> (), sym_name = "f"}> ({
  ^bb0(%arg0: tensor<?x4xf32>, %arg1: index, %arg2: f32, %arg3: tensor<2x1xindex>, %arg4: tensor<2xi32>, %arg5: vector<4x8xf32>, %arg6: vector<8xf32>, %arg7: memref<?x8xf32>, %arg8: vector<8xi1>, %arg9: vector<8xi32>, %arg10: vector<4x5xf32>, %arg11: vector<5x8xf32>, %arg12: vector<4xf32>):
    %0 = "tensor.extract_slice"(%arg0, %arg1, %arg1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>, static_offsets = array<i64: 0, -9223372036854775808>, static_sizes = array<i64: 2, -9223372036854775808>, static_strides = array<i64: 1, 1>}> : (tensor<?x4xf32>, index, index) -> tensor<2x?xf32>
    %1 = "tensor.insert_slice"(%0, %arg0, %arg1, %arg1) <{operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>, static_offsets = array<i64: 0, -9223372036854775808>, static_sizes = array<i64: 2, -9223372036854775808>, static_strides = array<i64: 1, 1>}> : (tensor<2x?xf32>, tensor<?x4xf32>, index, index) -> tensor<?x4xf32>
    %2 = "tensor.expand_shape"(%arg0, %arg1) <{reassociation = [[0, 1], [2]], static_output_shape = array<i64: -9223372036854775808, 2, 4>}> : (tensor<?x4xf32>, index) -> tensor<?x2x4xf32>
    %3 = "tensor.collapse_shape"(%2) <{reassociation = [[0, 1], [2]]}> : (tensor<?x2x4xf32>) -> tensor<?x4xf32>
    %4 = "arith.constant"() <{value = 0 : index}> : () -> index
    %5 = "tensor.dim"(%arg0, %4) : (tensor<?x4xf32>, index) -> index
    %6 = "tensor.pad"(%arg0, %arg1, %arg1) <{nofold, operandSegmentSizes = array<i32: 1, 1, 1>, static_high = array<i64: 1, -9223372036854775808>, static_low = array<i64: -9223372036854775808, 0>}> ({
    ^bb0(%arg15: index, %arg16: index):
      "tensor.yield"(%arg2) : (f32) -> ()
    }) : (tensor<?x4xf32>, index, index) -> tensor<?x?xf32>
    %7 = "tensor.generate"(%arg1) ({
    ^bb0(%arg13: index, %arg14: index):
      "tensor.yield"(%arg2) : (f32) -> ()
    }) : (index) -> tensor<?x3xf32>
    %8 = "tensor.empty"(%arg1) : (index) -> tensor<?x3xf32>
    %9 = "tensor.from_elements"(%arg2, %arg2) : (f32, f32) -> tensor<2xf32>
    %10 = "tensor.extract"(%arg0, %arg1, %arg1) : (tensor<?x4xf32>, index, index) -> f32
    %11 = "tensor.insert"(%arg2, %arg0, %arg1, %arg1) : (f32, tensor<?x4xf32>, index, index) -> tensor<?x4xf32>
    %12 = "tensor.gather"(%arg0, %arg3) <{gather_dims = array<i64: 0>, unique}> : (tensor<?x4xf32>, tensor<2x1xindex>) -> tensor<2x1x4xf32>
    %13 = "tensor.splat"(%arg2, %arg1) : (f32, index) -> tensor<?x4xf32>
    %14 = "tensor.concat"(%arg0, %arg0) <{dim = 0 : i64}> : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    %15 = "tensor.reshape"(%arg0, %arg4) : (tensor<?x4xf32>, tensor<2xi32>) -> tensor<?x?xf32>
    %16 = "tensor.rank"(%arg0) : (tensor<?x4xf32>) -> index
    %17 = "tensor.cast"(%arg0) : (tensor<?x4xf32>) -> tensor<4x4xf32>
    %18 = "tensor.bitcast"(%arg0) : (tensor<?x4xf32>) -> tensor<?x4xi32>
    %19 = "vector.extract"(%arg5, %arg1) <{static_position = array<i64: 0, -9223372036854775808>}> : (vector<4x8xf32>, index) -> f32
    %20 = "vector.insert"(%arg2, %arg5, %arg1) <{static_position = array<i64: -9223372036854775808, 3>}> : (f32, vector<4x8xf32>, index) -> vector<4x8xf32>
    %21 = "vector.extract"(%arg5) <{static_position = array<i64>}> : (vector<4x8xf32>) -> vector<4x8xf32>
    %22 = "vector.transfer_read"(%arg7, %arg1, %arg1, %arg2) <{in_bounds = [false], operandSegmentSizes = array<i32: 1, 2, 1, 0>, permutation_map = #map}> : (memref<?x8xf32>, index, index, f32) -> vector<8xf32>
    %23 = "vector.transfer_read"(%arg7, %arg1, %arg1, %arg2, %arg8) <{in_bounds = [true], operandSegmentSizes = array<i32: 1, 2, 1, 1>, permutation_map = #map1}> : (memref<?x8xf32>, index, index, f32, vector<8xi1>) -> vector<8xf32>
    "vector.transfer_write"(%22, %arg7, %arg1, %arg1) <{in_bounds = [true], operandSegmentSizes = array<i32: 1, 1, 2, 0>, permutation_map = #map}> : (vector<8xf32>, memref<?x8xf32>, index, index) -> ()
    %24 = "vector.transfer_write"(%22, %arg0, %arg1, %arg1, %arg8) <{in_bounds = [false], operandSegmentSizes = array<i32: 1, 1, 2, 1>, permutation_map = #map1}> : (vector<8xf32>, tensor<?x4xf32>, index, index, vector<8xi1>) -> tensor<?x4xf32>
    %25 = "vector.outerproduct"(%arg6, %arg6) <{kind = #vector.kind<add>}> : (vector<8xf32>, vector<8xf32>) -> vector<8x8xf32>
    %26 = "vector.outerproduct"(%arg6, %arg6, %25) <{kind = #vector.kind<add>}> : (vector<8xf32>, vector<8xf32>, vector<8x8xf32>) -> vector<8x8xf32>
    %27 = "vector.outerproduct"(%arg6, %arg2) <{kind = #vector.kind<add>}> : (vector<8xf32>, f32) -> vector<8xf32>
    %28 = "vector.contract"(%arg10, %arg11, %arg5) <{indexing_maps = [#map2, #map3, #map4], iterator_types = [#vector.iterator_type<parallel>, #vector.iterator_type<parallel>, #vector.iterator_type<reduction>], kind = #vector.kind<add>}> : (vector<4x5xf32>, vector<5x8xf32>, vector<4x8xf32>) -> vector<4x8xf32>
    %29 = "vector.mask"(%arg8, %arg6) ({
      %41 = "vector.transfer_read"(%arg7, %arg1, %arg1, %arg2) <{in_bounds = [false], operandSegmentSizes = array<i32: 1, 2, 1, 0>, permutation_map = #map}> : (memref<?x8xf32>, index, index, f32) -> vector<8xf32>
      "vector.yield"(%41) : (vector<8xf32>) -> ()
    }) : (vector<8xi1>, vector<8xf32>) -> vector<8xf32>
    %30 = "vector.extract_strided_slice"(%arg5) <{offsets = [0, 2], sizes = [2, 4], strides = [1, 1]}> : (vector<4x8xf32>) -> vector<2x4xf32>
    %31 = "vector.insert_strided_slice"(%arg6, %arg5) <{offsets = [0, 0], strides = [1]}> : (vector<8xf32>, vector<4x8xf32>) -> vector<4x8xf32>
    %32 = "vector.shuffle"(%arg6, %arg6) <{mask = array<i64: 0, 1, 9, 10>}> : (vector<8xf32>, vector<8xf32>) -> vector<4xf32>
    %33 = "vector.load"(%arg7, %arg1, %arg1) <{alignment = 16 : i64}> : (memref<?x8xf32>, index, index) -> vector<8xf32>
    %34 = "vector.constant_mask"() <{mask_dim_sizes = array<i64: 3>}> : () -> vector<8xi1>
    %35 = "vector.create_mask"(%arg1) : (index) -> vector<8xi1>
    %36 = "vector.gather"(%arg7, %arg1, %arg1, %arg9, %arg8, %arg6) : (memref<?x8xf32>, index, index, vector<8xi32>, vector<8xi1>, vector<8xf32>) -> vector<8xf32>
    %37:8 = "vector.to_elements"(%arg6) : (vector<8xf32>) -> (f32, f32, f32, f32, f32, f32, f32, f32)
    %38 = "vector.vscale"() : () -> index
    %39 = "arith.constant"() <{value = 4 : index}> : () -> index
    %40 = "arith.muli"(%38, %39) <{overflowFlags = #arith.overflow<none>}> : (index, index) -> index
    "func.return"() : () -> ()
  }) : () -> ()
}) : () -> ()
