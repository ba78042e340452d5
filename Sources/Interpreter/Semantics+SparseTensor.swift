import MartletIR
import MartletSupport

/// sparse_tensor: conversions and access to the arrays of a sparse tensor's levels.
extension Semantics {
  mutating func addSparseTensor() {
    registerTerminator("sparse_tensor.yield")
    register("sparse_tensor.convert") { (instruction, frame) throws(Reported) in
      let type = instruction.resultType()
      let layout = type.encoding.flatMap { SparseLayout($0, rank: type.rank) }
      if type.encoding != nil, layout == nil {
        throw frame.fail(instruction, "has an encoding that is not interpreted: \(type)")
      }
      guard let layout else {
        frame.set(instruction, 0, .tensor(try frame.array(instruction, 0)))
        return
      }
      if case .sparse(let sparse) = frame.value(instruction, 0) {
        frame.set(instruction, 0, .sparse(try frame.converted(instruction, sparse, layout)))
        return
      }
      let array = try frame.array(instruction, 0)
      frame.set(instruction, 0, .sparse(try frame.sparse(instruction, array, layout)))
    }
    register("sparse_tensor.number_of_entries") { (instruction, frame) throws(Reported) in
      let sparse = try frame.sparse(instruction, 0)
      frame.set(instruction, 0, .index(sparse.storedCount))
    }
    register("sparse_tensor.values") { (instruction, frame) throws(Reported) in
      let sparse = try frame.sparse(instruction, 0)
      frame.set(
        instruction, 0, .memref(MemRefValue(sparse.values, shape: [sparse.values.count])))
    }
    addLevelArrays()
    register("sparse_tensor.load") { (instruction, frame) throws(Reported) in
      frame.set(instruction, 0, frame.value(instruction, 0))
    }
    register("sparse_tensor.lvl") { (instruction, frame) throws(Reported) in
      let sparse = try frame.sparse(instruction, 0)
      let level = frame.integer(instruction, 1)
      guard sparse.layout.dimensions.indices.contains(level) else {
        throw frame.fail(instruction, "asks for level \(level), which is not there")
      }
      frame.set(instruction, 0, .index(sparse.shape[sparse.layout.dimensions[level]]))
    }
    register("sparse_tensor.assemble") { (instruction, frame) throws(Reported) in
      try frame.assemble(instruction)
    }
    prepare("sparse_tensor.foreach", Self.prepareForeach)
  }

  private mutating func addLevelArrays() {
    for name in ["sparse_tensor.positions", "sparse_tensor.coordinates"] {
      let isPositions = name == "sparse_tensor.positions"
      register(name) { (instruction, frame) throws(Reported) in
        let sparse = try frame.sparse(instruction, 0)
        let level = try instruction.integer("level")
        let arrays = isPositions ? sparse.positions : sparse.coordinates
        guard arrays.indices.contains(level), let array = arrays[level] else {
          throw frame.fail(instruction, "level \(level) has no such array")
        }
        let memref = MemRefValue(array, shape: [array.count])
        if let reason = RuntimeValue.memref(memref).mismatch(instruction.resultType()) {
          throw frame.fail(instruction, "is no \(instruction.resultType()): \(reason)")
        }
        frame.set(instruction, 0, .memref(memref))
      }
    }
  }

  /// Visits stored entries (all elements of a dense tensor) with their coordinates and value.
  private static func prepareForeach(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let body = try compiler.region(instruction)
    return { (frame: Frame) throws(Reported) in
      let shape = try frame.shape(instruction, 0)
      let carried = body.arguments.dropFirst(shape.count + 1)
      guard carried.count == instruction.operandCount - 1 else {
        throw frame.fail(instruction, "needs an argument for each coordinate and for the value")
      }
      frame.transfer(instruction, 1..<instruction.operandCount, to: carried)
      let visit = { (point: [Int], bits: UInt64) throws(Reported) in
        for (slot, value) in zip(body.arguments, point) {
          frame.registers[slot.index] = UInt64(bitPattern: Int64(value))
        }
        frame.registers[body.arguments[shape.count].index] = bits
        let end = try frame.runToTerminator(body, for: instruction)
        guard end.operandCount == carried.count else {
          throw frame.fail(instruction, "yields the wrong number of values")
        }
        frame.transfer(end, 0..<end.operandCount, to: carried)
      }
      if case .sparse(let sparse) = frame.value(instruction, 0) {
        try sparse.forEachEntry(visit)
      } else {
        let array = try frame.array(instruction, 0)
        let box = try IterationBox(
          lower: shape.map { _ in 0 }, upper: shape, step: shape.map { _ in 1 }, instruction,
          frame)
        var next = 0
        try box.forEach { (point) throws(Reported) in
          try visit(point, array.storage[next])
          next += 1
        }
      }
      frame.move(carried, to: instruction.results)
    }
  }
}

extension Frame {
  /// Operand `i` as a sparse tensor.
  func sparse(_ instruction: Instruction, _ i: Int) throws(Reported) -> SparseTensorValue {
    guard case .sparse(let sparse) = value(instruction, i) else {
      throw fail(instruction, "operand #\(i) is not a sparse tensor")
    }
    return sparse
  }

  /// The stored entries in another layout.
  func converted(_ instruction: Instruction, _ sparse: SparseTensorValue, _ layout: SparseLayout)
    throws(Reported) -> SparseTensorValue
  {
    do { return try sparse.converted(to: layout) } catch {
      throw fail(instruction, error.message)
    }
  }

  /// The non-zero elements of a dense array, stored as `layout` says.
  func sparse(_ instruction: Instruction, _ array: ArrayValue, _ layout: SparseLayout)
    throws(Reported) -> SparseTensorValue
  {
    var entries: [([Int], UInt64)] = []
    let box = try IterationBox(
      lower: array.shape.map { _ in 0 }, upper: array.shape, step: array.shape.map { _ in 1 },
      instruction, self)
    var next = 0
    try box.forEach { (point) throws(Reported) in
      if !array.format.isZero(array.storage[next]) {
        entries.append((point, array.storage[next]))
      }
      next += 1
    }
    do {
      return try SparseTensorValue(
        shape: array.shape, layout: layout, format: array.format, entries: entries)
    } catch { throw fail(instruction, error.message) }
  }

  /// `sparse_tensor.assemble`: the level arrays as tensors, then the values.
  fileprivate func assemble(_ instruction: Instruction) throws(Reported) {
    let type = instruction.resultType()
    guard type.hasStaticShape,
      let layout = type.encoding.flatMap({ SparseLayout($0, rank: type.rank) })
    else { throw fail(instruction, "has an encoding that is not interpreted: \(type)") }
    var arrays: [ArrayStorage] = []
    for i in 0..<instruction.operandCount { arrays.append(try array(instruction, i).storage) }
    guard let values = arrays.popLast() else { throw fail(instruction, "has no values") }
    var positions: [ArrayStorage?] = []
    var coordinates: [ArrayStorage?] = []
    arrays.reverse()
    for level in layout.levels {
      switch level.kind {
      case .dense:
        positions.append(nil)
        coordinates.append(nil)
      case .compressed, .looseCompressed:
        positions.append(arrays.popLast())
        coordinates.append(arrays.popLast())
      case .singleton:
        positions.append(nil)
        coordinates.append(arrays.popLast())
      }
    }
    let made = SparseTensorValue(
      shape: type.shape, layout: layout, positions: positions, coordinates: coordinates,
      values: values)
    guard arrays.isEmpty, made.isConsistent else {
      throw fail(instruction, "is given level arrays that do not fit together")
    }
    set(instruction, 0, .sparse(made))
  }
}
