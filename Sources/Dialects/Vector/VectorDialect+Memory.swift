import MartletIR
import MartletSupport
import MartletSyntax

/// Operations between vectors and memory (or tensors), and pieces declarations share.
extension VectorDialect {
  // MARK: Attributes

  public static let combiningKinds = EnumDefinition(
    "CombiningKind",
    [
      ("add", 0), ("mul", 1), ("minui", 2), ("minsi", 3), ("minnumf", 4), ("maxui", 5),
      ("maxsi", 6), ("maxnumf", 7), ("and", 8), ("or", 9), ("xor", 10), ("maximumf", 12),
      ("minimumf", 11),
    ], summary: "Kind of combining function for contractions and reductions")
  public static let iteratorTypes = EnumDefinition(
    "IteratorType", [("parallel", 0), ("reduction", 1)], summary: "Iterator type")
  public static let punctuations = EnumDefinition(
    "PrintPunctuation",
    [("no_punctuation", 0), ("newline", 1), ("comma", 2), ("open", 3), ("close", 4)],
    summary: "Punctuation for separating vectors or vector elements")

  /// `#vector.kind<add>`.
  public static let kind = EnumAttribute.define("vector.kind", combiningKinds)
  /// `#vector.iterator_type<parallel>`.
  public static let iteratorType = EnumAttribute.define("vector.iterator_type", iteratorTypes)
  /// `#vector.punctuation<newline>`.
  public static let punctuation = EnumAttribute.define("vector.punctuation", punctuations)

  static let kindConstraint = AttributeConstraint.dialect(
    "Kind of combining function for contractions and reductions", kind)
  static let defaultKindSlot = AttributeSlot(
    "kind", kindConstraint, default: { $0.attribute(kind, [0]) })

  static let integerArray = AttributeConstraint("64-bit integer array attribute") {
    $0.elements?.allSatisfy { $0.integerValue != nil && $0.type?.isInteger(64) == true } ?? false
  }
  static let alignment = AttributeSlot.optional(
    "alignment",
    AttributeConstraint(
      "64-bit signless integer attribute whose value is positive and whose value is a power of "
        + "two > 0", form: .typed { $0.i64 }
    ) {
      guard let value = $0.integerValue, $0.type?.isInteger(64) == true else { return false }
      return value > 0 && value & (value - 1) == 0
    })
  static let nontemporal = AttributeSlot(
    "nontemporal", .bool, optional: true, default: { $0.boolAttribute(false) })
  static let inBounds = AttributeSlot(
    "in_bounds",
    AttributeConstraint("1-bit boolean array attribute") {
      $0.elements?.allSatisfy { $0.boolValue != nil } ?? false
    })

  // MARK: Types

  static let floatVector = TypeConstraint("vector of floating-point values") {
    $0.isVector && $0.elementType.isFloat
  }
  static let boolVector = TypeConstraint("vector of 1-bit signless integer values") {
    $0.isVector && $0.elementType.isInteger(1)
  }
  static let fixedBoolVector = TypeConstraint(
    "fixed-length vector of 1-bit signless integer values"
  ) { $0.isVector && $0.elementType.isInteger(1) && $0.scalableMask == 0 }
  static let fixedVector = TypeConstraint("fixed-length vector of any type values") {
    $0.isVector && $0.scalableMask == 0
  }
  static let vectorOfRank1 = TypeConstraint(" of ranks 1") { $0.isVector && $0.rank == 1 }
  static let indexVector = TypeConstraint("vector of integer or index values") {
    $0.isVector && $0.elementType.isIntOrIndex
  }
  static let memRefOrTensor = TypeConstraint("memref or ranked tensor of any type values") {
    $0.kind == .memRef || $0.isRankedTensor
  }
  static let printable = TypeConstraint("integer, index, float or vector") {
    $0.isIntOrIndex || $0.isFloat || $0.isVector
  }

  private static let offsets = ValueDefinition.variadic("indices", .index)

  /// On memory the declared effect; none on tensors.
  private static func effects(_ declared: MemoryEffects, base: String = "base") -> OwnEffects {
    OwnEffects { operation in
      guard let type = operation.operand(named: base)?.type else { return declared }
      return type.isMemRef ? declared : []
    }
  }

  // MARK: Plain access

  public static let load: OpDefinition = OpDefinition(
    "vector.load", "reads an n-D slice of memory into an n-D vector",
    operands: [ValueDefinition("base", .anyMemRef), offsets],
    results: [ValueDefinition("result", .anyVector)], attributes: [nontemporal, alignment],
    effects: [.read], format: "$base `[` $indices `]` attr-dict `:` type($base) `,` type($result)",
    verify: verifyLoad, fold: foldAccess)

  public static let store: OpDefinition = OpDefinition(
    "vector.store", "writes an n-D vector to an n-D slice of memory",
    operands: [
      ValueDefinition("valueToStore", .anyVector), ValueDefinition("base", .anyMemRef), offsets,
    ], attributes: [nontemporal, alignment], effects: [.write],
    format: """
      $valueToStore `,` $base `[` $indices `]` attr-dict `:` type($base) `,` type($valueToStore)
      """, verify: verifyStore, fold: foldAccess)

  // MARK: Masked access

  public static let maskedload: OpDefinition = OpDefinition(
    "vector.maskedload", "loads elements from memory into a vector as defined by a mask vector",
    operands: [
      ValueDefinition("base", .anyMemRef), offsets, ValueDefinition("mask", boolVector),
      ValueDefinition("pass_thru", .anyVector),
    ], results: [ValueDefinition("result", .anyVector)], attributes: [alignment], effects: [.read],
    format: """
      $base `[` $indices `]` `,` $mask `,` $pass_thru attr-dict
      `:` type($base) `,` type($mask) `,` type($pass_thru) `into` type($result)
      """, verify: verifyMasked, fold: foldAccess,
    interfaces: [maskedLoadPatterns])

  public static let maskedstore: OpDefinition = OpDefinition(
    "vector.maskedstore", "stores elements from a vector into memory as defined by a mask vector",
    operands: [
      ValueDefinition("base", .anyMemRef), offsets, ValueDefinition("mask", boolVector),
      ValueDefinition("valueToStore", .anyVector),
    ], attributes: [alignment], effects: [.write],
    format: """
      $base `[` $indices `]` `,` $mask `,` $valueToStore attr-dict
      `:` type($base) `,` type($mask) `,` type($valueToStore)
      """, verify: verifyMasked, fold: foldAccess,
    interfaces: [maskedStorePatterns])

  public static let expandload: OpDefinition = OpDefinition(
    "vector.expandload",
    "reads elements from memory and spreads them into a vector as defined by a mask",
    operands: [
      ValueDefinition("base", .anyMemRef), offsets, ValueDefinition("mask", fixedBoolVector),
      ValueDefinition("pass_thru", .anyVector),
    ], results: [ValueDefinition("result", .anyVector)], attributes: [alignment], effects: [.read],
    format: """
      $base `[` $indices `]` `,` $mask `,` $pass_thru attr-dict
      `:` type($base) `,` type($mask) `,` type($pass_thru) `into` type($result)
      """, verify: verifyMasked,
    interfaces: [maskedLoadPatterns])

  public static let compressstore: OpDefinition = OpDefinition(
    "vector.compressstore", "writes elements selectively from a vector as defined by a mask",
    operands: [
      ValueDefinition("base", .anyMemRef), offsets, ValueDefinition("mask", fixedBoolVector),
      ValueDefinition("valueToStore", .anyVector),
    ], attributes: [alignment], effects: [.write],
    format: """
      $base `[` $indices `]` `,` $mask `,` $valueToStore attr-dict
      `:` type($base) `,` type($mask) `,` type($valueToStore)
      """, verify: verifyMasked,
    interfaces: [maskedStorePatterns])

  public static let gather: OpDefinition = OpDefinition(
    "vector.gather",
    "Gathers elements from memory or ranked tensor into a vector as defined by an index vector "
      + "and a mask vector.",
    operands: [
      ValueDefinition("base", memRefOrTensor), .variadic("offsets", .index),
      ValueDefinition("indices", indexVector), ValueDefinition("mask", boolVector),
      ValueDefinition("pass_thru", .anyVector),
    ], results: [ValueDefinition("result", .anyVector)], attributes: [alignment],
    format: """
      $base `[` $offsets `]` `[` $indices `]` `,` $mask `,` $pass_thru attr-dict
      `:` type($base) `,` type($indices) `,` type($mask) `,` type($pass_thru) `into` type($result)
      """, verify: verifyMasked, interfaces: [effects(.read), gatherPatterns])

  public static let scatter: OpDefinition = OpDefinition(
    "vector.scatter",
    "scatters elements from a vector into memory or ranked tensor as defined by an index vector "
      + "and a mask vector",
    operands: [
      ValueDefinition("base", memRefOrTensor), .variadic("offsets", .index),
      ValueDefinition("indices", indexVector), ValueDefinition("mask", boolVector),
      ValueDefinition("valueToStore", .anyVector),
    ], results: [.optional("result", .rankedTensor)], attributes: [alignment],
    format: """
      $base `[` $offsets `]` `[` $indices `]` `,` $mask `,` $valueToStore attr-dict
      `:` type($base) `,` type($indices) `,` type($mask) `,` type($valueToStore)
      (`->` type($result)^)?
      """, verify: verifyMasked, interfaces: [effects(.write), scatterPatterns])

  // MARK: Transfers

  public static let transferRead: OpDefinition = OpDefinition(
    "vector.transfer_read", "Reads a supervector from memory into an SSA vector value.",
    operands: [
      ValueDefinition("base", .anyShaped), offsets, ValueDefinition("padding", .any),
      .optional("mask", boolVector),
    ], results: [ValueDefinition("vector", .anyVector)],
    attributes: [AttributeSlot("permutation_map", .affineMap), inBounds],
    traits: [.attrSizedOperandSegments, .speculatable], verify: verifyTransferRead,
    fold: foldTransferRead,
    interfaces: [effects(.read), transferReadAssembly, transferReadPatterns])

  public static let transferWrite: OpDefinition = OpDefinition(
    "vector.transfer_write", "The vector.transfer_write op writes a supervector to memory.",
    operands: [
      ValueDefinition("valueToStore", .anyVector), ValueDefinition("base", .anyShaped), offsets,
      .optional("mask", boolVector),
    ], results: [.optional("result", .rankedTensor)],
    attributes: [AttributeSlot("permutation_map", .affineMap), inBounds],
    traits: [.attrSizedOperandSegments, .destinationStyle, .speculatable],
    verify: verifyTransferWrite, fold: foldTransferWrite,
    interfaces: [effects(.write), transferWriteAssembly, transferWritePatterns])
}
