import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// `affine` to loops, conditionals, accesses and arithmetic.
  ///
  ///     affine.for %i = 0 to %n {              ->  scf.for %i = %c0 to %n step %c1 {
  ///       %x = affine.load %a[%i + 1] : …            %j = arith.addi %i, %c1 : index
  ///     }                                             %x = memref.load %a[%j] : …
  ///                                               }
  public static let lowerAffine = Pass(
    "lower-affine", name: "LowerAffinePass",
    "Lower Affine operations to a combination of Arith and SCF operations",
    dependentDialects: ["arith", "memref", "scf", "vector"]
  ) { (root, state) throws(Reported) in
    var found: [Operation] = []
    root.walkPreOrder { operation in
      // The end of a parallel loop goes with the loop.
      if operation.name.dialectName == "affine", operation.isRegistered,
        !(operation.is(Affine.yield) && operation.parent?.is(Affine.parallel) == true)
      {
        found.append(operation)
      }
      return .advance
    }
    state.isUnchanged = found.isEmpty
    let lowering = AffineLowering(root.context)
    for operation in found where !lowering.isGone(operation) { try lowering.lower(operation) }
    lowering.finish()
  }
}

/// Lowers one operation after another, outer ones before what they contain.
private final class AffineLowering {
  private let context: Context
  private let rewriter: PatternRewriter
  /// What stands for results: put in their places at the end, since operations fold as they were written.
  private var replacements: [Value: Value] = [:]
  private var replaced: [Operation] = []
  /// Operations that folded to values; what they contain goes with them.
  private var folded: Set<Operation> = []

  init(_ context: Context) {
    self.context = context
    rewriter = PatternRewriter(context)
  }

  func lower(_ operation: Operation) throws(Reported) {
    // A fold may make an operation simpler, or take it away.
    var limit = 0
    while limit < 64, case .inPlace = Folding.fold(operation) { limit += 1 }
    rewriter.setInsertionPoint(before: operation)
    rewriter.location = operation.location
    if fold(operation) { return }
    if operation.is(Affine.yield) {
      lowerYield(operation)
    } else if !lowerKnown(operation) {
      throw operation.emitError("failed to legalize operation '\(operation.name)'")
    }
  }

  private func replace(_ operation: Operation, with values: [Value]) {
    for (result, value) in zip(operation.results, values) { replacements[result] = value }
    replaced.append(operation)
  }

  /// Whether `operation` stands in one that folded.
  func isGone(_ operation: Operation) -> Bool {
    guard let parent = operation.parent, !folded.isEmpty else { return false }
    return folded.contains(parent) || isGone(parent)
  }

  /// Puts what operations were lowered to in their places.
  func finish() {
    for operation in replaced {
      for result in operation.results {
        guard var value = replacements[result] else { continue }
        while let next = replacements[value] { value = next }
        result.replaceAllUses(with: value)
      }
    }
    for operation in replaced.reversed() { rewriter.erase(operation) }
  }

  /// Replaces what folds to values or constants.
  private func fold(_ operation: Operation) -> Bool {
    guard operation.resultCount > 0, let entries = Folding.fold(operation).replacements
    else { return false }
    var values: [Value] = []
    for (entry, result) in zip(entries, operation.results) {
      switch entry {
      case .value(let value): values.append(value)
      case .attribute(let attribute):
        guard
          let made = rewriter.materialize(
            attribute, result.type, dialect: operation.name.dialect)
        else { return false }
        values.append(made.result())
      }
    }
    if operation.regionCount > 0 { folded.insert(operation) }
    replace(operation, with: values)
    return true
  }

  private func lowerYield(_ operation: Operation) {
    rewriter.create(SCF.yield, Array(operation.operands))
    rewriter.erase(operation)
  }

  private func lowerKnown(_ operation: Operation) -> Bool {
    if operation.is(Affine.for) { return lowerFor(operation) }
    if operation.is(Affine.if) { return lowerIf(operation) }
    if operation.is(Affine.parallel) { return lowerParallel(operation) }
    if operation.is(Affine.delinearizeIndex) { return delinearize(operation) }
    if operation.is(Affine.linearizeIndex) { return linearize(operation) }
    if operation.is(Affine.dmaStart) || operation.is(Affine.dmaWait) {
      return lowerTransfer(operation)
    }
    if let access = AffineAccess(operation) { return lowerAccess(access) }
    guard let map = operation.attribute("map")?.affineMap else { return false }
    let expander = AffineExpander(
      rewriter, AffineBound(map: map, operands: Array(operation.operands)))
    let value =
      operation.is(Affine.apply)
      ? expander.expand(map)?.first
      : expander.extremum(map, isMax: operation.is(Affine.max))
    guard let value else { return false }
    replace(operation, with: [value])
    return true
  }

  // MARK: Control

  private func lowerFor(_ operation: Operation) -> Bool {
    guard let loop = AffineForOp(operation) else { return false }
    let lower = loop.lower
    let upper = loop.upper
    let expander = AffineExpander(rewriter, lower)
    guard let start = expander.extremum(lower.map, isMax: true),
      let end = AffineExpander(rewriter, upper).extremum(upper.map, isMax: false)
    else { return false }
    let step = expander.constant(loop.step)
    let made = rewriter.create(
      SCF.for, [start, end, step] + loop.inits, results: operation.results.map(\.type))
    rewriter.inlineRegion(operation.region(), into: made.region())
    replace(operation, with: Array(made.results))
    return true
  }

  private func lowerIf(_ operation: Operation) -> Bool {
    guard let set = operation.attribute("condition")?.integerSet else { return false }
    let map = context.affineMap(
      dimensions: set.dimensionCount, symbols: set.symbolCount, set.constraints.map(\.expr))
    let expander = AffineExpander(
      rewriter, AffineBound(map: map, operands: Array(operation.operands)))
    let zero = expander.constant(0)
    var condition: Value?
    for constraint in set.constraints {
      guard let value = expander.expand(constraint.expr) else { return false }
      let test = expander.compare(constraint.isEquality ? "eq" : "sge", value, zero)
      condition =
        condition.map {
          rewriter.create(Arith.andi, [$0, test], results: [context.i1]).result()
        } ?? test
    }
    let all =
      condition
      ?? rewriter.create(
        Arith.constant, results: [context.i1],
        attributes: [("value", context.boolAttribute(true))]
      ).result()
    let made = rewriter.create(SCF.if, [all], results: operation.results.map(\.type))
    for i in 0..<2 where i < operation.regionCount {
      rewriter.inlineRegion(operation.region(i), into: made.region(i))
    }
    replace(operation, with: Array(made.results))
    return true
  }

  private func lowerParallel(_ operation: Operation) -> Bool {
    guard let loop = AffineParallelOp(operation), let end = loop.body.lastOperation else {
      return false
    }
    var lower: [Value] = []
    var upper: [Value] = []
    var starts = (0, 0)
    for i in loop.steps.indices {
      let low = loop.lower.map.slice(starts.0..<(starts.0 + loop.lowerGroups[i]))
      let high = loop.upper.map.slice(starts.1..<(starts.1 + loop.upperGroups[i]))
      starts = (starts.0 + loop.lowerGroups[i], starts.1 + loop.upperGroups[i])
      guard let a = AffineExpander(rewriter, loop.lower).extremum(low, isMax: true),
        let b = AffineExpander(rewriter, loop.upper).extremum(high, isMax: false)
      else { return false }
      lower.append(a)
      upper.append(b)
    }
    let expander = AffineExpander(rewriter, loop.lower)
    let steps = loop.steps.map { expander.constant($0) }
    var inits: [Value] = []
    for (kind, result) in zip(loop.reductions, operation.results) {
      guard let value = AtomicReduction(kind)?.identity(result.type) else { return false }
      inits.append(
        rewriter.create(Arith.constant, results: [result.type], attributes: [("value", value)])
          .result())
    }
    let made = rewriter.create(
      SCF.parallel, lower + upper + steps + inits, results: operation.results.map(\.type),
      attributes: [
        (
          "operandSegmentSizes",
          context.denseI32Array([lower.count, upper.count, steps.count, inits.count])
        )
      ])
    let kinds = loop.reductions
    rewriter.inlineRegion(operation.region(), into: made.region())
    rewriter.setInsertionPoint(before: end)
    makeReduction(end, kinds)
    rewriter.setInsertionPoint(before: operation)
    replace(operation, with: Array(made.results))
    return true
  }

  /// The end of a parallel loop: for each value a region that combines two.
  private func makeReduction(_ end: Operation, _ kinds: [String]) {
    let values = Array(end.operands)
    let reduce = context.createOperation(
      context.operationName(SCF.reduce), location: end.location, operands: values,
      resultTypes: EmptyCollection<Type>(), regionCount: values.count)
    rewriter.insert(reduce)
    for (i, (value, kind)) in zip(values, kinds).enumerated() {
      let block = reduce.region(i).addBlock(arguments: [value.type, value.type])
      rewriter.at(.atEnd(of: block)) {
        guard let combine = AtomicReduction(kind)?.definition else { return }
        let both = rewriter.create(
          combine, [block.argument(0), block.argument(1)], results: [value.type])
        _ = rewriter.create(SCF.reduceReturn, [both.result()])
      }
    }
    rewriter.erase(end)
  }

  // MARK: Memory

  private func lowerAccess(_ access: AffineAccess) -> Bool {
    let operation = access.operation
    let index = access.index
    guard let indices = AffineExpander(rewriter, index).expand(index.map) else { return false }
    let definitions: [(OpDefinition, OpDefinition)] = [
      (Affine.load, MemRef.load), (Affine.store, MemRef.store),
      (Affine.vectorLoad, VectorDialect.load), (Affine.vectorStore, VectorDialect.store),
      (Affine.prefetch, MemRef.prefetch),
    ]
    guard let target = definitions.first(where: { operation.is($0.0) })?.1 else { return false }
    var attributes: [(String, Attribute)] = []
    if operation.is(Affine.prefetch) {
      for name in ["isWrite", "localityHint", "isDataCache"] {
        if let value = operation.attribute(name) { attributes.append((name, value)) }
      }
    }
    let made = rewriter.create(
      target, (access.stored.map { [$0] } ?? []) + [access.memref] + indices,
      results: operation.results.map(\.type), attributes: attributes)
    replace(operation, with: Array(made.results))
    return true
  }

  private func lowerTransfer(_ operation: Operation) -> Bool {
    var operands: [Value] = []
    var left = Array(operation.operands)
    var parts: [[Value]] = []
    for name in ["src_map", "dst_map", "tag_map"] {
      guard let map = operation.attribute(name)?.affineMap else { continue }
      guard left.count > map.inputCount else { return false }
      let bound = AffineBound(
        map: map, operands: Array(left.dropFirst().prefix(map.inputCount)))
      guard let indices = AffineExpander(rewriter, bound).expand(map) else { return false }
      parts.append([left[0]] + indices)
      left.removeFirst(1 + map.inputCount)
    }
    guard let tag = parts.popLast(), let count = left.first else { return false }
    if operation.is(Affine.dmaWait) {
      operands = tag + [count]
    } else {
      operands = parts.flatMap { $0 } + [count] + tag + left.dropFirst()
    }
    let target = operation.is(Affine.dmaWait) ? MemRef.dmaWait : MemRef.dmaStart
    rewriter.create(target, operands)
    rewriter.erase(operation)
    return true
  }

  // MARK: Indices

  /// Products of the basis behind each element, that of all first.
  private func strides(
    _ expander: AffineExpander, _ basis: [MixedIndex], isNonNegative: Bool
  ) -> [Value]? {
    let flags =
      AffineExpander.noSignedWrap | (isNonNegative ? AffineExpander.noUnsignedWrap : 0)
    var strides: [Value] = []
    var dynamic: Value?
    var constant = 1
    for entry in basis.reversed() {
      switch entry {
      case .value(let value):
        dynamic =
          dynamic.map { expander.binary(Arith.muli, $0, value, flags: flags) } ?? value
      case .constant(let size):
        let (product, overflow) = constant.multipliedReportingOverflow(by: size)
        if overflow { return nil }
        constant = product
      }
      if let dynamic, constant == 1 {
        strides.append(dynamic)
        continue
      }
      let factor = expander.constant(constant)
      strides.append(
        dynamic.map { expander.binary(Arith.muli, $0, factor, flags: flags) } ?? factor)
    }
    return strides.reversed()
  }

  private func delinearize(_ operation: Operation) -> Bool {
    let expander = AffineExpander(
      rewriter, AffineBound(map: context.identityMap(0), operands: []))
    var basis = operation.mixedIndices("dynamic_basis", "static_basis")
    if basis.count == operation.resultCount, !basis.isEmpty { basis.removeFirst() }
    let index = operation.operand(0)
    guard operation.resultCount > 1,
      let strides = strides(expander, basis, isNonNegative: true), !strides.isEmpty
    else {
      guard operation.resultCount == 1 else { return false }
      replace(operation, with: [index])
      return true
    }
    let zero = expander.constant(0)
    func modulo(_ stride: Value) -> Value {
      let rest = expander.binary(Arith.remsi, index, stride)
      let isNegative = expander.compare("slt", rest, zero)
      let corrected = expander.binary(
        Arith.addi, rest, stride, flags: AffineExpander.noSignedWrap)
      return expander.select(isNegative, corrected, rest)
    }
    var results = [expander.binary(Arith.floordivsi, index, strides[0])]
    for (this, next) in zip(strides, strides.dropFirst()) {
      results.append(expander.binary(Arith.divsi, modulo(this), next))
    }
    results.append(modulo(strides[strides.count - 1]))
    replace(operation, with: results)
    return true
  }

  private func linearize(_ operation: Operation) -> Bool {
    let expander = AffineExpander(
      rewriter, AffineBound(map: context.identityMap(0), operands: []))
    let indices = Array(operation.operands(named: "multi_index"))
    guard let last = indices.last else {
      replace(operation, with: [expander.constant(0)])
      return true
    }
    var basis = operation.mixedIndices("dynamic_basis", "static_basis")
    if basis.count == indices.count, !basis.isEmpty { basis.removeFirst() }
    guard
      let strides = strides(
        expander, basis, isNonNegative: operation.hasAttribute("disjoint"))
    else { return false }
    var terms: [(value: Value, loops: Int)] = []
    for (index, stride) in zip(indices, strides) {
      let scaled = expander.binary(
        Arith.muli, index, stride, flags: AffineExpander.noSignedWrap)
      terms.append((scaled, invariantLoops(index, operation)))
    }
    terms.append((last, invariantLoops(last, operation)))
    // What is invariant in more loops comes first, so that the sum can leave them.
    let ordered = terms.enumerated().sorted {
      ($1.element.loops, $0.offset) < ($0.element.loops, $1.offset)
    }.map(\.element.value)
    let sum = ordered.dropFirst().reduce(ordered[0]) {
      expander.binary(Arith.addi, $0, $1, flags: AffineExpander.noSignedWrap)
    }
    replace(operation, with: [sum])
    return true
  }

  /// In how many loops around the operation a value does not vary.
  private func invariantLoops(_ value: Value, _ operation: Operation) -> Int {
    var count = 0
    var current = operation.parent
    while let loop = current {
      guard loop.has(.loopLike),
        !loop.regions.contains(where: { region in
          value.block?.region.map { region.isAncestor(of: $0) || region == $0 } ?? false
        })
      else { break }
      count += 1
      current = loop.parent
    }
    return count
  }
}

/// A kind of reduction as arith has it.
struct AtomicReduction {
  let definition: OpDefinition
  private let kind: String

  init?(_ kind: String) {
    let definitions: [String: OpDefinition] = [
      "addf": Arith.addf, "addi": Arith.addi, "mulf": Arith.mulf, "muli": Arith.muli,
      "maximumf": Arith.maximumf, "minimumf": Arith.minimumf, "maxnumf": Arith.maxnumf,
      "minnumf": Arith.minnumf, "maxs": Arith.maxsi, "mins": Arith.minsi, "maxu": Arith.maxui,
      "minu": Arith.minui, "andi": Arith.andi, "ori": Arith.ori, "xori": Arith.xori,
    ]
    guard let definition = definitions[kind] else { return nil }
    self.definition = definition
    self.kind = kind
  }

  /// The value that changes nothing; nil where the type has none.
  func identity(_ type: Type) -> Attribute? {
    let context = type.context
    if type.isFloat {
      switch kind {
      case "addf": return context.floatAttribute(0, type)
      case "mulf": return context.floatAttribute(1, type)
      case "maximumf": return context.floatAttribute(-.infinity, type)
      case "minimumf": return context.floatAttribute(.infinity, type)
      case "maxnumf", "minnumf":
        return context.floatAttribute(.nan, type)
      default: return nil
      }
    }
    guard let width = type.isIndex ? 64 : type.bitWidth, width <= 64, !type.isFloat else {
      return nil
    }
    let most = Int64.max >> Int64(64 - width)
    switch kind {
    case "addi", "ori", "xori", "maxu": return context.integerAttribute(0, type)
    case "muli": return context.integerAttribute(1, type)
    case "andi", "minu": return context.integerAttribute(-1, type)
    case "mins": return context.integerAttribute(most, type)
    case "maxs": return context.integerAttribute(~most, type)
    default: return nil
    }
  }
}
