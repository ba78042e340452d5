import MartletIR

/// Operations that stand for sets of patterns and have nothing but a name.
extension Transform {
  /// In regions of `transform.apply_patterns`, behind `transform.apply_patterns.`.
  private static let patternSets = [
    "arm_neon.vector_contract_to_bfmmla", "arm_neon.vector_contract_to_i8mm",
    "arm_sve.vector_contract_to_bfmmla", "arm_sve.vector_contract_to_i8mm", "canonicalization",
    "gpu.eliminate_barriers", "gpu.gpu_rewrite_patterns", "linalg.decompose_pack_unpack",
    "linalg.decompose_pad", "linalg.erase_unnecessary_inputs", "linalg.fold_add_into_dest",
    "linalg.fold_unit_extent_dims_via_reshapes", "linalg.fold_unit_extent_dims_via_slices",
    "linalg.pad_vectorization", "linalg.tiling_canonicalization", "memref.expand_ops",
    "memref.expand_strided_metadata", "memref.extract_address_computations",
    "memref.fold_memref_alias_ops", "memref.resolve_ranked_shaped_type_result_dims",
    "scf.for_loop_canonicalization", "tensor.bubble_up_extract_slice", "tensor.decompose_concat",
    "tensor.drop_redundant_insert_slice_rank_expansion", "tensor.fold_into_pack_and_unpack",
    "tensor.fold_tensor_subset_ops", "tensor.fold_tensor_subset_ops_into_vector_transfers",
    "tensor.merge_consecutive_insert_extract_slice", "tensor.reassociative_reshape_folding",
    "vector.cast_away_vector_leading_one_dim", "vector.drop_inner_most_unit_dims_from_xfer_ops",
    "vector.drop_unit_dims_with_shape_cast", "vector.elementwise_to_vector",
    "vector.fold_arith_extension", "vector.interleave_to_shuffle", "vector.lower_bitcast",
    "vector.lower_broadcast", "vector.lower_create_mask", "vector.lower_gather",
    "vector.lower_interleave", "vector.lower_masked_transfers", "vector.lower_masks",
    "vector.lower_outerproduct", "vector.lower_scan", "vector.lower_shape_cast",
    "vector.materialize_masks", "vector.rank_reducing_subview_patterns",
    "vector.reduction_to_contract", "vector.rewrite_narrow_types", "vector.sink_mem_ops",
    "vector.sink_ops", "vector.transfer_permutation_patterns", "vector.unroll_from_elements",
    "vector.unroll_to_elements", "x86vector.sink_vector_producer_ops",
    "x86vector.vector_contract_bf16_to_fma", "x86vector.vector_contract_to_fma",
    "x86vector.vector_contract_to_packed_type_dot_product",
  ]

  /// In regions of `transform.apply_conversion_patterns`, behind that name.
  private static let conversionPatternSets = [
    "func.func_to_llvm", "gpu.gpu_subgroup_reduce_to_nvvm", "gpu.gpu_wmma_to_nvvm",
    "nvgpu.nvgpu_to_nvvm", "scf.scf_to_control_flow", "scf.structural_conversions",
  ]

  static let patternOperations =
    patternSets.map { patternSet("apply_patterns." + $0) }
    + conversionPatternSets.map { patternSet("apply_conversion_patterns." + $0) }

  private static func patternSet(_ name: String) -> OpDefinition {
    let words = name.split(separator: ".").dropFirst().joined(separator: " ")
      .split(separator: "_").joined(separator: " ")
    return OpDefinition("transform." + name, "the patterns of \(words)", format: "attr-dict")
  }
}
