import MartletIR
import MartletSupport

/// vector: making, taking apart and combining vectors of fixed size.
extension Semantics {
  mutating func addVector() {
    registerTerminator("vector.yield")
    for name in ["vector.broadcast", "vector.splat"] {
      register(name) { (instruction, frame) throws(Reported) in
        let result = try frame.newResult(instruction, dynamic: 0..<0)
        guard instruction.operands[0].isObject else {
          result.storage.fill(frame.bits(instruction, 0))
          frame.set(instruction, 0, .vector(result))
          return
        }
        let source = try frame.array(instruction, 0)
        try frame.broadcast(instruction, source, into: result)
        frame.set(instruction, 0, .vector(result))
      }
    }
    prepare("vector.fma") { (instruction, _) throws(Reported) in
      guard case .float(let kind) = ElementFormat(instruction.resultType().elementType) else {
        throw instruction.operation.emitOpError("is not interpreted for these types")
      }
      let format = ElementFormat.float(kind)
      let request = KernelRequest(operands: [format, format, format], result: format)
      guard let kernel = ScalarKernels.kernel("math.fma", request) else {
        throw instruction.operation.emitOpError("is not interpreted for these types")
      }
      return try Elementwise.action(kernel, instruction)
    }
    for name in ["vector.shape_cast", "vector.bitcast"] {
      register(name) { (instruction, frame) throws(Reported) in
        let source = try frame.array(instruction, 0)
        let result = try frame.newResult(instruction, dynamic: 0..<0)
        guard source.format == result.format, source.count == result.count else {
          throw frame.fail(instruction, "is interpreted only for elements of one size")
        }
        frame.set(instruction, 0, .vector(source.reshaped(result.shape)))
      }
    }
    addElementAccess()
    addConstruction()
    addMasks()
    register("vector.transpose") { (instruction, frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let order = try instruction.integers("permutation")
      guard order.sorted() == Array(source.shape.indices) else {
        throw frame.fail(instruction, "has no permutation of its dimensions")
      }
      let strides = Shape.strides(source.shape)
      let shape = order.map { source.shape[$0] }
      let result = try frame.allocate(instruction, source.format, shape)
      var next = 0
      Shape.forEachOffset(shape, [(0, order.map { strides[$0] })]) { offsets in
        result.storage[next] = source.storage[offsets[0]]
        next += 1
      }
      frame.set(instruction, 0, .vector(result))
    }
  }

  private mutating func addElementAccess() {
    register("vector.extract") { (instruction, frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let position = try frame.mixed(
        instruction, instruction.integers("static_position"), 1..<instruction.operandCount)
      let (offset, count, shape) = try frame.part(instruction, source, position)
      if !instruction.results[0].isObject {
        frame.registers[instruction.results[0].index] = source.storage[offset]
        return
      }
      let result = try frame.allocate(instruction, source.format, shape)
      for i in 0..<count { result.storage[i] = source.storage[offset + i] }
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.insert") { (instruction, frame) throws(Reported) in
      let target = try frame.takeArray(instruction, 1)
      let position = try frame.mixed(
        instruction, instruction.integers("static_position"), 2..<instruction.operandCount)
      let (offset, count, _) = try frame.part(instruction, target, position)
      if instruction.operands[0].isObject {
        let source = try frame.array(instruction, 0)
        guard source.count == count else { throw frame.fail(instruction, "inserts a wrong shape") }
        let result = try frame.unique(instruction, target)
        for i in 0..<count { result.storage[offset + i] = source.storage[i] }
        frame.set(instruction, 0, .vector(result))
      } else {
        guard count == 1 else { throw frame.fail(instruction, "inserts a wrong shape") }
        let result = try frame.unique(instruction, target)
        result.storage[offset] = frame.bits(instruction, 0)
        frame.set(instruction, 0, .vector(result))
      }
    }
    register("vector.extract_strided_slice") { (instruction, frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let slice = try Slice(vector: instruction, source.shape, sizes: nil, frame)
      let result = try frame.gather(instruction, source, slice)
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.insert_strided_slice") { (instruction, frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let target = try frame.takeArray(instruction, 1)
      let slice = try Slice(vector: instruction, target.shape, sizes: source.shape, frame)
      let view = slice.view(Shape.strides(target.shape))
      let result = try frame.unique(instruction, target)
      Self.copy(source.reshaped(slice.sizes), result.storage, view.offset, view.strides)
      frame.set(instruction, 0, .vector(result))
    }
  }

  private mutating func addConstruction() {
    register("vector.from_elements") { (instruction, frame) throws(Reported) in
      let result = try frame.newResult(instruction, dynamic: 0..<0)
      guard result.count == instruction.operandCount else {
        throw frame.fail(instruction, "needs as many operands as elements")
      }
      for i in 0..<result.count { result.storage[i] = frame.bits(instruction, i) }
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.to_elements") { (instruction, frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      guard source.count == instruction.resultCount else {
        throw frame.fail(instruction, "needs as many results as elements")
      }
      for i in 0..<source.count {
        frame.registers[instruction.results[i].index] = source.storage[i]
      }
    }
    register("vector.step") { (instruction, frame) throws(Reported) in
      let result = try frame.newResult(instruction, dynamic: 0..<0)
      for i in 0..<result.count { result.storage[i] = UInt64(i) }
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.shuffle") { (instruction, frame) throws(Reported) in
      let first = try frame.array(instruction, 0)
      let second = try frame.array(instruction, 1)
      let mask = try instruction.integers("mask")
      let result = try frame.newResult(instruction, dynamic: 0..<0)
      let row = first.rank == 0 ? 1 : first.count / max(first.shape[0], 1)
      let rows = first.rank == 0 ? 1 : first.shape[0]
      guard result.count == mask.count * row else {
        throw frame.fail(instruction, "has a mask that does not fit its result")
      }
      // -1 is poison; 0 stands for it here.
      for (i, wanted) in mask.enumerated() where wanted >= 0 {
        let source = wanted < rows ? first : second
        let start = (wanted < rows ? wanted : wanted - rows) &* row
        guard start >= 0, start + row <= source.count else {
          throw frame.fail(instruction, "has a mask entry \(wanted) that is out of bounds")
        }
        for k in 0..<row { result.storage[i * row + k] = source.storage[start + k] }
      }
      frame.set(instruction, 0, .vector(result))
    }
  }

  private mutating func addMasks() {
    register("vector.create_mask") { (instruction, frame) throws(Reported) in
      try frame.setMask(instruction, frame.integers(instruction, 0..<instruction.operandCount))
    }
    register("vector.constant_mask") { (instruction, frame) throws(Reported) in
      try frame.setMask(instruction, try instruction.integers("mask_dim_sizes"))
    }
  }
}

extension Slice {
  /// The slice of `vector.extract_strided_slice` or `insert_strided_slice`; dimensions that are not
  /// mentioned are whole, and a smaller source fills the last ones.
  fileprivate init(
    vector instruction: Instruction, _ shape: [Int], sizes given: [Int]?, _ frame: Frame
  ) throws(Reported) {
    let offsets = try instruction.integers("offsets")
    let strides = try instruction.integers("strides")
    let rank = shape.count
    guard offsets.count <= rank, strides.count <= rank else {
      throw frame.fail(instruction, "slices more dimensions than there are")
    }
    let wanted: [Int]
    if let given {
      guard given.count <= rank else {
        throw frame.fail(instruction, "inserts too many dimensions")
      }
      wanted = Array(repeating: 1, count: rank - given.count) + given
    } else {
      let sizes = try instruction.integers("sizes")
      guard sizes.count <= rank else { throw frame.fail(instruction, "slices too many dimensions") }
      wanted = sizes + shape[sizes.count...]
    }
    // Strides of an insertion are those of the source's dimensions, the last ones.
    let before = given == nil ? 0 : rank - (given?.count ?? 0)
    let ones = [Int](repeating: 1, count: max(0, rank - before - strides.count))
    self.init(
      offsets: offsets + [Int](repeating: 0, count: rank - offsets.count), sizes: wanted,
      strides: [Int](repeating: 1, count: before) + strides + ones)
    guard self.strides.count == rank else {
      throw frame.fail(instruction, "has strides that do not fit its operands")
    }
    try check(shape, instruction, frame)
  }

  private init(offsets: [Int], sizes: [Int], strides: [Int]) {
    self.offsets = offsets
    self.sizes = sizes
    self.strides = strides
  }
}

extension Frame {
  /// Makes a mask result 0: true at the indices below `limits`.
  fileprivate func setMask(_ instruction: Instruction, _ limits: [Int]) throws(Reported) {
    let result = try newResult(instruction, dynamic: 0..<0)
    guard limits.count == result.rank else {
      throw fail(instruction, "needs a size for each dimension")
    }
    let box = try IterationBox(
      lower: result.shape.map { _ in 0 }, upper: result.shape, step: result.shape.map { _ in 1 },
      instruction, self)
    var next = 0
    try box.forEach { (point) throws(Reported) in
      result.storage[next] = ScalarKernels.flag(zip(point, limits).allSatisfy { $0 < $1 })
      next += 1
    }
    set(instruction, 0, .vector(result))
  }

  /// Where the part of an array at a leading position starts, how many elements it has and its shape.
  func part(_ instruction: Instruction, _ array: ArrayValue, _ position: [Int]) throws(Reported)
    -> (offset: Int, count: Int, shape: [Int])
  {
    guard position.count <= array.rank,
      zip(position, array.shape).allSatisfy({ 0..<$1 ~= $0 })
    else { throw outOfBounds(instruction, position, array.shape) }
    let offset = zip(position, Shape.strides(array.shape)).reduce(0) { $0 + $1.0 * $1.1 }
    let shape = Array(array.shape[position.count...])
    return (offset, Shape.count(shape) ?? 0, shape)
  }

  /// Repeats a vector along new leading dimensions and dimensions of size 1.
  func broadcast(_ instruction: Instruction, _ source: ArrayValue, into result: ArrayValue)
    throws(Reported)
  {
    let added = result.rank - source.rank
    var strides = [Int](repeating: 0, count: result.rank)
    guard added >= 0 else { throw fail(instruction, "has a source of higher rank") }
    for (d, stride) in Shape.strides(source.shape).enumerated() where source.shape[d] != 1 {
      guard source.shape[d] == result.shape[added + d] else {
        throw fail(instruction, "has a source of another size")
      }
      strides[added + d] = stride
    }
    var next = 0
    Shape.forEachOffset(result.shape, [(0, strides)]) { offsets in
      result.storage[next] = source.storage[offsets[0]]
      next += 1
    }
  }
}
