import MartletIR

/// Sums what passes count, by place in the pipeline.
public final class PassStatisticsCollector: PassInstrumentation {
  private struct Row {
    let path: [String]
    let pass: Pass
    var counts: [Int]
  }
  private var path: [String] = []
  private var rows: [Row] = []

  public init() {}

  public func willRun(_ pipeline: Pipeline, on operation: Operation) {
    path.append("'\(pipeline.anchor ?? "any")' Pipeline")
  }
  public func didRun(_ pipeline: Pipeline, on operation: Operation) { path.removeLast() }

  public func didRun(_ pass: Pass, on operation: Operation, _ state: PassContext) {
    if pass.statistics.isEmpty { return }
    if let i = rows.firstIndex(where: { $0.path == path && $0.pass.argument == pass.argument }) {
      for k in state.counts.indices { rows[i].counts[k] += state.counts[k] }
    } else {
      rows.append(Row(path: path, pass: pass, counts: state.counts))
    }
  }

  /// The report, laid out as MLIR's pipeline display.
  public func report() -> String {
    let rule = "===" + String(repeating: "-", count: 73) + "==="
    var text = """
      \(rule)
                               ... Pass statistics report ...
      \(rule)

      """
    var shown: [String] = []
    for row in rows {
      for (depth, name) in row.path.enumerated() where depth >= shown.count || shown[depth] != name
      {
        text += String(repeating: "  ", count: depth) + name + "\n"
      }
      shown = row.path
      let indent = String(repeating: "  ", count: row.path.count)
      text += indent + row.pass.name + "\n"
      let width = row.counts.map { "\($0)".utf8.count }.max() ?? 1
      let nameWidth = row.pass.statistics.map(\.name.utf8.count).max() ?? 0
      for (statistic, count) in zip(row.pass.statistics, row.counts) {
        let number = String(repeating: " ", count: width - "\(count)".utf8.count) + "\(count)"
        let name = statistic.name.padded(to: nameWidth)
        text += "\(indent)  (S) \(number) \(name) - \(statistic.summary)\n"
      }
    }
    return text
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - utf8.count))
  }
}
