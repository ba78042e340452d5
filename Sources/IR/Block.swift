import MartletSupport

/// A basic block: arguments and a list of operations.
public struct Block: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public static func == (a: Block, b: Block) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  @inlinable var record: BlockRecord {
    @inline(__always) unsafeAddress { UnsafePointer(pointer) }
    @inline(__always) nonmutating unsafeMutableAddress { pointer }
  }
  @inlinable @inline(__always)
  var pointer: UnsafeMutablePointer<BlockRecord> {
    withUnsafeMutablePointer(to: &state.pointee.blocks[raw]) { $0 }
  }

  public var context: Context { state.pointee.context }
  @inlinable public var region: Region? {
    record.region == none ? nil : Region(state, record.region)
  }
  public var parentOperation: Operation? { region?.parentOperation }
  @inlinable public var next: Block? { record.next == none ? nil : Block(state, record.next) }
  @inlinable public var previous: Block? {
    record.previous == none ? nil : Block(state, record.previous)
  }
  public var isEntry: Bool { region?.firstBlock == self }

  // MARK: Operations

  @inlinable public var firstOperation: Operation? {
    record.firstOperation == none ? nil : Operation(state, record.firstOperation)
  }
  @inlinable public var lastOperation: Operation? {
    record.lastOperation == none ? nil : Operation(state, record.lastOperation)
  }
  public var isEmpty: Bool { record.firstOperation == none }
  /// The last operation where it is a terminator or may be one (an unregistered operation).
  public var terminator: Operation? {
    guard let last = lastOperation, !last.isRegistered || last.has(.terminator) else { return nil }
    return last
  }

  /// The operations in order. The one being visited may be erased or moved while iterating.
  @inlinable public var operations: OperationList { OperationList(state, record.firstOperation) }

  public func append(_ operation: Operation) {
    operation.remove()
    state.pointee.linkOperation(operation.raw, block: raw, before: none)
  }
  public func prepend(_ operation: Operation) {
    operation.remove()
    state.pointee.linkOperation(operation.raw, block: raw, before: record.firstOperation)
  }

  func ensureOrder() {
    if record.isOrdered { return }
    var current = record.firstOperation
    var number: UInt32 = 0
    while current != none {
      state.pointee.operations[current].order = number
      number += 16
      current = state.pointee.operations[current].next
    }
    record.isOrdered = true
  }

  // MARK: Arguments

  @inlinable public var argumentCount: Int { Int(record.argumentCount) }
  @inlinable public func argument(_ i: Int) -> Value {
    precondition(i < Int(record.argumentCount), "argument index out of range")
    return Value(state, state.pointee.argumentLists[record.firstArgument + UInt32(i)])
  }
  @inlinable public var arguments: ArgumentList {
    ArgumentList(state, record.firstArgument, Int(record.argumentCount))
  }

  @discardableResult
  public func addArgument(_ type: Type) -> Value { insertArgument(argumentCount, type) }

  @discardableResult
  public func insertArgument(_ i: Int, _ type: Type) -> Value {
    let count = argumentCount
    if count == Int(record.argumentCapacity) {
      let capacity = max(4, count * 2)
      let list = state.pointee.argumentLists.allocate(capacity)
      for k in 0..<UInt32(count) {
        state.pointee.argumentLists[list + k] =
          state.pointee.argumentLists[record.firstArgument + k]
      }
      state.pointee.argumentLists.release(record.firstArgument, Int(record.argumentCapacity))
      record.firstArgument = list
      record.argumentCapacity = UInt32(capacity)
    }
    let value = state.pointee.values.allocate(1)
    state.pointee.values[value] = ValueRecord(type: type.raw, owner: raw, index: 0x8000_0000)
    var k = count
    while k > i {
      state.pointee.argumentLists[record.firstArgument + UInt32(k)] =
        state.pointee.argumentLists[record.firstArgument + UInt32(k - 1)]
      k -= 1
    }
    state.pointee.argumentLists[record.firstArgument + UInt32(i)] = value
    record.argumentCount += 1
    renumberArguments(from: i)
    return Value(state, value)
  }

  /// Removes argument `i`, which must have no uses.
  public func eraseArgument(_ i: Int) {
    let value = argument(i)
    precondition(!value.hasUses, "erased a block argument that has uses")
    for k in UInt32(i)..<(record.argumentCount - 1) {
      state.pointee.argumentLists[record.firstArgument + k] =
        state.pointee.argumentLists[record.firstArgument + k + 1]
    }
    record.argumentCount -= 1
    state.pointee.argumentLocations.removeValue(forKey: value.raw)
    state.pointee.values.release(value.raw, 1)
    renumberArguments(from: i)
  }

  private func renumberArguments(from start: Int) {
    for k in start..<argumentCount {
      let value = state.pointee.argumentLists[record.firstArgument + UInt32(k)]
      state.pointee.values[value].index = 0x8000_0000 | UInt32(k)
    }
  }

  // MARK: Control flow

  /// The operations that have this block as a successor, once for each mention.
  public var predecessorTerminators: [Operation] {
    var found: [Operation] = []
    var use = record.firstUse
    while use != none {
      found.append(Operation(state, state.pointee.successors[use].owner))
      use = state.pointee.successors[use].next
    }
    return found
  }
  public var predecessors: [Block] { predecessorTerminators.compactMap(\.block) }
  public var hasPredecessors: Bool { record.firstUse != none }
  public var successors: [Block] { lastOperation.map { Array($0.successors) } ?? [] }

  public func replaceAllUses(with other: Block) {
    while record.firstUse != none {
      let use = record.firstUse
      state.pointee.unlinkBlockUse(use)
      state.pointee.linkBlockUse(use, other.raw)
    }
  }

  // MARK: Moving and erasing

  /// Takes the block out of its region without erasing it.
  public func remove() { state.pointee.unlinkBlock(raw) }

  /// Moves `operation` and all after it into a new block behind this one, and returns that.
  public func split(before operation: Operation?) -> Block {
    let new = context.createBlock()
    region?.insert(new, after: self)
    var current = operation
    while let moving = current {
      current = moving.next
      new.append(moving)
    }
    return new
  }

  /// Erases the block and its operations. Nothing outside may use what they define.
  public func erase() {
    for operation in operations { operation.dropAllReferences() }
    while let last = lastOperation { last.erase() }
    remove()
    state.pointee.free(block: raw)
  }
}

public struct OperationList: Sequence, IteratorProtocol {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline var following: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ first: UInt32) {
    self.state = state
    following = first
  }

  @inlinable public mutating func next() -> Operation? {
    if following == none { return nil }
    let operation = Operation(state, following)
    following = operation.record.next
    return operation
  }
}

public struct ArgumentList: RandomAccessCollection {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline let first: UInt32
  public let count: Int

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ first: UInt32, _ count: Int) {
    self.state = state
    self.first = first
    self.count = count
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
  @inlinable public subscript(i: Int) -> Value {
    precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "argument index out of range")
    return Value(state, state.pointee.argumentLists[first + UInt32(i)])
  }
  public var types: [Type] { map(\.type) }
}

public struct SuccessorList: RandomAccessCollection {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline let first: UInt32
  public let count: Int

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ first: UInt32, _ count: Int) {
    self.state = state
    self.first = first
    self.count = count
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
  @inlinable public subscript(i: Int) -> Block {
    precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "successor index out of range")
    return Block(state, state.pointee.successors[first + UInt32(i)].used)
  }
}
