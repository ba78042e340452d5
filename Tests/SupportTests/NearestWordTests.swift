import MartletSupport
import Testing

@Suite struct NearestWordTests {
  private let words = ["canonicalize", "cse", "inline", "arith.addi", "arith.addf"]

  @Test(arguments: [
    ("canonicalise", "canonicalize"), ("cannonicalize", "canonicalize"), ("ces", "cse"),
    ("inlien", "inline"), ("arith.adi", "arith.addi"), ("csee", "cse"),
  ])
  func findsWhatWasMeant(_ typed: String, _ meant: String) {
    #expect(nearestWord(to: typed, among: words) == meant)
  }

  @Test(arguments: ["", "x", "cs", "loop", "arith.constant", String(repeating: "c", count: 500)])
  func findsNothingFarAway(_ typed: String) {
    #expect(nearestWord(to: typed, among: words) == nil)
  }

  @Test func takesTheFirstOfEquals() {
    #expect(nearestWord(to: "abx", among: ["abc", "abd"]) == "abc")
    #expect(nearestWord(to: "alfa", among: ["alpha"]) == nil)
    #expect(nearestWord(to: "alfa", among: ["alpha"], least: 2) == "alpha")
  }
}
