import MartletIR
import MartletRewriting

/// Operations whose tensor results are updates of operands, their destinations.
enum DestinationStyle {
  private static let names: Set<String> = [
    "outputs", "outs", "inits", "init", "output", "dest", "base",
  ]

  /// The positions of the operands that are destinations, one for each result where there are results.
  static func destinations(_ op: Operation) -> Range<Int>? {
    guard op.has(.destinationStyle), let definition = op.definition else { return nil }
    if definition.traits.contains(.structured), definition.operands.count == 2 {
      let inputs = op.operandGroup(0).count
      return inputs..<op.operandCount
    }
    var start = 0
    for (i, group) in definition.operands.enumerated() {
      let count = op.operandGroup(i).count
      if names.contains(group.name) { return start..<start + count }
      start += count
    }
    return nil
  }

  /// The destination that `value`, a result of such an operation, is an update of.
  static func destination(of value: Value) -> Value? {
    guard let op = value.definingOperation, let range = destinations(op),
      range.count == op.resultCount
    else { return nil }
    return op.operand(range.lowerBound + value.index)
  }

  /// Casts that only forget sizes are taken in by the operations that use them.
  static let foldCasts = RewritePattern(
    "fold-tensor-cast-producer", root: .traits(.destinationStyle)
  ) { op, rewriter in
    // Slices, loops and relayouts have patterns of their own.
    if op.is(TensorDialect.insertSlice) || op.is(SCF.forall) || op.is(Linalg.pack)
      || op.is(Linalg.unpack)
    {
      return false
    }
    guard op.operands.contains(where: { TensorDialect.forgettingCast($0) != nil }),
      let destinations = destinations(op)
    else { return false }
    let operands = op.operands.map {
      TensorDialect.forgettingCast($0)?.operand(0) ?? $0
    }
    let inits = operands[destinations].map(\.type).filter { !$0.isMemRef }
    var types = Array(op.results.types)
    guard inits.count <= types.count else { return false }
    types.replaceSubrange(0..<inits.count, with: inits)
    let new = rewriter.recreate(op, operands, results: types)
    let values = zip(op.results, new.results).map { old, result in
      old.type == result.type
        ? result : rewriter.create(TensorDialect.cast, [result], results: [old.type]).result()
    }
    rewriter.replace(op, with: values)
    return true
  }
}
