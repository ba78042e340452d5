import MartletIR

/// Sums what passes count, by place in the pipeline.
public final class PassStatisticsCollector: PassInstrumentation {
  public enum Layout: String, Sendable, CaseIterable {
    /// By the passes' names.
    case list
    /// As the pipeline is nested.
    case pipeline
  }

  private var counts: [ObjectIdentifier: [Int]] = [:]
  /// Pipelines that passes ran by themselves, in order of first appearance.
  private var dynamic: [PipelinePlan] = []
  private var nesting = 0
  private let plan: PipelinePlan

  /// - Parameter plan: of the manager that is watched.
  public init(_ plan: PipelinePlan) { self.plan = plan }

  public func willRun(_ nested: NestedPlans, in operation: Operation) { nesting += 1 }
  public func didRun(_ nested: NestedPlans, in operation: Operation) { nesting -= 1 }
  public func willRun(_ plan: PipelinePlan, on operation: Operation) {
    // Pipelines of the plan are run inside of collections only.
    if nesting == 0, !dynamic.contains(where: { $0 === plan }) { dynamic.append(plan) }
  }

  public func didRun(_ site: PassSite, on operation: Operation, _ state: PassContext) {
    let id = ObjectIdentifier(site)
    guard var sums = counts[id] else {
      counts[id] = state.counts
      return
    }
    for i in state.counts.indices { sums[i] += state.counts[i] }
    counts[id] = sums
  }

  private typealias Row = (statistic: PassStatistic, count: Int)

  private func rows(_ site: PassSite) -> [Row] {
    let counts = counts[ObjectIdentifier(site)] ?? site.pass.statistics.map { _ in 0 }
    return zip(site.pass.statistics, counts).map { ($0, $1) }
  }

  /// The report, laid out as MLIR's.
  public func report(_ layout: Layout = .pipeline) -> String {
    let rule = "===" + String(repeating: "-", count: 73) + "==="
    var text = """
      \(rule)
                               ... Pass statistics report ...
      \(rule)

      """
    switch layout {
    case .pipeline:
      write(plan, indent: 0, &text)
      for plan in dynamic {
        text += plan.title + "\n"
        write(plan, indent: 2, &text)
      }
    case .list:
      var sums: [String: [Row]] = [:]
      for plan in [plan] + dynamic { collect(plan, &sums) }
      for (name, rows) in sums.sorted(by: { $0.key < $1.key }) {
        write(name, rows, indent: 2, &text)
      }
    }
    return text + "\n"
  }

  private func write(_ plan: PipelinePlan, indent: Int, _ text: inout String) {
    for step in plan.steps {
      switch step {
      case .pass(let site): write(site.pass.name, rows(site), indent: indent, &text)
      case .nested(let nested):
        var indent = indent
        if nested.plans.count > 1 {
          text += String(repeating: " ", count: indent) + nested.title + "\n"
          indent += 2
        }
        for plan in nested.plans {
          text += String(repeating: " ", count: indent) + plan.title + "\n"
          write(plan, indent: indent + 2, &text)
        }
      }
    }
  }

  private func write(_ name: String, _ rows: [Row], indent: Int, _ text: inout String) {
    let margin = String(repeating: " ", count: indent)
    text += margin + name + "\n"
    let width = rows.map { "\($0.count)".utf8.count }.max() ?? 1
    let nameWidth = rows.map(\.statistic.name.utf8.count).max() ?? 0
    for row in rows.sorted(by: { $0.statistic.name < $1.statistic.name }) {
      let digits = "\(row.count)"
      let number = String(repeating: " ", count: width - digits.utf8.count) + digits
      let name = row.statistic.name.padded(to: nameWidth)
      text += "\(margin)  (S) \(number) \(name) - \(row.statistic.summary)\n"
    }
  }

  private func collect(_ plan: PipelinePlan, _ sums: inout [String: [Row]]) {
    for step in plan.steps {
      switch step {
      case .pass(let site):
        let rows = rows(site)
        if rows.isEmpty { continue }
        guard let known = sums[site.pass.name] else {
          sums[site.pass.name] = rows
          continue
        }
        sums[site.pass.name] = zip(known, rows).map { ($0.statistic, $0.count + $1.count) }
      case .nested(let nested): for plan in nested.plans { collect(plan, &sums) }
      }
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - utf8.count))
  }
}
