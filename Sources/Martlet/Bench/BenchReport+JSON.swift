/// Results as JSON.
extension BenchReport {
  /// Everything of a run: times in nanoseconds, memory in bytes.
  static func json(_ results: [BenchResult], _ info: RunInfo, failures: [String]) -> JSONValue {
    .object([
      ("form", .integer(1)), ("martlet", .string(martletVersion)),
      ("machine", .string(info.machine)), ("cpu", .string(info.cpu)),
      ("cores", .integer(info.cores)), ("memory", .integer(info.memory)),
      ("system", .string(info.system)), ("date", .integer(info.date)),
      ("quick", .bool(info.isQuick)),
      ("counts_instructions", .bool(results.contains { $0.samples.instructions != nil })),
      ("benchmarks", .array(results.map(json))), ("failures", .strings(failures)),
    ])
  }

  private static func json(_ result: BenchResult) -> JSONValue {
    let samples = result.samples
    return .object([
      ("id", .string(result.id)), ("name", .string(result.name)), ("size", .optional(result.size)),
      ("kind", .string(result.isProgram ? "process" : "unit")), ("item", .string(result.item)),
      ("items", .optional(result.count)), ("runs_per_sample", .integer(samples.runsPerSample)),
      ("cpu", json(samples.cpu, Metric.cpu.values(samples))),
      ("wall", json(samples.wall, Metric.wall.values(samples))),
      ("peak", samples.peak.map { json($0, Metric.peak.values(samples)) } ?? .null),
      (
        "instructions",
        samples.instructions.map { json($0, Metric.instructions.values(samples)) } ?? .null
      ),
    ])
  }

  private static func json(_ summary: Summary, _ samples: [Double]) -> JSONValue {
    .object([
      ("minimum", .number(summary.minimum)), ("lower_quartile", .number(summary.lowerQuartile)),
      ("median", .number(summary.median)), ("upper_quartile", .number(summary.upperQuartile)),
      (
        "median_interval",
        .numbers([summary.medianInterval.lowerBound, summary.medianInterval.upperBound])
      ),
      ("samples", .numbers(samples)),
    ])
  }
}
