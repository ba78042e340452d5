import MartletDialects
import MartletIR
import MartletSupport

extension Rewrites {
  static let memory: [(String, Rewrite)] = [
    ("memref.alloc", { (f, op) throws(Reported) in try f.lowerAlloc(op) }),
    ("memref.alloca", { (f, op) throws(Reported) in try f.lowerAlloca(op) }),
    ("memref.dealloc", { (f, op) throws(Reported) in try f.lowerDealloc(op) }),
    ("memref.load", { (f, op) throws(Reported) in try f.lowerLoad(op) }),
    ("memref.store", { (f, op) throws(Reported) in try f.lowerStore(op) }),
    ("memref.copy", { (f, op) throws(Reported) in try f.lowerCopy(op) }),
    ("memref.dim", { (f, op) throws(Reported) in try f.lowerDim(op) }),
    (
      "memref.rank",
      { (f, op) throws(Reported) in f.set(op.result(), f.llvm.index(op.operand(0).type.rank)) }
    ),
    ("memref.cast", { (f, op) throws(Reported) in try f.lowerMemRefCast(op) }),
    ("memref.memory_space_cast", { (f, op) throws(Reported) in try f.lowerMemRefCast(op) }),
    ("memref.assume_alignment", { (f, op) throws(Reported) in try f.lowerAssumeAlignment(op) }),
    ("memref.distinct_objects", { (f, op) throws(Reported) in try f.lowerDistinctObjects(op) }),
    ("memref.subview", { (f, op) throws(Reported) in try f.lowerSubview(op) }),
    ("memref.reinterpret_cast", { (f, op) throws(Reported) in try f.lowerReinterpretCast(op) }),
    ("memref.view", { (f, op) throws(Reported) in try f.lowerView(op) }),
    ("memref.transpose", { (f, op) throws(Reported) in try f.lowerTranspose(op) }),
    ("memref.collapse_shape", { (f, op) throws(Reported) in try f.lowerCollapse(op) }),
    ("memref.expand_shape", { (f, op) throws(Reported) in try f.lowerExpand(op) }),
    ("memref.get_global", { (f, op) throws(Reported) in try f.lowerGetGlobal(op) }),
    ("memref.prefetch", { (f, op) throws(Reported) in try f.lowerPrefetch(op) }),
    ("memref.atomic_rmw", { (f, op) throws(Reported) in try f.lowerAtomic(op) }),
    (
      "memref.extract_strided_metadata",
      { (f, op) throws(Reported) in try f.lowerExtractMetadata(op) }
    ),
    (
      "memref.extract_aligned_pointer_as_index",
      { (f, op) throws(Reported) in
        let source = try f.memref(op.operand(0), op)
        f.set(op.result(), f.llvm.value("ptrtoint", [source.base], f.llvm.i64))
      }
    ),
    (
      "bufferization.to_buffer",
      { (_, op) throws(Reported) in throw op.emitOpError("needs bufferize") }
    ),
  ]
}

extension FunctionToLLVM {
  // MARK: Addresses

  /// `offset + sum(indices * strides)`.
  func linear(_ memref: MemRefDescriptor, _ indices: [Value]) -> Value {
    var sum = memref.offset
    for (index, stride) in zip(indices, memref.strides) {
      sum = llvm.add(sum, llvm.multiply(index, stride))
    }
    return sum
  }

  func indices(_ values: some Sequence<Value>, _ user: Operation) throws(Reported) -> [Value] {
    var all: [Value] = []
    for index in values { all.append(try value(index, user)) }
    return all
  }

  func address(_ memref: MemRefDescriptor, _ indices: [Value], _ user: Operation)
    throws(Reported) -> Value
  {
    llvm.address(memref.base, linear(memref, indices), try storage(memref.type, user))
  }

  func alignment(_ operation: Operation, _ memref: Type) -> Int {
    operation.attribute("alignment")?.integerValue.map { Int($0) }
      ?? types.alignment(memref.elementType)
  }

  /// A value as memory holds it, and back.
  func stored(_ value: Value, _ storage: Type) -> Value {
    value.type == storage ? value : llvm.value("zext", [value], storage)
  }
  func restored(_ value: Value, _ type: Type) -> Value {
    value.type == type ? value : llvm.value("trunc", [value], type)
  }

  // MARK: Access

  func lowerLoad(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let address = try address(
      memref, indices(operation.operands.dropFirst(), operation), operation)
    let type = try partType(operation.result().type, operation)
    let storage = try storage(memref.type, operation)
    let loaded = llvm.load(
      address, storage, alignment: alignment(operation, memref.type),
      nontemporal: operation.attribute("nontemporal")?.boolValue ?? false)
    set(operation.result(), restored(loaded, type))
  }

  func lowerStore(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(1), operation)
    let address = try address(
      memref, indices(operation.operands.dropFirst(2), operation), operation)
    let storage = try storage(memref.type, operation)
    llvm.store(
      stored(try value(operation.operand(0), operation), storage), address,
      alignment: alignment(operation, memref.type),
      nontemporal: operation.attribute("nontemporal")?.boolValue ?? false)
  }

  func lowerPrefetch(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let address = try address(
      memref, indices(operation.operands.dropFirst(), operation), operation)
    func number(_ name: String) -> Attribute {
      let value = operation.attribute(name)?.integerValue ?? 0
      return context.i32Attribute(Int(value.magnitude))
    }
    llvm.make(
      "intr.prefetch", [address], [],
      [
        ("rw", number("isWrite")), ("hint", number("localityHint")),
        ("cache", number("isDataCache")),
      ])
  }

  func lowerAtomic(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(1), operation)
    let address = try address(
      memref, indices(operation.operands.dropFirst(2), operation), operation)
    // AtomicRMWKind to AtomicBinOp by the numbers of both.
    let operations = [11, 1, 3, 0, -1, 13, 7, 9, -1, 14, 8, 10, -1, -1, 5, 6]
    let kind = Int(operation.attribute("kind")?.enumValue ?? -1)
    guard operations.indices.contains(kind), operations[kind] >= 0 else {
      throw operation.emitOpError("has a kind that is not supported")
    }
    let input = try value(operation.operand(0), operation)
    let made = llvm.make(
      "atomicrmw", [address, input], [input.type],
      [
        ("bin_op", context.i64Attribute(operations[kind])), ("ordering", context.i64Attribute(6)),
      ])
    set(operation.result(), made.result())
  }

  // MARK: Allocation

  /// The descriptor of new row-major memory of `type`, and its size in bytes.
  func layOut(_ operation: Operation) throws(Reported) -> (MemRefDescriptor, Value) {
    let type = operation.result().type
    guard type.layout == nil || type.stridedLayout?.isContiguous(type.shape) ?? false else {
      throw operation.emitOpError("allocates a layout that is not row-major: '\(type)'")
    }
    guard let size = types.byteSize(type.elementType) else {
      throw operation.emitOpError("allocates elements that cannot be lowered: '\(type)'")
    }
    let (sizes, strides, count) = try contiguous(
      type.shape, operation.operandGroup(0), operation)
    let bytes = llvm.multiply(count, llvm.index(size))
    return (
      MemRefDescriptor(
        type: type, base: llvm.poison(llvm.ptr), offset: llvm.index(0), sizes: sizes,
        strides: strides), bytes
    )
  }

  /// Sizes and strides of a row-major array whose open extents are `dynamic`, and how many elements it has.
  func contiguous(_ shape: [Int], _ dynamic: OperandList, _ operation: Operation)
    throws(Reported) -> (sizes: [Value], strides: [Value], count: Value)
  {
    var dynamic = dynamic.makeIterator()
    var sizes: [Value] = []
    for size in shape {
      if size != Type.dynamic {
        sizes.append(llvm.index(size))
      } else if let next = dynamic.next() {
        sizes.append(try value(next, operation))
      }
    }
    var strides: [Value] = []
    var running = llvm.index(1)
    for size in sizes.reversed() {
      strides.insert(running, at: 0)
      running = llvm.multiply(running, size)
    }
    return (sizes, strides, running)
  }

  func lowerAlloc(_ operation: Operation) throws(Reported) {
    var (descriptor, bytes) = try layOut(operation)
    let asked = operation.attribute("alignment")?.integerValue ?? 64
    let alignment = max(Int(asked), 16)
    // aligned_alloc wants a multiple of the alignment.
    let mask = llvm.index(alignment - 1)
    let rounded: Value
    if let known = llvm.known(bytes) {
      rounded = llvm.index((known &+ (alignment - 1)) & ~(alignment - 1))
    } else {
      let sum = llvm.add(bytes, mask)
      rounded = llvm.same("and", sum, llvm.index(~(alignment - 1)))
    }
    module.declare("aligned_alloc", [llvm.i64, llvm.i64], llvm.ptr)
    descriptor.base = llvm.call(
      "aligned_alloc", [llvm.index(alignment), rounded], llvm.ptr
    ).result()
    descriptor.alignment = alignment
    set(operation.result(), .memref(descriptor))
  }

  func lowerDealloc(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    module.declare("free", [llvm.ptr], nil)
    llvm.call("free", [memref.base], nil)
  }

  /// Memory of static size lives in the function's entry, so that a loop does not use up the stack.
  func lowerAlloca(_ operation: Operation) throws(Reported) {
    var (descriptor, _) = try layOut(operation)
    let type = operation.result().type
    let storage = try storage(type, operation)
    let asked = operation.attribute("alignment")?.integerValue.map { Int($0) }
    let attributes: [(String, Attribute)] = [
      ("elem_type", context.typeAttribute(storage)),
      ("alignment", context.i64Attribute(max(asked ?? 16, types.alignment(type.elementType)))),
    ]
    if let count = type.elementCount {
      let size = llvm.index(count)
      let point: InsertionPoint =
        size.definingOperation.flatMap { .after($0) } ?? .atStart(of: entry)
      descriptor.base = llvm.builder.at(point) {
        llvm.value("alloca", [size], llvm.ptr, attributes)
      }
    } else {
      var count = llvm.index(1)
      for size in descriptor.sizes { count = llvm.multiply(count, size) }
      descriptor.base = llvm.value("alloca", [count], llvm.ptr, attributes)
    }
    set(operation.result(), .memref(descriptor))
  }

  func lowerGetGlobal(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    guard let name = operation.attribute("name")?.rootReference?.string,
      let layout = type.stridedLayout, !type.shape.contains(Type.dynamic)
    else { throw operation.emitOpError("has a type that cannot be lowered") }
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: type, base: addressOf(name), offset: llvm.index(layout.offset),
          sizes: type.shape.map { llvm.index($0) }, strides: layout.strides.map { llvm.index($0) },
          alignment: 64)))
  }

  // MARK: Copy

  func lowerCopy(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let target = try memref(operation.operand(1), operation)
    let element = try storage(source.type, operation)
    guard let size = types.byteSize(source.type.elementType) else {
      throw operation.emitOpError("copies elements that cannot be lowered")
    }
    // The dimensions behind `split` lie without gaps in both.
    let rank = source.sizes.count
    var split = rank
    var running = llvm.index(1)
    while split > 0, isSame(source.strides[split - 1], running),
      isSame(target.strides[split - 1], running)
    {
      split -= 1
      running = llvm.multiply(running, source.sizes[split])
    }
    // Dimensions of size 1 in front need no loop.
    let outer = (0..<split).filter { llvm.known(source.sizes[$0]) != 1 }
    let bytes = llvm.multiply(running, llvm.index(size))
    copyNest(outer[...], source, target, source.offset, target.offset) { from, to in
      let (a, b) = (
        llvm.address(source.base, from, element), llvm.address(target.base, to, element)
      )
      if split == rank {
        let alignment = types.alignment(source.type.elementType)
        llvm.store(llvm.load(a, element, alignment: alignment), b, alignment: alignment)
      } else {
        llvm.make(
          "intr.memcpy", [b, a, bytes], [], [("isVolatile", context.boolAttribute(false))])
      }
    }
  }

  func isSame(_ a: Value, _ b: Value) -> Bool {
    if a == b { return true }
    guard let x = llvm.known(a), let y = llvm.known(b) else { return false }
    return x == y
  }

  func copyNest(
    _ dimensions: ArraySlice<Int>, _ source: MemRefDescriptor, _ target: MemRefDescriptor,
    _ from: Value, _ to: Value, _ body: (Value, Value) -> Void
  ) {
    guard let dimension = dimensions.first else { return body(from, to) }
    loop(source.sizes[dimension]) { index in
      let a = llvm.add(from, llvm.multiply(index, source.strides[dimension]))
      let b = llvm.add(to, llvm.multiply(index, target.strides[dimension]))
      copyNest(dimensions.dropFirst(), source, target, a, b, body)
    }
  }

  /// A loop over 0..<count; the builder stands behind it afterwards.
  func loop(_ count: Value, _ body: (Value) -> Void) {
    guard let here = llvm.builder.insertionPoint?.block, let region = here.region else { return }
    let head = context.createBlock(arguments: [llvm.i64])
    let inside = context.createBlock()
    let after = context.createBlock()
    region.insert(head, after: here)
    region.insert(inside, after: head)
    llvm.branch(head, [llvm.index(0)])
    llvm.builder.setInsertionPoint(atEnd: head)
    let index = head.argument(0)
    llvm.branch(compare("icmp", [index, count], 2), inside, [], after)
    llvm.builder.setInsertionPoint(atEnd: inside)
    body(index)
    llvm.branch(head, [llvm.add(index, llvm.index(1))])
    if let last = llvm.builder.insertionPoint?.block { region.insert(after, after: last) }
    llvm.builder.setInsertionPoint(atEnd: after)
  }
}
