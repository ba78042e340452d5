import MartletIR
import MartletSupport
import MartletSyntax

/// Calls that may unwind, and where unwinding lands; indirect branches.
extension LLVM {
  static let exceptions: [OpDefinition] = [invoke, landingpad, resume, indirectBr, vaArg]

  /// A call as a terminator: on to one block or, when it unwinds, to the other.
  public static let invoke: OpDefinition = OpDefinition(
    "llvm.invoke", "A call that may unwind",
    operands: [
      .variadic("callee_operands", anyType), .variadic("normalDestOperands", anyType),
      .variadic("unwindDestOperands", anyType), .variadic("op_bundle_operands", anyType),
    ],
    results: [.optional("result", anyType)],
    attributes: [
      .optional("var_callee_type", functionTypeConstraint), .optional("callee", .flatSymbolRef),
      .optional("branch_weights", .denseI32Array), flags("CConv", callingConvention),
    ] + bundleSlots,
    successors: [SuccessorDefinition("normalDest"), SuccessorDefinition("unwindDest")],
    traits: [.attrSizedOperandSegments, .call, .branch, .terminator],
    verify: { (operation) throws(Reported) in
      try verifyBundles(operation)
      try verifyBranch(operation)
      guard operation.successors.count == 2 else { return }
      let unwind = operation.successors[1]
      guard let first = unwind.firstOperation, first.is(landingpad) else {
        throw operation.emitError(
          unwind.isEmpty
            ? "must have at least one operation in unwind destination"
            : "first operation in unwind destination should be a llvm.landingpad operation")
      }
    },
    interfaces: [
      invokeAssembly,
      BranchInterface(
        operandRange: { operation, i in
          let sizes = operation.operandSegments
          let start = sizes.prefix(1 + i).reduce(0, +)
          return start..<(start + (i + 1 < sizes.count ? sizes[i + 1] : 0))
        }, didResize: { _, _, _ in }),
    ])

  /// `llvm.invoke @f(%a) to ^bb1 unwind ^bb2 vararg(!llvm.func<...>) : (i32) -> ()`.
  private static let invokeAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      let convention = parseOptionalWord(parser, callingConventions) ?? 0
      operation.add("CConv", context.attribute(callingConvention, [UInt64(convention)]))
      var callee: Parser.OperandReference?
      if let name = parser.parseOptionalSymbolName() {
        operation.add("callee", context.symbolRef(name))
      } else {
        callee = try parser.parseOperand()
      }
      let references = try parser.parseOperandList(.paren)
      try parser.parseKeyword("to")
      let (normal, normalOperands) = try parser.parseSuccessorAndOperands()
      try parser.parseKeyword("unwind")
      let (unwind, unwindOperands) = try parser.parseSuccessorAndOperands()
      if parser.parseOptionalKeyword("vararg") {
        try parser.parse(.leftParen)
        operation.add("var_callee_type", context.typeAttribute(try parser.parseType()))
        try parser.parse(.rightParen)
      }
      let bundles = try parseBundles(parser, &operation)
      try parser.parseOptionalAttributeDictionary(&operation)
      try parser.parse(.colon)
      var operands: [Value] = []
      if let callee {
        operands.append(try parser.resolve(callee, try parser.parseType()))
        try parser.parse(.comma)
      }
      let signature = try FunctionSyntax.parseSignature(parser)
      FunctionSyntax.addAttributes(signature, to: &operation)
      operands += try parser.resolve(references, signature.inputs)
      operation.operands = operands + normalOperands + unwindOperands + bundles
      operation.resultTypes = signature.results
      operation.successors = [normal, unwind]
      operation.add(
        "operandSegmentSizes",
        context.denseI32Array([
          operands.count, normalOperands.count, unwindOperands.count, bundles.count,
        ]))
    },
    print: { printer, operation in
      printer.write(" ")
      if let word = operation.attribute("CConv")?.enumKeyword, word != "ccc" {
        printer.write("\(word) ")
      }
      let operands = operation.operandGroup(0)
      var arguments = operands[...]
      let callee = operation.attribute("callee")?.rootReference
      if let callee {
        printer.symbolName(callee.string)
      } else if let first = arguments.popFirst() {
        printer.operand(first)
      }
      printer.write("(")
      printer.operands(arguments)
      printer.write(") to ")
      printSuccessor(printer, operation, 0)
      printer.write(" unwind ")
      printSuccessor(printer, operation, 1)
      if let type = operation.attribute("var_callee_type")?.typeValue {
        printer.write(" vararg(")
        printer.type(type)
        printer.write(")")
      }
      printBundles(printer, operation)
      printer.optionalAttributeDictionary(operation, excluding: callNames)
      printer.write(" : ")
      if callee == nil, let first = operands.first {
        printer.type(first.type)
        printer.write(", ")
      }
      printSignature(printer, operation, arguments.map(\.type))
    })

  /// Where unwinding lands; array operands filter what is caught, others are caught.
  public static let landingpad: OpDefinition = OpDefinition(
    "llvm.landingpad", "Where unwinding lands", operands: [.variadic("", anyType)],
    results: [ValueDefinition("res", anyType)], attributes: [.optional("cleanup", .unit)],
    effects: [.read, .write],
    verify: { (operation) throws(Reported) in try verifyLandingpad(operation) },
    interfaces: [
      CustomAssembly(
        parse: { (parser, operation) throws(Reported) in
          if parser.parseOptionalKeyword("cleanup") {
            operation.add("cleanup", parser.context.unit)
          }
          while parser.parseOptional(.leftParen) {
            if !parser.parseOptionalKeyword("filter") { try parser.parseKeyword("catch") }
            let reference = try parser.parseOperand()
            let type = try parser.parseColonType()
            operation.operands.append(try parser.resolve(reference, type))
            try parser.parse(.rightParen)
          }
          try parser.parseOptionalAttributeDictionary(&operation)
          operation.resultTypes = [try parser.parseColonType()]
        },
        print: { printer, operation in
          printer.write(operation.hasAttribute("cleanup") ? " cleanup " : " ")
          for value in operation.operands {
            printer.write(value.type.llvmArray != nil ? "(filter " : "(catch ")
            printer.operand(value)
            printer.write(" : ")
            printer.type(value.type)
            printer.write(") ")
          }
          printer.optionalAttributeDictionary(operation, excluding: ["cleanup"])
          printer.write(": ")
          printer.type(operation.result().type)
        })
    ])

  private static func verifyLandingpad(_ operation: Operation) throws(Reported) {
    if let function = operation.parent, function.is(LLVM.func),
      !function.hasAttribute("personality")
    {
      throw operation.emitError("llvm.landingpad needs to be in a function with a personality")
    }
    if !operation.hasAttribute("cleanup"), operation.operandCount == 0 {
      throw operation.emitError(
        "landingpad instruction expects at least one clause or cleanup attribute")
    }
    for (i, value) in operation.operands.enumerated() {
      // The constants of a filter are put together by insertions.
      if value.type.llvmArray != nil { continue }
      guard let definer = value.definingOperation else {
        throw operation.emitError("constant clauses expected")
      }
      if definer.is(zeroValue) || definer.is(addressOf) { continue }
      guard definer.is(bitcast) else {
        throw operation.emitError(
          "clause #\(i) is not a known constant - null, addressof, bitcast")
      }
      if definer.operand(0).definingOperation?.is(addressOf) != true {
        throw operation.emitError("constant clauses expected")
      }
    }
  }

  public static let resume: OpDefinition = OpDefinition(
    "llvm.resume", "Goes on unwinding", operands: [ValueDefinition("value", anyType)],
    traits: .terminator, effects: [.read, .write], format: "$value attr-dict `:` type($value)")

  public static let vaArg = OpDefinition(
    "llvm.va_arg", "The next variable argument", operands: [ValueDefinition("arg", pointer)],
    results: [ValueDefinition("res", anyType)], effects: [.read, .write],
    format: "$arg attr-dict `:` functional-type($arg, $res)")

  // MARK: indirectbr

  /// A branch to the block whose address is given, which is one of the successors.
  public static let indirectBr = OpDefinition(
    "llvm.indirectbr", "Branch to an address",
    operands: [ValueDefinition("addr", pointer), .variadic("succOperands", .any)],
    attributes: [AttributeSlot("indbr_operand_segments", .denseI32Array)],
    successors: [SuccessorDefinition("successors", arity: .variadic)],
    traits: [.branch, .pure, .terminator],
    verify: { (operation) throws(Reported) in
      let sizes = segments(operation)
      if sizes.count != operation.successors.count || sizes.contains(where: { $0 < 0 })
        || sizes.reduce(0, &+) != operation.operandCount - 1
      {
        throw operation.emitOpError("indbr_operand_segments do not fit the operands")
      }
      try verifyBranch(operation)
    },
    interfaces: [
      indirectBrAssembly,
      BranchInterface(
        operandRange: { operation, i in
          let sizes = segments(operation)
          let start = 1 + sizes.prefix(i).reduce(0, +)
          return start..<(start + (i < sizes.count ? sizes[i] : 0))
        },
        didResize: { operation, i, difference in
          var sizes = segments(operation)
          guard sizes.indices.contains(i) else { return }
          sizes[i] += difference
          operation.setAttribute(
            "indbr_operand_segments", operation.context.denseI32Array(sizes))
        }),
    ])

  private static func segments(_ operation: Operation) -> [Int] {
    operation.attribute("indbr_operand_segments")?.integers ?? []
  }

  /// `llvm.indirectbr %p : !llvm.ptr, [` with a line per block and `]`.
  private static let indirectBrAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let reference = try parser.parseOperand()
      let type = try parser.parseColonType()
      operation.operands = [try parser.resolve(reference, type)]
      try parser.parse(.comma)
      var sizes: [Int] = []
      try parser.parse(.leftSquare)
      if !parser.isAt(.rightSquare) {
        repeat {
          let (block, values) = try parser.parseSuccessorAndOperands()
          operation.successors.append(block)
          operation.operands += values
          sizes.append(values.count)
        } while parser.parseOptional(.comma)
      }
      try parser.parse(.rightSquare)
      operation.add("indbr_operand_segments", parser.context.denseI32Array(sizes))
      try parser.parseOptionalAttributeDictionary(&operation)
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write(" : ")
      printer.type(operation.operand(0).type)
      printer.write(", [")
      for i in 0..<operation.successors.count {
        if i > 0 { printer.write(",") }
        printer.newline()
        printSuccessor(printer, operation, i)
      }
      if !operation.successors.isEmpty { printer.newline() }
      printer.write("]")
      printer.optionalAttributeDictionary(operation, excluding: ["indbr_operand_segments"])
    })
}
