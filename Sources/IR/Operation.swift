import MartletSupport

/// An operation: a light handle into its context.
public struct Operation: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public static func == (a: Operation, b: Operation) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  @inlinable var record: OperationRecord {
    @inline(__always) unsafeAddress { UnsafePointer(pointer) }
    @inline(__always) nonmutating unsafeMutableAddress { pointer }
  }
  @inlinable @inline(__always)
  var pointer: UnsafeMutablePointer<OperationRecord> {
    withUnsafeMutablePointer(to: &state.pointee.operations[raw]) { $0 }
  }

  public var context: Context { state.pointee.context }
  @inlinable public var name: OperationName { OperationName(state, record.name) }
  @inlinable public var traits: OpTraits {
    state.pointee.operationNames[record.name].traits
  }
  /// The declaration, nil where the dialect is not registered.
  public var definition: OpDefinition? { name.definition }
  @inlinable public var isRegistered: Bool { name.isRegistered }
  /// False once erased: the handle is stale.
  public var isLive: Bool { record.isLive }

  /// Whether this is the operation `definition` declares.
  @inlinable public func `is`(_ definition: OpDefinition) -> Bool {
    state.pointee.operationNames[record.name].identity
      == UnsafeRawPointer(Unmanaged.passUnretained(definition).toOpaque())
  }

  @inlinable public func has(_ trait: OpTraits) -> Bool { traits.contains(trait) }

  public var location: Location {
    get { Location(state, record.location) }
    nonmutating set { record.location = newValue.raw }
  }

  // MARK: Place

  @inlinable public var block: Block? {
    record.block == none ? nil : Block(state, record.block)
  }
  /// The operation whose region this one lies in.
  public var parent: Operation? { block?.parentOperation }
  @inlinable public var next: Operation? {
    record.next == none ? nil : Operation(state, record.next)
  }
  @inlinable public var previous: Operation? {
    record.previous == none ? nil : Operation(state, record.previous)
  }

  /// Whether this operation comes before `other`, which is in the same block.
  public func isBefore(_ other: Operation) -> Bool {
    if let block { block.ensureOrder() }
    return record.order < other.record.order
  }

  /// Whether `other` is this operation or nested in it.
  public func isAncestor(of other: Operation) -> Bool {
    var current: Operation? = other
    while let operation = current {
      if operation == self { return true }
      current = operation.parent
    }
    return false
  }

  // MARK: Operands, results, successors, regions

  @inlinable public var operands: OperandList {
    let record = record
    return OperandList(state, record.firstOperand, Int(record.operandCount))
  }
  @inlinable public var operandCount: Int { Int(record.operandCount) }
  @inlinable public func operand(_ i: Int) -> Value {
    precondition(i < Int(record.operandCount), "operand index out of range")
    return Value(state, state.pointee.operands[record.firstOperand + UInt32(i)].used)
  }
  public func setOperand(_ i: Int, _ value: Value) {
    precondition(i < Int(record.operandCount), "operand index out of range")
    let use = record.firstOperand + UInt32(i)
    state.pointee.unlinkUse(use)
    state.pointee.linkUse(use, value.raw)
  }

  @inlinable public var results: ResultList {
    let record = record
    return ResultList(state, record.firstResult, Int(record.resultCount))
  }
  @inlinable public var resultCount: Int { Int(record.resultCount) }
  @inlinable public func result(_ i: Int = 0) -> Value {
    precondition(i < Int(record.resultCount), "result index out of range")
    return Value(state, record.firstResult + UInt32(i))
  }
  /// Whether no result has a use.
  public var isUnused: Bool { results.allSatisfy { !$0.hasUses } }

  @inlinable public var regions: RegionList {
    let record = record
    return RegionList(state, record.firstRegion, Int(record.regionCount))
  }
  @inlinable public var regionCount: Int { Int(record.regionCount) }
  @inlinable public func region(_ i: Int = 0) -> Region {
    precondition(i < Int(record.regionCount), "region index out of range")
    return Region(state, record.firstRegion + UInt32(i))
  }

  @inlinable public var successors: SuccessorList {
    let record = record
    return SuccessorList(state, record.firstSuccessor, Int(record.successorCount))
  }
  public func setSuccessor(_ i: Int, _ block: Block) {
    precondition(i < Int(record.successorCount), "successor index out of range")
    let use = record.firstSuccessor + UInt32(i)
    state.pointee.unlinkBlockUse(use)
    state.pointee.linkBlockUse(use, block.raw)
  }

  /// Replaces all operands; the number may change. Segment sizes are the caller's affair.
  public func setOperands(_ values: some Collection<Value>) {
    let old = record
    for i in 0..<old.operandCount { state.pointee.unlinkUse(old.firstOperand + i) }
    if values.count != Int(old.operandCount) {
      state.pointee.operands.release(old.firstOperand, Int(old.operandCount))
      record.firstOperand = state.pointee.operands.allocate(values.count)
      record.operandCount = UInt32(values.count)
    }
    var use = record.firstOperand
    for value in values {
      state.pointee.operands[use].owner = raw
      state.pointee.linkUse(use, value.raw)
      use += 1
    }
  }

  // MARK: Moving and erasing

  /// Takes the operation out of its block without erasing it.
  public func remove() { state.pointee.unlinkOperation(raw) }

  public func move(before other: Operation) {
    remove()
    guard let block = other.block else { return }
    state.pointee.linkOperation(raw, block: block.raw, before: other.raw)
  }

  public func move(after other: Operation) {
    remove()
    guard let block = other.block else { return }
    state.pointee.linkOperation(raw, block: block.raw, before: other.record.next)
  }

  /// Erases the operation and all it contains. Its results must be unused.
  public func erase() {
    precondition(isUnused, "erased an operation that has uses: \(name)")
    remove()
    dropAllReferences()
    state.pointee.free(operation: raw)
  }

  /// Unlinks all operands and successors, here and below, so that cycles can be erased.
  public func dropAllReferences() {
    let record = record
    for i in 0..<record.operandCount { state.pointee.unlinkUse(record.firstOperand + i) }
    for i in 0..<UInt32(record.successorCount) {
      state.pointee.unlinkBlockUse(record.firstSuccessor + i)
    }
    for region in regions {
      for block in region.blocks {
        for operation in block.operations { operation.dropAllReferences() }
      }
    }
  }

  /// Makes every use of result i use `values[i]`.
  public func replaceAllUses(with values: some Collection<Value>) {
    precondition(values.count == resultCount, "as many values as results")
    for (result, value) in zip(results, values) { result.replaceAllUses(with: value) }
  }

  // MARK: Diagnostics

  /// Reports an error at the operation's location, in MLIR's form: `'arith.addi' op message`.
  @discardableResult
  public func emitOpError(_ message: String, notes: [Diagnostic] = []) -> Reported {
    emitError("'\(name)' op \(message)", notes: notes)
  }

  @discardableResult
  public func emitError(_ message: String, notes: [Diagnostic] = []) -> Reported {
    var notes = notes
    if context.printsOperationsOnErrors, let text = context.text.operation?(self) {
      let gap = text.utf8.contains(10) ? "\n" : ""
      notes.insert(hint("see current operation: \(gap)\(text)"), at: 0)
    }
    context.diagnostics.report(
      Diagnostic(.error, message, at: location.position, subject: location.subject, notes: notes))
    return Reported()
  }

  /// A note that points at this operation and says more than MLIR does.
  public func hint(_ message: String) -> Diagnostic {
    .hint(message, at: location.position, subject: location.subject)
  }

  /// A note that points at this operation.
  public func note(_ message: String) -> Diagnostic {
    Diagnostic(.note, message, at: location.position, subject: location.subject)
  }
}

extension Value {
  /// A note that points at what defines the value and tells its type.
  var definitionHint: [Diagnostic] {
    guard let operation = definingOperation else {
      return owningBlock?.parentOperation.map {
        [$0.hint("the operand is a block argument of this operation, of type '\(type)'")]
      } ?? []
    }
    return [operation.hint("the operand is defined here, with type '\(type)'")]
  }
}
