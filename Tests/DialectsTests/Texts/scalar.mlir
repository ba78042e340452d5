module {
  func.func @f(%arg0: f32, %arg1: f32, %arg2: i32, %arg3: vector<4xf32>) -> f32 {
    %0 = arith.addf %arg0, %arg1 fastmath<nnan,ninf> : f32
    %1 = arith.addf %arg0, %arg1 fastmath<fast> : f32
    %2 = arith.addi %arg2, %arg2 overflow<nsw, nuw> : i32
    %3 = arith.addi %arg2, %arg2 overflow<nsw> : i32
    %4 = arith.divsi %arg2, %arg2 exact : i32
    %5 = arith.truncf %arg0 to_nearest_even fastmath<nnan> : f32 to f16
    %6 = vector.reduction <add>, %arg3 fastmath<reassoc> : vector<4xf32> into f32
    %true = arith.constant true
    %7 = arith.cmpi ult, %arg2, %arg2 : i32
    %8 = arith.cmpf une, %arg0, %arg1 fastmath<contract> : f32
    %9 = ub.poison : i32
    %10 = vector.multi_reduction <mul>, %arg3, %arg0 [0] : vector<4xf32> to f32
    vector.print %arg3 : vector<4xf32> punctuation <no_punctuation>
    vector.print str "hello"
    return %arg0 : f32
  }
}
