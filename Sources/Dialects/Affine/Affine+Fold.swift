import MartletIR
import MartletRewriting
import MartletSupport

/// Folders.
extension Affine {
  private static func application(_ operation: Operation) -> AffineBound? {
    guard let map = operation.attribute("map")?.affineMap,
      map.inputCount == operation.operandCount
    else { return nil }
    return AffineBound(map: map, operands: Array(operation.operands))
  }

  private static func dividesByZero(_ expr: AffineExpr, _ bound: AffineBound) -> Bool {
    let known = bound.operands.map(\.constantInteger)
    var found = false
    expr.walk { part in
      guard part.kind == .mod || part.kind == .floorDiv || part.kind == .ceilDiv,
        bound.constant(of: part.right, known) == 0
      else { return }
      found = true
    }
    return found
  }

  static func foldApply(_ operation: Operation) -> FoldResult {
    guard let bound = application(operation), bound.map.resultCount == 1 else { return .none }
    let result = bound.map.results[0]
    if result.kind == .dimension, result.position < bound.map.dimensionCount {
      return .value(bound.operands[result.position])
    }
    if result.kind == .symbol, result.position < bound.map.symbolCount {
      return .value(bound.operands[bound.map.dimensionCount + result.position])
    }
    if let value = bound.constants() {
      return .attribute(operation.context.indexAttribute(value[0]))
    }
    // A division by zero among constants has no value.
    if dividesByZero(result, bound) {
      return .attribute(operation.context.attribute(UB.poisonAttribute))
    }
    return .none
  }

  /// A minimum or maximum of constants; else constant results are put into the map.
  static func foldExtremum(_ operation: Operation) -> FoldResult {
    guard let bound = application(operation) else { return .none }
    let context = operation.context
    let known = bound.operands.map(\.constantInteger)
    var values: [Int] = []
    let results = bound.map.results.map { result -> AffineExpr in
      guard let value = bound.constant(of: result, known) else { return result }
      values.append(value)
      return context.affineConstant(value)
    }
    let map = context.affineMap(
      dimensions: bound.map.dimensionCount, symbols: bound.map.symbolCount, results)
    if map.dimensionCount == 0, map.symbolCount == 1, results.count == 1,
      results[0].kind == .symbol
    {
      return .value(operation.operand(0))
    }
    if values.count == results.count {
      let value = operation.is(min) ? values.min() : values.max()
      return value.map { .attribute(context.indexAttribute($0)) } ?? .none
    }
    if map == bound.map { return .none }
    operation.setAttribute("map", context.affineMapAttribute(map))
    return .inPlace
  }

  // MARK: Memory

  /// The memref before a cast that only loses information.
  static func foldCast(_ operation: Operation, memref: Int) -> FoldResult {
    let value = operation.operand(memref)
    guard let cast = value.definingOperation, cast.is(MemRef.cast),
      MemRef.losesInformation(from: cast.operand(0).type, to: value.type)
    else { return .none }
    operation.setOperand(memref, cast.operand(0))
    return .inPlace
  }

  /// A load of a constant global at constant indices is the element.
  static func foldLoad(_ operation: Operation) -> FoldResult {
    if case .inPlace = foldCast(operation, memref: 0) { return .inPlace }
    guard let access = AffineAccess(operation), let source = access.memref.definingOperation,
      source.is(MemRef.getGlobal), let name = source.attribute("name"),
      let global = SymbolTable.resolve(name, from: operation), global.is(MemRef.global),
      global.hasAttribute("constant"),
      let elements = global.attribute("initial_value")?.denseElements
    else { return .none }
    if global.attribute("initial_value")?.isSplat == true {
      return elements.count > 0 ? .attribute(elements.element(0)) : .none
    }
    guard let indices = access.index.constants() else { return .none }
    let shape = access.memref.type.shape
    guard indices.count == shape.count else { return .none }
    var position = 0
    for (index, size) in zip(indices, shape) {
      guard index >= 0, index < size else { return .none }
      position = position * size + index
    }
    return position < elements.count ? .attribute(elements.element(position)) : .none
  }

  // MARK: Loops

  static func foldFor(_ operation: Operation) -> FoldResult {
    guard let loop = AffineForOp(operation) else { return .none }
    let changed = foldBounds(loop)
    let canonicalized = canonicalizeBounds(loop)
    if operation.resultCount > 0 {
      if loop.constantTripCount == 0 { return .replaced(loop.inits.map { .value($0) }) }
      if let values = emptyLoopResults(loop) { return .replaced(values.map { .value($0) }) }
    }
    return changed || canonicalized ? .inPlace : .none
  }

  /// Bounds that are constant by their operands.
  private static func foldBounds(_ loop: AffineForOp) -> Bool {
    var (lower, upper) = (loop.lower, loop.upper)
    var changed = false
    if lower.map.singleConstant == nil || lower.map.inputCount > 0,
      let value = lower.constants()?.max()
    {
      lower = AffineBound(constant: value, loop.context)
      changed = true
    }
    if upper.map.singleConstant == nil || upper.map.inputCount > 0,
      let value = upper.constants()?.min()
    {
      upper = AffineBound(constant: value, loop.context)
      changed = true
    }
    if changed { loop.setBounds(lower: lower, upper: upper) }
    return changed
  }

  private static func canonicalizeBounds(_ loop: AffineForOp) -> Bool {
    var (lower, upper) = (loop.lower, loop.upper)
    lower.compose()
    lower.canonicalize()
    lower.map = AffineRanges(lower).irredundant(lower.map, isMax: true)
    upper.map = AffineRanges(upper).irredundant(upper.map, isMax: false)
    lower.removeDuplicates()
    upper.compose()
    upper.canonicalize()
    upper.removeDuplicates()
    if lower.map == loop.lower.map, upper.map == loop.upper.map { return false }
    loop.setBounds(
      lower: lower.map == loop.lower.map ? loop.lower : lower,
      upper: upper.map == loop.upper.map ? loop.upper : upper)
    return true
  }

  /// The results of a loop whose body only yields; nil where they depend on the number of iterations.
  private static func emptyLoopResults(_ loop: AffineForOp) -> [Value]? {
    guard let end = loop.yield, loop.body.firstOperation == end else { return nil }
    let trips = loop.constantTripCount
    let (arguments, inits) = (loop.iterArgs, loop.inits)
    var values: [Value] = []
    var hasOutside = false
    var isPermuted = false
    for (i, value) in end.operands.enumerated() {
      if value == loop.inductionVariable { return nil }
      if let position = arguments.firstIndex(of: value) {
        if position != i { isPermuted = true }
        values.append(inits[position])
      } else {
        hasOutside = true
        values.append(value)
      }
    }
    if trips == nil, hasOutside || isPermuted { return nil }
    if let trips, trips >= 2, isPermuted { return nil }
    return values
  }

  static func foldParallel(_ operation: Operation) -> FoldResult {
    guard let loop = AffineParallelOp(operation) else { return .none }
    var (lower, upper) = (loop.lower, loop.upper)
    lower.compose()
    upper.compose()
    if lower == loop.lower, upper == loop.upper { return .none }
    let context = operation.context
    operation.setOperands(lower.operands + upper.operands)
    operation.setAttribute("lowerBoundsMap", context.affineMapAttribute(lower.map))
    operation.setAttribute("upperBoundsMap", context.affineMapAttribute(upper.map))
    return .inPlace
  }

  // MARK: Conditionals

  static func foldIf(_ operation: Operation) -> FoldResult {
    guard let set = operation.attribute("condition")?.integerSet else { return .none }
    let context = operation.context
    // The constraints are looked at as the results of a map.
    var bound = AffineBound(
      map: context.affineMap(
        dimensions: set.dimensionCount, symbols: set.symbolCount, set.constraints.map(\.expr)),
      operands: Array(operation.operands))
    if bound.operands.contains(where: { $0.definingOperation?.is(apply) ?? false }) {
      bound.compose()
    }
    bound.canonicalize()
    let new = context.integerSet(
      dimensions: bound.map.dimensionCount, symbols: bound.map.symbolCount,
      zip(bound.map.results, set.constraints).map { ($0, $1.isEquality) })
    if new == set, bound.operands == Array(operation.operands) { return .none }
    operation.setOperands(bound.operands)
    operation.setAttribute("condition", context.integerSetAttribute(new))
    return .inPlace
  }
}
