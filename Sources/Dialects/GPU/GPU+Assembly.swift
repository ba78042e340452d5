import MartletIR
import MartletSupport
import MartletSyntax

/// Pieces of text that declarative formats leave to code.
extension GPU {
  /// `async [%t, ...]`, both parts optional.
  private static func parseDependencies(_ parser: Parser) throws(Reported) -> (
    isAsync: Bool, tokens: [Parser.OperandReference]
  ) {
    let isAsync = parser.parseOptionalKeyword("async")
    return (isAsync, try parser.parseOperandList(.optionalSquare))
  }

  static let asyncDependencies = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parts.arguments.count == 2 else { return }
      let (isAsync, tokens) = try parseDependencies(parser)
      parts.setTypes(parts.arguments[0], isAsync ? [parser.context.type(asyncToken)] : [])
      parts.setOperands(parts.arguments[1], tokens)
    },
    print: { printer, operation, arguments in
      guard arguments.count == 2, case .operand(let group) = arguments[1] else { return }
      let tokens = operation.operandGroup(group)
      let isAsync = operation.results.last?.type.is(asyncToken) ?? false
      if isAsync { printer.write("async") }
      if tokens.isEmpty { return }
      if isAsync { printer.write(" ") }
      printer.write("[")
      printer.operands(tokens)
      printer.write("]")
    })

  static let asyncDirectives = CustomDirectives(["AsyncDependencies": asyncDependencies])

  static let reductionDirectives = CustomDirectives([
    "AllReduceOperation": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        let offset = parser.offset
        guard parts.arguments.count == 1, let word = parser.parseOptionalKeyword() else { return }
        guard let value = allReduceOperations.value(word) else {
          throw parser.error("invalid op kind", at: offset)
        }
        parts.setAttribute(
          parts.arguments[0], parser.context.enumAttribute(allReduceOperationAttribute, value))
      },
      print: { printer, operation, _ in
        if let word = operation.attribute("op")?.enumKeyword { printer.write(" " + word) }
      })
  ])

  static let offloadingDirectives = CustomDirectives([
    "OffloadingHandler": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        guard parts.arguments.count == 1 else { return }
        var handler = parser.context.attribute(selectObject, [UInt64(UInt32.max)])
        if parser.parseOptional(.less) {
          handler = try parser.parseAttribute()
          try parser.parse(.greater)
        }
        parts.setAttribute(parts.arguments[0], handler)
      },
      print: { printer, operation, _ in
        guard let handler = operation.attribute("offloadingHandler"),
          handler != operation.context.attribute(selectObject, [UInt64(UInt32.max)])
        else { return }
        printer.write("<")
        printer.attribute(handler)
        printer.write(">")
      })
  ])

  /// `[#nvvm.target, ...]` of a module, which must not be taken for the dictionary or region behind it.
  static let targetDirectives = CustomDirectives([
    "Targets": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        guard parts.arguments.count == 1, parser.isAt(.leftSquare) else { return }
        parts.setAttribute(parts.arguments[0], try parser.parseAttribute())
      },
      print: { printer, operation, _ in
        if let targets = operation.attribute("targets") { printer.attribute(targets) }
      })
  ])

  // MARK: launch_func

  static let launchDirectives = CustomDirectives([
    "AsyncDependencies": asyncDependencies,
    "LaunchDimType": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        guard parts.arguments.count == 5 else { return }
        let type =
          parser.parseOptional(.colon) ? try parser.parseType() : parser.context.index
        parts.setTypes(parts.arguments[0], [type])
        let hasCluster = parts.operandCount(parts.arguments[1]) ?? 0 > 0
        for argument in parts.arguments[2...] {
          parts.setTypes(argument, hasCluster ? [type] : [])
        }
      },
      print: { printer, operation, _ in
        guard let type = operation.operand(named: "gridSizeX")?.type, !type.isIndex else { return }
        printer.write(": ")
        printer.type(type)
      }),
    "LaunchFuncOperands": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        guard parts.arguments.count == 2 else { return }
        var operands: [Parser.OperandReference] = []
        var types: [Type] = []
        if parser.parseOptionalKeyword("args") {
          _ = try parser.parseList(.paren) { () throws(Reported) in
            operands.append(try parser.parseOperand())
            types.append(try parser.parseColonType())
          }
        }
        parts.setOperands(parts.arguments[0], operands)
        parts.setTypes(parts.arguments[1], types)
      },
      print: { printer, operation, _ in
        let operands = operation.operands(named: "kernelOperands")
        if operands.isEmpty { return }
        printer.write("args(")
        for (i, operand) in operands.enumerated() {
          if i > 0 { printer.write(", ") }
          printer.operand(operand)
          printer.write(" : ")
          printer.type(operand.type)
        }
        printer.write(")")
      }),
  ])

  // MARK: Attributions

  /// `workgroup(%a : memref<...>)` or `private(...)`: memory that lives as long as the kernel.
  private static func parseAttributions(
    _ parser: Parser, _ keyword: String, allowAttributes: Bool
  ) throws(Reported) -> [Parser.ParsedArgument] {
    guard parser.parseOptionalKeyword(keyword) else { return [] }
    return try parser.parseList(.paren) { () throws(Reported) -> Parser.ParsedArgument in
      try parser.parseArgument(allowType: true, allowAttributes: allowAttributes)
    }
  }

  private static func printAttributions(
    _ printer: Printer, _ keyword: String, _ values: [Value], _ attributes: [Attribute] = []
  ) {
    if values.isEmpty { return }
    printer.write(" \(keyword)(")
    for (i, value) in values.enumerated() {
      if i > 0 { printer.write(", ") }
      printer.operand(value)
      printer.write(" : ")
      printer.type(value.type)
      if i < attributes.count, !attributes[i].entries.isEmpty {
        printer.write(" ")
        printer.attribute(attributes[i])
      }
    }
    printer.write(")")
  }

  // MARK: launch

  static let launchAssembly = CustomAssembly(parse: parseLaunch, print: printLaunch)

  /// `(%id, ...) in (%size = %value, ...)`.
  private static func parseSizes(_ parser: Parser) throws(Reported) -> (
    ids: [Parser.ParsedArgument], sizes: [Parser.ParsedArgument],
    values: [Parser.OperandReference]
  ) {
    let index = parser.context.index
    func argument() throws(Reported) -> Parser.ParsedArgument {
      var argument = try parser.parseArgument(allowType: false)
      argument.type = index
      return argument
    }
    let offset = parser.offset
    let ids = try parser.parseList(.paren) { () throws(Reported) in try argument() }
    if ids.count != 3 { throw parser.error("expected three identifiers", at: offset) }
    try parser.parseKeyword("in")
    try parser.parse(.leftParen)
    var sizes: [Parser.ParsedArgument] = []
    var values: [Parser.OperandReference] = []
    for i in 0..<3 {
      if i > 0 { try parser.parse(.comma) }
      sizes.append(try argument())
      try parser.parse(.equal)
      values.append(try parser.parseOperand())
    }
    try parser.parse(.rightParen)
    return (ids, sizes, values)
  }

  private static func parseLaunch(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    let context = parser.context
    let (isAsync, tokens) = try parseDependencies(parser)
    op.operands = try parser.resolve(tokens, context.type(asyncToken))
    if isAsync { op.resultTypes = [context.type(asyncToken)] }
    let clusters = parser.parseOptionalKeyword("clusters") ? try parseSizes(parser) : nil
    try parser.parseKeyword("blocks")
    let blocks = try parseSizes(parser)
    try parser.parseKeyword("threads")
    let threads = try parseSizes(parser)
    op.operands += try parser.resolve(
      blocks.values + threads.values + (clusters?.values ?? []), context.index)
    var segments = [tokens.count, 1, 1, 1, 1, 1, 1]
    segments += Array(repeating: clusters == nil ? 0 : 1, count: 3)
    if parser.parseOptionalKeyword("dynamic_shared_memory_size") {
      op.operands.append(try parser.resolve(try parser.parseOperand(), context.i32))
      segments.append(1)
    } else {
      segments.append(0)
    }
    for name in ["module", "function"] where parser.parseOptionalKeyword(name) {
      try parser.parse(.leftParen)
      op.add(name, try parser.parseAttribute())
      try parser.parse(.rightParen)
    }
    var arguments = blocks.ids + threads.ids + blocks.sizes + threads.sizes
    if let clusters { arguments += clusters.ids + clusters.sizes }
    let workgroup = try parseAttributions(parser, "workgroup", allowAttributes: false)
    op.add("workgroup_attributions", context.i64Attribute(workgroup.count))
    arguments += workgroup
    arguments += try parseAttributions(parser, "private", allowAttributes: false)
    try parser.parseRegion(&op, arguments: arguments)
    try parser.parseOptionalAttributeDictionary(&op)
    op.add("operandSegmentSizes", context.denseI32Array(segments))
  }

  private static func printLaunch(_ printer: Printer, _ operation: Operation) {
    guard let launch = LaunchOp(operation) else { return }
    if operation.resultCount > 0 {
      printer.write(" async")
      let tokens = operation.operandGroup(0)
      if !tokens.isEmpty {
        printer.write(" [")
        printer.operands(tokens)
        printer.write("]")
      }
    }
    let arguments = Array(launch.body.arguments)
    func sizes(_ word: String, ids: Int, sizes: Int, operands: Int) {
      guard sizes + 3 <= arguments.count, operands + 3 <= launch.sizes.count else { return }
      printer.write(" \(word)(")
      printer.operands(arguments[ids..<(ids + 3)])
      printer.write(") in (")
      for i in 0..<3 {
        if i > 0 { printer.write(", ") }
        printer.operand(arguments[sizes + i])
        printer.write(" = ")
        printer.operand(launch.sizes[operands + i])
      }
      printer.write(")")
    }
    if launch.hasCluster { sizes("clusters", ids: 12, sizes: 15, operands: 6) }
    sizes("blocks", ids: 0, sizes: 6, operands: 0)
    sizes("threads", ids: 3, sizes: 9, operands: 3)
    if let size = operation.operand(named: "dynamicSharedMemorySize") {
      printer.write(" dynamic_shared_memory_size ")
      printer.operand(size)
    }
    for name in ["module", "function"] {
      guard let symbol = operation.attribute(name)?.rootReference?.string else { continue }
      printer.write(" \(name)(")
      printer.symbolName(symbol)
      printer.write(")")
    }
    printAttributions(printer, "workgroup", launch.workgroupAttributions)
    printAttributions(printer, "private", launch.privateAttributions)
    printer.write(" ")
    printer.region(launch.body, entryArguments: false)
    printer.optionalAttributeDictionary(
      operation,
      excluding: ["operandSegmentSizes", "workgroup_attributions", "module", "function"])
  }

  // MARK: func

  static let functionAssembly = CustomAssembly(parse: parseFunction, print: printFunction)

  private static func parseFunction(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported)
  {
    let context = parser.context
    op.add("sym_name", context.string(try parser.parseSymbolName()))
    let offset = parser.offset
    let signature = try FunctionSyntax.parseSignature(parser)
    if !signature.inputs.isEmpty, signature.arguments.isEmpty {
      throw parser.error("gpu.func requires named arguments", at: offset)
    }
    op.add(
      "function_type",
      context.typeAttribute(context.function(signature.inputs, signature.results)))
    FunctionSyntax.addAttributes(signature, to: &op)
    var arguments = signature.arguments
    for (keyword, name) in [
      ("workgroup", "workgroup_attrib_attrs"), ("private", "private_attrib_attrs"),
    ] {
      let more = try parseAttributions(parser, keyword, allowAttributes: true)
      if keyword == "workgroup" {
        op.add("workgroup_attributions", context.i64Attribute(more.count))
      }
      if more.contains(where: { !($0.attributes?.entries.isEmpty ?? true) }) {
        let empty = context.dictionary([(String, Attribute)]())
        op.add(name, context.array(more.map { $0.attributes ?? empty }))
      }
      arguments += more
    }
    if parser.parseOptionalKeyword("kernel") { op.add("gpu.kernel", context.unit) }
    try parser.parseOptionalAttributeDictionaryWithKeyword(&op)
    try parser.parseRegion(&op, arguments: arguments)
  }

  private static func printFunction(_ printer: Printer, _ operation: Operation) {
    guard let function = DeviceFunction(operation) else { return }
    printer.write(" ")
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    let type = function.type
    FunctionSyntax.printSignature(
      printer, operation, function.body, inputs: type.inputs, results: type.results)
    printAttributions(
      printer, "workgroup", function.workgroupAttributions,
      operation.attribute("workgroup_attrib_attrs")?.elements ?? [])
    printAttributions(
      printer, "private", function.privateAttributions,
      operation.attribute("private_attrib_attrs")?.elements ?? [])
    if function.isKernel { printer.write(" kernel") }
    printer.optionalAttributeDictionaryWithKeyword(
      operation,
      excluding: [
        "sym_name", "workgroup_attributions", "gpu.kernel", "function_type", "arg_attrs",
        "res_attrs", "workgroup_attrib_attrs", "private_attrib_attrs",
      ])
    printer.write(" ")
    printer.region(function.body, entryArguments: false)
  }

  // MARK: warp_execute_on_lane_0

  static let warpExecuteAssembly = CustomAssembly(
    parse: { (parser, op) throws(Reported) in
      let context = parser.context
      try parser.parse(.leftParen)
      let lane = try parser.parseOperand()
      try parser.parse(.rightParen)
      try parser.parse(.leftSquare)
      let size = try parser.parseInteger()
      try parser.parse(.rightSquare)
      op.add("warp_size", context.i64Attribute(size))
      op.operands = [try parser.resolve(lane, context.index)]
      if parser.parseOptionalKeyword("args") {
        try parser.parse(.leftParen)
        let offset = parser.offset
        let references = try parser.parseOperandList()
        let types = try parser.parseColonTypeList()
        try parser.parse(.rightParen)
        op.operands += try parser.resolve(references, types, at: offset)
      }
      op.resultTypes = try parser.parseOptionalArrowTypeList()
      try parser.parseRegion(&op)
      try parser.parseOptionalAttributeDictionary(&op)
    },
    print: { printer, operation in
      printer.write("(")
      printer.operand(operation.operand(0))
      printer.write(")[\(operation.attribute("warp_size")?.integerValue ?? 0)]")
      let inputs = operation.operandGroup(1)
      if !inputs.isEmpty {
        printer.write(" args(")
        printer.operands(inputs)
        printer.write(" : ")
        printer.types(inputs.map(\.type))
        printer.write(")")
      }
      if operation.resultCount > 0 {
        printer.write(" -> (")
        printer.types(operation.results.types)
        printer.write(")")
      }
      printer.write(" ")
      printer.region(operation.region(), terminators: operation.resultCount > 0)
      printer.optionalAttributeDictionary(operation, excluding: ["warp_size"])
    })
}

/// A view of a `gpu.launch`.
struct LaunchOp {
  let operation: Operation

  init?(_ operation: Operation) {
    guard operation.is(GPU.launch), operation.regionCount == 1 else { return nil }
    self.operation = operation
  }

  var body: Region { operation.region() }
  /// Sizes of the grid, the workgroups and the clusters.
  var sizes: [Value] { (1...9).flatMap { Array(operation.operandGroup($0)) } }
  var hasCluster: Bool {
    (7...9).allSatisfy { !operation.operandGroup($0).isEmpty }
  }
  /// Arguments for positions and sizes.
  var configurationCount: Int { hasCluster ? 18 : 12 }
  var workgroupCount: Int {
    Int(clamping: operation.attribute("workgroup_attributions")?.integerValue ?? 0)
  }
  var workgroupAttributions: [Value] {
    Array(Array(body.arguments).dropFirst(configurationCount).prefix(max(0, workgroupCount)))
  }
  var privateAttributions: [Value] {
    Array(
      Array(body.arguments).dropFirst(configurationCount).dropFirst(max(0, workgroupCount)))
  }
}

/// A view of a `gpu.func`.
struct DeviceFunction {
  let operation: Operation

  init?(_ operation: Operation?) {
    guard let operation, operation.is(GPU.func), operation.regionCount == 1 else { return nil }
    self.operation = operation
  }

  var type: Type {
    operation.attribute("function_type")?.typeValue ?? operation.context.function([], [])
  }
  var body: Region { operation.region() }
  var isKernel: Bool { operation.hasAttribute("gpu.kernel") }
  var workgroupCount: Int {
    max(0, Int(clamping: operation.attribute("workgroup_attributions")?.integerValue ?? 0))
  }
  var workgroupAttributions: [Value] {
    Array(Array(body.arguments).dropFirst(type.inputs.count).prefix(workgroupCount))
  }
  var privateAttributions: [Value] {
    Array(Array(body.arguments).dropFirst(type.inputs.count).dropFirst(workgroupCount))
  }
}
