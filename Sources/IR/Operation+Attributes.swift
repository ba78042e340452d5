import MartletSupport

/// Attributes of an operation: the inherent ones its declaration names lie in numbered slots, the
/// discardable ones in a dictionary. An unregistered operation's properties are its one slot.
extension Operation {
  /// The inherent attribute in slot `i` as the declaration numbers them.
  @inlinable public func inherent(_ i: Int) -> Attribute? {
    precondition(i < Int(record.inherentCount), "inherent attribute slot out of range")
    let value = state.pointee.inherents[record.firstInherent + UInt32(i)]
    return value == none ? nil : Attribute(state, value)
  }

  public func setInherent(_ i: Int, _ value: Attribute?) {
    precondition(i < Int(record.inherentCount), "inherent attribute slot out of range")
    state.pointee.inherents[record.firstInherent + UInt32(i)] = value?.raw ?? none
  }

  /// The properties attribute of an unregistered operation.
  public var unregisteredProperties: Attribute? {
    isRegistered || record.inherentCount == 0 ? nil : inherent(0)
  }

  /// The attribute called `name`, inherent or discardable.
  public func attribute(_ name: String) -> Attribute? {
    if let definition {
      if let slot = definition.slot(name) { return inherent(slot) }
    } else if let properties = unregisteredProperties, let value = properties[name] {
      return value
    }
    return discardableAttributes[name]
  }

  public func hasAttribute(_ name: String) -> Bool { attribute(name) != nil }

  /// Sets, or removes where `value` is nil, the attribute called `name`.
  public func setAttribute(_ name: String, _ value: Attribute?) {
    if let slot = definition?.slot(name) {
      setInherent(slot, value)
      return
    }
    let id = context.intern(name)
    var entries = discardableAttributes.entries.filter { $0.name != id }
    if let value { entries.append((id, value)) }
    setDiscardableAttributes(context.dictionary(entries))
  }

  /// The dictionary of discardable attributes, empty where there are none.
  public var discardableAttributes: Attribute {
    record.discardable == none
      ? context.dictionary([(name: Identifier, value: Attribute)]())
      : Attribute(state, record.discardable)
  }

  public var hasDiscardableAttributes: Bool { record.discardable != none }

  public func setDiscardableAttributes(_ dictionary: Attribute) {
    record.discardable = dictionary.words.isEmpty ? none : dictionary.raw
  }

  /// Whether both, of one name, have the same inherent and discardable attributes.
  public func hasEqualAttributes(to other: Operation) -> Bool {
    let (a, b) = (record, other.record)
    if a.discardable != b.discardable || a.inherentCount != b.inherentCount { return false }
    for i in 0..<UInt32(a.inherentCount)
    where state.pointee.inherents[a.firstInherent + i]
      != state.pointee.inherents[b.firstInherent + i]
    {
      return false
    }
    return true
  }

  /// Mixes the attributes into a hash; equal ones give the same number within a context.
  public func hashAttributes(_ seed: UInt64) -> UInt64 {
    let record = record
    var hash = StableHasher.mix(seed, UInt64(record.discardable))
    for i in 0..<UInt32(record.inherentCount) {
      hash = StableHasher.mix(hash, UInt64(state.pointee.inherents[record.firstInherent + i]))
    }
    return hash
  }

  /// The inherent attributes that are present, sorted by name.
  public var inherentAttributes: [(name: String, value: Attribute)] {
    guard let definition else { return [] }
    return definition.attributes.indices.compactMap { i in
      inherent(i).map { (definition.attributes[i].name, $0) }
    }
  }

  /// Sizes of the operand groups of an op whose declaration has variadic operands, in order.
  public var operandSegments: [Int] {
    guard let definition else { return [operandCount] }
    if definition.traits.contains(.attrSizedOperandSegments) {
      return attribute("operandSegmentSizes")?.integers ?? []
    }
    return Operation.inferSegments(definition.operands.map(\.arity), total: operandCount)
  }

  public var resultSegments: [Int] {
    guard let definition else { return [resultCount] }
    if definition.traits.contains(.attrSizedResultSegments) {
      return attribute("resultSegmentSizes")?.integers ?? []
    }
    return Operation.inferSegments(definition.results.map(\.arity), total: resultCount)
  }

  /// Sizes of groups of which at most one kind is not single: the rest is shared among the variadic.
  static func inferSegments(_ arities: [Arity], total: Int) -> [Int] {
    let variadic = arities.count { $0 != .one }
    if variadic == 0 { return arities.map { _ in 1 } }
    let left = max(0, total - (arities.count - variadic))
    return arities.map { $0 == .one ? 1 : left / variadic }
  }

  /// The operands of declared group `i`.
  public func operandGroup(_ i: Int) -> OperandList {
    if let definition, !definition.traits.contains(.attrSizedOperandSegments) {
      let variable = definition.variableOperand
      if definition.isFixedArity || variable >= 0 {
        let first = Int(record.firstOperand)
        let size = variable < 0 ? 1 : max(0, operandCount - definition.operands.count + 1)
        if variable < 0 || i < variable { return OperandList(state, UInt32(first + i), 1) }
        if i == variable { return OperandList(state, UInt32(first + i), size) }
        return OperandList(state, UInt32(first + i - 1 + size), 1)
      }
    }
    let segments = operandSegments
    let start = segments[..<i].reduce(0, +)
    return OperandList(state, record.firstOperand + UInt32(start), segments[i])
  }

  /// The operands of the declared group called `name`.
  public func operands(named name: String) -> OperandList {
    guard let i = definition?.operands.firstIndex(where: { $0.name == name }) else {
      return OperandList(state, record.firstOperand, 0)
    }
    return operandGroup(i)
  }

  public func operand(named name: String) -> Value? { operands(named: name).first }
}
