import MartletSupport

/// What types a declared operand or result may have.
public struct TypeConstraint: Sendable {
  /// As the verifier's message says it: `operand #0 must be <summary>, but got 'f32'`.
  public let summary: String
  public let accepts: @Sendable (Type) -> Bool
  /// The one type that satisfies it, for texts that leave it out; nil where there are several.
  public let buildable: (@Sendable (Context) -> Type)?
  /// The dialect's type whose `!dialect.mnemonic` assembly formats leave out, as in `<f32>`; nil for none.
  public let shortForm: String?

  public init(
    _ summary: String, buildable: (@Sendable (Context) -> Type)? = nil, shortForm: String? = nil,
    _ accepts: @escaping @Sendable (Type) -> Bool
  ) {
    self.summary = summary
    self.buildable = buildable
    self.shortForm = shortForm
    self.accepts = accepts
  }

  public static let any = TypeConstraint("any type") { _ in true }
  public static let index = TypeConstraint("index", buildable: { $0.index }) { $0.isIndex }
  public static let i1 = TypeConstraint("1-bit signless integer", buildable: { $0.i1 }) {
    $0.isInteger(1)
  }
  public static let i32 = TypeConstraint("32-bit signless integer", buildable: { $0.i32 }) {
    $0.isInteger(32)
  }
  public static let i64 = TypeConstraint("64-bit signless integer", buildable: { $0.i64 }) {
    $0.isInteger(64)
  }
  public static let anyFloat = TypeConstraint("floating-point") { $0.isFloat }
  public static let anyInteger = TypeConstraint("integer") { $0.isInteger }
  public static let signlessInteger = TypeConstraint("signless integer") { $0.isSignlessInteger }
  public static let signlessIntegerOrIndex = TypeConstraint("signless integer or index") {
    $0.isSignlessIntOrIndex
  }
  public static let signlessIntegerLike = TypeConstraint("signless-integer-like") {
    like($0) { $0.isSignlessIntOrIndex }
  }
  public static let floatLike = TypeConstraint("floating-point-like") { like($0) { $0.isFloat } }
  /// i1 or a vector or tensor of it.
  public static let boolLike = TypeConstraint("bool-like") { like($0) { $0.isInteger(1) } }
  public static let anyTensor = TypeConstraint("tensor of any type values") { $0.isTensor }
  public static let rankedTensor = TypeConstraint("ranked tensor of any type values") {
    $0.isRankedTensor
  }
  public static let anyMemRef = TypeConstraint("memref of any type values") { $0.kind == .memRef }
  public static let rankedOrUnrankedMemRef = TypeConstraint(
    "ranked or unranked memref of any type values"
  ) { $0.isMemRef }
  public static let anyVector = TypeConstraint("vector of any type values") { $0.isVector }
  public static let anyShaped = TypeConstraint("shaped of any type values") { $0.isShaped }
  public static let function = TypeConstraint("function type") { $0.isFunction }

  /// Whether `test` holds for a type or for the elements of a vector or tensor of it.
  public static func like(_ type: Type, _ test: (Type) -> Bool) -> Bool {
    type.isVector || type.isTensor ? test(type.elementType) : test(type)
  }

  public static func or(_ summary: String, _ parts: TypeConstraint...) -> TypeConstraint {
    TypeConstraint(summary) { type in parts.contains { $0.accepts(type) } }
  }
}

/// How an attribute is written in a declarative assembly format.
public enum AttributeForm: Sendable {
  /// As any attribute, with its type.
  case any
  /// An integer or float whose type is fixed and not written.
  case typed(@Sendable (Context) -> Type)
  /// A keyword of an enumeration.
  case keyword(EnumDefinition)
  /// `@name`, stored as a string.
  case symbolName
  case symbolReference
  case string
  case unit
  /// A type, stored as a type attribute.
  case type
  /// `[1, 2]`, stored as a dense array of this element type.
  case denseArray(@Sendable (Context) -> Type)
  /// A dialect's attribute whose own format is written without `#dialect.name`.
  case bare(AttributeDefinition)
  /// As `bare`, the definition being found by its name (`arith.fastmath`) where it is needed: it may be of a
  /// dialect that is not loaded yet.
  case named(String)
}

/// What attributes a declared slot may hold.
public struct AttributeConstraint: Sendable {
  public let summary: String
  public let form: AttributeForm
  public let accepts: @Sendable (Attribute) -> Bool
  /// Whether integers of one type, and floats of one type, are all accepted or all refused: the verifier
  /// then need not look at each value.
  public let looksAtTypeOnly: Bool

  public init(
    _ summary: String, form: AttributeForm = .any, looksAtTypeOnly: Bool = false,
    _ accepts: @escaping @Sendable (Attribute) -> Bool
  ) {
    self.summary = summary
    self.form = form
    self.accepts = accepts
    self.looksAtTypeOnly = looksAtTypeOnly
  }

  public static let any = AttributeConstraint("any attribute", looksAtTypeOnly: true) { _ in true }
  public static let unit = AttributeConstraint("unit attribute", form: .unit) { $0.isUnit }
  public static let string = AttributeConstraint("string attribute", form: .string) {
    $0.kind == .string
  }
  public static let symbolName = AttributeConstraint("string attribute", form: .symbolName) {
    $0.kind == .string
  }
  public static let symbolRef = AttributeConstraint(
    "symbol reference attribute", form: .symbolReference
  ) { $0.kind == .symbolRef }
  public static let flatSymbolRef = AttributeConstraint(
    "flat symbol reference attribute", form: .symbolReference
  ) { $0.kind == .symbolRef && $0.words.count == 1 }
  public static let type = AttributeConstraint("any type attribute", form: .type) {
    $0.kind == .type
  }
  public static let functionType = AttributeConstraint(
    "type attribute of function type", form: .type
  ) { $0.typeValue?.isFunction ?? false }
  public static let bool = AttributeConstraint(
    "bool attribute", form: .typed { $0.i1 }, looksAtTypeOnly: true
  ) {
    $0.kind == .integer && $0.typeWord(0).isInteger(1)
  }
  public static let i32 = integer(32)
  public static let i64 = integer(64)
  public static func integer(_ width: Int) -> AttributeConstraint {
    AttributeConstraint(
      "\(width)-bit signless integer attribute", form: .typed { $0.integer(width) },
      looksAtTypeOnly: true
    ) { $0.kind == .integer && $0.typeWord(0).isInteger(width) }
  }
  public static let index = AttributeConstraint(
    "index attribute", form: .typed { $0.index }, looksAtTypeOnly: true
  ) {
    $0.kind == .integer && $0.typeWord(0).isIndex
  }
  public static let array = AttributeConstraint("array attribute") { $0.kind == .array }
  public static let dictionary = AttributeConstraint("dictionary of named attribute values") {
    $0.kind == .dictionary
  }
  public static let dictionaryArray = AttributeConstraint("Array of dictionary attributes") {
    $0.elements?.allSatisfy { $0.kind == .dictionary } ?? false
  }
  public static let typedAny = AttributeConstraint("TypedAttr instance", looksAtTypeOnly: true) {
    $0.type != nil
  }
  public static let elements = AttributeConstraint("constant vector/tensor attribute") {
    switch $0.kind {
    case .denseElements, .denseString, .denseResource, .sparseElements: true
    default: false
    }
  }
  public static let affineMap = AttributeConstraint("AffineMap attribute") { $0.kind == .affineMap }
  public static let affineMapArray = AttributeConstraint("AffineMap array attribute") {
    $0.elements?.allSatisfy { $0.kind == .affineMap } ?? false
  }
  public static let denseI64Array = denseArray("i64") { $0.i64 }
  public static let denseI32Array = denseArray("i32") { $0.i32 }
  public static let denseBoolArray = denseArray("i1") { $0.i1 }
  static func denseArray(_ name: String, _ type: @escaping @Sendable (Context) -> Type)
    -> AttributeConstraint
  {
    AttributeConstraint("\(name) dense array attribute", form: .denseArray(type)) {
      $0.kind == .denseArray && $0.typeWord(0) == type($0.context)
    }
  }
  /// An enumeration stored as an integer attribute of `width` bits.
  public static func enumeration(_ definition: EnumDefinition, width: Int) -> AttributeConstraint {
    AttributeConstraint(definition.summary, form: .keyword(definition)) { attribute in
      guard attribute.kind == .integer, attribute.typeWord(0).isInteger(width),
        let value = attribute.integerValue
      else { return false }
      return definition.isBitEnum || definition.cases.contains { $0.value == value }
    }
  }
  /// An attribute of a dialect's definition.
  public static func dialect(_ summary: String, _ definition: AttributeDefinition)
    -> AttributeConstraint
  {
    AttributeConstraint(summary, form: .bare(definition)) { $0.is(definition) }
  }
}

/// An enumeration: names and values, stored in integer attributes or in a dialect's attribute.
public struct EnumDefinition: Sendable {
  public let name: String
  public let summary: String
  public let cases: [(name: String, value: Int64)]
  public let isBitEnum: Bool
  /// Between the names of a bit enumeration's set bits.
  public let separator: String

  public init(
    _ name: String, _ cases: [(name: String, value: Int64)], summary: String? = nil,
    isBitEnum: Bool = false, separator: String = ", "
  ) {
    self.name = name
    self.cases = cases
    self.isBitEnum = isBitEnum
    self.separator = separator
    self.summary =
      summary
      ?? "allowed 64-bit signless integer cases: "
      + cases.map { String($0.value) }.joined(separator: ", ")
  }

  /// The keyword of `value`; for a bit enumeration its set bits' names, groups of bits first.
  public func keyword(_ value: Int64) -> String? {
    if let exact = cases.first(where: { $0.value == value }) { return exact.name }
    guard isBitEnum else { return nil }
    var left = value
    var names: [String] = []
    for entry in cases.reversed() where entry.value.nonzeroBitCount > 1 {
      if left & entry.value == entry.value, entry.value != 0 {
        names.append(entry.name)
        left &= ~entry.value
      }
    }
    for entry in cases where entry.value.nonzeroBitCount == 1 && left & entry.value != 0 {
      names.append(entry.name)
      left &= ~entry.value
    }
    return left == 0 ? names.joined(separator: separator) : nil
  }

  public func value(_ keyword: String) -> Int64? { cases.first { $0.name == keyword }?.value }
}
