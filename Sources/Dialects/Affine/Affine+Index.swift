import MartletIR
import MartletRewriting
import MartletSupport

/// Indices of a basis and the one index they make.
extension Affine {
  /// The basis, constants as such.
  private static func basis(_ operation: Operation) -> [MixedIndex] {
    operation.mixedIndices("dynamic_basis", "static_basis")
  }

  private static func indices(_ operation: Operation) -> [Value] {
    Array(operation.operands(named: "multi_index"))
  }

  private static func isDisjoint(_ operation: Operation) -> Bool {
    operation.attribute("disjoint")?.isUnit ?? false
  }

  /// Whether there is a basis element for the first index too, where it only bounds it.
  private static func hasOuterBound(_ operation: Operation) -> Bool {
    let count = operation.attribute("static_basis")?.integers?.count ?? 0
    return operation.is(delinearizeIndex)
      ? operation.resultCount == count : indices(operation).count == count
  }

  /// The basis with a gap for a first index that has no element.
  private static func padded(_ operation: Operation) -> [MixedIndex?] {
    (hasOuterBound(operation) ? [] : [nil]) + basis(operation).map { $0 }
  }

  // MARK: Building

  private static func delinearize(
    _ rewriter: PatternRewriter, _ index: Value, _ basis: [MixedIndex], results: Int
  ) -> Operation {
    let (statics, dynamics) = MixedIndex.split(basis)
    return rewriter.create(
      delinearizeIndex, [index] + dynamics,
      results: Array(repeating: index.type, count: results),
      attributes: [("static_basis", index.type.context.denseI64Array(statics))])
  }

  private static func linearize(
    _ rewriter: PatternRewriter, _ indices: [Value], _ basis: [MixedIndex], isDisjoint: Bool
  ) -> Operation {
    let context = rewriter.context
    let (statics, dynamics) = MixedIndex.split(basis)
    var attributes = [
      ("static_basis", context.denseI64Array(statics)),
      ("operandSegmentSizes", context.denseI32Array([indices.count, dynamics.count])),
    ]
    if isDisjoint { attributes.append(("disjoint", context.unit)) }
    return rewriter.create(
      linearizeIndex, indices + dynamics, results: [context.index], attributes: attributes)
  }

  private static func constant(_ rewriter: PatternRewriter, _ value: Int) -> Value {
    rewriter.create(
      Arith.constant, results: [rewriter.context.index],
      attributes: [("value", rewriter.context.indexAttribute(value))]
    ).result()
  }

  // MARK: Folding

  /// Makes constants of the values in the basis that are; whether there were any.
  private static func foldBasis(_ operation: Operation) -> Bool {
    let old = basis(operation)
    let new = old.map { entry in entry.constantValue.map { MixedIndex.constant($0) } ?? entry }
    if new == old { return false }
    let (statics, dynamics) = MixedIndex.split(new)
    let context = operation.context
    if operation.is(delinearizeIndex) {
      operation.setOperands([operation.operand(0)] + dynamics)
    } else {
      let indices = indices(operation)
      operation.setOperands(indices + dynamics)
      operation.setAttribute(
        "operandSegmentSizes", context.denseI32Array([indices.count, dynamics.count]))
    }
    operation.setAttribute("static_basis", context.denseI64Array(statics))
    return true
  }

  static func foldDelinearize(_ operation: Operation) -> FoldResult {
    if foldBasis(operation) { return .inPlace }
    if operation.resultCount == 1 { return .value(operation.operand(0)) }
    guard operation.operandCount == 1, var high = operation.operand(0).constantInteger else {
      return .none
    }
    var sizes = operation.attribute("static_basis")?.integers ?? []
    if hasOuterBound(operation), !sizes.isEmpty { sizes.removeFirst() }
    var parts: [Int] = []
    for size in sizes.reversed() {
      guard size > 0 else { return .none }
      let rest = high % size < 0 ? high % size + size : high % size
      parts.append(rest)
      high = (high - rest) / size
    }
    parts.append(high)
    return .replaced(
      parts.reversed().map { .attribute(operation.context.indexAttribute($0)) })
  }

  static func foldLinearize(_ operation: Operation) -> FoldResult {
    if foldBasis(operation) { return .inPlace }
    let indices = indices(operation)
    if indices.isEmpty { return .attribute(operation.context.indexAttribute(0)) }
    if indices.count == 1 { return .value(indices[0]) }
    guard operation.operands(named: "dynamic_basis").isEmpty else { return .none }
    var sum = 0
    var stride = 1
    var sizes = Array((operation.attribute("static_basis")?.integers ?? []).reversed())
    if sizes.count < indices.count { sizes.append(1) }
    for (index, size) in zip(indices.reversed(), sizes) {
      guard let value = index.constantInteger else { return .none }
      let (product, overflow) = value.multipliedReportingOverflow(by: stride)
      let (next, overflow2) = sum.addingReportingOverflow(product)
      let (further, overflow3) = stride.multipliedReportingOverflow(by: size)
      if overflow || overflow2 || overflow3 { return .none }
      sum = next
      stride = further
    }
    return .attribute(operation.context.indexAttribute(sum))
  }

  // MARK: Patterns

  static let delinearizePatterns = CanonicalizationPatterns(
    cancelExactTail, dropUnitBasis)
  static let linearizePatterns = CanonicalizationPatterns(
    cancelInverse, dropLeadingZero, dropUnitComponents)

  /// What delinearize_index took apart is put together again by the same basis.
  private static let cancelInverse = RewritePattern("cancel-delinearized") { operation, rewriter in
    let parts = indices(operation)
    guard let inner = parts.first?.definingOperation, inner.is(delinearizeIndex),
      Array(inner.results) == parts, padded(inner) == padded(operation),
      isDisjoint(operation) || !hasOuterBound(operation)
    else { return false }
    rewriter.replace(operation, with: [inner.operand(0)])
    return true
  }

  /// delinearize(linearize(x, y by A, B) by C, B) -> delinearize(linearize(x by A) by C), y
  private static let cancelExactTail = RewritePattern("cancel-linearized-tail") {
    operation, rewriter in
    guard let inner = operation.operand(0).definingOperation, inner.is(linearizeIndex),
      isDisjoint(inner)
    else { return false }
    let (from, to) = (basis(inner), basis(operation))
    let inputs = indices(inner)
    var count = 0
    while count < from.count, count < to.count,
      from[from.count - 1 - count] == to[to.count - 1 - count]
    {
      count += 1
    }
    if count == 0 { return false }
    if count == from.count, count == to.count, inputs.count == operation.resultCount {
      rewriter.replace(operation, with: inputs)
      return true
    }
    let joined = linearize(
      rewriter, Array(inputs.dropLast(count)), Array(from.dropLast(count)), isDisjoint: true)
    let split = delinearize(
      rewriter, joined.result(), Array(to.dropLast(count)),
      results: to.count - count + (hasOuterBound(operation) ? 0 : 1))
    rewriter.replace(operation, with: Array(split.results) + inputs.suffix(count))
    return true
  }

  /// An index below one is zero.
  private static let dropUnitBasis = RewritePattern("unit-basis") { operation, rewriter in
    var replacements: [Value?] = []
    var kept: [MixedIndex?] = []
    var zero: Value?
    for entry in padded(operation) {
      if entry?.constantValue == 1 {
        let value = zero ?? constant(rewriter, 0)
        zero = value
        replacements.append(value)
      } else {
        replacements.append(nil)
        kept.append(entry)
      }
    }
    if kept.count == operation.resultCount { return false }
    var values: [Value] = []
    if !kept.isEmpty {
      let made = delinearize(
        rewriter, operation.operand(0), kept.compactMap { $0 }, results: kept.count)
      values = Array(made.results)
    }
    var next = values.makeIterator()
    rewriter.replace(operation, with: replacements.compactMap { $0 ?? next.next() })
    return true
  }

  private static let dropLeadingZero = RewritePattern("leading-zero") { operation, rewriter in
    let indices = indices(operation)
    guard let first = indices.first, first.constantInteger == 0 else { return false }
    if indices.count == 1 {
      rewriter.replace(operation, with: first)
      return true
    }
    let kept = hasOuterBound(operation) ? Array(basis(operation).dropFirst()) : basis(operation)
    let made = linearize(
      rewriter, Array(indices.dropFirst()), kept, isDisjoint: isDisjoint(operation))
    rewriter.replace(operation, with: made)
    return true
  }

  /// An index below one adds nothing; without `disjoint` it must be known to be zero.
  private static let dropUnitComponents = RewritePattern("unit-components") {
    operation, rewriter in
    let all = indices(operation)
    var keptIndices: [Value] = []
    var keptBasis: [MixedIndex] = []
    let entries = padded(operation)
    for (index, entry) in zip(all, entries) {
      guard let entry else {
        keptIndices.append(index)
        continue
      }
      if entry.constantValue == 1, isDisjoint(operation) || index.constantInteger == 0 {
        continue
      }
      keptIndices.append(index)
      keptBasis.append(entry)
    }
    if keptIndices.count == all.count { return false }
    if keptIndices.isEmpty {
      rewriter.replace(operation, with: constant(rewriter, 0))
      return true
    }
    let made = linearize(rewriter, keptIndices, keptBasis, isDisjoint: isDisjoint(operation))
    rewriter.replace(operation, with: made)
    return true
  }
}
