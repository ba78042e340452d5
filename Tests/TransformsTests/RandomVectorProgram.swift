/// Programs of random vector operations on the elements of a tensor, for patterns that move elements.
struct RandomVectorProgram {
  private var numbers: Numbers
  private var lines: [String] = []
  private var vectors: [(name: String, shape: [Int])] = []
  private var scalars: [String] = ["%s"]
  private var masks: [(name: String, shape: [Int])] = []
  private var tensors: [String] = ["%t"]
  private var count = 0

  private static let base = [6, 4]

  /// The text of a module whose `main` takes a tensor and returns vectors.
  static func text(seed: Int) -> String {
    var program = RandomVectorProgram(numbers: Numbers(seed * 7 + 3))
    return program.make()
  }

  private init(numbers: Numbers) { self.numbers = numbers }

  private static func type(_ shape: [Int], _ element: String = "i32") -> String {
    "vector<\(shape.map { "\($0)x" }.joined())\(element)>"
  }

  private mutating func name() -> String {
    count += 1
    return "%v\(count)"
  }

  private mutating func define(_ shape: [Int], _ text: String) {
    let name = name()
    lines.append("  \(name) = \(text)")
    vectors.append((name, shape))
  }

  private mutating func vector(where fits: ([Int]) -> Bool = { _ in true })
    -> (name: String, shape: [Int])?
  {
    // Those made last are chosen more often, so that chains arise.
    let choices = vectors.suffix(numbers.below(3) == 0 ? 20 : 4).filter { fits($0.shape) }
    return choices.isEmpty ? nil : numbers.pick(choices)
  }

  private static func list(_ numbers: [Int]) -> String {
    "[" + numbers.map(String.init).joined(separator: ", ") + "]"
  }

  private mutating func step() {
    switch numbers.below(18) {
    case 0: read()
    case 1: constant()
    case 2: broadcast()
    case 3, 4: shapeCast()
    case 5, 6: transpose()
    case 7, 8: extract()
    case 9: insert()
    case 10, 11: slice()
    case 12: insertSlice()
    case 13: shuffle()
    case 14: elements()
    case 15: arithmetic()
    case 16: mask()
    default: numbers.below(2) == 0 ? reduce() : write()
    }
  }

  private mutating func index(_ value: Int) -> String {
    let name = name()
    lines.append("  \(name) = arith.constant \(value) : index")
    return name
  }

  private mutating func read() {
    let shape = [1 + numbers.below(3), 1 + numbers.below(4)]
    let at = zip(Self.base, shape).map { numbers.below($0 - $1 + 1) }
    let (i, j) = (index(at[0]), index(at[1]))
    let inBounds = numbers.below(2) == 0 ? " {in_bounds = [true, true]}" : ""
    define(
      shape,
      "vector.transfer_read \(numbers.pick(tensors))[\(i), \(j)], %s\(inBounds) : tensor<6x4xi32>, \(Self.type(shape))"
    )
  }

  private mutating func write() {
    guard let value = vector(where: { $0.count == 2 && $0[0] <= 6 && $0[1] <= 4 }) else { return }
    let at = zip(Self.base, value.shape).map { numbers.below($0 - $1 + 1) }
    let (i, j) = (index(at[0]), index(at[1]))
    let name = name()
    lines.append(
      "  \(name) = vector.transfer_write \(value.name), \(numbers.pick(tensors))[\(i), \(j)] {in_bounds = [true, true]} : \(Self.type(value.shape)), tensor<6x4xi32>"
    )
    tensors.append(name)
  }

  private mutating func constant() {
    let shape = numbers.pick([[4], [2, 3], [1], [3, 1], [2, 2, 2], [1, 4]])
    let size = shape.reduce(1, *)
    let isSplat = numbers.below(2) == 0
    let values = (0..<size).map { _ in numbers.below(9) }
    var text = values.map(String.init)
    if isSplat {
      text = [text[0]]
    } else {
      for width in shape.reversed().dropLast() {
        text = stride(from: 0, to: text.count, by: width).map {
          "[" + text[$0..<$0 + width].joined(separator: ", ") + "]"
        }
      }
      text = ["[" + text.joined(separator: ", ") + "]"]
    }
    define(shape, "arith.constant dense<\(text[0])> : \(Self.type(shape))")
  }

  private mutating func broadcast() {
    if numbers.below(3) == 0 {
      let shape = numbers.pick([[4], [2, 3], [1, 2], [2, 1, 2]])
      define(shape, "vector.broadcast \(numbers.pick(scalars)) : i32 to \(Self.type(shape))")
      return
    }
    guard let source = vector(where: { $0.reduce(1, *) <= 12 && $0.count <= 3 }) else { return }
    var shape = source.shape.map { $0 == 1 && numbers.below(2) == 0 ? 2 : $0 }
    for _ in 0..<numbers.below(3) { shape.insert(1 + numbers.below(2), at: 0) }
    define(
      shape, "vector.broadcast \(source.name) : \(Self.type(source.shape)) to \(Self.type(shape))")
  }

  private mutating func shapeCast() {
    guard let source = vector() else { return }
    var rest = source.shape.reduce(1, *)
    var shape: [Int] = []
    while rest > 1, shape.count < 3 {
      let factor = (1...rest).filter { rest % $0 == 0 }
      shape.append(numbers.pick(factor))
      rest /= shape[shape.count - 1]
    }
    if rest > 1 || shape.isEmpty { shape.append(rest) }
    if numbers.below(3) == 0 { shape.append(1) }
    define(
      shape,
      "vector.shape_cast \(source.name) : \(Self.type(source.shape)) to \(Self.type(shape))")
  }

  private mutating func transpose() {
    guard let source = vector(where: { $0.count > 1 }) else { return }
    var order = Array(source.shape.indices)
    for i in order.indices { order.swapAt(i, numbers.below(order.count)) }
    let shape = order.map { source.shape[$0] }
    define(
      shape,
      "vector.transpose \(source.name), \(Self.list(order)) : \(Self.type(source.shape)) to \(Self.type(shape))"
    )
  }

  /// A position in `shape`, entries now and then given by constants.
  private mutating func position(_ shape: some Collection<Int>) -> String {
    let entries = shape.map { size in
      let at = numbers.below(size)
      return numbers.below(5) == 0 ? index(at) : String(at)
    }
    return "[" + entries.joined(separator: ", ") + "]"
  }

  private mutating func extract() {
    guard let source = vector() else { return }
    let depth = 1 + numbers.below(source.shape.count)
    let at = position(source.shape.prefix(depth))
    let rest = Array(source.shape.dropFirst(depth))
    if rest.isEmpty {
      let name = name()
      lines.append(
        "  \(name) = vector.extract \(source.name)\(at) : i32 from \(Self.type(source.shape))")
      scalars.append(name)
    } else {
      define(
        rest,
        "vector.extract \(source.name)\(at) : \(Self.type(rest)) from \(Self.type(source.shape))")
    }
  }

  private mutating func insert() {
    guard let dest = vector() else { return }
    let parts = vectors.filter {
      $0.shape.count < dest.shape.count && dest.shape.suffix($0.shape.count) == $0.shape[...]
    }
    if let part = parts.last, numbers.below(2) == 0 {
      let at = position(dest.shape.dropLast(part.shape.count))
      define(
        dest.shape,
        "vector.insert \(part.name), \(dest.name) \(at) : \(Self.type(part.shape)) into \(Self.type(dest.shape))"
      )
    } else {
      let at = position(dest.shape)
      define(
        dest.shape,
        "vector.insert \(numbers.pick(scalars)), \(dest.name) \(at) : i32 into \(Self.type(dest.shape))"
      )
    }
  }

  private static func attributes(_ lists: (String, [Int])...) -> String {
    "{" + lists.map { "\($0.0) = \(list($0.1))" }.joined(separator: ", ") + "}"
  }

  private mutating func slice() {
    guard let source = vector() else { return }
    let depth = 1 + numbers.below(source.shape.count)
    let offsets = source.shape.prefix(depth).map { numbers.below($0) }
    let sizes = zip(source.shape, offsets).map { 1 + numbers.below($0 - $1) }
    let shape = sizes + source.shape.dropFirst(depth)
    let ones = sizes.map { _ in 1 }
    let attributes = Self.attributes(("offsets", offsets), ("sizes", sizes), ("strides", ones))
    define(
      shape,
      "vector.extract_strided_slice \(source.name) \(attributes) : \(Self.type(source.shape)) to \(Self.type(shape))"
    )
  }

  private mutating func insertSlice() {
    guard let dest = vector() else { return }
    let parts = vectors.filter { part in
      let lead = dest.shape.count - part.shape.count
      return lead >= 0 && zip(part.shape, dest.shape.dropFirst(lead)).allSatisfy { $0 <= $1 }
    }
    guard !parts.isEmpty else { return }
    let part = numbers.pick(Array(parts.suffix(5)))
    let lead = dest.shape.count - part.shape.count
    let offsets = dest.shape.indices.map { i in
      numbers.below(dest.shape[i] - (i < lead ? 1 : part.shape[i - lead]) + 1)
    }
    let attributes = Self.attributes(
      ("offsets", offsets), ("strides", part.shape.map { _ in 1 }))
    define(
      dest.shape,
      "vector.insert_strided_slice \(part.name), \(dest.name) \(attributes) : \(Self.type(part.shape)) into \(Self.type(dest.shape))"
    )
  }

  private mutating func shuffle() {
    guard let a = vector() else { return }
    let others = vectors.filter {
      $0.shape.count == a.shape.count && $0.shape.dropFirst() == a.shape.dropFirst()
    }
    let b = numbers.pick(others)
    let total = a.shape[0] + b.shape[0]
    var mask = (0..<1 + numbers.below(5)).map { _ in numbers.below(total) }
    if numbers.below(3) == 0 { mask = Array(0..<a.shape[0]) }
    // Interleaving has no interpretation.
    let half = mask.count / 2
    if mask.count == 2 * a.shape[0],
      (0..<half).allSatisfy({ mask[2 * $0] == $0 && mask[2 * $0 + 1] == half + $0 })
    {
      return
    }
    define(
      [mask.count] + a.shape.dropFirst(),
      "vector.shuffle \(a.name), \(b.name) \(Self.list(mask)) : \(Self.type(a.shape)), \(Self.type(b.shape))"
    )
  }

  private mutating func elements() {
    if numbers.below(2) == 0, let source = vector(where: { $0.reduce(1, *) <= 8 }) {
      let name = name()
      let size = source.shape.reduce(1, *)
      lines.append(
        "  \(name):\(size) = vector.to_elements \(source.name) : \(Self.type(source.shape))")
      scalars += (0..<size).map { "\(name)#\($0)" }
      define(
        source.shape,
        "vector.from_elements "
          + (0..<size).map { "\(name)#\($0)" }.joined(separator: ", ")
          + " : \(Self.type(source.shape))")
      return
    }
    let shape = numbers.pick([[2], [2, 2], [1], [3]])
    let size = shape.reduce(1, *)
    let chosen = (0..<size).map { _ in numbers.pick(Array(scalars.suffix(4))) }
    define(
      shape, "vector.from_elements \(chosen.joined(separator: ", ")) : \(Self.type(shape))")
  }

  private mutating func arithmetic() {
    guard let a = vector() else { return }
    let same = vectors.filter { $0.shape == a.shape }
    let b = numbers.pick(same)
    let type = Self.type(a.shape)
    if let mask = masks.last(where: { $0.shape == a.shape }) {
      define(
        a.shape,
        "arith.select \(mask.name), \(a.name), \(b.name) : \(Self.type(mask.shape, "i1")), \(type)")
    } else {
      define(
        a.shape, "arith.\(numbers.pick(["addi", "muli", "subi"])) \(a.name), \(b.name) : \(type)")
    }
  }

  private mutating func mask() {
    guard let like = vector() else { return }
    let sizes = like.shape.map { numbers.below($0 + 2) }
    let operands = sizes.map { index($0) }
    let name = name()
    let type = Self.type(like.shape, "i1")
    lines.append("  \(name) = vector.create_mask \(operands.joined(separator: ", ")) : \(type)")
    masks.append((name, like.shape))
    // A slice, a transpose and an extract of the mask.
    if like.shape.count > 1 {
      let order = Array(like.shape.indices.reversed())
      let shape = order.map { like.shape[$0] }
      let moved = self.name()
      lines.append(
        "  \(moved) = vector.transpose \(name), \(Self.list(order)) : \(type) to \(Self.type(shape, "i1"))"
      )
      masks.append((moved, shape))
      let part = self.name()
      let rest = Array(like.shape.dropFirst())
      lines.append(
        "  \(part) = vector.extract \(name)[\(numbers.below(like.shape[0]))] : \(Self.type(rest, "i1")) from \(type)"
      )
      masks.append((part, rest))
    }
  }

  private mutating func reduce() {
    guard let source = vector() else { return }
    let kind = numbers.pick(["add", "mul", "maxsi", "xor"])
    if source.shape.count == 1 {
      let name = name()
      lines.append(
        "  \(name) = vector.reduction <\(kind)>, \(source.name), \(numbers.pick(scalars)) : \(Self.type(source.shape)) into i32"
      )
      scalars.append(name)
      return
    }
    let reduced = source.shape.indices.filter { source.shape[$0] == 1 || numbers.below(3) == 0 }
    let rest = source.shape.indices.filter { !reduced.contains($0) }.map { source.shape[$0] }
    guard !reduced.isEmpty, !rest.isEmpty, let acc = vectors.last(where: { $0.shape == rest })
    else { return }
    define(
      rest,
      "vector.multi_reduction <\(kind)>, \(source.name), \(acc.name) \(Self.list(reduced)) : \(Self.type(source.shape)) to \(Self.type(rest))"
    )
  }

  private mutating func make() -> String {
    read()
    read()
    constant()
    for _ in 0..<24 { step() }
    let kept = vectors.suffix(6)
    let scalar = scalars[scalars.count - 1]
    let names = kept.map(\.name) + [scalar, tensors[tensors.count - 1]]
    let types = kept.map { Self.type($0.shape) } + ["i32", "tensor<6x4xi32>"]
    return """
      func.func @main(%t: tensor<6x4xi32>) -> (\(types.joined(separator: ", "))) {
        %zero = arith.constant 0 : index
        %s = tensor.extract %t[%zero, %zero] : tensor<6x4xi32>
      \(lines.joined(separator: "\n"))
        return \(names.joined(separator: ", ")) : \(types.joined(separator: ", "))
      }
      """
  }
}
