import MartletTransforms
import Testing

/// Canonicalisation leaves what random programs on vectors and shapes compute as it was.
@Suite struct RandomPatternTests {
  @Test(arguments: 0..<150) func keepsTheMeaningOfVectors(seed: Int) throws {
    try expectUnchangedMeaning(
      RandomVectorProgram.text(seed: seed), [.canonicalize], seed: seed + 1)
  }

  @Test(arguments: 0..<150) func keepsTheMeaningOfShapes(seed: Int) throws {
    try expectUnchangedMeaning(
      RandomShapeProgram.text(seed: seed), [.canonicalize], seed: seed + 1)
  }
}
