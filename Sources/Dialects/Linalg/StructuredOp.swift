import MartletIR
import MartletSupport
import MartletSyntax

/// Whether the iterations of a loop may run in any order or combine their results.
public enum IteratorType: Int64, Sendable { case parallel, reduction }

/// What makes an operation a structured one: loops over an iteration space, in which each operand is
/// indexed by an affine map of the loops.
public struct StructuredOp: OpInterface {
  /// Fills a block from the operation's attributes, which are looked up by name.
  public typealias BodyBuilder =
    @Sendable ((String) -> Attribute?, Block, Builder) throws(Reported) -> Void

  /// The table entry of a named operation.
  public let named: NamedStructuredOp?
  /// A map per operand, inputs first.
  public let indexingMaps: @Sendable (Operation) -> [AffineMap]
  /// One per loop.
  public let iteratorTypes: @Sendable (Operation) -> [IteratorType]
  /// Whether maps that are not given are identities.
  public let isElementwiseByDefault: Bool
  /// Fills an empty block, which has its arguments, with the computation the name stands for; nil where the
  /// program gives the body.
  public let buildBody: BodyBuilder?

  public init(
    named: NamedStructuredOp? = nil, indexingMaps: @escaping @Sendable (Operation) -> [AffineMap],
    iteratorTypes: @escaping @Sendable (Operation) -> [IteratorType],
    isElementwiseByDefault: Bool = false, buildBody: BodyBuilder? = nil
  ) {
    self.named = named
    self.indexingMaps = indexingMaps
    self.iteratorTypes = iteratorTypes
    self.buildBody = buildBody
    self.isElementwiseByDefault = isElementwiseByDefault
  }
}

extension StructuredOp {
  /// The maps of an operation that keeps them as an attribute and was given none; nil where it keeps
  /// none or must be given them.
  func defaultMaps(_ context: Context, operandRanks: [Int]) -> [AffineMap]? {
    if let named {
      return named.hasMapsAttribute
        ? named.indexingMaps(context, operandRanks: operandRanks) : nil
    }
    guard isElementwiseByDefault, let rank = operandRanks.last else { return nil }
    return operandRanks.map { _ in context.identityMap(rank) }
  }
}

extension Linalg {
  /// The declaration of a structured operation. Its operands are two groups, inputs then outputs; on
  /// tensors it has one result per output.
  static func structured(
    _ name: String, _ summary: String, operands: [ValueDefinition]? = nil,
    attributes: [AttributeSlot] = [], traits: OpTraits = [.attrSizedOperandSegments],
    region: RegionDefinition = RegionDefinition("region"), structure: StructuredOp,
    verify: (@Sendable (LinalgOp) throws(Reported) -> Void)? = nil,
    fold: (@Sendable (Operation) -> FoldResult)? = nil, interfaces: [any OpInterface] = []
  ) -> OpDefinition {
    OpDefinition(
      name, summary,
      operands: operands ?? [.variadic("inputs", .any), .variadic("outputs", .anyShaped)],
      results: [.variadic("result_tensors", .rankedTensor)], attributes: attributes,
      regions: [region],
      traits: traits.union([
        .structured, .destinationStyle, .singleBlock, .recursiveMemoryEffects,
        .recursivelySpeculatable,
      ]),
      verify: { (operation) throws(Reported) in
        if let verify, let view = LinalgOp(operation) { try verify(view) }
      },
      verifyRegions: { (operation) throws(Reported) in
        try LinalgOp(operation)?.verifyStructure()
      },
      fold: fold,
      interfaces: [structure, OwnEffects(of: bufferEffects), argumentNames] + interfaces)
  }

  /// `in` for elements of inputs, `out` for those of outputs.
  private static let argumentNames = AsmArgumentNames { operation, region in
    let inputs = operation.operandSegments.first ?? 0
    let isNamed = operation.is(map) || operation.is(reduce)
    let output = isNamed ? "init" : "out"
    return region.arguments.indices.map { $0 < inputs ? "in" : output }
  }

  /// Reads and writes of the operation itself: none on tensors.
  @Sendable static func bufferEffects(_ operation: Operation) -> MemoryEffects {
    guard let view = LinalgOp(operation) else { return [] }
    var effects: MemoryEffects = []
    if view.inputs.contains(where: { $0.type.isMemRef }) { effects.insert(.read) }
    let outputs = view.outputs.enumerated().filter { $0.element.type.isMemRef }
    if !outputs.isEmpty { effects.insert(.write) }
    if outputs.contains(where: { view.readsOutput($0.offset) }) { effects.insert(.read) }
    return effects
  }
}
