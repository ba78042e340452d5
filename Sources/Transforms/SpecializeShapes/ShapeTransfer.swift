import MartletDialects
import MartletIR
import MartletSupport

/// What operations without control flow make of the types and integers that `ShapeInference` knows.
struct ShapeTransfer {
  let known: ShapeInference

  init(_ known: ShapeInference) { self.known = known }

  /// Infers the results of `operation`.
  /// - Returns: false where the operation is not known to take operands of more static types.
  func visit(_ operation: Operation) throws(Reported) -> Bool {
    if let linalg = LinalgOp(operation) {
      try visit(linalg)
      return true
    }
    switch operation.name.dialectName {
    case "tensor": return try visitTensor(operation)
    case "sparse_tensor": return visitSparse(operation)
    case "arith", "math", "index":
      if operation.operands.contains(where: { $0.type.isTensor }) {
        return try visitElementwise(operation)
      }
      for result in operation.results { known.setInteger(result, constant(operation)) }
      return true
    case "bufferization" where operation.is(Bufferization.allocTensor):
      let sizes = operation.operandGroup(0).map { known.integer($0) ?? Type.dynamic }
      if operation.operandCount > sizes.count { return false }
      try fill(operation.result(), sizes, operation)
      return true
    default: break
    }
    if operation.is(Linalg.softmax) {
      try know(operation.result(), from: operation.operand(1))
      return true
    }
    // Terminators want what the operation around them says.
    let isOwn =
      operation.is(Func.return) || operation.is(SCF.condition)
      || operation.is(SCF.yield) && isLoopOrIf(operation.parent)
    return isOwn
      || operation.operands.allSatisfy { !$0.type.isTensor }
        && operation.regionCount == 0
  }

  private func isLoopOrIf(_ operation: Operation?) -> Bool {
    guard let operation else { return false }
    return operation.is(SCF.for) || operation.is(SCF.while) || operation.is(SCF.if)
  }

  /// The result has the shape of `value`.
  private func know(_ result: Value, from value: Value) throws(Reported) {
    guard let operation = result.definingOperation, known.type(value).isRankedTensor else {
      return
    }
    try known.refine(result, known.type(value).shape, of: operation)
  }

  /// Puts `sizes` in place of the dynamic dimensions of a result.
  private func fill(_ result: Value, _ sizes: [Int], _ operation: Operation) throws(Reported) {
    var next = sizes.makeIterator()
    let shape = result.type.shape.map { $0 == Type.dynamic ? next.next() ?? $0 : $0 }
    try known.refine(result, shape, of: operation)
  }

  // MARK: Structured operations

  /// Operands tell the extents of the loops, which tell the shapes of all operands.
  private func visit(_ view: LinalgOp) throws(Reported) {
    let operation = view.operation
    let maps = view.indexingMaps
    var extents: [Int?] = Array(repeating: nil, count: view.loopCount)
    for (operand, map) in zip(operation.operands, maps) {
      let type = known.type(operand)
      guard type.hasRank, type.rank == map.resultCount else { continue }
      for (size, expr) in zip(type.shape, map.results)
      where size != Type.dynamic && expr.kind == .dimension {
        if let extent = extents[expr.position], extent != size {
          throw operation.emitOpError(
            "has operands whose sizes disagree for the given shapes: \(extent) and \(size) for loop #\(expr.position)"
          )
        }
        extents[expr.position] = size
      }
    }
    var outputs: [Type] = []
    for (i, (operand, map)) in zip(operation.operands, maps).enumerated() {
      let type = known.type(operand)
      guard type.isRankedTensor, type.rank == map.resultCount else {
        if i >= view.inputCount { outputs.append(type) }
        continue
      }
      let shape = zip(type.shape, map.results).map { size, expr in
        expr.kind == .dimension ? extents[expr.position] ?? size : size
      }
      let refined = type.cloned(shape: shape)
      known.want(operation, i, refined)
      if i >= view.inputCount { outputs.append(refined) }
    }
    for (result, type) in zip(operation.results, outputs) where type.hasRank {
      try known.refine(result, type.shape, of: operation)
    }
  }

  /// Operations of arith and math on whole tensors: all operands and results have one shape.
  private func visitElementwise(_ operation: Operation) throws(Reported) -> Bool {
    var shape: [Int]?
    for operand in operation.operands where operand.type.isRankedTensor {
      let type = known.type(operand)
      shape =
        try shape.map { (old) throws(Reported) in
          try known.merged(type, old, operation).shape
        } ?? type.shape
    }
    guard let shape else { return false }
    for (i, operand) in operation.operands.enumerated() where operand.type.isRankedTensor {
      known.want(operation, i, known.type(operand).cloned(shape: shape))
    }
    for result in operation.results where result.type.isRankedTensor {
      try known.refine(result, shape, of: operation)
    }
    return true
  }

  // MARK: tensor

  private func visitTensor(_ operation: Operation) throws(Reported) -> Bool {
    typealias T = TensorDialect
    guard operation.resultCount == 1 else { return true }
    let result = operation.result()
    if operation.is(T.dim) {
      known.setInteger(result, dimension(operation))
    } else if operation.is(T.cast) || operation.is(T.bitcast) {
      try know(result, from: operation.operand(0))
    } else if operation.is(T.empty) || operation.is(T.generate) {
      try fill(result, operation.operands.map { known.integer($0) ?? Type.dynamic }, operation)
      for region in operation.regions { try known.visit(region) }
    } else if operation.is(T.splat) {
      let sizes = operation.operands.dropFirst().map { known.integer($0) ?? Type.dynamic }
      try fill(result, sizes, operation)
    } else if operation.is(T.insert) || operation.is(T.insertSlice) || operation.is(T.scatter) {
      try know(result, from: operation.operand(1))
    } else if operation.is(T.extractSlice) {
      try visitSlice(operation)
    } else if operation.is(T.pad) {
      try visitPad(operation)
      try known.visit(operation.region())
    } else if operation.is(T.collapseShape) {
      let type = known.type(operation.operand(0))
      guard type.hasRank else { return true }
      let groups = TensorShapes.groups(operation.attribute("reassociation"))
      try known.refine(result, TensorShapes.collapse(type.shape, groups), of: operation)
    } else if operation.is(T.expandShape) {
      try visitExpand(operation)
    } else if operation.is(T.concat) {
      try visitConcat(operation)
    } else if operation.is(T.extract) || operation.is(T.rank) || operation.is(T.fromElements) {
      return true
    } else {
      return false
    }
    return true
  }

  private func dimension(_ operation: Operation) -> Int? {
    let type = known.type(operation.operand(0))
    guard let i = known.integer(operation.operand(1)), type.hasRank, 0..<type.rank ~= i,
      type.dimension(i) != Type.dynamic
    else { return nil }
    return type.dimension(i)
  }

  private func visitSlice(_ operation: Operation) throws(Reported) {
    let declared = operation.attribute("static_sizes")?.integers ?? []
    let result = operation.result()
    guard let dropped = TensorShapes.droppedDimensions(declared, result.type.shape) else { return }
    let sizes = operation.mixedSizes.map(known.size)
    let kept = sizes.indices.filter { !dropped.contains($0) }.map { sizes[$0] }
    try known.refine(result, kept, of: operation)
  }

  private func visitPad(_ operation: Operation) throws(Reported) {
    let type = known.type(operation.operand(0))
    let low = MixedIndex.list(
      operation.attribute("static_low")?.integers ?? [], operation.operandGroup(1)
    ).map(known.size)
    let high = MixedIndex.list(
      operation.attribute("static_high")?.integers ?? [], operation.operandGroup(2)
    ).map(known.size)
    guard type.hasRank, low.count == type.rank, high.count == type.rank else { return }
    let shape = type.shape.indices.map { i in
      let parts = [type.shape[i], low[i], high[i]]
      return parts.contains(Type.dynamic) ? Type.dynamic : parts.reduce(0, &+)
    }
    try known.refine(operation.result(), shape, of: operation)
  }

  private func visitExpand(_ operation: Operation) throws(Reported) {
    let type = known.type(operation.operand(0))
    var shape = MixedIndex.list(
      operation.attribute("static_output_shape")?.integers ?? [], operation.operandGroup(1)
    ).map(known.size)
    // Of a group with one unknown size that is the rest.
    for (i, group) in TensorShapes.groups(operation.attribute("reassociation")).enumerated()
    where i < type.rank && type.dimension(i) != Type.dynamic {
      let unknown = group.filter { shape.indices.contains($0) && shape[$0] == Type.dynamic }
      guard unknown.count == 1 else { continue }
      let others = group.filter { $0 != unknown[0] }.reduce(1) { $0 &* shape[$1] }
      if others > 0, type.dimension(i) % others == 0 {
        shape[unknown[0]] = type.dimension(i) / others
      }
    }
    try known.refine(operation.result(), shape, of: operation)
  }

  private func visitConcat(_ operation: Operation) throws(Reported) {
    let axis = Int(operation.attribute("dim")?.integerValue ?? 0)
    var shape: [Int]?
    for operand in operation.operands {
      let type = known.type(operand)
      guard type.hasRank, axis >= 0, axis < type.rank else { return }
      guard var sum = shape else {
        shape = type.shape
        continue
      }
      for i in sum.indices {
        let size = type.dimension(i)
        if i == axis {
          sum[i] = sum[i] == Type.dynamic || size == Type.dynamic ? Type.dynamic : sum[i] &+ size
        } else if sum[i] == Type.dynamic {
          sum[i] = size
        }
      }
      shape = sum
    }
    if let shape { try known.refine(operation.result(), shape, of: operation) }
  }

  // MARK: sparse_tensor

  /// Queries do not depend on how static the tensor's type is.
  private func visitSparse(_ operation: Operation) -> Bool {
    operation.regionCount == 0 && operation.results.allSatisfy { !$0.type.isTensor }
  }

  // MARK: Integers

  /// The value of a scalar integer operation whose operands are known.
  private func constant(_ operation: Operation) -> Int? {
    guard operation.resultCount == 1, operation.result().type.isIntOrIndex else { return nil }
    if let value = operation.constantValue { return value.integerValue.map { Int($0) } }
    var values: [Int] = []
    for operand in operation.operands {
      guard let value = known.integer(operand) else { return nil }
      values.append(value)
    }
    guard let value = Self.evaluate(operation, values),
      let width = operation.result().type.bitWidth, width <= 64
    else { return nil }
    return operation.context.integerAttribute(Int64(value), operation.result().type).integerValue
      .map { Int($0) }
  }

  private static func evaluate(_ operation: Operation, _ v: [Int]) -> Int? {
    switch (operation.name.string, v.count) {
    case ("arith.addi", 2), ("index.add", 2): return v[0] &+ v[1]
    case ("arith.subi", 2), ("index.sub", 2): return v[0] &- v[1]
    case ("arith.muli", 2), ("index.mul", 2): return v[0] &* v[1]
    case ("arith.divsi", 2), ("index.divs", 2): return quotient(v)
    case ("arith.divui", 2), ("index.divu", 2): return v[0] >= 0 && v[1] > 0 ? v[0] / v[1] : nil
    case ("arith.remsi", 2), ("index.rems", 2): return quotient(v).map { v[0] &- $0 &* v[1] }
    case ("arith.remui", 2), ("index.remu", 2): return v[0] >= 0 && v[1] > 0 ? v[0] % v[1] : nil
    case ("arith.ceildivsi", 2), ("arith.ceildivui", 2), ("index.ceildivs", 2),
      ("index.ceildivu", 2):
      return v[0] >= 0 && v[1] > 0 ? v[0] / v[1] + (v[0] % v[1] == 0 ? 0 : 1) : nil
    case ("arith.floordivsi", 2), ("index.floordivs", 2):
      return v[0] >= 0 && v[1] > 0 ? v[0] / v[1] : nil
    case ("arith.maxsi", 2), ("index.maxs", 2): return max(v[0], v[1])
    case ("arith.minsi", 2), ("index.mins", 2): return min(v[0], v[1])
    case ("arith.maxui", 2), ("index.maxu", 2):
      return v[0] >= 0 && v[1] >= 0 ? max(v[0], v[1]) : nil
    case ("arith.minui", 2), ("index.minu", 2):
      return v[0] >= 0 && v[1] >= 0 ? min(v[0], v[1]) : nil
    case ("arith.index_cast", 1), ("arith.extsi", 1), ("arith.trunci", 1), ("index.casts", 1):
      return v[0]
    case ("arith.index_castui", 1), ("arith.extui", 1), ("index.castu", 1):
      return v[0] >= 0 ? v[0] : nil
    case ("arith.select", 3): return v[0] != 0 ? v[1] : v[2]
    default: return nil
    }
  }

  private static func quotient(_ v: [Int]) -> Int? {
    v[1] == 0 || (v[0] == .min && v[1] == -1) ? nil : v[0] / v[1]
  }

  // MARK: Applying

  /// Writes sizes that are known into the attributes of `operation`, as the types found need.
  func makeSizesStatic(_ operation: Operation) {
    typealias T = TensorDialect
    if operation.is(T.empty) || operation.is(T.generate) {
      operation.setOperands(unknown(Array(operation.operands)))
    } else if operation.is(T.splat) {
      operation.setOperands(
        [operation.operand(0)] + unknown(Array(operation.operands.dropFirst())))
    } else if operation.is(Bufferization.allocTensor) {
      let sizes = unknown(Array(operation.operandGroup(0)))
      let rest = operation.operands.dropping(operation.operandGroup(0).count)
      setSegment(operation, 0, sizes.count)
      operation.setOperands(sizes + rest)
    } else if operation.is(T.extractSlice) {
      makeStatic(operation, [(1, "static_offsets"), (2, "static_sizes"), (3, "static_strides")])
    } else if operation.is(T.insertSlice) {
      // The sizes are those of what is inserted.
      let source = known.type(operation.operand(0)).shape
      makeStatic(
        operation, [(2, "static_offsets"), (3, "static_sizes"), (4, "static_strides")],
        sizes: ("static_sizes", source))
    } else if operation.is(T.pad) {
      makeStatic(operation, [(1, "static_low"), (2, "static_high")])
    } else if operation.is(T.expandShape) {
      let shape = known.type(operation.result()).shape
      let entries = MixedIndex.list(
        operation.attribute("static_output_shape")?.integers ?? [], operation.operandGroup(1))
      let values = zip(entries, shape).compactMap { entry, size -> Value? in
        guard size == Type.dynamic, case .value(let value) = entry else { return nil }
        return value
      }
      operation.setAttribute("static_output_shape", operation.context.denseI64Array(shape))
      operation.setOperands([operation.operand(0)] + values)
    }
  }

  private func unknown(_ sizes: [Value]) -> [Value] { sizes.filter { known.integer($0) == nil } }

  /// Makes what is known in the lists of `operation` static; of the list `sizes` names, also what the sizes given
  /// with it say.
  private func makeStatic(
    _ operation: Operation, _ lists: [(group: Int, attribute: String)],
    sizes: (attribute: String, known: [Int]) = ("", [])
  ) {
    var groups = operation.operandSegments.indices.map { Array(operation.operandGroup($0)) }
    for (group, attribute) in lists {
      let entries = MixedIndex.list(
        operation.attribute(attribute)?.integers ?? [], groups[group])
      let (statics, dynamics) = MixedIndex.split(
        entries.enumerated().map { i, entry in
          var size = known.size(entry)
          if size == Type.dynamic, attribute == sizes.attribute,
            sizes.known.count == entries.count
          {
            size = sizes.known[i]
          }
          return size == Type.dynamic ? entry : .constant(size)
        })
      operation.setAttribute(attribute, operation.context.denseI64Array(statics))
      groups[group] = dynamics
      setSegment(operation, group, dynamics.count)
    }
    operation.setOperands(groups.flatMap { $0 })
  }

  private func setSegment(_ operation: Operation, _ group: Int, _ count: Int) {
    guard operation.has(.attrSizedOperandSegments),
      var segments = operation.attribute("operandSegmentSizes")?.integers
    else { return }
    segments[group] = count
    operation.setAttribute("operandSegmentSizes", operation.context.denseI32Array(segments))
  }
}
