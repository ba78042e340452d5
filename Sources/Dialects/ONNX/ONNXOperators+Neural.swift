import Glibc
import MartletIR

/// Convolution, pooling, matrix products, recurrence and batch normalisation.
extension ONNXOperator {
  private static let windowAttributes: [Parameter] = [
    .string("auto_pad", "NOTSET"), .ints("pads"), .ints("strides"), .ints("kernel_shape"),
  ]

  static let neuralOperators: [ONNXOperator] = [
    ONNXOperator(
      "Conv", "convolution: X [N,C,D...], W [M,C/group,K...], B [M]", since: [1, 11, 22],
      inputs: "X W B?", attributes: windowAttributes + [.ints("dilations"), .int("group", 1)],
      elements: .float,
      infer: { op in
        let geometry = try WindowGeometry.convolution(op)
        return [[try op.shape(0)[0], try op.shape(1)[0]] + geometry.output]
      }, evaluate: convolve),
    ONNXOperator(
      "MaxPool", "largest element of each window", since: [1, 8, 10, 11, 12, 22], inputs: "X",
      outputs: "Y Indices?",
      attributes: windowAttributes + [
        .int("ceil_mode", 0, in: 10..<Int.max), .ints("dilations", in: 10..<Int.max),
        .int("storage_order", 0, in: 8..<Int.max),
      ], elements: .numeric,
      resultElement: .computed { op in [try op.element(0), op.context.i64] },
      infer: { op in
        guard !op.wants(1) else { throw ONNXError("the output 'Indices' is not supported") }
        let geometry = try WindowGeometry.pooling(op)
        let pooled = Array(try op.shape(0)[..<2]) + geometry.output
        return (0..<op.outputCount).map { _ in pooled }
      },
      evaluate: { op in
        try pool(op) { cells, _ in
          cells.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
        }
      }),
    ONNXOperator(
      "AveragePool", "mean of each window", since: [1, 7, 10, 11, 19, 22], inputs: "X",
      attributes: windowAttributes + [
        .int("ceil_mode", 0, in: 10..<Int.max), .ints("dilations", in: 19..<Int.max),
        .int("count_include_pad", 0, in: 7..<Int.max),
      ], elements: .float,
      infer: { op in
        let geometry = try WindowGeometry.pooling(op)
        return [Array(try op.shape(0)[..<2]) + geometry.output]
      },
      evaluate: { op in try pool(op) { cells, count in cells.reduce(0, +) / Double(count) } }),
    globalPool("GlobalAveragePool", "mean over all cells of a channel") {
      $0.reduce(0, +) / Double($0.count)
    },
    globalPool("GlobalMaxPool", "largest of all cells of a channel") {
      $0.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    },
    ONNXOperator(
      "MatMul", "matrix product, by numpy's rules", since: [1, 9, 13], inputs: "A B",
      elements: .numeric, infer: { [try ONNXShapes.matMul($0).output] },
      evaluate: { op in
        let geometry = try ONNXShapes.matMul(op)
        let a = try op.operand(0).reshaped(geometry.a)
          .broadcast(to: geometry.batch + [geometry.m, geometry.k])
        let b = try op.operand(1).reshaped(geometry.b)
          .broadcast(to: geometry.batch + [geometry.k, geometry.n])
        let count = try elementCount(geometry.batch)
        let (m, n, k) = (geometry.m, geometry.n, geometry.k)
        if a.isFloat {
          let c = product(a.floats, b.floats, count, m, n, k, zero: 0, *, +)
          return [ONNXArray(a.element, geometry.output, floats: c)]
        }
        let c = product(a.ints, b.ints, count, m, n, k, zero: 0, &*, &+)
        return [ONNXArray(a.element, geometry.output, ints: c)]
      }),
    ONNXOperator(
      "Gemm", "alpha * A' * B' + beta * C", since: [7, 9, 11, 13], inputs: "A B C?",
      attributes: [
        .float("alpha", 1), .float("beta", 1), .int("transA", 0), .int("transB", 0),
      ], elements: .numeric,
      infer: { op in
        let (m, n, _) = try ONNXShapes.gemm(op)
        return [[m, n]]
      }, evaluate: gemm),
    ONNXOperator(
      "BatchNormalization", "scale * (x - mean) / sqrt(var + epsilon) + B for each channel",
      since: [7, 9, 14, 15], inputs: "X scale B input_mean input_var",
      outputs: "Y running_mean? running_var? saved_mean? saved_var?",
      attributes: [
        .float("epsilon", 1e-5), .float("momentum", 0.9), .int("spatial", 1, in: 7..<9),
        .int("training_mode", 0, in: 14..<Int.max),
      ], elements: .float, uniform: [],
      infer: { op in
        let shape = try op.shape(0)
        guard !op.flag("training_mode"), !(1..<max(op.outputCount, 1)).contains(where: op.wants)
        else { throw ONNXError("training is not supported") }
        guard op.flag("spatial") || op.opset >= 9 else {
          throw ONNXError("'spatial' 0 is not supported")
        }
        guard shape.count >= 2 else { throw ONNXError("the input has no channels: \(shape)") }
        for i in 1..<5 where try op.shape(i) != [shape[1]] {
          throw ONNXError("input \(i) has shape \(try op.shape(i)), not [\(shape[1])]")
        }
        return (0..<op.outputCount).map { $0 == 0 ? shape : [shape[1]] }
      },
      evaluate: { op in
        let x = try op.operand(0)
        let parameters = try (1..<5).map { try op.operand($0).floats }
        let run = x.shape[2...].reduce(1, *)
        let epsilon = op.float("epsilon")
        let values = x.floats.indices.map { i -> Double in
          let c = i / max(run, 1) % x.shape[1]
          return parameters[0][c] * (x.floats[i] - parameters[2][c])
            / (parameters[3][c] + epsilon).squareRoot() + parameters[1][c]
        }
        return [ONNXArray(x.element, x.shape, floats: values)]
      }),
    ONNXOperator(
      "LSTM", "a long short-term memory over a sequence: gates in the order i, o, f, c",
      since: [7, 14, 22], inputs: "X W R B? sequence_lens? initial_h? initial_c? P?",
      outputs: "Y? Y_h? Y_c?",
      attributes: [
        .of(.floats, "activation_alpha"), .of(.floats, "activation_beta"),
        .of(.strings, "activations"), .float("clip"), .string("direction", "forward"),
        .int("hidden_size"), .int("input_forget", 0), .int("layout", 0, in: 14..<Int.max),
      ], elements: .float, uniform: [1, 2, 3, 5, 6, 7],
      infer: { op in
        let shapes = try LSTMGeometry(op).outputShapes
        return Array(shapes[..<op.outputCount])
      }, evaluate: lstm),
  ]

  // MARK: Evaluation

  private static func product<T>(
    _ a: [T], _ b: [T], _ count: Int, _ m: Int, _ n: Int, _ k: Int, zero: T,
    _ times: (T, T) -> T, _ plus: (T, T) -> T
  ) -> [T] {
    var c = Array(repeating: zero, count: count * m * n)
    for batch in 0..<count {
      for i in 0..<m {
        for l in 0..<k {
          let factor = a[(batch * m + i) * k + l]
          let row = (batch * m + i) * n
          let other = (batch * k + l) * n
          for j in 0..<n { c[row + j] = plus(c[row + j], times(factor, b[other + j])) }
        }
      }
    }
    return c
  }

  @Sendable private static func gemm(_ op: ONNXOperation) throws -> [ONNXArray] {
    let (m, n, k) = try ONNXShapes.gemm(op)
    var a = try op.operand(0)
    var b = try op.operand(1)
    if op.flag("transA") { a = try a.transposed([1, 0]) }
    if op.flag("transB") { b = try b.transposed([1, 0]) }
    let c = op.has(2) ? try op.operand(2).broadcast(to: [m, n]) : nil
    let (alpha, beta) = (op.float("alpha"), op.float("beta"))
    guard a.isFloat else {
      guard alpha == 1, beta == 1 else {
        throw ONNXError("alpha and beta of a product of integers must be 1")
      }
      let values = product(a.ints, b.ints, 1, m, n, k, zero: 0, &*, &+)
      return [
        ONNXArray(
          a.element, [m, n], ints: values.indices.map { values[$0] &+ (c?.ints[$0] ?? 0) })
      ]
    }
    let values = product(a.floats, b.floats, 1, m, n, k, zero: 0, *, +)
    let result = values.indices.map { alpha * values[$0] + beta * (c?.floats[$0] ?? 0) }
    return [ONNXArray(a.element, [m, n], floats: result)]
  }

  @Sendable private static func convolve(_ op: ONNXOperation) throws -> [ONNXArray] {
    let geometry = try WindowGeometry.convolution(op)
    let x = try op.operand(0)
    let w = try op.operand(1)
    let bias = op.has(2) ? try op.operand(2).floats : nil
    let (channels, filters) = (x.shape[1], w.shape[0])
    let perGroup = w.shape[1]
    let filtersPerGroup = filters / op.int("group")
    let kernelCount = try elementCount(geometry.kernel)
    let inputCount = try elementCount(geometry.input)
    let windows = geometry.windows()
    var result: [Double] = []
    result.reserveCapacity(x.shape[0] * filters * windows.count)
    for n in 0..<x.shape[0] {
      for m in 0..<filters {
        let firstChannel = m / filtersPerGroup * perGroup
        for window in windows {
          var sum = bias?[m] ?? 0
          for c in 0..<perGroup {
            let plane = (n * channels + firstChannel + c) * inputCount
            let kernel = (m * perGroup + c) * kernelCount
            for (k, cell) in window where cell >= 0 {
              sum += x.floats[plane + cell] * w.floats[kernel + k]
            }
          }
          result.append(sum)
        }
      }
    }
    return [ONNXArray(x.element, [x.shape[0], filters] + geometry.output, floats: result)]
  }

  private static func pool(_ op: ONNXOperation, _ fold: ([Double], Int) -> Double) throws
    -> [ONNXArray]
  {
    let geometry = try WindowGeometry.pooling(op)
    let x = try op.operand(0)
    let inputCount = try elementCount(geometry.input)
    let windows = geometry.windows()
    let counts = geometry.counts(includingPadding: op.flag("count_include_pad"))
    var result: [Double] = []
    for plane in 0..<x.shape[0] * x.shape[1] {
      for (window, count) in zip(windows, counts) {
        let cells = window.compactMap { $0.1 < 0 ? nil : x.double(plane * inputCount + $0.1) }
        result.append(fold(cells, count))
      }
    }
    let shape = [x.shape[0], x.shape[1]] + geometry.output
    return [
      x.isFloat
        ? ONNXArray(x.element, shape, floats: result)
        : ONNXArray(x.element, shape, ints: result.map { ONNXArray.saturated($0) })
    ]
  }

  private static func globalPool(
    _ name: String, _ summary: String, _ fold: @escaping @Sendable ([Double]) -> Double
  ) -> ONNXOperator {
    @Sendable func geometry(_ op: ONNXOperation) throws -> ReductionGeometry {
      let shape = try op.shape(0)
      guard shape.count >= 3 else {
        throw ONNXError("the input must have at least 3 dimensions, its shape is \(shape)")
      }
      return ReductionGeometry(
        axes: Array(2..<shape.count), keepsDimensions: true, input: shape)
    }
    return ONNXOperator(
      name, summary, since: [1, 22], inputs: "X", elements: .float,
      infer: { [try geometry($0).output] },
      evaluate: { op in
        let x = try op.operand(0)
        let geometry = try geometry(op)
        let values = try geometry.groups().map { group in fold(group.map { x.floats[$0] }) }
        return [ONNXArray(x.element, geometry.output, floats: values)]
      })
  }

  @Sendable private static func lstm(_ op: ONNXOperation) throws -> [ONNXArray] {
    let g = try LSTMGeometry(op)
    var x = try op.operand(0)
    if g.isBatchFirst { x = try x.transposed([1, 0, 2]) }
    let (w, r) = (try op.operand(1).floats, try op.operand(2).floats)
    let bias = op.has(3) ? try op.operand(3).floats : nil
    let lengths = op.has(4) ? try op.operand(4).ints : nil
    let peepholes = op.has(7) ? try op.operand(7).floats : nil
    func state(_ i: Int) throws -> [Double] {
      guard op.has(i) else {
        return Array(repeating: 0, count: g.directions * g.batch * g.hidden)
      }
      return try (g.isBatchFirst ? op.operand(i).transposed([1, 0, 2]) : op.operand(i)).floats
    }
    var h = try state(5)
    var c = try state(6)
    var y = Array(repeating: 0.0, count: g.steps * g.directions * g.batch * g.hidden)
    for d in 0..<g.directions {
      for b in 0..<g.batch {
        let length = Int(lengths?[b] ?? Int64(g.steps))
        guard length >= 0, length <= g.steps else {
          throw ONNXError("the sequence length \(length) is not within \(g.steps) steps")
        }
        let row = (d * g.batch + b) * g.hidden
        for position in 0..<length {
          let t = g.reversed[d] ? length - 1 - position : position
          let cell = LSTMCell(
            geometry: g, direction: d, w: w, r: r, bias: bias, peepholes: peepholes)
          let input = x.floats[
            (t * g.batch + b) * g.inputSize..<(t * g.batch + b + 1) * g.inputSize]
          let (newH, newC) = cell.step(
            Array(input), Array(h[row..<row + g.hidden]), Array(c[row..<row + g.hidden]))
          for i in 0..<g.hidden {
            h[row + i] = newH[i]
            c[row + i] = newC[i]
            y[((t * g.directions + d) * g.batch + b) * g.hidden + i] = newH[i]
          }
        }
      }
    }
    var results = [
      ONNXArray(x.element, [g.steps, g.directions, g.batch, g.hidden], floats: y),
      ONNXArray(x.element, [g.directions, g.batch, g.hidden], floats: h),
      ONNXArray(x.element, [g.directions, g.batch, g.hidden], floats: c),
    ]
    if g.isBatchFirst {
      results = [
        try results[0].transposed([2, 0, 1, 3]), try results[1].transposed([1, 0, 2]),
        try results[2].transposed([1, 0, 2]),
      ]
    }
    return results
  }
}

/// One step of an LSTM for one row of the batch.
private struct LSTMCell {
  let geometry: LSTMGeometry
  let direction: Int
  let w: [Double]
  let r: [Double]
  let bias: [Double]?
  let peepholes: [Double]?

  func step(_ x: [Double], _ h: [Double], _ c: [Double]) -> (h: [Double], c: [Double]) {
    let hidden = geometry.hidden
    let functions = geometry.activations[direction]
    var newH = h
    var newC = c
    for j in 0..<hidden {
      // Gates i, o, f and c are rows j, H + j, 2H + j and 3H + j.
      var gates = (0..<4).map { sum(row: $0 * hidden + j, x, h) }
      gates[0] += peephole(0, j) * c[j]
      gates[2] += peephole(2, j) * c[j]
      let i = apply(functions[0], gates[0])
      let f = geometry.couplesInputAndForget ? 1 - i : apply(functions[0], gates[2])
      newC[j] = f * c[j] + i * apply(functions[1], gates[3])
      let o = apply(functions[0], gates[1] + peephole(1, j) * newC[j])
      newH[j] = o * apply(functions[2], newC[j], clipped: false)
    }
    return (newH, newC)
  }

  private func sum(row: Int, _ x: [Double], _ h: [Double]) -> Double {
    let rows = 4 * geometry.hidden
    let first = direction * rows + row
    var total = 0.0
    if let bias {
      total = bias[direction * 2 * rows + row] + bias[direction * 2 * rows + rows + row]
    }
    for k in 0..<geometry.inputSize { total += x[k] * w[first * geometry.inputSize + k] }
    for k in 0..<geometry.hidden { total += h[k] * r[first * geometry.hidden + k] }
    return total
  }

  private func peephole(_ gate: Int, _ j: Int) -> Double {
    peepholes?[(direction * 3 + gate) * geometry.hidden + j] ?? 0
  }

  private func apply(_ function: LSTMGeometry.Activation, _ x: Double, clipped: Bool = true)
    -> Double
  {
    var x = x
    if clipped, let clip = geometry.clip { x = min(max(x, -clip), clip) }
    switch function {
    case .sigmoid: return ONNXOperator.sigmoid(x)
    case .tanh: return tanh(x)
    case .relu: return max(x, 0)
    }
  }
}

extension WindowGeometry {
  /// For each window, row-major, the positions of the kernel with the cells of the input they lie on; -1 for
  /// the padding.
  func windows() -> [[(Int, Int)]] {
    let strides = rowMajorStrides(input)
    var result: [[(Int, Int)]] = []
    forEachPoint(output) { point in
      var cells: [(Int, Int)] = []
      forEachPoint(kernel) { k in
        var offset = 0
        for i in 0..<rank {
          let cell = point[i] * self.strides[i] - before[i] + k[i] * dilations[i]
          guard cell >= 0, cell < input[i] else {
            offset = -1
            break
          }
          offset += cell * strides[i]
        }
        cells.append((cells.count, offset))
      }
      result.append(cells)
    }
    return result
  }

  /// For each window, row-major, how many cells its mean is of.
  public func counts(includingPadding: Bool) -> [Int] {
    let coverage = (0..<rank).map { self.coverage($0, includingPadding: includingPadding) }
    var result: [Int] = []
    forEachPoint(output) { point in
      result.append(point.indices.reduce(1) { $0 * coverage[$1][point[$1]] })
    }
    return result
  }
}
