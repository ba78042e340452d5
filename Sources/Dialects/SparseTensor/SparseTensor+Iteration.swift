import MartletIR
import MartletSupport
import MartletSyntax

/// Iteration over the stored entries of levels: spaces, iterators and the loops over them.
extension SparseTensor {
  /// `!sparse_tensor.iter_space<#e, lvls = 0 to 2>`. Words: encoding, first level, level behind the last.
  public static let iterSpace: TypeDefinition = levelRangeType("iter_space", "Iteration space")
  /// A place in an `iter_space` of the same words.
  public static let iterator: TypeDefinition = levelRangeType("iterator", "Iterator")

  private static func levelRangeType(_ name: String, _ summary: String) -> TypeDefinition {
    TypeDefinition(
      "sparse_tensor.\(name)", summary,
      interfaces: [
        TypeAssembly(
          parse: { (parser) throws(Reported) in
            try parser.parse(.less)
            let attribute = try parser.parseAttribute(stripped: encoding)
            try parser.parse(.comma)
            try parser.parseKeyword("lvls")
            try parser.parse(.equal)
            let range = try parseLevelRange(parser)
            try parser.parse(.greater)
            guard let definition = parser.context.typeDefinition(named: "sparse_tensor.\(name)")
            else { throw parser.error("unknown type") }
            return parser.context.type(
              definition,
              [UInt64(attribute.raw), UInt64(range.lowerBound), UInt64(range.upperBound)])
          },
          print: { printer, type in
            printer.write("<")
            if let attribute = type.attributeWord(0) { printer.attribute(stripped: attribute) }
            printer.write(", lvls = ")
            printLevelRange(printer, Int(type.words[1]), Int(type.words[2]))
            printer.write(">")
          })
      ])
  }

  private static func parseLevelRange(_ parser: Parser) throws(Reported) -> Range<Int> {
    let offset = parser.offset
    let low = try parser.parseInteger()
    guard 0..<(1 << 20) ~= low else { throw parser.error("invalid level", at: offset) }
    guard parser.parseOptionalKeyword("to") else { return low..<(low + 1) }
    let high = try parser.parseInteger()
    if high <= low {
      throw parser.error("expect larger level upper bound than lower bound", at: offset)
    }
    return low..<min(high, 1 << 20)
  }

  private static func printLevelRange(_ printer: Printer, _ low: Int, _ high: Int) {
    printer.write(high == low + 1 ? "\(low)" : "\(low) to \(high)")
  }

  static let anyIterSpace = TypeConstraint("sparse iteration space") { $0.is(iterSpace) }
  static let anyIterator = TypeConstraint("sparse iterator") { $0.is(iterator) }

  /// The type of the iterators of a space.
  private static func iteratorType(of space: Type) -> Type {
    space.context.type(iterator, Array(space.words))
  }

  private static func levelCount(_ space: Type) -> Int {
    space.words.count > 2 ? Int(space.words[2]) - Int(space.words[1]) : 0
  }

  // MARK: Spaces and values

  public static let extractIterationSpace = OpDefinition(
    "sparse_tensor.extract_iteration_space", "The stored entries of levels of a tensor",
    operands: [
      ValueDefinition("tensor", anySparse), .optional("parentIter", anyIterator),
    ], results: [ValueDefinition("extractedSpace", anyIterSpace)],
    attributes: [
      AttributeSlot("loLvl", levelAttribute), AttributeSlot("hiLvl", levelAttribute),
    ], traits: .pure,
    verify: { (operation) throws(Reported) in
      let low = operation.attribute("loLvl")?.integerValue ?? 0
      let high = operation.attribute("hiLvl")?.integerValue ?? 0
      if low >= high {
        throw operation.emitOpError("expected smaller level low bound than level high bound")
      }
      let parent = operation.operandCount > 1 ? operation.operand(1).type : nil
      if (low == 0) != (parent == nil) {
        throw operation.emitOpError(
          "parent iterator should be specified iff level lower bound equals 0")
      }
      guard let parent else { return }
      if parent.words[0] != operation.result().type.words[0] {
        throw operation.emitOpError(
          "mismatch in parent iterator encoding and iteration space encoding.")
      }
      if Int64(parent.words[2]) != low {
        throw operation.emitOpError(
          "parent iterator should be used to extract an iteration space from a consecutive level."
        )
      }
    },
    interfaces: [
      CustomAssembly(
        parse: { (parser, operation) throws(Reported) in
          let context = parser.context
          let tensor = try parser.parseOperand()
          let parent = parser.parseOptionalKeyword("at") ? try parser.parseOperand() : nil
          try parser.parseKeyword("lvls")
          try parser.parse(.equal)
          let range = try parseLevelRange(parser)
          operation.add("loLvl", context.indexAttribute(range.lowerBound))
          operation.add("hiLvl", context.indexAttribute(range.upperBound))
          try parser.parseOptionalAttributeDictionary(&operation)
          operation.operands = [try parser.resolve(tensor, try parser.parseColonType())]
          if let parent {
            try parser.parse(.comma)
            operation.operands.append(try parser.resolve(parent, try parser.parseType()))
          }
          try parser.parse(.arrow)
          operation.resultTypes = [try parser.parseType()]
        },
        print: { printer, operation in
          printer.write(" ")
          printer.operand(operation.operand(0))
          if operation.operandCount > 1 {
            printer.write(" at ")
            printer.operand(operation.operand(1))
          }
          printer.write(" lvls = ")
          printLevelRange(
            printer, Int(operation.attribute("loLvl")?.integerValue ?? 0),
            Int(operation.attribute("hiLvl")?.integerValue ?? 0))
          printer.optionalAttributeDictionary(operation, excluding: ["loLvl", "hiLvl"])
          printer.write(" : ")
          printer.types(operation.operands.types)
          printer.write(" -> ")
          printer.type(operation.result().type)
        })
    ])

  public static let extractValue = OpDefinition(
    "sparse_tensor.extract_value", "The value an iterator points at",
    operands: [ValueDefinition("tensor", anySparse), ValueDefinition("iterator", anyIterator)],
    results: [ValueDefinition("result", .any)], traits: .pure,
    relations: [
      .derived(
        target: "result", from: "tensor", summary: "result type matches element type of tensor"
      ) { $0.elementType }
    ],
    format:
      "$tensor `at` $iterator attr-dict `:` type($tensor)`,` qualified(type($iterator))",
    verify: { (operation) throws(Reported) in
      let (tensor, iterator) = (operation.operand(0).type, operation.operand(1).type)
      guard let encoding = tensor.sparseEncoding else { return }
      if UInt64(encoding.attribute.raw) != iterator.words[0] {
        throw operation.emitOpError("mismatch in tensor encoding and iterator encoding.")
      }
      if Int(iterator.words[2]) != encoding.levelRank {
        throw operation.emitOpError("must use last-level iterator to extract values. ")
      }
    })

  // MARK: Loops

  private static let bitSet = AttributeConstraint("LevelSet attribute", form: .typed { $0.i64 }) {
    $0.kind == .integer && $0.type?.isInteger(64) ?? false
  }

  public static let iterate = OpDefinition(
    "sparse_tensor.iterate", "Runs its region at each entry of a space",
    operands: [ValueDefinition("iterSpace", anyIterSpace), .variadic("initArgs", .any)],
    results: [.variadic("results", .any)], attributes: [AttributeSlot("crdUsedLvls", bitSet)],
    regions: [RegionDefinition("region", oneBlock: true)],
    traits: [.recursiveMemoryEffects, .recursivelySpeculatable, .singleBlock],
    implicitTerminator: "sparse_tensor.yield",
    verify: { (operation) throws(Reported) in
      if operation.operandCount - 1 != operation.resultCount {
        throw operation.emitOpError("mismatch in number of loop-carried values and defined values")
      }
      try verifyUsedLevels(operation, levelCount(operation.operand(0).type))
    },
    verifyRegions: { (operation) throws(Reported) in
      let body = operation.region(0)
      let used = operation.attribute("crdUsedLvls")?.integerValue?.nonzeroBitCount ?? 0
      let inits = Array(operation.operands.dropFirst())
      let arguments = body.arguments
      if arguments.count != inits.count + used + 1 {
        throw operation.emitOpError("mismatch in number of region arguments")
      }
      if arguments.last?.type != iteratorType(of: operation.operand(0).type) {
        throw operation.emitOpError("mismatch in iterator type")
      }
      let yielded = body.firstBlock?.lastOperation.map { Array($0.operands) } ?? []
      if yielded.count != inits.count {
        throw operation.emitOpError(
          "different number of region iter_args and yielded values: \(inits.count) != \(yielded.count)"
        )
      }
      for (i, value) in yielded.enumerated() where value.type != arguments[i].type {
        throw operation.emitOpError(
          "\(i)-th region iter_arg and \(i)-th yielded value have different type: '\(arguments[i].type)' != '\(value.type)'"
        )
      }
    },
    interfaces: [CustomAssembly(parse: parseIterate, print: printIterate)])

  private static func verifyUsedLevels(_ operation: Operation, _ count: Int) throws(Reported) {
    let bits = UInt64(
      bitPattern: operation.attribute("crdUsedLvls")?.integerValue ?? 0)
    if count < 64, bits >> UInt64(count) != 0 {
      throw operation.emitOpError("required out-of-bound coordinates")
    }
  }

  /// `at(_, %c)`: the arguments, and a set bit for each level that has one.
  private static func parseUsed(_ parser: Parser) throws(Reported)
    -> (arguments: [Parser.ParsedArgument], bits: UInt64)
  {
    guard parser.parseOptionalKeyword("at") else { return ([], 0) }
    var arguments: [Parser.ParsedArgument] = []
    var bits: UInt64 = 0
    var count: UInt64 = 0
    _ = try parser.parseList(.paren) { () throws(Reported) in
      guard count < 64 else { throw parser.error("too many levels") }
      if !parser.parseOptionalKeyword("_") {
        var argument = try parser.parseArgument(allowType: false)
        argument.type = parser.context.index
        arguments.append(argument)
        bits |= 1 << count
      }
      count += 1
    }
    return (arguments, bits)
  }

  private static func printUsed(_ printer: Printer, _ bits: UInt64, _ values: [Value], _ count: Int)
  {
    if bits == 0 { return }
    printer.write(" at(")
    var next = 0
    for level in 0..<min(count, 64) {
      if level > 0 { printer.write(", ") }
      if bits >> UInt64(level) & 1 == 1, next < values.count {
        printer.operand(values[next])
        next += 1
      } else {
        printer.write("_")
      }
    }
    printer.write(")")
  }

  @Sendable private static func parseIterate(
    _ parser: Parser, _ operation: inout ParsedOperation
  ) throws(Reported) {
    let context = parser.context
    var iterator = try parser.parseArgument(allowType: false)
    try parser.parseKeyword("in")
    let space = try parser.parseOperand()
    let used = try parseUsed(parser)
    var assignments = SCF.Assignments()
    if parser.parseOptionalKeyword("iter_args") { assignments = try SCF.parseAssignments(parser) }
    let type = try parser.parseColonType()
    operation.resultTypes = try parser.parseOptionalArrowTypeList()
    iterator.type = iteratorType(of: type)
    operation.add("crdUsedLvls", context.i64Attribute(Int(bitPattern: UInt(used.bits))))
    operation.operands = [try parser.resolve(space, type)]
    operation.operands += try SCF.resolve(
      parser, &assignments, operation.resultTypes, at: operation.nameOffset)
    try parser.parseRegion(
      &operation, arguments: assignments.arguments + used.arguments + [iterator])
    try parser.parseOptionalAttributeDictionaryWithKeyword(&operation)
  }

  @Sendable private static func printIterate(_ printer: Printer, _ operation: Operation) {
    let region = operation.region(0)
    let arguments = Array(region.arguments)
    let inits = Array(operation.operands.dropFirst())
    guard let iterator = arguments.last, arguments.count > inits.count else { return }
    let type = operation.operand(0).type
    printer.write(" ")
    printer.operand(iterator)
    printer.write(" in ")
    printer.operand(operation.operand(0))
    let bits = UInt64(bitPattern: operation.attribute("crdUsedLvls")?.integerValue ?? 0)
    printUsed(printer, bits, Array(arguments[inits.count...].dropLast()), levelCount(type))
    SCF.printAssignments(printer, " iter_args", Array(arguments.prefix(inits.count)), inits)
    printer.write(" : ")
    printer.type(type)
    printer.write(" ")
    if !inits.isEmpty { printer.arrowTypes(operation.results.types) }
    printer.write(" ")
    printer.region(region, entryArguments: false, terminators: !inits.isEmpty)
    printer.optionalAttributeDictionaryWithKeyword(operation, excluding: ["crdUsedLvls"])
  }

  public static let coiterate = OpDefinition(
    "sparse_tensor.coiterate", "Runs through several spaces at once",
    operands: [.variadic("iterSpaces", anyIterSpace), .variadic("initArgs", .any)],
    results: [.variadic("results", .any)],
    attributes: [
      AttributeSlot("crdUsedLvls", bitSet),
      AttributeSlot(
        "cases",
        AttributeConstraint("I64BitSet array attribute") {
          $0.elements?.allSatisfy { $0.kind == .integer } ?? false
        }),
    ],
    regions: [RegionDefinition("caseRegions", arity: .variadic, oneBlock: true)],
    traits: [
      .attrSizedOperandSegments, .recursiveMemoryEffects, .recursivelySpeculatable, .singleBlock,
    ], implicitTerminator: "sparse_tensor.yield",
    verify: { (operation) throws(Reported) in
      guard let space = operation.operandGroup(0).first?.type else {
        throw operation.emitOpError("expected at least one iteration space")
      }
      let cases = operation.attribute("cases")?.elements ?? []
      if Set(cases).count != cases.count {
        throw operation.emitOpError("contains duplicated cases.")
      }
      if cases.count != operation.regionCount {
        throw operation.emitOpError("mismatch in number of cases and regions")
      }
      try verifyUsedLevels(operation, levelCount(space))
    },
    verifyRegions: { (operation) throws(Reported) in
      let types = operation.results.types
      for (k, region) in operation.regions.enumerated() {
        let yielded = region.firstBlock?.lastOperation?.operands.types ?? []
        if yielded.count != types.count {
          throw operation.emitOpError("mismatch in number of yielded values on \(k)th region")
        }
        for (i, (found, expected)) in zip(yielded, types).enumerated() where found != expected {
          throw operation.emitOpError(
            "types mismatch between \(i)th yield value and defined value on \(k)th region")
        }
      }
    },
    interfaces: [CustomAssembly(parse: parseCoiterate, print: printCoiterate)])

  @Sendable private static func parseCoiterate(
    _ parser: Parser, _ operation: inout ParsedOperation
  ) throws(Reported) {
    let context = parser.context
    let references = try parser.parseOperandList(.paren)
    let used = try parseUsed(parser)
    var assignments = SCF.Assignments()
    if parser.parseOptionalKeyword("iter_args") { assignments = try SCF.parseAssignments(parser) }
    try parser.parse(.colon)
    let types = try parser.parseList(.paren) { () throws(Reported) in try parser.parseType() }
    operation.resultTypes = try parser.parseOptionalArrowTypeList()
    operation.operands = try parser.resolve(references, types)
    let inits = try SCF.resolve(
      parser, &assignments, operation.resultTypes, at: operation.nameOffset)
    operation.operands += inits
    var cases: [Attribute] = []
    while parser.parseOptionalKeyword("case") {
      var iterators: [Parser.ParsedArgument] = []
      var bits: UInt64 = 0
      var count = 0
      repeat {
        guard count < min(types.count, 64) else {
          throw parser.error("expected no more iterators than iteration spaces")
        }
        if !parser.parseOptionalKeyword("_") {
          var argument = try parser.parseArgument(allowType: false)
          argument.type = iteratorType(of: types[count])
          iterators.append(argument)
          bits |= 1 << UInt64(count)
        }
        count += 1
      } while parser.parseOptional(.comma)
      cases.append(context.i64Attribute(Int(bitPattern: UInt(bits))))
      try parser.parseRegion(
        &operation, arguments: assignments.arguments + used.arguments + iterators)
    }
    operation.add("crdUsedLvls", context.i64Attribute(Int(bitPattern: UInt(used.bits))))
    operation.add("cases", context.array(cases))
    operation.add("operandSegmentSizes", context.denseI32Array([types.count, inits.count]))
    try parser.parseOptionalAttributeDictionaryWithKeyword(&operation)
  }

  @Sendable private static func printCoiterate(_ printer: Printer, _ operation: Operation) {
    let spaces = operation.operandGroup(0)
    let inits = Array(operation.operandGroup(1))
    let cases = operation.attribute("cases")?.elements ?? []
    let bits = UInt64(bitPattern: operation.attribute("crdUsedLvls")?.integerValue ?? 0)
    let first = operation.regionCount > 0 ? Array(operation.region(0).arguments) : []
    printer.write(" (")
    printer.operands(spaces)
    printer.write(")")
    let levels = spaces.first.map { levelCount($0.type) } ?? 0
    printUsed(printer, bits, Array(first.dropFirst(inits.count)), levels)
    SCF.printAssignments(printer, " iter_args", Array(first.prefix(inits.count)), inits)
    printer.write(" : (")
    printer.types(spaces.types)
    printer.write(")")
    if !inits.isEmpty { printer.arrowTypes(operation.results.types) }
    for (value, region) in zip(cases, operation.regions) {
      printer.newline()
      printer.write("case ")
      let mask = UInt64(bitPattern: value.integerValue ?? 0)
      let iterators = Array(region.arguments.suffix(mask.nonzeroBitCount))
      var next = 0
      for i in 0..<min(spaces.count, 64) {
        if i > 0 { printer.write(", ") }
        if mask >> UInt64(i) & 1 == 1, next < iterators.count {
          printer.operand(iterators[next])
          next += 1
        } else {
          printer.write("_")
        }
      }
      printer.write(" ")
      printer.region(region, entryArguments: false, terminators: !inits.isEmpty)
    }
    printer.optionalAttributeDictionaryWithKeyword(
      operation, excluding: ["crdUsedLvls", "cases", "operandSegmentSizes"])
  }
}
