"builtin.module"() ({
  "func.func"() <{function_type = (i32, f32, i64, i1) -> (), sym_name = "f"}> ({
  ^bb0(%arg5: i32, %arg6: f32, %arg7: i64, %arg8: i1):
    "cf.switch"(%arg5, %arg6, %arg6)[^bb1, ^bb1, ^bb2] <{case_operand_segments = array<i32: 1, 0>, case_values = dense<[1, -2]> : vector<2xi32>, operandSegmentSizes = array<i32: 1, 1, 1>}> {a = 1 : i64} : (i32, f32, f32) -> ()
  ^bb1(%40: f32):  // 5 preds: ^bb0, ^bb0, ^bb2, ^bb4, ^bb5
    "func.return"() : () -> ()
  ^bb2:  // 3 preds: ^bb0, ^bb3, ^bb4
    "cf.switch"(%arg7, %arg6)[^bb3, ^bb1] <{case_operand_segments = array<i32: 1>, case_values = dense<7> : vector<1xi64>, operandSegmentSizes = array<i32: 1, 0, 1>}> : (i64, f32) -> ()
  ^bb3:  // 3 preds: ^bb2, ^bb5, ^bb6
    "cf.switch"(%arg5)[^bb2] <{case_operand_segments = array<i32>, operandSegmentSizes = array<i32: 1, 0, 0>}> : (i32) -> ()
  ^bb4:  // no predecessors
    "cf.cond_br"(%arg8, %arg6)[^bb1, ^bb2] <{branch_weights = array<i32: 1, 2>, operandSegmentSizes = array<i32: 1, 1, 0>}> : (i1, f32) -> ()
  ^bb5:  // no predecessors
    "cf.cond_br"(%arg8, %arg6)[^bb3, ^bb1] <{operandSegmentSizes = array<i32: 1, 0, 1>}> : (i1, f32) -> ()
  ^bb6:  // no predecessors
    "cf.br"()[^bb3] {a} : () -> ()
  ^bb7:  // no predecessors
    "cf.assert"(%arg8) <{msg = "what"}> : (i1) -> ()
    "ub.unreachable"() : () -> ()
  }) : () -> ()
  "func.func"() <{arg_attrs = [{}, {a.b = 2 : i64, c.d}], function_type = (i32, i64) -> (i32, i64), res_attrs = [{d.x}, {}], sym_name = "g", sym_visibility = "private"}> ({
  }) {bar = "x"} : () -> ()
  "func.func"() <{function_type = () -> (() -> ()), sym_name = "k y", sym_visibility = "nested"}> ({
  }) : () -> ()
  "func.func"() <{arg_attrs = [{a.b}], function_type = (i32) -> i32, sym_name = "h", sym_visibility = "private"}> ({
  ^bb0(%arg4: i32):
    "func.return"(%arg4) : (i32) -> ()
  }) : () -> ()
  "func.func"() <{function_type = ((i32) -> i32, i32) -> i32, sym_name = "calls"}> ({
  ^bb0(%arg2: (i32) -> i32, %arg3: i32):
    %36 = "func.call_indirect"(%arg2, %arg3) : ((i32) -> i32, i32) -> i32
    %37 = "func.call"(%36) <{callee = @h}> {k} : (i32) -> i32
    %38 = "func.constant"() <{value = @h}> : () -> ((i32) -> i32)
    %39 = "func.call_indirect"(%38, %arg3) {q = 1 : i64} : ((i32) -> i32, i32) -> i32
    "func.call"() <{callee = @v}> : () -> ()
    "func.return"(%39) {a} : (i32) -> ()
  }) : () -> ()
  "func.func"() <{function_type = () -> (), no_inline, sym_name = "v"}> ({
    "func.return"() : () -> ()
  }) : () -> ()
  "builtin.module"() <{sym_name = "m"}> ({
    "builtin.module"() ({
    ^bb0:
    }) : () -> ()
    "func.func"() <{function_type = (index, i32) -> i1, sym_name = "i"}> ({
    ^bb0(%arg0: index, %arg1: i32):
      %28 = "index.add"(%arg0, %arg0) : (index, index) -> index
      %29 = "index.constant"() <{value = 5 : index}> : () -> index
      %30 = "index.cmp"(%arg0, %29) <{pred = #index<cmp_predicate slt>}> : (index, index) -> i1
      %31 = "index.casts"(%arg0) : (index) -> i32
      %32 = "index.castu"(%arg1) : (i32) -> index
      %33 = "index.bool.constant"() <{value = true}> : () -> i1
      %34 = "index.sizeof"() : () -> index
      %35 = "index.maxu"(%arg0, %34) {a} : (index, index) -> index
      "func.return"(%30) : (i1) -> ()
    }) : () -> ()
  }) {d.a = 1 : i64} : () -> ()
  %0:2 = "builtin.unrealized_conversion_cast"() : () -> (i32, i64)
  %1 = "builtin.unrealized_conversion_cast"(%0#0, %0#1) {a} : (i32, i64) -> f32
  "func.func"() <{function_type = () -> (), sym_name = "cst"}> ({
    %2 = "arith.constant"() <{value = 3 : i8}> {a} : () -> i8
    %3 = "arith.constant"() <{value = dense<[1, 2]> : tensor<2xi32>}> : () -> tensor<2xi32>
    %4 = "arith.constant"() <{value = 2.000000e+00 : f16}> : () -> f16
    %5 = "arith.constant"() <{value = -4 : index}> : () -> index
    %6 = "arith.constant"() <{value = dense<2.000000e+00> : vector<[4]xf32>}> : () -> vector<[4]xf32>
    %7:2 = "arith.addui_extended"(%2, %2) : (i8, i8) -> (i8, i1)
    %8:2 = "arith.mulsi_extended"(%2, %2) : (i8, i8) -> (i8, i8)
    %9 = "arith.constant"() <{value = false}> : () -> i1
    %10 = "arith.select"(%9, %3, %3) {a} : (i1, tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
    %11 = "arith.constant"() <{value = dense<[true, false]> : tensor<2xi1>}> : () -> tensor<2xi1>
    %12 = "arith.select"(%11, %3, %3) : (tensor<2xi1>, tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
    %13 = "arith.trunci"(%3) <{overflowFlags = #arith.overflow<nsw>}> : (tensor<2xi32>) -> tensor<2xi8>
    %14 = "arith.bitcast"(%4) : (f16) -> i16
    %15 = "arith.index_castui"(%5) : (index) -> i64
    %16 = "arith.negf"(%4) <{fastmath = #arith.fastmath<fast>}> {a} : (f16) -> f16
    %17 = "math.fma"(%4, %4, %4) <{fastmath = #arith.fastmath<none>}> : (f16, f16, f16) -> f16
    %18 = "math.clampf"(%4, %4, %4) <{fastmath = #arith.fastmath<nnan>}> : (f16, f16, f16) -> f16
    %19 = "math.fpowi"(%4, %2) <{fastmath = #arith.fastmath<none>}> : (f16, i8) -> f16
    %20:2 = "math.sincos"(%4) <{fastmath = #arith.fastmath<none>}> : (f16) -> (f16, f16)
    %21 = "math.isnan"(%4) <{fastmath = #arith.fastmath<afn>}> : (f16) -> i1
    %22 = "math.absi"(%2) : (i8) -> i8
    %23 = "math.copysign"(%4, %4) <{fastmath = #arith.fastmath<none>}> : (f16, f16) -> f16
    %24 = "arith.scaling_truncf"(%4, %4) <{fastmath = #arith.fastmath<nnan>, roundingmode = 3 : i32}> : (f16, f16) -> f8E4M3FN
    %25 = "arith.scaling_extf"(%24, %24) : (f8E4M3FN, f8E4M3FN) -> f32
    %26 = "ub.poison"() <{value = #ub.poison}> : () -> vector<4xf32>
    %27 = "ub.poison"() <{value = #ub.poison}> : () -> i32
    "func.return"() : () -> ()
  }) : () -> ()
}) : () -> ()
