import MartletAnalysis
import MartletDialects
import MartletIR
import MartletSupport
import MartletSyntax
import Testing

/// Small random numbers, the same every time.
private struct Numbers {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func below(_ n: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % n
  }
}

/// Systems in a small box, held against all points of the box.
@Suite struct PolyhedronTests {
  private static let limit = 4

  private static func random(_ seed: Int) -> IntegerPolyhedron {
    var numbers = Numbers(seed + 1)
    var system = IntegerPolyhedron(dimensions: 3)
    for i in 0..<3 {
      system.addLowerBound(i, -limit)
      system.addUpperBound(i, limit)
    }
    for _ in 0..<(1 + numbers.below(3)) {
      let row = (0..<4).map { _ in numbers.below(9) - 4 }
      if numbers.below(3) == 0 { system.addEquality(row) } else { system.addInequality(row) }
    }
    return system
  }

  private static func points(_ system: IntegerPolyhedron) -> [[Int]] {
    var found: [[Int]] = []
    for x in -limit...limit {
      for y in -limit...limit {
        for z in -limit...limit where system.contains([x, y, z]) { found.append([x, y, z]) }
      }
    }
    return found
  }

  @Test(arguments: 0..<400) func agreesWithAllPoints(_ seed: Int) {
    let system = Self.random(seed)
    let points = Self.points(system)
    if system.isEmpty { #expect(points.isEmpty) }
    let sample = system.samplePoint()
    #expect((sample == nil) == points.isEmpty)
    if let sample { #expect(system.contains(sample)) }
    for i in 0..<3 {
      if let low = system.constantBound(i, isUpper: false) {
        #expect(points.allSatisfy { $0[i] >= low })
      }
      if let high = system.constantBound(i, isUpper: true) {
        #expect(points.allSatisfy { $0[i] <= high })
      }
      var projected = system
      projected.projectOut(i)
      for point in points {
        var shadow = point
        shadow.remove(at: i)
        #expect(projected.contains(shadow))
      }
    }
  }

  /// Emptiness is found in most systems that are empty; those with points between integers alone may be missed.
  @Test func mostEmptySystemsAreSeen() {
    var (empty, seen) = (0, 0)
    for seed in 0..<400 {
      let system = Self.random(seed)
      if !Self.points(system).isEmpty { continue }
      empty += 1
      if system.isEmpty { seen += 1 }
    }
    #expect(empty > 50)
    #expect(seen * 2 > empty, "\(seen) of \(empty)")
  }

  @Test func whatOverflowsTellsNothing() {
    var system = IntegerPolyhedron(dimensions: 2)
    system.addEquality([Int.max / 2 - 1, 3, 1])
    system.addInequality([5, Int.max / 3, -1])
    system.addInequality([-7, Int.max / 5, 2])
    #expect(!system.isEmpty)
    #expect(system.constantBound(0, isUpper: true) == nil)
  }

  @Test func divisibilityEmpties() {
    var system = IntegerPolyhedron(dimensions: 2)
    system.addEquality([2, 4, 1])
    #expect(system.isEmpty)
  }

  @Test func quotientsAreDefined() {
    var system = IntegerPolyhedron(dimensions: 1)
    let quotient = system.addQuotient(of: [1, 3], by: 4)
    for x in -9...9 {
      var fixed = system
      fixed.fix(0, to: x)
      let expected = Int((Double(x + 3) / 4).rounded(.down))
      #expect(fixed.constantBound(quotient, isUpper: false) == expected)
      #expect(fixed.constantBound(quotient, isUpper: true) == expected)
    }
  }
}

/// Dependences between random accesses, held against what the loops really touch.
@Suite struct DependenceTests {
  private struct Access {
    var factors: [Int]
    var constant: Int
    var modulus: Int?

    func place(_ i: Int, _ j: Int) -> Int {
      let sum = factors[0] * i + factors[1] * j + constant
      guard let modulus else { return sum }
      return ((sum % modulus) + modulus) % modulus
    }
    var text: String {
      let sum = "%i * \(factors[0]) + %j * \(factors[1]) + \(constant)"
      return modulus.map { "(\(sum)) mod \($0)" } ?? sum
    }
  }

  @Test(arguments: 0..<150) func agreesWithIterations(_ seed: Int) throws {
    var numbers = Numbers(seed * 7 + 3)
    func access() -> Access {
      Access(
        factors: [numbers.below(4), numbers.below(3)], constant: numbers.below(5),
        modulus: numbers.below(3) == 0 ? 2 + numbers.below(4) : nil)
    }
    let (write, read) = (access(), access())
    let step = 1 + numbers.below(2)
    let text = """
      func.func @main(%m: memref<100xf32>, %f: f32) {
        affine.for %i = 0 to 6 step \(step) {
          affine.for %j = 1 to 5 {
            affine.store %f, %m[\(write.text)] : memref<100xf32>
            %x = affine.load %m[\(read.text)] : memref<100xf32>
          }
        }
        return
      }
      """
    let context = Context()
    registerAllDialects(context)
    let module = try Parser(SourceFile(name: "t", text: text), context: context).parseModule()
    let store = try #require(module.operations(Affine.store).first.flatMap(AffineAccess.init))
    let load = try #require(module.operations(Affine.load).first.flatMap(AffineAccess.init))
    let iterations = stride(from: 0, to: 6, by: step).flatMap { i in (1..<5).map { (i, $0) } }
    for depth in 1...3 {
      var pairs: [(Int, Int)] = []
      for (i, j) in iterations {
        for (k, l) in iterations where write.place(i, j) == read.place(k, l) {
          let isMeant = depth == 1 ? k > i : depth == 2 ? k == i && l > j : k == i && l == j
          if isMeant { pairs.append((k - i, l - j)) }
        }
      }
      switch store.dependence(of: load, depth: depth) {
      case .unknown: Issue.record("unknown at depth \(depth): \(text)")
      case .none: #expect(pairs.isEmpty, "depth \(depth): \(text)")
      case .exists(let system):
        let distances = system.distances
        #expect(distances.count == 2)
        for pair in pairs {
          for (distance, value) in zip(distances, [pair.0, pair.1]) {
            #expect(distance.lower.map { $0 <= value } ?? true)
            #expect(distance.upper.map { $0 >= value } ?? true)
          }
        }
      }
    }
  }
}
