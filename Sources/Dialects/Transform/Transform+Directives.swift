import MartletIR
import MartletSupport
import MartletSyntax

/// Pieces of text that declarative formats leave to code.
extension Transform {
  static let directives = CustomDirectives([
    "AlternativesOpSelectedRegion": selectedRegion,
    "ApplyRegisteredPassOptions": passOptions,
    "ContinuousTileSizeTypes": tileSizeTypes,
    "DynamicIndexList": indexList,
    "ForeachMatchSymbols": matchSymbols,
    "MultitileSizesTypes": tileSizeTypes,
    "PackedOrDynamicIndexList": packedOrIndexList,
    "SemiFunctionType": semiFunctionType,
    "SequenceOpOperands": sequenceOperands,
    "TransformMatchDims": matchDimensions,
  ])

  // MARK: Lists of indices

  /// `[%a, 4, [8]]`, where an entry in brackets of its own is scalable.
  private static func parseIndexList(
    _ parser: Parser, _ operands: FormatArgument, _ statics: FormatArgument,
    _ scalable: FormatArgument?, _ parts: FormatParts
  ) throws(Reported) {
    var references: [Parser.OperandReference] = []
    var entries: [Int] = []
    var flags: [Int] = []
    _ = try parser.parseList(.square) { () throws(Reported) in
      let isScalable = scalable != nil && parser.parseOptional(.leftSquare)
      flags.append(isScalable ? 1 : 0)
      if let reference = try parser.parseOptionalOperand() {
        references.append(reference)
        entries.append(Type.dynamic)
      } else if let value = try parser.parseOptionalInteger() {
        entries.append(value)
      } else {
        throw parser.error("expected SSA value or integer")
      }
      if isScalable { try parser.parse(.rightSquare) }
    }
    parts.setOperands(operands, references)
    parts.setAttribute(statics, parser.context.denseI64Array(entries))
    if let scalable {
      parts.setAttribute(scalable, parser.context.denseArray(parser.context.i1, flags))
    }
  }

  private static func printIndexList(
    _ printer: Printer, _ operation: Operation, _ operands: FormatArgument,
    _ statics: FormatArgument, _ scalable: FormatArgument?
  ) {
    guard case .operand(let group) = operands, case .attribute(let slot) = statics else { return }
    var flags: [Int] = []
    if case .attribute(let slot)? = scalable {
      flags = operation.inherent(slot)?.denseArrayWords.map { $0 & 1 == 0 ? 0 : 1 } ?? []
    }
    var values = operation.operandGroup(group).makeIterator()
    printer.write("[")
    for (i, entry) in (operation.inherent(slot)?.integers ?? []).enumerated() {
      if i > 0 { printer.write(", ") }
      let isScalable = i < flags.count && flags[i] != 0
      if isScalable { printer.write("[") }
      if entry == Type.dynamic, let value = values.next() {
        printer.operand(value)
      } else {
        printer.write(entry)
      }
      if isScalable { printer.write("]") }
    }
    printer.write("]")
  }

  private static let indexList = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2, parser.isAt(.leftSquare) else {
        if parts.arguments.count >= 2 { return }
        throw parser.error("expected '['")
      }
      try parseIndexList(
        parser, parts.arguments[0], parts.arguments[1], parts.arguments.dropFirst(2).first, parts)
    },
    print: { printer, operation, arguments in
      guard arguments.count >= 2 else { return }
      printIndexList(
        printer, operation, arguments[0], arguments[1], arguments.dropFirst(2).first)
    })

  /// `*(%sizes)`, a handle of all sizes together, or a list.
  private static let packedOrIndexList = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 3 else { return }
      guard parser.parseOptional(.star) else {
        try parseIndexList(parser, parts.arguments[1], parts.arguments[2], nil, parts)
        return
      }
      try parser.parse(.leftParen)
      parts.setOperands(parts.arguments[0], [try parser.parseOperand()])
      try parser.parse(.rightParen)
      parts.setAttribute(parts.arguments[2], parser.context.denseI64Array([]))
    },
    print: { printer, operation, arguments in
      guard arguments.count == 3, case .operand(let group) = arguments[0] else { return }
      if let packed = operation.operandGroup(group).first {
        printer.write("*(")
        printer.operand(packed)
        printer.write(")")
      } else {
        printIndexList(printer, operation, arguments[1], arguments[2], nil)
      }
    })

  /// `all`, `except(1, 2)` or `0, 1`.
  private static let matchDimensions = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 3 else { return }
      let context = parser.context
      if parser.parseOptionalKeyword("all") {
        parts.setAttribute(parts.arguments[0], context.denseI64Array([]))
        parts.setAttribute(parts.arguments[2], context.unit)
        return
      }
      let isInverted = parser.parseOptionalKeyword("except")
      if isInverted {
        parts.setAttribute(parts.arguments[1], context.unit)
        try parser.parse(.leftParen)
      }
      let values = try parser.parseList(.none) { () throws(Reported) in try parser.parseInteger() }
      parts.setAttribute(parts.arguments[0], context.denseI64Array(values))
      if isInverted { try parser.parse(.rightParen) }
    },
    print: { printer, operation, arguments in
      guard arguments.count == 3, case .attribute(let slot) = arguments[0] else { return }
      if operation.hasAttribute("is_all") {
        printer.write("all")
        return
      }
      let list = (operation.inherent(slot)?.integers ?? []).map(String.init)
        .joined(separator: ", ")
      printer.write(operation.hasAttribute("is_inverted") ? "except(\(list))" : list)
    })

  // MARK: Types

  /// `(t) -> u`, or `t` where results are optional and there are none.
  private static let semiFunctionType = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count >= 2 else { return }
      var isRequired = false
      if parts.arguments.count > 2, case .text("false") = parts.arguments[2] { isRequired = true }
      let hasParen: Bool
      if isRequired {
        try parser.parse(.leftParen)
        hasParen = true
      } else {
        hasParen = parser.parseOptional(.leftParen)
      }
      parts.setTypes(parts.arguments[0], [try parser.parseType()])
      guard hasParen else {
        parts.setTypes(parts.arguments[1], [])
        return
      }
      try parser.parse(.rightParen)
      try parser.parse(.arrow)
      if parser.parseOptional(.leftParen) {
        parts.setTypes(parts.arguments[1], try parser.parseTypeList())
        try parser.parse(.rightParen)
      } else {
        parts.setTypes(parts.arguments[1], [try parser.parseType()])
      }
    },
    print: { printer, operation, _ in
      let results = operation.results.types
      if !results.isEmpty { printer.write("(") }
      if let operand = operation.operands.first { printer.type(operand.type) }
      if results.isEmpty { return }
      printer.write(") -> ")
      if results.count > 1 { printer.write("(") }
      printer.types(results)
      if results.count > 1 { printer.write(")") }
    })

  /// `(t) -> u`, where all results have type u.
  private static let tileSizeTypes = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      let offset = parser.offset
      let type = try parser.parseType()
      guard type.isFunction, type.inputs.count == 1, type.results.count == 1 else {
        throw parser.error(
          "expects a trailing functional type with one argument and one result", at: offset)
      }
      for (i, argument) in parts.arguments.enumerated() {
        parts.setTypes(argument, i == 0 ? type.inputs : type.results)
      }
    },
    print: { printer, operation, _ in
      printer.functionalType(
        operation.operands.prefix(1).map(\.type), operation.results.prefix(1).map(\.type))
    })

  // MARK: Single operations

  /// `%root, %more : (t, u)` of a sequence.
  private static let sequenceOperands = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 4 else { return }
      guard let root = try parser.parseOptionalOperand() else {
        for i in [0, 2] { parts.setOperands(parts.arguments[i], []) }
        for i in [1, 3] { parts.setTypes(parts.arguments[i], []) }
        return
      }
      var more: [Parser.OperandReference] = []
      if parser.parseOptional(.comma) { more = try parser.parseOperandList() }
      try parser.parse(.colon)
      let hasParen = parser.parseOptional(.leftParen)
      let type = try parser.parseType()
      var types: [Type] = []
      if !more.isEmpty {
        try parser.parse(.comma)
        types = try parser.parseTypeList()
      }
      if types.count != more.count {
        throw parser.error("expected types to be provided for all operands")
      }
      if hasParen { _ = parser.parseOptional(.rightParen) }
      parts.setOperands(parts.arguments[0], [root])
      parts.setTypes(parts.arguments[1], [type])
      parts.setOperands(parts.arguments[2], more)
      parts.setTypes(parts.arguments[3], types)
    },
    print: { printer, operation, _ in
      let operands = operation.operands
      if operands.isEmpty { return }
      printer.operands(operands)
      printer.write(operands.count > 1 ? " : (" : " : ")
      printer.types(operands.types)
      if operands.count > 1 { printer.write(")") }
    })

  /// `@matcher -> @action, ...`, each on a line of its own.
  private static let matchSymbols = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 2 else { return }
      var matchers: [Attribute] = []
      var actions: [Attribute] = []
      repeat {
        matchers.append(parser.context.symbolRef(try parser.parseSymbolName()))
        try parser.parse(.arrow)
        actions.append(parser.context.symbolRef(try parser.parseSymbolName()))
      } while parser.parseOptional(.comma)
      parts.setAttribute(parts.arguments[0], parser.context.array(matchers))
      parts.setAttribute(parts.arguments[1], parser.context.array(actions))
    },
    print: { printer, operation, _ in
      let matchers = operation.attribute("matchers")?.elements ?? []
      let actions = operation.attribute("actions")?.elements ?? []
      printer.increaseIndent()
      printer.increaseIndent()
      for (i, (matcher, action)) in zip(matchers, actions).enumerated() {
        printer.newline()
        printer.attribute(matcher)
        printer.write(" -> ")
        printer.attribute(action)
        if i + 1 < matchers.count { printer.write(", ") }
      }
      printer.decreaseIndent()
      printer.decreaseIndent()
    })

  /// A number, or the operand that gives one.
  private static let selectedRegion = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 2 else { return }
      if let value = try parser.parseOptionalInteger() {
        parts.setAttribute(parts.arguments[0], parser.context.indexAttribute(value))
      } else if let operand = try parser.parseOptionalOperand() {
        parts.setOperands(parts.arguments[1], [operand])
      } else {
        throw parser.error(
          "expected either an integer attribute or a transform.param operand")
      }
    },
    print: { printer, operation, _ in
      if let value = operation.attribute("selected_region_attr")?.integerValue {
        printer.write(Int(value))
      }
      if let operand = operation.operands.first { printer.operand(operand) }
    })

  // MARK: Options of a pass

  /// `{key = value, ...}` where a value may be an operand, or a list with operands in it. The attribute has
  /// `#transform.param_operand` in their places.
  private static let passOptions = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 2 else { return }
      var operands: [Parser.OperandReference] = []
      let entries = try parser.parseList(.brace) {
        () throws(Reported) -> (name: Identifier, value: Attribute) in
        let offset = parser.offset
        guard let key = parser.parseOptionalKeywordOrString(), !key.isEmpty else {
          throw parser.error("expected key to either be an identifier or a string", at: offset)
        }
        guard parser.parseOptional(.equal) else {
          throw parser.error("expected '=' after key in key-value pair")
        }
        return (parser.context.intern(key), try parseOption(parser, &operands))
      }
      var seen: Set<Identifier> = []
      for entry in entries where !seen.insert(entry.name).inserted {
        throw parser.error("duplicate keys found in options dictionary")
      }
      parts.setAttribute(parts.arguments[0], parser.context.dictionary(entries))
      parts.setOperands(parts.arguments[1], operands)
    },
    print: { printer, operation, arguments in
      guard arguments.count == 2, case .operand(let group) = arguments[1] else { return }
      let operands = Array(operation.operandGroup(group))
      printer.write("{")
      for (i, entry) in (operation.attribute("options")?.entries ?? []).enumerated() {
        if i > 0 { printer.write(", ") }
        printer.string(entry.name.string)
        printer.write(" = ")
        printOption(printer, entry.value, operands)
      }
      printer.write("}")
    })

  private static func parseOption(
    _ parser: Parser, _ operands: inout [Parser.OperandReference]
  ) throws(Reported) -> Attribute {
    let context = parser.context
    if parser.isAt(.leftSquare) {
      var found = operands
      let elements = try parser.nested { () throws(Reported) in
        try parser.parseList(.square) { () throws(Reported) in
          try parseOption(parser, &found)
        }
      }
      operands = found
      return context.array(elements)
    }
    if let operand = try parser.parseOptionalOperand() {
      operands.append(operand)
      return context.attribute(
        paramOperand, [UInt64(context.i64Attribute(operands.count - 1).raw)])
    }
    let offset = parser.offset
    guard let value = try parser.parseOptionalAttribute() else {
      throw parser.error("expected a valid attribute or operand as value", at: offset)
    }
    if value.is(paramOperand) {
      throw parser.error(
        "the param_operand attribute is a marker reserved for indicating a value will be passed "
          + "via params and is only used in the generic print format")
    }
    return value
  }

  private static func printOption(_ printer: Printer, _ value: Attribute, _ operands: [Value]) {
    if let elements = value.elements {
      printer.write("[")
      for (i, element) in elements.enumerated() {
        if i > 0 { printer.write(", ") }
        printOption(printer, element, operands)
      }
      printer.write("]")
    } else if value.is(paramOperand), let index = value.attributeWord(0)?.integerValue,
      index >= 0, index < operands.count
    {
      printer.operand(operands[Int(index)])
    } else {
      printer.attribute(value)
    }
  }

  // MARK: named_sequence and split

  static let namedSequenceAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let context = parser.context
      FunctionSyntax.parseVisibility(parser, &op)
      op.add("sym_name", context.string(try parser.parseSymbolName()))
      let signature = try FunctionSyntax.parseSignature(parser)
      op.add(
        "function_type",
        context.typeAttribute(context.function(signature.inputs, signature.results)))
      try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
      FunctionSyntax.addAttributes(signature, to: &op)
      if parser.isAt(.leftBrace) {
        try parser.parseRegion(&op, arguments: signature.arguments)
      } else {
        parser.addEmptyRegion(&op)
      }
    },
    print: { printer, operation in
      printer.write(" ")
      if let visibility = operation.attribute("sym_visibility")?.stringValue {
        printer.write(visibility + " ")
      }
      printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
      let type = operation.attribute("function_type")?.typeValue
      let body = operation.region()
      FunctionSyntax.printSignature(
        printer, operation, body, inputs: type?.inputs ?? [], results: type?.results ?? [])
      printer.optionalAttributeDictionaryWithKeyword(
        operation,
        excluding: ["sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs"])
      if body.isEmpty { return }
      printer.write(" ")
      printer.region(body, entryArguments: false)
    })

  /// `%target after 4 {dimension = 0} : t`, or `after %sizes {...} : t, u`.
  static let splitAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let target = try parser.parseOperand()
      try parser.parseKeyword("after")
      let sizes = try parser.parseOptionalOperand()
      let size = sizes == nil ? try parser.parseInteger() : Type.dynamic
      try parser.parseOptionalAttributeDictionary(&op)
      let type = try parser.parseColonType()
      op.operands = [try parser.resolve(target, type)]
      if let sizes {
        try parser.parse(.comma)
        op.operands.append(try parser.resolve(sizes, try parser.parseType()))
      }
      op.add("static_chunk_sizes", parser.context.i64Attribute(size))
      op.resultTypes = [type]
    },
    print: { printer, operation in
      let isDynamic =
        operation.attribute("static_chunk_sizes")?.integerValue == Int64(Type.dynamic)
      printer.write(" ")
      printer.operand(operation.operand(0))
      printer.write(" after ")
      if isDynamic, operation.operandCount > 1 {
        printer.operand(operation.operand(1))
      } else {
        printer.write(Int(operation.attribute("static_chunk_sizes")?.integerValue ?? 0))
      }
      printer.write(" ")
      printer.optionalAttributeDictionary(operation, excluding: ["static_chunk_sizes"])
      printer.write(" : ")
      printer.types(operation.operands.types)
    })
}
