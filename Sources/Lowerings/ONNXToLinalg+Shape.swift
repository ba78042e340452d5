import MartletDialects
import MartletIR

/// Operators that move elements.
extension ONNXOpLowering {
  static let shapeRules: [String: Rule] = {
    var rules: [String: Rule] = [:]
    for name in ["Reshape", "Flatten", "Squeeze", "Unsqueeze"] {
      rules[name] = { [try $0.reshaped(try $0.operand(0), $0.resultShape())] }
    }
    rules["Identity"] = { [try $0.operand(0)] }
    rules["Dropout"] = { lowering in
      let mask = try (lowering.op.wants(1) ? lowering.ones(1) : nil)
      return [try lowering.operand(0), mask]
    }
    rules["Transpose"] = { lowering in
      [
        try lowering.transposed(
          try lowering.operand(0), try ONNXShapes.permutation(lowering.op))
      ]
    }
    rules["Concat"] = { [try $0.concat()] }
    rules["Split"] = { try $0.split() }
    rules["Slice"] = { [try $0.slice()] }
    rules["Pad"] = { [try $0.pad()] }
    rules["Gather"] = { [try $0.gather()] }
    rules["Expand"] = { lowering in
      [
        try lowering.broadcasting(
          [try lowering.operand(0)], lowering.resultShape(), lowering.resultElement()
        ) { $1[0] }
      ]
    }
    rules["Tile"] = { [try $0.tile()] }
    rules["Shape"] = { [try $0.folded()] }
    rules["Size"] = { [try $0.folded()] }
    rules["ConstantOfShape"] = { [try $0.constantOfShape()] }
    rules["Range"] = { [try $0.range()] }
    rules["DepthToSpace"] = { lowering in
      [try lowering.blocks(try BlockGeometry(depthToSpace: lowering.op))]
    }
    rules["SpaceToDepth"] = { lowering in
      [try lowering.blocks(try BlockGeometry(spaceToDepth: lowering.op))]
    }
    return rules
  }()

  private func ones(_ i: Int) throws -> Value {
    try filled(
      resultShape(i), resultElement(i), context.integerAttribute(1, resultElement(i)))
  }

  /// The value of an operator that depends on its operand's shape alone.
  private func folded() throws -> Value {
    var view = op
    let type = op.operation.operand(0).type
    view.inputs = [ONNXArray(placeholder: type)]
    return function.constant(try view.evaluated()[0].attribute)
  }

  private func concat() throws -> Value {
    let (axis, shape) = try ONNXShapes.concat(op)
    if op.inputCount == 1 { return try operand(0) }
    var result = empty(shape, resultElement())
    var start = 0
    for i in 0..<op.inputCount {
      let part = try op.shape(i)
      guard part[axis] > 0 else { continue }
      var offsets = SliceOffset.zeros(shape.count)
      offsets[axis] = .at(start)
      result = inserted(try operand(i), into: result, offsets: offsets, sizes: part)
      start += part[axis]
    }
    return result
  }

  private func split() throws -> [Value?] {
    let (axis, sizes) = try ONNXShapes.split(op)
    let x = try operand(0)
    var start = 0
    return sizes.map { size in
      var shape = x.type.shape
      shape[axis] = size
      var offsets = SliceOffset.zeros(shape.count)
      // An empty part lies at the start, so that its offset is inside.
      offsets[axis] = .at(size == 0 ? 0 : start)
      start += size
      return slice(x, offsets: offsets, sizes: shape)
    }
  }

  private func slice() throws -> Value {
    let geometry = try SliceGeometry(op)
    let x = try operand(0)
    if geometry.sizes == x.type.shape, geometry.steps.allSatisfy({ $0 == 1 }) { return x }
    if geometry.steps.allSatisfy({ $0 > 0 }) {
      return slice(
        x, offsets: geometry.starts.map { .at($0) }, sizes: geometry.sizes,
        strides: geometry.steps)
    }
    return try gathered(x, geometry.sizes) { e, indices in
      indices.enumerated().map { axis, index in
        if geometry.steps[axis] == 1, geometry.starts[axis] == 0 { return index }
        let step = e.mul(index, e.integer(Int64(geometry.steps[axis]), context.index))
        return e.add(step, e.integer(Int64(geometry.starts[axis]), context.index))
      }
    }
  }

  // MARK: Pad

  private func pad() throws -> Value {
    let geometry = try PadGeometry(op)
    var x = try operand(0)
    let shape = x.type.shape
    let cropLow = geometry.before.map { max(-$0, 0) }
    let sizes = shape.indices.map {
      max(shape[$0] - cropLow[$0] + min(geometry.after[$0], 0), 0)
    }
    if sizes != shape {
      x = slice(
        x, offsets: zip(cropLow, sizes).map { .at($1 == 0 ? 0 : $0) }, sizes: sizes)
    }
    let low = geometry.before.map { max($0, 0) }
    let high = geometry.after.map { max($0, 0) }
    if geometry.mode == .constant {
      guard geometry.output != sizes else { return x }
      if sizes.contains(0) || geometry.output.contains(0) {
        // Nothing of the input is left.
        return try filledWithPad(geometry.output)
      }
      return padded(
        x, low: low, high: high, shape: geometry.output, with: try padValue())
    }
    for axis in shape.indices where low[axis] > 0 || high[axis] > 0 {
      x = try extended(x, axis, low[axis], high[axis], geometry.mode)
    }
    return x
  }

  private func padValue() throws -> Value {
    if op.opset < 11 { return function.constant(number(op.float("value"), resultElement())) }
    return op.has(2) ? try scalar(2) : function.constant(number(0, resultElement()))
  }

  private func filledWithPad(_ shape: [Int]) throws -> Value {
    try builder.linalg(
      Linalg.fill, inputs: [try padValue()], outputs: [empty(shape, resultElement())]
    ).result()
  }

  /// One dimension extended by cells of the tensor itself: the inside is copied as a whole, the borders
  /// are gathered.
  private func extended(
    _ x: Value, _ axis: Int, _ low: Int, _ high: Int, _ mode: PadGeometry.Mode
  ) throws -> Value {
    let shape = x.type.shape
    let extent = shape[axis]
    var wide = shape
    wide[axis] = low + extent + high
    var result = empty(wide, x.type.elementType)
    func insert(_ part: Value, at start: Int) {
      var offsets = SliceOffset.zeros(shape.count)
      offsets[axis] = .at(start)
      result = inserted(part, into: result, offsets: offsets, sizes: part.type.shape)
    }
    for (start, size) in [(0, low), (low + extent, high)] where size > 0 {
      var border = shape
      border[axis] = size
      let part = try gathered(x, border) { e, indices in
        var place = indices
        // The cell relative to the inside's first.
        let cell = e.add(indices[axis], e.integer(Int64(start - low), context.index))
        place[axis] = source(e, cell, extent: extent, isBefore: start == 0, mode)
        return place
      }
      insert(part, at: start)
    }
    insert(x, at: low)
    return result
  }

  /// The cell inside that one outside shows.
  private func source(
    _ e: ScalarEmitter, _ cell: Value, extent: Int, isBefore: Bool, _ mode: PadGeometry.Mode
  ) -> Value {
    func number(_ value: Int) -> Value { e.integer(Int64(value), context.index) }
    switch mode {
    case .constant: return cell
    case .edge: return number(isBefore ? 0 : extent - 1)
    case .reflect: return e.sub(number(isBefore ? 0 : 2 * (extent - 1)), cell)
    case .wrap:
      let rest = e.make("arith.remsi", [cell, number(extent)])
      let shifted = e.add(rest, number(extent))
      return e.make("arith.remsi", [shifted, number(extent)])
    }
  }

  // MARK: Gather and the like

  /// Indices out of range are held to the range, so that no memory but the tensor's is read.
  private func gather() throws -> Value {
    let (axis, shape) = try ONNXShapes.gather(op)
    let data = try operand(0)
    let extent = data.type.shape[axis]
    let count = try op.shape(1).count
    if let known = op.value(1) {
      for index in known.ints where index < -Int64(extent) || index >= Int64(extent) {
        throw ONNXError("the index \(index) is out of range for an extent of \(extent)")
      }
      if known.count == 1 {
        return try gathered(data, at: known.ints[0], axis: axis, extent: extent, shape)
      }
    }
    guard extent > 0 || shape.contains(0) else {
      throw ONNXError("there is nothing to gather along an empty dimension")
    }
    let indices = try operand(1)
    let loops = Array(axis..<axis + count)
    return try pointwise([(indices, loops)], shape, resultElement()) { e, values in
      let size = e.integer(Int64(extent), context.index)
      let zero = e.integer(0, context.index)
      let index = e.cast(values[0], to: context.index)
      let fromStart = e.select(e.compare(.less, index, zero), e.add(index, size), index)
      let last = e.integer(Int64(max(extent - 1, 0)), context.index)
      let held = e.max(zero, e.min(last, fromStart))
      let before = (0..<axis).map { e.loopIndex($0) }
      let after = (axis + 1..<data.type.rank).map { e.loopIndex($0 - 1 + count) }
      return create("tensor.extract", [data] + before + [held] + after, resultElement())
    }
  }

  /// One slice of `data`, in the shape of the result.
  private func gathered(_ data: Value, at index: Int64, axis: Int, extent: Int, _ shape: [Int])
    throws -> Value
  {
    var offsets = SliceOffset.zeros(data.type.rank)
    offsets[axis] = .at(index < 0 ? Int(index) + extent : Int(index))
    var sizes = data.type.shape
    sizes[axis] = 1
    return try reshaped(slice(data, offsets: offsets, sizes: sizes), shape)
  }

  private func tile() throws -> Value {
    let x = try operand(0)
    let shape = x.type.shape
    guard let repeats = try op.integers(1) else { throw ONNXError("the repeats are missing") }
    if resultShape().contains(0) { return empty(resultShape(), resultElement()) }
    let spread = zip(repeats, shape).flatMap { [$0, $1] }
    let loops = shape.indices.map { 2 * $0 + 1 }
    let repeated = try pointwise([(x, loops)], spread, resultElement()) { $1[0] }
    return try reshaped(repeated, resultShape())
  }

  private func constantOfShape() throws -> Value {
    let element = resultElement()
    guard let value = op.operation.attribute("value").flatMap({ ONNXArray($0) }) else {
      return try filled(resultShape(), element, number(0, element))
    }
    let scalar =
      element.isFloat
      ? context.floatAttribute(value.floats[0], element)
      : context.integerAttribute(value.ints[0], element)
    return try filled(resultShape(), element, scalar)
  }

  private func range() throws -> Value {
    let element = resultElement()
    let (start, delta) = (try scalar(0), try scalar(2))
    return try pointwise([], resultShape(), element) { e, _ in
      let position = e.make("arith.index_cast", [e.loopIndex(0)], context.i64)
      return e.add(start, e.mul(e.cast(position, to: element), delta))
    }
  }

  private func blocks(_ geometry: BlockGeometry) throws -> Value {
    let split = try reshaped(try operand(0), geometry.split)
    return try reshaped(try transposed(split, geometry.permutation), geometry.output)
  }
}
