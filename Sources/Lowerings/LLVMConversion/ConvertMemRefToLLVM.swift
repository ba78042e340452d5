import MartletDialects
import MartletIR
import MartletPasses
import MartletRewriting
import MartletSupport

extension Pass {
  /// Turns operations of memref into those of llvm on descriptors; views have to be expanded before.
  ///
  ///     %0 = memref.load %m[%i] : memref<4xf32>   ->   %p = llvm.extractvalue %d[1]
  ///                                                    %a = llvm.getelementptr %p[%i]
  ///                                                    %0 = llvm.load %a : !llvm.ptr -> f32
  public static let finalizeMemRefToLLVM = Pass(
    "finalize-memref-to-llvm", name: "FinalizeMemRefToLLVMConversionPass",
    "Finalize MemRef dialect to LLVM dialect conversion", anchor: "builtin.module",
    options: [
      .bool(
        "use-aligned-alloc", default: false,
        "Use aligned_alloc in place of malloc for heap allocations"),
      indexBitwidthOption,
      .bool(
        "use-generic-functions", default: false,
        "Use generic allocation and deallocation functions instead of the classic 'malloc', 'aligned_alloc' and 'free' functions"
      ),
    ], dependentDialects: ["llvm"]
  ) { (operation, state) throws(Reported) in
    let types = LLVMTypes(
      operation, indexBits: state.options.integer("index-bitwidth"))
    let lowering = MemRefLowering(
      types: types, usesAlignedAlloc: state.options.bool("use-aligned-alloc"),
      usesGenericFunctions: state.options.bool("use-generic-functions"))
    let target = ConversionTarget()
    target.addLegal(dialects: "llvm")
    target.addLegal("func.func")
    try applyPartialConversion(operation, target, lowering.patterns, types.converter)
  }
}

/// The conversions of memref's operations.
struct MemRefLowering {
  let types: LLVMTypes
  let usesAlignedAlloc: Bool
  let usesGenericFunctions: Bool

  typealias Body = (Operation, [Value], ConversionRewriter) -> Bool

  var patterns: [ConversionPattern] {
    let bodies: [(String, Body)] = [
      ("alloc", allocate), ("alloca", allocateOnStack), ("dealloc", deallocate),
      ("load", load), ("store", store), ("global", global), ("get_global", getGlobal),
      ("dim", dimension), ("rank", rank), ("cast", cast),
      ("reinterpret_cast", reinterpret), ("copy", copy),
      ("extract_strided_metadata", extractMetadata),
      ("extract_aligned_pointer_as_index", extractPointer), ("atomic_rmw", atomicUpdate),
      ("prefetch", prefetch), ("assume_alignment", assumeAlignment), ("transpose", transpose),
      ("memory_space_cast", castMemorySpace), ("view", view), ("reshape", reshape),
      ("alloca_scope", allocaScope), ("generic_atomic_rmw", genericAtomicUpdate),
      ("distinct_objects", distinctObjects),
    ]
    return bodies.map { name, body in
      ConversionPattern("memref.\(name)-to-llvm", root: "memref.\(name)", body)
    }
  }

  // MARK: Parts

  /// A constant written as an index.
  func constant(_ value: Int, _ rewriter: ConversionRewriter) -> Value {
    rewriter.llvm(
      "mlir.constant", [], [types.indexType], [("value", rewriter.context.indexAttribute(value))]
    ).result()
  }

  func binary(_ name: String, _ a: Value, _ b: Value, _ rewriter: ConversionRewriter) -> Value {
    rewriter.llvm(name, [a, b], [a.type]).result()
  }

  /// The address `indices` elements behind `base`.
  func address(
    _ base: Value, _ element: Type, _ indices: [Value], constants: [Int]? = nil,
    flags: Int = 0, _ rewriter: ConversionRewriter
  ) -> Value {
    let raw = constants ?? indices.map { _ in LLVM.dynamicIndex }
    return rewriter.llvm(
      "getelementptr", [base] + indices, [base.type],
      [
        ("elem_type", rewriter.context.typeAttribute(element)),
        ("rawConstantIndices", rewriter.context.denseI32Array(raw)),
        ("noWrapFlags", rewriter.context.i32Attribute(flags)),
      ]
    ).result()
  }

  /// The number of bytes of `count` elements, by the address behind them.
  func bytes(
    _ element: Type, count: Value?, _ rewriter: ConversionRewriter
  ) -> Value {
    let null = rewriter.llvm("mlir.zero", [], [types.pointer]).result()
    let end = address(
      null, element, count.map { [$0] } ?? [], constants: count == nil ? [1] : nil, rewriter)
    return rewriter.llvm("ptrtoint", [end], [types.indexType]).result()
  }

  /// The address of the first element.
  func bufferPointer(
    _ descriptor: Value, _ type: Type, _ element: Type, _ rewriter: ConversionRewriter
  ) -> Value {
    let aligned = rewriter.extractValue(descriptor, DescriptorValue.aligned)
    let offset = type.stridedLayout?.offset ?? 0
    if offset == 0 { return aligned }
    let distance =
      offset == Type.dynamic
      ? rewriter.extractValue(descriptor, DescriptorValue.offset) : constant(offset, rewriter)
    return address(aligned, element, [distance], rewriter)
  }

  /// The address of the element at `indices`; with `inBounds` promised to lie in the memory.
  func elementPointer(
    _ descriptor: Value, _ type: Type, _ indices: [Value], inBounds: Bool,
    _ rewriter: ConversionRewriter
  ) -> Value? {
    guard let layout = type.stridedLayout, let element = types.convert(type.elementType),
      layout.strides.count == indices.count
    else { return nil }
    let base = bufferPointer(descriptor, type, element, rewriter)
    let flags: [(String, Attribute)] =
      inBounds ? [("overflowFlags", rewriter.context.i32Attribute(3))] : []
    var sum: Value?
    for (i, index) in indices.enumerated() {
      var part = index
      if layout.strides[i] != 1 {
        let stride =
          layout.strides[i] == Type.dynamic
          ? rewriter.extractValue(descriptor, DescriptorValue.stride(i))
          : constant(layout.strides[i], rewriter)
        part = rewriter.llvm("mul", [part, stride], [part.type], flags).result()
      }
      sum = sum.map { rewriter.llvm("add", [$0, part], [part.type], flags).result() } ?? part
    }
    guard let sum else { return base }
    return address(base, element, [sum], flags: inBounds ? 3 | 4 : 0, rewriter)
  }

  /// Sizes and strides of a contiguous memref and the number of its elements.
  private func shape(
    _ type: Type, _ dynamic: [Value], _ rewriter: ConversionRewriter
  ) -> (sizes: [Value], strides: [Value], count: Value)? {
    var next = dynamic.makeIterator()
    var sizes: [Value] = []
    for size in type.shape {
      if size == Type.dynamic {
        guard let value = next.next() else { return nil }
        sizes.append(value)
      } else {
        sizes.append(constant(size, rewriter))
      }
    }
    var running = constant(1, rewriter)
    var strides = sizes
    var stride = 1
    for i in type.shape.indices.reversed() {
      strides[i] = running
      let isInnermost = stride == 1
      let size = type.shape[i]
      if size == Type.dynamic { stride = Type.dynamic }
      if stride != Type.dynamic {
        let (product, overflow) = stride.multipliedReportingOverflow(by: size)
        if overflow { return nil }
        stride = product
      }
      if isInnermost {
        running = sizes[i]
      } else if stride == Type.dynamic {
        running = binary("mul", running, sizes[i], rewriter)
      } else {
        running = constant(stride, rewriter)
      }
    }
    return (sizes, strides, running)
  }

  private func descriptor(
    _ type: Type, allocated: Value, aligned: Value, _ sizes: [Value], _ strides: [Value],
    _ rewriter: ConversionRewriter
  ) -> Value? {
    guard let converted = types.convert(type) else { return nil }
    var value = rewriter.llvm("mlir.poison", [], [converted]).result()
    value = rewriter.insertValue(allocated, into: value, DescriptorValue.allocated)
    value = rewriter.insertValue(aligned, into: value, DescriptorValue.aligned)
    value = rewriter.insertValue(
      constant(0, rewriter), into: value, DescriptorValue.offset)
    for (i, size) in sizes.enumerated() {
      value = rewriter.insertValue(size, into: value, DescriptorValue.size(i))
    }
    for (i, stride) in strides.enumerated() {
      value = rewriter.insertValue(stride, into: value, DescriptorValue.stride(i))
    }
    return value
  }

  // MARK: Allocation

  private func isContiguous(_ type: Type) -> Bool {
    type.stridedLayout?.isContiguous(type.shape) ?? false
  }

  /// Calls a function of the runtime library, which is declared where it is not yet.
  func callRuntime(
    _ name: String, _ op: Operation, _ operands: [Value], _ results: [Type],
    _ rewriter: ConversionRewriter
  ) -> Operation? {
    guard let module = op.ancestor(where: { $0.name.string == "builtin.module" }),
      let body = module.region(0).firstBlock
    else { return nil }
    let point = rewriter.insertionPoint
    let type = LLVM.functionType(
      results.first ?? LLVM.voidType(op.context), operands.map(\.type))
    let symbols = SymbolDeclarations(body, rewriter)
    guard let declared = symbols.declareUnique(name, type) else { return nil }
    rewriter.insertionPoint = point
    return rewriter.llvmCall(declared, operands, results)
  }

  /// `value` rounded up to a multiple of `alignment`.
  private func align(
    _ value: Value, _ alignment: Value, _ rewriter: ConversionRewriter
  ) -> Value {
    let one = constant(1, rewriter)
    let bump = binary("sub", alignment, one, rewriter)
    let bumped = binary("add", value, bump, rewriter)
    let rest = binary("urem", bumped, alignment, rewriter)
    return binary("sub", bumped, rest, rewriter)
  }

  private func allocate(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard isContiguous(type), let element = types.convert(type.elementType),
      let space = LLVMTypes.addressSpace(type), op.operandGroup(1).isEmpty,
      let parts = shape(type, operands, rewriter)
    else { return false }
    let size = bytes(element, count: parts.count, rewriter)
    let alignment = op.attribute("alignment")?.integerValue.map { Int($0) }
    let allocated: Value
    var aligned: Value
    if usesAlignedAlloc {
      guard let elementSize = elementSize(type.elementType, element) else { return false }
      var chosen = alignment ?? 16
      if alignment == nil { while chosen < elementSize, chosen < 1 << 30 { chosen *= 2 } }
      let boundary = constant(chosen, rewriter)
      var known = elementSize
      for size in type.shape where size != Type.dynamic { known = known &* size }
      let padded = known % chosen == 0 ? size : align(size, boundary, rewriter)
      let name = usesGenericFunctions ? "_mlir_memref_to_llvm_aligned_alloc" : "aligned_alloc"
      guard
        let call = callRuntime(name, op, [boundary, padded], [types.pointer], rewriter)
      else { return false }
      allocated = inSpace(call.result(), space, rewriter)
      aligned = allocated
    } else {
      var total = size
      var boundary: Value?
      if let alignment {
        boundary = constant(alignment, rewriter)
      } else if !type.elementType.isIntOrIndex && !type.elementType.isFloat {
        boundary = bytes(element, count: nil, rewriter)
      }
      if let boundary { total = binary("add", size, boundary, rewriter) }
      let name = usesGenericFunctions ? "_mlir_memref_to_llvm_alloc" : "malloc"
      guard let call = callRuntime(name, op, [total], [types.pointer], rewriter) else {
        return false
      }
      allocated = inSpace(call.result(), space, rewriter)
      aligned = allocated
      if let boundary {
        let number = rewriter.llvm("ptrtoint", [allocated], [types.indexType]).result()
        let rounded = align(number, boundary, rewriter)
        aligned = rewriter.llvm("inttoptr", [rounded], [allocated.type]).result()
      }
    }
    guard
      let value = descriptor(
        type, allocated: allocated, aligned: aligned, parts.sizes, parts.strides, rewriter)
    else { return false }
    rewriter.replace(op, with: value)
    return true
  }

  /// The bytes of an element in MLIR's layout, where the rows of vectors take a power of two of elements.
  private func elementSize(_ type: Type, _ converted: Type) -> Int? {
    guard type.isVector, let last = type.shape.last,
      let element = LLVMDataLayout.byteSize(
        converted.llvmArray == nil ? type.elementType : converted),
      let count = type.elementCount, converted.llvmArray == nil
    else { return LLVMDataLayout.byteSize(converted) }
    var width = 1
    while width < last { width *= 2 }
    let (size, overflow) = (count / max(1, last)).multipliedReportingOverflow(by: width * element)
    return overflow ? nil : size
  }

  private func inSpace(
    _ pointer: Value, _ space: Int, _ rewriter: ConversionRewriter
  ) -> Value {
    if space == 0 { return pointer }
    return rewriter.llvm(
      "addrspacecast", [pointer], [LLVM.pointer(rewriter.context, addressSpace: space)]
    ).result()
  }

  private func allocateOnStack(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let type = op.result().type
    guard isContiguous(type), let element = types.convert(type.elementType),
      let space = LLVMTypes.addressSpace(type), op.operandGroup(1).isEmpty,
      let parts = shape(type, operands, rewriter)
    else { return false }
    var attributes: [(String, Attribute)] = [
      ("elem_type", op.context.typeAttribute(element))
    ]
    if let alignment = op.attribute("alignment") { attributes.append(("alignment", alignment)) }
    let pointer = rewriter.llvm(
      "alloca", [parts.count], [LLVM.pointer(op.context, addressSpace: space)], attributes
    ).result()
    guard
      let value = descriptor(
        type, allocated: pointer, aligned: pointer, parts.sizes, parts.strides, rewriter)
    else { return false }
    rewriter.replace(op, with: value)
    return true
  }

  private func deallocate(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let space = LLVMTypes.addressSpace(op.operand(0).type) else { return false }
    var pointer =
      op.operand(0).type.kind == .memRef
      ? rewriter.extractValue(operands[0], DescriptorValue.allocated)
      : UnrankedDescriptor(types, addressSpace: space, rewriter)
        .allocated(rewriter.extractValue(operands[0], [1]))
    if space != 0 {
      pointer = rewriter.llvm("addrspacecast", [pointer], [types.pointer]).result()
    }
    let name = usesGenericFunctions ? "_mlir_memref_to_llvm_free" : "free"
    guard callRuntime(name, op, [pointer], [], rewriter) != nil else { return false }
    rewriter.erase(op)
    return true
  }

  // MARK: Access

  private func accessAttributes(_ op: Operation) -> [(String, Attribute)] {
    var attributes: [(String, Attribute)] = []
    if let alignment = op.attribute("alignment") { attributes.append(("alignment", alignment)) }
    if op.attribute("nontemporal")?.boolValue ?? false {
      attributes.append(("nontemporal", op.context.unit))
    }
    return attributes
  }

  private func load(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let type = types.convert(op.result().type),
      let pointer = elementPointer(
        operands[0], op.operand(0).type, Array(operands.dropFirst()), inBounds: true, rewriter)
    else { return false }
    rewriter.replace(op, with: rewriter.llvm("load", [pointer], [type], accessAttributes(op)))
    return true
  }

  private func store(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard
      let pointer = elementPointer(
        operands[1], op.operand(1).type, Array(operands.dropFirst(2)), inBounds: true, rewriter)
    else { return false }
    rewriter.llvm("store", [operands[0], pointer], [], accessAttributes(op))
    rewriter.erase(op)
    return true
  }

  private static let atomicKinds: [String: Int] = [
    "addf": 11, "addi": 1, "assign": 0, "maximumf": 19, "maxnumf": 13, "maxs": 7, "maxu": 9,
    "minimumf": 20, "minnumf": 14, "mins": 8, "minu": 10, "ori": 5, "xori": 6, "andi": 3,
  ]

  private func atomicUpdate(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard let value = op.attribute("kind")?.enumValue,
      let name = MemRef.atomicKindName(value), let kind = Self.atomicKinds[name],
      let pointer = elementPointer(
        operands[1], op.operand(1).type, Array(operands.dropFirst(2)), inBounds: false, rewriter)
    else { return false }
    let made = rewriter.llvm(
      "atomicrmw", [pointer, operands[0]], [operands[0].type],
      [
        ("bin_op", op.context.i64Attribute(kind)), ("ordering", op.context.i64Attribute(6)),
      ])
    rewriter.replace(op, with: made)
    return true
  }

  private func prefetch(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    guard
      let pointer = elementPointer(
        operands[0], op.operand(0).type, Array(operands.dropFirst()), inBounds: false, rewriter)
    else { return false }
    let flag = { (name: String) in op.attribute(name)?.boolValue ?? false ? 1 : 0 }
    rewriter.llvm(
      "intr.prefetch", [pointer], [],
      [
        ("rw", op.context.i32Attribute(flag("isWrite"))),
        ("hint", op.context.i32Attribute(Int(op.attribute("localityHint")?.integerValue ?? 0))),
        ("cache", op.context.i32Attribute(flag("isDataCache"))),
      ])
    rewriter.erase(op)
    return true
  }

  private func assumeAlignment(
    _ op: Operation, _ operands: [Value], _ rewriter: ConversionRewriter
  ) -> Bool {
    let context = op.context
    guard let alignment = op.attribute("alignment")?.integerValue,
      let element = types.convert(op.operand(0).type.elementType)
    else { return false }
    let pointer = bufferPointer(operands[0], op.operand(0).type, element, rewriter)
    let condition = rewriter.llvm(
      "mlir.constant", [], [context.i1], [("value", context.boolAttribute(true))])
    let boundary = constant(Int(alignment), rewriter)
    rewriter.llvm(
      "intr.assume", [condition.result(), pointer, boundary], [],
      [
        ("op_bundle_sizes", context.denseI32Array([2])),
        ("op_bundle_tags", context.array([context.string("align")])),
      ])
    rewriter.replace(op, with: operands[0])
    return true
  }
}
