import MartletIR
import MartletRewriting

/// Canonicalisations of `scf.parallel` and `scf.forall`.
extension SCF {
  // MARK: parallel

  static let parallelPatterns: CanonicalizationPatterns = .init(
    dropParallelDimensions, mergeNestedParallel)

  /// Dimensions that run once go, and so does a loop that does not run.
  private static let dropParallelDimensions = RewritePattern("single-or-zero-iterations") {
    op, rewriter in
    guard let loop = ParallelOp(op) else { return false }
    var mapping = IRMapping()
    var kept: [Int] = []
    for i in loop.lowerBounds.indices {
      let count = tripCount(
        .value(loop.lowerBounds[i]), .value(loop.upperBounds[i]), .value(loop.steps[i]))
      if count == 0 {
        rewriter.replace(op, with: Array(loop.inits))
        return true
      }
      if count == 1 {
        mapping.values[loop.inductionVariables[i]] = loop.lowerBounds[i]
      } else {
        kept.append(i)
      }
    }
    if kept.count == loop.lowerBounds.count { return false }
    if kept.isEmpty { return inlineParallel(loop, &mapping, rewriter) }
    let groups = [loop.lowerBounds, loop.upperBounds, loop.steps]
    let operands = groups.flatMap { group in kept.map { group[$0] } } + Array(loop.inits)
    let sizes = [kept.count, kept.count, kept.count, loop.inits.count]
    let made = rewriter.create(
      SCF.parallel, operands, results: op.results.types,
      attributes: [("operandSegmentSizes", op.context.denseI32Array(sizes))])
    let block = rewriter.createBlock(
      in: made.region(), arguments: kept.map { loop.inductionVariables[$0].type })
    for (k, i) in kept.enumerated() {
      mapping.values[loop.inductionVariables[i]] = block.argument(k)
    }
    for inner in loop.body.operations { rewriter.clone(inner, &mapping) }
    rewriter.replace(op, with: made)
    return true
  }

  private static func inlineParallel(
    _ loop: ParallelOp, _ mapping: inout IRMapping, _ rewriter: PatternRewriter
  ) -> Bool {
    guard let reduce = loop.reduce else { return false }
    for inner in loop.body.operations where inner != reduce { rewriter.clone(inner, &mapping) }
    var results: [Value] = []
    for (i, region) in reduce.regions.enumerated() {
      guard let block = region.firstBlock, let end = block.terminator, block.argumentCount == 2
      else { return false }
      mapping.values[block.argument(0)] = loop.inits[i]
      mapping.values[block.argument(1)] = mapping.lookup(reduce.operand(i))
      for inner in block.operations where inner != end { rewriter.clone(inner, &mapping) }
      results.append(mapping.lookup(end.operand(0)))
    }
    rewriter.replace(loop.operation, with: results)
    return true
  }

  /// A parallel loop that holds nothing but another is one loop of more dimensions.
  private static let mergeNestedParallel = RewritePattern("merge-nested-parallel") {
    op, rewriter in
    guard let outer = ParallelOp(op), let end = outer.reduce,
      let first = outer.body.firstOperation, first.next == end, let inner = ParallelOp(first),
      let innerEnd = inner.reduce, outer.inits.isEmpty, inner.inits.isEmpty
    else { return false }
    let bounds = [inner.lowerBounds, inner.upperBounds, inner.steps]
    for argument in outer.inductionVariables {
      if bounds.contains(where: { $0.contains(argument) }) { return false }
    }
    let operands = zip([outer.lowerBounds, outer.upperBounds, outer.steps], bounds).flatMap {
      Array($0) + Array($1)
    }
    let rank = outer.lowerBounds.count + inner.lowerBounds.count
    let made = rewriter.create(
      SCF.parallel, operands,
      attributes: [("operandSegmentSizes", op.context.denseI32Array([rank, rank, rank, 0]))])
    let old = Array(outer.inductionVariables) + Array(inner.inductionVariables)
    let block = rewriter.createBlock(in: made.region(), arguments: old.map(\.type))
    var mapping = IRMapping()
    mapping.map(old, to: block.arguments)
    for operation in inner.body.operations where operation != innerEnd {
      rewriter.clone(operation, &mapping)
    }
    rewriter.create(SCF.reduce, [], regions: 0)
    rewriter.replace(op, with: [Value]())
    return true
  }

  // MARK: forall

  static let forallPatterns: CanonicalizationPatterns = .init(
    dimOfForall, foldOutputCasts, foldForallBounds, dropUnmodifiedOutputs, dropForallDimensions,
    replaceKnownInduction)

  /// The size of a result is that of the output it comes from.
  private static let dimOfForall = RewritePattern("dim-of-forall", root: "tensor.dim") {
    op, rewriter in
    let source = op.operand(0)
    guard let loop = ForallOp(source.definingOperation), source.index < loop.outputs.count else {
      return false
    }
    let output = loop.outputs[source.index]
    rewriter.modifyInPlace(op) { op.setOperand(0, output) }
    return true
  }

  private static let foldForallBounds = RewritePattern("fold-constant-bounds") { op, rewriter in
    guard let loop = ForallOp(op) else { return false }
    var parts = [loop.lowerBounds, loop.upperBounds, loop.steps]
    var changed = false
    for i in parts.indices where !changed {
      parts[i] = parts[i].map { entry in
        guard case .value = entry, let constant = entry.constantValue, constant != Type.dynamic
        else { return entry }
        changed = true
        return .constant(constant)
      }
    }
    if !changed { return false }
    let outputs = Array(loop.outputs)
    rewriter.modifyInPlace(op) { setBounds(op, parts, outputs) }
    return true
  }

  private static func setBounds(_ op: Operation, _ parts: [[MixedIndex]], _ outputs: [Value]) {
    let names = ["staticLowerBound", "staticUpperBound", "staticStep"]
    var operands: [Value] = []
    var sizes: [Int] = []
    for (name, part) in zip(names, parts) {
      let (statics, dynamics) = MixedIndex.split(part)
      op.setAttribute(name, op.context.denseI64Array(statics))
      operands += dynamics
      sizes.append(dynamics.count)
    }
    op.setOperands(operands + outputs)
    op.setAttribute("operandSegmentSizes", op.context.denseI32Array(sizes + [outputs.count]))
  }

  /// The output an operation of the terminator writes to.
  private static func destination(of write: Operation) -> Value? {
    guard let position = write.interface(ParallelCombining.self)?.destination,
      position < write.operandCount
    else { return nil }
    return write.operand(position)
  }

  /// The operations of the terminator that write to output argument `argument`.
  private static func combining(_ loop: ForallOp, _ argument: Value) -> [Operation] {
    argument.uses.map(\.owner).filter { user in
      user.parent == loop.inParallel
        && destination(of: user) == argument
    }
  }

  /// Outputs nothing is written to, or whose results nobody uses, go.
  private static let dropUnmodifiedOutputs = RewritePattern("unmodified-outputs") { op, rewriter in
    guard let loop = ForallOp(op), loop.inParallel != nil else { return false }
    let arguments = loop.outputArguments
    guard arguments.count == op.resultCount else { return false }
    let dead = op.results.indices.filter {
      !op.result($0).hasUses || combining(loop, arguments[$0]).isEmpty
    }
    if dead.isEmpty { return false }
    let outputs = Array(loop.outputs)
    for i in dead {
      for writer in combining(loop, arguments[i]) { rewriter.erase(writer) }
    }
    for i in dead {
      rewriter.replaceAllUses(of: arguments[i], with: outputs[i])
      rewriter.replaceAllUses(of: op.result(i), with: outputs[i])
    }
    let rank = loop.rank
    let body = loop.body
    rewriter.modifyInPlace(op) { for i in dead.reversed() { body.eraseArgument(rank + i) } }
    let kept = op.results.indices.filter { !dead.contains($0) }
    let parts = [loop.lowerBounds, loop.upperBounds, loop.steps]
    let made = rewriter.eraseResults(of: op, except: kept)
    setBounds(made, parts, kept.map { outputs[$0] })
    return true
  }

  private static let dropForallDimensions = RewritePattern("single-or-zero-iterations") {
    op, rewriter in
    guard let loop = ForallOp(op) else { return false }
    if let mapping = op.attribute("mapping")?.elements, !mapping.isEmpty { return false }
    let parts = [loop.lowerBounds, loop.upperBounds, loop.steps]
    let variables = loop.inductionVariables
    guard variables.count == loop.rank else { return false }
    var mapping = IRMapping()
    var kept: [Int] = []
    for i in 0..<loop.rank {
      let count = tripCount(parts[0][i], parts[1][i], parts[2][i])
      if count == 0 {
        rewriter.replace(op, with: Array(loop.outputs))
        return true
      }
      if count == 1 {
        mapping.values[variables[i]] = materialize(parts[0][i], rewriter)
      } else {
        kept.append(i)
      }
    }
    if kept.isEmpty { return promote(loop, rewriter) }
    if kept.count == loop.rank { return false }
    let made = rewriter.create(
      SCF.forall, [], results: op.results.types,
      attributes: op.inherentAttributes.map { ($0.name, $0.value) })
    made.setDiscardableAttributes(op.discardableAttributes)
    setBounds(made, parts.map { part in kept.map { part[$0] } }, Array(loop.outputs))
    let block = rewriter.createBlock(
      in: made.region(),
      arguments: kept.map { variables[$0].type } + loop.outputArguments.map(\.type))
    for (k, i) in kept.enumerated() { mapping.values[variables[i]] = block.argument(k) }
    for (k, argument) in loop.outputArguments.enumerated() {
      mapping.values[argument] = block.argument(kept.count + k)
    }
    for inner in loop.body.operations { rewriter.clone(inner, &mapping) }
    rewriter.replace(op, with: made)
    return true
  }

  /// A loop that runs once is its body, and what it writes in parallel is written in order.
  private static func promote(_ loop: ForallOp, _ rewriter: PatternRewriter) -> Bool {
    let op = loop.operation
    guard let end = loop.inParallel, let writes = end.region().firstBlock else { return false }
    for write in writes.operations where !write.is(TensorDialect.parallelInsertSlice) {
      return false
    }
    var replacements = loop.lowerBounds.map { materialize($0, rewriter) }
    replacements += Array(loop.outputs)
    let outputs = loop.outputArguments
    var results = Array(loop.outputs)
    var order: [(write: Operation, output: Int)] = []
    for write in writes.operations {
      let destination = destination(of: write)
      guard let i = outputs.firstIndex(where: { $0 == destination }) else { return false }
      order.append((write, i))
    }
    rewriter.inlineBlock(loop.body, before: op, arguments: replacements)
    for (write, output) in order {
      rewriter.setInsertionPoint(before: end)
      var operands = Array(write.operands)
      operands[1] = results[output]
      let made = rewriter.create(
        TensorDialect.insertSlice, operands, results: [results[output].type],
        attributes: ["static_offsets", "static_sizes", "static_strides", "operandSegmentSizes"]
          .compactMap { name in write.attribute(name).map { (name, $0) } })
      results[output] = made.result()
    }
    rewriter.erase(end)
    rewriter.replace(op, with: results)
    return true
  }

  /// The induction variable of a dimension that runs once is its lower bound.
  private static let replaceKnownInduction = RewritePattern("known-induction-variables") {
    op, rewriter in
    guard let loop = ForallOp(op) else { return false }
    let parts = (loop.lowerBounds, loop.upperBounds, loop.steps)
    var changed = false
    for (i, variable) in loop.inductionVariables.enumerated() where variable.hasUses {
      guard tripCount(parts.0[i], parts.1[i], parts.2[i]) == 1 else { continue }
      rewriter.setInsertionPoint(before: op)
      rewriter.replaceAllUses(of: variable, with: materialize(parts.0[i], rewriter))
      changed = true
    }
    return changed
  }

  /// Outputs that are casts which forget sizes are taken before the cast.
  private static let foldOutputCasts = RewritePattern("output-casts") { op, rewriter in
    guard let loop = ForallOp(op), loop.inParallel != nil else { return false }
    var outputs = Array(loop.outputs)
    var casts: [(Int, from: Type, to: Type)] = []
    for (i, output) in outputs.enumerated() {
      guard let cast = output.definingOperation, cast.is(TensorDialect.cast),
        cast.operand(0).type.isMoreStatic(than: cast.result().type)
      else { continue }
      casts.append((i, cast.operand(0).type, cast.result().type))
      outputs[i] = cast.operand(0)
    }
    if casts.isEmpty { return false }
    let made = rewriter.create(
      SCF.forall, [], results: outputs.map(\.type),
      attributes: op.inherentAttributes.map { ($0.name, $0.value) })
    setBounds(made, [loop.lowerBounds, loop.upperBounds, loop.steps], outputs)
    let variables = loop.inductionVariables
    let block = rewriter.createBlock(
      in: made.region(), arguments: variables.map(\.type) + outputs.map(\.type))
    var arguments = Array(block.arguments)
    for (i, _, to) in casts {
      let place = variables.count + i
      arguments[place] = rewriter.create(TensorDialect.cast, [arguments[place]], results: [to])
        .result()
    }
    rewriter.mergeBlocks(loop.body, into: block, arguments: arguments)
    if let writes = made.region().firstBlock?.terminator?.region().firstBlock {
      for write in writes.operations {
        guard let destination = destination(of: write),
          let i = arguments.firstIndex(of: destination),
          let place = write.operands.firstIndex(of: destination)
        else { continue }
        rewriter.modifyInPlace(write) { write.setOperand(place, block.argument(i)) }
      }
    }
    rewriter.setInsertionPoint(after: made)
    var results = Array(made.results)
    for (i, _, to) in casts {
      results[i] = rewriter.create(TensorDialect.cast, [results[i]], results: [to]).result()
    }
    rewriter.replace(op, with: results)
    return true
  }
}
