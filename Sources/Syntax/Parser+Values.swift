import MartletIR
import MartletSupport

extension Parser {
  /// A use of an SSA value whose type is not known yet: name, result number and place.
  public struct OperandReference {
    let name: Int
    let number: Int
    public let offset: Int
  }

  // MARK: Operands

  public func parseOptionalOperand() throws(Reported) -> OperandReference? {
    guard token.kind == .percentIdentifier else { return nil }
    return try parseOperand()
  }

  public func parseOperand() throws(Reported) -> OperandReference {
    guard token.kind == .percentIdentifier else { throw error("expected SSA operand") }
    let start = token.start
    let name = names.number(of: bytes(token.start + 1, token.end))
    advance()
    var number = 0
    if token.kind == .hashIdentifier {
      number = try resultNumber()
      advance()
    }
    return OperandReference(name: name, number: number, offset: start)
  }

  private func resultNumber() throws(Reported) -> Int {
    var value = 0
    for i in (token.start + 1)..<token.end {
      let c = lexer.base[i]
      guard Lexer.isDigit(c), value < 100_000 else {
        throw error("invalid SSA value result number")
      }
      value = value * 10 + Int(c - 48)
    }
    return value
  }

  /// Operands separated by commas; none are allowed even without a delimiter.
  public func parseOperandList(_ delimiter: Delimiter = .none) throws(Reported)
    -> [OperandReference]
  {
    if delimiter.ends == nil, token.kind != .percentIdentifier { return [] }
    return try parseList(delimiter) { () throws(Reported) in try parseOperand() }
  }

  /// The value a reference stands for, which must have type `type`. A value not defined yet is stood in
  /// for until it is.
  public func resolve(_ reference: OperandReference, _ type: Type) throws(Reported) -> Value {
    if let entry = names.lookup(reference.name), let first = entry.first {
      guard reference.number < entry.count else {
        throw error(
          "reference to invalid result number", at: reference.offset)
      }
      let value =
        entry.count == 1
        ? first : first.definingOperation?.result(first.index + reference.number) ?? first
      if value.type != type {
        throw mismatch(reference, expected: type, found: value.type, priorOffset: entry.offset)
      }
      return value
    }
    let key = ValueScopes.ForwardKey(name: reference.name, number: reference.number)
    if let known = names.forwardUse(key) {
      let value = known.placeholder.result()
      if value.type != type {
        throw mismatch(reference, expected: type, found: value.type, priorOffset: known.offset)
      }
      return value
    }
    let placeholder = context.createOperation(
      context.operationName("builtin.unrealized_conversion_cast"),
      location: context.unknownLocation,
      operands: EmptyCollection<Value>(), resultTypes: CollectionOfOne(type))
    names.addForward(key, .init(placeholder: placeholder, offset: reference.offset))
    return placeholder.result()
  }

  private func mismatch(
    _ reference: OperandReference, expected: Type, found: Type, priorOffset: Int
  ) -> Reported {
    // Its type was guessed from a use.
    if recovery.lostNames.contains(reference.name) { return Reported() }
    return error(
      "use of value '%\(names.text(reference.name))' expects different type than prior uses: '\(expected)' vs '\(found)'",
      at: reference.offset, notes: [note("prior use here", at: priorOffset)])
  }

  public func resolve(_ references: [OperandReference], _ types: [Type], at offset: Int? = nil)
    throws(Reported) -> [Value]
  {
    if references.count != types.count {
      throw error(
        "number of operands and types do not match: got \(references.count) operands and \(types.count) types",
        at: offset ?? references.first?.offset)
    }
    var values: [Value] = []
    values.reserveCapacity(references.count)
    for i in references.indices { values.append(try resolve(references[i], types[i])) }
    return values
  }

  public func resolve(_ references: [OperandReference], _ type: Type) throws(Reported) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(references.count)
    for reference in references { values.append(try resolve(reference, type)) }
    return values
  }

  // MARK: Definitions

  /// Makes `name` stand for `count` values from `first` on, and satisfies earlier uses.
  func define(_ name: Int, _ first: Value, count: Int, offset: Int) throws(Reported) {
    if let earlier = names.lookup(name) {
      throw error(
        "redefinition of SSA value '%\(names.text(name))'", at: offset,
        notes: [note("previously defined here", at: earlier.offset)])
    }
    if names.hasForward {
      for number in 0..<count {
        let value =
          count == 1 ? first : first.definingOperation?.result(first.index + number) ?? first
        guard
          let use = names.takeForward(.init(name: name, number: number))
        else { continue }
        let placeholder = use.placeholder.result()
        if placeholder.type != value.type {
          if recovery.lostNames.contains(name) { throw Reported() }
          throw error(
            "definition of SSA value '%\(names.text(name))#\(number)' has type '\(value.type)'",
            at: offset,
            notes: [note("previously used here with type '\(placeholder.type)'", at: use.offset)])
        }
        placeholder.replaceAllUses(with: value)
        use.placeholder.erase()
      }
    }
    names.define(name, first, count: count, offset: offset)
    if !names.isDecimal(name) { first.setNameHint(context.intern(names.bytes(name))) }
  }

  /// Reports the first (by place) of the uses that never got a definition.
  func reportUndefined(_ forward: [ValueScopes.ForwardKey: ValueScopes.Forward]) throws(Reported) {
    let sorted = forward.sorted { $0.value.offset < $1.value.offset }
    var isWrong = false
    for (key, use) in sorted where !recovery.lostNames.contains(key.name) {
      let name = names.text(key.name)
      error(
        "use of undeclared SSA value name '%\(name)'", at: use.offset,
        notes: nearbyValue(name, usedAt: use.offset).map { [$0] } ?? [])
      isWrong = true
    }
    if isWrong { throw Reported() }
  }

  // MARK: Region arguments

  /// `%name`, with type, attributes and location where written.
  public struct ParsedArgument {
    public let reference: OperandReference
    public var type: Type?
    public var attributes: Attribute?
    public var location: Location?
  }

  public func parseArgument(allowType: Bool, allowAttributes: Bool = false) throws(Reported)
    -> ParsedArgument
  {
    let reference = try parseOperand()
    if reference.number != 0 {
      throw error("result number not allowed in argument list", at: reference.offset)
    }
    var argument = ParsedArgument(reference: reference)
    if allowType { argument.type = try parseColonType() }
    if allowAttributes, isAt(.leftBrace) {
      argument.attributes = context.dictionary(
        try parseAttributeDictionary().map { (name: $0.0, value: $0.1) })
    }
    if allowType, let location = try parseArgumentLocation() { argument.location = location }
    return argument
  }

  public func parseOptionalArgument(allowType: Bool, allowAttributes: Bool = false)
    throws(Reported) -> ParsedArgument?
  {
    guard token.kind == .percentIdentifier else { return nil }
    return try parseArgument(allowType: allowType, allowAttributes: allowAttributes)
  }
}
