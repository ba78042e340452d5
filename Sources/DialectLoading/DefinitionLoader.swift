import MartletIR
import MartletSupport
import MartletSyntax

/// Makes the type and attribute definitions of a dialect from records.
struct DefinitionLoader {
  let library: DialectLibrary
  private(set) var remarks: [String] = []

  init(_ library: DialectLibrary) { self.library = library }

  /// The format and parameters of a definition, made when an instance is first met.
  private final class Assembly: Sendable {
    let format: DefinitionFormat?
    let parameters: [ParameterDefinition]

    init(_ format: DefinitionFormat?, _ parameters: [ParameterDefinition]) {
      self.format = format
      self.parameters = parameters
    }
  }

  /// Why an instance's text is not read but kept; nil where it is read.
  private func assembly(_ found: LoadedDefinition) -> (assembly: Assembly, problem: String?) {
    let parameters = library.parameters(of: found)
    if found.record.flag("hasCustomAssemblyFormat") {
      return (Assembly(nil, []), "its text is read by C++")
    }
    guard let text = found.record.text("assemblyFormat") else {
      return (Assembly(nil, parameters), parameters.isEmpty ? nil : "it declares no text")
    }
    do throws(FormatError) {
      return (Assembly(try DefinitionFormat(text, parameters), parameters), nil)
    } catch {
      return (Assembly(nil, []), error.description)
    }
  }

  mutating func type(_ found: LoadedDefinition) -> TypeDefinition {
    if let container = containerType(found) { return container }
    let (assembly, problem) = assembly(found)
    let (name, format, parameters) = (found.name, assembly.format, assembly.parameters)
    var interfaces: [any OpInterface] = [LoadedInstance()]
    if let problem {
      remarks.append("type '\(name)' is kept as text: \(problem)")
      interfaces = [
        TypeAssembly(
          choosesForm: true,
          parse: { (parser) throws(Reported) in
            let text = try parser.parseRawBody()
            return parser.context.type(
              try parser.definition(ofType: name), [UInt64(parser.context.intern(text).raw)])
          },
          print: { printer, type in printer.write(type.identifierWord(0).string) })
      ]
    } else if let format {
      interfaces.append(
        TypeAssembly(
          choosesForm: true,
          parse: { (parser) throws(Reported) in
            let values = try format.parse(parser, name, parameters)
            return parser.context.type(
              try parser.definition(ofType: name), values.map { UInt64($0?.raw ?? .max) })
          },
          print: { printer, type in
            format.print(printer, type.words.indices.map { type.attributeWord($0) }, parameters)
          }))
    }
    return TypeDefinition(name, found.record.text("summary") ?? "", interfaces: interfaces)
  }

  /// A type of one parameter, itself a type, whose text is read by C++: it is taken to be `<type>`, where a
  /// type of its own dialect may be written by its mnemonic alone.
  private func containerType(_ found: LoadedDefinition) -> TypeDefinition? {
    guard library.isContainer(found) else { return nil }
    let name = found.name
    let assembly = TypeAssembly(
      choosesForm: true,
      parse: { (parser) throws(Reported) in
        try parser.parse(.less)
        let element: Type
        var isShort: UInt64 = 0
        if !parser.isAtType, let word = parser.parseOptionalKeyword() {
          let dialect = name.prefix { $0 != "." }
          element = try parser.parse(try parser.definition(ofType: "\(dialect).\(word)"))
          isShort = 1
        } else {
          element = try parser.parseType()
        }
        try parser.parse(.greater)
        let word = parser.context.typeAttribute(element).raw
        return parser.context.type(try parser.definition(ofType: name), [UInt64(word), isShort])
      },
      print: { printer, type in
        guard let element = type.attributeWord(0)?.typeValue else { return }
        printer.write("<")
        if type.words[1] == 1, let definition = element.definition {
          printer.write(definition.mnemonic)
          definition.interface(TypeAssembly.self)?.print(printer, element)
        } else {
          printer.type(element)
        }
        printer.write(">")
      })
    return TypeDefinition(
      name, found.record.text("summary") ?? "", interfaces: [assembly, LoadedInstance()])
  }

  mutating func attribute(_ found: LoadedDefinition) -> AttributeDefinition {
    let (assembly, problem) = assembly(found)
    let (name, format, parameters) = (found.name, assembly.format, assembly.parameters)
    let alias = found.record.flag("genMnemonicAlias") ? found.record.text("mnemonic") : nil
    var interfaces: [any OpInterface] = [LoadedInstance()]
    if let problem {
      remarks.append("attribute '\(name)' is kept as text: \(problem)")
      interfaces = [
        AttributeAssembly(
          alias: alias, choosesForm: true,
          parse: { (parser, _) throws(Reported) in
            let text = try parser.parseRawBody()
            return parser.context.attribute(
              try parser.definition(ofAttribute: name), [UInt64(parser.context.intern(text).raw)])
          },
          print: { printer, attribute in printer.write(attribute.identifierWord(0).string) })
      ]
    } else if let format {
      if parameters.count == 1, case .enumeration(let found) = parameters[0].kind {
        interfaces.append(LoadedEnumAttribute(enumeration: found.definition))
      }
      interfaces.append(
        AttributeAssembly(
          alias: alias, choosesForm: true,
          parse: { (parser, _) throws(Reported) in
            let values = try format.parse(parser, name, parameters)
            return parser.context.attribute(
              try parser.definition(ofAttribute: name), values.map { UInt64($0?.raw ?? .max) })
          },
          print: { printer, attribute in
            format.print(
              printer, attribute.words.indices.map { attribute.attributeWord($0) }, parameters)
          }))
    }
    return AttributeDefinition(name, found.record.text("summary") ?? "", interfaces: interfaces)
  }
}

extension Parser {
  fileprivate func definition(ofType name: String) throws(Reported) -> TypeDefinition {
    guard let definition = context.typeDefinition(named: name) else {
      throw error("unknown type '\(name)'")
    }
    return definition
  }

  fileprivate func definition(ofAttribute name: String) throws(Reported) -> AttributeDefinition {
    guard let definition = context.attributeDefinition(named: name) else {
      throw error("unknown attribute '\(name)'")
    }
    return definition
  }
}
