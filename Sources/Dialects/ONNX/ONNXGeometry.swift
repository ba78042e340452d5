import MartletIR

/// How the windows of a convolution or pooling lie over the spatial dimensions.
public struct WindowGeometry {
  public var kernel: [Int]
  public var strides: [Int]
  public var dilations: [Int]
  /// Padding before and after each dimension, at least 0.
  public var before: [Int]
  public var after: [Int]
  /// Extents of the input and of the output.
  public var input: [Int]
  public var output: [Int]

  public var rank: Int { kernel.count }
  public var hasPadding: Bool { (before + after).contains { $0 != 0 } }
  /// The part of the padded input that windows touch ends here; larger than `before + input + after`
  /// where `ceil_mode` lets windows reach past the padding.
  public var reach: [Int] {
    (0..<rank).map {
      output[$0] == 0 ? 0 : (output[$0] - 1) * strides[$0] + (kernel[$0] - 1) * dilations[$0] + 1
    }
  }

  /// From the attributes `strides`, `dilations`, `pads`, `auto_pad` and `ceil_mode`.
  init(_ op: ONNXOperation, input: [Int], kernel: [Int]) throws {
    let rank = input.count
    func attribute(_ name: String, count: Int, default value: Int, least: Int) throws -> [Int] {
      let values = op.ints(name) ?? Array(repeating: value, count: count)
      guard values.count == count else {
        throw ONNXError("the attribute '\(name)' has \(values.count) values, not \(count)")
      }
      guard values.allSatisfy({ $0 >= least && $0 < 1 << 31 }) else {
        throw ONNXError("the attribute '\(name)' has values out of range: \(values)")
      }
      return values
    }
    guard kernel.count == rank else {
      throw ONNXError("the kernel has \(kernel.count) dimensions, the input \(rank) spatial ones")
    }
    guard kernel.allSatisfy({ $0 >= 1 && $0 < 1 << 31 }), input.allSatisfy({ $0 < 1 << 40 }) else {
      throw ONNXError("the kernel's extents \(kernel) are not allowed")
    }
    self.input = input
    self.kernel = kernel
    strides = try attribute("strides", count: rank, default: 1, least: 1)
    dilations = try attribute("dilations", count: rank, default: 1, least: 1)
    let pads = try attribute("pads", count: 2 * rank, default: 0, least: 0)
    before = Array(pads[..<rank])
    after = Array(pads[rank...])
    output = []
    // Every factor is below 2^31, so that no product or sum overflows.
    for i in 0..<rank {
      let window = (kernel[i] - 1) * dilations[i] + 1
      switch op.string("auto_pad") {
      case "NOTSET", "": break
      case "VALID":
        before[i] = 0
        after[i] = 0
      case "SAME_UPPER", "SAME_LOWER":
        let wanted = (input[i] + strides[i] - 1) / strides[i]
        let total = max((wanted - 1) * strides[i] + window - input[i], 0)
        before[i] = op.string("auto_pad") == "SAME_UPPER" ? total / 2 : total - total / 2
        after[i] = total - before[i]
      case let other: throw ONNXError("the attribute 'auto_pad' has the unknown value '\(other)'")
      }
      let room = input[i] + before[i] + after[i] - window
      guard room >= 0 else {
        throw ONNXError(
          "a window of \(window) does not fit into the padded extent "
            + "\(input[i] + before[i] + after[i])")
      }
      var count = room / strides[i] + 1
      if op.flag("ceil_mode") {
        count = (room + strides[i] - 1) / strides[i] + 1
        // A window must not start in the padding at the end.
        if (count - 1) * strides[i] >= input[i] + before[i] { count -= 1 }
      }
      output.append(count)
    }
  }

  /// Of convolution: data and weights are inputs 0 and 1.
  public static func convolution(_ op: ONNXOperation) throws -> WindowGeometry {
    let data = try op.shape(0)
    let weights = try op.shape(1)
    guard data.count >= 3 else {
      throw ONNXError("the input must have at least 3 dimensions, its shape is \(data)")
    }
    guard weights.count == data.count else {
      throw ONNXError(
        "the weights have \(weights.count) dimensions, the input \(data.count)")
    }
    let group = op.int("group")
    guard group >= 1, data[1] % group == 0, weights[0] % group == 0,
      weights[1] == data[1] / group
    else {
      throw ONNXError(
        "weights of shape \(weights) do not fit \(data[1]) channels in \(group) groups")
    }
    let kernel = Array(weights[2...])
    if let said = op.ints("kernel_shape"), said != kernel {
      throw ONNXError("'kernel_shape' is \(said), but the weights' kernel is \(kernel)")
    }
    if op.has(2) {
      let bias = try op.shape(2)
      guard bias == [weights[0]] else {
        throw ONNXError("the bias has shape \(bias), not [\(weights[0])]")
      }
    }
    return try WindowGeometry(op, input: Array(data[2...]), kernel: kernel)
  }

  /// Of pooling, with the attribute `kernel_shape`.
  public static func pooling(_ op: ONNXOperation) throws -> WindowGeometry {
    let data = try op.shape(0)
    guard data.count >= 3 else {
      throw ONNXError("the input must have at least 3 dimensions, its shape is \(data)")
    }
    guard let kernel = op.ints("kernel_shape") else {
      throw ONNXError("the attribute 'kernel_shape' is missing")
    }
    let geometry = try WindowGeometry(op, input: Array(data[2...]), kernel: kernel)
    for i in 0..<geometry.rank
    where max(geometry.before[i], geometry.after[i]) >= geometry.windowExtent(i) {
      throw ONNXError("the padding must be smaller than the window")
    }
    return geometry
  }

  func windowExtent(_ i: Int) -> Int { (kernel[i] - 1) * dilations[i] + 1 }

  /// For one dimension, how many cells each window of an average covers: real ones, or with
  /// `includingPadding` those of the padding too.
  public func coverage(_ i: Int, includingPadding: Bool) -> [Int] {
    let low = includingPadding ? -before[i] : 0
    let high = includingPadding ? input[i] + after[i] : input[i]
    let step = dilations[i]
    return (0..<output[i]).map { position in
      let start = position * strides[i] - before[i]
      // Cells start, start + step, ... of which those within low..<high count.
      let first = max(0, (low - start + step - 1) / step)
      let last = high - 1 - start < 0 ? -1 : min(kernel[i] - 1, (high - 1 - start) / step)
      return max(0, last - first + 1)
    }
  }
}

/// The part of a tensor that `Slice` takes: for each dimension a start, a step and a size.
public struct SliceGeometry {
  public var starts: [Int]
  public var steps: [Int]
  public var sizes: [Int]

  public init(_ op: ONNXOperation) throws {
    let shape = try op.shape(0)
    let asInputs = op.opset >= 10
    guard let first = asInputs ? try op.integers(1) : op.ints("starts"),
      let last = asInputs ? try op.integers(2) : op.ints("ends")
    else { throw ONNXError("starts and ends are missing") }
    let axes = try op.axes(
      (asInputs ? try op.integers(3) : op.ints("axes")) ?? Array(0..<first.count),
      rank: shape.count)
    let by = (asInputs ? try op.integers(4) : nil) ?? Array(repeating: 1, count: first.count)
    guard last.count == first.count, axes.count == first.count, by.count == first.count else {
      throw ONNXError("starts, ends, axes and steps differ in length")
    }
    starts = Array(repeating: 0, count: shape.count)
    steps = Array(repeating: 1, count: shape.count)
    sizes = shape
    for (i, axis) in axes.enumerated() {
      let extent = shape[axis]
      let step = by[i]
      guard step != 0 else { throw ONNXError("a step is 0") }
      // Values count from the end where negative; the sum of opposite signs cannot overflow.
      func resolve(_ value: Int) -> Int { value < 0 ? value + extent : value }
      let start: Int
      let end: Int
      if step > 0 {
        start = min(max(resolve(first[i]), 0), extent)
        end = min(max(resolve(last[i]), 0), extent)
      } else {
        start = min(max(resolve(first[i]), 0), extent - 1)
        end = min(max(resolve(last[i]), -1), extent - 1)
      }
      let distance = step > 0 ? end - start : start - end
      let stride = step.magnitude
      let size = distance <= 0 ? 0 : Int((distance.magnitude + stride - 1) / stride)
      starts[axis] = size == 0 ? 0 : start
      // A step too long to be taken twice is as good as 1.
      steps[axis] = size <= 1 ? 1 : step
      sizes[axis] = size
    }
  }
}

/// The cells `Pad` adds (or, where negative, takes away) before and after each dimension.
public struct PadGeometry {
  public enum Mode: String { case constant, reflect, edge, wrap }
  public var mode: Mode
  public var before: [Int]
  public var after: [Int]
  public var output: [Int]

  public init(_ op: ONNXOperation) throws {
    let shape = try op.shape(0)
    let name = op.string("mode")
    guard let mode = Mode(rawValue: name), mode != .wrap || op.opset >= 19 else {
      throw ONNXError("the attribute 'mode' has the unknown value '\(name)'")
    }
    self.mode = mode
    guard let pads = op.opset >= 11 ? try op.integers(1) : (op.ints("pads") ?? op.ints("paddings"))
    else { throw ONNXError("the pads are missing") }
    let axes = try op.axes(
      (op.opset >= 18 ? try op.integers(3) : nil) ?? Array(shape.indices), rank: shape.count)
    guard pads.count == 2 * axes.count else {
      throw ONNXError("there are \(pads.count) pads, not \(2 * axes.count)")
    }
    before = Array(repeating: 0, count: shape.count)
    after = before
    output = shape
    for (i, axis) in axes.enumerated() {
      let (low, high) = (pads[i], pads[axes.count + i])
      let extent = shape[axis]
      guard low.magnitude < 1 << 40, high.magnitude < 1 << 40, extent + low + high >= 0 else {
        throw ONNXError("the pads \(low) and \(high) do not fit the extent \(extent)")
      }
      // Cropping happens first; what is left is what is mirrored or repeated.
      let left = extent + min(low, 0) + min(high, 0)
      let most = max(low, high)
      if most > 0, mode != .constant {
        guard left > 0 else { throw ONNXError("there is nothing to pad an empty dimension with") }
        guard mode != .reflect || most < left else {
          throw ONNXError("a pad of \(most) cannot be mirrored from an extent of \(left)")
        }
      }
      before[axis] = low
      after[axis] = high
      output[axis] = extent + low + high
    }
  }

  /// The cell of the input that position `i` of dimension `axis` shows; nil for the constant.
  public func source(_ axis: Int, _ i: Int, extent: Int) -> Int? {
    let low = max(-before[axis], 0)
    let left = extent - low + min(after[axis], 0)
    var cell = i - before[axis] - low
    if cell >= 0, cell < left { return cell + low }
    switch mode {
    case .constant: return nil
    case .edge: cell = cell < 0 ? 0 : left - 1
    case .reflect: cell = cell < 0 ? -cell : 2 * (left - 1) - cell
    case .wrap: cell = ((cell % left) + left) % left
    }
    return cell + low
  }
}

/// Which dimensions a reduction folds.
public struct ReductionGeometry {
  /// Ascending.
  public var axes: [Int]
  public var keepsDimensions: Bool
  public var input: [Int]
  /// The result's shape.
  public var output: [Int] {
    keepsDimensions
      ? input.enumerated().map { axes.contains($0) ? 1 : $1 }
      : input.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
  }
  /// The number of elements folded into one.
  public var count: Int { axes.reduce(1) { $0 * input[$1] } }

  /// - Parameter version: the operator set from which on the axes are input 1.
  public init(_ op: ONNXOperation, axesInputFrom version: Int) throws {
    input = try op.shape(0)
    keepsDimensions = op.int("keepdims") != 0
    let given = try op.axesParameter(input: 1, from: version) ?? []
    if given.isEmpty {
      axes = op.flag("noop_with_empty_axes") ? [] : Array(input.indices)
    } else {
      axes = try op.axes(given, rank: input.count).sorted()
    }
  }
}

/// Shape arithmetic of single operators, shared by inference, evaluation and lowering.
public enum ONNXShapes {
  /// Of `Reshape`: the shape asked for with its 0 and -1 resolved.
  public static func reshape(_ op: ONNXOperation) throws -> [Int] {
    let input = try op.shape(0)
    guard var shape = op.opset >= 5 ? try op.integers(1) : op.ints("shape") else {
      throw ONNXError("the shape is missing")
    }
    let asked = shape
    let keepsZero = op.flag("allowzero")
    if !keepsZero {
      for (i, extent) in shape.enumerated() where extent == 0 {
        guard i < input.count else {
          throw ONNXError("extent \(i) of \(asked) copies one that the input does not have")
        }
        shape[i] = input[i]
      }
    }
    guard shape.allSatisfy({ $0 >= -1 }), shape.count(where: { $0 == -1 }) <= 1 else {
      throw ONNXError("\(asked) is not a shape to reshape to")
    }
    let total = try elementCount(input)
    if let free = shape.firstIndex(of: -1) {
      if keepsZero, asked.contains(0) {
        throw ONNXError("\(asked) has both 0 and -1, which 'allowzero' forbids")
      }
      shape[free] = 1
      let rest = try elementCount(shape)
      guard rest > 0 ? total % rest == 0 : total == 0 else {
        throw ONNXError("\(total) elements cannot be reshaped to \(asked)")
      }
      shape[free] = rest > 0 ? total / rest : 0
    }
    guard try elementCount(shape) == total else {
      throw ONNXError("\(total) elements cannot be reshaped to \(asked)")
    }
    return shape
  }

  public static func flatten(_ op: ONNXOperation) throws -> [Int] {
    let input = try op.shape(0)
    let axis = op.int("axis")
    guard axis >= (op.opset >= 11 ? -input.count : 0), axis <= input.count else {
      throw ONNXError("axis \(axis) is not one of a tensor of rank \(input.count)")
    }
    let split = axis < 0 ? axis + input.count : axis
    return [try elementCount(Array(input[..<split])), try elementCount(Array(input[split...]))]
  }

  public static func squeeze(_ op: ONNXOperation) throws -> [Int] {
    let input = try op.shape(0)
    guard let given = try op.axesParameter(input: 1, from: 13) else {
      return input.filter { $0 != 1 }
    }
    let axes = try op.axes(given, rank: input.count)
    for axis in axes where input[axis] != 1 {
      throw ONNXError("axis \(axis) of the shape \(input) cannot be squeezed away")
    }
    return input.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
  }

  public static func unsqueeze(_ op: ONNXOperation) throws -> [Int] {
    let input = try op.shape(0)
    guard let given = try op.axesParameter(input: 1, from: 13) else {
      throw ONNXError("the axes are missing")
    }
    let rank = input.count + given.count
    let axes = try op.axes(given, rank: rank)
    var rest = input[...]
    return (0..<rank).map { axes.contains($0) ? 1 : rest.removeFirst() }
  }

  /// Of `Transpose`: which dimension of the input each of the output is.
  public static func permutation(_ op: ONNXOperation) throws -> [Int] {
    let rank = try op.shape(0).count
    guard let permutation = op.ints("perm") else { return Array((0..<rank).reversed()) }
    guard permutation.sorted() == Array(0..<rank) else {
      throw ONNXError("the attribute 'perm' is not a permutation of \(rank) dimensions")
    }
    return permutation
  }

  public static func concat(_ op: ONNXOperation) throws -> (axis: Int, shape: [Int]) {
    var shape = try op.shape(0)
    let axis = try op.axis(
      op.opset < 4 ? op.optionalInt("axis") ?? 1 : op.int("axis"), rank: shape.count)
    for i in 1..<max(op.inputCount, 1) {
      let other = try op.shape(i)
      guard other.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || shape[$0] == other[$0] })
      else {
        throw ONNXError(
          "the shapes \(try op.shape(0)) and \(other) cannot be joined along axis \(axis)")
      }
      // Both are below 2^56, so that the sum is far from overflowing.
      shape[axis] += other[axis]
      _ = try elementCount(shape)
    }
    return (axis, shape)
  }

  public static func split(_ op: ONNXOperation) throws -> (axis: Int, sizes: [Int]) {
    let input = try op.shape(0)
    let axis = try op.axis(op.int("axis"), rank: input.count)
    let extent = input[axis]
    if let sizes = op.opset >= 13 ? try op.integers(1) : op.ints("split") {
      guard sizes.count == op.outputCount, sizes.allSatisfy({ $0 >= 0 && $0 <= extent }),
        sizes.reduce(0, +) == extent
      else {
        throw ONNXError(
          "an extent of \(extent) cannot be split into \(op.outputCount) parts \(sizes)")
      }
      return (axis, sizes)
    }
    let parts = op.optionalInt("num_outputs") ?? op.outputCount
    guard parts == op.outputCount, parts > 0 else {
      throw ONNXError("'num_outputs' is \(parts), but \(op.outputCount) outputs are named")
    }
    guard extent % parts == 0 || op.opset >= 18 else {
      throw ONNXError("an extent of \(extent) cannot be split into \(parts) equal parts")
    }
    let size = (extent + parts - 1) / parts
    return (axis, (0..<parts).map { max(0, min(size, extent - $0 * size)) })
  }

  /// Of `Gather`: the shape, and the axis.
  public static func gather(_ op: ONNXOperation) throws -> (axis: Int, shape: [Int]) {
    let data = try op.shape(0)
    let axis = try op.axis(op.int("axis"), rank: data.count)
    return (axis, Array(data[..<axis]) + (try op.shape(1)) + Array(data[(axis + 1)...]))
  }

  public static func matMul(_ op: ONNXOperation) throws -> MatMulGeometry {
    var a = try op.shape(0)
    var b = try op.shape(1)
    guard !a.isEmpty, !b.isEmpty else { throw ONNXError("a factor is a scalar") }
    let (isRow, isColumn) = (a.count == 1, b.count == 1)
    if isRow { a.insert(1, at: 0) }
    if isColumn { b.append(1) }
    guard a[a.count - 1] == b[b.count - 2] else {
      throw ONNXError("the shapes \(try op.shape(0)) and \(try op.shape(1)) cannot be multiplied")
    }
    let batch = try broadcastShape([Array(a.dropLast(2)), Array(b.dropLast(2))])
    let (m, n) = (a[a.count - 2], b[b.count - 1])
    return MatMulGeometry(
      a: a, b: b, batch: batch, m: m, n: n, k: a[a.count - 1],
      output: batch + (isRow ? [] : [m]) + (isColumn ? [] : [n]))
  }

  public static func gemm(_ op: ONNXOperation) throws -> (m: Int, n: Int, k: Int) {
    var a = try op.shape(0)
    var b = try op.shape(1)
    guard a.count == 2, b.count == 2 else { throw ONNXError("both factors must be matrices") }
    if op.flag("transA") { a.reverse() }
    if op.flag("transB") { b.reverse() }
    guard a[1] == b[0] else {
      throw ONNXError("matrices of shape \(a) and \(b) cannot be multiplied")
    }
    if op.has(2) {
      let c = try op.shape(2)
      guard try broadcastShape([c, [a[0], b[1]]]) == [a[0], b[1]] else {
        throw ONNXError("C of shape \(c) does not broadcast to \([a[0], b[1]])")
      }
    }
    return (a[0], b[1], a[1])
  }
}

public struct MatMulGeometry {
  /// The factors' shapes as matrices.
  public var a: [Int]
  public var b: [Int]
  /// What the leading dimensions broadcast to.
  public var batch: [Int]
  public var m: Int
  public var n: Int
  public var k: Int
  public var output: [Int]
}
