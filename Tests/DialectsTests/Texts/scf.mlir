module {
  func.func @f(%arg0: index, %arg1: index, %arg2: index, %arg3: i32, %arg4: f32, %arg5: i1) {
    %0 = scf.for %arg6 = %arg0 to %arg1 step %arg2 iter_args(%arg7 = %arg4) -> (f32) {
      scf.yield %arg7 : f32
    } {k = 1 : i64}
    scf.for unsigned %arg6 = %arg3 to %arg3 step %arg3  : i32 {
    }
    %1:2 = scf.for %arg6 = %arg0 to %arg1 step %arg2 iter_args(%arg7 = %arg4, %arg8 = %arg5) -> (f32, i1) {
      scf.yield %arg7, %arg8 : f32, i1
    }
    scf.if %arg5 {
    }
    scf.if %arg5 {
    } else {
    } {k}
    %2 = scf.if %arg5 -> (f32) {
      scf.yield %arg4 : f32
    } else {
      scf.yield %arg4 : f32
    }
    %3:2 = scf.if %arg5 -> (f32, f32) {
      scf.yield %arg4, %arg4 : f32, f32
    } else {
      scf.yield %arg4, %arg4 : f32, f32
    }
    %4 = scf.while (%arg6 = %arg4) : (f32) -> f32 {
      scf.condition(%arg5) %arg6 : f32
    } do {
    ^bb0(%arg6: f32):
      scf.yield %arg6 : f32
    } attributes {a}
    scf.while : () -> () {
      scf.condition(%arg5)
    } do {
      scf.yield
    }
    scf.parallel (%arg6, %arg7) = (%arg0, %arg0) to (%arg1, %arg1) step (%arg2, %arg2) {
      scf.reduce 
    }
    %5 = scf.parallel (%arg6) = (%arg0) to (%arg1) step (%arg2) init (%arg4) -> f32 {
      scf.reduce(%arg4 : f32) {
      ^bb0(%arg7: f32, %arg8: f32):
        scf.reduce.return %arg7 : f32
      }
    } {m}
    %6 = scf.execute_region -> f32 {
      scf.yield %arg4 : f32
    }
    scf.execute_region no_inline {
      scf.yield
    }
    %7 = scf.index_switch %arg0 -> f32 
    case 2 {
      scf.yield %arg4 : f32
    }
    case -5 {
      scf.yield %arg4 : f32
    }
    default {
      scf.yield %arg4 : f32
    }
    scf.index_switch %arg0 {a} 
    default {
    }
    scf.forall (%arg6, %arg7) in (%arg1, 10) {
    } {q}
    scf.forall (%arg6) = (0) to (%arg1) step (2) {
    }
    return
  }
  func.func @g(%arg0: tensor<10xf32>, %arg1: tensor<1xf32>) -> tensor<10xf32> {
    %0 = scf.forall (%arg2) in (10) shared_outs(%arg3 = %arg0) -> (tensor<10xf32>) {
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %arg1 into %arg3[%arg2] [1] [1] : tensor<1xf32> into tensor<10xf32>
      }
    }
    return %0 : tensor<10xf32>
  }
}
