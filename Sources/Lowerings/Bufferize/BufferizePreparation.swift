import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport

/// Writes operations that make tensors in terms of tensor.empty, destination-style operations and slices,
/// and gives each destination a tensor.empty, or fill, of its own.
struct BufferizePreparation {
  let function: FuncOp
  let rewriter: PatternRewriter

  init(_ function: FuncOp) {
    self.function = function
    rewriter = PatternRewriter(function.operation.context)
  }

  func run() throws(Reported) {
    var found: [Operation] = []
    function.operation.walk { if $0 != function.operation { found.append($0) } }
    for operation in found { try rewrite(operation) }
    splitDestinations()
  }

  private func rewrite(_ operation: Operation) throws(Reported) {
    guard operation.resultCount == 1, operation.result().type.isRankedTensor else { return }
    rewriter.setInsertionPoint(before: operation)
    if operation.is(TensorDialect.pad) {
      try rewritePad(operation)
    } else if operation.is(TensorDialect.concat) {
      rewriteConcat(operation)
    } else if operation.is(TensorDialect.splat) {
      let empty = makeEmpty(operation.result().type, Array(operation.operands.dropFirst()))
      rewriter.replace(operation, with: try fill(operation.operand(0), empty))
    } else if operation.is(TensorDialect.fromElements) {
      rewriteElements(operation)
    } else if operation.is(TensorDialect.generate) {
      rewriteGenerate(operation)
    } else if operation.is(Arith.select), !operation.operand(0).type.isTensor {
      rewriteSelect(operation)
    } else if operation.is(TensorDialect.reshape) {
      rewriteReshape(operation)
    } else if operation.has(.elementwise) || operation.is(TensorDialect.bitcast) {
      rewriteElementwise(operation)
    }
  }

  // MARK: Making tensors

  private func makeEmpty(_ type: Type, _ sizes: [Value]) -> Value {
    rewriter.create(
      TensorDialect.empty, sizes, results: [rewriter.context.tensor(type.shape, type.elementType)]
    ).result()
  }

  private func fill(_ value: Value, _ tensor: Value) throws(Reported) -> Value {
    try rewriter.linalg(Linalg.fill, inputs: [value], outputs: [tensor]).result()
  }

  /// The sizes of the dynamic dimensions of `tensor`.
  private func dynamicSizes(_ tensor: Value) -> [Value] {
    tensor.type.shape.indices.filter { tensor.type.dimension($0) == Type.dynamic }.map {
      dimension(tensor, $0)
    }
  }

  private func dimension(_ tensor: Value, _ d: Int) -> Value {
    let size = tensor.type.dimension(d)
    if size != Type.dynamic { return ConstantOp.index(rewriter, size) }
    return rewriter.create(
      TensorDialect.dim, [tensor, ConstantOp.index(rewriter, d)], results: [rewriter.context.index]
    ).result()
  }

  private func insertSlice(
    _ source: Value, into dest: Value, offsets: [MixedIndex], sizes: [MixedIndex]
  ) -> Value {
    let context = rewriter.context
    let (first, second) = (MixedIndex.split(offsets), MixedIndex.split(sizes))
    return rewriter.create(
      TensorDialect.insertSlice, [source, dest] + first.dynamics + second.dynamics,
      results: [dest.type],
      attributes: [
        ("static_offsets", context.denseI64Array(first.statics)),
        ("static_sizes", context.denseI64Array(second.statics)),
        ("static_strides", context.denseI64Array(offsets.map { _ in 1 })),
        (
          "operandSegmentSizes",
          context.denseI32Array([1, 1, first.dynamics.count, second.dynamics.count, 0])
        ),
      ]
    ).result()
  }

  private func sizes(of tensor: Value) -> [MixedIndex] {
    tensor.type.shape.enumerated().map { d, size in
      size == Type.dynamic ? .value(dimension(tensor, d)) : .constant(size)
    }
  }

  // MARK: Rewrites

  /// A pad is a filled tensor into which the source is put. The tensor is filled before the source is made,
  /// so that the source can be made in its place.
  private func rewritePad(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    let low = operation.mixedIndices("low", "static_low")
    guard let body = operation.region().firstBlock, let yield = body.terminator else { return }
    let value = yield.operand(0)
    let type = operation.result().type
    let isConstant = value.block != body || value.definingOperation?.has(.constantLike) ?? false
    guard type.hasStaticShape else {
      throw operation.emitOpError("of dynamic shape cannot be bufferized")
    }
    let filled: Value
    if isConstant {
      let point = origin(of: source, before: operation)
      if let constant = value.definingOperation, constant.block == body {
        constant.move(before: point)
      }
      let defined = value.definingOperation ?? value.owningBlock?.parentOperation
      let isEarly =
        defined.map { $0.block != point.block || $0.isBefore(point) } ?? true
      rewriter.setInsertionPoint(before: isEarly ? point : operation)
      filled = try fill(value, makeEmpty(type, []))
      rewriter.setInsertionPoint(before: operation)
    } else {
      filled = generate(operation, sizes: [])
    }
    let padded = insertSlice(source, into: filled, offsets: low, sizes: sizes(of: source))
    rewriter.replace(operation, with: padded)
  }

  /// The first of the operations of `user`'s block that do nothing but make `value`, or `user` itself.
  private func origin(of value: Value, before user: Operation) -> Operation {
    var (value, first) = (value, user)
    while let operation = value.definingOperation, operation.block == user.block {
      if TensorView.isView(operation), !operation.is(TensorDialect.extractSlice) {
        value = operation.operand(0)
      } else if let operand = TensorView.destination(operation, value.index) {
        value = operation.operand(operand)
      } else {
        break
      }
      first = operation
    }
    guard let made = value.definingOperation, made.is(TensorDialect.empty) else { return user }
    return first
  }

  private func rewriteConcat(_ operation: Operation) {
    let type = operation.result().type
    let dim = Int(operation.attribute("dim")?.integerValue ?? 0)
    guard type.hasStaticShape, operation.operands.allSatisfy({ $0.type.hasStaticShape }) else {
      return
    }
    var whole = makeEmpty(type, [])
    var start = 0
    for input in operation.operands {
      let offsets = type.shape.indices.map { MixedIndex.constant($0 == dim ? start : 0) }
      whole = insertSlice(input, into: whole, offsets: offsets, sizes: sizes(of: input))
      start &+= input.type.dimension(dim)
    }
    rewriter.replace(operation, with: whole)
  }

  private func rewriteElements(_ operation: Operation) {
    let type = operation.result().type
    var tensor = makeEmpty(type, [])
    var place = type.shape.map { _ in 0 }
    for element in operation.operands {
      let indices = place.map { ConstantOp.index(rewriter, $0) }
      tensor = rewriter.create(
        TensorDialect.insert, [element, tensor] + indices, results: [type]
      ).result()
      for d in place.indices.reversed() {
        place[d] += 1
        if place[d] < type.dimension(d) { break }
        place[d] = 0
      }
    }
    rewriter.replace(operation, with: tensor)
  }

  private func rewriteGenerate(_ operation: Operation) {
    rewriter.replace(operation, with: generate(operation, sizes: Array(operation.operands)))
  }

  /// A `linalg.generic` that computes each element as the region of `operation` says.
  private func generate(_ operation: Operation, sizes: [Value]) -> Value {
    let type = operation.result().type
    let empty = makeEmpty(type, sizes)
    let context = rewriter.context
    let generic = rewriter.create(
      Linalg.generic, [empty], results: [empty.type],
      attributes: Linalg.genericAttributes(
        context, inputCount: 0, outputCount: 1, maps: [context.identityMap(type.rank)],
        iterators: type.shape.map { _ in .parallel }))
    let block = generic.region().addBlock(arguments: [type.elementType])
    guard let body = operation.region().firstBlock else { return empty }
    let saved = rewriter.insertionPoint
    rewriter.setInsertionPoint(atEnd: block)
    let indices = type.shape.indices.map { d in
      rewriter.create(
        Linalg.index, results: [context.index], attributes: [("dim", context.i64Attribute(d))]
      ).result()
    }
    rewriter.mergeBlocks(body, into: block, arguments: indices)
    if let yield = block.lastOperation {
      rewriter.setInsertionPoint(before: yield)
      rewriter.create(Linalg.yield, [yield.operand(0)])
      rewriter.erase(yield)
    }
    rewriter.insertionPoint = saved
    return generic.result()
  }

  private func rewriteSelect(_ operation: Operation) {
    let (yes, no) = (operation.operand(1), operation.operand(2))
    let conditional = IfOp.create(
      rewriter, operation.operand(0), results: [operation.result().type],
      then: { _ in [yes] }, otherwise: { _ in [no] })
    rewriter.replace(operation, with: conditional.result())
  }

  /// A reshape between static shapes is a collapse and an expansion.
  private func rewriteReshape(_ operation: Operation) {
    let (source, type) = (operation.operand(0), operation.result().type)
    guard source.type.hasStaticShape, type.hasStaticShape, let count = type.elementCount,
      source.type.elementCount == count
    else { return }
    let context = rewriter.context
    let flatType = context.tensor([count], type.elementType)
    func groups(_ rank: Int) -> Attribute {
      TensorShapes.attribute(context, rank == 0 ? [] : [Array(0..<rank)])
    }
    var flat = source
    if source.type.rank == 0 {
      flat = expand(source, flatType, TensorShapes.attribute(context, []))
    } else if source.type.rank > 1 {
      flat = rewriter.create(
        TensorDialect.collapseShape, [source], results: [flatType],
        attributes: [("reassociation", groups(source.type.rank))]
      ).result()
    }
    if type.rank == 0 {
      flat = rewriter.create(
        TensorDialect.collapseShape, [flat], results: [type],
        attributes: [("reassociation", TensorShapes.attribute(context, []))]
      ).result()
    } else if type.rank > 1 {
      flat = expand(flat, type, groups(type.rank))
    }
    rewriter.replace(operation, with: flat)
  }

  private func expand(_ source: Value, _ type: Type, _ groups: Attribute) -> Value {
    rewriter.create(
      TensorDialect.expandShape, [source], results: [type],
      attributes: [
        ("reassociation", groups),
        ("static_output_shape", rewriter.context.denseI64Array(type.shape)),
      ]
    ).result()
  }

  /// An elementwise operation on tensors is the structured operation that applies it to each element.
  private func rewriteElementwise(_ operation: Operation) {
    let type = operation.result().type
    guard let model = operation.operands.first(where: { $0.type.isRankedTensor }) else { return }
    let context = rewriter.context
    let identity = context.identityMap(type.rank)
    let scalar = context.affineMap(dimensions: type.rank, symbols: 0, [])
    let inputs = Array(operation.operands)
    let empty = makeEmpty(type, dynamicSizes(model))
    let isBitcast = operation.is(TensorDialect.bitcast)
    let made = rewriter.linalgGeneric(
      inputs: inputs, outputs: [empty],
      maps: inputs.map { $0.type.isRankedTensor ? identity : scalar } + [identity],
      iterators: type.shape.map { _ in .parallel }
    ) { builder, elements in
      let operands = Array(elements.prefix(inputs.count))
      if isBitcast {
        return [builder.create(Arith.bitcast, operands, results: [type.elementType]).result()]
      }
      let scalar = context.createOperation(
        operation.name, location: operation.location, operands: operands,
        resultTypes: [type.elementType])
      for (name, value) in operation.inherentAttributes { scalar.setAttribute(name, value) }
      return [builder.insert(scalar).result()]
    }
    rewriter.replace(operation, with: made)
  }

  // MARK: Destinations

  /// Gives each use as a destination its own tensor.empty; where a fill, or a constant of equal elements,
  /// has several uses, its own fill. They say nothing that has to be kept, so nothing is copied.
  private func splitDestinations() {
    var uses: [(operation: Operation, operand: Int)] = []
    function.operation.walk { operation in
      for i in destinationOperands(operation) { uses.append((operation, i)) }
    }
    for (operation, operand) in uses {
      guard let definition = operation.operand(operand).definingOperation else { continue }
      rewriter.setInsertionPoint(before: operation)
      if definition.is(TensorDialect.empty) {
        if definition.result().hasOneUse, definition.block == operation.block { continue }
        operation.setOperand(operand, rewriter.clone(definition).result())
        eraseIfUnused(definition)
      } else if definition.is(Linalg.fill) {
        guard let empty = definition.operand(1).definingOperation, empty.is(TensorDialect.empty),
          !definition.result().hasOneUse || definition.block != operation.block
        else { continue }
        let own = rewriter.clone(empty).result()
        let copy = rewriter.clone(definition)
        copy.setOperand(1, own)
        operation.setOperand(operand, copy.result())
        eraseIfUnused(definition)
      } else if let splat = splatElement(definition) {
        let type = definition.result().type
        let value = ConstantOp.create(rewriter, splat)
        guard let filled = try? fill(value, makeEmpty(type, [])) else { continue }
        operation.setOperand(operand, filled)
        eraseIfUnused(definition)
      }
    }
  }

  private func destinationOperands(_ operation: Operation) -> [Int] {
    if operation.is(SCF.for) || operation.is(SCF.while) {
      return operation.operands.indices.filter { operation.operand($0).type.isTensor }
    }
    return operation.results.indices.compactMap {
      operation.result($0).type.isTensor ? TensorView.destination(operation, $0) : nil
    }
  }

  private func splatElement(_ operation: Operation) -> Attribute? {
    guard operation.is(Arith.constant), let value = operation.attribute("value"), value.isSplat,
      let elements = value.denseElements, elements.count > 0,
      elements.type.elementType.isIntOrFloat || elements.type.elementType.isIndex
    else { return nil }
    return elements.element(0)
  }

  private func eraseIfUnused(_ operation: Operation) {
    guard operation.isUnused else { return }
    let operands = Array(operation.operands)
    operation.erase()
    for operand in operands {
      if let definition = operand.definingOperation, definition.is(TensorDialect.empty) {
        eraseIfUnused(definition)
      }
    }
  }
}
