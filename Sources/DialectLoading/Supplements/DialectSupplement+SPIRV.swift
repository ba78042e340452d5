import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// `spirv`: its types, which are wholly in C++, and the operations of SPIR-V's module structure.
extension DialectSupplement {
  static let spirv: DialectSupplement = {
    var spirv = DialectSupplement()
    spirv.types = SPIRVTypes.definitions
    spirv.typeMethods = SPIRVTypes.methods
    for name in ["GL.FClamp", "GL.SClamp", "GL.UClamp", "GL.Fma"] {
      spirv.formats["spirv.\(name)"] = "operands attr-dict `:` type($result)"
      spirv.sameTypes.insert("spirv.\(name)")
    }
    spirv.assemblies = SPIRVStructure.assemblies.merging(
      SPIRVMemory.assemblies, uniquingKeysWith: { first, _ in first })
    spirv.directives["ImageOperands"] = imageOperands
    return spirv
  }()

  /// ` ["Bias|Lod"]`.
  private static let imageOperands = CustomDirective(
    parse: { (parser, parts, _) throws(Reported) in
      guard parser.parseOptional(.leftSquare), let argument = parts.arguments.first else { return }
      let value = try SPIRVText.parseEnum(parser, "image_operands")
      parts.setAttribute(argument, value)
      try parser.parse(.rightSquare)
    },
    print: { printer, operation, _ in
      guard let value = operation.attribute("image_operands") else { return }
      printer.write("[\"\(SPIRVText.keyword(value))\"]")
    })
}

/// Parts that texts of spirv share.
enum SPIRVText {
  /// An attribute of an enumeration from the string of its cases, `"Volatile|Aligned"`.
  static func parseEnum(_ parser: Parser, _ mnemonic: String) throws(Reported) -> Attribute {
    let start = parser.offset
    return try enumAttribute(parser, mnemonic, try parser.parseString(), at: start)
  }

  static func enumAttribute(
    _ parser: Parser, _ mnemonic: String, _ text: String, at offset: Int
  ) throws(Reported) -> Attribute {
    guard let definition = parser.context.attributeDefinition(named: "spirv.\(mnemonic)"),
      let cases = definition.interface(LoadedEnumAttribute.self)?.enumeration
    else { throw parser.error("the attribute '#spirv.\(mnemonic)' is not loaded", at: offset) }
    var value: Int64 = 0
    for part in text.split(separator: "|") {
      guard let one = cases.value(String(part)) else {
        throw parser.error(
          "invalid \(mnemonic) attribute specification: \"\(text)\"", at: offset)
      }
      value |= one
    }
    return parser.context.attribute(
      definition, [UInt64(parser.context.integerAttribute(value, parser.context.i64).raw)])
  }

  /// The cases an enumeration's attribute holds, as text.
  static func keyword(_ attribute: Attribute?) -> String {
    guard let cases = attribute?.definition?.interface(LoadedEnumAttribute.self)?.enumeration,
      let value = attribute?.attributeWord(0)?.integerValue
    else { return "" }
    return cases.keyword(value) ?? ""
  }

  /// `["Aligned", 4]`: how memory is accessed.
  static func parseAccess(_ parser: Parser, _ op: inout ParsedOperation, prefix: String = "")
    throws(Reported)
  {
    guard parser.parseOptional(.leftSquare) else { return }
    let access = try parseEnum(parser, "memory_access")
    op.add("\(prefix)memory_access", access)
    if keyword(access).split(separator: "|").contains("Aligned") {
      try parser.parse(.comma)
      op.add("\(prefix)alignment", parser.context.i32Attribute(try parser.parseInteger()))
    }
    try parser.parse(.rightSquare)
  }

  static func printAccess(_ printer: Printer, _ operation: Operation, prefix: String = "") {
    guard let access = operation.attribute("\(prefix)memory_access") else { return }
    printer.write(" [\"\(keyword(access))\"")
    if let alignment = operation.attribute("\(prefix)alignment")?.integerValue {
      printer.write(", \(alignment)")
    }
    printer.write("]")
  }

  /// `bind(1, 2)` and `built_in("...")`, then further attributes.
  static func parseDecorations(_ parser: Parser, _ op: inout ParsedOperation) throws(Reported) {
    if parser.parseOptionalKeyword("bind") {
      try parser.parse(.leftParen)
      op.add("descriptor_set", parser.context.i32Attribute(try parser.parseInteger()))
      try parser.parse(.comma)
      op.add("binding", parser.context.i32Attribute(try parser.parseInteger()))
      try parser.parse(.rightParen)
    }
    if parser.parseOptionalKeyword("built_in") {
      try parser.parse(.leftParen)
      op.add("built_in", parser.context.string(try parser.parseString()))
      try parser.parse(.rightParen)
    }
    try parser.parseOptionalAttributeDictionary(&op)
  }

  static func printDecorations(
    _ printer: Printer, _ operation: Operation, excluding elided: [String]
  ) {
    var elided = elided
    if let set = operation.attribute("descriptor_set")?.integerValue,
      let binding = operation.attribute("binding")?.integerValue
    {
      printer.write(" bind(\(set), \(binding))")
      elided += ["descriptor_set", "binding"]
    }
    if let name = operation.attribute("built_in")?.stringValue {
      printer.write(" built_in(")
      printer.string(name)
      printer.write(")")
      elided.append("built_in")
    }
    printer.optionalAttributeDictionary(operation, excluding: elided)
  }

  /// `[1 : i32, 2 : i32]`.
  static func parseIndices(_ parser: Parser) throws(Reported) -> Attribute {
    let start = parser.offset
    let indices = try parser.parseAttribute()
    guard indices.kind == .array else {
      throw parser.error("expected an 32-bit integer array attribute for 'indices'", at: start)
    }
    return indices
  }
}

/// The types of spirv. An instance holds its text in canonical form.
enum SPIRVTypes {
  static let definitions: [TypeDefinition] = [
    type("ptr", "a pointer into a storage class") { (parser) throws(Reported) in
      let pointee = try parser.parseType()
      try parser.parse(.comma)
      return "\(Printer.text(pointee)), \(try parser.parseKeyword())"
    },
    type("array", "an array of fixed length") { (parser) throws(Reported) in
      let sizes = try parser.parseDimensionList(allowDynamic: false)
      guard sizes.count == 1 else {
        throw parser.error("expected single integer for array element count")
      }
      return "\(sizes[0]) x \(Printer.text(try parser.parseType()))\(try stride(parser))"
    },
    type("rtarray", "an array of a length known at run time") { (parser) throws(Reported) in
      "\(Printer.text(try parser.parseType()))\(try stride(parser))"
    },
    type("matrix", "a matrix of column vectors") { (parser) throws(Reported) in
      let sizes = try parser.parseDimensionList(allowDynamic: false)
      guard sizes.count == 1 else {
        throw parser.error("expected single unsigned integer for number of columns")
      }
      return "\(sizes[0]) x \(Printer.text(try parser.parseType()))"
    },
    type("sampled_image", "an image with a sampler") { (parser) throws(Reported) in
      Printer.text(try parser.parseType())
    },
    raw("struct", "members with their offsets and decorations"),
    raw("image", "an image"), raw("coopmatrix", "a matrix of a subgroup"),
    raw("arm.tensor", "a tensor of Arm's extension"),
  ]

  private static func stride(_ parser: Parser) throws(Reported) -> String {
    guard parser.parseOptional(.comma) else { return "" }
    try parser.parseKeyword("stride")
    try parser.parse(.equal)
    return ", stride=\(try parser.parseInteger())"
  }

  private static func type(
    _ mnemonic: String, _ summary: String,
    _ parse: @escaping @Sendable (Parser) throws(Reported) -> String
  ) -> TypeDefinition {
    definition(mnemonic, summary) { (parser) throws(Reported) in
      try parser.parse(.less)
      let text = try parse(parser)
      try parser.parse(.greater)
      return "<\(text)>"
    }
  }

  private static func raw(_ mnemonic: String, _ summary: String) -> TypeDefinition {
    definition(mnemonic, summary) { (parser) throws(Reported) in
      spaced(try parser.parseRawBody())
    }
  }

  /// Arrays inside of a text with blanks around their `x`: `!spirv.array<4 x f32>`.
  private static func spaced(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let mark = rest.firstRange(of: "spirv.array<") {
      result += rest[..<mark.upperBound]
      rest = rest[mark.upperBound...]
      let digits = rest.prefix { $0.isNumber }
      let tail = rest.dropFirst(digits.count).drop { $0 == " " }
      guard !digits.isEmpty, tail.first == "x" else { continue }
      result += "\(digits) x "
      rest = tail.dropFirst().drop { $0 == " " }
    }
    return result + rest
  }

  private static func definition(
    _ mnemonic: String, _ summary: String,
    _ parse: @escaping @Sendable (Parser) throws(Reported) -> String
  ) -> TypeDefinition {
    let name = "spirv.\(mnemonic)"
    return TypeDefinition(
      name, summary,
      interfaces: [
        TypeAssembly(
          parse: { (parser) throws(Reported) in
            let text = try parse(parser)
            guard let made = make(parser.context, mnemonic, text) else {
              throw parser.error("unknown type '\(name)'")
            }
            return made
          },
          print: { printer, type in printer.write(type.identifierWord(0).string) })
      ])
  }

  private static func make(_ context: Context, _ mnemonic: String, _ text: String) -> Type? {
    context.typeDefinition(named: "spirv.\(mnemonic)").map {
      context.type($0, [UInt64(context.intern(text).raw)])
    }
  }

  static func pointer(to type: Type, _ storage: String) -> Type? {
    make(type.context, "ptr", "<\(Printer.text(type)), \(storage)>")
  }

  // MARK: Parts

  /// What stands between the brackets of a type's text, divided at the commas that are in no further
  /// brackets.
  static func parts(_ type: Type) -> [String] {
    let body = type.identifierWord(0).string.utf8.dropFirst().dropLast()
    var parts: [String] = []
    var current: [UInt8] = []
    var depth = 0
    for byte in body {
      if "<([{".utf8.contains(byte) { depth += 1 }
      if ">)]}".utf8.contains(byte) { depth -= 1 }
      if byte == UInt8(ascii: ","), depth == 0 {
        parts.append(String(decoding: current, as: UTF8.self))
        current = []
      } else if !(byte == 32 && current.isEmpty) {
        current.append(byte)
      }
    }
    return parts + [String(decoding: current, as: UTF8.self)]
  }

  private static func parse(_ text: String, _ context: Context) -> Type? {
    context.attribute(parsing: text)?.typeValue
  }

  static func pointee(of type: Type) -> Type? {
    guard type.definition?.name == "spirv.ptr", let first = parts(type).first else { return nil }
    return parse(first, type.context)
  }

  /// The type of member `index` of a composite; nil where it has none.
  static func member(_ index: Int, of type: Type) -> Type? {
    if type.isVector { return type.elementType }
    switch type.definition?.name {
    case "spirv.array", "spirv.matrix":
      guard let first = parts(type).first, let mark = first.firstRange(of: " x ") else {
        return nil
      }
      return parse(String(first[mark.upperBound...]), type.context)
    case "spirv.rtarray": return parts(type).first.flatMap { parse($0, type.context) }
    case "spirv.struct": return structMember(index, of: type)
    case "spirv.coopmatrix", "spirv.arm.tensor":
      guard let first = parts(type).first, let mark = first.lastIndex(of: "x") else { return nil }
      return parse(String(first[first.index(after: mark)...]), type.context)
    default: return nil
    }
  }

  private static func structMember(_ index: Int, of type: Type) -> Type? {
    let text = type.identifierWord(0).string
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
      text.index(after: open) <= close,
      let list = make(type.context, "struct", "<\(text[text.index(after: open)..<close])>")
    else { return nil }
    let members = parts(list)
    guard members.indices.contains(index) else { return nil }
    // Offsets and decorations follow in square brackets.
    let member = members[index].prefix { $0 != "[" }
    return parse(String(member), type.context)
  }

  static let methods: [String: @Sendable (Type) -> CppValue] = [
    "getPointeeType": { type in pointee(of: type).map { .type($0) } ?? .unknown },
    "getImageType": { type in
      guard type.definition?.name == "spirv.sampled_image", let first = parts(type).first else {
        return .unknown
      }
      return parse(first, type.context).map { .type($0) } ?? .unknown
    },
    "getElementType": { type in
      if type.definition?.name == "spirv.image" {
        return parts(type).first.flatMap { parse($0, type.context) }.map { .type($0) } ?? .unknown
      }
      let member = member(0, of: type)
      // A matrix has columns for members, and scalars for elements.
      let isMatrix = type.definition?.name == "spirv.matrix"
      return member.map { .type(isMatrix ? $0.elementType : $0) } ?? .unknown
    },
  ]
}
