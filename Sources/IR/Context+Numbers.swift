import MartletSupport

/// Access by number, for readers and writers that keep tables of entities: what a handle's `raw` number
/// stands for, how high the numbers go, and making things from numbers alone.
extension Context {
  package func type(number: UInt32) -> Type { Type(state, number) }
  package func attribute(number: UInt32) -> Attribute { Attribute(state, number) }
  package func value(number: UInt32) -> Value { Value(state, number) }
  package func identifier(number: UInt32) -> Identifier { Identifier(state, number) }
  package func operationName(number: UInt32) -> OperationName { OperationName(state, number) }
  package func location(number: UInt32) -> Location { Location(state, number) }

  package var operationCapacity: Int { state.pointee.operations.count }
  package var blockCapacity: Int { state.pointee.blocks.count }
  package var typeCount: Int { state.pointee.types.entries.count }
  package var attributeCount: Int { state.pointee.attributes.entries.count }
  package var operationNameCount: Int { state.pointee.operationNames.count }

  /// The builtin attribute made of `words`, which must be of the form its kind has.
  package func builtinAttribute(
    _ kind: BuiltinAttributeKind, words: UnsafeBufferPointer<UInt64>
  ) -> Attribute {
    Attribute(state, state.pointee.attributes.unique(kind.rawValue, words))
  }

  /// The builtin type made of `words`, which must be of the form its kind has.
  package func builtinType(
    _ kind: BuiltinTypeKind, words: UnsafeBufferPointer<UInt64>
  ) -> Type {
    Type(state, state.pointee.types.unique(kind.rawValue, words))
  }

  /// An operation at the end of `block` whose operands and successors are to be linked by `linkOperand` and
  /// `linkSuccessor`, and whose result types and inherent attributes, defaults too, are to be set by
  /// `setResultType` and `setInherent`.
  package func createUnlinkedOperation(
    _ name: OperationName, location: UInt32, operandCount: Int, resultCount: Int,
    successorCount: Int, regionCount: Int, inherentCount: Int, in block: Block
  ) -> Operation {
    let operation = allocateOperation(
      name, location: Location(state, location), operandCount: operandCount,
      resultCount: resultCount, successorCount: successorCount, regionCount: regionCount,
      inherentCount: inherentCount)
    state.pointee.linkOperation(operation.raw, block: block.raw, before: none)
    return operation
  }
}

extension Operation {
  /// The location's number: with bit 31 set a place in a source text, else an attribute's.
  @inlinable package var locationNumber: UInt32 { record.location }
  /// The number of the dictionary of discardable attributes; `UInt32.max` where there are none.
  @inlinable package var discardableNumber: UInt32 { record.discardable }

  /// The number of the attribute in slot `i`; `UInt32.max` where there is none.
  @inlinable package func inherentNumber(_ i: Int) -> UInt32 {
    precondition(i < Int(record.inherentCount), "inherent attribute slot out of range")
    return state.pointee.inherents[record.firstInherent + UInt32(i)]
  }

  package func setInherent(_ i: Int, number: UInt32) {
    precondition(i < Int(record.inherentCount), "inherent attribute slot out of range")
    state.pointee.inherents[record.firstInherent + UInt32(i)] = number
  }

  package func setDiscardableAttributes(number: UInt32) { record.discardable = number }

  package func setResultType(_ i: Int, number: UInt32) {
    precondition(i < Int(record.resultCount), "result index out of range")
    state.pointee.values[record.firstResult + UInt32(i)].type = number
  }

  /// Makes operand `i`, not linked so far, use the value of that number.
  package func linkOperand(_ i: Int, valueNumber: UInt32) {
    precondition(i < Int(record.operandCount), "operand index out of range")
    state.pointee.linkUse(record.firstOperand + UInt32(i), valueNumber)
  }

  /// Makes successor `i`, not linked so far, `block`.
  package func linkSuccessor(_ i: Int, _ block: Block) {
    precondition(i < Int(record.successorCount), "successor index out of range")
    state.pointee.linkBlockUse(record.firstSuccessor + UInt32(i), block.raw)
  }
}

extension Value {
  /// The number of a block argument's location, of the form `Operation.locationNumber` has.
  package var argumentLocationNumber: UInt32 { argumentLocation.raw }
}

extension OperationName {
  /// How many slots for inherent attributes an operation of this name has.
  package var inherentCount: Int { definition?.attributes.count ?? 1 }
}

/// Line and column of places in source texts, fast for places asked for in order.
package struct SourceLineCursor {
  private let context: Context
  private var starts: [UInt32] = []
  private var base: UInt32 = 0
  private var length: UInt32 = 0
  private var line = 0
  private var firstLine = 1
  /// The number of the interned name of the file last asked about.
  package private(set) var file: UInt32 = 0

  package init(_ context: Context) { self.context = context }

  /// Whether the place, a location's number with bit 31 set, lies in a source known to the context; sets `file`.
  package mutating func seek(_ location: UInt32) -> Bool {
    let offset = location & ~Location.sourceFlag
    if offset >= base, offset - base < length { return true }
    guard let source = context.source(at: offset) else { return false }
    base = source.base
    length = UInt32(truncatingIfNeeded: source.file.bytes.count + 1)
    starts = source.lineStarts
    line = 0
    firstLine = 1 + source.file.firstLineOffset
    file = context.intern(source.file.name).raw
    return true
  }

  /// Line and column, counted from 1, of a place for which `seek` was true.
  package mutating func place(_ location: UInt32) -> (line: Int, column: Int) {
    let offset = (location & ~Location.sourceFlag) - base
    if starts.isEmpty { return (firstLine, Int(offset) + 1) }
    if line >= starts.count || starts[line] > offset { line = 0 }
    // Most places lie on the line of the last one or a line or two further.
    var steps = 0
    while line + 1 < starts.count, starts[line + 1] <= offset, steps < 4 {
      line += 1
      steps += 1
    }
    if line + 1 < starts.count, starts[line + 1] <= offset {
      var low = line
      var high = starts.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= offset { low = middle } else { high = middle }
      }
      line = low
    }
    return (firstLine + line, Int(offset - starts[line]) + 1)
  }
}
