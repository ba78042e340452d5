import MartletIR
import MartletSupport
import MartletSyntax

/// Attributes that describe the source program to a debugger: LLVM's `DI...` metadata.
extension LLVM {
  static let debugInfo: [AttributeDefinition] = [
    diNullType, diFile, diExpression, diBasicType, diCompileUnit, diCompositeType, diDerivedType,
    diGlobalVariable, diGlobalVariableExpression, diLexicalBlock, diLexicalBlockFile,
    diLocalVariable, diSubprogram, diModule, diNamespace, diImportedEntity, diAnnotation,
    diSubrange, diGenericSubrange, diCommonBlock, diSubroutineType, diLabel, diStringType,
  ]

  private typealias Parameter = AttributeParameter

  /// An attribute whose mnemonic begins with one of the words.
  private static func node(_ mnemonics: [String]) -> AttributeParameter.Kind {
    let names = Set(mnemonics.map { "llvm.di_" + $0 })
    return .attribute { names.contains($0.definition?.name ?? "") }
  }

  private static let typeNodes = [
    "null_type", "basic_type", "composite_type", "derived_type", "subroutine_type", "string_type",
  ]
  private static let localScopes = ["lexical_block", "lexical_block_file", "subprogram"]
  private static let scopeNodes =
    typeNodes + localScopes + ["file", "compile_unit", "module", "namespace", "common_block"]
  private static let variables = ["local_variable", "global_variable"]
  private static let nodes =
    scopeNodes + variables + [
      "imported_entity", "annotation", "subrange", "generic_subrange", "label",
    ]

  private static let type = node(typeNodes)
  private static let scope = node(scopeNodes)
  private static let anyNode = node(nodes)
  private static let file = AttributeParameter.Kind.nested("llvm.di_file")
  private static let expression = AttributeParameter.Kind.nested("llvm.di_expression")
  private static let tag = AttributeParameter.optional("tag", .word(prefix: "DW_TAG_", what: "tag"))
  private static let encoding = AttributeParameter.optional(
    "encoding", .word(prefix: "DW_ATE_", what: "encoding"))
  private static let optionalName = AttributeParameter.optional("name", AttributeParameter.string)
  private static let line = AttributeParameter.optional("line", .number)

  private static func define(
    _ mnemonic: String, _ summary: String, _ parameters: [AttributeParameter],
    isAliased: Bool = true
  ) -> AttributeDefinition {
    AttributeParameter.define("llvm." + mnemonic, summary, parameters, isAliased: isAliased)
  }

  // MARK: Types

  private static let diNullType: AttributeDefinition = AttributeDefinition(
    "llvm.di_null_type", "No type",
    interfaces: [
      AttributeAssembly(
        alias: "di_null_type",
        parse: { (parser, _) in parser.context.attribute(diNullType) },
        print: { _, _ in })
    ])

  private static let diBasicType: AttributeDefinition = define(
    "di_basic_type", "A type of the machine",
    [
      tag, Parameter("name", Parameter.string), .optional("sizeInBits", .number), encoding,
    ])

  private static let diStringType: AttributeDefinition = define(
    "di_string_type", "A type of strings",
    [
      tag, Parameter("name", Parameter.string), .optional("sizeInBits", .number),
      .optional("alignInBits", .number), .optional("stringLength", node(variables)),
      .optional("stringLengthExp", expression), .optional("stringLocationExp", expression),
      encoding,
    ])

  private static let recursion: [AttributeParameter] = [
    .optional("recId", Parameter.distinct), .optional("isRecSelf", .boolean),
  ]

  private static let diCompositeType: AttributeDefinition = define(
    "di_composite_type", "A type made of parts",
    recursion + [
      tag, optionalName, .optional("file", file), line, .optional("scope", scope),
      .optional("baseType", type), .optional("flags", .keyword(diFlags)),
      .optional("sizeInBits", .number), .optional("alignInBits", .number),
      .optional("dataLocation", expression), .optional("rank", expression),
      .optional("allocated", expression), .optional("associated", expression),
      .optional("elements", .list(anyNode)),
    ])

  private static let diDerivedType: AttributeDefinition = define(
    "di_derived_type", "A type made from another",
    [
      tag, optionalName, .optional("baseType", type), .optional("sizeInBits", .number),
      .optional("alignInBits", .number), .optional("offsetInBits", .number),
      Parameter("dwarfAddressSpace", .number, initial: Parameter.absent),
      .optional("extraData", anyNode),
    ])

  private static let diSubroutineType: AttributeDefinition = define(
    "di_subroutine_type", "A function's type",
    [
      .optional("callingConvention", .word(prefix: "DW_CC_", what: "calling convention")),
      .optional("types", .list(type)),
    ])

  private static let diSubrange: AttributeDefinition = define(
    "di_subrange", "The bounds of an array's dimension",
    ["count", "lowerBound", "upperBound", "stride"].map { .optional($0, Parameter.any) },
    isAliased: false)

  private static let diGenericSubrange: AttributeDefinition = define(
    "di_generic_subrange", "The bounds of a dimension of an array of any rank",
    [
      .optional("count", Parameter.any), Parameter("lowerBound", Parameter.any),
      .optional("upperBound", Parameter.any), Parameter("stride", Parameter.any),
    ], isAliased: false)

  // MARK: Scopes

  private static let diFile: AttributeDefinition = AttributeDefinition(
    "llvm.di_file", "A source file",
    interfaces: [
      AttributeAssembly(
        alias: "di_file",
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let name = try Parameter.string.parse(parser)
          try parser.parseKeyword("in")
          let directory = try Parameter.string.parse(parser)
          try parser.parse(.greater)
          return parser.context.attribute(diFile, [name, directory])
        },
        print: { printer, attribute in
          printer.write("<")
          Parameter.string.print(printer, attribute, 0)
          printer.write(" in ")
          Parameter.string.print(printer, attribute, 1)
          printer.write(">")
        })
    ])

  private static let diCompileUnit: AttributeDefinition = define(
    "di_compile_unit", "What is compiled at once",
    [
      Parameter("id", Parameter.distinct),
      Parameter("sourceLanguage", .word(prefix: "DW_LANG_", what: "language")),
      Parameter("file", file), .optional("producer", Parameter.string),
      Parameter("isOptimized", .boolean), Parameter("emissionKind", .keyword(emissionKinds)),
      .optional("nameTableKind", .keyword(nameTableKinds)),
      .optional("splitDebugFilename", Parameter.string),
    ])

  private static let diLexicalBlock: AttributeDefinition = define(
    "di_lexical_block", "A block of a function",
    [
      Parameter("scope", scope), .optional("file", file), line, .optional("column", .number),
    ])

  private static let diLexicalBlockFile: AttributeDefinition = define(
    "di_lexical_block_file", "A change of file within a block",
    [Parameter("scope", scope), .optional("file", file), Parameter("discriminator", .number)])

  private static let diSubprogram: AttributeDefinition = define(
    "di_subprogram", "A function",
    recursion + [
      .optional("id", Parameter.distinct),
      .optional("compileUnit", .nested("llvm.di_compile_unit")), .optional("scope", scope),
      optionalName, .optional("linkageName", Parameter.string), .optional("file", file), line,
      .optional("scopeLine", .number), .optional("subprogramFlags", .keyword(subprogramFlags)),
      .optional("type", .nested("llvm.di_subroutine_type")),
      .optional("retainedNodes", .list(anyNode)), .optional("annotations", .list(anyNode)),
    ])

  private static let diModule: AttributeDefinition = define(
    "di_module", "A module",
    [
      .optional("file", file), .optional("scope", scope), optionalName,
      .optional("configMacros", Parameter.string), .optional("includePath", Parameter.string),
      .optional("apinotes", Parameter.string), line, .optional("isDecl", .boolean),
    ])

  private static let diNamespace: AttributeDefinition = define(
    "di_namespace", "A namespace",
    [optionalName, .optional("scope", scope), Parameter("exportSymbols", .boolean)])

  private static let diCommonBlock: AttributeDefinition = define(
    "di_common_block", "A Fortran common block",
    [
      Parameter("scope", scope), .optional("decl", .nested("llvm.di_global_variable")),
      Parameter("name", Parameter.string), .optional("file", file), line,
    ])

  // MARK: Variables and the rest

  private static let diGlobalVariable: AttributeDefinition = define(
    "di_global_variable", "A global variable",
    [
      .optional("scope", scope), optionalName, .optional("linkageName", Parameter.string),
      Parameter("file", file), Parameter("line", .number), Parameter("type", type),
      .optional("isLocalToUnit", .boolean), .optional("isDefined", .boolean),
      .optional("alignInBits", .number),
    ])

  private static let diGlobalVariableExpression: AttributeDefinition = define(
    "di_global_variable_expression", "A global variable and its place",
    [
      Parameter("var", .nested("llvm.di_global_variable")), .optional("expr", expression),
    ])

  private static let diLocalVariable: AttributeDefinition = define(
    "di_local_variable", "A local variable",
    [
      Parameter("scope", scope), optionalName, .optional("file", file), line,
      .optional("arg", .number), .optional("alignInBits", .number), .optional("type", type),
      .optional("flags", .keyword(diFlags)),
    ])

  private static let diImportedEntity: AttributeDefinition = define(
    "di_imported_entity", "What a scope imports",
    [
      tag, Parameter("scope", scope), Parameter("entity", anyNode), .optional("file", file), line,
      optionalName, .optional("elements", .list(anyNode)),
    ])

  private static let diAnnotation: AttributeDefinition = define(
    "di_annotation", "A name and a value",
    [Parameter("name", Parameter.string), Parameter("value", Parameter.string)], isAliased: false)

  private static let diLabel: AttributeDefinition = define(
    "di_label", "A label",
    [Parameter("scope", scope), optionalName, .optional("file", file), line])

  // MARK: Expressions

  /// `<[DW_OP_plus_uconst(3), DW_OP_deref]>`: the one word is an array with an array per operation, of its name
  /// and its arguments; those are numbers, or a string for the encoding of a conversion.
  static let diExpression: AttributeDefinition = AttributeDefinition(
    "llvm.di_expression", "How to compute a variable's place",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          let context = parser.context
          try parser.parse(.less)
          let operations = try parser.parseList(.optionalSquare) {
            () throws(Reported) -> Attribute in
            let offset = parser.offset
            let name = try parser.parseKeyword()
            guard name.hasPrefix("DW_OP_") else {
              throw parser.error("invalid debug info operation encoding name: \(name)", at: offset)
            }
            let arguments = try parser.parseList(.optionalParen) {
              () throws(Reported) -> Attribute in
              if let word = parser.parseOptionalKeyword() { return context.string(word) }
              return context.i64Attribute(try parser.parseInteger())
            }
            return context.array([context.string(name)] + arguments)
          }
          try parser.parse(.greater)
          return context.attribute(diExpression, [UInt64(context.array(operations).raw)])
        },
        print: { printer, attribute in
          let operations = attribute.attributeWord(0)?.elements ?? []
          printer.write(operations.isEmpty ? "<" : "<[")
          for (i, operation) in operations.enumerated() {
            if i > 0 { printer.write(", ") }
            let parts = operation.elements ?? []
            printer.write(parts.first?.stringValue ?? "")
            if parts.count < 2 { continue }
            let arguments = parts.dropFirst().map {
              $0.stringValue ?? String($0.integerValue ?? 0)
            }
            printer.write("(\(arguments.joined(separator: ", ")))")
          }
          printer.write(operations.isEmpty ? ">" : "]>")
        })
    ])

  // MARK: Enumerations

  private static let emissionKinds = EnumDefinition(
    "DIEmissionKind", numbered(["None", "Full", "LineTablesOnly", "DebugDirectivesOnly"]))
  private static let nameTableKinds = EnumDefinition(
    "DINameTableKind", numbered(["Default", "GNU", "None", "Apple"]))

  private static func bits(_ names: [(String, Int)]) -> [(name: String, value: Int64)] {
    names.map { (name: $0.0, value: 1 << Int64($0.1)) }
  }

  private static let diFlags = EnumDefinition(
    "DIFlags",
    [("Zero", 0), ("Private", 1), ("Protected", 2), ("Public", 3)]
      + bits([
        ("FwdDecl", 2), ("AppleBlock", 3), ("ReservedBit4", 4), ("Virtual", 5),
        ("Artificial", 6), ("Explicit", 7), ("Prototyped", 8), ("ObjcClassComplete", 9),
        ("ObjectPointer", 10), ("Vector", 11), ("StaticMember", 12), ("LValueReference", 13),
        ("RValueReference", 14), ("ExportSymbols", 15), ("SingleInheritance", 16),
        ("MultipleInheritance", 17), ("IntroducedVirtual", 18), ("BitField", 19),
        ("NoReturn", 20), ("TypePassByValue", 22), ("TypePassByReference", 23),
        ("EnumClass", 24), ("Thunk", 25), ("NonTrivial", 26), ("BigEndian", 27),
        ("LittleEndian", 28), ("AllCallsDescribed", 29),
      ]), isBitEnum: true, separator: "|")

  private static let subprogramFlags = EnumDefinition(
    "DISubprogramFlags",
    bits([
      ("Virtual", 0), ("PureVirtual", 1), ("LocalToUnit", 2), ("Definition", 3),
      ("Optimized", 4), ("Pure", 5), ("Elemental", 6), ("Recursive", 7), ("MainSubprogram", 8),
      ("Deleted", 9), ("ObjCDirect", 11),
    ]), isBitEnum: true, separator: "|")
}
