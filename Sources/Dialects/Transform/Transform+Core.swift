import MartletIR
import MartletSupport
import MartletSyntax

/// Sequences, handles and parameters.
extension Transform {
  static let alternatives: OpDefinition = OpDefinition(
    "transform.alternatives", "tries its regions until one succeeds",
    operands: [.optional("scope", handle)],
    results: [.variadic("results", handle)],
    regions: [RegionDefinition("alternatives", arity: .variadic, oneBlock: true)],
    traits: [.isolatedFromAbove],
    format: """
      ($scope^ `:` type($scope))? (`->` type($results)^)? attr-dict-with-keyword regions
      """,
    implicitTerminator: "transform.yield",
    verify: verifyAlternatives)

  static let annotate: OpDefinition = OpDefinition(
    "transform.annotate", "sets an attribute of operations",
    operands: [ValueDefinition("target", handle), .optional("param", param)],
    attributes: [AttributeSlot("name", .string)],
    format: "$target $name attr-dict (`=` $param^)?`:` type($target) (`,` type($param)^)?")

  static let applyCse: OpDefinition = OpDefinition(
    "transform.apply_cse", "removes common subexpressions",
    operands: [ValueDefinition("target", handle)],
    format: "`to` $target attr-dict `:` type($target)")

  static let applyConversionPatterns: OpDefinition = OpDefinition(
    "transform.apply_conversion_patterns", "converts a payload by sets of patterns",
    operands: [ValueDefinition("target", handle)],
    attributes: [
      .optional("legal_ops", stringArray), .optional("illegal_ops", stringArray),
      .optional("legal_dialects", stringArray), .optional("illegal_dialects", stringArray),
      .optional("partial_conversion", .unit), .optional("preserve_handles", .unit),
    ],
    regions: [
      RegionDefinition("patterns", oneBlock: true),
      RegionDefinition("default_type_converter_region", arity: .variadic, oneBlock: true),
    ],
    traits: [.noTerminator, .singleBlock, .graphRegion],
    format: """
      `to` $target $patterns (`with` `type_converter` $default_type_converter_region^)? \
      attr-dict `:` type($target)
      """,
    verify: verifyConversionPatterns,
    interfaces: [Consumption("target")])

  static let applyDce: OpDefinition = OpDefinition(
    "transform.apply_dce", "removes dead operations",
    operands: [ValueDefinition("target", handle)],
    format: "`to` $target attr-dict `:` type($target)")

  static let applyLicm: OpDefinition = OpDefinition(
    "transform.apply_licm", "moves what does not vary out of a loop",
    operands: [ValueDefinition("target", handle)],
    format: "`to` $target attr-dict `:` type($target)")

  static let applyPatterns: OpDefinition = OpDefinition(
    "transform.apply_patterns", "applies sets of patterns until nothing changes",
    operands: [ValueDefinition("target", handle)],
    attributes: [
      .optional("apply_cse", .unit),
      AttributeSlot("max_iterations", .i64, default: { $0.i64Attribute(-1) }),
      AttributeSlot("max_num_rewrites", .i64, default: { $0.i64Attribute(-1) }),
    ],
    regions: [RegionDefinition("patterns", oneBlock: true)],
    traits: [.noTerminator, .singleBlock, .graphRegion],
    format: "`to` $target $patterns attr-dict `:` type($target)",
    verify: verifyPatterns)

  static let applyRegisteredPass: OpDefinition = OpDefinition(
    "transform.apply_registered_pass", "runs a pass or pipeline",
    operands: [ValueDefinition("target", handle), .variadic("dynamic_options", param)],
    results: [ValueDefinition("result", handle)],
    attributes: [
      AttributeSlot("pass_name", .string),
      AttributeSlot(
        "options", .dictionary, default: { $0.dictionary([] as [(String, Attribute)]) }),
    ],
    format: """
      $pass_name (`with` `options` `=` custom<ApplyRegisteredPassOptions>($options, \
      $dynamic_options)^)? `to` $target attr-dict `:` functional-type(operands, results)
      """,
    verify: verifyRegisteredPass,
    interfaces: [directives, Consumption("target")])

  static let applyConversionPatternsDialectToLlvm: OpDefinition = OpDefinition(
    "transform.apply_conversion_patterns.dialect_to_llvm",
    "the patterns a dialect has for its conversion to llvm",
    attributes: [AttributeSlot("dialect_name", .string)],
    format: "$dialect_name attr-dict",
    verify: verifyDialectToLLVM)

  static let cast: OpDefinition = OpDefinition(
    "transform.cast", "a handle or parameter as another type",
    operands: [ValueDefinition("input", handle)],
    results: [ValueDefinition("output", handle)],
    format: "$input attr-dict `:` type($input) `to` type($output)",
    interfaces: [Consumption.none])

  static let collectMatching: OpDefinition = OpDefinition(
    "transform.collect_matching", "handles of what a named matcher matches",
    operands: [ValueDefinition("root", handle)],
    results: [.variadic("results", anyHandleOrParam)],
    attributes: [AttributeSlot("matcher", .symbolRef)],
    format: "$matcher `in` $root attr-dict `:` functional-type($root, $results)",
    verify: verifyCollectMatching)

  static let foreachMatch: OpDefinition = OpDefinition(
    "transform.foreach_match", "runs the action of the first matcher that matches",
    operands: [ValueDefinition("root", handle), .variadic("forwarded_inputs", anyHandleOrParam)],
    results: [
      ValueDefinition("updated", handle), .variadic("forwarded_outputs", anyHandleOrParam),
    ],
    attributes: [
      .optional("restrict_root", .unit), .optional("flatten_results", .unit),
      AttributeSlot("matchers", symbolArray), AttributeSlot("actions", symbolArray),
    ],
    format: """
      oilist( `restrict_root` $restrict_root | `flatten_results` $flatten_results ) `in` \
      $root (`,` $forwarded_inputs^)? custom<ForeachMatchSymbols>($matchers, $actions) \
      attr-dict `:` functional-type(operands, results)
      """,
    verify: verifyForeachMatch,
    interfaces: [
      AsmResultNames { ["updated_root"] + $0.results.dropFirst().map { _ in "yielded" } },
      directives, Consumption("root"),
    ])

  static let foreach: OpDefinition = OpDefinition(
    "transform.foreach", "runs its region for each payload",
    operands: [.variadic("targets", anyHandleOrParam)],
    results: [.variadic("results", anyHandleOrParam)],
    attributes: [.optional("with_zip_shortest", .unit)],
    regions: [RegionDefinition("body", oneBlock: true)],
    format: """
      $targets oilist(`with_zip_shortest` $with_zip_shortest) `:` type($targets) (`->` \
      type($results)^)? $body attr-dict
      """,
    implicitTerminator: "transform.yield",
    verify: verifyForeach,
    interfaces: [Consumption.bodyArguments])

  static let getConsumersOfResult: OpDefinition = OpDefinition(
    "transform.get_consumers_of_result", "the users of a result",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("consumers", handle)],
    attributes: [AttributeSlot("result_number", .i64)],
    format: "$target `[` $result_number `]` attr-dict `:` functional-type(operands, results)")

  static let getDefiningOp: OpDefinition = OpDefinition(
    "transform.get_defining_op", "the operation that defines a value",
    operands: [ValueDefinition("target", valueHandle)],
    results: [ValueDefinition("result", handle)],
    format: "$target attr-dict `:` functional-type(operands, results)")

  static let getOperand: OpDefinition = OpDefinition(
    "transform.get_operand", "operands of an operation",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", valueHandle)],
    attributes: [
      AttributeSlot("raw_position_list", .denseI64Array), .optional("is_inverted", .unit),
      .optional("is_all", .unit),
    ],
    format: """
      $target `[`custom<TransformMatchDims>($raw_position_list, $is_inverted, $is_all)`]` \
      attr-dict `:` functional-type(operands, results)
      """,
    verify: verifyMatchDimensions,
    interfaces: [directives])

  static let getParentOp: OpDefinition = OpDefinition(
    "transform.get_parent_op", "operations around the payload",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("parent", handle)],
    attributes: [
      .optional("isolated_from_above", .unit), .optional("allow_empty_results", .unit),
      .optional("op_name", .string), .optional("deduplicate", .unit),
      AttributeSlot("nth_parent", positive, default: { $0.i64Attribute(1) }),
    ],
    format: "$target attr-dict `:` functional-type(operands, results)")

  static let getProducerOfOperand: OpDefinition = OpDefinition(
    "transform.get_producer_of_operand", "the operation that defines an operand",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("producer", handle)],
    attributes: [AttributeSlot("operand_number", .i64)],
    format: "$target `[` $operand_number `]` attr-dict `:` functional-type(operands, results)")

  static let getResult: OpDefinition = OpDefinition(
    "transform.get_result", "results of an operation",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", valueHandle)],
    attributes: [
      AttributeSlot("raw_position_list", .denseI64Array), .optional("is_inverted", .unit),
      .optional("is_all", .unit),
    ],
    format: """
      $target `[`custom<TransformMatchDims>($raw_position_list, $is_inverted, $is_all)`]` \
      attr-dict `:` functional-type(operands, results)
      """,
    verify: verifyMatchDimensions,
    interfaces: [directives])

  static let getType: OpDefinition = OpDefinition(
    "transform.get_type", "the type of a value",
    operands: [ValueDefinition("value", valueHandle)],
    results: [ValueDefinition("type_param", param)],
    attributes: [.optional("elemental", .unit)],
    format: """
      (`elemental` $elemental^)? $value attr-dict `:`functional-type(operands, results)
      """)

  static let include: OpDefinition = OpDefinition(
    "transform.include", "runs a named sequence",
    operands: [.variadic("operands", anyHandleOrParam)],
    results: [.variadic("results", anyHandleOrParam)],
    attributes: [
      AttributeSlot("target", .symbolRef), AttributeSlot("failure_propagation_mode", failureMode),
      .optional("arg_attrs", .dictionaryArray), .optional("res_attrs", .dictionaryArray),
    ],
    format: """
      $target `failures` `(` $failure_propagation_mode `)``(` $operands `)` attr-dict `:` \
      functional-type($operands, $results)
      """,
    verify: verifyInclude,
    interfaces: [Consumption.callee])

  static let matchOperationEmpty: OpDefinition = OpDefinition(
    "transform.match.operation_empty", "matches where a handle has no payload",
    operands: [ValueDefinition("operand_handle", handle)],
    format: "$operand_handle attr-dict `:` type($operand_handle)")

  static let matchOperationName: OpDefinition = OpDefinition(
    "transform.match.operation_name", "matches operations by name",
    operands: [ValueDefinition("operand_handle", handle)],
    attributes: [AttributeSlot("op_names", stringArray)],
    format: "$operand_handle $op_names attr-dict `:` type($operand_handle)")

  static let matchParamCmpi: OpDefinition = OpDefinition(
    "transform.match.param.cmpi", "matches where parameters compare so",
    operands: [ValueDefinition("param", param), ValueDefinition("reference", param)],
    attributes: [AttributeSlot("predicate", comparePredicate)],
    format: "$predicate $param `,` $reference attr-dict `:` type($param)")

  static let mergeHandles: OpDefinition = OpDefinition(
    "transform.merge_handles", "one handle of all payloads",
    operands: [.variadic("handles", anyHandleOrParam)],
    results: [ValueDefinition("result", anyHandleOrParam)],
    attributes: [.optional("deduplicate", .unit)],
    traits: [.sameOperandsAndResultType],
    format: "(`deduplicate` $deduplicate^)? $handles attr-dict `:` type($result)",
    fold: foldMerge)

  static let namedSequence: OpDefinition = OpDefinition(
    "transform.named_sequence", "a sequence with a name",
    attributes: [
      AttributeSlot("sym_name", .symbolName), AttributeSlot("function_type", anyFunctionType),
      .optional("sym_visibility", .string), .optional("arg_attrs", .dictionaryArray),
      .optional("res_attrs", .dictionaryArray),
    ],
    regions: [RegionDefinition("body")],
    traits: [.isolatedFromAbove, .symbol, .callable],
    verify: verifyNamedSequence,
    interfaces: [namedSequenceAssembly])

  static let numAssociations: OpDefinition = OpDefinition(
    "transform.num_associations", "how many payloads a handle has",
    operands: [ValueDefinition("handle", anyHandleOrParam)],
    results: [ValueDefinition("num", param)],
    format: "$handle attr-dict `:` functional-type(operands, results)",
    verify: verifyNumAssociations)

  static let paramConstant: OpDefinition = OpDefinition(
    "transform.param.constant", "a parameter of a known value",
    results: [ValueDefinition("param", param)],
    attributes: [AttributeSlot("value", .any)],
    format: "$value attr-dict `->` type($param)")

  static let print: OpDefinition = OpDefinition(
    "transform.print", "prints the payload",
    operands: [.optional("target", handle)],
    attributes: [
      .optional("name", .string), .optional("assume_verified", .unit),
      .optional("use_local_scope", .unit), .optional("skip_regions", .unit),
    ],
    format: "$target attr-dict (`:` type($target)^)?")

  static let replicate: OpDefinition = OpDefinition(
    "transform.replicate", "repeats a handle or parameter",
    operands: [ValueDefinition("pattern", handle), .variadic("handles", anyHandleOrParam)],
    results: [.variadic("replicated", anyHandleOrParam)],
    relations: [.same(["handles", "replicated"])],
    format: "`num` `(` $pattern `)` $handles attr-dict `:` type($pattern) `,` type($handles)")

  static let select: OpDefinition = OpDefinition(
    "transform.select", "payloads of a name",
    operands: [ValueDefinition("target", handle)],
    results: [ValueDefinition("result", handle)],
    attributes: [AttributeSlot("op_name", .string)],
    format: "$op_name `in` $target attr-dict `:` functional-type(operands, results)")

  static let sequence: OpDefinition = OpDefinition(
    "transform.sequence", "transformations one after another",
    operands: [.optional("root", handle), .variadic("extra_bindings", anyHandleOrParam)],
    results: [.variadic("results", handle)],
    attributes: [AttributeSlot("failure_propagation_mode", failureMode)],
    regions: [RegionDefinition("body", oneBlock: true)],
    traits: [.attrSizedOperandSegments],
    format: """
      custom<SequenceOpOperands>($root, type($root), $extra_bindings, \
      type($extra_bindings)) (`->` type($results)^)? `failures` `(` \
      $failure_propagation_mode `)` attr-dict-with-keyword regions
      """,
    implicitTerminator: "transform.yield",
    verify: verifySequence,
    interfaces: [DefaultDialect("transform"), directives])

  static let splitHandle: OpDefinition = OpDefinition(
    "transform.split_handle", "a handle for each payload",
    operands: [ValueDefinition("handle", anyHandleOrParam)],
    results: [.variadic("results", anyHandleOrParam)],
    attributes: [
      AttributeSlot("pass_through_empty_handle", .bool, default: { $0.boolAttribute(true) }),
      AttributeSlot("fail_on_payload_too_small", .bool, default: { $0.boolAttribute(true) }),
      .optional("overflow_result", .i64),
    ],
    format: "$handle attr-dict `:` functional-type(operands, results)",
    verify: verifySplitHandle,
    interfaces: [Consumption.all])

  static let verify: OpDefinition = OpDefinition(
    "transform.verify", "verifies the payload",
    operands: [ValueDefinition("target", handle)],
    format: "$target attr-dict `:` type($target)")

  static let yield: OpDefinition = OpDefinition(
    "transform.yield", "ends a region with handles",
    operands: [.variadic("operands", anyHandleOrParam)],
    traits: [.terminator],
    format: "operands attr-dict (`:` type($operands)^)?")

  static let coreOperations = [
    alternatives, annotate, applyCse, applyConversionPatterns, applyDce, applyLicm, applyPatterns,
    applyRegisteredPass, applyConversionPatternsDialectToLlvm, cast, collectMatching, foreachMatch,
    foreach, getConsumersOfResult, getDefiningOp, getOperand, getParentOp, getProducerOfOperand,
    getResult, getType, include, matchOperationEmpty, matchOperationName, matchParamCmpi,
    mergeHandles, namedSequence, numAssociations, paramConstant, print, replicate, select, sequence,
    splitHandle, verify, yield,
  ]
}
