import MartletDialects
import MartletIR
import MartletRewriting

/// The structure that an unranked memref's pointer points to, in memory: allocated and aligned pointer, offset,
/// sizes and strides.
struct UnrankedDescriptor {
  let types: LLVMTypes
  let rewriter: ConversionRewriter
  /// The type of the pointers in it.
  let element: Type

  init(_ types: LLVMTypes, addressSpace: Int, _ rewriter: ConversionRewriter) {
    self.types = types
    self.rewriter = rewriter
    element = LLVM.pointer(rewriter.context, addressSpace: addressSpace)
  }

  private func gep(
    _ base: Value, _ type: Type, _ operands: [Value] = [], constants: [Int]
  ) -> Value {
    rewriter.llvm(
      "getelementptr", [base] + operands, [types.pointer],
      [
        ("elem_type", rewriter.context.typeAttribute(type)),
        ("rawConstantIndices", rewriter.context.denseI32Array(constants)),
      ]
    ).result()
  }

  func allocated(_ memory: Value) -> Value {
    rewriter.llvm("load", [memory], [element]).result()
  }
  func aligned(_ memory: Value) -> Value {
    rewriter.llvm("load", [gep(memory, element, constants: [1])], [element]).result()
  }
  /// The address of the offset, behind which sizes and strides lie.
  func offsetPlace(_ memory: Value) -> Value { gep(memory, element, constants: [2]) }
  func offset(_ memory: Value) -> Value {
    rewriter.llvm("load", [offsetPlace(memory)], [types.indexType]).result()
  }
  func setAllocated(_ memory: Value, _ pointer: Value) {
    rewriter.llvm("store", [pointer, memory])
  }
  func setAligned(_ memory: Value, _ pointer: Value) {
    rewriter.llvm("store", [pointer, gep(memory, element, constants: [1])])
  }
  func setOffset(_ memory: Value, _ offset: Value) {
    rewriter.llvm("store", [offset, offsetPlace(memory)])
  }

  /// The address of the first size.
  func sizesPlace(_ memory: Value) -> Value {
    let structure = LLVM.structType(
      rewriter.context, [element, element, types.indexType, types.indexType])
    return gep(memory, structure, constants: [0, 3])
  }
  /// The address `index` numbers behind `base`.
  func place(_ base: Value, _ index: Value) -> Value {
    gep(base, types.indexType, [index], constants: [LLVM.dynamicIndex])
  }

  /// The bytes of the structure for the rank in `descriptor`.
  func size(_ descriptor: Value) -> Value {
    func constant(_ value: Int) -> Value {
      rewriter.llvm(
        "mlir.constant", [], [types.indexType],
        [("value", rewriter.context.indexAttribute(value))]
      ).result()
    }
    func binary(_ name: String, _ a: Value, _ b: Value) -> Value {
      rewriter.llvm(name, [a, b], [types.indexType]).result()
    }
    let one = constant(1)
    let two = constant(2)
    let indexSize = constant(((types.indexType.bitWidth ?? 64) + 7) / 8)
    let pointers = binary("mul", two, constant(8))
    let rank = rewriter.extractValue(descriptor, [0])
    let numbers = binary("add", binary("mul", two, rank), one)
    return binary("add", pointers, binary("mul", numbers, indexSize))
  }
}

extension MemRefLowering {
  /// The pointers, and where asked for the offset, of a ranked or unranked memref; nil for address spaces that
  /// are no numbers.
  func pointers(
    _ type: Type, _ descriptor: Value, withOffset: Bool = false, _ rewriter: ConversionRewriter
  ) -> (allocated: Value, aligned: Value, offset: Value?)? {
    if type.kind == .memRef {
      let allocated = rewriter.extractValue(descriptor, DescriptorValue.allocated)
      let aligned = rewriter.extractValue(descriptor, DescriptorValue.aligned)
      let offset =
        withOffset ? rewriter.extractValue(descriptor, DescriptorValue.offset) : nil
      return (allocated, aligned, offset)
    }
    guard let space = LLVMTypes.addressSpace(type) else { return nil }
    let unranked = UnrankedDescriptor(types, addressSpace: space, rewriter)
    let memory = rewriter.extractValue(descriptor, [1])
    let allocated = unranked.allocated(memory)
    let aligned = unranked.aligned(memory)
    return (allocated, aligned, withOffset ? unranked.offset(memory) : nil)
  }

  private func bytesOnStack(_ size: Value, _ rewriter: ConversionRewriter) -> Value {
    rewriter.llvm(
      "alloca", [size], [types.pointer],
      [("elem_type", rewriter.context.typeAttribute(rewriter.context.i8))]
    ).result()
  }

  /// A descriptor put on the stack.
  func promoted(
    _ descriptor: Value, count: Value? = nil, _ rewriter: ConversionRewriter
  ) -> Value {
    let context = rewriter.context
    let one =
      count
      ?? rewriter.llvm(
        "mlir.constant", [], [context.i64], [("value", context.indexAttribute(1))]
      ).result()
    let memory = rewriter.llvm(
      "alloca", [one], [types.pointer],
      [("elem_type", context.typeAttribute(descriptor.type))]
    ).result()
    rewriter.llvm("store", [descriptor, memory])
    return memory
  }

  // MARK: Sizes and casts

  func unrankedDimension(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.operand(0).type
    guard let space = LLVMTypes.addressSpace(type) else { return false }
    let context = op.context
    let scalar = context.memRef([], type.elementType)
    guard let structure = types.convert(scalar) else { return false }
    let memory = rewriter.extractValue(operands[0], [1])
    let pointer = LLVM.pointer(context, addressSpace: space)
    func gep(_ base: Value, _ element: Type, _ indices: [Value], _ constants: [Int]) -> Value {
      rewriter.llvm(
        "getelementptr", [base] + indices, [pointer],
        [
          ("elem_type", context.typeAttribute(element)),
          ("rawConstantIndices", context.denseI32Array(constants)),
        ]
      ).result()
    }
    let offset = gep(memory, structure, [], [0, 2])
    let next = binary("add", constant(1, rewriter), operands[1], rewriter)
    let place = gep(offset, types.indexType, [next], [LLVM.dynamicIndex])
    rewriter.replace(op, with: rewriter.llvm("load", [place], [types.indexType]))
    return true
  }

  /// The structure in memory is copied, its pointers cast.
  func castUnrankedSpace(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let (from, to) = (op.operand(0).type, op.result().type)
    guard let fromSpace = LLVMTypes.addressSpace(from), let toSpace = LLVMTypes.addressSpace(to),
      let converted = types.convert(to)
    else { return false }
    let source = UnrankedDescriptor(types, addressSpace: fromSpace, rewriter)
    let target = UnrankedDescriptor(types, addressSpace: toSpace, rewriter)
    let rank = rewriter.extractValue(operands[0], [0])
    let memory = rewriter.extractValue(operands[0], [1])
    var value = rewriter.llvm("mlir.poison", [], [converted]).result()
    value = rewriter.insertValue(rank, into: value, [0])
    let size = target.size(value)
    let copy = bytesOnStack(size, rewriter)
    value = rewriter.insertValue(copy, into: value, [1])
    var allocated = source.allocated(memory)
    var aligned = source.aligned(memory)
    allocated = rewriter.llvm("addrspacecast", [allocated], [target.element]).result()
    aligned = rewriter.llvm("addrspacecast", [aligned], [target.element]).result()
    target.setAllocated(copy, allocated)
    target.setAligned(copy, aligned)
    let from0 = source.offsetPlace(memory)
    let to0 = target.offsetPlace(copy)
    let rest = binary("sub", size, constant(16, rewriter), rewriter)
    rewriter.llvm(
      "intr.memcpy", [to0, from0, rest], [], [("isVolatile", op.context.boolAttribute(false))])
    rewriter.replace(op, with: value)
    return true
  }

  // MARK: Reshapes

  func reshape(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let shape = op.operand(1).type
    guard shape.kind == .memRef, shape.rank == 1 else { return false }
    return shape.hasStaticShape
      ? rankedReshape(op, operands, rewriter) : unrankedReshape(op, operands, rewriter)
  }

  private func rankedReshape(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let to = op.result().type
    guard to.kind == .memRef, let target = types.convert(to), let layout = to.stridedLayout,
      layout.offset != Type.dynamic
    else { return false }
    var value = rewriter.llvm("mlir.poison", [], [target]).result()
    guard let parts = pointers(op.operand(0).type, operands[0], rewriter) else { return false }
    value = rewriter.insertValue(parts.allocated, into: value, DescriptorValue.allocated)
    value = rewriter.insertValue(parts.aligned, into: value, DescriptorValue.aligned)
    value = rewriter.insertValue(
      constant(layout.offset, rewriter), into: value, DescriptorValue.offset)
    var stride: Value?
    for i in to.shape.indices.reversed() {
      let own =
        layout.strides[i] != Type.dynamic
        ? constant(layout.strides[i], rewriter) : stride ?? constant(1, rewriter)
      let size: Value
      if to.shape[i] != Type.dynamic {
        size = constant(to.shape[i], rewriter)
      } else {
        // The load is converted in turn.
        let index = constant(i, rewriter)
        let place = rewriter.original(index, as: op.context.index)
        let loaded = rewriter.create(
          MemRef.load, [op.operand(1), place], results: [op.operand(1).type.elementType]
        ).result()
        size = rewriter.converted(loaded, to: types.indexType)
      }
      value = rewriter.insertValue(size, into: value, DescriptorValue.size(i))
      value = rewriter.insertValue(own, into: value, DescriptorValue.stride(i))
      stride = binary("mul", own, size, rewriter)
    }
    rewriter.replace(op, with: value)
    return true
  }

  /// A loop fills sizes and strides of a structure on the stack, the last dimension first.
  private func unrankedReshape(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let (from, to) = (op.operand(0).type, op.result().type)
    guard to.kind == .unrankedMemRef, let space = LLVMTypes.addressSpace(to),
      let converted = types.convert(to), let block = op.block, let region = block.region,
      let shapeElement = types.convert(op.operand(1).type.elementType),
      from.kind == .memRef || LLVMTypes.addressSpace(from) != nil
    else { return false }
    let index = types.indexType
    let unranked = UnrankedDescriptor(types, addressSpace: space, rewriter)
    let rank = rewriter.extractValue(operands[1], DescriptorValue.size(0))
    var value = rewriter.llvm("mlir.poison", [], [converted]).result()
    value = rewriter.insertValue(rank, into: value, [0])
    let memory = bytesOnStack(unranked.size(value), rewriter)
    value = rewriter.insertValue(memory, into: value, [1])
    guard let parts = pointers(from, operands[0], withOffset: true, rewriter),
      let offset = parts.offset
    else { return false }
    unranked.setAllocated(memory, parts.allocated)
    unranked.setAligned(memory, parts.aligned)
    unranked.setOffset(memory, offset)
    let sizes = unranked.sizesPlace(memory)
    let strides = unranked.place(sizes, rank)
    let shape = rewriter.extractValue(operands[1], DescriptorValue.aligned)
    let one = constant(1, rewriter)
    let last = binary("sub", rank, one, rewriter)

    let rest = rewriter.split(block, before: op.next)
    let head = rewriter.createBlock(in: region, before: rest, arguments: [index, index])
    let body = rewriter.createBlock(in: region, before: rest)
    rewriter.insertionPoint = .atEnd(of: block)
    rewriter.llvm("br", [last, one], successors: [head])
    rewriter.insertionPoint = .atEnd(of: head)
    let (i, stride) = (head.argument(0), head.argument(1))
    let zero = constant(0, rewriter)
    let predicate = Arith.integerPredicates.value("sge") ?? 0
    let more = rewriter.llvm(
      "icmp", [i, zero], [op.context.i1],
      [("predicate", op.context.i64Attribute(Int(predicate)))]
    ).result()
    rewriter.llvm(
      "cond_br", [more], [], [("operandSegmentSizes", op.context.denseI32Array([1, 0, 0]))],
      successors: [body, rest])
    rewriter.insertionPoint = .atEnd(of: body)
    let place = address(shape, shapeElement, [i], rewriter)
    let size = rewriter.llvm("load", [place], [index]).result()
    rewriter.llvm("store", [size, unranked.place(sizes, i)])
    rewriter.llvm("store", [stride, unranked.place(strides, i)])
    let next = binary("mul", stride, size, rewriter)
    let previous = binary("sub", i, one, rewriter)
    rewriter.llvm("br", [previous, next], successors: [head])
    rewriter.insertionPoint = .atStart(of: rest)
    rewriter.replace(op, with: value)
    return true
  }

  // MARK: Copies

  /// A call of the runtime library, which copies element by element.
  func copyByCall(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let element = types.convert(op.operand(0).type.elementType) else { return false }
    var unranked: [Value] = []
    let stack = rewriter.llvm("intr.stacksave", [], [types.pointer]).result()
    for (old, new) in zip(op.operands, operands) {
      guard old.type.kind == .memRef else {
        unranked.append(new)
        continue
      }
      let type = op.context.unrankedMemRef(
        old.type.elementType, memorySpace: old.type.memorySpace)
      let rank = rewriter.llvmConstant(old.type.rank, types.indexType)
      let memory = promoted(new, rewriter)
      guard let packed = DescriptorValue.pack(type, [rank, memory], types, rewriter) else {
        return false
      }
      unranked.append(packed)
    }
    let one = constant(1, rewriter)
    let places = unranked.map { promoted($0, count: one, rewriter) }
    let size = bytes(element, count: nil, rewriter)
    guard callRuntime("memrefCopy", op, [size] + places, [], rewriter) != nil else { return false }
    rewriter.llvm("intr.stackrestore", [stack])
    rewriter.erase(op)
    return true
  }

  // MARK: Regions

  /// The stack is as before behind the region, whose blocks become those of the function.
  func allocaScope(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let block = op.block, let region = block.region,
      let first = op.region(0).firstBlock, let end = op.region(0).lastBlock,
      let terminator = end.terminator
    else { return false }
    let rest = rewriter.split(block, before: op)
    var joined = rest
    if op.resultCount > 0 {
      joined = rewriter.createBlock(in: region, before: rest, arguments: op.results.types)
      rewriter.llvm("br", [], successors: [rest])
    }
    rewriter.inlineRegion(op.region(0), into: region, before: joined)
    rewriter.insertionPoint = .atEnd(of: block)
    let stack = rewriter.llvm("intr.stacksave", [], [types.pointer]).result()
    rewriter.llvm("br", [], successors: [first])
    rewriter.setInsertionPoint(before: terminator)
    rewriter.llvm("intr.stackrestore", [stack])
    rewriter.llvm("br", Array(terminator.operands), successors: [joined])
    rewriter.erase(terminator)
    rewriter.replace(op, with: Array(joined.arguments.prefix(op.resultCount)))
    return true
  }

  /// A loop that tries until nobody else has changed the element in between.
  func genericAtomicUpdate(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let memory = op.operand(0).type
    guard let type = types.convert(op.result().type), let block = op.block,
      let body = op.region(0).firstBlock, let yield = body.terminator,
      yield.operandCount == 1, memory.stridedLayout != nil,
      body.operations.allSatisfy({ $0 == yield || isConverted($0) })
    else { return false }
    let loop = rewriter.split(block, before: op)
    let argument = loop.addArgument(type)
    let rest = rewriter.split(loop, before: op.next)
    rewriter.insertionPoint = .atEnd(of: block)
    guard
      let pointer = elementPointer(
        operands[0], memory, Array(operands.dropFirst()), inBounds: false, rewriter)
    else { return false }
    let first = rewriter.llvm("load", [pointer], [type]).result()
    rewriter.llvm("br", [first], successors: [loop])
    rewriter.setInsertionPoint(before: op)
    var mapping = IRMapping()
    mapping.values[body.argument(0)] = rewriter.original(argument, as: body.argument(0).type)
    rewriter.setInsertionPoint(before: op)
    for inner in body.operations where inner != yield { rewriter.clone(inner, &mapping) }
    let result = rewriter.converted(mapping.lookup(yield.operand(0)), to: type)
    let context = op.context
    rewriter.setInsertionPoint(before: op)
    let exchange = rewriter.llvm(
      "cmpxchg", [pointer, argument, result], [LLVM.structType(context, [type, context.i1])],
      [
        ("success_ordering", context.i64Attribute(6)),
        ("failure_ordering", context.i64Attribute(2)),
      ]
    ).result()
    let loaded = rewriter.extractValue(exchange, [0])
    let isDone = rewriter.extractValue(exchange, [1])
    rewriter.llvm(
      "cond_br", [isDone, loaded], [],
      [("operandSegmentSizes", context.denseI32Array([1, 0, 1]))], successors: [rest, loop])
    rewriter.replace(op, with: loaded)
    return true
  }

  /// Whether an operation is of llvm, or becomes so in this pass: as in MLIR, updates by others stay.
  private func isConverted(_ op: Operation) -> Bool {
    ["llvm", "memref", "builtin"].contains(op.name.dialectName)
  }

  // MARK: Assumptions

  /// No two of the memrefs share memory.
  func distinctObjects(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    if operands.count > 1 {
      var pointers: [Value] = []
      for (old, new) in zip(op.operands, operands) {
        guard let element = types.convert(old.type.elementType) else { return false }
        pointers.append(bufferPointer(new, old.type, element, rewriter))
      }
      let context = op.context
      let condition = rewriter.llvm(
        "mlir.constant", [], [context.i1], [("value", context.boolAttribute(true))]
      ).result()
      for i in pointers.indices {
        for j in pointers.indices.dropFirst(i + 1) {
          rewriter.llvm(
            "intr.assume", [condition, pointers[i], pointers[j]], [],
            [
              ("op_bundle_sizes", context.denseI32Array([2])),
              ("op_bundle_tags", context.array([context.string("separate_storage")])),
            ])
        }
      }
    }
    rewriter.replace(op, with: operands)
    return true
  }
}
