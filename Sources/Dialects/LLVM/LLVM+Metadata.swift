import MartletIR
import MartletSupport
import MartletSyntax

/// Attributes that say more of memory, loops, functions and the module: LLVM's metadata and flags.
extension LLVM {
  static let metadataAttributes: [AttributeDefinition] =
    loopAttributes + aliasAttributes + functionAttributes + moduleAttributes + symbolAttributes

  private typealias Parameter = AttributeParameter

  private static func define(
    _ mnemonic: String, _ summary: String, _ parameters: [AttributeParameter],
    isAliased: Bool = false, isBare: Bool = false
  ) -> AttributeDefinition {
    AttributeParameter.define(
      "llvm." + mnemonic, summary, parameters, isAliased: isAliased, isBare: isBare)
  }

  /// An attribute written `<a, b>`, of parameters that are attributes.
  private static func tuple(
    _ mnemonic: String, _ summary: String, _ kinds: [AttributeParameter.Kind],
    separator: Parser.Punctuation = .comma, isAliased: Bool = false
  ) -> AttributeDefinition {
    AttributeDefinition(
      "llvm." + mnemonic, summary,
      interfaces: [
        AttributeAssembly(
          alias: isAliased ? mnemonic : nil,
          parse: { (parser, _) throws(Reported) in
            try parser.parse(.less)
            var words: [UInt64] = []
            for kind in kinds {
              if !words.isEmpty { try parser.parse(separator) }
              if separator == .colon {
                // As an attribute the string would take what follows the colon for its type.
                words.append(UInt64(parser.context.string(try parser.parseString()).raw))
              } else {
                words.append(try kind.parse(parser))
              }
            }
            try parser.parse(.greater)
            guard let definition = parser.context.attributeDefinition(named: "llvm." + mnemonic)
            else { throw parser.error("unknown attribute") }
            return parser.context.attribute(definition, words)
          },
          print: { printer, attribute in
            printer.write("<")
            for (i, kind) in kinds.enumerated() {
              if i > 0 { printer.write(separator == .comma ? ", " : ":") }
              kind.print(printer, attribute, i)
            }
            printer.write(">")
          })
      ])
  }

  // MARK: Loops

  private static let annotation = AttributeParameter.Kind.nested("llvm.loop_annotation")

  private static func loop(
    _ mnemonic: String, _ flags: [(String, AttributeParameter.Kind)], followups: [String] = []
  ) -> AttributeDefinition {
    define(
      mnemonic, "Hints for a transformation of a loop",
      flags.map { .optional($0.0, $0.1) }
        + followups.map { .optional("followup" + $0, annotation) }, isAliased: true)
  }

  private static let loopAttributes: [AttributeDefinition] = [
    loop(
      "loop_vectorize",
      [
        ("disable", Parameter.bool), ("predicateEnable", Parameter.bool),
        ("scalableEnable", Parameter.bool), ("width", Parameter.integer),
      ], followups: ["Vectorized", "Epilogue", "All"]),
    define(
      "loop_interleave", "Hints for interleaving a loop's iterations",
      [Parameter("count", Parameter.integer)], isAliased: true),
    loop(
      "loop_unroll",
      [
        ("disable", Parameter.bool), ("count", Parameter.integer),
        ("runtimeDisable", Parameter.bool), ("full", Parameter.bool),
      ], followups: ["Unrolled", "Remainder", "All"]),
    loop(
      "loop_unroll_and_jam", [("disable", Parameter.bool), ("count", Parameter.integer)],
      followups: ["Outer", "Inner", "RemainderOuter", "RemainderInner", "All"]),
    loop("loop_licm", [("disable", Parameter.bool), ("versioningDisable", Parameter.bool)]),
    loop(
      "loop_distribute", [("disable", Parameter.bool)],
      followups: ["Coincident", "Sequential", "Fallback", "All"]),
    loop(
      "loop_pipeline", [("disable", Parameter.bool), ("initiationinterval", Parameter.integer)]),
    loop("loop_peeled", [("count", Parameter.integer)]),
    loop("loop_unswitch", [("partialDisable", Parameter.bool)]),
    define(
      "loop_annotation", "Metadata of a loop",
      [
        .optional("disableNonforced", Parameter.bool),
        .optional("vectorize", .nested("llvm.loop_vectorize")),
        .optional("interleave", .nested("llvm.loop_interleave")),
        .optional("unroll", .nested("llvm.loop_unroll")),
        .optional("unrollAndJam", .nested("llvm.loop_unroll_and_jam")),
        .optional("licm", .nested("llvm.loop_licm")),
        .optional("distribute", .nested("llvm.loop_distribute")),
        .optional("pipeline", .nested("llvm.loop_pipeline")),
        .optional("peeled", .nested("llvm.loop_peeled")),
        .optional("unswitch", .nested("llvm.loop_unswitch")),
        .optional("mustProgress", Parameter.bool), .optional("isVectorized", Parameter.bool),
        .optional("startLoc", .attribute { $0.kind == .fusedLocation }),
        .optional("endLoc", .attribute { $0.kind == .fusedLocation }),
        .optional("parallelAccesses", .list(.nested("llvm.access_group"))),
      ], isAliased: true),
  ]

  // MARK: Aliases

  private static let tbaaNode = AttributeParameter.Kind.attribute {
    ["llvm.tbaa_root", "llvm.tbaa_type_desc"].contains($0.definition?.name ?? "")
  }

  private static let aliasAttributes: [AttributeDefinition] = [
    define(
      "alias_scope_domain", "A domain of alias scopes",
      [Parameter("id", Parameter.any), .optional("description", Parameter.string)],
      isAliased: true),
    AttributeParameter.define(
      "llvm.alias_scope", "A scope of memory accesses that may be said not to alias",
      [
        Parameter("id", Parameter.any), Parameter("domain", .nested("llvm.alias_scope_domain")),
        .optional("description", Parameter.string),
      ], isAliased: true,
      verify: { attribute in
        let id = attribute.attributeWord(0)
        return id?.kind == .distinct || id?.kind == .string
          ? nil : "id of an alias scope must be a distinct attribute or a string attribute"
      }),
    define(
      "access_group", "LLVM dialect access group metadata", [Parameter("id", Parameter.distinct)],
      isAliased: true),
    define(
      "tbaa_root", "The root of a tree of types", [.optional("id", Parameter.string)],
      isAliased: true, isBare: true),
    tuple("tbaa_member", "A member's type and offset", [tbaaNode, .number]),
    define(
      "tbaa_type_desc", "A type in a tree of types",
      [
        Parameter("id", Parameter.string),
        Parameter("members", .braced(.nested("llvm.tbaa_member"))),
      ], isAliased: true),
    define(
      "tbaa_tag", "What a memory access touches",
      [
        Parameter("base_type", .nested("llvm.tbaa_type_desc")),
        Parameter("access_type", .nested("llvm.tbaa_type_desc")), Parameter("offset", .number),
        .optional("constant", .boolean),
      ], isAliased: true),
    tuple(
      "mmra_tag", "A relaxation of the memory model", [Parameter.string, Parameter.string],
      separator: .colon, isAliased: true),
  ]

  // MARK: Functions and values

  private static let modRef = EnumDefinition(
    "ModRefInfo", numbered(["none", "read", "write", "readwrite"]))

  static let memoryEffects: AttributeDefinition = define(
    "memory_effects", "How a function touches memory",
    ["other", "argMem", "inaccessibleMem", "errnoMem", "targetMem0", "targetMem1"].map {
      Parameter($0, .keyword(modRef))
    })

  /// `<i32, 0, 12>`; words: the type, lower and upper bound as integer attributes.
  private static let constantRange: AttributeDefinition = AttributeDefinition(
    "llvm.constant_range", "A range of integers, its end not included",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let offset = parser.offset
          let type = try parser.parseType()
          guard type.isSignlessInteger else {
            throw parser.error("expected integer type", at: offset)
          }
          var words = [UInt64(type.raw)]
          for _ in 0..<2 {
            try parser.parse(.comma)
            let value = try parser.parseAttribute(type: type)
            guard value.kind == .integer else { throw parser.error("expected integer value") }
            words.append(UInt64(value.raw))
          }
          try parser.parse(.greater)
          return parser.context.attribute(constantRange, words)
        },
        print: { printer, attribute in
          printer.write("<")
          printer.type(attribute.typeWord(0))
          for i in 1...2 {
            printer.write(", ")
            if let bound = attribute.attributeWord(i) { printer.attributeWithoutType(bound) }
          }
          printer.write(">")
        })
    ])

  static let vscaleRange: AttributeDefinition = define(
    "vscale_range", "What the scalable vectors' factor may be",
    [Parameter("minRange", Parameter.integer), Parameter("maxRange", Parameter.integer)])

  /// `<["+a", "-b"]>`: the one word is an array of strings.
  static let targetFeatures: AttributeDefinition = AttributeDefinition(
    "llvm.target_features", "Features of the target",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          let context = parser.context
          try parser.parse(.less)
          let offset = parser.offset
          let features = try parser.parseList(.square) { () throws(Reported) in
            try parser.parseString()
          }
          for feature in features {
            if !feature.hasPrefix("+") && !feature.hasPrefix("-") {
              throw parser.error("target features must start with '+' or '-'", at: offset)
            }
            if feature.contains(",") {
              throw parser.error("target features can not contain ','", at: offset)
            }
          }
          try parser.parse(.greater)
          let list = context.array(features.map { context.string($0) })
          return context.attribute(targetFeatures, [UInt64(list.raw)])
        },
        print: { printer, attribute in
          printer.write("<")
          if let list = attribute.attributeWord(0) { printer.attribute(list) }
          printer.write(">")
        })
    ])

  static let uwtableKind = EnumAttribute.define(
    "llvm.uwtableKind", EnumDefinition("UWTableKind", numbered(["none", "sync", "async"])))
  static let vecTypeHint: AttributeDefinition = define(
    "vec_type_hint", "A type that the function's code is vectorised for",
    [Parameter("hint", .attribute { $0.kind == .type }), .optional("is_signed", .boolean)])
  static let dereferenceable: AttributeDefinition = define(
    "dereferenceable", "How many bytes behind a pointer may be read",
    [Parameter("bytes", .number), .optional("mayBeNull", .boolean)])

  private static let functionAttributes: [AttributeDefinition] = [
    memoryEffects, constantRange, vscaleRange, targetFeatures, uwtableKind, vecTypeHint,
    dereferenceable,
    tuple(
      "mlir.workgroup_attribution", "Memory that a group of work items shares",
      [Parameter.integer, .attribute { $0.kind == .type }]),
    tuple("address_space", "An address space", [.number]),
  ]

  // MARK: Modules

  private static let behaviors = EnumDefinition(
    "ModFlagBehavior",
    [
      ("error", 1), ("warning", 2), ("require", 3), ("override", 4), ("append", 5),
      ("append_unique", 6), ("max", 7), ("min", 8),
    ])
  private static let profileFormats = EnumDefinition(
    "ProfileSummaryFormatKind", numbered(["SampleProfile", "InstrProf", "CSInstrProf"]),
    summary: "LLVM ProfileSummary format kinds")

  private static let moduleAttributes: [AttributeDefinition] = [
    tuple(
      "mlir.module_flag", "A flag of the module",
      [.keyword(behaviors), Parameter.string, Parameter.any]),
    define(
      "cgprofile_entry", "How often one function calls another",
      [
        .optional("from", Parameter.flatSymbol), .optional("to", Parameter.flatSymbol),
        Parameter("count", .number),
      ]),
    define(
      "profile_summary_detailed", "One line of a profile's summary",
      ["cut_off", "min_count", "num_counts"].map { Parameter($0, .number) }),
    define(
      "profile_summary", "A profile's summary",
      [Parameter("format", .keyword(profileFormats))]
        + [
          "total_count", "max_count", "max_internal_count", "max_function_count", "num_counts",
          "num_functions",
        ].map { Parameter($0, .number) } + [
          Parameter("is_partial_profile", .number, initial: Parameter.absent),
          .optional("partial_profile_ratio", .attribute { $0.kind == .float }),
          Parameter("detailed_summary", .list(.nested("llvm.profile_summary_detailed"))),
        ]),
    tuple("dependent_libraries", "Libraries to link with", [.list(Parameter.string)]),
    define(
      "target", "The target's triple, chip and features",
      [
        Parameter("triple", Parameter.string), Parameter("chip", Parameter.string),
        .optional("features", .nested("llvm.target_features")),
      ]),
  ]

  // MARK: Symbols

  static let blockTag: AttributeDefinition = define(
    "blocktag", "Names a block of a function", [Parameter("id", .number)])
  static let blockAddressAttribute: AttributeDefinition = define(
    "blockaddress", "The address of a block",
    [Parameter("function", Parameter.flatSymbol), Parameter("tag", .nested("llvm.blocktag"))])

  /// `@f`: the one word is the symbol.
  static let dsoLocalEquivalentAttribute: AttributeDefinition = AttributeDefinition(
    "llvm.dso_local_equivalent", "A function or one that does the same in this library",
    interfaces: [
      AttributeAssembly(
        isNested: true,
        parse: { (parser, _) throws(Reported) in
          parser.context.attribute(
            dsoLocalEquivalentAttribute, [try Parameter.flatSymbol.parse(parser)])
        },
        print: { printer, attribute in
          printer.write(" ")
          Parameter.flatSymbol.print(printer, attribute, 0)
        })
    ])

  private static let symbolAttributes: [AttributeDefinition] = [
    blockTag, blockAddressAttribute, dsoLocalEquivalentAttribute,
  ]
}
