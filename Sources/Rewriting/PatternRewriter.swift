import MartletIR

/// The only hand that changes IR in passes: every change goes through it, so that drivers see it.
///
/// Used as it is, it makes the changes and tells nobody.
open class PatternRewriter: Builder {

  // MARK: What a driver watches

  /// Called after the operands, attributes, successors or regions of `operation` were changed.
  open func didModify(_ operation: Operation) {}
  /// Called before `operation` is erased; nested operations are erased, and told of, first.
  open func willErase(_ operation: Operation) {}
  /// Called before the results of `operation` are replaced.
  open func willReplace(_ operation: Operation, with values: [Value]) {}
  /// Called before `block` is erased, when it is empty.
  open func willErase(_ block: Block) {}
  /// Called with each block put in place.
  open func didInsert(_ block: Block) {}
  /// Called after `operation` was moved.
  open func didMove(_ operation: Operation) { didModify(operation) }

  // MARK: Replacing

  /// Makes all users of `operation` use `values`, one for each result, and erases it.
  open func replace(_ operation: Operation, with values: [Value]) {
    willReplace(operation, with: values)
    replaceAllUses(of: operation, with: values)
    erase(operation)
  }

  public func replace(_ operation: Operation, with value: Value) {
    replace(operation, with: [value])
  }

  /// Replaces `operation` by the results of `other`.
  public func replace(_ operation: Operation, with other: Operation) {
    replace(operation, with: Array(other.results))
  }

  /// Makes an operation of `definition` at the place of `operation` and replaces that by it. The result
  /// types are those of `operation` unless given.
  @discardableResult
  public func replace(
    _ operation: Operation, with definition: OpDefinition, _ operands: [Value],
    results: [Type]? = nil, attributes: [(String, Attribute)] = []
  ) -> Operation {
    setInsertionPoint(before: operation)
    let new = create(
      definition, operands, results: results ?? operation.results.types, attributes: attributes)
    replace(operation, with: new)
    return new
  }

  /// Makes an operation like `operation` before it, with other operands and result types, which takes over
  /// its regions.
  public func recreate(_ operation: Operation, _ operands: [Value], results: [Type]) -> Operation {
    setInsertionPoint(before: operation)
    let new = create(
      operation.name, operands, results: results, attributes: operation.inherentAttributes,
      regions: operation.regionCount)
    new.setDiscardableAttributes(operation.discardableAttributes)
    for (old, region) in zip(operation.regions, new.regions) { inlineRegion(old, into: region) }
    return new
  }

  public func replaceAllUses(of operation: Operation, with values: [Value]) {
    precondition(values.count == operation.resultCount, "as many values as results")
    for (result, value) in zip(operation.results, values) {
      replaceAllUses(of: result, with: value)
    }
  }

  open func replaceAllUses(of value: Value, with other: Value) {
    if value == other { return }
    while let use = value.firstUse {
      let user = use.owner
      use.set(other)
      didModify(user)
    }
  }

  /// Replaces the uses for which `condition` holds.
  public func replaceUses(
    of value: Value, with other: Value, where condition: (OpOperand) -> Bool
  ) {
    if value == other { return }
    for use in Array(value.uses) where condition(use) {
      let user = use.owner
      use.set(other)
      didModify(user)
    }
  }

  // MARK: Changing in place

  /// Runs `change`, which changes operands, attributes, successors or result types of `operation`.
  public func modifyInPlace<Result>(_ operation: Operation, _ change: () -> Result) -> Result {
    defer { didModify(operation) }
    return change()
  }

  // MARK: Erasing

  /// Erases `operation`, whose results must be unused, and all it contains, users before what they use.
  open func erase(_ operation: Operation) {
    if let before = insertionPoint?.before, before == operation {
      insertionPoint = .after(operation)
    }
    eraseTree(operation)
  }

  private func eraseTree(_ operation: Operation) {
    for region in operation.regions.reversed() where !region.isEmpty { eraseBlocks(of: region) }
    willErase(operation)
    dispose(of: operation)
  }

  /// Gives back an unused operation whose regions are empty. A driver that still holds handles to it
  /// keeps it aside until it is done.
  func dispose(of operation: Operation) { operation.erase() }

  private func eraseBlocks(of region: Region) {
    for block in RegionOrder.postOrder(region, includingUnreachable: true) {
      eraseOperations(of: block)
    }
    while let block = region.lastBlock {
      willErase(block)
      block.erase()
    }
  }

  private func eraseOperations(of block: Block) {
    while let last = block.lastOperation {
      dropUses(last)
      eraseTree(last)
    }
  }

  /// Unlinks what still uses the results, which happens in cycles of graph regions and unreachable blocks.
  private func dropUses(_ operation: Operation) {
    for result in operation.results {
      while let use = result.firstUse { use.owner.dropAllReferences() }
    }
  }

  /// Erases `block` and what it contains. Nothing that stays may use what it defines.
  open func erase(_ block: Block) {
    eraseOperations(of: block)
    willErase(block)
    block.erase()
  }

  // MARK: Moving

  public func move(_ operation: Operation, before other: Operation) {
    operation.move(before: other)
    didMove(operation)
  }

  public func move(_ operation: Operation, after other: Operation) {
    operation.move(after: other)
    didMove(operation)
  }

  public func move(_ operation: Operation, toEndOf block: Block) {
    block.append(operation)
    didMove(operation)
  }

  // MARK: Blocks and regions

  /// Adds an empty block at the end of `region`, or before `before`, and sets the insertion point to it.
  @discardableResult
  public func createBlock(
    in region: Region, before: Block? = nil, arguments: [Type] = []
  ) -> Block {
    let block = context.createBlock(arguments: arguments)
    if let before { region.insert(block, before: before) } else { region.append(block) }
    insertionPoint = .atEnd(of: block)
    didInsert(block)
    return block
  }

  /// Moves `operation` and all after it (nothing where nil) into a new block behind `block`.
  public func split(_ block: Block, before operation: Operation?) -> Block {
    let new = block.split(before: operation)
    didInsert(new)
    return new
  }

  /// Moves the operations of `source` before `operation`, its arguments replaced by `arguments`, and erases
  /// the emptied block. The block must not be a successor of any that stays.
  public func inlineBlock(
    _ source: Block, before operation: Operation, arguments: [Value] = []
  ) {
    replaceArguments(of: source, with: arguments)
    while let first = source.firstOperation { first.move(before: operation) }
    willErase(source)
    source.erase()
  }

  /// Moves the operations of `source` to the end of `target`, its arguments replaced by `arguments`, and
  /// erases the emptied block.
  public func mergeBlocks(_ source: Block, into target: Block, arguments: [Value] = []) {
    replaceArguments(of: source, with: arguments)
    while let first = source.firstOperation { target.append(first) }
    willErase(source)
    source.erase()
  }

  private func replaceArguments(of block: Block, with values: [Value]) {
    precondition(values.count == block.argumentCount, "as many values as block arguments")
    for (argument, value) in zip(block.arguments, values) {
      replaceAllUses(of: argument, with: value)
    }
  }

  /// Moves all blocks of `source` before `block` of `target`, or to its end.
  public func inlineRegion(_ source: Region, into target: Region, before block: Block? = nil) {
    while let first = source.firstBlock {
      if let block { target.insert(first, before: block) } else { target.append(first) }
      didInsert(first)
    }
  }

  /// A copy of `operation` at the insertion point, operands replaced as `mapping` says.
  @discardableResult
  public func clone(_ operation: Operation, _ mapping: inout IRMapping) -> Operation {
    insert(operation.clone(&mapping))
  }

  @discardableResult
  public func clone(_ operation: Operation) -> Operation { insert(operation.clone()) }

  // MARK: Folding while building

  /// Makes an operation and folds it at once.
  /// - Returns: its results, or what they fold to, with constants made at the insertion point.
  public func createOrFold(
    _ definition: OpDefinition, _ operands: [Value], results: [Type]? = nil,
    attributes: [(String, Attribute)] = []
  ) -> [Value] {
    let made =
      results.map { create(definition, operands, results: $0, attributes: attributes) }
      ?? createInferring(definition, operands, attributes: attributes)
    if made.has(.constantLike) { return Array(made.results) }
    guard let folded = Folding.fold(made).replacements else { return Array(made.results) }
    let saved = (insertionPoint, location)
    defer { (insertionPoint, location) = saved }
    setInsertionPoint(before: made)
    guard let values = materialize(folded, for: made) else { return Array(made.results) }
    erase(made)
    return values
  }

  /// The values of a fold of `operation`, constants made at the insertion point; nil, with nothing
  /// left behind, where a constant cannot be made or a type differs.
  func materialize(_ folded: [Folded], for operation: Operation) -> [Value]? {
    precondition(folded.count == operation.resultCount, "as many folded values as results")
    var values: [Value] = []
    values.reserveCapacity(folded.count)
    var made: [Operation] = []
    for (i, part) in folded.enumerated() {
      let type = operation.result(i).type
      switch part {
      case .value(let value):
        if value.type == type {
          values.append(value)
          continue
        }
      case .attribute(let attribute):
        if let constant = materialize(attribute, type, dialect: operation.name.dialect) {
          made.append(constant)
          values.append(constant.result())
          continue
        }
      }
      for constant in made { erase(constant) }
      return nil
    }
    return values
  }
}

/// Orders of a region's blocks.
public enum RegionOrder {
  /// Blocks so that each comes after its successors, but for back edges; from the entry, then, where asked
  /// for, from each block not reached yet.
  public static func postOrder(
    _ region: Region, includingUnreachable: Bool = false
  ) -> [Block] {
    guard let entry = region.firstBlock else { return [] }
    if entry.next == nil { return [entry] }
    var order: [Block] = []
    var visited: Set<Block> = []
    var stack: [(block: Block, next: Int)] = []
    func visit(_ root: Block) {
      guard visited.insert(root).inserted else { return }
      stack.append((root, 0))
      while let top = stack.last {
        if let successors = top.block.lastOperation?.successors, top.next < successors.count {
          stack[stack.count - 1].next += 1
          let successor = successors[top.next]
          if visited.insert(successor).inserted { stack.append((successor, 0)) }
        } else {
          order.append(top.block)
          stack.removeLast()
        }
      }
    }
    visit(entry)
    if includingUnreachable { for block in region.blocks { visit(block) } }
    return order
  }
}
