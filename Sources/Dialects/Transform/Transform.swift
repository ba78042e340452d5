import MartletIR
import MartletSupport
import MartletSyntax

/// Programs that say how other programs are to be transformed.
public enum Transform {
  public static let dialect = Dialect(
    "transform", summary: "programs that say how other programs are to be transformed",
    operations: (coreOperations + extensionsOperations + matchOperations + structuredOperations
      + loopsOperations + patternOperations).sorted {
        $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      },
    types: [
      affineMapType, anyOpType, anyParamType, anyValueType, operationType, paramType,
      typeParamType,
    ], attributes: [paramOperand])

  // MARK: Types

  static let anyOpType = bare("transform.any_op", "handle of operations")
  static let anyValueType = bare("transform.any_value", "handle of values")
  static let anyParamType = bare("transform.any_param", "parameter of any kind")
  static let affineMapType = bare("transform.affine_map", "parameter that is an affine map")
  static let typeParamType = bare("transform.type", "parameter that is a type")

  private static func bare(_ name: String, _ summary: String) -> TypeDefinition {
    TypeDefinition(
      name, summary,
      interfaces: [
        TypeAssembly(
          parse: { (parser) throws(Reported) in try make(parser, name, []) }, print: { _, _ in })
      ])
  }

  private static func make(_ parser: Parser, _ name: String, _ words: [UInt64]) throws(Reported)
    -> Type
  {
    guard let definition = parser.context.typeDefinition(named: name) else {
      throw parser.error("unknown type '\(name)'")
    }
    return parser.context.type(definition, words)
  }

  /// `!transform.op<"scf.for">`: a handle of operations of one name, which is the word.
  static let operationType = TypeDefinition(
    "transform.op", "handle of operations of one name",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          try parser.parse(.less)
          let name = try parser.parseString()
          try parser.parse(.greater)
          return try make(parser, "transform.op", [UInt64(parser.context.intern(name).raw)])
        },
        print: { printer, type in
          printer.write("<")
          printer.string(type.identifierWord(0).string)
          printer.write(">")
        })
    ])

  /// `!transform.param<i64>`: a parameter whose values have a type, which is the word.
  static let paramType = TypeDefinition(
    "transform.param", "parameter of a type",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          try parser.parse(.less)
          let type = try parser.parseType()
          try parser.parse(.greater)
          return try make(parser, "transform.param", [UInt64(type.raw)])
        },
        print: { printer, type in
          printer.write("<")
          printer.type(type.typeWord(0))
          printer.write(">")
        })
    ])

  /// `#transform.param_operand<index = 0>`: stands in the options of a pass for an operand.
  static let paramOperand = AttributeDefinition(
    "transform.param_operand", "an operand among the options of a pass",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          try parser.parseKeyword("index")
          try parser.parse(.equal)
          let offset = parser.offset
          let index = try parser.parseAttribute()
          try parser.parse(.greater)
          guard index.integerValue != nil,
            let definition = parser.context.attributeDefinition(named: "transform.param_operand")
          else { throw parser.error("expected an integer", at: offset) }
          return parser.context.attribute(definition, [UInt64(index.raw)])
        },
        print: { printer, attribute in
          printer.write("<index = ")
          if let index = attribute.attributeWord(0) { printer.attribute(index) }
          printer.write(">")
        })
    ])

  /// What a value of transform's types stands for.
  enum Role { case operations, values, parameters }

  static func role(_ type: Type) -> Role? {
    if type.is(anyOpType) || type.is(operationType) { return .operations }
    if type.is(anyValueType) { return .values }
    let parameters = [anyParamType, affineMapType, typeParamType, paramType]
    return parameters.contains { type.is($0) } ? .parameters : nil
  }

  // MARK: Type constraints

  private static func roles(_ summary: String, _ roles: Role...) -> TypeConstraint {
    TypeConstraint(summary) { type in role(type).map { roles.contains($0) } ?? false }
  }

  static let handle = roles("TransformHandleTypeInterface instance", .operations)
  static let valueHandle = roles("TransformValueHandleTypeInterface instance", .values)
  static let param = roles("TransformParamTypeInterface instance", .parameters)
  static let anyHandle = roles("transform operation or value handle", .operations, .values)
  static let anyHandleType = roles("any transform handle", .operations, .values)
  static let paramOrHandle = roles(
    "transform any param type or any handle type", .operations, .parameters)
  static let anyHandleOrParam = roles(
    "any transform handle or parameter", .operations, .values, .parameters)
  static let handleOrMapParam = TypeConstraint("transform operation or value handle or ") {
    anyHandle.accepts($0) || $0.is(affineMapType)
  }
  static let anyOp = TypeConstraint("", buildable: { $0.type(anyOpType) }) { $0.is(anyOpType) }
  static let anyValue = TypeConstraint("", buildable: { $0.type(anyValueType) }) {
    $0.is(anyValueType)
  }
  static func handleTo(_ name: String) -> TypeConstraint {
    TypeConstraint("Transform IR handle to \(name) operations") {
      $0.is(operationType) && $0.identifierWord(0).string == name
    }
  }

  // MARK: Attribute constraints

  private static func array(
    _ summary: String, _ accepts: @escaping @Sendable (Attribute) -> Bool
  ) -> AttributeConstraint {
    AttributeConstraint(summary) { $0.elements?.allSatisfy(accepts) ?? false }
  }

  static let stringArray = array("string array attribute") { $0.kind == .string }
  static let symbolArray = array("symbol ref array attribute") { $0.kind == .symbolRef }
  static let typeArray = array("type array attribute") { $0.kind == .type }
  static let boolArray = array("1-bit boolean array attribute") { $0.boolValue != nil }
  static let i64Array = array("64-bit integer array attribute") {
    AttributeConstraint.i64.accepts($0)
  }
  static let i64ArrayArray = array("array of arrays of i64") { i64Array.accepts($0) }
  static let mappingArray = array("Device Mapping array attribute") { $0.kind == nil }
  static let anyInteger = AttributeConstraint("arbitrary integer attribute") {
    $0.kind == .integer
  }
  static let anyFunctionType = AttributeConstraint("function type attribute", form: .type) {
    $0.typeValue?.isFunction ?? false
  }

  private static func integer(
    _ summary: String, _ accepts: @escaping @Sendable (Int64) -> Bool
  ) -> AttributeConstraint {
    AttributeConstraint(
      "64-bit signless integer attribute whose value is \(summary)",
      form: AttributeConstraint.i64.form
    ) { AttributeConstraint.i64.accepts($0) && ($0.integerValue.map(accepts) ?? false) }
  }
  static let positive = integer("positive") { $0 > 0 }
  static let nonNegative = integer("non-negative") { $0 >= 0 }

  private static func dense(
    _ summary: String, _ accepts: @escaping @Sendable ([Int]) -> Bool
  ) -> AttributeConstraint {
    AttributeConstraint(
      "i64 dense array attribute \(summary)", form: AttributeConstraint.denseI64Array.form
    ) { AttributeConstraint.denseI64Array.accepts($0) && ($0.integers.map(accepts) ?? false) }
  }
  static let nonNegativeArray = dense("whose value is non-negative") { $0.allSatisfy { $0 >= 0 } }
  static let three = dense("with exactly 3 elements") { $0.count == 3 }
  static let zeroOrThree = dense("with 0 or 3 elements") { $0.isEmpty || $0.count == 3 }

  // MARK: Enumerations

  private static func enumeration(
    _ name: String, _ words: String, from first: Int64 = 0, _ summary: String? = nil
  ) -> AttributeConstraint {
    let cases = words.split(separator: " ").enumerated().map {
      (name: String($1), value: Int64($0) + first)
    }
    let numbers = cases.map { String($0.value) }.joined(separator: ", ")
    return .enumeration(
      EnumDefinition(
        name, cases,
        summary: summary ?? "allowed 32-bit signless integer cases: \(numbers)"), width: 32)
  }

  static let failureMode = enumeration(
    "FailurePropagationMode", "propagate suppress", from: 1,
    "Silenceable error propagation policy")
  static let comparePredicate = enumeration("MatchCmpIPredicate", "eq ne lt le gt ge")
  static let matchInterface = enumeration(
    "MatchInterfaceEnum", "LinalgOp TilingInterface LoopLikeInterface", "An interface to match")
  static let transposeInput = enumeration(
    "TransposeMatmulInput", "lhs rhs",
    "Input to transpose when converting matmul ops to transposed variants")
  static let winogradForm = enumeration("WinogradConv2DFmr", "F_2_3 F_4_3 F_2_5")
  static let layoutMapOption = enumeration(
    "LayoutMapOption", "InferLayoutMap IdentityLayoutMap FullyDynamicLayoutMap",
    "option for map layout")
  static let contractLowering = enumeration(
    "VectorContractLowering", "dot llvmintr outerproduct parallelarith",
    "control the lowering of `vector.contract` operations.")
  static let multiReductionLowering = enumeration(
    "VectorMultiReductionLowering", "innerparallel innerreduction",
    "control the lowering of `vector.multi_reduction`.")
  static let transposeLowering = enumeration(
    "VectorTransposeLowering", "eltwise llvmintr shuffle_1d shuffle_16x16",
    "control the lowering of `vector.transpose` operations.")
  static let transferSplit = enumeration(
    "VectorTransferSplit", "none vector-transfer linalg-copy force-in-bounds",
    "control the splitting of `vector.transfer` operations into in-bounds and out-of-bounds "
      + "variants.")

  static func enumDefault(_ value: Int) -> @Sendable (Context) -> Attribute {
    { $0.i32Attribute(value) }
  }
}

/// Which handles an operation makes unusable.
struct Consumption: OpInterface {
  enum Extent { case none, all, operands(String), bodyArguments, callee }
  let extent: Extent

  init(_ operands: String) { extent = .operands(operands) }
  private init(_ extent: Extent) { self.extent = extent }

  static let none = Consumption(.none)
  static let all = Consumption(.all)
  /// The operands whose arguments in the body are consumed there.
  static let bodyArguments = Consumption(.bodyArguments)
  /// The operands that the named sequence called marks as consumed.
  static let callee = Consumption(.callee)
}
