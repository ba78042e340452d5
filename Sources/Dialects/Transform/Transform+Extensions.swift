import MartletIR
import MartletSupport
import MartletSyntax

/// Operations that dialects and extensions add.
extension Transform {
  static let irdlCollectMatching: OpDefinition = OpDefinition(
    "transform.irdl.collect_matching", "handles of what an irdl operation describes",
    operands: [ValueDefinition("root", handle)],
    results: [ValueDefinition("matched", handle)],
    regions: [RegionDefinition("body", oneBlock: true)],
    traits: [.symbolTable, .noTerminator],
    format: "`in` $root `:` functional-type(operands, results) attr-dict-with-keyword regions")

  static let debugEmitParamAsRemark: OpDefinition = OpDefinition(
    "transform.debug.emit_param_as_remark", "reports a parameter",
    operands: [ValueDefinition("param", param), .optional("anchor", handle)],
    attributes: [.optional("message", .string)],
    format: """
      $param (`,` $message^)? (`at` $anchor^)?attr-dict `:` type($param) (`,` \
      type($anchor)^)?
      """)

  static let debugEmitRemarkAt: OpDefinition = OpDefinition(
    "transform.debug.emit_remark_at", "reports a text at the payload",
    operands: [ValueDefinition("at", anyHandleType)],
    attributes: [AttributeSlot("message", .string)],
    format: "$at `,` $message attr-dict `:` type($at)")

  static let smtConstrainParams: OpDefinition = OpDefinition(
    "transform.smt.constrain_params", "constraints on parameters as a solver reads them",
    operands: [.variadic("params", param)],
    results: [.variadic("results", param)],
    regions: [RegionDefinition("body", oneBlock: true)],
    format: "`(` $params `)` attr-dict `:` functional-type(operands, results) $body")

  static let tuneAlternatives: OpDefinition = OpDefinition(
    "transform.tune.alternatives", "a choice among regions",
    operands: [.optional("selected_region_param", param)],
    results: [.variadic("results", anyHandleOrParam)],
    attributes: [AttributeSlot("name", .string), .optional("selected_region_attr", anyInteger)],
    regions: [RegionDefinition("alternatives", arity: .variadic, oneBlock: true)],
    traits: [.noRegionArguments],
    format: """
      `<` $name `>` (`selected_region` `=` custom<AlternativesOpSelectedRegion>( \
      $selected_region_attr, $selected_region_param)^)? attr-dict-with-keyword (`:` \
      type($selected_region_param)^)? (`->` type($results)^)? regions
      """,
    implicitTerminator: "transform.yield",
    verify: verifyTuneAlternatives,
    interfaces: [directives])

  static let tuneKnob: OpDefinition = OpDefinition(
    "transform.tune.knob", "a choice among values",
    results: [ValueDefinition("result", param)],
    attributes: [
      AttributeSlot("name", .string), AttributeSlot("options", .any), .optional("selected", .any),
    ],
    format: """
      `<` $name `>` (`=` $selected^ `from`)? `options` `=` $options attr-dict `->` \
      type(results)
      """,
    verify: verifyKnob)

  static let pdlMatch: OpDefinition = OpDefinition(
    "transform.pdl_match", "handles of what a pdl pattern matches",
    operands: [ValueDefinition("root", handle)],
    results: [ValueDefinition("matched", handle)],
    attributes: [AttributeSlot("pattern_name", .symbolRef)],
    format: "$pattern_name `in` $root attr-dict `:` functional-type(operands, results)")

  static let withPdlPatterns: OpDefinition = OpDefinition(
    "transform.with_pdl_patterns", "pdl patterns and a sequence that uses them",
    operands: [.optional("root", handle)],
    regions: [RegionDefinition("body", oneBlock: true)],
    traits: [.noTerminator, .symbolTable],
    format: "($root^ `:` type($root))? attr-dict-with-keyword regions",
    verify: verifyPDLPatterns,
    interfaces: [DefaultDialect("transform")])

  static let dltiQuery: OpDefinition = OpDefinition(
    "transform.dlti.query", "a value of the data layout or target description",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("associated_attr", param)],
    attributes: [AttributeSlot("keys", .array)],
    format: "$keys `at` $target attr-dict `:` functional-type(operands, results)")

  static let funcCastAndCall: OpDefinition = OpDefinition(
    "transform.func.cast_and_call", "replaces values by the results of a call",
    operands: [
      ValueDefinition("insertion_point", handle), .optional("inputs", valueHandle),
      .optional("outputs", valueHandle), .optional("function", handle),
    ],
    results: [ValueDefinition("result", handle)],
    attributes: [.optional("insert_after", .unit), .optional("function_name", .symbolRef)],
    regions: [RegionDefinition("conversions", oneBlock: true)],
    traits: [.attrSizedOperandSegments, .noTerminator, .singleBlock, .graphRegion],
    format: """
      ($function_name^)? ($function^)? ( `(` $inputs^ `)` )? ( `->` $outputs^ )? (`after` \
      $insert_after^):(`before`)? $insertion_point ($conversions^)? attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyCastAndCall)

  static let funcDeduplicateFuncArgs: OpDefinition = OpDefinition(
    "transform.func.deduplicate_func_args", "drops arguments passed twice",
    operands: [ValueDefinition("module", handle)],
    results: [
      ValueDefinition("transformed_module", handle),
      ValueDefinition("transformed_function", handle),
    ],
    attributes: [AttributeSlot("function_name", .symbolRef)],
    format: "$function_name `at` $module attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption("module")])

  static let funcReplaceFuncSignature: OpDefinition = OpDefinition(
    "transform.func.replace_func_signature", "reorders arguments and results",
    operands: [ValueDefinition("module", handle)],
    results: [
      ValueDefinition("transformed_module", handle),
      ValueDefinition("transformed_function", handle),
    ],
    attributes: [
      AttributeSlot("function_name", .symbolRef), AttributeSlot("args_interchange", .denseI32Array),
      AttributeSlot("results_interchange", .denseI32Array), .optional("adjust_func_calls", .unit),
    ],
    format: """
      $function_name `args_interchange` `=` $args_interchange `results_interchange` `=` \
      $results_interchange `at` $module attr-dict `:` functional-type(operands, results)
      """,
    interfaces: [Consumption("module")])

  static let bufferizationBufferLoopHoisting: OpDefinition = OpDefinition(
    "transform.bufferization.buffer_loop_hoisting", "moves allocations out of loops",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)")

  static let bufferizationEliminateEmptyTensors: OpDefinition = OpDefinition(
    "transform.bufferization.eliminate_empty_tensors",
    "uses destinations in place of empty tensors",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)")

  static let bufferizationEmptyTensorToAllocTensor: OpDefinition = OpDefinition(
    "transform.bufferization.empty_tensor_to_alloc_tensor", "an empty tensor as an allocation",
    operands: [ValueDefinition("target", handleTo("tensor.empty"))],
    results: [ValueDefinition("transformed", handleTo("bufferization.alloc_tensor"))],
    format: "$target attr-dict `:` functional-type(operands, results)",
    interfaces: [Consumption.all])

  static let bufferizationOneShotBufferize: OpDefinition = OpDefinition(
    "transform.bufferization.one_shot_bufferize", "puts tensors into buffers",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("transformed", handle)],
    attributes: [
      .optional("function_boundary_type_conversion", layoutMapOption),
      AttributeSlot("allow_return_allocs_from_loops", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("allow_unknown_ops", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("bufferize_function_boundaries", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("dump_alias_sets", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("test_analysis_only", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("print_conflicts", .bool, default: { $0.boolAttribute(false) }),
      AttributeSlot("check_parallel_regions", .bool, default: { $0.boolAttribute(true) }),
      AttributeSlot("memcpy_op", .string, default: { $0.string("memref.copy") }),
    ],
    format: """
      (`layout` `{` $function_boundary_type_conversion^ `}`)? $target attr-dict `:` \
      functional-type($target, results)
      """,
    verify: verifyOneShotBufferize,
    interfaces: [Consumption.all])

  static let affineSimplifyBoundedAffineOps: OpDefinition = OpDefinition(
    "transform.affine.simplify_bounded_affine_ops", "simplifies where values have known bounds",
    operands: [ValueDefinition("target", handle), .variadic("bounded_values", handle)],
    attributes: [
      AttributeSlot("lower_bounds", .denseI64Array), AttributeSlot("upper_bounds", .denseI64Array),
    ],
    format: """
      $target `with` `[` ($bounded_values^ `:` type($bounded_values))? `]` `within` \
      $lower_bounds `and` $upper_bounds attr-dict `:` type($target)
      """,
    verify: verifyBoundedAffine,
    interfaces: [Consumption("target")])

  static let affineSimplifyMinMaxAffineOps: OpDefinition = OpDefinition(
    "transform.affine.simplify_min_max_affine_ops", "simplifies minima and maxima",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)",
    interfaces: [Consumption("target")])

  static let sparseTensorMatchSparseInout: OpDefinition = OpDefinition(
    "transform.sparse_tensor.match.sparse_inout", "matches operations on sparse tensors",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    format: """
      $target attr-dict `:` custom<SemiFunctionType>(type($target), type($result), "false")
      """,
    interfaces: [directives])

  static let extensionsOperations = [
    irdlCollectMatching, debugEmitParamAsRemark, debugEmitRemarkAt, smtConstrainParams,
    tuneAlternatives, tuneKnob, pdlMatch, withPdlPatterns, dltiQuery, funcCastAndCall,
    funcDeduplicateFuncArgs, funcReplaceFuncSignature, bufferizationBufferLoopHoisting,
    bufferizationEliminateEmptyTensors, bufferizationEmptyTensorToAllocTensor,
    bufferizationOneShotBufferize, affineSimplifyBoundedAffineOps, affineSimplifyMinMaxAffineOps,
    sparseTensorMatchSparseInout,
  ]
}
