import MartletIR
import MartletSupport
import MartletSyntax

/// Values of the tensor types: making them, taking them apart, changing their shape.
public enum TensorDialect {
  public static let dialect = Dialect(
    "tensor", summary: "operations on tensor values",
    operations: [
      bitcast, cast, collapseShape, concat, dim, empty, expandShape, extract, extractSlice,
      fromElements, gather, generate, insert, insertSlice, pad, parallelInsertSlice, rank, reshape,
      scatter, splat, yield,
    ],
    materializeConstant: { builder, value, type in
      Arith.materializeConstant(builder, value, type)
    })

  // MARK: Constraints

  static let staticTensor = TypeConstraint("statically shaped tensor of any type values") {
    $0.isRankedTensor && $0.hasStaticShape
  }
  static let tensorWithDims = TypeConstraint("non-0-ranked or unranked tensor") {
    $0.isTensor && ($0.kind == .unrankedTensor || $0.rank > 0)
  }
  static let indexTensor = TypeConstraint("ranked tensor of signless integer or index values") {
    $0.isRankedTensor && $0.elementType.isSignlessIntOrIndex
  }
  static let shapeTensor = TypeConstraint("1D tensor of signless integer or index values") {
    $0.isRankedTensor && $0.rank == 1 && $0.elementType.isSignlessIntOrIndex
  }
  static let numericTensor = TypeConstraint(
    "tensor of signless integer or unsigned integer or signed integer or floating-point values"
  ) { $0.isTensor && $0.elementType.isIntOrFloat }
  public static let reassociationConstraint = AttributeConstraint(
    "Array of 64-bit integer array attributes"
  ) { attribute in
    attribute.elements?.allSatisfy { group in
      group.elements?.allSatisfy { $0.integerValue != nil && $0.type?.isInteger(64) == true }
        ?? false
    } ?? false
  }

  private static let indices = ValueDefinition.variadic("indices", .index)
  private static let sliceOperands: [ValueDefinition] = [
    .variadic("offsets", .index), .variadic("sizes", .index), .variadic("strides", .index),
  ]
  private static let sliceAttributes = [
    AttributeSlot("static_offsets", .denseI64Array), AttributeSlot("static_sizes", .denseI64Array),
    AttributeSlot("static_strides", .denseI64Array),
  ]
  private static let sliceFormat = """
    custom<DynamicIndexList>($offsets, $static_offsets)
    custom<DynamicIndexList>($sizes, $static_sizes)
    custom<DynamicIndexList>($strides, $static_strides) attr-dict
    """

  // MARK: Casts

  public static let cast: OpDefinition = OpDefinition(
    "tensor.cast", "tensor cast operation", operands: [ValueDefinition("source", .anyTensor)],
    results: [ValueDefinition("dest", .anyTensor)], traits: [.pure],
    format: "$source attr-dict `:` type($source) `to` type($dest)", verify: verifyCast,
    fold: foldCast, interfaces: [AsmResultNames("cast"), castPatterns])

  public static let bitcast: OpDefinition = OpDefinition(
    "tensor.bitcast", "tensor bitcast operation",
    operands: [ValueDefinition("source", numericTensor)],
    results: [ValueDefinition("dest", numericTensor)], traits: [.pure],
    format: "$source attr-dict `:` type($source) `to` type($dest)", verify: verifyBitcast,
    fold: foldBitcast)

  // MARK: Making tensors

  public static let empty: OpDefinition = OpDefinition(
    "tensor.empty", "empty tensor operation", operands: [.variadic("dynamicSizes", .index)],
    results: [ValueDefinition("result", .rankedTensor)], traits: [.pure],
    format: "`(`$dynamicSizes`)` attr-dict `:` type($result)",
    verify: { (op: Operation) throws(Reported) in try verifyDynamicSizes(op, op.operands.count) },
    interfaces: [emptyPatterns])

  public static let splat: OpDefinition = OpDefinition(
    "tensor.splat", "tensor splat or broadcast operation",
    operands: [ValueDefinition("input", .any), .variadic("dynamicSizes", .index)],
    results: [ValueDefinition("aggregate", .rankedTensor)], traits: [.pure],
    relations: [
      .derived(
        target: "input", from: "aggregate",
        summary: "operand type matches element type of result", transform: { $0.elementType })
    ], format: "$input (`[` $dynamicSizes^ `]`)? attr-dict `:` type($aggregate)",
    verify: { (op: Operation) throws(Reported) in
      try verifyDynamicSizes(op, op.operandCount - 1)
    }, fold: foldSplat, interfaces: [AsmResultNames("splat")])

  public static let fromElements: OpDefinition = OpDefinition(
    "tensor.from_elements", "tensor from elements operation.",
    operands: [.variadic("elements", .any)], results: [ValueDefinition("result", staticTensor)],
    traits: [.pure], verify: verifyFromElements, fold: foldFromElements,
    interfaces: [AsmResultNames("from_elements"), VectorDialect.fromElementsAssembly])

  public static let generate: OpDefinition = OpDefinition(
    "tensor.generate", "Creates a dynamically sized tensor from elements",
    operands: [.variadic("dynamicExtents", .index)],
    results: [ValueDefinition("result", .rankedTensor)],
    regions: [RegionDefinition("body", oneBlock: true)],
    traits: [.recursiveMemoryEffects, .singleBlock, .recursivelySpeculatable],
    format: "$dynamicExtents $body attr-dict `:` type($result)",
    verify: { (op: Operation) throws(Reported) in try verifyDynamicSizes(op, op.operandCount) },
    verifyRegions: verifyGenerate, interfaces: [AsmResultNames("generated"), generatePatterns])

  public static let yield: OpDefinition = OpDefinition(
    "tensor.yield", "Yield a value from a region", operands: [ValueDefinition("value", .any)],
    traits: [.pure, .returnLike, .terminator], format: "$value attr-dict `:` type($value)",
    parents: ["tensor.generate", "tensor.pad"])

  // MARK: Elements and sizes

  public static let extract: OpDefinition = OpDefinition(
    "tensor.extract", "element extraction operation",
    operands: [ValueDefinition("tensor", .rankedTensor), indices],
    results: [ValueDefinition("result", .any)], traits: [.pure],
    relations: [
      .derived(
        target: "result", from: "tensor", summary: "result type matches element type of tensor",
        transform: { $0.elementType })
    ], format: "$tensor `[` $indices `]` attr-dict `:` type($tensor)",
    verify: { (op: Operation) throws(Reported) in
      if op.operandCount - 1 != op.operand(0).type.rank {
        throw op.emitOpError("incorrect number of indices for extract_element")
      }
    }, fold: foldExtract, interfaces: [AsmResultNames("extracted"), extractPatterns])

  public static let insert: OpDefinition = OpDefinition(
    "tensor.insert", "element insertion operation",
    operands: [
      ValueDefinition("scalar", .any), ValueDefinition("dest", .rankedTensor), indices,
    ], results: [ValueDefinition("result", .rankedTensor)],
    traits: [.pure, .destinationStyle],
    relations: [
      .derived(
        target: "result", from: "dest", summary: "result type matches type of dest",
        transform: { $0 }),
      .derived(
        target: "scalar", from: "dest", summary: "scalar type matches element type of dest",
        transform: { $0.elementType }),
    ], format: "$scalar `into` $dest `[` $indices `]` attr-dict `:` type($dest)",
    verify: { (op: Operation) throws(Reported) in
      if op.operandCount - 2 != op.operand(1).type.rank {
        throw op.emitOpError("incorrect number of indices")
      }
    }, fold: foldInsert, interfaces: [AsmResultNames("inserted")])

  public static let dim: OpDefinition = OpDefinition(
    "tensor.dim", "dimension index operation",
    operands: [ValueDefinition("source", tensorWithDims), ValueDefinition("index", .index)],
    results: [ValueDefinition("result", .index)], traits: [.noMemoryEffect],
    format: "attr-dict $source `,` $index `:` type($source)", fold: foldDim,
    interfaces: [AsmResultNames("dim"), dimPatterns, Speculation.dimension])

  public static let rank: OpDefinition = OpDefinition(
    "tensor.rank", "rank operation", operands: [ValueDefinition("tensor", .anyTensor)],
    results: [ValueDefinition("", .index)], traits: [.pure],
    format: "$tensor attr-dict `:` type($tensor)",
    fold: { op in
      let type = op.operand(0).type
      return type.hasRank ? .attribute(op.context.indexAttribute(type.rank)) : .none
    }, interfaces: [AsmResultNames("rank"), destinationPatterns])

  // MARK: Slices

  public static let extractSlice: OpDefinition = OpDefinition(
    "tensor.extract_slice", "extract slice operation",
    operands: [ValueDefinition("source", .rankedTensor)] + sliceOperands,
    results: [ValueDefinition("result", .rankedTensor)], attributes: sliceAttributes,
    traits: [.attrSizedOperandSegments, .pure],
    format: "$source `` \(sliceFormat) `:` type($source) `to` type($result)",
    verify: verifyExtractSlice, fold: foldExtractSlice,
    interfaces: [
      AsmResultNames("extracted_slice"), DynamicIndexList.directives, extractSlicePatterns,
    ])

  public static let insertSlice: OpDefinition = OpDefinition(
    "tensor.insert_slice", "insert_slice operation",
    operands: [ValueDefinition("source", .rankedTensor), ValueDefinition("dest", .rankedTensor)]
      + sliceOperands, results: [ValueDefinition("result", .rankedTensor)],
    attributes: sliceAttributes, traits: [.attrSizedOperandSegments, .pure, .destinationStyle],
    relations: [
      .derived(
        target: "result", from: "dest", summary: "expected result type to match dest type",
        transform: { $0 })
    ], format: "$source `into` $dest `` \(sliceFormat) `:` type($source) `into` type($dest)",
    verify: verifyInsertSlice, fold: foldInsertSlice,
    interfaces: [
      AsmResultNames("inserted_slice"), DynamicIndexList.directives, insertSlicePatterns,
    ])

  public static let parallelInsertSlice: OpDefinition = OpDefinition(
    "tensor.parallel_insert_slice",
    "Specify the tensor slice update of a single thread of a parent InParallelOpInterface op.",
    operands: [ValueDefinition("source", .rankedTensor), ValueDefinition("dest", .rankedTensor)]
      + sliceOperands, attributes: sliceAttributes, traits: [.attrSizedOperandSegments],
    format: "$source `into` $dest `` \(sliceFormat) `:` type($source) `into` type($dest)",
    verify: verifyInsertSlice,
    interfaces: [ParallelCombining(), DynamicIndexList.directives, insertSlicePatterns])

  public static let pad: OpDefinition = OpDefinition(
    "tensor.pad", "tensor pad operation",
    operands: [
      ValueDefinition("source", .rankedTensor), .variadic("low", .index),
      .variadic("high", .index),
    ], results: [ValueDefinition("result", .rankedTensor)],
    attributes: [
      AttributeSlot("static_low", .denseI64Array), AttributeSlot("static_high", .denseI64Array),
      .optional("nofold", .unit),
    ], regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.attrSizedOperandSegments, .pure, .singleBlock],
    format: """
      $source (`nofold` $nofold^)? `low` `` custom<DynamicIndexList>($low, $static_low)
      `high` `` custom<DynamicIndexList>($high, $static_high) $region attr-dict
      `:` type($source) `to` type($result)
      """, verify: verifyPad, verifyRegions: verifyPadRegion, fold: foldPad,
    interfaces: [AsmResultNames("padded"), DynamicIndexList.directives, padPatterns])

  public static let concat: OpDefinition = OpDefinition(
    "tensor.concat", "tensor concatenation operation",
    operands: [.variadic("inputs", .rankedTensor)],
    results: [ValueDefinition("result", .rankedTensor)], attributes: [AttributeSlot("dim", .i64)],
    traits: [.pure],
    format: "`dim` `(` $dim `)` $inputs attr-dict `:` functional-type(operands, results)",
    verify: verifyConcat,
    fold: { op in
      op.operandCount == 1 && op.operand(0).type == op.result().type ? .value(op.operand(0)) : .none
    }, interfaces: [AsmResultNames("concat"), concatPatterns])

  // MARK: Shapes

  public static let collapseShape: OpDefinition = OpDefinition(
    "tensor.collapse_shape", "operation to produce a tensor with a smaller rank",
    operands: [ValueDefinition("src", .anyTensor)],
    results: [ValueDefinition("result", .anyTensor)],
    attributes: [AttributeSlot("reassociation", reassociationConstraint)], traits: [.pure],
    format: "$src $reassociation attr-dict `:` type($src) `into` type($result)",
    verify: verifyCollapse, fold: foldReshape,
    interfaces: [AsmResultNames("collapsed"), collapsePatterns])

  public static let expandShape: OpDefinition = OpDefinition(
    "tensor.expand_shape", "operation to produce a tensor with a higher rank",
    operands: [ValueDefinition("src", .anyTensor), .variadic("output_shape", .index)],
    results: [ValueDefinition("result", .anyTensor)],
    attributes: [
      AttributeSlot("reassociation", reassociationConstraint),
      AttributeSlot("static_output_shape", .denseI64Array),
    ], traits: [.pure],
    format: """
      $src $reassociation `output_shape`
      custom<DynamicIndexList>($output_shape, $static_output_shape) attr-dict
      `:` type($src) `into` type($result)
      """, verify: verifyExpand, fold: foldReshape,
    interfaces: [AsmResultNames("expanded"), DynamicIndexList.directives, expandPatterns])

  public static let reshape: OpDefinition = OpDefinition(
    "tensor.reshape", "tensor reshape operation",
    operands: [ValueDefinition("source", .anyTensor), ValueDefinition("shape", shapeTensor)],
    results: [ValueDefinition("result", .anyTensor)], traits: [.pure],
    format: "$source `(` $shape `)` attr-dict `:` functional-type(operands, results)",
    verify: verifyReshape, fold: foldReshape, interfaces: [AsmResultNames("reshape")])

  // MARK: Gathering

  public static let gather: OpDefinition = OpDefinition(
    "tensor.gather", "gather a subset of a tensor at specified indices",
    operands: [ValueDefinition("source", .rankedTensor), ValueDefinition("indices", indexTensor)],
    results: [ValueDefinition("result", .rankedTensor)],
    attributes: [AttributeSlot("gather_dims", .denseI64Array), .optional("unique", .unit)],
    traits: [.pure],
    format: """
      $source `[` $indices `]` `gather_dims` `(` $gather_dims `)` (`unique` $unique^)? attr-dict
      `:` functional-type(operands, results)
      """, verify: verifyGather,
    fold: { op in
      guard let value = op.operand(0).constant, value.isSplat,
        let elements = ConstantElements(value)
      else { return .none }
      return Arith.result(
        ElementwiseFolding.constant(op.result().type, bits: elements.bits(0)))
    }, interfaces: [AsmResultNames("gather")])

  public static let scatter: OpDefinition = OpDefinition(
    "tensor.scatter", "scatter a tensor into a destination tensor at specified indices",
    operands: [
      ValueDefinition("source", .rankedTensor), ValueDefinition("dest", .rankedTensor),
      ValueDefinition("indices", indexTensor),
    ], results: [ValueDefinition("result", .rankedTensor)],
    attributes: [AttributeSlot("scatter_dims", .denseI64Array), .optional("unique", .unit)],
    traits: [.pure],
    format: """
      $source `into` $dest `[` $indices `]` `scatter_dims` `(` $scatter_dims `)`
      (`unique` $unique^)? attr-dict `:` functional-type(operands, results)
      """, verify: verifyScatter, interfaces: [AsmResultNames("scatter")])
}

extension Parser {
  /// Operands separated by commas, or none.
  func parseOptionalOperandList() throws(Reported) -> [OperandReference] {
    guard let first = try parseOptionalOperand() else { return [] }
    var all = [first]
    while parseOptional(.comma) { all.append(try parseOperand()) }
    return all
  }
}
