import MartletIR
import MartletSupport
import MartletSyntax

/// What the C++ of a well-known dialect says beyond its records: texts that are read by hand there.
///
/// Nothing of it is needed to load a dialect; it takes the place of the generic text that an operation
/// whose text is written in C++ would otherwise have.
struct DialectSupplement: Sendable {
  /// Formats of operations that have none in the records.
  var formats: [String: String] = [:]
  /// Of those, operations whose operands and results all have one type.
  var sameTypes: Set<String> = []
  /// Texts that no format says.
  var assemblies: [String: CustomAssembly] = [:]
  /// `custom<Name>` directives of the dialect's own.
  var directives: [String: CustomDirective] = [:]
  /// Types without definition in the records.
  var types: [TypeDefinition] = []
  /// Methods of the types that predicates and type transformers call.
  var typeMethods: [String: @Sendable (Type) -> CppValue] = [:]
  /// Result types that C++ infers, by operation.
  var inferences: [String: @Sendable (InferenceInput) -> [Type]?] = [:]

  static func known(_ dialect: String) -> DialectSupplement? {
    switch dialect {
    case "async": async
    case "pdl": pdl
    case "quant": quant
    case "shape": shape
    case "spirv": spirv
    case "tosa": tosa
    default: nil
    }
  }
}

extension CustomDirective {
  /// An attribute dictionary in which enumerations are written by their keywords alone:
  /// ` {axis = 0 : i32, nan_mode = IGNORE}`.
  static let keywordAttributes = CustomDirective(
    parse: { (parser, _, parsed) throws(Reported) in
      let definition = parsed.name.definition
      _ = try parser.parseList(.optionalBrace) { () throws(Reported) in
        let start = parser.offset
        guard let name = parser.parseOptionalKeywordOrString() else {
          throw parser.error("expected attribute name")
        }
        guard parser.parseOptional(.equal) else {
          parsed.add(name, parser.context.unit)
          return
        }
        if let slot = definition?.slot(name),
          case .named(let attribute)? = definition?.attributes[slot].constraint.form,
          parser.isAtBareKeyword,
          let value = try parser.parseEnumAttribute(named: attribute, at: start)
        {
          parsed.add(name, value)
          return
        }
        parsed.add(name, try parser.parseAttribute())
        // A type behind it says nothing.
        if parser.parseOptional(.colon) { _ = try parser.parseType() }
      }
    },
    print: { printer, operation, _ in
      guard let definition = operation.definition else { return }
      var entries: [(name: String, value: Attribute)] = []
      for (i, slot) in definition.attributes.enumerated() {
        guard let value = operation.inherent(i), !slot.name.hasSuffix("SegmentSizes") else {
          continue
        }
        if let make = slot.defaultValue, make(operation.context) == value { continue }
        entries.append((slot.name, value))
      }
      entries += operation.discardableAttributes.entries.map { ($0.name.string, $0.value) }
      if entries.isEmpty { return }
      entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      printer.write(" {")
      for (i, entry) in entries.enumerated() {
        if i > 0 { printer.write(", ") }
        printer.keywordOrString(entry.name)
        if entry.value.isUnit { continue }
        printer.write(" = ")
        if let keyword = entry.value.loadedKeyword {
          printer.write(keyword)
        } else {
          printer.attribute(entry.value)
        }
      }
      printer.write("}")
    })
}

extension Parser {
  /// An attribute with one enumeration from its keyword; nil where the definition is no such one.
  fileprivate func parseEnumAttribute(named name: String, at offset: Int) throws(Reported)
    -> Attribute?
  {
    guard let definition = context.attributeDefinition(named: name),
      let enumeration = definition.interface(LoadedEnumAttribute.self)?.enumeration
    else { return nil }
    let value = try parseEnumValue(enumeration)
    return context.attribute(
      definition, [UInt64(context.integerAttribute(value, context.i64).raw)])
  }
}

extension Attribute {
  /// The keyword of a loaded attribute with one enumeration.
  fileprivate var loadedKeyword: String? {
    guard let enumeration = definition?.interface(LoadedEnumAttribute.self)?.enumeration,
      let value = attributeWord(0)?.integerValue
    else { return nil }
    return enumeration.keyword(value)
  }
}

/// Offered by loaded attributes whose only parameter is an enumeration.
struct LoadedEnumAttribute: OpInterface {
  let enumeration: EnumDefinition
}

extension CustomAssembly {
  /// The text of operations like functions, which MLIR's function interface reads and prints:
  /// `private @f(%a: i32) -> i32 attributes {...} {...}`.
  static let function = CustomAssembly(
    parse: { (parser, op) throws(Reported) in try FunctionText.parse(parser, &op) },
    print: { printer, operation in FunctionText.print(printer, operation) })
}
