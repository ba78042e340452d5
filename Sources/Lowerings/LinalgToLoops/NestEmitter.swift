import MartletDialects
import MartletIR
import MartletSupport

/// Writes the loops of a structured operation before it, as a plan says.
///
/// Index arithmetic is put into the outermost loop that knows all it needs, so that inner loops hold
/// little more than loads, computation and stores.
final class NestEmitter {
  let nest: StructuredNest
  let body: StructuredBody
  let plan: TilePlan
  let builder: Builder
  let context: Context
  let root: Operation

  /// The block of a loop being written, or the one the operation stands in.
  struct Scope {
    let block: Block
    /// The loop being written inside; what is added to the scope goes before it.
    var open: Operation?
    var sums: [[Int]: Value] = [:]
  }
  var scopes: [Scope]

  /// Where each loop stands: `induction + base`.
  var induction: [Value?]
  var base: [Int]
  var scopeOfLoop: [Int]
  var constants: [Attribute: Value] = [:]
  var splats: [SplatKey: Value] = [:]

  /// A vector of the tile along the loop that makes lanes.
  struct Column {
    /// Number of its accumulator among those of a point.
    let slot: Int
    /// Distance of its first lane.
    let offset: Int
    /// Nil for a scalar.
    let lanes: Int?
  }

  struct SplatKey: Hashable {
    let value: Value
    let lanes: Int
  }
  struct LoadKey: Hashable {
    let operand: Int
    let indices: [Value]
    let lanes: Int?
  }

  init(_ nest: StructuredNest, _ body: StructuredBody, _ plan: TilePlan, _ builder: Builder) {
    self.nest = nest
    self.body = body
    self.plan = plan
    self.builder = builder
    context = builder.context
    root = nest.view.operation
    scopes = []
    let count = nest.loops.count
    induction = Array(repeating: nil, count: count)
    base = Array(repeating: 0, count: count)
    scopeOfLoop = Array(repeating: 0, count: count)
    if let block = root.block { scopes.append(Scope(block: block, open: root)) }
  }

  /// Writes the nest; the operation itself is left in place.
  func emit() throws(Reported) {
    if scopes.isEmpty { return }
    // Loops of unknown extent need their bounds first, whatever happens inside.
    for (i, loop) in nest.loops.enumerated() where loop.extent == nil {
      extents[i] = try dynamicExtent(i)
    }
    builder.location = root.location
    emitParallel(0, tile: plan.tile, columns: [Column(slot: 0, offset: 0, lanes: nil)])
  }

  var extents: [Int: Value] = [:]

  func dynamicExtent(_ loop: Int) throws(Reported) -> Value {
    guard let place = nest.view.operandDimension(ofLoop: loop) else {
      throw root.emitOpError("loop #\(loop) has no operand dimension that tells its extent")
    }
    let memref = root.operand(place.operand)
    let dimension = index(place.dimension)
    return create(MemRef.dim, [memref, dimension], results: [context.index])
  }

  // MARK: Making operations

  @discardableResult
  func at<R>(scope: Int, _ make: () -> R) -> R {
    let scope = scopes[scope]
    return builder.at(InsertionPoint(block: scope.block, before: scope.open), make)
  }

  func create(
    _ definition: OpDefinition, _ operands: [Value], results: [Type],
    attributes: [(String, Attribute)] = [], scope: Int? = nil
  ) -> Value {
    at(scope: scope ?? scopes.count - 1) {
      builder.create(definition, operands, results: results, attributes: attributes).result()
    }
  }

  func create(
    _ name: String, _ operands: [Value], results: [Type],
    attributes: [(String, Attribute)] = []
  ) -> Operation {
    at(scope: scopes.count - 1) {
      builder.create(
        context.operationName(name), operands, results: results, attributes: attributes)
    }
  }

  /// Puts a detached operation at the present place.
  func insert(_ operation: Operation) { at(scope: scopes.count - 1) { builder.insert(operation) } }

  /// A constant before the nest.
  func constant(_ value: Attribute) -> Value {
    if let known = constants[value] { return known }
    let type = value.type ?? context.noneType
    let made = create(
      Arith.constant, [], results: [type], attributes: [("value", value)], scope: 0)
    constants[value] = made
    return made
  }

  func index(_ value: Int) -> Value { constant(context.indexAttribute(value)) }

  // MARK: Loops

  func extent(_ loop: Int) -> Value {
    extents[loop] ?? index(nest.loops[loop].extent ?? 0)
  }

  /// An `scf.for` along `loop`; `write` fills the body from the carried values and returns their next values.
  func emitLoop(
    _ loop: Int, from lower: Int, to upper: Value, step: Int, carrying values: [Value] = [],
    _ write: ([Value]) -> [Value]
  ) -> [Value] {
    let bounds = [index(lower), upper, index(step)]
    let operation = at(scope: scopes.count - 1) {
      builder.create(SCF.for, bounds + values, results: values.map(\.type))
    }
    let block = operation.region(0).addBlock(arguments: [context.index] + values.map(\.type))
    scopes[scopes.count - 1].open = operation
    scopes.append(Scope(block: block))
    let saved = (induction[loop], base[loop], scopeOfLoop[loop])
    (induction[loop], base[loop]) = (block.argument(0), 0)
    scopeOfLoop[loop] = scopes.count - 1
    let next = write(Array(block.arguments.dropFirst()))
    builder.at(.atEnd(of: block)) { builder.create(SCF.yield, next) }
    (induction[loop], base[loop], scopeOfLoop[loop]) = saved
    scopes.removeLast()
    scopes[scopes.count - 1].open = scopes.count == 1 ? root : nil
    return Array(operation.results)
  }

  /// Runs `write` for iterations `[lower, lower + count * step)` of `loop`, without a loop where there is one.
  func emitRange(
    _ loop: Int, from lower: Int, count: Int, step: Int, carrying values: [Value] = [],
    _ write: ([Value]) -> [Value]
  ) -> [Value] {
    if count == 1 {
      let saved = (induction[loop], base[loop])
      (induction[loop], base[loop]) = (nil, lower)
      defer { (induction[loop], base[loop]) = saved }
      return write(values)
    }
    return emitLoop(
      loop, from: lower, to: index(lower + count * step), step: step, carrying: values, write)
  }

  func emitParallel(_ depth: Int, tile: [Int], columns: [Column]) {
    guard depth < plan.parallelOrder.count else {
      emitTile(tile, columns)
      return
    }
    let loop = plan.parallelOrder[depth]
    func inside(_ size: Int, _ columns: [Column]) {
      var tile = tile
      tile[loop] = size
      emitParallel(depth + 1, tile: tile, columns: columns)
    }
    guard let extent = nest.loops[loop].extent else {
      _ = emitLoop(loop, from: 0, to: self.extent(loop), step: 1) { carried in
        inside(1, columns)
        return carried
      }
      return
    }
    for range in ranges(loop, extent) {
      _ = emitRange(loop, from: range.lower, count: range.count, step: range.step) { carried in
        inside(range.size, range.columns ?? columns)
        return carried
      }
    }
  }

  struct Range {
    let lower: Int
    let count: Int
    let step: Int
    let size: Int
    let columns: [Column]?
  }

  /// The parts of a loop that are written one after another.
  func ranges(_ loop: Int, _ extent: Int) -> [Range] {
    var ranges: [Range] = []
    if plan.vectorLoop == loop {
      let (groups, rest) = plan.split(extent)
      let step = plan.columns * plan.width
      if groups > 0 {
        let widths = Array(repeating: plan.width, count: plan.columns)
        ranges.append(
          Range(lower: 0, count: groups, step: step, size: 1, columns: columns(widths)))
      }
      if !rest.isEmpty {
        ranges.append(
          Range(lower: groups * step, count: 1, step: 1, size: 1, columns: columns(rest)))
      }
      return ranges
    }
    let size = plan.tile[loop]
    let count = extent / size
    if count > 0 {
      ranges.append(Range(lower: 0, count: count, step: size, size: size, columns: nil))
    }
    if extent % size > 0 {
      ranges.append(
        Range(lower: count * size, count: 1, step: 1, size: extent % size, columns: nil))
    }
    return ranges
  }

  func columns(_ widths: [Int]) -> [Column] {
    var offset = 0
    return widths.enumerated().map { slot, width in
      defer { offset += width }
      return Column(slot: slot, offset: offset, lanes: width)
    }
  }

  // MARK: Tiles

  /// The offsets of the points of a tile per loop.
  func points(_ tile: [Int]) -> [[Int]] {
    var points = [Array(repeating: 0, count: tile.count)]
    for (loop, size) in tile.enumerated() where size > 1 {
      points = points.flatMap { point in
        (0..<size).map { i in
          var point = point
          point[loop] = i
          return point
        }
      }
    }
    return points
  }

  func emitTile(_ tile: [Int], _ columns: [Column]) {
    let points = points(tile)
    if plan.reductionOrder.isEmpty {
      emitPlain(points, columns)
    } else if case .reduction(let loop) = plan.lanes {
      emitLaneReduction(points, loop)
    } else {
      emitReduction(points, columns)
    }
  }

  var outputs: Swift.Range<Int> { nest.inputCount..<nest.accesses.count }

  /// Without accumulators: outputs are read where the body asks for them.
  func emitPlain(_ points: [[Int]], _ columns: [Column]) {
    var results: [(output: Int, offsets: [Int], column: Column, value: Value)] = []
    var loads: [LoadKey: Value] = [:]
    for point in points {
      for column in columns {
        let offsets = self.offsets(point, column)
        let old = outputs.map { output -> Value? in
          guard body.reads(argument: output) else { return nil }
          return load(output, offsets, column.lanes, &loads)
        }
        let values = compute(offsets, column.lanes, accumulators: old, &loads)
        for (output, value) in zip(outputs, values) {
          results.append((output, offsets, column, value))
        }
      }
    }
    for result in results {
      store(result.value, result.output, result.offsets, result.column.lanes)
    }
  }

  /// Accumulators start from the outputs and are stored when the reduction loops end.
  func emitReduction(_ points: [[Int]], _ columns: [Column]) {
    var loads: [LoadKey: Value] = [:]
    var places: [(output: Int, offsets: [Int], lanes: Int?)] = []
    for point in points {
      for column in columns {
        for output in outputs { places.append((output, offsets(point, column), column.lanes)) }
      }
    }
    let initial = places.map { load($0.output, $0.offsets, $0.lanes, &loads) }
    let zero = Array(repeating: 0, count: nest.loops.count)
    let final = emitReductionLoops(0, initial, zero) { values, reductionOffsets in
      self.step(points, columns, slots: columns.count, reductionOffsets, values)
    }
    for (place, value) in zip(places, final) {
      store(value, place.output, place.offsets, place.lanes)
    }
  }

  /// Accumulators are vectors of partial results, combined with the outputs at the end.
  func emitLaneReduction(_ points: [[Int]], _ loop: Int) {
    let (groups, rest) = plan.split(nest.loops[loop].extent ?? 0)
    var widths = groups > 0 ? Array(repeating: plan.width, count: plan.columns) : []
    // What is left over uses the accumulators of the same width, and one more for a narrow vector.
    let parts = rest.enumerated().reduce(into: (columns: [Column](), offset: 0)) { parts, next in
      var slot = next.offset
      if next.element != plan.width || slot >= widths.count {
        slot = widths.count
        widths.append(next.element)
      }
      parts.columns.append(Column(slot: slot, offset: parts.offset, lanes: next.element))
      parts.offset += next.element
    }
    let slots = widths.count
    var initial: [Value] = []
    for _ in points {
      for width in widths {
        for reduction in body.combiners {
          guard let reduction else { continue }
          initial.append(splat(reduction.neutral, width))
        }
      }
    }
    let main = columns(Array(repeating: plan.width, count: plan.columns))
    let zero = Array(repeating: 0, count: nest.loops.count)
    let final = emitReductionLoops(0, initial, zero, except: loop) { values, offsets in
      var values = values
      let length = plan.columns * plan.width
      if groups > 0 {
        values = emitRange(loop, from: 0, count: groups, step: length, carrying: values) {
          self.step(points, main, slots: slots, offsets, $0)
        }
      }
      if rest.isEmpty { return values }
      return emitRange(loop, from: groups * length, count: 1, step: 1, carrying: values) {
        self.step(points, parts.columns, slots: slots, offsets, $0)
      }
    }
    combine(final, points, widths)
  }

  func combine(_ values: [Value], _ points: [[Int]], _ widths: [Int]) {
    var loads: [LoadKey: Value] = [:]
    let outputCount = nest.outputCount
    for (p, point) in points.enumerated() {
      for (o, output) in outputs.enumerated() {
        guard let reduction = body.combiners[o] else { continue }
        let mine = widths.indices.map { values[(p * widths.count + $0) * outputCount + o] }
        var total = load(output, point, nil, &loads)
        var byWidth: [(width: Int, value: Value)] = []
        for (width, value) in zip(widths, mine) {
          if let i = byWidth.firstIndex(where: { $0.width == width }) {
            byWidth[i].value = apply(reduction, byWidth[i].value, value)
          } else {
            byWidth.append((width, value))
          }
        }
        for (_, value) in byWidth { total = apply(reduction, total, horizontal(reduction, value)) }
        store(total, output, point, nil)
      }
    }
  }

  /// The reduction loops from `depth` on around `leaf`.
  func emitReductionLoops(
    _ depth: Int, _ values: [Value], _ offsets: [Int], except lanes: Int? = nil,
    _ leaf: ([Value], [Int]) -> [Value]
  ) -> [Value] {
    guard depth < plan.reductionOrder.count, plan.reductionOrder[depth] != lanes else {
      return leaf(values, offsets)
    }
    let loop = plan.reductionOrder[depth]
    guard let extent = nest.loops[loop].extent else {
      return emitLoop(loop, from: 0, to: self.extent(loop), step: 1, carrying: values) {
        emitReductionLoops(depth + 1, $0, offsets, except: lanes, leaf)
      }
    }
    if plan.isUnrolled[loop] {
      var values = values
      for i in 0..<extent {
        var offsets = offsets
        offsets[loop] = i
        values = emitReductionLoops(depth + 1, values, offsets, except: lanes, leaf)
      }
      return values
    }
    return emitRange(loop, from: 0, count: extent, step: 1, carrying: values) {
      emitReductionLoops(depth + 1, $0, offsets, except: lanes, leaf)
    }
  }

  /// One step of the innermost reduction loop for all points of a tile.
  func step(
    _ points: [[Int]], _ columns: [Column], slots: Int, _ reductionOffsets: [Int],
    _ values: [Value]
  ) -> [Value] {
    var values = values
    var loads: [LoadKey: Value] = [:]
    let outputCount = nest.outputCount
    for (p, point) in points.enumerated() {
      let place = zip(point, reductionOffsets).map { $0 &+ $1 }
      for column in columns {
        let first = (p * slots + column.slot) * outputCount
        let old = values[first..<(first + outputCount)].map { Optional($0) }
        let new = compute(offsets(place, column), column.lanes, accumulators: old, &loads)
        for (o, value) in new.enumerated() { values[first + o] = value }
      }
    }
    return values
  }

  func offsets(_ point: [Int], _ column: Column) -> [Int] {
    guard let loop = plan.vectorLoop else { return point }
    var offsets = point
    offsets[loop] = offsets[loop] &+ column.offset
    return offsets
  }
}

extension StructuredBody {
  /// Whether the body uses the element of operand `i`.
  func reads(argument i: Int) -> Bool { i < block.argumentCount && block.argument(i).hasUses }
}

extension Context {
  /// `dense<value>` of a vector type; nil for values that are no integers or floats of up to 64 bits.
  func splat(_ value: Attribute, _ type: Type) -> Attribute? {
    let bits: UInt64
    if let integer = value.integerValue {
      bits = UInt64(bitPattern: integer)
    } else if value.floatBits.count == 1 {
      bits = value.floatBits[0]
    } else {
      return nil
    }
    let size = DenseElements.elementSize(type.elementType)
    if size > 8 { return nil }
    let isTrue = type.elementType.bitWidth == 1
    let stored = isTrue ? bits & 1 : bits
    return withUnsafeBytes(of: stored.littleEndian) { bytes in
      dense(type, bytes: UnsafeRawBufferPointer(rebasing: bytes[..<size]), isSplat: true)
    }
  }
}
