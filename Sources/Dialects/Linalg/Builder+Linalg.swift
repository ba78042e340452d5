import MartletIR
import MartletSupport

extension Builder {
  /// A `linalg.generic`; `body` builds the computation from the elements, inputs first, and gives what is
  /// yielded.
  @discardableResult
  public func linalgGeneric(
    inputs: [Value], outputs: [Value], maps: [AffineMap], iterators: [IteratorType],
    body: (Builder, [Value]) throws -> [Value]
  ) rethrows -> Operation {
    let operation = create(
      Linalg.generic, inputs + outputs,
      results: outputs.filter { $0.type.isTensor }.map(\.type),
      attributes: Linalg.genericAttributes(
        context, inputCount: inputs.count, outputCount: outputs.count, maps: maps,
        iterators: iterators))
    let block = operation.region(0).addBlock(
      arguments: (inputs + outputs).map { LinalgOp.elementType($0.type) })
    try at(.atEnd(of: block)) {
      let values = try body(self, Array(block.arguments))
      create(Linalg.yield, values)
    }
    return operation
  }

  /// A named structured operation such as `Linalg.matmul`, with its body.
  /// - Throws: where the element types have no such computation; the reason is reported.
  @discardableResult
  public func linalg(
    _ definition: OpDefinition, inputs: [Value], outputs: [Value],
    attributes: [(String, Attribute)] = []
  ) throws(Reported) -> Operation {
    var attributes = attributes
    if definition.traits.contains(.attrSizedOperandSegments) {
      attributes.append(
        ("operandSegmentSizes", context.denseI32Array([inputs.count, outputs.count])))
    }
    let operation = create(
      definition, inputs + outputs, results: outputs.filter { $0.type.isTensor }.map(\.type),
      attributes: attributes)
    guard let view = LinalgOp(operation) else { return operation }
    view.storeDefaultMaps()
    try view.buildBody(self)
    return operation
  }
}

extension LinalgOp {
  /// Stores the maps of an operation that keeps them as an attribute and was given none.
  func storeDefaultMaps() {
    let ranks = operation.operands.map { $0.type.rank }
    guard operation.attribute("indexing_maps") == nil,
      let maps = operation.interface(StructuredOp.self)?.defaultMaps(context, operandRanks: ranks)
    else { return }
    operation.setAttribute("indexing_maps", context.array(maps.map(context.affineMapAttribute)))
  }
}

extension Operation {
  /// The destination operands of a destination-style operation: result i is what destination i holds
  /// afterwards (counting tensor destinations only).
  public var destinations: OperandList {
    for name in ["outputs", "inits", "init", "dest", "output", "shared_outs"] {
      let group = operands(named: name)
      if !group.isEmpty { return group }
    }
    return operands(named: "outputs")
  }
}
