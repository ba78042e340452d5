import Glibc
import MartletSupport

/// `martlet bench compare BASE..HEAD`.
extension BenchTool {
  /// - Returns: failure where something became worse; usage where there is nothing to compare.
  func compare(_ range: String, _ streams: ToolStreams) throws -> ToolStatus {
    guard let dots = range.utf8Range(of: ".."), range.utf8Range(of: "...") == nil else {
      throw UsageError("compare takes BASE..HEAD, not '\(range)'")
    }
    guard access(historyPath, R_OK) == 0 else {
      throw UsageError("there is no history at \(historyPath); --record makes one")
    }
    let history = try History(path: historyPath)
    let sides = try [String(range[..<dots.lowerBound]), String(range[dots.upperBound...])].map {
      revision in try commit(revision.isEmpty ? "HEAD" : revision, history)
    }
    let name = machine ?? RunInfo(machine: nil).machine
    let results = try sides.map { commit in
      let runs = try history.runs(commit: commit, machine: name, dirty: includesDirty)
      if runs.isEmpty {
        throw UsageError("there are no results of \(commit.prefix(12)) on the machine '\(name)'")
      }
      return try history.results(of: runs.map(\.id)).filter { filter?.matches($0.id) ?? true }
    }
    let comparison = Comparison(
      results[0], results[1], metric: metric, alpha: alpha, minimumEffect: minimumEffect)
    if comparison.rows.isEmpty {
      throw UsageError("no benchmark has enough results of both commits")
    }
    streams.write(
      printsJSON
        ? json(comparison, sides, name).text() + "\n" : text(comparison, sides, name))
    return comparison.hasRegression ? .failure : .success
  }

  /// The commit a revision names: one there are results of by its first digits, or one of git's.
  private func commit(_ revision: String, _ history: History) throws -> String {
    if let commit = Git(root: root, scratch: folder).commit(revision) { return commit }
    let found = try history.commits().filter { $0.hasPrefix(revision) }
    if found.count == 1 { return found[0] }
    throw UsageError(
      found.isEmpty
        ? "'\(revision)' names no commit" : "'\(revision)' names \(found.count) commits")
  }

  private func text(_ comparison: Comparison, _ sides: [String], _ name: String) -> String {
    var text =
      "\(sides[0].prefix(12))..\(sides[1].prefix(12)) on \(name), median of \(metric.rawValue)\n"
    for row in comparison.rows where row.verdict != .same || showsAll {
      text += "  " + BenchReport.pad(row.verdict.rawValue, 8) + BenchReport.pad(row.id, 34)
      text += BenchReport.right(metric.text(row.base.median), 10) + "  ->"
      text += BenchReport.right(metric.text(row.head.median), 10)
      let sign = row.change < 0 ? "" : "+"
      text += BenchReport.right(sign + BenchReport.percent(row.change), 10)
      text += "   p " + (row.p < 0.0001 ? "< 0.0001" : BenchReport.fixed(row.p, 4)) + "\n"
    }
    let counts = [.slower, .faster, .same].map { (verdict: Comparison.Verdict) in
      "\(comparison.count(verdict)) \(verdict.rawValue)"
    }
    text += "\(comparison.rows.count) compared: " + counts.joined(separator: ", ")
    text += " (changed: Mann-Whitney U, p < \(alpha) as adjusted for all, and medians more than "
    text += "\(BenchReport.percent(minimumEffect)) apart)\n"
    if !comparison.left.isEmpty {
      text += "not compared, for want of samples: " + comparison.left.joined(separator: ", ") + "\n"
    }
    return text
  }

  private func json(_ comparison: Comparison, _ sides: [String], _ name: String) -> JSONValue {
    .object([
      ("base", .string(sides[0])), ("head", .string(sides[1])), ("machine", .string(name)),
      ("metric", .string(metric.rawValue)), ("test", .string("Mann-Whitney U, two-sided")),
      ("adjustment", .string("Benjamini-Hochberg")), ("alpha", .number(alpha)),
      ("minimum_effect", .number(minimumEffect)),
      ("regression", .bool(comparison.hasRegression)),
      (
        "benchmarks",
        .array(
          comparison.rows.map { row in
            .object([
              ("id", .string(row.id)), ("verdict", .string(row.verdict.rawValue)),
              ("base", .number(row.base.median)), ("head", .number(row.head.median)),
              ("change", .number(row.change)), ("p", .number(row.p)),
              ("samples", .array([.integer(row.base.count), .integer(row.head.count)])),
            ])
          })
      ),
      ("not_compared", .strings(comparison.left)),
    ])
  }
}
