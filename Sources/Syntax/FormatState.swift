import MartletIR
import MartletSupport

/// What has been read of an operation by its declarative format so far. One is kept for each nesting
/// level and used again, so that reading an operation allocates nothing.
struct FormatState {
  struct Group {
    var start = 0
    /// Negative where nothing has been read.
    var count = -1
  }

  struct Storage: ~Copyable {
    var references = PlainBuffer<Parser.OperandReference>()
    var operandGroups = PlainBuffer<Group>()
    var types = PlainBuffer<Type>()
    var operandTypes = PlainBuffer<Group>()
    var resultTypes = PlainBuffer<Group>()
    var inherents = PlainBuffer<Attribute?>()
    var values = PlainBuffer<Value>()
    var finalTypes = PlainBuffer<Type>()
    var name: OperationName
    var location: Location
    var parts: ParsedOperation?
  }

  private let storage: UnsafeMutablePointer<Storage>

  init(_ name: OperationName, _ location: Location) {
    storage = .allocate(capacity: 1)
    storage.initialize(to: Storage(name: name, location: location))
  }

  /// Gives the memory back; the state is not to be used after that.
  func destroy() {
    storage.deinitialize(count: 1)
    storage.deallocate()
  }

  func reset(_ format: AssemblyFormat, _ name: OperationName, _ location: Location) {
    references.removeAll()
    types.removeAll()
    values.removeAll()
    finalTypes.removeAll()
    operandGroups.removeAll()
    operandGroups.append(repeating: Group(), count: format.operandCount)
    operandTypes.removeAll()
    operandTypes.append(repeating: Group(), count: format.operandCount)
    resultTypes.removeAll()
    resultTypes.append(repeating: Group(), count: format.resultCount)
    inherents.removeAll()
    inherents.append(repeating: nil, count: format.attributeCount)
    storage.pointee.name = name
    storage.pointee.location = location
    if storage.pointee.parts != nil { storage.pointee.parts = nil }
  }

  var name: OperationName { storage.pointee.name }
  var location: Location { storage.pointee.location }

  var references: PlainBuffer<Parser.OperandReference> {
    @inline(__always) _read { yield storage.pointee.references }
    @inline(__always) nonmutating _modify { yield &storage.pointee.references }
  }
  /// For each declared operand, the run of `references` it was given.
  var operandGroups: PlainBuffer<Group> {
    @inline(__always) _read { yield storage.pointee.operandGroups }
    @inline(__always) nonmutating _modify { yield &storage.pointee.operandGroups }
  }
  var types: PlainBuffer<Type> {
    @inline(__always) _read { yield storage.pointee.types }
    @inline(__always) nonmutating _modify { yield &storage.pointee.types }
  }
  /// For each declared operand, the run of `types` that was read for it; likewise `resultTypes`.
  var operandTypes: PlainBuffer<Group> {
    @inline(__always) _read { yield storage.pointee.operandTypes }
    @inline(__always) nonmutating _modify { yield &storage.pointee.operandTypes }
  }
  var resultTypes: PlainBuffer<Group> {
    @inline(__always) _read { yield storage.pointee.resultTypes }
    @inline(__always) nonmutating _modify { yield &storage.pointee.resultTypes }
  }
  var inherents: PlainBuffer<Attribute?> {
    @inline(__always) _read { yield storage.pointee.inherents }
    @inline(__always) nonmutating _modify { yield &storage.pointee.inherents }
  }
  var values: PlainBuffer<Value> {
    @inline(__always) _read { yield storage.pointee.values }
    @inline(__always) nonmutating _modify { yield &storage.pointee.values }
  }
  /// The types of all results.
  var finalTypes: PlainBuffer<Type> {
    @inline(__always) _read { yield storage.pointee.finalTypes }
    @inline(__always) nonmutating _modify { yield &storage.pointee.finalTypes }
  }

  // MARK: Parts that few operations have

  var hasParts: Bool { storage.pointee.parts != nil }

  /// Attributes of the dictionary, regions and successors, to be given back with `put` once changed: what
  /// changes them may read operations in between.
  func takeParts() -> ParsedOperation {
    guard let parts = storage.pointee.parts.take() else {
      return ParsedOperation(name: name, location: location)
    }
    return parts
  }

  func put(_ parts: consuming ParsedOperation) { storage.pointee.parts = parts }
}

/// The states of the open nesting levels.
struct FormatStacks: ~Copyable {
  private var states: [FormatState] = []
  private var level = 0

  deinit { for state in states { state.destroy() } }

  mutating func push(_ format: AssemblyFormat, _ name: OperationName, _ location: Location)
    -> FormatState
  {
    if level == states.count { states.append(FormatState(name, location)) }
    let state = states[level]
    level += 1
    state.reset(format, name, location)
    return state
  }

  mutating func pop() { level -= 1 }
}

/// What a custom directive fills in while an operation is read.
public struct FormatParts {
  let state: FormatState
  public let arguments: [FormatArgument]

  public func setOperands(_ argument: FormatArgument, _ references: [Parser.OperandReference]) {
    guard case .operand(let i) = argument else { return }
    state.operandGroups[i] = .init(start: state.references.count, count: references.count)
    state.references.append(contentsOf: references)
  }

  /// The number of operands read for a group, nil where it has not been read.
  public func operandCount(_ argument: FormatArgument) -> Int? {
    guard case .operand(let i) = argument else { return nil }
    return state.operandGroups[i].count < 0 ? nil : state.operandGroups[i].count
  }

  /// The number of operands read for the group whose types `argument` is.
  public func operandCount(ofTypes argument: FormatArgument) -> Int? {
    guard case .typeOfOperand(let i) = argument else { return nil }
    return state.operandGroups[i].count < 0 ? nil : state.operandGroups[i].count
  }

  public func setTypes(_ argument: FormatArgument, _ types: [Type]) {
    let group = FormatState.Group(start: state.types.count, count: types.count)
    switch argument {
    case .typeOfOperand(let i), .operand(let i): state.operandTypes[i] = group
    case .typeOfResult(let i), .result(let i): state.resultTypes[i] = group
    default: return
    }
    state.types.append(contentsOf: types)
  }

  public func types(_ argument: FormatArgument) -> [Type]? {
    let group: FormatState.Group
    switch argument {
    case .typeOfOperand(let i), .operand(let i): group = state.operandTypes[i]
    case .typeOfResult(let i), .result(let i): group = state.resultTypes[i]
    default: return nil
    }
    return group.count < 0 ? nil : (0..<group.count).map { state.types[group.start + $0] }
  }

  public func setAttribute(_ argument: FormatArgument, _ value: Attribute) {
    if case .attribute(let slot) = argument { state.inherents[slot] = value }
  }

  public func attribute(_ argument: FormatArgument) -> Attribute? {
    if case .attribute(let slot) = argument { return state.inherents[slot] }
    return nil
  }
}
