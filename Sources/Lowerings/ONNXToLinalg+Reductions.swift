import MartletDialects
import MartletIR

/// Reductions, softmax and the normalisations made of reductions.
extension ONNXOpLowering {
  static let reductionRules: [String: Rule] = {
    var rules: [String: Rule] = [:]
    rules["ReduceSum"] = { try $0.reduction(from: 13, start: 0) { $0.add($2, $1) } }
    rules["ReduceProd"] = { try $0.reduction(from: 18, start: 1) { $0.mul($2, $1) } }
    rules["ReduceSumSquare"] = {
      try $0.reduction(from: 18, start: 0) { $0.add($2, $0.mul($1, $1)) }
    }
    rules["ReduceL1"] = { try $0.reduction(from: 18, start: 0) { $0.add($2, $0.abs($1)) } }
    rules["ReduceMean"] = { try $0.reduceMean() }
    rules["ReduceMax"] = { try $0.extreme(isMaximum: true) }
    rules["ReduceMin"] = { try $0.extreme(isMaximum: false) }
    rules["ReduceL2"] = {
      try $0.reduction(from: 18, start: 0) {
        $0.add($2, $0.mul($1, $1))
      } finish: {
        $0.math("sqrt", $1)
      }
    }
    rules["ReduceLogSum"] = {
      try $0.reduction(from: 18, start: 0) {
        $0.add($2, $1)
      } finish: {
        $0.math("log", $1)
      }
    }
    rules["ReduceLogSumExp"] = { try $0.logSumExp() }
    rules["ArgMax"] = { [try $0.argument(isMaximum: true)] }
    rules["ArgMin"] = { [try $0.argument(isMaximum: false)] }
    rules["Softmax"] = { [try $0.softmax(isLogarithm: false)] }
    rules["LogSoftmax"] = { [try $0.softmax(isLogarithm: true)] }
    rules["LayerNormalization"] = { try $0.layerNormalization() }
    rules["InstanceNormalization"] = { try $0.instanceNormalization() }
    return rules
  }()

  // MARK: Reductions

  private func reduction(
    from version: Int, start: Double,
    _ body: (ScalarEmitter, Value, Value) throws -> Value,
    finish: ((ScalarEmitter, Value) -> Value)? = nil
  ) throws -> [Value?] {
    let geometry = try ReductionGeometry(op, axesInputFrom: version)
    let element = resultElement()
    let isUnsigned = try isUnsigned()
    var result = try folded(
      try operand(0), geometry.axes, initially: number(start, element), isUnsigned: isUnsigned,
      body: body)
    if let finish {
      result = try broadcasting([result], result.type.shape, element, isUnsigned: isUnsigned) {
        finish($0, $1[0])
      }
    }
    return [try reshaped(result, geometry.output)]
  }

  private func reduceMean() throws -> [Value?] {
    let count = try ReductionGeometry(op, axesInputFrom: 18).count
    return try reduction(from: 18, start: 0) {
      $0.add($2, $1)
    } finish: { e, x in
      x.type.isFloat ? divided(e, x, by: count) : e.div(x, e.integer(Int64(count), x.type))
    }
  }

  private func extreme(isMaximum: Bool) throws -> [Value?] {
    let geometry = try ReductionGeometry(op, axesInputFrom: 18)
    let isUnsigned = try isUnsigned()
    let element = resultElement()
    let start =
      isMaximum
      ? least(element, isUnsigned: isUnsigned) : greatest(element, isUnsigned: isUnsigned)
    let result = try folded(
      try operand(0), geometry.axes, initially: start, isUnsigned: isUnsigned
    ) { isMaximum ? $0.max($2, $1) : $0.min($2, $1) }
    return [try reshaped(result, geometry.output)]
  }

  /// max + log(sum(exp(x - max))), with 0 in place of an infinite maximum.
  private func logSumExp() throws -> [Value?] {
    let geometry = try ReductionGeometry(op, axesInputFrom: 18)
    let x = try operand(0)
    let element = resultElement()
    let shape = geometry.input
    let kept = shape.indices.filter { !geometry.axes.contains($0) }
    let top = try folded(x, geometry.axes, initially: least(element, isUnsigned: false)) {
      $0.max($2, $1)
    }
    let shift = try broadcasting([top], top.type.shape, element) { e, values in
      let isFinite = e.compare(.less, e.abs(values[0]), e.number(.infinity, element))
      return e.select(isFinite, values[0], e.number(0, element))
    }
    let powers = try pointwise([(x, Array(shape.indices)), (shift, kept)], shape, element) {
      $0.math("exp", $0.sub($1[0], $1[1]))
    }
    let sum = try folded(powers, geometry.axes, initially: number(0, element)) { $0.add($2, $1) }
    let result = try broadcasting([sum, shift], sum.type.shape, element) {
      $0.add($0.math("log", $1[0]), $1[1])
    }
    return [try reshaped(result, geometry.output)]
  }

  /// Value and place of the extreme element, carried together.
  private func argument(isMaximum: Bool) throws -> Value {
    let geometry = try ReductionGeometry(alongAxisOf: op)
    let x = try operand(0)
    let shape = geometry.input
    let axis = geometry.axes[0]
    let element = x.type.elementType
    let isUnsigned = try isUnsigned()
    let takesLast = op.flag("select_last_index")
    let kept = shape.indices.filter { $0 != axis }
    let sizes = kept.map { shape[$0] }
    let start =
      isMaximum
      ? least(element, isUnsigned: isUnsigned) : greatest(element, isUnsigned: isUnsigned)
    let outputs = [
      try filled(sizes, element, start), try filled(sizes, context.i64, context.i64Attribute(0)),
    ]
    let map = context.projection(kept, of: shape.count)
    let result = builder.linalgGeneric(
      inputs: [x], outputs: outputs, maps: [context.identityMap(shape.count), map, map],
      iterators: shape.indices.map { $0 == axis ? .reduction : .parallel }
    ) { _, values in
      let e = scalars(isUnsigned: isUnsigned)
      let place = e.make("arith.index_cast", [e.loopIndex(axis)], context.i64)
      let comparison: ScalarEmitter.Comparison =
        isMaximum
        ? (takesLast ? .greaterOrEqual : .greater) : (takesLast ? .lessOrEqual : .less)
      let isBetter = e.compare(comparison, values[0], values[1])
      return [e.select(isBetter, values[0], values[1]), e.select(isBetter, place, values[2])]
    }
    return try reshaped(result.result(1), geometry.output)
  }

  // MARK: Softmax and normalisation

  private func softmax(isLogarithm: Bool) throws -> Value {
    let x = try operand(0)
    let shape = resultShape()
    let element = resultElement()
    let axes = try SoftmaxGeometry(op).axes
    let all = Array(shape.indices)
    let kept = all.filter { !axes.contains($0) }
    let top = try folded(x, axes, initially: least(element, isUnsigned: false)) { $0.max($2, $1) }
    let shifted = try pointwise([(x, all), (top, kept)], shape, element) { e, values in
      let difference = e.sub(values[0], values[1])
      return isLogarithm ? difference : e.math("exp", difference)
    }
    let sum = try folded(shifted, axes, initially: number(0, element)) { e, value, soFar in
      e.add(soFar, isLogarithm ? e.math("exp", value) : value)
    }
    return try pointwise([(shifted, all), (sum, kept)], shape, element) { e, values in
      isLogarithm ? e.sub(values[0], e.math("log", values[1])) : e.div(values[0], values[1])
    }
  }

  /// x shifted to mean 0 and scaled to variance 1 over `axes`, then given to `finish` with the other inputs.
  private func normalized(
    _ x: Value, _ axes: [Int], inputs: [(value: Value, loops: [Int])],
    finish: (ScalarEmitter, _ normal: Value, [Value]) -> Value
  ) throws -> Value {
    let shape = x.type.shape
    let element = x.type.elementType
    let all = Array(shape.indices)
    let kept = all.filter { !axes.contains($0) }
    let count = axes.reduce(1) { $0 * shape[$1] }
    let zero = number(0, element)
    let sum = try folded(x, axes, initially: zero) { $0.add($2, $1) }
    let centred = try pointwise([(x, all), (sum, kept)], shape, element) { e, values in
      e.sub(values[0], divided(e, values[1], by: count))
    }
    let squares = try folded(centred, axes, initially: zero) { $0.add($2, $0.mul($1, $1)) }
    let epsilon = op.float("epsilon")
    let deviation = try broadcasting([squares], squares.type.shape, element) { e, values in
      let variance = divided(e, values[0], by: count)
      return e.math("sqrt", e.add(variance, e.number(epsilon, element)))
    }
    return try pointwise([(centred, all), (deviation, kept)] + inputs, shape, element) {
      e, values in
      finish(e, e.div(values[0], values[1]), Array(values[2...]))
    }
  }

  private func layerNormalization() throws -> [Value?] {
    let shape = resultShape()
    let axis = try op.axis(op.int("axis"), rank: shape.count)
    var inputs: [(value: Value, loops: [Int])] = []
    for i in 1..<op.inputCount where op.has(i) {
      // Each is of the last dimensions, in full or of extent 1.
      let value = try operand(i)
      let skip = shape.count - value.type.rank
      let kept = value.type.shape.indices.filter { value.type.shape[$0] == shape[$0 + skip] }
      inputs.append(
        (try reshaped(value, kept.map { value.type.shape[$0] }), kept.map { $0 + skip }))
    }
    let result = try normalized(
      try operand(0), Array(axis..<shape.count), inputs: inputs
    ) { e, normal, values in
      let scaled = e.mul(normal, values[0])
      return values.count > 1 ? e.add(scaled, values[1]) : scaled
    }
    return [result, nil, nil]
  }

  private func instanceNormalization() throws -> [Value?] {
    let parameters = [(try operand(1), [1]), (try operand(2), [1])]
    let axes = Array(2..<resultShape().count)
    return [
      try normalized(try operand(0), axes, inputs: parameters) { e, normal, values in
        e.add(e.mul(normal, values[0]), values[1])
      }
    ]
  }
}
