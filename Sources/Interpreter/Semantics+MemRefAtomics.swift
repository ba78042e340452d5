import MartletIR
import MartletSupport

/// memref and tensor: updates by a region, buffers that grow, elements put in place by their indices.
extension Semantics {
  mutating func addMemRefAtomics() {
    registerTerminator("memref.atomic_yield")
    prepare("memref.generic_atomic_rmw") { (instruction, compiler) throws(Reported) in
      let body = try compiler.region(instruction)
      guard body.arguments.count == 1 else {
        throw instruction.operation.emitOpError("needs one region argument")
      }
      return { (frame: Frame) throws(Reported) in
        let (storage, place) = try frame.place(instruction, 0, 1..<instruction.operandCount)
        frame.registers[body.arguments[0].index] = storage[place]
        let end = try frame.runToTerminator(body, for: instruction)
        storage[place] = frame.bits(end, 0)
        frame.registers[instruction.results[0].index] = storage[place]
      }
    }
    register("memref.distinct_objects") { (instruction, frame) throws(Reported) in
      for i in 0..<instruction.resultCount {
        frame.set(instruction, i, frame.value(instruction, i))
      }
    }
    register("memref.realloc") { (instruction, frame) throws(Reported) in
      let source = try frame.memref(instruction, 0)
      let type = instruction.resultType()
      let size =
        type.dimension(0) == Type.dynamic && instruction.operandCount > 1
        ? frame.integer(instruction, 1) : type.dimension(0)
      guard size >= 0, source.isInBounds, source.sizes.count == 1 else {
        throw frame.fail(instruction, "makes a buffer of \(size) elements")
      }
      let array = try frame.allocate(instruction, source.storage.format, [size])
      for i in 0..<min(size, source.sizes[0]) {
        array.storage[i] = source.storage[source.offset &+ i &* source.strides[0]]
      }
      source.storage.markFreed()
      frame.set(instruction, 0, .memref(MemRefValue(array.storage, shape: [size])))
    }
    register("tensor.scatter") { (instruction, frame) throws(Reported) in
      try frame.scatterElements(instruction)
    }
  }
}

extension Frame {
  /// `tensor.scatter`: the inverse of `tensor.gather`; slices of the source take their places in a copy of the
  /// destination.
  fileprivate func scatterElements(_ instruction: Instruction) throws(Reported) {
    let source = try array(instruction, 0)
    let result = try unique(instruction, try takeArray(instruction, 1))
    let indices = try array(instruction, 2)
    let dimensions = try instruction.integers("scatter_dims")
    guard let depth = indices.shape.last, depth == dimensions.count,
      dimensions.allSatisfy({ result.shape.indices.contains($0) })
    else { throw fail(instruction, "needs an index for each scattered dimension") }
    var sizes = result.shape
    for d in dimensions { sizes[d] = 1 }
    let batch = Shape.count(Array(indices.shape.dropLast())) ?? 0
    guard source.count == batch * (Shape.count(sizes) ?? 0) else {
      throw fail(instruction, "has a source of \(source.count) elements for \(batch) slices")
    }
    let strides = Shape.strides(result.shape)
    var next = 0
    for i in 0..<batch {
      var start = 0
      for (k, d) in dimensions.enumerated() {
        let index = Int(Int64(bitPattern: indices.storage[i * depth + k]))
        guard index >= 0, index < result.shape[d] else {
          throw fail(
            instruction, "index \(index) is out of bounds of dimension \(d) (\(result.shape[d]))")
        }
        start += index * strides[d]
      }
      Shape.forEachOffset(sizes, [(start, strides)]) { offsets in
        result.storage[offsets[0]] = source.storage[next]
        next += 1
      }
    }
    set(instruction, 0, .tensor(result))
  }
}
