import MartletIR
import MartletSupport

/// tensor: making tensors, and single elements.
extension Semantics {
  mutating func addTensor() {
    registerTerminator("tensor.yield")
    register("tensor.empty") { (instruction, frame) throws(Reported) in
      try frame.setNew(instruction, dynamic: 0..<instruction.operandCount)
    }
    register("tensor.extract") { (instruction, frame) throws(Reported) in
      if case .sparse(let sparse) = frame.value(instruction, 0) {
        let point = frame.integers(instruction, 1..<instruction.operandCount)
        guard let bits = sparse.element(point) else {
          throw frame.outOfBounds(instruction, point, sparse.shape)
        }
        frame.registers[instruction.results[0].index] = bits
        return
      }
      let array = try frame.array(instruction, 0)
      let offset = try frame.offset(instruction, 1..<instruction.operandCount, array.shape)
      frame.registers[instruction.results[0].index] = array.storage[offset]
    }
    register("tensor.insert") { (instruction, frame) throws(Reported) in
      let array = try frame.takeArray(instruction, 1)
      let offset = try frame.offset(instruction, 2..<instruction.operandCount, array.shape)
      let bits = frame.bits(instruction, 0)
      let result = try frame.unique(instruction, array)
      result.storage[offset] = bits
      frame.set(instruction, 0, .tensor(result))
    }
    register("tensor.from_elements") { (instruction, frame) throws(Reported) in
      let result = try frame.newResult(instruction, dynamic: 0..<0)
      guard result.count == instruction.operandCount else {
        throw frame.fail(instruction, "needs as many operands as elements")
      }
      for i in 0..<result.count { result.storage[i] = frame.bits(instruction, i) }
      frame.set(instruction, 0, .tensor(result))
    }
    register("tensor.splat") { (instruction, frame) throws(Reported) in
      let result = try frame.newResult(instruction, dynamic: 1..<instruction.operandCount)
      result.storage.fill(frame.bits(instruction, 0))
      frame.set(instruction, 0, .tensor(result))
    }
    register("tensor.dim") { (instruction, frame) throws(Reported) in
      let shape = try frame.shape(instruction, 0)
      let i = frame.integer(instruction, 1)
      guard shape.indices.contains(i) else {
        throw frame.fail(instruction, "asks for dimension \(i) of a rank \(shape.count) tensor")
      }
      frame.set(instruction, 0, .index(shape[i]))
    }
    register("tensor.rank") { (instruction, frame) throws(Reported) in
      frame.set(instruction, 0, .index(try frame.shape(instruction, 0).count))
    }
    prepare("tensor.generate", Self.prepareGenerate)
    register("tensor.bitcast") { (instruction, frame) throws(Reported) in
      let array = try frame.array(instruction, 0)
      guard let format = ElementFormat(instruction.resultType().elementType),
        format.width == array.format.width
      else { throw frame.fail(instruction, "is not interpreted for these types") }
      let result = try frame.allocate(instruction, format, array.shape)
      for i in 0..<array.count { result.storage[i] = format.canonical(array.storage[i]) }
      frame.set(instruction, 0, .tensor(result))
    }
  }

  private static func prepareGenerate(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let body = try compiler.region(instruction)
    return { (frame: Frame) throws(Reported) in
      let result = try frame.newResult(instruction, dynamic: 0..<instruction.operandCount)
      try frame.generate(body, instruction, result.shape, into: result)
      frame.set(instruction, 0, .tensor(result))
    }
  }
}

extension Frame {
  /// Runs a region at each index of a shape; it yields the element there.
  func generate(
    _ body: CompiledRegion, _ instruction: Instruction, _ shape: [Int], into result: ArrayValue
  ) throws(Reported) {
    guard body.arguments.count == shape.count else {
      throw fail(instruction, "needs a region argument for each dimension")
    }
    let box = try IterationBox(
      lower: shape.map { _ in 0 }, upper: shape, step: shape.map { _ in 1 }, instruction, self)
    var next = 0
    try box.forEach { (point) throws(Reported) in
      for (slot, value) in zip(body.arguments, point) {
        registers[slot.index] = UInt64(bitPattern: Int64(value))
      }
      let end = try runToTerminator(body, for: instruction)
      guard end.operandCount == 1 else { throw fail(instruction, "yields more than one value") }
      result.storage[next] = bits(end, 0)
      next += 1
    }
  }

  /// The shape of operand `i`, which may be sparse.
  func shape(_ instruction: Instruction, _ i: Int) throws(Reported) -> [Int] {
    switch value(instruction, i) {
    case .tensor(let array), .vector(let array): return array.shape
    case .sparse(let sparse): return sparse.shape
    case .memref(let memref): return memref.sizes
    case let other: throw fail(instruction, "operand #\(i) is a \(other.kindName) without a shape")
    }
  }

  /// A new array of the type of result 0, whose dynamic sizes are operands.
  func newResult(_ instruction: Instruction, dynamic: Range<Int>) throws(Reported) -> ArrayValue {
    let type = instruction.resultType()
    guard let format = ElementFormat(type.elementType), type.hasRank else {
      throw fail(instruction, "makes a \(type), whose elements are not interpreted")
    }
    let shape = try mixed(instruction, type.shape, dynamic)
    return try allocate(instruction, format, shape)
  }

  func setNew(_ instruction: Instruction, dynamic: Range<Int>) throws(Reported) {
    let type = instruction.resultType()
    let result = try newResult(instruction, dynamic: dynamic)
    if let layout = type.encoding.flatMap({ SparseLayout($0, rank: type.rank) }) {
      set(instruction, 0, .sparse(try sparse(instruction, result, layout)))
      return
    }
    set(instruction, 0, type.isTensor ? .tensor(result) : .vector(result))
  }

  /// The linear offset of the element at the indices that are operands `range`.
  func offset(_ instruction: Instruction, _ range: Range<Int>, _ shape: [Int]) throws(Reported)
    -> Int
  {
    guard range.count == shape.count else {
      throw fail(instruction, "has \(range.count) indices for rank \(shape.count)")
    }
    var offset = 0
    for (d, i) in range.enumerated() {
      let index = integer(instruction, i)
      guard index >= 0, index < shape[d] else {
        throw outOfBounds(instruction, integers(instruction, range), shape)
      }
      offset = offset * shape[d] + index
    }
    return offset
  }

  func outOfBounds(_ instruction: Instruction, _ point: [Int], _ shape: [Int]) -> Reported {
    let text = point.map(String.init).joined(separator: ", ")
    return fail(
      instruction,
      "index [\(text)] is out of bounds of shape [\(shape.map(String.init).joined(separator: ", "))]"
    )
  }
}
