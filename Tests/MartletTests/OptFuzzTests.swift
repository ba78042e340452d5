import Foundation
import Martlet
import Testing

/// Damaged MLIR text: the parser and the verifier answer each piece with a module or a diagnostic.
///
/// The damage is pseudo-random and the same in every run. `MARTLET_FUZZ_SECONDS` gives more time than
/// the usual two seconds, `MARTLET_FUZZ_SEED` another start.
@Suite struct OptFuzzTests {
  @Test func damagedTextNeverTraps() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["MARTLET_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
    var generator = Xorshift(environment["MARTLET_FUZZ_SEED"].flatMap(UInt64.init) ?? 1)
    let corpus = try seeds()
    try #require(corpus.count >= 5)
    let scratch = try ScratchFolder()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var accepted = 0
    var refused = 0
    while clock.now < end {
      var bytes = corpus[generator.below(corpus.count)]
      for _ in 0...generator.below(6) { Self.damage(&bytes, corpus, &generator) }
      // Kept on disk before it is read: after a trap it is the file that is left.
      let file = try scratch.write("last.mlir", bytes)
      let start = clock.now
      let run = ToolRun.opt(file, "--allow-unregistered-dialect")
      let text = String(decoding: bytes.prefix(4000), as: UTF8.self)
      #expect(clock.now - start < .seconds(20), "slow:\n\(text)")
      switch run.status {
      case .success: accepted += 1
      case .failure:
        refused += 1
        #expect(run.messages.contains("error: "), "refused without a word:\n\(text)")
      case .usage: Issue.record("usage")
      }
    }
    // Damage that is always refused at once would test little.
    #expect(accepted > 0)
    #expect(refused > 0)
  }

  /// The examples and the inputs of the case tests.
  private func seeds() throws -> [[UInt8]] {
    let folders = ["Examples", "Tests/Cases"].map { "\(packageFolder)/\($0)" }
    let files = folders.flatMap { folder in
      (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".mlir") && !$0.contains(".build") }.map { "\(folder)/\($0)" }
    }
    return try files.sorted().map { Array(try Data(contentsOf: URL(filePath: $0))) }
      .filter { $0.count < 100_000 }
  }

  private static let pieces = [
    "(", ")", "{", "}", "<", ">", "[", "]", "->", ":", ",", "=", "%", "@", "#", "!", "^bb0", "\"",
    "0x", "-1", "99999999999999999999", "9223372036854775807", "1e999", "tensor<", "memref<",
    "vector<", "?x", "0x", "dense<", "dense<\"0xFF\">", "affine_map<", "loc(", "array<i32: ",
    "i16777216", "i0", "f32", "index", "%0:2", "\u{0}", "\u{ff}", "//", "\n", "module {", "none",
    "strided<[", "sparse_tensor<", "mod 0", "floordiv 0",
  ].map { Array($0.utf8) }

  static func damage(_ bytes: inout [UInt8], _ corpus: [[UInt8]], _ generator: inout Xorshift) {
    guard !bytes.isEmpty else {
      bytes = OptFuzzTests.pieces[generator.below(OptFuzzTests.pieces.count)]
      return
    }
    let at = generator.below(bytes.count)
    let near = min(bytes.count, at + 1 + generator.below(40))
    switch generator.below(9) {
    case 0: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
    case 1: bytes[at] ^= 1 << UInt8(generator.below(8))
    case 2: bytes.removeSubrange(at..<near)
    case 3: bytes.insert(contentsOf: Array(bytes[at..<near]), at: at)
    case 4:
      bytes.insert(
        contentsOf: OptFuzzTests.pieces[generator.below(OptFuzzTests.pieces.count)], at: at)
    case 5:
      bytes.replaceSubrange(
        at..<near, with: OptFuzzTests.pieces[generator.below(OptFuzzTests.pieces.count)])
    case 6: bytes.removeSubrange(at...)
    case 7:
      let other = corpus[generator.below(corpus.count)]
      let from = generator.below(other.count)
      bytes.insert(contentsOf: other[from..<min(other.count, from + 80)], at: at)
    default:
      // Two tokens change places.
      let words = bytes[at...].firstIndex(of: 32) ?? at
      bytes.swapAt(at, min(words, bytes.count - 1))
    }
  }
}

/// A small generator of pseudo-random numbers (Marsaglia's xorshift64*).
struct Xorshift {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % max(limit, 1) }
}
