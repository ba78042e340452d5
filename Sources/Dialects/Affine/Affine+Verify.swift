import MartletIR
import MartletSupport

/// Checks beyond what the declarations say.
extension Affine {
  /// Values of a map or set must be dimensions, then symbols.
  private static func verifyOperands(
    _ operation: Operation, _ operands: some Sequence<Value>, dimensions: Int
  ) throws(Reported) {
    let scope = scope(of: operation)
    for (i, operand) in operands.enumerated() {
      if i < dimensions {
        if !isDimension(operand, scope) {
          throw operation.emitOpError("operand cannot be used as a dimension id")
        }
      } else if !isSymbol(operand, scope) {
        throw operation.emitOpError("operand cannot be used as a symbol")
      }
    }
  }

  private static func map(_ operation: Operation, _ name: String = "map") -> AffineMap {
    operation.attribute(name)?.affineMap ?? operation.context.identityMap(0)
  }

  static func verifyApply(_ operation: Operation) throws(Reported) {
    let map = map(operation)
    if operation.operandCount != map.inputCount {
      throw operation.emitOpError(
        "operand count and affine map dimension and symbol count must match")
    }
    if map.resultCount != 1 { throw operation.emitOpError("mapping must produce one value") }
    let scope = scope(of: operation)
    for operand in operation.operands.dropping(map.dimensionCount)
    where isDimension(operand, scope) && !isSymbol(operand, scope) {
      throw operation.emitError("dimensional operand cannot be used as a symbol")
    }
  }

  static func verifyExtremum(_ operation: Operation) throws(Reported) {
    let map = map(operation)
    if operation.operandCount != map.inputCount {
      throw operation.emitOpError(
        "operand count and affine map dimension and symbol count must match")
    }
    if map.resultCount == 0 {
      throw operation.emitOpError("affine map expect at least one result")
    }
  }

  // MARK: Memory

  private static func verifyIndices(_ operation: Operation) throws(Reported) {
    guard let access = AffineAccess(operation) else { return }
    let index = access.index
    if index.map.resultCount != access.memref.type.rank {
      throw operation.emitOpError("affine map num results must equal memref rank")
    }
    if index.map.inputCount != index.operands.count {
      throw operation.emitOpError("expects as many subscripts as affine map inputs")
    }
    try verifyOperands(operation, index.operands, dimensions: index.map.dimensionCount)
  }

  static func verifyLoad(_ operation: Operation) throws(Reported) {
    if operation.result().type != operation.operand(0).type.elementType {
      throw operation.emitOpError("result type must match element type of memref")
    }
    try verifyIndices(operation)
  }

  static func verifyStore(_ operation: Operation) throws(Reported) {
    if operation.operand(0).type != operation.operand(1).type.elementType {
      throw operation.emitOpError("value to store must have the same type as memref element type")
    }
    try verifyIndices(operation)
  }

  private static func verifyVector(_ operation: Operation, _ vector: Type, _ memref: Type)
    throws(Reported)
  {
    try verifyIndices(operation)
    if vector.elementType != memref.elementType {
      throw operation.emitOpError(
        "requires memref and vector types of the same elemental type")
    }
  }

  static func verifyVectorLoad(_ operation: Operation) throws(Reported) {
    try verifyVector(operation, operation.result().type, operation.operand(0).type)
  }

  static func verifyVectorStore(_ operation: Operation) throws(Reported) {
    try verifyVector(operation, operation.operand(0).type, operation.operand(1).type)
  }

  static func verifyPrefetch(_ operation: Operation) throws(Reported) {
    guard let access = AffineAccess(operation) else { return }
    let index = access.index
    if index.map.resultCount != access.memref.type.rank {
      throw operation.emitOpError(
        "affine.prefetch affine map num results must equal memref rank")
    }
    if index.map.inputCount != index.operands.count {
      throw operation.emitOpError("too few operands")
    }
    try verifyIndexOperands(operation, index.operands, "index")
  }

  private static func verifyIndexOperands(
    _ operation: Operation, _ operands: [Value], _ what: String, type: String? = nil
  ) throws(Reported) {
    let scope = scope(of: operation)
    for operand in operands {
      if let type, !operand.type.isIndex {
        throw operation.emitOpError("\(what) to \(type) must have 'index' type")
      }
      if !isDimension(operand, scope) {
        throw operation.emitOpError(
          "\(what) must be a valid dimension or symbol identifier")
      }
    }
  }

  static func verifyDMAStart(_ operation: Operation) throws(Reported) {
    guard let parts = DMAParts(operation), parts.counts.count == 1 || parts.counts.count == 3
    else { throw operation.emitOpError("incorrect number of operands") }
    for (access, name) in zip(parts.accesses, ["source", "destination", "tag"])
    where access.memref.type.kind != .memRef {
      throw operation.emitOpError("expected DMA \(name) to be of memref type")
    }
    for (access, name) in zip(parts.accesses, ["src", "dst", "tag"]) {
      try verifyIndexOperands(
        operation, access.operands, name + " index", type: "dma_start")
    }
  }

  static func verifyDMAWait(_ operation: Operation) throws(Reported) {
    guard operation.operandCount >= 2, operation.operand(0).type.kind == .memRef else {
      throw operation.emitOpError("expected DMA tag to be of memref type")
    }
    try verifyIndexOperands(
      operation, Array(operation.operands.dropping(1).dropLast()), "index", type: "dma_wait")
  }

  // MARK: Control

  static func verifyFor(_ operation: Operation) throws(Reported) {
    let body = operation.region().firstBlock
    guard let body, body.argumentCount > 0, body.argument(0).type.isIndex,
      let loop = AffineForOp(operation)
    else {
      throw operation.emitOpError(
        "expected body to have a single index argument for the induction variable")
    }
    for (bound, group) in [(loop.lower, 0), (loop.upper, 1)] where bound.map.inputCount > 0 {
      try verifyOperands(
        operation, operation.operandGroup(group), dimensions: bound.map.dimensionCount)
    }
    if loop.lower.map.resultCount < 1 {
      throw operation.emitOpError("expected lower bound map to have at least one result")
    }
    if loop.upper.map.resultCount < 1 {
      throw operation.emitOpError("expected upper bound map to have at least one result")
    }
    if loop.lower.map.inputCount != loop.lower.operands.count
      || loop.upper.map.inputCount != loop.upper.operands.count
    {
      throw operation.emitOpError("operand count must match the bounds' maps")
    }
    let count = operation.resultCount
    if count == 0 { return }
    if loop.inits.count != count {
      throw operation.emitOpError(
        "mismatch between the number of loop-carried values and results")
    }
    if loop.iterArgs.count != count {
      throw operation.emitOpError(
        "mismatch between the number of basic block args and results")
    }
  }

  static func verifyIf(_ operation: Operation) throws(Reported) {
    guard let set = operation.attribute("condition")?.integerSet else {
      throw operation.emitOpError("requires an integer set attribute named 'condition'")
    }
    if operation.operandCount != set.dimensionCount + set.symbolCount {
      throw operation.emitOpError(
        "operand count and condition integer set dimension and symbol count must match")
    }
    try verifyOperands(operation, operation.operands, dimensions: set.dimensionCount)
  }

  static func verifyParallel(_ operation: Operation) throws(Reported) {
    guard let loop = AffineParallelOp(operation) else { return }
    let (steps, arguments) = (loop.steps.count, loop.body.argumentCount)
    let (lower, upper) = (loop.lowerGroups, loop.upperGroups)
    if lower.count != steps || upper.count != steps || arguments != steps {
      throw operation.emitOpError(
        "the number of region arguments (\(arguments)) and the number of map groups for lower "
          + "(\(lower.count)) and upper bound (\(upper.count)), and the number of steps "
          + "(\(steps)) must all match")
    }
    for (groups, map, name) in [
      (lower, loop.lower.map, "lower"), (upper, loop.upper.map, "upper"),
    ] {
      var count = 0
      for size in groups {
        if size <= 0 {
          throw operation.emitOpError(
            "expected \(name) bound map to have at least one result")
        }
        count = count.addingReportingOverflow(size).partialValue
      }
      if count != map.resultCount {
        throw operation.emitOpError(
          "expected \(name) bounds map to have \(count) results")
      }
    }
    let reductions = loop.reductions
    if reductions.count != operation.resultCount {
      throw operation.emitOpError("a reduction must be specified for each output")
    }
    for (kind, result) in zip(reductions, operation.results)
    where !fits(kind, result.type) {
      throw operation.emitOpError("result type cannot match reduction attribute")
    }
    if loop.lower.map.inputCount + loop.upper.map.inputCount != operation.operandCount {
      throw operation.emitOpError("operand count must match the bounds' maps")
    }
    for bound in [loop.lower, loop.upper] {
      try verifyOperands(operation, bound.operands, dimensions: bound.map.dimensionCount)
    }
  }

  private static func fits(_ reduction: String, _ type: Type) -> Bool {
    switch reduction {
    case "addf", "maximumf", "minimumf", "mulf": type.isFloat
    case "addi", "muli", "ori", "andi": type.isInteger
    case "maxs", "mins": type.isInteger && type.signedness == .signed
    case "maxu", "minu": type.isInteger && type.signedness == .unsigned
    default: false
    }
  }

  static func verifyYield(_ operation: Operation) throws(Reported) {
    guard let parent = operation.parent, parent.is(`for`) || parent.is(`if`) || parent.is(parallel)
    else { throw operation.emitOpError("only terminates affine.if/for/parallel regions") }
    if parent.resultCount != operation.operandCount {
      throw operation.emitOpError(
        "parent of yield must have same number of results as the yield operands")
    }
    if !zip(parent.results, operation.operands).allSatisfy({ $0.type == $1.type }) {
      throw operation.emitOpError("types mismatch between yield op and its parent")
    }
  }

  // MARK: Indices

  private static func verifyBasis(_ operation: Operation, _ basis: [Int]) throws(Reported) {
    let dynamic = operation.operands(named: "dynamic_basis").count
    if basis.count(where: { $0 == Type.dynamic }) != dynamic {
      throw operation.emitOpError(
        "mismatch between dynamic and static basis (kDynamic marker but no corresponding "
          + "dynamic basis entry) -- this can only happen due to an incorrect fold/rewrite")
    }
  }

  static func verifyDelinearize(_ operation: Operation) throws(Reported) {
    let basis = operation.attribute("static_basis")?.integers ?? []
    if operation.resultCount != basis.count, operation.resultCount != basis.count + 1 {
      throw operation.emitOpError(
        "should return an index for each basis element and up to one extra index")
    }
    try verifyBasis(operation, basis)
    if !basis.allSatisfy({ $0 > 0 || $0 == Type.dynamic }) {
      throw operation.emitOpError("no basis element may be statically non-positive")
    }
  }

  static func verifyLinearize(_ operation: Operation) throws(Reported) {
    let basis = operation.attribute("static_basis")?.integers ?? []
    let count = operation.operands(named: "multi_index").count
    if count != basis.count, count != basis.count + 1 {
      throw operation.emitOpError(
        "should be passed a basis element for each index except possibly the first")
    }
    try verifyBasis(operation, basis)
  }
}
