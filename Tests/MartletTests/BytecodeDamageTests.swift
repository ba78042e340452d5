import Foundation
import Martlet
import MartletIR
import MartletPasses
import MartletSupport
import MartletSyntax
import Testing

/// Damaged bytecode: the reader answers each piece with a module or a diagnostic, and what it lets through the verifier
/// and the printer can take.
///
/// The damage is pseudo-random and the same in every run. `MARTLET_FUZZ_SECONDS` gives more time than
/// the usual two seconds, `MARTLET_FUZZ_SEED` another start.
@Suite struct BytecodeDamageTests {
  @Test func everyTruncationIsDiagnosed() throws {
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(BytecodeTests.parse(BytecodeTests.everything, "all", context))
    let bytes = try BytecodeTests.bytes(module)
    for length in 0..<bytes.count {
      let read = BytecodeTests.read(Array(bytes[..<length]))
      #expect(read.module == nil, "cut to \(length) of \(bytes.count) bytes")
      #expect(read.messages.contains("error: "))
    }
  }

  @Test func damagedBytesNeverTrap() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["MARTLET_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
    var generator = Xorshift(environment["MARTLET_FUZZ_SEED"].flatMap(UInt64.init) ?? 1)
    let corpus = try seeds()
    try #require(corpus.count >= 20)
    let scratch = try ScratchFolder()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var accepted = 0
    var refused = 0
    while clock.now < end {
      var bytes = corpus[generator.below(corpus.count)]
      for _ in 0...generator.below(3) { damage(&bytes, &generator) }
      // Kept on disk before it is read: after a trap it is the file that is left.
      let file = try scratch.write("last.mlirbc", bytes)
      let start = clock.now
      let run = ToolRun.opt(file, "--allow-unregistered-dialect")
      #expect(clock.now - start < .seconds(20), "slow")
      switch run.status {
      case .success: accepted += 1
      case .failure:
        refused += 1
        #expect(run.messages.contains("error: "), "refused without a word")
      case .usage: Issue.record("usage")
      }
    }
    // Damage that is always refused at once would test little.
    #expect(accepted > 0)
    #expect(refused > 0)
  }

  /// A chain of arrays that each hold the one before twice is small here and beyond measure as text.
  @Test func explosionIsDiagnosed() throws {
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(BytecodeTests.parse("module {}", "bomb", context))
    var array = context.array([])
    for _ in 0..<100 { array = context.array([array, array]) }
    module.setAttribute("bomb", array)
    let read = BytecodeTests.read(try BytecodeTests.bytes(module))
    #expect(read.module == nil)
    #expect(read.messages.contains("out of all proportion"), "\(read.messages)")
  }

  @Test func deepNestingIsDiagnosed() throws {
    let context = BytecodeTests.context()
    defer { withExtendedLifetime(context) {} }
    let module = try #require(BytecodeTests.parse("module {}", "deep", context))
    var array = context.array([])
    for _ in 0..<300 { array = context.array([array]) }
    module.setAttribute("deep", array)
    let read = BytecodeTests.read(try BytecodeTests.bytes(module))
    #expect(read.module == nil)
    #expect(read.messages.contains("nested deeper"), "\(read.messages)")
    for _ in 0..<300 { array = context.array([array]) }
    module.setAttribute("deep", array)
    #expect(throws: Reported.self) { try BytecodeTests.bytes(module) }
  }

  /// The parts of the cases, as bytecode.
  private func seeds() throws -> [[UInt8]] {
    var found: [[UInt8]] = []
    for name in BytecodeTests.cases {
      let text = try String(
        contentsOfFile: "\(packageFolder)/Tests/Cases/\(name)", encoding: .utf8)
      for part in text.components(separatedBy: "// -----") {
        let context = BytecodeTests.context()
        guard let module = BytecodeTests.parse(part, name, context) else { continue }
        let bytes = try BytecodeTests.bytes(module)
        withExtendedLifetime(context) {}
        if bytes.count < 20_000 { found.append(bytes) }
      }
    }
    return found
  }

  private func damage(_ bytes: inout [UInt8], _ generator: inout Xorshift) {
    guard bytes.count > 5 else { return }
    let at = 4 + generator.below(bytes.count - 4)
    switch generator.below(8) {
    case 0: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
    case 1, 2: bytes[at] ^= 1 << UInt8(generator.below(8))
    case 3: bytes[at] = bytes[at] &+ 2
    case 4: bytes[at] = bytes[at] &- 2
    case 5: bytes[at] = [0, 1, 3, 0xff, 0xfe, 0x80][generator.below(6)]
    case 6: bytes.swapAt(at, 4 + generator.below(bytes.count - 4))
    default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + generator.below(8)))
    }
  }
}
