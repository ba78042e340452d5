import MartletDialects
import MartletIR
import MartletSupport

extension BufferEmitter {
  func emitControl(_ operation: Operation) throws(Reported) {
    if operation.is(SCF.if) { return try emitIf(operation) }
    if operation.is(SCF.for) { return try emitFor(operation) }
    try emitWhile(operation)
  }

  /// What a loop hands on: scalars as they are, and the buffers it exchanges.
  private struct Carried {
    /// Positions of scalars among what the loop carried.
    var scalars: [Int] = []
    /// Positions of tensors whose buffers are exchanged, with the root of the spare buffer.
    var exchanged: [(position: Int, spare: Int)] = []
    var initial: [Value] = []
  }

  /// Puts initial values in place and gives what the new loop starts with: scalars, then each exchanged
  /// buffer and its spare.
  private func enter(_ operation: Operation, _ arguments: [Value], first: Int) throws(Reported)
    -> Carried
  {
    var carried = Carried()
    var buffers: [Value] = []
    for (i, argument) in arguments.enumerated() {
      let value = operation.operand(first + i)
      guard argument.type.isTensor else {
        carried.scalars.append(i)
        carried.initial.append(value)
        continue
      }
      let key = BufferAnalysis.OperandKey(operation: operation, operand: first + i)
      let buffer: Value
      if analysis.isInPlace(operation, first + i) {
        buffer = try memref(value)
      } else {
        let root = analysis.place(argument).root
        if !analysis.roots[root].isStatic, rootMemrefs[root] == nil {
          rootMemrefs[root] = try allocate(
            argument.type, dynamicSizes(try memref(value)), owner: argument)
        }
        buffer = try materialize(analysis.place(argument), argument.type, at: argument)
        if !analysis.isUndefined(value) { copy(try memref(value), to: buffer) }
      }
      memrefs[argument] = buffer
      guard let spare = analysis.exchanges[key] else { continue }
      carried.exchanged.append((i, spare))
      buffers += [whole(buffer, argument.type), try rootMemref(spare, at: nil)]
    }
    carried.initial += buffers
    return carried
  }

  // MARK: For

  private func emitFor(_ operation: Operation) throws(Reported) {
    guard let loop = ForOp(operation) else { return }
    let body = loop.body
    let arguments = loop.iterArgs
    guard arguments.contains(where: { $0.type.isTensor }) else { return try emitPlain(body) }
    let carried = try enter(operation, arguments, first: 3)
    let new = builder.create(
      SCF.for, Array(operation.operands.prefix(3)) + carried.initial,
      results: carried.initial.map(\.type))
    if loop.isUnsigned { new.setAttribute("unsignedCmp", context.unit) }
    new.setDiscardableAttributes(operation.discardableAttributes)
    new.region().takeBody(of: operation.region())
    let buffers = addBuffers(body, carried)
    markArguments(body)
    for (n, entry) in carried.exchanged.enumerated() {
      memrefs[arguments[entry.position]] = buffers[2 * n]
      rootMemrefs[entry.spare] = buffers[2 * n + 1]
    }
    try emitBody(body, carried, buffers)
    finish(operation, new, carried, arguments)
  }

  /// Arguments for exchanged buffers and their spares, behind the others.
  private func addBuffers(_ block: Block, _ carried: Carried) -> [Value] {
    carried.initial.dropFirst(carried.scalars.count).map { block.addArgument($0.type) }
  }

  /// Rewrites a block that ends by handing on what the loop carries.
  private func emitBody(_ block: Block, _ carried: Carried, _ buffers: [Value]) throws(Reported) {
    guard let yield = block.terminator else { return }
    let frees = try emitAllButEnd(block)
    try putInPlace(yield, carried.exchanged.map(\.position))
    free(frees)
    var values = carried.scalars.map { yield.operand($0) }
    for (n, entry) in carried.exchanged.enumerated() {
      let value = yield.operand(entry.position)
      values += [whole(try memref(value), value.type), buffers[2 * n]]
    }
    builder.create(SCF.yield, values)
    markReplaced(yield)
  }

  private func finish(
    _ operation: Operation, _ new: Operation, _ carried: Carried, _ arguments: [Value]
  ) {
    for (n, i) in carried.scalars.enumerated() { take(operation.result(i), new.result(n)) }
    for (i, argument) in arguments.enumerated() where argument.type.isTensor {
      memrefs[operation.result(i)] = memrefs[argument]
    }
    for (n, entry) in carried.exchanged.enumerated() {
      let result = new.result(carried.scalars.count + 2 * n)
      memrefs[operation.result(entry.position)] = result
    }
    markReplaced(operation)
  }

  /// Copies what a yield yields to where it goes, but for positions `except`. What another copy would
  /// overwrite goes through memory of its own.
  private func putInPlace(_ yield: Operation, _ except: [Int]) throws(Reported) {
    var copies: [(source: Value, value: Value, target: Value)] = []
    for (i, value) in yield.operands.enumerated() where value.type.isTensor && !except.contains(i) {
      guard let target = analysis.yieldTarget(yield, i), !analysis.areEquivalent(value, target)
      else { continue }
      copies.append((try memref(value), value, target))
    }
    for i in copies.indices {
      let root = analysis.place(copies[i].value).root
      guard copies.contains(where: { analysis.place($0.target).root == root }) else { continue }
      let type = copies[i].value.type
      let own = try allocateStaged(type, copies[i].source)
      copy(copies[i].source, to: own)
      copies[i].source = own
    }
    for entry in copies { copy(entry.source, to: try memref(entry.target)) }
  }

  private func allocateStaged(_ type: Type, _ source: Value) throws(Reported) -> Value {
    try allocate(type, dynamicSizes(source), owner: nil)
  }

  // MARK: If

  private func emitIf(_ operation: Operation) throws(Reported) {
    let tensors = operation.results.filter { $0.type.isTensor }
    guard !tensors.isEmpty else {
      for region in operation.regions { for block in region.blocks { try emitPlain(block) } }
      return
    }
    for result in tensors {
      let root = analysis.place(result).root
      guard analysis.roots[root].isStatic || rootMemrefs[root] != nil else {
        throw operation.emitOpError("gives a tensor of dynamic shape, which cannot be bufferized")
      }
      memrefs[result] = try materialize(analysis.place(result), result.type, at: result)
    }
    let scalars = operation.results.indices.filter { !operation.result($0).type.isTensor }
    let new = builder.create(
      SCF.if, [operation.operand(0)], results: scalars.map { operation.result($0).type })
    for (old, region) in zip(operation.regions, new.regions) {
      region.takeBody(of: old)
      guard let block = region.firstBlock, let yield = block.terminator else { continue }
      let frees = try emitAllButEnd(block)
      var staged: [(Value, Value)] = []
      for result in tensors {
        let value = yield.operand(result.index)
        if analysis.areEquivalent(value, result) { continue }
        staged.append((try memref(value), try memref(result)))
      }
      for (source, target) in staged { copy(source, to: target) }
      free(frees)
      builder.create(SCF.yield, scalars.map { yield.operand($0) })
      markReplaced(yield)
    }
    for (n, i) in scalars.enumerated() { take(operation.result(i), new.result(n)) }
    markReplaced(operation)
  }

  // MARK: While

  private func emitWhile(_ operation: Operation) throws(Reported) {
    guard let loop = WhileOp(operation), let condition = loop.condition else { return }
    let (before, after) = (loop.before, loop.after)
    let arguments = Array(before.arguments)
    let passed = Array(after.arguments)
    guard (arguments + passed).contains(where: { $0.type.isTensor }) else {
      try emitPlain(before)
      return try emitPlain(after)
    }
    for argument in passed where argument.type.isTensor {
      let place = analysis.place(argument)
      guard
        analysis.roots[place.root].isStatic
          || condition.operand(argument.index + 1).owningBlock == before
      else {
        throw operation.emitOpError("passes on a tensor of dynamic shape that it makes")
      }
    }
    let carried = try enter(operation, arguments, first: 0)
    let scalars = passed.indices.filter { !passed[$0].type.isTensor }
    let bufferTypes = carried.initial.dropFirst(carried.scalars.count).map(\.type)
    let new = builder.create(
      SCF.while, carried.initial, results: scalars.map { passed[$0].type } + bufferTypes)
    new.setDiscardableAttributes(operation.discardableAttributes)
    // Tensors made in the first region have to be named outside of it.
    for (i, argument) in passed.enumerated() where argument.type.isTensor {
      let value = condition.operand(i + 1)
      if value.owningBlock != before, !analysis.isOutside(value, operation) {
        builder.setInsertionPoint(before: new)
        memrefs[argument] = try materialize(analysis.place(argument), argument.type, at: argument)
      }
    }
    new.region(0).takeBody(of: operation.region(0))
    new.region(1).takeBody(of: operation.region(1))
    let first = addBuffers(before, carried)
    let second = addBuffers(after, carried)
    markArguments(before)
    markArguments(after)
    for (n, entry) in carried.exchanged.enumerated() {
      memrefs[arguments[entry.position]] = first[2 * n]
    }
    let frees = try emitAllButEnd(before)
    for (i, argument) in passed.enumerated() where argument.type.isTensor {
      let value = condition.operand(i + 1)
      if memrefs[argument] != nil {
        if !analysis.areEquivalent(value, argument) {
          copy(try memref(value), to: try memref(argument))
        }
      } else {
        memrefs[argument] = try memref(value)
      }
      memrefs[operation.result(i)] = memrefs[argument]
    }
    free(frees)
    builder.create(
      SCF.condition,
      [condition.operand(0)] + scalars.map { condition.operand($0 + 1) } + first)
    markReplaced(condition)
    for (n, entry) in carried.exchanged.enumerated() {
      rootMemrefs[entry.spare] = second[2 * n + 1]
      for (i, argument) in passed.enumerated()
      where condition.operand(i + 1) == arguments[entry.position] {
        memrefs[argument] = second[2 * n]
        memrefs[operation.result(i)] = new.result(scalars.count + 2 * n)
      }
    }
    try emitBody(after, carried, second)
    for (n, i) in scalars.enumerated() { take(operation.result(i), new.result(n)) }
    markReplaced(operation)
  }
}
