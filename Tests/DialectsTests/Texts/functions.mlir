module {
  func.func @f(%arg0: i32, %arg1: f32, %arg2: i64, %arg3: i1) {
    cf.switch %arg0 : i32, [
      default: ^bb1(%arg1 : f32),
      1: ^bb1(%arg1 : f32),
      4294967294: ^bb2
    ] {a = 1 : i64}
  ^bb1(%2: f32):  // 5 preds: ^bb0, ^bb0, ^bb2, ^bb4, ^bb5
    return
  ^bb2:  // 3 preds: ^bb0, ^bb3, ^bb4
    cf.switch %arg2 : i64, [
      default: ^bb3,
      7: ^bb1(%arg1 : f32)
    ]
  ^bb3:  // 3 preds: ^bb2, ^bb5, ^bb6
    cf.switch %arg0 : i32, [
      default: ^bb2]
  ^bb4:  // no predecessors
    cf.cond_br %arg3 weights([1, 2]), ^bb1(%arg1 : f32), ^bb2
  ^bb5:  // no predecessors
    cf.cond_br %arg3, ^bb3, ^bb1(%arg1 : f32)
  ^bb6:  // no predecessors
    cf.br ^bb3 {a}
  ^bb7:  // no predecessors
    cf.assert %arg3, "what"
    ub.unreachable
  }
  func.func private @g(i32, i64 {a.b = 2 : i64, c.d}) -> (i32 {d.x}, i64) attributes {bar = "x"}
  func.func nested @"k y"() -> (() -> ())
  func.func private @h(%arg0: i32 {a.b}) -> i32 {
    return %arg0 : i32
  }
  func.func @calls(%arg0: (i32) -> i32, %arg1: i32) -> i32 {
    %2 = call_indirect %arg0(%arg1) : (i32) -> i32
    %3 = call @h(%2) {k} : (i32) -> i32
    %f = constant @h : (i32) -> i32
    %4 = call_indirect %f(%arg1) {q = 1 : i64} : (i32) -> i32
    call @v() : () -> ()
    return {a} %4 : i32
  }
  func.func @v() attributes {no_inline} {
    return
  }
  module @m attributes {d.a = 1 : i64} {
    module {
    }
    func.func @i(%arg0: index, %arg1: i32) -> i1 {
      %2 = index.add %arg0, %arg0
      %idx5 = index.constant 5
      %3 = index.cmp slt(%arg0, %idx5)
      %4 = index.casts %arg0 : index to i32
      %5 = index.castu %arg1 : i32 to index
      %true = index.bool.constant true
      %6 = index.sizeof
      %7 = index.maxu %arg0, %6 {a}
      return %3 : i1
    }
  }
  %0:2 = unrealized_conversion_cast to i32, i64
  %1 = unrealized_conversion_cast %0#0, %0#1 : i32, i64 to f32 {a}
  func.func @cst() {
    %c3_i8 = arith.constant {a} 3 : i8
    %cst = arith.constant dense<[1, 2]> : tensor<2xi32>
    %cst_0 = arith.constant 2.000000e+00 : f16
    %c-4 = arith.constant -4 : index
    %cst_1 = arith.constant dense<2.000000e+00> : vector<[4]xf32>
    %sum, %overflow = arith.addui_extended %c3_i8, %c3_i8 : i8, i1
    %low, %high = arith.mulsi_extended %c3_i8, %c3_i8 : i8
    %false = arith.constant false
    %2 = arith.select %false, %cst, %cst {a} : tensor<2xi32>
    %cst_2 = arith.constant dense<[true, false]> : tensor<2xi1>
    %3 = arith.select %cst_2, %cst, %cst : tensor<2xi1>, tensor<2xi32>
    %4 = arith.trunci %cst overflow<nsw> : tensor<2xi32> to tensor<2xi8>
    %5 = arith.bitcast %cst_0 : f16 to i16
    %6 = arith.index_castui %c-4 : index to i64
    %7 = arith.negf %cst_0 fastmath<fast> {a} : f16
    %8 = math.fma %cst_0, %cst_0, %cst_0 : f16
    %9 = math.clampf %cst_0 to [%cst_0, %cst_0] fastmath<nnan> : f16
    %10 = math.fpowi %cst_0, %c3_i8 : f16, i8
    %sin, %cos = math.sincos %cst_0 : f16
    %11 = math.isnan %cst_0 {fastmath = #arith.fastmath<afn>} : f16
    %12 = math.absi %c3_i8 : i8
    %13 = math.copysign %cst_0, %cst_0 : f16
    %14 = arith.scaling_truncf %cst_0, %cst_0 toward_zero fastmath<nnan> : f16, f16 to f8E4M3FN
    %15 = arith.scaling_extf %14, %14 : f8E4M3FN, f8E4M3FN to f32
    %16 = ub.poison : vector<4xf32>
    %17 = ub.poison : i32
    return
  }
}
