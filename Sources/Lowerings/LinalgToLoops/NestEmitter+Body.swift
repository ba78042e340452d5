import MartletDialects
import MartletIR
import MartletSupport

/// The computation at a point, on scalars or vectors.
extension NestEmitter {
  /// Copies the body for one point, or `lanes` neighbouring ones.
  /// - Parameter accumulators: the outputs' present elements; nil for those the body does not read.
  /// - Returns: what the body yields.
  func compute(
    _ offsets: [Int], _ lanes: Int?, accumulators: [Value?], _ loads: inout [LoadKey: Value]
  ) -> [Value] {
    var mapping = IRMapping()
    for (i, argument) in body.block.arguments.enumerated() where argument.hasUses {
      if i < nest.inputCount {
        mapping.values[argument] = load(i, offsets, lanes, &loads)
      } else if let old = accumulators[i - nest.inputCount] {
        mapping.values[argument] = old
      }
    }
    let fused = Set(body.fusedProducts.values)
    for operation in body.block.operations where operation != body.yield {
      if lanes != nil, fused.contains(operation) { continue }
      if let lanes {
        computeVector(operation, offsets, lanes, &mapping)
      } else {
        computeScalar(operation, offsets, &mapping)
      }
    }
    return body.yield.operands.map { mapped($0, lanes, mapping) }
  }

  private func mapped(_ value: Value, _ lanes: Int?, _ mapping: IRMapping) -> Value {
    if let known = mapping.values[value] { return known }
    return lanes.map { splat(value, $0) } ?? value
  }

  private func computeScalar(
    _ operation: Operation, _ offsets: [Int], _ mapping: inout IRMapping
  ) {
    if let loop = loopOfIndex(operation) {
      mapping.values[operation.result()] = iteration(loop, offsets)
      return
    }
    if operation.has(.constantLike), operation.resultCount == 1,
      let value = operation.result().constant, value.type == operation.result().type
    {
      mapping.values[operation.result()] = constant(value)
      return
    }
    let copy = operation.clone(&mapping)
    insert(copy)
    if copy.regionCount == 0 { return }
    copy.walk { inner in
      guard let loop = loopOfIndex(inner) else { return }
      inner.result().replaceAllUses(with: iteration(loop, offsets))
      inner.erase()
    }
  }

  private func loopOfIndex(_ operation: Operation) -> Int? {
    guard operation.is(Linalg.index), let i = operation.attribute("dim")?.integerValue,
      nest.loops.indices.contains(Int(i))
    else { return nil }
    return Int(i)
  }

  private func computeVector(
    _ operation: Operation, _ offsets: [Int], _ lanes: Int, _ mapping: inout IRMapping
  ) {
    if let loop = loopOfIndex(operation) {
      mapping.values[operation.result()] = laneIterations(loop, offsets, lanes)
      return
    }
    if operation.has(.constantLike) {
      let result = operation.result()
      mapping.values[result] =
        result.constant.map { splat($0, lanes) } ?? splat(result, lanes)
      return
    }
    if let product = body.fusedProducts[operation] {
      let accumulator = operation.operands.first { $0 != product.result() }
      let factors = product.operands.map { mapped($0, lanes, mapping) }
      guard let accumulator else { return }
      let sum = mapped(accumulator, lanes, mapping)
      mapping.values[operation.result()] =
        create("vector.fma", factors + [sum], results: [sum.type]).result()
      return
    }
    for operand in operation.operands where mapping.values[operand] == nil {
      mapping.values[operand] = splat(operand, lanes)
    }
    let copy = operation.clone(&mapping)
    for result in copy.results { result.type = context.vector([lanes], result.type) }
    insert(copy)
  }

  /// The numbers of the iterations the lanes stand for.
  private func laneIterations(_ loop: Int, _ offsets: [Int], _ lanes: Int) -> Value {
    let first = broadcast(iteration(loop, offsets), lanes)
    if plan.vectorLoop != loop { return first }
    let steps = context.dense(
      context.vector([lanes], context.index), integers: Array(0..<lanes))
    return create(Arith.addi, [first, constant(steps)], results: [first.type])
  }

  // MARK: Reductions

  /// Two partial results in one.
  func apply(_ reduction: Reduction, _ a: Value, _ b: Value) -> Value {
    var mapping = IRMapping()
    mapping.map(reduction.operation.operands, to: [a, b])
    let copy = reduction.operation.clone(&mapping)
    copy.result().type = a.type
    insert(copy)
    return copy.result()
  }

  /// All lanes of a vector in one.
  func horizontal(_ reduction: Reduction, _ value: Value) -> Value {
    return create(
      "vector.reduction", [value], results: [value.type.elementType],
      attributes: reduction.vectorAttributes(context)
    ).result()
  }
}
