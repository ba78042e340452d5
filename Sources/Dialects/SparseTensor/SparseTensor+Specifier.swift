import MartletIR
import MartletSupport
import MartletSyntax

/// Sizes kept beside a sparse tensor's arrays, sorting, and translation of coordinates.
extension SparseTensor {
  /// `!sparse_tensor.storage_specifier<#e>`: the one word is the encoding, without what the storage does
  /// not depend on.
  public static let storageSpecifier: TypeDefinition = TypeDefinition(
    "sparse_tensor.storage_specifier", "Sizes of a sparse tensor's arrays",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          try parser.parse(.less)
          let attribute = try parser.parseAttribute(stripped: encoding)
          try parser.parse(.greater)
          let context = parser.context
          guard let known = SparseEncoding(attribute) else {
            throw parser.error("expected a sparse encoding")
          }
          let levels = known.levels.map { level in
            var plain = level
            plain.isUnique = true
            plain.isOrdered = true
            return plain
          }
          let normal = SparseEncoding(
            context, dimToLvl: context.identityMap(levels.count), levels: levels,
            slices: known.slices)
          // As in MLIR the map is left open, which keeps this apart from the identity.
          var words = Array(normal.attribute.words)
          words[0] = AttributeParameter.absent
          return context.type(
            storageSpecifier, [UInt64(context.attribute(encoding, words).raw)])
        },
        print: { printer, type in
          printer.write("<")
          if let attribute = type.attributeWord(0) { printer.attribute(attribute) }
          printer.write(">")
        })
    ])

  private static let specifier = TypeConstraint("metadata") { $0.is(storageSpecifier) }

  /// `#sparse_tensor<kind lvl_sz>` and the like.
  private static func nestedEnum(_ mnemonic: String, _ words: [String]) -> AttributeDefinition {
    let cases = EnumDefinition(
      mnemonic, words.enumerated().map { (name: $1, value: Int64($0)) })
    let name = "sparse_tensor." + mnemonic
    return AttributeDefinition(
      name, cases.summary,
      interfaces: [
        EnumAttribute(cases: cases),
        AttributeAssembly(
          isNested: true,
          parse: { (parser, _) throws(Reported) in
            let word = try AttributeParameter.Kind.keyword(cases).parse(parser)
            guard let definition = parser.context.attributeDefinition(named: name) else {
              throw parser.error("unknown attribute '\(name)'")
            }
            return parser.context.attribute(definition, [word])
          },
          print: { printer, attribute in
            printer.write(" ")
            AttributeParameter.Kind.keyword(cases).print(printer, attribute, 0)
          }),
      ])
  }

  static let specifierKind = nestedEnum(
    "kind", ["lvl_sz", "pos_mem_sz", "crd_mem_sz", "val_mem_sz", "dim_offset", "dim_stride"])
  static let sortAlgorithm = nestedEnum(
    "SparseTensorSortAlgorithm",
    ["hybrid_quick_sort", "insertion_sort_stable", "quick_sort", "heap_sort"])
  static let translationDirection = nestedEnum("CrdTransDirection", ["dim_to_lvl", "lvl_to_dim"])

  // MARK: Specifiers

  public static let specifierInit = OpDefinition(
    "sparse_tensor.storage_specifier.init", "Sizes of empty storage, or those of another",
    operands: [.optional("source", specifier)], results: [ValueDefinition("result", specifier)],
    traits: .pure,
    format:
      "attr-dict (`with` $source^)? `:` (`from` qualified(type($source))^ `to`)? qualified(type($result))"
  )

  public static let specifierGet = OpDefinition(
    "sparse_tensor.storage_specifier.get", "One of the sizes",
    operands: [ValueDefinition("specifier", specifier)],
    results: [ValueDefinition("result", .index)],
    attributes: [
      AttributeSlot(
        "specifierKind", .dialect("sparse tensor storage specifier kind", specifierKind)),
      .optional("level", levelAttribute),
    ], traits: .pure,
    format: "$specifier $specifierKind (`at` $level^)? attr-dict `:` qualified(type($specifier))",
    verify: { (operation) throws(Reported) in try verifySpecifier(operation) },
    inferResultTypes: { [$0.context.index] })

  public static let specifierSet = OpDefinition(
    "sparse_tensor.storage_specifier.set", "The sizes with one replaced",
    operands: [ValueDefinition("specifier", specifier), ValueDefinition("value", .index)],
    results: [ValueDefinition("result", specifier)],
    attributes: [
      AttributeSlot(
        "specifierKind", .dialect("sparse tensor storage specifier kind", specifierKind)),
      .optional("level", levelAttribute),
    ], traits: .pure, relations: [.same(["result", "specifier"])],
    format:
      "$specifier $specifierKind (`at` $level^)? `with` $value attr-dict `:` qualified(type($result))",
    verify: { (operation) throws(Reported) in try verifySpecifier(operation) })

  private static func verifySpecifier(_ operation: Operation) throws(Reported) {
    guard let encoding = SparseEncoding(operation.operand(0).type.attributeWord(0)) else { return }
    let kind = operation.attribute("specifierKind")?.enumKeyword ?? ""
    let level = operation.attribute("level")?.integerValue
    if kind == "val_mem_sz" {
      if level != nil {
        throw operation.emitError("redundant level argument for querying value memory size")
      }
      return
    }
    let isSlice = kind == "dim_offset" || kind == "dim_stride"
    if isSlice, encoding.slices.isEmpty {
      throw operation.emitError("requested slice data on non-slice tensor")
    }
    guard let level else { throw operation.emitError("missing level argument") }
    if level < 0 || level >= encoding.levelRank {
      throw operation.emitError("requested level is out of bounds")
    }
    if kind == "pos_mem_sz", encoding.levels[Int(level)].isSingleton {
      throw operation.emitError("requested position memory size on a singleton level")
    }
  }

  // MARK: Sorting, coordinates

  private static let indexBuffer = TypeConstraint(
    "strided memref of integer or index values of rank 1"
  ) { $0.isMemRef && $0.hasRank && $0.rank == 1 && $0.elementType.isIntOrIndex }

  public static let sort = OpDefinition(
    "sparse_tensor.sort", "Sorts coordinates, and buffers along with them",
    operands: [
      ValueDefinition("n", .index), ValueDefinition("xy", indexBuffer),
      .variadic("ys", vectorMemRef),
    ],
    attributes: [
      AttributeSlot("perm_map", .affineMap),
      .optional("ny", levelAttribute),
      AttributeSlot("algorithm", .dialect("sparse tensor sort algorithm", sortAlgorithm)),
    ], effects: [.read, .write],
    format:
      "$algorithm $n `,` $xy (`jointly` $ys^)? attr-dict `:` type($xy) (`jointly` type($ys)^)?",
    verify: { (operation) throws(Reported) in
      guard let map = operation.attribute("perm_map")?.affineMap else { return }
      if !map.isPermutation {
        throw operation.emitError(
          "Expected a permutation map, got \(operation.context.affineMapAttribute(map))")
      }
      let n = operation.operand(0).constantInteger
      let ny = operation.attribute("ny")?.integerValue ?? 0
      let width = map.resultCount + Int(truncatingIfNeeded: ny)
      func check(_ value: Value, _ factor: Int, _ name: String) throws(Reported) {
        let size = value.type.dimension(0)
        guard let n, size != Type.dynamic else { return }
        let (needed, overflow) = n.multipliedReportingOverflow(by: factor)
        if overflow || size < needed {
          throw operation.emitError("Expected dimension(\(name)) >= n got \(size) < \(needed)")
        }
      }
      try check(operation.operand(1), width, "xy")
      for value in operation.operands.dropFirst(2) { try check(value, 1, "ys") }
    })

  public static let reorderCOO = OpDefinition(
    "sparse_tensor.reorder_coo", "A tensor of coordinates in another order",
    operands: [ValueDefinition("input_coo", anySparse)],
    results: [ValueDefinition("result_coo", anySparse)],
    attributes: [
      AttributeSlot("algorithm", .dialect("sparse tensor sort algorithm", sortAlgorithm))
    ], traits: .pure,
    format: "$algorithm $input_coo attr-dict `:` type($input_coo) `to` type($result_coo)")

  public static let crdTranslate = OpDefinition(
    "sparse_tensor.crd_translate", "Coordinates of levels from those of dimensions, or back",
    operands: [.variadic("in_crds", .index)], results: [.variadic("out_crds", .index)],
    attributes: [
      AttributeSlot(
        "direction",
        .dialect("sparse tensor coordinate translation direction", translationDirection)
      ),
      AttributeSlot("encoder", .dialect("sparse encoding", encoding)),
    ], traits: .pure,
    format: "$direction `[` $in_crds `]` `as` $encoder attr-dict `:` type($out_crds)",
    verify: { (operation) throws(Reported) in
      guard let encoder = SparseEncoding(operation.attribute("encoder")) else { return }
      let toLevels = operation.attribute("direction")?.enumValue == 0
      let (dimensions, levels) = (encoder.dimensionRank, encoder.levelRank)
      let (inputs, outputs) = toLevels ? (dimensions, levels) : (levels, dimensions)
      if operation.operandCount != inputs || operation.resultCount != outputs {
        throw operation.emitError("Coordinate rank mismatch with encoding")
      }
    })
}
