import Glibc
import MartletDialects
import MartletIR
import MartletSupport

/// linalg: all structured operations through `StructuredOperation`, softmax and the layout changes.
extension Semantics {
  mutating func addLinalg() {
    registerTerminator("linalg.yield")
    let structured =
      ["generic", "map", "reduce", "transpose", "broadcast", "elementwise", "contract"]
      + Linalg.named.keys.sorted()
    for name in structured { prepare("linalg.\(name)", Self.prepareStructured) }
    register("linalg.softmax") { (instruction, frame) throws(Reported) in
      try frame.softmax(instruction)
    }
    register("linalg.pack") { (instruction, frame) throws(Reported) in try frame.pack(instruction) }
    register("linalg.unpack") { (instruction, frame) throws(Reported) in
      try frame.unpack(instruction)
    }
  }

  private static func prepareStructured(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let operation = instruction.operation
    guard let view = LinalgOp(operation) else {
      return try prepareUnregistered(instruction, compiler)
    }
    try view.buildBody(
      Builder(operation.context, location: operation.location))
    return try StructuredOperation.prepare(
      instruction, compiler, maps: view.indexingMaps, inputCount: view.inputCount,
      body: operation.region(0))
  }

  /// A structured operation whose dialect is not loaded: it must carry its maps and region.
  private static func prepareUnregistered(_ instruction: Instruction, _ compiler: BodyCompiler)
    throws(Reported) -> Action
  {
    let operation = instruction.operation
    let maps = (instruction.attribute("indexing_maps")?.elements ?? []).compactMap(\.affineMap)
    guard maps.count == instruction.operandCount, operation.regionCount == 1 else {
      throw operation.emitOpError("needs indexing maps and a region to be interpreted")
    }
    return try StructuredOperation.prepare(
      instruction, compiler, maps: maps, inputCount: instruction.segment(0).count,
      body: operation.region(0))
  }
}

extension Frame {
  /// Makes `array` result 0, or writes it to the memref that operand `output` is.
  func deliver(_ instruction: Instruction, _ array: ArrayValue, output: Int) throws(Reported) {
    guard value(instruction, output).memref != nil else {
      set(instruction, 0, instruction.resultType().isVector ? .vector(array) : .tensor(array))
      return
    }
    try write(array, to: try memref(instruction, output), instruction)
  }

  /// Copies an array into a memref of its shape.
  func write(_ array: ArrayValue, to memref: MemRefValue, _ instruction: Instruction)
    throws(Reported)
  {
    guard memref.sizes == array.shape, memref.format == array.format, memref.isInBounds else {
      throw fail(
        instruction,
        "cannot write \(Shape.text(array.shape)) elements to a memref of \(Shape.text(memref.sizes))"
      )
    }
    Semantics.copy(array, memref.storage, memref.offset, memref.strides)
  }

  /// Operand `i`, a tensor, vector or memref, as an array of its own.
  func contents(_ instruction: Instruction, _ i: Int) throws(Reported) -> ArrayValue {
    guard value(instruction, i).memref != nil else { return try array(instruction, i) }
    return try contents(of: try memref(instruction, i), instruction)
  }

  func contents(of memref: MemRefValue, _ instruction: Instruction) throws(Reported)
    -> ArrayValue
  {
    guard memref.isInBounds else { throw fail(instruction, "a memref reaches outside its buffer") }
    do { return try memref.dense() } catch { throw fail(instruction, error.message) }
  }

  /// exp(x - max) / sum(exp(x - max)) along a dimension, each step rounded to the element's format.
  func softmax(_ instruction: Instruction) throws(Reported) {
    let input = try contents(instruction, 0)
    let d = try instruction.integer("dimension")
    guard input.shape.indices.contains(d), case .float(let kind) = input.format else {
      throw fail(instruction, "has no dimension \(d) of floats")
    }
    if kind.isWide { throw fail(instruction, "is not interpreted for \(kind)") }
    let result = try allocate(instruction, input.format, input.shape)
    try spend(result.count, instruction)
    let stride = Shape.strides(input.shape)[d]
    let size = input.shape[d]
    var rows = input.shape
    rows[d] = 1
    Shape.forEachOffset(rows, [(0, Shape.strides(input.shape))]) { offsets in
      let places = (0..<size).map { offsets[0] + $0 * stride }
      let largest = places.reduce(-Double.infinity) {
        ScalarKernels.maximumNumber($0, input.storage.double($1))
      }
      func round(_ value: Double) -> Double {
        FloatCoding.decode(FloatCoding.encode(value, kind), kind)
      }
      let powers = places.map { round(Glibc.exp(round(input.storage.double($0) - largest))) }
      let total = powers.reduce(0) { round($0 + $1) }
      for (place, power) in zip(places, powers) {
        result.storage[place] = FloatCoding.encode(power / total, kind)
      }
    }
    try deliver(instruction, result, output: 1)
  }

  // MARK: Layout changes

  /// How `pack` and `unpack` tile: positions, tile sizes, and the order of the outer dimensions.
  private func tiling(_ instruction: Instruction, _ tiles: Range<Int>, rank: Int)
    throws(Reported) -> (positions: [Int], tiles: [Int], order: [Int])
  {
    let positions = try instruction.integers("inner_dims_pos")
    let sizes = try mixed(instruction, instruction.integers("static_inner_tiles"), tiles)
    let given = instruction.attribute("outer_dims_perm")?.integers ?? []
    let order = given.isEmpty ? Array(0..<rank) : given
    guard positions.count == sizes.count, sizes.allSatisfy({ $0 > 0 }),
      positions.allSatisfy({ 0..<rank ~= $0 }), Set(positions).count == positions.count,
      order.sorted() == Array(0..<rank)
    else { throw fail(instruction, "has tiles that do not fit its operands") }
    return (positions, sizes, order)
  }

  /// Calls `body` with the offsets in the packed array and the index in the plain one of each packed
  /// element.
  private func forEachPacked(
    _ packed: [Int], _ tiling: (positions: [Int], tiles: [Int], order: [Int]), rank: Int,
    _ instruction: Instruction, _ body: (Int, [Int]) throws(Reported) -> Void
  ) throws(Reported) {
    let box = try IterationBox(
      lower: packed.map { _ in 0 }, upper: packed, step: packed.map { _ in 1 }, instruction, self)
    var offset = 0
    try box.forEach { (point) throws(Reported) in
      var index = [Int](repeating: 0, count: rank)
      for (i, d) in tiling.order.enumerated() { index[d] = point[i] }
      for (i, d) in tiling.positions.enumerated() {
        index[d] = index[d] &* tiling.tiles[i] &+ point[rank + i]
      }
      try body(offset, index)
      offset += 1
    }
  }

  func pack(_ instruction: Instruction) throws(Reported) {
    let source = try array(instruction, 0)
    let target = try array(instruction, 1)
    let rank = source.rank
    let tiling = try tiling(instruction, instruction.segment(3), rank: rank)
    var expected: [Int] = []
    for d in tiling.order {
      let tile = tiling.positions.firstIndex(of: d).map { tiling.tiles[$0] } ?? 1
      let size = source.shape[d]
      expected.append(size / tile + (size % tile == 0 ? 0 : 1))
      if size % tile != 0, instruction.segment(2).isEmpty {
        throw fail(
          instruction,
          "dimension \(d) of size \(size) is no multiple of the tile \(tile) and there "
            + "is no padding value")
      }
    }
    guard target.shape == expected + tiling.tiles else {
      throw fail(
        instruction,
        "packs into \(Shape.text(expected + tiling.tiles)), not \(Shape.text(target.shape))")
    }
    let result = try allocate(instruction, source.format, target.shape)
    try spend(result.count, instruction)
    let padding = instruction.segment(2).first.map { bits(instruction, $0) } ?? 0
    let strides = Shape.strides(source.shape)
    try forEachPacked(target.shape, tiling, rank: rank, instruction) {
      (offset, index) throws(Reported) in
      let isInside = zip(index, source.shape).allSatisfy { $0 < $1 }
      let place = zip(index, strides).reduce(0) { $0 &+ $1.0 &* $1.1 }
      result.storage[offset] = isInside ? source.storage[place] : padding
    }
    set(instruction, 0, .tensor(result))
  }

  func unpack(_ instruction: Instruction) throws(Reported) {
    let source = try array(instruction, 0)
    let target = try array(instruction, 1)
    let rank = target.rank
    let tiling = try tiling(instruction, 2..<instruction.operandCount, rank: rank)
    guard source.rank == rank + tiling.tiles.count,
      Array(source.shape[rank...]) == tiling.tiles
    else { throw fail(instruction, "has tiles that do not fit its operands") }
    for (i, d) in tiling.order.enumerated() {
      let tile = tiling.positions.firstIndex(of: d).map { tiling.tiles[$0] } ?? 1
      guard source.shape[i] &* tile >= target.shape[d] else {
        throw fail(instruction, "has too few elements for dimension \(d)")
      }
    }
    let result = try allocate(instruction, source.format, target.shape)
    try spend(source.count, instruction)
    let strides = Shape.strides(target.shape)
    try forEachPacked(source.shape, tiling, rank: rank, instruction) {
      (offset, index) throws(Reported) in
      guard zip(index, target.shape).allSatisfy({ $0 < $1 }) else { return }
      result.storage[zip(index, strides).reduce(0) { $0 &+ $1.0 &* $1.1 }] =
        source.storage[offset]
    }
    set(instruction, 0, .tensor(result))
  }
}
