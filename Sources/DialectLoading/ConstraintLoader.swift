import MartletIR

/// Makes constraints of a dialect's declarations from records, each record once.
struct ConstraintLoader {
  let library: DialectLibrary
  private var types: [ObjectIdentifier: TypeConstraint] = [:]
  private var attributes: [ObjectIdentifier: AttributeConstraint] = [:]
  private var predicates: [ObjectIdentifier: RecordPredicate] = [:]
  /// What could not be checked, once each.
  private(set) var remarks: [String] = []
  private var remarked: Set<String> = []

  init(_ library: DialectLibrary) { self.library = library }

  mutating func remark(_ text: String) {
    if remarked.insert(text).inserted { remarks.append(text) }
  }

  mutating func predicate(_ record: Record) -> RecordPredicate {
    if let known = predicates[ObjectIdentifier(record)] { return known }
    let made = RecordPredicate(record, library)
    for part in made.unknownParts(library) where part != "()" && !part.isEmpty {
      let line = part.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
      remark("not checked, being written in C++: \(line)")
    }
    predicates[ObjectIdentifier(record)] = made
    return made
  }

  // MARK: Types

  /// The constraint of an operand or result, and how many values it stands for.
  mutating func value(_ record: Record) -> (constraint: TypeConstraint, arity: Arity) {
    var record = record
    if record.isA("OpVariable"), let inner = record.record("constraint") { record = inner }
    var arity = Arity.one
    if record.isA("Variadic") || record.isA("VariadicOfVariadic") {
      arity = .variadic
    } else if record.isA("Optional") {
      arity = .optional
    }
    if arity != .one, let base = record.record("baseType") {
      return (type(base, summary: base.text("summary")), arity)
    }
    return (type(record, summary: nil), arity)
  }

  private mutating func type(_ record: Record, summary: String?) -> TypeConstraint {
    if let known = types[ObjectIdentifier(record)] { return known }
    let summary = summary ?? record.text("summary") ?? "any type"
    let library = library
    var accepts: @Sendable (Type) -> Bool = { _ in true }
    if let record = record.record("predicate") {
      let predicate = predicate(record)
      accepts = { type in
        predicate.holds(
          CppEvaluator(library: library, context: type.context, me: .type(type))) ?? true
      }
    }
    let made = TypeConstraint(
      summary, buildable: buildable(record), shortForm: shortForm(record), accepts)
    types[ObjectIdentifier(record)] = made
    return made
  }

  /// Formats leave out the prefix of a type whose class prints itself.
  private func shortForm(_ record: Record) -> String? {
    guard let name = record.filled("cppType"), let found = library.definition(ofClass: name),
      found.isType, found.className == CppName(name).last,
      found.record.flag("hasCustomAssemblyFormat") || found.record.text("assemblyFormat") != nil
    else { return nil }
    return found.name
  }

  /// How the one type that fits is made; nil where there are several.
  func buildable(_ record: Record) -> (@Sendable (Context) -> Type)? {
    guard let text = record.filled("builderCall"),
      let expression = CppExpression(parsing: text), isBuildable(expression)
    else { return nil }
    let library = library
    return { context in
      CppEvaluator(library: library, context: context).evaluate(expression).type
        ?? context.noneType
    }
  }

  private func isBuildable(_ expression: CppExpression) -> Bool {
    if case .method(.variable, "getType", let templates, _) = expression,
      let name = templates.first, let found = library.definition(ofClass: name), found.isType
    {
      return library.parameters(of: found).isEmpty
    }
    if case .call(let path, _, _) = expression, path.last == "get", path.count > 1,
      let found = library.definition(ofClass: path[path.count - 2]), library.isContainer(found)
    {
      return true
    }
    return CppEvaluator(library: library, context: Context()).evaluate(expression).type != nil
  }

  // MARK: Attributes

  /// The attribute a decorated one is about: below `OptionalAttr`, `DefaultValuedAttr`, `ConfinedAttr`.
  static func base(of record: Record) -> Record {
    var record = record
    var depth = 0
    while depth < 32, let base = record.record("baseAttr") ?? record.record("baseProperty"),
      base !== record
    {
      record = base
      depth += 1
    }
    return record
  }

  mutating func slot(_ record: Record, _ name: String) -> AttributeSlot {
    let base = Self.base(of: record)
    let isUnit = base.name == "UnitAttr" || base.name == "UnitProp"
    let constraint = attribute(record, base)
    var defaultValue: (@Sendable (Context) -> Attribute)?
    if !isUnit, let text = record.filled("defaultValue") {
      defaultValue = DefaultValue(text, record, base, library)?.function
      if defaultValue == nil, text != "nullptr" {
        remark("default value of '\(name)', being written in C++: \(text)")
      }
    }
    let isOptional =
      isUnit || record.flag("isOptional")
      || (defaultValue == nil && record.filled("defaultValue") != nil)
    return AttributeSlot(name, constraint, optional: isOptional, default: defaultValue)
  }

  private mutating func attribute(_ record: Record, _ base: Record) -> AttributeConstraint {
    if let known = attributes[ObjectIdentifier(record)] { return known }
    let library = library
    var accepts: @Sendable (Attribute) -> Bool = { _ in true }
    // A property's predicate is about its value in C++.
    if record.isA("Attr"), let inner = record.record("predicate") {
      let predicate = predicate(inner)
      accepts = { attribute in
        predicate.holds(
          CppEvaluator(library: library, context: attribute.context, me: .attribute(attribute)))
          ?? true
      }
    }
    let made = AttributeConstraint(
      record.text("summary") ?? "any attribute", form: form(base), accepts)
    attributes[ObjectIdentifier(record)] = made
    return made
  }

  /// How formats write the attribute.
  private func form(_ base: Record) -> AttributeForm {
    if base.name == "SymbolNameAttr" { return .symbolName }
    if base.name == "UnitAttr" || base.name == "UnitProp" { return .unit }
    if base.isA("EnumAttrInfo"), base.filled("constBuilderCall") != nil,
      let found = base.text("className").flatMap({ library.enums[$0] })
    {
      return .keyword(found.definition)
    }
    if base.isA("AttrDef"), let name = base.text("attrName") { return .named(name) }
    if base.isA("Property") { return propertyForm(base) }
    if let type = base.record("valueType"), type.name != "NoneType", let make = buildable(type) {
      return .typed(make)
    }
    let storage = CppName(base.text("storageType") ?? "")
    if BuiltinClasses.attributes[storage.last] != nil {
      return AttributeForm(ofClass: storage.last) ?? .any
    }
    if let found = library.definition(ofClass: base.text("storageType") ?? ""), !found.isType {
      return .named(found.name)
    }
    return AttributeForm(ofClass: storage.last) ?? .any
  }

  private func propertyForm(_ base: Record) -> AttributeForm {
    let type = (base.text("interfaceType") ?? "").filter { $0 != " " }
    switch CppName(type).last {
    case "int64_t", "uint64_t": return .typed { $0.i64 }
    case "int32_t", "uint32_t", "unsigned", "int": return .typed { $0.i32 }
    case "int16_t", "uint16_t": return .typed { $0.integer(16) }
    case "int8_t", "uint8_t": return .typed { $0.i8 }
    case "bool": return .typed { $0.i1 }
    case "StringRef", "string": return .string
    default:
      if let found = library.enums[CppName(type).last] { return .keyword(found.definition) }
      return .any
    }
  }
}
