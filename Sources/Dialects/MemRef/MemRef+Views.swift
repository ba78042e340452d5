import MartletIR
import MartletSupport
import MartletSyntax

/// Queries and views: operations that touch no element.
extension MemRef {
  public static let dim: OpDefinition = OpDefinition(
    "memref.dim", "The size of a dimension",
    operands: [ValueDefinition("source", nonScalar), ValueDefinition("index", .index)],
    results: [ValueDefinition("result", .index)], traits: .noMemoryEffect,
    format: "attr-dict $source `,` $index `:` type($source)", fold: foldDim,
    inferResultTypes: { [$0.context.index] },
    interfaces: [AsmResultNames("dim"), Speculation.dimension, dimPatterns])

  public static let rank: OpDefinition = OpDefinition(
    "memref.rank", "The number of dimensions",
    operands: [ValueDefinition("memref", rankedOrUnranked)],
    results: [ValueDefinition("result", .index)], traits: .pure,
    format: "$memref attr-dict `:` type($memref)",
    fold: { operation in
      let type = operation.operand(0).type
      return type.kind == .memRef
        ? .attribute(operation.context.indexAttribute(type.rank)) : .none
    },
    inferResultTypes: { [$0.context.index] })

  public static let cast: OpDefinition = OpDefinition(
    "memref.cast", "The same memory under a compatible type",
    operands: [ValueDefinition("source", rankedOrUnranked)],
    results: [ValueDefinition("dest", rankedOrUnranked)], traits: .pure,
    format: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: { (operation) throws(Reported) in
      let (from, to) = (operation.operand(0).type, operation.result().type)
      if !areCastCompatible(from, to) {
        throw operation.emitOpError(
          "operand type '\(from)' and result type '\(to)' are cast incompatible")
      }
    },
    fold: foldCast, interfaces: [AsmResultNames("cast")])

  public static let memorySpaceCast: OpDefinition = OpDefinition(
    "memref.memory_space_cast", "The same memory in another memory space",
    operands: [ValueDefinition("source", rankedOrUnranked)],
    results: [ValueDefinition("dest", rankedOrUnranked)],
    traits: .pure, format: "$source attr-dict `:` type($source) `to` type($dest)",
    verify: { (operation) throws(Reported) in
      let (from, to) = (operation.operand(0).type, operation.result().type)
      let fits =
        from.kind == to.kind && from.elementType == to.elementType && from.shape == to.shape
        && from.layout == to.layout
      if !fits {
        throw operation.emitOpError(
          "operand type '\(from)' and result type '\(to)' are cast incompatible")
      }
    },
    fold: { operation in
      if operation.operand(0).type == operation.result().type {
        return .value(operation.operand(0))
      }
      guard let inner = operation.operand(0).definingOperation, inner.is(memorySpaceCast) else {
        return .none
      }
      operation.setOperand(0, inner.operand(0))
      return .inPlace
    }, interfaces: [AsmResultNames("memspacecast")])

  public static let assumeAlignment: OpDefinition = OpDefinition(
    "memref.assume_alignment", "Promises that the memory is aligned",
    operands: [ValueDefinition("memref", .anyMemRef)],
    results: [ValueDefinition("result", .anyMemRef)],
    attributes: [AttributeSlot("alignment", positive32)],
    traits: [.pure, .sameOperandsAndResultType],
    format: "$memref `,` $alignment attr-dict `:` type($memref)",
    verify: { (operation) throws(Reported) in
      let value = operation.attribute("alignment")?.integerValue ?? 0
      if value <= 0 || value & (value - 1) != 0 {
        throw operation.emitOpError("alignment must be power of 2")
      }
    }, fold: foldAssumeAlignment, interfaces: [AsmResultNames("assume_align")])

  static let positive32 = AttributeConstraint(
    "32-bit signless integer attribute whose value is positive",
    form: AttributeConstraint.i32.form
  ) { AttributeConstraint.i32.accepts($0) && ($0.integerValue ?? 0) > 0 }

  public static let distinctObjects: OpDefinition = OpDefinition(
    "memref.distinct_objects", "Promises that the memrefs do not overlap",
    operands: [.variadic("operands", .anyMemRef)], results: [.variadic("results", .anyMemRef)],
    traits: .pure, format: "$operands attr-dict `:` type($operands)",
    verify: { (operation) throws(Reported) in
      if operation.operands.types != operation.results.types {
        throw operation.emitOpError("operand types and result types must match")
      }
      if operation.operandCount == 0 {
        throw operation.emitOpError("expected at least one operand")
      }
    },
    inferResultTypes: { $0.operands.map(\.type) })

  private static let indexLists: [ValueDefinition] = [
    .variadic("offsets", .index), .variadic("sizes", .index), .variadic("strides", .index),
  ]
  private static let indexArrays = [
    AttributeSlot("static_offsets", .denseI64Array), AttributeSlot("static_sizes", .denseI64Array),
    AttributeSlot("static_strides", .denseI64Array),
  ]

  /// The part of a memref that starts at `offsets`, has `sizes` and steps by `strides`.
  public static let subview: OpDefinition = OpDefinition(
    "memref.subview", "A rectangular part of a memref",
    operands: [ValueDefinition("source", .anyMemRef)] + indexLists,
    results: [ValueDefinition("result", .anyMemRef)], attributes: indexArrays,
    traits: [.pure, .attrSizedOperandSegments],
    format:
      "$source `` custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes) custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
    verify: { (operation) throws(Reported) in try verifySubview(operation) }, fold: foldSubview,
    inferResultTypes: { input in
      let entries = ["static_offsets", "static_sizes", "static_strides"].map {
        input.attributes($0)?.integers ?? []
      }
      guard let source = input.operands.first?.type else { return nil }
      return subviewType(source, offsets: entries[0], sizes: entries[1], strides: entries[2])
        .map { [$0] }
    }, interfaces: [AsmResultNames("subview"), CustomDirectives.indexLists, subviewPatterns])

  /// The memory of `source` with the given offset, sizes and strides.
  public static let reinterpretCast: OpDefinition = OpDefinition(
    "memref.reinterpret_cast", "The same memory with another offset, sizes and strides",
    operands: [ValueDefinition("source", rankedOrUnranked)] + indexLists,
    results: [ValueDefinition("result", anyStrided)], attributes: indexArrays,
    traits: [.pure, .attrSizedOperandSegments],
    format:
      "$source `to` `offset` `` `:` custom<DynamicIndexList>($offsets, $static_offsets) `` `,` `sizes` `` `:` custom<DynamicIndexList>($sizes, $static_sizes) `` `,` `strides` `` `:` custom<DynamicIndexList>($strides, $static_strides) attr-dict `:` type($source) `to` type($result)",
    verify: { (operation) throws(Reported) in try verifyReinterpretCast(operation) },
    fold: foldReinterpretCast,
    interfaces: [
      AsmResultNames("reinterpret_cast"), CustomDirectives.indexLists, reinterpretCastPatterns,
    ])

  public static let view: OpDefinition = OpDefinition(
    "memref.view", "A typed memref over bytes",
    operands: [
      ValueDefinition("source", bytes), ValueDefinition("byte_shift", .index),
      .variadic("sizes", .index),
    ],
    results: [ValueDefinition("result", .anyMemRef)], traits: .pure,
    format:
      "$source `[` $byte_shift `]` `` `[` $sizes `]` attr-dict `:` type($source) `to` type(results)",
    verify: { (operation) throws(Reported) in try verifyView(operation) }, fold: foldView,
    interfaces: [AsmResultNames("view"), viewPatterns])

  public static let reshape: OpDefinition = OpDefinition(
    "memref.reshape", "The same memory under the shape that a memref holds",
    operands: [
      ValueDefinition("source", rankedOrUnranked),
      ValueDefinition("shape", shapeBuffer),
    ],
    results: [ValueDefinition("result", rankedOrUnranked)], effects: .read,
    format: "$source `(` $shape `)` attr-dict `:` functional-type(operands, results)",
    verify: { (operation) throws(Reported) in try verifyReshape(operation) },
    interfaces: [AsmResultNames("reshape")])

  static let shapeBuffer = TypeConstraint("1D memref of signless integer or index values") {
    $0.kind == .memRef && $0.rank == 1 && $0.elementType.isSignlessIntOrIndex
  }

  public static let transpose: OpDefinition = OpDefinition(
    "memref.transpose", "The same memory with dimensions permuted",
    operands: [ValueDefinition("in", anyStrided)],
    results: [ValueDefinition("result", anyStrided)],
    attributes: [AttributeSlot("permutation", .affineMap)], traits: .pure,
    verify: { (operation) throws(Reported) in try verifyTranspose(operation) },
    fold: foldTranspose,
    inferResultTypes: { input in
      guard let source = input.operands.first?.type,
        let map = input.attributes("permutation")?.affineMap
      else { return nil }
      return transposeType(source, map).map { [$0] }
    }, interfaces: [AsmResultNames("transpose"), transposeAssembly])

  static let reassociation = AttributeConstraint(
    "Array of 64-bit integer array attributes"
  ) { attribute in
    attribute.elements?.allSatisfy {
      $0.elements?.allSatisfy { AttributeConstraint.i64.accepts($0) } ?? false
    } ?? false
  }

  public static let collapseShape: OpDefinition = OpDefinition(
    "memref.collapse_shape", "Merges groups of dimensions",
    operands: [ValueDefinition("src", anyStrided)],
    results: [ValueDefinition("result", anyStrided)],
    attributes: [AttributeSlot("reassociation", reassociation)], traits: .pure,
    format: "$src $reassociation attr-dict `:` type($src) `into` type($result)",
    verify: { (operation) throws(Reported) in try verifyCollapse(operation) },
    fold: { operation in ReshapeFamily.memref.fold(operation) },
    interfaces: [AsmResultNames("collapse_shape"), collapsePatterns])

  public static let expandShape: OpDefinition = OpDefinition(
    "memref.expand_shape", "Splits dimensions",
    operands: [ValueDefinition("src", anyStrided), .variadic("output_shape", .index)],
    results: [ValueDefinition("result", anyStrided)],
    attributes: [
      AttributeSlot("reassociation", reassociation),
      AttributeSlot("static_output_shape", .denseI64Array),
    ], traits: .pure,
    format:
      "$src $reassociation `output_shape` custom<DynamicIndexList>($output_shape, $static_output_shape) attr-dict `:` type($src) `into` type($result)",
    verify: { (operation) throws(Reported) in try verifyExpand(operation) },
    fold: { operation in ReshapeFamily.memref.fold(operation) },
    interfaces: [AsmResultNames("expand_shape"), CustomDirectives.indexLists, expandPatterns])

  public static let extractStridedMetadata: OpDefinition = OpDefinition(
    "memref.extract_strided_metadata", "Base buffer, offset, sizes and strides of a memref",
    operands: [ValueDefinition("source", anyStrided)],
    results: [
      ValueDefinition(
        "base_buffer",
        TypeConstraint("strided memref of any type values of rank 0") {
          $0.kind == .memRef && $0.rank == 0
        }), ValueDefinition("offset", .index), .variadic("sizes", .index),
      .variadic("strides", .index),
    ], traits: .pure, format: "$source `:` type($source) `->` type(results) attr-dict",
    inferResultTypes: { input in
      guard let source = input.operands.first?.type else { return nil }
      let base = input.context.memRef(
        [], source.elementType, memorySpace: source.memorySpace)
      return [base] + Array(repeating: input.context.index, count: 1 + 2 * source.rank)
    },
    interfaces: [
      metadataPatterns,
      AsmResultNames { operation in
        let rank = (operation.resultCount - 2) / 2
        let rest = Array(repeating: String?.none, count: max(0, rank - 1))
        if rank < 1 { return ["base_buffer", "offset"] }
        return ["base_buffer", "offset", "sizes"] + rest + ["strides"] + rest
      }
    ])

  public static let extractAlignedPointer: OpDefinition = OpDefinition(
    "memref.extract_aligned_pointer_as_index", "The address of a memref's aligned buffer",
    operands: [ValueDefinition("source", rankedOrUnranked)],
    results: [ValueDefinition("aligned_pointer", .index)], traits: .pure,
    format: "$source `:` type($source) `->` type(results) attr-dict",
    inferResultTypes: { [$0.context.index] }, interfaces: [AsmResultNames("intptr")])
}
