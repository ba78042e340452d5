import MartletIR
import MartletSupport

/// Which handles are used up, and the checks on it.
extension Transform {
  /// Operations that transform something, as opposed to those that describe patterns or end regions.
  static func isTransform(_ operation: Operation) -> Bool {
    let name = operation.name.string
    guard name.hasPrefix("transform."), operation.isRegistered else { return false }
    return !isPatternDescriptor(operation) && !isConversionDescriptor(operation)
      && !isTypeConverter(operation) && !operation.is(yield) && !operation.is(matchStructuredYield)
  }

  static func isPatternDescriptor(_ operation: Operation) -> Bool {
    operation.name.string.hasPrefix("transform.apply_patterns.")
  }
  static func isConversionDescriptor(_ operation: Operation) -> Bool {
    operation.name.string.hasPrefix("transform.apply_conversion_patterns.")
      && !isTypeConverter(operation)
  }
  static func isTypeConverter(_ operation: Operation) -> Bool {
    operation.is(applyConversionPatternsMemrefMemrefToLlvmTypeConverter)
      || operation.name.string.hasPrefix("transform.type_conversion.")
  }
  /// The operations of a region of one block.
  static func children(_ region: Region) -> [Operation] {
    region.firstBlock.map { Array($0.operations) } ?? []
  }

  /// Whether an operation may stand at the top of a program of transformations.
  static func isPossibleTopLevel(_ operation: Operation) -> Bool {
    operation.is(sequence) || operation.is(withPdlPatterns) || operation.is(alternatives)
  }

  /// Whether the use makes the handle unusable for others.
  static func isConsumed(_ use: OpOperand, depth: Int = 0) -> Bool {
    let owner = use.owner
    guard depth < 64 else { return true }
    if owner.is(yield) || owner.is(matchStructuredYield) { return false }
    // An operation that is none of transform's may do anything.
    guard isTransform(owner) else { return true }
    guard let consumption = owner.interface(Consumption.self) else { return false }
    switch consumption.extent {
    case .none: return false
    case .all: return true
    case .operands(let name):
      return owner.operands(named: name).contains(use.value)
        && owner.operand(use.index) == use.value
    case .bodyArguments:
      guard let body = owner.region().firstBlock, use.index < body.argumentCount else {
        return false
      }
      return body.argument(use.index).uses.contains { isConsumed($0, depth: depth + 1) }
    case .callee:
      guard let target = owner.attribute("target"),
        let callee = SymbolTable.resolve(target, from: owner)
      else { return false }
      return argumentAttribute(callee, use.index, "transform.consumed") != nil
    }
  }

  static func argumentAttribute(_ function: Operation, _ i: Int, _ name: String) -> Attribute? {
    guard let all = function.attribute("arg_attrs")?.elements, i < all.count else { return nil }
    return all[i][name]
  }

  /// A handle may be consumed once at most.
  static func checkConsumption(_ value: Value, _ report: (String, [Diagnostic]) -> Reported)
    throws(Reported)
  {
    var first: OpOperand?
    for use in value.uses where isConsumed(use) {
      guard let known = first else {
        first = use
        continue
      }
      throw report(
        " has more than one potential consumer",
        [
          known.owner.note("used here as operand #\(known.index)"),
          use.owner.note("used here as operand #\(use.index)"),
        ])
    }
  }

  /// What a sequence says of its arguments must fit what its body does.
  static func verifyAnnotations(_ function: Operation, isCalled: Bool = false) throws(Reported) {
    let type = function.attribute("function_type")?.typeValue
    let entry = function.region().firstBlock
    for i in 0..<(type?.inputs.count ?? 0) {
      let isConsumedHere = argumentAttribute(function, i, "transform.consumed") != nil
      let isReadOnly = argumentAttribute(function, i, "transform.readonly") != nil
      if isConsumedHere, isReadOnly {
        throw function.emitError("argument #\(i) cannot be both readonly and consumed")
      }
      if entry == nil || isCalled, !isConsumedHere, !isReadOnly {
        throw function.emitError(
          "must provide consumed/readonly status for arguments of external or called ops")
      }
      guard let entry, i < entry.argumentCount else { continue }
      if isReadOnly, !isConsumedHere, entry.argument(i).uses.contains(where: { isConsumed($0) }) {
        throw function.emitError(
          "argument #\(i) is consumed in the body but is not marked as such")
      }
    }
  }
}
