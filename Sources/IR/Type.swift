import MartletSupport

/// The kinds of builtin types.
public enum BuiltinTypeKind: UInt32, Sendable {
  case integer, index, float, none, complex, function, tuple, vector, rankedTensor, unrankedTensor
  case memRef, unrankedMemRef, opaque, graph
}

/// Floating-point formats.
public enum FloatKind: UInt64, Sendable, CaseIterable {
  case f16, bf16, f32, f64, f80, f128, tf32
  case f4E2M1FN, f6E2M3FN, f6E3M2FN, f8E5M2, f8E4M3, f8E4M3FN, f8E5M2FNUZ, f8E4M3FNUZ
  case f8E4M3B11FNUZ, f8E3M4, f8E8M0FNU

  public var name: String {
    switch self {
    case .f16: "f16"
    case .bf16: "bf16"
    case .f32: "f32"
    case .f64: "f64"
    case .f80: "f80"
    case .f128: "f128"
    case .tf32: "tf32"
    case .f4E2M1FN: "f4E2M1FN"
    case .f6E2M3FN: "f6E2M3FN"
    case .f6E3M2FN: "f6E3M2FN"
    case .f8E5M2: "f8E5M2"
    case .f8E4M3: "f8E4M3"
    case .f8E4M3FN: "f8E4M3FN"
    case .f8E5M2FNUZ: "f8E5M2FNUZ"
    case .f8E4M3FNUZ: "f8E4M3FNUZ"
    case .f8E4M3B11FNUZ: "f8E4M3B11FNUZ"
    case .f8E3M4: "f8E3M4"
    case .f8E8M0FNU: "f8E8M0FNU"
    }
  }

  /// Storage width in bits.
  public var width: Int {
    switch self {
    case .f16, .bf16: 16
    case .f32: 32
    case .f64: 64
    case .f80: 80
    case .f128: 128
    case .tf32: 19
    case .f4E2M1FN: 4
    case .f6E2M3FN, .f6E3M2FN: 6
    default: 8
    }
  }
}

public enum Signedness: UInt64, Sendable { case signless, signed, unsigned }

/// A type of the IR, uniqued in its context: equal types are the same handle.
public struct Type: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public static func == (a: Type, b: Type) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  public var context: Context { state.pointee.context }

  @inlinable public var kindNumber: UInt32 { state.pointee.types.entries[raw].kind }
  /// The builtin kind, nil for a dialect's type.
  @inlinable public var kind: BuiltinTypeKind? { BuiltinTypeKind(rawValue: kindNumber) }
  @inlinable public var words: WordView {
    let entry = state.pointee.types.entries[raw]
    return WordView(base: entry.words, count: Int(entry.count))
  }

  /// The definition of a dialect's type, nil for a builtin type.
  public var definition: TypeDefinition? {
    let kind = kindNumber
    if kind < Context.firstDialectKind { return nil }
    return context.typeDefinitions[Int(kind - Context.firstDialectKind)]
  }

  public func `is`(_ definition: TypeDefinition) -> Bool {
    let kind = kindNumber
    if kind < Context.firstDialectKind { return false }
    return context.typeDefinitions[Int(kind - Context.firstDialectKind)] === definition
  }

  /// The words' handles, for views.
  public func typeWord(_ i: Int) -> Type { Type(state, UInt32(truncatingIfNeeded: words[i])) }
  public func identifierWord(_ i: Int) -> Identifier {
    Identifier(state, UInt32(truncatingIfNeeded: words[i]))
  }
  public func attributeWord(_ i: Int) -> Attribute? {
    let word = UInt32(truncatingIfNeeded: words[i])
    return word == .max ? nil : Attribute(state, word)
  }
}

// MARK: Queries

extension Type {
  @inlinable public var isIndex: Bool { kindNumber == BuiltinTypeKind.index.rawValue }
  @inlinable public var isInteger: Bool { kindNumber == BuiltinTypeKind.integer.rawValue }
  @inlinable public var isFloat: Bool { kindNumber == BuiltinTypeKind.float.rawValue }
  @inlinable public var isIntOrIndex: Bool { isInteger || isIndex }
  @inlinable public var isIntOrFloat: Bool { isInteger || isFloat }
  public var isSignlessInteger: Bool { isInteger && words[1] == Signedness.signless.rawValue }
  public var isSignlessIntOrIndex: Bool { isIndex || isSignlessInteger }
  public func isInteger(_ width: Int) -> Bool {
    isSignlessInteger && words[0] == UInt64(truncatingIfNeeded: width)
  }
  public var signedness: Signedness {
    isInteger ? Signedness(rawValue: words[1]) ?? .signless : .signless
  }
  public var floatKind: FloatKind? { isFloat ? FloatKind(rawValue: words[0]) : nil }
  public func isFloat(_ kind: FloatKind) -> Bool { floatKind == kind }

  /// Width in bits of an integer or float; 64 for index; nil for others.
  public var bitWidth: Int? {
    switch kind {
    case .integer: Int(words[0])
    case .index: 64
    case .float: floatKind?.width
    default: nil
    }
  }

  public var isTensor: Bool { kind == .rankedTensor || kind == .unrankedTensor }
  public var isRankedTensor: Bool { kind == .rankedTensor }
  public var isMemRef: Bool { kind == .memRef || kind == .unrankedMemRef }
  public var isVector: Bool { kind == .vector }
  public var isFunction: Bool { kind == .function }
  /// Tensor, memref or vector.
  public var isShaped: Bool { isTensor || isMemRef || isVector }
  public var hasRank: Bool { kind == .rankedTensor || kind == .memRef || kind == .vector }

  /// The element type of a shaped or complex type; the type itself otherwise.
  public var elementType: Type {
    switch kind {
    case .vector, .rankedTensor, .unrankedTensor, .memRef, .unrankedMemRef, .complex: typeWord(0)
    default: self
    }
  }

  /// How many words precede the dimensions.
  @usableFromInline var shapeStart: Int {
    switch kind {
    case .rankedTensor, .vector: 2
    case .memRef: 3
    default: words.count
    }
  }

  /// The number of dimensions; 0 where the type has none.
  public var rank: Int { hasRank ? words.count - shapeStart : 0 }

  /// The dimensions of a ranked type, `Type.dynamic` where unknown.
  public var shape: [Int] {
    hasRank ? words[shapeStart...].map { Int(Int64(bitPattern: $0)) } : []
  }

  public func dimension(_ i: Int) -> Int { Int(Int64(bitPattern: words[shapeStart + i])) }

  /// The size of a dimension that is not known at compile time.
  public static let dynamic = Int.min

  public var hasStaticShape: Bool { hasRank && !shape.contains(Type.dynamic) }

  /// The product of static dimensions; nil where one is dynamic or the product overflows.
  public var elementCount: Int? {
    guard hasRank else { return nil }
    var count = 1
    for size in shape {
      if size == Type.dynamic { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// A tensor's encoding.
  public var encoding: Attribute? { kind == .rankedTensor ? attributeWord(1) : nil }
  /// A memref's layout: an affine map or strided layout; nil for the identity.
  public var layout: Attribute? { kind == .memRef ? attributeWord(1) : nil }
  public var memorySpace: Attribute? {
    switch kind {
    case .memRef: attributeWord(2)
    case .unrankedMemRef: attributeWord(1)
    default: nil
    }
  }
  /// For each dimension of a vector whether it is scalable.
  public var scalableMask: UInt64 { isVector ? words[1] : 0 }

  /// A function's parameter types, or a tuple's element types.
  public var inputs: [Type] {
    switch kind {
    case .function: (1..<(1 + Int(words[0]))).map(typeWord)
    case .tuple: (0..<words.count).map(typeWord)
    default: []
    }
  }

  /// A function's result types.
  public var results: [Type] {
    kind == .function ? ((1 + Int(words[0]))..<words.count).map(typeWord) : []
  }

  /// The same shaped type with another shape or element type.
  public func cloned(shape: [Int]? = nil, elementType: Type? = nil) -> Type {
    let element = elementType ?? self.elementType
    let dims = shape ?? self.shape
    switch kind {
    case .rankedTensor: return context.tensor(dims, element, encoding: encoding)
    case .unrankedTensor:
      if let shape { return context.tensor(shape, element) }
      return context.unrankedTensor(element)
    case .memRef: return context.memRef(dims, element, layout: layout, memorySpace: memorySpace)
    case .vector: return context.vector(dims, element, scalable: scalableMask)
    default: return element
    }
  }
}

// MARK: Construction

extension Context {
  func type(_ kind: BuiltinTypeKind, _ words: [UInt64]) -> Type {
    words.withUnsafeBufferPointer { Type(state, state.pointee.types.unique(kind.rawValue, $0)) }
  }

  /// An instance of a dialect's type; what the words mean is the definition's affair.
  public func type(_ definition: TypeDefinition, _ words: [UInt64] = []) -> Type {
    let kind = kind(of: definition)
    return words.withUnsafeBufferPointer { Type(state, state.pointee.types.unique(kind, $0)) }
  }

  public func integer(_ width: Int, _ signedness: Signedness = .signless) -> Type {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { words in
      words[0] = UInt64(truncatingIfNeeded: width)
      words[1] = signedness.rawValue
      return builtinType(.integer, words: UnsafeBufferPointer(words))
    }
  }
  public var index: Type { type(.index, []) }
  public var noneType: Type { type(.none, []) }
  public var i1: Type { integer(1) }
  public var i8: Type { integer(8) }
  public var i32: Type { integer(32) }
  public var i64: Type { integer(64) }
  public func float(_ kind: FloatKind) -> Type {
    withUnsafePointer(to: kind.rawValue) {
      builtinType(.float, words: UnsafeBufferPointer(start: $0, count: 1))
    }
  }
  public var f32: Type { float(.f32) }
  public var f64: Type { float(.f64) }
  public func complex(_ element: Type) -> Type { type(.complex, [UInt64(element.raw)]) }
  public func function(_ inputs: [Type], _ results: [Type]) -> Type {
    type(.function, [UInt64(inputs.count)] + (inputs + results).map { UInt64($0.raw) })
  }
  public func tuple(_ elements: [Type]) -> Type { type(.tuple, elements.map { UInt64($0.raw) }) }

  public func tensor(_ shape: [Int], _ element: Type, encoding: Attribute? = nil) -> Type {
    type(.rankedTensor, [UInt64(element.raw), word(encoding)] + words(shape))
  }
  public func unrankedTensor(_ element: Type) -> Type {
    type(.unrankedTensor, [UInt64(element.raw)])
  }
  /// Bit i of `scalable` marks dimension i as scalable.
  public func vector(_ shape: [Int], _ element: Type, scalable: UInt64 = 0) -> Type {
    type(.vector, [UInt64(element.raw), scalable] + words(shape))
  }
  public func memRef(
    _ shape: [Int], _ element: Type, layout: Attribute? = nil, memorySpace: Attribute? = nil
  ) -> Type {
    var layout = layout
    // The identity layout is written by leaving it out.
    if let map = layout?.affineMap, map.isIdentityOnDimensions,
      map.dimensionCount == shape.count
    {
      layout = nil
    }
    return type(
      .memRef, [UInt64(element.raw), word(layout), word(memorySpace)] + words(shape))
  }
  public func unrankedMemRef(_ element: Type, memorySpace: Attribute? = nil) -> Type {
    type(.unrankedMemRef, [UInt64(element.raw), word(memorySpace)])
  }
  /// A type of an unregistered dialect, kept as its text: `!dialect.body` or `!dialect<body>`.
  public func opaqueType(dialect: String, text: String) -> Type {
    type(.opaque, [UInt64(intern(dialect).raw), UInt64(intern(text).raw)])
  }

  private func word(_ attribute: Attribute?) -> UInt64 { UInt64(attribute?.raw ?? .max) }
  private func words(_ shape: [Int]) -> [UInt64] { shape.map { UInt64(bitPattern: Int64($0)) } }
}

extension Type {
  /// The dialect and body of a type kept as text.
  public var opaqueDialect: String { Identifier(state, UInt32(words[0])).string }
  public var opaqueText: String { Identifier(state, UInt32(words[1])).string }
}
