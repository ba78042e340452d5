import MartletDialects
import MartletIR

/// Convolution and pooling, with the channels last.
extension ONNXOpLowering {
  static let windowRules: [String: Rule] = [
    "Conv": { [try $0.convolution()] },
    "MaxPool": { lowering in [try lowering.maxPool(), nil] },
    "AveragePool": { [try $0.averagePool()] },
    "GlobalAveragePool": { [try $0.globalPool(isMean: true)] },
    "GlobalMaxPool": { [try $0.globalPool(isMean: false)] },
  ]

  // MARK: Layout

  /// [N, C, D...] as [N, D..., C].
  private func channelsLast(_ value: Value) throws -> Value {
    let rank = value.type.rank
    return try transposed(value, [0] + Array(2..<rank) + [1])
  }

  /// [N, D..., C] as [N, C, D...].
  private func channelsSecond(_ value: Value) throws -> Value {
    let rank = value.type.rank
    return try transposed(value, [0, rank - 1] + Array(1..<rank - 1))
  }

  /// [N, D..., C] with the spatial padding around it, and what windows of `ceil_mode` reach beyond.
  private func padded(_ value: Value, _ geometry: WindowGeometry, _ fill: Attribute) -> Value {
    let high = (0..<geometry.rank).map {
      max(geometry.after[$0], geometry.reach[$0] - geometry.before[$0] - geometry.input[$0])
    }
    return padded(
      value, low: [0] + geometry.before + [0], high: [0] + high + [0], with: fill)
  }

  private func windowAttributes(_ geometry: WindowGeometry) -> [(String, Attribute)] {
    let type = context.tensor([geometry.rank], context.i64)
    return [
      ("dilations", context.dense(type, integers: geometry.dilations)),
      ("strides", context.dense(type, integers: geometry.strides)),
    ]
  }

  // MARK: Convolution

  private func convolution() throws -> Value {
    let geometry = try WindowGeometry.convolution(op)
    let group = op.int("group")
    let element = resultElement()
    let x = try channelsLast(try operand(0))
    let input = padded(x, geometry, number(0, element))
    let names = ["conv_1d_nwc_wcf", "conv_2d_nhwc_hwcf", "conv_3d_ndhwc_dhwcf"]
    guard group == 1, geometry.rank <= names.count else {
      return try groupedConvolution(input, geometry, group)
    }
    let rank = geometry.rank
    let weights = try weights(
      shape: try op.shape(1), permutation: Array(2..<rank + 2) + [1, 0])
    let shape = [input.type.shape[0]] + geometry.output + [resultShape()[1]]
    let result = try builder.linalg(
      Linalg.named(names[rank - 1]), inputs: [input, weights],
      outputs: [try biased(shape, element)], attributes: windowAttributes(geometry)
    ).result()
    return try channelsSecond(result)
  }

  /// Zeros or, where there is one, the bias in the last dimension.
  private func biased(_ shape: [Int], _ element: Type) throws -> Value {
    guard op.has(2) else { return try filled(shape, element, number(0, element)) }
    return try broadcast(try operand(2), to: shape, along: Array(0..<shape.count - 1))
  }

  /// The weights seen as a tensor of `shape` and transposed; while compiling where they are constant.
  private func weights(shape: [Int], permutation: [Int]) throws -> Value {
    if let attribute = constantOperand(1) {
      return function.constant(
        try constants.transposed(attribute, shape: shape, permutation: permutation))
    }
    return try transposed(try reshaped(try operand(1), shape), permutation)
  }

  /// Groups as a dimension of their own: input [N, D..., G, C], weights [K..., G, C, M], result
  /// [N, D..., G, M].
  private func groupedConvolution(_ x: Value, _ geometry: WindowGeometry, _ group: Int) throws
    -> Value
  {
    let rank = geometry.rank
    let element = resultElement()
    let weightShape = try op.shape(1)
    let (filters, channels) = (weightShape[0] / group, weightShape[1])
    let spatial = Array(x.type.shape[1..<rank + 1])
    let input = try reshaped(x, [x.type.shape[0]] + spatial + [group, channels])
    let weights = try weights(
      shape: [group, filters, channels] + geometry.kernel,
      permutation: Array(3..<rank + 3) + [0, 2, 1])
    let shape = [x.type.shape[0]] + geometry.output + [group, filters]
    let start = try reshaped(
      try biased([x.type.shape[0]] + geometry.output + [group * filters], element), shape)
    // Loops: n, output..., g, m, kernel..., c.
    let loops = 2 * rank + 4
    let (g, m, c) = (rank + 1, rank + 2, loops - 1)
    let d = (0..<loops).map { context.affineDimension($0) }
    let windows = (0..<rank).map {
      d[1 + $0] * geometry.strides[$0] + d[rank + 3 + $0] * geometry.dilations[$0]
    }
    let maps = [
      context.affineMap(dimensions: loops, symbols: 0, [d[0]] + windows + [d[g], d[c]]),
      context.projection(Array(rank + 3..<2 * rank + 3) + [g, c, m], of: loops),
      context.projection(Array(0..<rank + 3), of: loops),
    ]
    let result = builder.linalgGeneric(
      inputs: [input, weights], outputs: [start], maps: maps,
      iterators: (0..<loops).map { $0 < rank + 3 ? .parallel : .reduction }
    ) { _, values in
      let e = scalars()
      return [e.add(values[2], e.mul(values[0], values[1]))]
    }.result()
    return try channelsSecond(
      try reshaped(result, [x.type.shape[0]] + geometry.output + [group * filters]))
  }

  // MARK: Pooling

  private func pooled(
    _ geometry: WindowGeometry, _ kind: String, _ fill: Attribute, isUnsigned: Bool = false
  ) throws -> Value {
    let layouts = ["nwc", "nhwc", "ndhwc"]
    guard geometry.rank <= layouts.count, !isUnsigned || geometry.rank < 3 else {
      throw ONNXError("pooling over \(geometry.rank) dimensions is not supported")
    }
    let element = resultElement()
    let input = padded(try channelsLast(try operand(0)), geometry, fill)
    let shape = [input.type.shape[0]] + geometry.output + [resultShape()[1]]
    let suffix = isUnsigned ? "_unsigned" : ""
    return try builder.linalg(
      Linalg.named("pooling_\(layouts[geometry.rank - 1])_\(kind)\(suffix)"),
      inputs: [input, empty(geometry.kernel, element)],
      outputs: [try filled(shape, element, fill)], attributes: windowAttributes(geometry)
    ).result()
  }

  private func maxPool() throws -> Value {
    let isUnsigned = try isUnsigned()
    let geometry = try WindowGeometry.pooling(op)
    let fill = least(resultElement(), isUnsigned: isUnsigned)
    return try channelsSecond(try pooled(geometry, "max", fill, isUnsigned: isUnsigned))
  }

  private func averagePool() throws -> Value {
    let geometry = try WindowGeometry.pooling(op)
    let element = resultElement()
    let sum = try pooled(geometry, "sum", number(0, element))
    let shape = sum.type.shape
    let counts = geometry.counts(includingPadding: op.flag("count_include_pad"))
    let mean: Value
    if let first = counts.first, counts.allSatisfy({ $0 == first }) {
      mean = try pointwise([(sum, Array(shape.indices))], shape, element) { e, values in
        divided(e, values[0], by: first)
      }
    } else {
      let type = context.tensor(geometry.output, element)
      let divisors = function.constant(
        constants.floats(type, counts.map { Double($0) }))
      mean = try pointwise(
        [(sum, Array(shape.indices)), (divisors, Array(1..<geometry.rank + 1))], shape, element
      ) { $0.div($1[0], $1[1]) }
    }
    return try channelsSecond(mean)
  }

  /// A quotient by a constant; a product where that is exact.
  func divided(_ e: ScalarEmitter, _ x: Value, by count: Int) -> Value {
    count > 0 && count & (count - 1) == 0
      ? e.mul(x, e.number(1 / Double(count), x.type)) : e.div(x, e.number(Double(count), x.type))
  }

  private func globalPool(isMean: Bool) throws -> Value {
    let x = try operand(0)
    let shape = x.type.shape
    let axes = Array(2..<shape.count)
    let element = resultElement()
    if !isMean {
      let top = try folded(x, axes, initially: least(element, isUnsigned: false)) { $0.max($2, $1) }
      return try reshaped(top, resultShape())
    }
    let sum = try folded(x, axes, initially: number(0, element)) { $0.add($2, $1) }
    let count = axes.reduce(1) { $0 * shape[$1] }
    let mean = try pointwise([(sum, [0, 1])], sum.type.shape, element) { e, values in
      divided(e, values[0], by: count)
    }
    return try reshaped(mean, resultShape())
  }
}
