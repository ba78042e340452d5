import MartletIR

/// A view of an `affine.for`.
public struct AffineForOp {
  public let operation: Operation

  /// Nil where the operation is another one, or its region is empty.
  public init?(_ operation: Operation?) {
    guard let operation, operation.is(Affine.for), operation.regionCount == 1,
      let block = operation.region().firstBlock, block.argumentCount > 0,
      operation.attribute("lowerBoundMap")?.affineMap != nil,
      operation.attribute("upperBoundMap")?.affineMap != nil
    else { return nil }
    self.operation = operation
  }

  /// The loop whose induction variable `value` is.
  public init?(inductionVariable value: Value) {
    guard let block = value.owningBlock, let loop = AffineForOp(block.parentOperation),
      loop.body == block, loop.inductionVariable == value
    else { return nil }
    self = loop
  }

  public var context: Context { operation.context }
  public var body: Block { operation.region().firstBlock ?? context.createBlock() }
  public var inductionVariable: Value { body.argument(0) }
  /// The block arguments behind the induction variable.
  public var iterArgs: [Value] { Array(body.arguments.dropFirst()) }
  public var inits: [Value] { Array(operation.operandGroup(2)) }
  public var yield: Operation? { body.lastOperation }
  public var step: Int { Int(clamping: operation.attribute("step")?.integerValue ?? 1) }

  public var lower: AffineBound { bound("lowerBoundMap", 0) }
  public var upper: AffineBound { bound("upperBoundMap", 1) }

  private func bound(_ name: String, _ group: Int) -> AffineBound {
    AffineBound(
      map: operation.attribute(name)?.affineMap ?? context.identityMap(0),
      operands: Array(operation.operandGroup(group)))
  }

  public var constantLower: Int? { lower.map.singleConstant }
  public var constantUpper: Int? { upper.map.singleConstant }

  /// The number of iterations where bounds are constant.
  public var constantTripCount: Int? {
    guard let lower = constantLower, let upper = constantUpper, step > 0 else { return nil }
    if upper <= lower { return 0 }
    let (span, overflow) = upper.subtractingReportingOverflow(lower)
    return overflow ? nil : (span - 1) / step + 1
  }

  /// Replaces the bounds.
  public func setBounds(lower: AffineBound, upper: AffineBound) {
    let inits = inits
    operation.setOperands(lower.operands + upper.operands + inits)
    operation.setAttribute("lowerBoundMap", context.affineMapAttribute(lower.map))
    operation.setAttribute("upperBoundMap", context.affineMapAttribute(upper.map))
    operation.setAttribute(
      "operandSegmentSizes",
      context.denseI32Array([lower.operands.count, upper.operands.count, inits.count]))
  }

  public func setStep(_ step: Int) {
    operation.setAttribute("step", context.indexAttribute(step))
  }

  /// Makes a loop without carried values, its body empty but for the terminator.
  public static func create(
    _ builder: Builder, from lower: AffineBound, to upper: AffineBound, step: Int,
    inits: [Value] = []
  ) -> AffineForOp {
    let context = builder.context
    let operation = builder.create(
      Affine.for, lower.operands + upper.operands + inits, results: inits.map(\.type),
      attributes: [
        ("lowerBoundMap", context.affineMapAttribute(lower.map)),
        ("upperBoundMap", context.affineMapAttribute(upper.map)),
        ("step", context.indexAttribute(step)),
        (
          "operandSegmentSizes",
          context.denseI32Array([lower.operands.count, upper.operands.count, inits.count])
        ),
      ])
    let block = operation.region().addBlock(arguments: [context.index] + inits.map(\.type))
    if inits.isEmpty { builder.at(.atEnd(of: block)) { _ = builder.create(Affine.yield, []) } }
    return AffineForOp(unchecked: operation)
  }

  private init(unchecked operation: Operation) { self.operation = operation }
}

/// A map and the values its dimensions and symbols stand for, in this order.
public struct AffineBound: Equatable {
  public var map: AffineMap
  public var operands: [Value]

  public init(map: AffineMap, operands: [Value]) {
    self.map = map
    self.operands = operands
  }

  public init(constant: Int, _ context: Context) {
    map = context.affineMap(dimensions: 0, symbols: 0, [context.affineConstant(constant)])
    operands = []
  }

  public var dimensions: ArraySlice<Value> { operands.prefix(map.dimensionCount) }
  public var symbols: ArraySlice<Value> { operands.dropFirst(map.dimensionCount) }
}

/// A view of an `affine.parallel`.
public struct AffineParallelOp {
  public let operation: Operation

  public init?(_ operation: Operation?) {
    guard let operation, operation.is(Affine.parallel), operation.regionCount == 1,
      operation.region().firstBlock != nil,
      operation.attribute("lowerBoundsMap")?.affineMap != nil,
      operation.attribute("upperBoundsMap")?.affineMap != nil
    else { return nil }
    self.operation = operation
  }

  public var body: Block {
    operation.region().firstBlock ?? operation.context.createBlock()
  }
  public var inductionVariables: [Value] { Array(body.arguments) }
  public var steps: [Int] { operation.attribute("steps")?.integers ?? [] }
  public var lower: AffineBound {
    let map = map("lowerBoundsMap")
    return AffineBound(map: map, operands: Array(operation.operands.prefix(map.inputCount)))
  }
  public var upper: AffineBound {
    AffineBound(
      map: map("upperBoundsMap"),
      operands: Array(operation.operands.dropFirst(map("lowerBoundsMap").inputCount)))
  }
  /// How many results of the map bound each induction variable.
  public var lowerGroups: [Int] { operation.attribute("lowerBoundsGroups")?.integers ?? [] }
  public var upperGroups: [Int] { operation.attribute("upperBoundsGroups")?.integers ?? [] }
  /// The names of the kinds of reductions.
  public var reductions: [String] {
    (operation.attribute("reductions")?.elements ?? []).map {
      $0.integerValue.flatMap { MemRef.rmwKinds.keyword($0) } ?? ""
    }
  }

  private func map(_ name: String) -> AffineMap {
    operation.attribute(name)?.affineMap ?? operation.context.identityMap(0)
  }
}

/// A view of an affine load or store, of an element or a vector.
public struct AffineAccess {
  public let operation: Operation
  /// The position of the memref among the operands; indices follow it.
  let memrefPosition: Int

  public init?(_ operation: Operation) {
    guard operation.attribute("map")?.affineMap != nil else { return nil }
    if operation.is(Affine.load) || operation.is(Affine.vectorLoad)
      || operation.is(Affine.prefetch)
    {
      memrefPosition = 0
    } else if operation.is(Affine.store) || operation.is(Affine.vectorStore) {
      memrefPosition = 1
    } else {
      return nil
    }
    self.operation = operation
  }

  public var isStore: Bool { memrefPosition == 1 }
  public var memref: Value { operation.operand(memrefPosition) }
  /// What a store writes.
  public var stored: Value? { isStore ? operation.operand(0) : nil }
  public var index: AffineBound {
    AffineBound(
      map: operation.attribute("map")?.affineMap ?? operation.context.identityMap(0),
      operands: Array(operation.operands.dropping(memrefPosition + 1)))
  }
}
