import MartletIR
import MartletSupport
import MartletSyntax

/// Functions and globals.
extension LLVM {
  static let symbols: [OpDefinition] = [
    `func`, global, addressOf, globalCtors, globalDtors, comdat, comdatSelector, moduleFlags,
  ]

  static let visibilitySlot = AttributeSlot(
    "visibility_", .enumeration(visibilities, width: 64), default: { $0.i64Attribute(0) })
  static let unnamedSlot = AttributeSlot.optional(
    "unnamed_addr", .enumeration(unnamedAddresses, width: 64))

  private static let functionUnits = [
    "dso_local", "convergent", "arm_streaming", "arm_locally_streaming",
    "arm_streaming_compatible", "arm_new_za", "arm_in_za", "arm_out_za", "arm_inout_za",
    "arm_preserves_za", "no_inline", "always_inline", "inline_hint", "no_unwind", "will_return",
    "optimize_none",
  ]
  private static let functionStrings = [
    "sym_visibility", "garbageCollector", "section", "target_cpu", "tune_cpu",
    "reciprocal_estimates", "prefer_vector_width", "denormal_fp_math", "denormal_fp_math_f32",
    "fp_contract", "instrument_function_entry", "instrument_function_exit",
  ]
  private static let functionBools = [
    "no_infs_fp_math", "no_nans_fp_math", "no_signed_zeros_fp_math",
  ]
  private static let functionOthers = [
    "memory_effects", "vscale_range", "frame_pointer", "target_features", "vec_type_hint",
    "work_group_size_hint", "reqd_work_group_size", "intel_reqd_sub_group_size", "uwtable_kind",
  ]

  public static let `func`: OpDefinition = OpDefinition(
    "llvm.func", "A function",
    attributes: [
      AttributeSlot("sym_name", .symbolName),
      AttributeSlot("function_type", functionTypeConstraint), flags("linkage", linkage),
      flags("CConv", callingConvention), .optional("comdat", .symbolRef),
      .optional("personality", .flatSymbolRef), .optional("passthrough", .array),
      .optional("arg_attrs", .dictionaryArray), .optional("res_attrs", .dictionaryArray),
      .optional("function_entry_count", .i64), .optional("alignment", .i64), visibilitySlot,
      unnamedSlot,
    ] + functionUnits.map { .optional($0, .unit) } + functionStrings.map { .optional($0, .string) }
      + functionBools.map { .optional($0, .bool) } + functionOthers.map { .optional($0, .any) },
    regions: [RegionDefinition("body")],
    traits: [.symbol, .callable, .isolatedFromAbove, .affineScope, .allocationScope],
    effects: [],
    verify: { (operation) throws(Reported) in try verifyFunction(operation) },
    interfaces: [functionAssembly, inliningControl])

  public static let global: OpDefinition = OpDefinition(
    "llvm.mlir.global", "A global variable or constant",
    attributes: [
      AttributeSlot("global_type", .type), .optional("constant", .unit),
      AttributeSlot("sym_name", .symbolName),
      AttributeSlot("linkage", .dialect("linkage", linkage)), .optional("dso_local", .unit),
      .optional("thread_local_", .unit), .optional("externally_initialized", .unit),
      .optional("value", .any), .optional("alignment", .i64),
      AttributeSlot("addr_space", .i32, default: { $0.i32Attribute(0) }), unnamedSlot,
      .optional("section", .string), .optional("comdat", .symbolRef),
      .optional("dbg_exprs", .array), visibilitySlot,
      .optional("target_specific_attrs", .array),
    ],
    regions: [RegionDefinition("initializer")],
    traits: [.symbol, .isolatedFromAbove, .singleBlock], effects: [],
    verify: { (operation) throws(Reported) in
      guard let type = operation.attribute("global_type")?.typeValue else { return }
      let isValue = isElement(type) || type.is(token)
      if !isValue || !type.isLLVMCompatible {
        throw operation.emitOpError(
          "expects type to be a valid element type for an LLVM global")
      }
      if let parent = operation.parent, !parent.has(.symbolTable) {
        throw operation.emitOpError("must appear at the module level")
      }
      if let text = operation.attribute("value")?.stringIdentifier {
        guard let (element, count) = type.llvmArray, element.isInteger(8),
          count == text.bytes.count
        else {
          throw operation.emitOpError(
            "requires an i8 array type of the length equal to that of the string attribute")
        }
      }
      if operation.hasAttribute("value"), !operation.region(0).isEmpty {
        throw operation.emitOpError("cannot have both initializer value and region")
      }
      try verifyLinkage(operation, type)
      try verifyComdat(operation)
      if let alignment = operation.attribute("alignment")?.integerValue,
        alignment <= 0 || alignment & (alignment - 1) != 0
      {
        throw operation.emitError("alignment attribute is not a power of 2")
      }
      if operation.attribute("addr_space")?.integerValue ?? 0 < 0 {
        throw operation.emitOpError(
          "attribute 'addr_space' failed to satisfy constraint: 32-bit signless integer attribute whose value is non-negative"
        )
      }
    },
    verifyRegions: { (operation) throws(Reported) in
      guard let last = operation.region(0).firstBlock?.lastOperation else { return }
      guard let type = operation.attribute("global_type")?.typeValue else { return }
      guard last.is(LLVM.return), last.operandCount == 1 else {
        throw operation.emitOpError("initializer region cannot return void")
      }
      var inner = operation.region(0).firstBlock?.firstOperation
      while let one = inner {
        if !one.isMemoryEffectFree {
          throw one.emitError("ops with side effects not allowed in global initializers")
        }
        inner = one.next
      }
      if last.operand(0).type != type {
        throw operation.emitOpError(
          "initializer region type '\(last.operand(0).type)' does not match global type '\(type)'")
      }
    }, interfaces: [globalAssembly])

  private static func verifyLinkage(_ operation: Operation, _ type: Type) throws(Reported) {
    let kind = operation.attribute("linkage")?.enumKeyword
    let value = operation.attribute("value")
    if kind == "common", let value {
      let isZero =
        value.integerValue == 0 || value.floatValue == 0
        || (value.denseElements?.bytes.allSatisfy { $0 == 0 } ?? false)
      if !isZero { throw operation.emitOpError("expected zero value for 'common' linkage") }
    }
    if kind == "appending", type.llvmArray == nil {
      throw operation.emitOpError("expected array type for 'appending' linkage")
    }
  }

  public static let addressOf: OpDefinition = OpDefinition(
    "llvm.mlir.addressof", "The address of a global or function",
    results: [ValueDefinition("res", pointer)],
    attributes: [AttributeSlot("global_name", .flatSymbolRef)], traits: [.constantLike, .pure],
    format: "$global_name attr-dict `:` qualified(type($res))",
    verify: { (operation) throws(Reported) in
      guard let name = operation.attribute("global_name"), operation.parent != nil else { return }
      guard let found = SymbolTable.resolve(name, from: operation),
        found.is(global) || found.is(LLVM.func) || found.is(alias) || found.is(ifunc)
      else {
        throw operation.emitOpError(
          "must reference a global defined by 'llvm.mlir.global', 'llvm.mlir.alias' or 'llvm.func' or 'llvm.mlir.ifunc'"
        )
      }
      var space = found.attribute("addr_space")?.integerValue ?? 0
      if found.is(alias) {
        let value = found.region(0).firstBlock?.lastOperation?.operands.first
        space = Int64(value?.type.llvmAddressSpace ?? 0)
      }
      if found.is(global) || found.is(alias),
        Int64(operation.result().type.llvmAddressSpace ?? 0) != space
      {
        throw operation.emitOpError(
          "pointer address space must match address space of the referenced global or alias")
      }
    }, fold: { operation in operation.attribute("global_name").map { .attribute($0) } ?? .none })

  public static let globalCtors = structors("ctors")
  public static let globalDtors = structors("dtors")

  private static func structors(_ name: String) -> OpDefinition {
    OpDefinition(
      "llvm.mlir.global_\(name)", "Functions run at load or exit",
      attributes: [
        AttributeSlot(name, .array), AttributeSlot("priorities", .array),
        AttributeSlot("data", .array),
      ], effects: [.read, .write],
      format:
        "`\(name)` `=` $\(name) `,` `priorities` `=` $priorities `,` `data` `=` $data attr-dict",
      verify: { (operation) throws(Reported) in
        let counts = [name, "priorities", "data"].map { operation.attribute($0)?.words.count ?? 0 }
        if Set(counts).count != 1 {
          throw operation.emitOpError(
            "\(name), priorities, and data must have the same number of elements")
        }
        for symbol in operation.attribute(name)?.elements ?? [] where operation.parent != nil {
          guard let found = SymbolTable.resolve(symbol, from: operation), found.is(LLVM.func)
          else {
            throw operation.emitOpError(
              "'\(symbol.rootReference?.string ?? "")' does not reference a valid LLVM function")
          }
          if found.region(0).isEmpty {
            throw operation.emitOpError(
              "'\(symbol.rootReference?.string ?? "")' does not have a definition")
          }
        }
        for datum in operation.attribute("data")?.elements ?? []
        where datum.kind != .symbolRef && !datum.is(zero) {
          throw operation.emitError("data element must be symbol or #llvm.zero")
        }
      })
  }

  public static let comdat = OpDefinition(
    "llvm.comdat", "Comdat groups", attributes: [AttributeSlot("sym_name", .symbolName)],
    regions: [RegionDefinition("body", oneBlock: true)],
    traits: [.noTerminator, .noRegionArguments, .symbolTable, .symbol], effects: [],
    format: "$sym_name $body attr-dict",
    verifyRegions: { (operation) throws(Reported) in
      var inner = operation.region(0).firstBlock?.firstOperation
      while let one = inner {
        if !one.is(comdatSelector) {
          throw one.emitError("only comdat selector symbols can appear in a comdat region")
        }
        inner = one.next
      }
    })

  public static let comdatSelector = OpDefinition(
    "llvm.comdat_selector", "A comdat group",
    attributes: [
      AttributeSlot("sym_name", .symbolName),
      AttributeSlot(
        "comdat",
        .enumeration(comdats, width: 64)),
    ], traits: .symbol, effects: [], format: "$sym_name $comdat attr-dict")

  public static let moduleFlags = OpDefinition(
    "llvm.module_flags", "Module flags", attributes: [AttributeSlot("flags", .array)],
    effects: [.read, .write], format: "$flags attr-dict", verify: verifyModuleFlags)

  @Sendable private static func verifyModuleFlags(_ operation: Operation) throws(Reported) {
    for flag in operation.attribute("flags")?.elements ?? [] {
      guard flag.definition?.name == "llvm.mlir.module_flag", let value = flag.attributeWord(2)
      else { throw operation.emitOpError("expected a module flag attribute") }
      let key = flag.attributeWord(1)?.stringValue ?? ""
      switch key {
      case "CG Profile":
        let isList =
          value.elements?.allSatisfy { $0.definition?.name == "llvm.cgprofile_entry" } ?? false
        if !isList {
          throw operation.emitError(
            "'CG Profile' key expects an array of '#llvm.cgprofile_entry'")
        }
      case "ProfileSummary":
        if value.definition?.name != "llvm.profile_summary" {
          throw operation.emitError(
            "'ProfileSummary' key expects a '#llvm.profile_summary' attribute")
        }
      default:
        if value.kind != .integer, value.kind != .string {
          throw operation.emitError(
            "only integer and string values are currently supported for unknown key '\"\(key)\"'")
        }
      }
    }
  }

  // MARK: Text

  /// `llvm.func internal fastcc @f(%a: i32) -> i32 attributes {...} {...}`.
  private static let functionAssembly = CustomAssembly(
    parse: parseFunctionOp, print: printFunctionOp)

  @Sendable private static func parseFunctionOp(
    _ parser: Parser, _ operation: inout ParsedOperation
  ) throws(Reported) {
    let context = parser.context
    let kind = parseOptionalWord(parser, linkages) ?? 0
    operation.add("linkage", context.attribute(linkage, [UInt64(kind)]))
    let visibility = parseOptionalWord(parser, visibilities) ?? 0
    operation.add("visibility_", context.i64Attribute(Int(visibility)))
    let unnamed = parseOptionalWord(parser, unnamedAddresses) ?? 0
    operation.add("unnamed_addr", context.i64Attribute(Int(unnamed)))
    let convention = parseOptionalWord(parser, callingConventions) ?? 0
    operation.add("CConv", context.attribute(callingConvention, [UInt64(convention)]))
    operation.add("sym_name", context.string(try parser.parseSymbolName()))
    let offset = parser.offset
    let signature = try FunctionSyntax.parseSignature(parser, allowVariadic: true)
    if !signature.inputs.allSatisfy(\.isLLVMCompatible) {
      throw parser.error(
        "failed to construct function type: expected LLVM type for function arguments",
        at: offset)
    }
    if let wrong = signature.results.first(where: { !$0.isLLVMCompatible }) {
      throw parser.error(
        "failed to construct function type: expected LLVM type for function results'\(wrong)'",
        at: offset)
    }
    guard signature.results.count <= 1 else {
      throw parser.error(
        "failed to construct function type: expected zero or one function result", at: offset)
    }
    FunctionSyntax.addAttributes(signature, to: &operation)
    let type = functionType(
      signature.results.first ?? voidType(context), signature.inputs,
      isVariadic: signature.isVariadic)
    operation.add("function_type", context.typeAttribute(type))
    if parser.parseOptionalKeyword("vscale_range") {
      try parser.parse(.leftParen)
      let least = try parser.parseInteger()
      try parser.parse(.comma)
      let most = try parser.parseInteger()
      try parser.parse(.rightParen)
      let words = [least, most].map { UInt64(context.i32Attribute($0).raw) }
      operation.add("vscale_range", context.attribute(vscaleRange, words))
    }
    try parseComdat(parser, &operation)
    try parser.parseOptionalAttributeDictionaryWithKeyword(&operation)
    if try !parser.parseOptionalRegion(&operation, arguments: signature.arguments) {
      parser.addEmptyRegion(&operation)
    }
  }

  private static func parseComdat(_ parser: Parser, _ operation: inout ParsedOperation)
    throws(Reported)
  {
    guard parser.parseOptionalKeyword("comdat") else { return }
    try parser.parse(.leftParen)
    operation.add("comdat", try parser.parseAttribute())
    try parser.parse(.rightParen)
  }

  private static func printComdat(_ printer: Printer, _ operation: Operation) {
    guard let comdat = operation.attribute("comdat") else { return }
    printer.write(" comdat(")
    printer.attribute(comdat)
    printer.write(")")
  }

  static func keyword(_ operation: Operation, _ name: String, _ words: EnumDefinition)
    -> String
  {
    let word = operation.attribute(name)?.enumValue.flatMap { words.keyword($0) } ?? ""
    return word.isEmpty ? "" : word + " "
  }

  @Sendable private static func printFunctionOp(_ printer: Printer, _ operation: Operation) {
    guard let type = operation.attribute("function_type")?.typeValue?.llvmFunction else { return }
    printer.write(" ")
    let kind = keyword(operation, "linkage", linkages)
    if kind != "external " { printer.write(kind) }
    printer.write(keyword(operation, "visibility_", visibilities))
    printer.write(keyword(operation, "unnamed_addr", unnamedAddresses))
    let convention = keyword(operation, "CConv", callingConventions)
    if convention != "ccc " { printer.write(convention) }
    printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
    FunctionSyntax.printSignature(
      printer, operation, operation.region(0), inputs: type.inputs,
      results: type.result.isLLVMVoid ? [] : [type.result], isVariadic: type.isVariadic)
    if let range = operation.attribute("vscale_range"), range.is(vscaleRange),
      let least = range.attributeWord(0)?.integerValue,
      let most = range.attributeWord(1)?.integerValue
    {
      printer.write(" vscale_range(\(least), \(most))")
    }
    printComdat(printer, operation)
    printer.optionalAttributeDictionaryWithKeyword(
      operation,
      excluding: [
        "vscale_range",
        "sym_name", "function_type", "linkage", "CConv", "visibility_", "unnamed_addr", "comdat",
        "arg_attrs", "res_attrs",
      ])
    if operation.region(0).isEmpty { return }
    printer.write(" ")
    printer.region(operation.region(0), entryArguments: false)
  }

  /// `llvm.mlir.global internal constant @g(42 : i32) {...} : i32 {...}`.
  private static let globalAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      let kind = parseOptionalWord(parser, linkages) ?? 0
      operation.add("linkage", context.attribute(linkage, [UInt64(kind)]))
      let visibility = parseOptionalWord(parser, visibilities) ?? 0
      operation.add("visibility_", context.i64Attribute(Int(visibility)))
      if parser.parseOptionalKeyword("thread_local") {
        operation.add("thread_local_", context.unit)
      }
      let unnamed = parseOptionalWord(parser, unnamedAddresses) ?? 0
      operation.add("unnamed_addr", context.i64Attribute(Int(unnamed)))
      if parser.parseOptionalKeyword("constant") { operation.add("constant", context.unit) }
      operation.add("sym_name", context.string(try parser.parseSymbolName()))
      try parser.parse(.leftParen)
      var value: Attribute?
      if !parser.isAt(.rightParen) {
        let parsed = try parser.parseAttribute()
        operation.add("value", parsed)
        value = parsed
      }
      try parser.parse(.rightParen)
      try parseComdat(parser, &operation)
      try parser.parseOptionalAttributeDictionary(&operation)
      let offset = parser.offset
      if parser.parseOptional(.colon) {
        operation.add("global_type", context.typeAttribute(try parser.parseType()))
      } else if let text = value?.stringIdentifier {
        let type = arrayType(context.i8, text.bytes.count)
        operation.add("global_type", context.typeAttribute(type))
      } else {
        throw parser.error("type can only be omitted for string globals", at: offset)
      }
      if try !parser.parseOptionalRegion(&operation) { parser.addEmptyRegion(&operation) }
    },
    print: { printer, operation in
      printer.write(" " + keyword(operation, "linkage", linkages))
      printer.write(keyword(operation, "visibility_", visibilities))
      if operation.hasAttribute("thread_local_") { printer.write("thread_local ") }
      printer.write(keyword(operation, "unnamed_addr", unnamedAddresses))
      if operation.hasAttribute("constant") { printer.write("constant ") }
      printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
      printer.write("(")
      let value = operation.attribute("value")
      if let value { printer.attribute(value) }
      printer.write(")")
      printComdat(printer, operation)
      printer.optionalAttributeDictionary(
        operation,
        excluding: [
          "sym_name", "global_type", "constant", "value", "linkage", "unnamed_addr",
          "thread_local_", "visibility_", "comdat",
        ])
      if value?.kind == .string { return }
      printer.write(" : ")
      if let type = operation.attribute("global_type")?.typeValue { printer.type(type) }
      if operation.region(0).isEmpty { return }
      printer.write(" ")
      printer.region(operation.region(0), entryArguments: false)
    })
}
