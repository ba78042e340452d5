import MartletDialects
import MartletIR
import MartletSupport

extension FunctionToLLVM {
  // MARK: Views

  func mixed(_ entries: [MixedIndex], _ user: Operation) throws(Reported) -> [Value] {
    var all: [Value] = []
    for entry in entries {
      switch entry {
      case .constant(let known): all.append(llvm.index(known))
      case .value(let found): all.append(try value(found, user))
      }
    }
    return all
  }

  func lowerDim(_ operation: Operation) throws(Reported) {
    let memref = try memref(operation.operand(0), operation)
    let index = try value(operation.operand(1), operation)
    if let known = operation.operand(1).constantInteger ?? llvm.known(index) {
      guard memref.sizes.indices.contains(known) else {
        set(operation.result(), llvm.poison(llvm.i64))
        return
      }
      set(operation.result(), memref.sizes[known])
      return
    }
    var result = llvm.poison(llvm.i64)
    for (i, size) in memref.sizes.enumerated() {
      let isThis = compare("icmp", [index, llvm.index(i)], 0)
      result = llvm.value("select", [isThis, size, result], llvm.i64)
    }
    set(operation.result(), result)
  }

  func lowerMemRefCast(_ operation: Operation) throws(Reported) {
    var memref = try memref(operation.operand(0), operation)
    let type = operation.result().type
    guard type.kind == .memRef else {
      throw operation.emitOpError("casts to an unranked memref, which cannot be lowered")
    }
    memref.type = type
    set(operation.result(), .memref(memref))
  }

  func lowerAssumeAlignment(_ operation: Operation) throws(Reported) {
    var memref = try memref(operation.operand(0), operation)
    if let alignment = operation.attribute("alignment")?.integerValue {
      memref.alignment = max(memref.alignment, Int(alignment))
    }
    if operation.resultCount > 0 {
      set(operation.result(), .memref(memref))
    }
  }

  func lowerDistinctObjects(_ operation: Operation) throws(Reported) {
    for (operand, result) in zip(operation.operands, operation.results) {
      set(result, try lowered(operand, operation))
    }
  }

  func lowerSubview(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let type = operation.result().type
    let offsets = try mixed(operation.mixedOffsets, operation)
    let sizes = try mixed(operation.mixedSizes, operation)
    let strides = try mixed(operation.mixedStrides, operation)
    let statics = operation.staticIndices("static_sizes")
    guard let kept = MemRef.keptDimensions(of: statics, in: type.shape) else {
      throw operation.emitOpError("drops dimensions in a way that is not understood")
    }
    let steps = zip(source.strides, strides).map { llvm.multiply($0, $1) }
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: type, base: source.base, offset: linear(source, offsets),
          sizes: kept.map { sizes[$0] }, strides: kept.map { steps[$0] },
          alignment: source.alignment)))
  }

  func lowerReinterpretCast(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let offsets = try mixed(operation.mixedOffsets, operation)
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: operation.result().type, base: source.base, offset: offsets.first ?? llvm.index(0),
          sizes: try mixed(operation.mixedSizes, operation),
          strides: try mixed(operation.mixedStrides, operation), alignment: source.alignment)))
  }

  func lowerView(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let type = operation.result().type
    let shift = try value(operation.operand(1), operation)
    let place = llvm.add(source.offset, shift)
    let base = llvm.address(source.base, place, llvm.i8)
    // What the place is a multiple of is known of the view's first element too.
    let known = llvm.known(place).map { $0 == 0 ? source.alignment : $0 & -$0 } ?? 1
    let (sizes, strides, _) = try contiguous(type.shape, operation.operands.dropping(2), operation)
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: type, base: base, offset: llvm.index(0), sizes: sizes, strides: strides,
          alignment: min(source.alignment, known))))
  }

  func lowerTranspose(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    guard let map = operation.attribute("permutation")?.affineMap,
      let order = map.projectedDimensions
    else { throw operation.emitOpError("has no permutation") }
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: operation.result().type, base: source.base, offset: source.offset,
          sizes: order.map { source.sizes[$0] }, strides: order.map { source.strides[$0] },
          alignment: source.alignment)))
  }

  func groups(_ operation: Operation) -> [[Int]] {
    (operation.attribute("reassociation")?.elements ?? []).map { $0.integers ?? [] }
  }

  func lowerCollapse(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let type = operation.result().type
    guard let layout = type.stridedLayout else {
      throw operation.emitOpError("has a layout that cannot be lowered")
    }
    var sizes: [Value] = []
    var strides: [Value] = []
    for (i, group) in groups(operation).enumerated() {
      var size = llvm.index(1)
      for dimension in group { size = llvm.multiply(size, source.sizes[dimension]) }
      sizes.append(size)
      let inner = group.last { llvm.known(source.sizes[$0]) != 1 } ?? group.last
      let stride = layout.strides[i]
      if stride != Type.dynamic {
        strides.append(llvm.index(stride))
      } else if let inner {
        strides.append(source.strides[inner])
      }
    }
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: type, base: source.base, offset: source.offset, sizes: sizes, strides: strides,
          alignment: source.alignment)))
  }

  func lowerExpand(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let type = operation.result().type
    let shape = operation.mixedIndices("output_shape", "static_output_shape")
    let sizes = try mixed(shape, operation)
    guard sizes.count == type.rank else {
      throw operation.emitOpError("has another rank than its shape")
    }
    var strides = sizes
    for (i, group) in groups(operation).enumerated() {
      var running = source.strides[i]
      for dimension in group.reversed() {
        strides[dimension] = running
        running = llvm.multiply(running, sizes[dimension])
      }
    }
    set(
      operation.result(),
      .memref(
        MemRefDescriptor(
          type: type, base: source.base, offset: source.offset, sizes: sizes, strides: strides,
          alignment: source.alignment)))
  }

  func lowerExtractMetadata(_ operation: Operation) throws(Reported) {
    let source = try memref(operation.operand(0), operation)
    let rank = source.sizes.count
    set(
      operation.result(0),
      .memref(
        MemRefDescriptor(
          type: operation.result(0).type, base: source.base, offset: llvm.index(0), sizes: [],
          strides: [], alignment: source.alignment)))
    set(operation.result(1), source.offset)
    for i in 0..<rank {
      set(operation.result(2 + i), source.sizes[i])
      set(operation.result(2 + rank + i), source.strides[i])
    }
  }
}
