import MartletSupport

/// Owns everything: types, attributes, names, dialects and the operations themselves.
///
/// Handles (`Operation`, `Value`, `Type`, ...) are small values that point into a context and are
/// good for as long as it lives. A context and its handles belong to one thread at a time.
public final class Context {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let diagnostics: DiagnosticEngine
  /// Whether operations, types and attributes of unknown dialects are accepted.
  public var allowsUnregisteredDialects = false
  /// Whether errors at operations come with the operation in a note.
  public var printsOperationsOnErrors = false
  /// Whether an operation that comes to stand for several keeps the places of all of them. MLIR, and Martlet where
  /// nobody follows operations through passes, keeps one, and none for constants that folding shares.
  public var keepsAllOrigins = false

  private var availableDialects: [String: @Sendable () -> Dialect] = [:]
  public private(set) var loadedDialects: [String: Dialect] = [:]
  /// Definitions of dialect types and attributes; a kind number is an index plus `firstDialectKind`.
  var typeDefinitions: [TypeDefinition] = []
  var attributeDefinitions: [AttributeDefinition] = []
  private var typeDefinitionByName: [String: UInt32] = [:]
  private var attributeDefinitionByName: [String: UInt32] = [:]
  private var typeKinds: [ObjectIdentifier: UInt32] = [:]
  private var attributeKinds: [ObjectIdentifier: UInt32] = [:]
  /// Source texts locations point into, with the location number of each one's first byte.
  private(set) var sources: [(base: UInt32, file: SourceFile, lineStarts: [UInt32])] = []
  private var nextSourceBase: UInt32 = 0
  /// Storage for other rooms that keep something per context (e.g. compiled assembly formats).
  public var text = TextHooks()
  public var extensions: [ObjectIdentifier: AnyObject] = [:]
  private(set) var distinctCount: UInt64 = 0

  static let firstDialectKind: UInt32 = 256

  public init(diagnostics: DiagnosticEngine = DiagnosticEngine()) {
    self.diagnostics = diagnostics
    state = .allocate(capacity: 1)
    state.initialize(to: IRState(context: self))
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  // MARK: Dialects

  /// Makes a dialect known by name; it is loaded when its name is first met.
  public func register(_ name: String, _ make: @escaping @Sendable () -> Dialect) {
    availableDialects[name] = make
  }

  /// Makes a dialect known by name; where one of that name is registered already, it is loaded as what
  /// `extend` makes of it. One that is loaded stays as it is.
  public func register(
    _ name: String, extending extend: @escaping @Sendable (Dialect?) -> Dialect
  ) {
    if loadedDialects[name] != nil { return }
    guard let known = availableDialects[name] else {
      availableDialects[name] = { extend(nil) }
      return
    }
    availableDialects[name] = { extend(known()) }
  }

  /// The dialect called `name`, loading it if it is registered.
  public func dialect(_ name: String) -> Dialect? {
    if let loaded = loadedDialects[name] { return loaded }
    guard let make = availableDialects[name] else { return nil }
    return load(make())
  }

  @discardableResult
  public func load(_ dialect: Dialect) -> Dialect {
    if let loaded = loadedDialects[dialect.name] { return loaded }
    loadedDialects[dialect.name] = dialect
    for definition in dialect.types {
      let kind = UInt32(typeDefinitions.count) + Self.firstDialectKind
      typeDefinitions.append(definition)
      typeDefinitionByName[definition.name] = kind
      typeKinds[ObjectIdentifier(definition)] = kind
    }
    for definition in dialect.attributes {
      let kind = UInt32(attributeDefinitions.count) + Self.firstDialectKind
      attributeDefinitions.append(definition)
      attributeDefinitionByName[definition.name] = kind
      attributeKinds[ObjectIdentifier(definition)] = kind
    }
    for definition in dialect.operations { define(definition, dialect) }
    return dialect
  }

  /// Names of all dialects registered or loaded, sorted.
  public var dialectNames: [String] {
    Set(availableDialects.keys).union(loadedDialects.keys).sorted()
  }

  private func define(_ definition: OpDefinition, _ dialect: Dialect) {
    let string = state.pointee.strings.intern(definition.name)
    let record = OperationNameRecord(
      string: string, definition: definition, traits: definition.traits,
      identity: UnsafeRawPointer(Unmanaged.passUnretained(definition).toOpaque()),
      inherentNames: definition.attributes.map { state.pointee.strings.intern($0.name) },
      constantSlot: definition.traits.contains(.constantLike)
        ? definition.slot("value") ?? -1 : -1,
      symbolSlot: definition.traits.contains(.symbol) ? definition.slot("sym_name") ?? -1 : -1,
      dialect: dialect)
    if let known = state.pointee.operationName(ofString: string) {
      // Met before its dialect was loaded; operations made so far are few and stay generic.
      state.pointee.operationNames[known] = record
      return
    }
    _ = state.pointee.addOperationName(record)
  }

  /// The operation name `text`, loading its dialect if that is registered.
  public func operationName(_ text: String) -> OperationName {
    operationName(internedText: state.pointee.strings.intern(text))
  }

  public func operationName(_ bytes: UnsafeBufferPointer<UInt8>) -> OperationName {
    operationName(internedText: state.pointee.strings.intern(bytes))
  }

  private func operationName(internedText string: UInt32) -> OperationName {
    if let known = state.pointee.operationName(ofString: string) {
      return OperationName(state, known)
    }
    let text = state.pointee.strings.string(string)
    if let dot = text.firstIndex(of: "."), dialect(String(text[..<dot])) != nil,
      let known = state.pointee.operationName(ofString: string)
    {
      return OperationName(state, known)
    }
    let name = state.pointee.addOperationName(
      OperationNameRecord(
        string: string, definition: nil, traits: [], identity: nil, inherentNames: [],
        constantSlot: -1, symbolSlot: -1, dialect: nil))
    return OperationName(state, name)
  }

  /// The name of a declared operation, whose dialect is loaded if need be.
  public func operationName(_ definition: OpDefinition) -> OperationName {
    if let known = state.pointee.namesByDefinition.name(of: definition) {
      return OperationName(state, known)
    }
    let name = operationName(definition.name)
    // One of that name may be declared elsewhere too; then only the text counts.
    if name.definition === definition {
      state.pointee.namesByDefinition.set(definition, name.raw)
    }
    return name
  }

  // MARK: Dialect types and attributes

  public func typeDefinition(named name: String) -> TypeDefinition? {
    loadDialect(ofName: name)
    return typeDefinitionByName[name].map { typeDefinitions[Int($0 - Self.firstDialectKind)] }
  }

  public func attributeDefinition(named name: String) -> AttributeDefinition? {
    loadDialect(ofName: name)
    return attributeDefinitionByName[name].map {
      attributeDefinitions[Int($0 - Self.firstDialectKind)]
    }
  }

  private func loadDialect(ofName name: String) {
    if let dot = name.firstIndex(of: ".") { _ = dialect(String(name[..<dot])) }
  }

  func kind(of definition: TypeDefinition) -> UInt32 {
    if let kind = typeKinds[ObjectIdentifier(definition)] { return kind }
    loadDialect(ofName: definition.name)
    guard let kind = typeKinds[ObjectIdentifier(definition)] else {
      preconditionFailure("type \(definition.name) used without its dialect")
    }
    return kind
  }

  func kind(of definition: AttributeDefinition) -> UInt32 {
    if let kind = attributeKinds[ObjectIdentifier(definition)] { return kind }
    loadDialect(ofName: definition.name)
    guard let kind = attributeKinds[ObjectIdentifier(definition)] else {
      preconditionFailure("attribute \(definition.name) used without its dialect")
    }
    return kind
  }

  // MARK: Strings

  public func intern(_ text: String) -> Identifier {
    Identifier(state, state.pointee.strings.intern(text))
  }

  public func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Identifier {
    Identifier(state, state.pointee.strings.intern(bytes))
  }

  // MARK: Sources and locations

  /// Makes `source` a text that locations can point into.
  /// - Returns: the location number of its first byte; nil where the texts together pass 2 GiB.
  public func addSource(_ source: SourceFile) -> UInt32? {
    diagnostics.addSource(source)
    let length = source.bytes.count + 1
    guard length < Int(Int32.max) - Int(nextSourceBase) else { return nil }
    defer { nextSourceBase += UInt32(length) }
    sources.append((nextSourceBase, source, []))
    return nextSourceBase
  }

  /// Line and column of a byte of a source, from a table of line starts made on first use.
  func resolve(sourceOffset: UInt32) -> (file: SourceFile, line: Int, column: Int)? {
    guard let index = sources.lastIndex(where: { $0.base <= sourceOffset }) else { return nil }
    if sources[index].lineStarts.isEmpty {
      var starts: [UInt32] = [0]
      for (i, byte) in sources[index].file.bytes.enumerated() where byte == 10 {
        starts.append(UInt32(i + 1))
      }
      sources[index].lineStarts = starts
    }
    let offset = sourceOffset - sources[index].base
    let starts = sources[index].lineStarts
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let file = sources[index].file
    return (file, low + 1 + file.firstLineOffset, Int(offset - starts[low]) + 1)
  }

  /// The source that holds the place `offset`, with its line starts.
  func source(at offset: UInt32) -> (base: UInt32, file: SourceFile, lineStarts: [UInt32])? {
    _ = resolve(sourceOffset: offset)
    return sources.last { $0.base <= offset }
  }

  /// A number no other call returns, for distinct attributes.
  public func nextDistinctID() -> UInt64 {
    defer { distinctCount += 1 }
    return distinctCount
  }
}

/// An interned string: equal texts compare equal by number.
public struct Identifier: Hashable, CustomStringConvertible {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @usableFromInline init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  public var string: String { state.pointee.strings.string(raw) }
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> { state.pointee.strings.bytes(raw) }
  public var description: String { string }
  @inlinable public static func == (a: Identifier, b: Identifier) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}

/// The name of an operation, with its definition where the dialect is known.
public struct OperationName: Hashable, CustomStringConvertible {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @usableFromInline init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  public var string: String { state.pointee.strings.string(record.string) }
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> {
    state.pointee.strings.bytes(state.pointee.operationNames[raw].string)
  }
  public var description: String { string }
  public var definition: OpDefinition? { record.definition }
  @inlinable public var isRegistered: Bool { state.pointee.operationNames[raw].identity != nil }
  /// The loaded dialect that declares it, nil where it is not registered.
  public var dialect: Dialect? { record.dialect }
  @inlinable public var traits: OpTraits { state.pointee.operationNames[raw].traits }
  /// `arith` of `arith.addi`; empty where the name has no dot.
  public var dialectName: String {
    let text = string
    guard let dot = text.firstIndex(of: ".") else { return "" }
    return String(text[..<dot])
  }
  var record: OperationNameRecord {
    @inline(__always) unsafeAddress { UnsafePointer(pointer) }
    @inline(__always) nonmutating unsafeMutableAddress { pointer }
  }
  @inline(__always) private var pointer: UnsafeMutablePointer<OperationNameRecord> {
    withUnsafeMutablePointer(to: &state.pointee.operationNames[raw]) { $0 }
  }
  @inlinable public static func == (a: OperationName, b: OperationName) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}

extension Context {
  /// Whether any affine map, integer set, distinct, dialect or location attribute has been made here: those
  /// may be printed through aliases.
  public var hasAliasableAttributes: Bool {
    for i in 0..<UInt32(truncatingIfNeeded: state.pointee.attributes.entries.count) {
      switch BuiltinAttributeKind(rawValue: state.pointee.attributes.entries[i].kind) {
      case .affineMap, .integerSet, .distinct, nil: return true
      case .fileLocation, .nameLocation, .callSiteLocation, .fusedLocation: return true
      default: continue
      }
    }
    return false
  }
}
