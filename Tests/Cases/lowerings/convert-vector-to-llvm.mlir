// RUN: martlet opt --convert-vector-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @broadcasts(%x: f32, %v: vector<4xf32>) -> (vector<4xf32>, vector<2x3xf32>, vector<2x4xf32>) {
  %0 = vector.broadcast %x : f32 to vector<4xf32>
  %1 = vector.broadcast %x : f32 to vector<2x3xf32>
  %2 = vector.broadcast %v : vector<4xf32> to vector<2x4xf32>
  return %0, %1, %2 : vector<4xf32>, vector<2x3xf32>, vector<2x4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @broadcasts(%arg0: f32, %arg1: vector<4xf32>) -> (vector<4xf32>, vector<2x3xf32>, vector<2x4xf32>) {
// CHECK-NEXT:     %0 = ub.poison : vector<2x4xf32>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %0 : vector<2x4xf32> to !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %2 = llvm.mlir.poison : vector<4xf32>
// CHECK-NEXT:     %3 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %4 = llvm.insertelement %arg0, %2[%3 : i32] : vector<4xf32>
// CHECK-NEXT:     %5 = llvm.shufflevector %4, %2 [0, 0, 0, 0] : vector<4xf32>
// CHECK-NEXT:     %6 = llvm.mlir.poison : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %7 = llvm.mlir.poison : vector<3xf32>
// CHECK-NEXT:     %8 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %9 = llvm.insertelement %arg0, %7[%8 : i32] : vector<3xf32>
// CHECK-NEXT:     %10 = llvm.shufflevector %9, %9 [0, 0, 0] : vector<3xf32>
// CHECK-NEXT:     %11 = llvm.insertvalue %10, %6[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %12 = llvm.insertvalue %10, %11[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %13 = builtin.unrealized_conversion_cast %12 : !llvm.array<2 x vector<3xf32>> to vector<2x3xf32>
// CHECK-NEXT:     %14 = llvm.insertvalue %arg1, %1[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %15 = llvm.insertvalue %arg1, %14[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %16 = builtin.unrealized_conversion_cast %15 : !llvm.array<2 x vector<4xf32>> to vector<2x4xf32>
// CHECK-NEXT:     return %5, %13, %16 : vector<4xf32>, vector<2x3xf32>, vector<2x4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @elements(%v: vector<2x4xf32>, %x: f32, %i: index) -> (f32, vector<2x4xf32>, vector<4xf32>) {
  %0 = vector.extract %v[1] : vector<4xf32> from vector<2x4xf32>
  %1 = vector.extract %0[%i] : f32 from vector<4xf32>
  %2 = vector.insert %x, %v [1, 2] : f32 into vector<2x4xf32>
  %3 = vector.insert %x, %0 [%i] : f32 into vector<4xf32>
  return %1, %2, %3 : f32, vector<2x4xf32>, vector<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @elements(%arg0: vector<2x4xf32>, %arg1: f32, %arg2: index) -> (f32, vector<2x4xf32>, vector<4xf32>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg2 : index to i64
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : vector<2x4xf32> to !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %2 = llvm.extractvalue %1[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %3 = llvm.extractelement %2[%0 : i64] : vector<4xf32>
// CHECK-NEXT:     %4 = llvm.extractvalue %1[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %5 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %6 = llvm.insertelement %arg1, %4[%5 : i64] : vector<4xf32>
// CHECK-NEXT:     %7 = llvm.insertvalue %6, %1[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %8 = builtin.unrealized_conversion_cast %7 : !llvm.array<2 x vector<4xf32>> to vector<2x4xf32>
// CHECK-NEXT:     %9 = llvm.insertelement %arg1, %2[%0 : i64] : vector<4xf32>
// CHECK-NEXT:     return %3, %8, %9 : f32, vector<2x4xf32>, vector<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @slices(%v: vector<4x4xi8>, %w: vector<2x2xi8>) -> (vector<2x2xi8>, vector<4x4xi8>) {
  %0 = vector.extract_strided_slice %v {offsets = [1, 2], sizes = [2, 2], strides = [1, 1]}
    : vector<4x4xi8> to vector<2x2xi8>
  %1 = vector.insert_strided_slice %w, %v {offsets = [2, 1], strides = [1, 1]}
    : vector<2x2xi8> into vector<4x4xi8>
  return %0, %1 : vector<2x2xi8>, vector<4x4xi8>
}

// CHECK: module {
// CHECK-NEXT:   func.func @slices(%arg0: vector<4x4xi8>, %arg1: vector<2x2xi8>) -> (vector<2x2xi8>, vector<4x4xi8>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : vector<2x2xi8> to !llvm.array<2 x vector<2xi8>>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : vector<4x4xi8> to !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %cst = arith.constant dense<0> : vector<2x2xi8>
// CHECK-NEXT:     %2 = builtin.unrealized_conversion_cast %cst : vector<2x2xi8> to !llvm.array<2 x vector<2xi8>>
// CHECK-NEXT:     %3 = llvm.extractvalue %1[1] : !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %4 = llvm.shufflevector %3, %3 [2, 3] : vector<4xi8>
// CHECK-NEXT:     %5 = llvm.insertvalue %4, %2[0] : !llvm.array<2 x vector<2xi8>>
// CHECK-NEXT:     %6 = llvm.extractvalue %1[2] : !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %7 = llvm.shufflevector %6, %6 [2, 3] : vector<4xi8>
// CHECK-NEXT:     %8 = llvm.insertvalue %7, %5[1] : !llvm.array<2 x vector<2xi8>>
// CHECK-NEXT:     %9 = builtin.unrealized_conversion_cast %8 : !llvm.array<2 x vector<2xi8>> to vector<2x2xi8>
// CHECK-NEXT:     %10 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<2xi8>>
// CHECK-NEXT:     %11 = llvm.extractvalue %1[2] : !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %12 = llvm.shufflevector %10, %10 [0, 1, 0, 0] : vector<2xi8>
// CHECK-NEXT:     %13 = llvm.shufflevector %12, %11 [4, 0, 1, 7] : vector<4xi8>
// CHECK-NEXT:     %14 = llvm.insertvalue %13, %1[2] : !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %15 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<2xi8>>
// CHECK-NEXT:     %16 = llvm.extractvalue %1[3] : !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %17 = llvm.shufflevector %15, %15 [0, 1, 0, 0] : vector<2xi8>
// CHECK-NEXT:     %18 = llvm.shufflevector %17, %16 [4, 0, 1, 7] : vector<4xi8>
// CHECK-NEXT:     %19 = llvm.insertvalue %18, %14[3] : !llvm.array<4 x vector<4xi8>>
// CHECK-NEXT:     %20 = builtin.unrealized_conversion_cast %19 : !llvm.array<4 x vector<4xi8>> to vector<4x4xi8>
// CHECK-NEXT:     return %9, %20 : vector<2x2xi8>, vector<4x4xi8>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @reductions(%v: vector<8xf32>, %w: vector<8xi32>, %x: f32, %y: i32) -> (f32, f32, i32, i32) {
  %0 = vector.reduction <add>, %v, %x : vector<8xf32> into f32
  %1 = vector.reduction <maximumf>, %v, %x fastmath<nnan> : vector<8xf32> into f32
  %2 = vector.reduction <xor>, %w : vector<8xi32> into i32
  %3 = vector.reduction <minui>, %w, %y : vector<8xi32> into i32
  return %0, %1, %2, %3 : f32, f32, i32, i32
}

// CHECK: module {
// CHECK-NEXT:   func.func @reductions(%arg0: vector<8xf32>, %arg1: vector<8xi32>, %arg2: f32, %arg3: i32) -> (f32, f32, i32, i32) {
// CHECK-NEXT:     %0 = "llvm.intr.vector.reduce.fadd"(%arg2, %arg0) <{fastmathFlags = #llvm.fastmath<none>}> : (f32, vector<8xf32>) -> f32
// CHECK-NEXT:     %1 = llvm.intr.vector.reduce.fmaximum(%arg0) {fastmathFlags = #llvm.fastmath<nnan>} : (vector<8xf32>) -> f32
// CHECK-NEXT:     %2 = llvm.intr.maximum(%1, %arg2) : (f32, f32) -> f32
// CHECK-NEXT:     %3 = "llvm.intr.vector.reduce.xor"(%arg1) : (vector<8xi32>) -> i32
// CHECK-NEXT:     %4 = "llvm.intr.vector.reduce.umin"(%arg1) : (vector<8xi32>) -> i32
// CHECK-NEXT:     %5 = llvm.icmp "ule" %arg3, %4 : i32
// CHECK-NEXT:     %6 = llvm.select %5, %arg3, %4 : i1, i32
// CHECK-NEXT:     return %0, %2, %3, %6 : f32, f32, i32, i32
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @memory(%m: memref<?x8xf32>, %i: index, %k: vector<8xi1>, %v: vector<8xf32>, %n: vector<8xi32>)
    -> vector<8xf32> {
  %0 = vector.load %m[%i, %i] : memref<?x8xf32>, vector<8xf32>
  vector.store %0, %m[%i, %i] {nontemporal = true} : memref<?x8xf32>, vector<8xf32>
  %1 = vector.maskedload %m[%i, %i], %k, %0 : memref<?x8xf32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
  vector.maskedstore %m[%i, %i], %k, %1 {alignment = 16} : memref<?x8xf32>, vector<8xi1>, vector<8xf32>
  %2 = vector.gather %m[%i, %i] [%n], %k, %v
    : memref<?x8xf32>, vector<8xi32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
  vector.scatter %m[%i, %i] [%n], %k, %2 : memref<?x8xf32>, vector<8xi32>, vector<8xi1>, vector<8xf32>
  %3 = vector.expandload %m[%i, %i], %k, %2 : memref<?x8xf32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
  vector.compressstore %m[%i, %i], %k, %3 : memref<?x8xf32>, vector<8xi1>, vector<8xf32>
  return %3 : vector<8xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @memory(%arg0: memref<?x8xf32>, %arg1: index, %arg2: vector<8xi1>, %arg3: vector<8xf32>, %arg4: vector<8xi32>) -> vector<8xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : index to i64
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<?x8xf32> to !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %2 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %3 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %4 = llvm.mul %0, %3 : i64
// CHECK-NEXT:     %5 = llvm.add %4, %0 : i64
// CHECK-NEXT:     %6 = llvm.getelementptr %2[%5] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %7 = llvm.load %6 {alignment = 4 : i64} : !llvm.ptr -> vector<8xf32>
// CHECK-NEXT:     %8 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %9 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %10 = llvm.mul %0, %9 : i64
// CHECK-NEXT:     %11 = llvm.add %10, %0 : i64
// CHECK-NEXT:     %12 = llvm.getelementptr %8[%11] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     llvm.store %7, %12 {alignment = 4 : i64, nontemporal} : vector<8xf32>, !llvm.ptr
// CHECK-NEXT:     %13 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %14 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %15 = llvm.mul %0, %14 : i64
// CHECK-NEXT:     %16 = llvm.add %15, %0 : i64
// CHECK-NEXT:     %17 = llvm.getelementptr %13[%16] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %18 = llvm.intr.masked.load %17, %arg2, %7 {alignment = 4 : i32} : (!llvm.ptr, vector<8xi1>, vector<8xf32>) -> vector<8xf32>
// CHECK-NEXT:     %19 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %20 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %21 = llvm.mul %0, %20 : i64
// CHECK-NEXT:     %22 = llvm.add %21, %0 : i64
// CHECK-NEXT:     %23 = llvm.getelementptr %19[%22] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     llvm.intr.masked.store %18, %23, %arg2 {alignment = 16 : i32} : vector<8xf32>, vector<8xi1> into !llvm.ptr
// CHECK-NEXT:     %24 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %25 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %26 = llvm.mul %0, %25 : i64
// CHECK-NEXT:     %27 = llvm.add %26, %0 : i64
// CHECK-NEXT:     %28 = llvm.getelementptr %24[%27] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %29 = llvm.getelementptr %28[%arg4] : (!llvm.ptr, vector<8xi32>) -> vector<8x!llvm.ptr>, f32
// CHECK-NEXT:     %30 = llvm.intr.masked.gather %29, %arg2, %arg3 {alignment = 4 : i32} : (vector<8x!llvm.ptr>, vector<8xi1>, vector<8xf32>) -> vector<8xf32>
// CHECK-NEXT:     %31 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %32 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %33 = llvm.mul %0, %32 : i64
// CHECK-NEXT:     %34 = llvm.add %33, %0 : i64
// CHECK-NEXT:     %35 = llvm.getelementptr %31[%34] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %36 = llvm.getelementptr %35[%arg4] : (!llvm.ptr, vector<8xi32>) -> vector<8x!llvm.ptr>, f32
// CHECK-NEXT:     llvm.intr.masked.scatter %30, %36, %arg2 {alignment = 4 : i32} : vector<8xf32>, vector<8xi1> into vector<8x!llvm.ptr>
// CHECK-NEXT:     %37 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %38 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %39 = llvm.mul %0, %38 : i64
// CHECK-NEXT:     %40 = llvm.add %39, %0 : i64
// CHECK-NEXT:     %41 = llvm.getelementptr %37[%40] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %42 = "llvm.intr.masked.expandload"(%41, %arg2, %30) : (!llvm.ptr, vector<8xi1>, vector<8xf32>) -> vector<8xf32>
// CHECK-NEXT:     %43 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
// CHECK-NEXT:     %44 = llvm.mlir.constant(8 : index) : i64
// CHECK-NEXT:     %45 = llvm.mul %0, %44 : i64
// CHECK-NEXT:     %46 = llvm.add %45, %0 : i64
// CHECK-NEXT:     %47 = llvm.getelementptr %43[%46] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     "llvm.intr.masked.compressstore"(%42, %47, %arg2) : (vector<8xf32>, !llvm.ptr, vector<8xi1>) -> ()
// CHECK-NEXT:     return %42 : vector<8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @transfer(%m: memref<?xf32>, %i: index, %p: f32) -> vector<8xf32> {
  %0 = vector.transfer_read %m[%i], %p : memref<?xf32>, vector<8xf32>
  vector.transfer_write %0, %m[%i] {in_bounds = [true]} : vector<8xf32>, memref<?xf32>
  return %0 : vector<8xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @transfer(%arg0: memref<?xf32>, %arg1: index, %arg2: f32) -> vector<8xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : index to i64
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : memref<?xf32> to !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %cst = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7]> : vector<8xi32>
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %dim = memref.dim %arg0, %c0 : memref<?xf32>
// CHECK-NEXT:     %2 = arith.subi %dim, %arg1 : index
// CHECK-NEXT:     %3 = arith.index_cast %2 : index to i32
// CHECK-NEXT:     %4 = llvm.mlir.poison : vector<8xi32>
// CHECK-NEXT:     %5 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %6 = llvm.insertelement %3, %4[%5 : i32] : vector<8xi32>
// CHECK-NEXT:     %7 = llvm.shufflevector %6, %4 [0, 0, 0, 0, 0, 0, 0, 0] : vector<8xi32>
// CHECK-NEXT:     %8 = arith.cmpi sgt, %7, %cst : vector<8xi32>
// CHECK-NEXT:     %9 = llvm.mlir.poison : vector<8xf32>
// CHECK-NEXT:     %10 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %11 = llvm.insertelement %arg2, %9[%10 : i32] : vector<8xf32>
// CHECK-NEXT:     %12 = llvm.shufflevector %11, %9 [0, 0, 0, 0, 0, 0, 0, 0] : vector<8xf32>
// CHECK-NEXT:     %13 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %14 = llvm.getelementptr %13[%0] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     %15 = llvm.intr.masked.load %14, %8, %12 {alignment = 4 : i32} : (!llvm.ptr, vector<8xi1>, vector<8xf32>) -> vector<8xf32>
// CHECK-NEXT:     %16 = llvm.extractvalue %1[1] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
// CHECK-NEXT:     %17 = llvm.getelementptr %16[%0] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK-NEXT:     llvm.store %15, %17 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr
// CHECK-NEXT:     return %15 : vector<8xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @masks(%i: index, %j: index) -> (vector<4xi1>, vector<2x3xi1>) {
  %0 = vector.create_mask %i : vector<4xi1>
  %1 = vector.create_mask %i, %j : vector<2x3xi1>
  return %0, %1 : vector<4xi1>, vector<2x3xi1>
}

// CHECK: module {
// CHECK-NEXT:   func.func @masks(%arg0: index, %arg1: index) -> (vector<4xi1>, vector<2x3xi1>) {
// CHECK-NEXT:     %c1 = arith.constant 1 : index
// CHECK-NEXT:     %c0 = arith.constant 0 : index
// CHECK-NEXT:     %cst = arith.constant dense<false> : vector<2x3xi1>
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %cst : vector<2x3xi1> to !llvm.array<2 x vector<3xi1>>
// CHECK-NEXT:     %cst_0 = arith.constant dense<false> : vector<3xi1>
// CHECK-NEXT:     %cst_1 = arith.constant dense<[0, 1, 2]> : vector<3xi32>
// CHECK-NEXT:     %cst_2 = arith.constant dense<[0, 1, 2, 3]> : vector<4xi32>
// CHECK-NEXT:     %1 = arith.index_cast %arg0 : index to i32
// CHECK-NEXT:     %2 = llvm.mlir.poison : vector<4xi32>
// CHECK-NEXT:     %3 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %4 = llvm.insertelement %1, %2[%3 : i32] : vector<4xi32>
// CHECK-NEXT:     %5 = llvm.shufflevector %4, %2 [0, 0, 0, 0] : vector<4xi32>
// CHECK-NEXT:     %6 = arith.cmpi sgt, %5, %cst_2 : vector<4xi32>
// CHECK-NEXT:     %7 = arith.index_cast %arg1 : index to i32
// CHECK-NEXT:     %8 = llvm.mlir.poison : vector<3xi32>
// CHECK-NEXT:     %9 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %10 = llvm.insertelement %7, %8[%9 : i32] : vector<3xi32>
// CHECK-NEXT:     %11 = llvm.shufflevector %10, %8 [0, 0, 0] : vector<3xi32>
// CHECK-NEXT:     %12 = arith.cmpi sgt, %11, %cst_1 : vector<3xi32>
// CHECK-NEXT:     %13 = arith.cmpi sgt, %arg0, %c0 : index
// CHECK-NEXT:     %14 = arith.select %13, %12, %cst_0 : vector<3xi1>
// CHECK-NEXT:     %15 = llvm.insertvalue %14, %0[0] : !llvm.array<2 x vector<3xi1>>
// CHECK-NEXT:     %16 = arith.cmpi sgt, %arg0, %c1 : index
// CHECK-NEXT:     %17 = arith.select %16, %12, %cst_0 : vector<3xi1>
// CHECK-NEXT:     %18 = llvm.insertvalue %17, %15[1] : !llvm.array<2 x vector<3xi1>>
// CHECK-NEXT:     %19 = builtin.unrealized_conversion_cast %18 : !llvm.array<2 x vector<3xi1>> to vector<2x3xi1>
// CHECK-NEXT:     return %6, %19 : vector<4xi1>, vector<2x3xi1>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @product(%a: vector<2x3xf32>, %b: vector<3x2xf32>, %c: vector<2x2xf32>) -> vector<2x2xf32> {
  %0 = vector.contract {indexing_maps = [#a, #b, #c],
      iterator_types = ["parallel", "parallel", "reduction"]} %a, %b, %c
    : vector<2x3xf32>, vector<3x2xf32> into vector<2x2xf32>
  return %0 : vector<2x2xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @product(%arg0: vector<2x3xf32>, %arg1: vector<3x2xf32>, %arg2: vector<2x2xf32>) -> vector<2x2xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg0 : vector<2x3xf32> to !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg1 : vector<3x2xf32> to !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %cst = arith.constant dense<0.000000e+00> : vector<2x2xf32>
// CHECK-NEXT:     %2 = builtin.unrealized_conversion_cast %cst : vector<2x2xf32> to !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %3 = ub.poison : vector<2x3xf32>
// CHECK-NEXT:     %4 = builtin.unrealized_conversion_cast %3 : vector<2x3xf32> to !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %5 = llvm.extractvalue %1[0] : !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %6 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %7 = llvm.extractelement %5[%6 : i64] : vector<2xf32>
// CHECK-NEXT:     %8 = llvm.extractvalue %4[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %9 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %10 = llvm.insertelement %7, %8[%9 : i64] : vector<3xf32>
// CHECK-NEXT:     %11 = llvm.insertvalue %10, %4[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %12 = llvm.extractvalue %1[0] : !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %13 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %14 = llvm.extractelement %12[%13 : i64] : vector<2xf32>
// CHECK-NEXT:     %15 = llvm.extractvalue %11[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %16 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %17 = llvm.insertelement %14, %15[%16 : i64] : vector<3xf32>
// CHECK-NEXT:     %18 = llvm.insertvalue %17, %11[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %19 = llvm.extractvalue %1[1] : !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %20 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %21 = llvm.extractelement %19[%20 : i64] : vector<2xf32>
// CHECK-NEXT:     %22 = llvm.extractvalue %18[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %23 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %24 = llvm.insertelement %21, %22[%23 : i64] : vector<3xf32>
// CHECK-NEXT:     %25 = llvm.insertvalue %24, %18[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %26 = llvm.extractvalue %1[1] : !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %27 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %28 = llvm.extractelement %26[%27 : i64] : vector<2xf32>
// CHECK-NEXT:     %29 = llvm.extractvalue %25[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %30 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %31 = llvm.insertelement %28, %29[%30 : i64] : vector<3xf32>
// CHECK-NEXT:     %32 = llvm.insertvalue %31, %25[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %33 = llvm.extractvalue %1[2] : !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %34 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %35 = llvm.extractelement %33[%34 : i64] : vector<2xf32>
// CHECK-NEXT:     %36 = llvm.extractvalue %32[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %37 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %38 = llvm.insertelement %35, %36[%37 : i64] : vector<3xf32>
// CHECK-NEXT:     %39 = llvm.insertvalue %38, %32[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %40 = llvm.extractvalue %1[2] : !llvm.array<3 x vector<2xf32>>
// CHECK-NEXT:     %41 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %42 = llvm.extractelement %40[%41 : i64] : vector<2xf32>
// CHECK-NEXT:     %43 = llvm.extractvalue %39[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %44 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %45 = llvm.insertelement %42, %43[%44 : i64] : vector<3xf32>
// CHECK-NEXT:     %46 = llvm.insertvalue %45, %39[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %47 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %48 = llvm.extractvalue %46[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %49 = arith.mulf %47, %48 : vector<3xf32>
// CHECK-NEXT:     %50 = llvm.mlir.constant(0.000000e+00 : f32) : f32
// CHECK-NEXT:     %51 = "llvm.intr.vector.reduce.fadd"(%50, %49) <{fastmathFlags = #llvm.fastmath<none>}> : (f32, vector<3xf32>) -> f32
// CHECK-NEXT:     %52 = llvm.extractvalue %2[0] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %53 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %54 = llvm.insertelement %51, %52[%53 : i64] : vector<2xf32>
// CHECK-NEXT:     %55 = llvm.insertvalue %54, %2[0] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %56 = llvm.extractvalue %46[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %57 = arith.mulf %47, %56 : vector<3xf32>
// CHECK-NEXT:     %58 = llvm.mlir.constant(0.000000e+00 : f32) : f32
// CHECK-NEXT:     %59 = "llvm.intr.vector.reduce.fadd"(%58, %57) <{fastmathFlags = #llvm.fastmath<none>}> : (f32, vector<3xf32>) -> f32
// CHECK-NEXT:     %60 = llvm.extractvalue %55[0] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %61 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %62 = llvm.insertelement %59, %60[%61 : i64] : vector<2xf32>
// CHECK-NEXT:     %63 = llvm.insertvalue %62, %55[0] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %64 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %65 = arith.mulf %64, %48 : vector<3xf32>
// CHECK-NEXT:     %66 = llvm.mlir.constant(0.000000e+00 : f32) : f32
// CHECK-NEXT:     %67 = "llvm.intr.vector.reduce.fadd"(%66, %65) <{fastmathFlags = #llvm.fastmath<none>}> : (f32, vector<3xf32>) -> f32
// CHECK-NEXT:     %68 = llvm.extractvalue %63[1] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %69 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %70 = llvm.insertelement %67, %68[%69 : i64] : vector<2xf32>
// CHECK-NEXT:     %71 = llvm.insertvalue %70, %63[1] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %72 = arith.mulf %64, %56 : vector<3xf32>
// CHECK-NEXT:     %73 = llvm.mlir.constant(0.000000e+00 : f32) : f32
// CHECK-NEXT:     %74 = "llvm.intr.vector.reduce.fadd"(%73, %72) <{fastmathFlags = #llvm.fastmath<none>}> : (f32, vector<3xf32>) -> f32
// CHECK-NEXT:     %75 = llvm.extractvalue %71[1] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %76 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %77 = llvm.insertelement %74, %75[%76 : i64] : vector<2xf32>
// CHECK-NEXT:     %78 = llvm.insertvalue %77, %71[1] : !llvm.array<2 x vector<2xf32>>
// CHECK-NEXT:     %79 = builtin.unrealized_conversion_cast %78 : !llvm.array<2 x vector<2xf32>> to vector<2x2xf32>
// CHECK-NEXT:     %80 = arith.addf %79, %arg2 : vector<2x2xf32>
// CHECK-NEXT:     return %80 : vector<2x2xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @outer(%a: vector<2xf32>, %b: vector<3xf32>, %c: vector<2x3xf32>) -> vector<2x3xf32> {
  %0 = vector.outerproduct %a, %b, %c : vector<2xf32>, vector<3xf32>
  return %0 : vector<2x3xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func @outer(%arg0: vector<2xf32>, %arg1: vector<3xf32>, %arg2: vector<2x3xf32>) -> vector<2x3xf32> {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg2 : vector<2x3xf32> to !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %cst = arith.constant dense<0.000000e+00> : vector<2x3xf32>
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %cst : vector<2x3xf32> to !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %2 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %3 = llvm.extractelement %arg0[%2 : i64] : vector<2xf32>
// CHECK-NEXT:     %4 = llvm.mlir.poison : vector<3xf32>
// CHECK-NEXT:     %5 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %6 = llvm.insertelement %3, %4[%5 : i32] : vector<3xf32>
// CHECK-NEXT:     %7 = llvm.shufflevector %6, %4 [0, 0, 0] : vector<3xf32>
// CHECK-NEXT:     %8 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %9 = llvm.intr.fmuladd(%7, %arg1, %8) : (vector<3xf32>, vector<3xf32>, vector<3xf32>) -> vector<3xf32>
// CHECK-NEXT:     %10 = llvm.insertvalue %9, %1[0] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %11 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %12 = llvm.extractelement %arg0[%11 : i64] : vector<2xf32>
// CHECK-NEXT:     %13 = llvm.mlir.poison : vector<3xf32>
// CHECK-NEXT:     %14 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %15 = llvm.insertelement %12, %13[%14 : i32] : vector<3xf32>
// CHECK-NEXT:     %16 = llvm.shufflevector %15, %13 [0, 0, 0] : vector<3xf32>
// CHECK-NEXT:     %17 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %18 = llvm.intr.fmuladd(%16, %arg1, %17) : (vector<3xf32>, vector<3xf32>, vector<3xf32>) -> vector<3xf32>
// CHECK-NEXT:     %19 = llvm.insertvalue %18, %10[1] : !llvm.array<2 x vector<3xf32>>
// CHECK-NEXT:     %20 = builtin.unrealized_conversion_cast %19 : !llvm.array<2 x vector<3xf32>> to vector<2x3xf32>
// CHECK-NEXT:     return %20 : vector<2x3xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @moves(%v: vector<2x4xf32>, %w: vector<4xf32>)
    -> (vector<4x2xf32>, vector<8xf32>, vector<2xf32>, vector<2xf32>, vector<2x8xi16>) {
  %1 = vector.transpose %v, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
  %2 = vector.interleave %w, %w : vector<4xf32> -> vector<8xf32>
  %3, %4 = vector.deinterleave %w : vector<4xf32> -> vector<2xf32>
  %5 = vector.bitcast %v : vector<2x4xf32> to vector<2x8xi16>
  return %1, %2, %3, %4, %5
    : vector<4x2xf32>, vector<8xf32>, vector<2xf32>, vector<2xf32>, vector<2x8xi16>
}

// CHECK: module {
// CHECK-NEXT:   func.func @moves(%arg0: vector<2x4xf32>, %arg1: vector<4xf32>) -> (vector<4x2xf32>, vector<8xf32>, vector<2xf32>, vector<2xf32>, vector<2x8xi16>) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg0 : vector<2x4xf32> to !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %1 = ub.poison : vector<2x8xi16>
// CHECK-NEXT:     %2 = builtin.unrealized_conversion_cast %1 : vector<2x8xi16> to !llvm.array<2 x vector<8xi16>>
// CHECK-NEXT:     %3 = ub.poison : vector<4x2xf32>
// CHECK-NEXT:     %4 = builtin.unrealized_conversion_cast %3 : vector<4x2xf32> to !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %5 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %6 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %7 = llvm.extractelement %5[%6 : i64] : vector<4xf32>
// CHECK-NEXT:     %8 = llvm.extractvalue %4[0] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %9 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %10 = llvm.insertelement %7, %8[%9 : i64] : vector<2xf32>
// CHECK-NEXT:     %11 = llvm.insertvalue %10, %4[0] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %12 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %13 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %14 = llvm.extractelement %12[%13 : i64] : vector<4xf32>
// CHECK-NEXT:     %15 = llvm.extractvalue %11[1] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %16 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %17 = llvm.insertelement %14, %15[%16 : i64] : vector<2xf32>
// CHECK-NEXT:     %18 = llvm.insertvalue %17, %11[1] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %19 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %20 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %21 = llvm.extractelement %19[%20 : i64] : vector<4xf32>
// CHECK-NEXT:     %22 = llvm.extractvalue %18[2] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %23 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %24 = llvm.insertelement %21, %22[%23 : i64] : vector<2xf32>
// CHECK-NEXT:     %25 = llvm.insertvalue %24, %18[2] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %26 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %27 = llvm.mlir.constant(3 : i64) : i64
// CHECK-NEXT:     %28 = llvm.extractelement %26[%27 : i64] : vector<4xf32>
// CHECK-NEXT:     %29 = llvm.extractvalue %25[3] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %30 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %31 = llvm.insertelement %28, %29[%30 : i64] : vector<2xf32>
// CHECK-NEXT:     %32 = llvm.insertvalue %31, %25[3] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %33 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %34 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %35 = llvm.extractelement %33[%34 : i64] : vector<4xf32>
// CHECK-NEXT:     %36 = llvm.extractvalue %32[0] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %37 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %38 = llvm.insertelement %35, %36[%37 : i64] : vector<2xf32>
// CHECK-NEXT:     %39 = llvm.insertvalue %38, %32[0] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %40 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %41 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %42 = llvm.extractelement %40[%41 : i64] : vector<4xf32>
// CHECK-NEXT:     %43 = llvm.extractvalue %39[1] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %44 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %45 = llvm.insertelement %42, %43[%44 : i64] : vector<2xf32>
// CHECK-NEXT:     %46 = llvm.insertvalue %45, %39[1] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %47 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %48 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %49 = llvm.extractelement %47[%48 : i64] : vector<4xf32>
// CHECK-NEXT:     %50 = llvm.extractvalue %46[2] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %51 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %52 = llvm.insertelement %49, %50[%51 : i64] : vector<2xf32>
// CHECK-NEXT:     %53 = llvm.insertvalue %52, %46[2] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %54 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %55 = llvm.mlir.constant(3 : i64) : i64
// CHECK-NEXT:     %56 = llvm.extractelement %54[%55 : i64] : vector<4xf32>
// CHECK-NEXT:     %57 = llvm.extractvalue %53[3] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %58 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %59 = llvm.insertelement %56, %57[%58 : i64] : vector<2xf32>
// CHECK-NEXT:     %60 = llvm.insertvalue %59, %53[3] : !llvm.array<4 x vector<2xf32>>
// CHECK-NEXT:     %61 = builtin.unrealized_conversion_cast %60 : !llvm.array<4 x vector<2xf32>> to vector<4x2xf32>
// CHECK-NEXT:     %62 = llvm.shufflevector %arg1, %arg1 [0, 4, 1, 5, 2, 6, 3, 7] : vector<4xf32>
// CHECK-NEXT:     %63 = llvm.mlir.poison : vector<4xf32>
// CHECK-NEXT:     %64 = llvm.shufflevector %arg1, %63 [0, 2] : vector<4xf32>
// CHECK-NEXT:     %65 = llvm.shufflevector %arg1, %63 [1, 3] : vector<4xf32>
// CHECK-NEXT:     %66 = llvm.extractvalue %0[0] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %67 = llvm.bitcast %66 : vector<4xf32> to vector<8xi16>
// CHECK-NEXT:     %68 = llvm.insertvalue %67, %2[0] : !llvm.array<2 x vector<8xi16>>
// CHECK-NEXT:     %69 = llvm.extractvalue %0[1] : !llvm.array<2 x vector<4xf32>>
// CHECK-NEXT:     %70 = llvm.bitcast %69 : vector<4xf32> to vector<8xi16>
// CHECK-NEXT:     %71 = llvm.insertvalue %70, %68[1] : !llvm.array<2 x vector<8xi16>>
// CHECK-NEXT:     %72 = builtin.unrealized_conversion_cast %71 : !llvm.array<2 x vector<8xi16>> to vector<2x8xi16>
// CHECK-NEXT:     return %61, %62, %64, %65, %72 : vector<4x2xf32>, vector<8xf32>, vector<2xf32>, vector<2xf32>, vector<2x8xi16>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @scalable(%v: vector<[4]xf32>, %i: index) -> (vector<[4]xi1>, f32, index, vector<[4]xindex>) {
  %0 = vector.create_mask %i : vector<[4]xi1>
  %1 = vector.extract %v[2] : f32 from vector<[4]xf32>
  %2 = vector.vscale
  %3 = vector.step : vector<[4]xindex>
  return %0, %1, %2, %3 : vector<[4]xi1>, f32, index, vector<[4]xindex>
}

// CHECK: module {
// CHECK-NEXT:   func.func @scalable(%arg0: vector<[4]xf32>, %arg1: index) -> (vector<[4]xi1>, f32, index, vector<[4]xindex>) {
// CHECK-NEXT:     %0 = llvm.intr.stepvector : vector<[4]xi32>
// CHECK-NEXT:     %1 = arith.index_cast %arg1 : index to i32
// CHECK-NEXT:     %2 = llvm.mlir.poison : vector<[4]xi32>
// CHECK-NEXT:     %3 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:     %4 = llvm.insertelement %1, %2[%3 : i32] : vector<[4]xi32>
// CHECK-NEXT:     %5 = llvm.shufflevector %4, %2 [0, 0, 0, 0] : vector<[4]xi32>
// CHECK-NEXT:     %6 = arith.cmpi slt, %0, %5 : vector<[4]xi32>
// CHECK-NEXT:     %7 = llvm.mlir.constant(2 : i64) : i64
// CHECK-NEXT:     %8 = llvm.extractelement %arg0[%7 : i64] : vector<[4]xf32>
// CHECK-NEXT:     %9 = "llvm.intr.vscale"() : () -> i64
// CHECK-NEXT:     %10 = builtin.unrealized_conversion_cast %9 : i64 to index
// CHECK-NEXT:     %11 = llvm.intr.stepvector : vector<[4]xi64>
// CHECK-NEXT:     %12 = builtin.unrealized_conversion_cast %11 : vector<[4]xi64> to vector<[4]xindex>
// CHECK-NEXT:     return %6, %8, %10, %12 : vector<[4]xi1>, f32, index, vector<[4]xindex>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @print(%x: f32, %y: i4, %z: bf16) {
  vector.print %x : f32
  vector.print %y : i4 punctuation <comma>
  vector.print %z : bf16 punctuation <no_punctuation>
  vector.print str "end"
  return
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @printString(!llvm.ptr)
// CHECK-NEXT:   llvm.mlir.global private constant @vector_print_str(dense<[101, 110, 100, 0]> : tensor<4xi8>) {addr_space = 0 : i32} : !llvm.array<4 x i8>
// CHECK-NEXT:   llvm.func @printBF16(i16)
// CHECK-NEXT:   llvm.func @printComma()
// CHECK-NEXT:   llvm.func @printI64(i64)
// CHECK-NEXT:   llvm.func @printNewline()
// CHECK-NEXT:   llvm.func @printF32(f32)
// CHECK-NEXT:   func.func @print(%arg0: f32, %arg1: i4, %arg2: bf16) {
// CHECK-NEXT:     llvm.call @printF32(%arg0) : (f32) -> ()
// CHECK-NEXT:     llvm.call @printNewline() : () -> ()
// CHECK-NEXT:     %0 = arith.extsi %arg1 : i4 to i64
// CHECK-NEXT:     llvm.call @printI64(%0) : (i64) -> ()
// CHECK-NEXT:     llvm.call @printComma() : () -> ()
// CHECK-NEXT:     %1 = llvm.bitcast %arg2 : bf16 to i16
// CHECK-NEXT:     llvm.call @printBF16(%1) : (i16) -> ()
// CHECK-NEXT:     %2 = llvm.mlir.addressof @vector_print_str : !llvm.ptr
// CHECK-NEXT:     %3 = llvm.getelementptr %2[0] : (!llvm.ptr) -> !llvm.ptr, !llvm.array<4 x i8>
// CHECK-NEXT:     llvm.call @printString(%3) : (!llvm.ptr) -> ()
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

func.func @masked(%v: vector<8xf32>, %k: vector<8xi1>, %x: f32) -> (f32, f32) {
  %0 = vector.mask %k { vector.reduction <add>, %v, %x : vector<8xf32> into f32 } : vector<8xi1> -> f32
  %1 = vector.mask %k { vector.reduction <minimumf>, %v : vector<8xf32> into f32 } : vector<8xi1> -> f32
  return %0, %1 : f32, f32
}

// CHECK: module {
// CHECK-NEXT:   func.func @masked(%arg0: vector<8xf32>, %arg1: vector<8xi1>, %arg2: f32) -> (f32, f32) {
// CHECK-NEXT:     %0 = llvm.mlir.constant(8 : i32) : i32
// CHECK-NEXT:     %1 = "llvm.intr.vp.reduce.fadd"(%arg2, %arg0, %arg1, %0) : (f32, vector<8xf32>, vector<8xi1>, i32) -> f32
// CHECK-NEXT:     %2 = llvm.mlir.constant(dense<3.40282347E+38> : vector<8xf32>) : vector<8xf32>
// CHECK-NEXT:     %3 = llvm.select %arg1, %arg0, %2 : vector<8xi1>, vector<8xf32>
// CHECK-NEXT:     %4 = llvm.intr.vector.reduce.fminimum(%3) : (vector<8xf32>) -> f32
// CHECK-NEXT:     return %1, %4 : f32, f32
// CHECK-NEXT:   }
// CHECK-NEXT: }
