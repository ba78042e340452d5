/// What is compared.
enum Metric: String, Sendable, CaseIterable {
  case cpu, wall, peak, instructions

  func values(_ samples: Samples) -> [Double] {
    samples.costs.compactMap { cost in
      switch self {
      case .cpu: cost.cpu
      case .wall: cost.wall
      case .peak: cost.peak
      case .instructions: cost.instructions
      }
    }
  }

  func text(_ value: Double) -> String {
    switch self {
    case .cpu, .wall: BenchReport.time(value)
    case .peak: BenchReport.bytes(value)
    case .instructions: BenchReport.digits(value / 1e6) + " M"
    }
  }
}

/// Tells which benchmarks changed from one set of results to another.
///
/// A benchmark counts as changed where both hold: the medians differ by more than `minimumEffect` of the first,
/// and the test of Mann and Whitney finds the samples to differ, with a probability of chance, adjusted for the
/// number of benchmarks compared as Benjamini and Hochberg do, of less than `alpha`.
struct Comparison: Sendable {
  enum Verdict: String, Sendable { case same, slower, faster }

  struct Row: Sendable {
    let id: String
    let base: Summary
    let head: Summary
    /// The adjusted probability.
    let p: Double
    let verdict: Verdict

    /// By which part of the base's median the head's is larger.
    var change: Double { base.median > 0 ? head.median / base.median - 1 : 0 }
  }

  let metric: Metric
  let rows: [Row]
  /// Benchmarks with results of one side only, or with too few samples to tell.
  let left: [String]

  static let defaultAlpha = 0.01
  static let defaultMinimumEffect = 0.05
  /// With fewer samples on a side no difference could be told from chance.
  static let fewestSamples = 4

  init(
    _ base: [BenchResult], _ head: [BenchResult], metric: Metric = .cpu,
    alpha: Double = defaultAlpha, minimumEffect: Double = defaultMinimumEffect
  ) {
    self.metric = metric
    var left: [String] = []
    var pairs: [(id: String, base: [Double], head: [Double])] = []
    var remaining: [String: BenchResult] = [:]
    for result in head { remaining[result.id] = result }
    for result in base {
      guard let other = remaining.removeValue(forKey: result.id) else {
        left.append(result.id)
        continue
      }
      let values = (metric.values(result.samples), metric.values(other.samples))
      if min(values.0.count, values.1.count) < Comparison.fewestSamples {
        left.append(result.id)
      } else {
        pairs.append((result.id, values.0, values.1))
      }
    }
    for result in head where remaining[result.id] != nil { left.append(result.id) }
    let probabilities = MannWhitney.adjusted(pairs.map { MannWhitney($0.base, $0.head).p })
    rows = zip(pairs, probabilities).map { pair, p in
      let before = Summary(pair.base)
      let after = Summary(pair.head)
      let change = before.median > 0 ? after.median / before.median - 1 : 0
      let isChanged = p < alpha && abs(change) > minimumEffect
      return Row(
        id: pair.id, base: before, head: after, p: p,
        verdict: !isChanged ? .same : change > 0 ? .slower : .faster)
    }
    self.left = left
  }

  func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }

  /// Whether something became worse.
  var hasRegression: Bool { count(.slower) > 0 }
}
