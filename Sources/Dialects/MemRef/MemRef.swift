import MartletIR
import MartletSupport
import MartletSyntax

/// The memref dialect: allocation of, access to and views of memory.
public enum MemRef {
  public static let dialect = Dialect(
    "memref", summary: "Allocation of, access to and views of memory",
    operations: [
      alloc, alloca, dealloc, realloc, allocaScope, allocaScopeReturn, load, store, copy,
      atomicRMW, genericAtomicRMW, atomicYield, prefetch, dmaStart, dmaWait, dim, rank, cast,
      memorySpaceCast, assumeAlignment, distinctObjects, subview, reinterpretCast, view, reshape,
      transpose, collapseShape, expandShape, extractStridedMetadata, extractAlignedPointer, global,
      getGlobal,
    ])

  // MARK: Constraints

  static let anyStrided = TypeConstraint("strided memref of any type values") {
    $0.kind == .memRef && $0.stridedLayout != nil
  }
  static let rankedOrUnranked = TypeConstraint.rankedOrUnrankedMemRef
  static let nonScalar = TypeConstraint("non-0-ranked.memref or unranked.memref of any type values")
  { $0.kind == .unrankedMemRef || ($0.kind == .memRef && $0.rank > 0) }
  static let staticShape = TypeConstraint("statically shaped memref of any type values") {
    $0.kind == .memRef && $0.hasStaticShape
  }
  static let bytes = TypeConstraint("1D memref of 8-bit signless integer values") {
    $0.kind == .memRef && $0.rank == 1 && $0.elementType.isInteger(8)
  }
  static let scalar = TypeConstraint("signless integer or floating-point") {
    $0.isSignlessInteger || $0.isFloat
  }

  static let powerOfTwo = AttributeConstraint(
    "64-bit signless integer attribute whose value is positive and whose value is a power of two > 0",
    form: AttributeConstraint.i64.form
  ) {
    guard AttributeConstraint.i64.accepts($0), let value = $0.integerValue else { return false }
    return value > 0 && value & (value - 1) == 0
  }
  static let alignment = AttributeSlot.optional("alignment", powerOfTwo)
  static let nontemporal = AttributeSlot(
    "nontemporal", .bool, optional: true, default: { $0.boolAttribute(false) })

  /// The element type of `memref` is the type of `value`.
  static func element(_ memref: String, is value: String, _ summary: String) -> TypeRelation {
    .derived(target: value, from: memref, summary: summary) { $0.isMemRef ? $0.elementType : nil }
  }

  // MARK: Allocation

  public static let alloc = allocation("memref.alloc", "Allocates memory", [.allocate])
  public static let alloca: OpDefinition = allocation(
    "memref.alloca", "Allocates memory on the stack, until the scope around ends", [.allocate],
    [allocaPromotion, allocaDestruction])

  private static func allocation(
    _ name: String, _ summary: String, _ effects: MemoryEffects,
    _ interfaces: [any OpInterface] = []
  ) -> OpDefinition {
    OpDefinition(
      name, summary,
      operands: [.variadic("dynamicSizes", .index), .variadic("symbolOperands", .index)],
      results: [ValueDefinition("memref", .anyMemRef)], attributes: [alignment],
      traits: .attrSizedOperandSegments, effects: effects,
      format:
        "`(`$dynamicSizes`)` (`` `[` $symbolOperands^ `]`)? attr-dict `:` type($memref)",
      verify: { (operation) throws(Reported) in
        try verifyAllocation(operation)
        if operation.is(alloca) { try verifyScope(operation) }
      },
      interfaces: [AsmResultNames(String(name.dropFirst(7))), allocationPatterns] + interfaces)
  }

  public static let dealloc: OpDefinition = OpDefinition(
    "memref.dealloc", "Frees memory of an alloc",
    operands: [ValueDefinition("memref", rankedOrUnranked)], effects: .free,
    format: "$memref attr-dict `:` type($memref)", fold: { operation in foldAnyCasts(operation) })

  public static let realloc: OpDefinition = OpDefinition(
    "memref.realloc", "Changes the size of an allocation",
    operands: [
      ValueDefinition("source", rankOne), .optional("dynamicResultSize", .index),
    ],
    results: [ValueDefinition("result", rankOne)], attributes: [alignment],
    effects: [.allocate, .free],
    format:
      "$source (`(` $dynamicResultSize^ `)`)? attr-dict `:` type($source) `to` type(results)",
    verify: { (operation) throws(Reported) in try verifyRealloc(operation) },
    interfaces: [reallocPatterns])

  static let rankOne = TypeConstraint("1D memref of any type values") {
    $0.kind == .memRef && $0.rank == 1
  }

  public static let allocaScope: OpDefinition = OpDefinition(
    "memref.alloca_scope", "A scope that ends the life of its allocas",
    results: [.variadic("results", .any)],
    regions: [RegionDefinition("bodyRegion", oneBlock: true)],
    traits: [.allocationScope, .singleBlock, .recursiveMemoryEffects, .noRegionArguments],
    implicitTerminator: "memref.alloca_scope.return",
    interfaces: [allocaScopeAssembly, allocaScopeBranch, allocaScopePatterns])

  public static let allocaScopeReturn: OpDefinition = OpDefinition(
    "memref.alloca_scope.return", "Ends an alloca_scope",
    operands: [.variadic("results", .any)], traits: [.pure, .terminator, .returnLike],
    format: "attr-dict ($results^ `:` type($results))?", parents: ["memref.alloca_scope"])

  // MARK: Access

  public static let load: OpDefinition = OpDefinition(
    "memref.load", "Reads an element",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("indices", .index)],
    results: [ValueDefinition("result", .any)], attributes: [nontemporal, alignment],
    effects: .read,
    relations: [
      element("memref", is: "result", "result type matches element type of 'memref'")
    ],
    format: "$memref `[` $indices `]` attr-dict `:` type($memref)",
    verify: { (operation) throws(Reported) in
      try verifyIndexCount(operation, memref: 0, "load")
    }, fold: { operation in foldAccess(operation, memref: 0) },
    inferResultTypes: { $0.operands.first.map { [$0.type.elementType] } },
    interfaces: [loadPromotion, loadDestruction])

  public static let store: OpDefinition = OpDefinition(
    "memref.store", "Writes an element",
    operands: [
      ValueDefinition("value", .any), ValueDefinition("memref", .anyMemRef),
      .variadic("indices", .index),
    ],
    attributes: [nontemporal, alignment], effects: .write,
    relations: [
      element("memref", is: "value", "type of 'value' matches element type of 'memref'")
    ],
    format: "$value `,` $memref `[` $indices `]` attr-dict `:` type($memref)",
    verify: { (operation) throws(Reported) in
      try verifyIndexCount(operation, memref: 1, "store")
    }, fold: { operation in foldAccess(operation, memref: 1) },
    interfaces: [storePromotion, storeDestruction])

  public static let copy: OpDefinition = OpDefinition(
    "memref.copy", "Copies all elements",
    operands: [
      ValueDefinition("source", rankedOrUnranked), ValueDefinition("target", rankedOrUnranked),
    ],
    traits: [.sameOperandsElementType, .sameOperandsShape], effects: [.read, .write],
    format: "$source `,` $target attr-dict `:` type($source) `to` type($target)",
    verify: { (operation) throws(Reported) in try verifyCopy(operation) },
    fold: { operation in foldCasts(operation) }, interfaces: [copyPatterns])

  static let rmwKinds = EnumDefinition(
    "AtomicRMWKind",
    [
      "addf", "addi", "andi", "assign", "maximumf", "maxnumf", "maxs", "maxu", "minimumf",
      "minnumf", "mins", "minu", "mulf", "muli", "ori", "xori",
    ].enumerated().map { (name: $1, value: Int64($0)) })

  /// The keyword of kind `value` of an atomic update.
  public static func atomicKindName(_ value: Int64) -> String? { rmwKinds.keyword(value) }

  public static let atomicRMW: OpDefinition = OpDefinition(
    "memref.atomic_rmw", "Atomically combines an element with a value; gives the old element",
    operands: [
      ValueDefinition("value", scalar), ValueDefinition("memref", .anyMemRef),
      .variadic("indices", .index),
    ],
    results: [ValueDefinition("result", scalar)],
    attributes: [AttributeSlot("kind", .enumeration(rmwKinds, width: 64))],
    effects: [.read, .write],
    relations: [
      .same(["value", "result"]),
      element("memref", is: "value", "value type matches element type of memref"),
    ],
    format:
      "$kind $value `,` $memref `[` $indices `]` attr-dict `:` `(` type($value) `,` type($memref) `)` `->` type($result)",
    verify: { (operation) throws(Reported) in try verifyAtomicRMW(operation) },
    fold: { operation in foldAccess(operation, memref: 1) })

  public static let genericAtomicRMW: OpDefinition = OpDefinition(
    "memref.generic_atomic_rmw", "Atomically replaces an element by what its region computes",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("indices", .index)],
    results: [ValueDefinition("result", scalar)], regions: [RegionDefinition("atomic_body")],
    traits: [.singleBlock], effects: [.read, .write],
    relations: [
      element("memref", is: "result", "result type matches element type of memref")
    ],
    verifyRegions: { (operation) throws(Reported) in
      let body = operation.region(0)
      var inner = body.firstBlock?.firstOperation
      while let one = inner {
        if !one.isMemoryEffectFree {
          throw one.emitError(
            "body of 'memref.generic_atomic_rmw' should contain only operations with no side effects"
          )
        }
        inner = one.next
      }
      if body.arguments.count != 1 {
        throw operation.emitOpError("expected single number of entry block arguments")
      }
      if body.arguments[0].type != operation.result().type {
        throw operation.emitOpError(
          "expected block argument of the same type result type")
      }
    }, interfaces: [genericAtomicRMWAssembly])

  public static let atomicYield: OpDefinition = OpDefinition(
    "memref.atomic_yield", "Ends a generic_atomic_rmw",
    operands: [ValueDefinition("result", .any)], traits: [.pure, .terminator, .returnLike],
    format: "$result attr-dict `:` type($result)", parents: ["memref.generic_atomic_rmw"],
    verify: { (operation) throws(Reported) in
      guard let parent = operation.parent, parent.resultCount == 1 else { return }
      let (found, expected) = (operation.operand(0).type, parent.result().type)
      if found != expected {
        throw operation.emitOpError(
          "types mismatch between yield op: '\(found)' and its parent: '\(expected)'")
      }
    })

  static let locality = AttributeConstraint(
    "32-bit signless integer attribute whose minimum value is 0 whose maximum value is 3",
    form: AttributeConstraint.i32.form
  ) { AttributeConstraint.i32.accepts($0) && (0...3).contains($0.integerValue ?? -1) }

  public static let prefetch: OpDefinition = OpDefinition(
    "memref.prefetch", "Hints that an element will be used",
    operands: [ValueDefinition("memref", .anyMemRef), .variadic("indices", .index)],
    attributes: [
      AttributeSlot("isWrite", .bool), AttributeSlot("localityHint", locality),
      AttributeSlot("isDataCache", .bool),
    ], effects: .write,
    verify: { (operation) throws(Reported) in
      if operation.operandCount - 1 != operation.operand(0).type.rank {
        throw operation.emitOpError("too few indices")
      }
    }, fold: { operation in foldAnyCasts(operation) }, interfaces: [prefetchAssembly])

  public static let dmaStart: OpDefinition = OpDefinition(
    "memref.dma_start", "Starts a transfer between memory spaces",
    operands: [.variadic("operands", .any)], fold: { operation in foldAnyCasts(operation) },
    interfaces: [dmaStartAssembly])

  public static let dmaWait: OpDefinition = OpDefinition(
    "memref.dma_wait", "Waits for a transfer",
    operands: [
      ValueDefinition("tagMemRef", .anyMemRef), .variadic("tagIndices", .index),
      ValueDefinition("numElements", .index),
    ],
    format:
      "$tagMemRef `[` $tagIndices `]` `,` $numElements attr-dict `:` type($tagMemRef)",
    verify: { (operation) throws(Reported) in
      let (rank, count) = (operation.operand(0).type.rank, operation.operandCount - 2)
      if rank != count {
        throw operation.emitOpError(
          "expected tagIndices to have the same number of elements as the tagMemRef rank, expected \(rank), but got \(count)"
        )
      }
    })

  // MARK: Globals

  public static let global: OpDefinition = OpDefinition(
    "memref.global", "Declares or defines a named memref",
    attributes: [
      AttributeSlot("sym_name", .symbolName), .optional("sym_visibility", .string),
      AttributeSlot("type", memRefType), .optional("initial_value", .any),
      .optional("constant", .unit), alignment,
    ],
    traits: .symbol, effects: [],
    format:
      "($sym_visibility^)? (`constant` $constant^)? $sym_name `:` custom<GlobalMemrefOpTypeAndInitialValue>($type, $initial_value) attr-dict",
    verify: { (operation) throws(Reported) in try verifyGlobal(operation) },
    interfaces: [
      CustomDirectives(["GlobalMemrefOpTypeAndInitialValue": .globalTypeAndValue])
    ])

  static let memRefType = AttributeConstraint("memref type attribute", form: .type) {
    $0.typeValue?.kind == .memRef
  }

  public static let getGlobal: OpDefinition = OpDefinition(
    "memref.get_global", "The memref of a global",
    results: [ValueDefinition("result", staticShape)],
    attributes: [AttributeSlot("name", .flatSymbolRef)], traits: .pure,
    format: "$name `:` type($result) attr-dict",
    verify: { (operation) throws(Reported) in try verifyGetGlobal(operation) })
}
