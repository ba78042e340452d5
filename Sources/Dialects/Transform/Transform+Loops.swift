import MartletIR
import MartletSupport
import MartletSyntax

/// Transformations of loops, memory, vectors and kernels.
extension Transform {
  static let loopHoistLoopInvariantSubsets: OpDefinition = OpDefinition(
    "transform.loop.hoist_loop_invariant_subsets", "moves subsets that do not vary out of a loop",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)")

  static let loopForallToFor: OpDefinition = OpDefinition(
    "transform.loop.forall_to_for", "an scf.forall as nested scf.for",
    operands: [ValueDefinition("target", handle)],
    results: [.variadic("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let loopForallToParallel: OpDefinition = OpDefinition(
    "transform.loop.forall_to_parallel", "an scf.forall as scf.parallel",
    operands: [ValueDefinition("target", handle)],
    results: [.variadic("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let loopCoalesce: OpDefinition = OpDefinition(
    "transform.loop.coalesce", "a perfect nest as one loop",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type($target, $transformed)",
    interfaces: [Consumption.all])

  static let loopFuseSibling: OpDefinition = OpDefinition(
    "transform.loop.fuse_sibling", "two independent loops as one",
    operands: [ValueDefinition("target", handle), ValueDefinition("source", handle)],
    results: [ValueDefinition("fused_loop", handle)],
    format: "$target `into` $source attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let loopOutline: OpDefinition = OpDefinition(
    "transform.loop.outline", "moves a loop into a function",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("function", handle), ValueDefinition("call", handle)],
    attributes: [AttributeSlot("func_name", .string)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let loopPeel: OpDefinition = OpDefinition(
    "transform.loop.peel", "splits off the first or last iteration",
    operands: [ValueDefinition("target", handleTo("scf.for"))],
    results: [ValueDefinition("peeled_loop", handle), ValueDefinition("remainder_loop", handle)],
    attributes: [
      AttributeSlot("peel_front", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("fail_if_already_divisible", .bool, default: { $0.boolAttribute(false) }),
    ],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let loopPipeline: OpDefinition = OpDefinition(
    "transform.loop.pipeline", "overlaps iterations",
    operands: [ValueDefinition("target", handleTo("scf.for"))],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      AttributeSlot("iteration_interval", .i64, default: { $0.i64Attribute(1) }),
      AttributeSlot("read_latency", .i64, default: { $0.i64Attribute(10) }),
    ],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let loopPromoteIfOneIteration: OpDefinition = OpDefinition(
    "transform.loop.promote_if_one_iteration", "a loop of one iteration as its body",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)",
    interfaces: [Consumption("target")])

  static let loopUnrollAndJam: OpDefinition = OpDefinition(
    "transform.loop.unroll_and_jam", "unrolls an outer loop and merges the inner",
    operands: [ValueDefinition("target", handle)],
    attributes: [AttributeSlot("factor", positive)],
    format: "$target attr-dict `:` type($target)",
    interfaces: [Consumption.all])

  static let loopUnroll: OpDefinition = OpDefinition(
    "transform.loop.unroll", "repeats the body of a loop",
    operands: [ValueDefinition("target", handle)],
    attributes: [AttributeSlot("factor", positive)],
    format: "$target attr-dict `:` type($target)",
    interfaces: [Consumption.all])

  static let loopParallelForToNestedFors: OpDefinition = OpDefinition(
    "transform.loop.parallel_for_to_nested_fors", "an scf.parallel as nested scf.for",
    operands: [ValueDefinition("target", handle)],
    results: [.variadic("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let scfTakeAssumedBranch: OpDefinition = OpDefinition(
    "transform.scf.take_assumed_branch", "one branch of an scf.if",
    operands: [ValueDefinition("target", handle)],
    attributes: [.optional("take_else_branch", .unit)],
    format: """
      $target (`take_else_branch` $take_else_branch^)? attr-dict `:` \
      functional-type(operands, results)
      """)

  static let applyPatternsMemrefAllocToAlloca: OpDefinition = OpDefinition(
    "transform.apply_patterns.memref.alloc_to_alloca",
    "the patterns that put small allocations on the stack",
    attributes: [.optional("size_limit", .i64)],
    format: "(`size_limit` `(` $size_limit^ `)`)? attr-dict")

  static let memrefAllocaToGlobal: OpDefinition = OpDefinition(
    "transform.memref.alloca_to_global", "a stack allocation as a global",
    operands: [ValueDefinition("alloca", handleTo("memref.alloca"))],
    results: [ValueDefinition("getGlobal", handle), ValueDefinition("global", handle)],
    format: "$alloca attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption("alloca")])

  static let memrefEraseDeadAllocAndStores: OpDefinition = OpDefinition(
    "transform.memref.erase_dead_alloc_and_stores", "removes memory that is only written",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` functional-type($target, results)")

  static let memrefMakeLoopIndependent: OpDefinition = OpDefinition(
    "transform.memref.make_loop_independent", "an allocation whose size does not depend on a loop",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [AttributeSlot("num_loops", .i64)],
    format: "$target attr-dict `:` functional-type($target, $transformed)",
    interfaces: [Consumption.all])

  static let memrefMultibuffer: OpDefinition = OpDefinition(
    "transform.memref.multibuffer", "a buffer for each of several iterations",
    operands: [ValueDefinition("target", handleTo("memref.alloc"))],
    results: [ValueDefinition("transformed", handle)],
    attributes: [AttributeSlot("factor", positive), .optional("skip_analysis", .unit)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let applyConversionPatternsMemrefMemrefToLlvmTypeConverter: OpDefinition = OpDefinition(
    "transform.apply_conversion_patterns.memref.memref_to_llvm_type_converter",
    "the types of memrefs in llvm",
    attributes: [
      .optional("use_aligned_alloc", .bool, absent: { $0.boolAttribute(false) }),
      .optional("index_bitwidth", .i64, absent: { $0.i64Attribute(64) }),
      .optional("use_generic_functions", .bool, absent: { $0.boolAttribute(false) }),
      .optional("use_bare_ptr_call_conv", .bool, absent: { $0.boolAttribute(false) }),
      .optional("data_layout", .string),
    ],
    format: "attr-dict")

  static let applyPatternsTensorFoldTensorEmpty: OpDefinition = OpDefinition(
    "transform.apply_patterns.tensor.fold_tensor_empty", "the patterns that fold empty tensors",
    attributes: [
      AttributeSlot("fold_single_use_only", .bool, default: { $0.boolAttribute(false) })
    ],
    format: "attr-dict")

  static let applyPatternsTensorRewriteAsConstant: OpDefinition = OpDefinition(
    "transform.apply_patterns.tensor.rewrite_as_constant", "the patterns of tensors as constants",
    attributes: [.optional("aggressive", .unit)],
    format: "(`aggressive` $aggressive^)? attr-dict")

  static let tensorMakeLoopIndependent: OpDefinition = OpDefinition(
    "transform.tensor.make_loop_independent", "a tensor whose size does not depend on a loop",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [AttributeSlot("num_loops", .i64)],
    format: "$target attr-dict `:` functional-type($target, $transformed)",
    interfaces: [Consumption.all])

  static let typeConversionTensorCastShapeDynamicDims: OpDefinition = OpDefinition(
    "transform.type_conversion.tensor.cast_shape_dynamic_dims",
    "types that differ in static dimensions, by casts",
    attributes: [.optional("ignore_dynamic_info", .unit)],
    format: "(`ignore_dynamic_info` $ignore_dynamic_info^)? attr-dict")

  static let applyPatternsVectorLowerContraction: OpDefinition = OpDefinition(
    "transform.apply_patterns.vector.lower_contraction", "the patterns that lower vector contract",
    attributes: [AttributeSlot("lowering_strategy", contractLowering, default: enumDefault(2))],
    format: "(`lowering_strategy` `=` $lowering_strategy^)? attr-dict")

  static let applyPatternsVectorLowerMultiReduction: OpDefinition = OpDefinition(
    "transform.apply_patterns.vector.lower_multi_reduction",
    "the patterns that lower vector multi_reduction",
    attributes: [
      AttributeSlot("lowering_strategy", multiReductionLowering, default: enumDefault(0))
    ],
    format: "(`lowering_strategy` `=` $lowering_strategy^)? attr-dict")

  static let applyPatternsVectorLowerTransfer: OpDefinition = OpDefinition(
    "transform.apply_patterns.vector.lower_transfer", "the patterns that lower vector transfers",
    attributes: [AttributeSlot("max_transfer_rank", .i64, default: { $0.i64Attribute(1) })],
    format: "(`max_transfer_rank` `=` $max_transfer_rank^)? attr-dict")

  static let applyPatternsVectorLowerTranspose: OpDefinition = OpDefinition(
    "transform.apply_patterns.vector.lower_transpose", "the patterns that lower vector transpose",
    attributes: [
      AttributeSlot("lowering_strategy", transposeLowering, default: enumDefault(0)),
      AttributeSlot("avx2_lowering_strategy", .bool, default: { $0.boolAttribute(false) }),
    ],
    format: """
      oilist ( `lowering_strategy` `=` $lowering_strategy | `avx2_lowering_strategy` `=` \
      $avx2_lowering_strategy ) attr-dict
      """)

  static let applyPatternsVectorSplitTransferFullPartial: OpDefinition = OpDefinition(
    "transform.apply_patterns.vector.split_transfer_full_partial",
    "the patterns that split transfers",
    attributes: [AttributeSlot("split_transfer_strategy", transferSplit, default: enumDefault(2))],
    format: "(`split_transfer_strategy` `=` $split_transfer_strategy^)? attr-dict")

  static let applyPatternsVectorTransferToScf: OpDefinition = OpDefinition(
    "transform.apply_patterns.vector.transfer_to_scf", "the patterns of transfers as loops",
    attributes: [
      AttributeSlot("max_transfer_rank", .i64, default: { $0.i64Attribute(1) }),
      AttributeSlot("full_unroll", .bool, default: { $0.boolAttribute(false) }),
    ],
    format: """
      oilist ( `max_transfer_rank` `=` $max_transfer_rank | `full_unroll` `=` $full_unroll \
      ) attr-dict
      """)

  static let applyConversionPatternsVectorVectorToLlvm: OpDefinition = OpDefinition(
    "transform.apply_conversion_patterns.vector.vector_to_llvm", "the patterns of vectors as llvm",
    attributes: [
      AttributeSlot("reassociate_fp_reductions", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("force_32bit_vector_indices", .bool, default: { $0.boolAttribute(true) }),
      AttributeSlot("use_vector_alignment", .bool, default: { $0.boolAttribute(false) }),
    ],
    format: "attr-dict")

  static let applyPatternsGpuGpuShuffleToAmdgpu: OpDefinition = OpDefinition(
    "transform.apply_patterns.gpu.gpu_shuffle_to_amdgpu", "the patterns of shuffles on AMD devices",
    attributes: [.optional("chipset", .string)],
    format: "(`chipset` `=` $chipset^)? attr-dict")

  static let applyConversionPatternsGpuGpuToNvvm: OpDefinition = OpDefinition(
    "transform.apply_conversion_patterns.gpu.gpu_to_nvvm", "the patterns of gpu as nvvm",
    attributes: [
      AttributeSlot("benefit", .integer(16), default: { $0.integerAttribute(1, $0.integer(16)) })
    ],
    format: "attr-dict")

  static let applyConversionPatternsGpuGpuToRocdl: OpDefinition = OpDefinition(
    "transform.apply_conversion_patterns.gpu.gpu_to_rocdl", "the patterns of gpu as rocdl",
    attributes: [AttributeSlot("chipset", .string)],
    format: "`chipset` `=` $chipset attr-dict")

  static let applyPatternsGpuUnrollVectorsSubgroupMma: OpDefinition = OpDefinition(
    "transform.apply_patterns.gpu.unroll_vectors_subgroup_mma",
    "the patterns that unroll vectors to matrix shapes",
    attributes: [AttributeSlot("m", .i64), AttributeSlot("n", .i64), AttributeSlot("k", .i64)],
    format: "`[` $m `,` $n `,` $k `]` attr-dict")

  static let gpuMapForallToBlocks: OpDefinition = OpDefinition(
    "transform.gpu.map_forall_to_blocks", "an scf.forall over workgroups",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    attributes: [
      .optional("grid_dims", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("generate_gpu_launch", .unit),
    ],
    format: """
      $target (`generate_gpu_launch` $generate_gpu_launch^)? (`grid_dims` `=` $grid_dims^)? \
      attr-dict `:` functional-type($target, $result)
      """,
    verify: verifyMapForall,
    interfaces: [Consumption.all])

  static let gpuMapNestedForallToThreads: OpDefinition = OpDefinition(
    "transform.gpu.map_nested_forall_to_threads", "scf.forall over threads",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    attributes: [
      AttributeSlot("block_dims", .denseI64Array, default: { $0.denseI64Array([]) }),
      AttributeSlot("sync_after_distribute", .bool, default: { $0.boolAttribute(true) }),
      AttributeSlot("warp_size", .i64, default: { $0.i64Attribute(32) }),
    ],
    format: """
      $target `block_dims` `=` $block_dims (`sync_after_distribute` `=` \
      $sync_after_distribute^)? (`warp_size` `=` $warp_size^)? attr-dict `:` \
      functional-type($target, $result)
      """,
    interfaces: [Consumption.all])

  static let nvgpuCreateAsyncGroups: OpDefinition = OpDefinition(
    "transform.nvgpu.create_async_groups", "makes copies asynchronous",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    attributes: [.optional("bypass_l1", .unit)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption("target")])

  static let nvgpuPipelineSharedMemoryCopies: OpDefinition = OpDefinition(
    "transform.nvgpu.pipeline_shared_memory_copies",
    "overlaps copies to shared memory with compute",
    operands: [ValueDefinition("for_op", handle)],
    results: [ValueDefinition("result", handle)],
    attributes: [
      AttributeSlot("depth", .i64), .optional("peel_epilogue", .unit),
      AttributeSlot("failure_propagation_mode", failureMode, default: enumDefault(2)),
    ],
    format: """
      `failures` `(` $failure_propagation_mode `)` $for_op attr-dict `:` \
      functional-type(operands, results)
      """,
    interfaces: [Consumption.all])

  static let nvgpuRewriteCopyAsTma: OpDefinition = OpDefinition(
    "transform.nvgpu.rewrite_copy_as_tma", "a copy by the tensor memory accelerator",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let nvgpuRewriteMatmulAsMmaSync: OpDefinition = OpDefinition(
    "transform.nvgpu.rewrite_matmul_as_mma_sync", "a product by tensor cores",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let xegpuConvertLayout: OpDefinition = OpDefinition(
    "transform.xegpu.convert_layout", "converts the layout of a value",
    operands: [
      ValueDefinition("target", valueHandle), .variadic("input_sg_layout", paramOrHandle),
      .variadic("input_sg_data", paramOrHandle), .variadic("input_inst_data", paramOrHandle),
      .variadic("target_sg_layout", paramOrHandle), .variadic("target_sg_data", paramOrHandle),
      .variadic("target_inst_data", paramOrHandle),
    ],
    results: [ValueDefinition("newConvertOp", handle)],
    attributes: [
      .optional("static_input_sg_layout", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_input_sg_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_input_inst_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_target_sg_layout", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_target_sg_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_target_inst_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
    ],
    traits: [.attrSizedOperandSegments],
    format: """
      $target `input_sg_layout` `=` custom<DynamicIndexList>($input_sg_layout, \
      $static_input_sg_layout) `input_sg_data` `=` custom<DynamicIndexList>($input_sg_data, \
      $static_input_sg_data) (`input_inst_data` `=` \
      custom<DynamicIndexList>($input_inst_data, $static_input_inst_data)^)? \
      `target_sg_layout` `=` custom<DynamicIndexList>($target_sg_layout, \
      $static_target_sg_layout) `target_sg_data` `=` \
      custom<DynamicIndexList>($target_sg_data, $static_target_sg_data) (`target_inst_data` \
      `=` custom<DynamicIndexList>($target_inst_data, $static_target_inst_data)^)? \
      attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [directives])

  static let xegpuGetDescOp: OpDefinition = OpDefinition(
    "transform.xegpu.get_desc_op", "the descriptor of a value",
    operands: [ValueDefinition("target", valueHandle)],
    results: [ValueDefinition("descHandle", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)")

  static let xegpuInsertPrefetch: OpDefinition = OpDefinition(
    "transform.xegpu.insert_prefetch", "prefetches tiles",
    operands: [
      ValueDefinition("target", valueHandle), .optional("dynamic_nb_prefetch", paramOrHandle),
    ],
    results: [ValueDefinition("desc_op", handle)],
    attributes: [.optional("static_nb_prefetch", .i64, absent: { $0.i64Attribute(1) })],
    format: """
      $target `nb_prefetch` `=` ($dynamic_nb_prefetch^):($static_nb_prefetch)? attr-dict \
      `:` functional-type(operands, results)
      """)

  static let xegpuSetDescLayout: OpDefinition = OpDefinition(
    "transform.xegpu.set_desc_layout", "sets the layout of a descriptor",
    operands: [
      ValueDefinition("target", handle), .variadic("sg_layout", paramOrHandle),
      .variadic("sg_data", paramOrHandle), .variadic("inst_data", paramOrHandle),
    ],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      .optional("static_sg_layout", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_sg_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_inst_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("slice_dims", .denseI64Array, absent: { $0.denseI64Array([]) }),
    ],
    traits: [.attrSizedOperandSegments],
    format: """
      $target `sg_layout` `=` custom<DynamicIndexList>($sg_layout, $static_sg_layout) \
      `sg_data` `=` custom<DynamicIndexList>($sg_data, $static_sg_data) (`inst_data` `=` \
      custom<DynamicIndexList>($inst_data, $static_inst_data)^)? (`slice_dims` `=` \
      $slice_dims^)? attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [directives])

  static let xegpuSetGpuLaunchThreads: OpDefinition = OpDefinition(
    "transform.xegpu.set_gpu_launch_threads", "sets the number of threads of a launch",
    operands: [ValueDefinition("target", handle), .variadic("threads", paramOrHandle)],
    attributes: [.optional("static_threads", .denseI64Array, absent: { $0.denseI64Array([]) })],
    format: """
      $target `threads` `=` custom<DynamicIndexList>($threads, $static_threads) attr-dict \
      `:` qualified(type(operands))
      """,
    interfaces: [directives])

  static let xegpuSetOpLayoutAttr: OpDefinition = OpDefinition(
    "transform.xegpu.set_op_layout_attr", "sets the layout of an operation",
    operands: [
      ValueDefinition("target", handle), .variadic("sg_layout", paramOrHandle),
      .variadic("sg_data", paramOrHandle), .variadic("inst_data", paramOrHandle),
    ],
    attributes: [
      .optional("index", .i64, absent: { $0.i64Attribute(0) }),
      .optional("static_sg_layout", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_sg_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_inst_data", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("slice_dims", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("result", .unit),
    ],
    traits: [.attrSizedOperandSegments],
    format: """
      $target (`result` $result^)? (`index` `=` $index^)? `sg_layout` `=` \
      custom<DynamicIndexList>($sg_layout, $static_sg_layout) `sg_data` `=` \
      custom<DynamicIndexList>($sg_data, $static_sg_data) (`inst_data` `=` \
      custom<DynamicIndexList>($inst_data, $static_inst_data)^)? (`slice_dims` `=` \
      $slice_dims^)? attr-dict `:` qualified(type(operands))
      """,
    interfaces: [directives])

  static let loopsOperations = [
    loopHoistLoopInvariantSubsets, loopForallToFor, loopForallToParallel, loopCoalesce,
    loopFuseSibling, loopOutline, loopPeel, loopPipeline, loopPromoteIfOneIteration,
    loopUnrollAndJam, loopUnroll, loopParallelForToNestedFors, scfTakeAssumedBranch,
    applyPatternsMemrefAllocToAlloca, memrefAllocaToGlobal, memrefEraseDeadAllocAndStores,
    memrefMakeLoopIndependent, memrefMultibuffer,
    applyConversionPatternsMemrefMemrefToLlvmTypeConverter, applyPatternsTensorFoldTensorEmpty,
    applyPatternsTensorRewriteAsConstant, tensorMakeLoopIndependent,
    typeConversionTensorCastShapeDynamicDims, applyPatternsVectorLowerContraction,
    applyPatternsVectorLowerMultiReduction, applyPatternsVectorLowerTransfer,
    applyPatternsVectorLowerTranspose, applyPatternsVectorSplitTransferFullPartial,
    applyPatternsVectorTransferToScf, applyConversionPatternsVectorVectorToLlvm,
    applyPatternsGpuGpuShuffleToAmdgpu, applyConversionPatternsGpuGpuToNvvm,
    applyConversionPatternsGpuGpuToRocdl, applyPatternsGpuUnrollVectorsSubgroupMma,
    gpuMapForallToBlocks, gpuMapNestedForallToThreads, nvgpuCreateAsyncGroups,
    nvgpuPipelineSharedMemoryCopies, nvgpuRewriteCopyAsTma, nvgpuRewriteMatmulAsMmaSync,
    xegpuConvertLayout, xegpuGetDescOp, xegpuInsertPrefetch, xegpuSetDescLayout,
    xegpuSetGpuLaunchThreads, xegpuSetOpLayoutAttr,
  ]
}
