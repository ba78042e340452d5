import MartletIR
import MartletSupport
import MartletSyntax

/// Texts of spirv's operations on memory, composites and control flow.
enum SPIRVMemory {
  static let assemblies: [String: CustomAssembly] = {
    var table: [String: CustomAssembly] = [
      "spirv.Load": CustomAssembly(parse: parseLoad, print: printLoad),
      "spirv.Store": CustomAssembly(parse: parseStore, print: printStore),
      "spirv.Variable": CustomAssembly(parse: parseVariable, print: printVariable),
      "spirv.CompositeExtract": CustomAssembly(parse: parseExtract, print: printExtract),
      "spirv.CompositeInsert": CustomAssembly(parse: parseInsert, print: printInsert),
      "spirv.BranchConditional": CustomAssembly(parse: parseBranch, print: printBranch),
      "spirv.INTEL.SubgroupBlockWrite": CustomAssembly(
        parse: parseBlockWrite, print: printBlockWrite),
    ]
    for name in ["IAddCarry", "ISubBorrow", "SMulExtended", "UMulExtended"] {
      table["spirv.\(name)"] = CustomAssembly(parse: parsePair, print: printPair)
    }
    return table
  }()

  private typealias Parse = @Sendable (Parser, inout ParsedOperation) throws(Reported) -> Void
  private typealias Print = @Sendable (Printer, Operation) -> Void

  private static func pointer(_ parser: Parser, _ type: Type, _ storage: String, at offset: Int)
    throws(Reported) -> Type
  {
    guard let pointer = SPIRVTypes.pointer(to: type, storage) else {
      throw parser.error("the type '!spirv.ptr' is not loaded", at: offset)
    }
    return pointer
  }

  private static func storage(of pointer: Type) -> String {
    SPIRVTypes.parts(pointer).last ?? ""
  }

  // MARK: Loads and stores

  private static let parseLoad: Parse = { (parser, op) throws(Reported) in
    let start = parser.offset
    let storage = try parser.parseString()
    let reference = try parser.parseOperand()
    try SPIRVText.parseAccess(parser, &op)
    try parser.parseOptionalAttributeDictionary(&op)
    let type = try parser.parseColonType()
    op.operands = [
      try parser.resolve(reference, try pointer(parser, type, storage, at: start))
    ]
    op.resultTypes = [type]
  }

  private static let printLoad: Print = { printer, operation in
    printer.write(" \"\(storage(of: operation.operand(0).type))\" ")
    printer.operand(operation.operand(0))
    SPIRVText.printAccess(printer, operation)
    printer.optionalAttributeDictionary(operation, excluding: ["memory_access", "alignment"])
    printer.write(" : ")
    printer.type(operation.result().type)
  }

  private static let parseStore: Parse = { (parser, op) throws(Reported) in
    let start = parser.offset
    let storage = try parser.parseString()
    let references = try parser.parseOperandList()
    try SPIRVText.parseAccess(parser, &op)
    try parser.parseOptionalAttributeDictionary(&op)
    let type = try parser.parseColonType()
    op.operands = try parser.resolve(
      references, [try pointer(parser, type, storage, at: start), type])
  }

  private static let printStore: Print = { printer, operation in
    printer.write(" \"\(storage(of: operation.operand(0).type))\" ")
    printer.operands(operation.operands)
    SPIRVText.printAccess(printer, operation)
    printer.optionalAttributeDictionary(operation, excluding: ["memory_access", "alignment"])
    printer.write(" : ")
    printer.type(operation.operand(1).type)
  }

  private static let parseBlockWrite: Parse = { (parser, op) throws(Reported) in
    let start = parser.offset
    let storage = try parser.parseString()
    let references = try parser.parseOperandList()
    let type = try parser.parseColonType()
    let element = type.isVector ? type.elementType : type
    op.operands = try parser.resolve(
      references, [try pointer(parser, element, storage, at: start), type])
  }

  private static let printBlockWrite: Print = { printer, operation in
    printer.write(" \"\(storage(of: operation.operand(0).type))\" ")
    printer.operands(operation.operands)
    printer.write(" : ")
    printer.type(operation.operand(1).type)
  }

  private static let parseVariable: Parse = { (parser, op) throws(Reported) in
    var initial: Parser.OperandReference?
    if parser.parseOptionalKeyword("init") {
      try parser.parse(.leftParen)
      initial = try parser.parseOperand()
      try parser.parse(.rightParen)
    }
    try SPIRVText.parseDecorations(parser, &op)
    try parser.parse(.colon)
    let start = parser.offset
    let type = try parser.parseType()
    guard let pointee = SPIRVTypes.pointee(of: type) else {
      throw parser.error("expected spirv.ptr type", at: start)
    }
    if let initial { op.operands = [try parser.resolve(initial, pointee)] }
    op.add(
      "storage_class",
      try SPIRVText.enumAttribute(parser, "storage_class", storage(of: type), at: start))
    op.resultTypes = [type]
  }

  private static let printVariable: Print = { printer, operation in
    if operation.operandCount > 0 {
      printer.write(" init(")
      printer.operand(operation.operand(0))
      printer.write(")")
    }
    SPIRVText.printDecorations(printer, operation, excluding: ["storage_class"])
    printer.write(" : ")
    printer.type(operation.result().type)
  }

  // MARK: Composites

  private static let parseExtract: Parse = { (parser, op) throws(Reported) in
    let reference = try parser.parseOperand()
    let indices = try SPIRVText.parseIndices(parser)
    op.add("indices", indices)
    try parser.parseOptionalAttributeDictionary(&op)
    try parser.parse(.colon)
    let start = parser.offset
    let composite = try parser.parseType()
    var type = composite
    for index in indices.elements ?? [] {
      guard let number = index.integerValue, let inner = SPIRVTypes.member(Int(number), of: type)
      else {
        throw parser.error(
          "index \(index.integerValue ?? 0) out of bounds for '\(type)'", at: start)
      }
      type = inner
    }
    op.operands = [try parser.resolve(reference, composite)]
    op.resultTypes = [type]
  }

  private static let printExtract: Print = { printer, operation in
    printer.write(" ")
    printer.operand(operation.operand(0))
    if let indices = operation.attribute("indices") { printer.attribute(indices) }
    printer.optionalAttributeDictionary(operation, excluding: ["indices"])
    printer.write(" : ")
    printer.type(operation.operand(0).type)
  }

  private static let parseInsert: Parse = { (parser, op) throws(Reported) in
    let references = try parser.parseOperandList()
    op.add("indices", try SPIRVText.parseIndices(parser))
    try parser.parseOptionalAttributeDictionary(&op)
    let object = try parser.parseColonType()
    try parser.parseKeyword("into")
    let composite = try parser.parseType()
    op.operands = try parser.resolve(references, [object, composite])
    op.resultTypes = [composite]
  }

  private static let printInsert: Print = { printer, operation in
    printer.write(" ")
    printer.operands(operation.operands)
    if let indices = operation.attribute("indices") { printer.attribute(indices) }
    printer.optionalAttributeDictionary(operation, excluding: ["indices"])
    printer.write(" : ")
    printer.type(operation.operand(0).type)
    printer.write(" into ")
    printer.type(operation.operand(1).type)
  }

  /// Two operands of the type of the result's members.
  private static let parsePair: Parse = { (parser, op) throws(Reported) in
    try parser.parseOptionalAttributeDictionary(&op)
    let references = try parser.parseOperandList()
    try parser.parse(.colon)
    let start = parser.offset
    let type = try parser.parseType()
    guard type.definition?.name == "spirv.struct", let member = SPIRVTypes.member(0, of: type)
    else {
      throw parser.error("expected spirv.struct type with two members", at: start)
    }
    op.operands = try parser.resolve(references, member)
    op.resultTypes = [type]
  }

  private static let printPair: Print = { printer, operation in
    printer.optionalAttributeDictionary(operation)
    printer.write(" ")
    printer.operands(operation.operands)
    printer.write(" : ")
    printer.type(operation.result().type)
  }

  // MARK: Branches

  private static let parseBranch: Parse = { (parser, op) throws(Reported) in
    op.operands = [try parser.resolve(try parser.parseOperand(), parser.context.i1)]
    if parser.parseOptional(.leftSquare) {
      let first = try parser.parseInteger()
      try parser.parse(.comma)
      let second = try parser.parseInteger()
      try parser.parse(.rightSquare)
      let context = parser.context
      op.add(
        "branch_weights",
        context.array([context.i32Attribute(first), context.i32Attribute(second)])
      )
    }
    try parser.parse(.comma)
    let (target, values) = try parser.parseSuccessorAndOperands()
    try parser.parse(.comma)
    let (other, others) = try parser.parseSuccessorAndOperands()
    op.successors = [target, other]
    op.operands += values + others
    op.add(
      "operandSegmentSizes",
      parser.context.denseI32Array([1, values.count, others.count]))
  }

  private static let printBranch: Print = { printer, operation in
    printer.write(" ")
    printer.operand(operation.operand(0))
    if let weights = operation.attribute("branch_weights")?.integers, weights.count == 2 {
      printer.write(" [\(weights[0]), \(weights[1])]")
    }
    for i in 0..<min(2, operation.successors.count) {
      printer.write(", ")
      printer.successorAndOperands(operation.successors[i], operation.operandGroup(i + 1))
    }
  }
}
