// RUN: martlet opt --canonicalize --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// What is extracted comes from where it was inserted last, through transposes.
func.func @through_inserts(%a: vector<3xf32>, %b: vector<2x3xf32>, %x: f32) -> (vector<3xf32>, f32, f32) {
  %0 = vector.insert %a, %b [1] : vector<3xf32> into vector<2x3xf32>
  %1 = vector.extract %0[1] : vector<3xf32> from vector<2x3xf32>
  %2 = vector.transpose %0, [1, 0] : vector<2x3xf32> to vector<3x2xf32>
  %3 = vector.extract %2[2, 1] : f32 from vector<3x2xf32>
  %4 = vector.insert %x, %0 [0, 2] : f32 into vector<2x3xf32>
  %5 = vector.extract %4[0, 0] : f32 from vector<2x3xf32>
  return %1, %3, %5 : vector<3xf32>, f32, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @through_inserts(%arg0: vector<3xf32>, %arg1: vector<2x3xf32>, %arg2: f32) -> (vector<3xf32>, f32, f32) {
// CHECK-NEXT:     %0 = vector.extract %arg0[2] : f32 from vector<3xf32>
// CHECK-NEXT:     %1 = vector.extract %arg1[0, 0] : f32 from vector<2x3xf32>
// CHECK-NEXT:     return %arg0, %0, %1 : vector<3xf32>, f32, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A slice that begins before the inserted one and reaches into it is none of its source.
func.func @slices(%a: vector<2xi32>, %b: vector<8xi32>) -> (vector<2xi32>, vector<3xi32>, vector<4xi32>) {
  %0 = vector.insert_strided_slice %a, %b {offsets = [4], strides = [1]} : vector<2xi32> into vector<8xi32>
  %1 = vector.extract_strided_slice %0 {offsets = [4], sizes = [2], strides = [1]} : vector<8xi32> to vector<2xi32>
  %2 = vector.extract_strided_slice %0 {offsets = [5], sizes = [3], strides = [1]} : vector<8xi32> to vector<3xi32>
  %3 = vector.extract_strided_slice %0 {offsets = [0], sizes = [4], strides = [1]} : vector<8xi32> to vector<4xi32>
  return %1, %2, %3 : vector<2xi32>, vector<3xi32>, vector<4xi32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @slices(%arg0: vector<2xi32>, %arg1: vector<8xi32>) -> (vector<2xi32>, vector<3xi32>, vector<4xi32>) {
// CHECK-NEXT:     %0 = vector.insert_strided_slice %arg0, %arg1 {offsets = [4], strides = [1]} : vector<2xi32> into vector<8xi32>
// CHECK-NEXT:     %1 = vector.extract_strided_slice %0 {offsets = [5], sizes = [3], strides = [1]} : vector<8xi32> to vector<3xi32>
// CHECK-NEXT:     %2 = vector.extract_strided_slice %0 {offsets = [0], sizes = [4], strides = [1]} : vector<8xi32> to vector<4xi32>
// CHECK-NEXT:     return %arg0, %1, %2 : vector<2xi32>, vector<3xi32>, vector<4xi32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @broadcasts(%a: vector<4xi8>, %x: i8) -> (vector<4xi8>, vector<2x4xi8>, vector<2xi8>, vector<8xi8>) {
  %0 = vector.broadcast %a : vector<4xi8> to vector<3x2x4xi8>
  %1 = vector.extract %0[2, 1] : vector<4xi8> from vector<3x2x4xi8>
  %2 = vector.extract %0[0] : vector<2x4xi8> from vector<3x2x4xi8>
  %3 = vector.broadcast %x : i8 to vector<6xi8>
  %4 = vector.extract_strided_slice %3 {offsets = [2], sizes = [2], strides = [1]} : vector<6xi8> to vector<2xi8>
  %5 = vector.broadcast %x : i8 to vector<2x4xi8>
  %6 = vector.shape_cast %5 : vector<2x4xi8> to vector<8xi8>
  return %1, %2, %4, %6 : vector<4xi8>, vector<2x4xi8>, vector<2xi8>, vector<8xi8>
}

// CHECK: module {
// CHECK-NEXT:   func.func @broadcasts(%arg0: vector<4xi8>, %arg1: i8) -> (vector<4xi8>, vector<2x4xi8>, vector<2xi8>, vector<8xi8>) {
// CHECK-NEXT:     %0 = vector.broadcast %arg0 : vector<4xi8> to vector<2x4xi8>
// CHECK-NEXT:     %1 = vector.broadcast %arg1 : i8 to vector<2xi8>
// CHECK-NEXT:     %2 = vector.broadcast %arg1 : i8 to vector<8xi8>
// CHECK-NEXT:     return %arg0, %0, %1, %2 : vector<4xi8>, vector<2x4xi8>, vector<2xi8>, vector<8xi8>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @elements(%a: i32, %b: i32) -> (vector<2xi32>, vector<3xi32>, vector<2x2xi32>, i32) {
  %0 = ub.poison : vector<2xi32>
  %1 = vector.insert %a, %0 [0] : i32 into vector<2xi32>
  %2 = vector.insert %b, %1 [1] : i32 into vector<2xi32>
  %3 = vector.from_elements %a, %a, %a : vector<3xi32>
  %4 = vector.from_elements %a, %b, %b, %a : vector<2x2xi32>
  %5 = vector.transpose %4, [1, 0] : vector<2x2xi32> to vector<2x2xi32>
  %6:4 = vector.to_elements %4 : vector<2x2xi32>
  return %2, %3, %5, %6#2 : vector<2xi32>, vector<3xi32>, vector<2x2xi32>, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @elements(%arg0: i32, %arg1: i32) -> (vector<2xi32>, vector<3xi32>, vector<2x2xi32>, i32) {
// CHECK-NEXT:     %0 = vector.from_elements %arg0, %arg1 : vector<2xi32>
// CHECK-NEXT:     %1 = vector.broadcast %arg0 : i32 to vector<3xi32>
// CHECK-NEXT:     %2 = vector.from_elements %arg0, %arg1, %arg1, %arg0 : vector<2x2xi32>
// CHECK-NEXT:     return %0, %1, %2, %arg1 : vector<2xi32>, vector<3xi32>, vector<2x2xi32>, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @constants() -> (vector<2xi32>, vector<4xi32>, vector<3xi32>, vector<3xi32>) {
  %0 = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : vector<2x3xi32>
  %1 = vector.extract_strided_slice %0 {offsets = [1, 1], sizes = [1, 2], strides = [1, 1]} : vector<2x3xi32> to vector<1x2xi32>
  %2 = vector.extract %1[0] : vector<2xi32> from vector<1x2xi32>
  %3 = arith.constant dense<[7, 8]> : vector<2xi32>
  %4 = vector.shuffle %2, %3 [3, 0, 2, 1] : vector<2xi32>, vector<2xi32>
  %5 = vector.extract %0[1] : vector<3xi32> from vector<2x3xi32>
  %c9 = arith.constant 9 : i32
  %6 = vector.insert %c9, %5 [0] : i32 into vector<3xi32>
  return %2, %4, %5, %6 : vector<2xi32>, vector<4xi32>, vector<3xi32>, vector<3xi32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @constants() -> (vector<2xi32>, vector<4xi32>, vector<3xi32>, vector<3xi32>) {
// CHECK-NEXT:     %cst = arith.constant dense<[5, 6]> : vector<2xi32>
// CHECK-NEXT:     %cst_0 = arith.constant dense<[8, 5, 7, 6]> : vector<4xi32>
// CHECK-NEXT:     %cst_1 = arith.constant dense<[4, 5, 6]> : vector<3xi32>
// CHECK-NEXT:     %cst_2 = arith.constant dense<[9, 5, 6]> : vector<3xi32>
// CHECK-NEXT:     return %cst, %cst_0, %cst_1, %cst_2 : vector<2xi32>, vector<4xi32>, vector<3xi32>, vector<3xi32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @shapes(%a: vector<4x1xf32>, %b: vector<2x4xf32>) -> (vector<1x4xf32>, vector<8xf32>, vector<4x2xf32>) {
  %0 = vector.transpose %a, [1, 0] : vector<4x1xf32> to vector<1x4xf32>
  %1 = vector.shape_cast %0 : vector<1x4xf32> to vector<4xf32>
  %2 = vector.shape_cast %1 : vector<4xf32> to vector<1x4xf32>
  %3 = vector.shape_cast %b : vector<2x4xf32> to vector<4x2xf32>
  %4 = vector.shape_cast %3 : vector<4x2xf32> to vector<8xf32>
  %5 = vector.transpose %b, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
  %6 = vector.transpose %5, [1, 0] : vector<4x2xf32> to vector<2x4xf32>
  %7 = vector.transpose %6, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
  return %2, %4, %7 : vector<1x4xf32>, vector<8xf32>, vector<4x2xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @shapes(%arg0: vector<4x1xf32>, %arg1: vector<2x4xf32>) -> (vector<1x4xf32>, vector<8xf32>, vector<4x2xf32>) {
// CHECK-NEXT:     %0 = vector.shape_cast %arg0 : vector<4x1xf32> to vector<1x4xf32>
// CHECK-NEXT:     %1 = vector.shape_cast %arg1 : vector<2x4xf32> to vector<8xf32>
// CHECK-NEXT:     %2 = vector.transpose %arg1, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
// CHECK-NEXT:     return %0, %1, %2 : vector<1x4xf32>, vector<8xf32>, vector<4x2xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }
