import MartletSupport

/// The kinds of builtin attributes.
public enum BuiltinAttributeKind: UInt32, Sendable {
  case unit, integer, float, string, array, dictionary, symbolRef, type, affineMap, integerSet
  case denseElements, denseString, denseArray, denseResource, sparseElements, stridedLayout, opaque,
    distinct
  case unknownLocation, fileLocation, nameLocation, callSiteLocation, fusedLocation
}

/// A constant of the IR, uniqued in its context: equal attributes are the same handle.
public struct Attribute: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public static func == (a: Attribute, b: Attribute) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  public var context: Context { state.pointee.context }
  @inlinable public var kindNumber: UInt32 { state.pointee.attributes.entries[raw].kind }
  /// The builtin kind, nil for a dialect's attribute.
  @inlinable public var kind: BuiltinAttributeKind? { BuiltinAttributeKind(rawValue: kindNumber) }
  @inlinable public var words: WordView {
    let entry = state.pointee.attributes.entries[raw]
    return WordView(base: entry.words, count: Int(entry.count))
  }

  public var definition: AttributeDefinition? {
    let kind = kindNumber
    if kind < Context.firstDialectKind { return nil }
    return context.attributeDefinitions[Int(kind - Context.firstDialectKind)]
  }

  public func `is`(_ definition: AttributeDefinition) -> Bool {
    let kind = kindNumber
    if kind < Context.firstDialectKind { return false }
    return context.attributeDefinitions[Int(kind - Context.firstDialectKind)] === definition
  }

  public func typeWord(_ i: Int) -> Type { Type(state, UInt32(truncatingIfNeeded: words[i])) }
  public func attributeWord(_ i: Int) -> Attribute? {
    let word = UInt32(truncatingIfNeeded: words[i])
    return word == .max ? nil : Attribute(state, word)
  }
  public func identifierWord(_ i: Int) -> Identifier {
    Identifier(state, UInt32(truncatingIfNeeded: words[i]))
  }
}

// MARK: Queries

extension Attribute {
  public var isUnit: Bool { kind == .unit }

  /// The type of a typed attribute (integer, float, elements, typed string); nil for others.
  public var type: Type? {
    switch kind {
    case .integer, .float, .denseElements, .denseString, .denseResource, .sparseElements:
      typeWord(0)
    case .string: words[1] == UInt64(UInt32.max) ? nil : typeWord(1)
    default: nil
    }
  }

  /// An integer attribute's value, sign-extended from its width (i1 `true` is -1 as bits, see
  /// `boolValue`); nil for other kinds and for values wider than 64 bits.
  public var integerValue: Int64? {
    guard kind == .integer, words.count == 2 else { return nil }
    return Int64(bitPattern: words[1])
  }

  /// All words of an integer attribute's value, least significant first, sign-extended.
  public var integerWords: [UInt64] { kind == .integer ? Array(words[1...]) : [] }

  public var boolValue: Bool? {
    guard let value = integerValue, typeWord(0).isInteger(1) else { return nil }
    return value != 0
  }

  /// A float attribute's bits, in its own format, least significant word first.
  public var floatBits: [UInt64] { kind == .float ? Array(words[1...]) : [] }

  /// A float attribute's value as a double (exact for f16, bf16, f32 and f64; nil for wider).
  public var floatValue: Double? {
    guard kind == .float, let format = typeWord(0).floatKind, words.count == 2 else { return nil }
    return FloatFormat.decode(words[1], format)
  }

  public var stringIdentifier: Identifier? { kind == .string ? identifierWord(0) : nil }
  public var stringValue: String? { stringIdentifier?.string }

  /// An array attribute's elements.
  public var elements: [Attribute]? {
    guard kind == .array else { return nil }
    return words.map { Attribute(state, UInt32(truncatingIfNeeded: $0)) }
  }

  /// A dictionary's entries, sorted by name.
  public var entries: [(name: Identifier, value: Attribute)] {
    guard kind == .dictionary else { return [] }
    return stride(from: 0, to: words.count, by: 2).map {
      (identifierWord($0), Attribute(state, UInt32(truncatingIfNeeded: words[$0 + 1])))
    }
  }

  /// The entry of a dictionary called `name`.
  public subscript(name: String) -> Attribute? {
    entries.first { $0.name.string == name }?.value
  }

  /// `A` of `@A::@B::@C`.
  public var rootReference: Identifier? { kind == .symbolRef ? identifierWord(0) : nil }
  /// `[B, C]` of `@A::@B::@C`.
  public var nestedReferences: [Identifier] {
    guard kind == .symbolRef else { return [] }
    return (1..<words.count).map(identifierWord)
  }

  public var typeValue: Type? { kind == .type ? typeWord(0) : nil }
  public var affineMap: AffineMap? {
    kind == .affineMap ? AffineMap(state, UInt32(truncatingIfNeeded: words[0])) : nil
  }
  /// What `distinct[n]<...>` holds; nil for other attributes.
  public var distinctReference: Attribute? {
    kind == .distinct ? Attribute(state, UInt32(truncatingIfNeeded: words[1])) : nil
  }

  public var integerSet: IntegerSet? {
    kind == .integerSet ? IntegerSet(state, UInt32(truncatingIfNeeded: words[0])) : nil
  }

  /// The values of `array<i64: ...>` and other integer arrays, or of an array of integer attributes,
  /// or of dense integer elements of rank 1; nil for other kinds.
  public var integers: [Int]? {
    switch kind {
    case .denseArray where typeWord(0).isInteger:
      return words[1...].map { Int(Int64(bitPattern: $0)) }
    case .array:
      let values = (elements ?? []).compactMap(\.integerValue)
      return values.count == words.count ? values.map { Int($0) } : nil
    case .denseElements:
      return denseElements?.integers()
    default: return nil
    }
  }

  /// The element type of a dense array attribute.
  public var denseArrayElementType: Type? { kind == .denseArray ? typeWord(0) : nil }
  /// The raw elements of a dense array: sign-extended integers or float bits.
  public var denseArrayWords: [UInt64] { kind == .denseArray ? Array(words[1...]) : [] }

  public var isLocation: Bool {
    switch kind {
    case .unknownLocation, .fileLocation, .nameLocation, .callSiteLocation, .fusedLocation: true
    default: false
    }
  }

  /// Offset and strides of a `strided<...>` layout.
  public var strided: (offset: Int, strides: [Int])? {
    guard kind == .stridedLayout else { return nil }
    let values = words.map { Int(Int64(bitPattern: $0)) }
    return (values[0], Array(values[1...]))
  }
}

// MARK: Construction

extension Context {
  func attribute(_ kind: BuiltinAttributeKind, word: UInt64) -> Attribute {
    withUnsafePointer(to: word) {
      Attribute(
        state,
        state.pointee.attributes.unique(
          kind.rawValue, UnsafeBufferPointer(start: $0, count: 1)))
    }
  }

  func attribute(_ kind: BuiltinAttributeKind, _ first: UInt64, _ second: UInt64) -> Attribute {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { words in
      words[0] = first
      words[1] = second
      return Attribute(
        state, state.pointee.attributes.unique(kind.rawValue, UnsafeBufferPointer(words)))
    }
  }

  func attribute(_ kind: BuiltinAttributeKind, _ words: [UInt64]) -> Attribute {
    words.withUnsafeBufferPointer {
      Attribute(state, state.pointee.attributes.unique(kind.rawValue, $0))
    }
  }

  /// An instance of a dialect's attribute; what the words mean is the definition's affair.
  public func attribute(_ definition: AttributeDefinition, _ words: [UInt64] = []) -> Attribute {
    let kind = kind(of: definition)
    return words.withUnsafeBufferPointer {
      Attribute(state, state.pointee.attributes.unique(kind, $0))
    }
  }

  public var unit: Attribute { attribute(.unit, []) }

  /// An integer attribute; `value` is reduced to the type's width and sign-extended (zero-extended
  /// for an unsigned type), so that equal constants are equal attributes.
  public func integerAttribute(_ value: Int64, _ type: Type) -> Attribute {
    attribute(.integer, UInt64(type.raw), Self.canonical(value, type))
  }

  /// An integer attribute of more than 64 bits, least significant word first.
  public func integerAttribute(words: [UInt64], _ type: Type) -> Attribute {
    if words.count == 1 { return integerAttribute(Int64(bitPattern: words[0]), type) }
    return attribute(.integer, [UInt64(type.raw)] + words)
  }

  static func canonical(_ value: Int64, _ type: Type) -> UInt64 {
    guard let width = type.bitWidth, width < 64 else { return UInt64(bitPattern: value) }
    if width == 0 { return 0 }
    let shift = Int64(64 - width)
    if type.signedness == .unsigned {
      return (UInt64(bitPattern: value) << UInt64(shift)) >> UInt64(shift)
    }
    return UInt64(bitPattern: (value << shift) >> shift)
  }

  public func boolAttribute(_ value: Bool) -> Attribute { integerAttribute(value ? -1 : 0, i1) }
  public func indexAttribute(_ value: Int) -> Attribute { integerAttribute(Int64(value), index) }
  public func i64Attribute(_ value: Int) -> Attribute { integerAttribute(Int64(value), i64) }
  public func i32Attribute(_ value: Int) -> Attribute { integerAttribute(Int64(value), i32) }

  /// A float attribute; `value` is rounded to the type's format.
  public func floatAttribute(_ value: Double, _ type: Type) -> Attribute {
    let format = type.floatKind ?? .f64
    return attribute(.float, [UInt64(type.raw)] + FloatFormat.encode(value, format))
  }

  /// A float attribute from the bits of its own format.
  public func floatAttribute(bits: [UInt64], _ type: Type) -> Attribute {
    attribute(.float, [UInt64(type.raw)] + bits)
  }

  public func string(_ text: String, type: Type? = nil) -> Attribute {
    string(intern(text), type: type)
  }
  public func string(_ text: Identifier, type: Type? = nil) -> Attribute {
    attribute(.string, [UInt64(text.raw), UInt64(type?.raw ?? .max)])
  }

  public func array(_ elements: [Attribute]) -> Attribute {
    attribute(.array, elements.map { UInt64($0.raw) })
  }

  /// A dictionary; entries are sorted by name, and of two of one name the later wins.
  public func dictionary(_ entries: [(name: Identifier, value: Attribute)]) -> Attribute {
    var unique: [(name: Identifier, value: Attribute)] = []
    for entry in entries {
      if let i = unique.firstIndex(where: { $0.name == entry.name }) {
        unique[i].value = entry.value
      } else {
        unique.append(entry)
      }
    }
    if unique.count > 1 {
      unique.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }
    return attribute(.dictionary, unique.flatMap { [UInt64($0.name.raw), UInt64($0.value.raw)] })
  }

  public func dictionary(_ entries: [(String, Attribute)]) -> Attribute {
    dictionary(entries.map { (name: intern($0.0), value: $0.1) })
  }

  public func symbolRef(_ root: String, _ nested: [String] = []) -> Attribute {
    attribute(.symbolRef, ([root] + nested).map { UInt64(intern($0).raw) })
  }

  public func typeAttribute(_ type: Type) -> Attribute {
    attribute(.type, word: UInt64(type.raw))
  }
  public func affineMapAttribute(_ map: AffineMap) -> Attribute {
    attribute(.affineMap, word: UInt64(map.raw))
  }
  public func integerSetAttribute(_ set: IntegerSet) -> Attribute {
    attribute(.integerSet, [UInt64(set.raw)])
  }

  /// `array<element: ...>` of integers.
  public func denseArray(_ element: Type, _ values: [Int]) -> Attribute {
    attribute(
      .denseArray, [UInt64(element.raw)] + values.map { Self.canonical(Int64($0), element) })
  }
  /// `array<element: ...>` from sign-extended integers or float bits.
  public func denseArray(_ element: Type, words: [UInt64]) -> Attribute {
    attribute(.denseArray, [UInt64(element.raw)] + words)
  }
  public func denseI64Array(_ values: [Int]) -> Attribute { denseArray(i64, values) }
  public func denseI32Array(_ values: [Int]) -> Attribute { denseArray(i32, values) }

  /// A `strided<[...], offset: ...>` layout; sizes not known are `Type.dynamic`.
  public func stridedLayout(offset: Int, strides: [Int]) -> Attribute {
    attribute(.stridedLayout, ([offset] + strides).map { UInt64(bitPattern: Int64($0)) })
  }

  /// An attribute of an unregistered dialect, kept as its text; `type` where one is written.
  public func opaqueAttribute(dialect: String, text: String, type: Type? = nil) -> Attribute {
    attribute(
      .opaque,
      [UInt64(intern(dialect).raw), UInt64(intern(text).raw), UInt64(type?.raw ?? .max)])
  }

  public func distinct(_ id: UInt64, _ inner: Attribute) -> Attribute {
    attribute(.distinct, [id, UInt64(inner.raw)])
  }

  public func sparseElements(_ type: Type, indices: Attribute, values: Attribute) -> Attribute {
    attribute(.sparseElements, [UInt64(type.raw), UInt64(indices.raw), UInt64(values.raw)])
  }
}

extension Attribute {
  /// The type written behind an attribute kept as text.
  public var opaqueType: Type? {
    kind == .opaque && words[2] != UInt64(UInt32.max) ? typeWord(2) : nil
  }
}
