import MartletDialects
import MartletIR
import MartletSupport

extension Rewrites {
  static let vectors: [(String, Rewrite)] = [
    ("vector.load", { (f, op) throws(Reported) in try f.lowerVectorLoad(op) }),
    ("vector.store", { (f, op) throws(Reported) in try f.lowerVectorStore(op) }),
    ("vector.maskedload", { (f, op) throws(Reported) in try f.lowerMaskedLoad(op) }),
    ("vector.maskedstore", { (f, op) throws(Reported) in try f.lowerMaskedStore(op) }),
    ("vector.gather", { (f, op) throws(Reported) in try f.lowerGather(op) }),
    ("vector.scatter", { (f, op) throws(Reported) in try f.lowerScatter(op) }),
    ("vector.transfer_read", { (f, op) throws(Reported) in try f.lowerTransferRead(op) }),
    ("vector.transfer_write", { (f, op) throws(Reported) in try f.lowerTransferWrite(op) }),
    ("vector.broadcast", { (f, op) throws(Reported) in try f.lowerBroadcast(op) }),
    ("vector.splat", { (f, op) throws(Reported) in try f.lowerBroadcast(op) }),
    (
      "vector.fma",
      { (f, op) throws(Reported) in
        try f.elementwise(op) { v throws(Reported) in f.llvm.value("intr.fma", v, v[0].type) }
      }
    ),
    (
      "vector.bitcast",
      { (f, op) throws(Reported) in
        let type = try f.partType(op.result().type, op)
        try f.elementwise(op) { v throws(Reported) in f.llvm.value("bitcast", v, type) }
      }
    ),
    ("vector.extract", { (f, op) throws(Reported) in try f.lowerExtract(op) }),
    ("vector.insert", { (f, op) throws(Reported) in try f.lowerInsert(op) }),
    (
      "vector.extractelement",
      { (f, op) throws(Reported) in
        let position = op.operandCount > 1 ? try f.value(op.operand(1), op) : f.llvm.index(0)
        f.set(op.result(), f.lane(try f.value(op.operand(0), op), position))
      }
    ),
    (
      "vector.insertelement",
      { (f, op) throws(Reported) in
        let position = op.operandCount > 2 ? try f.value(op.operand(2), op) : f.llvm.index(0)
        let dest = try f.value(op.operand(1), op)
        let operands = [dest, try f.value(op.operand(0), op), position]
        f.set(op.result(), f.llvm.value("insertelement", operands, dest.type))
      }
    ),
    ("vector.extract_strided_slice", { (f, op) throws(Reported) in try f.lowerExtractSlice(op) }),
    ("vector.insert_strided_slice", { (f, op) throws(Reported) in try f.lowerInsertSlice(op) }),
    (
      "vector.shape_cast",
      { (f, op) throws(Reported) in
        try f.setElements(op.result(), f.elements(op.operand(0), op), op)
      }
    ),
    (
      "vector.from_elements",
      { (f, op) throws(Reported) in
        var all: [Value] = []
        for operand in op.operands { all.append(try f.value(operand, op)) }
        try f.setElements(op.result(), all, op)
      }
    ),
    (
      "vector.to_elements",
      { (f, op) throws(Reported) in
        for (result, element) in zip(op.results, try f.elements(op.operand(0), op)) {
          f.set(result, element)
        }
      }
    ),
    ("vector.shuffle", { (f, op) throws(Reported) in try f.lowerShuffle(op) }),
    ("vector.transpose", { (f, op) throws(Reported) in try f.lowerVectorTranspose(op) }),
    (
      "vector.interleave",
      { (f, op) throws(Reported) in
        let type = try f.partType(op.result().type, op)
        try f.elementwise(op) { v throws(Reported) in
          let n = v[0].type.dimension(0)
          return f.shuffle(v[0], v[1], (0..<n).flatMap { [$0, n + $0] }, type)
        }
      }
    ),
    (
      "vector.deinterleave",
      { (f, op) throws(Reported) in
        let type = try f.partType(op.result(0).type, op)
        let sources = try f.parts(op.operand(0), op)
        for k in 0..<2 {
          let mask = (0..<type.dimension(0)).map { 2 * $0 + k }
          f.set(op.result(k), parts: sources.map { f.shuffle($0, $0, mask, type) })
        }
      }
    ),
    (
      "vector.step",
      { (f, op) throws(Reported) in
        let type = try f.partType(op.result().type, op)
        let steps = f.context.dense(type, integers: Array(0..<type.dimension(0)))
        f.set(op.result(), f.llvm.constant(steps, type))
      }
    ),
    ("vector.constant_mask", { (f, op) throws(Reported) in try f.lowerConstantMask(op) }),
    ("vector.create_mask", { (f, op) throws(Reported) in try f.lowerCreateMask(op) }),
    ("vector.reduction", { (f, op) throws(Reported) in try f.lowerReduction(op) }),
    ("vector.multi_reduction", { (f, op) throws(Reported) in try f.lowerMultiReduction(op) }),
    ("vector.outerproduct", { (f, op) throws(Reported) in try f.lowerOuterProduct(op) }),
  ]
}

extension FunctionToLLVM {
  // MARK: Lanes

  func lane(_ vector: Value, _ position: Value) -> Value {
    llvm.value("extractelement", [vector, position], vector.type.elementType)
  }

  func shuffle(_ a: Value, _ b: Value, _ mask: [Int], _ type: Type) -> Value {
    llvm.value(
      "shufflevector", [a, b], context.vector([mask.count], type.elementType),
      [("mask", context.denseI32Array(mask))])
  }

  /// All elements of a vector as scalars, in row-major order.
  func elements(_ vector: Value, _ user: Operation) throws(Reported) -> [Value] {
    guard vector.type.isVector else { return [try value(vector, user)] }
    var all: [Value] = []
    for part in try parts(vector, user) {
      for i in 0..<part.type.dimension(0) { all.append(lane(part, llvm.index(i))) }
    }
    return all
  }

  /// Makes a vector of scalars in row-major order.
  func setElements(_ result: Value, _ elements: [Value], _ user: Operation) throws(Reported) {
    guard result.type.isVector else {
      set(result, elements[0])
      return
    }
    let part = try partType(result.type, user)
    let width = part.dimension(0)
    var parts: [Value] = []
    for start in stride(from: 0, to: elements.count, by: max(width, 1)) {
      var row = llvm.poison(part)
      for i in 0..<width {
        row = llvm.value("insertelement", [row, elements[start + i], llvm.index(i)], part)
      }
      parts.append(row)
    }
    set(result, parts: parts)
  }

  func splat(_ scalar: Value, _ type: Type) -> Value {
    if let constant = scalar.definingOperation?.attribute("value"),
      constant.kind == .integer || constant.kind == .float
    {
      return llvm.constant(context.splat(type, constant), type)
    }
    let first = llvm.value("insertelement", [llvm.poison(type), scalar, llvm.index(0)], type)
    return shuffle(first, llvm.poison(type), Array(repeating: 0, count: type.dimension(0)), type)
  }

  func lowerBroadcast(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    let type = operation.result().type
    let part = try partType(type, operation)
    let count = types.rows(type)?.count ?? 1
    guard source.type.isVector, source.type.rank > 0 else {
      let scalar =
        source.type.isVector
        ? lane(try value(source, operation), llvm.index(0)) : try value(source, operation)
      let row = splat(scalar, part)
      set(operation.result(), parts: Array(repeating: row, count: count))
      return
    }
    let rows = try parts(source, operation)
    let from = source.type.shape
    let to = type.shape
    let lead = to.count - from.count
    // The place in the source of each row of the result; stretched dimensions count as 0.
    var results: [Value] = []
    for row in 0..<count {
      var left = row
      var index = 0
      var scale = 1
      for d in (0..<(to.count - 1)).reversed() {
        let position = left % to[d]
        left /= to[d]
        guard d >= lead else { continue }
        if from[d - lead] != 1 { index += position * scale }
        scale *= from[d - lead]
      }
      let found = rows[from.count == 1 ? 0 : index]
      let isStretched = found.type.dimension(0) == 1 && part.dimension(0) != 1
      results.append(isStretched ? splat(lane(found, llvm.index(0)), part) : found)
    }
    set(operation.result(), parts: results)
  }

  // MARK: Positions

  func position(_ operation: Operation) -> [MixedIndex] {
    operation.mixedIndices("dynamic_position", "static_position")
  }

  func lowerExtract(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    let position = position(operation)
    let rank = source.type.rank
    if position.isEmpty {
      let all = try parts(source, operation)
      if operation.result().type.isVector {
        set(operation.result(), parts: all)
      } else {
        set(operation.result(), lane(all[0], llvm.index(0)))
      }
      return
    }
    let rows = try parts(source, operation)
    let (start, count) = try rowRange(source.type, position, operation)
    if position.count == rank {
      set(operation.result(), lane(rows[start], try laneIndex(position[rank - 1], operation)))
      return
    }
    set(operation.result(), parts: Array(rows[start..<(start + count)]))
  }

  func laneIndex(_ entry: MixedIndex, _ user: Operation) throws(Reported) -> Value {
    switch entry {
    case .constant(let known): llvm.index(known)
    case .value(let found): try value(found, user)
    }
  }

  /// The rows that a position of leading indices selects.
  func rowRange(_ type: Type, _ position: [MixedIndex], _ user: Operation)
    throws(Reported) -> (start: Int, count: Int)
  {
    let shape = type.shape
    var count = shape.dropLast().reduce(1, *)
    var start = 0
    for (d, entry) in position.prefix(shape.count - 1).enumerated() {
      guard let known = entry.constantValue, known >= 0, known < shape[d] else {
        throw user.emitOpError("has a position in an outer dimension that is not constant")
      }
      count /= shape[d]
      start += known * count
    }
    return (start, count)
  }

  func lowerInsert(_ operation: Operation) throws(Reported) {
    let dest = operation.operand(1)
    let position = position(operation)
    var rows = try parts(dest, operation)
    if position.isEmpty {
      let new = try parts(operation.operand(0), operation)
      if operation.operand(0).type.isVector {
        set(operation.result(), parts: new)
      } else {
        set(operation.result(), splat(new[0], rows[0].type))
      }
      return
    }
    let (start, _) = try rowRange(dest.type, position, operation)
    if position.count == dest.type.rank {
      let lane = try laneIndex(position[position.count - 1], operation)
      let scalar = try value(operation.operand(0), operation)
      rows[start] = llvm.value("insertelement", [rows[start], scalar, lane], rows[start].type)
    } else {
      for (i, row) in try parts(operation.operand(0), operation).enumerated() {
        rows[start + i] = row
      }
    }
    set(operation.result(), parts: rows)
  }

  // MARK: Slices

  /// Row-major positions of all elements of a box in a vector of `shape`.
  func boxPositions(_ shape: [Int], _ offsets: [Int], _ sizes: [Int], _ strides: [Int])
    -> [Int]
  {
    var positions = [0]
    for d in shape.indices {
      let offset = d < offsets.count ? offsets[d] : 0
      let size = d < sizes.count ? sizes[d] : shape[d]
      let step = d < strides.count ? strides[d] : 1
      positions = positions.flatMap { base in
        (0..<size).map { base * shape[d] + offset + $0 * step }
      }
    }
    return positions
  }

  func lowerExtractSlice(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    let places = boxPositions(
      source.type.shape, operation.attribute("offsets")?.integers ?? [],
      operation.attribute("sizes")?.integers ?? [], operation.attribute("strides")?.integers ?? [])
    try setShuffled(operation.result(), source, places, operation)
  }

  /// Sets `result` to the elements of `source` at these row-major places: a shuffle where each row comes from
  /// one row, lane by lane elsewhere.
  func setShuffled(
    _ result: Value, _ source: Value, _ places: [Int], _ user: Operation
  ) throws(Reported) {
    let rows = try parts(source, user)
    let part = try partType(result.type, user)
    let (width, sourceWidth) = (part.dimension(0), rows[0].type.dimension(0))
    var results: [Value] = []
    for start in stride(from: 0, to: places.count, by: max(width, 1)) {
      let wanted = places[start..<(start + width)]
      let origins = Set(wanted.map { $0 / sourceWidth })
      if origins.count == 1, let origin = origins.first {
        let mask = wanted.map { $0 % sourceWidth }
        let row = rows[origin]
        results.append(
          mask == Array(0..<sourceWidth) ? row : shuffle(row, llvm.poison(row.type), mask, part))
        continue
      }
      var row = llvm.poison(part)
      for (i, place) in wanted.enumerated() {
        let element = lane(rows[place / sourceWidth], llvm.index(place % sourceWidth))
        row = llvm.value("insertelement", [row, element, llvm.index(i)], part)
      }
      results.append(row)
    }
    set(result, parts: results)
  }

  func lowerInsertSlice(_ operation: Operation) throws(Reported) {
    let (source, dest) = (operation.operand(0), operation.operand(1))
    let lead = dest.type.rank - source.type.rank
    let sizes = Array(repeating: 1, count: lead) + source.type.shape
    let given = operation.attribute("strides")?.integers ?? []
    let places = boxPositions(
      dest.type.shape, operation.attribute("offsets")?.integers ?? [], sizes,
      Array(repeating: 1, count: lead) + given)
    var rows = try parts(dest, operation)
    let width = rows[0].type.dimension(0)
    for (i, element) in try elements(source, operation).enumerated() {
      let row = places[i] / width
      rows[row] = llvm.value(
        "insertelement", [rows[row], element, llvm.index(places[i] % width)], rows[row].type)
    }
    set(operation.result(), parts: rows)
  }

  func lowerShuffle(_ operation: Operation) throws(Reported) {
    let mask = operation.attribute("mask")?.integers ?? []
    let a = try parts(operation.operand(0), operation)
    let b = try parts(operation.operand(1), operation)
    if operation.result().type.rank == 1 {
      set(
        operation.result(),
        shuffle(a[0], b[0], mask, try partType(operation.result().type, operation)))
      return
    }
    let type = operation.operand(0).type
    let slab = type.shape.dropFirst().dropLast().reduce(1, *)
    let all = a + b
    set(
      operation.result(),
      parts: mask.flatMap { m in
        m < 0
          ? Array(repeating: llvm.poison(a[0].type), count: slab)
          : Array(all[(m * slab)..<((m + 1) * slab)])
      })
  }

  func lowerVectorTranspose(_ operation: Operation) throws(Reported) {
    let source = operation.operand(0)
    let order = operation.attribute("permutation")?.integers ?? []
    let shape = source.type.shape
    let target = order.map { shape[$0] }
    var strides = shape
    var running = 1
    for d in shape.indices.reversed() {
      strides[d] = running
      running *= shape[d]
    }
    var places = [0]
    for (d, size) in target.enumerated() {
      places = places.flatMap { base in (0..<size).map { base + $0 * strides[order[d]] } }
    }
    try setShuffled(operation.result(), source, places, operation)
  }

  // MARK: Masks

  func lowerConstantMask(_ operation: Operation) throws(Reported) {
    let sizes = operation.attribute("mask_dim_sizes")?.integers ?? []
    let type = operation.result().type
    let part = try partType(type, operation)
    let shape = type.shape
    let count = types.rows(type)?.count ?? 1
    let (on, off) = (
      llvm.constant(
        context.dense(
          part, integers: (0..<part.dimension(0)).map { $0 < (sizes.last ?? 1) ? -1 : 0 }), part),
      llvm.zero(part)
    )
    var rows: [Value] = []
    for row in 0..<count {
      var left = row
      var isOn = true
      for d in shape.indices.dropLast().reversed() {
        isOn = isOn && left % shape[d] < sizes[d]
        left /= shape[d]
      }
      rows.append(isOn ? on : off)
    }
    set(operation.result(), parts: rows)
  }

  func lowerCreateMask(_ operation: Operation) throws(Reported) {
    let type = operation.result().type
    guard type.rank == 1 else {
      throw operation.emitOpError("of several dimensions is not supported")
    }
    let count = try value(operation.operand(0), operation)
    set(operation.result(), laneMask(count, type.dimension(0)))
  }
}
