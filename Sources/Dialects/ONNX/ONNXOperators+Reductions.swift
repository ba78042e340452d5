import Glibc
import MartletIR

/// Operators that fold dimensions, and the normalisations made of them.
extension ONNXOperator {
  /// - Parameters:
  ///   - version: the operator set from which on the axes are an input.
  ///   - fold: of the elements that become one; integers come as doubles and are exact below 2^53.
  private static func reduction(
    _ name: String, _ summary: String, axesInputFrom version: Int,
    elements: ElementClass = .numeric,
    fold: @escaping @Sendable ([Double]) -> Double,
    integers: @escaping @Sendable ([Int64], Bool) -> Int64
  ) -> ONNXOperator {
    ONNXOperator(
      name, summary, since: version == 13 ? [1, 11, 13] : [1, 11, 13, 18, 20],
      inputs: "data axes?@\(version)", outputs: "reduced",
      attributes: [
        .int("keepdims", 1), .int("noop_with_empty_axes", 0, in: version..<Int.max),
        .ints("axes", in: 1..<version),
      ], elements: elements, uniform: [],
      infer: { [try ReductionGeometry($0, axesInputFrom: version).output] },
      evaluate: { op in
        let x = try op.operand(0)
        let geometry = try ReductionGeometry(op, axesInputFrom: version)
        let groups = try geometry.groups()
        if x.isFloat {
          let values = groups.map { group in fold(group.map { x.floats[$0] }) }
          return [ONNXArray(x.element, geometry.output, floats: values)]
        }
        let isUnsigned = x.element.signedness == .unsigned
        let values = groups.map { group in integers(group.map { x.ints[$0] }, isUnsigned) }
        return [ONNXArray(x.element, geometry.output, ints: values)]
      })
  }

  static let reductionOperators: [ONNXOperator] = [
    reduction(
      "ReduceSum", "sum", axesInputFrom: 13, fold: { $0.reduce(0, +) },
      integers: { values, _ in values.reduce(0, &+) }),
    reduction(
      "ReduceMean", "mean", axesInputFrom: 18, fold: { $0.reduce(0, +) / Double($0.count) },
      integers: { values, isUnsigned in
        quotient(values.reduce(0, &+), Int64(values.count), isUnsigned)
      }),
    reduction(
      "ReduceMax", "largest", axesInputFrom: 18, elements: .any,
      fold: { $0.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) } },
      integers: { values, isUnsigned in
        values.dropFirst().reduce(values.first ?? .min) { less($0, $1, isUnsigned) ? $1 : $0 }
      }),
    reduction(
      "ReduceMin", "smallest", axesInputFrom: 18, elements: .any,
      fold: { $0.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) } },
      integers: { values, isUnsigned in
        values.dropFirst().reduce(values.first ?? .max) { less($1, $0, isUnsigned) ? $1 : $0 }
      }),
    reduction(
      "ReduceProd", "product", axesInputFrom: 18, fold: { $0.reduce(1, *) },
      integers: { values, _ in values.reduce(1, &*) }),
    reduction(
      "ReduceSumSquare", "sum of squares", axesInputFrom: 18,
      fold: { $0.reduce(0) { $0 + $1 * $1 } },
      integers: { values, _ in values.reduce(0) { $0 &+ $1 &* $1 } }),
    reduction(
      "ReduceL1", "sum of absolute values", axesInputFrom: 18,
      fold: { $0.reduce(0) { $0 + abs($1) } },
      integers: { values, _ in values.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) } }),
    reduction(
      "ReduceL2", "root of the sum of squares", axesInputFrom: 18, elements: .float,
      fold: { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }, integers: { _, _ in 0 }),
    reduction(
      "ReduceLogSum", "logarithm of the sum", axesInputFrom: 18, elements: .float,
      fold: { log($0.reduce(0, +)) }, integers: { _, _ in 0 }),
    reduction(
      "ReduceLogSumExp", "logarithm of the sum of exponentials", axesInputFrom: 18,
      elements: .float,
      fold: { values in
        let top = values.max() ?? 0
        guard top.isFinite else { return top }
        return top + log(values.reduce(0) { $0 + exp($1 - top) })
      }, integers: { _, _ in 0 }),
    extremum("ArgMax", "where the largest element is", prefersLarger: true),
    extremum("ArgMin", "where the smallest element is", prefersLarger: false),
    softmax("Softmax", "exp(x) / sum(exp(x))") { values in
      let top = values.max() ?? 0
      let powers = values.map { exp($0 - top) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    },
    softmax("LogSoftmax", "x - log(sum(exp(x)))") { values in
      let top = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - top) }
      return values.map { $0 - top - log(sum) }
    },
    ONNXOperator(
      "LayerNormalization",
      "x shifted and scaled to mean 0 and variance 1 over the last dimensions",
      since: [17], inputs: "X Scale B?", outputs: "Y Mean? InvStdDev?",
      attributes: [.int("axis", -1), .float("epsilon", 1e-5), .int("stash_type", 1)],
      elements: .float,
      infer: { op in
        let shape = try op.shape(0)
        let axis = try op.axis(op.int("axis"), rank: shape.count)
        for i in 1..<op.inputCount where op.has(i) {
          guard try broadcastShape([try op.shape(i), shape]) == shape else {
            throw ONNXError("the scale or bias has shape \(try op.shape(i))")
          }
        }
        guard !op.wants(1), !op.wants(2) else {
          throw ONNXError("the outputs 'Mean' and 'InvStdDev' are not supported")
        }
        return (0..<op.outputCount).map { $0 == 0 ? shape : Array(shape[..<axis]) }
      },
      evaluate: { op in
        let x = try op.operand(0)
        let axis = try op.axis(op.int("axis"), rank: x.shape.count)
        let run = x.shape[axis...].reduce(1, *)
        let scale = try op.operand(1).broadcast(to: x.shape)
        let bias = op.has(2) ? try op.operand(2).broadcast(to: x.shape) : nil
        let normal = normalized(x.floats, run: run, epsilon: op.float("epsilon"))
        return [
          ONNXArray(
            x.element, x.shape,
            floats: normal.indices.map { normal[$0] * scale.floats[$0] + (bias?.floats[$0] ?? 0) })
        ]
      }),
    ONNXOperator(
      "InstanceNormalization", "each channel of each instance shifted and scaled", since: [6, 22],
      inputs: "input scale B", outputs: "output", attributes: [.float("epsilon", 1e-5)],
      elements: .float,
      infer: { op in
        let shape = try op.shape(0)
        guard shape.count >= 3, try op.shape(1) == [shape[1]], try op.shape(2) == [shape[1]] else {
          throw ONNXError("scale and B must have one value for each channel of \(shape)")
        }
        return [shape]
      },
      evaluate: { op in
        let x = try op.operand(0)
        let (scale, bias) = (try op.operand(1), try op.operand(2))
        let run = x.shape[2...].reduce(1, *)
        let normal = normalized(x.floats, run: run, epsilon: op.float("epsilon"))
        return [
          ONNXArray(
            x.element, x.shape,
            floats: normal.indices.map {
              let channel = $0 / max(run, 1) % x.shape[1]
              return normal[$0] * scale.floats[channel] + bias.floats[channel]
            })
        ]
      }),
  ]

  /// Runs of `run` values each shifted to mean 0 and scaled to variance 1.
  private static func normalized(_ values: [Double], run: Int, epsilon: Double) -> [Double] {
    var result = values
    for start in stride(from: 0, to: values.count, by: max(run, 1)) {
      let range = start..<start + run
      let mean = values[range].reduce(0, +) / Double(run)
      let variance = values[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(run)
      for i in range { result[i] = (values[i] - mean) / (variance + epsilon).squareRoot() }
    }
    return result
  }

  private static func extremum(_ name: String, _ summary: String, prefersLarger: Bool)
    -> ONNXOperator
  {
    ONNXOperator(
      name, summary, since: [1, 11, 12, 13], inputs: "data", outputs: "reduced",
      attributes: [
        .int("axis", 0), .int("keepdims", 1), .int("select_last_index", 0, in: 12..<Int.max),
      ], elements: .numeric, resultElement: .int64,
      infer: { [try ReductionGeometry(alongAxisOf: $0).output] },
      evaluate: { op in
        let x = try op.operand(0)
        let geometry = try ReductionGeometry(alongAxisOf: op)
        let takesLast = op.flag("select_last_index")
        let isUnsigned = x.element.signedness == .unsigned
        let found = try geometry.groups().map { group -> Int64 in
          var best = 0
          for (i, source) in group.enumerated().dropFirst() {
            let (a, b) = prefersLarger ? (group[best], source) : (source, group[best])
            let isBetter =
              x.isFloat ? x.floats[a] < x.floats[b] : less(x.ints[a], x.ints[b], isUnsigned)
            let isEqual =
              x.isFloat ? x.floats[a] == x.floats[b] : x.ints[a] == x.ints[b]
            if isBetter || (takesLast && isEqual) { best = i }
          }
          return Int64(best)
        }
        return [ONNXArray(op.context.i64, geometry.output, ints: found)]
      })
  }

  private static func softmax(
    _ name: String, _ summary: String, _ function: @escaping @Sendable ([Double]) -> [Double]
  ) -> ONNXOperator {
    ONNXOperator(
      name, summary, since: [1, 11, 13], inputs: "input", outputs: "output",
      attributes: [.int("axis")], elements: .float,
      infer: { op in
        _ = try SoftmaxGeometry(op)
        return [try op.shape(0)]
      },
      evaluate: { op in
        let x = try op.operand(0)
        let geometry = try SoftmaxGeometry(op)
        var result = x.floats
        let groups = try ReductionGeometry(
          axes: geometry.axes, keepsDimensions: true, input: x.shape
        ).groups()
        for group in groups {
          for (i, value) in zip(group, function(group.map { x.floats[$0] })) { result[i] = value }
        }
        return [ONNXArray(x.element, x.shape, floats: result)]
      })
  }
}

/// The dimensions `Softmax` and `LogSoftmax` normalise over: one, or before operator set 13 all from one on.
public struct SoftmaxGeometry {
  public let axes: [Int]

  public init(_ op: ONNXOperation) throws {
    let rank = try op.shape(0).count
    let axis = try op.axis(op.optionalInt("axis") ?? (op.opset < 13 ? 1 : -1), rank: max(rank, 1))
    axes = rank == 0 ? [] : op.opset < 13 ? Array(axis..<rank) : [axis]
  }
}

extension ReductionGeometry {
  public init(axes: [Int], keepsDimensions: Bool, input: [Int]) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
    self.input = input
  }

  /// Of `ArgMax` and `ArgMin`, along the one dimension of the attribute `axis`.
  public init(alongAxisOf op: ONNXOperation) throws {
    let shape = try op.shape(0)
    let axis = try op.axis(op.int("axis"), rank: shape.count)
    guard shape[axis] > 0 else { throw ONNXError("dimension \(axis) is empty") }
    self.init(axes: [axis], keepsDimensions: op.int("keepdims") != 0, input: shape)
  }

  /// For each element of the result the elements that are folded into it.
  func groups() throws -> [[Int]] {
    let strides = rowMajorStrides(input)
    let kept = input.indices.filter { !axes.contains($0) }
    let starts = try stridedIndices(kept.map { input[$0] }, steps: kept.map { strides[$0] })
    let offsets = try stridedIndices(axes.map { input[$0] }, steps: axes.map { strides[$0] })
    return starts.map { start in offsets.map { start + $0 } }
  }
}
