/// All that is measured, in the order it is run.
enum BenchSuite {
  static let all: [Benchmark] = units + programs

  /// Changed where the work of benchmarks is no longer what it was, so that figures are not compared any more.
  static let version = "1"

  /// A benchmark for each of several sizes; `--quick` runs those up to 1,000, and the smallest of the others.
  static func family(
    _ name: String, _ summary: String, sizes: [Int], item: String = "op", published: Double? = nil,
    _ make: @escaping @Sendable (BenchInputs, Int) throws -> UnitWork
  ) -> [Benchmark] {
    sizes.map { size in
      Benchmark(
        name: name, size: size, summary: summary, item: item,
        isQuick: size < 1024 || size == sizes.min(), published: published,
        body: .unit { try make($0, size) })
    }
  }

  static func programFamily(
    _ name: String, _ summary: String, sizes: [Int], item: String = "op",
    _ make: @escaping @Sendable (BenchInputs, Int) throws -> ProgramWork
  ) -> [Benchmark] {
    sizes.map { size in
      Benchmark(
        name: name, size: size, summary: summary, item: item,
        isQuick: size < 1024 || size == sizes.min(), body: .program { try make($0, size) })
    }
  }

  static func program(
    _ name: String, _ summary: String, isQuick: Bool = true,
    _ make: @escaping @Sendable (BenchInputs) throws -> ProgramWork
  ) -> Benchmark {
    Benchmark(name: name, summary: summary, isQuick: isQuick, body: .program(make))
  }
}
