import MartletDialects
import MartletIR
import MartletSupport

/// Operand `index` of `owner`.
struct TensorUse: Hashable {
  let owner: Operation
  let index: Int

  init(_ owner: Operation, _ index: Int) {
    self.owner = owner
    self.index = index
  }

  init(_ use: OpOperand) { self.init(use.owner, use.index) }

  var value: Value { owner.operand(index) }
}

/// How a value and an operand share memory if the operand is bufferized in place.
struct BufferAlias<Place> {
  var place: Place
  /// Whether both are the very same buffer: same start, sizes and strides.
  var isEquivalent: Bool
  /// Whether they share memory for sure.
  var isDefinite: Bool

  init(_ place: Place, isEquivalent: Bool, isDefinite: Bool = true) {
    self.place = place
    self.isEquivalent = isEquivalent
    self.isDefinite = isDefinite
  }
}

typealias ValueAlias = BufferAlias<Value>
typealias OperandAlias = BufferAlias<TensorUse>

/// What bufferization knows of one kind of operations, as MLIR's `BufferizableOpInterface` has it. Questions are
/// asked about operands, results and block arguments of tensor type alone.
class BufferizableModel: @unchecked Sendable {
  /// Whether the operation, on memory, reads what the operand holds.
  func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { true }
  /// Whether it writes there.
  func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { false }
  /// The results and block arguments that may share memory with the operand.
  func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] { [] }

  /// The operands that may share memory with a result or block argument.
  func aliasingOperands(_ value: Value, _ state: OneShotState) -> [OperandAlias] {
    guard let owner = OneShotState.owner(of: value) else { return [] }
    var found: [OperandAlias] = []
    for use in OneShotState.tensorUses(of: owner) {
      for alias in state.aliases(of: use) where alias.place == value {
        found.append(
          OperandAlias(use, isEquivalent: alias.isEquivalent, isDefinite: alias.isDefinite))
      }
    }
    return found
  }

  /// Whether the result holds what the operation wrote.
  func resultIsWritten(_ value: Value, _ state: OneShotState) -> Bool {
    state.defaultResultIsWritten(value)
  }

  /// Whether the result is memory of its own.
  func allocates(_ value: Value) -> Bool { false }
  func mustBeInPlace(_ use: TensorUse, _ state: OneShotState) -> Bool {
    use.value.type.kind == .unrankedTensor
  }
  func isWritable(_ value: Value, _ state: OneShotState) -> Bool { !value.isBlockArgument }
  /// Whether elements of these operands at one place are all read before any is written there.
  func isElementwise(_ uses: [TensorUse], _ state: OneShotState) -> Bool { false }
  func isNotConflicting(_ read: TensorUse, _ write: TensorUse, _ state: OneShotState) -> Bool {
    false
  }
  func isRepetitive(_ region: Region) -> Bool { false }
  func isParallel(_ region: Region) -> Bool { false }
  var supportsManyBlocks: Bool { false }
  func hasTensors(_ operation: Operation) -> Bool {
    OneShotState.hasTensorTypes(operation)
  }

  /// The type of the memory of a result or block argument. `stack` holds the values whose types are being
  /// computed.
  func bufferType(
    _ value: Value, _ buffers: Bufferizer, _ stack: inout [Value]
  ) throws(Reported) -> Type {
    try buffers.defaultBufferType(value, &stack)
  }

  /// Checks what the analysis found.
  func verify(_ operation: Operation, _ state: OneShotState) throws(Reported) {}

  /// Puts copies where operands cannot be bufferized in place.
  func resolveConflicts(
    _ operation: Operation, _ state: OneShotState, _ buffers: Bufferizer
  ) throws(Reported) {
    try buffers.resolveOperandConflicts(operation, state)
  }

  /// Rewrites the operation to work on memory; the insertion point is before it.
  func bufferize(_ operation: Operation, _ buffers: Bufferizer) throws(Reported) {
    throw Reported()
  }
}

/// An operation with destinations: it reads all operands, writes the destinations, and result i is destination i.
class DestinationModel: BufferizableModel, @unchecked Sendable {
  func isDestination(_ use: TensorUse) -> Bool {
    tiedResult(use) != nil
  }

  func tiedResult(_ use: TensorUse) -> Value? {
    let operation = use.owner
    let destinations = operation.destinations
    var position = 0
    let first = firstDestination(operation)
    for i in 0..<destinations.count where destinations[i].type.isTensor {
      if first + i == use.index {
        return position < operation.resultCount ? operation.result(position) : nil
      }
      position += 1
    }
    return nil
  }

  /// The position among all operands of the first destination.
  func firstDestination(_ operation: Operation) -> Int {
    guard let definition = operation.definition else { return 0 }
    let segments = operation.operandSegments
    for name in ["outputs", "inits", "init", "dest", "output", "shared_outs", "base"] {
      if let i = definition.operands.firstIndex(where: { $0.name == name }), segments[i] > 0 {
        return segments[..<i].reduce(0, +)
      }
    }
    return 0
  }

  override func writes(_ use: TensorUse, _ state: OneShotState) -> Bool { isDestination(use) }

  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    tiedResult(use).map { [ValueAlias($0, isEquivalent: true)] } ?? []
  }
}

/// An operation whose one result is another view of its operand's memory.
class ViewModel: BufferizableModel, @unchecked Sendable {
  var isEquivalent: Bool { true }
  override func reads(_ use: TensorUse, _ state: OneShotState) -> Bool { false }
  override func aliases(of use: TensorUse, _ state: OneShotState) -> [ValueAlias] {
    [ValueAlias(use.owner.result(), isEquivalent: isEquivalent)]
  }
}

/// The models there are, by declaration.
enum BufferizableModels {
  private static let table: [ObjectIdentifier: BufferizableModel] = {
    var table: [ObjectIdentifier: BufferizableModel] = [:]
    for (definition, model) in arith + bufferization + controlFlow + functions + scf + tensor
      + vector
    {
      table[ObjectIdentifier(definition)] = model
    }
    return table
  }()
  private static let structured = StructuredModel()

  static func model(of operation: Operation) -> BufferizableModel? {
    guard let definition = operation.definition else { return nil }
    if let model = table[ObjectIdentifier(definition)] { return model }
    return operation.has(.structured) ? structured : nil
  }
}
