import MartletSupport

/// An SSA value: a result of an operation or an argument of a block.
public struct Value: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public static func == (a: Value, b: Value) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  @inlinable var pointer: UnsafeMutablePointer<ValueRecord> { state.pointee.values.address(raw) }

  /// Whether this stands for an operand whose reference was dropped (`dropAllReferences`); nothing else may
  /// be asked of such a value.
  @inlinable public var isDropped: Bool { raw == none }

  public var context: Context { state.pointee.context }

  @inlinable public var type: Type {
    get { Type(state, pointer.pointee.type) }
    nonmutating set { pointer.pointee.type = newValue.raw }
  }

  @inlinable public var isBlockArgument: Bool { pointer.pointee.index & 0x8000_0000 != 0 }
  /// The result or argument number.
  @inlinable public var index: Int { Int(pointer.pointee.index & 0x7fff_ffff) }

  /// The operation this is a result of, nil for a block argument.
  @inlinable public var definingOperation: Operation? {
    isBlockArgument ? nil : Operation(state, pointer.pointee.owner)
  }
  /// The block this is an argument of, nil for a result.
  @inlinable public var owningBlock: Block? {
    isBlockArgument ? Block(state, pointer.pointee.owner) : nil
  }
  /// The block the value is defined in.
  public var block: Block? { owningBlock ?? definingOperation?.block }

  /// The name the value had in the source (without `%`), kept for people.
  public var nameHint: String? {
    get {
      let hint = pointer.pointee.nameHint
      return hint == 0 ? nil : state.pointee.strings.string(hint)
    }
    nonmutating set { pointer.pointee.nameHint = newValue.map { context.intern($0).raw } ?? 0 }
  }

  /// Where the text names this block argument; unknown for one that passes made, and for results.
  public var argumentLocation: Location {
    get {
      guard let raw = state.pointee.argumentLocations[self.raw] else {
        return context.unknownLocation
      }
      return Location(state, raw)
    }
    nonmutating set {
      guard isBlockArgument else { return }
      state.pointee.argumentLocations[raw] = newValue.isUnknown ? nil : newValue.raw
    }
  }

  public func setNameHint(_ name: Identifier) { pointer.pointee.nameHint = name.raw }

  @inlinable public var hasUses: Bool { pointer.pointee.firstUse != none }
  public var hasOneUse: Bool {
    let first = pointer.pointee.firstUse
    return first != none && state.pointee.operands[first].next == none
  }

  /// All uses, latest first. Changing the uses while iterating is allowed only through a copy.
  @inlinable public var uses: UseList { UseList(state, pointer.pointee.firstUse) }

  /// The latest use, nil where there is none.
  @inlinable public var firstUse: OpOperand? {
    let first = pointer.pointee.firstUse
    return first == none ? nil : OpOperand(state, first)
  }

  public func replaceAllUses(with other: Value) {
    if other == self { return }
    while pointer.pointee.firstUse != none {
      let use = pointer.pointee.firstUse
      state.pointee.unlinkUse(use)
      state.pointee.linkUse(use, other.raw)
    }
  }

  /// Replaces the uses for which `condition` holds.
  public func replaceUses(with other: Value, where condition: (OpOperand) -> Bool) {
    for use in Array(uses) where condition(use) { use.set(other) }
  }
}

/// A use of a value: operand `index` of `owner`.
public struct OpOperand {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public var owner: Operation { Operation(state, state.pointee.operands[raw].owner) }
  public var index: Int { Int(raw - owner.record.firstOperand) }
  public var value: Value { Value(state, state.pointee.operands[raw].used) }
  public func set(_ value: Value) {
    state.pointee.unlinkUse(raw)
    state.pointee.linkUse(raw, value.raw)
  }
}

public struct UseList: Sequence, IteratorProtocol {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline var current: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ first: UInt32) {
    self.state = state
    current = first
  }

  @inlinable public mutating func next() -> OpOperand? {
    if current == none { return nil }
    defer { current = state.pointee.operands[current].next }
    return OpOperand(state, current)
  }
}

/// The operands of an operation, or a group of them.
public struct OperandList: RandomAccessCollection {
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
    precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "operand index out of range")
    return Value(state, state.pointee.operands[first + UInt32(i)].used)
  }
  public var types: [Type] { map(\.type) }

  /// The operands behind the first `skipped`, counted from 0 again.
  @inlinable public func dropping(_ skipped: Int) -> OperandList {
    precondition(skipped >= 0 && skipped <= count, "operand index out of range")
    return OperandList(state, first + UInt32(skipped), count - skipped)
  }
}

/// The results of an operation.
public struct ResultList: RandomAccessCollection {
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
    precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "result index out of range")
    return Value(state, first + UInt32(i))
  }
  public var types: [Type] { map(\.type) }
}
