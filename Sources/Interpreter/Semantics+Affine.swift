import MartletDialects
import MartletIR
import MartletSupport

/// affine: loops, conditionals, accesses and indices. Parallel loops run one iteration after another.
extension Semantics {
  mutating func addAffine() {
    registerTerminator("affine.yield")
    register("affine.apply") { (instruction, frame) throws(Reported) in
      frame.set(instruction, 0, .index(try frame.affineResults(instruction, "map")[0]))
    }
    register("affine.min") { (instruction, frame) throws(Reported) in
      let values = try frame.affineResults(instruction, "map")
      frame.set(instruction, 0, .index(values.min() ?? 0))
    }
    register("affine.max") { (instruction, frame) throws(Reported) in
      let values = try frame.affineResults(instruction, "map")
      frame.set(instruction, 0, .index(values.max() ?? 0))
    }
    register("affine.prefetch") { (_, _) throws(Reported) in }
    prepare("affine.for", Self.prepareAffineFor)
    prepare("affine.if", Self.prepareAffineIf)
    prepare("affine.parallel", Self.prepareAffineParallel)
    addAffineAccesses()
    addAffineIndices()
  }

  // MARK: Control

  private static func prepareAffineFor(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let operation = instruction.operation
    guard let loop = AffineForOp(operation) else {
      throw operation.emitOpError("has no bounds")
    }
    let body = try compiler.region(instruction)
    let inits = instruction.segment(2)
    let count = inits.count
    guard body.arguments.count == count + 1, instruction.resultCount == count else {
      throw operation.emitOpError("has as many iteration arguments as initial values")
    }
    let variable = body.arguments[0]
    let carried = body.arguments[1...]
    let (lower, upper, step) = (loop.lower.map, loop.upper.map, loop.step)
    return { (frame: Frame) throws(Reported) in
      guard step > 0 else {
        throw frame.fail(instruction, "has a step of \(step), not a positive one")
      }
      var i = try frame.results(of: lower, instruction, instruction.segment(0)).max() ?? 0
      let end = try frame.results(of: upper, instruction, instruction.segment(1)).min() ?? 0
      frame.transfer(instruction, inits, to: carried)
      while i < end {
        frame.registers[variable.index] = UInt64(bitPattern: Int64(i))
        let yield = try frame.runToTerminator(body, for: instruction)
        guard yield.operandCount == count else {
          throw frame.fail(instruction, "yields \(yield.operandCount) values of \(count)")
        }
        frame.transfer(yield, 0..<count, to: carried)
        let (next, overflow) = i.addingReportingOverflow(step)
        if overflow { break }
        i = next
      }
      frame.move(carried, to: instruction.results)
    }
  }

  private static func prepareAffineIf(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    guard let set = instruction.attribute("condition")?.integerSet else {
      throw instruction.operation.emitOpError("has no condition")
    }
    let regions = try compiler.regions(instruction)
    return { (frame: Frame) throws(Reported) in
      let values = frame.integers(instruction, 0..<instruction.operandCount)
      let dimensions = Array(values.prefix(set.dimensionCount))
      let symbols = Array(values.dropFirst(set.dimensionCount))
      var holds = true
      for constraint in set.constraints {
        guard let value = constraint.expr.evaluate(dimensions: dimensions, symbols: symbols)
        else { throw frame.fail(instruction, "condition has no value at \(values)") }
        holds = holds && (constraint.isEquality ? value == 0 : value >= 0)
      }
      let chosen = holds ? 0 : 1
      guard regions.indices.contains(chosen), !regions[chosen].isEmpty else { return }
      try frame.yield(regions[chosen], instruction)
    }
  }

  private static func prepareAffineParallel(
    _ instruction: Instruction, _ compiler: BodyCompiler
  ) throws(Reported) -> Action {
    let operation = instruction.operation
    guard let loop = AffineParallelOp(operation) else {
      throw operation.emitOpError("has no bounds")
    }
    let reducers = try loop.reductions.enumerated().map {
      (i, name) throws(Reported) -> Reducer in
      guard i < instruction.resultCount,
        let reducer = Reducer(name, instruction.resultType(i))
      else { throw operation.emitOpError("has a reduction that is not interpreted") }
      return reducer
    }
    let body = try compiler.region(instruction)
    let (lower, upper) = (loop.lower.map, loop.upper.map)
    let (lowerGroups, upperGroups, steps) = (loop.lowerGroups, loop.upperGroups, loop.steps)
    let split = lower.inputCount
    return { (frame: Frame) throws(Reported) in
      let box = try IterationBox(
        lower: grouped(
          frame.results(of: lower, instruction, 0..<split), lowerGroups
        ) { $0.max() },
        upper: grouped(
          frame.results(of: upper, instruction, split..<instruction.operandCount), upperGroups
        ) { $0.min() },
        step: steps, instruction, frame)
      guard body.arguments.count == box.lower.count else {
        throw frame.fail(instruction, "needs an argument for each dimension")
      }
      var totals = reducers.map(\.neutral)
      try box.forEach { (point) throws(Reported) in
        for (slot, value) in zip(body.arguments, point) {
          frame.registers[slot.index] = UInt64(bitPattern: Int64(value))
        }
        let end = try frame.runToTerminator(body, for: instruction)
        guard end.operandCount == totals.count else {
          throw frame.fail(instruction, "yields the wrong number of values")
        }
        for (i, reducer) in reducers.enumerated() {
          guard let next = reducer.kernel(totals[i], frame.bits(end, i), 0) else {
            throw frame.fail(instruction, "has a reduction without a value")
          }
          totals[i] = next
        }
      }
      for (i, total) in totals.enumerated() {
        frame.registers[instruction.results[i].index] = total
      }
    }
  }

  /// The bound of each dimension: `pick` of the results that belong to it.
  private static func grouped(_ values: [Int], _ groups: [Int], _ pick: ([Int]) -> Int?) -> [Int] {
    var start = 0
    return groups.map { size in
      defer { start += size }
      guard size > 0, start + size <= values.count else { return 0 }
      return pick(Array(values[start..<(start + size)])) ?? 0
    }
  }

  // MARK: Memory

  private mutating func addAffineAccesses() {
    prepare("affine.load") { (instruction, _) throws(Reported) in
      try instruction.requireScalar(instruction.results.first)
      return { (frame: Frame) throws(Reported) in
        let (storage, place) = try frame.affinePlace(instruction, memref: 0)
        frame.registers[instruction.results[0].index] = storage[place]
      }
    }
    prepare("affine.store") { (instruction, _) throws(Reported) in
      try instruction.requireScalar(instruction.operands.first)
      return { (frame: Frame) throws(Reported) in
        let (storage, place) = try frame.affinePlace(instruction, memref: 1)
        storage[place] = frame.bits(instruction, 0)
      }
    }
    register("affine.vector_load") { (instruction, frame) throws(Reported) in
      guard let format = ElementFormat(instruction.resultType().elementType) else {
        throw frame.fail(instruction, "is not interpreted for these types")
      }
      let result = try frame.allocate(instruction, format, instruction.resultType().shape)
      try frame.affineVector(instruction, memref: 0, result.shape) { i, storage, place in
        result.storage[i] = storage[place]
      }
      frame.set(instruction, 0, .vector(result))
    }
    register("affine.vector_store") { (instruction, frame) throws(Reported) in
      let vector = try frame.array(instruction, 0)
      try frame.affineVector(instruction, memref: 1, vector.shape) { i, storage, place in
        storage[place] = vector.storage[i]
      }
    }
  }

  // MARK: Indices

  private mutating func addAffineIndices() {
    register("affine.delinearize_index") { (instruction, frame) throws(Reported) in
      var sizes = try frame.mixed(
        instruction, instruction.integers("static_basis"), instruction.segment(1))
      // The first size, where there is one for every result, only bounds.
      if sizes.count == instruction.resultCount, !sizes.isEmpty { sizes.removeFirst() }
      var high = frame.integer(instruction, 0)
      for (i, size) in sizes.enumerated().reversed() {
        guard size > 0 else { throw frame.fail(instruction, "has a basis element of \(size)") }
        let rest = high % size < 0 ? high % size + size : high % size
        frame.set(instruction, i + 1, .index(rest))
        high = (high - rest) / size
      }
      if instruction.resultCount > 0 { frame.set(instruction, 0, .index(high)) }
    }
    register("affine.linearize_index") { (instruction, frame) throws(Reported) in
      let indices = frame.integers(instruction, instruction.segment(0))
      var sizes = try frame.mixed(
        instruction, instruction.integers("static_basis"), instruction.segment(1))
      if sizes.count < indices.count { sizes.insert(1, at: 0) }
      var sum = 0
      var stride = 1
      for (index, size) in zip(indices, sizes).reversed() {
        sum = sum &+ index &* stride
        stride = stride &* size
      }
      frame.set(instruction, 0, .index(sum))
    }
  }
}

/// How results of parallel iterations are put together.
struct Reducer {
  let neutral: UInt64
  let kernel: ScalarKernel

  init?(_ name: String, _ type: Type) {
    guard let format = ElementFormat(type) else { return nil }
    let operation: String
    switch name {
    case "maxs", "maxu", "mins", "minu": operation = "arith.\(name.dropLast())\(name.suffix(1))i"
    default: operation = "arith.\(name)"
    }
    let request = KernelRequest(operands: [format, format], result: format)
    guard let kernel = ScalarKernels.kernel(operation, request) else { return nil }
    self.kernel = kernel
    let width = UInt64(format.width)
    let ones = format.canonical(.max)
    let signedMax = format.canonical(UInt64.max >> (65 - min(width, 64)))
    switch name {
    case "addf": neutral = format.encode(-0.0)
    case "mulf": neutral = format.encode(1)
    case "muli": neutral = format.canonical(1)
    case "maximumf", "maxnumf": neutral = format.encode(-.infinity)
    case "minimumf", "minnumf": neutral = format.encode(.infinity)
    case "andi", "minu": neutral = ones
    case "mins": neutral = signedMax
    case "maxs": neutral = format.canonical(~signedMax)
    default: neutral = 0
    }
  }
}

extension Frame {
  /// The results of a map at some of the instruction's operands.
  func results(of map: AffineMap, _ instruction: Instruction, _ range: Range<Int>)
    throws(Reported) -> [Int]
  {
    let values = integers(instruction, range)
    guard values.count == map.inputCount,
      let results = map.evaluate(
        Array(values.prefix(map.dimensionCount)),
        symbols: Array(values.dropFirst(map.dimensionCount)))
    else { throw fail(instruction, "map has no value at \(values)") }
    return results
  }

  /// The results of the instruction's affine map at its operands; there is at least one.
  func affineResults(_ instruction: Instruction, _ name: String) throws(Reported) -> [Int] {
    guard let map = instruction.attribute(name)?.affineMap, map.resultCount > 0 else {
      throw fail(instruction, "needs an affine map of its operands")
    }
    return try results(of: map, instruction, 0..<instruction.operandCount)
  }

  private func affineIndices(_ instruction: Instruction, memref position: Int) throws(Reported)
    -> (MemRefValue, [Int])
  {
    let memref = try self.memref(instruction, position)
    guard let map = instruction.attribute("map")?.affineMap else {
      throw fail(instruction, "needs an affine map of its indices")
    }
    let indices = try results(
      of: map, instruction, (position + 1)..<instruction.operandCount)
    guard indices.count == memref.sizes.count else {
      throw fail(instruction, "has \(indices.count) indices for rank \(memref.sizes.count)")
    }
    return (memref, indices)
  }

  private func place(_ memref: MemRefValue, _ indices: [Int], _ instruction: Instruction)
    throws(Reported) -> Int
  {
    var place = memref.offset
    for (d, index) in indices.enumerated() {
      guard index >= 0, index < memref.sizes[d] else {
        throw outOfBounds(instruction, indices, memref.sizes)
      }
      place &+= index &* memref.strides[d]
    }
    guard place >= 0, place < memref.storage.count else {
      throw fail(instruction, "reaches element \(place) of a buffer of \(memref.storage.count)")
    }
    return place
  }

  /// The element an affine load or store is about.
  func affinePlace(_ instruction: Instruction, memref: Int) throws(Reported) -> (
    ArrayStorage, Int
  ) {
    let (value, indices) = try affineIndices(instruction, memref: memref)
    return (value.storage, try place(value, indices, instruction))
  }

  /// Calls `body` for each element of a vector that lies along the last dimensions of a memref.
  func affineVector(
    _ instruction: Instruction, memref: Int, _ shape: [Int],
    _ body: (Int, ArrayStorage, Int) -> Void
  ) throws(Reported) {
    let (value, indices) = try affineIndices(instruction, memref: memref)
    guard shape.count <= indices.count, let count = Shape.count(shape) else {
      throw fail(instruction, "has a vector of more dimensions than the memref")
    }
    try spend(count, instruction)
    let first = indices.count - shape.count
    for i in 0..<count {
      var point = indices
      var rest = i
      for d in shape.indices.reversed() {
        point[first + d] &+= rest % shape[d]
        rest /= shape[d]
      }
      body(i, value.storage, try place(value, point, instruction))
    }
  }
}
