import MartletSupport

/// How a branch hands operands to its successors' arguments, where that cannot be read off its declaration.
public struct BranchInterface: OpInterface {
  /// The operands that become the arguments of successor `i`, as positions among all operands.
  public let operandRange: @Sendable (Operation, _ successor: Int) -> Range<Int>
  /// Called after operands of successor `i` were changed in number, to put segment sizes right; the sizes
  /// in `operandSegmentSizes` are kept by the caller.
  public let didResize: (@Sendable (Operation, _ successor: Int, _ by: Int) -> Void)?

  public init(
    operandRange: @escaping @Sendable (Operation, Int) -> Range<Int>,
    didResize: (@Sendable (Operation, Int, Int) -> Void)? = nil
  ) {
    self.operandRange = operandRange
    self.didResize = didResize
  }
}

extension Operation {
  /// The operands that become the arguments of successor `i`, as positions among all operands; nil where
  /// this is not known.
  ///
  /// Without a `BranchInterface` an operation with the trait `branch` gives its last operand groups to
  /// its successors in order, one each; where it has a single successor and one variadic group, that.
  public func successorOperandRange(_ i: Int) -> Range<Int>? {
    guard has(.branch), let definition else { return nil }
    if let interface = definition.interface(BranchInterface.self) {
      return interface.operandRange(self, i)
    }
    let segments = operandSegments
    let successors = successors.count
    guard segments.count >= successors else { return nil }
    if successors > 1, !has(.attrSizedOperandSegments) { return nil }
    let group = segments.count - successors + i
    let start = segments[..<group].reduce(0, +)
    return start..<(start + segments[group])
  }

  /// The operands that become the arguments of successor `i`; nil where this is not known.
  public func successorOperands(_ i: Int) -> OperandList? {
    guard let range = successorOperandRange(i) else { return nil }
    return OperandList(state, record.firstOperand + UInt32(range.lowerBound), range.count)
  }

  /// Replaces the operands handed to successor `i`, keeping segment sizes right.
  /// - Returns: false, with nothing changed, where the operands of the successor are not known.
  @discardableResult
  public func setSuccessorOperands(_ i: Int, _ values: [Value]) -> Bool {
    guard let range = successorOperandRange(i) else { return false }
    var all = Array(operands)
    all.replaceSubrange(range, with: values)
    let difference = values.count - range.count
    if difference != 0, has(.attrSizedOperandSegments), let definition,
      var sizes = attribute("operandSegmentSizes")?.integers
    {
      var position = 0
      // The group that holds the range; of empty groups at its place the one the successor has.
      var group = max(0, sizes.count - successors.count + i)
      if definition.interface(BranchInterface.self) != nil {
        group = 0
        while group + 1 < sizes.count, position + sizes[group] <= range.lowerBound,
          !(sizes[group] == 0 && position == range.lowerBound && range.isEmpty)
        {
          position += sizes[group]
          group += 1
        }
      }
      if sizes.indices.contains(group) { sizes[group] += difference }
      setAttribute("operandSegmentSizes", context.denseI32Array(sizes))
    }
    setOperands(all)
    if difference != 0 {
      definition?.interface(BranchInterface.self)?.didResize?(self, i, difference)
    }
    return true
  }
}
