/// Writes random functions of elementwise and reducing structured operations, transposes, broadcasts, padding,
/// slices and reshapes on tensors of rank 3.
struct RandomTensorProgram {
  private var numbers: Numbers
  private var lines: [String] = []
  private var values: [(name: String, shape: [Int])] = []
  private var next = 0

  init(_ seed: Int) { numbers = Numbers(seed &+ 17) }

  static func text(_ seed: Int, operations: Int = 14) -> String {
    var program = RandomTensorProgram(seed)
    let shapes = [[4, 1, 3], [2, 5, 3], [4, 3, 1]]
    for (i, shape) in shapes.enumerated() { program.values.append(("%a\(i)", shape)) }
    let parameters = shapes.enumerated().map { "%a\($0): \(type($1))" }
    for _ in 0..<operations { program.addOperation() }
    let last = program.values.suffix(2)
    let types = last.map { type($0.shape) }.joined(separator: ", ")
    let names = last.map(\.name).joined(separator: ", ")
    return """
      func.func @main(\(parameters.joined(separator: ", "))) -> (\(types)) {
        %zero = arith.constant 0.0 : f32
        %half = arith.constant 0.5 : f32
      \(program.lines.joined(separator: "\n"))
        return \(names) : \(types)
      }
      """
  }

  private static func type(_ shape: [Int]) -> String {
    "tensor<" + shape.map { "\($0)x" }.joined() + "f32>"
  }
  private func type(_ shape: [Int]) -> String { Self.type(shape) }

  private mutating func fresh() -> String {
    next += 1
    return "%v\(next)"
  }

  private mutating func emit(_ line: String) { lines.append("  " + line) }

  private mutating func empty(_ shape: [Int]) -> String {
    let name = fresh()
    emit("\(name) = tensor.empty() : \(type(shape))")
    return name
  }

  /// One of the values, more often a late one.
  private mutating func value() -> (name: String, shape: [Int]) {
    numbers.below(3) == 0 ? numbers.pick(values) : values[values.count - 1 - numbers.below(2)]
  }

  private mutating func addOperation() {
    switch numbers.below(10) {
    case 0, 1: addUnary()
    case 2: addBinary()
    case 3, 4: addTranspose()
    case 5: addPad()
    case 6: addSlice()
    case 7: addReshape()
    case 8: addBroadcast()
    default: addReduction()
    }
  }

  private mutating func addUnary() {
    let x = value()
    let out = empty(x.shape)
    let name = fresh()
    let kind = numbers.pick(["abs", "square", "negf", "tanh"])
    emit(
      "\(name) = linalg.\(kind) ins(\(x.name) : \(type(x.shape))) outs(\(out) : \(type(x.shape))) -> \(type(x.shape))"
    )
    values.append((name, x.shape))
  }

  private mutating func addBinary() {
    let x = value()
    let others = values.filter { $0.shape == x.shape }
    let y = numbers.pick(others)
    let out = empty(x.shape)
    let name = fresh()
    let t = type(x.shape)
    if numbers.below(3) == 0 {
      let full = fresh()
      emit("\(full) = linalg.fill ins(%half : f32) outs(\(out) : \(t)) -> \(t)")
      emit(
        "\(name) = linalg.max ins(\(x.name), \(full) : \(t), \(t)) outs(\(out) : \(t)) -> \(t)")
    } else {
      let kind = numbers.pick(["add", "mul", "sub", "max"])
      emit(
        "\(name) = linalg.\(kind) ins(\(x.name), \(y.name) : \(t), \(t)) outs(\(out) : \(t)) -> \(t)"
      )
    }
    values.append((name, x.shape))
  }

  private mutating func addTranspose() {
    let x = value()
    let p = numbers.pick([[0, 2, 1], [1, 0, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]])
    let shape = p.map { x.shape[$0] }
    let out = empty(shape)
    let name = fresh()
    emit(
      "\(name) = linalg.transpose ins(\(x.name) : \(type(x.shape))) outs(\(out) : \(type(shape))) permutation = \(p)"
    )
    values.append((name, shape))
  }

  private mutating func addPad() {
    let x = value()
    guard x.shape.allSatisfy({ $0 < 9 }) else { return }
    let low = [numbers.below(2), numbers.below(2), 0]
    let high = [0, numbers.below(2), numbers.below(2)]
    let shape = (0..<3).map { x.shape[$0] + low[$0] + high[$0] }
    let name = fresh()
    emit("\(name) = tensor.pad \(x.name) low\(low) high\(high) {")
    emit("^bb0(%i: index, %j: index, %k: index):")
    emit("  tensor.yield %half : f32")
    emit("} : \(type(x.shape)) to \(type(shape))")
    values.append((name, shape))
  }

  private mutating func addSlice() {
    let x = value()
    let offsets = x.shape.map { numbers.below(min($0, 2)) }
    let sizes = (0..<3).map { x.shape[$0] - offsets[$0] }
    let name = fresh()
    emit(
      "\(name) = tensor.extract_slice \(x.name)\(offsets) \(sizes) [1, 1, 1] : \(type(x.shape)) to \(type(sizes))"
    )
    values.append((name, sizes))
  }

  /// A dimension of size 1 moved by way of rank 2.
  private mutating func addReshape() {
    let units = values.filter { $0.shape.contains(1) }
    let x = numbers.pick(units)
    guard let unit = x.shape.firstIndex(of: 1) else { return }
    let flat = x.shape.indices.filter { $0 != unit }.map { x.shape[$0] }
    let collapsed = fresh()
    let groups = unit == 0 ? "[[0, 1], [2]]" : unit == 1 ? "[[0], [1, 2]]" : "[[0], [1, 2]]"
    emit(
      "\(collapsed) = tensor.collapse_shape \(x.name) \(groups) : \(type(x.shape)) into \(type(flat))"
    )
    let place = numbers.below(3)
    var shape = flat
    shape.insert(1, at: place)
    let back = place == 0 ? "[[0, 1], [2]]" : "[[0], [1, 2]]"
    let name = fresh()
    emit(
      "\(name) = tensor.expand_shape \(collapsed) \(back) output_shape \(shape) : \(type(flat)) into \(type(shape))"
    )
    values.append((name, shape))
  }

  /// The sum over the last dimension, added to each element.
  private mutating func addBroadcast() {
    let x = value()
    let sum = addSum(x)
    let out = empty(x.shape)
    let name = fresh()
    let flat = Array(x.shape.prefix(2))
    emit(
      "\(name) = linalg.broadcast ins(\(sum) : \(type(flat))) outs(\(out) : \(type(x.shape))) dimensions = [2]"
    )
    values.append((name, x.shape))
  }

  private mutating func addSum(_ x: (name: String, shape: [Int])) -> String {
    let flat = Array(x.shape.prefix(2))
    let out = empty(flat)
    let full = fresh()
    let name = fresh()
    emit("\(full) = linalg.fill ins(%zero : f32) outs(\(out) : \(type(flat))) -> \(type(flat))")
    emit(
      "\(name) = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = [\"parallel\", \"parallel\", \"reduction\"]} ins(\(x.name) : \(type(x.shape))) outs(\(full) : \(type(flat))) {"
    )
    emit("^bb0(%in: f32, %sum: f32):")
    emit("  %p = arith.addf %in, %sum : f32")
    emit("  linalg.yield %p : f32")
    emit("} -> \(type(flat))")
    return name
  }

  /// Max pooling by 2 along the second dimension, of a clamped value.
  private mutating func addReduction() {
    let x = value()
    guard x.shape[1] >= 2 else { return }
    let out = empty(x.shape)
    let clamped = fresh()
    let full = fresh()
    let t = type(x.shape)
    emit("\(full) = linalg.fill ins(%half : f32) outs(\(out) : \(t)) -> \(t)")
    emit("\(clamped) = linalg.max ins(\(x.name), \(full) : \(t), \(t)) outs(\(out) : \(t)) -> \(t)")
    let shape = [x.shape[0], x.shape[1] / 2, x.shape[2]]
    let window = fresh()
    emit("\(window) = tensor.empty() : tensor<2xf32>")
    let pooled = empty(shape)
    let start = fresh()
    emit(
      "\(start) = linalg.fill ins(%zero : f32) outs(\(pooled) : \(type(shape))) -> \(type(shape))")
    let name = fresh()
    let p = type(shape)
    emit(
      "\(name) = linalg.pooling_nwc_max {dilations = dense<1> : tensor<1xi64>, strides = dense<2> : tensor<1xi64>} ins(\(clamped), \(window) : \(t), tensor<2xf32>) outs(\(start) : \(p)) -> \(p)"
    )
    values.append((name, shape))
  }
}
