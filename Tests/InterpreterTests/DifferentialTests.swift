import MartletInterpreter
import Testing

/// Random programs interpreted here and compiled by MLIR's own tools must agree.
@Suite(.enabled(if: Oracle.isAvailable, "needs mlir-opt and mlir-runner")) struct DifferentialTests
{
  @Test(arguments: 0..<40) func randomProgram(seed: Int) throws {
    let text = RandomProgram.text(seed: UInt64(seed))
    let expected = try Oracle.run(text)
    let found = try Program(text).run()[0].integer
    #expect(found == expected, "program of seed \(seed):\n\(text)")
  }
}
