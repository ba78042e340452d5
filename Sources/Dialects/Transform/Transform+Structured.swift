import MartletIR
import MartletSupport
import MartletSyntax

/// Transformations of structured operations.
extension Transform {
  static let applyPatternsLinalgFoldPackUnpackIntoEmpty: OpDefinition = OpDefinition(
    "transform.apply_patterns.linalg.fold_pack_unpack_into_empty",
    "the patterns that fold pack and unpack into empty tensors",
    attributes: [
      AttributeSlot("fold_single_use_only", .bool, default: { $0.boolAttribute(false) })
    ],
    format: "attr-dict")

  static let structuredBufferizeToAllocation: OpDefinition = OpDefinition(
    "transform.structured.bufferize_to_allocation", "makes a payload write to a buffer of its own",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("allocated_buffer", anyValue), ValueDefinition("new_ops", anyOp)],
    attributes: [
      .optional("memory_space", .any),
      AttributeSlot(
        "memcpy_op", .string, default: { $0.string("bufferization.materialize_in_destination") }),
      AttributeSlot("alloc_op", .string, default: { $0.string("memref.alloc") }),
      .optional("bufferize_destination_only", .unit), .optional("emit_dealloc", .unit),
    ],
    format: "$target attr-dict `:` type($target)",
    verify: verifyBufferizeToAllocation,
    interfaces: [Consumption("target")])

  static let structuredContinuousTileSizes: OpDefinition = OpDefinition(
    "transform.structured.continuous_tile_sizes", "tile sizes that shrink towards the end",
    operands: [ValueDefinition("target", handle)],
    results: [
      ValueDefinition("tile_sizes", paramOrHandle), ValueDefinition("chunk_sizes", paramOrHandle),
    ],
    attributes: [
      AttributeSlot("dimension", nonNegative), AttributeSlot("target_size", nonNegative),
    ],
    format: """
      $target attr-dict `:` custom<ContinuousTileSizeTypes>(type($target), \
      type($tile_sizes), type($chunk_sizes))
      """,
    verify: verifyContinuousTileSizes,
    interfaces: [directives])

  static let structuredConvertConv2dToImg2col: OpDefinition = OpDefinition(
    "transform.structured.convert_conv2d_to_img2col", "a convolution as a product of patches",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("img2col_tensor", handle), ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type($target, results)",
    interfaces: [Consumption.all])

  static let structuredConvertToLoops: OpDefinition = OpDefinition(
    "transform.structured.convert_to_loops", "an operation as loops",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredDecomposeInterface: OpDefinition = OpDefinition(
    "transform.structured.decompose_interface", "an operation as simpler ones, as it says itself",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredDecompose: OpDefinition = OpDefinition(
    "transform.structured.decompose", "a convolution as one of fewer dimensions",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredDecomposeWinogradOp: OpDefinition = OpDefinition(
    "transform.structured.decompose_winograd_op",
    "an operation of Winograd's convolution as products",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type($target, results)",
    interfaces: [Consumption.all])

  static let structuredEliminateEmptyTensors: OpDefinition = OpDefinition(
    "transform.structured.eliminate_empty_tensors", "uses destinations in place of empty tensors",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)")

  static let structuredFlattenElementwise: OpDefinition = OpDefinition(
    "transform.structured.flatten_elementwise", "an elementwise operation on one dimension",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type($target, results)",
    interfaces: [Consumption.all])

  static let structuredFuseIntoContainingOp: OpDefinition = OpDefinition(
    "transform.structured.fuse_into_containing_op", "moves a producer into a loop",
    operands: [ValueDefinition("producer_op", handle), ValueDefinition("containing_op", handle)],
    results: [ValueDefinition("fused_op", handle), ValueDefinition("new_containing_op", handle)],
    format: """
      $producer_op `into` $containing_op attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [Consumption("producer_op")])

  static let structuredFuse: OpDefinition = OpDefinition(
    "transform.structured.fuse", "tiles and moves producers into the loops",
    operands: [
      ValueDefinition("target", handle), .variadic("tile_sizes", paramOrHandle),
      .variadic("tile_interchange", paramOrHandle),
    ],
    results: [ValueDefinition("transformed", handle), .variadic("loops", handle)],
    attributes: [
      .optional("static_tile_sizes", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_tile_interchange", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("apply_cleanup", .unit), .optional("use_forall", .unit),
    ],
    traits: [.attrSizedOperandSegments],
    format: """
      $target oilist( `tile_sizes` custom<DynamicIndexList>($tile_sizes, \
      $static_tile_sizes) | `interchange` custom<DynamicIndexList>($tile_interchange, \
      $static_tile_interchange) ) attr-dict `:` functional-type(operands, results)
      """,
    verify: verifyFuse,
    interfaces: [directives, Consumption("target")])

  static let structuredGeneralize: OpDefinition = OpDefinition(
    "transform.structured.generalize", "an operation in its general form",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: """
      $target attr-dict `:` custom<SemiFunctionType>(type($target), type($transformed), \
      "false")
      """,
    interfaces: [directives, Consumption.all])

  static let structuredHoistPadBuildPackingLoopNest: OpDefinition = OpDefinition(
    "transform.structured.hoist_pad.build_packing_loop_nest", "the loops that pack padded slices",
    operands: [ValueDefinition("target", handle), ValueDefinition("loop", handle)],
    results: [ValueDefinition("packing_loop", handle)],
    attributes: [AttributeSlot("transpose", .denseI64Array, default: { $0.denseI64Array([]) })],
    format: """
      $target `above` $loop (`,` `transpose` `by` $transpose^)? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyTranspose)

  static let structuredHoistPad: OpDefinition = OpDefinition(
    "transform.structured.hoist_pad", "moves padding out of loops",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      AttributeSlot("num_loops", .i64),
      AttributeSlot("transpose", .denseI64Array, default: { $0.denseI64Array([]) }),
    ],
    format: """
      $target `by` $num_loops `loops` (`,` `transpose` `by` $transpose^)? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyTranspose,
    interfaces: [Consumption.all])

  static let structuredHoistRedundantVectorBroadcasts: OpDefinition = OpDefinition(
    "transform.structured.hoist_redundant_vector_broadcasts", "moves broadcasts out of loops",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredHoistRedundantVectorTransfers: OpDefinition = OpDefinition(
    "transform.structured.hoist_redundant_vector_transfers", "moves transfers out of loops",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [.optional("verify_non_zero_trip", .unit)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredInsertSliceToCopy: OpDefinition = OpDefinition(
    "transform.structured.insert_slice_to_copy", "an insertion of a slice as a copy",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredInterchange: OpDefinition = OpDefinition(
    "transform.structured.interchange", "reorders the iteration dimensions",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      AttributeSlot("iterator_interchange", nonNegativeArray, default: { $0.denseI64Array([]) })
    ],
    format: """
      $target (`iterator_interchange` `=` $iterator_interchange^)? attr-dict `:` \
      custom<SemiFunctionType>(type($target), type($transformed), "false")
      """,
    verify: verifyInterchange,
    interfaces: [directives, Consumption.all])

  static let structuredLinalgCopyToMemref: OpDefinition = OpDefinition(
    "transform.structured.linalg_copy_to_memref", "a copy between buffers as memref.copy",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredLowerPack: OpDefinition = OpDefinition(
    "transform.structured.lower_pack", "a pack as pad, reshape and transpose",
    operands: [ValueDefinition("target", handleTo("linalg.pack"))],
    results: [
      ValueDefinition("pad_op", handleTo("tensor.pad")),
      ValueDefinition("expand_shape_op", handleTo("tensor.expand_shape")),
      ValueDefinition("transpose_op", handleTo("linalg.transpose")),
    ],
    attributes: [
      AttributeSlot("lowerPadLikeWithInsertSlice", .bool, default: { $0.boolAttribute(true) })
    ],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredLowerUnpack: OpDefinition = OpDefinition(
    "transform.structured.lower_unpack", "an unpack as transpose, reshape and slice",
    operands: [ValueDefinition("target", handleTo("linalg.unpack"))],
    results: [
      ValueDefinition("empty_op", handleTo("tensor.empty")),
      ValueDefinition("transpose_op", handleTo("linalg.transpose")),
      ValueDefinition("collapse_shape_op", handleTo("tensor.collapse_shape")),
      ValueDefinition("extract_slice_op", handleTo("tensor.extract_slice")),
    ],
    attributes: [
      AttributeSlot("lowerUnpadLikeWithExtractSlice", .bool, default: { $0.boolAttribute(true) })
    ],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredGpuMapCopyToThreads: OpDefinition = OpDefinition(
    "transform.structured.gpu.map_copy_to_threads", "spreads a copy over threads",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("forall_op", handle), ValueDefinition("tiled_op", handle)],
    attributes: [
      AttributeSlot("total_num_threads", .i64), AttributeSlot("desired_bit_alignment", .i64),
    ],
    format: """
      $target `total_num_threads` `=` $total_num_threads `desired_bit_alignment` `=` \
      $desired_bit_alignment attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [Consumption.all])

  static let structuredMatch: OpDefinition = OpDefinition(
    "transform.structured.match", "handles of what fits a description",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("results", handle)],
    attributes: [
      .optional("ops", stringArray), .optional("interface", matchInterface),
      .optional("op_attrs", .dictionary), .optional("filter_result_type", .type),
      .optional("filter_operand_types", typeArray),
    ],
    format: """
      (`ops` `{` $ops^ `}`)? (`interface` `{` $interface^ `}`)? (`attributes` $op_attrs^)? \
      (`filter_result_type` `=` $filter_result_type^)? (`filter_operand_types` `=` \
      $filter_operand_types^)? `in` $target attr-dict `:` functional-type($target, results)
      """)

  static let structuredMultitileSizes: OpDefinition = OpDefinition(
    "transform.structured.multitile_sizes", "two tile sizes that together cover a dimension",
    operands: [ValueDefinition("target", handle)],
    results: [
      ValueDefinition("low_size", paramOrHandle), ValueDefinition("high_size", paramOrHandle),
      ValueDefinition("split_point", paramOrHandle),
    ],
    attributes: [
      AttributeSlot("dimension", .i64), AttributeSlot("target_size", .i64),
      AttributeSlot("divisor", .i64, default: { $0.i64Attribute(1) }),
    ],
    format: """
      $target attr-dict `:` custom<MultitileSizesTypes>(type($target), type($low_size), \
      type($high_size), type($split_point))
      """,
    verify: verifyMultitileSizes,
    interfaces: [directives])

  static let structuredPackGreedily: OpDefinition = OpDefinition(
    "transform.structured.pack_greedily", "packs what looks like a product of matrices",
    operands: [ValueDefinition("target", handle), .variadic("matmul_packed_sizes", handle)],
    results: [ValueDefinition("packed_op", handle)],
    attributes: [
      AttributeSlot("static_matmul_packed_sizes", three, default: { $0.denseI64Array([]) }),
      AttributeSlot(
        "matmul_padded_sizes_next_multiple_of", zeroOrThree, default: { $0.denseI64Array([]) }),
      AttributeSlot("matmul_inner_dims_order", three, default: { $0.denseI64Array([]) }),
    ],
    format: """
      $target oilist( `matmul_packed_sizes` `=` \
      custom<DynamicIndexList>($matmul_packed_sizes, $static_matmul_packed_sizes) \
      (`matmul_padded_sizes_next_multiple_of` `=` $matmul_padded_sizes_next_multiple_of^)? \
      `matmul_inner_dims_order` `=` $matmul_inner_dims_order ) attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyPackGreedily,
    interfaces: [directives, Consumption("target")])

  static let structuredPack: OpDefinition = OpDefinition(
    "transform.structured.pack", "packs operands into tiles",
    operands: [ValueDefinition("target", handle), .variadic("packed_sizes", handle)],
    results: [ValueDefinition("packed_op", handle)],
    attributes: [
      AttributeSlot("static_packed_sizes", .denseI64Array, default: { $0.denseI64Array([]) })
    ],
    format: """
      $target `packed_sizes` `=` custom<DynamicIndexList>($packed_sizes, \
      $static_packed_sizes) attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [directives, Consumption("target")])

  static let structuredPackTranspose: OpDefinition = OpDefinition(
    "transform.structured.pack_transpose", "reorders the dimensions of a pack",
    operands: [
      ValueDefinition("target_pack_or_un_pack_op", handle),
      ValueDefinition("target_linalg_op", handle),
    ],
    results: [
      ValueDefinition("packed_op", handle), ValueDefinition("pack_op", handle),
      ValueDefinition("un_pack_op", handle),
    ],
    attributes: [
      .optional("outer_perm", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("inner_perm", .denseI64Array, absent: { $0.denseI64Array([]) }),
    ],
    format: """
      $target_pack_or_un_pack_op `with_compute_op` `(` $target_linalg_op `)` (`outer_perm` \
      `=` $outer_perm^ )? (`inner_perm` `=` $inner_perm^ )? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyPackTranspose,
    interfaces: [Consumption.all])

  static let structuredPad: OpDefinition = OpDefinition(
    "transform.structured.pad", "pads operands",
    operands: [ValueDefinition("target", handle), .variadic("pad_to_multiple_of", paramOrHandle)],
    results: [
      ValueDefinition("padded", handle), ValueDefinition("pad", handle),
      ValueDefinition("copy", handle),
    ],
    attributes: [
      AttributeSlot("padding_values", .array, default: { $0.array([]) }),
      AttributeSlot("padding_dimensions", i64Array, default: { $0.array([]) }),
      .optional("static_pad_to_multiple_of", .denseI64Array, absent: { $0.denseI64Array([]) }),
      AttributeSlot("nofold_flags", i64Array, default: { $0.array([]) }),
      AttributeSlot("transpose_paddings", i64ArrayArray, default: { $0.array([]) }),
      AttributeSlot(
        "copy_back_op", .string, default: { $0.string("bufferization.materialize_in_destination") }),
      .optional("use_prescribed_tensor_shapes", .unit),
    ],
    format: """
      $target (`pad_to_multiple_of` custom<DynamicIndexList>($pad_to_multiple_of, \
      $static_pad_to_multiple_of)^)? (`use_prescribed_tensor_shapes` \
      $use_prescribed_tensor_shapes^)? attr-dict `:` functional-type(operands, results)
      """,
    verify: verifyPad,
    interfaces: [directives, Consumption.all])

  static let structuredPadTilingInterface: OpDefinition = OpDefinition(
    "transform.structured.pad_tiling_interface", "pads operands of an operation that can be tiled",
    operands: [ValueDefinition("target", handle), .variadic("padding_sizes", paramOrHandle)],
    results: [ValueDefinition("padded", handle), ValueDefinition("pad", handle)],
    attributes: [
      AttributeSlot("padding_values", .array, default: { $0.array([]) }),
      .optional("static_padding_sizes", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("pad_to_multiple_of", .unit),
    ],
    format: """
      $target `to` (`padding_sizes` custom<DynamicIndexList>($padding_sizes, \
      $static_padding_sizes)^)? (`pad_to_multiple_of` $pad_to_multiple_of^)? attr-dict `:` \
      functional-type(operands, results)
      """,
    interfaces: [directives, Consumption.all])

  static let structuredPromote: OpDefinition = OpDefinition(
    "transform.structured.promote", "copies operands to local buffers",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      AttributeSlot("operands_to_promote", i64Array, default: { $0.array([]) }),
      AttributeSlot("use_full_tile_buffers", boolArray, default: { $0.array([]) }),
      .optional("use_full_tiles_by_default", .unit), .optional("use_original_subview_size", .unit),
      .optional("use_alloca", .unit), .optional("memory_space", .any),
      .optional("mapping", mappingArray), .optional("alignment", .i64),
    ],
    format: """
      $target attr-dict `:` custom<SemiFunctionType>(type($target), type($transformed), \
      "false")
      """,
    interfaces: [directives, Consumption.all])

  static let structuredPromoteTensor: OpDefinition = OpDefinition(
    "transform.structured.promote_tensor", "asks for a tensor in a memory space",
    operands: [ValueDefinition("tensor", valueHandle)],
    results: [ValueDefinition("promoted", valueHandle)],
    attributes: [.optional("memory_space", .any)],
    traits: [.sameOperandsAndResultType],
    format: "(`to` $memory_space^)? $tensor attr-dict `:` type($tensor)")

  static let structuredReplace: OpDefinition = OpDefinition(
    "transform.structured.replace", "replaces by the operation in its region",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("replacement", handle)],
    regions: [RegionDefinition("bodyRegion", oneBlock: true)],
    traits: [.isolatedFromAbove, .noTerminator, .singleBlock, .graphRegion],
    format: """
      $target attr-dict-with-keyword regions `:` custom<SemiFunctionType>(type($target), \
      type($replacement), "false")
      """,
    verify: verifyReplace,
    interfaces: [directives, Consumption("target")])

  static let structuredRewriteInDestinationPassingStyle: OpDefinition = OpDefinition(
    "transform.structured.rewrite_in_destination_passing_style", "an operation with a destination",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type($target, results)",
    interfaces: [Consumption.all])

  static let structuredScalarize: OpDefinition = OpDefinition(
    "transform.structured.scalarize", "tiles all dynamic dimensions by one",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    format: """
      $target attr-dict `:` custom<SemiFunctionType>(type($target), type($result), "false")
      """,
    interfaces: [directives, Consumption.all])

  static let structuredSpecialize: OpDefinition = OpDefinition(
    "transform.structured.specialize", "an operation as a named one",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: """
      $target attr-dict `:` custom<SemiFunctionType>(type($target), type($transformed), \
      "false")
      """,
    interfaces: [directives, Consumption.all])

  static let structuredSplit: OpDefinition = OpDefinition(
    "transform.structured.split", "splits an iteration dimension in two",
    operands: [ValueDefinition("target", handle), .optional("dynamic_chunk_sizes", paramOrHandle)],
    results: [ValueDefinition("split_list", handle)],
    attributes: [
      AttributeSlot("dimension", .i64), AttributeSlot("static_chunk_sizes", .i64),
      .optional("multiway", .unit),
    ],
    verify: verifySplit,
    interfaces: [splitAssembly, Consumption("target")])

  static let structuredSplitReduction: OpDefinition = OpDefinition(
    "transform.structured.split_reduction", "splits a reduction into a parallel part and the rest",
    operands: [ValueDefinition("target", handle)],
    results: [
      ValueDefinition("init_or_alloc_op", handle), ValueDefinition("fill_op", handle),
      ValueDefinition("split_linalg_op", handle), ValueDefinition("combining_linalg_op", handle),
    ],
    attributes: [
      AttributeSlot("split_factor", .i64, default: { $0.i64Attribute(0) }),
      AttributeSlot("insert_split_dimension", .i64, default: { $0.i64Attribute(0) }),
      .optional("inner_parallel", .unit), .optional("use_scaling_algorithm", .unit),
      .optional("use_alloc", .unit),
    ],
    format: "$target attr-dict `:`functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredTileReductionUsingFor: OpDefinition = OpDefinition(
    "transform.structured.tile_reduction_using_for", "tiles a reduction by scf.for",
    operands: [ValueDefinition("target", handle)],
    results: [
      .variadic("fill_op", handle), ValueDefinition("split_op", handle),
      ValueDefinition("combining_op", handle), ValueDefinition("for_op", handle),
    ],
    attributes: [
      AttributeSlot("reduction_dims", i64Array, default: { $0.array([]) }),
      AttributeSlot("tile_sizes", i64Array, default: { $0.array([]) }),
    ],
    format: """
      $target (`reduction_dims` `=` $reduction_dims^)? `by` `tile_sizes` `=` $tile_sizes \
      attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [Consumption.all])

  static let structuredTileReductionUsingForall: OpDefinition = OpDefinition(
    "transform.structured.tile_reduction_using_forall", "tiles a reduction by scf.forall",
    operands: [ValueDefinition("target", handle)],
    results: [
      .variadic("fill_op", handle), ValueDefinition("split_op", handle),
      ValueDefinition("combining_op", handle), ValueDefinition("forall_op", handle),
    ],
    attributes: [
      AttributeSlot("reduction_dims", i64Array, default: { $0.array([]) }),
      AttributeSlot("num_threads", .denseI64Array, default: { $0.denseI64Array([]) }),
      AttributeSlot("tile_sizes", .denseI64Array, default: { $0.denseI64Array([]) }),
      .optional("mapping", mappingArray),
    ],
    format: """
      $target (`reduction_dims` `=` $reduction_dims^)? `by` (`num_threads` `=` \
      $num_threads^)? (`tile_sizes` `=` $tile_sizes^)? (`mapping` `=` $mapping^)? attr-dict \
      `:` functional-type(operands, results)
      """,
    interfaces: [Consumption.all])

  static let structuredTileUsingFor: OpDefinition = OpDefinition(
    "transform.structured.tile_using_for", "tiles by scf.for",
    operands: [ValueDefinition("target", handle), .variadic("dynamic_sizes", paramOrHandle)],
    results: [ValueDefinition("tiled_linalg_op", handle), .variadic("loops", handle)],
    attributes: [
      .optional("static_sizes", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("interchange", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("scalable_sizes", .denseBoolArray, absent: { $0.denseArray($0.i1, [] as [Int]) }),
    ],
    format: """
      $target `tile_sizes` custom<DynamicIndexList>( $dynamic_sizes, $static_sizes, \
      $scalable_sizes) (`interchange` `=` $interchange^)? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyTileUsingFor,
    interfaces: [directives, Consumption("target")])

  static let structuredTileUsingForall: OpDefinition = OpDefinition(
    "transform.structured.tile_using_forall", "tiles by scf.forall",
    operands: [
      ValueDefinition("target", handle), .variadic("num_threads", paramOrHandle),
      .variadic("tile_sizes", paramOrHandle), .optional("packed_num_threads", paramOrHandle),
      .optional("packed_tile_sizes", paramOrHandle),
    ],
    results: [ValueDefinition("tiled_op", handle), ValueDefinition("forall_op", handle)],
    attributes: [
      .optional("static_num_threads", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("static_tile_sizes", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("mapping", mappingArray),
    ],
    traits: [.attrSizedOperandSegments],
    format: """
      $target oilist( `num_threads` custom<PackedOrDynamicIndexList>($packed_num_threads, \
      $num_threads, $static_num_threads) | `tile_sizes` \
      custom<PackedOrDynamicIndexList>($packed_tile_sizes, $tile_sizes, \
      $static_tile_sizes)) (`(` `mapping` `=` $mapping^ `)`)? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyTileUsingForall,
    interfaces: [directives, Consumption("target")])

  static let structuredTransposeConv2d: OpDefinition = OpDefinition(
    "transform.structured.transpose_conv2d", "a convolution with transposed filter",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    format: "$target attr-dict `:` functional-type($target, results)",
    interfaces: [Consumption.all])

  static let structuredTransposeMatmul: OpDefinition = OpDefinition(
    "transform.structured.transpose_matmul", "a product with a transposed input",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [AttributeSlot("inputToTranspose", transposeInput, default: enumDefault(0))],
    format: """
      $target (`<` $inputToTranspose^ `>`)? attr-dict `:` functional-type($target, results)
      """,
    interfaces: [Consumption.all])

  static let structuredVectorizeChildrenAndApplyPatterns: OpDefinition = OpDefinition(
    "transform.structured.vectorize_children_and_apply_patterns", "vectorises what is inside",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      .optional("fold_type_extensions_into_contract", .unit), .optional("vectorize_padding", .unit),
      .optional("vectorize_nd_extract", .unit), .optional("flatten_1d_depthwise_conv", .unit),
      .optional("disable_multi_reduction_to_contract_patterns", .unit),
      .optional("disable_transfer_permutation_map_lowering_patterns", .unit),
    ],
    format: "$target attr-dict `:`functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let structuredVectorize: OpDefinition = OpDefinition(
    "transform.structured.vectorize", "an operation on vectors",
    operands: [ValueDefinition("target", handle), .variadic("vector_sizes", paramOrHandle)],
    attributes: [
      .optional("static_vector_sizes", .denseI64Array, absent: { $0.denseI64Array([]) }),
      .optional("vectorize_nd_extract", .unit),
      .optional("assume_dynamic_dims_match_vec_sizes", .unit),
      .optional("create_named_contraction", .unit),
      .optional("scalable_sizes", .denseBoolArray, absent: { $0.denseArray($0.i1, [] as [Int]) }),
    ],
    format: """
      $target oilist( `vector_sizes` custom<DynamicIndexList>( $vector_sizes, \
      $static_vector_sizes, $scalable_sizes)) attr-dict `:` \
      type($target)(`,`type($vector_sizes)^)?
      """,
    verify: verifyVectorize,
    interfaces: [directives, Consumption("target")])

  static let structuredWinogradConv2d: OpDefinition = OpDefinition(
    "transform.structured.winograd_conv2d", "a convolution by Winograd's method",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [AttributeSlot("fmr", winogradForm)],
    format: "$target attr-dict `:` functional-type($target, results)",
    interfaces: [Consumption.all])

  static let structuredOperations = [
    applyPatternsLinalgFoldPackUnpackIntoEmpty, structuredBufferizeToAllocation,
    structuredContinuousTileSizes, structuredConvertConv2dToImg2col, structuredConvertToLoops,
    structuredDecomposeInterface, structuredDecompose, structuredDecomposeWinogradOp,
    structuredEliminateEmptyTensors, structuredFlattenElementwise, structuredFuseIntoContainingOp,
    structuredFuse, structuredGeneralize, structuredHoistPadBuildPackingLoopNest,
    structuredHoistPad, structuredHoistRedundantVectorBroadcasts,
    structuredHoistRedundantVectorTransfers, structuredInsertSliceToCopy, structuredInterchange,
    structuredLinalgCopyToMemref, structuredLowerPack, structuredLowerUnpack,
    structuredGpuMapCopyToThreads, structuredMatch, structuredMultitileSizes,
    structuredPackGreedily, structuredPack, structuredPackTranspose, structuredPad,
    structuredPadTilingInterface, structuredPromote, structuredPromoteTensor, structuredReplace,
    structuredRewriteInDestinationPassingStyle, structuredScalarize, structuredSpecialize,
    structuredSplit, structuredSplitReduction, structuredTileReductionUsingFor,
    structuredTileReductionUsingForall, structuredTileUsingFor, structuredTileUsingForall,
    structuredTransposeConv2d, structuredTransposeMatmul,
    structuredVectorizeChildrenAndApplyPatterns, structuredVectorize, structuredWinogradConv2d,
  ]
}
