/// Writes random programs on small i32 tensors: elementwise operations, products, slices, insertions, reshapes,
/// pads, loops and conditionals, with values used again long after they were made.
struct RandomTensorProgram {
  private struct Value {
    let name: String
    let shape: [Int]
    var type: String { RandomTensorProgram.type(shape) }
  }

  private var random: SplitMix
  private var lines: [String] = []
  private var next = 0
  private var indent = "  "

  private static let shapes: [[Int]] = [[4], [2, 4], [4, 4], [8], [3, 4], [1, 4], [2, 2, 2]]

  static func make(_ seed: UInt64) -> String {
    var program = RandomTensorProgram(random: SplitMix(seed))
    return program.module()
  }

  private init(random: SplitMix) { self.random = random }

  private static func type(_ shape: [Int]) -> String {
    "tensor<\(shape.map { "\($0)x" }.joined())i32>"
  }

  private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }
  private mutating func pick(_ values: [Value]) -> Value { values[pick(values.count)] }

  private mutating func name() -> String {
    next += 1
    return "%v\(next)"
  }

  private mutating func emit(_ line: String) { lines.append(indent + line) }

  private mutating func define(_ shape: [Int], _ text: String) -> Value {
    let value = Value(name: name(), shape: shape)
    emit("\(value.name) = \(text)")
    return value
  }

  private mutating func module() -> String {
    let parameters = (0..<3).map { _ in
      Value(name: name(), shape: Self.shapes[pick(Self.shapes.count)])
    }
    var values = parameters
    emit("%zero = arith.constant 0 : i32")
    emit("%three = arith.constant 3 : i32")
    for i in 0..<5 { emit("%c\(i) = arith.constant \(i) : index") }
    values.append(
      define([4], "arith.constant dense<[1, -2, 3, -4]> : tensor<4xi32>"))
    values.append(define([2, 4], "arith.constant dense<5> : tensor<2x4xi32>"))
    values = statements(8 + pick(8), values, depth: 0)
    let results = (0..<(1 + pick(3))).map { _ in pick(values) }
    let names = results.map(\.name).joined(separator: ", ")
    let types = results.map(\.type).joined(separator: ", ")
    emit("return \(names) : \(types)")
    let list = parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    return "func.func @main(\(list)) -> (\(types)) {\n" + lines.joined(separator: "\n") + "\n}\n"
  }

  private mutating func statements(_ count: Int, _ values: [Value], depth: Int) -> [Value] {
    var values = values
    for _ in 0..<count { values += statement(values, depth: depth) }
    return values
  }

  private mutating func statement(_ values: [Value], depth: Int) -> [Value] {
    switch pick(depth < 2 ? 15 : 11) {
    case 0, 1, 2: return [elementwise(values)]
    case 3: return [product(values)]
    case 4: return [extract(values)]
    case 5, 6: return [insert(values)]
    case 7: return [element(values)]
    case 8: return [reshape(values)]
    case 9: return [pad(values)]
    case 10: return [fill(values)]
    case 11: return loop(values, depth)
    case 12: return whileLoop(values, depth)
    case 13: return [conditional(values, depth)]
    default: return loop(values, depth)
    }
  }

  private mutating func empty(_ shape: [Int]) -> Value {
    define(shape, "tensor.empty() : \(Self.type(shape))")
  }

  private mutating func fill(_ values: [Value]) -> Value {
    let shape = pick(values).shape
    let target = pick(2) == 0 ? empty(shape) : pick(values.filter { $0.shape == shape })
    return define(
      shape, "linalg.fill ins(%three : i32) outs(\(target.name) : \(target.type)) -> \(target.type)"
    )
  }

  private mutating func elementwise(_ values: [Value]) -> Value {
    let a = pick(values)
    let same = values.filter { $0.shape == a.shape }
    let b = pick(same)
    let readsOut = pick(3) == 0
    let out = readsOut || pick(3) == 0 ? pick(same) : empty(a.shape)
    let dims = a.shape.indices.map { "d\($0)" }.joined(separator: ", ")
    let map = "affine_map<(\(dims)) -> (\(dims))>"
    let iterators = a.shape.map { _ in "\"parallel\"" }.joined(separator: ", ")
    let value = Value(name: name(), shape: a.shape)
    emit(
      "\(value.name) = linalg.generic {indexing_maps = [\(map), \(map), \(map)], iterator_types = [\(iterators)]}"
    )
    emit("    ins(\(a.name), \(b.name) : \(a.type), \(b.type)) outs(\(out.name) : \(a.type)) {")
    emit("^bb0(%a: i32, %b: i32, %o: i32):")
    emit("  %p = arith.\(["addi", "subi", "xori"][pick(3)]) %a, %b : i32")
    emit("  %q = arith.addi %p, \(readsOut ? "%o" : "%three") : i32")
    emit("  linalg.yield %q : i32")
    emit("} -> \(a.type)")
    return value
  }

  private mutating func product(_ values: [Value]) -> Value {
    let left = values.filter { $0.shape.count == 2 && $0.shape[1] == 4 }
    let right = values.filter { $0.shape == [4, 4] }
    guard !left.isEmpty, !right.isEmpty else { return elementwise(values) }
    let (a, b) = (pick(left), pick(right))
    let same = values.filter { $0.shape == a.shape }
    var out = pick(same)
    if pick(2) == 0 {
      let memory = empty(a.shape)
      out = define(
        a.shape, "linalg.fill ins(%zero : i32) outs(\(memory.name) : \(a.type)) -> \(a.type)")
    }
    return define(
      a.shape,
      "linalg.matmul ins(\(a.name), \(b.name) : \(a.type), \(b.type)) outs(\(out.name) : \(a.type)) -> \(a.type)"
    )
  }

  /// Offsets for a slice of `size` in `shape`, both of one rank.
  private mutating func offsets(_ size: [Int], _ shape: [Int]) -> [Int] {
    zip(size, shape).map { pick($1 - $0 + 1) }
  }

  private func list(_ numbers: [Int]) -> String {
    "[" + numbers.map(String.init).joined(separator: ", ") + "]"
  }

  private mutating func extract(_ values: [Value]) -> Value {
    let a = pick(values)
    let targets = Self.shapes.filter { shape in
      shape.count == a.shape.count && zip(shape, a.shape).allSatisfy { $0 <= $1 }
    }
    let size = targets[pick(targets.count)]
    let start = offsets(size, a.shape)
    let ones = list(size.map { _ in 1 })
    return define(
      size,
      "tensor.extract_slice \(a.name)\(list(start)) \(list(size)) \(ones) : \(a.type) to \(Self.type(size))"
    )
  }

  private mutating func insert(_ values: [Value]) -> Value {
    let dest = pick(2) == 0 ? pick(values) : empty(pick(values).shape)
    let filled =
      values.contains { $0.name == dest.name }
      ? dest
      : define(
        dest.shape,
        "linalg.fill ins(%zero : i32) outs(\(dest.name) : \(dest.type)) -> \(dest.type)")
    let sources = values.filter { value in
      value.shape.count == dest.shape.count
        && zip(value.shape, dest.shape).allSatisfy { $0 <= $1 }
    }
    guard !sources.isEmpty else { return filled }
    let source = pick(sources)
    let start = offsets(source.shape, dest.shape)
    let ones = list(dest.shape.map { _ in 1 })
    return define(
      dest.shape,
      "tensor.insert_slice \(source.name) into \(filled.name)\(list(start)) \(list(source.shape)) \(ones) : \(source.type) into \(dest.type)"
    )
  }

  private mutating func element(_ values: [Value]) -> Value {
    let (a, b) = (pick(values), pick(values))
    let from = a.shape.map { "%c\(pick(min($0, 5)))" }.joined(separator: ", ")
    let to = b.shape.map { "%c\(pick(min($0, 5)))" }.joined(separator: ", ")
    let scalar = name()
    emit("\(scalar) = tensor.extract \(a.name)[\(from)] : \(a.type)")
    return define(b.shape, "tensor.insert \(scalar) into \(b.name)[\(to)] : \(b.type)")
  }

  private mutating func reshape(_ values: [Value]) -> Value {
    let a = pick(values)
    if a.shape == [2, 4] || a.shape == [2, 2, 2] {
      let groups = a.shape.indices.map(String.init).joined(separator: ", ")
      return define(
        [8], "tensor.collapse_shape \(a.name) [[\(groups)]] : \(a.type) into tensor<8xi32>")
    }
    if a.shape == [8] {
      return define(
        [2, 4],
        "tensor.expand_shape \(a.name) [[0, 1]] output_shape [2, 4] : \(a.type) into tensor<2x4xi32>"
      )
    }
    if a.shape == [4] {
      return define(
        [1, 4],
        "tensor.expand_shape \(a.name) [[0, 1]] output_shape [1, 4] : \(a.type) into tensor<1x4xi32>"
      )
    }
    let half = [a.shape[0] > 1 ? 2 : 1, 4]
    let start = offsets(half, a.shape)
    guard a.shape.count == 2, half[0] == 2 else { return elementwise(values) }
    return define(
      half,
      "tensor.extract_slice \(a.name)\(list(start)) \(list(half)) [1, 1] : \(a.type) to tensor<2x4xi32>"
    )
  }

  private mutating func pad(_ values: [Value]) -> Value {
    let small = values.filter { $0.shape == [2, 4] || $0.shape == [3, 4] || $0.shape == [1, 4] }
    guard !small.isEmpty else { return fill(values) }
    let a = pick(small)
    let rest = 4 - a.shape[0]
    let low = pick(rest + 1)
    if a.shape[0] == 2, pick(2) == 0 {
      let b = pick(small.filter { $0.shape == [2, 4] })
      return define(
        [4, 4],
        "tensor.concat dim(0) \(a.name), \(b.name) : (\(a.type), \(b.type)) -> tensor<4x4xi32>"
      )
    }
    let value = Value(name: name(), shape: [4, 4])
    emit("\(value.name) = tensor.pad \(a.name) low[\(low), 0] high[\(rest - low), 0] {")
    emit("^bb0(%i: index, %j: index):")
    emit("  tensor.yield %three : i32")
    emit("} : \(a.type) to tensor<4x4xi32>")
    return value
  }

  // MARK: Control flow

  private mutating func carried(_ values: [Value]) -> [Value] {
    (0..<(1 + pick(3))).map { _ in pick(3) == 0 ? empty(pick(values).shape) : pick(values) }
      .map { value in
        // An empty tensor says nothing: what is read of it would differ.
        guard !values.contains(where: { $0.name == value.name }) else { return value }
        return define(
          value.shape,
          "linalg.fill ins(%three : i32) outs(\(value.name) : \(value.type)) -> \(value.type)")
      }
  }

  private mutating func yields(_ arguments: [Value], _ values: [Value]) -> [Value] {
    arguments.map { argument in
      let same = values.filter { $0.shape == argument.shape }
      return pick(2) == 0 ? same[same.count - 1] : pick(same)
    }
  }

  private mutating func loop(_ values: [Value], _ depth: Int) -> [Value] {
    let inits = carried(values)
    let arguments = inits.map { Value(name: name(), shape: $0.shape) }
    let result = name()
    let bindings = zip(arguments, inits).map { "\($0.name) = \($1.name)" }.joined(separator: ", ")
    let types = inits.map(\.type).joined(separator: ", ")
    emit(
      "\(result):\(inits.count) = scf.for %i\(next) = %c0 to %c\(1 + pick(3)) step %c1 iter_args(\(bindings)) -> (\(types)) {"
    )
    indent += "  "
    let inner = statements(1 + pick(4), values + arguments, depth: depth + 1)
    let out = yields(arguments, inner)
    emit("scf.yield \(out.map(\.name).joined(separator: ", ")) : \(types)")
    indent.removeLast(2)
    emit("}")
    return inits.enumerated().map { Value(name: "\(result)#\($0)", shape: $1.shape) }
  }

  private mutating func whileLoop(_ values: [Value], _ depth: Int) -> [Value] {
    let inits = carried(values)
    let before = inits.map { Value(name: name(), shape: $0.shape) }
    let result = name()
    let counter = name()
    let types = (["index"] + inits.map(\.type)).joined(separator: ", ")
    let bindings =
      (["\(counter) = %c0"] + zip(before, inits).map { "\($0.name) = \($1.name)" })
      .joined(separator: ", ")
    let condition = name()
    // What is passed on may be in another order than what came.
    let passed = before.map { argument in pick(before.filter { $0.shape == argument.shape }) }
    emit("\(result):\(inits.count + 1) = scf.while (\(bindings)) : (\(types)) -> (\(types)) {")
    emit("  \(condition) = arith.cmpi slt, \(counter), %c\(1 + pick(3)) : index")
    let names = ([counter] + passed.map(\.name)).joined(separator: ", ")
    emit("  scf.condition(\(condition)) \(names) : \(types)")
    emit("} do {")
    let after = inits.map { Value(name: name(), shape: $0.shape) }
    let inside = name()
    let parameters =
      (["\(inside): index"] + after.map { "\($0.name): \($0.type)" }).joined(separator: ", ")
    emit("^bb0(\(parameters)):")
    indent += "  "
    let inner = statements(1 + pick(4), values + after, depth: depth + 1)
    let out = yields(after, inner)
    let stepped = name()
    emit("\(stepped) = arith.addi \(inside), %c1 : index")
    emit("scf.yield \(([stepped] + out.map(\.name)).joined(separator: ", ")) : \(types)")
    indent.removeLast(2)
    emit("}")
    return inits.enumerated().map { Value(name: "\(result)#\($0 + 1)", shape: $1.shape) }
  }

  private mutating func conditional(_ values: [Value], _ depth: Int) -> Value {
    let model = pick(values)
    let (place, scalar, condition) = (
      model.shape.map { _ in "%c0" }.joined(separator: ", "), name(), name()
    )
    emit("\(scalar) = tensor.extract \(model.name)[\(place)] : \(model.type)")
    emit("\(condition) = arith.cmpi sgt, \(scalar), %zero : i32")
    if pick(4) == 0 {
      let same = values.filter { $0.shape == model.shape }
      let other = pick(same)
      return define(
        model.shape, "arith.select \(condition), \(model.name), \(other.name) : \(model.type)")
    }
    let result = Value(name: name(), shape: model.shape)
    emit("\(result.name) = scf.if \(condition) -> (\(model.type)) {")
    for branch in 0..<2 {
      if branch == 1 { emit("} else {") }
      indent += "  "
      let inner = statements(pick(3), values, depth: depth + 1)
      let out = yields([model], inner)
      emit("scf.yield \(out[0].name) : \(model.type)")
      indent.removeLast(2)
    }
    emit("}")
    return result
  }
}
