import MartletSupport

/// "No entity" in a 32-bit link.
@usableFromInline let none: UInt32 = .max

/// An operation's record; the rest of it (operands, results, ...) lies in runs of the other arenas.
@usableFromInline
struct OperationRecord {
  @usableFromInline var name: UInt32
  @usableFromInline var location: UInt32
  @usableFromInline var block: UInt32 = .max
  @usableFromInline var previous: UInt32 = .max
  @usableFromInline var next: UInt32 = .max
  /// Position within the block, valid while the block's `isOrdered` holds.
  @usableFromInline var order: UInt32 = 0
  @usableFromInline var firstOperand: UInt32 = 0
  @usableFromInline var operandCount: UInt32 = 0
  @usableFromInline var firstResult: UInt32 = 0
  @usableFromInline var firstRegion: UInt32 = 0
  @usableFromInline var firstSuccessor: UInt32 = 0
  @usableFromInline var firstInherent: UInt32 = 0
  /// The dictionary of discardable attributes, `none` where empty.
  @usableFromInline var discardable: UInt32 = .max
  @usableFromInline var resultCount: UInt16 = 0
  @usableFromInline var regionCount: UInt16 = 0
  @usableFromInline var successorCount: UInt16 = 0
  @usableFromInline var inherentCount: UInt16 = 0
  @usableFromInline var isLive = true
}

/// A value: the result of an operation or the argument of a block.
@usableFromInline
struct ValueRecord {
  @usableFromInline var type: UInt32 = .max
  /// The operation or, for an argument, the block.
  @usableFromInline var owner: UInt32 = .max
  /// Result or argument number; bit 31 is set for an argument.
  @usableFromInline var index: UInt32 = 0
  @usableFromInline var firstUse: UInt32 = .max
  /// The name the value had in the source, number of an interned string; 0 for none.
  @usableFromInline var nameHint: UInt32 = 0
}

/// One use of a value (or, in the arena of successors, of a block): a link of its use-list.
@usableFromInline
struct UseRecord {
  @usableFromInline var used: UInt32 = .max
  @usableFromInline var owner: UInt32 = .max
  @usableFromInline var next: UInt32 = .max
  @usableFromInline var previous: UInt32 = .max
}

@usableFromInline
struct BlockRecord {
  @usableFromInline var region: UInt32 = .max
  @usableFromInline var previous: UInt32 = .max
  @usableFromInline var next: UInt32 = .max
  @usableFromInline var firstOperation: UInt32 = .max
  @usableFromInline var lastOperation: UInt32 = .max
  @usableFromInline var firstUse: UInt32 = .max
  /// A run of value numbers in `argumentLists`.
  @usableFromInline var firstArgument: UInt32 = 0
  @usableFromInline var argumentCount: UInt32 = 0
  @usableFromInline var argumentCapacity: UInt32 = 0
  @usableFromInline var isOrdered = true
}

@usableFromInline
struct RegionRecord {
  @usableFromInline var operation: UInt32 = .max
  @usableFromInline var firstBlock: UInt32 = .max
  @usableFromInline var lastBlock: UInt32 = .max
}

/// Runs of consecutive records, given back by length.
@usableFromInline
struct RunArena<Record>: ~Copyable {
  @usableFromInline var records = Arena<Record>()
  private var free: [[UInt32]] = Array(repeating: [], count: 64)
  /// How many runs are free in all classes together: most of the time none.
  private var freeCount = 0
  private let blank: Record

  init(blank: Record) { self.blank = blank }

  /// Exact below 32, powers of two above, so that a freed run fits the next of its class.
  private func sizeClass(_ length: Int) -> (index: Int, length: Int) {
    if length < 32 { return (length, length) }
    let bits = Int.bitWidth - (length - 1).leadingZeroBitCount
    return (27 + bits, 1 << bits)
  }

  @usableFromInline mutating func allocate(_ length: Int) -> UInt32 {
    if length == 0 { return 0 }
    let size = sizeClass(length)
    if freeCount > 0, let run = free[size.index].popLast() {
      freeCount -= 1
      for i in 0..<UInt32(length) { records[run + i] = blank }
      return run
    }
    return records.appendRun(blank, count: size.length)
  }

  @usableFromInline mutating func release(_ first: UInt32, _ length: Int) {
    if length == 0 { return }
    freeCount += 1
    free[sizeClass(length).index].append(first)
  }

  @usableFromInline subscript(index: UInt32) -> Record {
    @inlinable @inline(__always) unsafeAddress { UnsafePointer(address(index)) }
    @inlinable @inline(__always) nonmutating unsafeMutableAddress { address(index) }
  }

  @inlinable @inline(__always)
  func address(_ index: UInt32) -> UnsafeMutablePointer<Record> {
    withUnsafeMutablePointer(to: &records[index]) { $0 }
  }
}

/// All entities of a context. Reached by pointer from every handle, so that an access costs neither
/// reference counting nor an exclusivity check.
@usableFromInline
struct IRState: ~Copyable {
  @usableFromInline var operations = Arena<OperationRecord>()
  @usableFromInline var blocks = Arena<BlockRecord>()
  @usableFromInline var values = RunArena<ValueRecord>(blank: ValueRecord())
  @usableFromInline var operands = RunArena<UseRecord>(blank: UseRecord())
  @usableFromInline var successors = RunArena<UseRecord>(blank: UseRecord())
  @usableFromInline var regions = RunArena<RegionRecord>(blank: RegionRecord())
  @usableFromInline var argumentLists = RunArena<UInt32>(blank: .max)
  /// Inherent attributes by slot, as the operation's definition numbers them.
  @usableFromInline var inherents = RunArena<UInt32>(blank: .max)
  @usableFromInline var freeOperations: [UInt32] = []
  @usableFromInline var freeBlocks: [UInt32] = []

  /// Locations of block arguments, by value number; those not here are unknown.
  @usableFromInline var argumentLocations: [UInt32: UInt32] = [:]

  @usableFromInline var types = UniqueTable()
  @usableFromInline var attributes = UniqueTable(capacity: 1024)
  @usableFromInline var affine = UniqueTable()
  @usableFromInline var strings = StringInterner()
  /// Where symbols were found, by table and name; see `SymbolTable.lookup`.
  var symbols: [UInt64: UInt32] = [:]
  @usableFromInline var blobs = BlobStore()

  @usableFromInline var operationNames = Arena<OperationNameRecord>()
  /// Numbers of operation names by the number of their text; `none` for a text that is none.
  var operationNameByString: [UInt32] = []
  var namesByDefinition = DefinitionTable()
  /// Runs of the attributes that operations of a name start out with, by slot.
  var defaults = Arena<UInt32>()
  /// What the verifier has found to fit a declaration, see `Verifier`.
  var fitting = UniqueTable()
  @usableFromInline unowned(unsafe) var context: Context

  @usableFromInline init(context: Context) { self.context = context }
}

/// What is known of an operation name in one context.
@usableFromInline
struct OperationNameRecord {
  @usableFromInline let string: UInt32
  @usableFromInline let definition: OpDefinition?
  @usableFromInline let traits: OpTraits
  /// Identity of the definition, for comparison without reference counting.
  @usableFromInline let identity: UnsafeRawPointer?
  let inherentNames: [UInt32]
  /// The slot of a constant-like operation's `value`, -1 where it has none.
  let constantSlot: Int
  /// The slot of a symbol's `sym_name`, -1 where it has none.
  let symbolSlot: Int
  /// The dialect that declares it.
  let dialect: Dialect?
  /// The run of `defaults` of this name; `none` until an operation of it is made.
  var firstDefault: UInt32 = .max

  var inherentCount: Int { definition == nil ? 1 : inherentNames.count }
}

extension IRState {
  func operationName(ofString string: UInt32) -> UInt32? {
    guard Int(string) < operationNameByString.count else { return nil }
    let name = operationNameByString[Int(string)]
    return name == none ? nil : name
  }

  mutating func addOperationName(_ record: OperationNameRecord) -> UInt32 {
    let missing = Int(record.string) + 1 - operationNameByString.count
    if missing > 0 {
      operationNameByString.append(contentsOf: repeatElement(none, count: missing))
    }
    let name = operationNames.append(record)
    operationNameByString[Int(record.string)] = name
    return name
  }
}

/// Numbers of operation names by declaration. Declarations live as long as what holds them, the dialects of the
/// context, so their addresses serve as keys.
@usableFromInline
struct DefinitionTable: ~Copyable {
  private var keys = PlainBuffer<UnsafeRawPointer?>(capacity: 256)
  private var names = PlainBuffer<UInt32>(capacity: 256)
  private var count = 0

  init() { clear(256) }

  private mutating func clear(_ capacity: Int) {
    keys = PlainBuffer(capacity: capacity)
    names = PlainBuffer(capacity: capacity)
    keys.append(repeating: nil, count: capacity)
    names.append(repeating: 0, count: capacity)
  }

  private func slot(_ key: UnsafeRawPointer) -> Int {
    var slot =
      Int(truncatingIfNeeded: StableHasher.mix(UInt64(UInt(bitPattern: key)), 0))
      & (keys.count - 1)
    while let other = keys[slot], other != key { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  func name(of definition: OpDefinition) -> UInt32? {
    let key = UnsafeRawPointer(Unmanaged.passUnretained(definition).toOpaque())
    let slot = slot(key)
    return keys[slot] == nil ? nil : names[slot]
  }

  mutating func set(_ definition: OpDefinition, _ name: UInt32) {
    let key = UnsafeRawPointer(Unmanaged.passUnretained(definition).toOpaque())
    if (count + 1) * 2 > keys.count { grow() }
    let slot = slot(key)
    if keys[slot] == nil { count += 1 }
    keys[slot] = key
    names[slot] = name
  }

  private mutating func grow() {
    var old: [(UnsafeRawPointer, UInt32)] = []
    for i in 0..<keys.count { if let key = keys[i] { old.append((key, names[i])) } }
    clear(keys.count * 2)
    for (key, name) in old {
      let slot = slot(key)
      keys[slot] = key
      names[slot] = name
    }
  }
}

/// Bytes of constants: small ones are stored once per content, all stay at their address.
@usableFromInline
struct BlobStore: ~Copyable {
  private var memory = BumpAllocator()
  private var byHash: [UInt64: [UnsafeRawBufferPointer]] = [:]
  /// Resources by key, in order of arrival, with what keeps their memory alive.
  var resources: [UInt32: Resource] = [:]
  var resourceOrder: [UInt32] = []

  struct Resource {
    let bytes: UnsafeRawBufferPointer
    let alignment: Int
    let owner: AnyObject?
  }

  init() {}

  mutating func store(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var hasher = StableHasher()
    hasher.combine(bytes: bytes)
    let hash = hasher.value
    for candidate in byHash[hash] ?? [] where candidate.elementsEqual(bytes) { return candidate }
    let copy = memory.allocate(byteCount: max(bytes.count, 1), alignment: 64)
    if let base = bytes.baseAddress { copy.copyMemory(from: base, byteCount: bytes.count) }
    let stored = UnsafeRawBufferPointer(start: copy, count: bytes.count)
    byHash[hash, default: []].append(stored)
    return stored
  }
}
