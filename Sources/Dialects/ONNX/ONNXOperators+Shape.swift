import MartletIR

/// Operators that make, move or measure tensors.
extension ONNXOperator {
  /// An operator that only moves elements of its first input; `source` says where each comes from.
  private static func reshaping(
    _ name: String, _ summary: String, since: [Int], inputs: String, outputs: String,
    attributes: [Parameter] = [], shape: @escaping @Sendable (ONNXOperation) throws -> [Int]
  ) -> ONNXOperator {
    ONNXOperator(
      name, summary, since: since, inputs: inputs, outputs: outputs, attributes: attributes,
      uniform: [], infer: { [try shape($0)] },
      evaluate: { op in [try op.operand(0).reshaped(try shape(op))] })
  }

  static let shapeOperators: [ONNXOperator] = [
    reshaping(
      "Reshape", "the same elements in another shape", since: [1, 5, 13, 14, 19, 21, 23, 24, 25],
      inputs: "data shape?@5", outputs: "reshaped",
      attributes: [.int("allowzero", 0, in: 14..<Int.max), .ints("shape", in: 1..<5)],
      shape: ONNXShapes.reshape),
    reshaping(
      "Flatten", "the same elements as a matrix", since: [1, 9, 11, 13, 21, 23, 24, 25],
      inputs: "input", outputs: "output", attributes: [.int("axis", 1)],
      shape: ONNXShapes.flatten),
    reshaping(
      "Squeeze", "dimensions of extent 1 taken away", since: [1, 11, 13, 21, 23, 24, 25],
      inputs: "data axes?@13", outputs: "squeezed", attributes: [.ints("axes", in: 1..<13)],
      shape: ONNXShapes.squeeze),
    reshaping(
      "Unsqueeze", "dimensions of extent 1 put in", since: [1, 11, 13, 21, 23, 24, 25],
      inputs: "data axes?@13", outputs: "expanded", attributes: [.ints("axes", in: 1..<13)],
      shape: ONNXShapes.unsqueeze),
    reshaping(
      "Identity", "the input itself", since: [1, 13, 14, 16, 19, 21, 23, 24, 25], inputs: "input",
      outputs: "output", shape: { try $0.shape(0) }),
    ONNXOperator(
      "Dropout", "the input itself, as a model that is not trained has it",
      since: [7, 10, 12, 13, 22], inputs: "data ratio?@12 training_mode?@12",
      outputs: "output mask?",
      attributes: [.float("ratio", 0.5, in: 1..<12), .int("seed", in: 12..<Int.max)],
      elements: .float, uniform: [],
      resultElement: .computed { op in [try op.element(0), op.context.i1] },
      infer: { op in
        if op.has(2), try op.scalar(2) != 0 { throw ONNXError("training is not supported") }
        return try (0..<op.outputCount).map { _ in try op.shape(0) }
      },
      evaluate: { op in
        let x = try op.operand(0)
        return [x, try .filled(op.context.i1, x.shape, 1)]
      }),
    ONNXOperator(
      "Transpose", "dimensions in another order", since: [1, 13, 21, 23, 24, 25], inputs: "data",
      outputs: "transposed", attributes: [.ints("perm")],
      infer: { op in
        let shape = try op.shape(0)
        return [try ONNXShapes.permutation(op).map { shape[$0] }]
      },
      evaluate: { op in [try op.operand(0).transposed(try ONNXShapes.permutation(op))] }),
    ONNXOperator(
      "Concat", "tensors joined along a dimension", since: [1, 4, 11, 13], inputs: "first inputs*",
      outputs: "concat_result", attributes: [.int("axis")],
      infer: { [try ONNXShapes.concat($0).shape] }, evaluate: concat),
    ONNXOperator(
      "Split", "parts of a tensor along a dimension", since: [2, 11, 13, 18],
      inputs: "input split?@13", outputs: "outputs*",
      attributes: [
        .int("axis", 0), .int("num_outputs", in: 18..<Int.max), .ints("split", in: 1..<13),
      ], uniform: [],
      infer: { op in
        let (axis, sizes) = try ONNXShapes.split(op)
        return try sizes.map { size in
          var shape = try op.shape(0)
          shape[axis] = size
          return shape
        }
      },
      evaluate: { op in
        let x = try op.operand(0)
        let (axis, sizes) = try ONNXShapes.split(op)
        var start = 0
        return try sizes.map { size in
          defer { start += size }
          let strides = rowMajorStrides(x.shape)
          var shape = x.shape
          shape[axis] = size
          return x.selecting(
            shape, try stridedIndices(shape, steps: strides, start: start * strides[axis]))
        }
      }),
    ONNXOperator(
      "Slice", "every so many elements of a range in each dimension", since: [1, 10, 11, 13],
      inputs: "data starts?@10 ends?@10 axes?@10 steps?@10", outputs: "output",
      attributes: [
        .ints("axes", in: 1..<10), .ints("ends", in: 1..<10), .ints("starts", in: 1..<10),
      ], uniform: [], infer: { [try SliceGeometry($0).sizes] },
      evaluate: { op in
        let x = try op.operand(0)
        let slice = try SliceGeometry(op)
        let strides = rowMajorStrides(x.shape)
        let start = zip(slice.starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
        let steps = zip(slice.steps, strides).map { $0 * $1 }
        return [
          x.selecting(slice.sizes, try stridedIndices(slice.sizes, steps: steps, start: start))
        ]
      }),
    ONNXOperator(
      "Pad", "cells added around a tensor, or taken away",
      since: [2, 11, 13, 18, 19, 21, 23, 24, 25],
      inputs: "data pads?@11 constant_value?@11 axes?@18", outputs: "output",
      attributes: [
        .string("mode", "constant"), .ints("pads", in: 2..<11), .float("value", 0, in: 2..<11),
      ], uniform: [2], infer: { [try PadGeometry($0).output] }, evaluate: pad),
    ONNXOperator(
      "Gather", "slices picked by index along a dimension", since: [1, 11, 13],
      inputs: "data indices", outputs: "output", attributes: [.int("axis", 0)], uniform: [],
      infer: { [try ONNXShapes.gather($0).shape] }, evaluate: gather),
    ONNXOperator(
      "Expand", "broadcast to a shape", since: [8, 13], inputs: "input shape", outputs: "output",
      uniform: [], infer: { [try broadcastShape([try $0.shape(0), try $0.shapeOperand(1)])] },
      evaluate: { op in
        let shape = try broadcastShape([try op.shape(0), try op.shapeOperand(1)])
        return [try op.operand(0).broadcast(to: shape)]
      }),
    ONNXOperator(
      "Tile", "a tensor repeated in each dimension", since: [6, 13], inputs: "input repeats",
      outputs: "output", uniform: [], infer: { [try tileShape($0)] },
      evaluate: { op in
        let x = try op.operand(0)
        let shape = try tileShape(op)
        let strides = rowMajorStrides(x.shape)
        var source: [Int] = []
        forEachPoint(shape) { point in
          source.append(
            point.indices.reduce(0) { $0 + point[$1] % x.shape[$1] * strides[$1] })
        }
        return [x.selecting(shape, source)]
      }),
    ONNXOperator(
      "Shape", "the extents of a tensor", since: [1, 13, 15, 19, 21, 23, 24, 25], inputs: "data",
      outputs: "shape",
      attributes: [.int("start", 0, in: 15..<Int.max), .int("end", in: 15..<Int.max)],
      resultElement: .int64, infer: { [[try extents($0).count]] },
      evaluate: { op in
        let extents = try extents(op)
        return [ONNXArray(op.context.i64, [extents.count], ints: extents.map { Int64($0) })]
      }),
    ONNXOperator(
      "Size", "the number of elements", since: [1, 13, 19, 21, 23, 24, 25], inputs: "data",
      outputs: "size", resultElement: .int64, infer: { _ in [[]] },
      evaluate: { op in
        [ONNXArray(op.context.i64, [], ints: [Int64(try elementCount(try op.shape(0)))])]
      }),
    ONNXOperator(
      "ConstantOfShape", "a tensor of one value", since: [9, 20, 21, 23, 24, 25], inputs: "input",
      outputs: "output", attributes: [.of(.tensor, "value")],
      resultElement: .computed { op in
        [op.operation.attribute("value")?.type?.elementType ?? op.context.f32]
      },
      infer: { [try $0.shapeOperand(0)] },
      evaluate: { op in
        let shape = try op.shapeOperand(0)
        guard let value = op.operation.attribute("value").flatMap(ONNXArray.init) else {
          return [try .filled(op.context.f32, shape, 0)]
        }
        guard value.count == 1 else {
          throw ONNXError("the attribute 'value' must have one element")
        }
        let source = Array(repeating: 0, count: try elementCount(shape))
        return [value.selecting(shape, source)]
      }),
    ONNXOperator(
      "Range", "numbers from a start up to a limit by a step", since: [11, 27],
      inputs: "start limit delta", outputs: "output", elements: .numeric,
      infer: { [[try rangeCount($0)]] },
      evaluate: { op in
        let start = try op.operand(0)
        let delta = try op.operand(2)
        let count = try rangeCount(op)
        if start.isFloat {
          let (first, step) = (start.floats[0], delta.floats[0])
          let values = (0..<count).map { first + Double($0) * step }
          return [ONNXArray(start.element, [count], floats: values)]
        }
        let (first, step) = (start.ints[0], delta.ints[0])
        let values = (0..<count).map { first &+ Int64($0) &* step }
        return [ONNXArray(start.element, [count], ints: values)]
      }),
    ONNXOperator(
      "DepthToSpace", "channels spread over blocks of cells", since: [1, 11, 13], inputs: "input",
      outputs: "output",
      attributes: [.int("blocksize").required(), .string("mode", "DCR", in: 11..<Int.max)],
      infer: { [try BlockGeometry(depthToSpace: $0).output] },
      evaluate: { op in
        let block = try BlockGeometry(depthToSpace: op)
        return [
          try op.operand(0).reshaped(block.split).transposed(block.permutation)
            .reshaped(block.output)
        ]
      }),
    ONNXOperator(
      "SpaceToDepth", "blocks of cells gathered into channels", since: [1, 13, 28], inputs: "input",
      outputs: "output",
      attributes: [
        .int("blocksize").required(), .string("mode", "DCR", in: 28..<Int.max),
      ],
      infer: { [try BlockGeometry(spaceToDepth: $0).output] },
      evaluate: { op in
        let block = try BlockGeometry(spaceToDepth: op)
        return [
          try op.operand(0).reshaped(block.split).transposed(block.permutation)
            .reshaped(block.output)
        ]
      }),
  ]

  // MARK: Evaluation

  @Sendable private static func concat(_ op: ONNXOperation) throws -> [ONNXArray] {
    let (axis, shape) = try ONNXShapes.concat(op)
    let parts = try (0..<op.inputCount).map { try op.operand($0) }
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    var floats: [Double] = []
    var ints: [Int64] = []
    for row in 0..<outer {
      for part in parts {
        let run = part.shape[axis] * inner
        if part.isFloat {
          floats += part.floats[row * run..<(row + 1) * run]
        } else {
          ints += part.ints[row * run..<(row + 1) * run]
        }
      }
    }
    let element = parts[0].element
    return [
      element.isFloat
        ? ONNXArray(element, shape, floats: floats) : ONNXArray(element, shape, ints: ints)
    ]
  }

  @Sendable private static func pad(_ op: ONNXOperation) throws -> [ONNXArray] {
    let x = try op.operand(0)
    let pad = try PadGeometry(op)
    let fill = op.opset < 11 ? op.float("value") : try op.scalar(2) ?? 0
    let strides = rowMajorStrides(x.shape)
    var source: [Int] = []
    source.reserveCapacity(try elementCount(pad.output))
    forEachPoint(pad.output) { point in
      var offset = 0
      for (axis, i) in point.enumerated() {
        guard let cell = pad.source(axis, i, extent: x.shape[axis]) else {
          offset = -1
          break
        }
        offset += cell * strides[axis]
      }
      source.append(offset)
    }
    return [x.selecting(pad.output, source, fill: fill)]
  }

  @Sendable private static func gather(_ op: ONNXOperation) throws -> [ONNXArray] {
    let data = try op.operand(0)
    let indices = try op.operand(1)
    let (axis, shape) = try ONNXShapes.gather(op)
    let extent = data.shape[axis]
    let outer = data.shape[..<axis].reduce(1, *)
    let inner = data.shape[(axis + 1)...].reduce(1, *)
    var source: [Int] = []
    for row in 0..<outer {
      for index in indices.ints {
        guard index >= -Int64(extent), index < Int64(extent) else {
          throw ONNXError("the index \(index) is out of range for an extent of \(extent)")
        }
        let first = (row * extent + (index < 0 ? Int(index) + extent : Int(index))) * inner
        source += first..<(first + inner)
      }
    }
    return [data.selecting(shape, source)]
  }

  static func tileShape(_ op: ONNXOperation) throws -> [Int] {
    let shape = try op.shape(0)
    guard let repeats = try op.integers(1), repeats.count == shape.count,
      repeats.allSatisfy({ $0 >= 0 && $0 < 1 << 40 })
    else { throw ONNXError("there must be a number of repeats for each dimension") }
    return try zip(shape, repeats).map { try elementCount([$0, $1]) }
  }

  static func extents(_ op: ONNXOperation) throws -> ArraySlice<Int> {
    let shape = try op.shape(0)
    func clamp(_ value: Int) -> Int {
      min(max(value < 0 ? value + shape.count : value, 0), shape.count)
    }
    let start = clamp(op.int("start"))
    return shape[start..<max(start, clamp(op.optionalInt("end") ?? shape.count))]
  }

  static func rangeCount(_ op: ONNXOperation) throws -> Int {
    guard let start = try op.scalar(0), let limit = try op.scalar(1), let delta = try op.scalar(2)
    else { throw ONNXError("start, limit and delta must be given") }
    guard delta != 0 else { throw ONNXError("the step is 0") }
    let count = ((limit - start) / delta).rounded(.up)
    guard count < 0x1p40 else { throw ONNXError("the range has too many numbers") }
    return count > 0 ? Int(count) : 0
  }
}

extension ONNXOperation {
  /// Input `i` as a shape, none of its extents negative.
  func shapeOperand(_ i: Int) throws -> [Int] {
    guard let shape = try integers(i), shape.allSatisfy({ $0 >= 0 }) else {
      throw ONNXError("the shape asked for has negative extents")
    }
    return shape
  }
}

/// `DepthToSpace` and `SpaceToDepth` as a reshape, a transposition and a reshape.
public struct BlockGeometry {
  public let split: [Int]
  public let permutation: [Int]
  public let output: [Int]

  private static func sizes(_ op: ONNXOperation) throws -> (shape: [Int], block: Int) {
    let shape = try op.shape(0)
    let block = op.int("blocksize")
    guard shape.count == 4, block >= 1, block < 1 << 20 else {
      throw ONNXError("blocks of \(block) do not fit a tensor of shape \(shape)")
    }
    return (shape, block)
  }

  public init(depthToSpace op: ONNXOperation) throws {
    let (s, b) = try Self.sizes(op)
    guard s[1] % (b * b) == 0 else {
      throw ONNXError("\(s[1]) channels do not divide into blocks of \(b) by \(b)")
    }
    let depth = s[1] / (b * b)
    switch op.string("mode") {
    case "DCR":
      split = [s[0], b, b, depth, s[2], s[3]]
      permutation = [0, 3, 4, 1, 5, 2]
    case "CRD":
      split = [s[0], depth, b, b, s[2], s[3]]
      permutation = [0, 1, 4, 2, 5, 3]
    case let other: throw ONNXError("the attribute 'mode' has the unknown value '\(other)'")
    }
    output = [s[0], depth, s[2] * b, s[3] * b]
  }

  public init(spaceToDepth op: ONNXOperation) throws {
    let (s, b) = try Self.sizes(op)
    guard s[2] % b == 0, s[3] % b == 0 else {
      throw ONNXError("blocks of \(b) do not fit a tensor of shape \(s)")
    }
    split = [s[0], s[1], s[2] / b, b, s[3] / b, b]
    switch op.string("mode") {
    case "DCR": permutation = [0, 3, 5, 1, 2, 4]
    case "CRD": permutation = [0, 1, 3, 5, 2, 4]
    case let other: throw ONNXError("the attribute 'mode' has the unknown value '\(other)'")
    }
    output = [s[0], s[1] * b * b, s[2] / b, s[3] / b]
  }
}
