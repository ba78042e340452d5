import MartletDialects
import MartletIR

extension BufferAnalysis {
  /// Whether one of the writes changes what one of the members' reads reads.
  func hasConflict(writes: [BufferWrite], members: [Value]) -> Bool {
    let live = writes.filter { !isIdle($0) }
    if live.isEmpty { return false }
    for member in members {
      let origin = origin(member)
      if isUndefined(origin) { continue }
      for use in member.uses {
        let read = BufferRead(operation: use.owner, operand: use.index, value: member)
        guard readsContent(read) else { continue }
        for write in live where isConflict(read, write, origin: origin) { return true }
      }
    }
    return false
  }

  // MARK: Reads and writes

  /// The value whose definition made the content of `value`, which may be a view of it.
  private func origin(_ value: Value) -> Value {
    var value = value
    while let operation = value.definingOperation, isView(operation) {
      value = operation.operand(0)
    }
    return value
  }

  /// Whether nothing is said of the elements.
  func isUndefined(_ value: Value) -> Bool {
    guard let operation = origin(value).definingOperation else { return false }
    return operation.is(TensorDialect.empty)
      || (operation.is(Bufferization.allocTensor) && operation.operandGroup(1).isEmpty)
  }

  /// Whether the result of `operation` lies where its operand lies.
  func isView(_ operation: Operation) -> Bool {
    TensorView.isView(operation) && !copied.contains(operation)
  }

  /// Whether the use is a read of elements, and not a view or a question about the shape.
  func readsContent(_ read: BufferRead) -> Bool {
    let operation = read.operation
    if isView(operation) || operation.is(TensorDialect.dim) || operation.is(TensorDialect.rank) {
      return false
    }
    if let view = LinalgOp(operation), !view.isInput(read.operand) {
      return view.readsOutput(read.operand - view.inputCount)
    }
    if operation.is(TensorDialect.insertSlice), read.operand == 1 { return !coversAll(operation) }
    if operation.is(Bufferization.materializeInDestination) { return read.operand == 0 }
    return true
  }

  /// Whether the content of destination `operand` has to be there before the operation.
  func copies(_ operation: Operation, _ operand: Int) -> Bool {
    let value = operation.operand(operand)
    let read = BufferRead(operation: operation, operand: operand, value: value)
    return readsContent(read) && !isUndefined(value)
  }

  /// Whether an insert_slice replaces every element.
  func coversAll(_ operation: Operation) -> Bool {
    let type = operation.result().type
    return type.hasStaticShape && operation.mixedSizes.map(\.constantValue) == type.shape.map { $0 }
  }

  /// Whether the write changes nothing, as what is put in place lies there already.
  func isIdle(_ write: BufferWrite) -> Bool {
    switch write.kind {
    case .slice:
      return isInPlace(write.operation, 1)
        && areEquivalent(place(write.operation.operand(0)), slicePlace(write.operation))
    case .yielded(let operand):
      let key = write.target.owningBlock?.parentOperation
      if let key, let index = carriedIndex(write.target),
        exchanges[OperandKey(operation: key, operand: index)] != nil
      {
        return false
      }
      return areEquivalent(write.operation.operand(operand), write.target)
    case .entered(let operand): return isInPlace(write.operation, operand)
    case .destination, .made: return false
    }
  }

  /// The operand of the loop around that `argument` starts out as.
  func carriedIndex(_ argument: Value) -> Int? {
    guard let loop = argument.owningBlock?.parentOperation else { return nil }
    if loop.is(SCF.for) { return argument.index + 2 }
    return loop.is(SCF.while) ? argument.index : nil
  }

  /// What a yielded operand becomes.
  func yieldTarget(_ yield: Operation, _ operand: Int) -> Value? {
    guard let parent = yield.parent else { return nil }
    if parent.is(SCF.if) { return parent.result(operand) }
    if parent.is(SCF.for) { return parent.region(0).arguments[operand + 1] }
    guard parent.is(SCF.while) else { return nil }
    return yield.is(SCF.condition)
      ? parent.region(1).arguments[operand - 1] : parent.region(0).arguments[operand]
  }

  private func written(_ write: BufferWrite) -> BufferPlace {
    if case .slice = write.kind, isInPlace(write.operation, 1) {
      return slicePlace(write.operation)
    }
    return place(write.target)
  }

  // MARK: Conflicts

  private func isConflict(_ read: BufferRead, _ write: BufferWrite, origin: Value) -> Bool {
    let (source, target) = (place(read.value), written(write))
    guard source.root == target.root else { return false }
    if let a = source.layout, let b = target.layout,
      a.isDisjoint(from: b, in: roots[source.root].type.shape)
    {
      return false
    }
    // What an insertion keeps of its destination is all but the slice.
    if read.operation.is(TensorDialect.insertSlice), read.operand == 1,
      isInPlace(read.operation, 1), let inner = target.layout,
      let slice = slicePlace(read.operation).layout,
      inner.isInside(slice, in: roots[target.root].type.shape)
    {
      return false
    }
    if clashes(write, origin) { return true }
    if let definition = origin.definingOperation {
      if definition == write.operation, definition.regionCount == 0 || definition.has(.structured) {
        return origin != write.target
      }
      // What a loop or conditional gives is made after all that happens in it.
      if definition.isAncestor(of: write.operation) { return false }
    }
    // A loop that repeats the write but not the making of what is read.
    var loop = write.operation.parent
    while let current = loop, current != function.operation {
      if current.has(.loopLike), !isInside(origin, current),
        read.operation != current, current.isAncestor(of: read.operation)
      {
        return true
      }
      loop = current.parent
    }
    if read.operation == write.operation { return conflictsAtOnce(read, write) }
    switch order(read.operation, write.operation) {
    case .before, .exclusive, .around: return false
    case .inside:
      if case .entered = write.kind { break }
      return true
    case .after: break
    }
    return !happens(write, before: origin)
  }

  /// Whether the write puts in place one of the values a loop or conditional hands on, and `origin` is
  /// another one of them: both are made at once.
  private func clashes(_ write: BufferWrite, _ origin: Value) -> Bool {
    switch write.kind {
    case .yielded, .entered: break
    case .destination, .slice, .made: return false
    }
    let target = write.target
    guard target != origin else { return false }
    if let block = target.owningBlock {
      if origin.owningBlock == block { return true }
      guard let loop = block.parentOperation, origin.definingOperation == loop else { return false }
      if loop.is(SCF.for) { return target.index - 1 != origin.index }
      return write.operation.is(SCF.condition) && target.index != origin.index
    }
    return target.definingOperation == origin.definingOperation
  }

  /// Whether `value` is defined by an operation in `operation` or an argument of its blocks.
  private func isInside(_ value: Value, _ operation: Operation) -> Bool {
    guard let block = value.block, let owner = block.parentOperation else { return false }
    return operation.isAncestor(of: owner)
  }

  /// Read and write by one operation.
  private func conflictsAtOnce(_ read: BufferRead, _ write: BufferWrite) -> Bool {
    switch write.kind {
    case .destination(let operand):
      guard isInPlace(write.operation, operand) || !copies(write.operation, operand) else {
        // The destination's old content is copied first.
        return true
      }
      if operand == read.operand { return false }
      guard let view = LinalgOp(read.operation) else { return true }
      let maps = view.indexingMaps
      return
        !(maps[operand].isPermutation && maps[operand] == maps[read.operand]
        && areEquivalent(read.value, write.target))
    case .slice: return read.operand != 1 || !isInPlace(write.operation, 1)
    case .yielded(let operand):
      // What is copied goes through temporaries where it has to; what stays where it is does not.
      guard operand != read.operand, let target = yieldTarget(read.operation, read.operand) else {
        return false
      }
      return areEquivalent(read.value, target)
    case .entered(let operand): return read.operand != operand
    case .made: return true
    }
  }

  /// Whether the write is over when the content of `origin` is made.
  private func happens(_ write: BufferWrite, before origin: Value) -> Bool {
    if let definition = origin.definingOperation {
      let place = order(write.operation, definition)
      return place == .before || (place == .around && isEntry(write))
    }
    guard let block = origin.owningBlock, let owner = block.parentOperation else { return false }
    if owner == write.operation { return isEntry(write) }
    guard owner != function.operation else { return false }
    switch order(write.operation, owner) {
    case .before: return true
    case .around: return isEntry(write)
    case .inside:
      // A while's first region comes before its second.
      guard owner.is(SCF.while), let region = block.region, region.index == 1 else { return false }
      return owner.region(0).isAncestor(of: write.operation)
    case .after, .exclusive: return false
    }
  }

  private func isEntry(_ write: BufferWrite) -> Bool {
    if case .entered = write.kind { true } else { false }
  }

  private enum Order { case before, after, inside, around, exclusive }

  /// How `a` lies to `b` in one run of the regions both lie in: `a` inside or around `b`, before or after
  /// it, or never in the same run.
  private func order(_ a: Operation, _ b: Operation) -> Order {
    if a.isAncestor(of: b) { return .around }
    if b.isAncestor(of: a) { return .inside }
    var current: Operation? = a
    while let operation = current, let block = operation.block, let region = block.region {
      if let other = b.ancestor(in: region) {
        return other.block == block && operation.isBefore(other) ? .before : .after
      }
      if let parent = operation.parent, parent.isAncestor(of: b),
        let mine = operation.block?.region,
        let theirs = parent.regions.first(where: { $0.isAncestor(of: b) }), theirs != mine
      {
        if parent.is(SCF.while) { return mine.index < theirs.index ? .before : .after }
        return .exclusive
      }
      current = operation.parent
    }
    return .after
  }
}

extension Region {
  fileprivate func isAncestor(of operation: Operation) -> Bool {
    operation.ancestor(in: self) != nil
  }
}
