import MartletIR
import MartletSupport

/// A structured operation, `linalg.generic` or a named one: every one has inputs, outputs (the
/// destinations), a map from loops to subscripts per operand, a kind per loop and one body block.
public struct LinalgOp {
  public let operation: Operation
  private let structure: StructuredOp

  /// Nil where `operation` is not structured.
  public init?(_ operation: Operation) {
    guard operation.has(.structured), let structure = operation.interface(StructuredOp.self),
      operation.operandSegments.count == 2
    else { return nil }
    self.operation = operation
    self.structure = structure
  }

  public var context: Context { operation.context }
  /// The table entry of a named operation.
  public var named: NamedStructuredOp? { structure.named }

  // MARK: Operands

  public var inputs: OperandList { operation.operandGroup(0) }
  /// The destinations: written and, where the body uses their elements, read.
  public var outputs: OperandList { operation.operandGroup(1) }
  public var inputCount: Int { operation.operandSegments[0] }
  public var outputCount: Int { operation.operandSegments[1] }

  public func isInput(_ operand: Int) -> Bool { operand < inputCount }

  /// Whether all shaped operands are tensors.
  public var hasTensorSemantics: Bool { operation.operands.allSatisfy { !$0.type.isMemRef } }
  /// Whether all shaped operands are memrefs.
  public var hasBufferSemantics: Bool {
    operation.resultCount == 0 && operation.operands.allSatisfy { !$0.type.isTensor }
  }

  // MARK: Iteration space

  /// One map per operand, inputs first: from the loops to the operand's subscripts.
  public var indexingMaps: [AffineMap] { structure.indexingMaps(operation) }
  public var iteratorTypes: [IteratorType] { structure.iteratorTypes(operation) }
  public var loopCount: Int { iteratorTypes.count }
  public var parallelLoops: [Int] { loops(.parallel) }
  public var reductionLoops: [Int] { loops(.reduction) }

  private func loops(_ type: IteratorType) -> [Int] {
    let types = iteratorTypes
    return types.indices.filter { types[$0] == type }
  }

  /// All operands' subscripts in one map, the dimensions of the operands one after another.
  public var loopsToShapes: AffineMap {
    let maps = indexingMaps
    return context.affineMap(
      dimensions: maps.first?.dimensionCount ?? 0, symbols: 0, maps.flatMap(\.results))
  }

  /// From the dimensions of all operands, one after another, to the loops; nil where a loop's extent is no
  /// operand's dimension.
  public var shapesToLoops: AffineMap? { loopsToShapes.inversePermutation }

  /// The sizes of all operands' dimensions one after another, `Type.dynamic` where unknown.
  public var operandShapes: [Int] { operation.operands.flatMap { Linalg.shape($0.type) } }

  /// Iterations of each loop; nil for those not known at compile time.
  public var staticLoopRanges: [Int?] {
    let places = (0..<loopCount).map(operandDimension(ofLoop:))
    return places.map { place in
      guard let place else { return nil }
      let type = operation.operand(place.operand).type
      guard place.dimension < type.rank else { return nil }
      let size = type.dimension(place.dimension)
      return size == Type.dynamic ? nil : size
    }
  }

  /// The first operand dimension that is exactly loop `loop`; nil where there is none. Of several, one of
  /// static size is preferred.
  public func operandDimension(ofLoop loop: Int) -> (operand: Int, dimension: Int)? {
    var found: (operand: Int, dimension: Int)?
    for (operand, map) in indexingMaps.enumerated() where operand < operation.operandCount {
      for (dimension, result) in map.results.enumerated()
      where result.kind == .dimension && result.position == loop {
        let type = operation.operand(operand).type
        guard dimension < type.rank else { continue }
        if type.dimension(dimension) != Type.dynamic { return (operand, dimension) }
        if found == nil { found = (operand, dimension) }
      }
    }
    return found
  }

  // MARK: Body

  /// The computation on one element of each operand; nil while the region is empty.
  public var body: Block? { operation.region(0).firstBlock }
  public var yield: Operation? { body?.lastOperation }

  /// The body's argument for operand `operand`.
  public func bodyArgument(_ operand: Int) -> Value? {
    guard let body, operand < body.argumentCount else { return nil }
    return body.argument(operand)
  }

  /// The operand whose element a body argument is.
  public func operandIndex(of argument: Value) -> Int? {
    argument.owningBlock == body ? argument.index : nil
  }

  /// Whether the body uses the element output `output` had before.
  public func readsOutput(_ output: Int) -> Bool {
    bodyArgument(inputCount + output)?.hasUses ?? true
  }

  /// Whether the body uses the loops' numbers through `linalg.index`.
  public var usesIndices: Bool {
    guard let body else { return false }
    for operation in body.operations {
      let found = operation.walkPreOrder { $0.is(Linalg.index) ? .interrupt : .advance }
      if found == .interrupt { return true }
    }
    return false
  }

  /// Whether it applies its body to every element alone: all loops parallel, all operands' maps
  /// projected permutations and the outputs' permutations.
  public var isElementwise: Bool {
    let maps = indexingMaps
    return !iteratorTypes.contains(.reduction)
      && maps.allSatisfy(\.isProjectedPermutation)
      && maps[inputCount...].allSatisfy(\.isPermutation)
  }

  // MARK: Building

  /// Makes the body a named operation stands for, where there is none yet.
  /// - Throws: where the element types have no such computation; the reason is reported.
  public func buildBody(_ builder: Builder) throws(Reported) {
    guard body == nil, let build = structure.buildBody else { return }
    let block = operation.region(0).addBlock(
      arguments: operation.operands.map { LinalgOp.elementType($0.type) })
    try build({ operation.attribute($0) }, block, builder)
    if structure.named?.storesMaps ?? false {
      let maps = context.array(indexingMaps.map(context.affineMapAttribute))
      operation.setAttribute(Linalg.memoizedMaps, maps)
    }
  }

  /// What a body argument for an operand of `type` is.
  public static func elementType(_ type: Type) -> Type {
    type.kind == .memRef || type.kind == .rankedTensor ? type.elementType : type
  }

  /// Replaces a named operation by the `linalg.generic` of the same maps, iterators and body, which is
  /// moved. A generic is returned as it is.
  @discardableResult
  public func generalize(_ builder: Builder) -> Operation {
    if operation.is(Linalg.generic) { return operation }
    let saved = (builder.insertionPoint, builder.location)
    builder.setInsertionPoint(before: operation)
    defer { (builder.insertionPoint, builder.location) = saved }
    let discardable = operation.discardableAttributes.entries.filter {
      $0.name.string != Linalg.memoizedMaps
    }
    let generic = builder.create(
      Linalg.generic, Array(operation.operands), results: operation.results.types,
      attributes: Linalg.genericAttributes(
        context, inputCount: inputCount, outputCount: outputCount, maps: indexingMaps,
        iterators: iteratorTypes))
    generic.setDiscardableAttributes(context.dictionary(discardable))
    generic.region(0).takeBody(of: operation.region(0))
    operation.replaceAllUses(with: generic.results)
    operation.erase()
    return generic
  }
}

extension NamedStructuredOp {
  /// Whether the maps are also kept as a discardable attribute, as MLIR does for operations whose
  /// maps are not elementwise.
  var storesMaps: Bool { subscripts != nil && !hasMapsAttribute }
}
