import MartletIR
import MartletSyntax

/// The value an attribute has where none is written, from an expression of C++. It is made once for each
/// context.
final class DefaultValue: Sendable {
  private let make: @Sendable (Context) -> Attribute?

  /// Values made so far, by the default they belong to.
  private final class Table {
    var values: [ObjectIdentifier: Attribute] = [:]
  }

  /// The default `text` of an attribute whose undecorated record is `base`; nil where the expression is not
  /// understood.
  init?(_ text: String, _ record: Record, _ base: Record, _ library: DialectLibrary) {
    guard let expression = CppExpression(parsing: text) else { return nil }
    guard let make = DefaultValue.conversion(base, expression, library) else { return nil }
    let scratch = Context()
    // What needs the dialect itself cannot be tried out before it is loaded.
    let needsDialect = base.isA("AttrDef")
    guard needsDialect || make(scratch) != nil else { return nil }
    self.make = make
  }

  var function: @Sendable (Context) -> Attribute {
    { [self] context in
      let key = ObjectIdentifier(Table.self)
      let table: Table
      if let known = context.extensions[key] as? Table {
        table = known
      } else {
        table = Table()
        context.extensions[key] = table
      }
      if let known = table.values[ObjectIdentifier(self)] { return known }
      let made = make(context) ?? context.unit
      table.values[ObjectIdentifier(self)] = made
      return made
    }
  }

  private static func conversion(
    _ base: Record, _ expression: CppExpression, _ library: DialectLibrary
  ) -> (@Sendable (Context) -> Attribute?)? {
    let evaluate: @Sendable (Context) -> CppValue = { context in
      CppEvaluator(library: library, context: context).evaluate(expression)
    }
    if base.isA("AttrDef") { return instance(base, evaluate, library) }
    if base.isA("EnumAttrInfo") {
      let width = base.integer("bitwidth") ?? 32
      return { context in
        evaluate(context).integer.map { context.integerAttribute($0, context.integer(width)) }
      }
    }
    let valueType = base.record("valueType").flatMap { ConstraintLoader(library).buildable($0) }
    let storage = CppName(base.text("storageType") ?? base.text("interfaceType") ?? "").last
    switch storage {
    case "BoolAttr", "bool":
      return { context in evaluate(context).truth.map { context.boolAttribute($0) } }
    case "IntegerAttr", "int64_t", "int32_t", "uint32_t", "uint64_t":
      let isWide = storage.contains("64") || storage == "IntegerAttr"
      return { context in
        let type = valueType?(context) ?? (isWide ? context.i64 : context.i32)
        return evaluate(context).integer.map { context.integerAttribute($0, type) }
      }
    case "FloatAttr":
      return { context in
        guard let type = valueType?(context), type.isFloat else { return nil }
        switch evaluate(context) {
        case .float(let value): return context.floatAttribute(value, type)
        case .integer(let value): return context.floatAttribute(Double(value), type)
        default: return nil
        }
      }
    case "StringAttr", "StringRef", "string":
      return { context in
        if case .string(let text) = evaluate(context) { return context.string(text) }
        return nil
      }
    case "ArrayAttr":
      let element = base.record("elementAttr")?.record("valueType").flatMap {
        ConstraintLoader(library).buildable($0)
      }
      return { context in
        guard case .list(let values) = evaluate(context) else { return nil }
        if values.isEmpty { return context.array([]) }
        guard let type = element?(context) else { return nil }
        let elements = values.compactMap { value -> Attribute? in
          if type.isFloat {
            if case .float(let number) = value { return context.floatAttribute(number, type) }
            return nil
          }
          return value.integer.map { context.integerAttribute($0, type) }
        }
        return elements.count == values.count ? context.array(elements) : nil
      }
    default: break
    }
    if case .denseArray(let element)? = AttributeForm(ofClass: storage) {
      return { context in
        guard
          let values = CppEvaluator(library: library, context: context)
            .dimensions(evaluate(context))
        else { return nil }
        let type = element(context)
        return type.isInteger || values.isEmpty ? context.denseArray(type, values) : nil
      }
    }
    return nil
  }

  /// An attribute of a definition with one parameter, the value.
  private static func instance(
    _ base: Record, _ evaluate: @escaping @Sendable (Context) -> CppValue,
    _ library: DialectLibrary
  ) -> (@Sendable (Context) -> Attribute?)? {
    guard let name = base.text("attrName"),
      let found = library.definition(named: name, isType: false)
    else { return nil }
    let parameters = library.parameters(of: found)
    guard parameters.count == 1, case .enumeration(let enumeration) = parameters[0].kind else {
      return nil
    }
    return { context in
      guard let definition = context.attributeDefinition(named: name),
        let value = evaluate(context).integer
      else { return nil }
      if definition.interface(LoadedInstance.self) != nil {
        return context.attribute(
          definition, [UInt64(context.integerAttribute(value, context.i64).raw)])
      }
      // A definition in Swift keeps its values as it likes; its text says the same.
      guard let keyword = enumeration.definition.keyword(value) else { return nil }
      return context.attribute(definition, parsing: "<\(keyword)>")
    }
  }
}

/// Marks definitions whose instances hold their parameters' values as attributes, one a word.
struct LoadedInstance: OpInterface {}
