import MartletSupport

/// Writes the history as airspeed velocity keeps its own, so that `asv publish` and `asv compare` read it.
///
/// Each benchmark becomes one of asv's for each thing measured: `cpu.parse.chain`, `wall.parse.chain` and,
/// for processes, `peak.opt.chain`; where counters exist `instructions.parse.chain` too. Sizes are the values of
/// a parameter.
struct ASVExport {
  let history: History
  let git: Git
  let project = "martlet"

  /// One metric of one benchmark, at all its sizes.
  private struct Series {
    let metric: Metric
    let name: String
    let item: String
    var sizes: Set<Int> = []

    var id: String { "\(metric.rawValue).\(name)" }
    var sortedSizes: [Int] { sizes.sorted() }
  }

  /// Results of one commit on one machine.
  private struct Page {
    let info: RunInfo
    var runs: [Int]
    var results: [BenchResult] = []
  }

  /// Writes `asv.conf.json` and the results below `folder`.
  /// - Returns: of how many commits there are results.
  func write(to folder: String) throws -> Int {
    var pages: [Page] = []
    for (id, info) in try history.runs() {
      let place = pages.firstIndex {
        $0.info.commit == info.commit && $0.info.machine == info.machine
          && $0.info.toolchain == info.toolchain && $0.info.llvm == info.llvm
      }
      if let place {
        pages[place].runs.append(id)
      } else {
        pages.append(Page(info: info, runs: [id]))
      }
    }
    for i in pages.indices { pages[i].results = try history.results(of: pages[i].runs) }
    let series = collect(pages)
    try makeFolders("\(folder)/results")
    try write("\(folder)/asv.conf.json", configuration(pages))
    try write("\(folder)/results/benchmarks.json", descriptions(series))
    for page in pages {
      let machine = fileName(page.info.machine)
      try makeFolders("\(folder)/results/\(machine)")
      try write("\(folder)/results/\(machine)/machine.json", self.machine(page.info))
      let environment = fileName(environmentName(page.info))
      try write(
        "\(folder)/results/\(machine)/\(page.info.commit.prefix(8))-\(environment).json",
        results(page, series))
    }
    return Set(pages.map(\.info.commit)).count
  }

  private func write(_ path: String, _ value: JSONValue) throws {
    try writeFileAtomically(path, Array((value.text() + "\n").utf8))
  }

  private func collect(_ pages: [Page]) -> [Series] {
    var order: [String] = []
    var found: [String: Series] = [:]
    for result in pages.flatMap(\.results) {
      for metric in Metric.allCases where !metric.values(result.samples).isEmpty {
        var series = Series(metric: metric, name: result.name, item: result.item)
        if let known = found[series.id] { series = known } else { order.append(series.id) }
        if let size = result.size { series.sizes.insert(size) }
        found[series.id] = series
      }
    }
    return order.compactMap { found[$0] }
  }

  private func environmentName(_ info: RunInfo) -> String { "\(info.toolchain)-llvm\(info.llvm)" }

  /// A name that may stand in a path.
  private func fileName(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "-" })
  }

  // MARK: asv's files

  private func configuration(_ pages: [Page]) -> JSONValue {
    .object([
      ("version", .integer(1)), ("project", .string(project)),
      ("repo", .string(git.top ?? git.root)),
      ("branches", .strings([git.branch ?? "HEAD"])), ("dvcs", .string("git")),
      ("environment_type", .string("existing")), ("results_dir", .string("results")),
      ("html_dir", .string("html")), ("hash_length", .integer(10)),
    ])
  }

  private func descriptions(_ series: [Series]) -> JSONValue {
    var entries: [(String, JSONValue)] = [("version", .integer(2))]
    for series in series {
      let summary = BenchSuite.all.first { $0.name == series.name }?.summary ?? series.name
      entries.append(
        (
          series.id,
          .object([
            ("name", .string(series.id)), ("code", .string("# \(summary)")),
            ("pretty_name", .string("\(summary), \(series.metric.title)")),
            ("type", .string(series.metric.kind)), ("unit", .string(series.metric.unit)),
            ("version", .string(BenchSuite.version)), ("timeout", .integer(60)),
            ("param_names", .strings(series.sizes.isEmpty ? [] : ["size"])),
            (
              "params",
              .array(
                series.sizes.isEmpty
                  ? [] : [.strings(series.sortedSizes.map(String.init))])
            ),
          ])
        ))
    }
    return .object(entries)
  }

  private func machine(_ info: RunInfo) -> JSONValue {
    .object([
      ("version", .integer(1)), ("machine", .string(fileName(info.machine))),
      ("os", .string(info.system)), ("arch", .string("")), ("cpu", .string(info.cpu)),
      ("num_cpu", .string(String(info.cores))), ("ram", .string(String(info.memory))),
    ])
  }

  private func results(_ page: Page, _ all: [Series]) -> JSONValue {
    let info = page.info
    var rows: [(String, JSONValue)] = []
    for series in all {
      let sizes: [Int?] = series.sizes.isEmpty ? [nil] : series.sortedSizes
      let values = sizes.map { size -> [Double] in
        let result = page.results.first { $0.name == series.name && $0.size == size }
        return result.map { result in
          series.metric.values(result.samples).map { $0 * series.metric.scale }
        } ?? []
      }
      if values.allSatisfy(\.isEmpty) { continue }
      let summaries = values.map { $0.isEmpty ? nil : Summary($0) }
      func column(_ part: (Summary) -> Double) -> JSONValue {
        .array(summaries.map { .optional($0.map(part)) })
      }
      let runs = sizes.map { size in
        page.results.first { $0.name == series.name && $0.size == size }?.samples.runsPerSample
      }
      let params: JSONValue =
        series.sizes.isEmpty ? .array([]) : .array([.strings(series.sortedSizes.map(String.init))])
      // In the order of result_columns below. The interval is the median's at 95%, the nearest we have to
      // asv's at 99%.
      rows.append(
        (
          series.id,
          .array([
            column(\.median), params, .string(BenchSuite.version),
            .integer(info.date * 1000), .null, column(\.medianInterval.lowerBound),
            column(\.medianInterval.upperBound), column(\.lowerQuartile), column(\.upperQuartile),
            .array(runs.map { .optional($0) }),
            .array(values.map { $0.isEmpty ? .null : .integer($0.count) }),
            .array(values.map { $0.isEmpty ? .null : .numbers($0) }), .null,
          ])
        ))
    }
    return .object([
      ("version", .integer(2)), ("commit_hash", .string(info.commit)),
      ("env_name", .string(environmentName(info))),
      ("date", .integer((info.commitDate ?? info.date) * 1000)),
      (
        "params",
        .object([
          ("machine", .string(fileName(info.machine))), ("os", .string(info.system)),
          ("cpu", .string(info.cpu)), ("num_cpu", .string(String(info.cores))),
          ("ram", .string(String(info.memory))), ("arch", .string("")),
          ("toolchain", .string(info.toolchain)), ("llvm", .string(info.llvm)),
        ])
      ),
      ("python", .string("")), ("requirements", .object([])), ("env_vars", .object([])),
      (
        "result_columns",
        .strings([
          "result", "params", "version", "started_at", "duration", "stats_ci_99_a", "stats_ci_99_b",
          "stats_q_25", "stats_q_75", "stats_number", "stats_repeat", "samples", "profile",
        ])
      ),
      ("results", .object(rows)), ("durations", .object([])),
    ])
  }
}

extension Metric {
  /// asv's kind of benchmark.
  var kind: String {
    switch self {
    case .cpu, .wall: "time"
    case .peak: "peakmemory"
    case .instructions: "track"
    }
  }

  /// As asv calls it, which picks units for the axes by it.
  var unit: String {
    switch self {
    case .cpu, .wall: "seconds"
    case .peak: "bytes"
    case .instructions: "instructions"
    }
  }

  /// What makes nanoseconds seconds.
  var scale: Double {
    switch self {
    case .cpu, .wall: 1e-9
    case .peak, .instructions: 1
    }
  }

  var title: String {
    switch self {
    case .cpu: "time on a processor"
    case .wall: "elapsed time"
    case .peak: "peak memory"
    case .instructions: "instructions"
    }
  }
}
