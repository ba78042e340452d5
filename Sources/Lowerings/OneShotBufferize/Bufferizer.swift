import MartletDialects
import MartletIR
import MartletRewriting
import MartletSupport

/// Rewrites operations to work on memory: makes what they need and keeps count of what is left to do.
final class Bufferizer: PatternRewriter {
  let options: OneShotOptions
  /// What operations themselves say, without decisions.
  let plain: OneShotState
  private(set) var allocationCount = 0
  private var worklist: [Operation] = []
  private var erased: Set<Operation> = []
  private var toBuffers: [Operation] = []

  init(_ context: Context, _ options: OneShotOptions) {
    self.options = options
    plain = OneShotState(options)
    super.init(context)
  }

  // MARK: Watching

  override func willErase(_ operation: Operation) {
    erased.insert(operation)
    toBuffers.removeAll { $0 == operation }
  }

  override func didInsert(_ operation: Operation) {
    erased.remove(operation)
    if operation.is(MemRef.alloc) || operation.is(MemRef.alloca) { allocationCount += 1 }
    if operation.is(Bufferization.toBuffer) {
      toBuffers.append(operation)
      return
    }
    if operation.is(Bufferization.toTensor) || !OneShotState.hasTensors(operation)
      || !options.allows(operation)
    {
      return
    }
    worklist.append(operation)
  }

  // MARK: Driver

  /// Bufferizes `root` and what it contains.
  func run(on root: Operation) throws(Reported) {
    worklist = []
    erased = []
    toBuffers = []
    root.walk { operation in
      if operation.is(Bufferization.toBuffer) { toBuffers.append(operation) }
      if options.allows(operation), OneShotState.hasTensors(operation) {
        worklist.append(operation)
      }
    }
    var next = 0
    while next < worklist.count {
      let operation = worklist[next]
      next += 1
      if erased.contains(operation) { continue }
      guard let model = plain.model(operation), model.hasTensors(operation) else { continue }
      try OneShotState.checkBlocks(operation, model)
      setInsertionPoint(before: operation)
      do {
        try model.bufferize(operation, self)
      } catch {
        throw operation.emitError("failed to bufferize op")
      }
    }
    if erased.contains(root) { return }
    for toBuffer in toBuffers where !erased.contains(toBuffer) {
      setInsertionPoint(before: toBuffer)
      foldPair(toBuffer)
    }
    for operation in OneShotState.postOrder(root)
    where operation.is(Bufferization.toTensor) && operation.isUnused {
      erase(operation)
    }
    if options.allowsUnknownOperations { return }
    for operation in worklist where !erased.contains(operation) {
      if !OneShotState.hasTensors(operation) || !options.allows(operation) { continue }
      if operation.isUnused, operation.isMemoryEffectFree { continue }
      if operation.is(Bufferization.toTensor) || operation.is(Bufferization.toBuffer) { continue }
      throw operation.emitError("op was not bufferized")
    }
  }

  /// `to_buffer(to_tensor(x))` is x, or a cast or copy of it.
  private func foldPair(_ toBuffer: Operation) {
    guard let inner = toBuffer.operand(0).definingOperation, inner.is(Bufferization.toTensor)
    else { return }
    let source = inner.operand(0)
    let type = toBuffer.result().type
    if source.type == type {
      replace(toBuffer, with: source)
    } else if source.type.kind == .memRef, type.kind == .memRef {
      if let value = try? castOrCopy(source, to: type) { replace(toBuffer, with: value) }
    } else if type.kind == .unrankedMemRef {
      replace(toBuffer, with: create(MemRef.cast, [source], results: [type]))
    }
  }

  // MARK: Buffers

  private func setInsertionPoint(afterValue value: Value) {
    if let block = value.owningBlock {
      setInsertionPoint(atStart: block)
    } else if let operation = value.definingOperation {
      insertionPoint = .after(operation)
    }
  }

  /// The memory of a tensor.
  func buffer(_ value: Value) throws(Reported) -> Value {
    if let made = value.definingOperation, made.is(Bufferization.toTensor) {
      return made.operand(0)
    }
    let type = try bufferType(value)
    let saved = insertionPoint
    defer { insertionPoint = saved }
    setInsertionPoint(afterValue: value)
    return create(Bufferization.toBuffer, [value], results: [type]).result()
  }

  func bufferType(_ value: Value) throws(Reported) -> Type {
    var stack: [Value] = []
    return try bufferType(value, &stack)
  }

  func bufferType(_ value: Value, _ stack: inout [Value]) throws(Reported) -> Type {
    stack.append(value)
    defer { stack.removeLast() }
    guard stack.count < 512, let owner = OneShotState.owner(of: value) else { throw Reported() }
    if let model = plain.model(owner) { return try model.bufferType(value, self, &stack) }
    guard let space = options.defaultMemorySpace(value.type) else {
      throw owner.emitError("could not infer memory space")
    }
    return BufferTypes.make(value.type, options.unknownLayout, space)
  }

  func defaultBufferType(_ value: Value, _ stack: inout [Value]) throws(Reported) -> Type {
    let type = value.type
    guard let owner = OneShotState.owner(of: value) else { throw Reported() }
    if !BufferTypes.isElement(type.elementType) {
      throw owner.emitError(
        "cannot bufferize value of type '\(type)': element type '\(type.elementType)' is not a valid memref element type"
      )
    }
    if value.isBlockArgument { return BufferTypes.make(type, options.unknownLayout, nil) }
    if let alias = plain.aliasingOperands(value).first, alias.isEquivalent {
      return try bufferType(alias.place.value, &stack)
    }
    guard let space = options.defaultMemorySpace(type) else {
      throw owner.emitError("could not infer memory space")
    }
    return BufferTypes.make(type, options.unknownLayout, space)
  }

  /// Replaces an operation; where it gave a tensor and gets memory, uses go on with a tensor of that memory.
  func replace(_ operation: Operation, withBuffers values: [Value]) {
    let saved = insertionPoint
    var replacements: [Value] = []
    for (value, result) in zip(values, operation.results) {
      if result.type.isTensor, value.type.isMemRef {
        insertionPoint = .after(operation)
        replacements.append(
          create(Bufferization.toTensor, [value], results: [result.type]).result())
      } else {
        replacements.append(value)
      }
    }
    insertionPoint = saved
    replace(operation, with: replacements)
  }

  /// Makes an operation like another, on other operands, with the attributes of its declaration.
  func remake(
    _ operation: Operation, _ operands: [Value], results: [Type], keepsDiscardable: Bool = false
  ) -> Operation {
    let made = create(
      operation.name, operands, results: results,
      attributes: operation.inherentAttributes.map { ($0.name, $0.value) },
      regions: operation.regionCount)
    if keepsDiscardable { made.setDiscardableAttributes(operation.discardableAttributes) }
    return made
  }

  func cast(_ value: Value, to type: Type) -> Value {
    if value.type == type { return value }
    return create(MemRef.cast, [value], results: [type]).result()
  }

  func dim(_ value: Value, _ i: Int) -> Value {
    let position = indexConstant(i)
    return create(
      value.type.isMemRef ? MemRef.dim : TensorDialect.dim, [value, position],
      results: [context.index]
    ).result()
  }

  func alloc(_ type: Type, _ sizes: [Value]) -> Value {
    var attributes = [("operandSegmentSizes", context.denseI32Array([sizes.count, 0]))]
    if options.alignment > 0 {
      attributes.append(("alignment", context.i64Attribute(options.alignment)))
    }
    return create(MemRef.alloc, sizes, results: [type], attributes: attributes).result()
  }

  func copy(_ source: Value, to target: Value) { create(MemRef.copy, [source, target]) }

  /// `value` cast to `type`, or a copy of it where the cast may fail at run time.
  func castOrCopy(_ value: Value, to type: Type) throws(Reported) -> Value {
    let source = value.type
    guard source.kind == .memRef, type.kind == .memRef, source.elementType == type.elementType,
      source.rank == type.rank
    else { throw Reported() }
    func isSafe() -> Bool {
      guard let a = source.stridedLayout, let b = type.stridedLayout else { return false }
      func loses(_ x: Int, _ y: Int) -> Bool { x == Type.dynamic && y != Type.dynamic }
      return !loses(a.offset, b.offset) && !zip(a.strides, b.strides).contains { loses($0, $1) }
    }
    if MemRef.areCastCompatible(source, type), isSafe() {
      return create(MemRef.cast, [value], results: [type]).result()
    }
    let sizes = type.shape.indices.filter { type.shape[$0] == Type.dynamic }.map {
      dim(value, $0)
    }
    let made = alloc(type, sizes)
    copy(value, to: made)
    return made
  }

  /// A subview of memory whose shape is `shape`.
  func subview(
    _ source: Value, _ shape: [Int], _ offsets: [MixedIndex], _ sizes: [MixedIndex],
    _ strides: [MixedIndex]
  ) throws(Reported) -> Value {
    guard let type = Self.subviewType(source.type, shape, offsets, sizes, strides) else {
      throw Reported()
    }
    return subview(source, as: type, offsets, sizes, strides)
  }

  func subview(
    _ source: Value, as type: Type, _ offsets: [MixedIndex], _ sizes: [MixedIndex],
    _ strides: [MixedIndex]
  ) -> Value {
    let parts = [offsets, sizes, strides].map { MixedIndex.split($0) }
    return create(
      MemRef.subview, [source] + parts.flatMap(\.dynamics), results: [type],
      attributes: [
        ("static_offsets", context.denseI64Array(parts[0].statics)),
        ("static_sizes", context.denseI64Array(parts[1].statics)),
        ("static_strides", context.denseI64Array(parts[2].statics)),
        ("operandSegmentSizes", context.denseI32Array([1] + parts.map(\.dynamics.count))),
      ]
    ).result()
  }

  static func subviewType(
    _ source: Type, _ shape: [Int], _ offsets: [MixedIndex], _ sizes: [MixedIndex],
    _ strides: [MixedIndex]
  ) -> Type? {
    let parts = [offsets, sizes, strides].map { MixedIndex.split($0).statics }
    return MemRef.rankReducedSubviewType(
      source, shape: shape, offsets: parts[0], sizes: parts[1], strides: parts[2])
  }

  // MARK: Blocks

  /// Makes memory of the tensors among a block's arguments, and of what branches pass to them.
  func bufferizeSignature(_ block: Block) throws(Reported) {
    guard let owner = block.parentOperation, plain.model(owner) != nil else { throw Reported() }
    var types: [Type] = []
    for argument in block.arguments {
      types.append(argument.type.isTensor ? try bufferType(argument) : argument.type)
    }
    for (argument, type) in zip(block.arguments, types) where argument.type != type {
      let tensor = argument.type
      let uses = Array(argument.uses)
      argument.type = type
      if uses.isEmpty { continue }
      setInsertionPoint(atStart: block)
      let made = create(Bufferization.toTensor, [argument], results: [tensor]).result()
      for use in uses { use.set(made) }
    }
    for branch in block.predecessorTerminators {
      guard let i = branch.successors.firstIndex(of: block),
        let operands = branch.successorOperands(i)
      else {
        throw branch.emitOpError(
          "cannot bufferize ops with block references that do not implement BranchOpInterface")
      }
      var values: [Value] = []
      for (operand, type) in zip(operands, types) {
        if operand.type == type {
          values.append(operand)
          continue
        }
        let operandType = try bufferType(operand)
        setInsertionPoint(afterValue: operand)
        let made = create(Bufferization.toBuffer, [operand], results: [operandType]).result()
        values.append(cast(made, to: type))
      }
      branch.setSuccessorOperands(i, values)
    }
  }
}
