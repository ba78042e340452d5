import MartletIR
import MartletSupport
import MartletSyntax

/// Constants, aggregates and vectors.
extension LLVM {
  static let aggregates: [OpDefinition] = [
    constant, undefValue, poisonValue, zeroValue, noneValue, extractValue, insertValue,
    extractElement, insertElement, shuffleVector,
  ]

  public static let constant = OpDefinition(
    "llvm.mlir.constant", "A constant", results: [ValueDefinition("res", anyType)],
    attributes: [AttributeSlot("value", .any)], traits: [.constantLike, .pure],
    format: "`(` $value `)` attr-dict `:` type($res)",
    verify: { (operation) throws(Reported) in try verifyConstant(operation) },
    fold: { operation in operation.attribute("value").map { .attribute($0) } ?? .none })

  public static let undefValue = special("undef")
  public static let poisonValue = special("poison")
  public static let zeroValue = special("zero")

  private static func special(_ name: String) -> OpDefinition {
    OpDefinition(
      "llvm.mlir.\(name)", "The \(name) value", results: [ValueDefinition("res", anyType)],
      traits: [.constantLike, .pure], format: "attr-dict `:` type($res)",
      fold: { operation in
        let definition = name == "undef" ? undef : name == "poison" ? poison : zero
        return .attribute(operation.context.attribute(definition))
      })
  }

  public static let noneValue = OpDefinition(
    "llvm.mlir.none", "The none token",
    results: [ValueDefinition("res", TypeConstraint("LLVM token type") { $0.is(token) })],
    traits: .pure, format: "attr-dict `:` type($res)")

  private static func verifyConstant(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    guard let value = operation.attribute("value") else { return }
    switch value.kind {
    case .string:
      guard let (element, count) = type.llvmArray, element.isInteger(8),
        count == value.stringIdentifier?.bytes.count
      else {
        throw operation.emitOpError(
          "expected array type of \(value.stringIdentifier?.bytes.count ?? 0) i8 elements for the string constant"
        )
      }
    case .integer:
      if !type.isInteger {
        throw operation.emitOpError("expected integer type")
      }
    case .float:
      if !type.isFloat, !type.isInteger { throw operation.emitOpError("expected float type") }
      if type.isFloat, type != value.type {
        throw operation.emitOpError(
          "attribute and type have different float semantics")
      }
    case .denseElements, .denseResource, .denseString, .sparseElements:
      if !type.isVector, type.llvmArray == nil {
        throw operation.emitOpError("expected vector or array type")
      }
    case .array:
      if type.llvmArray == nil, type.llvmStruct == nil {
        throw operation.emitOpError("expected array or struct type for array attribute")
      }
    default:
      throw operation.emitOpError(
        "only supports integer, float, string or elements attributes")
    }
  }

  // MARK: Aggregates

  public static let extractValue: OpDefinition = OpDefinition(
    "llvm.extractvalue", "A part of an aggregate",
    operands: [ValueDefinition("container", aggregate)],
    results: [ValueDefinition("res", anyType)],
    attributes: [AttributeSlot("position", .denseI64Array)], traits: .pure,
    verify: { (operation) throws(Reported) in
      try verifyPart(operation, part: operation.result().type)
    },
    fold: foldExtract,
    inferResultTypes: { input in
      guard let type = input.operands.first?.type,
        let part = type.llvmElement(at: input.attributes("position")?.integers ?? [])
      else { return nil }
      return [part]
    },
    interfaces: [
      CustomAssembly(
        parse: { (parser, operation) throws(Reported) in
          let container = try parser.parseOperand()
          let position = try parsePosition(parser, &operation)
          try parser.parseOptionalAttributeDictionary(&operation)
          let offset = parser.offset
          let type = try parser.parseColonType()
          operation.operands = [try parser.resolve(container, type)]
          operation.resultTypes = [try part(of: type, at: position, parser, offset)]
        },
        print: { printer, operation in
          printer.write(" ")
          printer.operand(operation.operand(0))
          printPosition(printer, operation)
        })
    ])

  public static let insertValue: OpDefinition = OpDefinition(
    "llvm.insertvalue", "An aggregate with a part replaced",
    operands: [ValueDefinition("container", aggregate), ValueDefinition("value", primitive)],
    results: [ValueDefinition("res", aggregate)],
    attributes: [AttributeSlot("position", .denseI64Array)], traits: .pure,
    relations: [.same(["container", "res"])],
    verify: { (operation) throws(Reported) in
      try verifyPart(operation, part: operation.operand(1).type)
    },
    inferResultTypes: { $0.operands.first.map { [$0.type] } },
    interfaces: [
      CustomAssembly(
        parse: { (parser, operation) throws(Reported) in
          let value = try parser.parseOperand()
          try parser.parse(.comma)
          let container = try parser.parseOperand()
          let position = try parsePosition(parser, &operation)
          try parser.parseOptionalAttributeDictionary(&operation)
          let offset = parser.offset
          let type = try parser.parseColonType()
          let element = try part(of: type, at: position, parser, offset)
          operation.operands = [
            try parser.resolve(container, type), try parser.resolve(value, element),
          ]
          operation.resultTypes = [type]
        },
        print: { printer, operation in
          printer.write(" ")
          printer.operand(operation.operand(1))
          printer.write(", ")
          printer.operand(operation.operand(0))
          printPosition(printer, operation)
        })
    ])

  private static func parsePosition(_ parser: Parser, _ operation: inout ParsedOperation)
    throws(Reported) -> [Int]
  {
    let position = try parser.parseList(.square) { () throws(Reported) in
      try parser.parseInteger()
    }
    operation.add("position", parser.context.denseI64Array(position))
    return position
  }

  private static func part(
    of type: Type, at position: [Int], _ parser: Parser, _ offset: Int
  ) throws(Reported) -> Type {
    guard let part = type.llvmElement(at: position) else {
      throw parser.error(
        "position out of bounds: \(position.map(String.init).joined(separator: ", "))",
        at: offset)
    }
    return part
  }

  private static func printPosition(_ printer: Printer, _ operation: Operation) {
    let position = (operation.attribute("position")?.integers ?? []).map(String.init)
    printer.write("[\(position.joined(separator: ", "))]")
    printer.optionalAttributeDictionary(operation, excluding: ["position"])
    printer.write(" : ")
    printer.type(operation.operand(0).type)
    printer.write(" ")
  }

  private static func verifyPart(_ operation: Operation, part: Type) throws(Reported) {
    let type = operation.operand(0).type
    let position = operation.attribute("position")?.integers ?? []
    guard let found = type.llvmElement(at: position) else {
      throw operation.emitOpError("position out of bounds: \(position)")
    }
    if found != part {
      throw operation.emitOpError(
        "Type mismatch: extracting from '\(type)' should produce '\(found)' but this op returns '\(part)'"
      )
    }
  }

  /// Follows insertions down to the one of this part, or past those of other parts.
  @Sendable private static func foldExtract(_ operation: Operation) -> FoldResult {
    let position = operation.attribute("position")?.integers ?? []
    var container = operation.operand(0)
    var moved = false
    while let definer = container.definingOperation, definer.is(insertValue) {
      let inserted = definer.attribute("position")?.integers ?? []
      if inserted == position { return .value(definer.operand(1)) }
      // One part within the other: neither can be taken.
      if inserted.starts(with: position) || position.starts(with: inserted) { break }
      container = definer.operand(0)
      moved = true
    }
    if !moved { return .none }
    operation.setOperand(0, container)
    return .inPlace
  }

  // MARK: Vectors

  public static let extractElement = OpDefinition(
    "llvm.extractelement", "An element of a vector",
    operands: [ValueDefinition("vector", vector), ValueDefinition("position", integer)],
    results: [ValueDefinition("res", anyType)], traits: .pure,
    relations: [
      .derived(
        target: "res", from: "vector", summary: "result type matches vector element type"
      ) { $0.elementType }
    ],
    format: "$vector `[` $position `:` type($position) `]` attr-dict `:` type($vector)")

  public static let insertElement = OpDefinition(
    "llvm.insertelement", "A vector with an element replaced",
    operands: [
      ValueDefinition("vector", vector), ValueDefinition("value", primitive),
      ValueDefinition("position", integer),
    ],
    results: [ValueDefinition("res", vector)], traits: .pure,
    relations: [
      .same(["res", "vector"]),
      .derived(
        target: "value", from: "vector", summary: "argument type matches vector element type"
      ) { $0.elementType },
    ],
    format: "$value `,` $vector `[` $position `:` type($position) `]` attr-dict `:` type($vector)")

  public static let shuffleVector = OpDefinition(
    "llvm.shufflevector", "Elements of two vectors",
    operands: [ValueDefinition("v1", vector), ValueDefinition("v2", vector)],
    results: [ValueDefinition("res", vector)],
    attributes: [AttributeSlot("mask", .denseI32Array)], traits: .pure,
    relations: [.same(["v1", "v2"])],
    verify: { (operation) throws(Reported) in
      let type = operation.operand(0).type
      let count = 2 * (type.elementCount ?? 0)
      for index in operation.attribute("mask")?.integers ?? []
      where index < -1 || index >= count && type.scalableMask == 0 {
        throw operation.emitOpError("expected mask indices within [-1, \(count))")
      }
    },
    inferResultTypes: { input in
      guard let type = input.operands.first?.type,
        let mask = input.attributes("mask")?.integers
      else { return nil }
      return [type.context.vector([mask.count], type.elementType, scalable: type.scalableMask)]
    },
    interfaces: [
      CustomAssembly(
        parse: { (parser, operation) throws(Reported) in
          let first = try parser.parseOperand()
          try parser.parse(.comma)
          let second = try parser.parseOperand()
          let mask = try parser.parseList(.square) { () throws(Reported) in
            try parser.parseInteger()
          }
          operation.add("mask", parser.context.denseI32Array(mask))
          try parser.parseOptionalAttributeDictionary(&operation)
          let offset = parser.offset
          let type = try parser.parseColonType()
          guard type.isVector else { throw parser.error("expected vector type", at: offset) }
          operation.operands = [try parser.resolve(first, type), try parser.resolve(second, type)]
          operation.resultTypes = [
            type.context.vector([mask.count], type.elementType, scalable: type.scalableMask)
          ]
        },
        print: { printer, operation in
          printer.write(" ")
          printer.operands(operation.operands)
          let mask = (operation.attribute("mask")?.integers ?? []).map(String.init)
          printer.write(" [\(mask.joined(separator: ", "))]")
          printer.optionalAttributeDictionary(operation, excluding: ["mask"])
          printer.write(" : ")
          printer.type(operation.operand(0).type)
          printer.write(" ")
        })
    ])
}
