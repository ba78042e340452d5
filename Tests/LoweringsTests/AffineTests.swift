import MartletIR
import MartletLowerings
import MartletPasses
import MartletTransforms
import Testing

/// Random affine programs give the same results before and after each pass over them.
@Suite struct AffineTests {
  @Test(arguments: 0..<60) func randomProgram(_ seed: Int) throws {
    var program = RandomAffine(random: SmallNumbers(UInt64(seed) + 3))
    let text = program.text()
    let expected = try LoopModule(text).results(seed: UInt64(seed))
    for passes in Self.pipelines {
      let module = try LoopModule(text)
      for (pass, options) in passes { try module.run(pass, options: options) }
      let names = passes.map(\.0.argument).joined(separator: ", ")
      #expect(try module.results(seed: UInt64(seed)) == expected, "\(names): \(text)")
    }
  }

  static let pipelines: [[(Pass, [(String, PassOptionValue)])]] = [
    [(.canonicalize, [])],
    [(.lowerAffine, [])],
    [(.canonicalize, []), (.lowerAffine, []), (.canonicalize, [])],
  ]

  @Test func nothingAffineIsLeft() throws {
    for seed in 0..<20 {
      var program = RandomAffine(random: SmallNumbers(UInt64(seed) + 3))
      let module = try LoopModule(program.text())
      try module.run(.lowerAffine)
      var count = 0
      module.module.walk { if $0.name.dialectName == "affine" { count += 1 } }
      #expect(count == 0)
    }
  }
}

/// Nests of loops and conditions with accesses at random affine positions.
struct RandomAffine {
  var random: SmallNumbers
  private var names = 0
  private var lines: [String] = []

  init(random: SmallNumbers) { self.random = random }

  mutating func text() -> String {
    lines = []
    statements(depth: 0, dimensions: [])
    return """
      func.func @main(%a: memref<8x8xf32>, %b: memref<8xf32>, %f: f32) {
        %c5 = arith.constant 5 : index
        %dim = arith.constant 0 : index
        %n = memref.dim %a, %dim : memref<8x8xf32>
      \(lines.joined(separator: "\n"))
        return
      }
      """
  }

  private mutating func fresh(_ start: String) -> String {
    names += 1
    return "%\(start)\(names)"
  }

  private mutating func add(_ depth: Int, _ line: String) {
    lines.append(String(repeating: "  ", count: depth + 1) + line)
  }

  /// An affine expression of `inputs`, the names of dimensions or symbols.
  private mutating func expression(_ inputs: [String], _ depth: Int = 2) -> String {
    if depth == 0 || random.below(4) == 0 {
      return inputs.isEmpty || random.below(3) == 0
        ? "\(random.below(9) - 3)" : random.pick(inputs)
    }
    let left = expression(inputs, depth - 1)
    return switch random.below(5) {
    case 0, 1: "(\(left) + \(expression(inputs, depth - 1)))"
    case 2: "(\(left) * \(random.below(7) - 3))"
    case 3: "(\(left) floordiv \(random.below(3) + 2))"
    default: "(\(left) mod \(random.below(4) + 2))"
    }
  }

  /// A position in an array of eight.
  private mutating func position(_ dimensions: [String]) -> String {
    switch random.below(4) {
    case 0: "\(random.below(8))"
    default: "\(expression(dimensions + ["symbol(%n)"])) mod 8"
    }
  }

  private mutating func statements(depth: Int, dimensions: [String]) {
    for _ in 0..<(1 + random.below(2)) {
      switch depth < 3 ? random.below(6) : 5 {
      case 0, 1: loop(depth, dimensions)
      case 2: condition(depth, dimensions)
      case 3: reduction(depth, dimensions)
      case 4: apply(depth, dimensions)
      default: store(depth, dimensions)
      }
    }
  }

  private mutating func bounds(_ dimensions: [String]) -> String {
    let inputs = (0..<dimensions.count).map { "d\($0)" } + ["s0"]
    let map = "(\((0..<dimensions.count).map { "d\($0)" }.joined(separator: ", ")))[s0]"
    let operands = "(\(dimensions.joined(separator: ", ")))[%c5]"
    switch random.below(3) {
    case 0: return "\(random.below(3)) to \(random.below(7))"
    case 1:
      let upper = "affine_map<\(map) -> (\(expression(inputs)), 6)>\(operands)"
      return "0 to min \(upper)"
    default:
      let lower = "affine_map<\(map) -> (\(expression(inputs)), 0)>\(operands)"
      let upper = "affine_map<\(map) -> (\(expression(inputs)), 5)>\(operands)"
      return "max \(lower) to min \(upper)"
    }
  }

  private mutating func loop(_ depth: Int, _ dimensions: [String]) {
    let name = fresh("i")
    let step = random.below(2) == 0 ? "" : " step \(1 + random.below(3))"
    if random.below(4) == 0 {
      // What a parallel loop stores depends on nothing it stores.
      add(
        depth,
        "affine.parallel (\(name)) = (0) to (\(1 + random.below(7)))"
          + (step.isEmpty ? " {" : " step (2) {")
      )
      let value = fresh("v")
      add(depth + 1, "\(value) = affine.load %a[\(name), \(name)] : memref<8x8xf32>")
      let sum = fresh("v")
      add(depth + 1, "\(sum) = arith.addf \(value), %f : f32")
      add(depth + 1, "affine.store \(sum), %a[\(name), \(name)] : memref<8x8xf32>")
    } else {
      add(depth, "affine.for \(name) = \(bounds(dimensions))\(step) {")
      statements(depth: depth + 1, dimensions: dimensions + [name])
    }
    add(depth, "}")
  }

  private mutating func condition(_ depth: Int, _ dimensions: [String]) {
    let list = (0..<dimensions.count).map { "d\($0)" }
    let first = expression(list + ["s0"])
    let second = expression(list)
    let set =
      "affine_set<(\(list.joined(separator: ", ")))[s0] : "
      + "(\(first) >= 0, \(second) \(random.pick([">=", "=="])) 0)>"
    add(depth, "affine.if \(set)(\(dimensions.joined(separator: ", ")))[%n] {")
    statements(depth: depth + 1, dimensions: dimensions)
    if random.below(2) == 0 {
      add(depth, "} else {")
      statements(depth: depth + 1, dimensions: dimensions)
    }
    add(depth, "}")
  }

  private mutating func reduction(_ depth: Int, _ dimensions: [String]) {
    let (result, name, carried) = (fresh("r"), fresh("i"), fresh("s"))
    add(
      depth,
      "\(result) = affine.for \(name) = \(bounds(dimensions)) iter_args(\(carried) = %f) -> f32 {")
    let (value, sum) = (fresh("v"), fresh("v"))
    add(
      depth + 1, "\(value) = affine.load %b[\(position(dimensions + [name]))] : memref<8xf32>")
    add(depth + 1, "\(sum) = arith.addf \(carried), \(value) : f32")
    add(depth + 1, "affine.yield \(sum) : f32")
    add(depth, "}")
    // Small, whatever was added up.
    let bounded = fresh("v")
    add(depth, "\(bounded) = arith.minimumf \(result), %f : f32")
    add(depth, "affine.store \(bounded), %b[\(position(dimensions))] : memref<8xf32>")
  }

  private mutating func apply(_ depth: Int, _ dimensions: [String]) {
    let list = (0..<dimensions.count).map { "d\($0)" }
    let name = fresh("p")
    let kind = random.pick(["apply", "min", "max"])
    let results = (kind == "apply" ? [0] : [0, 1]).map { _ in expression(list + ["s0"]) }
    let map =
      "affine_map<(\(list.joined(separator: ", ")))[s0] -> (\(results.joined(separator: ", ")))>"
    add(depth, "\(name) = affine.\(kind) \(map)(\(dimensions.joined(separator: ", ")))[%c5]")
    let value = fresh("v")
    if kind == "apply" {
      store(depth, dimensions + [name])
    } else {
      let integer = fresh("v")
      add(depth, "\(integer) = arith.index_cast \(name) : index to i32")
      add(depth, "\(value) = arith.sitofp \(integer) : i32 to f32")
      add(depth, "affine.store \(value), %b[\(position(dimensions))] : memref<8xf32>")
    }
  }

  private mutating func store(_ depth: Int, _ dimensions: [String]) {
    let (value, other, result) = (fresh("v"), fresh("v"), fresh("v"))
    add(depth, "\(value) = affine.load %b[\(position(dimensions))] : memref<8xf32>")
    add(
      depth,
      "\(other) = affine.load %a[\(position(dimensions)), \(position(dimensions))]"
        + " : memref<8x8xf32>"
    )
    let combine = random.pick(["maximumf", "minimumf"])
    add(depth, "\(result) = arith.\(combine) \(value), \(other) : f32")
    add(
      depth,
      "affine.store \(result), %a[\(position(dimensions)), \(position(dimensions))]"
        + " : memref<8x8xf32>"
    )
  }
}
