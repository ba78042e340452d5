import MartletDialects
import MartletIR
import MartletPasses
import MartletSupport

extension Pass {
  /// `scf` to blocks and branches.
  ///
  /// Before:
  ///
  ///     %s = scf.for %i = %lb to %ub step %c iter_args(%a = %x) -> (f32) {
  ///       %b = arith.addf %a, %y : f32
  ///       scf.yield %b : f32
  ///     }
  ///
  /// After:
  ///
  ///     cf.br ^head(%lb, %x : index, f32)
  ///     ^head(%i: index, %a: f32):
  ///       %more = arith.cmpi slt, %i, %ub : index
  ///       cf.cond_br %more, ^body, ^end
  ///     ^body:
  ///       %b = arith.addf %a, %y : f32
  ///       %next = arith.addi %i, %c : index
  ///       cf.br ^head(%next, %b : index, f32)
  ///     ^end:
  ///
  /// `scf.parallel` and `scf.forall` run in order. An attribute `martlet.loop` of a loop, or one of the llvm
  /// dialect, is put on the branch that closes it, where it becomes `!llvm.loop` metadata.
  public static let convertSCFToCF = Pass(
    "convert-scf-to-cf", name: "ConvertSCFToCF",
    "Convert SCF dialect to ControlFlow dialect, replacing structured control flow with a CFG",
    options: [
      .bool(
        "allow-pattern-rollback", default: true,
        "Experimental performance flag to disallow pattern rollback")
    ], dependentDialects: ["cf", "arith"]
  ) { (root, state) throws(Reported) in
    let lowering = SCFToCF(root.context, form: .mlir, remarks: state)
    state.isUnchanged = try !lowering.run(root)
  }
}

/// Turns structured control flow into blocks, outer operations before inner ones.
final class SCFToCF {
  private let context: Context
  private let builder: Builder
  private var pending: [Operation] = []

  /// How the blocks are written.
  enum Form {
    /// As MLIR's pass writes them.
    case mlir
    /// For compilation: increments say that they do not wrap, switches take all 64 bits of an index,
    /// and values are used across blocks where they can be.
    case compact
  }
  private let form: Form

  private let remarks: PassContext?

  init(_ context: Context, form: Form = .compact, remarks: PassContext? = nil) {
    self.context = context
    self.form = form
    self.remarks = remarks
    builder = Builder(context)
  }

  /// - Returns: whether anything was changed.
  func run(_ root: Operation) throws(Reported) -> Bool {
    var found: [Operation] = []
    root.walkPreOrder { operation in
      if isStructured(operation) { found.append(operation) }
      return .advance
    }
    for operation in found {
      remarks?.remark(
        .passed, "Lowered", "\(operation.name.string, as: "Operation") became blocks and branches",
        at: operation)
      try lower(operation)
      while let next = pending.popLast() { try lower(next) }
    }
    return !found.isEmpty
  }

  private func isStructured(_ operation: Operation) -> Bool {
    operation.is(SCF.for) || operation.is(SCF.while) || operation.is(SCF.if)
      || operation.is(SCF.executeRegion) || operation.is(SCF.indexSwitch)
      || operation.is(SCF.parallel) || operation.is(SCF.forall)
  }

  private func lower(_ operation: Operation) throws(Reported) {
    builder.setInsertionPoint(before: operation)
    if operation.is(SCF.for) {
      try lowerFor(operation)
    } else if operation.is(SCF.while) {
      try lowerWhile(operation)
    } else if operation.is(SCF.if) {
      try lowerIf(operation)
    } else if operation.is(SCF.executeRegion) {
      try lowerExecuteRegion(operation)
    } else if operation.is(SCF.indexSwitch) {
      try lowerSwitch(operation)
    } else if operation.is(SCF.parallel) {
      try unrollParallel(operation)
    } else {
      try unrollForall(operation)
    }
  }

  // MARK: Pieces

  /// Splits the block at `operation`: what is before it, and a new block with what is behind it.
  private func split(_ operation: Operation) throws(Reported) -> (before: Block, after: Block) {
    guard let before = operation.block, before.region != nil else {
      throw operation.emitOpError("is in no block")
    }
    let after: Block
    if let next = operation.next {
      after = before.split(before: next)
    } else {
      throw operation.emitOpError("stands where a terminator is expected")
    }
    operation.remove()
    return (before, after)
  }

  private func terminator(_ block: Block, of operation: Operation) throws(Reported) -> Operation {
    guard let terminator = block.terminator else {
      throw operation.emitOpError("has a block without a terminator")
    }
    return terminator
  }

  private func insert(_ region: Region, before block: Block) {
    guard let target = block.region else { return }
    while let first = region.firstBlock { target.insert(first, before: block) }
  }

  private func branch(_ block: Block, _ values: [Value]) -> Operation {
    builder.create(ControlFlow.br, values, successors: [block])
  }

  @discardableResult
  private func branch(
    _ condition: Value, _ yes: Block, _ no: Block, passing values: [Value] = []
  ) -> Operation {
    builder.create(
      ControlFlow.condBr, [condition] + values,
      attributes: [("operandSegmentSizes", context.denseI32Array([1, values.count, 0]))],
      successors: [yes, no])
  }

  /// Moves hints for LLVM from a loop to the branch that closes it.
  private func carryHints(_ loop: Operation, _ branch: Operation) {
    for (name, value) in loop.discardableAttributes.entries
    where name.string == "martlet.loop" || value.definition?.dialectName == "llvm" {
      branch.setAttribute(name.string, value)
    }
  }

  private func finish(_ operation: Operation, _ results: [Value]) {
    operation.replaceAllUses(with: results)
    operation.erase()
  }

  /// Arguments for `block` of these types.
  private func addArguments(_ block: Block, _ types: [Type]) -> [Value] {
    types.map { block.addArgument($0) }
  }

  // MARK: Operations

  private func lowerFor(_ operation: Operation) throws(Reported) {
    guard let loop = ForOp(operation) else { throw operation.emitOpError("has no body") }
    let (lower, upper, step) = (loop.lowerBound, loop.upperBound, loop.step)
    let inits = Array(loop.inits)
    let isUnsigned = loop.isUnsigned
    let neverWraps = form == .compact && Self.neverWraps(loop)
    let body = loop.body
    let yield = try terminator(body, of: operation)
    let (before, after) = try split(operation)
    insert(operation.region(), before: after)

    let head = context.createBlock()
    before.region?.insert(head, before: body)
    let arguments = addArguments(head, body.arguments.types)
    for (old, new) in zip(body.arguments, arguments) {
      new.nameHint = old.nameHint
      old.replaceAllUses(with: new)
    }
    for i in (0..<body.argumentCount).reversed() { body.eraseArgument(i) }

    builder.setInsertionPoint(atEnd: before)
    builder.location = operation.location
    _ = branch(head, [lower] + inits)
    builder.setInsertionPoint(atEnd: head)
    let predicate: IntegerPredicate = isUnsigned ? .ult : .slt
    let more = builder.create(
      Arith.cmpi, [arguments[0], upper], results: [context.i1],
      attributes: [("predicate", context.i64Attribute(Int(predicate.rawValue)))])
    branch(more.result(), body, after)

    let carried = Array(yield.operands)
    builder.setInsertionPoint(before: yield)
    let flags: [(String, Attribute)] =
      neverWraps ? [("overflowFlags", context.attribute(Arith.overflow, [1]))] : []
    let next = builder.create(
      Arith.addi, [arguments[0], step], results: [arguments[0].type], attributes: flags)
    let back = branch(head, [next.result()] + carried)
    carryHints(operation, back)
    yield.erase()
    finish(operation, Array(arguments.dropFirst()))
  }

  /// Whether the induction variable plus the step cannot pass the largest value of its type.
  private static func neverWraps(_ loop: ForOp) -> Bool {
    guard !loop.isUnsigned, let step = loop.constantStep, step > 0 else { return false }
    if step == 1 { return true }
    guard let upper = loop.constantUpperBound else { return false }
    let width = loop.inductionVariable.type.bitWidth ?? 64
    let (sum, overflow) = upper.addingReportingOverflow(step)
    return !overflow && (width >= 64 || sum < 1 << (width - 1))
  }

  private func lowerWhile(_ operation: Operation) throws(Reported) {
    guard let loop = WhileOp(operation) else { throw operation.emitOpError("has no body") }
    let (head, body) = (loop.before, loop.after)
    let condition = try terminator(head, of: operation)
    let yield = try terminator(body, of: operation)
    guard condition.is(SCF.condition), yield.is(SCF.yield) else {
      throw operation.emitOpError("has a region with another terminator than expected")
    }
    let inits = Array(operation.operands)
    let passed = Array(condition.operands.dropFirst())
    if form == .mlir, body.firstOperation == yield,
      Array(yield.operands) == Array(body.arguments)
    {
      try lowerDoWhile(operation, head, condition, inits, passed)
      return
    }
    let (before, after) = try split(operation)
    insert(operation.region(0), before: after)
    insert(operation.region(1), before: after)
    builder.setInsertionPoint(atEnd: before)
    builder.location = operation.location
    _ = branch(head, inits)
    if form == .mlir {
      builder.setInsertionPoint(before: condition)
      branch(condition.operand(0), body, after, passing: passed)
      condition.erase()
      builder.setInsertionPoint(before: yield)
      carryHints(operation, branch(head, Array(yield.operands)))
      yield.erase()
      finish(operation, passed)
      return
    }

    for (argument, value) in zip(body.arguments, passed) { argument.replaceAllUses(with: value) }
    for i in (0..<body.argumentCount).reversed() { body.eraseArgument(i) }
    builder.setInsertionPoint(before: condition)
    branch(condition.operand(0), body, after)
    condition.erase()

    builder.setInsertionPoint(before: yield)
    let back = branch(head, Array(yield.operands))
    carryHints(operation, back)
    yield.erase()
    finish(operation, passed)
  }

  /// A loop that does nothing behind its condition: one block that branches to itself.
  private func lowerDoWhile(
    _ operation: Operation, _ head: Block, _ condition: Operation, _ inits: [Value],
    _ passed: [Value]
  ) throws(Reported) {
    let (before, after) = try split(operation)
    insert(operation.region(0), before: after)
    builder.setInsertionPoint(atEnd: before)
    builder.location = operation.location
    _ = branch(head, inits)
    builder.setInsertionPoint(before: condition)
    carryHints(operation, branch(condition.operand(0), head, after, passing: passed))
    condition.erase()
    finish(operation, passed)
  }

  private func lowerIf(_ operation: Operation) throws(Reported) {
    guard let view = IfOp(operation), let yes = view.thenBlock else {
      throw operation.emitOpError("has no body")
    }
    let condition = view.condition
    let no = view.elseBlock
    let yields = try [yes, no].compactMap { $0 }.map { block throws(Reported) in
      try terminator(block, of: operation)
    }
    let (before, after) = try split(operation)
    insert(operation.region(0), before: after)
    insert(operation.region(1), before: after)
    builder.location = operation.location
    // Results meet in a block of their own.
    var joined = after
    if operation.resultCount > 0 {
      joined = context.createBlock(arguments: operation.results.types)
      after.region?.insert(joined, before: after)
      builder.setInsertionPoint(atEnd: joined)
      _ = branch(after, [])
    }
    let results = Array(joined.arguments)
    builder.setInsertionPoint(atEnd: before)
    branch(condition, yes, no ?? joined)
    for yield in yields { replaceYield(yield, joined) }
    finish(operation, results)
  }

  private func replaceYield(_ yield: Operation, _ after: Block) {
    builder.setInsertionPoint(before: yield)
    _ = branch(after, Array(yield.operands))
    yield.erase()
  }

  private func lowerExecuteRegion(_ operation: Operation) throws(Reported) {
    let region = operation.region()
    guard let entry = region.firstBlock else { throw operation.emitOpError("has no body") }
    let yields = region.blocks.compactMap(\.terminator).filter { $0.is(SCF.yield) }
    let (before, after) = try split(operation)
    insert(region, before: after)
    let results = addArguments(after, operation.results.types)
    builder.setInsertionPoint(atEnd: before)
    builder.location = operation.location
    _ = branch(entry, [])
    for yield in yields { replaceYield(yield, after) }
    finish(operation, results)
  }

  private func lowerSwitch(_ operation: Operation) throws(Reported) {
    let cases = operation.attribute("cases")?.integers ?? []
    let blocks = operation.regions.compactMap(\.firstBlock)
    guard blocks.count == operation.regionCount, blocks.count == cases.count + 1 else {
      throw operation.emitOpError("has a case without a body")
    }
    let yields = try blocks.map { block throws(Reported) in
      try terminator(block, of: operation)
    }
    let flag = operation.operand(0)
    let (before, after) = try split(operation)
    // MLIR has the default behind the cases.
    let order = form == .mlir ? Array(blocks.indices.dropFirst()) + [0] : Array(blocks.indices)
    for i in order { insert(operation.region(i), before: after) }
    let results = addArguments(after, operation.results.types)
    builder.setInsertionPoint(atEnd: before)
    builder.location = operation.location
    let width = form == .mlir ? context.i32 : context.i64
    let integer = builder.create(Arith.indexCast, [flag], results: [width])
    var attributes: [(String, Attribute)] = [
      ("operandSegmentSizes", context.denseI32Array([1, 0, 0])),
      ("case_operand_segments", context.denseI32Array(cases.map { _ in 0 })),
    ]
    if !cases.isEmpty {
      let type = context.vector([cases.count], width)
      let values = form == .mlir ? cases.map { Int(Int32(truncatingIfNeeded: $0)) } : cases
      attributes.append(("case_values", context.dense(type, integers: values)))
    }
    builder.create(
      ControlFlow.switch, [integer.result()], attributes: attributes, successors: blocks)
    for yield in yields { replaceYield(yield, after) }
    finish(operation, results)
  }

  // MARK: Loops in several dimensions

  private func constant(_ value: Int) -> Value {
    builder.create(
      Arith.constant, results: [context.index],
      attributes: [("value", context.indexAttribute(value))]
    ).result()
  }

  private func value(_ entry: MixedIndex) -> Value {
    switch entry {
    case .constant(let value): constant(value)
    case .value(let value): value
    }
  }

  /// Makes a nest of `scf.for` around the operations of `body`, which end with `terminator`; the loops are
  /// lowered later. `carry` gives what the innermost iteration yields.
  private func nest(
    _ bounds: [(lower: Value, upper: Value, step: Value)], _ inits: [Value], _ loop: Operation,
    _ body: Block, _ inductions: [Value], _ carry: (Builder, [Value]) -> [Value]
  ) -> [Value] {
    var indices: [Value] = []
    func make(_ depth: Int, _ carried: [Value]) -> [Value] {
      if depth == bounds.count {
        for (old, new) in zip(inductions, indices) { old.replaceAllUses(with: new) }
        while let first = body.firstOperation, !first.has(.terminator) {
          builder.insert(detached(first))
        }
        return carry(builder, carried)
      }
      let (lower, upper, step) = bounds[depth]
      let made = ForOp.create(builder, from: lower, to: upper, step: step, inits: carried) {
        _, induction, values in
        indices.append(induction)
        return make(depth + 1, values)
      }
      pending.append(made.operation)
      for (name, value) in loop.discardableAttributes.entries {
        made.operation.setAttribute(name.string, value)
      }
      return Array(made.results)
    }
    return make(0, inits)
  }

  private func detached(_ operation: Operation) -> Operation {
    operation.remove()
    return operation
  }

  private func unrollParallel(_ operation: Operation) throws(Reported) {
    guard let loop = ParallelOp(operation), let reduce = loop.reduce else {
      throw operation.emitOpError("has no body")
    }
    let bounds = zip(zip(loop.lowerBounds, loop.upperBounds), loop.steps).map {
      (lower: $0.0, upper: $0.1, step: $1)
    }
    let results = nest(
      bounds, Array(loop.inits), operation, loop.body, Array(loop.inductionVariables)
    ) { builder, carried in
      var next: [Value] = []
      for (i, region) in reduce.regions.enumerated() {
        guard let block = region.firstBlock, block.argumentCount == 2 else { continue }
        block.argument(0).replaceAllUses(with: carried[i])
        block.argument(1).replaceAllUses(with: reduce.operand(i))
        while let first = block.firstOperation, !first.has(.terminator) {
          builder.insert(self.detached(first))
        }
        if let value = block.terminator?.operands.first { next.append(value) }
      }
      return next
    }
    finish(operation, results)
  }

  private func unrollForall(_ operation: Operation) throws(Reported) {
    guard let loop = ForallOp(operation) else { throw operation.emitOpError("has no body") }
    guard loop.outputs.isEmpty else {
      throw operation.emitOpError("has tensor outputs; bufferize it first")
    }
    let bounds = zip(zip(loop.lowerBounds, loop.upperBounds), loop.steps).map {
      (lower: value($0.0), upper: value($0.1), step: value($1))
    }
    _ = nest(bounds, [], operation, loop.body, loop.inductionVariables) { _, _ in [] }
    finish(operation, [])
  }
}
