// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @made_masks(%n: index) -> (vector<4x3xi1>, vector<4xi1>, vector<3x4xi1>, vector<2xi1>) {
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %0 = vector.create_mask %c3, %c2 : vector<4x3xi1>
  %c7 = arith.constant 7 : index
  %1 = vector.create_mask %c7 : vector<4xi1>
  %2 = vector.create_mask %n, %c2 : vector<4x3xi1>
  %3 = vector.transpose %2, [1, 0] : vector<4x3xi1> to vector<3x4xi1>
  %4 = vector.create_mask %n : vector<8xi1>
  %5 = vector.extract_strided_slice %4 {offsets = [3], sizes = [2], strides = [1]} : vector<8xi1> to vector<2xi1>
  return %0, %1, %3, %5 : vector<4x3xi1>, vector<4xi1>, vector<3x4xi1>, vector<2xi1>
}

// CHECK: module {
// CHECK-NEXT:   func.func @made_masks(%arg0: index) -> (vector<4x3xi1>, vector<4xi1>, vector<3x4xi1>, vector<2xi1>) {
// CHECK-NEXT:     %c3 = arith.constant 3 : index
// CHECK-NEXT:     %cst = arith.constant dense<true> : vector<4xi1>
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     %0 = vector.constant_mask [3, 2] : vector<4x3xi1>
// CHECK-NEXT:     %1 = vector.create_mask %c2, %arg0 : vector<3x4xi1>
// CHECK-NEXT:     %2 = arith.subi %arg0, %c3 : index
// CHECK-NEXT:     %3 = vector.create_mask %2 : vector<2xi1>
// CHECK-NEXT:     return %0, %cst, %1, %3 : vector<4x3xi1>, vector<4xi1>, vector<3x4xi1>, vector<2xi1>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @accesses(%m: memref<16xf32>, %v: vector<16xf32>) -> (vector<16xf32>, vector<16xf32>) {
  %c0 = arith.constant 0 : index
  %all = vector.constant_mask [16] : vector<16xi1>
  %none = vector.constant_mask [0] : vector<16xi1>
  %0 = vector.maskedload %m[%c0], %all, %v : memref<16xf32>, vector<16xi1>, vector<16xf32> into vector<16xf32>
  %1 = vector.maskedload %m[%c0], %none, %v : memref<16xf32>, vector<16xi1>, vector<16xf32> into vector<16xf32>
  vector.maskedstore %m[%c0], %all, %0 : memref<16xf32>, vector<16xi1>, vector<16xf32>
  vector.maskedstore %m[%c0], %none, %0 : memref<16xf32>, vector<16xi1>, vector<16xf32>
  return %0, %1 : vector<16xf32>, vector<16xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @accesses(%arg0: memref<16xf32>, %arg1: vector<16xf32>) -> (vector<16xf32>, vector<16xf32>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = vector.load %arg0[%c0] : memref<16xf32>, vector<16xf32>
// CHECK-NEXT:     vector.store %0, %arg0[%c0] : memref<16xf32>, vector<16xf32>
// CHECK-NEXT:     return %0, %arg1 : vector<16xf32>, vector<16xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @contiguous(%m: memref<?xf32>, %mask: vector<4xi1>, %v: vector<4xf32>) -> vector<4xf32> {
  %c0 = arith.constant 0 : index
  %i = arith.constant dense<[0, 1, 2, 3]> : vector<4xindex>
  %0 = vector.gather %m[%c0][%i], %mask, %v : memref<?xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  vector.scatter %m[%c0][%i], %mask, %v : memref<?xf32>, vector<4xindex>, vector<4xi1>, vector<4xf32>
  return %0 : vector<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @contiguous(%arg0: memref<?xf32>, %arg1: vector<4xi1>, %arg2: vector<4xf32>) -> vector<4xf32> {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %0 = vector.maskedload %arg0[%c0], %arg1, %arg2 : memref<?xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
// CHECK-NEXT:     vector.maskedstore %arg0[%c0], %arg1, %arg2 : memref<?xf32>, vector<4xi1>, vector<4xf32>
// CHECK-NEXT:     return %0 : vector<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @transfers(%t: tensor<4x8xf32>, %v: vector<2x8xf32>, %p: f32) -> (vector<2x8xf32>, tensor<4x8xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %0 = vector.transfer_write %v, %t[%c2, %c0] : vector<2x8xf32>, tensor<4x8xf32>
  %1 = vector.transfer_write %v, %0[%c0, %c0] : vector<2x8xf32>, tensor<4x8xf32>
  %2 = vector.transfer_read %1[%c2, %c0], %p : tensor<4x8xf32>, vector<2x8xf32>
  %3 = vector.transfer_write %2, %1[%c2, %c0] : vector<2x8xf32>, tensor<4x8xf32>
  return %2, %3 : vector<2x8xf32>, tensor<4x8xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @transfers(%arg0: tensor<4x8xf32>, %arg1: vector<2x8xf32>, %arg2: f32) -> (vector<2x8xf32>, tensor<4x8xf32>) {
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %c2 = arith.constant 2 : index
// CHECK-NEXT:     %0 = vector.transfer_write %arg1, %arg0[%c0, %c0] {in_bounds = [true, true]} : vector<2x8xf32>, tensor<4x8xf32>
// CHECK-NEXT:     %1 = vector.transfer_write %arg1, %0[%c2, %c0] {in_bounds = [true, true]} : vector<2x8xf32>, tensor<4x8xf32>
// CHECK-NEXT:     return %arg1, %1 : vector<2x8xf32>, tensor<4x8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @reductions(%a: vector<1xf32>, %b: vector<3x1x2xi32>, %acc: vector<3x2xi32>, %x: f32) -> (f32, f32, vector<3x2xi32>) {
  %0 = vector.reduction <add>, %a : vector<1xf32> into f32
  %1 = vector.reduction <mul>, %a, %x : vector<1xf32> into f32
  %2 = vector.multi_reduction <add>, %b, %acc [1] : vector<3x1x2xi32> to vector<3x2xi32>
  return %0, %1, %2 : f32, f32, vector<3x2xi32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @reductions(%arg0: vector<1xf32>, %arg1: vector<3x1x2xi32>, %arg2: vector<3x2xi32>, %arg3: f32) -> (f32, f32, vector<3x2xi32>) {
// CHECK-NEXT:     %0 = vector.extract %arg0[0] : f32 from vector<1xf32>
// CHECK-NEXT:     %1 = vector.extract %arg0[0] : f32 from vector<1xf32>
// CHECK-NEXT:     %2 = arith.mulf %1, %arg3 : f32
// CHECK-NEXT:     %3 = vector.shape_cast %arg1 : vector<3x1x2xi32> to vector<3x2xi32>
// CHECK-NEXT:     %4 = arith.addi %arg2, %3 : vector<3x2xi32>
// CHECK-NEXT:     return %0, %2, %4 : f32, f32, vector<3x2xi32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @steps() -> (vector<4xi1>, vector<4xi1>, vector<4xi1>) {
  %c4 = arith.constant dense<4> : vector<4xindex>
  %c2 = arith.constant dense<2> : vector<4xindex>
  %0 = vector.step : vector<4xindex>
  %1 = arith.cmpi ult, %0, %c4 : vector<4xindex>
  %2 = arith.cmpi ugt, %0, %c4 : vector<4xindex>
  %3 = arith.cmpi ult, %0, %c2 : vector<4xindex>
  return %1, %2, %3 : vector<4xi1>, vector<4xi1>, vector<4xi1>
}

// CHECK: module {
// CHECK-NEXT:   func.func @steps() -> (vector<4xi1>, vector<4xi1>, vector<4xi1>) {
// CHECK-NEXT:     %cst = arith.constant dense<true> : vector<4xi1>
// CHECK-NEXT:     %cst_0 = arith.constant dense<false> : vector<4xi1>
// CHECK-NEXT:     %cst_1 = arith.constant dense<2> : vector<4xindex>
// CHECK-NEXT:     %0 = vector.step : vector<4xindex>
// CHECK-NEXT:     %1 = arith.cmpi ult, %0, %cst_1 : vector<4xindex>
// CHECK-NEXT:     return %cst, %cst_0, %1 : vector<4xi1>, vector<4xi1>, vector<4xi1>
// CHECK-NEXT:   }
// CHECK-NEXT: }
