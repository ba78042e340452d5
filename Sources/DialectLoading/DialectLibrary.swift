import MartletIR
import MartletSupport
import Synchronization

/// A name of C++, with the namespaces written before it.
struct CppName {
  let path: [Substring]

  init(_ text: String) {
    path = text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
  }

  var last: String { path.last.map(String.init) ?? "" }
  /// The namespace or class just before the last name.
  var qualifier: Substring? { path.count > 1 ? path[path.count - 2] : nil }
}

/// An enumeration of the records.
struct LoadedEnum: Sendable {
  let definition: EnumDefinition
  let className: String
  /// Values by the names the enumerators have in C++.
  let symbols: [(symbol: String, value: Int64)]
  /// Width of the integer attribute that holds it.
  let width: Int
  /// The class of that attribute, where it has one of its own.
  let attributeClass: String?

  func value(ofSymbol name: String) -> Int64? { symbols.first { $0.symbol == name }?.value }
}

/// A type or attribute that the records define.
struct LoadedDefinition: Sendable {
  /// Dialect and mnemonic.
  let name: String
  let isType: Bool
  let className: String
  /// Namespaces of the class.
  let namespace: [Substring]
  let record: Record
}

/// The records of all files a user brings, and what is found in them by names of C++.
///
/// Predicates, default values and parameters name classes and enumerators across files, so that all files
/// together make one library.
final class DialectLibrary: @unchecked Sendable {
  let stores: [RecordStore]
  private(set) var enums: [String: LoadedEnum] = [:]
  private var definitions: [String: [LoadedDefinition]] = [:]
  private var definitionsByName: [String: LoadedDefinition] = [:]
  private let tests = Mutex<[String: @Sendable (CppValue) -> Bool?]>([:])
  private let parameterLists = Mutex<[String: [ParameterDefinition]]>([:])

  init(_ stores: [RecordStore]) {
    self.stores = stores
    for store in stores {
      for record in store.instances(of: "EnumInfo") {
        guard let made = Self.enumeration(record), enums[made.className] == nil else { continue }
        enums[made.className] = made
      }
      for record in store.instances(of: "TypeDef") { add(record, isType: true) }
      for record in store.instances(of: "AttrDef") { add(record, isType: false) }
    }
  }

  private func add(_ record: Record, isType: Bool) {
    guard let dialect = record.record("dialect")?.text("name"),
      let className = record.text("cppClassName")
    else { return }
    let name = record.filled("mnemonic").map { "\(dialect).\($0)" } ?? "\(dialect).<\(className)>"
    guard definitionsByName[(isType ? "!" : "#") + name] == nil else { return }
    let space = record.record("dialect")?.text("cppNamespace") ?? ""
    let made = LoadedDefinition(
      name: name, isType: isType, className: className, namespace: CppName(space).path,
      record: record)
    definitions[className, default: []].append(made)
    definitionsByName[(isType ? "!" : "#") + name] = made
  }

  /// What is known of the C++ of the dialect an operation belongs to.
  func supplement(_ operation: String) -> DialectSupplement? {
    DialectSupplement.known(String(operation.prefix { $0 != "." }))
  }

  // MARK: Enumerations

  private static func enumeration(_ record: Record) -> LoadedEnum? {
    guard let className = record.text("className") else { return nil }
    var cases: [(name: String, value: Int64)] = []
    var symbols: [(symbol: String, value: Int64)] = []
    for entry in record.records("enumerants") {
      let value = Int64(entry.integer("value") ?? 0)
      let symbol = entry.text("symbol") ?? ""
      cases.append((entry.text("str") ?? symbol, value))
      symbols.append((symbol, value))
    }
    let isBitEnum = record.classes.contains { $0.hasPrefix("BitEnum") }
    return LoadedEnum(
      definition: EnumDefinition(
        className, cases, summary: record.text("summary"), isBitEnum: isBitEnum,
        separator: isBitEnum ? record.text("separator") ?? "|" : ", "),
      className: className, symbols: symbols, width: record.integer("bitwidth") ?? 32,
      attributeClass: record.flag("genSpecializedAttr")
        ? record.text("specializedAttrClassName") : nil)
  }

  func isEnumeration(_ name: String) -> Bool { enums[name] != nil }

  /// The value of `Kind::case`.
  func enumerator(_ path: [String]) -> Int64? {
    guard path.count > 1 else { return nil }
    return enums[path[path.count - 2]]?.value(ofSymbol: path[path.count - 1])
  }

  // MARK: Definitions

  func definition(ofClass name: String) -> LoadedDefinition? {
    let name = CppName(name)
    guard let found = definitions[name.last] else { return nil }
    if found.count == 1 { return found[0] }
    guard let qualifier = name.qualifier else { return found[0] }
    return found.first { $0.namespace.last == qualifier } ?? found[0]
  }

  func definition(named name: String, isType: Bool) -> LoadedDefinition? {
    definitionsByName[(isType ? "!" : "#") + name]
  }

  /// The parameters of a definition, in order.
  func parameters(of definition: LoadedDefinition) -> [ParameterDefinition] {
    let key = (definition.isType ? "!" : "#") + definition.name
    if let known = parameterLists.withLock({ $0[key] }) { return known }
    let record = definition.record
    let made = record.arguments("parameters").map { argument in
      switch argument.value {
      case .record(let number):
        if let inner = record.store.record(number) {
          return ParameterDefinition(inner, argument.name, self)
        }
        return ParameterDefinition(type: "", argument.name, self)
      case .text(let type): return ParameterDefinition(type: type, argument.name, self)
      default: return ParameterDefinition(type: "", argument.name, self)
      }
    }
    parameterLists.withLock { $0[key] = made }
    return made
  }

  /// Whether a type's text is in C++ and its only parameter a type.
  func isContainer(_ definition: LoadedDefinition) -> Bool {
    guard definition.isType, definition.record.flag("hasCustomAssemblyFormat") else { return false }
    let parameters = parameters(of: definition)
    if parameters.count == 1, case .type = parameters[0].kind { return true }
    return false
  }

  /// What `getName()` of a type of the records gives.
  func parameter(_ method: String, of type: Type) -> CppValue {
    guard let name = type.definition?.name else { return .unknown }
    guard let found = definition(named: name, isType: true) else {
      return supplement(name)?.typeMethods[method]?(type) ?? .unknown
    }
    return parameter(method, found) {
      type.attributeWord($0)
    } count: {
      type.words.count
    }
  }

  func parameter(_ method: String, of attribute: Attribute) -> CppValue {
    guard let name = attribute.definition?.name,
      let found = definition(named: name, isType: false)
    else { return .unknown }
    return parameter(method, found) {
      attribute.attributeWord($0)
    } count: {
      attribute.words.count
    }
  }

  private func parameter(
    _ method: String, _ found: LoadedDefinition, word: (Int) -> Attribute?, count: () -> Int
  ) -> CppValue {
    guard method.hasPrefix("get") else { return .unknown }
    if found.record.flag("hasCustomAssemblyFormat"), !isContainer(found) { return .unknown }
    let wanted = method.dropFirst(3)
    for (i, parameter) in parameters(of: found).enumerated() where i < count() {
      guard parameter.accessor == wanted else { continue }
      return word(i).map { parameter.kind.value($0) } ?? .null
    }
    return .unknown
  }

  // MARK: Classes

  /// A test whether a value is of a class; it gives nil where that is not known.
  func classTest(_ name: String) -> @Sendable (CppValue) -> Bool? {
    if let known = tests.withLock({ $0[name] }) { return known }
    let made = makeTest(name)
    tests.withLock { $0[name] = made }
    return made
  }

  private func makeTest(_ text: String) -> @Sendable (CppValue) -> Bool? {
    let name = CppName(text).last
    if let own = ownDefinition(text) { return test(of: own) }
    if let test = BuiltinClasses.types[name] {
      return { value in value.type.map(test) }
    }
    if let test = BuiltinClasses.attributes[name] {
      return { value in
        if case .attribute(let attribute) = value { return test(attribute) }
        return nil
      }
    }
    if let kind = FloatKind.allCases.first(where: { BuiltinClasses.name(of: $0) == name }) {
      return { value in value.type.map { $0.isFloat(kind) } }
    }
    if let found = definition(ofClass: text) { return test(of: found) }
    if let found = enums.values.first(where: { $0.attributeClass == name }) {
      return { value in
        guard case .attribute(let attribute) = value else { return nil }
        guard attribute.kind == .integer, attribute.typeWord(0).isInteger(found.width),
          let number = attribute.integerValue
        else { return false }
        return found.definition.keyword(number) != nil
      }
    }
    return { _ in nil }
  }

  /// A definition that `text` names with the namespace of its dialect: it may have the name of a builtin class.
  private func ownDefinition(_ text: String) -> LoadedDefinition? {
    guard let qualifier = CppName(text).qualifier, qualifier != "mlir",
      let found = definition(ofClass: text), found.namespace.last == qualifier
    else { return nil }
    return found
  }

  /// Whether a class is one that can be tested for.
  func knowsClass(_ text: String) -> Bool {
    let name = CppName(text).last
    return BuiltinClasses.types[name] != nil || BuiltinClasses.attributes[name] != nil
      || FloatKind.allCases.contains { BuiltinClasses.name(of: $0) == name }
      || definition(ofClass: text) != nil || enums.values.contains { $0.attributeClass == name }
  }

  private func test(of found: LoadedDefinition) -> @Sendable (CppValue) -> Bool? {
    let definitionName = found.name
    if found.isType {
      return { value in
        guard let type = value.type else { return nil }
        if type.kind == .opaque {
          return definitionName == "\(type.opaqueDialect).\(Self.mnemonic(type.opaqueText))"
        }
        return type.definition?.name == definitionName
      }
    }
    return { value in
      guard case .attribute(let attribute) = value else { return nil }
      if attribute.kind == .opaque { return nil }
      return attribute.definition?.name == definitionName
    }
  }

  /// The word a body kept as text begins with.
  private static func mnemonic(_ text: String) -> Substring {
    text.drop { $0 == "<" }.prefix { $0 != "<" && $0 != ">" && $0 != " " }
  }
}

/// Classes of MLIR's builtin dialect.
enum BuiltinClasses {
  /// The class of a floating-point type, `Float8E4M3FNType`.
  static func name(of kind: FloatKind) -> String {
    switch kind {
    case .bf16: "BFloat16Type"
    case .tf32: "FloatTF32Type"
    default: "Float\(kind.name.dropFirst())Type"
    }
  }

  static let types: [String: @Sendable (Type) -> Bool] = [
    "Type": { _ in true },
    "IntegerType": { $0.isInteger }, "IndexType": { $0.isIndex }, "FloatType": { $0.isFloat },
    "ComplexType": { $0.kind == .complex }, "NoneType": { $0.kind == BuiltinTypeKind.none },
    "FunctionType": { $0.isFunction }, "TupleType": { $0.kind == .tuple },
    "VectorType": { $0.isVector },
    "FixedVectorType": { $0.isVector && $0.scalableMask == 0 },
    "ScalableVectorType": { $0.isVector && $0.scalableMask != 0 },
    "TensorType": { $0.isTensor }, "RankedTensorType": { $0.isRankedTensor },
    "UnrankedTensorType": { $0.kind == .unrankedTensor }, "ShapedType": { $0.isShaped },
    "MemRefType": { $0.kind == .memRef }, "UnrankedMemRefType": { $0.kind == .unrankedMemRef },
    "BaseMemRefType": { $0.isMemRef }, "GraphType": { $0.kind == .graph },
  ]

  private static func isElements(_ attribute: Attribute) -> Bool {
    switch attribute.kind {
    case .denseElements, .denseString, .denseResource, .sparseElements: true
    default: false
    }
  }

  private static func isDenseArray(_ attribute: Attribute, _ test: (Type) -> Bool) -> Bool {
    attribute.denseArrayElementType.map(test) ?? false
  }

  static let attributes: [String: @Sendable (Attribute) -> Bool] = [
    "Attribute": { _ in true },
    "IntegerAttr": { $0.kind == .integer }, "FloatAttr": { $0.kind == .float },
    "BoolAttr": { $0.kind == .integer && $0.typeWord(0).isInteger(1) },
    "StringAttr": { $0.kind == .string }, "ArrayAttr": { $0.kind == .array },
    "DictionaryAttr": { $0.kind == .dictionary }, "TypeAttr": { $0.kind == .type },
    "UnitAttr": { $0.isUnit }, "SymbolRefAttr": { $0.kind == .symbolRef },
    "FlatSymbolRefAttr": { $0.kind == .symbolRef && $0.words.count == 1 },
    "AffineMapAttr": { $0.kind == .affineMap }, "IntegerSetAttr": { $0.kind == .integerSet },
    "TypedAttr": { $0.type != nil }, "LocationAttr": { $0.isLocation },
    "DistinctAttr": { $0.kind == .distinct }, "StridedLayoutAttr": { $0.kind == .stridedLayout },
    "ElementsAttr": { isElements($0) || $0.kind == .denseArray },
    "DenseElementsAttr": { $0.kind == .denseElements || $0.kind == .denseString },
    "DenseIntOrFPElementsAttr": { $0.kind == .denseElements },
    "DenseIntElementsAttr": {
      $0.kind == .denseElements && $0.typeWord(0).elementType.isIntOrIndex
    },
    "DenseFPElementsAttr": { $0.kind == .denseElements && $0.typeWord(0).elementType.isFloat },
    "DenseStringElementsAttr": { $0.kind == .denseString },
    "DenseResourceElementsAttr": { $0.kind == .denseResource },
    "SparseElementsAttr": { $0.kind == .sparseElements },
    "DenseArrayAttr": { $0.kind == .denseArray },
    "DenseBoolArrayAttr": { isDenseArray($0) { $0.isInteger(1) } },
    "DenseI8ArrayAttr": { isDenseArray($0) { $0.isInteger(8) } },
    "DenseI16ArrayAttr": { isDenseArray($0) { $0.isInteger(16) } },
    "DenseI32ArrayAttr": { isDenseArray($0) { $0.isInteger(32) } },
    "DenseI64ArrayAttr": { isDenseArray($0) { $0.isInteger(64) } },
    "DenseF32ArrayAttr": { isDenseArray($0) { $0.isFloat(.f32) } },
    "DenseF64ArrayAttr": { isDenseArray($0) { $0.isFloat(.f64) } },
  ]
}
