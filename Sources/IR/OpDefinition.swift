import MartletSupport

/// How many values, regions or successors a declared group stands for.
public enum Arity: Sendable { case one, optional, variadic }

/// A declared operand or result group.
public struct ValueDefinition: Sendable {
  public let name: String
  public let constraint: TypeConstraint
  public let arity: Arity

  public init(_ name: String, _ constraint: TypeConstraint, _ arity: Arity = .one) {
    self.name = name
    self.constraint = constraint
    self.arity = arity
  }

  public static func optional(_ name: String, _ constraint: TypeConstraint) -> ValueDefinition {
    ValueDefinition(name, constraint, .optional)
  }
  public static func variadic(_ name: String, _ constraint: TypeConstraint) -> ValueDefinition {
    ValueDefinition(name, constraint, .variadic)
  }
}

/// How an inherent attribute is kept in bytecode. MLIR keeps most as attributes; a few operations declare
/// properties of C++ types, whose values stand in the bytecode itself.
public enum PropertyEncoding: Sendable {
  /// A reference to the attribute, with a mark where the slot is optional or has a default.
  case attribute
  /// A reference without such a mark: the attribute is always there, although the slot has a default.
  case presentAttribute
  /// The value of an integer attribute of type i32.
  case integer
  /// A byte, 1 where the slot holds `unit`.
  case flag
}

/// A declared inherent attribute.
public struct AttributeSlot: Sendable {
  public let name: String
  public let constraint: AttributeConstraint
  public let isOptional: Bool
  public let encoding: PropertyEncoding
  /// The value an operation gets where none is given; such a value is left out of custom text. An optional
  /// attribute has none.
  public let defaultValue: (@Sendable (Context) -> Attribute)?
  /// The value that an optional attribute stands for by being absent; it too is left out of custom text.
  public let absentValue: (@Sendable (Context) -> Attribute)?

  public init(
    _ name: String, _ constraint: AttributeConstraint, optional: Bool = false,
    encoding: PropertyEncoding = .attribute,
    default defaultValue: (@Sendable (Context) -> Attribute)? = nil,
    absent absentValue: (@Sendable (Context) -> Attribute)? = nil
  ) {
    self.name = name
    self.constraint = constraint
    isOptional = optional
    self.encoding = encoding
    // An optional attribute stays absent; a default says what that means.
    self.defaultValue = optional ? nil : defaultValue
    self.absentValue = absentValue ?? (optional ? defaultValue : nil)
  }

  public static func optional(
    _ name: String, _ constraint: AttributeConstraint,
    absent: (@Sendable (Context) -> Attribute)? = nil
  ) -> AttributeSlot {
    AttributeSlot(name, constraint, optional: true, absent: absent)
  }
}

public struct RegionDefinition: Sendable {
  public let name: String
  public let arity: Arity
  /// Whether the region must have exactly one block.
  public let hasOneBlock: Bool

  public init(_ name: String, arity: Arity = .one, oneBlock: Bool = false) {
    self.name = name
    self.arity = arity
    hasOneBlock = oneBlock
  }
}

public struct SuccessorDefinition: Sendable {
  public let name: String
  public let arity: Arity

  public init(_ name: String, arity: Arity = .one) {
    self.name = name
    self.arity = arity
  }
}

/// A relation between the types of operands, results and typed attributes, by their names. It is checked by the
/// verifier and lets assembly formats leave types out.
public enum TypeRelation: Sendable {
  /// All have the same type.
  case same([String])
  /// The type of `target` is `transform` of the type of `source`; nil where that has no such type.
  case derived(
    target: String, from: String, summary: String, transform: @Sendable (Type) -> Type?)
  /// As `derived`, but only for texts that leave the type out; what holds is checked elsewhere.
  case inferred(target: String, from: String, transform: @Sendable (Type) -> Type?)
}

/// What folding an operation gives.
public enum FoldResult {
  /// Nothing to fold.
  case none
  /// The operation was changed in place.
  case inPlace
  /// The replacement for the only result.
  case one(Folded)
  /// Replacements for all results.
  case replaced([Folded])

  public static func value(_ value: Value) -> FoldResult { .one(.value(value)) }
  public static func attribute(_ attribute: Attribute) -> FoldResult { .one(.attribute(attribute)) }

  /// The replacements for all results; nil where nothing is replaced.
  public var replacements: [Folded]? {
    switch self {
    case .none, .inPlace: nil
    case .one(let folded): [folded]
    case .replaced(let folded): folded
    }
  }
}

/// What takes a result's place: an existing value or a constant.
public enum Folded {
  case value(Value)
  case attribute(Attribute)
}

/// The declaration of an operation: all that the parser, printer, verifier, builder, documentation
/// and passes know of it. A declaration is data; one loaded at run time is the same kind of value as
/// one written in Swift.
public final class OpDefinition: @unchecked Sendable {
  public let name: String
  public let summary: String
  public let operands: [ValueDefinition]
  public let results: [ValueDefinition]
  /// Sorted by name; the position is the slot number.
  public let attributes: [AttributeSlot]
  private let slotKeys: [UInt64]
  public let regions: [RegionDefinition]
  public let successors: [SuccessorDefinition]
  public let traits: OpTraits
  /// Effects on memory beyond what the traits say; nil where none are declared.
  public let effects: MemoryEffects?
  public let relations: [TypeRelation]
  /// MLIR's declarative assembly format; nil where the text is generic or custom.
  public let format: String?
  /// Name of the terminator that blocks of its regions get where the text leaves it out.
  public let implicitTerminator: String?
  /// Name of the only operation this may be nested in directly; empty for any.
  public let parents: [String]
  /// Checks beyond what the declaration says; reports to the context and throws.
  public let verify: (@Sendable (Operation) throws(Reported) -> Void)?
  /// As `verify`, after the regions were verified.
  public let verifyRegions: (@Sendable (Operation) throws(Reported) -> Void)?
  public let fold: (@Sendable (Operation) -> FoldResult)?
  /// Types of results where the text or a builder leaves them out, from an operation in the making.
  public let inferResultTypes: (@Sendable (InferenceInput) -> [Type]?)?
  private let interfaces: InterfaceTable
  let hasDefaults: Bool
  /// Bit i: what the constraint of attribute slot i says of an integer or float hangs on its type alone.
  let typeOnlySlots: UInt64
  public var hasDefaultAttributes: Bool { hasDefaults }
  /// Whether every operand group is exactly one operand.
  public let isFixedArity: Bool
  /// Whether every result group is exactly one result.
  public let hasFixedResults: Bool

  public init(
    _ name: String, _ summary: String = "",
    operands: [ValueDefinition] = [], results: [ValueDefinition] = [],
    attributes: [AttributeSlot] = [], regions: [RegionDefinition] = [],
    successors: [SuccessorDefinition] = [], traits: OpTraits = [],
    effects: MemoryEffects? = nil, relations: [TypeRelation] = [], format: String? = nil,
    implicitTerminator: String? = nil, parents: [String] = [],
    verify: (@Sendable (Operation) throws(Reported) -> Void)? = nil,
    verifyRegions: (@Sendable (Operation) throws(Reported) -> Void)? = nil,
    fold: (@Sendable (Operation) -> FoldResult)? = nil,
    inferResultTypes: (@Sendable (InferenceInput) -> [Type]?)? = nil,
    interfaces: [any OpInterface] = []
  ) {
    self.name = name
    self.summary = summary
    self.operands = operands
    self.results = results
    var slots = attributes
    let segments = { (name: String) in AttributeSlot(name, .denseI32Array) }
    if traits.contains(.attrSizedOperandSegments) { slots.append(segments("operandSegmentSizes")) }
    if traits.contains(.attrSizedResultSegments) { slots.append(segments("resultSegmentSizes")) }
    self.attributes = slots.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    slotKeys = self.attributes.map { Self.key($0.name) }
    self.regions = regions
    self.successors = successors
    self.traits = traits
    self.effects = effects
    self.relations = relations
    self.format = format
    self.implicitTerminator = implicitTerminator
    self.parents = parents
    self.verify = verify
    self.verifyRegions = verifyRegions
    self.fold = fold
    self.inferResultTypes = inferResultTypes
    self.interfaces = InterfaceTable(interfaces)
    isFixedArity = operands.allSatisfy { $0.arity == .one }
    hasFixedResults = results.allSatisfy { $0.arity == .one }
    var typeOnly: UInt64 = 0
    for (i, slot) in self.attributes.prefix(64).enumerated() where slot.constraint.looksAtTypeOnly {
      typeOnly |= 1 << UInt64(i)
    }
    typeOnlySlots = typeOnly
    hasDefaults = slots.contains { $0.defaultValue != nil || $0.absentValue != nil }
  }

  /// The part of the name before the dot.
  public var dialectName: String { String(name.prefix { $0 != "." }) }

  /// The slot of the inherent attribute called `name`.
  public func slot(_ name: String) -> Int? {
    if slotKeys.isEmpty { return nil }
    let key = Self.key(name)
    for i in slotKeys.indices where slotKeys[i] == key && attributes[i].name == name { return i }
    return nil
  }

  /// Length and first bytes of a name: names that differ mostly do in these.
  private static func key(_ name: String) -> UInt64 {
    var copy = name
    return copy.withUTF8 { bytes in
      var key = UInt64(bytes.count)
      for i in 0..<min(bytes.count, 7) { key = key << 8 | UInt64(bytes[i]) }
      return key
    }
  }

  /// As `slot(_:)` for a name already interned.
  public func slot(interned name: Identifier) -> Int? {
    let bytes = name.bytes
    for i in attributes.indices where attributes[i].name.utf8.elementsEqual(bytes) { return i }
    return nil
  }

  /// The interface of type `I`, nil where the operation does not offer it.
  public func interface<I: OpInterface>(_ type: I.Type) -> I? {
    interfaces.interface(type)
  }
}

/// What is known of an operation whose result types are asked for.
public struct InferenceInput {
  public let context: Context
  public let operands: [Value]
  public let attributes: (String) -> Attribute?

  public init(context: Context, operands: [Value], attributes: @escaping (String) -> Attribute?) {
    self.context = context
    self.operands = operands
    self.attributes = attributes
  }
}

extension Operation {
  /// The interface of type `I` of this operation's declaration.
  public func interface<I: OpInterface>(_ type: I.Type) -> I? { definition?.interface(type) }

  /// The attribute of a constant-like operation: its `value` or, where its declaration has no such
  /// attribute, what it folds to.
  public var constantValue: Attribute? {
    guard has(.constantLike) else { return nil }
    let slot = state.pointee.operationNames[record.name].constantSlot
    if slot >= 0 { return inherent(slot) }
    if let values = definition?.fold?(self).replacements, values.count == 1,
      case .attribute(let value) = values[0]
    {
      return value
    }
    return nil
  }
}

extension Value {
  /// The attribute this value is known to equal: that of the constant defining it.
  public var constant: Attribute? { definingOperation?.constantValue }
  /// The constant integer or index this value equals.
  public var constantInteger: Int? { constant?.integerValue.map { Int($0) } }
}
