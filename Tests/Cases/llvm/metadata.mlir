// RUN: martlet opt --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Attributes that mention others are defined behind them.
#file = #llvm.di_file<"sum.c" in "/src">
#unit = #llvm.di_compile_unit<id = distinct[7]<>, sourceLanguage = DW_LANG_C, file = #file,
  isOptimized = true, emissionKind = Full>
#float = #llvm.di_basic_type<tag = DW_TAG_base_type, name = "float", sizeInBits = 32,
  encoding = DW_ATE_float>
#row = #llvm.di_composite_type<tag = DW_TAG_array_type, baseType = #float, flags = Vector,
  elements = #llvm.di_subrange<count = 4 : i64>, #llvm.di_subrange<count = 8 : i64>>
#signature = #llvm.di_subroutine_type<callingConvention = DW_CC_normal, types = #float, #row>
#function = #llvm.di_subprogram<id = distinct[3]<>, compileUnit = #unit, scope = #file,
  name = "sum", file = #file, line = 3, subprogramFlags = "Definition|Optimized", type = #signature>
#variable = #llvm.di_local_variable<scope = #function, name = "x", file = #file, line = 4, arg = 1,
  type = #float>

llvm.func @sum(%x: f32, %p: !llvm.ptr) {
  llvm.intr.dbg.value #variable = %x : f32
  llvm.intr.dbg.declare #variable #llvm.di_expression<[DW_OP_deref, DW_OP_plus_uconst(4),
    DW_OP_LLVM_convert(16, DW_ATE_signed)]> = %p : !llvm.ptr
  llvm.return
}

// CHECK: #di_basic_type = #llvm.di_basic_type<tag = DW_TAG_base_type, name = "float", sizeInBits = 32, encoding = DW_ATE_float>
// CHECK-NEXT: #di_file = #llvm.di_file<"sum.c" in "/src">
// CHECK-NEXT: #di_compile_unit = #llvm.di_compile_unit<id = distinct[0]<>, sourceLanguage = DW_LANG_C, file = #di_file, isOptimized = true, emissionKind = Full>
// CHECK-NEXT: #di_composite_type = #llvm.di_composite_type<tag = DW_TAG_array_type, baseType = #di_basic_type, flags = Vector, elements = #llvm.di_subrange<count = 4 : i64>, #llvm.di_subrange<count = 8 : i64>>
// CHECK-NEXT: #di_subroutine_type = #llvm.di_subroutine_type<callingConvention = DW_CC_normal, types = #di_basic_type, #di_composite_type>
// CHECK-NEXT: #di_subprogram = #llvm.di_subprogram<id = distinct[1]<>, compileUnit = #di_compile_unit, scope = #di_file, name = "sum", file = #di_file, line = 3, subprogramFlags = "Definition|Optimized", type = #di_subroutine_type>
// CHECK-NEXT: #di_local_variable = #llvm.di_local_variable<scope = #di_subprogram, name = "x", file = #di_file, line = 4, arg = 1, type = #di_basic_type>
// CHECK-NEXT: module {
// CHECK-NEXT:   llvm.func @sum(%arg0: f32, %arg1: !llvm.ptr) {
// CHECK-NEXT:     llvm.intr.dbg.value #di_local_variable = %arg0 : f32
// CHECK-NEXT:     llvm.intr.dbg.declare #di_local_variable #llvm.di_expression<[DW_OP_deref, DW_OP_plus_uconst(4), DW_OP_LLVM_convert(16, DW_ATE_signed)]> = %arg1 : !llvm.ptr
// CHECK-NEXT:     llvm.return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

#root = #llvm.tbaa_root<id = "C">
#byte = #llvm.tbaa_type_desc<id = "char", members = {<#root, 0>}>
#pair = #llvm.tbaa_type_desc<id = "pair", members = {<#byte, 0>, <#byte, 4>}>
#tag = #llvm.tbaa_tag<base_type = #pair, access_type = #byte, offset = 4>
#group = #llvm.access_group<id = distinct[0]<>>
#domain = #llvm.alias_scope_domain<id = distinct[1]<>, description = "d">
#scope = #llvm.alias_scope<id = distinct[2]<>, domain = #domain>
#loop = #llvm.loop_annotation<unroll = <disable = true, count = 4 : i32>, mustProgress = true,
  parallelAccesses = #group>

llvm.func @accesses(%p: !llvm.ptr {llvm.range = #llvm.constant_range<i32, -4, 12>}, %c: i1)
    attributes {memory_effects = #llvm.memory_effects<other = none, argMem = read,
      inaccessibleMem = readwrite, errnoMem = write, targetMem0 = none, targetMem1 = none>,
      frame_pointer = #llvm.framePointerKind<"non-leaf">} {
  llvm.br ^head
^head:
  %x = llvm.load %p {access_groups = [#group], alias_scopes = [#scope], tbaa = [#tag],
    llvm.mmra = #llvm.mmra_tag<"a":"b">} : !llvm.ptr -> i32
  %q = llvm.inttoptr %x dereferenceable<bytes = 8> : i32 to !llvm.ptr
  llvm.cond_br %c, ^head, ^exit {loop_annotation = #loop}
^exit:
  llvm.return
}

// CHECK: #access_group = #llvm.access_group<id = distinct[0]<>>
// CHECK-NEXT: #alias_scope_domain = #llvm.alias_scope_domain<id = distinct[1]<>, description = "d">
// CHECK-NEXT: #loop_unroll = #llvm.loop_unroll<disable = true, count = 4 : i32>
// CHECK-NEXT: #mmra_tag = #llvm.mmra_tag<"a":"b">
// CHECK-NEXT: #tbaa_root = #llvm.tbaa_root<id = "C">
// CHECK-NEXT: #alias_scope = #llvm.alias_scope<id = distinct[2]<>, domain = #alias_scope_domain>
// CHECK-NEXT: #loop_annotation = #llvm.loop_annotation<unroll = #loop_unroll, mustProgress = true, parallelAccesses = #access_group>
// CHECK-NEXT: #tbaa_type_desc = #llvm.tbaa_type_desc<id = "char", members = {<#tbaa_root, 0>}>
// CHECK-NEXT: #tbaa_type_desc1 = #llvm.tbaa_type_desc<id = "pair", members = {<#tbaa_type_desc, 0>, <#tbaa_type_desc, 4>}>
// CHECK-NEXT: #tbaa_tag = #llvm.tbaa_tag<base_type = #tbaa_type_desc1, access_type = #tbaa_type_desc, offset = 4>
// CHECK-NEXT: module {
// CHECK-NEXT:   llvm.func @accesses(%arg0: !llvm.ptr {llvm.range = #llvm.constant_range<i32, -4, 12>}, %arg1: i1) attributes {frame_pointer = #llvm.framePointerKind<"non-leaf">, memory_effects = #llvm.memory_effects<other = none, argMem = read, inaccessibleMem = readwrite, errnoMem = write, targetMem0 = none, targetMem1 = none>} {
// CHECK-NEXT:     llvm.br ^bb1
// CHECK-NEXT:   ^bb1:  // 2 preds: ^bb0, ^bb1
// CHECK-NEXT:     %0 = llvm.load %arg0 {access_groups = [#access_group], alias_scopes = [#alias_scope], llvm.mmra = #mmra_tag, tbaa = [#tbaa_tag]} : !llvm.ptr -> i32
// CHECK-NEXT:     %1 = llvm.inttoptr %0 dereferenceable<bytes = 8> : i32 to !llvm.ptr
// CHECK-NEXT:     llvm.cond_br %arg1, ^bb1, ^bb2 {loop_annotation = #loop_annotation}
// CHECK-NEXT:   ^bb2:  // pred: ^bb1
// CHECK-NEXT:     llvm.return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

llvm.module_flags [#llvm.mlir.module_flag<error, "wchar_size", 4 : i32>,
  #llvm.mlir.module_flag<append, "CG Profile", [#llvm.cgprofile_entry<from = @f, count = 3>]>]
llvm.func @f() vscale_range(1, 4) attributes {target_features = #llvm.target_features<["+a"]>,
  uwtable_kind = #llvm.uwtableKind<async>}
llvm.func @g() -> !llvm.target<"spirv.Event", i32, 2>

// CHECK: module {
// CHECK-NEXT:   llvm.module_flags [#llvm.mlir.module_flag<error, "wchar_size", 4 : i32>, #llvm.mlir.module_flag<append, "CG Profile", [#llvm.cgprofile_entry<from = @f, count = 3>]>]
// CHECK-NEXT:   llvm.func @f() vscale_range(1, 4) attributes {target_features = #llvm.target_features<["+a"]>, uwtable_kind = #llvm.uwtableKind<async>}
// CHECK-NEXT:   llvm.func @g() -> !llvm.target<"spirv.Event", i32, 2>
// CHECK-NEXT: }
