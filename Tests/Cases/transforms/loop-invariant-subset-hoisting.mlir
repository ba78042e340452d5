// RUN: martlet opt --loop-invariant-subset-hoisting --allow-unregistered-dialect --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// The part is read once before the loop and written once behind it.
func.func @hoist(%t: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %t) -> (tensor<?xf32>) {
    %0 = tensor.extract_slice %a[0] [5] [1] : tensor<?xf32> to tensor<5xf32>
    %1 = "f"(%0) : (tensor<5xf32>) -> tensor<5xf32>
    %2 = tensor.insert_slice %1 into %a[0] [5] [1] : tensor<5xf32> into tensor<?xf32>
    scf.yield %2 : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @hoist(%arg0: tensor<?xf32>, %arg1: index) -> tensor<?xf32> {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %extracted_slice = tensor.extract_slice %arg0[0] [5] [1] : tensor<?xf32> to tensor<5xf32>
// CHECK-NEXT:     %0:2 = scf.for %arg2 = %c0 to %arg1 step %c1 iter_args(%arg3 = %arg0, %arg4 = %extracted_slice) -> (tensor<?xf32>, tensor<5xf32>) {
// CHECK-NEXT:       %1 = "f"(%arg4) : (tensor<5xf32>) -> tensor<5xf32>
// CHECK-NEXT:       scf.yield %arg3, %1 : tensor<?xf32>, tensor<5xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     %inserted_slice = tensor.insert_slice %0#1 into %0#0[0] [5] [1] : tensor<5xf32> into tensor<?xf32>
// CHECK-NEXT:     return %inserted_slice : tensor<?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// The place changes with the iteration; another part overlaps; two parts do not.
func.func @stays(%t: tensor<?xf32>, %n: index) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %t, %b = %t, %c = %t) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
    %0 = tensor.extract_slice %a[%i] [5] [1] : tensor<?xf32> to tensor<5xf32>
    %1 = "f"(%0) : (tensor<5xf32>) -> tensor<5xf32>
    %2 = tensor.insert_slice %1 into %a[%i] [5] [1] : tensor<5xf32> into tensor<?xf32>
    %3 = tensor.extract_slice %b[0] [5] [1] : tensor<?xf32> to tensor<5xf32>
    %4 = tensor.extract_slice %b[3] [5] [1] : tensor<?xf32> to tensor<5xf32>
    %5 = "f"(%3, %4) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %6 = tensor.insert_slice %5 into %b[0] [5] [1] : tensor<5xf32> into tensor<?xf32>
    %7 = tensor.extract_slice %c[0] [5] [1] : tensor<?xf32> to tensor<5xf32>
    %8 = tensor.extract_slice %c[5] [5] [1] : tensor<?xf32> to tensor<5xf32>
    %9 = "f"(%7, %8) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %10 = tensor.insert_slice %9 into %c[0] [5] [1] : tensor<5xf32> into tensor<?xf32>
    scf.yield %2, %6, %10 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
  }
  return %r#0, %r#1, %r#2 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @stays(%arg0: tensor<?xf32>, %arg1: index) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %extracted_slice = tensor.extract_slice %arg0[0] [5] [1] : tensor<?xf32> to tensor<5xf32>
// CHECK-NEXT:     %0:4 = scf.for %arg2 = %c0 to %arg1 step %c1 iter_args(%arg3 = %arg0, %arg4 = %arg0, %arg5 = %arg0, %arg6 = %extracted_slice) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<5xf32>) {
// CHECK-NEXT:       %extracted_slice_0 = tensor.extract_slice %arg3[%arg2] [5] [1] : tensor<?xf32> to tensor<5xf32>
// CHECK-NEXT:       %1 = "f"(%extracted_slice_0) : (tensor<5xf32>) -> tensor<5xf32>
// CHECK-NEXT:       %inserted_slice_1 = tensor.insert_slice %1 into %arg3[%arg2] [5] [1] : tensor<5xf32> into tensor<?xf32>
// CHECK-NEXT:       %extracted_slice_2 = tensor.extract_slice %arg4[0] [5] [1] : tensor<?xf32> to tensor<5xf32>
// CHECK-NEXT:       %extracted_slice_3 = tensor.extract_slice %arg4[3] [5] [1] : tensor<?xf32> to tensor<5xf32>
// CHECK-NEXT:       %2 = "f"(%extracted_slice_2, %extracted_slice_3) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
// CHECK-NEXT:       %inserted_slice_4 = tensor.insert_slice %2 into %arg4[0] [5] [1] : tensor<5xf32> into tensor<?xf32>
// CHECK-NEXT:       %extracted_slice_5 = tensor.extract_slice %arg5[5] [5] [1] : tensor<?xf32> to tensor<5xf32>
// CHECK-NEXT:       %3 = "f"(%arg6, %extracted_slice_5) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
// CHECK-NEXT:       scf.yield %inserted_slice_1, %inserted_slice_4, %arg5, %3 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<5xf32>
// CHECK-NEXT:     }
// CHECK-NEXT:     %inserted_slice = tensor.insert_slice %0#3 into %0#2[0] [5] [1] : tensor<5xf32> into tensor<?xf32>
// CHECK-NEXT:     return %0#0, %0#1, %inserted_slice : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }
