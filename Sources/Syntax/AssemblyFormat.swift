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

/// The common kinds of `TypeSource` without what reading them would have to count references to.
struct TypePlan {
  enum Kind: UInt8 {
    case parsed
    /// That of the value of operand, or result, group `index`, which is read.
    case ofOperand, ofResult
    case other
  }
  let kind: Kind
  var index = 0

  init(_ source: TypeSource, operands: [TypeSource], results: [TypeSource]) {
    switch source {
    case .parsed:
      kind = .parsed
      return
    case .same(.operand(let i)):
      if case .parsed = operands[i] {
        kind = .ofOperand
        index = i
        return
      }
    case .same(.result(let i)):
      if case .parsed = results[i] {
        kind = .ofResult
        index = i
        return
      }
    default: break
    }
    kind = .other
  }
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
  let operandPlans: PlainBuffer<TypePlan>
  let resultPlans: PlainBuffer<TypePlan>
  let program: FormatProgram
  let operandCount: Int
  let resultCount: Int
  let attributeCount: Int
  let hasRegions: Bool
  /// How many regions there must be.
  let requiredRegions: Int
  private let context: Context
  /// What is left out of dictionaries, by slot: the number of the default, `UInt32.max` where there is none.
  /// Made when first asked for.
  private(set) lazy var defaultNumbers: [UInt32] = definition.attributes.map {
    ($0.defaultValue ?? $0.absentValue)?(context).raw ?? .max
  }
  /// Slots that no element writes: those the dictionary has to.
  let dictionarySlots: [Int]

  init(_ definition: OpDefinition, text: String, _ context: Context) throws(FormatError) {
    self.definition = definition
    self.context = context
    var compiler = FormatCompiler(definition, text)
    elements = try compiler.compile()
    writtenAttributes = compiler.writtenAttributes
    program = FormatProgram(definition, elements)
    operandCount = definition.operands.count
    resultCount = definition.results.count
    attributeCount = definition.attributes.count
    hasRegions = !definition.regions.isEmpty
    requiredRegions = definition.regions.count { $0.arity == .one }
    elidedNames = definition.attributes.indices.filter {
      compiler.writtenAttributes.contains($0)
        || definition.attributes[$0].name.hasSuffix("SegmentSizes")
    }.map { definition.attributes[$0].name }
    let elided = elidedNames
    dictionarySlots = definition.attributes.indices.filter {
      !elided.contains(definition.attributes[$0].name)
    }
    (operandTypes, resultTypes) = TypeResolution(definition, compiler).solve()
    operandPlans = AssemblyFormat.plans(operandTypes, operandTypes, resultTypes)
    resultPlans = AssemblyFormat.plans(resultTypes, operandTypes, resultTypes)
    defaultDialect = definition.interface(DefaultDialect.self)?.name
  }

  private static func plans(
    _ sources: [TypeSource], _ operands: [TypeSource], _ results: [TypeSource]
  ) -> PlainBuffer<TypePlan> {
    var plans = PlainBuffer<TypePlan>()
    for source in sources {
      plans.append(TypePlan(source, operands: operands, results: results))
    }
    return plans
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
  private let context: Context
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
      return .format(try AssemblyFormat(definition, text: text, context))
    } catch {
      // A declaration loaded at run time may be wrong; the operation then keeps its generic text.
      context.diagnostics.report(
        Diagnostic(.warning, "assembly format of '\(definition.name)': \(error.description)"))
      return .none
    }
  }
}
