import MartletIR
import MartletSupport

/// One run of a structured operation over arrays of known shapes.
struct StructuredLoop {
  /// An operand's memory during the loop.
  private struct Cursor {
    let base: UnsafeMutableRawPointer
    let access: ElementAccess
    let argument: Int?
    /// Where the new element is found; nil for an input.
    let yield: Int?
    /// The offset at the current point, in elements.
    var offset: Int
    /// How far the offset moves with each dimension.
    let steps: [Int]
    /// Which dimensions of the array are indexed by expressions that are not linear.
    let general: [(expression: AffineExpr, stride: Int, size: Int)]
  }

  private let operation: StructuredOperation
  private let frame: Frame
  private let instruction: Instruction
  private var extents: [Int]
  private var cursors: [Cursor] = []
  /// Keeps the memory cursors point into.
  private var storages: [ArrayStorage] = []
  private var sparse: [SparseOperand] = []
  private let hasGeneral: Bool
  private let driver: Int?

  /// A sparse input that is looked up, or whose stored entries are gone through.
  private struct SparseOperand {
    let number: Int
    let value: SparseTensorValue
    let expressions: [IndexExpression]
    let argument: Int?
  }

  init(_ operation: StructuredOperation, _ frame: Frame, _ outputs: [ArrayValue?])
    throws(Reported)
  {
    self.operation = operation
    self.frame = frame
    instruction = operation.instruction
    var shapes: [[Int]] = []
    for (i, operand) in operation.operands.enumerated() {
      shapes.append(
        operand.slot.isObject ? try frame.viewShape(instruction, i, outputs, operation) : [])
    }
    extents = try StructuredLoop.extents(operation, shapes, frame)
    var hasGeneral = false
    var driver: Int?
    for (i, operand) in operation.operands.enumerated() {
      let isOutput = i >= operation.inputCount
      let yield = isOutput ? operation.yields[i - operation.inputCount].index : nil
      if !operand.slot.isObject {
        // A scalar input is the same everywhere.
        if let argument = operand.argument {
          frame.registers[argument] = frame.registers[operand.slot.index]
        }
        continue
      }
      if !isOutput, case .sparse(let value) = frame.value(instruction, i) {
        if operation.sparseDriver == i, driver == nil { driver = sparse.count }
        sparse.append(
          SparseOperand(
            number: i, value: value, expressions: operand.expressions,
            argument: operand.argument))
        continue
      }
      let (storage, offset, strides) = try StructuredLoop.memory(i, outputs, operation, frame)
      guard operand.expressions.count == shapes[i].count else {
        throw frame.fail(
          instruction,
          "indexing map #\(i) has \(operand.expressions.count) results for rank \(shapes[i].count)")
      }
      try StructuredLoop.checkBounds(i, operand, shapes[i], extents, instruction, frame)
      let cursor = StructuredLoop.cursor(
        operand, storage, offset, strides, shapes[i], rank: extents.count, yield: yield)
      if !cursor.general.isEmpty { hasGeneral = true }
      storages.append(storage)
      cursors.append(cursor)
    }
    self.hasGeneral = hasGeneral
    self.driver = driver
  }

  private static func memory(
    _ i: Int, _ outputs: [ArrayValue?], _ operation: StructuredOperation, _ frame: Frame
  ) throws(Reported) -> (ArrayStorage, Int, [Int]) {
    if i >= operation.inputCount, let output = outputs[i - operation.inputCount] {
      return (output.storage, 0, Shape.strides(output.shape))
    }
    if frame.value(operation.instruction, i).memref != nil {
      let memref = try frame.memref(operation.instruction, i)
      guard memref.isInBounds else {
        throw frame.fail(operation.instruction, "operand #\(i) reaches outside its buffer")
      }
      return (memref.storage, memref.offset, memref.strides)
    }
    let array = try frame.array(operation.instruction, i)
    return (array.storage, 0, Shape.strides(array.shape))
  }

  /// The size of each iteration dimension, from the operands indexed by it alone.
  private static func extents(
    _ operation: StructuredOperation, _ shapes: [[Int]], _ frame: Frame
  ) throws(Reported) -> [Int] {
    var extents = [Int?](repeating: nil, count: operation.rank)
    for (i, operand) in operation.operands.enumerated() where operand.slot.isObject {
      for (expression, size) in zip(operand.expressions, shapes[i]) {
        guard let d = expression.dimension else { continue }
        if let known = extents[d], known != size {
          throw frame.fail(
            operation.instruction,
            "iteration dimension \(d) has size \(known), but size \(size) in operand #\(i)")
        }
        extents[d] = size
      }
    }
    var result: [Int] = []
    for (d, extent) in extents.enumerated() {
      guard let extent else {
        throw frame.fail(operation.instruction, "no operand gives iteration dimension \(d) a size")
      }
      result.append(extent)
    }
    return result
  }

  /// Throws where a linear index leaves its dimension somewhere in the iteration space.
  private static func checkBounds(
    _ i: Int, _ operand: StructuredOperation.Operand, _ shape: [Int], _ extents: [Int],
    _ instruction: Instruction, _ frame: Frame
  ) throws(Reported) {
    if extents.contains(0) { return }
    for (j, expression) in operand.expressions.enumerated() {
      guard case .linear(let coefficients, let constant) = expression else { continue }
      var low = constant
      var high = constant
      var overflows = false
      for (c, extent) in zip(coefficients, extents) where c != 0 {
        let (reach, a) = c.multipliedReportingOverflow(by: extent - 1)
        let (sum, b) = (reach < 0 ? low : high).addingReportingOverflow(reach)
        if reach < 0 { low = sum } else { high = sum }
        overflows = overflows || a || b
      }
      if overflows || low < 0 || high >= shape[j] {
        throw frame.fail(
          instruction,
          "operand #\(i) is indexed from \(low) to \(high) in dimension \(j), whose size is \(shape[j])"
        )
      }
    }
  }

  private static func cursor(
    _ operand: StructuredOperation.Operand, _ storage: ArrayStorage, _ offset: Int,
    _ strides: [Int], _ shape: [Int], rank: Int, yield: Int?
  ) -> Cursor {
    var start = offset
    var steps = [Int](repeating: 0, count: rank)
    var general: [(expression: AffineExpr, stride: Int, size: Int)] = []
    for (j, expression) in operand.expressions.enumerated() {
      switch expression {
      case .linear(let coefficients, let constant):
        start &+= constant &* strides[j]
        for d in 0..<rank { steps[d] &+= coefficients[d] &* strides[j] }
      case .general(let expression): general.append((expression, strides[j], shape[j]))
      }
    }
    return Cursor(
      base: storage.base, access: storage.access, argument: operand.argument, yield: yield,
      offset: start, steps: steps, general: general)
  }

  // MARK: Loops

  func run() throws(Reported) {
    if let driver {
      try runStored(driver)
      return
    }
    if extents.contains(0) { return }
    if hasGeneral || !sparse.isEmpty || extents.isEmpty {
      let box = try IterationBox(
        lower: extents.map { _ in 0 }, upper: extents, step: extents.map { _ in 1 },
        instruction, frame)
      try box.forEach { (point) throws(Reported) in try visit(point) }
      return
    }
    try runLinear()
    withExtendedLifetime(storages) {}
  }

  /// All operands linear and dense: offsets are stepped, not computed.
  private func runLinear() throws(Reported) {
    let inner = extents.count - 1
    let moving = UnsafeMutableBufferPointer<Moving>.allocate(capacity: cursors.count)
    defer { moving.deallocate() }
    for (k, cursor) in cursors.enumerated() {
      moving.initializeElement(
        at: k,
        to: Moving(
          base: cursor.base, access: cursor.access, argument: cursor.argument ?? -1,
          yield: cursor.yield ?? -1, offset: cursor.offset, step: cursor.steps[inner]))
    }
    var point = [Int](repeating: 0, count: extents.count)
    while true {
      if operation.usesIterators { setIterators(point) }
      try runInner(moving, extents[inner])
      var d = inner - 1
      while d >= 0 {
        point[d] += 1
        for k in cursors.indices { moving[k].offset &+= cursors[k].steps[d] }
        if point[d] < extents[d] { break }
        for k in cursors.indices { moving[k].offset &-= cursors[k].steps[d] &* extents[d] }
        point[d] = 0
        d -= 1
      }
      if d < 0 { return }
    }
  }

  private struct Moving {
    let base: UnsafeMutableRawPointer
    let access: ElementAccess
    let argument: Int
    let yield: Int
    var offset: Int
    let step: Int
  }

  /// The innermost loop; offsets are as before when it is done.
  private func runInner(_ moving: UnsafeMutableBufferPointer<Moving>, _ count: Int)
    throws(Reported)
  {
    let registers = frame.registers
    let block = operation.body
    let last = operation.usesIterators ? operation.iterators[operation.rank - 1].index : -1
    for _ in 0..<count {
      for k in 0..<moving.count {
        let argument = moving[k].argument
        if argument >= 0 {
          registers[argument] = moving[k].access.load(moving[k].base, moving[k].offset)
        }
      }
      try frame.run(block, for: instruction)
      for k in 0..<moving.count {
        let yield = moving[k].yield
        if yield >= 0 {
          moving[k].access.store(registers[yield], moving[k].base, moving[k].offset)
        }
        moving[k].offset &+= moving[k].step
      }
      if last >= 0 { registers[last] &+= 1 }
    }
    for k in 0..<moving.count { moving[k].offset &-= moving[k].step &* count }
  }

  private func setIterators(_ point: [Int]) {
    for (slot, value) in zip(operation.iterators, point) {
      frame.registers[slot.index] = UInt64(bitPattern: Int64(value))
    }
  }

  /// One point, computed from scratch.
  private func visit(_ point: [Int], driven: Int? = nil) throws(Reported) {
    setIterators(point)
    for (k, operand) in sparse.enumerated() where k != driven {
      guard let argument = operand.argument else { continue }
      var coordinates: [Int] = []
      for expression in operand.expressions {
        coordinates.append(try evaluate(expression, point))
      }
      guard let bits = operand.value.element(coordinates) else {
        throw frame.outOfBounds(instruction, coordinates, operand.value.shape)
      }
      frame.registers[argument] = bits
    }
    var offsets: [Int] = []
    offsets.reserveCapacity(cursors.count)
    for cursor in cursors {
      var offset = cursor.offset
      for d in point.indices { offset &+= cursor.steps[d] &* point[d] }
      for (expression, stride, size) in cursor.general {
        let index = try evaluate(.general(expression), point)
        guard index >= 0, index < size else {
          throw frame.outOfBounds(instruction, [index], [size])
        }
        offset &+= index &* stride
      }
      offsets.append(offset)
      if let argument = cursor.argument {
        frame.registers[argument] = cursor.access.load(cursor.base, offset)
      }
    }
    try frame.run(operation.body, for: instruction)
    for (cursor, offset) in zip(cursors, offsets) {
      if let yield = cursor.yield {
        cursor.access.store(frame.registers[yield], cursor.base, offset)
      }
    }
  }

  private func evaluate(_ expression: IndexExpression, _ point: [Int]) throws(Reported) -> Int {
    switch expression {
    case .linear(let coefficients, let constant):
      return zip(coefficients, point).reduce(constant) { $0 &+ $1.0 &* $1.1 }
    case .general(let expression):
      guard let value = expression.evaluate(dimensions: point) else {
        throw frame.fail(instruction, "an indexing map has no value at \(point)")
      }
      return value
    }
  }

  // MARK: Stored entries

  /// Goes through the stored entries of one sparse operand, and through all of the dimensions it does
  /// not fix.
  private func runStored(_ number: Int) throws(Reported) {
    let operand = sparse[number]
    let fixed = operand.expressions.map(\.dimension)
    let free = extents.indices.filter { !fixed.contains($0) }
    if free.contains(where: { extents[$0] == 0 }) { return }
    let box = try IterationBox(
      lower: free.map { _ in 0 }, upper: free.map { extents[$0] }, step: free.map { _ in 1 },
      instruction, frame)
    var point = [Int](repeating: 0, count: extents.count)
    try operand.value.forEachEntry { (coordinates, bits) throws(Reported) in
      for (k, d) in fixed.enumerated() where d != nil { point[d ?? 0] = coordinates[k] }
      try box.forEach { (values) throws(Reported) in
        for (k, d) in free.enumerated() { point[d] = values[k] }
        // The body may overwrite what it was given.
        if let argument = operand.argument { frame.registers[argument] = bits }
        try visit(point, driven: number)
      }
    }
  }
}

extension Frame {
  /// The shape of operand `i` of a structured operation; outputs may have been taken from their slots.
  func viewShape(
    _ instruction: Instruction, _ i: Int, _ outputs: [ArrayValue?],
    _ operation: StructuredOperation
  ) throws(Reported) -> [Int] {
    if i >= operation.inputCount, let output = outputs[i - operation.inputCount] {
      return output.shape
    }
    return try shape(instruction, i)
  }
}
