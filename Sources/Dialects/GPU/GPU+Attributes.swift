import MartletIR
import MartletSupport
import MartletSyntax

/// Attributes of the dialect.
extension GPU {
  // MARK: Enumerations

  private static func cases(_ names: String, from first: Int64 = 0) -> [(
    name: String, value: Int64
  )] {
    names.split(separator: " ").enumerated().map { (String($1), Int64($0) + first) }
  }

  /// `#gpu.address_space<workgroup>`.
  public static let addressSpace = EnumAttribute.define("gpu.address_space", addressSpaces)
  static let addressSpaces = EnumDefinition(
    "AddressSpace", cases("global workgroup private", from: 1), summary: "GPU address space")

  static let dimensionAttribute = EnumAttribute.keyword(
    "gpu.dim",
    EnumDefinition(
      "Dimension", cases("x y z"), summary: "a dimension, either 'x', 'y', or 'z'"))
  static let dimension = slot(dimensionAttribute)

  static let allReduceOperations = EnumDefinition(
    "AllReduceOperation",
    cases("add mul minui minsi minnumf maxui maxsi maxnumf and or xor minimumf maximumf"),
    summary: "built-in reduction operations supported by gpu.allreduce.")
  static let allReduceOperationAttribute = EnumAttribute.keyword(
    "gpu.all_reduce_op", allReduceOperations)
  static let allReduceOperation = slot(allReduceOperationAttribute)

  static let broadcastAttribute = EnumAttribute.keyword(
    "gpu.broadcast",
    EnumDefinition(
      "BroadcastType", cases("first_active_lane specific_lane"),
      summary: "a lane to broadcast from"))
  static let broadcastType = slot(broadcastAttribute)

  static let shuffleModeAttribute = EnumAttribute.keyword(
    "gpu.shuffle_mode",
    EnumDefinition(
      "ShuffleMode", [("xor", 0), ("up", 2), ("down", 1), ("idx", 3)],
      summary: "Indexing modes supported by gpu.shuffle."))
  static let shuffleMode = slot(shuffleModeAttribute)

  static let mmaElementwiseAttribute = EnumAttribute.keyword(
    "gpu.mma_element_wise",
    EnumDefinition(
      "MMAElementwiseOp",
      cases(
        "addf mulf subf maxf minf divf addi muli subi divs divu negatef negates extf"),
      summary: "elementwise operation to apply to mma matrix"))
  static let mmaElementwise = slot(mmaElementwiseAttribute)

  static let pruneFlagAttribute = EnumAttribute.keyword(
    "gpu.prune_2to4_spmat_flag",
    EnumDefinition(
      "Prune2To4SpMatFlag", cases("NONE PRUNE_ONLY PRUNE_AND_CHECK"),
      summary: "pruning strategy for 2:4 sparse matrix"))
  static let pruneFlag = slot(pruneFlagAttribute)

  static let transposeModeAttribute = EnumAttribute.keyword(
    "gpu.mat_transpose_mode",
    EnumDefinition(
      "TransposeMode", cases("NON_TRANSPOSE TRANSPOSE CONJUGATE_TRANSPOSE"),
      summary: "transpose mode of sparse matrix supported by sparse tensor ops"))
  static let transposeMode = slot(transposeModeAttribute)

  static let workKindAttribute = EnumAttribute.keyword(
    "gpu.spgemm_work_estimation_or_compute_kind",
    EnumDefinition(
      "SpGEMMWorkEstimationOrComputeKind", cases("WORK_ESTIMATION COMPUTE"),
      summary:
        "choose whether spgemm_work_estimation_or_compute does work estimation or compute"))
  static let workKind = slot(workKindAttribute)

  private static func slot(_ definition: AttributeDefinition) -> AttributeConstraint {
    .dialect(definition.summary, definition)
  }

  // MARK: Mapping of loops

  private static let mappingIDs = EnumDefinition(
    "MappingId",
    cases("x y z") + (0...9).map { ("linear_dim_\($0)", Int64($0) + 3) }, summary: "Mapping ids")
  /// `#gpu.thread<x>` and the like say what a dimension of a parallel loop becomes.
  public static let threadMapping = EnumAttribute.define("gpu.thread", mappingIDs)
  public static let blockMapping = EnumAttribute.define("gpu.block", mappingIDs)
  public static let warpMapping = EnumAttribute.define("gpu.warp", mappingIDs)
  public static let warpgroupMapping = EnumAttribute.define("gpu.warpgroup", mappingIDs)
  public static let laneMapping = EnumAttribute.define("gpu.lane", mappingIDs)
  static let memorySpaceMapping = EnumAttribute.define("gpu.memory_space", addressSpaces)

  /// `#gpu.mask<0xff>`: which of the units take part; its word is the mask.
  static let mask = AttributeDefinition(
    "gpu.mask", "the units that take part",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let value = try parser.parseInteger()
          try parser.parse(.greater)
          return try make(parser, "gpu.mask", [UInt64(bitPattern: Int64(value))])
        },
        print: { printer, attribute in printer.write("<\(attribute.words[0])>") })
    ])

  private static let processors = EnumDefinition(
    "Processor", cases("block_x block_y block_z thread_x thread_y thread_z sequential"),
    summary: "processor for loop mapping")

  /// `#gpu.loop_dim_map<processor = block_x, map = (d0) -> (d0), bound = (d0) -> (d0)>`.
  static let loopDimMap = AttributeDefinition(
    "gpu.loop_dim_map", "what a dimension of a parallel loop becomes",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          try parser.parseKeyword("processor")
          try parser.parse(.equal)
          let processor = try EnumAttribute.parseKeywords(parser, processors)
          var words = [UInt64(bitPattern: processor)]
          for name in ["map", "bound"] {
            try parser.parse(.comma)
            try parser.parseKeyword(name)
            try parser.parse(.equal)
            let map = try parser.parseAffineMap()
            words.append(UInt64(parser.context.affineMapAttribute(map).raw))
          }
          try parser.parse(.greater)
          return try make(parser, "gpu.loop_dim_map", words)
        },
        print: { printer, attribute in
          let processor = processors.keyword(Int64(bitPattern: attribute.words[0])) ?? ""
          printer.write("<processor = \(processor)")
          for (i, name) in [(1, "map"), (2, "bound")] {
            printer.write(", \(name) = ")
            if let map = attribute.attributeWord(i)?.affineMap { printer.affineMap(map) }
          }
          printer.write(">")
        })
    ])

  // MARK: Compiled kernels

  static func make(_ parser: Parser, _ name: String, _ words: [UInt64]) throws(Reported)
    -> Attribute
  {
    guard let definition = parser.context.attributeDefinition(named: name) else {
      throw parser.error("unknown attribute '\(name)'")
    }
    return parser.context.attribute(definition, words)
  }

  private static func word(_ attribute: Attribute?) -> UInt64 {
    UInt64(attribute?.raw ?? .max)
  }

  /// `#gpu.select_object<1>`: the object of a binary that is loaded, by number or target.
  static let selectObject = AttributeDefinition(
    "gpu.select_object", "which object of a binary is loaded",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          var target: Attribute?
          if parser.parseOptional(.less) {
            let offset = parser.offset
            target = try parser.parseAttribute()
            try parser.parse(.greater)
            if let number = target?.integerValue {
              if number < 0 {
                throw parser.error("the object index must be positive", at: offset)
              }
            } else if let target, !isTarget(target) {
              throw parser.error("the target attribute must be a GPU Target attribute", at: offset)
            }
          }
          return try make(parser, "gpu.select_object", [word(target)])
        },
        print: { printer, attribute in
          guard let target = attribute.attributeWord(0) else { return }
          printer.write("<")
          printer.attribute(target)
          printer.write(">")
        })
    ])

  private static let formats = EnumDefinition(
    "CompilationTarget", cases("offload assembly bin fatbin", from: 1),
    summary: "GPU compilation format")

  /// `#gpu.object<#nvvm.target, properties = {...}, kernels = ..., bin = "...">`; its words are target, format,
  /// text, properties and kernels.
  static let object = AttributeDefinition(
    "gpu.object", "compiled kernels",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let offset = parser.offset
          let target = try parser.parseAttribute()
          if !isTarget(target) {
            throw parser.error(
              "the target attribute must implement or promise the `gpu::TargetAttrInterface`",
              at: offset)
          }
          try parser.parse(.comma)
          var properties: Attribute?
          var kernels: Attribute?
          if parser.parseOptionalKeyword("properties") {
            try parser.parse(.equal)
            properties = try parser.parseAttribute()
            try parser.parse(.comma)
          }
          if parser.parseOptionalKeyword("kernels") {
            try parser.parse(.equal)
            kernels =
              parser.isAt(.less)
              ? try parseKernelTable(parser) : try parser.parseAttribute()
            try parser.parse(.comma)
          }
          var format: Int64 = 4
          let formatOffset = parser.offset
          if let word = parser.parseOptionalKeyword() {
            guard let known = formats.value(word) else {
              throw parser.error("expected keyword for GPU object format", at: formatOffset)
            }
            guard parser.parseOptional(.equal) else {
              throw parser.error("expected an equal sign", at: formatOffset)
            }
            format = known
          }
          let text = parser.context.string(try parser.parseString())
          try parser.parse(.greater)
          return try make(
            parser, "gpu.object",
            [
              word(target), UInt64(bitPattern: format), word(text), word(properties),
              word(kernels),
            ])
        },
        print: { printer, attribute in
          guard attribute.words.count == 5, let target = attribute.attributeWord(0),
            let text = attribute.attributeWord(2)
          else { return }
          printer.write("<")
          printer.attribute(target)
          printer.write(", ")
          if let properties = attribute.attributeWord(3) {
            printer.write("properties = ")
            printer.attribute(properties)
            printer.write(", ")
          }
          if let kernels = attribute.attributeWord(4) {
            printer.write("kernels = ")
            printer.write("<")
            printKernelTable(printer, kernels)
            printer.write(">, ")
          }
          let format = Int64(bitPattern: attribute.words[1])
          if format != 4 { printer.write((formats.keyword(format) ?? "") + " = ") }
          printer.attribute(text)
          printer.write(">")
        })
    ])

  /// `#gpu.kernel_metadata<"name", (i32) -> (), arg_attrs = [...], metadata = {...}>`.
  static let kernelMetadata = AttributeDefinition(
    "gpu.kernel_metadata", "what is known of a compiled kernel",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in
          try parser.parse(.less)
          let offset = parser.offset
          let name = try parser.parseString()
          if name.isEmpty { throw parser.error("the kernel name can't be empty", at: offset) }
          try parser.parse(.comma)
          let type = try parser.parseType()
          var arguments: Attribute?
          var metadata: Attribute?
          while parser.parseOptional(.comma) {
            let place = parser.offset
            let key = try parser.parseKeyword()
            try parser.parse(.equal)
            switch key {
            case "arg_attrs":
              let value = try parser.parseAttribute()
              if !(value.elements?.allSatisfy { $0.kind == .dictionary } ?? false) {
                throw parser.error(
                  "all attributes in the array must be a dictionary attribute", at: place)
              }
              arguments = value
            case "metadata": metadata = try parser.parseAttribute()
            default:
              throw parser.error("expected 'arg_attrs' or 'metadata'", at: place)
            }
          }
          try parser.parse(.greater)
          return try make(
            parser, "gpu.kernel_metadata",
            [word(parser.context.string(name)), UInt64(type.raw), word(arguments), word(metadata)])
        },
        print: { printer, attribute in
          guard attribute.words.count == 4, let name = attribute.attributeWord(0) else { return }
          printer.write("<")
          printer.attribute(name)
          printer.write(", ")
          printer.type(attribute.typeWord(1))
          for (i, key) in [(2, "arg_attrs"), (3, "metadata")] {
            guard let value = attribute.attributeWord(i) else { continue }
            printer.write(", \(key) = ")
            printer.attribute(value)
          }
          printer.write(">")
        })
    ])

  /// `#gpu.kernel_table<[#gpu.kernel_metadata<...>, ...]>`, sorted by name; its words are the entries.
  static let kernelTable = AttributeDefinition(
    "gpu.kernel_table", "what is known of compiled kernels",
    interfaces: [
      AttributeAssembly(
        parse: { (parser, _) throws(Reported) in try parseKernelTable(parser) },
        print: { printer, attribute in
          printer.write("<")
          printKernelTable(printer, attribute)
          printer.write(">")
        })
    ])

  private static func parseKernelTable(_ parser: Parser) throws(Reported) -> Attribute {
    try parser.parse(.less)
    let offset = parser.offset
    func name(_ kernel: Attribute) -> String { kernel.attributeWord(0)?.stringValue ?? "" }
    var kernels: [Attribute] = []
    if parser.isAt(.leftSquare) {
      kernels = try parser.parseList(.square) { () throws(Reported) -> Attribute in
        let kernel = try parser.parseAttribute()
        if !kernel.is(kernelMetadata) {
          throw parser.error("expected a '#gpu.kernel_metadata'", at: offset)
        }
        return kernel
      }
    }
    try parser.parse(.greater)
    kernels.sort { name($0) < name($1) }
    if zip(kernels, kernels.dropFirst()).contains(where: { name($0) == name($1) }) {
      throw parser.error("expected all kernels to be uniquely named", at: offset)
    }
    return try make(parser, "gpu.kernel_table", kernels.map { word($0) })
  }

  private static func printKernelTable(_ printer: Printer, _ table: Attribute) {
    if table.words.isEmpty { return }
    printer.write("[")
    for i in 0..<table.words.count {
      if i > 0 { printer.write(", ") }
      if let kernel = table.attributeWord(i) { printer.attribute(kernel) }
    }
    printer.write("]")
  }
}
