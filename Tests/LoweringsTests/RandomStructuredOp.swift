/// The text of a function with one random structured operation on memrefs.
struct RandomStructuredOp {
  private var random: SmallNumbers
  private var extents: [Int] = []
  private var isReduction: [Bool] = []

  init(seed: UInt64) { random = SmallNumbers(seed) }

  private struct Operand {
    /// Per dimension: coefficients of the loops.
    var indices: [[Int]]
    var type: String
  }

  mutating func text() -> String {
    let count = 1 + random.below(4)
    let sizes = count > 2 ? [1, 2, 3, 4, 5, 7, 16, 17] : [1, 3, 8, 15, 16, 17, 31, 33, 40]
    extents = (0..<count).map { _ in random.pick(sizes) }
    isReduction = (0..<count).map { _ in random.below(3) == 0 }
    let element = random.pick(["f32", "f32", "f32", "f64", "i32", "i64"])
    let inner = element == "i32" && random.below(2) == 0 ? "i8" : element
    var operands = (0..<(1 + random.below(2))).map { _ in input(inner) }
    let parallel = extents.indices.filter { !isReduction[$0] }
    operands.append(Operand(indices: shuffled(parallel).map(unit), type: element))
    let inputs = operands.count - 1
    // Every loop must be some operand's dimension.
    let known = operands.flatMap(\.indices)
    let unknown = extents.indices.filter { !known.contains(unit($0)) }
    if !unknown.isEmpty {
      operands.insert(Operand(indices: unknown.map(unit), type: inner), at: inputs)
    }
    return function(operands, inputs: operands.count - 1, element, inner)
  }

  private func unit(_ loop: Int) -> [Int] { extents.indices.map { $0 == loop ? 1 : 0 } }

  private mutating func shuffled(_ loops: [Int]) -> [Int] {
    var loops = loops
    if random.below(2) == 0 { return loops }
    for i in loops.indices { loops.swapAt(i, random.below(loops.count)) }
    return loops
  }

  private mutating func input(_ type: String) -> Operand {
    var indices: [[Int]] = []
    for loop in shuffled(Array(extents.indices)) {
      switch random.below(8) {
      case 0: continue
      case 1:
        // As convolutions index their input.
        var index = unit(loop).map { $0 * (1 + random.below(3)) }
        let other = random.below(extents.count)
        if other != loop { index[other] = 1 + random.below(2) }
        indices.append(index)
      default: indices.append(unit(loop))
      }
    }
    return Operand(indices: indices, type: type)
  }

  private func shape(_ operand: Operand) -> [Int] {
    operand.indices.map { index in
      1 + zip(index, extents).reduce(0) { $0 + $1.0 * ($1.1 - 1) }
    }
  }

  private func memref(_ operand: Operand) -> String {
    "memref<" + (shape(operand).map { "\($0)x" }).joined() + operand.type + ">"
  }

  private func map(_ operand: Operand) -> String {
    let dimensions = extents.indices.map { "d\($0)" }.joined(separator: ", ")
    let results = operand.indices.map { index in
      index.enumerated().filter { $0.element != 0 }.map { "d\($0.offset) * \($0.element)" }
        .joined(separator: " + ")
    }
    return "affine_map<(\(dimensions)) -> (\(results.joined(separator: ", ")))>"
  }

  private mutating func function(
    _ operands: [Operand], inputs: Int, _ element: String, _ inner: String
  ) -> String {
    let names = operands.indices.map { "%a\($0)" }
    let types = operands.map(memref)
    let parameters = zip(names, types).map { "\($0): \($1)" }.joined(separator: ", ")
    let iterators = isReduction.map { $0 ? "\"reduction\"" : "\"parallel\"" }
    let arguments = operands.indices.map { "%x\($0): \(operands[$0].type)" }
    return """
      func.func @main(\(parameters)) {
        linalg.generic {indexing_maps = [\(operands.map(map).joined(separator: ", "))],
            iterator_types = [\(iterators.joined(separator: ", "))]}
          ins(\(names[..<inputs].joined(separator: ", ")) : \(types[..<inputs].joined(separator: ", ")))
          outs(\(names[inputs]) : \(types[inputs])) {
        ^bb0(\(arguments.joined(separator: ", "))):
      \(body(inputs, element, inner))
        }
        return
      }
      """
  }

  private mutating func body(_ inputs: Int, _ element: String, _ inner: String) -> String {
    var lines: [String] = []
    var values = (0..<inputs).map { "%x\($0)" }
    if inner != element {
      for i in values.indices {
        lines.append("%e\(i) = arith.extsi %x\(i) : \(inner) to \(element)")
        values[i] = "%e\(i)"
      }
    }
    let f = element.hasPrefix("f") ? "f" : "i"
    var value = values[0]
    if inputs > 1, random.below(4) != 0 {
      lines.append(
        "%p = arith.mul\(f) %x, %y : \(element)"
          .replacing("%x", with: values[0]).replacing("%y", with: values[1]))
      value = "%p"
    }
    if random.below(5) == 0 {
      let loop = random.below(extents.count)
      lines.append("%i = linalg.index \(loop) : index")
      lines.append("%j = arith.index_cast %i : index to i64")
      let cast =
        switch element {
        case "i64": "%n = arith.addi %j, %j : i64"
        case "i32": "%n = arith.trunci %j : i64 to i32"
        default: "%n = arith.sitofp %j : i64 to \(element)"
        }
      lines.append(cast)
      lines.append("%q = arith.add\(f) \(value), %n : \(element)")
      value = "%q"
    }
    let max = f == "f" ? "maximumf" : "maxsi"
    let min = f == "f" ? "minimumf" : "minsi"
    switch random.below(8) {
    case 0:
      let constant = f == "f" ? "1.0" : "1"
      lines.append("%c = arith.constant \(constant) : \(element)")
      lines.append("%r = arith.\(max) \(value), %c : \(element)")
    case 1: lines.append("%r = arith.\(max) %x\(inputs), \(value) : \(element)")
    case 2: lines.append("%r = arith.\(min) \(value), %x\(inputs) : \(element)")
    case 3: lines.append("%r = arith.sub\(f) %x\(inputs), \(value) : \(element)")
    default: lines.append("%r = arith.add\(f) %x\(inputs), \(value) : \(element)")
    }
    lines.append("linalg.yield %r : \(element)")
    return lines.map { "    " + $0 }.joined(separator: "\n")
  }
}
