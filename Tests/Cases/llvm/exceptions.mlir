// RUN: martlet opt --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

llvm.mlir.global external constant @info() : !llvm.ptr
llvm.func @personality(...) -> i32
llvm.func @risky(i32) -> i32
llvm.func @variadic(i32, ...) -> i32

llvm.func @caught(%x: i32) -> i32 attributes {personality = @personality} {
  %info = llvm.mlir.addressof @info : !llvm.ptr
  %y = llvm.invoke @risky(%x) to ^next(%x : i32) unwind ^landed : (i32) -> i32
^next(%z: i32):
  %w = llvm.invoke @variadic(%x, %z) to ^done unwind ^landed vararg(!llvm.func<i32 (i32, ...)>)
    : (i32, i32) -> i32
^done:
  llvm.return %w : i32
^landed:
  %l = llvm.landingpad cleanup (catch %info : !llvm.ptr) : !llvm.struct<(ptr, i32)>
  llvm.resume %l : !llvm.struct<(ptr, i32)>
}

// CHECK: module {
// CHECK-NEXT:   llvm.mlir.global external constant @info() {addr_space = 0 : i32} : !llvm.ptr
// CHECK-NEXT:   llvm.func @personality(...) -> i32
// CHECK-NEXT:   llvm.func @risky(i32) -> i32
// CHECK-NEXT:   llvm.func @variadic(i32, ...) -> i32
// CHECK-NEXT:   llvm.func @caught(%arg0: i32) -> i32 attributes {personality = @personality} {
// CHECK-NEXT:     %0 = llvm.mlir.addressof @info : !llvm.ptr
// CHECK-NEXT:     %1 = llvm.invoke @risky(%arg0) to ^bb1(%arg0 : i32) unwind ^bb3 : (i32) -> i32
// CHECK-NEXT:   ^bb1(%2: i32):  // pred: ^bb0
// CHECK-NEXT:     %3 = llvm.invoke @variadic(%arg0, %2) to ^bb2 unwind ^bb3 vararg(!llvm.func<i32 (i32, ...)>) : (i32, i32) -> i32
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     llvm.return %3 : i32
// CHECK-NEXT:   ^bb3:  // 2 preds: ^bb0, ^bb1
// CHECK-NEXT:     %4 = llvm.landingpad cleanup (catch %0 : !llvm.ptr) : !llvm.struct<(ptr, i32)>
// CHECK-NEXT:     llvm.resume %4 : !llvm.struct<(ptr, i32)>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

llvm.func @target() {
  llvm.blocktag <id = 1>
  llvm.return
}
llvm.func @jump(%x: i32) {
  %p = llvm.blockaddress <function = @target, tag = <id = 1>> : !llvm.ptr
  llvm.indirectbr %p : !llvm.ptr, [ ^a, ^b(%x : i32) ]
^a:
  llvm.return
^b(%y: i32):
  llvm.return
}

// CHECK: module {
// CHECK-NEXT:   llvm.func @target() {
// CHECK-NEXT:     llvm.blocktag <id = 1>
// CHECK-NEXT:     llvm.return
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.func @jump(%arg0: i32) {
// CHECK-NEXT:     %0 = llvm.blockaddress <function = @target, tag = <id = 1>> : !llvm.ptr
// CHECK-NEXT:     llvm.indirectbr %0 : !llvm.ptr, [
// CHECK-NEXT:     ^bb1,
// CHECK-NEXT:     ^bb2(%arg0 : i32)
// CHECK-NEXT:     ]
// CHECK-NEXT:   ^bb1:  // pred: ^bb0
// CHECK-NEXT:     llvm.return
// CHECK-NEXT:   ^bb2(%1: i32):  // pred: ^bb0
// CHECK-NEXT:     llvm.return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

llvm.mlir.global @g(1 : i32) : i32
llvm.mlir.alias internal hidden @other {dso_local} : i32 {
  %p = llvm.mlir.addressof @g : !llvm.ptr
  llvm.return %p : !llvm.ptr
}
llvm.func @pick() -> !llvm.ptr {
  %p = llvm.dso_local_equivalent @pick : !llvm.ptr
  llvm.return %p : !llvm.ptr
}
llvm.mlir.ifunc external @chosen : !llvm.func<void ()>, !llvm.ptr @pick {dso_local}
llvm.linker_options ["/DEFAULTLIB:", "c"]

// CHECK: module {
// CHECK-NEXT:   llvm.mlir.global external @g(1 : i32) {addr_space = 0 : i32} : i32
// CHECK-NEXT:   llvm.mlir.alias internal hidden @other {dso_local} : i32 {
// CHECK-NEXT:     %0 = llvm.mlir.addressof @g : !llvm.ptr
// CHECK-NEXT:     llvm.return %0 : !llvm.ptr
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.func @pick() -> !llvm.ptr {
// CHECK-NEXT:     %0 = llvm.dso_local_equivalent @pick : !llvm.ptr
// CHECK-NEXT:     llvm.return %0 : !llvm.ptr
// CHECK-NEXT:   }
// CHECK-NEXT:   llvm.mlir.ifunc external @chosen : !llvm.func<void ()>, !llvm.ptr @pick {dso_local}
// CHECK-NEXT:   llvm.linker_options ["/DEFAULTLIB:", "c"]
// CHECK-NEXT: }
