import Glibc

/// Samples of one quantity, summed up.
struct Summary: Sendable {
  let count: Int
  let minimum: Double
  let lowerQuartile: Double
  let median: Double
  let upperQuartile: Double
  /// Where the median of all possible samples lies with 95% confidence, by order statistics; it needs no
  /// assumption about how samples are distributed. The range of the samples where they are fewer than six.
  let medianInterval: ClosedRange<Double>

  var interquartileRange: Double { upperQuartile - lowerQuartile }

  /// Half the width of the median's interval, as a part of the median.
  var uncertainty: Double {
    median > 0 ? (medianInterval.upperBound - medianInterval.lowerBound) / (2 * median) : 0
  }

  /// - Precondition: there is a sample.
  init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "a summary of no samples")
    let sorted = samples.sorted()
    count = sorted.count
    minimum = sorted[0]
    lowerQuartile = Summary.quantile(sorted, 0.25)
    median = Summary.quantile(sorted, 0.5)
    upperQuartile = Summary.quantile(sorted, 0.75)
    let rank = Summary.lowerRank(count)
    medianInterval = sorted[rank - 1]...sorted[count - rank]
  }

  /// The largest rank that the median is below with a probability of 2.5% at most; 1 where there is none.
  private static func lowerRank(_ count: Int) -> Int {
    // Beyond this the smallest probability is no longer a number.
    if count > 1000 {
      let middle = Double(count) / 2
      return max(1, Int(middle - 1.959_964 * Double(count).squareRoot() / 2))
    }
    // How many samples are below the median has a binomial distribution.
    var probability = pow(0.5, Double(count))
    var sum = probability
    var rank = 0
    while sum <= 0.025 {
      rank += 1
      probability *= Double(count - rank + 1) / Double(rank)
      sum += probability
    }
    return max(1, rank)
  }

  /// The quantile of sorted samples, linear between neighbours.
  static func quantile(_ sorted: [Double], _ part: Double) -> Double {
    let place = part * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}

/// The test of Mann and Whitney (Wilcoxon's rank sum test), two-sided: whether two sets of samples could well
/// come from one distribution. It looks at the order of the samples only, so that an outlier counts for no
/// more than any other sample.
struct MannWhitney: Sendable {
  /// Of how many pairs the first set's sample is the larger, an equal pair counting half.
  let u: Double
  /// How probable a difference like this or larger is where there is none.
  let p: Double

  /// The exact distribution is used where one set has at most eight samples and no two are equal, else the
  /// normal approximation, with corrections for ties and for continuity.
  /// - Precondition: both have samples.
  init(_ first: [Double], _ second: [Double]) {
    precondition(!first.isEmpty && !second.isEmpty, "a test of no samples")
    let n1 = Double(first.count)
    let n2 = Double(second.count)
    let merged =
      (first.map { (value: $0, isFirst: true) } + second.map { (value: $0, isFirst: false) })
      .sorted { $0.value < $1.value }
    var rankSum = 0.0
    var ties = 0.0
    var start = 0
    while start < merged.count {
      var end = start + 1
      while end < merged.count, merged[end].value == merged[start].value { end += 1 }
      let tied = Double(end - start)
      // Ranks start at 1; equal samples share the mean of theirs.
      let rank = Double(start + 1 + end) / 2
      rankSum += rank * Double(merged[start..<end].count { $0.isFirst })
      ties += tied * tied * tied - tied
      start = end
    }
    u = rankSum - n1 * (n1 + 1) / 2
    let extreme = max(u, n1 * n2 - u)
    if min(first.count, second.count) <= 8, ties == 0 {
      p = MannWhitney.exact(first.count, second.count, Int(extreme))
      return
    }
    let n = n1 + n2
    let variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)))
    if variance <= 0 {
      p = 1
      return
    }
    let z = (extreme - n1 * n2 / 2 - 0.5) / variance.squareRoot()
    p = min(1, erfc(z / 2.0.squareRoot()))
  }

  /// Twice the probability that U is at least `extreme`.
  private static func exact(_ n1: Int, _ n2: Int, _ extreme: Int) -> Double {
    // How many of the arrangements have each U: the coefficients of a product of (1 - q^(n2+i)) / (1 - q^i).
    let top = n1 * n2
    var counts = [Double](repeating: 0, count: top + 1)
    counts[0] = 1
    for i in 1...n1 {
      for u in stride(from: top, through: 0, by: -1) where u >= n2 + i {
        counts[u] -= counts[u - n2 - i]
      }
      for u in 0...top where u >= i { counts[u] += counts[u - i] }
    }
    let total = counts.reduce(0, +)
    let tail = counts[min(extreme, top)...].reduce(0, +)
    return min(1, 2 * tail / total)
  }

  /// The procedure of Benjamini and Hochberg: of many tests, the probabilities to hold against a threshold so
  /// that no more than that part of the findings is expected to be chance.
  static func adjusted(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    var result = probabilities
    var smallest = 1.0
    for (i, place) in order.enumerated() {
      let rank = Double(probabilities.count - i)
      smallest = min(smallest, probabilities[place] * Double(probabilities.count) / rank)
      result[place] = smallest
    }
    return result
  }
}
