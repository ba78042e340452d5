import MartletDialects
import MartletIR
import MartletSupport

extension FunctionToLLVM {
  // MARK: Memory

  /// The addresses of the rows of a vector in a memref, from these indices on.
  func rowAddresses(
    _ memref: MemRefDescriptor, _ indices: [Value], _ type: Type, _ user: Operation
  ) throws(Reported) -> [Value] {
    guard !memref.type.elementType.isVector else { return [try address(memref, indices, user)] }
    if let stride = memref.strides.last, llvm.known(stride) != 1, type.rank > 0,
      type.dimension(type.rank - 1) != 1
    {
      throw user.emitOpError("needs a memref whose innermost stride is known to be 1")
    }
    let start = linear(memref, indices)
    let outer = type.shape.dropLast()
    let lead = memref.strides.count - type.rank
    var offsets = [start]
    for (d, size) in outer.enumerated() {
      var next: [Value] = []
      for base in offsets {
        for i in 0..<size {
          next.append(llvm.add(base, llvm.multiply(llvm.index(i), memref.strides[lead + d])))
        }
      }
      offsets = next
    }
    let element = try storage(memref.type, user)
    return offsets.map { llvm.address(memref.base, $0, element) }
  }

  /// The type a row has in memory.
  func rowStorage(_ part: Type, _ memref: Type, _ user: Operation) throws(Reported) -> Type {
    if memref.elementType.isVector { return try storage(memref, user) }
    let element = try storage(memref, user)
    return part.isVector ? context.vector(part.shape, element) : element
  }

  func lowerVectorLoad(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let type = operation.result().type
    let part = try partType(type, operation)
    let storage = try rowStorage(part, memref.type, operation)
    let indices = try indices(operation.operands.dropFirst(), operation)
    var parts: [Value] = []
    for address in try rowAddresses(memref, indices, type, operation) {
      let loaded = llvm.load(
        address, storage, alignment: alignment(operation, memref.type),
        nontemporal: operation.attribute("nontemporal")?.boolValue ?? false)
      parts.append(restored(loaded, part))
    }
    set(operation.result(), parts: parts)
  }

  func lowerVectorStore(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(1), operation)
    let parts = try parts(operation.operand(0), operation)
    let storage = try rowStorage(parts[0].type, memref.type, operation)
    let indices = try indices(operation.operands.dropFirst(2), operation)
    let addresses = try rowAddresses(memref, indices, operation.operand(0).type, operation)
    for (part, address) in zip(parts, addresses) {
      llvm.store(
        stored(part, storage), address, alignment: alignment(operation, memref.type),
        nontemporal: operation.attribute("nontemporal")?.boolValue ?? false)
    }
  }

  func i32(_ value: Int) -> Attribute { context.i32Attribute(value) }

  func lowerMaskedLoad(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let rank = memref.sizes.count
    let indices = try indices(operation.operands[1..<(1 + rank)], operation)
    let mask = try value(operation.operand(1 + rank), operation)
    let other = try value(operation.operand(2 + rank), operation)
    let address = try address(memref, indices, operation)
    set(operation.result(), maskedLoad(address, mask, other, alignment(operation, memref.type)))
  }

  func maskedLoad(_ address: Value, _ mask: Value, _ other: Value, _ alignment: Int)
    -> Value
  {
    llvm.value(
      "intr.masked.load", [address, mask, other], other.type, [("alignment", i32(alignment))])
  }

  func lowerMaskedStore(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let rank = memref.sizes.count
    let indices = try indices(operation.operands[1..<(1 + rank)], operation)
    let mask = try value(operation.operand(1 + rank), operation)
    let stored = try value(operation.operand(2 + rank), operation)
    llvm.make(
      "intr.masked.store", [stored, try address(memref, indices, operation), mask], [],
      [("alignment", i32(alignment(operation, memref.type)))])
  }

  /// Addresses of `base[offset + lanes]` for a vector of lanes.
  func addresses(
    _ memref: MemRefDescriptor, _ indices: [Value], _ lanes: Value, _ user: Operation
  ) throws(Reported) -> Value {
    let element = try storage(memref.type, user)
    let base = llvm.address(memref.base, linear(memref, indices), element)
    var wide = lanes
    if (lanes.type.elementType.bitWidth ?? 64) < 64 {
      wide = llvm.value("sext", [lanes], context.vector(lanes.type.shape, llvm.i64))
    }
    if let stride = memref.strides.last, llvm.known(stride) != 1 {
      wide = llvm.same("mul", wide, splat(stride, wide.type))
    }
    return llvm.value(
      "getelementptr", [base, wide], context.vector(lanes.type.shape, llvm.ptr),
      [
        ("rawConstantIndices", context.denseI32Array([LLVM.dynamicIndex])),
        ("elem_type", context.typeAttribute(element)),
      ])
  }

  func lowerGather(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let rank = memref.sizes.count
    let indices = try indices(operation.operands[1..<(1 + rank)], operation)
    let lanes = try parts(operation.operand(1 + rank), operation)
    let masks = try parts(operation.operand(2 + rank), operation)
    let others = try parts(operation.operand(3 + rank), operation)
    var results: [Value] = []
    for i in lanes.indices {
      let pointers = try addresses(memref, indices, lanes[i], operation)
      results.append(
        llvm.value(
          "intr.masked.gather", [pointers, masks[i], others[i]], others[i].type,
          [("alignment", i32(alignment(operation, memref.type)))]))
    }
    set(operation.result(), parts: results)
  }

  func lowerScatter(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let rank = memref.sizes.count
    let indices = try indices(operation.operands[1..<(1 + rank)], operation)
    let lanes = try value(operation.operand(1 + rank), operation)
    let mask = try value(operation.operand(2 + rank), operation)
    let stored = try value(operation.operand(3 + rank), operation)
    llvm.make(
      "intr.masked.scatter", [stored, try addresses(memref, indices, lanes, operation), mask], [],
      [("alignment", i32(alignment(operation, memref.type)))])
  }

  // MARK: Transfers

  /// Checks that a transfer is of one row along the innermost dimension.
  func checkTransfer(_ operation: Operation, _ memref: MemRefDescriptor, _ vector: Type)
    throws(Reported)
  {
    let rank = memref.sizes.count
    guard vector.rank == 1, let map = operation.attribute("permutation_map")?.affineMap,
      map.resultCount == 1, map.projectedDimensions == [rank - 1],
      llvm.known(memref.strides.last ?? llvm.index(1)) == 1
    else {
      throw operation.emitOpError(
        "is not of one row along an innermost dimension of stride 1, which is not supported")
    }
  }

  /// Which lanes lie inside the memref; nil where all do.
  func transferMask(
    _ operation: Operation, _ memref: MemRefDescriptor, _ indices: [Value], _ type: Type,
    mask: Value?
  ) throws(Reported) -> Value? {
    let isInBounds = operation.attribute("in_bounds")?.elements?.first?.boolValue ?? false
    let given = try mask.map { mask throws(Reported) in try value(mask, operation) }
    if isInBounds { return given }
    guard let index = indices.last, let size = memref.sizes.last else { return given }
    let inside = laneMask(llvm.subtract(size, index), type.dimension(0))
    return given.map { llvm.same("and", $0, inside) } ?? inside
  }

  /// The lanes below `count`.
  func laneMask(_ count: Value, _ width: Int) -> Value {
    let type = context.vector([width], llvm.i64)
    let lanes = llvm.constant(context.dense(type, integers: Array(0..<width)), type)
    return compare("icmp", [lanes, splat(count, type)], 2)
  }

  func lowerTransferRead(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operandGroup(0)[0], operation)
    let indices = try indices(operation.operandGroup(1), operation)
    let padding = try value(operation.operandGroup(2)[0], operation)
    let type = try partType(operation.result().type, operation)
    let address = try address(memref, indices, operation)
    if operation.result().type.rank == 0 {
      let loaded = llvm.load(address, type, alignment: types.alignment(memref.type.elementType))
      set(operation.result(), loaded)
      return
    }
    try checkTransfer(operation, memref, operation.result().type)
    let alignment = types.alignment(memref.type.elementType)
    let mask = try transferMask(
      operation, memref, indices, type, mask: operation.operandGroup(3).first)
    if let mask {
      set(operation.result(), maskedLoad(address, mask, splat(padding, type), alignment))
    } else {
      set(operation.result(), llvm.load(address, type, alignment: alignment))
    }
  }

  func lowerTransferWrite(_ operation: Operation) throws(Reported) {
    let vector = operation.operandGroup(0)[0]
    let memref = try memref(operation.operandGroup(1)[0], operation)
    let indices = try indices(operation.operandGroup(2), operation)
    let stored = try value(vector, operation)
    let address = try address(memref, indices, operation)
    let alignment = types.alignment(memref.type.elementType)
    if vector.type.rank == 0 {
      llvm.store(stored, address, alignment: alignment)
      return
    }
    try checkTransfer(operation, memref, vector.type)
    let mask = try transferMask(
      operation, memref, indices, stored.type, mask: operation.operandGroup(3).first)
    if let mask {
      llvm.make(
        "intr.masked.store", [stored, address, mask], [], [("alignment", i32(alignment))])
    } else {
      llvm.store(stored, address, alignment: alignment)
    }
  }
}
