import MartletIR
import MartletSupport

extension SCF {
  // MARK: Flow between regions

  /// What passes values: `source` names it in messages.
  private static func verifyFlow(
    _ operation: Operation, from source: String, _ passed: [Type], to target: String,
    _ expected: [Type]
  ) throws(Reported) {
    if passed.count != expected.count {
      throw operation.emitOpError(
        "along control flow edge from \(source) to \(target): region branch point has "
          + "\(passed.count) operands, but region successor needs \(expected.count) inputs")
    }
    for (i, (a, b)) in zip(passed, expected).enumerated() where a != b {
      throw operation.emitOpError(
        "along control flow edge from \(source) to \(target): successor operand type #\(i) "
          + "'\(a)' should match successor input type #\(i) '\(b)'")
    }
  }

  private static func verifyYield(_ operation: Operation, _ region: Region, to types: [Type])
    throws(Reported)
  {
    guard let last = region.firstBlock?.terminator, last.is(yield) else { return }
    try verifyFlow(
      operation, from: "Operation scf.yield", last.operands.types, to: "parent", types)
  }

  // MARK: for

  static func verifyFor(_ operation: Operation) throws(Reported) {
    if operation.operandCount - 3 != operation.resultCount {
      throw operation.emitOpError(
        "mismatch in number of loop-carried values and defined values")
    }
    guard let loop = ForOp(operation) else {
      throw operation.emitOpError("expected the induction variable as the first body argument")
    }
    let arguments = operation.region().arguments
    if arguments.count != 1 + loop.inits.count {
      throw operation.emitOpError(
        "different number of inits and region iter_args: \(loop.inits.count) != "
          + "\(arguments.count - 1)")
    }
    if arguments[0].type != loop.lowerBound.type {
      throw operation.emitOpError(
        "expected induction variable to be same type as bounds and step")
    }
  }

  static func verifyForRegion(_ operation: Operation) throws(Reported) {
    guard let loop = ForOp(operation), let yield = loop.body.terminator else { return }
    if yield.is(Self.yield), yield.operandCount != loop.inits.count {
      try verifyFlow(
        operation, from: "Operation scf.yield", yield.operands.types, to: "Region #0",
        loop.iterArgs.map(\.type))
    }
    for (i, argument) in loop.iterArgs.enumerated() {
      let type = argument.type
      let pairs: [(String, String, Type, Type)] = [
        ("init", "region iter_arg", loop.inits[i].type, type),
        (
          "region iter_arg", "yielded value", type,
          i < yield.operandCount ? yield.operand(i).type : type
        ), ("region iter_arg", "loop result", type, operation.result(i).type),
      ]
      for (first, second, a, b) in pairs where a != b {
        throw operation.emitOpError(
          "\(i)-th \(first) and \(i)-th \(second) have different type: '\(a)' != '\(b)'")
      }
    }
  }

  // MARK: while

  static func verifyWhile(_ operation: Operation) throws(Reported) {
    guard let loop = WhileOp(operation) else { return }
    try verifyFlow(
      operation, from: "parent", operation.operands.types, to: "Region #0",
      loop.before.arguments.types)
    guard let condition = loop.before.terminator, condition.is(Self.condition) else {
      throw operation.emitOpError("expects the 'before' region to terminate with 'scf.condition'")
    }
    guard let yield = loop.after.terminator, yield.is(Self.yield) else {
      throw operation.emitOpError("expects the 'after' region to terminate with 'scf.yield'")
    }
    let passed = Array(condition.operands.types.dropFirst())
    try verifyFlow(
      operation, from: "Operation scf.condition", passed, to: "Region #1",
      loop.after.arguments.types)
    try verifyFlow(
      operation, from: "Operation scf.condition", passed, to: "parent", operation.results.types)
    try verifyFlow(
      operation, from: "Operation scf.yield", yield.operands.types, to: "Region #0",
      loop.before.arguments.types)
  }

  // MARK: if, execute_region, index_switch

  static func verifyIf(_ operation: Operation) throws(Reported) {
    if operation.resultCount > 0, operation.region(1).isEmpty {
      throw operation.emitOpError("must have an else block if defining values")
    }
  }

  static func verifyIfRegions(_ operation: Operation) throws(Reported) {
    for region in operation.regions {
      try verifyYield(operation, region, to: operation.results.types)
    }
  }

  static func verifyExecuteRegion(_ operation: Operation) throws(Reported) {
    guard let entry = operation.region().firstBlock else {
      throw operation.emitOpError("region needs to have at least one block")
    }
    if entry.argumentCount > 0 {
      throw operation.emitOpError("region cannot have any arguments")
    }
    for block in operation.region().blocks {
      if let last = block.terminator, last.is(yield) {
        try verifyFlow(
          operation, from: "Operation scf.yield", last.operands.types, to: "parent",
          operation.results.types)
      }
    }
  }

  static func verifyIndexSwitch(_ operation: Operation) throws(Reported) {
    let cases = operation.attribute("cases")?.integers ?? []
    let regions = operation.regionCount - 1
    if cases.count != regions {
      throw operation.emitOpError(
        "has \(regions) case regions but \(cases.count) case values")
    }
    var seen: Set<Int> = []
    for value in cases where !seen.insert(value).inserted {
      throw operation.emitOpError("has duplicate case value: \(value)")
    }
    for region in operation.regions {
      guard let last = region.firstBlock?.lastOperation, !last.is(yield) else { continue }
      throw operation.emitOpError(
        "expected region to end with scf.yield, but got \(last.name)")
    }
  }

  static func verifyIndexSwitchRegions(_ operation: Operation) throws(Reported) {
    let types = operation.results.types
    let cases = operation.attribute("cases")?.integers ?? []
    for (k, region) in operation.regions.enumerated() {
      let name = k == 0 ? "default region" : "case region #\(k - 1)"
      guard let last = region.firstBlock?.terminator, last.is(yield) else {
        throw operation.emitOpError("expected region to end with scf.yield")
      }
      if last.operandCount != types.count {
        throw operation.emitOpError(
          "expected each region to return \(types.count) values, but \(name) returns "
            + "\(last.operandCount)")
      }
      for (i, (value, type)) in zip(last.operands, types).enumerated() where value.type != type {
        let place = k == 0 ? name : "case \(cases[k - 1])"
        throw operation.emitOpError(
          "expected result #\(i) of each region to be '\(type)'",
          notes: [last.note("\(place) returns '\(value.type)' here")])
      }
    }
  }

  // MARK: parallel

  static func verifyParallel(_ operation: Operation) throws(Reported) {
    guard let loop = ParallelOp(operation) else { return }
    let rank = loop.steps.count
    if rank == 0 {
      throw operation.emitOpError(
        "needs at least one tuple element for lowerBound, upperBound and step")
    }
    if loop.lowerBounds.count != rank || loop.upperBounds.count != rank {
      throw operation.emitOpError("expects as many lower and upper bounds as steps")
    }
    for step in loop.steps {
      if let value = step.constantInteger, value <= 0 {
        throw operation.emitOpError("constant step operand must be positive")
      }
    }
    guard operation.region().firstBlock?.lastOperation?.is(reduce) ?? false else {
      throw operation.emitOpError("expects body to terminate with 'scf.reduce'")
    }
    let arguments = operation.region().arguments
    if arguments.count != rank {
      throw operation.emitOpError(
        "expects the same number of induction variables: \(arguments.count) as bound and step "
          + "values: \(rank)")
    }
    if arguments.contains(where: { !$0.type.isIndex }) {
      throw operation.emitOpError(
        "expects arguments for the induction variable to be of index type")
    }
  }

  static func verifyParallelRegion(_ operation: Operation) throws(Reported) {
    guard let loop = ParallelOp(operation) else { return }
    guard let reduce = loop.body.terminator, reduce.is(Self.reduce) else {
      throw operation.emitOpError("expects body to terminate with 'scf.reduce'")
    }
    let (results, reductions) = (operation.resultCount, reduce.operandCount)
    if results != reductions {
      throw operation.emitOpError(
        "expects number of results: \(results) to be the same as number of reductions: "
          + "\(reductions)")
    }
    if results != loop.inits.count {
      throw operation.emitOpError(
        "expects number of results: \(results) to be the same as number of initial values: "
          + "\(loop.inits.count)")
    }
    for i in 0..<results where operation.result(i).type != reduce.operand(i).type {
      throw reduce.emitOpError(
        "expects type of reduction #\(i) to match that of the loop's result")
    }
  }

  static func verifyReduce(_ operation: Operation) throws(Reported) {
    if operation.regionCount != operation.operandCount {
      throw operation.emitOpError(
        "expects number of operands: \(operation.operandCount) to be the same as number of "
          + "reductions: \(operation.regionCount)")
    }
    for (i, region) in operation.regions.enumerated() {
      let type = operation.operand(i).type
      guard let block = region.firstBlock, !block.isEmpty else {
        throw operation.emitOpError("the \(i)-th reduction region must not be empty")
      }
      if block.argumentCount != 2 || block.arguments.contains(where: { $0.type != type }) {
        throw operation.emitOpError(
          "expected two block arguments with type '\(type)' in the \(i)-th reduction region")
      }
      if let last = block.terminator, !last.is(reduceReturn) {
        throw operation.emitOpError(
          "reduction bodies must be terminated with an 'scf.reduce.return' op")
      }
    }
  }

  static func verifyReduceReturn(_ operation: Operation) throws(Reported) {
    guard let type = operation.block?.arguments.first?.type else { return }
    if operation.operand(0).type != type {
      throw operation.emitOpError("must have type '\(type)' (the type of the reduction inputs)")
    }
  }

  // MARK: forall

  static func verifyForall(_ operation: Operation) throws(Reported) {
    guard let loop = ForallOp(operation) else { return }
    let rank = loop.staticUpperBounds.count
    for (name, statics, count) in [
      ("lower bound", loop.staticLowerBounds, operation.operandGroup(0).count),
      ("upper bound", loop.staticUpperBounds, operation.operandGroup(1).count),
      ("step", loop.staticSteps, operation.operandGroup(2).count),
    ] {
      if statics.count != rank {
        throw operation.emitOpError("expected \(rank) \(name) values, got \(statics.count)")
      }
      if statics.count(where: { $0 == Type.dynamic }) != count {
        throw operation.emitOpError("expected a dynamic \(name) value for each dynamic position")
      }
    }
    let arguments = operation.region().arguments
    if arguments.count != rank + loop.outputs.count {
      throw operation.emitOpError(
        "region expects \(rank + loop.outputs.count) arguments")
    }
    if operation.resultCount != loop.outputs.count {
      throw operation.emitOpError(
        "produces \(operation.resultCount) results, but its terminator and outputs give "
          + "\(loop.outputs.count)")
    }
    for i in 0..<rank where !arguments[i].type.isIndex {
      throw operation.emitOpError("expects \(i)-th block argument to be an index")
    }
    for (i, output) in loop.outputs.enumerated() {
      if output.type != operation.result(i).type {
        throw operation.emitOpError("type mismatch between \(i)-th output and corresponding result")
      }
      if output.type != arguments[rank + i].type {
        throw operation.emitOpError(
          "type mismatch between \(i)-th output and corresponding block argument")
      }
    }
    // A mask says which units take part and belongs to no dimension.
    if let mapping = operation.attribute("mapping")?.elements?.filter({ !$0.is(GPU.mask) }),
      !mapping.isEmpty, mapping.count != rank
    {
      throw operation.emitOpError(
        "mapping attribute size must match op rank")
    }
  }

  static func verifyForallRegion(_ operation: Operation) throws(Reported) {
    guard let last = operation.region().firstBlock?.terminator, last.is(inParallel) else {
      throw operation.emitOpError("expects body to terminate with 'scf.forall.in_parallel'")
    }
  }

  static func verifyInParallel(_ operation: Operation) throws(Reported) {
    guard let block = operation.region().firstBlock else { return }
    for inner in block.operations {
      if inner.isRegistered, inner.interface(ParallelCombining.self) == nil {
        throw operation.emitOpError("expected only ParallelCombiningOpInterface ops")
      }
      guard inner.name.string == "tensor.parallel_insert_slice", inner.operandCount > 1 else {
        continue
      }
      if operation.parent?.region().arguments.contains(inner.operand(1)) == false {
        throw inner.emitOpError("may only insert into an output block argument")
      }
    }
  }
}

/// Offered by operations that may stand in `scf.forall.in_parallel`: each updates a shared output.
public struct ParallelCombining: OpInterface {
  /// The position of the operand that is the output.
  public let destination: Int

  public init(destination: Int = 1) { self.destination = destination }
}
