import MartletIR
import MartletSupport
import MartletSyntax

/// Operations on vectors of any rank: memory access, broadcasting, reduction, contraction.
public enum VectorDialect {
  public static let dialect = Dialect(
    "vector", summary: "operations on vector values",
    operations: [
      bitcast, broadcast, compressstore, constantMask, contract, createMask, deinterleave,
      expandload, extract, extractStridedSlice, fma, fromElements, gather, insert,
      insertStridedSlice, interleave, load, mask, maskedload, maskedstore, multiReduction,
      outerproduct, print, reduction, scalableExtract, scalableInsert, scan, scatter, shapeCast,
      shuffle, step, store, toElements, transferRead, transferWrite, transpose, typeCast, vscale,
      yield,
    ], attributes: [kind, iteratorType, punctuation],
    materializeConstant: { builder, value, type in
      Arith.materializeConstant(builder, value, type)
    })

  // MARK: Moving elements

  public static let broadcast: OpDefinition = OpDefinition(
    "vector.broadcast", "broadcast operation", operands: [ValueDefinition("source", .any)],
    results: [ValueDefinition("vector", .anyVector)], traits: [.pure],
    format: "$source attr-dict `:` type($source) `to` type($vector)", verify: verifyBroadcast,
    fold: foldBroadcast, interfaces: [broadcastPatterns])

  public static let extract: OpDefinition = OpDefinition(
    "vector.extract", "extract operation",
    operands: [ValueDefinition("source", .anyVector), .variadic("dynamic_position", .index)],
    results: [ValueDefinition("result", .any)],
    attributes: [AttributeSlot("static_position", .denseI64Array)], traits: [.pure],
    format: """
      $source `` custom<DynamicIndexList>($dynamic_position, $static_position) attr-dict
      `:` type($result) `from` type($source)
      """, verify: verifyExtract, fold: foldExtract,
    interfaces: [DynamicIndexList.directives, extractPatterns])

  public static let insert: OpDefinition = OpDefinition(
    "vector.insert", "insert operation",
    operands: [
      ValueDefinition("valueToStore", .any), ValueDefinition("dest", .anyVector),
      .variadic("dynamic_position", .index),
    ], results: [ValueDefinition("result", .anyVector)],
    attributes: [AttributeSlot("static_position", .denseI64Array)], traits: [.pure],
    relations: [.same(["dest", "result"])],
    format: """
      $valueToStore `,` $dest custom<DynamicIndexList>($dynamic_position, $static_position)
      attr-dict `:` type($valueToStore) `into` type($dest)
      """, verify: verifyInsert, fold: foldInsert,
    interfaces: [DynamicIndexList.directives, insertPatterns])

  public static let scalableExtract: OpDefinition = OpDefinition(
    "vector.scalable.extract", "extract subvector from scalable vector operation",
    operands: [ValueDefinition("source", vectorOfRank1)],
    results: [ValueDefinition("result", vectorOfRank1)], attributes: [AttributeSlot("pos", .i64)],
    traits: [.pure],
    format: "$source `[` $pos `]` attr-dict `:` type($result) `from` type($source)")

  public static let scalableInsert: OpDefinition = OpDefinition(
    "vector.scalable.insert", "insert subvector into scalable vector operation",
    operands: [
      ValueDefinition("valueToStore", vectorOfRank1), ValueDefinition("dest", vectorOfRank1),
    ], results: [ValueDefinition("result", vectorOfRank1)],
    attributes: [AttributeSlot("pos", .i64)], traits: [.pure],
    relations: [.same(["dest", "result"])],
    format: """
      $valueToStore `,` $dest `[` $pos `]` attr-dict `:` type($valueToStore) `into` type($dest)
      """)

  public static let extractStridedSlice: OpDefinition = OpDefinition(
    "vector.extract_strided_slice", "extract_strided_slice operation",
    operands: [ValueDefinition("source", .anyVector)], results: [ValueDefinition("", .anyVector)],
    attributes: [
      AttributeSlot("offsets", integerArray), AttributeSlot("sizes", integerArray),
      AttributeSlot("strides", integerArray),
    ], traits: [.pure], format: "$source attr-dict `:` type($source) `to` type(results)",
    verify: verifyExtractStridedSlice, fold: foldExtractStridedSlice,
    interfaces: [extractStridedSlicePatterns])

  public static let insertStridedSlice: OpDefinition = OpDefinition(
    "vector.insert_strided_slice", "strided_slice operation",
    operands: [ValueDefinition("valueToStore", .anyVector), ValueDefinition("dest", .anyVector)],
    results: [ValueDefinition("result", .anyVector)],
    attributes: [AttributeSlot("offsets", integerArray), AttributeSlot("strides", integerArray)],
    traits: [.pure], relations: [.same(["dest", "result"])],
    format: "$valueToStore `,` $dest attr-dict `:` type($valueToStore) `into` type($dest)",
    verify: verifyInsertStridedSlice, fold: foldInsertStridedSlice,
    interfaces: [insertStridedSlicePatterns])

  public static let fromElements: OpDefinition = OpDefinition(
    "vector.from_elements", "operation that defines a vector from scalar elements",
    operands: [.variadic("elements", .any)], results: [ValueDefinition("dest", fixedVector)],
    traits: [.pure], verify: verifyFromElements, fold: foldFromElements,
    interfaces: [fromElementsAssembly, fromElementsPatterns])

  public static let toElements: OpDefinition = OpDefinition(
    "vector.to_elements", "operation that decomposes a vector into all its scalar elements",
    operands: [ValueDefinition("source", .anyVector)], results: [.variadic("elements", .any)],
    traits: [.pure], format: "$source attr-dict `:` type($source)", verify: verifyToElements,
    fold: foldToElements,
    inferResultTypes: { input in
      guard let type = input.operands.first?.type, let count = type.elementCount,
        count <= maximumElements
      else { return nil }
      return Array(repeating: type.elementType, count: count)
    }, interfaces: [toElementsPatterns])

  /// More results than this an operation cannot have.
  private static let maximumElements = 0xffff

  public static let shuffle: OpDefinition = OpDefinition(
    "vector.shuffle", "shuffle operation",
    operands: [ValueDefinition("v1", fixedVector), ValueDefinition("v2", fixedVector)],
    results: [ValueDefinition("vector", .anyVector)],
    attributes: [AttributeSlot("mask", .denseI64Array)], traits: [.pure],
    format: "operands $mask attr-dict `:` type(operands)", verify: verifyShuffle,
    fold: foldShuffle,
    inferResultTypes: { input in
      guard let type = input.operands.first?.type, type.isVector,
        let mask = input.attributes("mask")?.integers
      else { return nil }
      return [input.context.vector([mask.count] + type.shape.dropFirst(), type.elementType)]
    }, interfaces: [shufflePatterns])

  public static let interleave: OpDefinition = OpDefinition(
    "vector.interleave", "constructs a vector by interleaving two input vectors",
    operands: [ValueDefinition("lhs", .anyVector), ValueDefinition("rhs", .anyVector)],
    results: [ValueDefinition("result", .anyVector)], traits: [.pure],
    relations: [.same(["lhs", "rhs"])],
    format: "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)")

  public static let deinterleave: OpDefinition = OpDefinition(
    "vector.deinterleave", "constructs two vectors by deinterleaving an input vector",
    operands: [
      ValueDefinition(
        "source",
        TypeConstraint("vector of any type values") { $0.isVector && $0.rank > 0 })
    ],
    results: [ValueDefinition("res1", .anyVector), ValueDefinition("res2", .anyVector)],
    traits: [.pure], relations: [.same(["res1", "res2"])],
    format: "$source attr-dict `:` type($source) `->` type($res1)", verify: verifyDeinterleave)

  public static let shapeCast: OpDefinition = OpDefinition(
    "vector.shape_cast", "shape_cast casts between vector shapes",
    operands: [ValueDefinition("source", .anyVector)],
    results: [ValueDefinition("result", .anyVector)], traits: [.pure],
    format: "$source attr-dict `:` type($source) `to` type($result)", verify: verifyShapeCast,
    fold: foldShapeCast, interfaces: [shapeCastPatterns])

  public static let bitcast: OpDefinition = OpDefinition(
    "vector.bitcast", "bitcast casts between vectors",
    operands: [ValueDefinition("source", .anyVector)],
    results: [ValueDefinition("result", .anyVector)], traits: [.pure],
    format: "$source attr-dict `:` type($source) `to` type($result)", verify: verifyBitcast,
    fold: foldBitcast)

  public static let typeCast: OpDefinition = OpDefinition(
    "vector.type_cast", "type_cast op converts a scalar memref to a vector memref",
    operands: [
      ValueDefinition(
        "memref",
        TypeConstraint("statically shaped memref of any type values") {
          $0.kind == .memRef && $0.hasStaticShape
        })
    ], results: [ValueDefinition("result", .anyMemRef)], traits: [.pure],
    format: "$memref attr-dict `:` type($memref) `to` type($result)")

  public static let transpose: OpDefinition = OpDefinition(
    "vector.transpose", "vector transpose operation",
    operands: [ValueDefinition("vector", .anyVector)],
    results: [ValueDefinition("result", .anyVector)],
    attributes: [AttributeSlot("permutation", .denseI64Array)], traits: [.pure],
    format: "$vector `,` $permutation attr-dict `:` type($vector) `to` type($result)",
    verify: verifyTranspose, fold: foldTranspose, interfaces: [transposePatterns])

  public static let step: OpDefinition = OpDefinition(
    "vector.step", "A linear sequence of values from 0 to N",
    results: [
      ValueDefinition(
        "result",
        TypeConstraint("vector of index values of ranks 1") {
          $0.isVector && $0.rank == 1 && $0.elementType.isIndex
        })
    ], traits: [.pure], format: "attr-dict `:` type($result)", interfaces: [stepPatterns])

  public static let vscale: OpDefinition = OpDefinition(
    "vector.vscale", "Load vector scale size", results: [ValueDefinition("res", .index)],
    traits: [.pure], format: "attr-dict", interfaces: [AsmResultNames("vscale")])

  // MARK: Arithmetic

  /// lhs * rhs + acc, rounded once.
  public static let fma: OpDefinition = OpDefinition(
    "vector.fma", "vector fused multiply-add",
    operands: ["lhs", "rhs", "acc"].map { ValueDefinition($0, floatVector) },
    results: [ValueDefinition("result", floatVector)], traits: [.pure, .elementwise],
    relations: [.same(["lhs", "rhs", "acc", "result"])],
    format: "$lhs `,` $rhs `,` $acc attr-dict `:` type($lhs)")

  public static let reduction: OpDefinition = OpDefinition(
    "vector.reduction", "reduction operation",
    operands: [ValueDefinition("vector", .anyVector), .optional("acc", .any)],
    results: [ValueDefinition("dest", .any)],
    attributes: [AttributeSlot("kind", kindConstraint), Arith.fastMathSlot], traits: [.pure],
    relations: [.same(["dest", "acc"])],
    format: """
      $kind `,` $vector (`,` $acc^)? (`fastmath` `` $fastmath^)? attr-dict
      `:` type($vector) `into` type($dest)
      """, verify: verifyReduction, interfaces: [reductionPatterns])

  public static let multiReduction: OpDefinition = OpDefinition(
    "vector.multi_reduction", "Multi-dimensional reduction operation",
    operands: [ValueDefinition("source", .anyVector), ValueDefinition("acc", .any)],
    results: [ValueDefinition("dest", .any)],
    attributes: [
      AttributeSlot("kind", kindConstraint), AttributeSlot("reduction_dims", .denseI64Array),
    ], traits: [.pure], relations: [.same(["dest", "acc"])],
    format: """
      $kind `,` $source `,` $acc attr-dict $reduction_dims `:` type($source) `to` type($dest)
      """, verify: verifyMultiReduction, interfaces: [multiReductionPatterns])

  public static let scan: OpDefinition = OpDefinition(
    "vector.scan", "Scan operation",
    operands: [
      ValueDefinition("source", .anyVector), ValueDefinition("initial_value", .anyVector),
    ],
    results: [
      ValueDefinition("dest", .anyVector), ValueDefinition("accumulated_value", .anyVector),
    ],
    attributes: [
      AttributeSlot("kind", kindConstraint), AttributeSlot("reduction_dim", .i64),
      AttributeSlot("inclusive", .bool),
    ], traits: [.pure],
    relations: [.same(["source", "dest"]), .same(["initial_value", "accumulated_value"])],
    format: """
      $kind `,` $source `,` $initial_value attr-dict `:` type($source) `,` type($initial_value)
      """, verify: verifyScan)

  public static let outerproduct: OpDefinition = OpDefinition(
    "vector.outerproduct", "vector outerproduct with optional fused add",
    operands: [
      ValueDefinition("lhs", .anyVector), ValueDefinition("rhs", .any),
      .optional("acc", .anyVector),
    ], results: [ValueDefinition("", .anyVector)], attributes: [defaultKindSlot], traits: [.pure],
    verify: verifyOuterproduct, interfaces: [outerproductAssembly])

  public static let contract: OpDefinition = OpDefinition(
    "vector.contract", "vector contraction operation",
    operands: [
      ValueDefinition("lhs", .anyVector), ValueDefinition("rhs", .anyVector),
      ValueDefinition("acc", .any),
    ], results: [ValueDefinition("", .any)],
    attributes: [
      AttributeSlot("indexing_maps", .array),
      AttributeSlot(
        "iterator_types",
        AttributeConstraint("Iterator type should be an enum.") { attribute in
          attribute.elements?.allSatisfy { $0.is(iteratorType) } ?? false
        }), defaultKindSlot,
    ], traits: [.pure], verify: verifyContract, interfaces: [contractAssembly, contractPatterns])

  // MARK: Masks

  public static let constantMask: OpDefinition = OpDefinition(
    "vector.constant_mask", "creates a constant vector mask",
    results: [ValueDefinition("", boolVector)],
    attributes: [AttributeSlot("mask_dim_sizes", .denseI64Array)], traits: [.pure],
    format: "$mask_dim_sizes attr-dict `:` type(results)", verify: verifyConstantMask,
    fold: foldConstantMask)

  public static let createMask: OpDefinition = OpDefinition(
    "vector.create_mask", "creates a vector mask", operands: [.variadic("operands", .index)],
    results: [ValueDefinition("", boolVector)], traits: [.pure],
    format: "$operands attr-dict `:` type(results)",
    verify: { (op: Operation) throws(Reported) in
      let rank = op.result().type.rank
      if rank == 0 ? op.operandCount != 1 : op.operandCount != rank {
        throw op.emitOpError("must specify an operand for each result vector dimension")
      }
    }, interfaces: [createMaskPatterns])

  public static let mask: OpDefinition = OpDefinition(
    "vector.mask", "Predicates a maskable vector operation",
    operands: [ValueDefinition("mask", maskVector), .optional("passthru", .any)],
    results: [.variadic("results", .any)],
    regions: [RegionDefinition("maskRegion", oneBlock: true)],
    traits: [.recursiveMemoryEffects, .noRegionArguments, .singleBlock],
    implicitTerminator: "vector.yield", verify: verifyMask, interfaces: [maskAssembly, maskPatterns])

  private static let maskVector = TypeConstraint("vector of 1-bit signless integer values") {
    $0.isVector && $0.rank > 0 && $0.elementType.isInteger(1)
  }

  public static let yield: OpDefinition = OpDefinition(
    "vector.yield", "Terminates and yields values from vector regions.",
    operands: [.variadic("operands", .any)], traits: [.pure, .returnLike, .terminator],
    format: "attr-dict ($operands^ `:` type($operands))?")

  public static let print: OpDefinition = OpDefinition(
    "vector.print", "print operation (for testing and debugging)",
    operands: [.optional("source", printable)],
    attributes: [
      AttributeSlot(
        "punctuation",
        .dialect("Punctuation for separating vectors or vector elements", punctuation),
        default: { $0.attribute(punctuation, [1]) }),
      .optional("stringLiteral", .string),
    ], effects: [.write],
    format: """
      ($source^ `:` type($source))?
      oilist(`str` $stringLiteral | `punctuation` $punctuation) attr-dict
      """, verify: verifyPrint)
}
