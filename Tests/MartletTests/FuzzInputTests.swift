import Foundation
import Martlet
import Testing

/// What the fuzzers found once, and damaged text put through random passes. `make fuzz` runs the same targets with
/// coverage to guide it; here they run without.
@Suite struct FuzzInputTests {
  static let inputs: [String] = {
    let folder = "\(packageFolder)/Fuzzing/Inputs"
    return (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
      .filter { $0.contains("/") }.sorted()
  }()

  @Test(arguments: inputs) func keptInput(path: String) throws {
    let folder = String(path.prefix { $0 != "/" })
    let target = try #require(FuzzTarget(rawValue: folder))
    let data = try Data(contentsOf: URL(filePath: "\(packageFolder)/Fuzzing/Inputs/\(path)"))
    let problem = Array(data).withUnsafeBufferPointer { target.problem($0) }
    #expect(problem == nil)
  }

  @Test func everyTargetHasInputs() {
    for target in FuzzTarget.allCases {
      #expect(Self.inputs.contains { $0.hasPrefix(target.rawValue + "/") })
    }
  }

  /// Parts of the case files, whole or damaged, through one or two passes; the same in every run.
  /// `MARTLET_FUZZ_SECONDS` gives more time than the usual three seconds, `MARTLET_FUZZ_SEED` another start.
  @Test func damagedTextThroughPasses() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["MARTLET_FUZZ_SECONDS"].flatMap(Double.init) ?? 3
    var generator = Xorshift(environment["MARTLET_FUZZ_SEED"].flatMap(UInt64.init) ?? 1)
    let passes = Registration.passes.passes.map(\.argument)
    let parts = try parts()
    try #require(parts.count > 100)
    let scratch = try ScratchFolder()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {
      var bytes = parts[generator.below(parts.count)]
      for _ in 0..<generator.below(3) { OptFuzzTests.damage(&bytes, parts, &generator) }
      let chosen = (0...generator.below(2)).map { _ in passes[generator.below(passes.count)] }
      let input = Array((chosen.joined(separator: ",") + "\n").utf8) + bytes
      // Kept on disk before it is run: after a trap it is the file that is left.
      _ = try scratch.write("last", input)
      let start = clock.now
      let problem = input.withUnsafeBufferPointer { FuzzTarget.passes.problem($0) }
      let text = String(decoding: input.prefix(4000), as: UTF8.self)
      #expect(problem == nil, "\(text)")
      #expect(clock.now - start < .seconds(20), "slow:\n\(text)")
    }
  }

  private func parts() throws -> [[UInt8]] {
    let folder = "\(packageFolder)/Tests/Cases"
    let files = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".mlir") }.sorted()
    return try files.flatMap { file in
      try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        .components(separatedBy: "\n// -----").map { Array($0.utf8) }.filter { $0.count < 8192 }
    }
  }
}
