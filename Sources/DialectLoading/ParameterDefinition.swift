import MartletIR
import MartletSupport
import MartletSyntax

/// What a parameter of a type or attribute holds.
indirect enum ParameterKind: Sendable {
  /// A type; of a definition whose prefix is left out where a name is given.
  case type(String?)
  case attribute(AttributeForm)
  case integer
  case boolean
  case string
  case float
  case enumeration(LoadedEnum)
  case array(ParameterKind)
  /// Of a class of C++ that is not known.
  case unknown

  init(_ text: String, _ library: DialectLibrary) {
    let text = text.filter { $0 != " " }
    for list in ["ArrayRef<", "SmallVector<", "std::vector<"] {
      if let range = text.firstRange(of: list), text.hasSuffix(">") {
        let inner = text[range.upperBound...].dropLast()
        self = .array(ParameterKind(String(inner.prefix { $0 != "," }), library))
        return
      }
    }
    if let range = text.firstRange(of: "optional<"), text.hasSuffix(">") {
      self.init(String(text[range.upperBound...].dropLast()), library)
      return
    }
    let name = CppName(text).last
    switch name {
    case "unsigned", "int", "long", "size_t", "int8_t", "int16_t", "int32_t", "int64_t",
      "uint8_t", "uint16_t", "uint32_t", "uint64_t":
      self = .integer
    case "bool": self = .boolean
    case "StringRef", "string": self = .string
    case "APFloat", "double", "float": self = .float
    default:
      let isBuiltin = BuiltinClasses.types[name] != nil || BuiltinClasses.attributes[name] != nil
      if let found = library.definition(ofClass: text),
        !isBuiltin || found.namespace.last == CppName(text).qualifier
      {
        self = found.isType ? .type(found.name) : .attribute(.named(found.name))
      } else if let found = library.enums[name] {
        self = .enumeration(found)
      } else if BuiltinClasses.types[name] != nil || name.hasSuffix("Type") {
        self = .type(nil)
      } else if let form = AttributeForm(ofClass: name) {
        self = .attribute(form)
      } else {
        self = .unknown
      }
    }
  }

  var isKnown: Bool {
    switch self {
    case .unknown: false
    case .array(let element): element.isKnown
    default: true
    }
  }

  /// What an accessor of the parameter gives in C++.
  func value(_ attribute: Attribute) -> CppValue {
    switch self {
    case .type: attribute.typeValue.map { .type($0) } ?? .unknown
    case .attribute: .attribute(attribute)
    case .integer, .enumeration: attribute.integerValue.map { .integer($0) } ?? .unknown
    case .boolean: attribute.boolValue.map { .boolean($0) } ?? .unknown
    case .string: attribute.stringValue.map { .string($0) } ?? .unknown
    case .float: attribute.floatValue.map { .float($0) } ?? .unknown
    case .array(let element): .list((attribute.elements ?? []).map { element.value($0) })
    case .unknown: .unknown
    }
  }

  /// The attribute that holds a value of C++; nil where it has none.
  func attribute(_ value: CppValue, _ context: Context) -> Attribute? {
    switch (self, value) {
    case (.type, .type(let type)): return context.typeAttribute(type)
    case (.attribute, .attribute(let attribute)): return attribute
    case (.integer, _), (.enumeration, _):
      return value.integer.map { context.integerAttribute($0, context.i64) }
    case (.boolean, _): return value.truth.map { context.boolAttribute($0) }
    case (.string, .string(let text)): return context.string(text)
    case (.float, .float(let value)): return context.floatAttribute(value, context.f64)
    case (.array(let element), .list(let values)):
      let elements = values.compactMap { element.attribute($0, context) }
      return elements.count == values.count ? context.array(elements) : nil
    default: return nil
    }
  }

  /// What `T()` makes; nil for a null.
  func zero(_ context: Context) -> Attribute? {
    switch self {
    case .integer, .enumeration: context.integerAttribute(0, context.i64)
    case .boolean: context.boolAttribute(false)
    case .string: context.string("")
    case .float: context.floatAttribute(0, context.f64)
    case .array: context.array([])
    case .type, .attribute, .unknown: nil
    }
  }
}

extension AttributeForm {
  /// How an attribute of a builtin class stands in a format; nil where the class is not known.
  init?(ofClass name: String) {
    switch name {
    case "TypeAttr": self = .type
    case "SymbolRefAttr", "FlatSymbolRefAttr": self = .symbolReference
    case "StringAttr": self = .string
    case "DenseBoolArrayAttr": self = .denseArray { $0.i1 }
    case "DenseI8ArrayAttr": self = .denseArray { $0.i8 }
    case "DenseI16ArrayAttr": self = .denseArray { $0.integer(16) }
    case "DenseI32ArrayAttr": self = .denseArray { $0.i32 }
    case "DenseI64ArrayAttr": self = .denseArray { $0.i64 }
    case "DenseF32ArrayAttr": self = .denseArray { $0.f32 }
    case "DenseF64ArrayAttr": self = .denseArray { $0.f64 }
    default:
      guard
        BuiltinClasses.attributes[name] != nil || name.hasSuffix("Attr") || name.hasSuffix("Loc")
          || name.hasSuffix("AttrInterface")
      else { return nil }
      self = .any
    }
  }
}

/// A parameter of a type or attribute definition.
struct ParameterDefinition: Sendable {
  let name: String
  let kind: ParameterKind
  /// Whether it may be left out.
  let isOptional: Bool
  /// The expression of its default; nil where there is none or none that is understood.
  private let defaultExpression: CppExpression?
  private let isZeroByDefault: Bool
  private let library: DialectLibrary
  /// What stands behind `get` in the accessor's name.
  let accessor: String

  init(type: String, _ name: String, _ library: DialectLibrary) {
    self.name = name
    self.library = library
    accessor = ParameterDefinition.camelCase(name)
    kind = ParameterKind(type, library)
    // `std::optional<T>` is absent by default.
    isOptional = type.contains("optional<")
    defaultExpression = nil
    isZeroByDefault = false
  }

  init(_ record: Record, _ name: String, _ library: DialectLibrary) {
    self.name = name
    self.library = library
    accessor = ParameterDefinition.camelCase(name)
    let type = record.text("cppType") ?? ""
    // A parser written in C++ is only understood where it is that of an enumeration.
    let made = ParameterKind(type, library)
    if record.filled("parser") != nil, case .enumeration = made {
      kind = made
    } else {
      kind =
        record.filled("parser") == nil && !record.isA("AttributeSelfTypeParameter")
        ? made : .unknown
    }
    let text = record.filled("defaultValue")
    isOptional = text != nil
    isZeroByDefault = text.map { $0.hasSuffix("()") } ?? false
    defaultExpression = isZeroByDefault ? nil : text.flatMap { CppExpression(parsing: $0) }
  }

  /// `memory_space` as `MemorySpace`.
  static func camelCase(_ name: String) -> String {
    var result = ""
    var raises = true
    for character in name {
      if character == "_" {
        raises = true
      } else {
        result += raises ? character.uppercased() : String(character)
        raises = false
      }
    }
    return result
  }

  /// The value the parameter has where it is left out; nil for none.
  func defaultValue(_ context: Context) -> Attribute? {
    guard isOptional else { return nil }
    guard let defaultExpression else { return isZeroByDefault ? kind.zero(context) : nil }
    let value = CppEvaluator(library: library, context: context).evaluate(defaultExpression)
    return kind.attribute(value, context)
  }
}
