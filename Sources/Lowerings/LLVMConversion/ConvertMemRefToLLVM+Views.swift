import MartletDialects
import MartletIR
import MartletRewriting

/// Globals, sizes and views.
extension MemRefLowering {
  // MARK: Globals

  /// Arrays, one in another, for a memref's dimensions.
  private func globalType(_ type: Type) -> Type? {
    guard var result = types.convert(type.elementType) else { return nil }
    for size in type.shape.reversed() { result = LLVM.arrayType(result, size) }
    return result
  }

  func global(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let context = op.context
    guard let type = op.attribute("type")?.typeValue, type.hasStaticShape,
      type.stridedLayout?.isContiguous(type.shape) ?? false,
      let converted = globalType(type), let space = LLVMTypes.addressSpace(type),
      let name = op.attribute("sym_name")
    else { return false }
    let initial = op.attribute("initial_value")
    let isPrivate = op.attribute("sym_visibility")?.stringValue == "private"
    var attributes: [(String, Attribute)] = [
      ("sym_name", name), ("global_type", context.typeAttribute(converted)),
      ("linkage", context.attribute(LLVM.linkage, [isPrivate ? 8 : 0])),
      ("addr_space", context.i32Attribute(space)),
    ]
    if op.hasAttribute("constant") { attributes.append(("constant", context.unit)) }
    if let alignment = op.attribute("alignment") { attributes.append(("alignment", alignment)) }
    let isUninitialized = initial?.kind == .unit
    if let initial, !isUninitialized {
      var value = initial
      if type.rank == 0, let elements = initial.denseElements { value = elements.element(0) }
      attributes.append(("value", value))
    }
    let made = rewriter.create(LLVM.global, attributes: attributes)
    if isUninitialized {
      let block = rewriter.createBlock(in: made.region(0))
      rewriter.insertionPoint = .atEnd(of: block)
      let undef = rewriter.llvm("mlir.undef", [], [converted])
      rewriter.llvm("return", [undef.result()])
    }
    rewriter.erase(op)
    return true
  }

  func getGlobal(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let type = op.result().type
    guard type.hasStaticShape, let converted = globalType(type),
      let element = types.convert(type.elementType), let name = op.attribute("name"),
      let space = LLVMTypes.addressSpace(type), let target = types.convert(type)
    else { return false }
    // The size in bytes is not needed; it is made as MLIR makes it.
    var sizes: [Value] = []
    for size in type.shape { sizes.append(constant(size, rewriter)) }
    var running = constant(1, rewriter)
    var strides = sizes
    var stride = 1
    for i in type.shape.indices.reversed() {
      strides[i] = running
      let isInnermost = stride == 1
      let (product, overflow) = stride.multipliedReportingOverflow(by: type.shape[i])
      if overflow { return false }
      stride = product
      running = isInnermost ? sizes[i] : constant(stride, rewriter)
    }
    let null = rewriter.llvm("mlir.zero", [], [types.pointer]).result()
    let end = address(null, element, [running], rewriter)
    rewriter.llvm("ptrtoint", [end], [types.indexType])
    let pointer = LLVM.pointer(op.context, addressSpace: space)
    let start = rewriter.llvm("mlir.addressof", [], [pointer], [("global_name", name)]).result()
    let first = address(
      start, converted, [], constants: Array(repeating: 0, count: type.rank + 1), rewriter)
    // Nobody may free it; a number easily seen stands for the allocated pointer.
    let marker = rewriter.llvm(
      "mlir.constant", [], [op.context.i64], [("value", op.context.indexAttribute(0xdead_beef))]
    ).result()
    let allocated = rewriter.llvm("inttoptr", [marker], [pointer]).result()
    var value = rewriter.llvm("mlir.poison", [], [target]).result()
    value = rewriter.insertValue(allocated, into: value, DescriptorValue.allocated)
    value = rewriter.insertValue(first, into: value, DescriptorValue.aligned)
    value = rewriter.insertValue(
      constant(0, rewriter), into: value, DescriptorValue.offset)
    for (i, size) in sizes.enumerated() {
      value = rewriter.insertValue(size, into: value, DescriptorValue.size(i))
    }
    for (i, stride) in strides.enumerated() {
      value = rewriter.insertValue(stride, into: value, DescriptorValue.stride(i))
    }
    rewriter.replace(op, with: value)
    return true
  }

  // MARK: Sizes

  func dimension(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let type = op.operand(0).type
    if type.kind == .unrankedMemRef { return unrankedDimension(op, operands, rewriter) }
    guard type.kind == .memRef else { return false }
    if let i = op.operand(1).constantInteger, type.shape.indices.contains(i) {
      rewriter.replace(
        op,
        with: type.shape[i] == Type.dynamic
          ? rewriter.extractValue(operands[0], DescriptorValue.size(i))
          : constant(type.shape[i], rewriter))
      return true
    }
    // Which size is wanted is known at run time only: they are put in memory and indexed.
    guard type.rank > 0 else { return false }
    let one = constant(1, rewriter)
    let sizes = rewriter.extractValue(operands[0], [3])
    let memory = rewriter.llvm(
      "alloca", [one], [types.pointer], [("elem_type", op.context.typeAttribute(sizes.type))]
    ).result()
    rewriter.llvm("store", [sizes, memory])
    let place = address(
      memory, sizes.type, [operands[1]], constants: [0, LLVM.dynamicIndex], rewriter)
    rewriter.replace(op, with: rewriter.llvm("load", [place], [types.indexType]))
    return true
  }

  func rank(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    if op.operand(0).type.kind == .unrankedMemRef {
      rewriter.replace(op, with: rewriter.extractValue(operands[0], [0]))
    } else {
      rewriter.replace(op, with: constant(op.operand(0).type.rank, rewriter))
    }
    return true
  }

  // MARK: Views

  func cast(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let (from, to) = (op.operand(0).type, op.result().type)
    switch (from.kind, to.kind) {
    case (.memRef, .memRef):
      guard types.convert(from) == types.convert(to) else { return false }
      rewriter.replace(op, with: operands[0])
    case (.memRef, .unrankedMemRef):
      guard let target = types.convert(to) else { return false }
      let memory = promoted(operands[0], rewriter)
      let rank = constant(from.rank, rewriter)
      var value = rewriter.llvm("mlir.poison", [], [target]).result()
      value = rewriter.insertValue(rank, into: value, [0])
      value = rewriter.insertValue(memory, into: value, [1])
      rewriter.replace(op, with: value)
    case (.unrankedMemRef, .memRef):
      guard let target = types.convert(to) else { return false }
      let memory = rewriter.extractValue(operands[0], [1])
      rewriter.replace(op, with: rewriter.llvm("load", [memory], [target]))
    default: return false
    }
    return true
  }

  /// Puts size or stride `entry` of a view, a constant or the next of `dynamic`, in a descriptor.
  private func entry(
    _ entry: Int, _ dynamic: inout ArraySlice<Value>, _ rewriter: ConversionRewriter
  ) -> Value? {
    entry == Type.dynamic ? dynamic.popFirst() : constant(entry, rewriter)
  }

  func reinterpret(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard let target = types.convert(type),
      let offsets = op.attribute("static_offsets")?.integers, offsets.count == 1,
      let sizes = op.attribute("static_sizes")?.integers, sizes.count == type.rank,
      let strides = op.attribute("static_strides")?.integers, strides.count == type.rank
    else { return false }
    let segments = op.operandSegments
    guard segments.count == 4 else { return false }
    var start = segments[0]
    var groups: [ArraySlice<Value>] = []
    for size in segments[1...] {
      groups.append(operands[start..<(start + size)])
      start += size
    }
    var value = rewriter.llvm("mlir.poison", [], [target]).result()
    guard let source = pointers(op.operand(0).type, operands[0], rewriter) else { return false }
    value = rewriter.insertValue(source.allocated, into: value, DescriptorValue.allocated)
    value = rewriter.insertValue(source.aligned, into: value, DescriptorValue.aligned)
    guard let offset = entry(offsets[0], &groups[0], rewriter) else { return false }
    value = rewriter.insertValue(offset, into: value, DescriptorValue.offset)
    for i in 0..<type.rank {
      guard let size = entry(sizes[i], &groups[1], rewriter) else { return false }
      value = rewriter.insertValue(size, into: value, DescriptorValue.size(i))
      guard let stride = entry(strides[i], &groups[2], rewriter) else { return false }
      value = rewriter.insertValue(stride, into: value, DescriptorValue.stride(i))
    }
    rewriter.replace(op, with: value)
    return true
  }

  func transpose(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let type = op.result().type
    guard let target = types.convert(type),
      let map = op.attribute("permutation")?.affineMap, map.results.count == type.rank
    else { return false }
    var value = rewriter.llvm("mlir.poison", [], [target]).result()
    for part in [DescriptorValue.allocated, DescriptorValue.aligned, DescriptorValue.offset] {
      value = rewriter.insertValue(
        rewriter.extractValue(operands[0], part), into: value, part)
    }
    for (i, source) in map.results.enumerated() {
      let position = source.position
      value = rewriter.insertValue(
        rewriter.extractValue(operands[0], DescriptorValue.size(position)), into: value,
        DescriptorValue.size(i))
      value = rewriter.insertValue(
        rewriter.extractValue(operands[0], DescriptorValue.stride(position)), into: value,
        DescriptorValue.stride(i))
    }
    rewriter.replace(op, with: value)
    return true
  }

  func castMemorySpace(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let (from, to) = (op.operand(0).type, op.result().type)
    if to.kind == .unrankedMemRef { return castUnrankedSpace(op, operands, rewriter) }
    guard from.kind == .memRef, to.kind == .memRef, let space = LLVMTypes.addressSpace(to)
    else { return false }
    let pointer = LLVM.pointer(op.context, addressSpace: space)
    var parts = DescriptorValue.unpack(from, operands[0], rewriter)
    for i in 0..<2 {
      parts[i] = rewriter.llvm("addrspacecast", [parts[i]], [pointer]).result()
    }
    guard let value = DescriptorValue.pack(to, parts, types, rewriter) else { return false }
    rewriter.replace(op, with: value)
    return true
  }

  func view(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let (from, to) = (op.operand(0).type, op.result().type)
    guard let target = types.convert(to), let layout = to.stridedLayout, layout.offset == 0,
      let element = types.convert(from.elementType),
      layout.strides.isEmpty || layout.strides.last == 1 || layout.strides.last == 0
    else { return false }
    var value = rewriter.llvm("mlir.poison", [], [target]).result()
    let allocated = rewriter.extractValue(operands[0], DescriptorValue.allocated)
    value = rewriter.insertValue(allocated, into: value, DescriptorValue.allocated)
    var aligned = rewriter.extractValue(operands[0], DescriptorValue.aligned)
    aligned = address(aligned, element, [operands[1]], rewriter)
    value = rewriter.insertValue(aligned, into: value, DescriptorValue.aligned)
    value = rewriter.insertValue(
      constant(0, rewriter), into: value, DescriptorValue.offset)
    var stride: Value?
    var next: Value?
    let dynamic = Array(operands.dropFirst(2))
    for i in to.shape.indices.reversed() {
      let size: Value
      if to.shape[i] == Type.dynamic {
        let k = to.shape[..<i].count { $0 == Type.dynamic }
        guard k < dynamic.count else { return false }
        size = dynamic[k]
      } else {
        size = constant(to.shape[i], rewriter)
      }
      value = rewriter.insertValue(size, into: value, DescriptorValue.size(i))
      if layout.strides[i] != Type.dynamic {
        stride = constant(layout.strides[i], rewriter)
      } else if let previous = next {
        stride = stride.map { binary("mul", $0, previous, rewriter) } ?? previous
      } else {
        stride = constant(1, rewriter)
      }
      if let stride {
        value = rewriter.insertValue(stride, into: value, DescriptorValue.stride(i))
      }
      next = size
    }
    rewriter.replace(op, with: value)
    return true
  }

  func extractMetadata(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.operand(0).type
    guard let base = types.convert(op.result(0).type) else { return false }
    let allocated = rewriter.extractValue(operands[0], DescriptorValue.allocated)
    let aligned = rewriter.extractValue(operands[0], DescriptorValue.aligned)
    var buffer = rewriter.llvm("mlir.poison", [], [base]).result()
    buffer = rewriter.insertValue(allocated, into: buffer, DescriptorValue.allocated)
    buffer = rewriter.insertValue(aligned, into: buffer, DescriptorValue.aligned)
    buffer = rewriter.insertValue(
      constant(0, rewriter), into: buffer, DescriptorValue.offset)
    var results = [buffer, rewriter.extractValue(operands[0], DescriptorValue.offset)]
    for i in 0..<type.rank {
      results.append(rewriter.extractValue(operands[0], DescriptorValue.size(i)))
    }
    for i in 0..<type.rank {
      results.append(rewriter.extractValue(operands[0], DescriptorValue.stride(i)))
    }
    guard results.count == op.resultCount else { return false }
    rewriter.replace(op, with: results)
    return true
  }

  func extractPointer(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.operand(0).type
    let pointer: Value
    if type.kind == .memRef {
      pointer = rewriter.extractValue(operands[0], DescriptorValue.aligned)
    } else {
      guard let space = LLVMTypes.addressSpace(type) else { return false }
      pointer = UnrankedDescriptor(types, addressSpace: space, rewriter)
        .aligned(rewriter.extractValue(operands[0], [1]))
    }
    rewriter.replace(op, with: rewriter.llvm("ptrtoint", [pointer], [types.indexType]))
    return true
  }

  // MARK: Copies

  /// Between contiguous memory one block is copied.
  func copy(_ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter) -> Bool {
    let (from, to) = (op.operand(0).type, op.operand(1).type)
    guard from.kind == .memRef, to.kind == .memRef, isOneBlock(from), isOneBlock(to) else {
      return copyByCall(op, operands, rewriter)
    }
    guard let element = types.convert(from.elementType) else { return false }
    var count = constant(1, rewriter)
    for i in 0..<from.rank {
      count = binary(
        "mul", count, rewriter.extractValue(operands[0], DescriptorValue.size(i)), rewriter)
    }
    let null = rewriter.llvm("mlir.zero", [], [types.pointer]).result()
    let end = address(null, element, [], constants: [1], rewriter)
    let size = rewriter.llvm("ptrtoint", [end], [types.indexType]).result()
    let total = binary("mul", count, size, rewriter)
    func start(_ descriptor: Value) -> Value {
      let aligned = rewriter.extractValue(descriptor, DescriptorValue.aligned)
      let offset = rewriter.extractValue(descriptor, DescriptorValue.offset)
      return address(aligned, element, [offset], rewriter)
    }
    let source = start(operands[0])
    let target = start(operands[1])
    rewriter.llvm(
      "intr.memcpy", [target, source, total], [],
      [("isVolatile", op.context.boolAttribute(false))])
    rewriter.erase(op)
    return true
  }

  /// Whether all elements lie one behind another.
  private func isOneBlock(_ type: Type) -> Bool {
    guard let layout = type.stridedLayout else { return false }
    if layout.isContiguous(type.shape) { return true }
    // Where nothing is to be copied, MLIR leaves that to the library.
    guard type.hasStaticShape, !type.shape.contains(0), !layout.strides.contains(Type.dynamic)
    else { return false }
    var expected = 1
    for (size, stride) in zip(type.shape, layout.strides).reversed() {
      if size == 1 { continue }
      if stride != expected { return false }
      expected = expected &* size
    }
    return true
  }
}
