import MartletIR
import MartletSupport
import MartletSyntax

/// Unstructured control flow between blocks.
public enum ControlFlow {
  public static let dialect = Dialect(
    "cf", summary: "branches between blocks", operations: [assert, br, condBr, `switch`])

  public static let assert = OpDefinition(
    "cf.assert", "Assert operation with message attribute",
    operands: [ValueDefinition("arg", .i1)], attributes: [AttributeSlot("msg", .string)],
    effects: [.write], format: "$arg `,` $msg attr-dict",
    interfaces: [assertPatterns])

  public static let br = OpDefinition(
    "cf.br", "Branch operation", operands: [.variadic("destOperands", .any)],
    successors: [SuccessorDefinition("dest")], traits: [.branch, .pure, .terminator],
    format: "$dest (`(` $destOperands^ `:` type($destOperands) `)`)? attr-dict",
    verify: verifyBranch, interfaces: [brPatterns])

  public static let condBr = OpDefinition(
    "cf.cond_br", "Conditional branch operation",
    operands: [
      ValueDefinition("condition", .i1), .variadic("trueDestOperands", .any),
      .variadic("falseDestOperands", .any),
    ], attributes: [.optional("branch_weights", .denseI32Array)],
    successors: [SuccessorDefinition("trueDest"), SuccessorDefinition("falseDest")],
    traits: [.attrSizedOperandSegments, .branch, .pure, .terminator],
    format: """
      $condition (`weights` `(` $branch_weights^ `)` )? `,`
      $trueDest (`(` $trueDestOperands^ `:` type($trueDestOperands) `)`)? `,`
      $falseDest (`(` $falseDestOperands^ `:` type($falseDestOperands) `)`)? attr-dict
      """, verify: verifyBranch, interfaces: [condBrPatterns, condBrChoice])

  public static let `switch` = OpDefinition(
    "cf.switch", "Switch operation",
    operands: [
      ValueDefinition("flag", .anyInteger), .variadic("defaultOperands", .any),
      .variadic("caseOperands", .any),
    ],
    attributes: [
      .optional(
        "case_values",
        AttributeConstraint("integer elements attribute") {
          $0.kind == .denseElements && ($0.type?.elementType.isInteger ?? false)
        }), AttributeSlot("case_operand_segments", .denseI32Array),
    ],
    successors: [
      SuccessorDefinition("defaultDestination"),
      SuccessorDefinition("caseDestinations", arity: .variadic),
    ], traits: [.attrSizedOperandSegments, .branch, .pure, .terminator], verify: verifySwitch,
    interfaces: [
      switchAssembly, switchPatterns, switchChoice,
      BranchInterface(operandRange: switchOperandRange, didResize: resizeSwitchCase),
    ])

  /// The operands a branch passes to successor `i`.
  public static func successorOperands(_ operation: Operation, _ i: Int) -> [Value] {
    if operation.is(br) { return Array(operation.operands) }
    if operation.is(condBr) { return Array(operation.operandGroup(i + 1)) }
    if operation.is(`switch`) {
      if i == 0 { return Array(operation.operandGroup(1)) }
      let sizes = operation.attribute("case_operand_segments")?.integers ?? []
      guard i <= sizes.count else { return [] }
      let operands = operation.operandGroup(2)
      let start = sizes[..<(i - 1)].reduce(0, &+)
      guard start >= 0, sizes[i - 1] >= 0, start + sizes[i - 1] <= operands.count else { return [] }
      return Array(operands[start..<(start + sizes[i - 1])])
    }
    return []
  }

  /// The successor of a conditional branch whose first operand is known; of llvm's too.
  static let condBrChoice = BranchChoice { _, constants in
    constants.first.flatMap { $0?.boolValue }.map { $0 ? 0 : 1 }
  }

  private static let switchChoice = BranchChoice { op, constants in
    guard let flag = constants.first.flatMap({ $0?.integerValue }) else { return nil }
    let cases = op.attribute("case_values")?.integers ?? []
    return cases.firstIndex(of: Int(flag)).map { $0 + 1 } ?? 0
  }

  /// Where the operands of a switch's successor `i` lie.
  @Sendable private static func switchOperandRange(_ op: Operation, _ i: Int) -> Range<Int> {
    let segments = op.operandSegments
    guard segments.count == 3 else { return 0..<0 }
    if i == 0 { return 1..<(1 + segments[1]) }
    let sizes = op.attribute("case_operand_segments")?.integers ?? []
    guard i <= sizes.count else { return 0..<0 }
    let start = 1 + segments[1] + sizes[..<(i - 1)].reduce(0, &+)
    guard start >= 0, sizes[i - 1] >= 0, start + sizes[i - 1] <= op.operandCount else {
      return 0..<0
    }
    return start..<(start + sizes[i - 1])
  }

  @Sendable private static func resizeSwitchCase(_ op: Operation, _ i: Int, _ by: Int) {
    guard i > 0, var sizes = op.attribute("case_operand_segments")?.integers, i <= sizes.count
    else { return }
    sizes[i - 1] += by
    op.setAttribute("case_operand_segments", op.context.denseI32Array(sizes))
  }

  private static func verifyBranch(_ operation: Operation) throws(Reported) {
    for (i, block) in operation.successors.enumerated() {
      let passed = successorOperands(operation, i)
      if passed.count != block.argumentCount {
        throw operation.emitError(
          "branch has \(passed.count) operands for successor #\(i), but target block has "
            + "\(block.argumentCount)")
      }
      for (k, (value, argument)) in zip(passed, block.arguments).enumerated()
      where value.type != argument.type {
        throw operation.emitError(
          "type mismatch for bb argument #\(k) of successor #\(i)")
      }
    }
  }

  private static func verifySwitch(_ operation: Operation) throws(Reported) {
    let destinations = operation.successors.count - 1
    guard let segments = operation.attribute("case_operand_segments")?.integers else { return }
    if segments.contains(where: { $0 < 0 }) || segments.count != destinations
      || segments.reduce(0, &+) != operation.operandGroup(2).count
    {
      throw operation.emitOpError(
        "case_operand_segments do not fit the case operands and destinations")
    }
    guard let values = operation.attribute("case_values") else {
      if destinations > 0 {
        throw operation.emitOpError("must have case values when there are case destinations")
      }
      try verifyBranch(operation)
      return
    }
    guard let type = values.type else { return }
    let flag = operation.operand(0).type
    if flag != type.elementType {
      throw operation.emitOpError(
        "'flag' type ('\(flag)') should match case value type ('\(type.elementType)')")
    }
    if let count = type.elementCount, count != destinations {
      throw operation.emitOpError(
        "number of case values (\(count)) should match number of case destinations "
          + "(\(destinations))")
    }
    try verifyBranch(operation)
  }

  // MARK: Text of switch

  private static let switchAssembly = CustomAssembly(
    parse: parseSwitch, print: printSwitch)

  private static func parseSwitch(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    let flagReference = try parser.parseOperand()
    let type = try parser.parseColonType()
    let flag = try parser.resolve(flagReference, type)
    try parser.parse(.comma)
    try parser.parse(.leftSquare)
    try parser.parseKeyword("default")
    try parser.parse(.colon)
    let (defaultBlock, defaultOperands) = try parser.parseSuccessorAndOperands()
    var blocks = [defaultBlock]
    var values: [Int] = []
    var caseOperands: [Value] = []
    var segments: [Int] = []
    while parser.parseOptional(.comma) {
      let offset = parser.offset
      // Read as an attribute, since values are written unsigned, up to 64 bits.
      guard let value = try parser.parseAttribute(type: type).integerValue else {
        throw parser.error("expected an integer", at: offset)
      }
      values.append(Int(value))
      try parser.parse(.colon)
      let (block, operands) = try parser.parseSuccessorAndOperands()
      blocks.append(block)
      caseOperands += operands
      segments.append(operands.count)
    }
    try parser.parse(.rightSquare)
    try parser.parseOptionalAttributeDictionary(&op)
    let context = parser.context
    op.operands = [flag] + defaultOperands + caseOperands
    op.successors = blocks
    if !values.isEmpty {
      op.add("case_values", context.dense(context.vector([values.count], type), integers: values))
    }
    op.add("case_operand_segments", context.denseI32Array(segments))
    op.add(
      "operandSegmentSizes",
      context.denseI32Array([1, defaultOperands.count, caseOperands.count]))
  }

  private static func printSwitch(_ printer: Printer, _ operation: Operation) {
    printer.write(" ")
    printer.operand(operation.operand(0))
    printer.write(" : ")
    printer.type(operation.operand(0).type)
    printer.write(", [")
    let type = operation.operand(0).type
    let values = (operation.attribute("case_values")?.integers ?? []).map {
      IntegerMath.unsigned(Int64($0), type.bitWidth ?? 64)
    }
    for (i, block) in operation.successors.enumerated() {
      printer.newline()
      let value = i == 0 || i > values.count ? "default" : String(values[i - 1])
      printer.write("  \(value): ")
      printer.successorAndOperands(block, successorOperands(operation, i))
      if i + 1 < operation.successors.count { printer.write(",") }
    }
    if !values.isEmpty { printer.newline() }
    printer.write("]")
    printer.optionalAttributeDictionary(
      operation, excluding: ["case_values", "case_operand_segments", "operandSegmentSizes"])
  }
}
