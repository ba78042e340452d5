import MartletIR
import MartletSupport
import MartletSyntax

/// Operations that match structured operations.
extension Transform {
  static let matchStructuredBody: OpDefinition = OpDefinition(
    "transform.match.structured.body", "matches by the body",
    operands: [ValueDefinition("operand_handle", handle)],
    attributes: [
      .optional("reduction_position", .i64), .optional("passthrough", .unit),
      .optional("elementwise", .unit), .optional("contraction", stringArray),
    ],
    format: "$operand_handle attr-dict `:` type($operand_handle)",
    verify: verifyMatchBody)

  static let matchStructuredClassifyContractionDims: OpDefinition = OpDefinition(
    "transform.match.structured.classify_contraction_dims",
    "the roles of dimensions in a contraction",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [
      ValueDefinition("batch", param), ValueDefinition("m", param), ValueDefinition("n", param),
      ValueDefinition("k", param),
    ],
    format: "$operand_handle attr-dict `:` functional-type(operands, results)")

  static let matchStructuredClassifyConvolutionDims: OpDefinition = OpDefinition(
    "transform.match.structured.classify_convolution_dims",
    "the roles of dimensions in a convolution",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [
      ValueDefinition("batch", param), ValueDefinition("output_image", param),
      ValueDefinition("output_channel", param), ValueDefinition("filter_loop", param),
      ValueDefinition("input_channel", param), ValueDefinition("depth", param),
      ValueDefinition("strides", param), ValueDefinition("dilations", param),
    ],
    format: "$operand_handle attr-dict `:` functional-type(operands, results)")

  static let matchStructuredDim: OpDefinition = OpDefinition(
    "transform.match.structured.dim", "matches by iteration dimensions",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [.optional("result", param)],
    attributes: [
      AttributeSlot("raw_dim_list", .denseI64Array), .optional("is_inverted", .unit),
      .optional("is_all", .unit), .optional("parallel", .unit), .optional("reduction", .unit),
    ],
    format: """
      $operand_handle `[`custom<TransformMatchDims>($raw_dim_list, $is_inverted, \
      $is_all)`]` attr-dict `:` custom<SemiFunctionType>(type($operand_handle), \
      type($result))
      """,
    verify: verifyMatchDim,
    interfaces: [directives])

  static let matchStructuredElementalBitwidth: OpDefinition = OpDefinition(
    "transform.match.structured.elemental_bitwidth", "the width of an element in bits",
    operands: [ValueDefinition("operand_handle", valueHandle)],
    results: [ValueDefinition("result", param)],
    format: "$operand_handle attr-dict `:` functional-type(operands, results)")

  static let matchStructuredInit: OpDefinition = OpDefinition(
    "transform.match.structured.init", "matches by outputs",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [.optional("result", handleOrMapParam)],
    attributes: [
      AttributeSlot("raw_position_list", .denseI64Array), .optional("is_inverted", .unit),
      .optional("is_all", .unit), .optional("permutation", .unit),
      .optional("projected_permutation", .unit),
    ],
    format: """
      $operand_handle `[`custom<TransformMatchDims>($raw_position_list, $is_inverted, \
      $is_all)`]` attr-dict `:` custom<SemiFunctionType>(type($operand_handle), \
      type($result))
      """,
    verify: verifyMatchOperand,
    interfaces: [directives])

  static let matchStructuredInput: OpDefinition = OpDefinition(
    "transform.match.structured.input", "matches by inputs",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [.optional("result", handleOrMapParam)],
    attributes: [
      AttributeSlot("raw_position_list", .denseI64Array), .optional("is_inverted", .unit),
      .optional("is_all", .unit), .optional("permutation", .unit),
      .optional("projected_permutation", .unit),
    ],
    format: """
      $operand_handle `[`custom<TransformMatchDims>($raw_position_list, $is_inverted, \
      $is_all)`]` attr-dict `:` custom<SemiFunctionType>(type($operand_handle), \
      type($result))
      """,
    verify: verifyMatchOperand,
    interfaces: [directives])

  static let matchStructuredNumInits: OpDefinition = OpDefinition(
    "transform.match.structured.num_inits", "the number of outputs",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [ValueDefinition("result", param)],
    format: "$operand_handle attr-dict `:` functional-type(operands, results)")

  static let matchStructuredNumInputs: OpDefinition = OpDefinition(
    "transform.match.structured.num_inputs", "the number of inputs",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [ValueDefinition("result", param)],
    format: "$operand_handle attr-dict `:` functional-type(operands, results)")

  static let matchStructured: OpDefinition = OpDefinition(
    "transform.match.structured", "matches a structured operation",
    operands: [ValueDefinition("current", handle)],
    results: [.variadic("outputs", anyHandleOrParam)],
    attributes: [.optional("failure_propagation_mode", failureMode)],
    regions: [RegionDefinition("body_region", oneBlock: true)],
    format: """
      (`failures` `(` $failure_propagation_mode^ `)`)?$current `:` \
      custom<SemiFunctionType>(type($current), type($outputs))attr-dict-with-keyword \
      regions
      """,
    implicitTerminator: "transform.match.structured.yield",
    verify: verifyMatchStructured,
    interfaces: [directives])

  static let matchStructuredRank: OpDefinition = OpDefinition(
    "transform.match.structured.rank", "the number of iteration dimensions",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [ValueDefinition("rank", param)],
    format: """
      $operand_handle attr-dict `:` custom<SemiFunctionType>(type($operand_handle), \
      type($rank), "false")
      """,
    interfaces: [directives])

  static let matchStructuredResult: OpDefinition = OpDefinition(
    "transform.match.structured.result", "matches a result",
    operands: [ValueDefinition("operand_handle", handle)],
    results: [ValueDefinition("result", anyHandle)],
    attributes: [
      AttributeSlot("position", .i64), .optional("any", .unit), .optional("single", .unit),
    ],
    format: """
      $operand_handle `[` $position `]` (`any` $any^)? (`single` $single^)?attr-dict `:` \
      functional-type(operands, results)
      """,
    verify: verifyMatchResult)

  static let matchStructuredYield: OpDefinition = OpDefinition(
    "transform.match.structured.yield", "ends a region that matches",
    operands: [.variadic("handles", anyHandleOrParam)],
    traits: [.terminator],
    format: "$handles attr-dict (`:` type($handles)^)?")

  static let matchOperations = [
    matchStructuredBody, matchStructuredClassifyContractionDims,
    matchStructuredClassifyConvolutionDims, matchStructuredDim, matchStructuredElementalBitwidth,
    matchStructuredInit, matchStructuredInput, matchStructuredNumInits, matchStructuredNumInputs,
    matchStructured, matchStructuredRank, matchStructuredResult, matchStructuredYield,
  ]
}
