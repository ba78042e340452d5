import MartletIR
import MartletSupport
import MartletSyntax

/// Further symbols, and the addresses of functions and blocks.
extension LLVM {
  static let aliases: [OpDefinition] = [
    alias, ifunc, dsoLocalEquivalent, blockAddress, blockTagOp, linkerOptions,
  ]

  public static let alias: OpDefinition = OpDefinition(
    "llvm.mlir.alias", "Another name of a global",
    attributes: [
      AttributeSlot("alias_type", .type), AttributeSlot("sym_name", .symbolName),
      AttributeSlot("linkage", .dialect("linkage", linkage)), .optional("dso_local", .unit),
      .optional("thread_local_", .unit), unnamedSlot, visibilitySlot,
    ],
    regions: [RegionDefinition("initializer", oneBlock: true)],
    traits: [.symbol, .isolatedFromAbove, .singleBlock], effects: [],
    implicitTerminator: "llvm.return",
    verify: { (operation) throws(Reported) in
      guard let type = operation.attribute("alias_type")?.typeValue else { return }
      if !type.isLLVMCompatible || type.isLLVMVoid || type.is(label) || type.is(metadata) {
        throw operation.emitOpError(
          "expects type to be a valid element type for an LLVM global alias")
      }
      let kind = operation.attribute("linkage")?.enumKeyword ?? ""
      let allowed = [
        "external", "internal", "private", "weak", "weak_odr", "linkonce", "linkonce_odr",
        "available_externally",
      ]
      if !allowed.contains(kind) {
        throw operation.emitOpError(
          "'\(kind)' linkage not supported in aliases, available options: "
            + "private, internal, linkonce, weak, linkonce_odr, weak_odr, external or available_externally"
        )
      }
    },
    verifyRegions: { (operation) throws(Reported) in
      guard let block = operation.region(0).firstBlock, let last = block.lastOperation else {
        return
      }
      if !last.is(LLVM.return) || last.operandCount != 1 || !last.operand(0).type.isLLVMPointer {
        throw operation.emitOpError("initializer region must always return a pointer")
      }
      for inner in block.operations where !inner.isMemoryEffectFree {
        throw inner.emitError("ops with side effects are not allowed in alias initializers")
      }
    },
    interfaces: [aliasAssembly])

  /// `llvm.mlir.alias external @a : i32 {...}`.
  private static let aliasAssembly = CustomAssembly(
    parse: { (parser, operation) throws(Reported) in
      let context = parser.context
      try parseSymbolWords(parser, &operation, isThreadLocalAllowed: true)
      operation.add("sym_name", context.string(try parser.parseSymbolName()))
      try parser.parseOptionalAttributeDictionary(&operation)
      operation.add("alias_type", context.typeAttribute(try parser.parseColonType()))
      try parser.parseRegion(&operation)
    },
    print: { printer, operation in
      printSymbolWords(printer, operation)
      printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
      printer.optionalAttributeDictionary(
        operation,
        excluding: [
          "sym_name", "alias_type", "linkage", "unnamed_addr", "thread_local_", "visibility_",
        ])
      printer.write(" : ")
      if let type = operation.attribute("alias_type")?.typeValue { printer.type(type) }
      printer.write(" ")
      printer.region(operation.region(0), entryArguments: false)
    })

  private static func parseSymbolWords(
    _ parser: Parser, _ operation: inout ParsedOperation, isThreadLocalAllowed: Bool
  ) throws(Reported) {
    let context = parser.context
    let kind = parseOptionalWord(parser, linkages) ?? 0
    operation.add("linkage", context.attribute(linkage, [UInt64(kind)]))
    let visibility = parseOptionalWord(parser, visibilities) ?? 0
    operation.add("visibility_", context.i64Attribute(Int(visibility)))
    if isThreadLocalAllowed, parser.parseOptionalKeyword("thread_local") {
      operation.add("thread_local_", context.unit)
    }
    let unnamed = parseOptionalWord(parser, unnamedAddresses) ?? 0
    operation.add("unnamed_addr", context.i64Attribute(Int(unnamed)))
  }

  private static func printSymbolWords(_ printer: Printer, _ operation: Operation) {
    printer.write(" " + keyword(operation, "linkage", linkages))
    printer.write(keyword(operation, "visibility_", visibilities))
    if operation.hasAttribute("thread_local_") { printer.write("thread_local ") }
    printer.write(keyword(operation, "unnamed_addr", unnamedAddresses))
  }

  /// A function that is chosen at load time by another.
  public static let ifunc: OpDefinition = OpDefinition(
    "llvm.mlir.ifunc", "A function chosen at load time",
    attributes: [
      AttributeSlot("sym_name", .symbolName), AttributeSlot("i_func_type", .type),
      AttributeSlot("resolver", .flatSymbolRef), AttributeSlot("resolver_type", .type),
      AttributeSlot("linkage", .dialect("linkage", linkage)), .optional("dso_local", .unit),
      AttributeSlot("address_space", .i32, default: { $0.i32Attribute(0) }),
      AttributeSlot(
        "unnamed_addr", .enumeration(unnamedAddresses, width: 64),
        default: { $0.i64Attribute(0) }), visibilitySlot,
    ], traits: [.symbol, .isolatedFromAbove], effects: [],
    verify: { (operation) throws(Reported) in
      guard let name = operation.attribute("resolver"), operation.parent != nil else { return }
      guard var found = SymbolTable.resolve(name, from: operation) else {
        throw operation.emitOpError("must have a function resolver")
      }
      var limit = 64
      while found.is(alias), limit > 0 {
        limit -= 1
        guard
          let returned = found.region(0).firstBlock?.lastOperation?.operands.first?
            .definingOperation, returned.is(addressOf),
          let next = returned.attribute("global_name"),
          let target = SymbolTable.resolve(next, from: found)
        else { throw operation.emitOpError("must have a function resolver") }
        found = target
      }
      guard found.is(LLVM.func) else {
        throw operation.emitOpError("must have a function resolver")
      }
      let kind = found.attribute("linkage")?.enumKeyword ?? ""
      if found.region(0).isEmpty || kind == "available_externally" {
        throw operation.emitOpError("resolver must be a definition")
      }
      let result = found.attribute("function_type")?.typeValue?.llvmFunction?.result
      if result?.isLLVMPointer != true {
        throw operation.emitOpError("resolver must return a pointer")
      }
      let resolverType = operation.attribute("resolver_type")?.typeValue
      if resolverType?.isLLVMPointer != true
        || resolverType?.llvmAddressSpace
          != Int(operation.attribute("address_space")?.integerValue ?? 0)
      {
        throw operation.emitOpError("resolver has incorrect type")
      }
    },
    interfaces: [
      CustomAssembly(
        parse: { (parser, operation) throws(Reported) in
          let context = parser.context
          try parseSymbolWords(parser, &operation, isThreadLocalAllowed: false)
          operation.add("sym_name", context.string(try parser.parseSymbolName()))
          operation.add("i_func_type", context.typeAttribute(try parser.parseColonType()))
          try parser.parse(.comma)
          operation.add("resolver_type", context.typeAttribute(try parser.parseType()))
          operation.add("resolver", context.symbolRef(try parser.parseSymbolName()))
          try parser.parseOptionalAttributeDictionary(&operation)
        },
        print: { printer, operation in
          printSymbolWords(printer, operation)
          printer.symbolName(operation.attribute("sym_name")?.stringValue ?? "")
          printer.write(" : ")
          if let type = operation.attribute("i_func_type")?.typeValue { printer.type(type) }
          printer.write(", ")
          if let type = operation.attribute("resolver_type")?.typeValue { printer.type(type) }
          printer.write(" ")
          if let name = operation.attribute("resolver") { printer.attribute(name) }
          var excluded = [
            "sym_name", "i_func_type", "resolver_type", "resolver", "linkage", "visibility_",
            "unnamed_addr",
          ]
          if operation.attribute("address_space")?.integerValue == 0 {
            excluded.append("address_space")
          }
          printer.optionalAttributeDictionary(operation, excluding: excluded)
        })
    ])

  // MARK: Addresses

  public static let dsoLocalEquivalent: OpDefinition = OpDefinition(
    "llvm.dso_local_equivalent", "The address of a function or one that does the same here",
    results: [ValueDefinition("res", pointer)],
    attributes: [AttributeSlot("function_name", .flatSymbolRef)],
    traits: [.pure, .constantLike],
    format: "$function_name attr-dict `:` qualified(type($res))",
    verify: { (operation) throws(Reported) in
      guard let name = operation.attribute("function_name"), operation.parent != nil else { return }
      let found = SymbolTable.resolve(name, from: operation)
      guard let found, found.is(LLVM.func) || found.is(alias) else {
        throw operation.emitOpError(
          "must reference a global defined by 'llvm.func' or 'llvm.mlir.alias'")
      }
      if found.is(alias),
        let last = found.region(0).firstBlock?.lastOperation, last.operandCount == 1
      {
        let target = last.operand(0).definingOperation?.attribute("global_name").flatMap {
          SymbolTable.resolve($0, from: found)
        }
        if target?.is(LLVM.func) != true {
          throw operation.emitOpError("must reference an alias to a function")
        }
      }
      if found.attribute("linkage")?.enumKeyword == "extern_weak" {
        throw operation.emitOpError("target function with 'extern_weak' linkage not allowed")
      }
    },
    fold: { operation in
      guard let name = operation.attribute("function_name") else { return .none }
      return .attribute(
        operation.context.attribute(dsoLocalEquivalentAttribute, [UInt64(name.raw)]))
    })

  public static let blockAddress: OpDefinition = OpDefinition(
    "llvm.blockaddress", "The address of a block", results: [ValueDefinition("res", pointer)],
    attributes: [
      AttributeSlot("block_addr", .dialect("block address", blockAddressAttribute))
    ], traits: [.pure, .constantLike],
    format: "$block_addr attr-dict `:` qualified(type($res))",
    verify: { (operation) throws(Reported) in
      guard let address = operation.attribute("block_addr"), operation.parent != nil,
        let name = address.attributeWord(0)
      else { return }
      guard let found = SymbolTable.resolve(name, from: operation), found.is(LLVM.func) else {
        throw operation.emitOpError("must reference a function defined by 'llvm.func'")
      }
      var hasTag = false
      found.walk { inner in
        if inner.is(blockTagOp), inner.attribute("tag") == address.attributeWord(1) {
          hasTag = true
        }
      }
      if !hasTag, !found.region(0).isEmpty {
        throw operation.emitOpError(
          "expects an existing block label target in the referenced function")
      }
    },
    fold: { operation in operation.attribute("block_addr").map { .attribute($0) } ?? .none })

  public static let blockTagOp: OpDefinition = OpDefinition(
    "llvm.blocktag", "Names the block it stands in",
    attributes: [AttributeSlot("tag", .dialect("block tag", blockTag))], effects: [.read, .write],
    format: "$tag attr-dict")

  public static let linkerOptions = OpDefinition(
    "llvm.linker_options", "Options for the linker",
    attributes: [AttributeSlot("options", .array)], effects: [.read, .write],
    format: "$options attr-dict",
    verify: { (operation) throws(Reported) in
      if operation.parent?.has(.symbolTable) != true {
        throw operation.emitOpError("must appear at the module level")
      }
    })
}
