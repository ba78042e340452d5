import MartletIR
import MartletSupport

/// vector: moving vectors to and from memory and tensors.
extension Semantics {
  mutating func addVectorTransfer() {
    register("vector.load") { (instruction, frame) throws(Reported) in
      let result = try frame.newResult(instruction, dynamic: 0..<0)
      let source = try Transfer(instruction, frame, base: 0, 1..<instruction.operandCount)
      try source.forEach(result.shape) { (i, place, _) throws(Reported) in
        guard let place else { throw frame.fail(instruction, "reaches outside the memref") }
        result.storage[i] = source.storage[place]
      }
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.store") { (instruction, frame) throws(Reported) in
      let vector = try frame.array(instruction, 0)
      let target = try Transfer(instruction, frame, base: 1, 2..<instruction.operandCount)
      try target.forEach(vector.shape) { (i, place, _) throws(Reported) in
        guard let place else { throw frame.fail(instruction, "reaches outside the memref") }
        target.storage[place] = vector.storage[i]
      }
    }
    register("vector.maskedload") { (instruction, frame) throws(Reported) in
      let count = instruction.operandCount
      let mask = try frame.array(instruction, count - 2)
      let other = try frame.array(instruction, count - 1)
      let result = try frame.copied(instruction, other)
      let source = try Transfer(instruction, frame, base: 0, 1..<(count - 2))
      try source.forEach(result.shape) { (i, place, _) throws(Reported) in
        if mask.storage[i] == 0 { return }
        guard let place else { throw frame.fail(instruction, "reaches outside the memref") }
        result.storage[i] = source.storage[place]
      }
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.maskedstore") { (instruction, frame) throws(Reported) in
      let count = instruction.operandCount
      let mask = try frame.array(instruction, count - 2)
      let vector = try frame.array(instruction, count - 1)
      let target = try Transfer(instruction, frame, base: 0, 1..<(count - 2))
      try target.forEach(vector.shape) { (i, place, _) throws(Reported) in
        if mask.storage[i] == 0 { return }
        guard let place else { throw frame.fail(instruction, "reaches outside the memref") }
        target.storage[place] = vector.storage[i]
      }
    }
    register("vector.gather") { (instruction, frame) throws(Reported) in
      let count = instruction.operandCount
      let (indices, mask) = (
        try frame.array(instruction, count - 3), try frame.array(instruction, count - 2)
      )
      let result = try frame.copied(instruction, try frame.array(instruction, count - 1))
      let source = try Transfer(instruction, frame, base: 0, 1..<(count - 3))
      for i in 0..<result.count where mask.storage[i] != 0 {
        guard let place = source.place(behind: Int(truncatingIfNeeded: indices.storage[i])) else {
          throw frame.fail(instruction, "gathers from outside the array")
        }
        result.storage[i] = source.storage[place]
      }
      frame.set(instruction, 0, .vector(result))
    }
    register("vector.scatter") { (instruction, frame) throws(Reported) in
      let count = instruction.operandCount
      let (indices, mask) = (
        try frame.array(instruction, count - 3), try frame.array(instruction, count - 2)
      )
      let vector = try frame.array(instruction, count - 1)
      var result: ArrayValue?
      if frame.value(instruction, 0).memref == nil {
        result = try frame.unique(instruction, try frame.takeArray(instruction, 0))
      }
      let target = try Transfer(instruction, frame, base: 0, 1..<(count - 3), target: result)
      for i in 0..<vector.count where mask.storage[i] != 0 {
        guard let place = target.place(behind: Int(truncatingIfNeeded: indices.storage[i])) else {
          throw frame.fail(instruction, "scatters to outside the array")
        }
        target.storage[place] = vector.storage[i]
      }
      if let result { frame.set(instruction, 0, .tensor(result)) }
    }
    register("vector.transfer_read") { (instruction, frame) throws(Reported) in
      try frame.transferRead(instruction)
    }
    register("vector.transfer_write") { (instruction, frame) throws(Reported) in
      try frame.transferWrite(instruction)
    }
  }
}

/// A memref or tensor at an index, from or to which a vector is moved.
struct Transfer {
  let storage: ArrayStorage
  private let offset: Int
  private let sizes: [Int]
  private let strides: [Int]
  private let indices: [Int]
  /// For each vector dimension the array's; nil repeats the element.
  private let dimensions: [Int?]
  private let instruction: Instruction
  private let frame: Frame

  /// - Parameter map: the permutation map; nil for the last dimensions in order.
  init(
    _ instruction: Instruction, _ frame: Frame, base: Int, _ range: Range<Int>,
    map: AffineMap? = nil, target: ArrayValue? = nil
  ) throws(Reported) {
    self.instruction = instruction
    self.frame = frame
    var source = target
    if source == nil, frame.value(instruction, base).memref == nil {
      source = try frame.array(instruction, base)
    }
    if let array = source {
      storage = array.storage
      offset = 0
      sizes = array.shape
      strides = Shape.strides(array.shape)
    } else {
      let memref = try frame.memref(instruction, base)
      guard memref.isInBounds else { throw frame.fail(instruction, "reaches outside its buffer") }
      storage = memref.storage
      offset = memref.offset
      sizes = memref.sizes
      strides = memref.strides
    }
    indices = frame.integers(instruction, range)
    guard indices.count == sizes.count else {
      throw frame.fail(instruction, "has \(indices.count) indices for rank \(sizes.count)")
    }
    if let map {
      var found: [Int?] = []
      for result in map.results {
        switch result.kind {
        case .dimension where sizes.indices.contains(result.position): found.append(result.position)
        case .constant: found.append(nil)
        default: throw frame.fail(instruction, "has a permutation map that is not interpreted")
        }
      }
      dimensions = found
    } else {
      dimensions = []
    }
    hasMap = map != nil
  }

  private let hasMap: Bool

  /// Calls `body` with the number of each element of a vector and its place in the storage, nil where that
  /// is out of bounds, and the first vector dimension that leaves the array.
  func forEach(
    _ shape: [Int], _ body: (Int, Int?, Int?) throws(Reported) -> Void
  ) throws(Reported) {
    let chosen =
      hasMap ? dimensions : shape.indices.map { Optional(sizes.count - shape.count + $0) }
    guard chosen.count == shape.count, chosen.allSatisfy({ ($0 ?? 0) >= 0 }) else {
      throw frame.fail(instruction, "moves a vector of higher rank than the array")
    }
    let box = try IterationBox(
      lower: shape.map { _ in 0 }, upper: shape, step: shape.map { _ in 1 }, instruction, frame)
    var next = 0
    try box.forEach { (point) throws(Reported) in
      var index = indices
      for (v, d) in chosen.enumerated() { if let d { index[d] = index[d] &+ point[v] } }
      let left = sizes.indices.first { !(0..<sizes[$0] ~= index[$0]) }
      try body(next, place(of: index), left.map { chosen.firstIndex(of: $0) ?? -1 })
      next += 1
    }
  }

  /// The place of the element `distance` behind the first in the last dimension; nil out of bounds.
  func place(behind distance: Int) -> Int? {
    var index = indices
    guard let last = index.indices.last else { return distance == 0 ? offset : nil }
    index[last] = index[last] &+ distance
    return place(of: index)
  }

  private func place(of index: [Int]) -> Int? {
    var place = offset
    for (d, i) in index.enumerated() {
      guard 0..<sizes[d] ~= i else { return nil }
      place = place &+ i &* strides[d]
    }
    return place
  }
}

extension Frame {
  /// Throws where an element is out of bounds in a dimension that may not be.
  private func requirePadding(_ instruction: Instruction, _ dimension: Int?) throws(Reported) {
    let inBounds = instruction.attribute("in_bounds")?.elements ?? []
    let isPadded =
      dimension.map { d in
        d >= 0 && !(inBounds.indices.contains(d) && inBounds[d].boolValue == true)
      } ?? false
    if !isPadded { throw fail(instruction, "reaches outside the array in a dimension in bounds") }
  }

  private func transferMap(_ instruction: Instruction) -> AffineMap? {
    instruction.attribute("permutation_map")?.affineMap
  }

  fileprivate func transferRead(_ instruction: Instruction) throws(Reported) {
    let result = try newResult(instruction, dynamic: 0..<0)
    let source = try Transfer(
      instruction, self, base: 0, instruction.segment(1), map: transferMap(instruction))
    guard let paddingOperand = instruction.segment(2).first,
      !instruction.operands[paddingOperand].isObject
    else { throw fail(instruction, "is interpreted only for elements that are numbers") }
    let padding = bits(instruction, paddingOperand)
    let mask = try instruction.segment(3).first.map { (i) throws(Reported) in
      try array(instruction, i)
    }
    try source.forEach(result.shape) { (i, place, leaving) throws(Reported) in
      if let mask, mask.count == result.count, mask.storage[i] == 0 {
        result.storage[i] = padding
        return
      }
      if let place {
        result.storage[i] = source.storage[place]
      } else {
        try requirePadding(instruction, leaving)
        result.storage[i] = padding
      }
    }
    set(instruction, 0, .vector(result))
  }

  fileprivate func transferWrite(_ instruction: Instruction) throws(Reported) {
    let vector = try array(instruction, 0)
    var result: ArrayValue?
    if value(instruction, 1).memref == nil {
      result = try unique(instruction, try takeArray(instruction, 1))
    }
    let target = try Transfer(
      instruction, self, base: 1, instruction.segment(2), map: transferMap(instruction),
      target: result)
    let mask = try instruction.segment(3).first.map { (i) throws(Reported) in
      try array(instruction, i)
    }
    try target.forEach(vector.shape) { (i, place, leaving) throws(Reported) in
      if let mask, mask.count == vector.count, mask.storage[i] == 0 { return }
      if let place {
        target.storage[place] = vector.storage[i]
      } else {
        try requirePadding(instruction, leaving)
      }
    }
    if let result { set(instruction, 0, .tensor(result)) }
  }
}
