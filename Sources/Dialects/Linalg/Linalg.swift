import MartletIR
import MartletSupport

/// The linalg dialect: structured operations on tensors and memrefs.
public enum Linalg {
  public static let dialect = Dialect(
    "linalg", summary: "Structured operations on tensors and memrefs",
    operations: [
      generic, index, yield, map, reduce, transpose, broadcast, elementwise, contract, softmax,
      pack, unpack, winogradFilterTransform, winogradInputTransform, winogradOutputTransform,
    ] + named.values.sorted { $0.name < $1.name },
    attributes: [
      iteratorType, typeFunction, unaryFunction, binaryFunction, ternaryFunction, elementwiseKind,
    ])

  /// Where maps of named operations are kept as a discardable attribute.
  static let memoizedMaps = "linalg.memoized_indexing_maps"

  // MARK: Attributes

  static let iteratorTypes = EnumDefinition(
    "IteratorType", [("parallel", 0), ("reduction", 1)])
  public static let iteratorType = EnumAttribute.define("linalg.iterator_type", iteratorTypes)
  public static let typeFunction = EnumAttribute.define(
    "linalg.type_fn", EnumDefinition("TypeFn", [("cast_signed", 0), ("cast_unsigned", 1)]))
  public static let unaryFunction = functions("linalg.unary_fn", "UnaryFn", arities: 1...1)
  public static let binaryFunction = functions("linalg.binary_fn", "BinaryFn", arities: 2...2)
  public static let ternaryFunction = functions("linalg.ternary_fn", "TernaryFn", arities: 3...3)
  public static let elementwiseKind = functions(
    "linalg.elementwise_kind", "ElementwiseKind", arities: 1...3)

  private static func functions(
    _ name: String, _ enumName: String, arities: ClosedRange<Int>
  ) -> AttributeDefinition {
    let chosen = ScalarFunction.allCases.filter { arities.contains($0.arity) }
    let cases = chosen.enumerated().map { (name: $1.rawValue, value: Int64($0)) }
    return EnumAttribute.define(name, EnumDefinition(enumName, cases))
  }

  static let typeFunctionConstraint = AttributeConstraint.dialect(
    "allowed 32-bit signless integer cases: 0, 1", typeFunction)

  static func castsUnsigned(_ cast: Attribute?) -> Bool { cast?.enumValue == 1 }

  // MARK: Generic, index, yield

  /// The structured operation whose maps, iterators and body are given.
  public static let generic: OpDefinition = structured(
    "linalg.generic", "Applies its body at each point of an iteration space",
    attributes: [
      AttributeSlot("indexing_maps", .affineMapArray),
      AttributeSlot("iterator_types", iteratorTypesConstraint),
      .optional("doc", .string), .optional("library_call", .string),
    ],
    structure: StructuredOp(
      indexingMaps: storedMaps,
      iteratorTypes: { operation in
        (operation.attribute("iterator_types")?.elements ?? []).map {
          $0.enumValue.flatMap(IteratorType.init(rawValue:)) ?? .parallel
        }
      }), fold: { MemRef.foldAnyCasts($0) }, interfaces: [genericAssembly, genericPatterns])

  static let iteratorTypesConstraint = AttributeConstraint("Iterator type should be an enum.") {
    $0.elements?.allSatisfy { $0.is(iteratorType) } ?? false
  }

  @Sendable static func storedMaps(_ operation: Operation) -> [AffineMap] {
    (operation.attribute("indexing_maps")?.elements ?? []).compactMap(\.affineMap)
  }

  /// The number of the present iteration of a loop of the structured operation around.
  public static let index = OpDefinition(
    "linalg.index", "The current iteration of a loop of the operation around",
    results: [ValueDefinition("result", .index)],
    attributes: [AttributeSlot("dim", .i64)], traits: .pure,
    format: "$dim attr-dict `:` type($result)",
    verify: { (operation) throws(Reported) in
      guard let parent = operation.parent.flatMap(LinalgOp.init) else {
        throw operation.emitOpError("expected parent op with LinalgOp interface")
      }
      let dim = operation.attribute("dim")?.integerValue ?? 0
      if dim < 0 || dim >= parent.loopCount {
        throw operation.emitOpError(
          "expected dim (\(dim)) to be lower than the number of loops (\(parent.loopCount)) of the enclosing LinalgOp"
        )
      }
    },
    fold: { operation in
      guard let parent = operation.parent.flatMap(LinalgOp.init),
        let dim = operation.attribute("dim")?.integerValue, dim >= 0, dim < parent.loopCount,
        let places = parent.shapesToLoops, places.results[Int(dim)].kind == .dimension,
        parent.operandShapes[places.results[Int(dim)].position] == 1
      else { return .none }
      return .attribute(operation.context.indexAttribute(0))
    },
    inferResultTypes: { [$0.context.index] })

  /// Hands the elements computed at a point to the outputs.
  public static let yield = OpDefinition(
    "linalg.yield", "Ends the body of a structured operation",
    operands: [.variadic("values", .any)], traits: [.pure, .terminator, .returnLike],
    verify: { (operation) throws(Reported) in
      guard let parent = operation.parent, parent.regionCount == 1 else {
        throw operation.emitOpError("expected single non-empty parent region")
      }
      guard let view = LinalgOp(parent) else {
        throw operation.emitOpError("expected parent op with LinalgOp interface")
      }
      try view.verifyYield(operation)
    }, interfaces: [yieldAssembly])

  /// The attributes of a `linalg.generic`.
  public static func genericAttributes(
    _ context: Context, inputCount: Int, outputCount: Int, maps: [AffineMap],
    iterators: [IteratorType]
  ) -> [(String, Attribute)] {
    [
      ("indexing_maps", context.array(maps.map(context.affineMapAttribute))),
      (
        "iterator_types",
        context.array(
          iterators.map { context.attribute(iteratorType, [UInt64($0.rawValue)]) })
      ),
      ("operandSegmentSizes", context.denseI32Array([inputCount, outputCount])),
    ]
  }

  // MARK: Named operations

  /// The declarations of the operations of `NamedStructuredOp.all`, by their names without `linalg.`.
  public static let named: [String: OpDefinition] = Dictionary(
    uniqueKeysWithValues: NamedStructuredOp.all.map { ($0.name, $0.definition) })

  /// The declaration of the table's operation `name`, such as `matmul`.
  public static func named(_ name: String) -> OpDefinition {
    guard let definition = named[name] else {
      preconditionFailure("no structured operation is called \(name)")
    }
    return definition
  }
  public static var fill: OpDefinition { named("fill") }
  public static var copy: OpDefinition { named("copy") }
  public static var matmul: OpDefinition { named("matmul") }
  public static var batchMatmul: OpDefinition { named("batch_matmul") }
}
