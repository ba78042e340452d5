import MartletDialects
import MartletLowerings
import Testing

/// Bufferisation and planning keep what programs compute, by the interpreter.
@Suite struct BufferizeTests {
  @Test(arguments: 0..<8) func randomPrograms(_ block: Int) throws {
    for seed in 0..<40 {
      let text = RandomTensorProgram.make(UInt64(block * 1000 + seed))
      try BufferProgram(text).expectSame("seed \(block * 1000 + seed)")
    }
  }
}
