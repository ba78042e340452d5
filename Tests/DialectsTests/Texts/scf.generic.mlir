"builtin.module"() ({
  "func.func"() <{function_type = (index, index, index, i32, f32, i1) -> (), sym_name = "f"}> ({
  ^bb0(%arg4: index, %arg5: index, %arg6: index, %arg7: i32, %arg8: f32, %arg9: i1):
    %1 = "scf.for"(%arg4, %arg5, %arg6, %arg8) ({
    ^bb0(%arg24: index, %arg25: f32):
      "scf.yield"(%arg25) : (f32) -> ()
    }) {k = 1 : i64} : (index, index, index, f32) -> f32
    "scf.for"(%arg7, %arg7, %arg7) <{unsignedCmp}> ({
    ^bb0(%arg23: i32):
      "scf.yield"() : () -> ()
    }) : (i32, i32, i32) -> ()
    %2:2 = "scf.for"(%arg4, %arg5, %arg6, %arg8, %arg9) ({
    ^bb0(%arg20: index, %arg21: f32, %arg22: i1):
      "scf.yield"(%arg21, %arg22) : (f32, i1) -> ()
    }) : (index, index, index, f32, i1) -> (f32, i1)
    "scf.if"(%arg9) ({
      "scf.yield"() : () -> ()
    }, {
    }) : (i1) -> ()
    "scf.if"(%arg9) ({
      "scf.yield"() : () -> ()
    }, {
      "scf.yield"() : () -> ()
    }) {k} : (i1) -> ()
    %3 = "scf.if"(%arg9) ({
      "scf.yield"(%arg8) : (f32) -> ()
    }, {
      "scf.yield"(%arg8) : (f32) -> ()
    }) : (i1) -> f32
    %4:2 = "scf.if"(%arg9) ({
      "scf.yield"(%arg8, %arg8) : (f32, f32) -> ()
    }, {
      "scf.yield"(%arg8, %arg8) : (f32, f32) -> ()
    }) : (i1) -> (f32, f32)
    %5 = "scf.while"(%arg8) ({
    ^bb0(%arg19: f32):
      "scf.condition"(%arg9, %arg19) : (i1, f32) -> ()
    }, {
    ^bb0(%arg18: f32):
      "scf.yield"(%arg18) : (f32) -> ()
    }) {a} : (f32) -> f32
    "scf.while"() ({
      "scf.condition"(%arg9) : (i1) -> ()
    }, {
      "scf.yield"() : () -> ()
    }) : () -> ()
    "scf.parallel"(%arg4, %arg4, %arg5, %arg5, %arg6, %arg6) <{operandSegmentSizes = array<i32: 2, 2, 2, 0>}> ({
    ^bb0(%arg16: index, %arg17: index):
      "scf.reduce"() : () -> ()
    }) : (index, index, index, index, index, index) -> ()
    %6 = "scf.parallel"(%arg4, %arg5, %arg6, %arg8) <{operandSegmentSizes = array<i32: 1, 1, 1, 1>}> ({
    ^bb0(%arg13: index):
      "scf.reduce"(%arg8) ({
      ^bb0(%arg14: f32, %arg15: f32):
        "scf.reduce.return"(%arg14) : (f32) -> ()
      }) : (f32) -> ()
    }) {m} : (index, index, index, f32) -> f32
    %7 = "scf.execute_region"() ({
      "scf.yield"(%arg8) : (f32) -> ()
    }) : () -> f32
    "scf.execute_region"() <{no_inline}> ({
      "scf.yield"() : () -> ()
    }) : () -> ()
    %8 = "scf.index_switch"(%arg4) <{cases = array<i64: 2, -5>}> ({
      "scf.yield"(%arg8) : (f32) -> ()
    }, {
      "scf.yield"(%arg8) : (f32) -> ()
    }, {
      "scf.yield"(%arg8) : (f32) -> ()
    }) : (index) -> f32
    "scf.index_switch"(%arg4) <{cases = array<i64>}> ({
      "scf.yield"() : () -> ()
    }) {a} : (index) -> ()
    "scf.forall"(%arg5) <{operandSegmentSizes = array<i32: 0, 1, 0, 0>, staticLowerBound = array<i64: 0, 0>, staticStep = array<i64: 1, 1>, staticUpperBound = array<i64: -9223372036854775808, 10>}> ({
    ^bb0(%arg11: index, %arg12: index):
      "scf.forall.in_parallel"() ({
      ^bb0:
      }) : () -> ()
    }) {q} : (index) -> ()
    "scf.forall"(%arg5) <{operandSegmentSizes = array<i32: 0, 1, 0, 0>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 2>, staticUpperBound = array<i64: -9223372036854775808>}> ({
    ^bb0(%arg10: index):
      "scf.forall.in_parallel"() ({
      ^bb0:
      }) : () -> ()
    }) : (index) -> ()
    "func.return"() : () -> ()
  }) : () -> ()
  "func.func"() <{function_type = (tensor<10xf32>, tensor<1xf32>) -> tensor<10xf32>, sym_name = "g"}> ({
  ^bb0(%arg0: tensor<10xf32>, %arg1: tensor<1xf32>):
    %0 = "scf.forall"(%arg0) <{operandSegmentSizes = array<i32: 0, 0, 0, 1>, staticLowerBound = array<i64: 0>, staticStep = array<i64: 1>, staticUpperBound = array<i64: 10>}> ({
    ^bb0(%arg2: index, %arg3: tensor<10xf32>):
      "scf.forall.in_parallel"() ({
        "tensor.parallel_insert_slice"(%arg1, %arg3, %arg2) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, static_offsets = array<i64: -9223372036854775808>, static_sizes = array<i64: 1>, static_strides = array<i64: 1>}> : (tensor<1xf32>, tensor<10xf32>, index) -> ()
      }) : () -> ()
    }) : (tensor<10xf32>) -> tensor<10xf32>
    "func.return"(%0) : (tensor<10xf32>) -> ()
  }) : () -> ()
}) : () -> ()
