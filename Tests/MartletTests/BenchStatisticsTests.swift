import Testing

@testable import Martlet

/// Statistics of `martlet bench` against what scipy 1.17 computes.
@Suite struct BenchStatisticsTests {
  struct Case: Sendable {
    let first: [Double]
    let second: [Double]
    let u: Double
    let p: Double
    init(_ first: [Double], _ second: [Double], _ u: Double, _ p: Double) {
      self.first = first
      self.second = second
      self.u = u
      self.p = p
    }
  }

  /// `scipy.stats.mannwhitneyu(first, second, alternative="two-sided", method="auto")`.
  static let cases = [
    Case([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], 0.0, 0.02857142857142857),
    Case([1.5], [2.5], 0.0, 1.0),
    Case([3.1, 4.2, 1.1, 5.5, 9.2], [2.2, 6.1, 7.3], 6.0, 0.7857142857142857),
    Case([1.0, 2.0, 2.0, 3.0], [2.0, 3.0, 4.0, 4.0], 2.5, 0.13416918012812584),
    Case([5.0, 5.0, 5.0], [5.0, 5.0, 5.0], 4.5, 1.0),
    Case(
      [0, 2, 4, 6, 8, 10, 12, 14, 16, 18], [5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27], 28.0,
      0.03779708390871803),
    Case(
      [9.2, 8.68, 9.75, 10.42, 11.14, 10.11, 9.45, 9.22, 10.75],
      [12.63, 11.27, 9.77, 10.04, 12.6, 11.2, 9.27, 10.92, 9.84, 10.37, 10.51], 24.0,
      0.057519400395638395),
    Case(
      [
        9.3, 10.6, 9.9, 9.4, 10.4, 10.8, 8.4, 9.7, 9.0, 9.8, 8.7, 10.0, 10.0, 9.7, 9.0, 9.6, 8.9,
        8.6, 10.2, 8.9,
      ], [11.7, 11.2, 8.5, 10.8, 9.4, 10.5, 10.5, 8.5, 10.3, 10.2, 11.5, 9.3, 11.2, 9.4, 10.2],
      88.0, 0.040126450282186664),
    Case(
      [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0],
      [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.5, 9.6, 9.7], 96.0, 1.5876796062554575e-05),
  ]

  @Test(arguments: cases) func mannWhitneyAsScipy(_ example: Case) {
    let test = MannWhitney(example.first, example.second)
    #expect(test.u == example.u)
    #expect(abs(test.p - example.p) < 1e-12, "\(test.p)")
    let swapped = MannWhitney(example.second, example.first)
    #expect(abs(swapped.p - test.p) < 1e-12)
    #expect(
      swapped.u + test.u == Double(example.first.count * example.second.count))
  }

  /// `scipy.stats.false_discovery_control`.
  @Test func adjustmentAsScipy() {
    let adjusted = MannWhitney.adjusted([0.01, 0.04, 0.03, 0.5, 0.002])
    for (found, expected) in zip(adjusted, [0.025, 0.05, 0.05, 0.5, 0.01]) {
      #expect(abs(found - expected) < 1e-15)
    }
    #expect(MannWhitney.adjusted([]).isEmpty)
  }

  /// `numpy.percentile(samples, [25, 50, 75])`.
  @Test func quartilesAsNumpy() {
    let few = Summary([4, 1, 3, 2, 10])
    #expect([few.minimum, few.lowerQuartile, few.median, few.upperQuartile] == [1, 2, 3, 4])
    let one = Summary([7.5])
    #expect([one.lowerQuartile, one.median, one.upperQuartile] == [7.5, 7.5, 7.5])
    #expect(one.uncertainty == 0)
    let twelve = Summary([3, 1, 2, 8, 9, 4, 6, 5, 7, 10, 12, 11])
    #expect([twelve.lowerQuartile, twelve.median, twelve.upperQuartile] == [3.75, 6.5, 9.25])
  }

  /// Of 20 samples the interval goes from the 6th to the 15th: a table of the sign test has it.
  @Test func intervalOfTheMedian() {
    let summary = Summary((1...20).map(Double.init).shuffled())
    #expect(summary.medianInterval == 6...15)
    #expect(Summary([5, 1, 3]).medianInterval == 1...5)
  }

  /// The median's interval holds the true median in about 95 of 100 draws.
  @Test func intervalCovers() {
    var generator = SplitMix64(seed: 11)
    var hits = 0
    for _ in 0..<2000 {
      let samples = (0..<25).map { _ in Double(generator.next(in: 0...1_000_000)) }
      if Summary(samples).medianInterval.contains(500_000) { hits += 1 }
    }
    #expect((1850...1980).contains(hits), "\(hits)")
  }

  /// Where nothing differs, few tests say that something does.
  @Test func falseAlarmsAreRare() {
    var generator = SplitMix64(seed: 12)
    var alarms = 0
    for _ in 0..<2000 {
      let samples = (0..<24).map { _ in Double(generator.next(in: 0...1_000_000)) }
      if MannWhitney(Array(samples[..<12]), Array(samples[12...])).p < 0.05 { alarms += 1 }
    }
    #expect((50...140).contains(alarms), "\(alarms)")
  }
}
