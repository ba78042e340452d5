import MartletDialects
import MartletIR
import MartletLowerings
import MartletPasses
import MartletTransforms
import Testing

/// Passes over affine loops keep what programs compute, by the interpreter.
@Suite struct AffinePassTests {
  static let pipelines: [[(Pass, [(String, PassOptionValue)])]] = [
    [(.affineLoopUnroll, [])],
    [(.affineLoopUnroll, [("unroll-factor", .integer(-1))])],
    [(.affineLoopUnroll, [("unroll-factor", .integer(3)), ("cleanup-unroll", .bool(true))])],
    [(.affineLoopUnroll, [("unroll-factor", .integer(2)), ("unroll-num-reps", .integer(2))])],
    [(.affineLoopTile, [("tile-size", .integer(3))])],
    [(.affineLoopTile, [("tile-size", .integer(2)), ("separate", .bool(true))])],
    [(.affineLoopTile, [("cache-size", .integer(1))])],
    [(.affineLoopNormalize, [])],
    [(.affineLoopNormalize, [("promote-single-iter", .bool(true))])],
    [(.affineLoopNormalize, []), (.affineLoopCoalescing, [])],
    [(.affineScalarReplacement, [])],
    [(.affineLoopInvariantCodeMotion, [])],
    [(.affineSimplifyStructures, [])],
    [
      (.affineLoopNormalize, []), (.affineLoopTile, [("tile-size", .integer(2))]),
      (.affineScalarReplacement, []), (.affineLoopUnroll, [("unroll-factor", .integer(2))]),
      (.canonicalize, []), (.lowerAffine, []),
    ],
  ]

  /// Runs a pass on `main`, where it runs on functions, or the module.
  private func run(
    _ pass: Pass, _ options: [(String, PassOptionValue)], _ module: LoopModule
  ) throws {
    if pass.anchor == "func.func", let main = SymbolTable.lookup("main", in: module.module) {
      try pass.run(on: main, options: options)
      try module.verify()
    } else {
      try module.run(pass, options: options)
    }
  }

  private func expectSame(_ text: String, _ seed: Int) throws {
    let expected = try LoopModule(text).results(seed: UInt64(seed))
    for passes in Self.pipelines {
      let module = try LoopModule(text)
      for (pass, options) in passes { try run(pass, options, module) }
      let names = passes.map { "\($0.0.argument) \($0.1)" }.joined(separator: ", ")
      #expect(try module.results(seed: UInt64(seed)) == expected, "\(names): \(text)")
    }
  }

  @Test(arguments: 0..<40) func randomProgram(_ seed: Int) throws {
    var program = RandomAffine(random: SmallNumbers(UInt64(seed) + 100))
    try expectSame(program.text(), seed)
  }

  @Test(arguments: 0..<60) func randomNest(_ seed: Int) throws {
    var nest = RandomNests(random: SmallNumbers(UInt64(seed) + 7))
    try expectSame(nest.text(), seed)
  }
}

/// Rectangular nests that store to and load from the same arrays and local buffers, one after another.
struct RandomNests {
  var random: SmallNumbers
  private var lines: [String] = []
  private var names = 0

  init(random: SmallNumbers) { self.random = random }

  private mutating func fresh(_ start: String) -> String {
    names += 1
    return "%\(start)\(names)"
  }

  mutating func text() -> String {
    lines = []
    for _ in 0..<(1 + random.below(3)) { nest(depth: 1, variables: []) }
    return """
      func.func @main(%a: memref<8x8xf32>, %b: memref<8x8xf32>, %f: f32) {
        %t = memref.alloc() : memref<8x8xf32>
        affine.for %x = 0 to 8 {
          affine.for %y = 0 to 8 {
            affine.store %f, %t[%x, %y] : memref<8x8xf32>
          }
        }
      \(lines.joined(separator: "\n"))
        memref.dealloc %t : memref<8x8xf32>
        return
      }
      """
  }

  private mutating func add(_ depth: Int, _ line: String) {
    lines.append(String(repeating: "  ", count: depth) + line)
  }

  private mutating func nest(depth: Int, variables: [String]) {
    let name = fresh("i")
    let lower = random.below(3)
    let step = random.below(3) == 0 ? " step \(1 + random.below(3))" : ""
    let upper =
      variables.isEmpty || random.below(5) > 0
      ? "\(lower + random.below(7 - lower) + 1)"
      : "min affine_map<(d0) -> (d0 + \(random.below(3)), 7)>(\(random.pick(variables)))"
    add(depth, "affine.for \(name) = \(lower) to \(upper)\(step) {")
    let inner = variables + [name]
    if inner.count < 3, random.below(3) > 0 {
      nest(depth: depth + 1, variables: inner)
      if random.below(2) == 0 { body(depth + 1, inner) }
    } else {
      body(depth + 1, inner)
    }
    add(depth, "}")
  }

  /// A position within eight, of variables below eight.
  private mutating func position(_ variables: [String]) -> String {
    switch random.below(6) {
    case 0: "\(random.below(8))"
    case 1: "(\(random.pick(variables)) + \(random.pick(variables))) mod 8"
    case 2: "7 - \(random.pick(variables))"
    case 3: "\(random.pick(variables)) floordiv 2"
    default: random.pick(variables)
    }
  }

  private mutating func body(_ depth: Int, _ variables: [String]) {
    var values = ["%f"]
    for _ in 0..<(2 + random.below(4)) {
      let array = random.pick(["%a", "%b", "%t", "%t"])
      let place = "[\(position(variables)), \(position(variables))] : memref<8x8xf32>"
      if random.below(2) == 0 {
        let value = fresh("v")
        add(depth, "\(value) = affine.load \(array)\(place)")
        let sum = fresh("v")
        add(depth, "\(sum) = arith.addf \(value), \(random.pick(values)) : f32")
        values.append(sum)
      } else {
        add(depth, "affine.store \(random.pick(values)), \(array)\(place)")
      }
    }
  }
}
