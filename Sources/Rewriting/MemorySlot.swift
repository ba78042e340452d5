import MartletIR

/// Memory an allocation gives that only loads and stores of its whole are to reach: `pointer` addresses
/// one value of `elementType`.
public struct MemorySlot {
  public let pointer: Value
  public let elementType: Type

  public init(_ pointer: Value, _ elementType: Type) {
    self.pointer = pointer
    self.elementType = elementType
  }
}

/// Offered by allocations whose memory may become values (MLIR's PromotableAllocationOpInterface).
public struct PromotableAllocation: OpInterface {
  public let slots: @Sendable (Operation) -> [MemorySlot]
  /// Makes what a slot holds before anything was stored.
  public let defaultValue: @Sendable (Operation, MemorySlot, Builder) -> Value

  public init(
    slots: @escaping @Sendable (Operation) -> [MemorySlot],
    defaultValue: @escaping @Sendable (Operation, MemorySlot, Builder) -> Value
  ) {
    self.slots = slots
    self.defaultValue = defaultValue
  }
}

/// Offered by operations that load from or store to slots (PromotableMemOpInterface).
public struct PromotableAccess: OpInterface {
  public let loads: @Sendable (Operation, MemorySlot) -> Bool
  public let stores: @Sendable (Operation, MemorySlot) -> Bool
  /// What the slot holds after the operation, given what it held before; made at the rewriter's place.
  public let stored: @Sendable (Operation, MemorySlot, PatternRewriter, _ before: Value) -> Value
  /// Whether the operation can do without its uses `blocking` of the slot.
  public let canRemove: @Sendable (Operation, MemorySlot, _ blocking: [OperandPlace]) -> Bool
  /// Makes the operation do without its uses of the slot, which holds `reaching` before it; it is erased
  /// afterwards.
  public let remove: @Sendable (Operation, MemorySlot, PatternRewriter, _ reaching: Value) -> Void

  public init(
    loads: @escaping @Sendable (Operation, MemorySlot) -> Bool,
    stores: @escaping @Sendable (Operation, MemorySlot) -> Bool,
    stored: @escaping @Sendable (Operation, MemorySlot, PatternRewriter, Value) -> Value = {
      $3
    },
    canRemove: @escaping @Sendable (Operation, MemorySlot, [OperandPlace]) -> Bool,
    remove: @escaping @Sendable (Operation, MemorySlot, PatternRewriter, Value) -> Void = {
      _, _, _, _ in
    }
  ) {
    self.loads = loads
    self.stores = stores
    self.stored = stored
    self.canRemove = canRemove
    self.remove = remove
  }
}

/// Offered by other operations that may use a slot's pointer and can do without (PromotableOpInterface).
public struct PromotableUser: OpInterface {
  /// The uses that have to go before the operation, erased, lets its uses `blocking` go; nil where it
  /// cannot.
  public let canRemove: @Sendable (Operation, _ blocking: [OperandPlace]) -> [OperandPlace]?

  public init(
    _ canRemove: @escaping @Sendable (Operation, [OperandPlace]) -> [OperandPlace]?
  ) {
    self.canRemove = canRemove
  }

  /// The operation goes where all that uses its results does.
  public static let forwarding = PromotableUser { operation, _ in
    operation.results.flatMap { result in
      result.uses.map { OperandPlace($0.owner, $0.index) }
    }
  }

  /// The operation can simply be left out.
  public static let droppable = PromotableUser { _, _ in [] }
}

/// A slot of a type with parts: which there are, by index attribute, in order.
public struct DestructurableSlot {
  public let slot: MemorySlot
  public let parts: [(index: Attribute, type: Type)]

  public var pointer: Value { slot.pointer }
  public var elementType: Type { slot.elementType }

  public init(_ slot: MemorySlot, _ parts: [(index: Attribute, type: Type)]) {
    self.slot = slot
    self.parts = parts
  }

  public func type(at index: Attribute) -> Type? { parts.first { $0.index == index }?.type }
}

/// Attributes in the order in which they were added, each once.
public struct UsedIndices {
  public private(set) var list: [Attribute] = []
  private var known: Set<Attribute> = []

  public init() {}

  public mutating func insert(_ index: Attribute) {
    if known.insert(index).inserted { list.append(index) }
  }
}

/// Offered by allocations whose memory may be split into one allocation for each part used
/// (DestructurableAllocationOpInterface).
public struct DestructurableAllocation: OpInterface {
  public let slots: @Sendable (Operation) -> [DestructurableSlot]
  /// Makes the allocation of one part at the builder's place.
  public let allocatePart: @Sendable (Operation, Type, Builder) -> Operation

  public init(
    slots: @escaping @Sendable (Operation) -> [DestructurableSlot],
    allocatePart: @escaping @Sendable (Operation, Type, Builder) -> Operation
  ) {
    self.slots = slots
    self.allocatePart = allocatePart
  }
}

/// Offered by operations that access parts of a slot (DestructurableAccessorOpInterface and
/// SafeMemorySlotAccessOpInterface).
public struct DestructurableAccess: OpInterface {
  /// Whether the operation can be made to use the parts' own slots; adds what parts it uses, and what other
  /// pointers it gives that have to be used safely.
  public let canRewire:
    @Sendable (Operation, DestructurableSlot, inout UsedIndices, inout [MemorySlot]) -> Bool
  /// - Returns: whether the operation is to be erased afterwards.
  public let rewire:
    @Sendable (Operation, DestructurableSlot, [Attribute: MemorySlot], PatternRewriter) -> Bool
  /// Whether the operation stays within `slot`; nil where it does not know slots at all.
  public let isSafe: (@Sendable (Operation, MemorySlot, inout [MemorySlot]) -> Bool)?

  public init(
    canRewire:
      @escaping @Sendable (Operation, DestructurableSlot, inout UsedIndices, inout [MemorySlot])
      -> Bool,
    rewire:
      @escaping @Sendable (
        Operation, DestructurableSlot, [Attribute: MemorySlot], PatternRewriter
      ) -> Bool,
    isSafe: (@Sendable (Operation, MemorySlot, inout [MemorySlot]) -> Bool)? = nil
  ) {
    self.canRewire = canRewire
    self.rewire = rewire
    self.isSafe = isSafe
  }
}
