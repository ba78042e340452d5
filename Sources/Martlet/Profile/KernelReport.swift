import MartletRuntime
import MartletSupport

/// The kernels of programs that were run: how long they took, what they did in that time, and how near that
/// is to what the machine can do.
struct KernelReport {
  let snapshot: TraceSnapshot
  let plans: [Plan]
  let roofline: Roofline?
  let rowLimit: Int

  private struct Row {
    var calls = 0
    var time = 0.0
    var counts: [(key: String, value: Int)] = []
  }

  private func rows() -> [(name: String, row: Row)] {
    var order: [String] = []
    var rows: [String: Row] = [:]
    for thread in snapshot.threads {
      for node in thread.nodes where node.category == .kernel && node.calls > 0 {
        if rows[node.name] == nil { order.append(node.name) }
        var row = rows[node.name] ?? Row()
        row.calls += node.calls
        row.time += node.nanoseconds
        for (key, value) in node.counts {
          if let i = row.counts.firstIndex(where: { $0.key == key }) {
            row.counts[i].value += value
          } else {
            row.counts.append((key, value))
          }
        }
        rows[node.name] = row
      }
    }
    return order.map { ($0, rows[$0] ?? Row()) }
  }

  private func cost(_ name: String) -> Plan.Cost? {
    for plan in plans {
      if let i = plan.steps.firstIndex(of: name), plan.costs.indices.contains(i) {
        return plan.costs[i]
      }
    }
    return nil
  }

  var text: String {
    let rows = rows()
    if rows.isEmpty { return "" }
    let total = rows.reduce(0) { $0 + $1.row.time }
    let sorted = rows.enumerated().sorted {
      ($1.element.row.time, $0.offset) < ($0.element.row.time, $1.offset)
    }.map(\.element)
    var text = "kernels, one run each: \(rows.count) kernels, "
    text += "\(ProfileText.time(rows.reduce(0) { $0 + $1.row.time / Double($1.row.calls) }))\n"
    let heading = [
      "each us", "share %", "calls", "FLOP", "bytes", "GFLOP/s", "GB/s", "% peak", "% band",
      "kernel",
    ]
    let cells = sorted.prefix(rowLimit).map { name, row in self.cells(name, row, total) }
    text += ProfileText.table(heading, cells, left: [9])
    if rows.count > rowLimit { text += "  ... \(rows.count - rowLimit) more (--rows)\n" }
    text += notes(sorted.map(\.name))
    text += counterTable(sorted)
    return text
  }

  private func cells(_ name: String, _ row: Row, _ total: Double) -> [String] {
    let each = row.time / Double(row.calls)
    let cost = cost(name)
    let flops = cost?.flops
    let bytes = cost?.bytes
    func rate(_ amount: Int?) -> Double? { amount.map { Double($0) / max(each, 1) } }
    let speed = rate(flops)
    let flow = rate(bytes)
    var peak: String?
    var band: String?
    if let roofline {
      if let speed, speed > 0 {
        let best = (cost?.floatBits ?? 32) > 32 ? roofline.peak64 : roofline.peak32
        peak = decimal(100 * speed / best, 1)
      }
      if let flow, let bytes, bytes > 0 {
        band = decimal(100 * flow / roofline.bandwidth(forBytes: bytes), 1)
      }
    }
    return [
      decimal(each / 1e3, 2), ProfileText.share(row.time, of: total), "\(row.calls)",
      flops.map(ProfileText.count) ?? "?", bytes.map(ProfileText.bytes) ?? "?",
      speed.map { decimal($0, 2) } ?? "?", flow.map { decimal($0, 2) } ?? "?", peak ?? "-",
      band ?? "-", name,
    ]
  }

  private func notes(_ names: [String]) -> String {
    var text = ""
    if let roofline {
      text += "  % peak of \(decimal(roofline.peak32, 1)) GFLOP/s in f32, "
      text +=
        "\(decimal(roofline.peak64, 1)) in f64; % band of what memory of the kernel's size gives, "
      text += "\(roofline.bandwidthText) (one thread, measured by martlet profile --machine)\n"
    } else {
      text += "  no % of the machine's peak: measure it once with martlet profile --machine\n"
    }
    if names.contains(where: { cost($0) != nil && cost($0)?.flops == nil }) {
      text += "  ? where loops run as often as data says\n"
    }
    if let problem = snapshot.threads.compactMap(\.counterProblem).first {
      text += "  \(problem)\n"
    }
    return text
  }

  private func counterTable(_ rows: [(name: String, row: Row)]) -> String {
    guard let keys = rows.first?.row.counts.map(\.key), !keys.isEmpty else { return "" }
    var heading = keys.map { "\($0)" }
    let hasRate = keys.contains("cycles") && keys.contains("instructions")
    if hasRate { heading.append("per cycle") }
    heading.append("kernel (counters, each run)")
    let cells = rows.prefix(rowLimit).map { name, row in
      func value(_ key: String) -> Double? {
        row.counts.first { $0.key == key }.map { Double($0.value) / Double(row.calls) }
      }
      var cells = keys.map { key in value(key).map { ProfileText.count(Int($0)) } ?? "-" }
      if hasRate {
        let rate = (value("instructions") ?? 0) / max(value("cycles") ?? 1, 1)
        cells.append(decimal(rate, 2))
      }
      return cells + [name]
    }
    return "\n" + ProfileText.table(heading, cells, left: [heading.count - 1])
  }
}
