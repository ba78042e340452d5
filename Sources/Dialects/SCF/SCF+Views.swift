import MartletIR

/// A view of an `scf.for`.
public struct ForOp {
  public let operation: Operation

  /// Nil where the operation is another one, or its region is empty.
  public init?(_ operation: Operation?) {
    guard let operation, operation.is(SCF.for), operation.operandCount >= 3,
      let block = operation.region().firstBlock, block.argumentCount > 0
    else { return nil }
    self.operation = operation
  }

  private init(made operation: Operation) { self.operation = operation }

  public var lowerBound: Value { operation.operand(0) }
  public var upperBound: Value { operation.operand(1) }
  public var step: Value { operation.operand(2) }
  /// Initial values of what the loop carries.
  public var inits: OperandList { operation.operands.dropping(3) }
  public var region: Region { operation.region() }
  public var body: Block { operation.region().firstBlock ?? operation.context.createBlock() }
  public var inductionVariable: Value { body.argument(0) }
  /// The block arguments behind the induction variable.
  public var iterArgs: [Value] { Array(body.arguments.dropFirst()) }
  public var results: ResultList { operation.results }
  /// The terminator; nil in a loop under construction.
  public var yield: Operation? { body.terminator }
  public var isUnsigned: Bool { operation.hasAttribute("unsignedCmp") }

  public var constantLowerBound: Int? { lowerBound.constantInteger }
  public var constantUpperBound: Int? { upperBound.constantInteger }
  public var constantStep: Int? { step.constantInteger }

  /// The number of iterations where bounds and step are constant.
  public var constantTripCount: Int? {
    guard let lower = constantLowerBound, let upper = constantUpperBound else {
      return lowerBound == upperBound ? 0 : nil
    }
    guard let step = constantStep, step > 0 else { return nil }
    if isUnsigned, lower < 0 || upper < 0 { return nil }
    if upper <= lower { return 0 }
    let (span, overflow) = upper.subtractingReportingOverflow(lower)
    return overflow ? nil : (span - 1) / step + 1
  }

  /// Makes a loop whose body `build` fills: it is given the induction variable and carried values, and returns
  /// what is yielded. The builder stands behind the loop afterwards.
  @discardableResult
  public static func create(
    _ builder: Builder, from lower: Value, to upper: Value, step: Value, inits: [Value] = [],
    _ build: (Builder, _ induction: Value, _ carried: [Value]) -> [Value] = { _, _, c in c }
  ) -> ForOp {
    let operation = builder.create(
      SCF.for, [lower, upper, step] + inits, results: inits.map(\.type))
    let block = operation.region().addBlock(arguments: [lower.type] + inits.map(\.type))
    builder.at(.atEnd(of: block)) {
      let yielded = build(builder, block.argument(0), Array(block.arguments.dropFirst()))
      builder.create(SCF.yield, yielded)
    }
    return ForOp(made: operation)
  }
}

/// A view of an `scf.while`: `before` computes the condition, `after` the next iteration's values.
public struct WhileOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(SCF.while), operation.regionCount == 2,
      !operation.region(0).isEmpty, !operation.region(1).isEmpty
    else { return nil }
    self.operation = operation
  }

  public var inits: OperandList { operation.operands }
  public var before: Block { operation.region(0).firstBlock ?? operation.context.createBlock() }
  public var after: Block { operation.region(1).firstBlock ?? operation.context.createBlock() }
  public var results: ResultList { operation.results }
  /// The `scf.condition` that ends `before`.
  public var condition: Operation? { before.terminator }
  /// The `scf.yield` that ends `after`.
  public var yield: Operation? { after.terminator }
}

/// A view of an `scf.if`.
public struct IfOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(SCF.if) else { return nil }
    self.operation = operation
  }

  public var condition: Value { operation.operand(0) }
  public var thenRegion: Region { operation.region(0) }
  public var elseRegion: Region { operation.region(1) }
  public var thenBlock: Block? { thenRegion.firstBlock }
  public var elseBlock: Block? { elseRegion.firstBlock }
  public var thenYield: Operation? { thenBlock?.terminator }
  public var elseYield: Operation? { elseBlock?.terminator }
  public var results: ResultList { operation.results }

  /// Makes a conditional; each branch returns what it yields. Without `otherwise` there is no else region.
  @discardableResult
  public static func create(
    _ builder: Builder, _ condition: Value, results: [Type] = [],
    then: (Builder) -> [Value], otherwise: ((Builder) -> [Value])? = nil
  ) -> Operation {
    let operation = builder.create(SCF.if, [condition], results: results)
    fill(operation.region(0), builder, then)
    if let otherwise { fill(operation.region(1), builder, otherwise) }
    return operation
  }

  private static func fill(_ region: Region, _ builder: Builder, _ build: (Builder) -> [Value]) {
    let block = region.addBlock()
    builder.at(.atEnd(of: block)) {
      let yielded = build(builder)
      builder.create(SCF.yield, yielded)
    }
  }
}

/// A view of an `scf.parallel`.
public struct ParallelOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(SCF.parallel), !operation.region().isEmpty else {
      return nil
    }
    self.operation = operation
  }

  public var lowerBounds: OperandList { operation.operandGroup(0) }
  public var upperBounds: OperandList { operation.operandGroup(1) }
  public var steps: OperandList { operation.operandGroup(2) }
  public var inits: OperandList { operation.operandGroup(3) }
  public var body: Block { operation.region().firstBlock ?? operation.context.createBlock() }
  public var inductionVariables: ArgumentList { body.arguments }
  /// The `scf.reduce` that ends the body.
  public var reduce: Operation? { body.terminator }
}

/// A view of an `scf.forall`.
public struct ForallOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(SCF.forall), !operation.region().isEmpty else { return nil }
    self.operation = operation
  }

  public var staticLowerBounds: [Int] { integers("staticLowerBound") }
  public var staticUpperBounds: [Int] { integers("staticUpperBound") }
  public var staticSteps: [Int] { integers("staticStep") }
  /// Bounds and steps: constants, or values where the static entry is dynamic.
  public var lowerBounds: [MixedIndex] { mixed(staticLowerBounds, 0) }
  public var upperBounds: [MixedIndex] { mixed(staticUpperBounds, 1) }
  public var steps: [MixedIndex] { mixed(staticSteps, 2) }
  public var outputs: OperandList { operation.operandGroup(3) }
  public var rank: Int { staticUpperBounds.count }
  public var body: Block { operation.region().firstBlock ?? operation.context.createBlock() }
  public var inductionVariables: [Value] { Array(body.arguments.prefix(rank)) }
  /// The block arguments that stand for the outputs.
  public var outputArguments: [Value] { Array(body.arguments.dropFirst(rank)) }
  /// The `scf.forall.in_parallel` that ends the body.
  public var inParallel: Operation? { body.terminator }

  private func integers(_ name: String) -> [Int] { operation.attribute(name)?.integers ?? [] }

  private func mixed(_ statics: [Int], _ group: Int) -> [MixedIndex] {
    MixedIndex.list(statics, operation.operandGroup(group))
  }
}
