import MartletIR
import MartletSupport

/// A slice: an offset, a size and a stride for each dimension.
struct Slice {
  let offsets: [Int]
  let sizes: [Int]
  let strides: [Int]

  /// Reads `static_offsets`, `static_sizes` and `static_strides`, with the operands of three segments
  /// from `first` on for what is dynamic.
  init(_ instruction: Instruction, _ frame: Frame, segment first: Int) throws(Reported) {
    offsets = try frame.mixed(
      instruction, instruction.integers("static_offsets"), instruction.segment(first))
    sizes = try frame.mixed(
      instruction, instruction.integers("static_sizes"), instruction.segment(first + 1))
    strides = try frame.mixed(
      instruction, instruction.integers("static_strides"), instruction.segment(first + 2))
    guard offsets.count == sizes.count, offsets.count == strides.count else {
      throw frame.fail(instruction, "has offsets, sizes and strides that differ in number")
    }
  }

  /// Throws where the slice is not inside `shape`.
  func check(_ shape: [Int], _ instruction: Instruction, _ frame: Frame) throws(Reported) {
    guard shape.count == offsets.count else {
      throw frame.fail(instruction, "slices \(offsets.count) dimensions of \(shape.count)")
    }
    for d in shape.indices {
      if sizes[d] < 0 { throw frame.fail(instruction, "has a negative size \(sizes[d])") }
      if sizes[d] == 0 {
        guard offsets[d] >= 0, offsets[d] <= shape[d] else {
          throw outside(d, shape, instruction, frame)
        }
        continue
      }
      let (reach, overflow) = (sizes[d] - 1).multipliedReportingOverflow(by: strides[d])
      let (last, carried) = offsets[d].addingReportingOverflow(reach)
      guard !overflow, !carried, 0..<shape[d] ~= offsets[d], 0..<shape[d] ~= last else {
        throw outside(d, shape, instruction, frame)
      }
    }
  }

  private func outside(
    _ d: Int, _ shape: [Int], _ instruction: Instruction, _ frame: Frame
  ) -> Reported {
    frame.fail(
      instruction,
      "slice of \(sizes[d]) elements from \(offsets[d]) with stride \(strides[d]) is out of bounds "
        + "of dimension \(d), whose size is \(shape[d])")
  }

  /// The slice seen through the strides of the array it is taken of.
  func view(_ strides: [Int], offset: Int = 0) -> (offset: Int, strides: [Int]) {
    var start = offset
    for d in strides.indices { start &+= offsets[d] &* strides[d] }
    return (start, strides.indices.map { strides[$0] &* self.strides[$0] })
  }

  /// Which dimensions a slice of this size keeps where its type has `shape`: unit dimensions may be
  /// dropped, the first that can be.
  func keptDimensions(_ shape: [Int]) -> [Int]? {
    var kept: [Int] = []
    var next = 0
    for d in sizes.indices {
      let left = sizes.count - d
      let wanted = shape.count - next
      let fits = next < shape.count && (shape[next] == Type.dynamic || shape[next] == sizes[d])
      if fits, left == wanted || sizes[d] != 1 || shape[next] == 1 {
        kept.append(d)
        next += 1
      } else if sizes[d] != 1 {
        return nil
      }
    }
    return next == shape.count ? kept : nil
  }
}

/// tensor: slices, padding and concatenation.
extension Semantics {
  mutating func addTensorSlices() {
    register("tensor.extract_slice") { (instruction, frame) throws(Reported) in
      let array = try frame.array(instruction, 0)
      let slice = try Slice(instruction, frame, segment: 1)
      try slice.check(array.shape, instruction, frame)
      let copy = try frame.gather(instruction, array, slice)
      guard let kept = slice.keptDimensions(instruction.resultType().shape) else {
        throw frame.fail(
          instruction, "slice of sizes \(Shape.text(slice.sizes)) is no \(instruction.resultType())"
        )
      }
      frame.set(instruction, 0, .tensor(copy.reshaped(kept.map { slice.sizes[$0] })))
    }
    register("tensor.insert_slice") { (instruction, frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let target = try frame.takeArray(instruction, 1)
      let result = try frame.scatter(instruction, source, into: target)
      frame.set(instruction, 0, .tensor(result))
    }
    prepare("tensor.parallel_insert_slice") { (instruction, compiler) throws(Reported) in
      guard instruction.operandCount > 1,
        let target = compiler.parallelDestinations[instruction.operation.operand(1)]
      else {
        throw instruction.operation.emitOpError("inserts into no output of an scf.forall around it")
      }
      return { (frame: Frame) throws(Reported) in
        let source = try frame.array(instruction, 0)
        guard let array = frame.objects[target.index].array else {
          throw frame.fail(instruction, "inserts into a value that is no dense tensor")
        }
        frame.objects[target.index] = .none
        frame.objects[target.index] = .tensor(
          try frame.scatter(instruction, source, into: array))
      }
    }
    prepare("tensor.pad", Self.preparePad)
    register("tensor.concat") { (instruction, frame) throws(Reported) in
      let d = try instruction.integer("dim")
      var arrays: [ArrayValue] = []
      for i in 0..<instruction.operandCount { arrays.append(try frame.array(instruction, i)) }
      guard let first = arrays.first, first.shape.indices.contains(d) else {
        throw frame.fail(instruction, "has no dimension \(d)")
      }
      var shape = first.shape
      shape[d] = arrays.reduce(0) { $0 &+ ($1.rank > d ? $1.shape[d] : 0) }
      let result = try frame.allocate(instruction, first.format, shape)
      let strides = Shape.strides(shape)
      var start = 0
      for array in arrays {
        var expected = shape
        expected[d] = array.rank > d ? array.shape[d] : 0
        guard array.shape == expected else {
          throw frame.fail(instruction, "operands differ in shape outside dimension \(d)")
        }
        Self.copy(array, result.storage, start &* strides[d], strides)
        start &+= array.shape[d]
      }
      frame.set(instruction, 0, .tensor(result))
    }
    register("tensor.gather") { (instruction, frame) throws(Reported) in
      try frame.gatherElements(instruction)
    }
  }

  private static func preparePad(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let body = try compiler.region(instruction)
    let staticLow = try instruction.integers("static_low")
    let staticHigh = try instruction.integers("static_high")
    return { (frame: Frame) throws(Reported) in
      let source = try frame.array(instruction, 0)
      let low = try frame.mixed(instruction, staticLow, instruction.segment(1))
      let high = try frame.mixed(instruction, staticHigh, instruction.segment(2))
      guard low.count == source.rank, high.count == source.rank else {
        throw frame.fail(instruction, "pads the wrong number of dimensions")
      }
      var shape: [Int] = []
      for d in low.indices {
        let (sum, overflow) = source.shape[d].addingReportingOverflow(low[d])
        let (size, carried) = sum.addingReportingOverflow(high[d])
        guard low[d] >= 0, high[d] >= 0, !overflow, !carried else {
          throw frame.fail(instruction, "pads dimension \(d) by \(low[d]) and \(high[d])")
        }
        shape.append(size)
      }
      let result = try frame.allocate(instruction, source.format, shape)
      try frame.generate(body, instruction, shape, into: result)
      let strides = Shape.strides(shape)
      let start = zip(low, strides).reduce(0) { $0 &+ $1.0 &* $1.1 }
      Self.copy(source, result.storage, start, strides)
      frame.set(instruction, 0, .tensor(result))
    }
  }

  /// Copies a dense array into a strided place.
  static func copy(
    _ source: ArrayValue, _ target: ArrayStorage, _ offset: Int, _ strides: [Int]
  ) {
    var next = 0
    Shape.forEachOffset(source.shape, [(offset, strides)]) { offsets in
      target[offsets[0]] = source.storage[next]
      next += 1
    }
  }
}

extension Frame {
  /// The elements of a slice, in its full rank.
  func gather(_ instruction: Instruction, _ array: ArrayValue, _ slice: Slice) throws(Reported)
    -> ArrayValue
  {
    let result = try allocate(instruction, array.format, slice.sizes)
    try spend(result.count, instruction)
    let view = slice.view(Shape.strides(array.shape))
    var next = 0
    Shape.forEachOffset(slice.sizes, [view]) { offsets in
      result.storage[next] = array.storage[offsets[0]]
      next += 1
    }
    return result
  }

  /// The target with a slice replaced by the source, as `tensor.insert_slice` has it.
  func scatter(_ instruction: Instruction, _ source: ArrayValue, into target: consuming ArrayValue)
    throws(Reported) -> ArrayValue
  {
    let slice = try Slice(instruction, self, segment: 2)
    try slice.check(target.shape, instruction, self)
    guard slice.keptDimensions(source.shape) != nil, source.format == target.format else {
      throw fail(
        instruction,
        "source of shape \(Shape.text(source.shape)) does not fill a slice of "
          + Shape.text(slice.sizes))
    }
    try spend(source.count, instruction)
    let view = slice.view(Shape.strides(target.shape))
    let result = try unique(instruction, target)
    Semantics.copy(source.reshaped(slice.sizes), result.storage, view.offset, view.strides)
    return result
  }

  /// `tensor.gather`: for each index tuple a slice of full size except 1 along the gathered dimensions.
  func gatherElements(_ instruction: Instruction) throws(Reported) {
    let source = try array(instruction, 0)
    let indices = try array(instruction, 1)
    let dimensions = try instruction.integers("gather_dims")
    guard let depth = indices.shape.last, depth == dimensions.count,
      dimensions.allSatisfy({ source.shape.indices.contains($0) })
    else { throw fail(instruction, "needs an index for each gathered dimension") }
    var sizes = source.shape
    for d in dimensions { sizes[d] = 1 }
    let batch = Array(indices.shape.dropLast())
    let result = try allocate(instruction, source.format, batch + sizes)
    let strides = Shape.strides(source.shape)
    var next = 0
    for i in 0..<(Shape.count(batch) ?? 0) {
      var start = 0
      for (k, d) in dimensions.enumerated() {
        let index = Int(Int64(bitPattern: indices.storage[i * depth + k]))
        guard index >= 0, index < source.shape[d] else {
          throw fail(
            instruction, "index \(index) is out of bounds of dimension \(d) (\(source.shape[d]))")
        }
        start += index * strides[d]
      }
      Shape.forEachOffset(sizes, [(start, strides)]) { offsets in
        result.storage[next] = source.storage[offsets[0]]
        next += 1
      }
    }
    // Gathered dimensions may be left out of the result's type.
    let rank = instruction.resultType().rank
    let kept = sizes.indices.filter { !dimensions.contains($0) }.map { sizes[$0] }
    let shape = rank == batch.count + sizes.count ? batch + sizes : batch + kept
    set(instruction, 0, .tensor(result.reshaped(shape)))
  }
}
