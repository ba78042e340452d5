// RUN: martlet opt %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

#COO = #sparse_tensor.encoding<{ map = (i, j) -> (i : compressed(nonunique), j : singleton(soa)) }>
#BSR = #sparse_tensor.encoding<{ map = ( i, j ) -> ( i floordiv 2 : dense, j floordiv 3 : compressed, i mod 2      : dense, j mod 3      : dense) }>
func.func @iterates(%sp : tensor<4x8xf32, #COO>, %i : index, %j : index) -> index {
  %l1 = sparse_tensor.extract_iteration_space %sp lvls = 0 : tensor<4x8xf32, #COO> -> !sparse_tensor.iter_space<#COO, lvls = 0>
  %l5 = sparse_tensor.extract_iteration_space %sp lvls = 0 to 2: tensor<4x8xf32, #COO> -> !sparse_tensor.iter_space<#COO, lvls = 0 to 2>
  %r1 = sparse_tensor.iterate %it1 in %l1 at (%crd) iter_args(%outer = %i): !sparse_tensor.iter_space<#COO, lvls = 0 to 1> -> index {
    sparse_tensor.yield %outer : index
  }
  %r2 = sparse_tensor.iterate %it1 in %l5 at (_, %crd) iter_args(%outer = %i): !sparse_tensor.iter_space<#COO, lvls = 0 to 2> -> index {
    sparse_tensor.yield %crd : index
  }
  sparse_tensor.iterate %it1 in %l5 : !sparse_tensor.iter_space<#COO, lvls = 0 to 2> {
  }
  return %r1 : index
}
func.func @coiterates(%sp1 : !sparse_tensor.iter_space<#COO, lvls = 0>, %sp2 : !sparse_tensor.iter_space<#COO, lvls = 1>, %x: !sparse_tensor.storage_specifier<#COO>) -> index {
  %init = arith.constant 0 : index
  %ret = sparse_tensor.coiterate (%sp1, %sp2) at (%coord) iter_args(%arg = %init)
       : (!sparse_tensor.iter_space<#COO, lvls = 0>, !sparse_tensor.iter_space<#COO, lvls = 1>)
       -> index
  case %it1, _ {
    sparse_tensor.yield %arg : index
  }
  case %it1, %it2 {
    sparse_tensor.yield %coord : index
  }
  sparse_tensor.coiterate (%sp1, %sp2) 
       : (!sparse_tensor.iter_space<#COO, lvls = 0>, !sparse_tensor.iter_space<#COO, lvls = 1>)
  case %it1, _ {
  }
  %3 = sparse_tensor.storage_specifier.init : !sparse_tensor.storage_specifier<#COO>
  %4 = sparse_tensor.storage_specifier.init with %x : from !sparse_tensor.storage_specifier<#COO> to !sparse_tensor.storage_specifier<#COO>
  %5 = sparse_tensor.storage_specifier.get %x crd_mem_sz at 0 : !sparse_tensor.storage_specifier<#COO>
  %6 = sparse_tensor.storage_specifier.set %x val_mem_sz with %5 : !sparse_tensor.storage_specifier<#COO>
  return %ret : index
}
func.func @translates_and_sorts(%arg0: index, %arg1: index, %n: index, %m : memref<?xindex>, %v: memref<?xf32>) -> (index, index, index, index) {
  %l0, %l1, %l2, %l3 = sparse_tensor.crd_translate dim_to_lvl [%arg0, %arg1] as #BSR : index, index, index, index
  sparse_tensor.sort insertion_sort_stable %n, %m jointly %v {perm_map = affine_map<(i,j)->(j,i)>, ny = 1: index} : memref<?xindex> jointly memref<?xf32>
  sparse_tensor.sort quick_sort %n, %m {perm_map = affine_map<(i,j)->(j,i)>} : memref<?xindex>
  return  %l0, %l1, %l2, %l3 : index, index, index, index
}

// CHECK: #map = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-NEXT: #sparse = #sparse_tensor.encoding<{ map = (d0, d1) -> (d0 : compressed(nonunique), d1 : singleton(soa)) }>
// CHECK-NEXT: #sparse1 = #sparse_tensor.encoding<{ map = (d0, d1) -> (d0 : compressed, d1 : singleton(soa)) }>
// CHECK-NEXT: #sparse2 = #sparse_tensor.encoding<{ map = (d0, d1) -> (d0 floordiv 2 : dense, d1 floordiv 3 : compressed, d0 mod 2 : dense, d1 mod 3 : dense) }>
// CHECK-NEXT: module {
// CHECK-NEXT:   func.func @iterates(%arg0: tensor<4x8xf32, #sparse>, %arg1: index, %arg2: index) -> index {
// CHECK-NEXT:     %0 = sparse_tensor.extract_iteration_space %arg0 lvls = 0 : tensor<4x8xf32, #sparse> -> !sparse_tensor.iter_space<#sparse, lvls = 0>
// CHECK-NEXT:     %1 = sparse_tensor.extract_iteration_space %arg0 lvls = 0 to 2 : tensor<4x8xf32, #sparse> -> !sparse_tensor.iter_space<#sparse, lvls = 0 to 2>
// CHECK-NEXT:     %2 = sparse_tensor.iterate %arg5 in %0 at(%arg4) iter_args(%arg3 = %arg1) : !sparse_tensor.iter_space<#sparse, lvls = 0>  -> index {
// CHECK-NEXT:       sparse_tensor.yield %arg3 : index
// CHECK-NEXT:     }
// CHECK-NEXT:     %3 = sparse_tensor.iterate %arg5 in %1 at(_, %arg4) iter_args(%arg3 = %arg1) : !sparse_tensor.iter_space<#sparse, lvls = 0 to 2>  -> index {
// CHECK-NEXT:       sparse_tensor.yield %arg4 : index
// CHECK-NEXT:     }
// CHECK-NEXT:     sparse_tensor.iterate %arg3 in %1 : !sparse_tensor.iter_space<#sparse, lvls = 0 to 2>  {
// CHECK-NEXT:     }
// CHECK-NEXT:     return %2 : index
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @coiterates(%arg0: !sparse_tensor.iter_space<#sparse, lvls = 0>, %arg1: !sparse_tensor.iter_space<#sparse, lvls = 1>, %arg2: !sparse_tensor.storage_specifier<#sparse1>) -> index {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = sparse_tensor.coiterate (%arg0, %arg1) at(%arg4) iter_args(%arg3 = %c0) : (!sparse_tensor.iter_space<#sparse, lvls = 0>, !sparse_tensor.iter_space<#sparse, lvls = 1>) -> index
// CHECK-NEXT:     case %arg5, _ {
// CHECK-NEXT:       sparse_tensor.yield %arg3 : index
// CHECK-NEXT:     }
// CHECK-NEXT:     case %arg5, %arg6 {
// CHECK-NEXT:       sparse_tensor.yield %arg4 : index
// CHECK-NEXT:     }
// CHECK-NEXT:     sparse_tensor.coiterate (%arg0, %arg1) : (!sparse_tensor.iter_space<#sparse, lvls = 0>, !sparse_tensor.iter_space<#sparse, lvls = 1>)
// CHECK-NEXT:     case %arg3, _ {
// CHECK-NEXT:     }
// CHECK-NEXT:     %1 = sparse_tensor.storage_specifier.init : !sparse_tensor.storage_specifier<#sparse1>
// CHECK-NEXT:     %2 = sparse_tensor.storage_specifier.init with %arg2 : from !sparse_tensor.storage_specifier<#sparse1> to !sparse_tensor.storage_specifier<#sparse1>
// CHECK-NEXT:     %3 = sparse_tensor.storage_specifier.get %arg2  crd_mem_sz at 0 : !sparse_tensor.storage_specifier<#sparse1>
// CHECK-NEXT:     %4 = sparse_tensor.storage_specifier.set %arg2  val_mem_sz with %3 : !sparse_tensor.storage_specifier<#sparse1>
// CHECK-NEXT:     return %0 : index
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @translates_and_sorts(%arg0: index, %arg1: index, %arg2: index, %arg3: memref<?xindex>, %arg4: memref<?xf32>) -> (index, index, index, index) {
// CHECK-NEXT:     %0:4 = sparse_tensor.crd_translate  dim_to_lvl[%arg0, %arg1] as #sparse2 : index, index, index, index
// CHECK-NEXT:     sparse_tensor.sort  insertion_sort_stable %arg2, %arg3 jointly %arg4 {ny = 1 : index, perm_map = #map} : memref<?xindex> jointly memref<?xf32>
// CHECK-NEXT:     sparse_tensor.sort  quick_sort %arg2, %arg3 {perm_map = #map} : memref<?xindex>
// CHECK-NEXT:     return %0#0, %0#1, %0#2, %0#3 : index, index, index, index
// CHECK-NEXT:   }
// CHECK-NEXT: }
