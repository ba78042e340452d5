import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Loops, conditionals and memory accesses whose bounds, conditions and indices are affine.
public enum Affine {
  public static let dialect = Dialect(
    "affine", summary: "loops, conditionals and accesses that are affine",
    operations: [
      apply, delinearizeIndex, dmaStart, dmaWait, `for`, `if`, linearizeIndex, load, max, min,
      parallel, prefetch, store, vectorLoad, vectorStore, yield,
    ],
    materializeConstant: { builder, value, type in
      Arith.materializeConstant(builder, value, type)
    })

  // MARK: Values

  public static let apply: OpDefinition = OpDefinition(
    "affine.apply", "the value of an affine map",
    operands: [.variadic("mapOperands", .index)], results: [ValueDefinition("", .index)],
    attributes: [mapSlot], traits: [.pure], verify: verifyApply, fold: foldApply,
    interfaces: [applyAssembly, CanonicalizationPatterns(simplifyMap)])

  public static let min: OpDefinition = extremum("min", "least")
  public static let max: OpDefinition = extremum("max", "greatest")

  private static func extremum(_ name: String, _ which: String) -> OpDefinition {
    OpDefinition(
      "affine." + name, "the \(which) value of an affine map's results",
      operands: [.variadic("operands", .index)], results: [ValueDefinition("", .index)],
      attributes: [mapSlot], traits: [.pure], verify: verifyExtremum,
      fold: { foldExtremum($0) },
      interfaces: [
        applyAssembly,
        CanonicalizationPatterns(
          singleResultExtremum, deduplicateExtremum, mergeExtrema, simplifyMap, sortExtremum),
      ])
  }

  // MARK: Memory

  public static let load: OpDefinition = OpDefinition(
    "affine.load", "reads an element at affine indices",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("indices", .index)],
    results: [ValueDefinition("result", .any)], attributes: [mapSlot], effects: .read,
    verify: verifyLoad, fold: foldLoad,
    interfaces: [loadAssembly, CanonicalizationPatterns(simplifyMap)])

  public static let store: OpDefinition = OpDefinition(
    "affine.store", "writes an element at affine indices",
    operands: [
      ValueDefinition("value", .any), ValueDefinition("memref", .anyMemRef),
      .variadic("indices", .index),
    ], attributes: [mapSlot], effects: .write, verify: verifyStore,
    fold: { foldCast($0, memref: 1) },
    interfaces: [storeAssembly, CanonicalizationPatterns(simplifyMap)])

  static let nonZeroRankVector = TypeConstraint("vector of any type values") {
    $0.isVector && $0.rank > 0
  }

  public static let vectorLoad: OpDefinition = OpDefinition(
    "affine.vector_load", "reads a vector at affine indices",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("indices", .index)],
    results: [ValueDefinition("result", nonZeroRankVector)], attributes: [mapSlot],
    effects: .read, verify: verifyVectorLoad,
    interfaces: [loadAssembly, CanonicalizationPatterns(simplifyMap)])

  public static let vectorStore: OpDefinition = OpDefinition(
    "affine.vector_store", "writes a vector at affine indices",
    operands: [
      ValueDefinition("value", nonZeroRankVector), ValueDefinition("memref", .anyMemRef),
      .variadic("indices", .index),
    ], attributes: [mapSlot], effects: .write, verify: verifyVectorStore,
    interfaces: [storeAssembly, CanonicalizationPatterns(simplifyMap)])

  public static let prefetch: OpDefinition = OpDefinition(
    "affine.prefetch", "hints that an element will be used",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("indices", .index)],
    attributes: [
      AttributeSlot("isWrite", .bool), AttributeSlot("localityHint", MemRef.locality),
      AttributeSlot("isDataCache", .bool), mapSlot,
    ], verify: verifyPrefetch, fold: { foldCast($0, memref: 0) },
    interfaces: [prefetchAssembly, CanonicalizationPatterns(simplifyMap)])

  public static let dmaStart: OpDefinition = OpDefinition(
    "affine.dma_start", "starts a transfer between memory spaces at affine indices",
    operands: [.variadic("operands", .any)],
    effects: [.read, .write], verify: verifyDMAStart,
    fold: { operation in MemRef.foldCasts(operation) }, interfaces: [dmaStartAssembly])

  public static let dmaWait: OpDefinition = OpDefinition(
    "affine.dma_wait", "waits for a transfer",
    operands: [.variadic("operands", .any)], effects: [.read], verify: verifyDMAWait,
    fold: { operation in MemRef.foldCasts(operation) }, interfaces: [dmaWaitAssembly])

  // MARK: Control

  /// The induction variable runs from the greatest lower bound, by the step, while it is below the least
  /// upper bound.
  public static let `for`: OpDefinition = OpDefinition(
    "affine.for", "a loop with affine bounds",
    operands: [
      .variadic("lowerBoundOperands", .index), .variadic("upperBoundOperands", .index),
      .variadic("inits", .any),
    ], results: [.variadic("results", .any)],
    attributes: [
      AttributeSlot("lowerBoundMap", .affineMap), AttributeSlot("upperBoundMap", .affineMap),
      AttributeSlot("step", .index),
    ], regions: [RegionDefinition("region", oneBlock: true)],
    traits: [
      .attrSizedOperandSegments, .allocationScope, .loopLike, .recursiveMemoryEffects,
      .singleBlock, .recursivelySpeculatable,
    ], implicitTerminator: "affine.yield", verifyRegions: verifyFor, fold: foldFor,
    interfaces: [forAssembly])

  public static let `if`: OpDefinition = OpDefinition(
    "affine.if", "a conditional on an integer set",
    operands: [.variadic("", .any)], results: [.variadic("results", .any)],
    attributes: [AttributeSlot("condition", integerSet)],
    regions: [
      RegionDefinition("thenRegion", oneBlock: true), RegionDefinition("elseRegion"),
    ],
    traits: [
      .recursiveMemoryEffects, .recursivelySpeculatable, .noRegionArguments, .singleBlock,
    ], implicitTerminator: "affine.yield", verify: verifyIf, fold: foldIf,
    interfaces: [ifAssembly, CanonicalizationPatterns(deadElse, knownCondition)])

  public static let parallel: OpDefinition = OpDefinition(
    "affine.parallel", "a nest of loops whose iterations may run in any order",
    operands: [.variadic("mapOperands", .index)], results: [.variadic("results", .any)],
    attributes: [
      AttributeSlot("reductions", reductionArray), AttributeSlot("lowerBoundsMap", .affineMap),
      AttributeSlot("lowerBoundsGroups", i32Elements),
      AttributeSlot("upperBoundsMap", .affineMap),
      AttributeSlot("upperBoundsGroups", i32Elements), AttributeSlot("steps", i64Array),
    ], regions: [RegionDefinition("region", oneBlock: true)],
    traits: [
      .allocationScope, .loopLike, .recursiveMemoryEffects, .recursivelySpeculatable,
      .singleBlock, .parallelRegion,
    ], implicitTerminator: "affine.yield", verify: verifyParallel, fold: foldParallel,
    interfaces: [parallelAssembly])

  public static let yield: OpDefinition = OpDefinition(
    "affine.yield", "ends a region with values", operands: [.variadic("operands", .any)],
    traits: [.pure, .terminator, .returnLike],
    format: "attr-dict ($operands^ `:` type($operands))?", verify: verifyYield)

  // MARK: Indices

  public static let delinearizeIndex: OpDefinition = OpDefinition(
    "affine.delinearize_index", "an index as several of a basis",
    operands: [
      ValueDefinition("linear_index", .index), .variadic("dynamic_basis", .index),
    ], results: [.variadic("multi_index", .index)],
    attributes: [AttributeSlot("static_basis", .denseI64Array)], traits: [.pure],
    format: """
      $linear_index `into` custom<DynamicIndexList>($dynamic_basis, $static_basis) attr-dict \
      `:` type($multi_index)
      """, verify: verifyDelinearize, fold: foldDelinearize,
    interfaces: [parenthesizedBasis, delinearizePatterns])

  public static let linearizeIndex: OpDefinition = OpDefinition(
    "affine.linearize_index", "several indices of a basis as one",
    operands: [.variadic("multi_index", .index), .variadic("dynamic_basis", .index)],
    results: [ValueDefinition("linear_index", .index)],
    attributes: [
      AttributeSlot("static_basis", .denseI64Array),
      AttributeSlot("disjoint", flag, encoding: .flag, default: { $0.boolAttribute(false) }),
    ], traits: [.pure, .attrSizedOperandSegments],
    format: """
      (`disjoint` $disjoint^)? ` ` `[` $multi_index `]` `by` \
      custom<DynamicIndexList>($dynamic_basis, $static_basis) attr-dict `:` type($linear_index)
      """, verify: verifyLinearize, fold: foldLinearize,
    interfaces: [parenthesizedBasis, linearizePatterns])

  // MARK: Constraints

  /// A property that is true where it is given: `unit`, and `false` where it is not.
  private static let flag = AttributeConstraint("unit property", form: .unit) {
    $0.isUnit || $0.boolValue == false
  }

  static let mapSlot = AttributeSlot("map", .affineMap)
  static let integerSet = AttributeConstraint("Integer set attribute") { $0.kind == .integerSet }
  static let i32Elements = AttributeConstraint("32-bit signless integer elements attribute") {
    $0.denseElements?.type.elementType.isInteger(32) ?? false
  }
  static let i64Array = AttributeConstraint("64-bit integer array attribute") {
    $0.elements?.allSatisfy { AttributeConstraint.i64.accepts($0) } ?? false
  }
  static let reductionArray = AttributeConstraint("Reduction ops") { attribute in
    attribute.elements?.allSatisfy { element in
      AttributeConstraint.i64.accepts(element)
        && MemRef.rmwKinds.cases.contains { $0.value == element.integerValue }
    } ?? false
  }

  static let parenthesizedBasis = CustomDirectives([
    "DynamicIndexList": CustomDirective(
      parse: { (parser, parts, _) throws(Reported) in
        guard parts.arguments.count >= 2 else { return }
        let list = try DynamicIndexList.parse(parser, .paren)
        parts.setOperands(parts.arguments[0], list.operands)
        parts.setAttribute(parts.arguments[1], parser.context.denseI64Array(list.statics))
      },
      print: { printer, operation, arguments in
        guard arguments.count >= 2, case .operand(let group) = arguments[0],
          case .attribute(let slot) = arguments[1]
        else { return }
        DynamicIndexList.print(
          printer, operation.inherent(slot)?.integers ?? [], operation.operandGroup(group),
          open: "(", close: ")")
      })
  ])
}
