import Foundation
import MartletInterpreter
import Testing

/// The example programs, against the same computations written out in Swift.
@Suite struct ExampleTests {
  private func example(_ name: String) throws -> Program {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try Program(
      String(contentsOf: root.appendingPathComponent("Examples/\(name)"), encoding: .utf8))
  }

  private func noise(_ shape: [Int], _ scale: Double, _ phase: Double) -> ArrayValue {
    ArrayValue(
      .f32, shape: shape, (0..<shape.reduce(1, *)).map { sin(Double($0) * 0.7 + phase) * scale })
  }

  @Test func mlp() throws {
    let (x, w1, b1) = (noise([32, 64], 1, 0), noise([64, 128], 0.2, 1), noise([128], 0.1, 2))
    let (ws, bs) = (noise([4, 128, 128], 0.1, 3), noise([4, 128], 0.1, 4))
    let (w2, b2) = (noise([128, 10], 0.3, 5), noise([10], 0.1, 6))
    func dense(_ a: [Double], _ w: ArraySlice<Double>, _ b: ArraySlice<Double>) -> [Double] {
      let (w, b) = (Array(w), Array(b))
      return b.indices.map { j in
        a.indices.reduce(b[j]) { $0 + a[$1] * w[$1 * b.count + j] }
      }
    }
    var expected: [Double] = []
    for row in 0..<32 {
      var h = dense(
        Array(x.doubles[(row * 64)..<(row * 64 + 64)]), w1.doubles[...], b1.doubles[...]
      )
      .map { max($0, 0) }
      for i in 0..<4 {
        let layer = dense(
          h, ws.doubles[(i * 128 * 128)..<((i + 1) * 128 * 128)],
          bs.doubles[(i * 128)..<((i + 1) * 128)])
        h = zip(h, layer).map { $0 + max($1, 0) / Double(i + 1) }
      }
      let logits = dense(h, w2.doubles[...], b2.doubles[...])
      let largest = logits.max() ?? 0
      let powers = logits.map { exp($0 - largest) }
      expected += powers.map { $0 / powers.reduce(0, +) }
    }
    let found =
      try example("mlp.mlir").run(
        "main", [x, w1, b1, ws, bs, w2, b2].map { .tensor($0) })[0].array?.doubles ?? []
    #expect(found.count == 320)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func pagerank() throws {
    // A wheel of 40 vertices with chords; vertex 0 has no successor.
    let n = 40
    var successors: [[Int]] = [[]]
    for j in 1..<n { successors.append([(j + 1) % n, (j * 7) % n].filter { $0 != j }) }
    var entries: [([Int], UInt64)] = []
    var matrix = [Double](repeating: 0, count: n * n)
    for (j, targets) in successors.enumerated() {
      for i in targets { matrix[i * n + j] += 1 / Double(targets.count) }
    }
    for k in matrix.indices where matrix[k] != 0 {
      entries.append(([k / n, k % n], matrix[k].bitPattern))
    }
    let a = try SparseTensorValue(shape: [n, n], layout: .csr, format: .f64, entries: entries)
    var rank = [Double](repeating: 1 / Double(n), count: n)
    for _ in 0..<300 {
      let y = (0..<n).map { i in (0..<n).reduce(0) { $0 + matrix[i * n + $1] * rank[$1] } }
      let share = (1 - 0.85 * y.reduce(0, +)) / Double(n)
      rank = y.map { 0.85 * $0 + share }
    }
    let results = try example("pagerank.mlir").run("main", [.sparse(a)])
    let found = results[0].array?.doubles ?? []
    #expect(found.count == n && zip(found, rank).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect((results[1].integer ?? 0) > 10 && (results[1].integer ?? 200) < 200)
  }
}
