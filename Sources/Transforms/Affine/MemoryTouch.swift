import MartletDialects
import MartletIR

/// What operations do to which memory, and which values may be the same memory.
enum MemoryTouch {
  /// One effect and the value it is on; nil for one on memory unknown.
  struct Effect {
    var kind: MemoryEffects
    var value: Value?
  }

  /// The operation's own effects; nil where they are not declared. For one whose effects are those of its
  /// regions there are none of its own.
  static func effects(of operation: Operation) -> [Effect]? {
    if let access = AffineAccess(operation) {
      if !access.touchesMemory { return [] }
      return [Effect(kind: access.isStore ? .write : .read, value: access.memref)]
    }
    if operation.is(MemRef.load) || operation.is(VectorDialect.load) {
      return [Effect(kind: .read, value: operation.operand(0))]
    }
    if operation.is(MemRef.store) || operation.is(VectorDialect.store) {
      return [Effect(kind: .write, value: operation.operand(1))]
    }
    if operation.is(MemRef.copy) {
      return [
        Effect(kind: .read, value: operation.operand(0)),
        Effect(kind: .write, value: operation.operand(1)),
      ]
    }
    if operation.is(MemRef.dealloc) {
      return [Effect(kind: .free, value: operation.operand(0))]
    }
    if isAllocation(operation) {
      return [Effect(kind: .allocate, value: operation.result())]
    }
    if operation.has(.structured) {
      return operation.operands.enumerated().flatMap { i, value -> [Effect] in
        guard value.type.isMemRef else { return [] }
        let isOutput = operation.operands(named: "outputs").contains(value)
        return isOutput
          ? [Effect(kind: .read, value: value), Effect(kind: .write, value: value)]
          : [Effect(kind: .read, value: value)]
      }
    }
    guard let definition = operation.definition else { return nil }
    if definition.interface(OwnEffects.self) == nil, definition.effects == nil {
      return operation.has(.pure) || operation.has(.noMemoryEffect) ? [] : nil
    }
    guard let all = operation.memoryEffects else { return nil }
    return [MemoryEffects.read, .write, .allocate, .free].compactMap {
      all.contains($0) ? Effect(kind: $0, value: nil) : nil
    }
  }

  /// The effects on `value` alone, as far as declared; what is not declared counts as none.
  static func effects(of operation: Operation, on value: Value) -> MemoryEffects {
    var found: MemoryEffects = []
    for effect in effects(of: operation) ?? [] where effect.value == nil || effect.value == value {
      found.formUnion(effect.kind)
    }
    return found
  }

  static func isAllocation(_ operation: Operation) -> Bool {
    operation.is(MemRef.alloc) || operation.is(MemRef.alloca)
  }

  /// Whether two memrefs may be, in part, the same memory: by what they are views of, and by allocations, which
  /// are apart from one another and from what comes into the function.
  static func mayAlias(_ a: Value, _ b: Value) -> Bool {
    if a == b { return true }
    let (first, second) = (source(of: a), source(of: b))
    if first == second { return true }
    let isFirst = first.definingOperation.map(isAllocation) ?? false
    let isSecond = second.definingOperation.map(isAllocation) ?? false
    if isFirst == isSecond { return !isFirst }
    let (made, other) = isFirst ? (first, second) : (second, first)
    guard let allocation = made.definingOperation else { return true }
    let scope = allocation.parent?.ancestor {
      allocation.is(MemRef.alloca) ? $0.has(.allocationScope) : $0.has(.callable)
    }
    guard let scope, let home = other.block?.region?.parentOperation else { return true }
    if home != scope, home.isAncestor(of: scope) { return false }
    if home == scope, other.isBlockArgument, other.owningBlock?.isEntry == true { return false }
    return true
  }

  /// What a chain of views starts from.
  private static func source(of value: Value) -> Value {
    var value = value
    while let operation = value.definingOperation, operation.operandCount > 0 {
      let isView =
        operation.is(MemRef.cast) || operation.is(MemRef.subview) || operation.is(MemRef.view)
        || operation.is(MemRef.collapseShape) || operation.is(MemRef.expandShape)
        || operation.is(MemRef.reinterpretCast) || operation.is(MemRef.transpose)
        || operation.is(MemRef.memorySpaceCast) || operation.is(MemRef.reshape)
      guard isView else { break }
      value = operation.operand(0)
    }
    return value
  }
}
