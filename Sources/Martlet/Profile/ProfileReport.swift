import MartletRuntime
import MartletSupport
import MartletSyntax

/// What `martlet profile` prints: where the time went, at a glance first, then in rows.
struct ProfileReport {
  let snapshot: TraceSnapshot
  let plans: [Plan]
  let sources: [SourceFile]
  let roofline: Roofline?
  let command: String
  /// Rows of each table.
  let rowLimit: Int
  let countsAllocations: Bool

  /// From the start of the command to its end.
  private var wall: Double { snapshot.threads.first.map { $0.end - $0.start } ?? 0 }

  var text: String {
    var text = "profile of martlet \(command)\n\n"
    text += shares()
    text += "\n" + spans()
    let patterns = patterns()
    if !patterns.isEmpty { text += "\n" + patterns }
    let kernels = KernelReport(
      snapshot: snapshot, plans: plans, roofline: roofline, rowLimit: rowLimit
    ).text
    if !kernels.isEmpty { text += "\n" + kernels }
    for plan in plans {
      let memory = MemoryReport(plan: plan, rowLimit: rowLimit).text
      if !memory.isEmpty { text += "\n" + memory }
    }
    return text
  }

  // MARK: At a glance

  private static let groups: [(name: String, categories: Set<TraceCategory>)] = [
    ("read", [.read]), ("parse", [.parse]), ("verify", [.verify]),
    ("rewrite", [.pass, .pattern]), ("lower", [.lowering]), ("codegen", [.llvm]),
    ("load", [.load]), ("run", [.run, .kernel]), ("print", [.print]),
  ]

  private func shares() -> String {
    guard let main = snapshot.threads.first else { return "" }
    let own = main.selfNanoseconds
    var text = "  wall \(ProfileText.time(wall))\n"
    var rest = wall
    var rows: [(String, Double)] = []
    for group in ProfileReport.groups {
      var sum = 0.0
      for (i, node) in main.nodes.enumerated() where group.categories.contains(node.category) {
        sum += own[i]
      }
      rest -= sum
      if sum > 0 { rows.append((group.name, sum)) }
    }
    rows.append(("other", max(0, rest)))
    for (name, time) in rows {
      let share = ProfileText.share(time, of: wall)
      text += "  " + name + String(repeating: " ", count: 9 - name.count)
      text += pad(ProfileText.milliseconds(time), 12) + " ms" + pad(share, 7) + " %  "
      text += ProfileText.bar(time, of: wall) + "\n"
    }
    if let lexing = lexing(main) { text += lexing }
    let others = snapshot.threads.dropFirst()
    if !others.isEmpty {
      let sum = others.reduce(0) { $0 + $1.end - $1.start }
      text += "  beside that \(ProfileText.time(sum)) on \(others.count) other thread"
      text += others.count == 1 ? "\n" : "s\n"
    }
    return text
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The lexer's part of parsing: the texts are cut into tokens once more, by the lexer alone, the quickest of
  /// three times.
  private func lexing(_ thread: TraceSnapshot.Thread) -> String? {
    if sources.isEmpty { return nil }
    var parsing = 0.0
    for node in thread.nodes where node.category == .parse { parsing += node.nanoseconds }
    if parsing == 0 { return nil }
    var best = Double.infinity
    var tokens = 0
    for _ in 0..<3 {
      let watch = Stopwatch()
      tokens = sources.reduce(0) { $0 + $1.tokenCount }
      best = min(best, watch.seconds * 1e9)
    }
    return "  of parse, lexing \(ProfileText.milliseconds(best)) ms "
      + "(\(ProfileText.share(best, of: parsing)) %): \(ProfileText.count(tokens)) tokens, "
      + "measured by lexing the text again by itself\n"
  }

  // MARK: Rows

  private struct Row {
    let category: TraceCategory
    let name: String
    var own = 0.0
    var total = 0.0
    var calls = 0
    var allocations = 0
    var counts: [(key: String, value: Int)] = []
  }

  /// Spans by name, sums over all places and threads; patterns and kernels have tables of their own.
  private func spans() -> String {
    var rows: [Row] = []
    var index: [String: Int] = [:]
    for thread in snapshot.threads {
      let own = thread.selfNanoseconds
      for (i, node) in thread.nodes.enumerated()
      where node.category != .pattern && node.category != .kernel {
        let key = "\(node.category.rawValue) \(node.name)"
        let r = index[key] ?? rows.count
        if r == rows.count {
          rows.append(Row(category: node.category, name: node.name))
          index[key] = r
        }
        rows[r].own += own[i]
        rows[r].calls += node.calls
        if !isInsideItself(i, thread) {
          rows[r].total += node.nanoseconds
          rows[r].allocations += node.allocations
        }
        for (key, value) in node.counts {
          if let c = rows[r].counts.firstIndex(where: { $0.key == key }) {
            rows[r].counts[c].value += value
          } else {
            rows[r].counts.append((key, value))
          }
        }
      }
    }
    rows.sort { ($1.own, $0.name) < ($0.own, $1.name) }
    var heading = ["self ms", "total ms", "share %", "calls"]
    if countsAllocations { heading.append("allocs") }
    heading += ["span", ""]
    let cells = rows.prefix(rowLimit).map { row in
      var cells = [
        ProfileText.milliseconds(row.own), ProfileText.milliseconds(row.total),
        ProfileText.share(row.own, of: wall), "\(row.calls)",
      ]
      if countsAllocations { cells.append(ProfileText.count(row.allocations)) }
      cells.append("\(row.category.name) \(row.name)")
      cells.append(
        row.counts.map { key, value in
          key == "bytes"
            ? ProfileText.bytes(value)
            : "\(value < 0 || row.category == .parse ? "" : "+")\(ProfileText.count(value)) \(key)"
        }.joined(separator: ", "))
      return cells
    }
    let names = heading.count - 2
    var text = ProfileText.table(heading, cells, left: [names, names + 1])
    if rows.count > rowLimit { text += "  ... \(rows.count - rowLimit) more (--rows)\n" }
    return text
  }

  private func isInsideItself(_ i: Int, _ thread: TraceSnapshot.Thread) -> Bool {
    let node = thread.nodes[i]
    var parent = node.parent
    while let p = parent {
      if thread.nodes[p].name == node.name, thread.nodes[p].category == node.category {
        return true
      }
      parent = thread.nodes[p].parent
    }
    return false
  }

  private func patterns() -> String {
    struct Pattern {
      var tried = 0
      var applied = 0
      var time = 0.0
    }
    var found: [String: Pattern] = [:]
    for thread in snapshot.threads {
      for node in thread.nodes where node.category == .pattern {
        found[node.name, default: Pattern()].tried += node.calls
        found[node.name, default: Pattern()].applied += node[count: "applied"] ?? 0
        found[node.name, default: Pattern()].time += node.nanoseconds
      }
    }
    if found.isEmpty { return "" }
    let order = found.sorted { ($1.value.time, $0.key) < ($0.value.time, $1.key) }
    let cells = order.prefix(rowLimit).map { name, pattern in
      [
        ProfileText.milliseconds(pattern.time), ProfileText.share(pattern.time, of: wall),
        ProfileText.count(pattern.tried), ProfileText.count(pattern.applied),
        ProfileText.time(pattern.time / Double(max(1, pattern.tried))), name,
      ]
    }
    var text = ProfileText.table(
      ["time ms", "share %", "tried", "applied", "each", "pattern"], cells, left: [5])
    if found.count > rowLimit { text += "  ... \(found.count - rowLimit) more (--rows)\n" }
    return text
  }
}
