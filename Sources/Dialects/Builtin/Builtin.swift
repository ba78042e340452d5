import MartletIR
import MartletSupport
import MartletSyntax

/// The module and casts between types no conversion has settled yet.
public enum Builtin {
  public static let dialect = Dialect(
    "builtin", summary: "operations every program has",
    operations: [module, unrealizedConversionCast])

  public static let module = OpDefinition(
    "builtin.module", "A top level container operation",
    attributes: [
      .optional("sym_name", .symbolName), .optional("sym_visibility", .string),
    ], regions: [RegionDefinition("bodyRegion", oneBlock: true)],
    traits: [
      .affineScope, .isolatedFromAbove, .noRegionArguments, .symbolTable, .symbol, .noTerminator,
      .singleBlock, .graphRegion,
    ], format: "($sym_name^)? attr-dict-with-keyword $bodyRegion", verify: verifyModule,
    interfaces: [DefaultDialect("builtin")])

  public static let unrealizedConversionCast = OpDefinition(
    "builtin.unrealized_conversion_cast",
    "An unrealized conversion from one set of types to another",
    operands: [.variadic("inputs", .any)], results: [.variadic("outputs", .any)], traits: [.pure],
    format: "($inputs^ `:` type($inputs))? `to` type($outputs) attr-dict", verify: verifyCast,
    fold: foldCast)

  private static func verifyModule(_ operation: Operation) throws(Reported) {
    for entry in operation.discardableAttributes.entries {
      let name = entry.name.string
      if !name.contains("."), name != "sym_name", name != "sym_visibility" {
        throw operation.emitOpError(
          "can only contain attributes with dialect-prefixed names, found: '\(name)'")
      }
    }
  }

  private static func verifyCast(_ operation: Operation) throws(Reported) {
    if operation.resultCount == 0 {
      throw operation.emitOpError("expected at least one result for cast operation")
    }
  }

  /// A cast to the types the operands already have, or back from such a cast, is no cast.
  private static func foldCast(_ operation: Operation) -> FoldResult {
    let types = operation.results.types
    if operation.operandCount == 0 { return .none }
    if operation.operands.types == types { return .replaced(operation.operands.map { .value($0) }) }
    guard let source = operation.operand(0).definingOperation,
      source.is(unrealizedConversionCast), Array(source.results) == Array(operation.operands),
      source.operands.types == types
    else { return .none }
    return .replaced(source.operands.map { .value($0) })
  }
}

/// A view of a `builtin.module`.
public struct ModuleOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(Builtin.module) else { return nil }
    self.operation = operation
  }

  public var name: String? { operation.attribute("sym_name")?.stringValue }
  /// The module's block; nil only for a module that failed verification.
  public var body: Block? { operation.region().firstBlock }

  /// The functions of the module, in order.
  public var functions: [FuncOp] {
    body.map { $0.operations.compactMap { FuncOp($0) } } ?? []
  }

  /// Makes an empty module that is in no block.
  public static func create(_ context: Context) -> ModuleOp? {
    let operation = Builder(context).create(Builtin.module)
    operation.region().addBlock()
    return ModuleOp(operation)
  }
}
