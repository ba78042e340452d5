/// Programs of random operations on shapes of tensors, some of whose sizes the types do not say.
struct RandomShapeProgram {
  private struct Tensor {
    let name: String
    /// The sizes that the tensor has.
    let shape: [Int]
    /// Which of them its type leaves open.
    let open: [Bool]

    var type: String {
      let sizes = zip(shape, open).map { $1 ? "?x" : "\($0)x" }
      return "tensor<\(sizes.joined())i32>"
    }
  }

  private var numbers: Numbers
  private var lines: [String] = []
  private var tensors: [Tensor] = []
  private var count = 0

  static func text(seed: Int) -> String {
    var program = RandomShapeProgram(numbers: Numbers(seed * 13 + 5))
    return program.make()
  }

  private init(numbers: Numbers) { self.numbers = numbers }

  private mutating func name() -> String {
    count += 1
    return "%v\(count)"
  }

  private mutating func emit(_ text: String) -> String {
    let name = name()
    lines.append("  \(name) = \(text)")
    return name
  }

  private mutating func index(_ value: Int) -> String { emit("arith.constant \(value) : index") }

  /// A size: its number, or a value where `open`, which is a constant or the size of a like tensor.
  private mutating func size(_ value: Int, open: Bool) -> String {
    guard open else { return String(value) }
    for tensor in tensors.reversed() where numbers.below(2) == 0 {
      if let i = tensor.shape.firstIndex(of: value) {
        let at = index(i)
        return emit("tensor.dim \(tensor.name), \(at) : \(tensor.type)")
      }
    }
    return index(value)
  }

  private mutating func pick(where fits: (Tensor) -> Bool = { _ in true }) -> Tensor? {
    let choices = tensors.suffix(numbers.below(3) == 0 ? 20 : 4).filter(fits)
    return choices.isEmpty ? nil : numbers.pick(choices)
  }

  private mutating func opened(_ shape: [Int]) -> [Bool] {
    shape.map { _ in numbers.below(3) == 0 }
  }

  private mutating func add(_ shape: [Int], _ open: [Bool], _ text: (Tensor) -> String) {
    let tensor = Tensor(name: name(), shape: shape, open: open)
    lines.append("  \(tensor.name) = \(text(tensor))")
    tensors.append(tensor)
  }

  private mutating func step() {
    switch numbers.below(12) {
    case 0, 1: cast()
    case 2, 3: slice()
    case 4: insert()
    case 5: pad()
    case 6: collapse()
    case 7: expand()
    case 8: fill()
    case 9: transpose()
    case 10: concat()
    default: update()
    }
  }

  private mutating func cast() {
    guard let source = pick() else { return }
    add(source.shape, opened(source.shape)) {
      "tensor.cast \(source.name) : \(source.type) to \($0.type)"
    }
  }

  private static func list(_ entries: [String]) -> String {
    "[" + entries.joined(separator: ", ") + "]"
  }

  private mutating func slice() {
    guard let source = pick() else { return }
    let offsets = source.shape.map { numbers.below($0) }
    let sizes = zip(source.shape, offsets).map { 1 + numbers.below($0 - $1) }
    let open = opened(sizes)
    let at = offsets.map { size($0, open: numbers.below(4) == 0) }
    let extents = zip(sizes, open).map { size($0, open: $1) }
    let ones = sizes.map { _ in "1" }
    add(sizes, open) {
      "tensor.extract_slice \(source.name)\(Self.list(at)) \(Self.list(extents)) \(Self.list(ones)) : \(source.type) to \($0.type)"
    }
  }

  private mutating func insert() {
    guard let dest = pick() else { return }
    guard
      let part = pick(where: { part in
        part.shape.count == dest.shape.count
          && zip(part.shape, dest.shape).allSatisfy { $0 <= $1 }
      })
    else { return }
    let offsets = zip(dest.shape, part.shape).map { numbers.below($0 - $1 + 1) }
    let at = offsets.map { size($0, open: numbers.below(4) == 0) }
    let extents = zip(part.shape, part.open).map { size($0, open: $1) }
    let ones = part.shape.map { _ in "1" }
    add(dest.shape, dest.open) { _ in
      "tensor.insert_slice \(part.name) into \(dest.name)\(Self.list(at)) \(Self.list(extents)) \(Self.list(ones)) : \(part.type) into \(dest.type)"
    }
  }

  private mutating func pad() {
    guard let source = pick(where: { $0.shape.reduce(1, *) <= 40 }) else { return }
    let low = source.shape.map { _ in numbers.below(2) }
    let high = source.shape.map { _ in numbers.below(3) == 0 ? 1 : 0 }
    let shape = zip(source.shape, zip(low, high)).map { $0 + $1.0 + $1.1 }
    let before = low.map { size($0, open: numbers.below(3) == 0) }
    let after = high.map { size($0, open: numbers.below(3) == 0) }
    // A size is open where one of its parts is.
    let open = shape.indices.map {
      source.open[$0] || before[$0].hasPrefix("%") || after[$0].hasPrefix("%")
    }
    let arguments = shape.indices.map { "%i\($0): index" }.joined(separator: ", ")
    add(shape, open) {
      """
      tensor.pad \(source.name) low\(Self.list(before)) high\(Self.list(after)) {
        ^bb0(\(arguments)):
          tensor.yield %s : i32
        } : \(source.type) to \($0.type)
      """
    }
  }

  private mutating func collapse() {
    guard let source = pick(where: { $0.shape.count > 1 }) else { return }
    let i = numbers.below(source.shape.count - 1)
    var (shape, open) = (source.shape, source.open)
    shape[i] *= shape.remove(at: i + 1)
    let other = open.remove(at: i + 1)
    open[i] = open[i] || other
    var groups: [String] = []
    var next = 0
    for j in shape.indices {
      groups.append(j == i ? "[\(next), \(next + 1)]" : "[\(next)]")
      next += j == i ? 2 : 1
    }
    add(shape, open) {
      "tensor.collapse_shape \(source.name) \(Self.list(groups)) : \(source.type) into \($0.type)"
    }
  }

  private mutating func expand() {
    guard let source = pick(where: { $0.shape.count < 4 && !$0.shape.isEmpty }) else { return }
    let i = numbers.below(source.shape.count)
    let factors = (1...source.shape[i]).filter { source.shape[i] % $0 == 0 }
    let factor = numbers.pick(factors)
    var (shape, open) = (source.shape, source.open)
    shape[i] /= factor
    shape.insert(factor, at: i)
    // An open size needs one open part, a known one has none.
    open.insert(open[i] && numbers.below(2) == 0, at: i)
    if open[i] { open[i + 1] = numbers.below(2) == 0 }
    var groups: [String] = []
    var next = 0
    for j in source.shape.indices {
      groups.append(j == i ? "[\(next), \(next + 1)]" : "[\(next)]")
      next += j == i ? 2 : 1
    }
    let sizes = zip(shape, open).map { size($0, open: $1) }
    add(shape, open) {
      "tensor.expand_shape \(source.name) \(Self.list(groups)) output_shape \(Self.list(sizes)) : \(source.type) into \($0.type)"
    }
  }

  private mutating func empty(_ shape: [Int], _ open: [Bool]) -> Tensor {
    let sizes = zip(shape, open).filter(\.1).map { size($0.0, open: true) }
    let tensor = Tensor(name: name(), shape: shape, open: open)
    lines.append(
      "  \(tensor.name) = tensor.empty(\(sizes.joined(separator: ", "))) : \(tensor.type)")
    return tensor
  }

  private mutating func fill() {
    let shape = numbers.pick([[4], [2, 3], [3, 2, 2], [6]])
    let start = empty(shape, opened(shape))
    add(start.shape, start.open) { _ in
      "linalg.fill ins(%s : i32) outs(\(start.name) : \(start.type)) -> \(start.type)"
    }
  }

  private mutating func transpose() {
    guard let source = pick(where: { !$0.shape.isEmpty }) else { return }
    if numbers.below(3) == 0 {
      let added = numbers.below(source.shape.count + 1)
      var (shape, open) = (source.shape, source.open)
      guard shape.reduce(2, *) <= 60 else { return }
      shape.insert(2, at: added)
      open.insert(false, at: added)
      let start = empty(shape, open)
      add(shape, open) { _ in
        "linalg.broadcast ins(\(source.name) : \(source.type)) outs(\(start.name) : \(start.type)) dimensions = [\(added)]"
      }
      return
    }
    var order = Array(source.shape.indices)
    for i in order.indices { order.swapAt(i, numbers.below(order.count)) }
    let start = empty(order.map { source.shape[$0] }, order.map { source.open[$0] })
    add(start.shape, start.open) { _ in
      "linalg.transpose ins(\(source.name) : \(source.type)) outs(\(start.name) : \(start.type)) permutation = \(order)"
    }
  }

  private mutating func concat() {
    guard let a = pick(where: { !$0.shape.isEmpty && $0.shape.reduce(1, *) <= 30 }) else { return }
    let dim = numbers.below(a.shape.count)
    guard
      let b = pick(where: { other in
        other.shape.count == a.shape.count
          && a.shape.indices.allSatisfy { $0 == dim || a.shape[$0] == other.shape[$0] }
      })
    else { return }
    var shape = a.shape
    shape[dim] += b.shape[dim]
    let open = a.shape.indices.map { i in
      i == dim ? a.open[i] || b.open[i] : a.open[i] && b.open[i]
    }
    add(shape, open) {
      "tensor.concat dim(\(dim)) \(a.name), \(b.name) : (\(a.type), \(b.type)) -> \($0.type)"
    }
  }

  /// An elementwise computation, whose output may say other sizes than its input.
  private mutating func update() {
    guard let source = pick(where: { !$0.shape.isEmpty }) else { return }
    let start = empty(source.shape, opened(source.shape))
    let dimensions = source.shape.indices.map { "d\($0)" }.joined(separator: ", ")
    let iterators = source.shape.map { _ in "\"parallel\"" }.joined(separator: ", ")
    let body =
      numbers.below(2) == 0
      ? "linalg.yield %a : i32" : "%r = arith.addi %a, %s : i32\n      linalg.yield %r : i32"
    add(start.shape, start.open) { _ in
      """
      linalg.generic {indexing_maps = [affine_map<(\(dimensions)) -> (\(dimensions))>, affine_map<(\(dimensions)) -> (\(dimensions))>], iterator_types = [\(iterators)]} ins(\(source.name) : \(source.type)) outs(\(start.name) : \(start.type)) {
          ^bb0(%a: i32, %b: i32):
            \(body)
          } -> \(start.type)
      """
    }
  }

  private mutating func make() -> String {
    tensors = [
      Tensor(name: "%t", shape: [4, 6], open: [false, false]),
      Tensor(name: "%u", shape: [2, 3, 2], open: [false, false, false]),
    ]
    for _ in 0..<20 { step() }
    let kept = tensors.suffix(4)
    let types = kept.map(\.type).joined(separator: ", ")
    return """
      func.func @main(%t: tensor<4x6xi32>, %u: tensor<2x3x2xi32>) -> (\(types)) {
        %zero = arith.constant 0 : index
        %s = tensor.extract %t[%zero, %zero] : tensor<4x6xi32>
      \(lines.joined(separator: "\n"))
        return \(kept.map(\.name).joined(separator: ", ")) : \(types)
      }
      """
  }
}
