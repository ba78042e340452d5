import MartletDialects
import MartletIR
import MartletSupport

extension BufferAnalysis {
  /// Finds a place for each tensor.
  /// - Throws: at an operation that has no meaning on buffers.
  func run() throws(Reported) {
    for argument in function.arguments where argument.type.isTensor {
      let root = addRoot(.argument(argument), argument.type, isWritable: false)
      put(argument, wholePlace(root))
    }
    for type in function.type.results { addOutput(type.isTensor ? type : nil) }
    guard let entry = function.entry else { return }
    try place(entry)
    try decide(entry)
    reuseOperands(entry)
  }

  // MARK: Places at first

  /// Every tensor of the block in memory of its own, but for views.
  private func place(_ block: Block) throws(Reported) {
    for operation in block.operations { try placeResults(operation) }
  }

  private func placeResults(_ operation: Operation) throws(Reported) {
    if operation.is(SCF.for) || operation.is(SCF.while) || operation.is(SCF.if) {
      return try placeControl(operation)
    }
    for region in operation.regions {
      for block in region.blocks {
        if block.arguments.contains(where: { $0.type.isTensor }) {
          throw operation.emitOpError("with tensors as block arguments cannot be bufferized")
        }
        try place(block)
      }
    }
    for (i, result) in operation.results.enumerated() where result.type.isTensor {
      guard result.type.isRankedTensor, result.type.encoding == nil else {
        throw operation.emitOpError("gives '\(result.type)', which cannot be bufferized")
      }
      try place(result, i, of: operation)
    }
    try checkUses(operation)
  }

  private func place(_ result: Value, _ i: Int, of operation: Operation) throws(Reported) {
    if TensorView.isView(operation) { return placeView(operation) }
    if let operand = TensorView.destination(operation, i) {
      allocate(result)
      let isSlice = operation.is(TensorDialect.insertSlice)
      addWrite(operation, result, isSlice ? .slice : .destination(operand: operand))
    } else if operation.is(Arith.constant), let value = operation.attribute("value") {
      put(result, wholePlace(addRoot(.constant(value), result.type, isWritable: false)))
    } else if operation.is(TensorDialect.empty) {
      allocate(result)
    } else if operation.is(Bufferization.allocTensor) {
      allocate(result)
      if !operation.operandGroup(1).isEmpty { addWrite(operation, result, .made) }
    } else if operation.is(Bufferization.toTensor) {
      let root = addRoot(
        .external(operation.operand(0)), result.type,
        isWritable: operation.hasAttribute("writable"))
      put(result, BufferPlace(root: root, number: number(), layout: nil))
    } else if operation.is(Func.call) || operation.is(TensorDialect.reshape)
      || operation.is(Bufferization.materializeInDestination)
    {
      allocate(result)
      addWrite(operation, result, .made)
      if operation.is(Func.call) { markWhole(result) }
    } else {
      throw operation.emitOpError("cannot be bufferized")
    }
  }

  private func placeView(_ operation: Operation) {
    let (source, result) = (place(operation.operand(0)), operation.result())
    var view = BufferPlace(root: source.root, number: number(), layout: nil)
    if operation.is(TensorDialect.extractSlice) {
      view = slice(operation, of: source, shape: result.type.shape)
    } else if operation.is(TensorDialect.cast) {
      view = source
    } else if let layout = source.layout, result.type.hasStaticShape {
      guard let reshaped = layout.reshaped(to: result.type.shape) else {
        return placeCopy(operation)
      }
      view.layout = reshaped
    } else if !isWhole(operation.operand(0)) {
      return placeCopy(operation)
    }
    put(result, view)
  }

  private func placeCopy(_ operation: Operation) {
    copied.insert(operation)
    allocate(operation.result())
    addWrite(operation, operation.result(), .made)
  }

  /// Whether a tensor of dynamic shape is not part of a larger one.
  private func isWhole(_ value: Value) -> Bool {
    guard let operation = value.definingOperation else { return true }
    if operation.is(TensorDialect.extractSlice) || operation.is(Bufferization.toTensor) {
      return false
    }
    if TensorView.isView(operation) {
      return copied.contains(operation) || isWhole(operation.operand(0))
    }
    return true
  }

  /// An operation that uses tensors must be one that is known.
  private func checkUses(_ operation: Operation) throws(Reported) {
    guard operation.operands.contains(where: { $0.type.isTensor }) else { return }
    let known =
      operation.has(.structured) || TensorView.isView(operation)
      || operation.operandCount > 0 && TensorView.destination(operation, 0) != nil
    let others = [
      TensorDialect.extract, TensorDialect.dim, TensorDialect.rank, TensorDialect.reshape,
      Bufferization.allocTensor, Bufferization.deallocTensor, Bufferization.toBuffer,
      Bufferization.materializeInDestination, Func.call, Func.return, SCF.yield, SCF.condition,
    ]
    if !known, !others.contains(where: { operation.is($0) }) {
      throw operation.emitOpError("cannot be bufferized")
    }
  }

  private func placeControl(_ operation: Operation) throws(Reported) {
    let types = Array(operation.operands.types) + Array(operation.results.types)
    for type in types where type.isTensor && (!type.isRankedTensor || type.encoding != nil) {
      throw operation.emitOpError("carries '\(type)', which cannot be bufferized")
    }
    if operation.is(SCF.if) {
      for region in operation.regions { for block in region.blocks { try place(block) } }
      for result in operation.results where result.type.isTensor {
        allocate(result)
        for region in operation.regions {
          guard let yield = region.firstBlock?.terminator else { continue }
          addWrite(yield, result, .yielded(operand: result.index))
        }
      }
    } else if let loop = ForOp(operation) {
      for (i, argument) in loop.iterArgs.enumerated() where argument.type.isTensor {
        allocate(argument)
        addWrite(operation, argument, .entered(operand: i + 3))
        if let yield = loop.yield { addWrite(yield, argument, .yielded(operand: i)) }
      }
      try place(loop.body)
      for (argument, result) in zip(loop.iterArgs, loop.results) where result.type.isTensor {
        put(result, place(argument))
      }
    } else if let loop = WhileOp(operation) {
      try placeWhile(loop)
    }
  }

  private func placeWhile(_ loop: WhileOp) throws(Reported) {
    for (i, argument) in loop.before.arguments.enumerated() where argument.type.isTensor {
      allocate(argument)
      addWrite(loop.operation, argument, .entered(operand: i))
      if let yield = loop.yield { addWrite(yield, argument, .yielded(operand: i)) }
    }
    try place(loop.before)
    guard let condition = loop.condition else { return }
    for (i, argument) in loop.after.arguments.enumerated() where argument.type.isTensor {
      let passed = condition.operand(i + 1)
      if passed.owningBlock == loop.before || isOutside(passed, loop.operation) {
        put(argument, place(passed))
      } else {
        allocate(argument)
        addWrite(condition, argument, .yielded(operand: i + 1))
      }
      put(loop.results[i], place(argument))
    }
    try place(loop.after)
  }

  func isOutside(_ value: Value, _ operation: Operation) -> Bool {
    guard let owner = value.definingOperation ?? value.owningBlock?.parentOperation else {
      return true
    }
    return !operation.isAncestor(of: owner)
      || (owner == operation && value.definingOperation != nil)
  }

  // MARK: Decisions

  private func decide(_ block: Block) throws(Reported) {
    for operation in block.operations {
      for region in operation.regions {
        for inner in region.blocks { try decide(inner) }
      }
      decide(operation)
    }
  }

  private func decide(_ operation: Operation) {
    for (i, result) in operation.results.enumerated() where result.type.isTensor {
      guard let operand = TensorView.destination(operation, i) else { continue }
      let isUnited = unite(result, with: operation, operand)
      if operation.is(TensorDialect.insertSlice), isUnited {
        tie(operation.operand(0), to: slicePlace(operation))
      }
    }
    if operation.is(SCF.if) { decideIf(operation) }
    if operation.is(SCF.for) || operation.is(SCF.while) { decideLoop(operation) }
    if operation.is(Func.return) {
      for (i, value) in operation.operands.enumerated() {
        if value.type.hasStaticShape, i < outputs.count, let output = outputs[i] {
          tie(value, to: wholePlace(output))
        }
      }
    }
    if operation.is(Bufferization.materializeInDestination), operation.resultCount == 1 {
      if unite(operation.result(), with: operation, 1) {
        tie(operation.operand(0), to: place(operation.result()))
      }
    }
  }

  private func decideIf(_ operation: Operation) {
    let yields = operation.regions.compactMap { $0.firstBlock?.terminator }
    for result in operation.results where result.type.isTensor {
      let values = yields.map { $0.operand(result.index) }
      if let first = values.first, values.allSatisfy({ areEquivalent($0, first) }),
        isReachable(place(first), from: operation),
        move(place(result).root, to: place(first))
      {
        continue
      }
      for value in values where !isOutside(value, operation) || root(value).isAllocation {
        guard let owner = root(value).owner, !isOutside(owner, operation) else { continue }
        tie(value, to: place(result))
      }
    }
  }

  /// Whether the memory at `place` can be named where `operation` is: its offset is known there.
  private func isReachable(_ place: BufferPlace, from operation: Operation) -> Bool {
    guard let layout = place.layout, layout.terms.isEmpty, !roots[place.root].isFloating else {
      return false
    }
    if case .external = roots[place.root].kind { return false }
    return roots[place.root].isStatic
  }

  private func decideLoop(_ operation: Operation) {
    let isFor = operation.is(SCF.for)
    let arguments = operation.region(0).firstBlock.map { Array($0.arguments) } ?? []
    let yield = operation.regions[operation.regionCount - 1].firstBlock?.terminator
    let carried = isFor ? Array(arguments.dropFirst()) : arguments
    for (i, argument) in carried.enumerated() where argument.type.isTensor {
      guard let value = yield?.operand(i) else { continue }
      if tie(value, to: place(argument)) { continue }
      exchange(argument, value, operation, operand: isFor ? i + 3 : i)
    }
    for (i, argument) in carried.enumerated() where argument.type.isTensor {
      _ = unite(argument, with: operation, isFor ? i + 3 : i)
    }
  }

  /// Lets the loop exchange the buffers of `argument`, which it carries, and of `value`, which becomes it.
  private func exchange(_ argument: Value, _ value: Value, _ loop: Operation, operand: Int) {
    let (carried, spare) = (place(argument), place(value))
    guard carried.root != spare.root, roots[carried.root].owner == argument,
      roots[spare.root].isAllocation, !roots[spare.root].isFloating,
      !roots[carried.root].isFloating, !roots[spare.root].mustBeWhole,
      let owner = roots[spare.root].owner, !isOutside(owner, loop),
      owner.definingOperation != nil, owner.type == argument.type,
      areEquivalent(spare, wholePlace(spare.root)), owner.type.hasStaticShape,
      (owner.type.storageByteCount ?? 0) >= leastExchange,
      let body = loop.regions[loop.regionCount - 1].firstBlock,
      owner.definingOperation?.block == body, isPassedOn(argument, loop),
      // All that lies in the spare buffer is of this iteration, and all that lies in either is named
      // through the loop's own arguments.
      roots[spare.root].members.allSatisfy({ $0 == owner || isDerived($0, in: body) }),
      roots[carried.root].members.allSatisfy({
        $0 == argument || loop.results.contains($0) || isPassed($0, loop) || isDerived($0, in: body)
          || isDerived($0, in: argument.owningBlock)
      })
    else { return }
    markExchange(loop, operand, spare: spare.root, carried: carried.root)
  }

  /// Whether a while passes on `argument` itself wherever it passes on memory it lies in.
  private func isPassedOn(_ argument: Value, _ loop: Operation) -> Bool {
    guard let condition = WhileOp(loop)?.condition else { return true }
    return condition.operands.dropFirst().allSatisfy { value in
      !value.type.isTensor || value == argument || place(value).root != place(argument).root
    }
  }

  private func isPassed(_ value: Value, _ loop: Operation) -> Bool {
    value.isBlockArgument && value.owningBlock?.parentOperation == loop
  }

  /// Whether `value`, defined below `block`, is found from another tensor rather than from its root.
  private func isDerived(_ value: Value, in block: Block?) -> Bool {
    guard let block, let region = block.region else { return false }
    guard let definition = value.definingOperation ?? value.owningBlock?.parentOperation,
      let inside = definition.ancestor(in: region), inside.block == block
    else { return false }
    if value.isBlockArgument || definition.is(SCF.for) || definition.is(SCF.while) {
      guard definition.is(SCF.for) || definition.is(SCF.while) else { return false }
      let argument =
        value.isBlockArgument
        ? value
        : definition.region(0).arguments[
          value.index + (definition.is(SCF.for) ? 1 : 0)]
      guard let operand = carriedIndex(argument) else { return false }
      return definition.is(SCF.for) && isInPlace(definition, operand)
    }
    if isView(definition) { return true }
    guard let operand = TensorView.destination(definition, value.index) else { return false }
    return isInPlace(definition, operand)
  }

  // MARK: Reuse

  /// Lets elementwise operations write over an operand of the same type that is read nowhere later.
  private func reuseOperands(_ block: Block) {
    for operation in block.operations {
      for region in operation.regions { for inner in region.blocks { reuseOperands(inner) } }
      guard let view = LinalgOp(operation), view.isElementwise else { continue }
      let maps = view.indexingMaps
      for (i, result) in operation.results.enumerated() where result.type.hasStaticShape {
        for (j, input) in view.inputs.enumerated()
        where input.type == result.type && maps[j] == maps[view.inputCount + i]
          && roots[place(input).root].isAllocation
        {
          if reuse(input, for: result, in: block) { break }
        }
      }
    }
  }

  /// Makes the memory of `result` and that of `input` one, either way.
  private func reuse(_ input: Value, for result: Value, in block: Block) -> Bool {
    let own = place(result)
    guard let owner = roots[own.root].owner else { return tie(input, to: own) }
    guard isUndefined(owner), owner.definingOperation?.block == block else { return false }
    return tie(result, to: place(input))
  }
}
