"builtin.module"() ({
  "func.func"() <{function_type = (f32, f32, i32, vector<4xf32>) -> f32, sym_name = "f"}> ({
  ^bb0(%arg0: f32, %arg1: f32, %arg2: i32, %arg3: vector<4xf32>):
    %0 = "arith.addf"(%arg0, %arg1) <{fastmath = #arith.fastmath<nnan,ninf>}> : (f32, f32) -> f32
    %1 = "arith.addf"(%arg0, %arg1) <{fastmath = #arith.fastmath<fast>}> : (f32, f32) -> f32
    %2 = "arith.addi"(%arg2, %arg2) <{overflowFlags = #arith.overflow<nsw, nuw>}> : (i32, i32) -> i32
    %3 = "arith.addi"(%arg2, %arg2) <{overflowFlags = #arith.overflow<nsw>}> : (i32, i32) -> i32
    %4 = "arith.divsi"(%arg2, %arg2) <{isExact}> : (i32, i32) -> i32
    %5 = "arith.truncf"(%arg0) <{fastmath = #arith.fastmath<nnan>, roundingmode = 0 : i32}> : (f32) -> f16
    %6 = "vector.reduction"(%arg3) <{fastmath = #arith.fastmath<reassoc>, kind = #vector.kind<add>}> : (vector<4xf32>) -> f32
    %7 = "arith.constant"() <{value = true}> : () -> i1
    %8 = "arith.cmpi"(%arg2, %arg2) <{predicate = 6 : i64}> : (i32, i32) -> i1
    %9 = "arith.cmpf"(%arg0, %arg1) <{fastmath = #arith.fastmath<contract>, predicate = 13 : i64}> : (f32, f32) -> i1
    %10 = "ub.poison"() <{value = #ub.poison}> : () -> i32
    %11 = "vector.multi_reduction"(%arg3, %arg0) <{kind = #vector.kind<mul>, reduction_dims = array<i64: 0>}> : (vector<4xf32>, f32) -> f32
    "vector.print"(%arg3) <{punctuation = #vector.punctuation<no_punctuation>}> : (vector<4xf32>) -> ()
    "vector.print"() <{punctuation = #vector.punctuation<newline>, stringLiteral = "hello"}> : () -> ()
    "func.return"(%arg0) : (f32) -> ()
  }) : () -> ()
}) : () -> ()
