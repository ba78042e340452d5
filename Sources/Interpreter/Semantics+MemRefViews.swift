import MartletIR
import MartletSupport

/// memref: views of memory that is there already.
extension Semantics {
  mutating func addMemRefViews() {
    for name in ["memref.cast", "memref.memory_space_cast"] {
      register(name) { (instruction, frame) throws(Reported) in
        let memref = try frame.memref(instruction, 0)
        try frame.setView(instruction, memref)
      }
    }
    register("memref.subview") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let slice = try Slice(instruction, frame, segment: 1)
      try slice.check(memref.sizes, instruction, frame)
      let view = slice.view(memref.strides, offset: memref.offset)
      guard let kept = slice.keptDimensions(instruction.resultType().shape) else {
        throw frame.fail(
          instruction, "slice of sizes \(Shape.text(slice.sizes)) is no \(instruction.resultType())"
        )
      }
      let result = MemRefValue(
        storage: memref.storage, offset: view.offset, sizes: kept.map { slice.sizes[$0] },
        strides: kept.map { view.strides[$0] })
      try frame.setView(instruction, result)
    }
    register("memref.reinterpret_cast") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let offsets = try frame.mixed(
        instruction, instruction.integers("static_offsets"), instruction.segment(1))
      let sizes = try frame.mixed(
        instruction, instruction.integers("static_sizes"), instruction.segment(2))
      let strides = try frame.mixed(
        instruction, instruction.integers("static_strides"), instruction.segment(3))
      guard offsets.count == 1, sizes.count == strides.count else {
        throw frame.fail(instruction, "has sizes and strides that differ in number")
      }
      let result = MemRefValue(
        storage: memref.storage, offset: offsets[0], sizes: sizes, strides: strides)
      try frame.setView(instruction, result)
    }
    register("memref.view") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let type = instruction.resultType()
      let sizes = try frame.mixed(instruction, type.shape, 2..<instruction.operandCount)
      let shift = frame.integer(instruction, 1)
      let start = memref.offset &+ shift
      guard let format = ElementFormat(type.elementType), let count = Shape.count(sizes) else {
        throw frame.fail(instruction, "makes a \(type), whose elements are not interpreted")
      }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: format.byteCount)
      guard !overflow, shift >= 0, start >= 0, start <= memref.storage.byteCount,
        bytes <= memref.storage.byteCount - start
      else {
        throw frame.fail(
          instruction, "\(count) elements from byte \(shift) do not fit in the buffer")
      }
      let storage = ArrayStorage(
        format, viewing: memref.storage.base + start, count: count, owner: memref.storage)
      try frame.setView(instruction, MemRefValue(storage, shape: sizes))
    }
    register("memref.transpose") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      guard let order = instruction.attribute("permutation")?.affineMap?.projectedDimensions,
        order.sorted() == Array(memref.sizes.indices)
      else { throw frame.fail(instruction, "has a map that is no permutation") }
      let result = MemRefValue(
        storage: memref.storage, offset: memref.offset, sizes: order.map { memref.sizes[$0] },
        strides: order.map { memref.strides[$0] })
      try frame.setView(instruction, result)
    }
    addMemRefShapes()
    register("memref.extract_strided_metadata") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let base = MemRefValue(storage: memref.storage, offset: 0, sizes: [], strides: [])
      let numbers = [memref.offset] + memref.sizes + memref.strides
      guard instruction.resultCount == numbers.count + 1 else {
        throw frame.fail(instruction, "has the wrong number of results")
      }
      frame.set(instruction, 0, .memref(base))
      for (i, number) in numbers.enumerated() { frame.set(instruction, i + 1, .index(number)) }
    }
  }

  private mutating func addMemRefShapes() {
    register("memref.collapse_shape") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let groups = try instruction.reassociation()
      guard groups.flatMap({ $0 }) == Array(memref.sizes.indices) else {
        throw frame.fail(
          instruction, "reassociation does not list the source's dimensions in order")
      }
      var sizes: [Int] = []
      var strides: [Int] = []
      for group in groups {
        // Unit dimensions have any stride; the others must follow on each other.
        let real = group.filter { memref.sizes[$0] != 1 }
        for (outer, inner) in zip(real, real.dropFirst())
        where memref.strides[outer] != memref.strides[inner] &* memref.sizes[inner] {
          throw frame.fail(instruction, "collapses dimensions that are not contiguous")
        }
        guard let size = Shape.count(group.map { memref.sizes[$0] }) else {
          throw frame.fail(instruction, "has a size that overflows")
        }
        sizes.append(size)
        strides.append((real.last ?? group.last).map { memref.strides[$0] } ?? 1)
      }
      let result = MemRefValue(
        storage: memref.storage, offset: memref.offset, sizes: sizes, strides: strides)
      try frame.setView(instruction, result)
    }
    register("memref.expand_shape") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let shape = try frame.expandedShape(instruction, memref.sizes)
      var strides = [Int](repeating: 1, count: shape.count)
      for (group, stride) in zip(try instruction.reassociation(), memref.strides) {
        var running = stride
        for d in group.reversed() {
          strides[d] = running
          running = running &* shape[d]
        }
      }
      let result = MemRefValue(
        storage: memref.storage, offset: memref.offset, sizes: shape, strides: strides)
      try frame.setView(instruction, result)
    }
    register("memref.reshape") { (instruction, frame) throws(Reported) in
      let memref = try frame.memref(instruction, 0)
      let shape = try frame.contents(instruction, 1).integers
      guard memref.strides == Shape.strides(memref.sizes),
        Shape.count(shape) == Shape.count(memref.sizes)
      else {
        throw frame.fail(instruction, "cannot give the memref the shape \(Shape.text(shape))")
      }
      let result = MemRefValue(
        storage: memref.storage, offset: memref.offset, sizes: shape,
        strides: Shape.strides(shape))
      try frame.setView(instruction, result)
    }
  }
}

extension Frame {
  /// Makes a view result 0, provided it lies in its buffer and fits the result's type.
  func setView(_ instruction: Instruction, _ memref: MemRefValue) throws(Reported) {
    guard memref.isInBounds else {
      throw fail(
        instruction,
        "view of sizes [\(memref.sizes.map(String.init).joined(separator: ", "))] and strides "
          + "[\(memref.strides.map(String.init).joined(separator: ", "))] from \(memref.offset) "
          + "reaches outside a buffer of \(memref.storage.count) elements")
    }
    let value = RuntimeValue.memref(memref)
    if let reason = value.mismatch(instruction.resultType()) {
      throw fail(instruction, "cannot be viewed as \(instruction.resultType()): \(reason)")
    }
    set(instruction, 0, value)
  }
}
