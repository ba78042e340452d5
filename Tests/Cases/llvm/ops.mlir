// RUN: martlet opt %s
llvm.mlir.global internal constant @str("hello\00") {addr_space = 0 : i32} : !llvm.array<6 x i8>
llvm.mlir.global external @ext() {alignment = 16 : i64} : i32
llvm.mlir.global private unnamed_addr constant @c(42 : i32) : i32
llvm.mlir.global weak @thr(dense<[1, 2]> : tensor<2xi32>) {dso_local, thread_local_, section = ".x"} : !llvm.array<2 x i32>
llvm.mlir.global internal @ini() : !llvm.ptr {
  %0 = llvm.mlir.addressof @ext : !llvm.ptr
  llvm.return %0 : !llvm.ptr
}
llvm.mlir.global linkonce_odr hidden local_unnamed_addr @hid(1.0 : f32) {addr_space = 3 : i32} : f32
llvm.mlir.global_ctors ctors = [@lk2], priorities = [0 : i32], data = [#llvm.zero]
llvm.func @foo()
llvm.func @lk2() {
  llvm.return
}
llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @printf(!llvm.ptr, ...) -> i32
llvm.func internal fastcc @lk(%a: i32 {llvm.noundef}, %p: !llvm.ptr {llvm.noalias, llvm.align = 16 : i64}) -> (i32 {llvm.signext}) attributes {passthrough = ["nounwind", ["k", "v"]], target_cpu = "znver5", personality = @foo} {
  llvm.return %a : i32
}
llvm.func hidden @hh() comdat(@cm::@foo) {
  llvm.return
}
llvm.comdat @cm {
  llvm.comdat_selector @foo any
}
llvm.func @types(!llvm.ptr<1>, !llvm.struct<(i32, f32, ptr)>, !llvm.struct<packed (i8, i32)>, !llvm.struct<"nm", (i32, ptr<3>)>, !llvm.struct<"opq", opaque>, !llvm.array<3 x array<4 x f32>>, vector<[4]xf32>, !llvm.metadata, !llvm.struct<()>)
llvm.func @f(%i: i32, %j: i32, %x: f32, %y: f32, %p: !llvm.ptr, %v: vector<4xf32>, %b: i1, %s: !llvm.struct<(i32, struct<(f32, ptr)>)>, %l: i64, %iv: vector<4xi32>, %pv: vector<4x!llvm.ptr>, %m: vector<4xi1>) -> i32 {
  %c = llvm.mlir.constant(42 : i32) : i32
  %c2 = llvm.mlir.constant(dense<1.0> : vector<4xf32>) : vector<4xf32>
  %c3 = llvm.mlir.constant("abc") : !llvm.array<3 x i8>
  %c4 = llvm.mlir.constant(1.0 : f32) : f32
  %c5 = llvm.mlir.constant(0 : index) : i64
  %u = llvm.mlir.undef : i32
  %po = llvm.mlir.poison : !llvm.struct<(i32, f32)>
  %z = llvm.mlir.zero : !llvm.ptr
  %n = llvm.mlir.none : !llvm.token
  %a = llvm.add %i, %j : i32
  %a1 = llvm.add %i, %j overflow<nsw, nuw> : i32
  %a2 = llvm.mul %i, %j overflow<nuw> {foo} : i32
  %a3 = llvm.or disjoint %i, %j : i32
  %a4 = llvm.lshr exact %i, %j : i32
  %a5 = llvm.fadd %x, %y : f32
  %a6 = llvm.fmul %x, %y {fastmathFlags = #llvm.fastmath<fast>} : f32
  %a7 = llvm.fsub %x, %y {fastmathFlags = #llvm.fastmath<nnan, contract>} : f32
  %a8 = llvm.fneg %x : f32
  %ic = llvm.icmp "slt" %i, %j : i32
  %fc = llvm.fcmp "oeq" %x, %y : f32
  %fc2 = llvm.fcmp "_true" %x, %y {fastmathFlags = #llvm.fastmath<fast>} : f32
  %icv = llvm.icmp "eq" %iv, %iv : vector<4xi32>
  %sel = llvm.select %b, %i, %j : i1, i32
  %ld = llvm.load %p : !llvm.ptr -> i32
  %ld2 = llvm.load volatile %p {alignment = 4 : i64, nontemporal} : !llvm.ptr -> f32
  %ld3 = llvm.load %p atomic syncscope("x") acquire {alignment = 4 : i64} : !llvm.ptr -> i32
  %ld4 = llvm.load %p invariant {alignment = 4 : i64} : !llvm.ptr -> i32
  llvm.store %i, %p : i32, !llvm.ptr
  llvm.store volatile %i, %p atomic release {alignment = 4 : i64} : i32, !llvm.ptr
  %al = llvm.alloca %i x f32 : (i32) -> !llvm.ptr
  %al2 = llvm.alloca inalloca %i x !llvm.struct<(i32, f32)> {alignment = 16 : i64} : (i32) -> !llvm.ptr<5>
  %g = llvm.getelementptr %p[%i] : (!llvm.ptr, i32) -> !llvm.ptr, f32
  %g2 = llvm.getelementptr inbounds %p[0, 1, %l] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.struct<(i32, array<4 x f32>)>
  %g3 = llvm.getelementptr inbounds|nuw %p[%l, 1] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  %g4 = llvm.getelementptr nusw %p[3] : (!llvm.ptr) -> !llvm.ptr, i8
  %ev = llvm.extractvalue %s[1, 0] : !llvm.struct<(i32, struct<(f32, ptr)>)>
  %iv2 = llvm.insertvalue %x, %s[1, 0] : !llvm.struct<(i32, struct<(f32, ptr)>)>
  %ee = llvm.extractelement %v[%i : i32] : vector<4xf32>
  %ie = llvm.insertelement %x, %v[%i : i32] : vector<4xf32>
  %sh = llvm.shufflevector %v, %v [0, 1, -1, 7, 3] : vector<4xf32>
  %ex = llvm.zext %i : i32 to i64
  %exn = llvm.zext nneg %i : i32 to i64
  %tr = llvm.trunc %l overflow<nsw> : i64 to i32
  %pi = llvm.ptrtoint %p : !llvm.ptr to i64
  %ip = llvm.inttoptr %l : i64 to !llvm.ptr
  %as = llvm.addrspacecast %p : !llvm.ptr to !llvm.ptr<3>
  %bc = llvm.bitcast %x : f32 to i32
  %uf = llvm.uitofp nneg %i : i32 to f32
  %fr = llvm.freeze %i : i32
  llvm.call @foo() : () -> ()
  %ca = llvm.call @malloc(%l) : (i64) -> !llvm.ptr
  %cb = llvm.call @printf(%p, %i) vararg(!llvm.func<i32 (ptr, ...)>) : (!llvm.ptr, i32) -> i32
  %cc = llvm.call fastcc tail @lk(%i, %p) {fastmathFlags = #llvm.fastmath<fast>} : (i32, !llvm.ptr) -> i32
  %cd = llvm.call %p(%i) : !llvm.ptr, (i32) -> i32
  %ce = llvm.call @lk(%i, %p) {no_unwind, will_return} : (i32 {llvm.noundef}, !llvm.ptr) -> (i32 {llvm.signext})
  llvm.fence syncscope("agent") seq_cst
  %rm = llvm.atomicrmw add %p, %i monotonic : !llvm.ptr, i32
  %rm2 = llvm.atomicrmw volatile _and %p, %i syncscope("s") acq_rel {alignment = 4 : i64} : !llvm.ptr, i32
  %cx = llvm.cmpxchg weak %p, %i, %j acq_rel monotonic : !llvm.ptr, i32
  %in1 = llvm.intr.fma(%x, %y, %x) : (f32, f32, f32) -> f32
  %in2 = llvm.intr.fmuladd(%v, %v, %v) {fastmathFlags = #llvm.fastmath<contract>} : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
  %in3 = llvm.intr.smax(%i, %j) : (i32, i32) -> i32
  "llvm.intr.memcpy"(%p, %p, %l) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()
  %rd = "llvm.intr.vector.reduce.fadd"(%x, %v) <{fastmathFlags = #llvm.fastmath<reassoc>}> : (f32, vector<4xf32>) -> f32
  %rd2 = "llvm.intr.vector.reduce.add"(%iv) : (vector<4xi32>) -> i32
  %ml = llvm.intr.masked.load %p, %m, %v {alignment = 4 : i32} : (!llvm.ptr, vector<4xi1>, vector<4xf32>) -> vector<4xf32>
  llvm.intr.masked.store %v, %p, %m {alignment = 4 : i32} : vector<4xf32>, vector<4xi1> into !llvm.ptr
  %mg = llvm.intr.masked.gather %pv, %m {alignment = 4 : i32} : (vector<4x!llvm.ptr>, vector<4xi1>) -> vector<4xf32>
  %ctlz = "llvm.intr.ctlz"(%i) <{is_zero_poison = false}> : (i32) -> i32
  %ctp = llvm.intr.ctpop(%i) : (i32) -> i32
  llvm.intr.assume %b : i1
  llvm.intr.assume %b ["align"(%p, %l : !llvm.ptr, i64)] : i1
  %exp = llvm.intr.expect %i, %j : i32
  llvm.intr.lifetime.start %p : !llvm.ptr
  %ss = llvm.intr.stacksave : !llvm.ptr
  llvm.intr.stackrestore %ss : !llvm.ptr
  %ov = "llvm.intr.sadd.with.overflow"(%i, %j) : (i32, i32) -> !llvm.struct<(i32, i1)>
  %ve = llvm.intr.vector.extract %v[0] : vector<2xf32> from vector<4xf32>
  %vi = llvm.intr.vector.insert %v, %v[0] : vector<4xf32> into vector<4xf32>
  %pw = llvm.intr.powi(%x, %i) : (f32, i32) -> f32
  %cin = llvm.call_intrinsic "llvm.x86.foo"(%i) : (i32) -> i32
  llvm.cond_br %b weights([1, 2]), ^bb1(%i : i32), ^bb2
^bb1(%q: i32):
  llvm.switch %i : i32, ^bb2 [
    1: ^bb1(%i : i32),
    -2: ^bb3
  ]
^bb2:
  llvm.br ^bb1(%i : i32)
^bb3:
  llvm.unreachable
}
