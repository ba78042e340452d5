import MartletDialects
import MartletIR
import MartletSupport

extension BufferEmitter {
  /// Rewrites the operations of a block.
  /// - Returns: memory to be freed at the block's end.
  @discardableResult
  func emit(_ block: Block) throws(Reported) -> [Value] {
    var frees: [Value] = []
    for operation in Array(block.operations) {
      builder.setInsertionPoint(before: operation)
      try emit(operation, &frees)
    }
    return frees
  }

  /// Rewrites all of a block but its terminator; afterwards the builder stands before that.
  /// - Returns: memory to be freed there.
  func emitAllButEnd(_ block: Block) throws(Reported) -> [Value] {
    guard let end = block.terminator else { return [] }
    end.remove()
    let frees = try emit(block)
    block.append(end)
    builder.setInsertionPoint(before: end)
    return frees
  }

  /// Rewrites a block that hands on no tensors.
  func emitPlain(_ block: Block) throws(Reported) {
    guard block.terminator != nil else {
      try emit(block)
      return
    }
    free(try emitAllButEnd(block))
  }

  func free(_ memrefs: [Value]) {
    for memref in memrefs { builder.create(MemRef.dealloc, [memref]) }
  }

  func emitFunction(_ entry: Block, _ outputs: [Value?]) throws(Reported) {
    let frees = try emitAllButEnd(entry)
    guard let end = entry.terminator, end.is(Func.return) else { return }
    try emitReturn(end, outputs, frees)
  }

  private func emit(_ operation: Operation, _ frees: inout [Value]) throws(Reported) {
    let touches =
      operation.operands.contains { $0.type.isTensor }
      || operation.results.contains { $0.type.isTensor }
    if operation.is(SCF.for) || operation.is(SCF.while) || operation.is(SCF.if) {
      return try emitControl(operation)
    }
    guard touches || (operation.is(Func.call) && passesScalarsInMemory(operation)) else {
      for region in operation.regions { for block in region.blocks { try emitPlain(block) } }
      return
    }
    markReplaced(operation)
    if operation.is(Arith.constant) || operation.is(TensorDialect.empty)
      || operation.is(Bufferization.allocTensor) || operation.is(Bufferization.toTensor)
    {
      try emitSource(operation, &frees)
    } else if TensorView.isView(operation) {
      try emitView(operation, &frees)
    } else if operation.is(TensorDialect.extract) {
      let load = builder.create(
        MemRef.load, [try memref(operation.operand(0))] + operation.operands.dropFirst(),
        results: operation.results.types)
      take(operation.result(), load.result())
    } else if operation.is(TensorDialect.dim) {
      let dim = builder.create(
        MemRef.dim, [try memref(operation.operand(0)), operation.operand(1)],
        results: operation.results.types)
      take(operation.result(), dim.result())
    } else if operation.is(TensorDialect.rank) {
      let rank = operation.operand(0).type.rank
      take(operation.result(), ConstantOp.index(builder, rank))
    } else if operation.is(Bufferization.deallocTensor) {
      return
    } else if operation.is(Bufferization.toBuffer) {
      try emitToBuffer(operation)
    } else if operation.is(Bufferization.materializeInDestination) {
      try emitMaterialize(operation)
    } else if operation.is(TensorDialect.reshape) {
      try emitReshape(operation)
    } else if operation.is(Func.call) {
      try emitCall(operation)
    } else if operation.is(SCF.yield) || operation.is(SCF.condition) {
      preconditionFailure("a yield is rewritten with its loop")
    } else {
      try emitDestinationStyle(operation, &frees)
    }
  }

  func take(_ old: Value, _ new: Value) {
    new.nameHint = old.nameHint
    scalars[old] = new
    old.replaceAllUses(with: new)
  }

  // MARK: Sources and views

  private func emitSource(_ operation: Operation, _ frees: inout [Value]) throws(Reported) {
    let result = operation.result()
    let place = analysis.place(result)
    let isDynamic = !analysis.roots[place.root].isStatic
    if operation.is(Bufferization.toTensor) {
      memrefs[result] = operation.operand(0)
    } else if isDynamic, analysis.roots[place.root].owner == result {
      var sizes = operation.is(TensorDialect.empty) ? Array(operation.operands) : []
      if operation.is(Bufferization.allocTensor) {
        sizes = Array(operation.operandGroup(0))
        if let source = operation.operandGroup(1).first { sizes = dynamicSizes(try memref(source)) }
      }
      let made = try allocate(result.type, sizes, owner: result)
      rootMemrefs[place.root] = made
      memrefs[result] = made
      frees.append(made)
    }
    // Named here, so that it is known wherever the tensor is.
    try memref(result)
    if operation.is(Bufferization.allocTensor), let source = operation.operandGroup(1).first {
      copy(try memref(source), to: try memref(result))
    }
  }

  func dynamicSizes(_ memref: Value) -> [Value] {
    memref.type.shape.indices.filter { memref.type.dimension($0) == Type.dynamic }.map { d in
      builder.create(
        MemRef.dim, [memref, ConstantOp.index(builder, d)], results: [context.index]
      ).result()
    }
  }

  private func emitView(_ operation: Operation, _ frees: inout [Value]) throws(Reported) {
    var source = try memref(operation.operand(0))
    let result = operation.result()
    if analysis.copied.contains(operation) {
      // The copy is made under the operand's shape, in the memory the result has.
      let type = operation.operand(0).type
      let target: Value
      if analysis.root(result).isStatic, let layout = analysis.place(result).layout,
        let before = layout.reshaped(to: type.shape)
      {
        target = try materialize(
          BufferPlace(root: analysis.place(result).root, number: 0, layout: before), type,
          at: result)
      } else {
        target = try allocate(type, dynamicSizes(source), owner: result)
        frees.append(target)
      }
      copy(source, to: target)
      source = target
    }
    memrefs[result] = try view(operation, of: source)
  }

  private func view(_ operation: Operation, of source: Value) throws(Reported) -> Value {
    let result = operation.result()
    if operation.is(TensorDialect.extractSlice) {
      return try subview(operation, of: source, shape: result.type.shape)
    }
    if operation.is(TensorDialect.cast) {
      let type = context.memRef(
        result.type.shape, result.type.elementType, layout: castLayout(source.type, result.type))
      if type == source.type { return source }
      return builder.create(MemRef.cast, [source], results: [type]).result()
    }
    let groups = TensorShapes.groups(operation.attribute("reassociation"))
    let isCollapse = operation.is(TensorDialect.collapseShape)
    let layout =
      isCollapse
      ? MemRef.collapsedLayout(source.type, groups)
      : MemRef.expandedLayout(source.type, result.type.shape, groups)
    guard var layout else { throw operation.emitOpError("has an operand without strides") }
    if isCollapse, groups.isEmpty { layout.strides = [] }
    var type = result.type.wholeMemRef
    if source.type.layout != nil {
      type = context.memRef(
        result.type.shape, result.type.elementType,
        layout: context.stridedLayout(offset: layout.offset, strides: layout.strides))
    }
    var attributes = [("reassociation", operation.attribute("reassociation") ?? context.array([]))]
    if !isCollapse {
      attributes.append(
        (
          "static_output_shape",
          operation.attribute("static_output_shape") ?? context.denseI64Array(result.type.shape)
        ))
    }
    return builder.create(
      isCollapse ? MemRef.collapseShape : MemRef.expandShape,
      [source] + operation.operands.dropFirst(), results: [type], attributes: attributes
    ).result()
  }

  /// The strides of `source` with those that depend on sizes `target` does not know left open.
  private func castLayout(_ source: Type, _ target: Type) -> Attribute? {
    guard source.layout != nil, let layout = source.stridedLayout else { return nil }
    return context.stridedLayout(offset: layout.offset, strides: layout.strides)
  }

  func subview(_ operation: Operation, of source: Value, shape: [Int]) throws(Reported) -> Value {
    let operands = Array(operation.operands)
    let segments = operation.operandSegments
    let indices = segments.suffix(3)
    let rest = operands.suffix(indices.reduce(0, +))
    guard
      let type = MemRef.rankReducedSubviewType(
        source.type, shape: shape, offsets: operation.staticIndices("static_offsets"),
        sizes: operation.staticIndices("static_sizes"),
        strides: operation.staticIndices("static_strides"))
    else { throw operation.emitOpError("takes a slice that has no strided layout") }
    return builder.create(
      MemRef.subview, [source] + rest, results: [type],
      attributes: ["static_offsets", "static_sizes", "static_strides"].map {
        ($0, operation.attribute($0) ?? context.denseI64Array([]))
      } + [("operandSegmentSizes", context.denseI32Array([1] + indices))]
    ).result()
  }

  private func emitReshape(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0))
    let target = try allocate(
      operation.operand(0).type, dynamicSizes(source), owner: operation.result())
    copy(source, to: target)
    memrefs[operation.result()] = builder.create(
      MemRef.reshape, [target, try memref(operation.operand(1))],
      results: [operation.result().type.wholeMemRef]
    ).result()
  }

  private func emitToBuffer(_ operation: Operation) throws(Reported) {
    var source = try memref(operation.operand(0))
    let type = operation.result().type
    if !operation.hasAttribute("read_only") {
      let own = try allocate(operation.operand(0).type, dynamicSizes(source), owner: nil)
      copy(source, to: own)
      source = own
    }
    if source.type != type {
      guard MemRef.areCastCompatible(source.type, type) else {
        throw operation.emitOpError("asks for a layout that its operand does not have")
      }
      source = builder.create(MemRef.cast, [source], results: [type]).result()
    }
    take(operation.result(), source)
  }

  private func emitMaterialize(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0))
    guard operation.resultCount == 1 else { return copy(source, to: operation.operand(1)) }
    let result = operation.result()
    let target = try memref(result)
    memrefs[result] = target
    if !analysis.areEquivalent(operation.operand(0), result) { copy(source, to: target) }
  }

  // MARK: Destination style

  private func emitDestinationStyle(_ operation: Operation, _ frees: inout [Value]) throws(Reported)
  {
    for (i, result) in operation.results.enumerated() where result.type.isTensor {
      guard let operand = TensorView.destination(operation, i) else { continue }
      let destination = operation.operand(operand)
      if analysis.isInPlace(operation, operand) {
        memrefs[result] = try memref(destination)
        continue
      }
      let root = analysis.place(result).root
      if !analysis.roots[root].isStatic, rootMemrefs[root] == nil {
        let made = try allocate(result.type, dynamicSizes(try memref(destination)), owner: result)
        rootMemrefs[root] = made
        frees.append(made)
      }
      let target = try memref(result)
      memrefs[result] = target
      if analysis.copies(operation, operand) {
        copy(try memref(destination), to: target)
      }
    }
    if operation.is(TensorDialect.insert) {
      builder.create(
        MemRef.store,
        [operation.operand(0), try memref(operation.result())] + operation.operands.dropFirst(2))
    } else if operation.is(TensorDialect.insertSlice) {
      try emitInsertSlice(operation)
    } else {
      try emitStructured(operation)
    }
  }

  private func emitInsertSlice(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    if idleSlices.contains(operation) { return }
    let target = try subview(
      operation, of: try memref(operation.result()), shape: source.type.shape)
    copy(try memref(source), to: target)
  }

  private func emitStructured(_ operation: Operation) throws(Reported) {
    var operands: [Value] = []
    for operand in operation.operands {
      operands.append(operand.type.isTensor ? try memref(operand) : operand)
    }
    for i in operation.results.indices {
      guard let place = TensorView.destination(operation, i) else { continue }
      operands[place] = try memref(operation.result(i))
    }
    let new = context.createOperation(
      operation.name, location: operation.location, operands: operands, resultTypes: [Type](),
      regionCount: operation.regionCount)
    for (name, value) in operation.inherentAttributes { new.setAttribute(name, value) }
    new.setDiscardableAttributes(operation.discardableAttributes)
    for (old, region) in zip(operation.regions, new.regions) { region.takeBody(of: old) }
    builder.insert(new)
    for region in new.regions { for block in region.blocks { try emitPlain(block) } }
  }

  // MARK: Calls and returns

  /// Whether the call is of a function whose scalars become memory, as those of public functions do.
  private func passesScalarsInMemory(_ call: Operation) -> Bool {
    guard let name = call.attribute("callee"), let found = SymbolTable.resolve(name, from: call),
      let callee = FuncOp(found)
    else { return false }
    return !callee.isPrivate && !callee.isDeclaration
  }

  private func emitCall(_ operation: Operation) throws(Reported) {
    let isEntry = passesScalarsInMemory(operation)
    var operands: [Value] = []
    for operand in operation.operands {
      if operand.type.isTensor {
        operands.append(try contiguous(memref(operand), operand.type))
      } else if parameterType(operand.type, isEntry) != operand.type {
        let cell = try scalarCell(operand.type)
        builder.create(MemRef.store, [operand, cell])
        operands.append(cell)
      } else {
        operands.append(operand)
      }
    }
    var cells: [(result: Value, cell: Value)] = []
    var kept: [Value] = []
    for result in operation.results {
      if result.type.isTensor {
        guard result.type.hasStaticShape else {
          throw operation.emitOpError("gives a tensor of dynamic shape; inline it first")
        }
        let target = try memref(result)
        memrefs[result] = target
        operands.append(target)
      } else if parameterType(result.type, isEntry) != result.type {
        let cell = try scalarCell(result.type)
        cells.append((result, cell))
        operands.append(cell)
      } else {
        kept.append(result)
      }
    }
    let new = builder.create(
      Func.call, operands, results: kept.map(\.type),
      attributes: operation.inherentAttributes.filter {
        $0.name != "arg_attrs" && $0.name != "res_attrs"
      }.map { ($0.name, $0.value) })
    for (old, value) in zip(kept, new.results) { take(old, value) }
    for (old, cell) in cells {
      take(old, builder.create(MemRef.load, [cell], results: [old.type]).result())
    }
  }

  /// `memref` itself where it is row-major from its start, else a copy that is.
  private func contiguous(_ memref: Value, _ type: Type) throws(Reported) -> Value {
    if memref.type == type.wholeMemRef { return memref }
    let own = try allocate(type, dynamicSizes(memref), owner: nil)
    copy(memref, to: own)
    return own
  }

  private func emitReturn(
    _ operation: Operation, _ outputs: [Value?], _ frees: [Value]
  ) throws(Reported) {
    var kept: [Value] = []
    for (i, value) in operation.operands.enumerated() {
      guard i < outputs.count, let output = outputs[i] else {
        kept.append(value)
        continue
      }
      guard value.type.isTensor else {
        builder.create(MemRef.store, [value, output])
        continue
      }
      if let root = analysis.outputs[i], value.type.hasStaticShape,
        analysis.areEquivalent(analysis.place(value), analysis.wholePlace(root))
      {
        continue
      }
      copy(try memref(value), to: output)
    }
    free(frees)
    builder.create(Func.return, kept)
    markReplaced(operation)
  }
}
