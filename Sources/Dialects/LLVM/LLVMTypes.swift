import MartletIR
import MartletSupport
import MartletSyntax

/// The types of the llvm dialect. Integers, floats and vectors are the builtin ones.
extension LLVM {
  /// `!llvm.ptr`, `!llvm.ptr<1>`: the one word is the address space.
  public static let ptr: TypeDefinition = TypeDefinition(
    "llvm.ptr", "Pointer",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          guard parser.parseOptional(.less) else { return pointer(parser.context) }
          let space = try parser.parseInteger()
          try parser.parse(.greater)
          guard 0..<(1 << 24) ~= space else { throw parser.error("invalid address space") }
          return pointer(parser.context, addressSpace: space)
        },
        print: { printer, type in
          if type.words[0] != 0 { printer.write("<\(type.words[0])>") }
        })
    ])

  /// Words: flags (1 packed, 2 named), then the elements, or the name.
  public static let structure: TypeDefinition = TypeDefinition(
    "llvm.struct", "Structure",
    interfaces: [TypeAssembly(parse: parseStruct, print: printStruct)])

  /// Words: element type, number of elements.
  public static let array: TypeDefinition = TypeDefinition(
    "llvm.array", "Array",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          try parser.parse(.less)
          let sizes = try parser.parseDimensionList(allowDynamic: false)
          guard sizes.count == 1 else { throw parser.error("expected '? x' or a single size") }
          let start = parser.offset
          let element = try parseNested(parser)
          guard isElement(element) else {
            throw parser.error("invalid array element type: '\(element)'", at: start)
          }
          try parser.parse(.greater)
          return arrayType(element, sizes[0])
        },
        print: { printer, type in
          printer.write("<\(type.words[1]) x ")
          printNested(printer, type.typeWord(0))
          printer.write(">")
        })
    ])

  /// Words: whether it takes variable arguments, result, parameters.
  public static let function: TypeDefinition = TypeDefinition(
    "llvm.func", "Function type",
    interfaces: [TypeAssembly(parse: parseFunction, print: printFunction)])

  public static let void: TypeDefinition = plain("void")
  public static let token: TypeDefinition = plain("token")
  public static let label: TypeDefinition = plain("label")
  public static let metadata: TypeDefinition = plain("metadata")
  public static let x86AMX: TypeDefinition = plain("x86_amx")
  public static let ppcFP128: TypeDefinition = plain("ppc_fp128")

  private static func plain(_ name: String) -> TypeDefinition {
    TypeDefinition(
      "llvm.\(name)", name,
      interfaces: [
        TypeAssembly(
          parse: { (parser) throws(Reported) in
            guard let definition = parser.context.typeDefinition(named: "llvm.\(name)") else {
              throw parser.error("unknown LLVM type: \(name)")
            }
            return parser.context.type(definition)
          }, print: { _, _ in })
      ])
  }

  static let types: [TypeDefinition] = [
    ptr, structure, array, function, void, token, label, metadata, x86AMX, ppcFP128, targetType,
  ]

  /// `!llvm.target<"name", i32, 1>`. Words: the name, the number of types, the types, the numbers.
  public static let targetType: TypeDefinition = TypeDefinition(
    "llvm.target", "Target extension type",
    interfaces: [
      TypeAssembly(
        parse: { (parser) throws(Reported) in
          try parser.parse(.less)
          let name = try parser.parseString()
          var types: [UInt64] = []
          var numbers: [UInt64] = []
          while parser.parseOptional(.comma) {
            if let number = try parser.parseOptionalInteger() {
              numbers.append(UInt64(bitPattern: Int64(number)))
            } else if numbers.isEmpty {
              types.append(UInt64(try parseNested(parser).raw))
            } else {
              throw parser.error("failed to parse parameter list for target extension type")
            }
          }
          try parser.parse(.greater)
          let context = parser.context
          return context.type(
            targetType,
            [UInt64(context.intern(name).raw), UInt64(types.count)] + types + numbers)
        },
        print: { printer, type in
          printer.write("<")
          printer.string(type.identifierWord(0).string)
          let count = Int(type.words[1])
          for i in 0..<count {
            printer.write(", ")
            printNested(printer, type.typeWord(2 + i))
          }
          for i in (2 + count)..<max(2 + count, type.words.count) {
            printer.write(", \(type.words[i])")
          }
          printer.write(">")
        })
    ])

  /// Whether a value in an aggregate may have this type.
  static func isElement(_ type: Type) -> Bool {
    !type.isLLVMVoid && !type.is(label) && !type.is(metadata) && !type.is(function)
      && !type.is(token)
  }

  // MARK: Construction

  public static func pointer(_ context: Context, addressSpace: Int = 0) -> Type {
    context.type(ptr, [UInt64(addressSpace)])
  }
  public static func voidType(_ context: Context) -> Type { context.type(void) }
  public static func arrayType(_ element: Type, _ count: Int) -> Type {
    element.context.type(array, [UInt64(element.raw), UInt64(count)])
  }
  public static func structType(_ context: Context, _ elements: [Type], isPacked: Bool = false)
    -> Type
  {
    context.type(structure, [isPacked ? 1 : 0] + elements.map { UInt64($0.raw) })
  }
  public static func functionType(_ result: Type, _ inputs: [Type], isVariadic: Bool = false)
    -> Type
  {
    result.context.type(
      function, [isVariadic ? 1 : 0, UInt64(result.raw)] + inputs.map { UInt64($0.raw) })
  }

  /// The structure called `name`, whose body may be set once.
  /// - Returns: nil where it has another body already.
  public static func namedStruct(
    _ context: Context, _ name: String, body: NamedStructs.Body? = nil
  ) -> Type? {
    let id = context.intern(name)
    if let body {
      let table = NamedStructs.of(context)
      if let known = table.bodies[id], known != body { return nil }
      table.bodies[id] = body
    }
    return context.type(structure, [2, UInt64(id.raw)])
  }

  // MARK: Text

  /// A type inside one of llvm's: these are written without `!llvm.`.
  static func parseNested(_ parser: Parser) throws(Reported) -> Type {
    try parser.nested { () throws(Reported) in
      if let type = try parser.parseOptionalType() { return type }
      let offset = parser.offset
      let word = try parser.parseKeyword()
      guard
        let assembly = types.first(where: { $0.mnemonic == word })?.interface(TypeAssembly.self)
      else { throw parser.error("unknown LLVM type: \(word)", at: offset) }
      return try assembly.parse(parser)
    }
  }

  static func printNested(_ printer: Printer, _ type: Type) {
    guard let definition = type.definition, definition.dialectName == "llvm",
      !type.is(ppcFP128), isPlain(type, []), let assembly = definition.interface(TypeAssembly.self)
    else {
      printer.type(type)
      return
    }
    printer.write(definition.mnemonic)
    assembly.print(printer, type)
  }

  /// Whether all in `type` is of llvm: only then it is written without prefix. Structures in `open` are
  /// being looked at.
  private static func isPlain(_ type: Type, _ open: [Type]) -> Bool {
    if let (element, _) = type.llvmArray { return isPlain(element, open) }
    guard type.is(structure) else { return type.isLLVMCompatible }
    if open.contains(type) || open.count > 64 { return true }
    return (type.llvmStruct?.elements ?? []).allSatisfy { isPlain($0, open + [type]) }
  }

  private static func printList(_ printer: Printer, _ types: [Type]) {
    for (i, type) in types.enumerated() {
      if i > 0 { printer.write(", ") }
      printNested(printer, type)
    }
  }

  @Sendable private static func parseStruct(_ parser: Parser) throws(Reported) -> Type {
    try parser.parse(.less)
    let offset = parser.offset
    if let name = parser.parseOptionalString() {
      let type = try parseNamedStruct(parser, name, offset)
      try parser.parse(.greater)
      return type
    }
    let isPacked = parser.parseOptionalKeyword("packed")
    let elements = try parseElements(parser)
    try parser.parse(.greater)
    return structType(parser.context, elements, isPacked: isPacked)
  }

  private static func parseElements(_ parser: Parser) throws(Reported) -> [Type] {
    try parser.parseList(.paren) { () throws(Reported) in
      let start = parser.offset
      let type = try parseNested(parser)
      guard isElement(type) else {
        throw parser.error("invalid LLVM structure element type: '\(type)'", at: start)
      }
      return type
    }
  }

  private static func parseNamedStruct(_ parser: Parser, _ name: String, _ offset: Int)
    throws(Reported) -> Type
  {
    let context = parser.context
    var body: NamedStructs.Body?
    if parser.parseOptional(.comma) {
      if parser.parseOptionalKeyword("opaque") {
        body = NamedStructs.Body(elements: nil, isPacked: false)
      } else {
        let isPacked = parser.parseOptionalKeyword("packed")
        NamedStructs.of(context).reading.append(name)
        defer { NamedStructs.of(context).reading.removeLast() }
        let elements = try parseElements(parser)
        body = NamedStructs.Body(elements: elements, isPacked: isPacked)
      }
    }
    let table = NamedStructs.of(context)
    if body == nil, !table.reading.contains(name), table.bodies[context.intern(name)] == nil {
      throw parser.error("struct without a body only allowed in a recursive struct", at: offset)
    }
    guard let type = namedStruct(context, name, body: body) else {
      throw parser.error("identified type already used with a different body", at: offset)
    }
    return type
  }

  @Sendable private static func printStruct(_ printer: Printer, _ type: Type) {
    guard let view = type.llvmStruct else { return }
    printer.write("<")
    guard let name = view.name else {
      if view.isPacked { printer.write("packed ") }
      printer.write("(")
      printList(printer, view.elements ?? [])
      printer.write(")>")
      return
    }
    printer.attribute(type.context.string(name))
    let table = NamedStructs.of(type.context)
    // Inside its own body a structure is only named.
    if !table.printing.contains(name) {
      table.printing.append(name)
      if let elements = view.elements {
        printer.write(view.isPacked ? ", packed (" : ", (")
        printList(printer, elements)
        printer.write(")")
      } else {
        printer.write(", opaque")
      }
      table.printing.removeLast()
    }
    printer.write(">")
  }

  @Sendable private static func parseFunction(_ parser: Parser) throws(Reported) -> Type {
    try parser.parse(.less)
    let start = parser.offset
    let result = try parseNested(parser)
    if result.is(function) || result.is(label) || result.is(metadata) {
      throw parser.error("invalid function result type: '\(result)'", at: start)
    }
    try parser.parse(.leftParen)
    var inputs: [Type] = []
    var isVariadic = false
    if !parser.isAt(.rightParen) {
      repeat {
        if parser.parseOptional(.ellipsis) {
          isVariadic = true
          break
        }
        let start = parser.offset
        let input = try parseNested(parser)
        if input.isLLVMVoid || input.is(function) {
          throw parser.error("invalid function argument type: '\(input)'", at: start)
        }
        inputs.append(input)
      } while parser.parseOptional(.comma)
    }
    try parser.parse(.rightParen)
    try parser.parse(.greater)
    return functionType(result, inputs, isVariadic: isVariadic)
  }

  @Sendable private static func printFunction(_ printer: Printer, _ type: Type) {
    guard let view = type.llvmFunction else { return }
    printer.write("<")
    printNested(printer, view.result)
    printer.write(" (")
    printList(printer, view.inputs)
    if view.isVariadic { printer.write(view.inputs.isEmpty ? "..." : ", ...") }
    printer.write(")>")
  }
}

/// Bodies of named structures of a context.
public final class NamedStructs {
  public struct Body: Hashable {
    /// Nil for an opaque structure.
    public var elements: [Type]?
    public var isPacked: Bool

    public init(elements: [Type]?, isPacked: Bool = false) {
      self.elements = elements
      self.isPacked = isPacked
    }
  }

  /// Structures whose bodies are being read, innermost last.
  fileprivate var reading: [String] = []
  fileprivate(set) var bodies: [Identifier: Body] = [:]
  /// Structures being written, innermost last.
  fileprivate var printing: [String] = []

  static func of(_ context: Context) -> NamedStructs {
    let key = ObjectIdentifier(NamedStructs.self)
    if let known = context.extensions[key] as? NamedStructs { return known }
    let made = NamedStructs()
    context.extensions[key] = made
    return made
  }
}

/// A view of `!llvm.struct`.
public struct LLVMStructType {
  /// The name of an identified structure.
  public let name: String?
  /// Nil where the structure is opaque.
  public let elements: [Type]?
  public let isPacked: Bool
}

/// A view of `!llvm.func`.
public struct LLVMFunctionType {
  public let result: Type
  public let inputs: [Type]
  public let isVariadic: Bool
}

extension Type {
  public var isLLVMPointer: Bool { self.is(LLVM.ptr) }
  public var isLLVMVoid: Bool { self.is(LLVM.void) }
  /// Address space of a pointer.
  public var llvmAddressSpace: Int? { isLLVMPointer ? Int(words[0]) : nil }

  public var llvmArray: (element: Type, count: Int)? {
    self.is(LLVM.array) ? (typeWord(0), Int(words[1])) : nil
  }

  public var llvmStruct: LLVMStructType? {
    guard self.is(LLVM.structure) else { return nil }
    if words[0] & 2 != 0 {
      let id = identifierWord(1)
      let body = NamedStructs.of(context).bodies[id]
      return LLVMStructType(
        name: id.string, elements: body?.elements, isPacked: body?.isPacked ?? false)
    }
    return LLVMStructType(
      name: nil, elements: (1..<words.count).map(typeWord), isPacked: words[0] & 1 != 0)
  }

  public var llvmFunction: LLVMFunctionType? {
    guard self.is(LLVM.function) else { return nil }
    return LLVMFunctionType(
      result: typeWord(1), inputs: (2..<words.count).map(typeWord), isVariadic: words[0] != 0)
  }

  /// The type of the part of an aggregate at `position`; nil where there is no such part.
  public func llvmElement(at position: [Int]) -> Type? {
    var type = self
    for index in position {
      if let (element, count) = type.llvmArray {
        guard 0..<count ~= index else { return nil }
        type = element
      } else if let elements = type.llvmStruct?.elements {
        guard elements.indices.contains(index) else { return nil }
        type = elements[index]
      } else {
        return nil
      }
    }
    return type
  }

  /// Whether a value of the llvm dialect may have this type.
  public var isLLVMCompatible: Bool {
    switch kind {
    case .integer: return signedness == .signless
    case .float: return floatKind != .tf32
    case .vector: return rank == 1
    case nil: return definition?.dialectName == "llvm"
    default: return false
    }
  }
}
