import MartletAnalysis
import MartletIR
import MartletRewriting

/// What constant propagation knows of a value.
public enum ConstantLattice: SparseLattice {
  case uninitialized
  /// This constant, of the dialect named.
  case known(Attribute, dialect: String)
  case unknown

  public var isUninitialized: Bool { if case .uninitialized = self { true } else { false } }
  public var constant: Attribute? { if case .known(let value, _) = self { value } else { nil } }

  public mutating func join(_ other: ConstantLattice) -> Bool {
    switch (self, other) {
    case (_, .uninitialized), (.unknown, _): return false
    case (.known(let a, _), .known(let b, _)) where a == b: return false
    case (.uninitialized, _):
      self = other
      return true
    default:
      self = .unknown
      return true
    }
  }
}

/// Sparse conditional constant propagation: folds each operation as if its operands were the constants
/// they are known to be.
public struct ConstantTransfer: ForwardTransfer {
  private let scratch: ScratchConstants

  public init(_ context: Context) { scratch = ScratchConstants(context) }

  public func entryState(_ value: Value) -> ConstantLattice { .unknown }

  public func visit(_ operation: Operation, _ operands: [ConstantLattice]) -> [ConstantLattice]? {
    let unknown = { Array(repeating: ConstantLattice.unknown, count: operation.resultCount) }
    if operation.regionCount > 0 { return unknown() }
    if operands.contains(where: \.isUninitialized) { return nil }
    let dialect = operation.name.dialectName
    if operation.resultCount == 1, let value = operation.constantValue {
      return [.known(value, dialect: dialect)]
    }
    guard let definition = operation.definition,
      definition.fold != nil || operation.has(.idempotent) || operation.has(.involution)
    else { return unknown() }
    guard let folded = scratch.fold(operation, operands) else { return unknown() }
    return folded.map { part in
      switch part {
      case .attribute(let value): return .known(value, dialect: dialect)
      case .value(let value):
        if let constant = value.definingOperation, constant.block == scratch.block,
          let attribute = constant.constantValue
        {
          return .known(attribute, dialect: constant.name.dialectName)
        }
        if let i = operation.operands.firstIndex(of: value) { return operands[i] }
        return value.constant.map {
          .known($0, dialect: value.definingOperation?.name.dialectName ?? dialect)
        } ?? .unknown
      }
    }
  }
}

/// A block beside the program in which constants stand for known operands, so that folders, which look
/// at operations, see them.
private final class ScratchConstants {
  private struct Key: Hashable {
    let value: Attribute
    let type: Type
  }
  let block: Block
  private let builder: Builder
  private var made: [Key: Value] = [:]

  init(_ context: Context) {
    block = context.createBlock()
    builder = Builder(context, at: .atEnd(of: block))
  }

  deinit { block.erase() }

  private func constant(_ value: Attribute, _ type: Type, _ dialect: String) -> Value? {
    let key = Key(value: value, type: type)
    if let known = made[key] { return known }
    let operation = builder.materialize(value, type, dialect: dialect)
    guard let operation else { return nil }
    made[key] = operation.result()
    return operation.result()
  }

  /// What `operation` folds to given its operands; nil where it does not fold or is changed in place.
  func fold(_ operation: Operation, _ operands: [ConstantLattice]) -> [Folded]? {
    var mapping = IRMapping()
    for (value, lattice) in zip(operation.operands, operands) {
      guard case .known(let attribute, let dialect) = lattice, value.constant != attribute,
        let constant = constant(attribute, value.type, dialect)
      else { continue }
      mapping.values[value] = constant
    }
    let copy = operation.clone(&mapping)
    defer { copy.erase() }
    block.append(copy)
    guard let values = Folding.fold(copy).replacements, values.count == operation.resultCount
    else { return nil }
    return values
  }
}
