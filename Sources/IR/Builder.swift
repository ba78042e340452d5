import MartletSupport

/// Where new operations go.
public struct InsertionPoint {
  public let block: Block
  /// The operation to insert before; nil for the block's end.
  public let before: Operation?

  public init(block: Block, before: Operation? = nil) {
    self.block = block
    self.before = before
  }
  public static func atEnd(of block: Block) -> InsertionPoint { InsertionPoint(block: block) }
  public static func atStart(of block: Block) -> InsertionPoint {
    InsertionPoint(block: block, before: block.firstOperation)
  }
  public static func before(_ operation: Operation) -> InsertionPoint? {
    operation.block.map { InsertionPoint(block: $0, before: operation) }
  }
  public static func after(_ operation: Operation) -> InsertionPoint? {
    operation.block.map { InsertionPoint(block: $0, before: operation.next) }
  }
}

/// Makes operations at an insertion point. Subclassed by rewriters, which watch what is made.
open class Builder {
  public let context: Context
  private struct State {
    var insertionPoint: InsertionPoint?
    var location: Location
  }
  private let state: HeapCell<State>

  public var insertionPoint: InsertionPoint? {
    get { state.value.insertionPoint }
    set { state.value.insertionPoint = newValue }
  }
  public var location: Location {
    get { state.value.location }
    set { state.value.location = newValue }
  }

  public init(_ context: Context, at point: InsertionPoint? = nil, location: Location? = nil) {
    self.context = context
    state = HeapCell(
      State(insertionPoint: point, location: location ?? context.unknownLocation))
  }

  /// Called with each operation put in place.
  open func didInsert(_ operation: Operation) {}

  public func setInsertionPoint(before operation: Operation) {
    insertionPoint = .before(operation)
    location = operation.location
  }
  public func setInsertionPoint(after operation: Operation) {
    insertionPoint = .after(operation)
    location = operation.location
  }
  public func setInsertionPoint(atEnd block: Block) { insertionPoint = .atEnd(of: block) }
  public func setInsertionPoint(atStart block: Block) { insertionPoint = .atStart(of: block) }

  /// Runs `body` with another insertion point, then restores the present one.
  @discardableResult
  public func at<Result>(_ point: InsertionPoint?, _ body: () throws -> Result) rethrows -> Result {
    let saved = insertionPoint
    insertionPoint = point
    defer { insertionPoint = saved }
    return try body()
  }

  /// Puts a detached operation at the insertion point.
  @discardableResult
  public func insert(_ operation: Operation) -> Operation {
    if let point = insertionPoint {
      if let before = point.before {
        operation.move(before: before)
      } else {
        point.block.append(operation)
      }
    }
    didInsert(operation)
    return operation
  }

  /// Makes an operation. Attributes the declaration names become inherent ones.
  @discardableResult
  public func create(
    _ name: OperationName, _ operands: [Value] = [], results: [Type] = [],
    attributes: [(String, Attribute)] = [], successors: [Block] = [], regions: Int = 0
  ) -> Operation {
    let operation = context.createOperation(
      name, location: location, operands: operands, resultTypes: results, successors: successors,
      regionCount: regions)
    for (name, value) in attributes { operation.setAttribute(name, value) }
    return insert(operation)
  }

  /// Makes the constant `value` of an operation that has one result and no operands.
  public func create(constant definition: OpDefinition, _ value: Attribute, _ type: Type)
    -> Operation
  {
    let operation = withUnsafePointer(to: type) {
      context.createOperation(
        context.operationName(definition), location: location,
        operands: UnsafeBufferPointer(start: nil, count: 0),
        resultTypes: UnsafeBufferPointer(start: $0, count: 1), regionCount: 0)
    }
    let slot = operation.name.record.constantSlot
    precondition(slot >= 0, "\(definition.name) has no attribute 'value'")
    operation.setInherent(slot, value)
    return insert(operation)
  }

  /// Makes an operation of a declaration. Its regions, all of them single, are made empty.
  @discardableResult
  public func create(
    _ definition: OpDefinition, _ operands: [Value] = [], results: [Type] = [],
    attributes: [(String, Attribute)] = [], successors: [Block] = [], regions: Int? = nil
  ) -> Operation {
    create(
      context.operationName(definition), operands, results: results, attributes: attributes,
      successors: successors, regions: regions ?? definition.regions.count)
  }

  /// Makes an operation whose result types follow from its declaration: those it infers, the type of the
  /// first operand where all types are the same, or the only type a result may have.
  public func createInferring(
    _ definition: OpDefinition, _ operands: [Value], attributes: [(String, Attribute)] = []
  ) -> Operation {
    let input = InferenceInput(
      context: context, operands: operands,
      attributes: { name in attributes.first { $0.0 == name }?.1 })
    let types: [Type]
    if let inferred = definition.inferResultTypes?(input) {
      types = inferred
    } else if definition.traits.contains(.sameOperandsAndResultType), let first = operands.first {
      types = definition.results.map { _ in first.type }
    } else {
      types = definition.results.compactMap { $0.constraint.buildable?(context) }
    }
    precondition(
      types.count >= definition.results.count { $0.arity == .one },
      "\(definition.name): result types cannot be inferred")
    return create(definition, operands, results: types, attributes: attributes)
  }

  /// The constant operation that `dialect` has for `value`.
  public func materialize(_ value: Attribute, _ type: Type, dialect: String) -> Operation? {
    materialize(value, type, dialect: context.dialect(dialect))
  }

  /// The constant operation that `dialect`, or else arith, has for `value`.
  public func materialize(_ value: Attribute, _ type: Type, dialect: Dialect?) -> Operation? {
    if let made = dialect?.materializeConstant?(self, value, type) { return made }
    return context.dialect("arith")?.materializeConstant?(self, value, type)
  }
}

/// What values, blocks and operations of an original stand for in its copy.
public struct IRMapping {
  public var values: [Value: Value] = [:]
  public var blocks: [Block: Block] = [:]

  public init() {}

  public func lookup(_ value: Value) -> Value { values[value] ?? value }
  public func lookup(_ block: Block) -> Block { blocks[block] ?? block }
  public mutating func map(_ from: some Sequence<Value>, to: some Sequence<Value>) {
    for (a, b) in zip(from, to) { values[a] = b }
  }
}

extension Operation {
  /// A detached copy, with operands replaced as `mapping` says; what is defined inside and its results
  /// are added to the mapping.
  public func clone(_ mapping: inout IRMapping, cloneRegions: Bool = true) -> Operation {
    let copy = context.createOperation(
      name, location: location, operands: operands.map { mapping.lookup($0) },
      resultTypes: results.map(\.type), successors: successors.map { mapping.lookup($0) },
      regionCount: regionCount)
    for i in 0..<Int(record.inherentCount) { copy.setInherent(i, inherent(i)) }
    copy.record.discardable = record.discardable
    for (old, new) in zip(results, copy.results) {
      mapping.values[old] = new
      new.pointer.pointee.nameHint = old.pointer.pointee.nameHint
    }
    if cloneRegions {
      for (old, new) in zip(regions, copy.regions) { old.cloneBlocks(into: new, &mapping) }
    }
    return copy
  }

  public func clone() -> Operation {
    var mapping = IRMapping()
    return clone(&mapping)
  }
}

extension Region {
  /// Copies all blocks to the end of `target`.
  public func cloneBlocks(into target: Region, _ mapping: inout IRMapping) {
    for block in blocks {
      let copy = target.addBlock()
      mapping.blocks[block] = copy
      for argument in block.arguments {
        let new = copy.addArgument(argument.type)
        new.pointer.pointee.nameHint = argument.pointer.pointee.nameHint
        mapping.values[argument] = new
      }
    }
    // Operations may use values of blocks that come later; those are patched once all exist.
    var copies: [Operation] = []
    for block in blocks {
      let copy = mapping.lookup(block)
      for operation in block.operations {
        let new = operation.clone(&mapping)
        copy.append(new)
        copies.append(new)
      }
    }
    for operation in copies {
      operation.walk { inner in
        for (i, operand) in inner.operands.enumerated() {
          if let mapped = mapping.values[operand], mapped != operand { inner.setOperand(i, mapped) }
        }
      }
    }
  }
}
