import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax

/// Dialects made at run time from text of the irdl dialect.
///
/// A type or attribute holds its parameters as attributes, one a word, and is written
/// `!dialect.name<parameter, ...>`; operations have generic text.
public struct IRDLLoader: Sendable {
  public let dialects: [Dialect]

  /// Reads the declarations in `source`.
  /// - Parameter context: an empty context that knows the irdl dialect; it must live as long as what is
  ///   reported to it is needed, the dialects do not refer to it.
  /// - Throws: where the text is wrong; what is wrong was reported to the context.
  public init(_ source: SourceFile, context: Context) throws(Reported) {
    let module = try Parser(source, context: context).parseModule()
    try Verifier().verify(module)
    var made: [Dialect] = []
    var stack = [module]
    while let next = stack.popLast() {
      for region in next.regions {
        for block in region.blocks {
          for operation in block.operations {
            if operation.name.string == "irdl.dialect" {
              made.append(IRDLLoader.dialect(operation))
            } else if operation.has(.symbolTable) {
              stack.append(operation)
            }
          }
        }
      }
    }
    dialects = made
  }

  /// Makes the dialects known to `context`. One that the context has already is left as it is.
  public func register(in context: Context) {
    let present = Set(context.dialectNames)
    for dialect in dialects where !present.contains(dialect.name) {
      context.register(dialect.name) { dialect }
    }
  }

  private static func dialect(_ declaration: Operation) -> Dialect {
    let name = declaration.attribute("sym_name")?.stringValue ?? ""
    var types: [TypeDefinition] = []
    var attributes: [AttributeDefinition] = []
    var operations: [OpDefinition] = []
    for child in declaration.region(0).firstBlock.map({ Array($0.operations) }) ?? [] {
      let symbol = child.attribute("sym_name")?.stringValue ?? ""
      let body = IRDLBody(child)
      switch child.name.string {
      case "irdl.type": types.append(body.type("\(name).\(symbol)"))
      case "irdl.attribute": attributes.append(body.attribute("\(name).\(symbol)"))
      case "irdl.operation": operations.append(body.operation("\(name).\(symbol)"))
      default: break
      }
    }
    return Dialect(
      name, summary: "declared in irdl", operations: operations, types: types,
      attributes: attributes)
  }
}

/// The body of one definition as data.
struct IRDLBody: Sendable {
  private(set) var constraints: [IRDLConstraint] = []
  private var parameters: [Int] = []
  fileprivate var operands: [Group] = []
  fileprivate var results: [Group] = []
  private var attributes: [(name: String, constraint: Int)] = []
  private var regions: [RegionShape]?
  private var regionNames: [String] = []

  /// A group of operands or results.
  struct Group: Sendable {
    let name: String
    let constraint: Int
    let arity: Arity
  }

  struct RegionShape: Sendable {
    /// Constraints of the entry block's arguments; nil where they are free.
    let arguments: [Int]?
    let blockCount: Int?
  }

  init(_ definition: Operation) {
    var numbers: [Value: Int] = [:]
    var shapes: [Value: RegionShape] = [:]
    func numbered(_ operation: Operation) -> [Int] {
      operation.operands.map { numbers[$0] ?? -1 }
    }
    func names(_ operation: Operation) -> [String] {
      operation.attribute("names")?.elements?.map { $0.stringValue ?? "" } ?? []
    }
    func groups(_ operation: Operation) -> [Group] {
      let arities = IRDL.arities(operation.attribute("variadicity"))
      return zip(numbered(operation), zip(names(operation), arities)).map {
        Group(name: $1.0, constraint: $0, arity: $1.1)
      }
    }
    for operation in definition.region(0).firstBlock.map({ Array($0.operations) }) ?? [] {
      switch operation.name.string {
      case "irdl.parameters": parameters = numbered(operation)
      case "irdl.operands": operands = groups(operation)
      case "irdl.results": results = groups(operation)
      case "irdl.attributes":
        let names = operation.attribute("attributeValueNames")?.elements ?? []
        attributes = zip(names, numbered(operation)).map { ($0.stringValue ?? "", $1) }
      case "irdl.region":
        let isFree = operation.attribute("constrainedArguments") == nil
        shapes[operation.result()] = RegionShape(
          arguments: isFree ? nil : numbered(operation),
          blockCount: operation.attribute("numberOfBlocks")?.integerValue.map { Int($0) })
      case "irdl.regions":
        regions = operation.operands.map {
          shapes[$0] ?? RegionShape(arguments: nil, blockCount: nil)
        }
        regionNames = names(operation)
      default:
        guard operation.resultCount == 1 else { continue }
        numbers[operation.result()] = constraints.count
        constraints.append(IRDLBody.constraint(operation, numbered(operation)))
      }
    }
  }

  private static func constraint(_ operation: Operation, _ parts: [Int]) -> IRDLConstraint {
    switch operation.name.string {
    case "irdl.is":
      guard let expected = operation.attribute("expected") else { return .any }
      return .isEqual(ExpectedAttribute(Printer.text(expected)))
    case "irdl.any_of": return .anyOf(parts)
    case "irdl.all_of": return .allOf(parts)
    case "irdl.c_pred": return .unchecked
    case "irdl.base":
      if let text = operation.attribute("base_name")?.stringValue {
        return .base(IRDLName(isType: text.hasPrefix("!"), name: String(text.dropFirst())))
      }
      guard let reference = operation.attribute("base_ref"),
        let name = name(of: reference, from: operation)
      else { return .any }
      return .base(name)
    case "irdl.parametric":
      guard let reference = operation.attribute("base_type"),
        let name = name(of: reference, from: operation)
      else { return .any }
      return .parametric(name, parts)
    default: return .any
    }
  }

  private static func name(of reference: Attribute, from operation: Operation) -> IRDLName? {
    guard let found = IRDL.resolve(reference, from: operation),
      let dialect = found.parent?.attribute("sym_name")?.stringValue,
      let symbol = found.attribute("sym_name")?.stringValue
    else { return nil }
    return IRDLName(isType: found.name.string == "irdl.type", name: "\(dialect).\(symbol)")
  }

  // MARK: Types and attributes

  private func parse(_ parser: Parser, _ name: String, _ what: String) throws(Reported) -> [UInt64]
  {
    let mnemonic = name.drop { $0 != "." }.utf8.count - 1
    let place = max(0, parser.offset - mnemonic)
    let values = try parser.parseList(.optionalLess) { () throws(Reported) in
      try parser.parseAttribute()
    }
    guard values.count == parameters.count else {
      throw parser.error(
        "expected \(parameters.count) \(what) arguments, but had \(values.count)", at: place)
    }
    var verifier = IRDLVerifier(constraints, parser.context)
    for (value, constraint) in zip(values, parameters) {
      if let problem = verifier.problem(value, constraint) {
        throw parser.error(problem, at: place)
      }
    }
    return values.map { UInt64($0.raw) }
  }

  private static func print(_ printer: Printer, _ values: [Attribute]) {
    if values.isEmpty { return }
    printer.write("<")
    for (i, value) in values.enumerated() {
      if i > 0 { printer.write(", ") }
      printer.attribute(value)
    }
    printer.write(">")
  }

  func type(_ name: String) -> TypeDefinition {
    TypeDefinition(
      name,
      interfaces: [
        LoadedInstance(),
        TypeAssembly(
          parse: { (parser) throws(Reported) in
            let words = try self.parse(parser, name, "type")
            guard let definition = parser.context.typeDefinition(named: name) else {
              throw parser.error("unknown type '\(name)'")
            }
            return parser.context.type(definition, words)
          },
          print: { printer, type in
            IRDLBody.print(printer, type.words.indices.compactMap { type.attributeWord($0) })
          }),
      ])
  }

  func attribute(_ name: String) -> AttributeDefinition {
    AttributeDefinition(
      name,
      interfaces: [
        LoadedInstance(),
        AttributeAssembly(
          parse: { (parser, _) throws(Reported) in
            let words = try self.parse(parser, name, "attribute")
            guard let definition = parser.context.attributeDefinition(named: name) else {
              throw parser.error("unknown attribute '\(name)'")
            }
            return parser.context.attribute(definition, words)
          },
          print: { printer, attribute in
            IRDLBody.print(
              printer, attribute.words.indices.compactMap { attribute.attributeWord($0) })
          }),
      ])
  }

  // MARK: Operations

  func operation(_ name: String) -> OpDefinition {
    func values(_ groups: [Group]) -> [ValueDefinition] {
      groups.map { ValueDefinition($0.name, .any, $0.arity) }
    }
    let shapes = regions ?? []
    return OpDefinition(
      name, "declared in irdl", operands: values(operands), results: values(results),
      regions: shapes.indices.map {
        RegionDefinition($0 < regionNames.count ? regionNames[$0] : "region\($0)")
      },
      traits: [.checksOwnCounts, .noTerminator],
      verify: { (operation) throws(Reported) in try self.verify(operation) })
  }

  private func verify(_ operation: Operation) throws(Reported) {
    let operandSizes = try segments(operands, operation.operandCount, operation, "operand")
    let resultSizes = try segments(results, operation.resultCount, operation, "result")
    var verifier = IRDLVerifier(constraints, operation.context)
    let context = operation.context
    for (name, constraint) in attributes {
      guard let value = operation.attribute(name) else {
        throw operation.emitOpError("attribute \"\(name)\" is expected but not provided")
      }
      if let problem = verifier.problem(value, constraint) { throw operation.emitError(problem) }
    }
    var position = 0
    for (group, size) in zip(operands, operandSizes) {
      for i in position..<(position + size) {
        let type = context.typeAttribute(operation.operand(i).type)
        if let problem = verifier.problem(type, group.constraint) {
          throw operation.emitError(problem)
        }
      }
      position += size
    }
    position = 0
    for (group, size) in zip(results, resultSizes) {
      for i in position..<(position + size) {
        let type = context.typeAttribute(operation.result(i).type)
        if let problem = verifier.problem(type, group.constraint) {
          throw operation.emitError(problem)
        }
      }
      position += size
    }
    try verifyRegions(operation, &verifier)
  }

  private func verifyRegions(_ operation: Operation, _ verifier: inout IRDLVerifier)
    throws(Reported)
  {
    let shapes = regions ?? []
    if operation.regionCount != shapes.count {
      throw operation.emitOpError(
        "unexpected number of regions: expected \(shapes.count) but got \(operation.regionCount)")
    }
    for (i, shape) in shapes.enumerated() {
      let region = operation.region(i)
      let place = "expected region \(i) to have"
      if let count = shape.blockCount {
        let found = region.blocks.reduce(0) { count, _ in count + 1 }
        if found != count {
          throw operation.emitError("\(place) \(count) block(s) but got \(found)")
        }
      }
      guard let constraints = shape.arguments else { continue }
      let types = region.arguments.map(\.type)
      if types.count != constraints.count {
        throw operation.emitError(
          "\(place) \(constraints.count) arguments but got \(types.count)")
      }
      for (type, constraint) in zip(types, constraints) {
        let type = operation.context.typeAttribute(type)
        if let problem = verifier.problem(type, constraint) {
          throw operation.emitError(problem)
        }
      }
    }
  }

  /// How many values each group has: from the attribute of segment sizes where two groups may vary.
  private func segments(
    _ groups: [Group], _ count: Int, _ operation: Operation, _ what: String
  ) throws(Reported) -> [Int] {
    let name = "\(what)SegmentSizes"
    let varying = groups.count { $0.arity != .one }
    let fixed = groups.count - varying
    if varying <= 1 {
      let limit = groups.first { $0.arity != .one }?.arity
      let most = limit == nil ? fixed : limit == .optional ? fixed + 1 : Int.max
      if fixed == most, count != fixed {
        throw operation.emitError("op expects exactly \(fixed) \(what)s, but got \(count)")
      }
      if count < fixed {
        throw operation.emitError("op expects at least \(fixed) \(what)s, but got \(count)")
      }
      if count > most {
        throw operation.emitError("op expects at most \(most) \(what)s, but got \(count)")
      }
      return groups.map { $0.arity == .one ? 1 : count - fixed }
    }
    guard let attribute = operation.attribute(name) else {
      throw operation.emitOpError(
        "'\(name)' attribute is expected but not provided")
    }
    guard attribute.denseArrayElementType?.isInteger(32) ?? false,
      let sizes = attribute.integers
    else { throw operation.emitOpError("'\(name)' attribute is expected to be a dense i32 array") }
    if sizes.count != groups.count {
      throw operation.emitOpError(
        "'\(name)' attribute for specifying \(what) segments must have \(groups.count) elements, but got \(sizes.count)"
      )
    }
    for (i, (size, group)) in zip(sizes, groups).enumerated() {
      if size < 0 {
        throw operation.emitOpError(
          "'\(name)' attribute for specifying \(what) segments must have non-negative values")
      }
      if group.arity == .one, size != 1 {
        throw operation.emitOpError("element \(i) in '\(name)' attribute must be equal to 1")
      }
      if group.arity == .optional, size > 1 {
        throw operation.emitOpError("element \(i) in '\(name)' attribute must be equal to 0 or 1")
      }
    }
    guard sizes.reduce(0, { $0 &+ $1 }) == count else {
      throw operation.emitOpError(
        "sum of elements in '\(name)' attribute must be equal to the number of \(what)s")
    }
    return sizes
  }
}
