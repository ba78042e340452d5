import MartletIR
import MartletSupport

/// What a variable or directive of a format refers to.
public enum FormatArgument: Sendable {
  case operand(Int)
  case result(Int)
  case attribute(Int)
  case region(Int)
  case successor(Int)
  case typeOfOperand(Int)
  case typeOfResult(Int)
  case operands, results, typeOfOperands, typeOfResults
  case attributeDictionary
  /// A literal string given to a custom directive.
  case text(String)
}

/// One element of a declarative assembly format, with the space its printer writes before it.
indirect enum FormatElement: Sendable {
  case literal(FormatLiteral, space: Bool)
  /// `` ` ` `` and `` `\n` ``; `` `` `` only affects spacing and is not kept.
  case whitespace(String)
  case variable(FormatArgument, qualified: Bool, space: Bool)
  case type(FormatArgument, qualified: Bool, space: Bool)
  case functionalType(FormatArgument, FormatArgument, space: Bool)
  case attributeDictionary(withKeyword: Bool)
  case propertyDictionary
  case custom(CustomDirective, [FormatArgument], space: Bool)
  case optional(FormatGroup)
  case clauses([[FormatElement]])
}

struct FormatGroup: Sendable {
  var then: [FormatElement]
  var otherwise: [FormatElement]
  var anchor: FormatElement
  var isInverted = false
  /// A unit attribute that is set by the group being present and written by nothing else.
  var elidedUnit: Int?
}

/// Where the type of an operand or result comes from when a text is read.
enum TypeSource: Sendable {
  case parsed
  case buildable(@Sendable (Context) -> Type)
  case same(FormatArgument)
  case derived(FormatArgument, @Sendable (Type) -> Type?)
  case inferred
  case unknown
}

/// A declarative assembly format made ready for reading and writing: MLIR's `assemblyFormat` language.
///
/// Spacing follows the rules of MLIR's generated printers, which are static, so that each element
/// knows whether a space precedes it.
final class AssemblyFormat: @unchecked Sendable {
  let definition: OpDefinition
  let elements: [FormatElement]
  let operandTypes: [TypeSource]
  let resultTypes: [TypeSource]
  /// Slots of the attributes the format writes itself.
  let writtenAttributes: Set<Int>
  /// Names left out of the attribute dictionary.
  let elidedNames: [String]
  let defaultDialect: String?

  init(_ definition: OpDefinition, text: String) throws(FormatError) {
    self.definition = definition
    var compiler = FormatCompiler(definition, text)
    elements = try compiler.compile()
    writtenAttributes = compiler.writtenAttributes
    elidedNames = definition.attributes.indices.filter {
      compiler.writtenAttributes.contains($0)
        || definition.attributes[$0].name.hasSuffix("SegmentSizes")
    }.map { definition.attributes[$0].name }
    (operandTypes, resultTypes) = TypeResolution(definition, compiler).solve()
    defaultDialect = definition.interface(DefaultDialect.self)?.name
  }
}

/// How an operation's custom text is read and written.
enum OperationSyntax {
  case none
  case format(AssemblyFormat)
  case custom(CustomAssembly, defaultDialect: String?)
}

/// The syntax of each operation name of a context, made when it is first needed.
final class FormatTable {
  // The context keeps the table, so the table must not keep the context.
  private unowned let context: Context
  private var entries: [OperationSyntax?] = []

  private init(_ context: Context) { self.context = context }

  static func of(_ context: Context) -> FormatTable {
    if let known = context.extensions[ObjectIdentifier(FormatTable.self)] as? FormatTable {
      return known
    }
    let made = FormatTable(context)
    context.extensions[ObjectIdentifier(FormatTable.self)] = made
    return made
  }

  func entry(_ name: OperationName) -> OperationSyntax {
    let index = Int(name.raw)
    if index < entries.count, let known = entries[index] { return known }
    let made = make(name.definition)
    while entries.count <= index { entries.append(nil) }
    entries[index] = made
    return made
  }

  private func make(_ definition: OpDefinition?) -> OperationSyntax {
    guard let definition else { return .none }
    if let custom = definition.interface(CustomAssembly.self) {
      return .custom(custom, defaultDialect: definition.interface(DefaultDialect.self)?.name)
    }
    guard let text = definition.format else { return .none }
    do throws(FormatError) {
      return .format(try AssemblyFormat(definition, text: text))
    } catch {
      // A declaration loaded at run time may be wrong; the operation then keeps its generic text.
      context.diagnostics.report(
        Diagnostic(.warning, "assembly format of '\(definition.name)': \(error.description)"))
      return .none
    }
  }
}
