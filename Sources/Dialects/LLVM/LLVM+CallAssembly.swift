import MartletIR
import MartletSupport
import MartletSyntax

/// Text of calls and switches.
extension LLVM {
  /// A word of an enumeration, where the next one is.
  static func parseOptionalWord(_ parser: Parser, _ words: EnumDefinition) -> Int64? {
    for entry in words.cases where !entry.name.isEmpty && parser.parseOptionalKeyword(entry.name) {
      return entry.value
    }
    return nil
  }

  /// `llvm.call fastcc tail @f(%a) vararg(!llvm.func<...>) ["tag"(%b : i32)] {...} : (i32) -> i32`.
  static let callAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      var callee: Parser.OperandReference?
      // Most calls start with the callee, and there are many calling conventions to look for.
      var name = parser.parseOptionalSymbolName()
      if name == nil { callee = try parser.parseOptionalOperand() }
      if name == nil, callee == nil {
        if let value = parseOptionalWord(parser, callingConventions) {
          operation.add("CConv", context.attribute(callingConvention, [UInt64(value)]))
        }
        if let value = parseOptionalWord(parser, tailCallKinds) {
          operation.add("TailCallKind", context.attribute(tailCallKind, [UInt64(value)]))
        }
        name = parser.parseOptionalSymbolName()
      }
      if let name {
        operation.add("callee", context.symbolRef(name))
      } else if callee == nil {
        callee = try parser.parseOperand()
      }
      let references = try parser.parseOperandList(.paren)
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
      if let only = signature.results.first, only.isLLVMVoid {
        throw parser.error("expected a non-void result type", at: operation.nameOffset)
      }
      operands += try parser.resolve(references, signature.inputs)
      operation.operands = operands + bundles
      operation.resultTypes = signature.results
      operation.add(
        "operandSegmentSizes", context.denseI32Array([operands.count, bundles.count]))
    },
    print: { printer, operation in
      if let word = operation.attribute("CConv")?.enumKeyword, word != "ccc" {
        printer.write(" \(word)")
      }
      if let word = operation.attribute("TailCallKind")?.enumKeyword, word != "none" {
        printer.write(" \(word)")
      }
      printer.write(" ")
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
      printer.write(")")
      if let type = operation.attribute("var_callee_type")?.typeValue {
        printer.write(" vararg(")
        printer.type(type)
        printer.write(")")
      }
      printBundles(printer, operation)
      printer.optionalAttributeDictionary(
        operation, excluding: callNames + defaultNames(operation))
      printer.write(" : ")
      if callee == nil, let first = operands.first {
        printer.type(first.type)
        printer.write(", ")
      }
      printSignature(printer, operation, arguments.map(\.type))
    })

  static let callNames = [
    "callee", "TailCallKind", "var_callee_type", "CConv", "operandSegmentSizes",
    "op_bundle_sizes", "op_bundle_tags", "arg_attrs", "res_attrs",
  ]

  /// `(i32 {llvm.noundef}) -> (i32 {llvm.signext})`.
  static func printSignature(
    _ printer: Printer, _ operation: Operation, _ inputs: [Type]
  ) {
    func list(_ types: [Type], _ name: String) {
      let attributes = operation.attribute(name)?.elements ?? []
      for (i, type) in types.enumerated() {
        if i > 0 { printer.write(", ") }
        printer.type(type)
        if i < attributes.count, !attributes[i].words.isEmpty {
          printer.write(" ")
          printer.attribute(attributes[i])
        }
      }
    }
    printer.write("(")
    list(inputs, "arg_attrs")
    printer.write(") -> ")
    let results = operation.results.types
    let hasAttributes =
      operation.attribute("res_attrs")?.elements?.contains { !$0.words.isEmpty } ?? false
    let needsParens = results.count != 1 || hasAttributes || results[0].isFunction
    if needsParens { printer.write("(") }
    list(results, "res_attrs")
    if needsParens { printer.write(")") }
  }

  // MARK: Operand bundles

  /// `["tag"(%a, %b : t, u), ...]`; adds tags and sizes, gives the operands.
  static func parseBundles(_ parser: Parser, _ operation: inout ParsedOperation) throws(Reported)
    -> [Value]
  {
    guard parser.isAt(.leftSquare) else { return [] }
    var sizes: [Int] = []
    var tags: [Attribute] = []
    var values: [Value] = []
    try parser.parse(.leftSquare)
    if !parser.isAt(.rightSquare) {
      repeat {
        tags.append(parser.context.string(try parser.parseString()))
        try parser.parse(.leftParen)
        let references = try parser.parseOperandList()
        if !references.isEmpty {
          values += try parser.resolve(references, try parser.parseColonTypeList())
        }
        try parser.parse(.rightParen)
        sizes.append(references.count)
      } while parser.parseOptional(.comma)
    }
    try parser.parse(.rightSquare)
    operation.add("op_bundle_sizes", parser.context.denseI32Array(sizes))
    if !tags.isEmpty { operation.add("op_bundle_tags", parser.context.array(tags)) }
    return values
  }

  static func printBundles(_ printer: Printer, _ operation: Operation) {
    let sizes = operation.attribute("op_bundle_sizes")?.integers ?? []
    if sizes.isEmpty { return }
    let tags = operation.attribute("op_bundle_tags")?.elements ?? []
    let operands = operation.operandGroup(operation.operandSegments.count - 1)
    var next = 0
    printer.write(" [")
    for (i, size) in sizes.enumerated() where next + size <= operands.count {
      if i > 0 { printer.write(", ") }
      if i < tags.count { printer.attribute(tags[i]) }
      let group = operands[next..<(next + size)]
      printer.write("(")
      if size > 0 {
        printer.operands(group)
        printer.write(" : ")
        printer.types(group.map(\.type))
      }
      printer.write(")")
      next += size
    }
    printer.write("]")
  }

  /// `llvm.call_intrinsic "llvm.name"(%a) : (i32) -> i32`.
  static let callIntrinsicAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      operation.add("intrin", context.string(try parser.parseString()))
      let references = try parser.parseOperandList(.paren)
      let bundles = try parseBundles(parser, &operation)
      try parser.parseOptionalAttributeDictionary(&operation)
      try parser.parse(.colon)
      let signature = try FunctionSyntax.parseSignature(parser)
      FunctionSyntax.addAttributes(signature, to: &operation)
      operation.operands = (try parser.resolve(references, signature.inputs)) + bundles
      operation.resultTypes = signature.results
      operation.add(
        "operandSegmentSizes", context.denseI32Array([references.count, bundles.count]))
    },
    print: { printer, operation in
      printer.write(" ")
      if let name = operation.attribute("intrin") { printer.attribute(name) }
      printer.write("(")
      let arguments = operation.operandGroup(0)
      printer.operands(arguments)
      printer.write(")")
      printBundles(printer, operation)
      printer.optionalAttributeDictionary(
        operation, excluding: callNames + ["intrin"] + defaultNames(operation))
      printer.write(" : ")
      printSignature(printer, operation, arguments.types)
    })

  // MARK: Switch

  /// `llvm.switch %v : i32, ^default [` with a line `1: ^bb1(%a : i32),` per case and `]`.
  static let switchAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      let reference = try parser.parseOperand()
      let type = try parser.parseColonType()
      let value = try parser.resolve(reference, type)
      try parser.parse(.comma)
      let (block, defaults) = try parser.parseSuccessorAndOperands()
      var blocks = [block]
      var values: [Int] = []
      var operands: [Value] = []
      var segments: [Int] = []
      try parser.parse(.leftSquare)
      if !parser.isAt(.rightSquare) {
        repeat {
          values.append(try parser.parseInteger())
          try parser.parse(.colon)
          let (target, passed) = try parser.parseSuccessorAndOperands()
          blocks.append(target)
          operands += passed
          segments.append(passed.count)
        } while parser.parseOptional(.comma)
      }
      try parser.parse(.rightSquare)
      try parser.parseOptionalAttributeDictionary(&operation)
      operation.operands = [value] + defaults + operands
      operation.successors = blocks
      if !values.isEmpty {
        operation.add(
          "case_values", context.dense(context.vector([values.count], type), integers: values))
      }
      operation.add("case_operand_segments", context.denseI32Array(segments))
      operation.add(
        "operandSegmentSizes", context.denseI32Array([1, defaults.count, operands.count]))
    },
    print: { printer, operation in
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write(" : ")
      printer.type(operation.operand(0).type)
      printer.write(", ")
      printSuccessor(printer, operation, 0)
      printer.write(" [")
      printer.newline()
      let values = operation.attribute("case_values")?.denseElements?.integers() ?? []
      for (i, value) in values.enumerated() where i + 1 < operation.successors.count {
        if i > 0 {
          printer.write(",")
          printer.newline()
        }
        printer.write("  \(value): ")
        printSuccessor(printer, operation, i + 1)
      }
      if !values.isEmpty { printer.newline() }
      printer.write("]")
      printer.optionalAttributeDictionary(
        operation, excluding: ["case_values", "case_operand_segments", "operandSegmentSizes"])
    })

  static func printSuccessor(_ printer: Printer, _ operation: Operation, _ i: Int) {
    printer.successorAndOperands(
      operation.successors[i], operation.successorOperands(i).map { Array($0) } ?? [])
  }
}
