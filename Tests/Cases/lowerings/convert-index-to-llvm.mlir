// RUN: martlet opt --convert-index-to-llvm --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @arithmetic(%a: index, %b: index) -> (index, index, index, i1) {
  %c = index.constant 3
  %0 = index.add %a, %c
  %1 = index.ceildivs %0, %b
  %2 = index.floordivs %1, %b
  %3 = index.cmp slt(%2, %a)
  return %0, %1, %2, %3 : index, index, index, i1
}

// CHECK: module {
// CHECK-NEXT:   func.func @arithmetic(%arg0: index, %arg1: index) -> (index, index, index, i1) {
// CHECK-NEXT:     %0 = builtin.unrealized_conversion_cast %arg1 : index to i64
// CHECK-NEXT:     %1 = builtin.unrealized_conversion_cast %arg0 : index to i64
// CHECK-NEXT:     %2 = llvm.mlir.constant(3 : i64) : i64
// CHECK-NEXT:     %3 = llvm.add %1, %2 : i64
// CHECK-NEXT:     %4 = builtin.unrealized_conversion_cast %3 : i64 to index
// CHECK-NEXT:     %5 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %6 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %7 = llvm.mlir.constant(-1 : i64) : i64
// CHECK-NEXT:     %8 = llvm.icmp "sgt" %0, %5 : i64
// CHECK-NEXT:     %9 = llvm.select %8, %7, %6 : i1, i64
// CHECK-NEXT:     %10 = llvm.add %3, %9 : i64
// CHECK-NEXT:     %11 = llvm.sdiv %10, %0 : i64
// CHECK-NEXT:     %12 = llvm.add %11, %6 : i64
// CHECK-NEXT:     %13 = llvm.sub %5, %3 : i64
// CHECK-NEXT:     %14 = llvm.sdiv %13, %0 : i64
// CHECK-NEXT:     %15 = llvm.sub %5, %14 : i64
// CHECK-NEXT:     %16 = llvm.icmp "sgt" %3, %5 : i64
// CHECK-NEXT:     %17 = llvm.icmp "eq" %16, %8 : i1
// CHECK-NEXT:     %18 = llvm.icmp "ne" %3, %5 : i64
// CHECK-NEXT:     %19 = llvm.and %17, %18 : i1
// CHECK-NEXT:     %20 = llvm.select %19, %12, %15 : i1, i64
// CHECK-NEXT:     %21 = builtin.unrealized_conversion_cast %20 : i64 to index
// CHECK-NEXT:     %22 = llvm.mlir.constant(0 : i64) : i64
// CHECK-NEXT:     %23 = llvm.mlir.constant(1 : i64) : i64
// CHECK-NEXT:     %24 = llvm.mlir.constant(-1 : i64) : i64
// CHECK-NEXT:     %25 = llvm.icmp "slt" %0, %22 : i64
// CHECK-NEXT:     %26 = llvm.select %25, %23, %24 : i1, i64
// CHECK-NEXT:     %27 = llvm.sub %26, %20 : i64
// CHECK-NEXT:     %28 = llvm.sdiv %27, %0 : i64
// CHECK-NEXT:     %29 = llvm.sub %24, %28 : i64
// CHECK-NEXT:     %30 = llvm.sdiv %20, %0 : i64
// CHECK-NEXT:     %31 = llvm.icmp "slt" %20, %22 : i64
// CHECK-NEXT:     %32 = llvm.icmp "ne" %31, %25 : i1
// CHECK-NEXT:     %33 = llvm.icmp "ne" %20, %22 : i64
// CHECK-NEXT:     %34 = llvm.and %32, %33 : i1
// CHECK-NEXT:     %35 = llvm.select %34, %29, %30 : i1, i64
// CHECK-NEXT:     %36 = builtin.unrealized_conversion_cast %35 : i64 to index
// CHECK-NEXT:     %37 = llvm.icmp "slt" %35, %1 : i64
// CHECK-NEXT:     return %4, %21, %36, %37 : index, index, index, i1
// CHECK-NEXT:   }
// CHECK-NEXT: }
