import Glibc

/// How long to measure.
struct SampleLimits: Sendable {
  /// What one sample should take at least, so that the clocks' own time does not count.
  var batchSeconds = 0.002
  var warmUpSeconds = 0.05
  var samples = 10...200
  /// Sampling ends after this time, once there are enough samples.
  var seconds = 2.0
  /// Sampling ends where the median of processor time is known to this part of itself.
  var precision = 0.01

  static let thorough = SampleLimits()
  /// To see that all works: the figures mean little.
  static let quick = SampleLimits(
    batchSeconds: 0.0002, warmUpSeconds: 0, samples: 3...5, seconds: 0.05, precision: 0.1)
}

/// What was measured: a cost per run for each sample.
struct Samples: Sendable {
  var costs: [Cost] = []
  /// How many runs each sample is the mean of.
  var runsPerSample = 1

  var cpu: Summary { Summary(costs.map(\.cpu)) }
  var wall: Summary { Summary(costs.map(\.wall)) }
  var peak: Summary? { summary(\.peak) }
  var instructions: Summary? { summary(\.instructions) }

  private func summary(_ part: (Cost) -> Double?) -> Summary? {
    let values = costs.compactMap(part)
    return values.isEmpty ? nil : Summary(values)
  }
}

/// Runs work until its cost is known.
struct Sampler {
  let limits: SampleLimits

  /// Takes samples from `take` until their spread or the limits say that it is enough.
  func samples(runsPerSample: Int = 1, _ take: () throws -> Cost) rethrows -> Samples {
    var result = Samples(runsPerSample: runsPerSample)
    let start = CostMeter.now(CLOCK_MONOTONIC)
    while result.costs.count < limits.samples.upperBound {
      result.costs.append(try take())
      if result.costs.count < limits.samples.lowerBound { continue }
      let elapsed = Double(CostMeter.now(CLOCK_MONOTONIC) &- start) * 1e-9
      if elapsed >= limits.seconds || result.cpu.uncertainty <= limits.precision { break }
    }
    return result
  }

  /// Measures a unit in this process.
  func samples(of unit: UnitWork) throws -> Samples {
    let meter = CostMeter()
    if let prepare = unit.prepare {
      let start = CostMeter.now(CLOCK_MONOTONIC)
      repeat {
        try prepare()
        try unit.run()
      } while Double(CostMeter.now(CLOCK_MONOTONIC) &- start) * 1e-9 < limits.warmUpSeconds
      return try samples {
        try prepare()
        return try meter.measure(unit.run)
      }
    }
    let runs = try warmUp(unit, meter)
    return try samples(runsPerSample: runs) {
      try meter.measure { for _ in 0..<runs { try unit.run() } } / Double(runs)
    }
  }

  /// Runs the unit until caches and branch predictors know it.
  /// - Returns: how many runs a sample should have.
  private func warmUp(_ unit: UnitWork, _ meter: CostMeter) throws -> Int {
    try unit.run()
    var runs = 1
    var spent = 0.0
    while true {
      let seconds = try meter.measure { for _ in 0..<runs { try unit.run() } }.wall * 1e-9
      spent += seconds
      if seconds < limits.batchSeconds, runs < 1 << 30 {
        let wanted = limits.batchSeconds / max(seconds, 1e-9)
        runs = max(runs + 1, Int(Double(runs) * min(wanted * 1.1, 100)))
      } else if spent >= limits.warmUpSeconds {
        return runs
      }
    }
  }
}
